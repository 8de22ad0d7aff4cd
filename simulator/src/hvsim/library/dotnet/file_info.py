# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.IO.FileInfo`` and ``DirectoryInfo``, and what everything that touches files shares: full paths, the machine's
disk, its errors as .NET exceptions, its times as ``DateTime``.

The disk is ``ctx.machine.files`` (``hyperv/files.py`` and its POSIX sibling have the interface). Its texts are plain
Python strings: :func:`disk_path` on the way in, ``to_utf16`` on the way out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.runtime import types, wildcard
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method, setter
from hvsim.runtime.structs import DateTime
from hvsim.runtime.values import Array, EnumValue, Int64, NetObject

__all__ = [
    "DirectoryInfo",
    "FileInfo",
    "FileSystemInfo",
    "date_time",
    "disk",
    "disk_errors",
    "disk_path",
    "file_name",
    "full_path",
    "info_for",
    "parent_path",
    "python_time",
    "translate",
]

_EPOCH_TICKS = 621_355_968_000_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
#: What .NET tells of a file that is not there: 1601-01-01 UTC.
_NO_TIME = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
READ_ONLY, HIDDEN, SYSTEM, DIRECTORY, ARCHIVE, NORMAL = 1, 2, 4, 16, 32, 128


# ---- the disk ----------------------------------------------------------------------------------------------------------


def disk(ctx: Any) -> Any:
    """The machine's file system.

    Raises:
        Unsupported: the machine has none.
    """
    files = ctx.machine.files
    if files is None:
        raise Unsupported("files (this machine has no disk)")
    return files


def disk_path(path: str) -> str:
    """A path as the disk takes it."""
    return from_utf16(path)


def translate(error: OSError) -> PSError:
    """An error of the disk as the .NET exception that it stands for.

    Raises:
        OSError: it is no error of the simulated disk.
    """
    kind = getattr(error, "exception_type", None)
    if kind is None:
        raise error
    if kind == "System.IO.FileNotFoundException":
        return net_error(kind, to_utf16(str(error)), FileName=to_utf16(error.path))  # type: ignore[attr-defined]
    return net_error(kind, to_utf16(str(error)))


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turns errors of the disk into .NET exceptions.

    Raises:
        PSError: the disk refused.
    """
    try:
        yield
    except OSError as error:
        raise translate(error) from error


def date_time(moment: dt.datetime, *, utc: bool = False) -> DateTime:
    """A moment of the disk as ``DateTime``; simulated machines live in UTC, so local is the same clock."""
    step = moment - _EPOCH
    micro = (step.days * 86_400 + step.seconds) * 1_000_000 + step.microseconds
    return DateTime(_EPOCH_TICKS + micro * 10, 1 if utc else 2)


def python_time(value: DateTime) -> dt.datetime:
    """The inverse of :func:`date_time`."""
    return _EPOCH + dt.timedelta(microseconds=(value.ticks - _EPOCH_TICKS) // 10)


# ---- paths -------------------------------------------------------------------------------------------------------------


def separator(ctx: Any) -> str:
    return "\\" if ctx.machine.is_windows else "/"


def full_path(ctx: Any, path: str, base: str | None = None) -> str:
    """``Path.GetFullPath``: absolute, ``.`` and ``..`` resolved, relative to the process's directory or *base*."""
    base = base or ctx.machine.working_directory
    return _full_windows(path, base) if ctx.machine.is_windows else _full_posix(path, base)


def _full_posix(path: str, base: str) -> str:
    if not path.startswith("/"):
        path = f"{base}/{path}"
    trailing = path.endswith("/")
    names: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del names[-1:]
        elif part not in ("", "."):
            names.append(part)
    joined = "/" + "/".join(names)
    return joined + "/" if trailing and names else joined


def _full_windows(path: str, base: str) -> str:
    path = path.replace("/", "\\")
    if path.startswith(("\\\\?\\", "\\\\.\\")):
        return path
    if path.startswith("\\\\"):
        server, _, rest = path[2:].partition("\\")
        share, _, rest = rest.partition("\\")
        root = f"\\\\{server}\\{share}"
        return root + ("\\" + "\\".join(_reduced(rest)) if rest else "")
    if path[1:2] == ":":
        root, rest = path[:2], path[2:]
        if not rest.startswith("\\"):
            rest = f"{base[2:]}\\{rest}" if base[:2].lower() == root.lower() else "\\" + rest
    elif path.startswith("\\"):
        root, rest = base[:2], path
    else:
        root, rest = base[:2], f"{base[2:]}\\{path}"
    names = _reduced(rest)
    joined = root + "\\" + "\\".join(names)
    return joined + "\\" if rest.endswith("\\") and names else joined


def _reduced(path: str) -> list[str]:
    names: list[str] = []
    for part in path.split("\\"):
        if part == "..":
            del names[-1:]
        elif part not in ("", "."):
            names.append(part.rstrip(". ") or part)
    return names


def _trimmed(ctx: Any, path: str) -> str:
    """Without separators at the end; a root keeps its own."""
    if ctx.machine.is_windows:
        bare = path.rstrip("\\/")
        return bare + "\\" if len(bare) == 2 and bare[1] == ":" else bare or path[:1]
    return path.rstrip("/") or path[:1]


def file_name(ctx: Any, path: str) -> str:
    """What follows the last separator; a root is its own name."""
    bare = _trimmed(ctx, path)
    cut = max(bare.rfind("/"), bare.rfind("\\") if ctx.machine.is_windows else -1)
    name = bare[cut + 1 :]
    return name or bare


def parent_path(ctx: Any, path: str) -> str | None:
    """The directory that holds *path* (absolute), None for a root."""
    bare = _trimmed(ctx, path)
    cut = max(bare.rfind("/"), bare.rfind("\\") if ctx.machine.is_windows else -1)
    if cut < 0 or bare in ("/", "") or (len(bare) == 3 and bare[1] == ":"):
        return None
    parent = bare[:cut]
    if parent == "" or (len(parent) == 2 and parent[1] == ":"):
        return parent + separator(ctx)
    return parent


# ---- the objects -------------------------------------------------------------------------------------------------------


class FileSystemInfo(NetObject):
    """Base of both; ``path`` as it was given, ``full`` absolute, ``info`` the facts once they were asked for."""

    __slots__ = ("full", "info", "path")
    NET = "System.IO.FileSystemInfo"

    def __init__(self, path: str, full: str) -> None:
        self.path = path
        self.full = full
        self.info: Any = None

    def facts(self, ctx: Any) -> Any:
        """What the disk knew when it was asked first; None if nothing was there."""
        if self.info is None:
            target = disk_path(self.full)
            self.info = disk(ctx).stat(target) if disk(ctx).exists(target) else False
        return self.info or None


@types.net_class("System.IO.FileInfo", base="System.IO.FileSystemInfo")
class FileInfo(FileSystemInfo):
    __slots__ = ()
    NET = "System.IO.FileInfo"


@types.net_class("System.IO.DirectoryInfo", base="System.IO.FileSystemInfo")
class DirectoryInfo(FileSystemInfo):
    __slots__ = ()
    NET = "System.IO.DirectoryInfo"


def info_for(entry: Any) -> FileSystemInfo:
    """The object for an entry of the disk (what its ``stat`` and ``list`` give)."""
    path = to_utf16(entry.path)
    made: FileSystemInfo = DirectoryInfo(path, path) if entry.is_directory else FileInfo(path, path)
    made.info = entry
    return made


def _construct(ctx: Any, net_type: Any, path: str) -> FileSystemInfo:
    if path is None:
        raise net_error("System.ArgumentNullException", "Value cannot be null. (Parameter 'path')", ParamName="path")
    if path == "":
        raise net_error("System.ArgumentException", "The path is empty. (Parameter 'path')", ParamName="path")
    made: FileSystemInfo = net_type.python_class(path, full_path(ctx, path))
    return made


for _name in ("System.IO.FileInfo", "System.IO.DirectoryInfo"):
    constructor(_name, context=True)(_construct)


def _both(register: Callable[[str], Callable[[Any], Any]], function: Any) -> None:
    for name in ("System.IO.FileInfo", "System.IO.DirectoryInfo"):
        register(name)(function)


def _exists(ctx: Any, self: FileSystemInfo) -> bool:
    facts = self.facts(ctx)
    return facts is not None and facts.is_directory == isinstance(self, DirectoryInfo)


def _name_of(ctx: Any, self: FileSystemInfo) -> str:
    return file_name(ctx, self.full)


def _full_name(self: FileSystemInfo) -> str:
    return self.full


def _extension(ctx: Any, self: FileSystemInfo) -> str:
    name = file_name(ctx, self.full)
    dot = name.rfind(".")
    return name[dot:] if 0 <= dot < len(name) - 1 else ""


def attributes_of(number: int) -> EnumValue:
    return types.enum("System.IO.FileAttributes", number)


def _attributes(ctx: Any, self: FileSystemInfo) -> EnumValue:
    facts = self.facts(ctx)
    return attributes_of(-1 if facts is None else int(facts.attributes))


def _set_attributes(ctx: Any, self: FileSystemInfo, value: EnumValue) -> None:
    with disk_errors():
        disk(ctx).set_attributes(disk_path(self.full), value.value)
    self.info = None


def _unix_mode(ctx: Any, self: FileSystemInfo) -> EnumValue:
    """-1 on Windows; elsewhere what a plain umask leaves."""
    if ctx.machine.is_windows or self.facts(ctx) is None:
        return types.enum("System.IO.UnixFileMode", -1)
    return types.enum("System.IO.UnixFileMode", 0o755 if isinstance(self, DirectoryInfo) else 0o644)


def _link_target(self: FileSystemInfo) -> None:
    return None


_both(lambda n: getter(n, "Exists", context=True), _exists)
_both(lambda n: getter(n, "Name", context=True), _name_of)
_both(lambda n: getter(n, "FullName"), _full_name)
_both(lambda n: getter(n, "Extension", context=True), _extension)
_both(lambda n: getter(n, "Attributes", context=True), _attributes)
_both(lambda n: setter(n, "Attributes", context=True), _set_attributes)
_both(lambda n: getter(n, "LinkTarget"), _link_target)
_both(lambda n: getter(n, "UnixFileMode", context=True), _unix_mode)


def _times(name: str, field: str) -> None:
    def read(utc: bool) -> Callable[[Any, FileSystemInfo], DateTime]:
        def get(ctx: Any, self: FileSystemInfo) -> DateTime:
            facts = self.facts(ctx)
            return date_time(_NO_TIME if facts is None else getattr(facts, field), utc=utc)

        return get

    def write(ctx: Any, self: FileSystemInfo, value: DateTime) -> None:
        with disk_errors():
            disk(ctx).set_times(disk_path(self.full), **{field: python_time(value)})
        self.info = None

    for suffix in ("", "Utc"):
        _both(lambda n, s=suffix: getter(n, name + s, context=True), read(suffix != ""))  # type: ignore[misc]
        _both(lambda n, s=suffix: setter(n, name + s, context=True), write)  # type: ignore[misc]


_times("CreationTime", "created")
_times("LastAccessTime", "accessed")
_times("LastWriteTime", "written")


@getter("System.IO.FileInfo", "Length", context=True)
def _length(ctx: Any, self: FileInfo) -> Int64:
    facts = self.facts(ctx)
    if facts is None or facts.is_directory:
        raise net_error("System.IO.FileNotFoundException", f"Could not find file '{self.full}'.", FileName=self.full)
    return Int64(facts.size)


@getter("System.IO.FileInfo", "DirectoryName", context=True)
def _directory_name(ctx: Any, self: FileInfo) -> str | None:
    return parent_path(ctx, self.full)


@getter("System.IO.FileInfo", "Directory", context=True)
def _directory(ctx: Any, self: FileInfo) -> DirectoryInfo | None:
    parent = parent_path(ctx, self.full)
    return None if parent is None else DirectoryInfo(parent, parent)


@getter("System.IO.FileInfo", "IsReadOnly", context=True)
def _is_read_only(ctx: Any, self: FileInfo) -> bool:
    facts = self.facts(ctx)
    return facts is not None and bool(int(facts.attributes) & READ_ONLY)


@setter("System.IO.FileInfo", "IsReadOnly", context=True)
def _set_read_only(ctx: Any, self: FileInfo, value: bool) -> None:
    facts = self.facts(ctx)
    now = 0 if facts is None else int(facts.attributes)
    _set_attributes(ctx, self, attributes_of((now | READ_ONLY) if value else (now & ~READ_ONLY)))


@getter("System.IO.DirectoryInfo", "Parent", context=True)
def _parent(ctx: Any, self: DirectoryInfo) -> DirectoryInfo | None:
    parent = parent_path(ctx, self.full)
    return None if parent is None else DirectoryInfo(parent, parent)


@getter("System.IO.DirectoryInfo", "Root", context=True)
def _root(ctx: Any, self: DirectoryInfo) -> DirectoryInfo:
    root = self.full[:2] + "\\" if ctx.machine.is_windows else "/"
    return DirectoryInfo(root, root)


def _to_string(ctx: Any, self: FileSystemInfo) -> str:
    """.NET gives the path as it was given; the .NET Framework under 5.1 does so for files, and the name in listings."""
    return self.path


def _refresh(self: FileSystemInfo) -> None:
    self.info = None


_both(lambda n: method(n, "ToString", context=True), _to_string)
_both(lambda n: method(n, "Refresh"), _refresh)


@method("System.IO.FileInfo", "Delete", context=True)
def _delete_file(ctx: Any, self: FileInfo) -> None:
    target = disk_path(self.full)
    if disk(ctx).exists(target):
        with disk_errors():
            if disk(ctx).is_directory(target):
                raise net_error("System.UnauthorizedAccessException", f"Access to the path '{self.full}' is denied.")
            disk(ctx).remove(target, force=not ctx.machine.is_windows)
    self.info = None


@method("System.IO.FileInfo", "CopyTo", context=True)
def _copy_to(ctx: Any, self: FileInfo, destination: str, overwrite: bool = False) -> FileInfo:
    target = full_path(ctx, destination)
    with disk_errors():
        disk(ctx).copy(disk_path(self.full), disk_path(target), overwrite=overwrite)
    return FileInfo(destination, target)


def _move_to(ctx: Any, self: FileSystemInfo, destination: str, overwrite: bool = False) -> None:
    target = full_path(ctx, destination)
    with disk_errors():
        disk(ctx).move(disk_path(self.full), disk_path(target), overwrite=overwrite)
    self.path, self.full, self.info = destination, target, None


_both(lambda n: method(n, "MoveTo", context=True), _move_to)


@method("System.IO.DirectoryInfo", "Create", context=True)
def _create_directory(ctx: Any, self: DirectoryInfo) -> None:
    with disk_errors():
        disk(ctx).make_directory(disk_path(self.full))
    self.info = None


@method("System.IO.DirectoryInfo", "CreateSubdirectory", context=True)
def _create_subdirectory(ctx: Any, self: DirectoryInfo, name: str) -> DirectoryInfo:
    target = full_path(ctx, name, self.full)
    with disk_errors():
        disk(ctx).make_directory(disk_path(target))
    return DirectoryInfo(target, target)


@method("System.IO.DirectoryInfo", "Delete", context=True)
def _delete_directory(ctx: Any, self: DirectoryInfo, recursive: bool = False) -> None:
    with disk_errors():
        disk(ctx).remove(disk_path(self.full), recursive)
    self.info = None


def listed(ctx: Any, path: str, pattern: str = "*", deep: bool = False) -> list[FileSystemInfo]:
    """Entries of a directory whose names match a .NET search pattern (``*`` and ``?``; ``*.*`` is everything).

    Raises:
        PSError: there is no such directory.
    """
    matches = wildcard.compile(
        "*" if pattern == "*.*" else pattern.replace("[", "`["), ctx.machine.is_windows
    )
    with disk_errors():
        entries = disk(ctx).list(disk_path(path))
    found = [info_for(e) for e in entries if matches(to_utf16(e.name))]
    if deep:
        for entry in entries:
            if entry.is_directory:
                found += listed(ctx, to_utf16(entry.path), pattern, deep=True)
    return found


def _lister(kind: type[FileSystemInfo], type_name: str) -> Callable[..., Array]:
    def run(ctx: Any, self: DirectoryInfo, pattern: str = "*", option: Any = None) -> Array:
        if option is not None and types.of(option).full_name != "System.IO.SearchOption":
            raise Unsupported("System.IO.EnumerationOptions")
        deep = option is not None and option.value == 1
        found = [e for e in listed(ctx, self.full, pattern, deep) if isinstance(e, kind)]
        return Array(found, types.get(type_name))

    return run


for _kind, _suffix in ((FileInfo, "Files"), (DirectoryInfo, "Directories"), (FileSystemInfo, "FileSystemInfos")):
    for _verb in ("Get", "Enumerate"):
        method("System.IO.DirectoryInfo", _verb + _suffix, context=True)(_lister(_kind, _kind.NET))

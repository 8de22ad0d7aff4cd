# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.IO.Path``, ``File`` and ``Directory`` over the machine's disk."""

from __future__ import annotations

import secrets
from typing import Any

from hvsim.library.dotnet import encoding as enc
from hvsim.library.dotnet import file_info as fi
from hvsim.library.dotnet.encoding import Encoding
from hvsim.library.dotnet.streams import Stream, checked_path, open_file
from hvsim.library.dotnet.support import bytes_array, data_of, null_argument, string_array
from hvsim.library.dotnet.text_readers import TextReader
from hvsim.runtime import objects, types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import static_getter, static_method
from hvsim.runtime.structs import DateTime
from hvsim.runtime.values import Array, Char, EnumValue

_PATH = "System.IO.Path"
_FILE = "System.IO.File"
_DIRECTORY = "System.IO.Directory"


# --- Path ---------------------------------------------------------------------------------------------------------


def _separators(ctx: Any) -> str:
    return "\\/" if ctx.machine.is_windows else "/"


def _root_length(ctx: Any, path: str) -> int:
    if not ctx.machine.is_windows:
        return 1 if path.startswith("/") else 0
    if len(path) >= 2 and path[0] in "\\/" and path[1] in "\\/":
        end, found = 2, 0
        while end < len(path):
            if path[end] in "\\/":
                found += 1
                if found == 2:
                    break
            end += 1
        return end
    if len(path) >= 2 and path[1] == ":" and path[0].isalpha():
        return 3 if len(path) > 2 and path[2] in "\\/" else 2
    return 1 if path[:1] in ("\\", "/") and path else 0


def _is_rooted(ctx: Any, path: str) -> bool:
    if path[:1] and path[0] in _separators(ctx):
        return True
    return ctx.machine.is_windows and len(path) >= 2 and path[1] == ":" and path[0].isalpha()


def _combine_two(ctx: Any, first: str, second: str) -> str:
    if not second:
        return first
    if not first or _is_rooted(ctx, second):
        return second
    joint = "" if first[-1] in _separators(ctx) + (":" if ctx.machine.is_windows else "") else fi.separator(ctx)
    return first + joint + second


_JOINING = [
    "(string, string) -> string",
    "(string, string, string) -> string",
    "(string, string, string, string) -> string",
    "(params string[]) -> string",
]


@static_method(_PATH, "Combine", overloads=_JOINING, context=True)
def _combine(ctx: Any, *parts: Any) -> str:
    items = list(parts[0]) if len(parts) == 1 and isinstance(parts[0], list) else list(parts)
    result = ""
    for number, part in enumerate(items):
        if part is None:
            raise null_argument(f"path{number + 1}" if not isinstance(parts[0], list) else "paths")
        result = _combine_two(ctx, result, part)
    return result


@static_method(_PATH, "Join", overloads=_JOINING, context=True)
def _join(ctx: Any, *parts: Any) -> str:
    items = list(parts[0]) if len(parts) == 1 and isinstance(parts[0], list) else list(parts)
    result = ""
    for part in items:
        if not part:
            continue
        separators = _separators(ctx)
        bare = not result or result[-1] in separators or part[0] in separators
        result += part if bare else fi.separator(ctx) + part
    return result


@static_method(_PATH, "GetFileName", context=True)
def _get_file_name(ctx: Any, path: str | None) -> str | None:
    if path is None:
        return None
    separators = _separators(ctx) + (":" if ctx.machine.is_windows else "")
    end = max(path.rfind(s) for s in separators)
    return path[end + 1 :]


def _extension_start(ctx: Any, path: str) -> int:
    name = _get_file_name(ctx, path) or ""
    dot = name.rfind(".")
    return -1 if dot < 0 else len(path) - len(name) + dot


@static_method(_PATH, "GetExtension", context=True)
def _get_extension(ctx: Any, path: str | None) -> str | None:
    if path is None:
        return None
    start = _extension_start(ctx, path)
    return "" if start < 0 or start == len(path) - 1 else path[start:]


@static_method(_PATH, "HasExtension", context=True)
def _has_extension(ctx: Any, path: str | None) -> bool:
    return bool(path) and bool(_get_extension(ctx, path))


@static_method(_PATH, "GetFileNameWithoutExtension", context=True)
def _name_without_extension(ctx: Any, path: str | None) -> str | None:
    name = _get_file_name(ctx, path)
    return name if name is None or "." not in name else name[: name.rfind(".")]


@static_method(_PATH, "ChangeExtension", context=True)
def _change_extension(ctx: Any, path: str | None, extension: str | None) -> str | None:
    if not path:
        return path
    start = _extension_start(ctx, path)
    base = path if start < 0 else path[:start]
    if extension is None:
        return base
    return base + ("" if extension.startswith(".") else ".") + extension


@static_method(_PATH, "GetDirectoryName", context=True)
def _directory_name(ctx: Any, path: str | None) -> str | None:
    if not path:
        return None
    root = _root_length(ctx, path)
    separators = _separators(ctx)
    if len(path) <= root:
        return None
    end = len(path)
    while end > root and path[end - 1] not in separators:
        end -= 1
    while end > root and path[end - 1] in separators:
        end -= 1
    found = path[:end]
    return found.replace("/", "\\") if ctx.machine.is_windows else found


@static_method(_PATH, "GetFullPath", context=True)
def _full_path(ctx: Any, path: str, base: str | None = None) -> str:
    if path is None:
        raise null_argument("path")
    if not path:
        raise net_error("System.ArgumentException", "The path is empty. (Parameter 'path')")
    return fi.full_path(ctx, path, base)


@static_method(_PATH, "GetPathRoot", context=True)
def _path_root(ctx: Any, path: str | None) -> str | None:
    if not path:
        return None
    found = path[: _root_length(ctx, path)]
    return found.replace("/", "\\") if ctx.machine.is_windows else found


@static_method(_PATH, "IsPathRooted", context=True)
def _path_rooted(ctx: Any, path: str | None) -> bool:
    return bool(path) and _is_rooted(ctx, path or "")


@static_method(_PATH, "IsPathFullyQualified", context=True)
def _fully_qualified(ctx: Any, path: str) -> bool:
    if not ctx.machine.is_windows:
        return path.startswith("/")
    return _root_length(ctx, path) >= 3


@static_method(_PATH, "EndsInDirectorySeparator", context=True)
def _ends_in_separator(ctx: Any, path: str | None) -> bool:
    return bool(path) and (path or "")[-1] in _separators(ctx)


@static_method(_PATH, "TrimEndingDirectorySeparator", context=True)
def _trim_separator(ctx: Any, path: str) -> str:
    return path[:-1] if _ends_in_separator(ctx, path) and len(path) > _root_length(ctx, path) else path


@static_method(_PATH, "GetRelativePath", context=True)
def _relative_path(ctx: Any, base: str, path: str) -> str:
    separator = fi.separator(ctx)
    start = [p for p in fi.full_path(ctx, base).split(separator) if p]
    end = [p for p in fi.full_path(ctx, path).split(separator) if p]
    fold = str.lower if ctx.machine.is_windows else str
    shared = 0
    while shared < min(len(start), len(end)) and fold(start[shared]) == fold(end[shared]):
        shared += 1
    if shared == 0 and ctx.machine.is_windows:
        return path
    return separator.join([".."] * (len(start) - shared) + end[shared:]) or "."


@static_method(_PATH, "GetTempPath", context=True)
def _temp_path(ctx: Any) -> str:
    environment = ctx.machine.environment
    if ctx.machine.is_windows:
        found = environment.get("TMP") or environment.get("TEMP") or "C:\\Windows\\Temp"
    else:
        found = environment.get("TMPDIR") or "/tmp/"
    return found if found[-1] in _separators(ctx) else found + fi.separator(ctx)


_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz012345"
_MIXED_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@static_method(_PATH, "GetTempFileName", context=True)
def _temp_file(ctx: Any) -> str:
    files = fi.disk(ctx)
    while True:
        name = "".join(secrets.choice(_MIXED_CHARACTERS) for _ in range(6))
        path = f"{_temp_path(ctx)}tmp{name}.tmp"
        if not files.exists(fi.disk_path(path)):
            with fi.disk_errors():
                files.write_bytes(fi.disk_path(path), b"")
            return path


@static_method(_PATH, "GetRandomFileName")
def _random_name() -> str:
    letters = "".join(secrets.choice(_NAME_CHARACTERS) for _ in range(11))
    return f"{letters[:8]}.{letters[8:]}"


@static_method(_PATH, "Exists", context=True)
def _path_exists(ctx: Any, path: str | None) -> bool:
    return bool(path) and bool(fi.disk(ctx).exists(fi.disk_path(fi.full_path(ctx, path or ""))))


def _char_array(text: str) -> Array:
    return Array([Char(c) for c in text], types.CHAR)


_CONTROL = "".join(chr(i) for i in range(1, 32))


@static_method(_PATH, "GetInvalidFileNameChars", context=True)
def _invalid_names(ctx: Any) -> Array:
    return _char_array('"<>|\0' + _CONTROL + ":*?\\/") if ctx.machine.is_windows else _char_array("\0/")


@static_method(_PATH, "GetInvalidPathChars", context=True)
def _invalid_paths(ctx: Any) -> Array:
    return _char_array("|\0" + _CONTROL) if ctx.machine.is_windows else _char_array("\0")


static_getter(_PATH, "DirectorySeparatorChar", context=True)(lambda ctx: Char(fi.separator(ctx)))
static_getter(_PATH, "AltDirectorySeparatorChar")(lambda: Char("/"))
static_getter(_PATH, "PathSeparator", context=True)(lambda ctx: Char(";" if ctx.machine.is_windows else ":"))
static_getter(_PATH, "VolumeSeparatorChar", context=True)(lambda ctx: Char(":" if ctx.machine.is_windows else "/"))
static_getter(_PATH, "InvalidPathChars", context=True)(_invalid_paths)


# --- File ---------------------------------------------------------------------------------------------------------


def read_bytes(ctx: Any, path: str) -> bytes:
    """A file's content.

    Raises:
        PSError: what .NET throws.
    """
    full = checked_path(ctx, path)
    with fi.disk_errors():
        # ReadAllBytes and the like open with FileShare.Read.
        data: bytes = fi.disk(ctx).content(fi.disk_path(full), share_writing=False).joined()
        return data


def write_bytes(ctx: Any, path: str, data: bytes, *, append: bool = False) -> None:
    full = checked_path(ctx, path)
    with fi.disk_errors():
        fi.disk(ctx).write_bytes(fi.disk_path(full), data, append=append)


def _text(data: bytes, given: Encoding | None) -> str:
    found, mark = enc.detect(data, given or enc.UTF8)
    return found.decode(data[mark:])


def text_of_source(ctx: Any, source: Any) -> str:
    """The text behind a path, stream or reader (``XmlDocument.Load``)."""
    if isinstance(source, Stream):
        return _text(source.read(1 << 62), None)
    if isinstance(source, TextReader):
        return source.read(len(source.text))
    return _text(read_bytes(ctx, source), None)


def split_lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


@static_method(_FILE, "Exists", context=True)
def _file_exists(ctx: Any, path: str | None) -> bool:
    return bool(path) and bool(fi.disk(ctx).is_file(fi.disk_path(fi.full_path(ctx, path or ""))))


@static_method(_FILE, "ReadAllText", context=True)
def _read_all_text(ctx: Any, path: str, encoding: Encoding | None = None) -> str:
    return _text(read_bytes(ctx, path), encoding)


@static_method(_FILE, "ReadAllLines", context=True)
def _read_all_lines(ctx: Any, path: str, encoding: Encoding | None = None) -> Array:
    return string_array(split_lines(_text(read_bytes(ctx, path), encoding)))


static_method(_FILE, "ReadLines", context=True)(_read_all_lines)


@static_method(_FILE, "ReadAllBytes", context=True)
def _read_all_bytes(ctx: Any, path: str) -> Array:
    return bytes_array(read_bytes(ctx, path))


@static_method(_FILE, "WriteAllText", context=True)
def _write_all_text(ctx: Any, path: str, text: str | None, encoding: Encoding = enc.UTF8_NO_MARK) -> None:
    write_bytes(ctx, path, encoding.preamble + encoding.encode(text or ""))


@static_method(_FILE, "AppendAllText", context=True)
def _append_all_text(ctx: Any, path: str, text: str | None, encoding: Encoding = enc.UTF8_NO_MARK) -> None:
    mark = b"" if _file_exists(ctx, path) else encoding.preamble
    write_bytes(ctx, path, mark + encoding.encode(text or ""), append=True)


def _joined(ctx: Any, lines: Any) -> str:
    ending = "\r\n" if ctx.machine.is_windows else "\n"
    return "".join((line or "") + ending for line in lines)


@static_method(_FILE, "WriteAllLines", context=True)
def _write_all_lines(ctx: Any, path: str, lines: Any, encoding: Encoding = enc.UTF8_NO_MARK) -> None:
    if lines is None:
        raise null_argument("contents")
    write_bytes(ctx, path, encoding.preamble + encoding.encode(_joined(ctx, lines)))


@static_method(_FILE, "AppendAllLines", context=True)
def _append_all_lines(ctx: Any, path: str, lines: Any, encoding: Encoding = enc.UTF8_NO_MARK) -> None:
    write_bytes(ctx, path, encoding.encode(_joined(ctx, lines)), append=True)


@static_method(_FILE, "WriteAllBytes", context=True)
def _write_all_bytes(ctx: Any, path: str, data: Any) -> None:
    if data is None:
        raise null_argument("bytes")
    write_bytes(ctx, path, data_of(data))


@static_method(_FILE, "AppendAllBytes", context=True)
def _append_all_bytes(ctx: Any, path: str, data: Any) -> None:
    write_bytes(ctx, path, data_of(data), append=True)


@static_method(_FILE, "Delete", context=True)
def _file_delete(ctx: Any, path: str) -> None:
    full = checked_path(ctx, path)
    files = fi.disk(ctx)
    with fi.disk_errors():
        if files.is_directory(fi.disk_path(full)):
            raise net_error("System.UnauthorizedAccessException", f"Access to the path '{full}' is denied.")
        if files.exists(fi.disk_path(full)):
            files.remove(fi.disk_path(full))


@static_method(_FILE, "Copy", context=True)
def _file_copy(ctx: Any, source: str, target: str, overwrite: bool = False) -> None:
    start, end = checked_path(ctx, source, "sourceFileName"), checked_path(ctx, target, "destFileName")
    with fi.disk_errors():
        fi.disk(ctx).copy(fi.disk_path(start), fi.disk_path(end), overwrite=overwrite)


@static_method(_FILE, "Move", context=True)
def _file_move(ctx: Any, source: str, target: str, overwrite: bool = False) -> None:
    start, end = checked_path(ctx, source, "sourceFileName"), checked_path(ctx, target, "destFileName")
    with fi.disk_errors():
        fi.disk(ctx).move(fi.disk_path(start), fi.disk_path(end), overwrite=overwrite)


@static_method(
    _FILE,
    "Open",
    overloads=[
        "(string, System.IO.FileMode) -> System.IO.FileStream",
        "(string, System.IO.FileMode, System.IO.FileAccess) -> System.IO.FileStream",
        "(string, System.IO.FileMode, System.IO.FileAccess, System.IO.FileShare) -> System.IO.FileStream",
    ],
    context=True,
)
def _file_open(ctx: Any, path: str, mode: EnumValue, *rest: EnumValue) -> Stream:
    return open_file(ctx, path, mode.value, *(value.value for value in rest))


static_method(_FILE, "OpenRead", context=True)(lambda ctx, path: open_file(ctx, path, 3, 1))
static_method(_FILE, "OpenWrite", context=True)(lambda ctx, path: open_file(ctx, path, 4, 2))
static_method(_FILE, "Create", context=True)(lambda ctx, path, *_: open_file(ctx, path, 2, 3))


@static_method(_FILE, "OpenText", context=True)
def _open_text(ctx: Any, path: str) -> Any:
    return objects.construct(ctx, types.get("System.IO.StreamReader"), [path])


@static_method(_FILE, "CreateText", context=True)
def _create_text(ctx: Any, path: str) -> Any:
    return objects.construct(ctx, types.get("System.IO.StreamWriter"), [path])


@static_method(_FILE, "AppendText", context=True)
def _append_text(ctx: Any, path: str) -> Any:
    return objects.construct(ctx, types.get("System.IO.StreamWriter"), [path, True])


def _stat(ctx: Any, path: str) -> Any:
    full = checked_path(ctx, path)
    with fi.disk_errors():
        return fi.disk(ctx).stat(fi.disk_path(full))


@static_method(_FILE, "GetAttributes", overloads=["(string) -> System.IO.FileAttributes"], context=True)
def _get_attributes(ctx: Any, path: str) -> EnumValue:
    return fi.attributes_of(int(_stat(ctx, path).attributes))


@static_method(
    _FILE, "SetAttributes", overloads=["(string, System.IO.FileAttributes) -> void"], context=True
)
def _set_attributes(ctx: Any, path: str, value: EnumValue) -> None:
    info = fi.FileInfo(path, checked_path(ctx, path))
    objects.set_member(ctx, info, "Attributes", value)


def _times(owner: str, name: str, field: str) -> None:
    def read(utc: bool) -> Any:
        def run(ctx: Any, path: str) -> DateTime:
            full = checked_path(ctx, path)
            if not fi.disk(ctx).exists(fi.disk_path(full)):
                return fi.date_time(fi._NO_TIME, utc=utc)
            return fi.date_time(getattr(_stat(ctx, path), field), utc=utc)

        return run

    def write(ctx: Any, path: str, value: DateTime) -> None:
        full = checked_path(ctx, path)
        with fi.disk_errors():
            fi.disk(ctx).set_times(fi.disk_path(full), **{field: fi.python_time(value)})

    for suffix, utc in (("", False), ("Utc", True)):
        static_method(owner, f"Get{name}{suffix}", overloads=["(string) -> datetime"], context=True)(read(utc))
        static_method(owner, f"Set{name}{suffix}", overloads=["(string, datetime) -> void"], context=True)(write)


for _owner in (_FILE, _DIRECTORY):
    _times(_owner, "CreationTime", "created")
    _times(_owner, "LastWriteTime", "written")
    _times(_owner, "LastAccessTime", "accessed")


# --- Directory ----------------------------------------------------------------------------------------------------


@static_method(_DIRECTORY, "Exists", context=True)
def _directory_exists(ctx: Any, path: str | None) -> bool:
    return bool(path) and bool(fi.disk(ctx).is_directory(fi.disk_path(fi.full_path(ctx, path or ""))))


@static_method(_DIRECTORY, "CreateDirectory", overloads=["(string) -> System.IO.DirectoryInfo"], context=True)
def _create_directory(ctx: Any, path: str) -> Any:
    full = checked_path(ctx, path)
    with fi.disk_errors():
        fi.disk(ctx).make_directory(fi.disk_path(full))
    return fi.DirectoryInfo(path, full)


@static_method(_DIRECTORY, "Delete", context=True)
def _delete_directory(ctx: Any, path: str, recursive: bool = False) -> None:
    full = checked_path(ctx, path)
    files = fi.disk(ctx)
    with fi.disk_errors():
        if not files.is_directory(fi.disk_path(full)):
            if files.exists(fi.disk_path(full)):
                raise net_error("System.IO.IOException", f"The directory name is invalid. : '{full}'")
            raise net_error(
                "System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{full}'."
            )
        files.remove(fi.disk_path(full), recursive)


@static_method(_DIRECTORY, "Move", context=True)
def _move_directory(ctx: Any, source: str, target: str) -> None:
    start, end = checked_path(ctx, source, "sourceDirName"), checked_path(ctx, target, "destDirName")
    with fi.disk_errors():
        fi.disk(ctx).move(fi.disk_path(start), fi.disk_path(end))


@static_method(_DIRECTORY, "GetCurrentDirectory", context=True)
def _current_directory(ctx: Any) -> str:
    return str(ctx.machine.working_directory)


@static_method(_DIRECTORY, "SetCurrentDirectory", context=True)
def _set_current_directory(ctx: Any, path: str) -> None:
    full = checked_path(ctx, path)
    if not _directory_exists(ctx, path):
        raise net_error("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{full}'.")
    ctx.machine.working_directory = full


@static_method(_DIRECTORY, "GetParent", overloads=["(string) -> System.IO.DirectoryInfo"], context=True)
def _get_parent(ctx: Any, path: str) -> Any:
    found = fi.parent_path(ctx, checked_path(ctx, path))
    return fi.DirectoryInfo(found, found) if found else None


@static_method(_DIRECTORY, "GetDirectoryRoot", context=True)
def _directory_root(ctx: Any, path: str) -> str | None:
    return _path_root(ctx, checked_path(ctx, path))


@static_method(_DIRECTORY, "GetLogicalDrives", context=True)
def _logical_drives(ctx: Any) -> Array:
    return string_array([f"{d}:\\" for d in fi.disk(ctx).drives()] if ctx.machine.is_windows else ["/"])


def _lister(name: str, wanted: type[fi.FileSystemInfo]) -> None:
    def run(ctx: Any, path: str, pattern: str = "*", option: EnumValue | None = None) -> Array:
        full = checked_path(ctx, path)
        if not _directory_exists(ctx, path):
            raise net_error("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{full}'.")
        deep = option is not None and option.value == 1
        entries = fi.listed(ctx, full, pattern, deep)
        shown = path if path[-1] not in _separators(ctx) else path[:-1] or path
        return string_array([_as_given(full, shown, e.full) for e in entries if isinstance(e, wanted)])

    for prefix in ("Get", "Enumerate"):
        static_method(
            _DIRECTORY,
            prefix + name,
            overloads=[
                "(string) -> string[]",
                "(string, string) -> string[]",
                "(string, string, System.IO.SearchOption) -> string[]",
            ],
            context=True,
        )(run)


def _as_given(full: str, given: str, entry: str) -> str:
    """An entry's path under the directory as the caller wrote it."""
    return given + entry[len(full.rstrip("\\/")) :] if entry.startswith(full.rstrip("\\/")) else entry


_lister("Files", fi.FileInfo)
_lister("Directories", fi.DirectoryInfo)
_lister("FileSystemEntries", fi.FileSystemInfo)

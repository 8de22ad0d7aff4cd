# SPDX-License-Identifier: GPL-3.0-or-later
"""The FileSystem provider, on Windows and POSIX disks, and what PowerShell adds to FileInfo and DirectoryInfo."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import to_utf16
from hvsim.library.dotnet import file_info as fi
from hvsim.library.management.encodings import encoded
from hvsim.library.management.provider import Provider, provider
from hvsim.runtime import convert, objects, types
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import NetException
from hvsim.runtime.members import getter, method
from hvsim.runtime.values import Array, NetObject

_PERMISSION = (
    "You do not have sufficient access rights to perform this operation or the item is hidden, system, or read only."
)
_LOCKED = fi.HIDDEN | fi.SYSTEM | fi.READ_ONLY


@provider
class FileSystem(Provider):
    """Paths are absolute (``C:\\x`` or ``/x``), without a separator at the end."""

    name = "FileSystem"
    is_tree = True

    def normal(self, ctx: ExecutionContext, path: str) -> str:
        if not ctx.machine.is_windows:
            path = path.replace("\\", "/")
        from hvsim.library.management.provider import locations

        base = locations(ctx).disk_here() if not _rooted(ctx, path) else None
        return fi._trimmed(ctx, fi.full_path(ctx, path, base))

    def join(self, ctx: ExecutionContext, parent: str, child: str) -> str:
        if not parent:
            return child
        return parent.rstrip("\\/" if ctx.machine.is_windows else "/") + self.separator(ctx) + child.lstrip("\\/")

    def parent(self, ctx: ExecutionContext, path: str) -> str:
        return fi.parent_path(ctx, path) or ""

    def leaf(self, ctx: ExecutionContext, path: str) -> str:
        return fi.file_name(ctx, path)

    def exists(self, ctx: ExecutionContext, path: str) -> bool:
        return bool(fi.disk(ctx).exists(fi.disk_path(path)))

    def is_container(self, ctx: ExecutionContext, path: str) -> bool:
        return bool(fi.disk(ctx).is_directory(fi.disk_path(path)))

    def is_hidden(self, ctx: ExecutionContext, path: str) -> bool:
        return bool(int(fi.disk(ctx).stat(fi.disk_path(path)).attributes) & fi.HIDDEN)

    def item(self, ctx: ExecutionContext, path: str) -> Any:
        return fi.info_for(fi.disk(ctx).stat(fi.disk_path(path)))

    def names(self, ctx: ExecutionContext, path: str) -> list[str]:
        with fi.disk_errors():
            entries = fi.disk(ctx).list(fi.disk_path(path))
        named = [(not e.is_directory, e.name.lower(), to_utf16(e.name)) for e in entries]
        return [name for _, _, name in sorted(named)]

    # -- changing -----------------------------------------------------------------------------------------------------

    def new(self, command: Any, path: str, kind: str, value: Any, force: bool) -> Any:
        kind = kind.lower()
        if kind and any(full.startswith(kind) for full in ("directory", "container")):
            return self._new_directory(command, path, force)
        if not kind or "file".startswith(kind):
            return self._new_file(command, path, value, force)
        if any(full.startswith(kind) for full in ("symboliclink", "junction", "hardlink")):
            raise Unsupported(f"New-Item -ItemType {kind} (the simulated disk has no links)")
        raise command.fail(
            'The type is not a known type for the file system. Only "file","directory" or "symboliclink" can be specified.',
            "Argument",
            "InvalidArgument",
            kind="System.Management.Automation.PSArgumentException",
        )

    def _new_directory(self, command: Any, path: str, force: bool) -> Any:
        return self.item(command.ctx, path) if self.make_directory(command, path, force) else None

    def make_directory(self, command: Any, path: str, force: bool) -> bool:
        """Makes a directory and those above it; False if there is none to show. -Force passes over what is there, and over
        any IOException (a file of that name, say) without a word (FileSystemProvider.CreateDirectory)."""
        ctx = command.ctx
        target = fi.disk_path(path)
        files = fi.disk(ctx)
        if not force and files.exists(target):
            text = f"An item with the specified name {path} already exists."
            command.error(text, "DirectoryExist", "ResourceExists", path, kind="System.IO.IOException")
            return False
        if not command.should_process(f"Destination: {path}", "Create Directory"):
            return False
        try:
            files.make_directory(target)
        except OSError as error:
            denied = getattr(error, "code", 0) == 5
            if denied or not force:
                self._failed(command, error, f"CreateDirectory{'UnauthorizedAccess' if denied else 'IO'}Error", path, denied)
            return False
        return bool(files.is_directory(target))

    def _new_file(self, command: Any, path: str, value: Any, force: bool) -> Any:
        ctx = command.ctx
        target = fi.disk_path(path)
        files = fi.disk(ctx)
        if not command.should_process(f"Destination: {path}", "Create File"):
            return None
        try:
            if files.exists(target) and not force and not (ctx.machine.is_windows and files.is_directory(target)):
                command.error(
                    f"The file '{path}' already exists.", "NewItemIOError", "WriteError", path, kind="System.IO.IOException"
                )
                return None
            files.write_bytes(target, _text_of(ctx, value), create_parents=force, force=force)
        except OSError as error:
            denied = getattr(error, "code", 0) == 5
            self._failed(command, error, "NewItemUnauthorizedAccessError" if denied else "NewItemIOError", path, denied)
            return None
        return self.item(ctx, path)

    def _failed(self, command: Any, error: OSError, error_id: str, path: str, denied: bool = False) -> None:
        """A non-terminating error for what the disk refused."""
        exception = fi.translate(error).exception
        command.error(
            exception.message,
            error_id,
            "PermissionDenied" if denied else "WriteError",
            path,
            kind=exception.kind,
            fields=exception.fields,
        )

    def remove(self, command: Any, path: str, recurse: bool, force: bool) -> None:
        ctx = command.ctx
        files, target = fi.disk(ctx), fi.disk_path(path)
        facts = files.stat(target)
        action = "Remove Directory" if facts.is_directory else "Remove File"
        if not command.should_process(path, action):
            return
        if facts.is_directory and files.list(target) and recurse:
            for entry in files.list(target):
                self._remove_tree(command, entry, force)
            if files.list(target):
                self._not_empty(command, path)
                return
        self._remove_one(command, files.stat(target), force)

    def _remove_tree(self, command: Any, facts: Any, force: bool) -> None:
        files = fi.disk(command.ctx)
        if facts.is_directory:
            for entry in files.list(facts.path):
                self._remove_tree(command, entry, force)
            if files.list(facts.path):
                self._not_empty(command, to_utf16(facts.path))
                return
        self._remove_one(command, facts, force)

    def _not_empty(self, command: Any, path: str) -> None:
        info = fi.DirectoryInfo(path, path)
        text = f"Directory {path} cannot be removed because it is not empty."
        self._cannot_remove(command, info, "DirectoryNotEmpty", "WriteError", text)

    def _remove_one(self, command: Any, facts: Any, force: bool) -> None:
        info = fi.info_for(facts)
        if not force and int(facts.attributes) & _LOCKED:
            self._cannot_remove(command, info, "RemoveFileSystemItemUnAuthorizedAccess", "PermissionDenied", _PERMISSION)
            return
        try:
            fi.disk(command.ctx).remove(facts.path, force=force)
        except OSError as error:
            exception = fi.translate(error).exception
            denied = getattr(error, "code", 0) == 5
            error_id = f"RemoveFileSystemItem{'UnAuthorizedAccess' if denied else 'IOError'}"
            self._cannot_remove(command, info, error_id, "PermissionDenied" if denied else "WriteError", exception.message, exception)

    def _cannot_remove(
        self, command: Any, info: Any, error_id: str, category: str, text: str, exception: NetException | None = None
    ) -> None:
        kind = exception.kind if exception is not None else "System.IO.IOException"
        record = command.record(text, error_id, category, info, kind=kind)
        record.details = f"Cannot remove item {info.full}: {text}"
        command.write_error(record)

    def rename(self, command: Any, path: str, name: str, force: bool) -> str | None:
        ctx = command.ctx
        name = self._bare_name(command, path, name)
        target = self.join(ctx, self.parent(ctx, path), name)
        is_directory = self.is_container(ctx, path)
        action = "Rename Directory" if is_directory else "Rename File"
        if not command.should_process(f"Item: {path} Destination: {target}", action):
            return None
        return self._moved(command, path, target, False, "RenameItem")

    def _bare_name(self, command: Any, path: str, name: str) -> str:
        """-NewName without the folder, if that is the item's own; any other folder is an error.

        Raises:
            PSError: Argument; it ends the command.
        """
        ctx = command.ctx
        if name.startswith((".\\", "./")):
            name = name[2:]
        elif fi.parent_path(ctx, name) and (fi.parent_path(ctx, name) or "").lower() == self.parent(ctx, path).lower():
            name = fi.file_name(ctx, name)
        if fi.file_name(ctx, name) == name:
            return name
        raise command.fail(
            "Cannot rename the specified target, because it represents a path or device name.",
            "Argument",
            "InvalidArgument",
            kind="System.Management.Automation.PSArgumentException",
        )

    def move(self, command: Any, source: str, target: str, force: bool) -> str | None:
        ctx = command.ctx
        is_directory = self.is_container(ctx, source)
        if self.is_container(ctx, target):
            target = self.join(ctx, target, self.leaf(ctx, source))
        fold = str.lower if ctx.machine.is_windows else str
        if is_directory and ctx.edition != "5.1" and fold(target).startswith(fold(source) + self.separator(ctx)):
            text = f"Destination path cannot be a subdirectory of the source: {target}."
            command.error(text, "MoveItemArgumentError", "InvalidArgument", target, kind="System.IO.IOException")
            return None
        action = "Move Directory" if is_directory else "Move File"
        if not command.should_process(f"Item: {source} Destination: {target}", action):
            return None
        return self._moved(command, source, target, force, "MoveDirectoryItem" if is_directory else "MoveFileInfoItem")

    def _moved(self, command: Any, source: str, target: str, force: bool, action: str) -> str | None:
        ctx = command.ctx
        files = fi.disk(ctx)
        is_directory = self.is_container(ctx, source)
        overwrite = force and not is_directory and self.exists(ctx, target) and not self.is_container(ctx, target)
        try:
            if overwrite:
                attributes = files.stat(fi.disk_path(target)).attributes
                files.set_attributes(fi.disk_path(target), type(attributes)(int(attributes) & ~(fi.READ_ONLY | fi.HIDDEN)))
            files.move(fi.disk_path(source), fi.disk_path(target), overwrite=overwrite)
        except OSError as error:
            denied = getattr(error, "code", 0) == 5
            exception = fi.translate(error).exception
            text = exception.message
            if is_directory and ctx.edition != "5.1" and isinstance(error, FileExistsError):
                text = f"Cannot create '{target}' because a file or directory with the same name already exists."
            info: Any = fi.DirectoryInfo(source, source) if is_directory else fi.FileInfo(source, source)
            command.error(
                text,
                f"{action}{'UnauthorizedAccess' if denied else 'IO'}Error",
                "PermissionDenied" if denied else "WriteError",
                source if action == "RenameItem" else info,
                kind=exception.kind,
            )
            return None
        return target

    def copy(self, command: Any, source: str, target: str, recurse: bool, force: bool) -> list[str]:
        """Copies a file, or a directory (with what it holds if *recurse*); the paths that came into being."""
        from hvsim.library.management.filesystem_copy import Copying

        copying = Copying(self, command, recurse, force)
        copying.run(source, target)
        return copying.made


def _text_of(ctx: ExecutionContext, value: Any) -> bytes:
    """New-Item -Value as the file holds it: ``value.ToString()``, which of an array is the name of its type."""
    if value is None:
        return b""
    base = objects.unwrap(value)
    return encoded(types.of(base).full_name if isinstance(base, Array) else convert.to_string(ctx, value), "utf-8")


def _rooted(ctx: ExecutionContext, path: str) -> bool:
    if ctx.machine.is_windows:
        return path[1:3] in (":\\", ":/") or path.startswith(("\\\\", "//"))
    return path.startswith("/")


# ---- members that types.ps1xml adds ------------------------------------------------------------------------------------


def mode(ctx: Any, value: Any) -> str:
    """``Mode``: d or - (5.1) / d or - with link (7), archive, read-only, hidden, system."""
    facts = objects.unwrap(value).facts(ctx)
    if facts is None:
        return ""
    bits = int(facts.attributes)
    letters = (("d", fi.DIRECTORY), ("a", fi.ARCHIVE), ("r", fi.READ_ONLY), ("h", fi.HIDDEN), ("s", fi.SYSTEM))
    return "".join(letter if bits & bit else "-" for letter, bit in letters) + ("-" if ctx.edition == "5.1" else "")


def _base_name(ctx: Any, value: Any) -> str:
    base = objects.unwrap(value)
    name = fi.file_name(ctx, base.full)
    if isinstance(base, fi.DirectoryInfo):
        return name
    dot = name.rfind(".")
    return name[:dot] if 0 <= dot < len(name) - 1 else name


def _nothing(ctx: Any, value: Any) -> None:
    return None


_VERSION = "System.Diagnostics.FileVersionInfo"


@types.net_class(_VERSION)
class FileVersionInfo(NetObject):
    """Of a file without version resource, as all files of a simulated disk are."""

    __slots__ = ("path",)
    NET = _VERSION

    def __init__(self, path: str) -> None:
        self.path = path


getter(_VERSION, "FileName", type="string")(lambda self: self.path)
for _name in ("InternalName", "OriginalFilename", "FileVersion", "FileDescription", "ProductName", "ProductVersion",
              "CompanyName", "Comments", "Language", "LegalCopyright"):
    getter(_VERSION, _name, type="string")(lambda self: None)
for _name in ("FileMajorPart", "FileMinorPart", "FileBuildPart", "FilePrivatePart",
              "ProductMajorPart", "ProductMinorPart", "ProductBuildPart", "ProductPrivatePart"):
    getter(_VERSION, _name, type="int")(lambda self: 0)
for _name in ("IsDebug", "IsPatched", "IsPreRelease", "IsPrivateBuild", "IsSpecialBuild"):
    getter(_VERSION, _name, type="bool")(lambda self: False)


@method(_VERSION, "ToString", overloads=["() -> string"], context=True)
def _version_text(ctx: Any, self: FileVersionInfo) -> str:
    empty = ("InternalName", "OriginalFilename", "FileVersion", "FileDescription", "Product", "ProductVersion")
    flags = ("Debug", "Patched", "PreRelease", "PrivateBuild", "SpecialBuild")
    rows = [("File", self.path), *((n, "") for n in empty), *((n, "False") for n in flags), ("Language", "")]
    end = "\r\n" if ctx.machine.is_windows else "\n"
    return "".join(f"{name + ':':<18}{value}{end}" for name, value in rows)


def _version_info(ctx: Any, value: Any) -> FileVersionInfo:
    return FileVersionInfo(objects.unwrap(value).full)


for _type in (fi.FileInfo.NET, fi.DirectoryInfo.NET):
    for _name, _read, _kind in (
        ("Mode", mode, "CodeProperty"),
        ("ModeWithoutHardLink", mode, "CodeProperty"),
        ("BaseName", _base_name, "ScriptProperty"),
        ("Target", _nothing, "CodeProperty"),
        ("LinkType", _nothing, "CodeProperty"),
    ):
        _value_type = "System.Object" if _kind == "ScriptProperty" else "System.String"
        objects.type_member(_type, objects.CodeProperty(_name, _read, shown=_kind, value_type=_value_type))
objects.type_member(
    fi.FileInfo.NET, objects.CodeProperty("VersionInfo", _version_info, shown="ScriptProperty", value_type="System.Object")
)

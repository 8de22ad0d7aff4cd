# SPDX-License-Identifier: GPL-3.0-or-later
"""How Copy-Item copies files and folders (FileSystemProvider.CopyItem)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import to_utf16
from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import paths
from hvsim.library.management.item_base import filter_matches
from hvsim.runtime.errors import NetException, PSError

if TYPE_CHECKING:
    from hvsim.library.management.filesystem import FileSystem

_DENIED = "System.UnauthorizedAccessException"


class Copying:
    """One copy: what it excludes, and the paths that have come into being."""

    def __init__(self, owner: FileSystem, command: Any, recurse: bool, force: bool) -> None:
        self.owner = owner
        self.command = command
        self.ctx = command.ctx
        self.files = fi.disk(self.ctx)
        self.recurse = recurse
        self.force = force
        self.excluded = paths.filtered(command.arg("Exclude"))
        self.pattern = command.arg("Filter")
        self.made: list[str] = []

    def run(self, source: str, target: str) -> None:
        """Copies *source* to, or into, *target*.

        Raises:
            PSError: an exception of .NET that the provider does not catch.
            Unsupported: a folder into itself, which PowerShell copies until the path is too long.
        """
        if self._same(source, target):
            self._onto_itself(source)
        elif not self.owner.is_container(self.ctx, source):
            self._file(source, target)
        elif self.owner.exists(self.ctx, target) and not self.owner.is_container(self.ctx, target):
            self.command.error(
                "Container cannot be copied onto existing leaf item.",
                "CopyContainerItemToLeafError",
                "InvalidArgument",
                source,
                kind="System.Management.Automation.PSArgumentException",
            )
        else:
            self._refuse_into_itself(source, target)
            self._folder(source, target)

    def _same(self, one: str, other: str) -> bool:
        fold = str.lower if self.ctx.machine.is_windows else str
        return fold(one) == fold(other)

    def _onto_itself(self, path: str) -> None:
        text = f"Cannot overwrite the item {path} with itself."
        self.command.error(text, "CopyError", "WriteError", path, kind="System.IO.IOException")

    def _refuse_into_itself(self, source: str, target: str) -> None:
        fold = str.lower if self.ctx.machine.is_windows else str
        if self.recurse and fold(target).startswith(fold(source) + self.owner.separator(self.ctx)):
            raise Unsupported("Copy-Item -Recurse of a folder into itself (PowerShell copies until the path is too long)")

    def _inside(self, source: str, target: str) -> str:
        """The destination; a container takes the item in under its name."""
        if self.owner.is_container(self.ctx, target):
            return self.owner.join(self.ctx, target, self.owner.leaf(self.ctx, source))
        return target

    def _folder(self, source: str, target: str) -> None:
        target = self._inside(source, target)
        if not self.command.should_process(f"Item: {source} Destination: {target}", "Copy Directory"):
            return
        if self.owner.make_directory(self.command, target, self.force):
            self.made.append(target)
        if not self.recurse:
            return
        entries = list(self.files.list(fi.disk_path(source)))
        for entry in entries:
            if not entry.is_directory and (not self.pattern or filter_matches(self.pattern, to_utf16(entry.name))):
                self._child_file(to_utf16(entry.path), target)
        for entry in entries:
            if entry.is_directory:
                self._folder(to_utf16(entry.path), target)

    def _child_file(self, source: str, target: str) -> None:
        """A file of a folder: what the provider does not catch for a file it catches here."""
        try:
            self._file(source, target)
        except PSError as error:
            exception = error.exception
            denied = exception.kind == _DENIED
            error_id = f"CopyDirectoryInfoItem{'UnauthorizedAccess' if denied else 'IO'}Error"
            self._failed(exception, error_id, "PermissionDenied" if denied else "WriteError", source)

    def _file(self, source: str, target: str) -> None:
        target = self._inside(source, target)
        if self._same(source, target):
            self._onto_itself(target)
            return
        name = self.owner.leaf(self.ctx, source)
        if any(matches(name) for matches in self.excluded):
            return
        if not self.command.should_process(f"Item: {source} Destination: {target}", "Copy File"):
            return
        try:
            self._copy(source, target)
        except PSError as error:
            self._recover(error, source, target)

    def _copy(self, source: str, target: str) -> None:
        with fi.disk_errors():
            self.files.copy(fi.disk_path(source), fi.disk_path(target), overwrite=True)
        self.made.append(target)

    def _recover(self, error: PSError, source: str, target: str) -> None:
        """-Force takes read-only and hidden from the destination and tries again; 5.1 catches no IOException here."""
        exception = error.exception
        if exception.kind != _DENIED:
            if self.ctx.edition == "5.1":
                raise error
            self._failed(exception, "CopyFileInfoItemIOError", "WriteError", source)
        elif not self.force or not self.owner.exists(self.ctx, target):
            self._failed(exception, "CopyFileInfoItemUnauthorizedAccessError", "PermissionDenied", source)
        else:
            attributes = self.files.stat(fi.disk_path(target)).attributes
            self.files.set_attributes(fi.disk_path(target), type(attributes)(int(attributes) & ~(fi.READ_ONLY | fi.HIDDEN)))
            self._copy(source, target)

    def _failed(self, exception: NetException, error_id: str, category: str, source: str) -> None:
        self.command.error(
            exception.message,
            error_id,
            category,
            fi.FileInfo(source, source),
            kind=exception.kind,
            fields=exception.fields,
        )

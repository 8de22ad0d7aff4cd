# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy-Item -ToSession and -FromSession (hyperv-facts.md 4.3; FileSystemProvider of PowerShell 7).

Files travel in fragments of 4 MiB, each a remote call: a session that dies in the middle leaves what had arrived. Targets are
overwritten in place, also without -Force; time and attributes follow when the contents are there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16
from hvsim.library.management import paths
from hvsim.library.management.item_base import ItemCommand
from hvsim.library.management.provider import Provider, find_provider, locations
from hvsim.library.remoting.session import Hangs, PSSession, TransportError
from hvsim.runtime import wildcard
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord, NetException

FRAGMENT: Final = 4 * 1024 * 1024
_ARGUMENT = "System.ArgumentException"
_READ_ONLY, _HIDDEN, _SYSTEM = 0x1, 0x2, 0x4


class _Failed(Exception):
    """One item could not be copied; its errors are written."""


class _Side:
    """The disk of one side."""

    def __init__(self, ctx: ExecutionContext) -> None:
        self.ctx = ctx
        self.disk = ctx.machine.files
        self.provider: Provider = find_provider(ctx, "FileSystem")

    def path(self, text: str) -> str:
        return from_utf16(self.provider.normal(self.ctx, text))

    def is_absolute(self, text: str) -> bool:
        if not self.ctx.machine.is_windows:
            return text.startswith("/")
        return text.startswith("\\\\") or text[1:3] in (":\\", ":/")

    def join(self, parent: str, name: str) -> str:
        return self.provider.join(self.ctx, parent, name)

    def parent(self, path: str) -> str:
        return self.provider.parent(self.ctx, path)

    def leaf(self, path: str) -> str:
        return self.provider.leaf(self.ctx, path)


def between_sessions(command: ItemCommand) -> None:
    """Does what Copy-Item was asked for.

    Raises:
        Unsupported: the guest at the other end hangs.
    """
    if command.bound("ToSession") and command.bound("FromSession"):
        command.error(
            "Cannot perform operation because FromSession and ToSession are both specified. The FromSession and ToSession parameters "
            "are mutually exclusive.",
            "InvalidInput", "InvalidArgument", command.args["FromSession"], kind=_ARGUMENT,
        )  # fmt: skip
        return
    if command.arg("Container") is False:
        raise Unsupported("Copy-Item -Container:$false to or from a session")
    session: PSSession = command.args["ToSession"] if command.bound("ToSession") else command.args["FromSession"]
    if session.connection.language_mode != "FullLanguage":
        raise Unsupported("Copy-Item to or from a session without language")
    if session.availability != "Available":
        command.error(
            f"Cannot perform operation because the session Availability is set to {session.availability}.",
            "SessionIsNotAvailable", "InvalidOperation", session, kind="System.InvalidOperationException",
        )  # fmt: skip
        return
    transfer = _Transfer(command, session)
    try:
        session.running = True
        session.connection.count("Copy-Item")
        transfer.check()
        if command.bound("ToSession"):
            _to_session(command, transfer)
        else:
            _from_session(command, transfer)
    except _Failed:
        return
    except Hangs as error:
        raise Unsupported(f"waiting for ever in Copy-Item: {error}") from None
    finally:
        session.running = False


class _Transfer:
    """One call of Copy-Item: both disks and the way between them."""

    def __init__(self, command: ItemCommand, session: PSSession) -> None:
        self.command = command
        self.session = session
        self.near = _Side(command.ctx)
        self.far = _Side(session.connection.context)
        self.recurse = command.arg("Recurse") is True
        self.force = command.arg("Force") is True

    # -- the session --

    def check(self) -> None:
        """One remote call.

        Raises:
            _Failed: the session died; reported.
        """
        self._guard(self.session.connection.check)

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            step()
        except TransportError as error:
            if error.broken:
                self.session.close("Broken")
            record = ErrorRecord(error.record.exception, "CopyFileRemoteExecutionError", "InvalidOperation")
            self.command.write_error(record)
            raise _Failed from None

    def fail(self, text: str, path: str) -> None:
        """The error that says which file did not get through."""
        self.command.error(text, "CopyError", "WriteError", path, kind="System.IO.IOException")

    # -- one file --

    def copy(self, source: _Side, path: str, target: _Side, destination: str) -> None:
        """A file, fragment by fragment.

        Raises:
            _Failed: reported.
        """
        content = source.disk.content(from_utf16(path))
        there = from_utf16(destination)
        self.check()
        self._make_empty(target, destination)
        offset = 0
        while offset < content.size:
            self.check()
            target.disk.write_bytes(there, content.read(offset, FRAGMENT), append=True)
            offset += FRAGMENT
        self.check()
        facts = source.disk.stat(from_utf16(path))
        target.disk.set_attributes(there, facts.attributes)
        target.disk.set_times(there, written=facts.written)

    def _make_empty(self, target: _Side, destination: str) -> None:
        """The remote helper removes whatever the path matches as a pattern (a name with brackets hits others) and makes the file with its
        parents; the local side opens it for writing."""
        if target is self.far:
            for old in _matches(target, destination):
                if not target.disk.is_directory(from_utf16(old)):
                    target.disk.remove(from_utf16(old), force=True)
            target.disk.write_bytes(from_utf16(destination), b"", create_parents=True, force=True)
            return
        there = from_utf16(destination)
        if self.force and target.disk.is_file(there):
            facts = target.disk.stat(there)
            target.disk.set_attributes(there, type(facts.attributes)(facts.attributes & ~(_READ_ONLY | _HIDDEN | _SYSTEM)))
        target.disk.write_bytes(there, b"")

    # -- trees --

    def tree(self, source: _Side, path: str, target: _Side, destination: str) -> None:
        """A directory; what is in it with -Recurse only."""
        self.check()
        target.disk.make_directory(from_utf16(destination))
        if not self.recurse:
            return
        entries = source.disk.list(from_utf16(path))
        for entry in sorted(entries, key=lambda e: e.is_directory):
            name = source.leaf(entry.path)
            self.item(source, source.join(path, name), target, target.join(destination, name))

    def item(self, source: _Side, path: str, target: _Side, destination: str) -> None:
        """A file or a directory to exactly that destination; errors are written."""
        try:
            if source.disk.is_directory(from_utf16(path)):
                self.tree(source, path, target, destination)
            else:
                self.copy(source, path, target, destination)
        except _Failed:
            if not source.disk.is_directory(from_utf16(path)):
                self.fail(self._failed_text(source, path, destination), path)
            raise
        except OSError as error:
            self._io_error(error, path)
            if source is self.near:
                self.fail(self._failed_text(source, path, destination), path)

    def _failed_text(self, source: _Side, path: str, destination: str) -> str:
        if source is self.near:
            return f"Failed to copy file {path} to remote target destination."
        return f"Failed to copy file {path} from remote session to {destination}."

    def _io_error(self, error: OSError, path: str) -> None:
        kind = getattr(error, "exception_type", "System.IO.IOException")
        error_id = "CopyItemRemotelyUnauthorizedAccessError" if "Unauthorized" in kind else "CopyItemRemotelyIOError"
        category = "PermissionDenied" if "Unauthorized" in kind else "WriteError"
        self.command.write_error(ErrorRecord(NetException(kind, str(error)), error_id, category, path))


def _matches(side: _Side, destination: str) -> list[str]:
    if not wildcard.contains_wildcard(destination):
        return [destination] if side.disk.is_file(from_utf16(destination)) else []
    return [item.path for item in paths.glob(side.ctx, destination, force=True)]


# ---- the two directions ------------------------------------------------------------------------------------------------


def _to_session(command: ItemCommand, transfer: _Transfer) -> None:
    destination = command.arg("Destination")
    if not destination:
        command.error(
            "Cannot perform operation because the path specified in the Destination parameter is null or empty.",
            "CopyItemRemoteDestinationIsNullOrEmpty", "InvalidArgument", None, kind="System.ArgumentNullException",
        )  # fmt: skip
        return
    target = transfer.far
    for item in command.items():
        if not _is_valid(command, target, destination, must_exist=False):
            return
        there = target.path(destination)
        if target.disk.is_directory(there):
            there = target.join(there, transfer.near.leaf(item.path))
        transfer.item(transfer.near, item.path, target, there)


def _from_session(command: ItemCommand, transfer: _Transfer) -> None:
    source, target = transfer.far, transfer.near
    destination = command.arg("Destination") or locations(command.ctx).disk_here()
    for text, literal in command.given():
        if not text:
            command.error(
                "Cannot perform operation because the path is null or empty.", "CopyItemRemotelyPathIsNullOrEmpty", "InvalidArgument", None,
                kind=_ARGUMENT,
            )  # fmt: skip
            continue
        if not _is_valid(command, source, text, must_exist=True, literal=literal):
            continue
        for path in _remote_items(source, text, literal):
            there = target.path(paths.parse(command.ctx, destination).path)
            if target.disk.is_directory(there):
                there = target.join(there, source.leaf(path))
            transfer.item(source, path, target, there)


def _remote_items(side: _Side, text: str, literal: bool) -> list[str]:
    if literal or not wildcard.contains_wildcard(text):
        return [side.path(text)]
    return [item.path for item in paths.glob(side.ctx, text)]


def _is_valid(command: ItemCommand, side: _Side, text: str, *, must_exist: bool, literal: bool = False) -> bool:
    """What the remote side says about a path: absolute, its root there, and (a source) it exists itself."""
    if not side.is_absolute(text):
        command.error(
            f"The remote path '{text}' is not absolute. Provide an absolute path, and then try the command again.",
            "RemotePathIsNotAbsolute", "InvalidArgument", text, kind=_ARGUMENT,
        )  # fmt: skip
        return False
    pattern = not literal and wildcard.contains_wildcard(text)
    root = text[:3] if side.ctx.machine.is_windows else "/"
    found = side.disk.exists(root) if not must_exist or pattern else side.disk.exists(side.path(text))
    if not found:
        command.error(
            f"Cannot find path '{text}' because it does not exist.", "RemotePathNotFound", "InvalidArgument", text, kind=_ARGUMENT
        )
    return bool(found)


__all__ = ["FRAGMENT", "between_sessions"]


# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file that a cmdlet opens (PathUtils.ResolveFilePath): -Path may be a pattern, if it finds exactly one file."""

from __future__ import annotations

from hvsim.library.management import paths
from hvsim.library.management.provider import ItemPath
from hvsim.runtime import wildcard
from hvsim.runtime.command import Cmdlet
from hvsim.runtime.errors import PSError

_INVALID = ("System.Management.Automation.PSInvalidOperationException", "Operation is not valid due to the current state of the object.")


def place(command: Cmdlet, text: str, *, literal: bool) -> ItemPath:
    """The file that *text* names; it need not exist unless *text* is a pattern.

    Raises:
        PSError: the pattern finds none or several, the place is in no file system, or its drive does not exist.
    """
    try:
        found = [paths.parse(command.ctx, text)] if literal else paths.resolve(command.ctx, text)
    except PSError as error:
        record = paths.record(error)
        if record.error_id != "PathNotFound":
            raise command.runtime.terminating(record) from None
        found = [paths.parse(command.ctx, wildcard.unescape(text))]
    for item in found:
        if item.provider.name != "FileSystem":
            detail = f"Cannot open file because the current provider ({item.provider.full_name}) cannot open a file."
            raise _refused(command, *_INVALID, "ReadWriteFileNotFileSystemProvider", "InvalidArgument", None, detail)
    if len(found) > 1:
        detail = "Cannot perform operation because the path resolved to more than one file. This command cannot operate on multiple files."
        raise _refused(command, *_INVALID, "ReadWriteMultipleFilesNotSupported", "InvalidArgument", None, detail)
    if not found:
        detail = f"Cannot perform operation because the wildcard path {text} did not resolve to a file."
        kind, message = "System.IO.FileNotFoundException", "Unable to find the specified file."
        raise _refused(command, kind, message, "FileOpenFailure", "OpenError", text, detail)
    return found[0]


def _refused(
    command: Cmdlet, kind: str, message: str, error_id: str, category: str, target: str | None, detail: str
) -> PSError:
    """A terminating error that shows *detail* in place of its exception's message."""
    record = command.record(message, error_id, category, target, kind=kind)
    record.details = detail
    return command.runtime.terminating(record)

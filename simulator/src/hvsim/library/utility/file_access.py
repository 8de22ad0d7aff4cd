# SPDX-License-Identifier: GPL-3.0-or-later
"""How cmdlets that read or write a whole file find it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import to_utf16
from hvsim.library.dotnet.file_info import disk, disk_errors, disk_path, translate
from hvsim.library.management import encodings, one_file, paths
from hvsim.runtime.command import Cmdlet
from hvsim.runtime.errors import PSError

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext


def places(command: Cmdlet) -> list[str]:
    """The files that ``-Path`` (with wildcards) or ``-LiteralPath`` names.

    Raises:
        PSError: a path without wildcards that does not exist.
    """
    found: list[str] = []
    for name, literal in (("Path", False), ("LiteralPath", True)):
        given = command.arg(name)
        for text in [given] if isinstance(given, str) else given or ():
            found += [item.path for item in paths.resolve(command.ctx, text, literal=literal)]
    return found


def target(command: Cmdlet, *names: str) -> str:
    """The one file that a writing cmdlet's path parameter names; it need not exist."""
    for name in names or ("Path", "LiteralPath"):
        if command.bound(name):
            return one_file.place(command, command.args[name], literal=name == "LiteralPath").path
    raise Unsupported(f"{command.metadata.name} without a path")


def existing(command: Cmdlet, path: str, given: str) -> PSError:
    """What -NoClobber says of a file that is there (``PathUtils.MasterStreamOpen``)."""
    record = command.record(f"The file '{path}' already exists.", "NoClobber", "ResourceExists", path, kind="System.IO.IOException")
    record.details = f"File {given} already exists and NoClobber was specified."
    return command.runtime.terminating(record)


def keep_existing(command: Cmdlet, path: str) -> None:
    """-NoClobber: a file that is there stays as it is.

    Raises:
        PSError: the file exists.
    """
    if command.arg("NoClobber") is True and command.arg("Append") is not True and disk(command.ctx).exists(disk_path(path)):
        raise existing(command, path, str(command.arg("Path") or command.arg("LiteralPath")))


def _open_failure(command: Cmdlet, error: OSError) -> PSError:
    thrown = translate(error).exception
    return command.fail(thrown.message, "FileOpenFailure", "OpenError", kind=thrown.kind, fields=thrown.fields)


def sources(command: Cmdlet) -> Iterator[str]:
    """The files that -Path and -LiteralPath name, each exactly one, to be read with :func:`opened` (``PathUtils.ResolveFilePath``).

    Raises:
        PSError: a path that means several files, none of them, or something else than files.
    """
    for name, literal in (("Path", False), ("LiteralPath", True)):
        for text in command.arg(name) or ():
            yield one_file.place(command, text, literal=literal).path


def opened(command: Cmdlet, path: str, default: encodings.Encoding) -> str:
    """The text of a file; -Encoding, else *default*, says how to read one without a byte order mark.

    Raises:
        PSError: the file cannot be opened (``PathUtils.ReportFileOpenFailure``).
    """
    try:
        data: bytes = disk(command.ctx).read_bytes(disk_path(path))
    except OSError as error:
        raise _open_failure(command, error) from error
    return encodings.decoded(data, encodings.wanted(command, default))


def is_there(command: Cmdlet, path: str) -> bool:
    """Whether something has that path."""
    return bool(disk(command.ctx).exists(disk_path(path)))


def kept_mark(command: Cmdlet, path: str) -> encodings.Encoding | None:
    """The encoding that the first bytes of a file tell, None without such or without a file."""
    files = disk(command.ctx)
    where = disk_path(path)
    return encodings.marked(files.read_bytes(where)[:4]) if files.exists(where) else None


def write_encoded(command: Cmdlet, path: str, text: str, encoding: encodings.Encoding) -> None:
    """Makes or replaces a file, with an encoding that a parameter names.

    Raises:
        PSError: the file cannot be opened.
    """
    data = encoding.mark + encodings.encoded(text, encoding.codec)
    try:
        disk(command.ctx).write_bytes(disk_path(path), data, force=command.arg("Force") is True)
    except OSError as error:
        raise _open_failure(command, error) from error


def read(command: Cmdlet, path: str) -> str:
    """The text of a file, without byte order mark.

    Raises:
        PSError: the disk refused.
    """
    return text_of(command.ctx, path)


def text_of(ctx: ExecutionContext, path: str) -> str:
    """As :func:`read`."""
    with disk_errors():
        data: bytes = disk(ctx).read_bytes(disk_path(path))
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return to_utf16(data[len(mark) :].decode(encoding, "replace"))
    return to_utf16(data.decode("utf-8", "replace"))


def line_end(command: Cmdlet) -> str:
    """The machine's own."""
    return "\r\n" if command.ctx.machine.is_windows else "\n"



# SPDX-License-Identifier: GPL-3.0-or-later
"""How cmdlets that read or write a whole file find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.file_info import disk, disk_errors, disk_path
from hvsim.library.management import paths
from hvsim.runtime.command import Cmdlet

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
            return str(paths.parse(command.ctx, command.args[name]).path)
    raise Unsupported(f"{command.metadata.name} without a path")


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


def write(command: Cmdlet, path: str, text: str, *, encoding: str = "utf-8", mark: bytes = b"") -> None:
    """Makes or replaces a file.

    Raises:
        PSError: the disk refused.
    """
    with disk_errors():
        disk(command.ctx).write_bytes(disk_path(path), mark + from_utf16(text).encode(encoding, "surrogatepass"))


def line_end(command: Cmdlet) -> str:
    """The machine's own."""
    return "\r\n" if command.ctx.machine.is_windows else "\n"



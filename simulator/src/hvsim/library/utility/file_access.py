# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hvsim.lang.text import to_utf16
from hvsim.library.dotnet.file_info import disk, disk_errors, disk_path
from hvsim.runtime.command import Cmdlet

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext


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



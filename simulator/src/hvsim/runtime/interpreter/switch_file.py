# SPDX-License-Identifier: GPL-3.0-or-later
"""``switch -File``: where the lines of a file come from. Files belong to the library, which registers how to read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang.errors import Unsupported

#: The lines of the one file that a path, or a FileInfo, names.
Reader = Callable[[Any, Any], list[str]]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    _readers[:] = [reader]


def lines(ctx: Any, value: Any) -> list[str]:
    """The lines of the file that the condition of ``switch -File`` names.

    Raises:
        PSError: there is no such file.
        Unsupported: a path that PowerShell refuses, or no library is loaded.
    """
    if not _readers:
        raise Unsupported("switch -File without a library")
    return _readers[0](ctx, value)

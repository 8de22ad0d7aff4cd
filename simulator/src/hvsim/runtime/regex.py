# SPDX-License-Identifier: GPL-3.0-or-later
""".NET regular expressions on the ``regex`` package."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex as _regex

__all__ = ["IGNORE_CASE", "MULTILINE", "SINGLELINE", "compile"]

NONE, IGNORE_CASE, MULTILINE, EXPLICIT_CAPTURE, COMPILED, SINGLELINE = 0, 1, 2, 4, 8, 16


@lru_cache(maxsize=1024)
def compile(pattern: str, options: int = 0) -> Any:  # noqa: A001
    """The compiled pattern (an object of the ``regex`` package)."""
    flags = _regex.V0
    if options & IGNORE_CASE:
        flags |= _regex.IGNORECASE
    if options & MULTILINE:
        flags |= _regex.MULTILINE
    if options & SINGLELINE:
        flags |= _regex.DOTALL
    return _regex.compile(pattern, flags)

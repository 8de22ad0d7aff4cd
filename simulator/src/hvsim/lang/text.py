# SPDX-License-Identifier: GPL-3.0-or-later
"""Strings as .NET sees them: one character per UTF-16 code unit."""

from __future__ import annotations

import re

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def to_utf16(text: str) -> str:
    """*text* with every character outside the Basic Multilingual Plane as two surrogate characters."""
    if text.isascii() or not _ASTRAL.search(text):
        return text
    return _ASTRAL.sub(_split, text)


def from_utf16(text: str) -> str:
    """The inverse of :func:`to_utf16`; a surrogate without its partner stays as it is."""
    if text.isascii() or not _PAIR.search(text):
        return text
    return _PAIR.sub(_join, text)


def _split(match: re.Match[str]) -> str:
    offset = ord(match[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))


def _join(match: re.Match[str]) -> str:
    high, low = match[0][0], match[0][1]
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(low) - 0xDC00))

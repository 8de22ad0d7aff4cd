# SPDX-License-Identifier: GPL-3.0-or-later
"""Order of strings as ICU gives it to .NET: a table-free approximation of the root collation.

Compared level by level, each level only when the ones before are equal:

1. base characters: white space < punctuation < symbols < digits < letters by script and alphabet; ``\u00e4`` counts as ``a``,
   ``\u00df`` sorts right after ``ss``, ``\u00e6`` after ``ae``; digits by value; control and format characters are ignored;
2. accents: none before any, then by code point of the combining mark;
3. case: lower before upper, and full-width after plain; skipped when case is ignored.

Punctuation and symbols sort in the order of the Default Unicode Collation Element Table (``_`` ``-`` ``,`` ``;`` ``:`` ...),
and are *not* ignored (ICU's "non-ignorable" setting, which .NET uses, and ``\u002d`` and ``'`` too, unlike Windows NLS).
Two strings that differ only in ignored characters compare equal.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from hvsim.lang.text import from_utf16

__all__ = ["compare", "sort_key"]

_PUNCTUATION: Final = (
    "\t\n\v\f\r\u0085\u2028\u2029 "
    "_\u203f\u2040\u2054-\u2010\u2011\u2012\u2013\u2014\u2015,;:!\u00a1?\u00bf.\u2026\u00b7'\u2018\u2019\u201a\u2039\u203a"
    '"\u201c\u201d\u201e\u00ab\u00bb()[]{}\u00a7\u00b6@*/\\&#%\u2030\u2020\u2021\u2022'
)
_SYMBOLS: Final = "`\u00b4^\u00af\u00a8\u00b8\u00b0\u00a9\u00ae+\u00b1\u00f7\u00d7<=>|\u00a6~\u2212\u00ac"
_CURRENCY: Final = "\u00a4\u00a2$\u00a3\u00a5\u20ac"
_RANK: Final[dict[str, int]] = {c: i for i, c in enumerate(_PUNCTUATION + _SYMBOLS + _CURRENCY)}
_EXPANSIONS: Final = {
    "\u00df": "s\u0336s", "\u1e9e": "S\u0336S", "\u00e6": "a\u0336e", "\u00c6": "A\u0336E", "\u0153": "o\u0336e",
    "\u0152": "O\u0336E", "\u00f8": "o\u0338", "\u00d8": "O\u0338", "\u0142": "l\u0335", "\u0141": "L\u0335",
    "\u0111": "d\u0335", "\u0110": "D\u0335", "\u00f0": "d\u0336", "\u00d0": "D\u0336", "\u00fe": "t\u0336h",
    "\u00de": "T\u0336H", "\u0131": "i\u0337",
}  # fmt: skip
_GROUPS: Final = {"Z": 1, "P": 1, "S": 2, "N": 4, "L": 5}

Key = tuple[tuple[tuple[int, int], ...], tuple[str, ...], tuple[int, ...]]


@lru_cache(maxsize=8192)
def sort_key(text: str) -> Key:
    """Three levels; the third tells case."""
    if any(c in _EXPANSIONS for c in text):
        text = "".join(_EXPANSIONS.get(c, c) for c in text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", from_utf16(text))
    primary: list[tuple[int, int]] = []
    marks: list[str] = []
    case: list[int] = []
    for char in text:
        category = unicodedata.category(char)
        if category[0] == "M":
            if marks:
                marks[-1] += char
            continue
        if category in ("Cc", "Cf") and char not in _RANK:
            continue
        lower = char.lower()
        lower = lower if len(lower) == 1 else char
        primary.append(_weight(lower, category))
        marks.append("")
        case.append(0 if lower == char else 1)
    return tuple(primary), tuple(marks), tuple(case)


def _weight(char: str, category: str) -> tuple[int, int]:
    rank = _RANK.get(char)
    if rank is not None:
        return (
            (1, rank) if rank < len(_PUNCTUATION) else (2, rank) if rank < len(_PUNCTUATION + _SYMBOLS) else (3, rank)
        )
    if category[0] == "N":
        try:
            return 4, int(unicodedata.numeric(char) * 1000)
        except ValueError:
            return 4, ord(char)
    return _GROUPS.get(category[0], 5), 0x1000 + ord(char)


def compare(a: str, b: str, *, ignore_case: bool = True) -> int:
    """-1, 0 or 1."""
    if a == b:
        return 0
    x, y = sort_key(a), sort_key(b)
    if x[0] != y[0]:
        return -1 if x[0] < y[0] else 1
    if x[1] != y[1]:
        return -1 if x[1] < y[1] else 1
    if ignore_case or x[2] == y[2]:
        return 0
    return -1 if x[2] < y[2] else 1

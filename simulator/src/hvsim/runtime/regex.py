# SPDX-License-Identifier: GPL-3.0-or-later
""".NET regular expressions: matching, replacing, splitting on strings of UTF-16 code units.

A pattern is translated (:mod:`hvsim.runtime.regex_syntax`) for the ``regex`` package; every capturing group becomes
a Python group named ``_N`` after its .NET number, so that .NET's numbering (unnamed groups first) and its sharing of
names hold. Matching is limited to :data:`TIMEOUT` seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

import regex as _regex  # type: ignore[import-untyped]

from hvsim.runtime import regex_escapes, regex_syntax
from hvsim.runtime.errors import PSError, net_error

__all__ = ["IGNORE_CASE", "MULTILINE", "SINGLELINE", "Compiled", "compile", "escape", "parse_replacement", "unescape"]

NONE, IGNORE_CASE, MULTILINE, EXPLICIT_CAPTURE, COMPILED, SINGLELINE = 0, 1, 2, 4, 8, 16
IGNORE_WHITESPACE, RIGHT_TO_LEFT, ECMASCRIPT, CULTURE_INVARIANT, NON_BACKTRACKING = 32, 64, 256, 512, 1024
TIMEOUT: Final = 20.0

#: A quantified group or a back-reference can make matching exponential; other patterns are slow on long texts only.
_RISKY: Final = re.compile(r"\)[*+?{]|\\[k1-9]")
_SHORT: Final = 4096

Match = Any
Part = str | int | tuple[str]


class Compiled:
    """A pattern with its options, ready to match. ``names`` maps group names that are not numbers to numbers."""

    def __init__(self, pattern: str, options: int, edition: str = "7") -> None:
        translated = regex_syntax.translate(pattern, options, edition)
        self.pattern = pattern
        self.options = options
        self.names: dict[str, int] = translated.names
        self.numbers: list[int] = translated.numbers
        self.engine = _regex.compile(translated.text, _regex.V0 | (_regex.ASCII if options & ECMASCRIPT else 0))
        self.risky = _RISKY.search(pattern) is not None
        self._name_of = {number: name for name, number in self.names.items()}

    def group_names(self) -> list[str]:
        """``GetGroupNames()``, by number."""
        return [self._name_of.get(n, str(n)) for n in self.numbers]

    def group_number(self, name: str) -> int | None:
        """The number of a group given by name or number text."""
        number = self.names.get(name)
        if number is None and name.isascii() and name.isdigit() and int(name) in self.numbers:
            number = int(name)
        return number

    def search(self, text: str, start: int = 0) -> Match | None:
        """The first match at or after *start*.

        Raises:
            PSError: ``RegexMatchTimeoutException``.
        """
        if not self.risky and len(text) < _SHORT:
            return self.engine.search(text, start)
        try:
            return self.engine.search(text, start, timeout=TIMEOUT)
        except TimeoutError:
            raise net_error(
                "System.Text.RegularExpressions.RegexMatchTimeoutException",
                "The Regex engine has timed out while trying to match a pattern to an input string. This can occur for "
                "many reasons, including very large inputs or excessive backtracking caused by nested quantifiers, "
                "back-references and other factors.",
            ) from None

    def matches(self, text: str, start: int = 0) -> Iterator[Match]:
        """All matches from the left; after an empty one the search goes on a character later."""
        position = start
        while position <= len(text):
            found = self.search(text, position)
            if found is None:
                return
            yield found
            position = found.end() if found.end() > found.start() else found.end() + 1

    @staticmethod
    def span(found: Match, number: int) -> tuple[int, int] | None:
        """Start and end of group *number*, None if it took no part."""
        start, end = found.span() if number == 0 else found.span(f"_{number}")
        return None if start < 0 else (start, end)

    @staticmethod
    def captures(found: Match, number: int) -> list[tuple[int, int]]:
        """All captures of a group, in order."""
        return list(found.spans() if number == 0 else found.spans(f"_{number}"))

    def group(self, found: Match, number: int) -> str | None:
        text: str | None = found.group() if number == 0 else found.group(f"_{number}")
        return text

    def replace(self, text: str, replacement: str | Callable[[Match], str], count: int = -1, start: int = 0) -> str:
        """``Regex.Replace``; *replacement* is a .NET replacement pattern or a function."""
        if callable(replacement):
            expand = replacement
        else:
            parts = self._parts(replacement)
            if all(type(p) is str for p in parts):
                literal = "".join(p for p in parts if isinstance(p, str))
                expand = lambda found: literal  # noqa: E731
            else:
                expand = lambda found: self._expand(parts, found, text)  # noqa: E731
        out: list[str] = []
        position = 0
        for found in self.matches(text, start):
            if count == 0:
                break
            count -= 1
            out.append(text[position : found.start()])
            out.append(expand(found))
            position = found.end()
        if not out:
            return text
        out.append(text[position:])
        return "".join(out)

    def expand(self, found: Match, replacement: str, text: str) -> str:
        """``Match.Result``."""
        return self._expand(self._parts(replacement), found, text)

    def _parts(self, replacement: str) -> list[Part]:
        return parse_replacement(replacement, self)

    def _expand(self, parts: list[Part], found: Match, text: str) -> str:
        out: list[str] = []
        for part in parts:
            if isinstance(part, str):
                out.append(part)
            elif isinstance(part, int):
                out.append(self.group(found, part) or "")
            elif part[0] == "`":
                out.append(text[: found.start()])
            elif part[0] == "'":
                out.append(text[found.end() :])
            elif part[0] == "_":
                out.append(text)
            else:
                last = self.numbers[-1]
                out.append(self.group(found, last) or "")
        return "".join(out)

    def split(self, text: str, count: int = 0, start: int = 0) -> list[str]:
        """``Regex.Split``: captured groups become elements; *count* limits the pieces (0: no limit)."""
        if count == 1:
            return [text]
        out: list[str] = []
        position = 0
        remaining = count - 1
        for found in self.matches(text, start):
            out.append(text[position : found.start()])
            position = found.end()
            for number in self.numbers[1:]:
                captured = self.group(found, number)
                if captured is not None:
                    out.append(captured)
            remaining -= 1
            if count > 0 and remaining == 0:
                break
        out.append(text[position:])
        return out


_REPLACEMENT: Final = re.compile(r"\$(?:(\$)|(\d+)|\{(\w+)\}|([&`'_+]))")


def parse_replacement(replacement: str, compiled: Compiled) -> list[Part]:
    """The parts of a replacement pattern: texts, group numbers, and ``("`",)`` and the like."""
    parts: list[Part] = []
    position = 0
    for found in _REPLACEMENT.finditer(replacement):
        number: int | None = None
        if found[1]:
            value: Part = "$"
        elif found[2] or found[3]:
            number = compiled.group_number(found[2] or found[3])
            if number is None:
                continue
            value = number
        else:
            value = 0 if found[4] == "&" else (found[4],)
        if found.start() > position:
            parts.append(replacement[position : found.start()])
        parts.append(value)
        position = found.end()
    if position < len(replacement):
        parts.append(replacement[position:])
    return parts


@lru_cache(maxsize=2048)
def compile(pattern: str, options: int = 0, edition: str = "7") -> Compiled:
    """The compiled pattern.

    Raises:
        PSError: ``RegexParseException`` (edition 5.1: ``ArgumentException``), worded as .NET does.
        Unsupported: balancing groups, right-to-left matching.
    """
    try:
        return Compiled(pattern, options, edition)
    except _regex.error as error:
        raise _invalid(pattern, str(error), edition) from None


def _invalid(pattern: str, reason: str, edition: str) -> PSError:
    return regex_escapes.parse_error(pattern, len(pattern), reason, edition)


_ESCAPES: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f"}


def escape(text: str) -> str:
    """``Regex.Escape``."""
    return "".join(_ESCAPES.get(c) or ("\\" + c if c in "\\*+?|{[()^$.# " else c) for c in text)


def unescape(text: str) -> str:
    """``Regex.Unescape``."""
    return regex_escapes.unescape(text)

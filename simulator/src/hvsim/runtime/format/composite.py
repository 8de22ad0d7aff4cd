# SPDX-License-Identifier: GPL-3.0-or-later
"""Composite format strings: ``{index,width:format}``, as ``string.Format`` and ``-f`` read them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from hvsim.runtime.errors import PSError, net_error

__all__ = ["Item", "parse"]

_ASCII_DIGIT: Final = "Expected an ASCII digit."
_UNCLOSED: Final = "Format item ends prematurely."
_CLOSING: Final = "Unexpected closing brace without a corresponding opening brace."
_LIMIT: Final = 1_000_000
INDEX_RANGE: Final = (
    "Index (zero based) must be greater than or equal to zero and less than the size of the argument list."
)


class Item(NamedTuple):
    """A placeholder."""

    position: int
    width: int
    spec: str


def _bad(position: int, reason: str, edition: str) -> PSError:
    message = "Input string was not in a correct format."
    if edition != "5.1":
        message += f" Failure to parse near offset {position}. {reason}"
    return net_error("System.FormatException", message)


class _Reader:
    def __init__(self, template: str, edition: str) -> None:
        self.text = template
        self.position = 0
        self.edition = edition

    def next(self) -> str:
        self.position += 1
        if self.position >= len(self.text):
            raise _bad(self.position, _UNCLOSED, self.edition)
        return self.text[self.position]

    def fail(self, reason: str) -> PSError:
        return _bad(self.position, reason, self.edition)

    def number(self, char: str) -> tuple[int, str]:
        if not "0" <= char <= "9":
            raise self.fail(_ASCII_DIGIT)
        value = int(char)
        char = self.next()
        while "0" <= char <= "9" and value < _LIMIT:
            value = value * 10 + int(char)
            char = self.next()
        return value, char

    def blanks(self, char: str) -> str:
        while char == " ":
            char = self.next()
        return char

    def item(self, char: str) -> Item:
        index, char = self.number(char)
        char = self.blanks(char)
        width, spec = 0, ""
        if char == ",":
            char = self.blanks(self.next())
            left = char == "-"
            if left:
                char = self.next()
            width, char = self.number(char)
            char = self.blanks(char)
            width = -width if left else width
        if char != "}":
            if char != ":":
                raise self.fail(_UNCLOSED)
            start = self.position + 1
            while (char := self.next()) != "}":
                if char == "{":
                    raise self.fail(_UNCLOSED)
            spec = self.text[start : self.position]
        self.position += 1
        return Item(index, width, spec)


@lru_cache(maxsize=1024)
def parse(template: str, edition: str = "7") -> list[str | Item]:
    """Literal texts and placeholders of *template*.

    Raises:
        PSError: ``System.FormatException``, worded as .NET does.
    """
    if "{" not in template and "}" not in template:
        return [template]
    reader = _Reader(template, edition)
    parts: list[str | Item] = []
    size = len(template)
    while reader.position < size:
        start = reader.position
        while reader.position < size and template[reader.position] not in "{}":
            reader.position += 1
        if reader.position > start:
            parts.append(template[start : reader.position])
        if reader.position >= size:
            break
        brace = template[reader.position]
        char = reader.next()
        if char == brace:
            parts.append(char)
            reader.position += 1
        elif brace != "{":
            raise reader.fail(_CLOSING)
        else:
            parts.append(reader.item(char))
    return parts


def pad(text: str, width: int) -> str:
    if width > 0:
        return text.rjust(width)
    return text.ljust(-width) if width < 0 else text


def index_error() -> PSError:
    return net_error("System.FormatException", INDEX_RANGE)

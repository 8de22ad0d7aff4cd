# SPDX-License-Identifier: GPL-3.0-or-later
"""Escapes of .NET regular expressions and the error of a pattern that does not parse."""

from __future__ import annotations

import re
from typing import Final

from hvsim.runtime.errors import PSError, net_error


def parse_error(pattern: str, offset: int, reason: str, edition: str = "7") -> PSError:
    """``RegexParseException``; .NET Framework has an ``ArgumentException``."""
    if edition == "5.1":
        return net_error("System.ArgumentException", f'parsing "{pattern}" - {reason}', ParamName=None)
    return net_error(
        "System.Text.RegularExpressions.RegexParseException",
        f"Invalid pattern '{pattern}' at offset {offset}. {reason}",
        Offset=offset,
    )


_SIMPLE: Final = {"a": "\a", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def escaped_char(text: str, at: int, edition: str) -> tuple[str, int]:
    """The character of the escape at *at*, and the position after it."""
    char = text[at + 1]
    if char in _SIMPLE:
        return _SIMPLE[char], at + 2
    if char in "xu":
        width = 2 if char == "x" else 4
        digits = text[at + 2 : at + 2 + width]
        if len(digits) < width or any(c not in "0123456789abcdefABCDEF" for c in digits):
            raise parse_error(text, min(at + 2 + width, len(text)), "Insufficient or invalid hexadecimal digits.")
        return chr(int(digits, 16)), at + 2 + width
    if char == "c":
        letter = text[at + 2 : at + 3].upper()
        if not letter:
            raise parse_error(text, len(text), "Missing control character.")
        return chr(ord(letter) - 64 & 0x1F), at + 3
    if "0" <= char <= "7":
        octal = re.compile(r"[0-7]{1,3}").match(text, at + 1)
        assert octal is not None
        return chr(int(octal[0], 8) & 0xFF), octal.end()
    if char.isalnum() or char == "_":
        raise parse_error(text, at + 2, f"Unrecognized escape sequence \\{char}.", edition)
    return char, at + 2


def unescape(text: str) -> str:
    """``Regex.Unescape``."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == "\\":
            if at + 1 >= len(text):
                raise parse_error(text, len(text), "Illegal \\ at end of pattern.")
            char, at = escaped_char(text, at, "7")
            out.append(char)
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


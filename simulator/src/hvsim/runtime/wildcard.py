# SPDX-License-Identifier: GPL-3.0-or-later
"""``WildcardPattern``: ``*``, ``?``, ``[abc]``, ``[a-c]`` and backtick escapes. There is no negated set."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from hvsim.runtime.errors import ErrorRecord, NetException, PSError

__all__ = ["compile", "contains_wildcard", "escape", "match", "to_regex", "unescape"]

_SPECIAL = "*?[]"


@lru_cache(maxsize=2048)
def compile(pattern: str, ignore_case: bool = True) -> Callable[[str], bool]:
    """A function that tells whether a whole text matches *pattern*.

    Raises:
        PSError: ``WildcardPatternException`` for a set that is not closed.
    """
    if pattern == "*":
        return lambda text: True
    if not any(c in "*?[`" for c in pattern):
        if not ignore_case:
            return lambda text: text == pattern
        folded = fold(pattern)
        return lambda text: len(text) == len(folded) and fold(text) == folded
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    compiled = re.compile(to_regex(pattern), flags)
    return lambda text: compiled.fullmatch(text) is not None


def match(pattern: str, text: str, ignore_case: bool = True) -> bool:
    return compile(pattern, ignore_case)(text)


def fold(text: str) -> str:
    """Upper case as ``ToUpperInvariant`` does it: character by character, never longer."""
    if text.isascii():
        return text.upper()
    return "".join(u if len(u := c.upper()) == 1 else c for c in text)


def to_regex(pattern: str) -> str:
    """*pattern* as a Python regular expression for a full match."""
    out: list[str] = []
    i, n = 0, len(pattern)
    while i < n:
        c = pattern[i]
        i += 1
        if c == "`":
            if i < n:
                out.append(re.escape(pattern[i]))
                i += 1
            else:
                out.append("`")
        elif c == "*":
            if not out or out[-1] != ".*?":
                out.append(".*?")
        elif c == "?":
            out.append(".")
        elif c == "[":
            i = _bracket(pattern, i, out)
        else:
            out.append(re.escape(c))
    return "".join(out)


def _bracket(pattern: str, i: int, out: list[str]) -> int:
    members: list[tuple[str, bool]] = []
    n = len(pattern)
    while i < n:
        c = pattern[i]
        if c == "]" and members:
            break
        i += 1
        if c == "`" and i < n:
            members.append((pattern[i], False))
            i += 1
        elif c == "]":
            members.append((c, False))
        else:
            members.append((c, c == "-"))
    else:
        raise _invalid(pattern)
    parts: list[str] = []
    k = 0
    while k < len(members):
        char = members[k][0]
        if k + 2 < len(members) and members[k + 1] == ("-", True):
            upper = members[k + 2][0]
            if upper < char:
                raise _invalid(pattern)
            parts.append(f"{_quote(char)}-{_quote(upper)}")
            k += 3
        else:
            parts.append(_quote(char))
            k += 1
    out.append("[" + "".join(parts) + "]")
    return i + 1


def _quote(char: str) -> str:
    return "\\" + char if char in "\\]^-[&~|" else char


def _invalid(pattern: str) -> PSError:
    message = f"The specified wildcard character pattern is not valid: {pattern}"
    exception = NetException("System.Management.Automation.WildcardPatternException", message)
    return PSError(exception, ErrorRecord(exception, "RuntimeException", "NotSpecified"))


def contains_wildcard(text: str) -> bool:
    """``WildcardPattern.ContainsWildcardCharacters``: an unescaped ``*``, ``?``, ``[`` or ``]``."""
    i = 0
    while i < len(text):
        if text[i] == "`":
            i += 2
            continue
        if text[i] in _SPECIAL:
            return True
        i += 1
    return False


def escape(text: str) -> str:
    """``WildcardPattern.Escape``."""
    return "".join("`" + c if c in _SPECIAL or c == "`" else c for c in text)


def unescape(text: str) -> str:
    """``WildcardPattern.Unescape``."""
    out: list[str] = []
    i = 0
    while i < len(text):
        if text[i] == "`" and i + 1 < len(text) and (text[i + 1] in _SPECIAL or text[i + 1] == "`"):
            i += 1
        out.append(text[i])
        i += 1
    return "".join(out)

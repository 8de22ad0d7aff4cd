# SPDX-License-Identifier: GPL-3.0-or-later
""".NET regular expressions."""

from __future__ import annotations

import pytest

from hvsim.lang.errors import Unsupported
from hvsim.runtime import regex
from hvsim.runtime.errors import PSError


def groups(pattern: str, text: str, options: int = 0) -> list[str | None] | None:
    compiled = regex.compile(pattern, options)
    found = compiled.search(text)
    return None if found is None else [compiled.group(found, n) for n in compiled.numbers]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"(?<a>x)(y)", "xy", ["xy", "y", "x"]),
        (r"(?'q'\d+)\.(?<r>\d+)", "1.25", ["1.25", "1", "25"]),
        (r"(\w)\1", "hello", ["ll", "l"]),
        (r"(?<c>l)\k<c>", "hello", ["ll", "l"]),
        (r"(?i)b", "ABC", ["B"]),
        (r"a(?i)b|c", "C", ["C"]),
        (r"(?i:a)b", "AB", None),
        (r"(?-i)b", "B", None),
        (r"[a-z-[aeiou]]+", "aeixyz", ["xyz"]),
        (r"[^]a]", "]ab", ["b"]),
        (r"[[]", "[", ["["]),
        (r"c$", "abc\n", ["c"]),
        (r"c\z", "abc\n", None),
        (r"c\Z", "abc\n", ["c"]),
        (r"a.b", "a\nb", None),
        (r"(?s)a.b", "a\nb", ["a\nb"]),
        (r"(?m)^b$", "a\nb", ["b"]),
        (r"a{,3}", "a{,3}", ["a{,3}"]),
        (r"a{2}", "aaa", ["aa"]),
        (r"\p{IsCyrillic}+", "abж", ["ж"]),
        (r"\p{Lu}", "aB", ["B"]),
        (r"(?x) a b # c", "ab", ["ab"]),
        (r"(?n)(a)(?<x>b)", "ab", ["ab", "b"]),
        (r"(?(1)a|b)(x)?", "b", ["b", None]),
        (r"\x41\u0042\t", "AB\t", ["AB\t"]),
        (r"(?<=\d{2,})x", "12x", ["x"]),
        (r"(?>a+)b", "aab", ["aab"]),
        (r"(?#note)a", "a", ["a"]),
        (r"^\s+|\s+$", "  a", ["  "]),
        ("\ud83d", "\ud83d\ude00", ["\ud83d"]),
    ],
)
def test_match(pattern: str, text: str, expected: list[str | None] | None) -> None:
    assert groups(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "Invalid pattern '(' at offset 1. Not enough )'s."),
        ("[", "Invalid pattern '[' at offset 1. Unterminated [] set."),
        ("*a", "Invalid pattern '*a' at offset 1. Quantifier '*' following nothing."),
        ("a**", "Invalid pattern 'a**' at offset 3. Nested quantifier '*'."),
        (")", "Invalid pattern ')' at offset 1. Too many )'s."),
        ("\\q", "Invalid pattern '\\q' at offset 2. Unrecognized escape sequence \\q."),
        ("[z-a]", "Invalid pattern '[z-a]' at offset 4. [x-y] range in reverse order."),
        ("\\", "Invalid pattern '\\' at offset 1. Illegal \\ at end of pattern."),
        ("(a)\\2", "Invalid pattern '(a)\\2' at offset 5. Reference to undefined group number 2."),
    ],
)
def test_invalid(pattern: str, message: str) -> None:
    with pytest.raises(PSError) as caught:
        regex.compile(pattern)
    assert caught.value.exception.kind == "System.Text.RegularExpressions.RegexParseException"
    assert caught.value.exception.message == message


def test_framework_wording() -> None:
    with pytest.raises(PSError) as caught:
        regex.compile("(", 0, "5.1")
    assert caught.value.exception.kind == "System.ArgumentException"
    assert caught.value.exception.message == 'parsing "(" - Not enough )\'s.'


@pytest.mark.parametrize(("pattern", "options"), [("(?<a-b>x)", 0), ("a", 64)])
def test_refused(pattern: str, options: int) -> None:
    with pytest.raises(Unsupported):
        regex.compile(pattern, options)


def test_group_names() -> None:
    compiled = regex.compile("(?<b>x)(y)(?<a>z)")
    assert compiled.group_names() == ["0", "1", "b", "a"]
    assert compiled.group_number("a") == 3
    assert compiled.group_number("7") is None


def test_matches_after_empty_ones() -> None:
    spans = [m.span() for m in regex.compile("a*").matches("baaa")]
    assert spans == [(0, 0), (1, 4), (4, 4)]


def test_captures() -> None:
    compiled = regex.compile(r"(?:(\w),?)+")
    found = compiled.search("a,b,c")
    assert found is not None
    assert compiled.captures(found, 1) == [(0, 1), (2, 3), (4, 5)]
    assert compiled.span(found, 1) == (4, 5)


def test_replace_and_split() -> None:
    assert regex.compile("b").replace("abab", "x", 1) == "axab"
    assert regex.compile("a*").replace("baaac", "X") == "XbXXcX"
    assert regex.compile("").split("abc") == ["", "a", "b", "c", ""]
    assert regex.compile(",").split("a,b,c,d", 2) == ["a", "b,c,d"]
    assert regex.compile("(,)").split("a,b") == ["a", ",", "b"]


def test_escape() -> None:
    assert regex.escape("a.b [c]\n") == "a\\.b\\ \\[c]\\n"
    assert regex.unescape("a\\.b\\n\\x41") == "a.b\nA"

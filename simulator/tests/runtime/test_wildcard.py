# SPDX-License-Identifier: GPL-3.0-or-later
"""Wildcard patterns."""

from __future__ import annotations

import pytest

from hvsim.runtime import wildcard
from hvsim.runtime.errors import PSError


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*", "", True),
        ("?", "", False),
        ("A*", "abc", True),
        ("b", "abc", False),
        ("a?c", "abc", True),
        ("[a-c]bc", "abc", True),
        ("[!x]bc", "abc", False),
        ("[^x]bc", "abc", False),
        ("[^x]bc", "^bc", True),
        ("a.c", "axc", False),
        ("a`*b", "a*b", True),
        ("a`*b", "axb", False),
        ("a`[b", "a[b", True),
        ("a]", "a]", True),
        ("[]a]", "]", True),
        ("[a-]", "-", True),
        ("*\n*", "a\nb", True),
        ("Ä*", "äb", True),
        ("a**b", "axxb", True),
        ("$(x)+", "$(x)+", True),
    ],
)
def test_match(pattern: str, text: str, matches: bool) -> None:
    assert wildcard.match(pattern, text) is matches


def test_case() -> None:
    assert wildcard.match("a*", "ABC")
    assert not wildcard.match("a*", "ABC", ignore_case=False)
    assert not wildcard.match("a", "A", ignore_case=False)


@pytest.mark.parametrize("pattern", ["[a", "a[", "[z-a]"])
def test_invalid(pattern: str) -> None:
    with pytest.raises(PSError) as caught:
        wildcard.compile(pattern)
    record = caught.value.record
    assert record is not None
    assert record.error_id == "RuntimeException"
    assert record.message == f"The specified wildcard character pattern is not valid: {pattern}"


def test_escape_and_unescape() -> None:
    assert wildcard.escape("a*[b]?") == "a`*`[b`]`?"
    assert wildcard.unescape("a`*`[b`]") == "a*[b]"
    assert wildcard.contains_wildcard("a*")
    assert not wildcard.contains_wildcard("a`*")

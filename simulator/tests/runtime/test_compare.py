# SPDX-License-Identifier: GPL-3.0-or-later
"""Equality, order and collation."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

import pytest

from hvsim.runtime import collation, compare
from hvsim.runtime.errors import PSError
from hvsim.runtime.structs import DateTime, Version
from hvsim.runtime.values import Array, BigInteger, Char, Int64, PSObject


def test_order_of_texts() -> None:
    words = ["b", "A", "a", "_x", "1", "ä", "Z", "-", "item2", "item10", "", "aa", "ß", "ss", "sz", "é", "e"]
    ordered = sorted(words, key=cmp_to_key(lambda a, b: collation.compare(a, b, ignore_case=False)))
    assert ordered == ["", "_x", "-", "1", "a", "A", "ä", "aa", "b", "e", "é", "item10", "item2", "ss", "ß", "sz", "Z"]


def test_case_is_the_last_level() -> None:
    assert collation.compare("a", "A", ignore_case=False) == -1
    assert collation.compare("a", "A") == 0
    assert collation.compare("aB", "Aa", ignore_case=False) == 1


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        ("straße", "STRASSE", False),
        ("Ä", "ä", True),
        ("a\u0308", "\u00e4", True),
        ("a\u200db", "ab", True),
        ("a", "b", False),
    ],
)
def test_equal_texts(first: str, second: str, equal: bool) -> None:
    assert compare.equals_strings(first, second) is equal


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (1, Int64(1), True),
        (1, 1.0, True),
        (Decimal("1.10"), 1.1, True),
        (5, BigInteger(5), True),
        ("1", 1, True),
        (1, PSObject("1"), True),
        (Array([1]), Array([1]), False),
        (DateTime(5), "x", False),
        (None, None, True),
        (None, 0, False),
        (Char("a"), "ab", False),
    ],
)
def test_equals(first: Any, second: Any, equal: bool) -> None:
    assert compare.equals(None, first, second) is equal


def test_order_puts_null_first_except_before_negative_numbers() -> None:
    assert compare.order(None, None, "") == -1
    assert compare.order(None, None, -1) == 1
    assert compare.order(None, 5, None) == 1
    assert compare.order(None, Version(1, 10), "1.9") == 1


def test_incomparable_values_fail() -> None:
    with pytest.raises(PSError) as caught:
        compare.order(None, 1, "x")
    assert caught.value.exception.kind == "System.ArgumentException"
    assert caught.value.exception.message.startswith('Could not compare "1" to "x". Error: "Cannot convert value "x"')


def test_net_compare_wants_one_type() -> None:
    assert compare.net_compare(None, "b", "a") == 1
    assert compare.net_compare(None, float("nan"), 1.0) == -1
    with pytest.raises(PSError, match="Object must be of type Int32"):
        compare.net_compare(None, 1, "a")

# SPDX-License-Identifier: GPL-3.0-or-later
"""WQL by itself: what a condition fixes, texts, patterns, paths; anything else is an error, never a crash."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hvsim.cmdlets.cim import wql
from hvsim.lang.errors import Unsupported


def select(text: str) -> wql.Select:
    found = wql.parse(text)
    assert isinstance(found, wql.Select)
    return found


@pytest.mark.parametrize(
    ("condition", "equals"),
    [
        ("Name = 'a'", {"name": "a"}),
        ("Name = 'a' AND (State = 2 AND B = TRUE)", {"name": "a", "state": 2, "b": True}),
        ("Name = 'a' OR State = 2", {}),
        ("(Name = 'a' OR State = 2) AND C = NULL", {"c": None}),
        ("NOT Name = 'a'", {}),
        ("Name <> 'a' AND Name LIKE 'a'", {}),
        ("'a' = Name", {}),
        ("Name = Other", {}),
    ],
)
def test_comparisons_that_must_hold(condition: str, equals: dict[str, Any]) -> None:
    query = select(f"select * from C where {condition};")
    assert query.equals == equals
    assert query.class_name == "C"


@given(st.text(min_size=0, max_size=30))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_can_be_a_literal_when_backslashes_and_quotes_are_escaped(text: str) -> None:
    literal = text.replace("\\", "\\\\").replace("'", "\\'")
    query = select(f"SELECT A, B FROM C WHERE Name = '{literal}'")
    assert (query.properties, query.equals) == (("A", "B"), {"name": text})
    assert query.test is not None
    assert query.test({"Name": text.upper().lower() if text.isascii() else text}.get)
    assert not query.test({"Name": f"{text}x"}.get)


@given(st.text(st.sampled_from("()'\"=<>!%_[]^ ,*aANDORISNULLLIKE1.\\{}"), max_size=40))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_condition_is_a_query_or_an_error(text: str) -> None:
    try:
        query = wql.condition(text, "C")
        if query.test is not None:
            query.test(lambda name: "x")
    except (wql.QueryError, Unsupported):
        return


def test_deep_nesting_is_an_error() -> None:
    assert wql.condition("(" * 40 + "A = 1" + ")" * 40, "C").equals == {"a": 1}
    with pytest.raises(wql.QueryError):
        wql.condition("(" * 5000 + "A = 1" + ")" * 5000, "C")


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a%", "ABC", True),
        ("_b_", "abc", True),
        ("[a-c]x", "bx", True),
        ("[^a-c]x", "bx", False),
        ("a.c", "abc", False),
        ("50[%]", "50%", True),
        ("[", "[", True),
        ("%\n%", "a\nb", True),
    ],
)
def test_patterns(pattern: str, text: str, matches: bool) -> None:
    assert (wql.like_pattern(pattern).fullmatch(text) is not None) is matches


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("C.Name='x'", wql.ObjectPath("C", {"Name": "x"})),
        ('C.A="1",B=2', wql.ObjectPath("C", {"A": "1", "B": 2})),
        ("C=@", wql.ObjectPath("C", {})),
        (r'root\x:C.A="a\\b"', wql.ObjectPath("C", {"A": "a\\b"}, "root\\x")),
        (r'\\HOST\root\x:C.A="a:b.c"', wql.ObjectPath("C", {"A": "a:b.c"}, "root\\x")),
    ],
)
def test_paths(path: str, expected: wql.ObjectPath) -> None:
    assert wql.object_path(path) == expected


@pytest.mark.parametrize("path", ["", "C.Name=", "C.Name='x", "a b", "C.Name='x' B=1"])
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(wql.QueryError):
        wql.object_path(path)

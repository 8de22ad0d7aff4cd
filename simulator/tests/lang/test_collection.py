# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing stops the collection of garbage and leaves it as it was."""

from __future__ import annotations

import gc

import pytest

from hvsim.lang import parser
from hvsim.lang.errors import ParseError


@pytest.fixture
def collections(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether garbage was collected while each statement was parsed."""
    seen: list[bool] = []
    statement = parser.Parser.statement

    def watched(self: parser.Parser) -> object:
        seen.append(gc.isenabled())
        return statement(self)

    monkeypatch.setattr(parser.Parser, "statement", watched)
    return seen


def test_no_collection_inside_and_on_again_behind(collections: list[bool]) -> None:
    parser.parse_anew("$a; { $b }")
    assert collections
    assert not any(collections)
    assert gc.isenabled()


def test_on_again_after_an_error(collections: list[bool]) -> None:
    with pytest.raises(ParseError):
        parser.parse_anew("if (")
    assert gc.isenabled()


def test_stays_off_where_it_was_off() -> None:
    with parser.no_collection():
        parser.parse_anew("$a")
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_tree_has_no_cycles() -> None:
    while gc.collect():
        pass  # what other tests left: freeing it may leave more
    parser.parse_anew('function f($a) { if ($a) { "$($a.b[1])" } else { f -x $a | g @{ k = 1 } } }')
    assert gc.collect() == 0

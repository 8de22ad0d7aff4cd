# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows PowerShell 5.1 does not have what PowerShell 7 added."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang import ast, canon
from hvsim.lang.errors import ParseError, UnsupportedSyntax
from hvsim.lang.parser import parse
from hvsim.lang.text import to_utf16

from .conftest import recorded_cases


@pytest.mark.parametrize(
    ("script", "error_id", "column", "message"),
    [
        ("$a ? 1 : 2", "UnexpectedToken", 4, "Unexpected token '?' in expression or statement."),
        ("$a ?? 1", "UnexpectedToken", 4, "Unexpected token '??' in expression or statement."),
        ("$a ??= 1", "UnexpectedToken", 4, "Unexpected token '??=' in expression or statement."),
        ("${a}?.b", "UnexpectedToken", 5, "Unexpected token '?.b' in expression or statement."),
        ("${a}?[0]", "UnexpectedToken", 5, "Unexpected token '?[0]' in expression or statement."),
        ("a && b", "InvalidEndOfLine", 3, "The token '&&' is not a valid statement separator in this version."),
        ("a || b", "InvalidEndOfLine", 3, "The token '||' is not a valid statement separator in this version."),
        (
            "a &",
            "AmpersandNotAllowed",
            3,
            "The ampersand (&) character is not allowed. The & operator is reserved for future use; wrap an ampersand in "
            'double quotation marks ("&") to pass it as part of a string.',
        ),
        ("a\n| b", "EmptyPipeElement", 1, "An empty pipe element is not allowed."),
        (
            "process { } 3",
            "MissingNamedBlocks",
            13,
            "unexpected token '3', expected 'begin', 'process', 'end', or 'dynamicparam'.",
        ),
    ],
)
def test_refused_in_51(script: str, error_id: str, column: int, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(script, edition="5.1")
    first = caught.value.errors[0]
    assert (first.error_id, first.column, first.message) == (error_id, column, message)


@pytest.mark.parametrize("literal", ["1n", "1y", "1uy", "1us", "1ul", "0b11"])
def test_numbers_of_7_are_words_in_51(literal: str) -> None:
    def first(edition: str) -> ast.Ast:
        block = parse(literal, edition=edition).end_block
        assert block is not None
        statement = block.statements[0]
        assert isinstance(statement, ast.Pipeline)
        return statement.pipeline_elements[0]

    assert isinstance(first("7"), ast.CommandExpression)
    assert isinstance(first("5.1"), ast.Command)


def test_escapes() -> None:
    def value(edition: str) -> Any:
        nodes = ast.walk(parse('"`e`u{41}"', edition=edition))
        return next(node.value for node in nodes if isinstance(node, ast.StringConstantExpression))

    assert value("7") == "\x1bA"
    assert value("5.1") == "eu{41}"


def test_clean_is_a_command_in_51() -> None:
    tree = parse("clean { 1 }", edition="5.1")
    assert tree.clean_block is None
    assert tree.end_block is not None
    assert parse("clean { 1 }").clean_block is not None


def test_workflow_is_refused_in_51() -> None:
    with pytest.raises(UnsupportedSyntax) as caught:
        parse("workflow w { 1 }", edition="5.1")
    assert caught.value.what == "workflow"


def test_everything_not_tagged_is_the_same_in_51() -> None:
    differences = []
    for name, case in recorded_cases("trees/*.json"):
        if {"ps7", "msg7", "unsure51"} & set(case.get("tags", ())) or "tree" not in case["expected"]:
            continue
        try:
            found = canon.tree(parse(to_utf16(case["script"]), edition="5.1"))
        except ParseError as error:
            found = {"error": str(error)}
        if found != case["expected"]["tree"]:
            differences.append(name)
    assert differences == []

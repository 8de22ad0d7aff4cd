# SPDX-License-Identifier: GPL-3.0-or-later
"""Strings with expressions in them, here-strings, numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hvsim.lang import ast
from hvsim.lang.numbers import scan_number
from hvsim.lang.parser import parse, parse_string


def expression(script: str) -> ast.Expression:
    block = parse(script).end_block
    assert block is not None
    statement = block.statements[0]
    assert isinstance(statement, ast.Pipeline)
    element = statement.pipeline_elements[0]
    assert isinstance(element, ast.CommandExpression)
    return element.expression


def shape(node: ast.Expression) -> list[str]:
    """Literal parts, and class and source text of the others."""
    assert isinstance(node, ast.ExpandableStringExpression)
    return [part if isinstance(part, str) else f"{type(part).__name__}@{part.extent.start}" for part in node.parts]


def test_parts() -> None:
    node = expression('"a`t$b ${c d} $(1 + 2)$$x {0} `$y"')
    assert shape(node) == [
        "a\t",
        "VariableExpression@4",
        " ",
        "VariableExpression@7",
        " ",
        "SubExpression@14",
        "VariableExpression@22",
        "x {0} $y",
    ]
    assert isinstance(node, ast.ExpandableStringExpression)
    assert node.value == "a\t$b ${c d} $(1 + 2)$$x {0} $y"
    assert node.nested_expressions == [part for part in node.parts if not isinstance(part, str)]


def test_doubled_quotes_in_a_subexpression_keep_their_places() -> None:
    node = expression('"$(""a"") $x"')
    assert shape(node) == ["SubExpression@1", " ", "VariableExpression@10"]
    inner = [child for child in ast.walk(node) if isinstance(child, ast.StringConstantExpression)]
    assert [(child.value, child.extent) for child in inner] == [("a", (3, 8))]


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("@'\n'@", ""),
        ("@'\n\n'@", ""),
        ("@'  \r\na\r\nb\r\n'@", "a\r\nb"),
        ("@'\n '@\n''\n'@", " '@\n''"),
        ('@"\na""b`n\n"@', 'a""b\n'),
        ("'a''b’‘c'", "a'b‘c"),
    ],
)
def test_literal_text(script: str, value: str) -> None:
    node = expression(script)
    assert isinstance(node, ast.StringConstantExpression)
    assert node.value == value


def test_here_string_with_expression_over_lines() -> None:
    node = expression('@"\n$(\n@\'\n"@\n\'@\n)\n"@')
    assert shape(node) == ["SubExpression@3"]


def test_parse_string() -> None:
    assert shape(parse_string('say "$x"')) == ['say "', "VariableExpression@7", '"']


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1", "int", 1),
        ("2147483648", "long", 2147483648),
        ("9223372036854775808", "decimal", Decimal(9223372036854775808)),
        ("0xFFFFFFFF", "int", -1),
        ("0xFFFFFFFFu", "uint", 4294967295),
        ("0x1FFFFFFFF", "long", 0x1FFFFFFFF),
        ("0b11111111", "int", -1),
        ("1kb", "int", 1024),
        ("1.5kb", "double", 1536.0),
        ("1.50d", "decimal", Decimal("1.50")),
        ("1e3", "double", 1000.0),
        ("1l", "long", 1),
        ("1e2y", "sbyte", 100),
        ("10n", "bigint", 10),
        ("-5", "int", -5),
    ],
)
def test_numbers(text: str, kind: str, value: object) -> None:
    node = expression(text)
    assert isinstance(node, ast.ConstantExpression)
    assert node.value == (kind, value)
    assert str(node.value.value) == str(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-1kb", ("int", -1024)),
        ("+1.5", ("double", 1.5)),
        ("\u20130x10", ("int", -16)),
        ("1e2", ("double", 100.0)),
        ("1.", ("double", 1.0)),
        ("1k", None),
        ("1e", None),
        (".", None),
        ("0x", ("int", 0)),
        ("300uy", None),
        ("1 ", None),
        ("", None),
        ("12abc", None),
    ],
)
def test_scan_number(text: str, value: object) -> None:
    assert scan_number(text) == value

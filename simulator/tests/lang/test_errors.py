# SPDX-License-Identifier: GPL-3.0-or-later
"""Where errors are, and what is refused."""

from __future__ import annotations

import pytest

from hvsim.lang import ast
from hvsim.lang.errors import ParseError, Unsupported, UnsupportedSyntax
from hvsim.lang.parser import parse, parse_type_name
from hvsim.lang.text import from_utf16, to_utf16


def errors(script: str, edition: str = "7") -> list[tuple[str, int, int]]:
    with pytest.raises(ParseError) as caught:
        parse(to_utf16(script), edition=edition)
    return [(e.error_id, e.line, e.column) for e in caught.value.errors]


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("$a = 1\r\n$b = )", [("ExpectedValueExpression", 2, 5), ("UnexpectedToken", 2, 6)]),
        ("$a = 1\r$b = )", [("ExpectedValueExpression", 2, 5), ("UnexpectedToken", 2, 6)]),
        ("'😀' 1", [("UnexpectedToken", 1, 6)]),
        ("<# open", [("MissingTerminatorMultiLineComment", 1, 1)]),
        ("#requires -psedition foo", [("RequiresPSEditionInvalid", 1, 22)]),
        ("#requires -version", [("ParameterRequiresArgument", 1, 11)]),
        ("#requires $x", [("ScriptRequiresInvalidFormat", 1, 11)]),
        ("[int]$_ = 1", [("AssignmentStatementToAutomaticNotSupported", 1, 1)]),
        ("[void]$x = 1", [("VoidTypeConstraintNotAllowed", 1, 1)]),
        ("$x = [ref][ref]$y", [("ReferenceNeedsToBeByItselfInTypeSequence", 1, 11)]),
        ("$x + @y", [("SplattingNotPermitted", 1, 6)]),
        ("${a}?.b = 1", [("InvalidLeftHandSide", 1, 1)]),
        ("while (1) { try { 1 } finally { while (2) { break }; break } }", [("ControlLeavingFinally", 1, 54)]),
        ("data { try { 1 } catch { 2 } }", [("TryStatementNotSupportedInDataSection", 1, 8)]),
        ("data -SupportedCommand foo { foo; bar }", [("CmdletNotInAllowedListForDataSection", 1, 35)]),
        ("using namespace A = B", [("UsingStatementNotSupported", 1, 1)]),
        ("1; using namespace System", [("UsingMustBeAtStartOfScript", 1, 4)]),
        (
            "$x.a(b)",
            [("MissingEndParenthesisInMethodCall", 1, 6), ("UnexpectedToken", 1, 6), ("UnexpectedToken", 1, 7)],
        ),
    ],
)
def test_positions(script: str, wanted: list[tuple[str, int, int]]) -> None:
    assert errors(script) == wanted


def test_the_text_of_an_error_names_file_and_place() -> None:
    with pytest.raises(ParseError) as caught:
        parse("\n  )", file="C:\\a.ps1")
    assert str(caught.value) == "C:\\a.ps1:2:3: Unexpected token ')' in expression or statement. [UnexpectedToken]"
    assert (caught.value.errors[0].start, caught.value.errors[0].end) == (3, 4)


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("configuration x { }", "the configuration statement (DSC)"),
        ("using assembly x", "using assembly"),
        ("(" * 3000, "nesting deeper than 1000 levels"),
        ("$x = " * 3000, "nesting deeper than 1000 levels"),
        ("[a[" * 3000, "nesting deeper than 1000 levels"),
    ],
)
def test_refused_by_name(script: str, what: str) -> None:
    with pytest.raises(UnsupportedSyntax) as caught:
        parse(script)
    assert caught.value.what == what
    assert isinstance(caught.value, Unsupported)
    assert str(caught.value) == f"{what} is not supported by hvsim"


def test_deep_nesting_that_a_script_may_have() -> None:
    assert isinstance(parse("if (1) {" * 150 + "}" * 150), ast.ScriptBlock)
    assert isinstance(parse("&{" * 150 + "}" * 150), ast.ScriptBlock)
    assert isinstance(parse("(" * 300 + "1" + ")" * 300), ast.ScriptBlock)
    assert isinstance(parse("+".join(["1"] * 20000)), ast.ScriptBlock)


def test_source() -> None:
    script = "a\r\nb\rc\n  { d }"
    tree = parse(script)
    source = tree.source
    assert [source.position(offset) for offset in (0, 3, 5, 9)] == [(1, 1), (2, 1), (3, 1), (4, 3)]
    assert [source.line_text(number) for number in (1, 2, 3, 4)] == ["a", "b", "c", "  { d }"]
    nested = next(node for node in ast.walk(tree) if isinstance(node, ast.ScriptBlock) and node is not tree)
    assert nested.source is source
    assert nested.text == "{ d }"


def test_utf16() -> None:
    text = "a😀\ud800b"
    assert len(to_utf16(text)) == 5
    assert from_utf16(to_utf16(text)) == text


def test_type_names() -> None:
    name = parse_type_name(" System.Collections.Generic.Dictionary[string, int[]] ")
    assert name is not None
    assert name.full_name == "System.Collections.Generic.Dictionary[string,int[]]"
    assert parse_type_name("int)") is None
    assert parse_type_name("") is None

# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions of operators as one function: the same values, order and errors as one operator at a time."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang import ast, parser
from hvsim.runtime.interpreter.compiler import Compiler
from hvsim.runtime.interpreter.fused import fused


def outputs(script: str) -> list[str]:
    result = Runspace().run(script)
    assert result.terminating is None, result.terminating
    return [str(value) for value in result.output]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("2147483647 + $one", "2147483648"),
        ("(2147483647 + $one).GetType().Name", "Double"),
        ("($long + $one).GetType().Name", "Int64"),
        ("(9223372036854775807L + $one).GetType().Name", "Double"),
        ("-7 % 3", "-1"),
        ("'a' + 1", "a1"),
        ("1 + '2'", "3"),
        ("1.5 + 1.5", "3"),
        ("($array -eq 2) -join ','", "2,2"),
        ("'A' -eq 'a'", "True"),
        ("'A' -ceq 'a'", "False"),
        ("'A' -cne 'a'", "True"),
        ("$null -eq $missing", "True"),
        ("$null -eq ''", "False"),
        ("$null -ne 0", "True"),
        ("@($null -eq $array).Count", "1"),
        ("$missing -eq $null -and -not $one", "False"),
        ("$one -and 'x' -or $(throw 'never')", "True"),
        ("(1 -lt 2) -eq $true", "True"),
        ("-not ($one -eq 1 -and $two -gt 1)", "False"),
    ],
)
def test_values(expression: str, text: str) -> None:
    assert outputs(f"$one = 1; $two = 2; $long = 5L; $array = 1, 2, 2; [string]({expression})") == [text]


def test_operands_are_evaluated_from_left_to_right_and_once() -> None:
    script = """$script:seen = ''
    function Get-It($Value) { $script:seen += "$Value "; $Value }
    $null = (Get-It 1) + (Get-It 2) * (Get-It 3) -eq (Get-It 7)
    $null = (Get-It 0) -and (Get-It 8)
    $null = (Get-It 9) -or (Get-It 8)
    $script:seen"""
    assert outputs(script) == ["1 2 3 7 0 9 "]


def test_an_error_in_a_condition_is_at_the_condition() -> None:
    result = Runspace().run("if (\n1 +\n'x') { 'no' }; 'on'")
    assert [str(value) for value in result.output] == ["on"]
    assert [(e.error_id, e.invocation.line_number) for e in result.errors] == [("InvalidCastFromStringToInteger", 2)]


def test_a_variable_that_appears_in_between_is_seen() -> None:
    assert outputs("function Set-It { $script:x = 5; 1 }; (Set-It) + $x") == ["6"]


@pytest.mark.parametrize("levels", [1, 60, 300])
def test_nested_alternatives(levels: int) -> None:
    """Python allows 100 levels of indentation."""
    assert outputs("$t = 1; " + "($t -and " * levels + "$t" + ")" * levels) == ["True"]


def test_one_function_for_one_shape() -> None:
    def code(text: str) -> Any:
        tree = parser.parse(text)
        pipeline: Any = tree.end_block.statements[0]
        function: Any = fused(pipeline.pipeline_elements[0].expression, Compiler(tree.source))
        return function.__code__

    assert code("$a + 1 -eq $b") is code("$other + 20 -eq $c")
    assert code("$a + 1 -eq $b") is not code("$a - 1 -eq $b")
    assert isinstance(parser.parse("1").end_block, ast.NamedBlock)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Examples of PowerShell's ``about_`` topics with the output that they document."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported
from hvsim.library.formatting import output
from hvsim.runtime.interpreter import on_engine_thread


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # about_Automatic_Variables, "Using the $foreach variable"
        ("foreach ($x in 'a', 'b') { $foreach.Current }", ["a", "b"]),
        (
            "$n = 0; foreach ($x in 'a', 'b', 'c') { $foreach.Current; if ($x -eq 'b' -and $n -lt 1) { $foreach.Reset(); $n++ } }",
            ["a", "b", "a", "b", "c"],
        ),
        ("foreach ($x in 1..4) { if ($x -eq 2) { $foreach.Reset(); [void] $foreach.MoveNext(); break }; $x }; $foreach.Current", [1, None]),
        # ... "Using the $switch variable"
        (
            "$n = 0; switch ('s', 'm', 'x', 'r') { 'm' { [void] $switch.MoveNext(); $switch.Current }"
            " 'r' { if (-not $n) { $n = 1; $switch.Reset() } } default { $switch.Current } }",
            ["s", "x", "s", "x"],
        ),
        # about_Arrays, "Indexing support for System.Tuple objects"
        (
            "$t = [Tuple]::Create(1, 'test'); $t[0]; $t[1]; $t[0..1]; $t[-1]; $null -eq $t[2]; $t[1, 0]",
            [1, "test", 1, "test", "test", True, "test", 1],
        ),
        # The accessors of every array type, which Get-Member shows as Get and Set
        ("$a = 1, 2, 3; $a.Get(1); $a.Set(0, 9); $a[0]; $m = [int[,]]::new(2, 2); $m.Set(1, 0, 5); $m.Get(1, 0)", [2, 9, 5]),
        # about_Intrinsic_Members, "Array indexing scalar types"
        ("(2)[0]; (2)[-1]; (2)[1] -eq $null; (2)[0,0] -eq $null; @((2)[0, 0]).Count", [2, 2, True, True, 0]),
        # about_CommonParameters, -PipelineVariable
        (
            "$t = 8; 1, 2 | ForEach-Object -PipelineVariable t -Begin { \"<$t>\" } -Process { $_ } | ForEach-Object { \"$t $_\" }",
            ["<> <>", "1 1", "2 2"],
        ),
    ],
)
def test_values(script: str, expected: list[Any]) -> None:
    result = Runspace().run(script)
    assert (list(result.output), result.errors) == (expected, [])


def test_a_scalar_has_one_position_in_strict_mode() -> None:
    result = Runspace().run("Set-StrictMode -Version 2; try { (2)[0, 0] } catch { $_.FullyQualifiedErrorId }")
    assert list(result.output) == ["CannotIndex"]


def test_obsolete_is_refused_by_name() -> None:
    with pytest.raises(Unsupported, match=r"attribute \[System.Obsolete\(\)\]"):
        Runspace().run("function F { param([System.Obsolete('x')] $a) }; F")


def test_an_error_without_a_category_shows_its_exception() -> None:
    # about_Booleans, "Converting from scalar types"
    runspace = Runspace()
    record = runspace.run("[bool]::Parse('Not True')").errors[0]
    lines = on_engine_thread(lambda: output.error_lines(runspace.ctx, record))
    message = "String 'Not True' was not recognized as a valid Boolean."
    assert lines == [f'MethodInvocationException: Exception calling "Parse" with "1" argument(s): "{message}"']


def test_the_table_of_a_type() -> None:
    # about_Functions_Advanced_Parameters, "Parameter and variable validation attributes"; Get-Member's topic for the array
    runspace = Runspace()
    values = runspace.run("[string]; (1, 2).GetType()").output
    lines = on_engine_thread(lambda: output.lines(runspace.ctx, values))
    assert lines[3:5] == [
        "True     True     String                                   System.Object",
        "True     True     Object[]                                 System.Array",
    ]

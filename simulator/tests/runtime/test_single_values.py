# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocks of one expression as values, and members of one place in a script that meets values of many kinds."""

from __future__ import annotations

import pytest

from hvsim.engine.runspace import Result, Runspace


def run(script: str) -> Result:
    result = Runspace().run(script)
    assert result.terminating is None
    return result


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("$x = if ($false) { 1 }; @($x).Count", [0]),
        ('$x = if ($true) { , (1, 2) }; "$($x.GetType().Name) $($x.Count)"', ["Object[] 2"]),
        ("$x = if (0) { 1 } elseif (2) { @() }; $null -eq $x", [True]),
        ("$x = if (0) { 1 } elseif (0) { 2 } else { 'c' }; $x", ["c"]),
        ('$i = 1; "a$($i++)b$i"; "c$(($i++))d$i"', ["ab2", "c2d3"]),
        ("$l = New-Object Collections.ArrayList; $x = if (1) { $l.Clear() }; $null -eq $x", [True]),
        ("function f { $x = if (1) { return 3 }; 4 }; f", [3]),
        ('"$(1, 2, 3)|$(@())|$($null)"', ["1 2 3||"]),
    ],
)
def test_values(script: str, expected: list[object]) -> None:
    assert run(script).output == expected


def test_an_error_in_a_block_leaves_no_value_and_goes_on() -> None:
    result = run('$x = if (1) { 1 / 0 }; "a$(1 / 0)b"; $null -eq $x')
    assert result.output == ["ab", True]
    assert [str(error.exception.message) for error in result.errors] == ["Attempted to divide by zero."] * 2


def test_the_trap_outside_handles_an_error_in_a_block() -> None:
    assert run('trap { "T $_"; continue }; $x = if (1) { 1 / 0 }; "n $x"').output == [
        "T Attempted to divide by zero.",
        "n ",
    ]


def test_one_call_meets_members_of_the_type_and_of_the_object() -> None:
    script = """
        $own = New-Object Collections.ArrayList
        $plain = New-Object Collections.ArrayList
        Add-Member -Force -InputObject $own -MemberType ScriptMethod -Name Contains -Value { 'own' }
        Add-Member -Force -InputObject $own -MemberType NoteProperty -Name Capacity -Value 'note'
        foreach ($x in $plain, $own, $plain, 'abc', @{ Capacity = 'key' }) { $x.Contains('b'); $x.Capacity }
    """
    assert run(script).output == [False, 0, "own", "note", False, 0, True, None, False, "key"]


def test_one_call_meets_a_type_that_gets_a_member_later() -> None:
    script = """
        foreach ($n in 1, 2) {
            foreach ($x in 'ab', 'cd') { $x.ToUpper() }
            Update-TypeData -TypeName System.String -MemberType ScriptMethod -MemberName ToUpper -Value { "<$this>" } -Force
        }
    """
    assert run(script).output == ["AB", "CD", "<ab>", "<cd>"]


def test_errors_of_a_known_method_are_wrapped() -> None:
    result = run("foreach ($n in 1, 9) { try { 'abc'.Substring($n) } catch { $_.FullyQualifiedErrorId } }")
    assert result.output == ["bc", "ArgumentOutOfRangeException"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("foreach ($x in $null, 'A', 'b', 1, $true) { $x -eq 'a' }", [False, True, False, False, True]),
        ("foreach ($x in $null, 'A', 0, @()) { $null -ne $x }", [False, True, True, True]),
        (
            "$null -eq (& { }); $true -eq 1; 'A' -ceq 'a'",
            [True, True, False],
        ),
        (
            "foreach ($x in 'a', 1, 2.5, $true) { ([string]$x).GetType().Name; ([bool]$x).GetType().Name }",
            ["String", "Boolean"] * 4,
        ),
    ],
)
def test_comparisons_and_casts_of_many_kinds_in_one_place(script: str, expected: list[object]) -> None:
    assert run(script).output == expected

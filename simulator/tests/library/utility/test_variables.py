# SPDX-License-Identifier: GPL-3.0-or-later
"""The Variable cmdlets as Var.cs has them: scopes, filters, what a pipeline sets."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("$x = 1; Get-Variable x -Exclude x", []),
        ("Get-Variable nosuch -Include y", []),
        ("$x = 1; Set-Variable x 2 -Exclude x; $x", [1]),
        ("$x = 1; Remove-Variable x -Exclude x; $x", [1]),
        ("$q = 5; @() | Set-Variable q; $null -eq $q; $q", [False, 5]),
        ("@() | Set-Variable q; $null -eq $q", [True]),
        ("1, 2 | Set-Variable q; $q.Count", [2]),
        ("[int]$x = 1; New-Variable x abc -Force; $x", ["abc"]),
        ("$x = 1; function f { Remove-Variable x -ErrorAction SilentlyContinue; $x }; f", [1]),
        ("New-Variable script:gz 5; $null -eq $gz", [True]),
        ("(Set-Variable n8 (1, 2) -PassThru).Value.Count", [2]),
    ],
)
def test_what_is_set(shell: Any, script: str, expected: list[Any]) -> None:
    assert shell.out(script) == expected


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "$global:gx = 1; Get-Variable global:gx",
            "VariableNotFound,Microsoft.PowerShell.Commands.GetVariableCommand",
            "Cannot find a variable with the name 'global:gx'.",
        ),
        (
            "$c = 1; Set-Variable c -Option Constant",
            "VariableCannotBeMadeConstant,Microsoft.PowerShell.Commands.SetVariableCommand",
            "Existing variable c cannot be made constant. Variables can be made constant only at creation time.",
        ),
        (
            "$x = 1; & { Remove-Variable x }",
            "VariableNotFound,Microsoft.PowerShell.Commands.RemoveVariableCommand",
            "Cannot find a variable with the name 'x'.",
        ),
        (
            "Set-Variable k 1 -Option Constant; New-Variable k 2 -Force",
            "VariableNotWritable,Microsoft.PowerShell.Commands.NewVariableCommand",
            "Cannot overwrite variable k because it is read-only or constant.",
        ),
    ],
)
def test_errors(shell: Any, script: str, error_id: str, message: str) -> None:
    assert shell.error(script) == (error_id, message)


def test_variables_of_all_scopes_stay_so_and_are_in_each(shell: Any) -> None:
    assert shell.error("Set-Variable x 1 -Option AllScope; Set-Variable x -Option None") == (
        "VariableAllScopeOptionCannotBeRemoved,Microsoft.PowerShell.Commands.SetVariableCommand",
        "The AllScope option cannot be removed from the variable 'x'.",
    )
    assert shell.out("Set-Variable y 1 -Option AllScope; function F { Get-Variable y -Scope Local -ValueOnly }; F") == [1]

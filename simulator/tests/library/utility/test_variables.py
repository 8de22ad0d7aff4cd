# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that variables cannot get, and variables of all scopes; texts of PowerShell's SessionStateStrings."""

from __future__ import annotations

import pytest

from hvsim.engine.runspace import Runspace


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "Set-Variable x 1; Set-Variable x -Option Constant",
            "VariableCannotBeMadeConstant,Microsoft.PowerShell.Commands.SetVariableCommand",
            "Existing variable x cannot be made constant. Variables can be made constant only at creation time.",
        ),
        (
            "Set-Variable x 1 -Option AllScope; Set-Variable x -Option None",
            "VariableAllScopeOptionCannotBeRemoved,Microsoft.PowerShell.Commands.SetVariableCommand",
            "The AllScope option cannot be removed from the variable 'x'.",
        ),
    ],
)
def test_refused_options(script: str, error_id: str, message: str) -> None:
    (record,) = Runspace().run(script).errors
    assert (record.fully_qualified_error_id, record.message, record.category) == (error_id, message, "WriteError")


def test_variables_of_all_scopes_are_in_each() -> None:
    script = "Set-Variable y 1 -Option AllScope; function F { Get-Variable y -Scope Local -ValueOnly }; F"
    assert Runspace().run(script).output == [1]

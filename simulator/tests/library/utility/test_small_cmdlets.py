# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertFrom-StringData, Join-String, Get-Random and Add-Member in the corners that their sources decide."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("1.5, 2 | Join-String -Separator ';' -FormatString ''", "1.5;2"),
        ("[cultureinfo]::CurrentCulture = 'de-DE'; 1.5, 2 | Join-String -Separator ';' -UseCulture", "1,5;2"),
        ("[cultureinfo]::CurrentCulture = 'de-DE'; 1.5, 2 | Join-String -Separator ';'", "1.5;2"),
        ("[cultureinfo]::CurrentCulture = 'de-DE'; 1.5 | Join-String -FormatString '{0:N2}' -UseCulture", "1,50"),
        ("((Get-Random -Maximum (1, 2, 3) -Count 3) | Sort-Object) -join ','", "1,2,3"),
        ("\"<$(@() | Get-Random)>\"", "<>"),
        ("(ConvertFrom-StringData 'a\\tb=1').Keys -join ','", "a\\tb"),
    ],
)
def test_values(shell: Any, script: str, expected: str) -> None:
    assert shell.out(script) == [expected]


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "ConvertFrom-StringData '=x'",
            "InvalidOperation,Microsoft.PowerShell.Commands.ConvertFromStringDataCommand",
            "Data line '=x' is not in 'name=value' format. ",
        ),
        (
            "Get-Date | Add-Member -Force NoteProperty DateTime x",
            "CannotRemoveTypeDataMember,Microsoft.PowerShell.Commands.AddMemberCommand",
            'Cannot force the member with name "DateTime" and type "ScriptProperty" to be added. A member with that name and type '
            "already exists, and the existing member is not an instance extension.",
        ),
        (
            "[pscustomobject]@{} | Add-Member -TypeName ' '",
            "TypeNameShouldNotBeEmpty,Microsoft.PowerShell.Commands.AddMemberCommand",
            "The TypeName parameter should not be null, empty, or contain only white spaces.",
        ),
        (
            "[pscustomobject]@{} | Add-Member -NotePropertyName MemberSet 5",
            "ParameterArgumentValidationError,Microsoft.PowerShell.Commands.AddMemberCommand",
            "Cannot validate argument on parameter 'NotePropertyName'. The parameter NotePropertyName cannot take values that could be "
            "converted to the type System.Management.Automation.PSMemberTypes. To define the name of a member with those values, use "
            "Add-Member, and specify the member type.",
        ),
    ],
)
def test_errors(shell: Any, script: str, error_id: str, message: str) -> None:
    assert shell.error(script) == (error_id, message)


def test_a_note_may_have_the_name_of_a_kind_that_cannot_be_added(shell: Any) -> None:
    assert shell.out("$o = [pscustomobject]@{}; $o | Add-Member property 5; $o.property") == [5]


def test_scripts_have_no_history(shell: Any) -> None:
    assert shell.out("@(Get-History).Count") == [0]

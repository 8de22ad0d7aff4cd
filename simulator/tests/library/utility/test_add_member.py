# SPDX-License-Identifier: GPL-3.0-or-later
"""Add-Member's own errors (AddMember.cs and its resources), Remove-Alias."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported

OWN = ",Microsoft.PowerShell.Commands.AddMemberCommand"


@pytest.mark.parametrize(
    ("arguments", "error_id", "message"),
    [
        (
            "-MemberType NoteProperty, ScriptProperty x 1",
            "WrongMemberCount",
            'To add a member, only one member type can be specified. The member types specified are: "NoteProperty, ScriptProperty"',
        ),
        (
            "-MemberType Property x 1",
            "CannotAddMemberType",
            'Cannot add a member with type "Property". Specify a different type for the MemberTypes parameter.',
        ),
        (
            "ScriptProperty x $null",
            "Value1AndValue2AreNotBothNull",
            'Both Value and SecondValue parameters should not be null for a member of type "ScriptProperty". Specify a non-null value '
            "for one of the two parameters.",
        ),
        (
            "ScriptMethod x $null",
            "Value1ShouldNotBeNull",
            'The Value parameter should not be null for a member of type "ScriptMethod". Specify a non-null value for the Value '
            "parameter when adding members of this type.",
        ),
        (
            "@{ '' = 1 }",
            "NotePropertyNameShouldNotBeNull",
            "The name for a NoteProperty member should not be null or an empty string.",
        ),
    ],
)
def test_errors(shell: Any, arguments: str, error_id: str, message: str) -> None:
    assert shell.error(f"[pscustomobject]@{{ a = 1 }} | Add-Member {arguments}") == (error_id + OWN, message)


def test_a_value_that_does_not_convert(shell: Any) -> None:
    (record,) = shell.run("[pscustomobject]@{ a = 1 } | Add-Member ScriptProperty x 5").errors
    assert (record.exception.kind, record.target) == ("System.Management.Automation.PSInvalidCastException", None)


def test_nobody_can_be_asked_for_a_value(shell: Any) -> None:
    with pytest.raises(Unsupported, match="NoteProperty without a value"):
        shell.run("[pscustomobject]@{ a = 1 } | Add-Member NoteProperty x")


def test_remove_alias(shell: Any) -> None:
    own = ",Microsoft.PowerShell.Commands.RemoveAliasCommand"
    assert shell.out("Set-Alias one Get-Date; Remove-Alias one; Test-Path alias:one") == [False]
    assert shell.error("Remove-Alias nope") == (
        "ItemNotFoundException" + own,
        "This command cannot find a matching alias because an alias with the name 'nope' does not exist.",
    )
    assert shell.error("Set-Alias two Get-Date -Option ReadOnly; Remove-Alias two") == (
        "AliasNotRemovable" + own,
        "Alias was not removed because alias two is constant or read-only.",
    )
    assert shell.out("Remove-Alias two -Force; Test-Path alias:two") == [False]


def test_seeded_numbers_are_those_of_powershell(shell: Any, windows: Any) -> None:
    """Four low bytes of System.Random(seed) make one number."""
    script = "$r = [Random]::new(23); $b = [byte[]]::new(4); $r.NextBytes($b); $n = [BitConverter]::ToInt32($b, 0); "
    script += "if ($n -lt 0) { $n += [int]::MaxValue }; [int][Math]::Floor($n / [double][int]::MaxValue * 100); "
    first, second = shell.out(script + "Get-Random -SetSeed 23 -Maximum 100")
    assert first == second
    assert shell.out("(Get-Random -Maximum ([byte]5)).GetType().Name; (Get-Random -Maximum 5L).GetType().Name") == [
        "Double",
        "Int64",
    ]
    assert shell.out("$null -eq (Get-Random -InputObject $null)") == [True]
    with pytest.raises(Unsupported, match="SetSeed"):
        windows.run("Get-Random -SetSeed 1")


def test_tables_of_groups_have_one_key_each(shell: Any) -> None:
    assert shell.error("[pscustomobject]@{ a = 1; b = 2 } | Group-Object a, b -AsHashTable") == (
        "ArgumentException,Microsoft.PowerShell.Commands.GroupObjectCommand",
        "The command cannot be run because using the AsHashTable parameter with more than one property requires adding the AsString "
        "parameter.",
    )

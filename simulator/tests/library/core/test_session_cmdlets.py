# SPDX-License-Identifier: GPL-3.0-or-later
"""Set-PSDebug, Get-SecureRandom, and small classes of .NET that scripts meet beside them."""

from __future__ import annotations

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported


def test_strict_mode_of_the_global_scope() -> None:
    runspace = Runspace()
    result = runspace.run("Set-PSDebug -Strict; $nope; function F { $nope }; F; Set-PSDebug -Off; $nope; Set-PSDebug -Trace 0; 'x'")
    assert [e.fully_qualified_error_id for e in result.errors] == ["VariableIsUndefined", "VariableIsUndefined"]
    assert result.output == [None, "x"]


@pytest.mark.parametrize("script", ["Set-PSDebug -Trace 1", "Set-PSDebug -Step", "function F { Set-PSDebug -Strict }; F"])
def test_tracing_is_refused(script: str) -> None:
    with pytest.raises(Unsupported, match="Set-PSDebug"):
        Runspace().run(script)


def test_secure_random_knows_no_seed() -> None:
    runspace = Runspace()
    assert runspace.run("Get-SecureRandom -Minimum 3 -Maximum 4; (1..5 | Get-SecureRandom -Count 2).Count").output == [3, 2]
    seeded = "$null = Get-Random -SetSeed 7; {}; Get-Random"
    assert runspace.run(seeded.format("Get-SecureRandom | Out-Null")).output == runspace.run(seeded.format("1 | Out-Null")).output
    (record,) = runspace.run("Get-SecureRandom -Minimum 5 -Maximum 1").errors
    assert record.fully_qualified_error_id == "MinGreaterThanOrEqualMax,Microsoft.PowerShell.Commands.GetSecureRandomCommand"


def test_lazy_tells_its_value_when_it_has_one() -> None:
    script = "$l = [Lazy[string]]::new([Func[string]] { 'made' }); \"$l\"; $null = $l.Value; \"$l\""
    assert Runspace().run(script).output == ["Value is not created.", "made"]


def test_items_of_a_value_tuple_can_be_written() -> None:
    result = Runspace().run("$v = [ValueTuple]::Create(1, 2); $v.Item1 = 5; \"$v\"; $t = [Tuple]::Create(1); $t.Item1 = 2")
    assert result.output == ["(5, 2)"]
    assert [e.fully_qualified_error_id for e in result.errors] == ["PropertyAssignmentException"]


def test_a_script_block_is_shown_as_its_text() -> None:
    assert Runspace().run("{ 1 } | Out-String").output == [" 1 \n"]


def test_a_variable_of_all_scopes_is_one_variable() -> None:
    script = """
    New-Variable shared 5 -Option AllScope; $shared; function Set-It { $shared = 9 }; Set-It; $shared
    function Get-It { (Get-Variable shared).Value }; Get-It; Remove-Variable shared; Test-Path variable:shared; $null -eq $shared
    """
    result = Runspace().run(script)
    assert not result.errors
    assert result.output == [5, 9, 9, False, True]

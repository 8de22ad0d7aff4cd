# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of remote commands that the recorded cases do not show."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.lang.errors import Unsupported
from hvsim.library.remoting.session import SessionTable

Run = Callable[[str], Result]


def values(result: Result) -> list[object]:
    return [getattr(value, "base", value) for value in result.output]


def test_the_far_script_does_not_catch_errors_of_the_caller(runspace: Runspace) -> None:
    result = runspace.run(
        "Invoke-Command -Session $session { try { 'a' } catch { 'caught' } } | ForEach-Object { throw 'mine' }"
    )
    assert result.terminating is not None
    assert (result.terminating.message, result.output) == ("mine", [])


def test_break_of_the_caller_leaves_its_own_loop_and_the_session_usable(run: Run) -> None:
    result = run(
        """
        foreach ($i in 1..3) { Invoke-Command -Session $session { 1..5 } | ForEach-Object { if ($_ -eq 2) { break }; $_ } }
        'after'; Invoke-Command -Session $session { 'usable' }; $session.Availability.ToString()
        """
    )
    assert values(result) == [1, "after", "usable", "Available"]


def test_using_variables_do_not_stay_in_the_session(run: Run) -> None:
    result = run(
        """
        $x = 5
        Invoke-Command -Session $session { $using:x }
        @(Invoke-Command -Session $session { Get-Variable | Where-Object Name -like '__*' }).Count
        """
    )
    assert values(result) == [5, 0]


def test_using_has_its_value_in_every_call_and_every_session(run: Run) -> None:
    result = run(
        """
        foreach ($i in 1..3) { Invoke-Command -Session $session { $using:i } }
        Invoke-Command -Session $session, $session2 { "$using:i" }
        """
    )
    assert values(result) == [1, 2, 3, "3", "3"]


def test_sessions_and_caller_share_no_environment(run: Run) -> None:
    result = run(
        "$env:X = 'mine'; Invoke-Command -Session $session { $env:X = 'theirs' }; $env:X; Invoke-Command -Session $session2 { $env:X }"
    )
    assert values(result) == ["mine", None]


def test_the_error_of_one_session_does_not_stop_the_other(run: Run) -> None:
    result = run(
        "Invoke-Command -Session $session { $me = 1 }; Invoke-Command -Session $session, $session2 { if ($me) { throw 'one' }; 'two' }"
    )
    assert values(result) == ["two"]
    assert [e.fully_qualified_error_id for e in result.errors] == ["one"]


def test_lone_commands_name_themselves_and_scripts_do_not(run: Run) -> None:
    result = run(
        "Invoke-Command -Session $session { Write-Error a }; Invoke-Command -Session $session { $x = 1; Write-Error b }"
    )
    assert [e.fully_qualified_error_id for e in result.errors] == [
        "Microsoft.PowerShell.Commands.WriteErrorException,Microsoft.PowerShell.Commands.WriteErrorCommand",
        "Microsoft.PowerShell.Commands.WriteErrorException",
    ]


def test_a_busy_session_runs_nothing_else(run: Run) -> None:
    result = run(
        "$j = Invoke-Command -Session $session { Start-Sleep 9 } -AsJob; Invoke-Command -Session $session { 'x' }"
    )
    assert result.output == []
    assert [e.category for e in result.errors] == ["InvalidOperation"]


def test_secrets_travel_and_show_nowhere(run: Run) -> None:
    result = run(
        """
        $c = [pscredential]::new('u', (ConvertTo-SecureString 'canary-7' -AsPlainText -Force))
        Invoke-Command -Session $session { param($c) $c.GetNetworkCredential().Password.Length; Write-Error -Message 'bad' -TargetObject $c } -ArgumentList $c
        """
    )
    assert values(result) == [8]
    (error,) = result.errors
    assert "canary" not in f"{error.message}{error.target_name}{error.target}"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Enter-PSSession $session", "Enter-PSSession"),
        ("New-PSSession -ComputerName srv", "ComputerName"),
        ("Invoke-Command -ComputerName srv { 1 }", "ComputerName"),
    ],
)
def test_what_is_not_done_is_refused_by_name(runspace: Runspace, script: str, words: str) -> None:
    with pytest.raises(Unsupported, match=words):
        runspace.run(script)


def test_virtual_machines_need_the_hyper_v_module(runspace: Runspace) -> None:
    result = runspace.run(
        "$c = [pscredential]::new('u', (ConvertTo-SecureString x -AsPlainText -Force)); New-PSSession -VMName v -Credential $c"
    )
    assert [(e.fully_qualified_error_id, e.category) for e in result.errors] == [
        ("HyperVModuleNotAvailable,Microsoft.PowerShell.Commands.NewPSSessionCommand", "NotInstalled")
    ]


def test_closing_the_table_closes_every_session(runspace: Runspace) -> None:
    table = SessionTable.of(runspace.ctx)
    sessions = list(table.sessions.values())
    table.close_all()
    assert [s.state for s in sessions] == ["Closed", "Closed"]
    assert not table.sessions


def test_values_for_using_are_read_in_the_latest_strict_mode(run: Run) -> None:
    result = run(
        """
        $o = [pscustomobject]@{ X = 1 }; $list = 1, 2
        Invoke-Command -Session $session { $using:o.Nope }
        Invoke-Command -Session $session { $using:o.X + $using:list[1] }
        $o.Nope
        """
    )
    assert [e.fully_qualified_error_id for e in result.errors] == [
        "PropertyNotFoundStrict,Microsoft.PowerShell.Commands.InvokeCommandCommand"
    ]
    assert values(result) == [3, None]


def test_an_ignored_information_stream_is_not_kept_either(run: Run) -> None:
    result = run(
        "Invoke-Command -Session $session { Write-Host 'x'; 'out' } -InformationAction Ignore -InformationVariable i; $i.Count"
    )
    assert values(result) == ["out", 0]
    assert not result.information


def test_text_of_remote_objects_names_the_computer_unless_hidden(run: Run) -> None:
    result = run(
        """
        $shown = Invoke-Command -Session $session { [pscustomobject]@{ A = 1 } } | Format-List | Out-String
        $hidden = Invoke-Command -Session $session { [pscustomobject]@{ A = 1 } } -HideComputerName | Format-List | Out-String
        $shown -match 'PSComputerName : localhost'; $shown -match 'PSShow'; $hidden -match 'PSComputerName'; $hidden -match 'RunspaceId'
        """
    )
    assert values(result) == [True, False, False, True]

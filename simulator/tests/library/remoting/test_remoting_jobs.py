# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote jobs: what happens when, in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.lang.errors import Unsupported
from hvsim.library.remoting.session import Hangs, SessionTable

Run = Callable[[str], Result]


def values(result: Result) -> list[object]:
    return [getattr(value, "base", value) for value in result.output]


def test_a_job_shows_what_has_happened_by_now(run: Run) -> None:
    result = run(
        """
        $j = Invoke-Command -Session $session { 'early'; Start-Sleep -Seconds 30; 'late' } -AsJob
        $j.State; $j.HasMoreData; Receive-Job $j; $session.Availability.ToString()
        $null = Wait-Job $j
        $j.State; Receive-Job $j; $j.HasMoreData; $session.Availability.ToString()
        """
    )
    assert values(result) == ["Running", True, "early", "Busy", "Completed", "late", False, "Available"]


def test_waiting_lets_exactly_the_needed_time_pass(runspace: Runspace, run: Run) -> None:
    machine = runspace.ctx.machine
    before = machine.slept  # type: ignore[attr-defined]
    run("$j = Invoke-Command -Session $session { Start-Sleep -Seconds 30 } -AsJob; $null = Wait-Job $j")
    assert machine.slept - before == pytest.approx(30, abs=1)  # type: ignore[attr-defined]


def test_a_timeout_ends_the_wait_and_writes_nothing(runspace: Runspace, run: Run) -> None:
    before = runspace.ctx.machine.clock()
    result = run(
        """
        $j = Invoke-Command -Session $session { Start-Sleep -Seconds 300; 'done' } -AsJob
        @(Wait-Job $j -Timeout 10).Count
        $j.State
        Stop-Job $j
        $j.State; $j.ChildJobs[0].State; @(Receive-Job $j).Count; $session.Availability.ToString()
        """
    )
    assert values(result) == [0, "Running", "Stopped", "Stopped", 0, "Available"]
    assert timedelta(seconds=9) < runspace.ctx.machine.clock() - before < timedelta(seconds=60)


def test_jobs_run_at_the_same_time(runspace: Runspace, run: Run) -> None:
    before = runspace.ctx.machine.clock()
    result = run(
        """
        $j = Invoke-Command -Session $session, $session2 { Start-Sleep -Seconds 20; 'x' } -AsJob
        $null = Wait-Job $j
        @(Receive-Job $j).Count
        """
    )
    assert values(result) == [2]
    assert runspace.ctx.machine.clock() - before < timedelta(seconds=35)


def test_a_throttle_makes_them_wait_for_each_other(runspace: Runspace, run: Run) -> None:
    before = runspace.ctx.machine.clock()
    run(
        "Invoke-Command -Session $session, $session2 { Start-Sleep -Seconds 20 } -AsJob -ThrottleLimit 1 | Wait-Job | Out-Null"
    )
    assert runspace.ctx.machine.clock() - before >= timedelta(seconds=39)


def test_several_sessions_take_as_long_as_the_slowest(runspace: Runspace, run: Run) -> None:
    before = runspace.ctx.machine.clock()
    run("Invoke-Command -Session $session, $session2 { Start-Sleep -Seconds 20 }")
    assert timedelta(seconds=19) < runspace.ctx.machine.clock() - before < timedelta(seconds=35)


def test_wait_for_any_writes_the_first_that_ended(run: Run) -> None:
    result = run(
        """
        $slow = Invoke-Command -Session $session { Start-Sleep -Seconds 50 } -AsJob -JobName slow
        $fast = Invoke-Command -Session $session2 { Start-Sleep -Seconds 5 } -AsJob -JobName fast
        (Wait-Job -Job $slow, $fast -Any).Name
        $slow.State
        """
    )
    assert values(result) == ["fast", "Running"]


def test_a_job_that_throws_has_failed_and_says_why(run: Run) -> None:
    result = run(
        """
        $j = Invoke-Command -Session $session { 'a'; throw 'boom' } -AsJob
        $null = Wait-Job $j
        $j.State; $j.ChildJobs[0].JobStateInfo.Reason.Message; $j.ChildJobs[0].Error.Count
        Receive-Job $j -ErrorAction SilentlyContinue -ErrorVariable e
        $e[0].FullyQualifiedErrorId; $e[0].OriginInfo.PSComputerName
        """
    )
    assert values(result) == ["Failed", "boom", 1, "a", "boom", "localhost"]


def test_a_running_job_needs_force_to_be_removed(run: Run) -> None:
    result = run(
        """
        $j = Invoke-Command -Session $session { Start-Sleep -Seconds 50 } -AsJob
        Remove-Job $j -ErrorAction SilentlyContinue -ErrorVariable e
        $e[0].FullyQualifiedErrorId; @(Get-Job).Count
        Remove-Job $j -Force
        @(Get-Job).Count; $session.Availability.ToString()
        """
    )
    assert values(result) == [
        "JobObjectNotFinishedCannotBeRemoved,Microsoft.PowerShell.Commands.RemoveJobCommand",
        1,
        0,
        "Available",
    ]


def test_keep_leaves_the_results_for_the_next_time(run: Run) -> None:
    result = run(
        """
        $j = Invoke-Command -Session $session { 1; 2 } -AsJob
        $null = Wait-Job $j
        Receive-Job $j -Keep; 'again'; Receive-Job $j; 'nothing'; Receive-Job $j
        """
    )
    assert values(result) == [1, 2, "again", 1, 2, "nothing"]


def test_a_job_ends_with_its_session(run: Run) -> None:
    result = run(
        """
        $j = Invoke-Command -Session $session { 'early'; Start-Sleep -Seconds 3600; 'late' } -AsJob
        Start-Sleep -Seconds 5
        Remove-PSSession $session
        $j.State; @(Wait-Job $j).Count; Receive-Job $j
        """
    )
    assert values(result) == ["Failed", 1, "early"]


def test_jobs_are_picked_by_what_they_run_and_where(run: Run) -> None:
    result = run(
        """
        $j = Invoke-Command -Session $session, $session2 { 'needle' } -AsJob
        $null = Wait-Job $j
        @(Get-Job -HasMoreData $true).Count; @(Get-Job -Command '*needle*').Count; @(Get-Job -Command '*other*').Count
        @(Receive-Job $j -Session $session2).Count; @(Receive-Job $j).Count
        @(Get-Job -HasMoreData $true).Count; @(Get-Job -IncludeChildJob).Count; @(Get-Job -Newest 1).Count
        """
    )
    assert values(result) == [1, 1, 0, 1, 1, 0, 3, 1]


def test_unknown_jobs_are_reported(run: Run) -> None:
    result = run("Get-Job -Id 99; Get-Job -Name none; Get-Job -Name no*")
    assert [(e.fully_qualified_error_id, e.category) for e in result.errors] == [
        ("JobWithSpecifiedSessionNotFound,Microsoft.PowerShell.Commands.GetJobCommand", "ObjectNotFound"),
        ("JobWithSpecifiedNameNotFound,Microsoft.PowerShell.Commands.GetJobCommand", "ObjectNotFound"),
    ]


class _Hanging:
    """A connection whose far end stops to answer after so many looks."""

    def __init__(self, connection: object, looks: int) -> None:
        self.inner = connection
        self.looks = looks

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def check(self) -> None:
        self.looks -= 1
        if self.looks < 0:
            raise Hangs("it does not answer")


def hang(runspace: Runspace, looks: int) -> None:
    session = SessionTable.of(runspace.ctx).sessions[1]
    session.connection = _Hanging(session.connection, looks)  # type: ignore[assignment]


def test_a_job_in_a_hanging_guest_never_ends_but_the_wait_does(runspace: Runspace, run: Run) -> None:
    hang(runspace, 2)
    result = run(
        """
        $j = Invoke-Command -Session $session { 'seen'; 'lost' } -AsJob
        @(Wait-Job $j -Timeout 600).Count
        $j.State; Receive-Job $j
        Stop-Job $j
        $j.State; Remove-Job $j
        """
    )
    assert values(result) == [0, "Running", "seen", "Stopped"]


def test_waiting_for_ever_is_refused(runspace: Runspace) -> None:
    hang(runspace, 0)
    with pytest.raises(Unsupported, match="never ends"):
        runspace.run("Invoke-Command -Session $session { 'x' } -AsJob | Wait-Job")
    with pytest.raises(Unsupported, match="for ever"):
        runspace.run(
            "Invoke-Command -Session $session2 { 'fine' }; Get-Job | Remove-Job -Force; Invoke-Command -Session $session { 'x' }"
        )


def test_members_that_type_data_adds(run: Run) -> None:
    result = run(
        """
        $job = Invoke-Command -Session $session { 1 } -AsJob | Wait-Job
        $job | Get-Member -MemberType ScriptProperty | ForEach-Object Name
        "$(($session | Get-Member -MemberType ScriptProperty).Name)"
        $session.PSObject.Properties['State'].MemberType.ToString()
        $job.State; $session.State.ToString()
        [object]::ReferenceEquals($job.ChildJobs[0].Runspace, $session.Runspace)
        """
    )
    assert result.output == ["State", "DisconnectedOn ExpiresOn IdleTimeout OutputBufferingMode State", "ScriptProperty", "Completed", "Opened", True]


ASKS = """
    $j = Invoke-Command -Session $session {
        function Get-It { [CmdletBinding()] param ([Parameter(Mandatory = $true)] $Name) $Name }
        'before'; Start-Sleep -Seconds 2
        try { Get-It } catch { $_.FullyQualifiedErrorId }
        Start-Sleep -Seconds 3; 'after'
    } -AsJob
"""


def test_a_question_blocks_a_job_until_its_output_is_received(runspace: Runspace, run: Run) -> None:
    """PSRemotingChildJob.HandleHostCalls: a host call that wants an answer makes the job Blocked; Receive-Job carries it out."""
    result = run(
        ASKS
        + """
        $j.State; @(Wait-Job -Job $j -Timeout 1).Count
        try { Wait-Job -Job $j -Any -Timeout 60 } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category.ToString() }
        $j.State; $j.ChildJobs[0].State; Start-Sleep -Seconds 100
        Receive-Job $j; $j.State
        $null = Wait-Job $j; $j.State; Receive-Job $j
        """
    )
    assert values(result) == [
        "Running", 0, "BlockedJobsDeadlockWithWaitJob,Microsoft.PowerShell.Commands.WaitJobCommand", "DeadlockDetected",
        "Blocked", "Blocked", "before", "Running", "Completed", "MissingMandatoryParameter,Get-It", "after",
    ]  # fmt: skip


def test_a_blocked_job_can_be_stopped(run: Run) -> None:
    result = run(ASKS + "Start-Sleep -Seconds 50; Stop-Job $j; $j.State; Receive-Job $j; $j.HasMoreData")
    assert values(result) == ["Stopped", "before", False]


def test_a_question_does_not_block_who_waits_for_the_answer(run: Run) -> None:
    """Without a job the question goes to the host at once, which has nobody to ask."""
    script = "function Get-It { [CmdletBinding()] param ([Parameter(Mandatory = $true)] $Name) 1 }"
    result = run(f"Invoke-Command -Session $session {{ {script}; try {{ Get-It }} catch {{ $_.FullyQualifiedErrorId }} }}")
    assert values(result) == ["MissingMandatoryParameter,Get-It"]

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""_GuestSession.psm1: scripts that ask a question, which the jobs of hvsim never do."""

from __future__ import annotations

import pytest
from key_value_engine import Engine

#: Jobs as PowerShell has them: a question blocks one until Receive-Job has passed it on
#: (PSRemotingChildJob.HandleHostCalls), and Wait-Job -Any fails when all are blocked
#: (WaitJobCommand.EndProcessingBlockedJobsError). The stub ends a wait that makes no headway.
JOBS = """
    $script:started = 0
    $script:waits = New-Object -TypeName 'System.Collections.Generic.List[string]'
    Function Invoke-Command {
        param ($Session, $ScriptBlock, $ArgumentList, [switch] $AsJob)
        $script:started++
        [pscustomobject]@{ Name = [string]$Session.Name; State = [string]$Session.First; Answers = 0 }
    }
    Function Wait-Job {
        [CmdletBinding()]
        param ($Job, [switch] $Any, [int] $Timeout)
        $script:waits.Add("$($Job.Count) job(s), $Timeout s")
        if ($script:waits.Count -gt 20) { throw 'waits for ever' }
        foreach ($item in $Job) {
            if ($item.State -eq 'Running') { $item.State = 'Blocked' }
        }
        if (@($Job | Where-Object { $_.State -ne 'Blocked' }).Count -eq 0) {
            $problem = New-Object -TypeName System.ArgumentException -ArgumentList 'jobs are blocked'
            $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList @(
                $problem, 'BlockedJobsDeadlockWithWaitJob', 'DeadlockDetected', $null)
            $PSCmdlet.ThrowTerminatingError($record)
        }
    }
    Function Receive-Job {
        [CmdletBinding()]
        param ($Job)
        $Job.Answers++
        "$($Job.Name) $($Job.State)"
        if ($Job.State -eq 'Blocked' -and $Job.Name -ne 'asks on') { $Job.State = 'Completed' }
    }
    Function Remove-Job { param ($Job, [switch] $Force) }
    $records = New-Object -TypeName 'System.Collections.Generic.List[object]'
"""
REPLIES = """
    $replies = @(Invoke-GuestScript -Record $records -ScriptBlock { 1 } -Timeout {timeout} | ForEach-Object {
        @{ Name = $_.Record.Session.Name; Output = @($_.Output.ToArray()); TimedOut = $_.TimedOut }
    })
    ConvertTo-Json -Depth 4 -InputObject @{ Replies = $replies; Waits = $script:waits.ToArray() }
"""


@pytest.fixture(scope="module", params=["5.1", "7"])
def session(request: pytest.FixtureRequest) -> Engine:
    return Engine("_GuestError", "_GuestSession", edition=request.param)


def script(names: list[str], timeout: int, first: str = "Running") -> str:
    records = [f"$records.Add(@{{ Session = @{{ Name = '{name}'; First = '{first}' }} }})" for name in names]
    return JOBS + "\n".join(records) + REPLIES.replace("{timeout}", str(timeout))


def test_a_script_that_asks_goes_on_without_an_answer(session: Engine) -> None:
    answer = session.run(script(["one", "two"], 60))
    assert answer["Replies"] == [
        {"Name": name, "Output": [f"{name} Blocked", f"{name} Completed"], "TimedOut": False} for name in ("one", "two")
    ]
    assert answer["Waits"][0] == "2 job(s), 5 s"


def test_a_question_is_answered_before_others_are_waited_for(session: Engine) -> None:
    answer = session.run(script(["one"], 0, first="Blocked"))
    assert answer["Replies"] == [{"Name": "one", "Output": ["one Blocked", "one Completed"], "TimedOut": False}]
    # The job has ended by the time of the first wait.
    assert answer["Waits"] == ["1 job(s), 5 s"]


def test_a_script_that_asks_for_ever_is_left_when_its_time_is_over(session: Engine) -> None:
    reply = session.run(script(["asks on"], 1))["Replies"][0]
    assert reply["TimedOut"]
    assert set(reply["Output"]) == {"asks on Blocked"}

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_direct_exec: what ends a script before its end (exit, break, the end of its process), and what is known."""

from __future__ import annotations

from typing import Any

import pytest
from direct_lab import DirectLab

HOST = "EXEC"
MODULE = "hyperv.integration.hyperv_direct_exec"


def execute(*names: str, check: bool = False, **options: Any) -> dict[str, Any]:
    """A task with hyperv_direct_exec on some virtual machines."""
    account = {"guest_username": "Administrator", "guest_password": "Guest-Only-1"}
    return {MODULE: {"name": list(names), **account, **options}, "check_mode": check}


#: A script, its exit code, what it had written until then.
EXITS: list[tuple[str, int, list[Any]]] = [
    ("'one'; exit 3; 'two'", 3, ["one"]),
    ("'one'; exit", 0, ["one"]),
    ("exit 0", 0, []),
    ("exit -1", -1, []),
    ("exit 3010", 3010, []),
    ("function Stop-Here { 'in'; exit 4; 'never' }; Stop-Here; 'never'", 4, ["in"]),
    ("& { . { exit 5 }; 'never' }; 'never'", 5, []),
    ("1..3 | ForEach-Object { $_; if ($_ -eq 2) { exit 6 } }", 6, [1, 2]),
    ("try { exit 7 } catch { 'caught' } finally { 'cleaned up' }", 7, ["cleaned up"]),
    ("Invoke-Expression 'exit 8'; 'never'", 8, []),
    ("$code = 9; foreach ($i in 1, 2) { $i; exit $code }", 9, [1]),
    ("cmd /c exit 2; exit 10", 10, []),
    ("cmd /c exit 2; $LASTEXITCODE; exit 0", 0, [2]),
    ("param ([int] $Code = 11) exit $Code", 11, []),
]


def test_exit_ends_a_script_with_its_code_and_keeps_what_was_written(direct_lab: DirectLab) -> None:
    steps = direct_lab.play([execute("app-01", script=script) for script, _code, _output in EXITS], HOST)
    for step, (script, code, output) in zip(steps, EXITS, strict=True):
        vm = step.vm("app-01")
        assert (vm["rc"], vm["output"]) == (code, output), script
        assert (vm["failed"], vm["reason"]) == (code != 0, "exit_code" if code else ""), script
        assert vm["msg"] == (f"the script ended with exit {code}" if code else ""), script
        assert (vm["changed"], vm["left_running"], vm["error"]) == (True, None, []), script
        assert vm["start"] <= vm["end"], script
        assert step.cmdlets["Invoke-Command"] == 1, "nothing has to be asked afterwards"


def test_a_code_of_a_program_is_no_exit(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([execute("app-01", script="cmd /c exit 2; 'went on'")], HOST)
    vm = step.vm("app-01")
    assert (vm["rc"], vm["failed"], vm["output"]) == (2, False, ["went on"])


def test_what_was_reported_before_exit_counts(direct_lab: DirectLab) -> None:
    script = """
        $Ansible.Changed = $false
        $Ansible.Result = @{ reboot = $true }
        Write-Warning 'careful'
        Write-Error 'bad' -ErrorId My.Id
        Get-Item C:\\missing
        exit 0
    """
    done, failed = direct_lab.play(
        [execute("app-01", script=script), execute("app-01", script="$Ansible.Failed = $true; exit 3")], HOST
    )
    vm = done.vm("app-01")
    assert (done.changed, vm["result"], vm["warning"], vm["rc"]) == (False, {"reboot": True}, ["careful"], 0)
    assert [(error["id"].split(",")[0], error["terminating"]) for error in vm["error"]] == [
        ("My.Id", False), ("PathNotFound", False),
    ]  # fmt: skip
    vm = failed.vm("app-01")
    assert (vm["rc"], vm["reason"], vm["msg"]) == (3, "script", "the script set $Ansible.Failed")


def test_exit_with_conditions(direct_lab: DirectLab) -> None:
    """What unless has written before its exit decides; its code does not."""
    there = {"script": "exit 3", "creates": "C:\\Temp\\there.txt"}
    says_so = {"script": "exit 3", "unless": "if (Test-Path C:\\Temp) { $true; exit 1 }; $false"}
    says_nothing = {"script": "exit 3", "unless": "exit 0"}
    says_no = {"script": "'ran'", "unless": "& { 'first'; $false; exit 5 }"}
    first, second, third, fourth = direct_lab.play(
        [execute("app-01", **options) for options in (there, says_so, says_nothing, says_no)], HOST
    )
    for step in (first, second):
        vm = step.vm("app-01")
        assert (vm["skipped"], vm["rc"], vm["failed"], vm["changed"]) == (True, None, False, False)
    assert (third.vm("app-01")["skipped"], third.vm("app-01")["rc"]) == (False, 3)
    vm = fourth.vm("app-01")
    assert (vm["skipped"], vm["rc"], vm["output"]) == (False, None, ["ran"]), "no code is left over from unless"


def test_exit_in_check_mode(direct_lab: DirectLab) -> None:
    supported = """
        [CmdletBinding(SupportsShouldProcess)]
        param ()
        New-Item -Path C:\\exit-made -ItemType Directory | Out-Null
        if ($Ansible.CheckMode) { 'would'; exit 0 }
        exit 3
    """
    predicted, asked, real = direct_lab.play(
        [
            execute("app-01", script=supported, check=True),
            execute("app-01", script="exit 3", unless="$false; exit 1", check=True),
            execute("app-01", script=supported),
        ],
        HOST,
    )
    vm = predicted.vm("app-01")
    assert (vm["rc"], vm["output"], vm["failed"], predicted.changed) == (0, ["would"], False, True)
    vm = asked.vm("app-01")
    assert (vm["rc"], vm["failed"], vm["skipped"], asked.changed) == (None, False, True, True)
    assert vm["msg"] == "it would have run if not in check mode"
    vm = real.vm("app-01")
    assert (vm["rc"], vm["reason"]) == (3, "exit_code")
    assert direct_lab.admin.file(HOST, "C:\\exit-made", vm="app-01")["exists"] is True


def test_one_of_several_guests_exits(direct_lab: DirectLab) -> None:
    """Each in its session, two at a time: the others are done, and every session is closed."""
    script = """
        param ($Sad)
        if ((hostname) -eq $Sad) { Set-Content -LiteralPath C:\\exited.txt -Value sad; exit 42 }
        Set-Content -LiteralPath C:\\exited.txt -Value fine
        hostname
    """
    names = [f"app-{n:02d}" for n in range(1, 6)]
    computers = {name: direct_lab.admin.guest(HOST, name)["computer_name"] for name in names}
    task = execute(*names, script=script, parameters={"Sad": computers["app-03"]}, throttle=2)
    (step,) = direct_lab.play([task], HOST)
    assert {vm["name"]: vm["rc"] for vm in step.result["vms"] if vm["failed"]} == {"app-03": 42}
    assert step.msg.startswith("Failed for 1 of 5 virtual machines: 'app-03' (")
    assert step.msg.endswith("): the script ended with exit 42")
    assert step.result["summary"] == {"vms": 5, "changed": 5, "skipped": 0, "failed": 1, "unmatched": 0}
    for name in names:
        written = direct_lab.admin.read_file(HOST, "C:\\exited.txt", vm=name).strip()
        assert written == (b"sad" if name == "app-03" else b"fine")
        assert direct_lab.admin.guest(HOST, name)["sessions"] == 0


def test_exit_of_scripts_of_the_guest_is_theirs(direct_lab: DirectLab) -> None:
    """A script file ends at its exit, and what called it goes on; as a command, its code is that of the command."""
    direct_lab.admin.write_files(HOST, {"C:\\Temp\\leave.ps1": "'file'; exit 12; 'never'"}, vm="app-01")
    called, command = direct_lab.play(
        [
            execute("app-01", script='& C:\\Temp\\leave.ps1; "then $LASTEXITCODE"'),
            execute("app-01", command=["C:\\Temp\\leave.ps1"]),
        ],
        HOST,
    )
    vm = called.vm("app-01")
    assert (vm["rc"], vm["failed"], vm["output"]) == (12, False, ["file", "then 12"])
    vm = command.vm("app-01")
    assert (vm["rc"], vm["reason"], vm["output"]) == (12, "exit_code", ["file"])


@pytest.mark.parametrize("word", ["break", "continue"])
def test_break_outside_of_a_loop_ends_the_script(direct_lab: DirectLab, word: str) -> None:
    (step,) = direct_lab.play([execute("app-01", script=f"cmd /c exit 2; 'one'; {word}; 'two'")], HOST)
    vm = step.vm("app-01")
    assert (vm["rc"], vm["failed"], vm["output"]) == (2, False, ["one"]), "the code is a program's"


def test_a_script_that_ends_its_process_loses_its_session(direct_lab: DirectLab) -> None:
    """And nothing of it is claimed to be known, but what had arrived."""
    script = "'begun'; if ((hostname) -like '*01') { [Environment]::Exit(3) }; 'done'"
    ended, next_one = direct_lab.play(
        [execute("app-01", "app-02", script=script), execute("app-01", script="1")],
        HOST,
    )
    outputs = {vm["name"]: vm["output"] for vm in ended.result["vms"]}
    assert outputs == {"app-01": ["begun"], "app-02": ["begun", "done"]}
    vm = ended.vm("app-01")
    assert (vm["reason"], vm["rc"], vm["changed"], vm["end"]) == ("session_ended", None, True, None)
    assert next_one.vm("app-01")["output"] == [1]


def test_what_could_not_begin_has_failed(direct_lab: DirectLab) -> None:
    """A script that is none, parameters that do not fit, a program that is not there: nothing ran, nor looks as if."""
    parse, value, name, program, place = direct_lab.play(
        [
            execute("app-01", script="'one'; function {"),
            execute("app-01", script="[CmdletBinding()] param ([int] $Number) $Number", parameters={"Number": "many"}),
            execute("app-01", script="[CmdletBinding()] param ($A) 'ran'", parameters={"B": 1}),
            execute("app-01", command=["no-such-program.exe", "x"]),
            execute("app-01", script="'ran'", working_directory="C:\\no-such-directory"),
        ],
        HOST,
    )
    ids = {
        "parse": (parse, "MissingNameAfterKeyword"),
        "value": (value, "ParameterArgumentTransformationError"),
        "name": (name, "NamedParameterNotFound"),
        "program": (program, "CommandNotFoundException"),
        "place": (place, "PathNotFound"),
    }
    for case, (step, error_id) in ids.items():
        vm = step.vm("app-01")
        (error,) = vm["error"]
        assert error["terminating"] is True, case
        assert (vm["failed"], vm["reason"], vm["output"], vm["rc"]) == (True, "script", [], None), case
        place_missing = "working_directory: nothing was run, because of an error"
        told = place_missing if case == "place" else "the script ended with an error"
        assert vm["msg"] == f"{told}: {error['message']}", case
        assert error["id"].split(",")[0] == error_id, case
    assert [step.changed for step in (parse, program, place)] == [False, False, False]


def test_a_script_that_asks_gets_no_answer_and_costs_no_result(direct_lab: DirectLab) -> None:
    """A mandatory parameter that is missing is a question to the host, and blocks the job until the host refuses it."""
    script = """
        [CmdletBinding()]
        param ([Parameter(Mandatory = $true)] $Wanted)
        'ran'
    """
    asks, answers = direct_lab.play(
        [execute("app-01", script=script, timeout=60), execute("app-01", script="'still here'")], HOST
    )
    vm = asks.vm("app-01")
    (error,) = vm["error"]
    assert error["id"].split(",")[0] == "MissingMandatoryParameter"
    assert (vm["failed"], vm["reason"], vm["output"]) == (True, "script", [])
    assert answers.vm("app-01")["output"] == ["still here"]


def test_what_cannot_become_data_is_an_error_among_the_output(direct_lab: DirectLab) -> None:
    """An object whose text cannot be had does not end the script, nor make it fail."""
    script = """
        'before'
        $thing = New-Object -TypeName psobject
        Add-Member -InputObject $thing -MemberType ScriptMethod -Name ToString -Value { throw 'no text' } -Force
        , @($thing)
        'after'
    """
    (step,) = direct_lab.play([execute("app-01", script=script, depth=1)], HOST)
    vm = step.vm("app-01")
    assert (vm["failed"], vm["output"]) == (False, ["before", "after"])
    (error,) = vm["error"]
    assert (error["id"], error["terminating"]) == ("ScriptMethodRuntimeException,ConvertTo-PlainData", False)

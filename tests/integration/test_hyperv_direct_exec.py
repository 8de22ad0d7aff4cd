# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_direct_exec over WinRM: what scripts and commands in guests return, how they fail, and that nothing leaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from direct_lab import DirectLab
from lab_harness import Lab, Step

HOST = "EXEC"
MODULE = "hyperv.integration.hyperv_direct_exec"
CANARY = "CaNaRy-4711"


def execute(*names: str, check: bool = False, **options: Any) -> dict[str, Any]:
    """A task with hyperv_direct_exec on some virtual machines."""
    account = {"guest_username": "Administrator", "guest_password": "Guest-Only-1"}
    return {MODULE: {"name": list(names), **account, **options}, "check_mode": check}


def _reasons(step: Step) -> dict[str, str]:
    return {vm["name"]: vm["reason"] for vm in step.result["vms"]}


# -- scripts


def test_what_a_script_writes_comes_back_stream_by_stream(direct_lab: DirectLab) -> None:
    script = """
        param ([int] $Number, [object[]] $List, [hashtable] $Table, [bool] $Flag)
        $Number + 1
        $List.Count
        $Table.inner.deep
        $Flag
        'text'
        $when = [datetime]'2024-01-02T03:04:05'
        [pscustomobject]@{ When = $when; Day = [DayOfWeek]::Friday; Deep = @{ a = @{ b = 1 } } }
        Write-Warning 'careful'
        Write-Host 'seen'
        Write-Error 'bad' -ErrorId My.Id -Category PermissionDenied
        "$env:GREETING from $((Get-Location).Path)"
        $Ansible.Result = @{ answer = 42 }
        $Ansible.Changed = $false
    """
    parameters = {"Number": 41, "List": [1, "two"], "Table": {"inner": {"deep": "x"}}, "Flag": True}
    (step,) = direct_lab.play(
        [
            execute(
                "app-01", script=script, parameters=parameters, environment={"GREETING": "hello"},
                working_directory="%SystemRoot%",
            )
        ],
        HOST,
    )  # fmt: skip
    assert (step.failed, step.changed) == (False, False)
    vm = step.vm("app-01")
    assert vm["output"] == [
        42, 2, "x", True, "text",
        {"When": "2024-01-02T03:04:05.0000000", "Day": "Friday", "Deep": {"a": "System.Collections.Hashtable"}},
        "hello from C:\\Windows",
    ]  # fmt: skip
    assert vm["stdout_lines"] == ["x", "text", "hello from C:\\Windows"]
    assert vm["stdout"] == "\n".join(vm["stdout_lines"])
    assert (vm["warning"], vm["information"], vm["verbose"], vm["debug"]) == (["careful"], ["seen"], [], [])
    (error,) = vm["error"]
    assert (error["message"], error["id"], error["category"], error["terminating"]) == (
        "bad", "My.Id", "PermissionDenied", False,
    )  # fmt: skip
    assert set(error) == {
        "message", "id", "category", "exception", "target", "script_stack_trace", "terminating"
    }, "and no PSComputerName"  # fmt: skip
    assert (vm["result"], vm["rc"], vm["left_running"]) == ({"answer": 42}, None, None)
    assert vm["start"] <= vm["end"]


def test_how_scripts_fail(direct_lab: DirectLab) -> None:
    stop, throw, chosen, goes_on, unknown, ends = direct_lab.play(
        [
            execute("app-01", script="Write-Error 'bad'; 'after'", error_action="stop"),
            execute("app-01", script="'before'; throw 'boom'"),
            execute("app-01", script="$Ansible.Failed = $true; $Ansible.Changed = $false"),
            execute("app-01", script="Get-Item C:\\missing; 'after'"),
            execute("app-01", script="Get-Something"),
            execute("app-01", script="'one'; exit 3; 'two'"),
        ],
        HOST,
    )
    assert [step.failed for step in (stop, throw, chosen, goes_on, unknown, ends)] == [
        True, True, True, False, False, True
    ]  # fmt: skip
    assert (stop.vm("app-01")["output"], stop.vm("app-01")["reason"]) == ([], "script")
    vm = throw.vm("app-01")
    assert (vm["msg"], vm["output"], vm["changed"]) == ("the script ended with an error: boom", ["before"], True)
    assert vm["error"][0]["terminating"] is True
    assert (chosen.vm("app-01")["msg"], chosen.changed) == ("the script set $Ansible.Failed", False)
    vm = goes_on.vm("app-01")
    assert vm["output"] == ["after"]
    assert (vm["error"][0]["id"], vm["error"][0]["category"]) == (
        "PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand", "ObjectNotFound",
    )  # fmt: skip
    assert unknown.vm("app-01")["error"][0]["id"] == "CommandNotFoundException"
    assert (ends.vm("app-01")["output"], ends.vm("app-01")["rc"]) == (["one"], 3)


# -- commands


def test_commands_have_an_exit_code_and_exact_arguments(direct_lab: DirectLab) -> None:
    code, report = direct_lab.play(
        [
            execute("app-01", command=["cmd", "/c", "exit 5"]),
            execute("app-01", command=["C:\\Tools\\report.exe", "two words", ""]),
        ],
        HOST,
    )
    vm = code.vm("app-01")
    assert (vm["rc"], vm["failed"], vm["reason"]) == (5, True, "exit_code")
    assert vm["msg"] == "the command ended with the exit code 5"
    vm = report.vm("app-01")
    assert (vm["rc"], vm["stdout_lines"], vm["stderr_lines"], vm["error"]) == (
        3, ["line 1", "line 2"], ["beware"], []
    )  # fmt: skip


# -- creates, removes, unless, check mode


def test_conditions_are_looked_at_in_the_guest(direct_lab: DirectLab) -> None:
    there, missing = "C:\\Temp\\there.txt", "%SystemDrive%\\Temp\\missing.txt"
    write = {"script": "Set-Content -LiteralPath C:\\Temp\\ran.txt -Value ran"}
    cases = [
        ({"creates": there}, "skipped, creates: 'C:\\Temp\\there.txt' exists"),
        ({"removes": missing}, "skipped, removes: 'C:\\Temp\\missing.txt' does not exist"),
        ({"unless": "Test-Path C:\\Temp"}, "skipped, unless: its script says so"),
        ({"creates": missing, "removes": there, "unless": "$false"}, ""),
    ]
    steps = direct_lab.play([execute("app-01", check=True, **write, **cases[-1][0])], HOST)
    assert (steps[0].changed, steps[0].vm("app-01")["skipped"]) == (True, True)
    assert direct_lab.admin.file(HOST, "C:\\Temp\\ran.txt", vm="app-01")["exists"] is False, "check mode does nothing"
    steps = direct_lab.play([execute("app-01", **write, **options) for options, _text in cases], HOST)
    for step, (_options, text) in zip(steps, cases, strict=True):
        assert step.vm("app-01")["msg"] == text
        assert step.changed is (text == "")
    assert direct_lab.admin.read_file(HOST, "C:\\Temp\\ran.txt", vm="app-01").strip() == b"ran"


def test_check_mode_runs_what_supports_it_and_nothing_else(direct_lab: DirectLab) -> None:
    supported = """
        [CmdletBinding(SupportsShouldProcess)]
        param ()
        New-Item -Path C:\\made -ItemType Directory
        $Ansible.CheckMode
    """
    skipped, ran, real = direct_lab.play(
        [
            execute("app-01", script="New-Item -Path C:\\made -ItemType Directory", check=True),
            execute("app-01", script=supported, check=True),
            execute("app-01", script=supported),
        ],
        HOST,
    )
    assert (skipped.changed, skipped.vm("app-01")["skipped"]) == (False, True)
    assert skipped.cmdlets == {"Get-VM": 1}, "not even a session"
    assert (ran.vm("app-01")["output"], ran.changed) == ([True], True)
    assert real.vm("app-01")["output"][-1] is False
    assert direct_lab.admin.file(HOST, "C:\\made", vm="app-01")["exists"] is True


# -- what goes wrong between host and guest


def test_three_of_ten_refuse_the_password_and_the_others_are_done(direct_lab: DirectLab) -> None:
    script = "Set-Content -LiteralPath C:\\ran.txt -Value ran; hostname"
    task = {MODULE: {"name_pattern": ["app-*", "strange-*"], "guest_username": "Administrator", "script": script}}
    task[MODULE]["guest_password"] = "Guest-Only-1"
    (step,) = direct_lab.play([task], HOST)
    assert step.result["summary"] == {"vms": 10, "changed": 7, "skipped": 0, "failed": 3, "unmatched": 0}
    done = [vm["name"] for vm in step.result["vms"] if not vm["failed"]]
    assert done == [f"app-{n:02d}" for n in range(1, 8)]
    for vm in step.result["vms"]:
        assert direct_lab.admin.file(HOST, "C:\\ran.txt", vm=vm["name"])["exists"] is not vm["failed"]
    assert {vm["reason"] for vm in step.result["vms"] if vm["failed"]} == {"credential"}
    assert step.msg.startswith("Failed for 3 of 10 virtual machines: 'strange-01' (")
    assert "Guest-Only-1" not in str(step.result)


def test_each_way_not_to_get_in_has_its_reason_and_remedy(direct_lab: DirectLab) -> None:
    names = ["linux", "ancient", "booting", "closed", "saved", "app-01"]
    (step,) = direct_lab.play([execute(*names, script="1", guest_password="Lab-Only-1")], HOST)
    assert _reasons(step) == {
        "linux": "no_answer", "ancient": "no_answer", "booting": "no_answer", "closed": "no_answer",
        "saved": "not_running", "app-01": "credential",
    }  # fmt: skip
    assert step.vm("saved")["msg"].startswith("it is saved, and PowerShell Direct needs a running virtual machine.")
    assert "Its heartbeat is no_contact: the guest has not booted, hangs, or has no " in step.vm("booting")["msg"]
    for name in ("linux", "ancient", "closed"):
        assert "the guest has booted: it is no Windows of that kind, or vmicvmsession is" in step.vm(name)["msg"]
    assert step.cmdlets["Get-VMIntegrationService"] == 1, "asked once for all that were silent"


def test_a_session_configuration_that_the_guest_lacks_is_named(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([execute("app-01", script="1", configuration_name="Deploy")], HOST)
    assert _reasons(step) == {"app-01": "no_answer"}
    assert step.vm("app-01")["msg"].endswith(
        " Its heartbeat is ok, so the guest has booted: it has no session configuration 'Deploy', is no Windows of "
        "that kind, or vmicvmsession is disabled in it."
    )


def test_errors_before_the_script_are_told_from_those_in_it(direct_lab: DirectLab) -> None:
    place, unless, syntax, script = direct_lab.play(
        [
            execute("app-01", script="1", working_directory="C:\\missing"),
            execute("app-01", script="1", unless="throw 'no answer'"),
            execute("app-01", script="1", unless="if ("),
            execute("app-01", script="throw 'boom'", unless="$false"),
        ],
        HOST,
    )
    told = "nothing was run, because of an error: "
    assert place.vm("app-01")["msg"].startswith(f"working_directory: {told}Cannot find path 'C:\\missing'")
    assert unless.vm("app-01")["msg"] == f"unless: {told}no answer"
    assert syntax.vm("app-01")["msg"].startswith(f"unless: {told}At line:1 char:5")
    assert [step.changed for step in (place, unless, syntax)] == [False, False, False]
    assert (script.vm("app-01")["msg"], script.changed) == ("the script ended with an error: boom", True)


def test_only_opening_a_session_is_tried_again(direct_lab: DirectLab) -> None:
    direct_lab.admin.change_vm(HOST, "app-02", booted=False)
    again, lost = direct_lab.play(
        [
            execute("app-02", script="1", retries=2, retry_delay=3),
            execute("app-01", command=["C:\\Tools\\update.exe"], retries=5),
        ],
        HOST,
    )
    assert again.cmdlets["New-PSSession"] == 3
    assert lost.cmdlets["New-PSSession"] == 1
    vm = lost.vm("app-01")
    assert (vm["reason"], vm["changed"]) == ("session_ended", True)
    assert "The script was not run again, as nobody knows how far it got." in vm["msg"]


def test_a_timeout_ends_the_wait_and_says_what_is_left_running(direct_lab: DirectLab) -> None:
    sleep, hang = direct_lab.play(
        [
            execute("app-01", "app-02", script="'begun'; Start-Sleep -Seconds 500; 'done'", timeout=60),
            execute("app-03", command=["C:\\Tools\\hang.exe"], timeout=60),
        ],
        HOST,
    )
    assert _reasons(sleep) == {"app-01": "timeout", "app-02": "timeout"}
    vm = sleep.vm("app-01")
    assert (vm["output"], vm["changed"], vm["end"]) == (["begun"], True, None)
    process = vm["left_running"]["process_id"]
    assert vm["msg"] == (
        f"it did not end within 60 seconds. What it started is left running (process {process} in the guest); output "
        "and errors up to then are in the result"
    )
    assert _reasons(hang) == {"app-03": "timeout"}


# -- secrets


def test_no_secret_is_seen_anywhere(lab: Lab, tmp_path: Path) -> None:
    """Not at -vvvvv, not when it fails, not in files or registry of host and guest, not in the log of hvsim."""
    leaky = """
        param ([securestring] $Token, [pscredential] $Account)
        $plain = [System.Net.NetworkCredential]::new('', $Token).Password
        $plain
        @{ deep = @("x $plain x") }
        Write-Warning $plain
        Write-Error $plain
        $Ansible.Result = $Account.GetNetworkCredential().Password
        throw $plain
    """
    secrets = [
        {"name": "Token", "value": CANARY},
        {"name": "Account", "username": "join", "password": f"{CANARY}-2"},
    ]
    tasks = [
        {**execute("app-01", script=leaky, sensitive_parameters=secrets), "ignore_errors": True},
        {**execute("strange-01", script="1", guest_password=CANARY, retries=1), "ignore_errors": True},
        {
            **execute("app-01", script="param ($Token)", sensitive_parameters=[secrets[0], secrets[0]]),
            "ignore_errors": True,
        },
    ]
    steps = lab.playbook([{"hosts": HOST, "gather_facts": False, "tasks": tasks}], verbosity=5)
    assert [step.failed for step in steps] == [True, True, True]
    assert steps[0].vm("app-01")["output"] == ["********", {"deep": ["x ******** x"]}]
    assert steps[0].vm("app-01")["result"] == "********"
    assert "ESTABLISH WINRM CONNECTION" in lab.printed, "it was verbose"
    assert CANARY not in lab.printed
    assert CANARY not in str([step.result for step in steps])
    assert lab.admin.search(HOST, CANARY) == []
    assert lab.admin.search(HOST, CANARY, vm="app-01") == []
    assert CANARY not in (lab.directory / "hvsim.log").read_text(encoding="utf-8")


# -- scripts of the controller, options


def test_a_script_of_the_controller_is_run_and_not_shown(lab: Lab) -> None:
    path = lab.directory / "controller script.ps1"
    path.write_text('\ufeffparam ($Name)\r\n"hello $Name, ü"  # only-in-the-file\r\n', encoding="utf-8")
    tasks = [
        execute("app-01", script_path=str(path), parameters={"Name": "guest"}),
        execute("app-01", script_path="missing.ps1"),
        execute("app-01", script_path=str(path), script="1"),
    ]
    tasks = [{**task, "ignore_errors": True} for task in tasks]
    found, missing, both = lab.playbook([{"hosts": HOST, "gather_facts": False, "tasks": tasks}], verbosity=5)
    assert found.vm("app-01")["output"] == ["hello guest, ü"]
    assert "only-in-the-file" not in str(found.result)
    assert "only-in-the-file" not in lab.printed
    assert "ESTABLISH WINRM CONNECTION" in lab.printed, "it was verbose"
    assert missing.failed
    assert missing.msg.startswith("script_path 'missing.ps1' cannot be read on the controller as UTF-8 text: ")
    assert both.msg == "parameters are mutually exclusive: command, script, script_path"


REFUSED = [
    ({}, "one of the following is required: command, script, script_path"),
    ({"command": ["hostname"], "parameters": {"a": 1}}, "parameters are mutually exclusive: command, parameters"),
    ({"command": []}, "command names no program."),
    ({"script": " \n"}, "The script is empty: there is nothing to run."),
    ({"script": "1", "throttle": 0}, "throttle must be 1 or more."),
    ({"script": "1", "guest_username": ""}, "guest_username is missing: a guest lets nobody in without an account of "),
    (
        {"script": "1", "parameters": {"a": 1}, "sensitive_parameters": [{"name": "A", "value": "x"}]},
        "The parameter 'A' is given more than once in parameters and sensitive_parameters.",
    ),
]


def test_refused(direct_lab: DirectLab) -> None:
    steps = direct_lab.play([execute("app-01", **options) for options, _message in REFUSED], HOST)
    for step, (_options, message) in zip(steps, REFUSED, strict=True):
        assert step.failed
        assert step.msg.startswith(message)
        assert step.cmdlets == {}, "refused before anything is read"

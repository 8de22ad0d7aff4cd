# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests that let nobody in, or nobody out again: what is said, what to do, and that the others are done.

What happened inside the guests is read through the admin endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from direct_lab import DirectLab
from lab_harness import Step

PREFIX = "hyperv.integration."
PASSWORD = "Guest-Only-1"
LAB = f"""
version: 1
defaults:
  host:
    users:
      - {{name: Administrator, password: Lab-Only-1, groups: [administrators]}}
      - {{name: helpdesk, password: Lab-Only-3, groups: [users]}}
    behaviour: {{not_permitted: empty}}
hosts:
  - name: STRICT
    language: de-DE
    registry: {{'HKLM\\SOFTWARE\\Microsoft\\PowerShell': {{RequirePsDirectAuthentication: 1}}}}
    vms: &guests
      - name: older
        guest:
          os: windows
          direct_protocol: older
          users: &accounts [{{name: Administrator, password: {PASSWORD}, administrator: true}}]
      - name: newer
        guest: {{os: windows, users: *accounts}}
  - name: LENIENT
    registry: {{'HKLM\\SOFTWARE\\Microsoft\\PowerShell': {{RequirePsDirectAuthentication: 0}}}}
    vms: *guests
  - name: PS7
    powershell: "7"
    behaviour: {{direct_from_powershell7: needs_endpoint, not_permitted: empty}}
    vms:
      - name: plain
        guest: {{os: windows, users: *accounts}}
      - name: with-7
        guest: {{os: windows, users: *accounts, configurations: [PowerShell.7]}}
  - name: JEA
    vms:
      - name: small
        guest: {{os: windows, users: *accounts, configurations: [{{name: Maintenance, language_mode: NoLanguage}}]}}
      - name: large
        guest: {{os: windows, users: *accounts, configurations: [{{name: Maintenance, language_mode: FullLanguage}}]}}
  - name: MANY
    vms:
      - name: "app-{{n:02d}}"
        count: 7
        guest:
          os: windows
          users: *accounts
          executables: [{{path: 'C:\\Tools\\stuck.exe', stdout: "begun", hangs: true}}]
        services: {{vss: {{enabled: true, guest: disabled}}}}
      - name: silent
        guest: {{os: windows, powershell_direct: disabled}}
      - name: slow
        guest: {{os: windows, users: *accounts, boot_seconds: 20, logon_seconds: 10}}
      - name: "strange-{{n:02d}}"
        count: 3
        guest: {{os: windows, users: [{{name: Administrator, password: Other-Only-1, administrator: true}}]}}
        services: {{vss: {{enabled: true, guest: disabled}}}}
"""
VSS = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\vmicvss"
NAMES = ["app-01", "app-02", "app-03", "app-04", "app-05", "app-06", "app-07"]


@pytest.fixture(scope="module")
def running_direct_lab() -> Iterator[DirectLab]:
    with closing(DirectLab(LAB)) as lab:
        yield lab


def execute(*names: str, **options: Any) -> dict[str, Any]:
    account = {"guest_username": "Administrator", "guest_password": PASSWORD}
    return {f"{PREFIX}hyperv_direct_exec": {"name": list(names), **account, **options}}


def service(*names: str, **options: Any) -> dict[str, Any]:
    account = {"guest_username": "Administrator", "guest_password": PASSWORD}
    services = {"vss": {"start_mode": "manual", "state": "started"}}
    task = {"vm_name": list(names), "services": services, **account, **options}
    return {f"{PREFIX}hyperv_guest_service": task}


def reasons(step: Step) -> dict[str, str]:
    return {vm["name"]: vm["reason"] for vm in step.result["vms"] if vm["failed"]}


def vss_start(direct_lab: DirectLab, name: str) -> int:
    values = direct_lab.admin.registry("MANY", VSS, vm=name)
    assert values is not None
    return int(values["Start"])


# -- the handshake, and hosts that run PowerShell 7


@pytest.mark.parametrize("task", [execute, service])
def test_an_older_guest_is_refused_where_the_host_requires_the_handshake(direct_lab: DirectLab, task: Any) -> None:
    """Its error has the type of a wrong password: what tells them apart is the policy of the host."""
    options = {"script": "Set-Content C:\\ran.txt 1"} if task is execute else {}
    (step,) = direct_lab.play([task("older", "newer", **options)], "STRICT")
    assert reasons(step) == {"older": "credential"}
    message = step.vm("older")["msg"]
    assert "RequirePsDirectAuthentication in HKLM\\SOFTWARE\\Microsoft\\PowerShell" in message
    assert (
        "refuses guests without the updates for it in the same way, whatever the password: update the guest." in message
    )
    assert "Negotiating a secure connection to Hyper-V failed." in message
    assert (step.vm("newer")["failed"], step.vm("newer")["changed"]) == (False, task is execute)
    for name in ("older", "newer"):
        if task is execute:
            assert direct_lab.admin.file("STRICT", "C:\\ran.txt", vm=name)["exists"] is (name == "newer")
        assert direct_lab.admin.guest("STRICT", name)["sessions"] == 0


def test_without_the_policy_the_older_guest_is_entered_and_a_refusal_is_about_the_password(
    direct_lab: DirectLab,
) -> None:
    entered, refused = direct_lab.play(
        [execute("older", script="'in'"), execute("older", script="'in'", guest_password="wrong")], "LENIENT"
    )
    assert entered.vm("older")["output"] == ["in"]
    assert reasons(refused) == {"older": "credential"}
    assert "RequirePsDirectAuthentication" not in refused.msg


def test_a_powershell_7_host_needs_an_endpoint_in_the_guest(direct_lab: DirectLab) -> None:
    default, named = direct_lab.play(
        [
            execute("plain", "with-7", script="'in'"),
            execute("plain", "with-7", script="'in'", configuration_name="Microsoft.PowerShell"),
        ],
        "PS7",
    )
    assert reasons(default) == {"plain": "no_answer"}
    assert "A PowerShell 7 host may need configuration_name Microsoft.PowerShell." in default.vm("plain")["msg"]
    assert default.vm("with-7")["output"] == ["in"]
    assert [vm["output"] for vm in named.result["vms"]] == [["in"], ["in"]]


# -- session configurations that take no scripts


TAKES_NONE = (
    "the session configuration of the guest does not allow the full language of PowerShell, as those of Just Enough "
    "Administration usually do not. Scripts run in the guest, and nothing can be done there without them: "
    "configuration_name must name a configuration whose LanguageMode is FullLanguage, or be left out for the default "
    "one. The host reported: The syntax is not supported by this runspace. This can occur if the runspace is in "
    "no-language mode."
)


@pytest.mark.parametrize(
    "options", [{"script": "Set-Content C:\\ran.txt 1"}, {"command": ["Set-Content", "C:\\ran.txt", "1"]}]
)
def test_a_configuration_without_language_is_refused_and_the_others_are_done(
    direct_lab: DirectLab, options: Any
) -> None:
    refused, default = direct_lab.play(
        [execute("small", "large", configuration_name="Maintenance", **options), execute("small", script="'in'")], "JEA"
    )
    assert reasons(refused) == {"small": "configuration"}
    vm = refused.vm("small")
    assert vm["msg"] == TAKES_NONE
    assert (vm["changed"], vm["rc"], vm["start"], vm["output"]) == (False, None, None, [])
    assert refused.vm("large")["changed"] is True
    assert direct_lab.admin.file("JEA", "C:\\ran.txt", vm="small")["exists"] is False
    assert direct_lab.admin.guest("JEA", "small")["sessions"] == 0
    assert default.vm("small")["output"] == ["in"]


def test_the_other_modules_refuse_it_too(direct_lab: DirectLab) -> None:
    jea = {"configuration_name": "Maintenance"}
    account = {"guest_username": "Administrator", "guest_password": PASSWORD}
    copy = {"src": "C:\\a.txt", "remote_src": True, "dest": "C:\\b.txt", "transport": "powershell_direct"}
    direct_lab.admin.write_files("JEA", {"C:\\a.txt": "a"})
    services, copied, info, ready = direct_lab.play(
        [
            service("small", "large", **jea),
            {f"{PREFIX}hyperv_copy_vmfile": {"name": ["small", "large"], **account, **jea, **copy}},
            {f"{PREFIX}hyperv_ics_info": {"name": ["small", "large"], "guest": True, **account, **jea}},
            {
                f"{PREFIX}hyperv_wait": {
                    "name": ["small", "large"], **account, **jea, "timeout": 30,
                    "conditions": ["powershell_direct"],
                }
            },
        ],
        "JEA",
    )  # fmt: skip
    assert (reasons(services), services.vm("small")["msg"]) == ({"small": "configuration"}, TAKES_NONE)
    assert [vm["name"] for vm in copied.result["vms"] if vm["failed"]] == ["small"]
    assert copied.vm("small")["msg"] == TAKES_NONE
    assert direct_lab.admin.file("JEA", "C:\\b.txt", vm="large")["exists"] is True
    assert (info.vm("small")["guest"]["reason"], info.vm("large")["guest"]["reason"]) == ("configuration", "")
    assert not ready.failed, "it lets the account in"


# -- trying again


def test_a_refused_logon_is_not_tried_again_unless_asked_for(direct_lab: DirectLab) -> None:
    """Each try with a wrong password brings an account nearer to being locked; retries is about silence."""
    once, thrice, silent = direct_lab.play(
        [
            execute("strange-01", script="1", retries=5),
            execute("strange-01", script="1", retries=5, logon_retries=2, retry_delay=0),
            execute("silent", script="1", logon_retries=5),
        ],
        "MANY",
    )
    assert [step.cmdlets["New-PSSession"] for step in (once, thrice, silent)] == [1, 3, 1]
    assert [next(iter(reasons(step).values())) for step in (once, thrice, silent)] == [
        "credential", "credential", "no_answer",
    ]  # fmt: skip


@pytest.mark.parametrize("task", [execute, service])
def test_a_guest_that_boots_is_waited_for_with_longer_and_longer_pauses(direct_lab: DirectLab, task: Any) -> None:
    """Silent for 20 seconds, refusing logons for 10 more: tried after 0, 4, 12, 28 and 60 seconds."""
    options = {"script": "hostname"} if task is execute else {}
    direct_lab.admin.add_fault("MANY", command="New-PSSession", vm="slow", error="reboot_guest", times=1)
    begin = direct_lab.admin.state("MANY")["host"]["clock"]
    (step,) = direct_lab.play([task("slow", retries=3, logon_retries=1, retry_delay=4, **options)], "MANY")
    assert reasons(step) == {}
    assert step.cmdlets["New-PSSession"] == 5
    seconds = (
        datetime.fromisoformat(direct_lab.admin.state("MANY")["host"]["clock"]) - datetime.fromisoformat(begin)
    ).total_seconds()
    assert 60 <= seconds < 70


# -- what changes between the look at the host and the way into the guest


@pytest.mark.parametrize(
    ("fault", "reason", "said"),
    [
        (
            "vanish",
            "not_found",
            "the host does not resolve its id to one virtual machine. It was deleted or moved meanwhile",
        ),
        ("turn_off_guest", "not_running", "it is not running. Start it first."),
        ("hang_guest", "no_answer", "PowerShell Direct got no answer or lost the session."),
    ],
)
def test_a_virtual_machine_that_changes_meanwhile(direct_lab: DirectLab, fault: str, reason: str, said: str) -> None:
    direct_lab.admin.add_fault("MANY", command="New-PSSession", vm="app-02", error=fault)
    (step,) = direct_lab.play([execute("app-01", "app-02", "app-03", script="hostname")], "MANY")
    assert reasons(step) == {"app-02": reason}
    assert step.vm("app-02")["msg"].startswith(said)
    assert (step.vm("app-02")["changed"], step.vm("app-02")["start"]) == (False, None)
    assert step.result["summary"] == {"vms": 3, "changed": 2, "skipped": 0, "failed": 1, "unmatched": 0}


def test_an_account_that_may_not_manage_hyper_v_finds_no_virtual_machine(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([execute("app-01", script="1")], "MANY-helpdesk")
    assert step.msg.startswith("No virtual machine on this host has this name or id: 'app-01'.")
    assert step.warnings == [
        "This host lists no virtual machine at all. If it has some, add the connecting account to the local group "
        "Hyper-V Administrators (S-1-5-32-578) and connect again."
    ]
    assert "New-PSSession" not in step.cmdlets


# -- guests that hang


def test_a_guest_that_hangs_ends_the_wait_and_what_it_runs_is_named(direct_lab: DirectLab) -> None:
    """The others are done; nothing waits for the guest that hangs, not even the end of its session."""
    script = "Set-Content C:\\begun.txt 1; 'begun'; Write-Warning 'careful'; C:\\Tools\\stuck.exe; 'never'"
    task = execute(
        "app-01", "app-02", "app-03", script=f"if ((hostname) -like '*02') {{ {script} }}; hostname", timeout=90
    )
    (step,) = direct_lab.play([task], "MANY")
    assert reasons(step) == {"app-02": "timeout"}
    vm = step.vm("app-02")
    assert (vm["output"][0], vm["warning"], vm["changed"], vm["end"], vm["rc"]) == (
        "begun",
        ["careful"],
        True,
        None,
        None,
    )
    assert vm["left_running"]["user"] == "Administrator"
    process = vm["left_running"]["process_id"]
    assert f"What it started is left running (process {process} in the guest)" in vm["msg"]
    assert direct_lab.admin.read_file("MANY", "C:\\begun.txt", vm="app-02").strip() == b"1"
    assert direct_lab.admin.guest("MANY", "app-03")["sessions"] == 0
    (later,) = direct_lab.play([execute("app-01", script="'still here'")], "MANY")
    assert later.vm("app-01")["output"] == ["still here"]


@pytest.mark.parametrize("task", [execute, service])
def test_a_guest_that_hangs_before_it_begins(direct_lab: DirectLab, task: Any) -> None:
    direct_lab.admin.add_fault("MANY", command="PowerShellDirect", vm="app-02", error="hang_guest")
    options = {"script": "hostname"} if task is execute else {}
    (step,) = direct_lab.play([task("app-01", "app-02", "app-03", timeout=30, **options)], "MANY")
    assert reasons(step) == {"app-02": "timeout"}
    vm = step.vm("app-02")
    assert "within 30 seconds; it hangs, or is very slow" in vm["msg"]
    assert vm["changed"] is False
    if task is execute:
        assert (vm["left_running"], vm["start"]) == (None, None)
    else:
        assert [vss_start(direct_lab, name) for name in ("app-01", "app-02", "app-03")] == [3, 4, 3]


# -- three of ten


def test_three_of_ten_refuse_the_password_and_the_services_of_the_others_are_set(direct_lab: DirectLab) -> None:
    strange = ["strange-01", "strange-02", "strange-03"]
    task = service(*NAMES, *strange, throttle=3)
    (check,) = direct_lab.play([{**task, "check_mode": True}], "MANY")
    assert [vss_start(direct_lab, name) for name in NAMES] == [4] * 7
    real, again = direct_lab.play([task, task], "MANY")
    assert real.result["summary"] == {"vms": 10, "compliant": 0, "changed": 7, "failed": 3, "unmatched": 0}
    assert check.result["vms"] == real.result["vms"]
    assert again.result["summary"] == {"vms": 10, "compliant": 7, "changed": 0, "failed": 3, "unmatched": 0}
    for step in (check, real, again):
        assert reasons(step) == dict.fromkeys(strange, "credential")
        assert step.msg.startswith("Failed for 3 of 10 virtual machines: 'strange-01' (")
        assert PASSWORD not in str(step.result)
    assert [vss_start(direct_lab, name) for name in NAMES] == [3] * 7
    assert [vss_start(direct_lab, name) for name in strange] == [4] * 3
    running = {name: direct_lab.admin.guest("MANY", name)["services"]["vmicvss"] for name in (*NAMES, *strange)}
    assert {name: found["status"] for name, found in running.items()} == {
        **dict.fromkeys(NAMES, "Running"), **dict.fromkeys(strange, "Stopped"),
    }  # fmt: skip
    assert all(direct_lab.admin.guest("MANY", name)["sessions"] == 0 for name in (*NAMES, *strange))

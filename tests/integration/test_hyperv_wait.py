# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_wait over WinRM: what is reached, what is not and why, and what a look costs. Time is that of the host."""

from __future__ import annotations

import re
from typing import Any

from direct_lab import DirectLab
from lab_harness import Step

HEARTBEAT = {"conditions": ["heartbeat"]}
GUEST = {"guest_username": "Administrator", "guest_password": "Guest-Only-1"}


def wait(*, check: bool = False, **options: Any) -> dict[str, Any]:
    """A task with hyperv_wait; ``vm_name`` stands for its option ``name``."""
    arguments = {("name" if key == "vm_name" else key): value for key, value in options.items()}
    return {"name": "hyperv_wait", "hyperv.integration.hyperv_wait": arguments, "check_mode": check}


def _conditions(step: Step, name: str) -> list[tuple[Any, ...]]:
    return [tuple(item[key] for key in ("condition", "name", "met", "actual")) for item in step.vm(name)["conditions"]]


# -- reached, not reached


def test_what_is_there_already_costs_one_look(direct_lab: DirectLab) -> None:
    task = wait(vm_name=["WEB01", "web02"], conditions=["heartbeat"], services=["shutdown", "vss"])
    (step,) = direct_lab.play([task])
    assert (step.failed, step.changed, step.result["polls"]) == (False, False, 1)
    assert step.cmdlets == {"Get-VM": 1, "Get-VMIntegrationService": 1}
    assert step.lazy == {}
    assert _conditions(step, "web01") == [
        ("heartbeat", "", True, "ok"), ("service", "shutdown", True, "ok"), ("service", "vss", True, "ok"),
    ]  # fmt: skip
    assert step.result["summary"] == {"vms": 2, "reached": 2, "failed": 0, "unmatched": 0}
    assert [len(vm["progress"]) for vm in step.result["vms"]] == [3, 3]


def test_a_vm_that_does_not_get_there_fails_alone(direct_lab: DirectLab) -> None:
    direct_lab.admin.change_vm("EN1", "web02", booted=False)
    (step,) = direct_lab.play([wait(vm_name=["web01", "web02", "cold"], **HEARTBEAT, timeout=12, interval=5)])
    assert (step.failed, step.changed) == (True, False)
    assert step.vm("web01")["reached"] is True
    web02 = step.vm("web02")
    assert web02["msg"] == "not reached after 12 seconds: heartbeat (no_contact)."
    assert web02["progress"] == [
        {"elapsed": 0.0, "condition": "heartbeat", "name": "", "met": False, "actual": "no_contact"}
    ]
    assert step.vm("cold")["msg"] == "not reached after 12 seconds: heartbeat (off)."
    assert step.result["polls"] == 4, "after 0, 5, 10 and 12 seconds"
    assert step.result["summary"] == {"vms": 3, "reached": 1, "failed": 2, "unmatched": 0}
    assert step.msg.startswith("Failed for 2 of 3 virtual machines: 'cold' (")


def test_a_service_that_is_disabled_says_so(direct_lab: DirectLab) -> None:
    direct_lab.admin.change_vm("EN1", "web01", services={"vss": {"enabled": False}, "shutdown": {"guest": "stopped"}})
    (step,) = direct_lab.play([wait(vm_name=["web01"], services=["shutdown", "vss", "heartbeat"], timeout=0)])
    assert step.vm("web01")["msg"] == (
        "not reached after 0 seconds: service shutdown (lost_communication), service vss (disabled on the host)."
    )
    assert step.result["polls"] == 1


def test_off_is_reached_by_what_is_off(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([wait(vm_name=["cold", "parked"], conditions=["off"], timeout=0)])
    assert (step.vm("cold")["reached"], step.vm("parked")["reached"]) == (True, False)
    assert step.vm("parked")["msg"] == "not reached after 0 seconds: off (saved)."
    assert step.cmdlets == {"Get-VM": 1}


def test_each_vm_may_have_a_time_of_its_own(direct_lab: DirectLab) -> None:
    web02 = direct_lab.admin.vm("EN1", "web02")["id"]
    for name in ("web01", "web02", "lin01"):
        direct_lab.admin.change_vm("EN1", name, booted=False)
    (step,) = direct_lab.play(
        [
            wait(
                vm_name=["web01", "web02", "lin01"], **HEARTBEAT, timeout=10, interval=7,
                vm_timeouts={"WEB01": 20, web02.upper(): "3", "ghost": 1},
            )
        ]
    )  # fmt: skip
    assert {vm["name"]: (vm["timeout"], vm["elapsed"]) for vm in step.result["vms"]} == {
        "web01": (20, 20.0), "web02": (3, 3.0), "lin01": (10, 10.0)
    }  # fmt: skip
    assert step.warnings == ["vm_timeouts names virtual machines that are not selected: 'ghost'."]


def test_check_mode_looks_once_and_does_not_fail(direct_lab: DirectLab) -> None:
    direct_lab.admin.change_vm("EN1", "web02", booted=False)
    (step,) = direct_lab.play(
        [wait(vm_name=["web01", "web02"], conditions=["heartbeat", "powershell_direct"], **GUEST, check=True)]
    )
    assert (step.failed, step.changed, step.result["polls"]) == (False, False, 1)
    assert _conditions(step, "web01") == [("heartbeat", "", True, "ok"), ("powershell_direct", "", None, "not tried")]
    assert (step.vm("web02")["reached"], step.vm("web02")["failed"]) == (False, False)
    assert step.cmdlets == {"Get-VM": 1, "Get-VMIntegrationService": 1}


# -- guests that boot, report and let somebody in


def test_progress_of_guests_that_boot(direct_lab: DirectLab) -> None:
    """One boots in 20 seconds and lets somebody in after 10 more, the other takes 90 and never lets anybody in."""
    options = {"conditions": ["powershell_direct", "heartbeat", "ip_address"], "timeout": 120, "interval": 10, **GUEST}
    restart, step = direct_lab.play(
        [
            {"hyperv.integration.hyperv_guest_shutdown": {"name": ["fast", "late"], "state": "restarted"}},
            wait(vm_name=["fast", "late"], **options),
        ],
        "BOOT",
    )
    assert not restart.failed
    fast, late = step.vm("fast"), step.vm("late")
    assert (fast["reached"], late["reached"]) == (True, False)
    assert 30 <= fast["elapsed"] <= 50
    assert [(item["condition"], item["met"], item["actual"]) for item in fast["progress"]] == [
        ("heartbeat", False, "no_contact"), ("ip_address", False, "no address"),
        ("powershell_direct", None, "not tried"),
        ("heartbeat", True, "ok"), ("ip_address", True, fast["conditions"][1]["actual"]),
        ("powershell_direct", False, "logon refused"), ("powershell_direct", True, "ready"),
    ]  # fmt: skip
    assert re.fullmatch(r"172\.\d+\.\d+\.\d+", fast["conditions"][1]["actual"]), "no link-local one"
    assert late["conditions"][2]["actual"] == "no answer"
    assert "PowerShell Direct got no answer" in late["msg"]
    polls = step.result["polls"]
    assert (step.cmdlets["Get-VMIntegrationService"], step.counters["cim:query"]) == (polls, polls)


def test_guests_that_hang_keep_no_other_one_from_its_turn(direct_lab: DirectLab) -> None:
    """Two logons at a time, and the first two never return: the third guest is reached all the same."""
    for name in ("app-01", "app-02"):
        direct_lab.admin.add_fault("EXEC", command="PowerShellDirect", vm=name, error="hang_guest")
    names = ["app-01", "app-02", "app-03"]
    options = {"conditions": ["powershell_direct"], **GUEST, "throttle": 2, "interval": 5}
    (step,) = direct_lab.play([wait(vm_name=names, **options, timeout=60)], "EXEC")
    assert [step.vm(name)["reached"] for name in names] == [False, False, True]
    assert [item["actual"] for item in step.vm("app-03")["progress"]] == ["no answer yet", "ready"]
    assert 20 <= step.vm("app-03")["elapsed"] <= 30
    for name in names[:2]:
        told = "not reached after 60 seconds: powershell_direct (no answer yet). A logon has not returned"
        assert step.vm(name)["msg"].startswith(told)
        assert [item["actual"] for item in step.vm(name)["progress"]] == ["no answer yet"]


def test_one_look_at_guests_that_hang_is_one_logon_in_each(direct_lab: DirectLab) -> None:
    """No guest answers at once, so even without a second to wait each gets the time that a logon takes."""
    for name in ("app-01", "app-02"):
        direct_lab.admin.add_fault("EXEC", command="PowerShellDirect", vm=name, error="hang_guest")
    names = ["app-01", "app-02", "app-03"]
    options = {"conditions": ["powershell_direct"], **GUEST, "timeout": 0}
    (step,) = direct_lab.play([wait(vm_name=names, **options)], "EXEC")
    assert [step.vm(name)["reached"] for name in names] == [False, False, True]
    assert (step.result["polls"], round(step.result["elapsed"])) == (1, 20)
    assert step.vm("app-01")["msg"] == (
        f"not reached after {step.vm('app-01')['elapsed']} seconds: powershell_direct (no answer yet). "
        "A logon has not returned; it was left alone and ends with the session of this task."
    )


def test_a_wrong_password_is_not_tried_until_the_account_is_locked(direct_lab: DirectLab) -> None:
    options = {"conditions": ["powershell_direct"], "logon_attempts": 2, "guest_username": "Administrator"}
    (step,) = direct_lab.play([wait(vm_name=["fast"], **options, guest_password="wrong")], "BOOT")
    vm = step.vm("fast")
    assert vm["elapsed"] < 10
    assert (
        "The guest refused 2 logons; no further one was tried, so that the account is not locked out. "
        "The guest refused the logon. Check guest_username"
    ) in vm["msg"]


def test_key_value_pairs(direct_lab: DirectLab) -> None:
    key = {"key": "deployment.State"}
    reached, other, missing, intrinsic = direct_lab.play(
        [
            wait(vm_name=["fast"], kvp=[{**key, "value": "done"}]),
            wait(vm_name=["fast"], kvp=[{**key, "value": "Done"}], timeout=0),
            wait(vm_name=["fast", "late"], kvp=[key], timeout=0),
            wait(vm_name=["fast", "late"], kvp=[{"key": "OSName", "source": "intrinsic"}], timeout=0),
        ],
        "BOOT",
    )
    assert _conditions(reached, "fast") == [("kvp", "deployment.State", True, "as expected")]
    assert other.vm("fast")["msg"] == "not reached after 0 seconds: kvp deployment.State (another value)."
    assert "done" not in str(other.result["vms"]), "what is there is not shown"
    assert [vm["reached"] for vm in missing.result["vms"]] == [True, False]
    assert missing.vm("late")["msg"] == "not reached after 0 seconds: kvp deployment.State (no such key)."
    assert not intrinsic.failed


# -- what goes wrong while waiting


def test_a_vm_that_vanishes_ends_its_wait(direct_lab: DirectLab) -> None:
    direct_lab.admin.change_vm("EN1", "web01", booted=False)
    direct_lab.admin.add_fault("EN1", command="Get-VMIntegrationService", vm="web01", error="vanish", skip=2)
    (step,) = direct_lab.play([wait(vm_name=["web01", "web02"], **HEARTBEAT, timeout=600)])
    vm = step.vm("web01")
    assert vm["msg"] == "not found any more, it was deleted or moved to another host meanwhile"
    assert vm["elapsed"] < 20
    assert step.vm("web02")["reached"] is True


def test_errors_of_one_look_do_not_end_the_wait(direct_lab: DirectLab) -> None:
    """The host does not answer twice; what it said last is told only if it still stands in the way."""
    direct_lab.admin.change_vm("EN1", "web02", booted=False)
    direct_lab.admin.add_fault("EN1", command="Get-VM", error="timeout", skip=1, times=2)
    direct_lab.admin.add_fault("EN1", command="Get-VMIntegrationService", vm="web02", error="access_denied")
    (step,) = direct_lab.play([wait(vm_name=["web02"], **HEARTBEAT, timeout=30, interval=10)])
    assert step.result["polls"] == 4
    assert step.vm("web02")["msg"].startswith("not reached after 30 seconds: heartbeat (no status). Access denied: ")


# -- refused before anything is read


REFUSED = [
    ({"all": True}, "one of the following is required: conditions, services, kvp"),
    ({"all": True, "conditions": []}, "There is nothing to wait for: conditions, services and kvp are empty."),
    (
        {"all": True, "conditions": ["off", "heartbeat"]},
        "A virtual machine that is off meets no other condition. Wait for off in a task of its own.",
    ),
    (
        {"all": True, "conditions": ["powershell_direct"]},
        "powershell_direct needs guest_username and guest_password: a guest is ready when it lets an account log on.",
    ),
    ({"all": True, **HEARTBEAT, "interval": 0}, "interval must be 1 or more."),
    ({"all": True, **HEARTBEAT, "throttle": 0}, "throttle must be 1 or more."),
    ({"all": True, **HEARTBEAT, "timeout": -1}, "timeout must be 0 or more."),
    (HEARTBEAT, "no virtual machine is selected. Set name, name_pattern or vm_id, or all to true."),
    ({"all": True, "conditions": ["ready"]}, "value of conditions must be one or more of: heartbeat, "),
]


def test_refused(direct_lab: DirectLab) -> None:
    steps = direct_lab.play([wait(**options) for options, _message in REFUSED])
    for step, (_options, message) in zip(steps, REFUSED, strict=True):
        assert step.failed
        assert step.msg.startswith(message)
        assert step.cmdlets == {}, "refused before anything is read"


def test_seconds_that_are_none_are_refused(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([wait(vm_name=["web01"], **HEARTBEAT, vm_timeouts={"web01": "soon"})])
    assert step.msg == "vm_timeouts: 'soon' for 'web01' is not a number of seconds."


# -- scale


def test_a_look_at_a_thousand_vms_costs_as_much_as_one(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([wait(all=True, **HEARTBEAT, services=["shutdown"], timeout=5, interval=5)], "BIG")
    assert step.result["polls"] == 2
    assert step.result["summary"] == {"vms": 1000, "reached": 750, "failed": 250, "unmatched": 0}
    assert step.cmdlets == {"Get-VM": 2, "Get-VMIntegrationService": 2}

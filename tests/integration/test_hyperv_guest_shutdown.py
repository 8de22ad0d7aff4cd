# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_guest_shutdown over WinRM, read back through the admin endpoint of hvsim. Time is that of the host."""

from __future__ import annotations

from typing import Any

import pytest
from direct_lab import DirectLab
from lab_harness import Step

HOST = "POWER"


def shutdown(*, check: bool = False, state: str = "off", **options: Any) -> dict[str, Any]:
    """A task with hyperv_guest_shutdown; ``vm_name`` stands for its option ``name``."""
    arguments = {("name" if key == "vm_name" else key): value for key, value in options.items()}
    return {
        "name": "hyperv_guest_shutdown",
        "hyperv.integration.hyperv_guest_shutdown": {"state": state, **arguments},
        "check_mode": check,
        "diff": True,
    }


def _states(step: Step) -> dict[str, str]:
    return {vm["name"]: vm["state"] for vm in step.state}


def _brief(step: Step, name: str) -> tuple[Any, ...]:
    vm = step.vm(name)
    return vm["previous_state"], vm["state"], vm["method"], vm["changed"], vm["failed"]


# -- off and restarted; each in check mode and for real, each twice


def test_twelve_steps(direct_lab: DirectLab) -> None:
    names = ["quick", "slow"]
    both = [True, True, False, False]
    steps = direct_lab.play(
        [shutdown(vm_name=names, check=check) for check in both]
        + [shutdown(vm_name=names, state="restarted", check=check) for check in (True, True, False)]
        + [{"hyperv.integration.hyperv_wait": {"name": names, "services": ["shutdown"]}}]
        + [shutdown(vm_name=names, state="restarted", check=check) for check in (True, False)],
        HOST,
    )
    check, check_again, real, again, start_check, start_check_again, start, booted, restart_check, restart = steps
    assert [step.failed for step in steps] == [False] * 10
    assert [step.changed for step in steps] == [True, True, True, False, True, True, True, False, True, True]
    assert [vm["elapsed"] for vm in booted.result["vms"]] == [20.0, 20.0], "guests boot in twenty seconds"
    for step in (check, check_again):
        assert _states(step)["quick"] == _states(step)["slow"] == "running", "check mode does nothing"
        assert step.result["diff"] == real.result["diff"]
    quick, slow = real.vm("quick"), real.vm("slow")
    assert real.result["diff"]["before"] == (
        f"- name: 'quick'\n  id: {quick['id']}\n  state: 'running'\n"
        f"- name: 'slow'\n  id: {slow['id']}\n  state: 'running'\n"
    )
    assert real.result["diff"]["after"] == real.result["diff"]["before"].replace("running", "off")
    assert _brief(check, "quick") == _brief(real, "quick") == ("running", "off", "shutdown", True, False)
    assert (quick["elapsed"], slow["elapsed"]) == (10.0, 65.0)
    assert _states(real)["quick"] == _states(real)["slow"] == "off"
    assert again.result["diff"] == {"before": "", "after": ""}
    assert again.cmdlets == {"Get-VM": 1, "Get-VMIntegrationService": 1}
    assert real.cmdlets == {"Get-VM": 1 + 14, "Get-VMIntegrationService": 1}, "one look every five seconds"

    for step in (start_check, start_check_again):
        assert _states(step)["quick"] == "off"
        assert step.result["diff"] == start.result["diff"]
    assert _brief(start, "slow") == ("off", "running", "start", True, False)
    assert start.cmdlets["Start-VM"] == 1
    assert restart.result["diff"] == restart_check.result["diff"]
    assert restart.result["diff"]["after"].count("  restarted: true\n") == 2
    assert _brief(restart, "slow") == ("running", "running", "shutdown", True, False)
    assert {vm["name"]: vm["uptime_seconds"] for vm in restart.state}["quick"] < 70, "it began anew"
    assert sum(step.cmdlets.get("Stop-VM", 0) for step in steps) == 0


# -- refused: the shutdown service does not work


def test_what_cannot_be_asked_is_refused_and_left_alone(direct_lab: DirectLab) -> None:
    direct_lab.admin.change_vm(HOST, "quick", services={"shutdown": {"enabled": False}})
    direct_lab.admin.change_vm(HOST, "slow", booted=False)
    names = ["quick", "slow", "saved", "paused", "off"]
    check, real = direct_lab.play([shutdown(vm_name=names, check=check) for check in (True, False)], HOST)
    left = "It was left as it is; force: true would turn it off, which is like pulling the plug"
    for step in (check, real):
        assert (step.failed, step.changed) == (True, False)
        assert step.vm("quick")["msg"] == (
            f"its shutdown service is disabled on the host; enable it with hyperv.integration.hyperv_ics. {left}"
        )
        assert step.vm("slow")["msg"] == (
            "its shutdown service does not work, its status is no_contact; the guest may still be booting, or lack the "
            f"service vmicshutdown. {left}"
        )
        assert step.vm("saved")["msg"] == f"it is saved, and only a running guest can shut down. {left}"
        assert step.vm("paused")["msg"] == f"it is paused, and only a running guest can shut down. {left}"
        assert step.vm("off")["failed"] is False
        assert step.result["summary"] == {"vms": 5, "compliant": 1, "changed": 0, "failed": 4, "unmatched": 0}
        assert step.result["diff"] == {"before": "", "after": ""}
        assert set(step.cmdlets) == {"Get-VM", "Get-VMIntegrationService"}
    assert {name: _states(real)[name] for name in names} == {
        "quick": "running", "slow": "running", "saved": "saved", "paused": "paused", "off": "off"
    }  # fmt: skip


def test_force_turns_off_what_cannot_be_asked(direct_lab: DirectLab) -> None:
    direct_lab.admin.change_vm(HOST, "slow", booted=False)
    names = ["quick", "slow", "saved", "paused"]
    check, real = direct_lab.play([shutdown(vm_name=names, force=True, check=check) for check in (True, False)], HOST)
    assert (check.failed, real.failed) == (False, False)
    assert {name: _brief(check, name) for name in names} == {name: _brief(real, name) for name in names}
    assert {vm["name"]: vm["method"] for vm in real.result["vms"]} == {
        "quick": "shutdown", "slow": "turn_off", "saved": "turn_off", "paused": "turn_off"
    }  # fmt: skip
    assert {_states(real)[name] for name in names} == {"off"}
    assert real.cmdlets["Stop-VM"] == 1


# -- guests that refuse, hang, or are slow


def test_a_guest_that_hangs_is_never_turned_off_without_force(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([shutdown(vm_name=["hangs", "quick", "locked"], timeout=20)], HOST)
    assert (step.failed, step.changed) == (True, True)
    hangs, locked = step.vm("hangs"), step.vm("locked")
    assert hangs["msg"] == (
        "its guest did not shut down within 20 seconds and may still do so; it is running. It was not turned off."
    )
    assert (hangs["elapsed"], hangs["method"], hangs["changed"]) == (20.0, "shutdown", True)
    assert locked["msg"].startswith("the shutdown was not begun: somebody is logged on and the screen is locked: set ")
    assert (locked["method"], locked["changed"]) == ("none", False)
    assert _states(step)["hangs"] == _states(step)["locked"] == "running"
    assert _brief(step, "quick") == ("running", "off", "shutdown", True, False)
    assert "hangs" not in step.result["diff"]["after"], "what failed is not shown as done"
    assert "Stop-VM" not in step.cmdlets


def test_force_waits_first_and_then_turns_off(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([shutdown(vm_name=["hangs", "locked"], timeout=20, force=True, state="restarted")], HOST)
    assert step.failed is False
    assert _brief(step, "hangs") == ("running", "running", "turn_off", True, False)
    assert step.vm("hangs")["elapsed"] == 20.0
    assert _brief(step, "locked") == ("running", "running", "turn_off", True, False)
    assert step.cmdlets["Stop-VM"] == 2, "one at once, one when the time was over"


def test_close_applications_shuts_down_a_locked_guest(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([shutdown(vm_name=["locked"], close_applications=True)], HOST)
    assert _brief(step, "locked") == ("running", "off", "shutdown", True, False)
    assert "Stop-VM" not in step.cmdlets


# -- failures of single virtual machines


def test_failures_stay_with_their_vm(direct_lab: DirectLab) -> None:
    direct_lab.admin.add_fault(HOST, command="Get-VM", error="timeout", skip=1, times=1)
    direct_lab.admin.add_fault(HOST, command="Start-VM", vm="quick", error="out_of_memory")
    (step,) = direct_lab.play([shutdown(vm_name=["quick", "slow"], state="restarted")], HOST)
    assert (step.failed, step.changed) == (True, True)
    assert step.vm("quick")["msg"].startswith("it was not started, it is off: ")
    assert _brief(step, "slow") == ("running", "running", "shutdown", True, False)
    assert _states(step)["quick"] == "off"


@pytest.mark.parametrize("option", ["timeout", "interval"])
def test_refused_before_anything_is_read(direct_lab: DirectLab, option: str) -> None:
    (step,) = direct_lab.play([shutdown(vm_name=["quick"], **{option: 0})], HOST)
    assert step.msg == f"{option} must be 1 or more."
    assert step.cmdlets == {}


def test_one_that_is_stopping_already_is_started_by_restarted(direct_lab: DirectLab) -> None:
    """Somebody else has it shut down: what this task does is to start it, and says so, in check mode too."""
    (begun,) = direct_lab.play([shutdown(vm_name=["slow"], timeout=1, interval=1)], HOST)
    assert _states(begun)["slow"] == "stopping"
    predicted, off = direct_lab.play(
        [shutdown(vm_name=["slow"], state=state, check=True) for state in ("restarted", "off")], HOST
    )
    (real,) = direct_lab.play([shutdown(vm_name=["slow"], state="restarted")], HOST)
    assert _brief(predicted, "slow") == _brief(real, "slow") == ("stopping", "running", "start", True, False)
    assert predicted.result["diff"] == real.result["diff"]
    assert "restarted" not in real.result["diff"]["after"]
    assert _brief(off, "slow") == ("stopping", "stopping", "none", False, False)
    assert _states(real)["slow"] == "running"

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A password of guests is nowhere but in the task: not when it works, and not when guest, session or module refuse.

hyperv_direct_exec, which takes more kinds of secrets, has such a test of its own, and so has the role ics_audit.
"""

from __future__ import annotations

from typing import Any

import pytest
from lab_harness import Lab, Step

# All of them look at what one play left.
pytestmark = pytest.mark.xdist_group("secrets")
HOST = "INSIDE"
CANARY = "Guest-Only-1"
MODULES: dict[str, dict[str, Any]] = {
    "hyperv_copy_vmfile": {"src": "seen.txt", "dest": "C:\\Dst\\"},
    "hyperv_guest_service": {"services": {"heartbeat": {"state": "restarted"}, "vss": {"start_mode": "manual"}}},
    "hyperv_ics_info": {"guest": True, "measure_clock": True},
    "hyperv_wait": {"conditions": ["powershell_direct"], "timeout": 0},
}
# One guest has this account and the other has not; then no guest has the endpoint; then the module refuses the options.
VARIANTS: list[dict[str, Any]] = [{}, {"configuration_name": "Missing"}, {"guest_username": ""}]
REFUSALS = {"credential": "the guest refused the logon.", "no_answer": "PowerShell Direct got no answer"}


@pytest.fixture(scope="module")
def played(running_lab: Lab) -> tuple[Lab, dict[str, list[Step]]]:
    """All tasks in one play, as verbose as can be, and their steps by module."""
    lab = running_lab
    lab.admin.reset()
    (lab.directory / "seen.txt").write_text("HaYsTaCk", encoding="utf-8")
    common = {"name": ["blocked", "strange"], "guest_username": "Administrator", "guest_password": CANARY}
    tasks = [
        {"name": module, f"hyperv.integration.{module}": {**common, **options, **variant}, "ignore_errors": True}
        for module, options in MODULES.items()
        for variant in VARIANTS
    ]
    play = {"hosts": HOST, "gather_facts": False, "diff": True, "tasks": tasks}
    with pytest.MonkeyPatch.context() as environment:
        # Without it, ansible-core 2.21 does not print the options of modules, which earlier ones do.
        environment.setenv("ANSIBLE_INJECT_INVOCATION", "true")
        steps = lab.playbook([play], verbosity=5)
    return lab, {module: [step for step in steps if step.task == module] for module in MODULES}


def _refusal(step: Step, name: str) -> str:
    """Why a guest was not entered, as one word; empty if it was."""
    vm = step.vm(name)
    text = vm["guest"]["msg"] if "guest" in vm else vm["msg"]
    return next((reason for reason, part in REFUSALS.items() if part in text), text)


@pytest.mark.parametrize("module", MODULES)
def test_each_outcome_is_what_it_is_meant_to_be(played: tuple[Lab, dict[str, list[Step]]], module: str) -> None:
    entered, missing, refused = played[1][module]
    assert (_refusal(entered, "blocked"), _refusal(entered, "strange")) == ("", "credential")
    assert (_refusal(missing, "blocked"), _refusal(missing, "strange")) == ("no_answer", "credential")
    assert refused.failed and "guest_username" in refused.msg


def test_no_password_of_a_guest_is_seen_anywhere(played: tuple[Lab, dict[str, list[Step]]]) -> None:
    lab, steps = played
    assert "ESTABLISH WINRM CONNECTION" in lab.printed
    assert lab.printed.count('"guest_password": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"') >= len(MODULES) * len(VARIANTS)
    assert CANARY not in lab.printed
    assert CANARY not in str(steps)
    assert CANARY not in (lab.directory / "hvsim.log").read_text(encoding="utf-8")
    for vm in (None, "blocked", "strange"):
        assert lab.admin.search(HOST, CANARY, vm=vm) == []
    assert lab.admin.search(HOST, "HaYsTaCk", vm="blocked") == [r"C:\Dst\seen.txt"], "it looks and finds"

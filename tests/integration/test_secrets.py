# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A password of guests is nowhere but in the task: not when it works, and not when guest, session or module refuse.

hyperv_direct_exec, which takes more kinds of secrets, has such a test of its own, and so has the role ics_audit.
"""

from __future__ import annotations

from typing import Any

import pytest
from lab_harness import Lab, Step

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
REFUSALS = {"credential": "guest refused the logon.", "no_answer": "PowerShell Direct got no answer"}


def _refusal(step: Step, name: str) -> str:
    """Why a guest was not entered, as one word; empty if it was."""
    vm = step.vm(name)
    text = vm["guest"]["msg"] if "guest" in vm else vm["msg"]
    return next((reason for reason, part in REFUSALS.items() if part in text), text)


def test_no_password_of_a_guest_is_seen_anywhere(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """All tasks in one play, as verbose as can be."""
    (lab.directory / "seen.txt").write_text("HaYsTaCk", encoding="utf-8")
    common = {"name": ["blocked", "strange"], "guest_username": "Administrator", "guest_password": CANARY}
    tasks = [
        {"name": module, f"hyperv.integration.{module}": {**common, **options, **variant}, "ignore_errors": True}
        for module, options in MODULES.items()
        for variant in VARIANTS
    ]
    # Without it, ansible-core 2.21 does not print the options of modules, which earlier ones do.
    monkeypatch.setenv("ANSIBLE_INJECT_INVOCATION", "true")
    steps = lab.playbook([{"hosts": HOST, "gather_facts": False, "diff": True, "tasks": tasks}], verbosity=5)

    for module in MODULES:
        entered, missing, refused = [step for step in steps if step.task == module]
        assert (_refusal(entered, "blocked"), _refusal(entered, "strange")) == ("", "credential"), module
        assert (_refusal(missing, "blocked"), _refusal(missing, "strange")) == ("no_answer", "credential"), module
        assert refused.failed and "guest_username" in refused.msg, module

    assert "ESTABLISH WINRM CONNECTION" in lab.printed
    assert lab.printed.count('"guest_password": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"') >= len(tasks)
    assert CANARY not in lab.printed
    assert CANARY not in str(steps)
    assert CANARY not in (lab.directory / "hvsim.log").read_text(encoding="utf-8")
    for vm in (None, "blocked", "strange"):
        assert lab.admin.search(HOST, CANARY, vm=vm) == []
    assert lab.admin.search(HOST, "HaYsTaCk", vm="blocked") == [r"C:\Dst\seen.txt"], "it looks and finds"

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The integration targets of ansible-test, which also run on real hosts, here on hvsim."""

from __future__ import annotations

import pytest
from lab_harness import HERE, Lab

TARGETS = sorted(path.parent.name for path in (HERE / "targets").glob("*/aliases"))


def test_each_module_has_a_target() -> None:
    modules = {path.stem for path in (HERE.parents[1] / "plugins" / "modules").glob("*.ps1")}
    assert modules <= set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_target(lab: Lab, target: str) -> None:
    before = _virtual_machines(lab)
    # The steps that need a guest with an operating system run in the bystander; those of other modules have tests of
    # their own on the engine.
    guest = {"guest": "bystander", "username": "Administrator", "password": "Lab-Only-1"}
    variables = {f"hyperv_copy_vmfile_{name}": value for name, value in guest.items()}
    play = {"name": target, "hosts": "TARGETS", "gather_facts": False, "vars": variables, "roles": [target]}
    steps = lab.playbook([play])
    asserted = [step for step in steps if step.result.get("msg") == "All assertions passed"]
    assert asserted
    assert _virtual_machines(lab) == before, "the target removes what it creates"


def _virtual_machines(lab: Lab) -> list[dict[str, object]]:
    """All but the up time, which goes on while a target waits, and what is inside the guests."""
    passing = ("uptime_seconds", "guest")
    return [{key: vm[key] for key in vm if key not in passing} for vm in lab.admin.state("TARGETS")["vms"]]

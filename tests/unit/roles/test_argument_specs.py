# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specs of a role are its documentation: they must say what the role does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())


def load(role: str, path: str) -> Any:
    return yaml.safe_load((ROOT / "roles" / role / path).read_text())


@pytest.mark.parametrize("role", ROLES)
def test_defaults_and_argument_specs_agree(role: str) -> None:
    options = load(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    documented = {name: option["default"] for name, option in options.items() if "default" in option}
    assert documented == load(role, "defaults/main.yml")
    assert [name for name, option in options.items() if "default" not in option and not option.get("required")] == []


@pytest.mark.parametrize("role", ROLES)
def test_public_variables_carry_the_name_of_the_role(role: str) -> None:
    assert all(name.startswith(f"{role}_") for name in load(role, "defaults/main.yml"))


@pytest.mark.parametrize("role", [role for role in ROLES if role.startswith("ics_")])
def test_policies_take_what_the_module_takes(role: str) -> None:
    documentation = yaml.safe_load((ROOT / "plugins/modules/hyperv_ics.yml").read_text())["DOCUMENTATION"]
    suboptions = documentation["options"]["policies"]["suboptions"]
    options = load(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    policy = options[f"{role}_policies"]["options"]
    assert set(policy) == set(suboptions)
    for name, option in policy.items():
        same = ("type", "elements", "required", "choices")
        assert {key: option.get(key) for key in same} == {key: suboptions[name].get(key) for key in same}, name


def test_audit_expects_what_baseline_enforces() -> None:
    baseline, audit = (load(role, "defaults/main.yml") for role in ("ics_baseline", "ics_audit"))
    assert baseline["ics_baseline_policies"] == audit["ics_audit_policies"]

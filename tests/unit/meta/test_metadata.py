# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def test_the_action_group_holds_every_module() -> None:
    modules = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.yml"))
    assert modules
    assert sorted(load("meta/runtime.yml")["action_groups"]["hyperv"]) == modules


def test_the_action_group_for_guests_holds_every_module_with_their_account() -> None:
    modules = [
        path.stem
        for path in (ROOT / "plugins/modules").glob("*.ps1")
        if re.search(r"^        guest_username = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    groups = load("meta/runtime.yml")["action_groups"]
    assert len(modules) > 1 and sorted(groups["hyperv_guest"]) == sorted(modules)
    for name in groups["hyperv"]:
        attribute = load(f"plugins/modules/{name}.yml")["DOCUMENTATION"]["attributes"]["action_group"]
        assert attribute["membership"] == [
            f"hyperv.integration.{group}" for group, members in groups.items() if name in members
        ]


def test_every_module_has_its_sidecar() -> None:
    for suffix, other in ((".ps1", ".yml"), (".yml", ".ps1")):
        for path in (ROOT / "plugins/modules").glob(f"*{suffix}"):
            assert path.with_suffix(other).is_file(), f"{path.name} has no {other}"


def test_versions_agree() -> None:
    version = load("galaxy.yml")["version"]
    for path in [*(ROOT / "plugins").glob("*/*.yml")]:
        documentation = yaml.safe_load(path.read_text())["DOCUMENTATION"]
        assert tuple(map(int, documentation["version_added"].split("."))) <= tuple(map(int, version.split("."))), path
    changelog = ROOT / "changelogs/changelog.yaml"
    released = load("changelogs/changelog.yaml")["releases"] if changelog.exists() else {}
    assert version in released or (ROOT / f"changelogs/fragments/{version}.yml").is_file()


def test_the_lock_file_pins_every_tool() -> None:
    def name(line: str) -> str:
        return re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0].lower().replace("_", "-")

    lines = (ROOT / "requirements-dev.lock").read_text().splitlines()
    pinned = {name(line) for line in lines if "==" in line}
    wanted = {name(line) for line in (ROOT / "requirements-dev.in").read_text().splitlines() if line[:1].isalpha()}
    assert wanted
    assert wanted <= pinned

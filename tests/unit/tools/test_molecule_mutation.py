# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mutations name pieces of files: each is there, once, before a run of an hour finds out that it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import molecule_mutation  # noqa: E402


@pytest.mark.parametrize("mutation", molecule_mutation.MUTATIONS, ids=lambda item: f"{item.scenario}-{item.title}")
def test_what_a_mutation_replaces_is_there_once(mutation: molecule_mutation.Mutation) -> None:
    assert (ROOT / "extensions" / "molecule" / mutation.scenario / "molecule.yml").is_file()
    if mutation.file:
        assert (ROOT / mutation.file).read_text(encoding="utf-8").count(mutation.old) == 1
    else:
        module = ROOT / "plugins" / "modules" / f"{mutation.subject}.ps1"
        assert molecule_mutation.CREATE in module.read_text(encoding="utf-8")


def test_each_scenario_has_a_mutation() -> None:
    scenarios = {path.parent.name for path in (ROOT / "extensions" / "molecule").glob("*/molecule.yml")}
    assert scenarios - {"default"} == {mutation.scenario for mutation in molecule_mutation.MUTATIONS}

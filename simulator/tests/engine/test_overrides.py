# SPDX-License-Identifier: GPL-3.0-or-later
"""Native stand-ins are found under every name that a version of ansible-core gives their modules."""

from __future__ import annotations

import pytest

from hvsim.engine import overrides


@pytest.mark.parametrize(
    ("file_name", "module"),
    [
        ("ansible_collections.ansible.windows.plugins.modules.win_stat.ps1", "ansible.windows.win_stat"),
        ("ansible.windows.win_stat.ps1", "ansible.windows.win_stat"),
        # ansible-core 2.18: what the action plugin of fetch asks for, before it is rewritten to win_stat.
        ("ansible.legacy.stat.ps1", "ansible.windows.win_stat"),
        ("stat.ps1", "ansible.windows.win_stat"),
        ("setup.ps1", "ansible.windows.setup"),
        ("ansible.builtin.setup.ps1", "ansible.windows.setup"),
    ],
)
def test_each_name_of_a_module_finds_its_stand_in(file_name: str, module: str) -> None:
    found = overrides.find(file_name)
    assert found is not None
    assert found is overrides.find(f"{module}.ps1")


@pytest.mark.parametrize("file_name", ["ping.ps1", "ansible.legacy.win_ping.ps1", "other.collection.stat.ps1", "win_stat.stat.ps1"])
def test_other_modules_have_none(file_name: str) -> None:
    assert overrides.find(file_name) is None

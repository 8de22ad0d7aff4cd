# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.hyperv.integration.plugins.plugin_utils._selection import (
    VM_STATES,
    Selection,
    SelectionError,
    fold,
    is_like,
    parse_id,
)

ROOT = Path(__file__).resolve().parents[4]
ID = "7cca7664-91d0-40a9-9769-7809f256f603"


def vm(name: str, state: str = "running", vm_id: str = ID) -> dict[str, Any]:
    return {"name": name, "id": vm_id, "state": state}


def select(**data: Any) -> Selection:
    return Selection.parse(data, ())


# The first group is recorded on a real PowerShell (conformance, compare-like-wildcards).
@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("abc", "A*", True),
        ("abc", "b", False),
        ("abc", "*b*", True),
        ("abc", "a?c", True),
        ("abc", "[a-c]bc", True),
        ("abc", "[!x]bc", False),
        ("abc", "[^x]bc", False),
        ("", "*", True),
        ("", "?", False),
        ("a.c", "a.c", True),
        ("axc", "a.c", False),
        ("db[1]", "db`[1`]", True),
        ("db1", "db[1]", True),
        ("db[1]", "db[1]", False),
        ("a*b", "a`*b", True),
        ("axb", "a`*b", False),
        ("a]b", "a[]x]b", False),
        ("a-b", "a[x`-z]b", True),
        ("ayb", "a[x`-z]b", False),
        ("rocket 🚀", "rocket ?", False),
        ("rocket 🚀", "rocket ??", True),
        ("Überwachung", "über*", True),
        ("line\nbreak", "line*", True),
    ],
)
def test_is_like_follows_powershell(name: str, pattern: str, expected: bool) -> None:
    assert is_like(name, pattern) is expected


@pytest.mark.parametrize("pattern", ["[", "db[1", "[z-a]"])
def test_is_like_refuses_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(SelectionError, match="is not valid"):
        is_like("db1", pattern)


@pytest.mark.parametrize(
    ("one", "other", "same"), [("WEB", "web", True), ("ß", "ss", False), ("Ü", "ü", True), ("ı", "x", False)]
)
def test_fold_compares_character_by_character(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same


@pytest.mark.parametrize("text", [ID, ID.upper(), f"{{{ID}}}", ID.replace("-", ""), f" {ID} "])
def test_parse_id_takes_any_notation(text: str) -> None:
    assert parse_id(text) == ID


def test_parse_id_refuses_a_name() -> None:
    with pytest.raises(SelectionError, match="'web01' is not a GUID such as 7cca7664"):
        parse_id("web01")


@pytest.mark.parametrize("name", ["db[1]", "a*b", 'quo"te', "it's", "Ünï", "🚀", "$x"])
def test_a_name_is_never_a_pattern(name: str) -> None:
    selection = select(name=[name])
    assert selection.includes(vm(name))
    assert selection.includes(vm(name.upper()))
    assert not selection.includes(vm("db1"))
    assert not selection.includes(vm("axb"))


def test_names_patterns_and_ids_add_up() -> None:
    selection = select(name=["web01"], name_pattern=["db*"], vm_id=[ID])
    other = "00000000-0000-0000-0000-000000000001"
    found = [name for name in ("web01", "db7", "x") if selection.includes(vm(name, vm_id=other))]
    assert found == ["web01", "db7"]
    assert selection.includes(vm("x"))


def test_exclude_and_state_take_away() -> None:
    selection = select(all=True, exclude=["test-*"], vm_state=["running"])
    assert selection.includes(vm("web01"))
    assert not selection.includes(vm("TEST-1"))
    assert not selection.includes(vm("web01", state="off"))


def test_an_empty_list_selects_nothing() -> None:
    assert not select(name=[]).includes(vm("web01"))


@pytest.mark.parametrize("data", [{}, {"vm_state": ["running"]}, {"exclude": ["x"]}, {"all": False}])
def test_no_selection_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(SelectionError, match="no VM is selected"):
        select(**data)


def test_unknown_keys_and_states_are_refused() -> None:
    with pytest.raises(SelectionError, match="unknown key names; known are all, exclude, name, name_pattern"):
        select(names=["web01"])
    with pytest.raises(SelectionError, match="unknown vm_state Running; known are hibernated, off"):
        select(all=True, vm_state=["Running"])


def test_unmatched_names_and_ids() -> None:
    other = "00000000-0000-0000-0000-000000000001"
    selection = select(name=["WEB01", "gone"], vm_id=[ID, other])
    assert selection.unmatched([vm("web01")]) == ["gone", other]


def test_states_are_those_of_the_modules() -> None:
    fragment = (ROOT / "plugins/doc_fragments/vm_selection.py").read_text()
    documentation = yaml.safe_load(fragment.split('r"""')[1].split('"""')[0])
    assert set(documentation["options"]["vm_state"]["choices"]) == VM_STATES

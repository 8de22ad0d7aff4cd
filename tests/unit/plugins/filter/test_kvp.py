# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.hyperv.integration.plugins.filter.kvp import FilterModule, kvp_metadata

FILTERS = Path(__file__).resolve().parents[4] / "plugins" / "filter"


def test_own_fields_go_over_common_ones() -> None:
    found = kvp_metadata(
        {"web01": {"ring": 3, "site": None, "tested": True}, "db": None}, "x.", {"ring": 2, "site": "b"}, "v1"
    )
    assert found == {
        "web01": {"x.ring": "3", "x.tested": "true", "x.stamp": "v1"},
        "db": {"x.ring": "2", "x.site": "b", "x.stamp": "v1"},
    }


def test_the_stamp_changes_with_the_items_and_not_else() -> None:
    def stamp(fields: dict[str, object]) -> str:
        return kvp_metadata({"vm": fields}, "x.")["vm"]["x.stamp"]

    assert len(stamp({"a": 1})) == 16
    assert stamp({"a": 1, "b": "2"}) == stamp({"b": 2, "a": "1"})
    assert len({stamp({}), stamp({"a": 1}), stamp({"a": 2}), stamp({"b": 1})}) == 4


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("a", 1.5, "vm: the field a must be a text, a whole number or a boolean, not float"),
        ("a", ["x"], "not list"),
        ("stamp", "x", "vm: the field stamp is written by the role itself"),
    ],
)
def test_what_is_refused(field: str, value: object, text: str) -> None:
    with pytest.raises(AnsibleFilterError, match=text):
        kvp_metadata({"vm": {field: value}}, "x.")


def test_the_filter_is_documented() -> None:
    for name in FilterModule().filters():
        options = yaml.safe_load((FILTERS / f"{name}.yml").read_text())["DOCUMENTATION"]
        assert options["name"] == name
        assert options["positional"] == "prefix, common, stamp"

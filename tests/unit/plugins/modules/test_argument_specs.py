# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``$spec`` of each module and its documentation say the same."""

from __future__ import annotations

import importlib
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from powershell_source import MODULE_UTILS, MODULES, ROOT, assigned_literal

PREFIX = "hyperv.integration."


def _documentation(module: Path) -> dict[str, Any]:
    return yaml.safe_load(module.with_suffix(".yml").read_text(encoding="utf-8"))


def _fragment(name: str) -> dict[str, Any]:
    fragments = importlib.import_module(f"ansible_collections.{PREFIX}plugins.doc_fragments.{name}")
    return yaml.safe_load(fragments.ModuleDocFragment.DOCUMENTATION)


def _documented_options(module: Path) -> dict[str, Any]:
    documentation = _documentation(module)["DOCUMENTATION"]
    options = dict(documentation.get("options", {}))
    for name in documentation.get("extends_documentation_fragment", []):
        if name.startswith(PREFIX):
            shared = _fragment(name.removeprefix(PREFIX))["options"]
            assert not set(shared) & set(options), f"{name} documents an option that the module documents as well"
            options.update(shared)
    return options


def _normal(options: dict[str, Any], nested: str) -> dict[str, Any]:
    """Both notations in one form, with the defaults of each written out."""
    return {
        name: {
            "type": option.get("type", "str"),
            "elements": option.get("elements"),
            "choices": option.get("choices"),
            "default": option.get("default"),
            "required": option.get("required", False),
            "aliases": option.get("aliases", []),
            "options": _normal(option[nested], nested) if nested in option else None,
        }
        for name, option in options.items()
    }


@pytest.fixture(params=MODULES, ids=lambda path: path.stem)
def module(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_every_module_is_looked_at() -> None:
    assert {path.stem for path in MODULES} >= {"hyperv_ics", "hyperv_ics_info"}
    assert {path.stem for path in MODULES} == {path.stem for path in (ROOT / "plugins" / "modules").glob("*.yml")}


def test_spec_and_documentation_have_the_same_options(module: Path) -> None:
    spec = _normal(assigned_literal(module, "spec")["options"], "options")
    assert spec == _normal(_documented_options(module), "suboptions")


def test_spec_lists_options_in_alphabetical_order(module: Path) -> None:
    def check(options: dict[str, Any]) -> None:
        assert list(options) == sorted(options)
        for option in options.values():
            check(option.get("options", {}))

    check(assigned_literal(module, "spec")["options"])


def test_check_mode_is_documented_as_supported(module: Path) -> None:
    attributes = _documentation(module)["DOCUMENTATION"]["attributes"]
    assert assigned_literal(module, "spec")["supports_check_mode"] is (attributes["check_mode"]["support"] == "full")


def _examples() -> list[tuple[str, dict[str, Any]]]:
    """The tasks that documentation shows: those of EXAMPLES and those of the guides, each with where it is."""
    texts = [(module.stem, _documentation(module)["EXAMPLES"]) for module in MODULES]
    for guide in sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst")):
        blocks = re.findall(r"\.\. code-block:: yaml.*\n\n((?:   .*\n|\n)+)", guide.read_text(encoding="utf-8"))
        texts += [(guide.stem, textwrap.dedent(block)) for block in blocks]
    found = []
    for place, text in texts:
        content = yaml.safe_load(text)
        plays = content if isinstance(content, list) else []
        tasks = [task for play in plays for task in play.get("tasks", [play])]
        found += [(place, task) for task in tasks if any(key.startswith(f"{PREFIX}hyperv_") for key in task)]
    return found


def test_examples_are_looked_at() -> None:
    places = {place for place, _task in _examples()}
    assert places >= {module.stem for module in MODULES} | {"guide_guest_channel", "guide_awx"}


@pytest.mark.parametrize(("place", "task"), _examples(), ids=lambda value: value if isinstance(value, str) else "")
def test_examples_give_options_that_the_module_takes(place: str, task: dict[str, Any]) -> None:
    name = next(key for key in task if key.startswith(PREFIX))
    spec = assigned_literal(ROOT / "plugins" / "modules" / f"{name.removeprefix(PREFIX)}.ps1", "spec")
    rules = ("mutually_exclusive", "required_one_of", "required_together", "required_if")
    validator = ArgumentSpecValidator(spec["options"], **{rule: spec.get(rule) for rule in rules})
    assert validator.validate(task[name] or {}).error_messages == [], task["name"]


def test_modules_with_a_selection_share_its_options() -> None:
    """What hyperv_ics takes at the top and in policies is what the fragment documents."""
    spec = assigned_literal(ROOT / "plugins" / "modules" / "hyperv_ics.ps1", "spec")
    shared = _normal(_fragment("vm_selection")["options"], "suboptions")
    top = _normal(spec["options"], "options")
    policy = _normal(spec["options"]["policies"]["options"], "options")
    assert {name: top[name] for name in shared} == shared
    shared.pop("missing")
    assert {name: policy[name] for name in shared} == shared
    assert set(policy) - set(shared) == {"services"}


def test_policies_exclude_the_short_form_completely() -> None:
    spec = assigned_literal(ROOT / "plugins" / "modules" / "hyperv_ics.ps1", "spec")
    pairs = {tuple(pair) for pair in spec["mutually_exclusive"]}
    assert pairs == {("policies", name) for name in spec["options"]["policies"]["options"]}


def test_results_that_are_always_returned_are_set_first(module: Path) -> None:
    head = module.read_text(encoding="utf-8").split("\nFunction ", 1)[0]
    set_first = set(re.findall(r"^\$module\.Result\.(\w+) = ", head, re.MULTILINE)) - {"changed"}
    returned = {name for name, value in _documentation(module)["RETURN"].items() if value["returned"] == "always"}
    assert set_first == returned


def test_selectable_states_are_states_that_exist() -> None:
    util = next(path for path in MODULE_UTILS if path.stem == "_VMSelection")
    names = set(assigned_literal(util, "script:stateNames").values())
    assert set(_fragment("vm_selection")["options"]["vm_state"]["choices"]) <= names


def test_service_keys_are_documented() -> None:
    util = next(path for path in MODULE_UTILS if path.stem == "_IntegrationService")
    text = "\n".join(_documented_options(ROOT / "plugins" / "modules" / "hyperv_ics.ps1")["services"]["description"])
    keys = list(_ordered_literal(util))
    assert keys == sorted(keys)
    for key in keys:
        assert f"V({key})" in text


def test_component_ids_are_those_of_the_simulator() -> None:
    """Both were written down from the same table; a typing error in either would disagree."""
    from hvsim.hyperv.services import BY_KEY

    util = next(path for path in MODULE_UTILS if path.stem == "_IntegrationService")
    assert _ordered_literal(util) == {key: str(component.guid).upper() for key, component in BY_KEY.items()}


def test_numbers_of_enums_are_those_of_the_simulator() -> None:
    from hvsim.hyperv.services import OperationalStatus
    from hvsim.hyperv.vm import VMState

    selection = next(path for path in MODULE_UTILS if path.stem == "_VMSelection")
    services = next(path for path in MODULE_UTILS if path.stem == "_IntegrationService")
    assert assigned_literal(selection, "script:stateNames") == {item.value: item.name.lower() for item in VMState}
    assert assigned_literal(services, "script:statusNames") == {
        item.value: item.name.lower() for item in OperationalStatus
    }


def _ordered_literal(util: Path) -> dict[str, str]:
    """``$script:componentIds``, which is an ``[ordered]`` literal."""
    text = util.read_text(encoding="utf-8")
    body = re.search(r"\$script:componentIds = \[ordered\]@\{(.*?)\n\}", text, re.DOTALL)
    assert body is not None
    return dict(re.findall(r"^    (\w+) = '([0-9A-F-]{36})'$", body.group(1), re.MULTILINE))

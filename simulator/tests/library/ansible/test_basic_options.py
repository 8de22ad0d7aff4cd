# SPDX-License-Identifier: GPL-3.0-or-later
"""Option types and relations of Ansible.Basic beyond the recorded runs, as its C# source has them."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine import basic_cases
from hvsim.lang.errors import Unsupported


def result(spec: str, args: dict[str, Any]) -> Any:
    script = (
        f"$spec = @{{ options = @{{ {spec}\n}}\n"
        "$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)\n"
        "$module.Result.value = $module.Params.x\n$module.ExitJson()\n"
    )
    return basic_cases.run(script, args, "2.21", ())["json"]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("dict", "a=1 a=2", "An item with the same key has already been added. Key: a"),
        ("path", "", "The path is empty. (Parameter 'path')"),
        ("json", [1], "System.Object[] cannot be converted to json"),
    ],
)
def test_values_that_do_not_convert(kind: str, value: Any, message: str) -> None:
    got = result(f"x = @{{ type = '{kind}' }} }}", {"x": value})
    net_type = "System.Object[]" if isinstance(value, list) else "System.String"
    assert got["msg"] == f"argument for x is of type {net_type} and we were unable to convert to {kind}: {message}"


@pytest.mark.parametrize(
    ("text", "path"), [("%HOME%/x", "/root/x"), ("%a%HOME%", "%a/root"), ("100%", "100%"), ("%%", "%%")]
)
def test_variables_in_paths(text: str, path: str) -> None:
    assert result("x = @{ type = 'path' } }", {"x": text})["value"] == path


def test_text_of_a_json_error_is_refused() -> None:
    with pytest.raises(Unsupported, match="no JSON"):
        result("x = @{ type = 'dict' } }", {"x": "{bad}"})


_OPTIONS = "x = @{}; y = @{} }; "


def test_rule_of_required_if_may_be_longer() -> None:
    got = result(_OPTIONS + "required_if = @(, @('x', 'v', @('y'), $true, 'more'))", {"x": "v"})
    assert got["msg"] == "x is v but all of the following are missing: y"


@pytest.mark.parametrize(
    ("rule", "found", "wanted"),
    [
        ("required_if = @(, @('x', 'v', @('y'), 1))", "Int32", "Boolean"),
        ("required_by = @{ x = 5 }", "Int32", "String"),
        ("mutually_exclusive = @(, @('x', 5))", "Int32", "String"),
        ("required_together = @(, @('x', $true))", "Boolean", "String"),
    ],
)
def test_rules_of_other_types_cannot_be_cast(rule: str, found: str, wanted: str) -> None:
    got = result(_OPTIONS + rule, {"x": "v"})
    text = f"Unable to cast object of type 'System.{found}' to type 'System.{wanted}'."
    assert (
        got["msg"]
        == f'Unhandled exception while executing module: Exception calling "Create" with "2" argument(s): "{text}"'
    )

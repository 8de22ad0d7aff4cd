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


_NULL = "Object reference not set to an instance of an object."


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("x = @{ required = $true; default = 1 } }", "internal error: required and default are mutually exclusive for x"),
        ("x = @{ aliases = $null } }", f"internal error: {_NULL}"),
        ("x = @{ deprecated_aliases = $null } }", f"internal error: {_NULL}"),
        ("x = @{ deprecated_aliases = @(@{ name = 'o'; date = $null }) } }", f"internal error: {_NULL}"),
        (
            "x = @{ deprecated_aliases = @(@{ name = 'x'; version = 2.0 }) } }",
            "internal error: Unable to cast object of type 'System.Double' to type 'System.String'.",
        ),
        ("x = @{} }; required_by = $null", f'Exception calling "Create" with "2" argument(s): "{_NULL}"'),
        (
            "x = @{ choices = $null } }",
            "Exception calling \"Create\" with \"2\" argument(s): \"Value cannot be null. (Parameter 'source')\"",
        ),
    ],
)
def test_nulls_and_other_types_in_a_specification(spec: str, message: str) -> None:
    assert result(spec, {"x": "v"})["msg"].removeprefix("Unhandled exception while executing module: ") == message


def test_rules_may_be_null() -> None:
    rules = "mutually_exclusive = $null; required_if = $null; required_together = $null; required_one_of = $null"
    assert result(f"x = @{{ elements = $null; removed_in_version = $null }} }}; {rules}", {"x": "v"})["value"] == "v"


def test_choices_without_match_are_named_once_in_any_case() -> None:
    got = result("x = @{ type = 'list'; choices = 'a', 'b' } }", {"x": ["Q", "q", "A", "z"]})
    assert got["msg"] == "value of x must be one or more of: a, b. Got no match for: Q, z"


def test_array_of_numbers_is_no_list() -> None:
    got = result("x = @{ type = 'list'; default = [int[]](1, 2) } }", {})
    assert got["msg"].endswith("list: Unable to cast object of type 'System.Int32[]' to type 'System.Object[]'.")


def test_bad_required_if_of_a_suboption_names_no_option() -> None:
    got = result("x = @{ type = 'dict'; options = @{ y = @{} }; required_if = @(, @('y', 'v')) } }", {"x": {"y": "v"}})
    assert got["msg"] == "internal error: invalid required_if value count of 2, expecting 3 or 4 entries"


def test_invocation_has_texts_of_other_values() -> None:
    kind = "[Func[[Object],[Object]]] { [TimeSpan]::FromSeconds([int]$args[0]) }"
    got = result(
        f"x = @{{ type = {kind} }}; p = @{{ no_log = $true }} }}", {"x": "5", "p": "00:00", "_ansible_inject_invocation": True}
    )
    assert got["invocation"]["module_args"] == {"x": "********:05", "p": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}


def test_nested_json_text_of_old_versions_is_refused() -> None:
    script = "$m = [Ansible.Basic.AnsibleModule]::Create($args, @{ options = @{ x = @{ type = 'dict' } } }); $m.Result.v = $m.Params.x"
    flat = basic_cases.run(script + "; $m.ExitJson()", {"x": '{"a": 1.5, "b": 2}'}, "2.18", ())
    assert flat["json"]["v"] == {"a": 1.5, "b": 2}
    with pytest.raises(Unsupported, match=r"before 2\.20"):
        basic_cases.run(script, {"x": '{"a": {"b": 1}}'}, "2.18", ())


def _members(body: str, args: dict[str, Any] | None = None) -> Any:
    script = f"$m = [Ansible.Basic.AnsibleModule]::Create($args, @{{ options = @{{}} }}); {body}; $m.ExitJson()"
    return basic_cases.run(script, args or {}, "2.21", ())["json"]


def test_properties_without_arguments_of_the_controller() -> None:
    body = "$m.Debug('d'); $m.Result.v = @($m.TargetLogInfo, $m.TracebacksFor.GetType().Name, $m.IgnoreUnknownOpts)"
    assert _members(body)["v"] == ["", "String[]", None]


def test_text_of_an_exception_has_the_inner_ones() -> None:
    body = "try { [int]::Parse('q') } catch { $m.FailJson('failed', $_.Exception) }"
    text = "The input string 'q' was not in a correct format."
    lines = _members(body, {"_ansible_verbosity": 3})["exception"].split("\n")
    assert lines == [
        f'System.Management.Automation.MethodInvocationException: Exception calling "Parse" with "1" argument(s): "{text}"',
        f" ---> System.FormatException: {text}",
    ]


@pytest.mark.parametrize(
    "body", ["[Ansible.Basic.AnsibleModule]::Exit = {}", "$m.LogEvent('x', 'Warning')", "[Ansible.Basic.AnsibleModule]::ParseSid('x')"]
)
def test_members_that_nothing_stands_for_are_refused(body: str) -> None:
    with pytest.raises(Unsupported, match=r"Exit|LogEvent|sid"):
        _members(body)

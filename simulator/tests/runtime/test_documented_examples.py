# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the language that the examples of PowerShell's own documentation (about_*) show."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported


def run(script: str) -> tuple[list[Any], list[tuple[str, str]]]:
    """The output, and each error's id and message."""
    result = Runspace().run(script)
    records = [*result.errors, *([result.terminating] if result.terminating else [])]
    return list(result.output), [(r.fully_qualified_error_id, r.message) for r in records]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # about_Switch: both sides become texts.
        ("switch ([DayOfWeek]::Thursday) { 4 { 'int' } '4' { 'digits' } Thursday { 'name' } { 4 -eq $_ } { 'block' } }", ["name", "block"]),
        ("switch (1) { $true { 'true' } 1.0 { 'double' } default { 'default' } }", ["double"]),
        ("switch ($true) { 1 { 'one' } 'true' { 'text' } }", ["text"]),
        # SwitchOps.ConditionSatisfiedRegex: a regular expression matches in every kind of switch.
        ("switch ('abc') { ([regex] '(B)') { $Matches[1] } }", ["b"]),
        ("switch -Wildcard -CaseSensitive ('abc') { ([regex] 'B') { 'no' } ([regex] 'b') { 'yes' } }", ["yes"]),
        ("switch (\"a`nb\") { ([regex]::new('A.b', 'IgnoreCase, Singleline')) { 'options' } ([regex] '(?s)A.b') { 'text' } }", ["options", "text"]),
        # Null is no pattern.
        ("switch -Regex ('abc') { $null { 'null' } b { 'b' } }", ["b"]),
        ("switch -Wildcard ('') { $null { 'null' } * { 'star' } }", ["star"]),
        ("switch -Regex (1, $null) { $null { 'null' } }", ["null"]),
    ],
)
def test_switch_compares_texts(script: str, expected: list[Any]) -> None:
    assert run(script) == (expected, [])


@pytest.mark.parametrize("index", ["0, 0", "0, 1", ", 0", "5", "'x'", "-2"])
def test_a_scalar_has_no_elements_but_itself(index: str) -> None:
    assert run(f"(2)[{index}] -eq $null; @((2)[{index}]).Count") == ([True, 0], [])


def test_strict_mode_2_refuses_other_indices_of_scalars() -> None:
    output, errors = run("Set-StrictMode -Version 2; (2)[0]; (2)[-1]; (2)[0, 0]")
    assert (output, errors) == ([2, 2], [("CannotIndex", 'Unable to index into an object of type "System.Int32".')])


@pytest.mark.parametrize(("call", "name"), [("Rename-Item -NewName { $_.Name }", "NewName"), ("F -B { $_ }", "B")])
def test_a_script_block_without_input_is_told_before_missing_parameters(call: str, name: str) -> None:
    function = "function F { param([Parameter(Mandatory)] [string] $A, [Parameter(ValueFromPipeline)] [string] $B) 'ran' }"
    output, ((error_id, message),) = run(f"{function}; {call}")
    assert output == []
    assert error_id.startswith("ScriptBlockArgumentNoInput,")
    assert message == (
        f"Cannot evaluate parameter '{name}' because its argument is specified as a script block and there is no input. "
        "A script block cannot be evaluated without input."
    )


def test_tostring_of_xml_nodes_is_the_name_that_type_data_gives() -> None:
    script = "$x = [xml] '<p:a xmlns:p=\"u\"><b/></p:a>'; $x.DocumentElement.ToString(); $x.ToString(); \"$($x.DocumentElement)\""
    assert run(script) == (["a", "#document", "System.Xml.XmlElement"], [])


def test_properties_of_variables_in_the_order_of_their_class() -> None:
    names = ["Name", "Description", "Value", "Visibility", "Module", "ModuleName", "Options", "Attributes"]
    script = "$a = 1; $v = Get-Variable a; @($v.PSObject.Properties.Name); \"$($v.Visibility)\"; $null -eq $v.Module"
    assert run(script) == ([*names, "Public", True], [])


@pytest.mark.parametrize(
    ("edition", "versions"), [("7", ["7.0.0.0", "7.0.0.0", "7.0.0.0"]), ("5.1", ["3.1.0.0", "3.1.0.0", "3.0.0.0"])]
)
def test_version_of_a_command_is_that_of_its_module(edition: str, versions: list[str]) -> None:
    script = "Get-Command Get-Date, Get-Item, ConvertTo-SecureString | ForEach-Object { \"$($_.Version)\" }"
    assert list(Runspace(edition=edition).run(script).output) == versions


def test_version_of_functions() -> None:
    script = "function F { }; $null -eq (Get-Command F).Version; $null = New-Module m { function G { } }; \"$((Get-Command G).Version)\""
    assert run(script) == ([True, "0.0"], [])


def test_version_of_the_build_is_refused() -> None:
    with pytest.raises(Unsupported, match=r"Version of a command of Microsoft\.PowerShell\.Core"):
        run("(Get-Command Get-Command).Version")

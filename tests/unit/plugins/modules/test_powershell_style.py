# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of our PowerShell that a machine can check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hvsim.lang import ast
from powershell_source import (
    MODULE_UTILS,
    MODULES,
    command_names,
    exported_functions,
    functions_of,
    required_utils,
    tree_of,
    walk,
)

# Get-Verb of PowerShell, as far as our functions have use for it.
APPROVED_VERBS = {
    "Add", "Clear", "Close", "Compare", "Confirm", "ConvertFrom", "ConvertTo", "Copy", "Enable", "Find", "Format",
    "Get", "Hide", "Import", "Invoke", "Join", "Measure", "Merge", "New", "Open", "Read", "Receive", "Remove",
    "Resolve", "Restore", "Select", "Send", "Set", "Split", "Start", "Stop", "Switch", "Sync", "Test", "Update",
    "Wait", "Write",
}  # fmt: skip
BUILT_IN = {
    "Export-ModuleMember", "ForEach-Object", "Get-ChildItem", "Get-CimInstance", "Get-Command", "Get-FileHash",
    "Get-Item", "Get-Service", "Get-Variable", "Invoke-CimMethod", "Invoke-Command", "Join-Path", "Measure-Object",
    "New-CimInstance", "New-Object", "New-PSSession", "Out-String", "Receive-Job", "Remove-Job", "Remove-PSSession",
    "Restart-Service", "Select-Object", "Set-Item", "Set-Location", "Set-Service", "Set-Variable", "Sort-Object",
    "Start-Service", "Start-Sleep", "Stop-Service", "Test-Path", "Wait-Job", "Where-Object",
}  # fmt: skip


@pytest.fixture(params=[*MODULES, *MODULE_UTILS], ids=lambda path: path.stem)
def source(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.mark.parametrize("edition", ["5.1", "7"])
def test_it_parses_in_both_editions(source: Path, edition: str) -> None:
    assert tree_of(source, edition).end_block is not None


def test_lines_and_functions_keep_their_budget(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if len(line) > 160 or line != line.rstrip() or "\t" in line]
    if source in MODULES:
        assert text.count("\n") <= 250
    for function in functions_of(source):
        extent = text[function.extent.start : function.extent.end]
        code = re.sub(r"<#.*?#>", "", extent, flags=re.DOTALL)
        assert code.count("\n") <= 60, function.name


def test_functions_have_approved_names_and_help(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    for function in functions_of(source):
        assert function.name.split("-")[0] in APPROVED_VERBS, function.name
        extent = text[function.extent.start : function.extent.end]
        parameters = function.body.param_block.parameters
        assert ".SYNOPSIS" in extent
        for parameter in parameters:
            assert f".PARAMETER {parameter.name.variable_path}\n" in extent, function.name


def test_every_command_is_known_under_its_full_name(source: Path) -> None:
    """No aliases, and no helper that the file has not asked for; Hyper-V commands name their module."""
    known = BUILT_IN | {function.name for function in functions_of(source)}
    for util in required_utils(source):
        known |= exported_functions(util)
    unknown = {name for name in command_names(source) if name not in known and not name.startswith("Hyper-V\\")}
    assert not unknown


def test_required_utils_exist_and_are_used(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    used = command_names(source)
    utils = required_utils(source)
    assert len(utils) == text.count("#AnsibleRequires -PowerShell")
    for util in utils:
        assert used & exported_functions(util), util.name


def test_private_utils_say_so(source: Path) -> None:
    if source in MODULE_UTILS:
        assert "# FOR INTERNAL COLLECTION USE ONLY\n" in source.read_text(encoding="utf-8")


def test_utils_export_what_they_define_and_others_use(source: Path) -> None:
    if source not in MODULE_UTILS:
        return
    exported = exported_functions(source)
    used = {name for other in [*MODULES, *MODULE_UTILS] if other != source for name in command_names(other)}
    assert exported <= {function.name for function in functions_of(source)}
    assert exported <= used


def test_modules_exit_once(source: Path) -> None:
    assert source.read_text(encoding="utf-8").count(".ExitJson(") == (1 if source in MODULES else 0)


def test_variables_that_are_set_are_read(source: Path) -> None:
    """Assigned in a function and never read there is a typing error or a left-over; preferences are read by others."""
    for function in functions_of(source):
        variables = [node for node in walk(function.body) if isinstance(node, ast.VariableExpression)]
        assigned = {
            node.left.variable_path.lower()
            for node in walk(function.body)
            if isinstance(node, ast.AssignmentStatement) and isinstance(node.left, ast.VariableExpression)
        }
        kept = {name for name in assigned if name.startswith("global:") or name.endswith("preference")}
        for name in assigned - kept - {"null"}:
            assert sum(item.variable_path.lower() == name for item in variables) > 1, f"{function.name}: ${name}"


def test_hyperv_calls_say_what_happens_on_errors(source: Path) -> None:
    """Errors of Hyper-V cmdlets are non-terminating: each call decides, and none addresses a VM by name."""
    for node in walk(tree_of(source)):
        if not isinstance(node, ast.Command) or not isinstance(node.command_elements[0], ast.StringConstantExpression):
            continue
        if not node.command_elements[0].value.startswith("Hyper-V\\"):
            continue
        parameters = {item.parameter_name for item in node.command_elements if isinstance(item, ast.CommandParameter)}
        assert "ErrorAction" in parameters
        assert not parameters & {"Name", "VMName"}


def test_nothing_of_powershell_7_and_nothing_interactive(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert "Write-Host" not in text
    assert not re.search(r"`\n", text)
    assert not [node for node in walk(tree_of(source, "7")) if isinstance(node, ast.TernaryExpression)]

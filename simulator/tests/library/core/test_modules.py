# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.library.core.modules import ModuleFinder
from hvsim.runtime import modules, scriptblock


def test_exports_of_a_module_in_memory(shell: Any) -> None:
    script = """
    $null = New-Module -Name Tool -ScriptBlock { $n = 5; function Get-N { $n }; function Hidden { 1 }; Export-ModuleMember -Function Get-N }
    Get-N; [bool](Get-Command Hidden -ErrorAction Ignore); (Get-Module Tool).Name; (Get-Module Tool).ExportedFunctions.Keys -join ','
    """
    assert shell.out(script) == [5, False, "Tool", "Get-N"]


def test_prefix_and_removal(shell: Any) -> None:
    script = """
    $m = New-Module -Name Tool -ScriptBlock { function Get-N { 'n' } }
    Import-Module $m -Prefix My; Get-MyN; Remove-Module Tool; @(Get-Module Tool).Count; [bool](Get-Command Get-MyN -ErrorAction Ignore)
    """
    assert shell.out(script) == ["n", 0, False]


def test_missing_module_is_a_non_terminating_error(shell: Any) -> None:
    error_id, message = shell.error("Import-Module No.Such")
    assert error_id == "Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand"
    assert message.startswith("The specified module 'No.Such' was not loaded")


def test_builtin_modules_import_silently(shell: Any) -> None:
    assert shell.out("Import-Module Microsoft.PowerShell.Utility; 'after'") == ["after"]


def test_finder_supplies_modules(shell: Any) -> None:
    ctx = shell.runspace.ctx

    def find(ctx: Any, name: str) -> Any:
        if name != "Given":
            return None
        return modules.new_module(ctx, scriptblock.create(ctx, "function Get-Given { 'given' }"), name)[0]

    ctx.services[ModuleFinder] = find
    assert shell.out("Import-Module Given; Get-Given") == ["given"]


def test_export_outside_of_a_module(shell: Any) -> None:
    assert shell.error("Export-ModuleMember -Function x")[0].startswith("Modules_CanOnlyExecuteExportModuleMember")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("(Get-Command Get-Date).CommandType.ToString()", "Cmdlet"),
        ("function F { param($A, [switch] $B) } (Get-Command F).Parameters.Keys -join ','", "A,B"),
        ("(Get-Command '%').ResolvedCommand.Name", "ForEach-Object"),
        ("(Get-Command Sort-*).Name", "Sort-Object"),
        ("(Get-Command -Verb Sort -Noun Obj*).Name", "Sort-Object"),
    ],
)
def test_get_command(shell: Any, script: str, expected: str) -> None:
    assert shell.out(script) == [expected]


def test_unimplemented_parameters_are_refused_by_name(shell: Any) -> None:
    from hvsim.lang.errors import Unsupported

    with pytest.raises(Unsupported, match="parameter -ComputerName of Invoke-Command"):
        shell.run("Invoke-Command -ComputerName x -ScriptBlock { 1 } -AsJob")

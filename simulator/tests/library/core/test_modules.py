# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import Unsupported
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


@pytest.fixture
def disk() -> Any:
    """A runspace on a Linux machine with a disk."""
    runspace = Runspace(sample_machine())

    def run(script: str) -> tuple[list[Any], list[str]]:
        result = runspace.run(script)
        return result.output, [record.message for record in result.errors]

    run("$null = New-Item -ItemType Directory /tmp/mods/Tool")
    return run


_TOOL = """'param($who) $n = 0; function Get-N { $script:n++; "$who $n $PSScriptRoot" }; Set-Alias gn Get-N; "lost"'"""


def test_script_module_in_a_file(disk: Any) -> None:
    disk(f"Set-Content /tmp/mods/Tool/Tool.psm1 {_TOOL}")
    script = """
    Import-Module /tmp/mods/Tool/Tool.psm1 -ArgumentList me; Get-N; gn; $m = Get-Module Tool; $m.Path; $m.ModuleBase
    Import-Module /tmp/mods/Tool; Get-N; Import-Module /tmp/mods/Tool -Force -ArgumentList you; Get-N; [bool] (Get-Variable n -ErrorAction Ignore)
    """
    assert disk(script) == (
        [
            "me 1 /tmp/mods/Tool",
            "me 2 /tmp/mods/Tool",
            "/tmp/mods/Tool/Tool.psm1",
            "/tmp/mods/Tool",
            "me 3 /tmp/mods/Tool",
            "you 1 /tmp/mods/Tool",
            False,
        ],
        [],
    )


def test_script_module_exports_what_it_says(disk: Any) -> None:
    disk(
        "Set-Content /tmp/mods/Tool/Tool.psm1 'function A1 { 1 }; function B1 { 2 }; Export-ModuleMember -Function A*'"
    )
    output, errors = disk("$env:PSModulePath = '/nowhere:/tmp/mods'; Import-Module Tool; A1; B1")
    assert output == [1]
    assert errors[0].startswith("The term 'B1' is not recognized")


def test_module_files_that_cannot_be_loaded(disk: Any) -> None:
    disk("Set-Content /tmp/mods/Bad.psm1 'function { }'; Set-Content /tmp/mods/M.psd1 '@{}'")
    _, errors = disk("Import-Module /tmp/mods/Bad.psm1")
    assert errors[0].startswith(
        "At /tmp/mods/Bad.psm1:1 char:9\n+ function { }\n+         ~\nMissing name after function keyword."
    )
    _, errors = disk("Import-Module /tmp/mods/none.psm1")
    assert errors[0].startswith("The specified module '/tmp/mods/none.psm1' was not loaded")
    with pytest.raises(Unsupported, match=r"modules in files other than \.psm1"):
        disk("Import-Module /tmp/mods/M.psd1")

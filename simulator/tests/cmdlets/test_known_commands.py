# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that PowerShell or Windows has and the engine does not are refused by name, where they exist and nowhere else."""

from __future__ import annotations

import pytest

from hvsim.cmdlets import known
from hvsim.engine.host_machine import HostMachine
from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.runtime import command, edition51


def on_windows(edition: str = "5.1") -> Runspace:
    return Runspace(HostMachine.on(Host("HV01"), "Administrator"), edition=edition)


def error_of(runspace: Runspace, script: str) -> tuple[str, str]:
    result = runspace.run(script)
    (record,) = [*result.errors, *([result.terminating] if result.terminating else [])]
    return record.fully_qualified_error_id, record.message


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("Get-NetAdapter", "cmdlet Get-NetAdapter"),
        ("NetAdapter\\get-netadapter", "cmdlet Get-NetAdapter"),
        ("Get-Command Install-WindowsFeature -ErrorAction SilentlyContinue", "cmdlet Install-WindowsFeature"),
        ("Compress-Archive", "cmdlet Compress-Archive"),
        ("Find-Module Pester", "cmdlet Find-Module"),
        ("cls", "function Clear-Host"),
        ("Import-Module storage", "module Storage"),
    ],
)
def test_what_windows_has_is_refused_by_name(script: str, named: str) -> None:
    with pytest.raises(Unsupported, match=f"^{named} is not supported by hvsim$"):
        on_windows().run(script)


def test_editions_have_their_own() -> None:
    assert error_of(on_windows("5.1"), "Start-ThreadJob { 1 }")[0] == "CommandNotFoundException"
    with pytest.raises(Unsupported, match="cmdlet Start-ThreadJob"):
        on_windows("7").run("Start-ThreadJob { 1 }")
    assert error_of(on_windows("7"), "Get-EventLog System")[0] == "CommandNotFoundException"
    with pytest.raises(Unsupported, match="cmdlet Get-EventLog"):
        on_windows("5.1").run("Get-EventLog System")


def test_other_machines_have_what_comes_with_powershell() -> None:
    with pytest.raises(Unsupported, match="cmdlet Expand-Archive"):
        Runspace(sample_machine()).run("Expand-Archive x.zip")
    assert error_of(Runspace(sample_machine()), "Get-NetAdapter")[0] == "CommandNotFoundException"
    assert error_of(Runspace(sample_machine()), "Import-Module NetAdapter")[0].startswith("Modules_ModuleNotFound,")


def test_names_that_nobody_knows_are_not_recognized() -> None:
    assert error_of(on_windows(), "Get-NetAdapterX")[0] == "CommandNotFoundException"
    assert error_of(on_windows(), "Storage\\Get-NetAdapter")[0] == "CommandNotFoundException"


@pytest.mark.parametrize("name", ["Foo\\Get-Item", "bin\\tool.exe"])
def test_a_module_that_there_is_not_is_named(name: str) -> None:
    module = name.partition("\\")[0]
    message = f"The module '{module}' could not be loaded. For more information, run 'Import-Module {module}'."
    assert error_of(on_windows(), name) == ("CouldNotAutoLoadModule", message)


def test_a_place_is_no_module() -> None:
    for name in (".\\Get-Item", "C:\\x\\Get-Item", "Microsoft.PowerShell.Utility\\Get-Item"):
        identity, message = error_of(on_windows(), name)
        assert identity == "CommandNotFoundException"
        assert f"'{name}'" in message


def test_lint_knows_what_came_with_powershell_7() -> None:
    missing = [row.name for row in known.listed() if row.edition == "7" and not edition51.lacks_cmdlet(row.name)]
    assert missing == []


def test_the_list_has_each_command_once_and_none_that_is_recorded() -> None:
    rows = [(row.module, row.name.lower(), row.edition) for row in known.listed()]
    assert len(rows) == len(set(rows))
    recorded = {m.name.lower() for m in command.recorded_cmdlets()}
    assert [name for _, name, _ in rows if name in recorded] == []


def test_changes_of_location_are_functions() -> None:
    runspace = on_windows()
    assert runspace.run('cd C:\\Windows\\System32; cd..; "$pwd"; cd\\; "$pwd"').output == ["C:\\Windows", "C:\\"]

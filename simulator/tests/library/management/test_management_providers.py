# SPDX-License-Identifier: GPL-3.0-or-later
"""Registry, services and the drives over the session."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.runspace import Result, Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.runtime.objects import unwrap


@pytest.fixture
def host() -> Host:
    return Host("HV01")


@pytest.fixture
def windows(host: Host) -> Runspace:
    return new_runspace(Session(host, "Administrator"))


def values(result: Result) -> list[Any]:
    assert not result.errors, [e.message for e in result.errors]
    assert result.terminating is None, result.terminating
    return [unwrap(v) for v in result.output]


def test_registry_values(windows: Runspace, host: Host) -> None:
    script = r"""
    $k = 'HKLM:\SOFTWARE\Test'; $null = New-Item $k
    $null = New-ItemProperty $k -Name n -Value 5 -PropertyType DWord
    Set-ItemProperty $k -Name s -Value 'text'
    Set-ItemProperty $k -Name e -Value '%SystemRoot%\x' -Type ExpandString
    (Get-ItemProperty $k).n; (Get-ItemProperty $k -Name s).s; Get-ItemPropertyValue $k -Name e
    (Get-Item $k).Property -join ','; (Get-Item $k).GetValue('none', 'default'); (Get-Item $k).Name
    Remove-ItemProperty $k -Name n; (Get-Item $k).ValueCount
    (Get-ChildItem HKLM:\SOFTWARE).PSChildName -contains 'Test'
    Test-Path Registry::HKEY_LOCAL_MACHINE\SOFTWARE\Test; Remove-Item $k -Recurse; Test-Path $k
    """
    assert values(windows.run(script)) == [
        5, "text", r"C:\Windows\x", "n,s,e", "default", r"HKEY_LOCAL_MACHINE\SOFTWARE\Test", 2, True, True, False,
    ]  # fmt: skip
    assert not host.registry.exists("HKLM\\SOFTWARE\\Test")


def test_missing_registry_value(windows: Runspace) -> None:
    record = windows.run(r"Get-ItemProperty HKLM:\SOFTWARE\Microsoft -Name none").errors[0]
    assert record.message == r"Property none does not exist at path HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft."
    assert record.fully_qualified_error_id == (
        "System.Management.Automation.PSArgumentException,Microsoft.PowerShell.Commands.GetItemPropertyCommand"
    )
    assert record.category == "InvalidArgument"


def test_missing_registry_key(windows: Runspace) -> None:
    record = windows.run(r"Get-Item HKLM:\SOFTWARE\none").errors[0]
    assert record.message == r"Cannot find path 'HKLM:\SOFTWARE\none' because it does not exist."


def test_services(windows: Runspace, host: Host) -> None:
    script = """
    (Get-Service vmms).Status; (Get-Service vmic*).Count
    Stop-Service vmms -PassThru | ForEach-Object { "$($_.Name) $($_.Status) $($_.StartType)" }
    Set-Service WinRM -StartupType Disabled
    (Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\WinRM).Start
    """
    found = values(windows.run(script))
    assert [str(getattr(v, "value", v)) for v in found] == ["4", "8", "vmms Stopped Automatic", "4"]
    assert not host.vmms_running


def test_service_errors(windows: Runspace) -> None:
    record = windows.run("Get-Service none").errors[0]
    assert (record.message, record.error_id, record.category) == (
        "Cannot find any service with service name 'none'.",
        "NoServiceFoundForGivenName",
        "ObjectNotFound",
    )
    record = windows.run("Set-Service Spooler -StartupType Disabled -Status Stopped; Start-Service Spooler").errors[0]
    assert record.message == (
        "Service 'Print Spooler (Spooler)' cannot be started due to the following error: "
        "Cannot start service Spooler on computer '.'."
    )
    assert record.fully_qualified_error_id == "CouldNotStartService,Microsoft.PowerShell.Commands.StartServiceCommand"


def test_session_drives() -> None:
    script = """
    $env:CASE = 'x'; (Get-Item env:CASE).Value; Rename-Item env:CASE CASE2; $env:CASE2; Remove-Item env:CASE2; Test-Path env:CASE2
    Set-Item variable:v 5; $v; (Get-ChildItem variable:v).Value; Clear-Item variable:v; $null -eq $v
    Set-Content function:f { 'body' }; f; Get-Content function:f | ForEach-Object { "$_".Trim() }
    New-Item alias:al -Value Write-Output | Out-Null; al 'hi'; (Get-Item alias:al).Definition
    New-PSDrive T FileSystem /etc | Out-Null; Get-Content T:/hostname; (Get-PSDrive T).Root; Remove-PSDrive T; Test-Path T:/hostname
    """
    assert values(Runspace(sample_machine()).run(script)) == [
        "x", "x", False, 5, 5, True, "body", "'body'", "hi", "Write-Output", "localhost", "/etc", False,
    ]  # fmt: skip


def test_windows_names_exist_on_windows_only(windows: Runspace) -> None:
    assert values(windows.run("mkdir C:\\n\\m | ForEach-Object Name; (Get-Alias gsv).Definition; 3, 1 | sort")) == [
        "m", "Get-Service", 1, 3,
    ]  # fmt: skip
    assert Runspace(sample_machine()).run("sort 1").errors[0].error_id == "CommandNotFoundException"


def test_sleeping_moves_the_clock_and_waits_for_nobody(windows: Runspace, host: Host) -> None:
    before = host.clock.now()
    windows.run("Start-Sleep -Seconds 3600")
    assert (host.clock.now() - before).total_seconds() >= 3600


@pytest.mark.parametrize("drive", ["Variable", "Function", "Alias", "Env"])
def test_the_root_of_a_flat_drive_stays(drive: str) -> None:
    with pytest.raises(Unsupported, match="removing the root of drive"):
        Runspace().run(f"Remove-Item {drive}:")


def test_an_alias_has_the_output_type_of_its_command(windows: Runspace) -> None:
    script = "function f { [OutputType([int])] param() }; Set-Alias ff f; (Get-Alias ff).OutputType.Name; $null = (Get-Alias dir).OutputType; 'read'"
    assert values(windows.run(script)) == ["System.Int32", "read"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""The Service cmdlets and ServiceController in the words of each edition (Service.cs, System.ServiceProcess resources)."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.runspace import Runspace
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.runtime.errors import ErrorRecord
from hvsim.runtime.objects import unwrap

_KEY = r"HKLM:\SYSTEM\CurrentControlSet\Services"


@pytest.fixture
def shells() -> dict[str, Runspace]:
    return {edition: new_runspace(Session(Host("HV01", powershell=edition), "Administrator")) for edition in ("7", "5.1")}


def error(shell: Runspace, script: str) -> tuple[str, str, Any, str]:
    """(id without the namespace, category, target, message) of the one error."""
    result = shell.run(f"try {{ {script} }} catch {{ $_ }}")
    (record,) = [*result.errors, *(r for r in result.output if isinstance(r, ErrorRecord))]
    target = record.target if isinstance(record.target, str) else None
    return record.fully_qualified_error_id.replace("Microsoft.PowerShell.Commands.", ""), record.category, target, record.message


def out(shell: Runspace, script: str) -> list[str]:
    result = shell.run(script)
    assert not result.errors and result.terminating is None, result.errors
    return [str(unwrap(v)) for v in result.output]


@pytest.mark.parametrize(("edition", "name", "target"), [("7", "'none'", "none"), ("5.1", "none", ".")])
def test_set_service_misses_a_service(shells: dict[str, Runspace], edition: str, name: str, target: str) -> None:
    assert error(shells[edition], "Set-Service none -StartupType Manual") == (
        "InvalidOperationException,SetServiceCommand", "ObjectNotFound", target, f"Service {name} was not found on computer '.'.",
    )  # fmt: skip
    script = "try { Set-Service none -DisplayName x -ErrorAction Stop } catch { $_.Exception.InnerException.Message }"
    end = "" if edition == "5.1" else "."
    assert out(shells[edition], script) == [f"The specified service does not exist as an installed service{end}"]


@pytest.mark.parametrize(
    ("edition", "kind", "names"),
    [
        ("7", "Microsoft.PowerShell.Commands.ServiceStartupType", "Automatic, Manual, Disabled, AutomaticDelayedStart, InvalidValue"),
        ("5.1", "System.ServiceProcess.ServiceStartMode", "Boot, System, Automatic, Manual, Disabled"),
    ],
)
def test_startup_type_is_an_enum_of_the_edition(shells: dict[str, Runspace], edition: str, kind: str, names: str) -> None:
    for command in ("Set-Service vmms", r"New-Service x C:\x.exe"):
        error_id, _, _, message = error(shells[edition], f"{command} -StartupType Never")
        assert error_id.startswith("CannotConvertArgumentNoMessage,")
        assert f'Cannot convert value "Never" to type "{kind}"' in message and message.endswith(f'{names}"')
    assert out(shells[edition], "Set-Service Spooler -StartupType 3; \"$((Get-Service Spooler).StartType)\"") == ["Manual"]


def test_delayed_start_is_of_seven(shells: dict[str, Runspace]) -> None:
    script = rf"""
    Set-Service Spooler -StartupType AutomaticDelayedStart; $s = Get-Service Spooler
    "$($s.StartType) $($s.StartupType) $($s.DelayedAutoStart) $((Get-ItemProperty {_KEY}\Spooler).DelayedAutostart)"
    Set-Service Spooler -StartupType InvalidValue; "$((Get-Service Spooler).StartupType)"
    Set-Service Spooler -StartupType Disabled; "$((Get-Service Spooler).StartupType)"
    """
    assert out(shells["7"], script) == ["Automatic AutomaticDelayedStart True 1", "AutomaticDelayedStart", "Disabled"]
    assert out(shells["5.1"], "$null -eq (Get-Service Spooler).PSObject.Properties['StartupType']") == ["True"]
    assert error(shells["5.1"], "Set-Service Spooler -StartupType AutomaticDelayedStart")[1] == "InvalidArgument"


def test_drivers_start_types_are_refused(shells: dict[str, Runspace]) -> None:
    with pytest.raises(Unsupported, match="start type Boot"):
        shells["5.1"].run("Set-Service Spooler -StartupType Boot")


@pytest.mark.parametrize(("edition", "name"), [("7", "'Spooler'"), ("5.1", "Spooler")])
def test_disabled_service_does_not_start(shells: dict[str, Runspace], edition: str, name: str) -> None:
    shell = shells[edition]
    shell.run("Stop-Service Spooler; Set-Service Spooler -StartupType Disabled; $s = Get-Service Spooler")
    cannot = f"Cannot start service {name} on computer '.'."
    text = f"Service 'Print Spooler (Spooler)' cannot be started due to the following error: {cannot}"
    assert error(shell, "Start-Service Spooler") == ("CouldNotStartService,StartServiceCommand", "OpenError", None, text)
    assert error(shell, "$s.Start()")[3] == f'Exception calling "Start" with "0" argument(s): "{cannot}"'
    stop = f"Cannot stop {name} service on computer '.'."
    assert error(shell, "$s.Stop()")[3] == f'Exception calling "Stop" with "0" argument(s): "{stop}"'


def test_waiting_in_vain(shells: dict[str, Runspace]) -> None:
    texts = {
        "7": "The operation requested for service 'vmms' has not been completed within the specified time interval.",
        "5.1": "Time out has expired and the operation has not been completed.",
    }
    for edition, text in texts.items():
        assert text in error(shells[edition], "(Get-Service vmms).WaitForStatus('Stopped', '0:0:1')")[3]


def test_services_come_sorted_whatever_the_patterns(shells: dict[str, Runspace]) -> None:
    script = "(Get-Service vmms, none, EventLog, vm*s -Exclude vmic* -ErrorAction SilentlyContinue).Name -join ' '"
    assert out(shells["5.1"], script) == ["EventLog vmms"]
    assert out(shells["5.1"], "(Get-Service -DisplayName 'Print*' -Include '*Spooler').Name") == ["Spooler"]


def test_new_service_is_in_the_registry(shells: dict[str, Runspace]) -> None:
    script = rf"""
    $null = New-Service mine C:\m.exe -StartupType Manual
    $k = Get-ItemProperty {_KEY}\mine; "$($k.Start) $($k.ImagePath) $($k.ObjectName)"
    Set-Service mine -StartupType Disabled; (Get-ItemProperty {_KEY}\mine).Start
    """
    assert out(shells["5.1"], script) == [r"3 C:\m.exe LocalSystem", "4"]
    assert error(shells["5.1"], r"New-Service mine C:\m.exe") == (
        "CouldNotNewService,NewServiceCommand", "PermissionDenied", "mine",
        "Service 'mine (mine)' cannot be created due to the following error: The specified service already exists",
    )  # fmt: skip

# SPDX-License-Identifier: GPL-3.0-or-later
"""Start-, Stop-, Restart-, Save-, Suspend-, Resume-VM and Copy-VMFile as scripts see them."""

from __future__ import annotations

import pytest

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.runspace import Result
from hvsim.hyperv.content import Content
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import parse_lab
from hvsim.hyperv.vm import VirtualMachine, VMState
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16

LAB = """
hosts:
  - name: HV1
    language: en-US
    users:
      - {name: Administrator, password: p, groups: [administrators]}
      - {name: u, password: p, groups: [users]}
    vms:
      - {name: a}
      - {name: b, services: {guest_service_interface: true}}
      - {name: "off1", state: "off"}
      - {name: deaf, services: {shutdown: false}}
      - {name: stubborn, guest: {on_shutdown: refuses}}
      - {name: never, guest: {booted: false}}
"""
CLASS = "Microsoft.HyperV.PowerShell.Commands."


@pytest.fixture
def host() -> Host:
    return parse_lab(LAB).hosts()[0]


def run(host: Host, script: str, user: str = "Administrator") -> Result:
    return new_runspace(Session(host, user)).run(script)


def clean(host: Host, script: str) -> list[object]:
    result = run(host, script)
    assert [record.message for record in result.errors] == []
    assert result.terminating is None
    return [from_utf16(value) if isinstance(value, str) else value for value in result.output]


def error(host: Host, script: str, user: str = "Administrator") -> tuple[str, str, str]:
    result = run(host, script, user)
    (record,) = [*result.errors, *([result.terminating] if result.terminating else [])]
    return record.fully_qualified_error_id, str(record.category), record.message


def named(host: Host, name: str) -> VirtualMachine:
    return host.find_vms(name)[0]


def test_start_waits_until_the_vm_runs_and_gives_it_with_passthru(host: Host) -> None:
    assert clean(host, 'Start-VM -Name off1 -Passthru | ForEach-Object { "$($_.Name) $($_.State)" }') == [
        "off1 Running"
    ]
    assert clean(host, "Stop-VM -VM (Get-VM off1) -TurnOff") == []
    assert named(host, "off1").state is VMState.OFF


def test_sleeping_boots_the_guest(host: Host) -> None:
    script = 'Start-VM off1; "$((Get-VM off1).Heartbeat)"; Start-Sleep -Seconds 20; "$((Get-VM off1).Heartbeat)"'
    assert clean(host, script) == ["NoContact", "OkApplicationsHealthy"]


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ("Save-VM a", "SAVED"),
        ("Suspend-VM a", "PAUSED"),
        ("Suspend-VM a; Resume-VM a", "RUNNING"),
        ("'a' | Stop-VM", "OFF"),
        ("Get-VM a | Stop-VM -Save", "SAVED"),
        ("Stop-VM -VMName a -TurnOff", "OFF"),
        ("Stop-VM a -WhatIf", "RUNNING"),
    ],
)
def test_states(host: Host, script: str, state: str) -> None:
    assert clean(host, script) == []
    assert named(host, "a").state is VMState[state]


def test_the_target_state_is_a_warning(host: Host) -> None:
    result = run(host, "Start-VM a; Stop-VM off1 -Passthru | ForEach-Object Name")
    assert [warning.message for warning in result.warning] == [
        "The virtual machine is already in the specified state."
    ] * 2
    assert (result.output, result.errors) == (["off1"], [])


def test_wrong_states_and_names_are_errors_of_their_own(host: Host) -> None:
    result = run(host, "Resume-VM off1, nosuch, a")
    assert [(r.fully_qualified_error_id, str(r.category)) for r in result.errors] == [
        (f"ObjectNotFound,{CLASS}ResumeVM", "ObjectNotFound"),
        (f"InvalidState,{CLASS}ResumeVM", "InvalidOperation"),
    ]
    assert result.errors[1].target.vm is named(host, "off1")
    assert len(result.warning) == 1


def test_save_and_turn_off_exclude_each_other(host: Host) -> None:
    assert error(host, "Stop-VM a -Save -TurnOff")[:2] == (f"InvalidParameter,{CLASS}StopVM", "InvalidArgument")
    assert named(host, "a").state is VMState.RUNNING


def test_without_the_shutdown_service_stop_asks_and_force_turns_off(host: Host) -> None:
    error_id, _, message = error(host, "Stop-VM deaf")
    assert error_id == f"Unspecified,{CLASS}StopVM"
    assert "does not support user interaction" in message
    assert named(host, "deaf").state is VMState.RUNNING
    assert clean(host, "Stop-VM deaf -Force") == []
    assert named(host, "deaf").state is VMState.OFF


def test_a_guest_that_refuses_goes_down_by_force(host: Host) -> None:
    error_id, _, message = error(host, "Stop-VM stubborn")
    assert error_id == f"OperationFailed,{CLASS}StopVM"
    assert "0x800710DF" in message
    assert named(host, "stubborn").state is VMState.RUNNING
    assert clean(host, "Stop-VM stubborn -Force") == []
    assert named(host, "stubborn").state is VMState.OFF


def test_force_turns_off_a_guest_that_hangs_while_it_shuts_down_and_reports_it(host: Host) -> None:
    named(host, "a").guest.power.on_shutdown = "hangs"
    before = host.clock.now()
    assert "0x800705B4" in error(host, "Stop-VM a")[2]
    assert (host.clock.now() - before).total_seconds() == 300
    assert named(host, "a").state is VMState.RUNNING
    assert "0x800705B4" in error(host, "Stop-VM a -Force")[2]
    assert named(host, "a").state is VMState.OFF


def test_restart_is_hard_and_asks_unless_forced(host: Host) -> None:
    assert 'restart virtual machine "a"' in error(host, "Restart-VM a")[2]
    starts = named(host, "a").guest.power.starts
    assert clean(host, "Restart-VM a -Force; (Get-VM a).Heartbeat.value__") == [2]
    assert named(host, "a").guest.power.starts == starts + 1


def test_restart_waits_for_heartbeat_or_address(host: Host) -> None:
    for what in ("", "-For IPAddress", "-For Heartbeat -Delay 1"):
        assert clean(host, f'Restart-VM a -Force -Wait {what} -Timeout 60; "$((Get-VM a).Heartbeat)"') == [
            "OkApplicationsHealthy"
        ]
    assert error(host, "Restart-VM never -Force -Wait -Timeout 10")[0] == f"OperationTimeout,{CLASS}RestartVM"
    with pytest.raises(Unsupported, match="does not come back"):
        run(host, "Restart-VM never -Force -Wait")


def test_rights(host: Host) -> None:
    assert error(host, "Stop-VM a", "u")[1] == "PermissionDenied"
    assert error(host, "Copy-VMFile a C:\\x C:\\y -FileSource Host", "u")[1] == "PermissionDenied"
    assert named(host, "a").state is VMState.RUNNING


def test_faults(host: Host) -> None:
    host.faults.add(FaultRule("Stop-VM", vm="a", error="busy", times=1))
    assert error(host, "Stop-VM a, b")[0] == f"ObjectInUse,{CLASS}StopVM"
    assert (named(host, "a").state, named(host, "b").state) == (VMState.RUNNING, VMState.OFF)


def test_copy_to_many_machines_reports_each(host: Host) -> None:
    host.files.write_bytes(r"C:\stage\x.txt", b"x\xff", create_parents=True)
    result = run(
        host,
        r"Set-Location C:\stage; Copy-VMFile -Name a, b, off1 -SourcePath x.txt -DestinationPath C:\x.txt -FileSource Host",
    )
    assert [(r.fully_qualified_error_id, str(r.category)) for r in result.errors] == [
        (f"OperationFailed,{CLASS}CopyVMFile", "NotSpecified"),
        (f"OperationFailed,{CLASS}CopyVMFile", "InvalidOperation"),
    ]
    assert result.errors[0].message.endswith("The device is not ready for use. (0x800710DF).")
    assert result.output == []
    assert named(host, "b").guest.machine.files.read_bytes("C:\\x.txt") == b"x\xff"


def test_copy_takes_machines_or_sources_from_the_pipeline(host: Host) -> None:
    for name in ("1", "2"):
        host.files.write_bytes(f"C:\\{name}", name.encode())
    clean(host, r"'C:\1', 'C:\2' | Copy-VMFile b -DestinationPath C:\Windows\Temp -FileSource Host")
    clean(host, r"Get-VM b | Copy-VMFile -SourcePath C:\1 -DestinationPath C:\n\m -FileSource 0 -CreateFullPath")
    clean(host, r"Copy-VMFile b C:\2 C:\n\m -FileSource Host -Force")
    clean(host, r"Copy-VMFile b C:\2 C:\n\o -FileSource Host -WhatIf")
    files = named(host, "b").guest.machine.files
    assert [files.read_bytes(f"C:\\Windows\\Temp\\{name}") for name in ("1", "2")] == [b"1", b"2"]
    assert files.read_bytes(r"C:\n\m") == b"2"
    assert not files.exists(r"C:\n\o")


def test_copy_has_one_source_only(host: Host) -> None:
    error_id, _, message = error(host, r"Copy-VMFile b C:\x C:\y -FileSource Guest")
    assert error_id == f"CannotConvertArgumentNoMessage,{CLASS}CopyVMFile"
    assert "Host" in message


def test_jobs_take_their_time_while_somebody_waits(host: Host) -> None:
    before = host.clock.now()
    script = "$j = Stop-VM a -AsJob; $j.State; $w = Wait-Job $j -Timeout 1; $null -eq $w; $w = Wait-Job $j; $j.State; Receive-Job $j"
    assert clean(host, script) == ["Running", True, "Completed"]
    assert (host.clock.now() - before).total_seconds() == 8
    assert named(host, "a").state is VMState.OFF
    host.files.write_content("C:\\big", Content.generated(200 * 1024 * 1024))
    before = host.clock.now()
    copied = r"$j = Copy-VMFile b C:\big C:\big -FileSource Host -AsJob; $null = Wait-Job $j; $j.State"
    assert clean(host, copied) == ["Completed"]
    assert (host.clock.now() - before).total_seconds() == pytest.approx(10)
    assert named(host, "b").guest.machine.files.stat("C:\\big").size == 200 * 1024 * 1024


def test_errors_of_a_job_come_with_receive_job(host: Host) -> None:
    script = (
        r"$j = Copy-VMFile off1, b C:\no C:\big -FileSource Host -AsJob; $null = Wait-Job $j; $j.State; Receive-Job $j"
    )
    result = run(host, script)
    assert result.output == ["Failed"]
    assert [record.fully_qualified_error_id for record in result.errors] == ["OperationFailed"] * 2
    assert clean(host, "$null = Stop-VM deaf -AsJob | Wait-Job") == []
    assert named(host, "deaf").state is VMState.OFF
    assert error(host, "Start-VM off1 -AsJob -Passthru")[0] == f"InvalidParameter,{CLASS}StartVM"


# -- asking a guest through WMI: returns at once, turns nothing off


def _initiate(host: Host, name: str, force: str = "$false") -> object:
    vm_id = str(named(host, name).id).upper()
    (code,) = clean(
        host,
        "$c = Get-CimInstance -Namespace root/virtualization/v2 -ClassName Msvm_ShutdownComponent | "
        f"Where-Object SystemName -eq '{vm_id}'; "
        f"[int](Invoke-CimMethod -InputObject $c -MethodName InitiateShutdown -Arguments @{{ Force = {force}; Reason = 'r' }})"
        ".ReturnValue",
    )
    return code


def test_initiate_shutdown_returns_before_the_guest_is_down(host: Host) -> None:
    before = host.clock.now()
    assert _initiate(host, "a") == 0
    assert named(host, "a").state is VMState.STOPPING
    assert (host.clock.now() - before).total_seconds() < 1
    host.clock.advance(seconds=60)
    assert named(host, "a").state is VMState.OFF


def test_initiate_shutdown_of_a_locked_guest_needs_force(host: Host) -> None:
    assert _initiate(host, "stubborn") == 32781
    assert named(host, "stubborn").state is VMState.RUNNING
    assert _initiate(host, "stubborn", "$true") == 0
    assert named(host, "stubborn").state is VMState.STOPPING


def test_initiate_shutdown_of_a_guest_that_does_not_listen_or_hangs(host: Host) -> None:
    assert _initiate(host, "deaf") == 32768
    named(host, "b").guest.power.on_shutdown = "hangs"
    assert _initiate(host, "b") == 0
    host.clock.advance(seconds=3600)
    assert named(host, "b").state is VMState.RUNNING

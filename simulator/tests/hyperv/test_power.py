# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs start, stop, save and pause in simulated time, and their guests boot in phases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hvsim.hyperv.errors import InvalidState, ObjectGone
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.guest import Guest, GuestService
from hvsim.hyperv.guest_power import GuestTimes
from hvsim.hyperv.host import Host
from hvsim.hyperv.power import ShutdownRefused, ShutdownServiceNotWorking, StateChange
from hvsim.hyperv.services import OperationalStatus
from hvsim.hyperv.vm import VirtualMachine, VMHeartbeatStatus, VMState

NEXT = {
    "start": ("STARTING", "RUNNING"),
    "shut_down": ("STOPPING", "OFF"),
    "turn_off": ("STOPPING", "OFF"),
    "save": ("SAVING", "SAVED"),
    "suspend": ("PAUSING", "PAUSED"),
    "resume": ("RESUMING", "RUNNING"),
}


def vm_on(host: Host, **attributes: Any) -> VirtualMachine:
    return host.add_vm("vm1", **attributes)


def change(host: Host, vm: VirtualMachine, what: StateChange, *, wait: bool = True) -> bool:
    return host.change_vm_state(vm, what, actor="Administrator", command="x", wait=wait)


@pytest.mark.parametrize(
    ("what", "before"),
    [("start", "OFF"), ("start", "SAVED"), ("shut_down", "RUNNING"), ("turn_off", "PAUSED"), ("save", "RUNNING"),
     ("suspend", "RUNNING"), ("resume", "PAUSED")],
)  # fmt: skip
def test_changes_pass_through_a_state(what: StateChange, before: str) -> None:
    host = Host("HV1")
    vm = vm_on(host, state=VMState[before])
    assert change(host, vm, what, wait=False)
    passing, target = NEXT[what]
    assert vm.state is VMState[passing]
    with pytest.raises(InvalidState):
        change(host, vm, "suspend")
    host.clock.advance(seconds=vm.seconds_to_settle - 0.001)
    assert vm.state is VMState[passing]
    host.clock.advance(milliseconds=1)
    assert vm.state is VMState[target]
    assert not change(host, vm, what) if what != "resume" else True


def test_waiting_lets_time_pass() -> None:
    host = Host("HV1")
    vm = vm_on(host)
    before = host.clock.now()
    assert change(host, vm, "shut_down")
    assert vm.state is VMState.OFF
    assert host.clock.now() - before == timedelta(seconds=GuestTimes().shutdown)


def test_boot_phases() -> None:
    host = Host("HV1")
    vm = vm_on(host, state=VMState.OFF, guest=Guest(times=GuestTimes(30, 15, 5)))
    change(host, vm, "start")
    assert vm.heartbeat is VMHeartbeatStatus.NO_CONTACT
    host.clock.advance(seconds=29)
    assert not vm.guest.booted
    host.clock.advance(seconds=1)
    assert vm.heartbeat is VMHeartbeatStatus.OK_APPLICATIONS_HEALTHY
    assert not vm.guest.power.logon_possible
    host.clock.advance(seconds=15)
    assert vm.guest.power.logon_possible
    assert vm.uptime == timedelta(seconds=45)


def test_a_saved_vm_does_not_boot_again() -> None:
    host = Host("HV1")
    vm = vm_on(host)
    change(host, vm, "save")
    change(host, vm, "start")
    assert vm.heartbeat is VMHeartbeatStatus.OK_APPLICATIONS_HEALTHY


def test_a_guest_that_never_boots() -> None:
    host = Host("HV1")
    vm = vm_on(host, state=VMState.OFF, guest=Guest(booted=False))
    change(host, vm, "start")
    host.clock.advance(seconds=86_400)
    assert vm.heartbeat is VMHeartbeatStatus.NO_CONTACT


def test_a_restart_starts_stopped_services_but_not_disabled_ones() -> None:
    host = Host("HV1")
    vm = vm_on(host, guest=Guest(services={"vss": GuestService("stopped"), "shutdown": GuestService("disabled")}))
    machine = vm.guest.machine
    spooler = machine.services["spooler"]
    spooler.status = "Stopped"
    worker = machine.processes.start("setup", "Administrator")
    change(host, vm, "reset")
    assert vm.state is VMState.RUNNING
    assert vm.heartbeat is VMHeartbeatStatus.NO_CONTACT
    host.clock.advance(seconds=20)
    assert vm.integration_service("vss").primary_status is OperationalStatus.OK
    assert vm.integration_service("shutdown").primary_status is OperationalStatus.NO_CONTACT
    assert spooler.status == "Running"
    assert worker.id not in machine.processes or machine.processes[worker.id] is not worker


@pytest.mark.parametrize("guest", [Guest(responding=False), Guest("none"), Guest(booted=False)])
def test_no_shutdown_without_the_service(guest: Guest) -> None:
    host = Host("HV1")
    vm = vm_on(host, guest=guest)
    with pytest.raises(ShutdownServiceNotWorking, match="not enabled, not running or not initialized") as caught:
        change(host, vm, "shut_down")
    assert (caught.value.error_id, caught.value.category) == ("OperationFailed", "NotSpecified")
    assert vm.state is VMState.RUNNING


def test_no_shutdown_when_the_switch_is_off() -> None:
    host = Host("HV1")
    vm = vm_on(host, services={"shutdown": False})
    with pytest.raises(ShutdownServiceNotWorking):
        change(host, vm, "shut_down")


def test_guests_that_refuse_or_hang() -> None:
    host = Host("HV1")
    stubborn = host.add_vm("a", guest=Guest(on_shutdown="refuses"))
    stuck = host.add_vm("b", guest=Guest(on_shutdown="hangs"))
    with pytest.raises(ShutdownRefused, match="0x800710DF"):
        change(host, stubborn, "shut_down")
    before = host.clock.now()
    with pytest.raises(ShutdownRefused, match="0x800705B4"):
        change(host, stuck, "shut_down")
    assert host.clock.now() - before == timedelta(minutes=5)
    assert stubborn.state is stuck.state is VMState.RUNNING


def test_only_a_running_vm_shuts_down() -> None:
    host = Host("HV1")
    for state in (VMState.PAUSED, VMState.SAVED, VMState.STARTING):
        vm = host.add_vm(state.name, state=state)
        with pytest.raises(InvalidState):
            change(host, vm, "shut_down")


def test_faults_harm_guests_in_the_middle() -> None:
    host = Host("HV1")
    vm = vm_on(host)
    for error in ("hang_guest", "reboot_guest", "turn_off_guest", "vanish"):
        host.faults.add(FaultRule("work", vm="vm1", error=error, times=1))
    host.apply_faults("work", vm)
    assert not vm.guest.responding
    host.apply_faults("work", vm)
    assert vm.guest.responding
    assert not vm.guest.booted
    host.apply_faults("work", vm)
    assert vm.state is VMState.OFF
    host.apply_faults("work", vm)
    with pytest.raises(ObjectGone):
        change(host, vm, "start")


def test_harm_needs_a_vm() -> None:
    with pytest.raises(ValueError, match="'reboot_guest' needs 'vm'"):
        FaultRule(error="reboot_guest")

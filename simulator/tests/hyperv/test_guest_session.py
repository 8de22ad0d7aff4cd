# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate of PowerShell Direct: every error of table 2.6 that the model knows, in the order of a real client."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.hyperv import guest_session as gate
from hvsim.hyperv.errors import ModelError
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.guest import Guest, GuestSeed
from hvsim.hyperv.host import Behaviour, Host
from hvsim.hyperv.lab import parse_lab
from hvsim.hyperv.services import OperationalStatus
from hvsim.hyperv.users import User
from hvsim.hyperv.vm import VirtualMachine, VMState

ENDED = "An error has occurred which Windows PowerShell cannot handle. A remote session might have ended."


def vm_on(host: Host, guest: Guest | None = None, **attributes: Any) -> VirtualMachine:
    return host.add_vm("vm1", guest=guest, **attributes)


def enter(host: Host, vm: VirtualMachine, password: str = "Lab-Only-1", **options: Any) -> gate.GuestConnection:
    return host.connect_guest(vm, options.pop("user", "Administrator"), password, actor="Administrator", **options)


def refused(kind: type[gate.DirectError], host: Host, vm: VirtualMachine, **options: Any) -> gate.DirectError:
    with pytest.raises(kind) as caught:
        enter(host, vm, **options)
    return caught.value


def test_the_right_credential_enters() -> None:
    host = Host("HV1")
    vm = vm_on(host)
    assert vm.guest.machine.services["vmicvmsession"].status == "Stopped"
    connection = enter(host, vm, user="WEB\\administrator")
    assert connection.user.name == "Administrator"
    assert connection.machine is vm.guest.machine
    assert vm.guest.machine.services["vmicvmsession"].status == "Running"
    connection.check()
    connection.close()
    connection.close()
    assert not connection.alive
    assert vm.guest.machine.services["vmicvmsession"].status == "Stopped"


@pytest.mark.parametrize(
    "state", [VMState.OFF, VMState.PAUSED, VMState.SAVED, VMState.STARTING, VMState.RUNNING_CRITICAL]
)
def test_a_vm_that_does_not_run(state: VMState) -> None:
    host = Host("HV1")
    error = refused(gate.NotRunning, host, vm_on(host, state=state), user="")
    assert error.message == "The virtual machine vm1 is not in running state."
    assert (error.error_id, error.category) == ("InvalidVMState", "InvalidArgument")
    assert error.exception_type == "System.ArgumentException"


@pytest.mark.parametrize(
    "guest",
    [
        Guest("linux"),
        Guest("none"),
        Guest(os_name="Windows Server 2012 R2 Standard"),
        Guest(os_name="Windows 8.1 Pro"),
        Guest(booted=False),
    ],
)
def test_a_silent_guest(guest: Guest) -> None:
    host = Host("HV1")
    error = refused(gate.GuestSilent, host, vm_on(host, guest), password="wrong")
    assert error.message == ENDED
    assert (error.error_id, error.category) == ("PSSessionStateBroken", "OpenError")
    assert error.exception_type == "System.Management.Automation.Remoting.PSRemotingDataStructureException"


def test_the_text_names_the_edition() -> None:
    host = Host("HV1", powershell="7")
    error = refused(gate.GuestSilent, host, vm_on(host, Guest("linux")))
    assert error.message == "An error has occurred which PowerShell cannot handle. A remote session might have ended."


def test_the_service_in_the_guest_decides() -> None:
    host = Host("HV1")
    vm = vm_on(host)
    service = vm.guest.machine.services["vmicvmsession"]
    for change in ("stopped", "disabled", "removed"):
        if change == "stopped":
            service.status = "Stopped"
        elif change == "disabled":
            service.start_type = "Disabled"
        else:
            del vm.guest.machine.services["vmicvmsession"]
        refused(gate.GuestSilent, host, vm)


def test_an_empty_user_name_is_refused_before_the_guest_is_asked() -> None:
    host = Host("HV1")
    error = refused(gate.EmptyUserName, host, vm_on(host, Guest("linux")), user=".\\")
    assert error.message == "The input username cannot be empty."
    assert (error.error_id, error.category) == ("PSSessionStateBroken", "OpenError")


@pytest.mark.parametrize(("user", "password"), [("nobody", "x"), ("Administrator", "X"), ("off", "p"), ("old", "p")])
def test_wrong_credentials(user: str, password: str) -> None:
    users = (User("Administrator", "x"), User("off", "p", enabled=False), User("old", "p", expired=True))
    host = Host("HV1")
    error = refused(
        gate.InvalidCredential, host, vm_on(host, Guest(seed=GuestSeed(users))), user=user, password=password
    )
    assert error.message == "The credential is invalid."
    assert error.exception_type == "System.Management.Automation.Remoting.PSDirectException"


def test_an_empty_password_is_a_password() -> None:
    host = Host("HV1")
    vm = vm_on(host, Guest(seed=GuestSeed((User("u", ""),))))
    assert enter(host, vm, "", user="u").alive
    refused(gate.InvalidCredential, host, vm, user="u", password="x")


def test_a_right_credential_is_refused_for_a_while_after_boot() -> None:
    host = Host("HV1")
    vm = vm_on(host, state=VMState.OFF)
    host.change_vm_state(vm.id, "start", actor=None, command="Start-VM")
    assert vm.state is VMState.RUNNING
    refused(gate.GuestSilent, host, vm)
    host.clock.advance(seconds=20)
    refused(gate.InvalidCredential, host, vm)
    host.clock.advance(seconds=10)
    assert enter(host, vm).alive


def test_handshake() -> None:
    text = "hosts: [{name: HV1, vms: [{name: a, guest: {direct_protocol: older}}, {name: b}]}]"
    (host,) = parse_lab(text).hosts()
    old, new = host.virtual_machines()
    assert enter(host, old).alive
    host.registry.set_value(r"HKLM\SOFTWARE\Microsoft\PowerShell", "RequirePsDirectAuthentication", 1)
    error = refused(gate.HandshakeRefused, host, old)
    assert error.message.startswith("Negotiating a secure connection to Hyper-V failed.")
    assert enter(host, new).alive


def test_not_hyper_v_administrator() -> None:
    host = Host("HV1", users=[User("u", "p")])
    vm = vm_on(host, state=VMState.OFF)
    with pytest.raises(gate.NotHyperVAdministrator, match="does not resolve to a single virtual machine") as caught:
        host.connect_guest(vm, "Administrator", "Lab-Only-1", actor="u")
    assert caught.value.error_id == "InvalidVMIdNotSingle"


def test_configurations() -> None:
    host = Host("HV1")
    vm = vm_on(host, Guest(seed=GuestSeed(configurations={"Jea": "NoLanguage"})))
    jea = enter(host, vm, configuration_name="jea")
    assert (jea.configuration_name, jea.language_mode) == ("jea", "NoLanguage")
    own = enter(host, vm, configuration_name="Microsoft.PowerShell")
    assert (own.alive, own.language_mode, enter(host, vm).language_mode) == (True, "FullLanguage", "FullLanguage")
    refused(gate.GuestSilent, host, vm, configuration_name="nope")


def test_a_powershell_7_host_may_need_an_endpoint_for_sessions() -> None:
    for behaviour, guest, works in (
        ("works", Guest(), True),
        ("needs_endpoint", Guest(), False),
        ("needs_endpoint", Guest(seed=GuestSeed(configurations={"PowerShell.7": "FullLanguage"})), True),
    ):
        host = Host("HV1", powershell="7", behaviour=Behaviour(direct_from_powershell7=behaviour))  # type: ignore[arg-type]
        vm = vm_on(host, guest)
        assert enter(host, vm).alive
        if works:
            assert enter(host, vm, persistent=True).alive
        else:
            refused(gate.GuestSilent, host, vm, persistent=True)


@pytest.mark.parametrize("end", ["reset", "turn_off", "save", "remove", "service", "uninstalled", "fault"])
def test_sessions_die(end: str) -> None:
    host = Host("HV1")
    vm = vm_on(host)
    connection = enter(host, vm)
    if end == "remove":
        host.remove_vm(vm.id, actor=None)
    elif end == "service":
        for status in ("Stopped", "Running"):
            vm.guest.machine.services["vmicvmsession"].status = status
    elif end == "uninstalled":
        del vm.guest.machine.services["vmicvmsession"]
    elif end == "fault":
        host.faults.add(FaultRule("PowerShellDirect", vm="vm1", error="reboot_guest", skip=1, times=1))
        connection.check()
    else:
        host.change_vm_state(vm.id, end, actor=None, command="x")  # type: ignore[arg-type]
    with pytest.raises(gate.SessionDied, match=r'"The Hyper-V socket target process has ended\."') as caught:
        connection.check()
    assert (caught.value.error_id, caught.value.reason) == ("JobFailure", "died")
    assert not connection.alive


def test_a_paused_or_hung_guest_does_not_answer_and_comes_back() -> None:
    host = Host("HV1")
    vm = vm_on(host)
    connection = enter(host, vm)
    host.change_vm_state(vm.id, "suspend", actor=None, command="Suspend-VM")
    assert connection.alive
    with pytest.raises(gate.GuestHangs):
        connection.check()
    host.change_vm_state(vm.id, "resume", actor=None, command="Resume-VM")
    connection.check()
    host.faults.add(FaultRule("PowerShellDirect", vm="vm1", error="hang_guest"))
    with pytest.raises(gate.GuestHangs):
        connection.check()
    assert vm.integration_service("vss").primary_status is OperationalStatus.LOST_COMMUNICATION
    host.faults.clear()
    host.change_vm_state(vm.id, "reset", actor=None, command="Restart-VM")
    assert not connection.alive
    assert vm.guest.responding


def test_faults_of_the_connection() -> None:
    host = Host("HV1")
    vm = vm_on(host)
    host.faults.add(FaultRule("Connect-Guest", vm="vm1", error_id="PSSessionStateBroken", message="broken", times=1))
    with pytest.raises(ModelError, match="broken"):
        enter(host, vm)
    assert enter(host, vm).alive

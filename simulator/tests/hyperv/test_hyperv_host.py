# SPDX-License-Identifier: GPL-3.0-or-later
"""The host: accounts, rights, changes, faults, counters."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from hvsim.hyperv import errors
from hvsim.hyperv.counters import Counters
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.host import Behaviour, Host
from hvsim.hyperv.users import User
from hvsim.hyperv.vm import VMState

USERS = (
    User("Administrator", "secret-A", frozenset({"administrators"})),
    User("operator", "secret-O", frozenset({"hyperv_administrators"})),
    User("guest", "secret-G", frozenset({"users"})),
    User("gone", "secret-X", frozenset({"administrators"}), enabled=False),
)


@pytest.fixture
def host() -> Host:
    host = Host("HV1", users=USERS)
    for name in ("web01", "db[1]", "web01b"):
        host.add_vm(name)
    return host


def enable(host: Host, name: str, *, actor: str | None = "operator", on: bool = True) -> None:
    host.set_integration_service(host.find_vms(name)[0], "guest_service_interface", on, actor=actor)


@pytest.mark.parametrize("user", ["administrator", "HV1\\Administrator", ".\\ADMINISTRATOR", "Administrator@hv1"])
def test_passwords_are_checked_for_every_form_of_the_name(host: Host, user: str) -> None:
    account = host.check_password(user, "secret-A")
    assert account is not None and account.name == "Administrator" and account.is_administrator
    assert host.check_password(user, "secret-a") is None


def test_unknown_and_disabled_accounts(host: Host) -> None:
    assert host.check_password("nobody", "secret-A") is None
    assert host.check_password("gone", "secret-X") is None


def test_passwords_are_not_printed(host: Host) -> None:
    assert "secret" not in repr(host.users)


def test_hyperv_administrators_manage_but_do_not_log_on_remotely(host: Host) -> None:
    operator = host.find_user("operator")
    assert operator is not None and operator.may_manage_hyperv and not operator.may_log_on_remotely


def test_environment(host: Host) -> None:
    environment = host.environment("HV1\\OPERATOR")
    assert environment["USERNAME"] == "operator"
    assert environment["COMPUTERNAME"] == "HV1"
    assert host.files.is_directory(environment["TEMP"])


def test_switching_a_service(host: Host) -> None:
    enable(host, "db[1]")
    assert host.find_vms("DB[1]")[0].integration_service("guest_service_interface").enabled
    enable(host, "db[1]")
    assert host.counters.get("write:integration_service") == 2


def test_callers_without_rights_are_refused(host: Host) -> None:
    with pytest.raises(errors.NotPermitted) as caught:
        enable(host, "web01", actor="guest")
    assert caught.value.message.startswith("You do not have the required permission to complete this task.")
    assert (caught.value.error_id, caught.value.category) == ("AccessDenied", "PermissionDenied")
    assert caught.value.fatal
    with pytest.raises(errors.NotPermitted):
        enable(host, "web01", actor="nobody")
    assert not host.find_vms("web01")[0].integration_service("guest_service_interface").enabled


def test_refusal_of_callers_can_be_switched() -> None:
    host = Host("HV1", users=USERS, behaviour=Behaviour(not_permitted="Unspecified"))
    with pytest.raises(errors.NotPermitted) as caught:
        host.begin("Get-VM", actor="guest")
    assert (caught.value.error_id, caught.value.category) == ("Unspecified", "NotSpecified")


def test_a_host_may_show_nothing_to_callers_without_rights() -> None:
    host = Host("HV1", users=USERS, behaviour=Behaviour(not_permitted="empty"))
    vm = host.add_vm("web01")
    host.begin("Get-VM", actor="guest")
    assert host.visible_virtual_machines("guest") == ()
    assert host.visible_virtual_machines("operator") == (vm,)
    with pytest.raises(errors.NotPermitted):
        host.set_integration_service(vm, "vss", False, actor="guest")


def test_stopped_service_and_missing_role_say_what_windows_says() -> None:
    host = Host("HV1", users=USERS)
    host.vmms_running = False
    with pytest.raises(errors.ServiceStopped) as stopped:
        host.begin("Get-VM", actor="operator")
    bare = Host("HV1", users=USERS, role_installed=False)
    with pytest.raises(errors.RoleMissing) as missing:
        bare.begin("Get-VM", actor="operator")
    assert stopped.value.message == missing.value.message
    assert "on computer 'HV1' because the object was not found" in stopped.value.message
    assert (stopped.value.error_id, stopped.value.category) == ("ObjectNotFound", "ObjectNotFound")
    assert not bare.module_installed
    with pytest.raises(ValueError, match="no Hyper-V role"):
        bare.vmms_running = True


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (VMState.RUNNING, True),
        (VMState.OFF, True),
        (VMState.PAUSED, True),
        (VMState.SAVED, False),
        (VMState.STARTING, False),
        (VMState.STOPPING, False),
    ],
)
def test_states_that_forbid_switching(host: Host, state: VMState, allowed: bool) -> None:
    vm = host.find_vms("web01")[0]
    host.set_vm_state(vm.id, state)
    if allowed:
        enable(host, "web01")
        return
    with pytest.raises(errors.InvalidState) as caught:
        enable(host, "web01")
    assert caught.value.target is vm
    assert caught.value.error_id == "InvalidState"
    assert caught.value.message.endswith("while the virtual machine is in its current state.")


def test_state_rules_can_be_switched() -> None:
    host = Host("HV1", users=USERS, behaviour=Behaviour(toggle_saved="allow", toggle_paused="refuse"))
    saved, paused = host.add_vm("a", state=VMState.SAVED), host.add_vm("b", state=VMState.PAUSED)
    assert not host.set_integration_service(saved, "vss", False, actor="operator").enabled
    with pytest.raises(errors.InvalidState):
        host.set_integration_service(paused, "vss", False, actor="operator")


def test_not_found_differs_for_get_vm() -> None:
    by_get = errors.VirtualMachineNotFound.by_name("x", "en-US", command="Get-VM")
    by_other = errors.VirtualMachineNotFound.by_name("x", "en-US", command="Start-VM")
    assert (by_get.error_id, by_get.category, by_get.target) == ("InvalidParameter", "InvalidArgument", "x")
    assert (by_other.error_id, by_other.category, by_other.target) == ("ObjectNotFound", "ObjectNotFound", None)
    assert str(by_get) == 'Hyper-V was unable to find a virtual machine with name "x".'


def test_component_not_found_is_localized() -> None:
    error = errors.ComponentNotFound.on("de-DE")
    assert str(error) == "Es wurde keine Integrationskomponente mit dem angegebenen Namen gefunden."
    assert (error.error_id, error.category) == ("InvalidParameter", "InvalidArgument")
    assert str(errors.ComponentNotFound.on("fr-FR")) == "Aucun composant d'intégration ne porte le nom spécifié."


def test_unknown_ids(host: Host) -> None:
    with pytest.raises(errors.VirtualMachineNotFound, match='with id "4f0ac1de-30a5-4c77-9d2b-7a1f5d8e0c11"'):
        host.get_vm("4F0AC1DE-30A5-4C77-9D2B-7A1F5D8E0C11")
    with pytest.raises(errors.VirtualMachineNotFound):
        host.get_vm("no id")


def test_duplicate_names_are_all_found(host: Host) -> None:
    second = host.add_vm("WEB01", host.derive_id("web01", 1))
    assert host.find_vms("web01") == (host.virtual_machines()[0], second)
    with pytest.raises(errors.InvalidParameter, match="has a virtual machine with id"):
        host.add_vm("again", second.id)


def test_removed_vms_are_gone_for_those_who_hold_them(host: Host) -> None:
    vm = host.find_vms("web01")[0]
    host.remove_vm(vm.id, actor="operator")
    assert vm.is_deleted
    with pytest.raises(errors.ObjectGone, match="might have been deleted"):
        host.set_integration_service(vm, "vss", False, actor="operator")
    with pytest.raises(errors.VirtualMachineNotFound):
        host.set_integration_service(vm.id, "vss", False, actor="operator")


def test_changing_states(host: Host) -> None:
    vm = host.find_vms("web01")[0]
    assert not host.change_vm_state(vm.id, "start", actor="operator", command="Start-VM")
    assert host.change_vm_state(vm.id, "save", actor="operator", command="Save-VM")
    with pytest.raises(errors.InvalidState):
        host.change_vm_state(vm.id, "shut_down", actor="operator", command="Stop-VM")
    assert host.change_vm_state(vm.id, "start", actor="operator", command="Start-VM")
    assert vm.state is VMState.RUNNING


def test_rename_and_notes(host: Host) -> None:
    vm = host.find_vms("web01")[0]
    host.rename_vm(vm.id, "Überwachung 🚀", actor="operator")
    host.set_notes(vm.id, "a\nb", actor="operator")
    assert (vm.name, vm.notes) == ("Überwachung 🚀", "a\nb")
    with pytest.raises(errors.InvalidParameter):
        host.rename_vm(vm.id, "", actor="operator")


def test_fault_for_one_vm_counts_down(host: Host) -> None:
    host.faults.add(FaultRule("enable-vmintegrationservice", vm="DB[1]", error="access_denied", times=1))
    enable(host, "web01")
    with pytest.raises(errors.AccessDenied, match=r"'db\[1\]' failed to modify settings.*0x80070005"):
        enable(host, "db[1]")
    enable(host, "db[1]")
    assert host.counters.get("fault:access_denied") == 1
    assert host.faults.as_list()[0]["left"] == 0


def test_faults_match_command_component_and_skip(host: Host) -> None:
    host.faults.add(
        FaultRule("Disable-VMIntegrationService", vm="*", component="guest_service_interface", error="busy", skip=1)
    )
    enable(host, "web01")
    enable(host, "web01", on=False)
    with pytest.raises(errors.ModelError) as caught:
        enable(host, "web01", on=False)
    assert (caught.value.error_id, caught.value.category) == ("ObjectInUse", "ResourceBusy")
    host.set_integration_service(host.find_vms("web01")[0], "vss", False, actor="operator")


def test_fault_for_a_command_as_a_whole(host: Host) -> None:
    host.faults.add(FaultRule("Get-VM", error="service_stopped", times=1))
    with pytest.raises(errors.ServiceStopped):
        host.begin("Get-VM", actor="operator")
    host.begin("Get-VM", actor="operator")
    assert host.counters.get("cmdlet:Get-VM") == 2


def test_explicit_fault(host: Host) -> None:
    host.faults.add(FaultRule(vm="web01", error_id="RebootRequired", category="InvalidOperation", message="Neustart"))
    with pytest.raises(errors.OperationFailed) as caught:
        enable(host, "web01")
    assert (caught.value.error_id, caught.value.category, str(caught.value)) == (
        "RebootRequired",
        "InvalidOperation",
        "Neustart",
    )


def test_a_vm_vanishes_between_read_and_write(host: Host) -> None:
    host.faults.add(FaultRule("Enable-VMIntegrationService", vm="web01", error="vanish"))
    vm = host.find_vms("web01")[0]
    assert len(host.read_integration_services(vm, actor="operator")) == 6
    with pytest.raises(errors.ObjectGone):
        enable(host, "web01")
    assert host.find_vms("web01") == ()
    with pytest.raises(errors.ObjectGone):
        host.read_integration_services(vm, actor="operator")


def test_latency_moves_the_clock_and_does_not_wait(host: Host) -> None:
    host.latency_ms = 250
    host.faults.add(FaultRule("Get-VM", latency_ms=60_000))
    before = host.clock.now()
    host.begin("Get-VM", actor="operator")
    host.begin("Get-VMHost", actor="operator")
    assert (host.clock.now() - before).total_seconds() == 60.5


def test_the_operator_is_above_faults_and_rights(host: Host) -> None:
    host.faults.add(FaultRule(vm="*", error="access_denied"))
    host.vmms_running = False
    enable(host, "web01", actor=None)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"error": "boom"}, "unknown error kind 'boom'; known: access_denied"),
        ({}, "a fault needs"),
        ({"error": "busy", "message": "x"}, "not both"),
        ({"error": "vanish"}, "'vanish' needs 'vm'"),
        ({"error": "cut_connection"}, "'cut_connection' is for the command 'WinRM', which has no 'vm' and no other error"),
        ({"command": "winrm", "error": "busy"}, "'cut_connection' is for the command 'WinRM'"),
        ({"command": "WinRM", "vm": "a", "error": "cut_connection"}, "'cut_connection' is for the command 'WinRM'"),
        ({"error": "busy", "times": 0}, "'times' must be 1 or more"),
    ],
)
def test_fault_rules_that_make_no_sense(rule: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FaultRule(**rule)  # type: ignore[arg-type]


def test_reset_goes_back_to_the_start() -> None:
    def populate(fresh: Host) -> None:
        fresh.add_vm("a")

    host = Host("HV1", users=USERS, populate=populate)
    old = host.virtual_machines()[0]
    host.remove_vm(old.id, actor=None)
    host.files.write_bytes("C:\\x", b"1")
    host.faults.add(FaultRule(error="busy"))
    host.clock.advance(seconds=5)
    host.vmms_running = False
    host.counters.add("x")
    host.reset()
    assert [vm.id for vm in host.virtual_machines()] == [old.id]
    assert host.virtual_machines()[0] is not old
    assert not host.files.exists("C:\\x")
    assert len(host.faults) == 0
    assert host.clock.now() == datetime(2026, 1, 15, 8, tzinfo=UTC)
    assert host.vmms_running
    assert host.counters.snapshot() == {}


def test_counters_are_thread_safe() -> None:
    counters = Counters()

    def work() -> None:
        for _ in range(2000):
            counters.add("cmdlet:Get-VM")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counters.add("cmdlet:Get-VMHost", 3)
    assert counters.get("cmdlet:Get-VM") == 16_000
    assert counters.total("cmdlet:") == 16_003
    with pytest.raises(ValueError, match="cannot add -1"):
        counters.add("x", -1)


def test_registry_and_services_of_a_fresh_host(host: Host) -> None:
    services = "HKLM:\\SYSTEM\\CurrentControlSet\\Services"
    assert host.registry.get_value(f"{services}\\vmicshutdown", "start").data == 3
    assert host.registry.get_value(f"{services}\\VMICVMSESSION", "DisplayName").data == (
        "Hyper-V PowerShell Direct Service"
    )
    assert host.services["vmicheartbeat"].status == "Stopped"
    assert host.services["vmms"].status == "Running"
    assert host.os_name == "Windows Server 2022 Datacenter"

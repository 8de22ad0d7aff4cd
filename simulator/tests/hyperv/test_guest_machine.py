# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests as machines: made on first use, and from then on the only truth about the guest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hvsim.engine.host_machine import HostMachine
from hvsim.hyperv.guest import Guest, GuestSeed, NoOperatingSystem
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import parse_lab
from hvsim.hyperv.services import OperationalStatus
from hvsim.hyperv.users import User
from hvsim.hyperv.vm import VirtualMachine, VMState


def vm_with(guest: Guest, host: Host | None = None, **attributes: Any) -> VirtualMachine:
    return (host or Host("HV1")).add_vm("vm1", guest=guest, **attributes)


def test_nothing_is_made_before_it_is_asked_for() -> None:
    (host,) = parse_lab(
        'hosts: [{name: HV1, vms: [{name: "v{n}", count: 50, guest: {files: {"C:\\\\a": b}}}]}]'
    ).hosts()
    for vm in host.virtual_machines():
        assert vm.heartbeat is not None
        assert vm.integration_service("shutdown").is_working
    assert not any(vm.guest.has_machine for vm in host.virtual_machines())
    assert host.virtual_machines()[3].guest.machine.files.read_text("C:\\a") == "b"
    assert [vm.name for vm in host.virtual_machines() if vm.guest.has_machine] == ["v4"]


def test_windows_guest() -> None:
    guest = Guest(os_name="Windows Server 2019 Standard", computer_name="web01", seed=GuestSeed(language="de-DE"))
    machine = vm_with(guest).guest.machine
    assert machine.is_windows
    assert (machine.computer_name, machine.build, machine.edition, machine.language) == (
        "WEB01",
        17763,
        "Standard",
        "de-DE",
    )
    assert machine.registry is not None
    version = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    assert machine.registry.get_value(version, "ProductName").data == "Windows Server 2019 Standard"
    assert machine.registry.get_value(version, "EditionID").data == "ServerStandard"
    assert machine.files.is_file(r"C:\Windows\System32\cmd.exe")
    assert machine.files.is_directory(r"C:\Users\Administrator")
    assert machine.environment("administrator")["COMPUTERNAME"] == "WEB01"
    assert "vmms" not in machine.services
    assert machine.processes.named("LSASS")[0].user == "SYSTEM"


def test_client_windows_and_old_windows() -> None:
    client = Guest(os_name="Windows 11 Pro").machine
    assert (client.build, client.edition) == (22631, "Pro")
    assert client.registry is not None
    version = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    assert client.registry.get_value(version, "InstallationType").data == "Client"
    old = Guest(os_name="Windows Server 2008 R2 Standard")
    assert sorted(name for name in old.machine.services if name.startswith("vmic")) == [
        "vmicheartbeat", "vmickvpexchange", "vmicrdv", "vmicshutdown", "vmictimesync", "vmicvss",
    ]  # fmt: skip
    assert old.powershell_direct == old.service("guest_service_interface").state == "absent"


def test_services_of_a_windows_guest_follow_the_switches_of_the_host() -> None:
    host = Host("HV1")
    vm = vm_with(Guest(), host)
    services = vm.guest.machine.services
    assert services["vmicshutdown"].status == "Running"
    assert services["vmicguestinterface"].status == "Stopped"
    assert services["vmicvmsession"].status == "Stopped"
    assert {services[name].start_type for name in services if name.startswith("vmic")} == {"Manual"}
    host.set_integration_service(vm.id, "guest_service_interface", True, actor=None)
    host.set_integration_service(vm.id, "shutdown", False, actor=None)
    assert services["vmicshutdown"].status == "Stopped"
    assert services["vmicguestinterface"].status == "Running"
    services["vmicshutdown"].status = "Running"
    assert services["vmicshutdown"].status == "Stopped", "the host stops what it has switched off"


def test_a_service_stopped_in_the_guest_is_seen_by_the_host_and_started_by_its_switch() -> None:
    host = Host("HV1")
    vm = vm_with(Guest(), host)
    service = vm.guest.machine.services["vmicvss"]
    service.status = "Stopped"
    assert vm.guest.service("vss").state == "stopped"
    assert vm.integration_service("vss").primary_status is OperationalStatus.LOST_COMMUNICATION
    for enabled in (False, True):
        host.set_integration_service(vm.id, "vss", enabled, actor=None)
    assert service.status == "Running"
    assert vm.integration_service("vss").primary_status is OperationalStatus.OK


def test_a_service_disabled_in_the_guest_is_not_started_by_the_host() -> None:
    host = Host("HV1")
    vm = vm_with(Guest(), host)
    machine = vm.guest.machine
    assert machine.registry is not None
    service = machine.services["vmicheartbeat"]
    machine.registry.set_value(r"HKLM\SYSTEM\CurrentControlSet\Services\vmicheartbeat", "Start", 4)
    assert service.start_type == "Disabled"
    assert service.status == "Running", "disabling does not stop"
    service.status = "Stopped"
    assert vm.guest.service("heartbeat").state == "disabled"
    for enabled in (False, True):
        host.set_integration_service(vm.id, "heartbeat", enabled, actor=None)
    assert service.status == "Stopped"
    assert vm.integration_service("heartbeat").primary_status is OperationalStatus.NO_CONTACT
    service.start_type = "Manual"
    key = r"HKLM\SYSTEM\CurrentControlSet\Services\vmicheartbeat"
    assert machine.registry.get_value(key, "Start").data == 3


def test_states_of_the_lab_are_states_of_the_machine() -> None:
    text = """
hosts:
  - name: HV1
    vms:
      - name: a
        guest: {powershell_direct: disabled}
        services: {vss: {guest: stopped}, heartbeat: {guest: absent}, shutdown: {guest: hung}}
"""
    (host,) = parse_lab(text).hosts()
    guest = host.virtual_machines()[0].guest
    services = guest.machine.services
    assert services["vmicvss"].status == "Stopped"
    assert services["vmicvmsession"].start_type == "Disabled"
    assert "vmicheartbeat" not in services
    assert guest.service_state("shutdown") == "hung"
    guest.service("heartbeat").state = "running"
    assert services["vmicheartbeat"].status == "Running"
    del services["vmicheartbeat"]
    assert guest.service("heartbeat").state == "absent"


@pytest.mark.parametrize(
    ("os_name", "units"),
    [
        ("Ubuntu 24.04", ["hv-fcopy-daemon", "hv-kvp-daemon", "hv-vss-daemon"]),
        ("Red Hat Enterprise Linux 9", ["hypervfcopyd", "hypervkvpd", "hypervvssd"]),
        ("Oracle Linux 8", ["hypervfcopyd", "hypervkvpd", "hypervvssd"]),
        ("SUSE Linux Enterprise Server 15", ["hv_fcopy_daemon", "hv_kvp_daemon", "hv_vss_daemon"]),
    ],
)
def test_daemons_of_linux_guests(os_name: str, units: list[str]) -> None:
    vm = vm_with(Guest("linux", os_name, "lin01", seed=GuestSeed(kvp={"k": "v"}, files={"/etc/motd": "hi"})))
    machine = vm.guest.machine
    assert not machine.is_windows
    assert machine.registry is None
    assert sorted(machine.services) == units
    fcopy, kvp, vss = (machine.services[unit] for unit in units)
    assert (fcopy.status, kvp.status, kvp.start_type) == ("Stopped", "Running", "Automatic")
    vss.status = "Stopped"
    assert vm.integration_service("vss").primary_status is OperationalStatus.LOST_COMMUNICATION
    assert machine.files.read_bytes("/etc/motd") == b"hi"
    assert machine.files.read_bytes("/var/lib/hyperv/.kvp_pool_1") == b"k" + b"\0" * 511 + b"v" + b"\0" * 2047
    assert machine.environment("root")["HOME"] == "/root"
    assert vm.guest.powershell_direct == "absent"


def test_an_empty_vm_has_no_machine() -> None:
    with pytest.raises(NoOperatingSystem):
        _ = vm_with(Guest("none")).guest.machine


def test_accounts() -> None:
    users = (User("Admin", ""), User("old", "p", expired=True), User("off", "p", enabled=False))
    machine = vm_with(Guest(seed=GuestSeed(users))).guest.machine
    assert machine.check_password(".\\admin", "") is users[0]
    assert machine.check_password("admin", "x") is None
    assert machine.check_password("old", "p") is machine.check_password("off", "p") is None
    assert Guest().machine.check_password("GUEST\\Administrator", "Lab-Only-1") is not None


def test_the_clock_drifts_without_time_synchronization() -> None:
    host = Host("HV1")
    vm = vm_with(Guest(seed=GuestSeed(clock_offset=90, clock_drift=10)), host)
    clock = vm.guest.machine.clock
    host.clock.advance(seconds=2 * 86_400)
    assert clock.now() - host.clock.now() == timedelta(seconds=90)
    vm.guest.machine.services["vmictimesync"].status = "Stopped"
    assert clock.now() - host.clock.now() == timedelta(seconds=110)
    clock.set(host.clock.now() - timedelta(hours=1))
    clock.advance(seconds=86_400)
    assert clock.now() - host.clock.now() == timedelta(seconds=-3590)


def test_processes_of_the_engine_run_on_guests_as_on_hosts() -> None:
    windows = HostMachine.on(vm_with(Guest(computer_name="web01")).guest.machine, "WEB01\\Administrator")
    assert (windows.computer_name, windows.home, windows.is_windows) == ("WEB01", r"C:\Users\Administrator", True)
    assert windows.environment["userprofile"] == windows.working_directory
    linux = HostMachine.on(Guest("linux", computer_name="lin01").machine, "root", {"A": "b"})
    assert (linux.computer_name, linux.home, linux.is_windows, linux.environment["A"]) == ("lin01", "/root", False, "b")


def test_reset_brings_the_guest_of_the_lab_back() -> None:
    (host,) = parse_lab("hosts: [{name: HV1, vms: [{name: a, state: running}]}]").hosts()
    before = host.virtual_machines()[0]
    before.guest.machine.files.write_bytes("C:\\x", b"1")
    host.reset()
    after = host.virtual_machines()[0]
    assert after.state is VMState.RUNNING
    assert not after.guest.machine.files.exists("C:\\x")

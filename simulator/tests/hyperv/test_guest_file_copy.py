# SPDX-License-Identifier: GPL-3.0-or-later
"""Copying a file into guests: order of the checks, codes, and what arrives."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from hvsim.hyperv import guest_file_copy as copying
from hvsim.hyperv.content import STORE, Content
from hvsim.hyperv.errors import NotPermitted, OperationFailed
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.files import FileAttributes
from hvsim.hyperv.guest import Guest, GuestSeed, GuestService
from hvsim.hyperv.host import Host
from hvsim.hyperv.users import User
from hvsim.hyperv.vm import VirtualMachine, VMState

SOURCE = r"C:\stage\päckchen.bin"


@pytest.fixture
def host() -> Host:
    host = Host("HV1", users=[User("Administrator", "p", frozenset({"administrators"})), User("u", "p")])
    host.files.write_bytes(SOURCE, b"\0\xff content", create_parents=True)
    return host


def vm_on(host: Host, guest: Guest | None = None, name: str = "vm1", **attributes: Any) -> VirtualMachine:
    attributes.setdefault("services", {"guest_service_interface": True})
    return host.add_vm(name, guest=guest, **attributes)


def copy(host: Host, vm: VirtualMachine, destination: str, source: str = SOURCE, **options: Any) -> None:
    host.copy_file_to_guest(vm, source, destination, actor=options.pop("actor", "Administrator"), **options)


def code(host: Host, vm: VirtualMachine, destination: str, source: str = SOURCE, **options: Any) -> int:
    with pytest.raises(copying.CopyFailed, match=r"'vm1' failed to initiate copying files to the guest: ") as caught:
        copy(host, vm, destination, source, **options)
    assert f"(0x{caught.value.code:08X})" in caught.value.message
    assert (caught.value.error_id, caught.value.category, caught.value.target) == (
        "OperationFailed",
        "NotSpecified",
        None,
    )
    return caught.value.code


def test_the_file_arrives_as_a_new_one(host: Host) -> None:
    vm = vm_on(host)
    host.files.set_attributes(SOURCE, FileAttributes.READ_ONLY)
    copy(host, vm, r"C:\Windows\Temp\x.bin")
    files = vm.guest.machine.files
    assert files.read_bytes(r"C:\Windows\Temp\x.bin") == b"\0\xff content"
    assert files.stat(r"C:\Windows\Temp\x.bin").attributes == FileAttributes.ARCHIVE
    assert files.stat(r"C:\Windows\Temp\x.bin").written == vm.guest.machine.clock.now()


@pytest.mark.parametrize("state", [VMState.OFF, VMState.SAVED, VMState.PAUSED])
def test_first_the_state(host: Host, state: VMState) -> None:
    with pytest.raises(OperationFailed, match="in its current state") as caught:
        copy(host, vm_on(host, state=state, services={}), "Q:\\nowhere", "C:\\missing")
    assert (caught.value.error_id, caught.value.category, caught.value.target) == (
        "OperationFailed",
        "InvalidOperation",
        None,
    )


@pytest.mark.parametrize(
    ("guest", "services"),
    [
        (Guest(), {}),
        (Guest(booted=False), None),
        (Guest(responding=False), None),
        (Guest("none"), None),
        (Guest(services={"guest_service_interface": GuestService("disabled")}), None),
        (Guest("linux", services={"guest_service_interface": GuestService("stopped")}), None),
        (Guest(os_name="Windows Server 2012 Standard"), None),
    ],
)
def test_then_both_halves_of_the_service(host: Host, guest: Guest, services: dict[str, bool] | None) -> None:
    vm = vm_on(host, guest, **({} if services is None else {"services": services}))
    assert code(host, vm, "Q:\\nowhere", "C:\\missing") == copying.DEVICE_NOT_READY


def test_then_the_source(host: Host) -> None:
    vm = vm_on(host)
    assert code(host, vm, "Q:\\nowhere", r"C:\stage\missing") == copying.FILE_NOT_FOUND
    assert code(host, vm, "Q:\\nowhere", r"C:\missing\missing") == copying.PATH_NOT_FOUND
    assert code(host, vm, "Q:\\nowhere", r"C:\stage") == copying.ACCESS_DENIED


def test_then_the_destination(host: Host) -> None:
    vm = vm_on(host)
    files = vm.guest.machine.files
    files.write_bytes(r"C:\file", b"old")
    assert code(host, vm, "x:y") == copying.INVALID_NAME
    assert code(host, vm, r"C:\file") == copying.FILE_EXISTS
    assert code(host, vm, r"C:\new\deep\x") == copying.PATH_NOT_FOUND
    assert code(host, vm, r"Q:\x", create_full_path=True) == copying.PATH_NOT_FOUND
    assert code(host, vm, r"C:\file\x", create_full_path=True) == copying.PATH_NOT_FOUND
    assert files.read_bytes(r"C:\file") == b"old"
    copy(host, vm, r"C:\new\deep\x", create_full_path=True)
    copy(host, vm, r"C:\file", force=True)
    assert files.read_bytes(r"C:\new\deep\x") == files.read_bytes(r"C:\file") == b"\0\xff content"
    files.set_attributes(r"C:\file", FileAttributes.READ_ONLY)
    assert code(host, vm, r"C:\file", force=True) == copying.ACCESS_DENIED


def test_directories_and_variables(host: Host) -> None:
    vm = vm_on(host)
    copy(host, vm, r"%ProgramData%", r"%SystemDrive%\stage\päckchen.bin")
    copy(host, vm, "C:\\new\\", create_full_path=True)
    files = vm.guest.machine.files
    assert files.is_file("C:\\ProgramData\\päckchen.bin")
    assert files.is_file("C:\\new\\päckchen.bin")
    files.make_directory(r"C:\d\päckchen.bin")
    assert code(host, vm, r"C:\d") == copying.ACCESS_DENIED


def test_linux(host: Host) -> None:
    vm = vm_on(host, Guest("linux"))
    files = vm.guest.machine.files
    copy(host, vm, "/tmp/")
    assert files.read_bytes("/tmp/päckchen.bin") == b"\0\xff content"
    assert code(host, vm, "/tmp") == copying.FILE_EXISTS
    assert code(host, vm, "/new/x") == copying.UNSPECIFIED
    assert code(host, vm, "relative") == copying.UNSPECIFIED
    assert code(host, vm, f"/tmp/{'n' * 260}") == copying.UNSPECIFIED
    copy(host, vm, "/new/%TEMP%", create_full_path=True)
    assert files.is_file("/new/%TEMP%")


def test_the_new_linux_daemon_knows_ascii_only(host: Host) -> None:
    vm = vm_on(host, Guest("linux", seed=GuestSeed(fcopy_uio=True)))
    copy(host, vm, "/tmp/")
    assert vm.guest.machine.files.is_file("/tmp/pXckchen.bin")


def test_rights_and_faults(host: Host) -> None:
    vm = vm_on(host)
    host.faults.add(FaultRule("Copy-VMFile", vm="vm1", error="busy", times=1))
    with pytest.raises(Exception, match="in use"):
        copy(host, vm, "C:\\x")
    assert not vm.guest.machine.files.exists("C:\\x")
    copy(host, vm, "C:\\x")
    assert host.counters.snapshot()["guest:files_copied"] == 1


@pytest.mark.parametrize("tenth", [1, 5, 9])
@pytest.mark.parametrize("error", ["reboot_guest", "hang_guest", "turn_off_guest"])
def test_a_guest_that_goes_down_in_the_middle_keeps_a_part(host: Host, tenth: int, error: str) -> None:
    vm = vm_on(host)
    host.files.write_bytes(SOURCE, b"0123456789" * 10)
    host.faults.add(FaultRule(copying.STEP, vm="vm1", error=error, skip=tenth - 1, times=1))
    assert code(host, vm, "C:\\x") == copying.DEVICE_NOT_READY
    assert vm.guest.machine.files.read_bytes("C:\\x") == (b"0123456789" * 10)[: 10 * tenth]


def test_a_gibibyte_for_many_guests_takes_neither_memory_nor_room(host: Host) -> None:
    host.files.write_content("C:\\big", Content.generated(1024**3, "big"))
    machines = [vm_on(host, name=f"v{number}") for number in range(20)]
    for vm in machines:
        assert vm.guest.machine.files
    before, start = STORE.pages_in_use, host.clock.now()
    tracemalloc.start()
    try:
        for vm in machines:
            copy(host, vm, "C:\\big.iso", "C:\\big")
        assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert STORE.pages_in_use - before <= copying.STEPS
    assert (host.clock.now() - start).total_seconds() == pytest.approx(20 * 1024**3 / copying.RATE)
    for vm in machines:
        assert vm.guest.machine.files.stat("C:\\big.iso").size == 1024**3
    expected = host.files.content("C:\\big")
    assert machines[-1].guest.machine.files.content("C:\\big.iso").read(10**9, 99) == expected.read(10**9, 99)


def test_no_rights(host: Host) -> None:
    with pytest.raises(NotPermitted):
        host.begin("Copy-VMFile", actor="u")

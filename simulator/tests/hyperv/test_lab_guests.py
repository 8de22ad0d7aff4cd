# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's keys for guests: what they make of a machine, and what a mistake is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hvsim.hyperv.file_errors import FileInUse
from hvsim.hyperv.files import FileAttributes
from hvsim.hyperv.lab import LabError, parse_lab
from hvsim.hyperv.power import ShutdownRefused


def lab(guest: str) -> str:
    return f"hosts: [{{name: HV1, vms: [{{name: a, guest: {{{guest}}}}}]}}]"


@pytest.mark.parametrize(
    ("guest", "message"),
    [
        (r"files: {'C:\x': {text: a, size: 3}}", "has more than one of 'text', 'base64', 'size'"),
        (r"files: {'C:\x': {base64: '***'}}", "'base64' is not Base64"),
        (r"files: {'C:\x': 7}", "must be a text or a mapping with text, base64, size"),
        ("files: {rel: x}", "no file can be made there"),
        (r"files: {'C:\a': x, 'C:\a\b': y}", "no file can be made there"),
        (r"os: linux, files: {'C:\x': a}", "no file can be made there"),
        (r"executables: [{path: x, files: {'?:\x': a}}]", "no file can be made there"),
        (r"registry: {'HKXX\a': {b: c}}", "is no registry key; write it like HKLM"),
        (r"os: linux, registry: {'HKLM\a': {b: c}}", "a Linux guest has no registry"),
        ("os: none, executables: [{path: x}]", "nothing is installed"),
        ("executables: [{path: x, code: 1}]", "unknown key; known: arguments"),
        ("on_shutdown: never", "use 'graceful', 'refuses' or 'hangs'"),
        ("users: [{name: u, pasword: hunter2}]", "did you mean 'password'"),
    ],
)
def test_mistakes_are_told_with_their_place(guest: str, message: str) -> None:
    with pytest.raises(LabError) as caught:
        parse_lab(lab(guest), "lab.yml")
    problem = str(caught.value)
    assert message in problem
    assert "lab.yml:1" in problem
    assert "guest" in problem
    assert "hunter2" not in problem


def test_files_of_the_host() -> None:
    with pytest.raises(LabError, match="no file can be made there"):
        parse_lab(r"hosts: [{name: HV1, files: {'x': a}}]")
    (host,) = parse_lab(r"hosts: [{name: HV1, files: {'C:\dir\x': {size: 5}}}]").hosts()
    assert host.files.stat("C:\\dir\\x").size == 5
    host.reset()
    assert host.files.exists("C:\\dir\\x")


def test_files_of_a_guest() -> None:
    text = lab(
        r"files: {'D:\a': {base64: AP8=, read_only: true, written: 2025-01-02}, 'C:\b': {hidden: true, locked: true, text: x}}"
    )
    files = parse_lab(text).hosts()[0].virtual_machines()[0].guest.machine.files
    assert files.drives() == ["C", "D"]
    assert files.read_bytes("D:\\a") == b"\0\xff"
    assert files.stat("D:\\a").attributes == FileAttributes.ARCHIVE | FileAttributes.READ_ONLY
    assert files.stat("D:\\a").written == datetime(2025, 1, 2, tzinfo=UTC)
    assert files.stat("C:\\b").attributes & FileAttributes.HIDDEN
    assert files.read_bytes("C:\\b") == b"x", "a locked file can be read"
    for change in (
        lambda: files.write_bytes("C:\\b", b""),
        lambda: files.remove("C:\\b", force=True),
        lambda: files.move("C:\\b", "C:\\c"),
        lambda: files.copy("D:\\a", "C:\\b", overwrite=True),
        lambda: files.move("D:\\a", "C:\\b", overwrite=True),
    ):
        with pytest.raises(FileInUse, match="because it is being used by another process"):
            change()
    files.hold("C:\\b", None)
    files.write_bytes("C:\\b", b"new")


def test_files_that_others_write_to_or_keep_for_themselves() -> None:
    text = lab(r"files: {'C:\log': {text: x, held: writing}, 'C:\own': {text: y, held: exclusive}}")
    files = parse_lab(text).hosts()[0].virtual_machines()[0].guest.machine.files
    assert files.content("C:\\log").joined() == files.content("C:\\log", share_writing=True).joined() == b"x"
    assert files.content("C:\\own", ignore_hold=True).joined() == b"y"
    for refused in (
        lambda: files.content("C:\\log", share_writing=False),
        lambda: files.write_bytes("C:\\log", b""),
        lambda: files.content("C:\\own"),
        lambda: files.copy("C:\\own", "C:\\c"),
    ):
        with pytest.raises(FileInUse, match="because it is being used by another process"):
            refused()


def test_a_fleet_shares_what_its_machines_are_made_with() -> None:
    text = r"hosts: [{name: HV1, vms: [{name: 'v{n}', count: 3, guest: {files: {'C:\a': x}, users: [{name: u, password: p}]}}]}]"
    guests = [vm.guest for vm in parse_lab(text).hosts()[0].virtual_machines()]
    assert guests[0].seed is guests[1].seed is guests[2].seed
    guests[0].machine.files.write_bytes("C:\\a", b"changed")
    assert guests[1].machine.files.read_bytes("C:\\a") == b"x"
    assert guests[1].machine.users[0].sid.startswith("S-1-5-21-")


def test_boot_times_and_shutdown() -> None:
    text = lab("boot_seconds: 3, logon_seconds: 4, shutdown_seconds: 5, on_shutdown: refuses")
    (host,) = parse_lab(text).hosts()
    vm = host.virtual_machines()[0]
    times = vm.guest.power.times
    assert (times.boot, times.logon, times.shutdown) == (3, 4, 5)
    with pytest.raises(ShutdownRefused):
        host.change_vm_state(vm, "shut_down", actor=None, command="Stop-VM")


def test_the_registry_of_a_host() -> None:
    with pytest.raises(LabError, match="HKXX"):
        parse_lab(r"hosts: [{name: HV1, registry: {'HKXX\SOFTWARE\X': {a: 1}}}]")
    lab = parse_lab(r"hosts: [{name: HV1, registry: {'HKLM\SOFTWARE\X': {a: 1, b: text}}}]")
    for (host,) in (lab.hosts(), lab.hosts()):
        values = {value.name: value.data for value in host.registry.values(r"HKLM\SOFTWARE\X")}
        assert values == {"a": 1, "b": "text"}
        host.registry.set_value(r"HKLM\SOFTWARE\X", "a", 2)


def test_session_configurations() -> None:
    text = "hosts: [{name: HV1, vms: [{name: a, guest: {configurations: [Plain, {name: Jea, language_mode: NoLanguage}, {name: B}]}}]}]"
    (vm,) = parse_lab(text).hosts()[0].virtual_machines()
    assert vm.guest.seed.configurations == {"Plain": "FullLanguage", "Jea": "NoLanguage", "B": "FullLanguage"}
    with pytest.raises(LabError, match="language_mode"):
        parse_lab(text.replace("NoLanguage", "ConstrainedLanguage"))


def test_a_drive_is_there_when_something_of_the_lab_lies_on_it() -> None:
    (host,) = parse_lab(
        r"""
        version: 1
        hosts:
          - name: HV1
            files: {'D:\Packages\app.exe': 'x'}
            executables: [{path: 'e:\Tools\run.exe', files: {'F:\out.log': done, 'G:\old.log': null}}]
            vms:
              - name: win
                guest: {os: windows, executables: [{path: 'D:\Tools\probe.exe'}]}
        """
    ).hosts()
    assert host.files.drives() == ["C", "D", "E", "F"]
    assert host.files.is_file("D:\\Packages\\app.exe") and host.files.is_file("E:\\Tools\\run.exe")
    host.reset()
    assert host.files.is_file("D:\\Packages\\app.exe")
    guest = host.find_vms("win")[0].guest.machine
    assert guest.files.drives() == ["C", "D"]
    assert guest.files.is_file("D:\\Tools\\probe.exe")

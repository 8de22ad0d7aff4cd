# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_copy_vmfile: both transports and directions. What arrived is read from the simulator's model of each guest."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from copy_lab import ACCOUNT, LAB, MODULE, PART, copy, machine, sha256, tree
from hvsim.hyperv.guest_session import GuestConnection
from lab_harness import PLAY_SECONDS, Lab
from module_engine import ModuleEngine


@pytest.fixture
def engine() -> ModuleEngine:
    return ModuleEngine(LAB)


SOURCE = {
    "C:\\Dst\\a.txt": b"hello",
    "C:\\Dst\\sub": None,
    "C:\\Dst\\sub\\empty": b"",
    "C:\\Dst\\sub\\ü [1].txt": "Grüße".encode(),
}


# -- PowerShell Direct, to guests


def test_a_directory_arrives_whole_and_the_second_run_changes_nothing(engine: ModuleEngine) -> None:
    predicted = [copy(engine, ["win01", "db[1]"], check=True) for _run in range(2)]
    assert not machine(engine, "win01").files.exists(r"C:\Dst")
    first = copy(engine, ["win01", "db[1]"])
    for run in predicted:
        assert run.changed
        assert {**run.result, "invocation": 0} == {**first.result, "invocation": 0}
    for name in ("win01", "db[1]"):
        assert tree(machine(engine, name).files, r"C:\Dst") == SOURCE
        assert first.vm(name)["directories"] == ["sub"]
    assert not machine(engine, "db1").files.exists(r"C:\Dst"), "the name is no pattern"
    assert first.result["summary"] == {
        "vms": 2, "unchanged": 0, "changed": 2, "failed": 0, "unmatched": 0, "files": 6, "bytes": 24,
    }  # fmt: skip
    for run in (copy(engine, ["win01", "db[1]"]), copy(engine, ["win01", "db[1]"], check=True)):
        assert not run.changed and not run.failed
        assert run.result["diff"] == {"before": "", "after": ""}
        assert [vm["files"] for vm in run.result["vms"]] == [[], []]


def test_the_diff_has_hashes_and_no_contents(engine: ModuleEngine) -> None:
    machine(engine, "win01").files.make_directory(r"C:\Dst")
    machine(engine, "win01").files.write_bytes(r"C:\Dst\a.txt", b"HELLO")
    run = copy(engine, ["win01"], check=True)
    vm_id = run.vm("win01")["id"]
    assert run.result["diff"] == {
        "before": (
            f"- name: 'win01'\n  id: {vm_id}\n  files:\n    'a.txt': {{size: 5, sha256: {sha256(b'HELLO')}}}\n"
            "    'sub\\empty': absent\n    'sub\\ü [1].txt': absent\n    'sub': absent\n"
        ),
        "after": (
            f"- name: 'win01'\n  id: {vm_id}\n  files:\n    'a.txt': {{size: 5, sha256: {sha256(b'hello')}}}\n"
            f"    'sub\\empty': {{size: 0, sha256: {sha256(b'')}}}\n"
            f"    'sub\\ü [1].txt': {{size: 7, sha256: {sha256('Grüße'.encode())}}}\n    'sub': directory\n"
        ),
    }


def test_only_what_differs_travels(engine: ModuleEngine) -> None:
    copy(engine, ["win01"])
    files = machine(engine, "win01").files
    before = files.stat(r"C:\Dst\sub\empty").created
    files.write_bytes(r"C:\Dst\a.txt", b"changed in the guest")
    run = copy(engine, ["win01"])
    (file,) = run.vm("win01")["files"]
    assert (file["path"], file["previous_size"], file["previous_sha256"]) == ("a.txt", 20, None)
    assert tree(files, r"C:\Dst") == SOURCE
    assert files.stat(r"C:\Dst\sub\empty").created == before


def test_force_false_leaves_what_is_there(engine: ModuleEngine) -> None:
    files = machine(engine, "win01").files
    files.make_directory(r"C:\Dst")
    files.write_bytes(r"C:\Dst\a.txt", b"mine")
    run = copy(engine, ["win01"], force=False)
    assert [file["path"] for file in run.vm("win01")["files"]] == ["sub\\empty", "sub\\ü [1].txt"]
    assert tree(files, r"C:\Dst") == {**SOURCE, "C:\\Dst\\a.txt": b"mine"}


@pytest.mark.parametrize("check", [True, False])
def test_purge_stays_below_dest(engine: ModuleEngine, check: bool) -> None:
    files = machine(engine, "win01").files
    for path in (r"C:\Dst\old\deep\x.txt", r"C:\Dst\sub\y.txt", r"C:\Outside\z.txt", r"C:\Dst2\z.txt"):
        files.make_directory(path.rpartition("\\")[0])
        files.write_bytes(path, b"old")
    before = tree(files, r"C:\Dst")
    run = copy(engine, ["win01"], purge=True, check=check)
    assert sorted(run.vm("win01")["removed"]) == ["old", "old\\deep", "old\\deep\\x.txt", "sub\\y.txt"]
    assert tree(files, r"C:\Dst") == (before if check else SOURCE)
    assert files.exists(r"C:\Outside\z.txt") and files.exists(r"C:\Dst2\z.txt")


def test_a_read_only_file_is_replaced_and_kept_as_a_backup(engine: ModuleEngine) -> None:
    from hvsim.hyperv.files import FileAttributes

    files = machine(engine, "win01").files
    files.make_directory(r"C:\Dst")
    files.write_bytes(r"C:\Dst\a.txt", b"old")
    files.set_attributes(r"C:\Dst\a.txt", FileAttributes.READ_ONLY)
    engine.host.files.set_attributes(r"C:\Src\a.txt", FileAttributes.HIDDEN)
    run = copy(engine, ["win01"], src=r"C:\Src\a.txt", dest="C:\\Dst\\", backup=True)
    (file,) = run.vm("win01")["files"]
    assert file["backup_file"].startswith("C:\\Dst\\a.txt.20") and file["backup_file"].endswith(".bak")
    assert tree(files, r"C:\Dst") == {"C:\\Dst\\a.txt": b"hello", file["backup_file"]: b"old"}
    written = files.stat(r"C:\Dst\a.txt")
    assert written.attributes & FileAttributes.HIDDEN and not written.attributes & FileAttributes.READ_ONLY
    assert written.written == engine.host.files.stat(r"C:\Src\a.txt").written


def test_three_wrong_accounts_of_ten_do_not_keep_the_seven_from_their_file() -> None:
    vms = [
        f"      - name: vm{n}\n        guest: {{os: windows, users: [{{name: Administrator, password: "
        f"{'Other-1' if n in (2, 5, 9) else 'Guest-Only-1'}}}]}}\n"
        for n in range(10)
    ]
    fleet = ModuleEngine("version: 1\nhosts:\n  - name: HV1\n    files: {'C:\\f': data}\n    vms:\n" + "".join(vms))
    run = fleet.run(MODULE, all=True, src=r"C:\f", dest=r"C:\Temp\f", remote_src=True, **ACCOUNT)
    assert run.failed and run.changed
    assert [vm["name"] for vm in run.result["vms"] if vm["failed"]] == ["vm2", "vm5", "vm9"]
    assert run.msg.startswith("Failed for 3 of 10 virtual machines: 'vm2' (")
    assert "the guest refused the logon. Check guest_username and guest_password" in run.vm("vm5")["msg"]
    for n in range(10):
        assert machine(fleet, f"vm{n}").files.exists(r"C:\Temp\f") == (n not in (2, 5, 9))
    assert "Guest-Only-1" not in str(run.result) and "Other-1" not in str(run.result)


@pytest.mark.usefixtures("small_parts")
def test_a_file_is_read_once_for_all_guests_and_each_part_is_one_command_per_guest(engine: ModuleEngine) -> None:
    run = copy(engine, ["win01", "db[1]"], src=r"C:\One.bin", dest=r"C:\One.bin")
    parts = -(-41_000 // PART)
    # To look, the directory, the parts, and to complete; for each guest.
    assert run.counters["cmdlet:Invoke-Command"] == 2 * (3 + parts)
    assert run.counters["cmdlet:New-PSSession"] == 2


def test_two_hundred_guests_get_a_file_that_lies_on_the_host_once() -> None:
    fleet = ModuleEngine(
        "version: 1\nhosts:\n  - name: HV1\n    files: {'C:\\Stage\\"
        + sha256(b"data")
        + "': data}\n    vms:\n      - name: 'vm-{n}'\n        count: 200\n"
    )
    manifest = {
        "kind": "file",
        "name": "f.bin",
        "directories": [],
        "files": [{"path": "f.bin", "size": 4, "sha256": sha256(b"data"), "modified": 638355968001234567}],
    }
    run = fleet.run(
        MODULE, all=True, src="f.bin", dest="C:\\Temp\\", manifest=manifest, staging="C:\\Stage", throttle=20,
        guest_username="Administrator", guest_password="Lab-Only-1",
    )  # fmt: skip
    assert run.result["summary"]["changed"] == 200 and not run.failed
    for n in (1, 100, 200):
        assert tree(machine(fleet, f"vm-{n}").files, r"C:\Temp")["C:\\Temp\\f.bin"] == b"data"


def test_a_large_file_is_never_in_memory_as_a_whole() -> None:
    """``make big-copy`` does the same with 1 GiB."""
    script = Path(__file__).with_name("big_copy.py")
    run = subprocess.run(
        [sys.executable, str(script), "72"], capture_output=True, text=True, timeout=PLAY_SECONDS, check=False
    )
    assert run.returncode == 0, run.stderr
    grown = json.loads(run.stdout)["grown"]
    # Parts of 2 MiB, as bytes and as Base64 in UTF-16 code units, on both sides of the sessions to two guests: 7 to
    # 37 MB, by how the threads meet, whatever the size of the file. A whole file on one side would be 72 MiB.
    assert all(size < 48 * 2**20 for size in grown.values()), grown


def test_a_guest_that_hangs_ends_the_wait(engine: ModuleEngine) -> None:
    engine.fault(command="PowerShellDirect", vm="win01", error="hang_guest", skip=1, times=1)
    run = copy(engine, ["win01", "db[1]"], timeout=30)
    assert run.vm("win01")["msg"] == (
        "the guest did not answer within 30 seconds; it hangs, or is very slow. "
        "What runs in it was left running; see timeout."
    )
    assert tree(machine(engine, "db[1]").files, r"C:\Dst") == SOURCE


def test_the_kinds_of_source_and_target_must_agree(engine: ModuleEngine) -> None:
    files = machine(engine, "win01").files
    files.make_directory(r"C:\Dst\a.txt")
    files.write_bytes(r"C:\Dst\sub", b"")
    run = copy(engine, ["win01"], src=r"C:\Src\a.txt", dest=r"C:\Dst\a.txt")
    assert run.vm("win01")["msg"] == (
        "dest in the guest: a.txt is a directory there and a file in the source. "
        "End dest with a backslash to put the file into it."
    )
    run = copy(engine, ["win01"])
    assert run.vm("win01")["msg"] == (
        "dest in the guest: sub is a file there and a directory in the source. Remove it first."
    )


# -- PowerShell Direct, from guests


def test_files_come_from_each_guest_into_its_own_directory(engine: ModuleEngine) -> None:
    for name in ("win01", "db[1]"):
        files = machine(engine, name).files
        files.make_directory(r"C:\Logs\x")
        files.write_bytes(r"C:\Logs\x\app.log", name.encode())
    options = {"direction": "from_guest", "src": r"C:\Logs", "dest": r"C:\Collected\{name}"}
    predicted = copy(engine, ["win01", "db[1]", "db1"], **options, check=True)
    assert not engine.host.files.exists(r"C:\Collected")
    run = copy(engine, ["win01", "db[1]", "db1"], **options)
    assert predicted.result["vms"] == run.result["vms"] and run.failed
    assert [vm["name"] for vm in run.result["vms"] if vm["failed"]] == ["db1"]
    assert tree(engine.host.files, r"C:\Collected") == {
        "C:\\Collected\\db[1]": None,
        "C:\\Collected\\db[1]\\x": None,
        "C:\\Collected\\db[1]\\x\\app.log": b"db[1]",
        "C:\\Collected\\win01": None,
        "C:\\Collected\\win01\\x": None,
        "C:\\Collected\\win01\\x\\app.log": b"win01",
    }
    assert run.vm("win01")["transport_reason"] == "only PowerShell Direct copies from a guest"
    assert not copy(engine, ["win01", "db[1]"], **options).changed


def four_guests() -> ModuleEngine:
    """Four guests with a file of eleven small parts each."""
    guest = (
        "        guest: {os: windows, files: {'C:\\Log.bin': {size: 41000}}, users: [{name: Administrator, "
        "password: Guest-Only-1}]}\n"
    )
    vms = "".join(f"      - name: vm{n}\n{guest}" for n in range(4))
    return ModuleEngine("version: 1\nhosts:\n  - name: HV1\n    vms:\n" + vms)


FETCH: dict[str, Any] = {
    "all": True, "direction": "from_guest", "src": r"C:\Log.bin", "dest": "C:\\Got\\{name}\\",
    "transport": "powershell_direct", **ACCOUNT,
}  # fmt: skip


@pytest.mark.usefixtures("small_parts")
def test_files_come_from_as_many_guests_at_a_time_as_throttle_says() -> None:
    seconds = {}
    for throttle in (1, 2, 4):
        fleet = four_guests()
        fleet.fault(command="PowerShellDirect", vm="*", latency_ms=1000)
        begun = fleet.host.clock.now()
        run = fleet.run(MODULE, **FETCH, throttle=throttle)
        assert not run.failed and run.result["summary"]["changed"] == 4
        seconds[throttle] = (fleet.host.clock.now() - begun).total_seconds()
        for n in range(4):
            source = machine(fleet, f"vm{n}").files.content(r"C:\Log.bin")
            assert fleet.host.files.digest(f"C:\\Got\\vm{n}\\Log.bin") == source.digest("sha256")
        # To look and eleven parts, for each guest.
        assert run.counters["cmdlet:Invoke-Command"] == 4 * 12
    assert seconds[1] >= 4 * 12
    assert seconds[1] == 2 * seconds[2] == 4 * seconds[4]


@pytest.mark.usefixtures("small_parts")
def test_a_guest_that_hangs_or_dies_does_not_keep_the_others_from_sending_their_files() -> None:
    fleet = four_guests()
    fleet.fault(command="PowerShellDirect", vm="vm0", error="hang_guest", skip=9, times=1)
    fleet.fault(command="PowerShellDirect", vm="vm2", error="reboot_guest", skip=9, times=1)
    run = fleet.run(MODULE, **FETCH, throttle=2, timeout=30)
    assert [vm["name"] for vm in run.result["vms"] if vm["failed"]] == ["vm0", "vm2"]
    assert run.vm("vm0")["msg"].startswith("the guest did not answer within 30 seconds;")
    assert "the session ended: the guest was restarted or stopped" in run.vm("vm2")["msg"]
    for n in range(4):
        arrived = [entry.path for entry in fleet.host.files.list(f"C:\\Got\\vm{n}")]
        assert arrived == ([] if n in (0, 2) else [f"C:\\Got\\vm{n}\\Log.bin"])


@pytest.mark.parametrize("direction", ["to_guest", "from_guest"])
def test_what_purge_would_have_removed_is_not_reported_when_the_guest_is_lost_before(
    engine: ModuleEngine, direction: str
) -> None:
    files = machine(engine, "win01").files
    here = engine.host.files
    for owner, path in ((files, r"C:\Logs\app.log"), (here, r"C:\Got\old.log"), (files, r"C:\Dst\old.log")):
        owner.make_directory(path.rpartition("\\")[0])
        owner.write_bytes(path, b"x")
    engine.fault(command="PowerShellDirect", vm="win01", error="reboot_guest", skip=5 if direction == "to_guest" else 4)
    paths = {"dest": r"C:\Dst"} if direction == "to_guest" else {"src": r"C:\Logs", "dest": r"C:\Got"}
    run = copy(engine, ["win01"], direction=direction, purge=True, **paths)
    assert run.failed and run.vm("win01")["files"] and run.vm("win01")["removed"] == []
    assert files.exists(r"C:\Dst\old.log") and here.exists(r"C:\Got\old.log")


def test_a_log_that_grows_is_copied_as_far_as_it_was_looked_at(
    engine: ModuleEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = machine(engine, "win01").files
    log = r"C:\Logs\app.log"
    files.write_bytes(log, b"first\n", create_parents=True)
    files.hold(log, "writing")
    check = GuestConnection.check
    steps = []

    def append(self: GuestConnection) -> None:
        check(self)
        steps.append(self)
        if len(steps) > 2:
            files.hold(log, None)
            files.write_bytes(log, b"more\n", append=True)
            files.hold(log, "writing")

    monkeypatch.setattr(GuestConnection, "check", append)
    options = {"direction": "from_guest", "src": r"C:\Logs", "dest": r"C:\Collected"}
    run = copy(engine, ["win01"], **options)
    assert not run.failed, run.msg
    assert engine.host.files.read_bytes(r"C:\Collected\app.log") == b"first\n"
    assert files.stat(log).size > len(b"first\n")
    monkeypatch.undo()
    assert copy(engine, ["win01"], **options).changed
    assert engine.host.files.read_bytes(r"C:\Collected\app.log") == files.read_bytes(log)


def test_a_file_that_cannot_be_read_keeps_no_other_one_from_being_copied(engine: ModuleEngine) -> None:
    files = machine(engine, "win01").files
    for name, hold in {"a.log": None, "trace.etl": "exclusive", "z.log": "writing"}.items():
        files.write_bytes(rf"C:\Logs\{name}", name.encode(), create_parents=True)
        files.hold(rf"C:\Logs\{name}", hold)
    engine.host.files.write_bytes(r"C:\Collected\trace.etl", b"earlier", create_parents=True)
    options = {"direction": "from_guest", "src": r"C:\Logs", "dest": r"C:\Collected", "purge": True}
    predicted = copy(engine, ["win01"], **options, check=True)
    run = copy(engine, ["win01"], **options)
    assert predicted.result["vms"] == run.result["vms"]
    assert predicted.failed and run.failed and predicted.result["diff"] == run.result["diff"]
    assert run.vm("win01")["msg"].startswith("1 of 3 files failed: trace.etl: the source cannot be read: ")
    assert tree(engine.host.files, r"C:\Collected") == {
        "C:\\Collected\\a.log": b"a.log",
        "C:\\Collected\\trace.etl": b"earlier",
        "C:\\Collected\\z.log": b"z.log",
    }
    # On the host it is a mistake in src.
    engine.host.files.hold(r"C:\Src\a.txt", "exclusive")
    assert copy(engine, ["win01"]).msg.startswith(r"src 'C:\Src' cannot be read on the host: a.txt: ")


def test_two_guests_never_write_the_same_path(engine: ModuleEngine) -> None:
    run = copy(engine, ["win01", "db[1]"], direction="from_guest", src=r"C:\Logs", dest=r"C:\Collected")
    assert run.failed and "Write {id} or, where names are unique, {name} into it." in run.msg
    assert "cmdlet:New-PSSession" not in run.counters


# -- which transport


KINDS = """
version: 1
hosts:
  - name: HV1
    files: {'C:\\Src\\a.txt': hello}
    vms:
      - &vm
        name: windows
        services: {guest_service_interface: true}
        guest: {os: windows, name: Windows Server 2022 Standard, users: [{name: Administrator, password: Guest-Only-1}]}
      - {<<: *vm, name: old, guest: {os: windows, name: Windows Server 2012 R2 Standard}}
      - {<<: *vm, name: linux, guest: {os: linux, name: Ubuntu}}
      - <<: *vm
        name: silent
        services: {guest_service_interface: true, key_value_pair_exchange: false}
      - {name: mute, services: {guest_service_interface: true, key_value_pair_exchange: false}, guest: linux}
"""
UBUNTU, SERVER = "its guest runs Ubuntu", "its guest runs Windows Server 2022 Standard"
OLD = "its guest runs Windows Server 2012 R2 Standard"
DIRECT, BLIND = "powershell_direct", "copy_vmfile"
NO_ACCOUNT = "no account of the guest is given"
LINUX_PATH = "dest is a path of a Linux guest"
NO_WAY_OUT = (
    "{}, and no transport copies from it: Copy-VMFile copies to guests only, and PowerShell Direct needs Windows 10, "
    "Windows Server 2016 or later in the guest. Fetch the files through a connection of Ansible to the guest itself."
)
WRONG_PATH = "dest '{}' is a path of a {} guest, and {}. Select guests of one kind, or correct dest."
UNREACHED = "PowerShell Direct does not reach it: {}"
UNKNOWN = (
    "an account of the guest is given; the guest does not tell its operating system, and dest is a path of Windows"
)


@pytest.mark.parametrize(
    ("name", "account", "dest", "transport", "reason", "error"),
    [
        ("windows", True, "C:\\Dst", DIRECT, f"{SERVER}, and an account of it is given", ""),
        ("windows", False, "C:\\Dst", BLIND, NO_ACCOUNT, ""),
        ("windows", True, "/srv", BLIND, LINUX_PATH, WRONG_PATH.format("/srv", "Linux", SERVER)),
        ("windows", False, "/srv", BLIND, LINUX_PATH, WRONG_PATH.format("/srv", "Linux", SERVER)),
        ("old", True, "C:\\Dst", BLIND, UNREACHED.format(OLD), ""),
        ("old", False, "C:\\Dst", BLIND, UNREACHED.format(OLD), ""),
        ("linux", True, "/srv", BLIND, UNREACHED.format(UBUNTU), ""),
        ("linux", False, "/srv", BLIND, UNREACHED.format(UBUNTU), ""),
        ("linux", True, "C:\\Dst", BLIND, UNREACHED.format(UBUNTU), WRONG_PATH.format("C:\\Dst", "Windows", UBUNTU)),
        ("linux", False, "C:\\Dst", BLIND, UNREACHED.format(UBUNTU), WRONG_PATH.format("C:\\Dst", "Windows", UBUNTU)),
        ("silent", True, "C:\\Dst", DIRECT, UNKNOWN, ""),
        ("silent", False, "C:\\Dst", BLIND, NO_ACCOUNT, ""),
        ("mute", True, "/srv", BLIND, LINUX_PATH, ""),
        ("mute", False, "/srv", BLIND, LINUX_PATH, ""),
    ],
)
def test_the_transport_to_a_guest_follows_from_its_system_the_account_and_the_path(
    name: str, account: bool, dest: str, transport: str, reason: str, error: str
) -> None:
    engine = ModuleEngine(KINDS)
    options = {"src": r"C:\Src", "dest": dest, "remote_src": True, **(ACCOUNT if account else {})}
    predicted = engine.run(MODULE, vm_name=[name], **options, check=True).vm(name)
    assert (predicted["transport"], predicted["transport_reason"], predicted["msg"]) == (transport, reason, error)
    run = engine.run(MODULE, vm_name=[name], **options)
    assert run.vm(name) == predicted
    assert run.counters.get("cmdlet:New-PSSession", 0) == (1 if transport == DIRECT else 0)
    assert run.counters.get("cmdlet:Copy-VMFile", 0) == (1 if transport == BLIND and not error else 0)
    if not error:
        files = machine(engine, name).files
        assert tree(files, dest)[dest + ("/" if dest == "/srv" else "\\") + "a.txt"] == b"hello"


@pytest.mark.parametrize(
    ("name", "transport", "reason", "error"),
    [
        ("windows", DIRECT, "only PowerShell Direct copies from a guest", ""),
        ("silent", DIRECT, "only PowerShell Direct copies from a guest", ""),
        ("linux", "", UNREACHED.format(UBUNTU), NO_WAY_OUT.format(UBUNTU)),
        ("old", "", UNREACHED.format(OLD), NO_WAY_OUT.format(OLD)),
    ],
)
def test_the_transport_from_a_guest_follows_from_its_system(name: str, transport: str, reason: str, error: str) -> None:
    engine = ModuleEngine(KINDS)
    if not error:
        machine(engine, name).files.write_bytes(r"C:\log.txt", b"log")
    options = {"vm_name": [name], "direction": "from_guest", "src": r"C:\log.txt", "dest": "C:\\Got\\"}
    run = engine.run(MODULE, **options, **ACCOUNT)
    vm = run.vm(name)
    assert (vm["transport"], vm["transport_reason"], vm["msg"]) == (transport, reason, error)
    assert engine.host.files.exists(r"C:\Got\log.txt") is not bool(error)
    assert run.counters.get("cmdlet:New-PSSession", 0) == (0 if error else 1)
    run = engine.run(MODULE, **options)
    assert run.msg == "PowerShell Direct needs an account of the guest: set guest_username and guest_password."


def test_guests_of_all_kinds_get_what_each_can_take_in_one_task() -> None:
    engine = ModuleEngine(KINDS)
    run = engine.run(MODULE, all=True, src=r"C:\Src", dest=r"C:\Dst", remote_src=True, **ACCOUNT)
    assert {vm["name"]: (vm["transport"], vm["failed"]) for vm in run.result["vms"]} == {
        "linux": (BLIND, True),
        "mute": (DIRECT, True),
        "old": (BLIND, False),
        "silent": (DIRECT, False),
        "windows": (DIRECT, False),
    }


@pytest.mark.parametrize("option", [{"purge": True}, {"backup": True}, {"validate": ["x.exe", "%s"]}])
def test_what_needs_powershell_direct_is_not_forgotten_where_it_does_not_reach(option: dict[str, Any]) -> None:
    engine = ModuleEngine(KINDS)
    run = engine.run(MODULE, vm_name=["linux"], src=r"C:\Src", dest="/srv", remote_src=True, **ACCOUNT, **option)
    assert run.vm("linux")["msg"] == (
        f"{next(iter(option))} needs PowerShell Direct, and Copy-VMFile was chosen: {UNREACHED.format(UBUNTU)}."
    )
    assert "cmdlet:Copy-VMFile" not in run.counters


def test_the_host_is_asked_once_for_the_systems_of_all_guests() -> None:
    fleet = ModuleEngine(
        "version: 1\nhosts:\n  - name: HV1\n    files: {'C:\\f': data}\n    vms:\n"
        "      - {name: 'vm-{n}', count: 50, services: {guest_service_interface: true}}\n"
    )
    options = {"src": r"C:\f", "dest": r"C:\Temp\f", "remote_src": True}
    one, all_of_them = fleet.run(MODULE, vm_name=["vm-7"], **options), fleet.run(MODULE, all=True, **options)
    assert all_of_them.result["summary"]["changed"] == 50
    assert one.cim == all_of_them.cim
    assert sum(all_of_them.cim.values()) == 1
    assert fleet.run(MODULE, all=True, transport="copy_vmfile", **options).cim == {}


def test_systems_that_cannot_be_asked_for_are_unknown(engine: ModuleEngine) -> None:
    engine.fault(command="Get-CimInstance", error="access_denied")
    run = copy(engine, ["win01"])
    assert not run.failed and run.vm("win01")["transport_reason"] == UNKNOWN
    assert [text for text in run.warnings if text.startswith("The operating systems of the guests are not known. ")]


# -- Copy-VMFile


def test_without_an_account_files_go_through_the_guest_service_interface(engine: ModuleEngine) -> None:
    run = engine.run(MODULE, vm_name=["win01", "db[1]"], src=r"C:\Src", dest=r"C:\Dst", remote_src=True)
    assert run.vm("win01")["transport_reason"] == "no account of the guest is given"
    assert tree(machine(engine, "win01").files, r"C:\Dst") == SOURCE
    assert run.vm("db[1]")["msg"] == (
        "its guest service interface is disabled on the host. Enable it with hyperv.integration.hyperv_ics, "
        "or set guest_service_interface to temporary."
    )
    assert run.counters["cmdlet:Copy-VMFile"] == 3
    assert engine.run(MODULE, vm_name=["win01"], src=r"C:\Src", dest=r"C:\Dst", remote_src=True).changed


def test_a_path_of_linux_goes_to_linux(engine: ModuleEngine) -> None:
    assert not copy(engine, ["lin01"], dest="/srv/data").failed
    assert tree(machine(engine, "lin01").files, "/srv/data")["/srv/data/a.txt"] == b"hello"


def interface(engine: ModuleEngine, name: str) -> bool:
    (vm,) = [vm for vm in engine.host.virtual_machines() if vm.name == name]
    return bool(vm.integration_service("guest_service_interface").enabled)


NOTES = r"C:\ProgramData\hyperv.integration\guest_service_interface"


@pytest.mark.parametrize("fails", [False, True])
def test_an_interface_enabled_for_a_copy_is_disabled_again(engine: ModuleEngine, fails: bool) -> None:
    if fails:
        engine.fault(command="Copy-VMFile", vm="db[1]", error="operation_failed")
    options = {"transport": "copy_vmfile", "guest_service_interface": "temporary"}
    run = copy(engine, ["win01", "db[1]"], **options)
    assert run.vm("db[1]")["failed"] is fails
    assert (interface(engine, "win01"), interface(engine, "db[1]")) == (True, False)
    assert engine.host.files.list(NOTES) == []
    if not fails:
        assert tree(machine(engine, "db[1]").files, r"C:\Dst") == SOURCE


def test_an_interface_that_a_run_left_enabled_is_disabled_by_the_next(engine: ModuleEngine) -> None:
    (vm,) = [vm for vm in engine.host.virtual_machines() if vm.name == "db[1]"]
    engine.host.files.make_directory(NOTES)
    engine.host.files.write_bytes(f"{NOTES}\\{vm.id}", b"")
    engine.host.files.write_bytes(f"{NOTES}\\00000000-0000-0000-0000-000000000001", b"")
    vm.integration_service("guest_service_interface").enabled = True
    options = {"transport": "copy_vmfile"}
    predicted = copy(engine, ["win01"], **options, check=True)
    assert predicted.result["restored"] == [{"name": "db[1]", "id": str(vm.id)}] and interface(engine, "db[1]")
    run = copy(engine, ["win01"], **options)
    assert run.result["restored"] == predicted.result["restored"]
    assert not interface(engine, "db[1]")
    assert engine.host.files.list(NOTES) == []


def test_a_marker_remembers_what_was_copied(engine: ModuleEngine) -> None:
    options = {"transport": "copy_vmfile", "checksum_marker": True, "src": r"C:\Src\a.txt", "dest": r"C:\Dst\a.txt"}
    assert copy(engine, ["win01"], **options, check=True).changed
    assert engine.held("win01") == {}
    assert copy(engine, ["win01"], **options).changed
    (key,) = engine.held("win01")
    expected = hashlib.sha256(rb"c:\dst\a.txt").hexdigest()[:32]
    assert (key, engine.held("win01")[key]) == (f"hyperv.integration.copy.{expected}", sha256(b"hello"))
    run = copy(engine, ["win01"], **{**options, "dest": r"C:\DST\A.TXT"})
    assert not run.changed and "cmdlet:Copy-VMFile" not in run.counters
    engine.host.files.write_bytes(r"C:\Src\a.txt", b"hello again")
    assert copy(engine, ["win01"], **options).changed
    assert tree(machine(engine, "win01").files, r"C:\Dst") == {"C:\\Dst\\a.txt": b"hello again"}


def test_a_file_that_exists_is_kept_without_force(engine: ModuleEngine) -> None:
    files = machine(engine, "win01").files
    files.make_directory(r"C:\Dst")
    files.write_bytes(r"C:\Dst\a.txt", b"mine")
    run = copy(engine, ["win01"], src=r"C:\Src\a.txt", dest=r"C:\Dst\a.txt", transport="copy_vmfile", force=False)
    assert not run.failed and not run.changed
    assert tree(files, r"C:\Dst") == {"C:\\Dst\\a.txt": b"mine"}


def test_an_interface_that_does_not_work_says_so(engine: ModuleEngine) -> None:
    (vm,) = [vm for vm in engine.host.virtual_machines() if vm.name == "win01"]
    vm.guest.service("guest_service_interface").state = "disabled"
    run = copy(engine, ["win01"], transport="copy_vmfile", timeout=3)
    assert "is enabled on the host but does not work in the guest: its status is no_contact." in run.vm("win01")["msg"]


# -- what is refused


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"dest": "relative"}, "dest must be an absolute path in the guest such as C:\\Temp\\file.txt, not 'rel"),
        ({"dest": "C:"}, "dest must be an absolute path in the guest such as C:\\Temp\\file.txt, not 'C:'."),
        ({"dest": "/x", "transport": "powershell_direct"}, "Set transport to copy_vmfile."),
        ({"guest_username": ""}, "guest_password is set without guest_username."),
        ({"transport": "copy_vmfile", "purge": True}, "purge needs transport powershell_direct"),
        ({"transport": "copy_vmfile", "direction": "from_guest"}, "copies from the host to the guest only"),
        ({"validate": ["check.exe"]}, "validate must hold %s"),
        ({"throttle": 0}, "throttle must be 1 or more."),
        ({"retries": -1}, "retries must be 0 or more."),
        ({"timeout": -1}, "timeout must be 0 or more."),
        ({"remote_src": False}, "only through the action plugin of this module"),
        ({"src": "C:\\missing"}, "src 'C:\\missing' does not exist on the host."),
        ({"checksum_marker": True, "transport": "powershell_direct"}, "checksum_marker is for transport copy_vmfile"),
    ],
)
def test_bad_options_change_nothing(engine: ModuleEngine, options: dict[str, Any], text: str) -> None:
    arguments = {"vm_name": ["win01"], "src": r"C:\Src", "dest": r"C:\Dst", "remote_src": True, **ACCOUNT, **options}
    run = engine.run(MODULE, **arguments)
    assert run.failed and text in run.msg
    assert "cmdlet:New-PSSession" not in run.counters and "cmdlet:Copy-VMFile" not in run.counters


def test_a_vm_that_is_off_fails_alone(engine: ModuleEngine) -> None:
    for transport in ("powershell_direct", "copy_vmfile"):
        run = copy(engine, ["win01", "cold"], transport=transport, check=True)
        assert [vm["failed"] for vm in run.result["vms"]] == [True, False]
        assert run.vm("cold")["msg"].startswith("it is off, and ")


# -- over WinRM: the action plugin


def test_files_of_the_controller_are_on_the_host_only_while_they_are_needed(lab: Lab) -> None:
    source = lab.directory / "files" / "payload"
    (source / "sub").mkdir(parents=True)
    (source / "a.bin").write_bytes(bytes(range(256)) * 40)
    (source / "sub" / "b.txt").write_text("MARKER-4711", encoding="utf-8")
    options = {"all": True, "src": str(source), "dest": "C:\\Payload", "guest_username": "Administrator"}
    task = {
        "name": MODULE,
        f"hyperv.integration.{MODULE}": {**options, "guest_password": "Lab-Only-1"},
        "diff": True,
    }
    steps = lab.play([{**task, "check_mode": True}, task, task], host="DE1")
    assert [step.changed for step in steps] == [True, True, False]
    assert steps[0].result["vms"] == steps[1].result["vms"]
    assert steps[1].result["summary"]["files"] == 4
    assert "_needed" not in steps[1].result
    vms = {vm["name"]: vm["id"] for vm in lab.admin.state("DE1")["vms"]}
    for vm_id in vms.values():
        assert lab.admin.read_file("DE1", r"C:\Payload\sub\b.txt", vm=vm_id) == b"MARKER-4711"
    assert lab.admin.search("DE1", "MARKER-4711") == [], "nothing is left on the host"

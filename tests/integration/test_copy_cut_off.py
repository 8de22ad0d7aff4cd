# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_copy_vmfile that is cut off at every tenth of its way: on each part of the way, and in both directions."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from copy_lab import LAB, MODULE, copy, machine
from lab_harness import PLAY_SECONDS, Lab
from module_engine import ModuleEngine

TENTHS = range(10)


@pytest.fixture
def engine() -> ModuleEngine:
    return ModuleEngine(LAB)


# -- between host and guest


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("part", range(11))
def test_a_file_for_a_guest_is_there_whole_or_not_at_all(engine: ModuleEngine, part: int) -> None:
    """The guest reboots before it takes a part; before the parts are a look without output and the directory.

    A command is a step before it, one for each thing that it puts out, and one after it.
    """
    engine.fault(command="PowerShellDirect", vm="win01", error="reboot_guest", skip=2 + 3 + 3 * part, times=1)
    run = copy(engine, ["win01"], src=r"C:\One.bin", dest=r"C:\Big\One.bin")
    assert run.failed and not run.changed
    assert run.vm("win01")["files"][0]["changed"] is False
    files = machine(engine, "win01").files
    assert run.counters["cmdlet:Invoke-Command"] == 2 + part + 1
    assert not files.exists(r"C:\Big\One.bin")
    engine.host.clock.advance(seconds=120)
    again = copy(engine, ["win01"], src=r"C:\One.bin", dest=r"C:\Big\One.bin")
    assert again.changed and not again.failed
    assert [entry.path for entry in files.list(r"C:\Big")] == [r"C:\Big\One.bin"]
    source = engine.host.files.content(r"C:\One.bin")
    assert files.content(r"C:\Big\One.bin").digest("sha256") == source.digest("sha256")


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("tenth", TENTHS)
def test_a_file_from_a_guest_is_there_whole_or_not_at_all(engine: ModuleEngine, tenth: int, there: bool) -> None:
    """The guest reboots while it sends a part of eleven; what was there before stays.

    Before the parts is a look, whose output is the path and the file.
    """
    guest = machine(engine, "win01")
    guest.files.make_directory(r"C:\Logs")
    content = random.Random(tenth).randbytes(41_000)
    guest.files.write_bytes(r"C:\Logs\One.bin", content)
    if there:
        engine.host.files.make_directory(r"C:\Got")
        engine.host.files.write_bytes(r"C:\Got\One.bin", b"before")
    options: dict[str, Any] = {"direction": "from_guest", "src": r"C:\Logs\One.bin", "dest": "C:\\Got\\"}
    engine.fault(command="PowerShellDirect", vm="win01", error="reboot_guest", skip=4 + 3 * tenth + 1, times=1)
    run = copy(engine, ["win01"], **options)
    assert run.failed and not run.changed
    assert "the session ended: the guest was restarted or stopped" in run.vm("win01")["msg"]
    assert run.counters["cmdlet:Invoke-Command"] == 1 + tenth + 1
    assert run.vm("win01")["files"][0]["changed"] is False
    left = {entry.path: engine.host.files.read_bytes(entry.path) for entry in engine.host.files.list(r"C:\Got")}
    assert left == ({r"C:\Got\One.bin": b"before"} if there else {})
    engine.host.clock.advance(seconds=120)
    assert copy(engine, ["win01"], **options).changed
    left = {entry.path: engine.host.files.read_bytes(entry.path) for entry in engine.host.files.list(r"C:\Got")}
    assert left == {r"C:\Got\One.bin": content}


@pytest.mark.parametrize("tenth", TENTHS[:-1])
def test_copy_vmfile_fails_and_the_next_run_finishes(engine: ModuleEngine, tenth: int) -> None:
    """Copy-VMFile writes into the file itself, so only the next run can put it right; after the last tenth, it is."""
    options: dict[str, Any] = {"src": r"C:\One.bin", "dest": r"C:\Big\One.bin", "transport": "copy_vmfile"}
    options["guest_service_interface"] = "temporary"
    engine.fault(command="Copy-VMFile:step", vm="db[1]", error="reboot_guest", skip=tenth, times=1)
    run = copy(engine, ["db[1]"], **options)
    assert run.failed and not run.changed
    assert run.vm("db[1]")["files"][0]["changed"] is False
    (vm,) = [vm for vm in engine.host.virtual_machines() if vm.name == "db[1]"]
    assert not vm.integration_service("guest_service_interface").enabled
    engine.host.clock.advance(seconds=120)
    again = copy(engine, ["db[1]"], **options)
    assert again.changed and not again.failed
    source = engine.host.files.content(r"C:\One.bin")
    assert machine(engine, "db[1]").files.digest(r"C:\Big\One.bin") == source.digest("sha256")
    assert not vm.integration_service("guest_service_interface").enabled


# -- between controller and host


@pytest.mark.parametrize("check", [True, False])
def test_what_was_left_is_removed_by_its_own_task_and_after_a_day_by_any(engine: ModuleEngine, check: bool) -> None:
    files = engine.host.files

    def leave(name: str) -> str:
        path = f"{TEMP}\\{name}"
        files.make_directory(path)
        files.write_bytes(f"{path}\\content", b"x")
        return path

    old, stranger = leave("ansible-tmp-hyperv_copy_vmfile-old"), leave("ansible-tmp-1234")
    engine.host.clock.advance(seconds=90_000)
    own, young = leave("ansible-tmp-hyperv_copy_vmfile-own"), leave("ansible-tmp-hyperv_copy_vmfile-young")
    manifest = {"kind": "directory", "name": "d", "directories": [], "files": []}
    manifest["staging"] = {"parent": "%TEMP%", "name": "own"}
    run = copy(engine, ["win01"], src="d", remote_src=False, manifest=manifest, check=check)
    assert not run.failed and not run.changed
    left = [path for path in (old, stranger, own, young) if files.exists(path)]
    assert left == ([old, stranger, own, young] if check else [stranger, young])


MARK = "MARK-0815"
TEMP = r"C:\Users\Administrator\AppData\Local\Temp"


def play(lab: Lab) -> Any:
    """Two guests get a file of the controller; the steps that were recorded."""
    task = {
        "name": MODULE,
        f"hyperv.integration.{MODULE}": {
            "all": True,
            "src": str(lab.directory / "cut.bin"),
            "dest": "C:\\Cut\\cut.bin",
            "guest_username": "Administrator",
            "guest_password": "Lab-Only-1",
        },
        "ignore_errors": True,
    }
    timeouts = {"ansible_winrm_operation_timeout_sec": 2, "ansible_winrm_read_timeout_sec": 30}
    plays = [{"name": "Cut", "hosts": "DE1", "gather_facts": False, "vars": timeouts, "tasks": [task]}]
    return lab.playbook(plays, must_succeed=False)


def names_in(lab: Lab, path: str, vm: str | None = None) -> list[str]:
    """Names in a directory of the host or of a guest."""
    return [entry["path"].rpartition("\\")[2] for entry in lab.admin.file("DE1", path, vm=vm).get("entries", [])]


def staged(lab: Lab) -> list[str]:
    """What lies in the temporary directory of the host."""
    return names_in(lab, TEMP)


def arrived(lab: Lab) -> list[list[str]]:
    """Names in the target directory of each guest."""
    return [names_in(lab, "C:\\Cut", vm["id"]) for vm in lab.admin.state("DE1")["vms"]]


def wait_for_processes(lab: Lab) -> None:
    """What runs on the host when its client is gone runs on; waits for its end."""
    deadline = time.monotonic() + PLAY_SECONDS
    while True:
        counters = lab.admin.counters("DE1")
        if counters.get("winrm:processes", 0) == counters.get("winrm:processes_ended", 0):
            return
        assert time.monotonic() < deadline


@pytest.fixture
def cut_file(lab: Lab) -> bytes:
    """A file that takes more than a dozen requests to get to the host."""
    content = MARK.encode() + random.Random(7).randbytes(3_000_000)
    (lab.directory / "cut.bin").write_bytes(content)
    return content


_COUNTED: list[int] = []


def requests_needed(lab: Lab) -> int:
    """How many requests over WinRM the whole task takes; found out once in a process."""
    if not _COUNTED:
        lab.admin.reset_counters("DE1")
        (step,) = play(lab)
        assert step.changed and not step.failed
        _COUNTED.append(lab.admin.counters("DE1")["winrm:requests"])
        lab.admin.reset()
    return _COUNTED[0]


@pytest.mark.parametrize("tenth", TENTHS)
def test_a_connection_to_the_host_that_is_cut_leaves_nothing_after_the_next_run(
    lab: Lab, cut_file: bytes, tenth: int
) -> None:
    needed = requests_needed(lab)
    assert needed > 20 and staged(lab) == []
    lab.admin.add_fault("DE1", command="WinRM", error="cut_connection", skip=needed * tenth // 10)
    play(lab)
    lab.admin.clear_faults("DE1")
    wait_for_processes(lab)
    if tenth in (4, 5, 6):
        # In the middle of the upload.
        assert len(staged(lab)) == 1
    for names in arrived(lab):
        assert names in ([], ["cut.bin"])
    (step,) = play(lab)
    assert not step.failed, step.msg
    for vm in lab.admin.state("DE1")["vms"]:
        assert lab.admin.read_file("DE1", "C:\\Cut\\cut.bin", vm=vm["id"]) == cut_file
    assert arrived(lab) == [["cut.bin"], ["cut.bin"]]
    assert staged(lab) == []
    assert lab.admin.search("DE1", MARK) == []

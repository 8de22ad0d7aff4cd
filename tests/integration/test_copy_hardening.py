# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_copy_vmfile where a side is in the way: files in use, guests that lie, drives to be emptied, huge files."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import Any

import module_engine
import pytest
from copy_lab import LAB, copy, machine, sha256, tree
from hvsim.engine.api import ScriptRequest, Session
from hvsim.hyperv.files import FileAttributes
from module_engine import PLUGINS, ModuleEngine

FROM_GUEST: dict[str, Any] = {"direction": "from_guest", "src": r"C:\Logs", "dest": r"C:\Got"}


@pytest.fixture
def engine() -> ModuleEngine:
    return ModuleEngine(LAB)


@pytest.fixture
def guest_says(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Replaces a piece of the script that lists the files of a guest."""
    read = module_engine._source

    def replace(old: str, new: str) -> None:
        def source(name: str) -> str:
            text = read(name)
            if name == "module_utils/_FileTree.psm1":
                assert text.count(old) == 1
                text = text.replace(old, new)
            return text

        monkeypatch.setattr(module_engine, "_source", source)
        module_engine._utils.cache_clear()

    yield replace
    module_engine._utils.cache_clear()


def put(files: Any, path: str, content: bytes = b"x") -> None:
    files.make_directory(path.rpartition("\\")[0])
    files.write_bytes(path, content)


# -- files in use


def test_a_target_in_use_fails_alone_and_keeps_its_content(engine: ModuleEngine) -> None:
    files = machine(engine, "win01").files
    put(files, r"C:\Dst\a.txt", b"old")
    files.hold(r"C:\Dst\a.txt", "locked")
    run = copy(engine, ["win01", "db[1]"])
    assert [vm["failed"] for vm in run.result["vms"]] == [False, True]
    message = "The process cannot access the file 'C:\\Dst\\a.txt' because it is being used by another process."
    assert run.vm("win01")["msg"] == f"1 of 3 files failed: a.txt: {message}"
    assert [file["changed"] for file in run.vm("win01")["files"]] == [False, True, True]
    assert sorted(tree(files, r"C:\Dst")) == [
        r"C:\Dst\a.txt", r"C:\Dst\sub", r"C:\Dst\sub\empty", r"C:\Dst\sub\ü [1].txt",
    ]  # fmt: skip
    assert files.read_bytes(r"C:\Dst\a.txt") == b"old"
    files.hold(r"C:\Dst\a.txt", None)
    run = copy(engine, ["win01", "db[1]"])
    assert [file["path"] for file in run.vm("win01")["files"]] == ["a.txt"] and not run.failed


@pytest.mark.parametrize("check", [True, False])
def test_a_file_where_a_directory_has_to_be_is_told_and_kept(engine: ModuleEngine, check: bool) -> None:
    files = machine(engine, "win01").files
    put(files, r"C:\Taken", b"old")
    for dest in (r"C:\Taken", r"C:\Taken\below\it"):
        run = copy(engine, ["win01"], dest=dest, check=check)
        assert run.vm("win01")["msg"] == (
            r"dest in the guest: 'C:\Taken' is a file and would have to be a directory. "
            "Remove it, or choose another dest."
        )
        assert not run.changed
    assert files.read_bytes(r"C:\Taken") == b"old"


def test_a_validate_that_cannot_be_run_says_so(engine: ModuleEngine) -> None:
    run = copy(engine, ["win01"], src=r"C:\One.bin", dest=r"C:\Dst\One.bin", validate=["missing.exe", "%s"])
    assert run.vm("win01")["msg"].startswith(
        "1 of 1 files failed: One.bin: validate could not be run: The term 'missing.exe' is not recognized"
    )
    assert tree(machine(engine, "win01").files, r"C:\Dst") == {}


@pytest.mark.parametrize("direction", ["to_guest", "from_guest"])
def test_purge_spares_what_backup_has_kept(engine: ModuleEngine, direction: str) -> None:
    guest = machine(engine, "win01").files
    source, target = (engine.host.files, guest) if direction == "to_guest" else (guest, engine.host.files)
    put(source, r"C:\Mirror\sub\a.txt", b"new")
    put(target, r"C:\Dst\sub\a.txt", b"old")
    put(target, r"C:\Dst\sub\gone.txt.20250101-000000.bak", b"of no file of src")

    def mirror(**options: Any) -> Any:
        return copy(engine, ["win01"], src=r"C:\Mirror", direction=direction, purge=True, **options)

    first = mirror(backup=True)
    (backup,) = [file["backup_file"] for file in first.vm("win01")["files"]]
    assert first.vm("win01")["removed"] == [r"sub\gone.txt.20250101-000000.bak"]
    again = mirror(backup=True)
    assert (again.changed, again.vm("win01")["removed"]) == (False, [])
    assert tree(target, r"C:\Dst") == {r"C:\Dst\sub": None, r"C:\Dst\sub\a.txt": b"new", backup: b"old"}
    assert mirror().vm("win01")["removed"] == [backup.removeprefix("C:\\Dst\\")], "without backup, a mirror"


def test_src_of_the_host_is_an_absolute_path(engine: ModuleEngine) -> None:
    # Else it would depend on the directory in which the host runs modules.
    for src in ("Src", r"\Src", r"..\Src", "C:Src"):
        run = copy(engine, ["win01"], src=src)
        assert run.msg == rf"src must be an absolute path of the host such as D:\Packages\app, not '{src}'."
    assert not copy(engine, ["win01"], src=r"%SystemDrive%\Src").failed


# -- guests that lie


@pytest.mark.parametrize(
    "path",
    [r"..\evil", r"sub\..\..\evil", r"C:\evil", r"\evil", "a:stream", "../evil", ".. ", "a/b"],
)
def test_a_guest_cannot_make_the_host_write_outside_dest(
    engine: ModuleEngine, guest_says: Callable[[str, str], None], path: str
) -> None:
    put(machine(engine, "win01").files, r"C:\Logs\a.log")
    named = "                    $answer = @{\n                        Kind = 'file'\n                        Path = "
    guest_says(named + "$relative", named + f"'{path}'")
    run = copy(engine, ["win01"], **FROM_GUEST)
    assert run.vm("win01")["msg"] == f"src cannot be read in the guest: '{path}' is no path below src."
    assert not engine.host.files.exists(r"C:\Got") and not engine.host.files.exists(r"C:\evil")


def test_a_guest_cannot_name_a_directory_outside_dest_or_a_hash_that_is_none(
    engine: ModuleEngine, guest_says: Callable[[str, str], None]
) -> None:
    put(machine(engine, "win01").files, r"C:\Logs\sub\a.log")
    guest_says("Kind = 'directory'; Path = $relative }", "Kind = 'directory'; Path = '..\\..\\evil' }")
    run = copy(engine, ["win01"], **FROM_GUEST)
    assert run.vm("win01")["msg"] == r"src cannot be read in the guest: '..\..\evil' is no path below src."


def test_a_hash_becomes_part_of_a_name_only_if_it_is_one(
    engine: ModuleEngine, guest_says: Callable[[str, str], None]
) -> None:
    put(machine(engine, "win01").files, r"C:\Logs\a.log")
    guest_says("$answer.Hash = (Get-FileHash", "$answer.Hash = '\\..\\..\\e' + (Get-FileHash")
    run = copy(engine, ["win01"], **FROM_GUEST)
    assert run.vm("win01")["msg"] == "src cannot be read in the guest: 'a.log' has no SHA-256."
    assert not engine.host.files.exists(r"C:\Got")


# -- purge


@pytest.mark.parametrize("dest", ["C:\\", "C:/", r"%SystemDrive%\\", r"C:\Dst\.."])
def test_purge_does_not_empty_a_drive(engine: ModuleEngine, dest: str) -> None:
    files = machine(engine, "win01").files
    put(files, r"C:\Data\precious.txt")
    for check in (True, False):
        run = copy(engine, ["win01"], dest=dest, purge=True, check=check)
        assert run.vm("win01")["msg"] == (
            "dest in the guest: purge would empty the whole of 'C:\\'. Give a directory below it."
        )
    assert files.exists(r"C:\Data\precious.txt") and not files.exists(r"C:\a.txt")


# -- validate

CHECKED = """
version: 1
hosts:
  - name: HV1
    files: {'C:\\new.cfg': new, 'C:\\bad.cfg': bad}
    vms:
      - name: win01
        guest:
          os: windows
          users: [{name: Administrator, password: Guest-Only-1, administrator: true}]
          files: {'C:\\App\\app.cfg': old}
          executables:
            - {path: 'C:\\App\\check.exe', arguments: "/file *2ea9*.hvtmp", rc: 0}
            - {path: 'C:\\App\\check.exe', arguments: "/file *", rc: 3, stdout: "line 1: bad\\n"}
"""


@pytest.mark.parametrize(("name", "accepted"), [("new", True), ("bad", False)])
def test_a_file_takes_its_place_only_when_the_guest_s_program_accepts_it(name: str, accepted: bool) -> None:
    assert sha256(b"new").startswith("11507a0e")
    engine = ModuleEngine(CHECKED.replace("2ea9", sha256(b"new")[:8]))
    options = {"validate": [r"C:\App\check.exe", "/file", "%s"], "src": f"C:\\{name}.cfg", "dest": r"C:\App\app.cfg"}
    run = copy(engine, ["win01"], **options)
    assert run.failed is not accepted and run.changed is accepted
    files = machine(engine, "win01").files
    assert files.read_bytes(r"C:\App\app.cfg") == (b"new" if accepted else b"old")
    assert [entry.path for entry in files.list(r"C:\App")] == [r"C:\App\app.cfg", r"C:\App\check.exe"]
    if not accepted:
        assert run.vm("win01")["files"][0]["msg"] == "validate ended with exit code 3: line 1: bad"


# -- huge and empty files


def test_empty_files_come_from_guests_and_keep_time_and_attributes(engine: ModuleEngine) -> None:
    files = machine(engine, "win01").files
    put(files, r"C:\Logs\empty", b"")
    put(files, r"C:\Logs\hidden.log", b"h")
    files.set_attributes(r"C:\Logs\hidden.log", FileAttributes.HIDDEN | FileAttributes.READ_ONLY)
    put(engine.host.files, r"C:\Got\hidden.log", b"before")
    engine.host.clock.advance(seconds=5000)
    run = copy(engine, ["win01"], **FROM_GUEST, backup=True)
    here, (backup,) = engine.host.files, [f["backup_file"] for f in run.vm("win01")["files"] if f["backup_file"]]
    assert tree(here, r"C:\Got") == {r"C:\Got\empty": b"", r"C:\Got\hidden.log": b"h", backup: b"before"}
    for name in ("empty", "hidden.log"):
        assert here.stat(f"C:\\Got\\{name}").written == files.stat(f"C:\\Logs\\{name}").written
    attributes = here.stat(r"C:\Got\hidden.log").attributes
    assert attributes & FileAttributes.HIDDEN and attributes & FileAttributes.READ_ONLY
    assert not copy(engine, ["win01"], **FROM_GUEST, backup=True).changed


@pytest.mark.parametrize("offset", [2**31 - 4, 2**31, 2**32 - 4, 2**32, 5 * 2**31])
def test_offsets_beyond_4_gib_are_read_and_written_where_they_are(offset: int) -> None:
    """The scripts of _FileTree themselves: a whole file of that size takes long, and only numbers differ."""
    size = 5 * 2**31 + 10
    engine = ModuleEngine(f"hosts:\n  - name: HV1\n    files: {{'C:\\Big.bin': {{size: {size}}}}}\n    vms: []\n")
    content = engine.host.files.content(r"C:\Big.bin")
    expected = content.read(offset, 8)
    data = b64encode(b"WRITTEN!").decode()
    util = (PLUGINS / "module_utils" / "_FileTree.psm1").read_text(encoding="utf-8")
    script = util.partition("Export-ModuleMember")[0] + (
        f"$read = & (Get-FileScript -Name readPart) 'C:\\' 'Big.bin' {offset} 8; $read.Message; $read.Data\n"
        f"$wrote = & (Get-FileScript -Name writePart) 'C:\\' 'Big' '.bin' {offset} '{data}'; $wrote.Message\n"
    )
    run = engine.engine.run_script(Session(engine.host, "Administrator"), ScriptRequest(script))
    assert run.stderr == ""
    message, read, wrote = run.stdout.splitlines()
    assert (message, wrote, b64decode(read)) == ("", "", expected)
    after = engine.host.files.content(r"C:\Big.bin")
    assert after.size == max(size, offset + 8)
    assert after.read(offset, 8) == b"WRITTEN!"

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


# -- directories that cannot be read

#: What Windows says of a directory that the account may not list.
DENIED = "Access to the path '{0}' is denied."
LISTED = "else { Get-ChildItem -LiteralPath $directory.Full -Force }"


def deny(guest_says: Callable[[str, str], None], path: str) -> None:
    """The side that lists files may not look into a directory."""
    error = f'[System.UnauthorizedAccessException]"{DENIED.format("$($directory.Full)")}"'
    guest_says(LISTED, f"elseif ($directory.Full -eq '{path}') {{ throw {error} }} {LISTED}")


@pytest.mark.parametrize("check", [True, False])
def test_a_directory_that_cannot_be_read_keeps_no_other_file_from_coming(
    engine: ModuleEngine, guest_says: Callable[[str, str], None], check: bool
) -> None:
    """The guest has failed, with the name of the directory. What is below it is not known: nothing there is purged."""
    guest, host = machine(engine, "win01").files, engine.host.files
    for name in (r"a.log", r"secret\hidden.log", r"sub\z.log"):
        put(guest, rf"C:\Logs\{name}", name.encode())
    put(host, r"C:\Got\secret\hidden.log", b"of an earlier run")
    put(host, r"C:\Got\gone.log")
    before = tree(host, r"C:\Got")
    deny(guest_says, r"C:\Logs\secret")
    run = copy(engine, ["win01"], **FROM_GUEST, purge=True, check=check)
    vm = run.vm("win01")
    text = "the source cannot be read: " + DENIED.format(r"C:\Logs\secret")
    assert vm["msg"] == f"1 of 3 files failed: secret: {text}"
    assert {file["path"]: (file["changed"], file["msg"]) for file in vm["files"]} == {
        "a.log": (True, ""), "secret": (False, text), r"sub\z.log": (True, ""),
    }  # fmt: skip
    assert (vm["removed"], vm["directories"], run.changed) == (["gone.log"], ["sub"], True)
    assert tree(host, r"C:\Got") == (
        before
        if check
        else {
            r"C:\Got\a.log": b"a.log",
            r"C:\Got\secret": None,
            r"C:\Got\secret\hidden.log": b"of an earlier run",
            r"C:\Got\sub": None,
            r"C:\Got\sub\z.log": rb"sub\z.log",
        }
    )
    again = copy(engine, ["win01"], **FROM_GUEST, purge=True, check=check)
    assert (again.failed, again.changed) == (True, check)


def test_src_itself_that_cannot_be_read_is_the_error_of_its_guest(
    engine: ModuleEngine, guest_says: Callable[[str, str], None]
) -> None:
    put(machine(engine, "win01").files, r"C:\Logs\a.log")
    deny(guest_says, r"C:\Logs")
    run = copy(engine, ["win01"], **FROM_GUEST)
    assert run.vm("win01")["msg"] == "src cannot be read in the guest: " + DENIED.format(r"C:\Logs")


def test_a_directory_of_the_host_that_cannot_be_read_is_named_before_anything_is_done(
    engine: ModuleEngine, guest_says: Callable[[str, str], None]
) -> None:
    deny(guest_says, r"C:\Src\sub")
    run = copy(engine, ["win01"])
    assert run.msg == r"src 'C:\Src' cannot be read on the host: sub: " + DENIED.format(r"C:\Src\sub")
    assert not machine(engine, "win01").files.exists(r"C:\Dst")


# -- what was done before something failed is reported


@pytest.mark.parametrize("direction", ["to_guest", "from_guest"])
def test_what_purge_removed_before_it_failed_is_reported(engine: ModuleEngine, direction: str) -> None:
    guest = machine(engine, "win01").files
    source, target = (engine.host.files, guest) if direction == "to_guest" else (guest, engine.host.files)
    source.make_directory(r"C:\Mirror\new")
    for name in ("1", "2", "3"):
        put(target, rf"C:\Dst\{name}")
    target.hold(r"C:\Dst\2")
    run = copy(engine, ["win01"], src=r"C:\Mirror", direction=direction, purge=True)
    vm = run.vm("win01")
    assert (vm["failed"], vm["changed"], vm["directories"], vm["removed"]) == (True, True, ["new"], ["1"])
    assert r"C:\Dst\2" in vm["msg"]
    assert "'1': absent" in run.result["diff"]["after"] and "'3'" not in run.result["diff"]["after"]
    assert sorted(tree(target, r"C:\Dst")) == [r"C:\Dst\2", r"C:\Dst\3", r"C:\Dst\new"]
    target.hold(r"C:\Dst\2", None)
    again = copy(engine, ["win01"], src=r"C:\Mirror", direction=direction, purge=True)
    assert (again.failed, again.vm("win01")["removed"], again.vm("win01")["directories"]) == (False, ["2", "3"], [])


# -- paths


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"dest": r"C:\a:b"}, "dest"),
        ({"dest": r"C:\Dst\what?"}, "dest"),
        ({"dest": r"%TEMP%\a|b"}, "dest"),
        ({"src": r"C:\Src\*.txt"}, "src"),
        ({**FROM_GUEST, "src": r"C:\Logs\*.log"}, "src"),
        ({**FROM_GUEST, "src": r"C:\Logs\a.log:stream"}, "src"),
        ({**FROM_GUEST, "dest": r"C:\{name}\a:b"}, "dest"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_a_path_that_none_can_be_is_refused_and_nothing_is_done(
    engine: ModuleEngine, options: dict[str, Any], option: str, check: bool
) -> None:
    before = tree(engine.host.files, "C:\\")
    run = copy(engine, ["win01"], **options, check=check)
    path = options[option]
    names = 'names hold none of < > : " | ? *. Wildcards are not expanded.'
    assert run.msg == f"{option} '{path}' is no possible path on Windows: {names}"
    assert not run.changed and "cmdlet:New-PSSession" not in run.counters
    assert tree(engine.host.files, "C:\\") == before


# -- validate without a program


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("'looked at it'", ""),
        ("if ($args[0] -notlike '*.hvtmp') { throw 'not the new file' }", ""),
        ("exit 0", ""),
        ("cmd /c exit 3; exit 0", ""),
        ("Write-Warning 'careful'", ""),
        ("exit 4", "validate ended with exit code 4: "),
        ("cmd /c exit 5", "validate ended with exit code 5: "),
        ("Write-Error 'it is no app'; 'went on'", "validate reported an error: it is no app"),
        ("throw 'it is no app'", "validate could not be run: it is no app"),
    ],
)
def test_a_validate_that_runs_no_program_is_judged_by_its_errors(engine: ModuleEngine, script: str, text: str) -> None:
    """And not by the code that a program left before: the first of two files is checked by one."""
    put(machine(engine, "win01").files, r"C:\App\check.ps1", script.encode())
    options = {"validate": [r"C:\App\check.ps1", "%s"], "src": r"C:\One.bin", "dest": r"C:\Dst\One.bin"}
    run = copy(engine, ["win01"], **options)
    assert run.vm("win01")["msg"] == (f"1 of 1 files failed: One.bin: {text}" if text else "")
    assert (run.failed, run.changed) == (bool(text), not text)


def test_a_validate_is_not_judged_by_the_exit_code_of_the_file_before(engine: ModuleEngine) -> None:
    script = b"if ($args[0] -like '*a.txt*') { cmd /c exit 3 }"
    put(machine(engine, "win01").files, r"C:\App\check.ps1", script)
    run = copy(engine, ["win01"], validate=[r"C:\App\check.ps1", "%s"])
    assert run.vm("win01")["msg"] == "1 of 3 files failed: a.txt: validate ended with exit code 3: "
    assert [file["changed"] for file in run.vm("win01")["files"]] == [False, True, True]


# -- Copy-VMFile


def test_an_interface_with_an_older_protocol_is_used_at_once(engine: ModuleEngine) -> None:
    (vm,) = [vm for vm in engine.host.virtual_machines() if vm.name == "win01"]
    vm.guest.service("guest_service_interface").protocol = "older"
    run = copy(engine, ["win01"], src=r"C:\One.bin", dest=r"C:\Dst\One.bin", transport="copy_vmfile", timeout=60)
    assert not run.failed, run.msg


def test_a_marker_is_taken_back_before_another_content_comes(engine: ModuleEngine) -> None:
    """A copy that is cut off may leave a mixture, which the marker of the content before must not vouch for."""
    options = {"transport": "copy_vmfile", "checksum_marker": True, "src": r"C:\Src\a.txt", "dest": r"C:\Dst\a.txt"}
    assert not copy(engine, ["win01"], **options).failed
    (marker,) = engine.held("win01")
    host = engine.host.files
    host.write_bytes(r"C:\Src\a.txt", b"another")
    engine.fault(command="Copy-VMFile", vm="win01", error="operation_failed", times=1)
    assert copy(engine, ["win01"], **options).failed
    assert engine.held("win01")[marker] == "incomplete"
    machine(engine, "win01").files.write_bytes(r"C:\Dst\a.txt", b"anotlo")
    host.write_bytes(r"C:\Src\a.txt", b"hello")
    again = copy(engine, ["win01"], **options)
    assert again.changed and not again.failed, again.msg
    assert machine(engine, "win01").files.read_bytes(r"C:\Dst\a.txt") == b"hello"
    assert engine.held("win01")[marker] == sha256(b"hello")
    assert not copy(engine, ["win01"], **options).changed


def test_what_a_lost_run_left_goes_even_if_the_next_one_fails(engine: ModuleEngine) -> None:
    """A decrypted file does not stay on the host because the virtual machine has gone meanwhile."""
    path = r"C:\Users\Administrator\AppData\Local\Temp\ansible-tmp-hyperv_copy_vmfile-own"
    put(engine.host.files, rf"{path}\content", b"secret")
    manifest = {"kind": "directory", "name": "d", "directories": [], "files": []}
    manifest["staging"] = {"parent": "%TEMP%", "name": "own"}
    run = copy(engine, ["gone"], src="d", remote_src=False, manifest=manifest)
    assert run.failed and run.result["unmatched"] == ["gone"]
    assert not engine.host.files.exists(path)

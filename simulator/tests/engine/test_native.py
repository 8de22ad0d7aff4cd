# SPDX-License-Identifier: GPL-3.0-or-later
"""Native commands on hosts and in guests: declared programs, the few that hvsim knows, arguments, streams, exit codes."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.host_machine import HostMachine
from hvsim.engine.runspace import Runspace
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import parse_lab
from hvsim.hyperv.vm import VMState
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16

LAB = r"""
hosts:
  - name: HV1
    executables:
      - {path: tool, arguments: "--fail*", stdout: "partly\n", stderr: "one\ntwo\n", rc: 5}
      - {path: tool, arguments: "", stdout: "a\r\nb\r\n"}
      - {path: 'C:\apps\my app\run.exe', duration: 90, files: {'C:\out\log.txt': done, 'C:\apps\old.txt': null}}
    files: {'C:\apps\old.txt': x}
    vms:
      - name: win
        guest:
          computer_name: web01
          executables:
            - {path: setup.exe, arguments: "* /quiet", rc: 3010, stdout: "installed\n", files: {'C:\app\app.cfg': "x=1"}}
            - {path: 'C:\t\hang.exe', hangs: true, stdout: "started\n"}
            - {path: 'C:\t\reboot.exe', reboots: true}
            - {path: 'C:\t\later.exe', installed: false, stdout: "late\n"}
      - {name: lin, guest: {os: linux, executables: [{path: /usr/bin/id, arguments: -u, stdout: "0\n"}]}}
"""


@pytest.fixture
def host() -> Host:
    return parse_lab(LAB).hosts()[0]


def out(runspace: Runspace, script: str) -> list[Any]:
    result = runspace.run(script)
    assert [record.message for record in result.errors] == []
    assert result.terminating is None
    return [from_utf16(value) if isinstance(value, str) else value for value in result.output]


def on_host(host: Host, edition: str = "5.1") -> Runspace:
    return new_runspace(Session(host, "Administrator"), edition=edition)


def in_guest(host: Host, name: str = "win") -> Runspace:
    machine = host.find_vms(name)[0].guest.machine
    return Runspace(HostMachine.on(machine, "Administrator" if machine.is_windows else "root"), edition="5.1")


def test_exit_codes_and_success(host: Host) -> None:
    for runspace in (on_host(host), in_guest(host)):
        assert out(runspace, 'cmd /c exit 3; "$LASTEXITCODE $?"') == ["3 False"]
        assert out(runspace, 'cmd.exe /c "exit /b 0"; $?; $LASTEXITCODE') == [True, 0]


def test_names_of_machine_and_user(host: Host) -> None:
    assert out(in_guest(host), "hostname; whoami") == ["WEB01", "web01\\administrator"]
    assert out(in_guest(host, "lin"), "hostname; whoami") == ["lin", "root"]
    assert out(in_guest(host), "cmd /c echo %COMPUTERNAME%") == ["WEB01"]


def test_commands_of_cmd(host: Host) -> None:
    runspace = on_host(host)
    assert out(runspace, "cmd /c 'echo a&& exit 2 & echo never'; $LASTEXITCODE") == ["a", 2]
    assert out(runspace, "cmd /c 'exit 1 || echo never'; $LASTEXITCODE") == [1]
    assert out(runspace, "cmd /c 'echo \"a & b\"'") == ['"a & b"']
    assert out(runspace, "cmd /c 'echo a & echo b 1>&2' 2>$null") == ["a "]
    for line in ("echo a > x", "dir", "echo a | more"):
        with pytest.raises(Unsupported):
            runspace.run(f"cmd /c '{line}'")


def test_the_first_row_that_fits_is_taken(host: Host) -> None:
    runspace = on_host(host)
    assert out(runspace, 'tool; tool.exe | ForEach-Object { "<$_>" }') == ["a", "b", "<a>", "<b>"]
    with pytest.raises(Unsupported, match="no row under 'executables' fits"):
        runspace.run("tool --other")
    assert [info.kind for info in runspace.run("Get-Command tool").output] == ["Application"]


def test_standard_error_becomes_records(host: Host) -> None:
    for edition in ("5.1", "7"):
        runspace = on_host(host, edition)
        result = runspace.run('tool --fail x 2>&1 | ForEach-Object { "$($_.GetType().Name) $_" }; $LASTEXITCODE')
        assert result.output == ["String partly", "ErrorRecord one", "ErrorRecord two", 5]
        result = runspace.run("$ErrorActionPreference = 'Continue'; tool --fail")
        assert [(r.fully_qualified_error_id, r.exception.kind) for r in result.errors] == [
            ("NativeCommandError", "System.Management.Automation.RemoteException"),
            ("NativeCommandErrorMessage", "System.Management.Automation.RemoteException"),
        ]


def test_only_windows_powershell_stops_at_standard_error(host: Host) -> None:
    script = "$ErrorActionPreference = 'Stop'; tool --fail; 'after'"
    stopped = on_host(host).run(script)
    assert (stopped.output, stopped.terminating is not None) == (["partly"], True)
    went_on = on_host(host, "7").run(script)
    assert (went_on.output, went_on.terminating) == (["partly", "after"], None)


def test_paths_time_and_files(host: Host) -> None:
    before = host.clock.now()
    assert out(
        on_host(host), r"& 'C:\apps\my app\run.exe'; Set-Location 'C:\apps\my app'; & .\run.exe; $LASTEXITCODE"
    ) == [0]
    assert (host.clock.now() - before).total_seconds() == 180
    assert host.files.read_bytes(r"C:\out\log.txt") == b"done"
    assert not host.files.exists(r"C:\apps\old.txt")
    result = on_host(host).run(r"& C:\apps\run.exe")
    assert [r.error_id for r in (*result.errors, result.terminating) if r] == ["CommandNotFoundException"]


def test_arguments(host: Host) -> None:
    """Windows PowerShell does not double the backslash in front of its closing quote (PowerShell issue 4358)."""
    runspace = on_host(host)
    for script, line in (
        ("-x:1 --y 2.50 'a b'", '-x:1 --y 2.50 "a b"'),
        ("@('p', 'q') $null '' 7", "p q 7"),
        ("-Name:$true 'tail\\ x\\'", '-Name:True "tail\\ x\\"'),
        ("'say \"hi\"'", '"say "hi""'),
    ):
        assert out(runspace, f"cmd /c echo {script}") == [line]


def test_a_program_runs_where_its_file_lies(host: Host) -> None:
    guest = in_guest(host)
    missing = guest.run(r"& C:\stage\setup.exe /norestart /quiet")
    assert missing.terminating or missing.errors
    files = host.find_vms("win")[0].guest.machine.files
    files.write_bytes(r"C:\stage\setup.exe", b"anything", create_parents=True)
    assert out(guest, r"& C:\stage\setup.exe /norestart /quiet; $LASTEXITCODE") == ["installed", 3010]
    assert files.read_text(r"C:\app\app.cfg") == "x=1"
    with pytest.raises(AssertionError):
        out(guest, r"& C:\t\later.exe")
    files.write_bytes(r"C:\t\later.exe", b"")
    assert out(guest, r"& C:\t\later.exe") == ["late"]


def test_a_program_reboots_its_guest_or_never_ends(host: Host) -> None:
    guest = host.find_vms("win")[0].guest
    out(in_guest(host), r"C:\t\reboot.exe")
    assert (guest.power.starts, guest.booted) == (1, False)
    with pytest.raises(Unsupported, match="never ends"):
        in_guest(host).run(r"C:\t\hang.exe")


def test_linux(host: Host) -> None:
    assert out(in_guest(host, "lin"), "/usr/bin/id -u; id -u; $LASTEXITCODE") == ["0", "0", 0]


def test_others_are_refused_by_name(host: Host) -> None:
    for program in ("ipconfig", "robocopy a b", "ping localhost"):
        with pytest.raises(Unsupported, match=program.split()[0]):
            in_guest(host).run(program)


def test_reset_forgets_what_programs_did(host: Host) -> None:
    out(on_host(host), r"& 'C:\apps\my app\run.exe'")
    host.reset()
    assert not host.files.exists(r"C:\out\log.txt")
    assert host.files.exists(r"C:\apps\old.txt")


@pytest.mark.parametrize(
    ("script", "restarts"),
    [
        ("Restart-Computer -Force", True),
        ("shutdown /r /t 0", True),
        ("Stop-Computer -Force", False),
        ("shutdown.exe -s -t 0 -f", False),
    ],
)
def test_a_guest_goes_down_from_inside(host: Host, script: str, restarts: bool) -> None:
    vm = host.find_vms("win")[0]
    connection = host.connect_guest(vm, "Administrator", "Lab-Only-1", actor=None)
    assert out(in_guest(host), f"{script}; 'still here'") == ["still here"]
    assert not connection.alive
    assert vm.state is (VMState.RUNNING if restarts else VMState.STOPPING)
    host.clock.advance(seconds=60)
    assert vm.state is (VMState.RUNNING if restarts else VMState.OFF)
    assert vm.guest.booted


def test_the_host_does_not_go_down(host: Host) -> None:
    for script in ("Restart-Computer", "Stop-Computer -Force", "shutdown /r /t 0"):
        with pytest.raises(Unsupported, match="of the Hyper-V host"):
            on_host(host).run(script)
    with pytest.raises(Unsupported, match="only /s or /r with /t 0"):
        in_guest(host).run("shutdown /r /t 30")
    assert out(in_guest(host), "Restart-Computer -WhatIf") == []

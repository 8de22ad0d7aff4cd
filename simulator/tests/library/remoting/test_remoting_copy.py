# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy-Item to and from sessions; read back on the disk itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.hyperv.files import FileAttributes
from hvsim.library.remoting import copying
from hvsim.library.remoting.session import SessionTable, TransportError
from hvsim.runtime.errors import ErrorRecord, NetException

Run = Callable[[str], Result]


@pytest.fixture
def disk(runspace: Runspace) -> Any:
    files = runspace.ctx.machine.files
    files.make_directory("/in/sub")
    files.write_bytes("/in/a.bin", bytes(range(256)))
    files.write_bytes("/in/sub/b.txt", b"b")
    return files


class _Dying:
    """A connection that dies after so many looks."""

    def __init__(self, connection: object, looks: int) -> None:
        self.inner = connection
        self.looks = looks

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def check(self) -> None:
        self.looks -= 1
        if self.looks < 0:
            kind = "System.Management.Automation.Remoting.PSRemotingTransportException"
            raise TransportError(ErrorRecord(NetException(kind, "gone"), "JobFailure", "OpenError"))


@pytest.mark.parametrize("side", ["-ToSession $session", "-FromSession $session"])
def test_a_tree_goes_both_ways(disk: Any, run: Run, side: str) -> None:
    result = run(f"Copy-Item -Path /in -Destination /out {side} -Recurse")
    assert not result.errors
    assert disk.read_bytes("/out/a.bin") == bytes(range(256))
    assert disk.read_bytes("/out/sub/b.txt") == b"b"


def test_the_second_time_nests_in_the_existing_directory(disk: Any, run: Run) -> None:
    run("1..2 | ForEach-Object { Copy-Item -Path /in -Destination /out -ToSession $session -Recurse }")
    assert disk.read_bytes("/out/in/sub/b.txt") == b"b"


def test_time_and_attributes_follow(disk: Any, run: Run) -> None:
    moment = disk.stat("/in").written.replace(year=2001)
    disk.set_times("/in/a.bin", written=moment)
    run("Copy-Item -Path /in/a.bin -Destination /copy.bin -ToSession $session")
    assert disk.stat("/copy.bin").written == moment


def test_a_read_only_target_is_replaced_even_without_force(disk: Any, run: Run) -> None:
    disk.write_bytes("/old.bin", b"something longer than nothing")
    disk.set_attributes("/old.bin", FileAttributes.READ_ONLY)
    result = run("Copy-Item -Path /in/sub/b.txt -Destination /old.bin -ToSession $session")
    assert not result.errors
    assert disk.read_bytes("/old.bin") == b"b"


def test_a_local_read_only_target_needs_force(disk: Any, run: Run) -> None:
    disk.write_bytes("/old.bin", b"old")
    disk.set_attributes("/old.bin", FileAttributes.READ_ONLY)
    result = run("Copy-Item -Path /in/a.bin -Destination /old.bin -FromSession $session")
    assert [e.error_id for e in result.errors] == ["CopyItemRemotelyUnauthorizedAccessError"]
    assert disk.read_bytes("/old.bin") == b"old"
    assert not run("Copy-Item -Path /in/a.bin -Destination /old.bin -FromSession $session -Force").errors
    assert disk.read_bytes("/old.bin") == bytes(range(256))


def test_brackets_in_a_remote_name_hit_another_file(disk: Any, run: Run) -> None:
    """PowerShell's remote helper uses -Path: a pitfall that callers must know (hyperv-facts.md 4.3)."""
    disk.write_bytes("/x1", b"innocent")
    run("Copy-Item -LiteralPath /in/sub/b.txt -Destination '/x[1]' -ToSession $session")
    assert not disk.exists("/x1")
    assert disk.read_bytes("/x[1]") == b"b"


def test_a_session_that_dies_leaves_what_had_arrived(disk: Any, runspace: Runspace, run: Run) -> None:
    disk.write_bytes("/big", b"x" * (3 * copying.FRAGMENT + 5))
    session = SessionTable.of(runspace.ctx).sessions[1]
    session.connection = _Dying(session.connection, 3)  # type: ignore[assignment]
    result = run("Copy-Item -Path /big -Destination /arrived -ToSession $session; $session.State.ToString()")
    assert result.output == ["Broken"]
    assert [(e.error_id, e.category) for e in result.errors] == [
        ("CopyFileRemoteExecutionError", "InvalidOperation"),
        ("CopyError", "WriteError"),
    ]
    assert 0 < disk.stat("/arrived").size < disk.stat("/big").size


@pytest.mark.parametrize(
    ("command", "error_id"),
    [
        ("Copy-Item -Path /in -Destination /o -ToSession $session -FromSession $session2", "InvalidInput"),
        ("Copy-Item -Path /in/a.bin -Destination relative -ToSession $session", "RemotePathIsNotAbsolute"),
        ("Copy-Item -Path in -Destination /o -FromSession $session", "RemotePathIsNotAbsolute"),
        ("Copy-Item -Path /none -Destination /o -FromSession $session", "RemotePathNotFound"),
    ],
)
def test_what_is_refused(disk: Any, run: Run, command: str, error_id: str) -> None:
    result = run(command)
    assert [(e.fully_qualified_error_id, e.category) for e in result.errors] == [
        (f"{error_id},Microsoft.PowerShell.Commands.CopyItemCommand", "InvalidArgument")
    ]
    assert not disk.exists("/o")


def test_a_busy_session_is_not_available(disk: Any, run: Run) -> None:
    result = run(
        "$j = Invoke-Command -Session $session { Start-Sleep 9 } -AsJob; Copy-Item /in/a.bin /o -ToSession $session"
    )
    assert [(e.error_id, e.message) for e in result.errors] == [
        ("SessionIsNotAvailable", "Cannot perform operation because the session Availability is set to Busy.")
    ]

# SPDX-License-Identifier: GPL-3.0-or-later
"""``win_command`` and ``win_shell``: they start processes through C#."""

from __future__ import annotations

import ntpath
from datetime import datetime

from hvsim.engine.api import ProcessResult, Session
from hvsim.engine.overrides import programs
from hvsim.engine.overrides.bridge import Task, stand_in


@stand_in("ansible.windows.win_command")
def win_command(task: Task) -> None:
    argv = task.option("argv")
    line = task.option("cmd") or (task.option("_raw_params") or "").strip()
    if not line:
        line = " ".join(programs.escape(argument) for argument in argv)
    task.set(cmd=line, rc=0)
    _skip_if_done(task)
    session = _session(task)
    started = task.host.clock.now()
    try:
        result = programs.run(session, line, task.option("stdin") or "")
    except programs.NoSuchProgram:
        return _could_not_run(task, line)
    _report(task, result, started, result.stderr)


_SHELL = """@{
    options = @{
        _raw_params = @{ type = 'str'; required = $true }
        chdir = @{ type = 'path' }
        executable = @{ type = 'path' }
        creates = @{ type = 'path' }
        removes = @{ type = 'path' }
        stdin = @{ type = 'str' }
        no_profile = @{ type = 'bool'; default = $false }
        output_encoding_override = @{ type = 'str' }
    }
    supports_check_mode = $false
}"""


@stand_in("ansible.windows.win_shell", spec=_SHELL)
def win_shell(task: Task) -> None:
    command = (task.option("cmd") or task.option("_raw_params")).strip()
    task.set(cmd=command)
    _skip_if_done(task, rc=0)
    session = _session(task)
    stdin = task.option("stdin") or ""
    executable = task.option("executable") or "powershell.exe"
    name = ntpath.basename(executable).lower().removesuffix(".exe")
    started = task.host.clock.now()
    if name in ("powershell", "pwsh"):
        result = programs.powershell(session, command, stdin)
        # The module reads the errors out of the CLIXML that a child writes, and trims them.
        _report(task, result, started, result.stderr.strip())
    else:
        try:
            result = programs.run(session, f'"{executable}" /c {command}', stdin)
        except programs.NoSuchProgram:
            return _could_not_run(task, "")
        _report(task, result, started, result.stderr)


def _skip_if_done(task: Task, **results: int) -> None:
    creates, removes = task.option("creates"), task.option("removes")
    if creates and task.host.files.exists(creates):
        task.set(msg=f"skipped, since {creates} exists", skipped=True, **results)
        task.exit()
    if removes and not task.host.files.exists(removes):
        task.set(msg=f"skipped, since {removes} does not exist", skipped=True, **results)
        task.exit()


def _session(task: Task) -> Session:
    directory = task.option("chdir")
    if directory and not task.host.files.is_directory(directory):
        task.set(rc=2)
        line = task.get("cmd")
        task.fail(f"Failed to run: '{line}': Could not find specified -WorkingDirectory '{directory}'")
    return task.session(directory)


def _could_not_run(task: Task, line: str) -> None:
    task.set(rc=2)
    task.fail(
        f'Failed to run: \'{line}\': Exception calling "CreateProcess" with "7" argument(s): '
        '"CreateProcessW() failed (The system cannot find the file specified, Win32ErrorCode 2 - 0x00000002)"'
    )


def _report(task: Task, result: ProcessResult, started: datetime, stderr: str) -> None:
    ended = task.host.clock.now()
    seconds = (ended - started).total_seconds()
    whole = int(seconds)
    delta = f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}.{round((seconds - whole) * 1_000_000):06}"
    task.set(
        changed=True,
        stdout=result.stdout,
        stderr=stderr,
        rc=result.rc,
        start=started.strftime("%Y-%m-%d %H:%M:%S.%f"),
        end=ended.strftime("%Y-%m-%d %H:%M:%S.%f"),
        delta=delta,
    )
    if result.refused is not None:
        task.set(hvsim_unsupported=result.refused)
        task.fail(f"hvsim: unsupported: {result.refused}")
    if result.rc != 0:
        task.fail("non-zero return code")

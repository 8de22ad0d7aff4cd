# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of hosts and guests for ``& program``: those that the lab declares, and the few that hvsim knows itself."""

from __future__ import annotations

import re
from typing import Any

from hvsim.engine.api import Session
from hvsim.engine.overrides import programs
from hvsim.hyperv.executables import program_name
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.management import paths
from hvsim.library.management.native import ProgramResult
from hvsim.library.management.provider import locations
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError

#: Programs that hvsim knows itself; hostname and whoami are commands of the library.
_KNOWN = ("cmd", "powershell", "shutdown")


class MachinePrograms:
    """Implements :class:`hvsim.library.management.native.Programs` over ``host_machine.HostMachine``."""

    def find(self, ctx: ExecutionContext, name: str) -> str | None:
        machine: Any = ctx.machine
        declared: str | None = machine.host.executables.find(_absolute(ctx, name))
        if declared is not None:
            return declared
        bare = program_name(name)
        if not machine.is_windows or bare not in _KNOWN:
            return None
        by_path = re.search(r"[\\/]", name) is not None
        return name if not by_path or machine.files.is_file(_absolute(ctx, name)) else None

    def run(self, ctx: ExecutionContext, name: str, arguments: list[str], line: str, stdin: str) -> ProgramResult:
        machine: Any = ctx.machine
        row = machine.host.executables.select(name, arguments)
        if row is not None:
            return self._declared(machine, row)
        if machine.host.executables.find(name) is not None:
            raise Unsupported(f"program {name} with the arguments {arguments} (no row under 'executables' fits them)")
        if program_name(name) == "shutdown":
            return _shutdown(machine, arguments)
        session = Session(
            machine.host, machine.user, dict(machine.environment), from_utf16(str(locations(ctx).here().path))
        )
        result = programs.run(session, f"{program_name(name)} {line}".rstrip(), stdin)
        return ProgramResult(result.stdout, result.stderr, result.rc)

    @staticmethod
    def _declared(machine: Any, row: Any) -> ProgramResult:
        if row.hangs:
            return ProgramResult(row.stdout, row.stderr, 0, hangs=True)
        if row.duration:
            machine.sleep(row.duration)
        machine.host.executables.apply(row)
        guest = getattr(machine.host, "guest", None)
        if row.reboots:
            if guest is None:
                raise Unsupported(f"program {row.path} reboots the Hyper-V host")
            guest.boot()
        return ProgramResult(row.stdout, row.stderr, row.rc)


def _shutdown(machine: Any, arguments: list[str]) -> ProgramResult:
    """``shutdown /s`` and ``/r``, at once.

    Raises:
        Unsupported: anything else, also a delay.
    """
    words = [word.lower().replace("/", "-") for word in arguments]
    delay = words[words.index("-t") + 1] if "-t" in words[:-1] else None
    if delay != "0" or not {"-s", "-r"} & set(words):
        raise Unsupported(f"program shutdown {' '.join(arguments)} (only /s or /r with /t 0)")
    machine.go_down(restart="-r" in words)
    return ProgramResult()


def _absolute(ctx: ExecutionContext, name: str) -> str:
    """A path seen from the current location; a bare name stays."""
    if not re.search(r"[\\/]", name):
        return name
    try:
        return from_utf16(str(paths.parse(ctx, to_utf16(name)).path))
    except PSError:
        return name

# SPDX-License-Identifier: GPL-3.0-or-later
"""The far ends of sessions: runspaces on other machines than the caller's."""

from __future__ import annotations

from typing import Any

from hvsim.engine.host_machine import HostMachine
from hvsim.hyperv.machine import WindowsMachine
from hvsim.lang.errors import Unsupported
from hvsim.library.remoting.far_runspace import FarContexts, prepare
from hvsim.library.remoting.session import PSSession, SessionTable
from hvsim.library.remoting.session_machine import SessionMachine
from hvsim.runtime import culture
from hvsim.runtime.context import ExecutionContext


def guest_context(machine: WindowsMachine, user: str) -> ExecutionContext:
    """A runspace of that user in a guest: its own edition, language, disk, clock; no Hyper-V host."""
    spoken = culture.get(machine.culture)
    far = ExecutionContext(
        SessionMachine(HostMachine.on(machine, user)), edition=machine.powershell, culture=spoken, ui_culture=spoken
    )
    far.services[FarContexts] = guest_context
    prepare(far, user=user)
    return far


class Loopback:
    """A connection to another process on the caller's machine; it never dies."""

    def __init__(self, context: ExecutionContext) -> None:
        self._context = context

    @property
    def context(self) -> ExecutionContext:
        return self._context

    @property
    def language_mode(self) -> str:
        return "FullLanguage"

    def count(self, command: str) -> None:
        """Nothing counts here."""

    def check(self) -> None:
        """It is alive."""

    def process_ended(self) -> None:
        """Raises:
        Unsupported: what a caller of such a session sees then is not recorded.
        """
        raise Unsupported("[Environment]::Exit in a session to another process")

    def close(self) -> None:
        """Ends the runspace's own sessions."""
        SessionTable.of(self._context).close_all()


def open_loopback(caller: ExecutionContext, machine: Any) -> PSSession:
    """A session of *caller* in a process on *machine*, which shares its disk with the caller's and nothing else."""
    far = ExecutionContext(SessionMachine(machine), edition=caller.edition, culture=caller.culture, ui_culture=caller.ui_culture)
    prepare(far, user=machine.user)
    table = SessionTable.of(caller)
    return table.add(PSSession(table, Loopback(far), "localhost", transport="SSH"))

# SPDX-License-Identifier: GPL-3.0-or-later
"""What a simulated host and a Windows guest share: a Windows with disk, registry, services, accounts and a clock.

Whatever runs scripts (``engine.host_machine``) works over either through the attributes of ``WindowsMachine``; a Linux guest
(``guest_linux.LinuxMachine``) has the same ones, with ``registry`` None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Protocol

from hvsim.hyperv.executables import Executable, ExecutableTable
from hvsim.hyperv.files import VirtualFileSystem
from hvsim.hyperv.registry import Registry
from hvsim.hyperv.users import User, account_name
from hvsim.hyperv.windows import (
    ENVIRONMENT_KEYS,
    WindowsService,
    environment_of,
    expand_variables,
    release_of,
    seed_files,
    seed_registry,
)


class MachineClock(Protocol):
    """A clock that a machine's processes see: the host's own, or a guest's that drifts against it."""

    def now(self) -> datetime:
        """Current time, UTC."""
        ...

    def advance(self, *, seconds: float = 0, milliseconds: float = 0) -> None:
        """Simulated time passes."""
        ...

    def set(self, moment: datetime) -> None:
        """Jump to a moment."""
        ...


@dataclass
class Process:
    """A process of a machine.

    Attributes:
        id, name, user, command_line, started: as Windows and Linux tell them; ``name`` without ``.exe``.
    """

    id: int
    name: str
    user: str
    started: datetime
    command_line: str = ""


class ProcessTable(dict[int, Process]):
    """The processes of a machine by id."""

    def __init__(self, clock: MachineClock, first_id: int = 4, step: int = 4) -> None:
        super().__init__()
        self._clock = clock
        self._ids = count(first_id, step)

    def start(self, name: str, user: str, command_line: str = "") -> Process:
        """A new process."""
        process = Process(next(self._ids), name, user, self._clock.now(), command_line)
        self[process.id] = process
        return process

    def named(self, name: str) -> list[Process]:
        """All processes of that name, in any case."""
        return [process for process in self.values() if process.name.lower() == name.lower()]


class WindowsMachine:
    """A Windows installation.

    Attributes:
        name, language, build, edition: identity; ``edition`` is ``Standard``, ``Datacenter``, ``Pro`` ...
        powershell: edition that sessions run, ``"5.1"`` or ``"7"``.
        users, clock, files, registry, services, processes, executables: its parts; services by lower-case name.
    """

    is_windows = True
    name: str
    language: str
    build: int
    edition: str
    powershell: str
    users: tuple[User, ...]
    clock: MachineClock
    files: VirtualFileSystem
    registry: Registry
    services: dict[str, WindowsService]
    processes: ProcessTable
    executables: ExecutableTable

    def install(
        self,
        services: dict[str, WindowsService],
        executables: Iterable[Executable] = (),
    ) -> None:
        """A fresh installation: disk, registry, services and processes as Windows brings them."""
        self.services = services
        self.registry = Registry()
        seed_registry(self.registry, self)
        self.files = VirtualFileSystem(lambda: self.clock.now())
        seed_files(self.files, self)
        self.processes = ProcessTable(self.clock)
        WindowsMachine.boot(self)
        self.executables = ExecutableTable(self.files, executables)

    def boot(self) -> None:
        """Power on or restart: processes begin anew, the disk stays."""
        self.processes.clear()
        for process in ("System", "smss", "csrss", "wininit", "services", "lsass", "svchost"):
            self.processes.start(process, "SYSTEM")

    @property
    def computer_name(self) -> str:
        """The NetBIOS name."""
        return self.name.upper()[:15]

    @property
    def culture(self) -> str:
        """Culture of a remote session: the system default (M)."""
        return self.language

    @property
    def os_name(self) -> str:
        """Product name with edition, e.g. ``Windows Server 2022 Datacenter``."""
        return f"{release_of(self.build).product} {self.edition}"

    def find_user(self, user: str) -> User | None:
        """An account by name in any case, with or without a domain part."""
        return find_user(self.users, user)

    def check_password(self, user: str, password: str) -> User | None:
        """The account, if it exists, may log on and has that password. ``DOMAIN\\user`` and ``user@domain`` work."""
        account = self.find_user(user)
        return account if account is not None and account.accepts(password) else None

    def environment(self, user: str) -> dict[str, str]:
        """Environment of a process of that user."""
        account = self.find_user(user)
        environment = environment_of(self, account.name if account else account_name(user))
        known = {name.lower(): value for name, value in environment.items()}
        for key in ENVIRONMENT_KEYS:
            for value in self.registry.values(key) if self.registry.exists(key) else ():
                if value.name.lower() not in known and isinstance(value.data, str):
                    environment[value.name] = expand_variables(value.data, known)
        return environment


def find_user(users: Iterable[User], user: str) -> User | None:
    """An account by name in any case, with or without a domain part."""
    wanted = account_name(user).lower()
    return next((account for account in users if account.name.lower() == wanted), None)

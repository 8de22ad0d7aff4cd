# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine under a runspace on a simulated host or in one of its guests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from hvsim.engine.api import Session
from hvsim.engine.native import MachinePrograms
from hvsim.hyperv.guest_linux import LinuxMachine
from hvsim.hyperv.machine import WindowsMachine
from hvsim.hyperv.users import account_name
from hvsim.lang.errors import Unsupported
from hvsim.library.management.native import Programs

_process_ids = count(4200, 4)


class WindowsEnvironment(dict[str, str]):
    """Environment variables: names are case-insensitive, their case is kept."""

    def __init__(self, pairs: MutableMapping[str, str] | dict[str, str]) -> None:
        super().__init__()
        self._names: dict[str, str] = {}
        for name, value in pairs.items():
            self[name] = value

    def _name(self, name: str) -> str:
        return self._names.get(name.lower(), name)

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(self._names.setdefault(name.lower(), name), value)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(self._name(name))

    def __delitem__(self, name: str) -> None:
        super().__delitem__(self._names.pop(name.lower(), name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._names

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def pop(self, name: str, *default: Any) -> Any:
        if name not in self:
            if default:
                return default[0]
            raise KeyError(name)
        value = self[name]
        del self[name]
        return value


@dataclass
class HostMachine:
    """A process on a host or in a guest, as one user."""

    host: WindowsMachine | LinuxMachine
    user: str
    environment: MutableMapping[str, str]
    working_directory: str
    process_id: int

    @classmethod
    def of(cls, session: Session) -> HostMachine:
        """The process that a request of *session* runs in."""
        return cls.on(session.host, session.user, session.environment, session.working_directory)

    @classmethod
    def on(
        cls,
        host: WindowsMachine | LinuxMachine,
        user: str,
        extra: Mapping[str, str] | None = None,
        working_directory: str | None = None,
    ) -> HostMachine:
        """A process of that user; *extra* variables lie over the user's own ones."""
        variables = {**host.environment(user), **(extra or {})}
        environment: MutableMapping[str, str] = WindowsEnvironment(variables) if host.is_windows else variables
        made = cls(host, account_name(user), environment, "", next(_process_ids))
        made.working_directory = working_directory or made.home
        return made

    @property
    def is_windows(self) -> bool:
        return self.host.is_windows

    @property
    def computer_name(self) -> str:
        return self.host.computer_name

    @property
    def is_administrator(self) -> bool:
        """Accounts that the lab does not list are the system's own."""
        account = self.host.find_user(self.user)
        return account is None or account.is_administrator

    @property
    def home(self) -> str:
        if not self.is_windows:
            return str(self.environment.get("HOME", "/"))
        return str(self.environment.get("USERPROFILE", "C:\\"))

    @property
    def files(self) -> Any:
        return self.host.files

    @property
    def registry(self) -> Any:
        return self.host.registry

    @property
    def services(self) -> Any:
        return self.host.services

    @property
    def programs(self) -> Programs:
        """What ``& program`` runs."""
        return MachinePrograms()

    def go_down(self, *, restart: bool) -> None:
        """The machine shuts down, or restarts: a guest does so at once.

        Raises:
            Unsupported: the Hyper-V host itself.
        """
        guest = getattr(self.host, "guest", None)
        if guest is None:
            raise Unsupported(f"{'Restart' if restart else 'Stop'}-Computer of the Hyper-V host")
        guest.go_down(restart=restart)

    def clock(self) -> dt.datetime:
        return self.host.clock.now()

    def sleep(self, seconds: float) -> None:
        """Simulated time passes; nobody waits."""
        self.host.clock.advance(seconds=max(0.0, seconds))

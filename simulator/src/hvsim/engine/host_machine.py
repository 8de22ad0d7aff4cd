# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine under a runspace on a simulated host."""

from __future__ import annotations

import datetime as dt
from collections.abc import MutableMapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from hvsim.engine.api import Session
from hvsim.hyperv.host import Host
from hvsim.hyperv.users import account_name

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
    """A Windows process on a host, as one user."""

    host: Host
    user: str
    environment: MutableMapping[str, str]
    working_directory: str
    process_id: int

    is_windows = True

    @classmethod
    def of(cls, session: Session) -> HostMachine:
        """The process that a request of *session* runs in."""
        environment = WindowsEnvironment({**session.host.environment(session.user), **session.environment})
        home = environment.get("USERPROFILE", "C:\\")
        return cls(
            session.host,
            account_name(session.user),
            environment,
            session.working_directory or home,
            next(_process_ids),
        )

    @property
    def computer_name(self) -> str:
        return self.host.name.upper()

    @property
    def home(self) -> str:
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

    def clock(self) -> dt.datetime:
        return self.host.clock.now()

    def sleep(self, seconds: float) -> None:
        """Simulated time passes; nobody waits."""
        self.host.clock.advance(seconds=max(0.0, seconds))

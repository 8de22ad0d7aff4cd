# SPDX-License-Identifier: GPL-3.0-or-later
"""What the language sees of the computer it runs on."""

from __future__ import annotations

import datetime as dt
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Machine(Protocol):
    """The computer under a runspace; the engine fills it from the simulated host."""

    @property
    def is_windows(self) -> bool:
        """Whether paths, line ends and aliases are those of Windows."""
        ...

    @property
    def computer_name(self) -> str:
        """The NetBIOS name."""
        ...

    @property
    def user(self) -> str:
        """The account the runspace runs as."""
        ...

    @property
    def is_administrator(self) -> bool:
        """Whether that account may do what ``#requires -RunAsAdministrator`` asks for."""
        ...

    @property
    def home(self) -> str:
        """The profile folder of that account."""
        ...

    @property
    def process_id(self) -> int:
        """What ``$PID`` says."""
        ...

    @property
    def environment(self) -> MutableMapping[str, str]:
        """The environment variables."""
        ...

    @property
    def working_directory(self) -> str:
        """Where a new runspace starts."""
        ...

    @property
    def files(self) -> Any:
        """The disk; None without one."""
        ...

    @property
    def registry(self) -> Any:
        """The registry; None without one."""
        ...

    @property
    def services(self) -> Any:
        """The Windows services; None without them."""
        ...

    def clock(self) -> dt.datetime:
        """The current time, UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Lets that much time pass on the machine's clock; nobody waits for it."""
        ...


@dataclass
class PlainMachine:
    """A machine without disk, registry or services; by default like the Linux one that recorded the conformance cases."""

    is_windows: bool = False
    computer_name: str = "localhost"
    user: str = "root"
    is_administrator: bool = True
    home: str = "/root"
    process_id: int = 4242
    environment: MutableMapping[str, str] = field(
        default_factory=lambda: {
            "HOME": "/root",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "TZ": "UTC",
        }
    )
    working_directory: str = "/root"
    files: Any = None
    registry: Any = None
    services: Any = None
    slept: float = 0.0

    def clock(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

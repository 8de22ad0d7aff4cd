# SPDX-License-Identifier: GPL-3.0-or-later
"""What the language sees of the computer it runs on."""

from __future__ import annotations

import datetime as dt
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Machine(Protocol):
    """The computer under a runspace; the engine fills it from the simulated host."""

    is_windows: bool
    computer_name: str
    user: str
    home: str
    process_id: int
    environment: MutableMapping[str, str]
    working_directory: str
    files: Any
    registry: Any
    services: Any

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

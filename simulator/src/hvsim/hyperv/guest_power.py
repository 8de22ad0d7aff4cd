# SPDX-License-Identifier: GPL-3.0-or-later
"""How a guest boots and shuts down: phases by the clock of its host, and what outlives them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

ShutdownBehaviour = Literal["graceful", "refuses", "hangs"]


@dataclass(frozen=True)
class GuestTimes:
    """Simulated seconds that a guest needs.

    Attributes:
        boot: from power on until its services answer.
        logon: from then on until somebody can log on: a right password is refused for a while after boot (2.6).
        shutdown: from the request until it is off.
    """

    boot: float = 20
    logon: float = 10
    shutdown: float = 8


class GuestPower:
    """Whether a guest is up, and since when.

    Attributes:
        times: see ``GuestTimes``.
        on_shutdown: what it does when it is asked to shut down.
        responding: False for a hung guest; the next boot heals it.
        starts: how often it was powered on or restarted; whoever holds a connection from an earlier start has lost it.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        booted: bool = True,
        responding: bool = True,
        times: GuestTimes | None = None,
        on_shutdown: ShutdownBehaviour = "graceful",
    ) -> None:
        self.times = times or GuestTimes()
        self.on_shutdown = on_shutdown
        self.responding = responding
        self.starts = 0
        self._now = now
        self._boots = booted
        self._since: datetime | None = None

    @property
    def booted(self) -> bool:
        """Whether the services are up; a guest that never boots (the lab says so) never is."""
        return self._boots and self._passed(self.times.boot)

    @booted.setter
    def booted(self, booted: bool) -> None:
        self._boots = booted
        self._since = None

    @property
    def logon_possible(self) -> bool:
        """Whether a right password is accepted yet."""
        return self._boots and self._passed(self.times.boot + self.times.logon)

    def start(self, *, at_once: bool = False) -> None:
        """Power on or restart: the phases begin anew, or are over already."""
        self.starts += 1
        self.responding = True
        self._since = None if at_once else self._now()

    def cut(self) -> None:
        """The machine stops executing for good (off, saved): connections are lost."""
        self.starts += 1

    def _passed(self, seconds: float) -> bool:
        return self._since is None or self._now() - self._since >= timedelta(seconds=seconds)

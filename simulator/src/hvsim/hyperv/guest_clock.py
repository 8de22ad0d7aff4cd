# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of a guest: the host's, with an offset and a drift that time synchronization takes away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hvsim.hyperv.guest import Guest

_DAY: Final = 86_400.0


class GuestClock:
    """What a guest's processes read.

    The offset with which the guest starts, or which somebody sets inside, stays: the time synchronization service leaves a clock
    alone that is far off, and follows small differences. The drift since then shows only while that service does not work (A).

    Args:
        guest: whose clock; its host's clock is the reference.
        offset: seconds ahead of the host.
        drift: seconds gained per day.
    """

    def __init__(self, guest: Guest, offset: float = 0, drift: float = 0) -> None:
        self._guest = guest
        self._offset = timedelta(seconds=offset)
        self._drift = drift
        self._since = guest.host_clock.now()

    @property
    def synchronized(self) -> bool:
        """Whether the host corrects the clock."""
        key = "time_synchronization"
        return self._guest.component_enabled(key) and self._guest.can_serve(key)

    @property
    def offset(self) -> timedelta:
        """How far the guest is ahead of its host now."""
        if self.synchronized or not self._drift:
            return self._offset
        elapsed = (self._guest.host_clock.now() - self._since).total_seconds()
        return self._offset + timedelta(seconds=elapsed * self._drift / _DAY)

    def now(self) -> datetime:
        """Current time, UTC."""
        return self._guest.host_clock.now() + self.offset

    def advance(self, *, seconds: float = 0, milliseconds: float = 0) -> None:
        """Simulated time passes, for the host and all its guests."""
        self._guest.host_clock.advance(seconds=seconds, milliseconds=milliseconds)

    def set(self, moment: datetime) -> None:
        """Somebody sets the guest's clock; the host's stays."""
        self._since = self._guest.host_clock.now()
        self._offset = moment - self._since

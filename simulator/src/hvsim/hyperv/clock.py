# SPDX-License-Identifier: GPL-3.0-or-later
"""The time of a simulated host: it moves when told to, and nothing ever waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

#: Where a clock starts when the lab file does not say; fixed so that runs repeat.
DEFAULT_START = datetime(2026, 1, 15, 8, 0, 0, tzinfo=UTC)


class Clock:
    """A settable clock in UTC.

    Args:
        start: first reading; naive values are taken as UTC. None follows the real time of the machine, to which
            simulated latencies are added.
    """

    def __init__(self, start: datetime | None = DEFAULT_START) -> None:
        self._lock = threading.Lock()
        self._fixed = None if start is None else _utc(start)
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Current time, with time zone UTC."""
        with self._lock:
            base = datetime.now(UTC) if self._fixed is None else self._fixed
            return base + self._ahead

    def advance(self, *, seconds: float = 0, milliseconds: float = 0) -> None:
        """Move forward. Returns at once.

        Raises:
            ValueError: the step is negative.
        """
        step = timedelta(seconds=seconds, milliseconds=milliseconds)
        if step < timedelta():
            raise ValueError("a clock does not run backwards; use set()")
        with self._lock:
            self._ahead += step

    @contextmanager
    def aside(self) -> Iterator[Callable[[], float]]:
        """What happens inside takes no time for anybody else: yields a function that tells the seconds that it took.

        For work in the background: its time is known, and has not come yet.
        """
        with self._lock:
            before = self._ahead
        try:
            yield lambda: (self._ahead - before).total_seconds()
        finally:
            with self._lock:
                self._ahead = before

    def set(self, moment: datetime) -> None:
        """Jump to a moment and stand there; a clock that followed the real time no longer does."""
        with self._lock:
            self._fixed = _utc(moment)
            self._ahead = timedelta()


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Counters of what a client made the host do; performance budgets are asserted on them."""

from __future__ import annotations

import threading


class Counters:
    """Named, monotonic, thread-safe counters.

    The model counts ``cmdlet:<name>``, ``lazy:<property>``, ``fault:<error>``, ``write:integration_service``; the
    transport ``winrm:requests``, ``winrm:bytes_in``, ``winrm:bytes_out``, ``winrm:processes`` and ``winrm:processes_ended``
    of remote shells and what else it does.
    """

    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, name: str, n: int = 1) -> None:
        """Add ``n`` to a counter, creating it at zero.

        Raises:
            ValueError: ``n`` is negative.
        """
        if n < 0:
            raise ValueError(f"counter {name!r}: cannot add {n}")
        with self._lock:
            self._values[name] = self._values.get(name, 0) + n

    def get(self, name: str) -> int:
        """Value of one counter; 0 when nothing was counted."""
        with self._lock:
            return self._values.get(name, 0)

    def total(self, prefix: str) -> int:
        """Sum of all counters whose name starts with the prefix, e.g. ``cmdlet:``."""
        with self._lock:
            return sum(value for name, value in self._values.items() if name.startswith(prefix))

    def snapshot(self) -> dict[str, int]:
        """All counters, sorted by name: a copy."""
        with self._lock:
            return dict(sorted(self._values.items()))

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

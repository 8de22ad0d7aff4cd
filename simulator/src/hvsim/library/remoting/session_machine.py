# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine under a session's runspace, whose time may run ahead of everybody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any


class SessionMachine:
    """The machine of a session's runspace. A job's time runs ahead of everybody else's: ``ahead`` seconds so far (None: no job is
    running, time passes for all)."""

    def __init__(self, inner: Any) -> None:
        object.__setattr__(self, "inner", inner)
        object.__setattr__(self, "ahead", None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "ahead":
            object.__setattr__(self, name, value)
        else:
            setattr(self.inner, name, value)

    def clock(self) -> dt.datetime:
        now: dt.datetime = self.inner.clock()
        return now if self.ahead is None else now + dt.timedelta(seconds=self.ahead)

    def sleep(self, seconds: float) -> None:
        """Time passes in the session."""
        if self.ahead is None:
            self.inner.sleep(seconds)
        else:
            object.__setattr__(self, "ahead", self.ahead + max(0.0, seconds))

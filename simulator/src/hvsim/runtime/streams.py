# SPDX-License-Identifier: GPL-3.0-or-later
"""Output pipes, the five other streams and the records that travel in them.

A pipe is anything with ``write(value)``. The streams in force hang in ``ctx.streams``; a redirection replaces them for
the time its command runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from hvsim.runtime.values import AUTOMATION_NULL, Array, NetObject

__all__ = [
    "NULL_PIPE",
    "Collector",
    "DebugRecord",
    "FunctionPipe",
    "InformationRecord",
    "InformationalRecord",
    "NullPipe",
    "Pipe",
    "Streams",
    "VerboseRecord",
    "WarningRecord",
    "collapse",
]


class Pipe(Protocol):
    """Where objects go, one at a time."""

    def write(self, value: Any, /) -> Any: ...


class Collector(list[Any]):
    """A pipe that keeps what is written. It is the list of it: one is made for every command whose output is a value."""

    __slots__ = ()
    write = list.append

    @property
    def items(self) -> list[Any]:
        """What was written."""
        return self


class NullPipe:
    """A pipe that forgets."""

    __slots__ = ()

    def write(self, value: Any, /) -> None:
        """Does nothing."""


NULL_PIPE = NullPipe()


class FunctionPipe:
    """A pipe that calls a function for every object."""

    __slots__ = ("write",)

    def __init__(self, write: Callable[[Any], Any]) -> None:
        self.write = write


class Streams:
    """The pipes of the streams 2 to 6 that are in force."""

    __slots__ = ("debug", "error", "information", "verbose", "warning")

    def __init__(self, error: Pipe, warning: Pipe, verbose: Pipe, debug: Pipe, information: Pipe) -> None:
        self.error = error
        self.warning = warning
        self.verbose = verbose
        self.debug = debug
        self.information = information

    @classmethod
    def collecting(cls) -> Streams:
        """Fresh streams, each with a :class:`Collector`."""
        return cls(Collector(), Collector(), Collector(), Collector(), Collector())

    def copy(self) -> Streams:
        """The same pipes in a new object, to redirect some of them."""
        return Streams(self.error, self.warning, self.verbose, self.debug, self.information)


class InformationalRecord(NetObject):
    """Base of the records of the warning, verbose and debug streams."""

    __slots__ = ("invocation", "message")
    NET: ClassVar[str] = "System.Management.Automation.InformationalRecord"

    def __init__(self, message: str, invocation: Any = None) -> None:
        self.message = message
        self.invocation = invocation


class WarningRecord(InformationalRecord):
    __slots__ = ()
    NET = "System.Management.Automation.WarningRecord"


class VerboseRecord(InformationalRecord):
    __slots__ = ()
    NET = "System.Management.Automation.VerboseRecord"


class DebugRecord(InformationalRecord):
    __slots__ = ()
    NET = "System.Management.Automation.DebugRecord"


class InformationRecord(NetObject):
    """A record of the information stream; ``message_data`` is any object."""

    __slots__ = ("computer", "managed_thread_id", "message_data", "source", "tags", "time_generated", "user")
    NET = "System.Management.Automation.InformationRecord"

    def __init__(self, message_data: Any, source: str = "", tags: list[str] | None = None) -> None:
        self.message_data = message_data
        self.source = source
        self.tags = tags or []
        self.time_generated: Any = None
        self.user: str | None = None
        self.computer: str | None = None
        self.managed_thread_id = 0


def collapse(items: list[Any]) -> Any:
    """What a pipeline's output is as a value: nothing, the object itself, or an ``object[]``."""
    if len(items) == 1:
        return items[0]
    if not items:
        return AUTOMATION_NULL
    return Array(items)

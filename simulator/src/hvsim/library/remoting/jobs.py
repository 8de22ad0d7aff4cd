# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote jobs.

The simulation has one thread, so a job's script runs to its end when the job starts, but in time of its own: every output and the end
carry the moment at which they happen, and the job shows what has happened by now. Waiting lets simulated time pass. What the script
does to the far machine is there at once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any, ClassVar

from hvsim.library.remoting import endpoint
from hvsim.library.remoting.endpoint import Call
from hvsim.library.remoting.records import RemotingErrorRecord
from hvsim.library.remoting.session import NEVER, Hangs, PSSession, TransportError
from hvsim.library.remoting.session_machine import SessionMachine
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord
from hvsim.runtime.structs import Guid
from hvsim.runtime.values import NetObject

_AUTOMATION = "System.Management.Automation."
JOB = _AUTOMATION + "Job"
REMOTE_JOB = _AUTOMATION + "PSRemotingJob"
CHILD_JOB = _AUTOMATION + "PSRemotingChildJob"
_ENDED = frozenset(("Completed", "Failed", "Stopped", "Disconnected"))
_DEFAULT_THROTTLE = 32


@dataclass
class Event:
    """Something that a child job wrote.

    Attributes:
        stream: ``output``, ``error``, ``warning``, ``verbose``, ``debug``, ``information``, or ``question``: the script waits
            with what follows until Receive-Job has passed the question to the caller's host.
    """

    moment: dt.datetime
    stream: str
    value: Any


class Job(NetObject):
    """What parents and children share."""

    __slots__ = ("begun", "command", "id", "instance_id", "name", "table")
    NET: ClassVar[str] = JOB

    def __init__(self, table: JobTable, command: str, name: str = "") -> None:
        self.table = table
        self.id: int = next(table.ids)
        self.instance_id = Guid(uuid.uuid4())
        self.name = name or f"Job{self.id}"
        self.command = command
        self.begun = table.now()

    @property
    def state(self) -> str:
        """Name of a JobState, at this moment."""
        raise NotImplementedError

    @property
    def ended(self) -> bool:
        return self.state in _ENDED

    @property
    def end(self) -> Any:
        """The moment at which it ends; ``NEVER``."""
        raise NotImplementedError

    @property
    def location(self) -> str:
        raise NotImplementedError

    @property
    def has_more_data(self) -> bool:
        raise NotImplementedError

    @property
    def blocked_at(self) -> dt.datetime | None:
        """The moment at which it begins to wait for an answer."""
        raise NotImplementedError

    def stop(self) -> None:
        """Ends it now."""
        raise NotImplementedError


class ChildJob(Job):
    """The part of a job that runs in one session.

    Attributes:
        events: what it wrote and will have written, in order; ``taken`` of them have been received.
        reason: the error that ended its script.
    """

    __slots__ = ("_end", "_final", "events", "own_session", "reason", "session", "taken")
    NET = CHILD_JOB

    def __init__(self, table: JobTable, session: PSSession, command: str, *, own_session: bool) -> None:
        super().__init__(table, command)
        self.session = session
        self.own_session = own_session
        self.events: list[Event] = []
        self.taken = 0
        self.reason: ErrorRecord | None = None
        self._end: Any = NEVER
        self._final = "Completed"

    # -- running --

    def run(self, ctx: ExecutionContext, call: Call, delay: float) -> float:
        """Runs the script in time of its own, *delay* seconds from now; the seconds from now to its end.

        Raises:
            Unsupported: the far script needs something that is refused.
        """
        machine = self.session.machine
        machine.ahead = delay
        try:
            self.session.connection.check()
            self._ended_by(endpoint.run(self.session, ctx, call, _Recorder(self, machine)), machine)
            self.session.connection.check()
        except TransportError as error:
            self._ended_by(error.record, machine)
            if error.broken:
                self.session.close("Broken")
                # In the time of this job, which has its end already.
                self.session.closed_at = None
        except Hangs:
            machine.ahead = float("inf")
        finally:
            seconds: float = machine.ahead
            machine.ahead = None
        if seconds == float("inf"):
            self._end = self.session.busy_until = NEVER
        else:
            self._end = self.session.busy_until = self.begun + dt.timedelta(seconds=seconds)
        return seconds

    def _ended_by(self, record: ErrorRecord | None, machine: SessionMachine) -> None:
        self.reason = record
        if record is not None:
            self._final = "Failed"
            _Recorder(self, machine).error(record)

    # -- looking at it --

    def _cut_off(self) -> None:
        """Closing its session under it ends a job at that moment."""
        closed = None if self.session is None else self.session.closed_at
        blocked = self.blocked_at
        open_end = self._end is NEVER or (blocked is not None and closed is not None and blocked <= closed)
        if closed is not None and (open_end or closed < self._end):
            self._forget_after(closed)
            self._final, self._end = "Failed", closed

    def _forget_after(self, moment: dt.datetime) -> None:
        """Drops what it has not written by then, and the question that nobody will answer."""
        self.events = [event for event in self.events[: self._question()] if event.moment <= moment]
        self.taken = min(self.taken, len(self.events))

    def _question(self) -> int | None:
        """Where the next question stands that it has not passed on."""
        return next((n for n in range(self.taken, len(self.events)) if self.events[n].stream == "question"), None)

    @property
    def blocked_at(self) -> dt.datetime | None:
        place = self._question()
        return None if place is None else self.events[place].moment

    @property
    def end(self) -> Any:
        self._cut_off()
        return self._end if self.blocked_at is None else NEVER

    @property
    def state(self) -> str:
        self._cut_off()
        blocked, now = self.blocked_at, self.table.now()
        if blocked is not None:
            return "Blocked" if blocked <= now else "Running"
        return "Running" if self._end is NEVER or now < self._end else self._final

    @property
    def location(self) -> str:
        return self.session.computer_name

    def visible(self) -> list[Event]:
        """What it has written by now."""
        self._cut_off()
        now = self.table.now()
        place = self._question()
        return [event for event in self.events[: None if place is None else place + 1] if event.moment <= now]

    def stream(self, name: str) -> list[Any]:
        """Values of one stream that nobody has received."""
        return [event.value for event in self.visible()[self.taken :] if event.stream == name]

    @property
    def has_more_data(self) -> bool:
        return not self.ended or len(self.visible()) > self.taken

    def receive(self, *, keep: bool) -> list[Event]:
        """What is new since the last time."""
        seen = self.visible()
        new = seen[self.taken :]
        if not keep:
            self.taken = len(seen)
            if new and new[-1].stream == "question":
                self._go_on(self.table.now() - new[-1].moment)
        return [event for event in new if event.stream != "question"]

    def _go_on(self, waited: dt.timedelta) -> None:
        """After its question has been passed on: the rest comes as much later as it has waited."""
        for event in self.events[self.taken :]:
            event.moment += waited
        if self._end is not NEVER:
            self._end = self.session.busy_until = self._end + waited

    def stop(self) -> None:
        if self.ended:
            return
        self._forget_after(self.table.now())
        self._final, self._end = "Stopped", self.table.now()
        self.session.busy_until = None
        self.finish()

    def finish(self) -> None:
        """Closes the session if it was opened for this job."""
        if self.own_session:
            self.session.close()


class RemoteJob(Job):
    """The job that ``Invoke-Command -AsJob`` returns."""

    __slots__ = ("children",)
    NET = REMOTE_JOB

    def __init__(self, table: JobTable, command: str, name: str = "") -> None:
        super().__init__(table, command, name)
        self.children: list[ChildJob] = []

    @property
    def end(self) -> Any:
        ends = [child.end for child in self.children]
        return NEVER if NEVER in ends else max(ends, default=self.begun)

    @property
    def state(self) -> str:
        states = {child.state for child in self.children}
        for state in ("Blocked", "Running", "Failed", "Stopped"):
            if state in states:
                return state
        return "Completed"

    @property
    def blocked_at(self) -> dt.datetime | None:
        return min((at for child in self.children if (at := child.blocked_at) is not None), default=None)

    @property
    def location(self) -> str:
        return ",".join(child.location for child in self.children)

    @property
    def has_more_data(self) -> bool:
        return any(child.has_more_data for child in self.children)

    def stop(self) -> None:
        for child in self.children:
            child.stop()


class _Recorder:
    """Keeps a session's streams with the moments at which they came."""

    def __init__(self, child: ChildJob, machine: SessionMachine) -> None:
        self.child = child
        self.machine = machine

    def _keep(self, stream: str, value: Any) -> None:
        ahead = self.machine.ahead
        if ahead == float("inf"):
            return
        self.child.events.append(Event(self.child.begun + dt.timedelta(seconds=ahead), stream, value))

    def output(self, value: Any) -> None:
        self._keep("output", value)

    def error(self, record: ErrorRecord) -> None:
        self._keep("error", RemotingErrorRecord(record, self.child.session.origin))

    def message(self, stream: str, record: Any) -> None:
        self._keep(stream, record)

    def question(self) -> None:
        self._keep("question", None)


@dataclass
class JobTable:
    """Key of ``ctx.services``: the jobs of a runspace."""

    ctx: ExecutionContext
    jobs: dict[int, RemoteJob] = field(default_factory=dict)
    ids: Any = field(default_factory=lambda: count(1))

    @classmethod
    def of(cls, ctx: ExecutionContext) -> JobTable:
        """The table of a runspace, made on first use."""
        found: JobTable | None = ctx.services.get(cls)
        if found is None:
            found = ctx.services[cls] = cls(ctx)
        return found

    def now(self) -> dt.datetime:
        return self.ctx.machine.clock()

    def remove(self, job: RemoteJob) -> None:
        """Stops and forgets it."""
        job.stop()
        for child in job.children:
            child.finish()
        self.jobs.pop(job.id, None)

    def __iter__(self) -> Iterator[RemoteJob]:
        return iter(list(self.jobs.values()))


def start(
    ctx: ExecutionContext,
    sessions: Sequence[PSSession],
    call: Call,
    *,
    name: str = "",
    throttle: int = _DEFAULT_THROTTLE,
    own_sessions: bool = False,
) -> RemoteJob:
    """A job that runs *call* in each session, at most *throttle* at a time."""
    table = JobTable.of(ctx)
    job = RemoteJob(table, call.text, name)
    running: list[float] = []
    for session in sessions:
        delay = heappop(running) if len(running) >= (throttle or _DEFAULT_THROTTLE) else 0.0
        child = ChildJob(table, session, call.text, own_session=own_sessions)
        job.children.append(child)
        heappush(running, child.run(ctx, call, delay))
    table.jobs[job.id] = job
    return job

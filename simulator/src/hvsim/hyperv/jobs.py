# SPDX-License-Identifier: GPL-3.0-or-later
"""Asynchronous jobs of VMMS, ``Msvm_ConcreteJob`` (hyperv-facts.md 3.3): they take simulated time, fail or never end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, Literal
from uuid import UUID, uuid5

_NAMESPACE: Final = UUID("2d0c5f7b-51d4-4f2f-8d7e-0f1f9b0f6a01")

#: ``JobType`` of a change of a VM's configuration; key-value pairs have none of their own (U).
MODIFY_RESOURCES: Final = 31

JobOutcome = Literal["completes", "fails", "hangs"]


class JobState(IntEnum):
    """``JobState``; a finished job is in one of ``FINISHED``."""

    NEW = 2
    STARTING = 3
    RUNNING = 4
    COMPLETED = 7
    EXCEPTION = 10


FINISHED: Final = frozenset({JobState.COMPLETED, JobState.EXCEPTION})


@dataclass(frozen=True)
class Job:
    """One job.

    Attributes:
        id: its instance id.
        operation: name of the method that started it.
        vm_id: the VM that it works on.
        started: host time; ``seconds``: how long it takes.
        outcome: how it ends; a job that hangs stays at half.
        error_code: ``ErrorCode`` of a failed job; ``error_text`` its description.
    """

    id: UUID
    operation: str
    vm_id: UUID
    started: datetime
    seconds: float
    outcome: JobOutcome = "completes"
    error_code: int = 0
    error_text: str = ""
    job_type: int = MODIFY_RESOURCES

    @property
    def ends(self) -> datetime:
        return self.started + timedelta(seconds=self.seconds)

    def state(self, now: datetime) -> JobState:
        """State at a moment."""
        if self.outcome == "hangs" or now < self.ends:
            return JobState.STARTING if now <= self.started else JobState.RUNNING
        return JobState.COMPLETED if self.outcome == "completes" else JobState.EXCEPTION

    def is_finished(self, now: datetime) -> bool:
        return self.state(now) in FINISHED

    def percent(self, now: datetime) -> int:
        """``PercentComplete``: 0 to 100."""
        if self.is_finished(now):
            return 100
        done = (now - self.started).total_seconds() / self.seconds if self.seconds > 0 else 0.0
        return int(min(done, 0.5 if self.outcome == "hangs" else 0.99) * 100)


class JobTable:
    """The jobs that a host still knows. Finished ones are forgotten after ``lifetime`` seconds (M: five minutes)."""

    def __init__(self, now: Callable[[], datetime], *, lifetime: float = 300) -> None:
        self._now = now
        self._lifetime = timedelta(seconds=lifetime)
        self._lock = threading.Lock()
        self._jobs: dict[UUID, Job] = {}
        self._count = 0

    def start(
        self,
        operation: str,
        vm_id: UUID,
        *,
        seconds: float,
        outcome: JobOutcome = "completes",
        error_code: int = 0,
        error_text: str = "",
        keep: bool = True,
    ) -> Job:
        """A new job; with ``keep`` False it is unknown as soon as its reference has been handed out."""
        with self._lock:
            self._count += 1
            job_id = uuid5(_NAMESPACE, f"{operation} {vm_id} {self._count}")
            job = Job(job_id, operation, vm_id, self._now(), seconds, outcome, error_code, error_text)
            if keep:
                self._jobs[job_id] = job
            return job

    def find(self, job_id: UUID | str) -> Job | None:
        """A job by id, None when it is unknown (any more)."""
        try:
            wanted = job_id if isinstance(job_id, UUID) else UUID(job_id)
        except ValueError:
            return None
        with self._lock:
            self._forget()
            return self._jobs.get(wanted)

    def all(self) -> list[Job]:
        """The jobs in the order in which they started."""
        with self._lock:
            self._forget()
            return list(self._jobs.values())

    def running(self, vm_id: UUID) -> bool:
        """Whether a job of that VM has not finished."""
        now = self._now()
        with self._lock:
            return any(job.vm_id == vm_id and not job.is_finished(now) for job in self._jobs.values())

    def _forget(self) -> None:
        now = self._now()
        old = [job.id for job in self._jobs.values() if job.is_finished(now) and job.ends + self._lifetime < now]
        for job_id in old:
            del self._jobs[job_id]

# SPDX-License-Identifier: GPL-3.0-or-later
"""``-AsJob`` of the Hyper-V module: the work is done at once, its time passes while somebody waits for the job.

All jobs of a runspace are in one table, so Get-, Wait-, Receive- and Remove-Job know these as they know remote jobs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from hvsim.cmdlets.hyperv.commands import HyperVCommand
from hvsim.hyperv.errors import InvalidParameter, ModelError
from hvsim.library.remoting import job_members  # noqa: F401 - registers what job objects show
from hvsim.library.remoting.jobs import JOB, ChildJob, Event, JobTable, RemoteJob
from hvsim.runtime.types import net_class

_VM_JOB = "Microsoft.HyperV.PowerShell.VMJob"


class _Part(ChildJob):
    """The one child of a job: what was written, and when it ends."""

    __slots__ = ("_place",)

    def __init__(self, table: JobTable, command: str, place: str) -> None:
        # There is no session: nothing but a remote job's own methods looks at it.
        super().__init__(table, None, command, own_session=False)  # type: ignore[arg-type]
        self._place = place

    @property
    def location(self) -> str:
        return self._place

    def finish(self) -> None:
        """Nothing is open."""

    def stop(self) -> None:
        if not self.ended:
            self.events = self.visible()
            self._final, self._end = "Stopped", self.table.now()

    def ends(self, moment: dt.datetime, *, failed: bool) -> None:
        """It is known when, and how."""
        self._end = moment
        self._final = "Failed" if failed else "Completed"


@net_class(_VM_JOB, base=JOB)
class VMJob(RemoteJob):
    """What ``-AsJob`` writes."""

    __slots__ = ()
    NET: ClassVar[str] = _VM_JOB


class JobCommand(HyperVCommand):
    """A cmdlet with ``-AsJob``."""

    _written: list[Any] | None = None

    @property
    def as_job(self) -> bool:
        return self.arg("AsJob") is True

    def run(self, work: Callable[[], dt.datetime | None]) -> None:
        """Do the work, as a job if that is wanted; *work* may return a moment before which the job does not end."""
        if not self.as_job:
            work()
            return
        if self.arg("Passthru") is True:
            self.report(InvalidParameter("The parameters AsJob and Passthru cannot be used together."))
            return
        table = JobTable.of(self.ctx)
        job = VMJob(table, self.metadata.name)
        part = _Part(table, self.metadata.name, self.host.name)
        job.children.append(part)
        self._written = []
        with self.host.clock.aside() as spent:
            until = work()
            seconds = spent()
        end = part.begun + dt.timedelta(seconds=seconds)
        end = end if until is None else max(end, until)
        part.events = [Event(end, "error", record) for record in self._written]
        part.ends(end, failed=bool(self._written))
        self._written = None
        table.jobs[job.id] = job
        self.write(job)

    def report(self, error: ModelError) -> None:
        if self._written is None:
            super().report(error)
        else:
            self._written.append(self.error_record(error))

    def warn(self, text: str) -> None:
        """A job keeps no warning (A)."""
        if self._written is None:
            super().warn(text)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-, Wait-, Receive-, Stop- and Remove-Job for remote jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.remoting import job_members  # noqa: F401 - registers what job objects show
from hvsim.library.remoting.invoke import show, write_remote
from hvsim.library.remoting.jobs import ChildJob, Event, Job, JobTable, RemoteJob
from hvsim.library.remoting.session import NEVER
from hvsim.runtime import types, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet

_HANGS = "waiting for a job that never ends (the guest hangs): give Wait-Job a -Timeout"


class JobCommand(Cmdlet):
    """Selects jobs."""

    def begin(self) -> None:
        self.table = JobTable.of(self.ctx)

    def chosen(self) -> Iterator[Job]:
        """The jobs that the arguments mean; an id, name or instance id of none is reported."""
        if self.bound("Job"):
            yield from self.args["Job"]
        elif self.bound("Id"):
            yield from self._each("Id", lambda job, wanted: job.id == wanted, "Session")
        elif self.bound("InstanceId"):
            yield from self._each("InstanceId", lambda job, wanted: job.instance_id == wanted, "InstanceId")
        elif self.bound("Name"):
            yield from self._each("Name", lambda job, wanted: wildcard.compile(wanted)(job.name), "Name")
        elif self.bound("State"):
            wanted = types.enum_text(self.args["State"])
            yield from (job for job in self.table if job.state == wanted)
        else:
            yield from self.table

    def _each(self, name: str, test: Callable[[Job, Any], bool], which: str) -> Iterator[Job]:
        for wanted in self.args[name]:
            everything: list[Job] = [*self.table, *(child for job in self.table for child in job.children)]
            found = [job for job in everything if test(job, wanted)]
            if not found and not (isinstance(wanted, str) and wildcard.contains_wildcard(wanted)):
                self.error(
                    _NOT_FOUND[name].format(wanted), f"JobWithSpecified{which}NotFound", "ObjectNotFound", wanted,
                    kind="System.Management.Automation.PSArgumentException",
                )  # fmt: skip
            yield from found

    def wait(self, jobs: Sequence[Job], seconds: float | None = None, *, one: bool = False) -> bool:
        """Lets time pass until all jobs (*one*: any of them) have ended, *seconds* at most; whether they have.

        Raises:
            Unsupported: that never happens.
        """
        machine = self.ctx.machine
        ends = [job.end for job in jobs]
        self._stop_at_questions(jobs, ends, seconds, one=one)
        possible = [end for end in ends if end is not NEVER]
        if not ends:
            return True
        until = min(possible, default=NEVER) if one else NEVER if NEVER in ends else max(ends)
        needed = float("inf") if until is NEVER else (until - machine.clock()).total_seconds()
        if seconds is not None and needed > seconds:
            machine.sleep(seconds)
            return False
        if until is NEVER:
            raise Unsupported(_HANGS)
        if needed > 0:
            machine.sleep(needed)
        return True


    def _stop_at_questions(self, jobs: Sequence[Job], ends: Sequence[Any], seconds: float | None, *, one: bool) -> None:
        """As ``WaitJobCommand.HandleJobStateChangedEvent``: the wait fails when a job (*one*: each of them) is blocked.

        Raises:
            PSError: in this wait it comes to that.
        """
        moments = [job.blocked_at for job in jobs]
        blocked = [moment for moment in moments if moment is not None]
        if not blocked or (one and len(blocked) < len(jobs)) or (not one and NEVER not in ends):
            return
        machine = self.ctx.machine
        needed = ((max if one else min)(blocked) - machine.clock()).total_seconds()
        if seconds is not None and needed > seconds:
            return
        if needed > 0:
            machine.sleep(needed)
        raise self.fail(
            "The Wait-Job cmdlet cannot finish working, because one or more jobs are blocked waiting for user interaction. Process "
            "interactive job output by using the Receive-Job cmdlet, and then try again.",
            "BlockedJobsDeadlockWithWaitJob", "DeadlockDetected", next(job for job in jobs if job.blocked_at is not None),
            kind="System.ArgumentException",
        )  # fmt: skip


_AGAIN = "then try the command again."
_NOT_FOUND = {
    "Id": f"The command cannot find a job with the job ID {{}}. Verify the value of the Id parameter and {_AGAIN}",
    "InstanceId": f"The command cannot find a job with the instance ID {{}}. Verify the value of the InstanceId parameter and {_AGAIN}",
    "Name": "The command cannot find the job because the job name {} was not found. Verify the value of the Name parameter, and " + _AGAIN,
}


@cmdlet(
    "Get-Job",
    parameters=("Id", "InstanceId", "Name", "State", "Command", "IncludeChildJob", "HasMoreData", "ChildJobState", "Newest"),
)
class GetJob(JobCommand):
    def process(self) -> None:
        jobs = [job for job in self.chosen() if self._passes(job)]
        newest = self.arg("Newest")
        for job in sorted(jobs, key=lambda j: j.id)[-newest if newest else None :]:
            self.write(job)
            if self.arg("IncludeChildJob") is True and isinstance(job, RemoteJob):
                for child in job.children:
                    self.write(child)

    def _passes(self, job: Job) -> bool:
        patterns = self.arg("Command")
        if patterns and not any(wildcard.compile(pattern)(job.command) for pattern in patterns):
            return False
        if self.bound("HasMoreData") and job.has_more_data != self.args["HasMoreData"]:
            return False
        if not self.bound("ChildJobState"):
            return True
        wanted = types.enum_text(self.args["ChildJobState"])
        return isinstance(job, RemoteJob) and any(child.state == wanted for child in job.children)


@cmdlet("Wait-Job", parameters=("Job", "Id", "InstanceId", "Name", "State", "Any", "Timeout", "Force"))
class WaitJob(JobCommand):
    """Writes the jobs that have ended; nothing when the time is up before."""

    def begin(self) -> None:
        super().begin()
        self.jobs: list[Job] = []

    def process(self) -> None:
        self.jobs += self.chosen()

    def end(self) -> None:
        seconds = self.arg("Timeout")
        one = self.arg("Any") is True
        if not self.wait(self.jobs, None if seconds is None or seconds < 0 else seconds, one=one):
            return
        ended = [job for job in self.jobs if job.ended]
        for job in ended[:1] if one else ended:
            self.write(job)


@cmdlet(
    "Receive-Job",
    parameters=(
        "Job", "Id", "InstanceId", "Name", "Session", "ComputerName", "Location", "Keep", "Wait", "AutoRemoveJob", "NoRecurse", "Force",
        "WriteJobInResults",
    ),
)  # fmt: skip
class ReceiveJob(JobCommand):
    """Writes what is new in all streams; errors of the script are non-terminating here."""

    def process(self) -> None:
        if self.arg("AutoRemoveJob") is True and self.arg("Wait") is not True:
            raise self.fail(
                "The AutoRemoveJob parameter cannot be used without the Wait parameter.", "ReceiveJobAutoRemoveJobWithoutWait",
                "InvalidOperation", kind="System.InvalidOperationException",
            )  # fmt: skip
        jobs = list(self.chosen())
        if self.arg("WriteJobInResults") is True:
            for job in jobs:
                self.write(job)
        if self.arg("Wait") is True:
            self.wait(jobs)
        for event in self._events(jobs):
            self._emit(event)
        if self.arg("AutoRemoveJob") is True:
            for job in jobs:
                if isinstance(job, RemoteJob):
                    self.table.remove(job)

    def _events(self, jobs: Sequence[Job]) -> Iterator[Event]:
        keep = self.arg("Keep") is True
        for job in jobs:
            children = job.children if isinstance(job, RemoteJob) else [job]
            if isinstance(job, RemoteJob) and self.arg("NoRecurse") is True:
                children = []
            for child in children:
                assert isinstance(child, ChildJob)
                if self._wanted(child):
                    yield from child.receive(keep=keep)

    def _wanted(self, child: ChildJob) -> bool:
        """-Session, -ComputerName and -Location pick child jobs."""
        if self.bound("Session"):
            return any(child.session is session for session in self.args["Session"])
        places = self.arg("ComputerName") or self.arg("Location")
        return not places or any(wildcard.compile(place)(child.location) for place in places)

    def _emit(self, event: Event) -> None:
        if event.stream == "output":
            self.write(event.value)
        elif event.stream == "error":
            write_remote(self, event.value)
        else:
            show(self, event.stream, event.value)


@cmdlet("Stop-Job", parameters=("Job", "Id", "InstanceId", "Name", "State", "PassThru"))
class StopJob(JobCommand):
    def process(self) -> None:
        for job in list(self.chosen()):
            if self.should_process(f"Command: '{job.command}', JobId: '{job.id}'", "Stop-Job"):
                job.stop()
                if self.arg("PassThru") is True:
                    self.write(job)


@cmdlet("Remove-Job", parameters=("Job", "Id", "InstanceId", "Name", "State", "Force"))
class RemoveJob(JobCommand):
    """A running job needs -Force."""

    def process(self) -> None:
        for job in list(self.chosen()):
            if not self.should_process(f"Command: '{job.command}', JobId: '{job.id}'", "Remove-Job"):
                continue
            if not job.ended and self.arg("Force") is not True:
                self.error(
                    f"The command cannot remove the job with the job ID {job.id} because the job is not finished. To remove the job, first "
                    "stop the job, or use the Force parameter.",
                    "JobObjectNotFinishedCannotBeRemoved", "InvalidOperation", job, kind="System.ArgumentException",
                )  # fmt: skip
            elif isinstance(job, RemoteJob):
                self.table.remove(job)

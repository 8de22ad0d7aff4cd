# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of job objects."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.remoting.jobs import CHILD_JOB, JOB, REMOTE_JOB, ChildJob, Job, RemoteJob
from hvsim.library.remoting.session import NEVER
from hvsim.runtime import types
from hvsim.runtime.collections import GenericList
from hvsim.runtime.errors import NetException
from hvsim.runtime.member_info import CodeProperty
from hvsim.runtime.members import getter, method
from hvsim.runtime.objects import property_order, type_member, unwrap
from hvsim.runtime.structs import DateTime, Guid
from hvsim.runtime.values import EnumValue, NetObject

_STATE = "System.Management.Automation.JobState"
_STATE_INFO = "System.Management.Automation.JobStateInfo"
_TICKS_AT_UNIX_EPOCH = 621_355_968_000_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

types.net_class(JOB)(Job)
types.net_class(REMOTE_JOB, base=JOB)(RemoteJob)
types.net_class(CHILD_JOB, base=JOB)(ChildJob)
property_order(
    JOB,
    "State", "HasMoreData", "StatusMessage", "Location", "Command", "JobStateInfo", "InstanceId", "Id", "Name", "ChildJobs", "PSBeginTime",
    "PSEndTime", "PSJobTypeName", "Output", "Error", "Verbose", "Debug", "Warning", "Information",
)  # fmt: skip


@types.net_class(_STATE_INFO)
class JobStateInfo(NetObject):
    """State and, of a failed job, why."""

    __slots__ = ("reason", "state")
    NET = _STATE_INFO

    def __init__(self, state: str, reason: NetException | None) -> None:
        self.state = state
        self.reason = reason

    def __str__(self) -> str:
        return self.state


@getter(_STATE_INFO, "State", type=_STATE)
def _info_state(self: JobStateInfo) -> EnumValue:
    return types.enum(_STATE, self.state)


@getter(_STATE_INFO, "Reason", type="System.Exception")
def _info_reason(self: JobStateInfo) -> NetException | None:
    return self.reason


@method(_STATE_INFO, "ToString", overloads=["() -> string"])
def _info_text(self: JobStateInfo) -> str:
    return self.state


# A property of types.ps1xml, which yields text.
type_member(JOB, CodeProperty("State", lambda ctx, job: unwrap(job).state, shown="ScriptProperty"))


@getter(CHILD_JOB, "Runspace", type="System.Management.Automation.Runspaces.Runspace")
def _runspace(self: ChildJob) -> Any:
    return self.session.runspace


@getter(JOB, "JobStateInfo", type=_STATE_INFO)
def _state_info(self: Job) -> JobStateInfo:
    record = self.reason if isinstance(self, ChildJob) else None
    return JobStateInfo(self.state, record.exception if record is not None and self.state == "Failed" else None)


@getter(JOB, "HasMoreData", type="bool")
def _has_more_data(self: Job) -> bool:
    return self.has_more_data


@getter(JOB, "StatusMessage", type="string")
def _status_message(self: Job) -> str:
    return ""


@getter(JOB, "Location", type="string")
def _location(self: Job) -> str:
    return self.location


@getter(JOB, "Command", type="string")
def _command(self: Job) -> str:
    return self.command


@getter(JOB, "InstanceId", type="guid")
def _instance_id(self: Job) -> Guid:
    return self.instance_id


@getter(JOB, "Id", type="int")
def _id(self: Job) -> int:
    return self.id


@getter(JOB, "Name", type="string")
def _name(self: Job) -> str:
    return self.name


@getter(JOB, "ChildJobs", type="System.Collections.Generic.IList`1[[System.Management.Automation.Job]]")
def _children(self: Job) -> Any:
    children = self.children if isinstance(self, RemoteJob) else []
    return GenericList(children, types.get(JOB))


def _moment(moment: dt.datetime) -> DateTime:
    return DateTime((moment - _EPOCH) // dt.timedelta(microseconds=1) * 10 + _TICKS_AT_UNIX_EPOCH, 2)


@getter(JOB, "PSBeginTime", type="System.Nullable[datetime]")
def _begin_time(self: Job) -> DateTime:
    return _moment(self.begun)


@getter(JOB, "PSEndTime", type="System.Nullable[datetime]")
def _end_time(self: Job) -> DateTime | None:
    return _moment(self.end) if self.ended and self.end is not NEVER else None


@getter(JOB, "PSJobTypeName", type="string")
def _type_name(self: Job) -> str:
    return "RemoteJob" if isinstance(self, RemoteJob) else ""


def _stream(name: str) -> None:
    def read(self: Job) -> Any:
        values = self.stream(name.lower()) if isinstance(self, ChildJob) else []
        return GenericList(values)

    getter(JOB, name, type="System.Object")(read)


for _each in ("Output", "Error", "Progress", "Verbose", "Debug", "Warning", "Information"):
    _stream(_each)


@getter(JOB, "Finished", type="System.Threading.WaitHandle")
def _finished(self: Job) -> Any:
    raise Unsupported("property Finished of a job (use Wait-Job)")


@method(JOB, "StopJob", overloads=["() -> void"])
def _stop(self: Job) -> None:
    self.stop()




# SPDX-License-Identifier: GPL-3.0-or-later
"""Error records that come out of a session: ``RemotingErrorRecord`` around a ``RemoteException``.

Only data crosses the wire: the category by its five parts, the whole error id, message and details, the deserialized exception and
target. Places in the remote script do not, so ``InvocationInfo`` and ``ScriptStackTrace`` are empty.
"""

from __future__ import annotations

from typing import Any

from hvsim.library.remoting.wire import transfer
from hvsim.runtime import types
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.engine_types import reason_of, target_name_of, target_type_of
from hvsim.runtime.errors import ErrorRecord, NetException
from hvsim.runtime.members import getter, method
from hvsim.runtime.structs import Guid
from hvsim.runtime.values import NetObject

_AUTOMATION = "System.Management.Automation."
REMOTE_EXCEPTION = _AUTOMATION + "RemoteException"
_ORIGIN = _AUTOMATION + "Remoting.OriginInfo"
_RECORD = _AUTOMATION + "Runspaces.RemotingErrorRecord"
_EXCEPTION_DEPTH = 2
"""Inner exceptions of a record's exception arrive as objects too."""


@types.net_class(_ORIGIN)
class OriginInfo(NetObject):
    """Where a record comes from."""

    __slots__ = ("computer_name", "instance_id", "runspace_id")
    NET = _ORIGIN

    def __init__(self, computer_name: str, runspace_id: Guid, instance_id: Guid | None = None) -> None:
        self.computer_name = computer_name
        self.runspace_id = runspace_id
        self.instance_id = instance_id or Guid()

    def __str__(self) -> str:
        return self.computer_name


@getter(_ORIGIN, "PSComputerName", type="string")
def _origin_computer(self: OriginInfo) -> str:
    return self.computer_name


@getter(_ORIGIN, "RunspaceID", type="guid")
def _origin_runspace(self: OriginInfo) -> Guid:
    return self.runspace_id


@method(_ORIGIN, "ToString", overloads=["() -> string"])
def _origin_text(self: OriginInfo) -> str:
    return self.computer_name


@getter(_ORIGIN, "InstanceID", type="guid")
def _origin_instance(self: OriginInfo) -> Guid:
    return self.instance_id


@types.net_class(_RECORD, base=_AUTOMATION + "ErrorRecord")
class RemotingErrorRecord(ErrorRecord):
    """A non-terminating error of a remote command, or of the way to it."""

    __slots__ = ("origin",)
    NET = _RECORD

    def __init__(self, record: ErrorRecord, origin: OriginInfo) -> None:
        super().__init__(record.exception, record.error_id, record.category, record.target, source=record.source)
        copy_parts(record, self)
        self.origin = origin


@getter(_RECORD, "OriginInfo", type=_ORIGIN)
def _record_origin(self: RemotingErrorRecord) -> OriginInfo:
    return self.origin


def copy_parts(source: ErrorRecord, target: ErrorRecord) -> None:
    """Details and the parts of the category."""
    target.details, target.recommended_action = source.details, source.recommended_action
    target.activity, target.reason = source.activity, source.reason
    target.target_name, target.target_type = source.target_name, source.target_type


def plain(record: ErrorRecord) -> ErrorRecord:
    """The same error as an ErrorRecord: what ``catch`` gets."""
    made = ErrorRecord(record.exception, record.error_id, record.category, record.target, source=record.source)
    copy_parts(record, made)
    return made


def arrived(far: ExecutionContext, caller: ExecutionContext, record: ErrorRecord, *, thrown: bool = False) -> ErrorRecord:
    """A record of the far side as the caller gets it.

    Args:
        thrown: a ``throw`` statement ended the far script with it.
    """
    exception = NetException(
        REMOTE_EXCEPTION,
        record.exception.message,
        fields={
            "SerializedRemoteException": transfer(far, caller, record.exception, _EXCEPTION_DEPTH),
            "SerializedRemoteInvocationInfo": transfer(far, caller, record.invocation),
        },
    )
    if thrown:
        exception.fields["WasThrownFromThrowStatement"] = True
    made = ErrorRecord(
        exception, record.fully_qualified_error_id, record.category, transfer(far, caller, record.target)
    )
    made.details, made.recommended_action = record.details, record.recommended_action
    made.activity = record.activity
    made.reason = reason_of(record)
    made.target_name = target_name_of(far, record)
    made.target_type = target_type_of(record)
    made.stack = None if thrown else ""
    exception.error_record = plain(made)
    return made


for _name in ("SerializedRemoteException", "SerializedRemoteInvocationInfo"):

    def _field(self: NetException, _name: str = _name) -> Any:
        return self.fields.get(_name)

    getter(REMOTE_EXCEPTION, _name, type="psobject")(_field)

# SPDX-License-Identifier: GPL-3.0-or-later
"""PSSession objects, the table of a runspace's sessions, and what a transport has to offer.

A transport is whatever opens the far end: the conformance runner's loopback, PowerShell Direct (``cmdlets.remoting``). It hands over a
:class:`Connection`: a runspace on another machine plus the means to notice that the way there is gone.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar, Protocol

from hvsim.lang.errors import Unsupported
from hvsim.library.remoting.records import OriginInfo
from hvsim.library.remoting.session_machine import SessionMachine
from hvsim.library.remoting.wire import transfer
from hvsim.runtime import types
from hvsim.runtime.collections import Hashtable
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord
from hvsim.runtime.member_info import CodeProperty
from hvsim.runtime.members import getter, method, setter
from hvsim.runtime.objects import property_order, type_member, unwrap
from hvsim.runtime.structs import Guid
from hvsim.runtime.types import NetType
from hvsim.runtime.values import EnumValue, NetObject

_RUNSPACES = "System.Management.Automation.Runspaces."
PS_SESSION = _RUNSPACES + "PSSession"
_STATE = _RUNSPACES + "RunspaceState"
_AVAILABILITY = _RUNSPACES + "RunspaceAvailability"
_MACHINE = _RUNSPACES + "TargetMachineType"
_BUFFERING = _RUNSPACES + "OutputBufferingMode"
_RUNSPACE = "System.Management.Automation.RemoteRunspace"
_STATE_INFO = _RUNSPACES + "RunspaceStateInfo"
_DATA = "System.Management.Automation.PSPrimitiveDictionary"


def _enum(full_name: str, *names: str) -> None:
    if types.find(full_name) is None:
        members = {name: number for number, name in enumerate(names)}
        types.register(NetType(full_name, "System.Enum", kind="e", enum_members=members))


_enum(
    _STATE, "BeforeOpen", "Opening", "Opened", "Closed", "Closing", "Broken", "Disconnecting", "Disconnected", "Connecting"
)
_enum(_AVAILABILITY, "None", "Available", "AvailableForNestedCommand", "Busy", "RemoteDebug")
_enum(_MACHINE, "RemoteMachine", "VirtualMachine", "Container")
_enum(_BUFFERING, "None", "Drop", "Block")


class TransportError(Exception):
    """The way to the far end cannot be opened, or is gone.

    Attributes:
        record: the error, its id without a cmdlet's class.
        from_cmdlet: the cmdlet itself reports it, with its own name in the id; else it comes out of the command's stream.
        broken: the session is of no use any more.
    """

    def __init__(self, record: ErrorRecord, *, from_cmdlet: bool = False, broken: bool = True) -> None:
        super().__init__(record.message)
        self.record = record
        self.from_cmdlet = from_cmdlet
        self.broken = broken


class Hangs(Exception):
    """The far end does not answer any more, and will not: only a caller with a timeout of its own goes on."""


class Connection(Protocol):
    """The far end of a session."""

    @property
    def context(self) -> ExecutionContext:
        """The runspace there."""
        ...

    @property
    def language_mode(self) -> str:
        """What scripts may use there: the name of a PSLanguageMode, FullLanguage or NoLanguage."""
        ...

    def count(self, command: str) -> None:
        """A cmdlet is called that uses sessions to this machine; once per call."""
        ...

    def check(self) -> None:
        """Looks whether the session is still alive: before and after a command, at all it writes, before each fragment of a copy.

        Raises:
            TransportError: it is not.
            Hangs: the far end does not answer.
        """
        ...

    def process_ended(self) -> None:
        """The process at the far end has ended itself: the next check finds the session dead."""
        ...

    def close(self) -> None:
        """The caller is done with it. Must not raise."""
        ...


class PSSession(NetObject):
    """``System.Management.Automation.Runspaces.PSSession``.

    Attributes:
        state: name of a RunspaceState.
        busy_until: when the job that runs in it ends, as its machine's clock tells (a ``datetime``); None while none does.
        running: a command of the foreground is running in it.
        closed_at: when it was closed or broke; None while it is open.
    """

    __slots__ = (
        "busy_until",
        "closed_at",
        "computer_name",
        "computer_type",
        "configuration_name",
        "connection",
        "id",
        "instance_id",
        "name",
        "running",
        "runspace",
        "state",
        "table",
        "transport",
        "vm_id",
        "vm_name",
    )
    NET = PS_SESSION

    def __init__(
        self,
        table: SessionTable,
        connection: Connection,
        computer_name: str,
        *,
        name: str = "",
        computer_type: str = "RemoteMachine",
        transport: str = "WSMan",
        configuration_name: str = "Microsoft.PowerShell",
        vm_id: str | None = None,
        vm_name: str | None = None,
    ) -> None:
        self.table = table
        self.id: int = next(table.ids)
        self.instance_id = Guid(uuid.uuid4())
        self.name = name or f"{'Session' if table.edition == '5.1' else 'Runspace'}{self.id}"
        self.connection = connection
        self.computer_name = computer_name
        self.computer_type = computer_type
        self.transport = transport
        self.configuration_name = configuration_name
        self.vm_id = vm_id
        self.vm_name = vm_name
        self.state = "Opened"
        self.running = False
        self.busy_until: Any = None
        self.closed_at: Any = None
        self.runspace = RemoteRunspace(self)

    @property
    def machine(self) -> SessionMachine:
        """The far machine."""
        machine = self.connection.context.machine
        assert isinstance(machine, SessionMachine)
        return machine

    @property
    def origin(self) -> OriginInfo:
        return OriginInfo(self.computer_name, self.instance_id)

    @property
    def availability(self) -> str:
        if self.state != "Opened":
            return "None"
        return "Busy" if self.running or self.job_running() else "Available"

    def job_running(self) -> bool:
        """Whether a job still runs in it at this moment."""
        if self.busy_until is None:
            return False
        if self.busy_until is not NEVER and self.table.now() >= self.busy_until:
            self.busy_until = None
            return False
        return True

    def close(self, state: str = "Closed") -> None:
        """Ends it; closing twice is no error."""
        if self.state in ("Closed", "Broken"):
            return
        self.state = state
        self.busy_until = None
        self.closed_at = self.table.now()
        self.connection.close()

    def __str__(self) -> str:
        return f"[PSSession]{self.name}"


NEVER: Any = object()
"""A moment that does not come: the end of a command that hangs."""


@dataclass
class SessionTable:
    """Key of ``ctx.services``: the sessions of a runspace that ``Get-PSSession`` lists."""

    ctx: ExecutionContext
    sessions: dict[int, PSSession] = field(default_factory=dict)
    ids: Any = field(default_factory=lambda: count(1))

    @classmethod
    def of(cls, ctx: ExecutionContext) -> SessionTable:
        """The table of a runspace, made on first use."""
        found: SessionTable | None = ctx.services.get(cls)
        if found is None:
            found = ctx.services[cls] = cls(ctx)
        return found

    @property
    def edition(self) -> str:
        return self.ctx.edition

    def now(self) -> Any:
        return self.ctx.machine.clock()

    def add(self, session: PSSession) -> PSSession:
        self.sessions[session.id] = session
        return session

    def remove(self, session: PSSession) -> None:
        """Closes it and forgets it."""
        session.close()
        self.sessions.pop(session.id, None)

    def close_all(self) -> None:
        """The runspace ends: so do its sessions."""
        for session in list(self.sessions.values()):
            self.remove(session)


# ---- members -----------------------------------------------------------------------------------------------------------


class RemoteRunspace(NetObject):
    """``PSSession.Runspace``: a view of the session."""

    __slots__ = ("session",)
    NET = _RUNSPACE

    def __init__(self, session: PSSession) -> None:
        self.session = session


class RunspaceStateInfo(NetObject):
    __slots__ = ("state",)
    NET = _STATE_INFO

    def __init__(self, state: str) -> None:
        self.state = state

    def __str__(self) -> str:
        return self.state


if types.find(_RUNSPACES + "Runspace") is None:
    types.register(NetType(_RUNSPACES + "Runspace", "System.Object"))
types.net_class(_RUNSPACE, base=_RUNSPACES + "Runspace")(RemoteRunspace)
types.net_class(_STATE_INFO)(RunspaceStateInfo)
types.net_class(PS_SESSION)(PSSession)
property_order(
    PS_SESSION,
    "State", "IdleTimeout", "OutputBufferingMode", "DisconnectedOn", "ExpiresOn", "ComputerType", "ComputerName", "ContainerId", "VMName",
    "VMId", "ConfigurationName", "InstanceId", "Id", "Name", "Availability", "ApplicationPrivateData", "Runspace", "Transport",
)  # fmt: skip


def _script_property(name: str, read: Callable[[PSSession], Any]) -> None:
    """A property that types.ps1xml gives to sessions."""
    type_member(PS_SESSION, CodeProperty(name, lambda ctx, session: read(unwrap(session)), shown="ScriptProperty"))


_script_property("State", lambda session: types.enum(_STATE, session.state))
_script_property("OutputBufferingMode", lambda session: types.enum(_BUFFERING, "Block"))
for _unset in ("IdleTimeout", "DisconnectedOn", "ExpiresOn"):
    _script_property(_unset, lambda session: None)


@getter(PS_SESSION, "Availability", type=_AVAILABILITY)
def _availability(self: PSSession) -> EnumValue:
    return types.enum(_AVAILABILITY, self.availability)


@getter(PS_SESSION, "ComputerType", type=_MACHINE)
def _computer_type(self: PSSession) -> EnumValue:
    return types.enum(_MACHINE, self.computer_type)


@getter(PS_SESSION, "ContainerId", type="string")
def _nothing(self: PSSession) -> None:
    return None


@types.net_class(_DATA, base="System.Collections.Hashtable")
class PrimitiveDictionary(Hashtable):
    """``PSPrimitiveDictionary``."""

    __slots__ = ()
    NET: ClassVar[str] = _DATA


@getter(PS_SESSION, "ApplicationPrivateData", type=_DATA, context=True)
def _private_data(ctx: ExecutionContext, self: PSSession) -> PrimitiveDictionary:
    far = self.connection.context
    return PrimitiveDictionary([("PSVersionTable", transfer(far, ctx, far.get_variable("PSVersionTable")))])


@getter(PS_SESSION, "ComputerName", type="string")
def _computer_name(self: PSSession) -> str:
    return self.computer_name


@getter(PS_SESSION, "VMName", type="string")
def _vm_name(self: PSSession) -> str | None:
    return self.vm_name


@getter(PS_SESSION, "VMId", type="System.Nullable[guid]")
def _vm_id(self: PSSession) -> Guid | None:
    return None if self.vm_id is None else Guid(self.vm_id)


@getter(PS_SESSION, "ConfigurationName", type="string")
def _configuration(self: PSSession) -> str:
    return self.configuration_name


@getter(PS_SESSION, "InstanceId", type="guid")
def _instance_id(self: PSSession) -> Guid:
    return self.instance_id


@getter(PS_SESSION, "Id", type="int")
def _id(self: PSSession) -> int:
    return self.id


@getter(PS_SESSION, "Name", type="string")
def _name(self: PSSession) -> str:
    return self.name


@setter(PS_SESSION, "Name")
def _set_name(self: PSSession, value: str) -> None:
    self.name = value


@getter(PS_SESSION, "Runspace", type=_RUNSPACES + "Runspace")
def _runspace(self: PSSession) -> RemoteRunspace:
    return self.runspace


@getter(PS_SESSION, "Transport", type="string")
def _transport(self: PSSession) -> str:
    return self.transport


@method(PS_SESSION, "ToString", overloads=["() -> string"])
def _text(self: PSSession) -> str:
    return str(self)


@getter(_RUNSPACE, "RunspaceStateInfo", type=_STATE_INFO)
def _state_info(self: RemoteRunspace) -> RunspaceStateInfo:
    return RunspaceStateInfo(self.session.state)


@getter(_RUNSPACE, "RunspaceAvailability", type=_AVAILABILITY)
def _runspace_availability(self: RemoteRunspace) -> EnumValue:
    return types.enum(_AVAILABILITY, self.session.availability)


@getter(_RUNSPACE, "InstanceId", type="guid")
def _runspace_instance(self: RemoteRunspace) -> Guid:
    return self.session.instance_id


@getter(_RUNSPACE, "Name", type="string")
def _runspace_name(self: RemoteRunspace) -> str:
    return self.session.name


@getter(_RUNSPACE, "Id", type="int")
def _runspace_id(self: RemoteRunspace) -> int:
    return self.session.id


def _refused(name: str) -> None:
    def refuse(self: RemoteRunspace) -> Any:
        raise Unsupported(f"property {name} of a session's runspace")

    getter(_RUNSPACE, name, type="System.Object")(refuse)


for _name_of in ("ConnectionInfo", "OriginalConnectionInfo", "InitialSessionState", "Version", "Debugger", "Events"):
    _refused(_name_of)


@getter(_STATE_INFO, "State", type=_STATE)
def _info_state(self: RunspaceStateInfo) -> EnumValue:
    return types.enum(_STATE, self.state)


@getter(_STATE_INFO, "Reason", type="System.Exception")
def _info_reason(self: RunspaceStateInfo) -> None:
    return None


@method(_STATE_INFO, "ToString", overloads=["() -> string"])
def _info_text(self: RunspaceStateInfo) -> str:
    return self.state

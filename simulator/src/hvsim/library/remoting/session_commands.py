# SPDX-License-Identifier: GPL-3.0-or-later
"""New-, Get-, Remove- and Enter-PSSession; Disconnect-, Connect- and Receive-PSSession; New-PSSessionOption."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.library.management.windows_only import parameter
from hvsim.library.remoting.invoke import write_remote
from hvsim.library.remoting.session import PS_SESSION, PSSession, SessionTable
from hvsim.library.remoting.transports import open_sessions
from hvsim.runtime import wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext


class SessionCommand(Cmdlet):
    """Selects sessions of this runspace."""

    def begin(self) -> None:
        self.table = SessionTable.of(self.ctx)

    def chosen(self) -> Iterable[PSSession]:
        """The sessions that -Id, -InstanceId, -Name, -VMId or -VMName mean; what matches none is reported."""
        if self.bound("Session"):
            yield from self.args["Session"]
        elif self.bound("Id"):
            yield from self._each("Id", lambda s, wanted: s.id == wanted, "SessionId", "session ID")
        elif self.bound("InstanceId"):
            yield from self._each("InstanceId", lambda s, wanted: s.instance_id == wanted, "RunspaceId", "instance ID")
        elif self.bound("VMId"):
            yield from self._each("VMId", lambda s, wanted: s.vm_id == str(wanted), "VMId", "VMId", silent=True)
        elif self.bound("VMName"):
            yield from self._each("VMName", _named("vm_name"), "VMName", "VMName", silent=True)
        elif self.bound("Name"):
            yield from self._each("Name", _named("name"), "Name", "name")
        else:
            yield from sorted(self.table.sessions.values(), key=lambda s: s.id)

    def _each(
        self, name: str, test: Callable[[PSSession, Any], bool], suffix: str, what: str, *, silent: bool = False
    ) -> Iterable[PSSession]:
        for wanted in self.args[name]:
            found = [s for s in self.table.sessions.values() if test(s, wanted)]
            pattern = isinstance(wanted, str) and wildcard.contains_wildcard(wanted)
            if not found and not pattern and not silent:
                self.error(
                    f"The remote session with the {what} {wanted} is not available.",
                    f"RemoteRunspaceNotAvailableForSpecified{suffix}", "InvalidArgument", wanted, kind="System.ArgumentException",
                )  # fmt: skip
            yield from found


def _named(attribute: str) -> Callable[[PSSession, str], bool]:
    return lambda session, pattern: wildcard.compile(pattern)(getattr(session, attribute) or "")


@cmdlet("Get-PSSession", parameters=("Id", "InstanceId", "Name", "VMId", "VMName"))
class GetPSSession(SessionCommand):
    def process(self) -> None:
        for session in self.chosen():
            self.write(session)


@cmdlet("Remove-PSSession", parameters=("Id", "InstanceId", "Name", "Session", "VMId", "VMName"))
class RemovePSSession(SessionCommand):
    def process(self) -> None:
        for session in list(self.chosen()):
            if self.should_process(session.name, "Remove-PSSession"):
                session.table.remove(session)


@cmdlet("New-PSSession", parameters=("VMId", "VMName", "Credential", "ConfigurationName", "Name", "ThrottleLimit"))
class NewPSSession(Cmdlet):
    """Opens sessions to virtual machines; errors are those of table 2.6 of the facts."""

    def process(self) -> None:
        if not self.bound("VMId") and not self.bound("VMName"):
            raise Unsupported("New-PSSession to another computer (only -VMId and -VMName)")
        names = list(self.arg("Name") or [])
        table = SessionTable.of(self.ctx)
        for position, session in enumerate(open_sessions("VirtualMachine", self)):
            if isinstance(session, PSSession):
                if position < len(names):
                    session.name = names[position]
                self.write(table.add(session))
            elif session.from_cmdlet:
                self.write_error(session.record)
            else:
                session.record.activity = self.metadata.name
                write_remote(self, session.record)


@cmdlet("Enter-PSSession", parameters=("Session", "Id", "Name", "InstanceId", "VMId", "VMName", "ComputerName", "Credential"))
class EnterPSSession(Cmdlet):
    def process(self) -> None:
        raise Unsupported("Enter-PSSession (nobody sits at this console)")


# ---- disconnecting: Windows only, so the recorded metadata lacks them ----------------------------------------------------------


def _metadata(name: str, class_name: str) -> dict[str, Any]:
    rows = [
        parameter("Session", PS_SESSION + "[]", "Session", position=0, mandatory=True, pipeline=True, by_name=True),
        parameter("Name", "string[]", "Name", mandatory=True, by_name=True),
        parameter("Id", "int[]", "Id", mandatory=True, by_name=True),
        parameter("InstanceId", "guid[]", "InstanceId", mandatory=True),
    ]
    return {
        "name": name,
        "module": "Microsoft.PowerShell.Core",
        "class": f"Microsoft.PowerShell.Commands.{class_name}",
        "default_set": "Session",
        "should_process": True,
        "parameters": rows,
    }


class ReconnectCommand(SessionCommand):
    """Sessions to virtual machines cannot be disconnected, and there are no others to disconnect."""

    error_id: ClassVar[str] = ""
    verb: ClassVar[str] = ""

    @classmethod
    def is_installed(cls, ctx: ExecutionContext) -> bool:
        return ctx.machine.is_windows

    def process(self) -> None:
        for session in self.chosen():
            if session.computer_type != "VirtualMachine":
                raise Unsupported(f"{self.metadata.name} of a session to a {session.computer_type}")
            self.error(
                f'{self.verb} a session is not supported because the target computer type is "{session.computer_type}".',
                self.error_id, "InvalidOperation", session, kind="System.ArgumentException",
            )  # fmt: skip


@cmdlet(
    "Disconnect-PSSession",
    parameters=("Session", "Name", "Id", "InstanceId"),
    metadata=_metadata("Disconnect-PSSession", "DisconnectPSSessionCommand"),
)
class DisconnectPSSession(ReconnectCommand):
    error_id = "CannotDisconnectVMContainerSession"
    verb = "Disconnecting"


@cmdlet(
    "Connect-PSSession",
    parameters=("Session", "Name", "Id", "InstanceId"),
    metadata=_metadata("Connect-PSSession", "ConnectPSSessionCommand"),
)
class ConnectPSSession(ReconnectCommand):
    error_id = "CannotConnectVMContainerSession"
    verb = "Connecting"


@cmdlet(
    "Receive-PSSession",
    parameters=("Session", "Name", "Id", "InstanceId"),
    metadata=_metadata("Receive-PSSession", "ReceivePSSessionCommand"),
)
class ReceivePSSession(ReconnectCommand):
    error_id = "CannotReceiveVMContainerSession"
    verb = "Receiving from"



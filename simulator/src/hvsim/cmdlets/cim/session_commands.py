# SPDX-License-Identifier: GPL-3.0-or-later
"""New-, Get- and Remove-CimSession: sessions to the host itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from hvsim.cmdlets.cim.base import CimCommand, cim_cmdlet
from hvsim.cmdlets.cim.instance import CimSession
from hvsim.runtime import wildcard
from hvsim.runtime.context import ExecutionContext

_NAMESPACE = UUID("5c1d7a0e-8a2f-4f0b-a6c0-7f3d1d9f2a11")


class CimSessions:
    """The sessions of a runspace."""

    def __init__(self) -> None:
        self.open: list[CimSession] = []
        self.count = 0

    @classmethod
    def of(cls, ctx: ExecutionContext) -> CimSessions:
        found: CimSessions = ctx.services.setdefault(cls, cls())
        return found

    def make(self, name: str | None, computer: str, protocol: str) -> CimSession:
        self.count += 1
        made = CimSession(
            self.count, name or f"CimSession{self.count}", computer, uuid5(_NAMESPACE, str(self.count)), protocol
        )
        self.open.append(made)
        return made


@cim_cmdlet("New-CimSession", "ComputerName", "Name", "OperationTimeoutSec", "SkipTestConnection")
class NewCimSession(CimCommand):
    def process(self) -> None:
        self.require_local()
        sessions = CimSessions.of(self.ctx)
        for computer in self.arg("ComputerName") or [None]:
            protocol = "DCOM" if computer is None else "WSMAN"
            self.write(sessions.make(self.arg("Name"), computer or "localhost", protocol))


class SessionCommand(CimCommand):
    """Chooses among the sessions."""

    def chosen(self) -> list[CimSession]:
        """The sessions that the parameters name; a plain name or number that does not exist is an error."""
        sessions = CimSessions.of(self.ctx).open
        for parameter, attribute in (("Id", "id"), ("InstanceId", "instance_id")):
            if self.bound(parameter):
                return [s for value in self.args[parameter] for s in self._equal(parameter, attribute, value)]
        for parameter, attribute in (("Name", "name"), ("ComputerName", "computer_name")):
            if self.bound(parameter):
                return [s for value in self.args[parameter] for s in self._like(parameter, attribute, value)]
        return list(sessions)

    def _equal(self, parameter: str, attribute: str, value: Any) -> list[CimSession]:
        found = [s for s in CimSessions.of(self.ctx).open if getattr(s, attribute) == value]
        return found or self._missing(parameter, str(value))

    def _like(self, parameter: str, attribute: str, value: str) -> list[CimSession]:
        matches = wildcard.compile(value)
        found = [s for s in CimSessions.of(self.ctx).open if matches(getattr(s, attribute))]
        return found if found or wildcard.contains_wildcard(value) else self._missing(parameter, value)

    def _missing(self, parameter: str, value: str) -> list[CimSession]:
        self.error(
            f"Could not find CimSession with the given {parameter} = {value}",
            "CimCmdlet_ArgumentException",
            "ObjectNotFound",
            value,
            kind="System.ArgumentException",
        )
        return []


@cim_cmdlet("Get-CimSession", "ComputerName", "Id", "InstanceId", "Name")
class GetCimSession(SessionCommand):
    def process(self) -> None:
        for session in self.chosen():
            self.write(session)


@cim_cmdlet("Remove-CimSession", "CimSession", "ComputerName", "Id", "InstanceId", "Name")
class RemoveCimSession(SessionCommand):
    def process(self) -> None:
        doomed = list(self.args["CimSession"]) if self.bound("CimSession") else self.chosen()
        sessions = CimSessions.of(self.ctx)
        for session in doomed:
            if self.should_process(session.name, "Remove-CimSession"):
                sessions.open = [s for s in sessions.open if s is not session]

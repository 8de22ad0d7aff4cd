# SPDX-License-Identifier: GPL-3.0-or-later
"""What a runspace at the far end of a session has that a local one has not."""

from __future__ import annotations

from typing import ClassVar

from hvsim.library.management import machine_commands
from hvsim.runtime import types
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.members import getter
from hvsim.runtime.scope import Variable
from hvsim.runtime.values import NetObject

_SENDER = "System.Management.Automation.Remoting.PSSenderInfo"
HOST_NAME = "ServerRemoteHost"


@types.net_class(_SENDER)
class SenderInfo(NetObject):
    """``$PSSenderInfo``: who called."""

    __slots__ = ("user",)
    NET: ClassVar[str] = _SENDER

    def __init__(self, user: str) -> None:
        self.user = user


@getter(_SENDER, "ConnectionString", type="string")
def _connection_string(self: SenderInfo) -> str:
    return ""


class FarContexts:
    """Key of ``ctx.services``: the function ``(machine, user) -> ExecutionContext`` that makes a runspace on another machine."""


class RemoteHost:
    """Key of ``ctx.services``: the runspace belongs to a session; its host is ``ServerRemoteHost``."""


def prepare(ctx: ExecutionContext, *, user: str) -> None:
    """Makes a new runspace the far end of a session of that user."""
    machine_commands.install(ctx)
    ctx.services[RemoteHost] = True
    variables = ctx.global_scope.vars
    variables["pssenderinfo"] = Variable("PSSenderInfo", SenderInfo(user))

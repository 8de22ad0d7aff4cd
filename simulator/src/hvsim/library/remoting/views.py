# SPDX-License-Identifier: GPL-3.0-or-later
"""How sessions and jobs are shown."""

from __future__ import annotations

from typing import Any

from hvsim.library.formatting.views import View, choose, column, listed, table
from hvsim.library.remoting.jobs import JOB
from hvsim.library.remoting.session import PS_SESSION
from hvsim.runtime.context import ExecutionContext

_COLUMNS = (
    column("Id", 3, "right"),
    column("Name", 15),
    column("Transport", 9),
    column("ComputerName", 15),
    column("ComputerType", 15),
    column("State", 13),
    column("ConfigurationName", 22),
    column("Availability", 13, "right"),
)
_NEW = View("table", _COLUMNS, (PS_SESSION,))
_OLD = View("table", tuple(each for each in _COLUMNS if each.label != "Transport"), (PS_SESSION,))


def _of_edition(ctx: ExecutionContext, value: Any) -> View:
    """Windows PowerShell 5.1 does not name the transport."""
    return _OLD if ctx.edition == "5.1" else _NEW


choose(PS_SESSION, _of_edition)
table(
    JOB,
    column("Id", 6),
    column("Name", 15),
    column("PSJobTypeName", 15),
    column("State", 13),
    column("HasMoreData", 15),
    column("Location", 20),
    column("Command", 25),
)
listed(
    JOB, "HasMoreData", "StatusMessage", "Location", "Command", "JobStateInfo", "InstanceId", "Id", "Name", "ChildJobs", "PSBeginTime", "PSEndTime",
    "PSJobTypeName",
)  # fmt: skip

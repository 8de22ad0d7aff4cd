# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of cmdlets that only a Windows machine has, written short.

They are missing from the recorded metadata, which comes from Linux; parameters and sets follow the documentation of the
Microsoft.PowerShell.Management module.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hvsim.runtime.command import Cmdlet
from hvsim.runtime.context import ExecutionContext

_MANAGEMENT = "Microsoft.PowerShell.Management"


class WindowsCmdlet(Cmdlet):
    """Does not exist on other machines."""

    @classmethod
    def is_installed(cls, ctx: ExecutionContext) -> bool:
        return ctx.machine.is_windows


def parameter(
    name: str,
    kind: str,
    *sets: str,
    position: int | None = None,
    mandatory: bool = False,
    pipeline: bool = False,
    by_name: bool = False,
    aliases: Iterable[str] = (),
    values: Iterable[str] = (),
) -> dict[str, Any]:
    """One row as in ``cmdlets.json``; without *sets* the parameter is in all."""
    row: dict[str, Any] = {"name": name, "type": kind, "sets": []}
    for each in sets or ("__AllParameterSets",):
        entry: dict[str, Any] = {"set": each}
        if position is not None:
            entry["position"] = position
        if mandatory:
            entry["mandatory"] = True
        if pipeline:
            entry["pipeline"] = True
        if by_name:
            entry["pipeline_by_name"] = True
        row["sets"].append(entry)
    if aliases:
        row["aliases"] = list(aliases)
    if values:
        row["validate"] = [{"set": list(values)}]
    return row


def metadata(
    name: str, class_name: str, *rows: dict[str, Any], default_set: str | None = None, should_process: bool = False
) -> dict[str, Any]:
    """An entry as in ``cmdlets.json``."""
    return {
        "name": name,
        "module": _MANAGEMENT,
        "class": f"Microsoft.PowerShell.Commands.{class_name}",
        "default_set": default_set,
        "should_process": should_process,
        "parameters": list(rows),
    }

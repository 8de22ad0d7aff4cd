# SPDX-License-Identifier: GPL-3.0-or-later
"""Default views of the CIM types: an instance is a list of its own properties, a class a line under its namespace."""

from __future__ import annotations

from typing import Any, Final

from hvsim.cmdlets.cim.instance import INFRASTRUCTURE, CimInstance
from hvsim.library.formatting import views
from hvsim.library.formatting.views import View, column
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.objects import unwrap

_INSTANCE: Final = INFRASTRUCTURE + "CimInstance"


def _list_of(ctx: ExecutionContext, value: Any) -> View:
    instance = unwrap(value)
    if not isinstance(instance, CimInstance):
        return View("list", (), (_INSTANCE,))
    columns = tuple(column(found.name) for found in instance.all())
    return View("list", (*columns, column("PSComputerName")), (f"{_INSTANCE}#{instance.class_name}",))


def _namespace(ctx: ExecutionContext, value: Any) -> str:
    return f"   NameSpace: {unwrap(value).declaration.namespace.replace('root', 'ROOT', 1)}"


views.choose(_INSTANCE, _list_of)
views.table(
    INFRASTRUCTURE + "CimClass",
    column("CimClassName", 35),
    column("CimClassMethods", 20),
    column("CimClassProperties"),
    group=_namespace,
)
views.table(
    f"{_INSTANCE}#root/cimv2/Win32_OperatingSystem",
    column("SystemDirectory"),
    column("Organization"),
    column("BuildNumber"),
    column("RegisteredUser"),
    column("SerialNumber"),
    column("Version"),
)
views.table(
    f"{_INSTANCE}#root/cimv2/Win32_ComputerSystem",
    column("Name"),
    column("PrimaryOwnerName"),
    column("Domain"),
    column("TotalPhysicalMemory"),
    column("Model"),
    column("Manufacturer"),
)
views.table(
    f"{_INSTANCE}#root/cimv2/Win32_Service",
    column("ProcessId"),
    column("Name"),
    column("StartMode"),
    column("State"),
    column("Status"),
    column("ExitCode"),
)

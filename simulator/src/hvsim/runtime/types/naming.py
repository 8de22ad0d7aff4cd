# SPDX-License-Identifier: GPL-3.0-or-later
"""How types are written: PowerShell's own names, .NET's, and the short ones of ``Get-Member``."""

from __future__ import annotations

from hvsim.runtime.types.net_type import NetType
from hvsim.runtime.types.registry import display_names


def display(net_type: NetType) -> str:
    """PowerShell's own name of a type: ``int``, ``string``, ``System.Object[]``, ``psobject`` ..."""
    if net_type._display is None:
        net_type._display = _display(net_type)
    return net_type._display


def _display(net_type: NetType) -> str:
    if net_type.definition is not None:
        name = net_type.definition.full_name
        if "+" not in name:
            name = name.rpartition("`")[0]
        return name + "[" + ",".join(display(a) for a in net_type.arguments) + "]"
    if net_type.element_type is not None:
        return display(net_type.element_type) + "[" + "," * (net_type.rank - 1) + "]"
    accelerator = display_names.get(net_type.full_name)
    if accelerator is not None:
        return accelerator
    if net_type.full_name == "System.Management.Automation.PSCustomObject":
        return "PSCustomObject"
    if net_type.parameters:
        return net_type.full_name + "[" + ",".join(net_type.parameters) + "]"
    return net_type.full_name


def type_to_string(net_type: NetType) -> str:
    """.NET's ``Type.ToString()``: as FullName, but generic arguments without assemblies."""
    if net_type.definition is not None:
        return net_type.definition.full_name + "[" + ",".join(type_to_string(a) for a in net_type.arguments) + "]"
    if net_type.element_type is not None:
        return type_to_string(net_type.element_type) + "[" + "," * (net_type.rank - 1) + "]"
    if net_type.parameters:
        return net_type.full_name + "[" + ",".join(net_type.parameters) + "]"
    return net_type.full_name


def short_display(net_type: NetType) -> str:
    """As :func:`display` without namespaces: what ``Get-Member`` and some messages show."""
    if net_type.definition is not None:
        return (
            net_type.definition.name.rpartition("`")[0]
            + "["
            + ",".join(short_display(a) for a in net_type.arguments)
            + "]"
        )
    if net_type.element_type is not None:
        return short_display(net_type.element_type) + "[" + "," * (net_type.rank - 1) + "]"
    accelerator = display_names.get(net_type.full_name)
    return accelerator if accelerator is not None else net_type.name

# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the machine's registry as PowerShell reads and writes them."""

from __future__ import annotations

import re
from typing import Any

from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.support import bytes_array, string_array
from hvsim.runtime import convert, objects, types
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.values import Array, Int64, UInt32, UInt64


def _values(ctx: ExecutionContext, path: str) -> list[Any]:
    return list(ctx.machine.registry.values(from_utf16(path))) if path else []


def value_names(ctx: ExecutionContext, path: str) -> list[str]:
    """Names of a key's values as PowerShell shows them."""
    return ["(default)" if v.name == "" else to_utf16(v.name) for v in _values(ctx, path)]


def read_value(ctx: ExecutionContext, path: str, name: str, *, expand: bool = True) -> Any:
    """A value as .NET gives it; None if there is none."""
    wanted = "" if name.lower() == "(default)" else name
    for value in _values(ctx, path):
        if value.name.lower() == from_utf16(wanted).lower():
            return to_net(ctx, value, expand)
    return None


def read_property(ctx: ExecutionContext, path: str, name: str) -> Any:
    """A value as the provider gives it: numbers that .NET reads as negative become unsigned (RegistryWrapperUtils)."""
    found = read_value(ctx, path, name)
    if isinstance(found, int) and not isinstance(found, bool) and found < 0:
        wide = isinstance(found, Int64)
        return UInt64(found + (1 << 64)) if wide else UInt32(found + (1 << 32))
    return found


def has_value(ctx: ExecutionContext, path: str, name: str) -> bool:
    return any(n.lower() == name.lower() for n in value_names(ctx, path))


def to_net(ctx: ExecutionContext, value: Any, expand: bool = True) -> Any:
    """Registry data as a PowerShell value: DWord is an Int32, QWord an Int64."""
    data = value.data
    if isinstance(data, str):
        return to_utf16(_expanded(ctx, data) if value.kind == "ExpandString" and expand else data)
    if isinstance(data, bytes):
        return bytes_array(data)
    if isinstance(data, list):
        return string_array([to_utf16(line) for line in data])
    if value.kind == "QWord":
        return Int64(data - (1 << 64) if data >= 1 << 63 else data)
    return data - (1 << 32) if data >= 1 << 31 else data


def _expanded(ctx: ExecutionContext, text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        found = ctx.machine.environment.get(match[1])
        return match[0] if found is None else str(found)

    return re.sub(r"%([^%]+)%", replace, text)


def write_value(ctx: ExecutionContext, path: str, name: str, value: Any, kind: str | None) -> None:
    """Sets a value; without *kind* an existing value keeps its own, if the data can be converted to it, and a new one
    gets that of the data (RegistryProvider.SetRegistryValue).

    Raises:
        PSError: the data cannot be converted.
    """
    name = "" if name.lower() == "(default)" else name
    if kind is None:
        kind = next((v.kind for v in _values(ctx, path) if v.name.lower() == from_utf16(name).lower()), None)
        if kind is not None:
            try:
                ctx.machine.registry.set_value(from_utf16(path), from_utf16(name), _data(ctx, value, kind), kind)
                return
            except PSError:
                pass
        kind = _kind_of(objects.unwrap(value))
    ctx.machine.registry.set_value(from_utf16(path), from_utf16(name), _data(ctx, value, kind), kind)


def _kind_of(value: Any) -> str:
    """The kind of a value that comes without one; what has no kind of its own becomes text.

    Raises:
        PSError: an array of another type than ``byte[]`` and ``string[]``.
    """
    if isinstance(value, Array):
        return array_kind(value)
    return {"System.Int32": "DWord", "System.Int64": "QWord"}.get(types.of(value).full_name if value is not None else "", "String")


def array_kind(value: Array) -> str:
    """``RegistryKey.SetValue``'s choice for an array.

    Raises:
        PSError: an array of another type than ``byte[]`` and ``string[]``.
    """
    element = value.element_type.full_name if value.element_type is not None else "System.Object"
    known = {"System.Byte": "Binary", "System.String": "MultiString"}.get(element)
    if known is not None:
        return known
    shown = element.rpartition(".")[2]
    text = f"RegistryKey.SetValue does not support arrays of type '{shown}[]'. Only Byte[] and String[] are supported."
    raise net_error("System.ArgumentException", text)


_NUMBERS = {"DWord": ("System.Int32", "System.UInt32", 32), "QWord": ("System.Int64", "System.UInt64", 64)}


def _data(ctx: ExecutionContext, value: Any, kind: str) -> Any:
    if kind in _NUMBERS:
        signed, unsigned, bits = _NUMBERS[kind]
        try:
            number = convert.to(ctx, value, types.get(signed))
        except PSError:
            number = convert.to(ctx, value, types.get(unsigned))
        return int(number) & ((1 << bits) - 1)
    if kind == "Binary":
        return bytes(int(b) for b in convert.to(ctx, value, types.get("System.Byte[]")))
    if kind == "MultiString":
        return [from_utf16(s) for s in convert.to(ctx, value, types.get("System.String[]"))]
    return from_utf16(convert.to_string(ctx, value))

# SPDX-License-Identifier: GPL-3.0-or-later
"""``CimSerializer``: an instance as the bytes of its XML text (UTF-16, little endian, without a mark)."""

from __future__ import annotations

from typing import Any, Final

from hvsim.cmdlets.cim.instance import INFRASTRUCTURE, CimInstance, CimProperty
from hvsim.hyperv.embedded import escape_text
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16
from hvsim.runtime import convert, types
from hvsim.runtime.members import method, static_method
from hvsim.runtime.types import net_class
from hvsim.runtime.values import Array, Byte, EnumValue, NetObject

_SERIALIZATION: Final = INFRASTRUCTURE + "Serialization."
OPTIONS: Final = types.register(
    types.NetType(
        _SERIALIZATION + "InstanceSerializationOptions",
        "System.Enum",
        kind="e",
        is_flags=True,
        enum_members={"None": 0, "IncludeClasses": 1},
    )
)


@net_class(_SERIALIZATION + "CimSerializer")
class CimSerializer(NetObject):
    __slots__ = ()


def instance_text(ctx: Any, instance: CimInstance) -> str:
    """``<INSTANCE CLASSNAME="...">`` with a PROPERTY for each property; null properties have no VALUE."""
    properties = "".join(_property(ctx, p) for p in instance.all())
    return f'<INSTANCE CLASSNAME="{instance.class_name}">{properties}</INSTANCE>'


def _property(ctx: Any, found: CimProperty) -> str:
    array = found.declared.endswith("[]")
    kind = found.declared.removesuffix("[]")
    if kind in ("ref", "instance", "datetime"):
        if found.value is None:
            return f'<PROPERTY NAME="{found.name}" TYPE="{"datetime" if kind == "datetime" else "string"}"></PROPERTY>'
        raise Unsupported(f"CimSerializer of a property of type {found.declared}")
    modified = ' MODIFIED="TRUE"' if found.modified else ""
    tag = "PROPERTY.ARRAY" if array else "PROPERTY"
    if found.value is None:
        content = ""
    elif array:
        content = f"<VALUE.ARRAY>{''.join(_value(ctx, v) for v in found.value)}</VALUE.ARRAY>"
    else:
        content = _value(ctx, found.value)
    return f'<{tag} NAME="{found.name}" TYPE="{kind}"{modified}>{content}</{tag}>'


def _value(ctx: Any, value: Any) -> str:
    text = ("TRUE" if value else "FALSE") if isinstance(value, bool) else convert.to_string(ctx, value)
    return f"<VALUE>{escape_text(text)}</VALUE>"


@static_method(_SERIALIZATION + "CimSerializer", "Create", overloads=[f"() -> {_SERIALIZATION}CimSerializer"])
def _create() -> CimSerializer:
    made: CimSerializer = CimSerializer()
    return made


@method(
    _SERIALIZATION + "CimSerializer",
    "Serialize",
    overloads=[f"({INFRASTRUCTURE}CimInstance, {_SERIALIZATION}InstanceSerializationOptions) -> byte[]"],
    context=True,
)
def _serialize(ctx: Any, self: CimSerializer, instance: CimInstance, options: EnumValue) -> Array:
    if options.value:
        raise Unsupported("CimSerializer.Serialize with InstanceSerializationOptions IncludeClasses")
    data = from_utf16(instance_text(ctx, instance)).encode("utf-16-le", "surrogatepass")
    return Array(map(Byte, data), types.get("System.Byte"))


@method(_SERIALIZATION + "CimSerializer", "Dispose", overloads=["() -> void"])
def _dispose(self: CimSerializer) -> None:
    return None

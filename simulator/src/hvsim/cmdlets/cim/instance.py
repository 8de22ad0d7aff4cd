# SPDX-License-Identifier: GPL-3.0-or-later
"""``CimInstance`` and its parts as PowerShell sees them (``CimInstanceAdapter`` of System.Management.Automation)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from hvsim.cmdlets.cim.schema import ClassDeclaration, PropertyDeclaration
from hvsim.lang.text import to_utf16
from hvsim.runtime import convert, types
from hvsim.runtime.errors import net_error, runtime_error
from hvsim.runtime.member_info import AdaptedProperty
from hvsim.runtime.objects import unwrap
from hvsim.runtime.structs import DateTime, Guid
from hvsim.runtime.types import net_class
from hvsim.runtime.values import (
    Array,
    Byte,
    EnumValue,
    Int16,
    Int64,
    NetObject,
    SByte,
    Single,
    UInt16,
    UInt32,
    UInt64,
)

INFRASTRUCTURE: Final = "Microsoft.Management.Infrastructure."
_TICKS_AT_UNIX_EPOCH: Final = 621_355_968_000_000_000

#: MOF type -> (name in CimType, .NET type).
CIM_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "boolean": ("Boolean", "System.Boolean"),
    "uint8": ("UInt8", "System.Byte"),
    "sint8": ("SInt8", "System.SByte"),
    "uint16": ("UInt16", "System.UInt16"),
    "sint16": ("SInt16", "System.Int16"),
    "uint32": ("UInt32", "System.UInt32"),
    "sint32": ("SInt32", "System.Int32"),
    "uint64": ("UInt64", "System.UInt64"),
    "sint64": ("SInt64", "System.Int64"),
    "real32": ("Real32", "System.Single"),
    "real64": ("Real64", "System.Double"),
    "char16": ("Char16", "System.Char"),
    "datetime": ("DateTime", "System.DateTime"),
    "string": ("String", "System.String"),
    "ref": ("Reference", INFRASTRUCTURE + "CimInstance"),
    "instance": ("Instance", INFRASTRUCTURE + "CimInstance"),
}
_WRAPPERS: Final[Mapping[str, Any]] = {
    "uint8": Byte,
    "sint8": SByte,
    "uint16": UInt16,
    "sint16": Int16,
    "uint32": UInt32,
    "sint32": int,
    "uint64": UInt64,
    "sint64": Int64,
    "real32": Single,
    "real64": float,
}

CIM_TYPE: Final = types.register(
    types.NetType(
        INFRASTRUCTURE + "CimType",
        "System.Enum",
        kind="e",
        enum_members={
            "Unknown": 0,
            **{row[0]: number for number, row in enumerate(CIM_TYPES.values(), 1)},
            **{f"{row[0]}Array": number for number, row in enumerate(CIM_TYPES.values(), 17)},
        },
    )
)
CIM_FLAGS: Final = types.register(
    types.NetType(
        INFRASTRUCTURE + "CimFlags",
        "System.Enum",
        kind="e",
        is_flags=True,
        enum_members={
            "None": 0,
            "Class": 1,
            "Method": 2,
            "Property": 4,
            "Parameter": 8,
            "Association": 16,
            "Indication": 32,
            "Reference": 64,
            "Key": 4096,
            "In": 8192,
            "Out": 16384,
            "Required": 32768,
            "Static": 65536,
            "Abstract": 131072,
            "ReadOnly": 2097152,
            "NotModified": 33554432,
            "NullValue": 536870912,
        },
    )
)
FLAG_PROPERTY, FLAG_KEY, FLAG_READ_ONLY = 4, 4096, 2097152
FLAG_NOT_MODIFIED, FLAG_NULL = 33554432, 536870912


def cim_type(declared: str) -> EnumValue:
    """``uint16[]`` -> ``CimType.UInt16Array``."""
    name = CIM_TYPES[declared.removesuffix("[]")][0] + ("Array" if declared.endswith("[]") else "")
    return types.enum(CIM_TYPE.full_name, name)


def mof_type(value: EnumValue) -> str:
    """``CimType.UInt16Array`` -> ``uint16[]``; an unknown type counts as string."""
    number = value.value
    names = list(CIM_TYPES)
    if 1 <= number <= 16:
        return names[number - 1]
    return f"{names[number - 17]}[]" if 17 <= number <= 32 else "string"


def net_type_of(declared: str) -> types.NetType:
    """The .NET type of a MOF type."""
    found = types.get(CIM_TYPES[declared.removesuffix("[]")][1])
    return types.array_of(found) if declared.endswith("[]") else found


def value_of(declared: str, value: Any) -> Any:
    """A plain Python value of the model as the engine's value of that type."""
    if value is None:
        return None
    if declared.endswith("[]"):
        inner = declared[:-2]
        return Array([value_of(inner, v) for v in value], types.get(CIM_TYPES[inner][1]))
    if isinstance(value, str):
        return value if value.isascii() else to_utf16(value)
    if isinstance(value, UUID):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        return DateTime(_TICKS_AT_UNIX_EPOCH + round(value.timestamp() * 10_000_000), 2)
    wrapper = _WRAPPERS.get(declared)
    return wrapper(value) if wrapper is not None and not isinstance(value, bool) else value


class CimProperty(NetObject):
    """One property of one instance."""

    __slots__ = ("declared", "flags", "modified", "name", "origin", "value")
    NET = INFRASTRUCTURE + "CimProperty"

    def __init__(self, name: str, declared: str, value: Any, flags: int = FLAG_PROPERTY, origin: str = "") -> None:
        self.name = name
        self.declared = declared
        self.value = value
        self.flags = flags
        self.origin = origin
        self.modified = False

    @property
    def all_flags(self) -> int:
        extra = 0 if self.modified else FLAG_NOT_MODIFIED
        return self.flags | extra | (FLAG_NULL if self.value is None else 0)

    def assign(self, ctx: Any, value: Any) -> None:
        """``Value = value``: converted to the property's type."""
        self.value = converted(ctx, value, self.declared)
        self.modified = True

    def net_text(self, ctx: Any) -> str:
        value = "" if self.value is None else convert.to_string(ctx, self.value)
        return f'{self.name} = "{value}"' if self.declared == "string" else f"{self.name} = {value}"


def converted(ctx: Any, value: Any, declared: str) -> Any:
    """A script's value as the type of a property or parameter.

    Arrays are taken as they are: ``object[]`` is no ``string[]`` (U: scripts that work on real hosts cast theirs).

    Raises:
        PSError: the value does not fit.
    """
    base = unwrap(value)
    if base is None:
        return None
    if declared == "datetime":
        return base
    target = net_type_of(declared)
    if declared.endswith("[]") and types.of(base) is not target:
        raise net_error(
            "System.InvalidCastException",
            f"Unable to cast object of type '{types.type_to_string(types.of(base))}' to type "
            f"'{types.type_to_string(target)}'.",
        )
    return convert.to(ctx, base, target)


class CimInstance(NetObject):
    """An instance: property objects by lower-case name, made when they are asked for.

    Attributes:
        declaration: its class, None for a dynamic one of ``New-CimInstance -ClientOnly -ClassName``.
        values: values by lower-case name until a property object exists.
        properties: property objects.
    """

    __slots__ = ("class_name", "declaration", "namespace", "properties", "server", "values")
    NET = INFRASTRUCTURE + "CimInstance"

    def __init__(
        self, declaration: ClassDeclaration | None, class_name: str, namespace: str | None, server: str | None = None
    ) -> None:
        self.declaration = declaration
        self.class_name = class_name
        self.namespace = namespace
        self.server = server
        self.values: dict[str, Any] = {}
        self.properties: dict[str, CimProperty] = {}
        self.type_names = _type_names(declaration, class_name, namespace)

    # -- properties --

    def find(self, name: str) -> CimProperty | None:
        """A property object by name in any case."""
        key = name.lower()
        found = self.properties.get(key)
        if found is not None:
            return found
        declared = self.declaration.properties.get(key) if self.declaration is not None else None
        if declared is None or (key not in self.values and self.values.get("__keys_only")):
            return None
        made = CimProperty(declared.name, declared.cim_type, self.values.get(key), _flags(declared), declared.origin)
        self.properties[key] = made
        return made

    def all(self) -> list[CimProperty]:
        """All property objects in the order of the class."""
        names = list(self.declaration.properties) if self.declaration is not None else []
        names += [name for name in self.properties if name not in names]
        return [found for name in names if (found := self.find(name)) is not None]

    def get(self, name: str) -> Any:
        """A value, None when there is no such property."""
        key = name.lower()
        found = self.properties.get(key)
        return found.value if found is not None else self.values.get(key)

    def add(self, added: CimProperty) -> None:
        """A property that the class does not have."""
        self.properties[added.name.lower()] = added

    # -- the adapter --

    def get_adapted(self, ctx: Any, name: str) -> AdaptedProperty | None:
        found = self.find(name)
        if found is not None:
            return _member(found, name)
        if name.lower() == "pscomputername":
            return AdaptedProperty("PSComputerName", lambda ctx: self.server, None, "string")
        return None

    def adapted_members(self, ctx: Any) -> list[AdaptedProperty]:
        computer = AdaptedProperty("PSComputerName", lambda ctx: self.server, None, "string")
        return [*(_member(p, p.name) for p in self.all()), computer]

    def net_text(self, ctx: Any) -> str:
        """``Class: Caption (Key = "value")``."""
        keys = ", ".join(p.net_text(ctx) for p in self.all() if p.flags & FLAG_KEY)
        caption = self.get("Caption")
        if not caption:
            return f"{self.class_name} ({keys})" if keys else self.class_name
        return f"{self.class_name}: {caption} ({keys})" if keys else f'{self.class_name}: "{caption}"'


def _flags(declared: PropertyDeclaration) -> int:
    return FLAG_PROPERTY | (FLAG_KEY if declared.key else 0) | (0 if declared.writable else FLAG_READ_ONLY)


_names: dict[tuple[str, str | None, int], list[str]] = {}


def _type_names(declaration: ClassDeclaration | None, class_name: str, namespace: str | None) -> list[str]:
    key = (class_name, namespace, id(declaration))
    found = _names.get(key)
    if found is None:
        chain = [c.name for c in declaration.chain] if declaration is not None else [class_name]
        prefix = INFRASTRUCTURE + "CimInstance#"
        found = [f"{prefix}{namespace}/{name}" for name in chain] if namespace else []
        found += [f"{prefix}{name}" for name in chain]
        _names[key] = found
    return found


def _member(found: CimProperty, name: str) -> AdaptedProperty:
    setter = None
    if not found.flags & FLAG_READ_ONLY:
        setter = found.assign
    member = _CimMember(name, lambda ctx: found.value, setter, _shown_type(found.declared))
    return member


class _CimMember(AdaptedProperty):
    """A property of an instance; one without the Write qualifier is refused with CIM's own error."""

    __slots__ = ()

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        if self.setter is None:
            raise runtime_error(
                "ReadOnlyCIMProperty",
                f'The "{self.name}" property is read only.',
                kind="System.Management.Automation.SetValueException",
                category="NotSpecified",
            )
        self.setter(ctx, value)

    def copy(self) -> _CimMember:
        return _CimMember(self.name, self.getter, self.setter, self.value_type)


def _shown_type(declared: str) -> str:
    if declared.removesuffix("[]") in ("datetime", "ref", "instance"):
        return f"CimInstance#{types.enum_text(cim_type(declared))}"
    return types.display(net_type_of(declared))


class CimCollection(NetObject):
    """``CimReadOnlyKeyedCollection`` and ``CimKeyedCollection``: named things in order."""

    __slots__ = ("items", "owner")
    NET = INFRASTRUCTURE + "Generic.CimKeyedCollection"

    def __init__(self, items: Iterable[Any], owner: CimInstance | None = None) -> None:
        self.items = list(items)
        self.owner = owner

    def __iter__(self) -> Any:
        return iter(self.items)

    def find(self, name: str) -> Any:
        wanted = name.lower()
        return next((item for item in self.items if item.name.lower() == wanted), None)


class CimSystemProperties(NetObject):
    """Class, namespace and server of an instance or class."""

    __slots__ = ("class_name", "namespace", "server")
    NET = INFRASTRUCTURE + "CimSystemProperties"

    def __init__(self, class_name: str, namespace: str | None, server: str | None) -> None:
        self.class_name = class_name
        self.namespace = namespace
        self.server = server


class CimClass(NetObject):
    """A class declaration."""

    __slots__ = ("declaration", "server")
    NET = INFRASTRUCTURE + "CimClass"

    def __init__(self, declaration: ClassDeclaration, server: str | None) -> None:
        self.declaration = declaration
        self.server = server

    def net_text(self, ctx: Any) -> str:
        return f"{self.declaration.namespace.upper()}:{self.declaration.name}"


class CimDeclaration(NetObject):
    """A property, method or parameter of a class; ``item`` is the schema's own object."""

    __slots__ = ("item", "name")

    def __init__(self, item: Any) -> None:
        self.item = item
        self.name: str = item.name

    def net_text(self, ctx: Any) -> str:
        return self.name


@net_class(INFRASTRUCTURE + "CimPropertyDeclaration")
class CimPropertyDeclaration(CimDeclaration):
    __slots__ = ()


@net_class(INFRASTRUCTURE + "CimMethodDeclaration")
class CimMethodDeclaration(CimDeclaration):
    __slots__ = ()


@net_class(INFRASTRUCTURE + "CimMethodParameterDeclaration")
class CimParameterDeclaration(CimDeclaration):
    __slots__ = ()


class CimQualifier(NetObject):
    """A qualifier of a class."""

    __slots__ = ("declared", "name", "value")
    NET = INFRASTRUCTURE + "CimQualifier"

    def __init__(self, name: str, declared: str, value: Any) -> None:
        self.name = name
        self.declared = declared
        self.value = value

    def net_text(self, ctx: Any) -> str:
        return f"{self.name} = {convert.to_string(ctx, self.value)}"


class CimSession(NetObject):
    """A session to the host itself: the simulator has no other."""

    __slots__ = ("computer_name", "id", "instance_id", "name", "protocol")
    NET = INFRASTRUCTURE + "CimSession"

    def __init__(self, number: int, name: str, computer_name: str, instance_id: UUID, protocol: str) -> None:
        self.id = number
        self.name = name
        self.computer_name = computer_name
        self.instance_id = Guid(instance_id)
        self.protocol = protocol


for _class in (CimProperty, CimInstance, CimCollection, CimSystemProperties, CimClass, CimQualifier, CimSession):
    net_class(_class.NET)(_class)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of the CIM types as scripts use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hvsim.cmdlets.cim.instance import (
    CIM_FLAGS,
    INFRASTRUCTURE,
    CimClass,
    CimCollection,
    CimInstance,
    CimMethodDeclaration,
    CimParameterDeclaration,
    CimProperty,
    CimPropertyDeclaration,
    CimQualifier,
    CimSystemProperties,
    _flags,
    cim_type,
    mof_type,
)
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, indexer, method, setter, static_method
from hvsim.runtime.objects import unwrap
from hvsim.runtime.values import EnumValue

_STRING: Final = "System.String"
_TYPE: Final = INFRASTRUCTURE + "CimType"
_FLAGS: Final = INFRASTRUCTURE + "CimFlags"
_COLLECTION: Final = CimCollection.NET
_INSTANCE: Final = CimInstance.NET

convert.SEQUENCES[CimCollection] = lambda value: iter(value.items)


def _get(kind: str, name: str, type_name: str, read: Callable[[Any], Any]) -> None:
    getter(kind, name, type=type_name)(read)


def _server(ctx: Any) -> str:
    host: Host | None = ctx.services.get(Host)
    return "" if host is None else host.name.upper()


# ---- CimInstance -----------------------------------------------------------------------------------------------------


@getter(_INSTANCE, "CimClass", type=CimClass.NET, context=True)
def _class_of(ctx: Any, self: CimInstance) -> CimClass | None:
    return None if self.declaration is None else CimClass(self.declaration, _server(ctx))


_get(_INSTANCE, "CimInstanceProperties", _COLLECTION, lambda self: CimCollection(self.all(), self))


@getter(_INSTANCE, "CimSystemProperties", type=CimSystemProperties.NET, context=True)
def _system_of(ctx: Any, self: CimInstance) -> CimSystemProperties:
    return CimSystemProperties(self.class_name, self.namespace, _server(ctx) if self.namespace else None)


@constructor(
    _INSTANCE,
    overloads=[
        f"({CimClass.NET}) -> {_INSTANCE}",
        f"(string) -> {_INSTANCE}",
        f"(string, string) -> {_INSTANCE}",
    ],
)
def _new_instance(_type: Any, first: Any, namespace: str | None = None) -> CimInstance:
    if isinstance(first, CimClass):
        return CimInstance(first.declaration, first.declaration.name, first.declaration.namespace)
    return CimInstance(None, first, namespace)


method(_INSTANCE, "Dispose", overloads=["() -> void"])(lambda self: None)
method(_INSTANCE, "GetCimSessionComputerName", overloads=["() -> string"])(lambda self: self.server)

# ---- properties ------------------------------------------------------------------------------------------------------

_get(CimProperty.NET, "Name", _STRING, lambda self: self.name)
_get(CimProperty.NET, "Value", "System.Object", lambda self: self.value)
_get(CimProperty.NET, "CimType", _TYPE, lambda self: cim_type(self.declared))
_get(CimProperty.NET, "Flags", _FLAGS, lambda self: EnumValue(CIM_FLAGS, self.all_flags))
_get(CimProperty.NET, "IsValueModified", "System.Boolean", lambda self: self.modified)


@setter(CimProperty.NET, "Value", context=True)
def _assign(ctx: Any, self: CimProperty, value: Any) -> None:
    self.assign(ctx, value)


_CREATE = f"(string, System.Object, {_FLAGS}) -> {CimProperty.NET}"
_CREATE_TYPED = f"(string, System.Object, {_TYPE}, {_FLAGS}) -> {CimProperty.NET}"


@static_method(CimProperty.NET, "Create", overloads=[_CREATE, _CREATE_TYPED], context=True)
def _create(ctx: Any, name: str, value: Any, *rest: EnumValue) -> CimProperty:
    declared = mof_type(rest[0]) if len(rest) == 2 else guessed_type(value)
    made = CimProperty(name, declared, None, rest[-1].value | 4)
    made.assign(ctx, value)
    return made


def guessed_type(value: Any) -> str:
    """The CIM type that a .NET value has of itself (``CimConverter.GetCimType``).

    Raises:
        PSError: none fits.
    """
    base = unwrap(value)
    if base is None:
        return "string"
    if isinstance(base, CimInstance):
        return "instance"
    found = _MOF_BY_NET.get(types.of(base).full_name)
    if found is None:
        raise net_error(
            "System.ArgumentException", f"No CIM type fits a value of type {types.type_to_string(types.of(base))}."
        )
    return found


_MOF_BY_NET: Final = {
    "System.Boolean": "boolean",
    "System.Byte": "uint8",
    "System.SByte": "sint8",
    "System.UInt16": "uint16",
    "System.Int16": "sint16",
    "System.UInt32": "uint32",
    "System.Int32": "sint32",
    "System.UInt64": "uint64",
    "System.Int64": "sint64",
    "System.Single": "real32",
    "System.Double": "real64",
    "System.Char": "char16",
    "System.String": "string",
    "System.DateTime": "datetime",
    _INSTANCE + "[]": "instance[]",
}
_MOF_BY_NET.update({f"{net}[]": f"{mof}[]" for net, mof in list(_MOF_BY_NET.items()) if not net.endswith("[]")})

_get(_COLLECTION, "Count", "System.Int32", lambda self: len(self.items))
indexer(_COLLECTION, overloads=["(string) -> System.Object"])(lambda self, name: self.find(name))


@method(_COLLECTION, "Add", overloads=[f"({CimProperty.NET}) -> void"])
def _add(self: CimCollection, item: CimProperty) -> None:
    if self.owner is None:
        raise Unsupported("CimKeyedCollection.Add of something that is no instance's properties")
    self.owner.add(item)
    self.items.append(item)


# ---- system properties, classes --------------------------------------------------------------------------------------

_get(CimSystemProperties.NET, "ClassName", _STRING, lambda self: self.class_name)
_get(CimSystemProperties.NET, "Namespace", _STRING, lambda self: self.namespace)
_get(CimSystemProperties.NET, "ServerName", _STRING, lambda self: self.server)
_get(CimSystemProperties.NET, "Path", _STRING, lambda self: None)

_get(CimClass.NET, "CimClassName", _STRING, lambda self: self.declaration.name)
_get(
    CimClass.NET,
    "CimSuperClassName",
    _STRING,
    lambda self: None if self.declaration.base is None else self.declaration.base.name,
)
_get(
    CimClass.NET,
    "CimSuperClass",
    CimClass.NET,
    lambda self: None if self.declaration.base is None else CimClass(self.declaration.base, self.server),
)
_get(
    CimClass.NET,
    "CimClassProperties",
    _COLLECTION,
    lambda self: CimCollection(map(CimPropertyDeclaration, self.declaration.properties.values())),
)
_get(
    CimClass.NET,
    "CimClassMethods",
    _COLLECTION,
    lambda self: CimCollection(map(CimMethodDeclaration, self.declaration.methods.values())),
)
_get(
    CimClass.NET,
    "CimSystemProperties",
    CimSystemProperties.NET,
    lambda self: CimSystemProperties(self.declaration.name, self.declaration.namespace, self.server),
)


def _qualifiers(self: CimClass) -> CimCollection:
    """Those of the documentation's syntax sections: who provides the instances, or that there are none."""
    if not self.declaration.name.startswith(("Msvm_", "Win32_")):
        return CimCollection([CimQualifier("Abstract", "boolean", True)])
    provider = "CIMWin32" if self.declaration.name.startswith("Win32_") else "VmmsWmiInstanceAndMethodProvider"
    return CimCollection([CimQualifier("dynamic", "boolean", True), CimQualifier("provider", "string", provider)])


_get(CimClass.NET, "CimClassQualifiers", _COLLECTION, _qualifiers)
_get(CimQualifier.NET, "Name", _STRING, lambda self: self.name)
_get(CimQualifier.NET, "Value", "System.Object", lambda self: self.value)
_get(CimQualifier.NET, "CimType", _TYPE, lambda self: cim_type(self.declared))

for _kind in (CimPropertyDeclaration.NET, CimMethodDeclaration.NET, CimParameterDeclaration.NET):
    _get(_kind, "Name", _STRING, lambda self: self.name)
_get(CimPropertyDeclaration.NET, "CimType", _TYPE, lambda self: cim_type(self.item.cim_type))
_get(CimPropertyDeclaration.NET, "Flags", _FLAGS, lambda self: EnumValue(CIM_FLAGS, _flags(self.item)))
_get(CimMethodDeclaration.NET, "ReturnType", _TYPE, lambda self: cim_type(self.item.returns))
_get(
    CimMethodDeclaration.NET,
    "Parameters",
    _COLLECTION,
    lambda self: CimCollection(map(CimParameterDeclaration, self.item.parameters)),
)
_get(CimParameterDeclaration.NET, "CimType", _TYPE, lambda self: cim_type(self.item.cim_type))

# ---- sessions --------------------------------------------------------------------------------------------------------

_SESSION: Final = INFRASTRUCTURE + "CimSession"
_get(_SESSION, "Id", "System.UInt32", lambda self: self.id)
_get(_SESSION, "Name", _STRING, lambda self: self.name)
_get(_SESSION, "InstanceId", "System.Guid", lambda self: self.instance_id)
_get(_SESSION, "ComputerName", _STRING, lambda self: self.computer_name)
_get(_SESSION, "Protocol", _STRING, lambda self: self.protocol)
method(_SESSION, "Close", overloads=["() -> void"])(lambda self: None)
method(_SESSION, "Dispose", overloads=["() -> void"])(lambda self: None)


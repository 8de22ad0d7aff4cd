# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Object``, ``System.Type``, ``Activator`` and what little of reflection scripts use."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import compare, convert, members, objects, types, values
from hvsim.runtime.errors import net_error
from hvsim.runtime.member_info import write_property
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, Integer, NetObject, PSCustomObject

_OBJECT = "System.Object"
_TYPE = "System.Type"


class PlainObject(NetObject):
    """``[object]::new()``."""

    __slots__ = ()
    NET = _OBJECT


@constructor(_OBJECT)
def _new_object(net_type: NetType) -> Any:
    return PlainObject()


@method(_OBJECT, "ToString", context=True)
def _to_string(ctx: Any, self: Any) -> str:
    if type(self) is PSCustomObject:
        # Called, not converted: the .NET object under a custom object has no text.
        return ""
    return convert.net_string(ctx, self)


@method(_OBJECT, "GetType")
def _get_type(self: Any) -> NetType:
    return types.of(self)


@method(_OBJECT, "Equals")
def _equals(self: Any, other: Any) -> bool:
    return compare.net_equals(objects.unwrap(self), objects.unwrap(other))


@method(_OBJECT, "GetHashCode")
def _hash_code(self: Any) -> int:
    if type(self) is int:
        return self
    if type(self) is bool:
        return int(self)
    if isinstance(self, Integer):
        number = int(self)
        return _int32(number ^ (number >> 32)) if type(self) in (values.Int64, values.UInt64) else _int32(number)
    if type(self) is EnumValue:
        return _int32(self.value)
    return _int32(hash(self))


def _int32(number: int) -> int:
    number &= 0xFFFFFFFF
    return number - (1 << 32) if number >= 1 << 31 else number


@static_method(_OBJECT, "ReferenceEquals")
def _reference_equals(a: Any, b: Any) -> bool:
    a, b = objects.unwrap(a), objects.unwrap(b)
    if isinstance(a, (int, float, EnumValue, values.Char, values.Decimal)):
        return False
    return a is b or (type(a) is str and type(b) is str and a == b == "")


@static_method(_OBJECT, "Equals")
def _static_equals(a: Any, b: Any) -> bool:
    return compare.net_equals(objects.unwrap(a), objects.unwrap(b))


# --- Type ---------------------------------------------------------------------------------------------------------

_SERIALIZABLE = frozenset(
    f"System.{name}"
    for name in (
        "Object", "ValueType", "Array", "String", "Boolean", "Char", "SByte", "Byte", "Int16", "UInt16",
        "Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "Decimal", "DateTime", "DateTimeOffset",
        "TimeSpan", "Guid", "Version", "Uri", "Collections.Hashtable", "Collections.ArrayList"
    )
)
"""Types with ``[Serializable]`` among those that scripts look at (dotnet/runtime)."""
_PRIMITIVE = frozenset(
    f"System.{n}"
    for n in (
        ["Boolean", "Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "IntPtr", "UIntPtr", "Char", "Double", "Single"]
    )
)


def _full_name(self: NetType) -> str | None:
    return self.full_name


def _assembly_qualified(self: NetType) -> str:
    return f"{self.full_name}, {self.assembly}"


class Assembly(NetObject):
    """``System.Reflection.Assembly``, as much as its name."""

    __slots__ = ("display_name",)
    NET = "System.Reflection.RuntimeAssembly"

    def __init__(self, display_name: str) -> None:
        self.display_name = display_name

    def net_text(self, _ctx: Any) -> str:
        return self.display_name


class AssemblyName(NetObject):
    """``System.Reflection.AssemblyName``."""

    __slots__ = ("display_name",)
    NET = "System.Reflection.AssemblyName"

    def __init__(self, display_name: str) -> None:
        self.display_name = display_name

    def net_text(self, _ctx: Any) -> str:
        return self.display_name


@getter("System.Reflection.Assembly", "FullName", type="string")
def _assembly_full(self: Assembly) -> str:
    return self.display_name


@method("System.Reflection.Assembly", "GetName", overloads=["() -> System.Reflection.AssemblyName"])
def _assembly_name(self: Assembly) -> AssemblyName:
    return AssemblyName(self.display_name)


@getter("System.Reflection.AssemblyName", "Name", type="string")
def _assembly_simple(self: AssemblyName) -> str:
    return self.display_name.partition(",")[0]


@getter("System.Reflection.AssemblyName", "FullName", type="string")
def _assembly_name_full(self: AssemblyName) -> str:
    return self.display_name


@getter("System.Reflection.AssemblyName", "Version", type="version")
def _assembly_version(self: AssemblyName) -> Any:
    from hvsim.runtime.structs import Version

    text = self.display_name.partition("Version=")[2].partition(",")[0]
    return Version(*(int(p) for p in text.split(".")))


def _type_getter(name: str, read: Any) -> None:
    getter(_TYPE, name)(read)


for _name, _read in {
    "Name": lambda t: t.name,
    "FullName": _full_name,
    "Namespace": lambda t: t.namespace or None,
    "AssemblyQualifiedName": _assembly_qualified,
    "Assembly": lambda t: Assembly(t.assembly),
    "BaseType": lambda t: t.base,
    "UnderlyingSystemType": lambda t: t,
    "IsArray": lambda t: t.element_type is not None,
    "HasElementType": lambda t: t.element_type is not None,
    "IsEnum": lambda t: t.is_enum,
    "IsValueType": lambda t: t.is_value_type,
    "IsClass": lambda t: not t.is_value_type and not t.is_interface,
    "IsInterface": lambda t: t.is_interface,
    "IsAbstract": lambda t: t.is_abstract,
    "IsSealed": lambda t: t.is_sealed or t.kind == "t",
    "IsPrimitive": lambda t: t.full_name in _PRIMITIVE,
    "IsGenericType": lambda t: t.definition is not None or bool(t.parameters),
    "IsGenericTypeDefinition": lambda t: bool(t.parameters),
    "IsConstructedGenericType": lambda t: t.definition is not None,
    "ContainsGenericParameters": lambda t: bool(t.parameters),
    "IsGenericParameter": lambda t: False,
    "GenericTypeArguments": lambda t: Array(t.arguments, types.TYPE),
    "IsNested": lambda t: "+" in t.full_name,
    "IsPublic": lambda t: "+" not in t.full_name,
    "IsNestedPublic": lambda t: "+" in t.full_name,
    "IsNotPublic": lambda t: False,
    "IsVisible": lambda t: True,
    "IsByRef": lambda t: False,
    "IsPointer": lambda t: False,
    "IsCOMObject": lambda t: False,
    "IsSerializable": lambda t: (t.element_type is not None) or t.full_name in _SERIALIZABLE or t.implements("System.Runtime.Serialization.ISerializable") or t.is_enum,
    "DeclaringType": lambda t: types.find(t.full_name.rpartition("+")[0]) if "+" in t.full_name else None,
}.items():
    _type_getter(_name, _read)


@getter(_TYPE, "MemberType")
def _member_type(self: NetType) -> EnumValue:
    return types.enum("System.Reflection.MemberTypes", "NestedType" if "+" in self.full_name else "TypeInfo")


@method(_TYPE, "ToString")
def _type_text(self: NetType) -> str:
    return types.type_to_string(self)


@method(_TYPE, "GetElementType")
def _element_type(self: NetType) -> NetType | None:
    return self.element_type


@method(_TYPE, "GetArrayRank")
def _array_rank(self: NetType) -> int:
    if self.element_type is None:
        raise net_error("System.ArgumentException", "Must be an array type.")
    return self.rank


@method(_TYPE, "GetGenericArguments")
def _generic_arguments(self: NetType) -> Array:
    return Array(self.arguments, types.TYPE)


@method(_TYPE, "GetGenericTypeDefinition")
def _generic_definition(self: NetType) -> NetType:
    if self.definition is None and not self.parameters:
        raise net_error(
            "System.InvalidOperationException", "This operation is only valid on generic types.",
        )
    return self.definition or self


@method(_TYPE, "MakeGenericType")
def _make_generic(self: NetType, arguments: Array) -> NetType:
    return types.generic(self, *arguments)


@method(_TYPE, "MakeArrayType")
def _make_array(self: NetType, rank: int = 1) -> NetType:
    return types.array_of(self, rank)


@method(_TYPE, "GetInterfaces")
def _interfaces(self: NetType) -> Array:
    return Array(self.interfaces, types.TYPE)


@method(_TYPE, "GetInterface")
def _interface(self: NetType, name: str, ignore_case: bool = False) -> NetType | None:
    for found in self.interfaces:
        for text in (found.name, (found.definition or found).full_name):
            if text == name or (ignore_case and text.lower() == name.lower()):
                return found
    return None


@method(_TYPE, "IsAssignableFrom")
def _assignable_from(self: NetType, other: NetType | None) -> bool:
    return other is not None and self.is_assignable_from(other)


@method(_TYPE, "IsAssignableTo")
def _assignable_to(self: NetType, other: NetType | None) -> bool:
    return other is not None and other.is_assignable_from(self)


@method(_TYPE, "IsSubclassOf")
def _subclass_of(self: NetType, other: NetType) -> bool:
    return self is not other and other in self.hierarchy()


@method(_TYPE, "IsInstanceOfType")
def _instance_of(self: NetType, value: Any) -> bool:
    value = objects.unwrap(value)
    return value is not None and self.is_assignable_from(types.of(value))


@method(_TYPE, "IsEquivalentTo")
def _equivalent(self: NetType, other: NetType) -> bool:
    return self is other


@static_method(_TYPE, "GetType")
def _type_by_name(name: str, throw: bool = False, ignore_case: bool = False) -> NetType | None:
    """Needs the full name, unlike PowerShell's own look-up."""
    found = types.find(name)
    if found is not None:
        plain = name.partition(",")[0].strip() if "[" not in name else name
        full = types.type_to_string(found) if "[" in plain else found.full_name
        if plain == full or (ignore_case and plain.lower() == full.lower()) or "[[" in name:
            return found
    else:
        types.refuse_type(name)
    if throw:
        raise net_error(
            "System.TypeLoadException",
            f"Could not load type '{name}' from assembly 'System.Management.Automation, Version=7.6.5.500, "
            "Culture=neutral, PublicKeyToken=31bf3856ad364e35'.",
        )
    return None


@static_method(_TYPE, "GetTypeCode")
def type_code(net_type: NetType | None) -> EnumValue:
    if net_type is None:
        return types.enum("System.TypeCode", 0)
    name = types.get(net_type.underlying).name if net_type.is_enum else net_type.name
    known = net_type.is_enum or net_type.full_name == f"System.{name}"
    return types.enum("System.TypeCode", name if known and name in types.get("System.TypeCode").enum_members else "Object")


@static_getter(_TYPE, "EmptyTypes")
def _empty_types() -> Array:
    return Array((), types.TYPE)


@static_getter(_TYPE, "Missing")
def _missing_value() -> Any:
    raise Unsupported("[type]::Missing")


# --- reflection on members ----------------------------------------------------------------------------------------


class MethodInfo(NetObject):
    """``System.Reflection.MethodInfo``: a method group seen through reflection."""

    __slots__ = ("group", "overload")
    NET = "System.Reflection.RuntimeMethodInfo"

    def __init__(self, group: members.MethodGroup, overload: members.Overload | None) -> None:
        self.group = group
        self.overload = overload

    def net_text(self, _ctx: Any) -> str:
        return f"{self.overload.returns if self.overload else 'Void'} {self.group.name}()"


class PropertyInfo(NetObject):
    """``System.Reflection.PropertyInfo``."""

    __slots__ = ("property",)
    NET = "System.Reflection.RuntimePropertyInfo"

    def __init__(self, prop: members.Property) -> None:
        self.property = prop


def _signature_fits(overload: members.Overload, wanted: Array, owner: NetType) -> bool:
    given = [members.resolve_type(p.type_text, owner) for p in overload.parameters]
    return len(given) == len(wanted) and all(g is w for g, w in zip(given, wanted, strict=True))


@method(_TYPE, "GetMethod", overloads=["(string) -> System.Reflection.MethodInfo", "(string, type[]) -> System.Reflection.MethodInfo"])
def _get_method(self: NetType, name: str, signature: Array | None = None) -> MethodInfo | None:
    for static in (False, True):
        group = members.find_method(self, name, static=static)
        if group is None or group.name != name:
            continue
        if signature is None:
            if len(group.overloads) > 1:
                raise net_error(
                    "System.Reflection.AmbiguousMatchException",
                    f"Ambiguous match found for '{types.type_to_string(self)} {name}'.",
                )
            return MethodInfo(group, group.overloads[0] if group.overloads else None)
        for overload in group.overloads:
            if _signature_fits(overload, signature, self):
                return MethodInfo(group, overload)
    return None


@method(_TYPE, "GetMethods", overloads=["() -> System.Reflection.MethodInfo[]"])
def _get_methods(self: NetType) -> Array:
    found: list[Any] = []
    for static in (False, True):
        for name in members.member_names(self, static=static)[1]:
            group = members.find_method(self, name, static=static)
            if group is not None:
                found.extend(MethodInfo(group, o) for o in group.overloads)
    return Array(found, types.get("System.Reflection.MethodInfo"))


@method(_TYPE, "GetProperty", overloads=["(string) -> System.Reflection.PropertyInfo"])
def _get_property(self: NetType, name: str) -> PropertyInfo | None:
    for static in (False, True):
        prop = members.find_property(self, name, static=static)
        if prop is not None and prop.name == name and not prop.is_field:
            return PropertyInfo(prop)
    return None


@method(_TYPE, "GetProperties", overloads=["() -> System.Reflection.PropertyInfo[]"])
def _get_properties(self: NetType) -> Array:
    found = [members.find_property(self, n) for n in objects.property_names(self)]
    return Array([PropertyInfo(p) for p in found if p is not None], types.get("System.Reflection.PropertyInfo"))


@getter("System.Reflection.MethodInfo", "Name", type="string")
def _method_name(self: MethodInfo) -> str:
    return self.group.name


@getter("System.Reflection.MethodInfo", "IsStatic", type="bool")
def _method_static(self: MethodInfo) -> bool:
    return self.group.static


@getter("System.Reflection.MethodInfo", "ReturnType", type="type")
def _method_returns(self: MethodInfo) -> NetType | None:
    return members.resolve_type(self.overload.returns, self.group.owner) if self.overload else None


@getter("System.Reflection.MethodInfo", "DeclaringType", type="type")
def _method_owner(self: MethodInfo) -> NetType:
    return self.group.owner


@method(
    "System.Reflection.MethodInfo",
    "Invoke",
    overloads=["(System.Object, System.Object[]) -> System.Object"],
    context=True,
)
def _method_invoke(ctx: Any, self: MethodInfo, target: Any, args: Any) -> Any:
    arguments = list(args or ())
    receiver = () if self.group.static else (objects.unwrap(target),)
    return objects.call_group(ctx, self.group, receiver, arguments)


@getter("System.Reflection.PropertyInfo", "Name", type="string")
def _property_name(self: PropertyInfo) -> str:
    return self.property.name


@getter("System.Reflection.PropertyInfo", "PropertyType", type="type")
def _property_type(self: PropertyInfo) -> NetType | None:
    return self.property.type


@getter("System.Reflection.PropertyInfo", "CanRead", type="bool")
def _property_readable(self: PropertyInfo) -> bool:
    return self.property.get is not None


@getter("System.Reflection.PropertyInfo", "CanWrite", type="bool")
def _property_writable(self: PropertyInfo) -> bool:
    return self.property.put is not None


@method(
    "System.Reflection.PropertyInfo",
    "GetValue",
    overloads=["(System.Object) -> System.Object", "(System.Object, System.Object[]) -> System.Object"],
    context=True,
)
def _property_value(ctx: Any, self: PropertyInfo, target: Any, _index: Any = None) -> Any:
    return self.property.read(ctx, objects.unwrap(target))


@method(
    "System.Reflection.PropertyInfo", "SetValue", overloads=["(System.Object, System.Object) -> void"], context=True
)
def _property_set(ctx: Any, self: PropertyInfo, target: Any, value: Any) -> None:
    write_property(ctx, self.property, target, value)


# --- Activator ----------------------------------------------------------------------------------------------------


@static_method(
    "System.Activator",
    "CreateInstance",
    overloads=["(type) -> System.Object", "(type, params System.Object[]) -> System.Object"],
    context=True,
)
def _create_instance(ctx: Any, net_type: NetType, args: Any = ()) -> Any:
    return objects.construct(ctx, net_type, list(args))

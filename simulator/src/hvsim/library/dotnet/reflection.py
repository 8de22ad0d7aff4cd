# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Object``, ``System.Type``, ``System.Enum``, ``Activator`` and what little of reflection scripts use."""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import compare, convert, format, members, objects, types, values
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, Integer, NetObject, PSObject

_OBJECT = "System.Object"
_TYPE = "System.Type"
_ENUM = "System.Enum"


class PlainObject(NetObject):
    """``[object]::new()``."""

    __slots__ = ()
    NET = _OBJECT


@constructor(_OBJECT)
def _new_object(net_type: NetType) -> PlainObject:
    return PlainObject()


@method(_OBJECT, "ToString", context=True)
def _to_string(ctx: Any, self: Any) -> str:
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

_PRIMITIVE = frozenset(
    f"System.{n}"
    for n in (
        ["Boolean", "Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "IntPtr", "UIntPtr", "Char", "Double", "Single"]
    )
)
_NUMERIC_CODES = ["Empty", "Object", "DBNull", "Boolean", "Char", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "Decimal", "DateTime"]


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
    "IsSerializable": lambda t: t.implements("System.Runtime.Serialization.ISerializable") or t.is_enum,
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


@method(_TYPE, "GetEnumNames")
def _type_enum_names(self: NetType) -> Array:
    return _enum_names(self)


@method(_TYPE, "GetEnumValues")
def _type_enum_values(self: NetType) -> Array:
    return _enum_values(self)


@method(_TYPE, "GetEnumName")
def _type_enum_name(self: NetType, value: Any) -> str | None:
    return _enum_name(self, value)


@method(_TYPE, "GetEnumUnderlyingType")
def _type_underlying(self: NetType) -> NetType:
    return types.get(self.underlying)


@method(_TYPE, "IsEnumDefined")
def _type_defined(self: NetType, value: Any) -> bool:
    return _is_defined(self, value)


@static_method(_TYPE, "GetType")
def _type_by_name(name: str, throw: bool = False, ignore_case: bool = False) -> NetType | None:
    """Needs the full name, unlike PowerShell's own look-up."""
    found = types.find(name)
    if found is not None:
        plain = name.partition(",")[0].strip() if "[" not in name else name
        full = types.type_to_string(found) if "[" in plain else found.full_name
        if plain == full or (ignore_case and plain.lower() == full.lower()) or "[[" in name:
            return found
    if throw:
        raise net_error(
            "System.TypeLoadException",
            f"Could not load type '{name}' from assembly 'System.Management.Automation, Version=7.6.5.500, "
            "Culture=neutral, PublicKeyToken=31bf3856ad364e35'.",
        )
    return None


@static_method(_TYPE, "GetTypeCode")
def _type_code(net_type: NetType | None) -> EnumValue:
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
    objects.write_property(ctx, self.property, target, value)


# --- Activator ----------------------------------------------------------------------------------------------------


@static_method(
    "System.Activator",
    "CreateInstance",
    overloads=["(type) -> System.Object", "(type, params System.Object[]) -> System.Object"],
    context=True,
)
def _create_instance(ctx: Any, net_type: NetType, args: Any = ()) -> Any:
    return objects.construct(ctx, net_type, list(args))


# --- Enum ---------------------------------------------------------------------------------------------------------


def _need_enum(net_type: NetType | None) -> NetType:
    if net_type is None:
        raise net_error("System.ArgumentNullException", "Value cannot be null. (Parameter 'enumType')")
    if not net_type.is_enum:
        raise net_error("System.ArgumentException", "Type provided must be an Enum. (Parameter 'enumType')")
    return net_type


def _by_number(net_type: NetType) -> list[tuple[str, int]]:
    """Members as .NET lists them: by unsigned number, in order of declaration among equals."""
    return sorted(net_type.enum_members.items(), key=lambda item: item[1] & 0xFFFFFFFFFFFFFFFF)


@static_method(_ENUM, "GetNames")
def _enum_names(net_type: NetType) -> Array:
    return Array([name for name, _ in _by_number(_need_enum(net_type))], types.STRING)


@static_method(_ENUM, "GetValues")
def _enum_values(net_type: NetType) -> Array:
    return Array([EnumValue(net_type, number) for _, number in _by_number(_need_enum(net_type))], net_type)


def _number_of(value: Any) -> int | None:
    value = objects.unwrap(value)
    if type(value) is EnumValue:
        return value.value
    return int(value) if isinstance(value, int) and type(value) is not bool else None


@static_method(_ENUM, "GetName")
def _enum_name(net_type: NetType, value: Any) -> str | None:
    number = _number_of(value)
    if number is None:
        raise net_error(
            "System.ArgumentException",
            "The value passed in must be an enum base or an underlying type for an enum, such as an Int32. "
            "(Parameter 'value')",
        )
    return next((n for n, v in _need_enum(net_type).enum_members.items() if v == number), None)


@static_method(_ENUM, "GetUnderlyingType")
def _enum_underlying(net_type: NetType) -> NetType:
    return types.get(_need_enum(net_type).underlying)


@static_method(_ENUM, "IsDefined")
def _is_defined(net_type: NetType, value: Any) -> bool:
    value = objects.unwrap(value)
    if isinstance(value, str):
        return value in _need_enum(net_type).enum_members
    if type(value) is EnumValue and value.net_type is not net_type:
        raise net_error(
            "System.ArgumentException",
            f"Object must be the same type as the enum. The type passed in was '{value.net_type.full_name}'; "
            f"the enum type was '{net_type.full_name}'.",
        )
    number = _number_of(value)
    return number is not None and number in _need_enum(net_type).enum_members.values()


def _parse(net_type: NetType, text: str | None, ignore_case: bool) -> EnumValue:
    if text is None:
        raise net_error("System.ArgumentNullException", "Value cannot be null. (Parameter 'value')")
    if not text.strip():
        raise net_error(
            "System.ArgumentException", "Must specify valid information for parsing in the string. (Parameter 'value')"
        )
    number = types.parse_enum(net_type, text, ignore_case=ignore_case)
    if number is None:
        name = next((p.strip() for p in text.split(",") if types.parse_enum(net_type, p, ignore_case=ignore_case) is None), text)
        raise net_error("System.ArgumentException", f"Requested value '{name}' was not found.")
    return EnumValue(net_type, number)


@static_method(
    _ENUM, "Parse", overloads=["(type, string) -> System.Object", "(type, string, bool) -> System.Object"]
)
def _enum_parse(net_type: NetType, text: str, ignore_case: bool = False) -> EnumValue:
    return _parse(_need_enum(net_type), text, ignore_case)


@static_method(
    _ENUM,
    "TryParse",
    overloads=[
        "(string, ref TEnum) -> bool",
        "(string, bool, ref TEnum) -> bool",
        "(type, string, out System.Object) -> bool",
        "(type, string, bool, out System.Object) -> bool",
    ],
)
def _enum_try_parse(*args: Any) -> bool:
    """The enum type is that of the variable behind the reference."""
    *given, reference = args
    net_type = given.pop(0) if isinstance(given[0], NetType) else types.of(reference.value)
    text, ignore_case = given[0], len(given) > 1 and given[1]
    number = types.parse_enum(net_type, text, ignore_case=ignore_case) if text and text.strip() else None
    reference.value = EnumValue(net_type, number or 0)
    return number is not None


@static_method(_ENUM, "ToObject", overloads=["(type, System.Object) -> System.Object"])
def _enum_to_object(net_type: NetType, value: Any) -> EnumValue:
    number = _number_of(value)
    if number is None:
        raise net_error(
            "System.ArgumentException",
            "The value passed in must be an enum base or an underlying type for an enum, such as an Int32. "
            "(Parameter 'value')",
        )
    return EnumValue(_need_enum(net_type), number)


@static_method(_ENUM, "Format", context=True)
def _enum_format(ctx: Any, net_type: NetType, value: Any, spec: str) -> str:
    return format.format_value(ctx, _enum_to_object(net_type, value), spec)


@method(_ENUM, "HasFlag")
def _has_flag(self: EnumValue, flag: EnumValue) -> bool:
    if type(flag) is not EnumValue or flag.net_type is not self.net_type:
        given = types.of(flag).full_name
        raise net_error(
            "System.ArgumentException",
            f"The argument type, '{given}', is not the same as the enum type '{self.net_type.full_name}'.",
        )
    return self.value & flag.value == flag.value


@method(_ENUM, "ToString", overloads=["() -> string", "(string) -> string", "(string, System.IFormatProvider) -> string"], context=True)
def _enum_text(ctx: Any, self: EnumValue, spec: str | None = None, _provider: Any = None) -> str:
    return format.format_value(ctx, self, spec) if spec else types.enum_text(self)


@method(_ENUM, "CompareTo")
def _enum_compare(self: EnumValue, other: Any) -> int:
    if other is None:
        return 1
    if type(other) is not EnumValue or other.net_type is not self.net_type:
        raise net_error(
            "System.ArgumentException",
            "Object must be the same type as the enum. The type passed in was "
            f"'{types.of(other).full_name}'; the enum type was '{self.net_type.full_name}'.",
        )
    return (self.value > other.value) - (self.value < other.value)


@method(_ENUM, "GetTypeCode")
def _enum_type_code(self: EnumValue) -> EnumValue:
    return _type_code(types.get(self.net_type.underlying))


@getter(_ENUM, "value__", type="int")
def _enum_number(self: EnumValue) -> Any:
    net_type = types.get(self.net_type.underlying)
    return net_type.python_class(self.value) if net_type.python_class is not None else self.value


# --- PSObject views -----------------------------------------------------------------------------------------------

_PSOBJECT = "System.Management.Automation.PSObject"


@constructor(_PSOBJECT)
def _new_psobject(net_type: NetType, *args: Any) -> Any:
    if not args or type(args[0]) is int:
        return objects.custom_object([])
    return objects.extensible(args[0])


@static_method(_PSOBJECT, "AsPSObject", overloads=["(System.Object) -> psobject", "(System.Object, bool) -> psobject"])
def _as_psobject(value: Any, _store: bool = False) -> Any:
    return objects.extensible(value)


@getter(_PSOBJECT, "BaseObject")
def _base_object(self: objects.PSObjectView) -> Any:
    return objects.unwrap(self.owner)


@getter(_PSOBJECT, "ImmediateBaseObject")
def _immediate_base(self: objects.PSObjectView) -> Any:
    return objects.unwrap(self.owner)


@getter(_PSOBJECT, "TypeNames")
def _view_type_names(self: objects.PSObjectView) -> Any:
    return objects.type_names_list(self.owner)


@getter(_PSOBJECT, "Properties")
def _view_properties(self: objects.PSObjectView) -> MemberCollection:
    return MemberCollection(self.owner, "properties")


@getter(_PSOBJECT, "Members")
def _view_members(self: objects.PSObjectView) -> MemberCollection:
    return MemberCollection(self.owner, "members")


@getter(_PSOBJECT, "Methods")
def _view_methods(self: objects.PSObjectView) -> MemberCollection:
    return MemberCollection(self.owner, "methods")


@method(_PSOBJECT, "Copy", context=True)
def _view_copy(ctx: Any, self: objects.PSObjectView) -> Any:
    return objects.copy_object(ctx, self.owner)


@method(_PSOBJECT, "ToString", overloads=["() -> string"], context=True)
def _view_text(ctx: Any, self: objects.PSObjectView) -> str:
    return convert.net_string(ctx, self.owner)


class MemberCollection(NetObject):
    """``PSObject.Properties`` and its like: a live view of an object's members."""

    __slots__ = ("owner", "which")
    ELEMENTS: ClassVar[dict[str, str]] = {
        "properties": "System.Management.Automation.PSPropertyInfo",
        "members": "System.Management.Automation.PSMemberInfo",
        "methods": "System.Management.Automation.PSMethodInfo",
    }

    def __init__(self, owner: Any, which: str) -> None:
        self.owner = owner
        self.which = which

    @property
    def net_type(self) -> NetType:
        definition = types.get("System.Management.Automation.PSMemberInfoIntegratingCollection`1")
        return types.generic(definition, types.get(self.ELEMENTS[self.which]))

    def content(self, ctx: Any) -> list[objects.Member]:
        if self.which == "properties":
            return objects.properties(ctx, self.owner)
        found = objects.members(ctx, self.owner)
        return [m for m in found if not m.is_property] if self.which == "methods" else found

    def __iter__(self) -> Any:
        return iter(self.content(None))

    def find(self, ctx: Any, name: str) -> objects.Member | None:
        found = objects.find_member(ctx, self.owner, name)
        if found is None:
            return None
        if found.owner is None:
            found.owner = self.owner
        if self.which == "properties" and not found.is_property:
            return None
        return None if self.which == "methods" and found.is_property else found


convert.SEQUENCES[MemberCollection] = iter

_COLLECTION = "System.Management.Automation.PSMemberInfoCollection`1"


@members.indexer(_COLLECTION, overloads=["(string) -> System.Object"], context=True)
def _member_by_name(ctx: Any, self: MemberCollection, name: str) -> Any:
    return self.find(ctx, name)


@method(_COLLECTION, "Add", overloads=["(System.Object) -> void", "(System.Object, bool) -> void"], context=True)
def _member_add(ctx: Any, self: MemberCollection, member: objects.Member, pre_validated: bool = False) -> None:
    holder = self.owner
    if not hasattr(holder, "extended"):
        raise Unsupported("PSObject.Properties.Add on a value without identity")
    if holder.extended is None:
        holder.extended = {}
    clone = member.copy() if member.owner is not None and member.owner is not holder else member
    clone.owner = holder
    holder.extended[member.name.lower()] = clone


@method(_COLLECTION, "Remove", overloads=["(string) -> void"])
def _member_remove(self: MemberCollection, name: str) -> None:
    extended = getattr(self.owner, "extended", None)
    if extended:
        extended.pop(name.lower(), None)


@method(
    _COLLECTION,
    "Match",
    overloads=["(string) -> System.Object", "(string, System.Management.Automation.PSMemberTypes) -> System.Object"],
    context=True,
)
def _member_match(ctx: Any, self: MemberCollection, pattern: str, kinds: EnumValue | None = None) -> Any:
    from hvsim.runtime import wildcard
    from hvsim.runtime.collections import ReadOnlyCollection

    matcher = wildcard.compile(pattern)
    found = [m for m in self.content(ctx) if matcher(m.name)]
    if kinds is not None:
        found = [m for m in found if member_type(m).value & kinds.value]
    return ReadOnlyCollection(found, types.get(MemberCollection.ELEMENTS[self.which]))


@method(_COLLECTION, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"], context=True)
def _member_enumerator(ctx: Any, self: MemberCollection) -> Any:
    from hvsim.runtime.collections import Enumerator

    return Enumerator(lambda: self.content(ctx), types.get("System.Collections.IEnumerator"))


# --- members as values --------------------------------------------------------------------------------------------

_MEMBER = "System.Management.Automation.PSMemberInfo"
_PROPERTY = "System.Management.Automation.PSPropertyInfo"
_AUTOMATION = "System.Management.Automation."


def member_type(member: objects.Member) -> EnumValue:
    return types.enum(_AUTOMATION + "PSMemberTypes", member.kind)


@getter(_MEMBER, "Name", type="string")
def _info_name(self: objects.Member) -> str:
    return self.name


@getter(_MEMBER, "MemberType", type="System.Management.Automation.PSMemberTypes")
def _info_kind(self: objects.Member) -> EnumValue:
    return member_type(self)


@getter(_MEMBER, "Value", context=True)
def _info_value(ctx: Any, self: objects.Member) -> Any:
    return self.get(ctx, self.owner)


@members.setter(_MEMBER, "Value", context=True)
def _info_set_value(ctx: Any, self: objects.Member, value: Any) -> None:
    self.set(ctx, self.owner, value)


@getter(_MEMBER, "TypeNameOfValue", type="string", context=True)
def _info_type_name(ctx: Any, self: objects.Member) -> str:
    return self.type_name(ctx)


@getter(_MEMBER, "IsInstance", type="bool")
def _info_instance(self: objects.Member) -> bool:
    extended = getattr(self.owner, "extended", None)
    return bool(extended) and extended.get(self.name.lower()) is self


@getter(_PROPERTY, "IsSettable", type="bool")
def _info_settable(self: objects.Member) -> bool:
    return self.settable


@getter(_PROPERTY, "IsGettable", type="bool")
def _info_gettable(self: objects.Member) -> bool:
    return self.gettable


@method(_MEMBER, "Copy", overloads=["() -> System.Management.Automation.PSMemberInfo"])
def _info_copy(self: objects.Member) -> objects.Member:
    return self.copy()


@method(_MEMBER, "ToString", overloads=["() -> string"], context=True)
def _info_text(ctx: Any, self: objects.Member) -> str:
    return member_text(ctx, self)


def member_text(ctx: Any, member: objects.Member) -> str:
    """``PSMemberInfo.ToString()``, which is also what ``Get-Member`` shows as the definition."""
    if isinstance(member, objects.NoteProperty):
        text = "null" if member.value is None else convert.to_string(ctx, member.value)
        return f"{_short(member)} {member.name}={text}"
    if isinstance(member, objects.ScriptProperty):
        parts = [f"get={member.getter.text.strip() if hasattr(member.getter, 'text') else member.getter};"] if member.getter else []
        parts += [f"set={member.setter};"] if member.setter else []
        return f"System.Object {member.name} {{{''.join(parts)}}}"
    if isinstance(member, objects.AliasProperty):
        return f"{member.name} = {member.referenced}"
    if isinstance(member, objects.ScriptMethod):
        return f"System.Object {member.name}();"
    if isinstance(member, objects.NetMethod):
        return ", ".join(member.definitions)
    if isinstance(member, objects.NetProperty):
        access = ("get;" if member.gettable else "") + ("set;" if member.settable else "")
        return f"{_display(member.property.type_text)} {member.name} {{{access}}}"
    if isinstance(member, objects.PropertySet):
        return f"{member.name} {{{', '.join(member.names)}}}"
    return f"{member.type_name(ctx)} {member.name}"


def _short(member: objects.NoteProperty) -> str:
    value = objects.unwrap(member.value)
    return "object" if value is None else types.display(types.of(value)) if not isinstance(member.value, PSObject) else "psobject"


def _display(type_text: str) -> str:
    found = types.find(type_text)
    return types.display(found) if found is not None else type_text


@getter("System.Management.Automation.PSMethodInfo", "OverloadDefinitions", type="System.Collections.ObjectModel.Collection[string]")
def _overload_definitions(self: Any) -> Any:
    from hvsim.runtime.collections import Collection

    texts = self.definitions if isinstance(self, objects.NetMethod) else [member_text(None, self)]
    return Collection(texts, types.STRING)


@getter("System.Management.Automation.PSScriptMethod", "Script", type="scriptblock")
def _script_of_method(self: objects.ScriptMethod) -> Any:
    return self.script


@getter("System.Management.Automation.PSScriptProperty", "GetterScript", type="scriptblock")
def _getter_script(self: objects.ScriptProperty) -> Any:
    return self.getter


@getter("System.Management.Automation.PSScriptProperty", "SetterScript", type="scriptblock")
def _setter_script(self: objects.ScriptProperty) -> Any:
    return self.setter


@getter("System.Management.Automation.PSAliasProperty", "ReferencedMemberName", type="string")
def _referenced(self: objects.AliasProperty) -> str:
    return self.referenced


@getter("System.Management.Automation.PSPropertySet", "ReferencedPropertyNames", type="System.Object")
def _set_names(self: objects.PropertySet) -> Any:
    from hvsim.runtime.collections import Collection

    return Collection(self.names, types.STRING)


@constructor(_AUTOMATION + "PSNoteProperty", overloads=["(string, System.Object)"])
def _new_note(net_type: NetType, name: str, value: Any) -> objects.NoteProperty:
    return objects.NoteProperty(_valid_name(name), value)


@constructor(_AUTOMATION + "PSScriptProperty", overloads=["(string, scriptblock)", "(string, scriptblock, scriptblock)"])
def _new_script_property(net_type: NetType, name: str, getter_: Any, setter_: Any = None) -> objects.ScriptProperty:
    return objects.ScriptProperty(_valid_name(name), getter_, setter_)


@constructor(_AUTOMATION + "PSScriptMethod", overloads=["(string, scriptblock)"])
def _new_script_method(net_type: NetType, name: str, script: Any) -> objects.ScriptMethod:
    return objects.ScriptMethod(_valid_name(name), script)


@constructor(_AUTOMATION + "PSAliasProperty", overloads=["(string, string)", "(string, string, type)"])
def _new_alias(net_type: NetType, name: str, referenced: str, conversion: Any = None) -> objects.AliasProperty:
    return objects.AliasProperty(_valid_name(name), referenced, conversion)


@constructor(_AUTOMATION + "PSPropertySet", overloads=["(string, System.Collections.Generic.IEnumerable[string])"])
def _new_property_set(net_type: NetType, name: str, names: Any) -> objects.PropertySet:
    return objects.PropertySet(_valid_name(name), list(names))


@constructor(_AUTOMATION + "PSMemberSet", overloads=["(string)", "(string, System.Object)"])
def _new_member_set(net_type: NetType, name: str, content: Any = ()) -> objects.MemberSet:
    return objects.MemberSet(_valid_name(name), list(content))


def _valid_name(name: str) -> str:
    if not name:
        raise net_error(
            "System.Management.Automation.PSArgumentException",
            "Cannot process argument because the value of argument \"name\" is not valid. Change the value of the "
            '"name" argument and run the operation again.',
        )
    return name



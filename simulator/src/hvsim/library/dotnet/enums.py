# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Enum`` and what ``System.Type`` tells of enums."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet.reflection import type_code
from hvsim.runtime import format, objects, types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import getter, method, static_method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue

_TYPE = "System.Type"
_ENUM = "System.Enum"


def _need_enum(net_type: NetType | None) -> NetType:
    if net_type is None:
        raise net_error("System.ArgumentNullException", "Value cannot be null. (Parameter 'enumType')")
    if not net_type.is_enum:
        raise net_error("System.ArgumentException", "Type provided must be an Enum. (Parameter 'enumType')")
    return net_type


def _by_number(net_type: NetType) -> list[tuple[str, int]]:
    """Members as .NET lists them: by unsigned number, in order of declaration among equals."""
    return sorted(net_type.enum_members.items(), key=lambda item: item[1] & 0xFFFFFFFFFFFFFFFF)


@static_method(_ENUM, "GetNames", overloads=["<TEnum>() -> string[]", "(type) -> string[]"], type_arguments=True)
def _enum_names(net_type: NetType) -> Array:
    return Array([name for name, _ in _by_number(_need_enum(net_type))], types.STRING)


@static_method(_ENUM, "GetValues", type_arguments=True)
def _enum_values(net_type: NetType) -> Array:
    return Array([EnumValue(net_type, number) for _, number in _by_number(_need_enum(net_type))], net_type)


def _number_of(value: Any) -> int | None:
    value = objects.unwrap(value)
    if type(value) is EnumValue:
        return value.value
    return int(value) if isinstance(value, int) and type(value) is not bool else None


def _need_number(value: Any) -> int:
    number = _number_of(value)
    if number is None:
        raise net_error(
            "System.ArgumentException",
            "The value passed in must be an enum base or an underlying type for an enum, such as an Int32. "
            "(Parameter 'value')",
        )
    return number


@static_method(_ENUM, "GetName", type_arguments=True)
def _enum_name(net_type: NetType, value: Any) -> str | None:
    number = _need_number(value)
    return next((n for n, v in _need_enum(net_type).enum_members.items() if v == number), None)


@static_method(_ENUM, "GetUnderlyingType")
def _enum_underlying(net_type: NetType) -> NetType:
    return types.get(_need_enum(net_type).underlying)


@static_method(_ENUM, "IsDefined", type_arguments=True)
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
    _ENUM,
    "Parse",
    overloads=[
        "(string) -> TEnum",
        "(string, bool) -> TEnum",
        "(type, string) -> System.Object",
        "(type, string, bool) -> System.Object",
    ],
    type_arguments=True,
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
    type_arguments=True,
)
def _enum_try_parse(net_type: NetType, text: str | None, *rest: Any) -> bool:
    """The enum type is that of the variable behind the reference."""
    reference, ignore_case = rest[-1], len(rest) > 1 and rest[0]
    number = types.parse_enum(net_type, text, ignore_case=ignore_case) if text and text.strip() else None
    reference.value = EnumValue(net_type, number or 0)
    return number is not None


@static_method(_ENUM, "ToObject", overloads=["(type, System.Object) -> System.Object"])
def _enum_to_object(net_type: NetType, value: Any) -> EnumValue:
    return EnumValue(_need_enum(net_type), _need_number(value))


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
    return type_code(types.get(self.net_type.underlying))


@getter(_ENUM, "value__", type="int")
def _enum_number(self: EnumValue) -> Any:
    net_type = types.get(self.net_type.underlying)
    return net_type.python_class(self.value) if net_type.python_class is not None else self.value


# --- Type ---------------------------------------------------------------------------------------------------------


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

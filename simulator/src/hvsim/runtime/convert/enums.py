# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversions to enums: names, beginnings of names, lists of flags, numbers."""

from __future__ import annotations

from typing import Any, Final

from hvsim.runtime import types
from hvsim.runtime.convert.errors import cast_error, no_conversion, undefined_enum, with_inner
from hvsim.runtime.convert.numbers import CLASSES
from hvsim.runtime.convert.sequences import enumerate_value
from hvsim.runtime.convert.text import net_string, to_string
from hvsim.runtime.errors import NetException, PSError
from hvsim.runtime.numeric import INTEGER_TYPES, limits
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Char, EnumValue, PSObject

__all__ = ["is_defined", "to_enum"]


def to_enum(ctx: Any, value: Any, net_type: NetType) -> EnumValue:
    """*value* as a value of the enum *net_type*.

    Raises:
        PSError: with PowerShell's error ids (``SubstringDisambiguationEnumParseThrewAnException`` ...).
    """
    kind = type(value)
    if kind is EnumValue and value.net_type is net_type:
        return value  # type: ignore[no-any-return]
    if kind is PSObject:
        return to_enum(ctx, value.base, net_type)
    if value is None or value is AUTOMATION_NULL:
        raise no_conversion(ctx, None, net_type)
    if kind is str:
        return _from_text(ctx, value, net_type)
    if kind in INTEGER_TYPES or kind is EnumValue:
        return _from_integer(ctx, value, net_type)
    items = enumerate_value(value)
    if items is not None:
        return _from_text(ctx, ",".join(_item_text(ctx, item, net_type) for item in items), net_type)
    if kind is bool or kind is Char:
        source = "Boolean" if kind is bool else "Char"
        inner = NetException(
            "System.InvalidCastException", f"Invalid cast from 'System.{source}' to '{types.type_to_string(net_type)}'."
        )
        raise with_inner("InvalidCastIConvertible", net_string(ctx, value), net_type, inner)
    if kind in CLASSES.values():
        return _from_text(ctx, to_string(ctx, value), net_type)
    raise no_conversion(ctx, value, net_type)


def _item_text(ctx: Any, item: Any, net_type: NetType) -> str:
    return item if type(item) is str else types.enum_text(to_enum(ctx, item, net_type))


def _from_integer(ctx: Any, value: Any, net_type: NetType) -> EnumValue:
    number = value.value if type(value) is EnumValue else int(value)
    kind = CLASSES[net_type.underlying]
    low, high = limits(kind)
    if not low <= number <= high:
        size = (high - low).bit_length()
        number &= (1 << size) - 1
        if low < 0 and number > high:
            number -= 1 << size
    if not is_defined(net_type, number):
        raise cast_error("UndefinedIntegerToEnum", undefined_enum(net_string(ctx, value), net_type))
    return EnumValue(net_type, number)


def is_defined(net_type: NetType, number: int) -> bool:
    """Whether *number* is a member, or for flags made of members' bits."""
    members = net_type.enum_members.values()
    if number in members:
        return True
    if not net_type.is_flags:
        return False
    known = 0
    for member in members:
        known |= member
    if net_type.underlying in ("System.UInt64", "System.UInt32", "System.UInt16", "System.Byte"):
        return number >= 0 and number & ~known == 0
    return number & ~known == 0 and (number >= 0 or any(m < 0 for m in members))


def _from_text(ctx: Any, text: str, net_type: NetType) -> EnumValue:
    number = types.parse_enum(net_type, text, ignore_case=False)
    if number is None:
        number = types.parse_enum(net_type, text)
    if number is None:
        number = _disambiguate(text, net_type)
    if not is_defined(net_type, number):
        raise cast_error("EnumParseUndefined", undefined_enum(text, net_type))
    return EnumValue(net_type, number)


#: Names that a beginning means although others share it (``EnumMinimumDisambiguation``).
_SPECIAL: Final = {"System.IO.FileAttributes": ("Directory", "ReadOnly", "System")}


def _disambiguate(text: str, net_type: NetType) -> int:
    """The only name that begins with *text*; the wording of ``EnumMinimumDisambiguation`` when there is none."""
    folded = text.lower()
    matches = [n for n in net_type.enum_members if n.lower().startswith(folded)]
    if not matches:
        raise _failure(text, net_type, _unknown(text, net_type))
    if len(matches) > 1:
        special = [n for n in _SPECIAL.get(net_type.full_name, ()) if n.lower().startswith(folded)]
        if not special:
            raise _failure(
                text,
                net_type,
                f"The identifier name {text} cannot be processed because it is either too similar or identical to the "
                f"following enumerator names: {', '.join(matches)}. Use a more specific identifier name.",
            )
        matches = special
    return net_type.enum_members[matches[0]]


def _unknown(name: str, net_type: NetType) -> str:
    names = ", ".join(net_type.enum_members)
    return (
        f"Unable to match the identifier name {name} to a valid enumerator name. Specify one of the following "
        f"enumerator names and try again:\n{names}"
    )


def _failure(text: str, net_type: NetType, message: str) -> PSError:
    inner = NetException("System.Management.Automation.RuntimeException", message)
    return with_inner("SubstringDisambiguationEnumParseThrewAnException", text, net_type, inner)

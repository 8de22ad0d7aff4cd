# SPDX-License-Identifier: GPL-3.0-or-later
"""``Array.Copy`` and what an array of a type stores: .NET's rules, which are narrower than PowerShell's conversions.

The order of the checks and the texts are those of .NET's ``Array.Copy``, ``Array.CanAssignArrayType`` and
``Array.InternalSetValue``.
"""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet.collections import null_argument
from hvsim.library.dotnet.lists import out_of_range
from hvsim.runtime import conversion_ranks, convert, types
from hvsim.runtime.defaults import default_value
from hvsim.runtime.errors import net_error
from hvsim.runtime.objects import unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Char, EnumValue, MultiArray, PackedBytes


def array_copy(source: Any, *args: Any) -> None:
    """``Array.Copy(source, target, length)`` or ``(source, sourceIndex, target, targetIndex, length)``."""
    start = at = 0
    if len(args) == 2:
        target, count = args
    else:
        start, target, at, count = args
    for array, name in ((source, "sourceArray"), (target, "destinationArray")):
        if array is None:
            raise null_argument(name)
    if _rank(source) != _rank(target):
        raise net_error("System.RankException", "The specified arrays must have the same number of dimensions.")
    if count < 0:
        raise out_of_range("length", "Non-negative number required.")
    for index, name in ((start, "sourceIndex"), (at, "destinationIndex")):
        if index < 0:
            raise out_of_range(name, "Number was less than the array's lower bound in the first dimension.")
    _check_room(source, start + count, "Source array was not long enough. Check the source index", "sourceArray")
    _check_room(target, at + count, "Destination array was not long enough. Check the destination index", "destinationArray")
    _transfer(source, start, target, at, count)


def _transfer(source: Any, start: int, target: Any, at: int, count: int) -> None:
    if isinstance(source, PackedBytes) and isinstance(target, PackedBytes):
        target.packed[at : at + count] = source.packed[start : start + count]
        return
    items, into = _items(source)[start : start + count], _items(target)
    element = target.element_type
    if element is None or element is source.element_type:
        into[at : at + count] = items
        return
    if not may_copy(source.element_type or types.OBJECT, element):
        text = "Source array type cannot be assigned to destination array type."
        raise net_error("System.ArrayTypeMismatchException", text)
    boxed = source.element_type is None or not source.element_type.is_value_type
    for offset, item in enumerate(items):
        into[at + offset] = _cast(item, element) if boxed else _widened(item, element)


def _rank(array: Any) -> int:
    return len(array.shape) if isinstance(array, MultiArray) else 1


def _items(array: Any) -> Any:
    return array.items if isinstance(array, MultiArray) else array


def _check_room(array: Any, end: int, text: str, name: str) -> None:
    if end > len(_items(array)):
        message = f"{text}, length, and the array's lower bounds. (Parameter '{name}')"
        raise net_error("System.ArgumentException", message)


#: What a char widens to (``RuntimeHelpers.CanPrimitiveWiden``); the numbers widen as C#'s implicit conversions, without decimal.
_FROM_CHAR = frozenset(("UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double"))
_TO_CHAR = frozenset(("Byte", "UInt16"))


def may_copy(source: NetType, target: NetType) -> bool:
    """Whether an array of *source* may be copied into one of *target* at all; single elements may still not fit."""
    if source.is_value_type and target.is_value_type:
        return may_widen(source, target)
    if target.is_assignable_from(source) or source.is_assignable_from(target):
        return True
    return not source.is_value_type and not target.is_value_type and (source.is_interface or target.is_interface)


def may_widen(source: NetType, target: NetType) -> bool:
    """Whether .NET stores a *source* where a *target* belongs without loss; an enumeration counts as its number."""
    source, target = (types.get(t.underlying) if t.is_enum else t for t in (source, target))
    if source is target:
        return True
    before, after = (t.full_name.removeprefix("System.") for t in (source, target))
    if after == "Decimal":
        return False
    if "Char" in (before, after):
        return (before == "Char" and after in _FROM_CHAR) or (after == "Char" and before in _TO_CHAR)
    return conversion_ranks.conversion_rank(source, target) == conversion_ranks.NUMERIC_IMPLICIT


def _widened(item: Any, element: NetType) -> Any:
    if not element.is_value_type or element.is_assignable_from(types.of(item)):
        return item
    number = item.code if type(item) is Char else item.value if isinstance(item, EnumValue) else item
    return convert.to(None, number, element)


def _cast(item: Any, element: NetType) -> Any:
    item = unwrap(item)
    if item is None and not element.is_value_type:
        return None
    if item is not None and element.is_assignable_from(types.of(item)):
        return item
    raise net_error(
        "System.InvalidCastException",
        "At least one element in the source array could not be cast down to the destination array type.",
    )


def stored(value: Any, element: NetType) -> Any:
    """What ``SetValue`` puts into an array of *element*: null as its default, narrower numbers widened.

    Raises:
        PSError: InvalidCastException, or ArgumentException for a number that does not widen.
    """
    base = unwrap(value)
    if base is None:
        return default_value(element)
    own = types.of(base)
    if element.is_assignable_from(own):
        return value
    if not (_is_primitive(own) and _is_primitive(element)):
        raise net_error("System.InvalidCastException", "Object cannot be stored in an array of this type.")
    if not may_widen(own, element):
        raise net_error(
            "System.ArgumentException",
            "Cannot widen from source type to target type either because the source type is a not a primitive type or the conversion "
            "cannot be accomplished.",
        )
    return _widened(base, element)


_PRIMITIVE = frozenset(
    f"System.{n}" for n in ("Boolean", "Char", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double")
)


def _is_primitive(net_type: NetType) -> bool:
    return net_type.is_enum or net_type.full_name in _PRIMITIVE

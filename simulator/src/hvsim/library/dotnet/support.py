# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules of this package share: providers of cultures, argument errors, registration in bulk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.runtime import types
from hvsim.runtime.culture import Culture, DateTimeFormat, NumberFormat, invariant
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.values import BYTES, PACKED_FROM, Array, EnumValue, PackedBytes

__all__ = [
    "argument_error",
    "bytes_array",
    "check_range",
    "culture_of",
    "data_of",
    "enum_number",
    "greater",
    "negative",
    "null_argument",
    "numbers_of",
    "out_of_range",
    "put_bytes",
    "string_array",
    "too_few",
    "type_code",
]

_PROVIDERS = (Culture, NumberFormat, DateTimeFormat)


def is_provider(value: Any) -> bool:
    return isinstance(value, _PROVIDERS)


def culture_of(ctx: Any, provider: Any = None) -> Culture:
    """The culture of an ``IFormatProvider``; null is the thread's culture."""
    if isinstance(provider, Culture):
        return provider
    base: Culture = getattr(ctx, "culture", None) or invariant
    if isinstance(provider, NumberFormat):
        base = base.clone()
        base.numbers = provider
    elif isinstance(provider, DateTimeFormat):
        base = base.clone()
        base.dates = provider
    return base


def numbers_of(ctx: Any, provider: Any = None) -> NumberFormat:
    return culture_of(ctx, provider).numbers


def argument_error(message: str, name: str, kind: str = "System.ArgumentException") -> PSError:
    return net_error(kind, f"{message} (Parameter '{name}')", ParamName=name)


def out_of_range(message: str, name: str) -> PSError:
    return argument_error(message, name, "System.ArgumentOutOfRangeException")


def check_range(index: int, count: int, size: int, names: tuple[str, str] = ("index", "count")) -> None:
    """Whether something with *size* elements has *count* of them from *index* on.

    *names*: those of the two parameters. The order and the texts are those of ``Array.Sort`` and ``List<T>.GetRange`` in .NET 10.

    Raises:
        PSError: ArgumentOutOfRangeException, ArgumentException.
    """
    for value, name in zip((index, count), names, strict=True):
        if value < 0:
            raise out_of_range("Non-negative number required.", name)
    if index + count > size:
        raise too_few()


def too_few() -> PSError:
    """``Argument_InvalidOffLen``: a range that goes beyond the end."""
    return net_error(
        "System.ArgumentException",
        "Offset and length were out of bounds for the array or count is greater than the number of elements from index to "
        "the end of the source collection.",
    )


def negative(value: Any, name: str) -> PSError:
    """``ArgumentOutOfRangeException.ThrowIfNegative``."""
    return net_error(
        "System.ArgumentOutOfRangeException",
        f"{name} ('{value}') must be a non-negative value. (Parameter '{name}')\nActual value was {value}.",
        ParamName=name,
        ActualValue=value,
    )


def greater(value: Any, limit: Any, name: str) -> PSError:
    """``ArgumentOutOfRangeException.ThrowIfGreaterThan``."""
    return net_error(
        "System.ArgumentOutOfRangeException",
        f"{name} ('{value}') must be less than or equal to '{limit}'. (Parameter '{name}')\nActual value was {value}.",
        ParamName=name,
        ActualValue=value,
    )


def null_argument(name: str) -> PSError:
    return argument_error("Value cannot be null.", name, "System.ArgumentNullException")


def enum_number(value: Any) -> int:
    """The number of an enum argument."""
    return value.value if type(value) is EnumValue else int(value)


def string_array(items: list[str]) -> Array:
    return Array(items, types.get("System.String"))


def bytes_array(data: bytes) -> Array:
    """A new ``byte[]`` with these bytes."""
    if len(data) >= PACKED_FROM:
        return PackedBytes(bytearray(data), types.get("System.Byte"))
    return Array(map(BYTES.__getitem__, data), types.get("System.Byte"))


def data_of(array: Any, start: int = 0, count: int | None = None) -> bytes:
    """The bytes of a ``byte[]`` (or another sequence of numbers of one byte), or of a part of it."""
    place = slice(start, None if count is None else start + count)
    if isinstance(array, PackedBytes):
        return bytes(array.packed[place])
    if not isinstance(array, list):
        array = list(array)
    try:
        return bytes(array[place])
    except TypeError:
        return bytes(int(number) for number in array[place])


def put_bytes(array: Any, start: int, data: bytes) -> None:
    """Writes bytes into a ``byte[]``; the place for them is there."""
    if isinstance(array, PackedBytes):
        array.packed[start : start + len(data)] = data
    else:
        array[start : start + len(data)] = map(BYTES.__getitem__, data)


def type_code(name: str) -> EnumValue:
    return types.enum("System.TypeCode", name)


def each(names: list[str], register: Callable[[str], None]) -> None:
    for name in names:
        register(name)

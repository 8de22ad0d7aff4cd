# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Collections.BitArray``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from hvsim.library.dotnet.support import argument_error, negative, null_argument
from hvsim.runtime import types
from hvsim.runtime.collections import Enumerator
from hvsim.runtime.convert.sequences import SEQUENCES
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, index_setter, indexer, method, setter
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Byte, NetObject

_BITS = "System.Collections.BitArray"


class BitArray(NetObject):
    """Truth values, the lowest bit of a number first."""

    __slots__ = ("bits", "extended", "type_names")
    NET: ClassVar[str] = _BITS

    def __init__(self, bits: list[bool]) -> None:
        self.bits = bits
        self.extended: dict[str, Any] | None = None
        self.type_names: list[str] | None = None

    def __iter__(self) -> Iterator[bool]:
        return iter(self.bits)

    def __len__(self) -> int:
        return len(self.bits)


types.net_class(_BITS)(BitArray)
SEQUENCES[BitArray] = iter


def _bits_of(numbers: Any, width: int) -> list[bool]:
    return [bool(int(n) >> i & 1) for n in numbers for i in range(width)]


@constructor(_BITS, overloads=["(int)", "(int, bool)", "(byte[])", "(bool[])", "(int[])", f"({_BITS})"])
def _new(_net_type: NetType, *args: Any) -> BitArray:
    source = args[0]
    if source is None:
        raise null_argument("bits")
    if type(source) is int:
        if source < 0:
            raise negative(source, "length")
        return BitArray([args[1] if len(args) == 2 else False] * source)
    if isinstance(source, BitArray):
        return BitArray(list(source.bits))
    name = types.of(source).full_name
    width = {"System.Byte[]": 8, "System.Int32[]": 32}.get(name)
    return BitArray(_bits_of(source, width) if width else list(source))


def _checked(self: BitArray, index: int) -> int:
    if not 0 <= index < len(self.bits):
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')\n"
            f"Actual value was {index}.",
            ParamName="index",
            ActualValue=index,
        )
    return index


@indexer(_BITS, overloads=["(int) -> bool"])
@method(_BITS, "Get", overloads=["(int) -> bool"])
def _get(self: BitArray, index: int) -> bool:
    return self.bits[_checked(self, index)]


@index_setter(_BITS, overloads=["(int, bool) -> void"])
@method(_BITS, "Set", overloads=["(int, bool) -> void"])
def _set(self: BitArray, index: int, value: bool) -> None:
    self.bits[_checked(self, index)] = value


@method(_BITS, "SetAll", overloads=["(bool) -> void"])
def _set_all(self: BitArray, value: bool) -> None:
    self.bits[:] = [value] * len(self.bits)


def _combine(name: str, function: Callable[[bool, bool], bool]) -> None:
    @method(_BITS, name, overloads=[f"({_BITS}) -> {_BITS}"])
    def apply(self: BitArray, value: BitArray) -> BitArray:
        if value is None:
            raise null_argument("value")
        if len(value) != len(self):
            raise net_error("System.ArgumentException", "Array lengths must be the same.")
        self.bits[:] = [function(a, b) for a, b in zip(self.bits, value.bits, strict=True)]
        return self


_combine("And", lambda a, b: a and b)
_combine("Or", lambda a, b: a or b)
_combine("Xor", lambda a, b: a != b)


@method(_BITS, "Not", overloads=[f"() -> {_BITS}"])
def _not(self: BitArray) -> BitArray:
    self.bits[:] = [not b for b in self.bits]
    return self


def _shift(self: BitArray, count: int, left: bool) -> BitArray:
    if count < 0:
        raise negative(count, "count")
    size = len(self.bits)
    zeros = [False] * min(count, size)
    self.bits[:] = (zeros + self.bits)[:size] if left else (self.bits + zeros)[len(zeros) :]
    return self


method(_BITS, "LeftShift", overloads=[f"(int) -> {_BITS}"])(lambda self, count: _shift(self, count, True))
method(_BITS, "RightShift", overloads=[f"(int) -> {_BITS}"])(lambda self, count: _shift(self, count, False))
method(_BITS, "HasAllSet", overloads=["() -> bool"])(lambda self: all(self.bits))
method(_BITS, "HasAnySet", overloads=["() -> bool"])(lambda self: any(self.bits))
method(_BITS, "Clone", overloads=["() -> System.Object"])(lambda self: BitArray(list(self.bits)))
getter(_BITS, "Count", type="int")(len)
getter(_BITS, "Length", type="int")(len)
getter(_BITS, "IsReadOnly", type="bool")(lambda self: False)


@setter(_BITS, "Length")
def _set_length(self: BitArray, size: int) -> None:
    if size < 0:
        raise negative(size, "value")
    self.bits[:] = (self.bits + [False] * size)[:size]


@method(_BITS, "CopyTo", overloads=["(array, int) -> void"])
def _copy_to(self: BitArray, target: Any, index: int) -> None:
    if target is None:
        raise null_argument("array")
    if index < 0:
        raise negative(index, "index")
    name = types.of(target).full_name
    width = {"System.Boolean[]": 1, "System.Byte[]": 8, "System.Int32[]": 32}.get(name)
    if width is None:
        raise argument_error("Only supported array types for CopyTo on BitArrays are Boolean[], Int32[] and Byte[].", "array")
    groups = [self.bits[i : i + width] for i in range(0, len(self.bits), width)]
    if index + len(groups) > len(target):
        raise net_error(
            "System.ArgumentException",
            "Destination array is not long enough to copy all the items in the collection. Check array index and length.",
        )
    for offset, group in enumerate(groups):
        number = sum(1 << i for i, bit in enumerate(group) if bit)
        target[index + offset] = group[0] if width == 1 else Byte(number) if width == 8 else _signed(number)


def _signed(number: int) -> int:
    return number - (1 << 32) if number >> 31 else number


@method(_BITS, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])
def _enumerator(self: BitArray) -> Enumerator:
    return Enumerator(lambda: iter(self), types.get("System.Collections.IEnumerator"))

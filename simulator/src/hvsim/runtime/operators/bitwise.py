# SPDX-License-Identifier: GPL-3.0-or-later
"""``-band -bor -bxor -bnot -shl -shr``."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from hvsim.runtime import convert, types
from hvsim.runtime.numeric import INTEGER_TYPES, NUMERIC_CODES, limits
from hvsim.runtime.operators.arithmetic import base, is_numeric, numeric_operand, scan
from hvsim.runtime.operators.overloads import implicit_operator
from hvsim.runtime.values import BigInteger, Char, EnumValue, Int64, UInt32, UInt64

__all__ = ["bit_and", "bit_not", "bit_or", "bit_xor", "shift_left", "shift_right"]


def _wrap(number: int, kind: type) -> Any:
    """*number* cut to the size of *kind*."""
    low, high = limits(kind)
    size = (high - low).bit_length()
    number &= (1 << size) - 1
    return kind(number - (1 << size) if low < 0 and number > high else number)


def _kind(code: int) -> type:
    if code <= 9:
        return int
    return UInt32 if code == 10 else Int64 if code == 11 else UInt64


def _code(value: Any) -> int:
    kind = type(value)
    if kind is EnumValue:
        return (
            12
            if value.net_type.underlying == "System.UInt64"
            else 11
            if value.net_type.underlying == "System.Int64"
            else 9
        )
    return NUMERIC_CODES.get(kind, 3)


def _plain(value: Any) -> int:
    if type(value) is EnumValue:
        return int(value.value)
    return int(value.code) if type(value) is Char else int(value)


def _primitive(value: Any) -> bool:
    return is_numeric(value) or type(value) in (bool, Char)


def _bitwise(name: str, text: str, function: Callable[[int, int], int]) -> Callable[[Any, Any, Any], Any]:
    def apply(ctx: Any, left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            return function(left, right)
        left, right = base(left), base(right)
        if left is None and right is None:
            return 0
        if type(left) is str or type(right) is str:
            a = scan(ctx, left, right) if type(left) is str else left
            b = scan(ctx, right, left) if type(right) is str else right
            if not (type(left) is str and not _primitive(right) and type(right) is not str and right is not None):
                return apply(ctx, a, b)
        if _primitive(left) or _primitive(right):
            done_left, a = (True, left) if _primitive(left) else numeric_operand(left, right)
            done_right, b = (True, right) if _primitive(right) else numeric_operand(right, left)
            if done_left and done_right:
                return _apply(ctx, function, a, b, left)
        return implicit_operator(ctx, name, text, left, right)

    return apply


def _apply(ctx: Any, function: Callable[[int, int], int], a: Any, b: Any, left: Any) -> Any:
    code = max(_code(a), _code(b))
    if code >= 13:
        long, ulong = types.get("System.Int64"), types.get("System.UInt64")
        x, y = (int(convert.to(ctx, v, long if _negative(v) else ulong)) for v in (a, b))
        return _wrap(function(x, y), Int64 if _negative(a) or _negative(b) else UInt64)
    result = _wrap(function(_plain(a), _plain(b)), _kind(code))
    return EnumValue(left.net_type, int(result)) if type(left) is EnumValue else result


def _negative(value: Any) -> bool:
    return type(value) in NUMERIC_CODES and value < 0


bit_and: Final = _bitwise("op_BitwiseAnd", "-band", operator.and_)
bit_or: Final = _bitwise("op_BitwiseOr", "-bor", operator.or_)
bit_xor: Final = _bitwise("op_ExclusiveOr", "-bxor", operator.xor)


def _real_kind(ctx: Any, value: Any) -> Any:
    """A double or decimal as the smallest integer type that holds it."""
    for name in ("Int32", "UInt32", "Int64", "UInt64"):
        low, high = limits({"Int32": int, "UInt32": UInt32, "Int64": Int64, "UInt64": UInt64}[name])
        if low <= value <= high:
            return convert.to(ctx, value, types.get("System." + name))
    raise convert.no_conversion(ctx, value, types.get("System.Int32" if type(value) is Decimal else "System.UInt64"))


def bit_not(ctx: Any, value: Any) -> Any:
    """``-bnot``."""
    value = base(value)
    kind = type(value)
    if value is None:
        return -1
    if kind is int:
        return ~value
    if kind is str:
        return bit_not(ctx, scan(ctx, value, 0))
    if kind is EnumValue:
        return EnumValue(value.net_type, int(_wrap(~value.value, _kind(_code(value)))))
    if kind is BigInteger:
        return BigInteger(~value)
    if kind in NUMERIC_CODES:
        if kind not in INTEGER_TYPES:
            value = _real_kind(ctx, value)
        return _wrap(~int(value), _kind(_code(value)))
    return ~convert.to(ctx, value, types.get("System.Int32"))


def _shift(name: str, text: str, left_side: bool) -> Callable[[Any, Any, Any], Any]:
    def apply(ctx: Any, left: Any, right: Any) -> Any:
        left, right = base(left), base(right)
        if left is None:
            return 0
        if type(left) is str or type(right) is str:
            a = scan(ctx, left, right) if type(left) is str else left
            return apply(ctx, a, scan(ctx, right, left) if type(right) is str else right)
        if not is_numeric(left):
            return implicit_operator(ctx, name, text, left, right)
        count = convert.to(ctx, right, types.get("System.Int32"))
        number = left.value if type(left) is EnumValue else left
        if type(number) not in INTEGER_TYPES:
            number = _real_kind(ctx, number)
        kind = type(number)
        count &= 0x3F if NUMERIC_CODES[kind] >= 11 else 0x1F
        result = _wrap(int(number) << count if left_side else int(number) >> count, kind)
        return EnumValue(left.net_type, int(result)) if type(left) is EnumValue else result

    return apply


shift_left: Final = _shift("op_LeftShift", "-shl", True)
shift_right: Final = _shift("op_RightShift", "-shr", False)

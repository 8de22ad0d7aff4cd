# SPDX-License-Identifier: GPL-3.0-or-later
"""The numeric types: their order, ranges and names, as .NET's ``TypeCode`` and PowerShell's binders use them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

from hvsim.runtime.values import (
    Byte,
    Int16,
    Int64,
    SByte,
    Single,
    UInt16,
    UInt32,
    UInt64,
)

__all__ = [
    "DECIMAL_MAX",
    "INT32_MAX",
    "INT32_MIN",
    "INTEGER_TYPES",
    "NUMERIC_CODES",
    "SIGNED",
    "decimal_context",
    "is_integer",
    "is_number",
    "limits",
    "net_decimal",
    "wide_context",
]

INT32_MIN: Final = -(2**31)
INT32_MAX: Final = 2**31 - 1
DECIMAL_MAX: Final = Decimal(2**96 - 1)

#: ``TypeCode`` of the Python classes that are numbers to PowerShell's operators (char and bool are not).
NUMERIC_CODES: Final[dict[type, int]] = {
    SByte: 5,
    Byte: 6,
    Int16: 7,
    UInt16: 8,
    int: 9,
    UInt32: 10,
    Int64: 11,
    UInt64: 12,
    Single: 13,
    float: 14,
    Decimal: 15,
}
INTEGER_TYPES: Final = frozenset({int, SByte, Byte, Int16, UInt16, UInt32, Int64, UInt64})
SIGNED: Final = frozenset({int, SByte, Int16, Int64})

decimal_context: Final = Context(prec=96, rounding=ROUND_HALF_EVEN)
wide_context: Final = Context(prec=1200, rounding=ROUND_HALF_EVEN)


def is_integer(value: Any) -> bool:
    """An integer of a fixed-size type (not bool, char, enum or BigInteger)."""
    return type(value) in INTEGER_TYPES


def is_number(value: Any) -> bool:
    return type(value) in NUMERIC_CODES


def limits(kind: type) -> tuple[int, int]:
    """Lowest and highest value of an integer class."""
    if kind is int:
        return INT32_MIN, INT32_MAX
    return kind.MIN, kind.MAX  # type: ignore[attr-defined]


# Half of the smallest ``System.Decimal``.
_HALF_UNIT: Final = Decimal("5E-29")


def decimal_divide(left: Decimal, right: Decimal) -> Decimal:
    """``decimal.Divide`` before it is rounded; a quotient too small to hold is a plain zero.

    Raises:
        decimal.DivisionByZero, decimal.InvalidOperation: *right* is zero.
    """
    result = decimal_context.divide(left, right)
    return Decimal(0) if left and abs(result) <= _HALF_UNIT else result


def decimal_remainder(left: Decimal, right: Decimal) -> Decimal:
    """``decimal.Remainder``: a dividend that is smaller than the divisor stays as it is, its scale included.

    Raises:
        decimal.DivisionByZero, decimal.InvalidOperation: *right* is zero.
    """
    return left if right and abs(left) < abs(right) else decimal_context.remainder(left, right)


def net_decimal(value: Decimal) -> Decimal:
    """*value* rounded (half to even) to what ``System.Decimal`` can hold: 96 bits, scale 0 to 28.

    Raises:
        OverflowError: the magnitude is larger than ``Decimal.MaxValue``.
    """
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise OverflowError("not a finite decimal")
    if value.adjusted() > 29 and value:
        raise OverflowError("Value was either too large or too small for a Decimal.")
    target = min(max(exponent, -28), 0)
    while True:
        # Always from the value itself: rounding what was rounded before would round twice.
        rounded = value if target == exponent else value.quantize(Decimal((0, (1,), target)), context=decimal_context)
        if abs(int(rounded.scaleb(-target, context=decimal_context))) < 2**96:
            return rounded
        if target == 0:
            raise OverflowError("Value was either too large or too small for a Decimal.")
        target = min(0, target + max(1, len(rounded.as_tuple().digits) - 29))

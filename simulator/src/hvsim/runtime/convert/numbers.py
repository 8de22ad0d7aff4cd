# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversions to and between numbers: ``Convert.ChangeType`` and PowerShell's reading of number text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from hvsim.lang import numbers as literals
from hvsim.runtime import format
from hvsim.runtime.convert.errors import no_conversion, with_inner
from hvsim.runtime.convert.text import net_string
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format.numparse import INTEGER, OVERFLOW, THOUSANDS, format_error, overflow_error, parse_to
from hvsim.runtime.numeric import decimal_context, limits, net_decimal, wide_context
from hvsim.runtime.structs import DateTime
from hvsim.runtime.types import NetType
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    BigInteger,
    Byte,
    Char,
    EnumValue,
    Int16,
    Int64,
    PSObject,
    SByte,
    Single,
    UInt16,
    UInt32,
    UInt64,
)

__all__ = ["CLASSES", "change_type", "parse_number", "scan_number", "to_number"]

#: .NET's full name -> Python class of the numeric types.
CLASSES: Final[dict[str, type]] = {
    "System.SByte": SByte,
    "System.Byte": Byte,
    "System.Int16": Int16,
    "System.UInt16": UInt16,
    "System.Int32": int,
    "System.UInt32": UInt32,
    "System.Int64": Int64,
    "System.UInt64": UInt64,
    "System.Single": Single,
    "System.Double": float,
    "System.Decimal": Decimal,
    "System.Numerics.BigInteger": BigInteger,
}
_BY_LITERAL: Final[dict[str, type]] = {
    "sbyte": SByte,
    "byte": Byte,
    "short": Int16,
    "ushort": UInt16,
    "int": int,
    "uint": UInt32,
    "long": Int64,
    "ulong": UInt64,
    "double": float,
    "decimal": Decimal,
    "bigint": BigInteger,
}
_BLANKS: Final = (
    " \t\n\v\f\r\u0085\u00a0\u2028\u2029\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)


def parse_number(text: str, edition: str = "7") -> Any:
    """The number that *text* is as PowerShell's tokenizer reads it (sign, suffix and multiplier allowed); None if none.

    Empty text is 0 as in ``Parser.ScanNumber``.
    """
    if len(text) < 10 and text.isdecimal() and text.isascii():
        return int(text)
    text = text.strip(_BLANKS)
    if not text:
        return 0
    pattern = literals.NUMBER_51 if edition == "5.1" else literals.NUMBER_7
    match = pattern.fullmatch(text)
    if match is None or not literals.is_number(match):
        return None
    literal = literals.number_value(match)
    if literal is None:
        return None
    return _BY_LITERAL[literal.kind](literal.value)


def scan_number(ctx: Any, text: str, net_type: NetType) -> Any:
    """``Parser.ScanNumber``: the number in *text*, of whatever type; text that is none is converted to *net_type*.

    Raises:
        PSError: it cannot be converted either.
    """
    number = parse_number(text, format.edition_of(ctx))
    if number is not None:
        return number
    if net_type.is_enum:
        from hvsim.runtime.convert.enums import to_enum

        return to_enum(ctx, text, net_type)
    return to_number(ctx, text, net_type)


def to_number(ctx: Any, value: Any, net_type: NetType) -> Any:
    """*value* as the numeric type *net_type*.

    Raises:
        PSError: with the error id and message of PowerShell.
    """
    kind = CLASSES[net_type.full_name]
    source = type(value)
    if source is kind:
        return value
    if source is PSObject:
        return to_number(ctx, value.base, net_type)
    if value is None or value is AUTOMATION_NULL:
        return kind(0)
    if source is str:
        return _from_text(ctx, value, kind, net_type)
    try:
        if kind is BigInteger and source in (EnumValue, Char):
            return BigInteger(value.value if source is EnumValue else value.code)
        if source is EnumValue:
            return change_type(value.value, kind)
        if source is Char:
            if kind in (Decimal, Single, float):
                raise invalid_cast("Char", net_type)
            return change_type(value.code, kind)
        if isinstance(value, (int, float, Decimal)):
            if kind is BigInteger or source is BigInteger:
                return _big(value, kind)
            return change_type(value, kind)
        if source is DateTime:
            raise invalid_cast("DateTime", net_type)
    except PSError as error:
        raise with_inner("InvalidCastIConvertible", net_string(ctx, value), net_type, error.exception) from None
    raise no_conversion(ctx, value, net_type)


def invalid_cast(source: str, net_type: NetType) -> PSError:
    return net_error("System.InvalidCastException", f"Invalid cast from '{source}' to '{net_type.name}'.")


def _big(value: Any, kind: type) -> Any:
    if kind is BigInteger:
        if isinstance(value, float) and value not in (float("inf"), float("-inf")) and value == value:
            return BigInteger(int(value))
        if isinstance(value, float):
            text = "Not a Number" if value != value else "infinity"
            raise net_error("System.OverflowException", f"BigInteger cannot represent {text}.")
        return BigInteger(int(value))
    if issubclass(kind, float):
        return kind(big_to_float(int(value)))
    return change_type(int(value), kind)


def big_to_float(number: int) -> float:
    """``(double)BigInteger``: cut, not rounded, to 53 bits."""
    excess = abs(number).bit_length() - 53
    if excess > 0:
        cut = abs(number) >> excess << excess
        number = -cut if number < 0 else cut
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def change_type(value: Any, kind: type) -> Any:
    """``Convert.ChangeType`` between numbers (bool counts as one): half to even, checked.

    Raises:
        PSError: ``System.OverflowException``.
    """
    if kind is float:
        return float(value)
    if kind is Single:
        return Single(float(value))
    if kind is Decimal:
        return _to_decimal(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise overflow_error(kind)
        number = round(float(value))
    elif isinstance(value, Decimal):
        number = int(value.to_integral_value(context=decimal_context))
    else:
        number = int(value)
    low, high = limits(kind)
    if not low <= number <= high:
        raise overflow_error(kind)
    return kind(number)


def _to_decimal(value: Any) -> Decimal:
    if isinstance(value, float):
        if value != value or abs(value) >= 2**96:
            raise net_error("System.OverflowException", OVERFLOW[Decimal])
        digits = 7 if type(value) is Single else 15
        rounded = Decimal(f"{float(value):.{digits - 1}e}")
        result = net_decimal(_without_zeros(rounded))
        return result if result else Decimal(0)
    if isinstance(value, Decimal):
        return value
    try:
        return net_decimal(Decimal(int(value)))
    except OverflowError:
        raise overflow_error(Decimal) from None


def _without_zeros(value: Decimal) -> Decimal:
    if not value:
        return Decimal(0)
    reduced = value.normalize(wide_context)
    exponent = reduced.as_tuple().exponent
    return reduced.quantize(Decimal(1), context=wide_context) if isinstance(exponent, int) and exponent > 0 else reduced


def _scan(ctx: Any, text: str, kind: type) -> Any:
    """The tokenizer's number brought to *kind*; None where PowerShell goes on with .NET's own parsing."""
    number = parse_number(text, format.edition_of(ctx))
    if number is None:
        return None
    try:
        return _big(number, kind) if BigInteger in (kind, type(number)) else change_type(number, kind)
    except PSError:
        return None


def _from_text(ctx: Any, text: str, kind: type, net_type: NetType) -> Any:
    if text == "":
        return kind(0)
    if kind is int and len(text) < 10 and text.isdecimal() and text.isascii():
        return int(text)
    edition = format.edition_of(ctx)
    if edition != "5.1":
        found = _scan(ctx, text, kind)
        if found is not None:
            return found
    real = kind in (float, Single)
    try:
        if real or kind is Decimal:
            return parse_to(text, kind, None, None, edition)
        if kind is BigInteger:
            return parse_to(text, kind, INTEGER | THOUSANDS, None, edition)
        return _integer(text, kind, edition)
    except PSError as error:
        inner = error.exception
        if not real and kind is not BigInteger and inner.kind == "System.FormatException":
            try:
                return change_type(parse_to(text, float, None, None, edition), kind)
            except PSError:
                pass
        name = "ToDoubleOrSingle" if real else "ToDecimal" if kind is Decimal else "ToInteger"
        raise with_inner("InvalidCastFromString" + name, text, net_type, inner) from None


def _integer(text: str, kind: type, edition: str) -> Any:
    """``Int32Converter.ConvertFrom`` and its like: decimal, or hexadecimal after ``#``, ``0x`` or ``&h``."""
    trimmed = text.strip()
    body = None
    if trimmed.startswith("#"):
        body = trimmed[1:]
    elif trimmed[:2].lower() in ("0x", "&h"):
        body = trimmed[2:]
    if body is None:
        return parse_to(trimmed, kind, INTEGER, None, edition)
    try:
        number = int(body, 16)
    except ValueError:
        raise format_error(text, edition) from None
    low, high = limits(kind)
    size = (high - low).bit_length()
    if number >= 1 << size:
        raise overflow_error(kind)
    return kind(number - (1 << size) if low < 0 and number > high else number)

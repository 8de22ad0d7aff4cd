# SPDX-License-Identifier: GPL-3.0-or-later
"""The numeric types: ``Parse``, ``TryParse``, ``ToString``, comparison, limits; ``BigInteger``."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal
from typing import Any

from hvsim.library.dotnet.support import culture_of, enum_number, is_provider, null_argument, type_code
from hvsim.runtime import types
from hvsim.runtime.convert.numbers import CLASSES, change_type
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format import edition_of
from hvsim.runtime.format.numbers import format_number
from hvsim.runtime.format.numparse import parse_to
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.numeric import DECIMAL_MAX, decimal_context, decimal_divide, decimal_remainder, limits, net_decimal
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, BigInteger, Byte, EnumValue, Int16, Int64, SByte, Single, UInt16

_BIG = "System.Numerics.BigInteger"


def _parse_arguments(ctx: Any, args: tuple[Any, ...]) -> tuple[int | None, Any]:
    """Styles and number format of ``Parse(text[, styles][, provider])``."""
    styles = next((enum_number(a) for a in args if type(a) is EnumValue), None)
    provider = next((a for a in args if is_provider(a)), None)
    return styles, culture_of(ctx, provider).numbers


# ``CompareTo`` of the types that fit into an int gives the difference.
_SMALL = (Byte, SByte, Int16, UInt16)


def _difference(left: Any, right: Any) -> int:
    return int(left) - int(right)


def _register(name: str, kind: type) -> None:
    net_type = types.get(name)
    zero = kind(0)

    @static_method(name, "Parse", context=True)
    def parse(ctx: Any, text: Any, *args: Any) -> Any:
        if text is None:
            raise null_argument("s")
        styles, numbers = _parse_arguments(ctx, args)
        return parse_to(text, kind, styles, numbers, edition_of(ctx))

    @static_method(name, "TryParse", context=True)
    def try_parse(ctx: Any, text: Any, *args: Any) -> bool:
        result = args[-1]
        styles, numbers = _parse_arguments(ctx, args[:-1])
        try:
            result.value = parse_to(text, kind, styles, numbers, edition_of(ctx)) if text is not None else zero
        except PSError:
            result.value = zero
            return False
        return text is not None

    @method(name, "ToString", context=True)
    def to_string(ctx: Any, self: Any, *args: Any) -> str:
        spec = next((a for a in args if type(a) is str), "")
        provider = next((a for a in args if is_provider(a)), None)
        return format_number(self, spec, culture_of(ctx, provider).numbers, edition_of(ctx))

    @method(name, "CompareTo")
    def compare_to(self: Any, other: Any) -> int:
        if other is None:
            return 1
        if type(other) is not kind:
            if kind is BigInteger and isinstance(other, int):
                return int((self > other) - (self < other))
            raise net_error("System.ArgumentException", f"Object must be of type {net_type.name}.")
        if isinstance(self, float) and (self != self or other != other):
            return int(self == self) - int(other == other)
        return _difference(self, other) if kind in _SMALL else int((self > other) - (self < other))

    @method(name, "Equals")
    def equals(self: Any, other: Any) -> bool:
        if kind is BigInteger and type(other) in (Int64, int, CLASSES["System.UInt64"]):
            return bool(int(self) == int(other))
        if type(other) is not kind:
            return False
        return bool(self == other) or (self != self and other != other)

    if kind is not BigInteger:

        @method(name, "GetTypeCode")
        def get_type_code(_self: Any) -> EnumValue:
            return type_code(net_type.name)

    if kind not in (float, Single, Decimal, BigInteger):
        low, high = limits(kind)
        static_getter(name, "MaxValue")(lambda: kind(high))
        static_getter(name, "MinValue")(lambda: kind(low))


for _name, _kind in CLASSES.items():
    _register(_name, _kind)


def _constant(type_name: str, member: str, value: Any) -> None:
    static_getter(type_name, member)(lambda: value)


def _constants() -> None:
    _constant("System.Decimal", "MaxValue", DECIMAL_MAX)
    _constant("System.Decimal", "MinValue", DECIMAL_MAX.copy_negate())
    _constant("System.Decimal", "Zero", Decimal(0))
    _constant("System.Decimal", "One", Decimal(1))
    _constant("System.Decimal", "MinusOne", Decimal(-1))
    single_max = 3.4028234663852886e38
    for name, kind, largest, epsilon in (
        ("System.Double", float, 1.7976931348623157e308, 5e-324),
        ("System.Single", Single, single_max, 1.401298464324817e-45),
    ):
        for member, value in (
            ("MaxValue", largest),
            ("MinValue", -largest),
            ("Epsilon", epsilon),
            ("NaN", math.nan),
            ("PositiveInfinity", math.inf),
            ("NegativeInfinity", -math.inf),
            ("NegativeZero", -0.0),
            ("E", math.e),
            ("Pi", math.pi),
            ("Tau", math.tau),
        ):
            _constant(name, member, kind(value))


_constants()


# --- tests and arithmetic that the number types have as static members --------------------------------------------------

_FLOAT_TESTS: dict[str, Callable[[float], bool]] = {
    "IsNaN": math.isnan,
    "IsInfinity": math.isinf,
    "IsPositiveInfinity": lambda v: v == math.inf,
    "IsNegativeInfinity": lambda v: v == -math.inf,
    "IsFinite": math.isfinite,
    "IsNegative": lambda v: math.copysign(1.0, v) < 0,
    "IsPositive": lambda v: math.copysign(1.0, v) > 0,
    "IsInteger": lambda v: math.isfinite(v) and v == int(v),
    "IsRealNumber": lambda v: not math.isnan(v),
}


def _bind(type_name: str, member: str, function: Callable[..., Any]) -> None:
    static_method(type_name, member)(function)


for _type in ("System.Double", "System.Single"):
    for _member, _test in _FLOAT_TESTS.items():
        _bind(_type, _member, _test)

_INTEGERS = [n for n, k in CLASSES.items() if k not in (float, Single, Decimal)]
for _type in _INTEGERS:
    _bind(_type, "IsEvenInteger", lambda v: int(v) % 2 == 0)
    _bind(_type, "IsOddInteger", lambda v: int(v) % 2 == 1)
    _bind(_type, "IsPositive", lambda v: v >= 0)
    _bind(_type, "IsNegative", lambda v: v < 0)
    _bind(_type, "IsPow2", lambda v: v > 0 and int(v) & (int(v) - 1) == 0)
    if _type != _BIG:
        _bind(_type, "PopCount", lambda v: type(v)(bin(int(v) & 0xFFFFFFFFFFFFFFFF if v < 0 else int(v)).count("1")))
for _type in CLASSES:
    _bind(_type, "Sign", lambda v: (v > 0) - (v < 0))


def _decimal_operation(name: str, function: Callable[[Decimal, Decimal], Decimal]) -> None:
    @static_method("System.Decimal", name)
    def apply(left: Decimal, right: Decimal) -> Decimal:
        if name in ("Divide", "Remainder") and not right:
            raise net_error("System.DivideByZeroException", "Attempted to divide by zero.")
        try:
            return net_decimal(function(left, right))
        except OverflowError:
            raise net_error(
                "System.OverflowException", "Value was either too large or too small for a Decimal."
            ) from None


_decimal_operation("Add", decimal_context.add)
_decimal_operation("Subtract", decimal_context.subtract)
_decimal_operation("Multiply", decimal_context.multiply)
_decimal_operation("Divide", decimal_divide)
_decimal_operation("Remainder", decimal_remainder)
_bind("System.Decimal", "Negate", lambda v: v.copy_negate())
_bind("System.Decimal", "Compare", lambda a, b: (a > b) - (a < b))
_bind("System.Decimal", "Equals", lambda a, b: a == b)


def whole(value: Decimal, rounding: str) -> Decimal:
    """*value* as an integer with scale 0."""
    return value.quantize(Decimal(1), rounding=rounding, context=decimal_context)


def _for(value: Decimal, kind: type) -> Decimal:
    """What is converted to a number of that class: integers drop the fraction."""
    return value if kind in (float, Single) else whole(value, ROUND_DOWN)


_bind("System.Decimal", "Floor", lambda v: whole(v, ROUND_FLOOR))
_bind("System.Decimal", "Ceiling", lambda v: whole(v, ROUND_CEILING))
_bind("System.Decimal", "Truncate", lambda v: whole(v, ROUND_DOWN))
for _name, _kind in CLASSES.items():
    if _kind not in (Decimal, BigInteger):
        _bind("System.Decimal", "To" + types.get(_name).name, lambda v, k=_kind: change_type(_for(v, k), k))


@static_method("System.Decimal", "GetBits")
def _get_bits(value: Decimal) -> Array:
    sign, digits, exponent = value.as_tuple()
    number = int("".join(map(str, digits)))
    scale = -exponent if isinstance(exponent, int) else 0
    parts = [
        number & 0xFFFFFFFF,
        (number >> 32) & 0xFFFFFFFF,
        (number >> 64) & 0xFFFFFFFF,
        (scale << 16) | (sign << 31),
    ]
    return Array([p - (1 << 32) if p & 0x80000000 else p for p in parts], types.get("System.Int32"))


@getter("System.Decimal", "Scale")
def _scale(self: Decimal) -> Byte:
    exponent = self.as_tuple().exponent
    return Byte(-exponent if isinstance(exponent, int) else 0)


# --- BigInteger -----------------------------------------------------------------------------------------------------------


@constructor(_BIG)
def _new_big(_net_type: NetType, value: Any) -> BigInteger:
    if value is None:
        raise null_argument("value")
    if isinstance(value, list):
        return BigInteger(int.from_bytes(bytes(int(b) for b in value), "little", signed=True))
    if isinstance(value, float) and not math.isfinite(value):
        raise net_error("System.OverflowException", "BigInteger cannot represent infinity.")
    return BigInteger(int(value))


for _member, _value in (("Zero", 0), ("One", 1), ("MinusOne", -1)):
    _constant(_BIG, _member, BigInteger(_value))


def _truncated(left: int, right: int) -> tuple[int, int]:
    if right == 0:
        raise net_error("System.DivideByZeroException", "Attempted to divide by zero.")
    quotient = abs(left) // abs(right)
    quotient = -quotient if (left < 0) != (right < 0) else quotient
    return quotient, left - quotient * right


_BIG_OPERATIONS: dict[str, Callable[..., int]] = {
    "Add": lambda a, b: int(a) + int(b),
    "Subtract": lambda a, b: int(a) - int(b),
    "Multiply": lambda a, b: int(a) * int(b),
    "Divide": lambda a, b: _truncated(int(a), int(b))[0],
    "Remainder": lambda a, b: _truncated(int(a), int(b))[1],
    "Negate": lambda a: -int(a),
    "Abs": lambda a: abs(int(a)),
    "GreatestCommonDivisor": lambda a, b: math.gcd(int(a), int(b)),
}
for _member, _function in _BIG_OPERATIONS.items():
    _bind(_BIG, _member, lambda *args, f=_function: BigInteger(f(*args)))


@static_method(_BIG, "Pow")
def _big_pow(value: BigInteger, exponent: int) -> BigInteger:
    if exponent < 0:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "The number must be greater than or equal to zero. (Parameter 'exponent')",
            ParamName="exponent",
        )
    return BigInteger(int(value) ** exponent)


@static_method(_BIG, "ModPow")
def _big_mod_pow(value: BigInteger, exponent: BigInteger, modulus: BigInteger) -> BigInteger:
    if exponent < 0:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "The number must be greater than or equal to zero. (Parameter 'exponent')",
            ParamName="exponent",
        )
    if modulus == 0:
        raise net_error("System.DivideByZeroException", "Attempted to divide by zero.")
    result = pow(abs(int(value)), int(exponent), abs(int(modulus)))
    return BigInteger(-result if value < 0 and exponent % 2 else result)


@static_method(_BIG, "Compare")
def _big_compare(a: BigInteger, b: BigInteger) -> int:
    return (a > b) - (a < b)


@getter(_BIG, "IsZero")
def _big_is_zero(self: BigInteger) -> bool:
    return int(self) == 0


@getter(_BIG, "IsOne")
def _big_is_one(self: BigInteger) -> bool:
    return int(self) == 1


@getter(_BIG, "IsEven")
def _big_is_even(self: BigInteger) -> bool:
    return int(self) % 2 == 0


@getter(_BIG, "IsPowerOfTwo")
def _big_is_power(self: BigInteger) -> bool:
    return self > 0 and int(self) & (int(self) - 1) == 0


@getter(_BIG, "Sign")
def _big_sign(self: BigInteger) -> int:
    return (self > 0) - (self < 0)


@method(_BIG, "ToByteArray")
def _big_bytes(self: BigInteger, unsigned: bool = False, big_endian: bool = False) -> Array:
    number = int(self)
    if unsigned and number < 0:
        raise net_error("System.OverflowException", "Negative values do not have an unsigned representation.")
    length = (number.bit_length() + 7) // 8 if unsigned else (number + (number < 0)).bit_length() // 8 + 1
    raw = number.to_bytes(max(length, 1), "big" if big_endian else "little", signed=not unsigned)
    return Array([Byte(b) for b in raw], types.get("System.Byte"))

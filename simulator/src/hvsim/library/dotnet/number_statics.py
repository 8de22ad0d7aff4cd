# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic that the number types have as static members since .NET 7 (``INumber``), and what ``Math`` has of it.

After the implementations in .NET's ``Double``, ``Single``, ``Int32`` ... and ``Math`` of ``System.Private.CoreLib``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hvsim.library.dotnet import math as net_math
from hvsim.library.dotnet.misc import make_tuple
from hvsim.library.dotnet.support import out_of_range
from hvsim.runtime.convert.numbers import CLASSES
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import method, static_method
from hvsim.runtime.numeric import limits
from hvsim.runtime.values import BigInteger, Int64, Single

_MATH = "System.Math"
_BIG = "System.Numerics.BigInteger"
_DECIMAL = "System.Decimal"
_FLOATS = {"System.Double": float, "System.Single": Single}
_INTEGERS = {n: k for n, k in CLASSES.items() if k not in (float, Single, Decimal, BigInteger)}


def _bind(type_name: str, name: str, function: Callable[..., Any]) -> None:
    static_method(type_name, name)(function)


# --- every number ---------------------------------------------------------------------------------------------------------


def _magnitude(greater: bool) -> Callable[[Any, Any], Any]:
    """``MaxMagnitude`` or ``MinMagnitude``; of two that are equally far from zero the positive one is the greater."""

    def apply(a: Any, b: Any) -> Any:
        if a != a or b != b:
            return a if a != a else b
        first, second = abs(a), abs(b)
        if first == second:
            return (b if _negative(a) else a) if greater else (a if _negative(a) else b)
        return a if (first > second) == greater else b

    return apply


def _negative(value: Any) -> bool:
    return bool(math.copysign(1, value) < 0) if isinstance(value, float) else bool(value < 0)


for _name in CLASSES:
    _bind(_name, "Clamp", net_math.clamp)
    _bind(_name, "Max", net_math.maximum)
    _bind(_name, "Min", net_math.minimum)
    _bind(_name, "MaxMagnitude", _magnitude(True))
    _bind(_name, "MinMagnitude", _magnitude(False))
    if _name != _BIG:
        _bind(_name, "Abs", net_math.absolute)
_bind(_MATH, "MaxMagnitude", _magnitude(True))
_bind(_MATH, "MinMagnitude", _magnitude(False))


# --- integers -------------------------------------------------------------------------------------------------------------


def _bits(kind: type) -> int:
    low, high = limits(kind)
    return (high - low).bit_length()


def _wrapped(number: int, kind: type) -> Any:
    """The low bits of *number* as a value of *kind*."""
    low, high = limits(kind)
    number &= (1 << _bits(kind)) - 1
    return kind(number - (high - low + 1) if number > high else number)


def _rotated(value: Any, amount: int, kind: type) -> Any:
    width = _bits(kind)
    amount %= width
    number = int(value) & ((1 << width) - 1)
    return _wrapped(number << amount | number >> (width - amount), kind)


def _log2(value: Any, kind: type) -> Any:
    if value < 0:
        raise out_of_range("Non-negative number required.", "value")
    return kind(max(int(value).bit_length() - 1, 0))


def _trailing_zeros(value: Any, kind: type) -> Any:
    number = int(value)
    return kind((number & -number).bit_length() - 1 if number else _bits(kind))


def _with_sign(value: Any, sign: Any) -> Any:
    result = abs(int(value))
    if sign < 0:
        return type(value)(-result)
    if result > limits(type(value))[1]:
        raise net_error("System.OverflowException", "Negating the minimum value of a twos complement number is invalid.")
    return type(value)(result)


def _bind_integer(name: str, kind: type) -> None:
    width = _bits(kind)
    _bind(name, "LeadingZeroCount", lambda v: kind(width - (int(v) & ((1 << width) - 1)).bit_length()))
    _bind(name, "TrailingZeroCount", lambda v: _trailing_zeros(v, kind))
    _bind(name, "Log2", lambda v: _log2(v, kind))
    _bind(name, "RotateLeft", lambda v, amount: _rotated(v, amount, kind))
    _bind(name, "RotateRight", lambda v, amount: _rotated(v, -amount, kind))
    _bind(name, "CopySign", _with_sign)
    _bind(name, "DivRem", net_math.div_rem)


for _name, _kind in _INTEGERS.items():
    _bind_integer(_name, _kind)
_bind("System.Int32", "BigMul", lambda a, b: Int64(int(a) * int(b)))


@static_method(_BIG, "DivRem")
def _big_div_rem(a: BigInteger, b: BigInteger, *rest: Any) -> Any:
    return net_math.div_rem(a, b, *rest)


_bind(_BIG, "Log2", lambda v: BigInteger(_log2(v, int)))


@method(_BIG, "GetBitLength")
def _bit_length(self: BigInteger) -> Int64:
    """Without the sign: what the shortest two's complement form needs."""
    return Int64((int(self) + (self < 0)).bit_length())


@method(_BIG, "GetByteCount")
def _byte_count(self: BigInteger, unsigned: bool = False) -> int:
    if unsigned and self < 0:
        raise net_error("System.OverflowException", "Negative values do not have an unsigned representation.")
    bits = int(self).bit_length() if unsigned else (int(self) + (self < 0)).bit_length() + 1
    return max((bits + 7) // 8, 1)


# --- decimal --------------------------------------------------------------------------------------------------------------

_DECIMAL_MEMBERS: dict[str, Callable[..., Any]] = {
    "CopySign": lambda v, sign: v.copy_sign(sign),
    "IsInteger": lambda v: v == v.to_integral_value(),
    "IsEvenInteger": lambda v: v == v.to_integral_value() and int(v) % 2 == 0,
    "IsOddInteger": lambda v: v == v.to_integral_value() and int(v) % 2 == 1,
    "IsNegative": lambda v: v.is_signed(),
    "IsPositive": lambda v: not v.is_signed(),
}
for _name, _function in _DECIMAL_MEMBERS.items():
    _bind(_DECIMAL, _name, _function)


# --- floating point -------------------------------------------------------------------------------------------------------


def _fused(x: float, y: float, z: float) -> float:
    """x * y + z with one rounding."""
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        return x * y + z
    exact = Fraction(x) * Fraction(y) + Fraction(z)
    if exact == 0:
        return x * y + z
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return math.copysign(math.inf, exact)


def _exponent(value: float) -> int:
    if value == 0:
        return -(2**31)
    return math.frexp(value)[1] - 1 if math.isfinite(value) else 2**31 - 1


def _scaled(value: float, power: int) -> float:
    try:
        return math.ldexp(value, power)
    except OverflowError:
        return math.copysign(math.inf, value)


_bind(_MATH, "FusedMultiplyAdd", _fused)
_bind(_MATH, "ILogB", _exponent)
_bind(_MATH, "ScaleB", _scaled)
_bind(_MATH, "BitIncrement", lambda v: math.nextafter(v, math.inf))
_bind(_MATH, "BitDecrement", lambda v: math.nextafter(v, -math.inf))
_bind(_MATH, "SinCos", lambda v: _sin_cos(v, float))


def _sin_cos(value: float, kind: type) -> Any:
    functions = (net_math.FUNCTIONS["Sin"], net_math.FUNCTIONS["Cos"])
    return make_tuple("System.ValueTuple", tuple(kind(net_math.guarded(f)(value)) for f in functions))


def _number(pick: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """``MaxNumber`` and ``MinNumber``: a number rather than NaN."""
    return lambda a, b: b if a != a else a if b != b else pick(a, b)


def _whole(value: float) -> bool:
    return math.isfinite(value) and value == math.trunc(value)


_POWERS = net_math.FUNCTIONS["Pow"]
# Those of Math under their own names, the others as .NET composes them.
_COMPOSED: dict[str, Callable[..., float]] = {
    **{n: f for n, f in net_math.FUNCTIONS.items() if n != "IEEERemainder"},
    "Ieee754Remainder": math.remainder,
    "Exp2": lambda v: _POWERS(2.0, v),
    "Exp10": lambda v: _POWERS(10.0, v),
    "ExpM1": lambda v: math.exp(v) - 1,
    "LogP1": lambda v: net_math.logarithm(v + 1),
    "Log2P1": lambda v: net_math.FUNCTIONS["Log2"](v + 1),
    "Log10P1": lambda v: net_math.FUNCTIONS["Log10"](v + 1),
    "AcosPi": lambda v: math.acos(v) / math.pi,
    "AsinPi": lambda v: math.asin(v) / math.pi,
    "AtanPi": lambda v: math.atan(v) / math.pi,
    "Atan2Pi": lambda y, x: math.atan2(y, x) / math.pi,
    "DegreesToRadians": lambda v: v * math.pi / 180,
    "RadiansToDegrees": lambda v: v * 180 / math.pi,
}
_FLOAT_TESTS: dict[str, Callable[[float], bool]] = {
    "IsEvenInteger": lambda v: _whole(v) and math.fmod(v, 2) == 0,
    "IsOddInteger": lambda v: _whole(v) and abs(math.fmod(v, 2)) == 1,
    "IsPow2": lambda v: v > 0 and math.isfinite(v) and math.frexp(v)[0] == 0.5,
}


def _bind_float(name: str, kind: type) -> None:
    for member, function in _COMPOSED.items():
        safe = net_math.guarded(function)
        _bind(name, member, lambda *args, f=safe: kind(f(*args)))
    for member, test in _FLOAT_TESTS.items():
        _bind(name, member, test)
    for member, whole in (("Floor", net_math.floor), ("Ceiling", net_math.ceiling), ("Truncate", net_math.truncate)):
        _bind(name, member, lambda v, f=whole: kind(f(float(v))))
    _bind(name, "Log", lambda *args: kind(net_math.any_logarithm(*args)))
    _bind(name, "MaxNumber", _number(net_math.maximum))
    _bind(name, "MinNumber", _number(net_math.minimum))
    _bind(name, "ILogB", _exponent)
    _bind(name, "SinCos", lambda v: _sin_cos(v, kind))


for _name, _kind in _FLOATS.items():
    _bind_float(_name, _kind)
for _name, _function in (("FusedMultiplyAdd", _fused), ("ScaleB", _scaled)):
    _bind("System.Double", _name, _function)
_bind("System.Double", "BitIncrement", lambda v: math.nextafter(v, math.inf))
_bind("System.Double", "BitDecrement", lambda v: math.nextafter(v, -math.inf))
_SMALLEST = 2.2250738585072014e-308
_bind("System.Double", "IsNormal", lambda v: math.isfinite(v) and abs(v) >= _SMALLEST)
_bind("System.Double", "IsSubnormal", lambda v: 0 < abs(v) < _SMALLEST)


@static_method(_BIG, "Log")
def _big_log(value: BigInteger, base: float = math.e) -> float:
    """Numbers of more than 31 bits by their uppermost 64 ones and the count of the rest: rounded where ``Math.Log`` is not."""
    if value < 0 or base == 1 or (value != 1 and base in (0, math.inf)):
        return math.nan
    if value == 1 and base == math.inf:
        return 0.0
    number = int(value)
    if number < 1 << 31:
        return net_math.any_logarithm(float(number), base)
    below = number.bit_length() - 64
    upper = number >> below if below > 0 else number << -below
    return net_math.any_logarithm(float(upper), base) + below / net_math.any_logarithm(base, 2.0)


@static_method(_BIG, "Log10")
def _big_log10(value: BigInteger) -> float:
    return _big_log(value, 10.0)

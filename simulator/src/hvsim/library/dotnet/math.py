# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Math`` and ``System.MathF``."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Decimal,
)
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.misc import make_tuple
from hvsim.library.dotnet.numbers import whole
from hvsim.library.dotnet.support import enum_number, out_of_range
from hvsim.runtime import convert
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import static_getter, static_method
from hvsim.runtime.numeric import decimal_context, limits
from hvsim.runtime.values import BigInteger, Int64, Single, UInt64

_MATH = "System.Math"
_MATHF = "System.MathF"

for _name, _value in (("PI", math.pi), ("E", math.e), ("Tau", math.tau)):
    static_getter(_MATH, _name)(lambda v=_value: v)
    static_getter(_MATHF, _name, type="float")(lambda v=_value: Single(v))


def guarded(function: Callable[..., float]) -> Callable[..., float]:
    """Python raises where .NET answers NaN or infinity."""

    def apply(*args: float) -> float:
        try:
            return float(function(*(float(a) for a in args)))
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return apply


def logarithm(value: float) -> float:
    return -math.inf if value == 0 else math.log(value)


def _pow(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and y == int(y) and int(y) % 2 else math.inf
    except ValueError:
        if x == 0:
            return -math.inf if math.copysign(1, x) < 0 and y == int(y) and int(y) % 2 else math.inf
        return math.nan


def _log_base(value: float, base: float) -> float:
    if base == 1 or value != value or base != base:
        return math.nan
    if value != 1 and (base == 0 or base == math.inf):
        return math.nan
    return logarithm(value) / logarithm(base)


FUNCTIONS: dict[str, Callable[..., float]] = {
    "Sqrt": math.sqrt,
    "Cbrt": math.cbrt,
    "Exp": math.exp,
    "Log10": lambda v: -math.inf if v == 0 else math.log10(v),
    "Log2": lambda v: -math.inf if v == 0 else math.log2(v),
    "Sin": math.sin,
    "Cos": math.cos,
    "Tan": math.tan,
    "Asin": math.asin,
    "Acos": math.acos,
    "Atan": math.atan,
    "Atan2": math.atan2,
    "Sinh": lambda v: math.copysign(math.inf, v) if abs(v) > 711 else math.sinh(v),
    "Cosh": math.cosh,
    "Tanh": math.tanh,
    "Asinh": math.asinh,
    "Acosh": math.acosh,
    "Atanh": lambda v: math.copysign(math.inf, v) if abs(v) == 1 else math.atanh(v),
    "Pow": _pow,
    "IEEERemainder": math.remainder,
    "CopySign": math.copysign,
}


def _bind(name: str, function: Callable[..., float]) -> None:
    safe = guarded(function)
    static_method(_MATH, name)(safe)
    count = 2 if name in ("Atan2", "Pow", "IEEERemainder", "CopySign") else 1
    overload = f"({', '.join(['float'] * count)}) -> float"
    static_method(_MATHF, name, overloads=[overload])(lambda *args: Single(safe(*args)))


for _name, _function in FUNCTIONS.items():
    _bind(_name, _function)


@static_method(_MATH, "Log")
def any_logarithm(*args: float) -> float:
    return guarded(logarithm if len(args) == 1 else _log_base)(*args)


@static_method(_MATH, "Abs")
def absolute(value: Any) -> Any:
    """``Abs`` of any number.

    Raises:
        PSError: OverflowException for the lowest integer of a type.
    """
    if isinstance(value, Decimal):
        return value.copy_abs()
    kind = type(value)
    result = abs(value)
    if isinstance(value, int) and result > limits(kind)[1]:
        raise net_error(
            "System.OverflowException", "Negating the minimum value of a twos complement number is invalid."
        )
    return kind(result)


@static_method(_MATH, "Sign")
def _sign(value: Any) -> int:
    if value != value:
        raise net_error("System.ArithmeticException", "Function does not accept floating point Not-a-Number values.")
    return int((value > 0) - (value < 0))


@static_method(_MATH, "Max")
def maximum(a: Any, b: Any) -> Any:
    if a != a:
        return a
    return a if a > b else b


@static_method(_MATH, "Min")
def minimum(a: Any, b: Any) -> Any:
    if a != a:
        return a
    return a if a < b else b


@static_method(_MATH, "Clamp", context=False)
def clamp(value: Any, low: Any, high: Any) -> Any:
    """``Clamp`` of any numbers.

    Raises:
        PSError: ArgumentException, the limits are the wrong way round.
    """
    if low > high:
        raise net_error("System.ArgumentException", f"'{convert.net_string(None, low)}' cannot be greater than {convert.net_string(None, high)}.")
    return low if value < low else high if value > high else value


def _keep_sign(result: float, value: float) -> float:
    return math.copysign(result, value) if result == 0 else result


def _integral(value: float, function: Callable[[float], int]) -> float:
    if not math.isfinite(value) or abs(value) >= 2**53:
        return value
    return _keep_sign(float(function(value)), value)


@static_method(_MATH, "Floor")
def floor(value: Any) -> Any:
    return whole(value, ROUND_FLOOR) if isinstance(value, Decimal) else _integral(value, math.floor)


@static_method(_MATH, "Ceiling")
def ceiling(value: Any) -> Any:
    return whole(value, ROUND_CEILING) if isinstance(value, Decimal) else _integral(value, math.ceil)


@static_method(_MATH, "Truncate")
def truncate(value: Any) -> Any:
    return whole(value, ROUND_DOWN) if isinstance(value, Decimal) else _integral(value, math.trunc)


_MODES = {0: ROUND_HALF_EVEN, 1: ROUND_HALF_UP, 2: ROUND_DOWN, 3: ROUND_FLOOR, 4: ROUND_CEILING}


def _round_double(value: float, mode: int) -> float:
    if mode == 0:
        return _integral(value, round)
    if mode == 1:
        truncated = math.trunc(value) if math.isfinite(value) else value
        if not math.isfinite(value) or abs(value) >= 2**53:
            return value
        fraction = value - truncated
        return _keep_sign(float(truncated + (math.copysign(1, value) if abs(fraction) >= 0.5 else 0)), value)
    return _integral(value, (math.trunc, math.floor, math.ceil)[mode - 2])


@static_method("System.Double", "Round")
@static_method("System.Decimal", "Round")
@static_method(_MATH, "Round")
def _round(value: Any, *args: Any) -> Any:
    digits = next((int(a) for a in args if type(a) is int), 0)
    mode = next((enum_number(a) for a in args if type(a) is not int), 0)
    if isinstance(value, Decimal):
        if not 0 <= digits <= 28:
            raise out_of_range("Decimal can only round to between 0 and 28 digits of precision.", "decimals")
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent <= digits:
            return value
        return value.quantize(Decimal((0, (1,), -digits)), rounding=_MODES[mode], context=decimal_context)
    if not 0 <= digits <= 15:
        raise out_of_range("Rounding digits must be between 0 and 15, inclusive.", "digits")
    if digits == 0:
        return _round_double(value, mode)
    if not math.isfinite(value) or abs(value) >= 1e16:
        return value
    power = float(10**digits)
    return _round_double(value * power, mode) / power


@static_method(_MATH, "BigMul")
def _big_mul(a: Any, b: Any, *rest: Any) -> Any:
    if rest or (type(a) not in (int,) and type(a).__name__ != "UInt32"):
        raise Unsupported("Math::BigMul of 64-bit numbers")
    return (Int64 if type(a) is int else UInt64)(int(a) * int(b))


@static_method(_MATH, "DivRem")
def div_rem(a: Any, b: Any, *rest: Any) -> Any:
    """``DivRem``: a tuple of quotient and remainder, or the quotient with the remainder in the reference given.

    Raises:
        PSError: DivideByZeroException, OverflowException.
    """
    if b == 0:
        raise net_error("System.DivideByZeroException", "Attempted to divide by zero.")
    quotient = abs(int(a)) // abs(int(b))
    quotient = -quotient if (a < 0) != (b < 0) else quotient
    kind = type(a)
    remainder = kind(int(a) - quotient * int(b))
    if kind is not BigInteger and quotient > limits(kind)[1]:
        raise net_error("System.OverflowException", "Arithmetic operation resulted in an overflow.")
    if rest:
        rest[0].value = remainder
        return kind(quotient)
    return make_tuple("System.ValueTuple", (kind(quotient), remainder))

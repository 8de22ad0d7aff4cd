# SPDX-License-Identifier: GPL-3.0-or-later
"""``+ - * / %`` and the unary signs, as PowerShell's ``PSBinaryOperationBinder`` and its ``IntOps`` ... do them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from hvsim.runtime import convert, types
from hvsim.runtime.collections import Dictionary, Hashtable
from hvsim.runtime.convert.numbers import big_to_float, change_type, parse_number, scan_number
from hvsim.runtime.errors import NetException, PSError, net_error, runtime_error
from hvsim.runtime.format.numparse import OVERFLOW
from hvsim.runtime.numeric import (
    INT32_MAX,
    INT32_MIN,
    NUMERIC_CODES,
    SIGNED,
    decimal_context,
    decimal_divide,
    decimal_remainder,
    limits,
    net_decimal,
)
from hvsim.runtime.operators.overloads import implicit_operator
from hvsim.runtime.types import NetType
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    Byte,
    Char,
    EnumValue,
    Int64,
    PSObject,
    SByte,
    UInt32,
    UInt64,
)

__all__ = ["base", "divide", "minus", "multiply", "negate", "numeric_operand", "plus", "positive", "remainder"]

Number = Any
_INT_CODE, _UINT_CODE, _LONG_CODE, _ULONG_CODE, _DECIMAL_CODE = 9, 10, 11, 12, 15


def base(value: Any) -> Any:
    """*value* without its wrapper; nothing is null."""
    if type(value) is PSObject:
        return value.base
    return None if value is AUTOMATION_NULL else value


def _int_type() -> NetType:
    return types.get("System.Int32")


# --- numbers ------------------------------------------------------------------------------------------------------


def divide_by_zero() -> PSError:
    message = "Attempted to divide by zero."
    return runtime_error(
        "RuntimeException",
        message,
        category="NotSpecified",
        inner=NetException("System.DivideByZeroException", message),
    )


def _fits(result: int, kind: type) -> Any:
    low, high = limits(kind)
    return kind(result) if low <= result <= high else float(result)


def _integer_multiply(left: int, right: int, kind: type) -> Any:
    low, high = limits(kind)
    result = left * right
    if low <= result <= high:
        return kind(result)
    # 64-bit products overflow by way of BigInteger, whose conversion to double cuts.
    return big_to_float(result) if kind in (Int64, UInt64) else float(result)


def _integer_divide(left: int, right: int, kind: type) -> Any:
    if right == 0:
        raise divide_by_zero()
    if left % right:
        return left / right
    return _fits(left // right, kind)


def _integer_remainder(left: int, right: int, kind: type) -> Any:
    if right == 0:
        raise divide_by_zero()
    rest = abs(left) % abs(right)
    return kind(-rest if left < 0 else rest)


def _float_divide(left: float, right: float) -> float:
    if right == 0:
        if left == 0 or left != left:
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right


def _float_remainder(left: float, right: float) -> float:
    if right == 0 or math.isinf(left) or left != left or right != right:
        return math.nan
    return math.fmod(left, right)


def _float(function: Callable[[float, float], float]) -> Callable[[float, float], float]:
    def apply(left: float, right: float) -> float:
        try:
            return function(left, right)
        except OverflowError:
            return math.inf

    return apply


def _decimal(function: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Decimal, Decimal], Decimal]:
    def apply(left: Decimal, right: Decimal) -> Decimal:
        try:
            return net_decimal(function(left, right))
        except OverflowError:
            message = OVERFLOW[Decimal]
            raise runtime_error(
                "RuntimeException",
                message,
                category="NotSpecified",
                inner=NetException("System.OverflowException", message),
            ) from None
        except (ZeroDivisionError, InvalidOperation):
            raise divide_by_zero() from None

    return apply


class _Operation:
    """One arithmetic operator on numbers of each size."""

    def __init__(
        self,
        name: str,
        text: str,
        integer: Callable[[int, int, type], Any],
        real: Callable[[float, float], float],
        exact: Callable[[Decimal, Decimal], Decimal],
    ) -> None:
        self.name = name
        self.text = text
        self.integer = integer
        self.real = _float(real)
        self.exact = _decimal(exact)

    def __call__(self, left: Any, right: Any) -> Number:
        """*left* and *right* are numbers, bools, chars or enum values; the result of an enum is one."""
        enum = left.net_type if type(left) is EnumValue else None
        (a, code_a), (b, code_b) = _primitive(left), _primitive(right)
        code = max(code_a, code_b)
        if code <= _INT_CODE:
            result = self.integer(a, b, int)
        elif code == _UINT_CODE:
            negative = (code_a != _UINT_CODE and a < 0) or (code_b != _UINT_CODE and b < 0)
            result = self.integer(a, b, Int64 if negative else UInt32)
        elif code == _LONG_CODE:
            result = self.integer(a, b, Int64)
        elif code == _ULONG_CODE:
            result = self._unsigned_long(left, right, a, b)
        elif code == _DECIMAL_CODE:
            result = self.exact(_to_decimal(a), _to_decimal(b))
        else:
            result = self.real(float(a), float(b))
        return result if enum is None else _as_enum(result, enum)

    def _unsigned_long(self, left: Any, right: Any, a: int, b: int) -> Any:
        if (type(left) in SIGNED and a < 0) or (type(right) in SIGNED and b < 0):
            try:
                return self.exact(Decimal(a), Decimal(b))
            except PSError as error:
                if error.exception.inner is None or error.exception.inner.kind != "System.OverflowException":
                    raise
                return self.real(float(a), float(b))
        return self.integer(a, b, UInt64)


def _primitive(value: Any) -> tuple[Any, int]:
    kind = type(value)
    if kind is EnumValue:
        return value.value, _LONG_CODE if value.net_type.underlying.endswith("Int64") else _INT_CODE
    if kind is Char:
        return value.code, 4
    if kind is bool:
        return int(value), 3
    code = NUMERIC_CODES[kind]
    return (int(value) if code < 13 else value), code


def _to_decimal(value: Any) -> Decimal:
    return value if type(value) is Decimal else change_type(value, Decimal)


def _as_enum(result: Any, net_type: NetType) -> Any:
    if isinstance(result, float) and not math.isfinite(result):
        return EnumValue(net_type, 0 if result != result else INT32_MAX if result > 0 else INT32_MIN)
    return EnumValue(net_type, int(result)) if isinstance(result, (int, float)) else result


_ADD: Final = _Operation(
    "op_Addition", "+", lambda a, b, k: _fits(a + b, k), operator.add, lambda a, b: decimal_context.add(a, b)
)
_SUBTRACT: Final = _Operation(
    "op_Subtraction", "-", lambda a, b, k: _fits(a - b, k), operator.sub, lambda a, b: decimal_context.subtract(a, b)
)
_MULTIPLY: Final = _Operation(
    "op_Multiply", "*", _integer_multiply, operator.mul, lambda a, b: decimal_context.multiply(a, b)
)
_DIVIDE: Final = _Operation(
    "op_Division", "/", _integer_divide, _float_divide, decimal_divide
)
_REMAINDER: Final = _Operation(
    "op_Modulus", "%", _integer_remainder, _float_remainder, decimal_remainder
)


def is_numeric(value: Any) -> bool:
    """``IsNumeric``: numbers and enums, not bool, not char."""
    return type(value) in NUMERIC_CODES or type(value) is EnumValue


def numeric_operand(value: Any, like: Any) -> tuple[bool, Any]:
    """``GetArgAsNumericOrPrimitive``: the right operand as a number beside *like*; (False, _) if it is none."""
    if value is None:
        return True, 0
    kind = type(value)
    if kind in NUMERIC_CODES or kind is bool or kind is Char:
        return True, value
    if kind is EnumValue:
        return True, value.value if type(like) is not EnumValue else value
    return False, None


def scan(ctx: Any, text: str, like: Any) -> Any:
    """The number in a text operand; an error names the type of the other operand."""
    number = parse_number(text, getattr(ctx, "edition", "7"))
    if number is not None:
        return number
    target = types.of(like) if is_numeric(like) else _int_type()
    return scan_number(ctx, text, target)


# --- operators ----------------------------------------------------------------------------------------------------


def plus(ctx: Any, left: Any, right: Any) -> Any:
    """``+``: sums, concatenates texts and lists, merges dictionaries."""
    kind = type(left)
    if kind is int:
        if type(right) is int:
            result = left + right
            return result if INT32_MIN <= result <= INT32_MAX else float(result)
    elif kind is str:
        return left + (right if type(right) is str else convert.to_string(ctx, right))
    elif kind is float and type(right) is float:
        return left + right
    elif kind is Int64 and (type(right) is int or type(right) is Int64):
        result = left + right
        if Int64.MIN <= result <= Int64.MAX:
            return Int64(result)
    left = base(left)
    if left is None:
        return None if right is AUTOMATION_NULL else right
    kind = type(left)
    if is_numeric(left) or kind is bool:
        other = base(right)
        done, number = numeric_operand(other, left)
        if done:
            return _ADD(left, number)
        if type(other) is str:
            return plus(ctx, left, scan(ctx, other, left))
        return implicit_operator(ctx, "op_Addition", "+", left, other)
    if kind is str or kind is Char:
        return str(left) + convert.to_string(ctx, right)
    items = convert.enumerate(left)
    if items is not None:
        added = convert.enumerate(right)
        return Array([*items, *added] if added is not None else [*items, None if right is AUTOMATION_NULL else right])
    if isinstance(left, Dictionary):
        return _merge(left, base(right))
    return implicit_operator(ctx, "op_Addition", "+", left, base(right))


def _merge(left: Dictionary, right: Any) -> Any:
    if not isinstance(right, Dictionary):
        raise runtime_error("AddHashTableToNonHashTable", "A hash table can only be added to another hash table.")
    # The copy has the left one's class where that can be cloned, as HashtableOps.Add makes it.
    result = left.clone() if isinstance(left, Hashtable) else _copy_dictionary(left)
    for key, value in right.items():
        if not result.add(key, value):
            existing = next((k for k in result.keys() if result._key(k) == result._key(key)), key)  # noqa: SIM118
            raise net_error(
                "System.ArgumentException",
                f"Item has already been added. Key in dictionary: '{convert.to_string(None, existing)}'  "
                f"Key being added: '{convert.to_string(None, key)}'",
            )
    return result


def _copy_dictionary(source: Dictionary) -> Dictionary:
    from hvsim.runtime.collections import OrderedDictionary

    if isinstance(source, OrderedDictionary):
        return OrderedDictionary(source.items(), ignore_case=source.ignore_case)
    return Hashtable(source.items())


def minus(ctx: Any, left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int:
        result = left - right
        return result if INT32_MIN <= result <= INT32_MAX else float(result)
    return _subtract_or_divide(ctx, _SUBTRACT, left, right)


def divide(ctx: Any, left: Any, right: Any) -> Any:
    return _subtract_or_divide(ctx, _DIVIDE, left, right)


def remainder(ctx: Any, left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int and left >= 0 and right > 0:
        return left % right
    return _subtract_or_divide(ctx, _REMAINDER, left, right)


def _subtract_or_divide(ctx: Any, operation: _Operation, left: Any, right: Any) -> Any:
    left, right = base(left), base(right)
    if left is None:
        left = 0
    kind = type(left)
    if is_numeric(left) or kind is bool or kind is Char:
        done, number = numeric_operand(right, left)
        if done:
            return operation(left, number)
        if type(right) is str:
            return _subtract_or_divide(ctx, operation, left, scan(ctx, right, left))
    elif kind is str:
        number = scan(ctx, left, right)
        other = scan(ctx, right, left) if type(right) is str else right
        return _subtract_or_divide(ctx, operation, number, other)
    return implicit_operator(ctx, operation.name, operation.text, left, right)


#: Arrays beyond this are refused as .NET does on a machine whose memory is used up.
MAX_ELEMENTS = 100_000_000


def out_of_memory() -> PSError:
    """OutOfMemoryException, in .NET's words."""
    return net_error(
        "System.OutOfMemoryException", "Insufficient memory to continue the execution of the program."
    )


def multiply(ctx: Any, left: Any, right: Any) -> Any:
    """``*``: products; repeats texts and lists."""
    if type(left) is int and type(right) is int:
        result = left * right
        return result if INT32_MIN <= result <= INT32_MAX else float(result)
    left, right = base(left), base(right)
    if left is None:
        return None
    if is_numeric(left):
        done, number = numeric_operand(right, left)
        if done:
            return _MULTIPLY(left, number)
        if type(right) is str:
            return multiply(ctx, left, scan(ctx, right, left))
        return implicit_operator(ctx, "op_Multiply", "*", left, right)
    if type(left) is str:
        return _repeat_text(left, _times(ctx, right, "System.Int32"))
    items = convert.enumerate(left)
    if items is not None:
        times = _times(ctx, right, "System.UInt32")
        element = left.element_type if isinstance(left, Array) else None
        elements = list(items)
        if len(elements) * times > MAX_ELEMENTS:
            raise out_of_memory()
        return Array(elements * times, element)
    return implicit_operator(ctx, "op_Multiply", "*", left, right)


def _times(ctx: Any, value: Any, type_name: str) -> int:
    if type(value) is str:
        value = scan(ctx, value, 0)
    return int(convert.to(ctx, value, types.get(type_name)))


def _repeat_text(text: str, times: int) -> str:
    if times < 0:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Specified argument was out of the range of valid values. (Parameter 'times')",
            ParamName="times",
        )
    if len(text) * times > _MAX_CHARACTERS:
        raise out_of_memory()
    return text * times


#: The longest string that .NET can hold.
_MAX_CHARACTERS: Final = 1_073_741_791


def negate(ctx: Any, value: Any) -> Any:
    """Unary ``-``."""
    value = base(value)
    kind = type(value)
    if kind is int:
        return -value if value != INT32_MIN else value
    if kind is float or kind is Decimal:
        return -value if kind is float else value.copy_negate()
    if kind in (Byte, SByte):
        return -int(value)
    if kind in SIGNED:
        return kind(-value) if value != limits(kind)[0] else value
    if isinstance(value, float):
        return kind(-value)
    own = _unary(ctx, "op_UnaryNegation", value)
    return minus(ctx, 0, value) if own is None else own[0]


def positive(ctx: Any, value: Any) -> Any:
    """Unary ``+``."""
    value = base(value)
    kind = type(value)
    if kind in (Byte, SByte):
        return int(value)
    if kind in NUMERIC_CODES:
        return value
    own = _unary(ctx, "op_UnaryPlus", value)
    return plus(ctx, 0, value) if own is None else own[0]


def _unary(ctx: Any, name: str, value: Any) -> tuple[Any] | None:
    from hvsim.runtime.operators.overloads import span_of
    from hvsim.runtime.structs import TimeSpan
    from hvsim.runtime.values import BigInteger

    if type(value) is TimeSpan:
        return (span_of(-value.ticks) if name == "op_UnaryNegation" else value,)
    if type(value) is BigInteger:
        return (BigInteger(-value) if name == "op_UnaryNegation" else value,)
    return None

# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators that .NET types overload (``op_Addition`` ...), and the error where none exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hvsim.runtime import types
from hvsim.runtime.errors import PSError, net_error, runtime_error
from hvsim.runtime.format.dates import MAX_TICKS
from hvsim.runtime.numeric import NUMERIC_CODES
from hvsim.runtime.structs import DateTime, DateTimeOffset, TimeSpan
from hvsim.runtime.types import NetType
from hvsim.runtime.values import BigInteger, Char, PSCustomObject

__all__ = ["implicit_operator", "span_of"]

_SPAN_LIMIT: Final = 2**63


def span_of(ticks: int) -> TimeSpan:
    """A TimeSpan of *ticks*.

    Raises:
        PSError: ``System.OverflowException``.
    """
    if not -_SPAN_LIMIT <= ticks < _SPAN_LIMIT:
        raise net_error("System.OverflowException", "TimeSpan overflowed because the duration is too long.")
    return TimeSpan(ticks)


def _moment(ticks: int, kind: int) -> DateTime:
    if not 0 <= ticks <= MAX_TICKS:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "The added or subtracted value results in an un-representable DateTime. (Parameter 't')",
            ParamName="t",
        )
    return DateTime(ticks, kind)


def scale_span(span: TimeSpan, factor: float) -> TimeSpan:
    if factor != factor:
        raise net_error("System.ArgumentException", "TimeSpan does not accept floating point Not-a-Number values.")
    scaled = span.ticks * float(factor)
    if not abs(scaled) < _SPAN_LIMIT:
        raise net_error("System.OverflowException", "TimeSpan overflowed because the duration is too long.")
    return span_of(round(scaled))


def _date_minus(left: DateTime, right: Any) -> Any:
    if type(right) is TimeSpan:
        return _moment(left.ticks - right.ticks, left.kind)
    return TimeSpan(left.ticks - right.ticks)


def _offset_minus(left: DateTimeOffset, right: Any) -> Any:
    if type(right) is TimeSpan:
        return DateTimeOffset(left.ticks - right.ticks, left.offset)
    return TimeSpan(left.utc_ticks - right.utc_ticks)


def _span_multiply(left: Any, right: Any) -> TimeSpan:
    return scale_span(left, right) if type(left) is TimeSpan else scale_span(right, left)


def _span_divide(left: TimeSpan, right: Any) -> Any:
    if type(right) is TimeSpan:
        if right.ticks == 0:
            return float("nan") if left.ticks == 0 else float("inf") if left.ticks > 0 else float("-inf")
        return left.ticks / right.ticks
    if right != right:
        raise net_error("System.ArgumentException", "TimeSpan does not accept floating point Not-a-Number values.")
    if right == 0:
        raise net_error("System.OverflowException", "TimeSpan overflowed because the duration is too long.")
    return span_of(round(left.ticks / right))


def _truncated(left: int, right: int) -> tuple[int, int]:
    if right == 0:
        raise net_error("System.DivideByZeroException", "Attempted to divide by zero.")
    quotient = abs(left) // abs(right)
    if (left < 0) != (right < 0):
        quotient = -quotient
    return quotient, left - quotient * right


def _big(function: Callable[[int, int], int]) -> Callable[[Any, Any], Any]:
    return lambda left, right: BigInteger(function(int(left), int(right)))


_DATE_SUM: Final = lambda left, right: _moment(left.ticks + right.ticks, left.kind)  # noqa: E731
_SPAN: Final = "(timespan, timespan) -> timespan"
_BIG: Final = ["(bigint, bigint) -> bigint"]
#: Type -> operator -> (signatures, implementation).
_TABLE: Final[dict[str, dict[str, tuple[list[str], Callable[..., Any]]]]] = {
    "System.DateTime": {
        "op_Addition": (["(datetime, timespan) -> datetime"], _DATE_SUM),
        "op_Subtraction": (["(datetime, timespan) -> datetime", "(datetime, datetime) -> timespan"], _date_minus),
    },
    "System.DateTimeOffset": {
        "op_Addition": (
            ["(System.DateTimeOffset, timespan) -> System.DateTimeOffset"],
            lambda left, right: DateTimeOffset(left.ticks + right.ticks, left.offset),
        ),
        "op_Subtraction": (
            [
                "(System.DateTimeOffset, timespan) -> System.DateTimeOffset",
                "(System.DateTimeOffset, System.DateTimeOffset) -> timespan",
            ],
            _offset_minus,
        ),
    },
    "System.TimeSpan": {
        "op_Addition": ([_SPAN], lambda left, right: span_of(left.ticks + right.ticks)),
        "op_Subtraction": ([_SPAN], lambda left, right: span_of(left.ticks - right.ticks)),
        "op_Multiply": (["(timespan, double) -> timespan", "(double, timespan) -> timespan"], _span_multiply),
        "op_Division": (["(timespan, double) -> timespan", "(timespan, timespan) -> double"], _span_divide),
    },
    "System.Numerics.BigInteger": {
        "op_Addition": (_BIG, _big(lambda a, b: a + b)),
        "op_Subtraction": (_BIG, _big(lambda a, b: a - b)),
        "op_Multiply": (_BIG, _big(lambda a, b: a * b)),
        "op_Division": (_BIG, _big(lambda a, b: _truncated(a, b)[0])),
        "op_Modulus": (_BIG, _big(lambda a, b: _truncated(a, b)[1])),
        "op_BitwiseAnd": (_BIG, _big(lambda a, b: a & b)),
        "op_BitwiseOr": (_BIG, _big(lambda a, b: a | b)),
        "op_ExclusiveOr": (_BIG, _big(lambda a, b: a ^ b)),
        "op_LeftShift": (["(bigint, int) -> bigint"], _big(lambda a, b: a << b if b >= 0 else a >> -b)),
        "op_RightShift": (["(bigint, int) -> bigint"], _big(lambda a, b: a >> b if b >= 0 else a << -b)),
    },
}
_NOT_IN_FRAMEWORK: Final = frozenset({("System.TimeSpan", "op_Multiply"), ("System.TimeSpan", "op_Division")})
_GROUPS: dict[tuple[str, str], Any] = {}


def _type_of(value: Any) -> NetType | None:
    if value is None:
        return None
    if isinstance(value, PSCustomObject):
        return types.get("System.Management.Automation.PSObject")
    return types.of(value)


def _primitive(value: Any) -> bool:
    """``Type.IsPrimitive`` (decimal is not)."""
    from decimal import Decimal

    kind = type(value)
    return kind in (bool, Char) or (kind in NUMERIC_CODES and kind is not Decimal)


def implicit_operator(ctx: Any, name: str, text: str, left: Any, right: Any) -> Any:
    """Calls the static operator method *name* of the left operand's type (the right's when left is a primitive).

    Raises:
        PSError: ``MethodNotFound`` and what choosing an overload raises; ``NotADefinedOperationForType``.
    """
    owner = _type_of(left)
    if owner is None or _primitive(left):
        owner = None if right is None or _primitive(right) else _type_of(right)
    if owner is None:
        names = [f"[{types.type_to_string(t)}]" if (t := _type_of(v)) else "[<null>]" for v in (left, right)]
        raise runtime_error(
            "NotADefinedOperationForType", f"The operation '{names[0]} {text} {names[1]}' is not defined."
        )
    group = _group(ctx, owner, name)
    if group is None:
        raise _method_not_found(owner, name)
    from hvsim.runtime import members

    return members.invoke(ctx, group, (), [left, right])


def _method_not_found(owner: NetType, name: str) -> PSError:
    return runtime_error(
        "MethodNotFound",
        f"Method invocation failed because [{types.type_to_string(owner)}] does not contain a method named '{name}'.",
        target=name,
    )


def _group(ctx: Any, owner: NetType, name: str) -> Any:
    from hvsim.runtime import members

    entry = _TABLE.get(owner.full_name, {}).get(name)
    if entry is None:
        return members.find_method(owner, name, static=True)
    key = (owner.full_name, name)
    if key in _NOT_IN_FRAMEWORK and getattr(ctx, "edition", "7") == "5.1":
        return None
    if key not in _GROUPS:
        overloads = members.parse_overloads(entry[0])
        _GROUPS[key] = members.MethodGroup(owner, name, overloads, entry[1], False, True)
    return _GROUPS[key]

# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.TimeSpan``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from hvsim.library.dotnet.datetime import MICROSECOND, MILLISECOND
from hvsim.library.dotnet.support import culture_of, is_provider, null_argument
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format import edition_of, format_value, spanparse
from hvsim.runtime.format.dates import DAY, HOUR, MINUTE, SECOND
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.operators.overloads import scale_span, span_of
from hvsim.runtime.structs import TimeSpan
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Int64

_SPAN = "System.TimeSpan"
_TOO_LONG = "TimeSpan overflowed because the duration is too long."


@constructor(_SPAN)
def _new(_net_type: NetType, *args: Any) -> TimeSpan:
    if len(args) <= 1:
        return TimeSpan(int(args[0]) if args else 0)
    values = [int(a) for a in args]
    if len(values) == 3:
        values.insert(0, 0)
    total = 0
    for value, unit in zip(values, (DAY, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND), strict=False):
        total += value * unit
    try:
        return span_of(total)
    except PSError:
        raise net_error("System.ArgumentOutOfRangeException", _TOO_LONG) from None


def _truncated(ticks: int, unit: int) -> int:
    return abs(ticks) // unit * (-1 if ticks < 0 else 1)


def _component(ticks: int, unit: int, modulus: int) -> int:
    value = abs(ticks) // unit % modulus
    return -value if ticks < 0 else value


_PARTS: dict[str, Callable[[int], Any]] = {
    "Days": lambda t: _truncated(t, DAY),
    "Hours": lambda t: _component(t, HOUR, 24),
    "Minutes": lambda t: _component(t, MINUTE, 60),
    "Seconds": lambda t: _component(t, SECOND, 60),
    "Milliseconds": lambda t: _component(t, MILLISECOND, 1000),
    "Microseconds": lambda t: _component(t, MICROSECOND, 1000),
    "Nanoseconds": lambda t: _component(t, 1, 10) * 100,
    "Ticks": Int64,
    "TotalDays": lambda t: t / DAY,
    "TotalHours": lambda t: t / HOUR,
    "TotalMinutes": lambda t: t / MINUTE,
    "TotalSeconds": lambda t: t / SECOND,
    "TotalMilliseconds": lambda t: t / MILLISECOND,
    "TotalMicroseconds": lambda t: t / MICROSECOND,
    "TotalNanoseconds": lambda t: float(t * 100),
}


def _part(name: str, function: Callable[[int], Any]) -> None:
    getter(_SPAN, name)(lambda self: function(self.ticks))


for _name, _function in _PARTS.items():
    _part(_name, _function)

_CONSTANTS: dict[str, Any] = {
    "Zero": TimeSpan(0),
    "MaxValue": TimeSpan(2**63 - 1),
    "MinValue": TimeSpan(-(2**63)),
    "TicksPerDay": Int64(DAY),
    "TicksPerHour": Int64(HOUR),
    "TicksPerMinute": Int64(MINUTE),
    "TicksPerSecond": Int64(SECOND),
    "TicksPerMillisecond": Int64(MILLISECOND),
    "TicksPerMicrosecond": Int64(MICROSECOND),
    "NanosecondsPerTick": Int64(100),
    "HoursPerDay": 24,
    "MinutesPerHour": Int64(60),
    "MinutesPerDay": Int64(1440),
    "SecondsPerMinute": Int64(60),
    "SecondsPerHour": Int64(3600),
    "SecondsPerDay": Int64(86400),
    "MillisecondsPerSecond": Int64(1000),
    "MillisecondsPerMinute": Int64(60_000),
    "MillisecondsPerHour": Int64(3_600_000),
    "MillisecondsPerDay": Int64(86_400_000),
    "MicrosecondsPerMillisecond": Int64(1000),
    "MicrosecondsPerSecond": Int64(1_000_000),
    "MicrosecondsPerMinute": Int64(60_000_000),
    "MicrosecondsPerHour": Int64(3_600_000_000),
    "MicrosecondsPerDay": Int64(86_400_000_000),
}
for _name, _value in _CONSTANTS.items():
    static_getter(_SPAN, _name)(lambda v=_value: v)


def from_units(value: Any, unit: int, edition: str) -> TimeSpan:
    """``FromXxx(double)``; .NET Framework rounds to milliseconds.

    Raises:
        PSError: ``ArgumentException`` for NaN, ``OverflowException``.
    """
    if isinstance(value, int):
        return span_of(int(value) * unit)
    if value != value:
        raise net_error("System.ArgumentException", "TimeSpan does not accept floating point Not-a-Number values.")
    if abs(value) == float("inf"):
        raise net_error("System.OverflowException", _TOO_LONG)
    if edition == "5.1":
        milliseconds = value * (unit / MILLISECOND) + (0.5 if value >= 0 else -0.5)
        return span_of(int(milliseconds) * MILLISECOND)
    ticks = value * unit
    if not -(2.0**63) <= ticks < 2.0**63:
        raise net_error("System.OverflowException", _TOO_LONG)
    return span_of(int(ticks))


def _factory(name: str, units: tuple[int, ...]) -> None:
    @static_method(_SPAN, name, context=True)
    def make(ctx: Any, value: Any, *rest: Any) -> TimeSpan:
        if not rest:
            return from_units(value, units[0], edition_of(ctx))
        total = int(value) * units[0]
        for more, unit in zip(rest, units[1:], strict=False):
            total += int(more) * unit
        return span_of(total)


_DESCENDING = (DAY, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND)
for _index, _name in enumerate(
    ("FromDays", "FromHours", "FromMinutes", "FromSeconds", "FromMilliseconds", "FromMicroseconds")
):
    _factory(_name, _DESCENDING[_index:])


@static_method(_SPAN, "FromTicks")
def _from_ticks(value: Any) -> TimeSpan:
    return TimeSpan(int(value))


@static_method(_SPAN, "Parse", context=True)
def _parse(ctx: Any, text: Any, provider: Any = None) -> TimeSpan:
    if text is None:
        raise null_argument("input")
    return TimeSpan(spanparse.parse_span(text, edition_of(ctx), culture_of(ctx, provider).numbers.decimal))


@static_method(_SPAN, "ParseExact", context=True)
def _parse_exact(ctx: Any, text: Any, specs: Any, *_args: Any) -> TimeSpan:
    if text is None:
        raise null_argument("input")
    if specs is None:
        raise null_argument("format")
    formats = [specs] if type(specs) is str else list(specs)
    return TimeSpan(spanparse.parse_span_exact(text, formats, edition_of(ctx)))


def _tried(result: Any, parse: Callable[[], TimeSpan]) -> bool:
    try:
        result.value = parse()
    except PSError:
        result.value = TimeSpan(0)
        return False
    return True


@static_method(_SPAN, "TryParse", context=True)
def _try_parse(ctx: Any, text: Any, *args: Any) -> bool:
    return _tried(args[-1], lambda: _parse(ctx, text, args[0] if len(args) == 2 else None))


@static_method(_SPAN, "TryParseExact", context=True)
def _try_parse_exact(ctx: Any, text: Any, specs: Any, *args: Any) -> bool:
    return _tried(args[-1], lambda: _parse_exact(ctx, text, specs))


@static_method(_SPAN, "Compare")
def _compare(a: TimeSpan, b: TimeSpan) -> int:
    return (a.ticks > b.ticks) - (a.ticks < b.ticks)


@static_method(_SPAN, "Equals")
def _static_equals(a: TimeSpan, b: TimeSpan) -> bool:
    return a.ticks == b.ticks


@method(_SPAN, "CompareTo")
def _compare_to(self: TimeSpan, other: Any) -> int:
    if other is None:
        return 1
    if type(other) is not TimeSpan:
        raise net_error("System.ArgumentException", "Object must be of type TimeSpan.")
    return _compare(self, other)


@method(_SPAN, "Equals")
def _equals(self: TimeSpan, other: Any) -> bool:
    return type(other) is TimeSpan and other.ticks == self.ticks


@method(_SPAN, "GetHashCode")
def _hash(self: TimeSpan) -> int:
    value = (self.ticks & 0xFFFFFFFF) ^ (self.ticks >> 32 & 0xFFFFFFFF)
    return value - (1 << 32) if value & 0x80000000 else value


@method(_SPAN, "Add")
def _add(self: TimeSpan, other: TimeSpan) -> TimeSpan:
    return span_of(self.ticks + other.ticks)


@method(_SPAN, "Subtract")
def _subtract(self: TimeSpan, other: TimeSpan) -> TimeSpan:
    return span_of(self.ticks - other.ticks)


@method(_SPAN, "Multiply")
def _multiply(self: TimeSpan, factor: float) -> TimeSpan:
    return scale_span(self, factor)


@method(_SPAN, "Divide")
def _divide(self: TimeSpan, other: Any) -> Any:
    if type(other) is TimeSpan:
        if other.ticks:
            return self.ticks / other.ticks
        return math.copysign(math.inf, self.ticks) if self.ticks else math.nan
    if other == 0:
        raise net_error("System.OverflowException", _TOO_LONG)
    return scale_span(self, 1 / other)


@method(_SPAN, "Negate")
def _negate(self: TimeSpan) -> TimeSpan:
    if self.ticks == -(2**63):
        raise net_error(
            "System.OverflowException", "Negating the minimum value of a twos complement number is invalid."
        )
    return TimeSpan(-self.ticks)


@method(_SPAN, "Duration")
def _duration(self: TimeSpan) -> TimeSpan:
    if self.ticks == -(2**63):
        raise net_error(
            "System.OverflowException",
            "The duration cannot be returned for TimeSpan.MinValue because the absolute value of TimeSpan.MinValue exceeds the "
            "value of TimeSpan.MaxValue.",
        )
    return TimeSpan(abs(self.ticks))


@method(_SPAN, "ToString", context=True)
def _to_string(ctx: Any, self: TimeSpan, *args: Any) -> str:
    spec = next((a for a in args if type(a) is str), None)
    return format_value(ctx, self, spec, culture_of(ctx, next((a for a in args if is_provider(a)), None)))

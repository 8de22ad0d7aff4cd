# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.DateTime`` and ``System.DateTimeOffset``; local time is UTC."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.support import (
    argument_error,
    culture_of,
    enum_number,
    is_provider,
    null_argument,
    out_of_range,
    string_array,
    type_code,
)
from hvsim.runtime import types
from hvsim.runtime.convert import parsers
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format import dateparse, edition_of, format_value
from hvsim.runtime.format import dates as clock
from hvsim.runtime.format.dates import DAY, HOUR, MAX_TICKS, MINUTE, SECOND
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.structs import DateTime, DateTimeOffset, TimeSpan
from hvsim.runtime.types import NetType
from hvsim.runtime.values import EnumValue, Int64

_DATE = "System.DateTime"
_OFFSET = "System.DateTimeOffset"
MILLISECOND = SECOND // 1000
MICROSECOND = SECOND // 1_000_000
FILE_EPOCH = clock.ticks_of(1601, 1, 1)
UNIX_EPOCH = clock.ticks_of(1970, 1, 1)
_UNREPRESENTABLE = "The added or subtracted value results in an un-representable DateTime."


def moment(ticks: int, kind: int, name: str = "value") -> DateTime:
    if not 0 <= ticks <= MAX_TICKS:
        raise out_of_range(_UNREPRESENTABLE, name)
    return DateTime(ticks, kind)


def kind_value(kind: int) -> EnumValue:
    return types.enum("System.DateTimeKind", kind)


def day_value(ticks: int) -> EnumValue:
    return types.enum("System.DayOfWeek", clock.day_of_week(ticks))


def fields_ticks(args: tuple[Any, ...]) -> int:
    """Ticks of ``(year, month, day[, hour, minute, second[, millisecond[, microsecond]]])``.

    Raises:
        PSError: ``ArgumentOutOfRangeException``.
    """
    year, month, day = (int(a) for a in args[:3])
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= clock.days_in_month(year, month)):
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Year, Month, and Day parameters describe an un-representable DateTime.",
        )
    hour, minute, second = (int(a) for a in args[3:6]) if len(args) >= 6 else (0, 0, 0)
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Hour, Minute, and Second parameters describe an un-representable DateTime.",
        )
    fraction = 0
    for value, unit, name in zip(args[6:8], (MILLISECOND, MICROSECOND), ("millisecond", "microsecond"), strict=False):
        if not 0 <= int(value) <= 999:
            raise out_of_range("Valid values are between 0 and 999, inclusive.", name)
        fraction += int(value) * unit
    return clock.ticks_of(year, month, day, hour, minute, second, fraction)


@constructor(_DATE)
def _new(_net_type: NetType, *args: Any) -> DateTime:
    kind = 0
    if args and type(args[-1]) is EnumValue:
        kind, args = args[-1].value, args[:-1]
    if any(not isinstance(a, int) for a in args):
        raise Unsupported("DateTime with a calendar, DateOnly or TimeOnly")
    if not args:
        return DateTime(0)
    if len(args) == 1:
        value = parsers.ticks_datetime(int(args[0]))
        return DateTime(value.ticks, kind)
    return DateTime(fields_ticks(args), kind)


# --- static ---------------------------------------------------------------------------------------------------------------


@static_getter(_DATE, "Now", context=True)
def _now(ctx: Any) -> DateTime:
    ticks = parsers.now_ticks(ctx)
    return DateTime(ticks + clock.local_offset(ticks), 2)


@static_getter(_DATE, "UtcNow", context=True)
def _utc_now(ctx: Any) -> DateTime:
    return DateTime(parsers.now_ticks(ctx), 1)


@static_getter(_DATE, "Today", context=True)
def _today(ctx: Any) -> DateTime:
    now = _now(ctx)
    return DateTime(now.ticks - now.ticks % DAY, 2)


static_getter(_DATE, "MinValue")(lambda: DateTime(0))
static_getter(_DATE, "MaxValue")(lambda: DateTime(MAX_TICKS))
static_getter(_DATE, "UnixEpoch")(lambda: DateTime(UNIX_EPOCH, 1))


@static_method(_DATE, "SpecifyKind")
def _specify_kind(value: DateTime, kind: EnumValue) -> DateTime:
    return DateTime(value.ticks, kind.value)


@static_method(_DATE, "DaysInMonth")
def _days_in_month(year: int, month: int) -> int:
    if not 1 <= month <= 12:
        raise out_of_range("Month must be between one and twelve.", "month")
    _check_year(year)
    return clock.days_in_month(year, month)


def _check_year(year: int) -> None:
    if not 1 <= year <= 9999:
        raise out_of_range("Year must be between 1 and 9999.", "year")


@static_method(_DATE, "IsLeapYear")
def _is_leap_year(year: int) -> bool:
    _check_year(year)
    return clock.is_leap(year)


@static_method(_DATE, "Compare")
def _compare(a: DateTime, b: DateTime) -> int:
    return (a.ticks > b.ticks) - (a.ticks < b.ticks)


@static_method(_DATE, "FromFileTimeUtc")
def from_file_time_utc(value: Any) -> DateTime:
    if not 0 <= value <= MAX_TICKS - FILE_EPOCH:
        raise out_of_range("Not a valid Win32 FileTime.", "fileTime")
    return DateTime(FILE_EPOCH + int(value), 1)


@static_method(_DATE, "FromFileTime")
def _from_file_time(value: Any) -> DateTime:
    utc = from_file_time_utc(value)
    return DateTime(utc.ticks + clock.local_offset(utc.ticks), 2)


@static_method(_DATE, "FromOADate")
def _from_oa_date(value: float) -> DateTime:
    if not -657435.0 < value < 2958466.0:
        raise net_error("System.ArgumentException", "Not a legal OleAut date.")
    whole = int(value)
    return DateTime(clock.ticks_of(1899, 12, 30) + whole * DAY + round(abs(value - whole) * 86_400_000) * MILLISECOND)


@static_method(_DATE, "FromBinary")
def _from_binary(value: Any) -> DateTime:
    bits = int(value) & (2**64 - 1)
    if bits >> 63:
        return _from_local_binary(bits & (2**62 - 1))
    if bits & (2**62 - 1) > clock.MAX_TICKS:
        raise _bad_binary()
    return DateTime(bits & (2**62 - 1), {0: 0, 1: 1, 2: 2, 3: 2}[bits >> 62])


def _from_local_binary(ticks: int) -> DateTime:
    """A local time is stored as ticks of UTC; those just before year 1 wrap around to the top of the 62 bits."""
    if ticks > 2**62 - DAY:
        ticks -= 2**62
    ticks += clock.local_offset(max(ticks, 0))
    if ticks < 0:
        ticks += DAY
    if not 0 <= ticks <= clock.MAX_TICKS:
        raise _bad_binary()
    return DateTime(ticks, 2)


def _bad_binary() -> PSError:
    return argument_error(
        "The binary data must result in a DateTime with ticks between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.",
        "dateData",
    )


def parse_arguments(ctx: Any, args: tuple[Any, ...]) -> tuple[Any, int]:
    styles = next((enum_number(a) for a in args if type(a) is EnumValue), 0)
    return culture_of(ctx, next((a for a in args if is_provider(a)), None)), styles


@static_method(_DATE, "Parse", context=True)
def _parse(ctx: Any, text: Any, *args: Any) -> DateTime:
    if text is None:
        raise null_argument("s")
    culture, styles = parse_arguments(ctx, args)
    return parsers.parse_datetime(ctx, text, culture, styles)


def _today_ticks(ctx: Any) -> int:
    return _now(ctx).ticks


def exact(ctx: Any, text: Any, specs: Any, args: tuple[Any, ...]) -> tuple[dateparse.Parsed, int]:
    if text is None:
        raise null_argument("s")
    if specs is None:
        raise null_argument("format")
    culture, styles = parse_arguments(ctx, args)
    formats = [specs] if type(specs) is str else list(specs)
    return dateparse.parse_exact(text, formats, culture, styles, _today_ticks(ctx), edition_of(ctx))


@static_method(_DATE, "ParseExact", context=True)
def _parse_exact(ctx: Any, text: Any, specs: Any, *args: Any) -> DateTime:
    return DateTime(*dateparse.resolve(*exact(ctx, text, specs, args)))


def tried(result: Any, parse: Callable[[], Any], default: Any) -> bool:
    try:
        result.value = parse()
    except PSError:
        result.value = default
        return False
    return True


@static_method(_DATE, "TryParse", context=True)
def _try_parse(ctx: Any, text: Any, *args: Any) -> bool:
    return tried(args[-1], lambda: _parse(ctx, text, *args[:-1]), DateTime(0))


@static_method(_DATE, "TryParseExact", context=True)
def _try_parse_exact(ctx: Any, text: Any, specs: Any, *args: Any) -> bool:
    return tried(args[-1], lambda: _parse_exact(ctx, text, specs, *args[:-1]), DateTime(0))


@static_method(_DATE, "Equals")
def _static_equals(a: Any, b: Any) -> bool:
    return bool(a.ticks == b.ticks)


# --- parts ------------------------------------------------------------------------------------------------------------------

_PARTS: dict[str, Callable[[int], Any]] = {
    "Year": lambda t: clock.civil(t).year,
    "Month": lambda t: clock.civil(t).month,
    "Day": lambda t: clock.civil(t).day,
    "Hour": lambda t: t // HOUR % 24,
    "Minute": lambda t: t // MINUTE % 60,
    "Second": lambda t: t // SECOND % 60,
    "Millisecond": lambda t: t // MILLISECOND % 1000,
    "Microsecond": lambda t: t // MICROSECOND % 1000,
    "Nanosecond": lambda t: t % 10 * 100,
    "Ticks": Int64,
    "DayOfWeek": day_value,
    "DayOfYear": clock.day_of_year,
    "TimeOfDay": lambda t: TimeSpan(t % DAY),
}


def _part(name: str, function: Callable[[int], Any]) -> None:
    getter(_DATE, name)(lambda self: function(self.ticks))
    getter(_OFFSET, name)(lambda self: function(self.ticks))


for _name, _function in _PARTS.items():
    _part(_name, _function)


@getter(_DATE, "Date")
def _date(self: DateTime) -> DateTime:
    return DateTime(self.ticks - self.ticks % DAY, self.kind)


@getter(_DATE, "Kind")
def _kind(self: DateTime) -> EnumValue:
    return kind_value(self.kind)


# --- changes ------------------------------------------------------------------------------------------------------------------


def scaled(value: float, unit: int, edition: str) -> int:
    """*value* units in ticks; .NET Framework rounds to milliseconds."""
    if value != value or math.isinf(value):
        raise out_of_range("Value to add was out of range.", "value")
    if edition == "5.1":
        return int(value * (unit // MILLISECOND) + (0.5 if value >= 0 else -0.5)) * MILLISECOND
    whole = math.trunc(value)
    return whole * unit + int((value - whole) * unit)


_UNITS = {
    "AddDays": DAY,
    "AddHours": HOUR,
    "AddMinutes": MINUTE,
    "AddSeconds": SECOND,
    "AddMilliseconds": MILLISECOND,
    "AddMicroseconds": MICROSECOND,
}


def _adder(name: str, unit: int) -> None:
    @method(_DATE, name, context=True)
    def add(ctx: Any, self: DateTime, value: float) -> DateTime:
        return moment(self.ticks + scaled(float(value), unit, edition_of(ctx)), self.kind)

    @method(_OFFSET, name, context=True)
    def add_offset(ctx: Any, self: DateTimeOffset, value: float) -> DateTimeOffset:
        return DateTimeOffset(moment(self.ticks + scaled(float(value), unit, edition_of(ctx)), 0).ticks, self.offset)


for _name, _unit in _UNITS.items():
    _adder(_name, _unit)


def plus_months(ticks: int, months: int) -> int:
    if not -120000 <= months <= 120000:
        raise out_of_range("Months value must be between +/-120000.", "months")
    parts = clock.civil(ticks)
    index = parts.year * 12 + parts.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise out_of_range(_UNREPRESENTABLE, "months")
    day = min(parts.day, clock.days_in_month(year, month + 1))
    return clock.ticks_of(year, month + 1, day) + ticks % DAY


@method(_DATE, "AddMonths")
def _add_months(self: DateTime, months: int) -> DateTime:
    return DateTime(plus_months(self.ticks, months), self.kind)


@method(_DATE, "AddYears")
def _add_years(self: DateTime, years: int) -> DateTime:
    if not -10000 <= years <= 10000:
        raise out_of_range("Years value must be between +/-10000.", "years")
    return DateTime(plus_months(self.ticks, years * 12), self.kind)


@method(_DATE, "AddTicks")
def _add_ticks(self: DateTime, ticks: Any) -> DateTime:
    return moment(self.ticks + int(ticks), self.kind)


@method(_DATE, "Add")
def _add(self: DateTime, span: TimeSpan) -> DateTime:
    return moment(self.ticks + span.ticks, self.kind)


@method(_DATE, "Subtract")
def _subtract(self: DateTime, other: Any) -> Any:
    if type(other) is TimeSpan:
        return moment(self.ticks - other.ticks, self.kind)
    return TimeSpan(self.ticks - other.ticks)


@method(_DATE, "ToUniversalTime")
def _to_universal(self: DateTime) -> DateTime:
    return self if self.kind == 1 else DateTime(self.ticks - clock.local_offset(self.ticks), 1)


@method(_DATE, "ToLocalTime")
def _to_local(self: DateTime) -> DateTime:
    return self if self.kind == 2 else DateTime(self.ticks + clock.local_offset(self.ticks), 2)


@method(_DATE, "IsDaylightSavingTime")
def _is_daylight(_self: DateTime) -> bool:
    return False


@method(_DATE, "ToFileTimeUtc")
@method(_DATE, "ToFileTime")
def _to_file_time(self: DateTime) -> Int64:
    if self.ticks < FILE_EPOCH:
        raise net_error("System.ArgumentOutOfRangeException", "Not a valid Win32 FileTime.")
    return Int64(_to_universal(self).ticks - FILE_EPOCH)


@method(_DATE, "ToOADate")
def _to_oa_date(self: DateTime) -> float:
    if self.ticks == 0:
        return 0.0
    base = clock.ticks_of(1899, 12, 30)
    ticks = self.ticks + base if self.ticks < DAY else self.ticks
    if ticks < clock.ticks_of(100, 1, 1):
        raise net_error("System.OverflowException", "Not a legal OleAut date.")
    milliseconds = abs(ticks - base) // MILLISECOND
    if ticks >= base:
        return milliseconds / 86_400_000
    # Before its epoch the day counts down and the time of day up.
    fraction = milliseconds % 86_400_000
    return -(milliseconds + (86_400_000 - fraction) * 2 if fraction else milliseconds) / 86_400_000


@method(_DATE, "ToBinary")
def _to_binary(self: DateTime) -> Int64:
    bits = self.ticks | (self.kind << 62)
    return Int64(bits - (1 << 64) if bits >> 63 else bits)


# --- comparison, text -----------------------------------------------------------------------------------------------------------


@method(_DATE, "CompareTo")
def _compare_to(self: DateTime, other: Any) -> int:
    if other is None:
        return 1
    if type(other) is not DateTime:
        raise net_error("System.ArgumentException", "Object must be of type DateTime.")
    return _compare(self, other)


@method(_DATE, "Equals")
def _equals(self: DateTime, other: Any) -> bool:
    return type(other) is DateTime and other.ticks == self.ticks


@method(_OFFSET, "GetHashCode")
@method(_DATE, "GetHashCode")
def _hash(self: Any) -> int:
    ticks = self.utc_ticks if type(self) is DateTimeOffset else self.ticks
    value = (ticks & 0xFFFFFFFF) ^ (ticks >> 32 & 0xFFFFFFFF)
    return int(value - (1 << 32) if value & 0x80000000 else value)


@method(_DATE, "GetTypeCode")
def _type_code(_self: DateTime) -> EnumValue:
    return type_code("DateTime")


@method(_OFFSET, "ToString", context=True)
@method(_DATE, "ToString", context=True)
def _to_string(ctx: Any, self: Any, *args: Any) -> str:
    spec = next((a for a in args if type(a) is str), None)
    return format_value(ctx, self, spec, culture_of(ctx, next((a for a in args if is_provider(a)), None)))


def _text(name: str, spec: str) -> None:
    method(_DATE, name, context=True)(lambda ctx, self: format_value(ctx, self, spec))


for _name, _spec in (
    ("ToShortDateString", "d"),
    ("ToLongDateString", "D"),
    ("ToShortTimeString", "t"),
    ("ToLongTimeString", "T"),
):
    _text(_name, _spec)


@method(_DATE, "GetDateTimeFormats", context=True)
def _formats(ctx: Any, self: DateTime, *args: Any) -> Any:
    from hvsim.runtime.values import Char

    letters = [a.text for a in args if type(a) is Char] or list("dDfFgGmoRstTuUy")
    return string_array([format_value(ctx, self, letter) for letter in letters])

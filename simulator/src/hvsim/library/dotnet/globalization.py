# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.TimeZoneInfo`` (UTC and fixed offsets), ``DateOnly`` and ``TimeOnly``."""

from __future__ import annotations

from functools import total_ordering
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.datetime import MILLISECOND, plus_months
from hvsim.library.dotnet.support import culture_of, is_provider, null_argument, out_of_range
from hvsim.runtime import convert, types
from hvsim.runtime.convert import parsers
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format import dates as clock
from hvsim.runtime.format.dates import DAY, HOUR, MINUTE, SECOND, format_date
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.objects import property_order
from hvsim.runtime.structs import DateTime, DateTimeOffset, TimeSpan
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Int64, NetObject

_ZONE = "System.TimeZoneInfo"
_DATE_ONLY = "System.DateOnly"
_TIME_ONLY = "System.TimeOnly"


# --- TimeZoneInfo -------------------------------------------------------------------------------------------------------------


@types.net_class(_ZONE)
class TimeZone(NetObject):
    """``System.TimeZoneInfo``: only UTC, which is the simulated hosts' local zone too."""

    __slots__ = ("daylight", "display", "id", "offset", "standard")

    def __init__(self, identifier: str, offset: int, display: str, standard: str, daylight: str) -> None:
        self.id = identifier
        self.offset = offset
        self.display = display
        self.standard = standard
        self.daylight = daylight


property_order(_ZONE, "Id", "DisplayName", "StandardName", "DaylightName", "BaseUtcOffset", "SupportsDaylightSavingTime")
UTC_ZONE = TimeZone(
    "UTC", 0, "(UTC) Coordinated Universal Time", "Coordinated Universal Time", "Coordinated Universal Time"
)
_NAMES = frozenset({"utc", "etc/utc", "gmt", "etc/gmt", "zulu", "etc/zulu", "coordinated universal time"})
for _name in ("Utc", "Local"):
    static_getter(_ZONE, _name, type=_ZONE)(lambda: UTC_ZONE)


@static_method(_ZONE, "FindSystemTimeZoneById", overloads=[f"(string) -> {_ZONE}"])
def _find_zone(name: Any) -> TimeZone:
    if name is None:
        raise null_argument("id")
    if name.lower() in _NAMES:
        return UTC_ZONE
    raise Unsupported(f"time zone {name}", "only UTC is known")


@static_method(
    _ZONE,
    "ConvertTimeToUtc",
    overloads=["(datetime) -> datetime", f"(datetime, {_ZONE}) -> datetime"],
)
def _to_utc(value: DateTime, _zone: Any = None) -> DateTime:
    return DateTime(value.ticks, 1)


@static_method(_ZONE, "ConvertTimeFromUtc", overloads=[f"(datetime, {_ZONE}) -> datetime"])
def _from_utc(value: DateTime, _zone: Any) -> DateTime:
    return DateTime(value.ticks, 1)


@static_method(
    _ZONE,
    "ConvertTime",
    overloads=[
        f"(datetime, {_ZONE}) -> datetime",
        f"(datetime, {_ZONE}, {_ZONE}) -> datetime",
        f"(System.DateTimeOffset, {_ZONE}) -> System.DateTimeOffset",
    ],
)
def _convert_time(value: Any, *_zones: Any) -> Any:
    if type(value) is DateTimeOffset:
        return DateTimeOffset(value.utc_ticks, 0)
    return DateTime(value.ticks, 1)


@static_method(_ZONE, "ConvertTimeBySystemTimeZoneId", overloads=["(datetime, string) -> datetime"])
def _convert_by_id(value: DateTime, name: str) -> DateTime:
    _find_zone(name)
    return DateTime(value.ticks, 1)


getter(_ZONE, "Id", type="string")(lambda self: self.id)
getter(_ZONE, "DisplayName", type="string")(lambda self: self.display)
getter(_ZONE, "StandardName", type="string")(lambda self: self.standard)
getter(_ZONE, "DaylightName", type="string")(lambda self: self.daylight)
getter(_ZONE, "BaseUtcOffset", type="timespan")(lambda self: TimeSpan(self.offset))
getter(_ZONE, "SupportsDaylightSavingTime", type="bool")(lambda self: False)
method(_ZONE, "GetUtcOffset", overloads=["(datetime) -> timespan", "(System.DateTimeOffset) -> timespan"])(
    lambda self, value: TimeSpan(self.offset)
)
method(_ZONE, "IsDaylightSavingTime", overloads=["(datetime) -> bool"])(lambda self, value: False)
method(_ZONE, "ToString", overloads=["() -> string"])(lambda self: self.display)
convert.TO_STRING[TimeZone] = lambda ctx, value, culture: value.display


# --- DateOnly, TimeOnly ---------------------------------------------------------------------------------------------------------


@types.net_class(_DATE_ONLY, kind="s")
@total_ordering
class DateOnly(NetObject):
    """``System.DateOnly``; *day* counts from 0001-01-01."""

    __slots__ = ("day",)

    def __init__(self, day: int = 0) -> None:
        self.day = day

    def __eq__(self, other: object) -> bool:
        return type(other) is DateOnly and other.day == self.day

    def __lt__(self, other: DateOnly) -> bool:
        return self.day < other.day

    def __hash__(self) -> int:
        return hash(("DateOnly", self.day))

    def format_net(self, _ctx: Any, spec: str | None, culture: Any) -> str:
        return format_date(self.day * DAY, spec or "d", culture)

    def net_compare(self, _ctx: Any, other: Any) -> int:
        return int((self > other) - (self < other))


@types.net_class(_TIME_ONLY, kind="s")
@total_ordering
class TimeOnly(NetObject):
    """``System.TimeOnly``; *ticks* of the day."""

    __slots__ = ("ticks",)

    def __init__(self, ticks: int = 0) -> None:
        self.ticks = ticks

    def __eq__(self, other: object) -> bool:
        return type(other) is TimeOnly and other.ticks == self.ticks

    def __lt__(self, other: TimeOnly) -> bool:
        return self.ticks < other.ticks

    def __hash__(self) -> int:
        return hash(("TimeOnly", self.ticks))

    def format_net(self, _ctx: Any, spec: str | None, culture: Any) -> str:
        return format_date(self.ticks, spec or "t", culture)

    def net_compare(self, _ctx: Any, other: Any) -> int:
        return int((self > other) - (self < other))


convert.TO_STRING[DateOnly] = lambda ctx, value, culture: value.format_net(ctx, None, culture)
convert.TO_STRING[TimeOnly] = lambda ctx, value, culture: value.format_net(ctx, None, culture)


@constructor(_DATE_ONLY, overloads=["(int, int, int)"])
def _new_date(_net_type: NetType, year: int, month: int, day: int) -> DateOnly:
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= clock.days_in_month(year, month)):
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Year, Month, and Day parameters describe an un-representable DateTime.",
        )
    return DateOnly(clock.ticks_of(year, month, day) // DAY)


@constructor(_TIME_ONLY, overloads=["(int, int)", "(int, int, int)", "(int, int, int, int)", "(long)"])
def _new_time(_net_type: NetType, *args: Any) -> TimeOnly:
    if len(args) == 1:
        return TimeOnly(int(args[0]))
    total = 0
    for value, unit in zip(args, (HOUR, MINUTE, SECOND, MILLISECOND), strict=False):
        total += int(value) * unit
    if not 0 <= total < DAY:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Hour, Minute, and Second parameters describe an un-representable DateTime.",
        )
    return TimeOnly(total)


static_method(_DATE_ONLY, "FromDateTime", overloads=[f"(datetime) -> {_DATE_ONLY}"])(
    lambda value: DateOnly(value.ticks // DAY)
)
static_method(_TIME_ONLY, "FromDateTime", overloads=[f"(datetime) -> {_TIME_ONLY}"])(
    lambda value: TimeOnly(value.ticks % DAY)
)
static_method(_TIME_ONLY, "FromTimeSpan", overloads=[f"(timespan) -> {_TIME_ONLY}"])(
    lambda value: TimeOnly(value.ticks)
)


@static_method(
    _DATE_ONLY,
    "Parse",
    overloads=[f"(string) -> {_DATE_ONLY}", f"(string, System.IFormatProvider) -> {_DATE_ONLY}"],
    context=True,
)
def _parse_date(ctx: Any, text: Any, provider: Any = None) -> DateOnly:
    if text is None:
        raise null_argument("s")
    try:
        value = parsers.parse_datetime(ctx, text, culture_of(ctx, provider))
    except PSError:
        raise net_error("System.FormatException", f"String '{text}' was not recognized as a valid DateOnly.") from None
    return DateOnly(value.ticks // DAY)


@static_method(
    _TIME_ONLY,
    "Parse",
    overloads=[f"(string) -> {_TIME_ONLY}", f"(string, System.IFormatProvider) -> {_TIME_ONLY}"],
    context=True,
)
def _parse_time(ctx: Any, text: Any, provider: Any = None) -> TimeOnly:
    if text is None:
        raise null_argument("s")
    try:
        value = parsers.parse_datetime(ctx, text, culture_of(ctx, provider))
    except PSError:
        raise net_error("System.FormatException", f"String '{text}' was not recognized as a valid TimeOnly.") from None
    return TimeOnly(value.ticks % DAY)


getter(_DATE_ONLY, "Year", type="int")(lambda self: clock.civil(self.day * DAY).year)
getter(_DATE_ONLY, "Month", type="int")(lambda self: clock.civil(self.day * DAY).month)
getter(_DATE_ONLY, "Day", type="int")(lambda self: clock.civil(self.day * DAY).day)
getter(_DATE_ONLY, "DayNumber", type="int")(lambda self: self.day)
getter(_DATE_ONLY, "DayOfYear", type="int")(lambda self: clock.day_of_year(self.day * DAY))
getter(_DATE_ONLY, "DayOfWeek", type="System.DayOfWeek")(
    lambda self: types.enum("System.DayOfWeek", clock.day_of_week(self.day * DAY))
)
getter(_TIME_ONLY, "Hour", type="int")(lambda self: self.ticks // HOUR)
getter(_TIME_ONLY, "Minute", type="int")(lambda self: self.ticks // MINUTE % 60)
getter(_TIME_ONLY, "Second", type="int")(lambda self: self.ticks // SECOND % 60)
getter(_TIME_ONLY, "Millisecond", type="int")(lambda self: self.ticks // MILLISECOND % 1000)
getter(_TIME_ONLY, "Ticks", type="long")(lambda self: Int64(self.ticks))


def _shift(amount: float, unit: int) -> int:
    if not abs(amount) < 1e9:
        raise out_of_range("Value to add was out of range.", "value")
    return round(amount * unit)


def _checked(day: int) -> DateOnly:
    if not 0 <= day <= clock.MAX_TICKS // DAY:
        raise out_of_range("Value to add was out of range.", "value")
    return DateOnly(day)


method(_DATE_ONLY, "AddDays", overloads=[f"(int) -> {_DATE_ONLY}"])(lambda self, n: _checked(self.day + n))
method(_DATE_ONLY, "AddMonths", overloads=[f"(int) -> {_DATE_ONLY}"])(
    lambda self, n: DateOnly(plus_months(self.day * DAY, n) // DAY)
)
method(_DATE_ONLY, "AddYears", overloads=[f"(int) -> {_DATE_ONLY}"])(
    lambda self, n: DateOnly(plus_months(self.day * DAY, n * 12) // DAY)
)
method(_TIME_ONLY, "AddHours", overloads=[f"(double) -> {_TIME_ONLY}"])(
    lambda self, n: TimeOnly((self.ticks + _shift(n, HOUR)) % DAY)
)
method(_TIME_ONLY, "AddMinutes", overloads=[f"(double) -> {_TIME_ONLY}"])(
    lambda self, n: TimeOnly((self.ticks + _shift(n, MINUTE)) % DAY)
)
method(_TIME_ONLY, "ToTimeSpan", overloads=["() -> timespan"])(lambda self: TimeSpan(self.ticks))
method(_DATE_ONLY, "ToDateTime", overloads=[f"({_TIME_ONLY}) -> datetime"])(
    lambda self, time: DateTime(self.day * DAY + time.ticks)
)


def _common(type_name: str) -> None:
    @method(
        type_name,
        "ToString",
        overloads=[
            "() -> string", "(string) -> string", "(System.IFormatProvider) -> string",
            "(string, System.IFormatProvider) -> string",
        ],
        context=True,
    )  # fmt: skip
    def to_string(ctx: Any, self: Any, *args: Any) -> str:
        spec = next((a for a in args if type(a) is str), None)
        return str(self.format_net(ctx, spec, culture_of(ctx, next((a for a in args if is_provider(a)), None))))

    @method(type_name, "CompareTo", overloads=[f"({type_name}) -> int", "(System.Object) -> int"])
    def compare_to(self: Any, other: Any) -> int:
        if other is None:
            return 1
        if type(other) is not type(self):
            raise net_error("System.ArgumentException", f"Object must be of type {type(self).__name__}.")
        return int(self.net_compare(None, other))

    @method(type_name, "Equals", overloads=["(System.Object) -> bool"])
    def equals(self: Any, other: Any) -> bool:
        return bool(self == other)


_common(_DATE_ONLY)
_common(_TIME_ONLY)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``System.DateTimeOffset``."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.datetime import (
    FILE_EPOCH,
    MILLISECOND,
    UNIX_EPOCH,
    exact,
    fields_ticks,
    from_file_time_utc,
    moment,
    parse_arguments,
    plus_months,
    tried,
)
from hvsim.library.dotnet.support import (
    argument_error,
    null_argument,
    out_of_range,
)
from hvsim.runtime.convert import parsers
from hvsim.runtime.format import dates as clock
from hvsim.runtime.format.dates import DAY, HOUR, MAX_TICKS, MINUTE, SECOND
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.structs import DateTime, DateTimeOffset, TimeSpan
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Int64

_OFFSET = "System.DateTimeOffset"


# --- DateTimeOffset -----------------------------------------------------------------------------------------------------------


def _check_offset(offset: int) -> int:
    if offset % MINUTE:
        raise argument_error("Offset must be specified in whole minutes.", "offset")
    if abs(offset) > 14 * HOUR:
        raise out_of_range("Offset must be within plus or minus 14 hours.", "offset")
    return offset


def _within(ticks: int, offset: int) -> DateTimeOffset:
    if not 0 <= ticks <= MAX_TICKS:
        raise out_of_range("Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.", "ticks")
    if not 0 <= ticks - offset <= MAX_TICKS:
        raise out_of_range(
            "The UTC time represented when the offset is applied must be between year 0 and 10,000.", "offset"
        )
    return DateTimeOffset(ticks, offset)


@constructor(_OFFSET)
def _new_offset(_net_type: NetType, *args: Any) -> DateTimeOffset:
    if not args:
        return DateTimeOffset(0, 0)
    if type(args[0]) is DateTime:
        offset = args[1].ticks if len(args) > 1 else 0 if args[0].kind == 1 else clock.local_offset(args[0].ticks)
        if len(args) > 1 and args[0].kind == 1 and offset:
            raise argument_error("The UTC Offset for Utc DateTime instances must be 0.", "offset")
        return DateTimeOffset(args[0].ticks, _check_offset(offset))
    if any(not isinstance(a, int) for a in args[:-1]):
        raise Unsupported("DateTimeOffset with a calendar, DateOnly or TimeOnly")
    offset = _check_offset(args[-1].ticks)
    if len(args) == 2:
        return _within(int(args[0]), offset)
    return DateTimeOffset(fields_ticks(args[:-1]), offset)


@static_getter(_OFFSET, "Now", context=True)
def _offset_now(ctx: Any) -> DateTimeOffset:
    ticks = parsers.now_ticks(ctx)
    offset = clock.local_offset(ticks)
    return DateTimeOffset(ticks + offset, offset)


@static_getter(_OFFSET, "UtcNow", context=True)
def _offset_utc_now(ctx: Any) -> DateTimeOffset:
    return DateTimeOffset(parsers.now_ticks(ctx), 0)


static_getter(_OFFSET, "MinValue")(lambda: DateTimeOffset(0, 0))
static_getter(_OFFSET, "MaxValue")(lambda: DateTimeOffset(MAX_TICKS, 0))
static_getter(_OFFSET, "UnixEpoch")(lambda: DateTimeOffset(UNIX_EPOCH, 0))


@static_method(_OFFSET, "FromUnixTimeSeconds")
def _from_unix_seconds(value: Any) -> DateTimeOffset:
    if not -62135596800 <= value <= 253402300799:
        raise out_of_range("Valid values are between -62135596800 and 253402300799, inclusive.", "seconds")
    return DateTimeOffset(UNIX_EPOCH + int(value) * SECOND, 0)


@static_method(_OFFSET, "FromUnixTimeMilliseconds")
def _from_unix_milliseconds(value: Any) -> DateTimeOffset:
    if not -62135596800000 <= value <= 253402300799999:
        raise out_of_range("Valid values are between -62135596800000 and 253402300799999, inclusive.", "milliseconds")
    return DateTimeOffset(UNIX_EPOCH + int(value) * MILLISECOND, 0)


@static_method(_OFFSET, "FromFileTime")
def _offset_from_file_time(value: Any) -> DateTimeOffset:
    return DateTimeOffset(from_file_time_utc(value).ticks, 0)


@static_method(_OFFSET, "Parse", context=True)
def _offset_parse(ctx: Any, text: Any, *args: Any) -> DateTimeOffset:
    if text is None:
        raise null_argument("input")
    culture, styles = parse_arguments(ctx, args)
    return parsers.parse_offset(ctx, text, culture, styles)


@static_method(_OFFSET, "ParseExact", context=True)
def _offset_parse_exact(ctx: Any, text: Any, specs: Any, *args: Any) -> DateTimeOffset:
    return parsers.offset_of(*exact(ctx, text, specs, args))


@static_method(_OFFSET, "TryParse", context=True)
def _offset_try_parse(ctx: Any, text: Any, *args: Any) -> bool:
    return tried(args[-1], lambda: _offset_parse(ctx, text, *args[:-1]), DateTimeOffset(0, 0))


@static_method(_OFFSET, "TryParseExact", context=True)
def _offset_try_parse_exact(ctx: Any, text: Any, specs: Any, *args: Any) -> bool:
    return tried(args[-1], lambda: _offset_parse_exact(ctx, text, specs, *args[:-1]), DateTimeOffset(0, 0))


@static_method(_OFFSET, "Compare")
def _offset_compare(a: DateTimeOffset, b: DateTimeOffset) -> int:
    return (a.utc_ticks > b.utc_ticks) - (a.utc_ticks < b.utc_ticks)


@method(_OFFSET, "CompareTo")
def _offset_compare_to(self: DateTimeOffset, other: Any) -> int:
    return 1 if other is None else _offset_compare(self, other)


@method(_OFFSET, "Equals")
def _offset_equals(self: DateTimeOffset, other: Any) -> bool:
    return type(other) is DateTimeOffset and other.utc_ticks == self.utc_ticks


@method(_OFFSET, "EqualsExact")
def _offset_equals_exact(self: DateTimeOffset, other: DateTimeOffset) -> bool:
    return self.ticks == other.ticks and self.offset == other.offset


getter(_OFFSET, "Offset")(lambda self: TimeSpan(self.offset))
getter(_OFFSET, "TotalOffsetMinutes")(lambda self: self.offset // MINUTE)
getter(_OFFSET, "DateTime")(lambda self: DateTime(self.ticks))
getter(_OFFSET, "Date")(lambda self: DateTime(self.ticks - self.ticks % DAY))
getter(_OFFSET, "UtcDateTime")(lambda self: DateTime(self.utc_ticks, 1))
getter(_OFFSET, "LocalDateTime")(lambda self: DateTime(self.utc_ticks + clock.local_offset(self.utc_ticks), 2))
getter(_OFFSET, "UtcTicks")(lambda self: Int64(self.utc_ticks))


@method(_OFFSET, "ToUnixTimeSeconds")
def _to_unix_seconds(self: DateTimeOffset) -> Int64:
    return Int64((self.utc_ticks - UNIX_EPOCH) // SECOND)


@method(_OFFSET, "ToUnixTimeMilliseconds")
def _to_unix_milliseconds(self: DateTimeOffset) -> Int64:
    return Int64((self.utc_ticks - UNIX_EPOCH) // MILLISECOND)


@method(_OFFSET, "ToFileTime")
def _offset_to_file_time(self: DateTimeOffset) -> Int64:
    return Int64(self.utc_ticks - FILE_EPOCH)


@method(_OFFSET, "ToOffset")
def _to_offset(self: DateTimeOffset, offset: TimeSpan) -> DateTimeOffset:
    return DateTimeOffset(self.utc_ticks + _check_offset(offset.ticks), offset.ticks)


@method(_OFFSET, "ToUniversalTime")
def _offset_to_universal(self: DateTimeOffset) -> DateTimeOffset:
    return DateTimeOffset(self.utc_ticks, 0)


@method(_OFFSET, "ToLocalTime")
def _offset_to_local(self: DateTimeOffset) -> DateTimeOffset:
    offset = clock.local_offset(self.utc_ticks)
    return DateTimeOffset(self.utc_ticks + offset, offset)


@method(_OFFSET, "Add")
def _offset_add(self: DateTimeOffset, span: TimeSpan) -> DateTimeOffset:
    return DateTimeOffset(moment(self.ticks + span.ticks, 0).ticks, self.offset)


@method(_OFFSET, "AddTicks")
def _offset_add_ticks(self: DateTimeOffset, ticks: Any) -> DateTimeOffset:
    return DateTimeOffset(moment(self.ticks + int(ticks), 0).ticks, self.offset)


@method(_OFFSET, "AddMonths")
def _offset_add_months(self: DateTimeOffset, months: int) -> DateTimeOffset:
    return DateTimeOffset(plus_months(self.ticks, months), self.offset)


@method(_OFFSET, "AddYears")
def _offset_add_years(self: DateTimeOffset, years: int) -> DateTimeOffset:
    return DateTimeOffset(plus_months(self.ticks, years * 12), self.offset)


@method(_OFFSET, "Subtract")
def _offset_subtract(self: DateTimeOffset, other: Any) -> Any:
    if type(other) is TimeSpan:
        return DateTimeOffset(moment(self.ticks - other.ticks, 0).ticks, self.offset)
    return TimeSpan(self.utc_ticks - other.utc_ticks)


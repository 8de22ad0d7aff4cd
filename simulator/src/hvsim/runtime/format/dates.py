# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates, times and time spans to text: .NET's standard and custom format strings.

The functions take ticks (100 ns since 0001-01-01), so that they serve ``DateTime``, ``DateTimeOffset``, ``DateOnly``
and ``TimeOnly`` alike. Local time is UTC plus :func:`local_offset`.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from hvsim.runtime.culture import Culture, DateTimeFormat, NumberFormat, invariant
from hvsim.runtime.errors import PSError, net_error

__all__ = [
    "Civil",
    "civil",
    "day_of_week",
    "days_in_month",
    "format_date",
    "format_span",
    "is_leap",
    "local_offset",
    "ticks_of",
]

SECOND: Final = 10_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
MAX_TICKS: Final = 3_155_378_975_999_999_999
_BEFORE_MONTH: Final = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


class Civil(NamedTuple):
    """Calendar fields of a moment."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    fraction: int
    """Ticks within the second."""


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _BEFORE_MONTH[month] - _BEFORE_MONTH[month - 1]


def ticks_of(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, fraction: int = 0
) -> int:
    """Ticks of valid calendar fields."""
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400 + _BEFORE_MONTH[month - 1] + day - 1
    if month > 2 and is_leap(year):
        days += 1
    return days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction


def civil(ticks: int) -> Civil:
    """The calendar fields of *ticks*."""
    days, rest = divmod(ticks, DAY)
    n400, days = divmod(days, 146097)
    n100 = min(days // 36524, 3)
    days -= n100 * 36524
    n4, days = divmod(days, 1461)
    n1 = min(days // 365, 3)
    days -= n1 * 365
    year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1
    month = 1
    while days >= (length := days_in_month(year, month)):
        days -= length
        month += 1
    hour, rest = divmod(rest, HOUR)
    minute, rest = divmod(rest, MINUTE)
    second, fraction = divmod(rest, SECOND)
    return Civil(year, month, days + 1, hour, minute, second, fraction)


def day_of_week(ticks: int) -> int:
    """0 is Sunday."""
    return (ticks // DAY + 1) % 7


def day_of_year(ticks: int) -> int:
    parts = civil(ticks)
    return (ticks - ticks_of(parts.year, 1, 1)) // DAY + 1


def local_offset(_ticks: int = 0) -> int:
    """Ticks that local time is ahead of UTC. Simulated hosts run on UTC."""
    return 0


def _bad() -> PSError:
    return net_error("System.FormatException", "Input string was not in a correct format.")


_INVARIANT_FORMATS: Final = {
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
}


def expand_standard(letter: str, dates: DateTimeFormat) -> str | None:
    """The custom format that a standard format letter stands for; None if it is no standard format."""
    table = {
        "d": dates.short_date,
        "D": dates.long_date,
        "f": f"{dates.long_date} {dates.short_time}",
        "F": dates.full_date_time,
        "g": f"{dates.short_date} {dates.short_time}",
        "G": f"{dates.short_date} {dates.long_time}",
        "m": dates.month_day,
        "M": dates.month_day,
        "t": dates.short_time,
        "T": dates.long_time,
        "U": dates.full_date_time,
        "y": dates.year_month,
        "Y": dates.year_month,
    }
    if letter in "oO":
        return _INVARIANT_FORMATS["o"]
    if letter in "rR":
        return _INVARIANT_FORMATS["r"]
    if letter in "su":
        return _INVARIANT_FORMATS[letter]
    return table.get(letter)


def format_date(ticks: int, spec: str | None, culture: Culture, *, kind: int = 0, offset: int | None = None) -> str:
    """``DateTime.ToString(spec, culture)``; with *offset* (ticks) as ``DateTimeOffset`` does it.

    Raises:
        PSError: ``System.FormatException``: no such standard format.
    """
    dates = culture.dates
    if not spec:
        custom = f"{dates.short_date} {dates.long_time}" + (" zzz" if offset is not None else "")
    elif len(spec) == 1:
        expanded = expand_standard(spec, dates)
        if expanded is None or (spec == "U" and offset is not None):
            raise _bad()
        if spec in "oOrRsu":
            dates = invariant.dates
        if offset is not None and spec in "rRu":
            ticks -= offset
        elif spec == "U":
            ticks, kind = (ticks if kind == 1 else ticks - local_offset(ticks)), 1
        custom = expanded
    else:
        custom = spec
    return _format_custom(ticks, custom, dates, kind, offset)


def _run(text: str, i: int) -> int:
    j = i
    while j < len(text) and text[j] == text[i]:
        j += 1
    return j - i


def _format_custom(ticks: int, spec: str, dates: DateTimeFormat, kind: int, offset: int | None) -> str:
    parts = civil(ticks)
    out: list[str] = []
    i = 0
    genitive = _has_day(spec)
    while i < len(spec):
        char = spec[i]
        length = 1
        if char in "hHmstfFdMyzg":
            length = _run(spec, i)
            out.append(_field(char, length, parts, ticks, dates, genitive, kind, offset, out))
        elif char == "K":
            out.append(_zone_k(kind, offset, ticks))
        elif char == ":":
            out.append(dates.time_separator)
        elif char == "/":
            out.append(dates.date_separator)
        elif char in "'\"":
            text, length = quoted(spec, i)
            out.append(text)
        elif char == "%":
            if i + 1 >= len(spec) or spec[i + 1] == "%":
                raise _bad()
            out.append(_format_custom(ticks, spec[i + 1], dates, kind, offset) if spec[i + 1] not in "'\"" else "")
            length = 2
        elif char == "\\":
            if i + 1 >= len(spec):
                raise _bad()
            out.append(spec[i + 1])
            length = 2
        else:
            out.append(char)
        i += length
    return "".join(out)


def quoted(spec: str, i: int) -> tuple[str, int]:
    """Text of the quoted literal at *i* and its length in the format.

    Raises:
        PSError: ``System.FormatException``: it is not closed.
    """
    quote = spec[i]
    text = ""
    j = i + 1
    while j < len(spec):
        if spec[j] == quote:
            return text, j - i + 1
        if spec[j] == "\\":
            j += 1
            if j >= len(spec):
                break
        text += spec[j]
        j += 1
    raise net_error("System.FormatException", f"Cannot find a matching quote character for the character '{quote}'.")


def _has_day(spec: str) -> bool:
    """Whether the format shows a day number, which asks for genitive month names."""
    i = 0
    while i < len(spec):
        if spec[i] in "'\"":
            end = spec.find(spec[i], i + 1)
            i = end + 1 if end >= 0 else len(spec)
        elif spec[i] == "\\":
            i += 2
        elif spec[i] == "d":
            length = _run(spec, i)
            if length <= 2:
                return True
            i += length
        else:
            i += 1
    return False


def _field(
    char: str,
    length: int,
    parts: Civil,
    ticks: int,
    dates: DateTimeFormat,
    genitive: bool,
    kind: int,
    offset: int | None,
    out: list[str],
) -> str:
    if char == "h":
        return f"{parts.hour % 12 or 12:0{min(length, 2)}d}"
    if char == "H":
        return f"{parts.hour:0{min(length, 2)}d}"
    if char == "m":
        return f"{parts.minute:0{min(length, 2)}d}"
    if char == "s":
        return f"{parts.second:0{min(length, 2)}d}"
    if char == "t":
        name = dates.am if parts.hour < 12 else dates.pm
        return name[:1] if length == 1 else name
    if char in "fF":
        if length > 7:
            raise _bad()
        digits = f"{parts.fraction:07d}"[:length]
        if char == "F":
            digits = digits.rstrip("0")
            if not digits and out and out[-1].endswith("."):
                out[-1] = out[-1][:-1]
        return digits
    if char == "d":
        if length <= 2:
            return f"{parts.day:0{length}d}"
        names = dates.short_days if length == 3 else dates.days
        return names[day_of_week(ticks)]
    if char == "M":
        return _month(length, parts.month, dates, genitive)
    if char == "y":
        return f"{parts.year % 100:0{length}d}" if length <= 2 else f"{parts.year:0{length}d}"
    if char == "z":
        return _zone_z(length, local_offset(ticks) if offset is None and kind != 1 else offset or 0)
    return dates.era


def _month(length: int, month: int, dates: DateTimeFormat, genitive: bool) -> str:
    if length <= 2:
        return f"{month:0{length}d}"
    if length == 3:
        names = (dates.genitive_short_months if genitive else None) or dates.short_months
    else:
        names = (dates.genitive_months if genitive else None) or dates.months
    return names[month - 1]


def _zone_z(length: int, offset: int) -> str:
    sign = "-" if offset < 0 else "+"
    hours, rest = divmod(abs(offset), HOUR)
    if length == 1:
        return f"{sign}{hours}"
    text = f"{sign}{hours:02d}"
    return text if length == 2 else f"{text}:{rest // MINUTE:02d}"


def _zone_k(kind: int, offset: int | None, ticks: int) -> str:
    if offset is not None:
        return _zone_z(3, offset)
    if kind == 1:
        return "Z"
    return _zone_z(3, local_offset(ticks)) if kind == 2 else ""


def format_span(ticks: int, spec: str | None, numbers: NumberFormat | Any) -> str:
    """``TimeSpan.ToString(spec, culture)``.

    Raises:
        PSError: ``System.FormatException``.
    """
    if not spec or spec in ("c", "t", "T"):
        days, hours, minutes, seconds, fraction = _span_parts(ticks)
        text = f"{hours:02d}:{minutes:02d}:{seconds:02d}"
        if days:
            text = f"{days}.{text}"
        if fraction:
            text += f".{fraction:07d}"
        return ("-" if ticks < 0 else "") + text
    if spec in ("g", "G"):
        days, hours, minutes, seconds, fraction = _span_parts(ticks)
        sign = "-" if ticks < 0 else ""
        if spec == "G":
            return f"{sign}{days}:{hours:02d}:{minutes:02d}:{seconds:02d}{numbers.decimal}{fraction:07d}"
        text = f"{sign}{days}:{hours}" if days else f"{sign}{hours}"
        text += f":{minutes:02d}:{seconds:02d}"
        digits = f"{fraction:07d}".rstrip("0")
        return f"{text}{numbers.decimal}{digits}" if digits else text
    if len(spec) == 1:
        raise _bad()
    return _custom_span(ticks, spec)


def _span_parts(ticks: int) -> tuple[int, int, int, int, int]:
    days, rest = divmod(abs(ticks), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, fraction = divmod(rest, SECOND)
    return days, hours, minutes, seconds, fraction


def _custom_span(ticks: int, spec: str) -> str:
    days, hours, minutes, seconds, fraction = _span_parts(ticks)
    out: list[str] = []
    i = 0
    while i < len(spec):
        char = spec[i]
        length = 1
        if char in "dhmsfF":
            length = _run(spec, i)
            if length > {"d": 8, "f": 7, "F": 7}.get(char, 2):
                raise _bad()
            if char in "fF":
                digits = f"{fraction:07d}"[:length]
                out.append(digits.rstrip("0") if char == "F" else digits)
            else:
                value = {"d": days, "h": hours, "m": minutes, "s": seconds}[char]
                out.append(f"{value:0{length}d}")
        elif char in "'\"":
            text, length = quoted(spec, i)
            out.append(text)
        elif char == "%":
            if i + 1 >= len(spec) or spec[i + 1] == "%":
                raise _bad()
            out.append(_custom_span(ticks, spec[i + 1]))
            length = 2
        elif char == "\\":
            if i + 1 >= len(spec):
                raise _bad()
            out.append(spec[i + 1])
            length = 2
        else:
            raise _bad()
        i += length
    return "".join(out)

# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Globalization.ISOWeek``."""

from __future__ import annotations

from datetime import date
from typing import Any

from hvsim.library.dotnet.support import out_of_range
from hvsim.runtime.format.dates import DAY
from hvsim.runtime.members import static_method
from hvsim.runtime.structs import DateTime
from hvsim.runtime.values import EnumValue

_WEEK = "System.Globalization.ISOWeek"


def _weeks(year: int) -> int:
    """Years that begin on a Thursday, or leap years that begin on a Wednesday, have 53 weeks."""
    if not 1 <= year <= 9999:
        raise out_of_range("Year must be between 1 and 9999.", "year")
    return 53 if date(year, 12, 31).isoweekday() == 4 or date(year, 1, 1).isoweekday() == 4 else 52


def _iso(moment: DateTime) -> Any:
    return date.fromordinal(moment.ticks // DAY + 1).isocalendar()


static_method(_WEEK, "GetWeekOfYear", overloads=["(datetime) -> int"])(lambda moment: _iso(moment).week)
static_method(_WEEK, "GetYear", overloads=["(datetime) -> int"])(lambda moment: _iso(moment).year)
static_method(_WEEK, "GetWeeksInYear", overloads=["(int) -> int"])(_weeks)


def _day(year: int, week: int, day: int) -> DateTime:
    """Counted on from 4 January, which is in week 1; also beyond the weeks of the year."""
    first = date(year, 1, 4)
    ordinal = first.toordinal() - first.isoweekday() + (week - 1) * 7 + day
    return DateTime((ordinal - 1) * DAY)


@static_method(_WEEK, "ToDateTime", overloads=["(int, int, System.DayOfWeek) -> datetime"])
def _to_date_time(year: int, week: int, day: EnumValue) -> DateTime:
    _weeks(year)
    if not 1 <= week <= 53:
        raise out_of_range("The week parameter must be in the range 1 through 53.", "week")
    # DayOfWeek 7 is accepted for Sunday as well.
    if not 0 <= day.value <= 7:
        raise out_of_range("The DayOfWeek enumeration must be in the range 0 through 6.", "dayOfWeek")
    return _day(year, week, day.value or 7)


@static_method(_WEEK, "GetYearStart", overloads=["(int) -> datetime"])
def _year_start(year: int) -> DateTime:
    _weeks(year)
    return _day(year, 1, 1)


@static_method(_WEEK, "GetYearEnd", overloads=["(int) -> datetime"])
def _year_end(year: int) -> DateTime:
    return _day(year, _weeks(year), 7)

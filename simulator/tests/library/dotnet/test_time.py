# SPDX-License-Identifier: GPL-3.0-or-later
"""``DateTime``, ``DateTimeOffset``, ``TimeSpan``, ``DateOnly``, ``TimeOnly``, ``TimeZoneInfo``."""

from __future__ import annotations

from typing import Any

import pytest
from tests.library.dotnet.conftest import Texts


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[datetime]::new(2024, 2, 29).AddYears(1).ToString('s')", ["2025-02-28T00:00:00"]),
        ("[datetime]::new(2024, 1, 31).AddMonths(1).ToString('d')", ["2/29/2024"]),
        ("[datetime]::new(2024, 1, 1).AddDays(-1.5).ToString('s')", ["2023-12-30T12:00:00"]),
        (
            "$d = [datetime]::new(2024, 3, 5, 14, 7, 9, 123); $d.DayOfWeek; $d.DayOfYear; $d.Millisecond",
            ["Tuesday", "65", "123"],
        ),
        ("[datetime]::ParseExact('05.03.2024', 'dd.MM.yyyy', $null).Month", ["3"]),
        (
            "$d = [datetime]::MinValue; [datetime]::TryParse('2020-02-30', [ref] $d); [datetime]::TryParse('2020-02-28', [ref] $d); $d.Day",
            ["False", "True", "28"],
        ),
        ("[datetime]::Parse('02/03/2020', [cultureinfo]'en-GB').Month", ["3"]),
        ("[datetime]::SpecifyKind([datetime]'2020-01-02', 'Utc').ToString('o')", ["2020-01-02T00:00:00.0000000Z"]),
        ("([datetime]'2020-01-02T03:04:05Z').Kind; ([datetime]'2020-01-02').Kind", ["Local", "Unspecified"]),
        ("[datetime]::FromFileTimeUtc(132223104000000000).ToString('s')", ["2020-01-01T00:00:00"]),
        ("[datetime]::DaysInMonth(2023, 2); [datetime]::IsLeapYear(2024)", ["28", "True"]),
        (
            "([datetime]'2020-01-02').CompareTo([datetime]'2020-01-03'); ([datetime]'2020-01-02' - [datetime]'2020-01-01').TotalHours",
            ["-1", "24"],
        ),
        (
            "[datetimeoffset]'2020-01-02T03:04:05+02:00' | ForEach-Object { $_.Offset; $_.ToUnixTimeSeconds(); $_.UtcDateTime.Hour }",
            ["02:00:00", "1577927045", "1"],
        ),
        ("[datetimeoffset]::FromUnixTimeSeconds(0).ToString('u')", ["1970-01-01 00:00:00Z"]),
        (
            "[timespan]::FromSeconds(90); [timespan]::FromDays(1.5); [timespan]::new(1, 2, 3, 4, 5)",
            ["00:01:30", "1.12:00:00", "1.02:03:04.0050000"],
        ),
        (
            "$t = [timespan]'-1.02:03:04'; $t.Days; $t.Hours; $t.TotalHours; $t.Negate()",
            ["-1", "-2", "-26.0511111111111", "1.02:03:04"],
        ),
        (
            "([timespan]'1:2:3').ToString('hh\\:mm'); [timespan]::ParseExact('01:02', 'hh\\:mm', $null)",
            ["01:02", "01:02:00"],
        ),
        ("[System.DateOnly]::new(2024, 1, 31).AddMonths(1).ToString('yyyy-MM-dd')", ["2024-02-29"]),
        ("[System.TimeOnly]::new(23, 30).AddHours(1).ToString('HH:mm')", ["00:30"]),
        ("[TimeZoneInfo]::FindSystemTimeZoneById('UTC').BaseUtcOffset", ["00:00:00"]),
    ],
)
def test_time(script: str, expected: list[str], texts: Texts) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("[datetime]::new(2024, 13, 1)", "Year, Month, and Day parameters describe an un-representable DateTime."),
        ("[datetime]::DaysInMonth(2023, 13)", "Month must be between one and twelve. (Parameter 'month')"),
        (
            "[datetime]::Parse('x')",
            "The string 'x' was not recognized as a valid DateTime. There is an unknown word starting at index '0'.",
        ),
        (
            "[datetime]::MaxValue.AddDays(1)",
            "The added or subtracted value results in an un-representable DateTime. (Parameter 'value')",
        ),
        ("[timespan]::Parse('x')", "String 'x' was not recognized as a valid TimeSpan."),
    ],
)
def test_failure(script: str, message: str, texts: Texts) -> None:
    (line,) = texts(script)
    assert line.endswith(f'"{message}"')


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[datetime]::FromBinary([datetime]::new(2024, 3, 1, 0, 0, 0, [DateTimeKind]::Utc).ToBinary()).Kind", ["Utc"]),
        (
            "[datetime]::FromBinary([long]::MaxValue)",
            [
                'ArgumentException: Exception calling "FromBinary" with "1" argument(s): "The binary data must result in a DateTime with ticks between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks. (Parameter \'dateData\')"'
            ],
        ),
        (
            "[datetime]::MinValue.ToOADate(); [datetime]::new(1899, 12, 29, 6, 0, 0).ToOADate(); [datetime]::new(1899, 12, 30, 6, 0, 0).ToOADate()",
            ["0", "-1.25", "0.25"],
        ),
        (
            "[DateTimeOffset]::new(0, [timespan]'10:00')",
            [
                'ArgumentOutOfRangeException: Exception calling ".ctor" with "2" argument(s): "The UTC time represented when the offset is applied must be between year 0 and 10,000. (Parameter \'offset\')"'
            ],
        ),
        (
            "[timespan]::new([int]::MinValue, 0, 0, 0)",
            [
                'ArgumentOutOfRangeException: Exception calling ".ctor" with "4" argument(s): "TimeSpan overflowed because the duration is too long."'
            ],
        ),
        (
            "[timespan]::MinValue.Duration()",
            [
                'OverflowException: Exception calling "Duration" with "0" argument(s): "The duration cannot be returned for TimeSpan.MinValue because the absolute value of TimeSpan.MinValue exceeds the value of TimeSpan.MaxValue."'
            ],
        ),
        (
            "([timespan]'1').Divide([timespan]'0'); ([timespan]'-1').Divide([timespan]'0'); ([timespan]'0').Divide([timespan]'0')",
            ["Infinity", "-Infinity", "NaN"],
        ),
    ],
)
def test_results_compared_with_net(texts: Texts, script: str, expected: list[str]) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "[datetime]::Parse('2020-01-02 13:00 PM').ToString('s'); [datetime]::Parse('0:30 PM').ToString('HH:mm'); [datetime]::Parse('2020-01-02 PM').ToString('s')",
            ["2020-01-02T13:00:00", "12:30", "2020-01-02T12:00:00"],
        ),
        (
            "[datetime]::Parse('2020-01-02 13:00 AM')",
            [
                'FormatException: Exception calling "Parse" with "1" argument(s): "String \'2020-01-02 13:00 AM\' was not recognized as a valid DateTime."'
            ],
        ),
        (
            "[datetime]::Parse('2020-01-02 24:00')",
            [
                'FormatException: Exception calling "Parse" with "1" argument(s): "The DateTime represented by the string \'2020-01-02 24:00\' is not supported in calendar \'System.Globalization.GregorianCalendar\'."'
            ],
        ),
        (
            "[datetime]::Parse('10:60')",
            [
                'FormatException: Exception calling "Parse" with "1" argument(s): "The DateTime represented by the string \'10:60\' is not supported in calendar \'System.Globalization.GregorianCalendar\'."'
            ],
        ),
        (
            "[datetime]::Parse('10:20 2020-01-02').ToString('s'); [datetime]::Parse('5pm 1-Jan-2020').ToString('s'); [datetime]::Parse('2020-01-02 +02:00').ToUniversalTime().ToString('s')",
            ["2020-01-02T10:20:00", "2020-01-01T17:00:00", "2020-01-01T22:00:00"],
        ),
        (
            "[datetime]::Parse('2020-01-02 10:20 UTC')",
            [
                'FormatException: Exception calling "Parse" with "1" argument(s): "The string \'2020-01-02 10:20 UTC\' was not recognized as a valid DateTime. There is an unknown word starting at index \'17\'."'
            ],
        ),
        (
            "[datetime]::Parse('Jan 2020 10:20')",
            [
                'FormatException: Exception calling "Parse" with "1" argument(s): "String \'Jan 2020 10:20\' was not recognized as a valid DateTime."'
            ],
        ),
        (
            "[datetime]::Parse('1/2/2020T10:20:30')",
            [
                'FormatException: Exception calling "Parse" with "1" argument(s): "String \'1/2/2020T10:20:30\' was not recognized as a valid DateTime."'
            ],
        ),
        (
            "[datetime]::Parse('1/10 5 AM').ToString('MM-dd HH'); [datetime]::Parse('01/02/20 AM').ToString('s')",
            ["01-10 05", "2020-01-02T00:00:00"],
        ),
    ],
)
def test_dates_and_times_in_one_text(texts: Texts, script: str, expected: list[str]) -> None:
    """As .NET Core reads them; 24:00 came with .NET 11."""
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "[timespan]::Parse('-10675199.02:48:05.4775808').Ticks; [timespan]::Parse('1:2:3,5', [cultureinfo]'de-DE').Milliseconds",
            ["-9223372036854775808", "500"],
        ),
        (
            "[timespan]::Parse('1:2:3,5', [cultureinfo]'en-US')",
            [
                'FormatException: Exception calling "Parse" with "2" argument(s): "String \'1:2:3,5\' was not recognized as a valid TimeSpan."'
            ],
        ),
        (
            "[timespan]::Parse('1:2:3.12345678')",
            [
                'OverflowException: Exception calling "Parse" with "1" argument(s): "The TimeSpan string \'1:2:3.12345678\' could not be parsed because at least one of the numeric components is out of range or contains too many digits."'
            ],
        ),
        (
            "[timespan]::ParseExact('x', 'c', $null); [timespan]::ParseExact('x', 'o', $null)",
            [
                'FormatException: Exception calling "ParseExact" with "3" argument(s): "String \'x\' was not recognized as a valid TimeSpan."',
                'FormatException: Exception calling "ParseExact" with "3" argument(s): "Format specifier \'o\' was invalid."',
            ],
        ),
    ],
)
def test_time_spans_that_dotnet_takes_or_not(texts: Texts, script: str, expected: list[str]) -> None:
    """Compared with .NET."""
    assert texts(script) == expected


def test_there_is_one_time_zone(texts: Texts) -> None:
    script = """"$(Get-TimeZone)"; (Get-TimeZone).ToString(); (Get-TimeZone -Id utc).GetUtcOffset([datetime]'2024-01-01')
    [object]::ReferenceEquals((Get-TimeZone -Name Coord*), [TimeZoneInfo]::Local)"""
    assert texts(script) == ["(UTC) Coordinated Universal Time", "(UTC) Coordinated Universal Time", "00:00:00", "True"]


def test_a_fraction_that_may_be_left_out_takes_its_point_along(shell: Any) -> None:
    """``.FFF`` in a format matches nothing where there is no point; ``.fff`` does not."""
    script = "[datetime]::ParseExact('{0}', 'HH:mm:ss.{1}', $null).ToString('ss.fff')"
    assert shell.out(script.replace("{0}", "10:20:30").replace("{1}", "FFF")) == ["30.000"]
    assert shell.out(script.replace("{0}", "10:20:30.12").replace("{1}", "FFF")) == ["30.120"]
    assert shell.error(script.replace("{0}", "10:20:30").replace("{1}", "fff"))[0] == "FormatException"


def test_one_number_of_a_date_is_a_year(shell: Any) -> None:
    assert shell.error("[datetime]::Parse('2024-001')")[1].endswith("\"String '2024-001' was not recognized as a valid DateTime.\"")


def test_a_date_before_1601_is_no_file_time(shell: Any) -> None:
    message = 'Exception calling "ToFileTime" with "0" argument(s): "Not a valid Win32 FileTime."'
    assert shell.error("([datetime]'1600-01-01').ToFileTime()") == ("ArgumentOutOfRangeException", message)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates, time spans, enums, guids and composite formats."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.runtime import culture, format, types
from hvsim.runtime.errors import PSError
from hvsim.runtime.format import dateparse, spanparse
from hvsim.runtime.format.dates import DAY, HOUR, MAX_TICKS, civil, day_of_week, format_date, format_span, ticks_of
from hvsim.runtime.structs import DateTime, Guid, TimeSpan
from hvsim.runtime.values import EnumValue

MOMENT = ticks_of(2024, 3, 5, 14, 7, 9, 1230000)
US, DE, INVARIANT = culture.get("en-US"), culture.get("de-DE"), culture.invariant


def test_calendar() -> None:
    assert civil(MAX_TICKS) == (9999, 12, 31, 23, 59, 59, 9_999_999)
    assert civil(ticks_of(2024, 2, 29, 1)) == (2024, 2, 29, 1, 0, 0, 0)
    assert ticks_of(1, 1, 1) == 0
    assert ticks_of(1970, 1, 1) == 621_355_968_000_000_000
    assert day_of_week(MOMENT) == 2


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (None, "3/5/2024 2:07:09\u202fPM"),
        ("d", "3/5/2024"),
        ("D", "Tuesday, March 5, 2024"),
        ("t", "2:07\u202fPM"),
        ("o", "2024-03-05T14:07:09.1230000"),
        ("s", "2024-03-05T14:07:09"),
        ("u", "2024-03-05 14:07:09Z"),
        ("r", "Tue, 05 Mar 2024 14:07:09 GMT"),
        ("m", "March 5"),
        ("y", "March 2024"),
        ("yyyyMMddHHmmssfff", "20240305140709123"),
        ("M/d/yy h:mm tt", "3/5/24 2:07 PM"),
        ("%d", "5"),
        ("ss.FFFFFFF", "09.123"),
        ("ddd d MMM", "Tue 5 Mar"),
        ("yyyy\\-MM", "2024-03"),
        ("'Day' d", "Day 5"),
        ("h t", "2 P"),
    ],
)
def test_date(spec: str | None, text: str) -> None:
    assert format_date(MOMENT, spec, US) == text


def test_date_in_german_uses_the_genitive_abbreviation_beside_a_day() -> None:
    assert format_date(MOMENT, "d MMM yyyy", DE) == "5 März 2024"
    assert format_date(MOMENT, "MMM", DE) == "Mär"
    assert format_date(MOMENT, "yyyy/MM/dd", DE) == "2024.03.05"
    assert format_date(MOMENT, "F", DE) == "Dienstag, 5. März 2024 14:07:09"


def test_kinds_and_offsets() -> None:
    assert format_date(MOMENT, "yyyyK", US, kind=1) == "2024Z"
    assert format_date(MOMENT, "yyyyK", US, kind=2) == "2024+00:00"
    assert format_date(MOMENT, "yyyyK", US) == "2024"
    assert format_date(MOMENT, "o", US, offset=2 * HOUR) == "2024-03-05T14:07:09.1230000+02:00"
    assert format_date(MOMENT, "u", US, offset=2 * HOUR) == "2024-03-05 12:07:09Z"


@pytest.mark.parametrize("spec", ["x", "K", "ffffffff", "yyyy\\", "%"])
def test_bad_date_format(spec: str) -> None:
    with pytest.raises(PSError, match="Input string was not in a correct format"):
        format_date(MOMENT, spec, US)


@pytest.mark.parametrize(
    ("ticks", "spec", "text"),
    [
        (DAY + 2 * HOUR + 50_000, None, "1.02:00:00.0050000"),
        (-HOUR, "c", "-01:00:00"),
        (DAY + 2 * HOUR + 5_000_000, "g", "1:2:00:00.5"),
        (2 * HOUR, "G", "0:02:00:00.0000000"),
        (2 * HOUR, "hh\\:mm", "02:00"),
        (DAY, "d'd 'h'h'", "1d 0h"),
        (0, "c", "00:00:00"),
    ],
)
def test_span(ticks: int, spec: str | None, text: str) -> None:
    assert format_span(ticks, spec, INVARIANT.numbers) == text


@pytest.mark.parametrize("spec", ["h", "hh:mm", "hhh"])
def test_bad_span_format(spec: str) -> None:
    with pytest.raises(PSError, match="Input string was not in a correct format"):
        format_span(HOUR, spec, INVARIANT.numbers)


@pytest.mark.parametrize(
    ("text", "culture_name", "expected"),
    [
        ("2020-01-02", "", (2020, 1, 2)),
        ("01/02/2020", "", (2020, 1, 2)),
        ("01/02/2020", "en-GB", (2020, 2, 1)),
        ("31.12.2020", "de-DE", (2020, 12, 31)),
        ("5. März 2024", "de-DE", (2024, 3, 5)),
        ("2020-01-02 03:04:05.678", "", (2020, 1, 2, 3, 4, 5, 6_780_000)),
        ("March 5, 2021 3:04 PM", "", (2021, 3, 5, 15, 4)),
        ("3/5/2024 4:07:09\u202fAM", "en-US", (2024, 3, 5, 4, 7, 9)),
        ("Thu, 02 Jan 2020 03:04:05 GMT", "", (2020, 1, 2, 3, 4, 5)),
        ("12:30", "", (2026, 5, 6, 12, 30)),
        ("Jan 5", "", (2026, 1, 5)),
        ("1/2/49", "", (2049, 1, 2)),
        ("2024-03", "", (2024, 3, 1)),
    ],
)
def test_parse_date(text: str, culture_name: str, expected: tuple[int, ...]) -> None:
    parsed = dateparse.parse_date(text, culture.get(culture_name), ticks_of(2026, 5, 6, 7))
    assert parsed.ticks == ticks_of(*expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/12/2024", "String '31/12/2024' was not recognized as a valid DateTime."),
        ("2024-02-30", "String '2024-02-30' was not recognized as a valid DateTime."),
        ("", "String '' was not recognized as a valid DateTime."),
        (
            "nonsense",
            "The string 'nonsense' was not recognized as a valid DateTime. There is an unknown word starting at index '0'.",
        ),
        (
            "Fri, 02 Jan 2020",
            "String 'Fri, 02 Jan 2020' was not recognized as a valid DateTime because the day of week was incorrect.",
        ),
    ],
)
def test_parse_date_failure(text: str, message: str) -> None:
    with pytest.raises(PSError) as caught:
        dateparse.parse_date(text, INVARIANT)
    assert caught.value.exception.message == message


@pytest.mark.parametrize(
    ("text", "styles", "kind", "hour"),
    [
        ("2020-01-02T03:00:00", 0, 0, 3),
        ("2020-01-02T03:00:00Z", 0, 2, 3),
        ("2020-01-02T03:00:00+02:00", 0, 2, 1),
        ("2020-01-02T03:00:00Z", 16, 1, 3),
        ("2020-01-02T03:00:00Z", 128, 1, 3),
        ("2020-01-02T03:00:00", 64 | 16, 1, 3),
        ("2020-01-02T03:00:00", 32, 2, 3),
    ],
)
def test_styles(text: str, styles: int, kind: int, hour: int) -> None:
    ticks, found = dateparse.resolve(dateparse.parse_date(text, INVARIANT), styles)
    assert (found, civil(ticks).hour) == (kind, hour)


def test_parse_exact() -> None:
    parsed, _ = dateparse.parse_exact("05.03.2024 14:07", ["yyyy", "dd.MM.yyyy HH:mm"], INVARIANT)
    assert parsed.ticks == ticks_of(2024, 3, 5, 14, 7)
    parsed, styles = dateparse.parse_exact("2024-03-05T14:07:09.0000000Z", ["o"], INVARIANT)
    assert dateparse.resolve(parsed, styles) == (ticks_of(2024, 3, 5, 14, 7, 9), 1)
    for text, spec in (("2020-1-2", "yyyy-MM-dd"), ("20201", "yyyy"), ("13", "hh")):
        with pytest.raises(PSError, match="was not recognized as a valid DateTime"):
            dateparse.parse_exact(text, [spec], INVARIANT)
    with pytest.raises(
        PSError, match=r"'2020-13-01' is not supported in calendar 'System\.Globalization\.GregorianCalendar'"
    ):
        dateparse.parse_exact("2020-13-01", ["yyyy-MM-dd"], INVARIANT)


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("1:02:03", HOUR + 123 * 10_000_000),
        ("1:1:02:03", DAY + HOUR + 123 * 10_000_000),
        ("5", 5 * DAY),
        ("-00:01", -600_000_000),
        ("25:00:00", 25 * DAY),
        ("00:00:01.5", 15_000_000),
    ],
)
def test_parse_span(text: str, ticks: int) -> None:
    assert spanparse.parse_span(text) == ticks


def test_parse_span_failures() -> None:
    with pytest.raises(PSError, match="String 'abc' was not recognized as a valid TimeSpan"):
        spanparse.parse_span("abc")
    with pytest.raises(PSError) as caught:
        spanparse.parse_span("24:00")
    assert caught.value.exception.kind == "System.OverflowException"


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (EnumValue(types.get("System.DayOfWeek"), 1), "D", "1"),
        (EnumValue(types.get("System.DayOfWeek"), 1), "X", "00000001"),
        (EnumValue(types.get("System.DayOfWeek"), 1), "g", "Monday"),
        (EnumValue(types.get("System.DayOfWeek"), 9), "G", "9"),
        (Guid("6c09bb55-d683-4da0-8931-c9bf705f6480"), "N", "6c09bb55d6834da08931c9bf705f6480"),
        (
            Guid("6c09bb55-d683-4da0-8931-c9bf705f6480"),
            "X",
            "{0x6c09bb55,0xd683,0x4da0,{0x89,0x31,0xc9,0xbf,0x70,0x5f,0x64,0x80}}",
        ),
        (TimeSpan(HOUR), "c", "01:00:00"),
        (DateTime(MOMENT), "yyyy", "2024"),
        ("text", "N2", "text"),
    ],
)
def test_format_value(value: Any, spec: str, text: str) -> None:
    assert format.format_value(None, value, spec, INVARIANT) == text


@pytest.mark.parametrize(
    ("template", "args", "text"),
    [
        ("{0}-{1}", [1, "x"], "1-x"),
        ("{0,5}|{0,-5}|", ["ab"], "   ab|ab   |"),
        ("{{{0}}}", [1], "{1}"),
        ("{0:N2}", [3.14159], "3.14"),
        ("{0 , 8 :X4}|", [255], "    00FF|"),
        ("{0}", [None], ""),
        ("plain", [], "plain"),
    ],
)
def test_composite(template: str, args: list[Any], text: str) -> None:
    assert format.composite(None, template, args, US) == text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{", "Failure to parse near offset 1. Format item ends prematurely."),
        ("{0", "Failure to parse near offset 2. Format item ends prematurely."),
        ("{a}", "Failure to parse near offset 1. Expected an ASCII digit."),
        ("a}b", "Failure to parse near offset 2. Unexpected closing brace without a corresponding opening brace."),
        ("{0,x}", "Failure to parse near offset 3. Expected an ASCII digit."),
        ("{0:{}", "Failure to parse near offset 3. Format item ends prematurely."),
    ],
)
def test_composite_failure(template: str, message: str) -> None:
    with pytest.raises(PSError) as caught:
        format.composite(None, template, [1], US)
    assert caught.value.exception.message == "Input string was not in a correct format. " + message

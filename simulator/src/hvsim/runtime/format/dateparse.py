# SPDX-License-Identifier: GPL-3.0-or-later
"""Text to dates and time spans: ``DateTime.Parse`` (lenient), ``ParseExact``.

The lenient parser splits the text into numbers, names and separators and recognises the arrangements that .NET
recognises for ISO 8601, RFC 1123 and the order of day, month and year of the culture.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hvsim.lang.errors import Unsupported
from hvsim.runtime.culture import INVARIANT, Culture
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format.dates import (
    DAY,
    HOUR,
    MAX_TICKS,
    MINUTE,
    SECOND,
    day_of_week,
    days_in_month,
    expand_standard,
    local_offset,
    quoted,
    ticks_of,
)

__all__ = ["Parsed", "date_error", "parse_date", "parse_exact", "resolve"]

NO_DEFAULT, ADJUST, ASSUME_LOCAL, ASSUME_UTC, ROUNDTRIP = 8, 16, 32, 64, 128


class Parsed(NamedTuple):
    """What the text says: clock *ticks*, *offset* from UTC in ticks or None, *utc* for ``Z`` and ``GMT``."""

    ticks: int
    offset: int | None
    utc: bool
    has_date: bool = True


class _Refused(Exception):
    """The text has the right form and is no date; ``args[0]`` is the message, ``args[1]`` that of .NET Framework."""


_WEEKDAY: Final = (
    "String '{0}' was not recognized as a valid DateTime because the day of week was incorrect.",
    "String was not recognized as a valid DateTime because the day of week was incorrect.",
)
_CALENDAR: Final = (
    "The DateTime represented by the string '{0}' is not supported in calendar 'System.Globalization.GregorianCalendar'.",
    "The DateTime represented by the string is not supported in calendar System.Globalization.GregorianCalendar.",
)


class _Unknown(Exception):
    """A word that is no part of a date; ``args[0]`` is its index."""


def date_error(text: str, index: int | None = None, edition: str = "7") -> PSError:
    if edition == "5.1":
        message = (
            "String was not recognized as a valid DateTime."
            if index is None
            else f"The string was not recognized as a valid DateTime. There is an unknown word starting at index {index}."
        )
    elif index is None:
        message = f"String '{text}' was not recognized as a valid DateTime."
    else:
        message = (
            f"The string '{text}' was not recognized as a valid DateTime. "
            f"There is an unknown word starting at index '{index}'."
        )
    return net_error("System.FormatException", message)


def _refusal(refused: _Refused, text: str, edition: str) -> PSError:
    message = refused.args[1] if edition == "5.1" else refused.args[0].format(text)
    return net_error("System.FormatException", message)


_TOKEN: Final = re.compile(r"(?P<number>\d+)|(?P<word>[^\W\d_]+\.?)|(?P<space>\s+)|(?P<other>.)", re.DOTALL)
_TIME: Final = re.compile(r"(\d{1,2})[:](\d{1,2})(?:[:](\d{1,2})(?:[.](\d+))?)?")
_ZONE: Final = re.compile(r"([+-])(\d{1,2})(?::?(\d{2}))?")


def resolve(parsed: Parsed, styles: int) -> tuple[int, int]:
    """Ticks and kind of the resulting DateTime (0 Unspecified, 1 Utc, 2 Local)."""
    offset, ticks = parsed.offset, parsed.ticks
    if offset is None:
        if styles & ASSUME_LOCAL:
            return (ticks - local_offset(ticks), 1) if styles & ADJUST else (ticks, 2)
        if styles & ASSUME_UTC:
            return (ticks, 1) if styles & ADJUST else (ticks + local_offset(ticks), 2)
        return ticks, 0
    utc = ticks - offset
    if styles & ROUNDTRIP and parsed.utc:
        return utc, 1
    if styles & ADJUST:
        return utc, 1
    return utc + local_offset(utc), 2


class _Lenient:
    def __init__(self, text: str, culture: Culture, today: int) -> None:
        self.text = text
        self.dates = culture.dates
        self.english = culture.name.startswith("en")
        self.today = today
        self.numbers: list[tuple[int, int]] = []  # value, digits
        self.month: int | None = None
        self.weekday: int | None = None
        self.time: tuple[int, int, int, int] | None = None
        self.offset: int | None = None
        self.utc = False
        self.pm: bool | None = None
        self.in_calendar = True

    def parse(self) -> Parsed | None:
        text = self.text
        i = 0
        after_t = in_date = False
        while i < len(text):
            was_date, in_date = in_date, False
            token = _TOKEN.match(text, i)
            assert token is not None
            i = token.end()
            if token["space"]:
                continue
            if token["number"]:
                before = len(self.numbers)
                step = self._number(token, i, after_t)
                if step is None:
                    return None
                i, after_t, in_date = step, False, len(self.numbers) > before
            elif token["word"]:
                word = token["word"]
                in_date = True
                if word.upper() == "T" and self.numbers and text[i : i + 1].isdigit():
                    # Only an ISO date, which begins with the year, may go on with T.
                    if not was_date or self.month is not None or self.numbers[0][1] < 3:
                        return None
                    after_t = True
                elif not self._word(word, token.start()):
                    raise _Unknown(token.start())
                elif not word.endswith("."):
                    continue
            else:
                char = token["other"]
                if char in "+-" and not was_date and (self.time is not None or self._complete()):
                    step = self._zone(token.start())
                    if step is None:
                        return None
                    i = step
                elif char == "-" and self._complete() and re.match(r"\d{1,2}:\d\d", text[i:]):
                    i = self._zone(token.start()) or i
                elif char in "/-.," or char == self.dates.date_separator or char in "\u5e74\u6708\u65e5":
                    continue
                else:
                    return None
        return self._result()

    def _number(self, token: re.Match[str], i: int, after_t: bool) -> int | None:
        clock = _TIME.match(self.text, token.start())
        if clock and self.time is None:
            hour, minute = int(clock[1]), int(clock[2])
            second = int(clock[3] or 0)
            fraction = _fraction(clock[4] or "")
            if fraction is None or not self._before_clock():
                return None
            self.in_calendar = hour <= 23 and minute <= 59 and second <= 59
            self.time = (hour, minute, second, fraction)
            return clock.end()
        if after_t:
            return None
        follow = re.match(r"\s*([AaPp][Mm]?)\b", self.text[i:])
        in_date = self._wants_day() or self.text[: token.start()].endswith(("/", "-"))
        if follow and self.time is None and len(token["number"]) <= 2 and not in_date:
            self.time = (int(token["number"]), 0, 0, 0)
            return i
        digits = len(token["number"])
        if digits >= 3 and any(before >= 3 for _, before in self.numbers):
            return None  # what has more than two digits is a year, and there is one only
        self.numbers.append((int(token["number"]), digits))
        return i if len(self.numbers) <= 3 else None

    def _complete(self) -> bool:
        """Whether day, month and year are there."""
        return len(self.numbers) + (self.month is not None) == 3

    def _wants_day(self) -> bool:
        """Whether a year came first, so that the number after it is a day even before ``AM``."""
        return len(self.numbers) + (self.month is not None) == 2 and any(digits >= 3 for _, digits in self.numbers)

    def _before_clock(self) -> bool:
        """Whether a time with colons may follow: not after a date of two numbers.

        Raises:
            Unsupported: after a month and a day .NET takes the first part of the time for the year.
        """
        if len(self.numbers) + (self.month is not None) != 2:
            return True
        if self.month is not None and not self._wants_day():
            raise Unsupported(f"DateTime of the text '{self.text}'")
        return False

    def _word(self, word: str, start: int) -> bool:
        folded = word.rstrip(".").casefold()
        if folded in ("am", "pm") or (folded == "a" and self.english) or word.casefold() in (self.dates.am.casefold(), self.dates.pm.casefold()):
            self.pm = folded == "pm" or word.casefold() == self.dates.pm.casefold()
            return True
        if folded in ("z", "gmt") and (self.time is not None or self.numbers):
            self.offset, self.utc = 0, True
            return True
        own, english = self.dates, INVARIANT.dates
        months = (own.months, own.short_months, own.genitive_short_months or (), english.months, english.short_months)
        for names in months:
            for index, name in enumerate(names):
                if name and (folded == name.rstrip(".").casefold()) and not name[0].isdigit():
                    if self.month is not None:
                        return False
                    self.month = index % 12 + 1
                    return True
        for names in (own.days, own.short_days, english.days, english.short_days):
            for index, name in enumerate(names):
                if name and folded == name.rstrip(".").casefold():
                    self.weekday = index % 7
                    return True
        return False

    def _zone(self, at: int) -> int | None:
        zone = _ZONE.match(self.text, at)
        if zone is None:
            return None
        offset = (int(zone[2]) * 60 + int(zone[3] or 0)) * MINUTE
        if offset > 14 * HOUR:
            return None
        self.offset = -offset if zone[1] == "-" else offset
        return zone.end()

    def _date(self) -> tuple[int, int, int] | None:
        numbers = self.numbers
        if self.month is not None:
            if len(numbers) == 2:
                first, second = numbers
                if first[1] > 2:
                    return first[0], self.month, second[0]
                if second[1] <= 2 and second[0] <= 31 and first[0] > 31:
                    return _year(first), self.month, second[0]
                return _year(second), self.month, first[0]
            if len(numbers) == 1:
                if numbers[0][1] > 2:
                    return numbers[0][0], self.month, 1
                return self._this_year(), self.month, numbers[0][0]
            return None
        if len(numbers) == 3:
            if numbers[0][1] >= 3:
                return numbers[0][0], numbers[1][0], numbers[2][0]
            order = _order(self.dates.short_date)
            if order == "ymd":
                return _year(numbers[0]), numbers[1][0], numbers[2][0]
            if order == "dmy":
                return _year(numbers[2]), numbers[1][0], numbers[0][0]
            return _year(numbers[2]), numbers[0][0], numbers[1][0]
        if len(numbers) == 2:
            if numbers[0][1] >= 3:
                return numbers[0][0], numbers[1][0], 1
            if numbers[1][1] >= 3:
                return numbers[1][0], numbers[0][0], 1
            if _order(self.dates.short_date) == "dmy":
                return self._this_year(), numbers[1][0], numbers[0][0]
            return self._this_year(), numbers[0][0], numbers[1][0]
        return None

    def _this_year(self) -> int:
        from hvsim.runtime.format.dates import civil

        return civil(self.today).year

    def _result(self) -> Parsed | None:
        has_date = bool(self.numbers or self.month is not None)
        if has_date:
            date = self._date()
            if date is None:
                return None
            year, month, day = date
            if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
                return None
            ticks = ticks_of(year, month, day)
            if self.weekday is not None and day_of_week(ticks) != self.weekday:
                raise _Refused(*_WEEKDAY)
        elif self.time is not None:
            ticks = self.today - self.today % DAY
            if self.weekday is not None and day_of_week(ticks) != self.weekday:
                raise _Refused(*_WEEKDAY)
        else:
            return None
        if not self.in_calendar:
            raise _Refused(*_CALENDAR)
        hour, minute, second, fraction = self.time or (0, 0, 0, 0)
        if self.pm is not None:
            # DateTimeParse.AdjustHour: 13 PM is 13 o'clock.
            if hour > (23 if self.pm else 12):
                return None
            hour = hour + 12 if self.pm and hour < 12 else 0 if not self.pm and hour == 12 else hour
        ticks += hour * HOUR + minute * MINUTE + second * SECOND + fraction
        return Parsed(ticks, self.offset, self.utc, has_date) if 0 <= ticks <= MAX_TICKS else None


def _order(pattern: str) -> str:
    seen = ""
    for char in pattern:
        if char in "dMy" and char.lower() not in seen:
            seen += char.lower()
    return seen


def _year(number: tuple[int, int]) -> int:
    """Two digits stand for 1950-2049."""
    value, digits = number
    if digits > 2:
        return value
    return value + (2000 if value < 50 else 1900)


def _fraction(digits: str) -> int | None:
    if not digits:
        return 0
    return round(float("0." + digits[:18]) * SECOND) if len(digits) > 7 else int(digits.ljust(7, "0"))


def parse_date(text: str, culture: Culture, today: int = 0, edition: str = "7") -> Parsed:
    """``DateTime.Parse`` before styles are applied (:func:`resolve`). *today* are the ticks of the present day.

    Raises:
        PSError: ``System.FormatException``.
    """
    try:
        parsed = _Lenient(text.strip(), culture, today).parse() if text.strip() else None
    except _Unknown as unknown:
        index = unknown.args[0] + len(text) - len(text.lstrip())
        raise date_error(text, index, edition) from None
    except _Refused as refused:
        raise _refusal(refused, text, edition) from None
    if parsed is None:
        raise date_error(text, None, edition)
    return parsed


class _Exact:
    """Matches one custom format."""

    def __init__(self, text: str, spec: str, culture: Culture, styles: int, today: int) -> None:
        self.text = text
        self.spec = spec
        self.dates = culture.dates
        self.styles = styles
        self.today = today
        self.at = 0
        self.fields: dict[str, int] = {}
        self.offset: int | None = None
        self.utc = False

    def parse(self) -> Parsed | None:
        spec, text = self.spec, self.text
        if self.styles & 1:
            self.at = len(text) - len(text.lstrip())
        i = 0
        while i < len(spec):
            char = spec[i]
            if char in "dMyhHmsfFtzg":
                length = 1
                while i + length < len(spec) and spec[i + length] == char:
                    length += 1
                if not self._field(char, length):
                    return None
                i += length
                continue
            if char == "K":
                self._zone_k()
            elif char in "'\"":
                literal, length = quoted(spec, i)
                if not self._literal(literal):
                    return None
                i += length
                continue
            elif char == "\\":
                i += 1
                if not self._literal(spec[i : i + 1]):
                    return None
            elif char == "%":
                pass
            elif char == ":":
                if not self._literal(self.dates.time_separator):
                    return None
            elif char == "/":
                if not self._literal(self.dates.date_separator):
                    return None
            elif char in " \u202f\u00a0" and self.at < len(text) and text[self.at] in " \u202f\u00a0":
                self.at += 1
            elif char.isspace() and self.styles & 4:
                pass
            elif not self._literal(char):
                if char != "." or spec[i + 1 : i + 2] != "F":
                    return None
                i += len(spec) - i - len(spec[i + 1 :].lstrip("F")) - 1  # ".FFF": no point, no fraction
            i += 1
        rest = text[self.at :]
        if rest and not (self.styles & 2 and not rest.strip()):
            return None
        return self._result()

    def _literal(self, text: str) -> bool:
        if self.styles & 4:
            while self.at < len(self.text) and self.text[self.at].isspace() and not text[:1].isspace():
                self.at += 1
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def _digits(self, low: int, high: int) -> int | None:
        end = self.at
        while end < len(self.text) and end - self.at < high and "0" <= self.text[end] <= "9":
            end += 1
        if end - self.at < low:
            return None
        value = int(self.text[self.at : end])
        self.at = end
        return value

    def _name(self, *lists: tuple[str, ...] | None) -> int | None:
        best: tuple[int, int] | None = None
        for names in lists:
            for index, name in enumerate(names or ()):
                if (
                    name
                    and self.text[self.at : self.at + len(name)].casefold() == name.casefold()
                    and (best is None or len(name) > best[0])
                ):
                    best = (len(name), index)
        if best is None:
            return None
        self.at += best[0]
        return best[1]

    def _set(self, name: str, value: int | None) -> bool:
        if value is None or self.fields.get(name, value) != value:
            return False
        self.fields[name] = value
        return True

    def _field(self, char: str, length: int) -> bool:
        if self.styles & 4:
            while self.at < len(self.text) and self.text[self.at].isspace():
                self.at += 1
        if char in "hHms":
            return self._set(char, self._digits(min(length, 2), 2))
        if char == "d":
            if length <= 2:
                return self._set("d", self._digits(length, 2))
            return self._set("weekday", self._name(self.dates.short_days if length == 3 else self.dates.days))
        if char == "M":
            if length <= 2:
                return self._set("M", self._digits(length, 2))
            lists = (
                (self.dates.short_months, self.dates.genitive_short_months)
                if length == 3
                else (self.dates.months, self.dates.genitive_months)
            )
            index = self._name(*lists)
            return self._set("M", None if index is None else index + 1)
        if char == "y":
            if length <= 2:
                year = self._digits(length, 2)
                return self._set("y", None if year is None else _year((year, 2)))
            return self._set("y", self._digits(length, max(length, 4)))
        if char in "fF":
            end = self.at
            while end < len(self.text) and end - self.at < length and self.text[end].isdigit():
                end += 1
            digits = self.text[self.at : end]
            if char == "f" and len(digits) != length:
                return False
            self.at = end
            return self._set("f", int(digits.ljust(7, "0")) if digits else 0)
        if char == "t":
            names = (self.dates.am, self.dates.pm) if length > 1 else (self.dates.am[:1], self.dates.pm[:1])
            return self._set("t", self._name(names))
        if char == "z":
            return self._zone(length)
        return self._literal(self.dates.era)

    def _zone(self, length: int) -> bool:
        pattern = r"([+-])(\d{1,2})" + (r":?(\d{2})" if length >= 3 else "()")
        found = re.compile(pattern).match(self.text, self.at)
        if found is None:
            if self.text[self.at : self.at + 1] == "Z" and length >= 3:
                self.at += 1
                self.offset, self.utc = 0, True
                return True
            return False
        offset = (int(found[2]) * 60 + int(found[3] or 0)) * MINUTE
        self.offset = -offset if found[1] == "-" else offset
        self.at = found.end()
        return True

    def _zone_k(self) -> None:
        if self.text[self.at : self.at + 1] == "Z":
            self.offset, self.utc = 0, True
            self.at += 1
        else:
            self._zone(3)

    def _result(self) -> Parsed | None:
        get = self.fields.get
        hour = get("H", get("h", 0))
        if "t" in self.fields and "H" not in self.fields:
            if not 0 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if self.fields["t"] else 0)
        elif "h" in self.fields and "H" not in self.fields:
            if hour > 12:
                return None
            hour %= 12
        minute, second = get("m", 0), get("s", 0)
        if hour > 23 or minute > 59 or second > 59:
            raise _Refused(*_CALENDAR)
        has_date = any(k in self.fields for k in "yMd")
        if has_date:
            from hvsim.runtime.format.dates import civil

            year = get("y", civil(self.today).year if self.today else 1)
            month, day = get("M", 1), get("d", 1)
            if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
                raise _Refused(*_CALENDAR)
            ticks = ticks_of(year, month, day)
        else:
            ticks = 0 if self.styles & NO_DEFAULT else self.today - self.today % DAY
        weekday = get("weekday")
        if weekday is not None and has_date and day_of_week(ticks) != weekday:
            raise _Refused(*_WEEKDAY)
        ticks += hour * HOUR + minute * MINUTE + second * SECOND + get("f", 0)
        return Parsed(ticks, self.offset, self.utc, has_date)


def parse_exact(
    text: str, specs: list[str], culture: Culture, styles: int = 0, today: int = 0, edition: str = "7"
) -> tuple[Parsed, int]:
    """``DateTime.ParseExact``: the first of *specs* that matches, and the styles that it implies.

    Raises:
        PSError: ``System.FormatException``.
    """
    for spec in specs:
        used, implied = culture, styles
        custom = spec
        if len(spec) == 1:
            expanded = expand_standard(spec, culture.dates)
            if expanded is None:
                raise net_error("System.FormatException", "Input string was not in a correct format.")
            if spec in "oOrRsu":
                used = INVARIANT
                if spec in "oO":
                    implied |= ROUNDTRIP
                elif spec in "rRu":
                    implied |= ASSUME_UTC if styles & ADJUST else 0
            custom = expanded
        try:
            parsed = _Exact(text, custom, used, styles, today).parse()
        except _Refused as refused:
            if len(specs) == 1:
                raise _refusal(refused, text, edition) from None
            continue
        if parsed is not None:
            return parsed, implied
    raise date_error(text, None, edition)

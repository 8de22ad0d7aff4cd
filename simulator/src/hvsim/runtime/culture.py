# SPDX-License-Identifier: GPL-3.0-or-later
"""Cultures: the number, date and text conventions that formatting and parsing use. Data, no logic.

The values are those of .NET on ICU (edition ``7``) and, where they differ, of Windows' own tables that
.NET Framework uses (edition ``5.1``): :data:`_NLS`.
"""

from __future__ import annotations

import copy
from typing import Any

from hvsim.runtime.errors import Unsupported
from hvsim.runtime.values import NetObject

__all__ = ["INVARIANT", "Culture", "DateTimeFormat", "NumberFormat", "find", "get", "invariant", "known"]


class NumberFormat(NetObject):
    """``System.Globalization.NumberFormatInfo``; attribute names are .NET's property names in snake case."""

    NET = "System.Globalization.NumberFormatInfo"

    def __init__(self, **values: Any) -> None:
        self.decimal = "."
        self.group = ","
        self.group_sizes = (3,)
        self.decimal_digits = 2
        self.negative_pattern = 1
        self.negative_sign = "-"
        self.positive_sign = "+"
        self.currency_symbol = "\u00a4"
        self.currency_decimal = "."
        self.currency_group = ","
        self.currency_group_sizes = (3,)
        self.currency_digits = 2
        self.currency_positive_pattern = 0
        self.currency_negative_pattern = 0
        self.percent_symbol = "%"
        self.percent_decimal = "."
        self.percent_group = ","
        self.percent_group_sizes = (3,)
        self.percent_digits = 2
        self.percent_positive_pattern = 0
        self.percent_negative_pattern = 0
        self.per_mille_symbol = "\u2030"
        self.nan = "NaN"
        self.infinity = "Infinity"
        self.negative_infinity = "-Infinity"
        self.read_only = True
        for name, value in values.items():
            setattr(self, name, value)


class DateTimeFormat(NetObject):
    """``System.Globalization.DateTimeFormatInfo``; weeks start with Sunday in all lists."""

    NET = "System.Globalization.DateTimeFormatInfo"

    def __init__(self, **values: Any) -> None:
        self.days: tuple[str, ...] = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
        self.short_days: tuple[str, ...] = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
        self.shortest_days: tuple[str, ...] = ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")
        self.months: tuple[str, ...] = (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        )
        self.short_months: tuple[str, ...] = (
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "May",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
            "Nov",
            "Dec",
        )
        self.genitive_months: tuple[str, ...] | None = None
        self.genitive_short_months: tuple[str, ...] | None = None
        self.am = "AM"
        self.pm = "PM"
        self.short_date = "MM/dd/yyyy"
        self.long_date = "dddd, dd MMMM yyyy"
        self.short_time = "HH:mm"
        self.long_time = "HH:mm:ss"
        self.month_day = "MMMM dd"
        self.year_month = "yyyy MMMM"
        self.full: str | None = None
        self.date_separator = "/"
        self.time_separator = ":"
        self.first_day = 0
        self.era = "A.D."
        self.read_only = True
        for name, value in values.items():
            setattr(self, name, value)

    @property
    def full_date_time(self) -> str:
        return self.full if self.full is not None else f"{self.long_date} {self.long_time}"


class Culture(NetObject):
    """``System.Globalization.CultureInfo``. Instances from :func:`get` are shared and read-only."""

    NET = "System.Globalization.CultureInfo"

    def __init__(self, name: str, numbers: NumberFormat, dates: DateTimeFormat, facts: dict[str, Any]) -> None:
        self.name = name
        self.numbers = numbers
        self.dates = dates
        self.english_name: str = facts["english"]
        self.native_name: str = facts["native"]
        self.lcid: int = facts["lcid"]
        self.language: str = facts["language"]
        self.three_letters: str = facts["three"]
        self.windows_letters: str = facts["windows"]
        self.list_separator: str = facts.get("list", ",")
        self.neutral: bool = facts.get("neutral", False)
        self.parent: str = facts.get("parent", "")
        self.read_only = True

    def clone(self) -> Culture:
        """A writable copy (``Clone``)."""
        other = copy.copy(self)
        other.numbers = copy.copy(self.numbers)
        other.dates = copy.copy(self.dates)
        other.read_only = other.numbers.read_only = other.dates.read_only = False
        return other


_NNBSP = "\u202f"
_US_TIME = {"short_time": f"h:mm{_NNBSP}tt", "long_time": f"h:mm:ss{_NNBSP}tt"}
_ICU_NUMBERS: dict[str, Any] = {
    "decimal_digits": 3,
    "currency_negative_pattern": 1,
    "percent_positive_pattern": 1,
    "percent_negative_pattern": 1,
    "percent_digits": 3,
    "infinity": "\u221e",
    "negative_infinity": "-\u221e",
}
_EN_US = {
    "facts": {
        "english": "English (United States)",
        "native": "English (United States)",
        "lcid": 1033,
        "language": "en",
        "three": "eng",
        "windows": "ENU",
        "parent": "en",
    },
    "numbers": {**_ICU_NUMBERS, "currency_symbol": "$"},
    "dates": {
        **_US_TIME,
        "short_date": "M/d/yyyy",
        "long_date": "dddd, MMMM d, yyyy",
        "month_day": "MMMM d",
        "year_month": "MMMM yyyy",
        "era": "AD",
        "shortest_days": tuple("SMTWTFS"),
    },
}
_EUROPE = {
    "decimal": ",",
    "group": ".",
    "currency_decimal": ",",
    "currency_group": ".",
    "percent_decimal": ",",
    "percent_group": ".",
    "currency_symbol": "\u20ac",
    "currency_positive_pattern": 3,
    "currency_negative_pattern": 8,
    "percent_positive_pattern": 0,
    "percent_negative_pattern": 0,
}
_FRENCH_GROUPS = {"group": _NNBSP, "currency_group": _NNBSP, "percent_group": _NNBSP}

_CULTURES: dict[str, dict[str, Any]] = {
    "": {
        "facts": {
            "english": "Invariant Language (Invariant Country)",
            "native": "Invariant Language (Invariant Country)",
            "lcid": 127,
            "language": "iv",
            "three": "ivl",
            "windows": "IVL",
        },
        "numbers": {},
        "dates": {},
    },
    "en-US": _EN_US,
    "en": {
        "facts": {
            **_EN_US["facts"],
            "english": "English",
            "native": "English",
            "lcid": 9,
            "parent": "",
            "neutral": True,
        },
        "numbers": _EN_US["numbers"],
        "dates": _EN_US["dates"],
    },
    "en-GB": {
        "facts": {
            "english": "English (United Kingdom)",
            "native": "English (United Kingdom)",
            "lcid": 2057,
            "language": "en",
            "three": "eng",
            "windows": "ENG",
            "parent": "en",
        },
        "numbers": {**_ICU_NUMBERS, "currency_symbol": "\u00a3"},
        "dates": {
            "short_date": "dd/MM/yyyy",
            "long_date": "dddd d MMMM yyyy",
            "month_day": "d MMMM",
            "year_month": "MMMM yyyy",
            "am": "am",
            "pm": "pm",
            "first_day": 1,
            "era": "AD",
            "short_months": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"),
            "shortest_days": tuple("SMTWTFS"),
        },
    },
    "de-DE": {
        "facts": {
            "english": "German (Germany)",
            "native": "Deutsch (Deutschland)",
            "lcid": 1031,
            "language": "de",
            "three": "deu",
            "windows": "DEU",
            "parent": "de",
            "list": ";",
        },
        "numbers": {**_ICU_NUMBERS, **_EUROPE},
        "dates": {
            "days": ("Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"),
            "short_days": ("So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"),
            "shortest_days": tuple("SMDMDFS"),
            "months": (
                "Januar",
                "Februar",
                "März",
                "April",
                "Mai",
                "Juni",
                "Juli",
                "August",
                "September",
                "Oktober",
                "November",
                "Dezember",
            ),
            "short_months": ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
            "genitive_short_months": (
                "Jan.",
                "Feb.",
                "März",
                "Apr.",
                "Mai",
                "Juni",
                "Juli",
                "Aug.",
                "Sept.",
                "Okt.",
                "Nov.",
                "Dez.",
            ),
            "short_date": "dd.MM.yyyy",
            "long_date": "dddd, d. MMMM yyyy",
            "month_day": "d. MMMM",
            "year_month": "MMMM yyyy",
            "date_separator": ".",
            "first_day": 1,
            "era": "n. Chr.",
        },
    },
    "fr-FR": {
        "facts": {
            "english": "French (France)",
            "native": "fran\u00e7ais (France)",
            "lcid": 1036,
            "language": "fr",
            "three": "fra",
            "windows": "FRA",
            "parent": "fr",
            "list": ";",
        },
        "numbers": {**_ICU_NUMBERS, **_EUROPE, **_FRENCH_GROUPS},
        "dates": {
            "days": ("dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"),
            "short_days": ("dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."),
            "shortest_days": tuple("DLMMJVS"),
            "months": (
                "janvier",
                "février",
                "mars",
                "avril",
                "mai",
                "juin",
                "juillet",
                "août",
                "septembre",
                "octobre",
                "novembre",
                "décembre",
            ),
            "short_months": (
                "janv.",
                "févr.",
                "mars",
                "avr.",
                "mai",
                "juin",
                "juil.",
                "août",
                "sept.",
                "oct.",
                "nov.",
                "déc.",
            ),
            "short_date": "dd/MM/yyyy",
            "long_date": "dddd d MMMM yyyy",
            "month_day": "d MMMM",
            "year_month": "MMMM yyyy",
            "first_day": 1,
            "era": "ap. J.-C.",
        },
    },
    "ja-JP": {
        "facts": {
            "english": "Japanese (Japan)",
            "native": "\u65e5\u672c\u8a9e (\u65e5\u672c)",
            "lcid": 1041,
            "language": "ja",
            "three": "jpn",
            "windows": "JPN",
            "parent": "ja",
        },
        "numbers": {**_ICU_NUMBERS, "currency_symbol": "\uffe5", "currency_digits": 0},
        "dates": {
            "days": tuple(d + "\u66dc\u65e5" for d in "\u65e5\u6708\u706b\u6c34\u6728\u91d1\u571f"),
            "short_days": tuple("\u65e5\u6708\u706b\u6c34\u6728\u91d1\u571f"),
            "shortest_days": tuple("\u65e5\u6708\u706b\u6c34\u6728\u91d1\u571f"),
            "months": tuple(f"{m}\u6708" for m in range(1, 13)),
            "short_months": tuple(f"{m}\u6708" for m in range(1, 13)),
            "am": "\u5348\u524d",
            "pm": "\u5348\u5f8c",
            "short_date": "yyyy/MM/dd",
            "long_date": "yyyy\u5e74M\u6708d\u65e5dddd",
            "short_time": "H:mm",
            "long_time": "H:mm:ss",
            "month_day": "M\u6708d\u65e5",
            "year_month": "yyyy\u5e74M\u6708",
            "era": "\u897f\u66a6",
        },
    },
}
for _neutral, _of, _lcid, _english, _native in (
    ("de", "de-DE", 7, "German", "Deutsch"),
    ("fr", "fr-FR", 12, "French", "fran\u00e7ais"),
    ("ja", "ja-JP", 17, "Japanese", "\u65e5\u672c\u8a9e"),
):
    _CULTURES[_neutral] = {
        **_CULTURES[_of],
        "facts": {
            **_CULTURES[_of]["facts"],
            "english": _english,
            "native": _native,
            "lcid": _lcid,
            "parent": "",
            "neutral": True,
        },
    }

_NLS_NUMBERS: dict[str, Any] = {"decimal_digits": 2, "percent_digits": 2}
#: What .NET Framework (Windows PowerShell 5.1) has differently. Not recorded: from Windows' published tables.
_NLS: dict[str, dict[str, dict[str, Any]]] = {
    "": {"numbers": {}, "dates": {}},
    "en-US": {
        "numbers": {
            **_NLS_NUMBERS,
            "currency_negative_pattern": 0,
            "percent_positive_pattern": 0,
            "percent_negative_pattern": 0,
        },
        "dates": {
            "short_time": "h:mm tt",
            "long_time": "h:mm:ss tt",
            "shortest_days": ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"),
        },
    },
    "en-GB": {
        "numbers": {**_NLS_NUMBERS},
        "dates": {
            "long_date": "dd MMMM yyyy",
            "am": "AM",
            "pm": "PM",
            "short_months": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        },
    },
    "de-DE": {
        "numbers": {**_NLS_NUMBERS},
        "dates": {"am": "", "pm": "", "month_day": "d. MMMM", "genitive_short_months": None},
    },
    "fr-FR": {
        "numbers": {**_NLS_NUMBERS, "group": "\u00a0", "currency_group": "\u00a0", "percent_group": "\u00a0"},
        "dates": {"am": "", "pm": ""},
    },
    "ja-JP": {
        "numbers": {**_NLS_NUMBERS, "currency_symbol": "\u00a5"},
        "dates": {"long_date": "yyyy'\u5e74'M'\u6708'd'\u65e5'", "month_day": "M\u6708d\u65e5"},
    },
}
_BY_LOWER_NAME = {name.lower(): name for name in _CULTURES}
_CACHE: dict[tuple[str, str], Culture] = {}


def find(name: str, edition: str = "7") -> Culture | None:
    """The culture called *name* (case-insensitive, ``_`` for ``-`` as ICU takes it), None if it has no data here."""
    proper = _BY_LOWER_NAME.get(name.replace("_", "-").lower())
    if proper is None:
        return None
    key = (proper, edition)
    if key not in _CACHE:
        data = _CULTURES[proper]
        numbers, dates = dict(data["numbers"]), dict(data["dates"])
        if edition == "5.1":
            nls = _NLS.get(proper, {"numbers": {}, "dates": {}})
            numbers.update(nls["numbers"], infinity="\u221e" if proper else "Infinity")
            if proper:
                numbers["negative_infinity"] = "-\u221e"
            dates.update(nls["dates"])
        _CACHE[key] = Culture(proper, NumberFormat(**numbers), DateTimeFormat(**dates), data["facts"])
    return _CACHE[key]


def get(name: str, edition: str = "7") -> Culture:
    """As :func:`find`.

    Raises:
        Unsupported: no data for that culture.
    """
    found = find(name, edition)
    if found is None:
        raise Unsupported(f"culture {name}", "supported: " + ", ".join(sorted(filter(None, _CULTURES))))
    return found


def known() -> list[str]:
    """Names of all cultures that have data."""
    return sorted(_CULTURES)


invariant = get("")
INVARIANT = invariant

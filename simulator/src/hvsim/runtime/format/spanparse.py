# SPDX-License-Identifier: GPL-3.0-or-later
"""Text to time spans: ``TimeSpan.Parse`` and ``ParseExact``."""

from __future__ import annotations

import re
from typing import Final

from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format.dates import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    quoted,
)

_SPAN: Final = re.compile(
    r"\s*(?P<sign>-)?(?:(?P<only>\d+)|(?:(?P<days>\d+)(?:\.(?=\d+:)|:(?=\d+:\d+:)))?(?P<hours>\d+):(?P<minutes>\d+)"
    r"(?::(?P<seconds>\d+)(?:(?P<point>[.,])(?P<fraction>\d+))?)?)\s*\Z"
)


def parse_span(text: str, edition: str = "7", decimal: str = ".") -> int:
    """``TimeSpan.Parse``: ticks; *decimal* is the culture's separator, which may stand before the fraction too.

    Raises:
        PSError: ``System.FormatException`` or ``System.OverflowException``.
    """
    found = _SPAN.match(text)
    if found is None or found["point"] not in (None, ".", decimal):
        message = "String was not recognized as a valid TimeSpan."
        if edition != "5.1":
            message = f"String '{text}' was not recognized as a valid TimeSpan."
        raise net_error("System.FormatException", message)
    if found["only"]:
        days, hours, minutes, seconds = int(found["only"]), 0, 0, 0
    else:
        days, hours, minutes = int(found["days"] or 0), int(found["hours"]), int(found["minutes"])
        seconds = int(found["seconds"] or 0)
        if hours > 23 and found["days"] is None and found["seconds"] is not None and hours < 10675200:
            days, hours, minutes, seconds = hours, minutes, seconds, 0
    ticks = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND
    fraction = found["fraction"] or ""
    ticks += int(fraction.ljust(7, "0"))
    most = 2**63 if found["sign"] else 2**63 - 1
    if hours > 23 or minutes > 59 or seconds > 59 or ticks > most or len(fraction) > 7:
        message = (
            "The TimeSpan could not be parsed because at least one of the numeric components is out of range or "
            "contains too many digits."
        )
        if edition != "5.1":
            message = (
                f"The TimeSpan string '{text}' could not be parsed because at least one of the numeric components is "
                "out of range or contains too many digits."
            )
        raise net_error("System.OverflowException", message)
    return -ticks if found["sign"] else ticks


def parse_span_exact(text: str, specs: list[str], edition: str = "7") -> int:
    """``TimeSpan.ParseExact`` (custom formats and ``c``, ``g``, ``G``)."""
    for spec in specs:
        if spec in ("c", "t", "T", "g", "G"):
            try:
                return parse_span(text, edition)
            except PSError:
                continue
        ticks = _match_span(text, spec)
        if ticks is not None:
            return ticks
    message = "Input string was not in a correct format."
    if len(specs) == 1 and len(specs[0]) == 1:
        bad = f"Format specifier '{specs[0]}' was invalid."
        message = f"String '{text}' was not recognized as a valid TimeSpan." if specs[0] in "ctTgG" else bad
    elif edition != "5.1":
        message = f"Input string '{text}' was not in a correct format."
    raise net_error("System.FormatException", message)


def _match_span(text: str, spec: str) -> int | None:
    pattern, i = "", 0
    units: list[str] = []
    while i < len(spec):
        char = spec[i]
        length = 1
        if char in "dhmsfF":
            while i + length < len(spec) and spec[i + length] == char:
                length += 1
            if char == "F":
                pattern += f"(\\d{{0,{length}}})"
            elif length == 1 and char != "f":
                pattern += "(\\d{1,8})" if char == "d" else "(\\d{1,2})"
            else:
                pattern += f"(\\d{{{length}}})"
            units.append(char)
        elif char in "'\"":
            literal, length = quoted(spec, i)
            pattern += re.escape(literal)
        elif char == "\\":
            pattern += re.escape(spec[i + 1 : i + 2])
            length = 2
        elif char == "%":
            pass
        else:
            return None
        i += length
    found = re.fullmatch(pattern, text)
    if found is None:
        return None
    sizes = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
    ticks = 0
    for unit, value in zip(units, found.groups(), strict=True):
        if unit in "fF":
            ticks += int((value or "0").ljust(7, "0"))
        else:
            if (unit == "h" and int(value) > 23) or (unit in "ms" and int(value) > 59):
                return None
            ticks += int(value) * sizes[unit]
    return ticks


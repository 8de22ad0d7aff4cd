# SPDX-License-Identifier: GPL-3.0-or-later
"""``Parse`` of the structs: text to Guid, Version, DateTime, TimeSpan, DateTimeOffset, Char, Boolean."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any, Final

from hvsim.runtime import format
from hvsim.runtime.culture import Culture, invariant
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format import dateparse, spanparse
from hvsim.runtime.format.dates import MAX_TICKS, local_offset, ticks_of
from hvsim.runtime.format.numparse import format_error
from hvsim.runtime.structs import DateTime, DateTimeOffset, Guid, TimeSpan, Version
from hvsim.runtime.values import Char

__all__ = [
    "PARSERS",
    "now_ticks",
    "parse_bool",
    "parse_char",
    "parse_datetime",
    "parse_guid",
    "parse_offset",
    "parse_timespan",
    "parse_version",
]


def now_ticks(ctx: Any) -> int:
    """The machine's clock as UTC ticks."""
    machine = getattr(ctx, "machine", None)
    moment = machine.clock() if machine is not None else dt.datetime.now(dt.UTC)
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.UTC)
    return ticks_of(
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond * 10
    )


def parse_datetime(ctx: Any, text: str, culture: Culture | None = None, styles: int = 0) -> DateTime:
    """``DateTime.Parse``.

    Raises:
        PSError: ``System.FormatException``.
    """
    now = now_ticks(ctx)
    parsed = dateparse.parse_date(
        text, format.culture_of(ctx, culture), now + local_offset(now), format.edition_of(ctx)
    )
    return DateTime(*dateparse.resolve(parsed, styles))


def parse_offset(ctx: Any, text: str, culture: Culture | None = None, styles: int = 0) -> DateTimeOffset:
    """``DateTimeOffset.Parse``."""
    now = now_ticks(ctx)
    parsed = dateparse.parse_date(
        text, format.culture_of(ctx, culture), now + local_offset(now), format.edition_of(ctx)
    )
    return offset_of(parsed, styles)


def offset_of(parsed: dateparse.Parsed, styles: int) -> DateTimeOffset:
    offset = parsed.offset
    if offset is None:
        offset = 0 if styles & dateparse.ASSUME_UTC else local_offset(parsed.ticks)
    if styles & dateparse.ADJUST:
        return DateTimeOffset(parsed.ticks - offset, 0)
    return DateTimeOffset(parsed.ticks, offset)


def parse_timespan(ctx: Any, text: str, _culture: Culture | None = None) -> TimeSpan:
    return TimeSpan(spanparse.parse_span(text, format.edition_of(ctx)))


def parse_char(_ctx: Any, text: str) -> Char:
    if len(text) != 1:
        raise net_error("System.FormatException", "String must be exactly one character long.")
    return Char(text)


def parse_bool(ctx: Any, text: str) -> bool:
    trimmed = text.strip().strip("\0").lower()
    if trimmed in ("true", "false"):
        return trimmed == "true"
    message = f"String '{text}' was not recognized as a valid Boolean."
    if format.edition_of(ctx) == "5.1":
        message = "String was not recognized as a valid Boolean."
    raise net_error("System.FormatException", message)


_PORTION: Final = "Version string portion was too short or too long."


def parse_version(ctx: Any, text: str) -> Version:
    """``Version.Parse``.

    Raises:
        PSError: ``ArgumentException``, ``FormatException``, ``ArgumentOutOfRangeException`` or ``OverflowException``.
    """
    framework = format.edition_of(ctx) == "5.1"
    parts = text.split(".")
    if not 2 <= len(parts) <= 4:
        message = _PORTION if framework else _PORTION + " (Parameter 'input')"
        raise net_error("System.ArgumentException", message, ParamName=None if framework else "input")
    numbers = []
    for name, part in zip(("major", "minor", "build", "revision"), parts, strict=False):
        if not re.fullmatch(r"\s*[+-]?\d+\s*", part, re.ASCII):
            raise format_error(part, format.edition_of(ctx))
        number = int(part)
        if number < 0:
            parameter = "version" if framework else "input"
            raise net_error(
                "System.ArgumentOutOfRangeException",
                "Version's parameters must be greater than or equal to zero."
                + ("\nParameter name: version" if framework else f" (Parameter '{parameter}')"),
                ParamName=parameter,
            )
        if number > 2**31 - 1:
            raise net_error("System.OverflowException", "Value was either too large or too small for an Int32.")
        numbers.append((name, number))
    return Version(*(n for _, n in numbers))


_GUID_LENGTH: Final = "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)."
_GUID_UNKNOWN: Final = "Unrecognized Guid format."
_GUID_DASHES: Final = "Dashes are in the wrong position for GUID parsing."
_GUID_CHAR: Final = "Guid string should only contain hexadecimal characters."
_HEX: Final = re.compile(r"[0-9a-fA-F]+\Z")
_GUID_X: Final = re.compile(
    r"\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,4}),0x([0-9a-f]{1,4}),\{" + ",".join([r"0x([0-9a-f]{1,2})"] * 8) + r"\}\}\Z",
    re.IGNORECASE,
)


def _guid_error(message: str) -> PSError:
    return net_error("System.FormatException", message)


def parse_guid(_ctx: Any, text: str, spec: str | None = None) -> Guid:
    """``Guid.Parse`` and, with *spec*, ``ParseExact``.

    Raises:
        PSError: ``System.FormatException``.
    """
    text = text.strip()
    if not text:
        raise _guid_error(_GUID_UNKNOWN)
    kind = (spec or "").upper() or _guid_kind(text)
    if kind == "X":
        found = _GUID_X.match("".join(text.split()))
        if found is None:
            raise _guid_error(_GUID_UNKNOWN)
        widths = (8, 4, 4) + (2,) * 8
        return Guid(uuid.UUID("".join(g.rjust(w, "0") for g, w in zip(found.groups(), widths, strict=True))))
    if kind in ("B", "P"):
        opening, closing = "{}" if kind == "B" else "()"
        if len(text) != 38 or text[0] != opening or text[-1] != closing:
            raise _guid_error(_GUID_LENGTH)
        text, kind = text[1:-1], "D"
    if kind == "N":
        if len(text) != 32:
            raise _guid_error(_GUID_LENGTH)
    elif len(text) != 36:
        raise _guid_error(_GUID_LENGTH)
    elif any(text[i] != "-" for i in (8, 13, 18, 23)):
        raise _guid_error(_GUID_DASHES)
    digits = text if kind == "N" else text[:8] + text[9:13] + text[14:18] + text[19:23] + text[24:]
    if not _HEX.match(digits):
        raise _guid_error(_GUID_CHAR)
    return Guid(uuid.UUID(digits))


def _guid_kind(text: str) -> str:
    if text[0] == "(":
        return "P"
    if text[0] == "{":
        return "B" if "-" in text else "X"
    return "D" if "-" in text else "N"


def ticks_datetime(ticks: int) -> DateTime:
    """``new DateTime(ticks)``.

    Raises:
        PSError: ``System.ArgumentOutOfRangeException``.
    """
    if not 0 <= ticks <= MAX_TICKS:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks. (Parameter 'ticks')",
            ParamName="ticks",
        )
    return DateTime(ticks)


#: Full name -> (parser, whether ``Parse`` takes a format provider: part of PowerShell's error id).
PARSERS: Final[dict[str, tuple[Callable[[Any, str], Any], bool]]] = {
    "System.Char": (parse_char, False),
    "System.Guid": (parse_guid, True),
    "System.Version": (parse_version, False),
    "System.DateTime": (lambda ctx, text: parse_datetime(ctx, text, invariant), True),
    "System.DateTimeOffset": (lambda ctx, text: parse_offset(ctx, text, invariant), True),
    "System.TimeSpan": (parse_timespan, True),
}

# SPDX-License-Identifier: GPL-3.0-or-later
"""Formatting of values: ``IFormattable.ToString(format, culture)`` and composite format strings."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from hvsim.runtime.culture import Culture, invariant
from hvsim.runtime.errors import net_error
from hvsim.runtime.format import composite as _composite
from hvsim.runtime.format.dates import format_date, format_span
from hvsim.runtime.format.numbers import format_number
from hvsim.runtime.structs import DateTime, DateTimeOffset, Guid, TimeSpan
from hvsim.runtime.values import EnumValue, PSObject

__all__ = ["composite", "edition_of", "format_enum", "format_guid", "format_value", "is_formattable"]

_FORMATTABLE = (int, float, Decimal, EnumValue, DateTime, TimeSpan, Guid, DateTimeOffset)


def edition_of(ctx: Any) -> str:
    return getattr(ctx, "edition", "7")


def culture_of(ctx: Any, culture: Culture | None = None) -> Culture:
    """*culture*, or the thread's."""
    if culture is not None:
        return culture
    return getattr(ctx, "culture", None) or invariant


def is_formattable(value: Any) -> bool:
    """Whether the type is ``IFormattable``."""
    return isinstance(value, _FORMATTABLE) and type(value) is not bool


def format_value(ctx: Any, value: Any, spec: str | None, culture: Culture | None = None) -> str:
    """``value.ToString(spec, culture)``; *culture* None is the thread's. Types without formats ignore *spec*.

    Raises:
        PSError: ``System.FormatException``.
    """
    if type(value) is PSObject:
        value = value.base
    if isinstance(value, (int, float, Decimal)) and type(value) is not bool:
        return format_number(value, spec or "", culture_of(ctx, culture).numbers, edition_of(ctx))
    kind = type(value)
    if kind is EnumValue:
        return format_enum(value, spec)
    if kind is DateTime:
        return format_date(value.ticks, spec, culture_of(ctx, culture), kind=value.kind)
    if kind is TimeSpan:
        return format_span(value.ticks, spec, culture_of(ctx, culture).numbers)
    if kind is DateTimeOffset:
        return format_date(value.ticks, spec, culture_of(ctx, culture), offset=value.offset)
    if kind is Guid:
        return format_guid(value, spec)
    from hvsim.runtime import convert

    own = getattr(value, "format_net", None)
    if own is not None:
        return str(own(ctx, spec, culture_of(ctx, culture)))
    return convert.net_string(ctx, value, culture_of(ctx, culture))


def format_enum(value: EnumValue, spec: str | None) -> str:
    """``Enum.ToString(spec)``: G, D, X, F in either case."""
    from hvsim.runtime import types

    letter = (spec or "G").upper()
    if letter == "G":
        return types.enum_text(value)
    if letter == "F":
        return types.enum_flags_text(value)
    if letter == "D":
        return str(value.value)
    if letter == "X":
        width = {"System.Byte": 2, "System.SByte": 2, "System.Int16": 4, "System.UInt16": 4}.get(
            value.net_type.underlying, 8
        )
        if value.net_type.underlying in ("System.Int64", "System.UInt64"):
            width = 16
        return format(value.value & ((1 << (4 * width)) - 1), f"0{width}X")
    raise net_error(
        "System.FormatException",
        'Format string can be only "G", "g", "X", "x", "F", "f", "D" or "d".',
    )


_hyphenated = lru_cache(maxsize=4096)(str)
"""The text of a UUID; scripts ask for the text of the same ones again and again, and Python makes it digit by digit."""


def format_guid(value: Guid, spec: str | None) -> str:
    """``Guid.ToString(spec)``: N, D, B, P, X in either case."""
    letter = (spec or "D").upper()
    text = _hyphenated(value.value)
    if letter == "D":
        return text
    if letter == "N":
        return value.value.hex
    if letter == "B":
        return "{" + text + "}"
    if letter == "P":
        return f"({text})"
    if letter == "X":
        raw = value.value.hex
        tail = ",".join("0x" + raw[i : i + 2] for i in range(16, 32, 2))
        return "{0x" + raw[:8] + ",0x" + raw[8:12] + ",0x" + raw[12:16] + ",{" + tail + "}}"
    raise net_error(
        "System.FormatException",
        'Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".',
    )


def composite(ctx: Any, template: str, args: Iterable[Any], culture: Culture | None = None) -> str:
    """``string.Format(culture, template, args)``.

    Raises:
        PSError: ``System.FormatException``.
    """
    items = list(args)
    out: list[str] = []
    from hvsim.runtime import convert

    used = culture_of(ctx, culture)
    for part in _composite.parse(template, edition_of(ctx)):
        if isinstance(part, str):
            out.append(part)
            continue
        if part.position >= len(items):
            raise _composite.index_error()
        value = items[part.position]
        if value is None:
            text = ""
        elif type(value) is str:
            text = value
        elif part.spec:
            text = format_value(ctx, value, part.spec, used)
        else:
            text = convert.net_string(ctx, value, used)
        out.append(_composite.pad(text, part.width))
    return "".join(out)

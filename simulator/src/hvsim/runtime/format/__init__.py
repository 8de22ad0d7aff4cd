# SPDX-License-Identifier: GPL-3.0-or-later
"""Formatting of values: ``IFormattable.ToString(format, culture)`` and composite format strings."""

from __future__ import annotations

from typing import Any

from hvsim.runtime.values import Array, PSObject

__all__ = ["composite", "format_value"]


def format_value(ctx: Any, value: Any, spec: str, culture: Any = None) -> str:
    """``value.ToString(spec, culture)``; a type without formats ignores *spec*."""
    if type(value) is PSObject:
        value = value.base
    from hvsim.runtime import convert

    if type(value) is float and spec[:1] in ("F", "N") and spec:
        digits = int(spec[1:] or 2)
        return f"{value:,.{digits}f}" if spec[0] == "N" else f"{value:.{digits}f}"
    if isinstance(value, int) and spec[:1] in ("D", "d"):
        return f"{value:0{int(spec[1:] or 0)}d}"
    if isinstance(value, int) and spec[:1] in ("X", "x"):
        text = f"{value & 0xFFFFFFFF:x}"
        return (text.upper() if spec[0] == "X" else text).rjust(int(spec[1:] or 0), "0")
    return convert.to_string(ctx, value)


def composite(ctx: Any, template: str, args: Any, culture: Any = None) -> str:
    """``string.Format(culture, template, args)``.

    Raises:
        PSError: ``System.FormatException``.
    """
    import re

    items = list(args) if isinstance(args, (list, Array)) else [args]

    def replace(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        value = items[int(found[1])]
        text = "" if value is None else format_value(ctx, value, found[3] or "", culture)
        width = int(found[2] or 0)
        return text.rjust(width) if width > 0 else text.ljust(-width)

    return re.sub(r"\{\{|\}\}|\{(\d+)(?:,\s*(-?\d+))?(?::([^}]*))?\}", replace, template)

# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of one value in a table cell or a list line (``PSObjectHelper.SmartToString``)."""

from __future__ import annotations

import re
from typing import Any

from hvsim.runtime import convert, format, objects
from hvsim.runtime.collections import Dictionary, DictionaryEntry, KeyValuePair
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.values import AUTOMATION_NULL, Array, EnumValue, MultiArray, PSCustomObject

ENUMERATION_LIMIT = 4
_LINE_END = re.compile(r"\r\n|\r|\n")


def ellipsis(ctx: ExecutionContext) -> str:
    """What marks cut text: one character since PowerShell 6."""
    return "..." if ctx.edition == "5.1" else "\u2026"


def text(ctx: ExecutionContext, value: Any, spec: str | None = None) -> str:
    """A value as a cell shows it; *spec* is a format string of a calculated property."""
    base = objects.unwrap(value)
    if base is None or base is AUTOMATION_NULL:
        return ""
    if isinstance(base, str):
        return base
    if spec:
        if "{0" in spec:
            return format.composite(ctx, spec, [base])
        return format.format_value(ctx, base, spec)
    if isinstance(base, (Array, MultiArray, Dictionary)) or _is_collection(base):
        return _collection(ctx, base)
    return scalar(ctx, value)


def _is_collection(base: Any) -> bool:
    if isinstance(base, (bool, int, float, EnumValue, PSCustomObject)):
        return False
    return convert.enumerate(base) is not None


def scalar(ctx: ExecutionContext, value: Any) -> str:
    """``ToString`` in the thread's culture, that of type data first; a property whose ToString fails is empty."""
    try:
        if not isinstance(objects.unwrap(value), (str, int, float, PSCustomObject)):
            method = objects.find_member(ctx, value, "ToString")
            if isinstance(method, objects.CodeMethod):
                return convert.to_string(ctx, method.invoke(ctx, value, ()))
        return convert.culture_string(ctx, value)
    except PSError:
        return ""


def _collection(ctx: ExecutionContext, base: Any) -> str:
    limit = _limit(ctx)
    items: Any
    if isinstance(base, Dictionary):
        items = [base.entry(k, v) for k, v in base.items()]
    else:
        items = list(convert.enumerate(base) or ())
    shown = items if limit < 0 else items[:limit]
    parts = [_element(ctx, item) for item in shown]
    return "{" + ", ".join(parts) + (ellipsis(ctx) if len(items) > len(shown) else "") + "}"


def _limit(ctx: ExecutionContext) -> int:
    value = objects.unwrap(ctx.get_variable("FormatEnumerationLimit"))
    return value if type(value) is int else ENUMERATION_LIMIT


def _element(ctx: ExecutionContext, item: Any) -> str:
    base = objects.unwrap(item)
    if isinstance(base, (DictionaryEntry, KeyValuePair)):
        if ctx.edition == "5.1" and isinstance(base, DictionaryEntry):
            return scalar(ctx, base.key)
        return f"[{scalar(ctx, base.key)}, {scalar(ctx, base.value)}]"
    if base is None or base is AUTOMATION_NULL:
        return ""
    return scalar(ctx, item)


def lines(content: str) -> list[str]:
    """A text at its line ends."""
    return _LINE_END.split(content)


def one_line(ctx: ExecutionContext, content: str) -> str:
    """A table cell shows the first line and that there is more."""
    if "\n" not in content and "\r" not in content:
        return content
    return lines(content)[0] + ellipsis(ctx)


def chopped(content: str, width: int) -> list[str]:
    """A text in lines of at most *width*, broken wherever they are full."""
    rows: list[str] = []
    for line in lines(content):
        rows += [line[i : i + width] for i in range(0, len(line), width)] or [""]
    return rows

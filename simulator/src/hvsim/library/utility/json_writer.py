# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertTo-Json.

Follows PowerShell's ``JsonObject.ConvertToJson``: values are first reduced to dictionaries, lists and scalars down to the
depth, then written. Edition 5.1 differs in the writer (``JavaScriptSerializer``): HTML characters escaped, dates as
``/Date(ms)/``, whole doubles without ``.0``, other indentation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hvsim.runtime import convert, objects, types
from hvsim.runtime import format as formatting
from hvsim.runtime.collections import Dictionary
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.culture import INVARIANT
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.structs import DateTime, DateTimeOffset, Guid, Uri
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    BigInteger,
    Char,
    EnumValue,
    PSCustomObject,
    PSObject,
    Single,
)

#: Objects of these types come from cmdlets, which wrap what they write.
_FROM_CMDLETS = ("System.IO.", "System.Diagnostics.", "System.Management.", "System.ServiceProcess.", "Microsoft.")
_WIDE_ENUMS = frozenset(("System.Int64", "System.UInt64"))
_UNIX_EPOCH = 621_355_968_000_000_000


@dataclass
class JsonOptions:
    """How to write; ``escape`` is ``Default``, ``EscapeNonAscii`` or ``EscapeHtml``; ``piped`` are the
    ids of the objects that came through a pipeline."""

    depth: int = 2
    compress: bool = False
    enums_as_strings: bool = False
    escape: str = "Default"
    piped: frozenset[int] = frozenset()


def to_json(ctx: ExecutionContext, value: Any, options: JsonOptions, warn: Callable[[str], None] | None = None) -> str:
    """JSON text of a value.

    Raises:
        PSError: a dictionary has a key that is no string.
    """
    reducer = _Reducer(ctx, options, warn)
    tree = reducer.reduce(value, 0)
    return _Writer(ctx, options).text(tree)


class _Reducer:
    """Turns values into dict, list, str, bool, None and numbers that the writer knows."""

    def __init__(self, ctx: ExecutionContext, options: JsonOptions, warn: Callable[[str], None] | None) -> None:
        self.ctx = ctx
        self.options = options
        self.warn = warn
        self.warned = False

    def reduce(self, value: Any, depth: int) -> Any:
        if type(value) in _PLAIN:
            return value
        if value is None or value is AUTOMATION_NULL:
            return None
        base = value.base if type(value) is PSObject else value
        if isinstance(base, _SCALARS):
            return self._with_notes(value, base, depth)
        if isinstance(base, EnumValue):
            return self._enum(base)
        kind = types.of(base).full_name
        if kind in ("System.DBNull", "System.Management.Automation.Language.NullString"):
            return None
        if depth > self.options.depth:
            return self._too_deep(base)
        if isinstance(base, Dictionary):
            return self._with_notes(value, self._dictionary(base, depth), depth)
        items = convert.enumerate(base)
        if items is not None:
            return self._with_notes(value, [self.reduce(item, depth + 1) for item in items], depth)
        return self._object(base, depth)

    def _enum(self, value: EnumValue) -> Any:
        if self.options.enums_as_strings or value.net_type.underlying in _WIDE_ENUMS:
            return convert.to_string(self.ctx, value)
        return value.value

    def _too_deep(self, value: Any) -> str:
        if not self.warned and self.warn is not None and self.ctx.edition != "5.1":
            self.warned = True
            self.warn(f"Resulting JSON is truncated as serialization has exceeded the set depth of {self.options.depth}.")
        return convert.to_string(self.ctx, value)

    def _dictionary(self, table: Dictionary, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, item in table.items():
            key = key.base if type(key) is PSObject else key
            if not isinstance(key, str):
                raise self._bad_key(table)
            result[key] = self.reduce(item, depth + 1)
        return result

    def _bad_key(self, table: Dictionary) -> PSError:
        name = types.of(table).full_name
        return runtime_error(
            "NonStringKeyInDictionary",
            f"The type '{name}' is not supported for serialization or deserialization of a dictionary. Keys must be strings.",
            kind="System.InvalidOperationException",
            category="InvalidOperation",
            target=table,
        )

    def _object(self, value: Any, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for member in self._members(value):
            try:
                content = member.get(self.ctx, value)
            except PSError:
                content = None
            result[member.name] = self.reduce(content, depth + 1)
        return result

    def _members(self, value: Any) -> Iterable[objects.Member]:
        """What .NET knows of an object stands first; members that a type file adds follow, and only where the value has a PSObject
        around it: pipeline input, and what cmdlets write (``ProcessCustomObject``, ``AppendPsProperties``)."""
        rows = objects.properties(self.ctx, value)
        if isinstance(value, PSCustomObject):
            return rows
        own = [m for m in rows if m.kind == "Property"]
        if id(value) not in self.options.piped and not types.of(value).full_name.startswith(_FROM_CMDLETS):
            extended = getattr(value, "extended", None) or {}
            return own + [m for m in rows if m.kind != "Property" and m.name.lower() in extended]
        return own + [m for m in rows if m.kind != "Property"]

    def _with_notes(self, value: Any, reduced: Any, depth: int) -> Any:
        """Added members turn a value into an object with ``value`` beside them; a dictionary takes them in."""
        extended = getattr(value, "extended", None)
        if not extended or isinstance(reduced, (str, DateTime)) or isinstance(value, PSCustomObject):
            return reduced
        notes = [m for m in extended.values() if m.kind.endswith("Property")]
        if not notes:
            return reduced
        result: dict[str, Any] = reduced if isinstance(reduced, dict) else {"value": reduced}
        for member in notes:
            if member.name not in result:
                result[member.name] = self.reduce(member.get(self.ctx, value), depth + 1)
        return result


_PLAIN = frozenset((str, bool, int, float))
_SCALARS = (str, bool, int, float, Decimal, Char, DateTime, DateTimeOffset, Guid, Uri)


class _Writer:
    def __init__(self, ctx: ExecutionContext, options: JsonOptions) -> None:
        self.ctx = ctx
        self.options = options
        self.old = ctx.edition == "5.1"
        self.newline = "\r\n" if ctx.machine.is_windows else "\n"
        self.special = _SPECIAL["EscapeHtml" if self.old else options.escape]

    def text(self, tree: Any) -> str:
        if self.options.compress:
            return self._compact(tree)
        return self._old_pretty(tree, 0) if self.old else self._pretty(tree, 0)

    # -- layouts --

    def _compact(self, tree: Any) -> str:
        if isinstance(tree, dict):
            return "{" + ",".join(f"{self._string(k)}:{self._compact(v)}" for k, v in tree.items()) + "}"
        if isinstance(tree, list):
            return "[" + ",".join(map(self._compact, tree)) + "]"
        return self._scalar(tree)

    def _pretty(self, tree: Any, level: int) -> str:
        if isinstance(tree, dict) and tree:
            return self._block("{", (f"{self._string(k)}: {self._pretty(v, level + 1)}" for k, v in tree.items()), "}", level)
        if isinstance(tree, list) and tree:
            return self._block("[", (self._pretty(v, level + 1) for v in tree), "]", level)
        return self._compact(tree)

    def _block(self, opening: str, rows: Iterable[str], closing: str, level: int) -> str:
        inner = self.newline + "  " * (level + 1)
        return opening + inner + ("," + inner).join(rows) + self.newline + "  " * level + closing

    def _old_pretty(self, tree: Any, column: int) -> str:
        """Windows PowerShell's layout: members four columns right of the brace, values two blanks after the colon."""
        if not isinstance(tree, (dict, list)):
            return self._scalar(tree)
        opening, closing = ("{", "}") if isinstance(tree, dict) else ("[", "]")
        inner = " " * (column + 4)
        if isinstance(tree, dict):
            rows = [
                f"{inner}{self._string(k)}:  {self._old_pretty(v, column + 4 + len(self._string(k)) + 3)}" for k, v in tree.items()
            ]
        else:
            rows = [f"{inner}{self._old_pretty(v, column + 4)}" for v in tree]
        body = ("," + self.newline).join(rows)
        return opening + self.newline + body + self.newline + " " * column + closing

    # -- scalars --

    def _scalar(self, value: Any) -> str:
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, Char):
            return self._string(value.text)
        if isinstance(value, (DateTime, DateTimeOffset)):
            return self._date(value)
        if isinstance(value, Guid):
            return self._string(str(value))
        if isinstance(value, Uri):
            return self._string(value.original)
        return self._number(value)

    def _number(self, value: Any) -> str:
        if isinstance(value, (Single, float)):
            return self._floating(value)
        if isinstance(value, BigInteger):
            return str(int(value))
        if isinstance(value, Decimal):
            text = convert.to_string(self.ctx, value)
            return text if self.old or "." in text else f"{text}.0"
        return str(int(value))

    def _floating(self, value: float) -> str:
        if value != value or value in (float("inf"), float("-inf")):
            name = "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
            return name if self.old else f'"{name}"'
        text = formatting.format_value(self.ctx, value, "R", INVARIANT)
        return text if self.old or any(c in text for c in ".eE") else f"{text}.0"

    def _date(self, value: DateTime | DateTimeOffset) -> str:
        if self.old:
            ticks = value.utc_ticks if isinstance(value, DateTimeOffset) else value.ticks
            return f'"\\/Date({(ticks - _UNIX_EPOCH) // 10_000})\\/"'
        spec = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK" if isinstance(value, DateTime) else "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"
        return f'"{formatting.format_value(self.ctx, value, spec, INVARIANT)}"'

    def _string(self, value: str) -> str:
        if self.special.search(value) is None:
            return f'"{value}"'
        return '"' + self.special.sub(_escaped, value) + '"'


def _escaped(match: re.Match[str]) -> str:
    char = match.group()
    short = _SHORT.get(char)
    return short if short is not None else f"\\u{ord(char):04x}"


_ALWAYS = '"\\\\\x00-\x1f\x85\u2028\u2029'
_SPECIAL = {
    "Default": re.compile(f"[{_ALWAYS}]"),
    "EscapeHtml": re.compile(f"[{_ALWAYS}<>&']"),
    "EscapeNonAscii": re.compile(f"[{_ALWAYS}\x7f-\uffff]"),
}
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


@cmdlet("ConvertTo-Json", parameters=("InputObject", "Depth", "Compress", "EnumsAsStrings", "AsArray", "EscapeHandling"))
class ConvertToJson(Cmdlet):
    """Writes all its input as one JSON text."""

    def begin(self) -> None:
        self.items: list[Any] = []

    def process(self) -> None:
        self.items.append(self.arg("InputObject"))

    def end(self) -> None:
        if not self.items:
            return
        value: Any = self.items[0] if len(self.items) == 1 and self.arg("AsArray") is not True else Array(self.items)
        escape = types.enum_text(self.args["EscapeHandling"]) if self.bound("EscapeHandling") else "Default"
        piped = frozenset(map(id, self.items)) if self.expects_input else frozenset[int]()
        options = JsonOptions(
            self.arg("Depth", 2), self.arg("Compress") is True, self.arg("EnumsAsStrings") is True, escape, piped
        )
        self.write(to_json(self.ctx, value, options, self.warn))

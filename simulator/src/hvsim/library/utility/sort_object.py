# SPDX-License-Identifier: GPL-3.0-or-later
"""Sort-Object and Get-Unique, and the order by properties that Group-Object and Compare-Object share."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from hvsim.library.utility import property_expressions as expressions
from hvsim.runtime import compare, convert
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.sorting import introsort
from hvsim.runtime.values import PSObject

MISSING: Any = object()
"""The value of a property that an object does not have: sorts behind everything, in both directions."""


def order_values(ctx: ExecutionContext, a: Any, b: Any, *, ignore_case: bool = True) -> int:
    """Order of two values; what cannot be compared is compared as text (``ObjectCommandComparer``)."""
    if a is None or b is None:
        return (a is not None) - (b is not None)
    if type(a) is type(b) and type(a) in (int, float):
        return (a > b) - (a < b)
    try:
        return compare.order(ctx, a, b, ignore_case=ignore_case)
    except PSError:
        return compare.order(ctx, convert.to_string(ctx, a), convert.to_string(ctx, b), ignore_case=ignore_case)


class Keys:
    """Reads the sort keys of objects and orders them."""

    def __init__(self, command: Cmdlet, entries: list[expressions.PropertyExpression], *, ignore_case: bool, descending: bool) -> None:
        self.ctx = command.ctx
        self.entries = entries
        self.ignore_case = ignore_case
        self.descending = [self._direction(e, descending) for e in entries] or [descending]

    def _direction(self, entry: expressions.PropertyExpression, default: bool) -> bool:
        if "descending" in entry.options:
            return convert.to_bool(entry.options["descending"])
        if "ascending" in entry.options:
            return not convert.to_bool(entry.options["ascending"])
        return default

    def of(self, value: Any) -> tuple[Any, ...]:
        if not self.entries:
            return (value.base if type(value) is PSObject else value,)
        row = []
        for entry in self.entries:
            resolved = expressions.resolve(self.ctx, entry, value) if entry.has_wildcards and value is not None else [entry]
            found, content = resolved[0].read_quietly(self.ctx, value) if resolved else (False, None)
            row.append(content if found else MISSING)
        return tuple(row)

    def order(self, a: tuple[Any, ...], b: tuple[Any, ...]) -> int:
        for x, y, descending in zip(a, b, self.descending, strict=False):
            if x is MISSING or y is MISSING:
                result = (x is MISSING) - (y is MISSING)
            else:
                result = order_values(self.ctx, x, y, ignore_case=self.ignore_case)
                result = -result if descending else result
            if result:
                return result
        return 0


@cmdlet(
    "Sort-Object",
    parameters=("InputObject", "Property", "Descending", "Unique", "CaseSensitive", "Stable", "Top", "Bottom", "Culture"),
)
class SortObject(Cmdlet):
    """Collects its input and writes it in order."""

    def begin(self) -> None:
        entries = expressions.parse(self, self.arg("Property", []), keys=("expression", "ascending", "descending", "name", "label"))
        self.keys = Keys(
            self, entries, ignore_case=self.arg("CaseSensitive") is not True, descending=self.arg("Descending") is True
        )
        self.rows: list[tuple[tuple[Any, ...], Any]] = []

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None:
            # OrderObjectBase.ProcessRecord: nulls are dropped.
            return
        self.rows.append((self.keys.of(value), value))

    def end(self) -> None:
        rows = self._sorted()
        if self.arg("Unique") is True:
            rows = self._unique(rows)
        if self.bound("Top"):
            rows = rows[: self.args["Top"]]
        if self.bound("Bottom"):
            rows = rows[max(0, len(rows) - self.args["Bottom"]) :]
        for _, value in rows:
            self.write(value)

    def _sorted(self) -> list[tuple[tuple[Any, ...], Any]]:
        fast = self._fast()
        if fast is not None:
            return fast

        def order(a: tuple[tuple[Any, ...], Any], b: tuple[tuple[Any, ...], Any]) -> int:
            return self.keys.order(a[0], b[0])

        if self.arg("Stable") is True or self.bound("Top") or self.bound("Bottom"):
            return sorted(self.rows, key=cmp_to_key(order))
        rows = list(self.rows)
        introsort(rows, order)
        return rows

    def _fast(self) -> list[tuple[tuple[Any, ...], Any]] | None:
        """Many rows with one distinct int each need no comparer; None if that does not hold."""
        if len(self.keys.descending) != 1 or len(self.rows) < 64:
            return None
        plain = [row[0][0] for row in self.rows]
        if not all(type(v) is int for v in plain) or (len(set(plain)) != len(plain) and self.arg("Stable") is not True):
            return None
        return sorted(self.rows, key=lambda row: -row[0][0] if self.keys.descending[0] else row[0][0])

    def _unique(self, rows: list[tuple[tuple[Any, ...], Any]]) -> list[tuple[tuple[Any, ...], Any]]:
        kept: list[tuple[tuple[Any, ...], Any]] = []
        for row in rows:
            if not kept or self.keys.order(kept[-1][0], row[0]) != 0:
                kept.append(row)
        return kept


@cmdlet("Get-Unique", parameters=("InputObject", "AsString", "OnType", "CaseInsensitive"))
class GetUnique(Cmdlet):
    """Drops repetitions of sorted input."""

    def begin(self) -> None:
        self.last: Any = MISSING

    def process(self) -> None:
        value = self.arg("InputObject")
        if self.last is not MISSING and self._same(value):
            return
        self.last = value
        self.write(value)

    def _same(self, value: Any) -> bool:
        from hvsim.runtime import types

        if self.arg("OnType") is True:
            return types.of(value) is types.of(self.last)
        ignore_case = self.arg("CaseInsensitive") is True
        if self.arg("AsString") is True:
            a, b = convert.to_string(self.ctx, value), convert.to_string(self.ctx, self.last)
            return a.lower() == b.lower() if ignore_case else a == b
        return order_values(self.ctx, value, self.last, ignore_case=ignore_case) == 0

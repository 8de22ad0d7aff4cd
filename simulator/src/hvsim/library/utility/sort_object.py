# SPDX-License-Identifier: GPL-3.0-or-later
"""Sort-Object and Get-Unique, and the order by properties that Group-Object and Compare-Object share."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.utility import property_expressions as expressions
from hvsim.runtime import collation, compare, convert, objects
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.sorting import introsort
from hvsim.runtime.structs import DateTime
from hvsim.runtime.values import PSCustomObject, PSObject

MISSING: Any = object()
"""The value of a property that an object does not have: sorts behind everything, in both directions."""


def check_culture(command: Cmdlet) -> None:
    """``-Culture``: texts are ordered by the rules of en-US, which those of English and German are too.

    Raises:
        Unsupported: another culture.
    """
    name = command.arg("Culture")
    if name and name.partition("-")[0].lower() not in ("en", "de"):
        raise Unsupported(f"the order of texts of culture {name}")


def order_values(ctx: ExecutionContext, a: Any, b: Any, *, ignore_case: bool = True) -> int:
    """Order of two values; what cannot be compared is compared as text (``ObjectCommandComparer``)."""
    if type(a) is type(b) and type(a) in (int, float):
        return int(a > b) - int(a < b)
    if a is not None and b is not None and (isinstance(a, PSCustomObject) or isinstance(b, PSCustomObject)):
        # The comparer sees base objects only: that of every custom object is the same one and has no text.
        return compare.order(ctx, _base_text(ctx, a), _base_text(ctx, b), ignore_case=ignore_case)
    try:
        return compare.order(ctx, a, b, ignore_case=ignore_case)
    except PSError:
        return compare.order(ctx, convert.to_string(ctx, a), convert.to_string(ctx, b), ignore_case=ignore_case)


def _base_text(ctx: ExecutionContext, value: Any) -> str:
    return "" if isinstance(value, PSCustomObject) else convert.to_string(ctx, value)


def sort_value(command: Cmdlet, entry: expressions.PropertyExpression, value: Any) -> Any:
    """One key of one object; what a block or getter throws is an error of the command and counts as a null
    (``OrderByPropertyEntryEvaluationHelper``)."""
    thrown: list[PSError] = []
    found, content = entry.read_quietly(command.ctx, value, thrown)
    for error in thrown:
        cause = error.exception
        command.error(cause.message, "ExpressionEvaluation", "InvalidResult", value, kind=cause.kind, inner=cause.inner)
    return content if found else MISSING


class Keys:
    """Reads the sort keys of objects and orders them."""

    def __init__(self, command: Cmdlet, entries: list[expressions.PropertyExpression], *, ignore_case: bool, descending: bool) -> None:
        self.command = command
        self.ctx = command.ctx
        self.entries = entries
        self.ignore_case = ignore_case
        self.descending = [self._direction(e, descending) for e in entries] or [descending]

    def _direction(self, entry: expressions.PropertyExpression, default: bool) -> bool:
        """``ascending`` goes before ``descending``; two that say the opposite of each other count for nothing."""
        given = {name: convert.to_bool(entry.options[name]) for name in ("ascending", "descending") if name in entry.options}
        if not given or (len(given) == 2 and given["ascending"] == given["descending"]):
            return default
        return not given["ascending"] if "ascending" in given else given["descending"]

    def of(self, value: Any) -> tuple[Any, ...]:
        if not self.entries:
            return (value.base if type(value) is PSObject else value,)
        return tuple(sort_value(self.command, entry, value) for entry in self.entries)

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


_SIMPLE: dict[type, Any] = {int: None, float: None, str: collation.sort_key, DateTime: lambda v: v.ticks}


def _column_ranks(values: list[Any], *, ignore_case: bool) -> list[Any] | None:
    """Numbers in the order of the values, equal for equal ones; None if the values are not of one simple type."""
    kind = type(values[0]) if values else None
    if kind not in _SIMPLE or any(type(value) is not kind for value in values):
        return None
    key = _SIMPLE[kind]
    if kind is float and any(value != value for value in values):
        return None
    if key is None:
        return values
    if kind is not str:
        return [key(value) for value in values]
    keys = {text: key(text)[:2] if ignore_case else key(text) for text in set(values)}
    places = {k: place for place, k in enumerate(sorted(set(keys.values())))}
    return [places[keys[text]] for text in values]


@cmdlet(
    "Sort-Object",
    parameters=("InputObject", "Property", "Descending", "Unique", "CaseSensitive", "Stable", "Top", "Bottom", "Culture"),
)
class SortObject(Cmdlet):
    """Collects its input and writes it in order."""

    def begin(self) -> None:
        check_culture(self)
        self.objects: list[Any] = []

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None:
            # OrderObjectBase.ProcessRecord: nulls are dropped.
            return
        self.objects.append(value)

    def end(self) -> None:
        entries = self._expanded(expressions.parse(self, self.arg("Property", []), "sort"))
        self.keys = Keys(
            self, entries, ignore_case=self.arg("CaseSensitive") is not True, descending=self.arg("Descending") is True
        )
        self.rows = [(self.keys.of(value), value) for value in self.objects]
        rows = self._sorted()
        if self.arg("Unique") is True:
            rows = self._unique(rows)
        if self.bound("Top"):
            rows = rows[: self.args["Top"]]
        if self.bound("Bottom"):
            rows = rows[max(0, len(rows) - self.args["Bottom"]) :]
        # They refer to the command, and it to them.
        del self.keys
        for _, value in rows:
            self.write(value)

    def _expanded(self, entries: list[expressions.PropertyExpression]) -> list[expressions.PropertyExpression]:
        """A name with wildcards is one key for each property it matches on any object, in the order of their names."""
        result: list[expressions.PropertyExpression] = []
        for entry in entries:
            if not entry.has_wildcards:
                result.append(entry)
                continue
            names = {each.name.upper(): each.name for value in self.objects for each in expressions.resolve(self.ctx, entry, value)}
            result += [expressions.PropertyExpression(names[key], options=entry.options) for key in sorted(names)]
        return result

    def _sorted(self) -> list[tuple[tuple[Any, ...], Any]]:
        stable = self.arg("Stable") is True or self.bound("Top") or self.bound("Bottom")
        ranks = self._ranks()
        if ranks is not None:
            return self._by_rank(ranks, stable)

        def order(a: tuple[tuple[Any, ...], Any], b: tuple[tuple[Any, ...], Any]) -> int:
            return self.keys.order(a[0], b[0])

        if stable:
            return sorted(self.rows, key=cmp_to_key(order))
        rows = list(self.rows)
        introsort(rows, order)
        return rows

    def _ranks(self) -> list[Any] | None:
        """One sortable key per row, if every column holds values of one simple type; they spare the comparer."""
        columns: list[list[Any]] = []
        for number, descending in enumerate(self.keys.descending):
            column = _column_ranks([row[0][number] for row in self.rows], ignore_case=self.keys.ignore_case)
            if column is None:
                return None
            columns.append([-rank for rank in column] if descending else column)
        return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))

    def _by_rank(self, ranks: list[Any], stable: bool) -> list[tuple[tuple[Any, ...], Any]]:
        numbered = list(zip(ranks, range(len(ranks)), strict=True))
        if stable or len(set(ranks)) == len(ranks):
            numbered.sort()
        else:
            introsort(numbered, lambda a, b: (a[0] > b[0]) - (a[0] < b[0]))
        return [self.rows[index] for _, index in numbered]

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
        self.last: Any = None

    def process(self) -> None:
        if not self.bound("InputObject"):
            return
        value = self.arg("InputObject")
        if self.last is not None and self._same(value):
            return
        self.last = value
        self.write(value)

    def _same(self, value: Any) -> bool:
        if self.arg("OnType") is True:
            return objects.type_names(value)[:1] == objects.type_names(self.last)[:1]
        ignore_case = self.arg("CaseInsensitive") is True
        if self.arg("AsString") is True:
            a, b = convert.to_string(self.ctx, value), convert.to_string(self.ctx, self.last)
            return a.lower() == b.lower() if ignore_case else a == b
        return order_values(self.ctx, objects.unwrap(value), objects.unwrap(self.last), ignore_case=ignore_case) == 0

# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare-Object and Tee-Object."""

from __future__ import annotations

from typing import Any

from hvsim.library.utility import property_expressions as expressions
from hvsim.library.utility.sort_object import check_culture, order_values
from hvsim.runtime import convert, objects
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.streams import collapse
from hvsim.runtime.values import PSCustomObject

_MATCH, _REFERENCE, _DIFFERENCE = "==", "<=", "=>"


class _Entry:
    """An object with the values that are compared."""

    __slots__ = ("original", "values")

    def __init__(self, original: Any, values: list[Any]) -> None:
        self.original = original
        self.values = values


@cmdlet(
    "Compare-Object",
    parameters=(
        "ReferenceObject", "DifferenceObject", "SyncWindow", "Property", "ExcludeDifferent", "IncludeEqual", "PassThru",
        "CaseSensitive", "Culture",
    ),
)  # fmt: skip
class CompareObject(Cmdlet):
    """Follows ``CompareObjectCommand``: each difference object is matched against a window of reference objects."""

    def begin(self) -> None:
        check_culture(self)
        self.entries = expressions.parse(self, self.arg("Property") or [], "group")
        self.ignore_case = self.arg("CaseSensitive") is not True
        self.window: int = self.arg("SyncWindow", 2**31 - 1)
        self.reference: list[_Entry | None] = []
        self.backlog: list[_Entry] = []
        self.position = 0
        self.differences: list[_Entry] = []
        self.excluded = self.arg("ExcludeDifferent") is True
        self.included = self.arg("IncludeEqual") is True or (self.excluded and not self.bound("IncludeEqual") and self.ctx.edition != "5.1")

    def process(self) -> None:
        if self.position == 0 and not self.reference:
            self.reference = [self._entry(v) for v in self.arg("ReferenceObject") or []]
        given = self.arg("DifferenceObject")
        for value in given or []:
            self._add(self._entry(value))

    def _entry(self, value: Any) -> _Entry:
        if not self.entries:
            return _Entry(value, [objects.unwrap(value)])
        return _Entry(value, [entry.read_quietly(self.ctx, value)[1] if value is not None else None for entry in self.entries])

    def _equal(self, a: _Entry, b: _Entry) -> bool:
        if (a.original is None) != (b.original is None):
            return False
        return all(self._same(x, y) for x, y in zip(a.values, b.values, strict=True))

    def _same(self, a: Any, b: Any) -> bool:
        if a is None or b is None:
            return a is b
        a, b = objects.unwrap(a), objects.unwrap(b)
        if isinstance(a, PSCustomObject) and isinstance(b, PSCustomObject):
            # Compared by their text, which a base object does not have.
            return convert.to_string(self.ctx, a) == convert.to_string(self.ctx, b)
        return order_values(self.ctx, a, b, ignore_case=self.ignore_case) == 0

    def _add(self, difference: _Entry) -> None:
        """``Process``: one difference object, and the reference object at its place."""
        index, self.position = self.position, self.position + 1
        reference = self.reference[index] if index < len(self.reference) else None
        if reference is not None and self._equal(reference, difference):
            self.reference[index] = None
            self._emit(reference, _MATCH)
            return
        if not self._match_in_references(difference, index):
            self.differences.append(difference)
            self._trim(self.differences, _DIFFERENCE)
        if reference is not None and self.reference[index] is reference:
            self.reference[index] = None
            found = self._take(self.differences, reference)
            if found:
                self._emit(reference, _MATCH)
            else:
                self.backlog.append(reference)
                self._trim(self.backlog, _REFERENCE)

    def _match_in_references(self, difference: _Entry, index: int) -> bool:
        for number, waiting in enumerate(self.backlog):
            if self._equal(waiting, difference):
                del self.backlog[number]
                self._emit(waiting, _MATCH)
                return True
        return False

    def _take(self, entries: list[_Entry], wanted: _Entry) -> bool:
        for number, entry in enumerate(entries):
            if self._equal(entry, wanted):
                del entries[number]
                return True
        return False

    def _trim(self, entries: list[_Entry], side: str) -> None:
        while len(entries) > self.window:
            self._emit(entries.pop(0), side)

    def end(self) -> None:
        for index in range(self.position, len(self.reference)):
            reference = self.reference[index]
            if reference is None:
                continue
            if self._take(self.differences, reference):
                self._emit(reference, _MATCH)
            else:
                self.backlog.append(reference)
                self._trim(self.backlog, _REFERENCE)
        for entry in self.differences:
            self._emit(entry, _DIFFERENCE)
        for entry in self.backlog:
            self._emit(entry, _REFERENCE)

    def _emit(self, entry: _Entry, side: str) -> None:
        if (side == _MATCH and not self.included) or (side != _MATCH and self.excluded):
            return
        if self.arg("PassThru") is True:
            self.write(objects.add_note(self.ctx, entry.original, "SideIndicator", side))
            return
        if self.entries:
            pairs = [(e.title, v) for e, v in zip(self.entries, entry.values, strict=True)]
        else:
            pairs = [("InputObject", entry.original)]
        self.write(objects.custom_object([*pairs, ("SideIndicator", side)]))


@cmdlet("Tee-Object", parameters=("InputObject", "Variable", "FilePath", "LiteralPath", "Append", "Encoding"))
class TeeObject(Cmdlet):
    """Hands its input on and keeps a copy in a variable or, as Out-File writes it, in a file."""

    def begin(self) -> None:
        self.kept: list[Any] = []

    def process(self) -> None:
        if self.bound("InputObject"):
            self.kept.append(self.args["InputObject"])
            self.write(self.args["InputObject"])

    def end(self) -> None:
        if self.bound("Variable"):
            self.ctx.set_variable(self.args["Variable"], collapse(self.kept) if self.kept else None)
            return
        names = ("FilePath", "LiteralPath", "Append", "Encoding")
        self.ctx.call("Out-File", (), {n: self.args[n] for n in names if self.bound(n)}, list(self.kept))


TeeObject.metadata.parameters["Encoding"].type_name = None

# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare-Object and Tee-Object."""

from __future__ import annotations

from typing import Any

from hvsim.library.utility import property_expressions as expressions
from hvsim.library.utility.sort_object import MISSING, check_culture, order_values, sort_value
from hvsim.runtime import objects
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.streams import collapse

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
        self.reference: list[_Entry] | None = None
        self.backlog: list[_Entry] = []
        self.position = 0
        self.differences: list[_Entry] = []
        self.excluded = self.arg("ExcludeDifferent") is True
        self.included = self.arg("IncludeEqual") is True or (self.excluded and not self.bound("IncludeEqual") and self.ctx.edition != "5.1")

    def process(self) -> None:
        references, differences = self.arg("ReferenceObject") or [], self.arg("DifferenceObject") or []
        if references and self.reference is None:
            self.reference = [self._entry(v) for v in references if v is not None]
        for value in differences:
            if value is None:
                continue
            if references:
                self._step(self._entry(value))
            elif not self.excluded:
                self._emit(self._entry(value), _DIFFERENCE)
        if not differences and self.reference:
            self._step(None)

    def _entry(self, value: Any) -> _Entry:
        if not self.entries:
            return _Entry(value, [objects.unwrap(value)])
        return _Entry(value, [sort_value(self, entry, value) for entry in self.entries])

    def _equal(self, a: _Entry, b: _Entry) -> bool:
        return all(self._same(x, y) for x, y in zip(a.values, b.values, strict=True))

    def _same(self, a: Any, b: Any) -> bool:
        if a is MISSING or b is MISSING:
            return a is b
        return order_values(self.ctx, objects.unwrap(a), objects.unwrap(b), ignore_case=self.ignore_case) == 0

    def _step(self, difference: _Entry | None) -> None:
        """``Process``: the next difference object, if any, and the next reference object, if any."""
        reference: _Entry | None = None
        if self.reference is not None and self.position < len(self.reference):
            reference = self.reference[self.position]
            self.position += 1
        if reference is not None and difference is not None and self._equal(reference, difference):
            self._emit(reference, _MATCH)
            return
        if difference is not None:
            waiting = self._take(self.backlog, difference)
            if waiting is not None:
                self._emit(waiting, _MATCH)
                difference = None
        if reference is not None and self._take(self.differences, reference) is not None:
            self._emit(reference, _MATCH)
            reference = None
        if difference is not None:
            self._wait(self.differences, difference, _DIFFERENCE)
        if reference is not None:
            self._wait(self.backlog, reference, _REFERENCE)

    def _take(self, entries: list[_Entry], wanted: _Entry) -> _Entry | None:
        for number, entry in enumerate(entries):
            if self._equal(wanted, entry):
                del entries[number]
                return entry
        return None

    def _wait(self, entries: list[_Entry], entry: _Entry, side: str) -> None:
        """Keeps what has no match yet; the window decides how many."""
        if self.window == 0:
            self._emit(entry, side)
            return
        while len(entries) >= self.window:
            self._emit(entries.pop(0), side)
        entries.append(entry)

    def end(self) -> None:
        while self.reference is not None and self.position < len(self.reference):
            self._step(None)
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
            pairs = [(e.name, None if v is MISSING else v) for e, v in zip(self.entries, entry.values, strict=True)]
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

# SPDX-License-Identifier: GPL-3.0-or-later
"""Select-Object."""

from __future__ import annotations

from collections import deque
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.utility import property_expressions as expressions
from hvsim.library.utility.sort_object import order_values
from hvsim.runtime import convert, objects, types, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.type_names import type_names_list
from hvsim.runtime.values import PSCustomObject

_ARGUMENT = "System.Management.Automation.PSArgumentException"


@cmdlet(
    "Select-Object",
    parameters=(
        "InputObject", "Property", "ExcludeProperty", "ExpandProperty", "Unique", "CaseInsensitive", "First", "Last", "Skip",
        "SkipLast", "Index", "SkipIndex", "Wait",
    ),
)  # fmt: skip
class SelectObject(Cmdlet):
    """Picks objects by position, properties by name."""

    def begin(self) -> None:
        self.expressions = expressions.parse(self, self.arg("Property", []))
        self.excluded = [wildcard.compile(name) for name in self.arg("ExcludeProperty", None) or []]
        if self.arg("ExcludeProperty") is not None and not self.expressions and self.ctx.edition != "5.1":
            # All but the excluded ones; Windows PowerShell wants to be told which they are taken from.
            self.expressions = [expressions.PropertyExpression("*")]
        self.first: int = self.arg("First", 0)
        self.last: int = self.arg("Last", 0)
        self.counted = self.bound("First") or self.bound("Last")
        self.skip: int = self.arg("Skip", 0)
        self.skip_last: int | None = self.arg("SkipLast")
        self.indexes = set(self.arg("Index", []) or [])
        self.skip_indexes = set(self.arg("SkipIndex", []) or [])
        self.seen = 0
        self.passed = 0
        self.tail: deque[Any] = deque()
        self.unique: list[tuple[Any, list[tuple[str, Any]]]] = []
        self.stop_after = max(self.indexes) if self.indexes else None

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None:
            return
        position = self.seen
        self.seen += 1
        if self.bound("Index"):
            self._by_index(value, position)
        elif self.bound("SkipIndex"):
            if position not in self.skip_indexes:
                self._emit(value)
        elif self.skip_last is not None:
            self.tail.append(value)
            if len(self.tail) > self.skip_last:
                self._emit(self.tail.popleft())
        else:
            self._by_position(value)

    def _by_index(self, value: Any, position: int) -> None:
        if position in self.indexes:
            self._emit(value)
        if (self.stop_after is None or position >= self.stop_after) and not self.bound("Wait"):
            self._finish_unique()
            self.stop_upstream()

    def _by_position(self, value: Any) -> None:
        """``SelectObjectQueue``: the first ones go on at once, the last ones wait; ``-Skip`` counts from the end with ``-Last`` alone."""
        if self.skip and (self.first or not self.last):
            self.skip -= 1
            return
        if not self.counted or self.passed < self.first:
            self.passed += 1
            self._emit(value)
        elif self.last:
            self.tail.append(value)
            if len(self.tail) > self.last + self.skip:
                self.tail.popleft()
        if self.first and not self.last and self.passed >= self.first and not self.bound("Wait") and self.expects_input:
            self._finish_unique()
            self.stop_upstream()

    def end(self) -> None:
        for value in list(self.tail)[: max(0, len(self.tail) - self.skip)] if self.last else ():
            self._emit(value)
        self._finish_unique()

    def _finish_unique(self) -> None:
        for value, _ in self.unique:
            self.write(value)
        self.unique = []

    # -- one object --

    def _emit(self, value: Any) -> None:
        if not self.expressions and not self.arg("ExpandProperty"):
            self._deliver(value, [], value)
        elif self.arg("ExpandProperty"):
            self._expand(value)
        else:
            notes = self._notes(value)
            pairs: dict[str, tuple[str, Any]] = {}
            for title, content in notes:
                if title.lower() in pairs:
                    self._already(title, value, "AlreadyExistingUserSpecifiedPropertyNoExpand")
                else:
                    pairs[title.lower()] = (title, content)
            self._deliver(objects.custom_object(list(pairs.values())), notes, value)

    def _deliver(self, result: Any, notes: list[tuple[str, Any]], source: Any) -> None:
        if self.arg("Unique") is not True:
            self._name_type(result, source, new=bool(notes))
            self.write(result)
        elif not any(self._same(result, notes, other) for other in self.unique):
            self._name_type(result, source, new=bool(notes))
            self.unique.append((result, notes))

    def _name_type(self, result: Any, source: Any, *, new: bool) -> None:
        """Custom objects are told from those they were selected from by a type name, also those that just pass
        (``SetPSCustomObject``); Windows PowerShell adds it each time."""
        if not isinstance(result, PSCustomObject):
            return
        name = f"Selected.{types.type_to_string(types.of(source))}"
        names = type_names_list(result)
        if new or name not in names or self.ctx.edition == "5.1":
            names.insert(0, name)

    def _same(self, value: Any, notes: list[tuple[str, Any]], known: tuple[Any, list[tuple[str, Any]]]) -> bool:
        """Equal base objects with the same selected properties (``UniquePSObjectHelper``)."""
        other, theirs = known
        if len(notes) != len(theirs) or not self._equal(value, other):
            return False
        for title, content in notes:
            member = objects.find_property(self.ctx, other, title)
            if member is None or not self._equal(member.get(self.ctx, other), content):
                return False
        return True

    def _equal(self, a: Any, b: Any) -> bool:
        return order_values(self.ctx, objects.unwrap(a), objects.unwrap(b), ignore_case=self.arg("CaseInsensitive") is True) == 0

    def _notes(self, value: Any) -> list[tuple[str, Any]]:
        """The selected properties of one object, in the order given (``ProcessParameter``)."""
        notes: list[tuple[str, Any]] = []
        for entry in self.expressions:
            resolved = [each for each in expressions.resolve(self.ctx, entry, value) if not self._is_excluded(each)]
            if entry.label is not None and len(resolved) > 1:
                self.error(
                    "Cannot rename multiple results.",
                    "RenamingMultipleResults",
                    "InvalidOperation",
                    value,
                    kind="System.InvalidOperationException",
                )
                continue
            notes += [self._note(each, value) for each in resolved]
        return notes

    def _is_excluded(self, entry: expressions.PropertyExpression) -> bool:
        return any(matcher(entry.name) for matcher in self.excluded)

    def _note(self, entry: expressions.PropertyExpression, value: Any) -> tuple[str, Any]:
        _, result = entry.read_quietly(self.ctx, value)
        member = None if entry.block is not None or value is None else objects.find_property(self.ctx, value, entry.name)
        title = entry.label if entry.label is not None else member.name if member is not None else entry.name
        if not title:
            raise self.fail(
                "A property is an empty script block and does not provide a name.",
                "EmptyScriptBlockAndNoName",
                "InvalidArgument",
                kind=_ARGUMENT,
            )
        return title, result

    def _already(self, title: str, value: Any, error_id: str) -> None:
        text = f'The property cannot be processed because the property "{title}" already exists.'
        self.error(text, error_id, "InvalidOperation", value, kind=_ARGUMENT)

    def _expand(self, value: Any) -> None:
        notes = self._notes(value)
        entry = expressions.parse(self, [self.args["ExpandProperty"]])[0]
        resolved = expressions.resolve(self.ctx, entry, value)
        if len(resolved) > 1:
            # The id of this error is spelled differently in different sources of PowerShell.
            raise Unsupported(f"Select-Object -ExpandProperty {entry.name} with several matches")
        try:
            found, content = resolved[0].read(self.ctx, value) if resolved else (False, None)
        except PSError as error:
            thrown = error.exception
            self.error(thrown.message, "PropertyEvaluationExpand", "InvalidResult", value, kind=thrown.kind, inner=thrown.inner)
            return
        if not found:
            self.error(
                f'Property "{entry.name}" cannot be found.', "ExpandPropertyNotFound", "InvalidArgument", value, kind=_ARGUMENT
            )
            return
        if content is None:
            return
        items = convert.enumerate(content)
        for item in [content] if items is None else items:
            if item is not None:
                self._deliver(self._with_notes(item, notes, value), notes, value)

    def _with_notes(self, item: Any, notes: list[tuple[str, Any]], owner: Any) -> Any:
        for title, content in notes:
            if objects.find_property(self.ctx, item, title) is not None:
                self._already(title, owner, "AlreadyExistingUserSpecifiedPropertyExpand")
                continue
            item = objects.add_note(self.ctx, item, title, content)
        return item

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
        self.excluded = [wildcard.compile(name) for name in self.arg("ExcludeProperty", [])]
        self.first: int | None = self.arg("First")
        self.last: int | None = self.arg("Last")
        self.skip: int = self.arg("Skip", 0)
        self.skip_last: int | None = self.arg("SkipLast")
        self.indexes = set(self.arg("Index", []) or [])
        self.skip_indexes = set(self.arg("SkipIndex", []) or [])
        self.seen = 0
        self.passed = 0
        self.tail: deque[Any] = deque()
        self.unique: list[Any] = []
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
        if self.stop_after is not None and position >= self.stop_after and not self.bound("Wait"):
            self.stop_upstream()

    def _by_position(self, value: Any) -> None:
        if self.skip and self.last is None:
            self.skip -= 1
            return
        if self.first is not None and self.passed < self.first:
            self.passed += 1
            self._emit(value)
            if self.passed == self.first and self.last is None and not self.bound("Wait") and self.expects_input:
                self._finish_unique()
                self.stop_upstream()
            return
        if self.last is not None:
            self.tail.append(value)
            if len(self.tail) > self.last + self.skip:
                self.tail.popleft()
            return
        if self.first is None:
            self._emit(value)
        elif not self.bound("Wait") and self.expects_input:
            self.stop_upstream()

    def end(self) -> None:
        if self.last is not None:
            kept = list(self.tail)
            for value in kept[: max(0, len(kept) - self.skip)] if self.skip else kept[-self.last :] if self.last else []:
                self._emit(value)
        self._finish_unique()

    def _finish_unique(self) -> None:
        for value in self.unique:
            self.write(value)
        self.unique = []

    # -- one object --

    def _emit(self, value: Any) -> None:
        if not self.expressions and not self.arg("ExpandProperty"):
            if self.excluded and self.bound("ExcludeProperty"):
                self._deliver(self._selected(value))
            else:
                self._deliver(value)
            return
        if self.arg("ExpandProperty"):
            self._expand(value)
            return
        self._deliver(self._selected(value))

    def _deliver(self, value: Any) -> None:
        if self.arg("Unique") is not True:
            self.write(value)
            return
        if not any(self._same(value, other) for other in self.unique):
            self.unique.append(value)

    def _same(self, a: Any, b: Any) -> bool:
        """Equal base objects with the same selected properties (``UniquePSObjectHelper``)."""
        if not isinstance(a, PSCustomObject) or not isinstance(b, PSCustomObject):
            return self._equal(a, b)
        if not self.expressions and not self.excluded:
            # The base object of a custom object has no text and nothing to compare.
            return True
        mine, theirs = (a.extended or {}), (b.extended or {})
        return mine.keys() == theirs.keys() and all(
            self._equal(mine[key].get(self.ctx, a), theirs[key].get(self.ctx, b)) for key in mine
        )

    def _equal(self, a: Any, b: Any) -> bool:
        return order_values(self.ctx, objects.unwrap(a), objects.unwrap(b), ignore_case=self.arg("CaseInsensitive") is True) == 0

    def _selected(self, value: Any) -> PSCustomObject:
        entries = self.expressions or [expressions.PropertyExpression("*")]
        pairs: dict[str, tuple[str, Any]] = {}
        for entry in entries:
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
            for each in resolved:
                self._add(pairs, each, value)
        result = objects.custom_object(list(pairs.values()))
        result.type_names = self._type_names(value)
        return result

    def _type_names(self, value: Any) -> list[str]:
        """Deserialized objects count as what they are here, not as what they were."""
        if value is None:
            return []
        names = objects.type_names(value)
        base = objects.unwrap(value)
        if names and names[0].startswith("Deserialized."):
            names = [types.of(base).full_name]
        return [f"Selected.{n}" for n in names[:1]]

    def _is_excluded(self, entry: expressions.PropertyExpression) -> bool:
        return any(matcher(entry.name) for matcher in self.excluded)

    def _add(self, pairs: dict[str, tuple[str, Any]], entry: expressions.PropertyExpression, value: Any) -> None:
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
        key = title.lower()
        if key in pairs:
            self.error(
                f'The property cannot be processed because the property "{title}" already exists.',
                "AlreadyExistingUserSpecifiedPropertyNoExpand",
                "InvalidOperation",
                value,
                kind=_ARGUMENT,
            )
            return
        pairs[key] = (title, result)

    def _expand(self, value: Any) -> None:
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
        extra = self._selected(value) if self.expressions else None
        for item in [content] if items is None else items:
            if item is not None:
                self._deliver(item if extra is None else self._with_notes(item, extra, value))

    def _with_notes(self, item: Any, extra: PSCustomObject, owner: Any) -> Any:
        for member in objects.properties(self.ctx, extra):
            if objects.find_property(self.ctx, item, member.name) is not None:
                self.error(
                    f'The property cannot be processed because the property "{member.name}" already exists.',
                    "AlreadyExistingUserSpecifiedPropertyExpand",
                    "InvalidOperation",
                    owner,
                    kind=_ARGUMENT,
                )
                continue
            item = objects.add_note(self.ctx, item, member.name, member.get(self.ctx, extra))
        return item

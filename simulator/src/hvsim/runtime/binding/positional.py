# SPDX-License-Identifier: GPL-3.0-or-later
"""Binding by position, and what is left to the parameter that takes remaining arguments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hvsim.runtime.binding.plan import Slot
from hvsim.runtime.binding.sets import SetChoice
from hvsim.runtime.binding.state import KINDS
from hvsim.runtime.command import Argument
from hvsim.runtime.errors import NetException, PSError
from hvsim.runtime.values import AUTOMATION_NULL

_NOT_BOUND = PSError(NetException("", "not bound"))


class PositionalBinding(SetChoice):
    """The step for arguments without a name."""

    def _bind_positional(self, arguments: list[Argument]) -> tuple[list[Argument], PSError | None]:
        if arguments:
            self._verify_positions()
        values = _positional(arguments)
        if not values:
            return arguments, None
        rest: list[Argument] = []
        error: PSError | None = None
        bound: set[int] = set()
        positions = self._positions()
        queue = iter(values)
        while positions:
            position = min(positions)
            slots = positions.pop(position)
            slots = [s for s in slots if s not in self.bound and s.at(position, self.current)]
            if not slots:
                continue
            argument = next(queue, None)
            if argument is None:
                break
            failure = self._try_position(slots, argument, position)
            if failure is None:
                bound.add(id(argument))
                positions = {p: s for p, s in self._positions().items() if p > position}
            elif failure is not _NOT_BOUND:
                if failure.exception.kind.endswith("ValidationException"):
                    raise failure
                error = error or failure
        rest = [a for a in arguments if id(a) not in bound]
        return rest, error

    def _verify_positions(self) -> None:
        """No two parameters of one set have the same position (``ContainsPositionalParameterInSet``); where one is in all sets and
        the other is not, they may."""
        taken: dict[int, list[tuple[Slot, int]]] = {}
        for slot in self.plan.slots.values():
            if slot in self.bound:
                continue
            for flag, info in slot.infos:
                if info.position is None or info.remaining or not flag & self.current:
                    continue
                others = taken.setdefault(info.position, [])
                if any(other is not slot and known == flag for other, known in others):
                    raise self._error(
                        "AmbiguousPositionalParameterNoName",
                        "Cannot bind positional parameters because no names were given.",
                        parameter=None,
                    )
                others.append((slot, flag))

    def _positions(self) -> dict[int, list[Slot]]:
        table: dict[int, list[Slot]] = {}
        for slot in self.plan.slots.values():
            if slot in self.bound:
                continue
            for info in slot.matching(self.current):
                if info.position is not None and not info.remaining:
                    table.setdefault(info.position, []).append(slot)
        return table

    def _try_position(self, slots: list[Slot], argument: Argument, position: int) -> PSError | None:
        """Tries the default set, then all sets, each without and then with conversion. None: bound."""
        default = self.plan.default if self.current & self.plan.default else 0
        failure: PSError | None = None
        for coerce in (False, True):
            for sets in (default, self.current):
                if not sets:
                    continue
                outcome = self._try_slots(slots, argument, position, sets, coerce)
                if outcome is None:
                    return None
                if outcome is not _NOT_BOUND:
                    failure = outcome
        return failure if failure is not None else _NOT_BOUND

    def _try_slots(self, slots: list[Slot], argument: Argument, position: int, sets: int, coerce: bool) -> PSError | None:
        failure: PSError = _NOT_BOUND
        for slot in slots:
            if not slot.valid_in(sets) or not slot.at(position, sets):
                continue
            try:
                if self._bind(slot, argument.value, coerce=coerce, argument=argument, delay=True):
                    return None
            except PSError as error:
                if error.record is None or not error.exception.kind.startswith(KINDS):
                    raise
                failure = error
        return failure

    def _bind_remaining(self, rest: list[Argument]) -> list[Argument]:
        """Gives what is left to the parameter with ValueFromRemainingArguments, if the set has one."""
        if not rest:
            return rest
        takers = [s for s in self.plan.slots.values() if s not in self.bound and any(i.remaining for i in s.matching(self.current))]
        if len(takers) > 1:
            raise self._ambiguous_set(takers[1])
        for slot in takers:
            values: list[Any] = []
            for argument in rest:
                if argument.name is not None:
                    values.append(argument.dash_text or f"-{argument.name}")
                if argument.has_value and (argument.name is None or argument.value is not AUTOMATION_NULL):
                    values.append(argument.value)
            value: Any = _as_list(values)
            if len(values) == 1 and isinstance(values[0], list):
                value = values[0]
            self._bind(slot, value, coerce=True, argument=rest[0], delay=False)
            return []
        return rest


def _positional(arguments: list[Argument]) -> list[Argument]:
    """The values that positions may take: one that follows an unknown name without value stays with that name."""
    values: list[Argument] = []
    taken = False
    for argument in arguments:
        if argument.name is not None:
            taken = not argument.has_value
        elif taken:
            taken = False
        else:
            values.append(argument)
    return values


def _as_list(values: Iterable[Any]) -> Any:
    """``List[object]``, which is what an untyped remaining-arguments parameter gets."""
    from hvsim.runtime import types
    from hvsim.runtime.collections import GenericList

    return GenericList(values, types.get("System.Object"))

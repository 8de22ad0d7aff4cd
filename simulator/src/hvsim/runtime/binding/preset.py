# SPDX-License-Identifier: GPL-3.0-or-later
"""``$PSDefaultParameterValues``: which presets a command has, and the warnings about those that it cannot use.

PowerShell's ``CmdletParameterBinderController.GetDefaultParameterValuePairs`` and ``BindDefaultParameters``; the texts are those
of ParameterBinderStrings.resx.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hvsim.runtime import convert, default_parameters, wildcard
from hvsim.runtime.binding.plan import Slot, is_script_block
from hvsim.runtime.values import AUTOMATION_NULL, NetObject

if TYPE_CHECKING:
    from hvsim.runtime.binding.state import BindingState
    from hvsim.runtime.scope import Scope


class Presets:
    """The presets of one call. ``values`` are those that apply, by parameter; ``warnings`` what is to be said about others."""

    def __init__(self, binding: BindingState, table: Any) -> None:
        self.binding = binding
        self.values: dict[Slot, Any] = {}
        self.warnings: list[str] = []
        self._warned: set[str] = set()
        self._conflicting: set[Slot] = set()
        if not self._read(table):
            self.values.clear()
        for slot in self._conflicting:
            self.values.pop(slot, None)

    def _read(self, table: Any) -> bool:
        """False if the table says ``Disabled``."""
        general: list[tuple[str, str, Any]] = []
        bad: list[Any] = []
        for key, value in list(table.items()):
            if not isinstance(key, str):
                continue
            found = default_parameters.parts(key)
            if found is None:
                if key.strip().lower() != "disabled":
                    bad.append(key)
                elif convert.to_bool(value):
                    return False
                continue
            command, name = found
            if wildcard.contains_wildcard(key):
                general.append((command, name, value))
            elif self._means(command):
                self._offer(command, name, value)
        for command, name, value in general:
            if self._means(command):
                self._offer_general(command, name, value)
        if bad:
            self._refuse(table, bad)
        return True

    def _means(self, command: str) -> bool:
        """Whether a key's command is this one, by its name or by one of its aliases."""
        matches = wildcard.compile(command)
        own = self.binding.metadata.name
        return matches(own) or any(matches(alias) for alias in self._aliases(own.lower()))

    def _aliases(self, command: str) -> Iterator[str]:
        scope: Scope | None = self.binding.ctx.scope
        while scope is not None:
            for alias in (scope.aliases or {}).values():
                if alias.target.lower() == command:
                    yield alias.name
            scope = scope.parent

    def _offer(self, command: str, name: str, value: Any) -> None:
        slot = self.binding.plan.by_name.get(name.lower())
        if slot is not None:
            self._take(slot, command, name, value)

    def _offer_general(self, command: str, name: str, value: Any) -> None:
        if not wildcard.contains_wildcard(name):
            self._offer(command, name, value)
            return
        matches = wildcard.compile(name)
        slots = [slot for key, slot in self.binding.plan.by_name.items() if matches(key)]
        if len(slots) == 1:
            self._take(slots[0], command, name, value)
        elif slots:
            self._warn(
                f"{command}:{name}",
                "The following name or alias defined in $PSDefaultParameterValues for this cmdlet resolves to multiple "
                f"parameters: {name}. The default has been ignored.",
            )

    def _take(self, slot: Slot, command: str, name: str, value: Any) -> None:
        if slot not in self.values:
            self.values[slot] = value
        elif not _same(value, self.values[slot]):
            self._conflicting.add(slot)
            self._warn(
                f"{command}:{name}",
                "Multiple different default values are defined in $PSDefaultParameterValues for the parameter matching the "
                f"following name or alias: {name}. These defaults have been ignored.",
            )

    def _refuse(self, table: Any, keys: list[Any]) -> None:
        for key in keys:
            table.remove(key)
        self.warnings.append(default_parameters.bad_format(keys))

    def _warn(self, key: str, text: str) -> None:
        if key not in self._warned:
            self._warned.add(key)
            self.warnings.append(text)


def _same(a: Any, b: Any) -> bool:
    """``Object.Equals``: values by value, everything else by identity."""
    if isinstance(a, (NetObject, list)):
        return a is b
    return type(a) is type(b) and bool(a == b)


def argument_of(binding: BindingState, value: Any) -> tuple[bool, Any]:
    """The value of a preset, and whether there is one: a script block is run, and one without output presets nothing."""
    if not is_script_block(value):
        return True, value
    result = binding.ctx.invoke_value(value)
    return result is not AUTOMATION_NULL, result

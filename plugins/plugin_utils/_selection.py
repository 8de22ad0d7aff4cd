# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""FOR INTERNAL COLLECTION USE ONLY: which VMs a policy or a waiver means.

The rules are those of the C(hyperv_ics) module, so that an audit and an enforcement of the same policies always speak
of the same VMs.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SELECTION_KEYS = frozenset({"all", "name", "name_pattern", "vm_id", "exclude", "vm_state"})


class SelectionError(ValueError):
    """A selection is malformed; the message says what is wrong."""


def fold(text: str) -> str:
    """Case folding as PowerShell compares: one character for one, so that ``ß`` and ``ss`` stay different."""
    return "".join(upper if len(upper := char.upper()) == 1 else char for char in text)


def code_units(text: str) -> str:
    """The text with one character per UTF-16 code unit: PowerShell's ``?`` matches a unit, an emoji has two."""
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(data[i : i + 2], "little")) for i in range(0, len(data), 2))


@functools.lru_cache(maxsize=1024)
def compile_wildcard(pattern: str) -> re.Pattern[str]:
    """Translate a pattern of PowerShell's ``-like``: ``*``, ``?``, ``[a-c]``, and a backtick that escapes.

    The result is to be matched against `code_units` of a name.

    Raises:
        SelectionError: a bracket is not closed, which PowerShell refuses as well.
    """
    parts: list[str] = []
    bracket: list[str] | None = None
    units = iter(code_units(pattern))
    for unit in units:
        escaped = unit == "`"
        if escaped:
            unit = next(units, "`")
        if bracket is not None:
            if unit == "]" and not escaped:
                parts.append(f"[{''.join(bracket)}]" if bracket else r"(?!)")
                bracket = None
            else:
                bracket.append("-" if unit == "-" and not escaped else re.escape(unit))
        elif escaped:
            parts.append(re.escape(unit))
        elif unit == "[":
            bracket = []
        else:
            parts.append({"*": ".*", "?": "."}.get(unit) or re.escape(unit))
    if bracket is not None:
        raise SelectionError(f"The pattern {pattern!r} is not valid: a '[' is not closed.")
    try:
        return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
    except re.error as error:
        raise SelectionError(f"The pattern {pattern!r} is not valid: {error}.") from error


def is_like(name: str, pattern: str) -> bool:
    """Whether PowerShell would say ``name -like pattern``."""
    return compile_wildcard(pattern).fullmatch(code_units(name)) is not None


@dataclass(frozen=True)
class Selection:
    """A selection of VMs. Names are compared exactly but for case and are never patterns."""

    all: bool = False
    name: tuple[str, ...] = ()
    name_pattern: tuple[str, ...] = ()
    vm_id: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    vm_state: tuple[str, ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, Any], other_keys: Iterable[str]) -> Selection:
        """Read a selection out of a policy or waiver that has ``other_keys`` besides.

        Raises:
            SelectionError: an unknown key, or nothing is selected.
        """
        unknown = sorted(set(data) - SELECTION_KEYS - set(other_keys))
        if unknown:
            known = ", ".join(sorted({*SELECTION_KEYS, *other_keys}))
            raise SelectionError(f"Unknown key {', '.join(unknown)}; known are {known}.")
        lists = {key: _texts(data, key) for key in SELECTION_KEYS - {"all"}}
        selection = cls(all=bool(data.get("all")), **lists)
        if not (selection.all or selection.name or selection.name_pattern or selection.vm_id or selection.vm_state):
            raise SelectionError("No VM is selected: set name, name_pattern, vm_id, vm_state or all.")
        for pattern in (*selection.name_pattern, *selection.exclude):
            compile_wildcard(pattern)
        return selection

    def includes(self, vm: Mapping[str, Any]) -> bool:
        """Whether the selection means this VM (keys ``name``, ``id``, ``state``)."""
        name = str(vm["name"])
        if self.vm_state and fold(str(vm.get("state"))) not in map(fold, self.vm_state):
            return False
        if any(is_like(name, pattern) for pattern in self.exclude):
            return False
        if self.all or not (self.name or self.name_pattern or self.vm_id):
            return True
        return (
            fold(name) in map(fold, self.name)
            or normal_id(str(vm["id"])) in map(normal_id, self.vm_id)
            or any(is_like(name, pattern) for pattern in self.name_pattern)
        )

    def unmatched(self, vms: Sequence[Mapping[str, Any]]) -> list[str]:
        """Names and ids of the selection that no VM has."""
        names = {fold(str(vm["name"])) for vm in vms}
        ids = {normal_id(str(vm["id"])) for vm in vms}
        missing = [name for name in self.name if fold(name) not in names]
        return missing + [vm_id for vm_id in self.vm_id if normal_id(vm_id) not in ids]


def normal_id(vm_id: str) -> str:
    """A GUID without braces, in lower case."""
    return vm_id.strip().strip("{}").lower()


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts; one text stands for a list of one, as in module options."""
    value = data.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Sequence):
        return tuple(str(item) for item in value)
    raise SelectionError(f"{key} must be a list of texts, not {type(value).__name__}.")

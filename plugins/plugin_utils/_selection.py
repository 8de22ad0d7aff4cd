# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""FOR INTERNAL COLLECTION USE ONLY: which VMs a policy or a waiver means.

The rules are those of the C(hyperv_ics) module, so that an audit and an enforcement of the same policies always speak
of the same VMs.
"""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: The choices of ``vm_state`` in plugins/doc_fragments/vm_selection.py.
VM_STATES = frozenset(
    {
        "hibernated",
        "off",
        "off_critical",
        "paused",
        "paused_critical",
        "running",
        "running_critical",
        "saved",
        "saved_critical",
        "starting",
        "stopping",
    }
)
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
        raise SelectionError(f"the pattern {pattern!r} is not valid: a literal [ must be written as `[.")
    try:
        return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
    except re.error as error:
        raise SelectionError(f"the pattern {pattern!r} is not valid: {error}.") from error


def is_like(name: str, pattern: str) -> bool:
    """Whether PowerShell would say ``name -like pattern``."""
    return compile_wildcard(pattern).fullmatch(code_units(name)) is not None


@dataclass(frozen=True)
class Selection:
    """A selection of VMs. Names are compared exactly but for case and are never patterns."""

    all: bool
    names: frozenset[str]
    patterns: tuple[str, ...]
    ids: frozenset[str]
    excluded: tuple[str, ...]
    states: frozenset[str]
    wanted: tuple[str, ...]

    @classmethod
    def parse(cls, data: Mapping[str, Any], other_keys: Iterable[str]) -> Selection:
        """Read a selection out of a policy or waiver that has ``other_keys`` besides.

        Raises:
            SelectionError: an unknown key or state, no GUID, no pattern, or nothing is selected.
        """
        unknown = sorted(set(data) - SELECTION_KEYS - set(other_keys))
        if unknown:
            known = ", ".join(sorted({*SELECTION_KEYS, *other_keys}))
            raise SelectionError(f"unknown key {', '.join(unknown)}; known are {known}.")
        if not data.get("all") and all(data.get(key) is None for key in ("name", "name_pattern", "vm_id")):
            raise SelectionError("no VM is selected. Set name, name_pattern or vm_id, or all to true.")
        names, patterns, ids = (_texts(data, key) for key in ("name", "name_pattern", "vm_id"))
        excluded, states = _texts(data, "exclude"), _texts(data, "vm_state")
        for pattern in (*patterns, *excluded):
            compile_wildcard(pattern)
        wrong = sorted(set(states) - VM_STATES)
        if wrong:
            raise SelectionError(f"unknown vm_state {', '.join(wrong)}; known are {', '.join(sorted(VM_STATES))}.")
        return cls(
            all=bool(data.get("all")),
            names=frozenset(map(fold, names)),
            patterns=patterns,
            ids=frozenset(map(parse_id, ids)),
            excluded=excluded,
            states=frozenset(states),
            wanted=names + ids,
        )

    def includes(self, vm: Mapping[str, Any]) -> bool:
        """Whether the selection means this VM (keys ``name``, ``id``, ``state``)."""
        name = str(vm["name"])
        if not (
            self.all
            or fold(name) in self.names
            or str(vm["id"]).lower() in self.ids
            or any(is_like(name, pattern) for pattern in self.patterns)
        ):
            return False
        if any(is_like(name, pattern) for pattern in self.excluded):
            return False
        return not self.states or vm.get("state") in self.states

    def unmatched(self, vms: Sequence[Mapping[str, Any]]) -> list[str]:
        """Names and ids of the selection that no VM has."""
        names = {fold(str(vm["name"])) for vm in vms}
        ids = {str(vm["id"]).lower() for vm in vms}
        return [text for text in self.wanted if fold(text) not in names and _id_or_none(text) not in ids]


def parse_id(text: str) -> str:
    """A GUID in any notation, in the one that modules return.

    Raises:
        SelectionError: the text is no GUID.
    """
    vm_id = _id_or_none(text)
    if vm_id is None:
        raise SelectionError(f"vm_id {text!r} is not a GUID such as 7cca7664-91d0-40a9-9769-7809f256f603.")
    return vm_id


def _id_or_none(text: str) -> str | None:
    try:
        return str(uuid.UUID(text.strip().strip("{}()")))
    except ValueError:
        return None


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

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the binder computes once per command: parameters as slots, parameter sets as bits of an int (:data:`EVERY`: any set)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hvsim.runtime.command import ALL_SETS, CommandMetadata, ParameterMetadata, ParameterSetInfo
from hvsim.runtime.types import OBJECT, NetType
from hvsim.runtime.values import PSObject

EVERY = -1
ANYTHING = frozenset(("System.Object", "System.Management.Automation.PSObject"))
BOOLEANS = frozenset(("System.Boolean", "System.Management.Automation.SwitchParameter"))
_GENERIC = "System.Collections.Generic.ICollection`1"
_COLLECTIONS = frozenset(("System.Collections.IList", _GENERIC))
_DICTIONARIES = frozenset(("System.Collections.IDictionary", "System.Collections.Generic.IDictionary`2"))


@dataclass(eq=False)
class Slot:
    """A parameter as the binder sees it: its sets as bits."""

    parameter: ParameterMetadata
    flags: int
    in_all: bool
    infos: list[tuple[int, ParameterSetInfo]]

    @property
    def name(self) -> str:
        return self.parameter.name

    def __post_init__(self) -> None:
        self.mandatory = any(info.mandatory for _, info in self.infos)
        self.takes_pipeline = any(info.pipeline or info.pipeline_by_name for _, info in self.infos)

    def valid_in(self, sets: int) -> bool:
        return self.in_all or bool(self.flags & sets)

    def at(self, position: int, sets: int) -> bool:
        """Whether the parameter has that position in one of the sets."""
        return any(info.position == position for info in self.matching(sets))

    def matching(self, sets: int) -> list[ParameterSetInfo]:
        return [info for flag, info in self.infos if flag & sets]


class Plan:
    """The slots of a command, computed once per metadata."""

    def __init__(self, metadata: CommandMetadata, extra: Mapping[str, ParameterMetadata] | None = None) -> None:
        self.metadata = metadata
        self.set_names = list(metadata.set_names)
        parameters = dict(metadata.all_parameters)
        for parameter in (extra or {}).values():
            parameters[parameter.name.lower()] = parameter
            self.set_names += [n for n in parameter.sets if n != ALL_SETS and n not in self.set_names]
        self.bits = {name.lower(): 1 << i for i, name in enumerate(self.set_names)}
        self.default = self.bits.get((metadata.default_set or "").lower(), 0)
        self.slots = {key: self._slot(parameter) for key, parameter in parameters.items()}
        # Last one first: the order in which pipeline input is offered to them.
        self.pipeline_slots = [slot for slot in reversed(list(self.slots.values())) if slot.takes_pipeline]
        self.mandatory_slots = [slot for slot in self.slots.values() if slot.mandatory]
        self.by_name = dict(self.slots)
        for slot in self.slots.values():
            for alias in slot.parameter.aliases:
                self.by_name.setdefault(alias.lower(), slot)

    def _slot(self, parameter: ParameterMetadata) -> Slot:
        infos = [(EVERY if n == ALL_SETS else self.bits[n.lower()], info) for n, info in parameter.sets.items()]
        in_all = any(flag == EVERY for flag, _ in infos)
        flags = 0
        for flag, _ in infos:
            if flag != EVERY:
                flags |= flag
        return Slot(parameter, EVERY if in_all and not flags else flags, in_all, infos)

    def count(self, sets: int) -> int:
        return 1 if sets == EVERY else sets.bit_count()

    def name_of(self, sets: int) -> str:
        if sets == EVERY:
            return ALL_SETS
        for name in self.set_names:
            if self.bits[name.lower()] & sets:
                return name
        return ALL_SETS


def plan_of(metadata: CommandMetadata) -> Plan:
    """The (cached) plan of a command's metadata."""
    plan = getattr(metadata, "_plan", None)
    if plan is None:
        plan = Plan(metadata)
        object.__setattr__(metadata, "_plan", plan)
    return plan


def is_script_block(value: Any) -> bool:
    value = value.base if type(value) is PSObject else value
    return getattr(type(value), "NET", "") == "System.Management.Automation.ScriptBlock"


def takes_script_block(parameter: ParameterMetadata) -> bool:
    wanted = parameter.net_type
    if wanted is None:
        return True
    element = wanted.element_type or wanted
    return element.full_name in ANYTHING or element.full_name == "System.Management.Automation.ScriptBlock"


def declared_type(slot: Slot) -> NetType:
    """The type of a parameter; ``object`` if none is declared."""
    wanted = slot.parameter.net_type
    return OBJECT if wanted is None else wanted


def is_text(parameter: ParameterMetadata) -> bool:
    wanted = parameter.net_type
    return wanted is not None and (wanted.element_type or wanted).full_name == "System.String"


def is_flag_collection(wanted: NetType) -> bool:
    """``bool[]``, whose elements advanced functions take as strictly as they take a bool."""
    return wanted.element_type is not None and wanted.element_type.full_name == "System.Boolean"


def is_collection(parameter: ParameterMetadata) -> bool:
    """Whether the binder looks at the elements (``ParameterCollectionTypeInformation``)."""
    wanted = parameter.net_type
    if wanted is None:
        return False
    if wanted.element_type is not None:
        return True
    names = _interfaces(wanted)
    return _DICTIONARIES.isdisjoint(names) and not _COLLECTIONS.isdisjoint(names)


def element_type(parameter: ParameterMetadata) -> NetType | None:
    """The type that the binder knows of the elements of a collection; an ``ArrayList`` has none."""
    wanted = parameter.net_type
    if wanted is None or wanted.element_type is not None:
        return None if wanted is None else wanted.element_type
    return next((t.arguments[0] for t in wanted.ancestors() if t.definition and t.definition.full_name == _GENERIC), None)


def _interfaces(wanted: NetType) -> set[str]:
    return {(t.definition or t).full_name for t in wanted.ancestors() if t is not wanted}


def type_text(parameter: ParameterMetadata) -> str:
    wanted = parameter.net_type
    return "System.Object" if wanted is None else wanted.full_name

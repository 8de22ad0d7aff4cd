# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running module shares with the wrapper around it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from hvsim.lang.text import to_utf16
from hvsim.runtime.collections import Hashtable
from hvsim.runtime.structs import DateTime
from hvsim.runtime.types import net_class
from hvsim.runtime.values import Array, Int64, PSObject

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext

_ORDERED = "System.Management.Automation.OrderedHashtable"
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$")


@dataclass
class ModuleState:
    """One run of a module.

    Attributes:
        version: of ansible-core, as numbers: ``(2, 21)``.
        argument_edition: the PowerShell whose JSON conversion typed ``$complex_args``.
        console: what was written to the console, past the pipeline.
    """

    version: tuple[int, int]
    argument_edition: str = "7"
    console: list[str] = field(default_factory=list)

    def at_least(self, major: int, minor: int) -> bool:
        return self.version >= (major, minor)


def state_of(ctx: ExecutionContext) -> ModuleState:
    """The state of the running module; a default one outside of a module."""
    state: ModuleState = ctx.services.setdefault(ModuleState, ModuleState((2, 21)))
    return state


@net_class(_ORDERED, base="System.Collections.Hashtable")
class OrderedHashtable(Hashtable):
    """What PowerShell 7's ``ConvertFrom-Json -AsHashtable`` makes: keeps order and case."""

    __slots__ = ()
    NET: ClassVar[str] = _ORDERED

    def __init__(self, pairs: Any = (), **_options: Any) -> None:
        super().__init__(pairs, ignore_case=False)


def arguments_of(state: ModuleState, values: Mapping[str, Any]) -> Any:
    """``$complex_args`` as that version and edition type the controller's JSON (ansible_basic/README.md)."""
    return _Arguments(state).convert(dict(values))


class _Arguments:
    def __init__(self, state: ModuleState) -> None:
        self.old_on_7 = state.argument_edition == "7" and not state.at_least(2, 19)
        self.windows = state.argument_edition == "5.1"
        self.wraps = state.at_least(2, 19)

    def convert(self, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int):
            return self._integer(value)
        if isinstance(value, float):
            return Decimal(repr(value)) if self.windows else value
        if isinstance(value, dict):
            table = OrderedHashtable() if self.old_on_7 else Hashtable()
            for key, item in value.items():
                table.set(to_utf16(key), self.convert(item))
            return table
        return Array(self._item(item) for item in value)

    def _item(self, value: Any) -> Any:
        converted = self.convert(value)
        if self.wraps and isinstance(converted, (str, bool, int, float, Decimal)):
            return PSObject(converted)
        return converted

    def _integer(self, value: int) -> Any:
        if self.windows and -(2**31) <= value < 2**31:
            return value
        if -(2**63) <= value < 2**63:
            return Int64(value)
        return Decimal(value) if self.windows else float(value)

    def _text(self, value: str) -> Any:
        if self.old_on_7 and _ISO_DATE.match(value):
            moment = dt.datetime.fromisoformat(value)
            zone = value[10:].rstrip("0123456789.:")[-1:]
            naive = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
            delta = naive - dt.datetime(1, 1, 1)
            ticks = (delta.days * 86_400 + delta.seconds) * 10_000_000 + delta.microseconds * 10
            return DateTime(ticks, 1 if zone == "Z" else 2 if moment.tzinfo else 0)
        return to_utf16(value)

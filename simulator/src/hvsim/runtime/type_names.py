# SPDX-License-Identifier: GPL-3.0-or-later
"""``PSTypeNames``: the names under which type data and formatting look a value up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hvsim.runtime import types
from hvsim.runtime.collections import Collection
from hvsim.runtime.values import PSCustomObject, PSObject


class TypeNameList(Collection):
    """The list that a script edits; once asked for it replaces a value's own names."""

    __slots__ = ()

    def __init__(self, items: Iterable[str] = ()) -> None:
        super().__init__(items, types.STRING)

    def copy_list(self) -> TypeNameList:
        return TypeNameList(self)


def type_names(value: Any) -> list[str]:
    """All type names of a value, the most specific first: names given to the object, then its .NET types."""
    own = getattr(value, "type_names", None)
    if isinstance(own, TypeNameList):
        return list(own)
    base = value.base if type(value) is PSObject else value
    if base is None:
        return []
    names = _hierarchy(base)
    return [*own, *names] if own else names


def _hierarchy(base: Any) -> list[str]:
    if type(base) is PSCustomObject:
        return ["System.Management.Automation.PSCustomObject", "System.Object"]
    net_type = types.of(base)
    names: list[str] | None = net_type.cache.get("type names")
    if names is None:
        names = net_type.cache["type names"] = [t.full_name for t in net_type.hierarchy()]
    return list(names)


def type_names_list(value: Any) -> TypeNameList:
    """The live list of a value's type names."""
    own = getattr(value, "type_names", None)
    if isinstance(own, TypeNameList):
        return own
    made = TypeNameList(type_names(value))
    if hasattr(value, "type_names"):
        value.type_names = made
    return made

# SPDX-License-Identifier: GPL-3.0-or-later
"""What type data adds to types: PowerShell's own (types.ps1xml) and the runspace's (``Update-TypeData``)."""

from __future__ import annotations

from typing import Any

from hvsim.runtime import members as net_members
from hvsim.runtime import types
from hvsim.runtime.member_info import (
    Member,
)
from hvsim.runtime.type_names import type_names
from hvsim.runtime.types import NetType

# Members that PowerShell's own types.ps1xml adds, by full type name.
type_members: dict[str, dict[str, Member]] = {}


class TypeData:
    """What ``Update-TypeData`` added in this runspace: type name (lower case) -> member name (lower case) -> member."""

    in_use = False

    def __init__(self) -> None:
        self.members: dict[str, dict[str, Member]] = {}
        TypeData.in_use = True


def type_member(type_name: str, member: Member) -> Member:
    """Adds a member to a type, as types.ps1xml does."""
    type_members.setdefault(type_name, {})[member.name.lower()] = member
    for cache in type_data_caches:
        cache.clear()
    return member


def type_data(ctx: Any) -> TypeData | None:
    """The runspace's own type data; None when it has none."""
    if ctx is None:
        return None
    found: TypeData | None = ctx.services.get(TypeData)
    return found


def _builtin_member(net_type: NetType, key: str) -> Member | None:
    table = _builtin.get(net_type)
    if table is None:
        table = _builtin[net_type] = {}
        for name in reversed(net_members.lookup_names(net_type)):
            table.update(type_members.get(name, {}))
    return table.get(key)


# Members of type data by type, those of its bases and interfaces included.
_builtin: dict[NetType, dict[str, Member]] = {}
type_data_caches: list[dict[Any, Any]] = [_builtin]
"""What is to be forgotten when a type gets another member."""


def type_data_member(ctx: Any, value: Any, key: str) -> Member | None:
    """A member that type data gives to a value: the runspace's first, then PowerShell's own."""
    own = type_data(ctx) if TypeData.in_use else None
    if own is not None and own.members:
        for name in type_names(value):
            entry = own.members.get(name.lower())
            if entry is not None and key in entry:
                return entry[key]
    if getattr(value, "type_names", None):
        for name in type_names(value):
            entry = type_members.get(name)
            if entry is not None and key in entry:
                return entry[key]
    return _builtin_member(types.of(value), key)


def is_changed(value: Any) -> bool:
    """Whether a script may have given the value, or its type, other members than its type alone has."""
    return TypeData.in_use or bool(getattr(value, "type_names", None))


def type_alone(value: Any) -> NetType | None:
    """The type of a value that has the members of its type and no others; None where it may be otherwise."""
    if TypeData.in_use:
        return None
    kind = type(value)
    found = types.by_class.get(kind)
    if kind in _BARE:
        return found
    try:
        if value.extended or value.type_names:
            return None
        if found is None:
            found = value.net_type
    except AttributeError:
        return None
    return found if type(found) is NetType else None


_BARE = frozenset({str, int, float, bool})
"""Python's own classes, whose values cannot be given members."""


def type_data_of(ctx: Any, value: Any, net_type: NetType, key: str) -> Member | None:
    """As :func:`type_data_member`, quick for values of which no script changed the type data or names."""
    if is_changed(value):
        return type_data_member(ctx, value, key)
    table = _builtin.get(net_type)
    return _builtin_member(net_type, key) if table is None else table.get(key)


property_orders: dict[str, tuple[str, ...]] = {}


def property_order(type_name: str, *names: str) -> None:
    """States the order of declaration of a type's properties, which the recorded metadata does not keep."""
    property_orders[type_name] = names

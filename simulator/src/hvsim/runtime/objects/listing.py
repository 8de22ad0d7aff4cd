# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of a value, one by name or all in PowerShell's order."""

from __future__ import annotations

from typing import Any

from hvsim.runtime import members as net_members
from hvsim.runtime import types
from hvsim.runtime.member_info import (
    Member,
    NetMethod,
    NetProperty,
)
from hvsim.runtime.objects import parameterized
from hvsim.runtime.objects.type_data import (
    property_orders,
    type_data,
    type_data_member,
    type_members,
)
from hvsim.runtime.type_names import type_names
from hvsim.runtime.types import NetType
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    PSCustomObject,
    unwrap,
)


def find_member(ctx: Any, value: Any, name: str) -> Member | None:
    """The member of that name, without fall-backs."""
    if value is None or value is AUTOMATION_NULL:
        return None
    key = name.lower()
    extended = getattr(value, "extended", None)
    if extended and key in extended:
        member: Member = extended[key]
        return member
    data = type_data_member(ctx, value, key)
    if data is not None:
        return bound(data, value)
    base = unwrap(value)
    net_type = types.of(base)
    adapted = getattr(type(base), "get_adapted", None)
    if adapted is not None:
        found: Member | None = adapted(base, ctx, name)
        if found is not None:
            found.owner = value
            return found
    prop = net_members.find_property(net_type, key)
    if prop is not None:
        return NetProperty(prop, value)
    if key in parameterized.NAMES:
        indexer = parameterized.find(net_type, value, key)
        if indexer is not None:
            return indexer
    group = net_members.find_method(net_type, key)
    return NetMethod(group, value) if group is not None else None


def find_property(ctx: Any, value: Any, name: str) -> Member | None:
    """The property of that name (no methods, no dictionary keys), without fall-backs."""
    found = find_member(ctx, value, name)
    return found if found is not None and found.is_property else None


def bound(member: Member, owner: Any) -> Member:
    copy = member.copy()
    copy.owner = owner
    copy.hidden = member.hidden
    return copy


def properties(ctx: Any, value: Any) -> list[Member]:
    """The properties in PowerShell's order: added ones, type data, the .NET type's, the adapter's."""
    return [m for m in _listed(ctx, value, methods=False) if m.is_property and not m.hidden]


def displayed(ctx: Any, value: Any) -> list[str]:
    """The names of the properties that a display without a view shows: the adapter's, the .NET type's if there are none,
    then added ones and type data (``AssociationManager.ExpandAll``)."""
    base = unwrap(value)
    added = [*(getattr(value, "extended", None) or {}).values(), *_data_members(ctx, value)]
    adapted = getattr(type(base), "adapted_members", None)
    front: list[Member] = adapted(base, ctx) if adapted is not None else []
    if not front and type(base) is not PSCustomObject:
        net_type = types.of(base)
        found = (net_members.find_property(net_type, name) for name in property_names(net_type))
        front = [NetProperty(prop, value) for prop in found if prop is not None and prop.get is not None]
    names: dict[str, str] = {}
    for member in [*front, *added]:
        if member.is_property and not member.hidden:
            names.setdefault(member.name.lower(), member.name)
    return list(names.values())


def members(ctx: Any, value: Any, *, clr: bool = True) -> list[Member]:
    """All members, methods included; hidden ones too. *clr* False leaves out the .NET properties behind an adapter
    (``Get-Member`` of XML)."""
    return _listed(ctx, value, methods=True, clr=clr)


def _listed(ctx: Any, value: Any, *, methods: bool, clr: bool = True) -> list[Member]:
    if value is None or value is AUTOMATION_NULL:
        return []
    listed: dict[str, Member] = dict(getattr(value, "extended", None) or {})
    for member in _data_members(ctx, value):
        listed.setdefault(member.name.lower(), member)
    base = unwrap(value)
    net_type = types.of(base)
    adapted = getattr(type(base), "adapted_members", None)
    if adapted is not None:
        for member in adapted(base, ctx):
            member.owner = value
            listed.setdefault(member.name.lower(), member)
    if type(base) is not PSCustomObject and (clr or adapted is None):
        for name in property_names(net_type):
            prop = net_members.find_property(net_type, name)
            if prop is not None and prop.get is not None and name.lower() not in listed:
                listed[name.lower()] = NetProperty(prop, value)
    if methods:
        indexer = parameterized.of(net_type, value)
        if indexer is not None:
            listed.setdefault(indexer.name.lower(), indexer)
        for name in net_members.member_names(net_type)[1]:
            group = net_members.find_method(net_type, name)
            if group is not None:
                listed.setdefault(name.lower(), NetMethod(group, value))
    return list(listed.values())


def _data_members(ctx: Any, value: Any) -> list[Member]:
    found: dict[str, Member] = {}
    own = type_data(ctx)
    for name in type_names(value):
        for entry in (own.members.get(name.lower()) if own is not None else None, type_members.get(name)):
            for key, member in (entry or {}).items():
                if key not in found:
                    found[key] = bound(member, value)
    for interface in types.of(unwrap(value)).interfaces:
        for key, member in type_members.get(interface.full_name, {}).items():
            if key not in found:
                found[key] = bound(member, value)
    return list(found.values())


_names_in_order: dict[NetType, list[str]] = net_members.new_cache()


def property_names(net_type: NetType) -> list[str]:
    """The names of a type's instance properties in .NET's order as far as it is known."""
    names = _names_in_order.get(net_type)
    if names is None:
        known = net_members.member_names(net_type)[0]
        ordered: list[str] = []
        for name in net_members.lookup_names(net_type):
            ordered.extend(n for n in property_orders.get(name, ()) if n not in ordered)
        lower = {n.lower() for n in ordered}
        names = [*[n for n in ordered if n in known], *[n for n in known if n.lower() not in lower]]
        _names_in_order[net_type] = names
    return names

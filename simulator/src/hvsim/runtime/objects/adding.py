# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects with members of their own: custom ones, added members, copies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hvsim.runtime import members as net_members
from hvsim.runtime import types
from hvsim.runtime.collections import NetList
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.member_info import (
    Member,
    NoteProperty,
)
from hvsim.runtime.objects.calling import invoke_member
from hvsim.runtime.objects.listing import find_member
from hvsim.runtime.type_names import TypeNameList
from hvsim.runtime.values import (
    Array,
    NetObject,
    PSCustomObject,
    PSObject,
    unwrap,
)


def custom_object(pairs: Iterable[tuple[str, Any]]) -> PSCustomObject:
    """``[pscustomobject]@{...}``: note properties in order; a later one of the same name replaces the value."""
    made: PSCustomObject = PSCustomObject()
    extended: dict[str, Any] = {}
    made.extended = extended
    for name, value in pairs:
        key = name.lower()
        if key in extended:
            extended[key].value = value
        else:
            extended[key] = NoteProperty(name, value, made)
    return made


def add_member(ctx: Any, value: Any, member: Member, force: bool = False) -> Any:
    """Adds a member to an object; the (for a value without identity: newly wrapped) object comes back.

    Raises:
        PSError: a member of that name exists and *force* is not given.
    """
    key = member.name.lower()
    if find_member(ctx, value, member.name) is not None and not force:
        raise runtime_error(
            "MemberAlreadyExists",
            f'Cannot add a member with the name "{member.name}" because a member with that name already exists. '
            "To overwrite the member anyway, add the Force parameter to your command.",
            kind="System.InvalidOperationException",
            target=value,
        )
    holder = extensible(value)
    if holder.extended is None:
        holder.extended = {}
    holder.extended.pop(key, None)
    holder.extended[key] = member
    member.owner = holder
    return holder


def add_note(ctx: Any, value: Any, name: str, content: Any) -> Any:
    """Adds or replaces a note property."""
    return add_member(ctx, value, NoteProperty(name, content), force=True)


def extensible(value: Any) -> Any:
    """*value* itself if it can carry members, else a PSObject around it."""
    if isinstance(value, (NetObject, NetList, Array, PSObject)):
        return value
    return PSObject(value)


def copy_object(ctx: Any, value: Any) -> Any:
    """``PSObject.Copy()``: own copies of the added members and of values that can be cloned."""
    base = unwrap(value)
    if type(base) is PSCustomObject:
        copy: Any = PSCustomObject()
        copy.extended = {}
    elif types.of(base).implements("System.ICloneable") and net_members.find_method(types.of(base), "clone"):
        copy = invoke_member(ctx, base, "Clone", [])
        copy = PSObject(copy) if type(value) is PSObject else copy
    elif type(value) is PSObject:
        copy = PSObject(base)
    else:
        copy = value
    if copy is not value:
        names = getattr(value, "type_names", None)
        if names is not None and hasattr(copy, "type_names"):
            copy.type_names = names.copy_list() if isinstance(names, TypeNameList) else list(names)
        for key, member in (getattr(value, "extended", None) or {}).items():
            clone = member.copy()
            clone.owner = copy
            if copy.extended is None:
                copy.extended = {}
            copy.extended[key] = clone
    return copy

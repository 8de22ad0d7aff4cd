# SPDX-License-Identifier: GPL-3.0-or-later
"""``$x.Name = v``."""

from __future__ import annotations

from typing import Any

from hvsim.runtime import members as net_members
from hvsim.runtime import types
from hvsim.runtime.collections import Dictionary, OrderedDictionary
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.indexing import set_index
from hvsim.runtime.member_info import (
    setting_failed,
    write_property,
)
from hvsim.runtime.objects.reading import refuse_undescribed
from hvsim.runtime.objects.type_data import (
    type_data_member,
)
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    PSCustomObject,
    unwrap,
)


def set_member(ctx: Any, value: Any, name: str, new: Any) -> None:
    """``$value.name = new``.

    Raises:
        PSError: no such property, read-only, or the setter failed.
    """
    if new is AUTOMATION_NULL:
        new = None
    if value is None or value is AUTOMATION_NULL:
        raise cannot_set(name, "PropertyNotFound")
    if type(name) is not str:
        if isinstance(unwrap(value), Dictionary):
            set_index(ctx, value, [name], new)
            return
        from hvsim.runtime import convert

        name = convert.to_string(ctx, name)
    key = name.lower()
    extended = getattr(value, "extended", None)
    if extended:
        member = extended.get(key)
        if member is not None:
            member.set(ctx, value, new)
            return
    base = unwrap(value)
    if isinstance(base, Dictionary):
        if type(base) is OrderedDictionary:
            base.set(name, new)
        else:
            set_index(ctx, base, [name], new)
        return
    member = type_data_member(ctx, value, key)
    if member is not None:
        member.set(ctx, value, new)
        return
    _set_property(ctx, base, name, key, new)


def _set_property(ctx: Any, base: Any, name: str, key: str, new: Any) -> None:
    net_type = types.of(base)
    adapted = getattr(type(base), "get_adapted", None)
    if adapted is not None:
        member = adapted(base, ctx, name)
        if member is not None:
            member.set(ctx, base, new)
            return
    prop = net_members.find_property(net_type, key)
    if prop is not None:
        write_property(ctx, prop, base, new)
        return
    refuse_undescribed(net_type, name)
    if adapted is not None or type(base) is PSCustomObject:
        raise setting_failed(name, cannot_set(name))
    raise cannot_set(name)


def cannot_set(name: str, error_id: str = "PropertyAssignmentException") -> PSError:
    return runtime_error(
        error_id,
        f"The property '{name}' cannot be found on this object. Verify that the property exists and can be set.",
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""``[type]::Name``, ``[type]::Name(args)`` and ``[type]::new(args)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.runtime import edition51, types
from hvsim.runtime import members as net_members
from hvsim.runtime.format import edition_of
from hvsim.runtime.member_info import (
    NetMethod,
    read_only,
)
from hvsim.runtime.objects.calling import call_group, method_not_found
from hvsim.runtime.objects.reading import property_not_found, refuse_undescribed
from hvsim.runtime.objects.writing import cannot_set
from hvsim.runtime.types import NetType
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    PACKED_FROM,
    Array,
    EnumValue,
    MultiArray,
    PackedBytes,
    unwrap,
)


def _as_type(net_type: Any) -> NetType:
    net_type = unwrap(net_type)
    return net_type if isinstance(net_type, NetType) else types.of(net_type)


def get_static(ctx: Any, net_type: Any, name: str) -> Any:
    """``[type]::name``; a missing one is null, an error in strict mode."""
    net_type = _as_type(net_type)
    key = name.lower()
    if net_type.is_enum:
        entry = types.enum_lookup(net_type).get(key)
        if entry is not None:
            return EnumValue(net_type, entry[1])
    if edition_of(ctx) == edition51.EDITION and edition51.lacks_static(net_type, key):
        if ctx.strict >= 2:
            raise property_not_found(name)
        return None
    prop = net_members.find_property(net_type, key, static=True)
    if prop is not None and prop.get is not None:
        return prop.get(ctx) if prop.context else prop.get()
    group = net_members.find_method(net_type, key, static=True)
    if group is not None:
        return NetMethod(group, net_type)
    if key == "new":
        created = net_members.find_constructor(net_type)
        if created is not None:
            return NetMethod(created, net_type)
    refuse_undescribed(net_type, name, joint="::")
    if ctx is not None and ctx.strict >= 2:
        raise property_not_found(name)
    return None


def set_static(ctx: Any, net_type: Any, name: str, new: Any) -> None:
    """``[type]::name = new``."""
    if net_type is None or net_type is AUTOMATION_NULL:
        raise cannot_set(name)
    net_type = _as_type(net_type)
    prop = net_members.find_property(net_type, name, static=True)
    if prop is None:
        refuse_undescribed(net_type, name, joint="::")
        raise cannot_set(name)
    if prop.put is None:
        raise read_only(prop.name)
    from hvsim.runtime import convert

    wanted = prop.type
    value = convert.to(ctx, new, wanted) if wanted is not None and wanted is not types.OBJECT else unwrap(new)
    if prop.put_context:
        prop.put(ctx, value)
    else:
        prop.put(value)


def invoke_static(ctx: Any, net_type: Any, name: str, args: Sequence[Any], *, generic: Sequence[NetType] = ()) -> Any:
    """``[type]::name(args)``."""
    net_type = _as_type(net_type)
    group = net_members.find_method(net_type, name, static=True)
    if edition_of(ctx) == edition51.EDITION:
        if edition51.lacks_static(net_type, name):
            raise method_not_found(net_type.full_name, name, with_target=False)
        group = None if group is None else edition51.method(group)
    if group is None:
        if name.lower() == "new":
            return construct(ctx, net_type, args)
        refuse_undescribed(net_type, name, "method", "::")
        raise method_not_found(net_type.full_name, name, with_target=False)
    return call_group(ctx, group, (), args, generic)


def construct(ctx: Any, net_type: Any, args: Sequence[Any], *, shown: str = "new") -> Any:
    """``[type]::new(args)``; *shown* is the name in overload errors (``New-Object`` shows the type's, and gives a struct
    its default value where ``::new()`` does so only for a type without any constructor).

    Raises:
        PSError: no constructor fits, or it threw (``MethodInvocationException`` for ``.ctor``).
    """
    net_type = _as_type(net_type)
    if net_type.element_type is not None:
        return _new_array(ctx, net_type, args, shown)
    group = net_members.find_constructor(net_type)
    bare = group is None or all(o.parameters for o in group.overloads)
    if net_type.is_value_type and not args and bare and (group is None or shown != "new"):
        from hvsim.runtime.defaults import default_value

        return default_value(net_type)
    if group is None or net_type.is_abstract:
        raise net_members.method_error(
            "MethodCountCouldNotFindBest",
            f'Cannot find an overload for "{shown}" and the argument count: "{len(args)}".',
        )
    return net_members.invoke(ctx, group, (net_type,), args, shown=shown)


def _new_array(ctx: Any, net_type: NetType, args: Sequence[Any], shown: str) -> Any:
    from hvsim.runtime import convert
    from hvsim.runtime.defaults import fresh_items

    element = net_type.element_type
    assert element is not None
    if len(args) != net_type.rank:
        raise net_members.method_error(
            "MethodCountCouldNotFindBest",
            f'Cannot find an overload for "{shown}" and the argument count: "{len(args)}".',
        )
    sizes = [convert.to(ctx, a, types.INT) for a in args]
    if any(s < 0 for s in sizes):
        from hvsim.runtime.errors import net_error

        raise net_members.wrap_invocation(
            net_error("System.OverflowException", "Arithmetic operation resulted in an overflow."), ".ctor", len(args)
        )
    total = 1
    for size in sizes:
        total *= size
    if net_type.rank == 1 and total >= PACKED_FROM and element.full_name == "System.Byte":
        return PackedBytes(bytearray(total), element)
    items = fresh_items(element, total)
    if net_type.rank == 1:
        return Array(items, element if element is not types.OBJECT else None)
    return MultiArray(tuple(sizes), items, element)

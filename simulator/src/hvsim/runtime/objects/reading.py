# SPDX-License-Identifier: GPL-3.0-or-later
"""``$x.Name``: the member's value, or what PowerShell falls back to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import members as net_members
from hvsim.runtime import types
from hvsim.runtime.collections import Dictionary
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.member_info import (
    AliasProperty,
    Member,
    NetMethod,
    NoteProperty,
)
from hvsim.runtime.objects import parameterized
from hvsim.runtime.objects.type_data import is_changed, type_alone, type_data_caches, type_data_of
from hvsim.runtime.type_names import type_names_list
from hvsim.runtime.types import NetType
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    EnumValue,
    MultiArray,
    NetObject,
    PSCustomObject,
    PSObject,
    unwrap,
)

MISSING = object()


def get_member(ctx: Any, value: Any, name: str) -> Any:
    """``$value.name``.

    Raises:
        PSError: ``PropertyNotFoundStrict`` in strict mode.
        Unsupported: the member is known and not implemented.
    """
    if type(name) is not str:
        return _by_raw_name(ctx, value, name)
    key = name.lower()
    if type(value) is PSCustomObject:
        member = value.extended.get(key)  # type: ignore[union-attr]
        if type(member) is NoteProperty:
            return member.value
    result = read(ctx, value, name, key)
    if result is not MISSING:
        return result
    return _absent(ctx, value, name, key)


def _by_raw_name(ctx: Any, value: Any, name: Any) -> Any:
    """``$h.1`` and ``$h.$key``: a name that is no string is a dictionary's key as it is."""
    from hvsim.runtime import convert

    base = unwrap(value)
    if isinstance(base, Dictionary) and base.contains(name):
        return base.get(name)
    return get_member(ctx, value, convert.to_string(ctx, name))


_properties: dict[NetType | None, dict[str, net_members.Property]] = net_members.new_cache()
type_data_caches.append(_properties)
"""Readable properties that nothing but a value's type decides, by type and name."""


def _read_property(ctx: Any, prop: net_members.Property, base: Any) -> Any:
    assert prop.get is not None
    try:
        return prop.get(ctx, base) if prop.context else prop.get(base)
    except PSError:
        return None


def property_read(name: str) -> Callable[[Any, Any], Any]:
    """What reads ``$value.name`` of a name that is known beforehand, as :func:`get_member` does.

    A property that was found before for the value's type is read right here.
    """
    key = name.lower()

    def read_known(ctx: Any, value: Any) -> Any:
        known = _properties.get(type_alone(value))
        prop = None if known is None else known.get(key)
        if prop is None or isinstance(value, Dictionary):
            return get_member(ctx, value, name)
        return _read_property(ctx, prop, value)

    return read_known


def read(ctx: Any, value: Any, name: str, key: str) -> Any:
    """The member's value, or MISSING; errors of getters read as null."""
    if type(value) is PSCustomObject:
        note = value.extended.get(key)  # type: ignore[union-attr]
        if type(note) is NoteProperty:
            return note.value
    if value is None or value is AUTOMATION_NULL:
        return MISSING
    extended = getattr(value, "extended", None)
    if extended:
        member = extended.get(key)
        if member is not None:
            return _read_member(ctx, member, value)
    base = value.base if type(value) is PSObject else value
    if isinstance(base, Dictionary) and base.store:
        found = base.store.get(base._key(name))
        if found is not None:
            return found[1]
    net_type = types.of(base)
    by_type_alone = not is_changed(value)
    if by_type_alone:
        known = _properties.get(net_type)
        prop = None if known is None else known.get(key)
        if prop is not None:
            return _read_property(ctx, prop, base)
    data = type_data_of(ctx, value, net_type, key)
    if data is not None:
        return _read_member(ctx, data, value)
    adapted = getattr(type(base), "get_adapted", None)
    if adapted is not None:
        found_member = adapted(base, ctx, name)
        if found_member is not None:
            return _read_member(ctx, found_member, base)
    prop = net_members.find_property(net_type, key)
    if prop is not None and prop.get is not None:
        if by_type_alone and adapted is None:
            _properties.setdefault(net_type, {})[key] = prop
        return _read_property(ctx, prop, base)
    return _read_rare(ctx, value, base, net_type, name, key)


def _read_rare(ctx: Any, value: Any, base: Any, net_type: NetType, name: str, key: str) -> Any:
    special = _SPECIAL.get(key)
    if special is not None:
        return special(ctx, value)
    if isinstance(base, Dictionary) and base.contains(name):
        return base.get(name)
    if key in parameterized.NAMES:
        indexer = parameterized.find(net_type, value, key)
        if indexer is not None:
            return indexer
    group = net_members.find_method(net_type, key)
    if group is not None:
        return NetMethod(group, value)
    return MISSING


def _read_member(ctx: Any, member: Member, owner: Any) -> Any:
    try:
        return member.get(ctx, owner)
    except PSError as error:
        if isinstance(member, AliasProperty) and error.exception.kind.endswith("PropertyNotFoundException"):
            raise
        return None


def _absent(ctx: Any, value: Any, name: str, key: str) -> Any:
    """The fall-backs for a member that the value itself does not have."""
    strict = ctx is not None and ctx.strict >= 2
    if value is None or value is AUTOMATION_NULL:
        if strict:
            raise property_not_found(name)
        return 0 if key in ("count", "length") else None
    base = unwrap(value)
    elements = elements_of(base)
    if elements is not None:
        return _enumerate_member(ctx, elements, name, key, strict)
    if not strict and key in ("count", "length"):
        return 1
    refuse_undescribed(types.of(base), name)
    if strict:
        raise property_not_found(name)
    return None


def property_not_found(name: str) -> PSError:
    return runtime_error(
        "PropertyNotFoundStrict",
        f"The property '{name}' cannot be found on this object. Verify that the property exists.",
        kind="System.Management.Automation.PropertyNotFoundException",
        category="NotSpecified",
    )


def refuse_undescribed(net_type: NetType, name: str, what: str = "property", joint: str = ".") -> None:
    if not net_members.is_described(net_type) or net_members.is_known(net_type, name):
        raise Unsupported(f"{what} {types.display(net_type)}{joint}{name}")


def elements_of(base: Any) -> Iterable[Any] | None:
    """What member enumeration walks over, None for a scalar."""
    if isinstance(base, (list, MultiArray)):
        return base
    if isinstance(base, (str, int, float, Dictionary, PSCustomObject, EnumValue)):
        return None
    if isinstance(base, NetObject):
        from hvsim.runtime import convert

        return convert.enumerate(base)
    return None


def _enumerate_member(ctx: Any, elements: Iterable[Any], name: str, key: str, strict: bool) -> Any:
    results: list[Any] = []
    found_any = False
    for element in elements:
        result = read(ctx, element, name, key)
        if result is MISSING:
            result = _absent_of_element(ctx, element, name, key, strict)
            if result is MISSING:
                continue
        found_any = True
        if type(result) in _PLAIN_RESULTS:
            results.append(result)
            continue
        if isinstance(result, (NetMethod, parameterized.ParameterizedProperty)):
            continue
        inner = elements_of(result) if not isinstance(result, str) else None
        if inner is not None:
            results.extend(inner)
        else:
            results.append(result)
    if not found_any and strict:
        raise property_not_found(name)
    if not results:
        return None if not found_any else AUTOMATION_NULL if not results else None
    return results[0] if len(results) == 1 else Array(results)


_PLAIN_RESULTS = frozenset({str, int, bool, float, type(None), PSCustomObject, EnumValue})


def _absent_of_element(ctx: Any, element: Any, name: str, key: str, strict: bool) -> Any:
    if element is None:
        return MISSING
    if not strict and (type(element) is PSCustomObject or hasattr(type(element), "get_adapted")):
        return 1 if key in ("count", "length") else None
    inner = elements_of(unwrap(element))
    if inner is not None:
        value = _enumerate_member(ctx, inner, name, key, False)
        return MISSING if value is None else value
    if key not in ("count", "length") and isinstance(unwrap(element), NetObject):
        refuse_undescribed(types.of(unwrap(element)), name)
    if strict:
        raise property_not_found(name)
    return 1 if key in ("count", "length") and not isinstance(element, str) else MISSING


class PSObjectView(NetObject):
    """What ``$x.PSObject`` gives: the object as the extended type system sees it."""

    __slots__ = ("owner",)
    NET = "System.Management.Automation.PSObject"

    def __init__(self, owner: Any) -> None:
        self.owner = owner


_SPECIAL: dict[str, Callable[[Any, Any], Any]] = {
    "psobject": lambda ctx, value: PSObjectView(value),
    "psbase": lambda ctx, value: unwrap(value),
    "psadapted": lambda ctx, value: unwrap(value),
    "psextended": lambda ctx, value: value,
    "pstypenames": lambda ctx, value: type_names_list(value),
}

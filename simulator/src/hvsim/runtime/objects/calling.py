# SPDX-License-Identifier: GPL-3.0-or-later
"""``$x.Name(args)``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hvsim.runtime import edition51, intrinsics, types
from hvsim.runtime import members as net_members
from hvsim.runtime.errors import PSError, net_error, runtime_error
from hvsim.runtime.format import edition_of
from hvsim.runtime.member_info import (
    CodeMethod,
    NetMethod,
    ScriptMethod,
    getting_failed,
)
from hvsim.runtime.objects.parameterized import ParameterizedProperty
from hvsim.runtime.objects.reading import MISSING, elements_of, refuse_undescribed
from hvsim.runtime.objects.type_data import is_changed, type_alone, type_data_caches, type_data_of
from hvsim.runtime.signatures import parse_overloads
from hvsim.runtime.type_names import type_names
from hvsim.runtime.types import NetType
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    PSCustomObject,
    PSObject,
    unwrap,
)


def call_group(
    ctx: Any,
    group: net_members.MethodGroup,
    target: tuple[Any, ...],
    args: Sequence[Any],
    generic: Sequence[NetType] = (),
    shown: str | None = None,
) -> Any:
    """Calls a method group; a void method gives AUTOMATION_NULL."""
    return net_members.invoke(ctx, group, target, args, generic=generic, shown=shown)


def invoke_member(ctx: Any, value: Any, name: str, args: Sequence[Any], *, generic: Sequence[NetType] = ()) -> Any:
    """``$value.name(args)``; a method without result gives AUTOMATION_NULL.

    Raises:
        PSError: ``InvokeMethodOnNull``, ``MethodNotFound``, no overload, or what the method threw, wrapped.
        Unsupported: the method is known and not implemented.
    """
    if type(name) is not str:
        return _invoke_by_value(ctx, value, name, args)
    key = name.lower()
    if value is None or value is AUTOMATION_NULL:
        if key in ("where", "foreach"):
            return intrinsics.call(ctx, value, key, args)
        raise runtime_error("InvokeMethodOnNull", "You cannot call a method on a null-valued expression.")
    result = _call(ctx, value, name, key, args, generic)
    if result is not MISSING:
        return result
    base = unwrap(value)
    if key in ("where", "foreach"):
        return intrinsics.call(ctx, value, key, args)
    elements = elements_of(base)
    if elements is not None:
        return _enumerate_method(ctx, base, elements, name, key, args, generic)
    refuse_undescribed(types.of(base), name, "method")
    # The error names its target only where PowerShell looks the member up dynamically.
    # Objects that are nothing but their members go by their first type name: deserialized ones as what they were.
    custom = type(base) is PSCustomObject or types.of(base).full_name == "System.Management.Automation.PSObject"
    shown = type_names(value)[0] if custom else types.of(base).full_name
    raise method_not_found(shown, name, with_target=bool(extended_of(value)) or custom)


def method_call(name: str) -> Callable[[Any, Any, Sequence[Any]], Any]:
    """What calls ``$value.name(args)`` of a name that is known beforehand, as :func:`invoke_member` does.

    A method that was found before for the value's type, called with arguments of classes that an overload was chosen for
    before and that need no conversion, is called right here.
    """
    key = name.lower()

    def call(ctx: Any, value: Any, args: Sequence[Any]) -> Any:
        known = (_groups_51 if ctx.edition == edition51.EDITION else _groups).get(type_alone(value))
        group = None if known is None else known.get(key)
        if group is None:
            return invoke_member(ctx, value, name, args)
        entry = group.cache.get(tuple(map(type, args)))
        if entry is None or not entry[1]:
            return invoke_member(ctx, value, name, args)
        try:
            result = group.function(ctx, value, *args) if group.context else group.function(value, *args)
        except PSError as error:
            raise net_members.wrap_invocation(error, group.name, len(args), group.owner) from None
        return AUTOMATION_NULL if result is None and entry[0].overload.returns == "void" else result

    return call


def extended_of(value: Any) -> dict[str, Any] | None:
    """The members added to a value, if any."""
    return getattr(value, "extended", None)


def method_not_found(type_name: str, name: str, *, with_target: bool = True) -> PSError:
    return runtime_error(
        "MethodNotFound",
        f"Method invocation failed because [{type_name}] does not contain a method named '{name}'.",
        target=name if with_target else None,
    )


def _invoke_by_value(ctx: Any, value: Any, name: Any, args: Sequence[Any]) -> Any:
    from hvsim.runtime import convert

    return invoke_member(ctx, value, convert.to_string(ctx, name), args)


_groups: dict[NetType | None, dict[str, net_members.MethodGroup]] = net_members.new_cache()
_groups_51: dict[NetType | None, dict[str, net_members.MethodGroup]] = net_members.new_cache()
type_data_caches.extend((_groups, _groups_51))
"""Methods that nothing but a value's type decides, by type and name; found once, for each edition."""


def _call(ctx: Any, value: Any, name: str, key: str, args: Sequence[Any], generic: Sequence[NetType]) -> Any:
    extended = getattr(value, "extended", None)
    if extended:
        member = extended.get(key)
        if member is not None and not member.is_property:
            return member.invoke(ctx, value, args)
    base = value.base if type(value) is PSObject else value
    net_type = types.of(base)
    groups = _groups_51 if edition_of(ctx) == edition51.EDITION else _groups
    by_type_alone = not is_changed(value)
    if by_type_alone:
        known = groups.get(net_type)
        group = None if known is None else known.get(key)
        if group is not None:
            return net_members.invoke(ctx, group, (base,), args, generic=generic)
    member = type_data_of(ctx, value, net_type, key)
    if member is not None and not member.is_property:
        return member.invoke(ctx, value, args)
    group = net_members.find_method(net_type, key)
    if group is not None and groups is _groups_51:
        group = None if edition51.lacks_method(net_type, key) else edition51.method(group)
    if group is not None and by_type_alone and key not in ("item", "chars"):
        groups.setdefault(net_type, {})[key] = group
    if key in ("item", "chars"):
        index = group or net_members.find_indexer(net_type)
        if index is not None and (group is not None or index.name.lower() == key):
            return _parameterized(ctx, index, base, args)
        if type(base) is Array and key == "item":
            return _parameterized(ctx, _array_item(net_type), base, args)
    if group is not None:
        return call_group(ctx, group, (base,), args, generic)
    if isinstance(base, (NetMethod, ParameterizedProperty)) and key == "invoke":
        return base.invoke(ctx, base.owner, args)
    if isinstance(base, (ScriptMethod, CodeMethod)) and key == "invoke":
        return base.invoke(ctx, base.owner, args)
    return MISSING


def _array_item(net_type: NetType) -> net_members.MethodGroup:
    """``IList.Item`` of an array, which .NET implements for the interface only."""
    return net_members.MethodGroup(net_type, "Item", parse_overloads(["(int) -> System.Object"]), _element_of_array, False, False)


def _element_of_array(array: Array, index: int) -> Any:
    if not 0 <= index < len(array):
        raise net_error("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return array[index]


def _parameterized(ctx: Any, group: net_members.MethodGroup, base: Any, args: Sequence[Any]) -> Any:
    """``$d.Item('key')``: an indexer called by its name fails as a property does."""
    try:
        return call_group(ctx, group, (base,), args)
    except PSError as error:
        inner = error.exception.inner
        if inner is None or not error.exception.kind.endswith("MethodInvocationException"):
            raise
        raise getting_failed(group.name, PSError(inner)) from None


def _enumerate_method(
    ctx: Any, base: Any, elements: Iterable[Any], name: str, key: str, args: Sequence[Any], generic: Sequence[NetType]
) -> Any:
    """A method of the elements of a collection; elements that lack it are an error as soon as one has it."""
    results: list[Any] = []
    called = False
    for element in list(elements):
        if element is None:
            continue
        result = _call(ctx, element, name, key, args, generic)
        if result is MISSING:
            inner = elements_of(unwrap(element))
            if inner is None:
                raise method_not_found(types.of(unwrap(element)).full_name, name, with_target=False)
            result = _enumerate_method(ctx, unwrap(element), inner, name, key, args, generic)
        called = True
        if result is AUTOMATION_NULL:
            continue
        inner_results = elements_of(result) if not isinstance(result, str) else None
        if inner_results is not None:
            results.extend(inner_results)
        else:
            results.append(result)
    if not called:
        raise method_not_found(types.of(base).full_name, name, with_target=False)
    if not results:
        return AUTOMATION_NULL
    return results[0] if len(results) == 1 else Array(results)

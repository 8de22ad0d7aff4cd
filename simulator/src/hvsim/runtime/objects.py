# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading, writing and calling members of any value, as ``$x.Name``, ``$x.Name = v`` and ``$x.Name()`` do.

Order of lookup (PowerShell's ``PSGetMemberBinder``): members added to the object, keys of a dictionary, members from
type data, members of the .NET type, what an adapter makes up, then the fall-backs: ``Count``/``Length`` of anything,
the elements of a collection, ``$null``. ``ctx.strict`` turns ``$null`` into an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import intrinsics, types
from hvsim.runtime import members as net_members
from hvsim.runtime.collections import Dictionary, NetList, OrderedDictionary
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.indexing import get_index, set_index
from hvsim.runtime.member_info import (
    AdaptedProperty,
    AliasProperty,
    CodeMethod,
    CodeProperty,
    Member,
    MemberSet,
    NetMethod,
    NetProperty,
    NoteProperty,
    PropertySet,
    ScriptMethod,
    ScriptProperty,
    getting_failed,
    read_only,
    setting_failed,
    write_property,
)
from hvsim.runtime.type_names import TypeNameList, type_names, type_names_list
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Array, EnumValue, MultiArray, NetObject, PSCustomObject, PSObject

__all__ = [
    "AdaptedProperty",
    "AliasProperty",
    "CodeMethod",
    "CodeProperty",
    "Member",
    "MemberSet",
    "NetMethod",
    "NetObject",
    "NetProperty",
    "NoteProperty",
    "PSObjectView",
    "PropertySet",
    "ScriptMethod",
    "ScriptProperty",
    "TypeData",
    "add_member",
    "add_note",
    "construct",
    "custom_object",
    "find_member",
    "find_property",
    "get_index",
    "get_member",
    "get_static",
    "invoke_member",
    "invoke_static",
    "members",
    "properties",
    "set_index",
    "set_member",
    "set_static",
    "type_member",
    "type_names",
    "unwrap",
]

_MISSING = object()


def unwrap(value: Any) -> Any:
    """The value inside a PSObject; anything else as it is."""
    return value.base if type(value) is PSObject else value


# --- type data ----------------------------------------------------------------------------------------------------

# Members that PowerShell's own types.ps1xml adds, by full type name.
_type_members: dict[str, dict[str, Member]] = {}


class TypeData:
    """What ``Update-TypeData`` added in this runspace: type name (lower case) -> member name (lower case) -> member."""

    in_use = False

    def __init__(self) -> None:
        self.members: dict[str, dict[str, Member]] = {}
        TypeData.in_use = True


def type_member(type_name: str, member: Member) -> Member:
    """Adds a member to a type, as types.ps1xml does."""
    _type_members.setdefault(type_name, {})[member.name.lower()] = member
    _builtin.clear()
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
        for name in reversed(net_members._names(net_type)):
            table.update(_type_members.get(name, {}))
    return table.get(key)


# Members of type data by type, those of its bases and interfaces included.
_builtin: dict[NetType, dict[str, Member]] = {}


def _type_data_member(ctx: Any, value: Any, key: str) -> Member | None:
    """A member that type data gives to a value: the runspace's first, then PowerShell's own."""
    own = type_data(ctx) if TypeData.in_use else None
    if own is not None and own.members:
        for name in type_names(value):
            entry = own.members.get(name.lower())
            if entry is not None and key in entry:
                return entry[key]
    if getattr(value, "type_names", None):
        for name in type_names(value):
            entry = _type_members.get(name)
            if entry is not None and key in entry:
                return entry[key]
    return _builtin_member(types.of(value), key)


def _type_data_of(ctx: Any, value: Any, net_type: NetType, key: str) -> Member | None:
    """As :func:`_type_data_member`, quick for values of which no script changed the type data or names."""
    if TypeData.in_use or getattr(value, "type_names", None):
        return _type_data_member(ctx, value, key)
    table = _builtin.get(net_type)
    return _builtin_member(net_type, key) if table is None else table.get(key)


# --- reading ------------------------------------------------------------------------------------------------------


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
    result = _read(ctx, value, name, key)
    if result is not _MISSING:
        return result
    return _absent(ctx, value, name, key)


def _by_raw_name(ctx: Any, value: Any, name: Any) -> Any:
    """``$h.1`` and ``$h.$key``: a name that is no string is a dictionary's key as it is."""
    from hvsim.runtime import convert

    base = unwrap(value)
    if isinstance(base, Dictionary) and base.contains(name):
        return base.get(name)
    return get_member(ctx, value, convert.to_string(ctx, name))


def _read(ctx: Any, value: Any, name: str, key: str) -> Any:
    """The member's value, or _MISSING; errors of getters read as null."""
    if type(value) is PSCustomObject:
        note = value.extended.get(key)  # type: ignore[union-attr]
        if type(note) is NoteProperty:
            return note.value
    if value is None or value is AUTOMATION_NULL:
        return _MISSING
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
    data = _type_data_of(ctx, value, net_type, key)
    if data is not None:
        return _read_member(ctx, data, value)
    adapted = getattr(type(base), "get_adapted", None)
    if adapted is not None:
        found_member = adapted(base, ctx, name)
        if found_member is not None:
            return _read_member(ctx, found_member, base)
    prop = net_members.find_property(net_type, key)
    if prop is not None and prop.get is not None:
        try:
            return prop.get(ctx, base) if prop.context else prop.get(base)
        except PSError:
            return None
    return _read_rare(ctx, value, base, net_type, name, key)


def _read_rare(ctx: Any, value: Any, base: Any, net_type: NetType, name: str, key: str) -> Any:
    special = _SPECIAL.get(key)
    if special is not None:
        return special(ctx, value)
    if isinstance(base, Dictionary) and base.contains(name):
        return base.get(name)
    group = net_members.find_method(net_type, key)
    if group is not None:
        return NetMethod(group, value)
    return _MISSING


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
    elements = _elements(base)
    if elements is not None:
        return _enumerate_member(ctx, elements, name, key, strict)
    if not strict and key in ("count", "length"):
        return 1
    _refuse_undescribed(types.of(base), name)
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


def _refuse_undescribed(net_type: NetType, name: str, what: str = "property", joint: str = ".") -> None:
    if not net_members.is_described(net_type):
        raise Unsupported(f"{what} {types.display(net_type)}{joint}{name}")


def _elements(base: Any) -> Iterable[Any] | None:
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
        result = _read(ctx, element, name, key)
        if result is _MISSING:
            result = _absent_of_element(ctx, element, name, key, strict)
            if result is _MISSING:
                continue
        found_any = True
        if type(result) in _PLAIN_RESULTS:
            results.append(result)
            continue
        if isinstance(result, NetMethod):
            continue
        inner = _elements(result) if not isinstance(result, str) else None
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
        return _MISSING
    if not strict and (type(element) is PSCustomObject or hasattr(type(element), "get_adapted")):
        return 1 if key in ("count", "length") else None
    inner = _elements(unwrap(element))
    if inner is not None:
        value = _enumerate_member(ctx, inner, name, key, False)
        return _MISSING if value is None else value
    if strict:
        raise property_not_found(name)
    return 1 if key in ("count", "length") and not isinstance(element, str) else _MISSING


# --- writing ------------------------------------------------------------------------------------------------------


def set_member(ctx: Any, value: Any, name: str, new: Any) -> None:
    """``$value.name = new``.

    Raises:
        PSError: no such property, read-only, or the setter failed.
    """
    if new is AUTOMATION_NULL:
        new = None
    if value is None or value is AUTOMATION_NULL:
        raise _cannot_set(name, "PropertyNotFound")
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
    member = _type_data_member(ctx, value, key)
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
    _refuse_undescribed(net_type, name)
    if adapted is not None or type(base) is PSCustomObject:
        raise setting_failed(name, _cannot_set(name))
    raise _cannot_set(name)


def _cannot_set(name: str, error_id: str = "PropertyAssignmentException") -> PSError:
    return runtime_error(
        error_id, f"The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
    )


# --- calling ------------------------------------------------------------------------------------------------------


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
    if result is not _MISSING:
        return result
    base = unwrap(value)
    if key in ("where", "foreach"):
        return intrinsics.call(ctx, value, key, args)
    elements = _elements(base)
    if elements is not None:
        return _enumerate_method(ctx, base, elements, name, key, args, generic)
    _refuse_undescribed(types.of(base), name, "method")
    # The error names its target only where PowerShell looks the member up dynamically.
    raise method_not_found(types.of(base).full_name, name, with_target=bool(extended_of(value)) or type(base) is PSCustomObject)


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


def _call(ctx: Any, value: Any, name: str, key: str, args: Sequence[Any], generic: Sequence[NetType]) -> Any:
    extended = getattr(value, "extended", None)
    if extended:
        member = extended.get(key)
        if member is not None and not member.is_property:
            return member.invoke(ctx, value, args)
    base = value.base if type(value) is PSObject else value
    net_type = types.of(base)
    member = _type_data_of(ctx, value, net_type, key)
    if member is not None and not member.is_property:
        return member.invoke(ctx, value, args)
    group = net_members.find_method(net_type, key)
    if key in ("item", "chars"):
        index = group or net_members.find_indexer(net_type)
        if index is not None:
            return _parameterized(ctx, index, base, args)
    if group is not None:
        return call_group(ctx, group, (base,), args, generic)
    if isinstance(base, NetMethod) and key == "invoke":
        return base.invoke(ctx, base.owner, args)
    if isinstance(base, (ScriptMethod, CodeMethod)) and key == "invoke":
        return base.invoke(ctx, base.owner, args)
    return _MISSING


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
        if result is _MISSING:
            inner = _elements(unwrap(element))
            if inner is None:
                raise method_not_found(types.of(unwrap(element)).full_name, name, with_target=False)
            result = _enumerate_method(ctx, unwrap(element), inner, name, key, args, generic)
        called = True
        if result is AUTOMATION_NULL:
            continue
        inner_results = _elements(result) if not isinstance(result, str) else None
        if inner_results is not None:
            results.extend(inner_results)
        else:
            results.append(result)
    if not called:
        raise method_not_found(types.of(base).full_name, name, with_target=False)
    if not results:
        return AUTOMATION_NULL
    return results[0] if len(results) == 1 else Array(results)


# --- static members and construction ------------------------------------------------------------------------------


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
    _refuse_undescribed(net_type, name, joint="::")
    if ctx is not None and ctx.strict >= 2:
        raise property_not_found(name)
    return None


def set_static(ctx: Any, net_type: Any, name: str, new: Any) -> None:
    """``[type]::name = new``."""
    if net_type is None or net_type is AUTOMATION_NULL:
        raise _cannot_set(name)
    net_type = _as_type(net_type)
    prop = net_members.find_property(net_type, name, static=True)
    if prop is None:
        _refuse_undescribed(net_type, name, joint="::")
        raise _cannot_set(name)
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
    if group is None:
        if name.lower() == "new":
            return construct(ctx, net_type, args)
        _refuse_undescribed(net_type, name, "method", "::")
        raise method_not_found(net_type.full_name, name, with_target=False)
    return call_group(ctx, group, (), args, generic)


def construct(ctx: Any, net_type: Any, args: Sequence[Any], *, shown: str = "new") -> Any:
    """``[type]::new(args)``; *shown* is the name in overload errors (``New-Object`` shows the type's, and gives a struct
    its default value where ``::new()`` insists on a constructor).

    Raises:
        PSError: no constructor fits, or it threw (``MethodInvocationException`` for ``.ctor``).
    """
    net_type = _as_type(net_type)
    if net_type.element_type is not None:
        return _new_array(ctx, net_type, args, shown)
    group = net_members.find_constructor(net_type)
    bare = group is None or all(o.parameters for o in group.overloads)
    if net_type.is_value_type and not args and bare and shown != "new":
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
    from hvsim.runtime.defaults import default_value

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
    items = [default_value(element) for _ in range(total)]
    if net_type.rank == 1:
        return Array(items, element if element is not types.OBJECT else None)
    return MultiArray(tuple(sizes), items, element)


# --- listing ------------------------------------------------------------------------------------------------------


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


def find_member(ctx: Any, value: Any, name: str) -> Member | None:
    """The member of that name, without fall-backs."""
    if value is None or value is AUTOMATION_NULL:
        return None
    key = name.lower()
    extended = getattr(value, "extended", None)
    if extended and key in extended:
        member: Member = extended[key]
        return member
    data = _type_data_member(ctx, value, key)
    if data is not None:
        return _bound(data, value)
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
    group = net_members.find_method(net_type, key)
    return NetMethod(group, value) if group is not None else None


def find_property(ctx: Any, value: Any, name: str) -> Member | None:
    """The property of that name (no methods, no dictionary keys), without fall-backs."""
    found = find_member(ctx, value, name)
    return found if found is not None and found.is_property else None


def _bound(member: Member, owner: Any) -> Member:
    copy = member.copy()
    copy.owner = owner
    copy.hidden = member.hidden
    return copy


def properties(ctx: Any, value: Any) -> list[Member]:
    """The properties in PowerShell's order: added ones, type data, the .NET type's, the adapter's."""
    return [m for m in _listed(ctx, value, methods=False) if m.is_property and not m.hidden]


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
        for name in net_members.member_names(net_type)[1]:
            group = net_members.find_method(net_type, name)
            if group is not None:
                listed.setdefault(name.lower(), NetMethod(group, value))
    return list(listed.values())


def _data_members(ctx: Any, value: Any) -> list[Member]:
    found: dict[str, Member] = {}
    own = type_data(ctx)
    for name in type_names(value):
        for entry in (own.members.get(name.lower()) if own is not None else None, _type_members.get(name)):
            for key, member in (entry or {}).items():
                if key not in found:
                    found[key] = _bound(member, value)
    for interface in types.of(unwrap(value)).interfaces:
        for key, member in _type_members.get(interface.full_name, {}).items():
            if key not in found:
                found[key] = _bound(member, value)
    return list(found.values())


_property_order: dict[str, tuple[str, ...]] = {}


def property_order(type_name: str, *names: str) -> None:
    """States the order of declaration of a type's properties, which the recorded metadata does not keep."""
    _property_order[type_name] = names


def property_names(net_type: NetType) -> list[str]:
    """The names of a type's instance properties in .NET's order as far as it is known."""
    key = ("property names", net_members._generation)
    names: list[str] | None = net_type.cache.get(key)
    if names is None:
        known = net_members.member_names(net_type)[0]
        ordered: list[str] = []
        for name in net_members._names(net_type):
            ordered.extend(n for n in _property_order.get(name, ()) if n not in ordered)
        lower = {n.lower() for n in ordered}
        names = [*[n for n in ordered if n in known], *[n for n in known if n.lower() not in lower]]
        net_type.cache[key] = names
    return names


# --- adding -------------------------------------------------------------------------------------------------------


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


class PSObjectView(NetObject):
    """What ``$x.PSObject`` gives: the object as the extended type system sees it."""

    __slots__ = ("owner",)
    NET = "System.Management.Automation.PSObject"

    def __init__(self, owner: Any) -> None:
        self.owner = owner


def _pstypenames(ctx: Any, value: Any) -> Any:
    return type_names_list(value)


_SPECIAL: dict[str, Callable[[Any, Any], Any]] = {
    "psobject": lambda ctx, value: PSObjectView(value),
    "psbase": lambda ctx, value: unwrap(value),
    "psadapted": lambda ctx, value: unwrap(value),
    "psextended": lambda ctx, value: value,
    "pstypenames": _pstypenames,
}

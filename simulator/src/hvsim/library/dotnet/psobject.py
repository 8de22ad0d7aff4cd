# SPDX-License-Identifier: GPL-3.0-or-later
"""``PSObject`` as scripts see it: ``$x.PSObject``, collections of members, and members as values."""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, members, objects, types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method, static_method
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.type_names import type_names_list
from hvsim.runtime.types import NetType
from hvsim.runtime.values import EnumValue, NetObject, PSCustomObject, PSObject

_PSOBJECT = "System.Management.Automation.PSObject"
_TYPE_SYSTEM = "System.Management.Automation.ExtendedTypeSystemException"


@constructor(_PSOBJECT)
def _new_psobject(net_type: NetType, *args: Any) -> Any:
    if not args or type(args[0]) is int:
        return objects.custom_object([])
    return objects.extensible(args[0])


@static_method(_PSOBJECT, "AsPSObject", overloads=["(System.Object) -> psobject", "(System.Object, bool) -> psobject"])
def _as_psobject(value: Any, _store: bool = False) -> Any:
    return objects.extensible(value)


@getter(_PSOBJECT, "BaseObject")
def _base_object(self: objects.PSObjectView) -> Any:
    return objects.unwrap(self.owner)


@getter(_PSOBJECT, "ImmediateBaseObject")
def _immediate_base(self: objects.PSObjectView) -> Any:
    return objects.unwrap(self.owner)


@getter(_PSOBJECT, "TypeNames")
def _view_type_names(self: objects.PSObjectView) -> Any:
    return type_names_list(self.owner)


@getter(_PSOBJECT, "Properties")
def _view_properties(self: objects.PSObjectView) -> MemberCollection:
    return MemberCollection(self.owner, "properties")


@getter(_PSOBJECT, "Members")
def _view_members(self: objects.PSObjectView) -> MemberCollection:
    return MemberCollection(self.owner, "members")


@getter(_PSOBJECT, "Methods")
def _view_methods(self: objects.PSObjectView) -> MemberCollection:
    return MemberCollection(self.owner, "methods")


@method(_PSOBJECT, "Copy", context=True)
def _view_copy(ctx: Any, self: objects.PSObjectView) -> Any:
    return objects.copy_object(ctx, self.owner)


@method(_PSOBJECT, "ToString", overloads=["() -> string"], context=True)
def _view_text(ctx: Any, self: objects.PSObjectView) -> str:
    return convert.net_string(ctx, self.owner)


_METHODS = frozenset(("Method", "ScriptMethod", "CodeMethod", "ParameterizedProperty"))


class MemberCollection(NetObject):
    """``PSObject.Properties`` and its like: a live view of an object's members."""

    __slots__ = ("owner", "which")
    ELEMENTS: ClassVar[dict[str, str]] = {
        "properties": "System.Management.Automation.PSPropertyInfo",
        "members": "System.Management.Automation.PSMemberInfo",
        "methods": "System.Management.Automation.PSMethodInfo",
    }

    def __init__(self, owner: Any, which: str) -> None:
        self.owner = owner
        self.which = which

    @property
    def net_type(self) -> NetType:
        definition = types.get("System.Management.Automation.PSMemberInfoIntegratingCollection`1")
        return types.generic(definition, types.get(self.ELEMENTS[self.which]))

    def content(self, ctx: Any) -> list[objects.Member]:
        if self.which == "properties":
            return objects.properties(ctx, self.owner)
        found = objects.members(ctx, self.owner)
        return [m for m in found if m.kind in _METHODS] if self.which == "methods" else found

    def __iter__(self) -> Any:
        return iter(self.content(None))

    def find(self, ctx: Any, name: str) -> objects.Member | None:
        found = objects.find_member(ctx, self.owner, name)
        if found is None:
            return None
        if found.owner is None:
            found.owner = self.owner
        if self.which == "properties" and not found.is_property:
            return None
        return None if self.which == "methods" and found.kind not in _METHODS else found


convert.SEQUENCES[MemberCollection] = iter

_COLLECTION = "System.Management.Automation.PSMemberInfoCollection`1"


@members.indexer(_COLLECTION, overloads=["(string) -> System.Object"], context=True)
def _member_by_name(ctx: Any, self: MemberCollection, name: str) -> Any:
    return self.find(ctx, name)


@method(_COLLECTION, "Add", overloads=["(System.Object) -> void", "(System.Object, bool) -> void"], context=True)
def _member_add(ctx: Any, self: MemberCollection, member: objects.Member, pre_validated: bool = False) -> None:
    holder = self.owner
    if not hasattr(holder, "extended"):
        raise Unsupported("PSObject.Properties.Add on a value without identity")
    if holder.extended is None:
        holder.extended = {}
    if member.kind in ("Property", "Method"):
        raise net_error(_TYPE_SYSTEM, "A PSProperty or PSMethod object cannot be added to this collection.")
    clone = member.copy() if member.owner is not None and member.owner is not holder else member
    clone.owner = holder
    holder.extended[member.name.lower()] = clone


@method(_COLLECTION, "Remove", overloads=["(string) -> void"])
def _member_remove(self: MemberCollection, name: str) -> None:
    extended = getattr(self.owner, "extended", None)
    if extended:
        extended.pop(name.lower(), None)


@method(
    _COLLECTION,
    "Match",
    overloads=["(string) -> System.Object", "(string, System.Management.Automation.PSMemberTypes) -> System.Object"],
    context=True,
)
def _member_match(ctx: Any, self: MemberCollection, pattern: str, kinds: EnumValue | None = None) -> Any:
    from hvsim.runtime import wildcard
    from hvsim.runtime.collections import ReadOnlyCollection

    matcher = wildcard.compile(pattern)
    found = [m for m in self.content(ctx) if matcher(m.name)]
    if kinds is not None:
        found = [m for m in found if member_type(m).value & kinds.value]
    return ReadOnlyCollection(found, types.get(MemberCollection.ELEMENTS[self.which]))


@method(_COLLECTION, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"], context=True)
def _member_enumerator(ctx: Any, self: MemberCollection) -> Any:
    from hvsim.runtime.collections import Enumerator

    return Enumerator(lambda: self.content(ctx), types.get("System.Collections.IEnumerator"))


# --- members as values --------------------------------------------------------------------------------------------

_MEMBER = "System.Management.Automation.PSMemberInfo"
_PROPERTY = "System.Management.Automation.PSPropertyInfo"
_AUTOMATION = "System.Management.Automation."


def member_type(member: objects.Member) -> EnumValue:
    return types.enum(_AUTOMATION + "PSMemberTypes", member.kind)


@getter(_MEMBER, "Name", type="string")
def _info_name(self: objects.Member) -> str:
    return self.name


@getter(_MEMBER, "MemberType", type="System.Management.Automation.PSMemberTypes")
def _info_kind(self: objects.Member) -> EnumValue:
    return member_type(self)


@getter(_MEMBER, "Value", context=True)
def _info_value(ctx: Any, self: objects.Member) -> Any:
    return self.get(ctx, self.owner)


@members.setter(_MEMBER, "Value", context=True)
def _info_set_value(ctx: Any, self: objects.Member, value: Any) -> None:
    self.set(ctx, self.owner, value)


@getter(_MEMBER, "TypeNameOfValue", type="string", context=True)
def _info_type_name(ctx: Any, self: objects.Member) -> str:
    return self.type_name(ctx)


@getter(_MEMBER, "IsInstance", type="bool")
def _info_instance(self: objects.Member) -> bool:
    extended = getattr(self.owner, "extended", None) or {}
    return extended.get(self.name.lower()) is self


@getter(_PROPERTY, "IsSettable", type="bool")
def _info_settable(self: objects.Member) -> bool:
    return self.settable


@getter(_PROPERTY, "IsGettable", type="bool")
def _info_gettable(self: objects.Member) -> bool:
    return self.gettable


@method(_MEMBER, "Copy", overloads=["() -> System.Management.Automation.PSMemberInfo"])
def _info_copy(self: objects.Member) -> objects.Member:
    return self.copy()


@method(_MEMBER, "ToString", overloads=["() -> string"], context=True)
def _info_text(ctx: Any, self: objects.Member) -> str:
    return member_text(ctx, self)


def member_text(ctx: Any, member: objects.Member) -> str:
    """``PSMemberInfo.ToString()``, which is also what ``Get-Member`` shows as the definition."""
    if isinstance(member, objects.NoteProperty):
        text = "null" if member.value is None else convert.net_string(ctx, member.value)
        return f"{_short(member)} {member.name}={text}"
    if isinstance(member, objects.ScriptProperty):
        parts = [f"{verb}={_script(member, block)};" for verb, block in (("get", member.getter), ("set", member.setter)) if block]
        return f"System.Object {member.name} {{{''.join(parts)}}}"
    if isinstance(member, objects.AliasProperty):
        return f"{member.name} = {member.referenced}"
    if isinstance(member, objects.ScriptMethod):
        return f"System.Object {member.name}();"
    if isinstance(member, (objects.NetMethod, objects.ParameterizedProperty)):
        return ", ".join(member.definitions)
    if isinstance(member, objects.NetProperty):
        access = ("get;" if member.gettable else "") + ("set;" if member.settable else "")
        static = "static " if member.property.static else ""
        return f"{static}{_display(member.property.type_text)} {member.name} {{{access}}}"
    if isinstance(member, objects.PropertySet):
        return f"{member.name} {{{', '.join(member.names)}}}"
    if isinstance(member, objects.CodeProperty):
        # PowerShell shows the getter: a script's whole text, or the name of a method.
        raise Unsupported(f"the definition of {member.name}")
    return f"{member.type_name(ctx)} {member.name}"


def _script(member: objects.Member, block: Any) -> str:
    """The text of a getter or setter as it stands between its braces.

    Raises:
        Unsupported: the type data behind it is no script here.
    """
    if not isinstance(block, ScriptBlock):
        raise Unsupported(f"the definition of {member.name}")
    return convert.to_string(None, block)


def _short(member: objects.NoteProperty) -> str:
    """The value's type: its first type name if it has a PSObject of its own, else the .NET name without namespaces."""
    value = objects.unwrap(member.value)
    if value is None:
        return "object"
    if isinstance(value, PSCustomObject) or isinstance(member.value, PSObject):
        return objects.type_names(member.value)[0]
    return types.short_display(types.of(value))


def _display(type_text: str) -> str:
    found = types.find(type_text)
    return types.display(found) if found is not None else type_text


@getter("System.Management.Automation.PSMethodInfo", "OverloadDefinitions", type="System.Collections.ObjectModel.Collection[string]")
def _overload_definitions(self: Any) -> Any:
    from hvsim.runtime.collections import Collection

    texts = self.definitions if isinstance(self, (objects.NetMethod, objects.ParameterizedProperty)) else [member_text(None, self)]
    return Collection(texts, types.STRING)


@getter(_AUTOMATION + "PSParameterizedProperty", "IsGettable", type="bool")
def _indexer_gettable(self: objects.ParameterizedProperty) -> bool:
    return self.gettable


@getter(_AUTOMATION + "PSParameterizedProperty", "IsSettable", type="bool")
def _indexer_settable(self: objects.ParameterizedProperty) -> bool:
    return self.settable


@getter("System.Management.Automation.PSScriptMethod", "Script", type="scriptblock")
def _script_of_method(self: objects.ScriptMethod) -> Any:
    return self.script


@getter("System.Management.Automation.PSScriptProperty", "GetterScript", type="scriptblock")
def _getter_script(self: objects.ScriptProperty) -> Any:
    return self.getter


@getter("System.Management.Automation.PSScriptProperty", "SetterScript", type="scriptblock")
def _setter_script(self: objects.ScriptProperty) -> Any:
    return self.setter


@getter("System.Management.Automation.PSAliasProperty", "ReferencedMemberName", type="string")
def _referenced(self: objects.AliasProperty) -> str:
    return self.referenced


@getter("System.Management.Automation.PSPropertySet", "ReferencedPropertyNames", type="System.Object")
def _set_names(self: objects.PropertySet) -> Any:
    from hvsim.runtime.collections import Collection

    return Collection(self.names, types.STRING)


@constructor(_AUTOMATION + "PSNoteProperty", overloads=["(string, System.Object)"])
def _new_note(net_type: NetType, name: str, value: Any) -> objects.NoteProperty:
    return objects.NoteProperty(_valid_name(name), value)


@constructor(_AUTOMATION + "PSScriptProperty", overloads=["(string, scriptblock)", "(string, scriptblock, scriptblock)"])
def _new_script_property(net_type: NetType, name: str, getter_: Any, setter_: Any = None) -> objects.ScriptProperty:
    return objects.ScriptProperty(_valid_name(name), getter_, setter_)


@constructor(_AUTOMATION + "PSScriptMethod", overloads=["(string, scriptblock)"])
def _new_script_method(net_type: NetType, name: str, script: Any) -> objects.ScriptMethod:
    return objects.ScriptMethod(_valid_name(name), script)


@constructor(_AUTOMATION + "PSAliasProperty", overloads=["(string, string)", "(string, string, type)"])
def _new_alias(net_type: NetType, name: str, referenced: str, conversion: Any = None) -> objects.AliasProperty:
    return objects.AliasProperty(_valid_name(name), referenced, conversion)


@constructor(_AUTOMATION + "PSPropertySet", overloads=["(string, System.Collections.Generic.IEnumerable[string])"])
def _new_property_set(net_type: NetType, name: str, names: Any) -> objects.PropertySet:
    return objects.PropertySet(_valid_name(name), list(names))


@constructor(_AUTOMATION + "PSMemberSet", overloads=["(string)", "(string, System.Object)"])
def _new_member_set(net_type: NetType, name: str, content: Any = ()) -> objects.MemberSet:
    if not isinstance(content, (list, tuple)):
        raise Unsupported("a PSMemberSet of anything but an array")
    return objects.MemberSet(_valid_name(name), list(content))


def _valid_name(name: str) -> str:
    if not name:
        raise net_error(
            "System.Management.Automation.PSArgumentException",
            "Cannot process argument because the value of argument \"name\" is not valid. Change the value of the "
            '"name" argument and run the operation again.',
        )
    return name



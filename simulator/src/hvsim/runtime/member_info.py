# SPDX-License-Identifier: GPL-3.0-or-later
"""Members as PowerShell's extended type system sees them: note, script, alias and code properties, methods, sets.

A member in an object's ``extended`` belongs to that object (``owner``); members of .NET types are made on demand, bound
to the object that was asked. All of them are PowerShell values (``PSNoteProperty`` ...) themselves.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from hvsim.runtime import members, types
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.values import AUTOMATION_NULL, Array, NetObject

_AUTOMATION = "System.Management.Automation."


class Member(NetObject):
    """One member of an object.

    Attributes:
        name: as declared.
        kind: the name of its ``PSMemberTypes`` value.
        owner: the object it is bound to, None for one that has not been added yet.
        hidden: not shown when the members are listed.
    """

    __slots__ = ("hidden", "name", "owner")
    kind: ClassVar[str] = "NoteProperty"
    is_property: ClassVar[bool] = True
    settable: bool = False
    gettable: bool = True

    def __init__(self, name: str, owner: Any = None) -> None:
        self.name = name
        self.owner = owner
        self.hidden = False

    @property
    def is_instance(self) -> bool:
        """Added to this one object (``IsInstance``)."""
        return False

    def get(self, ctx: Any, owner: Any) -> Any:
        raise NotImplementedError

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        raise NotImplementedError

    def invoke(self, ctx: Any, owner: Any, args: Sequence[Any]) -> Any:
        raise NotImplementedError

    def type_name(self, ctx: Any = None) -> str:
        """``TypeNameOfValue``."""
        return "System.Object"

    def copy(self) -> Member:
        """The same member, not bound to an object."""
        raise NotImplementedError


class NoteProperty(Member):
    """A name and a value. It answers without its object and refers to it weakly: an object and its notes would otherwise keep each
    other, and what the notes hold, until the garbage collector runs."""

    __slots__ = ("_owner", "value")
    NET = _AUTOMATION + "PSNoteProperty"
    kind = "NoteProperty"
    settable = True

    def __init__(self, name: str, value: Any = None, owner: Any = None) -> None:
        super().__init__(name, owner)
        self.value = value

    @property
    def owner(self) -> Any:
        return None if self._owner is None else self._owner()

    @owner.setter
    def owner(self, value: Any) -> None:
        self._owner: weakref.ref[Any] | None = None if value is None else weakref.ref(value)

    @property
    def is_instance(self) -> bool:
        return True

    def get(self, ctx: Any, owner: Any) -> Any:
        return self.value

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        self.value = value

    def type_name(self, ctx: Any = None) -> str:
        from hvsim.runtime.objects import type_names

        return "System.Object" if self.value is None else type_names(self.value)[0]

    def copy(self) -> NoteProperty:
        return NoteProperty(self.name, self.value)


def call_with_this(ctx: Any, script: Any, owner: Any, args: Sequence[Any]) -> list[Any]:
    """Runs a member's script block with ``$this``; everything it wrote."""
    scope = ctx.scope
    variables = scope.vars
    missing = object()
    before = variables.get("this", missing)
    scope.define("this", owner)
    try:
        return list(ctx.invoke(script, args))
    finally:
        if before is missing:
            variables.pop("this", None)
        else:
            variables["this"] = before


def collapsed(items: list[Any]) -> Any:
    if not items:
        return None
    return items[0] if len(items) == 1 else Array(items)


class ScriptProperty(Member):
    """A property that runs script blocks."""

    __slots__ = ("getter", "setter")
    NET = _AUTOMATION + "PSScriptProperty"
    kind = "ScriptProperty"

    def __init__(self, name: str, getter: Any = None, setter: Any = None, owner: Any = None) -> None:
        super().__init__(name, owner)
        self.getter = getter
        self.setter = setter

    @property
    def settable(self) -> bool:  # type: ignore[override]
        return self.setter is not None

    @property
    def gettable(self) -> bool:  # type: ignore[override]
        return self.getter is not None

    def get(self, ctx: Any, owner: Any) -> Any:
        if self.getter is None:
            raise _accessor("Get", self.name, "GetWithoutGetterFromScriptPropertyValue", "GetValueException")
        return collapsed(call_with_this(ctx, self.getter, owner, ()))

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        if self.setter is None:
            raise _accessor("Set", self.name, "SetWithoutSetterFromScriptProperty", "SetValueException")
        try:
            call_with_this(ctx, self.setter, owner, (value,))
        except PSError as error:
            raise setting_failed(self.name, error, "ScriptSetValueRuntimeException") from None

    def copy(self) -> ScriptProperty:
        return ScriptProperty(self.name, self.getter, self.setter)


def _accessor(which: str, name: str, error_id: str, kind: str) -> PSError:
    return runtime_error(
        error_id, f'{which} accessor for property "{name}" is unavailable.', kind=_AUTOMATION + kind, category="NotSpecified"
    )


def _type_system(error_id: str, message: str) -> PSError:
    return runtime_error(error_id, message, kind=_AUTOMATION + "ExtendedTypeSystemException", category="NotSpecified")


def setting_failed(name: str, error: PSError, error_id: str = "ExceptionWhenSetting") -> PSError:
    """``SetValueInvocationException`` around what a setter threw."""
    return runtime_error(
        error_id,
        f'Exception setting "{name}": "{error.exception.message}"',
        kind=_AUTOMATION + "SetValueInvocationException",
        category="NotSpecified",
        inner=error.exception,
    )


def getting_failed(name: str, error: PSError, error_id: str = "ExceptionWhenGetting") -> PSError:
    """``GetValueInvocationException`` around what a getter threw."""
    return runtime_error(
        error_id,
        f'Exception getting "{name}": "{error.exception.message}"',
        kind=_AUTOMATION + "GetValueInvocationException",
        category="NotSpecified",
        inner=error.exception,
    )


class AliasProperty(Member):
    """Another name of a property, with an optional conversion."""

    __slots__ = ("conversion", "referenced")
    NET = _AUTOMATION + "PSAliasProperty"
    kind = "AliasProperty"
    settable = True

    def __init__(self, name: str, referenced: str, conversion: Any = None, owner: Any = None) -> None:
        super().__init__(name, owner)
        self.referenced = referenced
        self.conversion = conversion

    def get(self, ctx: Any, owner: Any) -> Any:
        from hvsim.runtime import objects

        self._check(ctx, owner)
        value = objects.get_member(ctx, owner, self.referenced)
        if self.conversion is not None:
            from hvsim.runtime import convert

            value = convert.to(ctx, value, self.conversion)
        return value

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        from hvsim.runtime import objects

        self._check(ctx, owner)
        objects.set_member(ctx, owner, self.referenced, value)

    def _check(self, ctx: Any, owner: Any) -> None:
        """``PSAliasProperty.LookupMember``.

        Raises:
            PSError: the alias leads to no property, or in a circle.
        """
        from hvsim.runtime import objects

        seen: set[str] = set()
        name = self.referenced
        while True:
            found = objects.find_property(ctx, owner, name)
            if found is None:
                raise _type_system("AliasLookupMemberNotPresent", f'The member "{name}" is not present.')
            if not isinstance(found, AliasProperty):
                return
            if name.lower() in seen:
                raise _type_system("CycleInAlias", f'The alias with name "{self.name}" contains a cycle.')
            seen.add(name.lower())
            name = found.referenced

    def invoke(self, ctx: Any, owner: Any, args: Sequence[Any]) -> Any:
        from hvsim.runtime import objects

        return objects.invoke_member(ctx, owner, self.referenced, list(args))

    def type_name(self, ctx: Any = None) -> str:
        from hvsim.runtime import objects

        if self.conversion is not None:
            return types.type_to_string(self.conversion)
        found = objects.find_property(ctx, self.owner, self.referenced) if self.owner is not None else None
        return found.type_name(ctx) if found is not None else "System.Object"

    def copy(self) -> AliasProperty:
        return AliasProperty(self.name, self.referenced, self.conversion)


class CodeProperty(Member):
    """A property that runs Python: what PowerShell's own type data does with CodeProperty (and, for us, ScriptProperty).

    *shown* is the kind that scripts see.
    """

    __slots__ = ("getter", "setter", "shown", "value_type")
    NET = _AUTOMATION + "PSCodeProperty"

    def __init__(
        self,
        name: str,
        getter: Callable[[Any, Any], Any],
        setter: Callable[[Any, Any, Any], None] | None = None,
        *,
        shown: str = "CodeProperty",
        value_type: str = "System.Object",
        owner: Any = None,
    ) -> None:
        super().__init__(name, owner)
        self.getter = getter
        self.setter = setter
        self.shown = shown
        self.value_type = value_type

    @property
    def kind(self) -> str:  # type: ignore[override]
        return self.shown

    @property
    def settable(self) -> bool:  # type: ignore[override]
        return self.setter is not None

    def get(self, ctx: Any, owner: Any) -> Any:
        return self.getter(ctx, owner)

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        if self.setter is None:
            raise _accessor("Set", self.name, "SetWithoutSetterFromCodeProperty", "SetValueException")
        self.setter(ctx, owner, value)

    def type_name(self, ctx: Any = None) -> str:
        return self.value_type

    def copy(self) -> CodeProperty:
        return CodeProperty(self.name, self.getter, self.setter, shown=self.shown, value_type=self.value_type)


class NetProperty(Member):
    """A property of the .NET type."""

    __slots__ = ("property",)
    NET = _AUTOMATION + "PSProperty"
    kind = "Property"

    def __init__(self, prop: members.Property, owner: Any = None) -> None:
        super().__init__(prop.name, owner)
        self.property = prop

    @property
    def settable(self) -> bool:  # type: ignore[override]
        return self.property.put is not None

    def get(self, ctx: Any, owner: Any) -> Any:
        from hvsim.runtime.objects import unwrap

        try:
            return self.property.read(ctx, unwrap(owner))
        except PSError as error:
            raise getting_failed(self.name, error) from None

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        write_property(ctx, self.property, owner, value)

    def type_name(self, ctx: Any = None) -> str:
        net_type = self.property.type
        return types.type_to_string(net_type) if net_type is not None else self.property.type_text

    def copy(self) -> NetProperty:
        return NetProperty(self.property)


def write_property(ctx: Any, prop: members.Property, owner: Any, value: Any) -> None:
    """Sets a .NET property: converts the value to its type first.

    Raises:
        PSError: read-only; or ``ExceptionWhenSetting`` around a conversion or setter that failed.
    """
    from hvsim.runtime import convert
    from hvsim.runtime.objects import unwrap

    if prop.put is None:
        raise read_only(prop.name)
    try:
        wanted = prop.type
        value = unwrap(value)
        if value is AUTOMATION_NULL:
            value = None
        fits = value is not None and wanted is not None and wanted.is_assignable_from(types.of(value))
        if wanted is not None and wanted is not types.OBJECT and not fits:
            value = convert.to(ctx, value, wanted)
        prop.write(ctx, unwrap(owner), value)
    except PSError as error:
        raise setting_failed(prop.name, error) from None


def read_only(name: str) -> PSError:
    return runtime_error("PropertyAssignmentException", f"'{name}' is a ReadOnly property.")


class AdaptedProperty(Member):
    """A property that an adapter makes up (XML children, key-value stores)."""

    __slots__ = ("getter", "setter", "value_type")
    NET = _AUTOMATION + "PSProperty"
    kind = "Property"

    def __init__(
        self,
        name: str,
        getter: Callable[[Any], Any],
        setter: Callable[[Any, Any], None] | None = None,
        value_type: str = "System.Object",
    ) -> None:
        super().__init__(name)
        self.getter = getter
        self.setter = setter
        self.value_type = value_type

    @property
    def settable(self) -> bool:  # type: ignore[override]
        return self.setter is not None

    def get(self, ctx: Any, owner: Any) -> Any:
        return self.getter(ctx)

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        if self.setter is None:
            raise read_only(self.name)
        self.setter(ctx, value)

    def type_name(self, ctx: Any = None) -> str:
        return self.value_type

    def copy(self) -> AdaptedProperty:
        return AdaptedProperty(self.name, self.getter, self.setter, self.value_type)


class ScriptMethod(Member):
    """A method that runs a script block."""

    __slots__ = ("script",)
    NET = _AUTOMATION + "PSScriptMethod"
    kind = "ScriptMethod"
    is_property = False

    def __init__(self, name: str, script: Any, owner: Any = None) -> None:
        super().__init__(name, owner)
        self.script = script

    @property
    def is_instance(self) -> bool:
        return True

    def get(self, ctx: Any, owner: Any) -> Any:
        return self

    def invoke(self, ctx: Any, owner: Any, args: Sequence[Any]) -> Any:
        try:
            items = call_with_this(ctx, self.script, owner, args)
        except PSError as error:
            if error.exception.kind in members.PASSED_ON:
                raise
            raise script_method_failed(self.name, len(args), error) from None
        return AUTOMATION_NULL if not items else collapsed(items)

    def type_name(self, ctx: Any = None) -> str:
        return _AUTOMATION + "PSScriptMethod"

    def copy(self) -> ScriptMethod:
        return ScriptMethod(self.name, self.script)


def script_method_failed(name: str, count: int, error: PSError) -> PSError:
    message = f'Exception calling "{name}" with "{count}" argument(s): "{error.exception.message}"'
    return runtime_error(
        "ScriptMethodRuntimeException",
        message,
        kind=_AUTOMATION + "MethodInvocationException",
        category="NotSpecified",
        inner=error.exception,
    )


class CodeMethod(Member):
    """A method that runs Python: ``f(ctx, owner, *args)``."""

    __slots__ = ("function",)
    NET = _AUTOMATION + "PSCodeMethod"
    kind = "CodeMethod"
    is_property = False

    def __init__(self, name: str, function: Callable[..., Any], owner: Any = None) -> None:
        super().__init__(name, owner)
        self.function = function

    def get(self, ctx: Any, owner: Any) -> Any:
        return self

    def invoke(self, ctx: Any, owner: Any, args: Sequence[Any]) -> Any:
        try:
            return self.function(ctx, owner, *args)
        except PSError as error:
            raise members.wrap_invocation(error, self.name, len(args)) from None

    def type_name(self, ctx: Any = None) -> str:
        return _AUTOMATION + "PSCodeMethod"

    def copy(self) -> CodeMethod:
        return CodeMethod(self.name, self.function)


class NetMethod(Member):
    """The overloads of a method of the .NET type; also what ``$s.Trim`` (without parentheses) gives."""

    __slots__ = ("group",)
    NET = _AUTOMATION + "PSMethod"
    kind = "Method"
    is_property = False

    def __init__(self, group: members.MethodGroup, owner: Any = None) -> None:
        super().__init__(group.name, owner)
        self.group = group

    def get(self, ctx: Any, owner: Any) -> Any:
        return self

    def invoke(self, ctx: Any, owner: Any, args: Sequence[Any]) -> Any:
        from hvsim.runtime.objects import call_group, unwrap

        target = () if self.group.static else (unwrap(owner),)
        return call_group(ctx, self.group, target, args)

    def type_name(self, ctx: Any = None) -> str:
        return _AUTOMATION + "PSMethod"

    @property
    def definitions(self) -> list[str]:
        return [members.definition_text(self.group, o) for o in self.group.overloads]

    def copy(self) -> NetMethod:
        return NetMethod(self.group)


class PropertySet(Member):
    """A named list of property names."""

    __slots__ = ("names",)
    NET = _AUTOMATION + "PSPropertySet"
    kind = "PropertySet"
    is_property = False

    def __init__(self, name: str, names: Sequence[str], owner: Any = None) -> None:
        super().__init__(name, owner)
        self.names = list(names)

    def get(self, ctx: Any, owner: Any) -> Any:
        return self

    def type_name(self, ctx: Any = None) -> str:
        return _AUTOMATION + "PSPropertySet"

    def copy(self) -> PropertySet:
        return PropertySet(self.name, self.names)


class MemberSet(Member):
    """A named set of members (``PSStandardMembers``)."""

    __slots__ = ("members",)
    NET = _AUTOMATION + "PSMemberSet"
    kind = "MemberSet"
    is_property = False

    def __init__(self, name: str, content: Sequence[Member] = (), owner: Any = None) -> None:
        super().__init__(name, owner)
        self.members = {m.name.lower(): m for m in content}
        self.extended = dict(self.members)

    def get(self, ctx: Any, owner: Any) -> Any:
        return self

    def copy(self) -> MemberSet:
        return MemberSet(self.name, [m.copy() for m in self.members.values()])



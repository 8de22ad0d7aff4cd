# SPDX-License-Identifier: GPL-3.0-or-later
"""Add-Member and Get-Member."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.psobject import member_text
from hvsim.runtime import convert, objects, types, wildcard
from hvsim.runtime import members as net_members
from hvsim.runtime.command import Cmdlet, ValidationFailure, Validator, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.member_info import PropertySet
from hvsim.runtime.members import getter, method
from hvsim.runtime.objects.type_data import type_data_member
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.type_names import type_names_list
from hvsim.runtime.values import AUTOMATION_NULL, NetObject

_INVALID = "System.InvalidOperationException"
_MEMBER_TYPES = "System.Management.Automation.PSMemberTypes"
#: Add-Member asks for a value that these kinds were not given.
_WITH_VALUE = ("NoteProperty", "AliasProperty", "ScriptProperty", "ScriptMethod", "PropertySet")


@cmdlet(
    "Add-Member",
    parameters=(
        "InputObject", "MemberType", "Name", "Value", "SecondValue", "TypeName", "Force", "PassThru", "NotePropertyName",
        "NotePropertyValue", "NotePropertyMembers",
    ),
)  # fmt: skip
class AddMember(Cmdlet):
    """Adds members to the objects that pass."""

    def process(self) -> None:
        self.target = self.args["InputObject"]
        if self.bound("TypeName") and not self.args["TypeName"].strip():
            text = "The TypeName parameter should not be null, empty, or contain only white spaces."
            raise self.fail(text, "TypeNameShouldNotBeEmpty", "InvalidOperation", self.args["TypeName"], kind=_INVALID)
        if self.parameter_set == "TypeNameSet":
            self._finish()
            return
        if self.parameter_set == "NotePropertyMultiMemberSet":
            added = False
            for key, value in self.args["NotePropertyMembers"].items():
                name = convert.to_string(self.ctx, key)
                if name:
                    added = self._add(objects.NoteProperty(name, value)) or added
                else:
                    text = "The name for a NoteProperty member should not be null or an empty string."
                    self.error(text, "NotePropertyNameShouldNotBeNull", "InvalidOperation", name, kind=_INVALID)
            if added:
                self._finish()
            return
        if self.parameter_set == "NotePropertySingleMemberSet":
            member: objects.Member = objects.NoteProperty(self.args["NotePropertyName"], self.arg("NotePropertyValue"))
        else:
            member = self._member()
        if self._add(member):
            self._finish()

    def _finish(self) -> None:
        if self.bound("TypeName"):
            self.target = objects.extensible(self.target)
            name = self.args["TypeName"]
            found = types.find(name)
            type_names_list(self.target).insert(0, found.full_name if found is not None else name)
        if self.arg("PassThru") is True:
            self.write(self.target)

    def _add(self, member: objects.Member) -> bool:
        known = objects.find_member(self.ctx, self.target, member.name)
        if known is not None and self.arg("Force") is not True:
            self.error(
                f'Cannot add a member with the name "{member.name}" because a member with that name already exists. '
                "To overwrite the member anyway, add the Force parameter to your command.",
                "MemberAlreadyExists",
                "InvalidOperation",
                self.target,
                kind=_INVALID,
            )
            return False
        if known is not None and not known.is_instance and type_data_member(self.ctx, self.target, member.name.lower()) is not None:
            self.error(
                f'Cannot force the member with name "{member.name}" and type "{known.kind}" to be added. A member with that name and type '
                "already exists, and the existing member is not an instance extension.",
                "CannotRemoveTypeDataMember",
                "InvalidOperation",
                self.target,
                kind=_INVALID,
            )
            return False
        self.target = objects.add_member(self.ctx, self.target, member, force=True)
        return True

    # -- the MemberSet parameter set --

    def _member(self) -> objects.Member:
        kind = convert.to_string(self.ctx, self.args["MemberType"])
        if bin(self.args["MemberType"].value & 0xFFFFFFFF).count("1") != 1:
            text = f'To add a member, only one member type can be specified. The member types specified are: "{kind}"'
            raise self._invalid("WrongMemberCount", text)
        name, value, second = self.args["Name"], self.arg("Value"), self.arg("SecondValue")
        if kind in ("CodeProperty", "CodeMethod"):
            raise Unsupported(f"Add-Member -MemberType {kind}")
        if kind in ("NoteProperty", "ScriptMethod", "PropertySet", "MemberSet"):
            self._no_second(kind)
        if kind in _WITH_VALUE and not self.bound("Value"):
            raise Unsupported(f"Add-Member -MemberType {kind} without a value (nobody can answer the question for one)")
        if kind == "NoteProperty":
            return objects.NoteProperty(name, None if value is AUTOMATION_NULL else value)
        if kind == "AliasProperty":
            text = self._as(self._needed(kind, value), "System.String")
            if not text:
                raise Unsupported("Add-Member -MemberType AliasProperty with an empty value")
            return objects.AliasProperty(name, text, None if second is None else self._as(second, "System.Type"))
        if kind == "ScriptProperty":
            if value is None and second is None:
                raise self._invalid(
                    "Value1AndValue2AreNotBothNull",
                    f'Both Value and SecondValue parameters should not be null for a member of type "{kind}". Specify a non-null value '
                    "for one of the two parameters.",
                )
            return objects.ScriptProperty(name, self._block(value), self._block(second))
        if kind == "ScriptMethod":
            return objects.ScriptMethod(name, self._block(self._needed(kind, value)))
        if kind == "PropertySet":
            return PropertySet(name, self._as(self._needed(kind, value), "System.String[]"))
        if kind == "MemberSet":
            return objects.MemberSet(name, list(value) if value is not None else [])
        text = f'Cannot add a member with type "{kind}". Specify a different type for the MemberTypes parameter.'
        raise self._invalid("CannotAddMemberType", text)

    def _no_second(self, kind: str) -> None:
        if self.bound("SecondValue"):
            raise self._invalid(
                "Value2ShouldNotBeSpecified",
                f'The SecondValue parameter is not necessary for a member of type "{kind}", and should not be specified. Do not '
                "specify the SecondValue parameter when you add members of this type.",
            )

    def _needed(self, kind: str, value: Any) -> Any:
        if value is None:
            raise self._invalid(
                "Value1ShouldNotBeNull",
                f'The Value parameter should not be null for a member of type "{kind}". Specify a non-null value for the Value '
                "parameter when adding members of this type.",
            )
        return value

    def _invalid(self, error_id: str, message: str) -> PSError:
        return self.fail(message, error_id, "InvalidOperation", kind=_INVALID)

    def _block(self, value: Any) -> ScriptBlock | None:
        if value is None:
            return None
        base = objects.unwrap(value)
        return base if isinstance(base, ScriptBlock) else self._as(value, "System.Management.Automation.ScriptBlock")

    def _as(self, value: Any, type_name: str) -> Any:
        try:
            return convert.to(self.ctx, value, types.get(type_name))
        except PSError as error:
            thrown = error.exception
            error_id = thrown.error_record.fully_qualified_error_id if thrown.error_record is not None else ""
            error_id = error_id or "ConvertToFinalInvalidCastException"
            raise self.fail(thrown.message, error_id, "InvalidArgument", kind=thrown.kind, inner=thrown.inner) from None


class _NoMemberType(Validator):
    """``-NotePropertyName`` takes no name of a member type: that is what tells ``Add-Member NoteProperty a 1`` apart."""

    name = "ValidateNotePropertyName"
    kinds = frozenset(
        ("aliasproperty", "codemethod", "codeproperty", "memberset", "noteproperty", "propertyset", "scriptmethod", "scriptproperty")
    )

    def validate(self, ctx: ExecutionContext, value: Any) -> None:
        if isinstance(value, str) and value.lower() in self.kinds:
            raise ValidationFailure(
                f"The parameter NotePropertyName cannot take values that could be converted to the type {_MEMBER_TYPES}. To define the "
                "name of a member with those values, use Add-Member, and specify the member type."
            )


AddMember.metadata.parameters["NotePropertyName"].validators.append(_NoMemberType())

_DEFINITION = "Microsoft.PowerShell.Commands.MemberDefinition"


@types.net_class(_DEFINITION)
class MemberDefinition(NetObject):
    """What Get-Member writes: one member of one type."""

    __slots__ = ("definition", "kind", "name", "type_name")
    NET: ClassVar[str] = _DEFINITION

    def __init__(self, type_name: str, name: str, kind: str, definition: Callable[[], str]) -> None:
        self.type_name = type_name
        self.name = name
        self.kind = kind
        self.definition = definition


@getter(_DEFINITION, "TypeName", type="string")
def _definition_type(self: MemberDefinition) -> str:
    return self.type_name


@getter(_DEFINITION, "Name", type="string")
def _definition_name(self: MemberDefinition) -> str:
    return self.name


@getter(_DEFINITION, "MemberType", type=_MEMBER_TYPES)
def _definition_kind(self: MemberDefinition) -> Any:
    return types.enum(_MEMBER_TYPES, self.kind)


@getter(_DEFINITION, "Definition", type="string")
def _definition_text(self: MemberDefinition) -> str:
    return self.definition()


@method(_DEFINITION, "ToString", overloads=["() -> string"])
def _definition_to_string(self: MemberDefinition) -> str:
    return self.definition()


@cmdlet("Get-Member", parameters=("InputObject", "Name", "MemberType", "Static", "Force"))
class GetMember(Cmdlet):
    """Lists the members of each different type that passes."""

    def begin(self) -> None:
        self.seen: set[str] = set()
        self.matchers = [wildcard.compile(name) for name in self.arg("Name", ["*"])]
        wanted = self.arg("MemberType")
        self.kinds: int | None = None if wanted is None else wanted.value

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None or value is AUTOMATION_NULL:
            return
        static = self.arg("Static") is True
        base = objects.unwrap(value)
        shown_type = base if isinstance(base, types.NetType) else types.of(value)
        type_name = shown_type.full_name if static else objects.type_names(value)[0]
        if type_name in self.seen:
            return
        self.seen.add(type_name)
        for matcher in self.matchers:
            found = [m for m in (self._static(shown_type) if static else self._instance(value)) if matcher(m.name) and self._wanted(m)]
            rows = [MemberDefinition(type_name, m.name, m.kind, partial(member_text, self.ctx, m)) for m in found]
            for row in sorted(rows, key=lambda r: (r.kind.upper(), r.name.upper())):
                self.write(row)

    def end(self) -> None:
        if not self.seen:
            self.error(
                "You must specify an object for the Get-Member cmdlet.", "NoObjectInGetMember", "CloseError", kind=_INVALID
            )

    def _wanted(self, member: objects.Member) -> bool:
        return self.kinds is None or bool(int(types.enum(_MEMBER_TYPES, member.kind).value) & self.kinds)

    def _instance(self, value: Any) -> Iterable[objects.Member]:
        force = self.arg("Force") is True
        for member in objects.members(self.ctx, value, clr=False):
            if force or not (member.hidden or (member.kind == "Method" and member.name.startswith(("get_", "set_", "add_", "remove_", "op_")))):
                yield member

    def _static(self, net_type: types.NetType) -> Iterable[objects.Member]:
        names, methods = net_members.member_names(net_type, static=True)
        for name in names:
            prop = net_members.find_property(net_type, name, static=True)
            if prop is not None:
                yield objects.NetProperty(prop, net_type)
        for name in methods:
            group = net_members.find_method(net_type, name, static=True)
            if group is not None:
                yield objects.NetMethod(group, net_type)

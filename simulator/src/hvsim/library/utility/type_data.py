# SPDX-License-Identifier: GPL-3.0-or-later
"""Update-TypeData (members given one by one) and Remove-TypeData."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, objects, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.member_info import PropertySet

_INVALID = "System.InvalidOperationException"


def type_data(ctx: ExecutionContext) -> objects.TypeData:
    """The runspace's own type data, made on first use."""
    found: objects.TypeData = ctx.services.setdefault(objects.TypeData, objects.TypeData())
    return found


@cmdlet(
    "Update-TypeData",
    parameters=("TypeName", "MemberType", "MemberName", "Value", "SecondValue", "Force", "DefaultDisplayPropertySet"),
)
class UpdateTypeData(Cmdlet):
    """Adds members to a type in this runspace."""

    def process(self) -> None:
        if self.parameter_set != "DynamicTypeSet":
            raise Unsupported("Update-TypeData from files")
        name: str = self.args["TypeName"]
        if not any(self.bound(p) for p in ("MemberType", "MemberName", "DefaultDisplayPropertySet")):
            raise self.fail(
                "You must specify at least one parameter.", "TypesDynamicUpdateException", "InvalidOperation", kind=_INVALID
            )
        members = type_data(self.ctx).members.setdefault(name.lower(), {})
        if self.bound("DefaultDisplayPropertySet"):
            names = PropertySet("DefaultDisplayPropertySet", self.args["DefaultDisplayPropertySet"])
            standard = objects.MemberSet("PSStandardMembers", [names])
            standard.hidden = True
            members["psstandardmembers"] = standard
        if self.bound("MemberName"):
            self._add(name, members)

    def _add(self, type_name: str, members: dict[str, Any]) -> None:
        key = self.args["MemberName"].lower()
        if key in members and self.arg("Force") is not True:
            self.error(
                f'Error in TypeData "{type_name}": The member {self.args["MemberName"]} is already present.',
                "TypesDynamicUpdateException",
                "InvalidOperation",
                kind="System.Management.Automation.RuntimeException",
            )
            return
        members[key] = self._member()

    def _member(self) -> objects.Member:
        kind = convert.to_string(self.ctx, self.args["MemberType"])
        name, value, second = self.args["MemberName"], self.arg("Value"), self.arg("SecondValue")
        block = types.get("System.Management.Automation.ScriptBlock")
        if kind == "NoteProperty":
            return objects.NoteProperty(name, value)
        if kind == "AliasProperty":
            conversion = None if second is None else convert.to(self.ctx, second, types.get("System.Type"))
            return objects.AliasProperty(name, convert.to_string(self.ctx, value), conversion)
        if kind == "ScriptProperty":
            getter, setter = (None if b is None else convert.to(self.ctx, b, block) for b in (value, second))
            return objects.ScriptProperty(name, getter, setter)
        if kind == "ScriptMethod":
            return objects.ScriptMethod(name, convert.to(self.ctx, value, block))
        raise Unsupported(f"Update-TypeData -MemberType {kind}")


@cmdlet("Remove-TypeData", parameters=("TypeName",))
class RemoveTypeData(Cmdlet):
    """Forgets what Update-TypeData added to a type."""

    def process(self) -> None:
        name: str = self.args["TypeName"]
        if not self.should_process(name, "Remove TypeData"):
            return
        if type_data(self.ctx).members.pop(name.lower(), None) is None:
            self.error(
                f"Error in TypeData \"{name}\": The type \"{name}\" was not found. The type name value must be the full name of the "
                "type. Verify the type name and run the command again.",
                "TypesDynamicRemoveException",
                "InvalidOperation",
                kind="System.Management.Automation.RuntimeException",
            )

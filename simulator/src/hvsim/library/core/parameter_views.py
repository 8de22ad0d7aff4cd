# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command's parameters look like to scripts: ``ParameterMetadata``, its parameter sets and attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types, validation
from hvsim.runtime.collections import Collection, GenericDictionary, ReadOnlyCollection
from hvsim.runtime.command import ALL_SETS, CommandInfo, ParameterMetadata, ParameterSetInfo
from hvsim.runtime.dynamic_parameters import AttributeObject
from hvsim.runtime.members import getter, method
from hvsim.runtime.values import Array, NetObject

_AUTOMATION = "System.Management.Automation."
PARAMETER = _AUTOMATION + "ParameterMetadata"
_SET = _AUTOMATION + "ParameterSetMetadata"
_COMMAND_SET = _AUTOMATION + "CommandParameterSetInfo"
_COMMAND_PARAMETER = _AUTOMATION + "CommandParameterInfo"
_UNPLACED = -(2**31)
#: Parameters that every command may have, but which are not among the common ones.
_SHOWN = frozenset(("WhatIf", "Confirm", "IncludeTotalCount", "Skip", "First"))


@types.net_class(PARAMETER)
class ParameterView(NetObject):
    """``ParameterMetadata`` as scripts see it."""

    __slots__ = ("row",)
    NET: ClassVar[str] = PARAMETER

    def __init__(self, row: ParameterMetadata) -> None:
        self.row = row


@types.net_class(_SET)
class ParameterSetView(NetObject):
    """``ParameterSetMetadata``: how a parameter takes part in one set."""

    __slots__ = ("info",)
    NET: ClassVar[str] = _SET

    def __init__(self, info: ParameterSetInfo) -> None:
        self.info = info


@types.net_class(_COMMAND_SET)
class CommandSetView(NetObject):
    """``CommandParameterSetInfo``: one parameter set of a command."""

    __slots__ = ("is_default", "name", "parameters")
    NET: ClassVar[str] = _COMMAND_SET

    def __init__(self, name: str, is_default: bool, parameters: list[CommandParameterView]) -> None:
        self.name = name
        self.is_default = is_default
        self.parameters = parameters

    def syntax(self) -> str:
        """The syntax line (``CommandParameterSetInfo.ToString``): by position, mandatory ones, others, common ones."""
        placed = sorted((p for p in self.parameters if p.info.position is not None), key=lambda p: p.info.position or 0)
        named = [p for p in self.parameters if p.info.position is None]
        mandatory = [p for p in named if p.info.mandatory]
        others = [p for p in named if not p.info.mandatory and (not p.row.common or p.row.name in _SHOWN)]
        texts = [p.syntax() for p in (*placed, *mandatory, *others)]
        return " ".join([*texts, "[<CommonParameters>]"] if any(p.row.common for p in named) else texts)


@types.net_class(_COMMAND_PARAMETER)
class CommandParameterView(NetObject):
    """``CommandParameterInfo``: a parameter within one set."""

    __slots__ = ("info", "row")
    NET: ClassVar[str] = _COMMAND_PARAMETER

    def __init__(self, row: ParameterMetadata, info: ParameterSetInfo) -> None:
        self.row = row
        self.info = info

    def syntax(self) -> str:
        """``[-Name] <string>``, in further brackets if the parameter is optional."""
        if self.row.declared is None and not self.row.common:
            raise Unsupported("the syntax of a built-in cmdlet (the recorded metadata lack the order of its parameters)")
        name = f"-{self.row.name}"
        if self.row.is_switch:
            return name if self.info.mandatory else f"[{name}]"
        shown = types.display(self.row.net_type or types.OBJECT)
        if "`" in shown or "," in shown:
            raise Unsupported(f"the syntax of a parameter of type {shown}")
        text = f"{name if self.info.position is None else f'[{name}]'} <{shown.rpartition('.')[2]}>"
        return text if self.info.mandatory else f"[{text}]"


def sets_of(ctx: Any, info: CommandInfo) -> list[CommandSetView]:
    """The parameter sets of a command, the default one first, then in the order in which its parameters name them."""
    metadata = info.metadata(ctx)
    rows = list(metadata.all_parameters.values() if metadata.common_parameters else metadata.parameters.values())
    found = []
    for name in metadata.set_names or [ALL_SETS]:
        members = [(row, row.sets.get(name) or row.sets.get(ALL_SETS)) for row in rows]
        parameters = [CommandParameterView(row, info) for row, info in members if info is not None]
        found.append(CommandSetView(name, name == metadata.default_set, parameters))
    return found


# ---- attributes --------------------------------------------------------------------------------------------------------


_DETAILS: dict[type, Callable[[Any], dict[str, Any]]] = {
    validation.ValidateSet: lambda v: {
        "ErrorMessage": v.error_message,
        "IgnoreCase": v.ignore_case,
        "ValidValues": Array(v.values, types.STRING),
    },
    validation.ValidateRange: lambda v: {"MinRange": v.minimum, "MaxRange": v.maximum},
    validation.ValidateRangeKind: lambda v: {"MinRange": None, "MaxRange": None},
    validation.ValidateLength: lambda v: {"MinLength": v.minimum, "MaxLength": v.maximum},
    validation.ValidateCount: lambda v: {"MinLength": v.minimum, "MaxLength": v.maximum},
    validation.ValidatePattern: lambda v: {
        "RegexPattern": v.pattern,
        "ErrorMessage": v.error_message,
    },
    validation.ValidateScript: lambda v: {"ScriptBlock": v.script_block, "ErrorMessage": v.error_message},
}


def attributes_of(row: ParameterMetadata) -> list[AttributeObject]:
    """The attributes of a function's parameter in PowerShell's order: the last one first, and one for ``[Parameter()]`` in
    front if none is written (``Compiler.GetRuntimeDefinedParameter``).

    Raises:
        Unsupported: a built-in parameter, or an attribute that scripts cannot see here.
    """
    if row.declared is None:
        raise Unsupported(f"the attributes of the built-in parameter -{row.name}")
    found = [_attribute(row, declared) for declared in reversed(row.declared)]
    if not any(view.kind == _AUTOMATION + "ParameterAttribute" for view in found):
        found.insert(0, _attribute(row, ALL_SETS))
    return found


def _attribute(row: ParameterMetadata, declared: Any) -> AttributeObject:
    if declared is None:
        raise Unsupported(f"the attributes of parameter -{row.name}")
    if isinstance(declared, tuple):
        kind, properties = declared
        return _made(kind, {k: Collection(list(v), types.STRING) for k, v in properties.items()})
    if not isinstance(declared, str):
        return _made(f"{declared.name}Attribute", _DETAILS.get(type(declared), lambda v: {})(declared))
    info = row.sets.get(declared, ParameterSetInfo())
    properties = {
        "Position": _position(info),
        "ParameterSetName": declared,
        "Mandatory": info.mandatory,
        "ValueFromPipeline": info.pipeline,
        "ValueFromPipelineByPropertyName": info.pipeline_by_name,
        "ValueFromRemainingArguments": info.remaining,
        "HelpMessage": info.help_message,
        "DontShow": info.dont_show,
    }
    return _made("ParameterAttribute", properties)


def _made(kind: str, properties: dict[str, Any]) -> AttributeObject:
    made = AttributeObject(_AUTOMATION + kind, [])
    made.named = {name.lower(): value for name, value in properties.items()}
    return made


def _position(info: ParameterSetInfo) -> int:
    return _UNPLACED if info.position is None else info.position


# ---- ParameterMetadata -------------------------------------------------------------------------------------------------


@getter(PARAMETER, "Name", type="string")
def _parameter_name(self: ParameterView) -> str:
    return self.row.name


@getter(PARAMETER, "ParameterType", type="type")
def _parameter_type(self: ParameterView) -> Any:
    return self.row.net_type or types.OBJECT


@getter(PARAMETER, "ParameterSets", type="System.Object")
def _parameter_sets(self: ParameterView) -> Any:
    table = GenericDictionary(types.STRING, types.get(_SET), ignore_case=True)
    for name, info in self.row.sets.items():
        table.set(name, ParameterSetView(info))
    return table


@getter(PARAMETER, "IsDynamic", type="bool")
def _parameter_dynamic(self: ParameterView) -> bool:
    return self.row.dynamic


@getter(PARAMETER, "Aliases", type="System.Collections.ObjectModel.Collection[string]")
def _parameter_aliases(self: ParameterView) -> Any:
    return Collection(list(self.row.aliases), types.STRING)


@getter(PARAMETER, "Attributes", type="System.Object")
def _parameter_attributes(self: ParameterView) -> Any:
    return Collection(list(attributes_of(self.row)), types.get("System.Attribute"))


@getter(PARAMETER, "SwitchParameter", type="bool")
def _parameter_switch(self: ParameterView) -> bool:
    return self.row.is_switch


# ---- within a set ------------------------------------------------------------------------------------------------------

for _kind in (_SET, _COMMAND_PARAMETER):
    getter(_kind, "Position", type="int")(lambda self: _position(self.info))
    getter(_kind, "IsMandatory", type="bool")(lambda self: self.info.mandatory)
    getter(_kind, "ValueFromPipeline", type="bool")(lambda self: self.info.pipeline)
    getter(_kind, "ValueFromPipelineByPropertyName", type="bool")(lambda self: self.info.pipeline_by_name)
    getter(_kind, "ValueFromRemainingArguments", type="bool")(lambda self: self.info.remaining)


@getter(_SET, "HelpMessage", type="string")
def _set_help(self: ParameterSetView) -> Any:
    return self.info.help_message


@getter(_COMMAND_PARAMETER, "HelpMessage", type="string")
def _command_parameter_help(self: CommandParameterView) -> Any:
    if self.row.declared is None and not self.row.common:
        raise Unsupported(f"the help message of the built-in parameter -{self.row.name}")
    return self.info.help_message or ""


@getter(_COMMAND_PARAMETER, "Name", type="string")
def _command_parameter_name(self: CommandParameterView) -> str:
    return self.row.name


@getter(_COMMAND_PARAMETER, "ParameterType", type="type")
def _command_parameter_type(self: CommandParameterView) -> Any:
    return self.row.net_type or types.OBJECT


@getter(_COMMAND_PARAMETER, "IsDynamic", type="bool")
def _command_parameter_dynamic(self: CommandParameterView) -> bool:
    return self.row.dynamic


@getter(_COMMAND_PARAMETER, "Aliases", type="System.Object")
def _command_parameter_aliases(self: CommandParameterView) -> Any:
    return ReadOnlyCollection(list(self.row.aliases), types.STRING)


@getter(_COMMAND_PARAMETER, "Attributes", type="System.Object")
def _command_parameter_attributes(self: CommandParameterView) -> Any:
    return ReadOnlyCollection(list(attributes_of(self.row)), types.get("System.Attribute"))


@getter(_COMMAND_SET, "Name", type="string")
def _set_name(self: CommandSetView) -> str:
    return self.name


@method(_COMMAND_SET, "ToString", overloads=["() -> string"])
def _set_text(self: CommandSetView) -> str:
    return self.syntax()


@getter(_COMMAND_SET, "IsDefault", type="bool")
def _set_is_default(self: CommandSetView) -> bool:
    return self.is_default


@getter(_COMMAND_SET, "Parameters", type="System.Object")
def _set_parameters(self: CommandSetView) -> Any:
    return ReadOnlyCollection(list(self.parameters), types.get(_COMMAND_PARAMETER))

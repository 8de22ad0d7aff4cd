# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of what Get-Command returns: parameters, the module, what an alias stands for."""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.runtime import types
from hvsim.runtime.collections import Collection, GenericDictionary
from hvsim.runtime.command import AliasInfo, CommandInfo, ParameterMetadata
from hvsim.runtime.interpreter import lookup
from hvsim.runtime.members import getter
from hvsim.runtime.values import NetObject

_AUTOMATION = "System.Management.Automation."
_COMMAND = _AUTOMATION + "CommandInfo"
_PARAMETER = _AUTOMATION + "ParameterMetadata"


@types.net_class(_PARAMETER)
class ParameterView(NetObject):
    """``ParameterMetadata`` as scripts see it."""

    __slots__ = ("row",)
    NET: ClassVar[str] = _PARAMETER

    def __init__(self, row: ParameterMetadata) -> None:
        self.row = row


@getter(_PARAMETER, "Name", type="string")
def _parameter_name(self: ParameterView) -> str:
    return self.row.name


@getter(_PARAMETER, "ParameterType", type="type")
def _parameter_type(self: ParameterView) -> Any:
    return self.row.net_type or types.OBJECT


@getter(_PARAMETER, "SwitchParameter", type="bool")
def _parameter_switch(self: ParameterView) -> bool:
    return self.row.is_switch


@getter(_PARAMETER, "IsDynamic", type="bool")
def _parameter_dynamic(self: ParameterView) -> bool:
    return self.row.dynamic


@getter(_PARAMETER, "Aliases", type="System.Collections.ObjectModel.Collection[string]")
def _parameter_aliases(self: ParameterView) -> Any:
    return Collection(list(self.row.aliases), types.STRING)


def resolved(ctx: Any, info: CommandInfo) -> CommandInfo | None:
    """The command behind an alias, None if there is none; any other command itself."""
    return lookup.find(ctx, info.target) if isinstance(info, AliasInfo) else info


@getter(_COMMAND, "Parameters", type="System.Object", context=True)
def _parameters(ctx: Any, self: CommandInfo) -> Any:
    target = resolved(ctx, self)
    if target is None:
        return None
    table = GenericDictionary(types.STRING, types.get(_PARAMETER), ignore_case=True)
    metadata = target.metadata(ctx)
    for row in metadata.all_parameters.values() if metadata.common_parameters else metadata.parameters.values():
        table.set(row.name, ParameterView(row))
    return table


@getter(_COMMAND, "Module", type="psmoduleinfo", context=True)
def _module(ctx: Any, self: CommandInfo) -> Any:
    own = getattr(self, "module", None)
    return own if own is not None else ctx.loaded_modules.get(self.module_name.lower())


@getter(_AUTOMATION + "CmdletInfo", "Verb", type="string")
def _verb(self: CommandInfo) -> str:
    return self.name.partition("-")[0]


@getter(_AUTOMATION + "CmdletInfo", "Noun", type="string")
def _noun(self: CommandInfo) -> str:
    return self.name.partition("-")[2]


@getter(_AUTOMATION + "FunctionInfo", "Verb", type="string")
def _function_verb(self: CommandInfo) -> str:
    return self.name.partition("-")[0] if "-" in self.name else ""


@getter(_AUTOMATION + "FunctionInfo", "Noun", type="string")
def _function_noun(self: CommandInfo) -> str:
    return self.name.partition("-")[2]


@getter(_AUTOMATION + "FunctionInfo", "CmdletBinding", type="bool", context=True)
def _cmdlet_binding(ctx: Any, self: Any) -> bool:
    return bool(self.script_block.code.is_advanced(ctx))


@getter(_AUTOMATION + "AliasInfo", "ResolvedCommand", type="System.Management.Automation.CommandInfo", context=True)
def _resolved_command(ctx: Any, self: AliasInfo) -> Any:
    return resolved(ctx, self)


@getter(_AUTOMATION + "AliasInfo", "ReferencedCommand", type="System.Management.Automation.CommandInfo", context=True)
def _referenced_command(ctx: Any, self: AliasInfo) -> Any:
    return resolved(ctx, self)


@getter(_AUTOMATION + "AliasInfo", "DisplayName", type="string")
def _display_name(self: AliasInfo) -> str:
    return f"{self.name} -> {self.target}"


@getter(_AUTOMATION + "AliasInfo", "Description", type="string")
def _alias_description(self: AliasInfo) -> str:
    return self.description


@getter(_AUTOMATION + "AliasInfo", "Options", type="System.Management.Automation.ScopedItemOptions")
def _alias_options(self: AliasInfo) -> Any:
    return types.enum(_AUTOMATION + "ScopedItemOptions", self.options)

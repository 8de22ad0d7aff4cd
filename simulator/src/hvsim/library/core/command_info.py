# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of what Get-Command returns: parameters, the module, what an alias stands for."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.core.parameter_views import PARAMETER, ParameterView, sets_of
from hvsim.runtime import types
from hvsim.runtime.collections import GenericDictionary, ReadOnlyCollection
from hvsim.runtime.command import ALL_SETS, AliasInfo, CommandInfo
from hvsim.runtime.interpreter import lookup
from hvsim.runtime.members import getter
from hvsim.runtime.structs import Version

_AUTOMATION = "System.Management.Automation."
_COMMAND = _AUTOMATION + "CommandInfo"


# Versions of the modules that come with PowerShell: of Windows PowerShell 5.1, and those in the manifests of PowerShell 7,
# where the commands of Microsoft.PowerShell.Core have the version of the build.
_MODULE_VERSIONS = {
    "Microsoft.PowerShell.Core": (Version(3, 0, 0, 0), None),
    "Microsoft.PowerShell.Management": (Version(3, 1, 0, 0), Version(7, 0, 0, 0)),
    "Microsoft.PowerShell.Security": (Version(3, 0, 0, 0), Version(7, 0, 0, 0)),
    "Microsoft.PowerShell.Utility": (Version(3, 1, 0, 0), Version(7, 0, 0, 0)),
}


def resolved(ctx: Any, info: CommandInfo) -> CommandInfo | None:
    """The command behind an alias, None if there is none; any other command itself."""
    return lookup.find(ctx, info.target) if isinstance(info, AliasInfo) else info


@getter(_COMMAND, "Parameters", type="System.Object", context=True)
def _parameters(ctx: Any, self: CommandInfo) -> Any:
    target = resolved(ctx, self)
    if target is None:
        return None
    table = GenericDictionary(types.STRING, types.get(PARAMETER), ignore_case=True)
    metadata = target.metadata(ctx)
    for row in metadata.all_parameters.values() if metadata.common_parameters else metadata.parameters.values():
        table.set(row.name, ParameterView(row))
    return table


@getter(_COMMAND, "ParameterSets", type="System.Object", context=True)
def _parameter_sets(ctx: Any, self: CommandInfo) -> Any:
    target = resolved(ctx, self)
    if target is None:
        return None
    return ReadOnlyCollection(list(sets_of(ctx, target)), types.get(_AUTOMATION + "CommandParameterSetInfo"))


for _kind in ("CmdletInfo", "FunctionInfo"):

    @getter(_AUTOMATION + _kind, "DefaultParameterSet", type="string", context=True)
    def _default_set(ctx: Any, self: CommandInfo) -> Any:
        if not self.metadata(ctx).common_parameters:
            return None  # A function without cmdlet binding.
        # CommandMetadata.DefaultParameterSetName is never empty.
        return self.metadata(ctx).default_set or ALL_SETS


@getter(_COMMAND, "Module", type="psmoduleinfo", context=True)
def _module(ctx: Any, self: CommandInfo) -> Any:
    own = getattr(self, "module", None)
    return own if own is not None else ctx.loaded_modules.get(self.module_name.lower())


@getter(_COMMAND, "Version", type="version", context=True)
def _command_version(ctx: Any, self: CommandInfo) -> Any:
    """The version of the command's module; null for a command of none."""
    module = _module(ctx, self)
    if module is not None:
        return module.version or Version(0, 0)
    if not self.module_name:
        return None
    version = _MODULE_VERSIONS.get(self.module_name, (None, None))[ctx.edition != "5.1"]
    if version is None:
        raise Unsupported(f"Version of a command of {self.module_name}")
    return version


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

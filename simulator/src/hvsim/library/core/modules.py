# SPDX-License-Identifier: GPL-3.0-or-later
"""New-Module, Import-Module, Export-ModuleMember, Get-Module and Remove-Module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.core import module_files
from hvsim.runtime import command, modules, objects, types, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.member_info import ScriptMethod
from hvsim.runtime.members import getter, method, setter
from hvsim.runtime.modules import ModuleInfo
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.structs import Version
from hvsim.runtime.values import PSCustomObject

_MODULE = "System.Management.Automation.PSModuleInfo"
_NOT_FOUND = (
    "The specified module '{}' was not loaded because no valid module file was found in any module directory."
)


class ModuleFinder:
    """Key in ``ctx.services`` of a function (ctx, name or path) -> ModuleInfo | None that finds modules which are not loaded
    yet: those in files, those that Ansible sends along."""


Finder = Callable[[ExecutionContext, str], "ModuleInfo | None"]


def builtin_module(name: str) -> str | None:
    """The proper name of a module whose cmdlets are built in, or None."""
    names = {info.module_name.lower(): info.module_name for info in command.implemented_cmdlets() if info.module_name}
    return names.get(name.lower())


@cmdlet("New-Module", parameters=("Name", "ScriptBlock", "Function", "ArgumentList", "AsCustomObject", "ReturnResult"))
class NewModule(Cmdlet):
    """Runs a script block as a module in memory and imports it."""

    def end(self) -> None:
        block = self.args["ScriptBlock"]
        module, written = modules.new_module(self.ctx, block, self.arg("Name"), list(self.arg("ArgumentList") or []))
        if self.bound("Function"):
            modules.export_members(self.ctx, module, functions=self.args["Function"])
        if self.arg("AsCustomObject") is True:
            self.write(as_custom_object(module))
            return
        modules.import_module(self.ctx, module)
        if self.arg("ReturnResult") is True:
            for value in written:
                self.write(value)
        else:
            self.write(module)


def as_custom_object(module: ModuleInfo) -> PSCustomObject:
    """The exports of a module as members: functions as methods, variables as properties."""
    made = objects.custom_object(())
    extended: dict[str, Any] = made.extended  # type: ignore[assignment]
    for key, variable in module.exported_variables.items():
        extended[key] = _VariableProperty(variable, made)
    for key, info in module.exported_functions.items():
        extended[key] = ScriptMethod(info.name, info.script_block, made)
    return made


class _VariableProperty(objects.NoteProperty):
    """``PSVariableProperty``: a note property whose value is that of a variable."""

    __slots__ = ("variable",)
    NET = "System.Management.Automation.PSVariableProperty"

    def __init__(self, variable: Any, owner: Any = None) -> None:
        self.variable = variable
        super().__init__(variable.name, variable.value, owner)

    @property
    def value(self) -> Any:
        return self.variable.value

    @value.setter
    def value(self, new: Any) -> None:
        self.variable.value = new


@cmdlet(
    "Import-Module",
    parameters=(
        "Name", "ModuleInfo", "Function", "Variable", "Alias", "Cmdlet", "Prefix", "PassThru", "Force", "Global", "Scope",
        "DisableNameChecking", "MinimumVersion", "ArgumentList", "NoClobber", "SkipEditionCheck",
    ),
)  # fmt: skip
class ImportModule(Cmdlet):
    """Imports modules that are in memory, found by the engine, or built in."""

    def process(self) -> None:
        for module in self.arg("ModuleInfo") or ():
            self._import(module)
        for name in self.arg("Name") or ():
            module = self._find(name)
            if module is not None:
                self._import(module)

    def _find(self, name: str) -> ModuleInfo | None:
        loaded: ModuleInfo | None = self.ctx.loaded_modules.get(name.lower())
        if loaded is not None and self.arg("Force") is not True:
            return loaded
        finder: Finder | None = self.ctx.services.get(ModuleFinder)
        found = finder(self.ctx, name) if finder is not None else None
        found = found or self._in_file(name) or loaded
        if found is not None:
            return found
        proper = builtin_module(name)
        if proper is not None:
            return ModuleInfo(proper, self.ctx.global_session.top)
        refused = command.refused_module(name, self.ctx)
        if refused is not None:
            raise Unsupported(f"module {refused}")
        self.error(
            _NOT_FOUND.format(name),
            "Modules_ModuleNotFound",
            "ResourceUnavailable",
            name,
            kind="System.IO.FileNotFoundException",
        )
        return None

    def _in_file(self, name: str) -> ModuleInfo | None:
        path = module_files.file_of(self.ctx, name)
        if path is None:
            return None
        loaded: list[ModuleInfo] = list(self.ctx.loaded_modules.values())
        for module in loaded:
            if module.path.lower() != path.lower():
                continue
            if self.arg("Force") is not True:
                return module
            modules.remove_module(self.ctx, module)
        return module_files.load(self.ctx, path, self.arg("ArgumentList") or ())

    def _import(self, module: ModuleInfo) -> None:
        everywhere = self.arg("Global") is True or self.arg("Scope", "").lower() == "global"
        chosen = module
        if any(self.bound(kind) for kind in ("Function", "Variable", "Alias", "Cmdlet")):
            chosen = self._selection(module)
        modules.import_module(self.ctx, chosen, global_scope=everywhere, prefix=self.arg("Prefix", ""))
        if chosen is not module:
            for table in (self.ctx.session.modules, self.ctx.loaded_modules):
                if table.get(module.name.lower()) is chosen:
                    table[module.name.lower()] = module
        if self.arg("PassThru") is True:
            self.write(module)

    def _selection(self, module: ModuleInfo) -> ModuleInfo:
        """The module with only the exports that were asked for."""
        picked = ModuleInfo(module.name, self.ctx.global_session.top, module.path)
        picked.session = module.session
        picked.exported_functions = _matching(module.exported_functions, self.arg("Function") or ())
        picked.exported_variables = _matching(module.exported_variables, self.arg("Variable") or ())
        picked.exported_aliases = _matching(module.exported_aliases, self.arg("Alias") or ())
        return picked


def _matching(table: dict[str, Any], patterns: Iterable[str]) -> dict[str, Any]:
    matchers = [wildcard.compile(pattern) for pattern in patterns]
    return {key: item for key, item in table.items() if any(matches(item.name) for matches in matchers)}


@cmdlet("Export-ModuleMember", parameters=("Function", "Variable", "Alias", "Cmdlet"))
class ExportModuleMember(Cmdlet):
    """Says what the running module exports."""

    def process(self) -> None:
        module = self.ctx.session.module
        if module is None:
            raise self.fail(
                "The Export-ModuleMember cmdlet can only be called from inside a module.",
                "Modules_CanOnlyExecuteExportModuleMemberInsideAModule",
                "PermissionDenied",
                kind="System.InvalidOperationException",
            )
        modules.export_members(
            self.ctx,
            module,
            functions=self.arg("Function") or (),
            variables=self.arg("Variable") or (),
            aliases=self.arg("Alias") or (),
        )


@cmdlet("Get-Module", parameters=("Name", "All", "ListAvailable"))
class GetModule(Cmdlet):
    """Lists modules that are loaded; with -ListAvailable those that are built in as well."""

    def process(self) -> None:
        for module in self._chosen():
            self.write(module)

    def _chosen(self) -> Iterator[ModuleInfo]:
        matchers = [wildcard.compile(name) for name in self.arg("Name") or ["*"]]
        known: dict[str, ModuleInfo] = dict(self.ctx.loaded_modules)
        if self.arg("ListAvailable") is True:
            for info in command.implemented_cmdlets():
                if info.module_name and info.module_name.lower() not in known:
                    known[info.module_name.lower()] = ModuleInfo(info.module_name, self.ctx.global_session.top)
        for key in sorted(known):
            if any(matches(known[key].name) for matches in matchers):
                yield known[key]


@cmdlet("Remove-Module", parameters=("Name", "ModuleInfo", "Force"))
class RemoveModule(Cmdlet):
    """Takes modules out of the session."""

    def process(self) -> None:
        for module in self.arg("ModuleInfo") or ():
            self._remove(module)
        for name in self.arg("Name") or ():
            matcher = wildcard.compile(name)
            found = [m for m in self.ctx.loaded_modules.values() if matcher(m.name)]
            for module in found:
                self._remove(module)
            if not found and not wildcard.contains_wildcard(name):
                self.error(
                    "No modules were removed. Verify that the specification of modules to remove is correct and those modules "
                    "exist in the runspace.",
                    "Modules_NoModulesRemoved",
                    "ResourceUnavailable",
                    kind="System.InvalidOperationException",
                )

    def _remove(self, module: ModuleInfo) -> None:
        if not self.should_process(module.name, "Remove-Module"):
            return
        if isinstance(module.on_remove, ScriptBlock):
            self.ctx.invoke(module.on_remove, (module,))
        modules.remove_module(self.ctx, module)


# ---- members of PSModuleInfo -------------------------------------------------------------------------------------------


@getter(_MODULE, "Name", type="string")
def _name(self: ModuleInfo) -> str:
    return self.name


@getter(_MODULE, "Path", type="string")
def _path(self: ModuleInfo) -> str:
    return self.path or self.name


@getter(_MODULE, "ModuleBase", type="string")
def _base(self: ModuleInfo) -> str:
    from hvsim.runtime.functions import script_root

    return script_root(self.path)


@getter(_MODULE, "Version", type="version")
def _version(self: ModuleInfo) -> Any:
    return self.version or Version(0, 0)


@getter(_MODULE, "Description", type="string")
def _description(self: ModuleInfo) -> str:
    return self.description


@getter(_MODULE, "ModuleType", type="System.Management.Automation.ModuleType")
def _module_type(self: ModuleInfo) -> Any:
    return types.enum("System.Management.Automation.ModuleType", "Script")


@getter(_MODULE, "SessionState", type="System.Management.Automation.SessionState")
def _session_state(self: ModuleInfo) -> Any:
    return self.session


def _exports(table: dict[str, Any]) -> Any:
    from hvsim.runtime.collections import GenericDictionary

    made = GenericDictionary(types.STRING, types.OBJECT)
    for item in table.values():
        made.set(item.name, item)
    return made


@getter(_MODULE, "ExportedFunctions", type="System.Object")
def _exported_functions(self: ModuleInfo) -> Any:
    return _exports(self.exported_functions)


@getter(_MODULE, "ExportedCommands", type="System.Object")
def _exported_commands(self: ModuleInfo) -> Any:
    builtin = {i.name.lower(): i for i in command.implemented_cmdlets() if i.module_name.lower() == self.name.lower()}
    return _exports({**builtin, **self.exported_functions, **self.exported_aliases})


@getter(_MODULE, "ExportedVariables", type="System.Object")
def _exported_variables(self: ModuleInfo) -> Any:
    return _exports(self.exported_variables)


@getter(_MODULE, "ExportedAliases", type="System.Object")
def _exported_aliases(self: ModuleInfo) -> Any:
    return _exports(self.exported_aliases)


@getter(_MODULE, "OnRemove", type="scriptblock")
def _on_remove(self: ModuleInfo) -> Any:
    return self.on_remove


@setter(_MODULE, "OnRemove")
def _set_on_remove(self: ModuleInfo, block: Any) -> None:
    self.on_remove = block


@method(_MODULE, "ToString", overloads=["() -> string"])
def _text(self: ModuleInfo) -> str:
    return self.name


@method(_MODULE, "NewBoundScriptBlock", overloads=["(scriptblock) -> scriptblock"])
def _bound_block(self: ModuleInfo, block: ScriptBlock) -> ScriptBlock:
    return ScriptBlock(block.code, self.session)


@method(_MODULE, "Invoke", overloads=["(scriptblock, params System.Object[]) -> System.Object"], context=True)
def _invoke(ctx: Any, self: ModuleInfo, block: ScriptBlock, args: Any = ()) -> Any:
    return ctx.invoke_value(ScriptBlock(block.code, self.session), list(args))

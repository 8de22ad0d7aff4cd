# SPDX-License-Identifier: GPL-3.0-or-later
"""The flat providers over the state of the session: Environment, Variable, Function, Alias."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.management.provider import Provider, not_supported, provider
from hvsim.runtime import convert, drives, functions, objects
from hvsim.runtime.collections import DictionaryEntry
from hvsim.runtime.command import AliasInfo
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.scope import CONSTANT, PRIVATE, READ_ONLY, Variable
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.values import Array

_UNAUTHORIZED = "System.Management.Automation.SessionStateUnauthorizedAccessException"


class FlatProvider(Provider):
    """A provider without hierarchy; the root holds everything."""

    def table(self, ctx: ExecutionContext) -> dict[str, Any]:
        """Items by the name they are looked up by; values know their names."""
        raise NotImplementedError

    def key(self, ctx: ExecutionContext, name: str) -> str:
        return name.lower()

    def name_of(self, value: Any) -> str:
        name: str = value.name
        return name

    def exists(self, ctx: ExecutionContext, path: str) -> bool:
        return path == "" or self.key(ctx, path) in self.table(ctx)

    def item(self, ctx: ExecutionContext, path: str) -> Any:
        if path == "":
            return Array(list(self.table(ctx).values()))
        return self.table(ctx)[self.key(ctx, path)]

    def names(self, ctx: ExecutionContext, path: str) -> list[str]:
        return sorted((self.name_of(v) for v in self.table(ctx).values()), key=str.lower)


    def write(self, command: Any, name: str, value: Any) -> Any:
        """Sets an item; the item."""
        raise NotImplementedError

    def new(self, command: Any, path: str, kind: str, value: Any, force: bool) -> Any:
        if value is None:
            text = 'Cannot process argument because the value of argument "value" is null. Change the value of argument "value" to a '
            command.error(
                text + "non-null value.",
                "NewItemValueNotSpecified",
                "InvalidArgument",
                path,
                kind="System.Management.Automation.PSArgumentNullException",
            )
            return None
        if self.exists(command.ctx, path) and not force:
            self.already_there(command, path)
            return None
        shown = convert.to_string(command.ctx, value)
        if not command.should_process(f"Item: {path} Type: {kind} Value: {shown}", "New Item"):
            return None
        return self.set(command, path, value)

    def already_there(self, command: Any, name: str) -> None:
        text = f"The item at path '{name}' already exists."
        command.error(text, "Argument", "InvalidArgument", kind="System.Management.Automation.PSArgumentException")

    def set(self, command: Any, path: str, value: Any) -> Any:
        if not command.should_process(f"Item: {path} Value: {convert.to_string(command.ctx, value)}", "Set Item"):
            return None
        return self.write(command, path, value)

    def clear(self, command: Any, path: str) -> None:
        if command.should_process(f"Item: {path}", "Clear Item"):
            self.write(command, path, None)

    def remove(self, command: Any, path: str, recurse: bool, force: bool) -> None:
        if path == "":
            raise Unsupported(f"removing the root of drive {self.name}")
        if command.should_process(f"Item: {path}", "Remove Item"):
            self.delete(command, path, force)

    def delete(self, command: Any, name: str, force: bool) -> None:
        raise NotImplementedError

    def rename(self, command: Any, path: str, name: str, force: bool) -> str | None:
        if self.exists(command.ctx, name) and not force:
            self.already_there(command, name)
            return None
        if not command.should_process(f"Item: {path} NewName: {name}", "Rename Item"):
            return None
        if name.lower() == path.lower():
            return name
        value = self.content(command.ctx, path)
        self.write(command, name, value)
        self.delete(command, path, force)
        return name

    def copy(self, command: Any, source: str, target: str, recurse: bool, force: bool) -> list[str]:
        if command.should_process(f"Item: {source} Destination: {target}", "Copy Item"):
            self.write(command, target, self.content(command.ctx, source))
            return [target]
        return []

    def move(self, command: Any, source: str, target: str, force: bool) -> str | None:
        raise not_supported(command, "The NavigationCmdletProvider methods are not supported by this provider.")

    def content(self, ctx: ExecutionContext, path: str) -> Any:
        """What Get-Content reads."""
        raise NotImplementedError


@provider
class Environment(FlatProvider):
    """Environment variables, as ``DictionaryEntry``."""

    name = "Environment"

    def key(self, ctx: ExecutionContext, name: str) -> str:
        return name.lower() if ctx.machine.is_windows else name

    def name_of(self, value: Any) -> str:
        name: str = value.key
        return name

    def table(self, ctx: ExecutionContext) -> dict[str, Any]:
        return {self.key(ctx, n): DictionaryEntry(n, v) for n, v in ctx.machine.environment.items()}

    def write(self, command: Any, name: str, value: Any) -> Any:
        drives.write(command.ctx, "env", name, value)
        return self.table(command.ctx).get(self.key(command.ctx, name))

    def delete(self, command: Any, name: str, force: bool) -> None:
        drives.write(command.ctx, "env", name, None)

    def content(self, ctx: ExecutionContext, path: str) -> Any:
        return self.item(ctx, path).value


@provider
class VariableProvider(FlatProvider):
    """Variables, as ``PSVariable``."""

    name = "Variable"

    def table(self, ctx: ExecutionContext) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for scope in ctx.scope.chain():
            for key, variable in scope.vars.items():
                if key not in seen and not (variable.options & PRIVATE and scope is not ctx.scope):
                    seen[key] = variable
        for key, variable in ctx.all_scope.items():
            seen.setdefault(key, variable)
        return seen

    def exists(self, ctx: ExecutionContext, path: str) -> bool:
        return path == "" or ctx.find_variable(path) is not None or path.lower() in ctx.all_scope

    def item(self, ctx: ExecutionContext, path: str) -> Any:
        if path == "":
            return super().item(ctx, path)
        return ctx.find_variable(path) or ctx.all_scope[path.lower()]

    def write(self, command: Any, name: str, value: Any) -> Any:
        ctx = command.ctx
        if isinstance(value, Variable):
            value = value.value
        variable = ctx.find_variable(name)
        try:
            if variable is not None and command.arg("Force") is True:
                variable.assign(ctx, value, force=True)
            else:
                ctx.set_variable(name, value)
        except PSError as error:
            if error.record is None:
                raise
            command.write_error(error.record)
            return None
        return ctx.find_variable(name)

    def delete(self, command: Any, name: str, force: bool) -> None:
        ctx = command.ctx
        variable = ctx.find_variable(name)
        if variable is not None and (variable.options & CONSTANT or (variable.options & READ_ONLY and not force)):
            command.error(
                f"Cannot remove variable {variable.name} because it is constant or read-only. If the variable is read-only, try "
                "the operation again specifying the Force option.",
                "VariableNotRemovable",
                "WriteError",
                variable.name,
                kind=_UNAUTHORIZED,
            )
            return
        key = name.lower()
        if variable is None:
            return
        for scope in ctx.scope.chain():
            if scope.vars.get(key) is variable:
                del scope.vars[key]
        if ctx.all_scope.get(key) is variable:
            del ctx.all_scope[key]

    def content(self, ctx: ExecutionContext, path: str) -> Any:
        return self.item(ctx, path).value


@provider
class FunctionProvider(FlatProvider):
    """Functions and filters, as ``FunctionInfo``."""

    name = "Function"

    def table(self, ctx: ExecutionContext) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for scope in ctx.scope.chain():
            for key, function in (scope.functions or {}).items():
                seen.setdefault(key, function)
        return seen

    def write(self, command: Any, name: str, value: Any) -> Any:
        base = objects.unwrap(value)
        if base is None:
            self.delete(command, name, True)
            return None
        if isinstance(base, functions.FunctionInfo):
            base = base.script_block
        elif not isinstance(base, (str, ScriptBlock)):
            raise command.fail(
                "Cannot process argument because the value of argument \"value\" is not valid. Change the value of the \"value\" "
                "argument and run the operation again.",
                "Argument",
                "InvalidArgument",
                kind="System.Management.Automation.PSArgumentException",
            )
        return functions.set_function(command.ctx, name, base)

    def delete(self, command: Any, name: str, force: bool) -> None:
        for scope in command.ctx.scope.chain():
            if scope.functions and name.lower() in scope.functions:
                del scope.functions[name.lower()]
                return

    def content(self, ctx: ExecutionContext, path: str) -> Any:
        return self.item(ctx, path).script_block


@provider
class AliasProvider(FlatProvider):
    """Aliases, as ``AliasInfo``."""

    name = "Alias"

    def table(self, ctx: ExecutionContext) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for scope in ctx.scope.chain():
            for key, alias in (scope.aliases or {}).items():
                seen.setdefault(key, alias)
        return seen

    def write(self, command: Any, name: str, value: Any) -> Any:
        base = objects.unwrap(value)
        scope = command.ctx.scope
        if scope.aliases is None:
            scope.aliases = {}
        target = base.target if isinstance(base, AliasInfo) else convert.to_string(command.ctx, base)
        made = scope.aliases[name.lower()] = AliasInfo(name, target)
        return made

    def delete(self, command: Any, name: str, force: bool) -> None:
        for scope in command.ctx.scope.chain():
            alias = (scope.aliases or {}).get(name.lower())
            if alias is None:
                continue
            if "Constant" in alias.options or ("ReadOnly" in alias.options and not force):
                command.error(
                    f"Alias was not removed because alias {alias.name} is constant or read-only.",
                    "AliasNotRemovable",
                    "WriteError",
                    alias.name,
                    kind=_UNAUTHORIZED,
                )
                return
            del scope.aliases[name.lower()]
            return

    def content(self, ctx: ExecutionContext, path: str) -> Any:
        return self.item(ctx, path).definition


__all__ = ["AliasProvider", "Environment", "FlatProvider", "FunctionProvider", "VariableProvider"]

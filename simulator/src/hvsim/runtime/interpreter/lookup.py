# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding the command that a name means: alias, function, cmdlet, script file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hvsim.runtime import command
from hvsim.runtime.command import AliasInfo, CommandInfo
from hvsim.runtime.errors import PSError, runtime_error

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.scope import Scope
    from hvsim.runtime.session import SessionState

Finder = Callable[["ExecutionContext", str], "CommandInfo | None"]


class ExternalCommands:
    """Key in ``ctx.services`` of the function that finds script files and programs by name."""


def resolve(ctx: ExecutionContext, name: str, session: SessionState | None = None) -> CommandInfo:
    """The command of that name; aliases are followed.

    Raises:
        PSError: CommandNotFoundException.
        Unsupported: a command that PowerShell has and we do not.
    """
    found = find(ctx, name, session)
    if found is None:
        scope = ctx.scope if session is None else session.current
        raise not_found(ctx, _behind_aliases(scope, name))
    return found


def _behind_aliases(scope: Scope, name: str) -> str:
    """The name that a chain of aliases ends at."""
    seen: set[str] = set()
    alias = scope.find_alias(name.lower())
    while alias is not None and name.lower() not in seen:
        seen.add(name.lower())
        name = alias.target
        alias = scope.find_alias(name.lower())
    return name


def find(ctx: ExecutionContext, name: str, session: SessionState | None = None) -> CommandInfo | None:
    """As :func:`resolve`, None if there is no such command."""
    scope = ctx.scope if session is None or session is ctx.session else session.current
    name = _behind_aliases(scope, name)
    key = name.lower()
    function = scope.find_function(key)
    if function is not None:
        return function  # type: ignore[no-any-return]
    if "\\" in key:
        qualified = _in_module(ctx, name)
        if qualified is not None:
            return qualified
    cmdlet = command.find_cmdlet(name, ctx)
    if cmdlet is not None:
        return cmdlet
    external: Finder | None = ctx.services.get(ExternalCommands)
    if external is not None:
        outside = external(ctx, name)
        if outside is not None:
            return outside
    if "-" not in key and "\\" not in key and "/" not in key and "." not in key:
        return _get_verb(ctx, name, scope)
    return None


def _get_verb(ctx: ExecutionContext, name: str, scope: Any) -> CommandInfo | None:
    """PowerShell tries ``Get-Name`` for a bare noun."""
    full = f"get-{name.lower()}"
    function = scope.find_function(full)
    if function is not None:
        return function  # type: ignore[no-any-return]
    return command.find_cmdlet(full, ctx)


def _in_module(ctx: ExecutionContext, name: str) -> CommandInfo | None:
    module_name, _, rest = name.rpartition("\\")
    module = ctx.loaded_modules.get(module_name.lower())
    if module is None:
        return None
    found: CommandInfo | None = module.exported_functions.get(rest.lower())
    return found


def follow(ctx: ExecutionContext, info: CommandInfo) -> CommandInfo:
    """An alias's target; any other command itself."""
    return resolve(ctx, info.target) if isinstance(info, AliasInfo) else info


def not_found(ctx: ExecutionContext, name: str) -> PSError:
    """CommandNotFoundException, in the words of the edition; a name in a module that there is not says so (CommandDiscovery's
    TryModuleAutoLoading takes what stands before the first backslash for a module, unless it is a drive or ends in a dot)."""
    error_id = "CommandNotFoundException"
    module, _, rest = name.partition("\\")
    if module and rest and ":" not in module and not module.endswith(".") and not command.has_module(module, ctx):
        error_id = "CouldNotAutoLoadModule"
        text = f"The module '{module}' could not be loaded. For more information, run 'Import-Module {module}'."
    elif ctx.edition == "5.1":
        text = (
            f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the "
            "spelling of the name, or if a path was included, verify that the path is correct and try again."
        )
    else:
        text = (
            f"The term '{name}' is not recognized as a name of a cmdlet, function, script file, or executable program.\n"
            "Check the spelling of the name, or if a path was included, verify that the path is correct and try again."
        )
    return runtime_error(
        error_id,
        text,
        kind="System.Management.Automation.CommandNotFoundException",
        category="ObjectNotFound",
        target=name,
        fields={"CommandName": name},
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``$ExecutionContext``, of session states and of modules."""

from __future__ import annotations

from typing import Any

from hvsim.runtime import types
from hvsim.runtime.automatic import EngineIntrinsics
from hvsim.runtime.members import getter, method
from hvsim.runtime.scope import Variable
from hvsim.runtime.scriptblock import ScriptBlock, create
from hvsim.runtime.session import SessionState
from hvsim.runtime.values import AUTOMATION_NULL, NetObject

_AUTOMATION = "System.Management.Automation."
_ENGINE = _AUTOMATION + "EngineIntrinsics"
_STATE = _AUTOMATION + "SessionState"
_VARIABLES = _AUTOMATION + "PSVariableIntrinsics"
_COMMANDS = _AUTOMATION + "CommandInvocationIntrinsics"

for _name in (_ENGINE, _VARIABLES, _COMMANDS):
    if types.find(_name) is None:
        types.register(types.NetType(_name, "System.Object"))


class VariableIntrinsics(NetObject):
    """``SessionState.PSVariable``."""

    __slots__ = ("session",)
    NET = _VARIABLES

    def __init__(self, session: SessionState) -> None:
        self.session = session


class CommandIntrinsics(NetObject):
    """``$ExecutionContext.InvokeCommand``."""

    __slots__ = ()
    NET = _COMMANDS


@getter(_ENGINE, "SessionState", type=_STATE, context=True)
def _session_state(ctx: Any, self: EngineIntrinsics) -> SessionState:
    session: SessionState = ctx.session
    return session


@getter(_ENGINE, "InvokeCommand", type="System.Object")
@getter(_STATE, "InvokeCommand", type="System.Object")
@getter(_AUTOMATION + "PSScriptCmdlet", "InvokeCommand", type="System.Object")
def _invoke_command(self: Any) -> CommandIntrinsics:
    made: CommandIntrinsics = CommandIntrinsics()
    return made


@getter(_ENGINE, "Host", type="System.Object", context=True)
def _engine_host(ctx: Any, self: EngineIntrinsics) -> Any:
    return ctx.get_variable("Host")


@getter(_STATE, "PSVariable", type="System.Object")
def _variables(self: SessionState) -> VariableIntrinsics:
    return VariableIntrinsics(self)


@getter(_STATE, "LanguageMode", type=_AUTOMATION + "PSLanguageMode")
def _language_mode(self: SessionState) -> Any:
    # No lab has application control, and in sessions without language no script could ask.
    return types.enum(_AUTOMATION + "PSLanguageMode", "FullLanguage")


@getter(_STATE, "Module", type="System.Object")
def _state_module(self: SessionState) -> Any:
    return self.module


# ---- variables ---------------------------------------------------------------------------------------------------------


def _scope(ctx: Any, self: VariableIntrinsics) -> Any:
    return ctx.scope if self.session is ctx.session else self.session.current


@method(_VARIABLES, "Get", overloads=["(string) -> System.Object"], context=True)
def _get(ctx: Any, self: VariableIntrinsics, name: str) -> Variable | None:
    found: Variable | None = _scope(ctx, self).find(name.lower())
    return found


@method(
    _VARIABLES,
    "GetValue",
    overloads=["(string) -> System.Object", "(string, System.Object) -> System.Object"],
    context=True,
)
def _get_value(ctx: Any, self: VariableIntrinsics, name: str, default: Any = None) -> Any:
    found = _scope(ctx, self).find(name.lower())
    return default if found is None else found.value


@method(_VARIABLES, "Set", overloads=["(string, System.Object) -> void", "(psvariable) -> void"], context=True)
def _set(ctx: Any, self: VariableIntrinsics, name: Any, value: Any = None) -> Any:
    if isinstance(name, Variable):
        _scope(ctx, self).vars[name.name.lower()] = name
    else:
        _scope(ctx, self).assign(ctx, name, value)
    return AUTOMATION_NULL


@method(_VARIABLES, "Remove", overloads=["(string) -> void"], context=True)
def _remove(ctx: Any, self: VariableIntrinsics, name: str) -> Any:
    _scope(ctx, self).vars.pop(name.lower(), None)
    return AUTOMATION_NULL


# ---- commands ----------------------------------------------------------------------------------------------------------


@method(_COMMANDS, "ExpandString", overloads=["(string) -> string"], context=True)
def _expand_string(ctx: Any, self: CommandIntrinsics, text: str) -> Any:
    """The text as a double-quoted string: quotes in it are ordinary characters."""
    escaped = text.replace('"', '""')
    return ctx.invoke_value(create(ctx, f'"{escaped}"'), new_scope=False)


@method(_COMMANDS, "NewScriptBlock", overloads=["(string) -> scriptblock"], context=True)
def _new_script_block(ctx: Any, self: CommandIntrinsics, text: str) -> ScriptBlock:
    return create(ctx, text)


@method(
    _COMMANDS,
    "InvokeScript",
    overloads=["(string) -> System.Object", "(string, params System.Object[]) -> System.Object"],
    context=True,
)
def _invoke_script(ctx: Any, self: CommandIntrinsics, text: str, *args: Any) -> Any:
    from hvsim.runtime.collections import Collection

    given = list(args[0]) if len(args) == 1 and isinstance(args[0], list) else list(args)
    items = ctx.invoke(create(ctx, text), given, new_scope=False)
    return Collection(items, types.get("System.Management.Automation.PSObject"))


@method(_COMMANDS, "GetCommand", overloads=["(string, System.Object) -> System.Object"], context=True)
def _get_command(ctx: Any, self: CommandIntrinsics, name: str, kinds: Any) -> Any:
    from hvsim.runtime.interpreter import lookup

    return lookup.find(ctx, name)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading variables and assigning to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang import ast
from hvsim.runtime import drives
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.interpreter.compiler import Closure, Compiler, expression
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import constant
from hvsim.runtime.scope import ALL_SCOPE, AUTOMATIC_NAMES, PRIVATE, Scope, Variable, find_above, is_nothing

Store = Callable[[Frame, Any], Any]
"""Assigns a value to a target; returns what was stored (after conversion)."""

_CONSTANTS: dict[str, Any] = {"null": None, "true": True, "false": False}


@expression(ast.VariableExpression)
def _variable(node: ast.VariableExpression, c: Compiler) -> Closure:
    return reader(node.variable_path)


def reader(path: str, *, strict_from: int = 1) -> Closure:
    """The closure that reads ``$path``; strict mode refuses unset variables from version *strict_from* on."""
    prefix, name = drives.split(path)
    if prefix == "":
        return _plain_reader(name, strict_from)
    if prefix == "using":
        return _using_reader(name)
    if prefix in drives.SCOPE_PREFIXES:
        return _scoped_reader(prefix, name)
    return lambda frame: drives.read(frame.ctx, prefix, name)


def is_plain(path: str) -> bool:
    """Whether ``$path`` is a variable that a scope keeps under that name: no drive, no scope's name, nothing constant or automatic."""
    key = path.lower()
    return drives.split(path) == ("", path) and key not in _CONSTANTS and key != "?" and key not in AUTOMATIC_NAMES


def _plain_reader(name: str, strict_from: int = 1) -> Closure:
    key = name.lower()
    if key in _CONSTANTS:
        return constant(_CONSTANTS[key])
    if key == "?":
        return lambda frame: frame.ctx.question
    if key in AUTOMATIC_NAMES:
        return _automatic_reader(name)

    def read(frame: Frame) -> Any:
        scope = frame.scope
        found = scope.vars.get(key)
        if found is not None:
            return found.value
        found = find_above(scope, key)
        return found.value if found is not None else missing(frame, name, strict_from)

    return read


def _automatic_reader(name: str) -> Closure:
    key = name.lower()

    def read(frame: Frame) -> Any:
        found = frame.scope.find(key)
        return found.value if found is not None else missing(frame, name)

    return read


def missing(frame: Frame, name: str, strict_from: int = 1) -> Any:
    """What an unset variable reads as.

    Raises:
        PSError: VariableIsUndefined in strict mode.
    """
    if frame.ctx.scope.strict >= strict_from:
        raise runtime_error(
            "VariableIsUndefined",
            f"The variable '${name}' cannot be retrieved because it has not been set.",
            target=name,
        )
    return None


def _scoped_reader(prefix: str, name: str) -> Closure:
    key = name.lower()

    def read(frame: Frame) -> Any:
        scope = scope_named(frame, prefix)
        found = scope.own(key)
        if found is None and prefix != "local":
            found = frame.ctx.all_scope.get(key)
        if found is not None:
            return found.value
        return missing(frame, f"{prefix}:{name}")

    return read


def scope_named(frame: Frame, prefix: str) -> Scope:
    """The scope that a prefix means in a frame."""
    if prefix == "script":
        return frame.scope.script
    if prefix == "global":
        return frame.ctx.global_session.top
    return frame.scope


def _using_reader(name: str) -> Closure:
    key = name.lower()

    def read(frame: Frame) -> Any:
        if frame.using is not None and key in frame.using:
            return frame.using[key]
        raise runtime_error(
            "UsingWithoutInvokeCommand",
            "A Using variable cannot be retrieved. A Using variable can be used only with Invoke-Command, Start-Job, or "
            "InlineScript in the script workflow. When it is used with Invoke-Command, the Using variable is valid only "
            "if the script block is invoked on a remote computer.",
        )

    return read


@expression(ast.UsingExpression)
def _using(node: ast.UsingExpression, c: Compiler) -> Closure:
    if isinstance(node.sub_expression, ast.VariableExpression):
        path = node.sub_expression.variable_path
        return _using_reader(path[6:] if path.lower().startswith("using:") else path)
    return c.expression(node.sub_expression)


def writer(path: str) -> Store:
    """The function that assigns to ``$path``."""
    prefix, name = drives.split(path)
    if prefix == "":
        return _plain_writer(name)
    if prefix in drives.SCOPE_PREFIXES:
        return _scoped_writer(prefix, name)

    def write(frame: Frame, value: Any) -> Any:
        drives.write(frame.ctx, prefix, name, value)
        return value

    return write


def _plain_writer(name: str) -> Store:
    key = name.lower()
    if key == "null":
        return lambda frame, value: value

    def write(frame: Frame, value: Any) -> Any:
        scope = frame.scope
        found = scope.vars.get(key)
        if found is None:
            found = frame.ctx.all_scope.get(key)
            if found is None:
                scope.vars[key] = Variable(name, value)
                return value
        if found.checks is None and not found.options:
            found.value = value
            return value
        found.assign(frame.ctx, value)
        return found.value

    return write


def _scoped_writer(prefix: str, name: str) -> Store:
    key = name.lower()

    def write(frame: Frame, value: Any) -> Any:
        scope = scope_named(frame, prefix)
        scope.assign(frame.ctx, name, value)
        stored = scope.vars.get(key) or frame.ctx.all_scope[key]
        if prefix == "private":
            stored.options |= PRIVATE
        return stored.value

    return write


def set_attributed(frame: Frame, path: str, value: Any, checks: list[Any], attributes: list[Any]) -> Any:
    """``[int] $x = value`` and ``[ValidateSet(...)] $x = value``: the checks stay with the variable.

    Raises:
        PSError: the value cannot be converted or is not valid; the variable may not be changed.
    """
    prefix, name = drives.split(path)
    if prefix and prefix not in drives.SCOPE_PREFIXES:
        for check in checks:
            value = check(frame.ctx, value)
        drives.write(frame.ctx, prefix, name, value)
        return value
    scope = scope_named(frame, prefix)
    key = name.lower()
    found = scope.own(key) or frame.ctx.all_scope.get(key)
    if found is None:
        for check in checks:
            value = check(frame.ctx, value)
        found = scope.vars[key] = Variable(name, value, 0, list(checks))
    else:
        if found.is_locked or found.options & ALL_SCOPE:
            found.assign(frame.ctx, value)
        for check in checks:
            value = check(frame.ctx, value)
        found.checks = list(checks)
        found.value = value
    found.attributes = list(attributes)
    return found.value


def splat_value(frame: Frame, path: str) -> Any:
    """The value of ``@path``."""
    value = reader(path)(frame)
    return None if is_nothing(value) else value

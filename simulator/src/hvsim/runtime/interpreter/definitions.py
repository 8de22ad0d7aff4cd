# SPDX-License-Identifier: GPL-3.0-or-later
"""Statements that define something: functions, data sections; ``using``."""

from __future__ import annotations

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.functions import FilterInfo, FunctionInfo
from hvsim.runtime.interpreter.blocks import capture, statement_block
from hvsim.runtime.interpreter.compiler import Closure, Compiler, statement
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.variables import scope_named
from hvsim.runtime.scriptblock import Code, ScriptBlock

_PREFIXES = ("global", "script", "local", "private")


@statement(ast.FunctionDefinition)
def _function(node: ast.FunctionDefinition, c: Compiler) -> Closure:
    if node.is_workflow:
        return _refuse("workflow")
    code = Code(node.body, c.source, c.namespaces, parameters=node.parameters, is_filter=node.is_filter)
    kind = "Filter" if node.is_filter else "Function"
    prefix, colon, rest = node.name.partition(":")
    name = rest if colon and prefix.lower() in _PREFIXES else node.name

    def define(frame: Frame) -> None:
        scope = scope_named(frame, prefix.lower() if colon else "")
        key = name.lower()
        if scope.functions is None:
            scope.functions = {}
        existing = scope.functions.get(key)
        if existing is not None and existing.options in ("ReadOnly", "Constant"):
            raise runtime_error(
                "FunctionNotWritable",
                f"Cannot write to function {name} because it is read-only or constant.",
                kind="System.Management.Automation.SessionStateUnauthorizedAccessException",
                category="WriteError",
                target=name,
            )
        session = frame.ctx.session
        module = session.module
        info = (FilterInfo if node.is_filter else FunctionInfo)(name, ScriptBlock(code, session), kind, module.name if module is not None else "")
        info.module = module
        scope.functions[key] = info

    return define


@statement(ast.TypeDefinition)
def _type_definition(node: ast.TypeDefinition, c: Compiler) -> Closure:
    return _refuse("class" if node.is_class else "enum")


def _refuse(what: str) -> Closure:
    def run(frame: Frame) -> None:
        raise Unsupported(what)

    return run


@statement(ast.DataStatement)
def _data(node: ast.DataStatement, c: Compiler) -> Closure:
    body = capture(statement_block(node.body, c))
    name = node.variable

    def run(frame: Frame) -> None:
        from hvsim.runtime.interpreter.commands import emit

        value = body(frame)
        if name is None:
            emit(frame.out, value)
        else:
            frame.scope.assign(frame.ctx, name, value)

    return run


@statement(ast.UsingStatement)
def _using(node: ast.UsingStatement, c: Compiler) -> Closure:
    return lambda frame: None


@statement(ast.BlockStatement)
def _block(node: ast.BlockStatement, c: Compiler) -> Closure:
    return _refuse(f"{node.kind} blocks")

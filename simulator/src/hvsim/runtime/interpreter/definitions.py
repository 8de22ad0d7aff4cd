# SPDX-License-Identifier: GPL-3.0-or-later
"""Statements that define something: functions, data sections; ``using``."""

from __future__ import annotations

from operator import add, and_, lshift, mul, or_, sub

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert
from hvsim.runtime.command import AliasInfo
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.functions import FilterInfo, FunctionInfo
from hvsim.runtime.interpreter.attributes import attribute_name
from hvsim.runtime.interpreter.blocks import capture, statement_block
from hvsim.runtime.interpreter.compiler import Closure, Compiler, statement
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import constant_value
from hvsim.runtime.interpreter.variables import scope_named
from hvsim.runtime.scriptblock import ScriptBlock

_PREFIXES = ("global", "script", "local", "private")


@statement(ast.FunctionDefinition)
def _function(node: ast.FunctionDefinition, c: Compiler) -> Closure:
    if node.is_workflow:
        return _refuse("workflow")
    namespaces = c.namespaces
    kind = "Filter" if node.is_filter else "Function"
    prefix, colon, rest = node.name.partition(":")
    name = rest if colon and prefix.lower() in _PREFIXES else node.name
    aliases = _aliases(node.body, c)

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
        code = frame.code.nested(node.body, namespaces, parameters=node.parameters, is_filter=node.is_filter)
        info = (FilterInfo if node.is_filter else FunctionInfo)(
            name, ScriptBlock(code, session), kind, module.name if module is not None else ""
        )
        info.module = module
        scope.functions[key] = info
        for value in aliases:
            names = value(frame)
            for alias in names if isinstance(names, list) else (names,):
                text = convert.to_string(frame.ctx, alias)
                scope.aliases = {**(scope.aliases or {}), text.lower(): AliasInfo(text, name)}

    return define


def _aliases(body: ast.ScriptBlock, c: Compiler) -> list[Closure]:
    """The names of ``[Alias('a', 'b')]`` before a param block, which a function brings into its own scope
    (SessionStateScope.SetFunction's caller ``SetFunctionRaw``)."""
    block = body.param_block
    return [
        c.expression(value)
        for node in (block.attributes if block is not None else ())
        if isinstance(node, ast.Attribute) and attribute_name(node) == "alias"
        for value in node.positional_arguments
    ]


@statement(ast.TypeDefinition)
def _type_definition(node: ast.TypeDefinition, c: Compiler) -> Closure:
    """Enums exist before the first statement runs, like every type that a script defines; classes are refused."""
    if not node.is_enum:
        return _refuse("class")
    define_enum(node, c)
    return lambda frame: define_enum(node, c)


def define_enum(node: ast.TypeDefinition, c: Compiler) -> None:
    """Makes the type of an ``enum`` statement known.

    Raises:
        Unsupported: a member whose value is not a plain constant.
    """
    from hvsim.runtime import types

    values: dict[str, int] = {}
    following = 0
    for member in node.members:
        assert isinstance(member, ast.PropertyMember)
        if member.initial_value is not None:
            following = _enum_value(node.name, member.initial_value, values)
        values[member.name] = following
        following += 1
    underlying = "System.Int32"
    if node.base_types:
        found = types.find(node.base_types[0].type_name.full_name)
        underlying = found.full_name if found is not None else underlying
    flags = any(a.type_name.full_name.lower() in ("flags", "system.flags", "flagsattribute") for a in node.attributes)
    types.register(
        types.NetType(node.name, "System.Enum", kind="e", enum_members=values, is_flags=flags, underlying=underlying)
    )


def _enum_value(enum: str, node: ast.Expression, known: dict[str, int]) -> int:
    value = constant_value(node)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(node, ast.UnaryExpression) and node.token_kind == "Minus":
        return -_enum_value(enum, node.child, known)
    if isinstance(node, ast.BinaryExpression) and node.operator in _ENUM_OPERATORS:
        left, right = _enum_value(enum, node.left, known), _enum_value(enum, node.right, known)
        return int(_ENUM_OPERATORS[node.operator](left, right))
    if isinstance(node, ast.MemberExpression) and node.static and isinstance(node.member, ast.StringConstantExpression):
        for name, number in known.items():
            if name.lower() == node.member.value.lower():
                return number
    if isinstance(value, str):
        for name, number in known.items():
            if name.lower() == value.lower():
                return number
    raise Unsupported(f"the value of a member of enum {enum}")


_ENUM_OPERATORS = {"Bor": or_, "Band": and_, "Shl": lshift, "Plus": add, "Minus": sub, "Multiply": mul}


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

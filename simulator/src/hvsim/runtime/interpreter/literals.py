# SPDX-License-Identifier: GPL-3.0-or-later
"""Constants, strings, type literals, arrays, hashtables, script blocks as values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, edition51
from hvsim.runtime.collections import GenericList
from hvsim.runtime.errors import PSError, net_error, runtime_error
from hvsim.runtime.interpreter.compiler import Closure, Compiler, expression
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.scope import is_nothing
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    BigInteger,
    Byte,
    Decimal,
    Int16,
    Int64,
    NetObject,
    PSObject,
    SByte,
    UInt16,
    UInt32,
    UInt64,
)

_NUMBERS: dict[str, Any] = {
    "int": int,
    "long": Int64,
    "byte": Byte,
    "sbyte": SByte,
    "short": Int16,
    "ushort": UInt16,
    "uint": UInt32,
    "ulong": UInt64,
    "bigint": BigInteger,
    "double": float,
    "decimal": Decimal,
}
NOT_CONSTANT: Any = object()


def constant_value(node: ast.Ast) -> Any:
    """The value of a node that is known before running, else ``NOT_CONSTANT``."""
    if isinstance(node, ast.ConstantExpression):
        value = node.value
        return value if isinstance(value, bool) else _NUMBERS[value.kind](value.value)
    if isinstance(node, ast.StringConstantExpression):
        return node.value
    if isinstance(node, ast.VariableExpression) and not node.splatted:
        return {"null": None, "true": True, "false": False}.get(node.variable_path.lower(), NOT_CONSTANT)
    if isinstance(node, ast.ParenExpression):
        inner = pure_expression(node.pipeline)
        return constant_value(inner) if inner is not None else NOT_CONSTANT
    return NOT_CONSTANT


def pure_expression(node: ast.Ast) -> ast.Expression | None:
    """The expression that a pipeline consists of, if it is nothing else."""
    element: ast.Ast = node
    if isinstance(node, ast.Pipeline) and len(node.pipeline_elements) == 1 and not node.background:
        element = node.pipeline_elements[0]
    if isinstance(element, ast.CommandExpression) and not element.redirections:
        return element.expression
    return None


def constant(value: Any) -> Closure:
    """The closure of a known value."""

    def evaluate(frame: Frame) -> Any:
        return value

    return evaluate


@expression(ast.ConstantExpression)
@expression(ast.StringConstantExpression)
def _constant(node: ast.Expression, c: Compiler) -> Closure:
    return constant(constant_value(node))


@expression(ast.ExpandableStringExpression)
def _expandable(node: ast.ExpandableStringExpression, c: Compiler) -> Closure:
    to_string = convert.to_string
    parts = [part if isinstance(part, str) else _string_part(part, c) for part in node.parts]
    if len(parts) == 1 and not isinstance(parts[0], str):
        only = parts[0]

        def single(frame: Frame) -> Any:
            value = only(frame)
            return value if type(value) is str else to_string(frame.ctx, value)

        return single

    def evaluate(frame: Frame) -> Any:
        ctx = frame.ctx
        texts = []
        for part in parts:
            if isinstance(part, str):
                texts.append(part)
            else:
                value = part(frame)
                texts.append(value if type(value) is str else to_string(ctx, value))
        return "".join(texts)

    return evaluate


def _string_part(node: ast.Expression, c: Compiler) -> Closure:
    """A variable or ``$(...)`` in a string; strict mode 1 lets unset variables pass here."""
    if isinstance(node, ast.VariableExpression):
        from hvsim.runtime.interpreter.variables import reader

        return reader(node.variable_path, strict_from=2)
    return c.expression(node)


@expression(ast.TypeExpression)
def _type(node: ast.TypeExpression, c: Compiler) -> Closure:
    return type_closure(node.type_name, c)


def type_closure(name: ast.AnyTypeName, c: Compiler) -> Closure:
    """The closure that yields the NetType of a type name; looked up at first use and kept."""
    found: list[Any] = []

    def evaluate(frame: Frame) -> Any:
        if found:
            return found[0]
        net_type = resolve_type_name(name, c.namespaces, c.source.edition)
        found.append(net_type)
        return net_type

    return evaluate


def find_type(full_name: str, namespaces: tuple[str, ...] = (), edition: str = "7") -> Any:
    """The type of that name, by itself or in one of the namespaces of ``using`` statements; None if there is none."""
    from hvsim.runtime import types

    find = edition51.find_type if edition == edition51.EDITION else types.find
    net_type = find(full_name)
    for namespace in namespaces:
        if net_type is not None:
            break
        net_type = find(f"{namespace}.{full_name}")
    if net_type is None and namespaces and "[" in full_name:
        return types.find_in(full_name, namespaces)
    return net_type


def resolve_type(full_name: str, namespaces: tuple[str, ...] = (), edition: str = "7") -> Any:
    """As :func:`find_type`.

    Raises:
        PSError: TypeNotFound.
        Unsupported: .NET has the type, the engine does not.
    """
    net_type = find_type(full_name, namespaces, edition)
    if net_type is None:
        edition51.refuse_type(full_name, edition, namespaces)
        raise type_not_found(full_name)
    return net_type


def resolve_type_name(name: ast.AnyTypeName, namespaces: tuple[str, ...] = (), edition: str = "7") -> Any:
    """As :func:`resolve_type`; of a composed name the error names the part that is missing.

    Raises:
        PSError: TypeNotFound.
    """
    net_type = find_type(name.full_name, namespaces, edition)
    if net_type is not None:
        return net_type
    edition51.refuse_type(name.full_name, edition, namespaces)
    if isinstance(name, ast.ArrayTypeName):
        resolve_type_name(name.element_type, namespaces, edition)
    elif isinstance(name, ast.GenericTypeName):
        resolve_type_name(name.type_name, namespaces, edition)
        for argument in name.generic_arguments:
            resolve_type_name(argument, namespaces, edition)
    raise type_not_found(name.full_name)


class TypeNameValue(NetObject):
    """``System.Management.Automation.Language.TypeName``: the target of TypeNotFound."""

    __slots__ = ("name",)
    NET = "System.Management.Automation.Language.TypeName"

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


def type_not_found(full_name: str) -> PSError:
    """The error of an unknown type name."""
    return runtime_error("TypeNotFound", f"Unable to find type [{full_name}].", target=TypeNameValue(full_name))


@expression(ast.ArrayLiteral)
def _array_literal(node: ast.ArrayLiteral, c: Compiler) -> Closure:
    elements = [c.expression(element) for element in node.elements]

    def evaluate(frame: Frame) -> Any:
        return Array([element(frame) for element in elements])

    return evaluate


@expression(ast.ArrayExpression)
def _array_expression(node: ast.ArrayExpression, c: Compiler) -> Closure:
    from hvsim.runtime.interpreter import blocks

    body = node.sub_expression
    pure = None
    if not body.traps and len(body.statements) == 1:
        pure = pure_expression(body.statements[0])
    if pure is None:
        collect = blocks.collect(blocks.statement_block(body, c))
        return lambda frame: Array(collect(frame))
    inner = c.expression(pure)
    if isinstance(pure, ast.ArrayLiteral):
        return inner

    def evaluate(frame: Frame) -> Any:
        value = inner(frame)
        if value is AUTOMATION_NULL:
            return Array()
        if type(value) is GenericList and value.from_cmdlet:
            _refuse_wrapped_list(frame, pure)
        items = convert.enumerate(value)
        return Array([value]) if items is None else Array(items)

    return evaluate


def _refuse_wrapped_list(frame: Frame, node: ast.Expression) -> None:
    """``@(...)`` cannot take a ``List[object]`` that is wrapped in a ``PSObject``, as New-Object gives it and a plain
    variable keeps it (PowerShell issue 27558; PSToObjectArrayBinder.Bind builds an expression of two types). A conversion,
    such as that of a typed variable or parameter, takes the wrapper off. Which references below members and indexes have
    one is not known here.

    Raises:
        PSError: PowerShell's error.
        Unsupported: whether this reference is wrapped is not known.
    """
    if isinstance(node, ast.ConvertExpression):
        return
    if not isinstance(node, ast.VariableExpression):
        raise Unsupported("@() of a List[object] that New-Object made and that stands below a member, an index or a call")
    variable = frame.scope.find(node.variable_path.lower())
    if variable is not None and variable.checks is None:
        raise net_error("System.ArgumentException", "Argument types do not match", ParamName=None)


@expression(ast.Hashtable)
def _hashtable(node: ast.Hashtable, c: Compiler) -> Closure:
    return hashtable_closure(node, c, ordered=False)


def hashtable_closure(node: ast.Hashtable, c: Compiler, *, ordered: bool) -> Closure:
    """The closure of ``@{...}``, or of ``[ordered] @{...}``."""
    from hvsim.runtime.collections import Hashtable, OrderedDictionary

    pairs = [(c.expression(key), c.value(value)) for key, value in node.key_value_pairs]
    names = [key.value for key, _ in node.key_value_pairs if isinstance(key, ast.StringConstantExpression)]
    normal = [Hashtable()._key(name) for name in names]
    if len(set(normal)) == len(pairs):
        named = list(zip(normal, names, (value for _, value in pairs), strict=True))
        return _named_hashtable(OrderedDictionary if ordered else Hashtable, named)

    def evaluate(frame: Frame) -> Any:
        table: Any = OrderedDictionary() if ordered else Hashtable()
        for key_of, value_of in pairs:
            key = key_of(frame)
            if is_nothing(key):
                raise runtime_error("InvalidNullKey", "A null key is not allowed in a hash literal.", target=table)
            if type(key) is PSObject:
                key = key.base
            if not table.add(key, value_of(frame)):
                text = convert.to_string(frame.ctx, key)
                text = text if len(text) <= 40 else f"{text[:40]}\u2026"
                raise runtime_error(
                    "DuplicateKeyInHashLiteral",
                    f"Duplicate keys '{text}' are not allowed in hash literals.",
                    target=table,
                )
        return table

    return evaluate


def _named_hashtable(make: Callable[[], Any], entries: list[tuple[str, str, Closure]]) -> Closure:
    """The usual ``@{ Name = value }``: keys that are known, and differ, before anything runs."""

    def evaluate(frame: Frame) -> Any:
        table = make()
        store = table.store
        for normal, name, value_of in entries:
            store[normal] = (name, value_of(frame))
        table.version = len(entries)
        return table

    return evaluate


@expression(ast.ScriptBlockExpression)
def _script_block(node: ast.ScriptBlockExpression, c: Compiler) -> Closure:
    from hvsim.runtime.scriptblock import ScriptBlock

    block, namespaces = node.script_block, c.namespaces

    def evaluate(frame: Frame) -> Any:
        return ScriptBlock(frame.code.nested(block, namespaces), frame.ctx.session)

    return evaluate


@expression(ast.SubExpression)
def _sub_expression(node: ast.SubExpression, c: Compiler) -> Closure:
    from hvsim.runtime.interpreter import blocks, single_values

    if not node.sub_expression.statements:
        return constant(None)
    single = single_values.single_value(node.sub_expression, c)
    return single if single is not None else blocks.capture(blocks.statement_block(node.sub_expression, c))


@expression(ast.ParenExpression)
def _paren(node: ast.ParenExpression, c: Compiler) -> Closure:
    return c.value(node.pipeline)

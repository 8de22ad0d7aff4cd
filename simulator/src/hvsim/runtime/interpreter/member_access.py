# SPDX-License-Identifier: GPL-3.0-or-later
"""Member access, method calls and indexing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, objects, types
from hvsim.runtime.collections import Dictionary, Hashtable, OrderedDictionary, fold
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.interpreter import literals
from hvsim.runtime.interpreter.compiler import Closure, Compiler, expression
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import NOT_CONSTANT, constant, constant_value
from hvsim.runtime.member_info import NoteProperty
from hvsim.runtime.scope import is_nothing
from hvsim.runtime.values import AUTOMATION_NULL, Array, EnumValue, PSCustomObject, PSObject

# ---- members -----------------------------------------------------------------------------------------------------------


def member_name(node: ast.Expression, c: Compiler) -> tuple[str | None, Closure]:
    """The name of a member: as text when it is written, and the closure that yields it."""
    value = constant_value(node)
    if type(value) is str:
        return value, constant(value)
    name = c.expression(node)

    def evaluate(frame: Frame) -> Any:
        raw = name(frame)
        # A number or other value is a dictionary's key as it is: $h.1, $h.$key.
        return raw if isinstance(raw, (int, float, EnumValue)) else member_text(frame, raw)

    return None, evaluate


def member_text(frame: Frame, value: Any) -> str:
    """A computed member name as text.

    Raises:
        PSError: there is no name.
    """
    text = value if type(value) is str else convert.to_string(frame.ctx, value)
    if text == "":
        raise runtime_error("PropertyNameNotSpecified", "The property name cannot be an empty string or null.")
    return text


def static_owner(node: ast.Expression, c: Compiler) -> Closure:
    """The type in front of ``::``; a value that is no type stands for its own type."""
    owner = c.expression(node)
    if isinstance(node, ast.TypeExpression):
        return owner

    def evaluate(frame: Frame) -> Any:
        from hvsim.runtime import types

        value = objects.unwrap(owner(frame))
        if isinstance(value, types.NetType) or is_nothing(value):
            return value
        return types.of(value)

    return evaluate


@expression(ast.MemberExpression)
def _member(node: ast.MemberExpression, c: Compiler) -> Closure:
    text, name_of = member_name(node.member, c)
    if node.static:
        return _static_member(static_owner(node.expression, c), name_of)
    owner = c.expression(node.expression)
    get_member = objects.get_member
    if node.null_conditional:

        def conditional(frame: Frame) -> Any:
            value = owner(frame)
            return None if is_nothing(value) else get_member(frame.ctx, value, name_of(frame))

        return conditional
    if text is None:
        return _computed_member(owner, c.expression(node.member))
    return _named_member(owner, text)


def _named_member(owner: Closure, text: str) -> Closure:
    """``$x.name``; note properties and keys of hashtables, the usual cases, are looked up right here."""
    read = objects.property_read(text)
    key, folded = text.lower(), fold(text)

    def evaluate(frame: Frame) -> Any:
        value = owner(frame)
        kind = type(value)
        if kind is PSCustomObject:
            member = value.extended.get(key)
            if type(member) is NoteProperty:
                return member.value
        elif (kind is Hashtable or kind is OrderedDictionary) and not value.extended and value.ignore_case:
            pair = value.store.get(folded)
            if pair is not None:
                return pair[1]
        return read(frame.ctx, value)

    return evaluate


def _computed_member(owner: Closure, name: Closure) -> Closure:
    """``$x.$name`` and ``$x.3``: a dictionary is asked for the very key first."""

    def evaluate(frame: Frame) -> Any:
        value, key = owner(frame), unwrapped(name(frame))
        if type(key) is not str and not is_nothing(key):
            table = unwrapped(value)
            if isinstance(table, Dictionary) and table.contains(key):
                return table.get(key)
        return objects.get_member(frame.ctx, value, member_text(frame, key))

    return evaluate


def _static_member(owner: Closure, name_of: Closure) -> Closure:
    def evaluate(frame: Frame) -> Any:
        net_type = owner(frame)
        if is_nothing(net_type):
            return None
        return objects.get_static(frame.ctx, net_type, member_text(frame, name_of(frame)))

    return evaluate


@expression(ast.InvokeMemberExpression)
def _invoke(node: ast.InvokeMemberExpression, c: Compiler) -> Closure:
    text, name_of = member_name(node.member, c)
    arguments = [_argument(argument, c) for argument in node.arguments]
    generic = [literals.type_closure(name, c) for name in node.generic_type_arguments]
    extent = node.extent
    if node.static:
        return _static_call(static_owner(node.expression, c), name_of, arguments, generic, extent)
    owner = c.expression(node.expression)
    conditional = node.null_conditional
    invoke_member = objects.invoke_member
    if text is not None and not generic and not conditional:
        call = objects.method_call(text)
        if _is_object_cast(_within_parentheses(node.expression)) and text.lower() in ("tostring", "equals"):
            call = _of_object(text.lower(), call)
        return _named_call(owner, call, arguments, extent)

    def evaluate(frame: Frame) -> Any:
        target = owner(frame)
        if conditional and is_nothing(target):
            return None
        name = text if text is not None else name_of(frame)
        args = [argument(frame) for argument in arguments]
        frame.position = extent
        if generic:
            return invoke_member(frame.ctx, target, name, args, generic=tuple(g(frame) for g in generic))
        return invoke_member(frame.ctx, target, name, args)

    return evaluate


def _named_call(
    owner: Closure, call: Callable[[Any, Any, list[Any]], Any], arguments: list[Closure], extent: ast.Extent
) -> Closure:
    """``$x.name(...)``, the usual case."""

    def evaluate(frame: Frame) -> Any:
        target = owner(frame)
        args = [argument(frame) for argument in arguments]
        frame.position = extent
        return call(frame.ctx, target, args)

    return evaluate


def _within_parentheses(node: ast.Expression) -> ast.Expression:
    while isinstance(node, ast.ParenExpression):
        inner = literals.pure_expression(node.pipeline)
        if inner is None:
            break
        node = inner
    return node


def _of_object(name: str, call: Callable[[Any, Any, Sequence[Any]], Any]) -> Callable[[Any, Any, Sequence[Any]], Any]:
    """``([object] $x).ToString()``: a method of the type in front is called as that type has it, not as the object's own type
    does (``Compiler.GetTypeConstraintForMethodResolution``)."""

    def evaluate(ctx: Any, target: Any, args: Sequence[Any]) -> Any:
        value = unwrapped(target)
        if is_nothing(value) or isinstance(value, PSCustomObject) or len(args) != (name == "equals"):
            return call(ctx, target, args)
        net_type = types.of(value)
        if name == "tostring":
            return types.type_to_string(net_type)
        other = unwrapped(args[0])
        if type(value) is str and value == other:
            raise Unsupported("Object.Equals of two equal texts")
        return value is other and not net_type.is_value_type

    return evaluate


def _argument(node: ast.Expression, c: Compiler) -> Closure:
    inner = c.expression(node)
    if constant_value(node) is not NOT_CONSTANT:
        return inner

    def evaluate(frame: Frame) -> Any:
        value = inner(frame)
        return None if value is AUTOMATION_NULL else value

    return evaluate


def _static_call(
    owner: Closure, name_of: Closure, arguments: list[Closure], generic: list[Closure], extent: ast.Extent
) -> Closure:
    def evaluate(frame: Frame) -> Any:
        net_type = owner(frame)
        name = member_text(frame, name_of(frame))
        args = [argument(frame) for argument in arguments]
        if is_nothing(net_type):
            raise runtime_error("InvokeMethodOnNull", "You cannot call a method on a null-valued expression.")
        frame.position = extent
        if name.lower() == "new":
            return objects.construct(frame.ctx, net_type, args)
        return objects.invoke_static(frame.ctx, net_type, name, args, generic=tuple(g(frame) for g in generic))

    return evaluate


# ---- indexing ----------------------------------------------------------------------------------------------------------


@expression(ast.IndexExpression)
def _index(node: ast.IndexExpression, c: Compiler) -> Closure:
    target, index = c.expression(node.target), c.expression(node.index)
    get_index = objects.get_index
    conditional = node.null_conditional
    indices_of = index_list(node.index, index)
    by_key = _is_object_cast(node.index)
    if not (conditional or by_key or (isinstance(node.index, ast.ArrayLiteral) and len(node.index.elements) > 1)):
        return _single_index(target, index)

    def evaluate(frame: Frame) -> Any:
        value = target(frame)
        if conditional and is_nothing(value):
            return None
        if by_key and isinstance(value, OrderedDictionary):
            return value.get(unwrapped(index(frame)))
        return get_index(frame.ctx, value, indices_of(frame))

    return evaluate


def _single_index(target: Closure, index: Closure) -> Closure:
    """``$x[i]``; keys of hashtables and positions in arrays, the usual cases, are looked up right here."""
    get_index = objects.get_index

    def evaluate(frame: Frame) -> Any:
        value, at = target(frame), index(frame)
        kind = type(value)
        if kind is Hashtable or kind is OrderedDictionary:
            if type(at) is str and value.ignore_case:
                pair = value.store.get(at.upper() if at.isascii() else fold(at))
                return None if pair is None else pair[1]
        elif kind is Array and type(at) is int and 0 <= at < len(value):
            return value[at]
        return get_index(frame.ctx, value, [at])

    return evaluate


def _is_object_cast(node: ast.Expression) -> bool:
    """``[object] 1``: of an ordered dictionary's two indexers, by position and by key, the static type chooses."""
    return isinstance(node, ast.ConvertExpression) and node.type.type_name.full_name.lower() in (
        "object",
        "system.object",
    )


def index_list(node: ast.Expression, index: Closure) -> Closure:
    """The indices in brackets as a list: ``[1, 2]`` has two, ``[$a]`` and ``[(1, 2)]`` have one."""
    if isinstance(node, ast.ArrayLiteral) and len(node.elements) > 1:
        return lambda frame: list(index(frame))
    return lambda frame: [index(frame)]


def unwrapped(value: Any) -> Any:
    """A value without its PSObject."""
    return value.base if type(value) is PSObject else value

# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators, casts, member access and indexing."""

from __future__ import annotations

from typing import Any

from hvsim.lang import ast
from hvsim.runtime import convert, objects, operators, types
from hvsim.runtime.collections import Dictionary
from hvsim.runtime.convert import to_bool
from hvsim.runtime.interpreter import literals
from hvsim.runtime.interpreter.compiler import Closure, Compiler, expression
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.fused import fused
from hvsim.runtime.interpreter.literals import constant, constant_value
from hvsim.runtime.scope import is_nothing
from hvsim.runtime.values import AUTOMATION_NULL, Array

INT_MIN = -(2**31)


# ---- binary operators --------------------------------------------------------------------------------------------------


@expression(ast.BinaryExpression)
def _binary(node: ast.BinaryExpression, c: Compiler) -> Closure:
    quick = fused(node, c)
    if quick is not None:
        return quick
    name = node.operator
    left, right = c.expression(node.left), c.expression(node.right)
    if name == "Xor":
        return lambda frame: to_bool(left(frame)) is not to_bool(right(frame))
    if name == "QuestionQuestion":
        return _coalesce(left, right)
    operator = operators.BINARY[name]
    return lambda frame: operator(frame.ctx, left(frame), right(frame))


def _coalesce(left: Closure, right: Closure) -> Closure:
    def evaluate(frame: Frame) -> Any:
        value = left(frame)
        return right(frame) if is_nothing(value) else value

    return evaluate


def lazy(node: ast.Expression, c: Compiler) -> Closure:
    """The closure of an expression that is only run over: ``a..b`` becomes a Python range instead of an array."""
    if not isinstance(node, ast.BinaryExpression) or node.operator != "DotDot":
        return c.expression(node)
    left, right = c.expression(node.left), c.expression(node.right)
    operator = operators.BINARY["DotDot"]

    def evaluate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        if type(a) is int and type(b) is int:
            return range(a, b + 1) if a <= b else range(a, b - 1, -1)
        return operator(frame.ctx, a, b)

    return evaluate


# ---- unary operators, ternary ------------------------------------------------------------------------------------------


@expression(ast.UnaryExpression)
def _unary(node: ast.UnaryExpression, c: Compiler) -> Closure:
    kind = node.token_kind
    if kind in ("PlusPlus", "MinusMinus", "PostfixPlusPlus", "PostfixMinusMinus"):
        from hvsim.runtime.interpreter.assignments import increment

        return increment(node, c)
    quick = fused(node, c)
    if quick is not None:
        return quick
    child = c.expression(node.child)
    if kind == "Comma":
        return lambda frame: Array([child(frame)])
    operator = operators.UNARY[kind]
    value = constant_value(node.child)
    if kind == "Minus" and type(value) is int and value > INT_MIN:
        return constant(-value)
    return lambda frame: operator(frame.ctx, child(frame))


@expression(ast.TernaryExpression)
def _ternary(node: ast.TernaryExpression, c: Compiler) -> Closure:
    condition, yes, no = c.expression(node.condition), c.expression(node.if_true), c.expression(node.if_false)
    return lambda frame: yes(frame) if to_bool(condition(frame)) else no(frame)


# ---- casts -------------------------------------------------------------------------------------------------------------


@expression(ast.ConvertExpression)
def _convert(node: ast.ConvertExpression, c: Compiler) -> Closure:
    name = node.type.type_name.full_name.lower()
    if isinstance(node.child, ast.Hashtable):
        if name == "ordered":
            return literals.hashtable_closure(node.child, c, ordered=True)
        if name in ("pscustomobject", "system.management.automation.pscustomobject"):
            return _custom_object(literals.hashtable_closure(node.child, c, ordered=True))
    if name == "ref":
        return _reference(node.child, c)
    child = c.expression(node.child)
    if name == "void":

        def discard(frame: Frame) -> Any:
            child(frame)
            return AUTOMATION_NULL

        return discard
    type_of = literals.type_closure(node.type.type_name, c)
    to = convert.to
    if name in ("pscustomobject", "system.management.automation.pscustomobject"):

        def as_custom_object(frame: Frame) -> Any:
            value = child(frame)
            table = objects.unwrap(value)
            if not isinstance(table, Dictionary):
                return to(frame.ctx, value, type_of(frame))
            return objects.custom_object([(convert.to_string(frame.ctx, k), v) for k, v in table.items()])

        return as_custom_object

    def evaluate(frame: Frame) -> Any:
        net_type = type_of(frame)
        value = child(frame)
        if type(value) in _CONVERTED and types.by_class.get(type(value)) is net_type:
            return value
        return to(frame.ctx, value, net_type)

    return evaluate


_CONVERTED = frozenset({str, int, float, bool})
"""Classes whose values a cast to their own type leaves as they are."""


def _custom_object(table: Closure) -> Closure:
    def evaluate(frame: Frame) -> Any:
        names: list[str] = []
        pairs: list[tuple[str, Any]] = []
        for key, value in table(frame).items():
            name = convert.to_string(frame.ctx, key)
            if name.lower() == "pstypename" and not is_nothing(value):
                names.insert(0, convert.to_string(frame.ctx, value))
            else:
                pairs.append((name, value))
        created = objects.custom_object(pairs)
        if names:
            created.type_names = names
        return created

    return evaluate


def _reference(node: ast.Expression, c: Compiler) -> Closure:
    from hvsim.runtime.interpreter.assignments import reference_to

    return reference_to(node, c)


@expression(ast.AttributedExpression)
def _attributed(node: ast.AttributedExpression, c: Compiler) -> Closure:
    from hvsim.runtime.interpreter.assignments import attribute_checks

    checks_of = attribute_checks([node.attribute], c)
    child = c.expression(node.child)

    def evaluate(frame: Frame) -> Any:
        value = child(frame)
        for check in checks_of(frame)[0]:
            value = check(frame.ctx, value)
        return value

    return evaluate

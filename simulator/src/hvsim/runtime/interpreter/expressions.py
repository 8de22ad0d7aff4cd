# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators, casts, member access and indexing."""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt, ne
from typing import Any

from hvsim.lang import ast
from hvsim.runtime import convert, objects, operators
from hvsim.runtime.collections import Dictionary
from hvsim.runtime.interpreter import literals
from hvsim.runtime.interpreter.compiler import Closure, Compiler, expression
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import constant, constant_value
from hvsim.runtime.scope import is_nothing
from hvsim.runtime.values import AUTOMATION_NULL, Array

INT_MIN, INT_MAX = -(2**31), 2**31 - 1


def truth(value: Any) -> bool:
    """PowerShell's idea of truth, quick for the usual values."""
    kind = type(value)
    if kind is bool:
        return value  # type: ignore[no-any-return]
    if value is None or value is AUTOMATION_NULL:
        return False
    if kind is int or kind is str:
        return bool(value)
    return convert.to_bool(value)


# ---- binary operators --------------------------------------------------------------------------------------------------


@expression(ast.BinaryExpression)
def _binary(node: ast.BinaryExpression, c: Compiler) -> Closure:
    name = node.operator
    left, right = c.expression(node.left), c.expression(node.right)
    if name in _LOGICAL:
        return _LOGICAL[name](left, right)
    if name == "QuestionQuestion":
        return _coalesce(left, right)
    special = _FAST.get(name)
    if special is not None:
        number = constant_value(node.right)
        with_number = _WITH_NUMBER.get(name)
        if type(number) is int and with_number is not None:
            return with_number(left, number, operators.BINARY[name])
        return special(left, right, operators.BINARY[name])
    operator = operators.BINARY[name]
    return lambda frame: operator(frame.ctx, left(frame), right(frame))


def _and(left: Closure, right: Closure) -> Closure:
    return lambda frame: truth(left(frame)) and truth(right(frame))


def _or(left: Closure, right: Closure) -> Closure:
    return lambda frame: truth(left(frame)) or truth(right(frame))


def _xor(left: Closure, right: Closure) -> Closure:
    return lambda frame: truth(left(frame)) is not truth(right(frame))


_LOGICAL: dict[str, Callable[[Closure, Closure], Closure]] = {"And": _and, "Or": _or, "Xor": _xor}


def _coalesce(left: Closure, right: Closure) -> Closure:
    def evaluate(frame: Frame) -> Any:
        value = left(frame)
        return right(frame) if is_nothing(value) else value

    return evaluate


def _plus(left: Closure, right: Closure, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        kind = type(a)
        if kind is type(b):
            if kind is int:
                total = a + b
                if INT_MIN <= total <= INT_MAX:
                    return total
            elif kind is str or kind is float:
                return a + b
        return operator(frame.ctx, a, b)

    return evaluate


def _minus(left: Closure, right: Closure, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        if type(a) is int and type(b) is int:
            total = a - b
            if INT_MIN <= total <= INT_MAX:
                return total
        return operator(frame.ctx, a, b)

    return evaluate


def _multiply(left: Closure, right: Closure, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        if type(a) is int and type(b) is int:
            product = a * b
            if INT_MIN <= product <= INT_MAX:
                return product
        return operator(frame.ctx, a, b)

    return evaluate


def _remainder(left: Closure, right: Closure, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        if type(a) is int and type(b) is int and a >= 0 and b > 0:
            return a % b
        return operator(frame.ctx, a, b)

    return evaluate


def _equal(left: Closure, right: Closure, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        if type(a) is int and type(b) is int:
            return a == b
        if type(a) is str and type(b) is str and a == b:
            return True
        return operator(frame.ctx, a, b)

    return evaluate


def _not_equal(left: Closure, right: Closure, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        if type(a) is int and type(b) is int:
            return a != b
        if type(a) is str and type(b) is str and a == b:
            return False
        return operator(frame.ctx, a, b)

    return evaluate


def _ordering(compare: Callable[[Any, Any], bool]) -> Callable[[Closure, Closure, Any], Closure]:
    def build(left: Closure, right: Closure, operator: Any) -> Closure:
        def evaluate(frame: Frame) -> Any:
            a, b = left(frame), right(frame)
            if type(a) is int and type(b) is int:
                return compare(a, b)
            return operator(frame.ctx, a, b)

        return evaluate

    return build


_LESS = _ordering(lt)
_LESS_EQUAL = _ordering(le)
_GREATER = _ordering(gt)
_GREATER_EQUAL = _ordering(ge)


def _plus_number(left: Closure, number: int, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a = left(frame)
        if type(a) is int:
            total = a + number
            if INT_MIN <= total <= INT_MAX:
                return total
        return operator(frame.ctx, a, number)

    return evaluate


def _minus_number(left: Closure, number: int, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a = left(frame)
        if type(a) is int:
            total = a - number
            if INT_MIN <= total <= INT_MAX:
                return total
        return operator(frame.ctx, a, number)

    return evaluate


def _remainder_number(left: Closure, number: int, operator: Any) -> Closure:
    positive = number > 0

    def evaluate(frame: Frame) -> Any:
        a = left(frame)
        if type(a) is int and a >= 0 and positive:
            return a % number
        return operator(frame.ctx, a, number)

    return evaluate


def _comparing_number(compare: Callable[[Any, Any], bool]) -> Callable[[Closure, int, Any], Closure]:
    def build(left: Closure, number: int, operator: Any) -> Closure:
        def evaluate(frame: Frame) -> Any:
            a = left(frame)
            if type(a) is int:
                return compare(a, number)
            return operator(frame.ctx, a, number)

        return evaluate

    return build


def _equal_number(left: Closure, number: int, operator: Any) -> Closure:
    def evaluate(frame: Frame) -> Any:
        a = left(frame)
        if type(a) is int:
            return a == number
        return operator(frame.ctx, a, number)

    return evaluate


# The right side is an Int32 constant, as it is in most loops and counters.
_WITH_NUMBER: dict[str, Callable[[Closure, int, Any], Closure]] = {
    "Plus": _plus_number,
    "Minus": _minus_number,
    "Rem": _remainder_number,
    "Ieq": _equal_number,
    "Ine": _comparing_number(ne),
    "Ilt": _comparing_number(lt),
    "Ile": _comparing_number(le),
    "Igt": _comparing_number(gt),
    "Ige": _comparing_number(ge),
}
_FAST: dict[str, Callable[[Closure, Closure, Any], Closure]] = {
    "Plus": _plus,
    "Minus": _minus,
    "Multiply": _multiply,
    "Rem": _remainder,
    "Ieq": _equal,
    "Ceq": _equal,
    "Ine": _not_equal,
    "Cne": _not_equal,
    "Ilt": _LESS,
    "Ile": _LESS_EQUAL,
    "Igt": _GREATER,
    "Ige": _GREATER_EQUAL,
    "Clt": _LESS,
    "Cle": _LESS_EQUAL,
    "Cgt": _GREATER,
    "Cge": _GREATER_EQUAL,
}


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
    child = c.expression(node.child)
    if kind in ("Not", "Exclaim"):
        return lambda frame: not truth(child(frame))
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
    return lambda frame: yes(frame) if truth(condition(frame)) else no(frame)


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
        return to(frame.ctx, child(frame), net_type)

    return evaluate


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

# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators, casts, member access and indexing."""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt, ne
from typing import Any

from hvsim.lang import ast
from hvsim.runtime import convert, objects, operators
from hvsim.runtime.collections import Dictionary, Hashtable, OrderedDictionary, fold
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.interpreter import literals
from hvsim.runtime.interpreter.compiler import Closure, Compiler, expression
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import NOT_CONSTANT, constant, constant_value
from hvsim.runtime.member_info import NoteProperty
from hvsim.runtime.scope import is_nothing
from hvsim.runtime.values import AUTOMATION_NULL, Array, EnumValue, PSCustomObject, PSObject

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
    if name in ("Is", "IsNot", "As"):
        right = _type_operand(node.right, c)
    special = _FAST.get(name)
    if special is not None:
        number = constant_value(node.right)
        with_number = _WITH_NUMBER.get(name)
        if type(number) is int and with_number is not None:
            return with_number(left, number, operators.BINARY[name])
        return special(left, right, operators.BINARY[name])
    operator = operators.BINARY[name]
    return lambda frame: operator(frame.ctx, left(frame), right(frame))


def _type_operand(node: ast.Expression, c: Compiler) -> Closure:
    """The right side of ``-is`` and ``-as``: texts are names of types, resolved by the operator itself."""
    return c.expression(node)


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
    get_member = objects.get_member
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
        return get_member(frame.ctx, value, text)

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

    def evaluate(frame: Frame) -> Any:
        target = owner(frame)
        if conditional and is_nothing(target):
            return None
        name = text if text is not None else _method(frame, name_of(frame))
        args = [argument(frame) for argument in arguments]
        frame.position = extent
        if generic:
            return invoke_member(frame.ctx, target, name, args, generic=tuple(g(frame) for g in generic))
        return invoke_member(frame.ctx, target, name, args)

    return evaluate


def _method(frame: Frame, name: Any) -> Any:
    return name


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

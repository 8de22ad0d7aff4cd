# SPDX-License-Identifier: GPL-3.0-or-later
"""Assignments in all their forms, ``++`` and ``--``, ``[ref]``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, drives, objects, operators
from hvsim.runtime.collections import Hashtable, OrderedDictionary
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.interpreter import member_access
from hvsim.runtime.interpreter.compiler import Closure, Compiler, statement, value_of
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.variables import Store, is_plain, reader, set_attributed, writer
from hvsim.runtime.scope import Variable, is_nothing
from hvsim.runtime.structs import Reference
from hvsim.runtime.values import AUTOMATION_NULL, Array, Decimal, PSObject

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
Update = Callable[[Frame, Callable[[Any], Any]], Any]
"""Reads a target, applies a function, stores the result; parts of the target are evaluated once."""

_COMPOUND = {
    "PlusEquals": "Plus",
    "MinusEquals": "Minus",
    "MultiplyEquals": "Multiply",
    "DivideEquals": "Divide",
    "RemainderEquals": "Rem",
}


@statement(ast.AssignmentStatement)
@value_of(ast.AssignmentStatement)
def _assignment(node: ast.AssignmentStatement, c: Compiler) -> Closure:
    if node.operator == "Equals" and isinstance(node.left, ast.ArrayLiteral) and _runs_commands(node.right):
        return _plain(node.left, _collected(node.right, c), c)
    right = c.value(node.right)
    if node.operator == "Equals":
        return _plain(node.left, right, c)
    update = updater(node.left, c)
    if node.operator == "QuestionQuestionEquals":
        return _coalescing(node.left, right, c)
    operator = operators.BINARY[_COMPOUND[node.operator]]
    if node.operator == "PlusEquals" and isinstance(node.left, ast.VariableExpression):
        return _add_to_variable(node.left, right, operator, c)

    def compound(frame: Frame) -> Any:
        ctx = frame.ctx
        return update(frame, lambda old: operator(ctx, old, right(frame)))

    return compound


def _runs_commands(node: ast.Statement) -> bool:
    from hvsim.runtime.interpreter.literals import pure_expression

    return pure_expression(node) is None and not isinstance(node, ast.AssignmentStatement)


def _collected(node: ast.Statement, c: Compiler) -> Closure:
    """The objects of a pipeline one by one: a single array is one of them."""
    from hvsim.runtime.interpreter.blocks import collect

    objects_of = collect(c.statement(node))
    return lambda frame: Array(objects_of(frame))


def _plain(left: ast.Expression, right: Closure, c: Compiler) -> Closure:
    store = target(left, c)

    def assign(frame: Frame) -> Any:
        result = store(frame, right(frame))
        frame.ctx.question = True
        return result

    if not isinstance(left, ast.VariableExpression) or not is_plain(left.variable_path):
        return assign
    key = left.variable_path.lower()

    def assign_variable(frame: Frame) -> Any:
        value = right(frame)
        found = frame.scope.vars.get(key)
        if found is None or found.checks is not None or found.options:
            value = store(frame, value)
        else:
            found.value = value
        frame.ctx.question = True
        return value

    return assign_variable


def _add_to_variable(left: ast.VariableExpression, right: Closure, operator: Any, c: Compiler) -> Closure:
    read, store = compound_reader(left, c), writer(left.variable_path)
    # No variable of a scope has the empty name.
    key = left.variable_path.lower() if is_plain(left.variable_path) else ""

    def add(frame: Frame) -> Any:
        # A variable of the scope itself, the usual case, needs no calls to be read and assigned.
        found = frame.scope.vars.get(key)
        old = found.value if found is not None else read(frame)
        new = right(frame)
        if type(old) is int and type(new) is int:
            total: Any = old + new
            if not INT_MIN <= total <= INT_MAX:
                total = operator(frame.ctx, old, new)
        elif type(old) is float and (type(new) is int or type(new) is float):
            total = old + new
        else:
            total = operator(frame.ctx, old, new)
        if found is not None and found.checks is None and not found.options and frame.scope.vars.get(key) is found:
            found.value = total
            return total
        return store(frame, total)

    return add


def compound_reader(node: ast.VariableExpression, c: Compiler) -> Closure:
    """How ``+=`` and its like read their variable: a local of the block is not looked up further out."""
    key = node.variable_path.lower()
    read = reader(node.variable_path)
    if key not in c.locals:
        return read

    def read_local(frame: Frame) -> Any:
        if not frame.has_locals:
            return read(frame)
        found = frame.scope.vars.get(key)
        return None if found is None else found.value

    return read_local


def _coalescing(left: ast.Expression, right: Closure, c: Compiler) -> Closure:
    read, store = c.expression(left), target(left, c)

    def assign(frame: Frame) -> Any:
        old = read(frame)
        return store(frame, right(frame)) if is_nothing(old) else old

    return assign


# ---- targets -----------------------------------------------------------------------------------------------------------


def target(node: ast.Expression, c: Compiler) -> Store:
    """The function that assigns to an expression.

    Raises:
        Unsupported: a kind of target that PowerShell accepts and we do not.
    """
    if isinstance(node, ast.VariableExpression):
        return writer(node.variable_path)
    if isinstance(node, ast.AttributedExpression):
        return _attributed_target(node, c)
    if isinstance(node, ast.ArrayLiteral):
        return _multiple(node, c)
    if isinstance(node, ast.MemberExpression) and not isinstance(node, ast.InvokeMemberExpression):
        return _member_target(node, c)
    if isinstance(node, ast.IndexExpression):
        return _index_target(node, c)
    if isinstance(node, ast.InvokeMemberExpression) and _names_item(node):
        return _item_target(node, c)
    if isinstance(node, ast.ParenExpression):
        from hvsim.runtime.interpreter.literals import pure_expression

        inner = pure_expression(node.pipeline)
        if inner is not None:
            return target(inner, c)
    what = type(node).__name__

    def refuse(frame: Frame, value: Any) -> Any:
        raise Unsupported(f"assignment to {what}")

    return refuse


def _attributed_target(node: ast.AttributedExpression, c: Compiler) -> Store:
    attributes: list[ast.AttributeBase] = []
    inner: ast.Expression = node
    while isinstance(inner, ast.AttributedExpression):
        attributes.append(inner.attribute)
        inner = inner.child
    name = drives.split(inner.variable_path)[1] if isinstance(inner, ast.VariableExpression) else ""
    checks_of = attribute_checks(attributes, c, name)
    if isinstance(inner, ast.VariableExpression):
        path = inner.variable_path

        def write(frame: Frame, value: Any) -> Any:
            checks, kept = checks_of(frame)
            return set_attributed(frame, path, value, checks, kept)

        return write
    store = target(inner, c)

    def convert_and_store(frame: Frame, value: Any) -> Any:
        for check in checks_of(frame)[0]:
            value = check(frame.ctx, value)
        return store(frame, value)

    return convert_and_store


def attribute_checks(
    nodes: list[ast.AttributeBase], c: Compiler, name: str = ""
) -> Callable[[Frame], tuple[list[Any], list[Any]]]:
    """Conversions and validations of attributes in front of a variable, innermost conversion first; with them the
    attributes themselves."""
    from hvsim.runtime.interpreter import attributes

    return attributes.variable_checks(nodes, c, name)


def _multiple(node: ast.ArrayLiteral, c: Compiler) -> Store:
    stores = [target(element, c) for element in node.elements]
    count = len(stores)

    def write(frame: Frame, value: Any) -> Any:
        values = _elements(value)
        for index, store in enumerate(stores):
            if index == count - 1 and len(values) > count:
                store(frame, Array(values[index:]))
            else:
                store(frame, values[index] if index < len(values) else None)
        return value

    return write


def _elements(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if value is AUTOMATION_NULL:
        return []
    items = None if value is None else convert.enumerate(value)
    return [value] if items is None else list(items)


def _member_target(node: ast.MemberExpression, c: Compiler) -> Store:
    _, name_of = member_access.member_name(node.member, c)
    if node.static:
        owner_type = member_access.static_owner(node.expression, c)

        def write_static(frame: Frame, value: Any) -> Any:
            objects.set_static(frame.ctx, owner_type(frame), name_of(frame), value)
            return value

        return write_static
    owner = c.expression(node.expression)

    def write(frame: Frame, value: Any) -> Any:
        holder, name = owner(frame), name_of(frame)
        if type(holder) is Hashtable and type(name) is str and not holder.extended:
            holder.set(name, None if value is AUTOMATION_NULL else value)
        else:
            objects.set_member(frame.ctx, holder, name, value)
        return value

    return write


def _index_target(node: ast.IndexExpression, c: Compiler) -> Store:
    owner = c.expression(node.target)
    index = c.expression(node.index)
    indices_of = member_access.index_list(node.index, index)
    if not isinstance(node.index, ast.ArrayLiteral):
        return _single_index_target(owner, index)

    def write(frame: Frame, value: Any) -> Any:
        holder = owner(frame)
        objects.set_index(frame.ctx, holder, indices_of(frame), value)
        return value

    return write


def _single_index_target(owner: Closure, index: Closure) -> Store:
    """``$x[i] = value``; text keys of hashtables, the usual case, are set right here."""

    def write(frame: Frame, value: Any) -> Any:
        holder, at = owner(frame), index(frame)
        if type(at) is str and (
            type(holder) is Hashtable or (type(holder) is OrderedDictionary and not holder.read_only)
        ):
            holder.set(at, None if value is AUTOMATION_NULL else value)
        else:
            objects.set_index(frame.ctx, holder, [at], value)
        return value

    return write


def _names_item(node: ast.InvokeMemberExpression) -> bool:
    member = node.member
    return not node.static and isinstance(member, ast.StringConstantExpression) and member.value.lower() in ("item", "chars")


def _item_target(node: ast.InvokeMemberExpression, c: Compiler) -> Store:
    """``$x.Item(key) = value``, the indexer by its name."""
    owner = c.expression(node.expression)
    arguments = [c.expression(argument) for argument in node.arguments]

    def write(frame: Frame, value: Any) -> Any:
        holder = owner(frame)
        objects.set_index(frame.ctx, holder, [argument(frame) for argument in arguments], value)
        return value

    return write


# ---- read, change, store -----------------------------------------------------------------------------------------------


def updater(node: ast.Expression, c: Compiler) -> Update:
    """The function that changes a target in place."""
    if isinstance(node, ast.MemberExpression) and not node.static and not isinstance(node, ast.InvokeMemberExpression):
        return _member_updater(node, c)
    if isinstance(node, ast.IndexExpression):
        return _index_updater(node, c)
    inner = _without_attributes(node)
    read = compound_reader(inner, c) if isinstance(inner, ast.VariableExpression) else c.expression(inner)
    store = target(node, c)
    return lambda frame, change: store(frame, change(read(frame)))


def _without_attributes(node: ast.Expression) -> ast.Expression:
    while isinstance(node, ast.AttributedExpression):
        node = node.child
    return node


def _member_updater(node: ast.MemberExpression, c: Compiler) -> Update:
    owner = c.expression(node.expression)
    _, name_of = member_access.member_name(node.member, c)

    def update(frame: Frame, change: Callable[[Any], Any]) -> Any:
        ctx = frame.ctx
        holder, name = owner(frame), name_of(frame)
        value = change(objects.get_member(ctx, holder, name))
        objects.set_member(ctx, holder, name, value)
        return value

    return update


def _index_updater(node: ast.IndexExpression, c: Compiler) -> Update:
    owner = c.expression(node.target)
    indices_of = member_access.index_list(node.index, c.expression(node.index))

    def update(frame: Frame, change: Callable[[Any], Any]) -> Any:
        ctx = frame.ctx
        holder, indices = owner(frame), indices_of(frame)
        value = change(objects.get_index(ctx, holder, indices))
        objects.set_index(ctx, holder, indices, value)
        return value

    return update


# ---- ++ and -- ---------------------------------------------------------------------------------------------------------


def increment(node: ast.UnaryExpression, c: Compiler) -> Closure:
    """``++`` and ``--``, before or after their operand."""
    step = 1 if node.token_kind.endswith("PlusPlus") else -1
    postfix = node.token_kind.startswith("Postfix")
    if isinstance(node.child, ast.VariableExpression):
        return _increment_variable(node.child, step, postfix)
    update = updater(node.child, c)

    def run(frame: Frame) -> Any:
        old: list[Any] = []

        def change(value: Any) -> Any:
            old.append(0 if is_nothing(value) else value)
            return stepped(frame, value, step)

        new = update(frame, change)
        return old[0] if postfix else new

    return run


def _increment_variable(node: ast.VariableExpression, step: int, postfix: bool) -> Closure:
    read, store = reader(node.variable_path), writer(node.variable_path)

    def run(frame: Frame) -> Any:
        old = read(frame)
        if type(old) is int and INT_MIN < old < INT_MAX:
            new: Any = old + step
        else:
            new = stepped(frame, old, step)
        new = store(frame, new)
        if postfix:
            return 0 if is_nothing(old) else old
        return new

    return run


def stepped(frame: Frame, value: Any, step: int) -> Any:
    """The number after *value*.

    Raises:
        PSError: OperatorRequiresNumber.
    """
    base = value.base if type(value) is PSObject else value
    if is_nothing(base):
        return step
    if isinstance(base, bool) or not isinstance(base, (int, float, Decimal)):
        from hvsim.runtime import types

        operator = "++" if step > 0 else "--"
        raise runtime_error(
            "OperatorRequiresNumber",
            f"The '{operator}' operator works only on numbers. The operand is a '{types.of(base).full_name}'.",
        )
    return operators.BINARY["Plus" if step > 0 else "Minus"](frame.ctx, base, 1)


# ---- [ref] -------------------------------------------------------------------------------------------------------------


class VariableReference(Reference):
    """``[ref] $x``: reads and writes the variable itself."""

    __slots__ = ("ctx", "variable")

    @property
    def net_type(self) -> Any:
        from hvsim.runtime import types

        return types.generic(types.get("System.Management.Automation.PSReference`1"), types.OBJECT)

    def __init__(self, ctx: Any, variable: Variable) -> None:
        super().__init__(None)
        self.ctx = ctx
        self.variable = variable

    @property
    def value(self) -> Any:
        return self.variable.value

    @value.setter
    def value(self, new: Any) -> None:
        self.variable.assign(self.ctx, new)


def reference_to(node: ast.Expression, c: Compiler) -> Closure:
    """The closure of ``[ref] expression``."""
    if isinstance(node, ast.VariableExpression):
        path = node.variable_path

        def refer(frame: Frame) -> Any:
            prefix, name = drives.split(path)
            scope = frame.ctx.named_scope(prefix) if prefix else frame.scope
            variable = scope.find(name.lower()) if scope is not None else None
            if variable is None:
                raise runtime_error(
                    "NonExistingVariableReference",
                    "[ref] cannot be applied to a variable that does not exist.",
                    target=path,
                )
            return VariableReference(frame.ctx, variable)

        return refer
    value = c.expression(node)
    return lambda frame: Reference(value(frame))


def metadata_error(cause: PSError) -> PSError:
    """The ArgumentTransformationMetadataException of a typed variable."""
    return runtime_error(
        "RuntimeException",
        cause.exception.message,
        kind="System.Management.Automation.ArgumentTransformationMetadataException",
        category="MetadataError",
        inner=cause.exception,
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators on variables, numbers and each other as one Python function instead of a closure for each of them.

Calls of closures are most of what a loop costs. So an expression of operators becomes Python source: every operator has a quick
path for the usual types there, and calls the operator itself (``runtime.operators``) for all others. The source of a shape is
compiled once; names, numbers and the closures of other operands are parameters of the function. It evaluates the operands in the
same order, and reads variables by the same rules, as the closures of ``interpreter.variables``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from hvsim.lang import ast
from hvsim.runtime import operators
from hvsim.runtime.compare import equals_strings
from hvsim.runtime.convert import to_bool
from hvsim.runtime.errors import PSError
from hvsim.runtime.interpreter import errors
from hvsim.runtime.interpreter.compiler import Closure, Compiler
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import NOT_CONSTANT, constant_value, pure_expression
from hvsim.runtime.interpreter.variables import is_plain, reader
from hvsim.runtime.values import AUTOMATION_NULL, PSObject

_SUM = "if type({a}) is int and type({b}) is int:\n {t} = {a} {op} {b}\n if not -2147483648 <= {t} <= 2147483647:\n  {t} = {o}(frame.ctx, {a}, {b})\n"
_OTHER = "else:\n {t} = {o}(frame.ctx, {a}, {b})\n"
_PLUS = _SUM + "elif type({a}) is type({b}) and (type({a}) is str or type({a}) is float):\n {t} = {a} + {b}\n" + _OTHER
_REMAINDER = "if type({a}) is int and type({b}) is int and {a} >= 0 and {b} > 0:\n {t} = {a} % {b}\n" + _OTHER
_EQUAL = (
    "if type({a}) is int and type({b}) is int:\n {t} = {a} {op} {b}\n"
    "elif type({a}) is str and type({b}) is str:\n {t} = ({a} == {b} or equals({a}, {b}, ignore_case={fold})) is {same}\n"
    "elif type({a}) is bool and type({b}) is bool:\n {t} = {a} {op} {b}\n" + _OTHER
)
_ORDER = "if type({a}) is int and type({b}) is int:\n {t} = {a} {op} {b}\n" + _OTHER

_TEMPLATES: dict[str, str] = {"Plus": _PLUS, "Minus": _SUM + _OTHER, "Multiply": _SUM + _OTHER, "Rem": _REMAINDER}
_SYMBOLS = {"Plus": "+", "Minus": "-", "Multiply": "*", "Rem": "%"}
for _name, _symbol in (("eq", "=="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
    for _case in "IC":
        _EQUALS = _EQUAL.replace("{same}", str(_name == "eq")).replace("{fold}", str(_case == "I"))
        _TEMPLATES[_case + _name] = _EQUALS if _name in ("eq", "ne") else _ORDER
        _SYMBOLS[_case + _name] = _symbol
_EQUALITY = {"Ieq": True, "Ceq": True, "Ine": False, "Cne": False}
# The usual test for null: nothing else than null equals it.
_NULL_EQUAL = "if type({b}) is not PSObject:\n {t} = ({b} is None or {b} is nothing) is {same}\n" + _OTHER
_LOGICAL = {"And": "if {t}:\n", "Or": "if not {t}:\n"}
_DEEPEST = 50
"""Spaces of indentation from which on an operand is a function of its own: Python ends at 100 levels."""


class _Writer:
    """The source of one expression, and the values of its parameters."""

    def __init__(self, c: Compiler) -> None:
        self.compiler = c
        self.lines: list[str] = []
        self.indent = " "
        self.parameters: list[str] = []
        self.values: list[Any] = []
        self.count = 0

    def parameter(self, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters.append(name)
        self.values.append(value)
        return name

    def result(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def add(self, text: str) -> None:
        self.lines += [self.indent + line for line in text.splitlines()]

    def operand(self, node: ast.Expression) -> str:
        """Writes what evaluates *node*; the name of its value."""
        known = constant_value(node)
        if known is not NOT_CONSTANT:
            return self.parameter(known)
        node = _without_parentheses(node)
        if _is_fusible(node) and len(self.indent) < _DEEPEST:
            return self.operation(node)
        name = self.result()
        if isinstance(node, ast.VariableExpression) and not node.splatted and is_plain(node.variable_path):
            key, read = self.parameter(node.variable_path.lower()), self.parameter(reader(node.variable_path))
            self.add(f"{name} = found({key})\n{name} = {read}(frame) if {name} is None else {name}.value")
        else:
            self.add(f"{name} = {self.parameter(self.compiler.expression(node))}(frame)")
        return name

    def operation(self, node: Any) -> str:
        if isinstance(node, ast.UnaryExpression):
            value, name = self.operand(node.child), self.result()
            self.add(f"{name} = not truth({value})")
            return name
        if node.operator in _LOGICAL:
            return self.logical(node)
        left = self.operand(node.left)
        right = self.operand(node.right)
        name = self.result()
        operator = self.parameter(operators.BINARY[node.operator])
        template = _TEMPLATES[node.operator]
        if node.operator in _EQUALITY and constant_value(node.left) is None:
            template = _NULL_EQUAL.replace("{same}", str(_EQUALITY[node.operator]))
        self.add(template.format(a=left, b=right, t=name, o=operator, op=_SYMBOLS[node.operator]))
        return name

    def logical(self, node: ast.BinaryExpression) -> str:
        left = self.operand(node.left)
        name = self.result()
        self.add(f"{name} = truth({left})\n" + _LOGICAL[node.operator].format(t=name))
        outer, self.indent = self.indent, self.indent + " "
        self.add(f"{name} = truth({self.operand(node.right)})")
        self.indent = outer
        return name

    def function(self, text: str) -> Closure:
        signature = "".join(f", {name}" for name in self.parameters)
        code = _compiled(f"def evaluate(frame{signature}):\n found = frame.scope.vars.get\n{text}")
        return FunctionType(code, _GLOBALS, "evaluate", tuple(self.values))


_GLOBALS: dict[str, Any] = {
    "PSError": PSError,
    "PSObject": PSObject,
    "complete": errors.complete,
    "equals": equals_strings,
    "nothing": AUTOMATION_NULL,
    "truth": to_bool,
}


@lru_cache(maxsize=4096)
def _compiled(source: str) -> CodeType:
    module = compile(source, "<fused>", "exec")
    return next(constant for constant in module.co_consts if isinstance(constant, CodeType))


def _without_parentheses(node: ast.Expression) -> ast.Expression:
    while isinstance(node, ast.ParenExpression):
        inner = pure_expression(node.pipeline)
        if inner is None:
            break
        node = inner
    return node


def _is_fusible(node: ast.Ast) -> bool:
    if isinstance(node, ast.UnaryExpression):
        return node.token_kind in ("Not", "Exclaim")
    return isinstance(node, ast.BinaryExpression) and (node.operator in _TEMPLATES or node.operator in _LOGICAL)


def fused(node: ast.Expression, c: Compiler) -> Closure | None:
    """The function of an expression of operators; None if it is not one of those known here."""
    if not _is_fusible(node):
        return None
    writer = _Writer(c)
    name = writer.operation(node)
    return writer.function("\n".join([*writer.lines, f" return {name}"]))


def fused_condition(node: ast.Expression, extent: ast.Extent, c: Compiler) -> Callable[[Frame], bool] | None:
    """The same for a condition: its truth; an error is reported at *extent*."""
    if not _is_fusible(node):
        return None
    writer = _Writer(c)
    writer.indent = "  "
    name = writer.operation(node)
    at = writer.parameter(extent)
    handler = f" except PSError as error:\n  complete(frame, error, {at})\n  raise"
    ending = f" return {name} if {name} is True or {name} is False else truth({name})"
    return writer.function("\n".join([" try:", *writer.lines, handler, ending]))

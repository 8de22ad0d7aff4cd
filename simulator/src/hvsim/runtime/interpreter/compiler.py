# SPDX-License-Identifier: GPL-3.0-or-later
"""From syntax tree to Python closures: the dispatch that the modules of this package fill.

An expression becomes ``f(frame) -> value``, a statement ``f(frame) -> None`` that writes to ``frame.out``. Control flow
travels as Python exceptions (``hvsim.runtime.errors``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime.interpreter.frame import Frame

Closure: TypeAlias = Callable[[Frame], Any]

_EXPRESSIONS: dict[type, Callable[[Any, Compiler], Closure]] = {}
_STATEMENTS: dict[type, Callable[[Any, Compiler], Closure]] = {}
_VALUES: dict[type, Callable[[Any, Compiler], Closure]] = {}


class Compiler:
    """What compilation needs to know around a node: the source, whether a trap statement is in force further out, and
    which variables are locals in compound assignments (see ``interpreter.locals``)."""

    __slots__ = ("locals", "namespaces", "source", "trap_depth")

    def __init__(self, source: ast.Source, namespaces: tuple[str, ...] = ()) -> None:
        self.source = source
        self.trap_depth = 0
        self.namespaces = namespaces
        self.locals: frozenset[str] = frozenset()

    def expression(self, node: ast.Expression) -> Closure:
        """The closure that evaluates an expression.

        Raises:
            Unsupported: at run time, when a kind of node that is not supported is reached.
        """
        compile_node = _EXPRESSIONS.get(type(node))
        return compile_node(node, self) if compile_node is not None else _refusal(node)

    def statement(self, node: ast.Statement) -> Closure:
        """The closure that runs a statement and writes what it yields."""
        compile_node = _STATEMENTS.get(type(node))
        return compile_node(node, self) if compile_node is not None else _refusal(node)

    def value(self, node: ast.Statement) -> Closure:
        """The closure that runs a statement for its value (the right side of an assignment, a condition ...)."""
        compile_node = _VALUES.get(type(node))
        if compile_node is not None:
            return compile_node(node, self)
        from hvsim.runtime.interpreter.blocks import capture

        return capture(self.statement(node))


def expression(node_type: type) -> Callable[[Callable[[Any, Compiler], Closure]], Callable[[Any, Compiler], Closure]]:
    """Registers the compilation of an expression node."""
    return _registrar(_EXPRESSIONS, node_type)


def statement(node_type: type) -> Callable[[Callable[[Any, Compiler], Closure]], Callable[[Any, Compiler], Closure]]:
    """Registers the compilation of a statement node that writes to the output."""
    return _registrar(_STATEMENTS, node_type)


def value_of(node_type: type) -> Callable[[Callable[[Any, Compiler], Closure]], Callable[[Any, Compiler], Closure]]:
    """Registers the compilation of a statement node that is wanted for its value."""
    return _registrar(_VALUES, node_type)


def _registrar(table: dict[type, Any], node_type: type) -> Callable[[Any], Any]:
    def register(function: Any) -> Any:
        table[node_type] = function
        return function

    return register


def _refusal(node: ast.Ast) -> Closure:
    what = type(node).__name__

    def refuse(frame: Frame) -> Any:
        raise Unsupported(f"syntax {what}")

    return refuse

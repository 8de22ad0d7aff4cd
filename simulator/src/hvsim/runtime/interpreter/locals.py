# SPDX-License-Identifier: GPL-3.0-or-later
"""Which variables of a script block PowerShell's compiler keeps as locals.

``$n += 5`` in a function reads the local ``$n`` (nothing yet, so the result is 5) although a plain ``$n`` would find the
caller's: PowerShell keeps variables that a block assigns in slots of the block. It does not where the block dot-sources
or calls a command that changes variables, nor for a variable that is read before it is surely assigned
(``VariableAnalysis`` in PowerShell's compiler; recorded in ``functions/scopes``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hvsim.lang import ast

_VARIABLE_COMMANDS = frozenset(
    (
        "new-variable",
        "nv",
        "set-variable",
        "set",
        "sv",
        "clear-variable",
        "clv",
        "remove-variable",
        "rv",
        "get-variable",
        "gv",
    )
)


def local_names(block: ast.ScriptBlock, parameters: list[ast.Parameter]) -> frozenset[str] | None:
    """Names (lower case) whose compound assignment reads the local only; None: the block keeps no locals at all."""
    analysis = _Analysis()
    known = {parameter.name.variable_path.lower() for parameter in parameters}
    bodies = (block.dynamic_param_block, block.begin_block, block.process_block, block.end_block, block.clean_block)
    for body in bodies:
        if body is not None:
            if body.traps:
                return None
            known = analysis.statements(body.statements, known)
    if analysis.disabled:
        return None
    return frozenset(analysis.compound - analysis.read_early)


class _Analysis:
    """A walk in the order of execution with the set of names that are surely assigned."""

    def __init__(self) -> None:
        self.disabled = False
        self.compound: set[str] = set()
        self.read_early: set[str] = set()

    def statements(self, nodes: Iterable[ast.Ast], known: set[str]) -> set[str]:
        for node in nodes:
            known = self.visit(node, known)
        return known

    def visit(self, node: ast.Ast, known: set[str]) -> set[str]:
        if isinstance(node, ast.VariableExpression):
            name = node.variable_path.lower()
            if name not in known:
                self.read_early.add(name)
            return known
        if isinstance(node, (ast.ScriptBlockExpression, ast.FunctionDefinition)):
            return known
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            return handler(self, node, known)
        return self.statements(node.children(), known)


def _assignment(self: _Analysis, node: ast.AssignmentStatement, known: set[str]) -> set[str]:
    known = self.visit(node.right, known)
    targets = _targets(node.left)
    if targets is None:
        return self.visit(node.left, known)
    for name in targets:
        if node.operator != "Equals" and name not in known:
            self.compound.add(name)
    return known | set(targets)


def _targets(node: ast.Expression) -> list[str] | None:
    """The variables that an assignment sets; None if it sets something else."""
    if isinstance(node, ast.AttributedExpression):
        return _targets(node.child)
    if isinstance(node, ast.VariableExpression):
        return [] if ":" in node.variable_path else [node.variable_path.lower()]
    if isinstance(node, ast.ArrayLiteral):
        names: list[str] = []
        for element in node.elements:
            found = _targets(element)
            if found is None:
                return None
            names.extend(found)
        return names
    return None


def _if(self: _Analysis, node: ast.IfStatement, known: set[str]) -> set[str]:
    results = []
    for condition, body in node.clauses:
        known = self.visit(condition, known)
        results.append(self.visit(body, set(known)))
    results.append(self.visit(node.else_clause, set(known)) if node.else_clause is not None else known)
    return set.intersection(*results)


def _loop(self: _Analysis, node: ast.Ast, known: set[str]) -> set[str]:
    if isinstance(node, ast.ForStatement) and node.initializer is not None:
        known = self.visit(node.initializer, known)
    condition = getattr(node, "condition", None)
    if condition is not None:
        known = self.visit(condition, known)
    inner = set(known)
    if isinstance(node, ast.ForEachStatement):
        inner.add(node.variable.variable_path.lower())
    inner = self.visit(node.body, inner)  # type: ignore[attr-defined]
    if isinstance(node, ast.ForStatement) and node.iterator is not None:
        self.visit(node.iterator, inner)
    return known


def _do(self: _Analysis, node: ast.DoWhileStatement, known: set[str]) -> set[str]:
    known = self.visit(node.body, known)
    return self.visit(node.condition, known) if node.condition is not None else known


def _switch(self: _Analysis, node: ast.SwitchStatement, known: set[str]) -> set[str]:
    if node.condition is not None:
        known = self.visit(node.condition, known)
    for condition, body in node.clauses:
        self.visit(condition, set(known))
        self.visit(body, set(known))
    if node.default is not None:
        self.visit(node.default, set(known))
    return known


def _try(self: _Analysis, node: ast.TryStatement, known: set[str]) -> set[str]:
    after = self.visit(node.body, set(known))
    results = [after, *(self.visit(clause.body, set(known)) for clause in node.catch_clauses)]
    known = set.intersection(*results)
    return self.visit(node.finally_, known) if node.finally_ is not None else known


def _command(self: _Analysis, node: ast.Command, known: set[str]) -> set[str]:
    head = node.command_elements[0]
    named = isinstance(head, ast.StringConstantExpression) and head.value.lower() in _VARIABLE_COMMANDS
    if node.invocation_operator == "Dot" or named:
        self.disabled = True
    return self.statements(node.children(), known)


_HANDLERS: dict[type, Callable[[Any, Any, set[str]], set[str]]] = {
    ast.AssignmentStatement: _assignment,
    ast.IfStatement: _if,
    ast.WhileStatement: _loop,
    ast.ForStatement: _loop,
    ast.ForEachStatement: _loop,
    ast.DoWhileStatement: _do,
    ast.DoUntilStatement: _do,
    ast.SwitchStatement: _switch,
    ast.TryStatement: _try,
    ast.Command: _command,
}

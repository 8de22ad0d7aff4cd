# SPDX-License-Identifier: GPL-3.0-or-later
"""Blocks of one expression that are wanted for their value: ``$($x.Name)``, ``$y = if ($a) { 'b' } else { 'c' }``.

Nothing but the expression can write there, so its value need not go through a pipe that collects it.
"""

from __future__ import annotations

from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime.errors import PSError
from hvsim.runtime.interpreter import errors
from hvsim.runtime.interpreter.blocks import capture, error_extent
from hvsim.runtime.interpreter.commands import SCALARS, emit, is_written, keeps_question
from hvsim.runtime.interpreter.compiler import Closure, Compiler, value_of
from hvsim.runtime.interpreter.flow import condition_of
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import pure_expression
from hvsim.runtime.streams import Collector, collapse
from hvsim.runtime.values import AUTOMATION_NULL


def single_value(node: ast.StatementBlock, c: Compiler) -> Closure | None:
    """The closure that yields what a block of one expression writes, as one value; None for any other block."""
    if len(node.statements) != 1 or node.traps:
        return None
    only = node.statements[0]
    pure = pure_expression(only)
    if pure is None or not is_written(pure):
        return None
    value, extent = c.expression(pure), error_extent(only)
    deferred, sets_question = c.trap_depth > 0, not keeps_question(pure)

    def evaluate(frame: Frame) -> Any:
        try:
            result = value(frame)
        except PSError as error:
            errors.statement_failed(frame, error, extent, None, deferred)
            return AUTOMATION_NULL
        except Unsupported as refusal:
            refusal.found_at(frame.source.file, *frame.source.position(extent.start))
            raise
        if sets_question:
            frame.ctx.question = True
        if type(result) in SCALARS:
            return result
        collector = Collector()
        emit(collector, result)
        return collapse(collector)

    return evaluate


@value_of(ast.IfStatement)
def _if(node: ast.IfStatement, c: Compiler) -> Closure:
    bodies = [body for _, body in node.clauses]
    if node.else_clause is not None:
        bodies.append(node.else_clause)
    values = [single_value(body, c) for body in bodies]
    if any(value is None for value in values):
        return capture(c.statement(node))
    otherwise = values.pop() if node.else_clause is not None else None
    clauses = [(condition_of(clause[0], c), value) for clause, value in zip(node.clauses, values, strict=True)]

    def evaluate(frame: Frame) -> Any:
        for condition, value in clauses:
            if condition(frame):
                assert value is not None
                return value(frame)
        return AUTOMATION_NULL if otherwise is None else otherwise(frame)

    return evaluate

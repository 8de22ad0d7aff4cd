# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of statements: where errors of statements are handled, and where output is captured."""

from __future__ import annotations

from operator import length_hint
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime.errors import ControlFlow, PSError
from hvsim.runtime.interpreter import errors
from hvsim.runtime.interpreter.compiler import Closure, Compiler
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.streams import Collector, collapse


def statement_block(node: ast.StatementBlock | ast.NamedBlock, c: Compiler) -> Closure:
    """The closure that runs the statements of a block one after the other."""
    has_traps = bool(node.traps)
    if has_traps:
        c.trap_depth += 1
    steps = [c.statement(statement) for statement in node.statements]
    traps = errors.compile_traps(node.traps, c) if has_traps else None
    if has_traps:
        c.trap_depth -= 1
    extents = [error_extent(statement) for statement in node.statements]
    # Inside a block with a trap, an error of an inner block goes up to the level of the trap before it is handled.
    deferred = c.trap_depth > 0 and not has_traps
    if not steps:
        return _nothing
    if len(steps) == 1:
        return _single(steps[0], extents[0], traps, deferred)
    return _many(steps, extents, traps, deferred)


def error_extent(node: ast.Statement) -> ast.Extent:
    """The extent that an error of the statement itself is reported at."""
    return node.extent


def _nothing(frame: Frame) -> None:
    return None


def _single(step: Closure, extent: ast.Extent, traps: Any, deferred: bool) -> Closure:
    def run(frame: Frame) -> None:
        try:
            step(frame)
        except PSError as error:
            errors.statement_failed(frame, error, extent, traps, deferred)
        except Unsupported as refusal:
            refusal.found_at(frame.source.file, *frame.source.position(extent.start))
            raise

    return run


def _many(steps: list[Closure], extents: list[ast.Extent], traps: Any, deferred: bool) -> Closure:
    count = len(steps)

    def run(frame: Frame) -> None:
        pending = iter(steps)
        while True:
            try:
                for step in pending:
                    step(frame)
                return
            except PSError as error:
                at = count - 1 - length_hint(pending)
                errors.statement_failed(frame, error, extents[at], traps, deferred)
            except Unsupported as refusal:
                extent = extents[count - 1 - length_hint(pending)]
                refusal.found_at(frame.source.file, *frame.source.position(extent.start))
                raise

    return run


def capture(run: Closure) -> Closure:
    """Runs statements and yields what they wrote as one value."""

    def evaluate(frame: Frame) -> Any:
        out = frame.out
        collector = frame.out = Collector()
        try:
            run(frame)
        except ControlFlow:
            flush(collector, out)
            raise
        finally:
            frame.out = out
        return collapse(collector)

    return evaluate


def collect(run: Closure) -> Closure:
    """Runs statements and yields what they wrote as a list."""

    def evaluate(frame: Frame) -> Any:
        out = frame.out
        collector = frame.out = Collector()
        try:
            run(frame)
        finally:
            frame.out = out
        return collector.items

    return evaluate


def flush(collector: Collector, out: Any) -> None:
    """Hands on what was collected before the flow of control left the expression."""
    for item in collector.items:
        out.write(item)

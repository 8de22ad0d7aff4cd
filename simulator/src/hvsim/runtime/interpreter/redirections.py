# SPDX-License-Identifier: GPL-3.0-or-later
"""``2>$null``, ``3>&1``, ``> file`` and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from hvsim.lang import ast
from hvsim.runtime import convert
from hvsim.runtime.interpreter.compiler import Closure, Compiler
from hvsim.runtime.interpreter.expressions import lazy
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.pipeline import CommandProcessor
from hvsim.runtime.scope import is_nothing
from hvsim.runtime.streams import NULL_PIPE, Collector, FunctionPipe, Streams, collapse

STREAM_NAMES = ("error", "warning", "verbose", "debug", "information")
Redirect = Callable[[CommandProcessor], AbstractContextManager[Any]]
_Change = Callable[[Streams, Any], Any]
"""Changes the streams for a command whose output pipe is given; returns the output pipe to use."""


class FilePipe:
    """Collects text for a file; written when the command has ended."""

    def __init__(self, ctx: Any, path: str, append: bool) -> None:
        self.ctx = ctx
        self.path = path
        self.append = append
        self.items: list[Any] = []
        self.write = self.items.append

    def close(self) -> None:
        """Writes the file through Out-File, as PowerShell does."""
        named: dict[str, Any] = {"FilePath": self.path}
        if self.append:
            named["Append"] = True
        self.ctx.call("Out-File", (), named, list(self.items))


class Plan:
    """The redirections of one command, evaluated: how streams and output change."""

    def __init__(self, changes: list[tuple[ast.Redirection, Any]], ctx: Any) -> None:
        self.changes = changes
        self.ctx = ctx
        self.files = [pipe for _, pipe in changes if isinstance(pipe, FilePipe)]

    def output(self, out: Any) -> Any:
        """The output pipe that the redirections leave."""
        for node, pipe in self.changes:
            if pipe is not None and node.from_stream in ("Output", "All"):  # type: ignore[attr-defined]
                out = pipe
        return out

    def streams(self, base: Streams, out: Any) -> Streams:
        """The streams that the redirections make of *base*."""
        streams = base.copy()
        for node, pipe in self.changes:
            source = node.from_stream  # type: ignore[attr-defined]
            target = out if pipe is None else pipe
            for name in STREAM_NAMES:
                if source == "All" or source.lower() == name:
                    setattr(streams, name, target)
        return streams

    def close(self) -> None:
        for pipe in self.files:
            pipe.close()


def compile_all(nodes: list[ast.Redirection], c: Compiler) -> Callable[[Frame], Redirect] | None:
    """The function that evaluates the redirections of a command; None without any."""
    if not nodes:
        return None
    evaluate = _evaluator(nodes, c)

    def build(frame: Frame) -> Redirect:
        return Redirector(evaluate(frame))

    return build


def _evaluator(nodes: list[ast.Redirection], c: Compiler) -> Callable[[Frame], Plan]:
    locations = [c.expression(n.location) if isinstance(n, ast.FileRedirection) else None for n in nodes]

    def evaluate(frame: Frame) -> Plan:
        changes: list[tuple[ast.Redirection, Any]] = []
        for node, location in zip(nodes, locations, strict=True):
            pipe: Any = None
            if location is not None:
                assert isinstance(node, ast.FileRedirection)
                value = location(frame)
                pipe = NULL_PIPE if is_nothing(value) else _file(frame, value, node.append)
            changes.append((node, pipe))
        return Plan(changes, frame.ctx)

    return evaluate


def _file(frame: Frame, value: Any, append: bool) -> FilePipe:
    return FilePipe(frame.ctx, convert.to_string(frame.ctx, value), append)


class Redirector:
    """Activates the redirections of a command while its own code runs."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.base: Streams | None = None
        self.prepared = False

    def __call__(self, processor: CommandProcessor) -> AbstractContextManager[Any]:
        if not self.prepared:
            self.prepared = True
            runtime = processor.runtime
            self.merged = _late_output(processor)
            output = self.plan.output(runtime.out)
            if output is not runtime.out:
                self.merged = output
                runtime.out = output
            if self.plan.files:
                _close_after(processor, self.plan)
        base = self.base if self.base is not None else processor.ctx.streams
        return swapped(processor.ctx, self.plan.streams(base, self.merged))


def _late_output(processor: CommandProcessor) -> FunctionPipe:
    """A pipe to wherever the command's output goes at the time of writing."""
    return FunctionPipe(lambda value: processor.runtime.out.write(value))


def _close_after(processor: CommandProcessor, plan: Plan) -> None:
    original = processor.close

    def close() -> None:
        original()
        plan.close()

    processor.close = close  # type: ignore[method-assign]


@contextmanager
def swapped(ctx: Any, streams: Streams) -> Iterator[None]:
    """Puts other streams in force for a while."""
    saved = ctx.streams
    ctx.streams = streams
    try:
        yield
    finally:
        ctx.streams = saved


def share_baseline(ctx: Any, processors: list[CommandProcessor]) -> None:
    """Every command of a pipeline starts from the streams around the pipeline, not from those of the command that feeds it."""
    base = ctx.streams
    for processor in processors:
        if isinstance(processor.redirect, Redirector):
            processor.redirect.base = base
        elif processor.redirect is None:
            processor.redirect = lambda p: swapped(ctx, base)


def expression(node: ast.CommandExpression, value: Closure, c: Compiler) -> Closure:
    """An expression statement with redirections."""
    evaluate = _evaluator(node.redirections, c)

    def run(frame: Frame) -> None:
        from hvsim.runtime.interpreter.commands import emit

        plan = evaluate(frame)
        outer = frame.out
        frame.out = plan.output(outer)
        try:
            with swapped(frame.ctx, plan.streams(frame.ctx.streams, frame.out)):
                emit(frame.out, value(frame))
        finally:
            frame.out = outer
        plan.close()

    return run


def source(node: ast.CommandExpression, c: Compiler) -> Closure:
    """The expression at the head of a pipeline as a value."""
    if not node.redirections:
        return lazy(node.expression, c)
    value = c.expression(node.expression)
    run = expression(node, value, c)

    def evaluate(frame: Frame) -> Any:
        outer = frame.out
        collector = frame.out = Collector()
        try:
            run(frame)
        finally:
            frame.out = outer
        return collapse(collector.items)

    return evaluate

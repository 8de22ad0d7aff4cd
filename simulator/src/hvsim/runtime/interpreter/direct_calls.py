# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of functions by name that enter the function directly: no command processor, no binder, no pipeline.

A function qualifies that is nothing but statements and is not advanced, called with arguments that fit its parameters as they are
(:mod:`hvsim.runtime.fitting`). Finding out evaluates nothing, or what it has evaluated goes on to the usual way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang import ast
from hvsim.runtime.command import Argument
from hvsim.runtime.errors import ControlFlow, PSError
from hvsim.runtime.fitting import layout_of
from hvsim.runtime.functions import FunctionInfo
from hvsim.runtime.interpreter.arguments import compile_arguments, compile_values, is_positional, marks_of, shape_of
from hvsim.runtime.interpreter.blocks import capture, flush
from hvsim.runtime.interpreter.compiler import Closure, Compiler
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.script_calls import call_fitting, call_plain
from hvsim.runtime.streams import Collector, collapse

Enter = Callable[[Frame, Any], bool]
"""Calls the function with the pipe for its output; False if it did not, for then nothing has happened."""
_UNKNOWN: Any = object()
Usual = Callable[[Frame, "list[Argument] | None", Any], None]
"""The usual way, for arguments that have been evaluated."""


class DirectCall:
    """A statement that is a call of a function which may be entered directly."""

    __slots__ = ("enter", "general")

    def __init__(self, enter: Enter, general: Closure) -> None:
        self.enter = enter
        self.general = general

    def __call__(self, frame: Frame) -> None:
        if not self.enter(frame, frame.out):
            self.general(frame)

    def value(self) -> Closure:
        """The closure that yields what the call wrote, as ``blocks.capture`` does."""
        enter, otherwise = self.enter, capture(self.general)

        def evaluate(frame: Frame) -> Any:
            collector = Collector()
            try:
                if not enter(frame, collector):
                    return otherwise(frame)
            except ControlFlow:
                flush(collector, frame.out)
                raise
            return collapse(collector)

        return evaluate


def direct_call(node: ast.Command, general: Closure, usual: Usual, c: Compiler) -> DirectCall | None:
    """The statement for a command, None if it cannot be the call of a function by name with plain arguments."""
    head, *rest = node.command_elements
    if node.invocation_operator != "Unknown" or not isinstance(head, ast.StringConstantExpression):
        return None
    shape = shape_of(rest, c)
    if shape is None:
        return None
    name, extent = head.value, node.extent
    fitting = _Fitting(shape, compile_arguments(rest, c), usual, name, extent)
    if all(is_positional(argument) for argument in rest):
        return DirectCall(_plain_or(fitting, rest, c), general)

    def enter(frame: Frame, out: Any) -> bool:
        info = frame.ctx.scope.find_unaliased(fitting.key)
        return info is not None and fitting.enter(frame, info, out)

    return DirectCall(enter, general)


def _plain_or(fitting: _Fitting, nodes: list[Any], c: Compiler) -> Enter:
    """Positional arguments: a function with plain parameters only takes any."""
    values, marks = compile_values(nodes, c), marks_of(nodes, c)
    key, name, extent = fitting.key, fitting.name, fitting.extent

    def enter(frame: Frame, out: Any) -> bool:
        ctx = frame.ctx
        info = ctx.scope.find_unaliased(key)
        if info is None:
            return False
        code = info.script_block.code
        if not code.is_plain:
            if code.compiled:
                return fitting.enter(frame, info, out)
            code.compile()
            if not code.is_plain:
                return False
        frame.position = extent
        try:
            call_plain(frame, info, values(frame), marks, extent, name, out)
        except PSError:
            ctx.question = False
            raise
        ctx.question = True
        return True

    return enter


class _Fitting:
    """One place in a script where a function is called. How its arguments lie is kept with the function, which belongs to a
    runspace."""

    __slots__ = ("arguments", "extent", "key", "name", "shape", "usual")

    def __init__(self, shape: list[Argument], arguments: Any, usual: Usual, name: str, extent: ast.Extent) -> None:
        self.shape = shape
        self.arguments = arguments
        self.usual = usual
        self.name = name
        self.key = name.lower()
        self.extent = extent

    def enter(self, frame: Frame, info: FunctionInfo, out: Any) -> bool:
        code = info.script_block.code
        layout = code.layouts.get(self, _UNKNOWN)
        if layout is _UNKNOWN:
            plans = code.entered_plans
            if plans is None:
                return False
            layout = code.layouts[self] = layout_of(plans, self.shape)
        if layout is None:
            return False
        ctx = frame.ctx
        frame.position = self.extent
        arguments = self.arguments(frame)
        try:
            done = call_fitting(frame, info, layout, arguments, self.extent, self.name, out)
        except PSError:
            ctx.question = False
            raise
        if done:
            ctx.question = True
        else:
            self.usual(frame, arguments, out)
        return True

# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipelines and commands: evaluating elements and arguments, finding commands, redirections, chains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert
from hvsim.runtime.command import Argument, CmdletInfo, CommandInfo
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.functions import FunctionInfo, FunctionProcessor, ScriptInfo
from hvsim.runtime.interpreter import direct_calls, lookup, redirections
from hvsim.runtime.interpreter.arguments import compile_arguments
from hvsim.runtime.interpreter.blocks import capture
from hvsim.runtime.interpreter.compiler import Closure, Compiler, statement, value_of
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import pure_expression
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.pipeline import CmdletProcessor, CommandProcessor, PipelineProcessor
from hvsim.runtime.scope import is_nothing
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.session import SessionState
from hvsim.runtime.streams import Collector
from hvsim.runtime.values import AUTOMATION_NULL, Array, PSObject

Build = Callable[[Frame, "list[Argument] | None"], CommandProcessor]
"""Makes the processor of a command; the arguments are given if they have been evaluated."""
SCALARS = frozenset((int, str, bool, float, type(None)))
_KEEPS_QUESTION = (ast.ParenExpression, ast.SubExpression, ast.ArrayExpression)
_STEPS = frozenset(("PlusPlus", "MinusMinus", "PostfixPlusPlus", "PostfixMinusMinus"))


def emit(out: Any, value: Any) -> None:
    """Writes a value to a pipe the way an expression in a pipeline does: collections element by element."""
    if type(value) in SCALARS:
        out.write(value)
        return
    if value is AUTOMATION_NULL:
        return
    if type(value) is Array:
        items: Iterable[Any] | None = list(value)
    else:
        items = convert.enumerate(value)
    if items is None:
        out.write(value)
        return
    for item in items:
        if item is not AUTOMATION_NULL:
            out.write(item)


# ---- pipelines ---------------------------------------------------------------------------------------------------------


@statement(ast.Pipeline)
def _pipeline(node: ast.Pipeline, c: Compiler) -> Closure:
    if node.background:
        return _refuse("background pipelines (&)")
    first = node.pipeline_elements[0]
    if len(node.pipeline_elements) == 1 and isinstance(first, ast.CommandExpression):
        return _expression_statement(first, c)
    return _command_pipeline(node, c)


@value_of(ast.Pipeline)
@value_of(ast.CommandExpression)
def _pipeline_value(node: ast.Pipeline | ast.CommandExpression, c: Compiler) -> Closure:
    pure = pure_expression(node)
    if pure is not None:
        return c.expression(pure)
    run = c.statement(node)
    return run.value() if type(run) is direct_calls.DirectCall else capture(run)


def _refuse(what: str) -> Closure:
    def run(frame: Frame) -> None:
        raise Unsupported(what)

    return run


@statement(ast.CommandExpression)
def _expression_statement(node: ast.CommandExpression, c: Compiler) -> Closure:
    expression = node.expression
    value = c.expression(expression)
    if node.redirections:
        return redirections.expression(node, value, c)
    if isinstance(expression, ast.UnaryExpression) and expression.token_kind in _STEPS:

        def step(frame: Frame) -> None:
            value(frame)
            frame.ctx.question = True

        return step
    if isinstance(expression, ast.ParenExpression) and _is_step(expression):
        return _writing(value, sets_question=True)
    return _writing(value, sets_question=not keeps_question(expression))


def is_written(node: ast.Expression) -> bool:
    """Whether an expression that stands as a statement writes its value; ``$i++`` and its like do not, or not the usual way."""
    if isinstance(node, ast.UnaryExpression) and node.token_kind in _STEPS:
        return False
    return not (isinstance(node, ast.ParenExpression) and _is_step(node))


def keeps_question(node: ast.Expression) -> bool:
    """Whether an expression that stands as a statement leaves ``$?`` as what is inside it set it."""
    return isinstance(node, _KEEPS_QUESTION)


def _is_step(node: ast.ParenExpression) -> bool:
    inner = pure_expression(node.pipeline)
    return isinstance(inner, ast.UnaryExpression) and inner.token_kind in _STEPS


def _writing(value: Closure, *, sets_question: bool) -> Closure:
    def run(frame: Frame) -> None:
        result = value(frame)
        if sets_question:
            frame.ctx.question = True
        if type(result) in SCALARS:
            frame.out.write(result)
        else:
            emit(frame.out, result)

    return run


def _command_pipeline(node: ast.Pipeline, c: Compiler) -> Closure:
    elements = list(node.pipeline_elements)
    source: Closure | None = None
    first = elements[0]
    if isinstance(first, ast.CommandExpression):
        del elements[0]
        source = redirections.source(first, c)
    builders = [element_builder(element, c) for element in elements]
    extent = node.extent
    redirected = any(isinstance(element, ast.Command) and element.redirections for element in elements)
    if source is None and len(builders) == 1 and not redirected:
        return _single_command(elements[0], builders[0], extent, c)

    def run(frame: Frame) -> None:
        ctx = frame.ctx
        frame.position = extent
        items = None if source is None else source_items(source(frame))
        processors = [build(frame, None) for build in builders]
        if redirected:
            redirections.share_baseline(ctx, processors)
        pipeline = PipelineProcessor(ctx, processors, frame.out)
        _finish(ctx, pipeline, items)

    return run


def _single_command(node: ast.CommandBase, build: Build, extent: ast.Extent, c: Compiler) -> Closure:
    def run(frame: Frame) -> None:
        frame.position = extent
        run_for(frame, None, frame.out)

    def run_for(frame: Frame, arguments: list[Argument] | None, out: Any) -> None:
        processor = build(frame, arguments)
        pipeline = PipelineProcessor(frame.ctx, (processor,), out)
        _finish(frame.ctx, pipeline, None)

    assert isinstance(node, ast.Command)
    quick = None if _looks_like_method_call(node) else direct_calls.direct_call(node, run, run_for, c)
    return run if quick is None else quick


def _finish(ctx: Any, pipeline: PipelineProcessor, items: Iterable[Any] | None) -> None:
    try:
        pipeline.run(items)
    except PSError:
        ctx.question = False
        raise
    ctx.question = not pipeline.had_error


def source_items(value: Any) -> Iterable[Any]:
    """What an expression at the head of a pipeline feeds to the first command."""
    if value is AUTOMATION_NULL:
        return ()
    if value is None:
        return (None,)
    if type(value) is range:
        return value
    items = value if type(value) is Array else convert.enumerate(value)
    if items is None:
        return (value,)
    return (item for item in list(items) if item is not AUTOMATION_NULL)


@statement(ast.PipelineChain)
def _chain(node: ast.PipelineChain, c: Compiler) -> Closure:
    if node.background:
        return _refuse("background pipelines (&)")
    left, right = c.statement(node.lhs_pipeline_chain), c.statement(node.rhs_pipeline)
    wanted = node.operator == "AndAnd"

    def run(frame: Frame) -> None:
        from hvsim.runtime.interpreter import errors

        try:
            left(frame)
        except PSError as error:
            errors.statement_failed(frame, error, node.lhs_pipeline_chain.extent, None, False)
            frame.ctx.question = False
        if frame.ctx.question is wanted:
            right(frame)

    return run


# ---- elements ----------------------------------------------------------------------------------------------------------


def element_builder(node: ast.CommandBase, c: Compiler) -> Build:
    if isinstance(node, ast.CommandExpression):
        raise Unsupported("an expression after the first element of a pipeline")
    assert isinstance(node, ast.Command)
    head = node.command_elements[0]
    assert isinstance(head, ast.Expression)
    name = _command_name(head, node, c)
    arguments = compile_arguments(node.command_elements[1:], c)
    dotted = node.invocation_operator == "Dot"
    operator = {"Dot": ".", "Ampersand": "&"}.get(node.invocation_operator, "")
    redirect = redirections.compile_all(node.redirections, c)
    extent = node.extent
    like_method = _looks_like_method_call(node)

    def build(frame: Frame, evaluated: list[Argument] | None) -> CommandProcessor:
        if like_method and frame.ctx.scope.strict >= 2:
            raise method_style_call()
        target = name(frame)
        args: list[Argument] = arguments(frame) if evaluated is None else evaluated
        session: SessionState | None = None
        if operator and _is_module(target):
            session = target.session
            target = args.pop(0).value if args else None
        invocation = InvocationInfo(None, extent, frame.source)
        try:
            processor = processor_for(
                frame.ctx, target, args, invocation, operator=operator, dotted=dotted, session=session
            )
        except PSError as error:
            # No command, so the error's place is the name (PipelineOps.AddCommand).
            if error.record is not None and error.record.invocation is None:
                place = InvocationInfo(None, head.extent, frame.source, invocation.invocation_name)
                error.record.invocation = place
            raise
        if redirect is not None:
            processor.redirect = redirect(frame)
        return processor

    return build


def _looks_like_method_call(node: ast.Command) -> bool:
    """``Add(1, 2)``: a single argument in parentheses right behind the name, with a comma in it."""
    if len(node.command_elements) != 2:
        return False
    head, argument = node.command_elements
    if not isinstance(argument, ast.ParenExpression) or head.extent.end != argument.extent.start:
        return False
    return isinstance(pure_expression(argument.pipeline), ast.ArrayLiteral)


def method_style_call() -> PSError:
    """The error of strict mode for a command that is called like a method."""
    return runtime_error(
        "StrictModeFunctionCallWithParens",
        "The function or command was called as if it were a method. Parameters should be separated by spaces. For information "
        "about parameters, see the about_Parameters Help topic.",
    )


def _command_name(head: ast.Expression, node: ast.Command, c: Compiler) -> Closure:
    if isinstance(head, ast.ConstantExpression):
        text = c.source.text_of(head.extent)
        return lambda frame: text
    return c.expression(head)


def _is_module(value: Any) -> bool:
    from hvsim.runtime.modules import ModuleInfo

    return isinstance(value, ModuleInfo)


def processor_for(
    ctx: Any,
    target: Any,
    arguments: list[Argument],
    invocation: InvocationInfo,
    *,
    operator: str = "",
    dotted: bool = False,
    session: SessionState | None = None,
) -> CommandProcessor:
    """The processor of a command given as name, script block or CommandInfo.

    Raises:
        PSError: BadExpression, CommandNotFoundException.
        Unsupported: PowerShell has the command, we do not.
    """
    if type(target) is PSObject:
        target = target.base
    if isinstance(target, ScriptBlock):
        info: Any = ScriptInfo(target)
        invocation.command = info
        invocation.invocation_name = operator
        return FunctionProcessor(ctx, info, invocation, arguments, dotted=dotted, session=session)
    if isinstance(target, CommandInfo):
        info = target
        invocation.invocation_name = operator or info.name
    else:
        text = _name_text(ctx, target, operator)
        invocation.invocation_name = operator or text
        info = lookup.resolve(ctx, text, session)
        if not operator:
            invocation.invocation_name = text
    invocation.command = info
    if type(info) is CmdletInfo:
        return CmdletProcessor(ctx, info, invocation, arguments)
    if isinstance(info, (FunctionInfo, ScriptInfo)):
        return FunctionProcessor(ctx, info, invocation, arguments, dotted=dotted)
    info = lookup.follow(ctx, info)
    if isinstance(info, CmdletInfo):
        return CmdletProcessor(ctx, info, invocation, arguments)
    if isinstance(info, (FunctionInfo, ScriptInfo)):
        return FunctionProcessor(ctx, info, invocation, arguments, dotted=dotted)
    make = getattr(info, "processor", None)
    if make is not None:
        made: CommandProcessor = make(ctx, invocation, arguments)
        return made
    raise Unsupported(f"command {info.name} ({info.kind})")


def _name_text(ctx: Any, target: Any, operator: str) -> str:
    if type(target) is str and target:
        return target
    text = "" if is_nothing(target) else convert.to_string(ctx, target)
    if not text:
        raise runtime_error(
            "BadExpression",
            f"The expression after '{operator or '&'}' in a pipeline element produced an object that was not valid. It must "
            "result in a command name, a script block, or a CommandInfo object.",
            target=None if is_nothing(target) else target,
        )
    return text


def call(
    ctx: Any, command: Any, args: Sequence[Any], named: Mapping[str, Any], items: Sequence[Any] | None
) -> list[Any]:
    """Runs a command for the engine itself; everything it wrote.

    Raises:
        PSError: a terminating error.
    """
    arguments = [Argument(name, value, dash_text=f"-{name}") for name, value in named.items()]
    arguments += [Argument(None, value) for value in args]
    processor = processor_for(ctx, command, arguments, InvocationInfo(None), operator="&")
    collector = Collector()
    PipelineProcessor(ctx, [processor], collector).run(items)
    return collector.items

# SPDX-License-Identifier: GPL-3.0-or-later
"""``{ command }.GetSteppablePipeline()``: a pipeline that a script drives step by step, as proxy functions do.

Facts: ``ScriptBlock.GetSteppablePipeline``, ``SteppablePipeline`` and ``PipelineProcessor.Step`` of PowerShell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.errors import PSError, StopUpstream, runtime_error
from hvsim.runtime.members import method
from hvsim.runtime.pipeline import PipelineProcessor
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.scriptcmdlet import ScriptCmdlet
from hvsim.runtime.streams import Pipe
from hvsim.runtime.values import AUTOMATION_NULL, Array, NetObject

TYPE = "System.Management.Automation.SteppablePipeline"
_BLOCK = "System.Management.Automation.ScriptBlock"
_ORIGIN = "System.Management.Automation.CommandOrigin"
_NAMES = frozenset(("args", "input", "psboundparameters", "myinvocation"))


class _Output:
    """Where the last command writes: to the output of the function that is linked, else to what the next step answers."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.target: Pipe | None = None

    def write(self, value: Any, /) -> None:
        if self.target is None:
            self.items.append(value)
        else:
            self.target.write(value)

    def taken(self) -> Array:
        items, self.items = self.items, []
        return Array(items)


@types.net_class(TYPE, interfaces=("System.IDisposable",))
class SteppablePipeline(NetObject):
    """The commands, bound and begun by ``Begin``."""

    __slots__ = ("expects_input", "open", "output", "pipeline")

    def __init__(self, pipeline: PipelineProcessor, output: _Output) -> None:
        self.pipeline = pipeline
        self.output = output
        self.expects_input = False
        self.open = True

    def close(self) -> None:
        if self.open:
            self.open = False
            self.pipeline.close()

    def run(self, step: Callable[[], None]) -> None:
        """Runs a step; whatever leaves it ends the pipeline.

        Raises:
            Unsupported: the pipeline has ended, or a command of its own wants no more input.
        """
        if not self.open:
            raise Unsupported("a steppable pipeline after its end")
        try:
            step()
        except BaseException as reason:
            self.close()
            if isinstance(reason, StopUpstream) and any(p.runtime is reason.requester for p in self.pipeline.processors):
                raise Unsupported("a command of a steppable pipeline that stops its input") from None
            raise


@method(_BLOCK, "GetSteppablePipeline", context=True)
def _get_steppable_pipeline(ctx: Any, self: ScriptBlock, origin: Any = None, args: Any = None) -> SteppablePipeline:
    from hvsim.runtime.interpreter import redirections
    from hvsim.runtime.interpreter.commands import element_builder
    from hvsim.runtime.interpreter.frame import Frame

    elements = _commands_of(self, bool(args))
    compiler = self.code.compiler
    builders = [element_builder(element, compiler) for element in elements]
    session = self.session or ctx.session
    frame = Frame(ctx, session.current, None, self.code)
    frame.using = self.using
    with ctx.entered(session, session.current):
        # Arguments are evaluated and commands are looked up now, not when the pipeline begins.
        processors = [build(frame, None) for build in builders]
    if any(element.redirections for element in elements):
        redirections.share_baseline(ctx, processors)
    output = _Output()
    return SteppablePipeline(PipelineProcessor(ctx, processors, output), output)


def _commands_of(block: ScriptBlock, has_arguments: bool) -> list[Any]:
    """The commands of a block that is one pipeline.

    Raises:
        PSError: any other block (``ScriptBlockAst.GetSimplePipeline``).
        Unsupported: a pipeline that starts with an expression, or arguments that the block could see.
    """
    node = block.code.node
    if node.clean_block is not None:
        raise Unsupported("GetSteppablePipeline of a block with a clean block")
    body = node.end_block
    if node.dynamic_param_block or node.begin_block or node.process_block:
        raise _not_convertible("The script block cannot be converted because it contains more than one clause. " + _ONLY)
    if body is None or not body.statements:
        raise _not_convertible("An empty script block cannot be converted. " + _VERIFY)
    if body.traps:
        raise _not_convertible("A script block that contains a top-level trap statement cannot be converted.")
    pipeline = body.statements[0]
    if len(body.statements) != 1 or not isinstance(pipeline, ast.Pipeline):
        raise _not_convertible(
            "Only a script block that contains exactly one pipeline or command can be converted. " + _ONLY
        )
    elements = list(pipeline.pipeline_elements)
    if pipeline.background or not all(isinstance(element, ast.Command) for element in elements):
        raise Unsupported("GetSteppablePipeline of a pipeline that starts with an expression or runs in the background")
    if block.code.parameters or (has_arguments and _sees_arguments(node)):
        raise Unsupported("arguments of GetSteppablePipeline")
    return elements


_VERIFY = "Verify that the script block contains exactly one pipeline or command."
_ONLY = f"Expressions or control structures are not permitted. {_VERIFY}"


def _not_convertible(message: str) -> PSError:
    return runtime_error(
        "InvalidOperation",
        message,
        kind="System.Management.Automation.PSInvalidOperationException",
        category="InvalidOperation",
    )


def _sees_arguments(node: ast.Ast) -> bool:
    if isinstance(node, ast.VariableExpression) and node.variable_path.lower() in _NAMES:
        return True
    return any(_sees_arguments(child) for child in node.children())


@method(
    TYPE,
    "Begin",
    overloads=[
        "(bool) -> void",
        "(bool, System.Management.Automation.EngineIntrinsics) -> void",
        "(System.Management.Automation.Internal.InternalCommand) -> void",
    ],
)
def _begin(self: SteppablePipeline, command: Any, engine: Any = None) -> Any:
    if engine is not None:
        raise Unsupported("SteppablePipeline.Begin with an EngineIntrinsics")
    if isinstance(command, ScriptCmdlet):
        runtime = command.processor.runtime
        self.expects_input, self.output.target = runtime.expects_input, runtime
    elif isinstance(command, bool):
        self.expects_input = command
    else:
        raise Unsupported("SteppablePipeline.Begin without a command")
    self.run(lambda: self.pipeline.start(self.expects_input))
    return AUTOMATION_NULL


@method(TYPE, "Process", overloads=["(System.Object) -> System.Array", "() -> System.Array"])
def _process(self: SteppablePipeline, value: Any = AUTOMATION_NULL) -> Any:
    first = self.pipeline.processors[0]

    def step() -> None:
        if not self.expects_input:
            first.process_alone()
        elif value is not AUTOMATION_NULL:
            first.feed(value)

    self.run(step)
    return self.output.taken()


@method(TYPE, "End", overloads=["() -> System.Array"])
def _end(self: SteppablePipeline) -> Any:
    def step() -> None:
        for processor in self.pipeline.processors:
            processor.end()
        self.close()

    self.run(step)
    return self.output.taken()


@method(TYPE, "Dispose", overloads=["() -> void"])
def _dispose(self: SteppablePipeline) -> Any:
    self.close()
    return AUTOMATION_NULL

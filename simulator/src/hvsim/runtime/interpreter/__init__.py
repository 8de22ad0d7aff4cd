# SPDX-License-Identifier: GPL-3.0-or-later
"""The interpreter: syntax trees compiled to Python closures."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from hvsim.runtime import dynamic_parameters, engine_types, script_types, session_types, steppable  # noqa: F401 - they register the members of the engine's types
from hvsim.runtime.errors import (
    BreakLoop,
    ContinueLoop,
    ErrorRecord,
    ExitScript,
    PSError,
    ReturnFromScope,
    StopRun,
    StopUpstream,
)
from hvsim.runtime.interpreter import (  # noqa: F401 - registers the compilation of the nodes
    assignments,
    commands,
    definitions,
    errors,
    expressions,
    flow,
    literals,
    member_access,
    single_values,
    variables,
)

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.wrappers import note_tests

__all__ = ["on_engine_thread", "record_of", "run_script"]

T = TypeVar("T")

STACK_SIZE = 512 * 1024 * 1024
RECURSION_LIMIT = 400_000
_on_big_stack = threading.local()
_stack_size_lock = threading.Lock()


def run_script(
    ctx: ExecutionContext,
    text: str,
    *,
    file: str | None = None,
    args: Sequence[Any] = (),
    out: Any,
    input: Sequence[Any] | None = None,
    named: Mapping[str, Any] | None = None,
    external: bool = False,
) -> None:
    """Runs a script in the current scope as a runspace's ``Invoke`` does; writes to *out* and to ``ctx.streams``. With
    *external* it is the script file *file* itself that runs, as with ``powershell -File``.

    Raises:
        ParseError: the text is no PowerShell.
        PSError: a terminating error ended the script; its record is complete.
        ExitScript: ``exit`` ended it.
        Unsupported: it needs something that is refused.
    """
    from hvsim.lang import parser

    def run() -> None:
        note_tests(ctx, text)
        node = parser.parse(text, file=file, edition=ctx.edition)
        _run_parsed(ctx, node, args, out, input, named or {}, file if external else None)

    on_engine_thread(run)


def _run_parsed(
    ctx: ExecutionContext,
    node: Any,
    args: Sequence[Any],
    out: Any,
    items: Sequence[Any] | None,
    named: Mapping[str, Any],
    path: str | None,
) -> None:
    from hvsim.runtime.command import Argument
    from hvsim.runtime.functions import FunctionProcessor, ScriptInfo
    from hvsim.runtime.invocation_info import InvocationInfo
    from hvsim.runtime.pipeline import PipelineProcessor
    from hvsim.runtime.scriptblock import Code, ScriptBlock

    block = ScriptBlock(Code(node, node.source), ctx.session)
    info = ScriptInfo(block) if path is None else ScriptInfo(block, re.split(r"[\\/]", path)[-1], "ExternalScript", path)
    invocation = InvocationInfo(info, None, node.source)
    arguments = [Argument(None, value) for value in args]
    arguments += [Argument(name, value) for name, value in named.items()]
    processor = FunctionProcessor(ctx, info, invocation, arguments, dotted=True)
    try:
        PipelineProcessor(ctx, [processor], out).run(items)
    except PSError as error:
        complete(ctx, error)
        raise
    except StopRun as stop:
        raise stop.error from None
    except (BreakLoop, ContinueLoop, ReturnFromScope, StopUpstream):
        pass
    if processor.exit_code is not None:
        raise ExitScript(processor.exit_code)


def complete(ctx: ExecutionContext, error: PSError) -> None:
    """Gives a terminating error its record."""
    if error.record is None:
        error.record = errors.record_of(error)
        error.exception = error.record.exception


def record_of(ctx: ExecutionContext, error: PSError) -> ErrorRecord:
    """The record of an error that ended a script."""
    complete(ctx, error)
    assert error.record is not None
    return error.record


def on_engine_thread(run: Callable[[], T]) -> T:
    """Calls *run* on a thread whose stack is deep enough for recursive scripts; its result.

    Raises:
        Exception: whatever *run* raises.
    """
    if getattr(_on_big_stack, "yes", False):
        return run()
    failure: list[BaseException] = []
    result: list[T] = []

    def body() -> None:
        _on_big_stack.yes = True
        try:
            result.append(run())
        except BaseException as error:
            failure.append(error)

    if sys.getrecursionlimit() < RECURSION_LIMIT:
        sys.setrecursionlimit(RECURSION_LIMIT)
    thread = threading.Thread(target=body, name="hvsim-script")
    # The stack size is a setting of the process: no other thread may start while it is ours.
    with _stack_size_lock:
        old = threading.stack_size(STACK_SIZE)
        try:
            thread.start()
        finally:
            threading.stack_size(old)
    thread.join()
    if failure:
        raise failure[0]
    return result[0]

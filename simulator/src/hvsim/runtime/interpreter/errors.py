# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens when a statement fails; try, trap, throw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, edition51, objects
from hvsim.runtime.errors import (
    BreakLoop,
    ContinueLoop,
    ErrorRecord,
    NetException,
    PSError,
    ReturnFromScope,
    runtime_error,
)
from hvsim.runtime.interpreter import literals
from hvsim.runtime.interpreter.compiler import Closure, Compiler, statement
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.pipeline import VariablePipe, keep_suppressed
from hvsim.runtime.scope import Scope, Variable, is_nothing
from hvsim.runtime.values import Array, PSObject

RUNTIME_EXCEPTION = "System.Management.Automation.RuntimeException"


# ---- a statement fails -------------------------------------------------------------------------------------------------


def statement_failed(frame: Frame, error: PSError, extent: ast.Extent, traps: Any, deferred: bool) -> None:
    """Decides what an error does at the statement it came out of: returns to go on with the next one, or raises.

    PowerShell's ``ExceptionHandlingOps.CheckActionPreference``.

    Raises:
        PSError: the error goes further up.
    """
    ctx = frame.ctx
    complete(frame, error, extent)
    record = error.record
    assert record is not None
    ctx.question = False
    if traps is not None:
        action = _run_traps(frame, error, traps)
        ctx.question = False
    elif deferred or ctx.in_try:
        action = "Stop"
    else:
        action = ctx.preference("ErrorActionPreference")
        if action == "Stop" or (action == "Continue" and error.from_throw):
            action = "Stop"
            error.from_throw = True
        elif action == "Inquire":
            raise Unsupported("error action Inquire (nobody can answer)")
    if action == "Continue":
        report(ctx, record)
        return
    remember(ctx, record)
    if action not in ("SilentlyContinue", "Ignore"):
        raise error


def remember(ctx: Any, record: ErrorRecord) -> None:
    """``$Error`` and the error variables of the commands around get a record that is not written, once."""
    if ctx.is_last_error(record):
        return
    ctx.append_error(record)
    keep_suppressed(ctx.streams.error, record)


def report(ctx: Any, record: ErrorRecord) -> None:
    """Writes a record to the error stream; ``$Error`` and the error variables get it once."""
    if ctx.is_last_error(record):
        unkept(ctx.streams.error).write(record)
        return
    ctx.append_error(record)
    ctx.streams.error.write(record)


def unkept(pipe: Any) -> Any:
    """The error stream behind the variables that have collected the record already."""
    while isinstance(pipe, VariablePipe):
        pipe = pipe.target
    return pipe


def complete(frame: Frame, error: PSError, extent: ast.Extent | None) -> None:
    """Makes sure that an error in flight has a record, with position and stack trace."""
    record = error.record
    if record is None:
        record = error.exception.error_record
        if record is None:
            record = record_of(error)
        error.record = record
        error.exception = record.exception
    if frame.ctx.edition == edition51.EDITION:
        edition51.framework_text(record.exception)
    if record.invocation is None and extent is not None:
        record.invocation = InvocationInfo(None, extent, frame.source)
    if record.stack is None:
        record.stack = stack_trace(frame, extent)


def record_of(error: PSError) -> ErrorRecord:
    """The record of an exception that has none: .NET's own are named by their type (``ConvertToRuntimeException``)."""
    exception = error.exception
    if exception.kind.startswith("System.Management.Automation."):
        record = ErrorRecord(exception, "RuntimeException")
        exception.error_record = record
        return record
    return ErrorRecord(exception, exception.kind, "OperationStopped")


def stack_trace(frame: Frame, extent: ast.Extent | None) -> tuple[Any, ...]:
    """The frames for ScriptStackTrace, innermost block first; ``ErrorRecord.stack_trace`` writes the text."""
    return tuple(
        (entry.name, entry.source, extent if entry is frame and extent is not None else entry.position)
        for entry in reversed(frame.ctx.traced_frames())
    )


# ---- throw -------------------------------------------------------------------------------------------------------------


@statement(ast.ThrowStatement)
def _throw(node: ast.ThrowStatement, c: Compiler) -> Closure:
    extent = node.extent
    if node.pipeline is None:

        def rethrow(frame: Frame) -> None:
            caught = frame.caught if node.is_rethrow else None
            if caught is not None:
                again = PSError(caught.exception, caught.record, from_throw=True)
                again.claimed = again.thrown = True
                raise again
            error = thrown(frame, None, has_value=False)
            error.claimed = error.thrown = True
            complete(frame, error, extent)
            raise error

        return rethrow
    value_of = c.value(node.pipeline)

    def throw(frame: Frame) -> None:
        error = thrown(frame, value_of(frame), has_value=True)
        error.claimed = error.thrown = True
        complete(frame, error, extent)
        raise error

    return throw


def thrown(frame: Frame, value: Any, *, has_value: bool) -> PSError:
    """The error that ``throw value`` raises (``ExceptionHandlingOps.ConvertToException``)."""
    base = value.base if type(value) is PSObject else value
    if isinstance(base, Array) and len(base) == 1:
        base = objects.unwrap(base[0])
    if isinstance(base, ErrorRecord):
        return PSError(base.exception, base, from_throw=True)
    if isinstance(base, NetException):
        record = _thrown_record(base)
        if _is_runtime(base):
            base.fields["WasThrownFromThrowStatement"] = True
        return PSError(base, record, from_throw=True)
    if not has_value or is_nothing(base):
        message = "ScriptHalted"
        target = None
    else:
        message = convert.to_string(frame.ctx, value)
        target = value
    exception = NetException(RUNTIME_EXCEPTION, message, fields={"WasThrownFromThrowStatement": True})
    record = ErrorRecord(exception, message, "OperationStopped", target)
    exception.error_record = record
    return PSError(exception, record, from_throw=True)


def _is_runtime(exception: NetException) -> bool:
    from hvsim.runtime import types

    return bool(types.get(RUNTIME_EXCEPTION).is_assignable_from(types.of(exception)))


#: Engine exceptions made without a record: how they name themselves, and the category (their ``ErrorRecord`` properties).
_OWN_RECORDS = {"CommandNotFoundException": ("CommandNotFoundException", "ObjectNotFound")}
_SESSION_STATE = "System.Management.Automation.SessionStateException"


def own_record(exception: NetException) -> tuple[str, str, Any]:
    """Error id, category and target of a RuntimeException that has no record yet."""
    from hvsim.runtime import types

    if types.get(_SESSION_STATE).is_assignable_from(types.of(exception)):
        return "SessionStateException", "InvalidArgument", ""
    found = _OWN_RECORDS.get(exception.kind.rpartition(".")[2])
    return ("RuntimeException", "NotSpecified", None) if found is None else (*found, "")


def _thrown_record(exception: NetException) -> ErrorRecord:
    """The record of a thrown exception: engine exceptions bring their own."""
    if not _is_runtime(exception):
        return ErrorRecord(exception, exception.message, "OperationStopped")
    own = exception.error_record
    if own is None:
        return ErrorRecord(exception, *own_record(exception))
    record = ErrorRecord(exception, own.error_id, own.category, own.target, source=own.source)
    record.details = own.details
    return record


# ---- catching ----------------------------------------------------------------------------------------------------------


@dataclass
class Handler:
    """A catch clause or a trap: the types it takes (none: all) and its body."""

    types: list[tuple[str, tuple[str, ...]]]
    body: Closure
    is_catch_all: bool


def find_handler(handlers: list[Handler], error: PSError) -> Handler | None:
    """The clause for an error (``ExceptionHandlingOps.FindMatchingHandler``): types are tried on the inner exception of an
    engine exception first, then on the exception itself, then on what ``-ErrorAction Stop`` has wrapped. The one that
    matched becomes ``$_.Exception``.

    Raises:
        PSError: TypeNotFound.
    """
    clauses = [(h, [literals.resolve_type(name, namespaces) for name, namespaces in h.types]) for h in handlers]
    for exception, net_type in candidates(error):
        for handler, net_types in clauses:
            if any(wanted.is_assignable_from(net_type) for wanted in net_types):
                if error.record is not None and exception is not error.record.exception:
                    unwrap_record(error, exception)
                return handler
    return next((handler for handler in handlers if handler.is_catch_all), None)


def candidates(error: PSError) -> list[tuple[NetException, Any]]:
    """The exceptions, with their types, that catch clauses may name for an error, in PowerShell's order."""
    from hvsim.runtime import types

    runtime_exception = types.get(RUNTIME_EXCEPTION)
    exception = error.exception
    own = types.of(exception)
    if not runtime_exception.is_assignable_from(own):
        return [(exception, own), (exception, runtime_exception)]
    found = [(exception, own)]
    if exception.inner is not None:
        found.insert(0, (exception.inner, types.of(exception.inner)))
    if error.record is not None and error.record.exception is not exception:
        found += candidates(PSError(error.record.exception))
    return found


def unwrap_record(error: PSError, inner: NetException) -> None:
    """Makes the inner exception the one that ``$_.Exception`` shows."""
    old = error.record
    assert old is not None
    record = ErrorRecord(inner, old.error_id, old.category, old.target, source=old.source)
    record.details = old.details
    record.activity = old.activity
    record.reason = old.reason
    record.target_name = old.target_name
    record.target_type = old.target_type
    record.invocation = old.invocation
    record.stack = old.stack
    error.exception = inner
    error.record = record


@statement(ast.TryStatement)
def _try(node: ast.TryStatement, c: Compiler) -> Closure:
    from hvsim.runtime.interpreter.blocks import statement_block

    traps, c.trap_depth = c.trap_depth, 0
    body = statement_block(node.body, c)
    c.trap_depth = traps
    handlers = [
        Handler(
            [(t.type_name.full_name, c.namespaces) for t in clause.catch_types],
            statement_block(clause.body, c),
            clause.is_catch_all,
        )
        for clause in node.catch_clauses
    ]
    run = _with_handlers(body, handlers) if handlers else _protected(body)
    if node.finally_ is None:
        return run
    return _with_finally(run, statement_block(node.finally_, c))


def _protected(body: Closure) -> Closure:
    """A try body without catch clauses: an error ends it and is dealt with at the try statement."""

    def run(frame: Frame) -> None:
        ctx = frame.ctx
        outer = ctx.in_try
        ctx.in_try = True
        try:
            body(frame)
        finally:
            ctx.in_try = outer

    return run


def _with_handlers(body: Closure, handlers: list[Handler]) -> Closure:
    def run(frame: Frame) -> None:
        ctx = frame.ctx
        outer = ctx.in_try
        ctx.in_try = True
        try:
            body(frame)
        except PSError as error:
            ctx.in_try = outer
            complete(frame, error, None)
            assert error.record is not None
            remember(ctx, error.record)
            ctx.question = False
            handler = find_handler(handlers, error)
            if handler is None:
                raise
            _handle(frame, error, handler)
        finally:
            ctx.in_try = outer

    return run


def _handle(frame: Frame, error: PSError, handler: Handler) -> None:
    """Runs a catch body with ``$_`` set to the record."""
    variables = frame.scope.vars
    old = variables.get("_")
    old_caught, frame.caught = frame.caught, error
    variables["_"] = Variable("_", error.record)
    try:
        handler.body(frame)
    finally:
        frame.caught = old_caught
        if old is None:
            variables.pop("_", None)
        else:
            variables["_"] = old


def _with_finally(body: Closure, final: Closure) -> Closure:
    def run(frame: Frame) -> None:
        try:
            body(frame)
        finally:
            final(frame)

    return run


# ---- trap --------------------------------------------------------------------------------------------------------------


def compile_traps(nodes: list[ast.TrapStatement], c: Compiler) -> list[Handler]:
    """The traps of a block as handlers."""
    from hvsim.runtime.interpreter.blocks import statement_block

    handlers = []
    for node in nodes:
        types = [] if node.trap_type is None else [(node.trap_type.type_name.full_name, c.namespaces)]
        handlers.append(Handler(types, statement_block(node.body, c), node.trap_type is None))
    return handlers


@statement(ast.TrapStatement)
def _trap(node: ast.TrapStatement, c: Compiler) -> Closure:
    return lambda frame: None


def _run_traps(frame: Frame, error: PSError, traps: list[Handler]) -> str:
    """Runs the trap that takes the error; the action that follows from how it ended.

    Raises:
        PSError: out of the trap itself.
    """
    ctx = frame.ctx
    record = error.record
    assert record is not None
    handler = find_handler(traps, error)
    if handler is None:
        return "Unhandled"
    scope = Scope(frame.scope)
    scope.vars["_"] = Variable("_", error.record)
    inner = Frame(ctx, scope, frame.out, frame.code, frame.name)
    inner.caught = error
    inner.position = frame.position
    try:
        with ctx.entered(ctx.session, scope):
            handler.body(inner)
    except BreakLoop:
        error.from_throw = True
        return "Stop"
    except ContinueLoop:
        return "SilentlyContinue"
    except ReturnFromScope:
        pass
    preference = ctx.preference("ErrorActionPreference")
    if preference == "Ignore":
        return "SilentlyContinue"
    return str(preference) if preference in ("Stop", "SilentlyContinue") else "Continue"


def call_depth_overflow() -> PSError:
    """The error of too deep a recursion (``ScriptCallDepthException``)."""
    error = runtime_error(
        "CallDepthOverflow",
        "The script failed due to call depth overflow.",
        kind="System.Management.Automation.ScriptCallDepthException",
        category="InvalidOperation",
        target=0,
    )
    error.claimed = True
    return error

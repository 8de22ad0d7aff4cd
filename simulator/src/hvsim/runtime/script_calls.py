# SPDX-License-Identifier: GPL-3.0-or-later
"""Calling script blocks and plain functions without the machinery of a pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hvsim.runtime import convert, objects
from hvsim.runtime.command import Argument, ValidationFailure
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.fitting import Layout, values_in
from hvsim.runtime.functions import FunctionInfo, FunctionProcessor, ScriptInfo
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.invocation import Invocation, ScopePipe, bind_arguments, bind_plain, input_enumerator, run_closure
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.pipeline import PipelineProcessor, ProcessorPipe
from hvsim.runtime.scope import Scope, Variable
from hvsim.runtime.scriptblock import UNSET, Code, ScriptBlock
from hvsim.runtime.values import AUTOMATION_NULL

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.interpreter.attributes import ParameterPlan
    from hvsim.runtime.session import SessionState


def call_plain(
    caller: Frame,
    info: FunctionInfo,
    values: list[Any],
    marks: Sequence[tuple[Any, str | None]],
    extent: Any,
    name: str,
    out: Any,
) -> None:
    """Calls a function that is nothing but statements and plain parameters, without the machinery of a pipeline.

    *marks*: extent and spelling of each argument.

    Raises:
        PSError, ControlFlow: what leaves the function.
    """
    frame, session = _entered(caller, info, extent, name, out)
    code, invocation = info.script_block.code, frame.invocation
    keys = code.simple_keys or ()
    bind_plain(keys, values, invocation, frame.scope.vars)
    if len(values) > len(keys):
        left = zip(values, marks, strict=True)
        invocation.rest = [Argument(None, value, extent=e, text=t) for value, (e, t) in left][len(keys) :]
    run_closure(frame, code.end, session)


def call_fitting(
    caller: Frame, info: FunctionInfo, layout: Layout, arguments: Sequence[Argument], extent: Any, name: str, out: Any
) -> bool:
    """Calls a function whose arguments lie as *layout* says, if all of them have the classes that its parameters take as they are.

    Raises:
        PSError, ControlFlow: what leaves the function.
    """
    values = values_in(layout, arguments)
    if values is None:
        return False
    frame, session = _entered(caller, info, extent, name, out)
    bound: dict[str, Any] = {}
    variables = frame.scope.vars
    for (plan, _, _), value in zip(layout.taken, values, strict=True):
        bound[plan.name] = value
        variables[plan.key] = Variable(plan.name, value, 0, plan.checks)
    for plan in layout.missing:
        variables[plan.key] = Variable(plan.name, plan.initial, 0, plan.checks)
    frame.invocation.bound = bound
    run_closure(frame, info.script_block.code.end, session)
    return True


def _entered(caller: Frame, info: FunctionInfo, extent: Any, name: str, out: Any) -> tuple[Frame, SessionState]:
    """The frame of a function that is called from another, and the session state that it runs in."""
    ctx = caller.ctx
    block = info.script_block
    session = block.session or ctx.session
    if type(out) is ProcessorPipe:
        out = ScopePipe(ctx, ctx.session, ctx.scope, out)
    scope = Scope(session.current)
    frame = Frame(ctx, scope, out, block.code, info.name)
    frame.has_locals = True
    frame.using = block.using
    invocation = frame.invocation = scope.automatic = Invocation(None, block.code.source)
    invocation.call = (info, extent, caller.source, name)
    return frame, session


def run_block(
    block: ScriptBlock,
    ctx: ExecutionContext,
    out: Any,
    args: Sequence[Any],
    *,
    input: Sequence[Any] = (),
    named: Mapping[str, Any] | None = None,
    dollar_underbar: Any = UNSET,
    this: Any = UNSET,
    new_scope: bool = True,
) -> None:
    """Runs a script block for the engine itself (``Invoke()``, ForEach-Object, ValidateScript ...).

    Raises:
        PSError, ControlFlow: what leaves the block.
    """
    code = block.code
    code.compile()
    if named:
        run_as_command(block, ctx, out, args, input, named, dollar_underbar, this, new_scope)
        return
    _require_one_clause(code)
    session = block.session or ctx.session
    current = session.current
    scope = Scope(current) if new_scope else current
    if type(out) is ProcessorPipe and scope is not ctx.scope:
        out = ScopePipe(ctx, ctx.session, ctx.scope, out)
    frame = Frame(ctx, scope, out, code)
    frame.using = block.using
    frame.has_locals = new_scope
    invocation = _invocation(code, args, input, this)
    body = code.process if code.end is None else code.end
    if body is None:
        return
    if new_scope:
        scope.automatic = invocation
        _set_variables(frame, block, invocation, dollar_underbar)
        run_closure(frame, body, session)
        return
    names = ("args", "input", "this", *(p.name.variable_path.lower() for p in code.parameters))
    saved = {key: scope.vars.pop(key, None) for key in names if key in scope.vars}
    old_item = scope.vars.get("_")
    old_automatic, scope.automatic = scope.automatic, _Layered(invocation, scope.automatic)
    try:
        _set_variables(frame, block, invocation, dollar_underbar)
        run_closure(frame, body, session)
    finally:
        scope.automatic = old_automatic
        for key in names:
            scope.vars.pop(key, None)
        scope.vars.update({k: v for k, v in saved.items() if v is not None})
        if dollar_underbar is not UNSET:
            if old_item is None:
                scope.vars.pop("_", None)
            else:
                scope.vars["_"] = old_item


class _Layered:
    """The automatic variables of a block that runs in its caller's scope: its own first, then the caller's."""

    __slots__ = ("inner", "outer")

    def __init__(self, inner: Invocation, outer: Any) -> None:
        self.inner = inner
        self.outer = outer

    def variable(self, key: str) -> Variable | None:
        if key in ("args", "input", "this") or self.outer is None:
            return self.inner.variable(key)
        found: Variable | None = self.outer.variable(key)
        return found


def _set_variables(frame: Frame, block: ScriptBlock, invocation: Invocation, dollar_underbar: Any) -> None:
    scope, code = frame.scope, block.code
    if code.simple_keys is not None:
        bind_arguments(code.simple_keys, invocation.rest, invocation, scope.vars)
    else:
        _bind_by_position(frame, block, invocation)
    if dollar_underbar is not UNSET:
        scope.vars["_"] = Variable("_", dollar_underbar)


def _invocation(code: Code, args: Sequence[Any], input: Sequence[Any], this: Any) -> Invocation:
    invocation = Invocation(None, code.source)
    invocation.rest = [Argument(None, value) for value in args]
    invocation.this = this
    if input:
        invocation.input = input_enumerator(list(input))
    return invocation


def _require_one_clause(code: Code) -> None:
    """``ScriptBlock.GetCodeToInvoke``: blocks that the engine calls consist of one block.

    Raises:
        PSError: PSInvalidOperationException (``AutomationExceptions.ScriptBlockInvokeOnOneClauseOnly``).
    """
    if code.begin is None and code.clean is None and (code.process is None or code.end is None):
        return
    raise runtime_error(
        "InvalidOperation",
        "The script block cannot be invoked because it contains more than one clause. The Invoke() method can only be used on "
        "script blocks that contain a single clause.",
        kind="System.Management.Automation.PSInvalidOperationException",
    )


def _bind_by_position(frame: Frame, block: ScriptBlock, invocation: Invocation) -> None:
    """Arguments to parameters as ``ScriptBlock.BindArgumentsForScriptblockInvoke`` gives them: by position, without the binder.

    ``[Parameter()]`` says nothing here, nothing is mandatory, what is left over is ``$args``.

    Raises:
        PSError: a value that cannot be converted or that an attribute does not allow; default values are no exception.
    """
    ctx, variables = frame.ctx, frame.scope.vars
    session = block.session or ctx.session
    with ctx.entered(session, frame.scope):
        plans = block.code.plans(ctx)
    given = [argument.value for argument in invocation.rest]
    invocation.bound = {}
    for at, plan in enumerate(plans):
        value = given[at] if at < len(given) else _default(frame, plan, session)
        value = None if value is AUTOMATION_NULL else value
        variables[plan.key] = Variable(plan.name, _taken(frame, plan, value), 0, plan.checks)
        if at < len(given):
            invocation.bound[plan.name] = value
    invocation.rest = invocation.rest[len(plans) :]


def _default(frame: Frame, plan: ParameterPlan, session: SessionState) -> Any:
    if plan.default is None:
        return plan.initial
    found: list[Any] = []
    default = plan.default
    run_closure(frame, lambda f: found.append(default(f)), session)
    return found[0]


def _taken(frame: Frame, plan: ParameterPlan, value: Any) -> Any:
    """A parameter's value: converted if it is a typed local, else what the attributes leave of it as they join the variable."""
    from hvsim.runtime.interpreter.assignments import metadata_error

    ctx, validators = frame.ctx, plan.metadata.validators
    checks = plan.checks or []
    conversions = checks[: len(checks) - len(validators)]
    # VariableAnalysis.VisitParameters: attributes with a meaning and second types make a dynamic variable of a parameter.
    is_local = frame.has_locals and not validators and not plan.metadata.transformations
    try:
        for transformation in plan.metadata.transformations:
            value = transformation(ctx, value)
        for conversion in conversions:
            value = conversion(ctx, value)
    except PSError as error:
        if is_local:
            raise
        raise metadata_error(error) from error
    for validator in validators:
        try:
            validator.validate(ctx, value)
        except ValidationFailure as failure:
            raise _no_longer_valid(ctx, plan.name, value) from failure
    return value


def _no_longer_valid(ctx: ExecutionContext, name: str, value: Any) -> PSError:
    """What ``PSVariableAttributeCollection.VerifyNewAttribute`` says of a value that a new attribute does not allow."""
    text = "" if value is None else convert.to_string(ctx, objects.invoke_member(ctx, value, "ToString", ()))
    return runtime_error(
        "ValidateSetFailure",
        f"The attribute cannot be added because variable {name} with value {text} would no longer be valid.",
        kind="System.Management.Automation.ValidationMetadataException",
        category="MetadataError",
    )


def run_as_command(
    block: ScriptBlock,
    ctx: ExecutionContext,
    out: Any,
    args: Sequence[Any],
    input: Sequence[Any],
    named: Mapping[str, Any],
    dollar_underbar: Any,
    this: Any,
    new_scope: bool,
) -> None:
    """Runs a script block as a command of a pipeline: all its blocks, and its parameters through the binder.

    Raises:
        PSError, ControlFlow: what leaves the block.
    """
    arguments = [Argument(name, value, dash_text=f"-{name}") for name, value in named.items()]
    arguments += [Argument(None, value) for value in args]
    info = ScriptInfo(block)
    invocation = InvocationInfo(info)
    processor = FunctionProcessor(ctx, info, invocation, arguments, dotted=not new_scope)
    processor.frame.invocation.this = this
    scope = processor.frame.scope
    old = scope.vars.get("_")
    if dollar_underbar is not UNSET:
        scope.vars["_"] = Variable("_", dollar_underbar)
    try:
        PipelineProcessor(ctx, [processor], out).run(list(input) if input else None)
    finally:
        if not new_scope and dollar_underbar is not UNSET:
            if old is None:
                scope.vars.pop("_", None)
            else:
                scope.vars["_"] = old

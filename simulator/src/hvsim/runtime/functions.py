# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions, filters, scripts and script blocks as commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hvsim.runtime import requirements
from hvsim.runtime.binding import Binding
from hvsim.runtime.command import Argument, CommandInfo, CommandMetadata
from hvsim.runtime.errors import (
    BreakLoop,
    ContinueLoop,
    ExitProcess,
    ExitScript,
    FunctionStopped,
    PSError,
    ReturnFromScope,
    StopUpstream,
    net_error,
    runtime_error,
)
from hvsim.runtime.fitting import fit, fit_advanced
from hvsim.runtime.interpreter import errors
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.invocation import Invocation, ScopePipe, bind_arguments, input_enumerator, run_closure, script_root
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.pipeline import CommandProcessor, ProcessorPipe, collecting
from hvsim.runtime.scope import Scope, Variable
from hvsim.runtime.scriptblock import Code, ScriptBlock
from hvsim.runtime.session import SessionState
from hvsim.runtime.streams import NULL_PIPE
from hvsim.runtime.structs import Reference, SwitchParameter
from hvsim.runtime.values import AUTOMATION_NULL, PSObject

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.interpreter.attributes import ParameterPlan


__all__ = [
    "FilterInfo",
    "FunctionInfo",
    "FunctionProcessor",
    "Invocation",
    "ScriptInfo",
    "run_closure",
    "script_root",
    "set_function",
]


class FunctionInfo(CommandInfo):
    """A function or filter."""

    __slots__ = ("description", "module", "options", "script_block")
    NET = "System.Management.Automation.FunctionInfo"

    def __init__(self, name: str, script_block: ScriptBlock, kind: str = "Function", module_name: str = "") -> None:
        super().__init__(name, kind, module_name)
        self.script_block = script_block
        self.module: Any = None
        self.options = "None"
        self.description = ""
        self.definition = script_block.text

    def metadata(self, ctx: ExecutionContext) -> CommandMetadata:
        return self.script_block.code.metadata(ctx, self.name)


class FilterInfo(FunctionInfo):
    """A filter."""

    __slots__ = ()
    NET = "System.Management.Automation.FilterInfo"


class ScriptInfo(CommandInfo):
    """A script block, or a script file, called as a command."""

    __slots__ = ("path", "script_block")
    NET = "System.Management.Automation.ScriptInfo"

    def __init__(
        self, script_block: ScriptBlock, name: str = "", kind: str = "Script", path: str | None = None
    ) -> None:
        super().__init__(name, kind)
        self.script_block = script_block
        self.path = path

    def metadata(self, ctx: ExecutionContext) -> CommandMetadata:
        return self.script_block.code.metadata(ctx, self.name)


def set_function(ctx: ExecutionContext, name: str, value: Any, *, scope: Scope | None = None) -> FunctionInfo:
    """``$function:name = value``.

    Raises:
        PSError: the value is no script block and no text.
    """
    from hvsim.runtime import convert, types

    base = getattr(value, "base", value)
    if not isinstance(base, ScriptBlock):
        base = convert.to(ctx, base, types.get("System.Management.Automation.ScriptBlock"))
    holder = scope or ctx.scope
    if holder.functions is None:
        holder.functions = {}
    info = FunctionInfo(name, base)
    holder.functions[name.lower()] = info
    return info


# ---- arguments of simple functions -------------------------------------------------------------------------------------


class FunctionBinding(Binding):
    """Binding of a function: every parameter becomes a variable as soon as it is bound (validation scripts see it)."""

    processor: FunctionProcessor

    def _bind(self, slot: Any, value: Any, **options: Any) -> bool:
        done = super()._bind(slot, value, **options)
        if done and not slot.parameter.dynamic and slot.name in self.values:
            self.processor.set_parameter(slot.name, _as_bound(self, slot.name, self.values[slot.name]))
        return done

    def _coerce(self, value: Any, wanted: Any, parameter: Any) -> Any:
        """``[ref]`` takes references only."""
        if wanted.full_name == "System.Management.Automation.PSReference":
            base = value.base if type(value) is PSObject else value
            if isinstance(base, Reference):
                return base
            raise net_error(
                "System.Management.Automation.PSInvalidCastException", "Reference type is expected in argument."
            )
        return super()._coerce(value, wanted, parameter)


class LooseBinding(FunctionBinding):
    """Binding of a function that is not advanced: what fits no parameter goes to ``$args``."""

    left: list[Argument]

    def _apply_defaults(self) -> None:
        """``$PSDefaultParameterValues`` is for cmdlets and advanced functions."""

    def _coerce(self, value: Any, wanted: Any, parameter: Any) -> Any:
        """A collection for a text parameter is joined."""
        if wanted.full_name == "System.String":
            from hvsim.runtime import convert

            return convert.to(self.ctx, None if value is AUTOMATION_NULL else value, wanted)
        return super()._coerce(value, wanted, parameter)

    def _verify_processed(self, rest: list[Argument], positional_error: PSError | None) -> None:
        if positional_error is not None and rest and rest[0].name is None:
            raise positional_error
        self.left = rest


# ---- running -----------------------------------------------------------------------------------------------------------


class FunctionProcessor(CommandProcessor):
    """Runs a function or script block as an element of a pipeline."""

    def __init__(
        self,
        ctx: ExecutionContext,
        info: FunctionInfo | ScriptInfo,
        invocation: InvocationInfo,
        arguments: Sequence[Argument],
        *,
        dotted: bool = False,
        session: SessionState | None = None,
    ) -> None:
        super().__init__(ctx, info, invocation)
        block = info.script_block
        if info.kind == "ExternalScript":
            requirements.verify(ctx, info.name, block.code.source)
        self.code: Code = block.code
        self.code.compile()
        self.arguments = arguments
        self.session: SessionState = session or block.session or ctx.session
        self.dotted = dotted
        self.binding: Binding | None = None
        self.inputs: list[Any] = []
        self.frame: Frame = self._make_frame(block)
        self._old: dict[str, Variable | None] = {}
        self._saved_automatic: Any = None
        self._dynamic_table: Any = None
        self._begun = self._ran = False
        self.exit_code: int | None = None
        self._caller = (ctx.session, ctx.scope)

    def _make_frame(self, block: ScriptBlock) -> Frame:
        current = self.session.current
        is_file = self.info.kind == "ExternalScript"
        scope = current if self.dotted else Scope(current, is_script=is_file)
        # Stack traces say <ScriptBlock> of a script file, and name the file itself.
        frame = Frame(self.ctx, scope, None, self.code, "" if is_file else self.info.name)
        frame.using = block.using
        frame.has_locals = not self.dotted
        frame.invocation = Invocation(self.runtime.invocation, self.code.source)
        return frame

    # -- steps --------------------------------------------------------------------------------------------------------

    def prepare(self, expects_input: bool) -> None:
        runtime, frame = self.runtime, self.frame
        runtime.expects_input = expects_input
        runtime.invocation.expecting_input = expects_input
        if self.dotted:
            self._saved_automatic = frame.scope.automatic
        else:
            frame.scope.automatic = frame.invocation
        with self._active():
            self._bind(expects_input)
        feeds_command = type(runtime.out) is ProcessorPipe
        if self.binding is not None and not isinstance(self.binding, LooseBinding):
            self.binding.attach(runtime)
        if self.code.obsolete is not None or self.binding is not None:
            self._warn_of_obsolete()
        if feeds_command:
            runtime.out = ScopePipe(self.ctx, *self._caller, runtime.out)
        frame.out = runtime.out

    def _warn_of_obsolete(self) -> None:
        """The warnings of ``[Obsolete()]``: of bound parameters, then of the command (``HandleObsoleteCommand``)."""
        slots = () if self.binding is None else self.binding.bound
        texts = [
            f"Parameter '{slot.name}' is obsolete. {slot.parameter.obsolete}"
            for slot in slots
            if slot.parameter.obsolete is not None
        ]
        if self.code.obsolete is not None:
            command = f"command '{self.info.name}'" if self.info.name else "script block"
            texts.append(f"The {command} is obsolete. {self.code.obsolete}")
        if not texts:
            return
        with self._active(), collecting(self.ctx, self.binding):
            for text in texts:
                self.runtime.write_warning(text)

    def _bind(self, expects_input: bool) -> None:
        code, frame = self.code, self.frame
        keys = code.simple_keys
        if keys is not None and self._bind_plain(keys):
            return
        if not code.has_plans:
            # Validation scripts belong to the session of the function.
            with self.ctx.entered(self.session, frame.scope):
                code.plans(self.ctx)
        plans = code.plans(self.ctx)
        metadata = self.info.metadata(self.ctx)
        if code.advanced:
            self._bind_advanced(metadata, expects_input)
            return
        if not self.dotted and self._bind_fitting(plans):
            return
        loose = LooseBinding(self.ctx, metadata, self.runtime.invocation)
        loose.processor = self
        self.binding = loose
        loose.left = []
        with self.ctx.entered(self.session, frame.scope):
            loose.bind_command_line(self.arguments, False)
        frame.invocation.rest = loose.left
        self._store_parameters(loose)

    def _bind_plain(self, keys: list[tuple[str, str]]) -> bool:
        """Positional arguments to untyped parameters, the usual case; False if it is not so simple."""
        arguments = self.arguments
        for argument in arguments:
            if argument.name is not None and keys:
                return False
        if self.dotted:
            self._dot_variables(keys)
        bind_arguments(keys, arguments, self.frame.invocation, self.frame.scope.vars)
        return True

    def _bind_fitting(self, plans: list[ParameterPlan]) -> bool:
        """Arguments that have the types of their parameters already; False if one needs the binder."""
        fitting = fit(plans, self.arguments)
        if fitting is None:
            return False
        taken, rest = fitting
        invocation, variables = self.frame.invocation, self.frame.scope.vars
        for plan, value in taken:
            invocation.bound[plan.name] = value
            variables[plan.key] = Variable(plan.name, value, 0, plan.checks)
        for plan in plans:
            if plan.key not in variables:
                variables[plan.key] = Variable(plan.name, None, 0, plan.checks)
                variables[plan.key].value = self._default(plan)
        invocation.rest = rest
        return True

    def _dot_variables(self, keys: Iterable[tuple[str, str]]) -> None:
        scope = self.frame.scope
        for key in _DOTTED:
            self._old[key] = scope.vars.pop(key, None)
        scope.automatic = self.frame.invocation

    def _bind_advanced(self, metadata: CommandMetadata, expects_input: bool) -> None:
        from hvsim.runtime.scriptcmdlet import ScriptCmdlet

        frame = self.frame
        if self.dotted:
            self._dot_variables(())
        binding = self.binding = FunctionBinding(self.ctx, metadata, self.runtime.invocation)
        binding.processor = self
        frame.invocation.cmdlet = ScriptCmdlet(self)
        self.runtime.error_source = metadata.error_source
        with self.ctx.entered(self.session, frame.scope):
            dynamic = self._dynamic if self.code.dynamic is not None else None
            if dynamic is not None or expects_input or not self._bind_fitting_advanced(binding):
                binding.bind_command_line(self.arguments, expects_input, dynamic)
        if self._dynamic_table is not None:
            from hvsim.runtime import dynamic_parameters

            dynamic_parameters.finish(self._dynamic_table, binding.values)
        self.runtime.common = binding.common
        self._set_preferences(binding.common)
        self._store_parameters(binding)

    def _bind_fitting_advanced(self, binding: FunctionBinding) -> bool:
        taken = fit_advanced(self.ctx, binding.plan, self.code.plans(self.ctx), self.arguments)
        if taken is None:
            return False
        for plan, value in taken:
            binding.values[plan.name] = value
            binding.bound[binding.plan.slots[plan.key]] = None
        return True

    def _dynamic(self, values: dict[str, Any]) -> Any:
        from hvsim.runtime import dynamic_parameters

        self._store_parameters(self.binding, defaults=False)
        self._dynamic_table = dynamic_parameters.run(self)
        return {} if self._dynamic_table is None else dynamic_parameters.metadata(self._dynamic_table, self)

    def _set_preferences(self, common: Mapping[str, Any]) -> None:
        from hvsim.runtime import types

        scope = self.frame.scope
        for name, variable in _ACTION_VARIABLES.items():
            if name in common:
                scope.define(variable, common[name])
        for name, variable in (("Verbose", "VerbosePreference"), ("Debug", "DebugPreference")):
            if name in common:
                action = "Continue" if common[name] else "SilentlyContinue"
                scope.define(variable, types.enum("System.Management.Automation.ActionPreference", action))
        if "WhatIf" in common:
            scope.define("WhatIfPreference", SwitchParameter(bool(common["WhatIf"])))
        if "Confirm" in common:
            impact = "Low" if common["Confirm"] else "None"
            scope.define("ConfirmPreference", types.enum("System.Management.Automation.ConfirmImpact", impact))

    def _store_parameters(self, binding: Any, *, defaults: bool = True) -> None:
        """Makes the parameters variables of the function; those without argument get their default values."""
        invocation, variables = self.frame.invocation, self.frame.scope.vars
        values = binding.values
        invocation.bound = _all_bound(binding)
        if self.dotted and not self._old:
            self._dot_variables(())
        plans = self.code.plans(self.ctx)
        for plan in plans:
            if plan.name in values:
                value = _as_bound(binding, plan.name, values[plan.name])
                variables[plan.key] = Variable(plan.name, value, 0, plan.checks)
        for plan in plans if defaults else ():
            if plan.name not in values:
                variables[plan.key] = Variable(plan.name, None, 0, plan.checks)
                variables[plan.key].value = self._default(plan)

    def set_parameter(self, name: str, value: Any) -> None:
        """Makes a bound value a variable of the function."""
        self.frame.scope.vars[name.lower()] = Variable(name, value)

    def _default(self, plan: ParameterPlan) -> Any:
        if plan.default is None:
            return plan.initial
        frame = self.frame
        result: list[Any] = []
        default = plan.default
        run_closure(frame, lambda f: result.append(_evaluated(f, default, plan)), self.session)
        value = result[0]
        if value is AUTOMATION_NULL:
            value = None
        if plan.net_type is None:
            return value
        from hvsim.runtime import convert

        if plan.metadata.is_switch:
            return SwitchParameter(convert.to_bool(value))
        try:
            return convert.to(self.ctx, value, plan.net_type)
        except PSError as error:
            raise default_error(self, plan, error) from error

    def begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        if self.code.begin is not None:
            self._run(self.code.begin)

    def feed(self, value: Any) -> None:
        if not self._begun:
            # A command before this one writes in its begin block.
            self.begin()
        binding = self.binding
        if binding is not None and not isinstance(binding, LooseBinding):
            with self._active():
                if not binding.bind_pipeline(value, self.runtime):
                    return
            self._refresh(binding)
        if self.code.process is None:
            self.inputs.append(value)
            return
        self.frame.invocation.input = input_enumerator([value])
        variables = self.frame.scope.vars
        variables.pop("input", None)
        self._run_with_item(self.code.process, value)

    def _refresh(self, binding: Any) -> None:
        """After an object was bound: the parameters that take pipeline input have new values."""
        variables = self.frame.scope.vars
        bound = _all_bound(binding)
        invocation = self.frame.invocation
        invocation.bound = bound
        existing = variables.get("psboundparameters")
        if existing is not None:
            for name, value in bound.items():
                existing.value.set(name, value)
        for plan in self.code.plans(self.ctx):
            if not any(info.pipeline or info.pipeline_by_name for info in plan.metadata.sets.values()):
                continue
            if plan.name in bound:
                variables[plan.key].value = bound[plan.name]
            else:
                variables[plan.key].value = self._default(plan)

    def _run_with_item(self, run: Any, value: Any) -> None:
        variables = self.frame.scope.vars
        old = variables.get("_")
        variables["_"] = Variable("_", value)
        try:
            self._run(run)
        finally:
            if old is None:
                variables.pop("_", None)
            else:
                variables["_"] = old

    def end(self) -> None:
        code, frame = self.code, self.frame
        self.process_alone()
        if code.end is None:
            return
        if self.inputs or self.runtime.expects_input:
            frame.invocation.input = input_enumerator(self.inputs)
            frame.scope.vars.pop("input", None)
        self._run(code.end)

    def _process(self) -> None:
        if self.code.process is not None:
            self._run(self.code.process)

    def _run(self, run: Any) -> None:
        self._ran = True
        if self.info.kind != "ExternalScript":
            self._run_claimed(run)
            return
        if self.exit_code is not None:
            return
        try:
            self._run_claimed(run)
        except ExitProcess:
            raise
        except ExitScript as stop:
            self.exit_code = stop.code
            self.ctx.set_variable("LASTEXITCODE", stop.code, self.ctx.global_scope)
            self.runtime.had_error = self.runtime.had_error or stop.code != 0

    def _run_claimed(self, run: Any) -> None:
        if not self.code.advanced:
            self._run_redirected(run)
            return
        try:
            self._run_redirected(run)
        except FunctionStopped as stop:
            if stop.processor is not self:
                raise
            raise stop.error from None
        except PSError as error:
            self.runtime.claim(error)
            raise

    def _run_redirected(self, run: Any) -> None:
        if self.redirect is None and (self.binding is None or not self.binding.collectors):
            run_closure(self.frame, run, self.session)
            return
        with self._active():
            if self.binding is None:
                run_closure(self.frame, run, self.session)
                return
            with collecting(self.ctx, self.binding):
                run_closure(self.frame, run, self.session)

    def clean(self) -> None:
        """Runs the clean block, if any other block has run (``DlrScriptCommandProcessor.CleanResource``). It writes no output,
        a try around the call does not catch its errors, and what ends it ends nothing else."""
        code, frame, ctx = self.code, self.frame, self.ctx
        if code.clean is None or not self._ran:
            return
        output = frame.out
        in_try, ctx.in_try = ctx.in_try, False
        frame.out = NULL_PIPE
        try:
            self._run(code.clean)
        except PSError as error:
            errors.complete(frame, error, None)
            assert error.record is not None
            with self._active():
                errors.report(ctx, error.record)
            self.runtime.had_error = True
        except (BreakLoop, ContinueLoop, ReturnFromScope, ExitScript, StopUpstream):
            pass
        finally:
            frame.out = output
            ctx.in_try = in_try

    def close(self) -> None:
        if self.dotted:
            scope = self.frame.scope
            scope.automatic = self._saved_automatic
            for key, old in self._old.items():
                if old is None:
                    scope.vars.pop(key, None)
                else:
                    scope.vars[key] = old
        # Binding, $PSCmdlet and processor refer to each other: without this every call would leave work, and its arguments, to
        # the garbage collector.
        self.binding = None
        self.frame.invocation.cmdlet = None
        if not self.dotted:
            self.frame.scope.vars.pop("pscmdlet", None)


#: What a dotted block or script brings along, and the scope gets back afterwards.
_DOTTED = ("args", "input", "myinvocation", "psboundparameters", "pscmdlet", "psscriptroot", "pscommandpath")
_ACTION_VARIABLES = {
    "ErrorAction": "ErrorActionPreference",
    "WarningAction": "WarningPreference",
    "InformationAction": "InformationPreference",
    "ProgressAction": "ProgressPreference",
}


def _evaluated(frame: Frame, default: Any, plan: ParameterPlan) -> Any:
    try:
        return default(frame)
    except PSError as error:
        errors.complete(frame, error, plan.default_extent)
        raise


def _all_bound(binding: Any) -> dict[str, Any]:
    """``$PSBoundParameters``: own and common parameters."""
    merged = {**binding.values, **binding.common}
    return {name: _as_bound(binding, name, value) for name, value in merged.items()}


def _as_bound(binding: Any, name: str, value: Any) -> Any:
    if isinstance(value, bool):
        slot = binding.plan.slots.get(name.lower())
        if slot is not None and slot.parameter.is_switch:
            return SwitchParameter(value)
    return value


def default_error(processor: FunctionProcessor, plan: ParameterPlan, cause: PSError) -> PSError:
    """A default value that cannot be converted to the parameter's type."""
    error = runtime_error(
        "ParameterArgumentTransformationError",
        f"Cannot process argument transformation on parameter '{plan.name}'. {cause.exception.message}",
        kind="System.Management.Automation.ParameterBindingArgumentTransformationException",
        category="InvalidData",
        inner=cause.exception,
        fields={"ParameterName": plan.name},
    )
    assert error.record is not None
    error.record.source = processor.info.name
    error.record.invocation = processor.runtime.invocation
    return error

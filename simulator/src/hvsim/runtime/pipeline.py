# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipelines: processors that push objects to the next one, and the runtime behind each command.

Modelled on PowerShell's ``PipelineProcessor``, ``CommandProcessorBase`` and ``MshCommandRuntime``: all commands begin in
order, input is fed to the first, ends run in order. Output goes to pipes; a pipe is anything with ``write(value)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import edition51
from hvsim.runtime.binding import Binding
from hvsim.runtime.command import Argument, Cmdlet, CmdletInfo, CommandInfo
from hvsim.runtime.errors import ErrorRecord, NetException, PSError, StopUpstream, net_error
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.streams import NULL_PIPE, DebugRecord, Pipe, VerboseRecord, WarningRecord
from hvsim.runtime.values import AUTOMATION_NULL

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext

class VariablePipe:
    """Passes records on and keeps a copy for ``-ErrorVariable`` and its kin; ``keep`` alone serves suppressed records."""

    __slots__ = ("keep", "target")

    def __init__(self, target: Pipe, items: list[Any]) -> None:
        self.target = target
        self.keep: Callable[[Any], None] = items.append

    def write(self, value: Any, /) -> None:
        self.keep(value)
        self.target.write(value)


class PipelineVariablePipe:
    """``-PipelineVariable``: the variable holds the object on its way to the next command."""

    __slots__ = ("ctx", "name", "target")

    def __init__(self, ctx: ExecutionContext, target: Pipe, name: str) -> None:
        self.ctx = ctx
        self.target = target
        self.name = name
        # MshCommandRuntime.SetupPipelineVariable: nothing is on its way yet.
        ctx.set_variable(name, None)

    def write(self, value: Any, /) -> None:
        self.ctx.set_variable(self.name, value)
        self.target.write(value)


def keep_suppressed(pipe: Any, record: Any) -> None:
    """Hands a record that is not shown to the variables that collect it."""
    while isinstance(pipe, VariablePipe):
        pipe.keep(record)
        pipe = pipe.target


class ProcessorPipe:
    """Feeds the next command of a pipeline, which has the pipeline's streams: what collects or redirects those of the command
    that writes is not for it."""

    __slots__ = ("processor", "streams")

    def __init__(self, processor: CommandProcessor) -> None:
        self.processor = processor
        self.streams = processor.ctx.streams

    def write(self, value: Any) -> None:
        ctx = self.processor.ctx
        current = ctx.streams
        if current is self.streams:
            self.processor.feed(value)
            return
        ctx.streams = self.streams
        try:
            self.processor.feed(value)
        finally:
            ctx.streams = current


class CommandRuntime:
    """What a running cmdlet or advanced function talks to: streams, preferences, ShouldProcess."""

    def __init__(self, ctx: ExecutionContext, info: CommandInfo, invocation: InvocationInfo) -> None:
        self.ctx = ctx
        self.info = info
        self.invocation = invocation
        self.out: Pipe = NULL_PIPE
        self.expects_input = False
        self.common: dict[str, Any] = {}
        self.error_source = info.name
        self.had_error = False
        """Set by write_error; the processor turns it into ``$?`` when the pipeline ends."""

    # -- output -------------------------------------------------------------------------------------------------------

    def write(self, value: Any) -> None:
        if value is not AUTOMATION_NULL:
            self.out.write(value)

    def write_all(self, value: Any) -> None:
        from hvsim.runtime import convert

        items = convert.enumerate(value)
        if items is None:
            self.write(value)
        else:
            for item in items:
                self.out.write(item)

    # -- preferences --------------------------------------------------------------------------------------------------

    def preference(self, common: str, variable: str) -> str:
        """The action in force for a stream: the common parameter where bound, else the preference variable."""
        if common in self.common:
            return _action_name(self.common[common])
        if common == "ErrorAction" and self.common.get("Debug") is True:
            return "Continue"
        return self.ctx.preference(variable)

    # -- errors -------------------------------------------------------------------------------------------------------

    def write_error(self, record: ErrorRecord) -> None:
        """A non-terminating error, handled as the error action says.

        Raises:
            PSError: the action is Stop.
        """
        self._complete(record)
        action = self.preference("ErrorAction", "ErrorActionPreference")
        if action == "Ignore":
            self.had_error = True
            return
        if action in ("Suspend", "Inquire"):
            raise Unsupported(f"error action {action}")
        self.had_error = True
        if action == "Stop":
            if record.invocation.extent is None:
                record.invocation = self.invocation
            raise stop_error(record)
        self.ctx.append_error(record)
        if action == "SilentlyContinue":
            keep_suppressed(self.ctx.streams.error, record)
            return
        self.ctx.streams.error.write(record)

    def terminating(self, record: ErrorRecord) -> PSError:
        """The exception of ThrowTerminatingError, to be raised by the caller."""
        self._complete(record)
        self.had_error = True
        error = PSError(record.exception, record)
        error.claimed = True
        return error

    def claim(self, error: PSError) -> None:
        """An error that leaves a cmdlet or advanced function becomes that command's: its name is in the id, the position is
        the call's (``CmdletInvocationException``). Errors of ``throw`` and of ``-ErrorAction Stop`` stay as they are."""
        old = error.record
        if old is None or error.claimed or error.exception.kind == _STOP_EXCEPTION:
            return
        error.claimed = True
        record = ErrorRecord(old.exception, old.error_id, old.category, old.target, source=self.error_source)
        record.details, record.recommended_action = old.details, old.recommended_action
        record.reason, record.target_name, record.target_type = old.reason, old.target_name, old.target_type
        record.invocation, record.stack = self.invocation, old.stack
        record.activity = old.activity or self.info.name
        error.record = record

    def _complete(self, record: ErrorRecord) -> None:
        if not record.source:
            record.source = self.error_source
        if record.invocation is None:
            record.invocation = self.invocation
        if not record.activity:
            record.activity = self.info.name
        if record.stack is None:
            record.stack = tuple((f.name, f.source, f.position) for f in reversed(self.ctx.traced_frames()))

    # -- other streams ------------------------------------------------------------------------------------------------

    def write_warning(self, text: str) -> None:
        self._message("warning", text, self.preference("WarningAction", "WarningPreference"))

    def write_verbose(self, text: str) -> None:
        if "Verbose" in self.common:
            action = "Continue" if self.common["Verbose"] is True else "SilentlyContinue"
        else:
            action = self.ctx.preference("VerbosePreference")
        self._message("verbose", text, action)

    def write_debug(self, text: str) -> None:
        if "Debug" in self.common:
            action = "Continue" if self.common["Debug"] is True else "SilentlyContinue"
        else:
            action = self.ctx.preference("DebugPreference")
        self._message("debug", text, action)

    def write_information(self, record: Any) -> None:
        action = self.preference("InformationAction", "InformationPreference")
        if action == "Ignore":
            return
        self.ctx.streams.information.write(record)
        if action == "Stop":
            raise stop_message("InformationPreference", str(record.message_data), self.error_source)

    def _message(self, stream: str, text: str, action: str) -> None:
        record = _RECORDS[stream](text, self.invocation)
        pipe: Pipe = getattr(self.ctx.streams, stream)
        if action in ("SilentlyContinue", "Ignore"):
            if action == "SilentlyContinue":
                keep_suppressed(pipe, record)
            return
        pipe.write(record)
        if action == "Stop":
            raise stop_message(f"{stream.capitalize()}Preference", text, self.error_source)
        if action == "Inquire":
            raise Unsupported(f"{stream} preference Inquire (nobody can answer)")

    # -- ShouldProcess ------------------------------------------------------------------------------------------------

    def should_process(self, target: str, action: str | None = None) -> bool:
        """``ShouldProcess(target, action)``.

        Raises:
            PSError, Unsupported: as :meth:`confirmed`.
        """
        verb = action if action is not None else self.info.name
        return self.confirmed(f'Performing the operation "{verb}" on target "{target}".')

    def confirmed(self, description: str, question: str = "") -> bool:
        """Whether to do what the text describes (``MshCommandRuntime.DoShouldProcess``): ``-WhatIf`` writes PowerShell's line to
        the host and answers False; a question that would be asked meets a host where nobody answers.

        Raises:
            PSError: HostException.
            Unsupported: what a built-in cmdlet, or Windows PowerShell, does then.
        """
        if self.what_if:
            self.ctx.host_line(f"What if: {description}")
            return False
        if self._asks():
            self.ask(question or f"Are you sure you want to perform this action?\n{description}")
        if self.common.get("Verbose") is True:
            self.write_verbose(description)
        return True

    @property
    def describes(self) -> bool:
        """Whether anybody is told what is done; else nobody needs the text, which may be one that is not known."""
        return self.what_if or self._asks() or self.common.get("Verbose") is True

    @property
    def what_if(self) -> bool:
        bound = self.common.get("WhatIf")
        return bool(self.ctx.preference_flag("WhatIfPreference") if bound is None else bound)

    def _asks(self) -> bool:
        """``CanShouldProcessAutoConfirm``, negated: the preference in force is not above the command's own impact."""
        bound = self.common.get("Confirm")
        if bound is None:
            preference = _action_name(self.ctx.get_variable("ConfirmPreference"))
        else:
            preference = "Low" if bound else "None"
        threshold = _IMPACTS.get(preference.lower(), 3)
        if isinstance(self.info, CmdletInfo):
            # The recorded metadata lack the impact of cmdlets; no built-in one that we have asks under the default preference.
            return threshold in (1, 2)
        return 0 < threshold <= _IMPACTS.get(self.info.metadata(self.ctx).confirm_impact.lower(), 2)

    def ask(self, question: str) -> None:
        """A question to a host that cannot show it (``InternalHostUserInterface.ThrowPromptNotInteractive``).

        Raises:
            PSError: HostException.
            Unsupported: what a built-in cmdlet, or Windows PowerShell, does then.
        """
        if isinstance(self.info, CmdletInfo) or self.ctx.edition == edition51.EDITION:
            raise Unsupported("-Confirm (nobody can answer)")
        raise net_error(
            "System.Management.Automation.Host.HostException",
            "A command that prompts the user failed because the host program or the command type does not support user "
            f"interaction. The host was attempting to request confirmation with the following message: {question}",
        )


_IMPACTS = {"none": 0, "low": 1, "medium": 2, "high": 3}
_STOP_EXCEPTION = "System.Management.Automation.ActionPreferenceStopException"
_INVOCATION = "System.Management.Automation.CmdletInvocationException"
_RECORDS = {"warning": WarningRecord, "verbose": VerboseRecord, "debug": DebugRecord}


def stop_error(record: ErrorRecord) -> PSError:
    """The ActionPreferenceStopException that ``-ErrorAction Stop`` makes of a non-terminating error."""
    text = (
        'The running command stopped because the preference variable "ErrorActionPreference" or common parameter is set '
        f"to Stop: {record.message}"
    )
    exception = NetException(
        "System.Management.Automation.ActionPreferenceStopException", text, fields={"ErrorRecord": record}
    )
    exception.error_record = record
    return PSError(exception, record, from_throw=True)


def stop_message(variable: str, text: str, source: str = "") -> PSError:
    """As :func:`stop_error`, for warnings and the other message streams."""
    message = f'The running command stopped because the preference variable "{variable}" or common parameter is set to Stop: {text}'
    exception = NetException("System.Management.Automation.ActionPreferenceStopException", message)
    record = ErrorRecord(exception, "ActionPreferenceStop", "OperationStopped", source=source)
    exception.error_record = record
    return PSError(exception, record, from_throw=True)


def _action_name(value: Any) -> str:
    from hvsim.runtime import types

    return types.enum_text(value) if not isinstance(value, str) else value


@contextmanager
def collecting(ctx: ExecutionContext, binding: Binding | None) -> Iterator[None]:
    """Lets ``-ErrorVariable`` and the like of a command collect from everything it runs."""
    if binding is None or not binding.collectors:
        yield
        return
    saved = ctx.streams
    ctx.streams = saved.copy()
    for stream, items in binding.collectors:
        setattr(ctx.streams, stream, VariablePipe(getattr(ctx.streams, stream), items))
    try:
        yield
    except PSError as error:
        keep_terminating(binding, error)
        raise
    finally:
        ctx.streams = saved


def keep_terminating(binding: Binding, error: PSError) -> None:
    """``-ErrorVariable`` gets the error that ends the command as well: a .NET exception inside its CmdletInvocationException."""
    kept: Any = error.record
    if not error.claimed and not error.from_throw and error.exception.kind not in (_STOP_EXCEPTION, _INVOCATION):
        kept = NetException(_INVOCATION, error.exception.message, error.exception)
        kept.error_record = error.record
    for stream, items in binding.collectors:
        if stream == "error" and kept is not None and (not items or items[-1] is not kept):
            items.append(kept)


class CommandProcessor:
    """One command of a pipeline. Subclasses: :class:`CmdletProcessor` here, functions in ``runtime/functions.py``.

    ``feed`` is called per input object, ``begin`` and ``end`` once. ``redirect`` (a function ctx, processor -> context
    manager) is active while the command's own code runs, so that ``2>&1`` and friends reach nested commands as well.
    """

    processed = False

    def __init__(self, ctx: ExecutionContext, info: CommandInfo, invocation: InvocationInfo) -> None:
        self.ctx = ctx
        self.info = info
        self.runtime = CommandRuntime(ctx, info, invocation)
        self.redirect: Callable[[CommandProcessor], AbstractContextManager[Any]] | None = None

    def _active(self) -> AbstractContextManager[Any]:
        return nullcontext() if self.redirect is None else self.redirect(self)

    def prepare(self, expects_input: bool) -> None:
        """Binds the command line; before any ``begin``."""
        raise NotImplementedError

    def begin(self) -> None:
        raise NotImplementedError

    def feed(self, value: Any) -> None:
        raise NotImplementedError

    def end(self) -> None:
        raise NotImplementedError

    def process_alone(self) -> None:
        """Processes once without an object, as a command without input does: before it ends, or at the first step of a steppable
        pipeline."""
        if not self.processed and not self.runtime.expects_input:
            self.processed = True
            self._process()

    def _process(self) -> None:
        """The process block of a command without input, if it has one that can run ahead of its end."""

    def clean(self) -> None:
        """Called when all commands of the pipeline have ended, however they did."""

    def close(self) -> None:
        """Always called, last; releases what ``begin`` set up."""


class CmdletProcessor(CommandProcessor):
    """Runs a built-in cmdlet."""

    def __init__(
        self, ctx: ExecutionContext, info: CmdletInfo, invocation: InvocationInfo, arguments: Sequence[Argument]
    ) -> None:
        super().__init__(ctx, info, invocation)
        if info.implementation is None:
            raise Unsupported(f"cmdlet {info.name}")
        metadata = info.metadata(ctx)
        self.runtime.error_source = metadata.error_source
        self.cmdlet: Cmdlet = info.implementation(ctx, self.runtime)
        self.arguments = arguments
        self.binding = Binding(ctx, metadata, invocation, implemented=self.cmdlet.implemented)
        self._begun = False

    def prepare(self, expects_input: bool) -> None:
        self.runtime.expects_input = expects_input
        with self._active():
            self.binding.bind_command_line(self.arguments, expects_input, self._dynamic)
        self.binding.attach(self.runtime)
        self._share()

    def _dynamic(self, args: dict[str, Any]) -> Any:
        self.cmdlet.args = args
        return self.cmdlet.dynamic_parameters()

    def _share(self) -> None:
        self.cmdlet.args = self.binding.values
        self.cmdlet.parameter_set = self.binding.parameter_set
        self.runtime.common = self.binding.common

    def begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._guarded(self.cmdlet.begin)

    def feed(self, value: Any) -> None:
        if not self._begun:
            # A command before this one writes while it begins.
            self.begin()
        plain = self.binding.plain
        if plain is not None and value is not None and value is not AUTOMATION_NULL:
            self.binding.values[plain] = value
        else:
            with self._active():
                if not self.binding.bind_pipeline(value, self.runtime):
                    return
            self._share()
        self._guarded(self.cmdlet.process)

    def end(self) -> None:
        self.process_alone()
        self._guarded(self.cmdlet.end)

    def _process(self) -> None:
        self._guarded(self.cmdlet.process)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Runs a step of the cmdlet; a .NET exception out of it becomes PowerShell's CmdletInvocationException."""
        try:
            if self.redirect is None and not self.binding.collectors:
                step()
            else:
                with self._active(), collecting(self.ctx, self.binding):
                    step()
        except PSError as error:
            if error.record is None:
                raise self._cmdlet_invocation(error) from error
            self.runtime.claim(error)
            raise

    def _cmdlet_invocation(self, error: PSError) -> PSError:
        record = ErrorRecord(error.exception, error.exception.kind, "NotSpecified", source=self.runtime.error_source)
        record.invocation = self.runtime.invocation
        record.activity = self.info.name
        wrapper = NetException(_INVOCATION, error.exception.message, error.exception)
        wrapper.error_record = record
        wrapped = PSError(wrapper, record)
        wrapped.claimed = True
        return wrapped


class PipelineProcessor:
    """Connects processors, runs them, cleans up."""

    def __init__(self, ctx: ExecutionContext, processors: Sequence[CommandProcessor], out: Pipe) -> None:
        self.ctx = ctx
        self.processors = list(processors)
        for position, processor in enumerate(self.processors):
            last = position == len(self.processors) - 1
            processor.runtime.out = out if last else ProcessorPipe(self.processors[position + 1])
            invocation = processor.runtime.invocation
            invocation.pipeline_length = len(self.processors)
            invocation.pipeline_position = position + 1
            invocation.expecting_input = position > 0

    def run(self, source: Iterable[Any] | None = None) -> None:
        """Feeds *source* (None: the pipeline starts with a command without input) and runs everything.

        Raises:
            PSError: a terminating error of one of the commands.
        """
        first = self.processors[0]
        try:
            self.start(source is not None)
            if source is not None:
                for value in source:
                    first.feed(value)
            for processor in self.processors:
                processor.end()
        except StopUpstream as stop:
            self._finish_after(stop)
        finally:
            self.close()

    def start(self, expects_input: bool) -> None:
        """Binds the command lines, then runs what comes before the first object."""
        for position, processor in enumerate(self.processors):
            processor.prepare(position > 0 or expects_input)
        for processor in self.processors:
            processor.begin()

    def close(self) -> None:
        for processor in self.processors:
            processor.clean()
        for processor in self.processors:
            processor.close()

    def _finish_after(self, stop: StopUpstream) -> None:
        """Ends the commands downstream of the one that wanted no more input, as PowerShell's DoCompleteCore does: neither
        that command nor those before it are ended.

        Raises:
            StopUpstream: the command belongs to an outer pipeline.
        """
        for position, processor in enumerate(self.processors):
            if processor.runtime is stop.requester:
                for later in self.processors[position + 1 :]:
                    later.end()
                return
        raise stop

    @property
    def had_error(self) -> bool:
        return any(p.runtime.had_error for p in self.processors)

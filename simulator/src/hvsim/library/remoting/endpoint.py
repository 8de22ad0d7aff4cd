# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a command in a session: the far runspace, its streams on their way back, and how it ended.

The simulation has one thread, so a command runs to its end while the caller waits; what it writes reaches the caller at once. What goes
wrong on the caller's side of a pipe must not be caught by the far script: it travels as :class:`Unwound`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.console import ConsoleSink
from hvsim.library.remoting import using
from hvsim.library.remoting.records import arrived
from hvsim.library.remoting.session import PSSession
from hvsim.library.remoting.wire import transfer
from hvsim.library.utility.clixml_reader import PropertyBag
from hvsim.runtime import interpreter, objects
from hvsim.runtime.command import Argument
from hvsim.runtime.context import ExecutionContext, Questions
from hvsim.runtime.errors import (
    BreakLoop,
    ContinueLoop,
    ControlFlow,
    ErrorRecord,
    ExitProcess,
    ExitScript,
    PSError,
    ReturnFromScope,
    StopRun,
    StopUpstream,
    runtime_error,
)
from hvsim.runtime.functions import FunctionProcessor, ScriptInfo
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.member_info import NoteProperty
from hvsim.runtime.pipeline import PipelineProcessor
from hvsim.runtime.scriptblock import Code, ScriptBlock
from hvsim.runtime.streams import FunctionPipe, InformationRecord, Streams

_WRITE_ERROR = "Microsoft.PowerShell.Commands.WriteErrorCommand"
_NOTES = ("PSComputerName", "RunspaceId", "PSShowComputerName")


class HostStreams:
    """Key of ``ctx.services``: the streams that a runspace's host shows, whatever is redirected at the moment."""


@dataclass
class Call:
    """A command for sessions.

    Attributes:
        text: the script, as it is sent.
        using: the caller's values of its ``$using:`` expressions.
        input: pipeline input; None without any.
        show_computer: what PSShowComputerName says.
    """

    text: str
    arguments: Sequence[Any] = ()
    using: dict[str, Any] = field(default_factory=dict)
    input: Sequence[Any] | None = None
    show_computer: bool = True


class Receiver(Protocol):
    """What takes the streams of a remote command; the records are the caller's already."""

    def output(self, value: Any) -> None: ...

    def error(self, record: ErrorRecord) -> None: ...

    def message(self, stream: str, record: Any) -> None:
        """A record of the warning, verbose, debug or information stream."""
        ...

    def question(self) -> None:
        """The script asks the person at the caller's host for something and waits; nobody answers."""
        ...


class Unwound(ControlFlow):
    """An error or control flow of a caller on its way through the far runspace, or through several."""

    def __init__(self, original: BaseException, caller: ExecutionContext) -> None:
        super().__init__()
        self.original = original
        self.caller = caller


def run(session: PSSession, caller: ExecutionContext, call: Call, receiver: Receiver) -> ErrorRecord | None:
    """Runs a command; the record of what ended it before its end, if something did.

    Whether that came from a ``throw`` statement is in its exception's ``WasThrownFromThrowStatement``.

    Raises:
        Unwound: the caller's side of a pipe raised something.
        Unsupported: the far script needs something that is refused.
    """
    far = session.connection.context
    back = _Way(session, caller, far, call, receiver)
    arguments = [transfer(caller, far, value) for value in call.arguments]
    items = None if call.input is None else [transfer(caller, far, value) for value in call.input]
    found = {key: transfer(caller, far, value) for key, value in call.using.items()}
    names: list[str] = []
    saved = far.streams
    far.streams = far.services[HostStreams] = back.streams()
    far.host_sink = lambda text: caller.host_line(text.rstrip("\r\n"))
    far.services[ConsoleSink] = _console_of(caller)
    far.services[Questions] = receiver.question
    try:
        node = using.parsed(far, call.text, anew=bool(found))
        if session.connection.language_mode != "FullLanguage":
            _refuse_scripts(call, node)
        names = using.bind(far, node, found)
        _run_parsed(far, node, arguments, items, FunctionPipe(back.output))
    except PSError as error:
        return arrived(far, caller, interpreter.record_of(far, error), thrown=error.thrown)
    except StopRun as stop:
        return arrived(far, caller, interpreter.record_of(far, stop.error))
    except ExitProcess:
        session.connection.process_ended()
    except (BreakLoop, ContinueLoop, ReturnFromScope, StopUpstream, ExitScript):
        # The code of exit is lost: Invoke-Command ignores SetShouldExit (ClientRemotePowerShell.ExitHandler of PowerShell).
        return None
    finally:
        using.forget(far, names)
        far.streams = saved
    return None


def _console_of(caller: ExecutionContext) -> Callable[[str], None]:
    sink: Callable[[str], None] | None = caller.services.get(ConsoleSink)
    return sink or (lambda text: caller.host_line(text.rstrip("\r\n")))


def _refuse_scripts(call: Call, node: Any) -> None:
    """What a runspace in no-language mode says to a script.

    Raises:
        PSError: always, but for
        Unsupported: commands without a script around them.
    """
    if not call.arguments and lone_commands(node):
        raise Unsupported("commands in a session without language (which of them an endpoint shows is not modelled)")
    raise runtime_error(
        "ScriptsNotAllowed",
        "The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.",
        kind="System.Management.Automation.ParseException",
        category="ParserError",
        target=call.text,
    )


def _run_parsed(
    far: ExecutionContext, node: Any, arguments: Sequence[Any], items: Sequence[Any] | None, out: Any
) -> None:
    """The script in the global scope of the far runspace: what it defines stays."""
    info = ScriptInfo(ScriptBlock(Code(node, node.source), far.global_session))
    given = [Argument(None, value) for value in arguments]
    far.question = True
    with far.entered(far.global_session, far.global_scope), _as_commands(far, node if not given else None, info):
        processor = FunctionProcessor(far, info, InvocationInfo(info, None, node.source), given, dotted=True)
        PipelineProcessor(far, [processor], out).run(items)


@contextmanager
def _as_commands(far: ExecutionContext, node: Any, info: ScriptInfo) -> Iterator[None]:
    """A script that is nothing but commands with constant arguments is sent as these commands: no script calls them, so Write-Error
    reports itself (``ScriptBlock.GetPowerShell``)."""
    if node is None or not lone_commands(node):
        yield
        return
    ordinary = far.caller_invocation

    def caller() -> Any:
        found = ordinary()
        return None if found is not None and found.command is info else found

    saved, far.script_command = far.script_command, _WRITE_ERROR
    vars(far)["caller_invocation"] = caller
    try:
        yield
    finally:
        far.script_command = saved
        del vars(far)["caller_invocation"]


def lone_commands(node: ast.ScriptBlock) -> bool:
    """Whether a script is one pipeline of named commands with constant arguments."""
    body = node.end_block
    if node.param_block is not None or body is None or len(body.statements) != 1:
        return False
    statement = body.statements[0]
    if not isinstance(statement, ast.Pipeline):
        return False
    return all(
        isinstance(command, ast.Command)
        and command.invocation_operator == "Unknown"
        and not command.redirections
        and all(_is_constant(element) for element in command.command_elements)
        for command in statement.pipeline_elements
    )


def _is_constant(element: Any) -> bool:
    if isinstance(element, ast.CommandParameter):
        return element.argument is None or _is_constant(element.argument)
    if isinstance(element, ast.ArrayLiteral):
        return all(_is_constant(item) for item in element.elements)
    return isinstance(element, ast.ConstantExpression | ast.StringConstantExpression)


@dataclass
class _Way:
    """The way back to the caller."""

    session: PSSession
    caller: ExecutionContext
    far: ExecutionContext
    call: Call
    receiver: Receiver

    def streams(self) -> Streams:
        def message(stream: str) -> FunctionPipe:
            return FunctionPipe(lambda record: self._message(stream, record))

        return Streams(
            error=FunctionPipe(self._error),
            warning=message("warning"),
            verbose=message("verbose"),
            debug=message("debug"),
            information=message("information"),
        )

    def _deliver(self, deliver: Callable[[], None]) -> None:
        self.session.connection.check()
        try:
            deliver()
        except Unwound:
            raise
        except (PSError, ControlFlow) as error:
            raise Unwound(error, self.caller) from error

    def output(self, value: Any) -> None:
        got = transfer(self.far, self.caller, value)
        if got is not None:
            got = noted(got, self.session, self.call.show_computer)
        self._deliver(lambda: self.receiver.output(got))

    def _error(self, value: Any) -> None:
        record = arrived(self.far, self.caller, value)
        self._deliver(lambda: self.receiver.error(record))

    def _message(self, stream: str, record: Any) -> None:
        record = self._information(record) if stream == "information" else type(record)(record.message)
        self._deliver(lambda: self.receiver.message(stream, record))

    def _information(self, record: InformationRecord) -> InformationRecord:
        data = transfer(self.far, self.caller, record.message_data)
        shown = getattr(record.message_data, "message", None)
        if shown is not None and isinstance(data, PropertyBag):
            data.message = shown
            data.no_newline = bool(getattr(record.message_data, "no_newline", False))
        made = InformationRecord(data, record.source, list(record.tags))
        if "PSHOST" in made.tags and "FORWARDED" not in made.tags:
            made.tags.append("FORWARDED")
        made.time_generated, made.user, made.computer = record.time_generated, record.user, record.computer
        return made


def noted(value: Any, session: PSSession, show: bool) -> Any:
    """The value with the three note properties that say where it comes from, last; its own ones of these names are gone."""
    holder = objects.extensible(value)
    if holder.extended is None:
        holder.extended = {}
    for name, content in zip(_NOTES, (session.computer_name, session.instance_id, show), strict=True):
        holder.extended.pop(name.lower(), None)
        holder.extended[name.lower()] = NoteProperty(name, content)
    return holder

# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell remoting ([MS-PSRP]) in a WS-Man shell. psrpcore does the protocol; this moves bytes and runs scripts.

One runspace, so pipelines of a shell run one after the other. Output arrives as one string per line: an engine returns
text, not objects.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from psrpcore import PSRPPayload, ServerPipeline, ServerRunspacePool, StreamType
from psrpcore import types as ps

from hvsim.engine.api import ProcessResult
from hvsim.winrm import faults, shells
from hvsim.winrm.helpers import StreamedResult
from hvsim.winrm.process import Login
from hvsim.winrm.shells import ShellContext
from hvsim.winrm.soap import POWERSHELL, SHELL, Request, child, name
from hvsim.winrm.standard_input import StandardInput

# Windows sends fragments of 32 KB.
FRAGMENT = 32_768
#: So many bytes of a long output wait to be fetched before more of it is made.
BACKLOG = 1024 * 1024
_NO_PIPELINE = ""


class _NotServed(Exception):
    """A pipeline of a kind that is not served."""


@dataclass
class _Outbox:
    """Fragments that wait for a Receive, of one pipeline or of the pool itself."""

    fragments: list[bytes] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def put(self, data: bytes) -> None:
        self.fragments.append(data)
        self.changed.set()

    def close(self) -> None:
        self.closed = True
        self.changed.set()
        self.taken.set()

    async def room(self) -> None:
        """Wait until not more than ``BACKLOG`` bytes are waiting."""
        while not self.closed and sum(len(fragment) for fragment in self.fragments) > BACKLOG:
            self.taken.clear()
            await self.taken.wait()

    def take(self, budget: int) -> bytes:
        """Waiting fragments up to *budget* bytes, at least one."""
        taken = bytearray()
        while self.fragments and (not taken or len(taken) + len(self.fragments[0]) <= budget):
            taken += self.fragments.pop(0)
        if not self.fragments and not self.closed:
            self.changed.clear()
        self.taken.set()
        return bytes(taken)


@dataclass
class _Pipeline:
    pipeline: ServerPipeline
    description: Any = None
    # A .NET text may hold half of a surrogate pair, which is no text in UTF-8.
    stdin: StandardInput = field(default_factory=lambda: StandardInput(errors="surrogatepass"))
    odd_input: str = ""
    task: asyncio.Task[None] | None = None


class PsrpShell(shells.Shell):
    """A shell that is a runspace pool."""

    def __init__(
        self,
        context: ShellContext,
        shell_id: str,
        resource_uri: str,
        login: Login,
        idle_timeout: float,
        creation: bytes,
    ) -> None:
        super().__init__(shell_id, resource_uri, login, idle_timeout)
        self._context = context
        self._pool = ServerRunspacePool()
        self._outboxes: dict[str, _Outbox] = {_NO_PIPELINE: _Outbox()}
        self._pipelines: dict[str, _Pipeline] = {}
        self._turn = asyncio.Lock()
        self._state: dict[str, Any] = {}
        self._take(PSRPPayload(creation, StreamType.default, None))

    def description(self) -> etree._Element:
        return shells.describe(self, "stdin pr", "stdout")

    def running(self) -> int:
        return len(self._pipelines)

    async def command(self, request: Request) -> etree._Element:
        line = request.find("rsp:CommandLine")
        command_id = shells.command_id_of(line)
        try:
            pipeline_id = uuid.UUID(command_id)
        except ValueError:
            raise faults.invalid_parameter("hvsim: CommandId of a pipeline must be a UUID.") from None
        if command_id in self._pipelines:
            raise faults.invalid_parameter(f"hvsim: CommandId {command_id} is in use.")
        data = shells.decode_stream("".join(node.text or "" for node in line.iterfind(name(SHELL, "Arguments"))))
        self._pipelines[command_id] = _Pipeline(ServerPipeline(self._pool, pipeline_id))
        self._outboxes[command_id] = _Outbox()
        self._take(PSRPPayload(data, StreamType.default, pipeline_id))
        body = shells.response("CommandResponse")
        child(body, SHELL, "CommandId", command_id)
        return body

    async def send(self, request: Request) -> etree._Element:
        for stream in request.find("rsp:Send").iterfind(name(SHELL, "Stream")):
            command_id = shells.command_id_of(stream)
            if command_id and command_id not in self._pipelines:
                raise faults.invalid_parameter(f"hvsim: CommandId {command_id[:60]!r} is not known in this shell.")
            kind = StreamType.prompt_response if stream.get("Name") == "pr" else StreamType.default
            data = shells.decode_stream(stream.text)
            self._take(PSRPPayload(data, kind, uuid.UUID(command_id) if command_id else None))
        return shells.response("SendResponse")

    async def receive(self, request: Request) -> etree._Element:
        command_id = shells.command_id_of(request.find("rsp:Receive/rsp:DesiredStream"))
        outbox = self._outboxes.get(command_id)
        if outbox is None:
            raise faults.invalid_parameter(f"hvsim: CommandId {command_id[:60]!r} is not known in this shell.")
        try:
            await asyncio.wait_for(outbox.changed.wait(), request.operation_timeout)
        except TimeoutError:
            raise faults.operation_timed_out() from None
        if outbox.closed and command_id == _NO_PIPELINE:
            raise faults.operation_aborted()
        body = shells.response("ReceiveResponse")
        if data := outbox.take(shells.stream_budget(request)):
            shells.add_stream(body, "stdout", command_id, data)
        if command_id:
            shells.add_state(body, command_id, outbox.closed and not outbox.fragments)
        return body

    async def signal(self, request: Request) -> etree._Element:
        node = request.find("rsp:Signal")
        code = (node.findtext(name(SHELL, "Code")) or "").strip()
        if code not in shells.TERMINATE_SIGNALS and code not in shells.CTRL_C_SIGNALS:
            raise faults.invalid_parameter(f"hvsim: unknown signal {code[:120]!r}.")
        command_id = shells.command_id_of(node)
        if pipeline := self._pipelines.pop(command_id, None):
            if pipeline.task is not None:
                pipeline.task.cancel()
            if pipeline.pipeline.state == ps.PSInvocationState.Running:
                pipeline.pipeline.stop()
                pipeline.pipeline.close()
                self._flush()
            self._outboxes[command_id].close()
        return shells.response("SignalResponse")

    def close(self) -> None:
        for pipeline in self._pipelines.values():
            if pipeline.task is not None:
                pipeline.task.cancel()
        self._pipelines.clear()
        for outbox in self._outboxes.values():
            outbox.close()

    # --- the protocol -----------------------------------------------------------------------------------------------

    def _take(self, payload: PSRPPayload) -> None:
        """Feed *payload* to psrpcore and act on the events that come of it."""
        self._pool.receive_data(payload)
        while True:
            try:
                event = self._pool.next_event()
            except Exception as error:
                # Hostile bytes make psrpcore fail in as many ways as Python has.
                raise faults.schema_violation(f"not a PSRP message ({type(error).__name__}).") from None
            if event is None:
                break
            handler = _EVENTS.get(type(event).__name__)
            if handler is not None:
                handler(self, event)
        self._flush()

    def _on_create_pipeline(self, event: Any) -> None:
        entry = self._entry(event)
        entry.description = event.pipeline
        if event.pipeline.no_input:
            self._start(entry)

    def _on_input(self, event: Any) -> None:
        entry = self._entry(event)
        if isinstance(event.data, str):
            entry.stdin.append(f"{event.data}\n".encode("utf-8", "surrogatepass"))
            # Text and PSObject hold each other, and large texts would pile up until the garbage collector comes by.
            object.__delattr__(event.data, "PSObject")
        else:
            entry.odd_input = type(event.data).__name__

    def _on_end_of_input(self, event: Any) -> None:
        self._start(self._entry(event))

    def _on_available_runspaces(self, event: Any) -> None:
        self._pool.runspace_availability_response(event.ci, 1)

    def _on_change_of_pool(self, event: Any) -> None:
        self._pool.runspace_availability_response(event.ci, True)

    def _entry(self, event: Any) -> _Pipeline:
        entry = self._pipelines.get(str(event.pipeline_id).upper())
        if entry is None:
            raise faults.schema_violation("a PSRP message for a pipeline that does not exist.")
        return entry

    def _flush(self) -> None:
        while (payload := self._pool.data_to_send(FRAGMENT)) is not None:
            key = str(payload.pipeline_id).upper() if payload.pipeline_id else _NO_PIPELINE
            if outbox := self._outboxes.get(key):
                outbox.put(payload.data)

    # --- running ----------------------------------------------------------------------------------------------------

    def _start(self, entry: _Pipeline) -> None:
        if entry.task is None and entry.description is not None:
            entry.task = asyncio.create_task(self._run(entry))

    async def _run(self, entry: _Pipeline) -> None:
        pipeline = entry.pipeline
        pipeline.start()
        async with self._turn:
            try:
                if entry.odd_input:
                    raise _NotServed(f"hvsim: unsupported: {entry.odd_input} as input of a remote pipeline")
                script, arguments = _as_script(entry.description)
            except _NotServed as error:
                result = ProcessResult("", f"{error}\r\n", 1)
            else:
                stdin = entry.stdin
                runner, login, state = self._context.runner, self.login, self._state
                result = await self._context.workers.run(
                    lambda: runner.run_pipeline(login, script, arguments, stdin, state)
                )
        self._report_output(pipeline, result)
        if isinstance(result, StreamedResult):
            await self._stream(pipeline, result)
        self._report_end(pipeline, result, self._host_of(entry.description))
        pipeline.complete()
        pipeline.close()
        self._flush()
        self._outboxes[str(pipeline.pipeline_id).upper()].close()

    def _host_of(self, description: Any) -> Any:
        host = description.host
        return self._pool.host if host is None or host.UseRunspaceHost else host

    @staticmethod
    def _report_output(pipeline: ServerPipeline, result: ProcessResult) -> None:
        """Send what *result* has of output, a string per line."""
        lines = result.stdout.split("\r\n")
        if not lines[-1]:
            lines.pop()
        for line in lines:
            pipeline.write_output(line)

    async def _stream(self, pipeline: ServerPipeline, result: StreamedResult) -> None:
        """Send lines as fast as the client fetches them."""
        outbox = self._outboxes[str(pipeline.pipeline_id).upper()]
        for line in result.lines:
            pipeline.write_output(line)
            self._flush()
            await outbox.room()

    @staticmethod
    def _report_end(pipeline: ServerPipeline, result: ProcessResult, host: Any) -> None:
        """Send errors and exit code, to the client's host if it has one."""
        has_host = host is not None and not host.IsHostNull
        errors = result.stderr.removesuffix("\r\n")
        if errors and has_host:
            pipeline.host_call(ps.HostMethodIdentifier.WriteErrorLine, [errors])
        elif errors:
            pipeline.write_error(ps.NETException(Message=errors), fully_qualified_error_id="NativeCommandError")
        if result.rc and has_host:
            pipeline.host_call(ps.HostMethodIdentifier.SetShouldExit, [result.rc])


def _as_script(description: Any) -> tuple[str, list[Any]]:
    """The pipeline as one script with arguments; commands with parameters are written out.

    Raises:
        _NotServed: a parameter has a value that has no simple text.
    """
    commands = description.commands
    if len(commands) == 1 and commands[0].is_script and not any(parameter for parameter, _ in commands[0].parameters):
        return str(commands[0].command_text), [_simple(value) for _, value in commands[0].parameters]
    text = []
    for command in commands:
        call = ("& {\n%s\n}" if command.use_local_scope else ". {\n%s\n}") if command.is_script else "%s"
        words = [call % command.command_text]
        for parameter, value in command.parameters:
            if parameter:
                words.append(f"-{parameter}" if value is None else f"-{parameter}:{_literal(value)}")
            else:
                words.append(_literal(value))
        text.append(" ".join(words) + ("; " if command.end_of_statement else " | "))
    return "".join(text).removesuffix(" | ").removesuffix("; "), []


def _literal(value: Any) -> str:
    simple = _simple(value)
    if simple is None:
        return "$null"
    if isinstance(simple, bool):
        return f"${str(simple).lower()}"
    if isinstance(simple, int):
        return str(simple)
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", simple) + "'"


def _simple(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, ps.PSBool):
        return bool(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    raise _NotServed(f"hvsim: unsupported: {type(value).__name__} as argument of a remote script")


_EVENTS: dict[str, Callable[[PsrpShell, Any], None]] = {
    "CreatePipelineEvent": PsrpShell._on_create_pipeline,
    "PipelineInputEvent": PsrpShell._on_input,
    "EndOfPipelineInputEvent": PsrpShell._on_end_of_input,
    "GetAvailableRunspacesEvent": PsrpShell._on_available_runspaces,
    "SetMaxRunspacesEvent": PsrpShell._on_change_of_pool,
    "SetMinRunspacesEvent": PsrpShell._on_change_of_pool,
    "ResetRunspaceStateEvent": PsrpShell._on_change_of_pool,
}


def creation_data(node: etree._Element) -> bytes:
    """The PSRP messages in ``rsp:Shell`` of a Create request.

    Raises:
        WSManFault: there are none.
    """
    text = node.findtext(name(POWERSHELL, "creationXml"))
    if not text:
        raise faults.schema_violation("ps:creationXml is missing in rsp:Shell.")
    return shells.decode_stream(text)

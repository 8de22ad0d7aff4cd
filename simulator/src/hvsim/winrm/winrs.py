# SPDX-License-Identifier: GPL-3.0-or-later
"""WinRS: command lines of ``cmd.exe`` with standard streams ([MS-WSMV] 3.1.4; ansible-exec.md 2.1)."""

from __future__ import annotations

import asyncio
import codecs
import uuid
from dataclasses import dataclass, field

from lxml import etree

from hvsim.engine.api import ProcessResult
from hvsim.winrm import faults, shells
from hvsim.winrm.process import Login, encode_console
from hvsim.winrm.shells import ShellContext
from hvsim.winrm.soap import SHELL, Request, child
from hvsim.winrm.standard_input import StandardInput

RESOURCE_URI = f"{SHELL}/cmd"
# STATUS_CONTROL_C_EXIT, what a process ends with after Ctrl+C.
CONTROL_C_EXIT = 0xC000013A
# Of the disk: what is large is not in memory.
MAX_INPUT = 8 * 1024 * 1024 * 1024


@dataclass
class Command:
    """A process of the shell. Output appears when the process has ended."""

    command_id: str
    line: str
    stdin: StandardInput = field(default_factory=StandardInput)
    started: bool = False
    stdout: bytes = b""
    stderr: bytes = b""
    exit_code: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    aborted: bool = False
    task: asyncio.Task[None] | None = None

    def finish(self, result: ProcessResult, encoding: str = "utf-8") -> None:
        if self.ended.is_set():
            return
        self.stdout, self.stderr = encode_console(result.stdout, encoding), encode_console(result.stderr, encoding)
        self.exit_code = result.rc & 0xFFFFFFFF
        self.ended.set()

    def take(self, budget: int) -> list[tuple[str, bytes]]:
        """Up to *budget* bytes of output that was not taken yet, stdout first."""
        streams = []
        if chunk := self.stdout[:budget]:
            self.stdout = self.stdout[budget:]
            streams.append(("stdout", chunk))
            budget -= len(chunk)
        if budget > 0 and (chunk := self.stderr[:budget]):
            self.stderr = self.stderr[budget:]
            streams.append(("stderr", chunk))
        return streams


class WinRsShell(shells.Shell):
    """One WinRS shell."""

    def __init__(self, context: ShellContext, shell_id: str, login: Login, idle_timeout: float) -> None:
        super().__init__(shell_id, RESOURCE_URI, login, idle_timeout)
        self._context = context
        self._commands: dict[str, Command] = {}

    def description(self) -> etree._Element:
        return shells.describe(self, "stdin", "stdout stderr")

    def running(self) -> int:
        return len(self._commands)

    async def command(self, request: Request) -> etree._Element:
        line = request.find("rsp:CommandLine")
        words = [line.findtext(f"{{{SHELL}}}Command") or ""]
        words.extend(node.text or "" for node in line.iterfind(f"{{{SHELL}}}Arguments"))
        command_id = shells.command_id_of(line) or str(uuid.uuid4()).upper()
        if command_id in self._commands:
            raise faults.invalid_parameter(f"hvsim: CommandId {command_id} is in use.")
        command = Command(command_id, " ".join(word for word in words if word))
        self._commands[command_id] = command
        self.operations += 1
        # TRUE is sent by clients that will not send input (ansible-exec.md 2.1).
        if request.options.get("WINRS_CONSOLEMODE_STDIN", "TRUE").upper() == "TRUE":
            self._start(command)
        body = shells.response("CommandResponse")
        child(body, SHELL, "CommandId", command_id)
        return body

    async def send(self, request: Request) -> etree._Element:
        for stream in request.find("rsp:Send").iterfind(f"{{{SHELL}}}Stream"):
            command = self._command(stream)
            if stream.get("Name") != "stdin":
                raise faults.invalid_parameter("hvsim: a WinRS shell has one input stream, stdin.")
            data = shells.decode_stream(stream.text)
            if len(command.stdin) + len(data) > MAX_INPUT:
                raise faults.invalid_parameter("hvsim: the input is too large.")
            command.stdin.append(data)
            if (stream.get("End") or "").lower() in ("true", "1"):
                self._start(command)
        return shells.response("SendResponse")

    async def receive(self, request: Request) -> etree._Element:
        desired = request.find("rsp:Receive/rsp:DesiredStream")
        command = self._command(desired)
        if not command.ended.is_set():
            try:
                await asyncio.wait_for(command.ended.wait(), request.operation_timeout)
            except TimeoutError:
                raise faults.operation_timed_out() from None
        if command.aborted:
            raise faults.operation_aborted()
        body = shells.response("ReceiveResponse")
        for stream, data in command.take(shells.stream_budget(request)):
            shells.add_stream(body, stream, command.command_id, data)
        done = not command.stdout and not command.stderr
        shells.add_state(body, command.command_id, done, command.exit_code if done else None)
        return body

    async def signal(self, request: Request) -> etree._Element:
        node = request.find("rsp:Signal")
        code = (node.findtext(f"{{{SHELL}}}Code") or "").strip()
        command_id = shells.command_id_of(node)
        if code in shells.TERMINATE_SIGNALS:
            if command := self._commands.pop(command_id, None):
                self._abort(command)
        elif code in shells.CTRL_C_SIGNALS:
            self._command(node).finish(ProcessResult("", "", CONTROL_C_EXIT))
        else:
            raise faults.invalid_parameter(f"hvsim: unknown signal {code[:120]!r}.")
        return shells.response("SignalResponse")

    def close(self) -> None:
        for command in self._commands.values():
            self._abort(command)
        self._commands.clear()

    def _command(self, node: etree._Element) -> Command:
        command_id = shells.command_id_of(node)
        try:
            return self._commands[command_id]
        except KeyError:
            raise faults.invalid_parameter(
                f"hvsim: CommandId {command_id[:60]!r} is not known in this shell."
            ) from None

    def _start(self, command: Command) -> None:
        if not command.started:
            command.started = True
            command.task = asyncio.create_task(self._run(command))

    async def _run(self, command: Command) -> None:
        stdin, command.stdin = command.stdin, StandardInput()
        runner, login, line = self._context.runner, self.login, command.line
        counters = runner.host.counters

        def work() -> ProcessResult:
            try:
                return runner.run_command_line(login, line, stdin)
            finally:
                counters.add("winrm:processes_ended")

        # A client that is gone leaves its process running: who reads the host afterwards can wait for its end.
        counters.add("winrm:processes")
        result = await self._context.workers.run(work)
        command.finish(result, "utf-8" if stdin.is_payload else login.encoding)

    @staticmethod
    def _abort(command: Command) -> None:
        """End *command*. Its thread cannot be stopped; what it still produces is dropped."""
        if not command.ended.is_set():
            command.aborted = True
            command.ended.set()
        if command.task is not None:
            command.task.cancel()


def console_encoding(code_page: str) -> str:
    """Python's codec for a Windows code page.

    Raises:
        WSManFault: not a code page that Python knows.
    """
    name = "utf-8" if code_page == "65001" else f"cp{code_page}"
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise faults.invalid_parameter(f"hvsim: unknown WINRS_CODEPAGE {code_page[:20]!r}.") from None

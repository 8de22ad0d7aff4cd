# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kinds of remote shells have in common: WinRS (``winrs``) and PowerShell remoting (``psrp``)."""

from __future__ import annotations

import abc
import base64
import binascii
from dataclasses import dataclass

from lxml import etree

from hvsim.winrm import faults, soap
from hvsim.winrm.process import Login, ProcessRunner
from hvsim.winrm.soap import SHELL, Request, child, element
from hvsim.winrm.workers import Workers

DONE = f"{SHELL}/CommandState/Done"
RUNNING = f"{SHELL}/CommandState/Running"
TERMINATE_SIGNALS = (f"{SHELL}/signal/terminate", f"{SHELL}/signal/Terminate")
CTRL_C_SIGNALS = (
    f"{SHELL}/signal/ctrl_c",
    f"{SHELL}/signal/ctrl_break",
    "powershell/signal/crtl_c",
    "powershell/signal/ctrl_c",
)

# Room for everything in an answer that is not stream data.
_ENVELOPE_OVERHEAD = 4096


@dataclass(frozen=True)
class ShellContext:
    """What every shell of a host works with: processes and the threads they run in."""

    runner: ProcessRunner
    workers: Workers


class Shell(abc.ABC):
    """A remote shell: made by Create, addressed by ``ShellId``, ended by Delete.

    Attributes:
        last_used: loop time of the last request.
        idle_timeout: seconds without requests after which the shell is gone.
    """

    def __init__(self, shell_id: str, resource_uri: str, login: Login, idle_timeout: float) -> None:
        self.shell_id = shell_id
        self.resource_uri = resource_uri
        self.login = login
        self.idle_timeout = idle_timeout
        self.last_used = 0.0
        self.operations = 0

    @abc.abstractmethod
    async def command(self, request: Request) -> etree._Element:
        """Start a command (body of the answer)."""

    @abc.abstractmethod
    async def send(self, request: Request) -> etree._Element:
        """Take input."""

    @abc.abstractmethod
    async def receive(self, request: Request) -> etree._Element:
        """Give output, waiting for it up to the operation timeout.

        Raises:
            WSManFault: ``operation_timed_out`` when there was none.
        """

    @abc.abstractmethod
    async def signal(self, request: Request) -> etree._Element:
        """End or interrupt a command."""

    @abc.abstractmethod
    def close(self) -> None:
        """Drop everything that still runs."""

    @abc.abstractmethod
    def description(self) -> etree._Element:
        """``rsp:Shell`` of the answer to Create."""

    @abc.abstractmethod
    def running(self) -> int:
        """Number of commands that were not ended by Signal."""


def describe(shell: Shell, input_streams: str, output_streams: str) -> etree._Element:
    """The ``rsp:Shell`` element for *shell* ([MS-WSMV] 2.2.4.37)."""
    root = element(SHELL, "Shell")
    child(root, SHELL, "ShellId", shell.shell_id)
    child(root, SHELL, "ResourceUri", shell.resource_uri)
    child(root, SHELL, "Owner", shell.login.user)
    child(root, SHELL, "ClientIP", "127.0.0.1")
    child(root, SHELL, "ProcessId", "0")
    child(root, SHELL, "IdleTimeOut", f"PT{shell.idle_timeout:.3f}S")
    child(root, SHELL, "InputStreams", input_streams)
    child(root, SHELL, "OutputStreams", output_streams)
    child(root, SHELL, "ShellRunTime", "P0DT0H0M1S")
    child(root, SHELL, "ShellInactivity", "P0DT0H0M0S")
    child(root, SHELL, "State", "Connected")
    return root


def stream_budget(request: Request) -> int:
    """Bytes of stream data that fit in one answer to *request*."""
    return max(request.max_envelope_size - _ENVELOPE_OVERHEAD, 8192) * 3 // 4


def add_stream(parent: etree._Element, stream: str, command_id: str, data: bytes) -> None:
    attributes = {"Name": stream, **({"CommandId": command_id} if command_id else {})}
    child(parent, SHELL, "Stream", base64.b64encode(data).decode("ascii"), **attributes)


def add_state(parent: etree._Element, command_id: str, done: bool, exit_code: int | None = None) -> None:
    state = child(parent, SHELL, "CommandState", CommandId=command_id, State=DONE if done else RUNNING)
    if exit_code is not None:
        child(state, SHELL, "ExitCode", str(exit_code))


def decode_stream(text: str | None) -> bytes:
    """Content of a ``Stream`` or ``Arguments`` element.

    Raises:
        WSManFault: not Base64.
    """
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise faults.schema_violation("stream data is not Base64.") from None


def command_id_of(node: etree._Element) -> str:
    return (node.get("CommandId") or "").upper()


def response(local: str) -> etree._Element:
    return soap.element(SHELL, local)

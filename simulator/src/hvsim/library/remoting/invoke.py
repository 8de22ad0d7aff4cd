# SPDX-License-Identifier: GPL-3.0-or-later
"""Invoke-Command: here, in sessions, and in virtual machines through a registered transport."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import to_utf16
from hvsim.library.management import paths
from hvsim.library.remoting import endpoint, jobs, using
from hvsim.library.remoting.endpoint import Call, HostStreams, Unwound
from hvsim.library.remoting.records import RemotingErrorRecord, plain
from hvsim.library.remoting.session import Hangs, PSSession, TransportError
from hvsim.library.remoting.transports import open_sessions
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.pipeline import keep_suppressed, stop_error
from hvsim.runtime.scriptblock import ScriptBlock

_INVALID_STATE = "System.Management.Automation.Runspaces.InvalidRunspaceStateException"


def write_remote(cmdlet: Cmdlet, record: ErrorRecord) -> None:
    """Writes an error that came out of a session under the cmdlet's error action; it gets no place and no name from here.

    Raises:
        PSError: the action is Stop.
    """
    runtime, ctx = cmdlet.runtime, cmdlet.ctx
    action = runtime.preference("ErrorAction", "ErrorActionPreference")
    runtime.had_error = True
    if action == "Ignore":
        return
    if action == "Stop":
        error = stop_error(plain(record))
        error.claimed = True
        raise error
    ctx.append_error(record)
    if action == "SilentlyContinue":
        keep_suppressed(ctx.streams.error, record)
    else:
        ctx.streams.error.write(record)


def show(cmdlet: Cmdlet, stream: str, record: Any) -> None:
    """A message of a session: warnings, verbose and debug lines go to the caller's host whatever its preferences and redirections say,
    and to the variables that collect them; the information stream is redirected like any other."""
    ctx = cmdlet.ctx
    pipe = getattr(ctx.streams, stream)
    if stream == "information":
        if cmdlet.runtime.preference("InformationAction", "InformationPreference") != "Ignore":
            pipe.write(record)
        return
    keep_suppressed(pipe, record)
    host = ctx.services.get(HostStreams, ctx.streams)
    target = getattr(host, stream)
    while hasattr(target, "keep"):
        target = target.target
    target.write(record)


class Foreground:
    """Hands a session's streams to a running cmdlet."""

    def __init__(self, cmdlet: Cmdlet, session: PSSession) -> None:
        self.cmdlet = cmdlet
        self.session = session

    def output(self, value: Any) -> None:
        self.cmdlet.runtime.out.write(value)

    def error(self, record: ErrorRecord) -> None:
        write_remote(self.cmdlet, RemotingErrorRecord(record, self.session.origin))

    def message(self, stream: str, record: Any) -> None:
        show(self.cmdlet, stream, record)

    def question(self) -> None:
        """The host refuses at once."""


@cmdlet(
    "Invoke-Command",
    parameters=(
        "ScriptBlock", "FilePath", "ArgumentList", "InputObject", "NoNewScope", "Session", "VMId", "VMName", "Credential", "ConfigurationName",
        "AsJob", "JobName", "ThrottleLimit", "HideComputerName",
    ),
)  # fmt: skip
class InvokeCommand(Cmdlet):
    """Runs a script block here, or in sessions one after the other (-ThrottleLimit has nothing to throttle)."""

    def begin(self) -> None:
        self.input: list[Any] = []

    def process(self) -> None:
        if self.bound("InputObject"):
            self.input.append(self.args["InputObject"])

    def end(self) -> None:
        if self.parameter_set == "InProcess":
            self._here()
            return
        call = self._call()
        if self.bound("Session"):
            self._in_sessions(list(self.args["Session"]), call)
        elif self.bound("VMId") or self.bound("VMName"):
            self._in_machines(call)
        else:
            raise Unsupported(f"Invoke-Command with parameter set {self.parameter_set}")

    def _here(self) -> None:
        block = self.args["ScriptBlock"]
        block.run(
            self.ctx,
            self.runtime.out,
            list(self.arg("ArgumentList") or []),
            # Only $input sees it: a process block runs once, without an object.
            input=() if block.code.node.process_block is not None else self.input,
            new_scope=self.arg("NoNewScope") is not True,
        )

    # -- what is sent --

    def _call(self) -> Call:
        text = self._script()
        return Call(
            text,
            list(self.arg("ArgumentList") or []),
            using.values(self.ctx, text),
            self.input if self.runtime.expects_input or self.bound("InputObject") else None,
            self.arg("HideComputerName") is not True,
        )

    def _script(self) -> str:
        block: ScriptBlock | None = self.arg("ScriptBlock")
        if block is not None:
            return block.text
        text = self.args["FilePath"]
        place = paths.resolve(self.ctx, text)
        if not text.lower().endswith(".ps1") or len(place) != 1:
            raise self.fail(
                f"A file name could not be resolved to a PowerShell script: {text}",
                "FilePathNotPs1", "InvalidArgument", text, kind="System.ArgumentException",
            )  # fmt: skip
        return to_utf16(self.ctx.machine.files.read_text(place[0].path))

    # -- sessions --

    def _in_sessions(self, sessions: Sequence[PSSession], call: Call) -> None:
        self._refuse_duplicates(sessions)
        usable = [session for session in sessions if self._is_open(session)]
        if not usable:
            raise self._no_valid_session()
        usable[0].connection.count(self.metadata.name)
        if self.arg("AsJob") is True:
            self.write(self._start(usable, call))
        else:
            self._run_all(usable, call, propagate=len(sessions) == 1)

    def _refuse_duplicates(self, sessions: Sequence[PSSession]) -> None:
        if len({session.instance_id for session in sessions}) != len(sessions):
            raise self.fail(
                "Specified RemoteRunspaceInfo objects have duplicates.", "RemoteRunspaceInfoHasDuplicates", "InvalidArgument",
                None, kind="System.ArgumentException",
            )  # fmt: skip

    def _is_open(self, session: PSSession) -> bool:
        if session.state == "Opened":
            return True
        self.error(
            f"Because the session state for session {session.name}, {session.instance_id}, {session.computer_name} is not equal to Open, "
            f"you cannot run a command in the session.  The session state is {session.state}.",
            "InvokeCommandCommandInvalidSessionState", "InvalidOperation", session, kind=_INVALID_STATE,
        )  # fmt: skip
        return False

    def _no_valid_session(self) -> PSError:
        message = (
            "No valid sessions were specified.  Ensure you provide valid sessions that are in the Opened state and are available "
            "to run commands."
        )
        exception = NetException("System.Management.Automation.PSInvalidOperationException", message)
        record = exception.error_record = ErrorRecord(exception, "InvalidOperation", "InvalidOperation")
        return PSError(exception, record)

    def _start(self, sessions: Sequence[PSSession], call: Call, *, own_sessions: bool = False) -> jobs.RemoteJob:
        return jobs.start(
            self.ctx, sessions, call, name=self.arg("JobName") or "", throttle=self.arg("ThrottleLimit") or 0,
            own_sessions=own_sessions,
        )  # fmt: skip

    def _run_all(self, sessions: Sequence[PSSession], call: Call, *, propagate: bool) -> None:
        """Sessions work at the same time: together they take as long as the slowest one."""
        if len(sessions) == 1:
            self._run(sessions[0], call, propagate=propagate)
            return
        longest = 0.0
        for session in sessions:
            machine = session.machine
            machine.ahead = 0.0
            try:
                self._run(session, call, propagate=propagate)
            finally:
                longest = max(longest, machine.ahead)
                machine.ahead = None
        self.ctx.machine.sleep(longest)

    def _run(self, session: PSSession, call: Call, *, propagate: bool) -> None:
        if session.availability == "Busy":
            self.error(
                "The pipeline was not run because a pipeline is already running. Pipelines cannot be run concurrently.",
                "InvalidOperation", "InvalidOperation", session, kind="System.Management.Automation.PSInvalidOperationException",
            )  # fmt: skip
            return
        session.running = True
        try:
            session.connection.check()
            ended_by = endpoint.run(session, self.ctx, call, Foreground(self, session))
            session.connection.check()
        except TransportError as error:
            self._report(error, session)
            return
        except Hangs as error:
            raise Unsupported(f"waiting for ever in {self.metadata.name}: {error} (run it -AsJob, with Wait-Job -Timeout)") from None
        except Unwound as unwound:
            if unwound.caller is not self.ctx:
                raise
            raise unwound.original from None
        finally:
            session.running = False
        if ended_by is None:
            return
        if propagate and ended_by.exception.fields.get("WasThrownFromThrowStatement"):
            thrown = PSError(ended_by.exception, ended_by, from_throw=True)
            thrown.claimed = thrown.thrown = True
            raise thrown
        write_remote(self, RemotingErrorRecord(ended_by, session.origin))

    # -- virtual machines --

    def _in_machines(self, call: Call) -> None:
        opened: list[PSSession] = []
        try:
            for session in open_sessions("VirtualMachine", self):
                if isinstance(session, TransportError):
                    self._report(session)
                else:
                    opened.append(session)
            if self.arg("AsJob") is True:
                self.write(self._start(opened, call, own_sessions=True))
                opened = []
            else:
                self._run_all(opened, call, propagate=False)
        finally:
            for session in opened:
                session.close()

    def _report(self, error: TransportError, session: PSSession | None = None) -> None:
        if error.broken and session is not None:
            session.close("Broken")
        if error.from_cmdlet:
            self.write_error(error.record)
        elif session is not None:
            write_remote(self, RemotingErrorRecord(error.record, session.origin))
        else:
            write_remote(self, error.record)

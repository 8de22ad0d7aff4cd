# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine that comes with hvsim: PowerShell interpreted in Python."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from typing import Any

from hvsim.engine import overrides, wrapper
from hvsim.engine.api import ModuleRequest, ProcessResult, ScriptRequest, Session
from hvsim.engine.host_machine import HostMachine
from hvsim.engine.remote import guest_context
from hvsim.engine.runspace import HostText, Result, Runspace
from hvsim.hyperv.host import Host
from hvsim.lang.errors import ParseError, Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.formatting import output
from hvsim.library.remoting.far_runspace import FarContexts
from hvsim.runtime import culture
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.interpreter import on_engine_thread
from hvsim.runtime.values import AUTOMATION_NULL

_log = logging.getLogger(__name__)


def new_runspace(session: Session, *, edition: str | None = None) -> Runspace:
    """A runspace on a simulated host: its culture, user, files and Hyper-V cmdlets."""
    host = session.host
    edition = edition or host.powershell
    settings = culture.get(host.culture, edition)
    runspace = Runspace(
        HostMachine.of(session),
        edition=edition,
        culture=settings,
        ui_culture=settings,
    )
    runspace.ctx.services[Host] = host
    runspace.ctx.services[FarContexts] = guest_context
    return runspace


class EmbeddedEngine:
    """Implements :class:`hvsim.engine.api.Engine`; every request gets a runspace of its own."""

    def run_script(self, session: Session, request: ScriptRequest) -> ProcessResult:
        """Runs a script as ``powershell.exe -EncodedCommand`` does: output and errors as text, exit code.

        A refusal of the engine ends the process with exit code 1 and names what is missing, and where, as the last
        line on stderr; what was written before stays.
        """
        try:
            with closing(new_runspace(session)) as runspace:
                return _run(runspace, request)
        except ParseError as error:
            return ProcessResult("", f"{error}\r\n", 1)
        except Unsupported as error:
            return ProcessResult("", refused(error), 1, refused=error.located)
        except Exception as error:
            return ProcessResult("", f"{internal_error(error)}\r\n", 1)

    def run_module(self, session: Session, request: ModuleRequest) -> ProcessResult:
        """Runs an Ansible module: a native stand-in where there is one, else its PowerShell source."""
        try:
            native = overrides.find(request.name)
            if native is not None:
                return native(session, request)
            return wrapper.run_module(session, request)
        except Unsupported as refusal:
            return wrapper.refusal_result(refusal)
        except Exception as error:
            return wrapper.failed_result(internal_error(error))


def _run(runspace: Runspace, request: ScriptRequest) -> ProcessResult:
    refusal: Unsupported | None = None
    try:
        runspace.run(
            request.script,
            file=request.file,
            external=request.file is not None,
            args=[_argument(a) for a in request.arguments],
            input=[to_utf16(line) for line in request.input_lines] or None,
            console=True,
        )
    except Unsupported as error:
        refusal = error
    return on_engine_thread(lambda: _process_result(runspace.ctx, runspace.result, refusal))


def internal_error(error: Exception) -> str:
    """What a client sees of a mistake in hvsim: a line that names it, never a Python traceback (that goes to the log)."""
    _log.exception("internal error")
    return f"hvsim: internal error: {type(error).__name__}: please report it with the script that caused it"


def refused(refusal: Unsupported) -> str:
    """The line that tells a user what the engine does not do."""
    return f"hvsim: unsupported: {refusal.located}\r\n"


def _argument(value: Any) -> Any:
    return to_utf16(value) if isinstance(value, str) else value


def _printed(ctx: ExecutionContext, items: list[Any]) -> Iterator[str]:
    """Output and host texts in the order in which they came.

    Raises:
        Unsupported: a value has no view; what comes before it has been yielded.
    """
    for is_text, group in groupby(items, lambda item: isinstance(item, HostText)):
        if is_text:
            yield from (item.text + ("\r\n" if item.new_line else "") for item in group)
        else:
            values = [value for value in group if value is not AUTOMATION_NULL]
            yield from (f"{line}\r\n" for line in _lines(ctx, values))


def _lines(ctx: ExecutionContext, values: list[Any]) -> Iterator[str]:
    try:
        yield from output.lines(ctx, values)
    except Unsupported:
        shown = 0
        for value in values:
            try:
                output.lines(ctx, [value])
            except Unsupported:
                break
            shown += 1
        yield from output.lines(ctx, values[:shown])
        raise


def _process_result(ctx: ExecutionContext, result: Result, refusal: Unsupported | None) -> ProcessResult:
    succeeded = result.terminating is None and ctx.question
    printed: list[str] = []
    try:
        for text in _printed(ctx, result.output):
            printed.append(text)
    except Unsupported as error:
        refusal = refusal or error
    stdout = "".join(printed)
    errors = list(result.errors)
    if result.terminating is not None:
        errors.append(result.terminating)
    written = [(at, number, text) for number, (at, text) in enumerate(result.console_errors)]
    shown = [(at, -1, f"{line}\r\n") for at, record in enumerate(errors, 1) for line in output.error_lines(ctx, record)]
    stderr = "".join(text for _, _, text in sorted([*shown, *written], key=lambda row: row[:2]))
    if refusal is not None:
        return ProcessResult(from_utf16(stdout), from_utf16(stderr) + refused(refusal), 1, refused=refusal.located)
    rc = result.exit_code if result.exit_code is not None else 0 if succeeded else 1
    return ProcessResult(from_utf16(stdout), from_utf16(stderr), rc)

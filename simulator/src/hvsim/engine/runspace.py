# SPDX-License-Identifier: GPL-3.0-or-later
"""A runspace: one execution context whose streams are collected."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hvsim.lang.text import to_utf16
from hvsim.library.dotnet.console import ConsoleErrorSink, ConsoleSink
from hvsim.library.remoting.endpoint import HostStreams
from hvsim.library.remoting.jobs import JobTable
from hvsim.library.remoting.session import SessionTable
from hvsim.runtime import interpreter
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord, ExitScript, PSError
from hvsim.runtime.machine import Machine
from hvsim.runtime.streams import Collector, Streams


@dataclass
class Result:
    """What a run left in the streams, and how it ended.

    Attributes:
        terminating: the error that ended the script, if one did.
        exit_code: the argument of an ``exit`` that ended it.
        console_errors: what was written to standard error past the streams, each with the number of errors before it.
    """

    output: list[Any] = field(default_factory=list)
    errors: list[ErrorRecord] = field(default_factory=list)
    warning: list[Any] = field(default_factory=list)
    verbose: list[Any] = field(default_factory=list)
    debug: list[Any] = field(default_factory=list)
    information: list[Any] = field(default_factory=list)
    terminating: ErrorRecord | None = None
    exit_code: int | None = None
    console_errors: list[tuple[int, str]] = field(default_factory=list)


@cache
def load() -> None:
    """Fills the registries of commands and types."""
    from hvsim import cmdlets, library

    for package in (library, cmdlets):
        loader: Callable[[], None] | None = getattr(package, "load", None)
        if loader is not None:
            loader()
    # The registries live as long as the process: no collection need walk over them, and scripts that build large
    # data (reference counts free nearly all of it) need not stop for one every 2,000 objects.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@dataclass(frozen=True)
class HostText:
    """What a console host prints that is no output: Write-Host, warnings, verbose and debug lines."""

    text: str
    new_line: bool = True


class _ConsolePipe:
    """Collects a stream and leaves its text among what the host prints."""

    def __init__(self, collector: Any, out: list[Any], prefix: str) -> None:
        self.collector = collector
        self.out = out
        self.prefix = prefix

    def write(self, value: Any) -> None:
        self.collector.write(value)
        message = getattr(value, "message_data", value)
        text = getattr(message, "message", None)
        if text is not None:
            self.out.append(HostText(self.prefix + text, not getattr(message, "no_newline", False)))


_PREFIXES = {"warning": "WARNING: ", "verbose": "VERBOSE: ", "debug": "DEBUG: ", "information": ""}


def _with_console(streams: Streams, out: list[Any], names: Iterable[str]) -> Streams:
    copy = streams.copy()
    for name in names:
        prefix = _PREFIXES[name]
        setattr(copy, name, _ConsolePipe(getattr(streams, name), out, prefix))
    return copy


class Runspace:
    """One session: variables, functions and ``$Error`` live from one ``run`` to the next.

    Attributes:
        result: what the last run left, also when it was refused.
    """

    def __init__(
        self,
        machine: Machine | None = None,
        *,
        edition: str = "7",
        culture: Any = None,
        ui_culture: Any = None,
    ) -> None:
        load()
        self.result = Result()
        self.ctx = ExecutionContext(machine, edition=edition, culture=culture, ui_culture=ui_culture)
        self.ctx.services[ConsoleErrorSink] = lambda text: self.result.console_errors.append((len(self.result.errors), text))
        from hvsim.library.management import machine_commands

        machine_commands.install(self.ctx)

    def close(self) -> None:
        """The process ends, and with it the jobs and sessions that it has left open."""
        jobs: JobTable | None = self.ctx.services.get(JobTable)
        if jobs is not None:
            for job in jobs:
                jobs.remove(job)
        sessions = self.ctx.services.get(SessionTable)
        if sessions is not None:
            sessions.close_all()

    def run(
        self,
        script: str,
        *,
        file: str | None = None,
        args: Sequence[Any] = (),
        input: Sequence[Any] | None = None,
        named: Mapping[str, Any] | None = None,
        external: bool = False,
        console: bool = False,
        host: list[HostText] | None = None,
    ) -> Result:
        """Runs a script (plain Python text) as a runspace's ``Invoke`` does; *input* is its pipeline input, *named* its
        parameters; *external*: *file* itself runs. With *console*, what the host would print comes among the output as :class:`HostText`; *host*
        gets what is written to the host alone (Write-Host, Out-Host, the console), for callers that keep the streams.

        Raises:
            ParseError: the text is no PowerShell.
            Unsupported: it needs something that the engine refuses.
        """
        out = Collector()
        self.ctx.streams = streams = Streams.collecting()
        printed: list[Any] | None = out.items if console else host
        if printed is not None:
            self.ctx.streams = _with_console(streams, printed, _PREFIXES if console else ("information",))

            def show(text: str) -> None:
                printed.append(HostText(text, new_line=False))

            self.ctx.services[ConsoleSink] = self.ctx.host_sink = show
        self.ctx.services[HostStreams] = self.ctx.streams
        self.result = result = Result(output=out.items)
        for name in ("error", "warning", "verbose", "debug", "information"):
            setattr(result, "errors" if name == "error" else name, getattr(streams, name).items)
        try:
            interpreter.run_script(
                self.ctx, to_utf16(script), file=file, args=args, out=out, input=input, named=named, external=external
            )
        except PSError as error:
            result.terminating = interpreter.record_of(self.ctx, error)
        except ExitScript as stop:
            result.exit_code = stop.code
        return result

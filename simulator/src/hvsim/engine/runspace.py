# SPDX-License-Identifier: GPL-3.0-or-later
"""A runspace: one execution context whose streams are collected."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hvsim.lang.text import to_utf16
from hvsim.library.dotnet.console import ConsoleSink
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
    """

    output: list[Any] = field(default_factory=list)
    errors: list[ErrorRecord] = field(default_factory=list)
    warning: list[Any] = field(default_factory=list)
    verbose: list[Any] = field(default_factory=list)
    debug: list[Any] = field(default_factory=list)
    information: list[Any] = field(default_factory=list)
    terminating: ErrorRecord | None = None
    exit_code: int | None = None


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
    """Collects a stream and leaves its text among the output."""

    def __init__(self, collector: Any, out: Collector, prefix: str) -> None:
        self.collector = collector
        self.out = out
        self.prefix = prefix

    def write(self, value: Any) -> None:
        self.collector.write(value)
        message = getattr(value, "message_data", value)
        text = getattr(message, "message", None)
        if text is not None:
            self.out.items.append(HostText(self.prefix + text, not getattr(message, "no_newline", False)))


def _with_console(streams: Streams, out: Collector) -> Streams:
    copy = streams.copy()
    for name, prefix in (("warning", "WARNING: "), ("verbose", "VERBOSE: "), ("debug", "DEBUG: "), ("information", "")):
        setattr(copy, name, _ConsolePipe(getattr(streams, name), out, prefix))
    return copy


class Runspace:
    """One session: variables, functions and ``$Error`` live from one ``run`` to the next."""

    def __init__(
        self,
        machine: Machine | None = None,
        *,
        edition: str = "7",
        culture: Any = None,
        ui_culture: Any = None,
    ) -> None:
        load()
        self.ctx = ExecutionContext(machine, edition=edition, culture=culture, ui_culture=ui_culture)
        from hvsim.library.management import machine_commands

        machine_commands.install(self.ctx)

    def run(
        self,
        script: str,
        *,
        file: str | None = None,
        args: Sequence[Any] = (),
        input: Sequence[Any] | None = None,
        named: Mapping[str, Any] | None = None,
        console: bool = False,
    ) -> Result:
        """Runs a script (plain Python text) as a runspace's ``Invoke`` does; *input* is its pipeline input, *named* its
        parameters. With *console*, what the host would print comes among the output as :class:`HostText`.

        Raises:
            ParseError: the text is no PowerShell.
            Unsupported: it needs something that the engine refuses.
        """
        out = Collector()
        self.ctx.streams = streams = Streams.collecting()
        if console:
            self.ctx.streams = _with_console(streams, out)
            self.ctx.services[ConsoleSink] = lambda text: out.items.append(HostText(text, new_line=False))
        result = Result()
        try:
            interpreter.run_script(self.ctx, to_utf16(script), file=file, args=args, out=out, input=input, named=named)
        except PSError as error:
            result.terminating = interpreter.record_of(self.ctx, error)
        except ExitScript as stop:
            result.exit_code = stop.code
        result.output = out.items
        for name in ("error", "warning", "verbose", "debug", "information"):
            collected = getattr(streams, name).items
            setattr(result, "errors" if name == "error" else name, collected)
        return result

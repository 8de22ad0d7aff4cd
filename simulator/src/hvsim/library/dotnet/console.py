# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Console``: text that a process prints past PowerShell's streams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet import encoding as enc
from hvsim.library.dotnet.text_writers import SIGNATURES, TextWriter, new_line, written
from hvsim.runtime import types
from hvsim.runtime.members import static_getter, static_method

_CONSOLE = "System.Console"

Sink = Callable[[str], None]


class ConsoleSink:
    """Key of ``ctx.services``: where printed text goes, a ``f(text)``; without it to the host's lines."""


class ConsoleErrorSink:
    """Key of ``ctx.services``: where text for standard error goes, a ``f(text)``."""


class _ConsoleWriter(TextWriter):
    """What ``[Console]::Out`` and ``::Error`` are."""

    __slots__ = ("sink",)

    def __init__(self, line_end: str, sink: Sink) -> None:
        super().__init__(types.get("System.IO.TextWriter"), line_end, encoding=enc.UTF8_NO_MARK)
        self.sink = sink

    def write(self, text: str) -> None:
        self.sink(text)


def _sink(ctx: Any) -> Sink:
    found: Sink | None = ctx.services.get(ConsoleSink)
    return found or (lambda text: ctx.host_line(text.rstrip("\r\n")))


@static_method(_CONSOLE, "Write", overloads=SIGNATURES, context=True)
def _write(ctx: Any, *args: Any) -> None:
    _sink(ctx)(written(ctx, args))


@static_method(_CONSOLE, "WriteLine", overloads=["() -> void", *SIGNATURES], context=True)
def _write_line(ctx: Any, *args: Any) -> None:
    _sink(ctx)(written(ctx, args) + new_line(ctx))


@static_getter(_CONSOLE, "Error", type="System.IO.TextWriter", context=True)
def _error(ctx: Any) -> _ConsoleWriter:
    sink: Sink | None = ctx.services.get(ConsoleErrorSink)
    if sink is None:
        raise Unsupported("[Console]::Error of a process whose standard error goes to something else than a client")
    return _ConsoleWriter(new_line(ctx), sink)


static_getter(_CONSOLE, "Out", type="System.IO.TextWriter", context=True)(lambda ctx: _ConsoleWriter(new_line(ctx), _sink(ctx)))
static_getter(_CONSOLE, "OutputEncoding", type="System.Text.Encoding")(lambda: enc.UTF8_NO_MARK)
static_getter(_CONSOLE, "InputEncoding", type="System.Text.Encoding")(lambda: enc.UTF8_NO_MARK)

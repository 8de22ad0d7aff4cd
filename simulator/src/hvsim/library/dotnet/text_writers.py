# SPDX-License-Identifier: GPL-3.0-or-later
"""Text writers: ``StringWriter`` and ``StreamWriter``, and the overloads that ``Console`` shares."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet import encoding as enc
from hvsim.library.dotnet.encoding import Encoding
from hvsim.library.dotnet.streams import Stream, open_file
from hvsim.library.dotnet.support import null_argument
from hvsim.library.dotnet.text_builder import StringBuilder
from hvsim.runtime import convert, format, types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method, setter
from hvsim.runtime.types import NetType
from hvsim.runtime.values import NetObject

_WRITER = "System.IO.StreamWriter"
_TEXT_WRITER = "System.IO.TextWriter"



# --- text writers ---------------------------------------------------------------------------------------------------


class TextWriter(NetObject):
    """``StringWriter`` and ``StreamWriter``."""

    __slots__ = ("auto_flush", "builder", "closed", "encoding", "leave_open", "net_type", "new_line", "parts", "started", "stream")

    def __init__(self, net_type: NetType, new_line: str, stream: Stream | None = None, encoding: Encoding = enc.UTF8_NO_MARK) -> None:
        self.net_type = net_type
        self.new_line = new_line
        self.stream = stream
        self.encoding = encoding
        self.parts: list[str] = []
        self.builder: StringBuilder | None = None
        self.closed = self.auto_flush = self.leave_open = False
        self.started = False

    def write(self, text: str) -> None:
        if self.closed:
            raise net_error("System.ObjectDisposedException", "Cannot write to a closed TextWriter.")
        if self.builder is not None:
            self.builder.append(text)
            return
        self.parts.append(text)
        if self.auto_flush:
            self.flush()

    def flush(self) -> None:
        if self.stream is None or self.stream.closed:
            return
        if not self.started:
            self.started = True
            if self.stream.position == 0:
                self.stream.write(self.encoding.preamble)
        self.stream.write(self.encoding.encode("".join(self.parts)))
        self.parts = []
        self.stream.flush()

    def close(self) -> None:
        if not self.closed:
            self.flush()
        self.closed = True
        if self.stream is not None and not self.leave_open:
            self.stream.close()

    def net_text(self, _ctx: Any) -> str:
        return types.type_to_string(self.net_type) if self.builder is None else self.builder.text


def new_line(ctx: Any) -> str:
    return "\r\n" if ctx is not None and ctx.machine.is_windows else "\n"


@constructor(
    "System.IO.StringWriter",
    overloads=[
        "()",
        "(System.IFormatProvider)",
        "(System.Text.StringBuilder)",
        "(System.Text.StringBuilder, System.IFormatProvider)",
    ],
    context=True,
)
def _new_string_writer(ctx: Any, net_type: NetType, *args: Any) -> TextWriter:
    if args and args[0] is None and len(args) == 2:
        raise null_argument("sb")
    made = TextWriter(net_type, new_line(ctx), encoding=enc.Encoding("utf-16", with_mark=False))
    made.builder = args[0] if args and isinstance(args[0], StringBuilder) else StringBuilder()
    return made


@constructor(_WRITER, context=True)
def _new_stream_writer(ctx: Any, net_type: NetType, target: Any, *args: Any) -> TextWriter:
    given = next((a for a in args if isinstance(a, Encoding)), enc.UTF8_NO_MARK)
    flags = [a for a in args if type(a) is bool]
    if target is None:
        raise null_argument("stream")
    if isinstance(target, Stream):
        made = TextWriter(net_type, new_line(ctx), target, given)
        made.leave_open = bool(flags and flags[-1])
        return made
    stream = open_file(ctx, target, 6 if flags and flags[0] else 2, 2)
    return TextWriter(net_type, new_line(ctx), stream, given)


def written(ctx: Any, args: tuple[Any, ...]) -> str:
    """The text that ``Write`` makes of its arguments: a value, or a format and its values."""
    if not args:
        return ""
    value = args[0]
    if isinstance(value, str) and len(args) > 1:
        items = list(args[1]) if len(args) == 2 and isinstance(args[1], list) else list(args[1:])
        return format.composite(ctx, value, items)
    if isinstance(value, list):
        text = "".join(c.text for c in value)
        return text[args[1] : args[1] + args[2]] if len(args) == 3 else text
    return convert.net_string(ctx, value)


_VALUES = ["bool", "char", "char[]", "decimal", "double", "int", "long", "System.Object", "float", "string", "uint", "ulong"]
SIGNATURES = [
    *[f"({t}) -> void" for t in _VALUES],
    "(string, System.Object) -> void",
    "(string, System.Object, System.Object) -> void",
    "(string, System.Object, System.Object, System.Object) -> void",
    "(string, params System.Object[]) -> void",
    "(char[], int, int) -> void",
]


@method(_TEXT_WRITER, "Write", overloads=SIGNATURES, context=True)
def _write_text(ctx: Any, self: TextWriter, *args: Any) -> None:
    self.write(written(ctx, args))


@method(_TEXT_WRITER, "WriteLine", overloads=["() -> void", *SIGNATURES], context=True)
def _write_line(ctx: Any, self: TextWriter, *args: Any) -> None:
    self.write(written(ctx, args) + self.new_line)


method(_TEXT_WRITER, "Flush", overloads=["() -> void"])(lambda self: self.flush())
method(_TEXT_WRITER, "Close", overloads=["() -> void"])(lambda self: self.close())
method(_TEXT_WRITER, "Dispose", overloads=["() -> void"])(lambda self: self.close())
getter(_TEXT_WRITER, "NewLine", type="string")(lambda self: self.new_line)
getter(_TEXT_WRITER, "Encoding", type="System.Text.Encoding")(lambda self: self.encoding)
getter(_WRITER, "BaseStream")(lambda self: self.stream)
getter(_WRITER, "AutoFlush")(lambda self: self.auto_flush)


@setter(_WRITER, "AutoFlush")
def _set_auto_flush(self: TextWriter, value: bool) -> None:
    self.auto_flush = value
    if value:
        self.flush()


@setter(_TEXT_WRITER, "NewLine")
def _set_new_line(self: TextWriter, value: str) -> None:
    self.new_line = value or ""


@method("System.IO.StringWriter", "ToString", overloads=["() -> string"])
def _writer_text(self: TextWriter) -> str:
    return self.net_text(None)


getter_of_builder = method("System.IO.StringWriter", "GetStringBuilder", overloads=["() -> System.Text.StringBuilder"])
getter_of_builder(lambda self: self.builder)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Text readers: ``StringReader`` and ``StreamReader``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.library.dotnet import encoding as enc
from hvsim.library.dotnet.encoding import Encoding
from hvsim.library.dotnet.streams import Stream, open_file
from hvsim.library.dotnet.support import null_argument
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Char, NetObject

_READER = "System.IO.StreamReader"
_TEXT_READER = "System.IO.TextReader"



# --- text readers ---------------------------------------------------------------------------------------------------


class TextReader(NetObject):
    """``StringReader`` and ``StreamReader``: the whole text, read on first use."""

    __slots__ = ("_load", "_text", "closed", "encoding", "net_type", "position", "stream")

    def __init__(self, net_type: NetType, load: Callable[[], str]) -> None:
        self.net_type = net_type
        self._load = load
        self._text: str | None = None
        self.position = 0
        self.closed = False
        self.stream: Stream | None = None
        self.encoding: Encoding = enc.UTF8

    @property
    def text(self) -> str:
        if self.closed:
            raise net_error("System.ObjectDisposedException", "Cannot read from a closed TextReader.")
        if self._text is None:
            self._text = self._load()
        return self._text

    def read(self, count: int) -> str:
        piece = self.text[self.position : self.position + count]
        self.position += len(piece)
        return piece

    def line(self) -> str | None:
        text = self.text
        if self.position >= len(text):
            return None
        end = self.position
        while end < len(text) and text[end] not in "\r\n":
            end += 1
        found = text[self.position : end]
        self.position = end + 2 if text.startswith("\r\n", end) else end + 1
        return found


@constructor("System.IO.StringReader", overloads=["(string)"])
def _new_string_reader(net_type: NetType, text: str) -> TextReader:
    if text is None:
        raise null_argument("s")
    return TextReader(net_type, lambda: text)


@constructor(_READER, context=True)
def _new_stream_reader(ctx: Any, net_type: NetType, source: Any, *args: Any) -> TextReader:
    given = next((a for a in args if isinstance(a, Encoding)), enc.UTF8)
    if source is None:
        raise null_argument("stream")
    stream = source if isinstance(source, Stream) else open_file(ctx, source, 3, 1)
    if stream.closed:
        raise net_error("System.ArgumentException", "Stream was not readable.")

    def load() -> str:
        data = stream.read(1 << 62)
        made.encoding, mark = enc.detect(data, given)
        return made.encoding.decode(data[mark:])

    made = TextReader(net_type, load)
    made.stream = stream
    made.encoding = given
    return made


@method(_TEXT_READER, "ReadLine", overloads=["() -> string"])
def _read_line(self: TextReader) -> str | None:
    return self.line()


@method(_TEXT_READER, "ReadToEnd", overloads=["() -> string"])
def _read_to_end(self: TextReader) -> str:
    return self.read(len(self.text))


@method(_TEXT_READER, "Read", overloads=["() -> int", "(char[], int, int) -> int"])
def _read_char(self: TextReader, *args: Any) -> int:
    if not args:
        piece = self.read(1)
        return ord(piece) if piece else -1
    buffer, offset, count = args
    piece = self.read(count)
    buffer[offset : offset + len(piece)] = [Char(c) for c in piece]
    return len(piece)


@method(_TEXT_READER, "Peek", overloads=["() -> int"])
def _peek(self: TextReader) -> int:
    return ord(self.text[self.position]) if self.position < len(self.text) else -1


def _close_reader(self: TextReader) -> None:
    self.closed = True
    if self.stream is not None:
        self.stream.close()


method(_TEXT_READER, "Close", overloads=["() -> void"])(_close_reader)
method(_TEXT_READER, "Dispose", overloads=["() -> void"])(_close_reader)
getter(_READER, "EndOfStream")(lambda self: self.position >= len(self.text))
getter(_READER, "BaseStream")(lambda self: self.stream)
getter(_READER, "CurrentEncoding")(lambda self: self.encoding)


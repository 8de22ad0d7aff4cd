# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.IO.BinaryReader`` and ``BinaryWriter``."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from hvsim.library.dotnet import encoding as enc
from hvsim.library.dotnet.encoding import Encoding
from hvsim.library.dotnet.streams import Stream
from hvsim.library.dotnet.support import bytes_array, data_of, null_argument
from hvsim.runtime import types, values
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, Char, Int64, NetObject, Single

# --- binary readers and writers -------------------------------------------------------------------------------------

_BINARY_READER = "System.IO.BinaryReader"
_BINARY_WRITER = "System.IO.BinaryWriter"
_NUMBERS: dict[str, tuple[str, Any]] = {
    "Boolean": ("?", bool),
    "Byte": ("B", values.Byte),
    "SByte": ("b", values.SByte),
    "Int16": ("<h", values.Int16),
    "UInt16": ("<H", values.UInt16),
    "Int32": ("<i", int),
    "UInt32": ("<I", values.UInt32),
    "Int64": ("<q", Int64),
    "UInt64": ("<Q", values.UInt64),
    "Single": ("<f", Single),
    "Double": ("<d", float),
}


class Binary(NetObject):
    """``BinaryReader`` and ``BinaryWriter``."""

    __slots__ = ("encoding", "leave_open", "net_type", "stream")

    def __init__(self, net_type: NetType, stream: Stream, encoding: Encoding, leave_open: bool) -> None:
        self.net_type = net_type
        self.stream = stream
        self.encoding = encoding
        self.leave_open = leave_open

    def exactly(self, count: int) -> bytes:
        piece = self.stream.read(count)
        if len(piece) < count:
            raise end_of_stream()
        return piece

    def close(self) -> None:
        if not self.leave_open:
            self.stream.close()


def end_of_stream() -> PSError:
    return net_error("System.IO.EndOfStreamException", "Unable to read beyond the end of the stream.")


def _new_binary(net_type: NetType, stream: Stream, *args: Any) -> Binary:
    given = next((a for a in args if isinstance(a, Encoding)), enc.UTF8_NO_MARK)
    if stream is None:
        raise null_argument("input")
    return Binary(net_type, stream, given, any(a is True for a in args))


constructor(_BINARY_READER)(_new_binary)
constructor(
    _BINARY_WRITER,
    overloads=["(System.IO.Stream)", "(System.IO.Stream, System.Text.Encoding)", "(System.IO.Stream, System.Text.Encoding, bool)"],
)(_new_binary)


def _number_reader(pattern: str, kind: Any) -> Callable[[Binary], Any]:
    size = struct.calcsize(pattern)
    return lambda self: kind(struct.unpack(pattern, self.exactly(size))[0])


for _name, (_pattern, _kind) in _NUMBERS.items():
    method(_BINARY_READER, f"Read{_name}")(_number_reader(_pattern, _kind))
method(_BINARY_READER, "ReadBytes")(lambda self, count: bytes_array(self.stream.read(count)))


def _read_7bit(self: Binary) -> int:
    result = shift = 0
    while True:
        byte = self.exactly(1)[0]
        result |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return result


method(_BINARY_READER, "Read7BitEncodedInt")(_read_7bit)
method(_BINARY_READER, "ReadString")(lambda self: self.encoding.decode(self.exactly(_read_7bit(self))))


@method(_BINARY_READER, "ReadChar")
def _binary_char(self: Binary) -> Char:
    first = self.exactly(1)
    extra = 0 if first[0] < 0xC0 or self.encoding.kind != "utf-8" else 1 if first[0] < 0xE0 else 2 if first[0] < 0xF0 else 3
    if self.encoding.kind.startswith("utf-16"):
        extra = 1
    return Char(self.encoding.decode(first + self.exactly(extra))[0])


@method(_BINARY_READER, "ReadChars")
def _binary_chars(self: Binary, count: int) -> Array:
    return Array([_binary_char(self) for _ in range(count)], types.CHAR)


_WRITE_TYPES = ["bool", "byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double", "string", "char", "byte[]"]


@method(
    _BINARY_WRITER,
    "Write",
    overloads=[*[f"({t}) -> void" for t in _WRITE_TYPES], "(byte[], int, int) -> void"],
)
def _binary_write(self: Binary, value: Any, *span: int) -> None:
    if isinstance(value, list):
        data = data_of(value)
        self.stream.write(data[span[0] : span[0] + span[1]] if span else data)
    elif isinstance(value, str):
        data = self.encoding.encode(value)
        size = len(data)
        while size >= 0x80:
            self.stream.write(bytes([size & 0x7F | 0x80]))
            size >>= 7
        self.stream.write(bytes([size]) + data)
    elif isinstance(value, Char):
        self.stream.write(self.encoding.encode(value.text))
    else:
        pattern = next(p for p, kind in _NUMBERS.values() if kind is type(value))
        self.stream.write(struct.pack(pattern, value))


for _name in (_BINARY_READER, _BINARY_WRITER):
    getter(_name, "BaseStream", type="System.IO.Stream")(lambda self: self.stream)
    method(_name, "Close", overloads=["() -> void"])(lambda self: self.close())
    method(_name, "Dispose", overloads=["() -> void"])(lambda self: self.close())
method(_BINARY_WRITER, "Flush", overloads=["() -> void"])(lambda self: self.stream.flush())


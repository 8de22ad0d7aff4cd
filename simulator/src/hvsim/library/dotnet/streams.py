# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams, readers and writers of ``System.IO``, over memory and over the machine's disk."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

from hvsim.library.dotnet import encoding as enc
from hvsim.library.dotnet import file_info as fi
from hvsim.library.dotnet.encoding import Encoding, data_of
from hvsim.library.dotnet.support import bytes_array, null_argument
from hvsim.runtime import convert, format, types, values
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method, setter, static_getter
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, Char, EnumValue, Int64, NetObject, Single

_STREAM = "System.IO.Stream"
_MEMORY = "System.IO.MemoryStream"
_FILE = "System.IO.FileStream"
_READER = "System.IO.StreamReader"
_WRITER = "System.IO.StreamWriter"
_TEXT_READER = "System.IO.TextReader"
_TEXT_WRITER = "System.IO.TextWriter"


class Stream(NetObject):
    """Bytes in memory with a position; :meth:`flush` lets a subclass carry them somewhere."""

    __slots__ = ("can_read", "can_seek", "can_write", "closed", "data", "expandable", "position")
    NET = _STREAM

    def __init__(self, data: bytes = b"", *, can_read: bool = True, can_write: bool = True, expandable: bool = True) -> None:
        self.data = bytearray(data)
        self.position = 0
        self.closed = False
        self.can_read = can_read
        self.can_write = can_write
        self.can_seek = True
        self.expandable = expandable

    def check(self) -> None:
        """Raises:
        PSError: ``ObjectDisposedException``.
        """
        if self.closed:
            raise net_error(
                "System.ObjectDisposedException", f"Cannot access a closed {'file' if isinstance(self, FileStream) else 'Stream'}."
            )

    def read(self, count: int) -> bytes:
        self.check()
        if not self.can_read:
            raise net_error("System.NotSupportedException", "Stream does not support reading.")
        piece = bytes(self.data[self.position : self.position + count])
        self.position += len(piece)
        return piece

    def write(self, piece: bytes) -> None:
        self.check()
        if not self.can_write:
            raise net_error("System.NotSupportedException", "Stream does not support writing.")
        end = self.position + len(piece)
        if end > len(self.data):
            if not self.expandable:
                raise net_error("System.NotSupportedException", "Memory stream is not expandable.")
            self.data.extend(b"\0" * (self.position - len(self.data)))
        self.data[self.position : end] = piece
        self.position = end

    def flush(self) -> None:
        """Nothing to carry anywhere."""

    def close(self) -> None:
        self.flush()
        self.closed = True


class MemoryStream(Stream):
    """``System.IO.MemoryStream``; over a given array its length is fixed."""

    __slots__ = ()
    NET = _MEMORY


class FileStream(Stream):
    """``System.IO.FileStream``: read when opened, written when flushed or closed."""

    __slots__ = ("ctx", "dirty", "path")
    NET = _FILE

    def __init__(self, ctx: Any, path: str, data: bytes, *, can_read: bool, can_write: bool) -> None:
        super().__init__(data, can_read=can_read, can_write=can_write)
        self.ctx = ctx
        self.path = path
        self.dirty = False

    def write(self, piece: bytes) -> None:
        super().write(piece)
        self.dirty = True

    def flush(self) -> None:
        if self.dirty and not self.closed:
            with fi.disk_errors():
                fi.disk(self.ctx).write_bytes(fi.disk_path(self.path), bytes(self.data))
            self.dirty = False


_MODES = {"createnew": 1, "create": 2, "open": 3, "openorcreate": 4, "truncate": 5, "append": 6}


def open_file(ctx: Any, path: str, mode: int, access: int | None = None) -> FileStream:
    """``FileStream(path, mode, access)``.

    Raises:
        PSError: what .NET throws: missing, exists, denied, empty path.
    """
    full = checked_path(ctx, path)
    files = fi.disk(ctx)
    access = access if access is not None else (2 if mode == 6 else 3)
    name = fi.disk_path(full)
    with fi.disk_errors():
        exists = files.is_file(name)
        if mode == 1 and exists:
            raise net_error("System.IO.IOException", f"The file '{full}' already exists.")
        wanted = mode in (3, 5) or (exists and mode != 2)
        data = files.read_bytes(name) if wanted else b""
        if mode in (1, 2, 5) or (mode in (4, 6) and not exists):
            files.write_bytes(name, b"")
    stream = FileStream(ctx, full, b"" if mode == 5 else data, can_read=bool(access & 1), can_write=bool(access & 2))
    if mode == 6:
        stream.position = len(stream.data)
    return stream


def checked_path(ctx: Any, path: str | None, name: str = "path") -> str:
    """A full path.

    Raises:
        PSError: null or empty.
    """
    if path is None:
        raise null_argument(name)
    if not path:
        raise net_error(
            "System.ArgumentException", f"The value cannot be an empty string. (Parameter '{name}')", ParamName=name
        )
    return fi.full_path(ctx, path)


# --- constructors -------------------------------------------------------------------------------------------------


@constructor(_MEMORY)
def _new_memory(net_type: NetType, *args: Any) -> MemoryStream:
    if not args or isinstance(args[0], int):
        return MemoryStream()
    data = data_of(args[0]) if args[0] is not None else None
    if data is None:
        raise null_argument("buffer")
    numbers = [a for a in args[1:] if type(a) is int]
    flags = [a for a in args[1:] if type(a) is bool]
    if numbers:
        _buffer_range(data, numbers[0], numbers[1])
        data = data[numbers[0] : numbers[0] + numbers[1]]
    return MemoryStream(data, can_write=flags[0] if flags else True, expandable=False)


@constructor(
    _FILE,
    overloads=[
        "(string, System.IO.FileMode)",
        "(string, System.IO.FileMode, System.IO.FileAccess)",
        "(string, System.IO.FileMode, System.IO.FileAccess, System.IO.FileShare)",
        "(string, System.IO.FileMode, System.IO.FileAccess, System.IO.FileShare, int)",
    ],
    context=True,
)
def _new_file(ctx: Any, net_type: NetType, path: str, mode: EnumValue, *rest: Any) -> FileStream:
    return open_file(ctx, path, mode.value, rest[0].value if rest else None)


# --- members of streams -------------------------------------------------------------------------------------------


def _open(self: Stream) -> Stream:
    self.check()
    return self


getter(_STREAM, "Length")(lambda self: Int64(len(_open(self).data)))
getter(_STREAM, "Position")(lambda self: Int64(_open(self).position))
getter(_STREAM, "CanRead")(lambda self: self.can_read and not self.closed)
getter(_STREAM, "CanWrite")(lambda self: self.can_write and not self.closed)
getter(_STREAM, "CanSeek")(lambda self: self.can_seek and not self.closed)
getter(_STREAM, "CanTimeout")(lambda self: False)
getter(_MEMORY, "Capacity")(lambda self: len(self.data) if not self.expandable else max(256, len(self.data)) if self.data else 0)
getter(_FILE, "Name", type="string")(lambda self: self.path)
static_getter(_STREAM, "Null")(lambda: Stream())


@setter(_STREAM, "Position")
def _set_position(self: Stream, value: int) -> None:
    self.check()
    if value < 0:
        raise net_error("System.ArgumentOutOfRangeException", "Non-negative number required. (Parameter 'value')")
    self.position = int(value)


def _buffer_range(buffer: Any, offset: int, count: int) -> None:
    if buffer is None:
        raise null_argument("buffer")
    if offset < 0:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            f"offset ('{offset}') must be a non-negative value. (Parameter 'offset')\nActual value was {offset}.",
        )
    if count < 0 or offset + count > len(buffer):
        raise net_error(
            "System.ArgumentException",
            "Offset and length were out of bounds for the array or count is greater than the number of elements from "
            "index to the end of the source collection.",
        )


@method(_STREAM, "Read", overloads=["(byte[], int, int) -> int"])
def _read(self: Stream, buffer: Any, offset: int, count: int) -> int:
    _buffer_range(buffer, offset, count)
    piece = self.read(count)
    buffer[offset : offset + len(piece)] = bytes_array(piece)
    return len(piece)


@method(_STREAM, "ReadByte")
def _read_byte(self: Stream) -> int:
    piece = self.read(1)
    return piece[0] if piece else -1


@method(_STREAM, "Write", overloads=["(byte[], int, int) -> void"])
def _write(self: Stream, buffer: Any, offset: int, count: int) -> None:
    _buffer_range(buffer, offset, count)
    self.write(data_of(buffer[offset : offset + count]))


@method(_STREAM, "WriteByte")
def _write_byte(self: Stream, value: int) -> None:
    self.write(bytes([int(value)]))


@method(_STREAM, "Seek")
def _seek(self: Stream, offset: int, origin: EnumValue) -> Int64:
    self.check()
    base = (0, self.position, len(self.data))[origin.value]
    if base + offset < 0:
        raise net_error("System.IO.IOException", "An attempt was made to move the position before the beginning of the stream.")
    self.position = int(base + offset)
    return Int64(self.position)


@method(_STREAM, "SetLength")
def _set_length(self: Stream, value: int) -> None:
    self.check()
    size = int(value)
    self.data = self.data[:size].ljust(size, b"\0")
    self.position = min(self.position, size)
    if isinstance(self, FileStream):
        self.dirty = True


@method(_STREAM, "CopyTo", overloads=["(System.IO.Stream) -> void", "(System.IO.Stream, int) -> void"])
def _copy_to(self: Stream, target: Stream, _size: int = 0) -> None:
    target.write(self.read(1 << 62))


method(_STREAM, "Flush", overloads=["() -> void", "(bool) -> void"])(lambda self, *_: self.flush())
method(_STREAM, "Close")(lambda self: self.close())
method(_STREAM, "Dispose")(lambda self: self.close())
method(_MEMORY, "ToArray")(lambda self: bytes_array(bytes(self.data)))
method(_MEMORY, "GetBuffer")(lambda self: bytes_array(bytes(self.data)))
method(_MEMORY, "WriteTo")(lambda self, target: target.write(bytes(self.data)))


# --- compression --------------------------------------------------------------------------------------------------

_GZIP = "System.IO.Compression.GZipStream"
_DEFLATE = "System.IO.Compression.DeflateStream"


class CompressionStream(Stream):
    """``GZipStream`` and ``DeflateStream``."""

    __slots__ = ("base", "inflater", "leave_open", "loaded", "net_type", "window")

    def __init__(self, net_type: NetType, base: Stream, compress: bool, leave_open: bool) -> None:
        super().__init__(can_read=not compress, can_write=compress)
        self.net_type = net_type
        self.base = base
        self.leave_open = leave_open
        self.can_seek = False
        self.loaded = False
        self.window = 31 if net_type.full_name == _GZIP else -15

    def read(self, count: int) -> bytes:
        if not self.loaded and self.can_read:
            self.loaded = True
            try:
                packed = self.base.read(1 << 62)
                self.data = bytearray(zlib.decompress(packed, self.window) if packed else b"")
            except zlib.error:
                raise net_error(
                    "System.IO.InvalidDataException",
                    "The archive entry was compressed using an unsupported compression method.",
                ) from None
        return super().read(count)

    def close(self) -> None:
        if not self.closed and self.can_write:
            packer = zlib.compressobj(6, zlib.DEFLATED, self.window)
            if self.data:
                self.base.write(packer.compress(bytes(self.data)) + packer.flush())
        if not self.closed and not self.leave_open:
            self.base.close()
        self.closed = True


def _new_compression(net_type: NetType, base: Stream, mode: EnumValue, leave_open: bool = False) -> CompressionStream:
    if base is None:
        raise null_argument("stream")
    compress = mode.value == 1 if mode.net_type.name == "CompressionMode" else True
    return CompressionStream(net_type, base, compress, leave_open)


for _name in (_GZIP, _DEFLATE):
    constructor(
        _name,
        overloads=[
            "(System.IO.Stream, System.IO.Compression.CompressionMode)",
            "(System.IO.Stream, System.IO.Compression.CompressionMode, bool)",
            "(System.IO.Stream, System.IO.Compression.CompressionLevel)",
            "(System.IO.Stream, System.IO.Compression.CompressionLevel, bool)",
        ],
    )(_new_compression)
    getter(_name, "BaseStream", type="System.IO.Stream")(lambda self: self.base)


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


# --- text writers ---------------------------------------------------------------------------------------------------


class TextWriter(NetObject):
    """``StringWriter`` and ``StreamWriter``."""

    __slots__ = ("auto_flush", "closed", "encoding", "leave_open", "net_type", "new_line", "parts", "started", "stream")

    def __init__(self, net_type: NetType, new_line: str, stream: Stream | None = None, encoding: Encoding = enc.UTF8_NO_MARK) -> None:
        self.net_type = net_type
        self.new_line = new_line
        self.stream = stream
        self.encoding = encoding
        self.parts: list[str] = []
        self.closed = self.auto_flush = self.leave_open = False
        self.started = False

    def write(self, text: str) -> None:
        if self.closed:
            raise net_error("System.ObjectDisposedException", "Cannot write to a closed TextWriter.")
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
        return "".join(self.parts) if self.stream is None else types.type_to_string(self.net_type)


def new_line(ctx: Any) -> str:
    return "\r\n" if ctx is not None and ctx.machine.is_windows else "\n"


@constructor(
    "System.IO.StringWriter",
    overloads=["()", "(System.IFormatProvider)", "(System.Text.StringBuilder)"],
    context=True,
)
def _new_string_writer(ctx: Any, net_type: NetType, *_args: Any) -> TextWriter:
    return TextWriter(net_type, new_line(ctx))


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
    return "".join(self.parts)


@method("System.IO.StringWriter", "GetStringBuilder", overloads=["() -> System.Text.StringBuilder"])
def _writer_builder(self: TextWriter) -> Any:
    from hvsim.library.dotnet.text_builder import StringBuilder

    return StringBuilder("".join(self.parts))


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

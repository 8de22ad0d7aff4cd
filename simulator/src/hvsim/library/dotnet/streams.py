# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams, readers and writers of ``System.IO``, over memory and over the machine's disk."""

from __future__ import annotations

import zlib
from typing import Any

from hvsim.library.dotnet import file_info as fi
from hvsim.library.dotnet.support import bytes_array, data_of, null_argument, put_bytes, too_few
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method, setter, static_getter
from hvsim.runtime.types import NetType
from hvsim.runtime.values import EnumValue, Int64, NetObject

_STREAM = "System.IO.Stream"
_MEMORY = "System.IO.MemoryStream"
_FILE = "System.IO.FileStream"


class Stream(NetObject):
    """Bytes in memory with a position; :meth:`flush` lets a subclass carry them somewhere."""

    __slots__ = ("can_read", "can_seek", "can_write", "closed", "data", "expandable", "position")
    NET = _STREAM

    def __init__(self, data: bytes = b"", *, can_read: bool = True, can_write: bool = True, expandable: bool = True) -> None:
        self.data: Any = bytearray(data)
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

    def __init__(self, ctx: Any, path: str, data: Any, *, can_read: bool, can_write: bool) -> None:
        super().__init__(can_read=can_read, can_write=can_write)
        # The disk's own buffer: it acts like a bytearray, and a large file takes no memory.
        self.data = data
        self.ctx = ctx
        self.path = path
        self.dirty = False

    def write(self, piece: bytes) -> None:
        super().write(piece)
        self.dirty = True

    def flush(self) -> None:
        if self.dirty and not self.closed:
            with fi.disk_errors():
                fi.disk(self.ctx).write_content(fi.disk_path(self.path), self.data.content)
            self.dirty = False


_MODES = {"createnew": 1, "create": 2, "open": 3, "openorcreate": 4, "truncate": 5, "append": 6}


def open_file(ctx: Any, path: str, mode: int, access: int | None = None, share: int = 1) -> FileStream:
    """``FileStream(path, mode, access, share)``; the default of .NET is ``FileShare.Read``.

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
        data = files.buffer(name if wanted and mode != 5 else None, share_writing=bool(share & 2))
        if mode in (1, 2, 5) or (mode in (4, 6) and not exists):
            files.write_bytes(name, b"")
    stream = FileStream(ctx, full, data, can_read=bool(access & 1), can_write=bool(access & 2))
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
    return open_file(ctx, path, mode.value, *(value.value for value in rest[:2] if isinstance(value, EnumValue)))


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
        raise too_few()


@method(_STREAM, "Read", overloads=["(byte[], int, int) -> int"])
def _read(self: Stream, buffer: Any, offset: int, count: int) -> int:
    _buffer_range(buffer, offset, count)
    piece = self.read(count)
    put_bytes(buffer, offset, piece)
    return len(piece)


@method(_STREAM, "ReadByte")
def _read_byte(self: Stream) -> int:
    piece = self.read(1)
    return piece[0] if piece else -1


@method(_STREAM, "Write", overloads=["(byte[], int, int) -> void"])
def _write(self: Stream, buffer: Any, offset: int, count: int) -> None:
    _buffer_range(buffer, offset, count)
    self.write(data_of(buffer, offset, count))


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
    if isinstance(self, FileStream):
        self.data.resize(size)
        self.dirty = True
    else:
        self.data = self.data[:size].ljust(size, b"\0")
    self.position = min(self.position, size)


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

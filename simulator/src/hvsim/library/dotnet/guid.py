# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Guid``."""

from __future__ import annotations

import uuid
from typing import Any

from hvsim.library.dotnet.support import argument_error, bytes_array, null_argument
from hvsim.runtime.convert import parsers
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format import format_guid
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.structs import Guid
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array

_GUID = "System.Guid"


@constructor(_GUID, context=True)
def _new(ctx: Any, _net_type: NetType, *args: Any) -> Guid:
    if not args:
        return Guid(uuid.UUID(int=0))
    first = args[0]
    if type(first) is str:
        return parsers.parse_guid(ctx, first)
    if isinstance(first, list):
        if len(first) != 16:
            raise argument_error("Byte array for Guid must be exactly 16 bytes long.", "b")
        return Guid(uuid.UUID(bytes_le=bytes(int(b) for b in first)))
    if first is None:
        raise null_argument("b")
    if len(args) == 4:
        if args[3] is None:
            raise null_argument("d")
        if len(args[3]) != 8:
            raise argument_error("Byte array for Guid must be exactly 8 bytes long.", "d")
    rest = list(args[3]) if isinstance(args[3], list) else list(args[3:])
    head = (int(first) & 0xFFFFFFFF, int(args[1]) & 0xFFFF, int(args[2]) & 0xFFFF)
    tail = bytes(int(b) for b in rest)
    return Guid(uuid.UUID(f"{head[0]:08x}{head[1]:04x}{head[2]:04x}{tail.hex()}"))


@static_getter(_GUID, "Empty")
def _empty() -> Guid:
    return Guid(uuid.UUID(int=0))


@static_getter(_GUID, "AllBitsSet")
def _all_bits_set() -> Guid:
    return Guid(uuid.UUID(int=2**128 - 1))


@static_method(_GUID, "NewGuid")
def _new_guid() -> Guid:
    return Guid(uuid.uuid4())


@static_method(_GUID, "Parse", context=True)
def _parse(ctx: Any, text: Any, _provider: Any = None) -> Guid:
    if text is None:
        raise null_argument("input")
    return parsers.parse_guid(ctx, text)


def _spec(text: Any) -> str:
    if text is None:
        raise null_argument("format")
    if len(text) != 1 or text not in "NnDdBbPpXx":
        raise net_error(
            "System.FormatException",
            'Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".',
        )
    return str(text)


@static_method(_GUID, "CreateVersion7", overloads=["() -> guid"], context=True)
def _new_version_7(ctx: Any) -> Guid:
    """Milliseconds since 1970 in front of random bits (RFC 9562), for identifiers that sort by age."""
    milliseconds = int(ctx.machine.clock().timestamp() * 1000)
    random = uuid.uuid4().int
    marked = random & ~(0xF << 76) & ((1 << 80) - 1) | 0x7 << 76
    return Guid(uuid.UUID(int=milliseconds << 80 | marked))


@static_method(_GUID, "ParseExact", context=True)
def _parse_exact(ctx: Any, text: Any, spec: Any) -> Guid:
    return parsers.parse_guid(ctx, text, _spec(spec))


@static_method(_GUID, "TryParse", context=True)
def _try_parse(ctx: Any, text: Any, *args: Any) -> bool:
    try:
        args[-1].value = parsers.parse_guid(ctx, text or "")
    except PSError:
        args[-1].value = Guid(uuid.UUID(int=0))
        return False
    return True


@static_method(_GUID, "TryParseExact", context=True)
def _try_parse_exact(ctx: Any, text: Any, spec: Any, result: Any) -> bool:
    try:
        result.value = parsers.parse_guid(ctx, text or "", _spec(spec))
    except PSError:
        result.value = Guid(uuid.UUID(int=0))
        return False
    return True


@method(_GUID, "ToString")
def _to_string(self: Guid, spec: Any = None, _provider: Any = None) -> str:
    return format_guid(self, spec if type(spec) is str else None)


@method(_GUID, "ToByteArray")
def _to_byte_array(self: Guid, big_endian: bool = False) -> Array:
    return bytes_array(self.value.bytes if big_endian else self.value.bytes_le)


@method(_GUID, "CompareTo")
def _compare_to(self: Guid, other: Any) -> int:
    if other is None:
        return 1
    if type(other) is not Guid:
        raise argument_error("Object must be of type GUID.", "value")
    return (self.value.int > other.value.int) - (self.value.int < other.value.int)


@method(_GUID, "Equals")
def _equals(self: Guid, other: Any) -> bool:
    return type(other) is Guid and other.value == self.value


@method(_GUID, "GetHashCode")
def _hash(self: Guid) -> int:
    raw = self.value.bytes_le
    value = 0
    for i in range(0, 16, 4):
        value ^= int.from_bytes(raw[i : i + 4], "little")
    return value - (1 << 32) if value & 0x80000000 else value


getter(_GUID, "Variant")(lambda self: self.value.int >> 60 & 0xF)
getter(_GUID, "Version")(lambda self: self.value.int >> 76 & 0xF)

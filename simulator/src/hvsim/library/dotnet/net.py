# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Net``: addresses, ``WebUtility``, ``ServicePointManager``."""

from __future__ import annotations

import ipaddress
import re
from html.entities import name2codepoint
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.support import bytes_array, data_of, null_argument
from hvsim.runtime import convert, types
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.member_info import CodeProperty
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method, static_setter
from hvsim.runtime.objects import property_order, type_member
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, Int64, NetObject

_ADDRESS = "System.Net.IPAddress"
property_order(
    _ADDRESS, "AddressFamily", "ScopeId", "IsIPv6Multicast", "IsIPv6LinkLocal", "IsIPv6SiteLocal", "IsIPv6Teredo",
    "IsIPv6UniqueLocal", "IsIPv4MappedToIPv6", "Address",
)  # fmt: skip


class IPAddress(NetObject):
    """``System.Net.IPAddress``."""

    __slots__ = ("value",)
    NET = _ADDRESS

    def __init__(self, value: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IPAddress) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)

    def net_text(self, _ctx: Any) -> str:
        return str(self.value)


def parse(text: str) -> IPAddress | None:
    """An address from text as .NET reads it: ``10.1`` and ``0x7f.1`` are IPv4, brackets and scopes IPv6."""
    cleaned = text.strip() if not text.startswith("[") else text.strip("[]")
    if ":" in cleaned:
        try:
            return IPAddress(ipaddress.IPv6Address(cleaned))
        except ValueError:
            return None
    number = _ipv4(cleaned)
    return None if number is None else IPAddress(ipaddress.IPv4Address(number))


def _ipv4(text: str) -> int | None:
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers: list[int] = []
    for part in parts:
        try:
            base = 16 if part.lower().startswith("0x") else 8 if len(part) > 1 and part.startswith("0") else 10
            if not part or not part.isascii() or part[0] in "+-_" or "_" in part:
                return None
            numbers.append(int(part, base))
        except ValueError:
            return None
    *front, last = numbers
    if any(n > 255 for n in front) or last >= 256 ** (5 - len(parts)):
        return None
    value = last
    for place, number in enumerate(front):
        value |= number << (24 - 8 * place)
    return value


def _invalid() -> PSError:
    return net_error(
        "System.FormatException",
        "An invalid IP address was specified.",
        inner=None,
    )


@static_method(_ADDRESS, "Parse", overloads=["(string) -> ipaddress"])
def _parse(text: str) -> IPAddress:
    if text is None:
        raise null_argument("ipString")
    found = parse(text)
    if found is None:
        raise _invalid()
    return found


@static_method(_ADDRESS, "TryParse", overloads=["(string, out ipaddress) -> bool"])
def _try_parse(text: str | None, reference: Any) -> bool:
    reference.value = parse(text) if text else None
    return reference.value is not None


@constructor(_ADDRESS, overloads=["(long)", "(byte[])", "(byte[], long)"])
def _new(net_type: NetType, value: Any, _scope: int = 0) -> IPAddress:
    if isinstance(value, int):
        if not 0 <= value <= 0xFFFFFFFF:
            raise net_error("System.ArgumentOutOfRangeException", f"newAddress ('{value}') must be less than or equal to '4294967295'. (Parameter 'newAddress')")
        return IPAddress(ipaddress.IPv4Address(int(value).to_bytes(4, "little")))
    if value is None:
        raise null_argument("address")
    data = data_of(value)
    if len(data) not in (4, 16):
        raise net_error("System.ArgumentException", "An invalid IP address was specified. (Parameter 'address')")
    return IPAddress(ipaddress.IPv4Address(data) if len(data) == 4 else ipaddress.IPv6Address(data))


def _family(self: IPAddress) -> EnumValue:
    name = "InterNetwork" if self.value.version == 4 else "InterNetworkV6"
    return types.enum("System.Net.Sockets.AddressFamily", name)


def _other_family() -> PSError:
    return net_error(
        "System.Net.Sockets.SocketException",
        "The attempted operation is not supported for the type of object referenced.",
    )


def _number(self: IPAddress) -> Int64:
    if self.value.version != 4:
        raise _other_family()
    return Int64(int.from_bytes(self.value.packed, "little"))


getter(_ADDRESS, "AddressFamily")(_family)
getter(_ADDRESS, "Address")(_number)


@getter(_ADDRESS, "ScopeId")
def _scope(self: IPAddress) -> Int64:
    if self.value.version != 6:
        raise _other_family()
    return Int64(int(self.value.scope_id or 0))


getter(_ADDRESS, "IsIPv6LinkLocal")(lambda self: self.value.version == 6 and self.value.is_link_local)
getter(_ADDRESS, "IsIPv6Multicast")(lambda self: self.value.version == 6 and self.value.is_multicast)
getter(_ADDRESS, "IsIPv6SiteLocal")(lambda self: self.value.version == 6 and self.value.is_site_local)
getter(_ADDRESS, "IsIPv6Teredo")(lambda self: self.value.version == 6 and self.value.teredo is not None)
getter(_ADDRESS, "IsIPv6UniqueLocal")(lambda self: self.value.version == 6 and self.value.packed[0] & 0xFE == 0xFC)
getter(_ADDRESS, "IsIPv4MappedToIPv6")(lambda self: self.value.version == 6 and self.value.ipv4_mapped is not None)
method(_ADDRESS, "GetAddressBytes")(lambda self: bytes_array(self.value.packed))
method(_ADDRESS, "Equals")(lambda self, other: self == other)
static_method(_ADDRESS, "IsLoopback", overloads=["(ipaddress) -> bool"])(lambda address: address.value.is_loopback)
method(_ADDRESS, "MapToIPv6")(
    lambda self: self if self.value.version == 6 else IPAddress(ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + self.value.packed))
)
method(_ADDRESS, "MapToIPv4")(
    lambda self: self if self.value.version == 4 else IPAddress(ipaddress.IPv4Address(self.value.packed[-4:]))
)
for _name, _text in (
    ("Any", "0.0.0.0"),
    ("Broadcast", "255.255.255.255"),
    ("Loopback", "127.0.0.1"),
    ("None", "255.255.255.255"),
    ("IPv6Any", "::"),
    ("IPv6Loopback", "::1"),
    ("IPv6None", "::"),
):
    static_getter(_ADDRESS, _name)(lambda text=_text: parse(text))
type_member(
    _ADDRESS, CodeProperty("IPAddressToString", lambda ctx, owner: str(owner.value), shown="ScriptProperty", value_type="System.Object")
)


def _to_address(ctx: Any, value: Any, target: NetType) -> IPAddress:
    if not isinstance(value, str):
        # The one constructor that takes the very type: an object[] is no byte[].
        if isinstance(value, int) or (isinstance(value, Array) and value.element_type is types.get("byte")):
            return _new(target, value)
        raise convert.no_conversion(ctx, value, target)
    found = parse(value)
    if found is None:
        raise convert.with_inner("InvalidCastParseTargetInvocation", value, target, _invalid().exception)
    return found


convert.register(_ADDRESS, _to_address)

# --- WebUtility ---------------------------------------------------------------------------------------------------

_WEB = "System.Net.WebUtility"
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&#39;"}


@static_method(_WEB, "HtmlEncode", overloads=["(string) -> string"])
def html_encode(text: str | None) -> str | None:
    if text is None:
        return None
    return "".join(
        _ENTITIES.get(c) or (f"&#{ord(c)};" if 160 <= ord(c) < 256 or ord(c) > 0xFFFF else c) for c in from_utf16(text)
    )


@static_method(_WEB, "HtmlDecode", overloads=["(string) -> string"])
def html_decode(text: str | None) -> str | None:
    return None if text is None else _ENTITY.sub(_decoded, text)


# The entities of HTML 4 and XML, closed by a semicolon; anything else stays as it is.
_ENTITY = re.compile(r"&(?:#([0-9]+)|#[xX]([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]*));")


def _decoded(found: re.Match[str]) -> str:
    if found[3]:
        code = 39 if found[3] == "apos" else name2codepoint.get(found[3], 0)
    else:
        code = int(found[1]) if found[1] else int(found[2], 16)
    return to_utf16(chr(code)) if 0 < code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else found[0]


@static_method(_WEB, "UrlEncode", overloads=["(string) -> string"])
def _url_encode(text: str | None) -> str | None:
    return None if text is None else quote_plus(from_utf16(text), safe="!()*-._").replace("~", "%7E")


@static_method(_WEB, "UrlDecode", overloads=["(string) -> string"])
def _url_decode(text: str | None) -> str | None:
    return None if text is None else to_utf16(unquote_plus(text, errors="replace"))


# --- ServicePointManager --------------------------------------------------------------------------------------------

_MANAGER = "System.Net.ServicePointManager"
_PROTOCOL = "System.Net.SecurityProtocolType"


class _Settings:
    """What scripts set for connections that a simulated host never makes; one per runspace."""

    def __init__(self) -> None:
        self.protocol = types.enum(_PROTOCOL, 0)
        self.callback: Any = None


def _settings(ctx: Any) -> _Settings:
    found: _Settings = ctx.services.setdefault(_Settings, _Settings())
    return found


@static_getter(_MANAGER, "SecurityProtocol", type=_PROTOCOL, context=True)
def _protocol(ctx: Any) -> EnumValue:
    return _settings(ctx).protocol


@static_setter(_MANAGER, "SecurityProtocol", context=True)
def _set_protocol(ctx: Any, value: EnumValue) -> None:
    _settings(ctx).protocol = value

# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Uri`` and ``System.UriBuilder``."""

from __future__ import annotations

import re
from typing import Any

from hvsim.library.dotnet.support import enum_number, null_argument, out_of_range, string_array
from hvsim.runtime import convert, types
from hvsim.runtime.convert import uri as uris
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method, setter, static_getter, static_method
from hvsim.runtime.structs import Uri
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, NetObject

_URI = "System.Uri"
_BUILDER = "System.UriBuilder"


@constructor(_URI)
def _new(_net_type: NetType, first: Any, *rest: Any) -> Uri:
    if first is None:
        raise null_argument("uriString")
    if type(first) is Uri:
        second = rest[0]
        if second is None:
            return first
        return uris.combine(first, second.original if type(second) is Uri else second)
    kind = 1
    if rest and type(rest[0]) is EnumValue:
        kind = enum_number(rest[0])
    return uris.create(first, kind)


def _absolute(self: Uri) -> uris.Parts:
    parts = uris.parts(self)
    if parts is None:
        raise net_error("System.InvalidOperationException", "This operation is not supported for a relative URI.")
    return parts


def _local_path(parts: uris.Parts) -> str:
    path = uris.unescape(parts.path)
    if parts.is_unc:
        return "\\\\" + parts.host + path.replace("/", "\\")
    if parts.is_file and re.match(r"/[A-Za-z]:", path):
        return path[1:].replace("/", "\\")
    return path


def _segments(parts: uris.Parts) -> Array:
    pieces = re.findall(r"[^/]*/|[^/]+\Z", parts.path)
    return string_array(pieces)


_PARTS: dict[str, Any] = {
    "AbsoluteUri": uris.absolute,
    "AbsolutePath": lambda p: p.path,
    "Authority": lambda p: p.authority,
    "DnsSafeHost": lambda p: p.host.strip("[]"),
    "IdnHost": lambda p: p.host.strip("[]"),
    "Fragment": lambda p: p.fragment,
    "Host": lambda p: p.host,
    "IsDefaultPort": lambda p: p.default_port,
    "IsFile": lambda p: p.is_file,
    "IsLoopback": lambda p: p.host in ("localhost", "127.0.0.1", "[::1]", "loopback") or (p.is_file and not p.host),
    "IsUnc": lambda p: p.is_unc,
    "LocalPath": _local_path,
    "PathAndQuery": lambda p: p.path + p.query,
    "Port": lambda p: p.port,
    "Query": lambda p: p.query,
    "Scheme": lambda p: p.scheme,
    "Segments": _segments,
    "UserInfo": lambda p: p.user_info,
}


def _part(name: str, function: Any) -> None:
    getter(_URI, name)(lambda self: function(_absolute(self)))


for _name, _function in _PARTS.items():
    _part(_name, _function)


@getter(_URI, "HostNameType")
def _host_name_type(self: Uri) -> EnumValue:
    host = _absolute(self).host
    if not host:
        number = 1
    elif host.startswith("["):
        number = 4
    elif re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", host):
        number = 3
    else:
        number = 2
    return types.enum("System.UriHostNameType", number)


getter(_URI, "IsAbsoluteUri")(lambda self: uris.parts(self) is not None)
getter(_URI, "OriginalString")(lambda self: self.original)
getter(_URI, "UserEscaped")(lambda self: False)


@method(_URI, "ToString")
def _to_string(self: Uri) -> str:
    return uris.display(self)


def _normal(self: Uri) -> str:
    parts = uris.parts(self)
    if parts is None:
        return self.original
    return uris.absolute(parts).partition("#")[0]


def equal(a: Any, b: Any) -> bool:
    """``Uri.Equals``: the normal forms without fragment."""
    return type(a) is Uri and type(b) is Uri and _normal(a) == _normal(b)


@method(_URI, "Equals", context=True)
def _equals(ctx: Any, self: Uri, other: Any) -> bool:
    if type(other) is str:
        try:
            other = uris.create(other, 0)
        except PSError:
            return False
    return equal(self, other)


@method(_URI, "GetHashCode")
def _hash(self: Uri) -> int:
    return hash(_normal(self)) & 0x7FFFFFFF


@method(_URI, "IsBaseOf")
def _is_base_of(self: Uri, other: Uri) -> bool:
    a, b = uris.parts(self), uris.parts(other)
    if a is None or b is None:
        return False
    base = a.path.rpartition("/")[0] + "/"
    return (a.scheme, a.host, a.port) == (b.scheme, b.host, b.port) and b.path.startswith(base)


@method(_URI, "IsWellFormedOriginalString")
def _is_well_formed(self: Uri) -> bool:
    return _well_formed(self.original, 0)


@method(_URI, "GetLeftPart")
def _left_part(self: Uri, part: EnumValue) -> str:
    parts = _absolute(self)
    scheme = f"{parts.scheme}://"
    user = parts.user_info + "@" if parts.user_info else ""
    authority = scheme + user + parts.authority
    return (scheme, authority, authority + parts.path, authority + parts.path + parts.query)[part.value]


@method(_URI, "MakeRelativeUri")
def _make_relative(self: Uri, other: Uri) -> Uri:
    a, b = _absolute(self), _absolute(other)
    if (a.scheme, a.host, a.port) != (b.scheme, b.host, b.port):
        return other
    start = a.path.split("/")[:-1]
    target = b.path.split("/")
    common = 0
    while common < min(len(start), len(target) - 1) and start[common] == target[common]:
        common += 1
    text = "../" * (len(start) - common) + "/".join(target[common:])
    return Uri(text + b.query + b.fragment, 2)


def _well_formed(text: str, kind: int) -> bool:
    try:
        parts = uris.parse(text)
    except PSError:
        return False
    if parts is None:
        return kind != 1 and not re.search(r"[\s\\^`{|}<>\"]", text)
    if kind == 2 or not uris._SCHEME.match(text):
        return False
    return not re.search(r"[\s\\^`{|}<>\"]|%(?![0-9A-Fa-f]{2})", text) and text.isascii()


@static_method(_URI, "IsWellFormedUriString")
def _is_well_formed_string(text: Any, kind: EnumValue) -> bool:
    return text is not None and _well_formed(text, kind.value)


@static_method(_URI, "TryCreate")
def _try_create(first: Any, second: Any, result: Any) -> bool:
    try:
        if type(first) is Uri:
            result.value = uris.combine(first, second.original if type(second) is Uri else second or "")
        elif first is None:
            raise null_argument("uriString")
        else:
            result.value = uris.create(first, enum_number(second))
    except PSError:
        result.value = None
        return False
    return True


@static_method(_URI, "EscapeDataString")
def _escape_data(text: Any) -> str:
    if text is None:
        raise null_argument("stringToEscape")
    return uris.escape(text)


@static_method(_URI, "EscapeUriString")
def _escape_uri(text: str) -> str:
    return uris._quote(text, "/-_.~!$&'()*+,;=:@?#[]")


@static_method(_URI, "UnescapeDataString")
def _unescape_data(text: Any) -> str:
    if text is None:
        raise null_argument("stringToUnescape")
    return uris.unescape(text)


@static_method(_URI, "CheckSchemeName")
def _check_scheme_name(text: Any) -> bool:
    return bool(text) and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.\-]*", text) is not None


@static_method(_URI, "CheckHostName")
def _check_host_name(text: Any) -> EnumValue:
    if not text:
        number = 0
    elif re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", text):
        number = 3
    elif ":" in text:
        number = 4
    else:
        number = 2 if re.fullmatch(r"[\w\-]+(\.[\w\-]+)*\.?", text) else 0
    return types.enum("System.UriHostNameType", number)


@static_method(_URI, "IsHexDigit")
def _is_hex_digit(char: Any) -> bool:
    return char.text in "0123456789abcdefABCDEF"


@static_method(_URI, "FromHex")
def _from_hex(char: Any) -> int:
    if char.text not in "0123456789abcdefABCDEF":
        raise net_error("System.ArgumentException", "Value does not fall within the expected range.")
    return int(char.text, 16)


@static_method(_URI, "HexEscape")
def _hex_escape(char: Any) -> str:
    return f"%{char.code:02X}"


for _name, _scheme in (
    ("UriSchemeFile", "file"), ("UriSchemeFtp", "ftp"), ("UriSchemeFtps", "ftps"), ("UriSchemeGopher", "gopher"),
    ("UriSchemeHttp", "http"), ("UriSchemeHttps", "https"), ("UriSchemeMailto", "mailto"), ("UriSchemeNetPipe", "net.pipe"),
    ("UriSchemeNetTcp", "net.tcp"), ("UriSchemeNews", "news"), ("UriSchemeNntp", "nntp"), ("UriSchemeSftp", "sftp"),
    ("UriSchemeSsh", "ssh"), ("UriSchemeTelnet", "telnet"), ("UriSchemeWs", "ws"), ("UriSchemeWss", "wss"),
    ("SchemeDelimiter", "://"),
):  # fmt: skip
    static_getter(_URI, _name)(lambda v=_scheme: v)


# --- UriBuilder ---------------------------------------------------------------------------------------------------------------


@types.net_class(_BUILDER)
class UriBuilder(NetObject):
    """``System.UriBuilder``."""

    __slots__ = ("fragment", "host", "password", "path", "port", "query", "scheme", "user_name")

    def __init__(self) -> None:
        self.scheme, self.host, self.port = "http", "localhost", -1
        self.path, self.query, self.fragment = "/", "", ""
        self.user_name = self.password = ""

    def text(self) -> str:
        user = self.user_name + (":" + self.password if self.password else "") + "@" if self.user_name else ""
        port = f":{self.port}" if self.port >= 0 else ""
        authority = (
            f"{self.scheme}://{user}{self.host}{port}" if self.host or self.scheme == "file" else f"{self.scheme}:"
        )
        path = self.path if self.path.startswith("/") or not self.host else "/" + self.path
        return authority + path + self.query + self.fragment


@constructor(
    _BUILDER,
    overloads=[
        "()", "(string)", "(uri)", "(string, string)", "(string, string, int)", "(string, string, int, string)",
        "(string, string, int, string, string)",
    ],
)  # fmt: skip
def _new_builder(_net_type: NetType, *args: Any) -> UriBuilder:
    builder = UriBuilder()
    if not args:
        return builder
    if len(args) == 1:
        uri = args[0]
        if uri is None:
            raise null_argument("uri")
        if type(uri) is str:
            uri = uris.create(uri, 0)
            if uris.parts(uri) is None:
                uri = uris.create("http://" + uri.original)
        parts = _absolute(uri)
        builder.scheme, builder.host, builder.port = parts.scheme, parts.host, parts.port
        builder.path, builder.query, builder.fragment = parts.path, parts.query, parts.fragment
        builder.user_name, _, builder.password = parts.user_info.partition(":")
        return builder
    builder.scheme, builder.host = args[0], args[1]
    if len(args) > 2:
        builder.port = args[2]
    if len(args) > 3:
        builder.path = args[3] or "/"
    if len(args) > 4:
        query, _, fragment = (args[4] or "").partition("#")
        builder.query = query
        builder.fragment = "#" + fragment if fragment else ""
    return builder


def _builder_property(name: str, attribute: str, type_name: str, clean: Any = None) -> None:
    getter(_BUILDER, name, type=type_name)(lambda self: getattr(self, attribute))
    setter(_BUILDER, name)(lambda self, value: setattr(self, attribute, clean(value) if clean else value))


def _checked_port(value: int) -> int:
    if not -1 <= value <= 65535:
        raise out_of_range("Specified argument was out of the range of valid values.", "value")
    return value


def _marked(mark: str) -> Any:
    return lambda value: mark + value if value and not value.startswith(mark) else value or ""


_builder_property("Scheme", "scheme", "string", lambda v: (v or "").partition(":")[0].lower())
_builder_property("UserName", "user_name", "string")
_builder_property("Password", "password", "string")
_builder_property("Host", "host", "string")
_builder_property("Port", "port", "int", _checked_port)
_builder_property("Path", "path", "string", lambda v: uris._quote((v or "/").replace("\\", "/"), uris._PATH_SAFE))
_builder_property("Query", "query", "string", _marked("?"))
_builder_property("Fragment", "fragment", "string", _marked("#"))


@getter(_BUILDER, "Uri", type="uri")
def _builder_uri(self: UriBuilder) -> Uri:
    return uris.create(self.text())


@method(_BUILDER, "ToString", overloads=["() -> string"])
def _builder_to_string(self: UriBuilder) -> str:
    return self.text()


convert.TO_STRING[UriBuilder] = lambda ctx, value, culture: value.text()

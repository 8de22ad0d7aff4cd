# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Uri``: splitting, normal form and display text."""

from __future__ import annotations

import re
import urllib.parse
from dataclasses import dataclass
from typing import Final

from hvsim.lang.text import from_utf16, to_utf16
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.structs import Uri

__all__ = ["Parts", "combine", "create", "display", "escape", "parts", "remove_dots", "unescape"]

PORTS: Final = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443, "ldap": 389, "file": -1, "mailto": 25}
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_AUTHORITY: Final = re.compile(r"(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::([0-9]*))?\Z")
_HOST: Final = re.compile(r"[\w.\-_~%!$&'()*+,;=]*\Z|\[[0-9A-Fa-f:.%]+\]\Z")
_UNRESERVED: Final = "-_.~"
_PATH_SAFE: Final = "/-_.~!$&'()*+,;=:@%[]"


@dataclass
class Parts:
    """An absolute URI taken apart, in normal form (escaped)."""

    scheme: str
    user_info: str
    host: str
    port: int
    default_port: bool
    path: str
    query: str
    fragment: str
    is_unc: bool = False
    is_file: bool = False
    has_authority: bool = True

    @property
    def authority(self) -> str:
        return self.host if self.default_port else f"{self.host}:{self.port}"


def _quote(text: str, safe: str) -> str:
    text = from_utf16(text)
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return urllib.parse.quote(text, safe=safe + "%", errors="surrogatepass")


def escape(text: str) -> str:
    """``Uri.EscapeDataString``."""
    return urllib.parse.quote(from_utf16(text), safe=_UNRESERVED, errors="replace")


def unescape(text: str) -> str:
    """``Uri.UnescapeDataString``: sequences that are no UTF-8 stay."""
    if "%" not in text:
        return text

    def decode(found: re.Match[str]) -> str:
        raw = bytes.fromhex(found[0].replace("%", ""))
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return found[0]

    return to_utf16(re.sub(r"(?:%[0-9A-Fa-f]{2})+", decode, from_utf16(text)))


def remove_dots(path: str) -> str:
    """``.`` and ``..`` segments resolved."""
    if "." not in path:
        return path
    out: list[str] = []
    segments = path.split("/")
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == ".":
            if last:
                out.append("")
        elif segment == "..":
            if len(out) > 1:
                out.pop()
            if last:
                out.append("")
        else:
            out.append(segment)
    text = "/".join(out)
    return text if text.startswith("/") or not path.startswith("/") else "/" + text


def _bad(message: str) -> PSError:
    return net_error("System.UriFormatException", message)


def parse(text: str) -> Parts | None:
    """The parts of an absolute URI; None if *text* is a relative one.

    Raises:
        PSError: ``System.UriFormatException``.
    """
    text = text.strip(" \t\r\n")
    if text.startswith("\\\\"):
        return _file("//" + text[2:].replace("\\", "/"))
    if re.match(r"[A-Za-z]:[\\/]", text):
        return _file("///" + text.replace("\\", "/"))
    if text.startswith("/") and not text.startswith("//"):
        return _unix_file(text)
    found = _SCHEME.match(text)
    if found is None:
        return None
    scheme, rest = found[1].lower(), text[found.end() :]
    if len(scheme) == 1:
        raise _bad("Invalid URI: The format of the URI could not be determined.")
    if scheme == "file":
        return _file(rest.replace("\\", "/"))
    rest, _, fragment = rest.partition("#")
    rest, mark, query = rest.partition("?")
    if not rest.startswith("//"):
        if scheme in ("http", "https", "ftp", "ws", "wss"):
            raise _bad(
                "Invalid URI: The Authority/Host could not be parsed."
                if not rest
                else "Invalid URI: The URI scheme is not valid."
            )
        return Parts(
            scheme, "", "", PORTS.get(scheme, -1), True, _quote(rest, _PATH_SAFE),
            "?" + _quote(query, _PATH_SAFE + "?") if mark else "", "#" + _quote(fragment, _PATH_SAFE + "?") if fragment else "",
            has_authority=False,
        )  # fmt: skip
    rest = rest[2:].replace("\\", "/") if scheme in ("http", "https", "ftp") else rest[2:]
    authority, slash, path = rest.partition("/")
    parsed = _AUTHORITY.match(authority)
    if parsed is None:
        raise _bad(
            "Invalid URI: Invalid port specified."
            if ":" in authority
            else "Invalid URI: The hostname could not be parsed."
        )
    user, host, port_text = parsed[1] or "", parsed[2], parsed[3]
    if not host and scheme in ("http", "https", "ftp", "ws", "wss"):
        raise _bad("Invalid URI: The hostname could not be parsed.")
    if not _HOST.match(host) or ".." in host:
        raise _bad("Invalid URI: The hostname could not be parsed.")
    default = PORTS.get(scheme, -1)
    port = int(port_text) if port_text else default
    if port > 65535:
        raise _bad("Invalid URI: Invalid port specified.")
    full_path = _quote(slash + path, _PATH_SAFE)
    if scheme in PORTS:
        full_path = remove_dots(full_path) or "/"
    return Parts(
        scheme, _quote(user, ":" + _PATH_SAFE.replace("/", "")), host.lower(), port, port == default, full_path,
        "?" + _quote(query, _PATH_SAFE + "?") if mark else "", "#" + _quote(fragment, _PATH_SAFE + "?") if fragment else "",
    )  # fmt: skip


def _file(rest: str) -> Parts:
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        path = slash + path
    else:
        host, path = "", "/" + rest.lstrip("/")
    if re.match(r"[A-Za-z]:", host):
        path, host = "/" + host + path, ""
    path = remove_dots(_quote(path, _PATH_SAFE)) or "/"
    return Parts("file", "", host.lower(), -1, True, path, "", "", is_unc=bool(host), is_file=True)


def _unix_file(text: str) -> Parts:
    return Parts("file", "", "", -1, True, remove_dots(_quote(text, _PATH_SAFE)), "", "", is_file=True)


def parts(uri: Uri) -> Parts | None:
    """The parts of *uri*, None if it is relative."""
    if uri.parsed is None:
        try:
            found = None if uri.kind == 2 else parse(uri.original)
        except PSError:
            found = None
        uri.parsed = found if found is not None else False
    return uri.parsed or None


def create(text: str, kind: int = 1) -> Uri:
    """``new Uri(text, kind)``: 0 RelativeOrAbsolute, 1 Absolute, 2 Relative.

    Raises:
        PSError: ``System.UriFormatException``.
    """
    if kind != 0 and kind != 2 and not text:
        raise _bad("Invalid URI: The URI is empty.")
    found = None
    if kind != 2:
        found = parse(text)
        if found is None and kind == 1:
            raise _bad("Invalid URI: The format of the URI could not be determined.")
    uri = Uri(text, 2 if found is None else 1)
    uri.parsed = found if found is not None else False
    return uri


def absolute(p: Parts) -> str:
    """``AbsoluteUri``."""
    if not p.has_authority:
        return f"{p.scheme}:{p.path}{p.query}{p.fragment}"
    user = p.user_info + "@" if p.user_info else ""
    return f"{p.scheme}://{user}{p.authority}{p.path}{p.query}{p.fragment}"


_KEEP: Final = re.compile(r"%(?:2[035679bcfBCF]|3[abdfABDF]|40|5[bdBD]|0[0-9a-fA-F]|1[0-9a-fA-F]|7[fF])")


def display(uri: Uri) -> str:
    """``ToString()``: the normal form with harmless escapes undone; the text itself of a relative URI."""
    p = parts(uri)
    if p is None:
        return uri.original
    text = absolute(p)
    if "%" not in text:
        return text
    pieces, at = [], 0
    for found in _KEEP.finditer(text):
        if found[0].lower() == "%20":
            continue
        pieces.append(unescape(text[at : found.start()]))
        pieces.append(found[0])
        at = found.end()
    pieces.append(unescape(text[at:]))
    return "".join(pieces)


def combine(base: Uri, relative: str) -> Uri:
    """``new Uri(base, relative)``."""
    if _SCHEME.match(relative) and parse(relative) is not None:
        return create(relative)
    p = parts(base)
    if p is None:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Specified argument was out of the range of valid values. (Parameter 'baseUri')",
            ParamName="baseUri",
        )
    rest, _, fragment = relative.partition("#")
    rest, mark, query = rest.partition("?")
    root = absolute(p)[: len(absolute(p)) - len(p.path) - len(p.query) - len(p.fragment)]
    if rest.startswith("//"):
        return create(f"{p.scheme}:{relative}")
    if rest.startswith("/"):
        path = rest
    elif rest:
        path = p.path.rpartition("/")[0] + "/" + rest
    else:
        path = p.path
        if not mark:
            query, mark = p.query[1:], p.query[:1]
    text = root + remove_dots(path) + (mark + query if mark else "") + ("#" + fragment if fragment else "")
    return create(text)

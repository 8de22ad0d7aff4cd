# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Web.HttpUtility`` and the ``NameValueCollection`` that it parses query strings into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.net import html_decode, html_encode
from hvsim.library.dotnet.support import null_argument, out_of_range, string_array
from hvsim.runtime import types
from hvsim.runtime.collections import Enumerator
from hvsim.runtime.convert.sequences import SEQUENCES
from hvsim.runtime.members import constructor, getter, index_setter, indexer, method, static_method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, NetObject

_NAMES = "System.Collections.Specialized.NameValueCollection"
_QUERY = "System.Web.HttpUtility+HttpQSCollection"
_UTILITY = "System.Web.HttpUtility"


class NameValueCollection(NetObject):
    """Names, in order and whatever their case, each with one or more values."""

    __slots__ = ("entries", "extended", "type_names")
    NET: ClassVar[str] = _NAMES

    def __init__(self) -> None:
        self.entries: dict[str | None, tuple[str | None, list[str | None]]] = {}
        self.extended: dict[str, Any] | None = None
        self.type_names: list[str] | None = None

    def __iter__(self) -> Iterator[str | None]:
        return iter([name for name, _ in self.entries.values()])

    def __len__(self) -> int:
        return len(self.entries)

    def values(self, name: str | None) -> list[str | None] | None:
        entry = self.entries.get(_folded(name))
        return entry[1] if entry is not None else None

    def add(self, name: str | None, value: str | None) -> None:
        values = self.entries.setdefault(_folded(name), (name, []))[1]
        if value is not None:
            values.append(value)

    def at(self, index: int) -> tuple[str | None, list[str | None]]:
        if not 0 <= index < len(self.entries):
            raise out_of_range(
                "Index was out of range. Must be non-negative and less than the size of the collection.", "index"
            )
        return list(self.entries.values())[index]


class QueryCollection(NameValueCollection):
    """What ``ParseQueryString`` gives: its text is the query again."""

    __slots__ = ()
    NET: ClassVar[str] = _QUERY

    def net_text(self, _ctx: Any) -> str:
        pairs: list[str] = []
        for name, values in self.entries.values():
            prefix = "" if name is None else url_encode(name) + "="
            pairs.extend(prefix + url_encode(v or "") for v in values or [""])
        return "&".join(pairs)


types.net_class(_NAMES)(NameValueCollection)
types.net_class(_QUERY, base=_NAMES)(QueryCollection)
SEQUENCES[NameValueCollection] = iter


def _folded(name: str | None) -> str | None:
    return None if name is None else name.lower()


def _joined(values: list[str | None] | None) -> str | None:
    return ",".join(v or "" for v in values) if values else None


@constructor(_NAMES, overloads=["()", "(int)", f"({_NAMES})"])
def _new(_net_type: NetType, source: Any = None) -> NameValueCollection:
    made = NameValueCollection()
    if isinstance(source, NameValueCollection):
        _add_all(made, source)
    return made


def _add_all(self: NameValueCollection, other: NameValueCollection) -> None:
    for name, values in list(other.entries.values()):
        for value in values or [None]:
            self.add(name, value)


@method(_NAMES, "Add", overloads=["(string, string) -> void", f"({_NAMES}) -> void"])
def _add(self: NameValueCollection, *args: Any) -> None:
    if len(args) == 2:
        self.add(*args)
    elif args[0] is None:
        raise null_argument("c")
    else:
        _add_all(self, args[0])


@indexer(_NAMES, overloads=["(string) -> string", "(int) -> string"])
@method(_NAMES, "Get", overloads=["(string) -> string", "(int) -> string"])
def _get(self: NameValueCollection, key: Any) -> str | None:
    return _joined(self.at(key)[1] if type(key) is int else self.values(key))


@method(_NAMES, "GetValues", overloads=["(string) -> string[]", "(int) -> string[]"])
def _get_values(self: NameValueCollection, key: Any) -> Array | None:
    values = self.at(key)[1] if type(key) is int else self.values(key)
    return Array(list(values), types.STRING) if values else None


@index_setter(_NAMES, overloads=["(string, string) -> void"])
@method(_NAMES, "Set", overloads=["(string, string) -> void"])
def _set(self: NameValueCollection, name: str | None, value: str | None) -> None:
    key = _folded(name)
    old = self.entries.get(key)
    self.entries[key] = (old[0] if old is not None else name, [value])


@method(_NAMES, "Remove", overloads=["(string) -> void"])
def _remove(self: NameValueCollection, name: str | None) -> None:
    self.entries.pop(_folded(name), None)


method(_NAMES, "Clear", overloads=["() -> void"])(lambda self: self.entries.clear())
method(_NAMES, "HasKeys", overloads=["() -> bool"])(lambda self: any(name is not None for name in self))
method(_NAMES, "GetKey", overloads=["(int) -> string"])(lambda self, index: self.at(index)[0])
getter(_NAMES, "AllKeys", type="string[]")(lambda self: string_array(list(self)))
getter(_NAMES, "Count", type="int")(len)


@method(_NAMES, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])
def _enumerator(self: NameValueCollection) -> Enumerator:
    return Enumerator(lambda: iter(self), types.get("System.Collections.IEnumerator"))


# --- HttpUtility ------------------------------------------------------------------------------------------------------------

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!*()")


def url_encode(text: str) -> str:
    """``HttpUtility.UrlEncode``: UTF-8, a blank as ``+``, hexadecimal digits in lower case."""
    data = from_utf16(text).encode("utf-8", "replace")
    return "".join(chr(b) if b in _UNRESERVED else "+" if b == 32 else f"%{b:02x}" for b in data)


_ESCAPED = re.compile(r"((?:%[0-9a-fA-F]{2})+)|%u([0-9a-fA-F]{4})")


def url_decode(text: str) -> str:
    """``HttpUtility.UrlDecode``; what is no valid escape stays."""

    def decode(found: re.Match[str]) -> str:
        if found[2] is not None:
            return chr(int(found[2], 16))
        return to_utf16(bytes.fromhex(found[1].replace("%", "")).decode("utf-8", "replace"))

    return _ESCAPED.sub(decode, text.replace("+", " "))


@static_method(_UTILITY, "UrlEncode", overloads=["(string) -> string"])
def _url_encode(text: str | None) -> str | None:
    return None if text is None else url_encode(text)


@static_method(_UTILITY, "UrlDecode", overloads=["(string) -> string"])
def _url_decode(text: str | None) -> str | None:
    return None if text is None else url_decode(text)


static_method(_UTILITY, "HtmlEncode", overloads=["(string) -> string"])(html_encode)
static_method(_UTILITY, "HtmlDecode", overloads=["(string) -> string"])(html_decode)
_ATTRIBUTE = {'"': "&quot;", "'": "&#39;", "&": "&amp;", "<": "&lt;"}


@static_method(_UTILITY, "HtmlAttributeEncode", overloads=["(string) -> string"])
def _attribute_encode(text: str | None) -> str | None:
    return None if text is None else "".join(_ATTRIBUTE.get(c, c) for c in text)


_SCRIPT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_SCRIPT_UNSAFE = frozenset("&<>'\u0085\u2028\u2029")


@static_method(_UTILITY, "JavaScriptStringEncode", overloads=["(string) -> string", "(string, bool) -> string"])
def _script_encode(text: str | None, quoted: bool = False) -> str:
    encoded = "".join(
        _SCRIPT.get(c) or (f"\\u{ord(c):04x}" if c < " " or c in _SCRIPT_UNSAFE else c) for c in text or ""
    )
    return f'"{encoded}"' if quoted else encoded


@static_method(_UTILITY, "ParseQueryString", overloads=["(string) -> " + _NAMES])
def _parse_query(query: str | None) -> QueryCollection:
    if query is None:
        raise null_argument("query")
    made = QueryCollection()
    query = query.removeprefix("?")
    for part in query.split("&") if query else []:
        name, equals, value = part.partition("=")
        made.add(url_decode(name) if equals else None, url_decode(value if equals else part))
    return made

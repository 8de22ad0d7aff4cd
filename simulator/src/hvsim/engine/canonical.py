# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell values and errors in the canonical form of the recorded cases (``tests/conformance/README.md``, ``Canon.cs``).

Shared by ``hvsim run --json`` and ``hvsim conformance``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hvsim.lang.text import from_utf16
from hvsim.runtime import collections as net
from hvsim.runtime import convert, format, objects, structs, types
from hvsim.runtime.culture import INVARIANT
from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    Char,
    EnumValue,
    Integer,
    MultiArray,
    PSCustomObject,
    PSObject,
    Single,
)

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext

MAX_DEPTH = 12
Json = Any

_PLAIN_TYPE_NAMES = frozenset(("System.Management.Automation.PSCustomObject", "System.Object"))


def text(value: str) -> Json:
    """A string for JSON: itself, or the list of its code units when it has a lone surrogate."""
    plain = from_utf16(value)
    if any("\ud800" <= c <= "\udfff" for c in plain):
        return [ord(c) for c in value]
    return plain


def compact(value: Json) -> str:
    """JSON text as ``Canon.ToJson`` writes it: no blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Encoder:
    """Encodes values on the runspace they come from, so that script properties can run."""

    def __init__(self, ctx: ExecutionContext) -> None:
        self.ctx = ctx

    def value(self, value: Any, depth: int = 0) -> Json:
        """One value as ``{"t", "v", ...}``."""
        if value is None:
            return {"t": "null"}
        if value is AUTOMATION_NULL:
            return {"t": "void"}
        if depth > MAX_DEPTH:
            return {"t": "too-deep"}
        if type(value) is PSCustomObject:
            return self._custom_object(value, depth)
        base = value.base if type(value) is PSObject else value
        node = self._base(base, depth)
        notes = [
            self._property(member, value, depth)
            for member in (getattr(value, "extended", None) or {}).values()
            if member.kind == "NoteProperty"
        ]
        if notes:
            node["notes"] = notes
        return node

    def _custom_object(self, value: PSCustomObject, depth: int) -> Json:
        node: Json = {"t": "pscustomobject", "v": [self._property(m, value, depth) for m in objects.properties(self.ctx, value)]}
        names = [text(n) for n in objects.type_names(value) if n not in _PLAIN_TYPE_NAMES]
        if names:
            node["typenames"] = names
        return node

    def _property(self, member: Any, owner: Any, depth: int) -> Json:
        try:
            encoded = self.value(member.get(self.ctx, owner), depth + 1)
        except PSError as error:
            encoded = {"t": "unreadable", "v": error.exception.kind}
        pair = [text(member.name), encoded]
        if member.kind not in ("NoteProperty", "Property"):
            pair.append(member.kind)
        return pair

    def _base(self, value: Any, depth: int) -> Json:
        scalar = _SCALARS.get(type(value))
        if scalar is not None:
            return scalar(self, value)
        if isinstance(value, EnumValue):
            name = convert.to_string(self.ctx, value)
            return {"t": "enum", "v": value.value, "type": value.net_type.full_name, "n": name}
        if isinstance(value, Integer):
            return {"t": types.display(types.of(value)), "v": str(int(value))}
        if isinstance(value, types.NetType):
            return {"t": "type", "v": text(types.display(value))}
        if isinstance(value, ErrorRecord):
            return {"t": "errorrecord", "v": self.error(value, depth + 1)}
        if isinstance(value, NetException):
            return {"t": "exception", "v": self._exception(value, 0)}
        return self._collection(value, depth) or self._other(value)

    def _collection(self, value: Any, depth: int) -> Json | None:
        if isinstance(value, net.OrderedDictionary):
            return {"t": "ordered", "v": self._pairs(value, depth, ordered=True)}
        if isinstance(value, net.Hashtable):
            return {"t": "hashtable", "v": self._pairs(value, depth, ordered=False)}
        if isinstance(value, net.Dictionary):
            return {"t": types.display(types.of(value)), "v": self._pairs(value, depth, ordered=False)}
        if isinstance(value, MultiArray):
            return {
                "t": types.display(types.of(value)),
                "v": self._items(value.items, depth),
                "shape": list(value.shape),
            }
        if isinstance(value, (Array, list)):
            return {"t": types.display(types.of(value)), "v": self._items(value, depth)}
        if types.of(value).full_name.startswith(_LISTED):
            return {"t": types.display(types.of(value)), "v": self._items(value, depth)}
        if isinstance(value, net.DictionaryEntry):
            return {"t": "entry", "v": [self.value(value.key, depth + 1), self.value(value.value, depth + 1)]}
        return None

    def _other(self, value: Any) -> Json:
        kind = types.of(value).full_name
        node: Json = {"t": types.display(types.of(value))}
        if kind in _GROUPS:
            node["v"] = text(objects.get_member(self.ctx, value, "Value"))
            node["success"] = bool(objects.get_member(self.ctx, value, "Success"))
            node["index"] = int(objects.get_member(self.ctx, value, "Index"))
            return node
        if kind.startswith("System.Xml.Xml") and _is_xml_node(value):
            node["v"] = text(objects.get_member(self.ctx, value, "OuterXml"))
            return node
        try:
            rendered = objects.invoke_member(self.ctx, value, "ToString", [])
        except PSError as error:
            inner = error.exception.inner or error.exception
            rendered = f"ToString: {inner.kind}"
        node["v"] = None if rendered is None else text(convert.to_string(self.ctx, rendered))
        return node

    def _items(self, items: Iterable[Any], depth: int) -> Json:
        return [self.value(item, depth + 1) for item in items]

    def _pairs(self, table: net.Dictionary, depth: int, *, ordered: bool) -> Json:
        rows = [[self.value(k, depth + 1), self.value(v, depth + 1)] for k, v in table.items()]
        return rows if ordered else sorted(rows, key=lambda row: compact(row[0]))

    def _exception(self, exception: NetException, depth: int) -> Json:
        node: Json = {"type": exception.kind, "message": text(exception.message)}
        if exception.inner is not None and depth < 5:
            node["inner"] = self._exception(exception.inner, depth + 1)
        return node

    def error(self, record: ErrorRecord, depth: int = 0) -> Json:
        """An error record as {message, fqid, category, exception, target?, line?}."""
        node: Json = {
            "message": text(record.message),
            "fqid": text(record.fully_qualified_error_id),
            "category": record.category,
            "exception": record.exception.kind,
        }
        if record.target is not None:
            node["target"] = "too-deep" if depth > 4 else self.value(record.target, depth + 6)
        line = record.invocation.line_number if record.invocation is not None else 0
        if line > 0:
            node["line"] = line
        return node


_LISTED = (
    "System.Collections.Generic.HashSet",
    "System.Collections.Generic.Queue",
    "System.Collections.Generic.Stack",
    "System.Collections.Generic.SortedSet",
)
_GROUPS = frozenset(
    (
        "System.Text.RegularExpressions.Match",
        "System.Text.RegularExpressions.Group",
    )
)


def _is_xml_node(value: Any) -> bool:
    node = types.find("System.Xml.XmlNode")
    return node is not None and node.is_assignable_from(types.of(value))


def _formatted(kind: str, spec: str) -> Callable[[Encoder, Any], Json]:
    def encode(encoder: Encoder, value: Any) -> Json:
        return {"t": kind, "v": format.format_value(encoder.ctx, value, spec, INVARIANT)}

    return encode


def _datetime(encoder: Encoder, value: structs.DateTime) -> Json:
    node = _formatted("datetime", "yyyy-MM-ddTHH:mm:ss.fffffff")(encoder, value)
    node["kind"] = ("Unspecified", "Utc", "Local")[value.kind]
    return node


def _credential(encoder: Encoder, value: structs.PSCredential) -> Json:
    return {"t": "pscredential", "v": text(value.user_name), "password": text(value.password.text)}


_SCALARS: dict[type, Callable[[Encoder, Any], Json]] = {
    str: lambda _, v: {"t": "string", "v": text(v)},
    bool: lambda _, v: {"t": "bool", "v": v},
    Char: lambda _, v: {"t": "char", "v": v.code},
    int: lambda _, v: {"t": "int", "v": v},
    float: _formatted("double", "R"),
    Single: _formatted("float", "R"),
    Decimal: lambda e, v: {"t": "decimal", "v": convert.to_string(e.ctx, v)},
    structs.DateTime: _datetime,
    structs.DateTimeOffset: _formatted("datetimeoffset", "o"),
    structs.TimeSpan: _formatted("timespan", "c"),
    structs.Guid: lambda _, v: {"t": "guid", "v": str(v)},
    structs.Version: lambda e, v: {"t": "version", "v": convert.to_string(e.ctx, v)},
    structs.Uri: lambda _, v: {"t": "uri", "v": text(v.original)},
    structs.SwitchParameter: lambda _, v: {"t": "switch", "v": bool(v)},
    structs.Regex: lambda _, v: {"t": "regex", "v": text(v.pattern), "options": int(v.options)},
    structs.SecureString: lambda _, v: {"t": "securestring", "v": text(v.text)},
    structs.PSCredential: _credential,
    ScriptBlock: lambda e, v: {"t": "scriptblock", "v": text(convert.to_string(e.ctx, v))},
}

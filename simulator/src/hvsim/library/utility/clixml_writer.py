# SPDX-License-Identifier: GPL-3.0-or-later
"""CLIXML, the writing half: what ``PSSerializer`` and ``Export-Clixml`` make of values.

Follows PowerShell's ``InternalSerializer``: primitives as elements of their own, containers without using up depth, other objects as
property bags (``Props`` for the type's own properties, one level less; ``MS`` for added ones, same level), as text when the depth
is used up. Strings are UTF-16 code units in and out.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.support import data_of
from hvsim.runtime import collections as net
from hvsim.runtime import convert, objects, types
from hvsim.runtime import format as formatting
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.culture import INVARIANT
from hvsim.runtime.engine_types import reason_of, target_name_of, target_type_of
from hvsim.runtime.errors import ErrorRecord, NetException, PSError, net_error
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.structs import DateTime, Guid, SecureString, TimeSpan, Uri, Version
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    BigInteger,
    Byte,
    Char,
    EnumValue,
    Int16,
    Int64,
    MultiArray,
    PSCustomObject,
    PSObject,
    SByte,
    Single,
    UInt16,
    UInt32,
    UInt64,
)

HEAD = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
_INTEGER_TAGS = {int: "I32", Int64: "I64", Byte: "By", SByte: "SB", Int16: "I16", UInt16: "U16", UInt32: "U32", UInt64: "U64"}
_UNDERLYING = {
    "System.Int32": "I32", "System.Int64": "I64", "System.Byte": "By", "System.SByte": "SB", "System.Int16": "I16", "System.UInt16": "U16",
    "System.UInt32": "U32", "System.UInt64": "U64",
}  # fmt: skip


_UNREADABLE = frozenset(("ValueSpan",))
"""Properties whose types cannot be boxed: .NET's reflection does not read them."""


def encode(text: str) -> str:
    """Control characters, surrogates and ``_x`` as ``_xHHHH_``; the rest as it is."""
    return _ENCODED.sub(_escape, text)


_ENCODED = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe-\U0010ffff]|_(?=[xX])")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code >= 0xFFFE:
        raise net_error("System.ArgumentException", f"'{match[0]}', hexadecimal value 0x{code:X}, is an invalid character.")
    return f"_x{code:04X}_"


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _text(text).replace('"', "&quot;")


def _number(value: float) -> str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "INF" if value > 0 else "-INF"
    return formatting.format_value(None, value, "R", INVARIANT)


def duration(ticks: int) -> str:
    """``XmlConvert.ToString(TimeSpan)``."""
    rest = abs(ticks)
    days, rest = divmod(rest, 864_000_000_000)
    hours, rest = divmod(rest, 36_000_000_000)
    minutes, rest = divmod(rest, 600_000_000)
    seconds, fraction = divmod(rest, 10_000_000)
    out = "-P" if ticks < 0 else "P"
    out += f"{days}D" if days else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}" + (f".{fraction:07d}".rstrip("0") if fraction else "") + "S"
    if clock:
        return out + "T" + clock
    return out if days else out + "T0S"


def date_text(ctx: ExecutionContext | None, value: DateTime) -> str:
    """``XmlConvert.ToString(DateTime, RoundtripKind)``."""
    return formatting.format_value(ctx, value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", INVARIANT)


_Primitive = Callable[[Any, Any], "tuple[str, str]"]
_PRIMITIVES: dict[type, _Primitive] = {
    str: lambda ctx, v: ("S", encode(v)),
    bool: lambda ctx, v: ("B", "true" if v else "false"),
    Char: lambda ctx, v: ("C", str(v.code)),
    float: lambda ctx, v: ("Db", _number(v)),
    Single: lambda ctx, v: ("Sg", formatting.format_value(None, v, "R", INVARIANT) if v == v and abs(v) != float("inf") else _number(v)),
    Decimal: lambda ctx, v: ("D", convert.to_string(ctx, v)),
    DateTime: lambda ctx, v: ("DT", date_text(ctx, v)),
    TimeSpan: lambda ctx, v: ("TS", duration(v.ticks)),
    Guid: lambda ctx, v: ("G", str(v)),
    Version: lambda ctx, v: ("Version", str(v)),
    Uri: lambda ctx, v: ("URI", encode(v.original)),
    ScriptBlock: lambda ctx, v: ("SBK", encode(convert.to_string(ctx, v))),
    SecureString: lambda ctx, v: ("SS", encode(protect(v))),
}


def protect(value: SecureString) -> str:
    """A secure string as text that only this engine reads."""
    return (b"hvsim:" + value.text.encode("utf-16-le", "surrogatepass")).hex()


class Serializer:
    """Writes top-level values into one document."""

    def __init__(self, ctx: ExecutionContext, depth: int = 1) -> None:
        self.ctx = ctx
        self.depth = depth
        self.lines: list[str] = []
        self.objects: dict[int, int] = {}
        self.kept: list[Any] = []
        self.names: dict[tuple[str, ...], int] = {}

    def document(self, values: Iterable[Any]) -> str:
        """The whole text.

        Raises:
            PSError: a string has a character that XML cannot hold.
        """
        for value in values:
            self._one(value, None, self.depth, 1)
        return "\n".join([HEAD, *self.lines, "</Objs>"])

    # -- writing --

    def _line(self, level: int, text: str) -> None:
        self.lines.append("  " * level + text)

    def _element(self, level: int, tag: str, text: str, name: str | None) -> None:
        attribute = "" if name is None else f' N="{_attribute(encode(name))}"'
        self._line(level, f"<{tag}{attribute}>{_text(text)}</{tag}>")

    def _one(self, value: Any, name: str | None, depth: int, level: int) -> None:
        if value is None or value is AUTOMATION_NULL:
            attribute = "" if name is None else f' N="{_attribute(encode(name))}"'
            self._line(level, f"<Nil{attribute} />")
            return
        base = value.base if type(value) is PSObject else value
        primitive = self._primitive(base)
        if primitive is not None:
            self._primitive_object(value, primitive, name, level)
            return
        if isinstance(base, EnumValue):
            if depth <= 0:
                self._element(level, "S", encode(convert.to_string(self.ctx, value)), name)
            else:
                self._enum(value, base, name, level)
            return
        known = self.objects.get(id(base))
        if known is not None:
            attribute = "" if name is None else f'N="{_attribute(encode(name))}" '
            self._line(level, f'<Ref {attribute}RefId="{known}" />')
            return
        container = _container(base)
        if container is not None:
            self._container(value, base, container, name, depth, level)
        elif depth <= 0:
            self._element(level, "S", encode(convert.to_string(self.ctx, value)), name)
        else:
            self._bag(value, base, name, depth, level)

    def _primitive(self, base: Any) -> tuple[str, str] | None:
        tag = _INTEGER_TAGS.get(type(base))
        if tag is not None:
            return tag, str(int(base))
        rule = _PRIMITIVES.get(type(base))
        if rule is not None:
            return rule(self.ctx, base)
        if isinstance(base, Array) and base.element_type is not None and base.element_type.full_name == "System.Byte":
            return "BA", base64.b64encode(data_of(base)).decode("ascii")
        if types.of(base).full_name == "System.Xml.XmlDocument":
            return "XD", encode(objects.get_member(self.ctx, base, "OuterXml"))
        return None

    def _primitive_object(self, value: Any, primitive: tuple[str, str], name: str | None, level: int) -> None:
        notes = self._notes(value)
        own = getattr(value, "type_names", None) if type(value) is PSObject else None
        if not notes and not own:
            self._element(level, *primitive, name)
            return
        self._open(value, name, level, names=bool(own))
        self._element(level + 1, *primitive, None)
        self._members("MS", [(m.name, m.get(self.ctx, value)) for m in notes], self.depth, level + 1)
        self._line(level, "</Obj>")

    def _enum(self, value: Any, base: EnumValue, name: str | None, level: int) -> None:
        self._open(value, name, level)
        self._element(level + 1, "ToString", encode(convert.to_string(self.ctx, base)), None)
        underlying = getattr(base.net_type, "underlying", None) or "System.Int32"
        self._element(level + 1, _UNDERLYING.get(str(underlying), "I32"), str(base.value), None)
        self._line(level, "</Obj>")

    def _notes(self, value: Any) -> list[objects.Member]:
        return [m for m in (getattr(value, "extended", None) or {}).values() if m.kind == "NoteProperty" and not m.hidden]

    def _open(self, value: Any, name: str | None, level: int, *, names: bool = True) -> None:
        number = len(self.kept)
        self.kept.append(value)
        if type(value) is not PSObject and not isinstance(value, EnumValue):
            self.objects[id(value)] = number
        attribute = "" if name is None else f'N="{_attribute(encode(name))}" '
        self._line(level, f'<Obj {attribute}RefId="{number}">')
        if names:
            self._type_names(value, level + 1)

    def _type_names(self, value: Any, level: int) -> None:
        names = tuple(objects.type_names(value))
        known = self.names.get(names)
        if known is not None:
            self._line(level, f'<TNRef RefId="{known}" />')
            return
        number = self.names[names] = len(self.names)
        self._line(level, f'<TN RefId="{number}">')
        for each in names:
            self._element(level + 1, "T", encode(each), None)
        self._line(level, "</TN>")

    # -- containers --

    def _container(self, value: Any, base: Any, tag: str, name: str | None, depth: int, level: int) -> None:
        self._open(value, name, level)
        if tag == "DCT":
            self._dictionary(base, depth, level + 1)
        else:
            items = list(_items(base))
            if not items:
                self._line(level + 1, f"<{tag} />")
            else:
                self._line(level + 1, f"<{tag}>")
                for item in items:
                    self._one(item, None, depth, level + 2)
                self._line(level + 1, f"</{tag}>")
        if tag == "IE":
            self._members("Props", self._readable(value), depth - 1, level + 1)
        self._members("MS", [(m.name, m.get(self.ctx, value)) for m in self._notes(value)], depth, level + 1)
        self._line(level, "</Obj>")

    def _readable(self, value: Any) -> list[tuple[str, Any]]:
        """The own properties of an enumerable object, as far as they are known here."""
        pairs = []
        for member in objects.properties(self.ctx, value):
            if member.kind == "Property" and member.name not in _UNREADABLE:
                try:
                    pairs.append((member.name, member.get(self.ctx, value)))
                except (PSError, Unsupported):
                    continue
        return pairs

    def _dictionary(self, table: net.Dictionary, depth: int, level: int) -> None:
        pairs = list(table.items())
        if not pairs:
            self._line(level, "<DCT />")
            return
        self._line(level, "<DCT>")
        for key, value in pairs:
            self._line(level + 1, "<En>")
            self._one(key, "Key", depth, level + 2)
            self._one(value, "Value", depth, level + 2)
            self._line(level + 1, "</En>")
        self._line(level, "</DCT>")

    # -- property bags --

    def _bag(self, value: Any, base: Any, name: str | None, depth: int, level: int) -> None:
        self._open(value, name, level)
        shown = self._to_string(value, base)
        if shown is not None:
            self._element(level + 1, "ToString", encode(shown), None)
        if isinstance(base, ErrorRecord):
            self._members("MS", error_record_notes(self.ctx, base), depth, level + 1)
        else:
            own, added = self._properties(value, base)
            self._members("Props", own, depth - 1, level + 1)
            self._members("MS", added, depth, level + 1)
        self._line(level, "</Obj>")

    def _to_string(self, value: Any, base: Any) -> str | None:
        if isinstance(base, PSCustomObject):
            method = (base.extended or {}).get("tostring")
            # Only a text that came with a deserialized object travels on, no ToString() that a script has added.
            return None if method is None or not method.hidden else convert.to_string(self.ctx, method.invoke(self.ctx, value, []))
        if isinstance(base, NetException):
            return f"{base.kind}: {base.message}"
        return convert.to_string(self.ctx, value)

    def _properties(self, value: Any, base: Any) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
        if isinstance(base, NetException):
            notes = [(m.name, m.get(self.ctx, value)) for m in self._notes(value)]
            return exception_properties(base), notes
        own: list[tuple[str, Any]] = []
        added: list[tuple[str, Any]] = []
        for member in objects.properties(self.ctx, value):
            if isinstance(base, types.NetType):
                break
            if member.name in _UNREADABLE:
                continue
            try:
                content = member.get(self.ctx, value)
            except (PSError, Unsupported):
                continue
            (own if member.kind == "Property" else added).append((member.name, content))
        return own, added

    def _members(self, tag: str, pairs: list[tuple[str, Any]], depth: int, level: int) -> None:
        if not pairs:
            return
        self._line(level, f"<{tag}>")
        for name, content in pairs:
            self._one(content, name, depth, level + 1)
        self._line(level, f"</{tag}>")


def _container(base: Any) -> str | None:
    if isinstance(base, net.Dictionary):
        return "DCT"
    if isinstance(base, net.Stack):
        return "STK"
    if isinstance(base, net.Queue):
        return "QUE"
    if isinstance(base, (list, MultiArray)):
        return "LST"
    if isinstance(base, (str, PSCustomObject, BigInteger)):
        return None
    if types.of(base).implements("System.Collections.IList"):
        return "LST"
    return "IE" if convert.enumerate(base) is not None else None


def _items(base: Any) -> Iterator[Any]:
    return iter(base) if isinstance(base, (list, MultiArray)) else iter(convert.enumerate(base) or ())


def exception_properties(exception: NetException) -> list[tuple[str, Any]]:
    """The properties of an exception: those of its class, then those of ``System.Exception``."""
    data = net.Hashtable() if exception.data is None else exception.data
    own = [(name, value) for name, value in exception.fields.items() if name != "ErrorRecord"]
    return [
        *own,
        ("TargetSite", None),
        ("Message", exception.message),
        ("Data", _Data(data)),
        ("InnerException", exception.inner),
        ("HelpLink", None),
        ("Source", None),
        ("HResult", -2146233088),
        ("StackTrace", None),
    ]


@types.net_class("System.Collections.ListDictionaryInternal")
class _Data(net.Dictionary):
    """``Exception.Data``."""

    __slots__ = ()
    NET = "System.Collections.ListDictionaryInternal"

    def __init__(self, table: net.Dictionary) -> None:
        super().__init__(table.items())


def error_record_notes(ctx: ExecutionContext, record: ErrorRecord) -> list[tuple[str, Any]]:
    """What ``ErrorRecord.ToPSObjectForRemoting`` adds."""
    from hvsim.runtime.engine_types import CategoryInfo

    category = types.enum("System.Management.Automation.ErrorCategory", record.category)
    pairs: list[tuple[str, Any]] = [
        ("Exception", record.exception),
        ("TargetObject", record.target),
        ("FullyQualifiedErrorId", record.fully_qualified_error_id),
        ("InvocationInfo", None),
        ("ErrorCategory_Category", category.value),
        ("ErrorCategory_Activity", record.activity),
        ("ErrorCategory_Reason", reason_of(record)),
        ("ErrorCategory_TargetName", target_name_of(ctx, record)),
        ("ErrorCategory_TargetType", target_type_of(record)),
        ("ErrorCategory_Message", objects.invoke_member(ctx, CategoryInfo(record), "ToString", [])),
    ]
    if record.details is not None:
        pairs += [("ErrorDetails_Message", record.details), ("ErrorDetails_RecommendedAction", record.recommended_action)]
    pairs.append(("SerializeExtendedInfo", False))
    if record.stack_trace:
        pairs.append(("ErrorDetails_ScriptStackTrace", record.stack_trace))
    return pairs


def serialize(ctx: ExecutionContext, values: Iterable[Any], depth: int = 1) -> str:
    """CLIXML text of values.

    Raises:
        PSError: a string has a character that XML cannot hold.
    """
    return Serializer(ctx, depth).document(values)


__all__ = ["HEAD", "Serializer", "encode", "serialize"]

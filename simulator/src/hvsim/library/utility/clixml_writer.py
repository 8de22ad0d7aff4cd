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
from hvsim.lang.text import to_utf16
from hvsim.library.dotnet.support import data_of
from hvsim.runtime import collections as net
from hvsim.runtime import convert, objects, types
from hvsim.runtime import format as formatting
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.culture import INVARIANT
from hvsim.runtime.engine_types import reason_of, target_name_of, target_type_of
from hvsim.runtime.errors import ErrorRecord, NetException, PSError, net_error
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.streams import InformationalRecord
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

MAX_NESTING = 50
"""Objects in objects, however deep the properties go: what lies deeper is written as this text, and not read at all."""
TOO_DEEP = "Serialized XML is nested too deeply."

GAP = "hvsim-unsupported"
"""The processing instruction, of a name and a reason, that stands for a property that the engine does not have: the engine refuses
to read that property of the copy as it does of the original, and any other reader passes over it."""

HEAD = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
_INTEGER_TAGS = {int: "I32", Int64: "I64", Byte: "By", SByte: "SB", Int16: "I16", UInt16: "U16", UInt32: "U32", UInt64: "U64"}
_UNDERLYING = {
    "System.Int32": "I32", "System.Int64": "I64", "System.Byte": "By", "System.SByte": "SB", "System.Int16": "I16", "System.UInt16": "U16",
    "System.UInt32": "U32", "System.UInt64": "U64",
}  # fmt: skip


_UNREADABLE = frozenset(("Preamble", "ValueSpan"))
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


def _instruction(text: str) -> str:
    """A word of a processing instruction."""
    return encode(text).replace("?", "_x003F_").replace(" ", "_x0020_")


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


#: A property or element to write: its name, its value, the depth that is left for it.
_Pair = tuple[str, Any, int]


class Serializer:
    """Writes top-level values into one document.

    Args:
        depth: levels of properties of .NET objects; containers and custom objects do not use them up.
        remote: on behalf of a session, which does not tell where in a script its commands stand.
    """

    def __init__(self, ctx: ExecutionContext, depth: int = 1, *, remote: bool = False) -> None:
        self.ctx = ctx
        self.depth = depth
        self.remote = remote
        self.lines: list[str] = []
        self.objects: dict[int, int] = {}
        self.kept: list[Any] = []
        self.names: dict[tuple[str, ...], int] = {}
        self.nesting = 0

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
        self.nesting += 1
        if self.nesting < MAX_NESTING:
            self._object(value, name, depth, level)
        elif self.remote:
            raise Unsupported("an object nested this deep in a session (PowerShell's answer is one that it cannot read itself)")
        else:
            self._element(level, "S", TOO_DEEP, name)
        self.nesting -= 1

    def _object(self, value: Any, name: str | None, depth: int, level: int) -> None:
        base = value.base if type(value) is PSObject else value
        depth = _depth_of(base, depth)
        primitive = self._primitive(base)
        if primitive is not None:
            self._primitive_object(value, primitive, name, depth, level)
            return
        if isinstance(base, EnumValue) and depth > 0:
            self._enum(value, base, name, level)
            return
        known = self.objects.get(id(base))
        if known is not None:
            attribute = "" if name is None else f'N="{_attribute(encode(name))}" '
            self._line(level, f'<Ref {attribute}RefId="{known}" />')
            return
        container = container_tag(base)
        if container is not None:
            self._container(value, base, container, name, depth, level)
        elif depth <= 0:
            self._primitive_object(value, ("S", encode(self._text_of(value, base))), name, depth, level)
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

    def _primitive_object(self, value: Any, primitive: tuple[str, str], name: str | None, depth: int, level: int) -> None:
        """A primitive, or the text that stands for an object when the depth is used up: what was added to the object stays with it
        (``WritePrimitiveTypePSObject``)."""
        added = self._added(value, depth)
        own = getattr(value, "type_names", None)
        shown = _deserialized_text(value)
        if not added and not own and shown is None:
            self._element(level, *primitive, name)
            return
        self._open(value, name, level, names=bool(own))
        if shown is not None:
            self._element(level + 1, "ToString", encode(convert.to_string(self.ctx, shown.invoke(self.ctx, value, []))), None)
        self._element(level + 1, *primitive, None)
        self._members("MS", added, level + 1)
        self._line(level, "</Obj>")

    def _enum(self, value: Any, base: EnumValue, name: str | None, level: int) -> None:
        self._open(value, name, level)
        self._element(level + 1, "ToString", encode(convert.to_string(self.ctx, base)), None)
        underlying = getattr(base.net_type, "underlying", None) or "System.Int32"
        self._element(level + 1, _UNDERLYING.get(str(underlying), "I32"), str(base.value), None)
        self._line(level, "</Obj>")

    def _added(self, value: Any, depth: int) -> list[_Pair]:
        """The properties that were added to this one object."""
        extended = getattr(value, "extended", None) or {}
        return self._read(value, [(m, depth) for m in extended.values() if isinstance(m, ADDED) and m.kind != "Property" and not m.hidden])

    def _read(self, value: Any, members: Iterable[tuple[objects.Member, int]]) -> list[_Pair]:
        """Names, values and depths of properties, without those whose getter fails (``GetPropertyValueInThreadSafeManner``).
        The value of one that the engine does not have is the refusal."""
        pairs: list[_Pair] = []
        for member, depth in members:
            try:
                pairs.append((member.name, member.get(self.ctx, value), depth))
            except PSError:
                continue
            except Unsupported as gap:
                pairs.append((member.name, gap, depth))
        return pairs

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
            items = list(items_of(base))
            if not items:
                self._line(level + 1, f"<{tag} />")
            else:
                self._line(level + 1, f"<{tag}>")
                for item in items:
                    self._one(item, None, depth, level + 2)
                self._line(level + 1, f"</{tag}>")
        if depth > 0:
            if tag == "IE" or _is_deserialized(base):
                own = [(m, depth - 1) for m in objects.properties(self.ctx, value) if m.kind == "Property" and m.name not in _UNREADABLE]
                self._members("Props", self._read(value, own), level + 1)
            self._members("MS", self._added(value, depth), level + 1)
        self._line(level, "</Obj>")

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
            self._members("MS", error_record_notes(self.ctx, base, depth), level + 1)
        elif isinstance(base, InformationalRecord):
            notes = (("InformationalRecord_Message", base.message), ("InformationalRecord_SerializeInvocationInfo", False))
            self._members("MS", [(each, content, depth) for each, content in notes], level + 1)
        else:
            own, added = self._properties(value, base, depth)
            self._members("Props", own, level + 1)
            self._members("MS", added, level + 1)
        self._line(level, "</Obj>")

    def _to_string(self, value: Any, base: Any) -> str | None:
        if isinstance(base, PSCustomObject):
            # Only a text that came with a deserialized object travels on, no ToString() that a script has added.
            method = _deserialized_text(base)
            return None if method is None else convert.to_string(self.ctx, method.invoke(self.ctx, value, []))
        return self._text_of(value, base)

    def _text_of(self, value: Any, base: Any) -> str:
        if isinstance(base, NetException):
            return convert.to_string(self.ctx, objects.invoke_member(self.ctx, base, "ToString", []))
        if types.get(_XML_NODE).is_assignable_from(types.of(base)):
            # types.ps1xml gives nodes a ToString() of their own, which any serialized object is asked for.
            return convert.to_string(self.ctx, objects.get_member(self.ctx, base, "LocalName"))
        return convert.to_string(self.ctx, value)

    def _properties(self, value: Any, base: Any, depth: int) -> tuple[list[_Pair], list[_Pair]]:
        """Those that the type has (a level deeper), and those that were added: to the object, or by type data (a level deeper)."""
        adapted = hasattr(type(base), "adapted_members")
        extended = getattr(value, "extended", None) or {}
        own: list[tuple[objects.Member, int]] = []
        added: list[tuple[objects.Member, int]] = []
        for member in objects.properties(self.ctx, value):
            if member.name in _UNREADABLE:
                continue
            if member.kind != "Property":
                added.append((member, depth if extended.get(member.name.lower()) is member else depth - 1))
            elif not adapted or not isinstance(member, objects.NetProperty):
                own.append((member, depth - 1))
        pairs = self._read(value, own)
        if self.remote and isinstance(base, InvocationInfo):
            pairs = [(name, _NOWHERE.get(name, content), left) for name, content, left in pairs]
        return pairs, self._read(value, added)

    def _members(self, tag: str, pairs: list[_Pair], level: int) -> None:
        if not pairs:
            return
        self._line(level, f"<{tag}>")
        for name, content, depth in pairs:
            if isinstance(content, Unsupported):
                self._line(level + 1, f"<?{GAP} {_instruction(name)} {_instruction(to_utf16(content.what))}?>")
            else:
                self._one(content, name, depth, level + 1)
        self._line(level, f"</{tag}>")


ADDED = (objects.NoteProperty, objects.ScriptProperty, objects.AliasProperty)
_XML_NODE = "System.Xml.XmlNode"
_NOWHERE = {"ScriptLineNumber": 0, "OffsetInLine": 0, "Line": "", "Statement": "", "PositionMessage": ""}
"""What an InvocationInfo says in a session."""

_DEPTHS = {
    "System.Management.Automation.PSCredential": 1,
    "System.Management.Automation.SwitchParameter": 1,
    "System.Management.Automation.Remoting.PSSenderInfo": 4,
    "System.Management.Automation.PSPrimitiveDictionary": 1,
    "System.Management.Automation.Signature": 2,
    "System.Management.Automation.JobStateInfo": 1,
    "System.Globalization.CultureInfo": 1,
    "System.Net.IPAddress": 1,
    "System.Net.Mail.MailAddress": 1,
    "Microsoft.Management.Infrastructure.CimInstance": 1,
}
"""Types that are always written this deep: ``GetDepthOfSerialization`` and ``SerializationDepth`` in types.ps1xml."""


def _depth_of(base: Any, depth: int) -> int:
    fixed = _DEPTHS.get(types.of(base).full_name)
    if fixed is not None:
        return fixed
    return 1 if depth <= 0 and _is_deserialized(base) else depth


def _is_deserialized(base: Any) -> bool:
    """Whether it came out of CLIXML with properties of its own."""
    return getattr(base, "deserialized", False) is True


def _deserialized_text(value: Any) -> objects.Member | None:
    """The ``ToString()`` that came with a deserialized object."""
    method = (getattr(value, "extended", None) or {}).get("tostring")
    return method if method is not None and method.hidden else None


def container_tag(base: Any) -> str | None:
    if isinstance(base, net.Dictionary):
        return "DCT"
    if type(base) is net.Stack:
        return "STK"
    if type(base) is net.Queue:
        return "QUE"
    if isinstance(base, (list, MultiArray)):
        return "LST"
    if isinstance(base, (str, PSCustomObject, BigInteger)):
        return None
    if types.of(base).implements("System.Collections.IList"):
        return "LST"
    if convert.enumerate(base) is None:
        return None
    return "LST" if _is_deserialized(base) else "IE"


def items_of(base: Any) -> Iterator[Any]:
    return iter(base) if isinstance(base, (list, MultiArray)) else iter(convert.enumerate(base) or ())


def error_record_notes(ctx: ExecutionContext, record: ErrorRecord, depth: int) -> list[_Pair]:
    """What ``ErrorRecord.ToPSObjectForRemoting`` adds. The exceptions in the record's exception are objects, too (recorded:
    ``error-serialized-remote-exception``)."""
    from hvsim.runtime.engine_types import CategoryInfo

    category = types.enum("System.Management.Automation.ErrorCategory", record.category)
    pairs: list[_Pair] = [
        ("Exception", record.exception, depth + 1),
        ("TargetObject", record.target, depth),
        ("FullyQualifiedErrorId", record.fully_qualified_error_id, depth),
        ("InvocationInfo", record.invocation, depth),
        ("ErrorCategory_Category", category.value, depth),
        ("ErrorCategory_Activity", record.activity, depth),
        ("ErrorCategory_Reason", reason_of(record), depth),
        ("ErrorCategory_TargetName", target_name_of(ctx, record), depth),
        ("ErrorCategory_TargetType", target_type_of(record), depth),
        ("ErrorCategory_Message", objects.invoke_member(ctx, CategoryInfo(record), "ToString", []), depth),
    ]
    if record.details is not None:
        pairs += [("ErrorDetails_Message", record.details, depth), ("ErrorDetails_RecommendedAction", record.recommended_action, depth)]
    pairs.append(("SerializeExtendedInfo", False, depth))
    if record.stack_trace:
        pairs.append(("ErrorDetails_ScriptStackTrace", record.stack_trace, depth))
    return pairs


def serialize(ctx: ExecutionContext, values: Iterable[Any], depth: int = 1, *, remote: bool = False) -> str:
    """CLIXML text of values; *remote* says that a session sends them.

    Raises:
        PSError: a string has a character that XML cannot hold.
    """
    return Serializer(ctx, depth, remote=remote).document(values)


__all__ = ["HEAD", "Serializer", "encode", "serialize"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""CLIXML, the reading half: ``Deserialized.*`` objects out of text.

Follows PowerShell's ``InternalDeserializer``: lists come back as ArrayList, dictionaries as Hashtable (ordered ones ordered), other
objects as property bags; type names get the prefix ``Deserialized.``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from lxml import etree

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet import xml_parser
from hvsim.library.dotnet.xml_dom import Document
from hvsim.library.utility.clixml_writer import GAP, MAX_NESTING, TOO_DEEP
from hvsim.runtime import collections as net
from hvsim.runtime import convert, objects, scriptblock, types
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.convert.text import TO_STRING
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.member_info import CodeMethod, CodeProperty, Member, NoteProperty
from hvsim.runtime.members import method
from hvsim.runtime.structs import TICKS_PER_DAY, DateTime, PSCredential, SecureString, SwitchParameter, TimeSpan, Uri
from hvsim.runtime.type_names import TypeNameList
from hvsim.runtime.values import Array, Char, NetObject, PSCustomObject, PSObject

_SPACE = "http://schemas.microsoft.com/powershell/2004/04"
_PSOBJECT = "System.Management.Automation.PSObject"
_PREFIX = "Deserialized."
_XML_ERROR = "System.Xml.XmlException"


# ``GetType()`` says PSObject, but of all members only that one and ToString are there (``InternalDeserializer.ReadProperties``).
_BAG = types.NetType(_PSOBJECT, "System.Object")
_MEMBERS = "hvsim.PropertyBag"
_BAG.cache["names"] = [_MEMBERS]


class PropertyBag(NetObject):
    """A deserialized object: its properties, its text, and its elements if it was enumerable. ``message`` and ``no_newline`` are set on
    what Write-Host wrote in a session: the text that this side's host prints."""

    __slots__ = ("items", "message", "no_newline", "text")
    NET: ClassVar[str] = _PSOBJECT
    net_type = _BAG
    deserialized = True
    message: str
    no_newline: bool

    def __init__(self) -> None:
        self.items: list[Any] | None = None
        self.text: str | None = None


class BagProperty(NoteProperty):
    """A property that the original type had: a note that says it is a Property."""

    __slots__ = ()
    NET = "System.Management.Automation.PSProperty"
    kind = "Property"

    def type_name(self, ctx: Any = None) -> str:
        return "" if self.value is None else super().type_name(ctx)

    def copy(self) -> BagProperty:
        return BagProperty(self.name, self.value)


class _Gap:
    """Mixed into the kind of property that :data:`GAP` stands for; its value is what the engine lacks."""

    __slots__ = ()
    value: str
    name: str

    def get(self, ctx: Any, owner: Any) -> Any:
        raise Unsupported(self.value)

    def type_name(self, ctx: Any = None) -> str:
        raise Unsupported(self.value)


class GapBagProperty(_Gap, BagProperty):
    __slots__ = ()

    def copy(self) -> GapBagProperty:
        return GapBagProperty(self.name, self.value)


class GapNoteProperty(_Gap, NoteProperty):
    __slots__ = ()

    def copy(self) -> GapNoteProperty:
        return GapNoteProperty(self.name, self.value)


def _elements_of(bag: PropertyBag) -> Any:
    return None if bag.items is None else iter(bag.items)


convert.SEQUENCES[PropertyBag] = _elements_of
method(_MEMBERS, "GetType", overloads=["() -> type"])(lambda bag: _BAG)
method(_MEMBERS, "ToString", overloads=["() -> string", "(string, System.IFormatProvider) -> string"])(lambda bag, *_: bag.text or "")
TO_STRING[PropertyBag] = lambda ctx, bag, culture: bag.text or ""


def decode(text: str) -> str:
    """``_xHHHH_`` as the character."""
    return re.sub(r"_[xX]([0-9a-fA-F]{4})_", lambda m: chr(int(m.group(1), 16)), text)


def _bad(message: str) -> PSError:
    return net_error(_XML_ERROR, message)


def unprotect(text: str) -> SecureString:
    """The inverse of the writer's ``protect``."""
    try:
        data = binascii.unhexlify(text)
    except (ValueError, binascii.Error):
        raise _bad("The secure string was not protected by this engine.") from None
    if not data.startswith(b"hvsim:"):
        raise _bad("The secure string was not protected by this engine.")
    made = SecureString(data[6:].decode("utf-16-le", "surrogatepass"))
    made.read_only = True
    return made


_DURATION = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,7})\d*)?S)?)?", re.ASCII
)


def parse_duration(text: str) -> TimeSpan:
    """``XmlConvert.ToTimeSpan``."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise _bad(f"The string '{text}' is not a valid TimeSpan value.")
    days, hours, minutes, seconds = (int(found.group(i) or 0) for i in range(2, 6))
    fraction = int((found.group(6) or "0").ljust(7, "0"))
    ticks = days * TICKS_PER_DAY + ((hours * 60 + minutes) * 60 + seconds) * 10_000_000 + fraction
    return TimeSpan(-ticks if found.group(1) else ticks)


def _via(type_name: str) -> Callable[[ExecutionContext, str], Any]:
    def read(ctx: ExecutionContext, text: str) -> Any:
        return convert.to(ctx, text, types.get(type_name))

    return read


def _minor_version(text: str) -> int:
    """Of the document's version; elements that are not known are passed over in later ones."""
    if not re.fullmatch(r"\d+(\.\d+){1,3}", text):
        raise _bad("Version of PSObject is not valid.")
    major, minor = (int(part) for part in text.split(".")[:2])
    if major != 1:
        raise _bad(f"Version of incoming PSObject is {major}. Expected value is 1.")
    return minor


def _double(ctx: ExecutionContext, text: str) -> float:
    special = {"INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}.get(text)
    return special if special is not None else float(text)


def _single(ctx: ExecutionContext, text: str) -> Any:
    from hvsim.runtime.values import Single

    return Single(_double(ctx, text))


def _date(ctx: ExecutionContext, text: str) -> DateTime:
    from hvsim.library.utility.json_reader import newtonsoft_date

    found = newtonsoft_date(text)
    if found is None:
        raise _bad(f"The string '{text}' is not a valid DateTime value.")
    return found


def _bytes(ctx: ExecutionContext, text: str) -> Array:
    from hvsim.runtime.values import Byte

    return Array([Byte(b) for b in base64.b64decode(text)], types.get("System.Byte"))


def _flag(ctx: ExecutionContext, text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError(text)
    return text in ("true", "1")


_PRIMITIVES: dict[str, Callable[[ExecutionContext, str], Any]] = {
    "S": lambda ctx, text: text,
    "B": _flag,
    "C": lambda ctx, text: Char(int(text)),
    "I32": _via("System.Int32"), "I64": _via("System.Int64"), "By": _via("System.Byte"), "SB": _via("System.SByte"),
    "I16": _via("System.Int16"), "U16": _via("System.UInt16"), "U32": _via("System.UInt32"), "U64": _via("System.UInt64"),
    "Db": _double, "Sg": _single, "D": lambda ctx, text: Decimal(text), "DT": _date,
    "TS": lambda ctx, text: parse_duration(text),
    "G": _via("System.Guid"), "Version": _via("System.Version"), "URI": lambda ctx, text: Uri(text),
    "BA": _bytes,
    "SBK": lambda ctx, text: text,
    "XD": _via("System.Xml.XmlDocument"),
    "SS": lambda ctx, text: unprotect(text),
}  # fmt: skip


_PARTS = frozenset(("TN", "TNRef", "ToString", "Props", "MS", "LST", "IE", "QUE", "STK", "DCT", "Obj", "Ref", "Nil", "PR"))
"""What an ``Obj`` may hold besides a primitive."""


class Deserializer:
    """Reads one document. ``blocks`` keeps script blocks (sessions with ``-ArgumentList``); else they come as text."""

    def __init__(self, ctx: ExecutionContext, *, blocks: bool = False) -> None:
        self.ctx = ctx
        self.blocks = blocks
        self.objects: dict[str, Any] = {}
        self.names: dict[str, list[str]] = {}
        self.nesting = 0
        self.unknown_allowed = False

    def document(self, text: str) -> list[Any]:
        """The top-level values.

        Raises:
            PSError: ``System.Xml.XmlException``.
        """
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=True)
        try:
            root = etree.fromstring(from_utf16(text).encode("utf-8"), parser)
        except (etree.XMLSyntaxError, UnicodeError):
            xml_parser.parse(text, Document())  # for the place and the words of .NET
            raise Unsupported("this malformed CLIXML") from None
        if root.tag != f"{{{_SPACE}}}Objs":
            raise _bad(f"Element 'Objs' with namespace name '{_SPACE}' was not found.")
        self.unknown_allowed = _minor_version(root.get("Version", "1.1.0.1")) > 1
        return [self._value(child) for child in root]

    def _tag(self, node: Any) -> str:
        return str(node.tag).rpartition("}")[2]

    def _text(self, node: Any) -> str:
        return decode(to_utf16(node.text or ""))

    def _value(self, node: Any) -> Any:
        self.nesting += 1
        if self.nesting >= MAX_NESTING:
            raise _bad(TOO_DEEP)
        try:
            return self._read(node)
        finally:
            self.nesting -= 1

    def _read(self, node: Any) -> Any:
        tag = self._tag(node)
        if tag == "Nil":
            return None
        if tag == "Ref":
            return self._reference(node)
        if tag == "Obj":
            return self._object(node)
        return self._primitive(tag, node)

    def _reference(self, node: Any) -> Any:
        number = node.get("RefId", "")
        if number not in self.objects:
            raise _bad(f"No object found for referenceId {number}")
        return self.objects[number]

    def _primitive(self, tag: str, node: Any) -> Any:
        rule = _PRIMITIVES.get(tag)
        if rule is None:
            raise _bad(f"{tag} XML tag is not recognized.")
        text = self._text(node)
        if tag == "SBK" and self.blocks:
            return scriptblock.create(self.ctx, text)
        try:
            return rule(self.ctx, text)
        except PSError as error:
            if error.exception.kind == _XML_ERROR:
                raise
            raise _bad(f"The value '{text}' of the element '{tag}' cannot be read.") from None
        except (ValueError, InvalidOperation):
            raise _bad(f"The value '{text}' of the element '{tag}' cannot be read.") from None

    # -- objects --

    def _object(self, node: Any) -> Any:
        parts: dict[str, Any] = {}
        for child in node:
            tag = self._tag(child)
            if tag not in _PARTS and tag not in _PRIMITIVES and not self.unknown_allowed:
                raise _bad(f"{tag} XML tag is not recognized.")
            parts.setdefault(tag, child)
        names = self._type_names(parts)
        number = node.get("RefId")
        made = self._base(parts, names, number)
        holder = made
        if names:
            holder = self._named(made, names)
        if number is not None:
            self.objects[number] = holder
        holder = self._filled(holder, parts)
        if number is not None:
            self.objects[number] = holder
        return _rehydrated(self.ctx, holder, names)

    def _named(self, value: Any, names: list[str]) -> Any:
        holder = objects.extensible(value)
        holder.type_names = TypeNameList(n if n.startswith(_PREFIX) else _PREFIX + n for n in names)
        return holder

    def _type_names(self, parts: dict[str, Any]) -> list[str]:
        if "TN" in parts:
            names = [self._text(t) for t in parts["TN"]]
            self.names[parts["TN"].get("RefId", "")] = names
            return names
        if "TNRef" in parts:
            number = parts["TNRef"].get("RefId", "")
            if number not in self.names:
                raise _bad(f"Cannot process names because no TypeNames were found for referenceId {number}.")
            return self.names[number]
        return []

    def _base(self, parts: dict[str, Any], names: list[str], number: str | None) -> Any:
        for tag in ("LST", "IE"):
            if tag in parts:
                # Only own properties tell what was a list from what could merely be enumerated.
                return (self._enumerable if "Props" in parts else self._list)(parts[tag], number)
        for tag, rule in (("QUE", self._queue), ("STK", self._stack), ("DCT", self._dictionary)):
            if tag in parts:
                return rule(parts[tag], names, number)
        for tag, child in parts.items():
            if tag in _PRIMITIVES:
                value = self._primitive(tag, child)
                shown = parts.get("ToString")
                return value if shown is None else _with_text(value, self._text(shown), names)
        if "Props" not in parts:
            # Only properties of its type make it look like a foreign object.
            return objects.custom_object(())
        bag = PropertyBag()
        bag.text = self._text(parts["ToString"]) if "ToString" in parts else (names[0] if names else None)
        bag.extended = {}
        return bag

    def _early(self, number: str | None, made: Any) -> Any:
        if number is not None:
            self.objects[number] = made
        return made

    def _list(self, node: Any, number: str | None) -> Any:
        made = self._early(number, net.ArrayList())
        for child in node:
            made.append(self._value(child))
        return made

    def _queue(self, node: Any, names: list[str], number: str | None) -> Any:
        return net.Queue([self._value(child) for child in node])

    def _stack(self, node: Any, names: list[str], number: str | None) -> Any:
        return net.Stack([self._value(child) for child in reversed(list(node))])

    def _enumerable(self, node: Any, number: str | None) -> Any:
        bag = self._early(number, PropertyBag())
        bag.extended = {}
        bag.items = [self._value(child) for child in node]
        return bag

    def _dictionary(self, node: Any, names: list[str], number: str | None) -> Any:
        pairs = []
        for entry in node:
            for name, child in zip(("key", "value"), [*entry, None, None], strict=False):
                if child is None:
                    raise _bad(f"{name.capitalize()} for dictionary entry is not specified.")
                if child.get("N", "").lower() != name:
                    raise _bad(f"Name attribute for dictionary {name} is incorrectly specified.")
            key, value = (self._value(child) for child in entry[:2])
            if key is None:
                raise _bad("Null is specified as dictionary key.")
            pairs.append((key, value))
        if names and names[0].removeprefix(_PREFIX) == "System.Collections.Specialized.OrderedDictionary" and self.ctx.edition != "5.1":
            return self._early(number, net.OrderedDictionary(pairs))
        texts = [k.lower() for k, _ in pairs if isinstance(k, str)]
        return self._early(number, net.Hashtable(pairs, ignore_case=len(set(texts)) == len(texts)))

    def _filled(self, holder: Any, parts: dict[str, Any]) -> Any:
        for tag, make, gap in (("Props", BagProperty, GapBagProperty), ("MS", NoteProperty, GapNoteProperty)):
            for child in parts.get(tag, ()):
                if self._tag(child) == "MS":
                    raise Unsupported("a member set in CLIXML")
                member: Member
                if child.tag is etree.PI:
                    name, what = (decode(word) for word in self._words(child))
                    member = gap(name, from_utf16(what))
                else:
                    member = make(decode(to_utf16(child.get("N", ""))), self._value(child))
                holder = self._added(holder, member)
        shown = parts.get("ToString")
        if shown is not None and isinstance(holder, PSCustomObject):
            text = self._text(shown)
            method = CodeMethod("ToString", lambda ctx, owner: text)
            method.hidden = True
            holder = self._added(holder, method)
            # It answers without its object, and would keep it.
            method.owner = None
        return holder

    def _words(self, node: Any) -> list[str]:
        if node.target != GAP:
            raise Unsupported("a processing instruction in CLIXML")
        return to_utf16(node.text or "").split(" ")

    def _added(self, holder: Any, member: Member) -> Any:
        holder = objects.extensible(holder)
        if holder.extended is None:
            holder.extended = {}
        holder.extended[member.name.lower()] = member
        member.owner = holder
        return holder


class _CalledText(CodeMethod):
    """A ``ToString()`` that only answers when it is called: ``"$x"`` shows the number."""

    __slots__ = ()
    kind = "Dynamic"


def _with_text(value: Any, text: str, names: list[str]) -> PSObject:
    """An enum value that came back: its number, whose ``Value`` and ``ToString()`` are the name."""
    holder = PSObject(value, {})
    assert holder.extended is not None
    shown = _CalledText("ToString", lambda ctx, owner: text)
    shown.hidden = True
    name = CodeProperty("Value", lambda ctx, owner: text, shown="ScriptProperty")
    for member in (shown, name):
        member.owner = holder
        holder.extended[member.name.lower()] = member
    return holder


def _rehydrated(ctx: ExecutionContext, value: Any, names: list[str]) -> Any:
    """Types that PowerShell makes anew on arrival (``TargetTypeForDeserialization``)."""
    kind = names[0].removeprefix(_PREFIX) if names else ""
    if kind == "System.Management.Automation.SwitchParameter":
        return SwitchParameter(bool(objects.get_member(ctx, value, "IsPresent")))
    if kind == "System.Management.Automation.PSCredential":
        return PSCredential(objects.get_member(ctx, value, "UserName"), objects.get_member(ctx, value, "Password"))
    if kind in ("System.Net.IPAddress", "System.Globalization.CultureInfo", "System.Net.Mail.MailAddress"):
        text = objects.get_member(ctx, value, "Name") if "Culture" in kind else convert.to_string(ctx, value)
        return convert.to(ctx, text, types.get(kind))
    return value


def deserialize(ctx: ExecutionContext, text: str, *, blocks: bool = False) -> list[Any]:
    """The values of a CLIXML text.

    Raises:
        PSError: ``System.Xml.XmlException``.
    """
    return Deserializer(ctx, blocks=blocks).document(text)

# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertTo-Xml: objects as ``Object`` and ``Property`` elements, by the rules of PowerShell's ``CustomInternalSerializer``.

Its rules are not those of CLIXML: every value is the text of its .NET ``ToString()``, containers do not use up depth, and what is left
when the depth is used up is a text as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.utility.clixml_writer import ADDED, container_tag, items_of
from hvsim.runtime import collections as net
from hvsim.runtime import convert, objects, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.structs import DateTime, Guid, SecureString, TimeSpan, Uri, Version
from hvsim.runtime.values import AUTOMATION_NULL, BigInteger, Char, EnumValue, PSCustomObject

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_KNOWN = (str, bool, int, float, Char, DateTime, TimeSpan, Guid, Version, Uri, ScriptBlock, SecureString)
_KNOWN_NAMES = frozenset(("System.Decimal", "System.Single", "System.Byte[]", "System.Xml.XmlDocument"))
"""``KnownTypes``: these are texts, whatever the depth."""
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")


def _escape(text: str) -> str:
    if _ILLEGAL.search(text):
        raise Unsupported("ConvertTo-Xml of a character that XML cannot hold")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    out = _escape(text).replace('"', "&quot;")
    return out.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")


class _Writer:
    """Writes one input object."""

    def __init__(self, ctx: ExecutionContext, level: int, *, typed: bool) -> None:
        self.ctx = ctx
        self.typed = typed
        self.level = level
        self.newline = "\r\n" if ctx.machine.is_windows else "\n"
        self.lines: list[str] = []
        self.tag = "Object"

    def one(self, value: Any, name: str | None, depth: int) -> None:
        """``WriteOneObject``: a property of that name, or an element of a container."""
        base = objects.unwrap(value)
        if base is None or base is AUTOMATION_NULL:
            self._leaf(name, None, None)
        elif (isinstance(base, _KNOWN) and not isinstance(base, BigInteger)) or types.of(base).full_name in _KNOWN_NAMES:
            self._leaf(name, base, self._plain_text(base))
        elif (container := container_tag(base)) is not None:
            self._container(value, base, container, name, depth)
        elif depth == 0:
            self._as_text(value, base, name)
        else:
            self._bag(value, base, name, depth)

    # -- elements --

    def _open(self, name: str | None, kind: str | None) -> str:
        """An element's start, without its closing bracket. The first element without a name is the object's."""
        tag = "Property"
        attributes = "" if name is None else f' Name="{_attribute(name)}"'
        if name is None:
            tag, self.tag = self.tag, "Property"
        if kind is not None and self.typed:
            attributes += f' Type="{_attribute(kind)}"'
        return f"{tag}{attributes}"

    def _line(self, text: str) -> None:
        self.lines.append("  " * self.level + text)

    def _leaf(self, name: str | None, base: Any, text: str | None, kind: str | None = None) -> None:
        start = self._open(name, self._type_text(base) if kind is None and base is not None else kind)
        if not text:
            self._line(f"<{start} />")
            return
        shown = re.sub("\r\n|\r|\n", self.newline, _escape(text))
        self._line(f"<{start}>{shown}</{start.split(' ', 1)[0]}>")

    def _element(self, name: str | None, base: Any, content: Callable[[], None]) -> None:
        """An element with the elements that *content* writes."""
        start = self._open(name, self._type_text(base))
        at = len(self.lines)
        self.level += 1
        content()
        self.level -= 1
        if len(self.lines) == at:
            self._line(f"<{start} />")
            return
        self.lines.insert(at, "  " * self.level + f"<{start}>")
        self._line(f"</{start.split(' ', 1)[0]}>")

    def _type_text(self, base: Any) -> str:
        return convert.to_string(self.ctx, objects.invoke_member(self.ctx, types.of(base), "ToString", []))

    def _plain_text(self, base: Any) -> str:
        """``object.ToString()``, which is not PowerShell's own text for numbers, dates or arrays."""
        text: str = objects.invoke_member(self.ctx, base, "ToString", [])
        return text

    # -- kinds of values --

    def _container(self, value: Any, base: Any, tag: str, name: str | None, depth: int) -> None:
        if tag == "IE" or getattr(base, "deserialized", False):
            raise Unsupported(f"ConvertTo-Xml of {types.of(base).full_name}")
        self._element(name, base, lambda: self._contents(value, base, depth))

    def _contents(self, value: Any, base: Any, depth: int) -> None:
        if isinstance(base, net.Dictionary):
            for key, content in list(base.items()):
                self.one(key, "Key", depth)
                self.one(content, "Value", depth)
        else:
            for item in list(items_of(base)):
                self.one(item, None, depth)
        self._added(value)

    def _added(self, value: Any) -> None:
        """Members of this one object (``WriteMemberInfoCollection``), whose type is that of the member."""
        for member in (getattr(value, "extended", None) or {}).values():
            if not isinstance(member, ADDED) or member.hidden:
                continue
            content = objects.unwrap(member.get(self.ctx, value))
            if content is None:
                raise Unsupported("ConvertTo-Xml of an added property that is null")
            kind = f"System.Management.Automation.PS{member.kind}"
            text = convert.to_string(self.ctx, content) if isinstance(content, PSCustomObject) else self._plain_text(content)
            self._leaf(member.name, None, text, kind)

    def _as_text(self, value: Any, base: Any, name: str | None) -> None:
        if not isinstance(base, PSCustomObject):
            if getattr(value, "extended", None):
                raise Unsupported("ConvertTo-Xml of an object with added members deeper than -Depth")
            self._leaf(name, base, self._plain_text(base))
            return
        if not base.extended:
            self._leaf(name, base, "")
            return
        self._element(name, base, lambda: self._noted(base))

    def _noted(self, base: PSCustomObject) -> None:
        text = convert.to_string(self.ctx, base)
        self._leaf(None, text, text)
        self._added(base)

    def _bag(self, value: Any, base: Any, name: str | None, depth: int) -> None:
        if isinstance(base, EnumValue) and (getattr(base.net_type, "underlying", None) or "System.Int32") == "System.Int32":
            self._element(name, base, lambda: self.one(base.value, "value__", depth))
        elif isinstance(base, PSCustomObject):
            self._element(name, base, lambda: self._properties(value, depth - 1))
        else:
            # types.ps1xml says for many types which properties to write, and how deep.
            raise Unsupported(f"ConvertTo-Xml of {types.of(base).full_name}")

    def _properties(self, value: Any, depth: int) -> None:
        for member in objects.properties(self.ctx, value):
            content = member.get(self.ctx, value)
            if objects.unwrap(content) is not None:
                self.one(content, member.name, depth)
            elif isinstance(member, objects.NoteProperty):
                self._leaf(member.name, None, None, "System.Object")
            else:
                raise Unsupported("ConvertTo-Xml of a property that is null")


@cmdlet("ConvertTo-Xml", parameters=("InputObject", "Depth", "NoTypeInformation", "As"))
class ConvertToXml(Cmdlet):
    """A document as such, as one text, or as a text for each object."""

    def begin(self) -> None:
        self.shape = self.arg("As", "Document").lower()
        self.newline = "\r\n" if self.ctx.machine.is_windows else "\n"
        self.lines: list[str] = []
        if self.ctx.edition == "5.1":
            raise Unsupported("ConvertTo-Xml of Windows PowerShell 5.1, whose writer closes empty elements otherwise")
        if self.shape == "stream":
            self.write(_DECLARATION)
            self.write("<Objects>")

    def process(self) -> None:
        stream = self.shape == "stream"
        writer = _Writer(self.ctx, 0 if stream else 1, typed=self.arg("NoTypeInformation") is not True)
        writer.one(self.arg("InputObject"), None, self.arg("Depth", 1))
        if stream:
            self.write(self.newline.join(writer.lines))
        else:
            self.lines += writer.lines

    def end(self) -> None:
        if self.shape == "stream":
            self.write("</Objects>")
            return
        body = ["<Objects>", *self.lines, "</Objects>"] if self.lines else ["<Objects />"]
        text = self.newline.join([_DECLARATION, *body])
        if self.shape == "string":
            self.write(text)
        else:
            self.write(convert.to(self.ctx, text, types.get("System.Xml.XmlDocument")))

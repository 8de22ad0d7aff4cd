# SPDX-License-Identifier: GPL-3.0-or-later
"""How ``XmlWriter.Create`` and ``XmlTextWriter`` turn calls into text; what they forbid is refused by name.

Both write a start tag at once and its end when something follows. They differ in when the text arrives (``XmlTextWriter`` passes it on
at once, the other keeps it until Flush), in who writes the declaration, and in what elements inside of text look like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.xml_dom import XML

Sink = Callable[[str], None]


@dataclass
class Style:
    """What the settings say. ``declares``: a declaration comes by itself; ``replaces``: line ends of texts become *new_line*."""

    indent: str | None = None
    new_line: str = "\n"
    declaration: bool = True
    declares: bool = True
    inherits_mixed: bool = True
    replaces: bool = True
    encoding: str = "utf-16"
    quote: str = '"'
    fragment: bool = False
    buffered: bool = True


@dataclass
class _Open:
    """An element that is not closed yet."""

    name: str
    scope: dict[str, str]
    missing: dict[str, str] = field(default_factory=dict)
    mixed: bool = False
    filled: bool = False


class XmlOutput:
    """The writer itself, without its .NET members."""

    def __init__(self, style: Style, sink: Sink) -> None:
        self.style = style
        self.sink = sink
        self.parts: list[str] = []
        self.open: list[_Open] = []
        self.in_tag = False
        self.attribute: str | None = None
        self.begun = self.rooted = self.closed = False

    # -- where the text goes --

    def put(self, text: str) -> None:
        if self.closed:
            raise Unsupported("an XmlWriter that is closed")
        self.begun = True
        if self.style.buffered:
            self.parts.append(text)
        else:
            self.sink(text)

    def flush(self) -> None:
        """Hands on what is there, also the start tag that is still open."""
        if self.style.buffered and self.parts:
            text, self.parts = "".join(self.parts), []
            self.sink(text)

    def finish(self) -> None:
        """Closes all elements, as Close does."""
        while self.open:
            self.end_element()
        self.flush()

    # -- structure --

    def declaration(self, standalone: bool | None = None) -> None:
        """``WriteStartDocument``."""
        if self.begun or self.style.fragment:
            raise Unsupported("WriteStartDocument of an XmlWriter that has begun or writes a fragment")
        self.begun = True
        if self.style.declaration:
            quote = self.style.quote
            tail = "" if standalone is None else f" standalone={quote}{'yes' if standalone else 'no'}{quote}"
            self.put(f"<?xml version={quote}1.0{quote} encoding={quote}{self.style.encoding}{quote}{tail}?>")
            self.declared = True

    declared = False

    def _before(self, *, breaks: bool = True) -> None:
        """What comes before a new thing: the declaration, the end of the start tag, a new line."""
        if self.attribute is not None:
            raise Unsupported("content of an XmlWriter inside of an attribute")
        if not self.begun and self.style.declares and not self.style.fragment:
            self.declaration()
        started = self.declared or self.rooted or bool(self.open) or self.noted
        self.end_start_tag()
        if breaks and started and self.style.indent is not None and not (self.open and self.open[-1].mixed):
            self.put(self.style.new_line + self.style.indent * len(self.open))

    noted = False

    def end_start_tag(self, *, empty: bool = False) -> None:
        if not self.in_tag:
            return
        self.in_tag = False
        element = self.open[-1]
        for prefix, namespace in element.missing.items():
            name = f"xmlns:{prefix}" if prefix else "xmlns"
            self.put(f" {name}={self.style.quote}{self.escaped(namespace, True)}{self.style.quote}")
            element.scope[prefix] = namespace
        self.put(" />" if empty else ">")

    def start_element(self, prefix: str | None, local: str, namespace: str | None) -> None:
        if not self.open and self.rooted and not self.style.fragment:
            raise Unsupported("a second root element of an XmlWriter")
        self._before()
        scope = dict(self.open[-1].scope) if self.open else {"": "", "xml": XML}
        if prefix is None:
            known = [p for p, n in reversed(scope.items()) if n == namespace] if namespace is not None else []
            prefix = known[0] if known else ""
        if namespace is None:
            namespace = scope.get(prefix, "")
        name = f"{prefix}:{local}" if prefix else local
        element = _Open(name, scope, mixed=self.style.inherits_mixed and bool(self.open) and self.open[-1].mixed)
        if scope.get(prefix) != namespace:
            element.missing[prefix] = namespace
        if self.open:
            self.open[-1].filled = True
        self.open.append(element)
        self.rooted = self.in_tag = True
        self.put(f"<{name}")

    def end_element(self, *, full: bool = False) -> None:
        if not self.open or self.attribute is not None:
            raise Unsupported("WriteEndElement of an XmlWriter without an open element")
        element = self.open[-1]
        if self.in_tag and not full:
            self.end_start_tag(empty=True)
            self.open.pop()
            return
        self.end_start_tag()
        self.open.pop()
        if self.style.indent is not None and element.filled and not element.mixed:
            self.put(self.style.new_line + self.style.indent * len(self.open))
        self.put(f"</{element.name}>")

    # -- attributes --

    def start_attribute(self, prefix: str | None, local: str, namespace: str | None) -> None:
        if not self.in_tag or self.attribute is not None:
            raise Unsupported("an attribute of an XmlWriter outside of a start tag")
        element = self.open[-1]
        if local == "xmlns" and not prefix:
            self.attribute = "xmlns"
        elif prefix == "xmlns":
            self.attribute = f"xmlns:{local}"
        else:
            self.attribute = self._attribute_name(element, prefix, local, namespace)
        self.put(f" {self.attribute}={self.style.quote}")

    def _attribute_name(self, element: _Open, prefix: str | None, local: str, namespace: str | None) -> str:
        if not namespace:
            return local if not prefix else f"{prefix}:{local}"
        if not prefix:
            found = [p for p, n in {**element.scope, **element.missing}.items() if n == namespace and p]
            if not found:
                raise Unsupported("an attribute of an XmlWriter with a namespace and without a prefix")
            prefix = found[-1]
        if {**element.scope, **element.missing}.get(prefix) != namespace:
            element.missing[prefix] = namespace
        return f"{prefix}:{local}"

    def end_attribute(self, value: str = "") -> None:
        """Ends an attribute; *value* counts for declarations of namespaces."""
        if self.attribute is None:
            raise Unsupported("WriteEndAttribute of an XmlWriter without an open attribute")
        if self.attribute == "xmlns" or self.attribute.startswith("xmlns:"):
            prefix = self.attribute.partition(":")[2]
            self.open[-1].missing.pop(prefix, None)
            self.open[-1].scope[prefix] = value
        self.attribute = None
        self.put(self.style.quote)

    def attribute_string(self, prefix: str | None, local: str, namespace: str | None, value: str | None) -> None:
        self.start_attribute(prefix, local, namespace)
        self.put(self.escaped(value or "", True))
        self.end_attribute(value or "")

    # -- content --

    def escaped(self, text: str, in_attribute: bool) -> str:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if in_attribute:
            quoted = "&quot;" if self.style.quote == '"' else "&apos;"
            text = text.replace(self.style.quote, quoted).replace("\r", "&#xD;").replace("\n", "&#xA;")
            return text.replace("\t", "&#x9;") if self.style.buffered else text
        if self.style.replaces:
            return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", self.style.new_line)
        return text

    def text(self, text: str) -> None:
        if self.attribute is not None:
            self.put(self.escaped(text, True))
            return
        self.raw(self.escaped(text, False), "text")

    def raw(self, text: str, what: str = "raw text") -> None:
        """Text that is not looked at."""
        if self.attribute is not None:
            self.put(text)
            return
        if not self.open and not self.style.fragment and what == "text":
            raise Unsupported("text of an XmlWriter outside of the root element")
        self._before(breaks=False)
        if self.open:
            self.open[-1].mixed = True
        self.put(text)

    def cdata(self, text: str) -> None:
        self.raw("<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>", "text")

    def note(self, text: str) -> None:
        """A comment or processing instruction, which has a line of its own."""
        self._before()
        if self.open:
            self.open[-1].filled = True
        self.noted = True
        self.put(text)

    def instruction(self, target: str, text: str) -> None:
        if target == "xml":
            if self.begun:
                raise Unsupported("an XML declaration after the start of an XmlWriter")
            self.begun = True
            if self.style.declaration:
                self.put(f"<?xml {text}?>")
                self.declared = True
            return
        self.note(f"<?{target} {text}?>" if text else f"<?{target}?>")

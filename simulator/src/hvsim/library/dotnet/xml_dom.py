# SPDX-License-Identifier: GPL-3.0-or-later
"""A light XML document object model with .NET's node types, and its text form as ``OuterXml`` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from hvsim.runtime.values import NetObject

XML = "http://www.w3.org/XML/1998/namespace"
XMLNS = "http://www.w3.org/2000/xmlns/"


class Node(NetObject):
    """Base of all nodes. ``node_type`` is the number of the XmlNodeType; strings are UTF-16 code units."""

    __slots__ = ("document", "parent")
    NET: ClassVar[str] = "System.Xml.XmlNode"
    node_type: ClassVar[int] = 0
    fixed_name: ClassVar[str] = ""

    def __init__(self, document: Document | None) -> None:
        self.document = document
        self.parent: Node | None = None

    @property
    def name(self) -> str:
        return self.fixed_name

    @property
    def local_name(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def children(self) -> list[Node]:
        return []

    @property
    def inner_text(self) -> str:
        return "".join(c.inner_text for c in self.children if c.node_type not in (7, 8))

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        raise NotImplementedError

    def outer_xml(self) -> str:
        out: list[str] = []
        self.write(out, {"": "", "xml": XML, "xmlns": XMLNS})
        return "".join(out)

    def inner_xml(self) -> str:
        out: list[str] = []
        scope = {"": "", "xml": XML, "xmlns": XMLNS}
        for child in self.children:
            child.write(out, scope)
        return "".join(out)

    def copy(self, deep: bool, document: Document | None) -> Node:
        raise NotImplementedError

    def net_text(self, _ctx: Any) -> str:
        return self.NET

    # Hooks of hvsim.runtime.objects; hvsim.library.dotnet.xml fills them.
    def get_adapted(self, ctx: Any, name: str) -> Any:
        from hvsim.library.dotnet import xml_adapter

        return xml_adapter.find(self, name)

    def adapted_members(self, ctx: Any) -> list[Any]:
        from hvsim.library.dotnet import xml_adapter

        return xml_adapter.members(self)


class Parent(Node):
    """A node with children."""

    __slots__ = ("nodes",)

    def __init__(self, document: Document | None) -> None:
        super().__init__(document)
        self.nodes: list[Node] = []

    @property
    def children(self) -> list[Node]:
        return self.nodes

    def append(self, child: Node) -> None:
        self.insert(len(self.nodes), child)

    def insert(self, index: int, child: Node) -> None:
        """Puts *child* (a fragment: its children) at a place, taking it away from where it was."""
        if isinstance(child, Fragment):
            for offset, node in enumerate(list(child.nodes)):
                self.insert(index + offset, node)
            return
        if isinstance(child.parent, Parent):
            old = child.parent
            position = old.nodes.index(child)
            old.nodes.remove(child)
            if old is self and position < index:
                index -= 1
        child.parent = self
        self.nodes.insert(index, child)
        self.touch()

    def remove(self, child: Node) -> None:
        self.nodes.remove(child)
        child.parent = None
        self.touch()

    def clear(self) -> None:
        for child in self.nodes:
            child.parent = None
        self.nodes = []
        self.touch()

    def touch(self) -> None:
        """Tells the document that a mirror made for XPath is out of date."""
        document = self if isinstance(self, Document) else self.document
        if document is not None:
            document.mirror = None


class Attribute(Node):
    """``XmlAttribute``; its parent is its element."""

    __slots__ = ("namespace", "qualified", "value")
    NET: ClassVar[str] = "System.Xml.XmlAttribute"
    node_type: ClassVar[int] = 2

    def __init__(self, document: Document | None, name: str, value: str = "", namespace: str = "") -> None:
        super().__init__(document)
        self.qualified = name
        self.value = value
        self.namespace = namespace

    @property
    def name(self) -> str:
        return self.qualified

    @property
    def prefix(self) -> str:
        return self.qualified.rpartition(":")[0]

    @property
    def inner_text(self) -> str:
        return self.value

    def inner_xml(self) -> str:
        return escape_attribute(self.value)

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        out.append(f'{self.qualified}="{escape_attribute(self.value)}"')

    def copy(self, deep: bool, document: Document | None) -> Attribute:
        return Attribute(document, self.qualified, self.value, self.namespace)


class Element(Parent):
    """``XmlElement``."""

    __slots__ = ("attributes", "is_empty", "namespace", "qualified")
    NET: ClassVar[str] = "System.Xml.XmlElement"
    node_type: ClassVar[int] = 1

    def __init__(self, document: Document | None, name: str, namespace: str = "") -> None:
        super().__init__(document)
        self.qualified = name
        self.namespace = namespace
        self.attributes: list[Attribute] = []
        self.is_empty = True

    @property
    def name(self) -> str:
        return self.qualified

    @property
    def prefix(self) -> str:
        return self.qualified.rpartition(":")[0]

    def insert(self, index: int, child: Node) -> None:
        self.is_empty = False
        super().insert(index, child)

    def attribute(self, name: str) -> Attribute | None:
        return next((a for a in self.attributes if a.qualified == name), None)

    def attribute_ns(self, local: str, namespace: str) -> Attribute | None:
        return next((a for a in self.attributes if a.local_name == local and a.namespace == namespace), None)

    def set_attribute(self, name: str, value: str, namespace: str = "") -> Attribute:
        found = self.attribute(name)
        if found is None:
            found = Attribute(self.document, name, value, namespace)
            found.parent = self
            self.attributes.append(found)
        found.value = value
        self.touch()
        return found

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        inner = dict(scope)
        for attribute in self.attributes:
            if attribute.qualified == "xmlns":
                inner[""] = attribute.value
            elif attribute.qualified.startswith("xmlns:"):
                inner[attribute.qualified[6:]] = attribute.value
        out.append("<" + self.qualified)
        for attribute in self.attributes:
            out.append(" ")
            attribute.write(out, inner)
        for prefix, namespace in self._undeclared(inner):
            inner[prefix] = namespace
            name = f"xmlns:{prefix}" if prefix else "xmlns"
            out.append(f' {name}="{escape_attribute(namespace)}"')
        if self.is_empty and not self.nodes:
            out.append(" />")
            return
        out.append(">")
        for child in self.nodes:
            child.write(out, inner)
        out.append(f"</{self.qualified}>")

    def _undeclared(self, scope: dict[str, str]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if scope.get(self.prefix) != self.namespace and (self.namespace or not self.prefix):
            found.append((self.prefix, self.namespace))
        for attribute in self.attributes:
            prefix = attribute.prefix
            if prefix and prefix not in ("xml", "xmlns") and scope.get(prefix) != attribute.namespace and attribute.namespace:
                found.append((prefix, attribute.namespace))
        return found

    def copy(self, deep: bool, document: Document | None) -> Element:
        made = Element(document, self.qualified, self.namespace)
        for attribute in self.attributes:
            clone = attribute.copy(True, document)
            clone.parent = made
            made.attributes.append(clone)
        if deep:
            for child in self.nodes:
                made.append(child.copy(True, document))
        made.is_empty = self.is_empty
        return made

    def lookup(self, prefix: str) -> str | None:
        """The namespace that a prefix stands for here."""
        if prefix == "xml":
            return XML
        name = f"xmlns:{prefix}" if prefix else "xmlns"
        node: Node | None = self
        while isinstance(node, Element):
            found = node.attribute(name)
            if found is not None:
                return found.value
            if node.prefix == prefix and node.namespace:
                return node.namespace
            node = node.parent
        return None if prefix else ""


class CharacterData(Node):
    """Text in one of its forms."""

    __slots__ = ("value",)

    def __init__(self, document: Document | None, value: str) -> None:
        super().__init__(document)
        self.value = value

    @property
    def inner_text(self) -> str:
        return self.value

    def inner_xml(self) -> str:
        return ""

    def copy(self, deep: bool, document: Document | None) -> Node:
        return type(self)(document, self.value)

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        out.append(escape_text(self.value))


class Text(CharacterData):
    __slots__ = ()
    NET: ClassVar[str] = "System.Xml.XmlText"
    node_type: ClassVar[int] = 3
    fixed_name: ClassVar[str] = "#text"


class Whitespace(CharacterData):
    __slots__ = ()
    NET: ClassVar[str] = "System.Xml.XmlWhitespace"
    node_type: ClassVar[int] = 13
    fixed_name: ClassVar[str] = "#whitespace"


class SignificantWhitespace(CharacterData):
    __slots__ = ()
    NET: ClassVar[str] = "System.Xml.XmlSignificantWhitespace"
    node_type: ClassVar[int] = 14
    fixed_name: ClassVar[str] = "#significant-whitespace"


class CData(CharacterData):
    __slots__ = ()
    NET: ClassVar[str] = "System.Xml.XmlCDataSection"
    node_type: ClassVar[int] = 4
    fixed_name: ClassVar[str] = "#cdata-section"

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        out.append(f"<![CDATA[{self.value}]]>")


class Comment(CharacterData):
    __slots__ = ()
    NET: ClassVar[str] = "System.Xml.XmlComment"
    node_type: ClassVar[int] = 8
    fixed_name: ClassVar[str] = "#comment"

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        out.append(f"<!--{self.value}-->")


class Instruction(CharacterData):
    """``XmlProcessingInstruction``."""

    __slots__ = ("target",)
    NET: ClassVar[str] = "System.Xml.XmlProcessingInstruction"
    node_type: ClassVar[int] = 7

    def __init__(self, document: Document | None, target: str, value: str) -> None:
        super().__init__(document, value)
        self.target = target

    @property
    def name(self) -> str:
        return self.target

    def copy(self, deep: bool, document: Document | None) -> Node:
        return Instruction(document, self.target, self.value)

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        out.append(f"<?{self.target} {self.value}?>" if self.value else f"<?{self.target}?>")


class Declaration(Node):
    """``XmlDeclaration``."""

    __slots__ = ("encoding", "standalone", "version")
    NET: ClassVar[str] = "System.Xml.XmlDeclaration"
    node_type: ClassVar[int] = 17
    fixed_name: ClassVar[str] = "xml"

    def __init__(self, document: Document | None, version: str, encoding: str = "", standalone: str = "") -> None:
        super().__init__(document)
        self.version = version
        self.encoding = encoding
        self.standalone = standalone

    @property
    def value(self) -> str:
        text = f'version="{self.version}"'
        if self.encoding:
            text += f' encoding="{self.encoding}"'
        return text + (f' standalone="{self.standalone}"' if self.standalone else "")

    @property
    def inner_text(self) -> str:
        return self.value

    def copy(self, deep: bool, document: Document | None) -> Node:
        return Declaration(document, self.version, self.encoding, self.standalone)

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        out.append(f"<?xml {self.value}?>")


class DocumentType(Node):
    """``XmlDocumentType``: kept as text; entities that it declares are not used."""

    __slots__ = ("qualified", "text")
    NET: ClassVar[str] = "System.Xml.XmlDocumentType"
    node_type: ClassVar[int] = 10

    def __init__(self, document: Document | None, name: str, text: str) -> None:
        super().__init__(document)
        self.qualified = name
        self.text = text

    @property
    def name(self) -> str:
        return self.qualified

    def copy(self, deep: bool, document: Document | None) -> Node:
        return DocumentType(document, self.qualified, self.text)

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        out.append(self.text)


class Fragment(Parent):
    """``XmlDocumentFragment``."""

    __slots__ = ()
    NET: ClassVar[str] = "System.Xml.XmlDocumentFragment"
    node_type: ClassVar[int] = 11
    fixed_name: ClassVar[str] = "#document-fragment"

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        for child in self.nodes:
            child.write(out, scope)

    def copy(self, deep: bool, document: Document | None) -> Node:
        made = Fragment(document)
        if deep:
            for child in self.nodes:
                made.append(child.copy(True, document))
        return made


class Document(Parent):
    """``XmlDocument``."""

    __slots__ = ("mirror", "preserve_whitespace")
    NET: ClassVar[str] = "System.Xml.XmlDocument"
    node_type: ClassVar[int] = 9
    fixed_name: ClassVar[str] = "#document"

    def __init__(self) -> None:
        super().__init__(None)
        self.preserve_whitespace = False
        self.mirror: Any = None

    @property
    def root(self) -> Element | None:
        return next((n for n in self.nodes if isinstance(n, Element)), None)

    def write(self, out: list[str], scope: dict[str, str]) -> None:
        for child in self.nodes:
            child.write(out, scope)

    def copy(self, deep: bool, document: Document | None) -> Node:
        made = Document()
        made.preserve_whitespace = self.preserve_whitespace
        if deep:
            for child in self.nodes:
                made.append(child.copy(True, made))
        return made


def descendants(node: Node) -> Iterator[Node]:
    """All nodes below, in document order."""
    for child in node.children:
        yield child
        yield from descendants(child)


def escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    text = escape_text(text).replace('"', "&quot;")
    return text.replace("\n", "&#xA;").replace("\r", "&#xD;")

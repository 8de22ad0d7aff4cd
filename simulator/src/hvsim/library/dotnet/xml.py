# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``System.Xml``: documents, nodes, lists, namespaces; the cast to ``[xml]``."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet import xml_parser, xml_xpath
from hvsim.library.dotnet.xml_adapter import set_inner_text
from hvsim.library.dotnet.xml_dom import (
    XMLNS,
    Attribute,
    CData,
    CharacterData,
    Comment,
    Declaration,
    Document,
    Element,
    Fragment,
    Instruction,
    Node,
    Parent,
    SignificantWhitespace,
    Text,
    Whitespace,
    descendants,
)
from hvsim.library.dotnet.xml_lists import (
    ENUMERATOR,
    AttributeCollection,
    NamespaceManager,
    NamespaceTable,
    NodeList,
)
from hvsim.runtime import convert, types
from hvsim.runtime.collections import Enumerator
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, indexer, method, setter
from hvsim.runtime.objects import CodeMethod, type_member, unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import EnumValue

_NODE = "System.Xml.XmlNode"
_DOCUMENT = "System.Xml.XmlDocument"
_ELEMENT = "System.Xml.XmlElement"
_ATTRIBUTE = "System.Xml.XmlAttribute"


convert.SEQUENCES[NodeList] = iter
convert.SEQUENCES[AttributeCollection] = iter


# --- making documents -----------------------------------------------------------------------------------------------


def document_from(text: str, *, check_characters: bool = True, preserve_whitespace: bool = False) -> Document:
    """A parsed document.

    Raises:
        PSError: ``System.Xml.XmlException``.
    """
    made = Document()
    made.preserve_whitespace = preserve_whitespace
    xml_parser.parse(text, made, check_characters=check_characters)
    return made


def _to_xml(ctx: Any, value: Any, target: NetType) -> Document:
    """``[xml]value``; an empty text is a document without root."""
    text = convert.to_string(ctx, value)
    try:
        return document_from(text, check_characters=False) if text.strip() else Document()
    except PSError as error:
        raise convert.with_inner("InvalidCastToXmlDocument", text, target, error.exception) from None


convert.register(_DOCUMENT, _to_xml)


@constructor(_DOCUMENT)
def _new_document(net_type: NetType, *_args: Any) -> Document:
    return Document()


@method(_DOCUMENT, "LoadXml")
def _load_xml(self: Document, text: str) -> None:
    xml_parser.parse(text or "", self)


@method(_DOCUMENT, "Load", context=True)
def _load(ctx: Any, self: Document, source: Any) -> None:
    from hvsim.library.dotnet.io import text_of_source

    xml_parser.parse(text_of_source(ctx, source), self)


@method(_DOCUMENT, "Save", context=True)
def _save(ctx: Any, self: Document, target: Any) -> None:
    from hvsim.library.dotnet import xml_writers

    xml_writers.save_to(ctx, self, target)


def _create_element(self: Document, *args: Any) -> Element:
    if len(args) == 3:
        prefix, local, namespace = args
        return Element(self, xml_parser.check_name(f"{prefix}:{local}" if prefix else local), namespace or "")
    return Element(self, xml_parser.check_name(args[0]), (args[1] or "") if len(args) > 1 else "")


method(_DOCUMENT, "CreateElement")(_create_element)


@method(_DOCUMENT, "CreateAttribute")
def _create_attribute(self: Document, *args: Any) -> Attribute:
    if len(args) == 3:
        prefix, local, namespace = args
        return Attribute(self, xml_parser.check_name(f"{prefix}:{local}" if prefix else local), "", namespace or "")
    return Attribute(self, xml_parser.check_name(args[0]), "", (args[1] or "") if len(args) > 1 else "")


method(_DOCUMENT, "CreateTextNode")(lambda self, text: Text(self, text or ""))
method(_DOCUMENT, "CreateComment")(lambda self, text: Comment(self, text or ""))
method(_DOCUMENT, "CreateCDataSection")(lambda self, text: CData(self, text or ""))
method(_DOCUMENT, "CreateWhitespace")(lambda self, text: Whitespace(self, text or ""))
method(_DOCUMENT, "CreateSignificantWhitespace")(lambda self, text: SignificantWhitespace(self, text or ""))
method(_DOCUMENT, "CreateDocumentFragment")(lambda self: Fragment(self))
method(_DOCUMENT, "CreateProcessingInstruction")(lambda self, target, text: Instruction(self, target, text or ""))


@method(_DOCUMENT, "CreateXmlDeclaration")
def _create_declaration(self: Document, version: str, encoding: str | None, standalone: str | None) -> Declaration:
    if version != "1.0":
        raise net_error("System.ArgumentException", "Wrong XML version information. The XML must match production \"VersionNum ::= '1.' [0-9]+\".")
    return Declaration(self, version, encoding or "", standalone or "")


@method(_DOCUMENT, "ImportNode")
def _import_node(self: Document, node: Node | None, deep: bool) -> Node:
    if node is None:
        raise net_error("System.InvalidOperationException", "Cannot import a null node.")
    copy = node.copy(deep, self)
    if isinstance(copy, Element) and not deep:
        copy.is_empty = True
    return copy


getter(_DOCUMENT, "DocumentElement")(lambda self: self.root)
getter(_DOCUMENT, "PreserveWhitespace")(lambda self: self.preserve_whitespace)


@setter(_DOCUMENT, "PreserveWhitespace")
def _set_preserve(self: Document, value: bool) -> None:
    self.preserve_whitespace = value


@getter(_DOCUMENT, "NameTable")
def _name_table(self: Document) -> Any:
    return NamespaceTable()


def _by_tag(self: Node, name: str, namespace: str | None = None) -> NodeList:
    def matches(node: Node) -> bool:
        if not isinstance(node, Element):
            return False
        if namespace is None:
            return name in ("*", node.qualified)
        return name in ("*", node.local_name) and namespace in ("*", node.namespace)

    return NodeList(lambda: [n for n in descendants(self) if matches(n)], "System.Xml.XmlElementList")


method(_DOCUMENT, "GetElementsByTagName")(_by_tag)
method(_ELEMENT, "GetElementsByTagName")(_by_tag)


# --- all nodes ----------------------------------------------------------------------------------------------------


def _index_in_parent(self: Node) -> int:
    assert self.parent is not None
    return self.parent.children.index(self)


def _sibling(self: Node, step: int) -> Node | None:
    if self.parent is None or isinstance(self, Attribute):
        return None
    index = _index_in_parent(self) + step
    siblings = self.parent.children
    return siblings[index] if 0 <= index < len(siblings) else None


def _value(self: Node) -> str | None:
    return getattr(self, "value", None) if not isinstance(self, Element) else None


def _touch(self: Node) -> None:
    if self.document is not None:
        self.document.mirror = None


for _name, _read in {
    "Name": lambda n: n.name,
    "LocalName": lambda n: n.local_name,
    "Prefix": lambda n: getattr(n, "prefix", ""),
    "NamespaceURI": lambda n: getattr(n, "namespace", ""),
    "BaseURI": lambda n: "",
    "Value": _value,
    "InnerText": lambda n: n.inner_text,
    "InnerXml": lambda n: n.inner_xml(),
    "OuterXml": lambda n: n.outer_xml(),
    "ParentNode": lambda n: None if isinstance(n, Attribute) else n.parent,
    "OwnerDocument": lambda n: None if isinstance(n, Document) else n.document,
    "FirstChild": lambda n: n.children[0] if n.children else None,
    "LastChild": lambda n: n.children[-1] if n.children else None,
    "NextSibling": lambda n: _sibling(n, 1),
    "PreviousSibling": lambda n: _sibling(n, -1),
    "HasChildNodes": lambda n: bool(n.children),
    "IsReadOnly": lambda n: False,
    "ChildNodes": lambda n: NodeList(lambda: n.children, "System.Xml.XmlChildNodes"),
    "Attributes": lambda n: AttributeCollection(n) if isinstance(n, Element) else None,
}.items():
    getter(_NODE, _name)(_read)


# ``ToStringCodeMethods.XmlNode``: the class's own ToString is its name, PowerShell's type data gives the node's.
type_member(_NODE, CodeMethod("ToString", lambda ctx, owner: unwrap(owner).local_name))


@getter(_NODE, "NodeType")
def _node_type(self: Node) -> EnumValue:
    return types.enum("System.Xml.XmlNodeType", self.node_type)


@setter(_NODE, "Value")
def _set_value(self: Node, value: str) -> None:
    if not isinstance(self, (CharacterData, Attribute)):
        raise net_error(
            "System.InvalidOperationException", f"Cannot set a value on node type '{types.enum_text(_node_type(self))}'."
        )
    self.value = value or ""
    _touch(self)


@setter(_NODE, "InnerText")
def _set_inner_text(self: Node, value: str) -> None:
    if isinstance(self, Element):
        set_inner_text(self, value or "")
    elif isinstance(self, (CharacterData, Attribute)):
        self.value = value or ""
        _touch(self)
    else:
        raise net_error("System.InvalidOperationException", "The 'InnerText' of a 'Document' node is read-only and cannot be set.")


@setter(_NODE, "InnerXml")
def _set_inner_xml(self: Node, value: str) -> None:
    if isinstance(self, Document):
        xml_parser.parse(value, self)
        return
    if not isinstance(self, Parent) or self.document is None:
        raise net_error("System.InvalidOperationException", "Cannot set the 'InnerXml' for the current node because it is either read-only or cannot have children.")
    fragment = xml_parser.parse_fragment(value, self, self.document)
    self.clear()
    if isinstance(self, Element):
        self.is_empty = False
    self.append(fragment)


@setter(_NODE, "Prefix")
def _set_prefix(self: Any, value: str) -> None:
    self.qualified = f"{value}:{self.local_name}" if value else self.local_name


def _container(self: Node) -> Parent:
    if not isinstance(self, Parent):
        raise net_error("System.InvalidOperationException", "The current node cannot contain other nodes.")
    return self


def _need_node(node: Node | None) -> None:
    """The class library looks at a node without asking whether it is there."""
    if node is None:
        raise net_error("System.NullReferenceException", "Object reference not set to an instance of an object.")


def _check_child(self: Parent, child: Node) -> None:
    _need_node(child)
    document = self if isinstance(self, Document) else self.document
    if child.document is not document and not isinstance(child, Document):
        raise net_error("System.ArgumentException", "The node to be inserted is from a different document context.")
    if isinstance(child, (Attribute, Document)):
        raise net_error("System.InvalidOperationException", "The specified node cannot be inserted as the valid child of this node, because the specified node is the wrong type.")
    node: Node | None = self
    while node is not None:
        if node is child:
            raise net_error("System.ArgumentException", "Cannot insert a node or any ancestor of that node as a child of itself.")
        node = node.parent
    if isinstance(self, Document) and isinstance(child, Element) and self.root not in (None, child):
        raise net_error("System.InvalidOperationException", "This document already has a 'DocumentElement' node.")


def _child_index(self: Parent, reference: Node) -> int:
    if reference not in self.nodes:
        raise net_error("System.ArgumentException", "The reference node is not a child of this node.")
    return self.nodes.index(reference)


@method(_NODE, "AppendChild")
def _append_child(self: Node, child: Node) -> Node:
    parent = _container(self)
    _check_child(parent, child)
    parent.append(child)
    return child


@method(_NODE, "PrependChild")
def _prepend_child(self: Node, child: Node) -> Node:
    parent = _container(self)
    _check_child(parent, child)
    parent.insert(0, child)
    return child


@method(_NODE, "InsertBefore")
def _insert_before(self: Node, child: Node, reference: Node | None) -> Node:
    parent = _container(self)
    _check_child(parent, child)
    parent.insert(len(parent.nodes) if reference is None else _child_index(parent, reference), child)
    return child


@method(_NODE, "InsertAfter")
def _insert_after(self: Node, child: Node, reference: Node | None) -> Node:
    parent = _container(self)
    _check_child(parent, child)
    parent.insert(0 if reference is None else _child_index(parent, reference) + 1, child)
    return child


@method(_NODE, "RemoveChild")
def _remove_child(self: Node, child: Node) -> Node:
    parent = _container(self)
    _need_node(child)
    if child.parent is not parent:
        raise net_error("System.ArgumentException", "The node to be removed is not a child of this node.")
    parent.remove(child)
    return child


@method(_NODE, "ReplaceChild")
def _replace_child(self: Node, child: Node, old: Node) -> Node:
    parent = _container(self)
    _need_node(old)
    index = _child_index(parent, old)
    parent.remove(old)
    _check_child(parent, child)
    parent.insert(index, child)
    return old


@method(_NODE, "RemoveAll")
def _remove_all(self: Node) -> None:
    if isinstance(self, Element):
        self.attributes = []
        self.is_empty = False
    if isinstance(self, Parent):
        self.clear()


@method(_NODE, "Clone")
def _clone(self: Node) -> Node:
    return self.copy(True, self if isinstance(self, Document) else self.document)


@method(_NODE, "CloneNode")
def _clone_node(self: Node, deep: bool) -> Node:
    return self.copy(deep, self if isinstance(self, Document) else self.document)


@method(_NODE, "Normalize")
def _normalize(self: Node) -> None:
    if not isinstance(self, Parent):
        return
    kept: list[Node] = []
    for child in self.nodes:
        if isinstance(child, Text) and kept and isinstance(kept[-1], Text):
            kept[-1].value += child.value
        elif not (isinstance(child, Text) and not child.value):
            kept.append(child)
            _normalize(child)
    self.nodes = kept
    self.touch()


@method(_NODE, "GetEnumerator")
def _node_enumerator(self: Node) -> Enumerator:
    return Enumerator(lambda: list(self.children), types.get(ENUMERATOR))


@method(_NODE, "GetNamespaceOfPrefix")
def _namespace_of(self: Node, prefix: str) -> str:
    element = self if isinstance(self, Element) else self.parent
    return (element.lookup(prefix) or "") if isinstance(element, Element) else ""


@method(_NODE, "GetPrefixOfNamespace")
def _prefix_of(self: Node, namespace: str) -> str:
    node: Node | None = self
    while isinstance(node, Element):
        for attribute in node.attributes:
            if attribute.prefix == "xmlns" and attribute.value == namespace:
                return attribute.local_name
        node = node.parent
    return ""


def _prefixes(manager: Any) -> dict[str, str] | None:
    return manager.prefixes if isinstance(manager, NamespaceManager) else None


@method(_NODE, "SelectNodes")
def _select_nodes(self: Node, expression: str, manager: Any = None) -> NodeList:
    return NodeList(xml_xpath.select(self, expression, _prefixes(manager)), "System.Xml.XPathNodeList")


@method(_NODE, "SelectSingleNode")
def _select_single(self: Node, expression: str, manager: Any = None) -> Node | None:
    found = xml_xpath.select(self, expression, _prefixes(manager))
    return found[0] if found else None


def _first_child_named(self: Node, name: str, namespace: str | None = None) -> Element | None:
    for child in self.children:
        if isinstance(child, Element):
            same = child.qualified == name if namespace is None else (child.local_name, child.namespace) == (name, namespace)
            if same:
                return child
    return None


indexer(_NODE, overloads=["(string) -> System.Xml.XmlElement", "(string, string) -> System.Xml.XmlElement"])(
    _first_child_named
)


# --- elements and attributes ----------------------------------------------------------------------------------------


@getter(_ELEMENT, "HasAttributes")
def _has_attributes(self: Element) -> bool:
    return bool(self.attributes)


@getter(_ELEMENT, "IsEmpty")
def _is_empty(self: Element) -> bool:
    return self.is_empty and not self.nodes


@setter(_ELEMENT, "IsEmpty")
def _set_empty(self: Element, value: bool) -> None:
    if value:
        self.clear()
    self.is_empty = value


def found_attribute(self: Element, name: str, *namespace: str) -> Attribute | None:
    return self.attribute_ns(name, namespace[0]) if namespace else self.attribute(name)


@method(_ELEMENT, "GetAttribute")
def _get_attribute(self: Element, name: str, *namespace: str) -> str:
    found = found_attribute(self, name, *namespace)
    return found.value if found is not None else ""


method(_ELEMENT, "GetAttributeNode")(found_attribute)
method(_ELEMENT, "HasAttribute")(lambda self, name, *ns: found_attribute(self, name, *ns) is not None)


@method(_ELEMENT, "SetAttribute")
def _set_attribute(self: Element, *args: Any) -> Any:
    if len(args) == 3:
        local, namespace, value = args
        found = self.attribute_ns(local.rpartition(":")[2], namespace)
        if found is None:
            prefix = _prefix_of(self, namespace) if ":" not in local else ""
            found = self.set_attribute(xml_parser.check_name(f"{prefix}:{local}" if prefix else local), value, namespace)
        found.value = value
        return value
    name, value = args
    namespace = XMLNS if name == "xmlns" or name.startswith("xmlns:") else ""
    self.set_attribute(xml_parser.check_name(name), value if value is not None else "", namespace)
    return None


@method(_ELEMENT, "RemoveAttribute")
def remove_attribute(self: Element, name: str, *namespace: str) -> None:
    found = found_attribute(self, name, *namespace)
    if found is not None:
        self.attributes.remove(found)
        found.parent = None
        self.touch()


@method(_ELEMENT, "RemoveAllAttributes")
def remove_all_attributes(self: Element) -> None:
    self.attributes = []
    self.touch()


@method(_ELEMENT, "SetAttributeNode", overloads=["(System.Xml.XmlAttribute) -> System.Xml.XmlAttribute"])
def set_attribute_node(self: Element, attribute: Attribute) -> Attribute | None:
    _need_node(attribute)
    old = self.attribute(attribute.qualified)
    if old is not None:
        self.attributes.remove(old)
    attribute.parent = self
    self.attributes.append(attribute)
    self.touch()
    return old


getter(_ATTRIBUTE, "OwnerElement")(lambda self: self.parent)
getter(_ATTRIBUTE, "Specified")(lambda self: True)

for _name, _field in (("Version", "version"), ("Encoding", "encoding"), ("Standalone", "standalone")):
    getter("System.Xml.XmlDeclaration", _name, type="string")(lambda self, field=_field: getattr(self, field))
getter("System.Xml.XmlProcessingInstruction", "Target", type="string")(lambda self: self.target)
getter("System.Xml.XmlProcessingInstruction", "Data", type="string")(lambda self: self.value)
getter("System.Xml.XmlCharacterData", "Data", type="string")(lambda self: self.value)
getter("System.Xml.XmlCharacterData", "Length", type="int")(lambda self: len(self.value))


@setter("System.Xml.XmlDeclaration", "Encoding")
def _set_encoding(self: Declaration, value: str) -> None:
    self.encoding = value or ""


@setter("System.Xml.XmlCharacterData", "Data")
def _set_data(self: CharacterData, value: str) -> None:
    _set_value(self, value)

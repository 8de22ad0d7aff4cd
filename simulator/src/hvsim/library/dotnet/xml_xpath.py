# SPDX-License-Identifier: GPL-3.0-or-later
"""XPath over :mod:`xml_dom`: expressions are evaluated by lxml on a mirror of the document and mapped back."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.xml_dom import (
    Attribute,
    CData,
    CharacterData,
    Comment,
    Document,
    Element,
    Instruction,
    Node,
    Parent,
    SignificantWhitespace,
    Text,
    Whitespace,
)
from hvsim.runtime.errors import PSError, net_error

_TEXTUAL = (Text, CData, Whitespace, SignificantWhitespace)


class Mirror:
    """An lxml tree of a document (or of a detached element), with the way back to our nodes."""

    def __init__(self, root: Element) -> None:
        self.ours: dict[Any, Node] = {}
        self.theirs: dict[Node, Any] = {}
        self.root = self._build(root, None)
        document = root.parent
        if isinstance(document, Document):
            self._around(document, root)

    def _around(self, document: Document, root: Element) -> None:
        place = document.nodes.index(root)
        for node in document.nodes[:place]:
            made = self._leaf(node)
            if made is not None:
                self.root.addprevious(made)
        for node in reversed(document.nodes[place + 1 :]):
            made = self._leaf(node)
            if made is not None:
                self.root.addnext(made)

    def _leaf(self, node: Node) -> Any:
        if isinstance(node, Comment):
            made: Any = etree.Comment(_safe(node.value))
        elif isinstance(node, Instruction):
            made = etree.ProcessingInstruction(_safe(node.target), _safe(node.value))
        else:
            return None
        self._map(made, node)
        return made

    def _map(self, theirs: Any, ours: Node) -> None:
        self.ours[theirs] = ours
        self.theirs[ours] = theirs

    def _build(self, element: Element, parent: Any) -> Any:
        try:
            made = self._element(element, parent)
        except ValueError as error:
            where = f"'{from_utf16(element.namespace)}'" if element.namespace else "none"
            raise Unsupported(f"XPath over the element '{from_utf16(element.qualified)}' (namespace {where})") from error
        self._map(made, element)
        last: Any = None
        for child in element.nodes:
            if isinstance(child, Element):
                last = self._build(child, made)
            elif isinstance(child, _TEXTUAL):
                text = _safe(child.value)
                if last is None:
                    made.text = (made.text or "") + text
                else:
                    last.tail = (last.tail or "") + text
            else:
                leaf = self._leaf(child)
                if leaf is not None:
                    made.append(leaf)
                    last = leaf
        return made

    @staticmethod
    def _element(element: Element, parent: Any) -> Any:
        tag = _tag(element.namespace, element.local_name)
        made = etree.Element(tag) if parent is None else etree.SubElement(parent, tag)
        for attribute in element.attributes:
            if attribute.qualified != "xmlns" and attribute.prefix != "xmlns":
                made.set(_tag(attribute.namespace, attribute.local_name), _safe(attribute.value))
        return made

    def back(self, found: Any) -> Node | None:
        """Our node for one that lxml found."""
        if isinstance(found, etree._Element):
            return self.ours.get(found)
        parent = found.getparent() if hasattr(found, "getparent") else None
        if parent is None:
            return None
        if found.is_attribute:
            element = self.ours[parent]
            assert isinstance(element, Element)
            name = str(found.attrname)
            namespace, local = name[1:].split("}") if name.startswith("{") else ("", name)
            return element.attribute_ns(to_utf16(local), namespace)
        return self._text(self.ours[parent], bool(found.is_tail))

    @staticmethod
    def _text(anchor: Node, is_tail: bool) -> Node | None:
        if is_tail:
            assert isinstance(anchor.parent, Parent)
            siblings = anchor.parent.nodes
            following = siblings[siblings.index(anchor) + 1 :]
        else:
            following = anchor.children
        return next((n for n in following if isinstance(n, _TEXTUAL)), None)


def _tag(namespace: str, local: str) -> str:
    return f"{{{namespace}}}{from_utf16(local)}" if namespace else from_utf16(local)


_LITERALS = re.compile(r"'[^']*'|\"[^\"]*\"")


def _safe(text: str) -> str:
    """*text* as lxml takes it: no lone surrogates, no control characters."""
    whole = from_utf16(text)
    if whole.isprintable():
        return whole
    return "".join(
        c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff") else "\ufffd"
        for c in whole
    )


def _mirror(node: Node) -> Mirror | None:
    top: Node = node
    while top.parent is not None:
        top = top.parent
    if isinstance(top, Document):
        if top.mirror is None:
            root = top.root
            top.mirror = Mirror(root) if root is not None else None
        found: Mirror | None = top.mirror
        return found
    return Mirror(top) if isinstance(top, Element) else None


def select(node: Node, expression: str, namespaces: dict[str, str] | None = None) -> list[Node]:
    """The nodes that an XPath expression gives, in document order.

    Raises:
        PSError: ``System.Xml.XPath.XPathException``.
    """
    mirror = _mirror(node)
    if mirror is None:
        return []
    outside = _LITERALS.sub("", expression)
    if _safe(outside) != from_utf16(outside):
        # What is no character of XML may stand in a literal only (``XPathScanner.NextLex``).
        raise _invalid(expression, "")
    try:
        result = _evaluate(mirror, node, _safe(expression), namespaces or {})
    except etree.XPathError as error:
        raise _invalid(expression, str(error)) from None
    if not isinstance(result, list):
        raise net_error("System.Xml.XPath.XPathException", "Expression must evaluate to a node-set.")
    found: list[Node] = []
    for item in result:
        ours = mirror.back(item)
        if ours is not None and ours not in found:
            found.append(ours)
    return found


def _evaluate(mirror: Mirror, node: Node, expression: str, namespaces: dict[str, str]) -> Any:
    prefixes = {k: v for k, v in namespaces.items() if k and v and k not in ("xml", "xmlns")} or None
    if isinstance(node, Document):
        return etree.XPathDocumentEvaluator(mirror.root.getroottree(), namespaces=prefixes)(expression)
    if isinstance(node, (Attribute, CharacterData)) and node not in mirror.theirs:
        context = mirror.theirs.get(node.parent) if node.parent is not None else None
        if context is None or not expression.startswith("/"):
            from hvsim.lang.errors import Unsupported

            raise Unsupported("XPath relative to an attribute or text node")
        return context.xpath(expression, namespaces=prefixes)
    return mirror.theirs[node].xpath(expression, namespaces=prefixes)


def _invalid(expression: str, reason: str) -> PSError:
    if "Undefined namespace prefix" in reason:
        return net_error(
            "System.Xml.XPath.XPathException",
            "Namespace Manager or XsltContext needed. This query has a prefix, variable, or user-defined function.",
        )
    if re.search(r"(?:/|::)\s*(?:[\[\])|=<>+]|$)", expression):
        # A step has no node test (``XPathParser.ParseNodeTest``).
        return net_error("System.Xml.XPath.XPathException", "Expression must evaluate to a node-set.")
    return net_error("System.Xml.XPath.XPathException", f"'{expression}' has an invalid token.")

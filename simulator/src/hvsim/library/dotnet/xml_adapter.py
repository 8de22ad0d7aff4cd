# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell's XML adapter: attributes and child elements as properties (``XmlNodeAdapter``)."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet.xml_dom import Attribute, Element, Node, Text, Whitespace
from hvsim.runtime import convert
from hvsim.runtime.collections import fold
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.member_info import Member
from hvsim.runtime.values import Array


class XmlProperty(Member):
    """A name under which an element has attributes or children."""

    __slots__ = ("nodes",)
    NET = "System.Management.Automation.PSProperty"
    kind = "Property"
    settable = True

    def __init__(self, name: str, nodes: list[Node]) -> None:
        super().__init__(name)
        self.nodes = nodes

    def get(self, ctx: Any, owner: Any) -> Any:
        if len(self.nodes) == 1:
            return simplified(self.nodes[0])
        return Array([simplified(n) for n in self.nodes])

    def set(self, ctx: Any, owner: Any, value: Any) -> None:
        text = convert.to_string(ctx, value)
        if len(self.nodes) > 1:
            raise self._refused("MoreThanOneNode")
        node = self.nodes[0]
        if isinstance(node, (Text, Attribute)):
            node.value = text
            if node.document is not None:
                node.document.mirror = None
            return
        if isinstance(node, Element):
            if node.attributes:
                raise self._refused("NodeWithAttributes")
            if not node.nodes or (len(node.nodes) == 1 and isinstance(node.nodes[0], Text)):
                set_inner_text(node, text)
                return
        raise self._refused("UnknownNodeType")

    def _refused(self, why: str) -> Exception:
        return runtime_error(
            f"XmlNodeSetRestrictions{why}",
            f'Cannot set "{self.name}" because only strings can be used as values to set XmlNode properties.',
            kind="System.Management.Automation.SetValueException",
            category="NotSpecified",
        )

    def type_name(self, ctx: Any = None) -> str:
        from hvsim.runtime import types

        value = self.get(ctx, None)
        return types.type_to_string(types.of(value)) if value is not None else "System.Object"

    def copy(self) -> XmlProperty:
        return XmlProperty(self.name, self.nodes)


def set_inner_text(element: Element, text: str) -> None:
    """``InnerText = text``: one text node instead of all children."""
    if len(element.nodes) == 1 and isinstance(element.nodes[0], Text):
        element.nodes[0].value = text
        element.touch()
        return
    element.clear()
    element.is_empty = False
    if text:
        element.append(Text(element.document, text))


def simplified(node: Node) -> Any:
    """A node without attributes that holds nothing but text is that text."""
    if isinstance(node, (Text, Attribute)):
        return node.inner_text
    if isinstance(node, Element) and node.attributes:
        return node
    children = node.children
    if not children:
        return node.inner_text
    if len(children) == 1 and isinstance(children[0], Text):
        return node.inner_text
    return node


def _named(node: Node) -> list[Node]:
    attributes: list[Node] = list(node.attributes) if isinstance(node, Element) else []
    return attributes + [c for c in node.children if not isinstance(c, Whitespace)]


def find(node: Node, name: str) -> XmlProperty | None:
    """The property of that name (any case)."""
    wanted = fold(name)
    nodes = [n for n in _named(node) if fold(n.local_name) == wanted]
    return XmlProperty(nodes[0].local_name, nodes) if nodes else None


def members(node: Node) -> list[XmlProperty]:
    """All properties, attributes first."""
    grouped: dict[str, list[Node]] = {}
    for found in _named(node):
        grouped.setdefault(fold(found.local_name), []).append(found)
    return [XmlProperty(nodes[0].local_name, nodes) for nodes in grouped.values()]

# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and maps of XML nodes and the tables of namespaces: the values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hvsim.library.dotnet.xml_dom import (
    Attribute,
    Element,
    Node,
)
from hvsim.runtime import types
from hvsim.runtime.values import NetObject

LIST = "System.Xml.XmlNodeList"
MAP = "System.Xml.XmlNamedNodeMap"
COLLECTION = "System.Xml.XmlAttributeCollection"
MANAGER = "System.Xml.XmlNamespaceManager"
ENUMERATOR = "System.Collections.IEnumerator"


class NodeList(NetObject):
    """``XmlNodeList``: of children (live) or of what a query found."""

    __slots__ = ("net_type", "source")

    def __init__(self, source: Any, type_name: str) -> None:
        self.source = source
        self.net_type = types.get(type_name)

    @property
    def nodes(self) -> list[Node]:
        found: list[Node] = self.source() if callable(self.source) else self.source
        return found

    def __iter__(self) -> Iterator[Node]:
        return iter(list(self.nodes))

    def __len__(self) -> int:
        return len(self.nodes)

    def __bool__(self) -> bool:
        return True


class AttributeCollection(NetObject):
    """``XmlAttributeCollection`` of an element."""

    __slots__ = ("element",)
    NET = COLLECTION

    def __init__(self, element: Element) -> None:
        self.element = element

    def __iter__(self) -> Iterator[Attribute]:
        return iter(list(self.element.attributes))

    def __len__(self) -> int:
        return len(self.element.attributes)

    def __bool__(self) -> bool:
        return True


class NamespaceManager(NetObject):
    """``XmlNamespaceManager``."""

    __slots__ = ("prefixes",)
    NET = MANAGER

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}


class NamespaceTable(NetObject):
    """``XmlNameTable``: only handed around."""

    __slots__ = ()
    NET = "System.Xml.NameTable"


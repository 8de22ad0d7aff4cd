# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of XML lists and maps, and of ``XmlNamespaceManager``."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet.xml import found_attribute, remove_all_attributes, remove_attribute, set_attribute_node
from hvsim.library.dotnet.xml_dom import (
    Attribute,
)
from hvsim.library.dotnet.xml_lists import (
    COLLECTION,
    ENUMERATOR,
    LIST,
    MANAGER,
    MAP,
    AttributeCollection,
    NamespaceManager,
    NamespaceTable,
)
from hvsim.runtime import types
from hvsim.runtime.collections import Enumerator
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, indexer, method
from hvsim.runtime.types import NetType

# --- collections --------------------------------------------------------------------------------------------------


def _nth(self: Any, index: int) -> Any:
    items = list(self)
    return items[index] if 0 <= index < len(items) else None


getter(LIST, "Count", type="int")(len)
method(LIST, "Item", overloads=["(int) -> System.Xml.XmlNode"])(_nth)
indexer(LIST, overloads=["(int) -> System.Xml.XmlNode"])(_nth)
method(LIST, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])(
    lambda self: Enumerator(lambda: list(self), types.get(ENUMERATOR))
)


def _attribute_at(self: AttributeCollection, key: Any, *namespace: str) -> Attribute | None:
    if isinstance(key, int):
        if not 0 <= key < len(self):
            raise net_error("System.IndexOutOfRangeException", "The index being passed in is out of range.")
        return self.element.attributes[key]
    return found_attribute(self.element, key, *namespace)


getter(MAP, "Count", type="int")(len)
indexer(
    COLLECTION,
    overloads=[
        "(int) -> System.Xml.XmlAttribute",
        "(string) -> System.Xml.XmlAttribute",
        "(string, string) -> System.Xml.XmlAttribute",
    ],
)(_attribute_at)
method(MAP, "Item", overloads=["(int) -> System.Xml.XmlNode"])(_nth)
method(
    MAP, "GetNamedItem", overloads=["(string) -> System.Xml.XmlNode", "(string, string) -> System.Xml.XmlNode"]
)(_attribute_at)
method(MAP, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])(
    lambda self: Enumerator(lambda: list(self), types.get(ENUMERATOR))
)


@method(COLLECTION, "Append", overloads=["(System.Xml.XmlAttribute) -> System.Xml.XmlAttribute"])
def _append_attribute(self: AttributeCollection, attribute: Attribute) -> Attribute:
    set_attribute_node(self.element, attribute)
    return attribute


@method(MAP, "SetNamedItem", overloads=["(System.Xml.XmlNode) -> System.Xml.XmlNode"])
def _set_named_item(self: AttributeCollection, attribute: Attribute | None) -> Attribute | None:
    return None if attribute is None else _append_attribute(self, attribute)


@method(COLLECTION, "Prepend", overloads=["(System.Xml.XmlAttribute) -> System.Xml.XmlAttribute"])
def _prepend_attribute(self: AttributeCollection, attribute: Attribute) -> Attribute:
    set_attribute_node(self.element, attribute)
    self.element.attributes.insert(0, self.element.attributes.pop())
    return attribute


@method(MAP, "RemoveNamedItem", overloads=["(string) -> System.Xml.XmlNode"])
def _remove_named(self: AttributeCollection, name: str) -> Attribute | None:
    found = self.element.attribute(name)
    if found is not None:
        remove_attribute(self.element, name)
    return found


@method(COLLECTION, "Remove", overloads=["(System.Xml.XmlAttribute) -> System.Xml.XmlAttribute"])
def _remove_attribute_node(self: AttributeCollection, attribute: Attribute) -> Attribute:
    if attribute in self.element.attributes:
        remove_attribute(self.element, attribute.qualified)
    return attribute


@method(COLLECTION, "RemoveAll", overloads=["() -> void"])
def _remove_every_attribute(self: AttributeCollection) -> None:
    remove_all_attributes(self.element)


# --- namespaces ---------------------------------------------------------------------------------------------------


@constructor(MANAGER, overloads=["(System.Xml.XmlNameTable)"])
def _new_manager(net_type: NetType, _table: Any) -> NamespaceManager:
    return NamespaceManager()


@constructor("System.Xml.NameTable", overloads=["()"])
def _new_name_table(net_type: NetType) -> Any:
    return NamespaceTable()


@method(MANAGER, "AddNamespace")
def _add_namespace(self: NamespaceManager, prefix: str, uri: str) -> None:
    self.prefixes[prefix] = uri


@method(MANAGER, "RemoveNamespace")
def _remove_namespace(self: NamespaceManager, prefix: str, uri: str) -> None:
    self.prefixes.pop(prefix, None)


method(MANAGER, "HasNamespace")(lambda self, prefix: prefix in self.prefixes)
method(MANAGER, "LookupNamespace")(lambda self, prefix: self.prefixes.get(prefix, "" if prefix == "" else None))
method(MANAGER, "LookupPrefix")(lambda self, uri: next((p for p, u in self.prefixes.items() if u == uri), None))
getter(MANAGER, "DefaultNamespace")(lambda self: self.prefixes.get("", ""))


@method(MANAGER, "GetEnumerator")
def _manager_enumerator(self: NamespaceManager) -> Enumerator:
    names = ["", "xmlns", "xml", *[p for p in self.prefixes if p]]
    return Enumerator(lambda: names, types.get(ENUMERATOR))


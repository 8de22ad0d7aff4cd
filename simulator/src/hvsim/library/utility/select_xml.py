# SPDX-License-Identifier: GPL-3.0-or-later
"""Select-Xml on content and nodes."""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.runtime import convert, objects, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.members import getter, method
from hvsim.runtime.values import NetObject

_INFO = "Microsoft.PowerShell.Commands.SelectXmlInfo"


@types.net_class(_INFO)
class SelectXmlInfo(NetObject):
    """A node with the expression that found it."""

    __slots__ = ("node", "pattern")
    NET: ClassVar[str] = _INFO

    def __init__(self, node: Any, pattern: str) -> None:
        self.node = node
        self.pattern = pattern


getter(_INFO, "Node", type="System.Xml.XmlNode")(lambda self: self.node)
getter(_INFO, "Path", type="string")(lambda self: "InputStream")
getter(_INFO, "Pattern", type="string")(lambda self: self.pattern)


@method(_INFO, "ToString", overloads=["() -> string"], context=True)
def _text(ctx: Any, self: SelectXmlInfo) -> str:
    return convert.to_string(ctx, objects.get_member(ctx, self.node, "InnerText"))


@cmdlet("Select-Xml", parameters=("XPath", "Xml", "Content", "Namespace"))
class SelectXml(Cmdlet):
    """Nodes that an XPath expression finds. Files are not read: the binder refuses ``-Path``."""

    def process(self) -> None:
        for text in self.arg("Content") or ():
            self._select(convert.to(self.ctx, text, types.get("System.Xml.XmlDocument")))
        for node in self.arg("Xml") or ():
            self._select(node)

    def _select(self, node: Any) -> None:
        pattern: str = self.args["XPath"]
        arguments: list[Any] = [pattern]
        if self.bound("Namespace"):
            arguments.append(self._manager())
        try:
            found = objects.invoke_member(self.ctx, node, "SelectNodes", arguments)
        except PSError as error:
            inner = error.exception.inner or error.exception
            raise PSError(inner) from None
        for each in convert.enumerate(found) or ():
            self.write(SelectXmlInfo(each, pattern))

    def _manager(self) -> Any:
        table = objects.construct(self.ctx, types.get("System.Xml.NameTable"), [])
        manager = objects.construct(self.ctx, types.get("System.Xml.XmlNamespaceManager"), [table])
        for prefix, uri in self.args["Namespace"].items():
            names = [convert.to_string(self.ctx, prefix), convert.to_string(self.ctx, uri)]
            objects.invoke_member(self.ctx, manager, "AddNamespace", names)
        return manager

# SPDX-License-Identifier: GPL-3.0-or-later
"""``XmlWriter.Create``, ``XmlWriterSettings``, ``XmlTextWriter`` and what nodes write to them."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet import encoding as enc
from hvsim.library.dotnet.encoding import Encoding
from hvsim.library.dotnet.streams import Stream, open_file
from hvsim.library.dotnet.text_builder import StringBuilder
from hvsim.library.dotnet.text_writers import TextWriter, new_line
from hvsim.library.dotnet.xml_dom import (
    Attribute,
    CData,
    Comment,
    Declaration,
    Document,
    DocumentType,
    Element,
    Instruction,
    Node,
    Whitespace,
)
from hvsim.library.dotnet.xml_output import Style, XmlOutput
from hvsim.runtime import convert, types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method, setter, static_method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import EnumValue, NetObject

_WRITER: Final = "System.Xml.XmlWriter"
_TEXT_WRITER: Final = "System.Xml.XmlTextWriter"
_SETTINGS: Final = "System.Xml.XmlWriterSettings"
_FRAGMENT: Final = 1


class Settings(NetObject):
    """``XmlWriterSettings``; *new_line* None is the machine's own."""

    NET: ClassVar[str] = _SETTINGS

    def __init__(self) -> None:
        self.values: dict[str, Any] = {
            "Indent": False, "IndentChars": "  ", "NewLineChars": None, "OmitXmlDeclaration": False, "Encoding": enc.UTF8,
            "ConformanceLevel": types.enum("System.Xml.ConformanceLevel", 2),
            "NewLineHandling": types.enum("System.Xml.NewLineHandling", 0),
            "CloseOutput": False, "CheckCharacters": True, "Async": False, "WriteEndDocumentOnClose": True,
            "NewLineOnAttributes": False,
        }  # fmt: skip

    def style(self, ctx: Any, encoding: str) -> Style:
        """What a writer with these settings does.

        Raises:
            Unsupported: a setting that is not implemented.
        """
        rows = self.values
        handling, level = rows["NewLineHandling"].value, rows["ConformanceLevel"].value
        if rows["NewLineOnAttributes"] or handling == 1 or not rows["WriteEndDocumentOnClose"] or level == 0:
            raise Unsupported("XmlWriterSettings with NewLineOnAttributes, NewLineHandling Entitize or ConformanceLevel Auto")
        return Style(
            indent=rows["IndentChars"] if rows["Indent"] else None,
            new_line=new_line(ctx) if rows["NewLineChars"] is None else rows["NewLineChars"],
            declaration=not rows["OmitXmlDeclaration"],
            replaces=handling == 0,
            encoding=encoding,
            fragment=level == _FRAGMENT,
        )


constructor(_SETTINGS, overloads=["()"])(lambda net_type: Settings())
_PROPERTY_TYPES: Final = {
    "IndentChars": "string", "NewLineChars": "string", "Encoding": "System.Text.Encoding",
    "ConformanceLevel": "System.Xml.ConformanceLevel", "NewLineHandling": "System.Xml.NewLineHandling",
}  # fmt: skip
for _name in Settings().values:
    getter(_SETTINGS, _name, type=_PROPERTY_TYPES.get(_name, "bool"), context=True)(
        lambda ctx, self, key=_name: new_line(ctx) if self.values[key] is None else self.values[key]
    )
    setter(_SETTINGS, _name)(lambda self, value, key=_name: self.values.__setitem__(key, value))


class XmlWriter(NetObject):
    """A writer and what it writes to: a text writer, builder or stream; *owns* whether closing it closes that."""

    def __init__(self, net_type: NetType, target: Any, style: Style, encoding: Encoding, *, owns: bool) -> None:
        self.net_type = net_type
        self.target = target
        self.encoding = encoding
        self.owns = owns
        self.marked = False
        self.output = XmlOutput(style, self._take)

    def _take(self, text: str) -> None:
        if isinstance(self.target, StringBuilder):
            self.target.append(text)
        elif isinstance(self.target, TextWriter):
            self.target.write(text)
        else:
            if not self.marked and self.target.position == 0:
                self.target.write(self.encoding.preamble)
            self.marked = True
            self.target.write(self.encoding.encode(text))

    def flush(self) -> None:
        self.output.flush()
        if isinstance(self.target, (TextWriter, Stream)):
            self.target.flush()

    def close(self) -> None:
        if self.output.closed:
            return
        self.output.finish()
        self.flush()
        self.output.closed = True
        if self.owns and isinstance(self.target, (TextWriter, Stream)):
            self.target.close()


_TARGETS: Final = ("string", "System.Text.StringBuilder", "System.IO.TextWriter", "System.IO.Stream")


@static_method(
    _WRITER,
    "Create",
    overloads=[f"({t}{s}) -> System.Xml.XmlWriter" for t in _TARGETS for s in ("", ", System.Xml.XmlWriterSettings")],
    context=True,
)
def _create(ctx: Any, target: Any, settings: Settings | None = None) -> XmlWriter:
    settings = settings or Settings()
    encoding = settings.values["Encoding"]
    if isinstance(target, StringBuilder):
        encoding = enc.UNICODE
    elif isinstance(target, TextWriter):
        encoding = target.encoding
    owns = settings.values["CloseOutput"] or isinstance(target, str)
    if isinstance(target, str):
        target = open_file(ctx, target, 2, 2)
    return XmlWriter(types.get(_WRITER), target, settings.style(ctx, encoding.kind), encoding, owns=owns)


@constructor(
    _TEXT_WRITER,
    overloads=["(System.IO.TextWriter)", "(string, System.Text.Encoding)", "(System.IO.Stream, System.Text.Encoding)"],
    context=True,
)
def _new_text_writer(ctx: Any, net_type: NetType, target: Any, encoding: Encoding | None = None) -> XmlWriter:
    if isinstance(target, str):
        target = open_file(ctx, target, 2, 2)
    if isinstance(target, Stream):
        target = TextWriter(types.get("System.IO.StreamWriter"), new_line(ctx), target, encoding or enc.UTF8_NO_MARK)
    style = Style(
        new_line=target.new_line, declares=False, inherits_mixed=False, replaces=False, encoding=target.encoding.kind, buffered=False
    )
    return XmlWriter(net_type, target, style, target.encoding, owns=True)


# --- XmlTextWriter's own properties -----------------------------------------------------------------------------------


def _formatting(self: XmlWriter) -> EnumValue:
    return types.enum("System.Xml.Formatting", int(self.output.style.indent is not None))


def _set_formatting(self: XmlWriter, value: EnumValue) -> None:
    self.output.style.indent = "  " if value.value else None


def _set_indentation(self: XmlWriter, value: int) -> None:
    _indent(self, (self.output.style.indent or " ")[:1] or " ", value)


def _set_indent_char(self: XmlWriter, value: Any) -> None:
    _indent(self, value.text, 2 if self.output.style.indent is None else len(self.output.style.indent))


def _indent(self: XmlWriter, char: str, count: int) -> None:
    if self.output.style.indent is None:
        raise Unsupported("Indentation and IndentChar of an XmlTextWriter before Formatting")
    self.output.style.indent = char * count


getter(_TEXT_WRITER, "Formatting", type="System.Xml.Formatting")(_formatting)
setter(_TEXT_WRITER, "Formatting")(_set_formatting)
getter(_TEXT_WRITER, "Indentation", type="int")(lambda self: 2 if self.output.style.indent is None else len(self.output.style.indent))
setter(_TEXT_WRITER, "Indentation")(_set_indentation)
getter(_TEXT_WRITER, "IndentChar", type="char")(lambda self: convert.to(None, (self.output.style.indent or " ")[:1], types.get("System.Char")))
setter(_TEXT_WRITER, "IndentChar")(_set_indent_char)


# --- what all writers do ----------------------------------------------------------------------------------------------


def _names(args: tuple[Any, ...]) -> tuple[str | None, str, str | None]:
    """(prefix, local name, namespace) of the forms (local), (local, ns) and (prefix, local, ns)."""
    if len(args) == 1:
        return None, args[0], None
    if len(args) == 2:
        return None, args[0], args[1]
    return args[0], args[1], args[2]


_NAMES: Final = ["(string) -> void", "(string, string) -> void", "(string, string, string) -> void"]
_NAMES_AND_VALUE: Final = ["(string, string) -> void", "(string, string, string) -> void", "(string, string, string, string) -> void"]


@method(_WRITER, "WriteStartElement", overloads=_NAMES)
def _start_element(self: XmlWriter, *args: Any) -> None:
    self.output.start_element(*_names(args))


@method(_WRITER, "WriteElementString", overloads=_NAMES_AND_VALUE)
def _element_string(self: XmlWriter, *args: Any) -> None:
    self.output.start_element(*_names(args[:-1]))
    if args[-1]:
        self.output.text(args[-1])
    self.output.end_element()


@method(_WRITER, "WriteAttributeString", overloads=_NAMES_AND_VALUE)
def _attribute_string(self: XmlWriter, *args: Any) -> None:
    prefix, local, namespace = _names(args[:-1])
    self.output.attribute_string(prefix, local, namespace, args[-1])


@method(_WRITER, "WriteStartAttribute", overloads=_NAMES)
def _start_attribute(self: XmlWriter, *args: Any) -> None:
    prefix, local, namespace = _names(args)
    if "xmlns" in (prefix, local):
        raise Unsupported("WriteStartAttribute of a namespace declaration")
    self.output.start_attribute(prefix, local, namespace)


@method(_WRITER, "WriteStartDocument", overloads=["() -> void", "(bool) -> void"])
def _start_document(self: XmlWriter, *standalone: bool) -> None:
    self.output.declaration(*standalone)


@method(_WRITER, "WriteEndDocument", overloads=["() -> void"])
def _end_document(self: XmlWriter) -> None:
    while self.output.open:
        self.output.end_element()


@method(_WRITER, "WriteProcessingInstruction", overloads=["(string, string) -> void"])
def _instruction(self: XmlWriter, name: str, text: str) -> None:
    self.output.instruction(name, text)


@method(_WRITER, "WriteValue", overloads=[f"({t}) -> void" for t in ("string", "int", "long", "bool")], context=True)
def _value(ctx: Any, self: XmlWriter, value: Any) -> None:
    self.output.text(str(value).lower() if isinstance(value, bool) else convert.to_string(ctx, value))


for _name, _signature, _function in (
    ("WriteEndElement", "() -> void", lambda self: self.output.end_element()),
    ("WriteFullEndElement", "() -> void", lambda self: self.output.end_element(full=True)),
    ("WriteEndAttribute", "() -> void", lambda self: self.output.end_attribute()),
    ("WriteString", "(string) -> void", lambda self, text: self.output.text(text or "")),
    ("WriteRaw", "(string) -> void", lambda self, text: self.output.raw(text or "")),
    ("WriteCData", "(string) -> void", lambda self, text: self.output.cdata(text or "")),
    ("WriteComment", "(string) -> void", lambda self, text: self.output.note(f"<!--{text or ''}-->")),
    ("Flush", "() -> void", lambda self: self.flush()),
    ("Close", "() -> void", lambda self: self.close()),
    ("Dispose", "() -> void", lambda self: self.close()),
):
    method(_WRITER, _name, overloads=[_signature])(_function)


# --- nodes ------------------------------------------------------------------------------------------------------------

_NODE: Final = "System.Xml.XmlNode"


def write_node(output: XmlOutput, node: Node) -> None:
    """``XmlNode.WriteTo``."""
    if isinstance(node, Element):
        _write_element(output, node)
    elif isinstance(node, CData):
        output.cdata(node.value)
    elif isinstance(node, Comment):
        output.note(f"<!--{node.value}-->")
    elif isinstance(node, Declaration):
        output.instruction("xml", node.value)
    elif isinstance(node, Instruction):
        output.instruction(node.name, node.value)
    elif isinstance(node, DocumentType):
        output.note(node.outer_xml())
    elif isinstance(node, Attribute):
        raise Unsupported(f"WriteTo of {types.display(types.of(node))}")
    elif isinstance(node, Whitespace):
        output.raw(node.value, "white space")
    elif node.children or isinstance(node, Document):
        for child in node.children:
            write_node(output, child)
    else:
        output.text(node.inner_text)


def _write_element(output: XmlOutput, element: Element) -> None:
    output.start_element(element.prefix, element.local_name, element.namespace)
    for attribute in element.attributes:
        prefix = attribute.prefix
        output.attribute_string(prefix or None, attribute.local_name, attribute.namespace or None, attribute.value)
    for child in element.nodes:
        write_node(output, child)
    output.end_element(full=not element.is_empty)


@method(_NODE, "WriteTo", overloads=["(System.Xml.XmlWriter) -> void"])
def _write_to(self: Node, writer: XmlWriter) -> None:
    write_node(writer.output, self)


@method(_NODE, "WriteContentTo", overloads=["(System.Xml.XmlWriter) -> void"])
def _write_content_to(self: Node, writer: XmlWriter) -> None:
    for child in self.children:
        write_node(writer.output, child)


def save(document: Document, writer: XmlWriter) -> None:
    """``XmlDocument.Save(XmlWriter)``: the writer's own declaration stands for the document's."""
    nodes = list(document.nodes)
    if not nodes:
        return
    if not writer.output.begun:
        first = nodes[0]
        if isinstance(first, Declaration):
            nodes.pop(0)
            writer.output.declaration(*([first.standalone == "yes"] if first.standalone else []))
        else:
            writer.output.declaration()
    for node in nodes:
        write_node(writer.output, node)
    writer.flush()


def save_to(ctx: Any, document: Document, target: Any) -> None:
    """``XmlDocument.Save``: files and streams get the document's own declaration and its encoding, with a byte order mark.

    Raises:
        PSError: a document without root element has no file.
    """
    if isinstance(target, XmlWriter):
        save(document, target)
        return
    if isinstance(target, str) and document.root is None:
        raise net_error("System.Xml.XmlException", "Invalid XML document. The document does not have a root element.")
    first = document.nodes[0] if document.nodes else None
    named = first.encoding if isinstance(first, Declaration) else ""
    args = () if isinstance(target, TextWriter) else (enc.by_name(named) if named else None,)
    writer = _new_text_writer(ctx, types.get(_TEXT_WRITER), target, *args)
    if not document.preserve_whitespace:
        writer.output.style.indent = "  "
    if isinstance(target, TextWriter):
        save(document, writer)
        return
    write_node(writer.output, document)
    writer.flush()
    if isinstance(target, str):
        writer.close()

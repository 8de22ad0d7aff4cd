# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads XML text into :mod:`xml_dom`, with .NET's error messages for what scripts usually get wrong.

Nothing outside of the text is ever loaded; entities other than the five predefined ones are refused, so that neither
external entities nor expansion attacks exist.
"""

from __future__ import annotations

import re

from hvsim.lang.text import to_utf16
from hvsim.library.dotnet.xml_dom import (
    XMLNS,
    Attribute,
    CData,
    Comment,
    Declaration,
    Document,
    DocumentType,
    Element,
    Fragment,
    Instruction,
    Node,
    Parent,
    SignificantWhitespace,
    Text,
    Whitespace,
)
from hvsim.runtime.errors import PSError, net_error

_NAME = re.compile(r"[^\W\d][\w.\-·]*(?::[^\W\d][\w.\-·]*)?")
_SPACE = re.compile(r"[ \t\r\n]*")
_TEXT = re.compile(r"[^<&]+")
_NOT_IN_NAMES = re.compile(r"[^\w.\-·]")
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|([^\W\d][\w.\-]*));")
_PREDEFINED = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}
_PSEUDO = re.compile(r"""([A-Za-z]+)\s*=\s*("[^"]*"|'[^']*')""")
_ALLOWED_CONTROL = "\t\n\r"


def parse(text: str, document: Document, *, check_characters: bool = True) -> None:
    """Fills *document* from *text*.

    Raises:
        PSError: ``System.Xml.XmlException``.
    """
    document.clear()
    _Parser(text, document, check_characters).document_content()


def parse_fragment(text: str, owner: Parent, document: Document) -> Fragment:
    """The nodes of a piece of XML (``InnerXml``), names resolved as inside of *owner*."""
    made = Fragment(document)
    parser = _Parser(text, document, True)
    parser.context = owner if isinstance(owner, Element) else None
    parser.content(made, [])
    return made


def bad_character(char: str) -> str:
    """The message about a character that no name can have."""
    return f"The '{char}' character, hexadecimal value 0x{ord(char):02X}, cannot be included in a name."


def check_name(qualified: str | None) -> str:
    """A name that a script gives to an element or attribute (``XmlDocument.CheckName``: any name character may be the first).

    Raises:
        PSError: XmlException for a character that no name can have; ArgumentException without a local name.
    """
    if qualified is None:
        raise net_error("System.NullReferenceException", "Object reference not set to an instance of an object.")
    prefix, _, local = qualified.rpartition(":")
    for part in (prefix, local):
        found = _NOT_IN_NAMES.search(part)
        if found is not None:
            raise net_error("System.Xml.XmlException", bad_character(found[0]))
    if not local:
        raise net_error("System.ArgumentException", "The local name for elements or attributes cannot be null or an empty string.")
    return qualified


class _Parser:
    def __init__(self, text: str, document: Document, check_characters: bool) -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.pos = 0
        self.document = document
        self.check = check_characters
        self.context: Element | None = None

    # -- errors -------------------------------------------------------------------------------------------------

    def fail(self, message: str, pos: int | None = None) -> PSError:
        at = self.pos if pos is None else pos
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return net_error(
            "System.Xml.XmlException",
            f"{message} Line {line}, position {column}.",
            LineNumber=line,
            LinePosition=column,
        )

    # -- document -----------------------------------------------------------------------------------------------

    def document_content(self) -> None:
        document = self.document
        if self.text.startswith("\ufeff"):
            self.pos = 1
        if self.text.startswith("<?xml", self.pos) and self.text[self.pos + 5 : self.pos + 6] in " \t\n":
            document.append(self._declaration())
        if not self.text[self.pos :].strip(" \t\n"):
            raise net_error("System.Xml.XmlException", "Root element is missing.", LineNumber=0, LinePosition=0)
        seen_root = False
        while self.pos < len(self.text):
            space = _SPACE.match(self.text, self.pos)
            assert space is not None
            if space.end() > self.pos:
                if document.preserve_whitespace:
                    document.append(Whitespace(document, space.group()))
                self.pos = space.end()
                continue
            self._top_level(seen_root)
            seen_root = document.root is not None
        if not seen_root:
            raise net_error("System.Xml.XmlException", "Root element is missing.", LineNumber=0, LinePosition=0)

    def _top_level(self, seen_root: bool) -> None:
        text, pos = self.text, self.pos
        if text.startswith("<!--", pos):
            self.document.append(self._comment())
        elif text.startswith("<!DOCTYPE", pos):
            self.document.append(self._doctype())
        elif text.startswith("<?", pos):
            self.document.append(self._instruction())
        elif text.startswith("<", pos) and not text.startswith(("</", "<!"), pos):
            if seen_root:
                raise self.fail("There are multiple root elements.", pos + 1)
            self._elements(self.document)
        else:
            raise self.fail("Data at the root level is invalid.")

    def _declaration(self) -> Declaration:
        end = self.text.find("?>", self.pos)
        if end < 0:
            raise self.fail("Unexpected end of file has occurred.", len(self.text))
        pairs = {name: value[1:-1] for name, value in _PSEUDO.findall(self.text[self.pos + 5 : end])}
        if "version" not in pairs:
            raise self.fail("Syntax for an XML declaration is invalid.", self.pos + 6)
        self.pos = end + 2
        return Declaration(self.document, pairs["version"], pairs.get("encoding", ""), pairs.get("standalone", ""))

    def _comment(self) -> Comment:
        end = self.text.find("--", self.pos + 4)
        if end < 0:
            raise self.fail("Unexpected end of file while parsing Comment has occurred.", len(self.text))
        if not self.text.startswith("-->", end):
            raise self.fail("An XML comment cannot contain '--', and '-' cannot be the last character.", end)
        made = Comment(self.document, self.text[self.pos + 4 : end])
        self.pos = end + 3
        return made

    def _instruction(self) -> Instruction:
        end = self.text.find("?>", self.pos)
        if end < 0:
            raise self.fail("Unexpected end of file while parsing PI has occurred.", len(self.text))
        target, _, value = self.text[self.pos + 2 : end].partition(" ")
        if target.lower() == "xml":
            raise self.fail(
                "Unexpected XML declaration. The XML declaration must be the first node in the document, "
                "and no whitespace characters are allowed to appear before it.",
                self.pos + 2,
            )
        self.pos = end + 2
        return Instruction(self.document, target, value.lstrip())

    def _doctype(self) -> DocumentType:
        start = self.pos
        depth = 0
        while self.pos < len(self.text):
            char = self.text[self.pos]
            depth += (char == "[") - (char == "]")
            self.pos += 1
            if char == ">" and depth == 0:
                text = self.text[start : self.pos]
                return DocumentType(self.document, text[9:].split()[0].rstrip(">"), text)
        raise self.fail("Unexpected end of file while parsing DOCTYPE has occurred.", len(self.text))

    # -- elements -----------------------------------------------------------------------------------------------

    def _elements(self, parent: Parent) -> None:
        """One element with all that is in it, without recursion."""
        open_elements: list[tuple[Element, int]] = []
        element, closed = self._start_tag(parent)
        if not closed:
            open_elements.append((element, self._tag_start))
        self.content(element if not closed else parent, open_elements)

    def content(self, target: Parent, open_elements: list[tuple[Element, int]]) -> None:
        """Everything up to the end tag of the outermost open element; without one, up to the end of the text."""
        bounded = bool(open_elements)
        if isinstance(target, Document):
            return
        while self.pos < len(self.text):
            if self.text.startswith("</", self.pos):
                if not open_elements:
                    raise self.fail("Unexpected end tag.", self.pos + 2)
                self._end_tag(*open_elements.pop())
                if bounded and not open_elements:
                    return
                target = open_elements[-1][0] if open_elements else target.parent  # type: ignore[assignment]
            elif self.text.startswith("<", self.pos) and self.text[self.pos + 1 : self.pos + 2] not in ("!", "?"):
                element, closed = self._start_tag(target)
                if not closed:
                    open_elements.append((element, self._tag_start))
                    target = element
            else:
                self._other_content(target)
        if open_elements:
            if not self.check:
                # PowerShell's cast reads with ConformanceLevel.Auto, which words this so.
                raise self.fail("Data at the root level is invalid.", 0)
            names = ", ".join(e.qualified for e, _ in reversed(open_elements))
            raise self.fail(
                f"Unexpected end of file has occurred. The following elements are not closed: {names}.", len(self.text)
            )

    def _other_content(self, target: Parent) -> None:
        if self.text.startswith("<!--", self.pos):
            target.append(self._comment())
        elif self.text.startswith("<![CDATA[", self.pos):
            end = self.text.find("]]>", self.pos)
            if end < 0:
                raise self.fail("Unexpected end of file while parsing CDATA has occurred.", len(self.text))
            target.append(CData(self.document, self.text[self.pos + 9 : end]))
            self.pos = end + 3
        elif self.text.startswith("<?", self.pos):
            target.append(self._instruction())
        elif self.text.startswith("<", self.pos):
            raise self.fail("Name cannot begin with the '!' character, hexadecimal value 0x21.", self.pos + 1)
        else:
            self._character_data(target)

    def _character_data(self, target: Parent) -> None:
        parts: list[str] = []
        only_space = True
        while self.pos < len(self.text) and self.text[self.pos] != "<":
            if self.text[self.pos] == "&":
                parts.append(self._reference())
                only_space = False
                continue
            found = _TEXT.match(self.text, self.pos)
            assert found is not None
            piece = found.group()
            self._check_characters(piece)
            only_space = only_space and not piece.strip(" \t\n")
            parts.append(piece)
            self.pos = found.end()
        value = "".join(parts)
        if not only_space:
            target.append(Text(self.document, value))
        elif _preserves(target):
            target.append(SignificantWhitespace(self.document, value))
        elif self.document.preserve_whitespace:
            target.append(Whitespace(self.document, value))

    def _check_characters(self, piece: str) -> None:
        for offset, char in enumerate(piece):
            if char < " " and char not in _ALLOWED_CONTROL:
                if not self.check:
                    continue
                code = ord(char)
                shown = "." if code == 0 else char
                raise self.fail(f"'{shown}', hexadecimal value 0x{code:02X}, is an invalid character.", self.pos + offset)

    def _reference(self) -> str:
        found = _REFERENCE.match(self.text, self.pos)
        if found is None:
            raise self.fail("An error occurred while parsing EntityName.", self.pos + 1)
        start, self.pos = self.pos, found.end()
        if found[3]:
            known = _PREDEFINED.get(found[3])
            if known is None:
                raise self.fail(f"Reference to undeclared entity '{found[3]}'.", start + 1)
            return known
        code = int(found[1]) if found[1] else int(found[2], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000 or code == 0:
            raise self.fail(f"'{chr(code) if 0 < code < 0x10000 else '.'}', hexadecimal value 0x{code:02X}, is an invalid character.", start + 2)
        return to_utf16(chr(code))

    def _name(self) -> str:
        # Names are matched in whole characters; code units outside of the Basic Multilingual Plane are rare in them.
        found = _NAME.match(self.text, self.pos)
        if found is None:
            char = self.text[self.pos : self.pos + 1]
            if not char:
                raise self.fail("Unexpected end of file has occurred.")
            raise self.fail(f"Name cannot begin with the '{char}' character, hexadecimal value 0x{ord(char):02X}.")
        self.pos = found.end()
        return found.group()

    def _start_tag(self, parent: Parent) -> tuple[Element, bool]:
        self._tag_start = self.pos + 1
        self.pos += 1
        name = self._name()
        element = Element(self.document, name)
        closed = self._attributes(element)
        element.is_empty = closed
        empty = element.is_empty
        parent.append(element)
        element.is_empty = empty
        self._resolve(element)
        return element, closed

    def _attributes(self, element: Element) -> bool:
        """Reads up to the end of a start tag; whether it closes itself."""
        while True:
            before = self.pos
            space = _SPACE.match(self.text, self.pos)
            assert space is not None
            self.pos = space.end()
            if self.text.startswith("/>", self.pos):
                self.pos += 2
                return True
            if self.text.startswith(">", self.pos):
                self.pos += 1
                return False
            if self.pos >= len(self.text):
                raise self.fail("Unexpected end of file has occurred.")
            if self.pos == before:
                raise self.fail(bad_character(self.text[self.pos]))
            self._attribute(element)

    def _attribute(self, element: Element) -> None:
        start = self.pos
        name = self._name()
        self._skip_space()
        if not self.text.startswith("=", self.pos):
            shown = self.text[self.pos : self.pos + 1]
            raise self.fail(f"'{shown}' is an unexpected token. The expected token is '='.")
        self.pos += 1
        self._skip_space()
        quote = self.text[self.pos : self.pos + 1]
        if quote not in ("'", '"') or not quote:
            raise self.fail(f"'{quote}' is an unexpected token. The expected token is '\"' or '''.")
        self.pos += 1
        value = self._attribute_value(quote)
        if element.attribute(name) is not None:
            raise self.fail(f"'{name}' is a duplicate attribute name.", start)
        made = Attribute(self.document, name, value)
        made.parent = element
        element.attributes.append(made)

    def _skip_space(self) -> None:
        found = _SPACE.match(self.text, self.pos)
        assert found is not None
        self.pos = found.end()

    def _attribute_value(self, quote: str) -> str:
        parts: list[str] = []
        while True:
            char = self.text[self.pos : self.pos + 1]
            if not char:
                raise self.fail("There is an unclosed literal string.")
            if char == quote:
                self.pos += 1
                return "".join(parts)
            if char == "<":
                raise self.fail("'<', hexadecimal value 0x3C, is an invalid attribute character.")
            if char == "&":
                parts.append(self._reference())
                continue
            self._check_characters(char)
            parts.append(" " if char in "\t\n" else char)
            self.pos += 1

    def _end_tag(self, element: Element, started: int) -> None:
        start = self.pos + 2
        self.pos = start
        name = self._name()
        self._skip_space()
        if name != element.qualified:
            line = self.text.count("\n", 0, started) + 1
            column = started - (self.text.rfind("\n", 0, started) + 1) + 1
            raise self.fail(
                f"The '{element.qualified}' start tag on line {line} position {column} does not match the end tag of "
                f"'{name}'.",
                start,
            )
        if not self.text.startswith(">", self.pos):
            shown = self.text[self.pos : self.pos + 1]
            raise self.fail(f"'{shown}' is an unexpected token. The expected token is '>'.")
        self.pos += 1

    def _resolve(self, element: Element) -> None:
        """Fills in namespaces from the declarations in scope."""
        element.namespace = self._namespace(element, element.prefix, self._tag_start)
        for attribute in element.attributes:
            if attribute.qualified == "xmlns" or attribute.prefix == "xmlns":
                attribute.namespace = XMLNS
            elif attribute.prefix:
                attribute.namespace = self._namespace(element, attribute.prefix, self._tag_start)

    def _namespace(self, element: Element, prefix: str, pos: int) -> str:
        found = element.lookup(prefix)
        if not found and self.context is not None:
            found = self.context.lookup(prefix)
        if found is None:
            raise self.fail(f"'{prefix}' is an undeclared prefix.", pos)
        return found


def _preserves(target: Node | None) -> bool:
    """Whether ``xml:space="preserve"`` holds."""
    while isinstance(target, Element):
        found = target.attribute("xml:space")
        if found is not None:
            return found.value == "preserve"
        target = target.parent
    return False

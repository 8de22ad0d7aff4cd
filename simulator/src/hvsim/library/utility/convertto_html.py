# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertTo-Html: objects as the rows of a table or as lists, in a page or a fragment of one (``ConvertTo-Html.cs``)."""

from __future__ import annotations

from typing import Any, Final

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.net import html_encode
from hvsim.library.utility import property_expressions as expressions
from hvsim.library.utility.property_expressions import PropertyExpression
from hvsim.runtime import convert, objects
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError

_KINDS: Final = {False: ("Strict", "strict"), True: ("Transitional", "transitional")}
_EQUIVALENTS: Final = frozenset(("content-type", "default-style", "x-ua-compatible"))
_NAMES: Final = frozenset(("application-name", "author", "description", "generator", "keywords", "viewport"))


@cmdlet(
    "ConvertTo-Html",
    parameters=(
        "InputObject", "Property", "As", "Fragment", "PreContent", "PostContent", "Body", "Head", "Title", "CssUri", "Charset", "Meta",
        "Transitional",
    ),
)  # fmt: skip
class ConvertToHtml(Cmdlet):
    """The first object decides on the columns of a table; of a list each has its own."""

    def begin(self) -> None:
        self.asked = expressions.parse(self, self.arg("Property") or ["*"], "html")
        self.columns: list[PropertyExpression] | None = None
        self.count = 0
        self.listed = str(self.arg("As", "Table")).lower() == "list"
        if self.arg("Fragment") is not True:
            self._head()
        self._each("PreContent")
        self.write("<table>")

    def _each(self, name: str) -> None:
        for text in self.arg(name) or ():
            self.write(text)

    def _head(self) -> None:
        if self.bound("CssUri") and not convert.to_string(self.ctx, self.args["CssUri"]).strip():
            message = "This command cannot be run because 'CSSUri' is empty or blank. Please specify CSSUri and then run the command."
            raise self.fail(message, "ArgumentException", "InvalidArgument", "CSSUri", kind="System.ArgumentException")
        name, file = _KINDS[self.arg("Transitional") is True]
        self.write(f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 {name}//EN"  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-{file}.dtd">')
        self.write('<html xmlns="http://www.w3.org/1999/xhtml">')
        self.write("<head>")
        if self.bound("Charset"):
            self.write(f'<meta charset="{self.args["Charset"]}">')
        if self.bound("Meta"):
            for key, content in self.args["Meta"].items():
                self._meta(convert.to_string(self.ctx, key), convert.to_string(self.ctx, content))
        if self.bound("Head"):
            self._each("Head")
        else:
            self.write(f"<title>{self.arg('Title', 'HTML TABLE')}</title>")
        if self.bound("CssUri"):
            self.write(f'<link rel="stylesheet" type="text/css" href="{convert.to_string(self.ctx, self.args["CssUri"])}" />')
        self.write("</head><body>")
        self._each("Body")

    def _meta(self, key: str, content: str) -> None:
        if key.lower() not in _EQUIVALENTS and key.lower() not in _NAMES:
            self.warn(f"Accepted meta properties are content-type, default-style, application-name, author, description, generator, "
                      f"keywords, x-ua-compatible, and viewport. The meta pair: {key} and {content} may not function correctly.")  # fmt: skip
        kind = "http-equiv" if key.lower() in _EQUIVALENTS else "name"
        self.write(f'<meta {kind}="{key}" content="{content}">')

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None:
            return
        self.count += 1
        if self.columns is None:
            columns = self._resolved(value)
            if not columns:
                if self.ctx.edition == "5.1":
                    raise Unsupported("ConvertTo-Html of objects without properties in Windows PowerShell 5.1")
                return
            if self.listed:
                self._list(columns, value)
                return
            self.columns = columns
            self.write("<colgroup>" + "".join(_column(entry) for entry in columns) + "</colgroup>")
            self.write("<tr>" + "".join(f"<th>{entry.title}</th>" for entry in columns) + "</tr>")
        self.write("<tr>" + "".join(f"<td>{self._text(entry, value)}</td>" for entry in self.columns) + "</tr>")

    def _list(self, columns: list[PropertyExpression], value: Any) -> None:
        if self.count > 1:
            self.write("<tr><td><hr></td></tr>")
        for entry in columns:
            self.write(f"<tr><td>{entry.title}:</td><td>{self._text(entry, value)}</td></tr>")

    def _resolved(self, value: Any) -> list[PropertyExpression]:
        """The properties that the object has; those that it lacks have no column."""
        return [
            PropertyExpression(found.name, found.block, entry.label, entry.options)
            for entry in self.asked
            for found in expressions.resolve(self.ctx, entry, value)
            if found.block is not None or found.read_quietly(self.ctx, value)[0]
        ]

    def _text(self, entry: PropertyExpression, value: Any) -> str:
        """``ToString()``, so that lists are shown as their type."""
        result = entry.read_quietly(self.ctx, value)[1]
        if objects.unwrap(result) is None:
            return ""
        try:
            return html_encode(convert.net_string(self.ctx, result)) or ""
        except PSError:
            return ""

    def end(self) -> None:
        self.write("</table>")
        self._each("PostContent")
        if self.arg("Fragment") is not True:
            self.write("</body></html>")


def _column(entry: PropertyExpression) -> str:
    width, alignment = entry.options.get("width"), entry.options.get("alignment")
    text = "<col"
    if width is not None:
        text += f' width = "{width}"'
    if alignment is not None:
        text += f' align = "{alignment}"'
    return text + "/>"

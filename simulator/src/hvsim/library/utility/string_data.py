# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertFrom-StringData, Join-String and Get-Verb."""

from __future__ import annotations

from typing import Any

from hvsim.library.utility import property_expressions as expressions
from hvsim.runtime import convert
from hvsim.runtime import format as formatting
from hvsim.runtime.collections import Hashtable
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.culture import invariant
from hvsim.runtime.errors import PSError
from hvsim.runtime.regex import unescape

_INVALID = "System.Management.Automation.PSInvalidOperationException"


@cmdlet("ConvertFrom-StringData", parameters=("StringData", "Delimiter"))
class ConvertFromStringData(Cmdlet):
    """Lines of ``name=value`` as a hashtable."""

    def process(self) -> None:
        delimiter = convert.to_string(self.ctx, self.args["Delimiter"]) if self.bound("Delimiter") else "="
        table = Hashtable()
        for raw in self.args["StringData"].split("\n"):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            name, found, value = line.partition(delimiter)
            if not found or not name:
                raise self._invalid(f"Data line '{raw}' is not in 'name=value' format. ")
            name = name.strip()
            if table.contains(name):
                raise self._invalid(f"Data item '{name}' in line '{raw}' is already defined. ")
            table.set(name, unescape(value.strip()))
        self.write(table)

    def _invalid(self, message: str) -> PSError:
        return self.fail(message, "InvalidOperation", "InvalidOperation", kind=_INVALID)


@cmdlet(
    "Join-String",
    parameters=(
        "InputObject", "Property", "Separator", "OutputPrefix", "OutputSuffix", "SingleQuote", "DoubleQuote", "FormatString",
        "UseCulture",
    ),
)  # fmt: skip
class JoinString(Cmdlet):
    """One string out of the texts of its input."""

    def begin(self) -> None:
        self.parts: list[str] = []
        self.culture = self.ctx.culture if self.arg("UseCulture") is True else invariant
        given = self.arg("Property")
        self.entry = None if given is None else expressions.parse(self, [given], "simple")[0]

    def process(self) -> None:
        for value in self.arg("InputObject") or []:
            if value is None:
                continue
            self.parts.append(self._text(value))

    def _text(self, value: Any) -> str:
        if self.entry is not None:
            value = self.entry.read_quietly(self.ctx, value)[1]
        text = convert.culture_string(self.ctx, value, self.culture)
        if self.arg("SingleQuote") is True:
            return "'" + text + "'"
        if self.arg("DoubleQuote") is True:
            return '"' + text + '"'
        if self.arg("FormatString"):
            return formatting.composite(self.ctx, self.args["FormatString"], [value], self.culture)
        return text

    def end(self) -> None:
        if self.bound("Separator"):
            separator = convert.to_string(self.ctx, self.args["Separator"])
        else:
            ofs = self.ctx.get_variable("OFS")
            separator = "" if ofs is None else convert.to_string(self.ctx, ofs)
        self.write(self.arg("OutputPrefix", "") + separator.join(self.parts) + self.arg("OutputSuffix", ""))


# PSPropertyExpression: a name or a script block, converted by the cmdlet itself.
JoinString.metadata.parameters["Property"].type_name = "System.Object"

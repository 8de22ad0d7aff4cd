# SPDX-License-Identifier: GPL-3.0-or-later
"""PSSerializer, Export-Clixml, Import-Clixml, ConvertTo-CliXml and ConvertFrom-CliXml."""

from __future__ import annotations

from typing import Any

from hvsim.library.management import encodings, path_opening
from hvsim.library.utility.clixml_reader import deserialize
from hvsim.library.utility.clixml_writer import serialize
from hvsim.runtime import objects
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import static_method
from hvsim.runtime.values import Array

_SERIALIZER = "System.Management.Automation.PSSerializer"


def _lines(ctx: ExecutionContext, text: str) -> str:
    return text.replace("\n", "\r\n") if ctx.machine.is_windows else text


@static_method(_SERIALIZER, "Serialize", context=True)
def _serialize(ctx: ExecutionContext, value: Any, depth: int = 1) -> str:
    if depth < 1:
        raise net_error(
            "System.Management.Automation.PSArgumentException", "Value of depth parameter must be greater than or equal to 1."
        )
    return _lines(ctx, serialize(ctx, [objects.unwrap(value)], depth))


@static_method(_SERIALIZER, "Deserialize", context=True)
def _deserialize(ctx: ExecutionContext, text: str) -> Any:
    values = deserialize(ctx, text or "")
    return values[0] if len(values) == 1 else Array(values)


@static_method(_SERIALIZER, "DeserializeAsList", context=True)
def _deserialize_as_list(ctx: ExecutionContext, text: str) -> Any:
    return Array(deserialize(ctx, text or ""))


class Collecting(Cmdlet):
    """Keeps its input for one document."""

    def begin(self) -> None:
        self.values: list[Any] = []

    def process(self) -> None:
        self.values.append(self.arg("InputObject"))


@cmdlet("Export-Clixml", parameters=("Path", "LiteralPath", "InputObject", "Depth", "Force", "NoClobber", "Encoding"))
class ExportClixml(Collecting):
    """Writes a document of all input objects."""

    def begin(self) -> None:
        super().begin()
        literal = self.bound("LiteralPath")
        path = self.args["LiteralPath" if literal else "Path"]
        self.output: path_opening.Output | None = None
        encoding = encodings.wanted(self, encodings.default_output(self.ctx))
        if self.should_process(path, "Export-Clixml"):
            self.output = path_opening.write(self, path, encoding, literal=literal)

    def end(self) -> None:
        if self.output is not None:
            self.output.write(_lines(self.ctx, serialize(self.ctx, self.values, self.arg("Depth", 2))))


encodings.freed(ExportClixml.metadata)


@cmdlet("Import-Clixml", parameters=("Path", "LiteralPath", "First", "Skip"))
class ImportClixml(Cmdlet):
    """Reads documents."""

    def process(self) -> None:
        literal = self.bound("LiteralPath")
        given = self.args["LiteralPath" if literal else "Path"]
        for path in [given] if isinstance(given, str) else given:
            text = encodings.decoded(path_opening.read(self, path, literal=literal), encodings.UTF8)
            for value in self._page(deserialize(self.ctx, text)):
                self.write(value)

    def _page(self, values: list[Any]) -> list[Any]:
        """-First and -Skip count the elements of collections, where there are any (``ImportXmlHelper``)."""
        if not self.bound("First") and not self.bound("Skip"):
            return values
        items: list[Any] = []
        for value in values:
            base = objects.unwrap(value)
            items += list(base) if isinstance(base, list) else [value]
        skip = int(self.arg("Skip", 0))
        return items[skip : skip + int(self.args["First"])] if self.bound("First") else items[skip:]


@cmdlet("ConvertTo-CliXml", parameters=("InputObject", "Depth"))
class ConvertToClixml(Collecting):
    """A document as text."""

    def end(self) -> None:
        self.write(_lines(self.ctx, serialize(self.ctx, self.values, self.arg("Depth", 2))))


@cmdlet("ConvertFrom-CliXml", parameters=("InputObject",))
class ConvertFromClixml(Cmdlet):
    """The values of a document; the lines of the input make up one text."""

    def begin(self) -> None:
        self.lines: list[str] = []

    def process(self) -> None:
        self.lines.append(self.args["InputObject"])

    def end(self) -> None:
        for value in deserialize(self.ctx, "\n".join(self.lines)):
            self.write(value)



# SPDX-License-Identifier: GPL-3.0-or-later
"""PSSerializer, Export-Clixml, Import-Clixml, ConvertTo-CliXml and ConvertFrom-CliXml."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.management import encodings
from hvsim.library.utility import file_access
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

    def end(self) -> None:
        path = file_access.target(self)
        if not self.should_process(path, "Export-Clixml"):
            return
        file_access.keep_existing(self, path)
        text = _lines(self.ctx, serialize(self.ctx, self.values, self.arg("Depth", 2)))
        default = encodings.UTF16 if self.ctx.edition == "5.1" else encodings.UTF8
        file_access.write_encoded(self, path, text, encodings.wanted(self, default))


encodings.freed(ExportClixml.metadata)


@cmdlet("Import-Clixml", parameters=("Path", "LiteralPath", "First", "Skip"))
class ImportClixml(Cmdlet):
    """Reads documents; -First and -Skip count the objects of each."""

    def process(self) -> None:
        skipped = int(self.arg("Skip", 0))
        end = skipped + int(self.args["First"]) if self.bound("First") else None
        for path in file_access.sources(self):
            values = deserialize(self.ctx, file_access.opened(self, path, encodings.UTF8))
            if (skipped or end is not None) and len(values) == 1:
                raise Unsupported("Import-Clixml -First or -Skip with a single object, which is a list to it")
            for value in values[skipped:end]:
                self.write(value)


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



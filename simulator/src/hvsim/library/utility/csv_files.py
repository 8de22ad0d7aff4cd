# SPDX-License-Identifier: GPL-3.0-or-later
"""Export-Csv and Import-Csv."""

from __future__ import annotations

from typing import Any

from hvsim.library.management import encodings, path_opening
from hvsim.library.utility import file_access
from hvsim.library.utility.csv_text import CsvReader, delimiter_of, writer_of
from hvsim.runtime.command import Cmdlet, cmdlet


def _one_path(command: Cmdlet) -> None:
    """-Path and -LiteralPath are in no parameter set: the cmdlets look themselves that they have one of them."""
    if command.bound("Path") == command.bound("LiteralPath"):
        raise command.fail(
            "You must specify either the -Path or -LiteralPath parameters, but not both.",
            "CannotSpecifyPathAndLiteralPath",
            "InvalidData",
            kind="System.InvalidOperationException",
        )


@cmdlet(
    "Export-Csv",
    parameters=(
        "InputObject", "Path", "LiteralPath", "Force", "Append", "Delimiter", "UseCulture", "IncludeTypeInformation", "NoTypeInformation",
        "QuoteFields", "UseQuotes", "NoHeader", "NoClobber", "Encoding",
    ),
)  # fmt: skip
class ExportCsv(Cmdlet):
    """Writes its input as a file of comma separated values."""

    def begin(self) -> None:
        self.writer = writer_of(self)
        self.lines: list[str] = []
        self.output: path_opening.Output | None = None
        self.known: list[str] | None = None
        _one_path(self)
        literal = self.bound("LiteralPath")
        self.path: str = self.args["LiteralPath" if literal else "Path"]
        if not self.should_process(self.path, "Export-Csv"):
            return
        default = encodings.ASCII if self.ctx.edition == "5.1" else encodings.UTF8
        self.output = path_opening.write(self, self.path, encodings.wanted(self, default), literal=literal)
        if self.output.kept:
            reader = CsvReader(self, self.writer.delimiter, None)
            reader.read_header(encodings.decoded(self.output.kept, self.output.encoding))
            self.known = reader.names

    def process(self) -> None:
        if self.output is None:
            return
        value = self.args["InputObject"]
        if self.output.kept and self.writer.names is None:
            self.writer.names = self._continued(value)
        self.lines.extend(self.writer.lines(value, all_lines=True))

    def _continued(self, value: Any) -> list[str]:
        """The columns of a file that goes on are those of its header; objects must have them all."""
        names = {name.lower() for name in self.writer.columns(value)}
        missing = next((name for name in self.known or () if name.lower() not in names), None)
        if missing is not None and self.arg("Force") is not True:
            raise self.fail(
                f"Cannot append CSV content to the following file: {self.path}. The appended object does not have a property that "
                f"corresponds to the following column: {missing}. To continue with mismatched properties, add the -Force parameter, and "
                "then retry the command.",
                "CannotAppendCsvWithMismatchedPropertyNames",
                "InvalidData",
                missing,
                kind="System.InvalidOperationException",
            )
        return self.writer.columns(value) if self.known is None else self.known

    def end(self) -> None:
        if self.output is not None:
            end = file_access.line_end(self)
            self.output.write("".join(line + end for line in self.lines))


encodings.freed(ExportCsv.metadata)


@cmdlet("Import-Csv", parameters=("Path", "LiteralPath", "Delimiter", "UseCulture", "Header", "Encoding"))
class ImportCsv(Cmdlet):
    """Reads files of comma separated values."""

    def process(self) -> None:
        _one_path(self)
        literal = self.bound("LiteralPath")
        given = self.args["LiteralPath" if literal else "Path"]
        encoding = encodings.wanted(self, encodings.UTF8)
        for path in [given] if isinstance(given, str) else given:
            reader = CsvReader(self, delimiter_of(self), self.arg("Header"))
            for made in reader.objects(encodings.decoded(path_opening.read(self, path, literal=literal), encoding)):
                self.write(made)


encodings.freed(ImportCsv.metadata)

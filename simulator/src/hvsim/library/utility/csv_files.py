# SPDX-License-Identifier: GPL-3.0-or-later
"""Export-Csv and Import-Csv."""

from __future__ import annotations

from hvsim.library.management import encodings
from hvsim.library.utility import file_access
from hvsim.library.utility.csv_text import CsvReader, delimiter_of, writer_of
from hvsim.runtime.command import Cmdlet, cmdlet


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
        if self.bound("Path") == self.bound("LiteralPath"):
            raise self.fail(
                "You must specify either the -Path or -LiteralPath parameters, but not both.",
                "CannotSpecifyPathAndLiteralPath",
                "InvalidData",
                kind="System.InvalidOperationException",
            )
        self.path = file_access.target(self)
        file_access.keep_existing(self, self.path)
        self.encoding = encodings.wanted(self, encodings.ASCII if self.ctx.edition == "5.1" else encodings.UTF8)
        if self.arg("Append") is True:
            self._continue()

    def _continue(self) -> None:
        """Goes on with a file: its header decides on the columns."""
        if not file_access.is_there(self, self.path):
            return
        text = file_access.opened(self, self.path, self.encoding)
        if not self.bound("Encoding"):
            self.encoding = file_access.kept_mark(self, self.path) or self.encoding
        reader = CsvReader(self, self.writer.delimiter, None)
        list(reader.objects(text))
        self.lines = text.splitlines()
        if reader.names is not None:
            self.writer.names = reader.names

    def process(self) -> None:
        self.lines.extend(self.writer.lines(self.args["InputObject"]))

    def end(self) -> None:
        if not self.should_process(self.path, "Export-Csv"):
            return
        end = file_access.line_end(self)
        file_access.write_encoded(self, self.path, "".join(line + end for line in self.lines), self.encoding)


encodings.freed(ExportCsv.metadata)


@cmdlet("Import-Csv", parameters=("Path", "LiteralPath", "Delimiter", "UseCulture", "Header", "Encoding"))
class ImportCsv(Cmdlet):
    """Reads files of comma separated values."""

    def process(self) -> None:
        for path in file_access.sources(self):
            reader = CsvReader(self, delimiter_of(self), self.arg("Header"))
            for made in reader.objects(file_access.opened(self, path, encodings.UTF8)):
                self.write(made)


encodings.freed(ImportCsv.metadata)

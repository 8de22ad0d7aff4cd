# SPDX-License-Identifier: GPL-3.0-or-later
"""Export-Csv, Import-Csv and Import-PowerShellDataFile."""

from __future__ import annotations

from typing import Any

from hvsim.lang import ast
from hvsim.library.utility import file_access
from hvsim.library.utility.csv_text import CsvReader, delimiter_of, writer_of
from hvsim.runtime import scriptblock
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError


@cmdlet(
    "Export-Csv",
    parameters=(
        "InputObject", "Path", "LiteralPath", "Force", "Append", "Delimiter", "UseCulture", "IncludeTypeInformation", "NoTypeInformation",
        "QuoteFields", "UseQuotes", "NoHeader",
    ),
)  # fmt: skip
class ExportCsv(Cmdlet):
    """Writes its input as a file of comma separated values."""

    def begin(self) -> None:
        self.writer = writer_of(self)
        self.lines: list[str] = []
        self.path = file_access.target(self)
        if self.arg("Append") is True:
            self._continue()

    def _continue(self) -> None:
        """Goes on with a file: its header decides on the columns."""
        try:
            text = file_access.read(self, self.path)
        except PSError:
            return
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
        encoding = "ascii" if self.ctx.edition == "5.1" else "utf-8"
        text = "".join(line + end for line in self.lines)
        if encoding == "ascii":
            text = "".join(c if ord(c) < 128 else "?" for c in text)
        file_access.write(self, self.path, text)


@cmdlet("Import-Csv", parameters=("Path", "LiteralPath", "Delimiter", "UseCulture", "Header"))
class ImportCsv(Cmdlet):
    """Reads files of comma separated values."""

    def process(self) -> None:
        for path in file_access.places(self):
            reader = CsvReader(self, delimiter_of(self), self.arg("Header"))
            for made in reader.objects(file_access.read(self, path)):
                self.write(made)


@cmdlet("Import-PowerShellDataFile", parameters=("Path", "LiteralPath", "SkipLimitCheck"))
class ImportPowerShellDataFile(Cmdlet):
    """The hashtable of a ``.psd1`` file; anything but data in it is refused."""

    def process(self) -> None:
        for path in file_access.places(self):
            self._read(path)

    def _read(self, path: str) -> None:
        block = scriptblock.create(self.ctx, file_access.read(self, path), file=path)
        table = next((n for n in ast.walk(block.code.node) if isinstance(n, ast.Hashtable)), None)
        if table is None or any(isinstance(n, _CODE) for n in ast.walk(block.code.node)) or not self._plain(block.code.node):
            raise self._invalid(path)
        for value in self.ctx.invoke(block):
            self.write(value)

    def _plain(self, node: Any) -> bool:
        names = {v.variable_path.lower() for v in ast.walk(node) if isinstance(v, ast.VariableExpression)}
        return names <= {"true", "false", "null", "psscriptroot"}

    def _invalid(self, path: str) -> PSError:
        return self.fail(
            f"Cannot process argument because the file '{path}' cannot be resolved to a data file: it contains more than a hashtable of data.",
            "CouldNotParseAsPowerShellDataFileNoHashtableRoot",
            "InvalidData",
            path,
            kind="System.InvalidOperationException",
        )


_CODE = (ast.Command, ast.InvokeMemberExpression, ast.AssignmentStatement, ast.ScriptBlockExpression)

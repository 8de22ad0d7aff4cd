# SPDX-License-Identifier: GPL-3.0-or-later
"""Out-File, New-TemporaryFile, Unblock-File."""

from __future__ import annotations

from hvsim.lang.text import from_utf16
from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import encodings, path_opening
from hvsim.library.management.item_base import ItemCommand
from hvsim.runtime import objects, types
from hvsim.runtime.command import Cmdlet, cmdlet


@cmdlet(
    "Out-File",
    parameters=("FilePath", "LiteralPath", "Append", "Encoding", "Force", "InputObject", "NoClobber", "NoNewline", "Width"),
)
class OutFile(Cmdlet):
    """Writes what a host would show."""

    def begin(self) -> None:
        from hvsim.library.formatting.printer import Printer

        self.printer = Printer(self.ctx, self.arg("Width"))
        self.output: path_opening.Output | None = None
        literal = self.bound("LiteralPath")
        text = self.args["LiteralPath" if literal else "FilePath"]
        encoding = encodings.wanted(self, encodings.default_output(self.ctx))
        if self.should_process(text, "Output to File"):
            self.output = path_opening.write(self, text, encoding, literal=literal)

    def process(self) -> None:
        self.printer.feed(self.arg("InputObject"))

    def end(self) -> None:
        rows = self.printer.finish()
        end = "" if self.arg("NoNewline") is True else "\r\n" if self.ctx.machine.is_windows else "\n"
        if self.output is not None:
            self.output.write("".join(row + end for row in rows))


encodings.freed(OutFile.metadata)


@cmdlet("New-TemporaryFile", parameters=())
class NewTemporaryFile(Cmdlet):
    def end(self) -> None:
        path = objects.invoke_static(self.ctx, types.get("System.IO.Path"), "GetTempFileName", [])
        self.write(fi.info_for(fi.disk(self.ctx).stat(from_utf16(path))))


@cmdlet("Unblock-File", parameters=("Path", "LiteralPath"))
class UnblockFile(ItemCommand):
    """Files of a simulated disk carry no mark of the web."""

    def process(self) -> None:
        for _ in self.items():
            pass

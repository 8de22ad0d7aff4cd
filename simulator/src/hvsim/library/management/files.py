# SPDX-License-Identifier: GPL-3.0-or-later
"""Out-File, New-TemporaryFile, Unblock-File."""

from __future__ import annotations

from hvsim.lang.text import from_utf16
from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import encodings, one_file
from hvsim.library.management.item_base import ItemCommand
from hvsim.library.management.provider import ItemPath
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
        self.target = self._target()
        self.encoding = encodings.wanted(self, encodings.default_output(self.ctx))
        self.kept = self._open()

    def _target(self) -> ItemPath:
        self.given: str = self.args["LiteralPath"] if self.bound("LiteralPath") else self.args["FilePath"]
        return one_file.place(self, self.given, literal=self.bound("LiteralPath"))

    def _open(self) -> bytes:
        """What the file keeps; the disk is asked now, so that errors come before any input is read."""
        files, target = fi.disk(self.ctx), fi.disk_path(self.target.path)
        if not self.should_process(self.target.path, "Output to File"):
            return b""
        if self.arg("NoClobber") is True and self.arg("Append") is not True and files.exists(target):
            from hvsim.library.utility import file_access

            raise file_access.existing(self, self.target.path, self.given)
        try:
            kept = files.read_bytes(target) if self.arg("Append") is True and files.exists(target) else b""
            files.write_bytes(target, kept, force=self.arg("Force") is True)
        except OSError as error:
            exception = fi.translate(error).exception
            raise self.fail(exception.message, "FileOpenFailure", "OpenError", kind=exception.kind) from error
        if kept and not self.bound("Encoding"):
            self.encoding = encodings.marked(kept[:4]) or self.encoding
        return bytes(kept)

    def process(self) -> None:
        self.printer.feed(self.arg("InputObject"))

    def end(self) -> None:
        rows = self.printer.finish()
        end = "" if self.arg("NoNewline") is True else "\r\n" if self.ctx.machine.is_windows else "\n"
        text = "".join(row + end for row in rows)
        data = self.kept if self.kept else self.encoding.mark
        target = fi.disk_path(self.target.path)
        if not fi.disk(self.ctx).exists(target):
            return
        fi.disk(self.ctx).write_bytes(target, data + encodings.encoded(text, self.encoding.codec), force=True)


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

# SPDX-License-Identifier: GPL-3.0-or-later
"""How Out-File, Export-Csv, Import-Csv, Export-Clixml and Import-Clixml open their file (PathUtils.cs)."""

from __future__ import annotations

from dataclasses import dataclass

from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import encodings, one_file
from hvsim.runtime.command import Cmdlet
from hvsim.runtime.errors import NetException, PSError


def failure(command: Cmdlet, exception: NetException) -> PSError:
    """``ReportFileOpenFailure``."""
    return command.fail(exception.message, "FileOpenFailure", "OpenError", kind=exception.kind, fields=exception.fields)


def read(command: Cmdlet, text: str, *, literal: bool) -> bytes:
    """What is in a file.

    Raises:
        PSError: FileOpenFailure, or what :func:`one_file.place` says.
    """
    place = one_file.place(command, text, literal=literal)
    try:
        if place.provider.is_container(command.ctx, place.path):
            denied = NetException("System.UnauthorizedAccessException", f"Access to the path '{place.path}' is denied.")
            raise failure(command, denied)
        return bytes(fi.disk(command.ctx).read_bytes(fi.disk_path(place.path)))
    except OSError as error:
        raise failure(command, fi.translate(error).exception) from error


@dataclass
class Output:
    """A file that is open for writing: *kept* is what it had and keeps."""

    command: Cmdlet
    path: str
    kept: bytes
    encoding: encodings.Encoding

    def write(self, text: str) -> None:
        """Everything that was written, at once."""
        files, target = fi.disk(self.command.ctx), fi.disk_path(self.path)
        if files.exists(target):
            files.write_bytes(target, (self.kept or self.encoding.mark) + encodings.encoded(text, self.encoding.codec), force=True)


def write(command: Cmdlet, text: str, encoding: encodings.Encoding, *, literal: bool) -> Output:
    """Opens a file as the cmdlet's -Append, -Force and -NoClobber say; the disk is asked now, before any input is read.

    Raises:
        PSError: NoClobber, FileOpenFailure, or what :func:`one_file.place` says.
    """
    place = one_file.place(command, text, literal=literal)
    files, target = fi.disk(command.ctx), fi.disk_path(place.path)
    append, force = command.arg("Append") is True, command.arg("Force") is True
    if command.arg("NoClobber") is True and not append and files.exists(target):
        message = f"The file '{place.path}' already exists."
        record = command.record(message, "NoClobber", "ResourceExists", place.path, kind="System.IO.IOException")
        record.details = f"File {text} already exists and NoClobber was specified."
        raise command.runtime.terminating(record)
    try:
        kept = bytes(files.read_bytes(target)) if append and files.exists(target) else b""
        files.write_bytes(target, kept, force=force)
    except OSError as error:
        raise failure(command, fi.translate(error).exception) from error
    if kept and not command.bound("Encoding"):
        encoding = encodings.marked(kept[:4]) or encoding
    return Output(command, place.path, kept, encoding)

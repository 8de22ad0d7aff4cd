# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-FileHash: a cmdlet in PowerShell 7 (GetHash.cs), a function of Microsoft.PowerShell.Utility.psm1 in 5.1."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar

from hvsim.library.dotnet.file_info import disk, disk_path, full_path, translate
from hvsim.library.dotnet.streams import Stream
from hvsim.library.management import paths
from hvsim.runtime import objects, types, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import NetException, PSError
from hvsim.runtime.members import getter
from hvsim.runtime.values import NetObject

_INFO = "Microsoft.PowerShell.Commands.FileHashInfo"
_BLOCK = 256 * 1024
#: Exceptions that the cmdlet knows, with the id and category of its error; any other IOException is a FileReadError.
_KNOWN = {
    "System.IO.FileNotFoundException": ("FileNotFound", "ObjectNotFound"),
    "System.UnauthorizedAccessException": ("UnauthorizedAccessError", "InvalidData"),
}


@types.net_class(_INFO)
class FileHashInfo(NetObject):
    """The hash of one file."""

    __slots__ = ("algorithm", "digest", "path")
    NET: ClassVar[str] = _INFO

    def __init__(self, algorithm: str, digest: str, path: str) -> None:
        self.algorithm = algorithm
        self.digest = digest
        self.path = path


getter(_INFO, "Algorithm", type="string")(lambda self: self.algorithm)
getter(_INFO, "Hash", type="string")(lambda self: self.digest)
getter(_INFO, "Path", type="string")(lambda self: self.path)


@cmdlet("Get-FileHash", parameters=("Path", "LiteralPath", "InputStream", "Algorithm"))
class GetFileHash(Cmdlet):
    def process(self) -> None:
        if not self.bound("InputStream"):
            for path in self._places_of_function() if self._is_function() else list(self._places()):
                if not self._hash_file(path) and self._is_function():
                    break
            return
        digest = self._digest_of_rest(self._algorithm().lower()).upper()
        if self._is_function():
            self.write(_row(self._algorithm(), digest, None))
        else:
            self.write(FileHashInfo(self._algorithm(), digest, ""))

    def _algorithm(self) -> str:
        name: str = self.arg("Algorithm", "SHA256")
        return name.upper()

    def _is_function(self) -> bool:
        return self.ctx.edition == "5.1"

    def _given(self) -> Iterator[tuple[str, bool]]:
        for name in ("Path", "LiteralPath"):
            given = self.arg(name)
            for text in [given] if isinstance(given, str) else given or ():
                yield text, name == "LiteralPath"

    def _places(self) -> Iterator[str]:
        """Provider paths: a pattern may find nothing, a literal path is not looked for before it is opened.

        Raises:
            PSError: DriveNotFound, ProviderNotFound: the cmdlet does not catch them.
        """
        for text, literal in self._given():
            try:
                if literal:
                    yield paths.parse(self.ctx, text).path
                else:
                    yield from [item.path for item in paths.resolve(self.ctx, text)]
            except PSError as error:
                record = paths.record(error)
                if record.error_id != "PathNotFound":
                    raise self.runtime.terminating(record) from None
                if not wildcard.contains_wildcard(text):
                    self.error(
                        record.exception.message, "FileNotFound", "ObjectNotFound", text, kind=record.exception.kind
                    )

    def _places_of_function(self) -> list[str]:
        """The function asks Resolve-Path, and passes over folders."""
        found: list[str] = []
        for text, literal in self._given():
            try:
                items = paths.resolve(self.ctx, text, literal=literal)
            except PSError as error:
                record = paths.record(error)
                record.source = "Microsoft.PowerShell.Commands.ResolvePathCommand"
                self.write_error(record)
                continue
            found += [item.path for item in items if not item.provider.is_container(self.ctx, item.path)]
        return found

    def _hash_file(self, path: str) -> bool:
        """Writes the hash of a file; False after an error, at which the function leaves the rest of a record alone."""
        try:
            # Both open it for reading with FileShare.Read; a path without a drive counts from the process's directory.
            full = disk_path(full_path(self.ctx, path))
            digest: str = disk(self.ctx).digest(full, self._algorithm().lower(), share_writing=False).upper()
        except OSError as error:
            self._unreadable(translate(error).exception, path)
            return False
        if self._is_function():
            self.write(_row(self._algorithm(), digest, path))
        else:
            self.write(FileHashInfo(self._algorithm(), digest, path))
        return True

    def _unreadable(self, exception: NetException, path: str) -> None:
        if self._is_function():
            text = f"The file '{path}' cannot be read: {_as_called(exception)}"
            record = self.record(text, "FileReadError", "ReadError", path, kind="Microsoft.PowerShell.Commands.WriteErrorException")
            record.source = "Get-FileHash"
            self.write_error(record)
            return
        error_id, category = _KNOWN.get(exception.kind, ("FileReadError", "ReadError"))
        self.error(exception.message, error_id, category, path, kind=exception.kind, fields=exception.fields)

    def _digest_of_rest(self, algorithm: str) -> str:
        """The hash of what the stream still holds."""
        state = hashlib.new(algorithm, usedforsecurity=False)
        stream = self.args["InputStream"]
        if isinstance(stream, Stream):
            while piece := stream.read(_BLOCK):
                state.update(piece)
        else:
            while (value := objects.invoke_member(self.ctx, stream, "ReadByte", [])) >= 0:
                state.update(bytes([int(value)]))
        return state.hexdigest()


def _as_called(exception: NetException) -> str:
    """The record that ``catch`` finds, as text: the function calls ``[IO.File]::OpenRead`` with one argument."""
    return f'Exception calling "OpenRead" with "1" argument(s): "{exception.message}"'


def _row(algorithm: str, digest: str, path: str | None) -> Any:
    """What the function returns: a custom object that calls itself ``Microsoft.Powershell.Utility.FileHash``."""
    pairs = [("Algorithm", algorithm), ("Hash", digest), *([("Path", path)] if path is not None else [])]
    made = objects.custom_object(pairs)
    made.type_names = ["Microsoft.Powershell.Utility.FileHash"]
    return made

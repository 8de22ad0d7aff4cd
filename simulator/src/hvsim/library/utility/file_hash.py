# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-FileHash."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from hvsim.library.dotnet.file_info import disk, disk_errors, disk_path
from hvsim.library.dotnet.streams import Stream
from hvsim.library.utility import file_access
from hvsim.runtime import objects, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.members import getter
from hvsim.runtime.values import NetObject

_INFO = "Microsoft.PowerShell.Commands.FileHashInfo"
_BLOCK = 256 * 1024


@types.net_class(_INFO)
class FileHashInfo(NetObject):
    """The hash of one file."""

    __slots__ = ("algorithm", "digest", "path")
    NET: ClassVar[str] = _INFO

    def __init__(self, algorithm: str, digest: str, path: str | None) -> None:
        self.algorithm = algorithm
        self.digest = digest
        self.path = path


getter(_INFO, "Algorithm", type="string")(lambda self: self.algorithm)
getter(_INFO, "Hash", type="string")(lambda self: self.digest)
getter(_INFO, "Path", type="string")(lambda self: self.path)


@cmdlet("Get-FileHash", parameters=("Path", "LiteralPath", "InputStream", "Algorithm"))
class GetFileHash(Cmdlet):
    def process(self) -> None:
        algorithm: str = self.arg("Algorithm", "SHA256").upper()
        if self.bound("InputStream"):
            self.write(FileHashInfo(algorithm, self._digest_of_rest(algorithm.lower()).upper(), None))
            return
        try:
            paths = file_access.places(self)
        except PSError as error:
            if error.record is None:
                raise
            self.write_error(error.record)
            return
        for path in paths:
            with disk_errors():
                # It opens them with File.OpenRead, and so with FileShare.Read.
                digest: str = disk(self.ctx).digest(disk_path(path), algorithm.lower(), share_writing=False)
            self.write(FileHashInfo(algorithm, digest.upper(), path))

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

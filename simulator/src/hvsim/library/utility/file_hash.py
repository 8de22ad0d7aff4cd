# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-FileHash."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from hvsim.library.dotnet.file_info import disk, disk_errors, disk_path
from hvsim.library.utility import file_access
from hvsim.runtime import objects, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.members import getter
from hvsim.runtime.values import NetObject

_INFO = "Microsoft.PowerShell.Commands.FileHashInfo"


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
            self.write(FileHashInfo(algorithm, hashlib.new(algorithm.lower(), self._rest()).hexdigest().upper(), None))
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
                digest: str = disk(self.ctx).digest(disk_path(path), algorithm.lower())
            self.write(FileHashInfo(algorithm, digest.upper(), path))

    def _rest(self) -> bytes:
        """What the stream still holds."""
        found = bytearray()
        while (value := objects.invoke_member(self.ctx, self.args["InputStream"], "ReadByte", [])) >= 0:
            found.append(int(value))
        return bytes(found)

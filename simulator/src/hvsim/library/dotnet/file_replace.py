# SPDX-License-Identifier: GPL-3.0-or-later
"""File.Replace: a new file takes the name and the identity of an old one, which may be kept as a backup.

Source: https://learn.microsoft.com/dotnet/api/system.io.file.replace and ReplaceFileW, which is behind it on Windows.
"""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet import file_info as fi
from hvsim.library.dotnet.streams import checked_path
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import static_method


@static_method("System.IO.File", "Replace", context=True)
def _replace(ctx: Any, source: str, target: str, backup: str | None, ignore_metadata_errors: bool = False) -> None:
    """Metadata cannot get lost here, so *ignore_metadata_errors* changes nothing.

    Raises:
        PSError: FileNotFoundException for either file, UnauthorizedAccessException for a read-only target.
    """
    new = fi.disk_path(checked_path(ctx, source, "sourceFileName"))
    old = fi.disk_path(checked_path(ctx, target, "destinationFileName"))
    kept = None if backup is None else fi.disk_path(checked_path(ctx, backup, "destinationBackupFileName"))
    disk = fi.disk(ctx)
    for path in (new, old):
        if not disk.is_file(path):
            raise net_error("System.IO.FileNotFoundException", "Unable to find the specified file.")
    with fi.disk_errors():
        created = disk.stat(old).created
        if kept is not None:
            disk.copy(old, kept, overwrite=True)
        disk.move(new, old, overwrite=True)
        disk.set_times(old, created=created)

# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab file puts on the disk of a guest."""

from __future__ import annotations

from collections.abc import Mapping

from hvsim.hyperv.files import VirtualFileSystem


def write_files(files: VirtualFileSystem, contents: Mapping[str, str | bytes]) -> None:
    """Write contents by path, making directories; text is stored as UTF-8.

    Raises:
        FileSystemError: a path is none for this file system.
    """
    for path, content in contents.items():
        files.write_bytes(path, content.encode() if isinstance(content, str) else content, create_parents=True)

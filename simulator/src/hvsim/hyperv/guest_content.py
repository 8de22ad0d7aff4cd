# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab file puts on a machine from the start: files and registry values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hvsim.hyperv.content import Content
from hvsim.hyperv.file_errors import FileSystemError
from hvsim.hyperv.files import FileAttributes, Hold, VirtualFileSystem
from hvsim.hyperv.registry import Registry


@dataclass(frozen=True)
class FileSeed:
    """A file of the lab.

    Attributes:
        content: text (stored as UTF-8) or bytes.
        size: a generated content of so many bytes instead; equal for equal paths, and without any cost until it is read.
        read_only, hidden: attributes.
        hold: another process has it open: it cannot be written, moved or removed, and perhaps not read.
        written: time stamp.
    """

    content: str | bytes = b""
    size: int | None = None
    read_only: bool = False
    hidden: bool = False
    hold: Hold | None = None
    written: datetime | None = None

    def make(self, path: str) -> Content:
        """The content itself."""
        if self.size is not None:
            return Content.generated(self.size, path.lower())
        return Content.of(self.content.encode() if isinstance(self.content, str) else self.content)


def write_files(files: VirtualFileSystem, contents: Mapping[str, str | bytes | FileSeed]) -> None:
    """Write files by path, making drives and directories.

    Raises:
        FileSystemError: a path is none for this file system.
    """
    for path, given in contents.items():
        seed = given if isinstance(given, FileSeed) else FileSeed(given)
        files.add_drive_of(path)
        files.write_content(path, seed.make(path), create_parents=True, force=True)
        attributes = files.stat(path).attributes
        attributes |= FileAttributes.READ_ONLY if seed.read_only else FileAttributes(0)
        attributes |= FileAttributes.HIDDEN if seed.hidden else FileAttributes(0)
        files.set_attributes(path, attributes)
        if seed.written is not None:
            files.set_times(path, written=seed.written)
        files.hold(path, seed.hold)


def write_registry(registry: Registry, keys: Mapping[str, Mapping[str, Any]]) -> None:
    """Write values by key and name: texts, numbers (DWORD) and lists of texts.

    Raises:
        NoSuchKey: the hive is not known.
    """
    for key, values in keys.items():
        registry.create_key(key)
        for name, value in values.items():
            registry.set_value(key, name, value)


def check_paths(files: VirtualFileSystem, paths: Iterable[str]) -> None:
    """Whether files with these paths can lie on a disk of that kind together; nothing else is looked at.

    Raises:
        ValueError: which path cannot, and why.
    """
    for path in paths:
        try:
            files.add_drive_of(path)
            files.write_content(path, Content(), create_parents=True)
        except FileSystemError as error:
            raise ValueError(f"no file can be made there ({error}); write another absolute path") from None


def check_keys(keys: Iterable[str]) -> None:
    """Whether these are keys of a registry.

    Raises:
        ValueError: which is not.
    """
    registry = Registry()
    for key in keys:
        try:
            registry.create_key(key)
        except KeyError:
            raise ValueError(f"{key!r} is no registry key; write it like HKLM\\SOFTWARE\\Name") from None

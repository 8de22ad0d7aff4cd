# SPDX-License-Identifier: GPL-3.0-or-later
"""A POSIX file system in memory: one root, case-sensitive names. Same interface and error texts as the Windows one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from hvsim.hyperv.file_errors import InvalidName
from hvsim.hyperv.files import FileAttributes, FileInfo, VirtualFileSystem, _Node


class PosixFileSystem(VirtualFileSystem):
    """The file system of a Linux-like machine. Paths are absolute, with ``/``; its one drive is called ``/``.

    Entries are listed by name in code point order; names that start with a dot are hidden.
    """

    separator = "/"
    new_file_attributes = FileAttributes(0)
    move_into_itself = "Invalid argument : '{path}'"
    move_onto_existing = None

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        super().__init__(now, drives=("/",))

    def _split(self, path: str) -> tuple[str, list[str]]:
        if not path.startswith("/") or "\0" in path:
            raise InvalidName(path)
        names: list[str] = []
        for part in path.split("/"):
            if part in ("", "."):
                continue
            if part == "..":
                del names[-1:]
                continue
            names.append(part)
        return "/", names

    def _join(self, drive: str, names: Iterable[str]) -> str:
        return "/" + "/".join(names)

    def _key(self, name: str) -> str:
        return name

    def _info(self, node: _Node, path: str) -> FileInfo:
        info = super()._info(node, path)
        if not node.name.startswith("."):
            return info
        return replace(info, attributes=(info.attributes & ~FileAttributes.NORMAL) | FileAttributes.HIDDEN)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that a lab declares for a machine: what they print, how they end, how long they take and what they leave behind."""

from __future__ import annotations

import fnmatch
import ntpath
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hvsim.hyperv.files import VirtualFileSystem


@dataclass(frozen=True)
class Executable:
    """One program, or one way to call it.

    Attributes:
        path: full path, or a bare name that is found wherever a file of that name lies, and on the search path.
        arguments: wildcard over the arguments joined by blanks, or exactly these; the first row that fits is taken.
        stdout, stderr, rc: what it prints and its exit code.
        duration: simulated seconds.
        files: contents by path that it writes; None removes the file.
        reboots, hangs: the machine restarts when it ends; it never ends.
        installed: a full path is a file on the disk from the beginning (else it must be copied there first).
    """

    path: str
    arguments: str | Sequence[str] = "*"
    stdout: str = ""
    stderr: str = ""
    rc: int = 0
    duration: float = 0
    files: Mapping[str, Any] = field(default_factory=dict)
    reboots: bool = False
    hangs: bool = False
    installed: bool = True

    @property
    def is_path(self) -> bool:
        return "\\" in self.path or "/" in self.path

    @property
    def bare_name(self) -> str:
        """File name without directory, lower case, without ``.exe``."""
        return program_name(self.path)


def program_name(path: str) -> str:
    """File name without directory, lower case, without ``.exe``."""
    return ntpath.basename(path).lower().removesuffix(".exe")


class ExecutableTable:
    """The declared programs of one machine."""

    def __init__(self, files: VirtualFileSystem, rows: Iterable[Executable] = ()) -> None:
        self._files = files
        self._rows: list[Executable] = []
        for row in rows:
            self.add(row)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Executable) -> None:
        """Declare a program; the file of an installed one is put on the disk, and there are drives for all that it writes."""
        self._rows.append(row)
        for path in ([row.path] if row.is_path else []) + [path for path, text in row.files.items() if text is not None]:
            self._files.add_drive_of(path)
        if row.is_path and row.installed and not self._files.exists(row.path):
            self._files.write_bytes(row.path, b"MZ", create_parents=True)

    def find(self, command: str) -> str | None:
        """The file or name that a command means; None if none is declared, or its file is not on the disk."""
        by_path = "\\" in command or "/" in command
        for row in self._rows:
            if row.bare_name != program_name(command):
                continue
            if not by_path:
                if not row.is_path or self._files.is_file(row.path):
                    return row.path
            elif (found := self._file_of(command)) is not None and (not row.is_path or self._same(row.path, found)):
                return found
        return None

    def select(self, command: str, arguments: Iterable[str]) -> Executable | None:
        """The row for a call; None if none fits the arguments."""
        exact = list(arguments)
        given = " ".join(exact).lower()
        found = self.find(command)
        for row in self._rows:
            if found is None or row.bare_name != program_name(found):
                continue
            if row.is_path and ("\\" in found or "/" in found) and not self._same(row.path, found):
                continue
            wanted = row.arguments
            if fnmatch.fnmatchcase(given, wanted.lower()) if isinstance(wanted, str) else exact == list(wanted):
                return row
        return None

    def apply(self, row: Executable) -> None:
        """What the program leaves on the disk.

        Raises:
            FileSystemError: it cannot write there.
        """
        for path, content in row.files.items():
            if content is None:
                if self._files.exists(path):
                    self._files.remove(path, recursive=True, force=True)
            else:
                data = content.encode() if isinstance(content, str) else content
                self._files.write_bytes(path, data, create_parents=True, force=True)

    def _file_of(self, command: str) -> str | None:
        candidates = (command, f"{command}.exe") if not posixpath.isabs(command) else (command,)
        return next((path for path in candidates if self._files.is_file(path)), None)

    def _same(self, left: str, right: str) -> bool:
        both = [self._files.stat(path).path if self._files.exists(path) else path for path in (left, right)]
        return both[0] == both[1]

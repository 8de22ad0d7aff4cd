# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client sends to a process: an upload may be larger than the memory of the machine that hvsim runs on."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

#: Between the parts of a payload of Ansible (ansible-exec.md 2.3).
SEPARATOR: Final = "\0\0\0\0"

#: Up to this size the input is in memory, beyond it in a temporary file. A payload's first separator lies within it.
MEMORY_LIMIT: Final = 1024 * 1024
_BLOCK: Final = 256 * 1024
_SEPARATOR: Final = SEPARATOR.encode()
_LINE_END: Final = re.compile("\r\n|\n|\r")


class StandardInput:
    """Bytes that are appended as they arrive, and read any number of times once all are there.

    Args:
        data: the first bytes.
        errors: what ``codecs`` does with bytes that are no text.
    """

    def __init__(self, data: bytes = b"", *, errors: str = "replace") -> None:
        # Without a name, it is gone with this object.
        self._file = tempfile.SpooledTemporaryFile(max_size=MEMORY_LIMIT, prefix="hvsim-")  # noqa: SIM115
        self._size = 0
        self._errors = errors
        self.append(data)

    def __len__(self) -> int:
        return self._size

    def append(self, data: bytes) -> None:
        """Add what has arrived."""
        self._file.seek(self._size)
        self._file.write(data)
        self._size += len(data)

    @property
    def is_payload(self) -> bool:
        """Whether this is a payload of Ansible, and no input of a program."""
        return _SEPARATOR in self._read(0, MEMORY_LIMIT)

    def text(self, encoding: str) -> str:
        """All of it."""
        return self._read(0, self._size).decode(encoding, self._errors)

    def split(self, encoding: str) -> tuple[str, Iterable[str]]:
        """What comes before the second separator, and the lines after it, which are read while they are iterated over.

        What is no payload has lines only.
        """
        if not self.is_payload:
            return "", Lines(self, 0, encoding)
        end = self._second_separator()
        if end is None:
            return self.text(encoding), ()
        head = self._read(0, end).decode(encoding, self._errors)
        return head, Lines(self, end + len(_SEPARATOR), encoding.removesuffix("-sig"))

    def texts(self, start: int, encoding: str) -> Iterator[str]:
        """The text from byte *start* in pieces."""
        decoder = codecs.getincrementaldecoder(encoding)(self._errors)
        for offset in range(start, self._size, _BLOCK):
            data = self._read(offset, _BLOCK)
            yield decoder.decode(data, offset + _BLOCK >= self._size)

    def _second_separator(self) -> int | None:
        """Where it begins. Manifests are small, so what lies between the two is looked through as a whole."""
        first = self._read(0, MEMORY_LIMIT).index(_SEPARATOR) + len(_SEPARATOR)
        known = bytearray()
        for offset in range(first, self._size, _BLOCK):
            looked_through = max(0, len(known) - len(_SEPARATOR))
            known += self._read(offset, _BLOCK)
            found = known.find(_SEPARATOR, looked_through)
            if found >= 0:
                return first + found
        return None

    def _read(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(min(length, self._size - offset))


@dataclass(frozen=True)
class Lines:
    """The lines of an input from byte *start* as .NET's readers see them (Python's ``splitlines`` would split at form feeds too).

    Iterating reads them anew and keeps none.
    """

    source: StandardInput
    start: int
    encoding: str

    def __iter__(self) -> Iterator[str]:
        # Parts of a line that has not ended yet; a carriage return at the end may be the first half of a line's end.
        parts: list[str] = []
        held = ""
        for piece in self.source.texts(self.start, self.encoding):
            text = held + piece
            held = "\r" if text.endswith("\r") else ""
            first, *others = _LINE_END.split(text.removesuffix("\r"))
            parts.append(first)
            for line in others:
                yield "".join(parts)
                parts = [line]
        last = "".join(parts)
        if held or last:
            yield last

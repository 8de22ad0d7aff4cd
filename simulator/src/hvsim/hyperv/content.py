# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents of files as values: small ones are bytes, large ones are pages in one temporary file, so that memory stays bounded.

Pages are never changed and shared by all contents that hold the same bytes: 200 guests with one file keep it once. A generated content
(a lab file says ``size``) has no bytes at all until somebody reads a part of it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Final, Protocol
from weakref import WeakValueDictionary, finalize

#: Up to this size a content is bytes in memory.
INLINE_LIMIT: Final = 1024 * 1024
PAGE: Final = 256 * 1024


class _Page(Protocol):
    """Bytes that never change."""

    length: int

    def joined(self) -> bytes:
        """All of them."""
        ...


class _SpooledPage:
    """A page in the temporary file; its slot is free again when nobody holds it any more."""

    __slots__ = ("__weakref__", "_file", "_slot", "length")

    def __init__(self, file: Any, slot: int, length: int) -> None:
        self._file, self._slot, self.length = file, slot, length

    def joined(self) -> bytes:
        return os.pread(self._file.fileno(), self.length, self._slot * PAGE)


class _GeneratedPage:
    """A page that is computed from a seed and its number."""

    __slots__ = ("_number", "_seed", "length")

    def __init__(self, seed: bytes, number: int, length: int) -> None:
        self._seed, self._number, self.length = seed, number, length

    def joined(self) -> bytes:
        return hashlib.shake_128(self._seed + self._number.to_bytes(8, "big")).digest(self.length)


class _Store:
    """The temporary file with slots of one page each. It has no name, so it is gone with the process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._file: Any = None
        self._process = 0
        self._slots = 0
        self._free: list[int] = []
        self._known: WeakValueDictionary[bytes, _SpooledPage] = WeakValueDictionary()

    def page(self, data: bytes) -> _SpooledPage:
        """The page with these bytes, the one that is there already if there is one."""
        digest = hashlib.sha256(data).digest()
        with self._lock:
            if self._process != os.getpid():
                # A forked process must not write into its parent's file; it begins one of its own.
                self._file = tempfile.TemporaryFile(prefix="hvsim-")  # noqa: SIM115 - it lives as long as the process
                self._process, self._slots, self._free = os.getpid(), 0, []
                self._known = WeakValueDictionary()
            found = self._known.get(digest)
            if found is not None:
                return found
            slot = self._free.pop() if self._free else self._slots
            self._slots = max(self._slots, slot + 1)
            os.pwrite(self._file.fileno(), data, slot * PAGE)
            page = _SpooledPage(self._file, slot, len(data))
            finalize(page, self._release, slot, self._process)
            self._known[digest] = page
            return page

    def _release(self, slot: int, process: int) -> None:
        with self._lock:
            if process == os.getpid():
                self._free.append(slot)

    @property
    def pages_in_use(self) -> int:
        with self._lock:
            return self._slots - len(self._free)


STORE: Final = _Store()


class Content:
    """The bytes of a file, as a value: changes make a new content that shares what is equal."""

    __slots__ = ("_inline", "_pages", "size")

    def __init__(self, inline: bytes = b"", pages: tuple[_Page, ...] = (), size: int | None = None) -> None:
        self._inline = inline
        self._pages = pages
        self.size = len(inline) if size is None else size

    def __repr__(self) -> str:
        return f"Content({self.size} bytes)"

    @classmethod
    def of(cls, data: bytes) -> Content:
        """A content with these bytes."""
        if len(data) <= INLINE_LIMIT:
            return cls(bytes(data))
        return cls(pages=tuple(_split(data)), size=len(data))

    @classmethod
    def collected(cls, chunks: Iterable[bytes]) -> Content:
        """A content with all that *chunks* yields, of which no more than a chunk is in memory."""
        pages: list[_Page] = []
        waiting = bytearray()
        size = 0
        for chunk in chunks:
            waiting += chunk
            size += len(chunk)
            if size > INLINE_LIMIT:
                full = len(waiting) - len(waiting) % PAGE
                pages += _split(waiting[:full])
                del waiting[:full]
        if not pages:
            return cls(bytes(waiting))
        return cls(pages=(*pages, *_split(waiting)), size=size)

    @classmethod
    def generated(cls, size: int, seed: str = "") -> Content:
        """*size* bytes that depend on nothing but the seed; they take no room."""
        if size <= INLINE_LIMIT:
            return cls(_GeneratedPage(seed.encode(), 0, size).joined())
        full, rest = divmod(size, PAGE)
        lengths = [PAGE] * full + ([rest] if rest else [])
        return cls(pages=tuple(_GeneratedPage(seed.encode(), n, length) for n, length in enumerate(lengths)), size=size)

    def joined(self) -> bytes:
        """Everything at once: not for large contents."""
        return self._inline if not self._pages else b"".join(page.joined() for page in self._pages)

    def read(self, offset: int, length: int) -> bytes:
        """Up to *length* bytes from *offset*; fewer at the end."""
        end = min(self.size, offset + length)
        if offset >= end:
            return b""
        if not self._pages:
            return self._inline[offset:end]
        first, last = offset // PAGE, (end - 1) // PAGE
        joined = b"".join(page.joined() for page in self._pages[first : last + 1])
        return joined[offset - first * PAGE : end - first * PAGE]

    def chunks(self, size: int = PAGE) -> Iterator[bytes]:
        """All bytes in pieces, for hashing and sending."""
        for offset in range(0, self.size, size):
            yield self.read(offset, size)

    def digest(self, algorithm: str) -> str:
        """Hexadecimal hash, lower case; *algorithm* as ``hashlib`` names it."""
        state = hashlib.new(algorithm, usedforsecurity=False)
        for piece in self.chunks():
            state.update(piece)
        return state.hexdigest()

    def written(self, offset: int, data: bytes) -> Content:
        """The content after *data* was written at *offset*; a gap before it is filled with zeros."""
        if not data:
            return self
        size = max(self.size, offset + len(data))
        if size <= INLINE_LIMIT:
            old = self._inline.ljust(offset, b"\0")
            return Content(old[:offset] + bytes(data) + old[offset + len(data) :])
        pages = list(self._pages or _split(self._inline))
        first = min(offset, self.size) // PAGE
        tail = max(offset + len(data), min(self.size, -(-(offset + len(data)) // PAGE) * PAGE))
        head = self.read(first * PAGE, offset - first * PAGE).ljust(offset - first * PAGE, b"\0")
        changed = head + bytes(data) + self.read(offset + len(data), tail - offset - len(data))
        pages[first : -(-tail // PAGE)] = _split(changed)
        return Content(pages=tuple(pages), size=size)

    def cut(self, size: int) -> Content:
        """The first *size* bytes, or all followed by zeros."""
        if size > self.size:
            return self.written(size - 1, b"\0")
        if size <= INLINE_LIMIT:
            return Content(self.read(0, size))
        full, rest = divmod(size, PAGE)
        pages: list[_Page] = list(self._pages[:full])
        if rest:
            pages.append(STORE.page(self.read(full * PAGE, rest)))
        return Content(pages=tuple(pages), size=size)


def _split(data: bytes | bytearray) -> list[_Page]:
    return [STORE.page(bytes(data[start : start + PAGE])) for start in range(0, len(data), PAGE)]


class ContentBuffer:
    """A content that can be changed in place, with as much of ``bytearray``'s interface as streams use."""

    __slots__ = ("content",)

    def __init__(self, content: Content) -> None:
        self.content = content

    def __len__(self) -> int:
        return self.content.size

    def __getitem__(self, place: slice) -> bytes:
        start, stop, _ = place.indices(self.content.size)
        return self.content.read(start, max(0, stop - start))

    def __setitem__(self, place: slice, data: bytes) -> None:
        self.content = self.content.written(place.start or 0, data)

    def resize(self, size: int) -> None:
        """Cut, or fill up with zeros."""
        self.content = self.content.cut(size)

    def extend(self, data: bytes) -> None:
        """Append."""
        self.content = self.content.written(self.content.size, data)

# SPDX-License-Identifier: GPL-3.0-or-later
"""A Windows file system in memory: drives, case-insensitive names, attributes and times.

Paths are absolute (``C:\\dir\\file``; ``/`` and the ``\\\\?\\`` prefix are accepted). Error texts are those of .NET.
There are no 8.3 names, no links, no alternate streams and no access lists.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import Final, Literal

from hvsim.hyperv.content import Content, ContentBuffer
from hvsim.hyperv.file_errors import (
    AccessToPathDenied,
    AlreadyExists,
    DirectoryNotEmpty,
    DiskFull,
    FileInUse,
    FileSystemError,
    InvalidName,
    NetworkPathNotFound,
    NoSuchDirectory,
    NoSuchDrive,
    NoSuchFile,
)


class FileAttributes(IntFlag):
    """``System.IO.FileAttributes``, the part that the simulator keeps."""

    READ_ONLY = 0x1
    HIDDEN = 0x2
    SYSTEM = 0x4
    DIRECTORY = 0x10
    ARCHIVE = 0x20
    NORMAL = 0x80


#: Another process has a file open, and shares reading only, reading with those who share writing too (as a log), or nothing.
Hold = Literal["locked", "writing", "exclusive"]


@dataclass
class _Node:
    name: str
    created: datetime
    written: datetime
    accessed: datetime
    attributes: FileAttributes
    data: Content = field(default_factory=Content)
    children: dict[str, _Node] | None = None
    hold: Hold | None = None

    @property
    def is_directory(self) -> bool:
        return self.children is not None


@dataclass(frozen=True)
class FileInfo:
    """What ``stat`` and ``list`` tell."""

    path: str
    name: str
    is_directory: bool
    size: int
    attributes: FileAttributes
    created: datetime
    written: datetime
    accessed: datetime


#: Inside the class below ``list`` is the method.
Names = list[str]
Entries = list[FileInfo]

_FORBIDDEN: Final = frozenset('<>:"|?*') | {chr(code) for code in range(32)}


def split_path(path: str) -> tuple[str, list[str]]:
    """Drive letter (upper case) and the names below it; ``.`` and ``..`` are resolved.

    Raises:
        InvalidName: not an absolute path, or a character that Windows forbids.
        NetworkPathNotFound: a UNC path.
    """
    text = path.replace("/", "\\")
    if text.startswith(("\\\\?\\", "\\\\.\\")):
        text = text[4:]
    elif text.startswith("\\\\"):
        raise NetworkPathNotFound(path)
    if len(text) < 2 or text[1] != ":" or not (text[0].isascii() and text[0].isalpha()) or text[2:3] not in ("", "\\"):
        raise InvalidName(path)
    names: list[str] = []
    for part in text[2:].split("\\"):
        if part in ("", "."):
            continue
        if part == "..":
            del names[-1:]
            continue
        if not _FORBIDDEN.isdisjoint(part):
            raise InvalidName(path)
        # Win32 drops trailing dots and blanks of every name.
        names.append(part.rstrip(". ") or part)
    return text[0].upper(), names


def join_path(drive: str, names: Iterable[str]) -> str:
    """``("C", ["a", "b"])`` -> ``C:\\a\\b``."""
    return f"{drive}:\\" + "\\".join(names)


class VirtualFileSystem:
    """The file system of one machine.

    Args:
        now: clock that stamps files.
        drives: letters that exist.

    Attributes:
        free: bytes that are left on all drives together; None for as many as wanted.
    """

    separator = "\\"
    new_file_attributes = FileAttributes.ARCHIVE

    #: What the system says of a folder that is moved into itself (Windows: ERROR_SHARING_VIOLATION).
    move_into_itself = "The process cannot access the file because it is being used by another process."
    #: What the system says of a move onto something that is there; None: .NET's words with the path.
    move_onto_existing: str | None = "Cannot create a file when that file already exists."

    def __init__(self, now: Callable[[], datetime] | None = None, drives: Iterable[str] = ("C",)) -> None:
        self._now = now or (lambda: datetime.now(UTC))
        self.free: int | None = None
        self._lock = threading.RLock()
        self._roots: dict[str, _Node] = {letter.upper(): self._new_directory("") for letter in drives}

    # -- what another kind of file system does differently --------------------------------------------------------------

    def _split(self, path: str) -> tuple[str, Names]:
        return split_path(path)

    def _join(self, drive: str, names: Iterable[str]) -> str:
        return join_path(drive, names)

    def _key(self, name: str) -> str:
        """What a directory's entries are looked up by."""
        return name.lower()

    def _info(self, node: _Node, path: str) -> FileInfo:
        return _info(node, path)

    # -- asking and changing --------------------------------------------------------------------------------------------

    def drives(self) -> Names:
        """Drive letters, sorted."""
        with self._lock:
            return sorted(self._roots)

    def add_drive_of(self, path: str) -> None:
        """The path's drive exists from now on, empty unless it was there.

        Raises:
            FileSystemError: the path is none of this file system.
        """
        drive, _ = self._split(path)
        with self._lock:
            self._roots.setdefault(drive, self._new_directory(""))

    def exists(self, path: str) -> bool:
        """Whether a file or directory is there; malformed and UNC paths do not exist."""
        return self._find_quietly(path) is not None

    def exists_strictly(self, path: str) -> bool:
        """As ``exists``, but a malformed path is an error.

        Raises:
            InvalidName, NetworkPathNotFound: no path of this file system.
        """
        with self._lock:
            return self._find(path) is not None

    def is_directory(self, path: str) -> bool:
        node = self._find_quietly(path)
        return node is not None and node.is_directory

    def is_file(self, path: str) -> bool:
        node = self._find_quietly(path)
        return node is not None and not node.is_directory

    def read_bytes(self, path: str) -> bytes:
        """Contents of a file.

        Raises:
            NoSuchFile, NoSuchDirectory, AccessToPathDenied: not there, or a directory.
        """
        with self._lock:
            return self.content(path).joined()

    def content(self, path: str, *, share_writing: bool = True, ignore_hold: bool = False) -> Content:
        """Contents of a file as a value, which takes no room of its own; later changes of the file do not change it.

        Args:
            share_writing: whether others may write to it meanwhile, as ``FileShare.ReadWrite`` says and ``Read`` does not.
            ignore_hold: it is read from outside the machine.

        Raises:
            NoSuchFile, NoSuchDirectory, AccessToPathDenied, FileInUse: not there, a directory, or held by another process.
        """
        with self._lock:
            node = self._existing(path)
            if node.is_directory:
                raise AccessToPathDenied(path)
            if not ignore_hold and (node.hold == "exclusive" or (node.hold == "writing" and not share_writing)):
                raise FileInUse(path)
            node.accessed = self._now()
            return node.data

    def buffer(self, path: str | None = None, *, share_writing: bool = True) -> ContentBuffer:
        """A copy of a file that can be changed in place (empty without *path*), to be stored with ``write_content``.

        Raises:
            NoSuchFile, NoSuchDirectory, AccessToPathDenied: as ``content``.
        """
        return ContentBuffer(Content() if path is None else self.content(path, share_writing=share_writing))

    def digest(self, path: str, algorithm: str = "sha256", *, share_writing: bool = True) -> str:
        """Hexadecimal hash of a file, computed piece by piece; raises as ``content`` does."""
        return self.content(path, share_writing=share_writing).digest(algorithm)

    def read_text(self, path: str, encoding: str = "utf-8-sig") -> str:
        """Contents decoded; raises as ``read_bytes`` does, and UnicodeDecodeError."""
        return self.read_bytes(path).decode(encoding)

    def write_bytes(
        self, path: str, data: bytes, *, append: bool = False, create_parents: bool = False, force: bool = False
    ) -> None:
        """Create or replace a file.

        Args:
            append: add to what is there.
            create_parents: make missing directories.
            force: write to read-only files too.

        Raises:
            NoSuchDirectory, AccessToPathDenied: parent missing; target read-only or a directory.
        """
        with self._lock:
            node = self._find_quietly(path) if append else None
            old = node.data if node is not None and not node.is_directory else Content()
            added = old.written(old.size, data) if old.size else Content.of(data)
            self.write_content(path, added, create_parents=create_parents, force=force)

    def write_content(self, path: str, content: Content, *, create_parents: bool = False, force: bool = False) -> None:
        """As ``write_bytes``, with contents of any size; nothing is copied."""
        with self._lock:
            parent, name = self._parent_of(path, create=create_parents)
            children = _children(parent)
            node = children.get(self._key(name))
            now = self._now()
            if node is None:
                self._take(content.size, path)
                children[self._key(name)] = _Node(name, now, now, now, self.new_file_attributes, content)
                parent.written = now
                return
            if node.is_directory or (node.attributes & FileAttributes.READ_ONLY and not force):
                raise AccessToPathDenied(path)
            _refuse_locked(node, path)
            self._take(content.size - node.data.size, path)
            node.data = content
            node.written = node.accessed = now
            node.attributes |= self.new_file_attributes

    def write_chunks(self, path: str, chunks: Iterable[bytes]) -> None:
        """As ``write_bytes``, with all that *chunks* yields; when that raises, the file is what it was."""
        self.write_content(path, Content.collected(chunks))

    def write_text(self, path: str, text: str, encoding: str = "utf-8", **options: bool) -> None:
        """``write_bytes`` of an encoded text."""
        self.write_bytes(path, text.encode(encoding), **options)

    def make_directory(self, path: str, parents: bool = True, *, exist_ok: bool = True) -> None:
        """Create a directory, with its parents unless told otherwise.

        Raises:
            AlreadyExists: a file of that name, or any entry with ``exist_ok`` False.
            NoSuchDirectory: parent missing with ``parents`` False.
        """
        with self._lock:
            drive, names = self._split(path)
            if self._find_quietly(path) is not None:
                if not exist_ok or not self.is_directory(path):
                    raise AlreadyExists(path, f"An item with the specified name {path} already exists.")
                return
            if parents:
                self._ensure_directory(drive, names, path)
                return
            parent, name = self._parent_of(path)
            _children(parent)[self._key(name)] = self._new_directory(name)
            parent.written = self._now()

    def remove(self, path: str, recursive: bool = False, *, force: bool = False) -> None:
        """Delete a file or directory.

        Raises:
            NoSuchFile, NoSuchDirectory: not there.
            DirectoryNotEmpty: children present without ``recursive``.
            AccessToPathDenied: a read-only entry without ``force``, or a drive's root.
        """
        with self._lock:
            node = self._existing(path)
            parent, name = self._parent_of(path)
            if node.is_directory and node.children and not recursive:
                raise DirectoryNotEmpty(path)
            if not force:
                self._refuse_read_only(node, path)
            _refuse_locked(node, path)
            self._take(-_size(node), path)
            del _children(parent)[self._key(name)]
            parent.written = self._now()

    def list(self, path: str) -> Entries:
        """Entries of a directory, sorted by name without case.

        Raises:
            NoSuchDirectory: not there, or a file.
        """
        with self._lock:
            node = self._find(path)
            if node is None or not node.is_directory:
                raise NoSuchDirectory(path)
            drive, names = self._real_names(path)
            below = sorted(_children(node).values(), key=lambda child: self._key(child.name))
            return [self._info(child, self._join(drive, [*names, child.name])) for child in below]

    def stat(self, path: str) -> FileInfo:
        """Facts about one entry, its path in the case in which it was created.

        Raises:
            NoSuchFile, NoSuchDirectory: not there.
        """
        with self._lock:
            node = self._existing(path)
            drive, names = self._real_names(path)
            return self._info(node, self._join(drive, names))

    def set_attributes(self, path: str, attributes: FileAttributes) -> None:
        """Replace the attributes; Directory cannot be set or lost."""
        with self._lock:
            node = self._existing(path)
            kind = FileAttributes.DIRECTORY if node.is_directory else FileAttributes(0)
            node.attributes = (FileAttributes(attributes) & ~FileAttributes.DIRECTORY & ~FileAttributes.NORMAL) | kind

    def hold(self, path: str, how: Hold | None = "locked") -> None:
        """Another process opens a file, or closes it: until then it cannot be written, moved or removed; see ``Hold``."""
        with self._lock:
            self._existing(path).hold = how

    def set_times(
        self,
        path: str,
        *,
        created: datetime | None = None,
        written: datetime | None = None,
        accessed: datetime | None = None,
    ) -> None:
        """Set the given time stamps."""
        with self._lock:
            node = self._existing(path)
            node.created = created or node.created
            node.written = written or node.written
            node.accessed = accessed or node.accessed

    def move(self, source: str, destination: str, *, overwrite: bool = False) -> None:
        """Rename or move a file or directory; time stamps stay.

        Raises:
            NoSuchFile, NoSuchDirectory: source or the destination's parent is missing.
            AlreadyExists: the destination exists and is a directory, or ``overwrite`` is False.
            FileSystemError: a directory moved into itself.
        """
        with self._lock:
            node = self._existing(source)
            old_parent, old_name = self._parent_of(source)
            new_parent, new_name = self._parent_of(destination)
            self._refuse_inside(node, source, destination)
            _refuse_locked(node, source)
            present = _children(new_parent).get(self._key(new_name))
            if present is not None and present is not node:
                if present.is_directory or not overwrite:
                    raise AlreadyExists(destination, self.move_onto_existing)
                self._refuse_read_only(present, destination)
                _refuse_locked(present, destination)
                self._take(-_size(present), destination)
            del _children(old_parent)[self._key(old_name)]
            node.name = new_name
            _children(new_parent)[self._key(new_name)] = node
            old_parent.written = new_parent.written = self._now()

    def copy(self, source: str, destination: str, *, overwrite: bool = False, recursive: bool = False) -> None:
        """Copy a file, or a directory with ``recursive``; the copy is created now and keeps the write time.

        Raises:
            NoSuchFile, NoSuchDirectory, AlreadyExists, AccessToPathDenied: as for ``move``; a directory without
                ``recursive`` is denied.
        """
        with self._lock:
            node = self._existing(source)
            if node.is_directory and not recursive:
                raise AccessToPathDenied(source)
            if node.hold == "exclusive":
                raise FileInUse(source)
            parent, name = self._parent_of(destination)
            self._refuse_inside(node, source, destination)
            present = _children(parent).get(self._key(name))
            if present is not None:
                if present.is_directory or node.is_directory or not overwrite:
                    raise AlreadyExists(destination)
                self._refuse_read_only(present, destination)
                _refuse_locked(present, destination)
            self._take(_size(node) - (_size(present) if present is not None else 0), destination)
            _children(parent)[self._key(name)] = self._clone(node, name)
            parent.written = self._now()

    def _take(self, size: int, path: str) -> None:
        """Raises:
        DiskFull: *size* bytes more do not fit.
        """
        if self.free is not None:
            if size > self.free:
                raise DiskFull(path)
            self.free -= size

    def _new_directory(self, name: str) -> _Node:
        now = self._now()
        return _Node(name, now, now, now, FileAttributes.DIRECTORY, children={})

    def _clone(self, node: _Node, name: str) -> _Node:
        now = self._now()
        children = None
        if node.children is not None:
            children = {key: self._clone(child, child.name) for key, child in node.children.items()}
        return _Node(name, now, node.written, now, node.attributes, node.data, children)

    def _find(self, path: str) -> _Node | None:
        drive, names = self._split(path)
        node = self._roots.get(drive)
        for name in names:
            if node is None or node.children is None:
                return None
            node = node.children.get(self._key(name))
        return node

    def _find_quietly(self, path: str) -> _Node | None:
        with self._lock:
            try:
                return self._find(path)
            except FileSystemError:
                return None

    def _existing(self, path: str) -> _Node:
        node = self._find(path)
        if node is not None:
            return node
        self._parent_of(path)
        raise NoSuchFile(path)

    def _parent_of(self, path: str, *, create: bool = False) -> tuple[_Node, str]:
        drive, names = self._split(path)
        if drive not in self._roots:
            raise NoSuchDrive(path)
        if not names:
            raise AccessToPathDenied(path)
        if create:
            return self._ensure_directory(drive, names[:-1], path), names[-1]
        node = self._roots[drive]
        for name in names[:-1]:
            child = _children(node).get(self._key(name))
            if child is None or not child.is_directory:
                raise NoSuchDirectory(path)
            node = child
        return node, names[-1]

    def _ensure_directory(self, drive: str, names: Iterable[str], path: str) -> _Node:
        if drive not in self._roots:
            raise NoSuchDrive(path)
        node = self._roots[drive]
        for name in names:
            child = _children(node).get(self._key(name))
            if child is None:
                child = _children(node)[self._key(name)] = self._new_directory(name)
                node.written = child.created
            elif not child.is_directory:
                raise AlreadyExists(path, f"An item with the specified name {path} already exists.")
            node = child
        return node

    def _real_names(self, path: str) -> tuple[str, Names]:
        drive, names = self._split(path)
        node = self._roots[drive]
        real: Names = []
        for name in names:
            node = _children(node)[self._key(name)]
            real.append(node.name)
        return drive, real

    def _refuse_read_only(self, node: _Node, path: str) -> None:
        if node.attributes & FileAttributes.READ_ONLY:
            raise AccessToPathDenied(path)
        for child in (node.children or {}).values():
            self._refuse_read_only(child, f"{path}{self.separator}{child.name}")

    def _refuse_inside(self, node: _Node, source: str, destination: str) -> None:
        if not node.is_directory:
            return
        (from_drive, outer), (to_drive, inner) = self._split(source), self._split(destination)
        same = [self._key(name) for name in inner[: len(outer)]] == [self._key(name) for name in outer]
        if from_drive == to_drive and same and len(inner) > len(outer):
            raise FileSystemError(destination, self.move_into_itself.format(path=destination))


def _refuse_locked(node: _Node, path: str) -> None:
    if node.hold is not None:
        raise FileInUse(path)
    for child in (node.children or {}).values():
        _refuse_locked(child, f"{path}\\{child.name}")


def _size(node: _Node) -> int:
    return node.data.size + sum(_size(child) for child in (node.children or {}).values())


def _children(node: _Node) -> dict[str, _Node]:
    assert node.children is not None, node.name
    return node.children


def _info(node: _Node, path: str) -> FileInfo:
    return FileInfo(
        path=path,
        name=node.name,
        is_directory=node.is_directory,
        size=node.data.size,
        attributes=node.attributes or FileAttributes.NORMAL,
        created=node.created,
        written=node.written,
        accessed=node.accessed,
    )

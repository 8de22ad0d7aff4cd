# SPDX-License-Identifier: GPL-3.0-or-later
"""What the transport needs from the model, as protocols: ``hvsim.hyperv`` implements them, tests use small fakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol


class User(Protocol):
    """An account of the simulated host."""

    @property
    def name(self) -> str: ...

    @property
    def password(self) -> str: ...

    @property
    def enabled(self) -> bool: ...

    @property
    def is_administrator(self) -> bool: ...

    @property
    def may_log_on_remotely(self) -> bool: ...


class Content(Protocol):
    """The bytes of a file, which may be more than fit into memory. They stay what they are when the file is changed."""

    @property
    def size(self) -> int: ...

    def read(self, offset: int, length: int) -> bytes:
        """Up to *length* bytes from *offset*; fewer at the end."""

    def chunks(self) -> Iterator[bytes]:
        """All of them in pieces."""

    def digest(self, algorithm: str) -> str:
        """Hexadecimal hash, lower case; *algorithm* as ``hashlib`` names it."""


class Files(Protocol):
    """The host's virtual file system. Paths are Windows paths, compared without case.

    Methods raise ``OSError`` subclasses whose text is Windows' own.
    """

    def content(self, path: str) -> Content: ...

    def write_bytes(self, path: str, data: bytes) -> None: ...

    def write_chunks(self, path: str, chunks: Iterable[bytes]) -> None:
        """Create or replace a file by all that *chunks* yields; when that raises, the file is what it was."""

    def make_directory(self, path: str, *, parents: bool = True) -> None: ...

    def remove(self, path: str, *, recursive: bool = False, force: bool = False) -> None: ...

    def exists(self, path: str) -> bool: ...

    def is_directory(self, path: str) -> bool: ...


class Counters(Protocol):
    """Named counters of the host; read by tests and by the admin endpoint."""

    def add(self, name: str, n: int = 1) -> None: ...


class Host(Protocol):
    """A simulated Windows machine."""

    def cuts_connection(self) -> bool:
        """Whether a fault of the lab closes the client's connection instead of answering this request."""
        ...

    @property
    def name(self) -> str: ...

    @property
    def build(self) -> int: ...

    @property
    def powershell(self) -> str:
        """``5.1`` or ``7``: the PowerShell that scripts run on."""

    @property
    def users(self) -> Iterable[User]: ...

    @property
    def files(self) -> Files: ...

    @property
    def counters(self) -> Counters: ...

    def check_password(self, user: str, password: str) -> User | None: ...

    def environment(self, user: str) -> Mapping[str, str]: ...

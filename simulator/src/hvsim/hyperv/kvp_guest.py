# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a guest keeps key-value pairs: the registry of Windows, the pool files of Linux (hyperv-facts.md 3.5).

A guest that nobody has looked into yet keeps them in memory; they move into its registry or files when it becomes a
machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from hvsim.hyperv.files import VirtualFileSystem
from hvsim.hyperv.registry import NoSuchKey, NoSuchValue, Registry

Pair = tuple[str, str]

KEY_BYTES: Final = 512
VALUE_BYTES: Final = 2048
RECORD_BYTES: Final = KEY_BYTES + VALUE_BYTES

#: What a Linux guest's driver hands to the host at most, in UTF-16 units.
LINUX_KEY_UNITS: Final = 254
LINUX_VALUE_UNITS: Final = 1022

REGISTRY_ROOT: Final = "HKLM\\SOFTWARE\\Microsoft\\Virtual Machine"
POOL_DIRECTORY: Final = "/var/lib/hyperv"


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut_to_units(text: str, units: int) -> str:
    """The text's first *units* UTF-16 code units; a surrogate pair is not cut in two."""
    if utf16_length(text) <= units:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")


def encode_record(name: str, value: str) -> bytes:
    """A record of a pool file: key and value as NUL-padded UTF-8.

    Raises:
        ValueError: one of them does not fit or holds a NUL.
    """
    key, data = _field(name, KEY_BYTES), _field(value, VALUE_BYTES)
    return key.ljust(KEY_BYTES, b"\0") + data.ljust(VALUE_BYTES, b"\0")


def _field(text: str, size: int) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    if len(data) >= size or b"\0" in data:
        raise ValueError(f"{len(data)} bytes do not fit a field of {size} with its NUL")
    return data


def _cut(text: str, size: int) -> str:
    return text.encode("utf-8", "surrogatepass")[: size - 1].decode("utf-8", "ignore")


def decode_records(data: bytes) -> list[Pair]:
    """The records of a pool file in order; an incomplete one at the end does not count."""
    whole = len(data) - len(data) % RECORD_BYTES
    return [_decode(data[at : at + RECORD_BYTES]) for at in range(0, whole, RECORD_BYTES)]


def _decode(record: bytes) -> Pair:
    key, value = record[:KEY_BYTES], record[KEY_BYTES:]
    return key.split(b"\0", 1)[0].decode("utf-8", "replace"), value.split(b"\0", 1)[0].decode("utf-8", "replace")


class PairStore(Protocol):
    """What the data exchange service of a guest does with its store."""

    def external(self) -> list[Pair]:
        """What the host has sent."""

    def set_external(self, name: str, value: str) -> bool:
        """The host sends a pair; False: the guest cannot take it."""

    def remove_external(self, name: str) -> None:
        """The host takes a pair back; it may be gone already."""

    def pushed(self) -> list[Pair]:
        """What the guest offers to the host (``GuestExchangeItems``)."""

    def push(self, name: str, value: str) -> None:
        """The guest offers a pair."""

    def set_automatic(self, items: Mapping[str, str]) -> None:
        """What the guest tells of itself."""

    def set_parameters(self, items: Mapping[str, str]) -> None:
        """What the host tells of itself."""


class WindowsPairs:
    """``HKLM\\SOFTWARE\\Microsoft\\Virtual Machine``: External, Guest, Auto and Guest\\Parameters; text values only."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def external(self) -> list[Pair]:
        return self._texts("External")

    def set_external(self, name: str, value: str) -> bool:
        self._registry.set_value(f"{REGISTRY_ROOT}\\External", name, value)
        return True

    def remove_external(self, name: str) -> None:
        try:
            self._registry.delete_value(f"{REGISTRY_ROOT}\\External", name)
        except (NoSuchKey, NoSuchValue):
            return

    def pushed(self) -> list[Pair]:
        return self._texts("Guest")

    def push(self, name: str, value: str) -> None:
        self._registry.set_value(f"{REGISTRY_ROOT}\\Guest", name, value)

    def set_automatic(self, items: Mapping[str, str]) -> None:
        self._write("Auto", items)

    def set_parameters(self, items: Mapping[str, str]) -> None:
        self._write("Guest\\Parameters", items)

    def prepare(self, pushed: Mapping[str, str]) -> None:
        """The keys that every Windows guest has, and what it has pushed."""
        for key in ("External", "Guest", "Auto", "Guest\\Parameters"):
            self._registry.create_key(f"{REGISTRY_ROOT}\\{key}")
        for name, value in pushed.items():
            self.push(name, value)

    def _write(self, key: str, items: Mapping[str, str]) -> None:
        path = f"{REGISTRY_ROOT}\\{key}"
        if self._registry.exists(path):
            for value in self._registry.values(path):
                if value.name not in items:
                    self._registry.delete_value(path, value.name)
        for name, data in items.items():
            self._registry.set_value(path, name, data)

    def _texts(self, key: str) -> list[Pair]:
        try:
            values = self._registry.values(f"{REGISTRY_ROOT}\\{key}")
        except NoSuchKey:
            return []
        return [(v.name, v.data) for v in values if v.kind == "String" and isinstance(v.data, str) and v.name]


class LinuxPairs:
    """The pool files: 0 from the host, 1 to the host, 2 automatic, 3 about the host, 4 automatic inside."""

    def __init__(self, files: VirtualFileSystem, directory: str = POOL_DIRECTORY) -> None:
        self._files = files
        self._directory = directory

    def path(self, pool: int) -> str:
        return f"{self._directory}/.kvp_pool_{pool}"

    def records(self, pool: int) -> list[Pair]:
        """The records of one pool, duplicates included."""
        path = self.path(pool)
        return decode_records(self._files.read_bytes(path)) if self._files.is_file(path) else []

    def write(self, pool: int, records: Iterable[Pair]) -> None:
        """Replace a pool.

        Raises:
            ValueError: a pair does not fit.
        """
        self._files.make_directory(self._directory)
        self._files.write_bytes(self.path(pool), b"".join(encode_record(*record) for record in records))

    def external(self) -> list[Pair]:
        return self.records(0)

    def set_external(self, name: str, value: str) -> bool:
        try:
            encode_record(name, value)
        except ValueError:
            return False
        records = self.records(0)
        place = next((i for i, record in enumerate(records) if record[0] == name), None)
        if place is None:
            records.append((name, value))
        else:
            records[place] = (name, value)
        self.write(0, records)
        return True

    def remove_external(self, name: str) -> None:
        records = self.records(0)
        kept = [record for record in records if record[0] != name]
        if len(kept) != len(records):
            self.write(0, kept)

    def pushed(self) -> list[Pair]:
        return [
            (cut_to_units(name, LINUX_KEY_UNITS), cut_to_units(value, LINUX_VALUE_UNITS))
            for name, value in self.records(1)
        ]

    def push(self, name: str, value: str) -> None:
        self.write(1, [*self.records(1), (name, value)])

    def set_automatic(self, items: Mapping[str, str]) -> None:
        """The daemon answers with what it finds at that moment; it keeps nothing."""

    def set_parameters(self, items: Mapping[str, str]) -> None:
        self.write(3, items.items())

    def prepare(self, pushed: Mapping[str, str]) -> None:
        """The five files that the daemon opens when it starts, and what the guest has pushed."""
        cut = [(_cut(name, KEY_BYTES), _cut(value, VALUE_BYTES)) for name, value in pushed.items()]
        for pool in range(5):
            self.write(pool, cut if pool == 1 else ())


class MemoryPairs:
    """The pairs of a guest that is no machine yet. ``linux`` decides about case and sizes."""

    def __init__(self, pushed: Iterable[Pair] = (), *, linux: bool = False) -> None:
        self._linux = linux
        self._external: dict[str, Pair] = {}
        self._pushed = list(pushed)
        self._later: list[Pair] = []

    def external(self) -> list[Pair]:
        return list(self._external.values())

    def set_external(self, name: str, value: str) -> bool:
        if self._linux:
            try:
                encode_record(name, value)
            except ValueError:
                return False
        self._external[self._key(name)] = (name, value)
        return True

    def remove_external(self, name: str) -> None:
        self._external.pop(self._key(name), None)

    def pushed(self) -> list[Pair]:
        if not self._linux:
            return list(self._pushed)
        return [(cut_to_units(n, LINUX_KEY_UNITS), cut_to_units(v, LINUX_VALUE_UNITS)) for n, v in self._pushed]

    def push(self, name: str, value: str) -> None:
        if not self._linux:
            self._pushed = [pair for pair in self._pushed if pair[0].lower() != name.lower()]
        self._pushed.append((name, value))
        self._later.append((name, value))

    def set_automatic(self, items: Mapping[str, str]) -> None:
        """Nobody can look at them."""

    def set_parameters(self, items: Mapping[str, str]) -> None:
        """Nobody can look at them."""

    def move_to(self, store: WindowsPairs | LinuxPairs) -> None:
        """Write into a machine's store what the machine was not made with."""
        for name, value in self._external.values():
            store.set_external(name, value)
        for name, value in self._later:
            store.push(name, value)

    def _key(self, name: str) -> str:
        return name if self._linux else name.lower()


def store_of(machine: Any) -> WindowsPairs | LinuxPairs:
    """The store of a guest that is a machine (``vm.guest.machine``)."""
    return WindowsPairs(machine.registry) if machine.is_windows else LinuxPairs(machine.files)

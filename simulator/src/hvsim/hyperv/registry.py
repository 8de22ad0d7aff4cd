# SPDX-License-Identifier: GPL-3.0-or-later
"""A small Windows registry: HKLM and HKCU, keys and values without case, values with their kinds."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final, Literal

RegistryData = str | int | bytes | list[str]
RegistryKind = Literal["String", "ExpandString", "DWord", "QWord", "MultiString", "Binary"]

_HIVES: Final = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKEY_LOCAL_MACHINE": "HKEY_LOCAL_MACHINE",
    "HKEY_CURRENT_USER": "HKEY_CURRENT_USER",
}


class NoSuchKey(KeyError):
    """The registry key does not exist."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"Cannot find path '{self.path}' because it does not exist."


class NoSuchValue(KeyError):
    """The key exists, the value does not."""

    def __init__(self, path: str, name: str) -> None:
        super().__init__(name)
        self.path = path
        self.name = name

    def __str__(self) -> str:
        return f"Property {self.name} does not exist at path {self.path}."


@dataclass(frozen=True)
class RegistryValue:
    """A value: the name in the case in which it was written, its kind and data."""

    name: str
    kind: RegistryKind
    data: RegistryData


@dataclass
class _Key:
    name: str
    subkeys: dict[str, _Key] = field(default_factory=dict)
    values: dict[str, RegistryValue] = field(default_factory=dict)


class Registry:
    """The registry of one machine. Paths: ``HKLM:\\SOFTWARE\\...``, ``HKLM\\...`` or with the hive's long name."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._hives = {name: _Key(name) for name in sorted(set(_HIVES.values()))}

    def exists(self, path: str) -> bool:
        with self._lock:
            try:
                self._open(path)
            except KeyError:
                return False
            return True

    def create_key(self, path: str) -> None:
        """Create a key with its parents; an existing key stays as it is.

        Raises:
            NoSuchKey: the hive is not one of the two.
        """
        with self._lock:
            self._ensure(path)

    def delete_key(self, path: str) -> None:
        """Delete a key with everything below.

        Raises:
            NoSuchKey: not there, or a hive.
        """
        with self._lock:
            self._open(path)
            hive, names = _split(path)
            if not names:
                raise NoSuchKey(path)
            parent = self._walk(self._hives[hive], names[:-1], path)
            del parent.subkeys[names[-1].lower()]

    def subkeys(self, path: str) -> list[str]:
        """Names of the keys below, sorted without case.

        Raises:
            NoSuchKey: not there.
        """
        with self._lock:
            return sorted((key.name for key in self._open(path).subkeys.values()), key=str.lower)

    def values(self, path: str) -> list[RegistryValue]:
        """All values of a key in the order in which they were written.

        Raises:
            NoSuchKey: not there.
        """
        with self._lock:
            return list(self._open(path).values.values())

    def get_value(self, path: str, name: str) -> RegistryValue:
        """One value; the default value has the empty name.

        Raises:
            NoSuchKey, NoSuchValue: not there.
        """
        with self._lock:
            found = self._open(path).values.get(name.lower())
            if found is None:
                raise NoSuchValue(path, name)
            return found

    def set_value(self, path: str, name: str, data: RegistryData, kind: RegistryKind | None = None) -> None:
        """Write a value, creating the key. Without ``kind`` the data decides: text String, number DWord.

        Raises:
            NoSuchKey: the hive is not one of the two.
            ValueError: a number that does not fit its kind.
        """
        chosen = kind or _kind_of(data)
        if isinstance(data, int) and not -(1 << 31) <= data < (1 << (64 if chosen == "QWord" else 32)):
            raise ValueError(f"{data} does not fit {chosen}")
        with self._lock:
            self._ensure(path).values[name.lower()] = RegistryValue(name, chosen, data)

    def delete_value(self, path: str, name: str) -> None:
        """Delete a value.

        Raises:
            NoSuchKey, NoSuchValue: not there.
        """
        with self._lock:
            self.get_value(path, name)
            del self._open(path).values[name.lower()]

    def _open(self, path: str) -> _Key:
        hive, names = _split(path)
        return self._walk(self._hives[hive], names, path)

    def _walk(self, key: _Key, names: list[str], path: str) -> _Key:
        for name in names:
            below = key.subkeys.get(name.lower())
            if below is None:
                raise NoSuchKey(path)
            key = below
        return key

    def _ensure(self, path: str) -> _Key:
        hive, names = _split(path)
        key = self._hives[hive]
        for name in names:
            key = key.subkeys.setdefault(name.lower(), _Key(name))
        return key


def _split(path: str) -> tuple[str, list[str]]:
    parts = [part for part in path.removeprefix("Registry::").replace("/", "\\").split("\\") if part]
    hive = _HIVES.get(parts[0].rstrip(":").upper()) if parts else None
    if hive is None:
        raise NoSuchKey(path)
    return hive, parts[1:]


def _kind_of(data: RegistryData) -> RegistryKind:
    if isinstance(data, str):
        return "String"
    if isinstance(data, bytes):
        return "Binary"
    return "DWord" if isinstance(data, int) else "MultiString"

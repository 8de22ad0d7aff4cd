# SPDX-License-Identifier: GPL-3.0-or-later
"""What collections hand out: entries of dictionaries, and enumerators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from hvsim.runtime import types
from hvsim.runtime.errors import net_error
from hvsim.runtime.types import NetType
from hvsim.runtime.values import NetObject


class DictionaryEntry(NetObject):
    """``System.Collections.DictionaryEntry``."""

    __slots__ = ("key", "value")
    NET: ClassVar[str] = "System.Collections.DictionaryEntry"

    def __init__(self, key: Any = None, value: Any = None) -> None:
        self.key = key
        self.value = value

    def __repr__(self) -> str:
        return f"DictionaryEntry({self.key!r}, {self.value!r})"


class KeyValuePair(NetObject):
    """``System.Collections.Generic.KeyValuePair[TKey, TValue]``."""

    __slots__ = ("key", "key_type", "value", "value_type")

    def __init__(self, key: Any, value: Any, key_type: NetType, value_type: NetType) -> None:
        self.key = key
        self.value = value
        self.key_type = key_type
        self.value_type = value_type

    @property
    def net_type(self) -> NetType:
        return types.generic(types.get("System.Collections.Generic.KeyValuePair`2"), self.key_type, self.value_type)

    def __repr__(self) -> str:
        return f"KeyValuePair({self.key!r}, {self.value!r})"


class Enumerator(NetObject):
    """An ``IEnumerator``: *source* gives the elements, afresh after ``reset``. ``started`` and ``done`` tell where it is."""

    __slots__ = ("current", "done", "iterator", "net_type", "source", "started")

    def __init__(self, source: Callable[[], Iterable[Any]], net_type: NetType) -> None:
        self.source = source
        self.net_type = net_type
        self.reset()

    def reset(self) -> None:
        self.iterator: Iterator[Any] | None = None
        self.current: Any = None
        self.started = self.done = False

    def move_next(self) -> bool:
        if self.done:
            return False
        if self.iterator is None:
            self.iterator = iter(self.source())
            self.started = True
        try:
            self.current = next(self.iterator)
        except StopIteration:
            self.done = True
            self.current = None
            return False
        except RuntimeError as error:
            raise net_error(
                "System.InvalidOperationException",
                "Collection was modified; enumeration operation may not execute.",
            ) from error
        return True

    def __iter__(self) -> Iterator[Any]:
        while self.move_next():
            yield self.current

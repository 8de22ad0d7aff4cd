# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that implements ``IDictionary``, and the views of keys and values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from hvsim.runtime import types
from hvsim.runtime.collections.entries import DictionaryEntry, KeyValuePair
from hvsim.runtime.collections.keys import fold, key_of, order_key
from hvsim.runtime.errors import net_error
from hvsim.runtime.types import NetType
from hvsim.runtime.values import NetObject

_GENERIC = "System.Collections.Generic."


class CollectionView(NetObject):
    """A live, read-only ``ICollection`` over another collection: ``Keys`` and ``Values`` of dictionaries."""

    __slots__ = ("net_type", "source")

    def __init__(self, source: Callable[[], Iterable[Any]], net_type: NetType) -> None:
        self.source = source
        self.net_type = net_type

    def __iter__(self) -> Iterator[Any]:
        owner = getattr(self.source, "__self__", None)
        return guarded(owner, self.source()) if isinstance(owner, Dictionary) else iter(self.source())

    def __len__(self) -> int:
        source: Any = self.source()
        return len(source) if hasattr(source, "__len__") else sum(1 for _ in source)


def guarded(owner: Dictionary, items: Iterable[Any]) -> Iterator[Any]:
    """The items as long as nobody changes the dictionary they are from.

    Raises:
        PSError: InvalidOperationException, as .NET's enumerators do.
    """
    version = owner.version
    for item in items:
        yield item
        # .NET looks before it looks for more: a change after the last item is an error too.
        if owner.version != version:
            raise net_error(
                "System.InvalidOperationException", "Collection was modified; enumeration operation may not execute."
            )


class Dictionary(NetObject):
    """Base of everything that implements ``IDictionary``. Keeps the order of insertion.

    ``ignore_case`` is the effect of the comparer; ``comparer`` the comparer object a script passed, if any.
    """

    __slots__ = ("comparer", "ignore_case", "store", "version")
    COUNTS_EVERY_CHANGE: ClassVar[bool] = True
    """Overwriting and removing end running enumerations too, as they do in the old collections."""
    KEYS_TYPE: ClassVar[str] = "System.Collections.Hashtable+KeyCollection"
    VALUES_TYPE: ClassVar[str] = "System.Collections.Hashtable+ValueCollection"

    def __init__(
        self, pairs: Iterable[tuple[Any, Any]] = (), *, ignore_case: bool = True, comparer: Any = None
    ) -> None:
        self.store: dict[Any, tuple[Any, Any]] = {}
        self.version = 0
        self.ignore_case = ignore_case
        self.comparer = comparer
        for key, value in pairs:
            self.set(key, value)

    def _key(self, key: Any) -> Any:
        if type(key) is str:
            if not self.ignore_case:
                return key
            return key.upper() if key.isascii() else fold(key)
        return key_of(key, self.ignore_case)

    def get(self, key: Any, default: Any = None) -> Any:
        pair = self.store.get(self._key(key))
        return default if pair is None else pair[1]

    def set(self, key: Any, value: Any) -> None:
        """Replace or append; a key that exists keeps its spelling and its place."""
        normal = self._key(key)
        pair = self.store.get(normal)
        if pair is None or self.COUNTS_EVERY_CHANGE:
            self.version += 1
        self.store[normal] = (key if pair is None else pair[0], value)

    def add(self, key: Any, value: Any) -> bool:
        """Append; False (nothing done) when the key exists."""
        normal = self._key(key)
        if normal in self.store:
            return False
        self.version += 1
        self.store[normal] = (key, value)
        return True

    def remove(self, key: Any) -> bool:
        found = self.store.pop(self._key(key), None) is not None
        if found and self.COUNTS_EVERY_CHANGE:
            self.version += 1
        return found

    def contains(self, key: Any) -> bool:
        return self._key(key) in self.store

    def clear(self) -> None:
        self.version += 1
        self.store.clear()

    def keys(self) -> list[Any]:
        return [pair[0] for pair in self.store.values()]

    def values(self) -> list[Any]:
        return [pair[1] for pair in self.store.values()]

    def items(self) -> list[tuple[Any, Any]]:
        return list(self.store.values())

    def keys_view(self) -> CollectionView:
        return CollectionView(self.keys, types.get(self.KEYS_TYPE))

    def values_view(self) -> CollectionView:
        return CollectionView(self.values, types.get(self.VALUES_TYPE))

    def entry(self, key: Any, value: Any) -> Any:
        """What enumeration yields for a pair."""
        return DictionaryEntry(key, value)

    def __len__(self) -> int:
        return len(self.store)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        for key, value in guarded(self, self.items()):
            yield self.entry(key, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.items()!r})"


class Hashtable(Dictionary):
    """``System.Collections.Hashtable``; as ``@{}`` makes it, keys ignore case."""

    __slots__ = ()
    NET: ClassVar[str] = "System.Collections.Hashtable"

    def clone(self) -> Hashtable:
        copy = type(self)(ignore_case=self.ignore_case, comparer=self.comparer)
        copy.store = dict(self.store)
        return copy


class OrderedDictionary(Dictionary):
    """``System.Collections.Specialized.OrderedDictionary``; as ``[ordered]@{}`` makes it, keys ignore case."""

    __slots__ = ("read_only",)
    NET: ClassVar[str] = "System.Collections.Specialized.OrderedDictionary"
    KEYS_TYPE: ClassVar[str] = "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection"
    VALUES_TYPE: ClassVar[str] = KEYS_TYPE

    def __init__(
        self, pairs: Iterable[tuple[Any, Any]] = (), *, ignore_case: bool = True, comparer: Any = None
    ) -> None:
        super().__init__(pairs, ignore_case=ignore_case, comparer=comparer)
        self.read_only = False

    def at(self, index: int) -> tuple[Any, Any]:
        """The pair at a position counted from 0.

        Raises:
            IndexError: there is no such position (negative ones included).
        """
        if index < 0 or index >= len(self.store):
            raise IndexError(index)
        return list(self.store.values())[index]

    def set_at(self, index: int, value: Any) -> None:
        if index < 0 or index >= len(self.store):
            raise IndexError(index)
        normal = list(self.store)[index]
        self.store[normal] = (self.store[normal][0], value)
        self.version += 1

    def set(self, key: Any, value: Any) -> None:
        """Sets a value; the key is replaced as well, so its case may change (recorded)."""
        self.store[self._key(key)] = (key, value)
        self.version += 1

    def insert(self, index: int, key: Any, value: Any) -> None:
        """Put a new key before position *index*.

        Raises:
            IndexError: the position is outside of 0..count.
            KeyError: the key exists.
        """
        if index < 0 or index > len(self.store):
            raise IndexError(index)
        normal = self._key(key)
        if normal in self.store:
            raise KeyError(key)
        rows = list(self.store.items())
        rows.insert(index, (normal, (key, value)))
        self.store = dict(rows)
        self.version += 1

    def remove_at(self, index: int) -> None:
        if index < 0 or index >= len(self.store):
            raise IndexError(index)
        del self.store[list(self.store)[index]]
        self.version += 1


_GAP = object()


class GenericDictionary(Dictionary):
    """``Dictionary[TKey, TValue]`` and, by *definition*, its relatives. Keys are case-sensitive unless told."""

    __slots__ = ("definition", "gaps", "key_type", "layout", "value_type")
    COUNTS_EVERY_CHANGE = False
    DEFINITION: ClassVar[str] = _GENERIC + "Dictionary`2"

    def __init__(
        self,
        key_type: NetType | None = None,
        value_type: NetType | None = None,
        pairs: Iterable[tuple[Any, Any]] = (),
        *,
        definition: str | None = None,
        ignore_case: bool = False,
        comparer: Any = None,
    ) -> None:
        self.key_type = key_type or types.OBJECT
        self.value_type = value_type or types.OBJECT
        self.definition = definition or self.DEFINITION
        self.layout: list[Any] | None = None
        self.gaps: list[int] = []
        super().__init__(pairs, ignore_case=ignore_case, comparer=comparer)

    @property
    def net_type(self) -> NetType:
        return types.generic(types.get(self.definition), self.key_type, self.value_type)

    def set(self, key: Any, value: Any) -> None:
        if self.layout is None or self.contains(key):
            super().set(key, value)
        else:
            self._place(key, value)

    def add(self, key: Any, value: Any) -> bool:
        if self.layout is None or self.contains(key):
            return super().add(key, value)
        self._place(key, value)
        return True

    def remove(self, key: Any) -> bool:
        """Leaves a gap that the next new key fills, last one first, as .NET's free list does: enumeration shows it."""
        normal = self._key(key)
        if normal not in self.store:
            return False
        if self.definition == GenericDictionary.DEFINITION:
            if self.layout is None:
                self.layout = list(self.store)
            place = self.layout.index(normal)
            self.layout[place] = _GAP
            self.gaps.append(place)
        del self.store[normal]
        return True

    def clear(self) -> None:
        super().clear()
        self.layout = None
        self.gaps = []

    def _place(self, key: Any, value: Any) -> None:
        assert self.layout is not None
        normal = self._key(key)
        self.store[normal] = (key, value)
        if not self.gaps:
            self.layout.append(normal)
            return
        self.layout[self.gaps.pop()] = normal
        self.store = {name: self.store[name] for name in self.layout if name is not _GAP}

    def _part(self, name: str) -> NetType:
        return types.generic(types.get(f"{self.definition}+{name}"), self.key_type, self.value_type)

    def keys_view(self) -> CollectionView:
        name = "KeyList" if self.definition.endswith("SortedList`2") else "KeyCollection"
        return CollectionView(self.keys, self._part(name))

    def values_view(self) -> CollectionView:
        name = "ValueList" if self.definition.endswith("SortedList`2") else "ValueCollection"
        return CollectionView(self.values, self._part(name))

    def entry(self, key: Any, value: Any) -> Any:
        return KeyValuePair(key, value, self.key_type, self.value_type)


class SortedDictionary(GenericDictionary):
    """``SortedDictionary``, ``SortedList[K, V]`` and, without types, the old ``SortedList``: ordered by key."""

    __slots__ = ("_dirty", "reverse")
    DEFINITION: ClassVar[str] = _GENERIC + "SortedDictionary`2"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._dirty = False
        super().__init__(*args, **kwargs)

    @property
    def net_type(self) -> NetType:
        if self.definition == "System.Collections.SortedList":
            return types.get(self.definition)
        return super().net_type

    def keys_view(self) -> CollectionView:
        if self.definition == "System.Collections.SortedList":
            return CollectionView(self.keys, types.get("System.Collections.IList"))
        return super().keys_view()

    def values_view(self) -> CollectionView:
        if self.definition == "System.Collections.SortedList":
            return CollectionView(self.values, types.get("System.Collections.IList"))
        return super().values_view()

    def entry(self, key: Any, value: Any) -> Any:
        if self.definition == "System.Collections.SortedList":
            return DictionaryEntry(key, value)
        return super().entry(key, value)

    def set(self, key: Any, value: Any) -> None:
        before = len(self.store)
        super().set(key, value)
        self._sort_if(before)

    def add(self, key: Any, value: Any) -> bool:
        before = len(self.store)
        done = super().add(key, value)
        self._sort_if(before)
        return done

    def _sort_if(self, before: int) -> None:
        if len(self.store) > max(before, 1):
            order = order_key(self.ignore_case)
            rows = sorted(self.store.items(), key=lambda row: order(row[1][0]))
            self.store = dict(rows)

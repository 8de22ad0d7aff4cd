# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries, key and value views, and enumerators of dictionaries."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet.collections import nth
from hvsim.runtime import compare, convert, types
from hvsim.runtime.collections import (
    CollectionView,
    DictionaryEntry,
    Enumerator,
    KeyValuePair,
)
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, indexer, method, setter
from hvsim.runtime.objects import property_order
from hvsim.runtime.types import NetType

_GENERIC = "System.Collections.Generic."



# --- entries, views, enumerators ------------------------------------------------------------------------------------

_ENTRY = "System.Collections.DictionaryEntry"
_PAIR = _GENERIC + "KeyValuePair`2"

property_order(_ENTRY, "Key", "Value")
property_order(_PAIR, "Key", "Value")


@constructor(_ENTRY, overloads=["(System.Object, System.Object)"])
def _new_entry(net_type: NetType, key: Any, value: Any) -> DictionaryEntry:
    return DictionaryEntry(key, value)


@constructor(_PAIR, overloads=["(TKey, TValue)"])
def _new_pair(net_type: NetType, key: Any, value: Any) -> KeyValuePair:
    return KeyValuePair(key, value, *net_type.arguments)


for _name in (_ENTRY, _PAIR):
    getter(_name, "Key")(lambda self: self.key)
    getter(_name, "Value")(lambda self: self.value)


@setter(_ENTRY, "Key")
def _entry_key(self: DictionaryEntry, key: Any) -> None:
    self.key = key


@setter(_ENTRY, "Value")
def _entry_value(self: DictionaryEntry, value: Any) -> None:
    self.value = value


@method(_PAIR, "ToString", context=True)
def _pair_text(ctx: Any, self: KeyValuePair) -> str:
    return f"[{convert.net_string(ctx, self.key)}, {convert.net_string(ctx, self.value)}]"


@method(_ENTRY, "ToString", context=True)
def _entry_text(ctx: Any, self: DictionaryEntry) -> str:
    return f"[{convert.net_string(ctx, self.key)}, {convert.net_string(ctx, self.value)}]"


_COLLECTION = "System.Collections.ICollection"


@getter(_COLLECTION, "Count", type="int")
def _view_count(self: Any) -> int:
    return len(self)


@method(_COLLECTION, "CopyTo", overloads=["(array, int) -> void"])
def _view_copy(self: Any, target: Any, index: int) -> None:
    items = list(self)
    if index + len(items) > len(target):
        raise net_error(
            "System.ArgumentException",
            "Destination array is not long enough to copy all the items in the collection. "
            "Check array index and length.",
        )
    for offset, item in enumerate(items):
        target[index + offset] = item


_VIEWS = (
    "System.Collections.Hashtable+KeyCollection",
    "System.Collections.Hashtable+ValueCollection",
    "System.Collections.ListDictionaryInternal+NodeKeyValueCollection",
    "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection",
    "System.Collections.Generic.Dictionary`2+KeyCollection",
    "System.Collections.Generic.Dictionary`2+ValueCollection",
    "System.Collections.Generic.SortedDictionary`2+KeyCollection",
    "System.Collections.Generic.SortedDictionary`2+ValueCollection",
    "System.Collections.Generic.SortedList`2+KeyList",
    "System.Collections.Generic.SortedList`2+ValueList",
    "System.Collections.IList",
)
for _name in _VIEWS[:-1]:
    getter(_name, "IsSynchronized", type="bool")(lambda self: False)
    method(_name, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])(
        lambda self: Enumerator(self.source, types.get("System.Collections.IEnumerator"))
    )


@method("System.Collections.Generic.Dictionary`2+KeyCollection", "Contains", overloads=["(TKey) -> bool"])
def _key_view_contains(self: CollectionView, key: Any) -> bool:
    return any(compare.net_equals(k, key) for k in self)


@indexer("System.Collections.Generic.SortedList`2+KeyList", overloads=["(int) -> TKey"])
def _key_list_at(self: CollectionView, index: int) -> Any:
    return nth(list(self), index)


@indexer("System.Collections.Generic.SortedList`2+ValueList", overloads=["(int) -> TValue"])
def _value_list_at(self: CollectionView, index: int) -> Any:
    return nth(list(self), index)


_ENUMERATOR = "System.Collections.IEnumerator"


@getter(_ENUMERATOR, "Current", type="System.Object")
def _current(self: Enumerator) -> Any:
    if not self.started or self.done:
        if not self.started:
            raise net_error(
                "System.InvalidOperationException", "Enumeration has not started. Call MoveNext."
            )
        raise net_error("System.InvalidOperationException", "Enumeration already finished.")
    return self.current


@method(_ENUMERATOR, "MoveNext", overloads=["() -> bool"])
def _move_next(self: Enumerator) -> bool:
    return self.move_next()


@method(_ENUMERATOR, "Reset", overloads=["() -> void"])
def _reset(self: Enumerator) -> None:
    self.reset()


for _part, _read in (
    ("Key", lambda self: _current(self).key),
    ("Value", lambda self: _current(self).value),
    ("Entry", lambda self: DictionaryEntry(_current(self).key, _current(self).value)),
):
    for _name in (
        "System.Collections.IDictionaryEnumerator",
        "System.Collections.Hashtable+HashtableEnumerator",
        "System.Collections.ListDictionaryInternal+NodeEnumerator",
        "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryEnumerator",
    ):
        getter(_name, _part, type="System.Object")(_read)
method("System.IDisposable", "Dispose", overloads=["() -> void"])(lambda self: None)


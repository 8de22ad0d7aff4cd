# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of the dictionaries and of what they hand out; lists are in ``lists``, sets and queues in ``sets``."""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import compare, convert, types
from hvsim.runtime.collections import (
    CollectionView,
    Dictionary,
    Enumerator,
    GenericDictionary,
    Hashtable,
    OrderedDictionary,
    SortedDictionary,
)
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.member_info import AliasProperty
from hvsim.runtime.members import constructor, getter, index_setter, indexer, method, static_method
from hvsim.runtime.objects import property_order, type_member, unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array

_HASHTABLE = "System.Collections.Hashtable"
_ORDERED = "System.Collections.Specialized.OrderedDictionary"
_LIST_DICTIONARY = "System.Collections.ListDictionaryInternal"
_GENERIC = "System.Collections.Generic."
_DICTIONARY = _GENERIC + "Dictionary`2"
_SORTED = _GENERIC + "SortedDictionary`2"
_SORTED_LIST = _GENERIC + "SortedList`2"
_OLD_SORTED = "System.Collections.SortedList"
_CONCURRENT = "System.Collections.Concurrent.ConcurrentDictionary`2"

property_order(_HASHTABLE, "IsReadOnly", "IsFixedSize", "IsSynchronized", "Keys", "Values", "SyncRoot", "Count")
property_order(_ORDERED, "Count", "IsReadOnly", "Keys", "Values", "IsFixedSize", "IsSynchronized", "SyncRoot")
property_order(_DICTIONARY, "Comparer", "Count", "Capacity", "Keys", "Values", "IsReadOnly", "IsFixedSize")
type_member("System.Collections.DictionaryEntry", AliasProperty("Name", "Key"))


def null_argument(name: str) -> PSError:
    return net_error("System.ArgumentNullException", f"Value cannot be null. (Parameter '{name}')", ParamName=name)


def read_only_collection(text: str = "Collection is read-only.") -> PSError:
    return net_error("System.NotSupportedException", text)


def comparer_ignores_case(comparer: Any) -> bool:
    """Whether a comparer object (``StringComparer``) ignores case."""
    comparer = unwrap(comparer)
    return bool(getattr(comparer, "ignore_case", False))


def comparer_of(self: Any) -> Any:
    """The comparer that the collection was made with.

    Raises:
        Unsupported: it was made with none; which of .NET's own it has then depends on the version.
    """
    if self.comparer is None:
        raise Unsupported(f"the default comparer of {types.display(types.of(self))}")
    return self.comparer


# --- shared by all dictionaries -------------------------------------------------------------------------------------


def _key(self: Dictionary, key: Any) -> Any:
    key = unwrap(key)
    if key is None:
        raise null_argument("key")
    return key


def _pairs_of(source: Any) -> list[tuple[Any, Any]]:
    source = unwrap(source)
    if source is None:
        raise null_argument("d")
    if isinstance(source, Dictionary):
        return source.items()
    return [(entry.key, entry.value) for entry in source]


def _add_plain(self: Dictionary, key: Any, value: Any) -> None:
    """``Add`` of the old dictionaries."""
    key = _key(self, key)
    if not self.add(key, value):
        old = self.store[self._key(key)][0]
        shown = (convert.to_string(None, old), convert.to_string(None, key))
        raise net_error(
            "System.ArgumentException",
            f"Item has already been added. Key in dictionary: '{shown[0]}'  Key being added: '{shown[1]}'",
        )


def _copy_pairs(self: Dictionary, target: Any, index: int) -> None:
    if target is None:
        raise null_argument("array")
    for offset, entry in enumerate(self):
        target[index + offset] = entry


for _name in (_HASHTABLE, _ORDERED, _LIST_DICTIONARY, _DICTIONARY, _SORTED, _SORTED_LIST, _OLD_SORTED, _CONCURRENT):
    getter(_name, "Count", type="int")(len)
    getter(_name, "Keys", type="System.Collections.ICollection")(lambda self: self.keys_view())
    getter(_name, "Values", type="System.Collections.ICollection")(lambda self: self.values_view())
    getter(_name, "IsReadOnly", type="bool")(lambda self: getattr(self, "read_only", False))
    getter(_name, "IsFixedSize", type="bool")(lambda self: False)
    getter(_name, "IsSynchronized", type="bool")(lambda self: False)
    getter(_name, "SyncRoot", type="System.Object")(lambda self: self)
    method(_name, "Clear", overloads=["() -> void"])(lambda self: _clear(self))


def _clear(self: Dictionary) -> None:
    if getattr(self, "read_only", False):
        raise read_only_collection("The OrderedDictionary is readonly and cannot be modified.")
    self.clear()


def _enumerator(self: Dictionary, type_name: str) -> Enumerator:
    """Refuses to go on once the dictionary has changed, as .NET's do."""
    return Enumerator(lambda: iter(self), types.get(type_name))


def _generic_enumerator(self: GenericDictionary) -> Enumerator:
    name = "System.Collections.Generic.Dictionary`2+Enumerator"
    found = _enumerator(self, "System.Collections.IDictionaryEnumerator")
    found.net_type = types.generic(types.get(name), self.key_type, self.value_type)
    return found


# --- Hashtable ----------------------------------------------------------------------------------------------------


@constructor(_HASHTABLE)
def _new_hashtable(net_type: NetType, *args: Any) -> Hashtable:
    made = Hashtable(ignore_case=False)
    for argument in args:
        argument = unwrap(argument)
        if isinstance(argument, Dictionary):
            for key, value in argument.items():
                made.set(key, value)
        elif not isinstance(argument, (int, float)) and argument is not None:
            made.comparer = argument
            made.ignore_case = comparer_ignores_case(argument)
            pairs, made.store = made.items(), {}
            for key, value in pairs:
                _add_plain(made, key, value)
    return made


method(_HASHTABLE, "Add")(_add_plain)
method(_HASHTABLE, "Clone")(lambda self: self.clone())
method(_HASHTABLE, "CopyTo")(_copy_pairs)


@method(_HASHTABLE, "Contains")
def _hash_contains(self: Hashtable, key: Any) -> bool:
    return self.contains(_key(self, key))


method(_HASHTABLE, "ContainsKey")(_hash_contains)


@method(_HASHTABLE, "ContainsValue")
def _contains_value(self: Dictionary, value: Any) -> bool:
    value = unwrap(value)
    return any(compare.net_equals(unwrap(v), value) for v in self.values())


@method(_HASHTABLE, "Remove")
def _hash_remove(self: Hashtable, key: Any) -> None:
    self.remove(_key(self, key))


@method(_HASHTABLE, "GetEnumerator")
def _hash_enumerator(self: Hashtable) -> Enumerator:
    return _enumerator(self, "System.Collections.Hashtable+HashtableEnumerator")


@static_method(_HASHTABLE, "Synchronized")
def _synchronized(table: Hashtable) -> Hashtable:
    if table is None:
        raise null_argument("table")
    made = SyncHashtable(ignore_case=table.ignore_case, comparer=table.comparer)
    made.store = table.store
    return made


class SyncHashtable(Hashtable):
    """What ``Hashtable.Synchronized`` gives: another view of the same table."""

    __slots__ = ()
    NET = _HASHTABLE + "+SyncHashtable"


getter(SyncHashtable.NET, "IsSynchronized", type="bool")(lambda self: True)


def _plain_index(self: Dictionary, key: Any) -> Any:
    return self.get(_key(self, key))


def _plain_set(self: Dictionary, key: Any, value: Any) -> None:
    self.set(_key(self, key), value)


indexer(_HASHTABLE, overloads=["(System.Object) -> System.Object"])(_plain_index)
index_setter(_HASHTABLE, overloads=["(System.Object, System.Object) -> void"])(_plain_set)


# --- ListDictionaryInternal -----------------------------------------------------------------------------------------


@types.net_class(_LIST_DICTIONARY)
class ListDictionaryInternal(Dictionary):
    """What ``Exception.Data`` is: a dictionary of few entries."""

    __slots__ = ()
    NET: ClassVar[str] = _LIST_DICTIONARY
    KEYS_TYPE: ClassVar[str] = _LIST_DICTIONARY + "+NodeKeyValueCollection"
    VALUES_TYPE: ClassVar[str] = KEYS_TYPE


method(_LIST_DICTIONARY, "Add", overloads=["(System.Object, System.Object) -> void"])(_add_plain)
method(_LIST_DICTIONARY, "Contains", overloads=["(System.Object) -> bool"])(_hash_contains)
method(_LIST_DICTIONARY, "Remove", overloads=["(System.Object) -> void"])(_hash_remove)
method(_LIST_DICTIONARY, "CopyTo", overloads=["(array, int) -> void"])(_copy_pairs)


@method(_LIST_DICTIONARY, "GetEnumerator", overloads=["() -> System.Collections.IDictionaryEnumerator"])
def _list_enumerator(self: ListDictionaryInternal) -> Enumerator:
    return _enumerator(self, _LIST_DICTIONARY + "+NodeEnumerator")


# --- OrderedDictionary --------------------------------------------------------------------------------------------

_ORDERED_RANGE = "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')"


@constructor(_ORDERED)
def _new_ordered(net_type: NetType, *args: Any) -> OrderedDictionary:
    comparer = next((a for a in args if type(a) is not int and a is not None), None)
    return OrderedDictionary(ignore_case=comparer_ignores_case(comparer), comparer=comparer)


@method(_ORDERED, "Add")
def _ordered_add(self: OrderedDictionary, key: Any, value: Any) -> None:
    _writable(self)
    _add_plain(self, key, value)


def _writable(self: OrderedDictionary) -> None:
    if self.read_only:
        raise read_only_collection("The OrderedDictionary is readonly and cannot be modified.")


@method(_ORDERED, "Contains")
def _ordered_contains(self: OrderedDictionary, key: Any) -> bool:
    return self.contains(_key(self, key))


@method(_ORDERED, "Remove")
def _ordered_remove(self: OrderedDictionary, key: Any) -> None:
    _writable(self)
    self.remove(_key(self, key))


@method(_ORDERED, "RemoveAt")
def _ordered_remove_at(self: OrderedDictionary, index: int) -> None:
    _writable(self)
    try:
        self.remove_at(index)
    except IndexError:
        raise net_error("System.ArgumentOutOfRangeException", _ORDERED_RANGE) from None


@method(_ORDERED, "Insert")
def _ordered_insert(self: OrderedDictionary, index: int, key: Any, value: Any) -> None:
    _writable(self)
    key = _key(self, key)
    try:
        self.insert(index, key, value)
    except IndexError:
        raise net_error("System.ArgumentOutOfRangeException", _ORDERED_RANGE) from None
    except KeyError:
        _add_plain(self, key, value)


@method(_ORDERED, "AsReadOnly")
def _ordered_read_only(self: OrderedDictionary) -> OrderedDictionary:
    copy = OrderedDictionary(self.items(), ignore_case=self.ignore_case)
    copy.read_only = True
    return copy


@method(_ORDERED, "GetEnumerator")
def _ordered_enumerator(self: OrderedDictionary) -> Enumerator:
    return _enumerator(self, "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryEnumerator")


method(_ORDERED, "CopyTo")(_copy_pairs)


@indexer(_ORDERED, overloads=["(int) -> System.Object", "(System.Object) -> System.Object"])
def _ordered_index(self: OrderedDictionary, key: Any) -> Any:
    if type(key) is int:
        try:
            return self.at(key)[1]
        except IndexError:
            raise net_error("System.ArgumentOutOfRangeException", _ORDERED_RANGE) from None
    return self.get(key)


@index_setter(_ORDERED, overloads=["(int, System.Object) -> void", "(System.Object, System.Object) -> void"])
def _ordered_set(self: OrderedDictionary, key: Any, value: Any) -> None:
    _writable(self)
    if type(key) is int:
        try:
            self.set_at(key, value)
        except IndexError:
            raise net_error("System.ArgumentOutOfRangeException", _ORDERED_RANGE) from None
        return
    self.set(_key(self, key), value)


# --- Dictionary[K, V] and relatives ---------------------------------------------------------------------------------


def _new_generic(net_type: NetType, args: tuple[Any, ...], make: type[GenericDictionary]) -> GenericDictionary:
    assert net_type.definition is not None
    key_type, value_type = net_type.arguments
    source: list[tuple[Any, Any]] = []
    comparer: Any = None
    for argument in args:
        argument = unwrap(argument)
        if isinstance(argument, Dictionary):
            source = argument.items()
        elif isinstance(argument, (list, CollectionView)):
            source = _pairs_of(argument)
        elif not isinstance(argument, int) and argument is not None:
            comparer = argument
    made = make(
        key_type,
        value_type,
        definition=net_type.definition.full_name,
        ignore_case=comparer_ignores_case(comparer),
        comparer=comparer,
    )
    for key, value in source:
        _generic_add(made, key, value)
    return made


@constructor(_DICTIONARY)
def _new_dictionary(net_type: NetType, *args: Any) -> GenericDictionary:
    if args and args[0] is None and len(args) == 1:
        raise null_argument("dictionary")
    return _new_generic(net_type, args, GenericDictionary)


_SORTED_CONSTRUCTORS = [
    "()",
    "(System.Collections.Generic.IDictionary[TKey,TValue])",
    "(System.Collections.Generic.IComparer[TKey])",
    "(System.Collections.Generic.IDictionary[TKey,TValue], System.Collections.Generic.IComparer[TKey])",
]


def _new_sorted(net_type: NetType, *args: Any) -> GenericDictionary:
    return _new_generic(net_type, args, SortedDictionary)


constructor(_SORTED, overloads=_SORTED_CONSTRUCTORS)(_new_sorted)
constructor(_SORTED_LIST, overloads=[*_SORTED_CONSTRUCTORS, "(int)"])(_new_sorted)
constructor(
    _CONCURRENT,
    overloads=[
        "()",
        "(System.Collections.Generic.IEqualityComparer[TKey])",
        "(System.Collections.Generic.IEnumerable[System.Collections.Generic.KeyValuePair[TKey,TValue]])",
    ],
)(lambda net_type, *args: _new_generic(net_type, args, GenericDictionary))


@constructor(
    _OLD_SORTED,
    overloads=["()", "(int)", "(System.Collections.IComparer)", "(System.Collections.IDictionary)"],
)
def _new_old_sorted(net_type: NetType, *args: Any) -> SortedDictionary:
    source = unwrap(args[0]) if args else None
    is_comparer = source is not None and not isinstance(source, (int, Dictionary))
    made = SortedDictionary(
        definition=_OLD_SORTED, ignore_case=comparer_ignores_case(source) if is_comparer else False
    )
    if isinstance(source, Dictionary):
        for key, value in source.items():
            made.add(key, value)
    return made


def _generic_add(self: GenericDictionary, key: Any, value: Any) -> None:
    key = _key(self, key)
    if not self.add(key, value):
        raise net_error(
            "System.ArgumentException",
            f"An item with the same key has already been added. Key: {convert.to_string(None, key)}",
        )


def _default_of(self: GenericDictionary) -> Any:
    from hvsim.runtime.defaults import default_value

    return default_value(self.value_type)


def _generic_remove(self: GenericDictionary, key: Any, *reference: Any) -> bool:
    key = _key(self, key)
    if reference:
        reference[0].value = self.get(key, _default_of(self))
    return self.remove(key)


def _try_get(self: GenericDictionary, key: Any, reference: Any) -> bool:
    key = _key(self, key)
    found = self.contains(key)
    reference.value = self.get(key) if found else _default_of(self)
    return found


def _try_add(self: GenericDictionary, key: Any, value: Any) -> bool:
    return self.add(_key(self, key), value)


def _generic_contains(self: GenericDictionary, key: Any) -> bool:
    return self.contains(_key(self, key))


def _generic_index(self: GenericDictionary, key: Any) -> Any:
    key = _key(self, key)
    if not self.contains(key):
        raise net_error(
            "System.Collections.Generic.KeyNotFoundException",
            f"The given key '{convert.to_string(None, key)}' was not present in the dictionary.",
        )
    return self.get(key)


for _name in (_DICTIONARY, _SORTED, _SORTED_LIST, _CONCURRENT):
    if _name != _CONCURRENT:
        method(_name, "Add", overloads=["(TKey, TValue) -> void"])(_generic_add)
        method(_name, "Remove", overloads=["(TKey) -> bool", "(TKey, out TValue) -> bool"])(_generic_remove)
    method(_name, "ContainsKey", overloads=["(TKey) -> bool"])(_generic_contains)
    method(_name, "ContainsValue", overloads=["(TValue) -> bool"])(_contains_value)
    method(_name, "TryGetValue", overloads=["(TKey, out TValue) -> bool"])(_try_get)
    method(_name, "TryAdd", overloads=["(TKey, TValue) -> bool"])(_try_add)
    method(_name, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])(_generic_enumerator)
    indexer(_name, overloads=["(TKey) -> TValue"])(_generic_index)
    index_setter(_name, overloads=["(TKey, TValue) -> void"])(_plain_set)
getter(_DICTIONARY, "Comparer")(comparer_of)
getter(_SORTED, "Comparer", type="System.Object")(comparer_of)
method(_DICTIONARY, "EnsureCapacity")(lambda self, capacity: max(capacity, len(self)))
method(_DICTIONARY, "TrimExcess")(lambda self, *_: None)


@method(_CONCURRENT, "TryRemove", overloads=["(TKey, out TValue) -> bool"])
def _try_remove(self: GenericDictionary, key: Any, reference: Any) -> bool:
    return _generic_remove(self, key, reference)


@method(
    _CONCURRENT,
    "GetOrAdd",
    overloads=["(TKey, System.Func[TKey,TValue]) -> TValue", "(TKey, TValue) -> TValue"],
)
def _get_or_add(self: GenericDictionary, key: Any, value: Any) -> Any:
    from hvsim.runtime.delegates import Delegate

    if not self.contains(key):
        self.set(key, value(key) if isinstance(value, Delegate) else value)
    return self.get(key)


@method(_CONCURRENT, "ToArray", overloads=["() -> System.Object[]"])
def _pairs_array(self: GenericDictionary) -> Array:
    return Array(list(self))


def _position(self: Dictionary, wanted: Any, of: list[Any]) -> int:
    wanted = unwrap(wanted)
    return next((i for i, item in enumerate(of) if compare.net_equals(unwrap(item), wanted)), -1)


for _name, _type in ((_SORTED_LIST, "TKey"), (_OLD_SORTED, "System.Object")):
    method(_name, "IndexOfKey", overloads=[f"({_type}) -> int"])(
        lambda self, key: self.keys().index(self.store[self._key(key)][0]) if self.contains(key) else -1
    )
    method(_name, "IndexOfValue", overloads=["(System.Object) -> int"])(
        lambda self, value: _position(self, value, self.values())
    )


@method(_OLD_SORTED, "GetKey", overloads=["(int) -> System.Object"])
def _key_at(self: SortedDictionary, index: int) -> Any:
    return nth(self.keys(), index)


method(_SORTED_LIST, "GetKeyAtIndex", overloads=["(int) -> TKey"])(_key_at)


@method(_OLD_SORTED, "GetByIndex", overloads=["(int) -> System.Object"])
def _value_at(self: SortedDictionary, index: int) -> Any:
    return nth(self.values(), index)


method(_SORTED_LIST, "GetValueAtIndex", overloads=["(int) -> TValue"])(_value_at)


def nth(items: list[Any], index: int) -> Any:
    if not 0 <= index < len(items):
        raise net_error("System.ArgumentOutOfRangeException", _ORDERED_RANGE)
    return items[index]


@method(_OLD_SORTED, "RemoveAt", overloads=["(int) -> void"])
def _sorted_remove_at(self: SortedDictionary, index: int) -> None:
    self.remove(nth(self.keys(), index))


method(_SORTED_LIST, "RemoveAt", overloads=["(int) -> void"])(_sorted_remove_at)
method(_OLD_SORTED, "Add", overloads=["(System.Object, System.Object) -> void"])(_add_plain)
method(_OLD_SORTED, "Remove", overloads=["(System.Object) -> void"])(_hash_remove)
method(_OLD_SORTED, "Contains", overloads=["(System.Object) -> bool"])(_hash_contains)
method(_OLD_SORTED, "ContainsKey", overloads=["(System.Object) -> bool"])(_hash_contains)
method(_OLD_SORTED, "ContainsValue", overloads=["(System.Object) -> bool"])(_contains_value)
method(_OLD_SORTED, "GetEnumerator", overloads=["() -> System.Collections.IDictionaryEnumerator"])(_ordered_enumerator)
indexer(_OLD_SORTED, overloads=["(System.Object) -> System.Object"])(_plain_index)
index_setter(_OLD_SORTED, overloads=["(System.Object, System.Object) -> void"])(_plain_set)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``ArrayList``, ``List[T]``, ``Collection[T]`` and of arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.collections import null_argument, read_only_collection
from hvsim.library.dotnet.support import check_range
from hvsim.runtime import compare, types
from hvsim.runtime.collections import (
    ArrayList,
    Collection,
    Enumerator,
    GenericList,
    NetList,
    ReadOnlyCollection,
)
from hvsim.runtime.defaults import default_value
from hvsim.runtime.delegates import Delegate
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, index_setter, indexer, method, setter, static_method
from hvsim.runtime.objects import property_order, unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, PSObject

_ARRAY_LIST = "System.Collections.ArrayList"
_LIST = "System.Collections.Generic.List`1"
_COLLECTION = "System.Collections.ObjectModel.Collection`1"
_READ_ONLY = "System.Collections.ObjectModel.ReadOnlyCollection`1"
_ENUMERATOR = "System.Collections.IEnumerator"

property_order(_ARRAY_LIST, "Capacity", "Count", "IsFixedSize", "IsReadOnly", "IsSynchronized", "SyncRoot")
property_order(_LIST, "Capacity", "Count")


def out_of_range(
    parameter: str = "index", text: str = "Index was out of range. Must be non-negative and less than the size of the collection."
) -> PSError:
    return net_error("System.ArgumentOutOfRangeException", f"{text} (Parameter '{parameter}')", ParamName=parameter)


def position_of(items: Iterable[Any], wanted: Any, start: int = 0, count: int | None = None) -> int:
    """Index of the first element that ``Equals`` *wanted*, -1 if none."""
    sequence = list(items)
    wanted = unwrap(wanted)
    end = len(sequence) if count is None else start + count
    for i in range(start, min(end, len(sequence))):
        item = sequence[i]
        # PSObject.Equals compares as -eq does, so the types of numbers do not matter.
        if item == wanted if type(item) is PSObject else compare.net_equals(item, wanted):
            return i
    return -1


def last_position_of(items: Iterable[Any], wanted: Any) -> int:
    sequence = list(items)
    for i in range(len(sequence) - 1, -1, -1):
        if compare.net_equals(unwrap(sequence[i]), unwrap(wanted)):
            return i
    return -1


def order_of(ctx: Any, comparer: Any = None) -> Callable[[Any], Any]:
    """A sort key for Python's sort from a comparer, a comparison delegate or nothing."""
    comparer = unwrap(comparer)
    if isinstance(comparer, Delegate):
        return cmp_to_key(lambda a, b: int(comparer(a, b)))
    if comparer is None:
        return cmp_to_key(lambda a, b: compare.net_compare(ctx, a, b))
    compare_with = getattr(comparer, "compare", None)
    if compare_with is None:
        raise Unsupported(f"comparer {types.display(types.of(comparer))}")
    return cmp_to_key(lambda a, b: compare_with(unwrap(a), unwrap(b)))


def sort_range(ctx: Any, items: list[Any], comparer: Any = None, start: int = 0, count: int | None = None) -> None:
    end = len(items) if count is None else start + count
    part = items[start:end]
    try:
        part.sort(key=order_of(ctx, comparer))
    except PSError as error:
        raise net_error(
            "System.InvalidOperationException", "Failed to compare two elements in the array.", inner=error.exception
        ) from None
    items[start:end] = part


def search(ctx: Any, items: list[Any], wanted: Any, comparer: Any = None) -> int:
    key = order_of(ctx, comparer)
    target = key(wanted)
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) // 2
        candidate = key(items[middle])
        if candidate == target:
            return middle
        if candidate < target:
            low = middle + 1
        else:
            high = middle - 1
    return ~low


def elements_of(source: Any, parameter: str = "collection") -> list[Any]:
    """The elements of an argument that .NET takes as ``IEnumerable`` or ``ICollection``."""
    source = unwrap(source)
    if source is None:
        raise null_argument(parameter)
    if isinstance(source, str):
        from hvsim.runtime.values import Char

        return [Char(c) for c in source]
    return list(source)


# --- what ArrayList and List[T] share -------------------------------------------------------------------------------


def _writable(self: NetList) -> None:
    if getattr(self, "read_only", False):
        raise read_only_collection()
    if getattr(self, "fixed_size", False):
        raise read_only_collection("Collection was of a fixed size.")


def _clear(self: NetList) -> None:
    _writable(self)
    self.clear()


def _insert(self: NetList, index: int, value: Any) -> None:
    _writable(self)
    if not 0 <= index <= len(self):
        text = (
            "Index must be within the bounds of the List."
            if isinstance(self, GenericList)
            else "Insertion index was out of range. Must be non-negative and less than or equal to size."
        )
        raise out_of_range("index", text)
    self.insert(index, value)


def _insert_range(self: NetList, index: int, values: Any) -> None:
    _writable(self)
    items = elements_of(values, "collection" if isinstance(self, GenericList) else "c")
    if not 0 <= index <= len(self):
        raise out_of_range()
    self[index:index] = items


def _add_range(self: NetList, values: Any) -> None:
    _writable(self)
    self.extend(elements_of(values, "collection" if isinstance(self, GenericList) else "c"))


def _remove_at(self: NetList, index: int) -> None:
    _writable(self)
    if not 0 <= index < len(self):
        raise out_of_range()
    del self[index]


def _remove_range(self: NetList, index: int, count: int) -> None:
    check_range(index, count, len(self))
    del self[index : index + count]


def _reverse(self: NetList, index: int = 0, count: int | None = None) -> None:
    size = len(self) if count is None else count
    check_range(index, size, len(self))
    self[index : index + size] = self[index : index + size][::-1]


def _copy_to(self: list[Any], *args: Any) -> None:
    """``CopyTo(array)``, ``(array, arrayIndex)``, ``(index, array, arrayIndex, count)``."""
    start, count = 0, len(self)
    target, at = args[0], args[1] if len(args) == 2 else 0
    if len(args) == 4:
        start, target, at, count = args
    if target is None:
        raise null_argument("destinationArray")
    if at + count > len(target):
        raise net_error(
            "System.ArgumentException",
            "Destination array was not long enough. Check the destination index, length, and the array's lower bounds. "
            "(Parameter 'destinationArray')",
        )
    for offset in range(count):
        target[at + offset] = self[start + offset]


def contains(self: list[Any], value: Any) -> bool:
    return position_of(self, value) >= 0


def _index_of(self: list[Any], value: Any, start: int = 0, count: int | None = None) -> int:
    if not 0 <= start <= len(self):
        raise out_of_range("startIndex" if isinstance(self, ArrayList) else "index")
    return position_of(self, value, start, count)


def _sort(ctx: Any, self: NetList, *args: Any) -> None:
    if len(args) == 3:
        sort_range(ctx, self, args[2], args[0], args[1])
    else:
        sort_range(ctx, self, args[0] if args else None)


def _enumerator(self: list[Any], *part: int) -> Enumerator:
    if part:
        raise Unsupported("GetEnumerator of a part of a list")

    def walk() -> Any:
        before = len(self)
        for index in range(before):
            if len(self) != before:
                raise net_error(
                    "System.InvalidOperationException",
                    "Collection was modified; enumeration operation may not execute.",
                )
            yield self[index]

    return Enumerator(walk, types.get(_ENUMERATOR))


def _binary(ctx: Any, self: list[Any], *args: Any) -> int:
    if len(args) == 4:
        index, count, value, comparer = args
        found = search(ctx, self[index : index + count], value, comparer)
        return int(found + index if found >= 0 else found - index)
    return search(ctx, self, args[0], args[1] if len(args) > 1 else None)


def _capacity(self: NetList) -> int:
    """Room doubles from 4 when it runs out."""
    while self.capacity < len(self):
        self.capacity = self.capacity * 2 or 4
    return self.capacity


def _set_capacity(self: NetList, value: int) -> None:
    if value < len(self):
        raise out_of_range("value", "capacity was less than the current size.")
    self.capacity = value


def _with_capacity(made: NetList, capacity: int) -> NetList:
    made.capacity = capacity
    return made


for _name in (_ARRAY_LIST, _LIST):
    getter(_name, "Count")(len)
    getter(_name, "Capacity")(lambda self: _capacity(self))
    setter(_name, "Capacity")(lambda self, value: _set_capacity(self, value))
    method(_name, "Clear")(_clear)
    method(_name, "Contains")(contains)
    method(_name, "CopyTo")(_copy_to)
    method(_name, "Insert")(_insert)
    method(_name, "InsertRange")(_insert_range)
    method(_name, "AddRange")(_add_range)
    method(_name, "IndexOf")(_index_of)
    method(_name, "LastIndexOf")(lambda self, value, *_: last_position_of(self, value))
    method(_name, "RemoveAt")(_remove_at)
    method(_name, "RemoveRange")(_remove_range)
    method(_name, "Reverse")(_reverse)
    method(_name, "Sort", context=True)(_sort)
    method(_name, "GetEnumerator")(_enumerator)
    method(_name, "BinarySearch", context=True)(_binary)
    method(_name, "GetHashCode")(lambda self: hash(self) & 0x7FFFFFFF)


def list_index(self: list[Any], index: int) -> Any:
    if not 0 <= index < len(self):
        raise out_of_range()
    return self[index]


def _list_set(self: NetList, index: int, value: Any) -> None:
    if not 0 <= index < len(self):
        raise out_of_range()
    self[index] = value


for _name, _type in ((_ARRAY_LIST, "System.Object"), (_LIST, "T"), (_COLLECTION, "T"), (_READ_ONLY, "T")):
    indexer(_name, overloads=[f"(int) -> {_type}"])(list_index)
    if _name != _READ_ONLY:
        index_setter(_name, overloads=[f"(int, {_type}) -> void"])(_list_set)


# --- ArrayList ----------------------------------------------------------------------------------------------------


@constructor(_ARRAY_LIST)
def _new_array_list(net_type: NetType, *args: Any) -> NetList:
    if not args:
        return ArrayList()
    source = unwrap(args[0])
    if type(source) is int:
        if source < 0:
            raise out_of_range("capacity", "'capacity' must be non-negative.")
        return _with_capacity(ArrayList(), source)
    return ArrayList(elements_of(source, "c"))


@method(_ARRAY_LIST, "Add")
def _array_list_add(self: ArrayList, value: Any) -> int:
    if self.read_only or self.fixed_size:
        _writable(self)
    self.append(value)
    return len(self) - 1


@method(_ARRAY_LIST, "Remove")
def _array_list_remove(self: ArrayList, value: Any) -> None:
    _writable(self)
    found = position_of(self, value)
    if found >= 0:
        del self[found]


@method(_ARRAY_LIST, "Clone")
def _array_list_clone(self: ArrayList) -> ArrayList:
    return ArrayList(self)


@method(_ARRAY_LIST, "GetRange")
def _array_list_range(self: ArrayList, index: int, count: int) -> ArrayList:
    check_range(index, count, len(self))
    return ArrayList(self[index : index + count])


@method(_ARRAY_LIST, "SetRange")
def _array_list_set_range(self: ArrayList, index: int, values: Any) -> None:
    items = elements_of(values, "c")
    if index < 0 or index + len(items) > len(self):
        raise out_of_range()
    self[index : index + len(items)] = items


@method(_ARRAY_LIST, "ToArray", overloads=["() -> System.Object[]", "(type) -> array"], context=True)
def _array_list_array(ctx: Any, self: ArrayList, element: NetType | None = None) -> Array:
    if element is None or element is types.OBJECT:
        return Array(self)
    for item in self:
        base = unwrap(item)
        if base is not None and not element.is_assignable_from(types.of(base)):
            raise net_error(
                "System.InvalidCastException",
                "At least one element in the source array could not be cast down to the destination array type.",
            )
    return Array([unwrap(i) for i in self], element)


method(_ARRAY_LIST, "TrimToSize")(lambda self: None)
for _name in ("IsFixedSize", "IsReadOnly"):
    _slot = {"IsFixedSize": "fixed_size", "IsReadOnly": "read_only"}[_name]
    getter(_ARRAY_LIST, _name)(lambda self, slot=_slot: getattr(self, slot))
getter(_ARRAY_LIST, "IsSynchronized")(lambda self: False)
getter(_ARRAY_LIST, "SyncRoot")(lambda self: self)


@static_method(_ARRAY_LIST, "ReadOnly", overloads=["(System.Collections.ArrayList) -> System.Collections.ArrayList"])
def _array_list_read_only(source: ArrayList) -> ArrayList:
    made = ArrayList(source)
    made.read_only = made.fixed_size = True
    return made


@static_method(_ARRAY_LIST, "FixedSize", overloads=["(System.Collections.ArrayList) -> System.Collections.ArrayList"])
def _array_list_fixed(source: ArrayList) -> ArrayList:
    made = ArrayList(source)
    made.fixed_size = True
    return made


@static_method(
    _ARRAY_LIST, "Synchronized", overloads=["(System.Collections.ArrayList) -> System.Collections.ArrayList"]
)
def _array_list_synchronized(source: ArrayList) -> ArrayList:
    return source


@static_method(_ARRAY_LIST, "Repeat")
def _repeat(value: Any, count: int) -> ArrayList:
    return ArrayList([value] * count)


@static_method(_ARRAY_LIST, "Adapter")
def _adapter(source: Any) -> ArrayList:
    return ArrayList(source)


# --- List[T] ------------------------------------------------------------------------------------------------------


@constructor(_LIST)
def _new_list(net_type: NetType, *args: Any) -> NetList:
    source = unwrap(args[0]) if args else None
    if args and type(source) is int:
        if source < 0:
            raise out_of_range("capacity", "Non-negative number required.")
        return _with_capacity(GenericList((), net_type.arguments[0]), source)
    elif args:
        source = elements_of(source)
    return GenericList(source or (), net_type.arguments[0])


@method(_LIST, "Add")
def _list_add(self: GenericList, value: Any) -> None:
    self.append(value)


def _list_remove(self: NetList, value: Any) -> bool:
    found = position_of(self, value)
    if found < 0:
        return False
    del self[found]
    return True


method(_LIST, "Remove")(_list_remove)


@method(_LIST, "GetRange")
def _list_range(self: GenericList, index: int, count: int) -> GenericList:
    check_range(index, count, len(self))
    return GenericList(self[index : index + count], self.element_type)


method(_LIST, "Slice")(_list_range)


@method(_LIST, "ToArray")
def _list_array(self: GenericList) -> Array:
    return Array(self, self.element_type if self.element_type is not types.OBJECT else None)


@method(_LIST, "AsReadOnly")
def _list_read_only(self: GenericList) -> ReadOnlyCollection:
    return ReadOnlyCollection(self, self.element_type)


def matching(items: Iterable[Any], match: Delegate | None) -> list[int]:
    if match is None:
        raise null_argument("match")
    return [i for i, item in enumerate(list(items)) if match(item)]


def first_match(items: list[Any], match: Delegate | None) -> int:
    if match is None:
        raise null_argument("match")
    return next((i for i, item in enumerate(list(items)) if match(item)), -1)


def last_match(items: list[Any], match: Delegate | None) -> int:
    if match is None:
        raise null_argument("match")
    return next((i for i in range(len(items) - 1, -1, -1) if match(items[i])), -1)


def all_match(items: Iterable[Any], match: Delegate | None) -> bool:
    if match is None:
        raise null_argument("match")
    return all(match(item) for item in list(items))


@method(_LIST, "Find")
def _list_find(self: GenericList, match: Delegate) -> Any:
    found = first_match(self, match)
    return self[found] if found >= 0 else default_value(self.element_type)


@method(_LIST, "FindLast")
def _list_find_last(self: GenericList, match: Delegate) -> Any:
    found = last_match(self, match)
    return self[found] if found >= 0 else default_value(self.element_type)


@method(_LIST, "FindAll")
def _list_find_all(self: GenericList, match: Delegate) -> GenericList:
    return GenericList([self[i] for i in matching(self, match)], self.element_type)


def ranged(search: Callable[[list[Any], Any], int]) -> Callable[..., int]:
    def find(self: list[Any], *args: Any) -> int:
        if len(args) == 1:
            return search(self, args[0])
        start = args[0]
        count = args[1] if len(args) == 3 else len(self) - start
        found = search(self[start : start + count], args[-1])
        return found + start if found >= 0 else -1

    return find


method(_LIST, "FindIndex")(ranged(first_match))
method(_LIST, "FindLastIndex")(ranged(last_match))
method(_LIST, "Exists")(lambda self, match: first_match(self, match) >= 0)
method(_LIST, "TrueForAll")(all_match)


@method(_LIST, "RemoveAll")
def _list_remove_all(self: GenericList, match: Delegate) -> int:
    gone = set(matching(self, match))
    self[:] = [item for i, item in enumerate(self) if i not in gone]
    return len(gone)


@method(_LIST, "ForEach")
def _list_for_each(self: GenericList, action: Delegate | None) -> None:
    if action is None:
        raise null_argument("action")
    before = len(self)
    for item in list(self):
        action(item)
        if len(self) != before:
            raise net_error(
                "System.InvalidOperationException", "Collection was modified; enumeration operation may not execute."
            )


@method(_LIST, "ConvertAll")
def _list_convert_all(self: GenericList, converter: Delegate | None) -> GenericList:
    if converter is None:
        raise null_argument("converter")
    return GenericList([converter(item) for item in self], converter.net_type.arguments[1])


method(_LIST, "TrimExcess")(lambda self: None)
method(_LIST, "EnsureCapacity")(lambda self, capacity: max(capacity, len(self)))


# --- Collection[T], ReadOnlyCollection[T] ---------------------------------------------------------------------------


@constructor(_COLLECTION, overloads=["()", "(System.Collections.Generic.IList[T])"])
def _new_collection(net_type: NetType, *args: Any) -> Collection:
    return Collection(elements_of(args[0], "list") if args else (), net_type.arguments[0])


@constructor(_READ_ONLY, overloads=["(System.Collections.Generic.IList[T])"])
def _new_read_only(net_type: NetType, source: Any) -> ReadOnlyCollection:
    return ReadOnlyCollection(elements_of(source, "list"), net_type.arguments[0])


for _name in (_COLLECTION, _READ_ONLY):
    getter(_name, "Count", type="int")(len)
    method(_name, "Contains", overloads=["(T) -> bool"])(contains)
    method(_name, "IndexOf", overloads=["(T) -> int"])(_index_of)
    method(_name, "CopyTo", overloads=["(T[], int) -> void"])(_copy_to)
    method(_name, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])(_enumerator)


@method(_COLLECTION, "Add", overloads=["(T) -> void"])
def _collection_add(self: Collection, value: Any) -> None:
    self.append(value)


method(_COLLECTION, "Insert", overloads=["(int, T) -> void"])(_insert)
method(_COLLECTION, "Remove", overloads=["(T) -> bool"])(_list_remove)
method(_COLLECTION, "RemoveAt", overloads=["(int) -> void"])(_remove_at)
method(_COLLECTION, "Clear", overloads=["() -> void"])(_clear)


@static_method(
    "System.Linq.Enumerable",
    "ToList",
    overloads=["(System.Collections.Generic.IEnumerable[TSource]) -> System.Collections.Generic.List[TSource]"],
)
def _to_list(source: Any) -> GenericList:
    return GenericList(elements_of(source, "source"), getattr(source, "element_type", None))



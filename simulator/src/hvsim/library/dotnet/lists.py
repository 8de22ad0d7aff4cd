# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``ArrayList``, ``List[T]``, ``Collection[T]`` and of arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Any

from hvsim.library.dotnet.collections import null_argument, read_only_collection
from hvsim.runtime import compare, convert, types
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
from hvsim.runtime.values import Array, MultiArray, PSObject

_ARRAY_LIST = "System.Collections.ArrayList"
_LIST = "System.Collections.Generic.List`1"
_COLLECTION = "System.Collections.ObjectModel.Collection`1"
_READ_ONLY = "System.Collections.ObjectModel.ReadOnlyCollection`1"
_ARRAY = "System.Array"
_ENUMERATOR = "System.Collections.IEnumerator"

property_order(_ARRAY, "Length", "LongLength", "Rank", "SyncRoot", "IsReadOnly", "IsFixedSize", "IsSynchronized")
property_order(_ARRAY_LIST, "Capacity", "Count", "IsFixedSize", "IsReadOnly", "IsSynchronized", "SyncRoot")
property_order(_LIST, "Capacity", "Count")


def out_of_range(
    parameter: str = "index", text: str = "Index was out of range. Must be non-negative and less than the size of the collection."
) -> PSError:
    return net_error("System.ArgumentOutOfRangeException", f"{text} (Parameter '{parameter}')", ParamName=parameter)


def not_negative(value: int, parameter: str) -> None:
    if value < 0:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            f"{parameter} ('{value}') must be a non-negative value. (Parameter '{parameter}')\nActual value was {value}.",
            ParamName=parameter,
        )


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
        from hvsim.lang.errors import Unsupported

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


def _check_range(items: list[Any], index: int, count: int) -> None:
    for value, name in ((index, "index"), (count, "count")):
        if value < 0:
            raise out_of_range(name, "Non-negative number required.")
    if index + count > len(items):
        raise net_error(
            "System.ArgumentException",
            "Offset and length were out of bounds for the array or count is greater than the number of elements "
            "from index to the end of the source collection.",
        )


def _search(ctx: Any, items: list[Any], wanted: Any, comparer: Any = None) -> int:
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
    _check_range(self, index, count)
    del self[index : index + count]


def _reverse(self: NetList, index: int = 0, count: int | None = None) -> None:
    size = len(self) if count is None else count
    _check_range(self, index, size)
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


def _contains(self: list[Any], value: Any) -> bool:
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


def _enumerator(self: list[Any]) -> Enumerator:
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
        found = _search(ctx, self[index : index + count], value, comparer)
        return found + index if found >= 0 else found - index
    return _search(ctx, self, args[0], args[1] if len(args) > 1 else None)


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
    method(_name, "Contains")(_contains)
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
    _check_range(self, index, count)
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
    _check_range(self, index, count)
    return GenericList(self[index : index + count], self.element_type)


method(_LIST, "Slice")(_list_range)


@method(_LIST, "ToArray")
def _list_array(self: GenericList) -> Array:
    return Array(self, self.element_type if self.element_type is not types.OBJECT else None)


@method(_LIST, "AsReadOnly")
def _list_read_only(self: GenericList) -> ReadOnlyCollection:
    return ReadOnlyCollection(self, self.element_type)


def _matching(items: Iterable[Any], match: Delegate | None) -> list[int]:
    if match is None:
        raise null_argument("match")
    return [i for i, item in enumerate(list(items)) if match(item)]


def _first(items: list[Any], match: Delegate | None) -> int:
    if match is None:
        raise null_argument("match")
    return next((i for i, item in enumerate(list(items)) if match(item)), -1)


def _last(items: list[Any], match: Delegate | None) -> int:
    if match is None:
        raise null_argument("match")
    return next((i for i in range(len(items) - 1, -1, -1) if match(items[i])), -1)


@method(_LIST, "Find")
def _list_find(self: GenericList, match: Delegate) -> Any:
    found = _first(self, match)
    return self[found] if found >= 0 else default_value(self.element_type)


@method(_LIST, "FindLast")
def _list_find_last(self: GenericList, match: Delegate) -> Any:
    found = _last(self, match)
    return self[found] if found >= 0 else default_value(self.element_type)


@method(_LIST, "FindAll")
def _list_find_all(self: GenericList, match: Delegate) -> GenericList:
    return GenericList([self[i] for i in _matching(self, match)], self.element_type)


def _ranged(search: Callable[[list[Any], Any], int]) -> Callable[..., int]:
    def find(self: list[Any], *args: Any) -> int:
        if len(args) == 1:
            return search(self, args[0])
        start = args[0]
        count = args[1] if len(args) == 3 else len(self) - start
        found = search(self[start : start + count], args[-1])
        return found + start if found >= 0 else -1

    return find


method(_LIST, "FindIndex")(_ranged(_first))
method(_LIST, "FindLastIndex")(_ranged(_last))
method(_LIST, "Exists")(lambda self, match: _first(self, match) >= 0)
method(_LIST, "TrueForAll")(lambda self, match: all(match(item) for item in list(self)))


@method(_LIST, "RemoveAll")
def _list_remove_all(self: GenericList, match: Delegate) -> int:
    gone = set(_matching(self, match))
    self[:] = [item for i, item in enumerate(self) if i not in gone]
    return len(gone)


@method(_LIST, "ForEach")
def _list_for_each(self: GenericList, action: Delegate) -> None:
    before = len(self)
    for item in list(self):
        action(item)
        if len(self) != before:
            raise net_error(
                "System.InvalidOperationException", "Collection was modified; enumeration operation may not execute."
            )


@method(_LIST, "ConvertAll")
def _list_convert_all(self: GenericList, converter: Delegate) -> GenericList:
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
    method(_name, "Contains", overloads=["(T) -> bool"])(_contains)
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


# --- arrays -------------------------------------------------------------------------------------------------------


def _size(self: Any) -> int:
    return len(self.items) if isinstance(self, MultiArray) else len(self)


def _dimension(self: Any, dimension: int) -> int:
    shape = self.shape if isinstance(self, MultiArray) else (len(self),)
    if not 0 <= dimension < len(shape):
        raise net_error("System.IndexOutOfRangeException", "Array does not have that many dimensions.")
    return int(shape[dimension])


def _long(value: int) -> Any:
    from hvsim.runtime.values import Int64

    return Int64(value)


getter(_ARRAY, "Length")(_size)
getter(_ARRAY, "LongLength")(lambda self: _long(_size(self)))
getter(_ARRAY, "Count", type="int")(_size)
getter(_ARRAY, "Rank")(lambda self: len(self.shape) if isinstance(self, MultiArray) else 1)
getter(_ARRAY, "SyncRoot")(lambda self: self)
getter(_ARRAY, "IsReadOnly")(lambda self: False)
getter(_ARRAY, "IsFixedSize")(lambda self: True)
getter(_ARRAY, "IsSynchronized")(lambda self: False)
method(_ARRAY, "GetLength")(_dimension)
method(_ARRAY, "GetLongLength")(lambda self, d: _long(_dimension(self, d)))
method(_ARRAY, "GetUpperBound")(lambda self, d: _dimension(self, d) - 1)
method(_ARRAY, "GetLowerBound")(lambda self, d: _dimension(self, d) and 0)
method(_ARRAY, "GetEnumerator")(
    lambda self: Enumerator(lambda: list(self), types.get("System.Collections.IEnumerator"))
)
method(_ARRAY, "Initialize")(lambda self: None)


def _offset(self: Any, indices: tuple[Any, ...]) -> int:
    if len(indices) == 1 and isinstance(indices[0], list):
        indices = tuple(indices[0])
    shape = self.shape if isinstance(self, MultiArray) else (len(self),)
    if len(indices) != len(shape):
        raise net_error("System.ArgumentException", "Array was not a one-dimensional array." if len(indices) == 1 else
                        "Indices length does not match the array rank.")
    offset = 0
    for size, index in zip(shape, indices, strict=True):
        if not 0 <= index < size:
            raise net_error("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
        offset = offset * size + int(index)
    return offset


def _storage(self: Any) -> list[Any]:
    return self.items if isinstance(self, MultiArray) else self


@method(_ARRAY, "GetValue")
def _get_value(self: Any, *indices: Any) -> Any:
    return _storage(self)[_offset(self, indices)]


@method(_ARRAY, "SetValue", context=True)
def _set_value(ctx: Any, self: Any, value: Any, *indices: Any) -> None:
    element = self.element_type
    if element is not None and value is not None and not element.is_assignable_from(types.of(unwrap(value))):
        raise net_error("System.InvalidCastException", "Object cannot be stored in an array of this type.")
    _storage(self)[_offset(self, indices)] = value


@method(_ARRAY, "Clone")
def _array_clone(self: Any) -> Any:
    if isinstance(self, MultiArray):
        return MultiArray(self.shape, list(self.items), self.element_type)
    return Array(self, self.element_type)


@method(_ARRAY, "CopyTo", context=True)
def _array_copy_to(ctx: Any, self: Any, target: Any, index: int) -> None:
    _array_copy(ctx, self, 0, target, index, _size(self))


# IList members that arrays implement explicitly; PowerShell shows them all the same.
method(_ARRAY, "Contains", overloads=["(System.Object) -> bool"])(_contains)
method(_ARRAY, "IndexOf", overloads=["(System.Object) -> int"])(lambda self, value: position_of(self, value))


def _fixed(self: Any, *_args: Any) -> None:
    raise read_only_collection("Collection was of a fixed size.")


method(_ARRAY, "Add", overloads=["(System.Object) -> int"])(_fixed)
method(_ARRAY, "Insert", overloads=["(int, System.Object) -> void"])(_fixed)
method(_ARRAY, "Remove", overloads=["(System.Object) -> void"])(_fixed)
method(_ARRAY, "RemoveAt", overloads=["(int) -> void"])(_fixed)


@method(_ARRAY, "Clear", overloads=["() -> void"])
def _array_clear_all(self: Any) -> None:
    _array_clear(self)


def _need_array(array: Any, name: str = "array") -> Any:
    if array is None:
        raise null_argument(name)
    return array


@static_method(_ARRAY, "Clear")
def _array_clear(array: Any, index: int = 0, count: int | None = None) -> None:
    items = _storage(_need_array(array))
    size = len(items) - index if count is None else count
    if index < 0 or size < 0 or index + size > len(items):
        raise net_error("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    empty = default_value(array.element_type or types.OBJECT)
    items[index : index + size] = [empty] * size


@static_method(_ARRAY, "Copy", context=True)
def _array_copy(ctx: Any, source: Any, *args: Any) -> None:
    start = at = 0
    if len(args) == 2:
        target, count = args
    else:
        start, target, at, count = args
    _need_array(source, "sourceArray")
    _need_array(target, "destinationArray")
    if count < 0:
        raise out_of_range("length", "Non-negative number required.")
    if start + count > len(source):
        raise net_error(
            "System.ArgumentException",
            "Source array was not long enough. Check the source index, length, and the array's lower bounds. "
            "(Parameter 'sourceArray')",
        )
    if at + count > len(target):
        raise net_error(
            "System.ArgumentException",
            "Destination array was not long enough. Check the destination index, length, and the array's lower bounds. "
            "(Parameter 'destinationArray')",
        )
    items = source[start : start + count]
    element = target.element_type
    for offset, item in enumerate(items):
        target[at + offset] = item if element is None else _cast(ctx, item, element)


def _cast(ctx: Any, item: Any, element: NetType) -> Any:
    item = unwrap(item)
    if item is None and not element.is_value_type:
        return None
    if item is not None and element.is_assignable_from(types.of(item)):
        return item
    from hvsim.runtime import conversion_ranks

    if item is not None and conversion_ranks.conversion_rank(types.of(item), element) == conversion_ranks.NUMERIC_IMPLICIT:
        return convert.to(ctx, item, element)
    raise net_error(
        "System.InvalidCastException",
        "At least one element in the source array could not be cast down to the destination array type.",
    )


static_method(_ARRAY, "ConstrainedCopy", context=True)(_array_copy)


@static_method(_ARRAY, "CreateInstance")
def _create_instance(element: NetType, *sizes: Any) -> Any:
    flat = [int(s) for size in sizes for s in (size if isinstance(size, list) else [size])]
    total = 1
    for size in flat:
        total *= size
    items = [default_value(element) for _ in range(total)]
    if len(flat) == 1:
        return Array(items, element if element is not types.OBJECT else None)
    return MultiArray(tuple(flat), items, element)


@static_method(_ARRAY, "Reverse")
def _array_reverse(array: Any, index: int = 0, count: int | None = None) -> None:
    items = _storage(_need_array(array))
    size = len(items) - index if count is None else count
    items[index : index + size] = items[index : index + size][::-1]


@static_method(_ARRAY, "Sort", context=True)
def _array_sort(ctx: Any, keys: Any, *args: Any) -> None:
    _need_array(keys)
    numbers = [int(a) for a in args if isinstance(a, int)]
    others = [unwrap(a) for a in args if not isinstance(a, int)]
    items = next((o for o in others if isinstance(o, list)), None)
    comparer = next((o for o in others if o is not None and not isinstance(o, list)), None)
    start, count = numbers if numbers else (0, len(keys))
    if items is None:
        sort_range(ctx, keys, comparer, start, count)
        return
    key = order_of(ctx, comparer)
    rows = sorted(zip(keys[start : start + count], items[start : start + count], strict=True), key=lambda r: key(r[0]))
    keys[start : start + count] = [r[0] for r in rows]
    items[start : start + count] = [r[1] for r in rows]


@static_method(_ARRAY, "IndexOf")
def _static_index_of(array: Any, value: Any, start: int = 0, count: int | None = None) -> int:
    return position_of(_need_array(array), value, start, count)


@static_method(_ARRAY, "LastIndexOf")
def _static_last_index_of(array: Any, value: Any, start: int | None = None, count: int | None = None) -> int:
    end = len(_need_array(array)) if start is None else start + 1
    found = last_position_of(array[:end], value)
    return found if count is None or found > end - 1 - count else -1


@static_method(_ARRAY, "BinarySearch", context=True)
def _static_binary(ctx: Any, array: Any, *args: Any) -> int:
    if len(args) >= 3:
        index, count, value = args[:3]
        found = _search(ctx, array[index : index + count], value, args[3] if len(args) > 3 else None)
        return found + index if found >= 0 else found - index
    return _search(ctx, array, args[0], args[1] if len(args) > 1 else None)


@static_method(_ARRAY, "Resize")
def _resize(reference: Any, size: int) -> None:
    old = unwrap(reference.value)
    if size < 0:
        raise out_of_range("newSize", "Non-negative number required.")
    element = None if old is None else old.element_type
    items = list(old or ())[:size]
    items += [default_value(element or types.OBJECT)] * (size - len(items))
    reference.value = Array(items, element)


@static_method(_ARRAY, "Fill")
def _fill(array: Any, value: Any, start: int = 0, count: int | None = None) -> None:
    size = len(array) - start if count is None else count
    array[start : start + size] = [value] * size


def _element_of(array: Array) -> NetType:
    return array.element_type or types.OBJECT


@static_method(_ARRAY, "Find")
def _array_find(array: Array, match: Delegate) -> Any:
    found = _first(_need_array(array), match)
    return array[found] if found >= 0 else default_value(_element_of(array))


@static_method(_ARRAY, "FindLast")
def _array_find_last(array: Array, match: Delegate) -> Any:
    found = _last(_need_array(array), match)
    return array[found] if found >= 0 else default_value(_element_of(array))


@static_method(_ARRAY, "FindAll")
def _array_find_all(array: Array, match: Delegate) -> Array:
    return Array([array[i] for i in _matching(_need_array(array), match)], array.element_type)


static_method(_ARRAY, "FindIndex")(_ranged(_first))
static_method(_ARRAY, "FindLastIndex")(_ranged(_last))
static_method(_ARRAY, "Exists")(lambda array, match: _first(array, match) >= 0)
static_method(_ARRAY, "TrueForAll")(lambda array, match: all(match(item) for item in array))


@static_method(_ARRAY, "ForEach")
def _array_for_each(array: Array, action: Delegate) -> None:
    for item in array:
        action(item)


@static_method(_ARRAY, "ConvertAll")
def _array_convert_all(array: Array, converter: Delegate) -> Array:
    element = converter.net_type.arguments[1]
    return Array([converter(item) for item in array], element)


@static_method(_ARRAY, "AsReadOnly")
def _array_read_only(array: Array) -> ReadOnlyCollection:
    return ReadOnlyCollection(array, _element_of(array))


@static_method(
    "System.Linq.Enumerable",
    "ToList",
    overloads=["(System.Collections.Generic.IEnumerable[TSource]) -> System.Collections.Generic.List[TSource]"],
)
def _to_list(source: Any) -> GenericList:
    return GenericList(elements_of(source, "source"), getattr(source, "element_type", None))



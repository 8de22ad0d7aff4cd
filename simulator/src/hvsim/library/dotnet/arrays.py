# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``System.Array``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.array_copy import array_copy, stored
from hvsim.library.dotnet.collections import null_argument, read_only_collection
from hvsim.library.dotnet.lists import (
    all_match,
    contains,
    first_match,
    last_match,
    last_position_of,
    matching,
    order_of,
    out_of_range,
    position_of,
    ranged,
    search,
    sort_range,
)
from hvsim.library.dotnet.support import check_range, negative
from hvsim.runtime import types
from hvsim.runtime.collections import Enumerator, ReadOnlyCollection
from hvsim.runtime.defaults import default_value, fresh_items
from hvsim.runtime.delegates import Delegate
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import getter, method, static_getter, static_method
from hvsim.runtime.objects import property_order, unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, Int64, MultiArray, PackedBytes

_ARRAY = "System.Array"
_ENUMERATOR = "System.ArrayEnumerator"
if types.find(_ENUMERATOR) is None:
    types.register(types.NetType(_ENUMERATOR, "System.Object", ("System.Collections.IEnumerator", "System.ICloneable")))

property_order(_ARRAY, "Length", "LongLength", "Rank", "SyncRoot", "IsReadOnly", "IsFixedSize", "IsSynchronized")


def _size(self: Any) -> int:
    return len(self.items) if isinstance(self, MultiArray) else len(self)


def _dimension(self: Any, dimension: int) -> int:
    shape = self.shape if isinstance(self, MultiArray) else (len(self),)
    if not 0 <= dimension < len(shape):
        raise net_error("System.IndexOutOfRangeException", "Array does not have that many dimensions.")
    return int(shape[dimension])


getter(_ARRAY, "Length")(_size)
getter(_ARRAY, "LongLength")(lambda self: Int64(_size(self)))
getter(_ARRAY, "Count", type="int")(_size)
getter(_ARRAY, "Rank")(lambda self: len(self.shape) if isinstance(self, MultiArray) else 1)
getter(_ARRAY, "SyncRoot")(lambda self: self)
getter(_ARRAY, "IsReadOnly")(lambda self: False)
getter(_ARRAY, "IsFixedSize")(lambda self: True)
getter(_ARRAY, "IsSynchronized")(lambda self: False)
method(_ARRAY, "GetLength")(_dimension)
method(_ARRAY, "GetLongLength")(lambda self, d: Int64(_dimension(self, d)))
method(_ARRAY, "GetUpperBound")(lambda self, d: _dimension(self, d) - 1)
method(_ARRAY, "GetLowerBound")(lambda self, d: _dimension(self, d) and 0)
method(_ARRAY, "GetEnumerator")(
    lambda self: Enumerator(lambda: list(self), types.get(_ENUMERATOR))
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


# The runtime gives every array type accessors of its element type.
@method(_ARRAY, "Get", overloads=[f"({', '.join(['int'] * rank)}) -> System.Object" for rank in range(1, 4)])
@method(_ARRAY, "GetValue")
def _get_value(self: Any, *indices: Any) -> Any:
    return _storage(self)[_offset(self, indices)]


@method(_ARRAY, "SetValue")
def _set_value(self: Any, value: Any, *indices: Any) -> None:
    element = self.element_type
    _storage(self)[_offset(self, indices)] = value if element is None else stored(value, element)


@method(_ARRAY, "Set", overloads=[f"({', '.join(['int'] * rank)}, System.Object) -> void" for rank in range(1, 4)])
def _set(self: Any, *indices_and_value: Any) -> None:
    _set_value(self, indices_and_value[-1], *indices_and_value[:-1])


@method(_ARRAY, "Clone")
def _array_clone(self: Any) -> Any:
    if isinstance(self, MultiArray):
        return MultiArray(self.shape, list(self.items), self.element_type)
    if isinstance(self, PackedBytes):
        return PackedBytes(bytearray(self.packed), types.get("System.Byte"))
    return Array(self, self.element_type)


@method(_ARRAY, "CopyTo", context=True)
def _array_copy_to(ctx: Any, self: Any, target: Any, index: int) -> None:
    array_copy(self, 0, target, index, _size(self))


# IList members that arrays implement explicitly; PowerShell shows them all the same.
method(_ARRAY, "Contains", overloads=["(System.Object) -> bool"])(contains)
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


static_method(_ARRAY, "Copy")(array_copy)
static_method(_ARRAY, "ConstrainedCopy")(array_copy)
static_getter(_ARRAY, "MaxLength", type="int")(lambda: 0x7FFFFFC7)


@static_method(_ARRAY, "Empty", type_arguments=True)
def _empty(element: NetType) -> Array:
    return Array([], element if element is not types.OBJECT else None)


@static_method(_ARRAY, "CreateInstance")
def _create_instance(element: NetType, *sizes: Any) -> Any:
    flat = [int(s) for size in sizes for s in (size if isinstance(size, list) else [size])]
    if flat[0] < 0 and len(flat) == 1:
        raise negative(flat[0], "length")
    if any(size < 0 for size in flat):
        raise Unsupported("[array]::CreateInstance with a negative length")
    total = 1
    for size in flat:
        total *= size
    items = fresh_items(element, total)
    if len(flat) == 1:
        return Array(items, element if element is not types.OBJECT else None)
    return MultiArray(tuple(flat), items, element)


@static_method(_ARRAY, "Reverse")
def _array_reverse(array: Any, index: int = 0, count: int | None = None) -> None:
    items = _storage(_need_array(array))
    size = len(items) - index if count is None else count
    check_range(index, size, len(items), ("index", "length"))
    items[index : index + size] = items[index : index + size][::-1]


@static_method(_ARRAY, "Sort", context=True)
def _array_sort(ctx: Any, keys: Any, *args: Any) -> None:
    _need_array(keys)
    numbers = [int(a) for a in args if isinstance(a, int)]
    others = [unwrap(a) for a in args if not isinstance(a, int)]
    items = next((o for o in others if isinstance(o, list)), None)
    comparer = next((o for o in others if o is not None and not isinstance(o, list)), None)
    start, count = numbers if numbers else (0, len(keys))
    check_range(start, count, len(keys), ("index", "length"))
    if items is None:
        sort_range(ctx, keys, comparer, start, count)
        return
    check_range(start, count, len(items), ("index", "length"))
    key = order_of(ctx, comparer)
    rows = sorted(zip(keys[start : start + count], items[start : start + count], strict=True), key=lambda r: key(r[0]))
    keys[start : start + count] = [r[0] for r in rows]
    items[start : start + count] = [r[1] for r in rows]


@static_method(_ARRAY, "IndexOf")
def _static_index_of(array: Any, value: Any, start: int = 0, count: int | None = None) -> int:
    if not 0 <= start <= len(_need_array(array)):
        text = "Index was out of range. Must be non-negative and less than or equal to the size of the collection."
        raise out_of_range("startIndex", text)
    if count is not None and not 0 <= count <= len(array) - start:
        text = "Count must be positive and count must refer to a location within the string/array/collection."
        raise out_of_range("count", text)
    return position_of(array, value, start, count)


@static_method(_ARRAY, "LastIndexOf")
def _static_last_index_of(array: Any, value: Any, start: int | None = None, count: int | None = None) -> int:
    end = len(_need_array(array)) if start is None else start + 1
    found = last_position_of(array[:end], value)
    return found if count is None or found > end - 1 - count else -1


@static_method(_ARRAY, "BinarySearch", context=True)
def _static_binary(ctx: Any, array: Any, *args: Any) -> int:
    _need_array(array)
    if len(args) >= 3:
        index, count, value = args[:3]
        found = search(ctx, array[index : index + count], value, args[3] if len(args) > 3 else None)
        return int(found + index if found >= 0 else found - index)
    return search(ctx, array, args[0], args[1] if len(args) > 1 else None)


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
    size = len(_need_array(array)) - start if count is None else count
    array[start : start + size] = [value] * size


def _element_of(array: Array) -> NetType:
    return array.element_type or types.OBJECT


@static_method(_ARRAY, "Find")
def _array_find(array: Array, match: Delegate) -> Any:
    found = first_match(_need_array(array), match)
    return array[found] if found >= 0 else default_value(_element_of(array))


@static_method(_ARRAY, "FindLast")
def _array_find_last(array: Array, match: Delegate) -> Any:
    found = last_match(_need_array(array), match)
    return array[found] if found >= 0 else default_value(_element_of(array))


@static_method(_ARRAY, "FindAll")
def _array_find_all(array: Array, match: Delegate) -> Array:
    return Array([array[i] for i in matching(_need_array(array), match)], array.element_type)


def _position(search: Callable[[list[Any], Any], int]) -> Callable[..., int]:
    find = ranged(search)
    return lambda array, *args: find(_need_array(array), *args)


static_method(_ARRAY, "FindIndex")(_position(first_match))
static_method(_ARRAY, "FindLastIndex")(_position(last_match))
static_method(_ARRAY, "Exists")(lambda array, match: first_match(_need_array(array), match) >= 0)


@static_method(_ARRAY, "TrueForAll")
def _array_true_for_all(array: Array | None, match: Delegate | None) -> bool:
    return all_match(_need_array(array), match)


@static_method(_ARRAY, "ForEach")
def _array_for_each(array: Array | None, action: Delegate | None) -> None:
    items = _need_array(array)
    if action is None:
        raise null_argument("action")
    for item in items:
        action(item)


@static_method(_ARRAY, "ConvertAll")
def _array_convert_all(array: Array | None, converter: Delegate | None) -> Array:
    items = _need_array(array)
    if converter is None:
        raise null_argument("converter")
    element = converter.net_type.arguments[1]
    return Array([converter(item) for item in items], element)


@static_method(_ARRAY, "AsReadOnly")
def _array_read_only(array: Array | None) -> ReadOnlyCollection:
    items = _need_array(array)
    return ReadOnlyCollection(items, _element_of(items))

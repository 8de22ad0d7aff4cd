# SPDX-License-Identifier: GPL-3.0-or-later
"""``$x[index]``: arrays, strings, lists, dictionaries, and every type with an indexer (``PSGetIndexBinder``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hvsim.runtime import types
from hvsim.runtime.collections import (
    ArrayList,
    Dictionary,
    GenericDictionary,
    GenericList,
    OrderedDictionary,
    ReadOnlyCollection,
)
from hvsim.runtime.errors import PSError, net_error, runtime_error
from hvsim.runtime.values import AUTOMATION_NULL, Array, Char, Integer, MultiArray, PSCustomObject, PSObject

_OUT_OF_RANGE = "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')"


def get_index(ctx: Any, value: Any, indices: Sequence[Any]) -> Any:
    """``$value[index]`` and ``$value[index, index]``; positions that do not exist give null.

    Raises:
        PSError: ``NullArray``, ``NullArrayIndex``, ``CannotIndex``; out of range from strict mode 3 on.
    """
    if len(indices) == 1:
        index = indices[0]
        if type(index) is int and type(value) is Array:
            try:
                if index >= 0 or -index <= len(value):
                    return value[index]
            except IndexError:
                pass
            return _missing(ctx, _array_range)
        if type(value) is PSObject:
            value = value.base
        if isinstance(value, Dictionary):
            return _get_key(ctx, value, index)
    elif type(value) is PSObject:
        value = value.base
    if value is None or value is AUTOMATION_NULL:
        raise null_array()
    if isinstance(value, MultiArray):
        return _get_multi(ctx, value, indices)
    if len(indices) != 1:
        return _get_many(ctx, value, indices)
    return _get_one(ctx, value, indices[0])


def null_array() -> PSError:
    return runtime_error("NullArray", "Cannot index into a null array.")


def null_index() -> PSError:
    return runtime_error("NullArrayIndex", "Index operation failed; the array index evaluated to null.")


def cannot_index(type_name: str) -> PSError:
    return runtime_error("CannotIndex", f'Unable to index into an object of type "{type_name}".')


def _array_range() -> PSError:
    return net_error("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")


def _list_range() -> PSError:
    return net_error("System.ArgumentOutOfRangeException", _OUT_OF_RANGE)


def _missing(ctx: Any, error: Callable[[], PSError]) -> Any:
    if ctx is not None and ctx.strict >= 3:
        raise error()
    return None


def _base(value: Any) -> Any:
    if type(value) is PSObject:
        return value.base
    return None if value is AUTOMATION_NULL else value


def _is_slice(index: Any) -> bool:
    return isinstance(index, list)


def _get_one(ctx: Any, value: Any, index: Any) -> Any:
    index = _base(index)
    if isinstance(value, (list, str)):
        if _is_slice(index):
            return _slice(ctx, value, index)
        return _get_position(ctx, value, index)
    from hvsim.runtime import members, objects

    found = members.find_indexer(types.of(value))
    if found is not None:
        return _call_indexer(ctx, objects, found, value, index)
    return _get_scalar(ctx, value, index)


def _call_indexer(ctx: Any, objects: Any, found: Any, value: Any, index: Any) -> Any:
    if _is_slice(index) and not _takes_list(found):
        results = Array()
        for one in index:
            item = _get_one(ctx, value, one)
            if item is not None:
                results.append(item)
        return results
    try:
        return objects.call_group(ctx, found, (value,), [index])
    except PSError as error:
        inner = error.exception.inner
        range_errors = (
            "System.ArgumentOutOfRangeException",
            "System.IndexOutOfRangeException",
            "System.Collections.Generic.KeyNotFoundException",
        )
        if inner is not None and inner.kind in range_errors:
            return _missing(ctx, lambda: PSError(inner))
        raise


def _takes_list(found: Any) -> bool:
    return any("[]" in p.type_text for o in found.overloads for p in o.parameters)


def position(ctx: Any, index: Any) -> int:
    """An index as a number, as PowerShell converts it.

    Raises:
        PSError: null, or not a number.
    """
    if type(index) is int:
        return index
    if index is None:
        raise null_index()
    if isinstance(index, Integer):
        return int(index)
    from hvsim.runtime import convert

    number: int = convert.to(ctx, index, types.INT)
    return number


def _get_position(ctx: Any, value: Any, index: Any) -> Any:
    try:
        number = position(ctx, index)
    except PSError as error:
        if error.record is not None and error.record.error_id == "NullArrayIndex":
            raise
        if ctx is not None and ctx.strict >= 3:
            raise
        return None
    size = len(value)
    if -size <= number < size:
        return Char(value[number]) if isinstance(value, str) else value[number]
    return _missing(ctx, _array_range if isinstance(value, (str, Array)) else _list_range)


def _slice(ctx: Any, value: Any, indices: Sequence[Any]) -> Array:
    """Elements at several positions; those that do not exist are left out."""
    results = Array()
    size = len(value)
    for index in _flat(indices):
        try:
            number = position(ctx, _base(index))
        except PSError:
            if ctx is not None and ctx.strict >= 3:
                raise
            continue
        if -size <= number < size:
            results.append(Char(value[number]) if isinstance(value, str) else value[number])
        elif ctx is not None and ctx.strict >= 3:
            raise _array_range() if isinstance(value, (str, Array)) else _list_range()
    return results


def _flat(indices: Sequence[Any]) -> list[Any]:
    flat: list[Any] = []
    for index in indices:
        inner = _base(index)
        if isinstance(inner, list):
            flat.extend(inner)
        else:
            flat.append(inner)
    return flat


def _get_many(ctx: Any, value: Any, indices: Sequence[Any]) -> Any:
    """``$x[1, 2]`` of something that has one dimension: a slice."""
    if isinstance(value, (list, str)):
        return _slice(ctx, value, indices)
    if isinstance(value, Dictionary):
        return Array([_get_key(ctx, value, i) for i in indices])
    from hvsim.runtime import members, objects

    found = members.find_indexer(types.of(value))
    if found is not None:
        if any(len(o.parameters) == len(indices) for o in found.overloads):
            return objects.call_group(ctx, found, (value,), list(indices))
        return _call_indexer(ctx, objects, found, value, list(indices))
    return _scalar_missing(ctx, value)


def _get_scalar(ctx: Any, value: Any, index: Any) -> Any:
    """Anything without an indexer has itself at 0 and at -1, and nothing else (``ArrayOps.GetNonIndexable``)."""
    if index is None:
        raise null_index()
    if _is_slice(index):
        return _scalar_missing(ctx, value)
    try:
        number = position(ctx, index)
    except PSError:
        return _scalar_missing(ctx, value)
    return value if number in (0, -1) else _scalar_missing(ctx, value)


def _scalar_missing(ctx: Any, value: Any) -> Any:
    if ctx is not None and ctx.strict >= 2:
        raise cannot_index(_shown(value))
    return AUTOMATION_NULL


def _shown(value: Any) -> str:
    if isinstance(value, PSCustomObject):
        return "System.Management.Automation.PSObject"
    return types.of(value).full_name


def _get_key(ctx: Any, table: Dictionary, index: Any) -> Any:
    if type(index) is PSObject:
        index = index.base
    if index is None or index is AUTOMATION_NULL:
        raise null_index()
    if isinstance(table, OrderedDictionary):
        if isinstance(index, int) and type(index) is not bool:
            try:
                return table.at(int(index))[1]
            except IndexError:
                if index < 0 and -index <= len(table):
                    return table.at(len(table) + int(index))[1]
                return _missing(ctx, _list_range)
        if _is_slice(index):
            return Array([_get_key(ctx, table, i) for i in index])
        return table.get(index)
    if type(index) is str and type(table) is not GenericDictionary:
        pair = table.store.get(table._key(index))
        return None if pair is None else pair[1]
    if _is_slice(index) and not table.contains(index):
        return Array([_get_key(ctx, table, i) for i in index])
    if isinstance(table, GenericDictionary):
        return _get_generic(ctx, table, index)
    return table.get(index)


def _get_generic(ctx: Any, table: GenericDictionary, index: Any) -> Any:
    key = index
    if table.key_type is not types.OBJECT and types.of(index) is not table.key_type:
        from hvsim.runtime import convert

        key = convert.to(ctx, index, table.key_type)
    return table.get(key)


def _get_multi(ctx: Any, array: MultiArray, indices: Sequence[Any]) -> Any:
    if len(indices) == 1 and _is_slice(_base(indices[0])):
        inner = _base(indices[0])
        if inner and _is_slice(_base(inner[0])):
            return Array([_get_multi(ctx, array, _base(i)) for i in inner])
        indices = inner
    if any(_is_slice(_base(i)) for i in indices):
        return Array([_get_multi(ctx, array, _base(i)) for i in indices])
    try:
        return array.items[_offset(ctx, array, indices)]
    except PSError as error:
        if error.exception.kind == "System.IndexOutOfRangeException" and not (ctx is not None and ctx.strict >= 3):
            return None
        raise


def _offset(ctx: Any, array: MultiArray, indices: Sequence[Any]) -> int:
    if len(indices) != len(array.shape):
        raise runtime_error(
            "NeedMultidimensionalIndex",
            f"You cannot index into a {len(array.shape)} dimensional array with index [{_index_text(ctx, indices)}].",
        )
    offset = 0
    for size, index in zip(array.shape, indices, strict=True):
        number = position(ctx, _base(index))
        if number < 0:
            number += size
        if not 0 <= number < size:
            raise _array_range()
        offset = offset * size + number
    return offset


# --- writing ------------------------------------------------------------------------------------------------------


def set_index(ctx: Any, value: Any, indices: Sequence[Any], new: Any) -> None:
    """``$value[index] = new``.

    Raises:
        PSError: as for reading, and positions that do not exist, values that do not convert.
    """
    if type(value) is PSObject:
        value = value.base
    if new is AUTOMATION_NULL:
        new = None
    if value is None or value is AUTOMATION_NULL:
        raise null_array()
    if isinstance(value, MultiArray):
        value.items[_offset(ctx, value, indices)] = _element(ctx, new, value.element_type)
        return
    if len(indices) != 1 or (_is_slice(_base(indices[0])) and not isinstance(value, Dictionary)):
        _set_slice(ctx, value, indices)
    index = _base(indices[0])
    if isinstance(value, Dictionary):
        _set_key(ctx, value, index, new)
    elif isinstance(value, list):
        _set_position(ctx, value, index, new)
    else:
        _set_by_indexer(ctx, value, indices, new)


def _index_text(ctx: Any, indices: Iterable[Any]) -> str:
    """The indices in an error's text, 20 characters of them (``ArrayOps.IndexStringMessage``)."""
    from hvsim.runtime import convert

    text = ",".join(convert.to_string(ctx, index) for index in indices)
    return text if len(text) <= 20 else text[:20] + " ..."


def _set_slice(ctx: Any, value: Any, indices: Sequence[Any]) -> None:
    if isinstance(value, list):
        raise runtime_error(
            "ArraySliceAssignmentFailed",
            f"Array assignment to [{_index_text(ctx, _flat(indices))}] failed because assignment to slices is not supported.",
        )


def _element(ctx: Any, new: Any, element: Any) -> Any:
    if element is None or element is types.OBJECT:
        return new
    from hvsim.runtime import convert

    return convert.to(ctx, new, element)


def _set_position(ctx: Any, target: list[Any], index: Any, new: Any) -> None:
    number = position(ctx, index)
    size = len(target)
    if isinstance(target, (Array, GenericList)):
        new = _element(ctx, new, target.element_type)
    if not -size <= number < size:
        raise _array_range() if isinstance(target, Array) else _list_range()
    if isinstance(target, ReadOnlyCollection) or (isinstance(target, ArrayList) and target.read_only):
        raise net_error("System.NotSupportedException", "Collection is read-only.")
    target[number] = new


def _set_key(ctx: Any, table: Dictionary, index: Any, new: Any) -> None:
    if index is None:
        raise null_index()
    if isinstance(table, OrderedDictionary):
        if table.read_only:
            raise net_error("System.NotSupportedException", "The OrderedDictionary is readonly and cannot be modified.")
        if isinstance(index, int) and type(index) is not bool:
            try:
                table.set_at(int(index), new)
            except IndexError:
                raise net_error(
                    "System.ArgumentOutOfRangeException",
                    "Specified argument was out of the range of valid values. (Parameter 'index')",
                ) from None
            return
    elif isinstance(table, GenericDictionary):
        index = _element(ctx, index, table.key_type)
        new = _element(ctx, new, table.value_type)
    table.set(index, new)


def _set_by_indexer(ctx: Any, value: Any, indices: Sequence[Any], new: Any) -> None:
    from hvsim.runtime import members, objects

    found = members.find_indexer(types.of(value), setting=True)
    if found is None:
        raise cannot_index(_shown(value))
    objects.call_group(ctx, found, (value,), [*indices, new])



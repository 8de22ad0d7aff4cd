# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``ConcurrentQueue``, ``ConcurrentStack``, ``ConcurrentBag`` and what ``ConcurrentDictionary`` has for itself.

There is one thread, so nothing is ever in another's way. A bag gives a thread its own newest item first, as a stack does.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from hvsim.library.dotnet.collections import null_argument
from hvsim.library.dotnet.lists import elements_of
from hvsim.library.dotnet.sets import array_of, copy_items, list_enumerator, try_end
from hvsim.runtime import compare
from hvsim.runtime.collections import GenericDictionary, Queue, ReadOnlyCollection, Stack
from hvsim.runtime.delegates import Delegate
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method
from hvsim.runtime.objects import property_order, unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array

_NAMESPACE: Final = "System.Collections.Concurrent."
_QUEUE: Final = _NAMESPACE + "ConcurrentQueue`1"
_STACK: Final = _NAMESPACE + "ConcurrentStack`1"
_BAG: Final = _NAMESPACE + "ConcurrentBag`1"
_DICTIONARY: Final = _NAMESPACE + "ConcurrentDictionary`2"
_ITEMS: Final = "System.Collections.Generic.IEnumerable[T]"


class ConcurrentQueue(Queue):
    __slots__ = ()
    DEFINITION: ClassVar[str] = _QUEUE


class ConcurrentStack(Stack):
    __slots__ = ()
    DEFINITION: ClassVar[str] = _STACK


class ConcurrentBag(Stack):
    __slots__ = ()
    DEFINITION: ClassVar[str] = _BAG


def _maker(kind: type[Queue] | type[Stack]) -> Any:
    def make(net_type: NetType, *args: Any) -> Any:
        return kind(elements_of(args[0], "collection") if args else (), net_type.arguments[0])

    return make


def _add(self: Any, item: Any) -> None:
    self.items.append(item)


def _no_root(_self: Any) -> Any:
    message = "The SyncRoot property may not be used for the synchronization of concurrent collections."
    raise net_error("System.NotSupportedException", message)


getter(_DICTIONARY, "SyncRoot", type="System.Object")(_no_root)
for _name, _kind, _put, _take, _end in (
    (_QUEUE, ConcurrentQueue, "Enqueue", "TryDequeue", 0),
    (_STACK, ConcurrentStack, "Push", "TryPop", -1),
    (_BAG, ConcurrentBag, "Add", "TryTake", -1),
):
    constructor(_name, overloads=["()", f"({_ITEMS})"])(_maker(_kind))
    getter(_name, "Count", type="int")(len)
    getter(_name, "IsEmpty", type="bool")(lambda self: not self.items)
    getter(_name, "SyncRoot", type="System.Object")(_no_root)
    property_order(_name, "IsEmpty", "Count")
    method(_name, _put, overloads=["(T) -> void"])(_add)
    method(_name, _take, overloads=["(out T) -> bool"])(lambda self, ref, end=_end: try_end(self, ref, end, True))
    method(_name, "TryPeek", overloads=["(out T) -> bool"])(lambda self, ref, end=_end: try_end(self, ref, end, False))
    method(_name, "Clear", overloads=["() -> void"])(lambda self: self.items.clear())
    method(_name, "ToArray", overloads=["() -> T[]"])(lambda self: array_of(self, self.element_type))
    method(_name, "CopyTo", overloads=["(T[], int) -> void"])(copy_items)
    method(_name, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])(list_enumerator)
property_order(_BAG, "Count", "IsEmpty")


def _check_range(items: Any, start: int, count: int) -> None:
    if count < 0:
        raise net_error(
            "System.ArgumentOutOfRangeException", "The count argument must be greater than or equal to zero. (Parameter 'count')"
        )
    if not 0 <= start <= len(items):
        raise net_error(
            "System.ArgumentOutOfRangeException", "The startIndex argument must be greater than or equal to zero. (Parameter 'startIndex')"
        )


@method(_STACK, "PushRange", overloads=["(T[]) -> void", "(T[], int, int) -> void"])
def _push_range(self: ConcurrentStack, items: Any, *part: int) -> None:
    if items is None:
        raise null_argument("items")
    start, count = part or (0, len(items))
    _check_range(items, start, count)
    self.items.extend(items[start : start + count])


@method(_STACK, "TryPopRange", overloads=["(T[]) -> int", "(T[], int, int) -> int"])
def _pop_range(self: ConcurrentStack, target: Any, *part: int) -> int:
    if target is None:
        raise null_argument("items")
    start, count = part or (0, len(target))
    _check_range(target, start, count)
    taken = min(count, len(self.items))
    for offset in range(taken):
        target[start + offset] = self.items.pop()
    return taken


# --- ConcurrentDictionary ---------------------------------------------------------------------------------------------


def _known(key: Any) -> Any:
    base = unwrap(key)
    if base is None:
        raise null_argument("key")
    return base


@method(
    _DICTIONARY,
    "AddOrUpdate",
    overloads=[
        "(TKey, System.Func[TKey,TValue], System.Func[TKey,TValue,TValue]) -> TValue",
        "(TKey, TValue, System.Func[TKey,TValue,TValue]) -> TValue",
    ],
)
def _add_or_update(self: GenericDictionary, key: Any, value: Any, update: Delegate) -> Any:
    key = _known(key)
    if self.contains(key):
        self.set(key, update(key, self.get(key)))
    else:
        self.set(key, value(key) if isinstance(value, Delegate) else value)
    return self.get(key)


@method(_DICTIONARY, "TryUpdate", overloads=["(TKey, TValue, TValue) -> bool"])
def _try_update(self: GenericDictionary, key: Any, value: Any, expected: Any) -> bool:
    key = _known(key)
    if not self.contains(key) or not compare.net_equals(unwrap(self.get(key)), unwrap(expected)):
        return False
    self.set(key, value)
    return True


# Both are copies of what there is when they are asked for.
getter(_DICTIONARY, "Keys", type="System.Object")(lambda self: ReadOnlyCollection(self.keys(), self.key_type))
getter(_DICTIONARY, "Values", type="System.Object")(lambda self: ReadOnlyCollection(self.values(), self.value_type))
getter(_DICTIONARY, "IsEmpty", type="bool")(lambda self: len(self) == 0)


@method(_DICTIONARY, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])
def _pairs(self: GenericDictionary) -> Any:
    """Goes over what there was at the start; the dictionary may change meanwhile."""
    return list_enumerator(Array(list(self)))


# PowerShell finds the methods of interfaces that a class has under the interface's name alone, such as IDictionary.Remove.
@method(_DICTIONARY, "Remove", overloads=["(TKey) -> bool"])
def _remove(self: GenericDictionary, key: Any) -> bool:
    return self.remove(_known(key))


@method(_DICTIONARY, "Add", overloads=["(TKey, TValue) -> void"])
def _insert(self: GenericDictionary, key: Any, value: Any) -> None:
    if not self.add(_known(key), value):
        raise net_error("System.ArgumentException", "The key already existed in the dictionary.")

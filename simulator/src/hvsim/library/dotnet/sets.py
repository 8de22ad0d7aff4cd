# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``HashSet``, ``SortedSet``, ``Queue``, ``Stack``, ``LinkedList`` and of comparers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hvsim.library.dotnet.collections import comparer_ignores_case, comparer_of, null_argument
from hvsim.library.dotnet.lists import elements_of
from hvsim.runtime import compare, types
from hvsim.runtime.collections import (
    Enumerator,
    HashSet,
    LinkedList,
    LinkedListNode,
    Queue,
    SortedSet,
    Stack,
    fold,
    key_of,
)
from hvsim.runtime.delegates import Delegate
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.objects import unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, NetObject

_GENERIC = "System.Collections.Generic."
_HASH_SET = _GENERIC + "HashSet`1"
_SORTED_SET = _GENERIC + "SortedSet`1"
_ENUMERATOR = "System.Collections.IEnumerator"
_ITEMS = "System.Collections.Generic.IEnumerable[T]"


def list_enumerator(self: Iterable[Any]) -> Enumerator:
    """An enumerator over what there is now."""
    return Enumerator(lambda: list(self), types.get(_ENUMERATOR))


def array_of(self: Any, element: NetType | None) -> Array:
    return Array(list(self), element if element is not types.OBJECT else None)


# --- sets ---------------------------------------------------------------------------------------------------------


def _new_set(net_type: NetType, args: tuple[Any, ...], make: type[HashSet]) -> HashSet:
    source: Any = None
    comparer: Any = None
    for argument in args:
        base = unwrap(argument)
        if base is None:
            if len(args) == 1:
                raise null_argument("collection")
        elif hasattr(base, "compare"):
            comparer = base
        elif not isinstance(base, int):
            source = base
    element = net_type.arguments[0]
    items = elements_of(source) if source is not None else ()
    return make(items, element, ignore_case=comparer_ignores_case(comparer), comparer=comparer)


@constructor(_HASH_SET)
def _new_hash_set(net_type: NetType, *args: Any) -> HashSet:
    return _new_set(net_type, args, HashSet)


@constructor(
    _SORTED_SET,
    overloads=[
        "()",
        f"({_ITEMS})",
        "(System.Collections.Generic.IComparer[T])",
        f"({_ITEMS}, System.Collections.Generic.IComparer[T])",
    ],
)
def _new_sorted_set(net_type: NetType, *args: Any) -> HashSet:
    return _new_set(net_type, args, SortedSet)


def _keys(self: HashSet, other: Any) -> set[Any]:
    return {key_of(unwrap(item), self.ignore_case) for item in elements_of(other, "other")}


def _own(self: HashSet) -> set[Any]:
    return set(self.store)


def _union(self: HashSet, other: Any) -> None:
    for item in elements_of(other, "other"):
        self.add(item)


def _except(self: HashSet, other: Any) -> None:
    for item in elements_of(other, "other"):
        self.remove(item)


def _intersect(self: HashSet, other: Any) -> None:
    keep = _keys(self, other)
    self.store = {k: v for k, v in self.store.items() if k in keep}


def _symmetric(self: HashSet, other: Any) -> None:
    seen: set[Any] = set()
    for item in elements_of(other, "other"):
        key = key_of(unwrap(item), self.ignore_case)
        if key in seen:
            continue
        seen.add(key)
        if not self.remove(item):
            self.add(item)


def _remove_where(self: HashSet, match: Delegate) -> int:
    gone = [item for item in self if match(item)]
    for item in gone:
        self.remove(item)
    return len(gone)


def _try_value(self: HashSet, wanted: Any, reference: Any) -> bool:
    key = key_of(wanted, self.ignore_case)
    found = key in self.store
    from hvsim.runtime.defaults import default_value

    reference.value = self.store[key] if found else default_value(self.element_type)
    return found


def copy_items(self: Iterable[Any], target: Any, index: int = 0, count: int | None = None) -> None:
    for offset, item in enumerate(list(self)[:count]):
        target[index + offset] = item


for _name in (_HASH_SET, _SORTED_SET):
    getter(_name, "Count", type="int")(len)
    getter(_name, "Comparer", type="System.Object")(comparer_of)
    for _member, _signature, _function in (
        ("Add", "(T) -> bool", lambda self, item: self.add(item)),
        ("Remove", "(T) -> bool", lambda self, item: self.remove(item)),
        ("Contains", "(T) -> bool", lambda self, item: self.contains(item)),
        ("Clear", "() -> void", lambda self: self.clear()),
        ("UnionWith", f"({_ITEMS}) -> void", _union),
        ("ExceptWith", f"({_ITEMS}) -> void", _except),
        ("IntersectWith", f"({_ITEMS}) -> void", _intersect),
        ("SymmetricExceptWith", f"({_ITEMS}) -> void", _symmetric),
        ("SetEquals", f"({_ITEMS}) -> bool", lambda self, other: _own(self) == _keys(self, other)),
        ("IsSubsetOf", f"({_ITEMS}) -> bool", lambda self, other: _own(self) <= _keys(self, other)),
        ("IsSupersetOf", f"({_ITEMS}) -> bool", lambda self, other: _own(self) >= _keys(self, other)),
        ("IsProperSubsetOf", f"({_ITEMS}) -> bool", lambda self, other: _own(self) < _keys(self, other)),
        ("IsProperSupersetOf", f"({_ITEMS}) -> bool", lambda self, other: _own(self) > _keys(self, other)),
        ("Overlaps", f"({_ITEMS}) -> bool", lambda self, other: bool(_own(self) & _keys(self, other))),
        ("RemoveWhere", "(System.Predicate[T]) -> int", _remove_where),
        ("TryGetValue", "(T, out T) -> bool", _try_value),
        ("GetEnumerator", "() -> System.Collections.IEnumerator", list_enumerator),
    ):
        method(_name, _member, overloads=[_signature])(_function)
    method(_name, "CopyTo", overloads=["(T[]) -> void", "(T[], int) -> void", "(T[], int, int) -> void"])(copy_items)
    method(_name, "TrimExcess", overloads=["() -> void"])(lambda self: None)
getter(_SORTED_SET, "Min", type="T")(lambda self: next(iter(self), None))
getter(_SORTED_SET, "Max", type="T")(lambda self: list(self)[-1] if len(self) else None)
method(_SORTED_SET, "Reverse", overloads=["() -> System.Object"])(
    lambda self: array_of(list(self)[::-1], self.element_type)
)


# --- queues and stacks ----------------------------------------------------------------------------------------------


def _empty(what: str) -> PSError:
    return net_error("System.InvalidOperationException", f"{what} empty.")


def _new_plain(kind: type[Queue] | type[Stack]) -> Any:
    def make(net_type: NetType, *args: Any) -> Any:
        element = net_type.arguments[0] if net_type.arguments else None
        source = unwrap(args[0]) if args else None
        if isinstance(source, int) or not args:
            return kind((), element)
        return kind(elements_of(source, "collection" if element else "col"), element)

    return make


def _remove(items: list[Any], index: int, what: str) -> Any:
    if not items:
        raise _empty(what)
    return items.pop(index)


def _peek(items: list[Any], index: int, what: str) -> Any:
    if not items:
        raise _empty(what)
    return items[index]


def try_end(self: Any, reference: Any, index: int, remove: bool) -> bool:
    from hvsim.runtime.defaults import default_value

    if not self.items:
        reference.value = default_value(self.element_type or types.OBJECT)
        return False
    reference.value = self.items.pop(index) if remove else self.items[index]
    return True


def _contains(self: Any, item: Any) -> bool:
    return any(compare.net_equals(unwrap(i), unwrap(item)) for i in self.items)


def _shared(name: str, element: str, array: str, kind: type[Queue] | type[Stack]) -> None:
    constructor(name, overloads=["()", "(int)", f"({_ITEMS})" if element == "T" else "(System.Collections.ICollection)"])(
        _new_plain(kind)
    )
    getter(name, "Count", type="int")(len)
    getter(name, "IsSynchronized", type="bool")(lambda self: False)
    getter(name, "SyncRoot", type="System.Object")(lambda self: self)
    method(name, "Contains", overloads=[f"({element}) -> bool"])(_contains)
    method(name, "Clear", overloads=["() -> void"])(lambda self: self.items.clear())
    method(name, "ToArray", overloads=[f"() -> {array}"])(
        lambda self: array_of(self, self.element_type or types.OBJECT)
    )
    method(name, "CopyTo", overloads=["(array, int) -> void"])(copy_items)
    method(name, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])(list_enumerator)
    method(name, "Clone", overloads=["() -> System.Object"])(lambda self: type(self)(self.items, self.element_type))
    method(name, "TrimExcess", overloads=["() -> void"])(lambda self, *_: None)


for _name, _element, _array in (
    (_GENERIC + "Queue`1", "T", "T[]"),
    ("System.Collections.Queue", "System.Object", "System.Object[]"),
):
    _shared(_name, _element, _array, Queue)
    method(_name, "Enqueue", overloads=[f"({_element}) -> void"])(lambda self, item: self.items.append(item))
    method(_name, "Dequeue", overloads=[f"() -> {_element}"])(lambda self: _remove(self.items, 0, "Queue"))
    method(_name, "Peek", overloads=[f"() -> {_element}"])(lambda self: _peek(self.items, 0, "Queue"))
    method(_name, "TryDequeue", overloads=["(out T) -> bool"])(lambda self, ref: try_end(self, ref, 0, True))
    method(_name, "TryPeek", overloads=["(out T) -> bool"])(lambda self, ref: try_end(self, ref, 0, False))
for _name, _element, _array in (
    (_GENERIC + "Stack`1", "T", "T[]"),
    ("System.Collections.Stack", "System.Object", "System.Object[]"),
):
    _shared(_name, _element, _array, Stack)
    method(_name, "Push", overloads=[f"({_element}) -> void"])(lambda self, item: self.items.append(item))
    method(_name, "Pop", overloads=[f"() -> {_element}"])(lambda self: _remove(self.items, -1, "Stack"))
    method(_name, "Peek", overloads=[f"() -> {_element}"])(lambda self: _peek(self.items, -1, "Stack"))
    method(_name, "TryPop", overloads=["(out T) -> bool"])(lambda self, ref: try_end(self, ref, -1, True))
    method(_name, "TryPeek", overloads=["(out T) -> bool"])(lambda self, ref: try_end(self, ref, -1, False))


# --- LinkedList ---------------------------------------------------------------------------------------------------

_LINKED = _GENERIC + "LinkedList`1"
_NODE = _GENERIC + "LinkedListNode`1"
_NODE_TEXT = "System.Collections.Generic.LinkedListNode[T]"


@constructor(_LINKED, overloads=["()", f"({_ITEMS})"])
def _new_linked(net_type: NetType, *args: Any) -> LinkedList:
    return LinkedList(elements_of(args[0]) if args else (), net_type.arguments[0])


@constructor(_NODE, overloads=["(T)"])
def _new_node(net_type: NetType, value: Any) -> LinkedListNode:
    return LinkedListNode(value)


def _insert_node(self: LinkedList, index: int, item: Any) -> LinkedListNode:
    node = item if isinstance(item, LinkedListNode) else LinkedListNode(item)
    node.owner = self
    self.nodes.insert(index, node)
    return node


def _index_of_value(self: LinkedList, value: Any, *, last: bool = False) -> int:
    order = range(len(self.nodes) - 1, -1, -1) if last else range(len(self.nodes))
    return next((i for i in order if compare.net_equals(unwrap(self.nodes[i].value), unwrap(value))), -1)


def _linked_remove(self: LinkedList, item: Any) -> bool:
    index = self.nodes.index(item) if isinstance(item, LinkedListNode) else _index_of_value(self, item)
    if index < 0:
        return False
    self.nodes.pop(index).owner = None
    return True


def _drop(self: LinkedList, index: int) -> None:
    if not self.nodes:
        raise net_error("System.InvalidOperationException", "The LinkedList is empty.")
    self.nodes.pop(index).owner = None


def _find_node(self: LinkedList, value: Any, last: bool = False) -> LinkedListNode | None:
    index = _index_of_value(self, value, last=last)
    return self.nodes[index] if index >= 0 else None


def _neighbour(self: LinkedListNode, step: int) -> LinkedListNode | None:
    if self.owner is None:
        return None
    index = self.owner.nodes.index(self) + step
    return self.owner.nodes[index] if 0 <= index < len(self.owner.nodes) else None


getter(_LINKED, "Count", type="int")(len)
getter(_LINKED, "First", type="System.Object")(lambda self: self.nodes[0] if self.nodes else None)
getter(_LINKED, "Last", type="System.Object")(lambda self: self.nodes[-1] if self.nodes else None)
_linked_members: list[tuple[str, list[str], Any]] = [
    ("AddFirst", ["(T) -> System.Object", f"({_NODE_TEXT}) -> System.Object"], lambda s, i: _insert_node(s, 0, i)),
    ("AddLast", ["(T) -> System.Object", f"({_NODE_TEXT}) -> System.Object"], lambda s, i: _insert_node(s, len(s.nodes), i)),
    ("AddAfter", [f"({_NODE_TEXT}, T) -> System.Object"], lambda s, n, i: _insert_node(s, s.nodes.index(n) + 1, i)),
    ("AddBefore", [f"({_NODE_TEXT}, T) -> System.Object"], lambda s, n, i: _insert_node(s, s.nodes.index(n), i)),
    ("Remove", ["(T) -> bool", f"({_NODE_TEXT}) -> bool"], _linked_remove),
    ("RemoveFirst", ["() -> void"], lambda s: _drop(s, 0)),
    ("RemoveLast", ["() -> void"], lambda s: _drop(s, -1)),
    ("Contains", ["(T) -> bool"], lambda s, v: _index_of_value(s, v) >= 0),
    ("Find", ["(T) -> System.Object"], _find_node),
    ("FindLast", ["(T) -> System.Object"], lambda s, v: _find_node(s, v, True)),
    ("Clear", ["() -> void"], lambda s: s.nodes.clear()),
    ("CopyTo", ["(T[], int) -> void"], copy_items),
    ("GetEnumerator", ["() -> System.Collections.IEnumerator"], list_enumerator),
]
for _member, _signatures, _function in _linked_members:
    method(_LINKED, _member, overloads=_signatures)(_function)
getter(_NODE, "Value", type="T")(lambda self: self.value)
getter(_NODE, "Next", type="System.Object")(lambda self: _neighbour(self, 1))
getter(_NODE, "Previous", type="System.Object")(lambda self: _neighbour(self, -1))
getter(_NODE, "List", type="System.Object")(lambda self: self.owner)


# --- comparers ----------------------------------------------------------------------------------------------------

_COMPARER = "System.StringComparer"


class StringComparer(NetObject):
    """``StringComparer.Ordinal`` and its like. *linguistic* orders as a culture does, else by code unit."""

    __slots__ = ("ignore_case", "linguistic")

    def __init__(self, ignore_case: bool, linguistic: bool) -> None:
        self.ignore_case = ignore_case
        self.linguistic = linguistic

    @property
    def net_type(self) -> NetType:
        if self.linguistic:
            return types.get("System.CultureAwareComparer")
        return types.get("System.OrdinalComparer")

    def compare(self, a: Any, b: Any) -> int:
        if a is None or b is None:
            return (a is not None) - (b is not None)
        if not isinstance(a, str) or not isinstance(b, str):
            return compare.net_compare(None, a, b)
        if self.linguistic:
            return compare.compare_strings(a, b, ignore_case=self.ignore_case)
        x, y = (fold(a), fold(b)) if self.ignore_case else (a, b)
        return (x > y) - (x < y)

    def equals(self, a: Any, b: Any) -> bool:
        return self.compare(a, b) == 0


for _name, _ignore, _linguistic in (
    ("Ordinal", False, False),
    ("OrdinalIgnoreCase", True, False),
    ("InvariantCulture", False, True),
    ("InvariantCultureIgnoreCase", True, True),
    ("CurrentCulture", False, True),
    ("CurrentCultureIgnoreCase", True, True),
):
    _instance = StringComparer(_ignore, _linguistic)
    static_getter(_COMPARER, _name)(lambda instance=_instance: instance)


@static_method(_COMPARER, "Create", overloads=["(cultureinfo, bool) -> System.StringComparer"])
def _create_comparer(culture: Any, ignore_case: bool) -> StringComparer:
    return StringComparer(ignore_case, True)


@static_method(_COMPARER, "FromComparison", overloads=["(System.StringComparison) -> System.StringComparer"])
def _from_comparison(kind: Any) -> StringComparer:
    return StringComparer(bool(kind.value % 2), kind.value < 4)


@method(_COMPARER, "Compare", overloads=["(System.Object, System.Object) -> int", "(string, string) -> int"])
def _compare(self: StringComparer, a: Any, b: Any) -> int:
    return self.compare(unwrap(a), unwrap(b))


@method(_COMPARER, "Equals", overloads=["(System.Object, System.Object) -> bool", "(string, string) -> bool", "(System.Object) -> bool"])
def _comparer_equals(self: StringComparer, a: Any, *b: Any) -> bool:
    return self.equals(unwrap(a), unwrap(b[0])) if b else self is a


@method(_COMPARER, "GetHashCode", overloads=["(System.Object) -> int", "(string) -> int", "() -> int"])
def _comparer_hash(self: StringComparer, *args: Any) -> int:
    text = args[0] if args else ""
    return hash(fold(text) if self.ignore_case and isinstance(text, str) else text) & 0x7FFFFFFF


class DefaultComparer(NetObject):
    """``Comparer.Default`` and ``Comparer[T].Default``."""

    __slots__ = ()
    NET = "System.Collections.Comparer"
    ignore_case = False

    def compare(self, a: Any, b: Any) -> int:
        return compare.net_compare(None, a, b)


class CaseInsensitiveComparer(NetObject):
    """``System.Collections.CaseInsensitiveComparer``."""

    __slots__ = ()
    NET = "System.Collections.CaseInsensitiveComparer"
    ignore_case = True

    def compare(self, a: Any, b: Any) -> int:
        if isinstance(a, str) and isinstance(b, str):
            return compare.compare_strings(a, b, ignore_case=True)
        return compare.net_compare(None, a, b)


_DEFAULT = DefaultComparer()
static_getter("System.Collections.Comparer", "Default", type="System.Collections.Comparer")(lambda: _DEFAULT)
static_getter("System.Collections.Generic.Comparer`1", "Default", type="System.Object")(lambda: _DEFAULT)
method("System.Collections.Comparer", "Compare", overloads=["(System.Object, System.Object) -> int"])(_compare)
method("System.Collections.CaseInsensitiveComparer", "Compare", overloads=["(System.Object, System.Object) -> int"])(_compare)
constructor("System.Collections.CaseInsensitiveComparer", overloads=["()"])(lambda net_type: CaseInsensitiveComparer())

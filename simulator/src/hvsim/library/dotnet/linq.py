# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Linq.Enumerable``, the part that scripts call; results are arrays, not lazy sequences."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import dropwhile, takewhile
from typing import Any

from hvsim.library.dotnet.lists import elements_of, order_of
from hvsim.library.dotnet.misc import Tuple
from hvsim.library.dotnet.support import out_of_range
from hvsim.runtime import compare, types
from hvsim.runtime.collections import HashSet, key_of
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import static_method
from hvsim.runtime.objects import unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, Decimal, Int64

_LINQ = "System.Linq.Enumerable"
_SOURCE = "System.Collections.Generic.IEnumerable[TSource]"
_PREDICATE = "System.Func[TSource,bool]"


def element_type(source: Any) -> NetType:
    """The element type of a sequence."""
    found = types.of(unwrap(source))
    if found.element_type is not None:
        return found.element_type
    for candidate in (found, *found.interfaces):
        if candidate.arguments and candidate.definition is not None and len(candidate.arguments) == 1:
            return candidate.arguments[0]
    return types.OBJECT


def _array(items: list[Any], like: Any) -> Array:
    element = element_type(like)
    return Array(items, element if element is not types.OBJECT else None)


def _empty(test: Any = None) -> PSError:
    what = "elements" if test is None else "matching element"
    return net_error("System.InvalidOperationException", f"Sequence contains no {what}")


def _linq(name: str, *signatures: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return static_method(_LINQ, name, overloads=list(signatures))


@_linq("Where", f"({_SOURCE}, {_PREDICATE}) -> {_SOURCE}")
def _where(source: Any, test: Any) -> Array:
    return _array([x for x in elements_of(source, "source") if test(x)], source)


@_linq("Select", "(System.Collections.Generic.IEnumerable[TSource], System.Func[TSource,TResult]) -> System.Object")
def _select(source: Any, selector: Any) -> Array:
    element = selector.net_type.arguments[-1]
    return Array([selector(x) for x in elements_of(source, "source")], element if element is not types.OBJECT else None)


@_linq("Any", f"({_SOURCE}) -> bool", f"({_SOURCE}, {_PREDICATE}) -> bool")
def _any(source: Any, test: Any = None) -> bool:
    items = elements_of(source, "source")
    return bool(items) if test is None else any(test(x) for x in items)


@_linq("All", f"({_SOURCE}, {_PREDICATE}) -> bool")
def _all(source: Any, test: Any) -> bool:
    return all(test(x) for x in elements_of(source, "source"))


@_linq("Count", f"({_SOURCE}) -> int", f"({_SOURCE}, {_PREDICATE}) -> int")
def _count(source: Any, test: Any = None) -> int:
    return sum(1 for x in elements_of(source, "source") if test is None or test(x))


def _pick(source: Any, test: Any, last: bool) -> Any:
    items = [x for x in elements_of(source, "source") if test is None or test(x)]
    if not items:
        return _empty
    return items[-1 if last else 0]


@_linq("First", f"({_SOURCE}) -> TSource", f"({_SOURCE}, {_PREDICATE}) -> TSource")
def _first(source: Any, test: Any = None) -> Any:
    found = _pick(source, test, False)
    if found is _empty:
        raise _empty(test)
    return found


@_linq("Last", f"({_SOURCE}) -> TSource", f"({_SOURCE}, {_PREDICATE}) -> TSource")
def _last(source: Any, test: Any = None) -> Any:
    found = _pick(source, test, True)
    if found is _empty:
        raise _empty(test)
    return found


def _or_default(last: bool) -> Callable[..., Any]:
    def find(source: Any, test: Any = None) -> Any:
        from hvsim.runtime.defaults import default_value

        found = _pick(source, test, last)
        return default_value(element_type(source)) if found is _empty else found

    return find


_linq("FirstOrDefault", f"({_SOURCE}) -> TSource", f"({_SOURCE}, {_PREDICATE}) -> TSource")(_or_default(False))
_linq("LastOrDefault", f"({_SOURCE}) -> TSource", f"({_SOURCE}, {_PREDICATE}) -> TSource")(_or_default(True))


def _single(or_default: bool) -> Callable[..., Any]:
    def find(source: Any, test: Any = None) -> Any:
        from hvsim.runtime.defaults import default_value

        items = [x for x in elements_of(source, "source") if test is None or test(x)]
        if len(items) > 1:
            what = "element" if test is None else "matching element"
            raise net_error("System.InvalidOperationException", f"Sequence contains more than one {what}")
        if not items and not or_default:
            raise _empty(test)
        return items[0] if items else default_value(element_type(source))

    return find


for _name, _default in (("Single", False), ("SingleOrDefault", True)):
    _linq(_name, f"({_SOURCE}) -> TSource", f"({_SOURCE}, {_PREDICATE}) -> TSource")(_single(_default))


@_linq("ElementAt", f"({_SOURCE}, int) -> TSource")
def _element_at(source: Any, index: int) -> Any:
    items = elements_of(source, "source")
    if not 0 <= index < len(items):
        # The text of collections with an index, which all sequences of this class are.
        raise out_of_range("Index was out of range. Must be non-negative and less than the size of the collection.", "index")
    return items[index]


_SUMMED = [
    f"(System.Collections.Generic.IEnumerable[{t}]) -> {t}" for t in ("int", "long", "double", "decimal", "float")
]


@_linq("Sum", *_SUMMED)
def _sum(source: Any) -> Any:
    items = elements_of(source, "source")
    name = element_type(source).full_name
    total = sum(items, start=Decimal(0) if name == "System.Decimal" else 0)
    if name == "System.Int32":
        if not -(2**31) <= total < 2**31:
            raise net_error("System.OverflowException", "Arithmetic operation resulted in an overflow.")
        return int(total)
    if name == "System.Int64":
        return Int64(total)
    return float(total) if name in ("System.Double", "System.Single") else total


@_linq("Average", *[s.replace("-> int", "-> double").replace("-> long", "-> double") for s in _SUMMED])
def _average(source: Any) -> Any:
    items = elements_of(source, "source")
    if not items:
        raise _empty()
    return sum(items) / len(items)


def _extreme(biggest: bool) -> Callable[[Any], Any]:
    def find(source: Any) -> Any:
        items = elements_of(source, "source")
        if not items:
            raise _empty()
        return (max if biggest else min)(items, key=order_of(None))

    return find


_linq("Max", f"({_SOURCE}) -> TSource")(_extreme(True))
_linq("Min", f"({_SOURCE}) -> TSource")(_extreme(False))


@_linq("Range", "(int, int) -> System.Object")
def _range(start: int, count: int) -> Array:
    if count < 0:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Specified argument was out of the range of valid values. (Parameter 'count')",
        )
    return Array(range(start, start + count), types.INT)


@_linq("Repeat", "(TResult, int) -> System.Object")
def _repeat(value: Any, count: int) -> Array:
    return Array([value] * count, types.of(value) if value is not None else None)


_PAIR = f"({_SOURCE}, {_SOURCE})"


@_linq("SequenceEqual", f"{_PAIR} -> bool")
def _sequence_equal(first: Any, second: Any) -> bool:
    a, b = elements_of(first, "first"), elements_of(second, "second")
    return len(a) == len(b) and all(compare.net_equals(unwrap(x), unwrap(y)) for x, y in zip(a, b, strict=True))


def _distinct_items(items: list[Any]) -> list[Any]:
    return list(HashSet(items))


@_linq("Distinct", f"({_SOURCE}) -> {_SOURCE}")
def _distinct(source: Any) -> Any:
    return HashSetView(_distinct_items(elements_of(source, "source")), element_type(source))


class HashSetView(HashSet):
    """A sequence that is no array: what lazy operators give."""

    __slots__ = ()


def _keys(items: list[Any]) -> set[Any]:
    return {key_of(unwrap(x), False) for x in items}


@_linq("Except", f"{_PAIR} -> {_SOURCE}")
def _except(first: Any, second: Any) -> Array:
    gone = _keys(elements_of(second, "second"))
    return _array([x for x in _distinct_items(elements_of(first, "first")) if key_of(unwrap(x), False) not in gone], first)


@_linq("Intersect", f"{_PAIR} -> {_SOURCE}")
def _intersect(first: Any, second: Any) -> Array:
    kept = _keys(elements_of(second, "second"))
    return _array([x for x in _distinct_items(elements_of(first, "first")) if key_of(unwrap(x), False) in kept], first)


@_linq("Union", f"{_PAIR} -> {_SOURCE}")
def _union(first: Any, second: Any) -> Array:
    return _array(_distinct_items([*elements_of(first, "first"), *elements_of(second, "second")]), first)


@_linq("Concat", f"{_PAIR} -> {_SOURCE}")
def _concat(first: Any, second: Any) -> Array:
    return _array([*elements_of(first, "first"), *elements_of(second, "second")], first)


@_linq("Contains", f"({_SOURCE}, TSource) -> bool")
def _contains(source: Any, wanted: Any) -> bool:
    return any(compare.net_equals(unwrap(x), unwrap(wanted)) for x in elements_of(source, "source"))


@_linq("Reverse", f"({_SOURCE}) -> {_SOURCE}")
def _reverse(source: Any) -> Array:
    return _array(elements_of(source, "source")[::-1], source)


@_linq("Skip", f"({_SOURCE}, int) -> {_SOURCE}")
def _skip(source: Any, count: int) -> Array:
    return _array(elements_of(source, "source")[max(count, 0) :], source)


@_linq("Take", f"({_SOURCE}, int) -> {_SOURCE}")
def _take(source: Any, count: int) -> Array:
    return _array(elements_of(source, "source")[: max(count, 0)], source)


@_linq("TakeWhile", f"({_SOURCE}, {_PREDICATE}) -> {_SOURCE}")
def _take_while(source: Any, test: Any) -> Array:
    return _array(list(takewhile(test, elements_of(source, "source"))), source)


@_linq("SkipWhile", f"({_SOURCE}, {_PREDICATE}) -> {_SOURCE}")
def _skip_while(source: Any, test: Any) -> Array:
    return _array(list(dropwhile(test, elements_of(source, "source"))), source)


@_linq("Append", f"({_SOURCE}, TSource) -> {_SOURCE}")
def _append(source: Any, item: Any) -> Array:
    return _array([*elements_of(source, "source"), item], source)


@_linq("Prepend", f"({_SOURCE}, TSource) -> {_SOURCE}")
def _prepend(source: Any, item: Any) -> Array:
    return _array([item, *elements_of(source, "source")], source)


@_linq(
    "Aggregate",
    f"({_SOURCE}, System.Func[TSource,TSource,TSource]) -> TSource",
    f"({_SOURCE}, TAccumulate, System.Func[TAccumulate,TSource,TAccumulate]) -> TAccumulate",
)
def _aggregate(source: Any, *args: Any) -> Any:
    items = elements_of(source, "source")
    if len(args) == 2:
        return reduce(args[1], items, args[0])
    if not items:
        raise _empty()
    return reduce(args[0], items)


@_linq("ToArray", f"({_SOURCE}) -> System.Object")
def _to_array(source: Any) -> Array:
    return _array(elements_of(source, "source"), source)


def _sorted(descending: bool) -> Callable[[Any, Any], Array]:
    def run(source: Any, selector: Any) -> Array:
        key = order_of(None)
        items = sorted(elements_of(source, "source"), key=lambda x: key(selector(x)), reverse=descending)
        return _array(items, source)

    return run


_TWO = "System.Collections.Generic.IEnumerable[TFirst], System.Collections.Generic.IEnumerable[TSecond]"


@_linq("Zip", f"({_TWO}) -> System.Object", f"({_TWO}, System.Func[TFirst,TSecond,TResult]) -> System.Object")
def _zip(first: Any, second: Any, selector: Any = None) -> Array:
    pairs = list(zip(elements_of(first, "first"), elements_of(second, "second"), strict=False))
    if selector is not None:
        element = selector.net_type.arguments[-1]
        return Array([selector(a, b) for a, b in pairs], element if element is not types.OBJECT else None)
    pair = types.generic(types.get("System.ValueTuple`2"), element_type(first), element_type(second))
    return Array([Tuple((unwrap(a), unwrap(b)), pair) for a, b in pairs], pair)


@_linq("Chunk", f"({_SOURCE}, int) -> System.Object")
def _chunk(source: Any, size: int) -> Array:
    items = elements_of(source, "source")
    if size < 1:
        raise net_error("System.ArgumentOutOfRangeException", "Specified argument was out of the range of valid values. (Parameter 'size')")
    return Array([_array(items[at : at + size], source) for at in range(0, len(items), size)])


for _name, _descending in (("OrderBy", False), ("OrderByDescending", True)):
    _linq(_name, "(System.Collections.Generic.IEnumerable[TSource], System.Func[TSource,TKey]) -> System.Object")(
        _sorted(_descending)
    )

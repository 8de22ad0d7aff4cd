# SPDX-License-Identifier: GPL-3.0-or-later
"""``PriorityQueue[TElement, TPriority]``: a heap of four children per node, for elements of equal priority leave in the heap's order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from hvsim.library.dotnet.lists import order_of
from hvsim.library.dotnet.support import negative
from hvsim.runtime import types
from hvsim.runtime.defaults import default_value
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method
from hvsim.runtime.objects import unwrap
from hvsim.runtime.types import NetType
from hvsim.runtime.values import NetObject

_NAME = "System.Collections.Generic.PriorityQueue`2"
_ARITY = 4


class PriorityQueue(NetObject):
    """Pairs of element and priority, the smallest priority at the root."""

    __slots__ = ("comparer", "key", "net_type", "nodes")
    DEFINITION: ClassVar[str] = _NAME

    def __init__(self, net_type: NetType, key: Callable[[Any], Any], comparer: Any = None) -> None:
        self.net_type = net_type
        self.key = key
        self.comparer = comparer
        self.nodes: list[tuple[Any, Any]] = []

    def push(self, node: tuple[Any, Any]) -> None:
        """Adds a pair at the end and lets it rise."""
        at = len(self.nodes)
        self.nodes.append(node)
        key = self.key(node[1])
        while at > 0:
            parent = (at - 1) // _ARITY
            if not key < self.key(self.nodes[parent][1]):
                break
            self.nodes[at] = self.nodes[parent]
            at = parent
        self.nodes[at] = node

    def sink(self, node: tuple[Any, Any]) -> None:
        """Puts a pair in the root's place and lets it fall."""
        at, key, size = 0, self.key(node[1]), len(self.nodes)
        while (first := at * _ARITY + 1) < size:
            children = range(first, min(first + _ARITY, size))
            smallest = min(children, key=lambda child: self.key(self.nodes[child][1]))
            if not self.key(self.nodes[smallest][1]) < key:
                break
            self.nodes[at] = self.nodes[smallest]
            at = smallest
        self.nodes[at] = node

    def pop(self) -> tuple[Any, Any]:
        """Takes the root away."""
        root, last = self.nodes[0], self.nodes.pop()
        if self.nodes:
            self.sink(last)
        return root

    def root(self) -> tuple[Any, Any]:
        """The pair that leaves next.

        Raises:
            PSError: there is none.
        """
        if not self.nodes:
            raise _empty()
        return self.nodes[0]


def _empty() -> PSError:
    return net_error("System.InvalidOperationException", "Queue empty.")


_COMPARER = "System.Collections.Generic.IComparer[TPriority]"


@constructor(_NAME, overloads=["()", "(int)", f"({_COMPARER})", f"(int, {_COMPARER})"], context=True)
def _new(ctx: Any, net_type: NetType, *args: Any) -> PriorityQueue:
    given = [unwrap(each) for each in args]
    if given and isinstance(given[0], int) and given[0] < 0:
        raise negative(given[0], "initialCapacity")
    comparer = given[-1] if given and not isinstance(given[-1], int) else None
    return PriorityQueue(net_type, order_of(ctx, comparer), comparer)


getter(_NAME, "Count", type="int")(lambda self: len(self.nodes))


@method(_NAME, "Enqueue", overloads=["(TElement, TPriority) -> void"])
def _enqueue(self: PriorityQueue, element: Any, priority: Any) -> None:
    self.push((element, priority))


@method(_NAME, "Dequeue", overloads=["() -> TElement"])
def _dequeue(self: PriorityQueue) -> Any:
    self.root()
    return self.pop()[0]


@method(_NAME, "Peek", overloads=["() -> TElement"])
def _peek(self: PriorityQueue) -> Any:
    return self.root()[0]


@method(_NAME, "EnqueueDequeue", overloads=["(TElement, TPriority) -> TElement"])
def _enqueue_dequeue(self: PriorityQueue, element: Any, priority: Any) -> Any:
    if not self.nodes or not self.key(self.nodes[0][1]) < self.key(priority):
        return element
    root = self.nodes[0]
    self.sink((element, priority))
    return root[0]


@method(_NAME, "DequeueEnqueue", overloads=["(TElement, TPriority) -> TElement"])
def _dequeue_enqueue(self: PriorityQueue, element: Any, priority: Any) -> Any:
    root = self.root()
    if self.key(root[1]) < self.key(priority):
        self.sink((element, priority))
    else:
        self.nodes[0] = (element, priority)
    return root[0]


def _try(take: bool) -> Callable[[PriorityQueue, Any, Any], bool]:
    def run(self: PriorityQueue, element: Any, priority: Any) -> bool:
        if not self.nodes:
            element.value, priority.value = (default_value(each or types.OBJECT) for each in self.net_type.arguments)
            return False
        element.value, priority.value = self.pop() if take else self.nodes[0]
        return True

    return run


for _method, _takes in (("TryDequeue", True), ("TryPeek", False)):
    method(_NAME, _method, overloads=["(out TElement, out TPriority) -> bool"])(_try(_takes))
method(_NAME, "Clear", overloads=["() -> void"])(lambda self: self.nodes.clear())
method(_NAME, "TrimExcess", overloads=["() -> void"])(lambda self: None)

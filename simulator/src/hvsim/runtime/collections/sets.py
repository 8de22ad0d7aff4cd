# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets, queues, stacks and linked lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from hvsim.runtime import types
from hvsim.runtime.collections.keys import key_of, order_key
from hvsim.runtime.types import NetType
from hvsim.runtime.values import NetObject

_GENERIC = "System.Collections.Generic."


class HashSet(NetObject):
    """``HashSet[T]``: keeps the order of insertion."""

    __slots__ = ("_net_type", "comparer", "element_type", "ignore_case", "store")
    DEFINITION: ClassVar[str] = _GENERIC + "HashSet`1"

    def __init__(
        self,
        items: Iterable[Any] = (),
        element_type: NetType | None = None,
        *,
        ignore_case: bool = False,
        comparer: Any = None,
    ) -> None:
        self.store: dict[Any, Any] = {}
        self.element_type = element_type or types.OBJECT
        self.ignore_case = ignore_case
        self.comparer = comparer
        self._net_type: NetType | None = None
        for item in items:
            self.add(item)

    @property
    def net_type(self) -> NetType:
        if self._net_type is None:
            self._net_type = types.generic(types.get(self.DEFINITION), self.element_type)
        return self._net_type

    def add(self, item: Any) -> bool:
        key = key_of(item, self.ignore_case)
        if key in self.store:
            return False
        self.store[key] = item
        return True

    def remove(self, item: Any) -> bool:
        key = key_of(item, self.ignore_case)
        if key not in self.store:
            return False
        del self.store[key]
        return True

    def contains(self, item: Any) -> bool:
        return key_of(item, self.ignore_case) in self.store

    def clear(self) -> None:
        self.store.clear()

    def __len__(self) -> int:
        return len(self.store)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        return iter(self.store.values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self.store.values())!r})"


class SortedSet(HashSet):
    """``SortedSet[T]``."""

    __slots__ = ()
    DEFINITION: ClassVar[str] = _GENERIC + "SortedSet`1"

    def add(self, item: Any) -> bool:
        added = super().add(item)
        if added and len(self.store) > 1:
            order = order_key(self.ignore_case)
            self.store = dict(sorted(self.store.items(), key=lambda row: order(row[1])))
        return added


class ItemSequence(NetObject):
    """Shared by queue and stack: *element_type* None is the old class without types."""

    __slots__ = ("element_type", "items")
    PLAIN: ClassVar[str] = ""
    DEFINITION: ClassVar[str] = ""

    def __init__(self, items: Iterable[Any] = (), element_type: NetType | None = None) -> None:
        self.items: list[Any] = list(items)
        self.element_type = element_type

    @property
    def net_type(self) -> NetType:
        if self.element_type is None:
            return types.get(self.PLAIN)
        return types.generic(types.get(self.DEFINITION), self.element_type)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        return True


class Queue(ItemSequence):
    """``Queue[T]`` and ``System.Collections.Queue``: ``items[0]`` leaves first."""

    __slots__ = ()
    PLAIN: ClassVar[str] = "System.Collections.Queue"
    DEFINITION: ClassVar[str] = _GENERIC + "Queue`1"

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.items))


class Stack(ItemSequence):
    """``Stack[T]`` and ``System.Collections.Stack``: ``items[-1]`` is the top; enumerates from the top."""

    __slots__ = ()
    PLAIN: ClassVar[str] = "System.Collections.Stack"
    DEFINITION: ClassVar[str] = _GENERIC + "Stack`1"

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items[::-1])


class LinkedListNode(NetObject):
    """``LinkedListNode[T]``."""

    __slots__ = ("owner", "value")

    def __init__(self, value: Any, owner: LinkedList | None = None) -> None:
        self.value = value
        self.owner = owner

    @property
    def net_type(self) -> NetType:
        element = self.owner.element_type if self.owner is not None else types.OBJECT
        return types.generic(types.get(_GENERIC + "LinkedListNode`1"), element)


class LinkedList(NetObject):
    """``LinkedList[T]``; ``nodes`` in order."""

    __slots__ = ("element_type", "nodes")

    def __init__(self, items: Iterable[Any] = (), element_type: NetType | None = None) -> None:
        self.element_type = element_type or types.OBJECT
        self.nodes: list[LinkedListNode] = [LinkedListNode(i, self) for i in items]

    @property
    def net_type(self) -> NetType:
        return types.generic(types.get(_GENERIC + "LinkedList`1"), self.element_type)

    def __len__(self) -> int:
        return len(self.nodes)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        return iter([n.value for n in self.nodes])

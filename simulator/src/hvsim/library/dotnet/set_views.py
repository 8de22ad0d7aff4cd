# SPDX-License-Identifier: GPL-3.0-or-later
"""``SortedSet.GetViewBetween``: a part of a sorted set that changes with it."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.collections import SortedSet
from hvsim.runtime.collections.keys import key_of, order_key
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import method
from hvsim.runtime.objects import unwrap

_SORTED_SET = "System.Collections.Generic.SortedSet`1"


class SortedSetView(SortedSet):
    """The elements of *whole* from *low* to *high*."""

    __slots__ = ("high", "low", "whole")

    def __init__(self, whole: SortedSet, low: Any, high: Any) -> None:
        self.whole, self.low, self.high = whole, low, high
        self.element_type = whole.element_type
        self.ignore_case = whole.ignore_case
        self.comparer = whole.comparer
        self._net_type = None

    def _holds(self, item: Any) -> bool:
        order = order_key(self.ignore_case)
        key = order(unwrap(item))
        return not (key < order(self.low) or order(self.high) < key)

    @property
    def store(self) -> dict[Any, Any]:
        """What the whole set has in the range now."""
        return {key: item for key, item in self.whole.store.items() if self._holds(item)}

    @store.setter
    def store(self, value: dict[Any, Any]) -> None:
        raise Unsupported("IntersectWith of a view of a SortedSet")

    def add(self, item: Any) -> bool:
        if not self._holds(item):
            raise net_error("System.ArgumentOutOfRangeException", "Specified argument was out of the range of valid values. (Parameter 'item')")
        return self.whole.add(item)

    def remove(self, item: Any) -> bool:
        return key_of(item, self.ignore_case) in self.store and self.whole.remove(item)

    def clear(self) -> None:
        for item in list(self):
            self.whole.remove(item)


@method(_SORTED_SET, "GetViewBetween", overloads=["(T, T) -> System.Object"])
def _between(self: SortedSet, low: Any, high: Any) -> SortedSetView:
    low, high = unwrap(low), unwrap(high)
    order = order_key(self.ignore_case)
    if order(high) < order(low):
        raise net_error("System.ArgumentException", "Must be less than or equal to upperValue. (Parameter 'lowerValue')")
    return SortedSetView(self, low, high)

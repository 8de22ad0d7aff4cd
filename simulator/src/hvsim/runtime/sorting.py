# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which .NET leaves equal elements.

``List.Sort`` and ``Array.Sort`` are introspective sorts and not stable; what they do with equal elements is
deterministic, and scripts see it (``Sort-Object`` without ``-Stable``). Source: the documentation of Array.Sort (insertion
sort up to 16 elements, heap sort past a depth of 2 log2 n, else quick sort by the median of three) and recorded cases.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Compare = Callable[[Any, Any], int]
_INSERTION_LIMIT = 16


def introsort(items: list[Any], order: Compare) -> None:
    """Sorts in place as .NET does; *order* answers negative, zero or positive."""
    if len(items) > 1:
        _sort(items, 0, len(items), 2 * len(items).bit_length(), order)


def _sort(items: list[Any], low: int, end: int, depth: int, order: Compare) -> None:
    while (size := end - low) > 1:
        if size <= _INSERTION_LIMIT:
            _sort_few(items, low, end, order)
            return
        if depth == 0:
            _heap_sort(items, low, end, order)
            return
        depth -= 1
        pivot = _partition(items, low, end, order)
        _sort(items, pivot + 1, end, depth, order)
        end = pivot


def _swap_if_greater(items: list[Any], i: int, j: int, order: Compare) -> None:
    if order(items[i], items[j]) > 0:
        items[i], items[j] = items[j], items[i]


def _sort_few(items: list[Any], low: int, end: int, order: Compare) -> None:
    size = end - low
    if size == 2:
        _swap_if_greater(items, low, low + 1, order)
    elif size == 3:
        _swap_if_greater(items, low, low + 1, order)
        _swap_if_greater(items, low, low + 2, order)
        _swap_if_greater(items, low + 1, low + 2, order)
    else:
        for i in range(low, end - 1):
            value = items[i + 1]
            j = i
            while j >= low and order(value, items[j]) < 0:
                items[j + 1] = items[j]
                j -= 1
            items[j + 1] = value


def _partition(items: list[Any], low: int, end: int, order: Compare) -> int:
    high = end - 1
    middle = low + ((high - low) >> 1)
    _swap_if_greater(items, low, middle, order)
    _swap_if_greater(items, low, high, order)
    _swap_if_greater(items, middle, high, order)
    pivot = items[middle]
    items[middle], items[high - 1] = items[high - 1], items[middle]
    left, right = low, high - 1
    while left < right:
        left += 1
        while order(items[left], pivot) < 0:
            left += 1
        right -= 1
        while order(pivot, items[right]) < 0:
            right -= 1
        if left >= right:
            break
        items[left], items[right] = items[right], items[left]
    if left != high - 1:
        items[left], items[high - 1] = items[high - 1], items[left]
    return left


def _heap_sort(items: list[Any], low: int, end: int, order: Compare) -> None:
    size = end - low
    for i in range(size >> 1, 0, -1):
        _sift_down(items, i, size, low, order)
    for i in range(size, 1, -1):
        items[low], items[low + i - 1] = items[low + i - 1], items[low]
        _sift_down(items, 1, i - 1, low, order)


def _sift_down(items: list[Any], i: int, size: int, low: int, order: Compare) -> None:
    value = items[low + i - 1]
    while i <= size >> 1:
        child = 2 * i
        if child < size and order(items[low + child - 1], items[low + child]) < 0:
            child += 1
        if order(value, items[low + child - 1]) >= 0:
            break
        items[low + i - 1] = items[low + child - 1]
        i = child
    items[low + i - 1] = value

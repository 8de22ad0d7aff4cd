# SPDX-License-Identifier: GPL-3.0-or-later
"""What PowerShell takes as a sequence: ``LanguagePrimitives.GetEnumerator``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hvsim.runtime.collections import (
    CollectionView,
    Dictionary,
    Enumerator,
    HashSet,
    ItemSequence,
    LinkedList,
    NetList,
)
from hvsim.runtime.values import Array, MultiArray, PSObject

__all__ = ["SEQUENCES", "enumerate_value", "is_enumerable"]

#: Classes that are unrolled; modules further right may add theirs (values: ``f(value) -> iterator``).
SEQUENCES: dict[type, Any] = {}
_SCALARS: set[type] = {str, int, float, bool, type(None), Dictionary}
_KNOWN = (MultiArray, CollectionView, Enumerator, HashSet, LinkedList, ItemSequence)


def enumerate_value(value: Any) -> Iterator[Any] | None:
    """The elements that a pipeline unrolls *value* into; None for a scalar (strings and dictionaries are scalars)."""
    kind = type(value)
    elements: Any = value
    if kind is Array:
        array: Iterator[Any] = iter(elements)
        return array
    if kind in _SCALARS:
        return None
    if isinstance(value, NetList):
        walk: Iterator[Any] = value.walk()
        return walk
    if isinstance(value, (list, *_KNOWN)):
        found: Iterator[Any] = iter(elements)
        return found
    if kind is PSObject:
        return enumerate_value(value.base)
    for base, make in SEQUENCES.items():
        if isinstance(value, base):
            made: Iterator[Any] = make(value)
            return made
    return None


def is_enumerable(value: Any) -> bool:
    return enumerate_value(value) is not None

# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes two keys equal and how they sort: the comparers of .NET's dictionaries and sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.runtime.values import PSObject


def fold(text: str) -> str:
    """*text* as ``OrdinalIgnoreCase`` sees it: every code unit in simple upper case."""
    if text.isascii():
        return text.upper()
    return "".join(u if len(u := c.upper()) == 1 else c for c in text)


def key_of(key: Any, ignore_case: bool) -> Any:
    """A hashable Python object equal for keys that .NET takes as equal: ``1``, ``1L``, ``1.0`` and ``$true`` differ."""
    cls = type(key)
    if cls is str:
        return fold(key) if ignore_case else key
    if cls is PSObject:
        return key_of(key.base, ignore_case)
    if cls is float and key != key:
        return (cls, "NaN")
    return (cls, key)


def order_key(ignore_case: bool) -> Callable[[Any], Any]:
    from functools import cmp_to_key

    from hvsim.runtime import compare

    return cmp_to_key(lambda a, b: compare.default_order(a, b, ignore_case=ignore_case))

# SPDX-License-Identifier: GPL-3.0-or-later
"""``LanguagePrimitives.Equals`` and ``Compare``: how PowerShell compares two values."""

from __future__ import annotations

from typing import Any

from hvsim.runtime.values import AUTOMATION_NULL, Char, EnumValue, PSObject

__all__ = ["compare_strings", "equals", "equals_strings", "order"]


def equals_strings(a: str, b: str, *, ignore_case: bool = True) -> bool:
    if a == b:
        return True
    if not ignore_case or len(a) != len(b):
        return False
    return a.upper() == b.upper()


def compare_strings(a: str, b: str, *, ignore_case: bool = True) -> int:
    """Culture-aware order of two strings: -1, 0, 1."""
    x, y = a.casefold(), b.casefold()
    if x == y:
        if ignore_case or a == b:
            return 0
        return -1 if a.swapcase() < b.swapcase() else 1
    return -1 if x < y else 1


def _base(value: Any) -> Any:
    if type(value) is PSObject:
        return value.base
    return None if value is AUTOMATION_NULL else value


def equals(ctx: Any, a: Any, b: Any, *, ignore_case: bool = True) -> bool:
    """``LanguagePrimitives.Equals``: the type of *a* decides, *b* is converted to it; no error escapes."""
    if type(a) is int and type(b) is int:
        return a == b
    if type(a) is str and type(b) is str:
        return equals_strings(a, b, ignore_case=ignore_case)
    a, b = _base(a), _base(b)
    if a is None or b is None:
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and type(a) is not bool:
        return a == b
    if isinstance(a, (str, Char)):
        from hvsim.runtime import convert

        return equals_strings(str(a), convert.to_string(ctx, b), ignore_case=ignore_case)
    if type(a) is bool:
        from hvsim.runtime import convert

        return a == convert.to_bool(b)
    if isinstance(a, (int, float, EnumValue)):
        from hvsim.runtime import convert, types

        done, value = convert.try_to(ctx, b, types.of(a))
        return bool(done and value == a)
    return bool(a is b or a == b)


def order(ctx: Any, a: Any, b: Any, *, ignore_case: bool = True) -> int:
    """``LanguagePrimitives.Compare``.

    Raises:
        PSError: the values cannot be compared.
    """
    if type(a) is int and type(b) is int:
        return (a > b) - (a < b)
    a, b = _base(a), _base(b)
    if a is None:
        return 0 if b is None else -1
    if b is None:
        return 1
    from hvsim.runtime import convert

    if isinstance(a, str):
        return compare_strings(a, convert.to_string(ctx, b), ignore_case=ignore_case)
    if isinstance(b, str):
        b = convert.parse_number(b)
    return (a > b) - (a < b)

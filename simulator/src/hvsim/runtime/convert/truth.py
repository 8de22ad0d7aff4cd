# SPDX-License-Identifier: GPL-3.0-or-later
"""Truth: ``LanguagePrimitives.IsTrue``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hvsim.runtime.structs import SwitchParameter
from hvsim.runtime.values import AUTOMATION_NULL, Char, EnumValue, PSObject

__all__ = ["to_bool"]


def to_bool(value: Any) -> bool:
    """Whether *value* is true: not null, zero, empty text, an empty list, or a list of one false element."""
    kind = type(value)
    if kind is bool:
        return value  # type: ignore[no-any-return]
    if kind is int or kind is str:
        return bool(value)
    if value is None or value is AUTOMATION_NULL:
        return False
    if kind is PSObject:
        return to_bool(value.base)
    if isinstance(value, list):
        return _list(value)
    if isinstance(value, (int, float, Decimal)):
        return bool(value)
    if kind is Char:
        return bool(value.code)
    if kind is EnumValue:
        return bool(value.value)
    if kind is SwitchParameter:
        return bool(value.present)
    return True


def _list(items: list[Any]) -> bool:
    if not items:
        return False
    if len(items) > 1:
        return True
    first = items[0]
    if type(first) is PSObject:
        first = first.base
    if isinstance(first, list):
        return bool(first)
    return to_bool(first)

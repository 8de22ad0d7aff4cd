# SPDX-License-Identifier: GPL-3.0-or-later
"""``-eq`` ... ``-le``, ``-contains``, ``-in``, ``-is``, ``-as``. A list on the left is filtered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hvsim.runtime import compare, convert, types
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.operators.arithmetic import base
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, PSCustomObject, PSObject

__all__ = ["COMPARISONS", "as_type", "is_not_type", "is_type"]

Operator = Callable[[Any, Any, Any], Any]
_SCALARS: Final = frozenset({int, str, float, bool, type(None)})


def filtering(test: Callable[[Any, Any, Any], bool]) -> Operator:
    """*test* on a single left value, or the elements of a list that pass it."""

    def apply(ctx: Any, left: Any, right: Any) -> Any:
        if type(left) not in _SCALARS:
            items = convert.enumerate(left)
            if items is not None:
                return Array([item for item in items if test(ctx, item, right)])
        return test(ctx, left, right)

    return apply


def _equality(ignore_case: bool) -> tuple[Operator, Operator]:
    def equal(ctx: Any, left: Any, right: Any) -> bool:
        return compare.equals(ctx, left, right, ignore_case=ignore_case)

    def unequal(ctx: Any, left: Any, right: Any) -> bool:
        return not compare.equals(ctx, left, right, ignore_case=ignore_case)

    return filtering(equal), filtering(unequal)


def _ordering(ignore_case: bool, accept: Callable[[int], bool]) -> Operator:
    def test(ctx: Any, left: Any, right: Any) -> bool:
        if type(left) is int and type(right) is int:
            return accept(left - right)
        result = compare.strict_order(ctx, left, right, ignore_case=ignore_case)
        return result is not None and accept(result)

    return filtering(test)


def contains(ctx: Any, left: Any, right: Any, ignore_case: bool = True) -> bool:
    """``-contains``: whether an element of *left* equals *right*; no unrolling of elements."""
    items = convert.enumerate(left)
    for item in (left,) if items is None else items:
        if compare.equals(ctx, item, right, ignore_case=ignore_case):
            return True
    return False


def _membership(ignore_case: bool, swapped: bool, wanted: bool) -> Operator:
    if swapped:
        return lambda ctx, left, right: contains(ctx, right, left, ignore_case) is wanted
    return lambda ctx, left, right: contains(ctx, left, right, ignore_case) is wanted


def _table() -> dict[str, Operator]:
    table: dict[str, Operator] = {}
    for prefix, ignore_case in (("I", True), ("C", False)):
        table[prefix + "eq"], table[prefix + "ne"] = _equality(ignore_case)
        table[prefix + "lt"] = _ordering(ignore_case, lambda order: order < 0)
        table[prefix + "le"] = _ordering(ignore_case, lambda order: order <= 0)
        table[prefix + "gt"] = _ordering(ignore_case, lambda order: order > 0)
        table[prefix + "ge"] = _ordering(ignore_case, lambda order: order >= 0)
        table[prefix + "contains"] = _membership(ignore_case, False, True)
        table[prefix + "notcontains"] = _membership(ignore_case, False, False)
        table[prefix + "in"] = _membership(ignore_case, True, True)
        table[prefix + "notin"] = _membership(ignore_case, True, False)
    return table


COMPARISONS: Final = _table()


def _type_operand(ctx: Any, value: Any, text: str) -> NetType:
    value = base(value)
    if isinstance(value, NetType):
        return value
    if value is None:
        raise runtime_error("IsOperatorRequiresType", f"The right operand of '{text}' must be a type.")
    found = convert.to(ctx, value, types.get("System.Type"))
    if not isinstance(found, NetType):
        raise runtime_error("IsOperatorRequiresType", f"The right operand of '{text}' must be a type.")
    return found


def is_type(ctx: Any, left: Any, right: Any) -> bool:
    """``-is``.

    Raises:
        PSError: the right side is no type.
    """
    wanted = _type_operand(ctx, right, "-is")
    value = base(left)
    if value is None:
        return False
    name = wanted.full_name
    if name in ("System.Management.Automation.PSObject", "System.Management.Automation.PSCustomObject"):
        wrapped = type(left) is PSObject or isinstance(value, PSCustomObject)
        if name.endswith("PSCustomObject"):
            return isinstance(value, PSCustomObject)
        return wrapped or bool(getattr(value, "extended", None) or getattr(value, "type_names", None))
    if wanted.element_type is not None:
        # A sealed type written in the script is compared exactly: arrays have no covariance here.
        return types.of(value) is wanted
    return wanted.is_assignable_from(types.of(value))


def is_not_type(ctx: Any, left: Any, right: Any) -> bool:
    return not is_type(ctx, left, right)


def as_type(ctx: Any, left: Any, right: Any) -> Any:
    """``-as``: null where the conversion fails."""
    wanted = base(right)
    if not isinstance(wanted, NetType):
        if wanted is None:
            raise runtime_error("AsOperatorRequiresType", "The right operand of '-as' must be a type.")
        wanted = convert.to(ctx, wanted, types.get("System.Type"))
    return convert.to_as(ctx, left, wanted)

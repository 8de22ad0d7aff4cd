# SPDX-License-Identifier: GPL-3.0-or-later
"""First cut of the operators."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from hvsim.runtime import compare, convert, format, wildcard
from hvsim.runtime.numeric import INT32_MAX, INT32_MIN
from hvsim.runtime.values import Array


def number(ctx: Any, value: Any) -> Any:
    if value is None:
        return 0
    if isinstance(value, str):
        return convert.parse_number(value)
    return value


def plus(ctx: Any, left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int:
        result = left + right
        return result if INT32_MIN <= result <= INT32_MAX else float(result)
    if type(left) is str:
        return left + convert.to_string(ctx, right)
    if isinstance(left, list):
        return Array([*left, *(right if isinstance(right, list) else [right])])
    if left is None:
        return right
    return number(ctx, left) + number(ctx, right)


def numeric(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any, Any], Any]:
    def apply(ctx: Any, left: Any, right: Any) -> Any:
        return function(number(ctx, left), number(ctx, right))

    return apply


def multiply(ctx: Any, left: Any, right: Any) -> Any:
    if isinstance(left, list):
        return Array(list(left) * right)
    if isinstance(left, str):
        return left * number(ctx, right)
    return number(ctx, left) * number(ctx, right)


def divide(ctx: Any, left: Any, right: Any) -> Any:
    left, right = number(ctx, left), number(ctx, right)
    if type(left) is int and type(right) is int and right and left % right == 0:
        return left // right
    return left / right


def filtering(test: Callable[[Any, Any, Any], bool]) -> Callable[[Any, Any, Any], Any]:
    def apply(ctx: Any, left: Any, right: Any) -> Any:
        if isinstance(left, list):
            return Array([v for v in left if test(ctx, v, right)])
        return test(ctx, left, right)

    return apply


def _comparisons() -> dict[str, Callable[[Any, Any, Any], Any]]:
    table: dict[str, Callable[[Any, Any, Any], Any]] = {}
    for prefix, ignore in (("I", True), ("C", False)):

        def eq(ctx: Any, a: Any, b: Any, ignore: bool = ignore) -> bool:
            return compare.equals(ctx, a, b, ignore_case=ignore)

        table[prefix + "eq"] = filtering(eq)
        table[prefix + "ne"] = filtering(lambda ctx, a, b, eq=eq: not eq(ctx, a, b))
        for name, test in (("gt", operator.gt), ("ge", operator.ge), ("lt", operator.lt), ("le", operator.le)):
            table[prefix + name] = filtering(
                lambda ctx, a, b, test=test, ignore=ignore: test(compare.order(ctx, a, b, ignore_case=ignore), 0)
            )
        like = lambda ctx, a, b, ignore=ignore: wildcard.match(  # noqa: E731
            convert.to_string(ctx, b), convert.to_string(ctx, a), ignore
        )
        table[prefix + "like"] = filtering(like)
        table[prefix + "notlike"] = filtering(lambda ctx, a, b, like=like: not like(ctx, a, b))
        has = lambda ctx, a, b, eq=eq: any(eq(ctx, v, b) for v in (convert.enumerate(a) or [a]))  # noqa: E731
        table[prefix + "contains"] = has
        table[prefix + "notcontains"] = lambda ctx, a, b, has=has: not has(ctx, a, b)
        table[prefix + "in"] = lambda ctx, a, b, has=has: has(ctx, b, a)
        table[prefix + "notin"] = lambda ctx, a, b, has=has: not has(ctx, b, a)
    return table


def join(ctx: Any, left: Any, right: Any) -> str:
    return convert.to_string(ctx, right).join(convert.to_string(ctx, v) for v in (convert.enumerate(left) or [left]))


def dot_dot(ctx: Any, left: Any, right: Any) -> Any:
    step = 1 if right >= left else -1
    return Array(range(left, right + step, step))


BINARY: dict[str, Callable[[Any, Any, Any], Any]] = {
    "Plus": plus,
    "Minus": numeric(operator.sub),
    "Multiply": multiply,
    "Divide": divide,
    "Rem": numeric(operator.mod),
    "Band": numeric(operator.and_),
    "Bor": numeric(operator.or_),
    "Bxor": numeric(operator.xor),
    "Shl": numeric(operator.lshift),
    "Shr": numeric(operator.rshift),
    "Join": join,
    "DotDot": dot_dot,
    "Format": lambda ctx, a, b: format.composite(ctx, convert.to_string(ctx, a), b),
    **_comparisons(),
}

UNARY: dict[str, Callable[[Any, Any], Any]] = {
    "Not": lambda ctx, v: not convert.to_bool(v),
    "Bnot": lambda ctx, v: ~number(ctx, v),
    "Minus": lambda ctx, v: -number(ctx, v),
    "Plus": lambda ctx, v: number(ctx, v),
    "Join": lambda ctx, v: join(ctx, v, ""),
}

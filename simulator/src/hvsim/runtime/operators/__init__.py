# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell's operators, by the name of their token: ``BINARY[kind](ctx, left, right)``, ``UNARY[kind](ctx, value)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hvsim.runtime import convert
from hvsim.runtime.operators import arithmetic, bitwise, comparison, text

__all__ = ["BINARY", "UNARY"]

BINARY: Final[dict[str, Callable[[Any, Any, Any], Any]]] = {
    "Plus": arithmetic.plus,
    "Minus": arithmetic.minus,
    "Multiply": arithmetic.multiply,
    "Divide": arithmetic.divide,
    "Rem": arithmetic.remainder,
    "Band": bitwise.bit_and,
    "Bor": bitwise.bit_or,
    "Bxor": bitwise.bit_xor,
    "Shl": bitwise.shift_left,
    "Shr": bitwise.shift_right,
    "Is": comparison.is_type,
    "IsNot": comparison.is_not_type,
    "As": comparison.as_type,
    "And": lambda ctx, a, b: convert.to_bool(a) and convert.to_bool(b),
    "Or": lambda ctx, a, b: convert.to_bool(a) or convert.to_bool(b),
    "Xor": lambda ctx, a, b: convert.to_bool(a) is not convert.to_bool(b),
    **comparison.COMPARISONS,
    **text.TEXT_OPERATORS,
}

UNARY: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "Not": lambda ctx, value: not convert.to_bool(value),
    "Exclaim": lambda ctx, value: not convert.to_bool(value),
    "Bnot": bitwise.bit_not,
    "Minus": arithmetic.negate,
    "Plus": arithmetic.positive,
    "Join": text.join_all,
    "Isplit": text.split_words,
    "Csplit": text.split_words,
}

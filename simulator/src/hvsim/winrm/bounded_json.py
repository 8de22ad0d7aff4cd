# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON from outside, nested no deeper than the process can bear.

The engine raises Python's recursion limit for the whole process, so that ``json`` itself no longer stops before the stack
ends: depth is counted before anything is decoded.
"""

from __future__ import annotations

import json
import re
from typing import Any

MAX_NESTING = 200
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


class TooDeep(ValueError):
    """Nested more than ``MAX_NESTING`` levels."""

    def __init__(self) -> None:
        super().__init__(f"JSON of at most {MAX_NESTING} levels")


def loads(data: str | bytes) -> Any:
    """As ``json.loads``.

    Raises:
        TooDeep: the text is nested too deeply.
        ValueError: it is no JSON, or no UTF-8, -16 or -32.
    """
    text = data if isinstance(data, str) else data.decode(json.detect_encoding(data), "surrogatepass")
    if nesting(text) > MAX_NESTING:
        raise TooDeep
    return json.loads(text)


def nesting(text: str) -> int:
    """How deep brackets outside of strings are nested at most."""
    depth = deepest = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest

# SPDX-License-Identifier: GPL-3.0-or-later
"""Which plain values are wrapped in a ``PSObject``: those that a cmdlet wrote, ``$_`` of a pipeline (recorded), and what is
converted to ``[psobject]``, by a cast or for a parameter or variable of that type (about_PSCustomObject).

Expressions and a script's own output add no wrapper but keep one. The wrapper shows in ``-is [psobject]`` alone (the
accelerator ``[pscustomobject]`` names the same type). Objects with identity are never wrapped here.
"""

from __future__ import annotations

import re
from typing import Any

from hvsim.runtime.values import Char, Decimal, EnumValue, Integer, PSObject, Single

_TEST = re.compile(r"-is(?:not)?\s*\[\s*(?:system\.management\.automation\.psobject|ps(?:custom)?object)\s*\]", re.IGNORECASE)
_PLAIN = (str, int, float, Integer, Decimal, Single, Char, EnumValue)


def note_tests(ctx: Any, text: str) -> None:
    """Turns the wrappers on for a runspace when a script is about to run that can see them."""
    if not ctx.shows_wrappers and _TEST.search(text) is not None:
        ctx.shows_wrappers = True


def wrapped(value: Any) -> Any:
    """The value as a cmdlet hands it on."""
    return PSObject(value) if isinstance(value, _PLAIN) else value

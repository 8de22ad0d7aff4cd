# SPDX-License-Identifier: GPL-3.0-or-later
"""Static methods of ``System.Enum`` called on an enum type itself: ``[DayOfWeek]::Parse('Monday')``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.runtime import members
from hvsim.runtime.types import NetType

# Those of System.Enum that take the enum type first.
_TYPED = frozenset({"GetNames", "GetValues", "GetName", "GetUnderlyingType", "IsDefined", "Format", "ToObject"})


def invoke(ctx: Any, net_type: NetType, group: members.MethodGroup, args: Sequence[Any]) -> Any:
    """Calls a static method of System.Enum; a generic one gets *net_type* as its type argument."""
    from hvsim.runtime import objects

    return objects.call_group(ctx, group, (), args)

# SPDX-License-Identifier: GPL-3.0-or-later
"""How values travel between two runspaces: as CLIXML of depth 1, live objects on neither side ([MS-PSRP] 2.2.5).

Whatever arrives is a copy. Immutable primitives are their own copies; everything else is written by the sender's rules and read
by the receiver's.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from hvsim.library.utility.clixml_reader import deserialize
from hvsim.library.utility.clixml_writer import serialize
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.values import AUTOMATION_NULL, Byte, Char, Int16, Int64, SByte, Single, UInt16, UInt32, UInt64

DEPTH: Final = 1
"""Levels of properties of .NET objects that a session carries; containers and custom objects do not use them up."""

_PLAIN: Final = frozenset(
    (type(None), bool, int, str, float, Decimal, Char, Byte, SByte, Int16, UInt16, Int64, UInt32, UInt64, Single)
)


def transfer(sender: ExecutionContext, receiver: ExecutionContext, value: Any, depth: int = DEPTH) -> Any:
    """The value as it arrives on the other side.

    Raises:
        PSError: it holds a character that XML cannot carry.
    """
    if type(value) in _PLAIN:
        return value
    if value is AUTOMATION_NULL:
        return None
    return deserialize(receiver, serialize(sender, [value], depth, remote=True))[0]


__all__ = ["DEPTH", "transfer"]

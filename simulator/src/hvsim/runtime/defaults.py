# SPDX-License-Identifier: GPL-3.0-or-later
"""``default(T)``: what fresh array elements and uninitialised values hold."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import collections, structs, types, values
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Char, Decimal, EnumValue, Single

_DEFAULTS: dict[str, Callable[[], Any]] = {
    "System.Int32": lambda: 0,
    "System.Boolean": lambda: False,
    "System.Double": lambda: 0.0,
    "System.Single": lambda: Single(0.0),
    "System.Decimal": lambda: Decimal(0),
    "System.Char": lambda: Char(0),
    "System.DateTime": structs.DateTime,
    "System.DateTimeOffset": structs.DateTimeOffset,
    "System.TimeSpan": structs.TimeSpan,
    "System.Guid": structs.Guid,
    "System.Collections.DictionaryEntry": collections.DictionaryEntry,
    "System.Management.Automation.SwitchParameter": structs.SwitchParameter,
}
for _name in ("Byte", "SByte", "Int16", "UInt16", "UInt32", "Int64", "UInt64"):
    _DEFAULTS[f"System.{_name}"] = functools.partial(getattr(values, _name), 0)
_DEFAULTS["System.Numerics.BigInteger"] = lambda: values.BigInteger(0)


def default_value(net_type: NetType) -> Any:
    """The value of a variable of the type that nobody has set.

    Raises:
        Unsupported: a struct that the engine does not have.
    """
    if not net_type.is_value_type:
        return None
    make = _DEFAULTS.get(net_type.full_name)
    if make is not None:
        return make()
    if net_type.is_enum:
        return EnumValue(net_type, 0)
    if net_type.definition is not None:
        name = net_type.definition.full_name
        if name == "System.Nullable`1":
            return None
        if name == "System.Collections.Generic.KeyValuePair`2":
            key, value = net_type.arguments
            return collections.KeyValuePair(default_value(key), default_value(value), key, value)
    raise Unsupported(f"default value of {types.display(net_type)}")


def fresh_items(net_type: NetType, count: int) -> list[Any]:
    """The elements of a new array. Only structs that scripts can tell apart are made one by one.

    Raises:
        Unsupported: a struct that the engine does not have.
    """
    if count <= 0:
        return []
    first = default_value(net_type)
    if isinstance(first, values.NetObject):
        return [first, *(default_value(net_type) for _ in range(count - 1))]
    return [first] * count

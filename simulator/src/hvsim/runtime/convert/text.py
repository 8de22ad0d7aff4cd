# SPDX-License-Identifier: GPL-3.0-or-later
"""Values to strings: ``PSObject.ToString`` and .NET's own ``ToString()``.

Three texts of one value exist: PowerShell's (casts, ``"$x"``: invariant culture, doubles with 15 digits, lists joined by
``$OFS``), the same in the thread's culture (``-join`` of several, ``-as [string]``), and .NET's ``ToString()``
(round-trip doubles, ``System.Object[]``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from hvsim.runtime import format, types
from hvsim.runtime.convert.sequences import enumerate_value
from hvsim.runtime.culture import Culture, invariant
from hvsim.runtime.errors import ErrorRecord, NetException
from hvsim.runtime.format.numbers import format_number
from hvsim.runtime.structs import DateTime, DateTimeOffset, Guid, Regex, SwitchParameter, TimeSpan, Uri, Version
from hvsim.runtime.types import NetType
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    BigInteger,
    Char,
    EnumValue,
    MultiArray,
    PSCustomObject,
    PSObject,
    Single,
)

__all__ = ["TO_STRING", "culture_string", "join", "net_string", "shown", "to_string"]

#: ``ToString()`` by Python class; modules further right add theirs: ``f(ctx, value, culture) -> str``.
TO_STRING: dict[type, Callable[[Any, Any, Culture], str]] = {}


def to_string(ctx: Any, value: Any) -> str:
    """What ``[string]$value`` and ``"$value"`` give.

    Raises:
        PSError: a ``ToString`` member of the script failed.
    """
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if value is None or value is AUTOMATION_NULL:
        return ""
    if kind is bool:
        return "True" if value else "False"
    if kind is float:
        text = repr(value)
        if len(text) <= 16 and "e" not in text and "n" not in text:
            # At most 15 digits: the shortest text is what G15 gives.
            return text.removesuffix(".0") if text != "-0.0" or format.edition_of(ctx) != "5.1" else "0"
    return _text(ctx, value, invariant, True)


def culture_string(ctx: Any, value: Any, culture: Culture | None = None) -> str:
    """As :func:`to_string` in the thread's culture: ``$value -as [string]``."""
    if value is None or value is AUTOMATION_NULL:
        return ""
    return _text(ctx, value, format.culture_of(ctx, culture), True)


def _text(ctx: Any, value: Any, culture: Culture, recurse: bool) -> str:
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is bool:
        return "True" if value else "False"
    if isinstance(value, int):
        return format_number(value, "", culture.numbers)
    if kind is PSObject:
        return _wrapped(ctx, value, culture, recurse)
    if isinstance(value, float):
        return format_number(value, "G7" if kind is Single else "G15", culture.numbers, format.edition_of(ctx))
    if kind is Decimal or kind is DateTime or kind is EnumValue:
        return format.format_value(ctx, value, None, culture)
    if kind is Char:
        return value.text  # type: ignore[no-any-return]
    extended = getattr(value, "extended", None)
    if extended and "tostring" in extended and (own := _own_to_string(ctx, value, extended)) is not None:
        return own
    if kind is PSCustomObject:
        return _custom_object(ctx, value, culture) if recurse else ""
    if recurse:
        items = enumerate_value(value)
        if items is not None:
            return _joined(ctx, items, _separator(ctx), culture)
    if isinstance(value, NetType):
        return types.display(value)
    return net_string(ctx, value, culture)


def _wrapped(ctx: Any, value: PSObject, culture: Culture, recurse: bool) -> str:
    if value.extended and "tostring" in value.extended:
        own = _own_to_string(ctx, value, value.extended)
        if own is not None:
            return own
    return "" if value.base is None else _text(ctx, value.base, culture, recurse)


def _own_to_string(ctx: Any, value: Any, extended: dict[str, Any]) -> str | None:
    """The ``ToString`` that a script added to the object."""
    member = extended["tostring"]
    if ctx is None or "Method" not in str(getattr(member, "kind", "")):
        return None
    return to_string(None, member.invoke(ctx, value, ()))


def _custom_object(ctx: Any, value: PSCustomObject, culture: Culture) -> str:
    from hvsim.runtime import objects

    parts = []
    for member in objects.properties(ctx, value):
        if member.kind == "ScriptProperty":
            text = "System.Management.Automation.PSScriptProperty"
        else:
            inner = member.get(ctx, value)
            text = "" if inner is None or inner is AUTOMATION_NULL else _property_text(ctx, inner, culture)
        parts.append(f"{member.name}={text}")
    return "@{" + "; ".join(parts) + "}" if parts else ""


def _property_text(ctx: Any, value: Any, culture: Culture) -> str:
    """Text of a property of a custom object: a deserialized enum value shows its name here, alone it shows its number."""
    if type(value) is PSObject and value.extended and getattr(value.extended.get("tostring"), "kind", "") == "Dynamic":
        return to_string(None, value.extended["tostring"].invoke(ctx, value, ()))
    return _text(ctx, value, culture, False)


def _separator(ctx: Any) -> str:
    if ctx is None:
        return " "
    separator = ctx.get_variable("OFS")
    return " " if separator is None else to_string(None, separator)


def join(ctx: Any, items: Iterable[Any], separator: str) -> str:
    """``-join``: elements in the thread's culture."""
    return _joined(ctx, items, separator, format.culture_of(ctx))


def _joined(ctx: Any, items: Iterable[Any], separator: str, culture: Culture) -> str:
    return separator.join(
        [
            v
            if type(v) is str
            else str(v)
            if type(v) is int
            else ""
            if v is None or v is AUTOMATION_NULL
            else _text(ctx, v, culture, False)
            for v in items
        ]
    )


def net_string(ctx: Any, value: Any, culture: Culture | None = None) -> str:
    """``value.ToString()``, of formattable types in *culture* (None: the thread's)."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is bool:
        return "True" if value else "False"
    if value is None or value is AUTOMATION_NULL:
        return ""
    if kind is PSObject:
        extended = value.extended
        if extended and "tostring" in extended and (own := _own_to_string(ctx, value, extended)) is not None:
            return own
        return net_string(ctx, value.base, culture)
    if isinstance(value, (int, float, Decimal)):
        return format_number(value, "", format.culture_of(ctx, culture).numbers, format.edition_of(ctx))
    if kind is Char:
        return value.text  # type: ignore[no-any-return]
    if kind in _FORMATTED:
        return format.format_value(ctx, value, None, culture)
    extended = getattr(value, "extended", None)
    if extended and "tostring" in extended and (own := _own_to_string(ctx, value, extended)) is not None:
        return own
    if kind is PSCustomObject:
        return _custom_object(ctx, value, format.culture_of(ctx, culture))
    for base in kind.__mro__:
        own_text = TO_STRING.get(base)
        if own_text is not None:
            return own_text(ctx, value, format.culture_of(ctx, culture))
    return _by_member(ctx, value)


def _by_member(ctx: Any, value: Any) -> str:
    """``ToString`` as the class library's module registered it; else the type's name, as ``Object.ToString`` does."""
    if isinstance(value, (Array, MultiArray)):
        return types.type_to_string(types.of(value))
    from hvsim.runtime import members

    return members.to_string(ctx, value)


def shown(ctx: Any, value: Any) -> str:
    """``value.ToString()`` as messages show it."""
    return net_string(ctx, value)


_FORMATTED = frozenset({EnumValue, DateTime, TimeSpan, DateTimeOffset, Guid})


def _exception(ctx: Any, value: NetException, _culture: Culture) -> str:
    text = f"{value.kind}: {value.message}" if value.message else value.kind
    if value.inner is not None:
        text += f"\n ---> {_exception(ctx, value.inner, _culture)}\n   --- End of inner exception stack trace ---"
    return text


def _uri(_ctx: Any, value: Uri, _culture: Culture) -> str:
    from hvsim.runtime.convert.uri import display

    return display(value)


TO_STRING.update(
    {
        Version: lambda ctx, v, c: str(v),
        Regex: lambda ctx, v, c: v.pattern,
        SwitchParameter: lambda ctx, v, c: "True" if v.present else "False",
        NetType: lambda ctx, v, c: types.type_to_string(v),
        ErrorRecord: lambda ctx, v, c: v.message,
        NetException: _exception,
        Uri: _uri,
        BigInteger: lambda ctx, v, c: str(int(v)),
    }
)

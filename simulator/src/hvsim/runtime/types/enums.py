# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of enums: from names, from numbers, and as text."""

from __future__ import annotations

from hvsim.runtime.types.net_type import NetType
from hvsim.runtime.types.registry import get
from hvsim.runtime.values import EnumValue


def enum(name: str, value: int | str) -> EnumValue:
    """A value of the enum *name*; *value* is a number or the (case-insensitive) names joined by commas.

    Raises:
        KeyError: no such enum or name: a programming error, conversions of user text go through ``parse_enum``.
    """
    net_type = get(name)
    if isinstance(value, str):
        number = parse_enum(net_type, value)
        if number is None:
            raise KeyError(value)
        return EnumValue(net_type, number)
    return EnumValue(net_type, int(value))


def enum_lookup(net_type: NetType) -> dict[str, tuple[str, int]]:
    """Lower-case name -> (name, number)."""
    table: dict[str, tuple[str, int]] | None = net_type.cache.get("enum")
    if table is None:
        table = {}
        for member, number in net_type.enum_members.items():
            table.setdefault(member.lower(), (member, number))
        net_type.cache["enum"] = table
    return table


def parse_enum(net_type: NetType, text: str, *, ignore_case: bool = True) -> int | None:
    """The number that *text* stands for as ``Enum.Parse`` reads it, or None."""
    table = enum_lookup(net_type)
    total = 0
    for part in text.split(","):
        name = part.strip()
        if not name:
            return None
        if name[0].isdigit() or name[0] in "+-":
            try:
                total |= int(name)
                continue
            except ValueError:
                return None
        entry = table.get(name.lower())
        if entry is None or (not ignore_case and entry[0] != name):
            return None
        total |= entry[1]
    return total


def enum_text(value: EnumValue) -> str:
    """``ToString()`` of an enum value (format ``G``)."""
    net_type = value.net_type
    names: dict[int, str] | None = net_type.cache.get("enum_names")
    if names is None:
        names = {}
        for name, number in net_type.enum_members.items():
            names.setdefault(number, name)
        net_type.cache["enum_names"] = names
    known = names.get(value.value)
    if known is not None:
        return known
    return enum_flags_text(value) if net_type.is_flags else str(value.value)


def enum_flags_text(value: EnumValue) -> str:
    """Format ``F``: the names of the flags, greatest number taken first, shown smallest first."""
    members = sorted(value.net_type.enum_members.items(), key=lambda item: item[1] & 0xFFFFFFFFFFFFFFFF)
    rest = value.value
    if rest == 0:
        return next((n for n, v in members if v == 0), "0")
    picked: list[str] = []
    for name, number in reversed(members):
        if number != 0 and rest & number == number:
            rest &= ~number
            picked.append(name)
    return ", ".join(reversed(picked)) if rest == 0 and picked else str(value.value)

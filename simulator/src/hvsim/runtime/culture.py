# SPDX-License-Identifier: GPL-3.0-or-later
"""Cultures: the number, date and text conventions that formatting and parsing use. Data, no logic."""

from __future__ import annotations


from hvsim.runtime.values import NetObject

__all__ = ["Culture", "get", "invariant"]


class Culture(NetObject):
    """``System.Globalization.CultureInfo``."""

    __slots__ = ("name",)
    NET = "System.Globalization.CultureInfo"

    def __init__(self, name: str) -> None:
        self.name = name


_CULTURES: dict[str, Culture] = {}


def get(name: str) -> Culture:
    """The culture called *name* (case-insensitive)."""
    key = name.lower()
    if key not in _CULTURES:
        _CULTURES[key] = Culture(name)
    return _CULTURES[key]


invariant = get("")

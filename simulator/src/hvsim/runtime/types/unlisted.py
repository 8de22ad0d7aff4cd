# SPDX-License-Identifier: GPL-3.0-or-later
"""What .NET has and the engine does not: such a type or member is refused by name, never answered as if it did not exist.

``metadata/net_surface.json`` has the names of .NET 10's public types, and of the members of those that
``types.json`` does not describe. Of the namespaces in ``_WHOLE`` there is no list: a name in one may exist.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.types.name_parser import NameParser
from hvsim.runtime.types.net_type import NetType
from hvsim.runtime.types.registry import array_of, find_plain

# PowerShell's own assemblies, what it ships beside them, and what Windows or Add-Type adds.
_WHOLE = (
    "system.management.",
    "microsoft.powershell.",
    "microsoft.management.infrastructure.",
    "microsoft.wsman.management.",
    "microsoft.codeanalysis.",
    "microsoft.extensions.",
    "newtonsoft.json.",
    "system.data.sqlclient.",
    "system.data.odbc.",
    "system.data.oledb.",
    "system.directoryservices.",
    "system.drawing.",
    "system.servicemodel.",
    "system.serviceprocess.",
    "system.configuration.",
    "system.speech.",
    "system.windows.",
)


@cache
def _surface() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resources.files("hvsim.metadata").joinpath("net_surface.json").read_text("utf-8"))
    return found


@cache
def _names() -> frozenset[str]:
    listed = ((namespace, name) for namespace, names in _surface()["types"].items() for name in names.split())
    return frozenset(f"{namespace}.{name}".lower().lstrip(".") for namespace, name in listed)


def exists(name: str) -> bool:
    """Whether a plain type name (``System.`` may be left out, generic ones end in their arity) is, or may be, one of .NET's."""
    key = name.lower()
    return any(n in _names() or n.startswith(_WHOLE) for n in (key, "system." + key))


def refuse_type(name: str, namespaces: Sequence[str] = ()) -> None:
    """Refuses a type name that the registry does not know if a part of it is a type of .NET's; *namespaces* are those of
    ``using``.

    Raises:
        Unsupported: it is.
    """

    def find_part(part: str, arguments: list[NetType] | None) -> NetType | None:
        arity = "" if arguments is None or "`" in part else f"`{len(arguments)}"
        for candidate in (part, *(f"{n}.{part}" for n in namespaces)):
            found = find_plain(candidate, arguments)
            if found is not None:
                return found
            if exists(candidate + arity):
                raise Unsupported(f"type [{candidate}]")
        return None

    NameParser(name, find_part, array_of).parse()


def property_name(type_name: str, name: str, *, static: bool) -> str | None:
    """The property or field of that name (lower case) as .NET's type of that full name writes it, None if it declares none."""
    return _members(type_name).get(("::" if static else "") + name)


def method_name(type_name: str, name: str, *, static: bool) -> str | None:
    """As :func:`property_name` for a method, or the accessor of a property."""
    found = _members(type_name).get(("::" if static else "") + name + "()")
    if found is None and name.startswith(("get_", "set_")):
        owner = property_name(type_name, name[4:], static=static)
        return owner and name[:4] + owner
    return found


def describes(type_name: str) -> bool:
    """Whether the members of the type are listed."""
    return bool(_members(type_name))


@cache
def _members(type_name: str) -> dict[str, str]:
    listed = _surface()["members"].get(type_name, "").split()
    return {m.lower(): m.removeprefix("::").removesuffix("()") for m in listed}

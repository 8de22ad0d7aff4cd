# SPDX-License-Identifier: GPL-3.0-or-later
"""The decorators that register implementations of members, by the full name of the type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])


class Implementation:
    """A registered Python function; ``context`` says whether it takes the ExecutionContext first, ``type_arguments``
    whether those of a generic overload come before its arguments."""

    __slots__ = ("context", "function", "name", "overloads", "type_arguments")

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        context: bool,
        overloads: list[str] | None,
        type_arguments: bool = False,
    ) -> None:
        self.name = name
        self.function = function
        self.context = context
        self.overloads = overloads
        self.type_arguments = type_arguments


class Registered:
    """What the decorators collected for one type: (kind, lower-case name) -> implementation."""

    __slots__ = ("members", "property_types")

    def __init__(self) -> None:
        self.members: dict[tuple[str, str], Implementation] = {}
        self.property_types: dict[str, str] = {}


registry: dict[str, Registered] = {}
_caches: list[dict[Any, Any]] = []


def new_cache() -> dict[Any, Any]:
    """A dictionary that is emptied whenever another member is registered."""
    _caches.append({})
    return _caches[-1]


def _register(
    kind: str,
    type_name: str,
    name: str,
    context: bool,
    overloads: list[str] | None = None,
    property_type: str | None = None,
    type_arguments: bool = False,
) -> Callable[[_F], _F]:
    def decorate(function: _F) -> _F:
        for cache in _caches:
            cache.clear()
        entry = registry.setdefault(type_name, Registered())
        entry.members[(kind, name.lower())] = Implementation(name, function, context, overloads, type_arguments)
        if property_type is not None:
            entry.property_types[name.lower()] = property_type
        return function

    return decorate


def method(
    type_name: str, name: str, *, overloads: list[str] | None = None, context: bool = False
) -> Callable[[_F], _F]:
    """Implements an instance method: ``f(self, *args)``."""
    return _register("method", type_name, name, context, overloads)


def static_method(
    type_name: str,
    name: str,
    *,
    overloads: list[str] | None = None,
    context: bool = False,
    type_arguments: bool = False,
) -> Callable[[_F], _F]:
    """Implements a static method: ``f(*args)``; with *type_arguments* those of a generic overload come first."""
    return _register("::method", type_name, name, context, overloads, type_arguments=type_arguments)


def getter(type_name: str, name: str, *, type: str | None = None, context: bool = False) -> Callable[[_F], _F]:
    """Implements reading a property: ``f(self)``. *type* names its type where the metadata does not."""
    return _register("getter", type_name, name, context, None, type)


def setter(type_name: str, name: str, *, context: bool = False) -> Callable[[_F], _F]:
    """Implements writing a property: ``f(self, value)``, the value converted to the property's type."""
    return _register("setter", type_name, name, context)


def static_getter(type_name: str, name: str, *, type: str | None = None, context: bool = False) -> Callable[[_F], _F]:
    """Implements reading a static property or field: ``f()``."""
    return _register("::getter", type_name, name, context, None, type)


def static_setter(type_name: str, name: str, *, context: bool = False) -> Callable[[_F], _F]:
    """Implements writing a static property: ``f(value)``."""
    return _register("::setter", type_name, name, context)


def constructor(type_name: str, *, overloads: list[str] | None = None, context: bool = False) -> Callable[[_F], _F]:
    """Implements the constructors: ``f(net_type, *args)``."""
    return _register("constructor", type_name, ".ctor", context, overloads)


def indexer(type_name: str, *, overloads: list[str] | None = None, context: bool = False) -> Callable[[_F], _F]:
    """Implements reading ``value[index]``: ``f(self, *indices)``; also callable as ``Item``."""
    return _register("indexer", type_name, "Item", context, overloads)


def index_setter(type_name: str, *, overloads: list[str] | None = None, context: bool = False) -> Callable[[_F], _F]:
    """Implements writing ``value[index] = new``: ``f(self, *indices, new)``."""
    return _register("index_setter", type_name, "Item", context, overloads)


def registered_members() -> dict[str, list[str]]:
    """Names of the implemented members by type, static ones with ``::``, constructors as ``new`` (for COVERAGE.md)."""
    result: dict[str, list[str]] = {}
    for type_name, entry in registry.items():
        if type_name.startswith("hvsim."):
            continue  # no type that a script can name
        names = set()
        for (kind, _), implementation in entry.members.items():
            if kind == "constructor":
                names.add("new")
            else:
                names.add(("::" if kind.startswith("::") else "") + implementation.name)
        result[type_name] = sorted(names, key=str.lower)
    return result

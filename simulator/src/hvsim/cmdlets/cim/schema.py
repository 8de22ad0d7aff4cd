# SPDX-License-Identifier: GPL-3.0-or-later
"""Declarations of the CIM classes that the simulated host has (MOF excerpts of the Win32 documentation)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Final

VIRTUALIZATION: Final = "root/virtualization/v2"
CIMV2: Final = "root/cimv2"

_LINE: Final = re.compile(
    r"(?P<flags>(?:key |write |static )*)(?P<type>\w+(?:\[\])?) (?P<name>\w+)(?:\((?P<parameters>.*)\))?$"
)


@dataclass(frozen=True)
class PropertyDeclaration:
    """A property: ``cim_type`` as in MOF (``uint16``, ``string[]``, ``ref``); ``origin`` the class that declares it."""

    name: str
    cim_type: str
    origin: str
    key: bool = False
    writable: bool = False


@dataclass(frozen=True)
class ParameterDeclaration:
    name: str
    cim_type: str
    out: bool = False


@dataclass(frozen=True)
class MethodDeclaration:
    """A method; ``static`` ones are called on the class."""

    name: str
    returns: str
    parameters: tuple[ParameterDeclaration, ...]
    static: bool = False

    def parameter(self, name: str) -> ParameterDeclaration | None:
        wanted = name.lower()
        return next((p for p in self.parameters if p.name.lower() == wanted), None)


@dataclass(eq=False)
class ClassDeclaration:
    """A class with what it inherits. ``properties`` and ``methods`` by lower-case name, inherited ones first."""

    name: str
    namespace: str
    base: ClassDeclaration | None
    association: bool = False
    properties: dict[str, PropertyDeclaration] = field(default_factory=dict)
    methods: dict[str, MethodDeclaration] = field(default_factory=dict)

    @cached_property
    def chain(self) -> tuple[ClassDeclaration, ...]:
        """The class and those above it."""
        return (self, *(self.base.chain if self.base is not None else ()))

    @cached_property
    def derivation(self) -> frozenset[str]:
        """Lower-case names of the class and those above it."""
        return frozenset(c.name.lower() for c in self.chain)

    @cached_property
    def keys(self) -> tuple[PropertyDeclaration, ...]:
        return tuple(p for p in self.properties.values() if p.key)

    def is_a(self, name: str) -> bool:
        return name.lower() in self.derivation


def normal_namespace(name: str) -> str:
    """``ROOT\\Virtualization\\V2`` -> ``root/virtualization/v2``."""
    return name.replace("\\", "/").strip("/").lower()


@cache
def classes(namespace: str) -> dict[str, ClassDeclaration]:
    """The classes of a namespace by lower-case name; empty for one without classes of its own."""
    found: dict[str, ClassDeclaration] = {}
    for declaration in _declarations():
        if declaration.namespace == namespace:
            found[declaration.name.lower()] = declaration
    return found


def find(namespace: str, name: str) -> ClassDeclaration | None:
    """A class by name in any case."""
    return classes(namespace).get(name.lower())


def subclasses(declaration: ClassDeclaration) -> Iterator[ClassDeclaration]:
    """The class itself and those derived from it."""
    wanted = declaration.name
    return (c for c in classes(declaration.namespace).values() if c.is_a(wanted))


@cache
def _declarations() -> tuple[ClassDeclaration, ...]:
    text = resources.files("hvsim.cmdlets.metadata").joinpath("cim_classes.txt").read_text("utf-8")
    found: list[ClassDeclaration] = []
    known: dict[tuple[str, str], ClassDeclaration] = {}
    namespace, current = "", None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            namespace = line.strip("[]")
            continue
        if not line.startswith(" "):
            current = _class(line, namespace, known)
            known[namespace, current.name.lower()] = current
            found.append(current)
            continue
        assert current is not None
        _member(current, line.strip())
    return tuple(found)


def _class(line: str, namespace: str, known: dict[tuple[str, str], ClassDeclaration]) -> ClassDeclaration:
    head, _, base_name = line.partition(" < ")
    association = head.startswith("association ")
    name = head.removeprefix("association ").strip()
    base = known[namespace, base_name.strip().lower()] if base_name else None
    made = ClassDeclaration(name, namespace, base, association or (base is not None and base.association))
    if base is not None:
        made.properties.update(base.properties)
        made.methods.update(base.methods)
    return made


def _member(owner: ClassDeclaration, line: str) -> None:
    match = _LINE.match(line)
    if match is None:
        raise ValueError(f"class {owner.name}: {line!r}")
    flags, name, cim_type = match["flags"].split(), match["name"], match["type"]
    if match["parameters"] is None:
        known = owner.properties.get(name.lower())
        origin = owner.name if known is None else known.origin
        owner.properties[name.lower()] = PropertyDeclaration(name, cim_type, origin, "key" in flags, "write" in flags)
        return
    parameters = tuple(_parameter(part) for part in match["parameters"].split(",") if part.strip())
    owner.methods[name.lower()] = MethodDeclaration(name, cim_type, parameters, "static" in flags)


def _parameter(text: str) -> ParameterDeclaration:
    direction, cim_type, name = text.split()
    return ParameterDeclaration(name, cim_type, direction == "out")

# SPDX-License-Identifier: GPL-3.0-or-later
"""A .NET type as an object, and what may be assigned to what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from hvsim.runtime.values import NetObject

_CORELIB = "System.Private.CoreLib, Version=10.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e"
_FRAMEWORK_TOKEN = "Version=10.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a"
_AUTOMATION = "System.Management.Automation, Version=7.6.5.500, Culture=neutral, PublicKeyToken=31bf3856ad364e35"
# Assemblies of the types that are not in the core library, longest prefix first.
_ASSEMBLIES: tuple[tuple[str, str], ...] = (
    ("System.Management.Automation.", _AUTOMATION),
    (
        "Microsoft.PowerShell.Commands.",
        _AUTOMATION.replace("System.Management.Automation", "Microsoft.PowerShell.Commands.Utility"),
    ),
    ("Microsoft.PowerShell.", _AUTOMATION),
    ("System.Collections.Generic.Stack`", f"System.Collections, {_FRAMEWORK_TOKEN}"),
    ("System.Collections.Generic.Sorted", f"System.Collections, {_FRAMEWORK_TOKEN}"),
    ("System.Collections.Generic.LinkedList", f"System.Collections, {_FRAMEWORK_TOKEN}"),
    ("System.Collections.Generic.PriorityQueue", f"System.Collections, {_FRAMEWORK_TOKEN}"),
    ("System.Collections.Generic.OrderedDictionary", f"System.Collections, {_FRAMEWORK_TOKEN}"),
    ("System.Collections.Specialized.", f"System.Collections.Specialized, {_FRAMEWORK_TOKEN}"),
    ("System.Text.RegularExpressions.", f"System.Text.RegularExpressions, {_FRAMEWORK_TOKEN}"),
    ("System.Xml.", "System.Private.Xml, Version=10.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51"),
    ("System.Numerics.", "System.Runtime.Numerics, Version=10.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a"),
    ("System.Uri", "System.Private.Uri, Version=10.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a"),
)


def _resolve(name: str, owner: NetType) -> NetType | None:
    from hvsim.runtime.types.registry import resolve

    return resolve(name, owner)


class NetType(NetObject):
    """A .NET type; also the value that ``[int]`` evaluates to.

    Attributes:
        full_name: .NET's ``Type.FullName``; generic arguments in it are assembly-qualified.
        definition, arguments: of a constructed generic type.
        parameters: names of the type parameters of a generic definition.
        enum_members: name -> number, in the order of declaration.
    """

    NET: ClassVar[str] = "System.RuntimeType"
    __slots__ = (
        "_ancestors",
        "_base",
        "_display",
        "_interfaces",
        "arguments",
        "cache",
        "definition",
        "element_type",
        "enum_members",
        "full_name",
        "is_abstract",
        "is_enum",
        "is_flags",
        "is_interface",
        "is_sealed",
        "is_value_type",
        "kind",
        "parameters",
        "python_class",
        "rank",
        "underlying",
    )

    def __init__(
        self,
        full_name: str,
        base: NetType | str | None = None,
        interfaces: Iterable[NetType | str] = (),
        *,
        kind: str = "c",
        element_type: NetType | None = None,
        rank: int = 0,
        definition: NetType | None = None,
        arguments: tuple[NetType, ...] = (),
        parameters: tuple[str, ...] = (),
        enum_members: dict[str, int] | None = None,
        is_flags: bool = False,
        underlying: str = "System.Int32",
    ) -> None:
        self.full_name = full_name
        self._base = base
        self._interfaces: Any = tuple(interfaces)
        self._ancestors: frozenset[NetType] | None = None
        self._display: str | None = None
        self.kind = kind
        self.element_type = element_type
        self.rank = rank
        self.definition = definition
        self.arguments = arguments
        self.parameters = parameters
        self.enum_members = enum_members if enum_members is not None else {}
        self.is_enum = enum_members is not None
        self.is_flags = is_flags
        self.is_value_type = kind in ("s", "e")
        self.is_interface = kind == "i"
        self.is_abstract = kind in ("a", "i", "t")
        self.is_sealed = kind in ("z", "s", "e", "t", "d")
        self.underlying = underlying
        self.python_class: type | None = None
        # Scratch space of hvsim.runtime.members and others: what they worked out about this type.
        self.cache: dict[Any, Any] = {}

    def __repr__(self) -> str:
        return f"<NetType {self.full_name}>"

    @property
    def name(self) -> str:
        """``Type.Name``: without namespace and outer type."""
        if self.element_type is not None:
            return self.element_type.name + self.full_name[len(self.element_type.full_name) :]
        text = self.definition.full_name if self.definition is not None else self.full_name
        return text.rsplit(".", 1)[-1].rsplit("+", 1)[-1]

    @property
    def namespace(self) -> str:
        if self.element_type is not None:
            return self.element_type.namespace
        text = self.definition.full_name if self.definition is not None else self.full_name
        return text.rpartition(".")[0]

    @property
    def assembly(self) -> str:
        if self.element_type is not None:
            return self.element_type.assembly
        text = self.definition.full_name if self.definition is not None else self.full_name
        for prefix, assembly in _ASSEMBLIES:
            if text.startswith(prefix):
                return assembly
        return _CORELIB

    @property
    def base(self) -> NetType | None:
        if isinstance(self._base, str):
            self._base = _resolve(self._base, self)
        return self._base

    @property
    def interfaces(self) -> tuple[NetType, ...]:
        """All interfaces, those of the bases included."""
        if self._ancestors is None:
            self._link()
        found: tuple[NetType, ...] = self._interfaces
        return found

    def _link(self) -> None:
        own = [_resolve(i, self) if isinstance(i, str) else i for i in self._interfaces]
        everything = [i for i in own if i is not None]
        for interface in list(everything):
            everything.extend(i for i in interface.interfaces if i not in everything)
        base = self.base
        if base is not None:
            everything.extend(i for i in base.interfaces if i not in everything)
        self._interfaces = tuple(everything)
        chain: list[NetType] = []
        up: NetType | None = self
        while up is not None:
            chain.append(up)
            up = up.base
        self._ancestors = frozenset(chain) | frozenset(everything)

    def ancestors(self) -> frozenset[NetType]:
        """The type itself, its bases and all interfaces."""
        if self._ancestors is None:
            self._link()
        assert self._ancestors is not None
        return self._ancestors

    def hierarchy(self) -> list[NetType]:
        """The type and its bases, the most derived first."""
        chain: list[NetType] = []
        up: NetType | None = self
        while up is not None:
            chain.append(up)
            up = up.base
        return chain

    def is_assignable_from(self, other: NetType) -> bool:
        """``Type.IsAssignableFrom``: whether a variable of this type can hold an *other*."""
        if self is other or self.full_name == "System.Object":
            return True
        if self in other.ancestors():
            return True
        if other.rank == 1 and other.element_type is not None:
            return _array_assignable(self, other)
        return self.kind == "i" and self.definition is not None and _variant_assignable(self, other)

    def implements(self, full_name: str) -> bool:
        """Whether the type is, derives from or implements the (not generic, or generic definition) type of that name."""
        return any(
            t.full_name == full_name or (t.definition and t.definition.full_name == full_name) for t in self.ancestors()
        )


_COVARIANT = frozenset(
    f"System.Collections.Generic.{n}`1" for n in ("IEnumerable", "IEnumerator", "IReadOnlyCollection", "IReadOnlyList")
)
_ARRAY_INTERFACES = frozenset(
    f"System.Collections.Generic.{n}`1"
    for n in ("IEnumerable", "ICollection", "IList", "IReadOnlyCollection", "IReadOnlyList")
)


def _elements_compatible(wanted: NetType, given: NetType) -> bool:
    if wanted is given:
        return True
    return not wanted.is_value_type and not given.is_value_type and wanted.is_assignable_from(given)


def _array_assignable(wanted: NetType, array: NetType) -> bool:
    """Array covariance and the generic interfaces that every vector has."""
    element = array.element_type
    assert element is not None
    if wanted.element_type is not None:
        return wanted.rank == 1 and _elements_compatible(wanted.element_type, element)
    definition = wanted.definition
    return (
        definition is not None
        and definition.full_name in _ARRAY_INTERFACES
        and _elements_compatible(wanted.arguments[0], element)
    )


def _variant_assignable(wanted: NetType, given: NetType) -> bool:
    assert wanted.definition is not None
    if wanted.definition.full_name not in _COVARIANT:
        return False
    return any(
        i.definition is wanted.definition and _elements_compatible(wanted.arguments[0], i.arguments[0])
        for i in given.ancestors()
    )

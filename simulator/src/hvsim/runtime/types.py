# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of .NET types: names, bases, interfaces, enums.

Where the facts come from: ``metadata/types.json`` (members, bases), ``enums.json`` and ``accelerators.json`` were recorded
from a real PowerShell; :mod:`hvsim.runtime.type_table` adds names, bases and interfaces from the class library's
documentation. Members and their behaviour are in :mod:`hvsim.runtime.members`.

A name that neither knows is not a type (PowerShell's ``TypeNotFound``). A type that is known but has no
implementation may be named, compared and shown; using one of its members is refused by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from importlib import resources
from typing import Any, ClassVar, TypeVar

from hvsim.runtime import type_table, values
from hvsim.runtime.values import (
    Array,
    Char,
    Decimal,
    EnumValue,
    Integer,
    MultiArray,
    NetObject,
    PSCustomObject,
    PSObject,
    Single,
)

_CORELIB = "System.Private.CoreLib, Version=10.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e"
_FRAMEWORK_TOKEN = "Version=10.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a"
_AUTOMATION = "System.Management.Automation, Version=7.6.5.500, Culture=neutral, PublicKeyToken=31bf3856ad364e35"

# Assemblies of the types that are not in the core library, longest prefix first.
_ASSEMBLIES: tuple[tuple[str, str], ...] = (
    ("System.Management.Automation.", _AUTOMATION),
    ("Microsoft.PowerShell.Commands.", _AUTOMATION.replace("System.Management.Automation", "Microsoft.PowerShell.Commands.Utility")),
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

_GENERIC_NAMES = {
    "System.Collections.Generic.Dictionary`2": ("TKey", "TValue"),
    "System.Tuple`1": ("T1",),
    "System.Func`1": ("TResult",),
    "System.Func`2": ("T", "TResult"),
    "System.Func`3": ("T1", "T2", "TResult"),
    "System.Func`4": ("T1", "T2", "T3", "TResult"),
    "System.Func`5": ("T1", "T2", "T3", "T4", "TResult"),
    "System.Converter`2": ("TInput", "TOutput"),
}

# PowerShell's own choice where several accelerators name one type.
_PREFERRED = (
    "short", "int", "long", "ushort", "uint", "ulong", "float", "psobject",
)  # fmt: skip
_NOT_DISPLAYED = frozenset({"pscustomobject"})


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
    def is_generic_definition(self) -> bool:
        return bool(self.parameters)

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
        if self is other or self is OBJECT:
            return True
        if self in other.ancestors():
            return True
        if other.rank == 1 and other.element_type is not None:
            return _array_assignable(self, other)
        return self.kind == "i" and self.definition is not None and _variant_assignable(self, other)

    def implements(self, full_name: str) -> bool:
        """Whether the type is, derives from or implements the (not generic, or generic definition) type of that name."""
        return any(t.full_name == full_name or (t.definition and t.definition.full_name == full_name) for t in self.ancestors())


_COVARIANT = frozenset(
    f"System.Collections.Generic.{n}`1" for n in ("IEnumerable", "IEnumerator", "IReadOnlyCollection", "IReadOnlyList")
)
_ARRAY_INTERFACES = frozenset(
    f"System.Collections.Generic.{n}`1" for n in ("IEnumerable", "ICollection", "IList", "IReadOnlyCollection", "IReadOnlyList")
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
    return definition is not None and definition.full_name in _ARRAY_INTERFACES and _elements_compatible(wanted.arguments[0], element)


def _variant_assignable(wanted: NetType, given: NetType) -> bool:
    assert wanted.definition is not None
    if wanted.definition.full_name not in _COVARIANT:
        return False
    return any(
        i.definition is wanted.definition and _elements_compatible(wanted.arguments[0], i.arguments[0])
        for i in given.ancestors()
    )


# --- the registry -------------------------------------------------------------------------------------------------

_by_name: dict[str, NetType] = {}
_accelerators: dict[str, str] = {}
_display_names: dict[str, str] = {}
_found: dict[str, NetType | None] = {}
_arrays: dict[tuple[NetType, int], NetType] = {}
_generics: dict[tuple[NetType, tuple[NetType, ...]], NetType] = {}
_by_class: dict[type, NetType] = {}
_by_full_name: dict[str, NetType] = {}
_METADATA: dict[str, dict[str, Any]] = {}


def register(net_type: NetType) -> NetType:
    """Add a type (or replace one of the same name, as a script's own ``class`` does)."""
    _by_name[net_type.full_name.lower()] = net_type
    _found.clear()
    _by_full_name.pop(net_type.full_name, None)
    return net_type


_Class = TypeVar("_Class", bound=type)


def net_class(
    full_name: str, *, base: str | None = None, interfaces: tuple[str, ...] = (), kind: str = "c"
) -> Callable[[_Class], _Class]:
    """Bind a Python class to the .NET type *full_name*, which is created when nobody knows it yet."""

    def decorate(cls: _Class) -> _Class:
        found = _by_name.get(full_name.lower())
        if found is None:
            default = "System.ValueType" if kind == "s" else "System.Object"
            found = register(_definition(full_name, base or default, interfaces, kind))
        found.python_class = cls
        cls.NET = full_name  # type: ignore[attr-defined]
        return cls

    return decorate


def metadata(full_name: str) -> dict[str, Any] | None:
    """The recorded members of a type (``types.json``), if it was recorded."""
    return _METADATA.get(full_name)


def known(full_name: str) -> bool:
    return full_name.lower() in _by_name


def find(name: str) -> NetType | None:
    """The type that *name* means in a type literal or a string cast, None when there is none.

    Accelerators come first, ``System.`` may be left out, case does not matter; understands ``int[]``, ``int[,]``,
    ``List[int]`` and ``List`1[[System.Int32]]``, and ignores assembly names.
    """
    try:
        return _found[name]
    except KeyError:
        pass
    parser = _NameParser(name)
    result = parser.parse()
    if len(_found) > 4096:
        _found.clear()
    _found[name] = result
    return result


def find_with(name: str, names: dict[str, NetType]) -> NetType | None:
    """As :func:`find`, with type parameters (``T``) filled in from *names*."""
    return _NameParser(name, names).parse() if names else find(name)


def get(name: str) -> NetType:
    """As :func:`find` for names that are known to exist.

    Raises:
        KeyError: there is no such type (a programming error).
    """
    found = _by_full_name.get(name)
    if found is not None:
        return found
    found = find(name)
    if found is None:
        raise KeyError(name)
    _by_full_name[name] = found
    return found


def _lookup(name: str) -> NetType | None:
    key = name.lower()
    target = _accelerators.get(key)
    if target is not None:
        return _by_name.get(target)
    return _by_name.get(key) or _by_name.get("system." + key)


class _NameParser:
    """``Name[args]`` and ``Name`n[[args, assembly]]`` with array suffixes."""

    def __init__(self, text: str, names: dict[str, NetType] | None = None) -> None:
        self.text = text.strip()
        self.pos = 0
        self.names = names or {}

    def parse(self) -> NetType | None:
        found = self._type(nested=False)
        self._blank()
        rest = self.text[self.pos :]
        if found is not None and rest and not rest.startswith(","):
            return None
        return found

    def _blank(self) -> None:
        while self.pos < len(self.text) and self.text[self.pos].isspace():
            self.pos += 1

    def _peek(self) -> str:
        self._blank()
        return self.text[self.pos : self.pos + 1]

    def _type(self, *, nested: bool) -> NetType | None:
        self._blank()
        start = self.pos
        while self.pos < len(self.text) and self.text[self.pos] not in "[],":
            self.pos += 1
        name = self.text[start : self.pos].strip()
        if not name:
            return None
        arguments: list[NetType] | None = None
        found: NetType | None = None
        while self._peek() == "[":
            inner = self._after_bracket()
            if inner in (",", "]"):
                found = found if found is not None else self._apply(name, arguments)
                rank = self._array_suffix()
                if found is None or not rank:
                    return None
                found = array_of(found, rank)
                continue
            if found is not None or arguments is not None:
                return None
            arguments = self._arguments()
            if arguments is None:
                return None
        return found if found is not None else self._apply(name, arguments)

    def _apply(self, name: str, arguments: list[NetType] | None) -> NetType | None:
        if arguments is None and name in self.names:
            return self.names[name]
        return _apply(name, arguments)

    def _after_bracket(self) -> str:
        pos = self.pos + 1
        while pos < len(self.text) and self.text[pos].isspace():
            pos += 1
        return self.text[pos : pos + 1]

    def _array_suffix(self) -> int:
        self.pos += 1
        rank = 1
        while True:
            char = self._peek()
            self.pos += 1
            if char == "]":
                return rank
            if char not in (",", "*"):
                return 0
            rank += char == ","

    def _arguments(self) -> list[NetType] | None:
        self.pos += 1
        arguments: list[NetType] = []
        while True:
            bracketed = self._peek() == "["
            if bracketed:
                self.pos += 1
            argument = self._type(nested=True)
            if argument is None:
                return None
            arguments.append(argument)
            if bracketed:
                closing = self.text.find("]", self.pos)
                if closing < 0:
                    return None
                self.pos = closing + 1
            char = self._peek()
            self.pos += 1
            if char == "]":
                return arguments
            if char != ",":
                return None


def _apply(name: str, arguments: list[NetType] | None) -> NetType | None:
    if arguments is None:
        return _lookup(name)
    definition = _lookup(name) if "`" in name else _lookup(f"{name}`{len(arguments)}")
    if definition is None or len(definition.parameters) != len(arguments):
        return None
    return generic(definition, *arguments)


def array_of(element: NetType, rank: int = 1) -> NetType:
    """The array type of *element*."""
    key = (element, rank)
    found = _arrays.get(key)
    if found is None:
        suffix = "[" + "," * (rank - 1) + "]"
        found = NetType(element.full_name + suffix, ARRAY, kind="z", element_type=element, rank=rank)
        _arrays[key] = found
    return found


def generic(definition: NetType, *arguments: NetType) -> NetType:
    """A constructed generic type; *definition* as ``types.get("System.Collections.Generic.List`1")``."""
    key = (definition, arguments)
    found = _generics.get(key)
    if found is None:
        inside = ",".join(f"[{a.full_name}, {a.assembly}]" for a in arguments)
        found = NetType(
            f"{definition.full_name}[{inside}]",
            definition._base,
            _declared_interfaces.get(definition.full_name, ()),
            kind=definition.kind,
            definition=definition,
            arguments=arguments,
        )
        found.python_class = definition.python_class
        _generics[key] = found
    return found


_declared_interfaces: dict[str, tuple[str, ...]] = {}


def _resolve(name: str, owner: NetType) -> NetType | None:
    """A base or interface named in the table, with the type parameters of *owner* filled in."""
    if not name or name == "-":
        return None
    if owner.arguments and owner.definition is not None and "[" in name:
        head, _, tail = name.partition("[")
        names = dict(zip(owner.definition.parameters, owner.arguments, strict=True))
        arguments = [names.get(a) or _lookup(a) for a in tail.rstrip("]").split(",")]
        definition = _lookup(head)
        if definition is None or None in arguments:
            return definition
        return generic(definition, *arguments)  # type: ignore[arg-type]
    if owner.parameters and "[" in name:
        return _lookup(name.partition("[")[0])
    return find(name)


# --- values -------------------------------------------------------------------------------------------------------


def of(value: Any) -> NetType:
    """``GetType()`` of a value that is not null."""
    found = _by_class.get(type(value))
    return found if found is not None else _slow_of(value)


def _slow_of(value: Any) -> NetType:
    cls = type(value)
    if cls is EnumValue:
        net_type: NetType = value.net_type
        return net_type
    if cls is Array:
        return array_of(value.element_type) if value.element_type is not None else OBJECT_ARRAY
    if cls is PSObject:
        return of(value.base)
    if cls is MultiArray:
        return array_of(value.element_type, len(value.shape))
    own = getattr(value, "net_type", None)
    if type(own) is NetType:
        return own
    name = getattr(cls, "NET", None)
    if name is None:
        raise TypeError(f"not a PowerShell value: {value!r}")
    found = get(name)
    _by_class[cls] = found
    return found


def display(net_type: NetType) -> str:
    """PowerShell's own name of a type: ``int``, ``string``, ``System.Object[]``, ``psobject`` ..."""
    if net_type._display is None:
        net_type._display = _display(net_type)
    return net_type._display


def _display(net_type: NetType) -> str:
    if net_type.definition is not None:
        name = net_type.definition.full_name
        if "+" not in name:
            name = name.rpartition("`")[0]
        return name + "[" + ",".join(display(a) for a in net_type.arguments) + "]"
    if net_type.element_type is not None:
        return display(net_type.element_type) + "[" + "," * (net_type.rank - 1) + "]"
    accelerator = _display_names.get(net_type.full_name)
    if accelerator is not None:
        return accelerator
    if net_type.full_name == "System.Management.Automation.PSCustomObject":
        return "PSCustomObject"
    if net_type.parameters:
        return net_type.full_name + "[" + ",".join(net_type.parameters) + "]"
    return net_type.full_name


def type_to_string(net_type: NetType) -> str:
    """.NET's ``Type.ToString()``: as FullName, but generic arguments without assemblies."""
    if net_type.definition is not None:
        return net_type.definition.full_name + "[" + ",".join(type_to_string(a) for a in net_type.arguments) + "]"
    if net_type.element_type is not None:
        return type_to_string(net_type.element_type) + "[" + "," * (net_type.rank - 1) + "]"
    if net_type.parameters:
        return net_type.full_name + "[" + ",".join(net_type.parameters) + "]"
    return net_type.full_name


def short_display(net_type: NetType) -> str:
    """As :func:`display` without namespaces: what ``Get-Member`` and some messages show."""
    if net_type.definition is not None:
        return net_type.definition.name.rpartition("`")[0] + "[" + ",".join(short_display(a) for a in net_type.arguments) + "]"
    if net_type.element_type is not None:
        return short_display(net_type.element_type) + "[" + "," * (net_type.rank - 1) + "]"
    accelerator = _display_names.get(net_type.full_name)
    return accelerator if accelerator is not None else net_type.name


def exception_type(full_name: str) -> NetType:
    """The type of an exception; an unknown name becomes a direct child of ``System.Exception``."""
    found = _by_name.get(full_name.lower())
    if found is None:
        found = find(full_name) or register(NetType(full_name, "System.Exception", kind="x"))
    return found


# --- enums --------------------------------------------------------------------------------------------------------


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


# --- filling ------------------------------------------------------------------------------------------------------

_KIND_BASE = {
    "s": "System.ValueType",
    "e": "System.Enum",
    "x": "System.SystemException",
    "r": "System.Attribute",
    "d": "System.MulticastDelegate",
    "i": "",
}


def _definition(full_name: str, base: str, interfaces: tuple[str, ...], kind: str) -> NetType:
    outer = full_name.partition("+")[0]
    arity = outer.rpartition("`")[2]
    parameters: tuple[str, ...] = ()
    if "`" in outer and arity.isdigit():
        parameters = _generic_names(outer, int(arity))
    _declared_interfaces[full_name] = interfaces
    return NetType(full_name, base, interfaces, kind=kind, parameters=parameters)


def _generic_names(full_name: str, arity: int) -> tuple[str, ...]:
    names = _GENERIC_NAMES.get(full_name)
    if names is not None:
        return names
    if arity == 1:
        return ("T",)
    if "Dictionary" in full_name or "KeyValuePair" in full_name or "Sorted" in full_name:
        return ("TKey", "TValue")
    return tuple(f"T{i + 1}" for i in range(arity))


def _load_table() -> None:
    namespace = ""
    for line in type_table.TABLE.splitlines():
        if not line:
            continue
        if line.startswith("@"):
            namespace = line[1:].strip()
            continue
        kind, _, rest = line.partition(" ")
        head, _, listed = rest.partition(" | ")
        name, _, base = head.partition(" < ")
        interfaces = tuple(_qualify(i, namespace) for i in listed.split())
        base = _qualify(base.strip(), namespace) if base.strip() else _KIND_BASE.get(kind, "System.Object")
        full_name = f"{namespace}.{name.strip()}"
        _by_name[full_name.lower()] = _definition(full_name, base, interfaces, kind)


def _qualify(name: str, namespace: str) -> str:
    head = name.partition("[")[0]
    return name if not name or name == "-" or "." in head else f"{namespace}.{name}"


def _load_enums() -> None:
    rows: list[tuple[str, bool, dict[str, int]]] = []
    for line in type_table.ENUMS.strip().splitlines():
        name, *words = line.split()
        flags = words[0] == "flags"
        pairs = (w.split("=") for w in words[flags:])
        rows.append((name, flags, {n: int(v) for n, v in pairs}))
    rows.extend((row["name"], row["flags"], row["members"]) for row in _read("enums.json"))
    for name, flags, members in rows:
        _by_name[name.lower()] = NetType(name, "System.Enum", kind="e", enum_members=members, is_flags=flags)


def _read(name: str) -> Any:
    return json.loads(resources.files("hvsim.metadata").joinpath(name).read_text("utf-8"))


def _load_metadata() -> None:
    for row in _read("types.json"):
        _METADATA[row["name"]] = row
        if row["name"].lower() not in _by_name:
            base = row["base"] or "System.Object"
            kind = "s" if base == "System.ValueType" else "c"
            _by_name[row["name"].lower()] = _definition(row["name"], base, (), kind)


def _load_accelerators() -> None:
    for row in _read("accelerators.json"):
        target = row["type"]
        name = row["name"]
        if target.lower() not in _by_name:
            kind = "r" if target.endswith("Attribute") else "c"
            _by_name[target.lower()] = _definition(target, _KIND_BASE.get(kind, "System.Object"), (), kind)
        _accelerators[name.lower()] = target.lower()
        if name not in _NOT_DISPLAYED and (target not in _display_names or name in _PREFERRED):
            _display_names[target] = name


_load_table()
_load_enums()
_load_metadata()
_load_accelerators()

OBJECT = _by_name["system.object"]
ARRAY = _by_name["system.array"]
STRING = _by_name["system.string"]
INT = _by_name["system.int32"]
BOOL = _by_name["system.boolean"]
DOUBLE = _by_name["system.double"]
CHAR = _by_name["system.char"]
TYPE = _by_name["system.type"]
PSOBJECT = _by_name["system.management.automation.psobject"]
OBJECT_ARRAY = array_of(OBJECT)

_by_class.update({str: STRING, int: INT, bool: BOOL, float: DOUBLE, Single: _by_name["system.single"], Char: CHAR})
_by_class[Decimal] = _by_name["system.decimal"]
_by_class[PSCustomObject] = _by_name["system.management.automation.pscustomobject"]
_by_class[NetType] = _by_name["system.runtimetype"]
for _name in ("Byte", "SByte", "Int16", "UInt16", "UInt32", "Int64", "UInt64", "BigInteger"):
    _integer: type[Integer] = getattr(values, _name)
    _by_class[_integer] = _by_name[_integer.NET.lower()]
for _cls, _type in list(_by_class.items()):
    _type.python_class = _cls

# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of .NET types: by name, by Python class, arrays and constructed generic types."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any, TypeVar

from hvsim.runtime import values
from hvsim.runtime.types.name_parser import NameParser
from hvsim.runtime.types.net_type import NetType
from hvsim.runtime.values import Array, Char, Decimal, Integer, MultiArray, PSCustomObject, PSObject, Single

_GENERIC_NAMES = {
    "System.Collections.Generic.Dictionary`2": ("TKey", "TValue"),
    "System.Collections.Generic.PriorityQueue`2": ("TElement", "TPriority"),
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

by_name: dict[str, NetType] = {}
accelerators: dict[str, str] = {}
display_names: dict[str, str] = {}
_found: dict[str, NetType | None] = {}
_arrays: dict[tuple[NetType, int], NetType] = {}
_generics: dict[tuple[NetType, tuple[NetType, ...]], NetType] = {}
by_class: dict[type, NetType] = {}
_by_full_name: dict[str, NetType] = {}
recorded: dict[str, dict[str, Any]] = {}
_interface_methods: dict[str, list[str]] = {}


def register(net_type: NetType) -> NetType:
    """Add a type (or replace one of the same name, as a script's own ``class`` does)."""
    by_name[net_type.full_name.lower()] = net_type
    _found.clear()
    _by_full_name.pop(net_type.full_name, None)
    return net_type


_Class = TypeVar("_Class", bound=type)


def net_class(
    full_name: str, *, base: str | None = None, interfaces: tuple[str, ...] = (), kind: str = "c"
) -> Callable[[_Class], _Class]:
    """Bind a Python class to the .NET type *full_name*, which is created when nobody knows it yet."""

    def decorate(cls: _Class) -> _Class:
        found = by_name.get(full_name.lower())
        if found is None:
            default = "System.ValueType" if kind == "s" else "System.Object"
            found = register(_definition(full_name, base or default, interfaces, kind))
        found.python_class = cls
        cls.NET = full_name  # type: ignore[attr-defined]
        return cls

    return decorate


def metadata(full_name: str) -> dict[str, Any] | None:
    """The recorded members of a type (``types.json``), if it was recorded."""
    return recorded.get(full_name)


def interface_methods(net_type: NetType) -> frozenset[str]:
    """The names, in lower case, of the methods that the interfaces of a type declare (static ones apart)."""
    names: frozenset[str] | None = net_type.cache.get("interface methods")
    if names is None:
        declared = ((i.definition or i).full_name for i in net_type.interfaces)
        names = frozenset(m.lower() for name in declared for m in _interface_methods.get(name, ()))
        net_type.cache["interface methods"] = names
    return names


def known(full_name: str) -> bool:
    return full_name.lower() in by_name


def find(name: str) -> NetType | None:
    """The type that *name* means in a type literal or a string cast, None when there is none.

    Accelerators come first, ``System.`` may be left out, case does not matter; understands ``int[]``, ``int[,]``,
    ``List[int]`` and ``List`1[[System.Int32]]``, and ignores assembly names.
    """
    try:
        return _found[name]
    except KeyError:
        pass
    parser = NameParser(name, find_plain, array_of)
    result = parser.parse()
    if len(_found) > 4096:
        _found.clear()
    _found[name] = result
    return result


def find_with(name: str, names: dict[str, NetType]) -> NetType | None:
    """As :func:`find`, with type parameters (``T``) filled in from *names*."""
    return NameParser(name, find_plain, array_of, names).parse() if names else find(name)


def find_in(name: str, namespaces: tuple[str, ...]) -> NetType | None:
    """As :func:`find`; each name in it may also be one of a namespace that the script is ``using``."""

    def find_part(part: str, arguments: list[NetType] | None) -> NetType | None:
        candidates = (part, *(f"{n}.{part}" for n in namespaces))
        return next((found for c in candidates if (found := find_plain(c, arguments)) is not None), None)

    return NameParser(name, find_part, array_of).parse()


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
    target = accelerators.get(key)
    if target is not None:
        return by_name.get(target)
    return by_name.get(key) or by_name.get("system." + key)


def find_plain(name: str, arguments: list[NetType] | None) -> NetType | None:
    """The type of a name without brackets, or the generic one of that name over *arguments*."""
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


def resolve(name: str, owner: NetType) -> NetType | None:
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


def of(value: Any) -> NetType:
    """``GetType()`` of a value that is not null."""
    found = by_class.get(type(value))
    return found if found is not None else _slow_of(value)


def _slow_of(value: Any) -> NetType:
    own = getattr(value, "net_type", None)
    if type(own) is NetType:
        return own
    cls = type(value)
    if isinstance(value, Array):
        return array_of(value.element_type) if value.element_type is not None else OBJECT_ARRAY
    if cls is PSObject:
        return of(value.base)
    if cls is MultiArray:
        return array_of(value.element_type, len(value.shape))
    name = getattr(cls, "NET", None)
    if name is None:
        raise TypeError(f"not a PowerShell value: {value!r}")
    found = get(name)
    by_class[cls] = found
    return found


def exception_type(full_name: str) -> NetType:
    """The type of an exception; an unknown name becomes a direct child of ``System.Exception``."""
    found = by_name.get(full_name.lower())
    if found is None:
        found = find(full_name) or register(NetType(full_name, "System.Exception", kind="x"))
    return found


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


def _load_library() -> None:
    """Names, bases and interfaces as the class library's documentation has them.

    One type a line, by namespace: ``kind name < base | interfaces``. Kinds: ``c`` class, ``z`` sealed class, ``a``
    abstract class, ``t`` static class, ``s`` struct, ``i`` interface, ``d`` delegate, ``x`` exception, ``r`` attribute.
    The base defaults to the kind's usual one.
    """
    library = _read("class_library.json")
    for namespace, lines in library["types"].items():
        for line in lines:
            kind, _, rest = line.partition(" ")
            head, _, listed = rest.partition(" | ")
            name, _, base = head.partition(" < ")
            interfaces = tuple(_qualify(i, namespace) for i in listed.split())
            base = _qualify(base.strip(), namespace) if base.strip() else _KIND_BASE.get(kind, "System.Object")
            full_name = f"{namespace}.{name.strip()}"
            by_name[full_name.lower()] = _definition(full_name, base, interfaces, kind)
    _interface_methods.update(library["interface_methods"])
    for row in [*_read("net_enums.json"), *library["enums"], *_read("enums.json")]:
        made = NetType(
            row["name"],
            "System.Enum",
            kind="e",
            enum_members=row["members"],
            is_flags=row["flags"],
            underlying=row.get("underlying", "System.Int32"),
        )
        by_name[row["name"].lower()] = made


def _qualify(name: str, namespace: str) -> str:
    head = name.partition("[")[0]
    return name if not name or name == "-" or "." in head else f"{namespace}.{name}"


def _read(name: str) -> Any:
    return json.loads(resources.files("hvsim.metadata").joinpath(name).read_text("utf-8"))


def _load_metadata() -> None:
    for row in _read("types.json"):
        recorded[row["name"]] = row
        if row["name"].lower() not in by_name:
            base = row["base"] or "System.Object"
            kind = "s" if base == "System.ValueType" else "c"
            by_name[row["name"].lower()] = _definition(row["name"], base, (), kind)


def _load_accelerators() -> None:
    for row in _read("accelerators.json"):
        target = row["type"]
        name = row["name"]
        if target.lower() not in by_name:
            kind = "r" if target.endswith("Attribute") else "c"
            by_name[target.lower()] = _definition(target, _KIND_BASE.get(kind, "System.Object"), (), kind)
        accelerators[name.lower()] = target.lower()
        if name not in _NOT_DISPLAYED and (target not in display_names or name in _PREFERRED):
            display_names[target] = name


_load_library()
_load_metadata()
_load_accelerators()

OBJECT = by_name["system.object"]
ARRAY = by_name["system.array"]
STRING = by_name["system.string"]
INT = by_name["system.int32"]
BOOL = by_name["system.boolean"]
DOUBLE = by_name["system.double"]
CHAR = by_name["system.char"]
TYPE = by_name["system.type"]
PSOBJECT = by_name["system.management.automation.psobject"]
OBJECT_ARRAY = array_of(OBJECT)

by_class.update({str: STRING, int: INT, bool: BOOL, float: DOUBLE, Single: by_name["system.single"], Char: CHAR})
by_class[Decimal] = by_name["system.decimal"]
by_class[PSCustomObject] = by_name["system.management.automation.pscustomobject"]
by_class[NetType] = by_name["system.runtimetype"]
for _name in ("Byte", "SByte", "Int16", "UInt16", "UInt32", "Int64", "UInt64", "BigInteger"):
    _integer: type[Integer] = getattr(values, _name)
    by_class[_integer] = by_name[_integer.NET.lower()]
for _cls, _type in list(by_class.items()):
    _type.python_class = _cls

# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding the members of a type: what was recorded, joined with what is implemented."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.members.registry import Implementation, new_cache, registry
from hvsim.runtime.parameter_names import parameter_name
from hvsim.runtime.signatures import Overload, parse_overloads, resolve_type
from hvsim.runtime.types import NetType, unlisted

_methods: dict[NetType, dict[str, MethodGroup | None]] = new_cache()
_static_methods: dict[NetType, dict[str, MethodGroup | None]] = new_cache()
_properties: dict[NetType, dict[str, Property | None]] = new_cache()
_static_properties: dict[NetType, dict[str, Property | None]] = new_cache()
_constructors: dict[NetType, MethodGroup | None] = new_cache()
_indexers: dict[tuple[NetType, str], MethodGroup | None] = new_cache()


class MethodGroup:
    """All overloads of one method of a type, bound to its implementation. ``overloads`` empty: takes anything."""

    __slots__ = ("cache", "context", "function", "name", "overloads", "owner", "static", "type_arguments")

    def __init__(
        self,
        owner: NetType,
        name: str,
        overloads: list[Overload],
        function: Callable[..., Any],
        context: bool,
        static: bool,
        type_arguments: bool = False,
    ) -> None:
        self.owner = owner
        self.name = name
        self.overloads = overloads
        self.function = function
        self.context = context
        self.static = static
        self.type_arguments = type_arguments
        self.cache: dict[Any, Any] = {}


class Property:
    """A property or field of a type. ``get`` / ``put`` None: not readable / not writable."""

    __slots__ = ("context", "get", "is_field", "name", "owner", "put", "put_context", "static", "type_text")

    def __init__(self, owner: NetType, name: str, type_text: str, static: bool = False) -> None:
        self.owner = owner
        self.name = name
        self.type_text = type_text
        self.static = static
        self.get: Callable[..., Any] | None = None
        self.put: Callable[..., Any] | None = None
        self.context = self.put_context = self.is_field = False

    @property
    def type(self) -> NetType | None:
        return resolve_type(self.type_text, self.owner)

    def read(self, ctx: Any, value: Any) -> Any:
        assert self.get is not None
        return self.get(ctx, value) if self.context else self.get(value)

    def write(self, ctx: Any, value: Any, new: Any) -> None:
        assert self.put is not None
        if self.put_context:
            self.put(ctx, value, new)
        else:
            self.put(value, new)


def lookup_names(net_type: NetType) -> list[str]:
    """The names under which facts and implementations of a type are found, most specific first."""
    names: list[str] | None = net_type.cache.get("names")
    if names is None:
        names = []
        for level in net_type.hierarchy():
            names.append((level.definition or level).full_name)
        for interface in net_type.interfaces:
            name = (interface.definition or interface).full_name
            if name not in names:
                names.append(name)
        net_type.cache["names"] = names
    return names


def is_described(net_type: NetType) -> bool:
    """Whether all members of the type are known: recorded, or written down by whoever implements it."""
    if net_type in _described:
        return True
    if net_type.element_type is not None or net_type.is_enum or net_type.kind in ("x", "d"):
        return True
    names = ((t.definition or t).full_name for t in net_type.hierarchy())
    if any(n not in _BASICS and (types.metadata(n) is not None or n in registry or _is_listed(n)) for n in names):
        _described.add(net_type)
        return True
    return False


def _is_listed(type_name: str) -> bool:
    return unlisted.describes(type_name) or type_name in _known_members()


def is_known(net_type: NetType, name: str) -> bool:
    """Whether a described type has the member, by documentation, although nothing of it is implemented."""
    key = name.lower()
    return any(key in _known_members().get(t.full_name, ()) for t in net_type.hierarchy())


@cache
def _known_members() -> dict[str, frozenset[str]]:
    """``metadata/known_members.txt``: names in lower case by type."""
    text = resources.files("hvsim.metadata").joinpath("known_members.txt").read_text("utf-8")
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    rows = "\n".join(lines).replace("\n ", " ").split("\n")
    return {name: frozenset(members.lower().split()) for name, _, members in (row.partition(":") for row in rows)}


_described: set[NetType] = set()
# Types whose members say nothing about those of the types derived from them.
_BASICS = frozenset({"System.Object", "System.ValueType", "System.MarshalByRefObject", "System.Attribute"})


def find_method(net_type: NetType, name: str, *, static: bool = False) -> MethodGroup | None:
    """The methods of that name (any case), None when the type has none."""
    cache = _static_methods if static else _methods
    try:
        return cache[net_type][name]
    except KeyError:
        pass
    lower = name.lower()
    table = cache.setdefault(net_type, {})
    if lower not in table:
        table[lower] = _make_method(net_type, lower, static)
    found = table[name] = table[lower]
    return found


def _make_method(net_type: NetType, name: str, static: bool) -> MethodGroup | None:
    kind = "::method" if static else "method"
    recorded: tuple[str, list[str]] | None = None
    implementation: Implementation | None = None
    for type_name in lookup_names(net_type):
        registered = registry.get(type_name)
        if implementation is None and registered is not None:
            implementation = registered.members.get((kind, name))
        if recorded is None:
            recorded = _recorded_methods(type_name).get((static, name))
    if recorded is None and implementation is None:
        accessor = None if static or not name.startswith(("get_", "set_")) else _accessor(net_type, name)
        return accessor or _unlisted_method(net_type, name, static)
    if implementation is None:
        assert recorded is not None
        shown = f"{types.display(net_type)}{'::' if static else '.'}{recorded[0]}"
        return MethodGroup(
            net_type, recorded[0], parse_overloads(recorded[1]), _refusal(f"method {shown}"), False, static
        )
    texts = implementation.overloads if implementation.overloads is not None else recorded[1] if recorded else []
    canonical = recorded[0] if recorded else implementation.name
    return MethodGroup(
        net_type,
        canonical,
        parse_overloads(texts),
        implementation.function,
        implementation.context,
        static,
        implementation.type_arguments,
    )


def _accessor(net_type: NetType, name: str) -> MethodGroup | None:
    """``get_Name()`` and ``set_Name(value)`` of a property."""
    prop = find_property(net_type, name[4:])
    if prop is None or prop.is_field:
        return None
    if name.startswith("get_") and prop.get is not None:
        overloads = [f"() -> {prop.type_text}"]
        return MethodGroup(net_type, f"get_{prop.name}", parse_overloads(overloads), prop.get, prop.context, False)
    if name.startswith("set_") and prop.put is not None:
        overloads = [f"({prop.type_text}) -> void"]
        return MethodGroup(net_type, f"set_{prop.name}", parse_overloads(overloads), prop.put, prop.put_context, False)
    return None


def _declaring_names(net_type: NetType, static: bool) -> list[str]:
    """The types whose members PowerShell offers: instance members of the interfaces too, if .NET implements them privately."""
    return [(t.definition or t).full_name for t in net_type.hierarchy()] if static else lookup_names(net_type)


def _unlisted_method(net_type: NetType, name: str, static: bool) -> MethodGroup | None:
    """A method that .NET's type has and the engine does not: calling it is refused."""
    names = (unlisted.method_name(n, name, static=static) for n in _declaring_names(net_type, static))
    found = next(filter(None, names), None)
    if found is None:
        return None
    refusal = _refusal(f"method {types.display(net_type)}{'::' if static else '.'}{found}")
    return MethodGroup(net_type, found, [], refusal, False, static)


def _unlisted_property(net_type: NetType, name: str, static: bool) -> Property | None:
    """A property that .NET's type has and the engine does not: reading and writing it is refused."""
    names = (unlisted.property_name(n, name, static=static) for n in _declaring_names(net_type, static))
    canonical = next(filter(None, names), None)
    if canonical is None or name in ("item", "chars"):
        return None
    found = Property(net_type, canonical, "System.Object")
    found.get = found.put = _refusal(f"property {types.display(net_type)}{'::' if static else '.'}{canonical}")
    return found


def _refusal(what: str) -> Callable[..., Any]:
    def refuse(*_args: Any) -> Any:
        raise Unsupported(what)

    return refuse


_method_tables: dict[str, dict[tuple[bool, str], tuple[str, list[str]]]] = {}


def _recorded_methods(type_name: str) -> dict[tuple[bool, str], tuple[str, list[str]]]:
    table = _method_tables.get(type_name)
    if table is None:
        table = _method_tables[type_name] = {}
        row = types.metadata(type_name)
        for name, texts in (row["methods"] if row else {}).items():
            static = name.startswith("::")
            plain = name.removeprefix("::")
            table[(static, plain.lower())] = (plain, texts)
    return table


def find_property(net_type: NetType, name: str, *, static: bool = False) -> Property | None:
    """The property or field of that name (any case), None when the type has none. Indexers do not count."""
    cache = _static_properties if static else _properties
    try:
        return cache[net_type][name]
    except KeyError:
        pass
    lower = name.lower()
    table = cache.setdefault(net_type, {})
    if lower not in table:
        table[lower] = _make_property(net_type, lower, static)
    found = table[name] = table[lower]
    return found


def _make_property(net_type: NetType, name: str, static: bool) -> Property | None:
    prefix = "::" if static else ""
    recorded: tuple[str, str] | None = None
    read: Implementation | None = None
    write: Implementation | None = None
    stated: str | None = None
    for type_name in lookup_names(net_type):
        registered = registry.get(type_name)
        if registered is not None:
            read = read or registered.members.get((prefix + "getter", name))
            write = write or registered.members.get((prefix + "setter", name))
            stated = stated or registered.property_types.get(name)
        if recorded is None:
            recorded = _recorded_properties(type_name).get((static, name))
    if recorded is None and read is None and write is None:
        return _unlisted_property(net_type, name, static)
    return _build_property(net_type, prefix, recorded, read, write, stated)


def _build_property(
    net_type: NetType,
    prefix: str,
    recorded: tuple[str, str] | None,
    read: Implementation | None,
    write: Implementation | None,
    stated: str | None,
) -> Property:
    canonical = recorded[0] if recorded else (read or write).name  # type: ignore[union-attr]
    type_text, _, access = (recorded[1] if recorded else "").partition(" ")
    found = Property(net_type, canonical, type_text or stated or "System.Object", bool(prefix))
    found.is_field = "field" in access
    shown = f"{types.display(net_type)}{prefix or '.'}{canonical}"
    if read is not None:
        found.get, found.context = read.function, read.context
    elif recorded is not None and ("get" in access.split() or found.is_field):
        found.get = _refusal(f"property {shown}")
    if write is not None:
        found.put, found.put_context = write.function, write.context
    elif recorded is not None and "set" in access.split():
        found.put = _refusal(f"setting property {shown}")
    return found


_property_tables: dict[str, dict[tuple[bool, str], tuple[str, str]]] = {}


def _recorded_properties(type_name: str) -> dict[tuple[bool, str], tuple[str, str]]:
    table = _property_tables.get(type_name)
    if table is None:
        table = _property_tables[type_name] = {}
        row = types.metadata(type_name)
        for name, text in (row["properties"] if row else {}).items():
            static = name.startswith("::")
            plain = name.removeprefix("::")
            if plain in ("Item", "Chars") and not static:
                continue
            head, access = _type_and_access(text)
            table[(static, plain.lower())] = (plain, f"{head} {access}")
    return table


def _type_and_access(text: str) -> tuple[str, str]:
    words = text.split(" ")
    access: list[str] = []
    while words and words[-1] in ("get", "set", "field", "const", "readonly"):
        access.insert(0, words.pop())
    return "".join(words), " ".join(access)


def find_constructor(net_type: NetType) -> MethodGroup | None:
    """The constructors of a type, None when it has none that scripts can call."""
    if net_type in _constructors:
        return _constructors[net_type]
    found: MethodGroup | None
    own = (net_type.definition or net_type).full_name
    registered = registry.get(own)
    implementation = registered.members.get(("constructor", ".ctor")) if registered else None
    row = types.metadata(own)
    if implementation is not None and not net_type.parameters:
        texts = implementation.overloads if implementation.overloads is not None else row["constructors"] if row else []
        found = MethodGroup(
            net_type, ".ctor", parse_overloads(texts), implementation.function, implementation.context, True
        )
    elif net_type.is_enum or (row is not None and not row["constructors"]):
        found = None
    else:
        refusal = _refusal(f"constructor of {types.display(net_type)}")
        found = MethodGroup(
            net_type, ".ctor", parse_overloads(row["constructors"]) if row else [], refusal, False, True
        )
    _constructors[net_type] = found
    return found


#: Types whose indexer goes by this name (``IndexerNameAttribute``).
_CHARS = frozenset(("System.String", "System.Text.StringBuilder"))


def find_indexer(net_type: NetType, *, setting: bool = False) -> MethodGroup | None:
    """The ``Item`` property of a type as a method group."""
    kind = "index_setter" if setting else "indexer"
    key = (net_type, kind)
    if key in _indexers:
        return _indexers[key]
    found: MethodGroup | None = None
    for type_name in lookup_names(net_type):
        registered = registry.get(type_name)
        implementation = registered.members.get((kind, "item")) if registered else None
        if implementation is not None:
            overloads = parse_overloads(implementation.overloads or [])
            name = "Chars" if type_name in _CHARS else "Item"
            found = MethodGroup(net_type, name, overloads, implementation.function, implementation.context, False)
            break
    _indexers[key] = found
    return found


def member_names(net_type: NetType, *, static: bool = False) -> tuple[list[str], list[str]]:
    """(properties, methods) of a type, each in .NET's order as far as it is known."""
    properties: dict[str, str] = {}
    methods: dict[str, str] = {}
    prefix = "::" if static else ""
    for type_name in lookup_names(net_type):
        for (is_static, key), (name, _) in _recorded_properties(type_name).items():
            if is_static is static:
                properties.setdefault(key, name)
        for (is_static, key), (name, _) in _recorded_methods(type_name).items():
            if is_static is static:
                methods.setdefault(key, name)
        registered = registry.get(type_name)
        for (kind, key), implementation in registered.members.items() if registered else ():
            if kind == prefix + "getter":
                properties.setdefault(key, implementation.name)
            elif kind == prefix + "method":
                methods.setdefault(key, implementation.name)
    return list(properties.values()), list(methods.values())


def parameter_lists(net_type: NetType, name: str | None) -> list[list[str]]:
    """The parameter texts of every overload of ``Name``, ``::Static`` or (None) the constructors, implemented or not."""
    if name is None:
        group = find_constructor(net_type)
    else:
        group = find_method(net_type, name.removeprefix("::"), static=name.startswith("::"))
    if group is None:
        return []
    return [[f"{p.mode} {p.type_text}".strip() for p in o.parameters] for o in group.overloads]


def to_string(ctx: Any, value: Any) -> str:
    """``value.ToString()`` as the class library implements it; the type's name where it does not."""
    own = getattr(value, "net_text", None)
    if own is not None:
        return str(own(ctx))
    net_type = types.of(value)
    for type_name in lookup_names(net_type):
        registered = registry.get(type_name)
        found = registered.members.get(("method", "tostring")) if registered is not None else None
        if found is not None and type_name != "System.Object":
            text = found.function(ctx, value) if found.context else found.function(value)
            return str(text)
    return types.type_to_string(net_type)


def definition_text(group: MethodGroup, overload: Overload) -> str:
    """An overload as ``OverloadDefinitions`` shows it: ``static type Name(type name, ...)``.

    Raises:
        Unsupported: the names of its parameters are not recorded, or an interface of the type adds overloads of its own.
    """
    count = len(overload.parameters)
    names = [parameter_name(group.owner, group.name, count, i) for i in range(count)]
    if any(name.isdigit() for name in names) or (not group.static and group.name.lower() in types.interface_methods(group.owner)):
        raise Unsupported(f"the definition of method {types.display(group.owner)}.{group.name}")
    inside = ", ".join(
        f"{p.mode + ' ' if p.mode else ''}{p.type_text} {name}" for p, name in zip(overload.parameters, names, strict=True)
    )
    return f"{'static ' if group.static else ''}{overload.returns} {group.name}({inside})"

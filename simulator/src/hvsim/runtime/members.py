# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of .NET types: their signatures, implementations, and PowerShell's choice between overloads.

Signatures come from ``metadata/types.json``; a type that is not there states them in its decorators. A member that is
known but has no implementation is refused by name; one that nobody knows does not exist.

Sources: ``Adapter.FindBestMethod`` and ``CompareOverloadCandidates`` of PowerShell for the choice of an overload, the
recorded cases for error ids and messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.overloads import Choice, choose, method_error
from hvsim.runtime.parameter_names import parameter_name
from hvsim.runtime.signatures import Overload, Parameter, parse_overloads, resolve_type
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Array, PSObject

__all__ = [
    "MethodGroup",
    "Overload",
    "Parameter",
    "Property",
    "choose",
    "constructor",
    "find_constructor",
    "find_method",
    "find_property",
    "getter",
    "index_setter",
    "indexer",
    "invoke",
    "member_names",
    "method",
    "method_error",
    "parameter_lists",
    "parse_overloads",
    "resolve_type",
    "setter",
    "static_getter",
    "static_method",
    "static_setter",
    "to_string",
    "wrap_invocation",
]

_F = TypeVar("_F", bound=Callable[..., Any])


class Implementation:
    """A registered Python function; ``context`` says whether it takes the ExecutionContext first."""

    __slots__ = ("context", "function", "name", "overloads")

    def __init__(self, name: str, function: Callable[..., Any], context: bool, overloads: list[str] | None) -> None:
        self.name = name
        self.function = function
        self.context = context
        self.overloads = overloads


class _Registered:
    """What the decorators collected for one type: (kind, lower-case name) -> implementation."""

    __slots__ = ("members", "property_types")

    def __init__(self) -> None:
        self.members: dict[tuple[str, str], Implementation] = {}
        self.property_types: dict[str, str] = {}


_registry: dict[str, _Registered] = {}
_generation = 0

# What was looked up, by type and by the name as it was spelled.
_methods: dict[NetType, dict[str, MethodGroup | None]] = {}
_static_methods: dict[NetType, dict[str, MethodGroup | None]] = {}
_properties: dict[NetType, dict[str, Property | None]] = {}
_static_properties: dict[NetType, dict[str, Property | None]] = {}


def _register(
    kind: str, type_name: str, name: str, context: bool, overloads: list[str] | None = None, property_type: str | None = None
) -> Callable[[_F], _F]:
    def decorate(function: _F) -> _F:
        global _generation
        _generation += 1
        _methods.clear()
        _static_methods.clear()
        _properties.clear()
        _static_properties.clear()
        entry = _registry.setdefault(type_name, _Registered())
        entry.members[(kind, name.lower())] = Implementation(name, function, context, overloads)
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
    type_name: str, name: str, *, overloads: list[str] | None = None, context: bool = False
) -> Callable[[_F], _F]:
    """Implements a static method: ``f(*args)``."""
    return _register("::method", type_name, name, context, overloads)


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


# --- lookup -------------------------------------------------------------------------------------------------------


class MethodGroup:
    """All overloads of one method of a type, bound to its implementation. ``overloads`` empty: takes anything."""

    __slots__ = ("cache", "context", "function", "name", "overloads", "owner", "raw", "static")

    def __init__(
        self, owner: NetType, name: str, overloads: list[Overload], function: Callable[..., Any], context: bool, static: bool
    ) -> None:
        self.owner = owner
        self.name = name
        self.overloads = overloads
        self.function = function
        self.context = context
        self.static = static
        self.cache: dict[Any, Any] = {}


class Property:
    """A property or field of a type. ``get`` / ``put`` None: not readable / not writable."""

    __slots__ = ("context", "get", "is_field", "name", "owner", "put", "put_context", "type_text")

    def __init__(self, owner: NetType, name: str, type_text: str) -> None:
        self.owner = owner
        self.name = name
        self.type_text = type_text
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


def _names(net_type: NetType) -> list[str]:
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
    if any(n not in _BASICS and (types.metadata(n) is not None or n in _registry) for n in names):
        _described.add(net_type)
        return True
    return False


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
    for type_name in _names(net_type):
        registered = _registry.get(type_name)
        if implementation is None and registered is not None:
            implementation = registered.members.get((kind, name))
        if recorded is None:
            recorded = _recorded_methods(type_name).get((static, name))
    if recorded is None and implementation is None:
        return None if static or not name.startswith(("get_", "set_")) else _accessor(net_type, name)
    if implementation is None:
        assert recorded is not None
        shown = f"{types.display(net_type)}{'::' if static else '.'}{recorded[0]}"
        return MethodGroup(net_type, recorded[0], parse_overloads(recorded[1]), _refusal(f"method {shown}"), False, static)
    texts = implementation.overloads if implementation.overloads is not None else recorded[1] if recorded else []
    canonical = recorded[0] if recorded else implementation.name
    return MethodGroup(
        net_type, canonical, parse_overloads(texts), implementation.function, implementation.context, static
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
    for type_name in _names(net_type):
        registered = _registry.get(type_name)
        if registered is not None:
            read = read or registered.members.get((prefix + "getter", name))
            write = write or registered.members.get((prefix + "setter", name))
            stated = stated or registered.property_types.get(name)
        if recorded is None:
            recorded = _recorded_properties(type_name).get((static, name))
    if recorded is None and read is None and write is None:
        return None
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
    found = Property(net_type, canonical, type_text or stated or "System.Object")
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
    key = ("constructor", _generation)
    if key in net_type.cache:
        found: MethodGroup | None = net_type.cache[key]
        return found
    own = (net_type.definition or net_type).full_name
    registered = _registry.get(own)
    implementation = registered.members.get(("constructor", ".ctor")) if registered else None
    row = types.metadata(own)
    if implementation is not None:
        texts = implementation.overloads if implementation.overloads is not None else row["constructors"] if row else []
        found = MethodGroup(
            net_type, ".ctor", parse_overloads(texts), implementation.function, implementation.context, True
        )
    elif row is not None and not row["constructors"]:
        found = None
    else:
        refusal = _refusal(f"constructor of {types.display(net_type)}")
        found = MethodGroup(net_type, ".ctor", parse_overloads(row["constructors"]) if row else [], refusal, False, True)
    net_type.cache[key] = found
    return found


def find_indexer(net_type: NetType, *, setting: bool = False) -> MethodGroup | None:
    """The ``Item`` property of a type as a method group."""
    kind = "index_setter" if setting else "indexer"
    key = (kind, _generation)
    if key in net_type.cache:
        found: MethodGroup | None = net_type.cache[key]
        return found
    found = None
    for type_name in _names(net_type):
        registered = _registry.get(type_name)
        implementation = registered.members.get((kind, "item")) if registered else None
        if implementation is not None:
            overloads = parse_overloads(implementation.overloads or [])
            found = MethodGroup(net_type, "Item", overloads, implementation.function, implementation.context, False)
            break
    net_type.cache[key] = found
    return found


def member_names(net_type: NetType, *, static: bool = False) -> tuple[list[str], list[str]]:
    """(properties, methods) of a type, each in .NET's order as far as it is known."""
    properties: dict[str, str] = {}
    methods: dict[str, str] = {}
    prefix = "::" if static else ""
    for type_name in _names(net_type):
        for (is_static, key), (name, _) in _recorded_properties(type_name).items():
            if is_static is static:
                properties.setdefault(key, name)
        for (is_static, key), (name, _) in _recorded_methods(type_name).items():
            if is_static is static:
                methods.setdefault(key, name)
        registered = _registry.get(type_name)
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
    for type_name in _names(net_type):
        registered = _registry.get(type_name)
        found = registered.members.get(("method", "tostring")) if registered is not None else None
        if found is not None and type_name != "System.Object":
            text = found.function(ctx, value) if found.context else found.function(value)
            return str(text)
    return types.type_to_string(net_type)


# Of values in types._by_class the Python class alone decides the .NET type: the choice of an overload is remembered.
_NONE = type(None)


# --- calling ------------------------------------------------------------------------------------------------------


def invoke(
    ctx: Any,
    group: MethodGroup,
    target: tuple[Any, ...],
    arguments: Sequence[Any],
    *,
    generic: Sequence[NetType] = (),
    shown: str | None = None,
) -> Any:
    """Calls a method: *target* is ``(self,)``, ``()`` for a static one, ``(net_type,)`` for a constructor.

    A method without result gives AUTOMATION_NULL.

    Raises:
        PSError: no overload, an argument that does not convert, or ``MethodInvocationException`` around what it threw.
    """
    entry = None if generic else group.cache.get(tuple(map(type, arguments)))
    if entry is not None:
        choice, as_they_are = entry
        overload = choice.overload
        prepared = arguments if as_they_are else _convert_arguments(ctx, group, choice, arguments, shown)
    else:
        prepared, overload = prepare(ctx, group, arguments, generic, shown)
    try:
        result = group.function(ctx, *target, *prepared) if group.context else group.function(*target, *prepared)
        return AUTOMATION_NULL if result is None and overload is not None and overload.returns == "void" else result
    except PSError as error:
        raise wrap_invocation(error, shown_name(group, shown), len(arguments)) from None


def shown_name(group: MethodGroup, shown: str | None) -> str:
    return group.name if group.name == ".ctor" else (shown or group.name)


def prepare(
    ctx: Any, group: MethodGroup, arguments: Sequence[Any], generic: Sequence[NetType] = (), shown: str | None = None
) -> tuple[list[Any], Overload | None]:
    """The arguments as the chosen overload takes them, and that overload."""
    if not group.overloads:
        return [a.base if type(a) is PSObject else a for a in arguments], None
    choice = choose(group, arguments, generic, shown)
    if not generic:
        key = tuple(map(type, arguments))
        if all(k is _NONE or k in types._by_class for k in key):
            group.cache[key] = (choice, _fits_as_is(choice, arguments))
    return _convert_arguments(ctx, group, choice, arguments, shown), choice.overload


def _fits_as_is(choice: Choice, arguments: Sequence[Any]) -> bool:
    """Whether arguments of these Python classes never need a conversion."""
    if choice.expanded or any(choice.modes):
        return False
    return all(
        target is types.OBJECT or (a is not None and target.is_assignable_from(types.of(a)))
        for target, a in zip(choice.types, arguments, strict=False)
    )


def _convert_arguments(
    ctx: Any, group: MethodGroup, choice: Choice, arguments: Sequence[Any], shown: str | None
) -> list[Any]:
    from hvsim.runtime.structs import Reference

    converted: list[Any] = []
    fixed = len(choice.types) - 1 if choice.expanded else len(choice.types)
    for i, (net_type, argument) in enumerate(zip(choice.types[:fixed], arguments, strict=False)):
        if choice.modes[i] in ("ref", "out") and isinstance(argument, Reference):
            converted.append(argument)
        elif choice.modes[i] in ("ref", "out"):
            raise _reference_needed(group, choice, i)
        else:
            converted.append(_convert_argument(ctx, group, argument, net_type, i, len(choice.types), shown))
    if choice.expanded:
        element = choice.types[-1].element_type
        assert element is not None
        items = [
            _convert_argument(ctx, group, a, element, i, len(choice.types), shown)
            for i, a in enumerate(arguments[fixed:], start=fixed)
        ]
        converted.append(Array(items, element if element is not types.OBJECT else None))
    return converted


def _reference_needed(group: MethodGroup, choice: Choice, index: int) -> PSError:
    return method_error(
        "NonRefArgumentToRefParameterMsg",
        f"Argument: '{index + 1}' should be a System.Management.Automation.PSReference. Use [ref].",
    )


def _convert_argument(
    ctx: Any, group: MethodGroup, argument: Any, target: NetType, index: int, count: int, shown: str | None
) -> Any:
    if type(argument) is PSObject and target is not types.OBJECT and target is not types.PSOBJECT:
        argument = argument.base
    if argument is AUTOMATION_NULL:
        argument = None
    if target is types.OBJECT or target is types.PSOBJECT:
        return argument
    if argument is not None and (types.of(argument) is target or target.is_assignable_from(types.of(argument))):
        return argument
    from hvsim.runtime import convert

    if target is types.STRING and getattr(type(argument), "NET", "") == "System.Management.Automation.Language.NullString":
        return None
    try:
        return convert.to(ctx, argument, target)
    except PSError as error:
        name = parameter_name(group.owner, group.name, count, index)
        text = convert.net_string(ctx, argument)
        raise method_error(
            "MethodArgumentConversionInvalidCastArgument",
            f'Cannot convert argument "{name}", with value: "{text}", for "{shown_name(group, shown)}" to type '
            f'"{types.type_to_string(target)}": "{error.exception.message}"',
            error.exception,
        ) from None


_PASSED_ON = frozenset(
    {
        "System.Management.Automation.MethodException",
        "System.Management.Automation.ParameterBindingException",
        "System.Management.Automation.PipelineStoppedException",
        "System.Management.Automation.ScriptCallDepthException",
    }
)


def wrap_invocation(error: PSError, name: str, count: int) -> PSError:
    """``MethodInvocationException`` around what a method threw, its error id being the name of that exception's type."""
    inner = error.exception
    if inner.kind in _PASSED_ON:
        return error
    kind = "System.Management.Automation.MethodInvocationException"
    message = f'Exception calling "{name}" with "{count}" argument(s): "{inner.message}"'
    exception = NetException(kind, message, inner)
    return PSError(exception, ErrorRecord(exception, inner.kind.rpartition(".")[2].rpartition("+")[2], "NotSpecified"))


def definition_text(group: MethodGroup, overload: Overload) -> str:
    """An overload as ``OverloadDefinitions`` shows it: ``static type Name(type, ...)``; names are not recorded."""
    inside = ", ".join(
        f"{p.mode + ' ' if p.mode else ''}{p.type_text} {parameter_name(group.owner, group.name, len(overload.parameters), i)}"
        for i, p in enumerate(overload.parameters)
    )
    return f"{'static ' if group.static else ''}{overload.returns} {group.name}({inside})"


def registered_members() -> dict[str, list[str]]:
    """Names of the implemented members by type, static ones with ``::``, constructors as ``new`` (for COVERAGE.md)."""
    result: dict[str, list[str]] = {}
    for type_name, entry in _registry.items():
        names = set()
        for (kind, _), implementation in entry.members.items():
            if kind == "constructor":
                names.add("new")
            else:
                names.add(("::" if kind.startswith("::") else "") + implementation.name)
        result[type_name] = sorted(names, key=str.lower)
    return result

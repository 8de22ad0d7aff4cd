# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversions to classes that the language does not know: ``Parse``, constructors, sequences, properties."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import collections, types
from hvsim.runtime.convert.errors import cast_error, no_conversion, with_inner
from hvsim.runtime.convert.sequences import enumerate_value
from hvsim.runtime.convert.text import shown, to_string
from hvsim.runtime.errors import PSError
from hvsim.runtime.numeric import INTEGER_TYPES, NUMERIC_CODES
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, PSCustomObject

__all__ = ["convert"]

_WIDER = {
    "System.Int32": ("System.Int64", "System.Double", "System.Decimal", "System.Single"),
    "System.Byte": ("System.Int16", "System.UInt16", "System.Int32", "System.UInt32", "System.Int64", "System.Double"),
    "System.Int16": ("System.Int32", "System.Int64", "System.Double"),
    "System.Int64": ("System.Double", "System.Single", "System.Decimal"),
    "System.Single": ("System.Double",),
}


def convert(ctx: Any, value: Any, source: NetType, target: NetType) -> Any:
    """*value*, which is not assignable to *target*, as an object of that class.

    Raises:
        PSError: with the error id of the step that failed, or ``ConvertToFinalInvalidCastException``.
    """
    if type(value) is str and (parse := _parse_of(target)) is not None:
        return _by_parse(ctx, value, target, parse)
    if not target.is_abstract:
        if _has_constructor(source, target):
            return _construct(ctx, value, target, "InvalidCastConstructorException")
        built = _from_sequence(ctx, value, source, target)
        if built is not None:
            return built
    if type(value) in NUMERIC_CODES and _from_string_exists(target):
        return convert(ctx, to_string(ctx, value), types.get("System.String"), target)
    if not target.is_abstract:
        if isinstance(value, collections.Dictionary) and _creatable(target):
            return _with_properties(ctx, value.items(), target)
        if isinstance(value, PSCustomObject) and _creatable(target):
            return _from_custom_object(ctx, value, target)
    if _may_have_more(target):
        raise Unsupported(f"conversion of {types.display(source)} to {types.display(target)}")
    raise no_conversion(ctx, value, target)


def _may_have_more(target: NetType) -> bool:
    """Whether a type of .NET has constructors or conversions that nobody recorded."""
    from hvsim.runtime import members

    own = (target.definition or target).full_name
    return (
        own.startswith("System.")
        and not own.startswith("System.Management.Automation.")
        and not target.is_abstract
        and not target.is_enum
        and target.element_type is None
        and types.metadata(own) is None
        and members.find_constructor(target) is not None
        and not members.find_constructor(target).overloads  # type: ignore[union-attr]
    )


def _signatures(target: NetType, name: str | None) -> list[list[str]]:
    """Parameter lists of a static method (or the constructors) of *target*."""
    from hvsim.runtime import members

    group = members.find_constructor(target) if name is None else members.find_method(target, name[2:], static=True)
    if group is None:
        return []
    return [[p.type_text for p in overload.parameters] for overload in group.overloads]


def _parse_of(target: NetType) -> bool | None:
    """Whether the type's ``Parse`` takes a format provider; None if it has no ``Parse(string)``."""
    if not target.is_value_type and target.full_name.startswith("System.Collections"):
        return None
    lists = _signatures(target, "::Parse")
    if ["string", "System.IFormatProvider"] in lists:
        return True
    return False if ["string"] in lists else None


def _by_parse(ctx: Any, text: str, target: NetType, provider: bool) -> Any:
    from hvsim.runtime import objects

    try:
        return objects.invoke_static(ctx, target, "Parse", [text])
    except PSError as error:
        inner = error.exception.inner or error.exception
        error_id = "InvalidCastParseTargetInvocation" + ("WithFormatProvider" if provider else "")
        raise with_inner(error_id, text, target, inner) from None


def _from_string_exists(target: NetType) -> bool:
    return _parse_of(target) is not None or _has_constructor(types.get("System.String"), target)


def _has_constructor(source: NetType, target: NetType) -> bool:
    """A public constructor whose only parameter takes *source* without PowerShell's help."""
    from hvsim.runtime import members

    if source.full_name in (
        "System.SByte", "System.Byte", "System.Int16", "System.UInt16", "System.Int32", "System.UInt32", "System.Int64",
        "System.UInt64",
    ) and target.implements("System.Collections.ICollection"):  # fmt: skip
        return False
    for parameters in _signatures(target, None):
        if len(parameters) != 1:
            continue
        wanted = members.resolve_type(parameters[0], target)
        if wanted is None or wanted.full_name == "System.Object":
            continue
        if wanted.is_assignable_from(source) or wanted.full_name in _WIDER.get(source.full_name, ()):
            return True
    return False


def _construct(ctx: Any, value: Any, target: NetType, error_id: str) -> Any:
    from hvsim.runtime import objects

    try:
        return objects.construct(ctx, target, [value])
    except PSError as error:
        inner = error.exception.inner or error.exception
        raise with_inner(error_id, shown(ctx, value), target, inner) from None


def _from_sequence(ctx: Any, value: Any, source: NetType, target: NetType) -> Any:
    """A generic collection from an array or from one element."""
    from hvsim.runtime import objects
    from hvsim.runtime.convert.core import to

    if (
        target.definition is None
        or len(target.arguments) != 1
        or not target.implements("System.Collections.IEnumerable")
    ):
        return None
    element = target.arguments[0]
    items = enumerate_value(value) if isinstance(value, list) else None
    if items is None and type(value) in INTEGER_TYPES and not element.is_assignable_from(source):
        pass
    try:
        converted = [to(ctx, item, element) for item in (items if items is not None else [value])]
    except PSError:
        raise no_conversion(ctx, value, target) from None
    return objects.construct(ctx, target, [Array(converted, element)])


def _creatable(target: NetType) -> bool:
    return target.is_value_type or [] in _signatures(target, None)


def _with_properties(ctx: Any, pairs: list[tuple[Any, Any]], target: NetType) -> Any:
    """``[Type]@{ Property = value }``."""
    from hvsim.runtime import objects

    name = types.type_to_string(target)
    made = objects.construct(ctx, target, [], shown=target.name)
    for key, value in pairs:
        text = to_string(ctx, key)
        settable = {m.name.lower(): m for m in objects.properties(ctx, made)}
        if text.lower() not in settable:
            listed = ", ".join(
                f"[{m.name} <{m.type_name(ctx)}>]" for m in settable.values() if getattr(m, "settable", True)
            )
            raise cast_error(
                "ObjectCreationError",
                f"Cannot create object of type \"{name}\". The property '{text}' was not found for the '{target.full_name}' object. "
                + (f"The settable properties are: {listed}." if listed else "There is no settable property available."),
            )
        try:
            objects.set_member(ctx, made, text, value)
        except PSError as error:
            inner = error.exception.inner or error.exception
            raise cast_error(
                "ObjectCreationError", f'Cannot create object of type "{name}". {inner.message}', error.exception
            ) from None
    return made


def _from_custom_object(ctx: Any, value: PSCustomObject, target: NetType) -> Any:
    from hvsim.runtime import objects

    pairs = [(m.name, m.get(ctx, value)) for m in objects.properties(ctx, value)]
    try:
        return _with_properties(ctx, pairs, target)
    except PSError:
        inner = no_conversion(ctx, value, target)
        raise with_inner("InvalidCastConstructorException", shown(ctx, value), target, inner.exception) from None

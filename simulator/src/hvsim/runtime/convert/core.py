# SPDX-License-Identifier: GPL-3.0-or-later
"""``LanguagePrimitives.ConvertTo``: the choice of a conversion, in PowerShell's order.

Assignable → the language's own conversions (string, bool, arrays, numbers, enums, hashtables) → ``Parse`` → a constructor
with one parameter → a constructor that takes a sequence → cast operators → ``IConvertible`` → properties from a dictionary.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hvsim.runtime import collections, edition51, format, types
from hvsim.runtime.convert import enums, numbers, parsers, uri
from hvsim.runtime.convert.errors import cast_error, no_conversion, with_inner
from hvsim.runtime.convert.numbers import CLASSES, to_number
from hvsim.runtime.convert.sequences import enumerate_value
from hvsim.runtime.convert.text import culture_string, net_string, shown, to_string
from hvsim.runtime.convert.truth import to_bool
from hvsim.runtime.errors import NetException, PSError, net_error
from hvsim.runtime.numeric import INTEGER_TYPES, NUMERIC_CODES
from hvsim.runtime.structs import (
    DateTime,
    DateTimeOffset,
    Reference,
    Regex,
    SwitchParameter,
    TimeSpan,
)
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Array, BigInteger, Char, EnumValue, PSObject
from hvsim.runtime.wrappers import wrapped

__all__ = ["CONVERTERS", "register", "to", "to_as", "try_to"]

Converter = Callable[[Any, Any, NetType], Any]

#: Full name of the target type -> converter of values that are not of that type yet. Modules further right may add.
CONVERTERS: Final[dict[str, Converter]] = {}


def register(full_name: str, converter: Converter) -> None:
    """Make *converter* the conversion to the type *full_name* (of values that are not assignable to it)."""
    CONVERTERS[full_name] = converter
    found = types.find(full_name)
    if found is not None:
        found.cache.pop("convert", None)


def to(ctx: Any, value: Any, net_type: NetType) -> Any:
    """*value* converted to *net_type*.

    Raises:
        PSError: ``PSInvalidCastException`` with PowerShell's error id and message.
    """
    converter = net_type.cache.get("convert")
    if converter is None:
        converter = net_type.cache["convert"] = _choose(net_type)
    return converter(ctx, value, net_type)


def try_to(ctx: Any, value: Any, net_type: NetType) -> tuple[bool, Any]:
    """As :func:`to`; (False, None) where it fails."""
    try:
        return True, to(ctx, value, net_type)
    except PSError:
        return False, None


def to_as(ctx: Any, value: Any, net_type: NetType) -> Any:
    """``-as``: null where the conversion fails; text follows the thread's culture."""
    if net_type.full_name == "System.String":
        if type(value) in NUMERIC_CODES:
            return to_string(ctx, value)
        return culture_string(ctx, value)
    return try_to(ctx, value, net_type)[1]


def _to_text(ctx: Any, value: Any, target: NetType) -> str | None:
    if type(value) is PSObject and value.token_text is not None:
        return value.token_text
    if getattr(value, "NET", "") == "System.Management.Automation.Language.NullString":
        return None  # its ToString() gives null: the one way to a [string] without text
    return to_string(ctx, value)


def _choose(net_type: NetType) -> Converter:
    name = net_type.full_name
    if name == "System.String":
        return _to_text
    if name == "System.Boolean":
        return lambda ctx, value, target: to_bool(value)
    if name == "System.Int32":
        return _to_int
    if name == "System.Management.Automation.PSObject":
        return _to_psobject
    if name == "System.Object":
        return _identity
    if name in CLASSES:
        return to_number
    if net_type.is_enum:
        return enums.to_enum
    if net_type.element_type is not None:
        return _to_array
    if net_type.definition is not None and net_type.definition.full_name == "System.Nullable`1":
        return _to_nullable
    if net_type.kind == "d":
        from hvsim.runtime import delegates

        return _Checked(delegates.convert_script)
    special = CONVERTERS.get(name)
    return _Checked(special) if special is not None else _to_class


def _identity(_ctx: Any, value: Any, _target: NetType) -> Any:
    return None if value is AUTOMATION_NULL else value


def _to_psobject(ctx: Any, value: Any, _target: NetType) -> Any:
    if value is AUTOMATION_NULL:
        return None
    return wrapped(value) if ctx is not None and ctx.shows_wrappers else value


def _to_int(ctx: Any, value: Any, target: NetType) -> Any:
    return value if type(value) is int else to_number(ctx, value, target)


def _to_nullable(ctx: Any, value: Any, target: NetType) -> Any:
    if value is None or value is AUTOMATION_NULL:
        return None
    return to(ctx, value, target.arguments[0])


class _Checked:
    """A converter for values that are neither null nor assignable."""

    def __init__(self, converter: Converter) -> None:
        self.converter = converter

    def __call__(self, ctx: Any, value: Any, target: NetType) -> Any:
        if type(value) is PSObject:
            value = value.base
        if value is None or value is AUTOMATION_NULL:
            return _null(ctx, target)
        if target.is_assignable_from(types.of(value)):
            return value
        return self.converter(ctx, value, target)


def _null(ctx: Any, target: NetType) -> Any:
    name = target.full_name
    if name == "System.Char":
        return Char(0)
    if name == "System.Management.Automation.SwitchParameter":
        return SwitchParameter(False)
    if name == "System.Void":
        return AUTOMATION_NULL
    if name == "System.Management.Automation.PSReference":
        return Reference(None)
    if target.is_value_type:
        raise no_conversion(ctx, None, target)
    return None


# --- arrays -------------------------------------------------------------------------------------------------------


def _to_array(ctx: Any, value: Any, target: NetType) -> Any:
    element = target.element_type
    assert element is not None
    if type(value) is PSObject:
        value = value.base if not isinstance(value.base, (str, int, float)) else value
    if value is None or value is AUTOMATION_NULL:
        return None
    of_object = element.full_name == "System.Object"
    if isinstance(value, Array) and target.rank <= 1:
        if value.element_type is element or (of_object and value.element_type is None):
            return value
        if target.is_assignable_from(types.of(value)):
            return value
        return Array([to(ctx, item, element) for item in value], None if of_object else element)
    if target.is_assignable_from(types.of(value)):
        return value
    if target.rank > 1:
        raise no_conversion(ctx, value, target)
    if type(value) is str and element.full_name == "System.Char":
        return Array([Char(c) for c in value], element)
    items = enumerate_value(value)
    error_id = "InvalidCastExceptionScalarToArray" if items is None else "InvalidCastExceptionEnumerableToArray"
    if items is None and not _convertible(value, element):
        raise no_conversion(ctx, value, target)
    try:
        converted = [to(ctx, item, element) for item in (items if items is not None else [value])]
    except PSError as error:
        raise with_inner(error_id, shown(ctx, value), target, error.exception) from None
    return Array(converted, None if of_object else element)


def _convertible(value: Any, element: NetType) -> bool:
    """Whether any conversion between the two types exists at all."""
    if element.full_name in CLASSES:
        kind = type(value)
        return kind is str or kind in NUMERIC_CODES or kind in (bool, Char, EnumValue, BigInteger, DateTime)
    return True


def _to_array_type(ctx: Any, value: Any, target: NetType) -> Any:
    """``[array]``."""
    items = enumerate_value(value)
    return Array(items if items is not None else [value])


# --- the language's own conversions ---------------------------------------------------------------------------------


def _to_char(ctx: Any, value: Any, target: NetType) -> Any:
    if type(value) is str:
        return _parse(ctx, value, target, parsers.parse_char, False)
    try:
        if type(value) in INTEGER_TYPES or type(value) is EnumValue:
            number = value.value if type(value) is EnumValue else int(value)
            if not 0 <= number <= 0xFFFF:
                raise net_error("System.OverflowException", "Value was either too large or too small for a character.")
            return Char(number)
        if type(value) in NUMERIC_CODES or type(value) is bool:
            raise numbers.invalid_cast(types.of(value).name, target)
    except PSError as error:
        raise with_inner("InvalidCastIConvertible", net_string(ctx, value), target, error.exception) from None
    raise no_conversion(ctx, value, target)


def _to_switch(ctx: Any, value: Any, target: NetType) -> Any:
    if type(value) is bool:
        return SwitchParameter(value)
    raise no_conversion(ctx, value, target)


def _to_void(_ctx: Any, _value: Any, _target: NetType) -> Any:
    return AUTOMATION_NULL


def _to_hashtable(ctx: Any, value: Any, target: NetType) -> Any:
    if isinstance(value, collections.Dictionary):
        return collections.Hashtable(value.items(), ignore_case=False)
    return _to_class(ctx, value, target)


def _to_reference(_ctx: Any, value: Any, _target: NetType) -> Any:
    return Reference(value)


def _to_type(ctx: Any, value: Any, target: NetType) -> Any:
    if type(value) is str:
        found = edition51.known_type(value, format.edition_of(ctx))
        if found is not None:
            return found
        message = (
            f'Cannot convert the "{value}" value of type "System.String" to type "{types.type_to_string(target)}".'
        )
        raise cast_error(
            "InvalidCastFromStringToType",
            message,
            NetException("System.Management.Automation.RuntimeException", f"Unable to find type [{value}]."),
        )
    raise no_conversion(ctx, value, target)


def _to_regex(ctx: Any, value: Any, target: NetType) -> Any:
    if type(value) is str or type(value) in NUMERIC_CODES:
        from hvsim.runtime import regex

        text = to_string(ctx, value)
        try:
            regex.compile(text, 0)
        except PSError as error:
            raise with_inner("InvalidCastFromStringToRegex", text, target, error.exception) from None
        return Regex(text, 0)
    raise no_conversion(ctx, value, target)


def _to_uri(ctx: Any, value: Any, target: NetType) -> Any:
    if type(value) is str or type(value) in NUMERIC_CODES:
        text = to_string(ctx, value)
        try:
            return uri.create(text, 0)
        except PSError as error:
            raise with_inner("InvalidCastFromStringToUri", text, target, error.exception) from None
    raise no_conversion(ctx, value, target)


def _parse(ctx: Any, text: str, target: NetType, parser: Callable[[Any, str], Any], provider: bool) -> Any:
    try:
        return parser(ctx, text)
    except PSError as error:
        error_id = "InvalidCastParseTargetInvocation" + ("WithFormatProvider" if provider else "")
        raise with_inner(error_id, text, target, error.exception) from None


def parse_date(ctx: Any, text: str, target: NetType) -> Any:
    """A DateTime or DateTimeOffset from a text in the thread's culture, as a cmdlet's parameter reads it; :func:`to` reads the
    invariant one.

    Raises:
        PSError: the culture has no such date.
    """
    parser = parsers.parse_datetime if target.full_name == "System.DateTime" else parsers.parse_offset
    return _parse(ctx, text, target, parser, True)


def _parsed(full_name: str, from_ticks: Callable[[int], Any] | None = None) -> Converter:
    parser, provider = parsers.PARSERS[full_name]

    def convert(ctx: Any, value: Any, target: NetType) -> Any:
        framework = format.edition_of(ctx) == "5.1"
        with_provider = provider and not (framework and full_name == "System.Guid")
        kind = type(value)
        if kind is str:
            return _parse(ctx, value, target, parser, with_provider)
        if from_ticks is not None and kind in INTEGER_TYPES and int(value) < 2**63:
            try:
                return from_ticks(int(value))
            except PSError as error:
                raise with_inner(
                    "InvalidCastConstructorException", net_string(ctx, value), target, error.exception
                ) from None
        if kind in NUMERIC_CODES:
            return _parse(ctx, to_string(ctx, value), target, parser, with_provider)
        if full_name == "System.DateTimeOffset" and kind is DateTime:
            return DateTimeOffset(value.ticks, 0)
        if kind in (bool, Char, EnumValue, DateTime):
            inner = numbers.invalid_cast(types.of(value).name, target).exception
            raise with_inner("InvalidCastIConvertible", net_string(ctx, value), target, inner)
        return _to_class(ctx, value, target)

    return convert


CONVERTERS.update(
    {
        "System.Char": _to_char,
        "System.Array": _to_array_type,
        "System.Void": _to_void,
        "System.Management.Automation.SwitchParameter": _to_switch,
        "System.Management.Automation.PSReference": _to_reference,
        "System.Collections.Hashtable": _to_hashtable,
        "System.Type": _to_type,
        "System.Text.RegularExpressions.Regex": _to_regex,
        "System.Uri": _to_uri,
        "System.Guid": _parsed("System.Guid"),
        "System.Version": _parsed("System.Version"),
        "System.DateTime": _parsed("System.DateTime", parsers.ticks_datetime),
        "System.TimeSpan": _parsed("System.TimeSpan", TimeSpan),
        "System.DateTimeOffset": _parsed("System.DateTimeOffset"),
    }
)


# --- any other class ------------------------------------------------------------------------------------------------


def _to_class(ctx: Any, value: Any, target: NetType) -> Any:
    if type(value) is PSObject:
        value = value.base
    if value is None or value is AUTOMATION_NULL:
        return _null(ctx, target)
    source = types.of(value)
    if target.is_assignable_from(source):
        return value
    from hvsim.runtime.convert import classes

    return classes.convert(ctx, value, source, target)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs of Ansible.Basic: validation, merging of fragments, defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.library.ansible.converters import CONVERTERS, bad_argument, full_name, new_list, null_reference
from hvsim.runtime import types
from hvsim.runtime.collections import Dictionary, Hashtable, NetList
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.values import Array, PSObject

BOOLEAN, TEXT, DATE = "System.Boolean", "System.String", "System.DateTime"
TABLE = "System.Collections.Hashtable"
OBJECTS = "System.Collections.Generic.List`1[[System.Object]]"
TEXTS = "System.Collections.Generic.List`1[[System.String]]"
TABLES = "System.Collections.Generic.List`1[[System.Collections.Hashtable]]"

#: key -> (default maker, wanted type or None for any)
KEYS: dict[str, tuple[Callable[[], Any], str | None]] = {
    "apply_defaults": (lambda: False, BOOLEAN),
    "aliases": (new_list, TEXTS),
    "choices": (new_list, OBJECTS),
    "default": (lambda: None, None),
    "deprecated_aliases": (new_list, TABLES),
    "elements": (lambda: None, None),
    "mutually_exclusive": (new_list, OBJECTS),
    "no_log": (lambda: False, BOOLEAN),
    "options": (Hashtable, TABLE),
    "removed_in_version": (lambda: None, TEXT),
    "removed_at_date": (lambda: None, DATE),
    "removed_from_collection": (lambda: None, TEXT),
    "required": (lambda: False, BOOLEAN),
    "required_by": (Hashtable, TABLE),
    "required_if": (new_list, OBJECTS),
    "required_one_of": (new_list, OBJECTS),
    "required_together": (new_list, OBJECTS),
    "supports_check_mode": (lambda: False, BOOLEAN),
    "type": (lambda: "str", None),
}
_WRAPPED = "System.Management.Automation.PSObject"
_ELEMENTS = {OBJECTS: "System.Object", TEXTS: "System.String", TABLES: "System.Collections.Hashtable"}


def in_context(message: str, context: list[str], prefix: str = " ") -> str:
    """``FormatOptionsContext``: says in which option a problem is."""
    return f"{message}{prefix}found in {' -> '.join(context)}" if context else message


def base_of(value: Any) -> Any:
    return value.base if type(value) is PSObject else value


def bad_cast(value: Any, wanted: str) -> PSError:
    return net_error(
        "System.InvalidCastException", f"Unable to cast object of type '{full_name(base_of(value))}' to type '{wanted}'."
    )


def dictionary(value: Any, wanted: str = "System.Collections.IDictionary") -> Dictionary:
    """A cast to IDictionary or Hashtable.

    Raises:
        PSError: NullReferenceException or InvalidCastException.
    """
    value = base_of(value)
    if value is None:
        raise null_reference()
    if not isinstance(value, Hashtable if wanted == TABLE else Dictionary):
        raise bad_cast(value, wanted)
    table: Dictionary = value
    return table


def options_of(spec: Dictionary) -> Dictionary:
    return dictionary(spec.get("options"))


def not_null(value: Any) -> Any:
    """A value that the C# code uses without a look: ``$null`` in a specification passes its validation.

    Raises:
        PSError: NullReferenceException.
    """
    if value is None:
        raise null_reference()
    return value


def text_of(value: Any) -> str | None:
    """``(string) value``.

    Raises:
        PSError: InvalidCastException.
    """
    value = base_of(value)
    if value is not None and not isinstance(value, str):
        raise bad_cast(value, "System.String")
    return value


def validate(spec: Any, context: list[str]) -> None:
    """``ValidateArgumentSpec``: known keys, types of the values; single values of list keys become lists.

    Raises:
        PSError: ArgumentException and others, as the C# code throws them.
    """
    changed: dict[str, Any] = {}
    for key, value in dictionary(spec).items():
        key, value = base_of(key), base_of(value)
        if key not in KEYS:
            names = ", ".join(KEYS)
            raise bad_argument(
                in_context(f"argument spec entry contains an invalid key '{key}', valid keys: {names}", context, " - ")
            )
        wanted = KEYS[key][1]
        if wanted is not None and value is not None:
            _validate_value(key, value, wanted, context, changed)
        if key == "options" and value is not None:
            for name, option in dictionary(value).items():
                context.append(base_of(name))
                validate(dictionary(option), context)
                context.pop()
        if key == "type" or (key == "elements" and value is not None):
            _validate_type(key, value, context)
    for key, value in changed.items():
        spec.set(key, value)


def _validate_value(key: str, value: Any, wanted: str, context: list[str], changed: dict[str, Any]) -> None:
    actual = _WRAPPED if isinstance(value, Dictionary) and value.extended is not None else types.of(value).full_name
    element = _ELEMENTS.get(wanted)
    if element is not None:
        if isinstance(value, Array) or actual == element:
            items = list(value) if isinstance(value, Array) else [value]
            changed[key] = new_list(base_of(item) for item in items)
            return
        if isinstance(value, NetList) and actual.startswith("System.Collections.Generic.List"):
            return
    elif actual == wanted:
        return
    shown = types.get(wanted.replace("[[", "[").replace("]]", "]")).full_name if element is not None else wanted
    raise bad_argument(
        in_context(f"argument spec for '{key}' did not match expected type {shown}: actual type {actual}", context, " - ")
    )


def _validate_type(key: str, value: Any, context: list[str]) -> None:
    if value is None:
        raise null_reference()
    if isinstance(value, str):
        if value not in CONVERTERS:
            message = in_context(f"{key} '{value}' is unsupported", context, " - ")
            raise bad_argument(f"{message}. Valid types are: {', '.join(CONVERTERS)}")
        return
    if not is_delegate(value):
        message = f"{key} must either be a string or delegate, was: {full_name(value)}"
        raise bad_argument(in_context(message, context, " - "))


def is_delegate(value: Any) -> bool:
    return value is not None and types.get("System.Delegate").is_assignable_from(types.of(value))


def merge(spec: Dictionary, fragment: Dictionary) -> None:
    """``MergeFragmentSpec``: adds new keys and list entries; what the spec has stays."""
    for key, value in fragment.items():
        if not spec.contains(key):
            spec.set(key, value)
        elif isinstance(value, Dictionary):
            merge(dictionary(spec.get(key)), value)
        elif isinstance(value, NetList):
            spec.get(key).extend(value)


def set_defaults(spec: Dictionary) -> None:
    """``SetArgumentSpecDefaults``, for the options too."""
    for key, (make, _) in KEYS.items():
        if not spec.contains(key):
            spec.set(key, make())
    options = spec.get("options")
    if options is not None:
        for _, option in dictionary(options).items():
            set_defaults(dictionary(option))

# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument types of Ansible.Basic: ``ParseBool``, ``ParseDict`` ... Each takes (ctx, value) and returns the value,
or raises the .NET exception that the C# code throws."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.ansible.state import state_of
from hvsim.library.utility.json_writer import JsonOptions
from hvsim.library.utility.json_writer import to_json as write_json
from hvsim.runtime import convert, drives, objects, types
from hvsim.runtime.collections import ArrayList, Dictionary, GenericDictionary, GenericList
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.values import Array, Int64, PSObject

TRUE = ("y", "yes", "on", "1", "true", "t", "1.0")
FALSE = ("n", "no", "off", "0", "false", "f", "0.0")
_DATE_LIKE = re.compile(r"\d{4}-\d\d-\d\dT|/Date\(")
_PSOBJECT = "System.Management.Automation.PSObject"


def null_reference() -> PSError:
    return net_error("System.NullReferenceException", "Object reference not set to an instance of an object.")


def bad_argument(message: str) -> PSError:
    return net_error("System.ArgumentException", message)


def type_text(value: Any) -> str:
    """``value.GetType().ToString()`` as C# sees it: a wrapped value is a PSObject."""
    return _PSOBJECT if type(value) is PSObject else types.type_to_string(types.of(value))


def full_name(value: Any) -> str:
    return _PSOBJECT if type(value) is PSObject else types.of(value).full_name


def new_dictionary(pairs: Any = ()) -> GenericDictionary:
    """``Dictionary<string, object>``."""
    table: GenericDictionary = objects.construct(None, types.get("System.Collections.Generic.Dictionary[string,object]"), [])
    for key, value in pairs:
        table.set(key, value)
    return table


def new_list(items: Any = ()) -> GenericList:
    """``List<object>``."""
    return GenericList(items, types.get("System.Object"))


def parse_str(ctx: ExecutionContext, value: Any) -> str:
    """``value.ToString()``."""
    if value is None:
        raise null_reference()
    base = value.base if type(value) is PSObject else value
    if isinstance(base, str):
        return base
    text = objects.invoke_member(ctx, base, "ToString", [])
    return convert.to_string(ctx, text)


def parse_bool(ctx: ExecutionContext, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = parse_str(ctx, value).lower().strip()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise bad_argument(f"The value '{text}' is not a valid boolean. Valid booleans include: {', '.join(TRUE + FALSE)}")


def parse_dict(ctx: ExecutionContext, value: Any) -> Any:
    if value is None:
        raise null_reference()
    if isinstance(value, GenericDictionary) and type_text(value).endswith("[System.String,System.Object]"):
        return value
    if isinstance(value, Dictionary):
        for key in value.keys():  # noqa: SIM118
            if not isinstance(key, str):
                raise net_error("System.InvalidCastException", f"Unable to cast object of type '{full_name(key)}' to type 'System.String'.")
        return new_dictionary(value.items())
    if isinstance(value, str):
        if value.startswith("{") and value.endswith("}"):
            try:
                return from_json(ctx, value) if ctx.edition == "5.1" or state_of(ctx).at_least(2, 20) else _from_newtonsoft(ctx, value)
            except PSError as error:
                raise Unsupported("the error text of Ansible.Basic for an option of type dict that is no JSON") from error
        if "=" in value:
            return _key_values(ctx, value)
        raise bad_argument(
            "string cannot be converted to a dict, must either be a JSON string or in the key=value form"
        )
    raise bad_argument(f"{full_name(value)} cannot be converted to a dict")


def _from_newtonsoft(ctx: ExecutionContext, text: str) -> Any:
    """``JsonConvert.DeserializeObject`` of a flat object; what it makes of others is refused.

    Raises:
        Unsupported: a JObject, a JArray or a text that becomes a DateTime.
        PSError: no JSON.
    """
    table = from_json(ctx, text)
    for key, value in table.items():
        if isinstance(value, (Dictionary, ArrayList)) or (isinstance(value, str) and _DATE_LIKE.match(value)):
            raise Unsupported("Ansible.Basic of ansible-core before 2.20: JSON text with nested values or dates for a dict")
        if type(value) is int:
            table.set(key, Int64(value))
        elif isinstance(value, Decimal):
            table.set(key, float(value))
    return table


def _key_values(ctx: ExecutionContext, text: str) -> GenericDictionary:
    fields: list[str] = []
    buffer: list[str] = []
    quote: str | None = None
    escaped = False
    for char in text:
        if escaped:
            buffer.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif quote is None and char in "'\"":
            quote = char
        elif quote is not None and char == quote:
            quote = None
        elif quote is None and char in ", ":
            if buffer:
                fields.append("".join(buffer))
            buffer = []
        else:
            buffer.append(char)
    fields.append("".join(buffer))
    table = new_dictionary()
    for entry in dict.fromkeys(filter(None, fields)):
        key, sign, content = entry.partition("=")
        if table.contains(key):
            raise bad_argument(f"An item with the same key has already been added.{'' if ctx.edition == '5.1' else f' Key: {key}'}")
        table.set(key, content if sign else None)
    return table


def parse_float(ctx: ExecutionContext, value: Any) -> Any:
    single = types.get("System.Single")
    if types.of(value) is single:
        return value
    return _parse_number(ctx, single, parse_str(ctx, value))


def parse_int(ctx: ExecutionContext, value: Any) -> Any:
    if type(value) is int:
        return value
    return _parse_number(ctx, types.get("System.Int32"), parse_str(ctx, value))


def _parse_number(ctx: ExecutionContext, kind: Any, text: str) -> Any:
    try:
        return objects.invoke_static(ctx, kind, "Parse", [text])
    except PSError as error:
        inner = error.exception.inner or error.exception
        raise net_error(inner.kind, inner.message) from error


def parse_json(ctx: ExecutionContext, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Dictionary):
        return to_json(ctx, value)
    raise bad_argument(f"{full_name(value)} cannot be converted to json")


def parse_list(ctx: ExecutionContext, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, GenericList):
        if types.of(value) is not types.of(new_list()):
            wanted = types.type_to_string(types.of(new_list()))
            text = f"Unable to cast object of type '{types.type_to_string(types.of(value))}' to type '{wanted}'."
            raise net_error("System.InvalidCastException", text)
        return value
    element = types.of(value).element_type
    if element is not None and element.is_value_type:
        text = f"Unable to cast object of type '{full_name(value)}' to type 'System.Object[]'."
        raise net_error("System.InvalidCastException", text)
    if isinstance(value, (ArrayList, Array)):
        return new_list(value)
    if isinstance(value, str):
        return new_list(part.strip() for part in value.split(","))
    if type(value) is int or (type(value) is Int64 and state_of(ctx).at_least(2, 21)):
        return new_list([value])
    raise bad_argument(f"{full_name(value)} cannot be converted to a list")


def parse_path(ctx: ExecutionContext, value: Any) -> str:
    text = parse_str(ctx, value)
    if text.startswith("\\\\?\\"):
        return text
    text = _expand(ctx, text)
    invalid = set("\0") if ctx.edition != "5.1" else set('"<>|') | {chr(i) for i in range(32)}
    if invalid & set(text):
        raise bad_argument("string value contains invalid path characters, cannot convert to path")
    if not text:
        # Path.GetFullPath
        raise bad_argument("The path is not of a legal form." if ctx.edition == "5.1" else "The path is empty. (Parameter 'path')")
    return text


def _expand(ctx: ExecutionContext, text: str) -> str:
    """``Environment.ExpandEnvironmentVariables``: a ``%`` that ends no variable may begin the next one."""
    parts: list[str] = []
    position = 0
    while (end := text.find("%", position + 1)) >= 0:
        value = None
        if text[position] == "%":
            value = ctx.machine.environment.get(drives.environment_key(ctx, text[position + 1 : end]))
        parts.append(text[position:end] if value is None else value)
        position = end if value is None else end + 1
    return "".join(parts) + text[position:]


def parse_raw(_ctx: ExecutionContext, value: Any) -> Any:
    return value


def parse_sid(ctx: ExecutionContext, value: Any) -> Any:
    raise Unsupported("Ansible.Basic option type sid")


def to_json(ctx: ExecutionContext, value: Any) -> str:
    """``ConvertTo-Json -Depth 99 -Compress``, which is what the C# code calls."""
    try:
        return write_json(ctx, value, JsonOptions(depth=99, compress=True))
    except PSError as error:
        exception = error.exception
        raise net_error(
            "System.Management.Automation.CmdletInvocationException", exception.message, inner=exception
        ) from error


def from_json(ctx: ExecutionContext, text: str) -> Any:
    """Numbers as Int32, Int64 or Decimal, objects as Dictionary, arrays as ArrayList."""
    try:
        return _from_json(json.loads(text, parse_float=Decimal))
    except ValueError as error:
        raise bad_argument(str(error)) from error


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return new_dictionary((key, _from_json(item)) for key, item in value.items())
    if isinstance(value, list):
        return ArrayList(_from_json(item) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -(2**31) <= value < 2**31 else Int64(value) if -(2**63) <= value < 2**63 else Decimal(value)
    return value


CONVERTERS: dict[str, Callable[[ExecutionContext, Any], Any]] = {
    "bool": parse_bool,
    "dict": parse_dict,
    "float": parse_float,
    "int": parse_int,
    "json": parse_json,
    "list": parse_list,
    "path": parse_path,
    "raw": parse_raw,
    "sid": parse_sid,
    "str": parse_str,
}

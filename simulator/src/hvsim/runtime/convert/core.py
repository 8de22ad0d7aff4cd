# SPDX-License-Identifier: GPL-3.0-or-later
"""First cut of the conversions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.values import AUTOMATION_NULL, Array, Char, EnumValue, Int64, MultiArray, PSObject, Single


def invalid_cast(error_id: str, message: str, inner: NetException | None = None) -> PSError:
    exception = NetException("System.Management.Automation.PSInvalidCastException", message, inner)
    return PSError(exception, ErrorRecord(exception, error_id, "InvalidArgument"))


def is_true(value: Any) -> bool:
    kind = type(value)
    if kind is bool:
        return value  # type: ignore[no-any-return]
    if kind is PSObject:
        return is_true(value.base)
    if value is None or value is AUTOMATION_NULL:
        return False
    if isinstance(value, (int, float, Decimal, str)):
        return bool(value)
    if kind is Char:
        return bool(value.code)
    if kind is EnumValue:
        return bool(value.value)
    if isinstance(value, list):
        if len(value) == 1:
            first = value[0]
            return bool(first) if isinstance(first, list) else is_true(first)
        return bool(value)
    return True


def to_string(ctx: Any, value: Any) -> str:
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if kind is PSObject:
        return to_string(ctx, value.base)
    if value is None or value is AUTOMATION_NULL:
        return ""
    if kind is bool:
        return "True" if value else "False"
    if isinstance(value, int):
        return str(int(value))
    if kind is Char:
        return value.text  # type: ignore[no-any-return]
    if isinstance(value, float):
        text = f"{float(value):.{7 if kind is Single else 15}G}"
        return text
    if kind is Decimal:
        return format(value, "f")
    if kind is EnumValue:
        for name, number in value.net_type.enum_members.items():
            if number == value.value:
                return name  # type: ignore[no-any-return]
        return str(value.value)
    if isinstance(value, list):
        separator = ctx.get_variable("OFS") if ctx is not None else None
        return (" " if separator is None else to_string(ctx, separator)).join(
            to_string(ctx, v) if not isinstance(v, list) else "System.Object[]" for v in value
        )
    to_text = getattr(value, "to_string", None)
    if to_text is not None:
        return to_text(ctx)  # type: ignore[no-any-return]
    return str(getattr(value, "NET", type(value).__name__))


def parse_number(text: str) -> Any:
    text = text.strip()
    try:
        number = int(text, 16) if text.lower().startswith("0x") else int(text)
        return number if -(2**31) <= number < 2**31 else Int64(number)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return None


def to(ctx: Any, value: Any, net_type: Any) -> Any:
    from hvsim.runtime import types

    if type(value) is PSObject:
        value = value.base
    name = net_type.full_name
    if name in ("System.Object", "System.Management.Automation.PSObject"):
        return value
    if name == "System.String":
        return to_string(ctx, value)
    if name in ("System.Boolean", "System.Management.Automation.SwitchParameter"):
        return is_true(value)
    if name == "System.Int32":
        if value is None or value == "":
            return 0
        number = parse_number(value) if isinstance(value, str) else value
        if isinstance(number, (int, float)):
            return round(number)
        raise invalid_cast(
            "InvalidCastFromStringToInteger",
            f'Cannot convert value "{to_string(ctx, value)}" to type "System.Int32". '
            f"Error: \"The input string '{to_string(ctx, value)}' was not in a correct format.\"",
        )
    if net_type.element_type is not None:
        items = value if isinstance(value, list) else [value]
        return Array([to(ctx, v, net_type.element_type) for v in items], net_type.element_type)
    if value is not None and net_type.is_assignable_from(types.of(value)):
        return value
    if net_type.is_enum:
        return types.enum(name, value)
    return value


def try_to(ctx: Any, value: Any, net_type: Any) -> tuple[bool, Any]:
    try:
        return True, to(ctx, value, net_type)
    except PSError:
        return False, None


def enumerate(value: Any) -> Iterator[Any] | None:  # noqa: A001
    if isinstance(value, list):
        return iter(value)
    if isinstance(value, MultiArray):
        return iter(value)
    return None

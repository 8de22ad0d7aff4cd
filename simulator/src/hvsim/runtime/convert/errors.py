# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of conversions.

They are in flight as ``PSInvalidCastException`` (what a method call or a parameter wraps); their record carries the
``RuntimeException`` around it that a statement reports.
"""

from __future__ import annotations

from typing import Any

from hvsim.runtime import types
from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.types import NetType

__all__ = ["cast_error", "is_cast_error", "no_conversion", "with_inner"]

_KIND = "System.Management.Automation.PSInvalidCastException"


def cast_error(error_id: str, message: str, inner: NetException | None = None) -> PSError:
    exception = NetException(_KIND, message, inner)
    outer = NetException("System.Management.Automation.RuntimeException", message, exception)
    record = ErrorRecord(outer, error_id, "InvalidArgument")
    outer.error_record = exception.error_record = record
    return PSError(exception, record)


def with_inner(error_id: str, shown: str, net_type: NetType, inner: NetException) -> PSError:
    """``Cannot convert value "x" to type "T". Error: "..."``."""
    name = types.type_to_string(net_type)
    return cast_error(error_id, f'Cannot convert value "{shown}" to type "{name}". Error: "{inner.message}"', inner)


def is_cast_error(error: PSError) -> bool:
    return error.exception.kind in (_KIND, "System.InvalidCastException")


def no_conversion(ctx: Any, value: Any, net_type: NetType) -> PSError:
    """``Cannot convert the "v" value of type "A" to type "B".`` and its forms for null."""
    from hvsim.runtime.convert.text import shown

    name = types.type_to_string(net_type)
    if value is None:
        if net_type.is_enum:
            return cast_error("nullToEnumInvalidCast", undefined_enum("null", net_type))
        return cast_error("nullToObjectInvalidCast", f'Cannot convert null to type "{name}".')
    source = type_name(value)
    if net_type.full_name in (
        "System.Security.SecureString",
        "System.Management.Automation.PSCredential",
    ):
        return cast_error(
            "ConvertToFinalInvalidCastException", f'Cannot convert the value of type "{source}" to type "{name}".'
        )
    message = f'Cannot convert the "{shown(ctx, value)}" value of type "{source}" to type "{name}".'
    return cast_error("ConvertToFinalInvalidCastException", message)


def type_name(value: Any) -> str:
    """The first of ``PSObject.TypeNames``."""
    extra = getattr(value, "type_names", None)
    return extra[0] if extra else types.type_to_string(types.of(value))


def undefined_enum(shown: str, net_type: NetType) -> str:
    names = ",".join(net_type.enum_members)
    start = "Cannot convert null" if shown == "null" else f'Cannot convert value "{shown}"'
    return (
        f'{start} to type "{types.type_to_string(net_type)}" due to enumeration values that are not valid. '
        "Specify one of the following enumeration values and try again. "
        f'The possible enumeration values are "{names}".'
    )

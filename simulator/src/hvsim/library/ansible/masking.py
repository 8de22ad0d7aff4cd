# SPDX-License-Identifier: GPL-3.0-or-later
"""``RemoveNoLogValues`` of ``Ansible.Basic``: values without their secrets."""

from __future__ import annotations

from typing import Any

from hvsim.library.ansible.converters import (
    new_list,
    parse_str,
)
from hvsim.runtime import types
from hvsim.runtime.collections import Dictionary, Hashtable
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.structs import DateTime
from hvsim.runtime.values import PSObject

_NUMBERS = frozenset(
    f"System.{name}"
    for name in ("Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Decimal", "Double", "Single")
)
MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def mask(ctx: ExecutionContext, value: Any, secrets: dict[str, None]) -> Any:
    """``RemoveNoLogValues``: a copy without the secret values; what is neither number nor collection becomes text."""
    if value is None:
        return None
    if type(value) is PSObject:
        return mask_text(parse_str(ctx, value), secrets)
    if isinstance(value, str):
        return mask_text(value, secrets)
    if isinstance(value, DateTime):
        from hvsim.runtime import format as formatting
        from hvsim.runtime.culture import INVARIANT

        return formatting.format_value(ctx, value, "o", INVARIANT)
    if isinstance(value, Dictionary):
        table = Hashtable(ignore_case=False)
        for key, item in value.items():
            table.set(key, mask(ctx, item, secrets))
        return table
    if isinstance(value, list):
        return new_list(mask(ctx, item, secrets) for item in value)
    text = parse_str(ctx, value)
    if not isinstance(value, bool) and types.of(value).full_name not in _NUMBERS:
        return mask_text(text, secrets)
    return MASK if any(secret in text for secret in secrets) else value


def mask_text(text: str, secrets: dict[str, None]) -> str:
    """A text without secrets: the whole text, or the first secret found in it, is replaced."""
    if text in secrets:
        return MASK
    for secret in secrets:
        if secret in text:
            return text.replace(secret, "*" * 8)
    return text


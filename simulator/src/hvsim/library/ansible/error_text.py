# SPDX-License-Identifier: GPL-3.0-or-later
"""Error records as the texts that Ansible's wrappers print."""

from __future__ import annotations

from hvsim.runtime import objects
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord


def record_text(
    ctx: ExecutionContext, record: ErrorRecord, *, indent: str = "", newline: str = "\n", category: str | None = None
) -> str:
    """Message, position, category, id and stack trace, a line each."""
    invocation = record.invocation
    position = ""
    if invocation is not None:
        position = objects.get_member(ctx, invocation, "PositionMessage") or ""
    info = category if category is not None else category_text(ctx, record)
    lines = [
        record.message,
        position.replace("\r\n", "\n").replace("\n", newline),
        f"{indent}+ CategoryInfo          : {info}",
        f"{indent}+ FullyQualifiedErrorId : {record.fully_qualified_error_id}",
        "",
        "ScriptStackTrace:",
        (record.stack_trace or "").replace("\r\n", "\n").replace("\n", newline),
    ]
    return newline.join(lines)


def category_text(ctx: ExecutionContext, record: ErrorRecord) -> str:
    """``CategoryInfo.ToString()``."""
    from hvsim.runtime import convert

    return convert.to_string(ctx, objects.get_member(ctx, record, "CategoryInfo"))

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end of a pipeline looks like as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.runtime import convert
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord


def lines(ctx: ExecutionContext, values: Sequence[Any]) -> list[str]:
    """The lines that a host shows for the output of a script."""
    result: list[str] = []
    for value in values:
        result += convert.to_string(ctx, value).replace("\r\n", "\n").split("\n")
    return result


def error_lines(ctx: ExecutionContext, record: ErrorRecord) -> list[str]:
    """The lines that a host shows for an error record (NormalView)."""
    from hvsim.library.ansible.error_text import record_text

    return record_text(ctx, record, indent="    ").split("\n\nScriptStackTrace:")[0].split("\n")

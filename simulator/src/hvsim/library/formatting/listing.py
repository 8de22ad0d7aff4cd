# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists (``Name : value``) and wide columns as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.library.formatting import cells
from hvsim.library.formatting.views import Column
from hvsim.runtime.context import ExecutionContext


def entry(ctx: ExecutionContext, columns: Sequence[Column], value: Any, width: int) -> list[str]:
    """One object, a line per property; what is too long goes on under itself."""
    label_width = max((len(c.label) for c in columns), default=0)
    rows: list[str] = []
    room = max(width - label_width - 3, 1)
    for each in columns:
        content = cells.text(ctx, each.read(ctx, value), each.spec)
        for index, line in enumerate(cells.chopped(content, room)):
            lead = f"{each.label.ljust(label_width)} : " if index == 0 else " " * (label_width + 3)
            rows.append(lead + line)
    return rows


def around(ctx: ExecutionContext, entries: Sequence[list[str]], heading: str | None = None) -> list[str]:
    """Entries with the blank lines that PowerShell puts around them."""
    if not entries:
        return []
    old = ctx.edition == "5.1"
    rows = ["", ""] if old else [""]
    if heading is not None:
        rows = ["", "", heading, "", "", ""] if old else ["", heading, ""]
    for each in entries:
        rows += [*each, ""]
    return [*rows, "", ""] if old else rows


def wide(ctx: ExecutionContext, texts: Sequence[str], width: int, columns: int = 0, autosize: bool = False) -> list[str]:
    """Texts side by side, two to a line unless told otherwise."""
    if autosize and texts:
        longest = max(len(t) for t in texts)
        columns = max(1, (width + 1) // (longest + 1))
    columns = columns or 2
    cell = max((width - (columns - 1)) // columns, 1)
    if autosize and texts:
        cell = max(len(t) for t in texts)
    rows: list[str] = []
    mark = cells.ellipsis(ctx)
    for start in range(0, len(texts), columns):
        parts = []
        for content in texts[start : start + columns]:
            if len(content) > cell:
                content = content[: max(cell - len(mark), 0)] + mark
            parts.append(content.ljust(cell))
        line = " ".join(parts)
        rows.append(line if ctx.edition == "5.1" else line.rstrip())
    return ["", *rows, "", ""] if ctx.edition == "5.1" else ["", *rows, ""]

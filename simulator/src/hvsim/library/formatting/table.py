# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as text: widths, alignment, headers, groups.

A column without a width takes what its cells need if the table sizes itself, else an equal share of what is left. What
does not fit is cut from the right: the last column shrinks, then goes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hvsim.library.formatting import cells
from hvsim.library.formatting.views import Column, View
from hvsim.runtime import objects
from hvsim.runtime.context import ExecutionContext


@dataclass
class _Laid:
    """A column with its place on the line."""

    column: Column
    width: int
    right: bool


@dataclass
class Table:
    """Collects rows and, between them, lines that belong to no table (``texts``)."""

    ctx: ExecutionContext
    view: View
    width: int
    items: list[tuple[str, Any]] = field(default_factory=list)

    def add(self, value: Any) -> None:
        self.items.append(("row", value))

    def add_text(self, lines: list[str]) -> None:
        self.items.append(("text", lines))

    def lines(self) -> list[str]:
        """The whole table with the blank lines around it."""
        rows: list[tuple[Any, list[str]]] = []
        for kind, value in self.items:
            if kind == "row":
                rows.append((value, [self._cell(c, value) for c in self.view.columns]))
        laid = self._layout(rows)
        out: list[str] = []
        current: Any = _NO_GROUP
        position = 0
        for kind, value in self.items:
            if kind == "text":
                out += value
                continue
            group = self.view.group(self.ctx, value) if self.view.group is not None else None
            if current is _NO_GROUP or group != current:
                if current is not _NO_GROUP:
                    out.append("")
                out += self._group_start(group)
                out += self._header(laid)
                current = group
            out += self._row(laid, rows[position][1])
            position += 1
        return [*out, "", ""] if self.ctx.edition == "5.1" else [*out, ""]

    def _cell(self, column: Column, value: Any) -> str:
        content = cells.text(self.ctx, column.read(self.ctx, value), column.spec)
        return content if self.view.wrap else cells.one_line(self.ctx, content)

    def _group_start(self, group: str | None) -> list[str]:
        if group is None:
            return [""]
        return ["", "", group, "", ""] if self.ctx.edition == "5.1" else ["", group, ""]

    # -- widths -------------------------------------------------------------------------------------------------------

    def _layout(self, rows: list[tuple[Any, list[str]]]) -> list[_Laid]:
        laid = [
            _Laid(c, c.width, self._is_right(c, rows[0][0] if rows else None)) for c in self.view.columns
        ]
        if self.view.autosize:
            for index, each in enumerate(laid):
                longest = max((len(line) for _, row in rows for line in cells.lines(row[index])), default=0)
                each.width = max(len(each.column.label), longest, 1)
        self._share(laid)
        return self._fit(laid)

    def _is_right(self, column: Column, first: Any) -> bool:
        if column.align:
            return column.align == "right"
        if first is None:
            return False
        base = objects.unwrap(column.read(self.ctx, first))
        return isinstance(base, (int, float, Decimal)) and not isinstance(base, bool)

    def _share(self, laid: list[_Laid]) -> None:
        """Gives columns without width their share of what is left."""
        free = [each for each in laid if each.width == 0]
        if not free:
            return
        left = self.width - sum(each.width for each in laid) - (len(laid) - 1)
        share = max(left // len(free), 1)
        for each in free:
            each.width = share

    def _fit(self, laid: list[_Laid]) -> list[_Laid]:
        while len(laid) > 1:
            excess = sum(each.width for each in laid) + len(laid) - 1 - self.width
            if excess <= 0:
                return laid
            if laid[-1].width - excess >= 1:
                laid[-1].width -= excess
                return laid
            laid = laid[:-1]
        if laid and laid[0].width > self.width:
            laid[0].width = self.width
        return laid

    # -- lines --------------------------------------------------------------------------------------------------------

    def _header(self, laid: list[_Laid]) -> list[str]:
        if self.view.hide_headers:
            return []
        labels = [each.column.label for each in laid]
        dashes = ["-" * len(label) for label in labels]
        return [self._line(laid, labels), self._line(laid, [d[: each.width] for d, each in zip(dashes, laid, strict=True)])]

    def _row(self, laid: list[_Laid], row: list[str]) -> list[str]:
        if not self.view.wrap:
            return [self._line(laid, row[: len(laid)])]
        blocks = [cells.chopped(content, each.width) for content, each in zip(row, laid, strict=False)]
        height = max(len(b) for b in blocks)
        return [self._line(laid, [b[i] if i < len(b) else "" for b in blocks]) for i in range(height)]

    def _line(self, laid: list[_Laid], texts: list[str]) -> str:
        parts: list[str] = []
        for index, (each, content) in enumerate(zip(laid, texts, strict=False)):
            if len(content) > each.width:
                content = self._cut(content, each)
            last = index == len(laid) - 1
            if each.right:
                parts.append(content.rjust(each.width))
            elif last and self.ctx.edition != "5.1":
                parts.append(content)
            else:
                parts.append(content.ljust(each.width))
        return " ".join(parts)

    def _cut(self, content: str, each: _Laid) -> str:
        mark = cells.ellipsis(self.ctx)
        room = each.width - len(mark)
        if room <= 0:
            return content[-each.width :] if each.right else content[: each.width]
        return mark + content[-room:] if each.right else content[:room] + mark


_NO_GROUP: Any = object()

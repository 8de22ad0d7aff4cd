# SPDX-License-Identifier: GPL-3.0-or-later
"""From a stream of objects to lines, by the rules of Out-Default.

The first object decides: its type's view, else a table for up to four properties and a list for more. Later objects of
another type go into the same table if it came from no view (missing properties are empty), else they are listed. Simple
values and errors are lines of their own wherever they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from hvsim.library.formatting import cells, listing, views
from hvsim.library.formatting.table import Table
from hvsim.library.formatting.views import Column, View
from hvsim.runtime import convert, objects, types
from hvsim.runtime.collections import Dictionary
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord
from hvsim.runtime.streams import InformationalRecord, InformationRecord
from hvsim.runtime.values import AUTOMATION_NULL, Array, Char, EnumValue, MultiArray, NetObject

#: A non-interactive Windows PowerShell has 80 columns, PowerShell 7 without a console 120.
WIDTH_51, WIDTH_7 = 80, 120
TABLE_LIMIT = 4


def default_width(ctx: ExecutionContext) -> int:
    """Columns of a line where nobody says."""
    return WIDTH_51 if ctx.edition == "5.1" else WIDTH_7


@dataclass
class Block:
    """What a Format cmdlet made: objects and the view they are to be shown in; None picks one by the object."""

    view: View | None
    values: list[Any]
    shape: str = ""
    columns: int = 0


class FormatData(NetObject):
    """One of the objects that Format cmdlets write; the first of them carries the block."""

    __slots__ = ("block", "kind")

    def __init__(self, kind: str, block: Block | None = None) -> None:
        self.kind = kind
        self.block = block

    @property
    def net_type(self) -> types.NetType:
        return types.get(f"Microsoft.PowerShell.Commands.Internal.Format.{self.kind}")


for _kind in ("FormatStartData", "GroupStartData", "FormatEntryData", "GroupEndData", "FormatEndData"):
    types.net_class(f"Microsoft.PowerShell.Commands.Internal.Format.{_kind}")(type(_kind, (NetObject,), {"__slots__": ()}))


class Printer:
    """Takes objects one by one; ``lines`` has the result after ``finish``."""

    def __init__(self, ctx: ExecutionContext, width: int | None = None) -> None:
        self.ctx = ctx
        self.width = width if width is not None else default_width(ctx)
        self.lines: list[str] = []
        self._table: Table | None = None
        self._list: list[list[str]] | None = None
        self._shape: View | None = None
        self._plain: tuple[View, int] | None = None

    def feed(self, value: Any) -> None:
        """One object of the pipeline; collections come apart."""
        base = objects.unwrap(value)
        if base is None or base is AUTOMATION_NULL:
            return
        if isinstance(base, FormatData):
            self._format_data(base)
            return
        if isinstance(base, Dictionary):
            for key, content in base.items():
                self._object(base.entry(key, content))
            return
        if isinstance(base, (Array, MultiArray, list)):
            for item in base:
                self.feed(item)
            return
        self._object(value)

    def finish(self) -> list[str]:
        """Ends what is open."""
        self._close()
        return self.lines

    # -- objects ------------------------------------------------------------------------------------------------------

    def _object(self, value: Any) -> None:
        out_of_band = self._out_of_band(value)
        if out_of_band is not None:
            self._text(out_of_band)
            return
        if self._table is None and self._list is None:
            self._start(value)
        elif self._shape is not None and self._shape.types and not views.applies(self._shape, value):
            self._text(self._as_list(value))
            return
        if self._table is not None:
            self._table.add(value)
        elif self._list is not None:
            self._list.append(self._entry(value))

    def _out_of_band(self, value: Any) -> list[str] | None:
        """The lines of a value that is shown the same anywhere; None for one that takes part in a table or list."""
        base = objects.unwrap(value)
        if isinstance(base, (str, bool, int, float, Decimal, Char, EnumValue)):
            return [cells.scalar(self.ctx, value)]
        if isinstance(base, ErrorRecord):
            from hvsim.library.formatting.output import error_lines

            return error_lines(self.ctx, base)
        if isinstance(base, (InformationalRecord, InformationRecord)):
            return [cells.scalar(self.ctx, value)]
        view = views.find(self.ctx, value)
        if view is not None and view.kind == "plain" and view.render is not None:
            return self._joined(view, view.render(self.ctx, value))
        if view is None and not objects.properties(self.ctx, value):
            return [cells.scalar(self.ctx, value)]
        return None

    def _joined(self, view: View, lines: list[str]) -> list[str]:
        """The lines of a plain view; of objects that follow one another the blank lines around all of them are written once."""
        follows = self._plain == (view, len(self.lines)) and self._table is None and not self._list and not view.out_of_band
        if follows:
            while self.lines and not self.lines[-1]:
                self.lines.pop()
            lines = lines[1:] if lines and not lines[0] else lines
        self._plain = (view, len(self.lines) + len(lines))
        return lines

    def _start(self, value: Any) -> None:
        view = views.find(self.ctx, value) or generic(self.ctx, value)
        if view.kind == "table" and view.types and shows_computer(self.ctx, value):
            view = replace(view, columns=(*view.columns, views.column(_COMPUTER)))
        self._shape = view
        if view.kind == "table":
            self._table = Table(self.ctx, view, self.width)
        else:
            self._list = []

    def _entry(self, value: Any) -> list[str]:
        assert self._shape is not None
        columns = self._shape.columns if self._shape.types else list_columns(self.ctx, value)
        return listing.entry(self.ctx, columns, value, self.width)

    def _as_list(self, value: Any) -> list[str]:
        columns = views.find_list(self.ctx, value) or list_columns(self.ctx, value)
        return listing.around(self.ctx, [listing.entry(self.ctx, columns, value, self.width)])

    def _text(self, lines: list[str]) -> None:
        if self._table is not None:
            self._table.add_text(lines)
        elif self._list:
            self._list.append(lines)
        else:
            self.lines += lines

    def _close(self) -> None:
        if self._table is not None:
            self.lines += self._table.lines()
        elif self._list is not None:
            self.lines += listing.around(self.ctx, self._list)
        self._table = self._list = self._shape = None

    # -- what Format cmdlets made -------------------------------------------------------------------------------------

    def _format_data(self, data: FormatData) -> None:
        if data.block is None:
            return
        self._close()
        block = data.block
        if block.shape == "wide":
            self._wide(block)
        elif block.shape == "list":
            self._blocks_of_list(block)
        else:
            self._blocks_of_table(block)

    def _wide(self, block: Block) -> None:
        view = block.view
        texts = []
        for value in block.values:
            each = view.columns[0] if view is not None and view.columns else _wide_column(self.ctx, value)
            texts.append(cells.text(self.ctx, each.read(self.ctx, value)))
        self.lines += listing.wide(self.ctx, texts, self.width, block.columns, view is not None and view.autosize)

    def _blocks_of_list(self, block: Block) -> None:
        view = block.view
        entries: list[list[str]] = []
        heading: Any = None
        for value in block.values:
            group = view.group(self.ctx, value) if view is not None and view.group is not None else None
            if entries and group != heading:
                self.lines += listing.around(self.ctx, entries, heading)
                entries = []
            heading = group
            scalar = _is_simple(value)
            if scalar and (view is None or not view.columns):
                self.lines.append(cells.scalar(self.ctx, value))
                continue
            entries.append(listing.entry(self.ctx, self._list_columns(view, value), value, self.width))
        self.lines += listing.around(self.ctx, entries, heading)

    def _list_columns(self, view: View | None, value: Any) -> Sequence[Column]:
        if view is not None and view.columns:
            return view.columns
        return views.find_list(self.ctx, value) or list_columns(self.ctx, value)

    def _blocks_of_table(self, block: Block) -> None:
        view = block.view
        if view is not None and not view.columns:
            if block.values and _is_simple(block.values[0]):
                self.lines += [cells.scalar(self.ctx, v) for v in block.values]
                return
            own = views.find(self.ctx, block.values[0]) if block.values else None
            if own is None or own.kind != "table":
                own = table_view(self.ctx, block.values[0]) if block.values else view
            view = replace(
                own,
                autosize=own.autosize or view.autosize,
                group=view.group or own.group,
                hide_headers=view.hide_headers,
                wrap=view.wrap,
            )
        if view is None or not block.values:
            return
        table = Table(self.ctx, view, self.width)
        for value in block.values:
            table.add(value)
        self.lines += table.lines()


def _is_simple(value: Any) -> bool:
    return isinstance(objects.unwrap(value), (str, bool, int, float, Decimal, Char, EnumValue))


def shown_properties(ctx: ExecutionContext, value: Any) -> list[str]:
    """The names of the properties that are shown: the type's default display set, else all."""
    chosen = _default_set(ctx, value)
    if chosen is not None:
        return chosen
    names = objects.displayed(ctx, value)
    if _SHOW_COMPUTER not in names:
        return names
    hidden = (_SHOW_COMPUTER,) if shows_computer(ctx, value) else (_SHOW_COMPUTER, _COMPUTER)
    return [name for name in names if name not in hidden]


_SHOW_COMPUTER, _COMPUTER = "PSShowComputerName", "PSComputerName"


def shows_computer(ctx: ExecutionContext, value: Any) -> bool:
    """Whether an object came out of a session and its computer's name is to be seen (no -HideComputerName)."""
    extended = getattr(value, "extended", None)
    note = extended.get(_SHOW_COMPUTER.lower()) if extended else None
    return note is not None and note.get(ctx, value) is True


def _default_set(ctx: ExecutionContext, value: Any) -> list[str] | None:
    standard = objects.find_member(ctx, value, "PSStandardMembers")
    if standard is None:
        return None
    members = getattr(standard, "members", None)
    found = None
    if isinstance(members, dict):
        found = members.get("defaultdisplaypropertyset")
    elif members is not None:
        found = next((m for m in members if m.name.lower() == "defaultdisplaypropertyset"), None)
    names = getattr(found, "names", None) or getattr(found, "referenced", None)
    return [convert.to_string(ctx, n) for n in names] if names else None


def _columns(names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(views.plain_column(name) for name in names)


def list_columns(ctx: ExecutionContext, value: Any) -> tuple[Column, ...]:
    """All shown properties, a line each."""
    return _columns(shown_properties(ctx, value))


def table_view(ctx: ExecutionContext, value: Any) -> View:
    """A table of an object's properties that sizes itself."""
    return View("table", _columns(shown_properties(ctx, value)[:10]), autosize=True)


def generic(ctx: ExecutionContext, value: Any) -> View:
    """How an object without a view is shown."""
    names = shown_properties(ctx, value)
    return View("table", _columns(names), autosize=True) if len(names) <= TABLE_LIMIT else View("list", _columns(names))


_NAME_LIKE = ("name", "id", "key", "caption", "description")


def _wide_column(ctx: ExecutionContext, value: Any) -> Column:
    """Format-Wide shows the property that looks like a name, else the first."""
    if _is_simple(value):
        return Column("", lambda ctx, value: value)
    names = shown_properties(ctx, value)
    for wanted in _NAME_LIKE:
        for name in names:
            if name.lower() == wanted or name.lower().endswith(wanted):
                return views.column(name)
    return views.column(names[0]) if names else Column("", lambda ctx, value: value)

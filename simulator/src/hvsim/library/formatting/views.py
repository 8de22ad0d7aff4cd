# SPDX-License-Identifier: GPL-3.0-or-later
"""Views: which properties of a type are shown by default, as a table, a list or plain text.

The default views follow PowerShell's format files for the types that the engine's cmdlets return. Modules further right
add theirs with :func:`table`, :func:`listing` and :func:`plain`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hvsim.runtime import objects
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError

Read = Callable[[ExecutionContext, Any], Any]


@dataclass(frozen=True)
class Column:
    """A column of a table or a line of a list. ``width`` 0 lets the table decide; ``align`` "" does so by the value."""

    label: str
    read: Read
    width: int = 0
    align: str = ""
    spec: str | None = None


@dataclass(frozen=True)
class View:
    """How a type is shown. ``kind``: table, list, wide, plain. ``group`` gives the heading of a group of rows."""

    kind: str
    columns: tuple[Column, ...] = ()
    types: tuple[str, ...] = ()
    autosize: bool = False
    group: Callable[[ExecutionContext, Any], str | None] | None = None
    render: Callable[[ExecutionContext, Any], list[str]] | None = None
    hide_headers: bool = False
    wrap: bool = False
    out_of_band: bool = False
    options: dict[str, Any] = field(default_factory=dict)


def prop(name: str) -> Read:
    """Reads a property; one that fails or is missing is empty."""

    def read(ctx: ExecutionContext, value: Any) -> Any:
        try:
            return objects.get_member(ctx, value, name)
        except (PSError, NotImplementedError):
            return None

    return read


def column(name: str, width: int = 0, align: str = "left", *, label: str | None = None, read: Read | None = None, spec: str | None = None) -> Column:
    """A column of a view: of a property unless *read* says otherwise."""
    return Column(label if label is not None else name, read or prop(name), width, align, spec)


def plain_column(name: str) -> Column:
    """A column for a property of an object without a view: numbers to the right."""
    return Column(name, prop(name))


_VIEWS: dict[str, View] = {}
_LISTS: dict[str, tuple[Column, ...]] = {}


def _register(type_names: str | Sequence[str], make: Callable[[tuple[str, ...]], View]) -> View:
    names = (type_names,) if isinstance(type_names, str) else tuple(type_names)
    view = make(names)
    for name in names:
        _VIEWS[name.lower()] = view
    return view


def table(
    type_names: str | Sequence[str],
    *columns: Column,
    autosize: bool = False,
    group: Callable[[ExecutionContext, Any], str | None] | None = None,
    wrap: bool = False,
) -> View:
    """Registers a table view for types."""
    return _register(type_names, lambda names: View("table", columns, names, autosize, group, wrap=wrap))


def listing(type_names: str | Sequence[str], *names: str) -> View:
    """Registers a list view for types."""
    return _register(type_names, lambda types: View("list", tuple(column(n) for n in names), types))


def plain(type_names: str | Sequence[str], render: Callable[[ExecutionContext, Any], list[str]], *, out_of_band: bool = False) -> View:
    """Registers a view that is lines of text."""
    return _register(type_names, lambda names: View("plain", (), names, render=render, out_of_band=out_of_band))


def find(ctx: ExecutionContext, value: Any) -> View | None:
    """The default view of a value's type: the first of its type names that has one."""
    for name in objects.type_names(value):
        found = _VIEWS.get(name.lower())
        if found is None and name.startswith("Deserialized."):
            found = _VIEWS.get(name[len("Deserialized.") :].lower())
        if found is not None:
            chosen = found.options.get("choose")
            return chosen(ctx, value) if chosen is not None else found
    return None


def listed(type_names: str | Sequence[str], *names: str) -> None:
    """Registers what Format-List shows of types that are a table by default."""
    for name in (type_names,) if isinstance(type_names, str) else type_names:
        _LISTS[name.lower()] = tuple(column(n) for n in names)


def find_list(ctx: ExecutionContext, value: Any) -> tuple[Column, ...] | None:
    """The columns of a type's list view; None for all properties."""
    for name in objects.type_names(value):
        key = name.lower().removeprefix("deserialized.")
        if key in _LISTS:
            return _LISTS[key]
        if key in _VIEWS and _VIEWS[key].kind == "list":
            return _VIEWS[key].columns
    return None


def applies(view: View, value: Any) -> bool:
    """Whether a value belongs into the same table."""
    wanted = {t.lower() for t in view.types}
    return any(n.lower() in wanted or n.lower().removeprefix("deserialized.") in wanted for n in objects.type_names(value))


def choose(type_names: str | Sequence[str], chooser: Callable[[ExecutionContext, Any], View]) -> None:
    """Registers a function that picks the view."""
    _register(type_names, lambda names: View("table", (), names, options={"choose": chooser}))

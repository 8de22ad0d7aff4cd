# SPDX-License-Identifier: GPL-3.0-or-later
"""What all nodes of the syntax tree share: positions, names of types, base classes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, TypeAlias


class Extent(NamedTuple):
    """The half-open range ``[start, end)`` of code units that a node covers."""

    start: int
    end: int


class Source:
    """The text a script was parsed from (one character per UTF-16 code unit), shared by all its script blocks."""

    __slots__ = ("_line_starts", "edition", "file", "requirements", "text")

    def __init__(self, text: str, file: str | None = None, edition: str = "7") -> None:
        self.text = text
        self.file = file
        self.edition = edition
        self.requirements: list[tuple[str, list[Any]]] = []
        """What the ``#requires`` comments ask for: parameter and values; a module specification is a Hashtable node."""
        self._line_starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offsets of the first character of every line; lines end with ``\\r\\n``, ``\\n`` or ``\\r``."""
        if self._line_starts is None:
            starts = [0]
            text = self.text
            at = 0
            if "\r" not in text:
                while (at := text.find("\n", at) + 1) > 0:
                    starts.append(at)
            else:
                for number, line in enumerate(text.replace("\r\n", " \n").replace("\r", "\n").split("\n")):
                    if number:
                        starts.append(at)
                    at += len(line) + 1
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (both counted from 1) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, offset: int) -> int:
        """Line number (counted from 1) of an offset."""
        return bisect_right(self.line_starts, offset)

    def line_text(self, number: int) -> str:
        """The text of line *number* (counted from 1) without its line end."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def text_of(self, extent: Extent) -> str:
        """The source text that an extent covers."""
        return self.text[extent.start : extent.end]


# ---- positions -------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Located:
    """Base of all that was written at one place of the source: the half-open range ``[start, end)`` of code units.

    The two numbers are kept instead of an Extent, which few nodes are ever asked for: it would be half of what a tree takes.
    """

    start: int
    end: int

    @property
    def extent(self) -> Extent:
        """The range as one value."""
        return Extent(self.start, self.end)


# ---- type names ------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class TypeName(Located):
    """A plain type name such as ``int`` or ``System.IO.Path``; *assembly* holds what follows a comma."""

    name: str
    assembly: str | None = None

    @property
    def full_name(self) -> str:
        """The name as PowerShell normalises it."""
        return f"{self.name},{self.assembly}" if self.assembly else self.name


@dataclass(slots=True, eq=False)
class ArrayTypeName(Located):
    """``element[]`` or, with more dimensions, ``element[,]``."""

    element_type: AnyTypeName
    rank: int = 1

    @property
    def full_name(self) -> str:
        """The name as PowerShell normalises it."""
        base, assembly = _split_assembly(self.element_type)
        return f"{base}[{',' * (self.rank - 1)}]{assembly}"


@dataclass(slots=True, eq=False)
class GenericTypeName(Located):
    """``name[argument, ...]``."""

    type_name: TypeName
    generic_arguments: list[AnyTypeName]

    @property
    def full_name(self) -> str:
        """The name as PowerShell normalises it."""
        base, assembly = _split_assembly(self)
        return base + assembly


AnyTypeName: TypeAlias = TypeName | ArrayTypeName | GenericTypeName


def _split_assembly(type_name: AnyTypeName) -> tuple[str, str]:
    """Full name without the assembly, and the ``,assembly`` that belongs behind it."""
    if isinstance(type_name, TypeName):
        return type_name.name, f",{type_name.assembly}" if type_name.assembly else ""
    if isinstance(type_name, ArrayTypeName):
        base, assembly = _split_assembly(type_name.element_type)
        return f"{base}[{',' * (type_name.rank - 1)}]", assembly
    base, assembly = _split_assembly(type_name.type_name)
    arguments = ",".join(argument.full_name for argument in type_name.generic_arguments)
    return f"{base}[{arguments}]", assembly


# ---- base classes ----------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Ast(Located):
    """Base of all nodes."""

    def children(self) -> Iterator[Ast]:
        """The nodes directly below this one, in the order of their attributes."""
        for name in _CHILD_FIELDS.get(type(self)) or _child_fields(type(self)):
            value = getattr(self, name)
            if isinstance(value, Ast):
                yield value
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, Ast):
                        yield item
                    elif isinstance(item, tuple):
                        yield from item


_CHILD_FIELDS: dict[type[Ast], tuple[str, ...]] = {}
_NO_CHILDREN = frozenset(
    ("start", "end", "error_position", "source", "parts", "type_name", "generic_type_arguments", "compiled")
)


def _child_fields(node_type: type[Ast]) -> tuple[str, ...]:
    """Names of the fields of a class that can hold nodes. ``parts`` are the nested expressions again."""
    names = tuple(
        item.name
        for item in fields(node_type)
        if item.name not in _NO_CHILDREN
    )
    _CHILD_FIELDS[node_type] = names
    return names


def walk(node: Ast) -> Iterator[Ast]:
    """*node* and all nodes below it, outer ones first; does not recurse, so that depth is no limit."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(list(current.children())))


@dataclass(slots=True, eq=False)
class Statement(Ast):
    """Base of statements."""


@dataclass(slots=True, eq=False)
class Expression(Ast):
    """Base of expressions."""


@dataclass(slots=True, eq=False)
class PipelineBase(Statement):
    """Base of what may stand where a pipeline is expected: an assignment, a chain, ..."""


@dataclass(slots=True, eq=False)
class CommandBase(Statement):
    """Base of the elements of a pipeline."""


@dataclass(slots=True, eq=False)
class Redirection(Ast):
    """Base of redirections."""


@dataclass(slots=True, eq=False)
class AttributeBase(Ast):
    """Base of Attribute and TypeConstraint."""

    type_name: AnyTypeName


@dataclass(slots=True, eq=False)
class MemberBase(Ast):
    """Base of the members of a type definition."""

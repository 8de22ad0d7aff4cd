# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertTo-Csv and ConvertFrom-Csv; the reader and writer also serve Import-Csv and Export-Csv."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from hvsim.runtime import convert, objects, types
from hvsim.runtime.collections import Dictionary
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.values import PSCustomObject

_INVALID = "System.InvalidOperationException"
types.register(
    types.NetType(
        "Microsoft.PowerShell.Commands.BaseCsvWritingCommand+QuoteKind",
        "System.Enum",
        kind="e",
        enum_members={"Never": 0, "Always": 1, "AsNeeded": 2},
    )
)


class CsvWriter:
    """Lines of text for objects; the first object decides on the columns."""

    def __init__(
        self,
        ctx: ExecutionContext,
        delimiter: str,
        *,
        quotes: str = "Always",
        quoted_fields: Sequence[str] | None = None,
        type_line: bool = False,
        header: bool = True,
    ) -> None:
        self.ctx = ctx
        self.delimiter = delimiter
        self.quotes = quotes
        self.quoted = None if quoted_fields is None else {name.lower() for name in quoted_fields}
        self.type_line = type_line
        self.header = header
        self.names: list[str] | None = None

    def lines(self, value: Any, *, all_lines: bool = False) -> Iterator[str]:
        """The lines of one object: type and header before the first; empty ones only if *all_lines* (files) are wanted."""
        if self.names is None:
            self.names = self.columns(value)
            if self.type_line and self.header:
                yield f"#TYPE {self._type_name(value)}"
            header = self.delimiter.join(self._field(name, name) for name in self.names)
            if self.header and (header or all_lines):
                yield header
        line = self.delimiter.join(self._cell(value, name) for name in self.names)
        if line or all_lines:
            yield line

    def columns(self, value: Any) -> list[str]:
        """The names of an object's properties, of a dictionary its keys and what was added to it."""
        if isinstance(value, Dictionary) and self.ctx.edition != "5.1":
            added = [m.name for m in (value.extended or {}).values() if m.is_property]
            return [convert.to_string(self.ctx, key) for key, _ in value.items()] + added
        return [m.name for m in objects.properties(self.ctx, value)]

    def _type_name(self, value: Any) -> str:
        name = objects.type_names(value)[0]
        return name.removeprefix("CSV:")

    def _cell(self, value: Any, name: str) -> str:
        if isinstance(value, Dictionary) and self.ctx.edition != "5.1" and value.contains(name):
            found = value.get(name)
        else:
            member = objects.find_property(self.ctx, value, name)
            try:
                found = None if member is None else member.get(self.ctx, value)
            except PSError:
                found = None
        if found is None:
            return ""
        if isinstance(found, PSCustomObject):
            return self._field(name, convert.culture_string(self.ctx, found))
        return self._field(name, convert.net_string(self.ctx, found))

    def _field(self, name: str, text: str) -> str:
        if self.quoted is not None:
            needs = name.lower() in self.quoted
        elif self.quotes == "AsNeeded":
            needs = self.delimiter in text or '"' in text or "\n" in text
        else:
            needs = self.quotes != "Never"
        return '"' + text.replace('"', '""') + '"' if needs else text


class CsvReader:
    """Objects out of lines of text (``ImportCsvHelper``); one reader takes several texts that follow each other."""

    def __init__(self, command: Cmdlet, delimiter: str, header: Sequence[str] | None) -> None:
        self.command = command
        self.delimiter = delimiter
        self.names = None if header is None else list(header)
        self.type_name: str | None = None
        self.titles: list[str] | None = None

    def objects(self, text: str) -> Iterator[PSCustomObject]:
        """The objects that a text holds (one line or many)."""
        records = self.read_header(text)
        for row in records:
            if row != [""]:
                yield self._object(row)

    def read_header(self, text: str) -> Iterator[list[str]]:
        """Type line and header, as far as they are not known; the records after them."""
        if self.type_name is None and text.startswith("#"):
            first, text = _first_line(text)
            if first.lower().startswith("#type"):
                self.type_name = first[5:].strip() or None
        records = rows(text, self.delimiter)
        while self.names is None and (row := next(records, None)) is not None:
            self._take_header(row)
        if self.names:
            self._check(self.names)
        return records

    def _take_header(self, row: list[str]) -> None:
        """The first record, without empty fields at its end; PowerShell 7 passes comments over and knows those of the W3C log format."""
        while len(row) > 1 and not row[-1]:
            row.pop()
        if row and self.command.ctx.edition != "5.1":
            if row[0].startswith("#Fields: "):
                row[0] = row[0][9:]
            elif row[0].startswith("#"):
                return
        self.names = row

    def _check(self, names: Sequence[str]) -> None:
        seen: set[str] = set()
        for name in filter(None, names):
            if name.lower() in seen:
                raise self.command.fail(
                    f'The member "{name}" is already present.',
                    "AlreadyPresentPSMemberInfoInternalCollectionAdd",
                    "NotSpecified",
                    kind="System.Management.Automation.ExtendedTypeSystemException",
                )
            seen.add(name.lower())

    def _titles(self) -> list[str]:
        """The names of the columns: those without one are called H1, H2, ..., which is said once."""
        if self.titles is not None:
            return self.titles
        numbers = itertools.count(1)
        self.titles = [name or f"H{next(numbers)}" for name in self.names or ()]
        if not all(self.names or ()):
            self.command.warn(
                "One or more headers were not specified. Default names starting with \"H\" have been used in place of any missing headers."
            )
        return self.titles

    def _object(self, row: Sequence[str]) -> PSCustomObject:
        pairs = [(name, row[i] if i < len(row) else None) for i, name in enumerate(self._titles())]
        made = objects.custom_object(pairs)
        if self.type_name:
            made.type_names = [self.type_name, f"CSV:{self.type_name}"]
        return made


def _first_line(text: str) -> tuple[str, str]:
    end = min((i for i in (text.find("\r"), text.find("\n")) if i >= 0), default=len(text))
    return text[:end], text[end + (2 if text.startswith("\r\n", end) else 1) :]


def rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a text (``ParseNextRecord``): the last field does not exist if the text ends before its first character."""
    i, n = 0, len(text)
    while i < n:
        row: list[str] = []
        ended = False
        while not ended and i < n:
            cell, i, ended, there = _cell(text, i, delimiter)
            if there:
                row.append(cell)
        yield row


def _cell(text: str, i: int, delimiter: str) -> tuple[str, int, bool, bool]:
    """One field: (its text, where the next begins, whether the record ends with it, whether it exists)."""
    n = len(text)
    while i < n and text[i] in " \t" and text[i] != delimiter:
        i += 1
    if i < n and text[i] == '"' and delimiter != '"':
        quoted, i, closed = _quoted(text, i + 1)
        if not closed:
            return quoted, i, True, bool(quoted)
        rest, i, ended = _until(text, i, delimiter)
        return quoted + (rest if rest.strip(" \t") else ""), i, ended, True
    start, blank = i, 0
    while i < n and text[i] != delimiter and text[i] not in ' \t"\r\n':
        i += 1
    if i < n and text[i] in ' \t"' and text[i] != delimiter:
        # A blank or a quote inside a field: the rest up to the delimiter belongs to it; of blanks alone only the first.
        blank = i + 1
        rest, i, ended = _until(text, blank, delimiter)
        kept = rest if text[blank - 1] == '"' or rest.strip(" \t") else ""
        return text[start:blank] + kept, i, ended, True
    cell, i, ended = _until(text, start, delimiter)
    return cell, i, ended, start < n


def _quoted(text: str, i: int) -> tuple[str, int, bool]:
    """The inside of quotes: (text, behind the closing one, whether it is there)."""
    out: list[str] = []
    while True:
        end = text.find('"', i)
        if end < 0:
            return "".join(out) + text[i:], len(text), False
        out.append(text[i:end])
        if text[end + 1 : end + 2] != '"':
            return "".join(out), end + 1, True
        out.append('"')
        i = end + 2


def _until(text: str, i: int, delimiter: str) -> tuple[str, int, bool]:
    """Up to the delimiter or the end of the record: (text, behind it, whether it is the record's end)."""
    n, start = len(text), i
    while i < n and text[i] != delimiter and text[i] not in "\r\n":
        i += 1
    found = text[start:i]
    if i >= n:
        return found, n, True
    if text[i] == delimiter:
        return found, i + 1, False
    return found, i + (2 if text.startswith("\r\n", i) else 1), True


def delimiter_of(command: Cmdlet) -> str:
    """The delimiter that the parameters ask for."""
    if command.arg("UseCulture") is True:
        return command.ctx.culture.list_separator if hasattr(command.ctx.culture, "list_separator") else ","
    return convert.to_string(command.ctx, command.args["Delimiter"]) if command.bound("Delimiter") else ","


@cmdlet(
    "ConvertTo-Csv",
    parameters=("InputObject", "Delimiter", "UseCulture", "IncludeTypeInformation", "NoTypeInformation", "QuoteFields", "UseQuotes", "NoHeader"),
)
class ConvertToCsv(Cmdlet):
    """Objects as lines of comma separated values."""

    def begin(self) -> None:
        self.writer = writer_of(self)

    def process(self) -> None:
        for line in self.writer.lines(self.args["InputObject"]):
            self.write(line)


def writer_of(command: Cmdlet) -> CsvWriter:
    """The writer that the parameters of ConvertTo-Csv and Export-Csv describe."""
    for one, other, order in (("UseQuotes", "QuoteFields", 1), ("IncludeTypeInformation", "NoTypeInformation", -1)):
        if command.bound(one) and command.bound(other):
            raise command.fail(
                f"You must specify either the -{one} or -{other} parameters, but not both.",
                "CannotSpecify" + "And".join((other, one)[::order]),
                "InvalidData",
                kind=_INVALID,
            )
    windows = command.ctx.edition == "5.1"
    with_type = command.arg("NoTypeInformation") is not True if windows else command.arg("IncludeTypeInformation") is True
    return CsvWriter(
        command.ctx,
        delimiter_of(command),
        quotes=convert.to_string(command.ctx, command.args["UseQuotes"]) if command.bound("UseQuotes") else "Always",
        quoted_fields=command.arg("QuoteFields"),
        type_line=with_type,
        header=command.arg("NoHeader") is not True,
    )


@cmdlet("ConvertFrom-Csv", parameters=("InputObject", "Delimiter", "UseCulture", "Header"))
class ConvertFromCsv(Cmdlet):
    """Lines of comma separated values as objects."""

    def begin(self) -> None:
        self.reader = CsvReader(self, delimiter_of(self), self.arg("Header"))

    def process(self) -> None:
        for item in self.args["InputObject"]:
            for made in self.reader.objects(convert.net_string(self.ctx, item)):
                self.write(made)

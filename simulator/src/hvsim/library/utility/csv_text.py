# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertTo-Csv and ConvertFrom-Csv; the reader and writer also serve Import-Csv and Export-Csv."""

from __future__ import annotations

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

    def lines(self, value: Any) -> Iterator[str]:
        """The lines of one object: type and header before the first."""
        if self.names is None:
            self.names = self._columns(value)
            if self.type_line:
                yield f"#TYPE {self._type_name(value)}"
            if self.header:
                yield self.delimiter.join(self._field(name, name) for name in self.names)
        line = self.delimiter.join(self._cell(value, name) for name in self.names)
        if line:
            yield line

    def _columns(self, value: Any) -> list[str]:
        if isinstance(value, Dictionary) and self.ctx.edition != "5.1":
            return [convert.to_string(self.ctx, key) for key, _ in value.items()]
        return [m.name for m in objects.properties(self.ctx, value)]

    def _type_name(self, value: Any) -> str:
        name = objects.type_names(value)[0]
        return name.removeprefix("CSV:")

    def _cell(self, value: Any, name: str) -> str:
        if isinstance(value, Dictionary) and self.ctx.edition != "5.1":
            found = value.get(name) if value.contains(name) else None
        else:
            member = objects.find_property(self.ctx, value, name)
            try:
                found = None if member is None else member.get(self.ctx, value)
            except PSError:
                found = None
        if found is None:
            return ""
        return self._field(name, self._text(found))

    def _text(self, value: Any) -> str:
        """``ToString()`` of the base object, in the invariant culture (``PSObject.ToString(invariant)``)."""
        base = objects.unwrap(value)
        if isinstance(base, (list, Dictionary)) and not isinstance(base, str):
            return types.of(base).full_name
        return convert.to_string(self.ctx, value)

    def _field(self, name: str, text: str) -> str:
        if self.quoted is not None:
            needs = name.lower() in self.quoted
        elif self.quotes == "AsNeeded":
            needs = self.delimiter in text or '"' in text or "\n" in text or "\r" in text
        else:
            needs = self.quotes != "Never"
        return '"' + text.replace('"', '""') + '"' if needs else text


class CsvReader:
    """Objects out of lines of text."""

    def __init__(self, command: Cmdlet, delimiter: str, header: Sequence[str] | None) -> None:
        self.command = command
        self.delimiter = delimiter
        self.names = None if header is None else list(header)
        self.type_name: str | None = None
        self.warned = False
        if self.names is not None:
            self._check(self.names)

    def objects(self, text: str) -> Iterator[PSCustomObject]:
        """The objects that a text holds (one line or many)."""
        for row in rows(text, self.delimiter):
            if self.names is None:
                if len(row) == 1 and row[0] and row[0].startswith("#TYPE ") and self.type_name is None:
                    self.type_name = row[0][6:].strip()
                    continue
                if row[0] is not None and row[0].startswith("#") and self.type_name is None and self.command.ctx.edition != "5.1" and row[0].startswith("#Fields: "):
                    row[0] = row[0][9:]
                self.names = self._named(row)
                self._check(self.names)
                continue
            if row == [""]:
                continue
            yield self._object(row)

    def _named(self, row: Sequence[str | None]) -> list[str]:
        names: list[str] = []
        number = 0
        for cell in row:
            if cell:
                names.append(cell)
                continue
            number += 1
            names.append(f"H{number}")
            if not self.warned:
                self.warned = True
                self.command.warn(
                    "One or more headers were not specified. Default names starting with \"H\" have been used in place of any missing headers."
                )
        return names

    def _check(self, names: Sequence[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if name.lower() in seen:
                raise self.command.fail(
                    f'The member "{name}" is already present.',
                    "AlreadyPresentPSMemberInfoInternalCollectionAdd",
                    "NotSpecified",
                    kind="System.Management.Automation.ExtendedTypeSystemException",
                )
            seen.add(name.lower())

    def _object(self, row: Sequence[str | None]) -> PSCustomObject:
        assert self.names is not None
        pairs = [(name, row[i] if i < len(row) else None) for i, name in enumerate(self.names)]
        made = objects.custom_object(pairs)
        if self.type_name:
            made.type_names = [self.type_name, f"CSV:{self.type_name}"]
        return made


def rows(text: str, delimiter: str) -> Iterator[list[str | None]]:
    """The rows of a text, as ``ImportCsvHelper.ParseNextRecord`` splits it: a last empty field of the text's last line is null."""
    i, n = 0, len(text)
    while i < n:
        row: list[str | None] = []
        while True:
            cell, i = _cell(text, i, delimiter)
            if i < n and text[i] == delimiter:
                row.append(cell)
                i += 1
                if i >= n:
                    # A delimiter at the very end of the input: the field after it does not exist.
                    break
                continue
            row.append(cell)
            if i < n and text[i] == "\r":
                i += 1
            if i < n and text[i] == "\n":
                i += 1
            break
        yield row


def _cell(text: str, i: int, delimiter: str) -> tuple[str, int]:
    n = len(text)
    start = i
    while i < n and text[i] in " \t" and text[i] != delimiter:
        i += 1
    if i < n and text[i] == '"':
        out: list[str] = []
        i += 1
        while i < n:
            if text[i] == '"':
                if text[i + 1 : i + 2] == '"':
                    out.append('"')
                    i += 2
                    continue
                i += 1
                break
            out.append(text[i])
            i += 1
        end = i
        while i < n and text[i] != delimiter and text[i] not in "\r\n":
            i += 1
        out.append(text[end:i].rstrip(" \t"))
        return "".join(out), i
    while i < n and text[i] != delimiter and text[i] not in "\r\n":
        i += 1
    return text[start:i].strip(" \t"), i


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

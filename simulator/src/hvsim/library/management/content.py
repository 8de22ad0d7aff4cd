# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-, Set-, Add- and Clear-Content, for files and for the flat providers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from hvsim.library.dotnet import file_info as fi
from hvsim.library.dotnet.support import bytes_array
from hvsim.library.management import encodings, paths
from hvsim.library.management.item_base import COMMON, ItemCommand
from hvsim.library.management.provider import ItemPath, shown
from hvsim.library.management.session_providers import FlatProvider
from hvsim.runtime import convert, objects, types
from hvsim.runtime.command import cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.values import Array, Byte, Int64, PSObject

_LINE_END = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """A text as lines; one that ends with a line end has no empty line after it."""
    lines = _LINE_END.split(text)
    if lines and lines[-1] == "":
        lines.pop()
    return lines


class ContentCommand(ItemCommand):
    """Knows which of -AsByteStream (7) and -Encoding Byte (5.1) is meant."""

    def as_bytes(self) -> bool:
        if self.arg("AsByteStream") is True:
            return True
        if self.ctx.edition == "5.1" and self.bound("Encoding"):
            return convert.to_string(self.ctx, self.args["Encoding"]).lower() == "byte"
        return False

    def reading_failed(self, error: OSError, item: ItemPath) -> None:
        """A non-terminating error for what the disk refused to read."""
        exception = fi.translate(error).exception
        denied = exception.kind == "System.UnauthorizedAccessException"
        self.error(
            exception.message,
            f"GetContentReader{'UnauthorizedAccess' if denied else 'IO'}Error",
            "PermissionDenied" if denied else "ReadError",
            item.path,
            kind=exception.kind,
            fields=exception.fields,
        )


@cmdlet(
    "Get-Content",
    parameters=(*COMMON, "Raw", "Tail", "TotalCount", "ReadCount", "Encoding", "AsByteStream", "Delimiter"),
)
class GetContent(ContentCommand):
    def process(self) -> None:
        if self.bound("TotalCount") and self.bound("Tail"):
            raise self.fail(
                "The parameters TotalCount and Tail cannot be used together. Please specify only one parameter.",
                "InvalidOperation",
                "InvalidOperation",
                kind="System.InvalidOperationException",
            )
        for item in self.items():
            if isinstance(item.provider, FlatProvider):
                self._write_flat(item)
            elif item.provider.name != "FileSystem":
                self._not_content()
            else:
                self._read_file(item)

    def _not_content(self) -> None:
        raise self.fail(
            "Cannot use interface. The IContentCmdletProvider interface is not implemented by this provider.",
            "NotSupported",
            "NotImplemented",
            kind="System.Management.Automation.PSNotSupportedException",
        )

    def _write_flat(self, item: ItemPath) -> None:
        value = item.provider.content(self.ctx, item.path)  # type: ignore[attr-defined]
        self.write_all(value)

    def _read_file(self, item: ItemPath) -> None:
        if item.provider.is_container(self.ctx, item.path):
            self._is_folder(item)
            return
        try:
            data = fi.disk(self.ctx).read_bytes(fi.disk_path(item.path))
        except OSError as error:
            self.reading_failed(error, item)
            return
        if self.as_bytes():
            self._write_bytes(item, data)
            return
        encoding = encodings.wanted(self, encodings.default_reading(self.ctx))
        text = encodings.decoded(data, encoding)
        if self.arg("Raw") is True:
            if text:
                self._write(item, [text], raw=True)
            return
        self._write(item, self._split(text))

    def _is_folder(self, item: ItemPath) -> None:
        if self.ctx.edition == "5.1":
            self.error(
                f"Access to the path '{item.path}' is denied.",
                "GetContentReaderUnauthorizedAccessError",
                "PermissionDenied",
                item.path,
                kind="System.UnauthorizedAccessException",
            )
            return
        where = shown(self.ctx, item)
        self.error(
            f"Unable to get content because '{where}' is a directory. Please use 'Get-ChildItem' instead.",
            "GetContainerContentException",
            "InvalidOperation",
            where,
            kind="System.InvalidOperationException",
        )

    def _split(self, text: str) -> list[str]:
        delimiter = self.arg("Delimiter")
        if not delimiter:
            return lines_of(text)
        parts: list[str] = text.split(delimiter)
        if parts and parts[-1] == "":
            parts.pop()
        return parts

    def _chosen(self, rows: list[Any]) -> list[Any]:
        if self.bound("Tail"):
            count = int(self.args["Tail"])
            return rows[len(rows) - count :] if 0 < count < len(rows) else rows if count else []
        if self.bound("TotalCount"):
            return rows[: int(self.args["TotalCount"])]
        return rows

    def _write(self, item: ItemPath, rows: list[str], *, raw: bool = False) -> None:
        rows = rows if raw else self._chosen(rows)
        notes = paths.decorated(self.ctx, item, PSObject(""), container=False).extended or {}
        batch = 1 if raw or not self.bound("ReadCount") else int(self.args["ReadCount"])
        if batch == 1:
            for number, row in enumerate(rows, 1):
                self.write(_noted(PSObject(row), notes, number))
            return
        for start, part in _batches(rows, batch):
            self.write(_noted(Array(part), notes, start + len(part)))

    def _write_bytes(self, item: ItemPath, data: bytes) -> None:
        if self.arg("Raw") is True:
            self.write(bytes_array(data))
            return
        values = self._chosen([Byte(b) for b in data])
        batch = int(self.args["ReadCount"]) if self.bound("ReadCount") else 1
        if batch == 1:
            for value in values:
                self.write(value)
            return
        for _, part in _batches(values, batch):
            self.write(Array(part, types.get("System.Byte")))


def _failure(kind: str, edition: str) -> str:
    if kind == "System.UnauthorizedAccessException":
        return "UnauthorizedAccess"
    return "DirectoryNotFound" if kind == "System.IO.DirectoryNotFoundException" and edition == "5.1" else "IO"


def _batches(rows: list[Any], size: int) -> Iterator[tuple[int, list[Any]]]:
    size = size if size > 0 else max(1, len(rows))
    for start in range(0, len(rows), size):
        yield start, rows[start : start + size]


def _noted(value: Any, notes: dict[str, Any], count: int) -> Any:
    extended: dict[str, Any] = {k: objects.NoteProperty(m.name, m.value, value) for k, m in notes.items()}
    extended["readcount"] = objects.NoteProperty("ReadCount", Int64(count), value)
    value.extended = extended
    return value


class WritingCommand(ContentCommand):
    """Set-Content and Add-Content: files are opened at the first record and written at the end."""

    action = "Set"

    def begin(self) -> None:
        self.opened: list[tuple[ItemPath, bytearray]] | None = None
        self.flat: list[tuple[ItemPath, list[Any]]] = []

    def process(self) -> None:
        if self.opened is None:
            self.opened = []
            for item in self._targets():
                if isinstance(item.provider, FlatProvider):
                    self.flat.append((item, []))
                else:
                    self._open(item)
        values = self.arg("Value")
        for _, kept in self.flat:
            kept.extend(list(values) if values is not None else [])
        for item, data in self.opened:
            data += self._encoded(item, values)

    def end(self) -> None:
        for item, data in self.opened or []:
            self._store(item, bytes(data))
            if self.arg("PassThru") is True:
                self.write_all(self.arg("Value"))
        for item, kept in self.flat:
            item.provider.set(self, item.path, kept[0] if len(kept) == 1 else Array(kept))

    def _targets(self) -> list[ItemPath]:
        """Existing items; a plain path may name a new one."""
        found: list[ItemPath] = []
        for text, literal in self.given():
            try:
                found += paths.resolve(self.ctx, text, literal=literal, force=self.arg("Force") is True)
            except PSError as error:
                if error.record is not None and error.record.error_id == "PathNotFound":
                    found.append(paths.parse(self.ctx, text))
                else:
                    self.write_error(paths.record(error))
        verb = "Set Content" if self.action == "Set" else "Add Content"
        return [i for i in found if self.passes(i) and self.should_process(f"Path: {i.path}", verb)]

    def _open(self, item: ItemPath) -> None:
        assert self.opened is not None
        files, target = fi.disk(self.ctx), fi.disk_path(item.path)
        force = self.arg("Force") is True
        if item.provider.is_container(self.ctx, item.path):
            self._denied(item)
            return
        try:
            data = bytearray()
            if self.action == "Add" and files.exists(target):
                data += files.read_bytes(target)
            files.write_bytes(target, bytes(data), force=force)
            self.opened.append((item, data))
        except OSError as error:
            self._open_failed(error, item)

    def _open_failed(self, error: OSError, item: ItemPath) -> None:
        exception = fi.translate(error).exception
        denied = exception.kind == "System.UnauthorizedAccessException"
        self.error(
            exception.message,
            f"GetContentWriter{_failure(exception.kind, self.ctx.edition)}Error",
            "PermissionDenied" if denied else "WriteError",
            item.path,
            kind=exception.kind,
        )

    def _denied(self, item: ItemPath) -> None:
        if self.ctx.edition == "5.1":
            self.error(
                f"Access to the path '{item.path}' is denied.",
                "GetContentWriterUnauthorizedAccessError",
                "PermissionDenied",
                item.path,
                kind="System.UnauthorizedAccessException",
            )
            return
        self.error(
            f"Unable to {'set' if self.action == 'Set' else 'add'} content because '{item.path}' is a directory.",
            "WriteContainerContentException",
            "InvalidOperation",
            item.path,
            kind="System.InvalidOperationException",
        )

    def _store(self, item: ItemPath, data: bytes) -> None:
        fi.disk(self.ctx).write_bytes(fi.disk_path(item.path), data, force=self.arg("Force") is True)

    def _encoded(self, item: ItemPath, values: Any) -> bytes:
        if values is None:
            return b""
        if self.as_bytes():
            return bytes(self._bytes(values))
        assert self.opened is not None
        data = next(d for i, d in self.opened if i is item)
        encoding = encodings.wanted(self, encodings.default_content(self.ctx))
        if self.action == "Add" and not self.bound("Encoding"):
            encoding = encodings.marked(bytes(data[:4])) or encoding
        end = "" if self.arg("NoNewline") is True else "\r\n" if self.ctx.machine.is_windows else "\n"
        text = "".join(convert.to_string(self.ctx, v) + end for v in flattened(values) if v is not None)
        return (encoding.mark if not data else b"") + encodings.encoded(text, encoding.codec)

    def _bytes(self, values: Any) -> Iterator[int]:
        for value in flattened(values):
            base = objects.unwrap(value)
            if not isinstance(base, int) or isinstance(base, bool) or not 0 <= base <= 255:
                raise self.fail(
                    "Cannot proceed with byte encoding. When using byte encoding the content must be of type byte.",
                    "Argument",
                    "InvalidArgument",
                    kind="System.Management.Automation.PSArgumentException",
                )
            yield int(base)


def flattened(values: Iterable[Any]) -> Iterator[Any]:
    """Values, arrays among them one level deep."""
    for value in values:
        base = objects.unwrap(value)
        if isinstance(base, Array):
            yield from base
        else:
            yield value


_WRITING = (*COMMON, "Value", "PassThru", "NoNewline", "Encoding", "AsByteStream")


@cmdlet("Set-Content", parameters=_WRITING)
class SetContent(WritingCommand):
    action = "Set"


@cmdlet("Add-Content", parameters=_WRITING)
class AddContent(WritingCommand):
    action = "Add"


@cmdlet("Clear-Content", parameters=COMMON)
class ClearContent(ContentCommand):
    def process(self) -> None:
        for item in self.items():
            if isinstance(item.provider, FlatProvider):
                item.provider.clear(self, item.path)
                continue
            if item.provider.is_container(self.ctx, item.path):
                self.error(
                    f"Unable to clear content because '{item.path}' is a directory. Clear-Content is only supported on files.",
                    "ClearDirectoryContent",
                    "InvalidOperation",
                    item.path,
                    kind="System.NotSupportedException",
                )
                continue
            if not self.should_process(f"Item: {item.path}", "Clear Content"):
                continue
            try:
                fi.disk(self.ctx).write_bytes(fi.disk_path(item.path), b"", force=self.arg("Force") is True)
            except OSError as error:
                exception = fi.translate(error).exception
                self.error(
                    exception.message, "ClearContentUnauthorizedAccessError", "PermissionDenied", item.path, kind=exception.kind
                )


for _command in (GetContent, SetContent, AddContent):
    encodings.freed(_command.metadata)

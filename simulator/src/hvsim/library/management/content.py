# SPDX-License-Identifier: GPL-3.0-or-later
"""Get- and Clear-Content, and what Set- and Add-Content share with them: files and the flat providers have content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from hvsim.library.dotnet import file_info as fi
from hvsim.library.dotnet.support import bytes_array, string_array
from hvsim.library.management import encodings, paths
from hvsim.library.management.item_base import COMMON, ItemCommand
from hvsim.library.management.provider import ItemPath
from hvsim.library.management.session_providers import FlatProvider
from hvsim.runtime import convert, objects, types, wildcard
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
    """Knows which of -AsByteStream (7) and -Encoding Byte (5.1) is meant, and what a path stands for."""

    may_create: ClassVar[bool] = False
    """Whether a path may name a file that is not there yet."""

    def as_bytes(self) -> bool:
        if self.arg("AsByteStream") is True:
            return True
        if self.ctx.edition == "5.1" and self.bound("Encoding"):
            return convert.to_string(self.ctx, self.args["Encoding"]).lower() == "byte"
        return False

    def content_items(self) -> list[ItemPath]:
        """The items of all paths, found before any of them is opened (ContentCommandBase.ResolvePaths).

        A pattern or filter that finds nothing is the error ``ItemNotFound``, which names the first path and has all of
        them as its target.
        """
        found: list[ItemPath] = []
        for text, literal in self.given():
            try:
                items = self.resolved(text, literal)
            except PSError as error:
                record = paths.record(error)
                if not (self.may_create and record.error_id == "PathNotFound"):
                    self.write_error(record)
                    continue
                items = [paths.parse(self.ctx, text if literal else wildcard.unescape(text))]
            if not items:
                self._nothing_found()
            found += items
        return found

    def _nothing_found(self) -> None:
        given = [text for text, _ in self.given()]
        self.error(
            f"An object at the specified path {given[0]} does not exist, or has been filtered by the -Include or -Exclude parameter.",
            "ItemNotFound",
            "ObjectNotFound",
            string_array(given),
            kind="System.Exception",
        )

    def has_content(self, item: ItemPath) -> bool:
        """Whether its provider is an IContentCmdletProvider; a non-terminating error if not."""
        if isinstance(item.provider, FlatProvider) or item.provider.name == "FileSystem":
            return True
        self.error(
            "Cannot use interface. The IContentCmdletProvider interface is not implemented by this provider.",
            "NotSupported",
            "NotImplemented",
            kind="System.Management.Automation.PSNotSupportedException",
        )
        return False

    def attached(self, value: Any, item: ItemPath, count: int) -> Any:
        """*value* with the notes of the item and ``ReadCount``."""
        return _noted(value, paths.decorated(self.ctx, item, PSObject(""), container=False).extended or {}, count)

    def provider_failed(self, error: OSError, item: ItemPath, action: str, io_category: str) -> None:
        """A non-terminating error of the provider's *action* (GetContentReader, GetContentWriter, ClearContent)."""
        exception = fi.translate(error).exception
        name, category = content_failure(exception.kind, io_category, action)
        self.error(exception.message, f"{action}{name}Error", category, item.path, kind=exception.kind, fields=exception.fields)


def content_failure(kind: str, io_category: str, action: str) -> tuple[str, str]:
    """What a content action calls an exception, and its category (FileSystemProvider)."""
    short = kind.rpartition(".")[2]
    if short == "UnauthorizedAccessException":
        return "UnauthorizedAccess", "PermissionDenied"
    if short == "ArgumentException":
        return "Argument", "InvalidArgument"
    if short in ("FileNotFoundException", "DirectoryNotFoundException") and action != "ClearContent":
        return short.removesuffix("Exception"), "ObjectNotFound"
    return "IO", io_category


@cmdlet(
    "Get-Content",
    parameters=(*COMMON, "Raw", "Tail", "TotalCount", "ReadCount", "Encoding", "AsByteStream", "Delimiter"),
)
class GetContent(ContentCommand):
    def process(self) -> None:
        if self.bound("TotalCount") and self.bound("Tail"):
            self.error(
                "The parameters TotalCount and Tail cannot be used together. Please specify only one parameter.",
                "TailAndHeadCannotCoexist",
                "InvalidOperation",
                kind="System.InvalidOperationException",
            )
            return
        if self.bound("TotalCount") and int(self.args["TotalCount"]) == 0:
            return
        readers = [item for item in self.content_items() if self._opens(item)]
        for item in readers:
            if not isinstance(item.provider, FlatProvider):
                self._read_file(item)
            elif self.bound("Tail"):
                self._tail_refused()
            else:
                self._write_flat(item)

    def _tail_refused(self) -> None:
        self.error(
            "The Tail parameter currently is supported only for the FileSystem provider.",
            "TailNotSupported",
            "InvalidOperation",
            self.args["Tail"],
            kind="System.InvalidOperationException",
        )

    def _opens(self, item: ItemPath) -> bool:
        """Whether the provider gives a reader for the item.

        Raises:
            PSError: -Raw with a parameter that would have to cut lines.
        """
        if not self.has_content(item):
            return False
        if isinstance(item.provider, FlatProvider):
            return True
        self._refuse_beside_raw()
        encodings.warn_unused(self, self.as_bytes())
        if item.provider.is_container(self.ctx, item.path):
            self._is_folder(item)
            return False
        if self.bound("Delimiter") and self.as_bytes():
            text = "A delimiter cannot be specified when reading the stream one byte at a time."
            suffix = "\r\nParameter name: delimiter" if self.ctx.edition == "5.1" else " (Parameter 'delimiter')"
            self.error(text + suffix, "GetContentReaderArgumentError", "InvalidArgument", item.path, kind="System.ArgumentException")
            return False
        return True

    def _refuse_beside_raw(self) -> None:
        for name in ("TotalCount", "Tail", "Delimiter") if self.arg("Raw") is True else ():
            if self.bound(name):
                raise self.fail(
                    f"The 'Raw' and '{name}' parameters cannot be specified in the same command.",
                    "InvalidOperation",
                    "InvalidOperation",
                    kind="System.Management.Automation.PSInvalidOperationException",
                )

    def _write_flat(self, item: ItemPath) -> None:
        value = item.provider.content(self.ctx, item.path)  # type: ignore[attr-defined]
        self.write_all(value)

    def _read_file(self, item: ItemPath) -> None:
        try:
            data = fi.disk(self.ctx).read_bytes(fi.disk_path(item.path))
        except OSError as error:
            self.provider_failed(error, item, "GetContentReader", "ReadError")
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
        self.error(
            f"Unable to get content because it is a directory: '{item.path}'. Please use 'Get-ChildItem' instead.",
            "GetContainerContentException",
            "InvalidOperation",
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


def _batches(rows: list[Any], size: int) -> Iterator[tuple[int, list[Any]]]:
    size = size if size > 0 else max(1, len(rows))
    for start in range(0, len(rows), size):
        yield start, rows[start : start + size]


def _noted(value: Any, notes: dict[str, Any], count: int) -> Any:
    extended: dict[str, Any] = {k: objects.NoteProperty(m.name, m.value, value) for k, m in notes.items()}
    extended["readcount"] = objects.NoteProperty("ReadCount", Int64(count), value)
    value.extended = extended
    return value


@cmdlet("Clear-Content", parameters=COMMON)
class ClearContent(ContentCommand):
    def process(self) -> None:
        for item in self.items():
            if not self.has_content(item):
                continue
            if isinstance(item.provider, FlatProvider):
                self._not_clearable()
            elif item.provider.is_container(self.ctx, item.path):
                self._folder(folder_cleared(self.ctx, item.path))
            elif self.should_process(f"Item: {item.path}", "Clear Content"):
                try:
                    fi.disk(self.ctx).write_bytes(fi.disk_path(item.path), b"", force=self.arg("Force") is True)
                except OSError as error:
                    self.provider_failed(error, item, "ClearContent", "WriteError")

    def _folder(self, wrong: Cleared) -> None:
        self.error(wrong.message, wrong.error_id, wrong.category, wrong.target, kind=wrong.kind)

    def _not_clearable(self) -> None:
        self.error(
            "Cannot perform the ClearContent operation. The ClearContent operation is not supported by this provider.",
            "NotSupported",
            "NotImplemented",
            kind="System.Management.Automation.PSNotSupportedException",
        )


class Cleared(NamedTuple):
    """What is wrong with clearing something."""

    message: str
    error_id: str
    category: str
    target: str
    kind: str


def folder_cleared(ctx: Any, path: str) -> Cleared:
    """A folder has no content to clear: 5.1 finds out when it opens it, 7 looks first."""
    if ctx.edition == "5.1":
        text = f"Access to the path '{path}' is denied."
        return Cleared(text, "ClearContentUnauthorizedAccessError", "PermissionDenied", path, "System.UnauthorizedAccessException")
    text = f"Unable to clear content of '{path}' because it is a directory. Clear-Content is only supported on files."
    return Cleared(text, "ClearDirectoryContent", "InvalidOperation", path, "System.NotSupportedException")


encodings.freed(GetContent.metadata)

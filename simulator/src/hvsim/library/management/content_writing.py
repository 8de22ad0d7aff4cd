# SPDX-License-Identifier: GPL-3.0-or-later
"""Set-Content and Add-Content: Set-Content clears what is there before it opens it, Add-Content appends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import encodings
from hvsim.library.management.content import ContentCommand, folder_cleared
from hvsim.library.management.item_base import COMMON
from hvsim.library.management.provider import ItemPath
from hvsim.library.management.session_providers import FlatProvider
from hvsim.runtime import convert, objects
from hvsim.runtime.command import cmdlet
from hvsim.runtime.errors import net_error
from hvsim.runtime.values import Array


class Opened:
    """A file that is being written, with what it holds so far."""

    def __init__(self, item: ItemPath, data: bytearray) -> None:
        self.item = item
        self.data = data


class WritingCommand(ContentCommand):
    """Files are opened at the first record and written at the end; paths that come through the pipeline, at once."""

    may_create = True
    action: ClassVar[str] = "Set"

    def begin(self) -> None:
        self.piping_paths = not (self.bound("Path") or self.bound("LiteralPath"))
        self._reset()

    def _reset(self) -> None:
        self.opened: list[Opened] | None = None
        self.flat: list[tuple[ItemPath, list[Any]]] = []

    def process(self) -> None:
        if self.opened is None:
            self.opened = []
            self._open_all()
        given = self.arg("Value")
        values = [] if given is None else list(given)
        for item, kept in self.flat:
            kept.extend(values)
            self._pass_through(item, values)
        for each in self.opened:
            each.data += self._encoded(each, values)
            self._pass_through(each.item, values)
        if self.piping_paths:
            self.end()
            self._reset()

    def _pass_through(self, item: ItemPath, values: list[Any]) -> None:
        """-PassThru: what this record has written to this item, as one array."""
        if self.arg("PassThru") is True and values:
            self.write(self.attached(Array(values), item, len(values)))

    def end(self) -> None:
        for each in self.opened or []:
            self._store(each)
        for item, kept in self.flat:
            item.provider.set(self, item.path, kept[0] if len(kept) == 1 else Array(kept))

    def _open_all(self) -> None:
        verb = f"{self.action} Content"
        accepted = [item for item in self.content_items() if self.should_process(f"Path: {item.path}", verb)]
        if self.action == "Set":
            for item in accepted:
                self._clear(item)
        for item in accepted:
            if not self.has_content(item):
                continue
            if isinstance(item.provider, FlatProvider):
                self.flat.append((item, []))
            else:
                self._open(item)

    def _clear(self, item: ItemPath) -> None:
        """Empties a file that is there.

        Raises:
            PSError: the first error of clearing; it ends the command and is called after its exception alone
                (``CmdletProviderContext.ThrowFirstErrorOrDoNothing``).
        """
        owner, files, target = item.provider, fi.disk(self.ctx), fi.disk_path(item.path)
        if owner.name != "FileSystem" or not files.exists(target):
            return
        if owner.is_container(self.ctx, item.path):
            wrong = folder_cleared(self.ctx, item.path)
            raise net_error(wrong.kind, wrong.message)
        if not self.should_process(f"Item: {item.path}", "Clear Content"):
            return
        with fi.disk_errors():
            files.write_bytes(target, b"", force=self.arg("Force") is True)

    def _open(self, item: ItemPath) -> None:
        assert self.opened is not None
        files, target = fi.disk(self.ctx), fi.disk_path(item.path)
        encodings.warn_unused(self, self.as_bytes())
        if item.provider.is_container(self.ctx, item.path):
            self._is_folder(item)
            return
        try:
            data = bytearray()
            if self.action == "Add" and files.exists(target):
                data += files.read_bytes(target)
            files.write_bytes(target, bytes(data), force=self.arg("Force") is True)
            self.opened.append(Opened(item, data))
        except OSError as error:
            self.provider_failed(error, item, "GetContentWriter", "WriteError")

    def _is_folder(self, item: ItemPath) -> None:
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
            f"Unable to write content because it is a directory: '{item.path}'.",
            "WriteContainerContentException",
            "InvalidOperation",
            kind="System.InvalidOperationException",
        )

    def _store(self, each: Opened) -> None:
        with fi.disk_errors():
            fi.disk(self.ctx).write_bytes(fi.disk_path(each.item.path), bytes(each.data), force=self.arg("Force") is True)

    def _encoded(self, each: Opened, values: list[Any]) -> bytes:
        if not values:
            return b""
        if self.as_bytes():
            return bytes(self._bytes(values))
        encoding = encodings.wanted(self, encodings.default_content(self.ctx))
        if self.action == "Add" and not self.bound("Encoding"):
            encoding = encodings.marked(bytes(each.data[:4])) or encoding
        end = "" if self.arg("NoNewline") is True else "\r\n" if self.ctx.machine.is_windows else "\n"
        text = "".join(convert.to_string(self.ctx, v) + end for v in flattened(values) if v is not None)
        return (encoding.mark if not each.data else b"") + encodings.encoded(text, encoding.codec)

    def _bytes(self, values: list[Any]) -> Iterator[int]:
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


for _command in (SetContent, AddContent):
    encodings.freed(_command.metadata)

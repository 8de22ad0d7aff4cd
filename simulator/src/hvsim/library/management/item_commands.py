# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-, Set-, New-, Remove-, Copy-, Move-, Rename-, Clear- and Invoke-Item."""

from __future__ import annotations

from functools import partial
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.support import string_array
from hvsim.library.management import paths
from hvsim.library.management.item_base import COMMON, ItemCommand
from hvsim.library.management.provider import ItemPath, locations, shown
from hvsim.runtime import wildcard
from hvsim.runtime.command import cmdlet
from hvsim.runtime.errors import PSError


@cmdlet("Get-Item", parameters=COMMON)
class GetItem(ItemCommand):
    def process(self) -> None:
        for item in self.items():
            self.emit(item)


class ValueCommand(ItemCommand):
    """Set-Item and Clear-Item."""

    def targets(self) -> list[ItemPath]:
        """Existing items; a literal or plain path of a flat provider may name a new one."""
        found: list[ItemPath] = []
        for text, literal in self.given():
            try:
                found += self.resolved(text, literal)
            except PSError as error:
                place = self._new_place(text, literal, error)
                if place is not None:
                    found.append(place)
        return found

    def _new_place(self, text: str, literal: bool, error: PSError) -> ItemPath | None:
        if error.record is not None and error.record.error_id == "PathNotFound" and self.metadata.name == "Set-Item":
            place = paths.parse(self.ctx, text)
            if not place.provider.is_tree:
                return place
        self.write_error(paths.record(error))
        return None


@cmdlet("Set-Item", parameters=(*COMMON, "Value", "PassThru"))
class SetItem(ValueCommand):
    def process(self) -> None:
        for item in self.targets():
            made = self.attempted(partial(item.provider.set, self, item.path, self.arg("Value")))
            if made is not None and self.arg("PassThru") is True:
                self.emit(item, made)


@cmdlet("Clear-Item", parameters=COMMON)
class ClearItem(ValueCommand):
    def process(self) -> None:
        for item in self.targets():
            self.attempted(partial(item.provider.clear, self, item.path))


@cmdlet("New-Item", parameters=("Path", "Name", "ItemType", "Value", "Force"))
class NewItem(ItemCommand):
    def process(self) -> None:
        for text in self.arg("Path") or [""]:
            if self.bound("Name") and self.args["Name"]:
                text = self._below(text)
                if text is None:
                    continue
            item = self.place(text)
            if item is None:
                continue
            try:
                made = item.provider.new(self, item.path, self.arg("ItemType") or "", self.arg("Value"), self.arg("Force") is True)
            except PSError as error:
                if error.record is None or error.claimed:
                    raise
                self.write_error(error.record)
                continue
            if made is not None:
                self.emit(item, made)

    def _below(self, text: str) -> Any:
        place = self.place(text) if text else locations(self.ctx).here()
        if place is None:
            return None
        joined = place.provider.join(self.ctx, place.path, self.args["Name"])
        return f"{place.provider.full_name}::{joined}"


@cmdlet("Remove-Item", parameters=(*COMMON, "Recurse"))
class RemoveItem(ItemCommand):
    def process(self) -> None:
        recurse, force = self.arg("Recurse") is True, self.arg("Force") is True
        for item in self._chosen(recurse, force):
            if self.refused_as_current(item, f"Cannot remove the item at '{item.path}' because it is in use."):
                continue
            if not recurse and self._has_children(item):
                self._would_ask(item)
            self.attempted(partial(item.provider.remove, self, item.path, recurse, force))

    def _chosen(self, recurse: bool, force: bool) -> list[ItemPath]:
        """-Include and -Exclude choose among what the path itself names, not among what lies below.

        Raises:
            Unsupported: -Filter with -Recurse, which leaves folders half removed.
        """
        if recurse and self.bound("Filter"):
            raise Unsupported("Remove-Item -Recurse with -Filter")
        return list(self.items())

    def _has_children(self, item: ItemPath) -> bool:
        owner = item.provider
        return owner.is_tree and owner.is_container(self.ctx, item.path) and bool(owner.names(self.ctx, item.path))

    def _would_ask(self, item: ItemPath) -> None:
        """PowerShell asks before it removes children without -Recurse; nobody can answer here.

        Raises:
            PSError: always.
        """
        if self.runtime.common.get("WhatIf") is True or self.runtime.common.get("Confirm") is False:
            return
        product = "Windows PowerShell" if self.ctx.edition == "5.1" else "PowerShell"
        raise self.fail(
            f"{product} is in NonInteractive mode. Read and Prompt functionality is not available.",
            "InvalidOperation",
            "InvalidOperation",
            kind="System.Management.Automation.PSInvalidOperationException",
        )


class TransferCommand(ItemCommand):
    """Copy-Item and Move-Item."""

    def destination(self, source: ItemPath) -> ItemPath | None:
        text = self.arg("Destination")
        if text is None or text == "":
            return locations(self.ctx).here()
        place = self.place(text)
        if place is None:
            return None
        if place.provider is not source.provider:
            raise self.fail(
                "Source and destination path did not resolve to the same provider.",
                "Argument",
                "InvalidArgument",
                kind="System.Management.Automation.PSArgumentException",
            )
        return place


@cmdlet(
    "Copy-Item",
    parameters=(*COMMON, "Destination", "Recurse", "Container", "PassThru", "ToSession", "FromSession"),
)
class CopyItem(TransferCommand):
    """-ToSession and -FromSession are remoting's."""

    def process(self) -> None:
        if self.bound("ToSession") or self.bound("FromSession"):
            self._between_sessions()
            return
        if self.bound("Container") and self.args["Container"] is False:
            raise Unsupported("Copy-Item -Container:$false")
        for item in self.items():
            target = self.destination(item)
            if target is None:
                continue
            recurse, force = self.arg("Recurse") is True, self.arg("Force") is True
            made = self.attempted(partial(item.provider.copy, self, item.path, target.path, recurse, force))
            if self.arg("PassThru") is True:
                for path in made or ():
                    self.emit(ItemPath(item.provider, path, target.drive))

    def _between_sessions(self) -> None:
        from hvsim.library.remoting.copying import between_sessions

        between_sessions(self)


@cmdlet("Move-Item", parameters=(*COMMON, "Destination", "PassThru"))
class MoveItem(TransferCommand):
    def process(self) -> None:
        for item in self.items():
            if self.refused_as_current(item, f"Cannot move item because the item at '{shown(self.ctx, item)}' is in use."):
                continue
            target = self.destination(item)
            if target is None:
                continue
            made = self.attempted(partial(item.provider.move, self, item.path, target.path, self.arg("Force") is True))
            if made is not None and self.arg("PassThru") is True:
                self.emit(ItemPath(item.provider, made, target.drive))


@cmdlet("Rename-Item", parameters=("Path", "LiteralPath", "NewName", "Force", "PassThru"))
class RenameItem(ItemCommand):
    def given(self) -> list[tuple[str, bool]]:
        if self.bound("LiteralPath"):
            return [(self.args["LiteralPath"], True)]
        return [(self.args["Path"], False)]

    def process(self) -> None:
        item = self._existing()
        if item is None or self.refused_as_current(item, f"Cannot rename the item at '{shown(self.ctx, item)}' because it is in use."):
            return
        made = self.attempted(partial(item.provider.rename, self, item.path, self.args["NewName"], self.arg("Force") is True))
        if made is not None and self.arg("PassThru") is True:
            self.emit(ItemPath(item.provider, made, item.drive))

    def _existing(self) -> ItemPath | None:
        """The one item that the path names.

        PowerShell 7 resolves -Path first, so what is not there is PathNotFound; a pattern that does not find exactly one
        item is then taken for a name. 5.1 asks whether there is something, and its provider refuses more than one.
        """
        (text, literal) = self.given()[0]
        try:
            found = paths.resolve(self.ctx, text, literal=literal)
        except PSError as error:
            record = paths.record(error)
            if record.error_id == "PathNotFound" and (literal or self.ctx.edition == "5.1"):
                self._does_not_exist(text)
            else:
                self.write_error(record)
            return None
        if len(found) == 1:
            return found[0]
        if found and self.ctx.edition == "5.1":
            self.error(
                "Cannot rename item because the path resolved to multiple items. Only one item can be renamed at a time.",
                "RenameMultipleItemError",
                "InvalidArgument",
                string_array([item.path for item in found]),
                kind="System.Management.Automation.PSArgumentException",
            )
            return None
        self._does_not_exist(text if self.ctx.edition == "5.1" else wildcard.unescape(text))
        return None

    def _does_not_exist(self, text: str) -> None:
        self.error(
            f"Cannot rename because item at '{text}' does not exist.",
            "InvalidOperation",
            "InvalidOperation",
            kind="System.Management.Automation.PSInvalidOperationException",
        )


@cmdlet("Invoke-Item", parameters=())
class InvokeItem(ItemCommand):
    def process(self) -> None:
        raise Unsupported("Invoke-Item (nothing is started on a simulated machine)")

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the item cmdlets share: -Path and -LiteralPath, -Filter, -Include, -Exclude, writing items with their notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.management import paths
from hvsim.library.management.provider import ItemPath, locations
from hvsim.runtime import wildcard
from hvsim.runtime.command import Cmdlet
from hvsim.runtime.errors import PSError, runtime_error

#: Parameters that every one of these cmdlets takes and that change nothing here.
COMMON = ("Path", "LiteralPath", "Filter", "Include", "Exclude", "Force")


class ItemCommand(Cmdlet):
    """A cmdlet that works on items by path."""

    def given(self) -> list[tuple[str, bool]]:
        """The paths of this record and whether they are literal."""
        if "Credential" in self.args:
            raise Unsupported(f"{self.metadata.name} -Credential")
        if self.bound("LiteralPath"):
            return [(text, True) for text in self.args["LiteralPath"]]
        return [(text, False) for text in self.arg("Path") or []]

    def items(self) -> Iterator[ItemPath]:
        """The existing items that the paths name and that pass the filters; the rest are non-terminating errors."""
        for text, literal in self.given():
            try:
                found = self.resolved(text, literal)
            except PSError as error:
                self.write_error(paths.record(error))
                continue
            yield from found

    def resolved(self, text: str, literal: bool, *, force: bool | None = None) -> list[ItemPath]:
        """The existing items of one path that pass the filters.

        The filters belong to the expansion of wildcards (LocationGlobber): -LiteralPath knows none of them, -Include and
        -Exclude let a plain path count as a pattern too (one that finds nothing is no error then), and -Filter is what the
        expansion asks the provider for, so it changes nothing where nothing is expanded.

        Raises:
            PSError: PathNotFound, DriveNotFound, ProviderNotFound; NotSupported for -Filter of a provider without it.
        """
        chosen = bool(self.arg("Include") or self.arg("Exclude")) and not literal
        globbed = wildcard.contains_wildcard(text) and not literal
        shown_hidden = self.arg("Force") is True if force is None else force
        try:
            found = paths.resolve(self.ctx, text, literal=literal, force=shown_hidden)
        except PSError as error:
            if chosen and error.record is not None and error.record.error_id == "PathNotFound":
                return []
            raise
        for item in found:
            self._refuse_filter(item)
        return [item for item in found if self.passes(item)] if globbed or chosen else found

    def attempted(self, action: Callable[[], Any]) -> Any:
        """What *action*, an operation of a provider, gives; None after the error of a provider that lacks it."""
        try:
            return action()
        except PSError as error:
            if error.record is None or error.claimed or error.record.error_id != "NotSupported":
                raise
            self.write_error(error.record)
            return None

    def refused_as_current(self, item: ItemPath, message: str) -> bool:
        """Whether the current location lies at or below the item: such items are left alone, with an error."""
        here = locations(self.ctx).here()
        if here.provider is not item.provider or not item.provider.is_tree:
            return False
        inner, outer = here.path, item.path
        if self.ctx.machine.is_windows:
            inner, outer = inner.lower(), outer.lower()
        if inner != outer and not inner.startswith(outer.rstrip("\\/") + item.provider.separator(self.ctx)):
            return False
        kind = "System.Management.Automation.PSInvalidOperationException"
        self.error(message, "InvalidOperation", "InvalidOperation", kind=kind)
        return True

    def place(self, text: str) -> ItemPath | None:
        """The place that a path names, existing or not; None after writing an error."""
        try:
            return paths.parse(self.ctx, text)
        except PSError as error:
            self.write_error(paths.record(error))
            return None

    def passes(self, item: ItemPath) -> bool:
        """-Filter, -Include and -Exclude against the item's name."""
        return self.name_passes(item, item.provider.leaf(self.ctx, item.path))

    def name_passes(self, item: ItemPath, name: str) -> bool:
        pattern = self.arg("Filter")
        if pattern:
            self._refuse_filter(item)
            if not filter_matches(pattern, name):
                return False
        include = paths.filtered(self.arg("Include"))
        if include and not any(m(name) for m in include):
            return False
        return not any(m(name) for m in paths.filtered(self.arg("Exclude")))

    def _refuse_filter(self, item: ItemPath) -> None:
        """-Filter is the file system's alone.

        Raises:
            PSError: NotSupported, for another provider.
        """
        if self.arg("Filter") and item.provider.name != "FileSystem":
            raise runtime_error(
                "NotSupported",
                "Cannot call method. The provider does not support the use of filters.",
                kind="System.Management.Automation.PSNotSupportedException",
                category="NotImplemented",
            )

    def emit(self, item: ItemPath, value: Any = None) -> None:
        """Writes an item's object with its notes."""
        value = item.provider.item(self.ctx, item.path) if value is None else value
        if not item.provider.is_tree and item.path == "":
            self.write_all(value)
            return
        self.write(paths.decorated(self.ctx, item, value, fresh=item.provider.is_tree or item.provider.name == "Environment"))


def filter_matches(pattern: str, name: str) -> bool:
    """A -Filter of the file system: ``*`` and ``?`` as Windows takes them, without case."""
    if pattern in ("*", "*.*"):
        return True
    return wildcard.compile(pattern.replace("`", "``").replace("[", "`["))(name)

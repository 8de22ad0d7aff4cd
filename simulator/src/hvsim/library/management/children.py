# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-ChildItem."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import paths
from hvsim.library.management.attribute_filter import FlagsExpression
from hvsim.library.management.item_base import COMMON, ItemCommand
from hvsim.library.management.provider import ItemPath
from hvsim.runtime import objects, wildcard
from hvsim.runtime.command import cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.values import PSObject


@cmdlet(
    "Get-ChildItem",
    parameters=(
        *COMMON, "Recurse", "Depth", "Name", "File", "Directory", "Hidden", "ReadOnly", "System", "Attributes", "FollowSymlink",
    ),
)  # fmt: skip
class GetChildItem(ItemCommand):
    """Children of containers, leaves themselves; folders before files, each by name.

    -FollowSymlink changes nothing: the simulated disk has no links.
    """

    def given(self) -> list[tuple[str, bool]]:
        return super().given() or [(".", True)]

    def process(self) -> None:
        self.attributes: FlagsExpression | None = self.arg("Attributes")
        self.recurse = self.arg("Recurse") is True or self.bound("Depth")
        self.depth: int | None = int(self.args["Depth"]) if self.bound("Depth") else None
        for text, literal in self.given():
            try:
                self._list(text, literal)
            except PSError as error:
                if error.record is not None and error.record.source:
                    raise
                self.write_error(paths.record(error))

    def _list(self, text: str, literal: bool) -> None:
        globbed = not literal and wildcard.contains_wildcard(text)
        if self.recurse and not literal:
            split = self._leaf_as_include(text, globbed)
            if split is not None:
                start, pattern = split
                self._walk(start, start, 0, paths.filtered([pattern]))
                return
        for item in paths.resolve(self.ctx, text, literal=literal, force=self.arg("Force") is True):
            container = item.provider.is_container(self.ctx, item.path)
            if container and (not globbed or self.recurse):
                if self.bound("Include") and not self.recurse and not globbed:
                    continue
                self._walk(item, item, 0, [])
            elif self._wanted(item) and self._named(item, []):
                self._write(item, None)

    def _leaf_as_include(self, text: str, globbed: bool) -> tuple[ItemPath, str] | None:
        """``dir\\*.txt -Recurse`` searches below ``dir`` for ``*.txt``; so does a name that is no container."""
        place = paths.parse(self.ctx, text)
        owner = place.provider
        if not owner.is_tree:
            return None
        if not globbed and owner.is_container(self.ctx, place.path):
            return None
        leaf = owner.leaf(self.ctx, place.path)
        parent = ItemPath(owner, owner.parent(self.ctx, place.path), place.drive)
        if leaf == "*" or wildcard.contains_wildcard(parent.path) or not owner.is_container(self.ctx, parent.path):
            return None
        return parent, leaf

    def _walk(self, top: ItemPath, item: ItemPath, level: int, include: list[Any]) -> None:
        owner = item.provider
        if not owner.is_tree:
            self._flat(item)
            return
        below = [ItemPath(owner, owner.join(self.ctx, item.path, n), item.drive) for n in owner.names(self.ctx, item.path)]
        for child in below:
            if self._wanted(child) and self._named(child, include):
                self._write(child, top)
        if not self.recurse or (self.depth is not None and level >= self.depth):
            return
        for child in below:
            if owner.is_container(self.ctx, child.path) and self._visible(child):
                self._walk(top, child, level + 1, include)

    def _flat(self, item: ItemPath) -> None:
        owner = item.provider
        for name in owner.names(self.ctx, ""):
            child = ItemPath(owner, name, item.drive)
            if self._named(child, []):
                self._write(child, item)

    def _named(self, item: ItemPath, include: list[Any]) -> bool:
        name = item.provider.leaf(self.ctx, item.path)
        return (not include or any(m(name) for m in include)) and self.name_passes(item, name)

    def _visible(self, item: ItemPath) -> bool:
        asked = self.attributes is not None and self.attributes.mentions(fi.HIDDEN)
        if asked or self.arg("Force") is True or self.arg("Hidden") is True:
            return True
        return not item.provider.is_hidden(self.ctx, item.path)

    def _wanted(self, item: ItemPath) -> bool:
        """-File, -Directory, -Attributes and the attribute switches; hidden items need -Force or to be asked for."""
        if item.provider.name != "FileSystem":
            return True
        bits = int(fi.disk(self.ctx).stat(fi.disk_path(item.path)).attributes)
        if not self._visible(item):
            return False
        is_directory = bool(bits & fi.DIRECTORY)
        only_files, only_folders = self.arg("File") is True, self.arg("Directory") is True
        if only_files != only_folders and is_directory != only_folders:
            return False
        if self.attributes is not None and not self.attributes.evaluate(bits or fi.NORMAL):
            return False
        switches = (("Hidden", fi.HIDDEN), ("ReadOnly", fi.READ_ONLY), ("System", fi.SYSTEM))
        return all(bits & bit for name, bit in switches if self.arg(name) is True)

    def _write(self, item: ItemPath, top: ItemPath | None) -> None:
        if self.arg("Name") is not True:
            self.emit(item)
            return
        owner = item.provider
        if top is None or not owner.is_tree:
            text = owner.leaf(self.ctx, item.path)
        else:
            text = item.path[len(top.path) :].lstrip("\\/")
        value = PSObject(text)
        notes = paths.decorated(self.ctx, item, value).extended
        value.extended = {k: objects.NoteProperty(m.name, m.value, value) for k, m in (notes or {}).items()}
        self.write(value)



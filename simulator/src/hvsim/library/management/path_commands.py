# SPDX-License-Identifier: GPL-3.0-or-later
"""Test-, Resolve-, Convert-, Join- and Split-Path."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import paths
from hvsim.library.management.item_base import ItemCommand
from hvsim.library.management.provider import ItemPath, PathInfo, find_provider, locations, shown
from hvsim.runtime import types, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError

types.register(
    types.NetType(
        "Microsoft.PowerShell.Commands.TestPathType", "System.Enum", kind="e", enum_members={"Any": 0, "Container": 1, "Leaf": 2}
    )
)


@cmdlet(
    "Test-Path",
    parameters=("Path", "LiteralPath", "Filter", "Include", "Exclude", "PathType", "IsValid", "NewerThan", "OlderThan"),
)
class TestPath(ItemCommand):
    def process(self) -> None:
        given = self.args.get("LiteralPath" if self.bound("LiteralPath") else "Path")
        if given is None or len(given) == 0:
            self._null(given)
            return
        for text in given:
            if text is None:
                self._null()
            elif text.strip() == "":
                self.write(False)
            else:
                self._write_test(text)

    def _null(self, target: Any = None) -> None:
        if self.ctx.edition == "5.1":
            raise self.fail(
                "Cannot bind argument to parameter 'Path' because it is null.",
                "ParameterArgumentValidationErrorNullNotAllowed",
                "InvalidData",
                kind="System.Management.Automation.ParameterBindingValidationException",
            )
        self.error(
            "Value cannot be null. (Parameter 'The provided Path argument was null or an empty collection.')",
            "NullPathNotPermitted",
            "InvalidArgument",
            target,
            kind="System.ArgumentNullException",
        )

    def _write_test(self, text: str) -> None:
        """False for what cannot be found; a -Filter that the provider does not know is an error instead."""
        try:
            self.write(self._test(text))
        except PSError as error:
            record = paths.record(error)
            if record.error_id == "NotSupported":
                self.write_error(record)
            else:
                self.write(False)

    def _test(self, text: str) -> bool:
        if self.arg("IsValid") is True:
            return self._valid(text)
        found = self.resolved(text, self.bound("LiteralPath"), force=True)
        return any(self._is_wanted(item) for item in found)

    def _valid(self, text: str) -> bool:
        try:
            place = paths.parse(self.ctx, text)
        except PSError:
            return False
        if place.provider.name != "FileSystem":
            return True
        if not self.ctx.machine.is_windows:
            return "\0" not in place.path
        return not any(c in '<>"|?*' or ord(c) < 32 for c in place.path[2:])

    def _is_wanted(self, item: ItemPath) -> bool:
        kind = types.enum_text(self.args["PathType"]) if self.bound("PathType") else "Any"
        container = item.provider.is_container(self.ctx, item.path)
        if (kind == "Container" and not container) or (kind == "Leaf" and container):
            return False
        if self.bound("NewerThan") or self.bound("OlderThan"):
            if item.provider.name != "FileSystem":
                return False
            written = fi.date_time(fi.disk(self.ctx).stat(fi.disk_path(item.path)).written)
            if self.bound("NewerThan") and not self.args["NewerThan"] < written:
                return False
            if self.bound("OlderThan") and not written < self.args["OlderThan"]:
                return False
        return True


@cmdlet("Resolve-Path", parameters=("Path", "LiteralPath", "Relative", "Force"))
class ResolvePath(ItemCommand):
    def process(self) -> None:
        for item in self.items():
            if self.arg("Relative") is True:
                self.write(relative(self, item))
            else:
                self.write(PathInfo(item, shown(self.ctx, item)))


def relative(command: Cmdlet, item: ItemPath) -> str:
    """A path from the current location: ``.\\x`` or ``..\\x``."""
    ctx = command.ctx
    sep = item.provider.separator(ctx)
    here = locations(ctx).here()
    if here.provider is not item.provider:
        return shown(ctx, item)
    fold = str.lower if ctx.machine.is_windows else str
    base = [p for p in here.path.split(sep) if p]
    target = [p for p in item.path.split(sep) if p]
    same = 0
    while same < min(len(base), len(target)) and fold(base[same]) == fold(target[same]):
        same += 1
    if ctx.machine.is_windows and same == 0:
        return item.path
    ups = [".."] * (len(base) - same)
    rest = target[same:]
    if not ups:
        return sep.join([".", *rest]) if rest else "."
    return sep.join([*ups, *rest])


@cmdlet("Convert-Path", parameters=("Path", "LiteralPath", "Force"))
class ConvertPath(ItemCommand):
    def process(self) -> None:
        for item in self.items():
            self.write(item.path)


@cmdlet("Join-Path", parameters=("Path", "ChildPath", "AdditionalChildPath", "Resolve"))
class JoinPath(Cmdlet):
    """Joins without looking: separators become those of the provider that the drive belongs to."""

    def process(self) -> None:
        children = self.args["ChildPath"]
        child_texts = [children or ""] if children is None or isinstance(children, str) else list(children)
        for path in self.args["Path"]:
            parts = [*child_texts, *(self.arg("AdditionalChildPath") or [])]
            joined = path
            for part in parts:
                joined = self._join(joined, part or "")
            if self.arg("Resolve") is True:
                self._resolve(joined)
            else:
                self.write(joined)

    def _join(self, parent: str, child: str) -> str:
        sep = self._separator(parent)
        other = "/" if sep == "\\" else "\\"
        parent, child = parent.replace(other, sep), child.replace(other, sep)
        if child == "":
            return parent if parent.endswith(sep) else parent + sep
        if parent == "":
            return child if self.ctx.edition != "5.1" and not child.startswith(sep) else sep + child.lstrip(sep)
        return parent.rstrip(sep) + sep + child.lstrip(sep) if parent.strip(sep) else sep + child.lstrip(sep)

    def _separator(self, parent: str) -> str:
        """The separator of the drive's provider.

        Raises:
            PSError: DriveNotFound, as Join-Path wants the drive to exist.
        """
        if ":" in parent:
            try:
                return paths.parse(self.ctx, parent).provider.separator(self.ctx)
            except PSError as error:
                raise self.runtime.terminating(paths.record(error)) from None
        return locations(self.ctx).here().provider.separator(self.ctx)

    def _resolve(self, text: str) -> None:
        try:
            for item in paths.resolve(self.ctx, text):
                self.write(shown(self.ctx, item))
        except PSError as error:
            self.write_error(paths.record(error))


@cmdlet(
    "Split-Path",
    parameters=("Path", "LiteralPath", "Parent", "Leaf", "LeafBase", "Extension", "Qualifier", "NoQualifier", "IsAbsolute", "Resolve"),
)
class SplitPath(ItemCommand):
    """Works on the text alone, except with -Resolve."""

    def process(self) -> None:
        for text, literal in self.given():
            if self.arg("Resolve") is True:
                try:
                    for item in paths.resolve(self.ctx, text, literal=literal):
                        self._split(shown(self.ctx, item))
                except PSError as error:
                    self.write_error(paths.record(error))
            else:
                self._split(text)

    def _split(self, text: str) -> None:
        if self.arg("IsAbsolute") is True:
            self.write(self._is_absolute(text))
        elif self.arg("Qualifier") is True:
            self._write_qualifier(text)
        elif self.arg("NoQualifier") is True:
            head = _qualifier(text)
            self.write(text[len(head) :])
        elif self.arg("Leaf") is True:
            self.write(self._leaf(text))
        elif self.arg("LeafBase") is True:
            leaf = self._leaf(text)
            dot = leaf.rfind(".")
            self.write(leaf if dot < 0 else leaf[:dot])
        elif self.arg("Extension") is True:
            leaf = self._leaf(text)
            dot = leaf.rfind(".")
            self.write("" if dot < 0 else leaf[dot:])
        else:
            self.write(self._parent(text))

    def _write_qualifier(self, text: str) -> None:
        head = _qualifier(text)
        if not head:
            self.error(
                f"Cannot parse path because path '{text}' does not have a qualifier specified.",
                "ParsePathFormatError",
                "InvalidArgument",
                text,
                kind="System.FormatException",
            )
            return
        self.write(head)

    def _is_absolute(self, text: str) -> bool:
        if not self.ctx.machine.is_windows:
            return text.startswith("/") or bool(_qualifier(text))
        return bool(_qualifier(text)) or text.startswith("\\\\")

    def _normal(self, text: str) -> str:
        sep = self._separator(text)
        return text.replace("/" if sep == "\\" else "\\", sep)

    def _separator(self, text: str) -> str:
        try:
            owner = paths.parse(self.ctx, wildcard.unescape(text)).provider
        except PSError:
            owner = find_provider(self.ctx, "FileSystem")
        return owner.separator(self.ctx)

    def _leaf(self, text: str) -> str:
        sep = self._separator(text)
        bare = self._normal(text)
        trimmed = bare.rstrip(sep)
        if trimmed == "" or trimmed == _qualifier(text):
            return bare if trimmed == "" else trimmed + sep
        head = _qualifier(trimmed)
        return trimmed[len(head) :].rpartition(sep)[2]

    def _parent(self, text: str) -> str:
        sep = self._separator(text)
        bare = self._normal(text).rstrip(sep)
        head = _qualifier(bare)
        rest = bare[len(head) :]
        if rest == "":
            return ""
        parent, found, _ = rest.rpartition(sep)
        if not found:
            return ""
        if parent == "":
            return head + sep
        return head + parent


def _qualifier(text: str) -> str:
    """``C:``, ``HKLM:`` or ``Provider::``; empty without one."""
    double = text.find("::")
    if double > 0:
        return text[: double + 2]
    colon = text.find(":")
    if colon > 0 and not any(s in text[:colon] for s in "\\/"):
        return text[: colon + 1]
    return ""



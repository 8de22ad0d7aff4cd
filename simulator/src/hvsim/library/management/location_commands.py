# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-, Set-, Push- and Pop-Location; Get-, New- and Remove-PSDrive; Get-PSProvider."""

from __future__ import annotations

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.support import string_array
from hvsim.library.management import paths
from hvsim.library.management.item_base import ItemCommand
from hvsim.library.management.provider import (
    PROVIDERS,
    ItemPath,
    PathInfo,
    ProviderInfo,
    PSDriveInfo,
    find_provider,
    locations,
    shown,
)
from hvsim.runtime import wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError


class LocationCommand(ItemCommand):
    """Knows how to go somewhere."""

    def given(self) -> list[tuple[str, bool]]:
        if self.bound("LiteralPath"):
            return [(self.args["LiteralPath"], True)]
        return [(self.arg("Path") or "~", False)] if self.bound("Path") or self.metadata.name == "Set-Location" else []

    def go(self, text: str, literal: bool) -> bool:
        """Makes the place current; False after an error."""
        try:
            found = paths.resolve(self.ctx, text, literal=literal)
        except PSError as error:
            self.write_error(paths.record(error))
            return False
        containers = [i for i in found if i.provider.is_container(self.ctx, i.path)]
        if len(containers) != 1:
            self._refuse(text, bool(containers))
            return False
        enter(self, containers[0])
        return True

    def _refuse(self, text: str, many: bool) -> None:
        """Items that are no containers count as missing; the message names the path as it was typed."""
        if many:
            self.error(
                f"Cannot set the location because path '{text}' resolved to multiple containers. You can only the set location to a "
                "single container at a time.",
                "Argument",
                "InvalidArgument",
                kind="System.Management.Automation.PSArgumentException",
            )
            return
        self.error(
            f"Cannot find path '{text}' because it does not exist.",
            "PathNotFound",
            "ObjectNotFound",
            text,
            kind="System.Management.Automation.ItemNotFoundException",
        )


def enter(command: Cmdlet, item: ItemPath) -> None:
    """Makes *item* the current location."""
    ctx = command.ctx
    state = locations(ctx)
    drive = item.drive or state.disk_drive(item.path)
    if drive is None:
        raise Unsupported(f"Set-Location to {item.qualified()} (a path without drive)")
    drive.current = item.path[len(drive.root) :].strip("\\/") if drive.root else item.path
    state.current = drive


@cmdlet("Get-Location", parameters=("PSDrive", "PSProvider", "Stack", "StackName"))
class GetLocation(Cmdlet):
    def process(self) -> None:
        if self.bound("PSProvider") or self.arg("Stack") is True or self.bound("StackName"):
            raise Unsupported("Get-Location -PSProvider, -Stack and -StackName")
        state = locations(self.ctx)
        if not self.bound("PSDrive"):
            here = state.here()
            self.write(PathInfo(here, shown(self.ctx, here)))
            return
        from hvsim.library.management.provider import in_drive

        for name in self.args["PSDrive"]:
            try:
                drive = state.find(name)
            except PSError as error:
                kind, text = error.exception.kind, error.exception.message
                self.error(text, "GetLocationNoMatchingDrive", "ObjectNotFound", name, kind=kind)
                continue
            item = ItemPath(drive.provider, in_drive(self.ctx, drive, drive.current), drive)
            self.write(PathInfo(item, shown(self.ctx, item)))


@cmdlet("Set-Location", parameters=("Path", "LiteralPath", "PassThru"))
class SetLocation(LocationCommand):
    def process(self) -> None:
        for text, literal in self.given():
            if text in ("-", "+"):
                raise Unsupported("Set-Location - (location history)")
            if self.go(text, literal) and self.arg("PassThru") is True:
                here = locations(self.ctx).here()
                self.write(PathInfo(here, shown(self.ctx, here)))


@cmdlet("Push-Location", parameters=("Path", "LiteralPath", "PassThru", "StackName"))
class PushLocation(LocationCommand):
    def process(self) -> None:
        state = locations(self.ctx)
        before = (state.current, state.current.current)
        given = self.given()
        if given and not self.go(*given[0]):
            return
        state.stacks.setdefault(self.arg("StackName") or state.stack_name, []).append(before)
        if self.arg("PassThru") is True:
            here = state.here()
            self.write(PathInfo(here, shown(self.ctx, here)))


@cmdlet("Pop-Location", parameters=("PassThru", "StackName"))
class PopLocation(Cmdlet):
    def process(self) -> None:
        state = locations(self.ctx)
        name = self.arg("StackName") or state.stack_name
        stack = state.stacks.get(name)
        if stack is None and self.bound("StackName"):
            self.error(
                f"Cannot find location stack '{name}'. It does not exist or it is not a container.",
                "Argument",
                "InvalidArgument",
                kind="System.Management.Automation.PSArgumentException",
            )
        if not stack:
            return
        drive, current = stack.pop()
        drive.current = current
        state.current = drive
        if self.arg("PassThru") is True:
            here = state.here()
            self.write(PathInfo(here, shown(self.ctx, here)))


@cmdlet("Get-PSDrive", parameters=("Name", "LiteralName", "PSProvider", "Scope"))
class GetPSDrive(Cmdlet):
    def process(self) -> None:
        state = locations(self.ctx)
        names = self.arg("LiteralName") or self.arg("Name") or ["*"]
        try:
            providers = [find_provider(self.ctx, name) for name in self.arg("PSProvider") or []]
        except PSError as error:
            for _ in names:
                given = string_array(list(self.args["PSProvider"]))
                text, kind = error.exception.message, error.exception.kind
                self.error(text, "GetLocationNoMatchingDrive", "ObjectNotFound", given, kind=kind)
            return
        for pattern in names:
            matches = wildcard.compile(wildcard.escape(pattern) if self.bound("LiteralName") else pattern)
            found = [d for d in state.drives.values() if matches(d.name) and (not providers or d.provider in providers)]
            for drive in sorted(found, key=lambda d: d.name.lower()):
                self.write(drive)
            if not found and (self.bound("LiteralName") or not wildcard.contains_wildcard(pattern)):
                self.error(
                    f"Cannot find drive. A drive with the name '{pattern}' does not exist.",
                    "GetLocationNoMatchingDrive",
                    "ObjectNotFound",
                    pattern,
                    kind="System.Management.Automation.DriveNotFoundException",
                )


@cmdlet("New-PSDrive", parameters=("Name", "PSProvider", "Root", "Description", "Scope"))
class NewPSDrive(Cmdlet):
    def process(self) -> None:
        if self.bound("Credential") or self.arg("Persist") is True:
            raise Unsupported("New-PSDrive -Credential and -Persist (network drives)")
        state = locations(self.ctx)
        name, root = self.args["Name"], self.args["Root"]
        try:
            owner = find_provider(self.ctx, self.args["PSProvider"])
        except PSError as error:
            self.write_error(paths.record(error))
            return
        if not self.should_process(f"Name: {name} Provider: {owner.full_name} Root: {root}", "New drive"):
            return
        if name.lower() in state.drives:
            self.error(
                f"A drive with the name '{name}' already exists.",
                "DriveAlreadyExists",
                "ResourceExists",
                name,
                kind="System.Management.Automation.SessionStateException",
            )
            return
        path = paths.parse(self.ctx, root).path if owner.name == "FileSystem" else owner.normal(self.ctx, root)
        if not owner.exists(self.ctx, path) and owner.is_tree:
            self.error(
                f"The specified drive root \"{root}\" either does not exist, or it is not a folder.",
                "DriveRootError",
                "ReadError",
                root,
                kind="System.IO.IOException",
            )
            return
        drive = PSDriveInfo(name, owner, path, self.arg("Description", ""))
        state.add(drive)
        self.write(drive)


@cmdlet("Remove-PSDrive", parameters=("Name", "LiteralName", "PSProvider", "Scope", "Force"))
class RemovePSDrive(Cmdlet):
    def process(self) -> None:
        state = locations(self.ctx)
        for name in self.arg("LiteralName") or self.arg("Name") or []:
            matches = wildcard.compile(wildcard.escape(name) if self.bound("LiteralName") else name)
            found = [drive for drive in state.drives.values() if matches(drive.name)]
            for drive in found:
                self._remove(drive)
            if not found:
                self.error(
                    f"Cannot find drive. A drive with the name '{name}' does not exist.",
                    "DriveNotFound",
                    "ObjectNotFound",
                    name,
                    kind="System.Management.Automation.DriveNotFoundException",
                )

    def _remove(self, drive: PSDriveInfo) -> None:
        state = locations(self.ctx)
        if not self.should_process(f"Name: {drive.name} Provider: {drive.provider.full_name} Root: {drive.root}", "Remove Drive"):
            return
        if drive is state.current and self.arg("Force") is not True:
            self.error(
                f"Cannot remove drive '{drive.name}' because it is in use.",
                "InvalidOperation",
                "InvalidOperation",
                kind="System.Management.Automation.PSInvalidOperationException",
            )
            return
        del state.drives[drive.name.lower()]


@cmdlet("Get-PSProvider", parameters=("PSProvider",))
class GetPSProvider(Cmdlet):
    def process(self) -> None:
        state = locations(self.ctx)
        for pattern in self.arg("PSProvider") or ["*"]:
            matches = wildcard.compile(pattern)
            found = [p for p in PROVIDERS.values() if matches(p.name) and (p.name != "Registry" or self.ctx.machine.is_windows)]
            for each in found:
                info: ProviderInfo = state.info(each)
                self.write(info)
            if not found and not wildcard.contains_wildcard(pattern):
                try:
                    find_provider(self.ctx, pattern)
                except PSError as error:
                    self.write_error(paths.record(error))

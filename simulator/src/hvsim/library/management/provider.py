# SPDX-License-Identifier: GPL-3.0-or-later
"""Providers, drives and the current location: what the item cmdlets stand on.

A provider works on paths of its own (``C:\\dir``, ``/tmp``, ``HKEY_LOCAL_MACHINE\\SOFTWARE``, a variable's name). A drive
maps ``Name:`` to a place in a provider. One :class:`Locations` per runspace keeps drives, current locations and stacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import drives
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.members import getter, method
from hvsim.runtime.values import NetObject

_AUTOMATION = "System.Management.Automation."


class Provider:
    """Base of the providers. What a provider cannot do is refused as PowerShell refuses it (NotSupported)."""

    name: ClassVar[str] = ""
    module: ClassVar[str] = "Microsoft.PowerShell.Core"
    is_tree: ClassVar[bool] = False
    """Whether items have children (NavigationCmdletProvider)."""

    @property
    def full_name(self) -> str:
        return f"{self.module}\\{self.name}"

    # -- paths --------------------------------------------------------------------------------------------------------

    def separator(self, ctx: ExecutionContext) -> str:
        return "\\" if ctx.machine.is_windows else "/"

    def normal(self, ctx: ExecutionContext, path: str) -> str:
        """The provider's form of an absolute path."""
        return path.strip("\\/")

    def join(self, ctx: ExecutionContext, parent: str, child: str) -> str:
        return child.strip("\\/")

    def parent(self, ctx: ExecutionContext, path: str) -> str:
        """The path of the container, empty for a root."""
        return ""

    def leaf(self, ctx: ExecutionContext, path: str) -> str:
        return path

    # -- reading ------------------------------------------------------------------------------------------------------

    def exists(self, ctx: ExecutionContext, path: str) -> bool:
        raise NotImplementedError

    def is_container(self, ctx: ExecutionContext, path: str) -> bool:
        return path == ""

    def is_hidden(self, ctx: ExecutionContext, path: str) -> bool:
        return False

    def item(self, ctx: ExecutionContext, path: str) -> Any:
        """The object for an item that exists; a root gives the collection of its items."""
        raise NotImplementedError

    def names(self, ctx: ExecutionContext, path: str) -> list[str]:
        """Names of the children in the order in which they are listed.

        Raises:
            PSError: the container cannot be read.
        """
        raise NotImplementedError

    # -- changing -----------------------------------------------------------------------------------------------------

    def new(self, command: Any, path: str, kind: str, value: Any, force: bool) -> Any:
        raise not_supported(command)

    def set(self, command: Any, path: str, value: Any) -> Any:
        raise not_supported(command)

    def clear(self, command: Any, path: str) -> None:
        raise not_supported(command)

    def remove(self, command: Any, path: str, recurse: bool, force: bool) -> None:
        raise not_supported(command)

    def rename(self, command: Any, path: str, name: str, force: bool) -> str | None:
        """Renames an item; the new path, None if that failed with an error that has been written."""
        raise not_supported(command)

    def copy(self, command: Any, source: str, target: str, recurse: bool, force: bool) -> list[str]:
        raise not_supported(command)

    def move(self, command: Any, source: str, target: str, force: bool) -> str | None:
        raise not_supported(command)


def not_supported(
    command: Any, text: str = "Provider operation stopped because the provider does not support this operation."
) -> PSError:
    """The error of a provider that lacks an operation; the cmdlets write it and go on."""
    return runtime_error("NotSupported", text, kind=_AUTOMATION + "PSNotSupportedException", category="NotImplemented")


class ProviderInfo(NetObject):
    """``ProviderInfo``."""

    __slots__ = ("provider",)
    NET = _AUTOMATION + "ProviderInfo"

    def __init__(self, provider: Provider) -> None:
        self.provider = provider


class PSDriveInfo(NetObject):
    """A drive; ``current`` is its location, relative to the root (without a leading separator)."""

    __slots__ = ("current", "description", "name", "provider", "root")
    NET = _AUTOMATION + "PSDriveInfo"

    def __init__(self, name: str, provider: Provider, root: str, description: str = "") -> None:
        self.name = name
        self.provider = provider
        self.root = root
        self.description = description
        self.current = ""


class PathInfo(NetObject):
    """A resolved path: what Get-Location and Resolve-Path return."""

    __slots__ = ("item", "shown")
    NET = _AUTOMATION + "PathInfo"

    def __init__(self, item: ItemPath, shown: str) -> None:
        self.item = item
        self.shown = shown


@dataclass(frozen=True)
class ItemPath:
    """A place in a provider, with the drive that it was reached through."""

    provider: Provider
    path: str
    drive: PSDriveInfo | None = None

    def qualified(self) -> str:
        """``PSPath``: provider and path."""
        return f"{self.provider.full_name}::{self.path}"


class Locations:
    """Drives and locations of one runspace."""

    def __init__(self, ctx: ExecutionContext) -> None:
        self.ctx = ctx
        self.drives: dict[str, PSDriveInfo] = {}
        self.infos: dict[str, ProviderInfo] = {}
        self.stacks: dict[str, list[tuple[PSDriveInfo, str]]] = {}
        self.stack_name = "default"
        for provider in PROVIDERS.values():
            if provider.name == "FileSystem" or (provider.name == "Registry" and not ctx.machine.is_windows):
                continue
            for name, root in _DRIVES.get(provider.name, ()):
                self.add(PSDriveInfo(name, provider, root))
        self._add_disks()
        if ctx.edition != "5.1" and ctx.machine.files is not None:
            temp = ctx.machine.environment.get("TEMP" if ctx.machine.is_windows else "TMPDIR", "/tmp")
            self.add(PSDriveInfo("Temp", PROVIDERS["filesystem"], temp.rstrip("\\/")))
        start = ctx.machine.working_directory
        self.current = self.disk_drive(start) or next(iter(self.drives.values()))
        if self.current.provider.name == "FileSystem":
            self.current.current = start[len(self.current.root) :].strip("\\/")

    def _add_disks(self) -> None:
        files = self.ctx.machine.files
        provider = PROVIDERS["filesystem"]
        for letter in files.drives() if files is not None else ("C",) if self.ctx.machine.is_windows else ("/",):
            if letter.lower() not in self.drives:
                self.add(PSDriveInfo(letter, provider, "/" if letter == "/" else f"{letter}:\\"))

    def add(self, drive: PSDriveInfo) -> None:
        self.drives[drive.name.lower()] = drive

    def disk_drive(self, path: str) -> PSDriveInfo | None:
        """The drive of a file system path, by its root."""
        if not self.ctx.machine.is_windows:
            return self.drives.get("/")
        return self.drives.get(path[:1].lower()) if path[1:2] == ":" else None

    def find(self, name: str) -> PSDriveInfo:
        """The drive of that name.

        Raises:
            PSError: DriveNotFound.
        """
        drive = self.drives.get(name.lower())
        if drive is None:
            self._add_disks()
            drive = self.drives.get(name.lower())
        if drive is None:
            raise runtime_error(
                "DriveNotFound",
                f"Cannot find drive. A drive with the name '{name}' does not exist.",
                kind=_AUTOMATION + "DriveNotFoundException",
                category="ObjectNotFound",
                target=name,
                fields={"ItemName": name},
            )
        return drive

    def info(self, provider: Provider) -> ProviderInfo:
        found = self.infos.get(provider.name)
        if found is None:
            found = self.infos[provider.name] = ProviderInfo(provider)
        return found

    def here(self) -> ItemPath:
        """The current location."""
        drive = self.current
        return ItemPath(drive.provider, in_drive(self.ctx, drive, drive.current), drive)

    def disk_here(self) -> str:
        """The current directory as a file system path (that of the file system's own drive if another is current)."""
        drive = self.current
        if drive.provider.name != "FileSystem":
            return self.ctx.machine.working_directory
        return in_drive(self.ctx, drive, drive.current)


PROVIDERS: dict[str, Provider] = {}
_DRIVES: dict[str, Sequence[tuple[str, str]]] = {
    "Registry": (("HKLM", "HKEY_LOCAL_MACHINE"), ("HKCU", "HKEY_CURRENT_USER")),
    "Environment": (("Env", ""),),
    "Variable": (("Variable", ""),),
    "Function": (("Function", ""),),
    "Alias": (("Alias", ""),),
}


def provider(made: type[Provider]) -> type[Provider]:
    """Class decorator: registers a provider."""
    PROVIDERS[made.name.lower()] = made()
    return made


def locations(ctx: ExecutionContext) -> Locations:
    """The runspace's drives and locations."""
    found: Locations | None = ctx.services.get(Locations)
    if found is None:
        found = ctx.services[Locations] = Locations(ctx)
    return found


def find_provider(ctx: ExecutionContext, name: str) -> Provider:
    """The provider of that name, with or without its module.

    Raises:
        PSError: ProviderNotFound.
        Unsupported: PowerShell has it, the engine does not.
    """
    key = name.rpartition("\\")[2].lower()
    found = PROVIDERS.get(key)
    if found is not None and not (key == "registry" and not ctx.machine.is_windows):
        return found
    if key in ("certificate", "wsman"):
        raise Unsupported(f"provider {name}")
    raise runtime_error(
        "ProviderNotFound",
        f"Cannot find a provider with the name '{name}'.",
        kind=_AUTOMATION + "ProviderNotFoundException",
        category="ObjectNotFound",
        target=name,
    )


def in_drive(ctx: ExecutionContext, drive: PSDriveInfo, rest: str) -> str:
    """A path below a drive's root as the provider's path."""
    owner = drive.provider
    rest = rest.lstrip("\\/")
    if not rest:
        return drive.root
    return owner.normal(ctx, owner.join(ctx, drive.root, rest)) if drive.root else owner.normal(ctx, rest)


def shown(ctx: ExecutionContext, item: ItemPath) -> str:
    """An item's path as users write it: with its drive where it has one."""
    owner = item.provider
    if owner.name == "FileSystem":
        drive = item.drive
        if drive is None or not item.path.lower().startswith(drive.root.lower()) or drive.root in ("/", f"{drive.name}:\\"):
            return item.path
        rest = item.path[len(drive.root) :].lstrip("\\/")
        return f"{drive.name}:{owner.separator(ctx)}{rest}"
    if item.drive is None:
        return item.qualified()
    rest = item.path[len(item.drive.root) :].lstrip("\\/") if item.drive.root else item.path
    return f"{item.drive.name}:{owner.separator(ctx)}{rest}"


# ---- members -----------------------------------------------------------------------------------------------------------

_DRIVE, _PROVIDER, _PATH = PSDriveInfo.NET, ProviderInfo.NET, PathInfo.NET


@getter(_DRIVE, "Name", type="string")
def _drive_name(self: PSDriveInfo) -> str:
    return self.name


@getter(_DRIVE, "Root", type="string")
def _drive_root(self: PSDriveInfo) -> str:
    return self.root


@getter(_DRIVE, "Provider", type=_PROVIDER, context=True)
def _drive_provider(ctx: Any, self: PSDriveInfo) -> ProviderInfo:
    return locations(ctx).info(self.provider)


@getter(_DRIVE, "CurrentLocation", type="string")
def _drive_location(self: PSDriveInfo) -> str:
    return self.current


@getter(_DRIVE, "Description", type="string")
def _drive_description(self: PSDriveInfo) -> str:
    return self.description


@getter(_DRIVE, "DisplayRoot", type="string")
def _drive_display_root(self: PSDriveInfo) -> None:
    return None


@method(_DRIVE, "ToString", overloads=["() -> string"])
def _drive_text(self: PSDriveInfo) -> str:
    return self.name


@getter(_PROVIDER, "Name", type="string")
def _provider_name(self: ProviderInfo) -> str:
    return self.provider.name


@getter(_PROVIDER, "ModuleName", type="string")
def _provider_module(self: ProviderInfo) -> str:
    return self.provider.module


@getter(_PROVIDER, "Drives", type="System.Object", context=True)
def _provider_drives(ctx: Any, self: ProviderInfo) -> Any:
    from hvsim.runtime.values import Array

    return Array([d for d in locations(ctx).drives.values() if d.provider is self.provider])


@method(_PROVIDER, "ToString", overloads=["() -> string"])
def _provider_text(self: ProviderInfo) -> str:
    return self.provider.full_name


@getter(_PATH, "Path", type="string")
def _path_text(self: PathInfo) -> str:
    return self.shown


@getter(_PATH, "ProviderPath", type="string")
def _path_provider_path(self: PathInfo) -> str:
    return self.item.path


@getter(_PATH, "Drive", type=_DRIVE)
def _path_drive(self: PathInfo) -> PSDriveInfo | None:
    return self.item.drive


@getter(_PATH, "Provider", type=_PROVIDER, context=True)
def _path_provider(ctx: Any, self: PathInfo) -> ProviderInfo:
    return locations(ctx).info(self.item.provider)


@method(_PATH, "ToString", overloads=["() -> string"])
def _path_to_string(self: PathInfo) -> str:
    return self.shown


drives.on_existence(lambda ctx, name: name in locations(ctx).drives)

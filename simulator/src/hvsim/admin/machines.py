# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading back hosts and guests as machines: files, registry, services, accounts, and where a text occurs.

Answers are for tests: they look at the model, not through anything that a module would use. Asking for a guest makes its machine.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from hvsim.admin.requests import RequestError
from hvsim.hyperv.file_errors import FileSystemError
from hvsim.hyperv.files import FileAttributes, FileInfo, VirtualFileSystem
from hvsim.hyperv.guest import NoOperatingSystem
from hvsim.hyperv.guest_content import write_files
from hvsim.hyperv.lab_models import Files
from hvsim.hyperv.machine import WindowsMachine
from hvsim.hyperv.registry import Registry
from hvsim.hyperv.vm import VirtualMachine

#: Longest content that one answer holds; larger files are read in parts.
MAX_CONTENT: Final = 4 * 1024 * 1024

if TYPE_CHECKING:
    from hvsim.hyperv.guest import GuestMachine

    Machine: TypeAlias = WindowsMachine | GuestMachine


class FilesChange(BaseModel):
    """Files to write, by path, as in a lab file; null removes one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    files: Files = Field(default_factory=dict)
    remove: list[str] = Field(default_factory=list)

    def apply(self, machine: Machine) -> None:
        """Carry it out.

        Raises:
            RequestError: a path is none, or something is in the way.
        """
        try:
            for path in self.remove:
                if machine.files.exists(path):
                    machine.files.hold(path, None)
                    machine.files.remove(path, recursive=True, force=True)
            for path in self.files:
                if machine.files.exists(path):
                    machine.files.hold(path, None)
            write_files(machine.files, {path: one.seed() for path, one in self.files.items()})
        except FileSystemError as error:
            raise RequestError(str(error)) from None


def machine_of(vm: VirtualMachine) -> GuestMachine:
    """The guest's machine, made if need be.

    Raises:
        RequestError: no operating system is installed.
    """
    try:
        return vm.guest.machine
    except NoOperatingSystem as error:
        raise RequestError(str(error)) from None


def describe_guest(vm: VirtualMachine) -> dict[str, Any]:
    """A guest with its machine's services, accounts and clock."""
    machine = machine_of(vm)
    power = vm.guest.power
    return {
        "os": vm.guest.kind,
        "name": vm.guest.os_name,
        "computer_name": machine.computer_name,
        "booted": power.booted,
        "logon_possible": power.logon_possible,
        "responding": power.responding,
        "starts": power.starts,
        "clock": machine.clock.now().isoformat(),
        "sessions": getattr(machine, "direct_sessions", 0),
        "users": [{"name": one.name, "groups": sorted(one.groups), "enabled": one.enabled} for one in machine.users],
        "services": {
            one.name: {"status": one.status, "start_type": one.start_type} for one in machine.services.values()
        },
        "processes": [{"id": one.id, "name": one.name, "user": one.user} for one in machine.processes.values()],
    }


def describe_file(machine: Machine, path: str, offset: int = 0, length: int | None = None) -> dict[str, Any]:
    """A file with hash and content, or a directory with its entries; ``exists`` False for what is not there.

    Raises:
        RequestError: the path is none, or the part is too large.
    """
    files = machine.files
    try:
        if not files.exists_strictly(path):
            return {"path": path, "exists": False}
        facts = _facts(files.stat(path))
        if files.is_directory(path):
            return {**facts, "entries": [_facts(one) for one in files.list(path)]}
        content = files.content(path, ignore_hold=True)
    except FileSystemError as error:
        raise RequestError(str(error)) from None
    if length is None and content.size - offset > MAX_CONTENT:
        return {**facts, "sha256": content.digest("sha256")}
    wanted = content.size - offset if length is None else length
    if wanted > MAX_CONTENT:
        raise RequestError(f"length: at most {MAX_CONTENT} bytes; read the file in parts")
    piece = content.read(offset, wanted)
    return {
        **facts,
        "sha256": content.digest("sha256"),
        "offset": offset,
        "content_base64": base64.b64encode(piece).decode("ascii"),
    }


def _facts(info: FileInfo) -> dict[str, Any]:
    return {
        "path": info.path,
        "exists": True,
        "directory": info.is_directory,
        "size": info.size,
        "read_only": bool(info.attributes & FileAttributes.READ_ONLY),
        "hidden": bool(info.attributes & FileAttributes.HIDDEN),
        "created": info.created.isoformat(),
        "written": info.written.isoformat(),
    }


def describe_key(machine: Machine, key: str) -> dict[str, Any]:
    """A registry key with its values and subkeys; ``exists`` False for what is not there.

    Raises:
        RequestError: the machine has no registry.
    """
    registry = machine.registry
    if registry is None:
        raise RequestError("a Linux guest has no registry")
    if not registry.exists(key):
        return {"key": key, "exists": False}
    values = {one.name: {"kind": one.kind, "data": _plain(one.data)} for one in registry.values(key)}
    return {"key": key, "exists": True, "values": values, "subkeys": registry.subkeys(key)}


def _plain(data: Any) -> Any:
    return base64.b64encode(data).decode("ascii") if isinstance(data, bytes) else data


def search(machine: Machine, text: str) -> list[str]:
    """Where a text occurs: paths of files whose name or content holds it (UTF-8 or UTF-16), and registry values.

    Raises:
        RequestError: the text is empty.
    """
    if not text:
        raise RequestError("text: give the text to look for")
    found = [path for path in _paths(machine.files) if text in path or _holds(machine.files, path, text)]
    if machine.registry is not None:
        found += _values(machine.registry, text)
    return sorted(found)


def _paths(files: VirtualFileSystem) -> Iterator[str]:
    open_directories = [drive if drive == "/" else f"{drive}:\\" for drive in files.drives()]
    while open_directories:
        for entry in files.list(open_directories.pop()):
            yield entry.path
            if entry.is_directory:
                open_directories.append(entry.path)


def _holds(files: VirtualFileSystem, path: str, text: str) -> bool:
    if files.is_directory(path):
        return False
    needles = [text.encode("utf-8", "surrogatepass"), text.encode("utf-16-le", "surrogatepass")]
    keep = max(map(len, needles)) - 1
    tail = b""
    for piece in files.content(path, ignore_hold=True).chunks():
        tail += piece
        if any(needle in tail for needle in needles):
            return True
        tail = tail[-keep:] if keep else b""
    return False


def _values(registry: Registry, text: str) -> Iterator[str]:
    open_keys = ["HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER"]
    while open_keys:
        key = open_keys.pop()
        open_keys += [f"{key}\\{name}" for name in registry.subkeys(key)]
        for value in registry.values(key):
            data = value.data if isinstance(value.data, list) else [value.data]
            if text in key or text in value.name or any(text in one for one in data if isinstance(one, str)):
                yield f"{key}\\{value.name}"

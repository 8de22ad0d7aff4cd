# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy-VMFile: a file of the host arrives in a guest through the guest service interface (hyperv-facts.md 4.1).

The host's service reads the file and the guest's half writes it as SYSTEM or root; no attributes travel. The checks come in the order
of section 8, row 7: the VM's state, the two halves of the service, the source, the destination.
"""

from __future__ import annotations

import ntpath
import posixpath
from typing import TYPE_CHECKING, Final

from hvsim.hyperv.content import Content
from hvsim.hyperv.errors import ObjectGone, OperationFailed
from hvsim.hyperv.file_errors import FileSystemError
from hvsim.hyperv.files import FileAttributes
from hvsim.hyperv.texts import text
from hvsim.hyperv.windows import expand_variables

if TYPE_CHECKING:
    from hvsim.hyperv.guest import GuestMachine
    from hvsim.hyperv.host import Host
    from hvsim.hyperv.users import User
    from hvsim.hyperv.vm import VirtualMachine

COMPONENT: Final = "guest_service_interface"
COMMAND: Final = "Copy-VMFile"
#: What faults call one tenth of a copy.
STEP: Final = "Copy-VMFile:step"
STEPS: Final = 10
#: Bytes per second; tens of MB at best (M).
RATE: Final = 20 * 1024 * 1024
#: Linux: longest path and longest name, in UTF-16 units (W_MAX_PATH).
_LINUX_LIMIT: Final = 260

FILE_NOT_FOUND: Final = 0x80070002
PATH_NOT_FOUND: Final = 0x80070003
ACCESS_DENIED: Final = 0x80070005
FILE_EXISTS: Final = 0x80070050
UNSPECIFIED: Final = 0x80004005
DEVICE_NOT_READY: Final = 0x800710DF
INVALID_NAME: Final = 0x8007007B

_MEANINGS: Final = {
    FILE_NOT_FOUND: "The system cannot find the file specified.",
    PATH_NOT_FOUND: "The system cannot find the path specified.",
    ACCESS_DENIED: "General access denied error",
    FILE_EXISTS: "The file exists.",
    UNSPECIFIED: "Unspecified error",
    DEVICE_NOT_READY: "The device is not ready for use.",
    INVALID_NAME: "The filename, directory name, or volume label syntax is incorrect.",
}


class CopyFailed(OperationFailed):
    """The copy's job failed.

    Attributes:
        code: HRESULT at the end of the message.
    """

    code = 0

    @classmethod
    def of(cls, host: Host, vm: VirtualMachine, code: int) -> CopyFailed:
        error = cls(text("copy_failed", host.language, name=vm.name, reason=_MEANINGS[code], code=f"{code:08X}"))
        error.code = code
        return error


def copy_file(
    host: Host,
    vm: VirtualMachine,
    source: str,
    destination: str,
    *,
    create_full_path: bool = False,
    force: bool = False,
    actor: str | User | None,
) -> None:
    """See ``Host.copy_file_to_guest``."""
    host.touch(vm, command=COMMAND, actor=actor, component=COMPONENT)
    if not vm.is_executing:
        # Not InvalidState: the component has no state object to talk to (2.5).
        raise OperationFailed(text("invalid_state", host.language), category="InvalidOperation")
    if not vm.integration_service(COMPONENT).guest_service_running:
        raise CopyFailed.of(host, vm, DEVICE_NOT_READY)
    content = _read(host, vm, source)
    machine = vm.guest.machine
    name = ntpath.basename(source.replace("/", "\\").rstrip("\\"))
    target = _target(host, vm, machine, destination, name)
    _refuse(host, vm, machine, target, create_full_path=create_full_path, force=force)
    host.counters.add("guest:files_copied")
    _transfer(host, vm, machine, target, content)


def _read(host: Host, vm: VirtualMachine, source: str) -> Content:
    path = expand_variables(source, {name.lower(): value for name, value in host.environment("SYSTEM").items()})
    if host.files.is_directory(path):
        raise CopyFailed.of(host, vm, ACCESS_DENIED)
    if not host.files.is_file(path):
        missing = FILE_NOT_FOUND if host.files.is_directory(ntpath.dirname(path)) else PATH_NOT_FOUND
        raise CopyFailed.of(host, vm, missing)
    return host.files.content(path)


def _target(host: Host, vm: VirtualMachine, machine: GuestMachine, destination: str, name: str) -> str:
    """The full path in the guest: an existing directory gets the source's name appended."""
    if machine.is_windows:
        variables = {key.lower(): value for key, value in machine.environment("SYSTEM").items()}
        path = expand_variables(destination, variables)
        folder = machine.files.is_directory(path) or path.endswith(("\\", "/"))
        return ntpath.join(path, name) if folder else path
    folder = machine.files.is_directory(destination) or destination.endswith("/")
    path = posixpath.join(destination, name) if folder else destination
    if vm.guest.seed.fcopy_uio:
        path = "".join(char if char < "\x80" else "X" for char in path)
    return path


def _refuse(
    host: Host, vm: VirtualMachine, machine: GuestMachine, target: str, *, create_full_path: bool, force: bool
) -> None:
    """Raises:
    CopyFailed: the guest would not write there.
    """
    files, windows = machine.files, machine.is_windows
    parent = (ntpath if windows else posixpath).dirname(target)
    try:
        files.exists_strictly(target)
    except FileSystemError:
        raise CopyFailed.of(host, vm, INVALID_NAME if windows else UNSPECIFIED) from None
    if not windows and max(map(_utf16_length, posixpath.split(target))) >= _LINUX_LIMIT:
        raise CopyFailed.of(host, vm, UNSPECIFIED)
    if files.is_directory(target):
        raise CopyFailed.of(host, vm, ACCESS_DENIED if windows else UNSPECIFIED)
    if files.exists(target):
        if not force:
            raise CopyFailed.of(host, vm, FILE_EXISTS)
        if windows and files.stat(target).attributes & FileAttributes.READ_ONLY:
            raise CopyFailed.of(host, vm, ACCESS_DENIED)
    elif not files.is_directory(parent) and not (create_full_path and _can_create(machine, parent)):
        raise CopyFailed.of(host, vm, PATH_NOT_FOUND if windows else UNSPECIFIED)


def _utf16_length(name: str) -> int:
    return len(name.encode("utf-16-le", "surrogatepass")) // 2


def _can_create(machine: GuestMachine, folder: str) -> bool:
    """Whether no file is in the way of that directory, and its drive exists."""
    above = (ntpath if machine.is_windows else posixpath).dirname
    while not machine.files.exists(folder):
        if above(folder) == folder:
            return False
        folder = above(folder)
    return machine.files.is_directory(folder)


def _transfer(host: Host, vm: VirtualMachine, machine: GuestMachine, target: str, content: Content) -> None:
    """Write in tenths, so that a guest can go down in the middle: what had arrived stays under the final name (4.1)."""
    starts = vm.guest.power.starts
    for step in range(1, STEPS + 1):
        size = content.size * step // STEPS
        host.clock.advance(seconds=content.size / STEPS / RATE)
        machine.files.write_content(target, content.cut(size), create_parents=True, force=True)
        host.apply_faults(STEP, vm)
        if vm.is_deleted:
            raise ObjectGone.on(host.name, host.language)
        if step < STEPS and _broke(vm, starts):
            raise CopyFailed.of(host, vm, DEVICE_NOT_READY)


def _broke(vm: VirtualMachine, starts: int) -> bool:
    working = vm.integration_service(COMPONENT).guest_service_running
    return vm.guest.power.starts != starts or not working

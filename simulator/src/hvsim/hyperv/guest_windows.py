# SPDX-License-Identifier: GPL-3.0-or-later
"""A Windows guest as a machine (hyperv-facts.md 1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hvsim.hyperv.guest import POWERSHELL_DIRECT, HostDrivenService
from hvsim.hyperv.guest_clock import GuestClock
from hvsim.hyperv.guest_content import write_files, write_registry
from hvsim.hyperv.kvp_guest import WindowsPairs
from hvsim.hyperv.machine import WindowsMachine
from hvsim.hyperv.services import COMPONENTS
from hvsim.hyperv.users import ADMINISTRATORS, GUEST_SID_BASE, User
from hvsim.hyperv.windows import RELEASES, VMIC_IMAGE, VMIC_SERVICES, WindowsService, system_services

if TYPE_CHECKING:
    from hvsim.hyperv.guest import Guest

DEFAULT_USERS: Final = (
    User(
        "Administrator", "Lab-Only-1", frozenset({ADMINISTRATORS}), sid=f"{GUEST_SID_BASE}-500"
    ),
)


@dataclass(frozen=True)
class GuestRelease:
    """A Windows that runs as a guest: how its product name starts, and its build."""

    product: str
    build: int


#: Longer names first where one begins with another.
GUEST_RELEASES: Final = (
    *(GuestRelease(release.product, release.build) for release in reversed(RELEASES)),
    GuestRelease("Windows Server 2012", 9200),
    GuestRelease("Windows Server 2008 R2", 7601),
    GuestRelease("Windows Server 2008", 6002),
    GuestRelease("Windows 11", 22631),
    GuestRelease("Windows 10", 19045),
    GuestRelease("Windows 8.1", 9600),
    GuestRelease("Windows 8", 9200),
    GuestRelease("Windows 7", 7601),
)
_DEFAULT_RELEASE: Final = GuestRelease("Windows Server 2022", 20348)


def guest_release(os_name: str) -> GuestRelease:
    """Release by product name; an unknown name is taken for the default guest's."""
    wanted = os_name.lower()
    return next((one for one in GUEST_RELEASES if wanted.startswith(one.product.lower())), _DEFAULT_RELEASE)


class GuestWindows(WindowsMachine):
    """The Windows inside a VM. Its PowerShell is Windows PowerShell 5.1, whatever the host has."""

    role_installed = False
    module_installed = False

    def __init__(self, guest: Guest) -> None:
        seed = guest.seed
        release = guest_release(guest.os_name)
        self.guest = guest
        self.name = guest.computer_name or "GUEST"
        self.language = seed.language
        self.build = release.build
        self.edition = guest.os_name[len(release.product) :].strip() or "Standard"
        self.powershell = "5.1"
        self.users = DEFAULT_USERS if seed.users is None else seed.users
        self.clock = GuestClock(guest, seed.clock_offset, seed.clock_drift)
        services = self._services()
        self.install(services, seed.executables)
        self._bind_services()
        WindowsPairs(self.registry).prepare(seed.kvp)
        write_registry(self.registry, seed.registry)
        write_files(self.files, seed.files)
        self.files.free = seed.disk_free

    @property
    def os_name(self) -> str:
        return self.guest.os_name

    def boot(self) -> None:
        """Sessions end, services start anew: those that start automatically, and those that the host starts."""
        super().boot()
        self.direct_sessions = 0
        for service in self.services.values():
            if not isinstance(service, HostDrivenService) and service.name != "vmicrdv":
                service.status = "Running" if service.start_type == "Automatic" else "Stopped"

    def _services(self) -> dict[str, WindowsService]:
        services = system_services()
        displays = dict(VMIC_SERVICES)
        self._halves: dict[str, HostDrivenService] = {}
        for component in COMPONENTS:
            self._halves[component.key] = HostDrivenService(
                component.windows_service,
                displays[component.windows_service],
                runs=lambda key=component.key: self.guest.component_enabled(key),  # type: ignore[misc]
                image_path=VMIC_IMAGE,
            )
        # It starts when a host connects (1.3), so it is stopped while nobody does.
        self.direct_sessions = 0
        self._halves[POWERSHELL_DIRECT] = HostDrivenService(
            "vmicvmsession", displays["vmicvmsession"], runs=lambda: self.direct_sessions > 0, image_path=VMIC_IMAGE
        )
        services["vmicrdv"].status = "Running"
        services.update({half.name.lower(): half for half in self._halves.values()})
        return services

    def _bind_services(self) -> None:
        for key, half in self._halves.items():
            half.keep_in(self.registry, f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{half.name}")
            self.guest.service(key).move_into(self.services, half)

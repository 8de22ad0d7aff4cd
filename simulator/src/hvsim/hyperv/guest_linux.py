# SPDX-License-Identifier: GPL-3.0-or-later
"""A Linux guest as a machine: disk, daemons by distribution, accounts (hyperv-facts.md 1.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hvsim.hyperv.executables import ExecutableTable
from hvsim.hyperv.guest import HostDrivenService
from hvsim.hyperv.guest_clock import GuestClock
from hvsim.hyperv.guest_content import write_files
from hvsim.hyperv.kvp_guest import LinuxPairs
from hvsim.hyperv.machine import ProcessTable, find_user
from hvsim.hyperv.posix_files import PosixFileSystem
from hvsim.hyperv.users import User, account_name

if TYPE_CHECKING:
    from hvsim.hyperv.guest import Guest

DEFAULT_USERS: Final = (User("root", "Lab-Only-1", frozenset({"administrators"}), sid="0"),)

#: The components that the kernel module hv_utils serves without a daemon.
KERNEL_COMPONENTS: Final = frozenset({"heartbeat", "shutdown", "time_synchronization"})


@dataclass(frozen=True)
class Distribution:
    """How a distribution names the daemons.

    Attributes:
        prefixes: how its product names start, lower case.
        units: systemd unit (without ``.service``) by service key.
        binaries: path of the program by service key.
        packages: package by service key.
    """

    prefixes: tuple[str, ...]
    units: dict[str, str]
    binaries: dict[str, str]
    packages: dict[str, str]


def _distribution(prefixes: tuple[str, ...], unit: str, binary: str, package: str) -> Distribution:
    def each(pattern: str) -> dict[str, str]:
        return {key: pattern.format(short) for key, short in _SHORT_NAMES.items()}

    return Distribution(prefixes, each(unit), each(binary), each(package))


_SHORT_NAMES: Final = {"key_value_pair_exchange": "kvp", "vss": "vss", "guest_service_interface": "fcopy"}

DISTRIBUTIONS: Final = (
    _distribution(
        ("red hat", "rhel", "fedora", "oracle", "azure linux", "mariner", "centos", "rocky", "almalinux"),
        "hyperv{}d",
        "/usr/sbin/hyperv{}d",
        "hyperv{}d",
    ),
    _distribution(("debian",), "hyperv-daemons.hv-{}-daemon", "/usr/sbin/hv_{}_daemon", "hyperv-daemons"),
    _distribution(("sles", "suse", "opensuse"), "hv_{}_daemon", "/usr/sbin/hv_{}_daemon", "hyper-v"),
    _distribution(("arch",), "hv_{}_daemon", "/usr/bin/hv_{}_daemon", "hyperv"),
    _distribution(("alpine",), "hv_{}_daemon", "/usr/sbin/hv_{}_daemon", "hvtools"),
    _distribution(("ubuntu",), "hv-{}-daemon", "/usr/sbin/hv_{}_daemon", "linux-cloud-tools-common"),
)


def distribution_of(os_name: str) -> Distribution:
    """The distribution by product name; one that is not known is taken for Ubuntu."""
    wanted = os_name.lower()
    return next((one for one in DISTRIBUTIONS if wanted.startswith(one.prefixes)), DISTRIBUTIONS[-1])


class Daemon(HostDrivenService):
    """A daemon of a Linux guest.

    Attributes:
        package, binary: what installs it and where its program is.
    """

    def __init__(self, name: str, package: str, binary: str, runs: Callable[[], bool]) -> None:
        super().__init__(name, f"Hyper-V daemon {name}", runs=runs, start_type="Automatic", image_path=binary)
        self.package = package
        self.binary = binary


class LinuxMachine:
    """The Linux inside a VM; the same attributes as ``WindowsMachine``, without a registry.

    Attributes:
        services: daemons by unit name.
    """

    is_windows = False
    registry = None
    role_installed = False
    module_installed = False
    edition = ""
    build = 0
    powershell = "7"
    services: dict[str, HostDrivenService]

    def __init__(self, guest: Guest) -> None:
        seed = guest.seed
        self.guest = guest
        self.name = guest.computer_name or "guest"
        self.language = seed.language
        self.users = DEFAULT_USERS if seed.users is None else seed.users
        self.clock = GuestClock(guest, seed.clock_offset, seed.clock_drift)
        self.files = PosixFileSystem(lambda: self.clock.now())
        self.processes = ProcessTable(self.clock, first_id=1, step=1)
        self.boot()
        self.distribution = distribution_of(guest.os_name)
        self.services = {}
        for key, unit in self.distribution.units.items():
            self._add_daemon(key, unit)
        self._seed_files()
        LinuxPairs(self.files).prepare(seed.kvp)
        write_files(self.files, seed.files)
        self.files.free = seed.disk_free
        self.executables = ExecutableTable(self.files, seed.executables)

    def boot(self) -> None:
        """Power on or restart: processes begin anew, the disk stays."""
        self.processes.clear()
        for process in ("systemd", "systemd-journald", "sshd"):
            self.processes.start(process, "root")

    def _add_daemon(self, key: str, unit: str) -> None:
        def runs() -> bool:
            return self.guest.component_enabled(key)

        daemon = Daemon(unit, self.distribution.packages[key], self.distribution.binaries[key], runs)
        self.guest.service(key).move_into(self.services, daemon)

    def _seed_files(self) -> None:
        for path in (
            "/bin",
            "/etc",
            "/home",
            "/mnt",
            "/opt",
            "/root",
            "/run",
            "/tmp",
            "/usr/bin",
            "/usr/sbin",
            "/var/log",
        ):
            self.files.make_directory(path)
        for user in self.users:
            self.files.make_directory(self.home_of(user.name))
        self.files.write_text("/etc/hostname", f"{self.name}\n")
        self.files.write_text("/etc/os-release", f'PRETTY_NAME="{self.guest.os_name}"\n')
        for key, unit in self.distribution.units.items():
            if unit in self.services:
                self.files.write_bytes(self.distribution.binaries[key], b"\x7fELF", create_parents=True)

    @property
    def os_name(self) -> str:
        return self.guest.os_name

    @property
    def computer_name(self) -> str:
        return self.name

    @property
    def culture(self) -> str:
        return self.language

    @staticmethod
    def home_of(user: str) -> str:
        """Home directory of an account."""
        return "/root" if user == "root" else f"/home/{user}"

    def find_user(self, user: str) -> User | None:
        """An account by name."""
        return find_user(self.users, user)

    def check_password(self, user: str, password: str) -> User | None:
        """The account, if it exists, may log on and has that password."""
        account = self.find_user(user)
        return account if account is not None and account.accepts(password) else None

    def environment(self, user: str) -> dict[str, str]:
        """Environment of a process of that user."""
        name = account_name(user)
        home = self.home_of(name)
        return {
            "HOME": home,
            "LANG": "C.UTF-8",
            "LOGNAME": name,
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "SHELL": "/bin/bash",
            "USER": name,
        }

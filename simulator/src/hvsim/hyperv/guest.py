# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest side of a VM: operating system, services, users, files, KVP daemon (hyperv-facts.md 1.3-1.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from hvsim.hyperv.services import BY_KEY

GuestKind = Literal["windows", "linux", "none"]
ServiceState = Literal["running", "stopped", "disabled", "absent", "hung"]
Protocol = Literal["current", "different", "older", "incompatible"]
ApplicationHealth = Literal["healthy", "critical", "unknown"]

DEFAULT_OS_NAMES: Final[dict[str, str]] = {
    "windows": "Windows Server 2022 Datacenter",
    "linux": "Ubuntu 24.04",
    "none": "",
}

#: Guest operating systems (by the start of their name) that lack a component altogether.
_UNSUPPORTED: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("windows server 2008", frozenset({"guest_service_interface"})),
    ("windows server 2012 r2", frozenset()),
    ("windows server 2012", frozenset({"guest_service_interface"})),
    ("windows 7", frozenset({"guest_service_interface"})),
)


@dataclass
class GuestUser:
    """A local account of the guest."""

    name: str
    password: str = field(repr=False)
    administrator: bool = False


@dataclass
class GuestService:
    """The guest's half of one component.

    Attributes:
        state: ``running`` (or startable by the host), ``stopped``, ``disabled``, ``absent`` or ``hung``.
        protocol: how its protocol version compares with the host's.
    """

    state: ServiceState = "running"
    protocol: Protocol = "current"


@dataclass
class Guest:
    """What runs inside a VM.

    Attributes:
        kind: ``windows``, ``linux`` or ``none`` (no operating system installed).
        os_name: product name as the guest reports it.
        booted: the operating system has finished booting (looked at while the VM runs).
        responding: False for a hung guest: every component loses communication.
        application_health: what the heartbeat's secondary status says; by default Windows guests report healthy
            applications and Linux guests nothing.
        users, files, kvp: room for the guest channel: accounts, file contents by path, pushed key-value pairs.
        powershell_direct: state of vmicvmsession, which has no component on the host.
    """

    kind: GuestKind = "windows"
    os_name: str = ""
    computer_name: str = ""
    booted: bool = True
    responding: bool = True
    application_health: ApplicationHealth | None = None
    services: dict[str, GuestService] = field(default_factory=dict)
    users: list[GuestUser] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    kvp: dict[str, str] = field(default_factory=dict)
    powershell_direct: ServiceState = "running"

    def __post_init__(self) -> None:
        if not self.os_name:
            self.os_name = DEFAULT_OS_NAMES[self.kind]
        if self.application_health is None:
            self.application_health = "healthy" if self.kind == "windows" else "unknown"

    def service(self, key: str) -> GuestService:
        """The guest's half of a component, made on first use with what its operating system brings.

        Raises:
            KeyError: no such component.
        """
        if key not in BY_KEY:
            raise KeyError(key)
        if key not in self.services:
            self.services[key] = self._default_service(key)
        return self.services[key]

    def _default_service(self, key: str) -> GuestService:
        if self.kind == "none":
            return GuestService("absent")
        if self.kind == "linux" and key == "vss":
            return GuestService("running", "different")
        name = self.os_name.lower()
        for prefix, missing in _UNSUPPORTED:
            if name.startswith(prefix):
                return GuestService("absent" if key in missing else "running")
        return GuestService()

    def service_state(self, key: str) -> ServiceState:
        """State of the guest's half as the host experiences it while the VM runs."""
        state = self.service(key).state
        if state == "absent" or not self.booted:
            return "absent"
        return "hung" if not self.responding else state

    def protocol(self, key: str) -> Protocol:
        return self.service(key).protocol

    def can_serve(self, key: str) -> bool:
        """Whether the guest answers for that component when the host has it enabled."""
        return self.service_state(key) == "running"

    @property
    def kvp_daemon(self) -> bool:
        """Whether the guest's KVP side runs at all (Linux: the daemon)."""
        return self.can_serve("key_value_pair_exchange")

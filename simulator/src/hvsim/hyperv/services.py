# SPDX-License-Identifier: GPL-3.0-or-later
"""The six integration components of a VM: identity, switch and the status that follows (hyperv-facts.md 1.1, 1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from uuid import UUID

from hvsim.hyperv.texts import component_name, text

if TYPE_CHECKING:
    from hvsim.hyperv.guest import Guest
    from hvsim.hyperv.vm import VirtualMachine


class OperationalStatus(IntEnum):
    """``VMIntegrationComponentOperationalStatus``; 15 is WMI's Dormant, which has no name in PowerShell's enum."""

    OK = 2
    DEGRADED = 3
    ERROR = 6
    NON_RECOVERABLE_ERROR = 7
    NO_CONTACT = 12
    LOST_COMMUNICATION = 13
    DORMANT = 15
    PROTOCOL_MISMATCH = 32775
    APPLICATION_CRITICAL = 32782
    COMMUNICATION_TIMED_OUT = 32783
    COMMUNICATION_FAILED = 32784
    DISABLED = 32896

    @property
    def powershell_name(self) -> str | None:
        """Name in PowerShell's enum, None where the number has none."""
        return _STATUS_NAMES.get(self.value)


_STATUS_NAMES: Final[Mapping[int, str]] = {
    2: "Ok",
    3: "Degraded",
    6: "Error",
    7: "NonRecoverableError",
    12: "NoContact",
    13: "LostCommunication",
    32775: "ProtocolMismatch",
    32782: "ApplicationCritical",
    32783: "CommunicationTimedOut",
    32784: "CommunicationFailed",
    32896: "Disabled",
}


@dataclass(frozen=True)
class Component:
    """What all VMs' components of one kind share.

    Attributes:
        key: our stable key, e.g. ``shutdown``.
        guid: component GUID in the upper-case form of ``.Id``.
        state_class: WMI class of the running component.
        setting_class: WMI class of its setting.
        type_name: PowerShell type of the object (subclasses exist for three of the six).
        windows_service: the guest's service.
        enabled_by_default: switch of a new VM.
    """

    key: str
    guid: str
    state_class: str
    setting_class: str
    type_name: str
    windows_service: str
    enabled_by_default: bool = True

    def name(self, language: str) -> str:
        """Display name on a host of that language."""
        return component_name(self.key, language)


def _component(key: str, guid: str, wmi: str, service: str, *, type_name: str = "", on: bool = True) -> Component:
    return Component(
        key=key,
        guid=guid,
        state_class=f"Msvm_{wmi}Component",
        setting_class=f"Msvm_{wmi}ComponentSettingData",
        type_name=f"Microsoft.HyperV.PowerShell.{type_name or 'VMIntegrationComponent'}",
        windows_service=service,
        enabled_by_default=on,
    )


#: In the order in which Get-VMIntegrationService lists them, whatever the language.
COMPONENTS: Final = (
    _component(
        "guest_service_interface",
        "6C09BB55-D683-4DA0-8931-C9BF705F6480",
        "GuestServiceInterface",
        "vmicguestinterface",
        type_name="GuestServiceInterfaceComponent",
        on=False,
    ),
    _component("heartbeat", "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47", "Heartbeat", "vmicheartbeat"),
    _component(
        "key_value_pair_exchange",
        "2A34B1C2-FD73-4043-8A5B-DD2159BC743F",
        "KvpExchange",
        "vmickvpexchange",
        type_name="DataExchangeComponent",
    ),
    _component(
        "shutdown",
        "9F8233AC-BE49-4C79-8EE3-E7E1985B2077",
        "Shutdown",
        "vmicshutdown",
        type_name="ShutdownComponent",
    ),
    _component("time_synchronization", "2497F4DE-E9FA-4204-80E4-4B75C46419C0", "TimeSync", "vmictimesync"),
    _component("vss", "5CED1297-4598-4915-A5FC-AD21BB4D02A4", "Vss", "vmicvss"),
)

BY_KEY: Final[Mapping[str, Component]] = {component.key: component for component in COMPONENTS}
BY_GUID: Final[Mapping[str, Component]] = {component.guid: component for component in COMPONENTS}


def find_component(key_or_id: str | Component) -> Component:
    """A component by key, component GUID or the full ``Microsoft:<VM>\\<component>`` id; case does not matter.

    Raises:
        KeyError: nothing matches.
    """
    if isinstance(key_or_id, Component):
        return key_or_id
    found = BY_KEY.get(key_or_id.lower()) or BY_GUID.get(key_or_id.rsplit("\\", 1)[-1].upper())
    if found is None:
        raise KeyError(key_or_id)
    return found


@lru_cache(maxsize=4096)
def _upper(number: UUID) -> str:
    """The text of a GUID in upper case, which every service of a VM has in its id."""
    return str(number).upper()


class IntegrationService:
    """One component of one VM. Read it; change it through ``Host.set_integration_service`` only.

    Attributes:
        component: which of the six.
        vm: the VM it belongs to.
        enabled: the switch on the host side.
    """

    __slots__ = ("component", "enabled", "vm")

    def __init__(self, component: Component, vm: VirtualMachine, *, enabled: bool | None = None) -> None:
        self.component = component
        self.vm = vm
        self.enabled = component.enabled_by_default if enabled is None else enabled

    def __repr__(self) -> str:
        return f"IntegrationService({self.component.key!r}, vm={self.vm.name!r}, enabled={self.enabled})"

    @property
    def key(self) -> str:
        return self.component.key

    @property
    def id(self) -> str:
        """``Microsoft:<VM GUID>\\<component GUID>``, both upper case."""
        return f"Microsoft:{_upper(self.vm.id)}\\{self.component.guid}"

    @property
    def vm_id(self) -> UUID:
        return self.vm.id

    @property
    def name(self) -> str:
        """Display name: follows the system language of the host, not the session's."""
        return self.component.name(self.vm.language)

    @property
    def operational_status(self) -> tuple[OperationalStatus, ...]:
        """Primary and, if there is one, secondary status; empty while the VM has no worker process."""
        return derive_status(self)

    @property
    def primary_status(self) -> OperationalStatus | None:
        status = derive_status(self)
        return status[0] if status else None

    @property
    def secondary_status(self) -> OperationalStatus | None:
        status = derive_status(self)
        return status[1] if len(status) > 1 else None

    @property
    def status_descriptions(self) -> tuple[str, ...]:
        """Localized texts, parallel to ``operational_status``."""
        return tuple(text(f"status:{status.value}", self.vm.language) for status in derive_status(self))

    @property
    def guest_service_running(self) -> bool:
        """Whether the guest's side runs: the host's switch starts and stops it (1.5)."""
        guest = self.vm.guest
        return self.vm.is_executing and self.enabled and guest.can_serve(self.key)

    @property
    def is_working(self) -> bool:
        """Enabled on the host and served by the guest."""
        return self.enabled and self.primary_status in (OperationalStatus.OK, OperationalStatus.DEGRADED)


def derive_status(service: IntegrationService) -> tuple[OperationalStatus, ...]:
    """Operational status of a component, computed from the VM, its guest and the switch (1.6).

    - No worker process (off, saved, starting): no state object, hence an empty status (A).
    - Paused: the heartbeat reports Dormant, the others keep what they had (I).
    - A disabled heartbeat reports Disabled at once: Microsoft's own tests read ``$vm.Heartbeat -eq "Disabled"`` on a
      running VM. A disabled component of another kind keeps Ok while its guest can serve it (S).
    """
    vm, key = service.vm, service.key
    if not vm.has_state_objects:
        return ()
    heartbeat = key == "heartbeat"
    if heartbeat and vm.is_paused:
        return (OperationalStatus.DORMANT,)
    if not service.enabled and (heartbeat or vm.disabled_status == "disabled"):
        return (OperationalStatus.DISABLED,)
    return _guest_status(vm.guest, key)


def _guest_status(guest: Guest, key: str) -> tuple[OperationalStatus, ...]:
    state = guest.service_state(key)
    if state == "hung":
        return (OperationalStatus.LOST_COMMUNICATION,)
    if state == "stopped":
        # It answered before it was stopped; one that never ran has never been in contact.
        return (OperationalStatus.LOST_COMMUNICATION,)
    if state != "running":
        return (OperationalStatus.NO_CONTACT,)
    protocol = guest.protocol(key)
    if protocol == "incompatible":
        return (OperationalStatus.NON_RECOVERABLE_ERROR, OperationalStatus.PROTOCOL_MISMATCH)
    if protocol == "older":
        return (OperationalStatus.DEGRADED, OperationalStatus.PROTOCOL_MISMATCH)
    if key == "heartbeat":
        health = guest.application_health
        if health == "healthy":
            return (OperationalStatus.OK, OperationalStatus.OK)
        if health == "critical":
            return (OperationalStatus.OK, OperationalStatus.APPLICATION_CRITICAL)
    if protocol == "different":
        return (OperationalStatus.OK, OperationalStatus.PROTOCOL_MISMATCH)
    return (OperationalStatus.OK,)

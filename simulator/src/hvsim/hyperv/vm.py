# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual machine as VMMS knows it (hyperv-facts.md 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from hvsim.hyperv.guest import Guest
from hvsim.hyperv.services import BY_KEY, COMPONENTS, Component, IntegrationService, OperationalStatus, find_component
from hvsim.hyperv.texts import text


class VMState(IntEnum):
    """``Microsoft.HyperV.PowerShell.VMState``; member names are PowerShell's in upper case with underscores."""

    OTHER = 1
    RUNNING = 2
    OFF = 3
    STOPPING = 4
    SAVED = 6
    PAUSED = 9
    STARTING = 10
    RESET = 11
    SAVING = 32773
    PAUSING = 32776
    RESUMING = 32777
    FAST_SAVED = 32779
    FAST_SAVING = 32780
    FORCE_SHUTDOWN = 32781
    FORCE_REBOOT = 32782
    HIBERNATED = 32783
    COMPONENT_SERVICING = 32784
    RUNNING_CRITICAL = 32785
    OFF_CRITICAL = 32786
    STOPPING_CRITICAL = 32787
    SAVED_CRITICAL = 32788
    PAUSED_CRITICAL = 32789
    STARTING_CRITICAL = 32790
    RESET_CRITICAL = 32791
    SAVING_CRITICAL = 32792
    PAUSING_CRITICAL = 32793
    RESUMING_CRITICAL = 32794
    FAST_SAVED_CRITICAL = 32795
    FAST_SAVING_CRITICAL = 32796

    @property
    def powershell_name(self) -> str:
        """``FAST_SAVED`` -> ``FastSaved``."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @classmethod
    def parse(cls, value: str | int) -> VMState:
        """From a number or a name in any case, with or without underscores.

        Raises:
            ValueError: no such state.
        """
        if isinstance(value, int):
            return cls(value)
        wanted = value.replace("_", "").lower()
        for state in cls:
            if state.powershell_name.lower() == wanted:
                return state
        raise ValueError(f"{value!r} is not a VM state")


class VMHeartbeatStatus(IntEnum):
    """``Microsoft.HyperV.PowerShell.VMHeartbeatStatus``."""

    UNKNOWN = 0
    DISABLED = 1
    NO_CONTACT = 2
    ERROR = 3
    LOST_COMMUNICATION = 4
    OK_APPLICATIONS_UNKNOWN = 5
    OK_APPLICATIONS_HEALTHY = 6
    OK_APPLICATIONS_CRITICAL = 7
    PAUSED = 8

    @property
    def powershell_name(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("_"))


class VMOperationalStatus(IntEnum):
    """The part of ``VMOperationalStatus`` that the model produces."""

    OK = 2
    DEGRADED = 3
    IN_SERVICE = 11


class ReplicationMode(IntEnum):
    """``VMReplicationMode``."""

    NONE = 0
    PRIMARY = 1
    REPLICA = 2
    TEST_REPLICA = 3
    EXTENDED_REPLICA = 4

    @property
    def powershell_name(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("_"))


#: A guest executes code here.
EXECUTING: Final = frozenset(
    {VMState.RUNNING, VMState.STOPPING, VMState.RUNNING_CRITICAL, VMState.STOPPING_CRITICAL, VMState.RESET}
)
PAUSED: Final = frozenset({VMState.PAUSED, VMState.PAUSING, VMState.RESUMING, VMState.PAUSED_CRITICAL})
#: A worker process exists and with it the components' state objects.
WITH_STATE_OBJECTS: Final = EXECUTING | PAUSED

#: The guest's memory is gone: the next start boots it.
_COLD: Final = frozenset({VMState.OFF, VMState.OFF_CRITICAL, VMState.HIBERNATED})

#: Properties that cost WMI round trips of their own when read (2.4, 7); everything else comes with the summary.
LAZY_PROPERTIES: Final = frozenset(
    {
        "ComPort1",
        "ComPort2",
        "DVDDrives",
        "FibreChannelHostBusAdapters",
        "FloppyDrive",
        "Groups",
        "HardDrives",
        "NetworkAdapters",
        "NumaNodesCount",
        "NumaSocketCount",
        "RemoteFxAdapter",
        "SizeOfSystemFiles",
        "VMIntegrationService",
    }
)

_HEARTBEAT_BY_PRIMARY: Final[Mapping[OperationalStatus, VMHeartbeatStatus]] = {
    OperationalStatus.ERROR: VMHeartbeatStatus.ERROR,
    OperationalStatus.DISABLED: VMHeartbeatStatus.DISABLED,
    OperationalStatus.LOST_COMMUNICATION: VMHeartbeatStatus.LOST_COMMUNICATION,
    OperationalStatus.NO_CONTACT: VMHeartbeatStatus.NO_CONTACT,
    OperationalStatus.DORMANT: VMHeartbeatStatus.PAUSED,
}


class VirtualMachine:
    """One VM. Read attributes freely; change them through the methods of ``Host``, which check rights and state.

    Attributes:
        id, name, generation, state, notes, version, replication_mode, guest, created: as on the real object.
        processor_count, memory_startup, memory_assigned: sizes (bytes).
        uptime_base, running_since: parts of the up time, see ``uptime``.
        is_deleted: the VM was removed from its host after this object was read.
        language: system language of the host; names and texts follow it.
        disabled_status: the host's assumption about the status of disabled components.
    """

    def __init__(
        self,
        name: str,
        vm_id: UUID,
        *,
        clock_now: Callable[[], datetime],
        language: str = "en-US",
        state: VMState = VMState.RUNNING,
        generation: int = 2,
        notes: str = "",
        version: str = "10.0",
        replication_mode: ReplicationMode = ReplicationMode.NONE,
        guest: Guest | None = None,
        created: datetime | None = None,
        uptime: timedelta | None = None,
        processor_count: int = 2,
        memory_startup: int = 2 * 1024**3,
        is_clustered: bool = False,
        services: Mapping[str, bool] | None = None,
        disabled_status: str = "ok",
        count_lazy: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self.id = vm_id
        self.generation = generation
        self.notes = notes
        self.version = version
        self.replication_mode = replication_mode
        self.guest = guest if guest is not None else Guest()
        self.created = created if created is not None else clock_now()
        self.processor_count = processor_count
        self.memory_startup = memory_startup
        self.is_clustered = is_clustered
        self.is_deleted = False
        self.language = language
        self.disabled_status = disabled_status
        self._now = clock_now
        self._count_lazy = count_lazy
        self._state = state
        self._pending: tuple[datetime, VMState] | None = None
        self._cold = state in _COLD
        self._uptime_base = uptime or timedelta()
        self._running_since: datetime | None = clock_now() if self.is_executing else None
        chosen = services or {}
        self._services = {
            component.key: IntegrationService(component, self, enabled=chosen.get(component.key))
            for component in COMPONENTS
        }
        unknown = sorted(set(chosen) - set(BY_KEY))
        if unknown:
            raise KeyError(unknown[0])
        self.guest.attach(self)

    def __repr__(self) -> str:
        return f"VirtualMachine({self.name!r}, {self.id}, {self._state.powershell_name})"

    @property
    def state(self) -> VMState:
        if self._pending is not None:
            self._settle()
        return self._state

    def _settle(self) -> None:
        """A passing state ends when its time is over."""
        if self._pending is not None and self._now() >= self._pending[0]:
            _, target = self._pending
            self.enter_state(target)

    @property
    def seconds_to_settle(self) -> float:
        """How long the passing state lasts yet; 0 in a lasting state."""
        if self._pending is None:
            return 0
        return max(0.0, (self._pending[0] - self._now()).total_seconds())

    def pass_through(self, state: VMState, target: VMState, seconds: float) -> None:
        """Enter a passing state that leads to *target* after so many simulated seconds."""
        self.enter_state(state)
        self._pending = (self._now() + timedelta(seconds=seconds), target)
        self._settle()

    def enter_state(self, state: VMState, *, booted: bool = False) -> None:
        """Change state and keep the up time right: it stands while paused and starts anew after a power cycle.

        A guest that starts to execute after its VM was off begins to boot (with ``booted`` it is up at once); one whose VM goes off
        or is saved loses its connections.
        """
        if self._running_since is not None:
            self._uptime_base += self._now() - self._running_since
            self._running_since = None
        self._state, self._pending = state, None
        if state in _COLD:
            self._cold = True
        if not self.has_state_objects:
            self._uptime_base = timedelta()
            self.guest.power.cut()
        elif self.is_executing:
            self._running_since = self._now()
        if state is VMState.RUNNING and self._cold:
            self._cold = False
            self.guest.boot(at_once=booted)

    @property
    def is_executing(self) -> bool:
        return self.state in EXECUTING

    @property
    def is_paused(self) -> bool:
        return self.state in PAUSED

    @property
    def has_state_objects(self) -> bool:
        """A worker process exists: components have a status."""
        return self.state in WITH_STATE_OBJECTS

    @property
    def uptime(self) -> timedelta:
        if self._pending is not None:
            self._settle()
        if self._running_since is None:
            return self._uptime_base
        return self._uptime_base + (self._now() - self._running_since)

    @property
    def memory_assigned(self) -> int:
        return self.memory_startup if self.has_state_objects else 0

    @property
    def integration_services(self) -> tuple[IntegrationService, ...]:
        """The six components in the order of Get-VMIntegrationService."""
        return tuple(self._services.values())

    def integration_service(self, component: str | Component) -> IntegrationService:
        """One component by key, GUID or id.

        Raises:
            KeyError: no such component.
        """
        return self._services[find_component(component).key]

    @property
    def heartbeat(self) -> VMHeartbeatStatus | None:
        """Heartbeat as mapped from the component's status (1.6); None while there is no worker process (A)."""
        status = self._services["heartbeat"].operational_status
        if not status:
            return None
        primary = status[0]
        if primary is OperationalStatus.OK:
            secondary = status[1] if len(status) > 1 else None
            if secondary is OperationalStatus.OK:
                return VMHeartbeatStatus.OK_APPLICATIONS_HEALTHY
            if secondary is OperationalStatus.APPLICATION_CRITICAL:
                return VMHeartbeatStatus.OK_APPLICATIONS_CRITICAL
            return VMHeartbeatStatus.OK_APPLICATIONS_UNKNOWN
        return _HEARTBEAT_BY_PRIMARY.get(primary, VMHeartbeatStatus.UNKNOWN)

    @property
    def operational_status(self) -> tuple[VMOperationalStatus, ...]:
        """The VM's own status; *Critical states come with a degraded one."""
        critical = self.state.name.endswith("_CRITICAL")
        return (VMOperationalStatus.DEGRADED if critical else VMOperationalStatus.OK,)

    @property
    def status_descriptions(self) -> tuple[str, ...]:
        return tuple(text(f"vm_status:{status.value}", self.language) for status in self.operational_status)

    @property
    def status(self) -> str:
        """Localized text such as "Operating normally": secondary description if there is one, else primary (A)."""
        return self.status_descriptions[-1]

    def read_lazy(self, name: str) -> Any:
        """A lazily computed property by its PowerShell name; the read is counted as ``lazy:<name>``.

        Raises:
            KeyError: the property is not lazily computed.
        """
        if name not in LAZY_PROPERTIES:
            raise KeyError(name)
        if self._count_lazy is not None:
            self._count_lazy(name)
        if name == "VMIntegrationService":
            return self.integration_services
        if name in ("NumaNodesCount", "NumaSocketCount"):
            return 1
        if name == "SizeOfSystemFiles":
            return 0
        return None if name in ("FloppyDrive", "RemoteFxAdapter", "ComPort1", "ComPort2") else ()

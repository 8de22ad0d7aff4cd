# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest side of a VM: operating system and the guest halves of the components (hyperv-facts.md 1.3-1.5).

A lab of 10,000 VMs must not pay for what nobody looks at: a guest is a few words until something asks for its ``machine``. From then
on only what exists in the machine is the truth: its disk, its registry, its services.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from hvsim.hyperv.clock import Clock
from hvsim.hyperv.executables import Executable
from hvsim.hyperv.guest_power import GuestPower, GuestTimes, ShutdownBehaviour
from hvsim.hyperv.services import BY_KEY
from hvsim.hyperv.windows import WindowsService

if TYPE_CHECKING:
    from collections.abc import Callable

    from hvsim.hyperv.guest_linux import LinuxMachine
    from hvsim.hyperv.guest_windows import GuestWindows
    from hvsim.hyperv.users import User
    from hvsim.hyperv.vm import VirtualMachine

    GuestMachine: TypeAlias = GuestWindows | LinuxMachine

GuestKind = Literal["windows", "linux", "none"]
ServiceState = Literal["running", "stopped", "disabled", "absent", "hung"]
Protocol = Literal["current", "different", "older", "incompatible"]
ApplicationHealth = Literal["healthy", "critical", "unknown"]

#: Key of vmicvmsession, which has no component on the host.
POWERSHELL_DIRECT: Final = "powershell_direct"

DEFAULT_OS_NAMES: Final[dict[str, str]] = {
    "windows": "Windows Server 2022 Datacenter",
    "linux": "Ubuntu 24.04",
    "none": "",
}

#: Guest operating systems (by the start of their name) that lack a component altogether.
_UNSUPPORTED: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("windows server 2008", frozenset({"guest_service_interface", POWERSHELL_DIRECT})),
    ("windows server 2012 r2", frozenset({POWERSHELL_DIRECT})),
    ("windows server 2012", frozenset({"guest_service_interface", POWERSHELL_DIRECT})),
    ("windows 7", frozenset({"guest_service_interface", POWERSHELL_DIRECT})),
    ("windows 8.1", frozenset({POWERSHELL_DIRECT})),
    ("windows 8", frozenset({"guest_service_interface", POWERSHELL_DIRECT})),
)


class NoOperatingSystem(LookupError):
    """Nothing is installed in the VM."""


class HostDrivenService(WindowsService):
    """A guest's half of a component as a service: the host starts and stops it with its own switch (1.5).

    ``status`` is what the guest sees: running while the host lets it run and nobody in the guest has stopped it. ``start_type`` is
    kept where Windows keeps it, in the registry (Linux: in the object).

    Attributes:
        stopped: somebody in the guest stopped it, or its start type kept the host from starting it.
        stops: how often it was stopped inside: connections that it held are lost.
    """

    def __init__(
        self,
        name: str,
        display_name: str,
        *,
        runs: Callable[[], bool],
        start_type: str = "Manual",
        image_path: str = "",
    ) -> None:
        self._runs = runs
        self._start_values: tuple[Any, str] | None = None
        self._start_type = start_type
        self.stopped = False
        self.stops = 0
        super().__init__(name, display_name, "Running", start_type, image_path)

    @property
    def status(self) -> str:
        return "Running" if not self.stopped and self._runs() else "Stopped"

    @status.setter
    def status(self, status: str) -> None:
        self.stopped = status != "Running"
        self.stops += self.stopped

    @property
    def start_type(self) -> str:
        from_registry = self._read_start()
        return self._start_type if from_registry is None else from_registry

    @start_type.setter
    def start_type(self, start_type: str) -> None:
        self._start_type = start_type
        if self._start_values is not None:
            registry, key = self._start_values
            registry.set_value(key, "Start", _START_NUMBERS[start_type])

    def keep_in(self, registry: Any, key: str) -> None:
        """From now on the start type is the value ``Start`` of that registry key."""
        self._start_values = (registry, key)

    def _read_start(self) -> str | None:
        if self._start_values is None:
            return None
        registry, key = self._start_values
        values = registry.values(key) if registry.exists(key) else ()
        number = next((value.data for value in values if value.name.lower() == "start"), None)
        return _START_NAMES.get(number)

    def started_by_host(self) -> None:
        """The host's switch went on, or the guest booted: it starts unless it is disabled."""
        self.stopped = self.start_type == "Disabled"

    @property
    def state(self) -> ServiceState:
        """As the host experiences it: a service that the host could start counts as running."""
        if not self.stopped:
            return "running"
        return "disabled" if self.start_type == "Disabled" else "stopped"

    @state.setter
    def state(self, state: ServiceState) -> None:
        self.stopped = state in ("stopped", "disabled")
        if state == "disabled":
            self.start_type = "Disabled"
        elif self.start_type == "Disabled":
            self.start_type = "Manual"


_START_NUMBERS: Final = {"Automatic": 2, "Manual": 3, "Disabled": 4}
_START_NAMES: Final[Mapping[Any, str]] = {number: name for name, number in _START_NUMBERS.items()}


class GuestService:
    """The guest's half of one component: a word until the guest's machine exists, then the machine's own service.

    Attributes:
        protocol: how its protocol version compares with the host's.
    """

    __slots__ = ("_inside", "_services", "_state", "protocol")

    def __init__(self, state: ServiceState = "running", protocol: Protocol = "current") -> None:
        self._state: ServiceState = state
        self.protocol: Protocol = protocol
        self._inside: HostDrivenService | None = None
        self._services: MutableMapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"GuestService({self.state!r}, {self.protocol!r})"

    @property
    def state(self) -> ServiceState:
        """``running`` (or startable by the host), ``stopped``, ``disabled``, ``absent`` or ``hung``."""
        inside = self._inside
        if inside is None or self._state == "hung":
            return self._state
        listed = (self._services or {}).get(inside.name.lower()) is inside
        return inside.state if listed else "absent"

    @state.setter
    def state(self, state: ServiceState) -> None:
        self._state = state
        if self._inside is None or self._services is None:
            return
        if state == "absent":
            self._services.pop(self._inside.name.lower(), None)
            return
        self._services[self._inside.name.lower()] = self._inside
        self._inside.state = state

    def move_into(self, services: MutableMapping[str, Any], inside: HostDrivenService) -> None:
        """Let a machine's service be the truth from now on, beginning with the state that was here."""
        self._services, self._inside = services, inside
        self.state = self._state

    def started_by_host(self) -> None:
        """See ``HostDrivenService.started_by_host``."""
        if self._inside is not None:
            self._inside.started_by_host()
        elif self._state == "stopped":
            self._state = "running"


@dataclass(frozen=True)
class GuestSeed:
    """What a guest's machine is made with; nothing reads it afterwards. Shared by the VMs of a fleet.

    Attributes:
        users: accounts; None for the default one.
        files: contents by path (``guest_content``).
        disk_free: bytes that are left on its disk; None for as many as wanted.
        registry: values by key and name.
        kvp: key-value pairs that the guest has pushed.
        language: system language of a Windows guest.
        clock_offset, clock_drift: seconds ahead of the host's clock, and seconds per day that it gains without time
            synchronization.
        configurations: session configurations besides Windows PowerShell's own: language mode by name.
        fcopy_uio: a Linux guest has hv_fcopy_uio_daemon (kernel tools 6.10 and newer), which knows no other characters than ASCII.
        executables: programs that the lab declares.
    """

    users: tuple[User, ...] | None = None
    files: Mapping[str, Any] = field(default_factory=dict)
    kvp: Mapping[str, str] = field(default_factory=dict)
    language: str = "en-US"
    clock_offset: float = 0
    clock_drift: float = 0
    configurations: Mapping[str, str] = field(default_factory=dict)
    fcopy_uio: bool = False
    executables: tuple[Executable, ...] = ()
    registry: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    disk_free: int | None = None


_EMPTY_SEED: Final = GuestSeed()


class Guest:
    """What runs inside a VM.

    Attributes:
        kind: ``windows``, ``linux`` or ``none`` (no operating system installed).
        os_name: product name as the guest reports it.
        application_health: what the heartbeat's secondary status says; by default Windows guests report healthy
            applications and Linux guests nothing.
        services: halves by service key, made on first use.
        seed: what the machine is made with.
        power: whether it has booted and answers.
    """

    def __init__(
        self,
        kind: GuestKind = "windows",
        os_name: str = "",
        computer_name: str = "",
        *,
        booted: bool = True,
        responding: bool = True,
        application_health: ApplicationHealth | None = None,
        services: dict[str, GuestService] | None = None,
        seed: GuestSeed | None = None,
        times: GuestTimes | None = None,
        on_shutdown: ShutdownBehaviour = "graceful",
    ) -> None:
        self.kind: GuestKind = kind
        self.os_name = os_name or DEFAULT_OS_NAMES[kind]
        self.computer_name = computer_name
        self.application_health: ApplicationHealth = application_health or (
            "healthy" if kind == "windows" else "unknown"
        )
        self.services = {} if services is None else services
        self.seed = _EMPTY_SEED if seed is None else seed
        self.vm: VirtualMachine | None = None
        self._machine: GuestMachine | None = None
        self._before_use: Callable[[], None] | None = None
        self._host_clock: Callable[[], Clock] = _standalone_clock()
        self.power = GuestPower(
            lambda: self.host_clock.now(), booted=booted, responding=responding, times=times, on_shutdown=on_shutdown
        )

    def __repr__(self) -> str:
        return f"Guest({self.kind!r}, {self.os_name!r})"

    @property
    def booted(self) -> bool:
        """The operating system's services are up (looked at while the VM runs)."""
        return self.power.booted

    @booted.setter
    def booted(self, booted: bool) -> None:
        self.power.booted = booted

    @property
    def responding(self) -> bool:
        """False for a hung guest: every component loses communication."""
        return self.power.responding

    @responding.setter
    def responding(self, responding: bool) -> None:
        self.power.responding = responding

    def boot(self, *, at_once: bool = False) -> None:
        """Power on or restart: phases begin, services start unless they are disabled."""
        self.power.start(at_once=at_once)
        for service in self.services.values():
            service.started_by_host()
        if self._machine is not None:
            self._machine.boot()

    def attach(self, vm: VirtualMachine) -> None:
        """The guest runs in that VM: its services follow the VM's switches."""
        self.vm = vm

    def follow(self, host_clock: Callable[[], Clock]) -> None:
        """The host's clock, against which the guest's drifts."""
        self._host_clock = host_clock

    def go_down(self, *, restart: bool) -> None:
        """Somebody inside shuts the guest down or restarts it: the VM turns off after a while, or boots anew."""
        if restart:
            self.boot()
            return
        from hvsim.hyperv.vm import VMState

        if self.vm is not None and self.vm.is_executing:
            self.vm.pass_through(VMState.STOPPING, VMState.OFF, self.power.times.shutdown)
            self.power.cut()

    # -- the machine

    def before_use(self, action: Callable[[], None]) -> None:
        """What the host does whenever somebody looks into the guest: it delivers what is due by then."""
        self._before_use = action

    @property
    def has_machine(self) -> bool:
        """Whether the machine has been made already; asking does not make it."""
        return self._machine is not None

    @property
    def machine(self) -> GuestMachine:
        """The guest as a machine, made on first use.

        Raises:
            NoOperatingSystem: nothing is installed.
        """
        if self._machine is None:
            self._machine = self._make_machine()
        if self._before_use is not None:
            self._before_use()
        return self._machine

    def _make_machine(self) -> GuestMachine:
        if self.kind == "none":
            raise NoOperatingSystem("no operating system is installed in this virtual machine")
        if self.kind == "linux":
            from hvsim.hyperv.guest_linux import LinuxMachine

            return LinuxMachine(self)
        from hvsim.hyperv.guest_windows import GuestWindows

        return GuestWindows(self)

    @property
    def host_clock(self) -> Clock:
        return self._host_clock()

    def component_enabled(self, key: str) -> bool:
        """The host's switch for that component; always on for a guest that is in no VM."""
        return self.vm is None or self.vm.integration_service(key).enabled

    # -- the halves of the components

    def service(self, key: str) -> GuestService:
        """The guest's half of a component (or ``powershell_direct``), made on first use with what its system brings.

        Raises:
            KeyError: no such component.
        """
        if key not in BY_KEY and key != POWERSHELL_DIRECT:
            raise KeyError(key)
        if key not in self.services:
            self.services[key] = self._default_service(key)
        return self.services[key]

    def _default_service(self, key: str) -> GuestService:
        if self.kind == "none" or not self.supports(key):
            return GuestService("absent")
        if self.kind == "linux" and key == "vss":
            return GuestService("running", "different")
        return GuestService()

    def supports(self, key: str) -> bool:
        """Whether the operating system has a half for that component at all."""
        if self.kind != "windows":
            return self.kind == "linux" and key != POWERSHELL_DIRECT
        name = self.os_name.lower()
        return next((key not in missing for prefix, missing in _UNSUPPORTED if name.startswith(prefix)), True)

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
    def powershell_direct(self) -> ServiceState:
        """State of vmicvmsession."""
        return self.service(POWERSHELL_DIRECT).state


def _standalone_clock() -> Callable[[], Clock]:
    made: list[Clock] = []

    def clock() -> Clock:
        if not made:
            made.append(Clock())
        return made[0]

    return clock

# SPDX-License-Identifier: GPL-3.0-or-later
"""A Hyper-V host: the one place through which anything about its VMs changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NoReturn
from uuid import UUID, uuid5

from hvsim.hyperv.clock import DEFAULT_START, Clock
from hvsim.hyperv.counters import Counters
from hvsim.hyperv.errors import (
    AccessDenied,
    InvalidParameter,
    InvalidState,
    JobFault,
    ModelError,
    NotPermitted,
    ObjectGone,
    OperationFailed,
    RoleMissing,
    ServiceStopped,
    VirtualMachineNotFound,
)
from hvsim.hyperv.executables import Executable
from hvsim.hyperv.faults import CUT_CONNECTION, GUEST_FAULTS, JOB_FAULTS, WINRM, FaultRule, FaultSet
from hvsim.hyperv.guest_file_copy import copy_file
from hvsim.hyperv.guest_session import GuestConnection, connect
from hvsim.hyperv.kvp import KvpBehaviour, kvp_of
from hvsim.hyperv.machine import WindowsMachine
from hvsim.hyperv.power import StateChange, begin_change
from hvsim.hyperv.services import Component, IntegrationService, find_component
from hvsim.hyperv.texts import text
from hvsim.hyperv.users import ADMINISTRATORS, User
from hvsim.hyperv.vm import VirtualMachine, VMState
from hvsim.hyperv.windows import release_of, system_services

#: Namespace of the ids that are derived from names.
_NAMESPACE: Final = UUID("6f1d2c52-6a0e-4d0b-9a5c-8a4f3f0f7b11")

_STABLE: Final = frozenset({VMState.OFF, VMState.OFF_CRITICAL, VMState.RUNNING, VMState.RUNNING_CRITICAL})
_PAUSED: Final = frozenset({VMState.PAUSED, VMState.PAUSED_CRITICAL})
_SAVED: Final = frozenset(
    {VMState.SAVED, VMState.SAVED_CRITICAL, VMState.FAST_SAVED, VMState.FAST_SAVED_CRITICAL, VMState.HIBERNATED}
)


@dataclass(frozen=True)
class Behaviour:
    """Switches for what is not known of the real thing; each is a row in ASSUMPTIONS.md.

    Attributes:
        toggle_saved: switching a component of a saved VM.
        toggle_paused: the same for a paused VM.
        disabled_status: status of a disabled component (other than the heartbeat) whose guest could serve it.
        direct_from_powershell7: whether New-PSSession to a guest from a PowerShell 7 host needs a PowerShell.7 endpoint in it.
        not_permitted: how a caller without rights is refused; ``empty`` lets reads find no VM at all.
    """

    toggle_saved: Literal["allow", "refuse"] = "refuse"
    toggle_paused: Literal["allow", "refuse"] = "allow"
    disabled_status: Literal["ok", "disabled"] = "ok"
    direct_from_powershell7: Literal["works", "needs_endpoint"] = "works"
    not_permitted: Literal["AccessDenied", "Unspecified", "empty"] = "AccessDenied"


DEFAULT_USERS: Final = (
    User(
        "Administrator", "Lab-Only-1", frozenset({ADMINISTRATORS}), sid="S-1-5-21-1004336348-1177238915-682003330-500"
    ),
)


class Host(WindowsMachine):
    """One simulated host.

    Attributes:
        name, language, build, edition, powershell: identity; ``powershell`` is ``"5.1"`` or ``"7"``.
        users: accounts.
        clock, counters, faults, files, registry, services: parts, replaced by ``reset`` (but for counters and clock).
        latency_ms: simulated time that each command takes.
        role_installed: Hyper-V role; ``module_installed``: its PowerShell module.
        behaviour, kvp_behaviour: switches for unknown facts.
        port: port that the lab file asks for, or None.

    Every method that takes ``actor`` checks that user's rights and applies the faults; ``actor=None`` is the operator
    of the simulator (lab file, admin endpoint), to whom neither applies.
    """

    def __init__(
        self,
        name: str,
        *,
        language: str = "en-US",
        build: int = 20348,
        edition: str = "Datacenter",
        powershell: str = "5.1",
        users: Iterable[User] = DEFAULT_USERS,
        clock: datetime | None = DEFAULT_START,
        latency_ms: float = 0,
        role_installed: bool = True,
        module_installed: bool | None = None,
        vmms_running: bool = True,
        behaviour: Behaviour | None = None,
        kvp_behaviour: KvpBehaviour | None = None,
        faults: Iterable[FaultRule] = (),
        port: int | None = None,
        executables: Iterable[Executable] = (),
        populate: Callable[[Host], None] | None = None,
    ) -> None:
        self.name = name
        self.language = language
        self.build = build
        self.edition = edition
        self.powershell = powershell
        self.users = tuple(users)
        self.latency_ms = latency_ms
        self.role_installed = role_installed
        self.module_installed = role_installed if module_installed is None else module_installed
        self.behaviour = behaviour or Behaviour()
        self.kvp_behaviour = kvp_behaviour or KvpBehaviour()
        self.port = port
        self.counters = Counters()
        self._clock_start = clock
        self._vmms_at_start = vmms_running
        self._faults_at_start = tuple(faults)
        self._executables = tuple(executables)
        self._populate = populate
        self._lock = threading.RLock()
        self._vms: dict[UUID, VirtualMachine] = {}
        self.reset()

    def __repr__(self) -> str:
        return f"Host({self.name!r}, {self.language}, {len(self._vms)} VMs)"

    def reset(self) -> None:
        """Back to the state of the lab file: VMs, files, registry, services, faults, clock; counters at zero."""
        with self._lock:
            for vm in self._vms.values():
                vm.is_deleted = True
            self._vms = {}
            self.clock: Clock = Clock(self._clock_start)
            self.counters.reset()
            self.faults = FaultSet(self._faults_at_start)
            self.install(
                system_services(role_installed=self.role_installed, vmms_running=self._vmms_at_start),
                executables=self._executables,
            )
            if self._populate is not None:
                self._populate(self)

    # -- the role

    @property
    def vmms_running(self) -> bool:
        """Whether the Virtual Machine Management service runs."""
        vmms = self.services.get("vmms")
        return vmms is not None and vmms.status == "Running"

    @vmms_running.setter
    def vmms_running(self, running: bool) -> None:
        vmms = self.services.get("vmms")
        if vmms is None:
            raise ValueError(f"host {self.name!r} has no Hyper-V role")
        vmms.status = "Running" if running else "Stopped"

    # -- commands: counting, faults, rights

    def begin(self, command: str, *, actor: str | User | None) -> None:
        """Start of a Hyper-V command: counted as ``cmdlet:<command>``, then faults, role, service and rights.

        Raises:
            ModelError: the command as a whole cannot work (``fatal`` errors), or a fault says so.
        """
        self.counters.add(f"cmdlet:{command}")
        if self.latency_ms:
            self.clock.advance(milliseconds=self.latency_ms)
        self.apply_faults(command)
        self.require_management(actor)

    def require_management(self, actor: str | User | None) -> None:
        """Check that VMMS answers and that the user may manage it.

        Raises:
            RoleMissing, ServiceStopped, NotPermitted: why not.
        """
        if not self.role_installed:
            raise RoleMissing.on(self.name, self.language)
        if not self.vmms_running:
            raise ServiceStopped.on(self.name, self.language)
        if self.may_manage(actor) or self.behaviour.not_permitted == "empty":
            return
        raise NotPermitted.on(self.name, self.language, error_id=self.behaviour.not_permitted)

    def may_manage(self, actor: str | User | None) -> bool:
        """Administrators and Hyper-V administrators may; so may the simulator's operator (None)."""
        if actor is None:
            return True
        account = actor if isinstance(actor, User) else self.find_user(actor)
        return account is not None and account.may_manage_hyperv

    def touch(
        self,
        vm: VirtualMachine,
        *,
        command: str,
        actor: str | User | None,
        component: str | Component | None = None,
    ) -> None:
        """One command works on one VM: apply the faults for that VM and see that it still exists.

        Raises:
            ModelError: a fault says so; ``ObjectGone`` if the VM was removed meanwhile.
        """
        if actor is not None:
            key = None if component is None else find_component(component).key
            self.apply_faults(command, vm, key)
        if vm.is_deleted:
            raise ObjectGone.on(self.name, self.language)

    def cuts_connection(self) -> bool:
        """Whether a fault closes the connection of a WinRM client instead of answering its request; asked for each."""
        cut = self.faults.check(WINRM).rule is not None
        if cut:
            self.counters.add(f"fault:{CUT_CONNECTION}")
        return cut

    def apply_faults(self, command: str, vm: VirtualMachine | None = None, component: str | None = None) -> None:
        """Apply the faults for one step of a command.

        Raises:
            ModelError: a fault says so.
        """
        outcome = self.faults.check(
            command,
            vm_name=None if vm is None else vm.name,
            vm_id=None if vm is None else vm.id,
            component=component,
        )
        if outcome.latency_ms:
            self.clock.advance(milliseconds=outcome.latency_ms)
        if outcome.rule is None:
            return
        self.counters.add(f"fault:{outcome.rule.error or outcome.rule.error_id or 'OperationFailed'}")
        if outcome.rule.error in GUEST_FAULTS and vm is not None:
            self._harm(vm, outcome.rule.error)
            return
        self._raise_fault(outcome.rule, vm, command)

    def _harm(self, vm: VirtualMachine, error: str) -> None:
        """What befalls the VM or its guest; the command finds out by itself."""
        match error:
            case "vanish":
                self.remove_vm(vm.id, actor=None)
            case "reboot_guest":
                vm.guest.boot()
            case "hang_guest":
                vm.guest.responding = False
            case _:
                vm.enter_state(VMState.OFF)

    def _raise_fault(self, rule: FaultRule, vm: VirtualMachine | None, command: str) -> NoReturn:
        language = self.language
        name, vm_id = (vm.name, vm.id) if vm is not None else (self.name, UUID(int=0))
        match rule.error:
            case None:
                message = rule.message or text("operation_failed", language)
                raise OperationFailed(message, error_id=rule.error_id, category=rule.category)
            case "access_denied":
                raise AccessDenied.to_vm(name, vm_id, language)
            case "not_permitted":
                wanted = self.behaviour.not_permitted
                raise NotPermitted.on(self.name, language, error_id="AccessDenied" if wanted == "empty" else wanted)
            case "role_missing":
                raise RoleMissing.on(self.name, language)
            case "service_stopped":
                raise ServiceStopped.on(self.name, language)
            case "invalid_state":
                raise InvalidState.of(vm, language)
            case "vm_not_found":
                raise VirtualMachineNotFound.by_name(name, language, command=command)
            case "gone":
                raise ObjectGone.on(self.name, language)
            case "busy":
                raise ModelError(text("busy", language), error_id="ObjectInUse", category="ResourceBusy")
            case "timeout":
                raise ModelError(text("timeout", language), error_id="OperationTimeout", category="OperationTimeout")
            case "out_of_memory":
                raise ModelError(text("out_of_memory", language), error_id="OutOfMemory", category="FromStdErr")
            case kind if kind in JOB_FAULTS:
                raise JobFault(kind, text("operation_failed", language))
            case _:
                raise OperationFailed(text("operation_failed", language))

    # -- VMs: reading

    def virtual_machines(self) -> tuple[VirtualMachine, ...]:
        """All VMs in VMMS order (the order of the lab file), without any check."""
        with self._lock:
            return tuple(self._vms.values())

    def visible_virtual_machines(self, actor: str | User | None) -> tuple[VirtualMachine, ...]:
        """The VMs that VMMS shows to a user: none at all to one without rights (see ``Behaviour.not_permitted``)."""
        return self.virtual_machines() if self.may_manage(actor) else ()

    def get_vm(self, vm_id: UUID | str) -> VirtualMachine:
        """A VM by id.

        Raises:
            VirtualMachineNotFound: no VM has that id, or the text is no id.
        """
        try:
            wanted = vm_id if isinstance(vm_id, UUID) else UUID(vm_id)
        except ValueError:
            raise VirtualMachineNotFound.by_id(vm_id, self.language) from None
        with self._lock:
            found = self._vms.get(wanted)
        if found is None:
            raise VirtualMachineNotFound.by_id(wanted, self.language)
        return found

    def find_vms(self, name: str) -> tuple[VirtualMachine, ...]:
        """All VMs of exactly that name, in any case: a name may belong to several."""
        wanted = name.lower()
        return tuple(vm for vm in self.virtual_machines() if vm.name.lower() == wanted)

    def read_integration_services(
        self,
        vm: VirtualMachine,
        *,
        actor: str | User | None,
        command: str = "Get-VMIntegrationService",
    ) -> tuple[IntegrationService, ...]:
        """The components of a VM, as a command reads them.

        Raises:
            ModelError: faults; ``ObjectGone`` for a removed VM.
        """
        self.touch(vm, command=command, actor=actor)
        return vm.integration_services

    # -- VMs: changing

    def derive_id(self, name: str, index: int = 0) -> UUID:
        """The id that a VM gets from its name when the lab file gives none."""
        return uuid5(_NAMESPACE, f"{self.name.lower()}\n{name}\n{index}")

    def add_vm(self, name: str, vm_id: UUID | None = None, **attributes: Any) -> VirtualMachine:
        """Create a VM; ``attributes`` are those of ``VirtualMachine``.

        Raises:
            InvalidParameter: the id is taken.
        """
        attributes.setdefault("version", release_of(self.build).vm_version)
        vm = VirtualMachine(
            name,
            vm_id or self.derive_id(name),
            clock_now=lambda: self.clock.now(),
            language=self.language,
            disabled_status=self.behaviour.disabled_status,
            count_lazy=lambda prop: self.counters.add(f"lazy:{prop}"),
            **attributes,
        )
        with self._lock:
            if vm.id in self._vms:
                raise InvalidParameter(f"host {self.name!r} has a virtual machine with id {vm.id}")
            self._vms[vm.id] = vm
        vm.guest.follow(lambda: self.clock)
        vm.guest.before_use(lambda: kvp_of(self, vm).synchronize())
        return vm

    def remove_vm(self, vm_id: UUID | str, *, actor: str | User | None) -> None:
        """Delete a VM; objects read before report ``is_deleted``.

        Raises:
            VirtualMachineNotFound, NotPermitted: as they say.
        """
        with self._change(vm_id, "Remove-VM", actor) as vm:
            vm.is_deleted = True
            del self._vms[vm.id]

    def rename_vm(self, vm_id: UUID | str, name: str, *, actor: str | User | None) -> None:
        """Give a VM another name; names need not be unique.

        Raises:
            InvalidParameter: the name is empty. Also what ``remove_vm`` raises.
        """
        if not name:
            raise InvalidParameter("a virtual machine needs a name")
        with self._change(vm_id, "Rename-VM", actor) as vm:
            vm.name = name

    def set_notes(self, vm_id: UUID | str, notes: str, *, actor: str | User | None) -> None:
        """Replace the notes. Raises what ``remove_vm`` raises."""
        with self._change(vm_id, "Set-VM", actor) as vm:
            vm.notes = notes

    def set_vm_state(self, vm_id: UUID | str, state: VMState) -> None:
        """Put a VM into any state at once, its guest booted (operator only).

        Raises:
            VirtualMachineNotFound: no such VM.
        """
        with self._change(vm_id, "", None) as vm:
            vm.enter_state(state, booted=True)

    def change_vm_state(
        self,
        vm_id: UUID | str | VirtualMachine,
        change: StateChange,
        *,
        actor: str | User | None,
        command: str,
        wait: bool = True,
    ) -> bool:
        """Start, shut down, turn off, save, suspend, resume or reset a VM. False: it already is in the target state (a
        warning for users).

        Args:
            vm_id, actor, command: as ``set_integration_service``.
            change: what to do.
            wait: let the simulated time pass that the change takes, as the cmdlets do without -AsJob.

        Raises:
            InvalidState: not allowed from the current state. Also what ``remove_vm`` and ``power.begin_change`` raise.
        """
        with self._change(vm_id, command, actor) as vm:
            changed = begin_change(self, vm, change)
            if changed and wait:
                self.wait_for_power(vm)
            return changed

    def wait_for_power(self, vm: VirtualMachine) -> None:
        """Let the time pass until the VM is in a lasting state."""
        self.clock.advance(seconds=vm.seconds_to_settle)
        assert not vm.seconds_to_settle, vm.state

    def connect_guest(
        self,
        vm: VirtualMachine,
        user: str,
        password: str,
        *,
        actor: str | User | None,
        configuration_name: str | None = None,
        persistent: bool = False,
    ) -> GuestConnection:
        """Enter a guest with PowerShell Direct.

        Args:
            vm: the one VM that the caller's name or id means.
            user, password: an account of the guest; a domain part is ignored.
            actor: user of the host; None for the simulator's operator.
            configuration_name: session configuration of the guest.
            persistent: for New-PSSession (a PowerShell 7 host may need an endpoint then).

        Raises:
            DirectError: one of the errors of table 2.6, the first that applies in the order of a real client.
            ModelError: a fault for the command ``Connect-Guest`` says so.
        """
        return connect(
            self, vm, user, password, actor=actor, configuration_name=configuration_name, persistent=persistent
        )

    def copy_file_to_guest(
        self,
        vm: VirtualMachine,
        source: str,
        destination: str,
        *,
        create_full_path: bool = False,
        force: bool = False,
        actor: str | User | None,
    ) -> None:
        """Copy one file of the host into a running guest through the guest service interface.

        Args:
            source: absolute path on the host; ``%NAME%`` is expanded there.
            destination: file or existing directory in the guest; ``%NAME%`` is expanded in a Windows guest.
            create_full_path: make missing directories.
            force: overwrite an existing file.

        Raises:
            OperationFailed: the VM does not run.
            CopyFailed: either half of the service is off, or source or destination do not allow it.
            ModelError: a fault says so.
        """
        copy_file(self, vm, source, destination, create_full_path=create_full_path, force=force, actor=actor)

    def set_integration_service(
        self,
        vm_id: UUID | str | VirtualMachine,
        component: str | Component,
        enabled: bool,
        *,
        actor: str | User | None,
        command: str | None = None,
    ) -> IntegrationService:
        """Switch a component on or off. Always writes, as the cmdlets do, even if nothing changes (A).

        Args:
            vm_id: id, or a VM read before (a VM removed since then raises ``ObjectGone``).
            component: key, component GUID or full id.
            enabled: the wanted switch.
            actor: user name; None for the simulator's operator.
            command: name that faults match; by default Enable- or Disable-VMIntegrationService.

        Raises:
            VirtualMachineNotFound, ObjectGone: no such VM (any more).
            NotPermitted, ServiceStopped, RoleMissing: the command cannot work at all.
            InvalidState: the VM's state forbids it.
            KeyError: no such component.
            ModelError: a fault says so.
        """
        target = find_component(component)
        name = command or ("Enable-VMIntegrationService" if enabled else "Disable-VMIntegrationService")
        with self._change(vm_id, name, actor, target) as vm:
            if actor is not None and not self._may_toggle(vm.state):
                raise InvalidState.of(vm, self.language)
            service = vm.integration_service(target)
            if enabled and not service.enabled:
                vm.guest.service(target.key).started_by_host()
            service.enabled = enabled
            self.counters.add("write:integration_service")
            return service

    def _may_toggle(self, state: VMState) -> bool:
        if state in _STABLE:
            return True
        if state in _PAUSED:
            return self.behaviour.toggle_paused == "allow"
        return state in _SAVED and self.behaviour.toggle_saved == "allow"

    def _change(
        self,
        vm_id: UUID | str | VirtualMachine,
        command: str,
        actor: str | User | None,
        component: Component | None = None,
    ) -> _Change:
        return _Change(self, vm_id, command, actor, component)


class _Change:
    """A change of one VM under the host's lock, after rights and faults."""

    def __init__(
        self,
        host: Host,
        vm_id: UUID | str | VirtualMachine,
        command: str,
        actor: str | User | None,
        component: Component | None,
    ) -> None:
        self._host, self._vm_id, self._command = host, vm_id, command
        self._actor, self._component = actor, component

    def __enter__(self) -> VirtualMachine:
        host = self._host
        host._lock.acquire()
        try:
            if self._actor is not None:
                host.require_management(self._actor)
                if not host.may_manage(self._actor):
                    raise NotPermitted.on(host.name, host.language)
            vm = self._vm_id if isinstance(self._vm_id, VirtualMachine) else host.get_vm(self._vm_id)
            host.touch(vm, command=self._command, actor=self._actor, component=self._component)
            return vm
        except BaseException:
            host._lock.release()
            raise

    def __exit__(self, *exc_info: object) -> None:
        self._host._lock.release()

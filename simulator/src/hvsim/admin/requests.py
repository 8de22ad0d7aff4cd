# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that the admin endpoint accepts, as strict models, and how they act on the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hvsim.hyperv.errors import ModelError
from hvsim.hyperv.guest import Guest, GuestKind, Protocol, ServiceState
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab_models import FaultSpec, Moment, ServicesSpec, StateName
from hvsim.hyperv.services import BY_KEY
from hvsim.hyperv.vm import VirtualMachine, VMState

Model = TypeVar("Model", bound=BaseModel)


class RequestError(Exception):
    """The body of a request is not usable; the text says which key and why."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class VmChange(_Model):
    """Changes to a VM; what is left out stays."""

    name: Annotated[str | None, Field(min_length=1)] = None
    state: StateName | None = None
    notes: str | None = None
    services: ServicesSpec = Field(default_factory=ServicesSpec)
    booted: bool | None = None
    responding: bool | None = None
    delete: bool = False

    def apply(self, host: Host, vm: VirtualMachine) -> None:
        """Carry the changes out, without rights, state rules or faults: the operator may do everything.

        Raises:
            ModelError: the VM went away meanwhile.
        """
        if self.name is not None:
            host.rename_vm(vm.id, self.name, actor=None)
        if self.state is not None:
            host.set_vm_state(vm.id, VMState.parse(self.state))
        if self.notes is not None:
            host.set_notes(vm.id, self.notes, actor=None)
        _apply_guest(vm.guest, self.booted, self.responding)
        for key in BY_KEY:
            service = getattr(self.services, key)
            if service is None:
                continue
            if service.enabled is not None:
                host.set_integration_service(vm.id, key, service.enabled, actor=None)
            _apply_guest_service(vm.guest, key, service.guest, service.protocol)
        if self.delete:
            host.remove_vm(vm.id, actor=None)


def _apply_guest(guest: Guest, booted: bool | None, responding: bool | None) -> None:
    guest.booted = guest.booted if booted is None else booted
    guest.responding = guest.responding if responding is None else responding


def _apply_guest_service(guest: Guest, key: str, state: ServiceState | None, protocol: Protocol | None) -> None:
    inside = guest.service(key)
    inside.state = state or inside.state
    inside.protocol = protocol or inside.protocol


class NewVm(_Model):
    """A VM to create."""

    name: str = Field(min_length=1)
    id: str | None = None
    state: StateName = "running"
    generation: int = Field(default=2, ge=1, le=2)
    notes: str = ""
    guest: GuestKind = "windows"
    services: dict[str, bool] = Field(default_factory=dict)

    @property
    def uuid(self) -> UUID | None:
        """The wanted id.

        Raises:
            RequestError: the text is no GUID.
        """
        try:
            return None if self.id is None else UUID(self.id)
        except ValueError:
            raise RequestError(f"id: {self.id!r} is not a GUID") from None

    def create(self, host: Host) -> VirtualMachine:
        """Create it.

        Raises:
            RequestError: an unknown service, or the text of the id is no GUID.
            InvalidParameter: the id is taken.
        """
        unknown = sorted(set(self.services) - set(BY_KEY))
        if unknown:
            raise RequestError(f"services.{unknown[0]}: unknown key; known: {', '.join(sorted(BY_KEY))}")
        return host.add_vm(
            self.name,
            self.uuid,
            state=VMState.parse(self.state),
            generation=self.generation,
            notes=self.notes,
            guest=Guest(kind=self.guest),
            services=self.services,
        )


class NewVms(_Model):
    """Several VMs to create, all or none."""

    vms: list[NewVm]

    def create(self, host: Host) -> list[VirtualMachine]:
        """Create them.

        Raises:
            RequestError, InvalidParameter: as with one, and nothing is created.
        """
        made: list[VirtualMachine] = []
        try:
            for wanted in self.vms:
                made.append(wanted.create(host))
        except (RequestError, ModelError):
            for vm in made:
                host.remove_vm(vm.id, actor=None)
            raise
        return made


class OldVms(_Model):
    """VMs to delete, by id or unique name."""

    vms: list[str]


class HostChange(_Model):
    """Changes to the host; what is left out stays."""

    vmms_running: bool | None = None
    role_installed: bool | None = None
    module_installed: bool | None = None
    clock: Moment | None = None
    advance_seconds: float = Field(default=0, ge=0, le=1e9, allow_inf_nan=False)
    latency_ms: Annotated[float | None, Field(ge=0, le=86_400_000)] = None

    def apply(self, host: Host) -> None:
        """Carry the changes out.

        Raises:
            RequestError: the host has no VMMS to start.
        """
        if self.role_installed is not None:
            host.role_installed = self.role_installed
        if self.module_installed is not None:
            host.module_installed = self.module_installed
        if self.vmms_running is not None:
            try:
                host.vmms_running = self.vmms_running
            except ValueError as error:
                raise RequestError(f"vmms_running: {error}") from None
        if self.clock is not None:
            host.clock.set(self.clock)
        host.clock.advance(seconds=self.advance_seconds)
        if self.latency_ms is not None:
            host.latency_ms = self.latency_ms


class FaultList(_Model):
    """Fault rules to append."""

    faults: list[FaultSpec] = Field(min_length=1)


def parse(model: type[Model], data: object) -> Model:
    """Validate a body.

    Raises:
        RequestError: what is wrong, with the key.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise RequestError("; ".join(_problem(details) for details in error.errors(include_url=False))) from None


def _problem(details: Any) -> str:
    place: Sequence[object] = details["loc"]
    if details["type"] == "extra_forbidden":
        return f"{'.'.join(map(str, place))}: unknown key"
    reason = str(details["ctx"]["error"]) if details["type"] == "value_error" else details["msg"]
    return f"{'.'.join(map(str, place))}: {reason}" if place else str(reason)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-VM, Get-VMHost, Get-, Enable- and Disable-VMIntegrationService (hyperv-facts.md 2.1 - 2.3).

Errors are non-terminating, one per operand; the text follows the host's language. Names are matched by one resolver with
PowerShell's wildcard rules: one wildcard anywhere makes all names patterns, and a pattern that matches nothing is no error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cmp_to_key
from importlib import resources
from typing import Any

from hvsim.cmdlets.hyperv.types import ComponentObject, HostObject, VirtualMachineObject
from hvsim.hyperv.errors import ComponentNotFound, ModelError, VirtualMachineNotFound
from hvsim.hyperv.host import Host
from hvsim.hyperv.services import IntegrationService
from hvsim.hyperv.vm import VirtualMachine
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.runtime import compare, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord


@cache
def _metadata() -> dict[str, Any]:
    text = resources.files("hvsim.cmdlets.metadata").joinpath("hyperv.json").read_text("utf-8")
    return {row["name"]: row for row in json.loads(text)["cmdlets"]}


def hyperv_cmdlet(name: str, *parameters: str) -> Callable[[type[Cmdlet]], type[Cmdlet]]:
    """As ``cmdlet``, with the Hyper-V module's metadata."""
    return cmdlet(name, parameters=parameters, metadata=_metadata()[name])


class HyperVCommand(Cmdlet):
    """What all cmdlets of the module share: the host, the caller, error records."""

    @classmethod
    def is_installed(cls, ctx: ExecutionContext) -> bool:
        """Without the Hyper-V module the cmdlets do not exist (CommandNotFoundException)."""
        host: Any = ctx.services.get(Host) or getattr(ctx.machine, "host", None)
        return host is None or bool(host.module_installed)

    @property
    def host(self) -> Host:
        """The simulated host of this runspace.

        Raises:
            Unsupported: the runspace runs on no Hyper-V host.
        """
        host: Host | None = self.ctx.services.get(Host)
        if host is None:
            raise Unsupported(f"{self.metadata.name} without a simulated host (give hvsim run a --lab)")
        return host

    @property
    def actor(self) -> str:
        return self.ctx.machine.user

    def start(self) -> bool:
        """Begins the command on the host; an error of the whole command is written, and there is nothing to do."""
        try:
            self.host.begin(self.metadata.name, actor=self.actor)
        except ModelError as error:
            self.report(error)
            return False
        return True

    def report(self, error: ModelError) -> None:
        """Writes a model error as PowerShell's error record."""
        self.write_error(self.error_record(error))

    def error_record(self, error: ModelError) -> ErrorRecord:
        """A model error as PowerShell's error record."""
        target = self._target(error.target)
        return self.record(to_utf16(error.message), error.error_id, error.category, target, kind=error.exception_type)

    def _target(self, target: Any) -> Any:
        if isinstance(target, VirtualMachine):
            return VirtualMachineObject(self.host, target)
        if isinstance(target, IntegrationService):
            return ComponentObject(self.host, target)
        return to_utf16(target) if isinstance(target, str) else target

    # -- names --

    def by_name(self, names: Iterable[str]) -> Iterator[VirtualMachine]:
        """VMs by the module's name rules; unknown plain names are reported."""
        wanted = [from_utf16(n) for n in names]
        machines = self.host.visible_virtual_machines(self.actor)
        if any(wildcard.contains_wildcard(n) for n in wanted):
            matchers = [wildcard.compile(to_utf16(n)) for n in wanted]
            for vm in machines:
                if any(matcher(to_utf16(vm.name)) for matcher in matchers):
                    yield vm
            return
        keys = {n.lower() for n in wanted}
        found = [vm for vm in machines if vm.name.lower() in keys]
        yield from found
        present = {vm.name.lower() for vm in found}
        for name in wanted:
            if name.lower() not in present:
                self.report(VirtualMachineNotFound.by_name(name, self.host.language, command=self.metadata.name))

    def machines(self) -> list[VirtualMachine]:
        """The VMs that -VMName (some cmdlets call it -Name) or -VM mean."""
        if self.bound("VM"):
            return [item.vm for item in self.args["VM"]]
        return list(self.by_name(self.args["VMName" if "VMName" in self.metadata.parameters else "Name"]))

    def services(self, vm: VirtualMachine, names: list[str] | None) -> list[IntegrationService]:
        """The components of a VM whose (localized) names match; no match is an error for that VM (A)."""
        try:
            services = list(self.host.read_integration_services(vm, actor=self.actor, command=self.metadata.name))
        except ModelError as error:
            self.report(error)
            return []
        if names is None:
            return services
        matchers = [wildcard.compile(n) for n in names]
        chosen = [s for s in services if any(m(to_utf16(s.name)) for m in matchers)]
        if not chosen:
            self.report(ComponentNotFound.on(self.host.language))
        return chosen


by_text = cmp_to_key(compare.compare_strings)


@hyperv_cmdlet("Get-VM", "Name", "Id")
class GetVM(HyperVCommand):
    def process(self) -> None:
        if not self.start():
            return
        if self.parameter_set == "Id" and self.bound("Id"):
            self._by_id(str(self.args["Id"]))
            return
        if self.bound("Name"):
            for vm in self.by_name(self.args["Name"]):
                self.write(VirtualMachineObject(self.host, vm))
            return
        for vm in self._sorted(self.host.visible_virtual_machines(self.actor)):
            self.write(VirtualMachineObject(self.host, vm))

    def _sorted(self, machines: Iterable[VirtualMachine]) -> list[VirtualMachine]:
        """Without names the list is sorted by name, current culture, ignoring case."""
        return sorted(machines, key=lambda vm: by_text(to_utf16(vm.name)))

    def _by_id(self, vm_id: str) -> None:
        try:
            vm = self.host.get_vm(vm_id)
            if not self.host.may_manage(self.actor):
                raise VirtualMachineNotFound.by_id(vm_id, self.host.language)
        except ModelError as error:
            self.report(error)
            return
        self.write(VirtualMachineObject(self.host, vm))


@hyperv_cmdlet("Get-VMHost")
class GetVMHost(HyperVCommand):
    def process(self) -> None:
        if self.start():
            self.write(HostObject(self.host))


@hyperv_cmdlet("Get-VMIntegrationService", "VMName", "VM", "Name")
class GetVMIntegrationService(HyperVCommand):
    def process(self) -> None:
        if not self.start():
            return
        for vm in self.machines():
            for service in self.services(vm, self.arg("Name")):
                self.write(ComponentObject(self.host, service))


class SwitchIntegrationService(HyperVCommand):
    """Always writes, even what is set already; no output without -Passthru."""

    enabled: bool

    def process(self) -> None:
        if not self.start():
            return
        for service in self._operands():
            if not self.should_process(to_utf16(service.name), self.metadata.name):
                continue
            try:
                changed = self.host.set_integration_service(
                    service.vm, service.component, self.enabled, actor=self.actor, command=self.metadata.name
                )
            except ModelError as error:
                self.report(error)
                continue
            if self.arg("Passthru") is True:
                self.write(ComponentObject(self.host, changed))

    def _operands(self) -> list[IntegrationService]:
        if self.bound("VMIntegrationService"):
            return [item.service for item in self.args["VMIntegrationService"]]
        return [service for vm in self.machines() for service in self.services(vm, self.args["Name"])]


@hyperv_cmdlet("Enable-VMIntegrationService", "Name", "VMName", "VM", "VMIntegrationService", "Passthru")
class EnableVMIntegrationService(SwitchIntegrationService):
    enabled = True


@hyperv_cmdlet("Disable-VMIntegrationService", "Name", "VMName", "VM", "VMIntegrationService", "Passthru")
class DisableVMIntegrationService(SwitchIntegrationService):
    enabled = False

# SPDX-License-Identifier: GPL-3.0-or-later
"""The model as plain data: what ``GET /hosts/{name}/state`` answers."""

from __future__ import annotations

from typing import Any

from hvsim.hyperv.host import Host
from hvsim.hyperv.kvp import known_pairs
from hvsim.hyperv.services import IntegrationService
from hvsim.hyperv.vm import VirtualMachine

#: Version of everything that the admin endpoint answers; it grows when a key changes its meaning or goes away.
SCHEMA = 1


def describe_host(host: Host) -> dict[str, Any]:
    """A host without its VMs."""
    return {
        "name": host.name,
        "language": host.language,
        "build": host.build,
        "edition": host.edition,
        "os_name": host.os_name,
        "powershell": host.powershell,
        "clock": host.clock.now().isoformat(),
        "role_installed": host.role_installed,
        "module_installed": host.module_installed,
        "vmms_running": host.vmms_running,
        "users": [{"name": user.name, "groups": sorted(user.groups), "enabled": user.enabled} for user in host.users],
    }


def describe_service(service: IntegrationService) -> dict[str, Any]:
    """One integration service, identity, switch and status."""
    primary, secondary = service.primary_status, service.secondary_status
    return {
        "id": service.id,
        "component_id": service.component.guid,
        "name": service.name,
        "enabled": service.enabled,
        "primary_status": None if primary is None else primary.value,
        "secondary_status": None if secondary is None else secondary.value,
        "status_descriptions": list(service.status_descriptions),
        "guest_state": service.vm.guest.service(service.key).state,
        "guest_running": service.guest_service_running,
        "working": service.is_working,
    }


def describe_vm(vm: VirtualMachine) -> dict[str, Any]:
    """One VM with its services by key."""
    heartbeat = vm.heartbeat
    return {
        "name": vm.name,
        "id": str(vm.id),
        "state": vm.state.name.lower(),
        "state_number": vm.state.value,
        "generation": vm.generation,
        "notes": vm.notes,
        "version": vm.version,
        "replication": vm.replication_mode.name.lower(),
        "clustered": vm.is_clustered,
        "heartbeat": None if heartbeat is None else heartbeat.value,
        "uptime_seconds": vm.uptime.total_seconds(),
        "created": vm.created.isoformat(),
        "guest": {
            "os": vm.guest.kind,
            "name": vm.guest.os_name,
            "booted": vm.guest.booted,
            "logon_possible": vm.guest.power.logon_possible,
            "responding": vm.guest.responding,
            "powershell_direct": vm.guest.powershell_direct,
            "in_use": vm.guest.has_machine,
        },
        "services": {service.key: describe_service(service) for service in vm.integration_services},
        "kvp": known_pairs(vm),
    }


def describe_state(host: Host) -> dict[str, Any]:
    """The whole state of a host: itself, its VMs in VMMS order, its faults."""
    return {
        "schema": SCHEMA,
        "host": describe_host(host),
        "vms": [describe_vm(vm) for vm in host.virtual_machines()],
        "faults": host.faults.as_list(),
    }

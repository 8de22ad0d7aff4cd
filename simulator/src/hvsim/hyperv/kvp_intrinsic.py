# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guest tells of itself and what a host tells its guests, as key-value pairs (hyperv-facts.md 3.5, 3.7)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hvsim.hyperv.windows import release_of

if TYPE_CHECKING:
    from hvsim.hyperv.host import Host
    from hvsim.hyperv.vm import VirtualMachine


@dataclass(frozen=True)
class _Windows:
    """A Windows release as its guests report it."""

    prefix: str
    version: str
    build: str
    product_type: str


_WINDOWS: Final = (
    _Windows("windows server 2008 r2", "6.1", "7601", "3"),
    _Windows("windows server 2012 r2", "6.3", "9600", "3"),
    _Windows("windows server 2012", "6.2", "9200", "3"),
    _Windows("windows server 2016", "10.0", "14393", "3"),
    _Windows("windows server 2019", "10.0", "17763", "3"),
    _Windows("windows server 2022", "10.0", "20348", "3"),
    _Windows("windows server 2025", "10.0", "26100", "3"),
    _Windows("windows 7", "6.1", "7601", "1"),
    _Windows("windows 8.1", "6.3", "9600", "1"),
    _Windows("windows 10", "10.0", "19045", "1"),
    _Windows("windows 11", "10.0", "26100", "1"),
)
_EDITIONS: Final = (("datacenter", "8"), ("standard", "7"), ("enterprise", "4"), ("pro", "48"))
_LINUX_KERNEL: Final = "6.8.0-45-generic"
#: ``HV_DRV_VERSION`` of the kernel (M).
_LINUX_DRIVERS: Final = "3.1"


def addresses_of(vm: VirtualMachine) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(IPv4, IPv6) addresses of a guest, the same in every run. The model has no network: they lead nowhere."""
    digest = hashlib.sha256(vm.id.bytes).digest()
    first = 16 + digest[0] % 16
    ipv4 = f"172.{first}.{digest[1]}.{1 + digest[2] % 254}"
    words = (f"{digest[at]:x}{digest[at + 1]:02x}" for at in (3, 5, 7))
    ipv6 = f"fe80::{':'.join(words)}:{1 + digest[9]:x}"
    return (ipv4,), (ipv6,)


def intrinsic_items(vm: VirtualMachine, overrides: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The items in the order in which the guest reports them; an override of None leaves an item out."""
    items = _linux_items(vm) if vm.guest.kind == "linux" else _windows_items(vm)
    for name, value in (overrides or {}).items():
        if value is None:
            items.pop(name, None)
        else:
            items[name] = value
    return items


def _windows_items(vm: VirtualMachine) -> dict[str, str]:
    name = vm.guest.os_name.lower()
    release = next((r for r in _WINDOWS if name.startswith(r.prefix)), _WINDOWS[5])
    major, _, minor = release.version.partition(".")
    version = f"{release.version}.{release.build}"
    ipv4, ipv6 = (";".join(group) for group in addresses_of(vm))
    return {
        "FullyQualifiedDomainName": vm.guest.computer_name or vm.name,
        "OSName": vm.guest.os_name,
        "OSVersion": version,
        "CSDVersion": "",
        "OSMajorVersion": major,
        "OSMinorVersion": minor,
        "OSBuildNumber": release.build,
        "OSPlatformId": "2",
        "ServicePackMajor": "0",
        "ServicePackMinor": "0",
        "SuiteMask": "400" if release.product_type == "3" else "256",
        "ProductType": release.product_type,
        "OSEditionId": next((number for word, number in _EDITIONS if word in name), "7"),
        "ProcessorArchitecture": "9",
        "IntegrationServicesVersion": version,
        "NetworkAddressIPv4": ipv4,
        "NetworkAddressIPv6": ipv6,
        "RDPAddressIPv4": ipv4,
        "RDPAddressIPv6": ipv6,
    }


def _linux_items(vm: VirtualMachine) -> dict[str, str]:
    words = vm.guest.os_name.split()
    number = next((word for word in words if word[:1].isdigit()), "")
    ipv4, ipv6 = addresses_of(vm)
    return {
        "FullyQualifiedDomainName": vm.guest.computer_name or vm.name,
        "IntegrationServicesVersion": _LINUX_DRIVERS,
        "NetworkAddressIPv4": ";".join(ipv4),
        "NetworkAddressIPv6": ";".join(ipv6),
        "OSBuildNumber": _LINUX_KERNEL,
        "OSName": " ".join(word for word in words if word != number),
        "OSMajorVersion": number,
        "OSMinorVersion": "",
        "OSVersion": _LINUX_KERNEL.partition("-")[0],
        "ProcessorArchitecture": "x86_64",
    }


def host_parameters(host: Host, vm: VirtualMachine) -> dict[str, str]:
    """``Guest\\Parameters``: how the host describes itself to a guest."""
    edition = "8" if host.edition == "Datacenter" else "7"
    old = release_of(host.build).build < 14393
    return {
        "HostName": host.name,
        "HostingSystemEditionId": edition,
        "HostingSystemNestedLevel": "0",
        "HostingSystemOsMajor": "6" if old else "10",
        "HostingSystemOsMinor": "3" if old else "0",
        "HostingSystemProcessorArchitecture": "9",
        "HostingSystemProcessorIdleStateMax": "0",
        "HostingSystemProcessorThrottleMax": "100",
        "HostingSystemProcessorThrottleMin": "100",
        "HostingSystemSpMajor": "0",
        "HostingSystemSpMinor": "0",
        "PhysicalHostName": host.name.upper()[:15],
        "PhysicalHostNameFullyQualified": host.name,
        "VirtualMachineDynamicMemoryBalancingEnabled": "0",
        "VirtualMachineId": str(vm.id).upper(),
        "VirtualMachineName": vm.name,
    }

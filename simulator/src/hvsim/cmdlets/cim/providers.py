# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of the classes: for each class where its rows come from and how a property of a row is read.

A property is read only when somebody wants it, so that a query for keys never touches a guest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from hvsim.cmdlets.cim.view import HostView
from hvsim.hyperv import hardware
from hvsim.hyperv.embedded import data_item
from hvsim.hyperv.jobs import FINISHED, Job, JobState
from hvsim.hyperv.kvp import KvpSettings, Source
from hvsim.hyperv.services import BY_KEY, COMPONENTS, Component
from hvsim.hyperv.texts import text
from hvsim.hyperv.vm import VirtualMachine, VMState
from hvsim.hyperv.windows import WindowsService

Row = Any
Read = Callable[[HostView, Row], Any]

KVP: Final = BY_KEY["key_value_pair_exchange"]
_BASE_STATES: Final = {"RUNNING": 2, "OFF": 3, "STOPPING": 4, "SAVED": 6, "PAUSED": 9, "STARTING": 10}


@dataclass(frozen=True)
class Provider:
    """Rows of one class.

    Attributes:
        rows: all rows in the host's order.
        properties: how to read those properties that have a value, by name in lower case.
        find: rows that may have a value of the property ``indexed``; a short cut for queries by key.
    """

    rows: Callable[[HostView], Iterable[Row]]
    properties: Mapping[str, Read]
    indexed: str = ""
    find: Callable[[HostView, str], Iterable[Row]] | None = None
    methods: frozenset[str] = field(default_factory=frozenset)


def _lower(properties: Mapping[str, Read]) -> dict[str, Read]:
    return {name.lower(): read for name, read in properties.items()}


def upper(value: UUID) -> str:
    """A GUID as WMI writes it."""
    return str(value).upper()


def enabled_state(state: VMState) -> int:
    """``Msvm_ComputerSystem.EnabledState`` of a VM state."""
    return _BASE_STATES.get(state.name.removesuffix("_CRITICAL"), state.value)


# ---- computer systems ------------------------------------------------------------------------------------------------


def _systems(view: HostView) -> Iterator[VirtualMachine | None]:
    """None is the host itself."""
    yield None
    yield from view.machines()


def _find_system(view: HostView, name: str) -> Iterable[VirtualMachine | None]:
    found: list[VirtualMachine | None] = [None] if name.lower() == view.host.name.lower() else []
    vm = view.machine(name)
    return found if vm is None else [*found, vm]


def _of_vm(read: Callable[[VirtualMachine], Any], host: Any = None) -> Read:
    return lambda view, vm: host if vm is None else read(vm)


def _caption(key: str) -> Read:
    return lambda view, vm: view.text(f"cim:{key}" if vm is not None else "cim:hosting")


COMPUTER_SYSTEM: Final = Provider(
    _systems,
    _lower(
        {
            "CreationClassName": lambda view, vm: "Msvm_ComputerSystem",
            "Name": lambda view, vm: view.host.name.upper() if vm is None else upper(vm.id),
            "ElementName": lambda view, vm: view.host.name.upper() if vm is None else vm.name,
            "Caption": _caption("machine"),
            "Description": _caption("machine_description"),
            "InstallDate": _of_vm(lambda vm: vm.created),
            "OperationalStatus": _of_vm(lambda vm: [s.value for s in vm.operational_status], [2]),
            "StatusDescriptions": lambda view, vm: [view.text("vm_status:2")] if vm is None else vm.status_descriptions,
            "Status": lambda view, vm: "OK",
            "HealthState": _of_vm(lambda vm: 25 if vm.state.name.endswith("_CRITICAL") else 5, 5),
            "EnabledState": _of_vm(lambda vm: enabled_state(vm.state), 2),
            "EnabledDefault": _of_vm(lambda vm: 3, 2),
            "RequestedState": lambda view, vm: 12,
            "OnTimeInMilliseconds": _of_vm(lambda vm: int(vm.uptime.total_seconds() * 1000)),
            "NumberOfNumaNodes": lambda view, vm: 1,
            "ReplicationMode": _of_vm(lambda vm: vm.replication_mode.value, 0),
            "ReplicationState": lambda view, vm: 0,
            "ReplicationHealth": lambda view, vm: 0,
        }
    ),
    "name",
    _find_system,
)


# ---- components ------------------------------------------------------------------------------------------------------


def _component_rows(view: HostView) -> Iterator[VirtualMachine]:
    empty = view.kvp.behaviour.off_components == "empty"
    return (vm for vm in view.machines() if empty or vm.has_state_objects)


def _find_component(view: HostView, system: str) -> Iterable[VirtualMachine]:
    vm = view.machine(system)
    there = vm is not None and (vm.has_state_objects or view.kvp.behaviour.off_components == "empty")
    return [vm] if there and vm is not None else []


def _device_id(component: Component) -> Read:
    def read(view: HostView, vm: VirtualMachine) -> str:
        if view.kvp.behaviour.device_id == "vm":
            return f"Microsoft:{upper(vm.id)}\\{component.guid}"
        return f"Microsoft:{component.guid}"

    return read


def _pairs(source: Source, read: Callable[[HostView, Row], Iterable[tuple[str, str]]]) -> Read:
    def texts(view: HostView, row: Row) -> list[str]:
        newer, empty = view.host.build >= 10000, view.kvp.behaviour.empty_value == "empty"
        return [data_item(n, v, source.value, with_id=newer, empty_value=empty) for n, v in read(view, row)]

    return texts


def _component_properties(component: Component, more: Mapping[str, Read]) -> dict[str, Read]:
    key = component.key

    def status(vm: VirtualMachine) -> list[int]:
        return [s.value for s in vm.integration_service(key).operational_status]

    return _lower(
        {
            "SystemCreationClassName": lambda view, vm: "Msvm_ComputerSystem",
            "SystemName": lambda view, vm: upper(vm.id),
            "CreationClassName": lambda view, vm: component.state_class,
            "DeviceID": _device_id(component),
            "Caption": lambda view, vm: component.name(view.host.language),
            "Description": lambda view, vm: component.name(view.host.language),
            "ElementName": lambda view, vm: component.name(view.host.language),
            "Name": lambda view, vm: component.name(view.host.language),
            "OperationalStatus": lambda view, vm: status(vm),
            "StatusDescriptions": lambda view, vm: vm.integration_service(key).status_descriptions,
            "Status": lambda view, vm: "OK",
            "HealthState": lambda view, vm: 5,
            "EnabledState": lambda view, vm: 2 if vm.integration_service(key).enabled else 3,
            "RequestedState": lambda view, vm: 12,
            "EnabledDefault": lambda view, vm: 2 if component.enabled_by_default else 3,
            **more,
        }
    )


_MORE_OF_COMPONENTS: Final[Mapping[str, Mapping[str, Read]]] = {
    KVP.key: {
        "GuestExchangeItems": _pairs(Source.GUEST, lambda view, vm: view.kvp.of(vm).guest_items()),
        "GuestIntrinsicExchangeItems": _pairs(
            Source.INTRINSIC, lambda view, vm: view.kvp.of(vm).intrinsic_items().items()
        ),
    }
}


# ---- settings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint of a VM: a configuration of its own."""

    vm: VirtualMachine
    name: str
    id: UUID
    kvp: KvpSettings


@dataclass(frozen=True)
class Definition:
    """One of the templates that describe what a setting may be."""

    kind: str


_DEFINITIONS: Final = tuple(Definition(kind) for kind in ("Default", "Maximum", "Minimum", "Increment"))
_CHECKPOINTS: Final = UUID("b7c0d3a1-6c55-4d4e-9a53-6cc1a5a1a0f2")


def checkpoints_of(view: HostView, vm: VirtualMachine) -> list[Checkpoint]:
    """The checkpoints of a VM, oldest first."""
    return [
        Checkpoint(vm, name, uuid5(_CHECKPOINTS, f"{vm.id}\n{name}"), settings)
        for name, settings in view.kvp.of(vm).checkpoints.items()
    ]


def _configurations(view: HostView) -> Iterator[VirtualMachine | Checkpoint]:
    for vm in view.machines():
        yield vm
        yield from checkpoints_of(view, vm)


def _setting_rows(view: HostView) -> Iterator[Any]:
    yield from _DEFINITIONS
    yield from _configurations(view)


def owner_id(row: Any) -> str:
    """GUID of the configuration that a setting belongs to; ``Definition`` for a template."""
    return "Definition" if isinstance(row, Definition) else upper(row.id)


def _setting_id(component: Component) -> Read:
    def read(view: HostView, row: Any) -> str:
        tail = f"\\{row.kind}" if isinstance(row, Definition) else ""
        return f"Microsoft:{owner_id(row)}\\{component.guid}{tail}"

    return read


#: Of the guest service interface no source states it.
_OTHER_RESOURCE_TYPES: Final = {
    "heartbeat": "Microsoft Heartbeat Component",
    "key_value_pair_exchange": "Microsoft:Hyper-V:Key-Value Pair Exchange Component",
    "shutdown": "Microsoft:Hyper-V:Shutdown Component",
    "time_synchronization": "Microsoft:Hyper-V:Time Synchronization Component",
    "vss": "Microsoft:Hyper-V:VSS Component",
}


def _setting_properties(component: Component, more: Mapping[str, Read]) -> dict[str, Read]:
    def enabled(view: HostView, row: Any) -> int:
        if isinstance(row, Definition):
            return 2 if component.enabled_by_default else 3
        vm = row.vm if isinstance(row, Checkpoint) else row
        return 2 if vm.integration_service(component.key).enabled else 3

    return _lower(
        {
            "InstanceID": _setting_id(component),
            "Caption": lambda view, row: component.name(view.host.language),
            "Description": lambda view, row: component.name(view.host.language),
            "ElementName": lambda view, row: component.name(view.host.language),
            "ResourceType": lambda view, row: 1,
            "OtherResourceType": lambda view, row: _OTHER_RESOURCE_TYPES.get(component.key),
            "ResourceSubType": lambda view, row: "",
            "EnabledState": enabled,
            **more,
        }
    )


def _kvp_settings(view: HostView, row: Any) -> KvpSettings:
    if isinstance(row, Definition):
        return KvpSettings()
    return row.kvp if isinstance(row, Checkpoint) else view.kvp.of(row).settings


_MORE_OF_SETTINGS: Final[Mapping[str, Mapping[str, Read]]] = {
    KVP.key: {
        "HostExchangeItems": _pairs(Source.HOST, lambda view, row: _kvp_settings(view, row).host.items()),
        "HostOnlyItems": _pairs(Source.HOST_ONLY, lambda view, row: _kvp_settings(view, row).host_only.items()),
        "DisableHostKVPItems": lambda view, row: _kvp_settings(view, row).disable_host_items,
    },
    "heartbeat": {
        "Interval": lambda view, row: 2000,
        "Latency": lambda view, row: 1000,
        "ErrorThreshold": lambda view, row: 2,
    },
    "guest_service_interface": {"DefaultEnabledStatePolicy": lambda view, row: 3},
}


def _find_setting(view: HostView, instance_id: str) -> Iterable[Any]:
    owner = instance_id.partition(":")[2].partition("\\")[0]
    if owner.lower() == "definition":
        return _DEFINITIONS
    vm = view.machine(owner)
    if vm is not None:
        return [vm]
    return [row for row in _configurations(view) if owner_id(row) == owner.upper()]


def _of_configuration(read: Callable[[VirtualMachine], Any]) -> Read:
    def value(view: HostView, row: Any) -> Any:
        if isinstance(row, Definition):
            return None
        return read(row.vm if isinstance(row, Checkpoint) else row)

    return value


def _system_type(view: HostView, row: Any) -> str:
    if isinstance(row, Definition):
        return "Microsoft:Hyper-V:System:Definition"
    return f"Microsoft:Hyper-V:{'Snapshot' if isinstance(row, Checkpoint) else 'System'}:Realized"


def _settings_name(view: HostView, row: Any) -> str:
    return view.text("cim:settings") if isinstance(row, Definition) else row.name


def _system_settings(view: HostView) -> Iterator[Any]:
    yield _DEFINITIONS[0]
    yield from _configurations(view)


SYSTEM_SETTINGS: Final = Provider(
    _system_settings,
    _lower(
        {
            "InstanceID": lambda view, row: f"Microsoft:{owner_id(row)}",
            "Caption": lambda view, row: view.text("cim:settings"),
            "Description": lambda view, row: view.text("cim:settings"),
            "ElementName": _settings_name,
            "VirtualSystemIdentifier": _of_configuration(lambda vm: upper(vm.id)),
            "VirtualSystemType": _system_type,
            "VirtualSystemSubType": _of_configuration(lambda vm: f"Microsoft:Hyper-V:SubType:{vm.generation}"),
            "Notes": _of_configuration(lambda vm: [vm.notes]),
            "CreationTime": _of_configuration(lambda vm: vm.created),
            "Version": _of_configuration(lambda vm: vm.version),
            "IsSaved": _of_configuration(lambda vm: vm.state is VMState.SAVED),
        }
    ),
    "instanceid",
    _find_setting,
)


# ---- service, jobs ---------------------------------------------------------------------------------------------------

MANAGEMENT_SERVICE: Final = Provider(
    lambda view: [view.host] if view.permitted else [],
    _lower(
        {
            "SystemCreationClassName": lambda view, row: "Msvm_ComputerSystem",
            "SystemName": lambda view, row: view.host.name.upper(),
            "CreationClassName": lambda view, row: "Msvm_VirtualSystemManagementService",
            "Name": lambda view, row: "vmms",
            "ElementName": lambda view, row: view.text("cim:vmms"),
            "Caption": lambda view, row: view.text("cim:vmms"),
            "Description": lambda view, row: view.text("cim:vmms"),
            "OperationalStatus": lambda view, row: [2],
            "Status": lambda view, row: "OK",
            "HealthState": lambda view, row: 5,
            "EnabledState": lambda view, row: 2,
            "StartMode": lambda view, row: "Automatic",
            "Started": lambda view, row: True,
        }
    ),
)


def _state(view: HostView, job: Job) -> JobState:
    return job.state(view.host.clock.now())


def _job_name(view: HostView, job: Job) -> str:
    return view.text("cim:job")


def _error_text(view: HostView, job: Job) -> str | None:
    if _state(view, job) is not JobState.EXCEPTION:
        return None
    vm = next((vm.name for vm in view.host.virtual_machines() if vm.id == job.vm_id), upper(job.vm_id))
    message = text("cim:job_failed", view.host.language, name=vm, id=upper(job.vm_id))
    return f"{message} (0x{job.error_code:04x})"


def _find_job(view: HostView, job_id: str) -> Iterable[Job]:
    job = view.kvp.jobs.find(job_id)
    return [] if job is None else [job]


CONCRETE_JOB: Final = Provider(
    lambda view: view.kvp.jobs.all() if view.permitted else [],
    _lower(
        {
            "InstanceID": lambda view, job: upper(job.id),
            "Caption": _job_name,
            "Description": _job_name,
            "ElementName": _job_name,
            "Name": lambda view, job: "Msvm_ConcreteJob",
            "JobState": lambda view, job: _state(view, job).value,
            "JobStatus": lambda view, job: "Error" if _state(view, job) is JobState.EXCEPTION else "OK",
            "Status": lambda view, job: "Error" if _state(view, job) is JobState.EXCEPTION else "OK",
            "JobType": lambda view, job: job.job_type,
            "PercentComplete": lambda view, job: job.percent(view.host.clock.now()),
            "ErrorCode": lambda view, job: job.error_code if _state(view, job) in FINISHED else 0,
            "ErrorDescription": _error_text,
            "ErrorSummaryDescription": _error_text,
            "OperationalStatus": lambda view, job: [6] if _state(view, job) is JobState.EXCEPTION else [2],
            "HealthState": lambda view, job: 25 if _state(view, job) is JobState.EXCEPTION else 5,
            "StartTime": lambda view, job: job.started,
            "TimeSubmitted": lambda view, job: job.started,
            "DeleteOnCompletion": lambda view, job: True,
            "Cancellable": lambda view, job: False,
        }
    ),
    "instanceid",
    _find_job,
)


# ---- summary ---------------------------------------------------------------------------------------------------------

_SUMMARY: Final[Mapping[int, tuple[str, Read]]] = {
    0: ("Name", lambda view, vm: upper(vm.id)),
    1: ("ElementName", lambda view, vm: vm.name),
    2: ("CreationTime", lambda view, vm: vm.created),
    3: ("Notes", lambda view, vm: vm.notes),
    4: ("NumberOfProcessors", lambda view, vm: vm.processor_count),
    100: ("EnabledState", lambda view, vm: enabled_state(vm.state)),
    101: ("ProcessorLoad", lambda view, vm: 0),
    103: ("MemoryUsage", lambda view, vm: vm.memory_assigned // (1024 * 1024)),
    104: ("Heartbeat", lambda view, vm: _heartbeat(vm)),
    105: ("UpTime", lambda view, vm: int(vm.uptime.total_seconds() * 1000)),
    106: ("GuestOperatingSystem", lambda view, vm: view.kvp.of(vm).intrinsic_items().get("OSName")),
    109: ("HealthState", lambda view, vm: 25 if vm.state.name.endswith("_CRITICAL") else 5),
    110: ("OperationalStatus", lambda view, vm: [s.value for s in vm.operational_status]),
    111: ("StatusDescriptions", lambda view, vm: list(vm.status_descriptions)),
    114: ("ReplicationState", lambda view, vm: 0),
    116: ("ReplicationMode", lambda view, vm: vm.replication_mode.value),
    121: ("IntegrationServicesVersionState", lambda view, vm: 0),
}


def _heartbeat(vm: VirtualMachine) -> int | None:
    status = vm.integration_service("heartbeat").primary_status
    return None if status is None else status.value


def summary_reads(codes: Iterable[int]) -> dict[str, Read]:
    """What GetSummaryInformation reads for those codes of RequestedInformation."""
    chosen = [_SUMMARY[code] for code in codes if code in _SUMMARY]
    return {"instanceid": lambda view, vm: f"Microsoft:{upper(vm.id)}", **{name.lower(): read for name, read in chosen}}


# ---- root/cimv2 ------------------------------------------------------------------------------------------------------

OPERATING_SYSTEM: Final = Provider(
    lambda view: [view.host],
    _lower(
        {
            "Name": lambda view, host: f"Microsoft {host.os_name}|C:\\Windows|\\Device\\Harddisk0\\Partition3",
            "Caption": lambda view, host: f"Microsoft {host.os_name}",
            "CreationClassName": lambda view, host: "Win32_OperatingSystem",
            "CSCreationClassName": lambda view, host: "Win32_ComputerSystem",
            "CSName": lambda view, host: host.name.upper(),
            "BuildNumber": lambda view, host: str(host.build),
            "Version": lambda view, host: f"{'6.3' if host.build == 9600 else '10.0'}.{host.build}",
            "LocalDateTime": lambda view, host: host.clock.now(),
            "LastBootUpTime": lambda view, host: host.clock.now() - timedelta(seconds=hardware.UPTIME_SECONDS),
            "TotalVisibleMemorySize": lambda view, host: hardware.MEMORY_MB * 1024,
            "FreePhysicalMemory": lambda view, host: hardware.FREE_MEMORY_MB * 1024,
            "OSArchitecture": lambda view, host: "64-bit",
            "OSType": lambda view, host: 18,
            "OperatingSystemSKU": lambda view, host: 8 if host.edition == "Datacenter" else 7,
            "ProductType": lambda view, host: 3,
            "MUILanguages": lambda view, host: [host.language],
            "Primary": lambda view, host: True,
            "Status": lambda view, host: "OK",
            "SystemDirectory": lambda view, host: "C:\\Windows\\system32",
            "SystemDrive": lambda view, host: "C:",
            "WindowsDirectory": lambda view, host: "C:\\Windows",
            "ServicePackMajorVersion": lambda view, host: 0,
            "ServicePackMinorVersion": lambda view, host: 0,
        }
    ),
)

WINDOWS_COMPUTER: Final = Provider(
    lambda view: [view.host],
    _lower(
        {
            "Name": lambda view, host: host.name.upper(),
            "Caption": lambda view, host: host.name.upper(),
            "CreationClassName": lambda view, host: "Win32_ComputerSystem",
            "DNSHostName": lambda view, host: host.name,
            "Domain": lambda view, host: "WORKGROUP",
            "Workgroup": lambda view, host: "WORKGROUP",
            "DomainRole": lambda view, host: 2,
            "PartOfDomain": lambda view, host: False,
            "HypervisorPresent": lambda view, host: host.role_installed,
            "SystemType": lambda view, host: "x64-based PC",
            "Manufacturer": lambda view, host: hardware.VENDOR,
            "Model": lambda view, host: hardware.PRODUCT,
            "NumberOfProcessors": lambda view, host: 1,
            "NumberOfLogicalProcessors": lambda view, host: hardware.PROCESSORS,
            "TotalPhysicalMemory": lambda view, host: hardware.MEMORY_MB * 1024 * 1024,
            "Status": lambda view, host: "OK",
        }
    ),
)


def _delayed(view: HostView, service: WindowsService) -> bool:
    key = f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{service.name}"
    values = view.host.registry.values(key) if view.host.registry.exists(key) else ()
    return any(v.name.lower() == "delayedautostart" and v.data == 1 for v in values)


def _services(view: HostView) -> list[WindowsService]:
    return sorted(view.host.services.values(), key=lambda s: s.name.lower())


def _running(service: WindowsService) -> bool:
    return service.status == "Running"


_SYSTEM_ROOT: Final = re.compile("%systemroot%", re.IGNORECASE)
#: ERROR_SERVICE_NEVER_STARTED, the exit code of a service that does not run.
_NEVER_STARTED: Final = 1077
#: ``Win32_Service`` (Win32 documentation). The simulated services have no descriptions and run as LocalSystem.
SERVICE: Final = Provider(
    _services,
    _lower(
        {
            "Name": lambda view, service: service.name,
            "Caption": lambda view, service: service.display_name,
            "DisplayName": lambda view, service: service.display_name,
            "Status": lambda view, service: "OK",
            "CreationClassName": lambda view, service: "Win32_Service",
            "Started": lambda view, service: _running(service),
            "StartMode": lambda view, service: {"Automatic": "Auto"}.get(service.start_type, service.start_type),
            "SystemCreationClassName": lambda view, service: "Win32_ComputerSystem",
            "SystemName": lambda view, service: view.host.name.upper(),
            "AcceptPause": lambda view, service: False,
            "AcceptStop": lambda view, service: _running(service),
            "DesktopInteract": lambda view, service: False,
            "ErrorControl": lambda view, service: "Normal",
            "ExitCode": lambda view, service: 0 if _running(service) else _NEVER_STARTED,
            "PathName": lambda view, service: _SYSTEM_ROOT.sub(r"C:\\Windows", service.image_path),
            "ServiceSpecificExitCode": lambda view, service: 0,
            "ServiceType": lambda view, service: f"{'Share' if 'svchost' in service.image_path.lower() else 'Own'} Process",
            "StartName": lambda view, service: "LocalSystem",
            "State": lambda view, service: service.status,
            "TagId": lambda view, service: 0,
            "CheckPoint": lambda view, service: 0,
            "DelayedAutoStart": _delayed,
            "ProcessId": lambda view, service: 1000 + 4 * _services(view).index(service) if _running(service) else 0,
            "WaitHint": lambda view, service: 0,
        }
    ),
    "name",
    lambda view, name: [s for s in _services(view) if s.name.lower() == name.lower()],
)


def _component_providers() -> Iterator[tuple[str, Provider]]:
    for component in COMPONENTS:
        properties = _component_properties(component, _MORE_OF_COMPONENTS.get(component.key, {}))
        yield component.state_class, Provider(_component_rows, properties, "systemname", _find_component)
        settings = _setting_properties(component, _MORE_OF_SETTINGS.get(component.key, {}))
        yield component.setting_class, Provider(_setting_rows, settings, "instanceid", _find_setting)


#: By namespace and lower-case class name.
PROVIDERS: Final[Mapping[tuple[str, str], Provider]] = {
    **{("root/virtualization/v2", name.lower()): provider for name, provider in _component_providers()},
    ("root/virtualization/v2", "msvm_computersystem"): COMPUTER_SYSTEM,
    ("root/virtualization/v2", "msvm_virtualsystemsettingdata"): SYSTEM_SETTINGS,
    ("root/virtualization/v2", "msvm_virtualsystemmanagementservice"): MANAGEMENT_SERVICE,
    ("root/virtualization/v2", "msvm_concretejob"): CONCRETE_JOB,
    ("root/cimv2", "win32_operatingsystem"): OPERATING_SYSTEM,
    ("root/cimv2", "win32_computersystem"): WINDOWS_COMPUTER,
    ("root/cimv2", "win32_service"): SERVICE,
}

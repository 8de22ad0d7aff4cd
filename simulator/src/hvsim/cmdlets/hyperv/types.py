# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the Hyper-V module: VirtualMachine, VMIntegrationComponent and VMHost (hyperv-facts.md 2.4).

Objects are live: a property reads the model when it is asked. A deleted VM says so in IsDeleted, its other properties
throw (A). Properties that cost queries of their own are counted by the model.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from hvsim.hyperv.errors import EXCEPTION_TYPE, ObjectGone
from hvsim.hyperv.host import Host
from hvsim.hyperv.services import IntegrationService, OperationalStatus
from hvsim.hyperv.vm import LAZY_PROPERTIES, ReplicationMode, VirtualMachine, VMHeartbeatStatus, VMState
from hvsim.lang.text import to_utf16
from hvsim.runtime import types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import getter, method
from hvsim.runtime.structs import DateTime, Guid, TimeSpan, Version
from hvsim.runtime.types import NetType, net_class
from hvsim.runtime.values import Array, EnumValue, Int64, NetObject

_PS = "Microsoft.HyperV.PowerShell."
_TICKS_AT_UNIX_EPOCH = 621_355_968_000_000_000


def _enum(name: str, members: dict[str, int]) -> str:
    types.register(NetType(_PS + name, "System.Enum", kind="e", enum_members=members))
    return _PS + name


def _members(enum: type[IntEnum]) -> dict[str, int]:
    return {"".join(part.capitalize() for part in member.name.split("_")): member.value for member in enum}


VM_STATE = _enum("VMState", _members(VMState))
VM_HEARTBEAT_STATUS = _enum("VMHeartbeatStatus", _members(VMHeartbeatStatus))
VM_REPLICATION_MODE = _enum("VMReplicationMode", _members(ReplicationMode))
VM_OPERATIONAL_STATUS = _enum(
    "VMOperationalStatus",
    {
        "Ok": 2,
        "Degraded": 3,
        "PredictiveFailure": 5,
        "InService": 11,
        "Dormant": 15,
        "SupportingEntityInError": 16,
        "ApplyingSnapshot": 23769,
        "CreatingSnapshot": 32768,
        "DeletingSnapshot": 32770,
        "WaitingToStart": 32771,
        "MergingDisks": 32772,
        "ExportingVirtualMachine": 32773,
        "MigratingVirtualMachine": 32774,
        "BackingUpVirtualMachine": 32776,
        "ModifyingUpVirtualMachine": 32777,
    },
)
COMPONENT_STATUS = _enum(
    "VMIntegrationComponentOperationalStatus",
    {status.powershell_name: status.value for status in OperationalStatus if status.powershell_name is not None},
)


def enum_value(name: str, number: int) -> EnumValue:
    """A value of one of the module's enums; a number without a name is allowed, as in .NET."""
    return EnumValue(types.get(name), number)


class HyperVObject(NetObject):
    """Common base: the host the object came from."""

    __slots__ = ("host",)

    def __init__(self, host: Host) -> None:
        self.host = host


@net_class(_PS + "VirtualizationObject")
class VirtualizationObject(HyperVObject):
    __slots__ = ()


@net_class(_PS + "VirtualMachine", base=_PS + "VirtualizationObject")
class VirtualMachineObject(VirtualizationObject):
    """``VirtualMachine``."""

    __slots__ = ("vm",)

    def __init__(self, host: Host, vm: VirtualMachine) -> None:
        super().__init__(host)
        self.vm = vm

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VirtualMachineObject) and other.vm is self.vm

    def __hash__(self) -> int:
        return hash(self.vm.id)


for _name, _base in (("VMComponentObject", "VirtualizationObject"), ("VMDevice", "VMComponentObject")):
    net_class(_PS + _name, base=_PS + _base)(type(_name, (HyperVObject,), {"__slots__": ()}))


@net_class(_PS + "VMIntegrationComponent", base=_PS + "VMDevice")
class ComponentObject(HyperVObject):
    """``VMIntegrationComponent``; data exchange, guest service interface and shutdown are subclasses (A)."""

    __slots__ = ("net_type", "service")

    def __init__(self, host: Host, service: IntegrationService) -> None:
        super().__init__(host)
        self.service = service
        self.net_type = types.get(service.component.type_name)


for _name in ("DataExchangeComponent", "GuestServiceInterfaceComponent", "ShutdownComponent"):
    types.register(NetType(_PS + _name, _PS + "VMIntegrationComponent"))
types.register(NetType(_PS + "VMSnapshot", _PS + "VirtualizationObject"))


@net_class(_PS + "VMHost", base=_PS + "VirtualizationObject")
class HostObject(HyperVObject):
    """``VMHost``."""

    __slots__ = ()


# ---- members -------------------------------------------------------------------------------------------------------------


def _text(value: Any) -> Any:
    """The model's texts are Python's, the engine's consist of UTF-16 code units."""
    return to_utf16(value) if isinstance(value, str) else value


def _alive(host: Host, vm: VirtualMachine) -> None:
    if vm.is_deleted:
        error = ObjectGone.on(host.name, host.language)
        raise net_error(EXCEPTION_TYPE, to_utf16(error.message))


def _vm(name: str, read: Callable[[VirtualMachine, Host], Any], type_name: str = "System.Object") -> None:
    def value(self: VirtualMachineObject) -> Any:
        _alive(self.host, self.vm)
        return _text(read(self.vm, self.host))

    getter(_PS + "VirtualMachine", name, type=type_name)(value)


def _ticks(moment: dt.datetime) -> int:
    return _TICKS_AT_UNIX_EPOCH + round(moment.timestamp() * 10_000_000)


def _register_virtual_machine() -> None:
    _vm("Name", lambda vm, _: vm.name, "System.String")
    _vm("VMName", lambda vm, _: vm.name, "System.String")
    _vm("Id", lambda vm, _: Guid(vm.id), "System.Guid")
    _vm("VMId", lambda vm, _: Guid(vm.id), "System.Guid")
    _vm("State", lambda vm, _: enum_value(VM_STATE, vm.state.value), VM_STATE)
    _vm("Status", lambda vm, _: vm.status, "System.String")
    _vm("Generation", lambda vm, _: vm.generation, "System.Int32")
    _vm("Notes", lambda vm, _: vm.notes, "System.String")
    _vm("Version", lambda vm, _: vm.version, "System.String")
    _vm("Uptime", lambda vm, _: TimeSpan(round(vm.uptime.total_seconds() * 10_000_000)), "System.TimeSpan")
    _vm("CreationTime", lambda vm, _: DateTime(_ticks(vm.created), 2), "System.DateTime")
    _vm("ReplicationMode", lambda vm, _: enum_value(VM_REPLICATION_MODE, vm.replication_mode.value), VM_REPLICATION_MODE)
    _vm("IsClustered", lambda vm, _: vm.is_clustered, "System.Boolean")
    _vm("ProcessorCount", lambda vm, _: Int64(vm.processor_count), "System.Int64")
    _vm("MemoryStartup", lambda vm, _: Int64(vm.memory_startup), "System.Int64")
    _vm("MemoryAssigned", lambda vm, _: Int64(vm.memory_assigned), "System.Int64")
    _vm("CPUUsage", lambda vm, _: 0, "System.Int32")
    _vm("Heartbeat", _heartbeat, f"System.Nullable[{VM_HEARTBEAT_STATUS}]")
    _vm("IntegrationServicesState", lambda vm, _: "", "System.String")
    _vm("IntegrationServicesVersion", lambda vm, _: Version(0, 0), "System.Version")
    _vm("ComputerName", lambda _, host: host.name, "System.String")
    _vm(
        "OperationalStatus",
        lambda vm, _: Array(
            (enum_value(VM_OPERATIONAL_STATUS, s.value) for s in vm.operational_status), types.get(VM_OPERATIONAL_STATUS)
        ),
        f"{VM_OPERATIONAL_STATUS}[]",
    )
    for name in sorted(LAZY_PROPERTIES):
        _vm(name, _lazy(name))

    getter(_PS + "VirtualMachine", "IsDeleted", type="System.Boolean")(lambda self: self.vm.is_deleted)
    method(_PS + "VirtualMachine", "ToString", overloads=["() -> string"])(
        lambda self: to_utf16(f"VirtualMachine (Name = '{self.vm.name}') [Id = '{self.vm.id}']")
    )


def _heartbeat(vm: VirtualMachine, _host: Host) -> EnumValue | None:
    status = vm.heartbeat
    return None if status is None else enum_value(VM_HEARTBEAT_STATUS, status.value)


def _lazy(name: str) -> Callable[[VirtualMachine, Host], Any]:
    def read(vm: VirtualMachine, host: Host) -> Any:
        value = vm.read_lazy(name)
        if name == "VMIntegrationService":
            return Array(ComponentObject(host, service) for service in value)
        return Array(value) if isinstance(value, tuple) else value

    return read


def _component(name: str, read: Callable[[IntegrationService], Any], type_name: str) -> None:
    def value(self: ComponentObject) -> Any:
        _alive(self.host, self.service.vm)
        return _text(read(self.service))

    getter(_PS + "VMIntegrationComponent", name, type=type_name)(value)


def _status(service: IntegrationService, index: int) -> EnumValue | None:
    status = service.operational_status
    return enum_value(COMPONENT_STATUS, status[index].value) if len(status) > index else None


def _description(service: IntegrationService, index: int) -> str:
    texts = service.status_descriptions
    return texts[index] if len(texts) > index else ""


def _register_component() -> None:
    nullable = f"System.Nullable[{COMPONENT_STATUS}]"
    _component("Enabled", lambda s: s.enabled, "System.Boolean")
    _component("Name", lambda s: s.name, "System.String")
    _component("Id", lambda s: s.id, "System.String")
    _component("VMId", lambda s: Guid(s.vm_id), "System.Guid")
    _component("VMName", lambda s: s.vm.name, "System.String")
    _component("VMSnapshotId", lambda s: Guid(), "System.Guid")
    _component("VMSnapshotName", lambda s: "", "System.String")
    _component(
        "OperationalStatus",
        lambda s: Array((enum_value(COMPONENT_STATUS, x.value) for x in s.operational_status), types.get(COMPONENT_STATUS)),
        f"{COMPONENT_STATUS}[]",
    )
    _component("PrimaryOperationalStatus", lambda s: _status(s, 0), nullable)
    _component("PrimaryStatusDescription", lambda s: _description(s, 0), "System.String")
    _component("SecondaryOperationalStatus", lambda s: _status(s, 1), nullable)
    _component("SecondaryStatusDescription", lambda s: _description(s, 1), "System.String")
    _component("StatusDescription", lambda s: Array(map(to_utf16, s.status_descriptions), types.get("System.String")), "System.String[]")
    kind = _PS + "VMIntegrationComponent"
    getter(kind, "ComputerName", type="System.String")(lambda self: self.host.name)
    getter(kind, "IsDeleted", type="System.Boolean")(lambda self: self.service.vm.is_deleted)
    method(kind, "ToString", overloads=["() -> string"])(_component_text)


def _component_text(self: ComponentObject) -> str:
    service = self.service
    kind = service.component.type_name.rpartition(".")[2]
    return to_utf16(
        f"{kind} (Name = '{service.name}', VMName = '{service.vm.name}') [Id = '{service.id}', VMId = '{service.vm_id}']"
    )


def _register_host() -> None:
    kind = _PS + "VMHost"
    for name in ("Name", "ComputerName", "FullyQualifiedDomainName"):
        getter(kind, name, type="System.String")(lambda self: self.host.name)
    getter(kind, "IsDeleted", type="System.Boolean")(lambda self: False)
    getter(kind, "LogicalProcessorCount", type="System.Int64")(lambda self: Int64(16))
    getter(kind, "MemoryCapacity", type="System.Int64")(lambda self: Int64(137_438_953_472))


_register_virtual_machine()
_register_component()
_register_host()

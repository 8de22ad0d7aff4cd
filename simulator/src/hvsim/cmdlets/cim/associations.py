# SPDX-License-Identifier: GPL-3.0-or-later
"""Which instances belong together (hyperv-facts.md 3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hvsim.cmdlets.cim.providers import Checkpoint, Definition, checkpoints_of
from hvsim.cmdlets.cim.view import HostView
from hvsim.hyperv.services import COMPONENTS
from hvsim.hyperv.vm import VirtualMachine

#: (association class, class of the other end, row of the other end)
Link = tuple[str, str, Any]

_SYSTEM, _SETTINGS = "Msvm_ComputerSystem", "Msvm_VirtualSystemSettingData"
_STATES = {component.state_class: component for component in COMPONENTS}
_SETTING_CLASSES = {component.setting_class: component for component in COMPONENTS}


def associated(view: HostView, class_name: str, row: Any) -> Iterator[Link]:
    """The other ends of all associations of an instance."""
    if class_name == _SYSTEM:
        return _of_system(view, row)
    if class_name == _SETTINGS:
        return _of_settings(row)
    if class_name in _STATES:
        setting = _STATES[class_name].setting_class
        return iter([("Msvm_SystemDevice", _SYSTEM, row), ("Msvm_ElementSettingData", setting, row)])
    if class_name in _SETTING_CLASSES:
        return _of_component_setting(view, class_name, row)
    return iter(())


def _has_component(view: HostView, vm: VirtualMachine) -> bool:
    return vm.has_state_objects or view.kvp.behaviour.off_components == "empty"


def _of_system(view: HostView, vm: VirtualMachine | None) -> Iterator[Link]:
    if vm is None:
        yield "Msvm_HostedService", "Msvm_VirtualSystemManagementService", view.host
        return
    if _has_component(view, vm):
        for component in COMPONENTS:
            yield "Msvm_SystemDevice", component.state_class, vm
    yield "Msvm_SettingsDefineState", _SETTINGS, vm
    for checkpoint in checkpoints_of(view, vm):
        yield "Msvm_SnapshotOfVirtualSystem", _SETTINGS, checkpoint


def _of_settings(row: Any) -> Iterator[Link]:
    if isinstance(row, Definition):
        return
    if isinstance(row, Checkpoint):
        yield "Msvm_SnapshotOfVirtualSystem", _SYSTEM, row.vm
    else:
        yield "Msvm_SettingsDefineState", _SYSTEM, row
    for component in COMPONENTS:
        yield "Msvm_VirtualSystemSettingDataComponent", component.setting_class, row


def _of_component_setting(view: HostView, class_name: str, row: Any) -> Iterator[Link]:
    if isinstance(row, Definition):
        return
    yield "Msvm_VirtualSystemSettingDataComponent", _SETTINGS, row
    if isinstance(row, VirtualMachine) and _has_component(view, row):
        yield "Msvm_ElementSettingData", _SETTING_CLASSES[class_name].state_class, row



# SPDX-License-Identifier: GPL-3.0-or-later
"""Methods of the classes: what Invoke-CimMethod calls on the simulated host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hvsim.cmdlets.cim import failures, schema
from hvsim.cmdlets.cim.broker import Broker, Found, make_instance, reference
from hvsim.cmdlets.cim.failures import CimFailure
from hvsim.cmdlets.cim.instance import CimInstance
from hvsim.cmdlets.cim.providers import summary_reads, upper
from hvsim.cmdlets.cim.schema import ClassDeclaration, MethodDeclaration
from hvsim.cmdlets.cim.view import HostView
from hvsim.hyperv.embedded import escape_text
from hvsim.hyperv.errors import ModelError
from hvsim.hyperv.jobs import Job, JobState
from hvsim.hyperv.kvp import Method, ReturnCode
from hvsim.hyperv.power import StateChange
from hvsim.hyperv.vm import VirtualMachine
from hvsim.hyperv.windows import START_VALUES, WindowsService
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.runtime import types
from hvsim.runtime.values import Array, UInt32

Results = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call: the instance's row and the arguments by lower-case name, already of the declared types."""

    broker: Broker
    view: HostView
    row: Any
    arguments: Mapping[str, Any]


def invoke(broker: Broker, instance: CimInstance, method: MethodDeclaration, arguments: Mapping[str, Any]) -> Results:
    """Calls a method of an instance: its out parameters and ``ReturnValue``.

    Raises:
        CimFailure: the instance is gone, or the caller may not.
        Unsupported: the simulator does not know the method.
    """
    namespace = schema.normal_namespace(instance.namespace or schema.CIMV2)
    view = broker.begin(f"invoke:{method.name}", namespace)
    found: Found = broker.locate(view, instance)
    action = _METHODS.get((found.declaration.name, method.name))
    if action is None:
        raise Unsupported(f"CIM method {found.declaration.name}.{method.name}")
    results = action(Call(broker, view, found.row, arguments))
    missing = {p.name: None for p in method.parameters if p.out and p.name not in results}
    return {**missing, **results}


def find_method(declaration: ClassDeclaration, name: str) -> MethodDeclaration:
    """A method of a class.

    Raises:
        CimFailure: it has none of that name.
    """
    found = declaration.methods.get(name.lower())
    if found is None:
        raise CimFailure(failures.INVALID_METHOD, f"{declaration.namespace}:{declaration.name}".replace("/", "\\"))
    return found


def _code(code: int) -> UInt32:
    return UInt32(code)


# ---- the management service ------------------------------------------------------------------------------------------


def _change(method: Method) -> Callable[[Call], Results]:
    def call(call: Call) -> Results:
        target = call.arguments.get("targetsystem")
        if not isinstance(target, CimInstance) or target.class_name.lower() != "msvm_computersystem":
            return {"Job": None, "ReturnValue": _code(ReturnCode.INVALID_PARAMETER)}
        items = [from_utf16(text or "") for text in call.arguments.get("dataitems") or ()]
        vm_id = from_utf16(target.get("Name") or "")
        if vm_id.lower() in ("", call.view.host.name.lower()):
            return {"Job": None, "ReturnValue": _code(ReturnCode.INVALID_PARAMETER)}
        result = call.view.kvp.change(method, vm_id, items, actor=call.view.actor)
        job = None
        if result.job is not None:
            keys = {"InstanceID": upper(result.job.id)}
            job = reference(call.view, "Msvm_ConcreteJob", schema.VIRTUALIZATION, keys)
        return {"Job": job, "ReturnValue": _code(result.code)}

    return call


def _summaries(call: Call) -> Results:
    settings = call.arguments.get("settingdata")
    codes = [int(code) for code in call.arguments.get("requestedinformation") or ()]
    declaration = schema.find(schema.VIRTUALIZATION, "Msvm_SummaryInformation")
    assert declaration is not None
    machines: list[VirtualMachine] = []
    if settings is None:
        machines = list(call.view.machines())
    else:
        for setting in settings:
            found = call.broker.locate(call.view, setting)
            if isinstance(found.row, VirtualMachine):
                machines.append(found.row)
    reads = summary_reads(codes)
    made = [make_instance(call.view, declaration, reads, vm) for vm in machines]
    return {
        "SummaryInformation": Array(made, types.get(CimInstance.NET)),
        "ReturnValue": _code(ReturnCode.COMPLETED),
    }


# ---- components, jobs ------------------------------------------------------------------------------------------------


#: InitiateShutdown: "the machine is locked and cannot be shut down without the force option".
_LOCKED: Final = 32781


def _shutdown(call: Call) -> Results:
    """Asks the guest and returns at once; whatever the guest does, nothing is turned off."""
    vm: VirtualMachine = call.row
    if not vm.integration_service("shutdown").is_working:
        return {"ReturnValue": _code(ReturnCode.FAILED)}
    force = bool(call.arguments.get("force"))
    behaviour = vm.guest.power.on_shutdown
    if behaviour == "refuses" and not force:
        return {"ReturnValue": _code(_LOCKED)}
    if behaviour == "hangs":
        return {"ReturnValue": _code(ReturnCode.COMPLETED)}
    change: StateChange = "force_shut_down" if force else "shut_down"
    try:
        call.view.host.change_vm_state(vm.id, change, actor=call.view.actor, command="InitiateShutdown", wait=False)
    except ModelError:
        return {"ReturnValue": _code(ReturnCode.INVALID_STATE)}
    return {"ReturnValue": _code(ReturnCode.COMPLETED)}


def _error_text(call: Call) -> str | None:
    job: Job = call.row
    if job.state(call.view.host.clock.now()) is not JobState.EXCEPTION:
        return None
    message = escape_text(job.error_text)
    return to_utf16(
        '<INSTANCE CLASSNAME="Msvm_Error">'
        f'<PROPERTY NAME="CIMStatusCode" TYPE="uint32"><VALUE>1</VALUE></PROPERTY>'
        f'<PROPERTY NAME="Message" TYPE="string"><VALUE>{message}</VALUE></PROPERTY></INSTANCE>'
    )


def _get_error(call: Call) -> Results:
    return {"Error": _error_text(call), "ReturnValue": _code(0)}


def _get_errors(call: Call) -> Results:
    found = _error_text(call)
    errors = None if found is None else Array([found], types.STRING)
    return {"Errors": errors, "ReturnValue": _code(0)}


# ---- Win32_Service -----------------------------------------------------------------------------------------------------


#: Return values of the class's methods (Win32 documentation).
_CANNOT_ACCEPT, _ALREADY_RUNNING, _SERVICE_DISABLED, _INVALID_ARGUMENT = 5, 10, 14, 21
_START_MODES: Final = {"automatic": "Automatic", "manual": "Manual", "disabled": "Disabled"}


def _start_service(call: Call) -> Results:
    service: WindowsService = call.row
    if service.status == "Running":
        return {"ReturnValue": _code(_ALREADY_RUNNING)}
    if service.start_type == "Disabled":
        return {"ReturnValue": _code(_SERVICE_DISABLED)}
    service.status = "Running"
    return {"ReturnValue": _code(0)}


def _stop_service(call: Call) -> Results:
    service: WindowsService = call.row
    if service.status != "Running":
        return {"ReturnValue": _code(_CANNOT_ACCEPT)}
    service.status = "Stopped"
    return {"ReturnValue": _code(0)}


def _change_start_mode(call: Call) -> Results:
    service: WindowsService = call.row
    wanted = from_utf16(str(call.arguments.get("startmode") or "")).lower()
    if wanted in ("boot", "system"):
        raise Unsupported(f"start mode {wanted} of a service")
    if wanted not in _START_MODES:
        return {"ReturnValue": _code(_INVALID_ARGUMENT)}
    service.start_type = _START_MODES[wanted]
    key = f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{service.name}"
    if call.view.host.registry.exists(key):
        call.view.host.registry.set_value(key, "Start", START_VALUES[service.start_type])
    return {"ReturnValue": _code(0)}


_SERVICE: Final = "Msvm_VirtualSystemManagementService"
_METHODS: Final[Mapping[tuple[str, str], Callable[[Call], Results]]] = {
    (_SERVICE, "AddKvpItems"): _change("AddKvpItems"),
    (_SERVICE, "ModifyKvpItems"): _change("ModifyKvpItems"),
    (_SERVICE, "RemoveKvpItems"): _change("RemoveKvpItems"),
    (_SERVICE, "GetSummaryInformation"): _summaries,
    ("Msvm_ShutdownComponent", "InitiateShutdown"): _shutdown,
    ("Msvm_ConcreteJob", "GetError"): _get_error,
    ("Msvm_ConcreteJob", "GetErrorEx"): _get_errors,
    ("Win32_Service", "StartService"): _start_service,
    ("Win32_Service", "StopService"): _stop_service,
    ("Win32_Service", "ChangeStartMode"): _change_start_mode,
}

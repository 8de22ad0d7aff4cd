# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows services: ServiceController and the Service cmdlets, over ``ctx.machine.services``.

A service of the machine has ``name``, ``display_name``, ``status`` (Running, Stopped) and ``start_type`` (Automatic,
Manual, Disabled). Services depend on nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.management.windows_only import WindowsCmdlet, metadata, parameter
from hvsim.runtime import convert, objects, types, wildcard
from hvsim.runtime.command import cmdlet
from hvsim.runtime.errors import NetException, net_error
from hvsim.runtime.members import getter, method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, NetObject

_CONTROLLER = "System.ServiceProcess.ServiceController"
_STATUS = "System.ServiceProcess.ServiceControllerStatus"
_START = "System.ServiceProcess.ServiceStartMode"
_FAILED = "Microsoft.PowerShell.Commands.ServiceCommandException"
_START_NUMBERS = {"Boot": 0, "System": 1, "Automatic": 2, "Manual": 3, "Disabled": 4}

_KIND = "System.ServiceProcess.ServiceType"

types.register(
    NetType(
        _KIND,
        "System.Enum",
        kind="e",
        enum_members={
            "KernelDriver": 1,
            "FileSystemDriver": 2,
            "Adapter": 4,
            "RecognizerDriver": 8,
            "Win32OwnProcess": 16,
            "Win32ShareProcess": 32,
            "InteractiveProcess": 256,
        },
    )
)
types.register(NetType(_START, "System.Enum", kind="e", enum_members=_START_NUMBERS))


@types.net_class(_CONTROLLER, base="System.ComponentModel.Component")
class ServiceController(NetObject):
    """A service as it was when it was looked up; ``Refresh`` looks again."""

    __slots__ = ("service", "status")
    NET = _CONTROLLER

    def __init__(self, service: Any) -> None:
        self.service = service
        self.status: str = service.status


objects.property_order(
    _CONTROLLER,
    "CanPauseAndContinue",
    "CanShutdown",
    "CanStop",
    "DisplayName",
    "DependentServices",
    "MachineName",
    "ServiceName",
    "ServicesDependedOn",
    "ServiceHandle",
    "Status",
    "ServiceType",
    "StartType",
    "Site",
    "Container",
)
objects.type_member(_CONTROLLER, objects.AliasProperty("Name", "ServiceName"))
objects.type_member(_CONTROLLER, objects.AliasProperty("RequiredServices", "ServicesDependedOn"))


@getter(_CONTROLLER, "ServiceName", type="string")
def _service_name(self: ServiceController) -> str:
    return to_utf16(self.service.name)


@getter(_CONTROLLER, "DisplayName", type="string")
def _display_name(self: ServiceController) -> str:
    return to_utf16(self.service.display_name)


@getter(_CONTROLLER, "MachineName", type="string")
def _machine_name(self: ServiceController) -> str:
    return "."


@getter(_CONTROLLER, "Status", type=_STATUS)
def _status(self: ServiceController) -> EnumValue:
    return types.enum(_STATUS, self.status)


@getter(_CONTROLLER, "StartType", type=_START)
def _start_type(self: ServiceController) -> EnumValue:
    return types.enum(_START, self.service.start_type)


@getter(_CONTROLLER, "ServiceType", type=_KIND)
def _service_type(self: ServiceController) -> EnumValue:
    shared = "svchost" in self.service.image_path.lower()
    return types.enum(_KIND, "Win32ShareProcess" if shared else "Win32OwnProcess")


@getter(_CONTROLLER, "CanStop", type="bool")
@getter(_CONTROLLER, "CanShutdown", type="bool")
def _can_stop(self: ServiceController) -> bool:
    return self.status == "Running"


@getter(_CONTROLLER, "CanPauseAndContinue", type="bool")
def _can_pause(self: ServiceController) -> bool:
    return False


@getter(_CONTROLLER, "DependentServices", type="System.Object")
@getter(_CONTROLLER, "ServicesDependedOn", type="System.Object")
def _dependencies(self: ServiceController) -> Array:
    return Array((), types.get(_CONTROLLER))


@method(_CONTROLLER, "Refresh", overloads=["() -> void"])
def _refresh(self: ServiceController) -> None:
    self.status = self.service.status


@method(_CONTROLLER, "Close", overloads=["() -> void"])
@method(_CONTROLLER, "Dispose", overloads=["() -> void"])
def _close(self: ServiceController) -> None:
    """Nothing is held open."""


@method(_CONTROLLER, "Start", overloads=["() -> void", "(string[]) -> void"])
def _start(self: ServiceController, arguments: Any = None) -> None:
    if self.service.start_type == "Disabled" or self.service.status == "Running":
        raise net_error("System.InvalidOperationException", _cannot("start", self.service))
    self.service.status = "Running"


@method(_CONTROLLER, "Stop", overloads=["() -> void"])
def _stop(self: ServiceController) -> None:
    if self.service.status != "Running":
        raise net_error("System.InvalidOperationException", _cannot("stop", self.service))
    self.service.status = "Stopped"


def _cannot(verb: str, service: Any) -> str:
    return f"Cannot {verb} service {to_utf16(service.name)} on computer '.'."


@method(
    _CONTROLLER,
    "WaitForStatus",
    overloads=[f"({_STATUS}) -> void", f"({_STATUS}, System.TimeSpan) -> void"],
    context=True,
)
def _wait_for_status(ctx: Any, self: ServiceController, status: EnumValue, timeout: Any = None) -> None:
    """Services change at once: what is not so by now does not come."""
    _refresh(self)
    if types.enum_text(status) == self.status:
        return
    if timeout is None:
        raise Unsupported("ServiceController.WaitForStatus without end (the status does not come)")
    ctx.machine.sleep(timeout.ticks / 10_000_000)
    raise net_error(
        "System.ServiceProcess.TimeoutException", "Time out has expired and the operation has not been completed."
    )


@method(_CONTROLLER, "ToString", overloads=["() -> string"])
def _text(self: ServiceController) -> str:
    return _CONTROLLER


# ---- cmdlets -----------------------------------------------------------------------------------------------------------


class ServiceCommand(WindowsCmdlet):
    """Finds services by -Name, -DisplayName or -InputObject."""

    def services(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ctx.machine.services
        return found

    def chosen(self) -> Iterator[Any]:
        """The services that are meant, by name; one that is missing is a non-terminating error."""
        if self.bound("InputObject"):
            yield from (v.service for v in self.args["InputObject"] if isinstance(v, ServiceController))
            return
        by_display = self.bound("DisplayName")
        patterns = self.args["DisplayName"] if by_display else self.arg("Name") or ["*"]
        seen: set[str] = set()
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            matches = wildcard.compile(from_utf16(pattern))
            found = [s for s in self.services().values() if matches(s.display_name if by_display else s.name)]
            if not found and not wildcard.contains_wildcard(pattern):
                self._missing(pattern, by_display)
            for service in sorted(found, key=lambda s: s.name.lower()):
                if service.name.lower() not in seen and self._included(service):
                    seen.add(service.name.lower())
                    yield service

    def _included(self, service: Any) -> bool:
        include = [wildcard.compile(p) for p in self.arg("Include") or []]
        exclude = [wildcard.compile(p) for p in self.arg("Exclude") or []]
        return (not include or any(m(service.name) for m in include)) and not any(m(service.name) for m in exclude)

    def _missing(self, name: str, by_display: bool = False) -> None:
        what = "display name" if by_display else "service name"
        self.error(
            f"Cannot find any service with {what} '{name}'.",
            "NoServiceFoundForGivenDisplayName" if by_display else "NoServiceFoundForGivenName",
            "ObjectNotFound",
            name,
            kind=_FAILED,
        )

    def label(self, service: Any) -> str:
        return f"{to_utf16(service.display_name)} ({to_utf16(service.name)})"

    def start(self, service: Any) -> bool:
        """Starts a service; False after an error."""
        if service.status == "Running":
            return True
        if service.start_type == "Disabled":
            self._could_not(service, "start", "CouldNotStartService", "OpenError")
            return False
        service.status = "Running"
        return True

    def stop(self, service: Any) -> bool:
        service.status = "Stopped"
        return True

    def _could_not(self, service: Any, verb: str, error_id: str, category: str) -> None:
        inner = NetException("System.InvalidOperationException", _cannot(verb, service))
        text = (
            f"Service '{self.label(service)}' cannot be {verb}ed due to the following error: {inner.message}"
            if self.ctx.edition == "5.1"
            else f"Failed to {verb} service '{self.label(service)}'."
        )
        self.error(text, error_id, category, ServiceController(service), kind=_FAILED, inner=inner)

    def pass_through(self, service: Any) -> None:
        if self.arg("PassThru") is True:
            self.write(ServiceController(service))


_NAME = parameter("Name", "string[]", "Default", position=0, pipeline=True, by_name=True, aliases=("ServiceName",))
_INPUT = parameter("InputObject", f"{_CONTROLLER}[]", "InputObject", position=0, mandatory=True, pipeline=True)
_DISPLAY = parameter("DisplayName", "string[]", "DisplayName", mandatory=True)
_FILTERS = (parameter("Include", "string[]"), parameter("Exclude", "string[]"))


@cmdlet(
    "Get-Service",
    parameters=("Name", "DisplayName", "InputObject", "Include", "Exclude", "DependentServices", "RequiredServices"),
    metadata=metadata(
        "Get-Service",
        "GetServiceCommand",
        _NAME,
        _DISPLAY,
        parameter("InputObject", f"{_CONTROLLER}[]", "InputObject", pipeline=True),
        *_FILTERS,
        parameter("DependentServices", "switch", aliases=("DS",)),
        parameter("RequiredServices", "switch", aliases=("SDO", "ServicesDependedOn")),
        parameter("ComputerName", "string[]", aliases=("Cn",)),
        default_set="Default",
    ),
)
class GetService(ServiceCommand):
    def process(self) -> None:
        for service in self.chosen():
            if self.arg("DependentServices") is not True and self.arg("RequiredServices") is not True:
                self.write(ServiceController(service))


def _acting(verb: str, *extra: dict[str, Any]) -> dict[str, Any]:
    name = {**_NAME, "sets": [{**_NAME["sets"][0], "mandatory": True}]}
    return metadata(
        f"{verb}-Service",
        f"{verb}ServiceCommand",
        name,
        _DISPLAY,
        _INPUT,
        *_FILTERS,
        parameter("PassThru", "switch"),
        *extra,
        default_set="InputObject",
        should_process=True,
    )


_ACTING = ("Name", "DisplayName", "InputObject", "Include", "Exclude", "PassThru")


@cmdlet("Start-Service", parameters=_ACTING, metadata=_acting("Start"))
class StartService(ServiceCommand):
    def process(self) -> None:
        for service in self.chosen():
            if self.should_process(self.label(service)) and self.start(service):
                self.pass_through(service)


_STOPPING = (parameter("Force", "switch"), parameter("NoWait", "switch"))


@cmdlet("Stop-Service", parameters=(*_ACTING, "Force", "NoWait"), metadata=_acting("Stop", *_STOPPING))
class StopService(ServiceCommand):
    def process(self) -> None:
        for service in self.chosen():
            if self.should_process(self.label(service)) and self.stop(service):
                self.pass_through(service)


@cmdlet("Restart-Service", parameters=(*_ACTING, "Force"), metadata=_acting("Restart", _STOPPING[0]))
class RestartService(ServiceCommand):
    def process(self) -> None:
        for service in self.chosen():
            if self.should_process(self.label(service)) and self.stop(service) and self.start(service):
                self.pass_through(service)


def _start_name(command: ServiceCommand, value: Any) -> str:
    """-StartupType as the machine's service knows it.

    Raises:
        Unsupported: a start type that the simulated services do not have.
    """
    text = convert.to_string(command.ctx, value)
    for known in ("Automatic", "Manual", "Disabled"):
        if text.lower() == known.lower():
            return known
    raise Unsupported(f"start type {text} of a service")


def _store_start(command: ServiceCommand, service: Any, kind: str) -> None:
    service.start_type = kind
    registry = command.ctx.machine.registry
    if registry is not None:
        key = f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{service.name}"
        if registry.exists(key):
            registry.set_value(key, "Start", _START_NUMBERS[kind])


_START_TYPE = parameter(
    "StartupType",
    "string",
    aliases=("StartMode", "SM", "ST"),
    values=("Automatic", "AutomaticDelayedStart", "Boot", "Disabled", "InvalidValue", "Manual", "System"),
)


@cmdlet(
    "Set-Service",
    parameters=("Name", "InputObject", "StartupType", "Status", "DisplayName", "PassThru", "Force"),
    metadata=metadata(
        "Set-Service",
        "SetServiceCommand",
        parameter("Name", "string", "Name", position=0, mandatory=True, pipeline=True, by_name=True, aliases=("ServiceName", "SN")),
        parameter("InputObject", _CONTROLLER, "InputObject", position=0, mandatory=True, pipeline=True),
        parameter("DisplayName", "string", aliases=("DN",)),
        parameter("Description", "string"),
        _START_TYPE,
        parameter("Status", "string", values=("Running", "Stopped", "Paused")),
        parameter("PassThru", "switch"),
        parameter("Force", "switch"),
        parameter("Credential", "pscredential"),
        parameter("ComputerName", "string[]", aliases=("cn",)),
        default_set="Name",
        should_process=True,
    ),
)
class SetService(ServiceCommand):
    def process(self) -> None:
        service = self._service()
        if service is None or not self.should_process(self.label(service)):
            return
        if self.bound("DisplayName"):
            service.display_name = from_utf16(self.args["DisplayName"])
        if self.bound("StartupType"):
            _store_start(self, service, _start_name(self, self.args["StartupType"]))
        if self.bound("Status") and not self._to_status(service, self.args["Status"].capitalize()):
            return
        self.pass_through(service)

    def _service(self) -> Any:
        if self.bound("InputObject"):
            return self.args["InputObject"].service
        found = self.services().get(from_utf16(self.args["Name"]).lower())
        if found is None:
            self._missing(self.args["Name"])
        return found

    def _to_status(self, service: Any, status: str) -> bool:
        if status == "Running":
            return self.start(service)
        if status == "Stopped":
            return self.stop(service)
        raise Unsupported("paused services")


@cmdlet(
    "New-Service",
    parameters=("Name", "BinaryPathName", "DisplayName", "StartupType"),
    metadata=metadata(
        "New-Service",
        "NewServiceCommand",
        parameter("Name", "string", position=0, mandatory=True, aliases=("ServiceName",)),
        parameter("BinaryPathName", "string", position=1, mandatory=True, aliases=("Path",)),
        parameter("DisplayName", "string"),
        parameter("Description", "string"),
        _START_TYPE,
        parameter("Credential", "pscredential"),
        parameter("DependsOn", "string[]"),
        should_process=True,
    ),
)
class NewService(ServiceCommand):
    def process(self) -> None:
        name = self.args["Name"]
        known = self.services()
        if from_utf16(name).lower() in known:
            display = self.arg("DisplayName", name)
            inner = NetException("System.ComponentModel.Win32Exception", "The specified service already exists")
            self.error(
                f"Service '{display} ({name})' cannot be created due to the following error: {inner.message}",
                "CouldNotNewService",
                "PermissionDenied",
                kind=_FAILED,
                inner=inner,
            )
            return
        if not self.should_process(f"{self.arg('DisplayName', name)} ({name})"):
            return
        kind = _start_name(self, self.args["StartupType"]) if self.bound("StartupType") else "Automatic"
        template = next(iter(known.values()), None)
        if template is None:
            raise Unsupported("New-Service on a machine without services")
        made = type(template)(
            from_utf16(name),
            from_utf16(self.arg("DisplayName", name)),
            "Stopped",
            kind,
            from_utf16(self.args["BinaryPathName"]),
        )
        known[made.name.lower()] = made
        self.write(ServiceController(made))

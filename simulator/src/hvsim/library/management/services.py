# SPDX-License-Identifier: GPL-3.0-or-later
"""The Service cmdlets (Service.cs), over ``ctx.machine.services``."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.management.service_controller import (
    ALREADY_EXISTS,
    DISABLED,
    START_NUMBERS,
    ServiceController,
    not_found,
    refusal,
    windows_error,
)
from hvsim.library.management.windows_only import WindowsCmdlet, metadata, parameter
from hvsim.runtime import objects, types, wildcard
from hvsim.runtime.command import cmdlet
from hvsim.runtime.errors import NetException
from hvsim.runtime.types import NetType

_CONTROLLER = ServiceController.NET
_FAILED = "Microsoft.PowerShell.Commands.ServiceCommandException"
_STARTUP = "Microsoft.PowerShell.Commands.ServiceStartupType"
_STARTUP_NUMBERS = {"Automatic": 2, "Manual": 3, "Disabled": 4, "AutomaticDelayedStart": 10, "InvalidValue": -1}

types.register(NetType(_STARTUP, "System.Enum", kind="e", enum_members=_STARTUP_NUMBERS))


class ServiceCommand(WindowsCmdlet):
    """Finds services by -Name, -DisplayName or -InputObject."""

    def services(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ctx.machine.services
        return found

    def chosen(self) -> list[Any]:
        """The services that are meant, all of them sorted by name; one that is missing is a non-terminating error."""
        found = self._given() if self.bound("InputObject") else self._named()
        return sorted(found, key=lambda s: s.name.lower())

    def _given(self) -> list[Any]:
        return [v.service for v in self.args["InputObject"] if isinstance(v, ServiceController) and self._included(v.service, False)]

    def _named(self) -> list[Any]:
        by_display = self.bound("DisplayName")
        patterns = self.args["DisplayName"] if by_display else self.arg("Name") or ["*"]
        found: dict[str, Any] = {}
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            matches = wildcard.compile(from_utf16(pattern))
            fitting = [s for s in self.services().values() if matches(s.display_name if by_display else s.name)]
            if not fitting and not wildcard.contains_wildcard(pattern):
                self._missing(pattern, by_display)
            found.update((s.name.lower(), s) for s in fitting if self._included(s, by_display))
        return list(found.values())

    def _included(self, service: Any, by_display: bool) -> bool:
        name = service.display_name if by_display else service.name
        include = [wildcard.compile(p) for p in self.arg("Include") or []]
        exclude = [wildcard.compile(p) for p in self.arg("Exclude") or []]
        return (not include or any(m(name) for m in include)) and not any(m(name) for m in exclude)

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
            self._could_not_start(service)
            return False
        service.status = "Running"
        return True

    def stop(self, service: Any) -> bool:
        service.status = "Stopped"
        return True

    def _could_not_start(self, service: Any) -> None:
        inner = refusal(self.ctx, "start", service, DISABLED).exception
        text = f"Service '{self.label(service)}' cannot be started due to the following error: {inner.message}"
        self.error(text, "CouldNotStartService", "OpenError", ServiceController(service), kind=_FAILED, inner=inner)

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
                self.write(self._described(service))

    def _described(self, service: Any) -> ServiceController:
        """PowerShell 7 adds what the service is configured to; the simulated services run as LocalSystem, undescribed."""
        made = ServiceController(service)
        if self.ctx.edition == "5.1":
            return made
        delayed = bool(_configured(self, service, "DelayedAutostart"))
        kind = "AutomaticDelayedStart" if delayed and service.start_type == "Automatic" else service.start_type
        notes: dict[str, Any] = {
            "UserName": "LocalSystem",
            "Description": None,
            "DelayedAutoStart": delayed,
            "BinaryPathName": to_utf16(service.image_path),
            "StartupType": types.enum(_STARTUP, kind),
        }
        made.extended = {name.lower(): objects.NoteProperty(name, value, made) for name, value in notes.items()}
        return made


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


def _configured(command: ServiceCommand, service: Any, name: str) -> Any:
    """A value of the service's key in the registry; None if there is none."""
    registry, key = command.ctx.machine.registry, _key(service)
    if registry is None or not registry.exists(key):
        return None
    return next((v.data for v in registry.values(key) if v.name.lower() == name.lower()), None)


def _key(service: Any) -> str:
    return f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{service.name}"


def _start_name(value: Any) -> str | None:
    """-StartupType by name; None for InvalidValue, which changes nothing.

    Raises:
        Unsupported: a start type that the simulated services do not have.
    """
    name = types.enum_text(value)
    if name in ("Boot", "System"):
        raise Unsupported(f"start type {name} of a service")
    return None if name == "InvalidValue" else name


def _store_start(command: ServiceCommand, service: Any, kind: str) -> None:
    """The start type, and whether the start is delayed, in the service and in the registry."""
    delayed = kind == "AutomaticDelayedStart"
    service.start_type = kind = "Automatic" if delayed else kind
    registry = command.ctx.machine.registry
    if registry is not None and registry.exists(_key(service)):
        registry.set_value(_key(service), "Start", START_NUMBERS[kind])
        if delayed or _configured(command, service, "DelayedAutostart") is not None:
            registry.set_value(_key(service), "DelayedAutostart", int(delayed))


#: 5.1 has ServiceStartMode here (``edition51.json``).
_START_TYPE = parameter("StartupType", _STARTUP, aliases=("StartMode", "SM", "ST"))


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
        kind = _start_name(self.args["StartupType"]) if self.bound("StartupType") else None
        if kind is not None:
            _store_start(self, service, kind)
        if self.bound("Status") and not self._to_status(service, self.args["Status"].capitalize()):
            return
        self.pass_through(service)

    def _service(self) -> Any:
        if self.bound("InputObject"):
            return self.args["InputObject"].service
        found = self.services().get(from_utf16(self.args["Name"]).lower())
        if found is None:
            exception = not_found(self.ctx, self.args["Name"])
            # 5.1 names the computer that it has asked, 7 the service.
            target = "." if self.ctx.edition == "5.1" else self.args["Name"]
            self.error(
                exception.message,
                "InvalidOperationException",
                "ObjectNotFound",
                target,
                kind=exception.kind,
                inner=exception.inner,
            )
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
            inner: NetException = windows_error(self.ctx, ALREADY_EXISTS)
            self.error(
                f"Service '{display} ({name})' cannot be created due to the following error: {inner.message}",
                "CouldNotNewService",
                "PermissionDenied",
                name,
                kind=_FAILED,
                inner=inner,
            )
            return
        if not self.should_process(f"{self.arg('DisplayName', name)} ({name})"):
            return
        kind = (_start_name(self.args["StartupType"]) if self.bound("StartupType") else None) or "Automatic"
        template = next(iter(known.values()), None)
        if template is None:
            raise Unsupported("New-Service on a machine without services")
        made = type(template)(
            from_utf16(name),
            from_utf16(self.arg("DisplayName", name)),
            "Stopped",
            "Automatic" if kind == "AutomaticDelayedStart" else kind,
            from_utf16(self.args["BinaryPathName"]),
        )
        known[made.name.lower()] = made
        _register(self, made, kind)
        self.write(ServiceController(made))


def _register(command: ServiceCommand, service: Any, kind: str) -> None:
    """The key of a new service, as the service control manager writes it."""
    registry = command.ctx.machine.registry
    if registry is None:
        return
    registry.create_key(_key(service))
    registry.set_value(_key(service), "DisplayName", service.display_name)
    registry.set_value(_key(service), "ImagePath", service.image_path, "ExpandString")
    registry.set_value(_key(service), "ObjectName", "LocalSystem")
    registry.set_value(_key(service), "Type", 0x10)
    registry.set_value(_key(service), "ErrorControl", 1)
    _store_start(command, service, kind)

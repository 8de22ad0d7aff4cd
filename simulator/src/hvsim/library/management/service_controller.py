# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.ServiceProcess.ServiceController`` over ``ctx.machine.services``.

A service of the machine has ``name``, ``display_name``, ``status`` (Running, Stopped) and ``start_type`` (Automatic,
Manual, Disabled). Services depend on nothing here. The words are those of the System.ServiceProcess resources: .NET
quotes names, .NET Framework does not.
"""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import to_utf16
from hvsim.runtime import objects, types
from hvsim.runtime.errors import NetException, PSError, net_error
from hvsim.runtime.members import getter, method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, NetObject

_CONTROLLER = "System.ServiceProcess.ServiceController"
_STATUS = "System.ServiceProcess.ServiceControllerStatus"
_START = "System.ServiceProcess.ServiceStartMode"
START_NUMBERS = {"Boot": 0, "System": 1, "Automatic": 2, "Manual": 3, "Disabled": 4}

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
types.register(NetType(_START, "System.Enum", kind="e", enum_members=START_NUMBERS))


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


@method(_CONTROLLER, "Start", overloads=["() -> void", "(string[]) -> void"], context=True)
def _start(ctx: Any, self: ServiceController, arguments: Any = None) -> None:
    if self.service.status == "Running":
        raise refusal(ctx, "start", self.service, _ALREADY_RUNNING)
    if self.service.start_type == "Disabled":
        raise refusal(ctx, "start", self.service, DISABLED)
    self.service.status = "Running"


@method(_CONTROLLER, "Stop", overloads=["() -> void"], context=True)
def _stop(ctx: Any, self: ServiceController) -> None:
    if self.service.status != "Running":
        raise refusal(ctx, "stop", self.service, _NOT_ACTIVE)
    self.service.status = "Stopped"


#: What Windows says of errors 1056, 1058, 1060, 1062 and 1073.
_ALREADY_RUNNING = "An instance of the service is already running"
DISABLED = "The service cannot be started, either because it is disabled or because it has no enabled devices associated with it"
NO_SUCH_SERVICE = "The specified service does not exist as an installed service"
_NOT_ACTIVE = "The service has not been started"
ALREADY_EXISTS = "The specified service already exists"


def windows_error(ctx: Any, text: str) -> NetException:
    """A ``Win32Exception``; .NET Framework cuts the full stop off the system's message."""
    return NetException("System.ComponentModel.Win32Exception", text if ctx.edition == "5.1" else text + ".")


def refusal(ctx: Any, verb: str, service: Any, reason: str) -> PSError:
    """The InvalidOperationException of a service that cannot be started or stopped."""
    name = to_utf16(service.name)
    if ctx.edition != "5.1":
        name = f"'{name}'"
    text = f"Cannot start service {name} on computer '.'." if verb == "start" else f"Cannot stop {name} service on computer '.'."
    return net_error("System.InvalidOperationException", text, inner=windows_error(ctx, reason))


def not_found(ctx: Any, name: str) -> NetException:
    """What a ServiceController says when it is asked about a service that is not there."""
    shown = name if ctx.edition == "5.1" else f"'{name}'"
    text = f"Service {shown} was not found on computer '.'."
    return NetException("System.InvalidOperationException", text, windows_error(ctx, NO_SUCH_SERVICE))


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
    name = to_utf16(self.service.name)
    text = f"The operation requested for service '{name}' has not been completed within the specified time interval."
    if ctx.edition == "5.1":
        text = "Time out has expired and the operation has not been completed."
    raise net_error("System.ServiceProcess.TimeoutException", text)


@method(_CONTROLLER, "ToString", overloads=["() -> string"])
def _text(self: ServiceController) -> str:
    return _CONTROLLER

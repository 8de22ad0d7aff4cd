# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Hyper-V management layer refuses, as typed exceptions (hyperv-facts.md 2.5).

Each carries what an adapter needs to write PowerShell's error record: id (the first part of the fully qualified error
id), category by the name of ``System.Management.Automation.ErrorCategory``, target and the message in the language of
the host. The exception type on the PowerShell side is ``Microsoft.HyperV.PowerShell.VirtualizationException`` for all.
"""

from __future__ import annotations

from typing import Any

from hvsim.hyperv.texts import text

EXCEPTION_TYPE = "Microsoft.HyperV.PowerShell.VirtualizationException"


class ModelError(Exception):
    """Base of everything the model refuses at run time.

    Attributes:
        error_id: e.g. ``InvalidParameter``; an adapter appends ``,<cmdlet class>``.
        category: name of the PowerShell error category, e.g. ``InvalidArgument``.
        target: the target object of the error record: a name, a model object or None.
        message: localized text.
        fatal: True when the whole command cannot work (no role, no rights, service stopped), not one operand.
    """

    default_id = "OperationFailed"
    default_category = "NotSpecified"
    fatal = False

    def __init__(
        self, message: str, *, error_id: str | None = None, category: str | None = None, target: Any = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_id = error_id or self.default_id
        self.category = category or self.default_category
        self.target = target

    @property
    def exception_type(self) -> str:
        return EXCEPTION_TYPE


class VirtualMachineNotFound(ModelError):
    """No VM with that name or id. ``Get-VM -Name`` alone reports it as InvalidParameter with the name as target."""

    default_id = "ObjectNotFound"
    default_category = "ObjectNotFound"

    @classmethod
    def by_name(cls, name: str, language: str, *, command: str = "") -> VirtualMachineNotFound:
        message = text("vm_name_not_found", language, name=name)
        if command.lower() == "get-vm":
            return cls(message, error_id="InvalidParameter", category="InvalidArgument", target=name)
        return cls(message)

    @classmethod
    def by_id(cls, vm_id: object, language: str) -> VirtualMachineNotFound:
        return cls(text("vm_id_not_found", language, id=str(vm_id).lower()))


class ObjectGone(ModelError):
    """An object read before has been deleted since."""

    default_id = "ObjectNotFound"
    default_category = "ObjectNotFound"

    @classmethod
    def on(cls, host: str, language: str) -> ObjectGone:
        return cls(text("object_not_found", language, host=host))


class ComponentNotFound(ModelError):
    """No integration component with that display name on the VM."""

    default_id = "InvalidParameter"
    default_category = "InvalidArgument"

    @classmethod
    def on(cls, language: str) -> ComponentNotFound:
        return cls(text("component_name_not_found", language))


class InvalidState(ModelError):
    """The VM's state forbids the operation; the target is the VM."""

    default_id = "InvalidState"
    default_category = "InvalidOperation"

    @classmethod
    def of(cls, vm: Any, language: str) -> InvalidState:
        return cls(text("invalid_state", language), target=vm)


class InvalidParameter(ModelError):
    """A value that the management layer refuses."""

    default_id = "InvalidParameter"
    default_category = "InvalidArgument"


class AccessDenied(ModelError):
    """The job was refused for one object (return code 32769)."""

    default_id = "AccessDenied"
    default_category = "PermissionDenied"

    @classmethod
    def to_vm(cls, name: str, vm_id: object, language: str) -> AccessDenied:
        return cls(text("general_access_denied", language, name=name, id=str(vm_id).upper()))


class NotPermitted(ModelError):
    """The caller is neither administrator nor Hyper-V administrator of the host."""

    default_id = "AccessDenied"
    default_category = "PermissionDenied"
    fatal = True

    @classmethod
    def on(cls, host: str, language: str, *, error_id: str = "AccessDenied") -> NotPermitted:
        category = "PermissionDenied" if error_id == "AccessDenied" else "NotSpecified"
        return cls(text("permission", language, host=host), error_id=error_id, category=category)


class ManagementUnavailable(ModelError):
    """The role is missing or the Virtual Machine Management service does not run: Windows says the same in both."""

    default_id = "ObjectNotFound"
    default_category = "ObjectNotFound"
    fatal = True

    @classmethod
    def on(cls, host: str, language: str) -> ManagementUnavailable:
        return cls(text("object_not_found", language, host=host))


class ServiceStopped(ManagementUnavailable):
    """VMMS is stopped."""


class RoleMissing(ManagementUnavailable):
    """The Hyper-V role is not installed. An adapter may say instead that its cmdlets do not exist
    (``Host.module_installed`` tells whether the management tools are there)."""


class OperationFailed(ModelError):
    """A VMMS job failed."""


class JobFault(OperationFailed):
    """A fault lets the operation start a job which then goes wrong; ``kind`` is the fault's. An operation without a job fails."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

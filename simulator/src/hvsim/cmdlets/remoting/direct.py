# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell Direct as transport of New-PSSession and Invoke-Command (hyperv-facts.md 2.6, 4.2).

The client runs ``Get-VM`` with the id or name it was given and wants exactly one running virtual machine; then it connects. One
target's failure leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hvsim.hyperv.errors import ModelError
from hvsim.hyperv.guest_session import DirectError, GuestConnection, GuestHangs, NotHyperVAdministrator
from hvsim.hyperv.host import Host
from hvsim.hyperv.vm import VirtualMachine
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.remoting import transports
from hvsim.library.remoting.far_runspace import FarContexts
from hvsim.library.remoting.session import Hangs, PSSession, RemoteRunspace, SessionTable, TransportError
from hvsim.runtime import wildcard
from hvsim.runtime.command import Cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord, NetException

_ARGUMENT = "System.ArgumentException"
#: What New-PSSession calls an error that Invoke-Command's stream calls PSSessionStateBroken.
_OPEN_FAILED = "PSSessionOpenFailed"
_STATE_BROKEN = "PSSessionStateBroken"


def open_sessions(cmdlet: Cmdlet) -> Iterator[PSSession | TransportError]:
    """Sessions to the machines of -VMId or -VMName.

    Raises:
        PSError: the Hyper-V module is not available.
    """
    host: Host | None = cmdlet.ctx.services.get(Host)
    if host is None or not host.module_installed:
        raise cmdlet.fail(
            "The Hyper-V Module for PowerShell is not available on this machine.", "HyperVModuleNotAvailable", "NotInstalled",
            kind=_ARGUMENT,
        )  # fmt: skip
    host.counters.add(f"cmdlet:{cmdlet.metadata.name}")
    if cmdlet.bound("VMId"):
        for vm_id in cmdlet.args["VMId"]:
            yield _open(cmdlet, host, _by_id(cmdlet, host, str(vm_id)))
    else:
        for name in cmdlet.args["VMName"]:
            yield _open(cmdlet, host, _by_name(cmdlet, host, name))


# ---- which machine -----------------------------------------------------------------------------------------------------


def _visible(cmdlet: Cmdlet, host: Host) -> tuple[VirtualMachine, ...]:
    """What ``Get-VM`` gives the caller: nothing if it fails."""
    actor = cmdlet.ctx.machine.user
    try:
        host.begin("Get-VM", actor=actor)
    except ModelError:
        return ()
    return host.visible_virtual_machines(actor)


def _by_id(cmdlet: Cmdlet, host: Host, vm_id: str) -> VirtualMachine | TransportError:
    found = [vm for vm in _visible(cmdlet, host) if str(vm.id) == vm_id]
    return found[0] if len(found) == 1 else _not_single("Id", vm_id)


def _by_name(cmdlet: Cmdlet, host: Host, name: str) -> VirtualMachine | TransportError:
    """A name has the wildcard rules of ``Get-VM -Name`` (2.2)."""
    matcher = wildcard.compile(name)
    found = [vm for vm in _visible(cmdlet, host) if matcher(to_utf16(vm.name))]
    return found[0] if len(found) == 1 else _not_single("Name", name)


def _not_single(key: str, value: str) -> TransportError:
    return _refusal(
        f"The input VM{key} {value} does not resolve to a single virtual machine.", f"InvalidVM{key}NotSingle", "InvalidArgument", _ARGUMENT
    )


# ---- opening -----------------------------------------------------------------------------------------------------------


def _open(cmdlet: Cmdlet, host: Host, vm: VirtualMachine | TransportError) -> PSSession | TransportError:
    if isinstance(vm, TransportError):
        return vm
    persistent = cmdlet.metadata.name == "New-PSSession"
    credential = cmdlet.arg("Credential")
    configuration = cmdlet.arg("ConfigurationName")
    try:
        host.apply_faults(cmdlet.metadata.name, vm)
        if vm.is_deleted:
            return _not_single("Id", str(vm.id)) if cmdlet.bound("VMId") else _not_single("Name", to_utf16(vm.name))
        connection = host.connect_guest(
            vm,
            "" if credential is None else from_utf16(credential.user_name),
            "" if credential is None else from_utf16(credential.password.text),
            actor=cmdlet.ctx.machine.user,
            configuration_name=None if configuration is None else from_utf16(configuration),
            persistent=persistent,
        )
    except ModelError as error:
        return _failure(cmdlet.ctx, error, vm, persistent=persistent)
    return _session(cmdlet.ctx, host, connection, configuration)


def _session(ctx: ExecutionContext, host: Host, connection: GuestConnection, configuration: str | None) -> PSSession:
    make: Any = ctx.services.get(FarContexts)
    if make is None:
        connection.close()
        raise Unsupported("PowerShell Direct from this runspace (no engine to run the guest's side)")
    vm = connection.vm
    return PSSession(
        SessionTable.of(ctx),
        DirectConnection(host, connection, make(connection.machine, connection.user.name)),
        to_utf16(vm.name),
        computer_type="VirtualMachine",
        transport="VMBus",
        configuration_name=configuration or "",
        vm_id=str(vm.id),
        vm_name=to_utf16(vm.name),
    )


def _failure(ctx: ExecutionContext, error: ModelError, vm: VirtualMachine, *, persistent: bool) -> TransportError:
    """A model error as the cmdlet's: what the client itself finds out carries the cmdlet's name, the rest comes out of the stream."""
    kind = error.exception_type
    if isinstance(error, NotHyperVAdministrator) or kind == _ARGUMENT:
        return _refusal(error.message, error.error_id, error.category, kind)
    error_id = _OPEN_FAILED if persistent and error.error_id == _STATE_BROKEN else error.error_id
    if not isinstance(error, DirectError):
        # A fault of the lab: an error of the way to the guest like any other.
        error_id = _OPEN_FAILED if persistent else _STATE_BROKEN
        kind = "System.Management.Automation.Remoting.PSRemotingTransportException"
    target = _unopened(ctx, vm) if persistent else to_utf16(vm.name)
    return TransportError(_record(error.message, error_id, "OpenError", kind, target))


def _unopened(ctx: ExecutionContext, vm: VirtualMachine) -> RemoteRunspace:
    """The runspace that New-PSSession could not open: the target of its error."""
    session = PSSession(
        SessionTable.of(ctx), Unopened(ctx), to_utf16(vm.name), computer_type="VirtualMachine", transport="VMBus", vm_id=str(vm.id),
        vm_name=to_utf16(vm.name),
    )  # fmt: skip
    session.state = "Broken"
    return session.runspace


def _refusal(message: str, error_id: str, category: str, kind: str) -> TransportError:
    return TransportError(_record(message, error_id, category, kind, None), from_cmdlet=True)


def _record(message: str, error_id: str, category: str, kind: str, target: Any) -> ErrorRecord:
    exception = NetException(kind, to_utf16(message))
    record = ErrorRecord(exception, error_id, category, target)
    if kind.startswith("System.Management.Automation."):
        exception.error_record = record
    return record


# ---- using -------------------------------------------------------------------------------------------------------------


class Unopened:
    """The connection of a session that never was: nothing uses it."""

    def __init__(self, context: ExecutionContext) -> None:
        self.context = context

    @property
    def language_mode(self) -> str:
        return "FullLanguage"

    def count(self, command: str) -> None:
        """Nothing to count."""

    def check(self) -> None:
        """Nobody asks: the session is broken."""

    def process_ended(self) -> None:
        """There is no process."""

    def close(self) -> None:
        """Nothing is open."""


class DirectConnection:
    """An open way into a guest, with the runspace at its end."""

    def __init__(self, host: Host, connection: GuestConnection, context: ExecutionContext) -> None:
        self._host = host
        self._connection = connection
        self._context = context

    @property
    def context(self) -> ExecutionContext:
        return self._context

    @property
    def language_mode(self) -> str:
        return self._connection.language_mode

    def count(self, command: str) -> None:
        """Counts the cmdlet."""
        self._host.counters.add(f"cmdlet:{command}")

    def check(self) -> None:
        """Looks whether the guest's end is there.

        Raises:
            TransportError: it is gone.
            Hangs: it does not answer.
        """
        try:
            self._step()
        except GuestHangs as error:
            raise Hangs(to_utf16(error.message)) from None
        except ModelError as error:
            kind = error.exception_type
            error_id = error.error_id
            if not isinstance(error, DirectError):
                error_id, kind = "JobFailure", "System.Management.Automation.Remoting.PSRemotingTransportException"
            target = to_utf16(self._connection.vm.name)
            raise TransportError(_record(error.message, error_id, "OpenError", kind, target)) from None

    def process_ended(self) -> None:
        """The guest's end is gone with its process."""
        self._connection.end_process()

    def _step(self) -> None:
        """Looks at the guest's end; the latency of faults passes in the session, which for a job is in time of its own."""
        machine = self._context.machine
        if getattr(machine, "ahead", None) is None:
            self._connection.check()
            return
        with self._host.clock.aside() as spent:
            try:
                self._connection.check()
            finally:
                machine.sleep(spent())

    def close(self) -> None:
        """Ends the session, and those that it has opened itself."""
        SessionTable.of(self._context).close_all()
        self._connection.close()


transports.register("VirtualMachine", open_sessions)

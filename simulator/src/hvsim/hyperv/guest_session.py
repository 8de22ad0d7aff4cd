# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell Direct: the way into a guest, and when it ends (hyperv-facts.md 2.6, 4.2).

The order of the checks is that of the client in PowerShell 7: the VM's state, the user name, the socket (anything that keeps the
guest silent gives one and the same error), the credential, the configuration, the handshake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hvsim.hyperv.errors import ModelError
from hvsim.hyperv.guest import POWERSHELL_DIRECT
from hvsim.hyperv.users import User, account_name
from hvsim.hyperv.vm import VirtualMachine, VMState

if TYPE_CHECKING:
    from hvsim.hyperv.guest_windows import GuestWindows
    from hvsim.hyperv.host import Host

_REMOTING: Final = "System.Management.Automation.Remoting."
#: What faults call a step through an open connection.
COMMAND: Final = "PowerShellDirect"
#: Session configurations that every Windows PowerShell has.
CONFIGURATIONS: Final = ("microsoft.powershell", "microsoft.powershell32", "microsoft.powershell.workflow")
FULL_LANGUAGE: Final = "FullLanguage"
_POLICY_KEY: Final = r"HKLM\SOFTWARE\Microsoft\PowerShell"


class DirectError(ModelError):
    """A guest cannot be entered, or the way in broke.

    ``error_id`` is what Invoke-Command reports; New-PSSession says ``PSSessionOpenFailed`` and Enter-PSSession
    ``CreateRemoteRunspaceForVMFailed`` for those whose id is ``PSSessionStateBroken``.

    Attributes:
        reason: stable word for tests and counters, e.g. ``credential``.
    """

    default_id = "PSSessionStateBroken"
    default_category = "OpenError"
    exception = f"{_REMOTING}PSDirectException"
    reason = "transport"

    @property
    def exception_type(self) -> str:
        return self.exception


class NotHyperVAdministrator(DirectError):
    """The caller sees no VM: Get-VM gave nothing."""

    default_id = "InvalidVMIdNotSingle"
    default_category = "InvalidArgument"
    exception = "System.ArgumentException"
    reason = "not_found"


class NotRunning(DirectError):
    """The VM is not in the state Running."""

    default_id = "InvalidVMState"
    default_category = "InvalidArgument"
    exception = "System.ArgumentException"
    reason = "state"


class EmptyUserName(DirectError):
    """No user name: a guest takes nobody without one."""

    reason = "user_name"


class InvalidCredential(DirectError):
    """Unknown user, wrong password, disabled or expired account, or a guest that has just booted."""

    reason = "credential"


class HandshakeRefused(DirectError):
    """The host's policy wants the new handshake, the guest knows the old one only."""

    reason = "handshake"


class GuestSilent(DirectError):
    """Nothing answers in the guest: no or no suitable Windows, not booted, service off, unknown configuration."""

    exception = f"{_REMOTING}PSRemotingDataStructureException"
    reason = "silent"


class SessionDied(DirectError):
    """The guest rebooted, was stopped or removed, or its service ended while a session was open."""

    default_id = "JobFailure"
    exception = f"{_REMOTING}PSRemotingTransportException"
    reason = "died"


class GuestHangs(DirectError):
    """The guest does not answer any more: a real client waits without end."""

    default_id = "OperationTimeout"
    default_category = "OperationTimeout"
    exception = f"{_REMOTING}PSRemotingTransportException"
    reason = "hangs"


class GuestConnection:
    """An open way into a guest.

    Attributes:
        vm, machine, user: where it leads, and as whom.
        configuration_name: session configuration, None for the default.
        language_mode: what its runspaces understand.
    """

    def __init__(
        self,
        host: Host,
        vm: VirtualMachine,
        user: User,
        configuration_name: str | None,
        language_mode: str = FULL_LANGUAGE,
    ) -> None:
        machine = vm.guest.machine
        assert machine.is_windows
        self.vm = vm
        self.machine: GuestWindows = machine  # type: ignore[assignment]
        self.user = user
        self.configuration_name = configuration_name
        self.language_mode = language_mode
        self._host = host
        self._service = self.machine.services["vmicvmsession"]
        self._start = self._epoch()
        self._closed = False
        self._process_ended = False
        self.machine.direct_sessions += 1

    def __repr__(self) -> str:
        return f"GuestConnection({self.vm.name!r}, {self.user.name!r}, alive={self.alive})"

    def _epoch(self) -> tuple[int, int]:
        return self.vm.guest.power.starts, getattr(self._service, "stops", 0)

    @property
    def alive(self) -> bool:
        """Whether the guest's end still exists; a paused or hung guest's does, it only does not answer."""
        if self._closed or self._process_ended or self.vm.is_deleted:
            return False
        listed = self.machine.services.get("vmicvmsession") is self._service
        return listed and self.vm.has_state_objects and self._start == self._epoch()

    @property
    def hung(self) -> bool:
        """Whether the guest would not answer now, nor end the session."""
        return self.alive and (self.vm.is_paused or not self.vm.guest.responding)

    def check(self) -> None:
        """To be called before each step through the connection: faults for the command ``PowerShellDirect`` act here.

        Raises:
            SessionDied: the guest's end is gone.
            GuestHangs: nothing will come any more; a caller without a timeout of its own would wait for ever.
            ModelError: a fault says so.
        """
        if not self._closed and not self.vm.is_deleted:
            self._host.apply_faults(COMMAND, self.vm)
        if not self.alive:
            # The quotes are part of the text (2.6).
            ended = 'The background process reported an error with the following message: "{}".'
            raise SessionDied(ended.format("The Hyper-V socket target process has ended."))
        if self.hung:
            raise GuestHangs(f"The virtual machine {self.vm.name} does not respond.")

    def end_process(self) -> None:
        """The process of the session in the guest ends; the caller notices at the next step."""
        if self.alive:
            self.machine.direct_sessions = max(0, self.machine.direct_sessions - 1)
        self._process_ended = True

    def close(self) -> None:
        """End the session; again is no error."""
        if self._closed:
            return
        if self.alive:
            self.machine.direct_sessions = max(0, self.machine.direct_sessions - 1)
        self._closed = True


def connect(
    host: Host,
    vm: VirtualMachine,
    user: str,
    password: str,
    *,
    actor: str | User | None,
    configuration_name: str | None = None,
    persistent: bool = False,
) -> GuestConnection:
    """See ``Host.connect_guest``."""
    if not host.may_manage(actor):
        message = f"The input VMId {vm.id} does not resolve to a single virtual machine."
        raise NotHyperVAdministrator(message)
    if vm.state is not VMState.RUNNING:
        raise NotRunning(f"The virtual machine {vm.name} is not in running state.")
    if actor is not None:
        host.apply_faults("Connect-Guest", vm)
    name = account_name(user)
    if not name:
        raise EmptyUserName("The input username cannot be empty.")
    if _is_silent(vm):
        raise silent(host)
    guest = vm.guest
    account = guest.machine.check_password(name, password) if guest.power.logon_possible else None
    if account is None:
        raise InvalidCredential("The credential is invalid.")
    if _refuses_handshake(host, vm):
        raise HandshakeRefused(
            "Negotiating a secure connection to Hyper-V failed. Make sure the Host and Guest are updated with all relevant "
            "Microsoft Updates."
        )
    language_mode = _language_mode(host, vm, configuration_name, persistent)
    if language_mode is None:
        raise silent(host)
    return GuestConnection(host, vm, account, configuration_name, language_mode)


def silent(host: Host) -> GuestSilent:
    """The error of a guest that does not answer."""
    product = "Windows PowerShell" if host.powershell == "5.1" else "PowerShell"
    return GuestSilent(f"An error has occurred which {product} cannot handle. A remote session might have ended.")


def _is_silent(vm: VirtualMachine) -> bool:
    guest = vm.guest
    if guest.kind != "windows" or not guest.supports(POWERSHELL_DIRECT):
        return True
    return guest.service_state(POWERSHELL_DIRECT) != "running"


def _refuses_handshake(host: Host, vm: VirtualMachine) -> bool:
    if vm.guest.protocol(POWERSHELL_DIRECT) != "older" or not host.registry.exists(_POLICY_KEY):
        return False
    values = {value.name.lower(): value.data for value in host.registry.values(_POLICY_KEY)}
    return values.get("requirepsdirectauthentication", 0) not in (0, "0")


def _language_mode(host: Host, vm: VirtualMachine, name: str | None, persistent: bool) -> str | None:
    """That of the configuration; None if the guest has not got it."""
    own = {one.lower(): mode for one, mode in vm.guest.seed.configurations.items()}
    if name is None:
        # A PowerShell 7 host may ask a guest for a PowerShell.7 configuration that it has not (U).
        needs = persistent and host.powershell == "7" and host.behaviour.direct_from_powershell7 == "needs_endpoint"
        if not needs:
            return FULL_LANGUAGE
        return next((mode for one, mode in own.items() if one.startswith("powershell.7")), None)
    return {**dict.fromkeys(CONFIGURATIONS, FULL_LANGUAGE), **own}.get(name.lower())

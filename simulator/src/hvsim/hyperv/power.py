# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting, stopping, saving and pausing VMs: which states allow it, through which states it leads, how long it takes.

Source: hyperv-facts.md 2.3. A change that takes time puts the VM into a passing state (Starting, Stopping ...); the clock of the
host carries it on from there, and ``Host.wait_for_power`` lets that time pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from hvsim.hyperv.errors import InvalidState, ModelError, OperationFailed
from hvsim.hyperv.texts import text
from hvsim.hyperv.vm import VirtualMachine, VMState

if TYPE_CHECKING:
    from hvsim.hyperv.host import Host

StateChange = Literal["start", "shut_down", "force_shut_down", "turn_off", "save", "suspend", "resume", "reset"]

#: How long Hyper-V waits for a guest that was asked to shut down (the five minutes of 2.3).
SHUTDOWN_TIMEOUT: Final = 300.0


@dataclass(frozen=True)
class Transition:
    """One kind of change.

    Attributes:
        allowed: states that it starts from.
        through, target: the passing state and the one it ends in.
        seconds: how long the passing state lasts; None: as long as the guest needs.
    """

    allowed: frozenset[VMState]
    through: VMState
    target: VMState
    seconds: float | None


#: From which states a change is allowed, and where it leads (2.3).
TRANSITIONS: Final[Mapping[str, Transition]] = {
    "start": Transition(
        frozenset({VMState.OFF, VMState.SAVED, VMState.PAUSED, VMState.FAST_SAVED, VMState.HIBERNATED}),
        VMState.STARTING,
        VMState.RUNNING,
        2,
    ),
    "shut_down": Transition(frozenset({VMState.RUNNING}), VMState.STOPPING, VMState.OFF, None),
    # Applications are closed in spite of unsaved data, also while the screen is locked.
    "force_shut_down": Transition(frozenset({VMState.RUNNING}), VMState.STOPPING, VMState.OFF, None),
    "turn_off": Transition(
        frozenset({VMState.RUNNING, VMState.PAUSED, VMState.SAVED, VMState.FAST_SAVED}),
        VMState.STOPPING,
        VMState.OFF,
        1,
    ),
    "save": Transition(frozenset({VMState.RUNNING, VMState.PAUSED}), VMState.SAVING, VMState.SAVED, 4),
    "suspend": Transition(frozenset({VMState.RUNNING}), VMState.PAUSING, VMState.PAUSED, 1),
    "resume": Transition(frozenset({VMState.PAUSED}), VMState.RESUMING, VMState.RUNNING, 1),
    "reset": Transition(frozenset({VMState.RUNNING, VMState.PAUSED}), VMState.RUNNING, VMState.RUNNING, 0),
}


class ShutdownServiceNotWorking(ModelError):
    """The guest cannot be asked to shut down: the component is off or its guest half does not answer."""

    @classmethod
    def of(cls, vm: VirtualMachine, language: str) -> ShutdownServiceNotWorking:
        return cls(text("shutdown_not_ready", language, name=vm.name, id=str(vm.id).upper()))


class ShutdownRefused(OperationFailed):
    """The guest was asked and refused, or did not finish in time."""

    @classmethod
    def of(cls, vm: VirtualMachine, language: str, reason: Literal["refused", "timeout"]) -> ShutdownRefused:
        return cls(text(f"shutdown_{reason}", language, name=vm.name, id=str(vm.id).upper()))


def begin_change(host: Host, vm: VirtualMachine, change: StateChange) -> bool:
    """Put a VM on its way. False: it is in the target state already.

    Raises:
        InvalidState: not allowed from the current state.
        ShutdownServiceNotWorking, ShutdownRefused: the guest cannot be or does not let itself be shut down.
    """
    transition = TRANSITIONS[change]
    state = vm.state
    if state is transition.target and change != "reset":
        return False
    if state not in transition.allowed:
        raise InvalidState.of(vm, host.language)
    if change == "reset":
        vm.enter_state(VMState.RUNNING)
        vm.guest.boot()
        return True
    seconds = transition.seconds
    if seconds is None:
        seconds = _ask_guest(host, vm, force=change == "force_shut_down")
    through = VMState.RESUMING if change == "start" and state is VMState.PAUSED else transition.through
    vm.pass_through(through, transition.target, seconds)
    return True


def _ask_guest(host: Host, vm: VirtualMachine, *, force: bool) -> float:
    """Ask the guest to shut down: how many seconds it needs.

    Raises:
        ShutdownServiceNotWorking, ShutdownRefused: as ``begin_change``.
    """
    if not vm.integration_service("shutdown").is_working:
        raise ShutdownServiceNotWorking.of(vm, host.language)
    power = vm.guest.power
    if power.on_shutdown == "refuses" and not force:
        raise ShutdownRefused.of(vm, host.language, "refused")
    if power.on_shutdown == "hangs":
        host.clock.advance(seconds=SHUTDOWN_TIMEOUT)
        raise ShutdownRefused.of(vm, host.language, "timeout")
    return power.times.shutdown

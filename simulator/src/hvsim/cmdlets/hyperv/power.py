# SPDX-License-Identifier: GPL-3.0-or-later
"""Start-, Stop-, Restart-, Save-, Suspend- and Resume-VM (hyperv-facts.md 2.3).

The cmdlets wait until the VM is in a lasting state: that much simulated time passes. What would ask a question fails, for nobody can
answer it in a remote session.
"""

from __future__ import annotations

import datetime as dt

from hvsim.cmdlets.hyperv.commands import hyperv_cmdlet
from hvsim.cmdlets.hyperv.jobs import JobCommand
from hvsim.cmdlets.hyperv.types import VirtualMachineObject
from hvsim.hyperv.errors import InvalidParameter, ModelError
from hvsim.hyperv.power import ShutdownRefused, ShutdownServiceNotWorking, StateChange
from hvsim.hyperv.texts import text
from hvsim.hyperv.vm import VirtualMachine
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import to_utf16
from hvsim.runtime import types
from hvsim.runtime.types import NetType

#: How long Restart-VM -Wait without -Timeout lasts before the simulation calls it endless.
_ENDLESS = 24 * 3600

types.register(
    NetType(
        "Microsoft.HyperV.PowerShell.Commands.WaitVMTypes",
        "System.Enum",
        kind="e",
        enum_members={"Heartbeat": 0, "IPAddress": 1},
    )
)


class PromptFailed(ModelError):
    """A question that nobody can answer."""

    default_id = "Unspecified"

    @classmethod
    def asking(cls, question: str) -> PromptFailed:
        return cls(
            "A command that prompts the user failed because the host program or the command type does not support user "
            f"interaction. The host was attempting to request confirmation with the following message: {question}"
        )


class PowerCommand(JobCommand):
    """One change for each VM."""

    change: StateChange

    def process(self) -> None:
        if not self.start() or not self.arguments_fit():
            return
        wanted = [vm for vm in self.machines() if self.should_process(to_utf16(vm.name), self.metadata.name)]
        self.run(lambda: self._each(wanted))

    def _each(self, machines: list[VirtualMachine]) -> dt.datetime | None:
        for vm in machines:
            try:
                self.carry_out(vm)
            except ModelError as error:
                self.report(error)
                continue
            if self.arg("Passthru") is True:
                self.write(VirtualMachineObject(self.host, vm))
        now = self.host.clock.now()
        ends = [now + dt.timedelta(seconds=vm.seconds_to_settle) for vm in machines]
        return max(ends, default=None)

    def arguments_fit(self) -> bool:
        """Whether the arguments go together; writes the error if not."""
        return True

    def carry_out(self, vm: VirtualMachine) -> None:
        """The change of one VM.

        Raises:
            ModelError: it fails.
        """
        self.apply(vm, self.change)

    def apply(self, vm: VirtualMachine, change: StateChange) -> None:
        """A change; a VM that is in the target state already gives a warning."""
        wait = not self.as_job
        if not self.host.change_vm_state(vm, change, actor=self.actor, command=self.metadata.name, wait=wait):
            self.warn(to_utf16(text("already_in_state", self.host.language)))


@hyperv_cmdlet("Start-VM", "Name", "VM", "AsJob", "Passthru")
class StartVM(PowerCommand):
    change = "start"


@hyperv_cmdlet("Save-VM", "Name", "VM", "AsJob", "Passthru")
class SaveVM(PowerCommand):
    change = "save"


@hyperv_cmdlet("Suspend-VM", "Name", "VM", "AsJob", "Passthru")
class SuspendVM(PowerCommand):
    change = "suspend"


@hyperv_cmdlet("Resume-VM", "Name", "VM", "AsJob", "Passthru")
class ResumeVM(PowerCommand):
    change = "resume"


@hyperv_cmdlet("Stop-VM", "Name", "VM", "AsJob", "Passthru", "Force", "Save", "TurnOff")
class StopVM(PowerCommand):
    def arguments_fit(self) -> bool:
        if self.arg("Save") is not True or self.arg("TurnOff") is not True:
            return True
        self.report(InvalidParameter("The parameters Save and TurnOff cannot be used together."))
        return False

    def carry_out(self, vm: VirtualMachine) -> None:
        if self.arg("TurnOff") is True:
            self.apply(vm, "turn_off")
        elif self.arg("Save") is True:
            self.apply(vm, "save")
        else:
            self._shut_down(vm)

    def _shut_down(self, vm: VirtualMachine) -> None:
        """Without the shutdown service PowerShell asks whether to turn off; -Force and -AsJob answer yes (A).

        With -Force the guest closes what is open; a VM whose guest does not go down nevertheless is turned off.
        """
        force = self.arg("Force") is True or self.as_job
        try:
            self.apply(vm, "force_shut_down" if self.arg("Force") is True else "shut_down")
        except ShutdownServiceNotWorking as error:
            if not force:
                raise PromptFailed.asking(error.message) from None
            self.apply(vm, "turn_off")
        except ShutdownRefused as error:
            if self.arg("Force") is not True:
                raise
            self.report(error)
            self.apply(vm, "turn_off")


@hyperv_cmdlet("Restart-VM", "Name", "VM", "AsJob", "Passthru", "Force", "Wait", "For", "Delay", "Timeout")
class RestartVM(PowerCommand):
    """A hard restart, like pressing the reset button."""

    change = "reset"

    def carry_out(self, vm: VirtualMachine) -> None:
        if self.arg("Force") is not True and not self.as_job:
            raise PromptFailed.asking(f'Are you sure you want to restart virtual machine "{vm.name}"?')
        self.apply(vm, "reset")
        if self.arg("Wait") is True:
            self._wait(vm)

    def _wait(self, vm: VirtualMachine) -> None:
        """Polls every -Delay seconds.

        Raises:
            ModelError: -Timeout is over, or the VM is gone.
            Unsupported: it would wait for ever.
        """
        delay = max(1, int(self.arg("Delay", 5)))
        timeout = int(self.arg("Timeout", -1))
        passed = 0
        while not self._is_back(vm):
            if 0 <= timeout <= passed:
                raise ModelError(
                    text("timeout", self.host.language),
                    error_id="OperationTimeout",
                    category="OperationTimeout",
                    target=vm,
                )
            if passed > _ENDLESS:
                raise Unsupported(f"Restart-VM -Wait without -Timeout on {vm.name!r}, whose guest does not come back")
            self.host.clock.advance(seconds=delay)
            passed += delay
            self.host.touch(vm, command=self.metadata.name, actor=self.actor)

    def _is_back(self, vm: VirtualMachine) -> bool:
        wanted = self.arg("For")
        key = "key_value_pair_exchange" if wanted is not None and wanted.value == 1 else "heartbeat"
        return vm.is_executing and vm.integration_service(key).is_working

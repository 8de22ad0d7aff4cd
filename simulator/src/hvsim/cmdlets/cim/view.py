# SPDX-License-Identifier: GPL-3.0-or-later
"""The host as one caller's CIM operation sees it: rights and faults of each VM are applied while rows are made."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from hvsim.hyperv.errors import ModelError, ObjectGone
from hvsim.hyperv.host import Host
from hvsim.hyperv.kvp_management import KvpManagement, management_of
from hvsim.hyperv.texts import text
from hvsim.hyperv.vm import VirtualMachine


class HostView:
    """One operation of one caller.

    Attributes:
        command: what faults match.
        permitted: whether the caller may manage Hyper-V; without it the namespace looks empty.
    """

    def __init__(self, host: Host, actor: str | None, command: str) -> None:
        self.host = host
        self.actor = actor
        self.command = command
        self.permitted = host.may_manage(actor)

    @property
    def kvp(self) -> KvpManagement:
        return management_of(self.host)

    def machines(self) -> Iterator[VirtualMachine]:
        """The VMs that the caller sees.

        Raises:
            ModelError: a fault of one of them.
        """
        if not self.permitted:
            return
        watched = len(self.host.faults) > 0
        for vm in self.host.virtual_machines():
            if not watched or self._still_there(vm):
                yield vm

    def machine(self, vm_id: str) -> VirtualMachine | None:
        """One VM by id, None when there is none. Raises as :meth:`machines` does."""
        if not self.permitted:
            return None
        try:
            vm = self.host.get_vm(UUID(vm_id))
        except (ValueError, ModelError):
            return None
        return vm if self._still_there(vm) else None

    def _still_there(self, vm: VirtualMachine) -> bool:
        try:
            self.host.touch(vm, command=self.command, actor=self.actor)
        except ObjectGone:
            return False
        return True

    def text(self, key: str) -> str:
        """A text in the language of the host."""
        return text(key, self.host.language)

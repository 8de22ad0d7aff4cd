# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of VMMS that change key-value pairs: rights, faults, checks, jobs (hyperv-facts.md 3.1, 3.3, 3.4)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from hvsim.hyperv.embedded import DATA_ITEM, parse_instance
from hvsim.hyperv.errors import JobFault, ModelError
from hvsim.hyperv.jobs import Job, JobOutcome, JobTable
from hvsim.hyperv.kvp import (
    ITEMS_PER_CALL,
    KvpBehaviour,
    KvpError,
    Method,
    Pairs,
    ReturnCode,
    Source,
    VmKvp,
    change_pairs,
    kvp_of,
)
from hvsim.hyperv.kvp_guest import Pair
from hvsim.hyperv.vm import VMState

if TYPE_CHECKING:
    from hvsim.hyperv.clock import Clock
    from hvsim.hyperv.host import Host
    from hvsim.hyperv.vm import VirtualMachine

_CHANGEABLE: Final = frozenset(
    {
        VMState.OFF,
        VMState.OFF_CRITICAL,
        VMState.RUNNING,
        VMState.RUNNING_CRITICAL,
        VMState.PAUSED,
        VMState.PAUSED_CRITICAL,
    }
)
_SAVED: Final = frozenset(
    {VMState.SAVED, VMState.SAVED_CRITICAL, VMState.FAST_SAVED, VMState.FAST_SAVED_CRITICAL, VMState.HIBERNATED}
)

#: Return code by the error id of a fault.
_CODES: Final = {
    "AccessDenied": ReturnCode.ACCESS_DENIED,
    "Unspecified": ReturnCode.ACCESS_DENIED,
    "ObjectInUse": ReturnCode.IN_USE,
    "InvalidState": ReturnCode.INVALID_STATE,
    "InvalidParameter": ReturnCode.INVALID_PARAMETER,
    "OperationTimeout": ReturnCode.TIMEOUT,
    "OutOfMemory": ReturnCode.OUT_OF_MEMORY,
    "ObjectNotFound": ReturnCode.OBJECT_NOT_FOUND,
}


#: Simulated time of an operation on a host without latency: who polls without a pause must see time pass all the same.
OPERATION_MS: Final = 5.0


@dataclass(frozen=True)
class MethodResult:
    """What a method returns: the code, and the job if it started one."""

    code: ReturnCode
    job: Job | None = None


class KvpManagement:
    """Key-value pairs as one host's VMMS manages them."""

    def __init__(self, host: Host, behaviour: KvpBehaviour) -> None:
        self.host = host
        self.behaviour = behaviour
        self._jobs: tuple[Clock, JobTable] | None = None
        self._lock = threading.RLock()

    @property
    def jobs(self) -> JobTable:
        """The host's jobs; a host that was reset has a new clock and no jobs."""
        clock = self.host.clock
        if self._jobs is None or self._jobs[0] is not clock:
            self._jobs = (clock, JobTable(clock.now, lifetime=self.behaviour.job_lifetime))
        return self._jobs[1]

    def of(self, vm: VirtualMachine) -> VmKvp:
        """Data exchange of a VM."""
        return kvp_of(self.host, vm)

    def begin(self, operation: str, command: str) -> None:
        """Start of a CIM operation: counted as ``cim:<operation>``, takes the host's latency, may fail by a fault.

        Raises:
            ModelError: a fault says so.
        """
        self.host.counters.add(f"cim:{operation}")
        self.host.clock.advance(milliseconds=max(self.host.latency_ms, OPERATION_MS))
        self.host.apply_faults(command)

    def change(self, method: Method, vm_id: UUID | str, items: Sequence[str], *, actor: str | None) -> MethodResult:
        """AddKvpItems, ModifyKvpItems, RemoveKvpItems.

        Args:
            vm_id: the target's id.
            items: embedded instances of Msvm_KvpExchangeDataItem as text.
        """
        with self._lock:
            return self._change(method, vm_id, items, actor)

    def _change(self, method: Method, vm_id: UUID | str, items: Sequence[str], actor: str | None) -> MethodResult:
        fault = ""
        try:
            vm = self.host.get_vm(vm_id)
            try:
                self.host.apply_faults(method)
                self.host.touch(vm, command=method, actor=actor)
            except JobFault as job_fault:
                fault = job_fault.kind
        except ModelError as error:
            return MethodResult(_CODES.get(error.error_id, ReturnCode.FAILED))
        refusal = self._refusal(vm)
        if refusal is not None:
            return MethodResult(refusal)
        try:
            wanted = _parse(items)
        except KvpError as error:
            return MethodResult(error.code)
        return self._perform(method, vm, wanted, fault)

    def _refusal(self, vm: VirtualMachine) -> ReturnCode | None:
        if vm.state not in _CHANGEABLE and not (vm.state in _SAVED and self.behaviour.saved == "allow"):
            return ReturnCode.INVALID_STATE
        if self.behaviour.concurrent == "refuse" and self.jobs.running(vm.id):
            return ReturnCode.IN_USE
        return None

    def _perform(self, method: Method, vm: VirtualMachine, items: dict[Source, list[Pair]], fault: str) -> MethodResult:
        if fault == "job_failed":
            return self._finish(method, vm, "fails", ReturnCode.FAILED, "fault")
        if fault == "job_hangs":
            return self._finish(method, vm, "hangs", ReturnCode.COMPLETED, "")
        kvp = self.of(vm)
        try:
            changed = {source: self._changed(method, kvp, source, pairs) for source, pairs in items.items()}
        except KvpError as error:
            kvp.synchronize()
            return self._finish(method, vm, "fails", error.code, str(error))
        kvp.settings.host = changed.get(Source.HOST, kvp.settings.host)
        kvp.settings.host_only = changed.get(Source.HOST_ONLY, kvp.settings.host_only)
        kvp.synchronize()
        return self._finish(method, vm, "completes", ReturnCode.COMPLETED, "", keep=fault != "job_vanishes")

    def _changed(self, method: Method, kvp: VmKvp, source: Source, pairs: list[Pair]) -> Pairs:
        kept = kvp.settings.host_only if source is Source.HOST_ONLY else kvp.settings.host
        return change_pairs(method, kept, pairs, source=source, build=self.host.build, behaviour=self.behaviour)

    def _finish(
        self, method: Method, vm: VirtualMachine, outcome: JobOutcome, code: ReturnCode, text: str, *, keep: bool = True
    ) -> MethodResult:
        if self.behaviour.jobs == "synchronous" and outcome != "hangs" and keep:
            return MethodResult(code)
        job = self.jobs.start(
            method,
            vm.id,
            seconds=self.behaviour.job_seconds,
            outcome=outcome,
            error_code=code,
            error_text=text,
            keep=keep,
        )
        return MethodResult(ReturnCode.JOB_STARTED, job)


def _parse(texts: Sequence[str]) -> dict[Source, list[Pair]]:
    """The items of a call by their source.

    Raises:
        KvpError: too many, or one is no data item.
    """
    if not 1 <= len(texts) <= ITEMS_PER_CALL:
        raise KvpError(ReturnCode.INVALID_PARAMETER, f"a call has 1 to {ITEMS_PER_CALL} items")
    wanted: dict[Source, list[Pair]] = {}
    for text in texts:
        try:
            class_name, properties = parse_instance(text)
        except ValueError as error:
            raise KvpError(ReturnCode.INVALID_PARAMETER, str(error)) from None
        values = {name.lower(): value for name, value in properties.items()}
        source = values.get("source") or "0"
        if class_name.lower() != DATA_ITEM.lower() or source not in ("0", "4"):
            raise KvpError(ReturnCode.INVALID_PARAMETER, "not an item of the host")
        wanted.setdefault(Source(int(source)), []).append((values.get("name") or "", values.get("data") or ""))
    return wanted


def management_of(host: Host) -> KvpManagement:
    """The key-value pair part of a host's VMMS, made on first use."""
    found: KvpManagement | None = host.__dict__.get("_kvp_management")
    if found is None:
        found = host.__dict__["_kvp_management"] = KvpManagement(host, host.kvp_behaviour)
    return found

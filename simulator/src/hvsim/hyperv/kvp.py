# SPDX-License-Identifier: GPL-3.0-or-later
"""Key-value pairs of a VM: what the host keeps, and what its guest gets to see of it (hyperv-facts.md 3)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Literal

from hvsim.hyperv.kvp_guest import MemoryPairs, Pair, PairStore, store_of, utf16_length
from hvsim.hyperv.kvp_intrinsic import host_parameters, intrinsic_items

if TYPE_CHECKING:
    from hvsim.hyperv.host import Host
    from hvsim.hyperv.vm import VirtualMachine

COMPONENT: Final = "key_value_pair_exchange"

#: Sizes in UTF-16 units (3.6).
KEY_UNITS: Final = 255
VALUE_UNITS: Final = 1023
HOST_ONLY_VALUE_UNITS: Final = 8192
HOST_ONLY_ITEMS: Final = 128
ITEMS_PER_CALL: Final = 128

Method = Literal["AddKvpItems", "ModifyKvpItems", "RemoveKvpItems"]


class Source(IntEnum):
    """``Msvm_KvpExchangeDataItem.Source``."""

    HOST = 0
    GUEST = 1
    INTRINSIC = 2
    HOST_ONLY = 4


class ReturnCode(IntEnum):
    """What methods of the management service return, and a job's ``ErrorCode``."""

    COMPLETED = 0
    JOB_STARTED = 4096
    FAILED = 32768
    ACCESS_DENIED = 32769
    NOT_SUPPORTED = 32770
    TIMEOUT = 32772
    INVALID_PARAMETER = 32773
    IN_USE = 32774
    INVALID_STATE = 32775
    OUT_OF_MEMORY = 32778
    OBJECT_NOT_FOUND = 32779


@dataclass(frozen=True)
class KvpBehaviour:
    """Switches for what is not known of the real thing; each is a row in ASSUMPTIONS.md.

    Attributes:
        jobs: whether changes answer with a job (4096, the normal case) or are done when the call returns (0).
        job_seconds: simulated time that a job takes; ``job_lifetime``: seconds for which a finished one is known.
        add_existing: error code when a key to add exists; ``modify_missing``: when one to modify is missing (hosts
            from build 10000 on; older ones say 32773).
        partial: whether a call with one wrong item changes nothing or what stands before it.
        keys: whether two keys that differ only in case are one.
        saved: changing a saved VM; ``concurrent``: changing a VM whose last job still runs.
        empty_value: an item without data has no VALUE element, or an empty one.
        off_components: whether a VM that is off has a data exchange component at all.
        device_id: form of the component's DeviceID.
        not_permitted: what a caller without rights gets to see.
    """

    jobs: Literal["asynchronous", "synchronous"] = "asynchronous"
    job_seconds: float = 0.2
    job_lifetime: float = 300
    add_existing: Literal[32768, 32773, 32779] = 32773
    modify_missing: Literal[32773, 32779] = 32773
    partial: Literal["nothing", "until_error"] = "nothing"
    keys: Literal["case_insensitive", "case_sensitive"] = "case_insensitive"
    saved: Literal["allow", "refuse"] = "refuse"
    concurrent: Literal["allow", "refuse"] = "refuse"
    empty_value: Literal["missing", "empty"] = "missing"
    off_components: Literal["absent", "empty"] = "absent"
    device_id: Literal["component", "vm"] = "component"
    not_permitted: Literal["empty", "access_denied"] = "empty"


class KvpError(Exception):
    """A change is refused with a return code."""

    def __init__(self, code: ReturnCode, text: str) -> None:
        super().__init__(text)
        self.code = code


class Pairs:
    """An ordered set of pairs, keys compared by *key*."""

    def __init__(self, items: Mapping[str, str] | Iterable[Pair] = (), key: Callable[[str], str] = str.lower) -> None:
        self._key = key
        pairs = items.items() if isinstance(items, Mapping) else items
        self._items: dict[str, Pair] = {key(name): (name, value) for name, value in pairs}

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: str) -> bool:
        return self._key(name) in self._items

    def items(self) -> list[Pair]:
        """The pairs in the order in which they were added."""
        return list(self._items.values())

    def set(self, name: str, value: str) -> None:
        """Add a pair, or change its value: the key stays as it was first written."""
        key = self._key(name)
        known = self._items.get(key)
        self._items[key] = (name if known is None else known[0], value)

    def remove(self, name: str) -> None:
        """Remove a pair; a missing one is no error."""
        self._items.pop(self._key(name), None)

    def replace(self, other: Pairs) -> None:
        """Take over the pairs of another set."""
        self._items = dict(other._items)

    def copy(self) -> Pairs:
        return Pairs(self._items.values(), self._key)


@dataclass
class KvpSettings:
    """The part of a configuration (of a VM, or of a checkpoint) that holds pairs.

    Attributes:
        host: ``HostExchangeItems``; ``host_only``: ``HostOnlyItems``.
        disable_host_items: ``DisableHostKVPItems``: the host does not describe itself to the guest.
    """

    host: Pairs = field(default_factory=Pairs)
    host_only: Pairs = field(default_factory=Pairs)
    disable_host_items: bool = False

    def copy(self) -> KvpSettings:
        return KvpSettings(self.host.copy(), self.host_only.copy(), self.disable_host_items)


class VmKvp:
    """Data exchange of one VM.

    Attributes:
        settings: what the host keeps; it lives in the VM's configuration and outlasts reboots.
        intrinsic: overrides of what the guest tells of itself.
        refused: keys that the guest could not take (a Linux guest's fields are limited in bytes).
        checkpoints: settings of the VM's checkpoints by name.
    """

    def __init__(self, host: Host, vm: VirtualMachine) -> None:
        self.host = host
        self.vm = vm
        key = self.behaviour_key
        self.settings = KvpSettings(Pairs(key=key), Pairs(key=key))
        self.intrinsic: dict[str, str | None] = {}
        self.refused: set[str] = set()
        self.checkpoints: dict[str, KvpSettings] = {}
        self._delivered: dict[str, str] = {}
        self._store: PairStore = MemoryPairs(vm.guest.seed.kvp.items(), linux=vm.guest.kind == "linux")
        self._told: dict[str, str] = {}
        self._busy = False
        self._lock = threading.RLock()

    @property
    def behaviour_key(self) -> Callable[[str], str]:
        """How the host compares keys."""
        return key_of(self.host.kvp_behaviour)

    @property
    def connected(self) -> bool:
        """Whether pairs flow: the VM runs, data exchange is on, the guest has booted and its service answers."""
        return self.vm.integration_service(COMPONENT).guest_service_running

    @property
    def store(self) -> PairStore:
        """The guest's store: its registry or files as soon as it is a machine."""
        if isinstance(self._store, MemoryPairs) and self.vm.guest.has_machine:
            memory = self._store
            self._store = store = store_of(self.vm.guest.machine)
            memory.move_to(store)
        return self._store

    def synchronize(self) -> None:
        """Deliver what has changed on the host since the guest was last reached. Nothing happens without contact."""
        with self._lock:
            if self._busy:  # delivering looks into the guest, which asks for a delivery
                return
            self._busy = True
            try:
                if self.connected:
                    self._deliver()
                elif self.vm.guest.has_machine:
                    _ = self.store
            finally:
                self._busy = False

    def _deliver(self) -> None:
        store, wanted = self.store, dict(self.settings.host.items())
        for name in [name for name in self._delivered if name not in wanted]:
            store.remove_external(name)
            del self._delivered[name]
        for name, value in wanted.items():
            if self._delivered.get(name) == value:
                continue
            if store.set_external(name, value):
                self.refused.discard(name)
            else:
                self.refused.add(name)
            self._delivered[name] = value
        if not isinstance(store, MemoryPairs):
            told = {} if self.settings.disable_host_items else host_parameters(self.host, self.vm)
            automatic = intrinsic_items(self.vm, self.intrinsic)
            if self._told != {**told, **automatic}:
                store.set_automatic(automatic)
                store.set_parameters(told)
                self._told = {**told, **automatic}

    def external(self) -> list[Pair]:
        """What the guest holds of what the host has sent, for tests: read from its store."""
        self.synchronize()
        return self.store.external()

    def guest_items(self) -> list[Pair]:
        """``GuestExchangeItems``: nothing without contact."""
        if not self.connected:
            return []
        self.synchronize()
        return self.store.pushed()

    def intrinsic_items(self) -> dict[str, str]:
        """``GuestIntrinsicExchangeItems``: nothing without contact."""
        return intrinsic_items(self.vm, self.intrinsic) if self.connected else {}


def kvp_of(host: Host, vm: VirtualMachine) -> VmKvp:
    """Data exchange of a VM, made on first use."""
    found: VmKvp | None = vm.__dict__.get("kvp")
    if found is None:
        found = vm.__dict__["kvp"] = VmKvp(host, vm)
    return found


def known_pairs(vm: VirtualMachine) -> dict[str, dict[str, str]]:
    """What the host keeps for a VM, by source; asking makes nothing."""
    found: VmKvp | None = vm.__dict__.get("kvp")
    settings = KvpSettings() if found is None else found.settings
    return {"host": dict(settings.host.items()), "host_only": dict(settings.host_only.items())}


def key_of(behaviour: KvpBehaviour) -> Callable[[str], str]:
    """How keys are compared on a host."""
    return str if behaviour.keys == "case_sensitive" else str.lower


def change_pairs(
    method: Method, pairs: Pairs, items: Iterable[Pair], *, source: Source, build: int, behaviour: KvpBehaviour
) -> Pairs:
    """A copy of *pairs* after a call.

    Raises:
        KvpError: an item is wrong for that method on a host of that build (3.4); ``pairs`` is changed as far as the
            behaviour says.
    """
    changed = pairs.copy()
    try:
        for name, value in items:
            _change_one(method, changed, name, value, source, build, behaviour)
        if source is Source.HOST_ONLY and len(changed) > HOST_ONLY_ITEMS:
            raise KvpError(ReturnCode.INVALID_PARAMETER, f"more than {HOST_ONLY_ITEMS} host-only items")
    except KvpError:
        if behaviour.partial == "until_error":
            pairs.replace(changed)
        raise
    return changed


def _change_one(
    method: Method, pairs: Pairs, name: str, value: str, source: Source, build: int, behaviour: KvpBehaviour
) -> None:
    if not 1 <= utf16_length(name) <= KEY_UNITS:
        raise KvpError(ReturnCode.INVALID_PARAMETER, f"a key has 1 to {KEY_UNITS} characters")
    if method == "RemoveKvpItems":
        if name not in pairs and build < 9600:
            raise KvpError(ReturnCode.INVALID_PARAMETER, "the key does not exist")
        pairs.remove(name)
        return
    limit = HOST_ONLY_VALUE_UNITS if source is Source.HOST_ONLY else VALUE_UNITS
    if utf16_length(value) > limit:
        raise KvpError(ReturnCode.INVALID_PARAMETER, f"a value has at most {limit} characters")
    if method == "AddKvpItems" and name in pairs:
        raise KvpError(ReturnCode(behaviour.add_existing), "the key exists")
    if method == "ModifyKvpItems" and name not in pairs:
        code = behaviour.modify_missing if build >= 10000 else ReturnCode.INVALID_PARAMETER
        raise KvpError(ReturnCode(code), "the key does not exist")
    pairs.set(name, value)

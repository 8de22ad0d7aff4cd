# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults as data: ordered rules that make a command fail, a VM vanish or time pass."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

#: Error kinds that a rule may name; ``Host`` knows what each raises.
ERROR_KINDS: Final = (
    "access_denied",
    "busy",
    "cut_connection",
    "gone",
    "hang_guest",
    "invalid_state",
    "job_failed",
    "job_hangs",
    "job_vanishes",
    "not_permitted",
    "operation_failed",
    "out_of_memory",
    "reboot_guest",
    "role_missing",
    "service_stopped",
    "timeout",
    "turn_off_guest",
    "vanish",
    "vm_not_found",
)

#: Kinds that let an operation start a job which then fails, never ends, or is unknown as soon as it has started.
JOB_FAULTS: Final = frozenset({"job_failed", "job_hangs", "job_vanishes"})

#: The kind that closes the client's connection, and the command that it is for: every request over WinRM is one match.
CUT_CONNECTION: Final = "cut_connection"
WINRM: Final = "WinRM"

#: Kinds that do something to one VM instead of raising: it vanishes, or its guest reboots, hangs or loses power.
GUEST_FAULTS: Final = frozenset({"vanish", "reboot_guest", "hang_guest", "turn_off_guest"})


@dataclass
class FaultRule:
    """One rule.

    Attributes:
        command: cmdlet or CIM method in any case, or ``*`` for every command.
        vm: None matches the command as a whole, once per call before any VM is looked at; a name (exact, any case) or
            an id matches work on that VM; ``*`` matches work on every VM.
        component: restricts the rule to one integration service (key).
        error: an error kind. A CIM method answers with the return code that fits; ``job_failed``, ``job_hangs`` and
            ``job_vanishes`` let it start a job that goes wrong. ``vanish`` removes the VM from the host,
            ``reboot_guest``, ``hang_guest`` and ``turn_off_guest`` do that to its guest, and let the command find out.
            ``cut_connection``, only for the command ``WinRM``, closes the client's connection instead of answering its
            request, which is not carried out.
        error_id, category, message: an explicit error instead of a kind.
        latency_ms: simulated time that passes on the host's clock at every match.
        times: how often the rule acts; None means always.
        skip: how many matches pass untouched first.
    """

    command: str = "*"
    vm: str | None = None
    component: str | None = None
    error: str | None = None
    error_id: str | None = None
    category: str | None = None
    message: str | None = None
    latency_ms: float = 0
    times: int | None = None
    skip: int = 0

    def __post_init__(self) -> None:
        if self.error is not None and self.error not in ERROR_KINDS:
            raise ValueError(f"unknown error kind {self.error!r}; known: {', '.join(ERROR_KINDS)}")
        explicit = (self.error_id, self.category, self.message) != (None, None, None)
        if self.error is not None and explicit:
            raise ValueError("give either 'error' or 'error_id'/'category'/'message', not both")
        if self.error is None and not explicit and self.latency_ms <= 0:
            raise ValueError("a fault needs 'error', 'error_id'/'message' or 'latency_ms'")
        if (self.error == CUT_CONNECTION) != (self.command.lower() == WINRM.lower()) or (self.error == CUT_CONNECTION and self.vm):
            raise ValueError(f"'{CUT_CONNECTION}' is for the command '{WINRM}', which has no 'vm' and no other error")
        if self.error in GUEST_FAULTS and self.vm is None:
            raise ValueError(f"'{self.error}' needs 'vm'")
        if self.times is not None and self.times < 1:
            raise ValueError("'times' must be 1 or more")
        if self.skip < 0 or self.latency_ms < 0:
            raise ValueError("'skip' and 'latency_ms' cannot be negative")

    @property
    def fails(self) -> bool:
        return self.error is not None or self.error_id is not None or self.message is not None or bool(self.category)

    def as_dict(self) -> dict[str, Any]:
        """Only what was set."""
        return {key: value for key, value in asdict(self).items() if value not in (None, 0)}


@dataclass(frozen=True)
class FaultOutcome:
    """What the rules say about one step: time to add, and the rule that makes it fail, if any."""

    latency_ms: float = 0
    rule: FaultRule | None = None


NO_FAULT: Final = FaultOutcome()


@dataclass
class _Entry:
    rule: FaultRule
    skip: int = field(init=False)
    left: int | None = field(init=False)

    def __post_init__(self) -> None:
        self.skip = self.rule.skip
        self.left = self.rule.times

    def consume(self) -> bool:
        """Count one match; whether the rule acts on it."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.left is None:
            return True
        if self.left == 0:
            return False
        self.left -= 1
        return True


class FaultSet:
    """The rules of one host, in order. The first failing rule decides; delays of all that match add up."""

    def __init__(self, rules: Iterable[FaultRule] = ()) -> None:
        self._lock = threading.Lock()
        self._entries = [_Entry(rule) for rule in rules]

    def add(self, rule: FaultRule) -> None:
        """Append a rule."""
        with self._lock:
            self._entries.append(_Entry(rule))

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def as_list(self) -> list[dict[str, Any]]:
        """The rules as data, each with what is left of it."""
        with self._lock:
            return [{**entry.rule.as_dict(), "left": entry.left} for entry in self._entries]

    def check(
        self, command: str, *, vm_name: str | None = None, vm_id: UUID | None = None, component: str | None = None
    ) -> FaultOutcome:
        """Apply the rules to one step of a command; with ``vm_name`` None the step is the command itself."""
        if not self._entries:
            return NO_FAULT
        latency = 0.0
        with self._lock:
            for entry in self._entries:
                if not _matches(entry.rule, command, vm_name, vm_id, component) or not entry.consume():
                    continue
                latency += entry.rule.latency_ms
                if entry.rule.fails:
                    return FaultOutcome(latency, entry.rule)
        return FaultOutcome(latency)


def _matches(rule: FaultRule, command: str, vm_name: str | None, vm_id: UUID | None, component: str | None) -> bool:
    if command == WINRM and rule.error != CUT_CONNECTION:
        # * stands for commands of the host, not for what brings them.
        return False
    if rule.command not in ("*", command) and rule.command.lower() != command.lower():
        return False
    if rule.component is not None and rule.component != component:
        return False
    if rule.vm is None or vm_name is None:
        return rule.vm is None and vm_name is None
    wanted = rule.vm.lower()
    return wanted == "*" or wanted == vm_name.lower() or (vm_id is not None and wanted == str(vm_id))

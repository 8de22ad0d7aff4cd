# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""FOR INTERNAL COLLECTION USE ONLY: compare what policies expect with what hosts report. Data in, data out."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hyperv.integration.plugins.plugin_utils._selection import Selection, SelectionError

SCHEMA_VERSION = "1.1"

#: What it costs when a service is off (the impact column of Microsoft's reference of integration services).
#: Heartbeat and VSS vary with the use of the VM, hence a setting; this is its default.
SEVERITIES: Mapping[str, str] = {
    "heartbeat": "medium",
    "shutdown": "high",
    "time_synchronization": "high",
    "key_value_pair_exchange": "medium",
    "vss": "medium",
    "guest_service_interface": "low",
}
SEVERITY_ORDER = ("high", "medium", "low")
RESULTS = ("compliant", "drift", "waived", "unknown")
_GUEST = ("read", "reason", "integration_services_version", "clock_offset", "clock_round_trip")
_GUEST_SERVICE = ("present", "start_mode", "running")


class DriftError(ValueError):
    """Policies, waivers or severities are malformed; the message says which and why."""


@dataclass(frozen=True)
class Policy:
    """A selection and the state its services must have."""

    selection: Selection
    services: Mapping[str, bool]


@dataclass(frozen=True)
class Waiver:
    """A drift that somebody answers for until a day (the last one on which it counts)."""

    selection: Selection
    services: frozenset[str]
    owner: str
    expires: datetime.date
    reason: str

    def describe(self, today: datetime.date) -> dict[str, Any]:
        return {
            "owner": self.owner,
            "expires": self.expires.isoformat(),
            "expired": today > self.expires,
            "reason": self.reason,
        }


def parse_policies(data: Sequence[Mapping[str, Any]]) -> list[Policy]:
    """Read policies as the ``hyperv_ics`` module takes them.

    Raises:
        DriftError: a policy selects nothing, or has unknown keys or services.
    """
    return [_parse_policy(entry, f"policy {number}") for number, entry in enumerate(data, 1)]


def _parse_policy(entry: Mapping[str, Any], label: str) -> Policy:
    services = entry.get("services")
    if not isinstance(services, Mapping) or not services:
        raise DriftError(f"{label}: services must say which services are to be enabled or disabled.")
    _check_services(services, label)
    wrong = sorted(key for key, value in services.items() if not isinstance(value, bool))
    if wrong:
        raise DriftError(f"{label}: {', '.join(wrong)} must be true or false.")
    return Policy(_parse_selection(entry, ("services",), label), dict(services))


def parse_waivers(data: Sequence[Mapping[str, Any]]) -> list[Waiver]:
    """Read waivers: a selection, ``services`` (list), ``owner``, ``expires`` (ISO date) and an optional ``reason``.

    Raises:
        DriftError: a waiver lacks its owner or expiry, or selects nothing.
    """
    return [_parse_waiver(entry, f"waiver {number}") for number, entry in enumerate(data, 1)]


def _parse_waiver(entry: Mapping[str, Any], label: str) -> Waiver:
    owner, services = str(entry.get("owner") or ""), entry.get("services") or ()
    if not owner:
        raise DriftError(f"{label}: an owner is required.")
    if isinstance(services, (str, Mapping)) or not services:
        raise DriftError(f"{label}: services must list the services it covers.")
    _check_services(services, label)
    try:
        expires = datetime.date.fromisoformat(str(entry.get("expires"))[:10])
    except ValueError as error:
        raise DriftError(
            f"{label}: expires must be a date such as 2027-06-30, not {entry.get('expires')!r}."
        ) from error
    selection = _parse_selection(entry, ("services", "owner", "expires", "reason"), label)
    return Waiver(selection, frozenset(services), owner, expires, str(entry.get("reason") or ""))


def _parse_selection(entry: Mapping[str, Any], other_keys: Iterable[str], label: str) -> Selection:
    try:
        return Selection.parse(entry, other_keys)
    except SelectionError as error:
        raise DriftError(f"{label}: {error}") from error


def _check_services(services: Iterable[str], label: str) -> None:
    unknown = sorted(set(services) - set(SEVERITIES))
    if unknown:
        raise DriftError(f"{label}: unknown service {', '.join(unknown)}; known are {', '.join(SEVERITIES)}.")


def merge_severities(overrides: Mapping[str, str]) -> dict[str, str]:
    """The default severities with a site's own.

    Raises:
        DriftError: an unknown service or severity.
    """
    _check_services(overrides, "severities")
    wrong = sorted({str(value) for value in overrides.values()} - set(SEVERITY_ORDER))
    if wrong:
        raise DriftError(f"severities: {', '.join(wrong)} is none of {', '.join(SEVERITY_ORDER)}.")
    return {**SEVERITIES, **overrides}


def expected_services(policies: Iterable[Policy], vm: Mapping[str, Any]) -> dict[str, bool]:
    """What the policies want for one VM: the last policy that matches wins, service by service."""
    expected: dict[str, bool] = {}
    for policy in policies:
        if policy.selection.includes(vm):
            expected.update(policy.services)
    return expected


def evaluate_host(
    read: Mapping[str, Any],
    policies: Sequence[Mapping[str, Any]],
    waivers: Sequence[Mapping[str, Any]] = (),
    severities: Mapping[str, str] | None = None,
    today: datetime.date | None = None,
) -> dict[str, Any]:
    """Compare one host with its policies.

    Args:
        read: the registered result of ``hyperv_ics_info``; a failed or unreachable one yields a host without VMs.
        policies: ordered policies, as for ``hyperv_ics``.
        waivers: drifts that somebody answers for.
        severities: a site's own severities by service.
        today: the day waivers are judged by; the current day in UTC where not given.

    Returns:
        ``state``, ``message``, ``unmatched``, ``vms`` (in the order of the module: by name and id) and ``summary``.
        Where the module looked into guests, each VM has a ``guest``, each service that the guest spoke of as well, with
        ``blocked`` beside it, and the summary has ``guests``.

    Raises:
        DriftError: policies, waivers or severities are malformed.
    """
    today = today or datetime.datetime.now(datetime.UTC).date()
    parsed_policies, parsed_waivers = parse_policies(policies), parse_waivers(waivers)
    merged_severities = merge_severities(severities or {})
    state = _read_state(read)
    found: Sequence[Mapping[str, Any]] = read.get("vms") or ()
    if state != "read":
        found = ()
    vms = [_evaluate_vm(vm, parsed_policies, parsed_waivers, merged_severities, today) for vm in found]
    missing = [name for policy in parsed_policies for name in policy.selection.unmatched(found)]
    unmatched = list(dict.fromkeys(missing)) if state == "read" else []
    return {
        "state": state,
        "message": _host_message(state, read),
        "unmatched": unmatched,
        "vms": vms,
        "summary": summarize_vms(vms) | {"unmatched": len(unmatched)},
    }


def _read_state(read: Mapping[str, Any]) -> str:
    if read.get("unreachable"):
        return "unreachable"
    # A module that failed for some VMs has read the others: it returns all of them.
    if read.get("failed") and not read.get("vms"):
        return "failed"
    return "read" if "vms" in read else "not_read"


def _host_message(state: str, read: Mapping[str, Any]) -> str:
    if state != "read":
        return str(read.get("msg") or "The host was not read.")
    # Hyper-V may answer an account without rights with an empty list: that is no proof of anything.
    return "" if read["vms"] else "The host lists no virtual machine. If it has some, the account lacks rights."


def _evaluate_vm(
    vm: Mapping[str, Any],
    policies: Sequence[Policy],
    waivers: Sequence[Waiver],
    severities: Mapping[str, str],
    today: datetime.date,
) -> dict[str, Any]:
    expected = expected_services(policies, vm)
    actual: Mapping[str, Any] = vm.get("services") or {}
    guest: Mapping[str, Any] | None = vm.get("guest")
    inside: Mapping[str, Any] = (guest or {}).get("services") or {}
    services: dict[str, Any] = {}
    for key in SEVERITIES:
        if key not in expected and key not in actual:
            continue
        facts: Mapping[str, Any] = actual.get(key) or {}
        enabled = facts.get("enabled")
        waiver = _find_waiver(waivers, vm, key, today)
        blocked = enabled is True and key in inside and _blocks(inside[key])
        services[key] = {
            "expected": expected.get(key),
            "actual": enabled,
            "status": facts.get("status"),
            "severity": severities[key],
            "result": _judge(expected.get(key), enabled, bool(vm.get("failed")), waiver, today, blocked=blocked),
            "waiver": waiver.describe(today) if waiver else None,
        }
        if key in inside:
            services[key] |= {"guest": _pick(inside[key], _GUEST_SERVICE), "blocked": blocked}
    return {
        "name": str(vm["name"]),
        "id": str(vm["id"]),
        "state": vm.get("state"),
        "heartbeat": vm.get("heartbeat"),
        "message": str(vm.get("msg") or ""),
        **({} if guest is None else {"guest": _pick(guest, _GUEST) | {"message": str(guest.get("msg") or "")}}),
        "services": services,
    }


def _pick(facts: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: facts.get(key) for key in keys}


def _blocks(service: Mapping[str, Any]) -> bool:
    """Whether a guest keeps a service from working that its host has enabled.

    A service that is merely stopped does not: the guest's services start by trigger when the host offers the component.
    """
    return not service.get("present") or service.get("start_mode") == "disabled"


def _judge(
    expected: bool | None,
    actual: bool | None,
    failed: bool,
    waiver: Waiver | None,
    today: datetime.date,
    *,
    blocked: bool = False,
) -> str | None:
    """Result of one service of one VM; None where no policy speaks of it.

    A VM without the component (``actual`` is None, the VM was read) cannot have what the policy wants: drift. Neither
    can one whose guest blocks it.
    """
    if expected is None:
        return None
    if actual == expected and not (expected and blocked):
        return "compliant"
    if actual is None and failed:
        return "unknown"
    return "waived" if waiver and today <= waiver.expires else "drift"


def _find_waiver(waivers: Iterable[Waiver], vm: Mapping[str, Any], service: str, today: datetime.date) -> Waiver | None:
    """The waiver with the latest expiry that covers a service of a VM; expired ones are found as well, to be shown."""
    covering = [waiver for waiver in waivers if service in waiver.services and waiver.selection.includes(vm)]
    return max(covering, key=lambda waiver: waiver.expires, default=None)


def summarize_vms(vms: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts over evaluated VMs: VMs, checks by result, drift by severity."""
    cells = [(cell["result"], cell["severity"]) for vm in vms for cell in vm["services"].values() if cell["result"]]
    by_result = Counter(result for result, severity in cells)
    by_severity = Counter(severity for result, severity in cells if result == "drift")
    drifted = sum(any(cell["result"] == "drift" for cell in vm["services"].values()) for vm in vms)
    return {
        "vms": len(vms),
        "vms_drifted": drifted,
        "checks": len(cells),
        **{result: by_result[result] for result in RESULTS},
        "severity": {severity: by_severity[severity] for severity in SEVERITY_ORDER},
        **summarize_guests(vms),
    }


def summarize_guests(vms: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """``guests``: how many were asked and read, and how many services they block; nothing where none was asked."""
    asked = [vm for vm in vms if "guest" in vm]
    if not asked:
        return {}
    read = sum(bool(vm["guest"]["read"]) for vm in asked)
    blocked = sum(bool(cell.get("blocked")) for vm in asked for cell in vm["services"].values())
    return {"guests": {"read": read, "not_read": len(asked) - read, "blocked": blocked}}

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
from typing import Any

import pytest
from ansible_collections.hyperv.integration.plugins.plugin_utils._drift import (
    SEVERITIES,
    DriftError,
    evaluate_host,
    merge_severities,
)

TODAY = datetime.date(2026, 11, 25)
BASELINE = ({"all": True, "services": {"shutdown": True, "time_synchronization": True}},)
ON = {"enabled": True, "status": "ok"}
OFF = {"enabled": False, "status": "disabled"}


def vm(name: str = "web01", number: int = 1, **services: Any) -> dict[str, Any]:
    defaults = dict.fromkeys(SEVERITIES, ON) | {"guest_service_interface": OFF}
    return {
        "name": name,
        "id": f"00000000-0000-0000-0000-{number:012}",
        "state": "running",
        "heartbeat": "ok_applications_healthy",
        "failed": False,
        "msg": "",
        "services": {**defaults, **services},
    }


def evaluate(*vms: dict[str, Any], policies: Any = BASELINE, **more: Any) -> dict[str, Any]:
    return evaluate_host({"vms": list(vms)}, policies, today=TODAY, **more)


def result(evaluation: dict[str, Any], service: str, index: int = 0) -> Any:
    return evaluation["vms"][index]["services"][service]["result"]


def test_a_vm_in_policy_is_compliant() -> None:
    evaluation = evaluate(vm())
    assert result(evaluation, "shutdown") == "compliant"
    assert evaluation["state"] == "read"
    assert evaluation["message"] == ""
    assert evaluation["summary"] == {
        "vms": 1,
        "vms_drifted": 0,
        "checks": 2,
        "compliant": 2,
        "drift": 0,
        "waived": 0,
        "unknown": 0,
        "severity": {"high": 0, "medium": 0, "low": 0},
        "unmatched": 0,
    }


def test_services_no_policy_speaks_of_are_shown_and_not_judged() -> None:
    cell = evaluate(vm(vss=OFF))["vms"][0]["services"]["vss"]
    assert cell == {
        "expected": None,
        "actual": False,
        "status": "disabled",
        "severity": "medium",
        "result": None,
        "waiver": None,
    }


def test_drift_carries_expected_actual_and_severity() -> None:
    evaluation = evaluate(vm(shutdown=OFF))
    assert evaluation["vms"][0]["services"]["shutdown"] == {
        "expected": True,
        "actual": False,
        "status": "disabled",
        "severity": "high",
        "result": "drift",
        "waiver": None,
    }
    assert evaluation["summary"]["severity"] == {"high": 1, "medium": 0, "low": 0}
    assert evaluation["summary"]["vms_drifted"] == 1


def test_the_last_matching_policy_wins_service_by_service() -> None:
    policies = [*BASELINE, {"name": ["DC01"], "services": {"time_synchronization": False}}]
    evaluation = evaluate(vm("dc01", time_synchronization=OFF), vm("web01", 2), policies=policies)
    assert result(evaluation, "time_synchronization", 0) == "compliant"
    assert result(evaluation, "shutdown", 0) == "compliant"
    assert evaluation["vms"][1]["services"]["time_synchronization"]["expected"] is True


def test_a_missing_component_is_drift_whatever_is_wanted() -> None:
    policies = [{"all": True, "services": {"guest_service_interface": False}}]
    machine = vm()
    del machine["services"]["guest_service_interface"]
    evaluation = evaluate(machine, policies=policies)
    assert evaluation["vms"][0]["services"]["guest_service_interface"]["actual"] is None
    assert result(evaluation, "guest_service_interface") == "drift"


def test_a_vm_that_failed_is_unknown_where_nothing_was_read() -> None:
    machine = vm(shutdown=OFF) | {"failed": True, "msg": "vanished"}
    del machine["services"]["time_synchronization"]
    evaluation = evaluate(machine)
    assert result(evaluation, "time_synchronization") == "unknown"
    assert result(evaluation, "shutdown") == "drift"
    assert evaluation["vms"][0]["message"] == "vanished"


def waiver(**changes: Any) -> dict[str, Any]:
    base = {"all": True, "services": ["shutdown"], "owner": "ops", "expires": "2026-11-25", "reason": "CHG1"}
    return {**base, **changes}


def test_a_waiver_counts_through_its_last_day() -> None:
    evaluation = evaluate(vm(shutdown=OFF), waivers=[waiver()])
    cell = evaluation["vms"][0]["services"]["shutdown"]
    assert cell["result"] == "waived"
    assert cell["waiver"] == {"owner": "ops", "expires": "2026-11-25", "expired": False, "reason": "CHG1"}
    assert evaluation["summary"]["waived"] == 1
    assert evaluation["summary"]["vms_drifted"] == 0


def test_an_expired_waiver_is_shown_beside_the_drift() -> None:
    cell = evaluate(vm(shutdown=OFF), waivers=[waiver(expires="2026-11-24")])["vms"][0]["services"]["shutdown"]
    assert cell["result"] == "drift"
    assert cell["waiver"]["expired"] is True


def test_the_waiver_that_lasts_longest_is_taken() -> None:
    waivers = [waiver(expires="2027-01-01", owner="long"), waiver(owner="short"), waiver(name=["x"], all=False)]
    cell = evaluate(vm(shutdown=OFF), waivers=waivers)["vms"][0]["services"]["shutdown"]
    assert cell["waiver"]["owner"] == "long"


def test_dates_of_yaml_are_taken_as_well() -> None:
    waivers = [waiver(expires=datetime.date(2026, 12, 1))]
    assert result(evaluate(vm(shutdown=OFF), waivers=waivers), "shutdown") == "waived"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"owner": ""}, "waiver 1: an owner is required."),
        ({"expires": "soon"}, "waiver 1: expires must be a date such as 2027-06-30, not 'soon'."),
        ({"expires": None}, "waiver 1: expires must be a date such as 2027-06-30, not None."),
        ({"services": []}, "waiver 1: services must list the services it covers."),
        ({"services": "shutdown"}, "waiver 1: services must list the services it covers."),
        ({"services": ["clock"]}, "waiver 1: unknown service clock; known are heartbeat, shutdown, .*"),
        ({"all": False}, "waiver 1: no VM is selected.*"),
        ({"until": "x"}, "waiver 1: unknown key until; .*"),
    ],
)
def test_malformed_waivers_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DriftError, match=f"^{message}$"):
        evaluate(vm(), waivers=[waiver(**changes)])


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"all": True}, "policy 1: services must say .*"),
        ({"all": True, "services": {}}, "policy 1: services must say .*"),
        ({"all": True, "services": {"powershell_direct": True}}, "policy 1: unknown service powershell_direct; .*"),
        ({"all": True, "services": {"vss": "yes"}}, "policy 1: vss must be true or false."),
        ({"services": {"vss": True}}, "policy 1: no VM is selected.*"),
        ({"name_pattern": ["["], "services": {"vss": True}}, "policy 1: the pattern '\\[' is not valid: .*"),
    ],
)
def test_malformed_policies_are_refused(policy: dict[str, Any], message: str) -> None:
    with pytest.raises(DriftError, match=f"^{message}$"):
        evaluate(vm(), policies=[policy])


def test_severities_of_a_site() -> None:
    evaluation = evaluate(vm(shutdown=OFF), severities={"shutdown": "low"})
    assert evaluation["summary"]["severity"] == {"high": 0, "medium": 0, "low": 1}
    with pytest.raises(DriftError, match="severities: urgent is none of high, medium, low"):
        merge_severities({"vss": "urgent"})
    with pytest.raises(DriftError, match="severities: unknown service clock"):
        merge_severities({"clock": "low"})


def test_default_severities_are_those_of_the_impact_table() -> None:
    assert SEVERITIES == {
        "heartbeat": "medium",
        "shutdown": "high",
        "time_synchronization": "high",
        "key_value_pair_exchange": "medium",
        "vss": "medium",
        "guest_service_interface": "low",
    }


@pytest.mark.parametrize(
    ("read", "state", "message"),
    [
        ({"unreachable": True, "msg": "refused"}, "unreachable", "refused"),
        ({"failed": True, "msg": "no role", "vms": []}, "failed", "no role"),
        ({}, "not_read", "The host was not read."),
        ({"vms": []}, "read", "The host lists no virtual machine. If it has some, the account lacks rights."),
    ],
)
def test_a_host_that_yields_nothing_says_why(read: dict[str, Any], state: str, message: str) -> None:
    evaluation = evaluate_host(read, BASELINE, today=TODAY)
    assert (evaluation["state"], evaluation["message"], evaluation["vms"]) == (state, message, [])


def test_a_read_that_failed_for_one_vm_keeps_the_others() -> None:
    broken = vm("broken", 2, **dict.fromkeys(SEVERITIES)) | {"failed": True, "msg": "vanished"}
    read = {"failed": True, "msg": "Failed for 1 of 2", "vms": [vm(shutdown=OFF), broken]}
    evaluation = evaluate_host(read, BASELINE, today=TODAY)
    assert evaluation["state"] == "read"
    assert evaluation["summary"]["drift"] == 1
    assert evaluation["summary"]["unknown"] == 2


def test_names_no_vm_has_are_listed_once() -> None:
    policies = [*BASELINE, *[{"name": ["gone", "web01"], "services": {"vss": True}}] * 2]
    evaluation = evaluate(vm(), policies=policies)
    assert evaluation["unmatched"] == ["gone"]
    assert evaluation["summary"]["unmatched"] == 1


def inside(read: bool = True, **services: Any) -> dict[str, Any]:
    """What hyperv_ics_info reports of a guest."""
    fine = {"present": True, "start_mode": "manual", "running": True}
    return {
        "read": read,
        "reason": "" if read else "credential",
        "msg": "" if read else "the guest refused the logon",
        "integration_services_version": "10.0.20348" if read else None,
        "clock_offset": None,
        "clock_round_trip": None,
        "services": {**dict.fromkeys(SEVERITIES, fine), **services} if read else {},
    }


DISABLED = {"present": True, "start_mode": "disabled", "running": False}
ABSENT = {"present": False, "start_mode": None, "running": False}
STOPPED = {"present": True, "start_mode": "manual", "running": False}


@pytest.mark.parametrize(
    ("host", "guest", "expected", "verdict", "blocked"),
    [
        (ON, DISABLED, True, "drift", True),
        (ON, ABSENT, True, "drift", True),
        (ON, {**DISABLED, "running": True}, True, "drift", True),
        (ON, STOPPED, True, "compliant", False),
        (OFF, DISABLED, True, "drift", False),
        (OFF, DISABLED, False, "compliant", False),
        (ON, DISABLED, False, "drift", True),
    ],
)
def test_a_guest_may_block_what_the_host_has_enabled(
    host: Any, guest: Any, expected: bool, verdict: str, blocked: bool
) -> None:
    machine = {**vm(vss=host), "guest": inside(vss=guest)}
    cell = evaluate(machine, policies=[{"all": True, "services": {"vss": expected}}])["vms"][0]["services"]["vss"]
    assert (cell["result"], cell["blocked"], cell["guest"]) == (verdict, blocked, guest)


def test_what_is_blocked_can_be_waived_and_is_counted() -> None:
    machines = [{**vm(vss=ON), "guest": inside(vss=DISABLED)}, {**vm("db", 2), "guest": inside(read=False)}, vm("c", 3)]
    waiver = {"all": True, "services": ["vss"], "owner": "ops", "expires": "2027-01-01"}
    evaluation = evaluate(*machines, policies=[{"all": True, "services": {"vss": True}}], waivers=[waiver])
    assert result(evaluation, "vss") == "waived"
    assert evaluation["summary"]["guests"] == {"read": 1, "not_read": 1, "blocked": 1}
    assert evaluation["vms"][1]["guest"] == {
        "read": False,
        "reason": "credential",
        "message": "the guest refused the logon",
        "integration_services_version": None,
        "clock_offset": None,
        "clock_round_trip": None,
    }
    assert "guest" not in evaluation["vms"][1]["services"]["vss"]
    assert "guest" not in evaluation["vms"][2]

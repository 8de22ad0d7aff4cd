# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_ics_info over WinRM."""

from __future__ import annotations

import pytest
from direct_lab import DirectLab
from lab_harness import ics, ics_info

SERVICES = [
    "guest_service_interface",
    "heartbeat",
    "key_value_pair_exchange",
    "shutdown",
    "time_synchronization",
    "vss",
]


def test_all_vms_by_default_and_nothing_is_changed(direct_lab: DirectLab) -> None:
    before = direct_lab.admin.state("EN1")
    (step,) = direct_lab.play([ics_info()])
    assert (step.failed, step.changed) == (False, False)
    assert [vm["name"] for vm in step.result["vms"]] == ["cold", "frozen", "lin01", "old", "parked", "web01", "web02"]
    assert direct_lab.admin.state("EN1") == before
    assert step.cmdlets == {"Get-VM": 1, "Get-VMIntegrationService": 1}
    assert step.lazy == {}
    assert all(list(vm["services"]) == SERVICES for vm in step.result["vms"])


@pytest.mark.parametrize("host", ["EN1", "DE1", "NAMES"])
def test_it_reports_what_the_host_holds(direct_lab: DirectLab, host: str) -> None:
    (step,) = direct_lab.play([ics_info()], host)
    vms = {vm["id"]: vm for vm in direct_lab.admin.state(host)["vms"]}
    heartbeats = {
        None: None, 2: "no_contact", 5: "ok_applications_unknown", 6: "ok_applications_healthy", 8: "paused",
    }  # fmt: skip
    assert {vm["id"] for vm in step.result["vms"]} == set(vms)
    for vm in step.result["vms"]:
        real = vms[vm["id"]]
        assert vm["name"] == real["name"]
        assert vm["host"] == host
        assert vm["state"] == real["state"]
        assert vm["generation"] == real["generation"]
        assert vm["notes"] == real["notes"]
        assert vm["replication_mode"] == real["replication"]
        assert vm["heartbeat"] == heartbeats[real["heartbeat"]]
        assert (vm["failed"], vm["msg"]) == (False, "")
        for key, service in vm["services"].items():
            assert service["enabled"] is real["services"][key]["enabled"]
            assert service["component_id"] == real["services"][key]["component_id"].lower()


def test_enabled_and_working_are_two_facts(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([ics_info(vm_name=["lin01", "cold", "frozen"])])
    linux = step.vm("lin01")["services"]
    assert (linux["vss"]["enabled"], linux["vss"]["status"]) == (True, "no_contact")
    assert (linux["shutdown"]["status"], linux["shutdown"]["secondary_status"]) == ("ok", "protocol_mismatch")
    assert step.vm("cold")["services"]["heartbeat"]["status"] is None
    assert step.vm("cold")["heartbeat"] is None
    assert step.vm("frozen")["services"]["heartbeat"]["status"] == "dormant"
    assert step.result["summary"] == {
        "vms": 3,
        "failed": 0,
        "unmatched": 0,
        "states": {"off": 1, "paused": 1, "running": 1},
        "services": {
            "guest_service_interface": {"enabled": 0, "disabled": 3, "working": 0},
            "heartbeat": {"enabled": 3, "disabled": 0, "working": 1},
            "key_value_pair_exchange": {"enabled": 3, "disabled": 0, "working": 2},
            "shutdown": {"enabled": 3, "disabled": 0, "working": 2},
            "time_synchronization": {"enabled": 3, "disabled": 0, "working": 2},
            "vss": {"enabled": 3, "disabled": 0, "working": 1},
        },
    }


def test_it_agrees_with_hyperv_ics(direct_lab: DirectLab) -> None:
    change, info = direct_lab.play([ics(vm_name=["web01"], services={"vss": False}), ics_info(vm_name=["web01"])])
    assert change.vm("web01")["services"]["vss"]["enabled"] is False
    assert info.vm("web01")["services"]["vss"]["enabled"] is False


def test_the_selection_is_that_of_hyperv_ics(direct_lab: DirectLab) -> None:
    steps = direct_lab.play(
        [
            ics_info(name_pattern=["WEB*"], exclude=["*2"]),
            ics_info(vm_state=["saved"]),
            ics_info(vm_name=["ghost"], missing="warn"),
            ics_info(vm_name=["ghost"]),
        ]
    )
    assert [[vm["name"] for vm in step.result["vms"]] for step in steps] == [["web01"], ["parked"], [], []]
    assert [step.failed for step in steps] == [False, False, False, True]
    assert steps[2].warnings == ["No virtual machine on this host has this name or id: 'ghost'."]


def test_a_vm_that_vanishes_is_named_and_the_others_reported(direct_lab: DirectLab) -> None:
    direct_lab.admin.add_fault("EN1", command="Get-VMIntegrationService", vm="web01", error="vanish")
    (step,) = direct_lab.play([ics_info(vm_name=["web01", "web02"])])
    vm = step.vm("web01")
    assert step.failed
    assert vm["failed"] is True
    assert "not found any more" in vm["msg"]
    assert step.msg == f"Failed for 1 of 2 virtual machines: 'web01' ({vm['id']}): {vm['msg']}"
    assert list(step.vm("web02")["services"]) == SERVICES
    assert step.result["summary"]["failed"] == 1


def test_a_thousand_vms(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([ics_info()], "BIG")
    assert step.result["summary"]["vms"] == 1000
    assert step.result["summary"]["states"] == {"running": 750, "off": 250}
    assert step.cmdlets == {"Get-VM": 1, "Get-VMIntegrationService": 1}
    assert step.lazy == {}

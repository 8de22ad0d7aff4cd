# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_ics, read back through the admin endpoint of hvsim; the twelve steps go over WinRM."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from direct_lab import DirectLab
from lab_harness import Lab, Step, ics

MODES = pytest.mark.parametrize("check", [False, True], ids=["real", "check"])

# Component GUIDs, as the documentation of Windows gives them.
SHUTDOWN = "9f8233ac-be49-4c79-8ee3-e7e1985b2077"
WRITES = {"Enable-VMIntegrationService", "Disable-VMIntegrationService"}


def _write_calls(step: Step) -> int:
    return sum(step.cmdlets.get(name, 0) for name in WRITES)


def _comparable(step: Step) -> dict[str, Any]:
    """What check mode and real mode must agree on: all but the status, which Hyper-V derives anew after a change."""
    result = {
        name: value for name, value in step.result.items() if name not in ("invocation", "_ansible_no_log", "vms")
    }
    vms = copy.deepcopy(step.result["vms"])
    for vm in vms:
        for service in vm["services"].values():
            assert "status" in service
            del service["status"]
    return {**result, "vms": vms}


# -- the twelve steps: enable, change, disable; each in check mode and for real; each twice


@pytest.mark.parametrize("host", ["EN1", "DE1"])
def test_twelve_steps(lab: Lab, host: str) -> None:
    stages = [
        {"guest_service_interface": True, "vss": True},
        {"guest_service_interface": False, "vss": True, "heartbeat": False},
        {"guest_service_interface": True, "vss": False, "heartbeat": True},
    ]
    tasks = [
        ics(vm_name=["web01"], services=services, check=check)
        for services in stages
        for check in (True, True, False, False)
    ]
    steps = lab.play(tasks, host)

    now = {"guest_service_interface": False, "vss": True, "heartbeat": True}
    for number, services in enumerate(stages):
        first_check, second_check, first, second = steps[4 * number : 4 * number + 4]
        differing = {key for key, wanted in services.items() if now[key] != wanted}
        assert differing, "a stage that changes nothing proves nothing"
        for step in (first_check, second_check, first):
            assert (step.failed, step.changed) == (False, True), step.msg
            services_of_vm = step.vm("web01")["services"]
            assert {key: item["enabled"] for key, item in services_of_vm.items()} == services
            assert {key: item["previous"] for key, item in services_of_vm.items()} == {
                key: now[key] for key in services
            }
            assert {key for key, item in services_of_vm.items() if item["changed"]} == differing
        for step in (first_check, second_check):
            assert {key: step.enabled(key)["web01"] for key in now} == now
            assert _write_calls(step) == 0
        assert _comparable(first_check) == _comparable(second_check) == _comparable(first)
        now.update(services)
        for step in (first, second):
            assert {key: step.enabled(key)["web01"] for key in now} == now
        assert (second.failed, second.changed, _write_calls(second)) == (False, False, 0)
        assert second.result["diff"] == {"before": "", "after": ""}
        assert second.result["summary"] == {"vms": 1, "compliant": 1, "changed": 0, "failed": 0, "unmatched": 0}
    assert steps[-1].enabled("vss")["web02"] is True, "a VM that was not selected was changed"


def test_result_of_one_vm(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([ics(vm_name=["WEB01"], services={"shutdown": False})])
    vm_id = next(vm["id"] for vm in step.state if vm["name"] == "web01")
    assert step.result["vms"] == [
        {
            "name": "web01",
            "id": vm_id,
            "state": "running",
            "changed": True,
            "failed": False,
            "msg": "",
            "services": {
                "shutdown": {
                    "enabled": False,
                    "previous": True,
                    "changed": True,
                    "status": "ok",
                    "component_id": SHUTDOWN,
                }
            },
        }
    ]
    assert step.result["summary"] == {"vms": 1, "compliant": 0, "changed": 1, "failed": 0, "unmatched": 0}
    assert step.result["unmatched"] == []


@MODES
def test_diff_holds_only_what_differs(direct_lab: DirectLab, check: bool) -> None:
    direct_lab.admin.change_vm("EN1", "web02", services={"shutdown": False})
    (step,) = direct_lab.play(
        [
            ics(
                vm_name=["web02", "web01", "cold"],
                services={"shutdown": False, "vss": True, "heartbeat": False},
                check=check,
            )
        ]
    )
    ids = {vm["name"]: vm["id"] for vm in step.state}
    after = (
        f"- name: 'cold'\n  id: {ids['cold']}\n  services:\n    heartbeat: false\n    shutdown: false\n"
        f"- name: 'web01'\n  id: {ids['web01']}\n  services:\n    heartbeat: false\n    shutdown: false\n"
        f"- name: 'web02'\n  id: {ids['web02']}\n  services:\n    heartbeat: false\n"
    )
    assert step.result["diff"] == {"before": after.replace("false", "true"), "after": after}


def test_diff_is_yaml_for_every_name(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([ics(all=True, services={"shutdown": False}, check=True)], "NAMES")
    after = yaml.safe_load(step.result["diff"]["after"])
    assert [vm["name"] for vm in after] == [vm["name"] for vm in step.result["vms"]]
    assert {vm["id"] for vm in after} == {vm["id"] for vm in step.state}


# -- selection


def test_names_are_data_and_never_wildcards(direct_lab: DirectLab) -> None:
    names = ["db[1]", "a*b", "it's", 'say "hi" $(1) `n', "GRÖSSE", "GRÖßE", "rocket 🚀", " padded ", "yes"]
    names.remove("GRÖSSE")
    (step,) = direct_lab.play([ics(vm_name=names, services={"shutdown": False})], "NAMES")
    assert not step.failed, step.msg
    off = {name for name, enabled in step.enabled("shutdown").items() if not enabled}
    assert off == {"db[1]", "a*b", "it's", 'say "hi" $(1) `n', "Größe", "rocket 🚀", " padded ", "yes"}


def test_a_name_is_compared_without_case_and_nothing_more(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([ics(vm_name=["GRÖSSE", "db?", "padded"], services={"shutdown": False})], "NAMES")
    assert step.failed
    assert step.result["unmatched"] == ["GRÖSSE", "db?", "padded"]
    assert all(step.enabled("shutdown").values())


def test_patterns_are_wildcards(direct_lab: DirectLab) -> None:
    services = {"shutdown": False}
    steps = direct_lab.play(
        [
            ics(name_pattern=["DB[1]"], services=services, check=True),
            ics(name_pattern=["db`[*"], services=services, check=True),
            ics(name_pattern=["a*b", "?es"], exclude=["A`*b"], services=services, check=True),
            ics(name_pattern=["nothing*"], services=services, check=True),
        ],
        "NAMES",
    )
    selected = [[vm["name"] for vm in step.result["vms"]] for step in steps]
    assert selected == [["db1"], ["db[1]"], ["aXb", "yes"], []]
    assert steps[3].warnings == ["The selection matches no virtual machine of this host."]


def test_duplicate_names_are_all_meant_and_a_warning_says_so(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([ics(vm_name=["twin"], services={"shutdown": False})], "NAMES")
    first, second = "00000000-0000-0000-0000-0000000000a1", "00000000-0000-0000-0000-0000000000b2"
    assert [(vm["name"], vm["id"], vm["changed"]) for vm in step.result["vms"]] == [
        ("TWIN", first, True),
        ("twin", second, True),
    ]
    assert step.warnings == [
        "The name 'TWIN' belongs to 2 virtual machines of this host and all of them are meant: "
        f"{first}, {second}. Select by vm_id to mean one of them."
    ]
    assert {vm["id"]: vm["enabled"]["shutdown"] for vm in step.state}[second] is False


def test_duplicate_names_are_no_matter_where_no_name_is_written(direct_lab: DirectLab) -> None:
    whole, pattern, policies = direct_lab.play(
        [
            ics(all=True, services={"shutdown": False}, check=True),
            ics(name_pattern=["TW*"], services={"shutdown": False}, check=True),
            ics(
                policies=[
                    {"all": True, "services": {"shutdown": False}},
                    {"name": ["tWin"], "services": {"vss": False}},
                ],
                check=True,
            ),
        ],
        "NAMES",
    )
    for step in (whole, pattern, policies):
        assert [vm["name"] for vm in step.result["vms"] if vm["name"].lower() == "twin"] == ["TWIN", "twin"]
    assert whole.warnings == []
    assert pattern.warnings == []
    (warning,) = policies.warnings
    assert warning.startswith("The name 'TWIN' belongs to 2 virtual machines of this host")


def test_ids_mean_one_vm(direct_lab: DirectLab) -> None:
    task = ics(vm_id=["{00000000-0000-0000-0000-0000000000B2}"], services={"shutdown": False})
    (step,) = direct_lab.play([task], "NAMES")
    assert [vm["id"] for vm in step.result["vms"]] == ["00000000-0000-0000-0000-0000000000b2"]
    assert [vm["id"] for vm in step.state if not vm["enabled"]["shutdown"]] == ["00000000-0000-0000-0000-0000000000b2"]
    assert step.warnings == []


def test_states_and_exclusions_take_away(direct_lab: DirectLab) -> None:
    steps = direct_lab.play(
        [
            ics(all=True, vm_state=["off", "Paused"], services={"vss": True}, check=True),
            ics(all=True, exclude=["*0*"], services={"vss": True}, check=True),
            ics(vm_name=["web01"], exclude=["web*"], services={"vss": True}, check=True),
        ]
    )
    selected = [[vm["name"] for vm in step.result["vms"]] for step in steps]
    assert selected == [["cold", "frozen"], ["cold", "frozen", "old", "parked"], []]
    assert not steps[2].failed, "an excluded VM is not a missing one"


@pytest.mark.parametrize(
    ("missing", "failed", "warned"), [("fail", True, False), ("warn", False, True), ("ignore", False, False)]
)
def test_missing(direct_lab: DirectLab, missing: str, failed: bool, warned: bool) -> None:
    gone = "11111111-2222-3333-4444-555555555555"
    (step,) = direct_lab.play(
        [ics(vm_name=["web01", "ghost"], vm_id=[gone.upper()], services={"shutdown": False}, missing=missing)]
    )
    text = f"No virtual machine on this host has this name or id: 'ghost', '{gone}'."
    assert step.failed is failed
    assert step.msg.startswith(text) is failed
    assert step.warnings == ([text] if warned else [])
    assert step.result["unmatched"] == ["ghost", gone]
    assert step.result["summary"]["unmatched"] == 2
    assert step.enabled("shutdown")["web01"] is failed, "fail means that nothing is changed"


# -- policies


@MODES
def test_the_last_policy_wins_for_each_service(direct_lab: DirectLab, check: bool) -> None:
    policies = [
        {"all": True, "exclude": ["parked"], "services": {"time_synchronization": False, "vss": True}},
        {"name_pattern": ["web*"], "services": {"time_synchronization": True, "shutdown": False}},
        {"vm_state": ["running"], "name": ["web02", "cold"], "services": {"shutdown": True}},
    ]
    (step,) = direct_lab.play([ics(policies=policies, check=check)])
    wanted = {vm["name"]: {key: item["enabled"] for key, item in vm["services"].items()} for vm in step.result["vms"]}
    others = {"time_synchronization": False, "vss": True}
    assert wanted == {
        "cold": others,
        "frozen": others,
        "lin01": others,
        "old": others,
        "web01": {"shutdown": False, "time_synchronization": True, "vss": True},
        "web02": {"shutdown": True, "time_synchronization": True, "vss": True},
    }
    if not check:
        assert step.enabled("time_synchronization") == {
            "web01": True, "web02": True, "cold": False, "frozen": False, "parked": True, "old": False, "lin01": False
        }  # fmt: skip
        assert [name for name, enabled in step.enabled("shutdown").items() if not enabled] == ["web01"]


# -- refused before anything is read


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"all": True, "services": {"powershell_direct": True}},
            "services.powershell_direct cannot be set here: PowerShell Direct has no component on the host that could "
            "be enabled or disabled, it is the service vmicvmsession inside the guest. Use the module "
            "hyperv.integration.hyperv_guest_service to set it there.",
        ),
        (
            {"all": True, "services": {"Heartbeat": True}},
            "services.Heartbeat is not an integration service. Known services: guest_service_interface, heartbeat, "
            "key_value_pair_exchange, shutdown, time_synchronization, vss.",
        ),
        (
            {"all": True, "services": {"vss": "perhaps"}},
            "services.vss must be true (enabled) or false (disabled), not 'perhaps'.",
        ),
        (
            {"all": True, "services": {}},
            "services names no service. Known services: guest_service_interface, heartbeat, key_value_pair_exchange, "
            "shutdown, time_synchronization, vss.",
        ),
        (
            {"all": False, "services": {"vss": True}},
            "no virtual machine is selected. Set name, name_pattern or vm_id, or all to true.",
        ),
        ({"exclude": ["x"], "services": {"vss": True}}, "no virtual machine is selected. Set name, "),
        ({"all": True}, "one of the following is required: policies, services"),
        (
            {"policies": [{"all": True, "services": {"vss": True}}], "services": {"vss": True}},
            "parameters are mutually exclusive: policies, services",
        ),
        (
            {"policies": [{"all": True, "services": {"vss": True}}, {"services": {"vss": True}}]},
            "policies, entry 2: no virtual machine is selected. Set name, name_pattern or vm_id, or all to true.",
        ),
        (
            {"policies": [{"all": True, "services": {"vmic": True}}]},
            "policies, entry 1: services.vmic is not an integration service. Known services: ",
        ),
        (
            {"vm_id": ["web01"], "services": {"vss": True}},
            "vm_id 'web01' is not a GUID such as 7cca7664-91d0-40a9-9769-7809f256f603.",
        ),
        (
            {"name_pattern": ["db[1"], "services": {"vss": True}},
            "name_pattern 'db[1' is not a valid wildcard pattern: a literal [ must be written as `[.",
        ),
        (
            {"all": True, "vm_state": ["on fire"], "services": {"vss": True}},
            "value of vm_state must be one or more of: hibernated, off, off_critical, ",
        ),
    ],
    ids=lambda value: None if isinstance(value, str) else next(iter(value)),
)
def test_refused(direct_lab: DirectLab, options: dict[str, Any], message: str) -> None:
    (step,) = direct_lab.play([ics(**options)])
    assert step.failed
    assert step.msg.startswith(message)
    assert step.cmdlets == {}, "refused before anything is read"


# -- states of virtual machines


def test_off_and_paused_vms_are_changed_and_a_saved_one_fails_alone(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([ics(all=True, services={"shutdown": False, "guest_service_interface": True})])
    assert step.failed
    assert step.changed
    parked = step.vm("parked")
    assert (parked["failed"], parked["changed"]) == (True, False)
    assert parked["msg"].startswith("guest_service_interface, shutdown: its state does not allow this: ")
    assert {key: item["enabled"] for key, item in parked["services"].items()} == {
        "guest_service_interface": False,
        "shutdown": True,
    }
    assert step.msg == f"Failed for 1 of 7 virtual machines: 'parked' ({parked['id']}): {parked['msg']}"
    assert step.result["summary"] == {"vms": 7, "compliant": 0, "changed": 6, "failed": 1, "unmatched": 0}
    others = {vm["name"]: True for vm in step.state if vm["name"] != "parked"}
    assert step.enabled("guest_service_interface") == {**others, "parked": False}
    assert step.vm("cold")["services"]["shutdown"]["status"] is None
    assert "parked" not in step.result["diff"]["after"], "what failed is not shown as done"


def test_a_vm_that_needs_no_change_does_not_fail_for_its_state(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([ics(all=True, services={"shutdown": True})])
    assert (step.failed, step.changed) == (False, False)
    assert sum(step.cmdlets.values()) == 2


# -- failures of single virtual machines


@pytest.mark.parametrize("command", ["Get-VMIntegrationService", "Disable-VMIntegrationService"])
def test_a_vm_that_vanishes_leaves_the_others_done(direct_lab: DirectLab, command: str) -> None:
    direct_lab.admin.add_fault("EN1", command=command, vm="web01", error="vanish")
    (step,) = direct_lab.play([ics(vm_name=["web01", "web02", "cold"], services={"shutdown": False})])
    vm = step.vm("web01")
    assert step.failed
    assert step.changed
    assert (vm["failed"], vm["changed"]) == (True, False)
    assert "not found any more, it was deleted or moved to another host meanwhile" in vm["msg"]
    assert step.msg == f"Failed for 1 of 3 virtual machines: 'web01' ({vm['id']}): {vm['msg']}"
    assert "web01" not in {vm["name"] for vm in step.state}
    assert {name for name, enabled in step.enabled("shutdown").items() if not enabled} == {"web02", "cold"}
    assert sum(step.cmdlets.values()) <= 7, "six calls, and one for the VM that failed"


def test_access_denied_for_two_vms_names_both(direct_lab: DirectLab) -> None:
    for name in ("web01", "cold"):
        direct_lab.admin.add_fault("EN1", command="Disable-VMIntegrationService", vm=name, error="access_denied")
    (step,) = direct_lab.play(
        [ics(vm_name=["web01", "web02", "cold"], services={"shutdown": False, "guest_service_interface": True})]
    )
    assert step.failed
    for name in ("web01", "cold"):
        vm = step.vm(name)
        assert (vm["failed"], vm["changed"]) == (True, True), "one of its two services was changed"
        assert vm["msg"].startswith("shutdown: access denied: ")
        assert f"'{name}' ({vm['id']}): {vm['msg']}" in step.msg
        assert vm["services"]["guest_service_interface"]["enabled"] is True
        assert vm["services"]["shutdown"] == {
            "enabled": True, "previous": True, "changed": False, "status": vm["services"]["shutdown"]["status"],
            "component_id": SHUTDOWN,
        }  # fmt: skip
    assert step.vm("web02")["failed"] is False
    assert step.result["summary"] == {"vms": 3, "compliant": 0, "changed": 1, "failed": 2, "unmatched": 0}
    assert step.enabled("shutdown")["web02"] is False
    assert step.enabled("shutdown")["web01"] is True
    assert sum(step.cmdlets.values()) <= 8, "six calls, and one for each VM that failed"


def test_errors_without_a_target_are_attributed_by_asking_again(direct_lab: DirectLab) -> None:
    """Neither target nor text tells which VM: each that did not change is tried once more."""
    command = "Disable-VMIntegrationService"
    for name, message in (("web01", "first reason"), ("cold", "second reason")):
        direct_lab.admin.add_fault("EN1", command=command, vm=name, error_id="Odd", message=message)
    (step,) = direct_lab.play([ics(vm_name=["web01", "web02", "cold"], services={"shutdown": False})])
    assert step.vm("web01")["msg"] == "shutdown: first reason"
    assert step.vm("cold")["msg"] == "shutdown: second reason"
    assert step.vm("web02")["changed"] is True
    assert sum(step.cmdlets.values()) <= 8, "six calls, and one for each VM that failed"


def test_a_failure_in_reading_is_found_in_check_mode_too(direct_lab: DirectLab) -> None:
    direct_lab.admin.add_fault("EN1", command="Get-VMIntegrationService", vm="web01", error="access_denied")
    (step,) = direct_lab.play([ics(vm_name=["web01", "web02"], services={"shutdown": False}, check=True)])
    assert step.failed
    assert step.vm("web01")["msg"].startswith("access denied: ")
    assert step.vm("web01")["services"] == {}
    assert step.vm("web02")["services"]["shutdown"]["enabled"] is False
    assert step.enabled("shutdown")["web02"] is True


# -- failures of the whole host


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("NOMODULE", "The Hyper-V module for PowerShell is not available on this host. Install the feature "),
        ("NOVMMS", "The Hyper-V management service does not answer. Start the Windows service vmms; "),
        ("EN1-helpdesk", "Hyper-V does not permit the connecting account to manage virtual machines. Add the account "),
        (
            "UNSPECIFIED-helpdesk",
            "Hyper-V could not list the virtual machines. Check that the Windows service vmms is ",
        ),
    ],
)
def test_errors_of_the_host_say_what_to_do(direct_lab: DirectLab, host: str, message: str) -> None:
    (step,) = direct_lab.play([ics(all=True, services={"shutdown": False})], host)
    assert (step.failed, step.changed) == (True, False)
    assert step.msg.startswith(message)
    assert step.result["vms"] == []
    assert step.result["summary"] == {"vms": 0, "compliant": 0, "changed": 0, "failed": 0, "unmatched": 0}


@pytest.mark.parametrize("host", ["EMPTY", "HIDDEN-helpdesk"])
def test_a_host_without_vms_is_doubted(direct_lab: DirectLab, host: str) -> None:
    (step,) = direct_lab.play([ics(all=True, services={"shutdown": False})], host)
    assert (step.failed, step.changed) == (False, False)
    assert step.warnings == [
        "This host lists no virtual machine at all. If it has some, add the connecting account to the local group "
        "Hyper-V Administrators (S-1-5-32-578) and connect again."
    ]


# -- scale


def test_a_thousand_vms_cost_no_more_calls_than_one(direct_lab: DirectLab) -> None:
    services = {"shutdown": True, "time_synchronization": True, "guest_service_interface": False, "vss": False}
    policies = [{"all": True, "services": services}]
    check, first, second = direct_lab.play(
        [ics(policies=policies, check=True), ics(policies=policies), ics(policies=policies)], "BIG"
    )
    for step in (check, first, second):
        assert not step.failed, step.msg
        assert step.result["summary"]["vms"] == 1000
        assert step.lazy == {}
    assert _comparable(check) == _comparable(first)
    assert first.result["summary"]["changed"] == 1000
    assert first.cmdlets == {
        "Get-VM": 1,
        "Get-VMIntegrationService": 2,
        "Enable-VMIntegrationService": 1,
        "Disable-VMIntegrationService": 1,
    }
    assert check.cmdlets == second.cmdlets == {"Get-VM": 1, "Get-VMIntegrationService": 1}
    assert second.changed is False
    for service, wanted in services.items():
        assert set(second.enabled(service).values()) == {wanted}
    names = [vm["name"] for vm in first.result["vms"]]
    assert names == sorted(names)

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_guest_service on the engine: what is in the guests afterwards is read from registry and service table."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hvsim.hyperv.services import BY_KEY
from hvsim.hyperv.vm import VirtualMachine
from module_engine import ModuleEngine, Run

MODULE = "hyperv_guest_service"
PASSWORD = "CaNaRy-4711"
LAB = f"""
version: 1
defaults:
  host:
    users: [{{name: Administrator, password: Lab-Only-1, groups: [administrators]}}]
hosts:
  - name: H
    language: de-DE
    vms:
      - name: "app-{{n:02d}}"
        count: 4
        guest:
          os: windows
          language: de-DE
          users: [{{name: Administrator, password: {PASSWORD}, administrator: true}}]
        services:
          vss: {{enabled: true, guest: disabled}}
      - name: stranger
        guest: {{os: windows, users: [{{name: Administrator, password: Other-Only-1, administrator: true}}]}}
      - name: linux
        guest: linux
      - name: "off"
        state: "off"
      - name: bare
        guest: {{os: windows, users: [{{name: Administrator, password: {PASSWORD}, administrator: true}}]}}
        services:
          vss: {{enabled: false}}
          guest_service_interface: {{enabled: true, guest: absent}}
"""
BACKUP = {"vss": {"start_mode": "manual", "state": "started"}}
KEYS = [
    "guest_service_interface", "heartbeat", "key_value_pair_exchange", "powershell_direct", "shutdown",
    "time_synchronization", "vss",
]  # fmt: skip


@pytest.fixture
def engine() -> ModuleEngine:
    return ModuleEngine(LAB)


def run(engine: ModuleEngine, *names: str, check: bool = False, **options: Any) -> Run:
    account = {"guest_username": "Administrator", "guest_password": PASSWORD}
    found = engine.run(MODULE, check=check, vm_name=list(names), **{**account, **options})
    text = json.dumps({key: value for key, value in found.result.items() if key != "invocation"})
    assert PASSWORD not in text
    return found


def guest_of(engine: ModuleEngine, name: str) -> VirtualMachine:
    (vm,) = [vm for vm in engine.host.virtual_machines() if vm.name == name]
    return vm


def inside(engine: ModuleEngine, name: str, key: str) -> tuple[int, str]:
    """``Start`` in the registry of a guest, and the status in its service table."""
    machine = guest_of(engine, name).guest.machine
    service = "vmicvmsession" if key == "powershell_direct" else BY_KEY[key].windows_service
    assert machine.registry is not None
    values = machine.registry.values(f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{service}")
    (start,) = [value.data for value in values if value.name == "Start"]
    return start, machine.services[service.lower()].status


def test_create_change_and_again_each_as_predicted(engine: ModuleEngine) -> None:
    assert inside(engine, "app-01", "vss") == (4, "Stopped")
    for services, after in (
        (BACKUP, (3, "Running")),
        ({"vss": {"state": "stopped", "start_mode": "disabled"}}, (4, "Stopped")),
    ):
        before = inside(engine, "app-01", "vss")
        check = run(engine, "app-01", services=services, check=True)
        assert inside(engine, "app-01", "vss") == before
        real = run(engine, "app-01", services=services)
        assert inside(engine, "app-01", "vss") == after
        again = run(engine, "app-01", services=services)
        assert (check.changed, real.changed, again.changed) == (True, True, False)
        assert (check.failed, real.failed, again.failed) == (False, False, False)
        assert check.result["diff"] == real.result["diff"]
        assert check.result["vms"] == real.result["vms"]
        assert again.result["diff"] == {"before": "", "after": ""}


def test_the_diff_shows_what_differs(engine: ModuleEngine) -> None:
    real = run(engine, "app-01", services=BACKUP | {"shutdown": {"state": "started"}})
    vm = real.vm("app-01")
    head = f"- name: 'app-01'\n  id: {vm['id']}\n  services:\n    vss:\n"
    assert real.result["diff"] == {
        "before": f"{head}      start_mode: disabled\n      state: stopped\n",
        "after": f"{head}      start_mode: manual\n      state: started\n",
    }
    assert list(vm["services"]) == KEYS
    assert vm["services"]["vss"] == {"present": True, "start_mode": "manual", "running": True}
    assert vm["integration_services_version"] == "10.0.20348"
    assert real.result["summary"] == {"vms": 1, "compliant": 0, "changed": 1, "failed": 0, "unmatched": 0}


def test_restarted_always_restarts(engine: ModuleEngine) -> None:
    heartbeat = guest_of(engine, "app-01").guest.machine.services["vmicheartbeat"]
    services = {"heartbeat": {"state": "restarted"}}
    check = run(engine, "app-01", services=services, check=True)
    assert (check.changed, heartbeat.stops) == (True, 0)
    for times in (1, 2):
        assert run(engine, "app-01", services=services).changed is True
        assert heartbeat.stops == times
        assert inside(engine, "app-01", "heartbeat") == (3, "Running")


def test_one_that_fails_does_not_stop_the_others(engine: ModuleEngine) -> None:
    names = ["app-01", "app-02", "app-03", "app-04", "stranger", "linux", "off"]
    real = run(engine, *names, services=BACKUP)
    assert {vm["name"]: vm["reason"] for vm in real.result["vms"] if vm["failed"]} == {
        "stranger": "credential", "linux": "no_answer", "off": "not_running",
    }  # fmt: skip
    assert real.result["summary"] == {"vms": 7, "compliant": 0, "changed": 4, "failed": 3, "unmatched": 0}
    assert real.msg.startswith("Failed for 3 of 7 virtual machines: 'linux' (")
    for name in names[:4]:
        assert inside(engine, name, "vss") == (3, "Running")
    assert real.vm("off")["services"] == {}
    assert real.counters["cmdlet:New-PSSession"] == 6, "one session each, and none for a VM that is off"
    assert all(guest_of(engine, name).guest.machine.direct_sessions == 0 for name in names[:4])


def test_what_cannot_be_is_refused_before_anything_is_done(engine: ModuleEngine) -> None:
    missing = run(engine, "bare", services=BACKUP | {"guest_service_interface": {"state": "started"}})
    assert missing.vm("bare")["msg"] == "guest_service_interface: the guest has no service vmicguestinterface"
    assert (missing.vm("bare")["reason"], missing.changed) == ("refused", False)
    assert missing.vm("bare")["services"]["guest_service_interface"] == {
        "present": False, "start_mode": None, "running": False,
    }  # fmt: skip
    for check in (True, False):
        disabled = run(engine, "app-01", services={"vss": {"state": "started"}}, check=check)
        assert disabled.vm("app-01")["reason"] == "refused"
        assert "vss: it cannot be started while its start mode is disabled" in disabled.msg
        assert disabled.changed is False


def test_a_service_that_is_off_on_the_host_does_not_keep_running(engine: ModuleEngine) -> None:
    real = run(engine, "bare", services={"vss": {"start_mode": "automatic", "state": "started"}})
    vm = real.vm("bare")
    assert (vm["reason"], vm["changed"], vm["services"]["vss"]["running"]) == ("guest", True, False)
    assert "vss: state is not started: it does not keep running" in vm["msg"]
    assert "state" not in real.result["diff"]["after"], "only what was done"
    assert "start_mode: automatic" in real.result["diff"]["after"]


@pytest.mark.parametrize("wanted", [{"state": "stopped"}, {"state": "restarted"}, {"start_mode": "disabled"}])
def test_it_does_not_cut_its_own_branch(engine: ModuleEngine, wanted: dict[str, str]) -> None:
    refused = run(engine, "app-01", services=BACKUP | {"powershell_direct": wanted})
    assert refused.failed
    assert "allow_lockout: true" in refused.msg
    assert "cmdlet:New-PSSession" not in refused.counters
    assert inside(engine, "app-01", "vss") == (4, "Stopped")


def test_it_cuts_it_when_told_so_and_last_of_all(engine: ModuleEngine) -> None:
    off = {"powershell_direct": {"start_mode": "disabled", "state": "stopped"}}
    check = run(engine, "app-01", "app-02", services=BACKUP | off, allow_lockout=True, check=True)
    assert inside(engine, "app-01", "powershell_direct")[0] == 3
    real = run(engine, "app-01", "app-02", services=BACKUP | off, allow_lockout=True)
    assert not real.failed, real.msg
    assert check.result["vms"] == real.result["vms"]
    assert check.result["diff"] == real.result["diff"]
    assert real.warnings[0].startswith("vmicvmsession was stopped in 'app-01'")
    for name in ("app-01", "app-02"):
        assert inside(engine, name, "vss") == (3, "Running")
        assert inside(engine, name, "powershell_direct") == (4, "Stopped")
    later = run(engine, "app-01", services=off, allow_lockout=True)
    assert later.vm("app-01")["reason"] == "no_answer"


def test_it_says_that_it_restarted_its_way_in(engine: ModuleEngine) -> None:
    real = run(engine, "app-01", services={"powershell_direct": {"state": "restarted"}}, allow_lockout=True)
    assert not real.failed, real.msg
    assert real.warnings[0].startswith("vmicvmsession was restarted in 'app-01'")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"services": {}}, "services names no service"),
        ({"services": {"vss": {}}}, "one of the following is required: start_mode, state"),
        ({"services": {"backup": {"state": "started"}}}, "backup"),
        ({"services": {"vss": {"start_mode": "disabled", "state": "started"}}}, "services.vss: a service with the"),
        ({"services": BACKUP, "guest_username": ""}, "guest_username is missing"),
        ({"services": BACKUP, "throttle": 0}, "throttle must be 1 or more."),
    ],
)  # fmt: skip
def test_mistakes_are_found_before_a_guest_is_entered(engine: ModuleEngine, options: dict[str, Any], said: str) -> None:
    failed = run(engine, "app-01", **options)
    assert failed.failed
    assert said in failed.msg
    assert "cmdlet:New-PSSession" not in failed.counters


def test_guests_that_die_or_hang_in_the_middle(engine: ModuleEngine) -> None:
    engine.fault(command="PowerShellDirect", vm="app-01", error="reboot_guest", skip=2)
    engine.fault(command="PowerShellDirect", vm="app-02", error="hang_guest", skip=3)
    real = run(engine, "app-01", "app-02", "app-03", services=BACKUP, timeout=30)
    assert {vm["name"]: (vm["reason"], vm["changed"]) for vm in real.result["vms"]} == {
        "app-01": ("no_answer", True), "app-02": ("timeout", True), "app-03": ("", True),
    }  # fmt: skip
    assert inside(engine, "app-03", "vss") == (3, "Running")
    assert real.result["diff"]["after"].count("- name:") == 1, "only what is known to be done"
    assert real.vm("app-01")["msg"].startswith("the session ended: the guest was restarted")

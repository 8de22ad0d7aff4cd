# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules do not depend on PowerShell's lenience: they do the same under ``Set-StrictMode -Version Latest``.

They do not set it themselves. On a host, objects of another version of the Hyper-V module or of another cmdlet's error
may lack a property, and then a missing fact for one virtual machine is better than no result for all.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from lab_harness import Lab, ics, ics_info

STRICT = "Set-StrictMode -Version Latest\n"


@pytest.fixture
def strict_lab(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """The simulator, played against with a copy of the collection that sets strict mode in each file."""
    collection = Path("ansible_collections", "hyperv", "integration")
    shutil.copytree(lab.tree / collection / "plugins", tmp_path / collection / "plugins")
    shutil.copytree(lab.tree / collection / "meta", tmp_path / collection / "meta")
    shutil.copy(lab.tree / collection / "galaxy.yml", tmp_path / collection / "galaxy.yml")
    for path in (tmp_path / collection / "plugins").rglob("*.ps*1"):
        text = path.read_text(encoding="utf-8")
        first = "\n$spec = " if path.suffix == ".ps1" else "\n"
        assert first in text
        path.write_text(text.replace(first, "\n" + STRICT + first, 1), encoding="utf-8")
    monkeypatch.setattr(lab, "tree", tmp_path)
    return lab


def test_hyperv_ics(strict_lab: Lab) -> None:
    strict_lab.admin.add_fault("EN1", command="Get-VMIntegrationService", vm="cold", error="vanish")
    strict_lab.admin.add_fault("EN1", command="Enable-VMIntegrationService", vm="web02", error="access_denied")
    strict_lab.admin.add_fault("EN1", command="Enable-VMIntegrationService", vm="web01", error="vanish")
    policies = [
        {"all": True, "services": {"guest_service_interface": True, "shutdown": True}},
        {"name_pattern": ["web*"], "vm_state": ["running"], "services": {"shutdown": False}},
        {"name": ["lin01"], "vm_id": ["11111111-2222-3333-4444-555555555555"], "services": {"vss": False}},
    ]
    check, real, again = strict_lab.play(
        [ics(policies=policies, missing="warn", check=check) for check in (True, False, False)]
    )
    failed = [[vm["name"] for vm in step.result["vms"] if vm["failed"]] for step in (check, real, again)]
    assert failed == [["cold"], ["parked", "web01", "web02"], ["parked", "web02"]]
    assert real.enabled("shutdown") == {"web02": False, "frozen": True, "parked": True, "old": True, "lin01": True}
    assert "exception" not in again.result or again.msg.startswith("Failed for 2 of 5 virtual machines: ")


@pytest.mark.parametrize("host", ["NOMODULE", "NOVMMS", "EMPTY", "EN1-helpdesk"])
def test_errors_of_the_host(strict_lab: Lab, host: str) -> None:
    (lenient,) = strict_lab.play([ics(all=True, services={"vss": True})], host)
    assert lenient.failed is (host != "EMPTY")
    assert "Hyper-V" in (lenient.msg or lenient.warnings[0])


def test_hyperv_ics_info(strict_lab: Lab) -> None:
    strict_lab.admin.add_fault("EN1", command="Get-VMIntegrationService", vm="web01", error="vanish")
    (step,) = strict_lab.play(
        [ics_info(exclude=["web02"], vm_name=["web01", "web02", "ghost", "lin01"], missing="warn")]
    )
    assert [(vm["name"], vm["failed"]) for vm in step.result["vms"]] == [("lin01", False), ("web01", True)]


def test_hyperv_wait(strict_lab: Lab) -> None:
    strict_lab.admin.add_fault("EN1", command="Get-VMIntegrationService", vm="web01", error="vanish", skip=1)
    strict_lab.admin.change_vm("EN1", "web02", booted=False)
    strict_lab.admin.change_vm("EN1", "web01", booted=False)
    options = {"name": ["web01", "web02", "lin01"], "conditions": ["heartbeat"], "services": ["shutdown"], "timeout": 9}
    (step,) = strict_lab.play([{"hyperv.integration.hyperv_wait": {**options, "vm_timeouts": {"web02": 20}}}])
    assert {vm["name"]: vm["reached"] for vm in step.result["vms"]} == {"web01": False, "web02": False, "lin01": True}
    assert "not found any more" in step.vm("web01")["msg"]


def test_hyperv_guest_shutdown(strict_lab: Lab) -> None:
    strict_lab.admin.change_vm("POWER", "slow", booted=False)
    strict_lab.admin.add_fault("POWER", command="Start-VM", vm="off", error="access_denied")
    options = {"all": True, "state": "restarted", "timeout": 30, "force": True}
    module = "hyperv.integration.hyperv_guest_shutdown"
    check, real = strict_lab.play([{module: options, "check_mode": True}, {module: options}], "POWER")
    assert [vm["name"] for vm in real.result["vms"] if vm["failed"]] == ["off"]
    assert {vm["name"]: vm["method"] for vm in real.result["vms"]} == {
        "quick": "shutdown", "slow": "turn_off", "hangs": "turn_off", "locked": "turn_off", "saved": "turn_off",
        "paused": "turn_off", "off": "none",
    }  # fmt: skip
    assert not check.failed


def test_hyperv_direct_exec(strict_lab: Lab) -> None:
    options = {"all": True, "guest_username": "Administrator", "guest_password": "Guest-Only-1", "depth": 3}
    script = "Get-Item C:\\missing; @{ a = 1 }; Write-Warning w; if ($env:COMPUTERNAME -eq 'APP-02') { throw 'boom' }"
    options.update(
        script=script, creates="C:\\never", unless="$false", sensitive_parameters=[{"name": "T", "value": "x"}]
    )
    module = "hyperv.integration.hyperv_direct_exec"
    check, real = strict_lab.play([{module: options, "check_mode": True}, {module: options}], "EXEC")
    failed = {vm["name"]: vm["reason"] for vm in real.result["vms"] if vm["failed"]}
    assert set(failed) == {
        "ancient", "app-02", "booting", "closed", "linux", "saved", "strange-01", "strange-02", "strange-03"
    }  # fmt: skip
    assert failed["app-02"] == "script"
    assert check.result["summary"]["changed"] == 7


def test_hyperv_kvp(strict_lab: Lab) -> None:
    options: dict[str, Any] = {"all": True, "chunked": True, "verify": True, "timeout": 5}
    items = {"app.a": "1", "app.long": "x" * 2000, "app.wide": "€" * 700}
    strict_lab.admin.add_fault("KVP", command="AddKvpItems", vm="cold", error="access_denied")
    task = {"name": "hyperv_kvp", "check_mode": False}
    tasks = [
        {**task, "hyperv.integration.hyperv_kvp": {**options, "items": items}},
        {
            **task,
            "hyperv.integration.hyperv_kvp": {**options, "items": {"app.a": "2"}, "state": "exact", "prefix": "app."},
        },
        {**task, "hyperv.integration.hyperv_kvp": {**options, "items": {"app.a": ""}, "state": "absent"}},
        {"name": "hyperv_kvp_info", "hyperv.integration.hyperv_kvp_info": {}},
    ]
    first, second, third, info = strict_lab.play(tasks, "KVP")
    assert [[vm["name"] for vm in step.result["vms"] if vm["failed"]] for step in (first, second, third)] == [
        ["cold"],
        ["cold"],
        [],
    ]
    assert second.vm("lin")["removed"] == ["app.long", "app.wide"]
    assert (info.vm("win")["host"], info.vm("lin")["host"]) == ({"other": "stays"}, {})
    assert info.vm("lin")["guest_info"]["os"]["family"] == "linux"

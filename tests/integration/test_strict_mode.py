# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules do not depend on PowerShell's lenience: they do the same under ``Set-StrictMode -Version Latest``.

They do not set it themselves. On a host, objects of another version of the Hyper-V module or of another cmdlet's error
may lack a property, and then a missing fact for one virtual machine is better than no result for all.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import module_engine
import pytest
from direct_lab import DirectLab
from lab_harness import Lab, Step, ics, ics_info

STRICT = "Set-StrictMode -Version Latest\n"
ACCOUNT = {"guest_username": "Administrator", "guest_password": "Guest-Only-1"}
EVIL = {"strange-01", "strange-02", "strange-03", "linux", "ancient", "booting", "closed", "saved"}


def _strict(text: str, suffix: str) -> str:
    first = "\n$spec = " if suffix == ".ps1" else "\n"
    assert first in text
    return text.replace(first, "\n" + STRICT + first, 1)


@pytest.fixture
def strict_lab(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """The simulator, played against with a copy of the collection that sets strict mode in each file."""
    collection = Path("ansible_collections", "hyperv", "integration")
    shutil.copytree(lab.tree / collection / "plugins", tmp_path / collection / "plugins")
    shutil.copytree(lab.tree / collection / "meta", tmp_path / collection / "meta")
    shutil.copy(lab.tree / collection / "galaxy.yml", tmp_path / collection / "galaxy.yml")
    for path in (tmp_path / collection / "plugins").rglob("*.ps*1"):
        path.write_text(_strict(path.read_text(encoding="utf-8"), path.suffix), encoding="utf-8")
    monkeypatch.setattr(lab, "tree", tmp_path)
    return lab


@pytest.fixture
def strict_direct_lab(direct_lab: DirectLab, monkeypatch: pytest.MonkeyPatch) -> Iterator[DirectLab]:
    """The hosts without WinRM, with strict mode in each file of the collection."""
    read = module_engine._source
    monkeypatch.setattr(module_engine, "_source", lambda name: _strict(read(name), Path(name).suffix))
    module_engine._utils.cache_clear()
    yield direct_lab
    module_engine._utils.cache_clear()


def _failed(step: Step) -> set[str]:
    return {vm["name"] for vm in step.result["vms"] if vm["failed"]}


def _clean(step: Step) -> bool:
    """No failure comes from strict mode itself, which speaks of properties, variables or indexes that are not there."""
    text = str(step.result)
    return "exception" not in step.result and not any(
        part in text for part in ("cannot be found on this object", "has not been set", "was outside the bounds")
    )


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
        script=script, creates="C:\\never", unless="$false", sensitive_parameters=[{"name": "T", "value": "Qu4rtz"}]
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


def test_hyperv_guest_service(strict_direct_lab: DirectLab) -> None:
    strict_direct_lab.admin.change_vm("EXEC", "app-02", services={"vss": {"guest": "absent"}})
    services = {"vss": {"state": "stopped", "start_mode": "disabled"}, "heartbeat": {"state": "restarted"}}
    options = {"name": ["app-01", "app-02", "strange-01", "linux", "ancient", "saved"], **ACCOUNT}
    lockout = {"powershell_direct": {"state": "stopped"}}

    def task(services: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
        return {
            "hyperv.integration.hyperv_guest_service": {**options, "services": services},
            "check_mode": check,
        }

    tasks = [task(services, check=True), task(services), task(services), task(lockout)]
    check, real, again, refused = strict_direct_lab.play(tasks, "EXEC")
    for step in (check, real, again):
        assert _failed(step) == {"app-02", "strange-01", "linux", "ancient", "saved"}
    assert all(map(_clean, (check, real, again, refused)))
    assert again.vm("app-01")["services"]["vss"] == {"present": True, "start_mode": "disabled", "running": False}
    assert "allow_lockout" in refused.msg


def test_hyperv_ics_info_of_guests(strict_direct_lab: DirectLab) -> None:
    options = {"guest": True, "measure_clock": True, "retries": 1, "retry_delay": 0, **ACCOUNT}
    task = {"hyperv.integration.hyperv_ics_info": options}
    (step,) = strict_direct_lab.play([task], "EXEC")
    assert not step.failed and _clean(step)
    assert {vm["name"] for vm in step.result["vms"] if not vm["guest"]["read"]} == EVIL
    (inside,) = strict_direct_lab.play([task], "INSIDE")
    assert not inside.failed and _clean(inside)
    assert inside.vm("blocked")["guest"]["services"]["vss"]["start_mode"] == "disabled"
    reasons = {vm["name"]: vm["guest"]["reason"] for vm in inside.result["vms"]}
    assert reasons == {
        "blocked": "", "fine [1]": "", "cold": "not_running", "lin": "no_answer", "strange": "credential"
    }  # fmt: skip


def test_hyperv_copy_vmfile(strict_direct_lab: DirectLab) -> None:
    admin = strict_direct_lab.admin
    admin.write_files("EXEC", {r"C:\Src\a.txt": "hello", r"C:\Src\sub\empty": ""})
    account = {**ACCOUNT, "dest": r"C:\Dst", "src": r"C:\Src", "remote_src": True, "purge": True, "backup": True}
    blind = {"src": r"C:\Src", "dest": r"C:\Copied", "remote_src": True, "transport": "copy_vmfile"}
    back = {**ACCOUNT, "direction": "from_guest", "src": r"C:\Dst", "dest": r"C:\Back\{id}"}
    temporary = {**blind, "guest_service_interface": "temporary", "checksum_marker": True}
    names = ["app-01", "app-02", "strange-01", "linux", "closed", "saved"]

    def task(options: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
        return {"hyperv.integration.hyperv_copy_vmfile": {"name": names, **options}, "check_mode": check}

    tasks = [task(account, check=True), *map(task, (account, account, blind, temporary, temporary, back))]
    steps = strict_direct_lab.play(tasks, "EXEC")
    assert all(map(_clean, steps)), [step.result for step in steps if not _clean(step)]
    evil = {"strange-01", "linux", "closed", "saved"}
    assert [_failed(step) for step in steps] == [
        evil,
        evil,
        evil,
        set(names),
        {"linux", "saved"},
        {"linux", "saved"},
        evil,
    ]
    assert [step.changed for step in steps] == [True, True, False, False, True, False, True]
    for vm in ("app-01", "app-02"):
        assert admin.read_file("EXEC", r"C:\Copied\a.txt", vm=vm) == b"hello"
        vm_id = steps[-1].vm(vm)["id"]
        assert admin.read_file("EXEC", rf"C:\Back\{vm_id}\a.txt") == b"hello"

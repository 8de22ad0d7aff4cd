# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit as a user meets it: one report for all hosts of a run, whatever happens to some of them."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from lab_harness import PLAY_SECONDS, ROOT, Lab

SCHEMA = json.loads((ROOT / "roles/ics_audit/files/drift.schema.json").read_text())
CUSTOM_STATS = re.compile(r"^\s*RUN: (\{.*\})$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What a run of the audit left behind."""

    code: int
    output: str
    directory: Path

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.directory / "drift.json").read_text())
        jsonschema.Draft202012Validator(SCHEMA).validate(report)
        return report

    @property
    def hosts(self) -> dict[str, dict[str, Any]]:
        return {host["host"]: host for host in self.report["hosts"]}

    @property
    def page(self) -> str:
        return (self.directory / "report.html").read_text()

    def recap(self, host: str, field: str) -> int:
        line = re.search(rf"^{re.escape(host)}\s+:.*$", self.output, re.MULTILINE)
        assert line, f"{host} is not in the recap:\n{self.output}"
        number = re.search(rf"{field}=(\d+)", line[0])
        assert number
        return int(number[1])


def audit(
    lab: Lab, tmp_path: Path, target: str, *arguments: str, play: dict[str, Any] | None = None, **variables: Any
) -> Run:
    """Run the role; ``play`` adds to the play, the other keywords are variables of the role."""
    directory = tmp_path / "reports"
    book = tmp_path / "audit.yml"
    content = {
        "name": "Audit",
        "hosts": target,
        "gather_facts": False,
        "roles": [{"role": "hyperv.integration.ics_audit", "ics_audit_output_dir": str(directory), **variables}],
        **(play or {}),
    }
    book.write_text(yaml.safe_dump([content]))
    dead = {"all": {"hosts": {"DEAD": dead_host()}, "vars": {"ansible_connection": "winrm"}}}
    (tmp_path / "dead.yml").write_text(yaml.safe_dump(dead))
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(lab.directory / "inventory.yml")]
    command += ["-i", str(tmp_path / "dead.yml"), str(book), *arguments]
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(lab.tree),
        "ANSIBLE_HOME": str(lab.directory / "ansible-home"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_SHOW_CUSTOM_STATS": "1",
    }
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PLAY_SECONDS, check=False
    )
    return Run(run.returncode, run.stdout + run.stderr, directory)


def dead_host() -> dict[str, Any]:
    """Variables of a host at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "ansible_host": "127.0.0.1",
        "ansible_port": port,
        "ansible_user": "x",
        "ansible_password": "x",
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "basic",
    }


def enabled(lab: Lab, host: str) -> dict[str, dict[str, bool]]:
    return {
        vm["id"]: {key: service["enabled"] for key, service in vm["services"].items()}
        for vm in lab.admin.state(host)["vms"]
    }


def test_no_host_is_lost_from_the_report(lab: Lab, tmp_path: Path) -> None:
    before = enabled(lab, "NAMES")
    run = audit(lab, tmp_path, "EN1,NAMES,NOMODULE,EN1-helpdesk,DEAD", "--check")
    states = {name: host["state"] for name, host in run.hosts.items()}
    assert states == {
        "DEAD": "unreachable",
        "EN1": "read",
        "EN1-helpdesk": "failed",
        "NAMES": "read",
        "NOMODULE": "failed",
    }
    for name in ("DEAD", "EN1-helpdesk", "NOMODULE"):
        assert run.hosts[name]["message"]
        assert f"The integration services of {name} were not audited: " in run.output
        assert run.recap(name, "failed") == 1
    assert run.code != 0
    assert run.report["summary"]["hosts_failed"] == 3
    assert run.recap("EN1", "failed") == run.recap("EN1", "changed") == run.recap("NAMES", "changed") == 0
    assert enabled(lab, "NAMES") == before
    assert_names(lab, run)


def assert_names(lab: Lab, run: Run) -> None:
    """Names reach the page and the document as they are."""
    names = [vm["name"] for vm in run.hosts["NAMES"]["vms"]]
    assert sorted(names) == sorted(vm["name"] for vm in lab.admin.state("NAMES")["vms"])
    assert {"db[1]", "rocket 🚀", "Größe", 'say "hi" $(1) `n'} <= set(names)
    assert "say &#34;hi&#34; $(1) `n" in run.page


def test_the_last_policy_wins_and_waivers_are_shown(lab: Lab, tmp_path: Path) -> None:
    policies = [
        {"all": True, "services": {"guest_service_interface": True}},
        {"name_pattern": ["web*"], "services": {"guest_service_interface": False, "vss": False}},
    ]
    waiver = {"name": ["web01"], "services": ["vss"], "owner": "ops@example.com", "expires": "9999-12-31"}
    run = audit(lab, tmp_path, "DE1", ics_audit_policies=policies, ics_audit_waivers=[waiver])
    assert run.code == 0, run.output
    assert {(each["vm"], each["service"], each["result"]) for each in run.report["findings"]} == {
        ("web01", "vss", "waived"),
        ("web02", "vss", "drift"),
    }
    assert "waived until 9999-12-31, ops@example.com" in run.page


def test_fail_on_drift_fails_once_and_after_the_report(lab: Lab, tmp_path: Path) -> None:
    run = audit(lab, tmp_path, "BIG,EN1", ics_audit_fail_on_drift=True)
    assert run.code == 2
    assert run.report["summary"]["drift"] == 334 + 250
    assert run.output.count("fatal: ") == 1
    assert "584 of 2014 checks on 1007 VMs drifted (584 high). See " in run.output


def test_with_serial_the_report_is_complete_and_the_verdict_comes_last(lab: Lab, tmp_path: Path) -> None:
    policies = [{"all": True, "services": {"guest_service_interface": True}}]
    run = audit(lab, tmp_path, "EN1,DE1", play={"serial": 1}, ics_audit_policies=policies, ics_audit_fail_on_drift=True)
    assert run.code == 2
    assert [host["state"] for host in run.report["hosts"]] == ["read", "read"]
    assert run.recap("EN1", "failed") + run.recap("DE1", "failed") == 1
    published = json.loads(CUSTOM_STATS.findall(run.output)[0])["ics_audit"]
    assert published["summary"] == run.report["summary"]
    assert {name: host["vms"] for name, host in published["hosts"].items()} == {"DE1": 2, "EN1": 7}


def test_mistakes_in_policies_are_found_before_any_host_is_asked(lab: Lab, tmp_path: Path) -> None:
    lab.admin.reset()
    run = audit(
        lab, tmp_path, "EN1", ics_audit_waivers=[{"all": True, "services": ["clock"], "owner": "x", "expires": "x"}]
    )
    assert run.code == 2
    assert "waiver 1: unknown service clock" in run.output
    assert "Read | Integration services of all VMs" not in run.output


def test_what_is_disabled_in_the_guest_is_drift(lab: Lab, tmp_path: Path) -> None:
    account = {"ics_audit_guest_username": "Administrator", "ics_audit_guest_password": "Guest-Only-1"}
    policies = [{"all": True, "services": {"vss": True, "shutdown": True}}]
    run = audit(
        lab,
        tmp_path,
        "INSIDE",
        "-vvvvv",
        ics_audit_policies=policies,
        ics_audit_guest=True,
        ics_audit_measure_clock=True,
        **account,
    )
    assert run.code == 0, run.output
    assert run.recap("INSIDE", "changed") == 0
    vms = {vm["name"]: vm for vm in run.hosts["INSIDE"]["vms"]}
    cell = vms["blocked"]["services"]["vss"]
    assert (cell["actual"], cell["result"], cell["blocked"]) == (True, "drift", True)
    assert cell["guest"] == {"present": True, "start_mode": "disabled", "running": False}
    assert vms["fine [1]"]["services"]["vss"]["result"] == "compliant"
    assert not vms["fine [1]"]["services"]["vss"]["blocked"]
    # Off on the host and disabled in the guest is no contradiction.
    assert not vms["blocked"]["services"]["guest_service_interface"]["blocked"]
    reasons = {name: vm["guest"]["reason"] for name, vm in vms.items() if not vm["guest"]["read"]}
    assert reasons == {"cold": "not_running", "lin": "no_answer", "strange": "credential"}
    assert (
        abs(vms["blocked"]["guest"]["clock_offset"] - 12.5) <= vms["blocked"]["guest"]["clock_round_trip"] / 2 + 0.002
    )
    assert [(f["vm"], f["service"], f["blocked"]) for f in run.report["findings"]] == [("blocked", "vss", True)]
    assert run.report["summary"]["guests"] == {"read": 2, "not_read": 3, "blocked": 1}
    sentence = "1 enabled services are disabled in the guest; 3 of 5 guests were not asked"
    for text in ("disabled in the guest", "guest not asked: credential", "clock +12.5", sentence):
        assert text in run.page, text
    assert sentence in run.output
    assert "Guest-Only-1" not in run.output
    for file in run.directory.iterdir():
        assert "Guest-Only-1" not in file.read_text()
    for vm in (None, "blocked", "fine [1]"):
        assert lab.admin.search("INSIDE", "Guest-Only-1", vm=vm) == []


def test_guests_are_not_asked_without_an_account(lab: Lab, tmp_path: Path) -> None:
    run = audit(lab, tmp_path, "INSIDE", ics_audit_measure_clock=True)
    assert run.code != 0
    assert "ics_audit_guest_username and ics_audit_guest_password are missing" in run.output
    assert not run.directory.exists()

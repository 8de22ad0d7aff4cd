# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Linux half of the role guest_services, played against a stand-in for systemctl that keeps its units in a file.

Packages and drop-ins are left out: they would go to the machine that runs the tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SYSTEMCTL = """#!{python} -IS
import json, pathlib, sys
store = pathlib.Path({store!r})
units = json.loads(store.read_text())
command, names = sys.argv[1], [word for word in sys.argv[2:] if not word.startswith("-")]
with open({log!r}, "a") as log:
    if command not in ("show", "is-enabled"):
        print(" ".join([command, *names]), file=log)
def load(name):
    return "not-found" if name not in units else "masked" if units[name]["file"] == "masked" else "loaded"
if command == "show":
    empty = {{"active": "inactive", "file": ""}}
    print("\\n\\n".join(
        f"Id={{name}}\\nLoadState={{load(name)}}\\nActiveState={{units.get(name, empty)['active']}}\\n"
        f"UnitFileState={{units.get(name, empty)['file']}}" for name in names))
    sys.exit(0)
unit = units[names[0]]
if command == "is-enabled":
    print(unit["file"])
    sys.exit(unit["file"] not in ("enabled", "static"))
if command in ("mask", "unmask", "enable"):
    unit["file"] = {{"mask": "masked", "unmask": "disabled", "enable": "enabled"}}[command]
elif command == "stop":
    unit["active"] = "inactive"
elif not unit.get("broken"):
    unit["active"] = "active"
store.write_text(json.dumps(units))
"""
FACTS = {
    "ansible_distribution": "Debian",
    "ansible_kernel": "6.1.0-18-cloud-amd64",
    "ansible_os_family": "Debian",
    "ansible_pkg_mgr": "apt",
    "ansible_service_mgr": "systemd",
    "ansible_system": "Linux",
    "ansible_virtualization_type": "VirtualPC",
}
KVP, VSS, FCOPY = (f"hyperv-daemons.hv-{name}-daemon.service" for name in ("kvp", "vss", "fcopy"))
SERVICES = {
    "guest_service_interface": {"start_mode": "disabled", "state": "stopped"},
    "key_value_pair_exchange": {"start_mode": "manual"},
    "powershell_direct": {"state": "stopped"},
    "vss": {"start_mode": "automatic", "state": "started"},
}


UNITS = {
    FCOPY: {"active": "active", "file": "enabled"},
    KVP: {"active": "active", "file": "enabled"},
    VSS: {"active": "inactive", "file": "masked"},
}


class Guest:
    """A Linux guest of which facts and units are made up."""

    def __init__(
        self,
        place: Path,
        units: dict[str, dict[str, Any]] | None = None,
        services: dict[str, Any] | None = None,
        **facts: str,
    ) -> None:
        self.place = place
        self.store, self.log, self.report = place / "units.json", place / "log", place / "report.json"
        self.variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "ansible_remote_tmp": str(place / "tmp"),
            "bin": str(place / "bin"),
            "known": {**FACTS, **facts},
            "report": str(self.report),
            "wanted": services or SERVICES,
        }
        (place / "bin").mkdir(parents=True)
        self.store.write_text(json.dumps(units or UNITS))
        systemctl = place / "bin/systemctl"
        systemctl.write_text(SYSTEMCTL.format(python=sys.executable, store=str(self.store), log=str(self.log)))
        systemctl.chmod(0o755)
        self.log.touch()

    def units(self) -> dict[str, tuple[str, str]]:
        return {name: (unit["active"], unit["file"]) for name, unit in json.loads(self.store.read_text()).items()}

    def calls(self) -> list[str]:
        """The changing calls since the last time."""
        calls = self.log.read_text().splitlines()
        self.log.write_text("")
        return calls

    def reported(self) -> dict[str, Any]:
        [report] = json.loads(self.report.read_text())
        return dict(report)


def play(place: Path, guests: dict[str, Guest], *arguments: str) -> tuple[int, str]:
    """Run the role in all guests; returns exit code and output, as one line."""
    (place / "library").mkdir(exist_ok=True)
    (place / "library/known_facts.py").write_text(
        "from ansible.module_utils.basic import AnsibleModule\n"
        "module = AnsibleModule({'facts': {'type': 'dict'}}, supports_check_mode=True)\n"
        "module.exit_json(ansible_facts=module.params['facts'])\n"
    )
    options = {"guest_services_services": "{{ wanted }}", "guest_services_package_state": "unmanaged"}
    written = {"content": "{{ guest_services_report | ansible.builtin.to_json }}", "dest": "{{ report }}"}
    tasks = [
        {"known_facts": {"facts": "{{ known }}"}},
        {"ansible.builtin.include_role": {"name": "hyperv.integration.guest_services"}, "vars": options},
        {"ansible.builtin.copy": written, "check_mode": False, "changed_when": False},
    ]
    path = f"{{{{ bin }}}}:{os.environ['PATH']}"
    playbook = [{"hosts": "all", "gather_facts": False, "environment": {"PATH": path}, "tasks": tasks}]
    (place / "play.yml").write_text(json.dumps(playbook))
    hosts = {name: guest.variables for name, guest in guests.items()}
    (place / "inventory.yml").write_text(json.dumps({"all": {"hosts": hosts}}))
    command = ["ansible-playbook", "-i", "inventory.yml", "play.yml", *arguments]
    environment = {
        **os.environ,
        "ANSIBLE_HOME": str(place / "home"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
    }
    result = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    return result.returncode, " ".join((result.stdout + result.stderr).split())


def test_units_are_set_reported_and_left_alone(tmp_path: Path) -> None:
    guest = Guest(tmp_path / "guest")
    before = guest.units()
    code, output = play(tmp_path, {"guest01": guest}, "--check")
    assert code == 0, output
    assert (guest.units(), guest.calls()) == (before, [])
    predicted = guest.reported()
    assert predicted["changed"] is True

    done = {
        FCOPY: {"active": "inactive", "file": "masked"},
        KVP: {"active": "active", "file": "enabled"},
        VSS: {"active": "active", "file": "enabled"},
    }
    compliant = Guest(tmp_path / "compliant", done)
    code, output = play(tmp_path, {"guest01": guest, "compliant": compliant})
    assert code == 0, output
    assert guest.units() == compliant.units()
    assert guest.calls() == [f"mask {FCOPY}", f"stop {FCOPY}", f"unmask {VSS}", f"enable {VSS}", f"start {VSS}"]
    report = guest.reported()
    assert report["services"] == predicted["services"]
    assert report["services"]["vss"] == {"present": True, "running": True, "start_mode": "automatic", "unit": VSS}
    assert {key: report[key] for key in ("name", "os", "changed", "integration_services_version", "updates_due")} == {
        "name": "guest01",
        "os": "linux",
        "changed": True,
        "integration_services_version": "6.1.0-18-cloud-amd64",
        "updates_due": None,
    }

    assert compliant.calls() == []
    assert output.count("changed=0") == 1
    assert compliant.reported()["changed"] is False
    assert compliant.reported()["services"] == report["services"]


def test_what_is_not_possible_is_named(tmp_path: Path) -> None:
    broken = {VSS: {"active": "inactive", "file": "enabled", "broken": True}}
    openrc = {"ansible_distribution": "Alpine", "ansible_service_mgr": "openrc"}
    guests = {
        "broken": Guest(tmp_path / "broken", broken, {"vss": {"state": "started"}}),
        "kernel": Guest(tmp_path / "kernel", services={**SERVICES, "heartbeat": {"state": "stopped"}}),
        "missing": Guest(tmp_path / "missing", {KVP: UNITS[KVP]}),
        "openrc": Guest(tmp_path / "openrc", **openrc),
    }
    code, output = play(tmp_path, guests)
    assert code == 2
    for text in (
        f"{VSS} was started and does not run. Is vss enabled on the host",
        "heartbeat: in Linux the kernel module hv_utils does this",
        "This guest has no vss. Daemons of other names can be named in guest_services_units",
        "Alpine with openrc is not supported",
    ):
        assert text in output
    assert output.count("failed=1") == len(guests)
    assert guests["broken"].calls() == [f"start {VSS}"]
    assert [guests[name].calls() for name in ("kernel", "missing", "openrc")] == [[], [], []]

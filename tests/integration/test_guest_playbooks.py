# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks that work in guests: what they do to many of which each fails in its own way, and what they leave.

The scenarios of molecule show that they work; these tests show what happens when something does not.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from lab_harness import Lab, Step, serve

HOST = "HV"
PASSWORD = "Guest-Only-1"
CANARY = "Canary-Only-1"
SECRETS = (PASSWORD, CANARY)
PLACE = r"C:\Windows\Temp\bootstrap_guest"
INSTALLED = r"C:\Program Files\Example\installed.txt"
LAB = r"""
version: 1
defaults:
  host:
    users:
      - {name: Administrator, password: Lab-Only-1, groups: [administrators]}
hosts:
  - name: HV
    language: de-DE
    vms:
      - name: "plain [1]"
        guest: &guest
          os: windows
          language: de-DE
          users: &users [{name: Administrator, password: Guest-Only-1, administrator: true}]
          executables:
            - &setup
              path: setup.cmd
              arguments: "*answer.xml"
              stdout: "licence Canary-Only-1 accepted\n"
              rc: 3010
              files: &files {'C:\Program Files\Example\installed.txt': "accepted"}
      - name: done
        guest: {<<: *guest, files: *files}
      - name: refuses
        guest: {<<: *guest, executables: [{<<: *setup, rc: 1603, files: {}, stderr: "licence Canary-Only-1 expired\n"}]}
      - name: lies
        guest: {<<: *guest, executables: [{<<: *setup, files: {}}]}
      - name: reboots
        guest: {<<: *guest, executables: [{<<: *setup, reboots: true, files: {}}]}
      - name: restarts
        guest: *guest
      - name: stuck
        guest: {<<: *guest, executables: [{<<: *setup, hangs: true}]}
      - name: hangs
        guest: *guest
      - name: strange
        guest: {<<: *guest, users: [{name: Administrator, password: Other-Only-1, administrator: true}]}
      - name: cold
        state: "off"
        guest: *guest
      - name: boots
        guest: {<<: *guest, booted: false}
      - name: blocked
        guest: {<<: *guest, files: {'C:\Windows\Temp\bootstrap_guest\setup.cmd\x.txt': x}}
      - name: locked
        guest: {<<: *guest, files: {'C:\Windows\Temp\bootstrap_guest\setup.cmd': {text: old, locked: true}}}
      - name: full
        guest: {<<: *guest, disk_free: 10}
      - name: held
        guest:
          <<: *guest
          files:
            'C:\Windows\Temp\bootstrap_guest\answer.xml': {text: <key>earlier Canary-Only-1</key>, locked: true}
      - name: bystander
        guest: *guest
  - name: LOGS
    language: de-DE
    vms:
      - name: "db[1]"
        guest:
          os: windows
          language: de-DE
          users: *users
          files:
            'C:\Windows\Logs\agent [1].log': "gr\u00fcn\n"
            'C:\Windows\Logs\2026\11\empty.log': ""
            'C:\Windows\Logs\2026\in use.log': {text: "open\n", held: writing}
      - name: Web
        guest: {os: windows, users: *users, files: {'C:\Windows\Logs\agent.log': "first\n"}}
      - name: strange
        guest: {os: windows, users: [{name: Administrator, password: Other-Only-1, administrator: true}]}
      - name: stuck
        guest: {os: windows, users: *users, files: {'C:\Windows\Logs\agent.log': "never seen\n"}}
      - name: partly
        guest:
          os: windows
          users: *users
          files:
            'C:\Windows\Logs\agent.log': "seen\n"
            'C:\Windows\Logs\trace.etl': {text: "not seen\n", held: exclusive}
      - name: cold
        state: "off"
      - name: lin
        guest: linux
"""


@pytest.fixture
def guests(collection_tree: Path, tmp_path: Path) -> Any:
    """The lab above."""
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab.yml").write_text(LAB, encoding="utf-8")
    with serve(tmp_path / "lab.yml", tmp_path / "lab") as lab:
        yield lab


def play(
    lab: Lab, playbook: str, variables: dict[str, Any], *arguments: str, verbosity: int = 0
) -> tuple[int, list[Step]]:
    """Run a playbook of the collection, with a vault for what the controller keeps; nothing else holds a secret."""
    secrets = lab.directory.parent / "variables.json"
    secrets.write_text(json.dumps(variables), encoding="utf-8")
    vault = lab.directory.parent / "vault"
    vault.write_text("Vault-Only-1", encoding="utf-8")
    return lab.run(
        [f"hyperv.integration.{playbook}", "-e", f"@{secrets}", "--vault-password-file", str(vault), *arguments],
        verbosity=verbosity,
        environment={"ANSIBLE_INJECT_INVOCATION": "true", "ANSIBLE_LOCAL_TEMP": str(lab.directory / "temporary")},
    )


def bootstrap(lab: Lab, *arguments: str, verbosity: int = 0, **variables: Any) -> tuple[int, list[Step]]:
    """Run bootstrap_guest with an installer and a vaulted answer file."""
    source = lab.directory.parent / "source"
    source.mkdir(exist_ok=True)
    (source / "setup.cmd").write_text("@rem", encoding="utf-8")
    vault = VaultLib([("default", VaultSecret(b"Vault-Only-1"))])
    (source / "answer.xml").write_bytes(vault.encrypt(f"<key>{CANARY}</key>"))
    standard = {
        "target": HOST,
        "bootstrap_guest_vms": [vm["name"] for vm in lab.admin.state(HOST)["vms"] if vm["name"] != "bystander"],
        "bootstrap_guest_password": PASSWORD,
        "bootstrap_guest_installer": str(source / "setup.cmd"),
        "bootstrap_guest_answer_file": str(source / "answer.xml"),
        "bootstrap_guest_command": [r"{directory}\setup.cmd", "{answer_file}"],
        "bootstrap_guest_creates": r"%ProgramFiles%\Example\installed.txt",
        "bootstrap_guest_timeout": 90,
    }
    return play(lab, "bootstrap_guest", {**standard, **variables}, *arguments, verbosity=verbosity)


def step(steps: list[Step], task: str) -> Step:
    found = [each for each in steps if each.task == task]
    assert len(found) == 1, [each.task for each in steps]
    return found[0]


def verdict(steps: list[Step]) -> str:
    return step(steps, "Say how it ended").msg


def with_place(lab: Lab) -> set[str]:
    """The VMs in which the directory of the playbook is."""
    names = [vm["name"] for vm in lab.admin.state(HOST)["vms"]]
    return {name for name in names if lab.admin.file(HOST, PLACE, vm=name)["exists"]}


def with_secret(lab: Lab, secret: str) -> set[str | None]:
    """The VMs in whose disk or registry a secret is, and None for the host."""
    names = [None, *(vm["name"] for vm in lab.admin.state(HOST)["vms"])]
    return {name for name in names if lab.admin.search(HOST, secret, vm=name)}


def assert_nothing_told(lab: Lab, steps: list[Step]) -> None:
    """No secret is in what was printed, nor in what the controller and the simulator have written."""
    assert "ESTABLISH WINRM CONNECTION" in lab.printed, "it was as verbose as can be"
    censored = [str(each.result) for each in steps]
    for secret in SECRETS:
        assert secret not in lab.printed
        assert not [each for each in censored if secret in each]
        holders = [path for path in lab.directory.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
        assert holders == [], "files of the controller, the simulator's log among them"


def test_bootstrap_guest_foresees_and_repeats_nothing(guests: Lab) -> None:
    lab = guests
    names = ["plain [1]", "done"]
    before = with_place(lab), with_secret(lab, CANARY)
    code, steps = bootstrap(lab, "--check", bootstrap_guest_vms=["plain [1]", "cold"])
    assert (code, verdict(steps)) == (
        2,
        "Failed: cold: it is off, and PowerShell Direct needs a running virtual machine. Start it first, or restrict "
        "vm_state to running.; the others: plain [1]: would be set up",
    ), "nothing was brought, so nothing is left"
    for _check in range(2):
        code, steps = bootstrap(lab, "--check", bootstrap_guest_vms=names)
        assert code == 0, lab.printed
        assert verdict(steps) == "plain [1]: would be set up"
        assert step(steps, "Run the installer").changed
        assert (with_place(lab), with_secret(lab, CANARY)) == before
        assert not lab.admin.file(HOST, INSTALLED, vm="plain [1]")["exists"]

    code, steps = bootstrap(lab, bootstrap_guest_vms=names)
    assert code == 0, lab.printed
    assert verdict(steps) == "plain [1]: exit code 3010"
    for arguments in ((), ("--check",)):
        code, steps = bootstrap(lab, *arguments, bootstrap_guest_vms=names)
        assert code == 0, lab.printed
        assert verdict(steps) == "all guests were set up already"
        assert not [each.task for each in steps if each.changed]


def test_bootstrap_guest_runs_no_installer_without_its_answer_file(guests: Lab) -> None:
    missing = str(guests.directory / "missing.xml")
    code, steps = bootstrap(guests, bootstrap_guest_vms=["plain [1]"], bootstrap_guest_answer_file=missing)
    assert code == 2
    assert "missing.xml' is not on the controller" in verdict(steps)
    assert {"Bring the installer", "Run the installer"}.isdisjoint({each.task for each in steps})
    assert "plain [1]" not in with_place(guests)
    assert not guests.admin.file(HOST, INSTALLED, vm="plain [1]")["exists"]


def test_bootstrap_guest_looks_at_its_variables_first(guests: Lab) -> None:
    lab = guests
    code, steps = play(lab, "bootstrap_guest", {"target": HOST, "bootstrap_guest_vms": "plain [1]"})
    assert code == 2
    assert [each.msg for each in steps] == [
        "Set bootstrap_guest_command, bootstrap_guest_creates, bootstrap_guest_installer, bootstrap_guest_password. "
        "The comments at the beginning of this playbook explain the variables."
    ]
    code, steps = bootstrap(lab, bootstrap_guest_vms="plain [1]", bootstrap_guest_command=r"{directory}\setup.cmd /q")
    assert code == 2
    assert [each.msg for each in steps] == [
        "bootstrap_guest_command must be a list, the program and its arguments. "
        "The comments at the beginning of this playbook explain the variables."
    ]

    # One name as a text, as it comes from the command line.
    code, steps = bootstrap(lab, bootstrap_guest_vms="done")
    assert (code, verdict(steps)) == (0, "all guests were set up already")
    code, steps = bootstrap(lab, bootstrap_guest_vms="gone")
    assert (code, verdict(steps)) == (2, "none of the VMs is on this host")
    assert steps[-1].msg == "No host has gone. Check bootstrap_guest_vms."


class Gate:
    """A way to a port that refuses connections as long as *is_closed* says so."""

    def __init__(self, port: int, is_closed: Callable[[], bool]) -> None:
        self._target = ("127.0.0.1", port)
        self._is_closed = is_closed
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.refused = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            if self._is_closed():
                self.refused += 1
                client.close()
                continue
            server = socket.create_connection(self._target)
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def test_bootstrap_guest_removes_secrets_after_the_host_was_lost_for_a_while(guests: Lab) -> None:
    lab = guests

    def is_lost() -> bool:
        """From when the answer file is in the guest, until the next task has failed."""
        there = lab.admin.file(HOST, rf"{PLACE}\answer.xml", vm="plain [1]")["exists"]
        records = [path.read_text("utf-8") for path in lab.directory.glob("steps-*.jsonl")]
        return bool(there) and not any('"Bring the installer"' in record for record in records)

    gate = Gate(lab.hosts[HOST]["port"], is_lost)
    try:
        code, steps = bootstrap(lab, bootstrap_guest_vms=["plain [1]"], ansible_port=gate.port)
    finally:
        gate.close()
    assert gate.refused > 0
    assert step(steps, "Bring the installer").result["unreachable"]
    assert code == 2, "what was not done is a failure"
    assert verdict(steps) == f"Failed: {step(steps, 'Bring the installer').msg}"
    assert step(steps, "Remove answer file and installer").changed
    assert "plain [1]" not in with_place(lab)
    assert not lab.admin.file(HOST, INSTALLED, vm="plain [1]")["exists"]


#: What is said of each VM that is not set up; a wrong password is in no message.
FAILURES = {
    "blocked": "dest in the guest: setup.cmd is a directory there",
    "boots": "not reached after 90 seconds: powershell_direct (no answer)",
    "cold": "not reached after 90 seconds: powershell_direct (off)",
    "full": "1 of 1 files failed: answer.xml: There is not enough space on the disk. : ",
    "hangs": "not reached after 90 seconds: powershell_direct (no answer)",
    "held": rf"the script ended with an error: in use for a minute and not removed: {PLACE}\answer.xml",
    "lies": "success was reported, but the verification found nothing",
    "locked": rf"the script ended with an error: in use for a minute and not removed: {PLACE}\setup.cmd",
    "reboots": "the session ended: the guest was restarted or stopped",
    "refuses": "the command ended with the exit code 1603",
    "strange": "not reached after 10 seconds: powershell_direct (logon refused). The guest refused 3 logons",
    "stuck": "it did not end within 90 seconds. What it started is left running",
}
#: Sessions of each guest before the one in which everything is removed: wait, look, two for each copy, run.
SESSIONS = 7


def test_bootstrap_guest_with_a_dozen_ways_to_fail(guests: Lab) -> None:
    lab = guests
    for name, fault in {"restarts": "reboot_guest", "hangs": "hang_guest"}.items():
        lab.admin.add_fault(HOST, command="Connect-Guest", vm=name, error=fault, skip=SESSIONS, times=1)
    code, steps = bootstrap(lab, verbosity=5)
    said, _dot, others = verdict(steps).partition("; the others: ")
    assert code == 2
    for name, reason in FAILURES.items():
        assert f"{name}: {reason}" in said
        assert f"{name}: " not in others
    assert others == "plain [1]: exit code 3010; restarts: exit code 3010"
    for name in ("plain [1]", "done", "restarts"):
        assert f"{name}: " not in said
        assert lab.admin.read_file(HOST, INSTALLED, vm=name) == b"accepted"
    # restarts came back and was entered again; held and locked answered, and kept what was in use.
    back = step(steps, "Wait for the guests that were lost before").result["vms"]
    assert {vm["name"]: vm["reached"] for vm in back} == {
        "hangs": False,
        "held": True,
        "locked": True,
        "restarts": True,
    }
    assert said.endswith(
        f"; Answer file and installer may be left in {PLACE} of hangs, held, locked, secrets included. "
        "The next run removes them"
    )
    assert with_place(lab) == {"hangs", "held", "locked"}
    # Of what was brought to locked, the installer could not be replaced, but the answer file could be removed.
    assert with_secret(lab, CANARY) == {"hangs", "held"}
    assert with_secret(lab, PASSWORD) == set()
    assert not lab.admin.file(HOST, INSTALLED, vm="bystander")["exists"]
    assert_nothing_told(lab, steps)

    # The next run removes what is left, with the password of a vault that it need not know.
    lab.admin.change_vm(HOST, "hangs", responding=True)
    lab.admin.change_vm(HOST, "cold", state="running")
    lab.admin.change_vm(HOST, "boots", booted=True)
    lab.admin.write_files(HOST, {rf"{PLACE}\answer.xml": CANARY}, vm="held")
    lab.admin.write_files(HOST, {rf"{PLACE}\setup.cmd": "old"}, vm="locked")
    names = ["plain [1]", "done", "restarts", "blocked", "locked", "held", "hangs", "cold", "boots"]
    code, steps = bootstrap(lab, bootstrap_guest_vms=names)
    assert code == 0, lab.printed
    fixed = ("blocked", "boots", "cold", "held", "locked")
    assert verdict(steps) == "; ".join(f"{name}: exit code 3010" for name in fixed)
    assert with_place(lab) == with_secret(lab, CANARY) == set()


COLLECTED = r"C:\ProgramData\hyperv.integration\guest_logs"
LOGS = {
    "db[1]/agent [1].log": "grün\n",
    "db[1]/2026/11/empty.log": "",
    "db[1]/2026/in use.log": "open\n",
    "Web/agent.log": "first\n",
}


def collect(lab: Lab, *arguments: str, verbosity: int = 0, **variables: Any) -> tuple[int, list[Step]]:
    """Run collect_guest_logs for the host LOGS, up to the controller."""
    standard = {
        "target": "LOGS",
        "collect_guest_logs_password": PASSWORD,
        "collect_guest_logs_fetch_to": str(lab.directory / "fetched"),
        "collect_guest_logs_timeout": 30,
    }
    return play(lab, "collect_guest_logs", {**standard, **variables}, *arguments, verbosity=verbosity)


def fetched(lab: Lab) -> dict[str, str]:
    """What is on the controller of the host LOGS."""
    root = lab.directory / "fetched" / "LOGS"
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def on_host(lab: Lab, path: str = COLLECTED) -> dict[str, str]:
    """What is on the host, by the same names."""
    found = lab.admin.file("LOGS", path)
    if not found["exists"]:
        return {}
    if "entries" not in found:
        name = path.removeprefix(f"{COLLECTED}\\").replace("\\", "/")
        return {name: lab.admin.read_file("LOGS", path).decode("utf-8")}
    result: dict[str, str] = {}
    for entry in found["entries"]:
        result |= on_host(lab, entry["path"])
    return result


def test_collect_guest_logs_takes_what_there_is(guests: Lab) -> None:
    lab = guests
    copy = "Bring what differs to the host"
    code, steps = collect(lab, "--check", collect_guest_logs_vms=["db[1]", "web"])
    assert code == 0, lab.printed
    assert step(steps, copy).changed
    assert [vm["name"] for vm in step(steps, copy).result["vms"] if vm["changed"]] == ["Web", "db[1]"]
    assert on_host(lab) == fetched(lab) == {}

    lab.admin.add_fault("LOGS", command="PowerShellDirect", vm="stuck", error="hang_guest", skip=1, times=1)
    failing = ["strange", "cold", "stuck", "lin", "partly"]
    code, steps = collect(lab, collect_guest_logs_vms=["db[1]", "web", *failing], verbosity=5)
    assert code == 2
    failed = {vm["name"]: vm["msg"] for vm in step(steps, copy).result["vms"] if vm["failed"]}
    assert sorted(failed) == sorted(failing)
    assert "the guest refused the logon" in failed["strange"]
    assert "it is off" in failed["cold"]
    assert "did not answer within 30 seconds" in failed["stuck"]
    assert step(steps, copy).msg.startswith("Failed for 5 of 7 virtual machines: 'cold'")
    assert failed["partly"] == (
        "1 of 2 files failed: trace.etl: the source cannot be read: The process cannot access the file "
        r"'C:\Windows\Logs\trace.etl' because it is being used by another process."
    )
    assert on_host(lab) == fetched(lab) == {**LOGS, "partly/agent.log": "seen\n"}
    assert_nothing_told(lab, steps)

    code, steps = collect(lab, collect_guest_logs_vms=["db[1]", "web"])
    assert code == 0, lab.printed
    assert not [each.task for each in steps if each.changed]

    # All that run, but for those that are left out; only what has changed travels.
    lab.admin.write_files("LOGS", {r"C:\Windows\Logs\agent.log": "first\nsecond\n"}, vm="Web")
    code, steps = collect(lab, collect_guest_logs_exclude=["str*", "stuck", "lin", "partly"])
    assert code == 0, lab.printed
    assert [vm["name"] for vm in step(steps, copy).result["vms"] if vm["changed"]] == ["Web"]
    assert sum(each.changed for each in steps) == 2
    changed = {**LOGS, "partly/agent.log": "seen\n", "Web/agent.log": "first\nsecond\n"}
    assert on_host(lab) == fetched(lab) == changed

    for names in (["db[1]", "gone"], "gone"):
        code, steps = collect(lab, collect_guest_logs_vms=names)
        assert code == 2
        found = step(steps, "Every named VM is on one of the hosts")
        assert found.msg == "No host has gone. Check collect_guest_logs_vms."

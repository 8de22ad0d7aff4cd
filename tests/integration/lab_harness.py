# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play against a running simulator: unmodified ansible-playbook, real WinRM, state read back by the admin endpoint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from documented_results import confirm_documented
from hvsim.admin.client import AdminClient

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PASSWORDS = {"Administrator": "Lab-Only-1", "helpdesk": "Lab-Only-3"}
PLAY_SECONDS = 180
START_SECONDS = 60
# Set it to test another version of ansible-core, which needs pywinrm beside it and nothing else.
PLAYBOOK_COMMAND = os.environ.get("TEST_ANSIBLE_PLAYBOOK") or str(Path(sys.executable).with_name("ansible-playbook"))


@dataclass(frozen=True)
class Step:
    """What one task did: its result, and what the simulator counted and holds afterwards."""

    task: str
    host: str
    failed: bool
    result: dict[str, Any]
    counters: dict[str, int] = field(default_factory=dict)
    state: list[dict[str, Any]] = field(default_factory=list)
    action: str = ""

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def msg(self) -> str:
        return str(self.result.get("msg", ""))

    @property
    def warnings(self) -> list[str]:
        return [
            str(item.get("msg", item)) if isinstance(item, dict) else item for item in self.result.get("warnings", [])
        ]

    @property
    def cmdlets(self) -> dict[str, int]:
        """Hyper-V cmdlets that the task called."""
        prefix = "cmdlet:"
        return {name.removeprefix(prefix): n for name, n in self.counters.items() if name.startswith(prefix)}

    @property
    def lazy(self) -> dict[str, int]:
        """Lazily computed properties that the task read."""
        return {name: n for name, n in self.counters.items() if name.startswith("lazy:")}

    def enabled(self, service: str) -> dict[str, bool]:
        """The switch of a service for each VM, by name, as the simulator holds it after the task."""
        return {vm["name"]: vm["enabled"][service] for vm in self.state}

    def vm(self, name: str) -> dict[str, Any]:
        """The result for the one VM of that name."""
        found = [vm for vm in self.result["vms"] if vm["name"] == name]
        assert len(found) == 1, f"{len(found)} results for {name!r}"
        return found[0]


class Lab:
    """A running simulator and what is needed to play against it."""

    def __init__(self, ready: dict[str, Any], directory: Path) -> None:
        self.admin = AdminClient.from_ready(ready)
        self.directory = directory
        self.tree = ROOT / ".cache" / "tree"
        self.hosts = {host["name"]: host for host in ready["hosts"]}
        self.printed = ""
        self._runs = 0
        self._ready_file = directory / "ready.json"
        self._ready_file.write_text(json.dumps(ready), encoding="utf-8")
        self._config = directory / "ansible.cfg"
        self._config.write_text("[defaults]\n", encoding="utf-8")
        self._inventory = directory / "inventory.yml"
        self._inventory.write_text(yaml.safe_dump(self._inventory_data(ready)), encoding="utf-8")

    def _inventory_data(self, ready: dict[str, Any]) -> dict[str, Any]:
        """Each host once as administrator, and once as the user whom Hyper-V refuses."""
        hosts = {}
        for name, host in self.hosts.items():
            for user, password in PASSWORDS.items():
                alias = name if user == "Administrator" else f"{name}-{user}"
                hosts[alias] = {
                    "hvsim_host": name,
                    "ansible_host": "127.0.0.1",
                    "ansible_port": host["port"],
                    "ansible_user": user,
                    "ansible_password": password,
                }
        return {
            "hyperv": {
                "hosts": hosts,
                "vars": {
                    "ansible_connection": "winrm",
                    "ansible_winrm_scheme": "http",
                    "ansible_winrm_transport": "basic",
                    "hvsim_admin_url": ready["admin"]["url"],
                    "hvsim_admin_token": ready["admin"]["token"],
                },
            }
        }

    def play(self, tasks: Sequence[dict[str, Any]], host: str = "EN1") -> list[Step]:
        """Run tasks one after the other in one process; a task that fails does not end the play."""
        plays = [
            {"name": "Steps", "hosts": host, "gather_facts": False, "tasks": [_with_defaults(task) for task in tasks]}
        ]
        steps = self.playbook(plays)
        assert len(steps) == len(tasks), [step.task for step in steps]
        return steps

    def playbook(self, plays: Sequence[dict[str, Any]], *, must_succeed: bool = True, verbosity: int = 0) -> list[Step]:
        """Run a playbook; the results of its tasks in order. What it printed is in ``printed``."""
        book = self.directory / f"play-{self._runs + 1}.yml"
        book.write_text(yaml.safe_dump(list(plays), sort_keys=False, allow_unicode=True), encoding="utf-8")
        code, steps = self.run([str(book)], verbosity=verbosity)
        if must_succeed and code != 0:
            pytest.fail(f"ansible-playbook ended with {code}\n{self.printed}")
        return steps

    def run(
        self, arguments: Sequence[str], *, verbosity: int = 0, environment: dict[str, str] | None = None
    ) -> tuple[int, list[Step]]:
        """ansible-playbook with these arguments: its exit code and the results of its tasks in order."""
        self._runs += 1
        record = self.directory / f"steps-{self._runs}.jsonl"
        run = subprocess.run(
            [PLAYBOOK_COMMAND, "-i", str(self._inventory), *arguments],
            cwd=self.directory,
            env={**self._environment(record), "ANSIBLE_VERBOSITY": str(verbosity), **(environment or {})},
            capture_output=True,
            text=True,
            timeout=PLAY_SECONDS,
            check=False,
        )
        self.printed = run.stdout + run.stderr
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        steps = [Step(**json.loads(line)) for line in lines]
        for step in steps:
            confirm_documented(step.action.removeprefix("hyperv.integration."), step.result)
        return run.returncode, steps

    def _environment(self, record: Path) -> dict[str, str]:
        return {
            **os.environ,
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "step_recorder",
            "ANSIBLE_COLLECTIONS_PATH": f"{self.tree}:{ROOT / '.cache' / 'collections'}",
            "ANSIBLE_CONFIG": str(self._config),
            "ANSIBLE_DEPRECATION_WARNINGS": "False",
            "ANSIBLE_HOME": str(self.directory / "ansible-home"),
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "True",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "ANSIBLE_ROLES_PATH": str(HERE / "targets"),
            # The callback plugin reads the simulator's state with its client, which needs the standard library only.
            "PYTHONPATH": str(ROOT / "simulator" / "src"),
            # Nothing here is signed by a public authority, and reading those takes 50 ms each time.
            "SSL_CERT_FILE": os.devnull,
            "STEP_RECORDER_FILE": str(record),
            "STEP_RECORDER_READY": str(self._ready_file),
        }


@contextmanager
def serve(lab_file: Path, directory: Path) -> Iterator[Lab]:
    """A simulator on free ports, stopped at the end; it logs to ``hvsim.log`` in *directory*."""
    command = [str(Path(sys.executable).with_name("hvsim")), "serve", str(lab_file), "--port", "0"]
    with open(directory / "hvsim.log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        if not line:
            server.wait(START_SECONDS)
            pytest.fail(f"hvsim did not start:\n{(directory / 'hvsim.log').read_text(encoding='utf-8')}")
        yield Lab(json.loads(line), directory)
    finally:
        server.terminate()
        server.communicate(timeout=START_SECONDS)


def _with_defaults(task: dict[str, Any]) -> dict[str, Any]:
    module = next(key for key in task if key.startswith("hyperv.integration."))
    return {"name": module, "ignore_errors": True, **task}


def ics(*, check: bool = False, name: str | None = None, **options: Any) -> dict[str, Any]:
    """A task with hyperv_ics."""
    title = name or "hyperv_ics"
    return {"name": title, "hyperv.integration.hyperv_ics": _options(options), "check_mode": check, "diff": True}


def ics_info(**options: Any) -> dict[str, Any]:
    """A task with hyperv_ics_info."""
    return {"name": "hyperv_ics_info", "hyperv.integration.hyperv_ics_info": _options(options)}


def _options(options: dict[str, Any]) -> dict[str, Any]:
    """``vm_name`` stands for the option ``name``, which is the title of the task here."""
    return {("name" if key == "vm_name" else key): value for key, value in options.items()}

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordinary tasks of ansible.windows and ansible-core against the simulator, by unmodified ansible-playbook.

``HVSIM_ANSIBLE_VENVS`` names more virtual environments to play from (with pywinrm and pypsrp), as a path list:
``HVSIM_ANSIBLE_VENVS=/tmp/core218:/tmp/core219 pytest tests/integration/test_foreign_modules.py``.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lab_harness
import pytest
import yaml
from lab_harness import HERE, Lab, Step

PLAYBOOKS = HERE / "playbooks"
# The playbooks run once for all tests of this file, so one process runs them.
pytestmark = pytest.mark.xdist_group("foreign")

VENVS = [Path(sys.executable).parents[1], *(Path(p) for p in os.environ.get("HVSIM_ANSIBLE_VENVS", "").split(":") if p)]
TEXT = "grüße\n".encode()


@dataclass(frozen=True)
class Played:
    """A playbook that was played: the steps by task, and what it left."""

    steps: dict[str, Step]
    fetched: bytes
    host: dict[str, Any]

    def __getitem__(self, task: str) -> Step:
        return self.steps[task]

    def result(self, task: str) -> dict[str, Any]:
        step = self.steps[task]
        assert not step.failed, step.result
        return step.result

    def failure(self, task: str) -> str:
        step = self.steps[task]
        assert step.failed, step.result
        return step.msg


def _play(lab: Lab, venv: Path, playbook: str, monkeypatch: pytest.MonkeyPatch) -> Played:
    lab.admin.reset()
    monkeypatch.setattr(lab_harness, "PLAYBOOK_COMMAND", str(venv / "bin" / "ansible-playbook"))
    plays = yaml.safe_load((PLAYBOOKS / playbook).read_text(encoding="utf-8"))
    fetched = lab.directory / f"fetched-{venv.name}-{playbook}"
    for play in plays:
        play["vars"]["fetched"] = str(fetched)
        for task in play["tasks"]:
            _use_files(task)
    steps = {step.task: step for step in lab.playbook(plays)}
    state = next(host for host in lab.admin.hosts() if host["name"] == "EN1")
    return Played(steps, fetched.read_bytes(), state)


def _use_files(task: dict[str, Any]) -> None:
    """The harness plays a copy of the playbook elsewhere: files beside it become absolute."""
    for module, options in task.items():
        if module.endswith(".script"):
            task[module] = str(PLAYBOOKS / "files" / options)
        elif isinstance(options, dict) and options.get("src") == "note.txt":
            options["src"] = str(PLAYBOOKS / "files" / "note.txt")


@pytest.fixture(scope="module", params=VENVS, ids=lambda venv: venv.name)
def venv(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(scope="module")
def played(running_lab: Lab, venv: Path) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield _play(running_lab, venv, "foreign_modules.yml", monkeypatch)


@pytest.fixture(scope="module")
def played_psrp(running_lab: Lab, venv: Path) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield _play(running_lab, venv, "foreign_modules_psrp.yml", monkeypatch)


def test_connection_and_facts(played: Played) -> None:
    assert played["Gathering Facts"].failed is False
    assert not played["wait"].failed
    assert played.result("ping")["ping"] == "surprise"
    assert "boom" in played.failure("crash")
    facts = played.result("min facts")["ansible_facts"]
    assert facts["ansible_hostname"] == "EN1"
    assert facts["ansible_os_family"] == "Windows"
    assert facts["ansible_distribution"] == "Microsoft Windows Server 2022 Datacenter"
    assert facts["ansible_distribution_version"] == "10.0.20348.0"
    assert facts["ansible_powershell_version"] == 5
    assert facts["ansible_date_time"]["iso8601"].startswith("2026-01-15T08:00:")
    assert facts["ansible_user_id"] == "Administrator"
    assert facts["ansible_env"]["COMPUTERNAME"] == "EN1"
    assert "ansible_memtotal_mb" not in facts
    hardware = played.result("hardware facts")["ansible_facts"]
    assert hardware["ansible_memtotal_mb"] > hardware["ansible_memfree_mb"] > 0
    assert hardware["ansible_processor_vcpus"] == 8
    assert "ansible_hostname" not in hardware
    assert played["hardware facts"].warnings == ["invalid value nonsense specified in gather_subset"]


def test_files(played: Played) -> None:
    assert [played[f"directory{suffix}"].changed for suffix in ("", " again", " in check mode")] == [True, False, True]
    assert played["touch"].changed
    assert played.failure("file that is none") == r"path C:\lab\a is not a file"
    assert [played[f"copy {what}"].changed for what in ("content", "content again", "over in check mode")] == [
        True,
        False,
        True,
    ]
    assert played.result("copy content")["checksum"] == hashlib.sha1(TEXT).hexdigest()
    assert played.result("copy source")["dest"] == r"C:\lab\a\note.txt"
    assert played["copy on the host"].changed
    assert base64.b64decode(played.result("slurp")["content"]) == TEXT
    assert played.failure("slurp nothing").endswith("is not found")
    assert played.fetched == TEXT
    assert played["remove"].changed


def test_stat(played: Played) -> None:
    stat = played.result("stat file")["stat"]
    assert (stat["exists"], stat["isreg"], stat["isdir"], stat["islnk"]) == (True, True, False, False)
    assert (stat["path"], stat["filename"], stat["extension"]) == (r"C:\lab\text.txt", "text.txt", ".txt")
    assert (stat["size"], stat["checksum"]) == (len(TEXT), hashlib.sha256(TEXT).hexdigest())
    assert stat["attributes"] == "Archive"
    directory = played.result("stat directory")["stat"]
    assert (directory["isdir"], directory["attributes"], directory["size"]) == (
        True,
        "Directory",
        len("line one\nline two\n"),
    )
    assert played.result("stat nothing")["stat"] == {"exists": False}


def test_tempfile(played: Played) -> None:
    path = played.result("tempfile")["path"]
    assert path.startswith("C:\\Users\\Administrator\\AppData\\Local\\Temp\\pre.")
    assert path.endswith(".post")
    assert played["tempfile in check mode"].changed


def test_command(played: Played) -> None:
    command = played.result("command")
    assert (command["stdout"], command["rc"], command["cmd"]) == ("en1\\administrator\r\n", 0, "whoami")
    assert command["delta"] == "0:00:00.000000"
    assert played.failure("command with argv").endswith("non-zero return code")
    argv = played["command with argv"].result
    assert (argv["rc"], argv["stdout"]) == (5, "a b\r\n")
    assert "command skipped" not in played.steps
    assert "The system cannot find the file specified" in played.failure("command by a path that is none")
    assert played["command by a path that is none"].result["rc"] == 2
    assert "program ipconfig" in played.failure("command that is not simulated")
    assert played.result("cmd")["stdout"] == "EN1\r\n"


def test_shell(played: Played) -> None:
    shell = played["shell"].result
    assert shell["rc"] == 4
    assert shell["stdout_lines"] == ["to the host", "", "Name Value", "---- -----", "n        2", "", ""]
    error = played["shell with an error"].result
    assert (error["rc"], error["stdout"]) == (1, "")
    assert error["stderr_lines"][0] == r"Get-Item : Cannot find path 'C:\nope' because it does not exist."
    assert played.result("shell in a directory")["stdout"] == "C:\\lab\r\n"
    assert played.result("shell of cmd")["stdout"] == "from the task\r\n"
    assert played.result("environment")["stdout"] == "from the task\r\n"
    assert played.result("raw")["stdout_lines"] == ["EN1"]
    script = played["script"].result
    assert (script["rc"], script["stdout_lines"]) == (3, ["hello world"])


def test_users_and_secrets(played: Played) -> None:
    assert played.result("become")["stdout"] == "nt authority\\system\r\n"
    assert "The user name or password is incorrect" in played.failure("become with a wrong password")
    assert "TopSecret-7" not in str(played["secret"].result)
    assert played.result("powershell with a secret")["output"] == ["alice", 8]
    assert "Hidden-" not in str(played["powershell with a secret"].result)
    account = played.result("whoami")["account"]
    assert (account["account_name"], account["domain_name"], account["type"]) == ("Administrator", "EN1", "User")


def test_powershell(played: Played) -> None:
    result = played.result("powershell")
    assert result["changed"] is False
    assert result["result"] == {"name": "foo", "next": 5, "deep": {"a": {"b": "System.Collections.Hashtable"}}}
    assert result["output"] == [
        "done",
        {"day": {"Type": "System.DayOfWeek", "String": "Monday", "Value": 1}, "when": "2026-01-02T00:00:00.0000000"},
    ]
    assert (result["warning"], result["verbose"]) == (["careful"], ["more"])
    assert result["information"][0]["message_data"] == "told"
    assert result["error"][0]["exception"]["message"] == "not so good"
    assert result["error"][0]["category_info"]["activity"] == "Write-Error"
    check = played.result("powershell in check mode")
    assert (check["output"], check["changed"]) == ([True], True)
    assert played.result("powershell skipped in check mode")["msg"] == "skipped, running in check mode"
    assert played["powershell failed"].failed
    thrown = played["powershell throws"].result["error"][0]
    assert (thrown["exception"]["message"], thrown["fully_qualified_error_id"]) == ("bad luck", "bad luck")
    stopped = played["powershell stops"]
    assert (stopped.failed, stopped.result["output"]) == (True, [])
    assert (
        stopped.result["error"][0]["fully_qualified_error_id"]
        == "PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand"
    )
    went_on = played.result("powershell goes on")
    assert (went_on["output"], len(went_on["error"])) == (["after"], 1)
    assert "option executable of win_powershell" in played.failure("powershell with arguments")


def test_services(played: Played) -> None:
    stopped = played.result("service stopped")
    assert (stopped["changed"], stopped["state"], stopped["start_mode"]) == (True, "stopped", "disabled")
    assert (stopped["diff"]["before"]["state"], stopped["diff"]["after"]["state"]) == ("started", "stopped")
    assert not played["service stopped again"].changed
    assert "Cannot start service Spooler on computer '.'." in played.failure("service that cannot start")
    assert played["service in check mode"].changed
    assert played.failure("service that is none").endswith(
        "Service 'nothing' is not installed, need to set 'path' to create a new service"
    )
    assert played.result("service created")["username"] == "LocalSystem"
    (info,) = played.result("service info")["services"]
    assert (info["name"], info["display_name"], info["description"]) == ("mine", "My service", "D")
    assert (info["start_mode"], info["state"], info["username"]) == ("delayed", "stopped", r"NT AUTHORITY\SYSTEM")
    assert played.result("service removed")["exists"] is False
    assert played.result("service info of nothing")["services"] == []
    assert played["hyper-v stopped"].changed
    assert played.host["vmms_running"] is False


def test_registry_and_machine(played: Played) -> None:
    assert [played["regedit"].changed, played["regedit again"].changed, played["regedit removes"].changed] == [
        True,
        False,
        True,
    ]
    value = played.result("reg_stat")
    assert (value["type"], value["value"], value["raw_value"]) == ("REG_DWORD", 255, 255)
    assert played.result("reg_stat of nothing")["exists"] is False
    assert [played["variable"].changed, played["variable again"].changed] == [True, False]
    assert played.result("variable in a new process")["stdout"] == "v1\r\n"
    assert not played["hostname"].changed
    assert played.result("wait for a file")["wait_attempts"] == 1
    assert played.failure("wait in vain").endswith(r"timeout while waiting for file C:\lab\never to be present")


def test_async(played: Played) -> None:
    assert played.result("async")["ping"] == "pong"
    status = played.result("async status")
    assert (bool(status["finished"]), status["stdout"]) == (True, "late\r\n")
    assert played.failure("async status of nothing").startswith("could not find job")


def test_psrp(played_psrp: Played) -> None:
    played = played_psrp
    assert played.result("ping")["ping"] == "pong"
    assert played["copy content"].changed
    assert played.fetched == b"text"
    shell = played["shell"].result
    assert (shell["rc"], shell["stdout"]) == (2, "en1\\administrator\r\n")
    assert played.result("raw")["stdout_lines"] == ["EN1"]
    script = played["script"].result
    assert (script["rc"], script["stdout_lines"]) == (3, ["hello world"])
    assert played.result("service")["state"] == "stopped"
    assert played.result("async")["ping"] == "pong"

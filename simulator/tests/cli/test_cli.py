# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands: arguments, files, messages, exit codes. The engine is a fake."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from hvsim.admin.client import AdminClient
from hvsim.cli import common, conformance, coverage, parse, run, serve
from hvsim.cli.inventory import inventory
from hvsim.cli.main import main
from hvsim.engine.api import ProcessResult, ScriptRequest, Session
from hvsim.hyperv.host import Host
from hvsim.hyperv.users import User
from hvsim.lang.errors import Unsupported

LAB = "hosts: [{name: HV1, vms: [{name: web01}]}, {name: HV2, language: de-DE}]"


class FakeEngine:
    """Answers with what it was asked."""

    def run_script(self, session: Session, request: ScriptRequest) -> ProcessResult:
        host = session.host
        text = f"{host.name} {host.powershell} {session.user}: {request.script}\n"
        return ProcessResult(text, "oops\n" if "fail" in request.script else "", 3 if "fail" in request.script else 0)


class FakeListener:
    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/wsman"
        self.closed = False

    async def close(self) -> None:
        self.closed = True


class FakeModules:
    """Stands in for the engine's modules; remembers what it was called with."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.listeners: list[FakeListener] = []

    def __call__(self, name: str) -> Any:
        return {
            "hvsim.engine.embedded": SimpleNamespace(EmbeddedEngine=FakeEngine, new_runspace=lambda s: s),
            "hvsim.winrm.server": SimpleNamespace(start=self.start),
            "hvsim.engine.conformance": SimpleNamespace(
                main=self.conformance,
                run_tree=self.tree,
                run_in=self.run_in,
                written_so_far=lambda runspace: {"output": []},
            ),
            "hvsim.engine.coverage": SimpleNamespace(write=self.calls.append),
            "hvsim.lang.errors": SimpleNamespace(Unsupported=Unsupported),
        }[name]

    async def start(self, host: Host, engine: Any, *, address: str, port: int, tls: bool) -> FakeListener:
        self.calls.append((host.name, address, port, tls))
        if port == 81:
            raise OSError(98, "Address already in use")
        self.listeners.append(FakeListener(port or 40_000 + len(self.listeners)))
        return self.listeners[-1]

    def run_in(self, session: Session, script: str, edition: str) -> dict[str, Any]:
        if script == "unsupported":
            raise Unsupported("workflow")
        return {"output": [script, edition], **({"terminating": {}} if "fail" in script else {})}

    def conformance(self, paths: list[str], **options: Any) -> int:
        self.calls.append((paths, options))
        return 1

    def tree(self, script: str) -> dict[str, Any]:
        if script == "unsupported":
            raise Unsupported("workflow")
        return {"parse_errors": []} if script == "{" else {"tree": script}


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> FakeModules:
    fake = FakeModules()
    for module in (conformance, coverage, parse, run, serve):
        monkeypatch.setattr(module, "engine_module", fake)
    return fake


@pytest.fixture
def lab(tmp_path: Path) -> str:
    path = tmp_path / "lab.yml"
    path.write_text(LAB)
    return str(path)


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["serve"], ["serve", "x.yml", "--port", "70000"], ["run", "x", "--edition", "6"]]
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage: hvsim" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (None, [], ":1: cannot read the lab file (No such file or directory); check the path"),
        ("hosts: [", [], ":1: not valid YAML:"),
        ("hosts: [{name: HV1, vmz: 1}]", [], ":1: hosts[0].vmz: unknown key; did you mean 'vms'?"),
        (LAB, ["--host", "nowhere"], "--host nowhere: not an IP address"),
        (LAB, ["--port", "65535"], "--port 65535 leaves no room for 2 hosts; choose a lower port"),
        (LAB, ["--port", "80"], "host HV2: port 81 on 127.0.0.1 is in use; choose another port, or 0 for a free one"),
        (LAB, ["--pid-file", "/nowhere/x"], "/nowhere/x: cannot be written (No such file or directory)"),
    ],
)
def test_mistakes_are_one_clear_line(
    content: str | None,
    arguments: list[str],
    message: str,
    tmp_path: Path,
    modules: FakeModules,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "mine.yml"
    if content is not None:
        path.write_text(content)
    assert main(["serve", str(path), *arguments]) == 2
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert line.startswith("hvsim: ") and message in line
    assert captured.out == ""
    assert all(listener.closed for listener in modules.listeners)


def test_admin_port_in_use(lab: str, modules: FakeModules, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", lab, "--admin-port", str(port)]) == 2
    assert f"the admin endpoint: port {port} on 127.0.0.1 is in use" in capsys.readouterr().err


def test_serve(lab: str, tmp_path: Path, modules: FakeModules, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything is written before the ready file appears; POST /shutdown ends it cleanly."""
    ready_file, pid_file, inventory_file = tmp_path / "ready", tmp_path / "pid", tmp_path / "inventory.yml"
    seen: dict[str, Any] = {}
    done = threading.Event()

    def visit() -> None:
        while not ready_file.exists() and not done.wait(0.01):
            pass
        client = AdminClient.from_ready(ready_file)
        seen["hosts"] = [host["name"] for host in client.hosts()]
        seen["pid"] = pid_file.read_text()
        seen["modes"] = {stat.S_IMODE(path.stat().st_mode) for path in (ready_file, pid_file, inventory_file)}
        client.shutdown()

    visitor = threading.Thread(target=visit)
    visitor.start()
    files = ["--ready-file", str(ready_file), "--pid-file", str(pid_file), "--inventory", str(inventory_file)]
    code = main(["serve", lab, "--port", "50000", *files])
    done.set()
    visitor.join(10)
    assert code == 0
    assert seen == {"hosts": ["HV1", "HV2"], "pid": f"{os.getpid()}\n", "modes": {0o600}}
    ready = json.loads(capsys.readouterr().out)
    assert ready["pid"] == os.getpid()
    assert ready["hosts"] == [
        {"name": "HV1", "url": "http://127.0.0.1:50000/wsman", "port": 50000, "language": "en-US"},
        {"name": "HV2", "url": "http://127.0.0.1:50001/wsman", "port": 50001, "language": "de-DE"},
    ]
    assert set(ready["admin"]) == {"url", "token"}
    assert modules.calls == [("HV1", "127.0.0.1", 50000, False), ("HV2", "127.0.0.1", 50001, False)]
    assert all(listener.closed for listener in modules.listeners)
    assert not ready_file.exists() and not pid_file.exists() and inventory_file.exists()


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGINT"])
def test_serve_stops_on_signals(signal_name: str, lab: str, tmp_path: Path) -> None:
    program = (
        "import sys; from types import SimpleNamespace; from hvsim.cli import serve; from hvsim.cli.main import main\n"
        "import importlib; real = serve.engine_module\n"
        "fake = SimpleNamespace(EmbeddedEngine=object)\n"
        "serve.engine_module = lambda name: fake if name == 'hvsim.engine.embedded' else real(name)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "serve", lab, "--pid-file", str(tmp_path / "pid")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        ready = json.loads(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", ready["hosts"][0]["port"]), timeout=10):
            pass
        process.send_signal(getattr(__import__("signal"), signal_name))
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
    assert not (tmp_path / "pid").exists()


def test_lab_ports_are_used_unless_told_otherwise() -> None:
    assert serve._wanted_port(0, 0, Host("HV1", port=15985)) == 15985
    assert serve._wanted_port(0, 1, Host("HV1")) == 0
    assert serve._wanted_port(7000, 1, Host("HV1", port=15985)) == 7001


def test_inventory_is_ready_to_use() -> None:
    users = (User("guest", "g"), User("admin", "{{ x }}", frozenset({"administrators"})))
    text = inventory([(Host("HV1", users=users), 5986)], address="127.0.0.1", tls=True)
    assert '!unsafe "{{ x }}"' in text
    group = yaml.safe_load(text.replace("!unsafe ", ""))["all"]["children"]["hyperv"]
    assert group["hosts"] == {"HV1": {"ansible_port": 5986, "ansible_user": "admin", "ansible_password": "{{ x }}"}}
    assert group["vars"]["ansible_winrm_scheme"] == "https"
    assert group["vars"]["ansible_winrm_server_cert_validation"] == "ignore"


def test_run(lab: str, tmp_path: Path, modules: FakeModules, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "x.ps1"
    script.write_bytes("\ufeffGet-VM ü".encode("utf-16-le"))
    assert main(["run", str(script), "--lab", lab, "--host", "hv2", "--edition", "7"]) == 0
    assert capsys.readouterr().out == "HV2 7 Administrator: Get-VM ü\n"
    script.write_text("fail")
    assert main(["run", str(script)]) == 3
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("HVSIM 5.1 Administrator: fail\n", "oops\n")


@pytest.mark.parametrize(("code", "expected"), [("3", 3), ("-1", 255), ("256", 1), ("0", 0)])
def test_exit_code_of_the_script(code: str, expected: int, tmp_path: Path) -> None:
    script = tmp_path / "x.ps1"
    script.write_text(f"exit {code}")
    assert main(["run", str(script)]) == expected


def test_positions_name_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "x.ps1"
    script.write_text("'a'\n  1 / 0\n")
    assert main(["run", str(script)]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines() == ["a"]
    assert captured.err.splitlines()[1:4] == [f"At {script}:2 char:3", "+   1 / 0", "+   ~~~~~"]
    script.write_text("'a'\nif ($true) { Get-VMSwitch }\n")
    assert main(["run", str(script)]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines() == ["a"]
    assert captured.err.splitlines() == [
        f"hvsim: unsupported: cmdlet Get-VMSwitch is not supported by hvsim ({script}:2:14)"
    ]


def test_run_json(tmp_path: Path, modules: FakeModules, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "x.ps1"
    script.write_text("1")
    assert main(["run", str(script), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"output": ["1", "5.1"]}
    script.write_text("fail")
    assert main(["run", str(script), "--json"]) == 1
    capsys.readouterr()
    script.write_text("unsupported")
    assert main(["run", str(script), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"output": [], "refusal": "workflow is not supported by hvsim"}


def test_a_refusal_keeps_what_was_written_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "x.ps1"
    script.write_text("'a'\nWrite-Warning 'w'\nGet-VMSwitch\n'b'\n")
    assert main(["run", str(script), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["output"] == [{"t": "string", "v": "a"}]
    assert shown["warning"] == ["w"]
    assert "Get-VMSwitch is not supported by hvsim" in shown["refusal"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "none.ps1"], "none.ps1: cannot be read (No such file or directory); check the path"),
        (["run", "{script}", "--lab", "{lab}", "--host", "HV9"], "no host 'HV9'; hosts: HV1, HV2"),
        (["run", "{script}", "--user", "eve"], "no user 'eve' on host 'HVSIM'; users: Administrator"),
        (["parse", "none.ps1"], "none.ps1: cannot be read"),
        (["conformance", "x", "--jobs", "0"], "--jobs and --timeout must be positive"),
    ],
)
def test_mistakes_of_other_commands(
    arguments: list[str],
    message: str,
    lab: str,
    tmp_path: Path,
    modules: FakeModules,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = tmp_path / "x.ps1"
    script.write_text("1")
    filled = [part.format(script=script, lab=lab) for part in arguments]
    assert main(filled) == 2
    assert message in capsys.readouterr().err


def test_parse(tmp_path: Path, modules: FakeModules, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "x.ps1"
    script.write_text("1")
    assert main(["parse", str(script)]) == 0
    assert json.loads(capsys.readouterr().out) == {"tree": "1"}
    script.write_text("{")
    assert main(["parse", str(script)]) == 1
    script.write_text("unsupported")
    assert main(["parse", str(script)]) == 1
    assert capsys.readouterr().err.endswith("x.ps1: workflow is not supported by hvsim\n")


def test_conformance_and_coverage(modules: FakeModules, tmp_path: Path) -> None:
    assert main(["conformance", "a", "b", "--list", "failed", "--jobs", "2", "--timeout", "3"]) == 1
    assert modules.calls.pop() == (
        ["a", "b"],
        {"listing": "failed", "actual": None, "jobs": 2, "timeout": 3.0},
    )
    assert main(["coverage", str(tmp_path / "c.md")]) == 0
    assert modules.calls == [tmp_path / "c.md"]


def test_missing_engine_is_told() -> None:
    with pytest.raises(common.UserError, match=r"this command needs hvsim\.nothing, which this installation"):
        common.engine_module("hvsim.nothing.here")


def test_the_installed_command() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "hvsim.cli.main", "--version"], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0
    assert result.stdout.startswith("hvsim ")

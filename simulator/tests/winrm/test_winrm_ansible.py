# SPDX-License-Identifier: GPL-3.0-or-later
"""The unmodified ``ansible`` and ``ansible-playbook`` against listeners with a fake engine.

``HVSIM_ANSIBLE_VENVS`` names virtual environments with other ansible-core versions (with pywinrm and pypsrp), separated
like ``PATH``; the tests then run with each of them too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from winrm_fakes import FakeEngine, FakeHost, FakeUser

HERE = Path(__file__).parent / "ansible"
VENVS = [Path(sys.prefix), *map(Path, filter(None, os.environ.get("HVSIM_ANSIBLE_VENVS", "").split(os.pathsep)))]
WINRM = {
    "winrm-basic": {"transport": "basic"},
    "winrm-ntlm": {"transport": "ntlm"},
    "winrm-https": {"transport": "ntlm", "tls": True},
    "winrm-https-basic": {"transport": "basic", "tls": True},
}
PSRP = {
    "psrp-basic": {"transport": "basic"},
    "psrp-negotiate": {"transport": "negotiate"},
    "psrp-https": {"transport": "ntlm", "tls": True},
}

pytestmark = pytest.mark.skipif(
    not (VENVS[0] / "bin/ansible").exists(), reason="needs ansible-core in this environment"
)


@pytest.fixture(params=VENVS, ids=lambda path: path.name)
def ansible(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    binaries = request.param / "bin"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")},
        "ANSIBLE_LIBRARY": str(HERE / "library"),
        "ANSIBLE_ACTION_PLUGINS": str(HERE / "action_plugins"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_DEPRECATION_WARNINGS": "false",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_FORKS": "4",
        "no_proxy": "*",
        "PYTHONWARNINGS": "ignore",
    }

    def run(
        program: str, inventory: dict[str, Any], *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "inventory.json"
        path.write_text(json.dumps({"all": {"hosts": inventory}}))
        command = [str(binaries / program), "-i", str(path), *arguments]
        return subprocess.run(
            command, env={**environment, **variables}, capture_output=True, text=True, timeout=120, check=False
        )

    version = subprocess.run(
        [str(binaries / "ansible"), "--version"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    match = re.search(r"core (\d+\.\d+)", version.stdout)
    assert match is not None
    run.version = match[1]  # type: ignore[attr-defined]
    return run


def variables(listener: Any, connection: str, transport: str, password: str = "pass word") -> dict[str, Any]:
    common = {
        "ansible_host": listener.address,
        "ansible_port": listener.port,
        "ansible_user": "lab",
        "ansible_password": password,
        "ansible_connection": connection,
    }
    scheme = "https" if listener.tls else "http"
    if connection == "winrm":
        return {
            **common,
            "ansible_winrm_transport": transport,
            "ansible_winrm_scheme": scheme,
            "ansible_winrm_server_cert_validation": "ignore",
        }
    encryption = {"ansible_psrp_message_encryption": "never"} if (transport, scheme) == ("basic", "http") else {}
    return {
        **common,
        "ansible_psrp_auth": transport,
        "ansible_psrp_protocol": scheme,
        "ansible_psrp_cert_validation": "ignore",
        **encryption,
    }


@pytest.fixture
def inventory(lab: Any, engine: FakeEngine) -> Any:
    def build(kinds: dict[str, dict[str, Any]], password: str = "pass word") -> dict[str, Any]:
        hosts = {}
        for name, kind in kinds.items():
            host = FakeHost(name, FakeUser("lab", "pass word"), FakeUser("reader", "reads", False))
            listener = lab.listen(host, engine, tls=kind.get("tls", False))
            hosts[name] = variables(listener, name.partition("-")[0], kind["transport"], password)
        return hosts

    return build


@pytest.mark.parametrize("kinds", [WINRM, PSRP], ids=["winrm", "psrp"])
def test_everything_a_connection_carries(ansible: Any, inventory: Any, kinds: dict[str, Any]) -> None:
    hosts = inventory(kinds)
    done = ansible(
        "ansible-playbook", hosts, str(HERE / "site.yml"), "-e", json.dumps({"expected_version": ansible.version})
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("failed=0") == len(hosts)
    assert "internal error" not in done.stdout + done.stderr


@pytest.mark.parametrize("kinds", [WINRM, PSRP], ids=["winrm", "psrp"])
def test_without_pipelining(ansible: Any, inventory: Any, kinds: dict[str, Any]) -> None:
    name, kind = next(iter(kinds.items()))
    done = ansible(
        "ansible", inventory({name: kind}), "all", "-m", "hv_ping", "-a", "data=x", ANSIBLE_KEEP_REMOTE_FILES="1"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"ping": "x"' in done.stdout


@pytest.mark.parametrize("kinds", [WINRM, PSRP], ids=["winrm", "psrp"])
def test_wrong_password_is_unreachable(ansible: Any, inventory: Any, kinds: dict[str, Any]) -> None:
    done = ansible("ansible", inventory(kinds, "wrong"), "all", "-m", "hv_ping")
    assert done.returncode == 4
    assert done.stdout.count("UNREACHABLE!") == len(kinds)
    texts = ("the specified credentials were rejected by the server", "Failed to authenticate the user lab with")
    assert sum(done.stdout.count(text) for text in texts) >= len(kinds)


def test_a_module_that_fails(ansible: Any, inventory: Any, engine: FakeEngine) -> None:
    from hvsim.engine.api import ProcessResult

    engine.on_module = lambda session, request: ProcessResult('{"failed":true,"msg":"it failed"}\r\n', "", 1)
    done = ansible("ansible", inventory({"winrm-basic": WINRM["winrm-basic"]}), "all", "-m", "hv_ping")
    assert done.returncode == 2
    assert '"msg": "it failed"' in done.stdout

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin of hyperv_direct_exec: the script of the controller goes to the module and is not shown."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.hyperv.integration.plugins.action import hyperv_direct_exec


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The arguments that the module got; it answers with its invocation, as old versions of ansible-core do."""
    calls: list[dict[str, Any]] = []

    def execute(self: Any, *, module_args: dict[str, Any], **_more: Any) -> dict[str, Any]:
        calls.append(dict(module_args))
        return {"invocation": {"module_args": dict(module_args)}}

    monkeypatch.setattr(hyperv_direct_exec.ActionBase, "run", lambda self, tmp, task_vars: {})
    monkeypatch.setattr(hyperv_direct_exec.ActionModule, "_execute_module", execute)
    monkeypatch.setattr(hyperv_direct_exec.ActionModule, "_find_needle", lambda self, where, name: name)
    return calls


def _run(args: dict[str, Any]) -> dict[str, Any]:
    action = object.__new__(hyperv_direct_exec.ActionModule)
    action._task = SimpleNamespace(args=args, async_val=0)
    action._loader = SimpleNamespace(get_real_file=lambda path: path, cleanup_tmp_file=lambda path: None)
    return action.run(task_vars={})


def test_the_text_is_sent_and_not_shown(sent: list[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "script.ps1"
    path.write_bytes("\ufeff'ü'\r\n".encode())
    result = _run({"script_path": str(path), "all": True})
    assert sent == [{"script": "'ü'\r\n", "all": True}]
    assert result["invocation"]["module_args"] == {"script": None, "script_path": str(path), "all": True}


def test_the_clear_text_of_a_vault_is_gone_before_the_module_runs(
    sent: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "script.ps1"
    path.write_bytes(VaultLib([("default", VaultSecret(b"lab"))]).encrypt(b"'secret'"))
    loader = DataLoader()
    loader.set_vault_secrets([("default", VaultSecret(b"lab"))])
    left: list[Any] = []

    def execute(self: Any, **_more: Any) -> dict[str, Any]:
        left.extend(loader._tempfiles)
        return {}

    monkeypatch.setattr(hyperv_direct_exec.ActionModule, "_execute_module", execute)
    action = object.__new__(hyperv_direct_exec.ActionModule)
    action._task = SimpleNamespace(args={"script_path": str(path)}, async_val=0)
    action._loader = loader
    action.run(task_vars={})
    assert left == []


@pytest.mark.parametrize("args", [{"script": "1"}, {"script": "1", "script_path": "x"}, {"command": ["a"]}])
def test_everything_else_is_the_modules(sent: list[dict[str, Any]], args: dict[str, Any]) -> None:
    _run(args)
    assert sent == [args]


@pytest.mark.parametrize("content", [None, b"\xff\xfe'"])
def test_what_cannot_be_read_says_so(sent: list[dict[str, Any]], tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "script.ps1"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AnsibleActionFail, match="cannot be read on the controller as UTF-8 text"):
        _run({"script_path": str(path)})
    assert sent == []

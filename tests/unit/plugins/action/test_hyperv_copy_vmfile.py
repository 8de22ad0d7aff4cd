# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugin asks the module, what it puts on the host, and that nothing is left there."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.hyperv.integration.plugins.action import hyperv_copy_vmfile

STAGING = "C:\\Temp\\ansible-tmp-hyperv_copy_vmfile-1"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Action(hyperv_copy_vmfile.ActionModule):
    """The plugin over a host that only remembers: results of the module are given beforehand."""

    def __init__(self, files: Path, args: dict[str, Any], results: list[Any], *, check: bool = False) -> None:
        shell = SimpleNamespace(join_path=lambda *parts: "\\".join(parts), tmpdir=None)
        task = SimpleNamespace(
            args=args, check_mode=check, async_val=0, action="copy", diff=False, environment=[], no_log=False
        )
        loader = DataLoader()
        loader.set_basedir(str(files))
        loader.set_vault_secrets([("default", VaultSecret(b"lab"))])
        super().__init__(task, SimpleNamespace(_shell=shell), SimpleNamespace(), loader, None, None)
        self.files = files
        self.results = results
        self.calls: list[dict[str, Any]] = []
        self.staged: dict[str, bytes] = {}
        self.removed: list[str] = []

    def _find_needle(self, dirname: str, needle: str) -> str:
        assert dirname == "files"
        return str(self.files / needle)

    def _execute_module(self, **kwargs: Any) -> dict[str, Any]:
        self.calls.append(kwargs["module_args"])
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    def get_shell_option(self, option: str, default: Any = None) -> Any:
        return {"remote_tmp": "D:\\Tmp"}.get(option, default)

    def _transfer_file(self, local_path: Any, remote_path: Any) -> str:
        self.staged[remote_path] = Path(local_path).read_bytes()
        return remote_path

    def _remove_tmp_path(self, tmp_path: Any, force: bool = False) -> None:
        assert force
        self.removed.append(tmp_path)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two files with the same content, one empty, one in a directory, and an empty directory."""
    root = tmp_path / "tree"
    (root / "sub" / "leer").mkdir(parents=True)
    (root / "a.txt").write_bytes(b"same")
    (root / "b.txt").write_bytes(b"same")
    (root / "sub" / "ü [1].txt").write_bytes("Grüße".encode())
    (root / "empty").write_bytes(b"")
    os.utime(root / "a.txt", ns=(0, 1_700_000_000_123_456_700))
    return tmp_path


def test_the_module_learns_what_there_is(tree: Path) -> None:
    action = Action(tree, {"src": "tree", "dest": "C:\\X"}, [{"changed": False, "_needed": []}])
    assert action.run(task_vars={}) == {"changed": False}
    (call,) = action.calls
    manifest = call["manifest"]
    assert "staging" not in call
    assert (manifest["kind"], manifest["name"], manifest["directories"]) == ("directory", "tree", ["sub", "sub\\leer"])
    assert [(entry["path"], entry["size"], entry["sha256"]) for entry in manifest["files"]] == [
        ("a.txt", 4, sha256(b"same")),
        ("b.txt", 4, sha256(b"same")),
        ("empty", 0, sha256(b"")),
        ("sub\\ü [1].txt", 7, sha256("Grüße".encode())),
    ]
    # 2023-11-14T22:13:20.1234567Z as Windows counts it.
    assert manifest["files"][0]["modified"] == 638355968001234567
    assert not action.staged and not action.removed


def test_only_what_is_needed_is_staged_and_each_content_once(tree: Path) -> None:
    results = [{"changed": True, "_needed": [sha256(b"same")], "_staging": STAGING}, {"changed": True, "vms": ["done"]}]
    action = Action(tree, {"src": "tree", "dest": "C:\\X"}, results)
    assert action.run(task_vars={}) == {"changed": True, "vms": ["done"]}
    assert action.staged == {f"{STAGING}\\{sha256(b'same')}": b"same"}
    assert action.calls[1] == {**action.calls[0], "staging": STAGING}
    assert action.removed == [STAGING]


def test_what_is_staged_lies_where_the_next_run_of_the_same_task_looks_for_it(tree: Path) -> None:
    names = []
    for args, host in [({}, "HV1"), ({"guest_password": "x"}, "HV1"), ({}, "HV2"), ({"dest": "C:\\Y"}, "HV1")]:
        action = Action(tree, {"src": "tree", "dest": "C:\\X", **args}, [{"changed": False}])
        action.run(task_vars={"inventory_hostname": host})
        staging = action.calls[0]["manifest"]["staging"]
        assert staging["parent"] == "D:\\Tmp" and len(staging["name"]) == 16
        names.append(staging["name"])
    assert names[0] == names[1] and len(set(names)) == 3, "a secret is not part of the name"


class Nested(Action):
    """Does something else between the two runs of the module, when its files are about to be staged."""

    inner: Any = None

    def _transfer_file(self, local_path: Any, remote_path: Any) -> str:
        if self.inner is not None:
            self.inner()
        return super()._transfer_file(local_path, remote_path)


def staging_name(action: Action) -> str:
    return str(action.calls[0]["manifest"]["staging"]["name"])


def test_runs_of_one_task_at_the_same_time_do_not_share_their_names(tree: Path) -> None:
    def action() -> Nested:
        planned = {"changed": True, "_needed": [sha256(b"")], "_staging": STAGING}
        return Nested(tree, {"src": "tree", "dest": "C:\\X"}, [planned, {"changed": True}])

    outer, middle, inner, later = action(), action(), action(), action()
    middle.inner = lambda: inner.run(task_vars={})
    outer.inner = lambda: middle.run(task_vars={})
    outer.run(task_vars={})
    name = staging_name(outer)
    assert [staging_name(middle), staging_name(inner)] == [f"{name}-1", f"{name}-2"]
    later.run(task_vars={})
    assert staging_name(later) == name, "the lock is gone with its run"
    assert not list(Path(constants.DEFAULT_LOCAL_TMP).parent.glob(f"hyperv_copy_vmfile-{name}*"))


def test_a_run_that_was_killed_leaves_its_name_to_the_next(tree: Path, tmp_path: Path) -> None:
    first = Action(tree, {"src": "tree", "dest": "C:\\X"}, [{"changed": False}])
    first.run(task_vars={})
    name = staging_name(first)
    lock = Path(constants.DEFAULT_LOCAL_TMP).parent / f"hyperv_copy_vmfile-{name}.lock"
    script = (
        f"import fcntl, time; f = open({str(lock)!r}, 'w'); fcntl.flock(f, 2); print(1, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None and killed.stdout.readline()
        beside = Action(tree, {"src": "tree", "dest": "C:\\X"}, [{"changed": False}])
        beside.run(task_vars={})
        killed.kill()
    assert staging_name(beside) == f"{name}-1"
    after = Action(tree, {"src": "tree", "dest": "C:\\X"}, [{"changed": False}])
    after.run(task_vars={})
    assert staging_name(after) == name


def test_without_locks_every_run_has_a_name_of_its_own(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tree / "missing" / "tmp"))
    names: list[str] = []
    while len(names) < 2:
        action = Action(tree, {"src": "tree", "dest": "C:\\X"}, [{"changed": False}])
        action.run(task_vars={})
        names.append(staging_name(action))
    assert len(set(names)) == 2 and names[0][:17] == names[1][:17]


def test_removals_need_no_content_but_a_second_run(tree: Path) -> None:
    results = [{"changed": True, "_needed": [], "_staging": STAGING}, {"changed": True, "vms": ["purged"]}]
    action = Action(tree, {"src": "tree", "dest": "C:\\X", "purge": True}, results)
    assert action.run(task_vars={})["vms"] == ["purged"]
    assert not action.staged and action.calls[1]["staging"] == STAGING and action.removed == []


def test_check_mode_stages_nothing(tree: Path) -> None:
    action = Action(tree, {"src": "tree", "dest": "C:\\X"}, [{"changed": True, "_needed": ["x"]}], check=True)
    assert action.run(task_vars={}) == {"changed": True}
    assert len(action.calls) == 1 and not action.staged


def test_guests_that_fail_do_not_keep_the_others_from_getting_theirs(tree: Path) -> None:
    planned = {"failed": True, "changed": True, "_needed": [sha256(b"")], "_staging": STAGING}
    results = [planned, {"failed": True, "msg": "Failed for 1 of 2"}]
    action = Action(tree, {"src": "tree", "dest": "C:\\X"}, results)
    assert action.run(task_vars={})["msg"] == "Failed for 1 of 2"
    assert list(action.staged.values()) == [b""]


def test_staged_files_go_away_when_the_module_breaks(tree: Path) -> None:
    results = [{"changed": True, "_needed": [sha256(b"")], "_staging": STAGING}, RuntimeError("cut off")]
    action = Action(tree, {"src": "tree", "dest": "C:\\X"}, results)
    with pytest.raises(RuntimeError, match="cut off"):
        action.run(task_vars={})
    assert action.removed == [STAGING]


def test_a_vaulted_file_arrives_in_the_clear_and_its_copy_is_gone(tree: Path) -> None:
    vaulted = VaultLib([("default", VaultSecret(b"lab"))]).encrypt(b"secret text")
    (tree / "vaulted").write_bytes(vaulted)
    digest = sha256(b"secret text")
    results = [{"changed": True, "_needed": [digest], "_staging": STAGING}, {"changed": True}]
    action = Action(tree, {"src": "vaulted", "dest": "C:\\X"}, results)
    action.run(task_vars={})
    assert action.calls[0]["manifest"]["files"][0]["sha256"] == digest
    assert action.staged == {f"{STAGING}\\{digest}": b"secret text"}
    assert not action._loader._tempfiles

    raw = Action(tree, {"src": "vaulted", "dest": "C:\\X", "decrypt": False}, [{"_needed": []}])
    raw.run(task_vars={})
    assert raw.calls[0]["manifest"]["files"][0]["sha256"] == sha256(vaulted)


@pytest.mark.parametrize(
    "args",
    [
        {"src": "C:\\f", "dest": "C:\\X", "remote_src": True},
        {"src": "C:\\f", "dest": "D:\\X", "direction": "from_guest"},
        {"dest": "C:\\X"},
    ],
)
def test_what_is_not_on_the_controller_is_left_to_the_module(tmp_path: Path, args: dict[str, Any]) -> None:
    action = Action(tmp_path, args, [{"changed": False}])
    assert action.run(task_vars={}) == {"changed": False}
    assert action.calls == [args]


@pytest.mark.parametrize("name", ["a:b", "a?", "a|b", "dot.", "blank ", "back\\slash"])
def test_names_that_windows_does_not_have_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / name).write_bytes(b"")
    action = Action(tmp_path, {"src": "tree", "dest": "C:\\X"}, [])
    with pytest.raises(AnsibleActionFail, match="Rename it"):
        action.run(task_vars={})


def test_names_that_differ_only_in_case_are_refused_unless_the_guest_is_linux(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    for name in ("A", "a"):
        (tmp_path / "tree" / name).write_bytes(b"")
    with pytest.raises(AnsibleActionFail, match="'A' and 'a' differ only in case"):
        Action(tmp_path, {"src": "tree", "dest": "C:\\X"}, []).run(task_vars={})
    linux = Action(tmp_path, {"src": "tree", "dest": "/srv"}, [{"_needed": []}])
    linux.run(task_vars={})
    assert len(linux.calls) == 1


def test_internal_options_cannot_be_given(tree: Path) -> None:
    with pytest.raises(AnsibleActionFail, match="staging cannot be set by a task"):
        Action(tree, {"src": "tree", "dest": "C:\\X", "staging": "C:\\"}, []).run(task_vars={})


def test_an_empty_src_is_named(tree: Path) -> None:
    with pytest.raises(AnsibleActionFail, match=r"src is empty\."):
        Action(tree, {"src": "", "dest": "C:\\X"}, []).run(task_vars={})

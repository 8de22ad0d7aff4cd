# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


def load_tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests/tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


stages = load_tool("stages")
tree = load_tool("tree")


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stages, "OUTPUT", tmp_path)
    (tmp_path / "junit").mkdir()
    return tmp_path


def write_junit(output: Path, **counts: int) -> None:
    attributes = " ".join(f'{key}="{value}"' for key, value in counts.items())
    (output / "junit/unit.xml").write_text(f"<testsuites><testsuite {attributes}/></testsuites>")


COUNTED = stages.Stage("unit", counted=True)


@pytest.mark.parametrize(("code", "line"), [(0, "1 passed, 0 failed"), (2, "0 passed, 1 failed")])
def test_a_plain_stage_is_one_test(code: int, line: str) -> None:
    assert str(stages.judge(stages.Stage("sanity"), code)) == line


def test_a_counted_stage_is_counted_by_its_tests(output: Path) -> None:
    write_junit(output, tests=10, failures=1, errors=2, skipped=3)
    assert str(stages.judge(COUNTED, 1)) == "4 passed, 3 failed, 3 skipped"


def test_green_counts_with_a_red_exit_code_are_red(output: Path) -> None:
    write_junit(output, tests=10)
    assert str(stages.judge(COUNTED, 3)) == "10 passed, 1 failed"


@pytest.mark.parametrize("content", ["", "<testsuites/>", "<testsuite tests='2' skipped='2'/>"])
def test_a_counted_stage_in_which_nothing_ran_has_failed(output: Path, content: str) -> None:
    (output / "junit/unit.xml").write_text(content)
    assert stages.judge(COUNTED, 0).failed == 1


def test_no_junit_file_is_a_failure(output: Path) -> None:
    assert str(stages.judge(COUNTED, 0)) == "0 passed, 1 failed"


def test_every_stage_is_a_target_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {stage.target for stage in stages.STAGES} <= targets


def test_the_mirror_follows_changes_and_removals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    (source / "sub").mkdir(parents=True)
    (source / "sub/one.sh").write_text("1")
    (source / "sub/one.sh").chmod(0o755)
    (source / "two.txt").write_text("2")
    monkeypatch.setattr(tree, "listed_files", lambda root: [p.relative_to(root).as_posix() for p in root.rglob("*.*")])
    assert tree.mirror(source, copy) == 2
    assert (copy / "sub/one.sh").stat().st_mode & 0o777 == 0o755
    (source / "sub/one.sh").unlink()
    (source / "two.txt").write_text("two")
    assert tree.mirror(source, copy) == 1
    assert sorted(path.name for path in copy.rglob("*")) == ["two.txt"]
    assert (copy / "two.txt").read_text() == "two"

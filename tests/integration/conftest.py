# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection on hvsim."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import module_engine
import pytest
from copy_lab import PART
from direct_lab import DirectLab
from lab_harness import HERE, ROOT, Lab, serve


@pytest.fixture(scope="session")
def collection_tree() -> Path:
    """The collection where Ansible finds it."""
    target = ROOT / ".cache" / "tree" / "ansible_collections" / "hyperv" / "integration"
    subprocess.run([sys.executable, str(ROOT / "tests" / "tools" / "tree.py"), str(target)], check=True, timeout=60)
    return target


@pytest.fixture(scope="session")
def running_lab(collection_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One simulator for all tests of a process; free ports, stopped at the end."""
    with serve(HERE / "lab.yml", tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(running_lab: Lab) -> Lab:
    """The simulator in the state of lab.yml."""
    running_lab.admin.reset()
    return running_lab


@pytest.fixture(scope="session")
def running_direct_lab() -> Iterator[DirectLab]:
    """The same hosts without Ansible and WinRM, once for all tests of a process; some files have a lab of their own."""
    with closing(DirectLab((HERE / "lab.yml").read_text(encoding="utf-8"))) as lab:
        yield lab


@pytest.fixture
def direct_lab(running_direct_lab: DirectLab) -> DirectLab:
    """It in the state of its file."""
    running_direct_lab.admin.reset()
    return running_direct_lab


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files travel in parts of 4 KiB instead of 2 MiB: eleven parts for the file of the lab."""
    read = module_engine._source

    def source(name: str) -> str:
        return read(name).replace("$script:partSize = 2097152", f"$script:partSize = {PART}")

    assert source("module_utils/_FileTransfer.psm1") != read("module_utils/_FileTransfer.psm1")
    monkeypatch.setattr(module_engine, "_source", source)
    module_engine._utils.cache_clear()
    yield
    module_engine._utils.cache_clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no process waits for another at the end."""
    items.sort(key=lambda item: item.path.name != "test_targets.py")

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mirror the working copy to ``…/ansible_collections/hyperv/integration``.

Ansible finds a collection only under such a path and ansible-test refuses symbolic links. The copy holds what git
knows or would add; it is updated in place, file by file, so that several commands may call this at the same time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: A Python package and runs of their own: no part of the collection, and not for Ansible's linters.
LEFT_OUT = ("simulator/", "benchmarks/")


def listed_files(root: Path) -> list[str]:
    """Paths, relative to ``root``, of all files git tracks or would add, of the collection, which still exist."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout.decode()
    return sorted(
        {name for name in output.split("\0") if name and not name.startswith(LEFT_OUT) and (root / name).is_file()}
    )


def copy_if_changed(source: Path, target: Path) -> None:
    """Copy one file with its mode; the target is replaced in one step, so a reader never sees half a file."""
    content, mode = source.read_bytes(), source.stat().st_mode & 0o777
    if target.is_file() and target.stat().st_mode & 0o777 == mode and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.chmod(mode)
    partial.replace(target)


def mirror(root: Path, destination: Path) -> int:
    """Make ``destination`` hold exactly the listed files of ``root``; returns their number."""
    names = listed_files(root)
    for name in names:
        copy_if_changed(root / name, destination / name)
    kept = set(names)
    for path in sorted(destination.rglob("*"), reverse=True):
        relative = path.relative_to(destination)
        if path.name.endswith(".partial") or relative.as_posix().startswith(("tests/output", ".git/")):
            continue
        if path.is_file() and relative.as_posix() not in kept:
            path.unlink(missing_ok=True)
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return len(names)


if __name__ == "__main__":
    mirror(ROOT, Path(sys.argv[1]).resolve())

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ``ansible-test sanity`` without containers, without PowerShell and without touching the home directory.

Three things are put in its way: a home directory in ``.cache``, the bootstrap script of pip that it would download
from a server of Ansible's CI, and a ``pwsh`` that reads argument specs.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import ansible_test

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
HOME = CACHE / "home"
COLLECTION = CACHE / "tree/ansible_collections/hyperv/integration"

# Newer versions of pip than the one that comes with Python are asked for, and not needed.
GET_PIP = '''"""Stands in for get-pip.py: the pip that comes with Python."""
import ensurepip

ensurepip.bootstrap(default_pip=True)
'''


def prepare_home() -> None:
    """A home directory of its own; what pip is configured with and has cached stays the user's."""
    HOME.mkdir(parents=True, exist_ok=True)
    for name in (".config", ".pip", ".cache"):
        link, target = HOME / name, Path.home() / name
        if target.is_dir() and not link.is_symlink():
            link.symlink_to(target)
    requirements = Path(ansible_test.__file__).parent / "_internal" / "python_requirements.py"
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in set(re.findall(r"pip='([\d.]+)'", requirements.read_text())):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(GET_PIP)


def prepare_pwsh() -> Path:
    """Directory with the stand-in for ``pwsh``; isolated from the environment that ansible-test sets up."""
    directory = CACHE / "pwsh"
    directory.mkdir(parents=True, exist_ok=True)
    script = directory / "pwsh"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "{ROOT / "tests/tools/pwsh_spec.py"}" "$@"\n')
    script.chmod(0o755)
    return directory


def prepare_tree() -> None:
    """Make the copy a repository: ansible-test would find ours above it, which ignores all of ``.cache``."""
    if not (COLLECTION / ".git").is_dir():
        subprocess.run(["git", "init", "--quiet"], cwd=COLLECTION, check=True)


def run_sanity(*arguments: str, path: str) -> int:
    command = ["ansible-test", "sanity", "--color", "no", "--python", f"{sys.version_info[0]}.{sys.version_info[1]}"]
    environment = {**os.environ, "HOME": str(HOME), "PATH": path}
    environment.pop("ANSIBLE_COLLECTIONS_PATH", None)  # ansible-test finds the collection by where it lies
    return subprocess.run([*command, *arguments], cwd=COLLECTION, env=environment, check=False).returncode


def main(extra: list[str]) -> int:
    """pslint needs a real PowerShell and reports success without one; it is left out rather than pretended."""
    prepare_home()
    prepare_tree()
    path = os.environ["PATH"]
    codes = [
        run_sanity("--skip-test", "pslint", "--skip-test", "validate-modules", *extra, path=path),
        run_sanity("--test", "validate-modules", *extra, path=f"{prepare_pwsh()}{os.pathsep}{path}"),
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

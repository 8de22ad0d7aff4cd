# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the artifact and use it as a user without network does: install, verify, read its documentation, run it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREE = ROOT / ".cache/tree/ansible_collections/hyperv/integration"
NAME = "hyperv.integration"
#: Top-level entries that belong to a user; anything else in the artifact is a leak.
EXPECTED = {
    "CHANGELOG.rst",
    "CONTRIBUTING.md",
    "FILES.json",
    "LICENSE",
    "MANIFEST.json",
    "README.md",
    "changelogs",
    "docs",
    "examples",
    "meta",
    "playbooks",
    "plugins",
    "roles",
}


def run(directory: Path, *command: str) -> str:
    """Run a command with nothing but the installed collection in sight.

    Raises:
        SystemExit: it failed.
    """
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(directory / "installed"), "ANSIBLE_NOCOLOR": "1"}
    environment["ANSIBLE_HOME"] = str(directory / "home")
    result = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"$ {' '.join(command)}\n{result.stdout}{result.stderr}")
    return result.stdout


def check_contents(artifact: Path) -> None:
    with tarfile.open(artifact) as archive:
        entries = {member.name.split("/")[0] for member in archive.getmembers()}
    if entries - EXPECTED or {"plugins", "roles", "playbooks", "README.md"} - entries:
        sys.exit(f"unexpected contents of the artifact: {sorted(entries ^ EXPECTED)}")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="build-") as scratch:
        directory = Path(scratch)
        run(directory, "ansible-galaxy", "collection", "build", str(TREE), "--output-path", scratch)
        artifact = next(directory.glob("hyperv-integration-*.tar.gz"))
        check_contents(artifact)
        install = ("ansible-galaxy", "collection", "install", str(artifact), "--offline", "-p", "installed")
        run(directory, *install)
        run(directory, "ansible-galaxy", "collection", "verify", NAME, "--offline")
        for kind, name in (("module", "hyperv_ics"), ("module", "hyperv_ics_info"), ("filter", "ics_drift")):
            run(directory, "ansible-doc", "-t", kind, f"{NAME}.{name}")
        for role in ("ics_baseline", "ics_audit"):
            run(directory, "ansible-doc", "-t", "role", f"{NAME}.{role}")
        for playbook in ("audit", "enforce_baseline"):
            run(
                directory, "ansible-playbook", "--syntax-check", "-i", "hv01,", "-e", "target=all", f"{NAME}.{playbook}"
            )
        print(f"{artifact.name} ({artifact.stat().st_size // 1024} KiB) builds, installs offline and is usable.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take single collections out of the ``ansible`` wheel on PyPI: no Galaxy, no 500 MB installation."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def download_bundle(version: str, directory: Path) -> Path:
    """Download the wheel. It is only unpacked, so the Python it asks for does not matter here."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-qq",
        "--no-deps",
        "--only-binary=:all:",
        "--python-version=3.13",
    ]
    subprocess.run([*command, f"--dest={directory}", f"ansible=={version}"], check=True)
    return next(directory.glob("ansible-*.whl"))


def unpack(wheel: Path, collections: list[str], destination: Path) -> None:
    """Unpack ``namespace.name`` collections to ``destination/ansible_collections/namespace/name``."""
    prefixes = tuple(f"ansible_collections/{name.replace('.', '/')}/" for name in collections)
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if name.startswith(prefixes)]
        missing = [prefix for prefix in prefixes if not any(name.startswith(prefix) for name in members)]
        if missing:
            sys.exit(f"{wheel.name} has no {', '.join(missing)}")
        archive.extractall(destination, members)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", required=True, help="version of the ansible package")
    parser.add_argument("--dest", required=True, type=Path)
    parser.add_argument("collections", nargs="+", help="namespace.name")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        unpack(download_bundle(options.bundle, Path(scratch)), options.collections, options.dest)


if __name__ == "__main__":
    main()

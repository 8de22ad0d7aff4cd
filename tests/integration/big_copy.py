# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies a file of some MiB into two guests at once and out of both, and says how much memory that took.

A program of its own, since the peak of a process only ever grows: ``python big_copy.py 1024`` (``make big-copy``).
Prints JSON: ``grown``, bytes that the peak of resident memory grew by beyond that of a copy of 4 MiB, per direction.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from module_engine import ModuleEngine

MIB = 2**20
WARM = 4
ACCOUNT = {"guest_username": "Administrator", "guest_password": "Guest-Only-1"}
LAB = r"""
version: 1
hosts:
  - name: HV
    files:
      'C:\Small.bin': {{size: {small}}}
      'C:\Big.bin': {{size: {big}}}
    vms:
      - name: app-{{n}}
        count: 2
        guest:
          os: windows
          users: [{{name: Administrator, password: Guest-Only-1, administrator: true}}]
          files:
            'C:\Small.bin': {{size: {small}}}
            'C:\Big.bin': {{size: {big}}}
"""


def peak() -> int:
    """Bytes of the highest resident memory so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def copy(engine: ModuleEngine, direction: str, name: str) -> None:
    """Copies a file; what arrived has the hash of its source."""
    dest = rf"C:\Arrived-{name}.bin" if direction == "to_guest" else rf"C:\Arrived-{{name}}-{name}.bin"
    options: dict[str, Any] = {"all": True, "throttle": 2, "src": rf"C:\{name}.bin", "dest": dest}
    run = engine.run(
        "hyperv_copy_vmfile", direction=direction, transport="powershell_direct", remote_src=True, **ACCOUNT, **options
    )
    assert not run.failed, run.msg
    assert run.changed
    here = engine.host.files
    for vm in engine.host.virtual_machines():
        there = vm.guest.machine.files
        source, target = (here, there) if direction == "to_guest" else (there, here)
        assert target.digest(dest.format(name=vm.name)) == source.digest(options["src"])


def main(size: int) -> None:
    engine = ModuleEngine(LAB.format(small=WARM * MIB, big=size * MIB))
    report: dict[str, Any] = {"mib": size, "grown": {}}
    for direction in ("to_guest", "from_guest"):
        copy(engine, direction, "Small")
        before = peak()
        copy(engine, direction, "Big")
        report["grown"][direction] = peak() - before
    print(json.dumps(report))


if __name__ == "__main__":
    main(int(sys.argv[1]))

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench``: how long one task takes, and how many calls it makes, as the number of VMs grows.

The seconds are those of ``ansible-playbook`` on this machine against hvsim and tell only how things grow. The calls
are what a real host would get.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from hvsim.admin.client import AdminClient
from rich.console import Console
from rich.table import Table

SIZES = (1, 10, 100, 1000)
ALL_SERVICES = {
    "heartbeat": True,
    "shutdown": True,
    "time_synchronization": True,
    "key_value_pair_exchange": True,
    "vss": True,
    "guest_service_interface": True,
}
TASKS = (
    ("read", "hyperv_ics_info", {}),
    ("check", "hyperv_ics", {"all": True, "services": ALL_SERVICES}),
    ("change", "hyperv_ics", {"all": True, "services": ALL_SERVICES}),
    ("again", "hyperv_ics", {"all": True, "services": ALL_SERVICES}),
)


@dataclass(frozen=True)
class Measurement:
    """One task on a host of one size."""

    vms: int
    task: str
    seconds: float
    cmdlets: int
    requests: int
    sent: int


def lab(size: int) -> dict[str, Any]:
    """A host whose VMs lack time synchronization and guest services."""
    services = {"time_synchronization": False}
    return {
        "version": 1,
        "hosts": [{"name": "HV", "vms": [{"name": "vm-{n:04d}", "count": size, "services": services}]}],
    }


@contextmanager
def served(size: int, directory: Path) -> Iterator[AdminClient]:
    (directory / "lab.yml").write_text(yaml.safe_dump(lab(size)))
    command = ["hvsim", "serve", str(directory / "lab.yml"), "--inventory", str(directory / "inventory.yml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield AdminClient.from_ready(json.loads(process.stdout.readline()))
        finally:
            process.terminate()


def measure(size: int) -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, served(size, Path(scratch)) as admin:
        for title, module, options in TASKS:
            admin.reset_counters("HV")
            started = time.perf_counter()
            command = ["ansible", "-i", f"{scratch}/inventory.yml", "HV", "-m", f"hyperv.integration.{module}"]
            command += ["-a", json.dumps(options)] if options else []
            command += ["--check"] if title == "check" else []
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode:
                sys.exit(result.stdout + result.stderr)
            seconds = time.perf_counter() - started
            counters = admin.counters("HV")
            cmdlets = sum(count for name, count in counters.items() if name.startswith("cmdlet:"))
            sent = counters["winrm:bytes_in"] + counters["winrm:bytes_out"]
            yield Measurement(size, title, seconds, cmdlets, counters["winrm:requests"], sent)


def main() -> None:
    os.environ.setdefault("ANSIBLE_LOCALHOST_WARNING", "False")
    table = Table(
        "VMs", "task", "seconds", "Hyper-V calls", "WinRM requests", "KiB", title="one task, six services per VM"
    )
    for size in SIZES:
        for row in measure(size):
            table.add_row(
                str(row.vms), row.task, f"{row.seconds:.1f}", str(row.cmdlets), str(row.requests), str(row.sent // 1024)
            )
        table.add_section()
    Console().print(table)


if __name__ == "__main__":
    main()

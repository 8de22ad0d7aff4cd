# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the simulator's engine is: ``python benchmarks/engine.py [--repeat N]``.

Times are CPU seconds of the thread that runs the script, the best of N runs. "x loop" is the ratio to a fixed loop in
pure Python that is measured between the runs, so that figures of different machines, or of a busy one, compare.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hvsim.engine.api import ModuleRequest, Session
from hvsim.engine.embedded import EmbeddedEngine
from hvsim.engine.runspace import Runspace
from hvsim.hyperv import lab
from hvsim.lang import parser
from hvsim.runtime.interpreter import on_engine_thread
from rich.console import Console
from rich.table import Table

PLUGINS = Path(__file__).resolve().parents[1] / "plugins"
SERVICES = {
    "heartbeat": True,
    "shutdown": False,
    "time_synchronization": True,
    "key_value_pair_exchange": True,
    "vss": False,
    "guest_service_interface": True,
}
SCRIPTS = {
    "foreach over 1,000,000 ints, if, addition": (
        "$s = 0L; foreach ($i in 1..1000000) { if ($i % 2 -eq 0) { $s += $i } }; $s",
        "250000500000",
    ),
    "100,000 function calls": (
        "function f($a, $b) { $a + $b }; $s = 0; foreach ($i in 1..100000) { $s = f $i 1 }; $s",
        "100001",
    ),
    "100,000 calls with named, typed arguments": (
        "function f { param([int]$A, [string]$B) return $A }; $s = 0;"
        " foreach ($i in 1..100000) { $s = f -A $i -B x }; $s",
        "100000",
    ),
    "100,000 objects: Where, Sort, ForEach": (
        "1..100000 | ForEach-Object { [pscustomobject]@{ Id = $_; K = $_ % 97 } } | Where-Object { $_.K -gt 10 } |"
        " Sort-Object K, Id | ForEach-Object { $_.Id } | Measure-Object -Sum | ForEach-Object { [string]$_.Sum }",
        "4433453640",
    ),
}


@dataclass(frozen=True)
class Figure:
    """One row: CPU seconds and the ratio to the calibration loop of the same run."""

    name: str
    seconds: float
    ratio: float
    note: str = ""


def calibration() -> float:
    """Seconds of the fixed loop that everything is compared with."""
    started = time.thread_time()
    total = 0
    for number in range(2_000_000):
        if number % 2 == 0:
            total += number
    return time.thread_time() - started


def measure(name: str, work: Callable[[], str], repeat: int) -> Figure:
    """The best of *repeat* runs, each with a calibration beside it."""
    best: Figure | None = None
    for _ in range(repeat):
        unit = calibration()
        started = time.thread_time()
        note = work()
        seconds = time.thread_time() - started
        if best is None or seconds < best.seconds:
            best = Figure(name, seconds, seconds / unit, note)
    assert best is not None
    return best


def script(text: str, expected: str) -> Callable[[], str]:
    def work() -> str:
        result = Runspace().run(text)
        assert [str(int(v)) for v in result.output] == [expected], result.output
        return ""

    return work


def parsing() -> str:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(PLUGINS.glob("module_utils/*.psm1"))) * 8
    started = time.thread_time()
    parser.parse_anew(text)
    return f"{len(text) / 1e6 / (time.thread_time() - started):.2f} MB/s"


def request(module: str, arguments: dict[str, object]) -> ModuleRequest:
    package = "ansible_collections.hyperv.integration.plugins.module_utils"
    files = sorted(PLUGINS.glob("module_utils/*.psm1"))
    utils = {f"{package}.{path.stem}.psm1": path.read_text(encoding="utf-8") for path in files}
    source = (PLUGINS / "modules" / f"{module}.ps1").read_text(encoding="utf-8")
    return ModuleRequest(f"{module}.ps1", source, dict(arguments), "2.21", utils, ["Ansible.Basic.cs"])


def module_figures(size: int) -> list[Figure]:
    """hyperv_ics_info, hyperv_ics that changes three services of each VM, and hyperv_ics again, on *size* VMs."""
    text = f"hosts:\n- name: HV\n  vms:\n  - name: 'vm-{{n:05d}}'\n    count: {size}\n"
    host = lab.parse_lab(text).hosts()[0]

    def run(module: str, arguments: dict[str, object]) -> Callable[[], str]:
        def work() -> str:
            result = EmbeddedEngine().run_module(Session(host, "Administrator"), request(module, arguments))
            assert result.rc == 0, result.stdout[:500]
            return f"{len(result.stdout) // 1024} KiB"

        return work

    policy: dict[str, object] = {"all": True, "services": SERVICES}
    return [
        measure(f"hyperv_ics_info, {size:,} VMs", run("hyperv_ics_info", {}), 1),
        measure(f"hyperv_ics, {size:,} VMs, 3 of 6 change", run("hyperv_ics", policy), 1),
        measure(f"hyperv_ics, {size:,} VMs, again", run("hyperv_ics", policy), 1),
    ]


def figures(repeat: int, sizes: list[int]) -> list[Figure]:
    Runspace()  # sets the collection of garbage as it is whenever the engine parses
    rows = [measure("parse the module utilities, 8 times", parsing, repeat)]
    rows += [measure(name, script(*pair), repeat) for name, pair in SCRIPTS.items()]
    module_figures(2)
    for size in sizes:
        rows += module_figures(size)
    return rows


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=2)
    options.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000], metavar="VMS")
    given = options.parse_args()
    table = Table("what", "CPU s", "x loop", "", title="the embedded engine")
    for row in on_engine_thread(lambda: figures(given.repeat, given.sizes)):
        table.add_row(row.name, f"{row.seconds:.2f}", f"{row.ratio:.1f}", row.note)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()

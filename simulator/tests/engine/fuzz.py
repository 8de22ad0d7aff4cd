# SPDX-License-Identifier: GPL-3.0-or-later
"""The property tests of ``test_properties.py`` at night's length: ``make fuzz COUNT=100000 SEED=1``.

Half of the scripts are generated from a grammar, half are recorded ones with a piece cut out or put elsewhere. Prints each
Python exception and each script that takes longer than ``SLOW`` seconds once, with the script; exit code 1 if there are any.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing import Pool

from hypothesis import HealthCheck, Phase, given, seed, settings
from test_properties import damaged, recorded_scripts, run, scripts

SLOW = 5.0
PIECE = 500
Finding = tuple[str, str]
Kind = Callable[[int, int, dict[str, str]], None]


def examine(script: str, found: dict[str, str]) -> None:
    """Runs a script; what goes wrong is kept under the place where it went wrong."""
    started = time.monotonic()
    try:
        run(script)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        found.setdefault(f"{type(error).__name__} in {last.filename}:{last.lineno}", f"{error}\n{script}")
    if time.monotonic() - started > SLOW:
        found.setdefault(f"more than {SLOW:g} seconds: {script[:60]!r}", script)


def generated(count: int, start: int, found: dict[str, str]) -> None:
    @seed(start)
    @settings(
        max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(scripts())
    def check(script: str) -> None:
        examine(script, found)

    check()


def mutated(count: int, start: int, found: dict[str, str]) -> None:
    source = random.Random(start)
    texts = recorded_scripts()
    for _ in range(count):
        examine(damaged(source, texts), found)


def work(job: tuple[Kind, int, int]) -> list[Finding]:
    kind, count, start = job
    found: dict[str, str] = {}
    kind(count, start, found)
    return list(found.items())


def jobs(count: int, start: int) -> list[tuple[Kind, int, int]]:
    kinds: tuple[Kind, Kind] = (generated, mutated)
    return [
        (kinds[number % 2], min(PIECE, count - number * PIECE), start + number) for number in range(-(-count // PIECE))
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    start = arguments.seed if arguments.seed is not None else int(time.time())
    print(f"{arguments.count} scripts, seed {start}", flush=True)
    findings: dict[str, str] = {}
    with Pool(os.cpu_count(), maxtasksperchild=10) as pool:
        for rows in pool.imap_unordered(work, jobs(arguments.count, start)):
            for what, script in rows:
                if what not in findings:
                    findings[what] = script
                    print(f"--- {what}\n{script}\n", flush=True)
    print(f"{arguments.count} scripts, {len(findings)} findings, seed {start}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the stages of ``make test`` and close with one line of counts.

Each stage is a target of the Makefile. A stage that leaves a JUnit file is counted by its tests, any other one is one
test. A stage that counts tests but leaves none has failed: nothing ran.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "tests" / "output"
LIMIT_SECONDS = 480


@dataclass(frozen=True)
class Stage:
    """One target of the Makefile. ``alone``: needs the machine for itself (it measures time or fills all cores)."""

    target: str
    counted: bool = False
    alone: bool = False

    @property
    def junit(self) -> Path:
        return OUTPUT / "junit" / f"{self.target}.xml"

    @property
    def log(self) -> Path:
        return OUTPUT / "logs" / f"{self.target}.log"


STAGES = (
    Stage("simulator", counted=True, alone=True),
    Stage("integration", counted=True, alone=True),
    Stage("molecule"),
    Stage("sanity"),
    Stage("unit", counted=True),
    Stage("lint-ansible"),
    Stage("lint-mypy"),
    Stage("lint-docs"),
    Stage("lint-imports"),
    Stage("lint-powershell"),
    Stage("lint-ruff"),
    Stage("lint-changelog"),
    Stage("build"),
)


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


def read_junit(path: Path) -> Counts:
    """Sum the test suites of a JUnit file; a missing or unreadable file counts nothing."""
    try:
        suites = list(ElementTree.parse(path).iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return Counts()
    total = sum(int(suite.get("tests", 0)) for suite in suites)
    failed = sum(int(suite.get("failures", 0)) + int(suite.get("errors", 0)) for suite in suites)
    skipped = sum(int(suite.get("skipped", 0)) for suite in suites)
    return Counts(total - failed - skipped, failed, skipped)


def judge(stage: Stage, code: int) -> Counts:
    """Counts of a finished stage. Its exit code has the last word: a red stage never counts as green."""
    if not stage.counted:
        return Counts(passed=1) if code == 0 else Counts(failed=1)
    counts = read_junit(stage.junit)
    if counts.failed == 0 and (code != 0 or counts.passed == 0):
        counts += Counts(failed=1)
    return counts


def run_limited(command: list[str], environment: dict[str, str], log: TextIO) -> int:
    """Exit code of a command in a process group of its own; when its time is up, the whole group is ended."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        return process.wait(LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.write(f"\nstopped after {LIMIT_SECONDS} seconds\n")
        return 124


def run(stage: Stage) -> Counts:
    """Run one stage, keep its output in a log file, print one line, and the output only where it failed."""
    stage.log.parent.mkdir(parents=True, exist_ok=True)
    stage.junit.unlink(missing_ok=True)
    started = time.monotonic()
    # The jobserver of the calling make must not be inherited: its pipes are closed here.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    with stage.log.open("w") as log:
        code = run_limited(["make", "--no-print-directory", stage.target], environment, log)
    counts = judge(stage, code)
    seconds = time.monotonic() - started
    report = f"{'FAIL' if counts.failed else 'ok':4}  {stage.target:16} {seconds:6.1f} s  {counts}"
    if counts.failed:
        report += f"\n----- {stage.log.relative_to(ROOT)}\n{stage.log.read_text(errors='replace').rstrip()}\n-----"
    print(report, flush=True)
    return counts


def run_all(stages: Iterable[Stage]) -> Counts:
    """Stages that need the machine run first, one by one; the others two at a time."""
    stages = tuple(stages)
    results = [run(stage) for stage in stages if stage.alone]
    with ThreadPoolExecutor(max_workers=2) as pool:
        results += pool.map(run, [stage for stage in stages if not stage.alone])
    return sum(results, Counts())


def main(names: list[str]) -> int:
    known = {stage.target: stage for stage in STAGES}
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"unknown stages: {', '.join(unknown)}; known: {', '.join(known)}")
    total = run_all(known[name] for name in names or known)
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

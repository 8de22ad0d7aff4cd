# SPDX-License-Identifier: GPL-3.0-or-later
"""The nightly fuzzer itself: it names what hangs, dies or raises, and goes on behind it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import fuzz
import pytest


def numbered(count: int, start: int, examine: fuzz.Examine) -> None:
    for number in range(count):
        examine(f"script {start + number}")


def behave(script: str) -> None:
    number = int(script.split()[1])
    if number == 2:
        while True:
            pass
    if number == 208:
        threading.Event().wait()
    if number == 4:
        os._exit(9)
    if number == 6:
        raise KeyError("k")


def test_findings_are_named_and_the_rest_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "run", behave)
    fuzzer = fuzz.Fuzzer(2, slow=1)
    fuzzer.run(iter([fuzz.Job(numbered, 10, 0), fuzz.Job(numbered, 10, 100)]))
    assert fuzzer.scripts == 20
    slow, died, raised = sorted(fuzzer.findings.items(), key=lambda item: item[1].split()[-1])
    assert slow == ("more than 1 seconds: 'script 2'", "script 2")
    assert died == ("the process died (9): 'script 4'", "script 4")
    assert raised[0].startswith("KeyError in ")
    assert raised[1] == "'k'\nscript 6"


def test_a_script_that_waits_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "run", behave)
    fuzzer = fuzz.Fuzzer(1, blocked=5)
    fuzzer.run(iter([fuzz.Job(numbered, 3, 207)]))
    assert fuzzer.scripts == 3
    assert fuzzer.findings == {"waits for more than 5 seconds: 'script 208'": "script 208"}


def test_neighbouring_seeds_share_no_job() -> None:
    first = {job.start for job in fuzz.jobs(100_000, 1)}
    assert len(first) == 200
    assert first.isdisjoint({job.start for job in fuzz.jobs(100_000, 2)})
    assert sum(job.count for job in fuzz.jobs(1_234, 7)) == 1_234


def test_a_seed_repeats_its_scripts() -> None:
    for kind in (fuzz.generated, fuzz.mutated, fuzz.called):
        first: list[str] = []
        again: list[str] = []
        kind(20, 5, first.append)
        kind(20, 5, again.append)
        assert first == again
        assert len(first) == 20


def test_all_kinds_have_their_turn() -> None:
    kinds = [job.kind for job in fuzz.jobs(3 * fuzz.PIECE, 1)]
    assert kinds == [fuzz.generated, fuzz.mutated, fuzz.called]


def test_workers_end_with_the_one_that_started_them() -> None:
    code = (
        "import os, sys, threading, fuzz\n"
        "def kind(count, start, examine):\n"
        "    examine('s')\n"
        "def behave(script):\n"
        "    os.write(1, b'x')\n"
        "    threading.Event().wait()\n"
        "fuzz.run = behave\n"
        "fuzz.Fuzzer(2).run(iter([fuzz.Job(kind, 1, 0), fuzz.Job(kind, 1, 1)]))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parent, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert [parent.stdout.read(1) for _ in range(2)] == [b"x", b"x"]
    parent.kill()
    parent.wait()
    # The end of the file comes when the last process that could write has gone.
    assert parent.stdout.read() == b""
    parent.stdout.close()

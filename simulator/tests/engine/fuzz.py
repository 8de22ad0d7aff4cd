# SPDX-License-Identifier: GPL-3.0-or-later
"""The property tests of ``test_properties.py`` at night's length: ``make fuzz COUNT=100000 SEED=1``.

A third of the scripts are generated from a grammar, a third are recorded ones with a piece cut out or put elsewhere, a third
call a member of a .NET type with odd arguments. Prints each Python exception once, and each script that needs more than ``SLOW`` seconds of processor time or waits for ``BLOCKED``
seconds: it is stopped, and the run goes on behind it. The exit code is 1 if there are any. Scripts run in processes of
their own, whose memory is bounded and which end with the one that started them; the jobs of two seeds never have a number
in common.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import HypothesisWarning
from member_calls import member_call, types_called
from test_properties import damaged, recorded_scripts, run, scripts

#: Seconds of processor time that a script may need: a busy machine makes no finding.
SLOW = 5.0
#: Seconds after which a script that needs less is taken to wait for something.
BLOCKED = 120.0
#: Bytes of address space of a process, with half a GiB for the stack of a script.
MEMORY = 4 * 2**30
#: Scripts of a job.
PIECE = 500
#: What neighbouring seeds are apart, so that the numbers of their jobs never meet.
STRIDE = 1_000_003

Examine = Callable[[str], None]
Kind = Callable[[int, int, Examine], None]


@dataclass
class Job:
    """Some scripts of one kind; *done* of them have run."""

    kind: Kind
    count: int
    start: int
    done: int = 0
    script: str = ""


def problem(script: str) -> tuple[str, str] | None:
    """Runs a script: the place of the Python exception that comes out of it, and its text."""
    try:
        run(script)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {last.filename}:{last.lineno}", f"{error}\n{script}"
    return None


def generated(count: int, start: int, examine: Examine) -> None:
    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(scripts())
    def check(script: str) -> None:
        examine(script)

    check()


def mutated(count: int, start: int, examine: Examine) -> None:
    source = random.Random(start)
    texts = recorded_scripts()
    for _ in range(count):
        examine(damaged(source, texts))


def called(count: int, start: int, examine: Examine) -> None:
    source = random.Random(start)
    facts = types_called()
    for _ in range(count):
        examine(member_call(source, facts))


def end_with_parent() -> None:
    """In a process: ends it when the one that started it is gone, however that ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def work(job: Job, pipe: Connection, slow: float) -> None:
    """In a process: runs the scripts of a job that are not done, and tells of each before and after. A script that needs
    more processor time than *slow* ends the process (SIGPROF)."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    number = 0

    def examine(script: str) -> None:
        nonlocal number
        number += 1
        if number > job.done:
            pipe.send(script)
            signal.setitimer(signal.ITIMER_PROF, slow)
            answer = problem(script)
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send(answer)

    job.kind(job.count, job.start, examine)
    pipe.send(True)


def jobs(count: int, start: int) -> Iterator[Job]:
    kinds: tuple[Kind, ...] = (generated, mutated, called)
    for number in range(-(-count // PIECE)):
        yield Job(kinds[number % len(kinds)], min(PIECE, count - number * PIECE), start * STRIDE + number)


class Fuzzer:
    """Runs jobs in *processes* processes at a time; ``findings``: what went wrong, and the script."""

    def __init__(self, processes: int, slow: float = SLOW, blocked: float = BLOCKED) -> None:
        self.findings: dict[str, str] = {}
        self.scripts = 0
        self.processes = processes
        self.slow = slow
        self.blocked = blocked
        self._running: dict[Connection, tuple[BaseProcess, Job, float]] = {}

    def run(self, pending: Iterator[Job]) -> None:
        for job in pending:
            self._start(job)
            while len(self._running) >= self.processes:
                self._step()
        while self._running:
            self._step()

    def _start(self, job: Job) -> None:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("fork").Process(target=work, args=(job, theirs, self.slow), daemon=True)
        process.start()
        theirs.close()
        self._running[ours] = (process, job, time.monotonic() + self.blocked)

    def _step(self) -> None:
        now = time.monotonic()
        nearest = min(limit for _, _, limit in self._running.values())
        ready = wait(list(self._running), max(0.0, nearest - now))
        for pipe in ready:
            if isinstance(pipe, Connection):
                self._read(pipe)
        now = time.monotonic()
        for pipe, (process, job, limit) in list(self._running.items()):
            if limit < now and not pipe.poll():
                self._give_up(pipe, process, job, f"waits for more than {self.blocked:g} seconds")

    def _read(self, pipe: Connection) -> None:
        process, job, _ = self._running[pipe]
        try:
            message = pipe.recv()
        except EOFError:
            process.join()
            slow = process.exitcode == -signal.SIGPROF
            what = f"more than {self.slow:g} seconds" if slow else f"the process died ({process.exitcode})"
            self._give_up(pipe, process, job, what)
            return
        if message is True:
            self._end(pipe, process)
        elif isinstance(message, str):
            job.script = message
        else:
            job.script = ""
            job.done += 1
            self.scripts += 1
            if message is not None:
                self._found(*message)
        if pipe in self._running:
            self._running[pipe] = (process, job, time.monotonic() + self.blocked)

    def _give_up(self, pipe: Connection, process: BaseProcess, job: Job, what: str) -> None:
        self._end(pipe, process)
        if not job.script:
            self._found(f"{what} between two scripts of {job.kind.__name__} {job.start}", "")
            return
        self._found(f"{what}: {job.script[:60]!r}", job.script)
        self.scripts += 1
        self._start(Job(job.kind, job.count, job.start, job.done + 1))

    def _end(self, pipe: Connection, process: BaseProcess) -> None:
        del self._running[pipe]
        pipe.close()
        process.kill()
        process.join()

    def _found(self, what: str, script: str) -> None:
        if what not in self.findings:
            self.findings[what] = script
            print(f"--- {what}\n{script}\n", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    # The engine raises the limit for its own depth (interpreter.on_engine_thread); Hypothesis says so for every script.
    warnings.filterwarnings("ignore", "The recursion limit will not be reset", HypothesisWarning)
    start = arguments.seed if arguments.seed is not None else int(time.time())
    print(f"{arguments.count} scripts, seed {start}", flush=True)
    began = time.monotonic()
    fuzzer = Fuzzer(arguments.processes)
    fuzzer.run(jobs(arguments.count, start))
    seconds = time.monotonic() - began
    print(f"{fuzzer.scripts} scripts, {len(fuzzer.findings)} findings, seed {start}, {seconds:.0f} seconds")
    return 1 if fuzzer.findings else 0


if __name__ == "__main__":
    sys.exit(main())

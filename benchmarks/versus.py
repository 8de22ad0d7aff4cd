# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loop and calls of this engine against an earlier commit's: ``python benchmarks/versus.py [COMMIT] [--rounds N]``.

Both engines run the same short scripts in turns, each in a process of its own, and the best time of each counts: a
machine that is busy, or changes its speed, slows both. Beside them runs the same work written by hand in Python over
the engine's own variables, scopes and numbers, without any interpreter around it: what Python itself needs at least.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FIRST = "a17a912"
"""The first commit at which the engine ran these scripts."""
TURNS = {"foreach with if and addition": 20_000, "function calls": 3_000}
SCRIPTS = {
    "foreach with if and addition": "$s = 0L; foreach ($i in 1..{n}) {{ if ($i % 2 -eq 0) {{ $s += $i }} }}; $s",
    "function calls": "function f($a, $b) {{ $a + $b }}; $s = 0; foreach ($i in 1..{n}) {{ $s = f $i 1 }}; $s",
}


def worker() -> None:
    """Answers each line of the input with the seconds of every script, the line ``hand`` with those of Python."""
    from hvsim.engine.runspace import Runspace
    from hvsim.runtime.interpreter import on_engine_thread

    def run(name: str) -> float:
        runspace = Runspace()
        runspace.run("$null = 1")
        text = SCRIPTS[name].format(n=TURNS[name])
        started = time.thread_time()
        result = runspace.run(text)
        seconds = time.thread_time() - started
        assert result.output, result.errors
        return seconds

    def by_hand(name: str) -> float:
        started = time.thread_time()
        BY_HAND[name](TURNS[name])
        return time.thread_time() - started

    for line in sys.stdin:
        measure = by_hand if line.strip() == "hand" else run
        print(json.dumps({name: on_engine_thread(partial(measure, name)) for name in SCRIPTS}), flush=True)


def by_hand_loop(turns: int) -> object:
    """What PowerShell's rules ask of the loop: cells that others may see, a budget, checks of types and sizes."""
    from hvsim.runtime.scope import Variable
    from hvsim.runtime.values import Int64

    cells = {"s": Variable("s", Int64(0)), "i": Variable("i")}
    context = SimpleNamespace(ticks=0, limit=sys.maxsize)
    for item in range(1, turns + 1):
        context.ticks += 1
        if context.ticks > context.limit:
            raise RuntimeError
        cells["i"].value = item
        number = cells["i"].value
        if type(number) is int and number >= 0 and number % 2 == 0:
            sum_, number = cells["s"], cells["i"].value
            if type(sum_.value) is Int64 and type(number) is int:
                total = sum_.value + number
                if Int64.MIN <= total <= Int64.MAX:
                    sum_.value = Int64(total)
    return cells["s"].value


def by_hand_calls(turns: int) -> object:
    """What they ask of the calls: a scope with its automatic variables, parameters as cells in it, output in a pipe."""
    from hvsim.runtime.interpreter.frame import Frame
    from hvsim.runtime.invocation import Invocation
    from hvsim.runtime.scope import Scope, Variable
    from hvsim.runtime.streams import Collector

    def function(frame: Frame) -> None:
        left, right = frame.scope.vars["a"].value, frame.scope.vars["b"].value
        if type(left) is int and type(right) is int:
            total = left + right
            if -(2**31) <= total < 2**31:
                frame.out.write(total)

    top = Scope(None)
    context: Any = SimpleNamespace(scope=top, frames=[], ticks=0, depth=0)
    cells = top.vars
    cells["s"], cells["i"] = Variable("s", 0), Variable("i")
    for item in range(1, turns + 1):
        cells["i"].value = item
        out = Collector()
        scope = Scope(context.scope)
        frame = Frame(context, scope, out, context, "f")
        scope.automatic = frame.invocation = Invocation(None, context)
        scope.vars["a"], scope.vars["b"] = Variable("a", cells["i"].value), Variable("b", 1)
        context.ticks += 1
        context.depth += 1
        context.scope = scope
        context.frames.append(frame)
        try:
            function(frame)
        finally:
            context.frames.pop()
            context.scope = top
            context.depth -= 1
        cells["s"].value = out[0]
    return cells["s"].value


BY_HAND = {"foreach with if and addition": by_hand_loop, "function calls": by_hand_calls}


class Engine:
    """A worker process with the simulator of one source tree."""

    def __init__(self, tree: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(tree / "simulator" / "src")}
        command = [sys.executable, __file__, "--worker"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=tree
        )

    def ask(self, line: str) -> dict[str, float]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer: dict[str, float] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def compare(commit: str, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(tree)], check=True)
        subprocess.run(["git", "-C", str(tree), "checkout", "-q", commit], check=True)
        old, new = engines = [Engine(tree), Engine(ROOT)]
        times = [(old.ask("time"), new.ask("time"), new.ask("hand")) for _ in range(rounds)]
        for engine in engines:
            engine.close()
    for name in SCRIPTS:
        before, now, hand = (min(row[side][name] for row in times) / TURNS[name] * 1e6 for side in range(3))
        print(
            f"{name}: {commit} {before:.2f} us, now {now:.2f} us ({before / now:.1f} times as fast), "
            f"by hand {hand:.2f} us ({before / hand:.1f} times)"
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("commit", nargs="?", default=FIRST)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.worker:
        worker()
    else:
        compare(given.commit, given.rounds)


if __name__ == "__main__":
    main()

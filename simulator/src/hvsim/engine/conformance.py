# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs recorded cases and compares (``tests/conformance/README.md`` says how).

Three kinds of files: ``lang`` (scripts and their results), ``trees`` (scripts and their syntax trees) and ``ansible_basic``
(module bodies with arguments). Cases run in worker processes; one that runs past its time is killed and counts as failed.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hvsim.engine import basic_cases
from hvsim.lang import canon
from hvsim.lang.errors import ParseError, Unsupported
from hvsim.lang.parser import parse
from hvsim.lang.text import to_utf16

if TYPE_CHECKING:
    from hvsim.engine.runspace import Result, Runspace

Json = Any
PASSED, FAILED, REFUSED = "passed", "failed", "refused"


@dataclass(frozen=True)
class Case:
    """One thing to run. ``kind`` is lang, tree or basic; ``label`` a version of Ansible.Basic."""

    path: str
    id: str
    kind: str
    script: str
    expected: Json
    tags: tuple[str, ...] = ()
    args: Json = None
    label: str = ""

    @property
    def topic(self) -> str:
        return self.path


@dataclass
class Outcome:
    path: str
    id: str
    outcome: str
    refusal: str | None = None
    actual: Json = None
    difference: str = ""


@dataclass
class Totals:
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: str) -> None:
        self.counts[outcome] += 1

    def __str__(self) -> str:
        return f"{self.counts[PASSED]} passed, {self.counts[FAILED]} failed, {self.counts[REFUSED]} refused"


# ---- reading cases -------------------------------------------------------------------------------------------------------


def files(paths: Sequence[str]) -> list[Path]:
    """The case files under *paths*, without metadata.

    Raises:
        FileNotFoundError: a path that does not exist.
    """
    found: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            found += sorted(p for p in path.rglob("*.json") if "metadata" not in p.parts)
        elif path.exists():
            found.append(path)
        else:
            raise FileNotFoundError(f"{name}: no such file or folder")
    return found


def load_cases(paths: Sequence[str]) -> Iterator[Case]:
    """Every case in the given files and folders.

    Raises:
        ValueError: a file that does not hold cases.
    """
    for path in files(paths):
        try:
            rows = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise ValueError(f"{path}: not a file of cases: {error}") from None
        if not isinstance(rows, list):
            raise ValueError(f"{path}: not a list of cases")
        for row in rows:
            if "runs" in row or "args" in row or "versions" in row:
                for unit in basic_cases.unfold(row):
                    yield Case(str(path), f"{unit.id}@{unit.label}", "basic", unit.script, unit.expected, unit.tags, unit.args, unit.label)
                continue
            kind = "tree" if path.parent.name == "trees" or "tree" in row["expected"] else "lang"
            yield Case(str(path), row["id"], kind, row["script"], row["expected"], tuple(row.get("tags", ())))


# ---- running one case ----------------------------------------------------------------------------------------------------


#: Tags of cases whose script finds open sessions in the variables of these names.
_SESSIONS = ("session", "session2")


def run_case(case: Case, edition: str = "7") -> Outcome:
    """Runs one case in this process."""
    try:
        if case.kind == "basic":
            actual = basic_cases.run(case.script, case.args, case.label, case.tags)
        elif case.kind == "tree":
            actual = run_tree(case.script)
        else:
            actual = run_script(case.script, edition, sessions=[tag for tag in _SESSIONS if tag in case.tags])
    except Unsupported as refusal:
        return Outcome(case.path, case.id, REFUSED, refusal=str(refusal))
    except Exception as error:
        trace = traceback.format_exc(limit=-4)
        return Outcome(case.path, case.id, FAILED, actual={"python": f"{type(error).__name__}: {error}", "trace": trace}, difference="python")
    difference = compare(case, actual)
    return Outcome(case.path, case.id, FAILED if difference else PASSED, actual=actual, difference=difference)


def run_tree(script: str) -> Json:
    """Parse result in the recorded form."""
    try:
        return {"tree": canon.tree(parse(to_utf16(script)))}
    except ParseError as error:
        return {"parse_errors": _parse_errors(error)}


def _parse_errors(error: ParseError) -> Json:
    from hvsim.engine.canonical import text

    return [
        {"id": e.error_id, "message": text(e.message), "line": e.line, "column": e.column} for e in error.errors
    ]


def run_script(script: str, edition: str = "7", sessions: Sequence[str] = ()) -> Json:
    """The result of a script in a fresh runspace, in the recorded form; *sessions* are variables that hold open sessions to other
    processes on the same machine."""
    from hvsim.engine.remote import open_loopback
    from hvsim.engine.runspace import Runspace
    from hvsim.engine.sample_machine import another_process, sample_machine

    machine = sample_machine()
    runspace = Runspace(machine, edition=edition)
    for number, name in enumerate(sessions, 1):
        runspace.ctx.set_variable(name, open_loopback(runspace.ctx, another_process(machine, number)))
    return run_in(runspace, script, edition)


def run_in(runspace: Runspace, script: str, edition: str) -> Json:
    """The result of a script in a given runspace, in the recorded form; ``hvsim run --json`` prints it.

    Raises:
        Unsupported: the script needs something that the engine refuses.
    """
    from hvsim.runtime.interpreter import on_engine_thread

    try:
        parse(to_utf16(script), edition=edition)
    except ParseError as error:
        return {"parse_errors": _parse_errors(error)}
    result = runspace.run(script)
    return on_engine_thread(lambda: _recorded(runspace, result))


def written_so_far(runspace: Runspace) -> Json:
    """What a script wrote before the engine refused the rest, in the recorded form; nothing if that has no such form itself."""
    from hvsim.runtime.interpreter import on_engine_thread

    try:
        return on_engine_thread(lambda: _recorded(runspace, runspace.result))
    except Unsupported:
        return {}


def _recorded(runspace: Runspace, result: Result) -> Json:
    from hvsim.engine.canonical import Encoder, text
    from hvsim.runtime import convert

    encoder = Encoder(runspace.ctx)
    actual: Json = {"output": [encoder.value(v) for v in result.output]}
    if result.terminating is not None:
        actual["terminating"] = encoder.error(result.terminating)
    if result.errors:
        actual["errors"] = [encoder.error(r) for r in result.errors]
    for name in ("warning", "verbose", "debug"):
        records = getattr(result, name)
        if records:
            actual[name] = [text(r.message) for r in records]
    if result.information:
        actual["information"] = [
            "" if r.message_data is None else text(convert.to_string(runspace.ctx, r.message_data))
            for r in result.information
        ]
    return actual


# ---- comparing -----------------------------------------------------------------------------------------------------------


def compare(case: Case, actual: Json) -> str:
    """The name of the first thing that differs, empty if equal."""
    if case.kind == "basic":
        return ", ".join(basic_cases.differences(case.expected, actual))
    expected = case.expected
    if "parse_errors" in expected and "cascade" in case.tags and "parse_errors" in actual:
        expected = {"parse_errors": expected["parse_errors"][:1]}
        actual = {"parse_errors": actual["parse_errors"][:1]}
    if case.kind == "tree":
        return "" if expected == actual else next((k for k in expected if expected.get(k) != actual.get(k)), "tree")
    for key in dict.fromkeys([*expected, *actual]):
        if not equal(expected.get(key), actual.get(key)):
            return str(key)
    return ""


def equal(a: Json, b: Json) -> bool:
    """Equality of canonical JSON under the rules of the README."""
    if isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            return False
        if a.get("t") != b.get("t"):
            return False
        if a.get("t") == "hashtable" or str(a.get("t", "")).startswith("System.Collections.Generic.Dictionary"):
            return _equal_sets(a.get("v"), b.get("v")) and all(equal(a[k], b[k]) for k in a if k != "v")
        if a.get("t") in ("double", "float") and isinstance(a.get("v"), str) and isinstance(b.get("v"), str):
            return _same_number(a["v"], b["v"])
        return all(equal(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, str) and isinstance(b, str):
        return a == b or _plain(a) == _plain(b)
    return type(a) is type(b) and bool(a == b)


def _plain(value: str) -> str:
    return value.replace("\u202f", " ").replace("\r\n", "\n")


def _same_number(a: str, b: str) -> bool:
    try:
        return a == b or float(a) == float(b)
    except ValueError:
        return False


def _equal_sets(a: Json, b: Json) -> bool:
    if not isinstance(a, list) or not isinstance(b, list) or len(a) != len(b):
        return bool(a == b)
    rest = list(b)
    for row in a:
        for index, other in enumerate(rest):
            if equal(row, other):
                del rest[index]
                break
        else:
            return False
    return True


# ---- worker processes ----------------------------------------------------------------------------------------------------


class _Worker:
    """A process that runs the cases it is sent by index."""

    def __init__(self, cases: Sequence[Case], edition: str) -> None:
        self.connection, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_serve, args=(theirs, cases, edition), daemon=True)
        self.process.start()
        theirs.close()
        self.index: int | None = None
        self.deadline = 0.0

    def send(self, index: int, timeout: float) -> None:
        self.index = index
        self.deadline = time.monotonic() + timeout
        self.connection.send(index)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def _serve(connection: Connection, cases: Sequence[Case], edition: str) -> None:
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    while True:
        try:
            index = connection.recv()
        except EOFError:
            return
        outcome = run_case(cases[index], edition)
        try:
            connection.send(outcome)
        except Exception as error:
            case = cases[index]
            connection.send(Outcome(case.path, case.id, FAILED, difference=f"python: {error}"))


def run_all(cases: Sequence[Case], *, jobs: int, timeout: float, edition: str = "7") -> Iterator[Outcome]:
    """Runs cases in parallel; outcomes in the order they finish."""
    from hvsim.engine import runspace

    runspace.load()
    workers = [_Worker(cases, edition) for _ in range(max(1, min(jobs, len(cases))))]
    queue = iter(range(len(cases)))
    idle = list(workers)
    busy: list[_Worker] = []
    try:
        while True:
            while idle and (index := next(queue, None)) is not None:
                worker = idle.pop()
                worker.send(index, timeout)
                busy.append(worker)
            if not busy:
                return
            yield from _collect(cases, edition, busy, idle, workers)
    finally:
        for worker in workers:
            worker.kill()


def _collect(
    cases: Sequence[Case], edition: str, busy: list[_Worker], idle: list[_Worker], workers: list[_Worker]
) -> Iterator[Outcome]:
    remaining = min(w.deadline for w in busy) - time.monotonic()
    ready = wait([w.connection for w in busy], timeout=max(0.0, remaining))
    now = time.monotonic()
    for worker in list(busy):
        if worker.connection in ready:
            case = cases[worker.index or 0]
            try:
                yield worker.connection.recv()
                fresh = worker
            except EOFError:
                yield Outcome(case.path, case.id, FAILED, difference="python: the process died")
                fresh = _replace(worker, cases, edition, workers)
        elif worker.deadline <= now:
            case = cases[worker.index or 0]
            yield Outcome(case.path, case.id, FAILED, difference="time limit")
            fresh = _replace(worker, cases, edition, workers)
        else:
            continue
        busy.remove(worker)
        idle.append(fresh)


def _replace(worker: _Worker, cases: Sequence[Case], edition: str, workers: list[_Worker]) -> _Worker:
    worker.kill()
    fresh = _Worker(cases, edition)
    workers[workers.index(worker)] = fresh
    return fresh


# ---- the command ---------------------------------------------------------------------------------------------------------


def main(
    paths: Sequence[str],
    *,
    listing: str | None = None,
    actual: str | None = None,
    jobs: int | None = None,
    timeout: float = 10.0,
    edition: str = "7",
    names: Iterable[str] = (),
) -> int:
    """``hvsim conformance``: one line per topic, a closing line of counts. 1 if a case failed, 2 if nothing could run."""
    try:
        cases = list(load_cases(paths))
    except (OSError, ValueError, KeyError) as error:
        print(f"hvsim conformance: {error}", file=sys.stderr)
        return 2
    wanted = set(names)
    if wanted:
        cases = [c for c in cases if c.id in wanted or c.id.partition("@")[0] in wanted]
    order = {(case.path, case.id): n for n, case in enumerate(cases)}
    outcomes = sorted(
        run_all(cases, jobs=jobs or os.cpu_count() or 1, timeout=timeout, edition=edition),
        key=lambda o: order[(o.path, o.id)],
    )
    _report(outcomes, listing)
    if actual is not None:
        _write_actual(outcomes, Path(actual))
    return 1 if any(o.outcome == FAILED for o in outcomes) else 0


def _report(outcomes: Sequence[Outcome], listing: str | None) -> None:
    topics: dict[str, Totals] = {}
    totals = Totals()
    for outcome in outcomes:
        topics.setdefault(outcome.path, Totals()).add(outcome.outcome)
        totals.add(outcome.outcome)
    for topic, counts in topics.items():
        print(f"{topic}: {counts}")
    if listing is not None:
        for outcome in outcomes:
            if outcome.outcome == listing:
                print(f"{outcome.outcome}: {outcome.path}: {outcome.id}: {outcome.refusal or outcome.difference}")
    print(totals)


def _write_actual(outcomes: Sequence[Outcome], target: Path) -> None:
    with target.open("w", encoding="utf-8") as stream:
        for outcome in outcomes:
            row: Json = {"path": outcome.path, "id": outcome.id, "outcome": outcome.outcome}
            if outcome.refusal is not None:
                row["refusal"] = outcome.refusal
            row["actual"] = outcome.actual
            if outcome.difference:
                row["difference"] = outcome.difference
            stream.write(json.dumps(row, ensure_ascii=True) + "\n")

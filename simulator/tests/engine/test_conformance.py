# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded cases as a ratchet: nothing that passed may fail, nothing that is a known gap may pass unnoticed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hvsim.engine.conformance import FAILED, PASSED, REFUSED, Outcome, load_cases, run_all

CASES = Path(__file__).parents[1] / "conformance"
GAPS = CASES / "known_gaps.txt"


def read_gaps() -> dict[str, str]:
    """``path id -> outcome`` of the cases that are known not to pass."""
    rows = [line.split("\t") for line in GAPS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {f"{path}\t{case}": outcome for outcome, path, case in rows}


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return list(run_all(list(load_cases([str(CASES)])), jobs=2, timeout=30.0))


def key(outcome: Outcome) -> str:
    return f"{Path(outcome.path).relative_to(CASES)}\t{outcome.id}"


def test_every_case_has_an_outcome(outcomes: list[Outcome]) -> None:
    assert len(outcomes) == len(list(load_cases([str(CASES)])))


def test_nothing_gets_worse(outcomes: list[Outcome]) -> None:
    gaps = read_gaps()
    order = {PASSED: 0, REFUSED: 1, FAILED: 2}
    worse = [
        f"{o.outcome}\t{key(o)}\t{o.refusal or o.difference}"
        for o in outcomes
        if order[o.outcome] > order[gaps.get(key(o), PASSED)]
    ]
    assert not worse, "these cases did better before:\n" + "\n".join(worse)


def test_closed_gaps_are_struck_off(outcomes: list[Outcome]) -> None:
    gaps = read_gaps()
    better = [key(o) for o in outcomes if key(o) in gaps and o.outcome != gaps[key(o)]]
    assert not better, "strike these off (make coverage rewrites the list):\n" + "\n".join(better)


def test_the_engine_does_not_differ_without_saying_so(outcomes: list[Outcome]) -> None:
    """Issue 3: at most 5 % of the language cases may differ without a refusal."""
    counted = Counter(o.outcome for o in outcomes if "/lang/" in o.path and "/remoting/" not in o.path)
    assert counted[FAILED] <= 0.05 * sum(counted.values()), counted

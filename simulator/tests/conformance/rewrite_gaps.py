# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ``known_gaps.txt`` anew from a run of all cases: ``python tests/conformance/rewrite_gaps.py``."""

from __future__ import annotations

from pathlib import Path

from hvsim.engine.conformance import PASSED, load_cases, run_all

CASES = Path(__file__).parent
HEADER = """# Recorded cases that do not pass, by outcome (refused: the engine names what it does not do; failed: it differs).
# tests/engine/test_conformance.py fails if another case stops passing, or if one of these starts to.
"""


def main() -> None:
    """Runs everything and writes the list, sorted."""
    cases = list(load_cases([str(CASES)]))
    rows = sorted(
        f"{o.outcome}\t{Path(o.path).relative_to(CASES)}\t{o.id}"
        for o in run_all(cases, jobs=2, timeout=30.0)
        if o.outcome != PASSED
    )
    (CASES / "known_gaps.txt").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} of {len(cases)} cases are gaps")


if __name__ == "__main__":
    main()

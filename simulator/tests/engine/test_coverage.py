# SPDX-License-Identifier: GPL-3.0-or-later
"""COVERAGE.md says what the registries say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WRITTEN = Path(__file__).parents[2] / "COVERAGE.md"


def test_the_written_coverage_is_up_to_date(tmp_path: Path) -> None:
    # A process of its own: scripts of other tests add types (`enum`, Add-Type) to the one registry.
    made = tmp_path / "COVERAGE.md"
    subprocess.run(
        [sys.executable, "-c", "from hvsim.cli.main import main; main()", "coverage", str(made)],
        check=True,
        timeout=120,
    )
    assert WRITTEN.read_text("utf-8") == made.read_text("utf-8"), "write it again: make coverage"

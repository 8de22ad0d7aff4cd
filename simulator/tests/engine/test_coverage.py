# SPDX-License-Identifier: GPL-3.0-or-later
"""COVERAGE.md says what the registries say."""

from __future__ import annotations

from pathlib import Path

from hvsim.engine import coverage

WRITTEN = Path(__file__).parents[2] / "COVERAGE.md"


def test_the_written_coverage_is_up_to_date() -> None:
    assert WRITTEN.read_text("utf-8") == coverage.text(), "write it again: make coverage"

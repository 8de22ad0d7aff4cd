# SPDX-License-Identifier: GPL-3.0-or-later
"""The trees and parse errors that a real PowerShell 7.6 recorded."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang import canon
from hvsim.lang.errors import ParseError
from hvsim.lang.parser import parse
from hvsim.lang.text import to_utf16

from .conftest import recorded_cases

TREES = recorded_cases("trees/*.json")
SCRIPTS = recorded_cases("lang/**/*.json")


def parsed(script: str) -> dict[str, Any]:
    """What the recorder would have recorded."""
    try:
        return {"tree": canon.tree(parse(to_utf16(script)))}
    except ParseError as error:
        return {
            "parse_errors": [
                {"id": e.error_id, "message": e.message, "line": e.line, "column": e.column} for e in error.errors
            ]
        }


@pytest.mark.parametrize("case", [case for _, case in TREES], ids=[name for name, _ in TREES])
def test_tree(case: dict[str, Any]) -> None:
    assert parsed(case["script"]) == case["expected"]


def test_scripts_that_run_parse_and_the_others_fail_as_recorded() -> None:
    differences = {}
    for name, case in SCRIPTS:
        wanted = case["expected"].get("parse_errors")
        found = parsed(case["script"]).get("parse_errors")
        if found != wanted:
            differences[name] = (wanted, found)
    assert len(SCRIPTS) > 1000
    assert differences == {}

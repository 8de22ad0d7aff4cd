# SPDX-License-Identifier: GPL-3.0-or-later
"""``[NullString]::Value``: a string without text, where ``$null`` becomes an empty one."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.conformance import run_script


def _output(script: str, edition: str = "7") -> list[Any]:
    result = run_script(script, edition)
    assert not result.get("errors"), result
    return [row["v"] for row in result["output"]]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("function f([string]$x) { $null -eq $x }; f ([NullString]::Value); f $null", [True, False]),
        ("function f([string]$x = [NullString]::Value) { $null -eq $x }; f", [True]),
        ("[string]$s = [NullString]::Value; $null -eq $s; $null -eq [string][NullString]::Value", [True, True]),
        ("$null -eq [NullString]::Value.ToString()", [True]),
        ("\"a$([NullString]::Value)b\"; 'x' + [NullString]::Value", ["ab", "x"]),
    ],
)
def test_values(script: str, expected: list[Any]) -> None:
    assert _output(script) == expected


@pytest.mark.parametrize(
    ("script", "error_id"),
    [
        ("[string]::Format([NullString]::Value, 1)", "ArgumentNullException"),
        ("[bool]::Parse([NullString]::Value)", "ArgumentNullException"),
        ("[xml]::new().CreateElement([NullString]::Value)", "NullReferenceException"),
        (
            "function f([Parameter(Mandatory)][string]$x) { $x }; f ([NullString]::Value)",
            "ParameterArgumentValidationErrorNullNotAllowed,f",
        ),
    ],
)
def test_errors(script: str, error_id: str) -> None:
    result = run_script(script)
    assert [row["fqid"] for row in result["errors"]] == [error_id]

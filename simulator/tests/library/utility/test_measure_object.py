# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure-Object: extremes of mixed values, lines and words, properties that nobody has."""

from __future__ import annotations

from typing import Any

import pytest

MISSING = 'The property "Nope" cannot be found in the input for any objects.'
OWN = ",Microsoft.PowerShell.Commands.MeasureObjectCommand"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("1, 'x'", ["x", 1, "GenericObjectMeasureInfo"]),
        ("'a', 'A'", ["A", "a", "GenericObjectMeasureInfo"]),
        ("3, '10', 2.5", [10.0, 2.5, "GenericMeasureInfo"]),
        ("$true, $false", [1.0, 0.0, "GenericMeasureInfo"]),
    ],
)
def test_extremes(shell: Any, values: str, expected: list[Any]) -> None:
    """Values of two kinds compare as texts, by case; numbers are doubles only where both extremes are."""
    script = (
        f"{values} | Measure-Object -Maximum -Minimum | ForEach-Object {{ $_.Maximum; $_.Minimum; $_.GetType().Name }}"
    )
    assert shell.out(script) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("a`nb`n", "2 2 4"), ("", "0 0 0"), ("x`r`ny z", "2 3 6"), ("`n", "1 0 1")]
)
def test_lines_words_characters(shell: Any, text: str, expected: str) -> None:
    script = f'"{text}" | Measure-Object -Line -Word -Character | ForEach-Object {{ "$($_.Lines) $($_.Words) $($_.Characters)" }}'
    assert shell.out(script) == [expected]


def test_a_property_that_nobody_has(shell: Any, windows: Any) -> None:
    assert shell.out("1, 2 | Measure-Object Nope -Sum") == []
    assert windows.error("1, 2 | Measure-Object Nope -Sum") == ("GenericMeasurePropertyNotFound" + OWN, MISSING)
    assert shell.error("Set-StrictMode -Version 2; 1 | Measure-Object Nope -Line") == (
        "TextMeasurePropertyNotFound" + OWN,
        MISSING,
    )

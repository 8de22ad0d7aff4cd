# SPDX-License-Identifier: GPL-3.0-or-later
"""``$PSItem`` is ``$_`` (``VariableAnalysis.GetUnaliasedVariableName``)."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("1, 2 | ForEach-Object { $PSItem * 2 }", [2, 4]),
        ("1, 2 | Where-Object { $psitem -eq 2 }; (1, 2).Where({ $PSItem -gt 1 })", [2, 2]),
        ('1 | ForEach-Object { "<$PSItem> $local:PSItem" }', ["<1> 1"]),
        ("try { throw 'a' } catch { $PSItem.Exception.Message }", ["a"]),
        ("switch (5) { { $PSItem -gt 1 } { $PSItem } }", [5]),
        ("function F { process { $PSItem = 9; $_ } }; 1 | F", [9]),
        ("$PSItem = 1; $PSItem += 4; $_; $PSItem++; $_", [5, 6]),
        ("3, 1 | Sort-Object { $PSItem }", [1, 3]),
        # Names of other scopes and drives are not looked at.
        ("$_ = 1; $null -eq $script:PSItem", [True]),
    ],
)
def test_psitem_is_the_item(script: str, expected: list[Any]) -> None:
    result = Runspace().run(script)
    assert (list(result.output), result.errors) == (expected, [])

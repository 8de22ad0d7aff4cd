# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls whose arguments fit as they are skip the binder, and nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.runtime import functions
from hvsim.runtime.binding import Binding

SIMPLE = """
function f([int]$A, [string]$B = 'd', [switch]$S, $C) {
    "$A|$B|$S|$C|$($PSBoundParameters.Keys -join ',')|$($args -join ',')"
}
"""
ADVANCED = """
function f {
    [CmdletBinding()]
    param([Parameter(Mandatory)][string]$N, [int]$K = 3, [switch]$W)
    "$N|$K|$W|$($PSBoundParameters.Keys -join ',')|$($PSBoundParameters['W'])|$($PSCmdlet.ParameterSetName)"
}
"""
FITTING = [
    (SIMPLE, "f -A 1 -B x", "1|x|False||A,B|"),
    (SIMPLE, "f 5 -B x 6", "5|x|False|6|B,A,C|"),
    (SIMPLE, "f -s 1 y", "1|y|True||S,A,B|"),
    (SIMPLE, "f -A 1 2 3 4", None),
    (SIMPLE, "f -A:1 x y z", "1|x|False|y|A,B,C|z"),
    (ADVANCED, "f -N a", "a|3|False|N||__AllParameterSets"),
    (ADVANCED, "f -W -K 4 -N a", "a|4|True|W,K,N|True|__AllParameterSets"),
]
OTHERS = [
    (SIMPLE, "f -A '7'", "7|d|False||A|"),
    (SIMPLE, "f -B 007", "0|007|False||B|"),
    (SIMPLE, "f -S:$false", "0|d|False||S|"),
    (SIMPLE, "$p = @{ A = 1 }; f @p", "1|d|False||A|"),
    (SIMPLE, "f -Nope 3 -A 1", None),
    (SIMPLE, "f -A 1 -A 2", None),
    (SIMPLE, "f -A", None),
    (SIMPLE, "f -A 1 -B -S", None),
    (ADVANCED, "f a 2", "a|2|False|N,K||__AllParameterSets"),
    (ADVANCED, "f -N ''", None),
    (ADVANCED, "f -N $null", None),
    (ADVANCED, "f -K 1", None),
    (ADVANCED, "f -N a -Verbose", None),
    (ADVANCED, "1 | f -N a", None),
    (ADVANCED, "$PSDefaultParameterValues['f:K'] = 9; f -N a", "a|9|False|N,K||__AllParameterSets"),
]


def outcome(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    result = Runspace().run(text)
    records: list[Any] = [*result.errors, *([result.terminating] if result.terminating is not None else [])]
    return [str(v) for v in result.output], [(r.error_id, r.exception.message) for r in records]


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions that the binder was asked for."""
    names: list[str] = []
    real = Binding.bind_command_line

    def counted(self: Any, *arguments: Any) -> None:
        if self.metadata.name == "f":
            names.append(self.metadata.name)
        real(self, *arguments)

    monkeypatch.setattr(Binding, "bind_command_line", counted)
    return names


@pytest.mark.parametrize(("function", "call", "expected"), FITTING + OTHERS)
def test_same_as_the_binder(function: str, call: str, expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = outcome(function + call)
    monkeypatch.setattr(functions, "fit", lambda *_: None)
    monkeypatch.setattr(functions, "fit_advanced", lambda *_: None)
    assert fast == outcome(function + call)
    assert expected is None or fast == ([expected], [])


@pytest.mark.parametrize(("function", "call", "expected"), FITTING)
def test_fitting_calls_skip_the_binder(function: str, call: str, expected: str | None, bound: list[str]) -> None:
    outcome(function + call)
    if expected is not None:
        assert bound == []


@pytest.mark.parametrize(("function", "call", "expected"), OTHERS)
def test_other_calls_ask_the_binder(function: str, call: str, expected: str | None, bound: list[str]) -> None:
    outcome(function + call)
    assert bound == ["f"]

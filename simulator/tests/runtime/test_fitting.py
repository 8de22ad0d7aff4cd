# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls whose arguments fit as they are skip the binder, and nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.runtime import functions
from hvsim.runtime.binding import Binding
from hvsim.runtime.interpreter import direct_calls

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


# ---- entered directly: from the second call of a function on, when its parameters are known --------------------------------

TYPED = """
function f([int]$A, [string]$B, [switch]$S, $C) {
    "$A|$B|$S|$C|$($PSBoundParameters.Keys -join ',')|$($args -join ',')|$($MyInvocation.Line.Trim())|$($MyInvocation.OffsetInLine)"
    "$($MyInvocation.MyCommand.Name) $($MyInvocation.InvocationName) $($MyInvocation.BoundParameters.Count) $($MyInvocation.PipelineLength)"
    "$((Get-PSCallStack)[0].Command) $((Get-PSCallStack).Count) $(if ($A -eq 3) { 1 / 0 }) $?"
    if ($A -gt 1) { return 'early' }
    $A = '7'; $A.GetType().Name
}
"""
DIRECT = [
    "f -A 1 -B x", "f 5 -B x 6", "f -S -A 1", "f -A 1 -S", "f 2 y", "f", "f -C $null", "f -A:1 x y", "f -B (f 1)[0]", "f -C 007", "f 7 -S",
    "f -C @()", "$v = f 4; $v.Count", "try { f -A 3 -ErrorAction Stop } catch { 'c' }",
]  # fmt: skip
NOT_DIRECT = ["f -A '7'", "f -B 007", "f -S:$false", "f -Nope 3", "f 1 2 3 4 5", "f -A 1 -A 2", "f -A x", "f -A", "f -A 1 --", "f -A $true"]


def calls(call: str, functions: str = TYPED) -> str:
    """The same place calls three times, so that what is known from the call before is used."""
    return f"{functions} f | Out-Null; foreach ($i in 1..3) {{ {call}; $? }}"


@pytest.mark.parametrize("call", DIRECT + NOT_DIRECT)
def test_entered_directly_or_not_it_is_the_same(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    direct = outcome(calls(call))
    monkeypatch.setattr(direct_calls, "layout_of", lambda *_: None)
    assert direct == outcome(calls(call))


@pytest.mark.parametrize(("call", "entered"), [*((c, True) for c in DIRECT[:12]), *((c, False) for c in NOT_DIRECT)])
def test_what_is_entered_directly(call: str, entered: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[bool] = []
    real = direct_calls.call_fitting

    def counted(*arguments: Any) -> bool:
        found.append(real(*arguments))
        return found[-1]

    monkeypatch.setattr(direct_calls, "call_fitting", counted)
    outcome(calls(call))
    assert any(found) == entered


def test_arguments_that_turn_out_not_to_fit_are_evaluated_once() -> None:
    script = "function f([int]$A) { $A }; f 1; $n = 0; function g { $script:n++; '5' }; foreach ($i in 1..2) { f -A (g) }; $n"
    assert outcome(script) == (["1", "5", "5", "2"], [])


def test_one_place_calls_whatever_has_the_name_now() -> None:
    script = """
    foreach ($i in 1..4) {
        if ($i -eq 1) { function f([int]$A, $B) { "one $A $B" } }
        if ($i -eq 3) { function f([string]$B, [int]$A = 9) { "two $A $B" } }
        f -A 1 -B x
    }
    """
    assert outcome(script) == (["one 1 x", "one 1 x", "two 1 x", "two 1 x"], [])


def test_a_typed_parameter_stays_typed() -> None:
    script = "function f([int]$A) { $A = '12'; $A.GetType().Name; $A = 'x' }; f -A 1; f -A 1"
    output, errors = outcome(script)
    assert output == ["Int32", "Int32"]
    assert [error_id for error_id, _ in errors] == ["InvalidCastFromStringToInteger"] * 2

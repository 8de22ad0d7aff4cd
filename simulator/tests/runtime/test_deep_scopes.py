# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookups of variables in deep recursions: the same answers, without a look at every level."""

from __future__ import annotations

from hvsim.engine.runspace import Runspace
from hvsim.runtime.scope import DEEP, PRIVATE, Scope

LEVELS = 10 * DEEP


def chain(levels: int) -> list[Scope]:
    scopes = [Scope(None)]
    while len(scopes) < levels:
        scopes.append(Scope(scopes[-1]))
    return scopes


class _Counting(dict):  # type: ignore[type-arg]
    asked = 0

    def get(self, key: str, default: object = None) -> object:
        _Counting.asked += 1
        return super().get(key, default)


def test_levels_without_the_name_are_passed_over() -> None:
    scopes = chain(LEVELS)
    scopes[0].define("top", 1)
    for scope in scopes[DEEP:]:
        scope.vars = _Counting(scope.vars)
    found = scopes[-1].find("top")
    assert found is not None and found.value == 1
    assert scopes[-1].find("nowhere") is None
    assert _Counting.asked == 2, "only the scope itself is asked, once for each name"


def test_a_variable_of_a_level_is_seen_from_all_below_it_and_only_there() -> None:
    scopes = chain(LEVELS)
    branch = Scope(scopes[5 * DEEP])
    for depth in (0, DEEP - 1, DEEP, DEEP + 1, 5 * DEEP):
        name = f"v{depth}"
        assert scopes[-1].find(name) is None
        scopes[depth].define(name, depth)
        found = scopes[-1].find(name)
        assert found is not None and found.value == depth
        assert branch.find(name) is found
        assert depth == 0 or scopes[depth - 1].find(name) is None
    branch.define("own", 1)
    assert scopes[-1].find("own") is None
    scopes[3 * DEEP].define("hidden", 1, PRIVATE)
    assert scopes[-1].find("hidden") is None
    scopes[2 * DEEP].vars.update({"hidden": scopes[0].define("other", 2)})
    found = scopes[-1].find("hidden")
    assert found is not None and found.value == 2


def test_a_script_sees_variables_set_above_it_later() -> None:
    result = Runspace().run(
        "function f($n) { if ($n -gt 300) { Set-Variable -Name late -Value 7 -Scope 150; $late; $never; return }; f ($n + 1) }\n"
        "f 1; $late"
    )
    assert result.output == [7, None, None]

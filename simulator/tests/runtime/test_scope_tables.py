# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions and aliases are found through deep recursions, and as soon as they are defined."""

from __future__ import annotations

from hvsim.engine.runspace import Runspace
from hvsim.runtime.scope import Scope


def run(script: str) -> list[object]:
    result = Runspace().run(script)
    assert result.terminating is None
    return result.output


def test_lookup_skips_scopes_without_tables() -> None:
    top = Scope(None)
    top.functions = {"f": "top"}
    chain = [top]
    for _ in range(100):
        chain.append(Scope(chain[-1]))
    deep = chain[-1]
    assert deep.find_function("f") == "top"
    assert deep._next is top
    chain[50].functions = {"f": "middle"}
    assert deep.find_function("f") == "middle"
    assert deep._next is chain[50]
    assert chain[49].find_function("f") == "top"
    chain[70].aliases = {"a": "alias"}
    assert (deep.find_alias("a"), deep.find_function("f")) == ("alias", "middle")
    assert chain[60].find_alias("a") is None
    chain[50].functions = None
    assert deep.find_function("f") == "top"


def test_functions_defined_while_inner_scopes_run() -> None:
    script = "function outer { inner; & { . { function late { 'late' } }; late; & { late } }; late 2>$null }; function inner { 'in' }; outer"
    assert run(script) == ["in", "late", "late"]
    assert run("function a { Set-Alias x Get-Date; b }; function b { (Get-Alias x).Definition }; a") == ["Get-Date"]

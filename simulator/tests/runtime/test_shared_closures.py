# SPDX-License-Identifier: GPL-3.0-or-later
"""A script that was run before is not compiled again, and no runspace sees anything of another."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.runtime.scriptblock import Code

SCRIPT = """
function Test-Length {
    param([ValidateScript({ $_ -le $limit }, ErrorMessage = '{0} is over the limit')][int]$Length = $limit, [string]$Name = 'n')
    & { "$Name $Length $((@(1, 2) | ForEach-Object { $_ * $limit }) -join ',')" }
}
try { Test-Length; Test-Length -Length 3 -Name x } catch { $_.Exception.Message }
"""


def run(limit: int, *, edition: str = "7") -> list[str]:
    runspace = Runspace(edition=edition)
    assert runspace.run(f"$limit = {limit}").terminating is None
    result = runspace.run(SCRIPT)
    assert result.terminating is None, result.terminating
    return [str(value) for value in result.output]


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the blocks that were compiled."""
    texts: list[str] = []
    compile_block = Code._closures

    def counting(code: Code) -> object:
        texts.append(code.text)
        return compile_block(code)

    monkeypatch.setattr(Code, "_closures", counting)
    return texts


def test_the_second_runspace_compiles_nothing(compilations: list[str]) -> None:
    first = run(5)
    assert " $_ * $limit " in compilations
    compilations.clear()
    assert run(5) == first == ["n 5 5,10", "x 3 5,10"]
    assert [text for text in compilations if "limit" in text and "limit = 5" not in text] == []


def test_attributes_belong_to_their_runspace() -> None:
    assert run(4) == ["n 4 4,8", "x 3 4,8"]
    assert run(2)[0] == "n 2 2,4" and "3 is over the limit" in run(2)[1]


def test_each_edition_has_closures_of_its_own() -> None:
    script = "[string](ConvertTo-Json 'ü<' -Compress)"
    outputs = [[str(value) for value in Runspace(edition=edition).run(script).output] for edition in ("7", "5.1", "7")]
    assert outputs == [['"ü<"'], ['"ü\\u003c"'], ['"ü<"']]


def test_runspaces_of_several_threads_share_a_script() -> None:
    with ThreadPoolExecutor(8) as pool:
        outputs = list(pool.map(run, [3, 4] * 20))
    assert outputs == [["n 3 3,6", "x 3 3,6"], ["n 4 4,8", "x 3 4,8"]] * 20


def test_a_kept_script_keeps_no_runspace() -> None:
    runspace = Runspace()
    runspace.run("$limit = 9")
    runspace.run(SCRIPT)
    session = weakref.ref(runspace.ctx)
    del runspace
    gc.collect()
    assert session() is None


def test_a_function_and_a_block_of_the_same_text_are_two() -> None:
    script = "$b = { param($A) $A }; function f($A) { $A }; filter g { $_ }; & $b 1; f 2; 3 | g; . $b 4"
    assert [Runspace().run(script).output for _ in range(2)] == [[1, 2, 3, 4]] * 2

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported


@pytest.mark.parametrize("text", ['{"a":[{}, []]} ', "1", "null", '"\\u00e9\\n"', "[-0.5e+3]", "[" * 64 + "]" * 64])
def test_json(shell: Any, text: str) -> None:
    assert shell.out(f"Test-Json '{text}'") == [True]


@pytest.mark.parametrize(
    "text", ["{a", "[1,]", "nul", '{"a":1,}', "[01]", "[1.]", "{''a'':1}", "// c", "1 2", '"\t"', "[" * 65 + "]" * 65, "NaN"]
)
def test_no_json(shell: Any, text: str) -> None:
    result = shell.run(f"Test-Json '{text}'")
    assert result.output == [False]
    assert [(e.fully_qualified_error_id, e.exception.message) for e in result.errors] == [
        ("InvalidJson,Microsoft.PowerShell.Commands.TestJsonCommand", "Cannot parse the JSON.")
    ]


def test_options(shell: Any) -> None:
    assert shell.out("Test-Json '[1,/*x*/] // y' -Options IgnoreComments, AllowTrailingCommas") == [True]
    with pytest.raises(Unsupported, match="parameter -Schema of Test-Json"):
        shell.run("Test-Json '{}' '{}'")

# SPDX-License-Identifier: GPL-3.0-or-later
"""Steppable pipelines: ``SteppablePipeline`` and ``PipelineProcessor.Step`` of PowerShell."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.lang.errors import Unsupported

PROXY = (
    "function P { [CmdletBinding()] param([Parameter(ValueFromPipeline)] $X) "
    "begin { $s = {%s}.GetSteppablePipeline($MyInvocation.CommandOrigin); $s.Begin($PSCmdlet) } "
    "process { $s.Process($_) } end { $s.End() } }\n"
)


def run(script: str) -> Result:
    return Runspace().run(script)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # Without a command to write for, each step answers what there is by then.
        (
            "$p = { ForEach-Object { 'b' } { \"v$_\" } { 'e' } }.GetSteppablePipeline(); $p.Begin($true); "
            "$x = $p.Process(1); $x.GetType().Name; $x -join ','; $p.Process(2); $p.End()",
            ["Object[]", "b,v1", "v2", "e"],
        ),
        ("$p = { ForEach-Object { $_ * 2 } | Where-Object { $_ -gt 2 } }.GetSteppablePipeline(); $p.Begin($true); $p.Process(1); $p.Process(2)", [4]),
        # Arguments are evaluated when the pipeline is made.
        ("$n = 1; $p = { Write-Output $n }.GetSteppablePipeline(); $n = 2; $p.Begin($false); $p.Process(); $p.End()", [1]),
        (PROXY % " Sort-Object -Descending " + "1, 3, 2 | P | ForEach-Object { \"<$_>\" }", ["<3>", "<2>", "<1>"]),
        # A command without input processes at the first step, not at the end.
        (
            "function P { [CmdletBinding()] param() begin { $s = { & { process { 'ip' } end { 'ie' } } }.GetSteppablePipeline(); $s.Begin($PSCmdlet) } "
            "process { 'p1'; $s.Process($_); 'p2' } end { 'e1'; $s.End() } }; P",
            ["p1", "ip", "p2", "e1", "ie"],
        ),
        (PROXY % " ForEach-Object { \"v$_\" } " + "1..5 | P | Select-Object -First 2; 'after'", ["v1", "v2", "after"]),
    ],
)
def test_steps(script: str, expected: list[Any]) -> None:
    result = run(script)
    assert (list(result.output), result.errors) == (expected, [])


def test_errors_of_the_commands_are_not_wrapped() -> None:
    script = PROXY % " Get-Variable @PSBoundParameters -Name no_such -ErrorAction Stop " + "try { P } catch { $_.FullyQualifiedErrorId }"
    assert run(script).output == ["VariableNotFound,Microsoft.PowerShell.Commands.GetVariableCommand"]
    script = "$p = { ForEach-Object { throw 'bad' } }.GetSteppablePipeline(); $p.Begin($true); try { $p.Process(1) } catch { $_.Exception.Message }"
    assert run(script).output == ["bad"]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("a; b", "Only a script block that contains exactly one pipeline or command can be converted."),
        ("if (1) { a }", "Only a script block that contains exactly one pipeline or command can be converted."),
        ("begin { a } end { b }", "The script block cannot be converted because it contains more than one clause."),
        ("trap { } a", "A script block that contains a top-level trap statement cannot be converted."),
        ("", "An empty script block cannot be converted."),
    ],
)
def test_blocks_that_are_not_one_pipeline(block: str, message: str) -> None:
    (record,) = run(f"{{ {block} }}.GetSteppablePipeline()").errors
    assert record.fully_qualified_error_id == "PSInvalidOperationException"
    assert record.message.startswith(f'Exception calling "GetSteppablePipeline" with "0" argument(s): "{message}')


@pytest.mark.parametrize("block", ["1 + 1", "1 | Write-Output", "param($x) a $x", "process { a } clean { }"])
def test_what_is_not_known_is_refused(block: str) -> None:
    with pytest.raises(Unsupported, match="GetSteppablePipeline"):
        run(f"{{ {block} }}.GetSteppablePipeline()")

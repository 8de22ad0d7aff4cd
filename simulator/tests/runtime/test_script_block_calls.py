# SPDX-License-Identifier: GPL-3.0-or-later
"""Script blocks that the engine itself calls: ``ScriptBlock.InvokeWithPipeImpl`` and ``BindArgumentsForScriptblockInvoke``."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import Unsupported


def run(script: str) -> Result:
    return Runspace(sample_machine(), edition="7").run(script)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # Nothing is mandatory, nothing is unknown, what is left over is $args.
        ('{ param([Parameter(Mandatory)]$x, $y) "$x/$y/$args" }.Invoke()', ["//"]),
        ('{ [CmdletBinding()] param($x) "$x/$args"; $null -eq $PSCmdlet }.Invoke(1, 2, 3)', ["1/2 3", True]),
        ("{ param([int]$x, $y) $PSBoundParameters.Count; $x.GetType().Name }.Invoke('5')", [1, "Int32"]),
        ('{ param([int]$x, $y = $x + 1) "$x $y" }.InvokeReturnAsIs("5")', ["5 6"]),
        ('1, 2 | ForEach-Object { param([Parameter(Mandatory)]$q, $r = 7) "$q/$r/$_" }', ["/7/1", "/7/2"]),
        ('Invoke-Command { param([Parameter(Mandatory)]$x) "x=$x" }', ["x="]),
        # Parameters of blocks that run in the caller's scope are gone afterwards.
        ("$q = 8; 1 | ForEach-Object { param($q) $q = 9 }; $q", [8]),
        ("1 | ForEach-Object { param([int]$new) $new = 9 }; $null -eq $new", [True]),
        ("{ process { 'p' } }.Invoke()", ["p"]),
        ("(1, 2).ForEach({ begin { 'b' } process { $_ } end { 'e' } })", ["b", 1, 2, "e"]),
    ],
)
def test_arguments_go_by_position(script: str, expected: list[Any]) -> None:
    result = run(script)
    assert (list(result.output), list(result.errors)) == (expected, [])


_CLAUSES = (
    "The script block cannot be invoked because it contains more than one clause. "
    "The Invoke() method can only be used on script blocks that contain a single clause."
)


@pytest.mark.parametrize(
    ("script", "message", "error_id"),
    [
        (
            "{ param([int]$x) $x }.Invoke('a')",
            'Exception calling "Invoke" with "1" argument(s): "Cannot convert value "a" to type "System.Int32". '
            "Error: \"The input string 'a' was not in a correct format.\"\"",
            "PSInvalidCastException",
        ),
        (
            "{ param([ValidateRange(1, 3)]$x = 9) $x }.Invoke()",
            'Exception calling "Invoke" with "0" argument(s): '
            '"The attribute cannot be added because variable x with value 9 would no longer be valid."',
            "ValidationMetadataException",
        ),
        (
            "1 | ForEach-Object { param([ValidateSet('a')]$x = 'b') $x }",
            "The attribute cannot be added because variable x with value b would no longer be valid.",
            "ValidateSetFailure,Microsoft.PowerShell.Commands.ForEachObjectCommand",
        ),
        ("{ begin { 1 } end { 2 } }.Invoke()", f'Exception calling "Invoke" with "0" argument(s): "{_CLAUSES}"', "PSInvalidOperationException"),
        (
            "1 | ForEach-Object { process { 1 } end { 2 } }",
            _CLAUSES,
            "InvalidOperation,Microsoft.PowerShell.Commands.ForEachObjectCommand",
        ),
        ("1 | Where-Object { process { 1 } clean { 2 } }", _CLAUSES, "InvalidOperation,Microsoft.PowerShell.Commands.WhereObjectCommand"),
        ("'a' -replace 'a', { begin { } process { 'x' } }", _CLAUSES, "InvalidOperation"),
    ],
)
def test_what_such_blocks_cannot_have(script: str, message: str, error_id: str) -> None:
    result = run(script)
    assert list(result.output) == []
    (error,) = result.errors
    assert (error.message, error.fully_qualified_error_id) == (message, error_id)


def test_origin_of_commands() -> None:
    script = """
function f { "$($MyInvocation.CommandOrigin)"; $null -eq $MyInvocation.DisplayScriptPosition }
f
"$($MyInvocation.CommandOrigin)"
"""
    assert list(run(script).output) == ["Internal", True, "Runspace"]


def test_place_of_a_script_block_and_of_a_parse_error() -> None:
    script = """
$extent = { 1;
  2 }.Ast.Extent
"$extent|$($extent.Text.Length)|$($extent.StartLineNumber),$($extent.StartColumnNumber)-$($extent.EndLineNumber),$($extent.EndColumnNumber)"
$extent.StartOffset, $extent.EndOffset
try { [scriptblock]::Create('1 + $x = 2') } catch { $e = $_.Exception.InnerException.Errors[0].Extent; "<$e>$($e.StartOffset)-$($e.EndOffset)" }
"""
    assert list(run(script).output) == ["{ 1;\n  2 }|10|2,11-3,6", 11, 21, "<1 + $x>0-6"]


@pytest.mark.parametrize("member", ["EndBlock", "Parent", "FindAll({ $true }, $true)", "Extent.StartScriptPosition"])
def test_nodes_of_syntax_trees_are_refused(member: str) -> None:
    with pytest.raises(Unsupported, match=r"ScriptBlockAst|IScriptPosition"):
        run(f"{{ 1 }}.Ast.{member}")


def test_activity_of_an_exception_that_leaves_a_cmdlet() -> None:
    script = "try { ConvertFrom-Json '{' } catch { $_.CategoryInfo.ToString() }"
    assert list(run(script).output) == ["NotSpecified: (:) [ConvertFrom-Json], ArgumentException"]


def test_class_of_enumerators() -> None:
    script = "([int[]](1, 2)).GetEnumerator().GetType().FullName; @{}.GetEnumerator().ToString(); @((1, 2).GetEnumerator()).Count"
    assert list(run(script).output) == ["System.ArrayEnumerator", "System.Collections.Hashtable+HashtableEnumerator", 2]
    for call in ("GetType()", "ToString()"):
        with pytest.raises(Unsupported, match="enumerator"):
            run(f"foreach ($i in 1) {{ $foreach.{call} }}")

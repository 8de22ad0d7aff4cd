# SPDX-License-Identifier: GPL-3.0-or-later
"""A script as a nested pipeline of the runspace: what ends in it, and what it shares with its caller."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported

NESTED = "$ps = [powershell]::Create([System.Management.Automation.RunspaceMode]::CurrentRunspace)"


def test_exit_ends_the_pipeline_and_its_code_is_kept(shell: Any) -> None:
    script = f"""{NESTED}
        $r = $ps.AddScript('1; & {{ 2; exit 3; 4 }}; 5').Invoke()
        $r -join ','; $LASTEXITCODE; $ps.Streams.Error.Count
    """
    assert shell.out(script) == ["1,2", 3, 0]


@pytest.mark.parametrize("word", ["break", "continue", "break somewhere"])
def test_loops_of_the_caller_go_on(shell: Any, word: str) -> None:
    script = f"""
        foreach ($i in 1, 2) {{ {NESTED}; $ps.AddScript('"in"; {word}; "never"').Invoke(); $i }}
        "$LASTEXITCODE"
    """
    assert shell.out(script) == ["in", 1, "in", 2, ""]


def test_a_try_around_it_is_none_for_its_statements(shell: Any) -> None:
    script = f"""{NESTED}
        try {{ $ps.AddScript('Get-Item C:/none; "went on"').Invoke() }} catch {{ 'caught' }}
        $ps.Streams.Error.Count
        $ps.Streams.Error.ReadAll() | ForEach-Object {{ $_.CategoryInfo.Category.ToString() }}
        $ps.Streams.Error.Count
    """
    assert shell.out(script) == ["went on", 1, "ObjectNotFound", 0]


def test_an_error_that_ends_it_comes_out_of_the_method(shell: Any) -> None:
    script = f"""{NESTED}
        try {{ $ps.AddScript('"lost"; throw "boom"').Invoke() }}
        catch {{ $_.Exception.GetType().Name; $_.Exception.Message; $_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId }}
    """
    assert shell.out(script) == [
        "MethodInvocationException",
        'Exception calling "Invoke" with "0" argument(s): "boom"',
        "boom",
    ]


def test_scopes(shell: Any) -> None:
    """It runs in the scope of its caller, or in one below."""
    script = f"""
        function f {{
            $x = 'mine'
            {NESTED}; $ps.AddScript('param ($a, $b) "$x $a $b"; $x = 1; $y = 2').AddArgument('A').AddArgument('B').Invoke(); "$x $y"
            {NESTED}; $ps.AddScript('$x; $x = 3; $z = 4', $true).Invoke(); "$x [$z]"
        }}
        f
    """
    assert shell.out(script) == ["mine A B", "1 2", 1, "1 []"]


def test_other_streams_and_the_question_mark_are_those_of_the_caller(shell: Any) -> None:
    result = shell.run(f"{NESTED}; $null = $ps.AddScript('Write-Warning careful; Get-Item C:/none').Invoke(); $?")
    assert ([record.message for record in result.warning], result.errors, result.output) == (["careful"], [], [True])


def test_a_function_writes_from_within_it(shell: Any) -> None:
    """At once, and to its output also while an assignment of its own captures what statements write."""
    script = f"""
        function f {{
            [CmdletBinding()] param ()
            {NESTED}
            $kept = & {{ $ps.AddScript('param ($w) 1, 2 | ForEach-Object {{ $w.WriteObject($_) }}; exit 4', $true).AddArgument($PSCmdlet).Invoke(); 'kept' }}
            "end $kept $LASTEXITCODE"
        }}
        f | ForEach-Object {{ "got $_" }}
    """
    assert shell.out(script) == ["got 1", "got 2", "got end kept 4"]


def test_disposed(shell: Any) -> None:
    _id, message = shell.error(f"{NESTED}; $ps.Dispose(); $ps.AddScript('1')")
    assert "Cannot access a disposed object." in message


@pytest.mark.parametrize(
    "script",
    [
        "[powershell]::Create()",
        "[powershell]::Create('NewRunspace')",
        f"{NESTED}; $ps.AddScript('1').AddScript('2')",
        f"{NESTED}; $ps.AddCommand('Get-Item')",
        f"{NESTED}; $ps.AddScript('1').BeginInvoke()",
        f"{NESTED}; $ps.Streams.Warning",
    ],
)
def test_the_rest_is_refused(shell: Any, script: str) -> None:
    with pytest.raises(Unsupported):
        shell.run(script)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Select-String: files by path and from the pipeline, contexts, several patterns; how results are shown."""

from __future__ import annotations

import fnmatch
from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine

FOLDER = """
$d = Join-Path ([IO.Path]::GetTempPath()) found
$null = New-Item -ItemType Directory $d
$f = Join-Path $d t.txt
'l1', 'match 2', 'l3 match' | Set-Content $f
"""


def output(script: str) -> list[Any]:
    result = Runspace(sample_machine()).run(FOLDER + script)
    assert (result.errors, result.terminating) == ([], None)
    return result.output


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            'Select-String match $f | ForEach-Object { $_.LineNumber; $_.Filename; "$_" -eq "${f}:$($_.LineNumber):$($_.Line)" }',
            [2, "t.txt", True, 3, "t.txt", True],
        ),
        ("Get-ChildItem $d | Select-String match | ForEach-Object RelativePath $d", ["t.txt", "t.txt"]),
        ("Get-Item $f | Select-String '^l' -List | ForEach-Object Line", ["l1"]),
        ("Select-String match $f -Quiet; Select-String nope $f -Quiet", [True, False]),
        ("Select-String match (Join-Path $d '*.txt') -Raw", ["match 2", "l3 match"]),
        ("@(Select-String match (Join-Path $d '*.none')).Count", [0]),
        ("Set-Location $d; Select-String match t.txt | Out-String", ["\nt.txt:2:match 2\nt.txt:3:l3 match\n\n"]),
        (
            "Set-Location $d; Select-String '^l3' t.txt -Context 1 | Out-String",
            ["\n  t.txt:2:match 2\n> t.txt:3:l3 match\n\n"],
        ),
    ],
)
def test_files(script: str, expected: list[Any]) -> None:
    assert output(script) == expected


def test_a_file_that_does_not_exist() -> None:
    (record,) = Runspace(sample_machine()).run("Select-String x /no/such/file").errors
    assert (record.fully_qualified_error_id, record.message) == (
        "PathNotFound,Microsoft.PowerShell.Commands.SelectStringCommand",
        "Cannot find path '/no/such/file' because it does not exist.",
    )


def test_context_is_whole_and_shown_once(shell: Any) -> None:
    script = "1..6 | ForEach-Object { \"$_\" } | Select-String '2|3|6' -Context 1"
    each = ' | ForEach-Object { $c = $_.Context; "$($c.PreContext)|$($c.PostContext)|$($c.DisplayPreContext)|$($c.DisplayPostContext)" }'
    assert shell.out(script + each) == ["1|3|1|", "2|4||4", "5||5|"]
    assert shell.out(script + " | Out-String") == ["\n  1\n> 2\n> 3\n  4\n  5\n> 6\n\n"]


def test_not_match_means_none_of_the_patterns(shell: Any) -> None:
    assert shell.out("'a', 'b', 'c' | Select-String a, b -NotMatch | ForEach-Object { $_.Line; $_.Pattern }") == [
        "c",
        "a",
    ]


FILES = "Remove-Item $f; Set-Location $d; Set-Content a.txt one, two; Set-Content b.txt four; $null = New-Item d.txt -ItemType Directory\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("'x' | Select-String y -Quiet", []),
        ("Get-ChildItem *.txt -File | Select-String t -Quiet", [True, False]),
        ("Select-String zzz a.txt, b.txt -Quiet", [False]),
        ("(Select-String o *.txt).Count", [3]),
        ("(Select-String o *.txt -Include *b*).Line", ["four"]),
        ("(Select-String o *.txt -Exclude *b*).Line", ["one", "two"]),
        ("('a', $null, 'b' | Select-String b).LineNumber", [3]),
        ("('ab', 'b' | Select-String b | Select-String a).Line", ["ab"]),
        ("$null -eq ('b' | Select-String b -Context 0).Context", [True]),
        ("$m = 'x', 'b', 'y' | Select-String b -Context 1 | Select-String b; $m.Context.PreContext; $m.Context.DisplayPreContext.Count", ["x", 0]),
    ],
)  # fmt: skip
def test_what_is_searched(script: str, expected: list[Any]) -> None:
    """MatchString.cs: folders are passed over, null is an empty line, a result of Select-String is matched by its line."""
    assert output(FILES + script) == expected


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("Select-String x -LiteralPath $d/nosuch.txt", "The file *nosuch.txt cannot be read: Could not find file '*nosuch.txt'."),
        (
            "Select-String x variable:home",
            "Cannot open the file because the current provider (Microsoft.PowerShell.Core\\Variable) cannot open files.",
        ),
    ],
)
def test_files_that_cannot_be_read(script: str, message: str) -> None:
    result = Runspace(sample_machine()).run(FOLDER + script)
    (record,) = result.errors
    assert record.fully_qualified_error_id == "ProcessingFile,Microsoft.PowerShell.Commands.SelectStringCommand"
    assert fnmatch.fnmatchcase(record.message, message)

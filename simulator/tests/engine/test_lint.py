# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate for Windows PowerShell 5.1."""

from __future__ import annotations

from pathlib import Path

import pytest

from hvsim.cli.main import main
from hvsim.engine.lint import RULES, lint_files

CLEAN = """\
Function Get-Thing {
    [CmdletBinding()]
    param([string] $Name)
    $found = Get-Item -LiteralPath $Name -ErrorAction Stop
    return $found.Length
}
$total = 0
foreach ($item in 'a', 'b') { $total += Get-Thing -Name $item }
Write-Output $total
"""


def findings(tmp_path: Path, text: str) -> list[tuple[int, int, str, str]]:
    file = tmp_path / "x.ps1"
    file.write_text(text, encoding="utf-8")
    return [(f.line, f.column, f.rule, f.message) for f in lint_files([str(file)])]


def test_clean_file_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, CLEAN) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "rule", "message"),
    [
        (
            "$x = $true ? 1 : 2; $x",
            1,
            12,
            "syntax",
            "Unexpected token '?' in expression or statement. The ternary operator came with PowerShell 7.",
        ),
        (
            "$args[0] ?? 3",
            1,
            10,
            "syntax",
            "Unexpected token '??' in expression or statement. The operator ?? came with PowerShell 7.",
        ),
        ("'a'; [semver] $v = '1.2.3'; $v", 1, 6, "member", "the type [semver] is not in Windows PowerShell 5.1"),
        (
            "New-Object object | Select-Object @{ e = { [uint[]] $_ } }",
            1,
            44,
            "member",
            "the type [uint[]] is not in Windows PowerShell 5.1",
        ),
        ("Get-Error", 1, 1, "cmdlet", "Get-Error came with PowerShell 6 or later"),
        ("Get-Nothing", 1, 1, "unknown-command", "Get-Nothing is neither a known cmdlet nor defined in these files"),
        (
            "'1' |\n    ConvertFrom-Json -AsHashtable",
            2,
            22,
            "parameter",
            "-AsHashtable of ConvertFrom-Json came with PowerShell 6 or later",
        ),
        ("Get-Item -Nope x", 1, 10, "parameter", "Get-Item has no parameter -Nope"),
        ("1 | Sort-Object -Stab", 1, 17, "parameter", "-Stable of Sort-Object came with PowerShell 6 or later"),
        ("[Convert]::ToHexString($args)", 1, 12, "member", "[Convert]::ToHexString is not in .NET Framework"),
        ("$args[0].TryAdd(1, 2)", 1, 10, "member", "the method TryAdd is not in .NET Framework"),
        ("if ($IsWindows) { 1 }", 1, 5, "member", "$IsWindows came with PowerShell 6 or later"),
        ("function Fetch-It { 1 }; Fetch-It", 1, 1, "verb", "Fetch-It: Fetch is not an approved verb"),
        ("1 | % { $_ }", 1, 5, "alias", "% is an alias of ForEach-Object"),
        ("Write-Host 'x'", 1, 1, "write-host", "use the module's result, Write-Verbose or Write-Output"),
        ("$unused = 1", 1, 1, "unused-variable", "$unused is set in the script and never read"),
        ("Write-Output 1 `\n    2", 1, 16, "backtick", "splat the arguments instead of continuing the line"),
    ],
)
def test_finding(tmp_path: Path, text: str, line: int, column: int, rule: str, message: str) -> None:
    assert (line, column, rule, message) in findings(tmp_path, text)


def test_allow_comment_silences_one_rule_on_its_line_and_the_next(tmp_path: Path) -> None:
    text = "# hvsim: allow write-host people look at this script's console\nWrite-Host 'x'\nWrite-Host 'y'\n"
    assert [f[:3] for f in findings(tmp_path, text)] == [(3, 1, "write-host")]


@pytest.mark.parametrize("comment", ["# hvsim: allow write-host", "# hvsim: allow no-such-rule because"])
def test_allow_comment_needs_a_rule_and_a_reason(tmp_path: Path, comment: str) -> None:
    assert [f[2] for f in findings(tmp_path, f"{comment}\nGet-Item x")] == ["allow"]


def test_functions_of_one_file_are_known_in_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.psm1").write_text("function Get-Mine { 1 }")
    (tmp_path / "b.ps1").write_text("Get-Mine")
    assert lint_files([str(tmp_path / "a.psm1"), str(tmp_path / "b.ps1")]) == []


def test_command_prints_one_line_per_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.ps1"
    file.write_text("Write-Host 'x'\n")
    assert main(["lint", str(file)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{file}:1:1: write-host: {'use the module' + chr(39) + 's result, Write-Verbose or Write-Output'}",
        "1 finding in 1 file",
    ]


def test_every_rule_has_a_test() -> None:
    source = Path(__file__).read_text("utf-8")
    assert [rule for rule in RULES if f'"{rule}"' not in source] == []


def test_missing_file_is_a_user_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(tmp_path / "none.ps1")]) == 2
    assert "cannot be read" in capsys.readouterr().err

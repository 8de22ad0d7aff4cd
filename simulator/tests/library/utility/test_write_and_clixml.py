# SPDX-License-Identifier: GPL-3.0-or-later
"""The Write cmdlets (Write.cs, WriteConsoleCmdlet.cs) and the files of the CliXml cmdlets (XmlCommands.cs, PathUtils.cs)."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Write-Host @{ a = 1 }", "[a, 1]"),
        ("[cultureinfo]::CurrentCulture = 'de-DE'; Write-Host 1.5 ([datetime]'2020-01-02')", "1,5 02.01.2020 00:00:00"),
        ("Write-Host @(1, @(2, 3)) $null x", "1 2 3  x"),
        ("Write-Host 1, 2 -Separator 0.5", "10.52"),
        ("Write-Host ([pscustomobject]@{ a = 1 })", "@{a=1}"),
        ("Write-Host (, [Collections.Generic.List[int]](1, 2))", "1 2"),
    ],
)
def test_write_host(shell: Any, script: str, expected: str) -> None:
    assert shell.out(f"& {{ {script} }} 6>&1 | ForEach-Object {{ \"$_\" }}") == [expected]


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "Write-Information x -Tags a, psHost",
            "PSPrefixReservedInInformationTag,Microsoft.PowerShell.Commands.WriteInformationCommand",
            "Cannot use tag 'psHost'. The 'PS' prefix is reserved.",
        ),
        (
            "Write-Error $null",
            "Microsoft.PowerShell.Commands.WriteErrorException",
            "Exception of type 'Microsoft.PowerShell.Commands.WriteErrorException' was thrown.",
        ),
        (
            "Write-Progress a -Id 1 -ParentId 1",
            "Argument,Microsoft.PowerShell.Commands.WriteProgressCommand",
            "ParentActivityId cannot be the same as the ActivityId.",
        ),
    ],
)
def test_errors(shell: Any, script: str, error_id: str, message: str) -> None:
    assert shell.error(script) == (error_id, message)


FOLDER = "Set-Location (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) clixml)); 1, 2, 3 | Export-Clixml a.xml\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Import-Clixml a.xml -First 1 -Skip 1", [2]),
        (", (1, 2, 3) | Export-Clixml b.xml; Import-Clixml b.xml -Skip 2", [3]),
        ("1 | Export-Clixml b.xml -Encoding unicode; (Get-Content b.xml -AsByteStream)[0..1]; Import-Clixml b.xml", [255, 254, 1]),
        ("try { Import-Clixml no.xml } catch { $_.FullyQualifiedErrorId }", ["FileOpenFailure,Microsoft.PowerShell.Commands.ImportClixmlCommand"]),
        (
            "try { 1 | Export-Clixml a.xml -NoClobber } catch { \"$_\"; $_.CategoryInfo.Category.ToString() }",
            ["File a.xml already exists and NoClobber was specified.", "ResourceExists"],
        ),
    ],
)
def test_clixml_files(script: str, expected: list[Any]) -> None:
    result = Runspace(sample_machine()).run(FOLDER + script)
    assert (result.errors, result.terminating) == ([], None)
    assert result.output == expected

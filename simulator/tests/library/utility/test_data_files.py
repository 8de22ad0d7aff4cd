# SPDX-License-Identifier: GPL-3.0-or-later
"""Import-PowerShellDataFile, and how the cmdlets that read or write a whole file open it."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine

_DATA = "Microsoft.PowerShell.Commands.ImportPowerShellDataFileCommand"


@pytest.fixture
def disk() -> Runspace:
    return Runspace(sample_machine())


def error_of(runspace: Runspace, script: str) -> tuple[str, str, str, str]:
    (record,) = runspace.run(script).errors
    return record.fully_qualified_error_id, record.message, record.category, record.exception.kind


def imported(runspace: Runspace, text: str, use: str) -> list[Any]:
    runspace.run(f"Set-Content /tmp/a.psd1 '{text}'")
    result = runspace.run(f"$d = Import-PowerShellDataFile /tmp/a.psd1; {use}")
    assert not result.errors, [e.message for e in result.errors]
    return result.output


def test_data_of_a_file(disk: Runspace) -> None:
    text = '@{ a = 1; b = "x", 2; c = @{ d = $true; e = @(1); f = { 1 } }; g = -5; h = [int]"7"; i = "t $null x" }'
    use = "$d.a; $d.b.Count; $d.c.d; $d.c.e.GetType().Name; $d.c.f.GetType().Name; $d.g; $d.h; $d.i"
    assert imported(disk, text, use) == [1, 2, True, "Object[]", "ScriptBlock", -5, 7, "t  x"]


@pytest.mark.parametrize("value", ["Get-Date", "$x", "1 + 1", "$PSScriptRoot", "[datetime]1", "(Get-Date)", "$true.a", "@(1 | Sort-Object)"])
def test_what_would_have_to_run_is_no_data(disk: Runspace, value: str) -> None:
    disk.run(f"Set-Content /tmp/a.psd1 '@{{ a = {value} }}'")
    error_id, message, _, kind = error_of(disk, "Import-PowerShellDataFile /tmp/a.psd1")
    assert (error_id, kind) == (f"System.InvalidOperationException,{_DATA}", "System.InvalidOperationException")
    assert message.endswith(f"evaluating dynamic expressions. Dynamic expression: @{{ a = {value} }}.")


def test_limits_can_be_skipped(disk: Runspace) -> None:
    disk.run("Set-Content /tmp/a.psd1 \"@{ $((1..501 | % { \"\"k$_=1\"\" }) -join ';') }\"")
    assert error_of(disk, "Import-PowerShellDataFile /tmp/a.psd1")[0].startswith("System.InvalidOperationException,")
    assert disk.run("(Import-PowerShellDataFile /tmp/a.psd1 -SkipLimitCheck).Count").output == [501]


@pytest.mark.parametrize(
    ("text", "error_id"),
    [("@{ a = ", "CouldNotParseAsPowerShellDataFile"), ("1, 2", "CouldNotParseAsPowerShellDataFileNoHashtableRoot")],
)
def test_no_data_file(disk: Runspace, text: str, error_id: str) -> None:
    disk.run(f"Set-Content /tmp/a.psd1 '{text}'")
    message = "The file '/tmp/a.psd1' could not be parsed as a PowerShell Data File."
    expected = (f"{error_id},{_DATA}", message, "InvalidData", "System.InvalidOperationException")
    assert error_of(disk, "Import-PowerShellDataFile /tmp/a.psd1") == expected


def test_a_missing_file_does_not_keep_it_from_the_next(disk: Runspace) -> None:
    disk.run("Set-Content /tmp/a.psd1 '@{ a = 1 }'")
    result = disk.run("(Import-PowerShellDataFile /tmp/none.psd1, /tmp/a.psd1).a")
    assert result.output == [1]
    (record,) = result.errors
    assert (record.fully_qualified_error_id, record.category) == (f"PathNotFound,{_DATA}", "InvalidArgument")


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        ("Import-Csv /tmp/none.csv", "FileOpenFailure", "Could not find file '/tmp/none.csv'."),
        ("Import-Csv /tmp", "FileOpenFailure", "Access to the path '/tmp' is denied."),
        ("Import-Csv /tmp/n*.csv", "FileOpenFailure", "the wildcard path /tmp/n*.csv did not resolve to a file."),
        ("Import-Csv /tmp/*.csv", "ReadWriteMultipleFilesNotSupported", "the path resolved to more than one file."),
        ("Import-Csv env:PATH", "ReadWriteFileNotFileSystemProvider", "provider (Microsoft.PowerShell.Core\\Environment)"),
        ("Import-Clixml /tmp/none.xml", "FileOpenFailure", "Could not find file '/tmp/none.xml'."),
        ("1 | Export-Csv /nope/x.csv", "FileOpenFailure", "Could not find a part of the path '/nope/x.csv'."),
        ("1 | Export-Csv", "CannotSpecifyPathAndLiteralPath", "either the -Path or -LiteralPath parameters, but not both."),
        ("1 | Export-Csv /tmp/x.csv -NoClobber", "NoClobber", "File /tmp/x.csv already exists and NoClobber was specified."),
        ("1 | Export-Clixml /tmp/x.csv -NoClobber", "NoClobber", "File /tmp/x.csv already exists and NoClobber was specified."),
        ("1 | Out-File /tmp/x.csv -NoClobber", "NoClobber", "File /tmp/x.csv already exists and NoClobber was specified."),
        ("'x' | Set-Content /tmp/b; Import-Clixml /tmp/b", "System.Xml.XmlException", "Data at the root level is invalid. Line 1, position 1."),
    ],
)
def test_files_that_cannot_be_opened(disk: Runspace, script: str, error_id: str, message: str) -> None:
    disk.run("Set-Content /tmp/x.csv, /tmp/y.csv 'a'")
    found = error_of(disk, script)
    assert found[0].partition(",")[0] == error_id
    assert message in found[1]


def test_encodings_of_csv_and_clixml(disk: Runspace) -> None:
    script = """
    [pscustomobject]@{ a = 'é' } | Export-Csv /tmp/x.csv -Encoding unicode; [pscustomobject]@{ a = 'ü' } | Export-Csv /tmp/x.csv -Append
    (Get-Content /tmp/x.csv -AsByteStream | Select-Object -First 4) -join ','; (Import-Csv /tmp/x.csv).a
    [pscustomobject]@{ a = 'é' } | Export-Csv /tmp/y.csv -Encoding ascii; (Import-Csv /tmp/y.csv).a
    Set-Content /tmp/z.csv 'a', 'é' -Encoding latin1; (Import-Csv /tmp/z.csv -Encoding latin1).a
    1..5 | Export-Clixml /tmp/x.xml -Encoding unicode; (Get-Content /tmp/x.xml -AsByteStream)[0, 1] -join ','
    (Import-Clixml /tmp/x.xml -Skip 1 -First 2) -join ','
    """
    result = disk.run(script)
    assert not result.errors, [e.message for e in result.errors]
    assert result.output == ["255,254,34,0", "é", "ü", "?", "é", "255,254", "2,3"]


def test_groups_without_a_key_make_no_table(disk: Runspace) -> None:
    script = "[pscustomobject]@{ n = 'x' }, [pscustomobject]@{ n = $null } | Group-Object n -AsHashTable"
    error_id, message, category, kind = error_of(disk, script)
    assert message.startswith("The objects grouped by this property cannot be expanded because there is a key duplication.")
    assert (error_id, category, kind) == (f"{message},Microsoft.PowerShell.Commands.GroupObjectCommand", "InvalidArgument", "System.Exception")

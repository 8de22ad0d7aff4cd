# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV as CsvCommands.cs reads and writes it, and how its files are opened (PathUtils.cs)."""

from __future__ import annotations

import fnmatch
from typing import Any

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.engine.sample_machine import sample_machine


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,\n1,2,3", '{"a":"1","b":"2"}'),
        ("# comment\na\n1", '{"a":"1"}'),
        ("\na", '{"H1":"a"}'),
        ("a\n# data\n", '{"a":"# data"}'),
        ("#Software: x\n#Fields: a,b\n1,2", '{"a":"1","b":"2"}'),
        ("a,b\nx y ,1  ", '{"a":"x y ","b":"1 "}'),
        ('a,b\n"x"  ,"y" z ', '{"a":"x","b":"y z "}'),
        ('a,b\nx"y",z', '{"a":"x\\"y\\"","b":"z"}'),
        ('a,b\n1,"2', '{"a":"1","b":"2"}'),
        ("a,b\n1,", '{"a":"1","b":null}'),
        ("a,b\n1,\n", '{"a":"1","b":""}'),
        ("a,b\n1,\n\n", '{"a":"1","b":""}'),
    ],
)
def test_records(shell: Any, text: str, expected: str) -> None:
    quoted = text.replace("'", "''")
    assert shell.out(f"ConvertFrom-Csv '{quoted}' | ConvertTo-Json -Compress") == [expected]


def test_a_comment_is_no_header_in_powershell_7_only(windows: Any) -> None:
    """The first line that begins with # is taken for the type line in both."""
    script = "ConvertFrom-Csv \"#x`n#y`n1\" | ForEach-Object { $_.psobject.Properties.Name }"
    assert windows.out(script) == ["#y"]


def test_every_line_of_the_pipeline_may_be_a_type_line(shell: Any) -> None:
    assert shell.out("('a', '#1', '2' | ConvertFrom-Csv).a") == ["2"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[pscustomobject]@{ d = [datetime]'2020-01-02'; x = 1.5 } | ConvertTo-Csv", ['"d","x"', '"1/2/2020 12:00:00\u202fAM","1.5"']),
        (
            "[cultureinfo]::CurrentCulture = 'de-DE'; [pscustomobject]@{ d = [datetime]'2020-01-02'; x = 1.5 } | ConvertTo-Csv",
            ['"d","x"', '"02.01.2020 00:00:00","1,5"'],
        ),
        ("1, 2 | ConvertTo-Csv", []),
        ("[pscustomobject]@{ a = 1 } | ConvertTo-Csv -NoHeader -IncludeTypeInformation", ['"1"']),
        ("@{ a = 1 } | Add-Member n 5 -PassThru | ConvertTo-Csv", ['"a","n"', '"1","5"']),
        ("[pscustomobject]@{ a = [Collections.Generic.List[int]]::new() } | ConvertTo-Csv -NoHeader",
         ['"System.Collections.Generic.List`1[System.Int32]"']),
    ],
)  # fmt: skip
def test_values_are_those_of_to_string(shell: Any, script: str, expected: list[str]) -> None:
    assert shell.out(script) == expected


FOLDER = "Set-Location (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) csv)); 'a', '1' | Set-Content x.csv; 'a', '2' | Set-Content y.csv\n"


def run(script: str) -> Result:
    return Runspace(sample_machine()).run(FOLDER + script)


@pytest.mark.parametrize(
    ("script", "error_id", "category", "message"),
    [
        ("Import-Csv nosuch.csv", "FileOpenFailure", "OpenError", "Could not find file '*nosuch.csv'."),
        ("Import-Csv *.csv", "ReadWriteMultipleFilesNotSupported", "InvalidArgument",
         "Cannot perform operation because the path resolved to more than one file. This command cannot operate on multiple files."),
        ("Import-Csv nosuch*", "FileOpenFailure", "OpenError",
         "Cannot perform operation because the wildcard path nosuch* did not resolve to a file."),
        ("Import-Csv .", "FileOpenFailure", "OpenError", "Access to the path '*' is denied."),
        ("Import-Csv variable:home", "ReadWriteFileNotFileSystemProvider", "InvalidArgument",
         "Cannot open file because the current provider (Microsoft.PowerShell.Core\\Variable) cannot open a file."),
        ("1 | Export-Csv", "CannotSpecifyPathAndLiteralPath", "InvalidData",
         "You must specify either the -Path or -LiteralPath parameters, but not both."),
        ("1 | Export-Csv no/x.csv", "FileOpenFailure", "OpenError", "Could not find a part of the path '*x.csv'."),
        ("1 | Export-Csv x.csv -NoClobber", "NoClobber", "ResourceExists", "File x.csv already exists and NoClobber was specified."),
        ("[pscustomobject]@{ b = 1 } | Export-Csv x.csv -Append", "CannotAppendCsvWithMismatchedPropertyNames", "InvalidData",
         "Cannot append CSV content to the following file: x.csv. The appended object does not have a property that corresponds to the "
         "following column: a. To continue with mismatched properties, add the -Force parameter, and then retry the command."),
    ],
)  # fmt: skip
def test_files_that_cannot_be_opened(script: str, error_id: str, category: str, message: str) -> None:
    record = run(script).terminating or run(f"try {{ {script} }} catch {{ $_ }}").output[0]
    assert record.fully_qualified_error_id.split(",")[0] == error_id
    assert record.category == category
    assert fnmatch.fnmatchcase(record.message, message)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[pscustomobject]@{ A = 5; b = 1 } | Export-Csv x.csv -Append; Get-Content x.csv", ["a", "1", '"5"']),
        ("[pscustomobject]@{ b = 1 } | Export-Csv x.csv -Append -Force; @(Import-Csv x.csv).Count", [1]),
        ("1 | Export-Csv x.csv -Encoding utf8BOM; (Get-Content x.csv -AsByteStream)[0..2] -join ','", ["239,187,191"]),
        ("1 | Export-Csv x.csv -WhatIf; Get-Content x.csv", ["a", "1"]),
    ],
)
def test_files(script: str, expected: list[Any]) -> None:
    result = run(script)
    assert (result.errors, result.terminating) == ([], None)
    assert result.output == expected

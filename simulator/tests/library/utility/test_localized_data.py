# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import Unsupported

_FILES = """
$null = New-Item /tmp/l/de, /tmp/l/en-US -ItemType Directory
Set-Content /tmp/l/en-US/x.psd1 "# c`nConvertFrom-StringData @'`na=hello`nb=world`n'@"
Set-Content /tmp/l/de/x.psd1 "@{ a = 'hallo' }"
Set-Content /tmp/l/x.psd1 "@{ a = 'default' }"
Set-Content /tmp/l/en-US/s.psd1 '@{ a = "script" }'
Set-Content /tmp/l/s.ps1 'Import-LocalizedData -BindingVariable q; $q.a'
Set-Content /tmp/l/bad.psd1 'Get-Date'
"""


@pytest.fixture
def disk() -> Runspace:
    runspace = Runspace(sample_machine())
    assert not runspace.run(_FILES).errors
    return runspace


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Import-LocalizedData -BindingVariable m -BaseDirectory /tmp/l -FileName x.psd1; $m.a; $m.b", ["hello", "world"]),
        ("Import-LocalizedData m -UICulture de-DE -BaseDirectory /tmp/l -FileName x; $m.a", ["hallo"]),
        ("(Import-LocalizedData -UICulture fr-FR -BaseDirectory /tmp/l -FileName x).a", ["default"]),
        ("& /tmp/l/s.ps1", ["script"]),
        ("function F { Import-LocalizedData script:z -BaseDirectory /tmp/l -FileName x }; F; $z.a", ["hello"]),
    ],
)
def test_the_file_of_the_culture(disk: Runspace, script: str, expected: list[str]) -> None:
    result = disk.run(script)
    assert not result.errors, [e.message for e in result.errors]
    assert result.output == expected


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "Import-LocalizedData m -BaseDirectory /tmp/l -FileName nope",
            "ImportLocalizedData",
            "Cannot find the PowerShell data file 'nope.psd1' in directory '/tmp/l/en-US', or in any parent culture directories.",
        ),
        ("Import-LocalizedData m", "InvalidOperation", "The FileName parameter was not specified."),
        ("Import-LocalizedData m -FileName a/b", "InvalidOperation", "The argument for the FileName parameter should not contain a path."),
    ],
)
def test_errors(disk: Runspace, script: str, error_id: str, message: str) -> None:
    (record,) = disk.run(script).errors
    assert record.fully_qualified_error_id == f"{error_id},Microsoft.PowerShell.Commands.ImportLocalizedData"
    assert record.message.startswith(message)


def test_more_than_data_is_refused(disk: Runspace) -> None:
    with pytest.raises(Unsupported, match="which holds more than data"):
        disk.run("Import-LocalizedData m -BaseDirectory /tmp/l -FileName bad")
    assert disk.run("Import-LocalizedData m -BaseDirectory /tmp/l -FileName bad -SupportedCommand Get-Date; $m.GetType().Name").output == [
        "DateTime"
    ]


def test_completers_have_no_effect(disk: Runspace) -> None:
    assert disk.run("Register-ArgumentCompleter -CommandName x -ParameterName y -ScriptBlock { 1 }; 'done'").output == ["done"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the table "Windows PowerShell 5.1" in README.md: one script each, and what both editions print."""

from __future__ import annotations

from pathlib import Path

import pytest

from hvsim.engine.api import ScriptRequest, Session
from hvsim.engine.embedded import EmbeddedEngine
from hvsim.engine.runspace import Runspace
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported

ROOT = Path(__file__).parents[2]
ROWS = [
    ("edition and version", '"$($PSVersionTable.PSEdition) $($PSVersionTable.PSVersion.Major)"', "Desktop 5", "Core 7"),
    ("no $IsWindows", "Test-Path variable:IsWindows", "False", "True"),
    ("default $ErrorView", "$ErrorView", "NormalView", "ConciseView"),
    (
        "no ternary operator",
        "try { Invoke-Expression '$true ? 1 : 2' } catch { $_.Exception.Message.Split(\"`n\")[-1].Trim() }",
        "Unexpected token '?' in expression or statement.",
        "1",
    ),
    (
        "no null-coalescing operator",
        "try { Invoke-Expression '$null ?? 3' } catch { $_.Exception.Message.Split(\"`n\")[-1].Trim() }",
        "Unexpected token '??' in expression or statement.",
        "3",
    ),
    (
        "no pipeline chains",
        "try { Invoke-Expression \"'a' && 'b'\" } catch { $_.FullyQualifiedErrorId.Split(',')[0] }",
        "InvalidEndOfLine",
        "a\nb",
    ),
    ("number suffixes", "try { 12n } catch { $_.FullyQualifiedErrorId }", "CommandNotFoundException", "12"),
    (
        "ranges of characters",
        "try { ('a'..'c') -join '' } catch { $_.FullyQualifiedErrorId }",
        "InvalidCastFromStringToInteger",
        "abc",
    ),
    ("negative zero", '"$(-0.0)"', "0", "-0"),
    ("text of doubles", "(0.1 + 0.2).ToString()", "0.3", "0.30000000000000004"),
    (
        "double out of range",
        "try { [double]::Parse('1e400') -gt 1 } catch { $_.Exception.InnerException.Message }",
        "Value was either too large or too small for a Double.",
        "True",
    ),
    ("percent pattern of en-US", "(1.5).ToString('P1', [cultureinfo]::GetCultureInfo('en-US'))", "150.0 %", "150.0%"),
    ("binary format", "try { '{0:B}' -f 5 } catch { $_.FullyQualifiedErrorId }", "FormatError", "101"),
    (
        "AddSeconds rounds to milliseconds",
        "([datetime]'2020-01-01').AddSeconds(0.0001234).Ticks % 10000000",
        "0",
        "1234",
    ),
    (
        "no arithmetic of time spans",
        "try { \"$([timespan]'00:01:00' * 2)\" } catch { $_.FullyQualifiedErrorId }",
        "MethodNotFound",
        "00:02:00",
    ),
    (
        "cast of text to int",
        "try { [int]'x' } catch { $_.Exception.InnerException.Message }",
        'Cannot convert value "x" to type "System.Int32". Error: "Input string was not in a correct format."',
        'Cannot convert value "x" to type "System.Int32". Error: "The input string \'x\' was not in a correct format."',
    ),
    (
        "cast of text to a date",
        "try { [datetime]::Parse('') } catch { $_.Exception.InnerException.Message }",
        "String was not recognized as a valid DateTime.",
        "String '' was not recognized as a valid DateTime.",
    ),
    (
        "pattern that does not parse",
        "try { [regex]::Match('a', '(') } catch { $_.FullyQualifiedErrorId; $_.Exception.InnerException.Message }",
        'ArgumentException\nparsing "(" - Not enough )\'s.',
        "RegexParseException\nInvalid pattern '(' at offset 1. Not enough )'s.",
    ),
    (
        "unknown command",
        "try { No-Such } catch { $_.Exception.Message.Substring(0, 60) }",
        "The term 'No-Such' is not recognized as the name of a cmdlet",
        "The term 'No-Such' is not recognized as a name of a cmdlet,",
    ),
    (
        "text of errors: the command in front",
        "try { No-Such } catch { ($_ | Out-String).Substring(0, 18) }",
        "No-Such : The term",
        "No-Such: The term",
    ),
    (
        "text of errors: Write-Error of a script",
        '$e = @(& { Write-Error boo } 2>&1); ($e[0] | Out-String).Trim().Split("`n")[0].Trim()',
        "Write-Error boo  : boo",
        "Write-Error: boo",
    ),
    (
        "lacks: cmdlets",
        "try { 'a' | Join-String } catch { $_.FullyQualifiedErrorId }",
        "CommandNotFoundException",
        "a",
    ),
    (
        "lacks: parameters",
        "foreach ($s in { Get-Date -AsUTC }, { Join-Path a b c }) { try { $null = & $s; 'bound' } catch { $_.FullyQualifiedErrorId.Split(',')[0] } }",
        "NamedParameterNotFound\nPositionalParameterNotFound",
        "bound\nbound",
    ),
    (
        "lacks: common parameter ProgressAction",
        "function f { [CmdletBinding()] param() 1 }; try { f -ProgressAction Ignore } catch { $_.FullyQualifiedErrorId }",
        "NamedParameterNotFound,f",
        "1",
    ),
    (
        "lacks: types",
        "foreach ($s in { [semver] }, { [uint] }, { 'uint' -as [type] }, { New-Object semver 1 }) { try { (& $s).GetType().Name } catch { $_.FullyQualifiedErrorId.Split(',')[0] } }",
        "TypeNotFound\nTypeNotFound\nInvokeMethodOnNull\nTypeNotFound",
        "RuntimeType\nRuntimeType\nRuntimeType\nSemanticVersion",
    ),
    (
        "lacks: members of .NET",
        "foreach ($s in { [math]::Clamp(5, 1, 3) }, { [Collections.Generic.Queue[int]]::new().TryDequeue([ref] $null) }, { $null -eq [datetime]::UnixEpoch }) { try { & $s } catch { $_.FullyQualifiedErrorId } }",
        "MethodNotFound\nMethodNotFound\nTrue",
        "3\nFalse\nFalse",
    ),
    (
        "lacks: overloads of .NET",
        "'a--b'.Split('--').Count; try { 'abc'.Contains('B', 'OrdinalIgnoreCase') } catch { $_.FullyQualifiedErrorId }",
        "3\nMethodCountCouldNotFindBest",
        "2\nTrue",
    ),
    (
        "parameter in texts of .NET",
        "try { [Collections.ArrayList]::new(-1) } catch { $_.Exception.InnerException.Message.Replace(\"`r`n\", '|') }",
        "'capacity' must be non-negative.|Parameter name: capacity",
        "'capacity' must be non-negative. (Parameter 'capacity')",
    ),
    (
        "culture of the session",
        "(1.5).ToString('P1')",
        "150.0 %",
        "150.0%",
    ),
    (
        "keys of tables are no properties: Select-Object",
        "@{ a = 1 } | Select-Object a | ForEach-Object { $_.a -eq 1 }",
        "False",
        "True",
    ),
    (
        "keys of tables are no properties: Sort-Object",
        "(@{ n = 2 }, @{ n = 1 } | Sort-Object n | ForEach-Object { $_.n }) -join ' '",
        "2 1",
        "1 2",
    ),
    ("JSON: escapes", 'ConvertTo-Json "<\'&" -Compress', '"\\u003c\\u0027\\u0026"', '"<\'&"'),
    (
        "JSON: layout",
        "(ConvertTo-Json ([ordered]@{ a = 1; b = @() })).Replace(\"`r`n\", '|')",
        '{|    "a":  1,|    "b":  [||          ]|}',
        '{|  "a": 1,|  "b": []|}',
    ),
    (
        "JSON: dates",
        "ConvertTo-Json ([datetime]::new(2024, 3, 5, 7, 8, 9, [DateTimeKind]::Utc)) -Compress",
        '"\\/Date(1709622489000)\\/"',
        '"2024-03-05T07:08:09Z"',
    ),
    ("JSON: numbers read", "('1' | ConvertFrom-Json).GetType().Name", "Int32", "Int64"),
    (
        "JSON: dates read",
        '(\'{"d":"2024-03-05T07:08:09Z"}\' | ConvertFrom-Json).d.GetType().Name',
        "String",
        "DateTime",
    ),
    ("JSON: arrays stay whole", "('[1,2]' | ConvertFrom-Json | Measure-Object).Count", "1", "2"),
    (
        "JSON: text that does not parse",
        "try { '{bad' | ConvertFrom-Json } catch { $_.Exception.Message }",
        "Invalid object passed in, member name expected. (4): {bad",
        "Conversion from JSON failed with error: Unexpected end while parsing unquoted property name. Path '', line 1, position 4.",
    ),
    ("CSV: type line", "@([pscustomobject]@{ a = 1 } | ConvertTo-Csv).Count", "3", "2"),
    ("Compare-Object -ExcludeDifferent", "@(Compare-Object 1 1 -ExcludeDifferent).Count", "0", "1"),
    (
        "encoding of Set-Content",
        "Set-Content C:\\t.txt ([string][char]228) -NoNewline; [IO.File]::ReadAllBytes('C:\\t.txt') -join ','",
        "228",
        "195,164",
    ),
    (
        "encoding of Out-File",
        "'a' | Out-File C:\\t.txt -NoNewline; [IO.File]::ReadAllBytes('C:\\t.txt') -join ','",
        "255,254,97,0",
        "97",
    ),
    (
        "-Encoding utf8 has a mark",
        "Set-Content C:\\t.txt a -NoNewline -Encoding utf8; [IO.File]::ReadAllBytes('C:\\t.txt') -join ','",
        "239,187,191,97",
        "97",
    ),
    (
        "bytes of files",
        "Set-Content C:\\t.txt a -NoNewline; try { Get-Content C:\\t.txt -Encoding Byte } catch { $_.FullyQualifiedErrorId.Split(',')[0] }",
        "97",
        "ParameterArgumentTransformationError",
    ),
    ("Mode of items", "(Get-Item C:\\Windows).Mode", "d-----", "d----"),
    ("aliases of Unix names", "(Get-Alias curl -ErrorAction Ignore).Definition", "Invoke-WebRequest", ""),
    (
        "ConvertTo-SecureString wants -Force",
        "try { (ConvertTo-SecureString a -AsPlainText).Length } catch { $_.FullyQualifiedErrorId.Split(',')[0] }",
        "ImportSecureString_ForceRequired",
        "1",
    ),
    ("version of .NET", "[Environment]::Version.Major", "4", "10"),
    ("cut text", "('a' * 200 | Select-Object @{ n = 'x'; e = { $_ } } | Out-String).Contains('...')", "True", "False"),
    ("blank lines around lists", "([pscustomobject]@{ a = 1 } | Format-List | Out-String).Length", "17", "11"),
]


@pytest.mark.parametrize(("name", "script", "windows", "core"), ROWS, ids=[row[0] for row in ROWS])
@pytest.mark.parametrize("edition", ["5.1", "7"])
def test_difference(name: str, script: str, windows: str, core: str, edition: str) -> None:
    host = Host("HV01", powershell=edition)
    result = EmbeddedEngine().run_script(Session(host, "Administrator"), ScriptRequest(script))
    assert result.stderr == ""
    assert result.stdout.strip().replace("\r\n", "\n") == (windows if edition == "5.1" else core)


def table() -> dict[str, tuple[str, str]]:
    """Difference → place in code and source, as README.md has them."""
    section = (ROOT / "README.md").read_text("utf-8").split("## Windows PowerShell 5.1\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    return {name: (code.strip("`"), source) for name, code, source in rows}


def test_table_of_the_readme() -> None:
    assert list(table()) == [row[0] for row in ROWS]
    cases = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests/conformance").rglob("*.cases.ps1"))
    for code, source in table().values():
        assert (ROOT / "src/hvsim" / code).is_file(), code
        if source.startswith("`"):
            assert f"#### {source.strip('`')} " in cases, source


@pytest.mark.parametrize(
    "script",
    [
        "[wmi]'x'",
        "[wmiclass]",
        "[System.Management.ManagementClass[]]",
        "New-Object System.Management.ManagementObject",
    ],
)
def test_types_of_windows_powershell_alone_are_refused_by_name(script: str) -> None:
    with pytest.raises(Unsupported, match=r"type \[.+\] is not supported by hvsim"):
        Runspace(edition="5.1").run(script)
    if "System.Management" in script:
        # Whether PowerShell 7 finds it depends on what is installed beside it.
        with pytest.raises(Unsupported, match=r"type \[System\.Management\..+\] is not supported by hvsim"):
            Runspace(edition="7").run(script)
        return
    result = Runspace(edition="7").run(script)
    (record,) = [*result.errors, *([result.terminating] if result.terminating else [])]
    assert record.fully_qualified_error_id.startswith("TypeNotFound")


def test_a_parameter_set_goes_with_the_parameter_that_made_it() -> None:
    """Get-Date -UnixTimeSeconds came with PowerShell 7; without its sets, -UFormat belongs to one set again."""
    runspace = Runspace(edition="5.1")
    result = runspace.run("Get-Date -Date '2026-01-15' -UFormat '%Y'; (Get-Date -UFormat '%d').Length")
    assert (result.errors, result.output) == ([], ["2026", 2])

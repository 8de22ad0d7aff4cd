# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.library.utility.clixml_reader import decode, parse_duration
from hvsim.library.utility.clixml_writer import duration, encode
from hvsim.library.utility.csv_text import rows
from hvsim.runtime.machine import PlainMachine


class Frozen(PlainMachine):
    def clock(self) -> dt.datetime:
        return dt.datetime(2024, 3, 5, 7, 8, 9, tzinfo=dt.UTC) + dt.timedelta(seconds=self.slept)


def test_csv_rows() -> None:
    assert list(rows('a,"b ""q"", x"\n1,\n', ",")) == [["a", 'b "q", x'], ["1", ""]]
    assert list(rows("1,", ",")) == [["1"]]


def test_csv_quotes(shell: Any) -> None:
    assert shell.out("[pscustomobject]@{ a = 'x,y'; b = 1 } | ConvertTo-Csv -UseQuotes AsNeeded") == ["a,b", '"x,y",1']
    assert shell.out("[pscustomobject]@{ a = 'x'; b = 1 } | ConvertTo-Csv -QuoteFields b -NoHeader") == ['x,"1"']


def test_csv_type_line_of_windows_powershell(windows: Any) -> None:
    lines = windows.out("[pscustomobject]@{ a = 1 } | ConvertTo-Csv")
    assert lines == ["#TYPE System.Management.Automation.PSCustomObject", '"a"', '"1"']


def test_csv_missing_headers(shell: Any) -> None:
    result = shell.run("'a,,c', '1,2,3' | ConvertFrom-Csv | ForEach-Object H1")
    assert result.output == ["2"]
    assert result.warning[0].message.startswith("One or more headers were not specified.")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Get-Date -Format 'yyyy-MM-dd HH:mm:ss'", "2024-03-05 07:08:09"),
        ("Get-Date -Day 31 -Month 1 -Format 'MM-dd'", "01-31"),
        ("Get-Date -UFormat '%Y-%j %s %u'", "2024-065 1709622489 2"),
        ("Get-Date -Format FileDateTimeUniversal", "20240305T0708090000Z"),
        ("(New-TimeSpan -Hours 1 -Minutes 2).ToString()", "01:02:00"),
        ("Start-Sleep -Seconds 90; Get-Date -Format HH:mm:ss", "07:09:39"),
    ],
)
def test_dates_follow_the_machines_clock(script: str, expected: str) -> None:
    assert Runspace(Frozen()).run(script).output == [expected]


def test_compare_object(shell: Any) -> None:
    script = "Compare-Object a, b, c b, d -IncludeEqual | ForEach-Object { $_.SideIndicator + $_.InputObject }"
    assert sorted(shell.out(script)) == ["<=a", "<=c", "==b", "=>d"]


def test_random_is_repeatable_with_a_seed(shell: Any) -> None:
    first, second = shell.out(
        "(1..9 | Get-Random -Count 4 -SetSeed 7) -join ''; (1..9 | Get-Random -Count 4 -SetSeed 7) -join ''"
    )
    assert first == second
    assert shell.error("Get-Random -Minimum 5 -Maximum 5")[0].startswith("MinGreaterThanOrEqualMax,")


def test_select_string(shell: Any) -> None:
    assert shell.out("('ab12', 'x' | Select-String '\\d').Matches[0].Value") == ["1"]
    assert shell.out("'x', 'y' | Select-String x -NotMatch | ForEach-Object Line") == ["y"]
    assert shell.out("'x' | Select-String y -Quiet") == []


def test_string_data_and_join(shell: Any) -> None:
    assert shell.out('(ConvertFrom-StringData "a = 1`n# c`nb = x=y").b') == ["x=y"]
    assert shell.out("1, 2 | Join-String -Separator ';' -SingleQuote") == ["'1';'2'"]


def test_sort_leaves_equal_texts_as_dotnet_does(shell: Any) -> None:
    assert shell.out(
        "('b', 'A', 'a', 'B' | Sort-Object) -join ''; ('b', 'A', 'a' | Sort-Object -CaseSensitive) -join ''"
    ) == ["AabB", "aAb"]


def test_add_member_by_position(shell: Any) -> None:
    assert shell.out(
        "$o = [pscustomobject]@{}; $o | Add-Member NoteProperty n 1; $o | Add-Member m 2; $o.n + $o.m"
    ) == [3]
    assert shell.error("[pscustomobject]@{ a = 1 } | Add-Member a 2")[0].startswith("MemberAlreadyExists,")


def test_type_data(shell: Any) -> None:
    script = "Update-TypeData -TypeName System.Int32 -MemberType ScriptProperty -MemberName Twice -Value { $this * 2 }; (4).Twice"
    assert shell.out(script) == [8]
    assert shell.error("Update-TypeData -TypeName System.Int32 -MemberType NoteProperty -MemberName Twice -Value 1")[
        0
    ].startswith("TypesDynamicUpdateException,")


def test_secure_strings_do_not_show(shell: Any) -> None:
    assert shell.out("ConvertTo-SecureString pw -AsPlainText -Force | ConvertFrom-SecureString -AsPlainText") == ["pw"]
    (text,) = shell.out("ConvertTo-SecureString pw -AsPlainText -Force | ConvertFrom-SecureString")
    assert "pw" not in text
    assert shell.out(f"ConvertTo-SecureString '{text}' | ConvertFrom-SecureString -AsPlainText") == ["pw"]
    assert shell.error("ConvertTo-SecureString 'zz'")[0].startswith("ImportSecureString_InvalidArgument,")


@pytest.mark.parametrize(
    ("plain", "coded"), [("a\n_x", "a_x000A__x005F_x"), ("\ud83d\ude00", "_xD83D__xDE00_"), ("__", "__")]
)
def test_clixml_text(plain: str, coded: str) -> None:
    assert encode(plain) == coded
    assert decode(coded) == plain


@pytest.mark.parametrize("ticks", [0, 10_000_000, -864_001_000_000, 36_000_000_000 * 25 + 5])
def test_clixml_durations_come_back(ticks: int) -> None:
    assert parse_duration(duration(ticks)).ticks == ticks


def test_clixml_round_trip(shell: Any) -> None:
    script = """
    $x = [pscustomobject]@{ n = 1; list = 1, 'a'; h = [ordered]@{ z = 1; a = $null } } | ConvertTo-CliXml | ConvertFrom-CliXml
    $x.n; $x.list.GetType().Name; $x.h.GetType().Name; $x.h.Keys -join ','; $x.PSObject.TypeNames[0]
    """
    assert shell.out(script) == [
        1,
        "ArrayList",
        "OrderedDictionary",
        "z,a",
        "Deserialized.System.Management.Automation.PSCustomObject",
    ]


def test_clixml_rejects_other_xml(shell: Any) -> None:
    error_id, _ = shell.error("'<a/>' | ConvertFrom-CliXml")
    assert error_id == "System.Xml.XmlException,Microsoft.PowerShell.Commands.ConvertFromClixmlCommand"

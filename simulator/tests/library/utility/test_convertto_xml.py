# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertTo-Xml, by PowerShell's own tests (ConvertTo-Xml.Tests.ps1) and the rules of CustomSerialization.cs."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
CUSTOM = "System.Management.Automation.PSCustomObject"


def test_a_document(shell: Any) -> None:
    assert shell.out("([pscustomobject]@{ p = 'v' } | ConvertTo-Xml).OuterXml") == [
        f'{HEAD}<Objects><Object Type="{CUSTOM}"><Property Name="p" Type="System.String">v</Property></Object></Objects>'
    ]
    assert shell.out("(1, 2 | ConvertTo-Xml).Objects.Object.'#text'") == ["1", "2"]


def test_a_stream_of_texts(shell: Any) -> None:
    assert shell.out("[pscustomobject]@{ p = 'v' } | ConvertTo-Xml -As Stream -NoTypeInformation") == [
        HEAD, "<Objects>", '<Object>\n  <Property Name="p">v</Property>\n</Object>', "</Objects>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("'a<b'", ['  <Object Type="System.String">a&lt;b</Object>']),
        ("''", ['  <Object Type="System.String" />']),
        ("$null", ["  <Object />"]),
        ("1.5", ['  <Object Type="System.Double">1.5</Object>']),
        ("[timespan]'1:0'", ['  <Object Type="System.TimeSpan">01:00:00</Object>']),
        (
            "@{ k = $null }",
            ['  <Object Type="System.Collections.Hashtable">', '    <Property Name="Key" Type="System.String">k</Property>',
             '    <Property Name="Value" />', "  </Object>"],
        ),
        (
            "[DayOfWeek]::Friday",
            ['  <Object Type="System.DayOfWeek">', '    <Property Name="value__" Type="System.Int32">5</Property>', "  </Object>"],
        ),
        (
            "[pscustomobject]@{ n = $null; e = [DayOfWeek]'Friday'; l = , 1 }",
            [f'  <Object Type="{CUSTOM}">', '    <Property Name="n" Type="System.Object" />',
             '    <Property Name="e" Type="System.DayOfWeek">Friday</Property>', '    <Property Name="l" Type="System.Object[]">',
             '      <Property Type="System.Int32">1</Property>', "    </Property>", "  </Object>"],
        ),
        (
            "[pscustomobject]@{ o = [pscustomobject]@{ r = 1 } }",
            [f'  <Object Type="{CUSTOM}">', f'    <Property Name="o" Type="{CUSTOM}">',
             '      <Property Type="System.String">@{r=1}</Property>',
             '      <Property Name="r" Type="System.Management.Automation.PSNoteProperty">1</Property>', "    </Property>", "  </Object>"],
        ),
    ],
)  # fmt: skip
def test_kinds_of_values(shell: Any, value: str, lines: list[str]) -> None:
    assert shell.out(f"ConvertTo-Xml -As String -InputObject ({value})") == ["\n".join([HEAD, "<Objects>", *lines, "</Objects>"])]


def test_nothing_and_what_is_not_done(shell: Any) -> None:
    assert shell.out("@() | ConvertTo-Xml -As String") == [f"{HEAD}\n<Objects />"]
    with pytest.raises(Unsupported, match=r"ConvertTo-Xml of System.Text.RegularExpressions.Regex"):
        shell.run("[regex]'x' | ConvertTo-Xml")

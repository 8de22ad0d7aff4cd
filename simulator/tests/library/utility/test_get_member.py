# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Member: definitions of members, and those that nobody recorded."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "[pscustomobject]@{ a = 1; b = 'x'; c = $null; d = @(1, 2); e = [pscustomobject]@{ f = 1 } } | Get-Member -MemberType NoteProperty",
            [
                "int a=1",
                "string b=x",
                "object c=null",
                "Object[] d=System.Object[]",
                "System.Management.Automation.PSCustomObject e=@{f=1}",
            ],
        ),
        ("[datetime] | Get-Member -Static MaxValue", ["static datetime MaxValue {get;}"]),
        (
            "'x' | Get-Member Substring",
            ["string Substring(int startIndex), string Substring(int startIndex, int length)"],
        ),
        (
            "[pscustomobject]@{ a = 1 } | Add-Member ScriptProperty s { $this.a } { $this.a = $args[0] } -PassThru | Get-Member s",
            ["System.Object s {get= $this.a ;set= $this.a = $args[0] ;}"],
        ),
    ],
)
def test_definitions(shell: Any, script: str, expected: list[str]) -> None:
    assert shell.out(f"({script}).Definition") == expected


@pytest.mark.parametrize(
    "script", ["('x' | Get-Member CompareTo).Definition", "'x'.CompareTo.OverloadDefinitions", '"$([version].GetMember)"']
)
def test_definitions_that_interfaces_add_to_are_refused(shell: Any, script: str) -> None:
    with pytest.raises(Unsupported, match="the definition of method"):
        shell.run(script)


def test_names_and_kinds_need_no_definition(shell: Any) -> None:
    assert shell.out("('x' | Get-Member CompareTo).MemberType -eq 'Method'") == [True]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("'abc'", "char Chars(int index) {get;}"),
        ("@{}", "System.Object Item(System.Object key) {get;set;}"),
        (",@(1)", "System.Object IList.Item(int index) {get;set;}"),
        (",[System.Collections.Generic.List[int]]::new()", "int Item(int index) {get;set;}"),
        (
            "[System.Collections.Generic.Dictionary[string,int]]::new()",
            "int Item(string key) {get;set;}, System.Object IDictionary.Item(System.Object key) {get;set;}",
        ),
        ("[ordered]@{}", "System.Object Item(int index) {get;set;}, System.Object Item(System.Object key) {get;set;}"),
        ("[xml]'<a/>'", "System.Xml.XmlElement Item(string name) {get;}, System.Xml.XmlElement Item(string localname, string ns) {get;}"),
    ],
)
def test_indexers_are_parameterized_properties(shell: Any, script: str, expected: str) -> None:
    found = shell.out(f"{script} | Get-Member -MemberType ParameterizedProperty | ForEach-Object {{ $_.Definition }}")
    assert found == [expected]


def test_an_indexer_by_its_name(shell: Any) -> None:
    assert shell.out("'abc'.Chars.Name; 'abc'.Chars.IsSettable; 'abc'.Chars(1).ToString()") == ["Chars", False, "b"]
    assert shell.out("@{}.Item.OverloadDefinitions; @{ Item = 3 }.Item; @(4, 5).Item(1)") == [
        "System.Object Item(System.Object key) {get;set;}",
        3,
        5,
    ]
    assert shell.out("$s = [Text.StringBuilder]'abc'; $s.Chars(0) = 'z'; $s.ToString()") == ["zbc"]
    assert shell.out("@(@{ Item = 1 }, @{ Item = 2 }).Item.MemberType.ToString()") == ["ParameterizedProperty"]
    assert shell.error("'abc'.Chars(7)")[1] == 'Exception getting "Chars": "Index was outside the bounds of the array."'


def test_properties_of_type_data_do_not_show_a_made_up_definition(shell: Any) -> None:
    """PowerShell shows the script of the getter; a script has no type of its own to name (PSScriptProperty.TypeNameOfValue)."""
    assert shell.out("([datetime]'2020-01-02').PSObject.Properties['DateTime'].TypeNameOfValue") == ["System.Object"]
    with pytest.raises(Unsupported, match="the definition of DateTime"):
        shell.run("[datetime]'2020-01-02' | Get-Member DateTime | ForEach-Object Definition")

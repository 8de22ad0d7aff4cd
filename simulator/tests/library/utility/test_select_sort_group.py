# SPDX-License-Identifier: GPL-3.0-or-later
"""Select-, Sort-, Group- and Compare-Object and Get-Unique where PowerShell's source decides a case nobody recorded."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("(1..10 | Select-Object -First 2 -Last 2 -Skip 1) -join ','", "2,3,9,10"),
        ("(1..5 | ForEach-Object { $script:n = $_; $_ } | Select-Object -First 0); $n", 5),
        ("$null = 1..5 | ForEach-Object { $script:n = $_; $_ } | Select-Object -First 2 -Last 0; $n", 2),
        ("(1, 1, 2, 3 | Select-Object -Index 0, 1 -Unique) -join ','", "1"),
        ("(1..3 | Select-Object -Skip 1 -Last 0) -join ','", ""),
    ],
)
def test_select_object_counts(shell: Any, script: str, expected: Any) -> None:
    """``SelectObjectQueue``: a skip counts from the front unless -Last stands alone; only -First alone ends the pipeline early."""
    assert shell.out(script) == [expected]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("([pscustomobject]@{ a = 1 } | Select-Object -First 1).pstypenames[0]", "Selected.System.Management.Automation.PSCustomObject"),
        ("$o = [pscustomobject]@{ a = 1 }; $null = $o | Select-Object -First 1; $o.pstypenames.Count", 3),
        (
            "([pscustomobject]@{ PSTypeName = 'My.T'; a = 1 } | Select-Object a).pstypenames[0]",
            "Selected.System.Management.Automation.PSCustomObject",
        ),
        (
            "(, [Collections.Generic.List[int]]::new() | Select-Object Count).pstypenames[0]",
            "Selected.System.Collections.Generic.List`1[System.Int32]",
        ),
    ],
)
def test_select_object_names_the_type(shell: Any, script: str, expected: Any) -> None:
    """``SetPSCustomObject``: the type of the base object, also for custom objects that only pass."""
    assert shell.out(script) == [expected]


def test_select_object_exclude_alone_means_all_others_but_in_windows_powershell(shell: Any, windows: Any) -> None:
    script = "(([pscustomobject]@{ a = 1; b = 'x'; c = 3 } | Select-Object -ExcludeProperty a{0}).psobject.Properties.Name) -join ','"
    assert shell.out(script.replace("{0}", "")) == ["b,c"]
    assert shell.out(script.replace("{0}", " -ExpandProperty b")) == ["b,c,Length"]
    assert windows.out(script.replace("{0}", "")) == ["a,b,c"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("@{ A = 1; b = 2 } | Select-Object a | ConvertTo-Json -Compress", '{"A":1}'),
        ("(@{ a = 1 } | Select-Object *).psobject.Properties.Name -join ','", "a"),
        ("(@{ a = 1 } | Select-Object Coun*).Count", 1),
    ],
)
def test_keys_of_a_hash_table_are_its_properties(shell: Any, script: str, expected: Any) -> None:
    """``IfHashtableWrapAsPSCustomObject``: keys first, properties of the table where no key matches."""
    assert shell.out(script) == [expected]


def test_select_unique_compares_the_notes_of_expanded_values(shell: Any) -> None:
    script = "[pscustomobject]@{ a = 1; b = 'x' }, [pscustomobject]@{ a = 2; b = 'x' } | Select-Object a -ExpandProperty b -Unique"
    assert shell.out(script) == ["x", "x"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("([pscustomobject]@{ a = $null }, [pscustomobject]@{ a = -1 }, [pscustomobject]@{ a = 1 } | Sort-Object a | % { \"<$($_.a)>\" }) -join ''",
         "<-1><><1>"),
        ("([pscustomobject]@{ ab = 1; ac = 2 }, [pscustomobject]@{ ab = 1; ac = 1 } | Sort-Object a* | % ac) -join ','", "1,2"),
        ("([pscustomobject]@{ a = 1 }, [pscustomobject]@{ a = 2 } | Sort-Object @{ e = 'a'; ascending = $true; descending = $true } -Descending | % a)"
         " -join ','", "2,1"),
        ("([pscustomobject]@{ a = 2 }, [pscustomobject]@{ a = 1 } | Sort-Object @{ e = 'a'; ascending = $false; descending = $true } | % a) -join ','",
         "2,1"),
        ("([pscustomobject]@{ a = 2 }, [pscustomobject]@{ a = 1 } | Sort-Object).a -join ','", "2,1"),
    ],
)  # fmt: skip
def test_sort_object_keys(shell: Any, script: str, expected: str) -> None:
    """OrderObjectBase.cs: null is greater than negative numbers; wildcards are columns; two directions that agree cancel out."""
    assert shell.out(script) == [expected]


@pytest.mark.parametrize("command", ["Sort-Object", "Group-Object", "Compare-Object -ReferenceObject 1 -Property"])
def test_what_a_key_throws_is_an_error_of_the_command(shell: Any, command: str) -> None:
    result = shell.run(f"$null = 1 | {command} {{ throw 'boo' }} -ErrorVariable e -ErrorAction SilentlyContinue\n"
                       "$e[-1].FullyQualifiedErrorId; $e[-1].CategoryInfo.Category.ToString(); $e[-1].Exception.Message; $e[-1].TargetObject")
    name = command.partition("-")[0]
    assert result.output == [f"ExpressionEvaluation,Microsoft.PowerShell.Commands.{name}ObjectCommand", "InvalidResult", "boo", 1]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("'b', 'a', 1 | Group-Object | % Name", ["b", "a", "1"]),
        ("'b', 'a', $null | Group-Object | % Name", ["a", "b"]),
        ("1, '1', 1.0 | Group-Object | % Count", [3]),
        ("(Get-Date '2020-01-02 03:04:05') | Group-Object | % Name", ["1/2/2020 3:04:05\u202fAM"]),
        ("[pscustomobject]@{ a = $null; b = 1 } | Group-Object a, b | % Name", ["1"]),
        ("[pscustomobject]@{ b = 2 }, [pscustomobject]@{ a = 1; b = 3 } | Group-Object a | % { $_.Group.b }", [3, 2]),
        ("([pscustomobject]@{ a = 1 }, [pscustomobject]@{ a = 2 } | Group-Object).Count", [2]),
        ("@() | Group-Object -AsString", []),
    ],
)
def test_group_object(shell: Any, script: str, expected: list[Any]) -> None:
    """Group-Object.cs: groups come in order only where all values have one type; nulls are dropped, null keys have no name."""
    assert shell.out(script) == expected


def test_a_null_key_is_no_key_of_a_table_of_groups(shell: Any) -> None:
    result = shell.run("[pscustomobject]@{ a = 1 }, [pscustomobject]@{ b = 1 } | Group-Object a -AsHashTable -ErrorVariable e -ErrorAction SilentlyContinue\n"
                       "$e[0].FullyQualifiedErrorId; $e[0].CategoryInfo.Category.ToString()")
    text = (
        "The objects grouped by this property cannot be expanded because there is a key duplication. Provide a valid value for the "
        "property, and then try again."
    )
    assert result.output == [f"{text},Microsoft.PowerShell.Commands.GroupObjectCommand", "InvalidArgument"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Compare-Object @(1, 2) @(2, 3) -SyncWindow 0 | % { \"$($_.InputObject)$($_.SideIndicator)\" }", ["2=>", "1<=", "3=>", "2<="]),
        ("Compare-Object ([pscustomobject]@{ a = 1 }) ([pscustomobject]@{ a = 2 })", []),
        ("Compare-Object ([pscustomobject]@{ a = $null }) ([pscustomobject]@{ b = 2 }) -Property a | % SideIndicator", ["=>", "<="]),
        ("(Compare-Object @() @(3)).SideIndicator", ["=>"]),
    ],
)
def test_compare_object(shell: Any, script: str, expected: list[Any]) -> None:
    """Compare-Object.cs: base objects of custom objects are equal; a property that is missing differs from one that is null."""
    assert shell.out(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("([pscustomobject]@{ PSTypeName = 'a' }, [pscustomobject]@{ PSTypeName = 'b' } | Get-Unique -OnType | Measure-Object).Count", 2),
        ("(Get-Unique | Measure-Object).Count", 0),
        ("($null, $null, 1, 1 | Get-Unique).Count", 3),
    ],
)
def test_get_unique(shell: Any, script: str, expected: int) -> None:
    assert shell.out(script) == [expected]

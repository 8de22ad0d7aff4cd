# SPDX-License-Identifier: GPL-3.0-or-later
"""Zip and Chunk of ``System.Linq.Enumerable``, and what .NET Framework has of them."""

from __future__ import annotations

from typing import Any

import pytest

ZIP = "[Linq.Enumerable]::Zip([int[]](1, 2, 3), [string[]]('a', 'b')"


def test_zip(shell: Any, windows: Any) -> None:
    assert shell.out(ZIP + ") | ForEach-Object { \"$_\"; $_.Item2 }") == ["(1, a)", "a", "(2, b)", "b"]
    named = ZIP + ", [Func[int, string, string]]{ \"$($args[0])$($args[1])\" }) -join ' '"
    assert shell.out(named) == windows.out(named) == ["1a 2b"]
    assert windows.error(ZIP + ")")[0] == "MethodCountCouldNotFindBest"


def test_chunk(shell: Any, windows: Any) -> None:
    script = "[Linq.Enumerable]::Chunk([int[]](1, 2, 3), 2)"
    assert shell.out(script + " | ForEach-Object { $_ -join ','; $_.GetType().Name }") == ["1,2", "Int32[]", "3", "Int32[]"]
    assert windows.error(script)[0] == "MethodNotFound"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Single([int[]](7))", [7]),
        ("Single([int[]](1, 2, 3), [Func[int, bool]]{ $args[0] -eq 2 })", [2]),
        ("SingleOrDefault([int[]]@())", [0]),
        ("ElementAt([int[]](1, 2), 1)", [2]),
        ("TakeWhile([int[]](1, 5, 2), [Func[int, bool]]{ $args[0] -lt 3 })", [1]),
        ("SkipWhile([int[]](1, 5, 2), [Func[int, bool]]{ $args[0] -lt 3 })", [5, 2]),
        ("Append([int[]](1, 2), 3)", [1, 2, 3]),
        ("Prepend([int[]](1, 2), 3)", [3, 1, 2]),
        ("Aggregate([int[]](2, 3, 4), [Func[int, int, int]]{ $args[0] * $args[1] })", [24]),
        ("Aggregate([int[]](2, 3), 'x', [Func[string, int, string]]{ $args[0] + $args[1] })", ["x23"]),
    ],
)
def test_single_values_and_parts(shell: Any, call: str, expected: list[Any]) -> None:
    assert shell.out("[Linq.Enumerable]::" + call) == expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("First([int[]]@())", "Sequence contains no elements"),
        ("First([int[]](1), [Func[int, bool]]{ $false })", "Sequence contains no matching element"),
        ("Last([int[]](1), [Func[int, bool]]{ $false })", "Sequence contains no matching element"),
        ("Single([int[]](1, 2))", "Sequence contains more than one element"),
        ("Single([int[]](1, 2), [Func[int, bool]]{ $true })", "Sequence contains more than one matching element"),
        ("Aggregate([int[]]@(), [Func[int, int, int]]{ 1 })", "Sequence contains no elements"),
        (
            "ElementAt([int[]](1), 1)",
            "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')",
        ),
    ],
)
def test_what_is_not_there(shell: Any, call: str, message: str) -> None:
    assert shell.error("[Linq.Enumerable]::" + call)[1].endswith(f': "{message}"')


def test_guids_of_version_7_sort_by_age(shell: Any) -> None:
    script = "$g = [guid]::CreateVersion7(); $g.Version; $g.Variant -in 8..11; $g.ToString().Substring(0, 8) -eq "
    script += "('{0:x12}' -f [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()).Substring(0, 8)"
    assert shell.out(script) == [7, True, True]

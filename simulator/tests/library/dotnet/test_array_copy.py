# SPDX-License-Identifier: GPL-3.0-or-later
"""``Array.Copy``, ``SetValue`` and their kin: .NET's types of errors."""

from __future__ import annotations

from typing import Any

import pytest

_CANNOT = "Source array type cannot be assigned to destination array type."
_ELEMENT = "At least one element in the source array could not be cast down to the destination array type."


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        ("[array]::Copy([int[]](1, 2), [string[]]('a', 'b'), 2)", "ArrayTypeMismatchException", _CANNOT),
        ("[array]::Copy([long[]](1, 2), [int[]](3, 4), 2)", "ArrayTypeMismatchException", _CANNOT),
        ("[array]::Copy([int[]](1, 2), [decimal[]](3, 4), 2)", "ArrayTypeMismatchException", _CANNOT),
        ("[array]::Copy([string[]]('a', 'b'), [int[]](3, 4), 2)", "ArrayTypeMismatchException", _CANNOT),
        ("([int[]](1, 2)).CopyTo([string[]]('a', 'b'), 0)", "ArrayTypeMismatchException", _CANNOT),
        ("[array]::Copy([object[]]('x', 2), [int[]](3, 4), 2)", "InvalidCastException", _ELEMENT),
        ("[array]::Copy([object[]](1L, 2), [int[]](3, 4), 2)", "InvalidCastException", _ELEMENT),
        ("[array]::Copy([object[]]($null, 2), [int[]](3, 4), 2)", "InvalidCastException", _ELEMENT),
        (
            "[array]::Copy([int[,]]::new(2, 2), [int[]]::new(4), 4)",
            "RankException",
            "The specified arrays must have the same number of dimensions.",
        ),
        (
            "[array]::Copy([int[]](1, 2), -1, [int[]](1, 2), 0, 1)",
            "ArgumentOutOfRangeException",
            "Number was less than the array's lower bound in the first dimension. (Parameter 'sourceIndex')",
        ),
        ("$a = [int[]](1, 2); $a.SetValue('x', 0)", "InvalidCastException", "Object cannot be stored in an array of this type."),
        (
            "$a = [int[]](1, 2); $a.SetValue(5L, 0)",
            "ArgumentException",
            "Cannot widen from source type to target type either because the source type is a not a primitive type or the conversion "
            "cannot be accomplished.",
        ),
        (
            "[array]::CreateInstance([int], -1)",
            "ArgumentOutOfRangeException",
            "length ('-1') must be a non-negative value. (Parameter 'length')\nActual value was -1.",
        ),
        (
            "[array]::IndexOf(@(1, 2, 1), 1, 5)",
            "ArgumentOutOfRangeException",
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection. (Parameter 'startIndex')",
        ),
    ],
)
def test_errors(shell: Any, script: str, error_id: str, message: str) -> None:
    found_id, found = shell.error(script)
    assert (found_id, found.partition(": ")[2].strip('"')) == (error_id, message)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("$t = [long[]](3, 4); [array]::Copy([int[]](1, 2), $t, 2); \"$t\"; $t[0].GetType().Name", ["1 2", "Int64"]),
        ("$t = [double[]]::new(2); [array]::Copy([char[]]('a', 'b'), $t, 2); \"$t\"", ["97 98"]),
        ("$t = [DayOfWeek[]](0, 0); [array]::Copy([int[]](1, 2), $t, 2); \"$t\"", ["Monday Tuesday"]),
        ("$t = [int[]](0, 0); [array]::Copy([DayOfWeek[]](1, 2), $t, 2); \"$t\"", ["1 2"]),
        ("$t = [object[]]::new(2); [array]::Copy([int[]](1, 2), $t, 2); $t", [1, 2]),
        ("$m = [int[,]]::new(2, 2); $n = [int[,]]::new(2, 2); $m[0, 1] = 5; [array]::Copy($m, $n, 4); $n[0, 1]", [5]),
        ("$t = [int[]](1, 2, 3, 4, 5); [array]::Copy($t, 0, $t, 1, 4); \"$t\"", ["1 1 2 3 4"]),
        ("$a = [long[]](1, 2); $a.SetValue(7, 0); $a.SetValue($null, 1); \"$a\"", ["7 0"]),
        ("[array]::MaxLength", [2147483591]),
    ],
)
def test_values(shell: Any, script: str, expected: list[Any]) -> None:
    assert shell.out(script) == expected

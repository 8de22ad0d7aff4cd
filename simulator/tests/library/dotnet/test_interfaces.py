# SPDX-License-Identifier: GPL-3.0-or-later
"""Members that types have for their interfaces alone."""

from __future__ import annotations

import pytest
from tests.library.dotnet.conftest import Texts


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("(5).ToBoolean($null); '5'.ToInt32($null); $true.ToInt32($null); (1.5).ToInt32($null)", ["True", "5", "1", "2"]),
        ("([DayOfWeek]'Monday').ToInt64($null).GetType().Name; ([char]'a').ToInt32($null)", ["Int64", "97"]),
        ("('1,5').ToDouble([cultureinfo]'de-DE'); (5).ToType([string], $null).GetType().Name", ["1.5", "String"]),
        (
            "([datetime]'2020-01-01').ToInt32($null)",
            ["InvalidCastException: Exception calling \"ToInt32\" with \"1\" argument(s): \"Invalid cast from 'DateTime' to 'Int32'.\""],
        ),
        ("(5).ToBoolean()", ['MethodCountCouldNotFindBest: Cannot find an overload for "ToBoolean" and the argument count: "0".']),
        (
            "$l = [Collections.Generic.List[int]]@(1, 2); $l.IsReadOnly; $l.IsFixedSize; $l.IsSynchronized; $l.SyncRoot.Count; $l.AsReadOnly().IsReadOnly",
            ["False", "False", "False", "2", "True"],
        ),
        (
            "$d = [Collections.Generic.Dictionary[string, int]]::new(); $d['5'] = 1; $d.Contains('5'); $d.Contains(5); $d.Keys.IsReadOnly",
            ["True", "False", "True"],
        ),
        ("[Collections.Generic.HashSet[int]]::new().IsReadOnly; $null -eq [Collections.Generic.Queue[int]]::new().IsReadOnly", ["False", "True"]),
    ],
)  # fmt: skip
def test_interface_members(texts: Texts, script: str, expected: list[str]) -> None:
    assert texts(script) == expected

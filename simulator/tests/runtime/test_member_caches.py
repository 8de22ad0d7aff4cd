# SPDX-License-Identifier: GPL-3.0-or-later
"""Methods and properties found once are found anew when a script changes what a type or a value has."""

from __future__ import annotations

import pytest

from hvsim.engine.runspace import Runspace

WAYS = {
    "type data, method": (
        "$x = [Collections.ArrayList]@(1); $null = $x.Add(2); Update-TypeData -TypeName System.Collections.ArrayList"
        " -MemberType ScriptMethod -MemberName Add -Value { 'mine' }; $x.Add(3)",
        ["mine"],
    ),
    "type data, property": (
        "$x = [version]'1.2'; $x.Major; Update-TypeData -TypeName System.Version -MemberType NoteProperty"
        " -MemberName Major -Value 'mine'; $x.Major",
        [1, "mine"],
    ),
    "a value's own member": (
        "$x = [version]'1.2'; $x.Major; $y = $x | Add-Member -Force -PassThru NoteProperty Major 'mine'; $y.Major",
        [1, "mine"],
    ),
    "a value's own method": (
        "$x = [Collections.ArrayList]@(1); $null = $x.Add(2); Add-Member -InputObject $x ScriptMethod Add { 'mine' }"
        " -Force; $x.Add(3)",
        ["mine"],
    ),
    "a value's own type name": (
        "$x = [version]'1.2'; $x.Major; Update-TypeData -TypeName Own -MemberType NoteProperty -MemberName Major"
        " -Value 'mine'; $x.PSObject.TypeNames.Insert(0, 'Own'); $x.Major; ([version]'1.2').Major",
        [1, "mine", 1],
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_changes_are_seen_after_first_use(name: str) -> None:
    script, expected = WAYS[name]
    for _ in range(2):  # a second runspace does not see what the first one changed
        assert Runspace().run(script).output == expected


def test_method_that_one_edition_lacks() -> None:
    assert Runspace().run("'abc'.Contains('B', 'OrdinalIgnoreCase')").output == [True]
    refused = Runspace(edition="5.1").run("try { 'abc'.Contains('B', 'OrdinalIgnoreCase') } catch { 'none' }")
    assert refused.output == ["none"]


def test_hash_literals_with_known_names() -> None:
    script = "$t = @{ A = 1; 'b' = @(2, 3); C = if ($false) { 1 } }; $t.Count; $t['a']; $t.B.Count; $null -eq $t.c; $t.D = 4; $t.d"
    assert Runspace().run(script).output == [3, 1, 2, True, 4]
    script = "try { & ([scriptblock]::Create('@{ (''a'') = 1; A = 2 }')) } catch { $_.FullyQualifiedErrorId }"
    assert Runspace().run(script).output == ["DuplicateKeyInHashLiteral"]

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported

_SPACE = "System.Collections.Concurrent."


def test_queue(shell: Any) -> None:
    script = f"""
    $q = [{_SPACE}ConcurrentQueue[int]]::new([int[]](1, 2)); $q.Enqueue(3); $r = 0
    $q.TryDequeue([ref]$r); $r; $q.TryPeek([ref]$r); $r; "$q"; $q.IsEmpty; $q.ToArray().GetType().Name
    $q.Clear(); $q.TryDequeue([ref]$r); $r
    """
    assert shell.out(script) == [True, 1, True, 2, "2 3", False, "Int32[]", False, 0]


def test_bag_gives_the_newest_first(shell: Any) -> None:
    script = f"$b = [{_SPACE}ConcurrentBag[object]]::new(); 1..3 | % {{ $b.Add($_) }}; $r = $null; $b.TryTake([ref]$r); $r; \"$b\"; $b.Count"
    assert shell.out(script) == [True, 3, "2 1", 2]


def test_stack_takes_and_gives_ranges(shell: Any) -> None:
    script = f"""
    $s = [{_SPACE}ConcurrentStack[string]]::new(); $s.PushRange([string[]]('a', 'b')); $s.Push('c')
    $t = [string[]]::new(2); $s.TryPopRange($t); "$t"; $s.Count
    """
    assert shell.out(script) == [2, "c b", 1]
    assert shell.error("$s.PushRange([string[]]('a'), 0, -1)")[0] == "ArgumentOutOfRangeException"


def test_dictionary(shell: Any) -> None:
    script = f"""
    $d = [{_SPACE}ConcurrentDictionary[string, int]]::new([StringComparer]::OrdinalIgnoreCase)
    $d.AddOrUpdate('a', 5, {{ param($k, $v) $v + 1 }}); $d.AddOrUpdate('A', 5, {{ param($k, $v) $v + 1 }})
    $d.AddOrUpdate('b', [Func[string, int]] {{ 7 }}, [Func[string, int, int]] {{ 0 }})
    $d.TryUpdate('a', 9, 1); $d.TryUpdate('a', 9, 6); $d.a
    ($d.Keys | Sort-Object) -join ','; $d.Keys.GetType().Name; $d.IsEmpty
    foreach ($p in $d.GetEnumerator()) {{ $null = $d.TryAdd($p.Key + 'x', 0) }}; $d.Count
    $d.Remove('ax'); $d.Remove('ax')
    """
    expected = [5, 6, 7, False, True, 9, "a,b", "ReadOnlyCollection`1", False, 4, True, False]
    assert shell.out(script) == expected
    error_id, message = shell.error("$d.Add('a', 1)")
    assert error_id == "ArgumentException"
    assert "The key already existed in the dictionary." in message


def test_view_of_a_sorted_set_follows_the_set(shell: Any) -> None:
    script = """
    $s = [System.Collections.Generic.SortedSet[int]]::new([int[]](5, 1, 3, 9)); $v = $s.GetViewBetween(2, 6)
    "$v"; $null = $s.Add(4); "$v"; $v.Min; $v.Max; $v.Contains(9); $v.Remove(9); $v.Clear(); "$s"
    """
    assert shell.out(script) == ["3 5", "3 4 5", 3, 5, False, False, "1 9"]
    assert shell.error("$v.Add(10)")[0] == "ArgumentOutOfRangeException"
    assert "Must be less than or equal to upperValue." in shell.error("$s.GetViewBetween(5, 1)")[1]


def test_observable_collection(shell: Any) -> None:
    name = "System.Collections.ObjectModel.ObservableCollection[string]"
    script = f"$o = [{name}]::new([string[]]('x', 'y')); $o.Add('z'); $o.Move(2, 0); \"$o\"; $o.Remove('x'); $o.GetType().Name"
    assert shell.out(script) == ["z x y", True, "ObservableCollection`1"]
    assert shell.error("$o.Move(5, 0)")[0] == "ArgumentOutOfRangeException"


@pytest.mark.parametrize("kind", ["ConcurrentQueue", "ConcurrentBag", "ConcurrentStack"])
def test_null_source(shell: Any, kind: str) -> None:
    assert "(Parameter 'collection')" in shell.error(f"[{_SPACE}{kind}[int]]::new($null)")[1]


def test_queues_go_into_clixml_as_what_can_be_enumerated(shell: Any) -> None:
    (text,) = shell.out(f"[System.Management.Automation.PSSerializer]::Serialize([{_SPACE}ConcurrentQueue[int]]::new([int[]](1, 2)))")
    assert "<IE>" in text
    assert '<I32 N="Count">2</I32>' in text
    assert "<QUE>" not in text


def test_comparers_are_those_that_were_given(shell: Any) -> None:
    assert shell.out("[System.Collections.Generic.SortedDictionary[string, int]]::new([StringComparer]::Ordinal).Comparer.GetType().Name") == [
        "OrdinalComparer"
    ]
    with pytest.raises(Unsupported, match="the default comparer"):
        shell.run("[System.Collections.Generic.HashSet[string]]::new().Comparer")

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

NEW = "$q = [Collections.Generic.PriorityQueue[string, int]]::new(); "


def test_the_smallest_priority_leaves_first(shell: Any) -> None:
    script = NEW + "$q.Enqueue('b', 2); $q.Enqueue('a', '1'); $q.Enqueue('c', 3); $q.Peek(); $q.Count; 1..3 | ForEach-Object { $q.Dequeue() }"
    assert shell.out(script) == ["a", 3, "a", "b", "c"]
    assert shell.error(NEW + "$q.Dequeue()") == ("InvalidOperationException", 'Exception calling "Dequeue" with "0" argument(s): "Queue empty."')


def test_equal_priorities_leave_in_the_order_of_the_heap(shell: Any) -> None:
    """Not first in, first out: the last element takes the root's place and stays there (PriorityQueue.cs, MoveDown)."""
    script = NEW + "1..6 | ForEach-Object { $q.Enqueue(\"x$_\", 0) }; (1..6 | ForEach-Object { $q.Dequeue() }) -join ' '"
    assert shell.out(script) == ["x1 x6 x5 x4 x3 x2"]


def test_the_other_methods(shell: Any) -> None:
    script = NEW + (
        "$e = ''; $p = 0; $q.TryDequeue([ref]$e, [ref]$p); $q.Enqueue('k', 4); $q.TryPeek([ref]$e, [ref]$p); \"$e $p\"\n"
        "$q.EnqueueDequeue('m', 3); $q.EnqueueDequeue('n', 9); $q.DequeueEnqueue('o', 1); $q.Peek(); $q.Clear(); $q.Count"
    )
    assert shell.out(script) == [False, True, "k 4", "m", "k", "n", "o", 0]
    assert shell.error("[Collections.Generic.PriorityQueue[string, int]]::new(-1)")[1].startswith(
        'Exception calling ".ctor" with "1" argument(s): "initialCapacity (\'-1\') must be a non-negative value.'
    )


def test_not_in_windows_powershell(windows: Any) -> None:
    assert windows.error("[Collections.Generic.PriorityQueue[string, int]]::new()")[0] == "TypeNotFound"

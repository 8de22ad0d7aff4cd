# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace


def test_list_with_delegates(texts: Any) -> None:
    script = """$l = [Collections.Generic.List[int]](4, 1, 3)
    $l.Sort(); "$l"; $l.Sort({ param($a, $b) $b - $a }); "$l"; $l.FindIndex({ $args[0] -eq 3 }); $l.RemoveAll({ param($x) $x -gt 2 }); "$l" """
    assert texts(script) == ["1 3 4", "4 3 1", "1", "2", "1"]


def test_dictionary_members(texts: Any) -> None:
    script = """$d = [Collections.Generic.Dictionary[string, int]]::new([StringComparer]::OrdinalIgnoreCase)
    $d.Add('a', 1); $d.ContainsKey('A'); $v = 0; $d.TryGetValue('A', [ref]$v); $v; $d.Add('A', 2)"""
    assert texts(script) == [
        "True", "True", "1",
        'ArgumentException: Exception calling "Add" with "2" argument(s): "An item with the same key has already been added. Key: A"',
    ]  # fmt: skip


def test_the_data_of_an_exception(texts: Any) -> None:
    script = """$data = [Exception]::new('x').Data; $data['a'] = 1; $data.Add('b', 2); $data.Contains('a'); $data.Contains('A'); $data.Count
    $data.Remove('a'); "$($data.Keys)"; foreach ($entry in $data.GetEnumerator()) { $entry.Value }; $data.GetType().FullName; $data.Add('b', 3)"""
    assert texts(script) == [
        "True", "False", "2", "b", "2", "System.Collections.ListDictionaryInternal",
        'ArgumentException: Exception calling "Add" with "2" argument(s): '
        "\"Item has already been added. Key in dictionary: 'b'  Key being added: 'b'\"",
    ]  # fmt: skip


def test_sorted_dictionary_and_set(texts: Any) -> None:
    script = """$d = [Collections.Generic.SortedDictionary[string, int]]::new(); $d['b'] = 1; $d['a'] = 2; $d.Keys -join ','
    $s = [Collections.Generic.SortedSet[int]]::new([int[]](3, 1, 2, 3)); "$s"; $s.Min; $s.Max"""
    assert texts(script) == ["a,b", "1 2 3", "1", "3"]


def test_queue_stack_linked_list(texts: Any) -> None:
    script = """$q = [Collections.Generic.Queue[string]]::new(); $q.Enqueue('a'); $q.Enqueue('b'); $q.Dequeue(); $q.Peek(); $q.Count
    $s = [Collections.Stack]::new(); $s.Push(1); $s.Push(2); $s.Pop(); "$s"
    $l = [Collections.Generic.LinkedList[int]]::new(); $null = $l.AddLast(2); $null = $l.AddFirst(1); "$l"; $l.First.Next.Value; $q.Clear(); $q.Dequeue()"""
    assert texts(script) == [
        "a", "b", "1", "2", "1", "1 2", "2",
        'InvalidOperationException: Exception calling "Dequeue" with "0" argument(s): "Queue empty."',
    ]  # fmt: skip


def test_array_statics(texts: Any) -> None:
    script = """$a = 3, 1, 2; [array]::Sort($a); "$a"; [array]::Reverse($a); "$a"; [array]::IndexOf($a, 1)
    $b = [int[]](1, 2); [array]::Resize([ref]$b, 3); "$b"; [array]::Clear($b, 0, 1); "$b"; [array]::BinarySearch([int[]](1, 3, 5), 4)"""
    assert texts(script) == ["1 2 3", "3 2 1", "2", "1 2 0", "0 2 0", "-3"]


TOO_FEW = (
    "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end "
    "of the source collection."
)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        ("[array]::Sort([int[]](3, 1, 2), [string[]]('', 'b'))", "ArgumentException", TOO_FEW),
        ("[array]::Sort([int[]](3, 1, 2), 2, 2)", "ArgumentException", TOO_FEW),
        (
            "[array]::Sort([int[]](3, 1, 2), -1, 2)",
            "ArgumentOutOfRangeException",
            "Non-negative number required. (Parameter 'index')",
        ),
        (
            "[array]::Reverse([int[]](3, 1, 2), 0, -1)",
            "ArgumentOutOfRangeException",
            "Non-negative number required. (Parameter 'length')",
        ),
        ("[array]::Reverse([int[]](3, 1, 2), 2, 2)", "ArgumentException", TOO_FEW),
    ],
)
def test_ranges_of_array_statics(texts: Any, call: str, kind: str, text: str) -> None:
    script = (
        f"try {{ {call} }} catch {{ $_.Exception.InnerException.GetType().Name; $_.Exception.InnerException.Message }}"
    )
    assert texts(script) == [kind, text]


def test_sort_moves_the_items_of_its_keys_alone(texts: Any) -> None:
    script = "$k = [int[]](3, 1, 2); $v = [string[]]('c', 'a', 'b', 'z'); [array]::Sort($k, $v); \"$k $v\""
    assert texts(script) == ["1 2 3 a b c z"]


def test_enumerators(texts: Any) -> None:
    script = "$e = (1, 2).GetEnumerator(); while ($e.MoveNext()) { $e.Current }; $h = @{ a = 1 }.GetEnumerator(); $h.MoveNext(); $h.Key; $h.Value"
    assert texts(script) == ["1", "2", "True", "a", "1"]


def test_tuples_and_linq(texts: Any) -> None:
    script = """$t = [Tuple]::Create('a', 5); "$t"; $t.Item2; [Linq.Enumerable]::Sum([int[]](1, 2, 3))
    [Linq.Enumerable]::Where([int[]](1, 2, 3), [Func[int, bool]] { $args[0] -ne 2 }) -join ','"""
    assert texts(script) == ["(a, 5)", "5", "6", "1,3"]


@pytest.mark.parametrize(
    ("call", "error_id"),
    [
        # AddRange is the list's own: the one method takes the argument and cannot convert it. ICollection and IList
        # declare Add too, ISet SetEquals: there is a choice, and nothing to choose.
        (
            "[System.Collections.Generic.List[string]]::new().AddRange(@('a'))",
            "MethodArgumentConversionInvalidCastArgument",
        ),
        ("[System.Collections.Generic.List[int]]::new().Add(@{})", "MethodCountCouldNotFindBest"),
        ("[System.Collections.Generic.List[int]]::new().Add('x')", "MethodArgumentConversionInvalidCastArgument"),
        ("[System.Collections.Generic.HashSet[string]]::new().SetEquals(@('a'))", "MethodCountCouldNotFindBest"),
        ("[System.Collections.Generic.HashSet[string]]::new().UnionWith(@('a'))", "MethodCountCouldNotFindBest"),
    ],
)
def test_methods_of_interfaces_have_a_rival(call: str, error_id: str) -> None:
    runspace = Runspace()
    assert [e.fully_qualified_error_id for e in runspace.run(call).errors] == [error_id]


@pytest.mark.parametrize("name", ["Find", "FindLast", "FindAll", "FindIndex", "FindLastIndex", "Exists", "TrueForAll"])
def test_searches_need_an_array_and_a_condition(texts: Any, name: str) -> None:
    script = f"[array]::{name}($null, [Predicate[object]] {{ $true }}); [array]::{name}([object[]](1, 2), $null)"
    head = f'ArgumentNullException: Exception calling "{name}" with "2" argument(s): "Value cannot be null.'
    assert texts(script) == [f"{head} (Parameter 'array')\"", f"{head} (Parameter 'match')\""]


@pytest.mark.parametrize(
    ("call", "count", "parameter"),
    [
        ("[array]::FindIndex($null, 0, [Predicate[object]] { $true })", 3, "array"),
        ("[array]::ForEach($null, [Action[object]] { })", 2, "array"),
        ("[array]::ForEach([object[]](1, 2), $null)", 2, "action"),
        ("[array]::ConvertAll($null, [Converter[object, string]] { 'a' })", 2, "array"),
        ("[array]::BinarySearch($null, 1)", 2, "array"),
        ("[array]::BinarySearch($null, 0, 1, 1)", 4, "array"),
        ("[Collections.Generic.List[int]]::new().TrueForAll($null)", 1, "match"),
        ("[Collections.Generic.List[int]]::new().ForEach($null)", 1, "action"),
    ],
)
def test_null_arguments_are_named(texts: Any, call: str, count: int, parameter: str) -> None:
    (text,) = texts(call)
    assert text.endswith(f'with "{count}" argument(s): "Value cannot be null. (Parameter \'{parameter}\')"')
    assert text.startswith("ArgumentNullException: ")

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from hvsim.runtime import types
from hvsim.runtime.collections import (
    GenericDictionary,
    GenericList,
    HashSet,
    Hashtable,
    OrderedDictionary,
    Queue,
    SortedDictionary,
    Stack,
    fold,
    key_of,
)
from hvsim.runtime.errors import PSError
from hvsim.runtime.values import Int64


def test_keys_differ_by_type_and_not_by_case() -> None:
    table = Hashtable([("Name", 1)])
    table.set("NAME", 2)
    table.set(1, "int")
    table.set("1", "str")
    table.set(Int64(1), "long")
    table.set(True, "bool")
    assert table.items() == [("Name", 2), (1, "int"), ("1", "str"), (Int64(1), "long"), (True, "bool")]
    assert table.get(1) == "int"
    assert not Hashtable([("a", 1)], ignore_case=False).contains("A")


def test_folding_keeps_the_length() -> None:
    assert fold("straße") == "STRAßE"
    assert key_of("ä", True) == key_of("Ä", True)


def test_adding_twice() -> None:
    table = Hashtable()
    assert table.add("a", 1)
    assert not table.add("A", 2)
    assert table.get("a") == 1


def test_ordered_positions() -> None:
    table = OrderedDictionary([("a", 1), ("c", 3)])
    table.insert(1, "b", 2)
    assert table.keys() == ["a", "b", "c"]
    assert table.at(2) == ("c", 3)
    table.remove_at(0)
    assert table.keys() == ["b", "c"]
    with pytest.raises(IndexError):
        table.insert(9, "x", 0)
    with pytest.raises(KeyError):
        table.insert(0, "B", 0)


def test_sorted_by_key() -> None:
    table = SortedDictionary(types.STRING, types.INT)
    for key in ("b", "C", "a"):
        table.set(key, 1)
    assert table.keys() == ["a", "b", "C"]


def test_net_types() -> None:
    assert types.display(types.of(GenericDictionary(types.STRING, types.INT))).endswith("Dictionary[string,int]")
    assert types.display(types.of(GenericList((), types.STRING))) == "System.Collections.Generic.List[string]"
    assert types.of(Queue()).full_name == "System.Collections.Queue"
    assert types.display(types.of(Stack((), types.INT))) == "System.Collections.Generic.Stack[int]"


def test_a_list_that_changes_while_it_is_walked() -> None:
    rows = GenericList([1, 2])
    with pytest.raises(PSError, match="Collection was modified"):
        for _ in rows.walk():
            rows.append(3)


def test_sets() -> None:
    names = HashSet(["a", "A"], types.STRING, ignore_case=True)
    assert list(names) == ["a"]
    assert names.contains("A")
    assert names.remove("A")
    assert not names.remove("A")

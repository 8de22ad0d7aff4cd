# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim import library
from hvsim.runtime import objects, types
from hvsim.runtime.collections import GenericList, Hashtable, OrderedDictionary
from hvsim.runtime.errors import PSError
from hvsim.runtime.values import AUTOMATION_NULL, Array, Char, MultiArray

library.load()


class Context:
    """As much of a context as members need."""

    def __init__(self, strict: int = 0) -> None:
        self.strict = strict
        self.services: dict[Any, Any] = {}

    def get_variable(self, name: str, default: Any = None) -> Any:
        return default


CTX = Context()


def error_of(call: Any) -> tuple[str, str]:
    with pytest.raises(PSError) as caught:
        call()
    record = caught.value.record
    return (record.error_id if record is not None else caught.value.exception.kind), caught.value.exception.message


def person(**fields: Any) -> Any:
    return objects.custom_object(fields.items())


def test_custom_objects() -> None:
    made = objects.custom_object([("Name", "a"), ("Size", 1), ("NAME", "b")])
    assert objects.get_member(CTX, made, "name") == "b"
    objects.set_member(CTX, made, "SIZE", 5)
    assert [(m.name, m.get(CTX, made)) for m in objects.properties(CTX, made)] == [("Name", "b"), ("Size", 5)]
    assert objects.get_member(CTX, made, "nope") is None
    assert error_of(lambda: objects.set_member(CTX, made, "nope", 1))[0] == "ExceptionWhenSetting"


def test_count_of_anything() -> None:
    assert objects.get_member(CTX, 5, "Count") == 1
    assert objects.get_member(CTX, None, "Length") == 0
    assert objects.get_member(CTX, Array(), "Count") == 0


@pytest.mark.parametrize("value", [None, 5, person(a=1)])
def test_strict_mode(value: Any) -> None:
    error_id, message = error_of(lambda: objects.get_member(Context(2), value, "Nope"))
    assert error_id == "PropertyNotFoundStrict"
    assert message == "The property 'Nope' cannot be found on this object. Verify that the property exists."


def test_keys_of_a_dictionary_come_before_its_members() -> None:
    table = Hashtable([("Count", 99), ("x", 1)])
    assert objects.get_member(CTX, table, "count") == 99
    assert objects.get_member(CTX, table, "X") == 1
    assert objects.get_member(CTX, Hashtable([(1, "int"), ("1", "str")]), 1) == "int"
    objects.set_member(CTX, table, "new", 2)
    assert table.get("NEW") == 2


def test_member_enumeration() -> None:
    rows = Array([person(n=1), person(n=Array([2, 3])), person(m=0)])
    assert list(objects.get_member(CTX, rows, "n")) == [1, 2, 3, None]
    assert objects.get_member(CTX, Array([1, 2]), "nope") is None
    assert objects.get_member(CTX, Array([person(n=5)]), "n") == 5
    assert error_of(lambda: objects.set_member(CTX, rows, "n", 1))[0] == "PropertyAssignmentException"


def test_null() -> None:
    assert objects.get_member(CTX, None, "x") is None
    assert error_of(lambda: objects.invoke_member(CTX, None, "Trim", []))[0] == "InvokeMethodOnNull"
    assert error_of(lambda: objects.set_member(CTX, None, "x", 1))[0] == "PropertyNotFound"
    assert error_of(lambda: objects.get_index(CTX, None, [0])) == ("NullArray", "Cannot index into a null array.")


def test_indices_of_arrays_and_texts() -> None:
    row = Array(["a", "b", "c"])
    assert objects.get_index(CTX, row, [-1]) == "c"
    assert objects.get_index(CTX, row, ["1"]) == "b"
    assert objects.get_index(CTX, row, [7]) is None
    assert list(objects.get_index(CTX, row, [0, 2, 9])) == ["a", "c"]
    assert list(objects.get_index(CTX, row, [Array([2, 1])])) == ["c", "b"]
    assert objects.get_index(CTX, "abc", [1]) == Char("b")
    assert error_of(lambda: objects.get_index(CTX, row, [None]))[0] == "NullArrayIndex"
    assert error_of(lambda: objects.get_index(Context(3), row, [9]))[0] == "System.IndexOutOfRangeException"


def test_writing_indices() -> None:
    row = Array([1, 2])
    objects.set_index(CTX, row, [-1], "x")
    assert list(row) == [1, "x"]
    assert error_of(lambda: objects.set_index(CTX, row, [5], 0))[0] == "System.IndexOutOfRangeException"
    assert error_of(lambda: objects.set_index(CTX, row, [0, 1], 0))[0] == "ArraySliceAssignmentFailed"
    typed = Array([1], types.INT)
    objects.set_index(CTX, typed, [0], "42")
    assert typed[0] == 42
    assert error_of(lambda: objects.set_index(CTX, 5, [0], 1)) == (
        "CannotIndex",
        'Unable to index into an object of type "System.Int32".',
    )


def test_scalars_are_lists_of_one() -> None:
    assert objects.get_index(CTX, 5, [0]) == 5
    assert objects.get_index(CTX, 5, [1]) is AUTOMATION_NULL


def test_ordered_dictionaries_take_positions() -> None:
    table = OrderedDictionary([("x", "X"), ("y", "Y")])
    assert objects.get_index(CTX, table, [0]) == "X"
    assert objects.get_index(CTX, table, ["Y"]) == "Y"
    assert objects.get_index(CTX, table, [5]) is None
    objects.set_index(CTX, table, [1], "new")
    assert table.get("y") == "new"


def test_arrays_of_two_dimensions() -> None:
    grid = objects.construct(CTX, types.get("int[,]"), [2, 3])
    assert isinstance(grid, MultiArray)
    objects.set_index(CTX, grid, [1, 2], "7")
    assert objects.get_index(CTX, grid, [1, 2]) == 7
    assert grid.items == [0, 0, 0, 0, 0, 7]


def test_added_members() -> None:
    text = objects.add_note(CTX, "abc", "Tag", 1)
    assert objects.get_member(CTX, text, "tag") == 1
    assert objects.unwrap(text) == "abc"
    rows = GenericList([1], types.INT)
    assert objects.add_note(CTX, rows, "N", 2) is rows
    assert objects.get_member(CTX, rows, "n") == 2
    message = error_of(lambda: objects.add_member(CTX, person(a=1), objects.NoteProperty("A", 2)))[1]
    assert message.startswith('Cannot add a member with the name "A" because a member with that name already exists.')


def test_type_names() -> None:
    assert objects.type_names(Array()) == ["System.Object[]", "System.Array", "System.Object"]
    made = person(a=1)
    objects.get_member(CTX, made, "PSTypeNames").insert(0, "My.Type")
    assert objects.type_names(made)[0] == "My.Type"


def test_copies_do_not_share_properties() -> None:
    first = person(a=1)
    second = objects.copy_object(CTX, first)
    objects.set_member(CTX, second, "a", 2)
    assert objects.get_member(CTX, first, "a") == 1


def test_read_only_properties() -> None:
    assert error_of(lambda: objects.set_member(CTX, "abc", "Length", 5)) == (
        "PropertyAssignmentException",
        "'Length' is a ReadOnly property.",
    )

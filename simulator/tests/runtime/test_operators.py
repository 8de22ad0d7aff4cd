# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators by PowerShell's binder rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hvsim.library import load
from hvsim.runtime import types
from hvsim.runtime.collections import Hashtable, OrderedDictionary
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.operators import BINARY, UNARY
from hvsim.runtime.structs import DateTime, SwitchParameter, TimeSpan, Version
from hvsim.runtime.values import (
    Array,
    BigInteger,
    Byte,
    Char,
    EnumValue,
    Int64,
    Single,
    UInt16,
    UInt32,
    UInt64,
)

MAX = 2**31 - 1
DAY = types.get("System.DayOfWeek")


@pytest.fixture(scope="module")
def ctx() -> ExecutionContext:
    load()
    return ExecutionContext()


def binary(name: str, left: Any, right: Any, ctx: Any = None) -> Any:
    return BINARY[name](ctx, left, right)


def failure(name: str, left: Any, right: Any, ctx: Any = None) -> tuple[str, str]:
    with pytest.raises(PSError) as caught:
        binary(name, left, right, ctx)
    record = caught.value.record
    if record is None:
        return caught.value.exception.kind, caught.value.exception.message
    return record.error_id, record.message


@pytest.mark.parametrize(
    ("name", "left", "right", "expected"),
    [
        ("Plus", 1, 2, 3),
        ("Plus", MAX, 1, float(MAX + 1)),
        ("Minus", -MAX - 1, 1, float(-MAX - 2)),
        ("Multiply", 65536, 65536, 4294967296.0),
        ("Plus", Int64(MAX), 1, Int64(MAX + 1)),
        ("Multiply", Int64(2**63 - 1), 2, 1.844674407370955e19),
        ("Plus", Int64(2**63 - 1), 1, 9.223372036854776e18),
        ("Plus", Byte(200), Byte(100), 300),
        ("Minus", UInt16(5), 6, -1),
        ("Plus", UInt32(1), 1, UInt32(2)),
        ("Plus", UInt32(1), -2, Int64(-1)),
        ("Minus", UInt32(1), UInt32(2), -1.0),
        ("Minus", UInt64(1), 2, -1.0),
        ("Plus", UInt64(5), -6, Decimal(-1)),
        ("Plus", Single(1.5), 1, 2.5),
        ("Plus", 1.5, Decimal(1), Decimal("2.5")),
        ("Plus", True, True, 2),
        ("Plus", None, 5, 5),
        ("Plus", 1, None, 1),
        ("Plus", 1, "5", 6),
        ("Plus", "5", 1, "51"),
        ("Plus", Char("a"), 1, "a1"),
        ("Plus", 1, Char("a"), 98),
        ("Minus", "10", "3", 7),
        ("Multiply", 3, "4", 12),
        ("Multiply", "3", "4", "3333"),
        ("Multiply", "ab", 2.5, "abab"),
        ("Multiply", "ab", None, ""),
        ("Multiply", None, 5, None),
        ("Divide", 6, 3, 2),
        ("Divide", 7, 2, 3.5),
        ("Divide", -7, 2, -3.5),
        ("Divide", Int64(6), 3, Int64(2)),
        ("Divide", Decimal(1), 3, Decimal("0.3333333333333333333333333333")),
        ("Divide", Decimal(6), 3, Decimal(2)),
        ("Divide", 1.0, 0, float("inf")),
        ("Divide", -1.0, 0, float("-inf")),
        ("Divide", -MAX - 1, -1, float(MAX + 1)),
        ("Rem", -7, 3, -1),
        ("Rem", 7, -3, 1),
        ("Rem", -7.5, 2, -1.5),
        ("Rem", Decimal(7), Decimal("2.5"), Decimal("2.0")),
        ("Plus", EnumValue(DAY, 1), 1, EnumValue(DAY, 2)),
        ("Plus", 1, EnumValue(DAY, 1), 2),
        ("Minus", EnumValue(DAY, 5), EnumValue(DAY, 1), EnumValue(DAY, 4)),
        ("Band", "6", 3, 2),
        ("Band", 5.7, 3, UInt64(2)),
        ("Bor", None, 1, 1),
        ("Bxor", 7, 1, 6),
        ("Band", -1, 255, 255),
        ("Bor", EnumValue(DAY, 1), 2, EnumValue(DAY, 3)),
        ("Shl", 1, 31, -(2**31)),
        ("Shl", 1, 32, 1),
        ("Shl", Int64(1), 32, Int64(2**32)),
        ("Shr", -8, 1, -4),
        ("Ieq", 1, "1.0", True),
        ("Ieq", "1", 1.0, True),
        ("Ieq", "01", 1, False),
        ("Ieq", "a", "A", True),
        ("Ceq", "a", "A", False),
        ("Ieq", 0, "", True),
        ("Ieq", 0, None, False),
        ("Ieq", True, "False", True),
        ("Ieq", Char("a"), "A", True),
        ("Ieq", 97, Char("a"), True),
        ("Ieq", EnumValue(DAY, 1), "mon", True),
        ("Ieq", "1", EnumValue(DAY, 1), False),
        ("Ieq", Version(1, 2), "1.2", True),
        ("Ieq", SwitchParameter(True), True, True),
        ("Ieq", Decimal("0.1"), 0.1, True),
        ("Ieq", float("nan"), float("nan"), False),
        ("Ieq", "a b", Array(["a", "b"]), True),
        ("Igt", 10, "9", True),
        ("Igt", "10", 9, False),
        ("Ilt", "a", "B", True),
        ("Clt", "a", "A", True),
        ("Ilt", None, 1, True),
        ("Igt", None, -1, True),
        ("Ilt", float("nan"), 1, False),
        ("Ilike", "abc", "A?C", True),
        ("Clike", "abc", "A?C", False),
        ("Ilike", None, "", True),
        ("Icontains", Array([1, 2]), "1", True),
        ("Icontains", Array([Array([1, 2])]), 1, False),
        ("Iin", None, Array([]), False),
        ("Iin", None, None, True),
        ("Inotin", 3, Array([1]), True),
        ("Is", 5, types.get("System.Int32"), True),
        ("Is", 5, "int", True),
        ("Is", None, types.get("System.Object"), False),
        ("As", "abc", types.get("System.Int32"), None),
        ("As", "5", "int", 5),
        ("Xor", True, 0, True),
        ("Multiply", TimeSpan(10), 2, TimeSpan(20)),
    ],
)
def test_value(name: str, left: Any, right: Any, expected: Any, ctx: ExecutionContext) -> None:
    result = binary(name, left, right, ctx)
    assert result == expected or (result != result and expected != expected)
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("name", "left", "right", "error_id", "message"),
    [
        ("Divide", 1, 0, "RuntimeException", "Attempted to divide by zero."),
        ("Rem", 5, 0, "RuntimeException", "Attempted to divide by zero."),
        ("Divide", Decimal(1), 0, "RuntimeException", "Attempted to divide by zero."),
        (
            "Plus",
            1,
            "a",
            "InvalidCastFromStringToInteger",
            'Cannot convert value "a" to type "System.Int32". Error: "The input string \'a\' was not in a correct format."',
        ),
        (
            "Plus",
            1,
            Array([1]),
            "MethodNotFound",
            "Method invocation failed because [System.Object[]] does not contain a method named 'op_Addition'.",
        ),
        (
            "Minus",
            Array([1]),
            1,
            "MethodNotFound",
            "Method invocation failed because [System.Object[]] does not contain a method named 'op_Subtraction'.",
        ),
        (
            "Plus",
            Hashtable(),
            5,
            "AddHashTableToNonHashTable",
            "A hash table can only be added to another hash table.",
        ),
        (
            "Multiply",
            True,
            2,
            "NotADefinedOperationForType",
            "The operation '[System.Boolean] * [System.Int32]' is not defined.",
        ),
        (
            "Multiply",
            "a",
            -1,
            "System.ArgumentOutOfRangeException",
            "Specified argument was out of the range of valid values. (Parameter 'times')",
        ),
        (
            "Ilt",
            1,
            Array([1, 2]),
            "ComparisonFailure",
            'Could not compare "1" to "1 2". Error: "Cannot convert the "System.Object[]" value of type "System.Object[]" to '
            'type "System.Int32"."',
        ),
        (
            "Ilt",
            Hashtable(),
            Hashtable(),
            "NotIcomparable",
            'Cannot compare "System.Collections.Hashtable" because it is not IComparable.',
        ),
        (
            "Ireplace",
            "abc",
            "(",
            "InvalidRegularExpression",
            "The regular expression pattern ( is not valid.",
        ),
        (
            "Ireplace",
            "abc",
            Array(["a", "b", "c"]),
            "BadReplaceArgument",
            "The -ireplace operator allows only two elements to follow it, not 3.",
        ),
        (
            "Format",
            "{1}",
            1,
            "FormatError",
            "Error formatting a string: Index (zero based) must be greater than or equal to zero and less than the size of "
            "the argument list..",
        ),
        (
            "Format",
            "{a}",
            1,
            "FormatError",
            "Error formatting a string: Input string was not in a correct format. Failure to parse near offset 1. Expected "
            "an ASCII digit..",
        ),
        (
            "Minus",
            DateTime(10),
            5,
            "MethodCountCouldNotFindBest",
            'Multiple ambiguous overloads found for "op_Subtraction" and the argument count: "2".',
        ),
    ],
)
def test_failure(name: str, left: Any, right: Any, error_id: str, message: str, ctx: ExecutionContext) -> None:
    assert failure(name, left, right, ctx) == (error_id, message)


@pytest.mark.parametrize(
    ("name", "left", "right", "expected"),
    [
        ("Plus", Array([1]), Array([2, 3]), [1, 2, 3]),
        ("Plus", Array([1]), None, [1, None]),
        ("Multiply", Array([1, 2]), 2, [1, 2, 1, 2]),
        ("Ieq", Array([1, 2, 3, 2]), 2, [2, 2]),
        ("Ine", Array([1, None]), None, [1]),
        ("Igt", Array([1, 5, 10]), 4, [5, 10]),
        ("Ilike", Array([10, 21, 13]), "1*", ["10", "13"]),
        ("Imatch", Array(["abc", 12, "x"]), "b|1", ["abc", 12]),
        ("Ireplace", Array([1, None, "x"]), Array(["1", "one"]), ["one", "", "x"]),
        ("Isplit", "a,b,,c", ",", ["a", "b", "", "c"]),
        ("Isplit", "a,b,c", Array([",", 2]), ["a", "b,c"]),
        ("Isplit", "a,b,c", Array([",", -2]), ["a,b", "c"]),
        ("Isplit", "a.b", Array([".", 0, "SimpleMatch"]), ["a", "b"]),
        ("Isplit", "abc", "", ["", "a", "b", "c", ""]),
        ("Isplit", "a1b", "(\\d)", ["a", "1", "b"]),
        ("Csplit", "aXbxc", "x", ["aXb", "c"]),
        ("Isplit", None, ",", [""]),
        ("DotDot", 3, 1, [3, 2, 1]),
        ("DotDot", "1", "3", [1, 2, 3]),
        ("DotDot", "c", "a", [Char("c"), Char("b"), Char("a")]),
        ("DotDot", 1.5, 3.4, [2, 3]),
    ],
)
def test_list(name: str, left: Any, right: Any, expected: list[Any], ctx: ExecutionContext) -> None:
    assert list(binary(name, left, right, ctx)) == expected


def test_array_keeps_its_type_when_repeated_but_not_when_added() -> None:
    text = types.get("System.String")
    assert binary("Multiply", Array(["a"], text), 2).element_type is text
    assert binary("Plus", Array(["a"], text), "b").element_type is None


def test_merging_dictionaries() -> None:
    ordered = OrderedDictionary([("z", 1)])
    merged = binary("Plus", ordered, Hashtable([("a", 2)]))
    assert type(merged) is OrderedDictionary
    assert merged.keys() == ["z", "a"]
    assert len(ordered) == 1
    kind, message = failure("Plus", Hashtable([("a", 1)]), Hashtable([("A", 2)]))
    assert kind == "System.ArgumentException"
    assert message == "Item has already been added. Key in dictionary: 'a'  Key being added: 'A'"


def test_match_sets_matches(ctx: ExecutionContext) -> None:
    assert binary("Imatch", "abc", "(?<x>B)(c)?", ctx) is True
    table = ctx.get_variable("Matches")
    assert table.get("x") == "b"
    assert table.get(0) == "bc"
    assert table.get(1) == "c"
    assert binary("Imatch", "zzz", "q", ctx) is False
    assert ctx.get_variable("Matches") is table


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        ("<$0>", "a<b>c"),
        ("$$", "a$c"),
        ("$1", "abc"),
        ("${1}1", "ab1c"),
        ("$11", "a$11c"),
        ("$`", "aac"),
        ("$'", "acc"),
    ],
)
def test_replacement_patterns(replacement: str, expected: str) -> None:
    assert binary("Ireplace", "abc", Array(["(b)", replacement])) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Not", 0, True),
        ("Bnot", 5, -6),
        ("Bnot", None, -1),
        ("Bnot", "5", -6),
        ("Bnot", Byte(5), -6),
        ("Bnot", UInt32(5), UInt32(4294967290)),
        ("Minus", "5", -5),
        ("Minus", None, 0),
        ("Minus", True, -1),
        ("Minus", Byte(5), -5),
        ("Minus", TimeSpan(5), TimeSpan(-5)),
        ("Minus", BigInteger(5), BigInteger(-5)),
        ("Plus", "5", 5),
        ("Join", Array([1, 2, None]), "12"),
    ],
)
def test_unary(name: str, value: Any, expected: Any) -> None:
    result = UNARY[name](None, value)
    assert result == expected
    assert type(result) is type(expected)


def test_join_does_not_unroll_deeper() -> None:
    assert binary("Join", Array([1, Array([2, 3])]), " ") == "1 System.Object[]"


def test_format_takes_a_list_of_values_as_arguments() -> None:
    assert binary("Format", "{0}-{1}", Array([1, "x"])) == "1-x"
    numbers = Array([1, 2], types.get("System.Int32"))
    assert binary("Format", "{0}", numbers) == "System.Int32[]"


def test_arrays_are_compared_exactly_by_is() -> None:
    texts = Array(["a"], types.get("System.String"))
    assert binary("Is", texts, types.find("object[]")) is False
    assert binary("Is", texts, types.get("System.Array")) is True


def test_framework_edition_has_no_character_ranges(ctx: ExecutionContext) -> None:
    old = ExecutionContext(edition="5.1")
    assert failure("DotDot", "a", "c", old)[0] == "InvalidCastFromStringToInteger"
    assert failure("Multiply", TimeSpan(1), 2, old)[0] == "MethodNotFound"

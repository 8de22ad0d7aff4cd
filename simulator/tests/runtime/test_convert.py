# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversions: ``LanguagePrimitives.ConvertTo``, truth, text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported
from hvsim.library import load
from hvsim.runtime import convert, types
from hvsim.runtime.collections import ArrayList, GenericList, Hashtable, OrderedDictionary
from hvsim.runtime.errors import PSError
from hvsim.runtime.format.dates import ticks_of
from hvsim.runtime.structs import DateTime, Guid, SwitchParameter, TimeSpan, Version
from hvsim.runtime.values import (
    AUTOMATION_NULL,
    Array,
    BigInteger,
    Byte,
    Char,
    EnumValue,
    Int64,
    PSObject,
    Single,
    UInt32,
)


def to(value: Any, name: str) -> Any:
    net_type = types.find(name)
    assert net_type is not None
    return convert.to(None, value, net_type)


def failure(value: Any, name: str) -> tuple[str, str]:
    with pytest.raises(PSError) as caught:
        to(value, name)
    record = caught.value.record
    assert record is not None
    return record.error_id, record.message


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ("5", "int", 5),
        (" 5 ", "int", 5),
        ("+5", "int", 5),
        ("007", "int", 7),
        ("0x1F", "int", 31),
        ("&h1F", "int", 31),
        ("#1F", "int", 31),
        ("0x80000000", "int", -(2**31)),
        ("", "int", 0),
        ("1e3", "int", 1000),
        ("1,000", "int", 1000),
        ("1.5", "int", 2),
        ("2.5", "int", 2),
        ("1kb", "int", 1024),
        ("5L", "int", 5),
        (2.5, "int", 2),
        (3.5, "int", 4),
        (-2.5, "int", -2),
        (True, "int", 1),
        (None, "int", 0),
        (AUTOMATION_NULL, "int", 0),
        (Char("A"), "int", 65),
        (PSObject(7), "int", 7),
        (5, "long", Int64(5)),
        ("255", "byte", Byte(255)),
        (Decimal("2.5"), "int", 2),
        ("1.5", "double", 1.5),
        ("1,5", "double", 15.0),
        ("1e400", "double", float("inf")),
        (1, "double", 1.0),
        ("1.50", "decimal", Decimal("1.5")),
        ("1.50d", "decimal", Decimal("1.50")),
        (0.1, "decimal", Decimal("0.1")),
        (0.1234567890123456789, "decimal", Decimal("0.123456789012346")),
        (1e-30, "decimal", Decimal(0)),
        ("a", "char", Char("a")),
        (65, "char", Char("A")),
        (None, "char", Char(0)),
        ("x", "bool", True),
        ("", "bool", False),
        (None, "string", ""),
        (5, "bigint", BigInteger(5)),
        ("int", "type", types.get("System.Int32")),
        (5, "System.Nullable[int]", 5),
        (None, "System.Nullable[int]", None),
        (None, "version", None),
        ("1.2", "version", Version(1, 2)),
        (1.5, "version", Version(1, 5)),
        (0, "datetime", DateTime(0)),
        ("1.02:03:04", "timespan", TimeSpan(937_840_000_000)),
        ("25:00:00", "timespan", TimeSpan(25 * 24 * 36_000_000_000)),
        (5, "timespan", TimeSpan(5)),
        (True, "switch", SwitchParameter(True)),
        (None, "switch", SwitchParameter(False)),
        ("{6C09BB55-D683-4DA0-8931-C9BF705F6480}", "guid", Guid("6c09bb55-d683-4da0-8931-c9bf705f6480")),
    ],
)
def test_value(value: Any, name: str, expected: Any) -> None:
    result = to(value, name)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("value", "name", "error_id", "message"),
    [
        (
            "abc",
            "int",
            "InvalidCastFromStringToInteger",
            'Cannot convert value "abc" to type "System.Int32". Error: "The input string \'abc\' was not in a correct format."',
        ),
        (
            "99999999999",
            "int",
            "InvalidCastFromStringToInteger",
            'Cannot convert value "99999999999" to type "System.Int32". '
            'Error: "Value was either too large or too small for an Int32."',
        ),
        (
            float("inf"),
            "int",
            "InvalidCastIConvertible",
            'Cannot convert value "Infinity" to type "System.Int32". '
            'Error: "Value was either too large or too small for an Int32."',
        ),
        (
            300,
            "byte",
            "InvalidCastIConvertible",
            'Cannot convert value "300" to type "System.Byte". '
            'Error: "Value was either too large or too small for an unsigned byte."',
        ),
        (
            "ab",
            "char",
            "InvalidCastParseTargetInvocation",
            'Cannot convert value "ab" to type "System.Char". Error: "String must be exactly one character long."',
        ),
        (
            65.5,
            "char",
            "InvalidCastIConvertible",
            'Cannot convert value "65.5" to type "System.Char". Error: "Invalid cast from \'Double\' to \'Char\'."',
        ),
        (
            "1.2.3",
            "decimal",
            "InvalidCastFromStringToDecimal",
            'Cannot convert value "1.2.3" to type "System.Decimal". '
            "Error: \"The input string '1.2.3' was not in a correct format.\"",
        ),
        (None, "datetime", "nullToObjectInvalidCast", 'Cannot convert null to type "System.DateTime".'),
        (
            "31/12/2024",
            "datetime",
            "InvalidCastParseTargetInvocationWithFormatProvider",
            'Cannot convert value "31/12/2024" to type "System.DateTime". '
            "Error: \"String '31/12/2024' was not recognized as a valid DateTime.\"",
        ),
        (
            -1,
            "datetime",
            "InvalidCastConstructorException",
            'Cannot convert value "-1" to type "System.DateTime". Error: "Ticks must be between DateTime.MinValue.Ticks and '
            "DateTime.MaxValue.Ticks. (Parameter 'ticks')\"",
        ),
        (
            "abc",
            "int[]",
            "InvalidCastExceptionScalarToArray",
            'Cannot convert value "abc" to type "System.Int32[]". Error: "Cannot convert value "abc" to type "System.Int32". '
            'Error: "The input string \'abc\' was not in a correct format.""',
        ),
        (
            Array([1, 2]),
            "int",
            "ConvertToFinalInvalidCastException",
            'Cannot convert the "System.Object[]" value of type "System.Object[]" to type "System.Int32".',
        ),
        (
            "T",
            "System.DayOfWeek",
            "SubstringDisambiguationEnumParseThrewAnException",
            'Cannot convert value "T" to type "System.DayOfWeek". Error: "The identifier name T cannot be processed because it '
            "is either too similar or identical to the following enumerator names: Tuesday, Thursday. Use a more specific "
            'identifier name."',
        ),
        (
            9,
            "System.DayOfWeek",
            "UndefinedIntegerToEnum",
            'Cannot convert value "9" to type "System.DayOfWeek" due to enumeration values that are not valid. Specify one of '
            "the following enumeration values and try again. The possible enumeration values are "
            '"Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday".',
        ),
        (
            1,
            "switch",
            "ConvertToFinalInvalidCastException",
            'Cannot convert the "1" value of type "System.Int32" to type "System.Management.Automation.SwitchParameter".',
        ),
        (
            "nosuch",
            "type",
            "InvalidCastFromStringToType",
            'Cannot convert the "nosuch" value of type "System.String" to type "System.Type".',
        ),
        (
            "(",
            "regex",
            "InvalidCastFromStringToRegex",
            'Cannot convert value "(" to type "System.Text.RegularExpressions.Regex". '
            "Error: \"Invalid pattern '(' at offset 1. Not enough )'s.\"",
        ),
    ],
)
def test_failure(value: Any, name: str, error_id: str, message: str) -> None:
    assert failure(value, name) == (error_id, message)


def test_error_is_the_cast_exception_and_its_record_the_runtime_exception() -> None:
    with pytest.raises(PSError) as caught:
        to("abc", "int")
    assert caught.value.exception.kind == "System.Management.Automation.PSInvalidCastException"
    record = caught.value.record
    assert record is not None
    assert record.exception.kind == "System.Management.Automation.RuntimeException"
    assert record.exception.inner is caught.value.exception
    assert record.category == "InvalidArgument"


@pytest.mark.parametrize(
    ("value", "number"),
    [("monday", 1), ("Tu", 2), ("3", 3), (4, 4), (5.0, 5), (Int64(6), 6)],
)
def test_enum(value: Any, number: int) -> None:
    assert to(value, "System.DayOfWeek") == EnumValue(types.get("System.DayOfWeek"), number)


@pytest.mark.parametrize(
    ("value", "number"),
    [("Hidden, ReadOnly", 3), (Array(["Hidden", "System"]), 6), (3, 3), ("r", 1), (0, 0)],
)
def test_flags(value: Any, number: int) -> None:
    assert to(value, "System.IO.FileAttributes").value == number


def test_arrays() -> None:
    numbers = to(Array(["1", 2.0, None]), "int[]")
    assert list(numbers) == [1, 2, 0]
    assert types.of(numbers).full_name == "System.Int32[]"
    assert list(to(5, "object[]")) == [5]
    assert to(5, "object[]").element_type is None
    assert list(to("ab", "char[]")) == [Char("a"), Char("b")]
    assert to(None, "int[]") is None
    same = Array([1])
    assert to(same, "object[]") is same
    assert list(to(ArrayList([1, "2"]), "int[]")) == [1, 2]


def test_generic_list_from_array_and_scalar() -> None:
    load()
    made = to(Array(["a", 1]), "System.Collections.Generic.List[string]")
    assert type(made) is GenericList
    assert list(made) == ["a", "1"]
    assert failure(Array(["x"]), "System.Collections.Generic.List[int]") == (
        "ConvertToFinalInvalidCastException",
        'Cannot convert the "System.Object[]" value of type "System.Object[]" to type '
        '"System.Collections.Generic.List`1[System.Int32]".',
    )


def test_hashtable_of_a_dictionary() -> None:
    made = to(OrderedDictionary([("a", 1)]), "hashtable")
    assert type(made) is Hashtable
    assert made.get("a") == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5, "1.5"),
        (0.1 + 0.2, "0.3"),
        (1e20, "1E+20"),
        (1e15, "1E+15"),
        (1e14, "100000000000000"),
        (0.00001, "1E-05"),
        (-0.0, "-0"),
        (float("nan"), "NaN"),
        (Single(0.1), "0.1"),
        (Decimal("1.50"), "1.50"),
        (Decimal("79228162514264337593543950335"), "79228162514264337593543950335"),
        (True, "True"),
        (Char("x"), "x"),
        (Array([1, None, "x"]), "1  x"),
        (Array([Array([1, 2]), 3]), "System.Object[] 3"),
        (Hashtable(), "System.Collections.Hashtable"),
        (DateTime(ticks_of(2024, 3, 4, 19, 48, 9)), "03/04/2024 19:48:09"),
        (types.get("System.Int32"), "int"),
        (EnumValue(types.get("System.IO.FileAttributes"), 3), "ReadOnly, Hidden"),
        (Version(1, 2), "1.2"),
    ],
)
def test_text(value: Any, text: str) -> None:
    assert convert.to_string(None, value) == text


def test_net_text_differs_from_powershells() -> None:
    assert convert.net_string(None, 0.1 + 0.2) == "0.30000000000000004"
    assert convert.net_string(None, Array([1, 2])) == "System.Object[]"
    assert convert.net_string(None, types.get("System.Int32")) == "System.Int32"


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (0, False),
        (0.0, False),
        (Decimal(0), False),
        ("False", True),
        (Array([]), False),
        (Array([0]), False),
        (Array([0, 0]), True),
        (Array([Array([])]), False),
        (Array([Array([0])]), True),
        (Hashtable(), True),
        (TimeSpan(0), True),
        (SwitchParameter(False), False),
        (Char(0), False),
        (UInt32(0), False),
        (AUTOMATION_NULL, False),
        (PSObject(0), False),
    ],
)
def test_truth(value: Any, truth: bool) -> None:
    assert convert.to_bool(value) is truth


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("5L", Int64(5)),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("-0x10", -16),
        ("2gb", Int64(2**31)),
        ("", 0),
        ("5a", None),
    ],
)
def test_parse_number(text: str, number: Any) -> None:
    found = convert.parse_number(text)
    assert found == number
    assert type(found) is type(number)


def test_enumerate() -> None:
    assert convert.enumerate("abc") is None
    assert convert.enumerate(Hashtable()) is None
    items = convert.enumerate(ArrayList([1, 2]))
    assert items is not None
    assert list(items) == [1, 2]


def test_try_to() -> None:
    assert convert.try_to(None, "x", types.get("System.Int32")) == (False, None)
    assert convert.try_to(None, "5", types.get("System.Int32")) == (True, 5)


@pytest.mark.parametrize("script", ["[intptr]5", "[System.Half]1.5", "[System.Int128]5"])
def test_types_whose_conversions_nobody_recorded_are_refused(script: str) -> None:
    with pytest.raises(Unsupported, match="conversion of"):
        Runspace().run(script)


@pytest.mark.parametrize("name", ["double", "float", "decimal"])
def test_characters_are_no_fractions(name: str) -> None:
    """Char's IConvertible knows integers only."""
    (record,) = Runspace().run(f"[{name}][char]'a'").errors
    shown = {"double": "Double", "float": "Single", "decimal": "Decimal"}[name]
    assert record.message == (
        f'Cannot convert value "a" to type "System.{shown}". Error: "Invalid cast from \'Char\' to \'{shown}\'."'
    )

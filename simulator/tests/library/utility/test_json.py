# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hvsim.library.utility.json_reader import JsonError, NewtonsoftReader, ScriptReader, microsoft_date, newtonsoft_date
from hvsim.runtime.structs import DateTime
from hvsim.runtime.values import BigInteger, Int64


def read(text: str) -> Any:
    return NewtonsoftReader(text).document()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2,]", [1, 2]),
        ("[1,,2]", [1, None, 2]),
        ("{'a': 1, b: \"x\",}", [("a", 1), ("b", "x")]),
        ("// c\n[/* d */ 1]", [1]),
        ("0x10", 16),
        ("010", 8),
        ("-.5", -0.5),
        ('"\\u00fc\\/\\\'"', "ü/'"),
        ('{"a":1,"b":2,"a":3}', [("a", 3), ("b", 2)]),
        ("", None),
        ("undefined", None),
    ],
)
def test_lenient_texts(text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nope", "Unexpected character encountered while parsing value: n. Path '', line 0, position 0."),
        ("tru", "Unexpected end when reading JSON. Path '', line 1, position 3."),
        ("{bad", "Unexpected end while parsing unquoted property name. Path '', line 1, position 4."),
        ('{"a":1', "Unexpected end when deserializing object. Path 'a', line 1, position 6."),
        ("[1", "Unexpected end of content while loading JArray. Path '[0]', line 1, position 2."),
        (
            '{"a" 1}',
            "Invalid character after parsing property name. Expected ':' but got: 1. Path '', line 1, position 5.",
        ),
        ('{"a":\n }', "Unexpected character encountered while parsing value: }. Path 'a', line 2, position 1."),
        ("1 2", "Additional text encountered after finished reading JSON content: 2. Path '', line 1, position 2."),
        ('"a', "Unterminated string. Expected delimiter: \". Path '', line 1, position 2."),
    ],
)
def test_messages(text: str, message: str) -> None:
    with pytest.raises(JsonError) as caught:
        read(text)
    assert str(caught.value) == message


def test_number_types() -> None:
    assert type(read("1")) is Int64
    assert type(read("12345678901234567890")) is BigInteger
    assert type(read("1.0")) is float


def test_windows_number_types() -> None:
    values = ScriptReader("[1, 5000000000, 1.50, 1e2]").document()
    assert [type(v) for v in values] == [int, Int64, Decimal, float]


def test_depth_limit() -> None:
    with pytest.raises(JsonError, match="MaxDepth of 2 has been exceeded"):
        NewtonsoftReader("[[[1]]]", max_depth=2).document()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05T07:08:09Z", DateTime(638452192890000000, 1)),
        ("2024-03-05T07:08:09", DateTime(638452192890000000, 0)),
        ("2024-03-05T09:08:09+02:00", DateTime(638452192890000000, 2)),
        ("2024-03-05T24:00:00", DateTime(638452800000000000, 0)),
    ],
)
def test_dates(text: str, expected: DateTime) -> None:
    found = newtonsoft_date(text)
    assert found == expected
    assert found is not None and found.kind == expected.kind


@pytest.mark.parametrize(
    "text", ["2024-03-05", "2024-13-05T07:08:09", "2024-03-05 07:08:09", "2024-03-05T07:08:09.12345678Z"]
)
def test_no_dates(text: str) -> None:
    assert newtonsoft_date(text) is None


def test_microsoft_dates() -> None:
    assert microsoft_date("/Date(0)/") == DateTime(621355968000000000, 1)


def test_convertfrom_json_shapes(shell: Any) -> None:
    assert shell.out("@('[1,2]' | ConvertFrom-Json).Count; @('[1,2]' | ConvertFrom-Json -NoEnumerate).Count") == [2, 1]
    assert shell.out("('{', '\"a\":1', '}' | ConvertFrom-Json).a") == [1]
    assert shell.out("('{\"A\":1,\"a\":2}' | ConvertFrom-Json -AsHashtable)['a']") == [2]


def test_convertfrom_json_errors(shell: Any) -> None:
    error_id, message = shell.error('\'{"A":1,"a":2}\' | ConvertFrom-Json')
    assert error_id == "KeysWithDifferentCasingInJsonString,Microsoft.PowerShell.Commands.ConvertFromJsonCommand"
    assert "existing key 'A' was 'a'" in message
    assert shell.error("'{\"\":1}' | ConvertFrom-Json")[0].startswith("EmptyKeyInJsonString,")


def test_windows_powershell_writes_an_array_as_one_object(windows: Any) -> None:
    assert windows.out("@('[1,2]' | ConvertFrom-Json).Count") == [1]
    assert windows.error("'nope' | ConvertFrom-Json")[1] == "Invalid JSON primitive: nope."

# SPDX-License-Identifier: GPL-3.0-or-later
"""Numeric format strings and number parsing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hvsim.runtime import culture
from hvsim.runtime.errors import PSError
from hvsim.runtime.format.numbers import format_number
from hvsim.runtime.format.numparse import CURRENCY, HEX, NUMBER, parse_to
from hvsim.runtime.values import BigInteger, Byte, Int64, SByte, Single

US = culture.get("en-US").numbers


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (1234.5, "N2", "1,234.50"),
        (1234.5678, "N", "1,234.568"),
        (5, "D3", "005"),
        (-5, "D3", "-005"),
        (255, "X", "FF"),
        (255, "x4", "00ff"),
        (-1, "X", "FFFFFFFF"),
        (SByte(-1), "X", "FF"),
        (Int64(-1), "x", "ffffffffffffffff"),
        (255, "B", "11111111"),
        (BigInteger(255), "X", "0FF"),
        (BigInteger(-1), "X", "F"),
        (BigInteger(-8), "X", "8"),
        (BigInteger(-9), "x", "f7"),
        (2.26, "F1", "2.3"),
        (2.5, "F0", "3"),
        (0.125, "F2", "0.13"),
        (1.005, "F2", "1.00"),
        (-0.001, "F2", "-0.00"),
        (Decimal("-0.001"), "F2", "0.00"),
        (12345.678, "E2", "1.23E+004"),
        (1234.5, "e", "1.234500e+003"),
        (12345, "G3", "1.23E+04"),
        (0.00001234, "G3", "1.23E-05"),
        (Decimal("1.50"), "G", "1.50"),
        (Decimal("1.50"), "G2", "1.5"),
        (0.256, "P0", "26%"),
        (-0.5, "P1", "-50.0%"),
        (1234.5, "C", "$1,234.50"),
        (-3, "C0", "-$3"),
        (1e15, "", "1000000000000000"),
        (1e14, "", "100000000000000"),
        (0.0001, "", "0.0001"),
        (0.00001, "", "1E-05"),
        (-0.0, "", "-0"),
        (5e-324, "", "5E-324"),
        (1 / 3, "", "0.3333333333333333"),
        (1.7976931348623157e308, "", "1.7976931348623157E+308"),
        (Single(16777216), "", "16777216"),
        (Single(3.4028234663852886e38), "", "3.4028235E+38"),
        (0.1, "R", "0.1"),
        (float("nan"), "N2", "NaN"),
        (float("-inf"), "F0", "-∞"),
        (Byte(10), "X2", "0A"),
    ],
)
def test_standard(value: Any, spec: str, text: str) -> None:
    assert format_number(value, spec, US) == text


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (3.14159, "000.00", "003.14"),
        (1234.5, "#,##0.##", "1,234.5"),
        (2, "0.0", "2.0"),
        (0, "##", ""),
        (1234567, "#,0", "1,234,567"),
        (123456, "0,", "123"),
        (12345678, "0,,.##", "12.35"),
        (0.5, "0%", "50%"),
        (0.12345, "0.00%", "12.35%"),
        (1234.5678, "0.00E+00", "1.23E+03"),
        (0.0005, "0.0E-0", "5.0E-4"),
        (-5, "0;(0)", "(5)"),
        (0, "0;(0);zero", "zero"),
        (0.001, "0.0;-0.0;nil", "nil"),
        (-0.001, "0.00", "0.00"),
        (12, "0'x'0", "1x2"),
        (15551234567, "# (###) ###-####", "1 (555) 123-4567"),
        (0.45, ".##", ".45"),
        (0.45, "#.#", ".5"),
        (12, "0\\%", "12%"),
        (123, "00000", "00123"),
        (1e20, "#,#", "100,000,000,000,000,000,000"),
        (0.1 + 0.2, "0.00000000000000000000", "0.30000000000000000000"),
    ],
)
def test_custom(value: Any, spec: str, text: str) -> None:
    assert format_number(value, spec, US) == text


@pytest.mark.parametrize(("value", "spec"), [(5, "Q"), (5.5, "D"), (5, "R"), (Decimal(1), "X")])
def test_unknown_format(value: Any, spec: str) -> None:
    with pytest.raises(PSError, match="Format specifier was invalid"):
        format_number(value, spec, US)


@pytest.mark.parametrize(
    ("name", "spec", "value", "text"),
    [
        ("de-DE", "N2", 1234567.891, "1.234.567,89"),
        ("de-DE", "C", 1234.5, "1.234,50 €"),
        ("de-DE", "P1", 0.5, "50,0 %"),
        ("fr-FR", "N2", 1234567.891, "1\u202f234\u202f567,89"),
        ("ja-JP", "C", 1234.5, "￥1,235"),
        ("", "C", -3, "(¤3.00)"),
        ("", "P0", 0.5, "50 %"),
        ("de-DE", "0.0", 1.5, "1,5"),
    ],
)
def test_cultures(name: str, spec: str, value: Any, text: str) -> None:
    assert format_number(value, spec, culture.get(name).numbers) == text


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (0.1 + 0.2, "", "0.3"),
        (1 / 3, "", "0.333333333333333"),
        (0.1 + 0.2, "R", "0.30000000000000004"),
        (1.005, "F2", "1.01"),
        (-0.0, "", "0"),
        (-3, "C0", "($3)"),
        (0.256, "P0", "26 %"),
        (1234.5, "N", "1,234.50"),
    ],
)
def test_framework_edition(value: Any, spec: str, text: str) -> None:
    assert format_number(value, spec, culture.get("en-US", "5.1").numbers, "5.1") == text


@pytest.mark.parametrize(
    ("text", "kind", "styles", "value"),
    [
        (" -7 ", int, None, -7),
        ("ff", int, HEX, 255),
        ("ffffffff", int, HEX, -1),
        ("1,000", int, 64, 1000),
        ("(5)", int, NUMBER | 16, -5),
        ("$5", int, CURRENCY, 5),
        ("5-", int, 8, -5),
        ("1e3", float, None, 1000.0),
        ("-Infinity", float, None, float("-inf")),
        ("1.50", Decimal, None, Decimal("1.50")),
        ("5.00", int, NUMBER, 5),
        ("255", Byte, None, Byte(255)),
    ],
)
def test_parse(text: str, kind: type, styles: int | None, value: Any) -> None:
    numbers = US if styles == CURRENCY else None
    result = parse_to(text, kind, styles, numbers)
    assert result == value
    assert type(result) is kind


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("abc", int, "The input string 'abc' was not in a correct format."),
        ("1.5", int, "The input string '1.5' was not in a correct format."),
        ("", int, "The input string '' was not in a correct format."),
        ("99999999999", int, "Value was either too large or too small for an Int32."),
        ("256", Byte, "Value was either too large or too small for an unsigned byte."),
        ("1e30", Decimal, "The input string '1e30' was not in a correct format."),
    ],
)
def test_parse_failure(text: str, kind: type, message: str) -> None:
    with pytest.raises(PSError) as caught:
        parse_to(text, kind)
    assert caught.value.exception.message == message

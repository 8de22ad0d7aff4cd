# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers, ``Math``, ``Convert``, ``BitConverter``, ``Random``."""

from __future__ import annotations

import pytest
from tests.library.dotnet.conftest import Texts


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[int]::Parse(' -7 '); [int]::Parse('ff', 'HexNumber')", ["-7", "255"]),
        (
            "$n = 5; [int]::TryParse('x', [ref] $n); $n; [int]::TryParse('12', [ref] $n); $n",
            ["False", "0", "True", "12"],
        ),
        ("[double]::Parse('1.234,5', [cultureinfo]'de-DE')", ["1234.5"]),
        ("(1234567.891).ToString('N2', [cultureinfo]'de-DE')", ["1.234.567,89"]),
        (
            "[int]::MaxValue; [byte]::MinValue; [decimal]::MaxValue",
            ["2147483647", "0", "79228162514264337593543950335"],
        ),
        ("[double]::IsNaN([double]::NaN); [double]::IsInfinity(1e308 * 10)", ["True", "True"]),
        ("(5).CompareTo(7); (5).Equals(5L); (1.5).Equals(1.5)", ["-1", "False", "True"]),
        ("[decimal]::Floor(-2.5d); [decimal]::Truncate(2.9d); [decimal]::Remainder(7d, 2.5d)", ["-3", "2", "2.0"]),
        (
            "[bigint]::Pow(2, 64); [bigint]::Remainder(17, 5); ([bigint]255).ToString('X')",
            ["18446744073709551616", "2", "0FF"],
        ),
        (
            "[math]::Round(2.5); [math]::Round(2.5, [MidpointRounding]::AwayFromZero); [math]::Round(-2.5)",
            ["2", "3", "-2"],
        ),
        ("[math]::Round(2.675, 2); [math]::Round(1.005, 2); [math]::Round(2.45d, 1)", ["2.68", "1", "2.4"]),
        ("[math]::Floor(-2.1); [math]::Ceiling(2.1); [math]::Truncate(-2.9)", ["-3", "3", "-2"]),
        ("[math]::Sqrt(-1); [math]::Log(0); [math]::Log(8, 2); [math]::Pow(2, 10)", ["NaN", "-Infinity", "3", "1024"]),
        (
            "[math]::Abs(-3).GetType().Name; [math]::Sign(-3.5); [math]::Max(2L, 1).GetType().Name",
            ["Int32", "-1", "Int64"],
        ),
        (
            "[Convert]::ToInt32('ff', 16); [Convert]::ToInt32('ffffffff', 16); [Convert]::ToByte('11', 2)",
            ["255", "-1", "3"],
        ),
        (
            "[Convert]::ToString(255, 2); [Convert]::ToString(-1, 16); [Convert]::ToString(8, 8)",
            ["11111111", "ffffffff", "10"],
        ),
        (
            "[Convert]::ToInt32(2.5); [Convert]::ToInt32($true); [Convert]::ToInt32([char]'A'); [Convert]::ToInt32($null)",
            ["2", "1", "65", "0"],
        ),
        (
            "[Convert]::ToBase64String([byte[]](1..3)); [Convert]::FromBase64String(' QU I=') -join ','",
            ["AQID", "65,66"],
        ),
        ("[Convert]::ChangeType('42', [int]) + 1; [Convert]::ChangeType(3.7, [int])", ["43", "4"]),
        ("[Convert]::ToHexString([byte[]](1, 171))", ["01AB"]),
        ("[BitConverter]::ToString([byte[]](1, 171)); [BitConverter]::ToInt16([byte[]](1, 2), 0)", ["01-AB", "513"]),
        ("[BitConverter]::GetBytes(258) -join ' '", ["2 1 0 0"]),
        ("$r = [Random]::new().Next(5, 7); $r -ge 5 -and $r -lt 7", ["True"]),
    ],
)
def test_number(script: str, expected: list[str], texts: Texts) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("[int]::Parse('abc')", "The input string 'abc' was not in a correct format."),
        ("(5).ToString('Q')", "Format specifier was invalid."),
        ("[math]::Abs([int]::MinValue)", "Negating the minimum value of a twos complement number is invalid."),
        ("[math]::Round(1.5, 20)", "Rounding digits must be between 0 and 15, inclusive. (Parameter 'digits')"),
        ("[Convert]::ToInt32('zz', 16)", "Could not find any recognizable digits."),
        ("[Convert]::ToByte(300)", "Value was either too large or too small for an unsigned byte."),
    ],
)
def test_failure(script: str, message: str, texts: Texts) -> None:
    (line,) = texts(script)
    assert line.endswith(f'"{message}"')


def test_random_with_seed_repeats_dot_nets_sequence(texts: Texts) -> None:
    assert texts("$r = [Random]::new(42); $r.Next(); [Random]::new(42).Next(100)") == ["1434747710", "66"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "([byte]7).CompareTo([byte]2); ([int16]-3).CompareTo([int16]4); ([uint16]9).CompareTo([uint16]9); ([sbyte]1).CompareTo([sbyte]-1)",
            ["5", "-7", "0", "2"],
        ),
        (
            "(1e15).ToString(); (1e16).ToString(); (1e17).ToString(); ([float]1e8).ToString(); ([float]1e9).ToString(); (1234567890123456.0).ToString()",
            ["1000000000000000", "10000000000000000", "1E+17", "100000000", "1E+09", "1234567890123456"],
        ),
        (
            "65d % 123456.7890d; 0d % 2.50d; 7.50d % 2d; 5.00d % 5d; [decimal]::Remainder(65d, 123456.7890d); 1.00d / [decimal]::MaxValue",
            ["65", "0", "1.50", "0.00", "65", "0"],
        ),
        ("[decimal]::ToDouble(2.5d); [decimal]::ToSingle(-1.25d); [decimal]::ToInt32(2.9d)", ["2.5", "-1.25", "2"]),
        ("[math]::Atanh(1); [math]::Atanh(-1); [math]::Atanh(2)", ["Infinity", "-Infinity", "NaN"]),
        (
            "[BitConverter]::ToString([byte[]](1, 2, 3), 1, 2); [BitConverter]::ToString([byte[]](1, 2, 3), 2, 16)",
            [
                "02-03",
                'ArgumentException: Exception calling "ToString" with "3" argument(s): "Destination array is not long enough to copy all the items in the collection. Check array index and length. (Parameter \'value\')"',
            ],
        ),
    ],
)
def test_results_compared_with_net(texts: Texts, script: str, expected: list[str]) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            '$t = [math]::DivRem(-17, 5); "$t"; $t.Item2; $t.GetType().Name; [int]::DivRem(7, 2).Item1; [bigint]::DivRem(17, -5).Item1',
            ["(-3, -2)", "-2", "ValueTuple`2", "3", "-3"],
        ),
        (
            "$r = 0; [math]::DivRem(17, 5, [ref] $r); $r; [math]::DivRem([int]::MinValue, -1)",
            [
                "3",
                "2",
                'OverflowException: Exception calling "DivRem" with "2" argument(s): "Arithmetic operation resulted in an overflow."',
            ],
        ),
        (
            "[int]::Clamp(5, 1, 3); [double]::Clamp(0.5, 1, 3); [decimal]::Clamp(2d, 1d, 3d); [byte]::Clamp(9, 3, 1)",
            [
                "3",
                "1",
                "2",
                'ArgumentException: Exception calling "Clamp" with "3" argument(s): "\'3\' cannot be greater than 1."',
            ],
        ),
        (
            "[int]::LeadingZeroCount(1); [int]::TrailingZeroCount(8); [byte]::TrailingZeroCount(0); [int]::Log2(1000); [long]::RotateLeft(1, 65); [byte]::RotateRight(1, 1); [int]::RotateLeft([int]::MinValue, 1)",
            ["31", "3", "8", "9", "2", "128", "1"],
        ),
        (
            "[int]::Log2(-1); [int]::CopySign(5, -1); [int]::CopySign([int]::MinValue, 1)",
            [
                "-5",
                'ArgumentOutOfRangeException: Exception calling "Log2" with "1" argument(s): "Non-negative number required. (Parameter \'value\')"',
                'OverflowException: Exception calling "CopySign" with "2" argument(s): "Negating the minimum value of a twos complement number is invalid."',
            ],
        ),
        (
            "[double]::Max([double]::NaN, 1); [double]::MaxNumber([double]::NaN, 1); [math]::MaxMagnitude(-3, 2); [math]::MinMagnitude(-3, 3); [int]::MaxMagnitude(-3, 3)",
            ["NaN", "1", "-3", "-3", "3"],
        ),
        (
            "[double]::Sqrt(2); [float]::Sqrt(2).GetType().Name; [double]::Exp2(10); [double]::IsOddInteger(-3); [double]::IsPow2(0.25); [double]::Floor(-1.5); [double]::Log(8, 2)",
            ["1.4142135623731", "Single", "1024", "True", "True", "-2", "3"],
        ),
        (
            '[math]::FusedMultiplyAdd(2, 3, 4); [math]::BitIncrement(1) -gt 1; [math]::ILogB(0); [math]::ILogB(9); [math]::ScaleB(1, 4); "$([math]::SinCos(0))"',
            ["10", "True", "-2147483648", "3", "16", "(0, 1)"],
        ),
        (
            "([bigint]255).GetBitLength(); ([bigint]-128).GetByteCount(); ([bigint]128).GetByteCount(); [decimal]::IsInteger(2.0d); [decimal]::IsOddInteger(2.5d); [decimal]::CopySign(2d, -1d)",
            ["8", "1", "2", "True", "False", "-2"],
        ),
        (
            "[int]::Abs([int]::MinValue)",
            [
                'OverflowException: Exception calling "Abs" with "1" argument(s): "Negating the minimum value of a twos complement number is invalid."'
            ],
        ),
    ],
)
def test_static_arithmetic_of_the_number_types(texts: Texts, script: str, expected: list[str]) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "[double]::Parse('1', 'HexNumber')",
            [
                'ArgumentException: Exception calling "Parse" with "2" argument(s): "The number styles AllowHexSpecifier and AllowBinarySpecifier are not supported on floating point data types. (Parameter \'style\')"'
            ],
        ),
        ("[int]::Parse('1F', 'HexNumber')", ["31"]),
    ],
)
def test_hexadecimal_styles_are_for_integers(texts: Texts, script: str, expected: list[str]) -> None:
    """``NumberFormatInfo.ValidateParseStyleFloatingPoint``."""
    assert texts(script) == expected


def test_logarithms_of_big_integers_round_as_their_parts_do(texts: Texts) -> None:
    """``BigInteger.Log`` divides logarithms, also in Log10; long numbers are two of them (BigInteger.cs)."""
    script = "[bigint]::Log10(1000) -eq 3; [bigint]::Log10(1000) -eq [math]::Log(1000, 10); [bigint]::Log([bigint]::Pow(2, 100), 2)"
    assert texts(script) == ["False", "True", "100"]
    assert texts("[bigint]::Log10([bigint]::Pow(10, 30)).ToString()") == ["29.999999999999996"]
    assert texts("[bigint]::Log(0); [bigint]::Log(-1); [bigint]::Log(8, 2)") == ["-Infinity", "NaN", "3"]

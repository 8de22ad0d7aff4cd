# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.String``, ``System.Char``, ``StringComparer``."""

from __future__ import annotations

import pytest
from tests.library.dotnet.conftest import Texts


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("'a,b,,c'.Split(',')", ["a", "b", "", "c"]),
        ("'a->b;c'.Split([char[]]'->;')", ["a", "", "b", "c"]),
        ("'a->b'.Split('->')", ["a", "b"]),
        ("'a,b,c'.Split(',', 2)", ["a", "b,c"]),
        ("'a,,b,'.Split(',', [StringSplitOptions]::RemoveEmptyEntries)", ["a", "b"]),
        ("',a,,b,,c'.Split(',', 2, 'RemoveEmptyEntries')", ["a", "b,,c"]),
        ("'a, b'.Split(',', [StringSplitOptions]::TrimEntries)", ["a", "b"]),
        ("' a  b '.Split()", ["", "a", "", "b", ""]),
        ("''.Split(',').Count", ["1"]),
        ("'xyaxby'.Trim('xy')", ["axb"]),
        ("'000120'.TrimStart('0'); 'ab  '.TrimEnd()", ["120", "ab"]),
        ("'Aa.a'.Replace('a', 'x'); 'abc'.Replace('b', $null)", ["Ax.x", "ac"]),
        ("'aXbxc'.Replace('X', '-', 'OrdinalIgnoreCase')", ["a-b-c"]),
        ("'abcdef'.Substring(2); 'abcdef'.Substring(1, 2); 'abc'.Substring(3)", ["cdef", "bc", ""]),
        (
            "'a.b.c'.IndexOf('.'); 'a.b.c'.IndexOf('.', 2); 'a.b.c'.LastIndexOf('.'); 'abc'.IndexOf('')",
            ["1", "3", "3", "0"],
        ),
        ("'abc'.IndexOf('B'); 'abc'.IndexOf('B', [StringComparison]::OrdinalIgnoreCase)", ["-1", "1"]),
        ("'a\\b/c'.LastIndexOfAny([char[]]'\\/')", ["3"]),
        ("'Hello'.StartsWith('he'); 'Hello'.StartsWith('he', $true, $null)", ["False", "True"]),
        ("'Hello'.EndsWith('LO', 'InvariantCultureIgnoreCase'); 'abc'.Contains('B')", ["True", "False"]),
        ("'ab'.PadLeft(5, '.'); 'ab'.PadRight(4) + '|'", ["...ab", "ab  |"]),
        ("'abc'.Insert(1, '-'); 'abcdef'.Remove(2); 'abcdef'.Remove(1, 2)", ["a-bc", "ab", "adef"]),
        ("'b'.CompareTo('a'); [string]::Compare('a', 'A'); [string]::CompareOrdinal('a', 'A')", ["1", "-1", "32"]),
        ("[string]::Compare('A', 'a', $true); [string]::Compare($null, 'a')", ["0", "-1"]),
        ("'abc'.Equals('ABC'); 'abc'.Equals('ABC', 'OrdinalIgnoreCase'); '5'.Equals(5)", ["False", "True", "False"]),
        ("[string]::IsNullOrEmpty(''); [string]::IsNullOrWhiteSpace(\" `t\")", ["True", "True"]),
        ("[string]::Join(',', @('a', $null, 5)); [string]::Join('-', 'x', 'y', 'z')", ["a,,5", "x-y-z"]),
        ("[string]::Format('{0,4:N1}|', 1.25); [string]::Concat('a', 1, $null)", [" 1.3|", "a1"]),
        ("[string]::new('x', 3); [string]::new([char[]]'abc', 1, 2)", ["xxx", "bc"]),
        ("'äÖ'.ToUpper(); 'ÄB'.ToLowerInvariant(); 'ß'.ToUpper()", ["ÄÖ", "äb", "ß"]),
        ("'a' + [char]::ConvertFromUtf32(0x1F600) | ForEach-Object Length", ["3"]),
        (
            "[StringComparer]::OrdinalIgnoreCase.Equals('a', 'A'); [StringComparer]::Ordinal.Compare('b', 'a')",
            ["True", "1"],
        ),
        ("[char]::IsDigit('5'); [char]::IsLetter('ä'); [char]::IsUpper('abC', 2)", ["True", "True", "True"]),
        (
            "[char]::ToUpper('a'); [char]::GetNumericValue('7'); [char]::GetUnicodeCategory('a')",
            ["A", "7", "LowercaseLetter"],
        ),
        ("([char]'a').CompareTo([char]'c'); [char]::MaxValue -eq [char]0xFFFF", ["-2", "True"]),
        ("[bool]::Parse(' true '); $b = $false; [bool]::TryParse('x', [ref] $b); $b", ["True", "False", "False"]),
    ],
)
def test_string(script: str, expected: list[str], texts: Texts) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("'abc'.Substring(4)", "startIndex cannot be larger than length of string. (Parameter 'startIndex')"),
        ("'abc'.Substring(1, 5)", "Index and length must refer to a location within the string. (Parameter 'length')"),
        ("'abc'.Replace('', 'x')", "The value cannot be an empty string. (Parameter 'oldValue')"),
        (
            "'abc'.PadLeft(-1)",
            "totalWidth ('-1') must be a non-negative value. (Parameter 'totalWidth')\nActual value was -1.",
        ),
        ("[bool]::Parse('yes')", "String 'yes' was not recognized as a valid Boolean."),
    ],
)
def test_failure(script: str, message: str, texts: Texts) -> None:
    (line,) = texts(script)
    assert line.endswith(f'"{message}"')


def test_language_types(texts: Texts) -> None:
    assert texts(
        "$w = [WildcardPattern]::new('a*', 'IgnoreCase'); $w.IsMatch('ABC'); [WildcardPattern]::Escape('a*')"
    ) == [
        "True",
        "a`*",
    ]
    assert texts(
        "$lp = [System.Management.Automation.LanguagePrimitives]; $lp::IsTrue(@(0)); $lp::ConvertTo('5', [int]) + 1"
    ) == [
        "False",
        "6",
    ]
    assert texts("[System.Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'; (1.5).ToString(); \"$(1.5)\"") == [
        "1,5",
        "1.5",
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "[string]::CompareOrdinal('', 'True'); [string]::CompareOrdinal('ab', 'abc'); [string]::CompareOrdinal('b', 'a'); [string]::CompareOrdinal('', '')",
            ["-84", "-1", "1", "0"],
        ),
        ("[string]::CompareOrdinal('abc', 1, 'xbc', 1, 5)", ["0"]),
        (
            "[string]::CompareOrdinal('abc', 9, 'abc', 1, 1)",
            [
                'ArgumentOutOfRangeException: Exception calling "CompareOrdinal" with "5" argument(s): "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter \'indexA\')"'
            ],
        ),
        (
            "'abc'.LastIndexOf('b', 3); 'abc'.LastIndexOf('', 3); ''.LastIndexOf('a', 0); 'abcb'.LastIndexOf('b', 3, 2)",
            ["1", "3", "-1", "3"],
        ),
        (
            "'abc'.LastIndexOf('b', 4)",
            [
                'ArgumentOutOfRangeException: Exception calling "LastIndexOf" with "2" argument(s): "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter \'startIndex\')"'
            ],
        ),
        (
            "'abc'.LastIndexOf([char]'b', 3)",
            [
                'ArgumentOutOfRangeException: Exception calling "LastIndexOf" with "2" argument(s): "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter \'startIndex\')"'
            ],
        ),
        (
            "'abc'.LastIndexOfAny([char[]]'b', 3)",
            [
                'ArgumentOutOfRangeException: Exception calling "LastIndexOfAny" with "2" argument(s): "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter \'startIndex\')"'
            ],
        ),
        (
            "[string]::new([char[]]'abc', 1, 2); [string]::new([char[]]'abc', 2, 2)",
            [
                "bc",
                "ArgumentOutOfRangeException: Exception calling \".ctor\" with \"3\" argument(s): \"startIndex ('2') must be less than or equal to '1'. (Parameter 'startIndex')\nActual value was 2.\"",
            ],
        ),
        (
            "[char]::ConvertToUtf32([char]'a', [char]'b')",
            [
                'ArgumentOutOfRangeException: Exception calling "ConvertToUtf32" with "2" argument(s): "A valid high surrogate character is between 0xd800 and 0xdbff, inclusive. (Parameter \'highSurrogate\')"'
            ],
        ),
        (
            "[char]::IsSurrogatePair('abc', 7)",
            [
                'ArgumentOutOfRangeException: Exception calling "IsSurrogatePair" with "2" argument(s): "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter \'index\')"'
            ],
        ),
    ],
)
def test_results_compared_with_net(texts: Texts, script: str, expected: list[str]) -> None:
    assert texts(script) == expected

# SPDX-License-Identifier: GPL-3.0-or-later
"""``HttpUtility``, ``NameValueCollection``, ``BitArray``, ``ISOWeek``: values as .NET gives them."""

from __future__ import annotations

import pytest
from tests.library.dotnet.conftest import Texts


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "[Web.HttpUtility]::UrlEncode('a b&c/\u00e4~'); [Web.HttpUtility]::UrlDecode('a+b%26%C3%A4%zz%u0041')",
            ["a+b%26c%2f%c3%a4%7e", "a b&\u00e4%zzA"],
        ),
        (
            "[Web.HttpUtility]::HtmlEncode('<a \"b\">'); [Web.HttpUtility]::HtmlDecode('&lt;&#228;&xyz;&gt')",
            ["&lt;a &quot;b&quot;&gt;", "<\u00e4&xyz;&gt"],
        ),
        (
            "[Web.HttpUtility]::JavaScriptStringEncode('a''b\"<', $true); [Web.HttpUtility]::HtmlAttributeEncode('<\">')",
            ['"a\\u0027b\\"\\u003c"', "&lt;&quot;>"],
        ),
        (
            "$q = [Web.HttpUtility]::ParseQueryString('?a=1&b=2&A=3&flag'); $q['a']; $q.Count; $q.AllKeys -join ','; $q['x'] = 'y z'; $q.ToString()",
            ["1,3", "3", "a,b,", "a=1&a=3&b=2&flag&x=y+z"],
        ),
        (
            "$n = [Collections.Specialized.NameValueCollection]::new(); $n.Add('A', '1'); $n.Add('a', '2'); $n['a']; $n[0]; $n.GetValues('A').Count; $n.GetKey(0); \"$n\"; $n.Remove('A'); $n.Count; $null -eq $n['A']",
            ["1,2", "1,2", "2", "A", "A", "0", "True"],
        ),
        (
            "$b = [Collections.BitArray]::new([byte[]](5)); ($b | % { [int]$_ }) -join ''; $b.Set(1, $true); $x = [byte[]]::new(1); $b.CopyTo($x, 0); $x[0]; $b.Not()[0]; $b.LeftShift(1)[0]; $b.Count",
            ["10100000", "7", "False", "False", "8"],
        ),
        (
            "[Collections.BitArray]::new(3).Get(5)",
            [
                'ArgumentOutOfRangeException: Exception calling "Get" with "1" argument(s): "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter \'index\')\nActual value was 5."'
            ],
        ),
        (
            "[Collections.BitArray]::new(3).And([Collections.BitArray]::new(2))",
            ['ArgumentException: Exception calling "And" with "1" argument(s): "Array lengths must be the same."'],
        ),
        (
            "[Globalization.ISOWeek]::GetWeekOfYear('2020-12-31'); [Globalization.ISOWeek]::GetYear('2021-01-03'); [Globalization.ISOWeek]::GetWeeksInYear(2021); [Globalization.ISOWeek]::ToDateTime(2021, 1, 'Sunday').ToString('s'); [Globalization.ISOWeek]::GetYearEnd(2020).ToString('s')",
            ["53", "2020", "52", "2021-01-10T00:00:00", "2021-01-03T00:00:00"],
        ),
        (
            "[Globalization.ISOWeek]::GetWeeksInYear(0)",
            [
                'ArgumentOutOfRangeException: Exception calling "GetWeeksInYear" with "1" argument(s): "Year must be between 1 and 9999. (Parameter \'year\')"'
            ],
        ),
        (
            "[Nullable]::GetUnderlyingType([nullable[int]]).Name; $null -eq [Nullable]::GetUnderlyingType([int])",
            ["Int32", "True"],
        ),
    ],
)
def test_small_types(texts: Texts, script: str, expected: list[str]) -> None:
    assert texts(script) == expected

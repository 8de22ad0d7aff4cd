# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Date -UFormat as a real PowerShell 7 printed it (PowerShell issue 20982) and as its source says; New-TimeSpan."""

from __future__ import annotations

from typing import Any

import pytest

#: The issue's table for 2023-12-31, without time zones.
RECORDED = """
a=Sun A=Sunday b=Dec B=December C=20 d=31 D=12/31/23 e=31 F=2023-12-31 h=Dec H=00 I=12 j=365 l=12 m=12 M=00 N=N p=AM P=P q=q R=00:00
T=00:00:00 u=7 U=52 V=52 w=0 W=52 x=12/31/23 X=00:00:00 y=23 Y=2023 z=z
"""


def test_directives(shell: Any) -> None:
    expected = [pair.partition("=")[2] for pair in RECORDED.split()]
    letters = ", ".join(f"'{pair[0]}'" for pair in RECORDED.split())
    assert shell.out(f"{letters} | ForEach-Object {{ Get-Date '2023-12-31' -UFormat \"%$_\" }}") == expected


@pytest.mark.parametrize(
    ("date", "spec", "expected"),
    [
        ("2023-12-31", "%c", "Sun 31 Dec 2023 00:00:00"),
        ("2021-01-01", "%G %g %V %U", "2020 20 53 0"),
        ("2024-01-07", "%U %W", "1 1"),
        ("2024-03-05T07:08:09.6Z", "%s", "1709622490"),
    ],
)
def test_years_weeks_and_seconds(shell: Any, date: str, spec: str, expected: str) -> None:
    assert shell.out(f"Get-Date '{date}' -UFormat '{spec}'") == [expected]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [("x{0:yyyy}%q", "x2020q"), ("{{%Y}}", "{2020}")],
)
def test_braces_are_those_of_string_format(shell: Any, spec: str, expected: str) -> None:
    assert shell.out(f"Get-Date '2020-01-05' -UFormat '{spec}'") == [expected]


def test_a_percent_sign_at_the_end(shell: Any) -> None:
    """GetDateCommand.cs looks at the letter behind it."""
    assert shell.error("Get-Date -UFormat 'a%'") == (
        "System.IndexOutOfRangeException,Microsoft.PowerShell.Commands.GetDateCommand",
        "Index was outside the bounds of the array.",
    )


def test_years_count_before_months(shell: Any) -> None:
    """The 29th of February of a leap year becomes the 28th on its way to March."""
    assert shell.out("Get-Date '2020-02-29' -Year 2021 -Month 3 -Format 'yyyy-MM-dd'") == ["2021-03-28"]


def test_a_span_that_is_too_long(shell: Any) -> None:
    assert shell.error("New-TimeSpan -Days 999999999") == (
        "System.ArgumentOutOfRangeException,Microsoft.PowerShell.Commands.NewTimeSpanCommand",
        "TimeSpan overflowed because the duration is too long.",
    )

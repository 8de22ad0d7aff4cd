# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of cultures."""

from __future__ import annotations

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported
from hvsim.runtime import culture


def test_names_ignore_case_and_instances_are_shared() -> None:
    assert culture.get("DE-de") is culture.get("de-DE")
    assert culture.get("de_DE").name == "de-DE"
    assert culture.get("") is culture.invariant


def test_editions_differ() -> None:
    assert culture.get("en-US").dates.short_time == "h:mm\u202ftt"
    assert culture.get("en-US", "5.1").dates.short_time == "h:mm tt"
    assert culture.get("fr-FR", "5.1").numbers.group == "\u00a0"


def test_unknown_culture_is_refused_by_name() -> None:
    assert culture.find("es-ES") is None
    with pytest.raises(Unsupported, match="culture es-ES"):
        culture.get("es-ES")


def test_clone_is_writable_and_separate() -> None:
    copy = culture.get("en-US").clone()
    copy.numbers.decimal = ";"
    assert not copy.read_only
    assert culture.get("en-US").numbers.decimal == "."


@pytest.mark.parametrize("name", culture.known())
def test_every_culture_is_complete(name: str) -> None:
    for edition in ("7", "5.1"):
        dates = culture.get(name, edition).dates
        assert len(dates.days) == len(dates.short_days) == len(dates.shortest_days) == 7
        assert len(dates.months) == len(dates.short_months) == 12
        assert dates.genitive_short_months is None or len(dates.genitive_short_months) == 12


GERMAN = "[Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'; "


@pytest.mark.parametrize(
    ("script", "output"),
    [
        ("Get-Date '01.02.2020' -Format 'yyyy-MM-dd'", ["2020-02-01"]),
        ("New-TimeSpan -Start '01.02.2020' -End '03.02.2020' | ForEach-Object Days", ["2"]),
        # Numbers do not (LanguagePrimitives.ConvertNumericToString).
        ("$x = 1.5; Split-Path $x -Leaf; Split-Path 1.50 -Leaf", ["1.5", "1.50"]),
        ("$x = 1.5d; Select-String -InputObject '1.5' -Pattern 'b', $x | ForEach-Object Pattern", ["1.5"]),
        ("$d = [datetime]'2020-02-01'; (Write-Warning $d 3>&1).Message", ["01.02.2020 00:00:00"]),
        # Casts and parameters of functions follow the invariant culture.
        ("function f([datetime] $d, [string] $s) { $d.Month; $s }; f '02/01/2020' 1.50; f ([datetime]'02/01/2020') (3 / 2)", ["2", "1.50", "2", "1.5"]),
    ],
)
def test_parameters_of_cmdlets_follow_the_culture(script: str, output: list[str]) -> None:
    # ParameterBinderBase.CoerceTypeAsNeeded; ArgumentTypeConverterAttribute for functions.
    result = Runspace().run(GERMAN + script)
    assert (result.errors, result.terminating) == ([], None)
    assert [str(value) for value in result.output] == output


def test_a_date_that_the_culture_does_not_have() -> None:
    result = Runspace().run(GERMAN + "Get-Date '02/31/2020'; Get-Date '12/31/2020'")
    assert [record.fully_qualified_error_id for record in result.errors] == [
        "CannotConvertArgumentNoMessage,Microsoft.PowerShell.Commands.GetDateCommand"
    ] * 2
    assert result.errors[1].message == (
        "Cannot bind parameter 'Date'. Cannot convert value \"12/31/2020\" to type \"System.DateTime\". "
        "Error: \"String '12/31/2020' was not recognized as a valid DateTime.\""
    )

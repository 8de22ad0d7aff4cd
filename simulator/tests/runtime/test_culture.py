# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of cultures."""

from __future__ import annotations

import pytest

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

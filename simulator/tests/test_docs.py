# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the simulator name files and folders that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SIMULATOR = Path(__file__).resolve().parents[1]
SOURCES = SIMULATOR / "src" / "hvsim"
PAGES = sorted(SIMULATOR.glob("*.md"))
PLACES = (SIMULATOR, SIMULATOR.parent, SOURCES, *sorted(p for p in SOURCES.iterdir() if p.is_dir()))
_NAMED = re.compile(r"`((?:[\w.\-*]+/)*[\w.\-*]+\.(?:py|json|txt|md|ps1|yml)|(?:[\w\-]+/)+)(?::[^`]*)?`")


def places_named_in(text: str) -> list[str]:
    """What stands in code type and looks like a file or a folder of the project."""
    return sorted(set(_NAMED.findall(text)))


def is_there(name: str) -> bool:
    return any(any(place.glob(name.rstrip("/"))) for place in PLACES)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_place_is_there(page: Path) -> None:
    missing = [name for name in places_named_in(page.read_text(encoding="utf-8")) if not is_there(name)]
    assert missing == []


def test_a_place_that_is_gone_is_found() -> None:
    assert places_named_in("in `runtime/gone.py`, `lang/` and `x.y` (`runtime/convert/core.py: to`)") == [
        "lang/",
        "runtime/convert/core.py",
        "runtime/gone.py",
    ]
    assert not is_there("runtime/gone.py")
    assert is_there("runtime/convert/core.py")
    assert is_there("runtime/convert/")

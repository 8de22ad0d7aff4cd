# SPDX-License-Identifier: GPL-3.0-or-later
"""``texts``: what a script writes, each value as PowerShell's text of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.text import from_utf16
from hvsim.runtime import convert

Texts = Callable[[str], list[str]]


@pytest.fixture(scope="session")
def texts() -> Texts:
    def run(script: str) -> list[str]:
        runspace = Runspace()
        result = runspace.run(script)
        lines = [from_utf16(convert.to_string(runspace.ctx, v)) for v in result.output]
        return lines + [f"{e.fully_qualified_error_id}: {e.message}" for e in result.errors]

    return run

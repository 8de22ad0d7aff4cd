# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts on a fresh runspace, their output as plain Python values."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.lang.text import from_utf16


class Shell:
    """Runs scripts; one runspace per shell."""

    def __init__(self, edition: str = "7") -> None:
        self.runspace = Runspace(edition=edition)

    def run(self, script: str) -> Result:
        """The whole result."""
        return self.runspace.run(script)

    def out(self, script: str) -> list[Any]:
        """The output of a script that must not fail."""
        result = self.run(script)
        assert not result.errors, [e.message for e in result.errors]
        assert result.terminating is None, result.terminating
        return [from_utf16(v) if type(v) is str else v for v in result.output]

    def error(self, script: str) -> tuple[str, str]:
        """(FullyQualifiedErrorId, message) of the only error."""
        result = self.run(script)
        (record,) = [*result.errors, *([result.terminating] if result.terminating else [])]
        return record.fully_qualified_error_id, record.message


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def windows() -> Shell:
    """Edition 5.1."""
    return Shell("5.1")

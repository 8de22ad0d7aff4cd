# SPDX-License-Identifier: GPL-3.0-or-later
"""A runspace with two open sessions to other processes on its machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hvsim.engine.remote import open_loopback
from hvsim.engine.runspace import Result, Runspace
from hvsim.engine.sample_machine import another_process, sample_machine


@pytest.fixture
def runspace() -> Runspace:
    machine = sample_machine()
    made = Runspace(machine)
    for number, name in enumerate(("session", "session2"), 1):
        made.ctx.set_variable(name, open_loopback(made.ctx, another_process(machine, number)))
    return made


@pytest.fixture
def run(runspace: Runspace) -> Callable[[str], Result]:
    """Runs a script; it must not be ended by an error."""

    def call(script: str) -> Result:
        result = runspace.run(script)
        assert result.terminating is None, result.terminating.message
        return result

    return call


def plain(values: list[Any]) -> list[Any]:
    """Values without the notes of a session."""
    return [getattr(value, "base", value) for value in values]

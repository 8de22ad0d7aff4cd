# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that recorded cases run on: like the Linux one they were recorded on."""

from __future__ import annotations

from hvsim.runtime.machine import Machine, PlainMachine


def sample_machine() -> Machine:
    """A fresh Linux-like machine with an empty disk."""
    return PlainMachine()

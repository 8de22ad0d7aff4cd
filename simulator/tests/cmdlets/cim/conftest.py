# SPDX-License-Identifier: GPL-3.0-or-later
"""The host of the CIM tests."""

from __future__ import annotations

import pytest
from cim_shell import CimShell, make


@pytest.fixture
def cim() -> CimShell:
    return make()

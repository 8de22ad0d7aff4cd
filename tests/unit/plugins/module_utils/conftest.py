# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions with our utils, one for each edition of PowerShell."""

from __future__ import annotations

import pytest
from key_value_engine import Engine


@pytest.fixture(scope="session", params=["5.1", "7"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return Engine(
        "_KeyValuePair",
        "_KeyValuePlan",
        "_KeyValueItem",
        "_KeyValueGuest",
        "_KeyValueReport",
        "_VMDiff",
        edition=request.param,
    )

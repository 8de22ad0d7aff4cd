# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""_GuestRunner.psm1, _GuestResult.psm1: what a guest writes becomes plain data without a loss."""

from __future__ import annotations

import pytest
from key_value_engine import Engine

TABLE = "@{ Keys = 'mine'; Count = 7; inner = @{ Values = 'the secret'; keys = 1, 2 } }"


@pytest.fixture(scope="module", params=["5.1", "7"])
def session(request: pytest.FixtureRequest) -> Engine:
    return Engine("_GuestRunner", "_GuestResult", edition=request.param)


def test_entries_that_are_called_as_members_of_a_dictionary(session: Engine) -> None:
    answer = session.run(f"ConvertTo-Json -Depth 5 (ConvertTo-PlainData -Value {TABLE} -Depth 3)")
    assert answer == {"Keys": "mine", "Count": 7, "inner": {"Values": "the secret", "keys": [1, 2]}}


def test_secrets_are_hidden_in_them(session: Engine) -> None:
    answer = session.run(f"ConvertTo-Json -Depth 5 (Hide-Secret -Value {TABLE} -Secret 'secret')")
    assert answer == {"Keys": "mine", "Count": 7, "inner": {"Values": "the ********", "keys": [1, 2]}}


def test_what_is_no_entry_of_the_runner_is_passed_over(session: Engine) -> None:
    """A guest may write what it likes; the results of the others must not depend on it."""
    answer = session.run("""
        $output = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $output.Add(@{ Kind = 'name'; text = 'x' })
        $output.Add(@{ Kind = 'nothing'; text = 'x' })
        $output.Add(@{ Kind = 'warning'; text = 'w' })
        $result = New-GuestResult -Record @{ Name = 'n'; Id = 'i'; State = 'running' }
        $null = Add-GuestOutput -Result $result -Output $output -Secret @()
        ConvertTo-Json -Depth 3 @{ name = $result.name; warning = $result.warning }
    """)
    assert answer == {"name": "n", "warning": ["w"]}

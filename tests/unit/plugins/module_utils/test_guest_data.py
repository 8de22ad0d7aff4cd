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


@pytest.mark.parametrize("secret", ["warning", "end", "Kind", "text", "e"])
def test_a_secret_that_is_a_word_of_the_runner_costs_no_result(session: Engine, secret: str) -> None:
    answer = session.run(f"""
        $output = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $output.Add(@{{ Kind = 'warning'; text = 'it is {secret}' }})
        $output.Add(@{{ Kind = 'output'; is_text = $true; value = 'the {secret}' }})
        $output.Add(@{{ Kind = 'end'; rc = 3; skipped = '' }})
        $result = New-GuestResult -Record @{{ Name = 'n'; Id = 'i'; State = 'running' }}
        $end = Add-GuestOutput -Result $result -Output $output -Secret '{secret}'
        ConvertTo-Json -Depth 3 @{{ warning = $result.warning; lines = $result.stdout_lines; rc = $end['rc'] }}
    """)
    assert answer["rc"] == 3
    (warning,), (line,) = answer["warning"], answer["lines"]
    assert (warning, line) == ("it is ********", f"the {secret}".replace(secret, "********"))

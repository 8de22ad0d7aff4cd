# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diffs of the modules are YAML that reads back as what was written, whatever a name holds."""

from __future__ import annotations

import pytest
import yaml
from key_value_engine import Engine

HEADING = """
    $lines = New-Object -TypeName 'System.Collections.Generic.List[string]'
    $lines.Add((Get-VMDiffHeading -Record @{ Name = $name; Id = 'b5bb1c4e-2a5b-4a3b-9f6e-0d6a7f3c2b11' }))
    ConvertTo-Json (Join-DiffLine -Line $lines)
"""


@pytest.mark.parametrize(
    "name",
    [
        "db[1]",
        "it's",
        "- a: #b",
        "yes",
        "Datenbank Süd",
        "a\nb: c",
        'tab\tand "quotes" \\',
        "\x85\u2028\u2029\ufeff\x7f",
        "",
    ],
    ids=ascii,
)
def test_a_name_reads_back_as_it_is(engine: Engine, name: str) -> None:
    text = engine.run(HEADING, name=name)
    assert yaml.safe_load(text) == [{"name": name, "id": "b5bb1c4e-2a5b-4a3b-9f6e-0d6a7f3c2b11"}]
    assert len(text.splitlines()) == 2


def test_plain_names_stay_readable(engine: Engine) -> None:
    text = engine.run(HEADING, name="it's db[1]")
    assert text == "- name: 'it''s db[1]'\n  id: b5bb1c4e-2a5b-4a3b-9f6e-0d6a7f3c2b11\n"


def test_no_lines_are_no_text(engine: Engine) -> None:
    script = "ConvertTo-Json (Join-DiffLine -Line (New-Object -TypeName 'System.Collections.Generic.List[string]'))"
    assert engine.run(script) == ""

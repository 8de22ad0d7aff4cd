# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions of our PowerShell utils on hvsim's engine, on plain data: JSON in, JSON out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hvsim.engine.runspace import Runspace
from hvsim.lang.text import from_utf16, to_utf16

UTILS = Path(__file__).resolve().parents[4] / "plugins" / "module_utils"
_HELPERS = """
function ConvertTo-Table($Pairs) {
    $list = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($pair in $Pairs) { $list.Add(@($pair.key, $pair.value)) }
    return , (ConvertTo-KeyValueTable -Pair $list)
}
"""


class Engine:
    """A session in which the functions of some utils are defined."""

    def __init__(self, *utils: str, edition: str = "7") -> None:
        self.runspace = Runspace(edition=edition)
        for name in utils:
            text = (UTILS / f"{name}.psm1").read_text(encoding="utf-8")
            self.run(re.split(r"^Export-ModuleMember", text, flags=re.MULTILINE)[0])
        self.run(_HELPERS)

    def run(self, script: str, **values: Any) -> Any:
        """Run a script with variables made from JSON; returns what it writes, by way of JSON."""
        for name, value in values.items():
            self.runspace.ctx.set_variable(f"global:{name}_json", to_utf16(json.dumps(value)))
            script = f"$global:{name} = ConvertFrom-Json -InputObject $global:{name}_json\n{script}"
        result = self.runspace.run(script)
        assert result.terminating is None, result.terminating.message if result.terminating else ""
        assert not result.errors, [error.message for error in result.errors]
        text = "".join(str(item) for item in result.output)

        return json.loads(from_utf16(text)) if text else None


def pairs(items: Mapping[str, str]) -> list[dict[str, str]]:
    """A dictionary as a list, which keeps keys apart that differ only in case."""
    return [{"key": key, "value": value} for key, value in items.items()]

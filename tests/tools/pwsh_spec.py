# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for ``pwsh`` where ansible-test's validate-modules asks it for the argument spec of a module.

It is called as ``pwsh ps_argspec.ps1 MANIFEST`` and prints the spec as JSON. The spec is read, not run: our modules
write it as a literal. What "validate-modules passed" means here is that the literal and the documentation agree.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/unit/plugins/modules"))

from powershell_source import assigned_literal  # noqa: E402


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or Path(arguments[0]).name != "ps_argspec.ps1":
        print("This stand-in only reads argument specs: pwsh ps_argspec.ps1 MANIFEST")
        return 1
    module = Path(json.loads(arguments[1])["module_path"]).resolve()
    try:
        print(json.dumps(assigned_literal(module, "spec")))
    except (LookupError, ValueError) as error:
        print(f"{module.name}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

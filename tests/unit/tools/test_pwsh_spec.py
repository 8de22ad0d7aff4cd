# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def ask(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-I", str(ROOT / "tests/tools/pwsh_spec.py"), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout


def test_the_spec_of_a_module_is_read() -> None:
    manifest = json.dumps({"module_path": str(ROOT / "plugins/modules/hyperv_ics.ps1")})
    code, output = ask("/anywhere/ps_argspec.ps1", manifest)
    spec = json.loads(output)
    assert code == 0
    assert spec["supports_check_mode"] is True
    assert spec["options"]["missing"] == {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "fail"}


def test_a_spec_that_would_have_to_be_run_is_refused(tmp_path: Path) -> None:
    module = tmp_path / "odd.ps1"
    module.write_text("$spec = @{ options = Get-Options }\n")
    code, output = ask("ps_argspec.ps1", json.dumps({"module_path": str(module)}))
    assert code == 1
    assert output.startswith("odd.ps1: not a literal")


def test_anything_else_is_refused() -> None:
    assert ask("-NoProfile", "-Command", "1")[0] == 1
    assert ask("Invoke-ScriptAnalyzer.ps1", "{}") == (
        1,
        "This stand-in only reads argument specs: pwsh ps_argspec.ps1 MANIFEST\n",
    )

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prove that a molecule scenario tests its module: with a module that does nothing it has to fail.

The module is cut off after its options have been read. A scenario that still passes would pass on anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import tree

#: Scenario, the module it is about, the step in which it has to fail, and what that step has to say.
MUTATIONS = (
    ("ics", "hyperv_ics", "verify", "item.value.shutdown.enabled"),
    ("ics_baseline", "hyperv_ics", "verify", "item.value.shutdown.enabled"),
    ("ics_audit", "hyperv_ics_info", "converge", "were not audited"),
    ("kvp", "hyperv_kvp", "verify", "asset.patch_ring"),
    ("kvp_info", "hyperv_kvp_info", "converge", "kvp.vms"),
    ("kvp_metadata", "hyperv_kvp", "verify", "ansible.host"),
    ("wait", "hyperv_wait", "verify", "item.heartbeat in"),
    ("guest_shutdown", "hyperv_guest_shutdown", "verify", "item.state == wanted"),
    ("guest_service", "hyperv_guest_service", "verify", "item.value.vmicguestinterface == 4"),
    ("guest_services", "hyperv_guest_service", "converge", "The report knows the guests"),
    ("direct_exec", "hyperv_direct_exec", "verify", "content == 'blue'"),
)
CREATE = "$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)\n"


def stub_out(module: Path) -> None:
    """Leave of a module only its argument spec and an exit that reports no change."""
    head, create, _rest = module.read_text().partition(CREATE)
    if not create:
        sys.exit(f"{module.name} does not create its module as expected")
    module.write_text(f"{head}{create}\n$module.Result.changed = $false\n$module.ExitJson()\n")


def run_scenario(collections: Path, scenario: str) -> tuple[int, str]:
    """Run a scenario on a copy of the collection; returns exit code and output."""
    paths = f"{collections}{os.pathsep}{tree.ROOT / '.cache/collections'}"
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": paths,
        "ANSIBLE_HOME": str(collections / "ansible-home"),
        "ANSIBLE_HOST_PATTERN_MISMATCH": "error",
        "NO_COLOR": "1",
    }
    command = ["molecule", "test", "-s", scenario]
    root = collections / "ansible_collections/hyperv/integration"
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + result.stderr


def check(scenario: str, module: str, step: str, reason: str) -> bool:
    """Whether the scenario notices that its module does nothing, in the step in which it should."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        root = Path(scratch) / "ansible_collections/hyperv/integration"
        tree.mirror(tree.ROOT, root)
        shutil.rmtree(root / "tests/unit", ignore_errors=True)
        stub_out(root / f"plugins/modules/{module}.ps1")
        code, output = run_scenario(Path(scratch), scenario)
    failed_there = re.search(rf"{scenario} (➜|>) {step}: Executed: Failed", " ".join(output.split()))
    noticed = code != 0 and failed_there is not None and reason in output
    print(f"{'ok' if noticed else 'FAIL':4}  {scenario} with a {module} that does nothing fails in {step}", flush=True)
    if not noticed:
        print(f"exit code {code}\n{output}")
    return noticed


if __name__ == "__main__":
    results = [check(*mutation) for mutation in MUTATIONS if not sys.argv[1:] or mutation[0] in sys.argv[1:]]
    sys.exit(0 if results and all(results) else 1)

# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prove that a molecule scenario tests its module: with a module that does nothing, or something wrong, it has to fail.

A module that does nothing is cut off after its options have been read; something wrong is a replaced piece of code. A
scenario that still passes would pass on anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import tree


@dataclass(frozen=True)
class Mutation:
    """A scenario, and what has to make it fail: a module that does nothing, or a piece of a file that is another.

    Attributes:
        subject: the module, or whatever else the scenario is about.
        step, reason: the step in which it has to fail, and what that step has to say.
        file, old, new: the piece; without them the module is stubbed out.
        title: what is wrong with the subject then.
    """

    scenario: str
    subject: str
    step: str
    reason: str
    title: str = "does nothing"
    file: str = ""
    old: str = ""
    new: str = ""

    def apply(self, root: Path) -> None:
        """Make the collection below *root* wrong."""
        if not self.file:
            stub_out(root / f"plugins/modules/{self.subject}.ps1")
            return
        path = root / self.file
        text = path.read_text()
        if text.count(self.old) != 1:
            sys.exit(f"{self.file} has {text.count(self.old)} times what was to be replaced: {self.old}")
        path.write_text(text.replace(self.old, self.new))


MUTATIONS = (
    Mutation("ics", "hyperv_ics", "verify", "item.value.shutdown.enabled"),
    Mutation("ics_baseline", "hyperv_ics", "verify", "item.value.shutdown.enabled"),
    Mutation("ics_audit", "hyperv_ics_info", "converge", "were not audited"),
    Mutation("kvp", "hyperv_kvp", "verify", "asset.patch_ring"),
    Mutation("kvp_info", "hyperv_kvp_info", "converge", "kvp.vms"),
    Mutation("kvp_metadata", "hyperv_kvp", "verify", "ansible.host"),
    Mutation("wait", "hyperv_wait", "verify", "item.heartbeat in"),
    Mutation("guest_shutdown", "hyperv_guest_shutdown", "verify", "item.state == wanted"),
    Mutation("guest_service", "hyperv_guest_service", "verify", "item.value.vmicguestinterface == 4"),
    Mutation("guest_services", "hyperv_guest_service", "converge", "The report knows the guests"),
    Mutation("direct_exec", "hyperv_direct_exec", "verify", "content == 'blue'"),
    Mutation("copy_vmfile", "hyperv_copy_vmfile", "verify", "content_base64"),
    Mutation(
        "copy_vmfile",
        "hyperv_copy_vmfile",
        "verify",
        "The service of the Linux guests is disabled again",
        "leaves the interface enabled",
        "plugins/module_utils/_GuestFileService.psm1",
        "Switch-GuestInterface -Record $mine -Enable $false",
        "Switch-GuestInterface -Record $mine -Enable $true",
    ),
    Mutation(
        "collect_guest_logs",
        "hyperv_copy_vmfile",
        "verify",
        "content_base64",
        "brings nothing from the guests",
        "plugins/module_utils/_FileReceive.psm1",
        "    Invoke-OwnScript -Record $Record -Name 'readPart' -NextArgument $next -Option $Option\n",
        "",
    ),
    Mutation(
        "collect_guest_logs",
        "collect_guest_logs",
        "verify",
        "The controller has them too",
        "takes nothing to the controller",
        "playbooks/collect_guest_logs.yml",
        "collect_guest_logs_files.result | default([])",
        "[]",
    ),
    Mutation("bootstrap_guest", "hyperv_copy_vmfile", "verify", "content_base64"),
    Mutation("bootstrap_guest", "hyperv_direct_exec", "converge", "may be left in"),
    Mutation(
        "bootstrap_guest",
        "bootstrap_guest",
        "verify",
        "not directory.exists",
        "removes nothing",
        "playbooks/bootstrap_guest.yml",
        "      $kept = @()\n      for (",
        "      $Ansible.Changed = $false; return\n      for (",
    ),
    Mutation(
        "bootstrap_guest",
        "bootstrap_guest",
        "verify",
        "content_base64",
        "takes every guest for set up",
        "playbooks/bootstrap_guest.yml",
        "Test-Path -LiteralPath ([Environment]::ExpandEnvironmentVariables($Path))",
        "$true",
    ),
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


def check(mutation: Mutation) -> bool:
    """Whether the scenario notices what is wrong, in the step in which it should."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        root = Path(scratch) / "ansible_collections/hyperv/integration"
        tree.mirror(tree.ROOT, root)
        shutil.rmtree(root / "tests/unit", ignore_errors=True)
        mutation.apply(root)
        code, output = run_scenario(Path(scratch), mutation.scenario)
    place = rf"{mutation.scenario} (➜|>) {mutation.step}: Executed: Failed"
    failed_there = re.search(place, " ".join(output.split()))
    noticed = code != 0 and failed_there is not None and mutation.reason in output
    said = f"{mutation.scenario} with a {mutation.subject} that {mutation.title} fails in {mutation.step}"
    print(f"{'ok' if noticed else 'FAIL':4}  {said}", flush=True)
    if not noticed:
        print(f"exit code {code}\n{output}")
    return noticed


if __name__ == "__main__":
    results = [check(mutation) for mutation in MUTATIONS if not sys.argv[1:] or mutation.scenario in sys.argv[1:]]
    sys.exit(0 if results and all(results) else 1)

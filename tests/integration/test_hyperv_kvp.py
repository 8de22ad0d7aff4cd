# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_kvp over WinRM, read back from inside the simulated guests. See test_hyperv_kvp_engine.py for all else."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

from lab_harness import Lab

TEXT = "<&>\"' Größe שלום 🚀  "
EXTERNAL = "HKLM:\\SOFTWARE\\Microsoft\\Virtual Machine\\External"
WRITES = ("AddKvpItems", "ModifyKvpItems", "RemoveKvpItems")


def kvp(*, check: bool = False, **options: Any) -> dict[str, Any]:
    """A task with hyperv_kvp; ``vm_name`` stands for its option ``name``."""
    options = {("name" if key == "vm_name" else key): value for key, value in options.items()}
    return {"name": "hyperv_kvp", "hyperv.integration.hyperv_kvp": options, "check_mode": check, "diff": True}


def _guest(lab: Lab, name: str, what: str) -> dict[str, Any]:
    vm_id = next(vm["id"] for vm in lab.admin.state("KVP")["vms"] if vm["name"] == name)
    return lab.admin.request("GET", f"/hosts/KVP/vms/{vm_id}/guest/{what}")


def registry(lab: Lab, name: str) -> dict[str, str]:
    """What a Windows guest holds of the host's pairs."""
    key = _guest(lab, name, f"registry?key={quote(EXTERNAL)}")["registry"]
    return {value: entry["data"] for value, entry in key["values"].items()}


def pool(lab: Lab, name: str) -> list[tuple[bytes, bytes]]:
    """The records of the pool file in which a Linux guest holds the host's pairs."""
    content = base64.b64decode(_guest(lab, name, "files?path=/var/lib/hyperv/.kvp_pool_0")["file"]["content_base64"])
    assert len(content) % 2560 == 0
    return [(content[n : n + 512], content[n + 512 : n + 2560]) for n in range(0, len(content), 2560)]


def test_from_a_task_into_the_guests(lab: Lab) -> None:
    items = {"app.text": TEXT, "app.ring": 2, "app.empty": ""}
    options: dict[str, Any] = {"all": True, "items": items, "state": "exact", "prefix": "app.", "verify": True}
    check, real, again = lab.play([kvp(check=check, **options) for check in (True, False, False)], "KVP")
    assert [(step.failed, step.changed) for step in (check, real, again)] == [
        (False, True),
        (False, True),
        (False, False),
    ]
    for step, writes in ((check, 0), (real, 4), (again, 0)):
        assert sum(step.counters.get(f"cim:invoke:{name}", 0) for name in WRITES) == writes
    assert (check.counters["cim:query"], real.counters["cim:query"]) == (2, 5)
    same = ("vms", "summary", "diff", "changed", "unmatched")
    assert {name: check.result[name] for name in same} == {name: real.result[name] for name in same}
    assert real.vm("win")["removed"] == ["app.old"]
    assert [vm["verified"] for vm in real.result["vms"]] == [None, True, True]

    wanted = {"app.text": TEXT, "app.ring": "2", "app.empty": ""}
    assert registry(lab, "win") == {**wanted, "other": "stays"}
    records = dict(pool(lab, "lin"))
    assert records == {
        key.encode().ljust(512, b"\0"): value.encode().ljust(2048, b"\0") for key, value in wanted.items()
    }


def test_no_value_is_shown(lab: Lab) -> None:
    secret = "s3cr3t-value"
    (step,) = lab.play([kvp(vm_name=["win"], items={"app.old": secret}, no_log_values=True)], "KVP")
    assert step.changed and registry(lab, "win")["app.old"] == secret
    assert secret not in json.dumps(step.result)
    assert "'app.old': '******** new'" in step.result["diff"]["after"]

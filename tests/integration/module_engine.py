# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module on hvsim's engine without Ansible and WinRM around it: for tests with many runs of one module.

What the simulator holds is read from its model, not through the module.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from documented_results import confirm_documented
from hvsim.engine.api import ModuleRequest, Session
from hvsim.engine.embedded import EmbeddedEngine
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.host import Host
from hvsim.hyperv.kvp import kvp_of
from hvsim.hyperv.lab import parse_lab

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
PREFIX = "ansible_collections.hyperv.integration.plugins."
_REQUIRES = re.compile(rf"^#AnsibleRequires -PowerShell {re.escape(PREFIX)}module_utils\.(\w+)$", re.MULTILINE)


@cache
def _source(name: str) -> str:
    return (PLUGINS / name).read_text(encoding="utf-8")


@cache
def _utils(name: str) -> dict[str, str]:
    """The utils that a module needs, and those that they need, as the controller collects them."""
    found: dict[str, str] = {}
    open_sources = [_source(f"modules/{name}.ps1")]
    while open_sources:
        for util in _REQUIRES.findall(open_sources.pop()):
            key = f"{PREFIX}module_utils.{util}.psm1"
            if key not in found:
                found[key] = _source(f"module_utils/{util}.psm1")
                open_sources.append(found[key])
    return found


@dataclass(frozen=True)
class Run:
    """What one run left: the module's result and the counters of the simulator."""

    result: dict[str, Any]
    counters: dict[str, int]

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def msg(self) -> str:
        return str(self.result.get("msg", ""))

    @property
    def warnings(self) -> list[str]:
        return list(self.result.get("warnings", []))

    @property
    def cim(self) -> dict[str, int]:
        """CIM operations that the module made, by name."""
        return {name.removeprefix("cim:"): n for name, n in self.counters.items() if name.startswith("cim:")}

    def vm(self, name: str) -> dict[str, Any]:
        """The result for the one VM of that name."""
        found = [vm for vm in self.result["vms"] if vm["name"] == name]
        assert len(found) == 1, f"{len(found)} results for {name!r}"
        return found[0]


class ModuleEngine:
    """A host of a lab on which modules run."""

    def __init__(self, lab: str, user: str = "Administrator") -> None:
        self.host: Host = parse_lab(lab).hosts()[0]
        self.user = user
        self.engine = EmbeddedEngine()

    @classmethod
    def on(cls, host: Host, user: str = "Administrator") -> ModuleEngine:
        """A host that there is already."""
        engine = cls.__new__(cls)
        engine.host, engine.user, engine.engine = host, user, EmbeddedEngine()
        return engine

    def run(self, module: str, *, check: bool = False, version: str = "2.21", **options: Any) -> Run:
        """Run a module once; ``vm_name`` stands for its option ``name``."""
        arguments = {("name" if key == "vm_name" else key): value for key, value in options.items()}
        arguments |= {"_ansible_check_mode": check, "_ansible_diff": True, "_ansible_module_name": module}
        if version == "2.21":
            arguments["_ansible_inject_invocation"] = True
        request = ModuleRequest(
            f"{PREFIX}modules.{module}.ps1",
            _source(f"modules/{module}.ps1"),
            arguments,
            version,
            powershell_utils=_utils(module),
            csharp_utils=["Ansible.Basic.cs"],
        )
        self.host.counters.reset()
        process = self.engine.run_module(Session(self.host, self.user), request)
        assert process.refused is None, process.refused
        assert process.stderr == "", process.stderr
        result = json.loads(process.stdout)
        confirm_documented(module, result)
        return Run(result, dict(self.host.counters.snapshot()))

    def kvp(self, name: str) -> Any:
        """Data exchange of a VM as the model holds it."""
        (vm,) = [vm for vm in self.host.virtual_machines() if vm.name == name]
        return kvp_of(self.host, vm)

    def held(self, name: str) -> dict[str, str]:
        """``HostExchangeItems`` of a VM."""
        return dict(self.kvp(name).settings.host.items())

    def host_only(self, name: str) -> dict[str, str]:
        """``HostOnlyItems`` of a VM."""
        return dict(self.kvp(name).settings.host_only.items())

    def fault(self, **rule: Any) -> None:
        """Something that goes wrong from now on."""
        self.host.faults.add(FaultRule(**rule))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts against the CIM server of a host with a Windows, a Linux and an off guest."""

from __future__ import annotations

from typing import Any

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.runspace import Result, Runspace
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import parse_lab
from hvsim.lang.text import from_utf16

LAB = """
hosts:
  - name: HV1
    {host}
    users:
      - {{name: Administrator, password: Lab-Only-1, groups: [administrators]}}
      - {{name: plain, password: Lab-Only-1, groups: [users]}}
    vms:
      - name: win
        id: 11111111-aaaa-4bbb-8ccc-000000000001
        guest: {{kvp: {{role: "<web & 'db'>"}}}}
        kvp:
          host: {{site: Köln}}
          host_only: {{owner: ops}}
          checkpoints: {{before: {{site: Bonn}}}}
      - name: lin
        id: 11111111-aaaa-4bbb-8ccc-000000000002
        guest: linux
        kvp: {{pushed: [{{name: twice, value: "1"}}, {{name: twice, value: "2"}}], intrinsic: {{OSName: null, Extra: x}}}}
      - name: "o'ff"
        id: 11111111-aaaa-4bbb-8ccc-000000000003
        state: "off"
"""

#: What every script of these tests begins with.
PRELUDE = r"""
$ns = 'root\virtualization\v2'
function Item([string] $name, [string] $data, [int] $source = 0) {
    $class = Get-CimClass -Namespace $ns -ClassName Msvm_KvpExchangeDataItem
    $item = New-CimInstance -CimClass $class -ClientOnly -Property @{ Name = $name; Data = $data; Source = [uint16]$source }
    $bytes = [Microsoft.Management.Infrastructure.Serialization.CimSerializer]::Create().Serialize(
        $item, [Microsoft.Management.Infrastructure.Serialization.InstanceSerializationOptions]::None)
    [Text.Encoding]::Unicode.GetString($bytes)
}
function Machine([string] $name) { Get-CimInstance -Namespace $ns Msvm_ComputerSystem | Where-Object ElementName -eq $name }
function Change([string] $method, [string] $vm, [string[]] $items) {
    $service = Get-CimInstance -Namespace $ns -ClassName Msvm_VirtualSystemManagementService
    Invoke-CimMethod -InputObject $service -MethodName $method -Arguments @{ TargetSystem = Machine $vm; DataItems = $items }
}
"""


class CimShell:
    """A runspace of a user on a host."""

    def __init__(self, host: Host, user: str = "Administrator", edition: str = "7") -> None:
        self.host = host
        self.runspace: Runspace = new_runspace(Session(host, user), edition=edition)
        self.runspace.run(PRELUDE)

    def run(self, script: str) -> Result:
        return self.runspace.run(script)

    def out(self, script: str) -> list[Any]:
        """The output of a script that must not fail."""
        result = self.run(script)
        assert result.terminating is None, result.terminating.message if result.terminating else ""
        assert not result.errors, [e.message for e in result.errors]
        return [from_utf16(v) if type(v) is str else v for v in result.output]

    def error(self, script: str) -> tuple[str, str, str]:
        """(id, category, message) of the only error; the id without the cmdlet's class."""
        result = self.run(script)
        (record,) = [*result.errors, *([result.terminating] if result.terminating else [])]
        return record.fully_qualified_error_id.partition(",")[0], record.category, record.message


def make(host: str = "language: en-US", *, user: str = "Administrator", edition: str = "7") -> CimShell:
    """A shell on a fresh host; *host* is a line of the lab."""
    return CimShell(parse_lab(LAB.format(host=host)).hosts()[0], user, edition)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy-VMFile (hyperv-facts.md 2.3, 4.1): one file of the host into guests, one after the other; no output."""

from __future__ import annotations

from hvsim.cmdlets.hyperv.commands import hyperv_cmdlet
from hvsim.cmdlets.hyperv.jobs import JobCommand
from hvsim.hyperv.errors import ModelError
from hvsim.hyperv.vm import VirtualMachine
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.management import paths
from hvsim.runtime import types
from hvsim.runtime.types import NetType

types.register(
    NetType("Microsoft.HyperV.PowerShell.CopyFileSourceType", "System.Enum", kind="e", enum_members={"Host": 0})
)


@hyperv_cmdlet(
    "Copy-VMFile", "Name", "VM", "SourcePath", "DestinationPath", "FileSource", "CreateFullPath", "Force", "AsJob"
)
class CopyVMFile(JobCommand):
    def process(self) -> None:
        if not self.start():
            return
        source = self._source()
        wanted = [vm for vm in self.machines() if self.should_process(to_utf16(vm.name), self.metadata.name)]
        self.run(lambda: self._copy(wanted, source))

    def _copy(self, machines: list[VirtualMachine], source: str) -> None:
        for vm in machines:
            try:
                self.host.copy_file_to_guest(
                    vm,
                    source,
                    from_utf16(self.args["DestinationPath"]),
                    create_full_path=self.arg("CreateFullPath") is True,
                    force=self.arg("Force") is True,
                    actor=self.actor,
                )
            except ModelError as error:
                self.report(error)

    def _source(self) -> str:
        """A relative path is one below the caller's location; variables are left to the host's service."""
        path: str = self.args["SourcePath"]
        return from_utf16(path if path.startswith("%") else str(paths.parse(self.ctx, path).path))

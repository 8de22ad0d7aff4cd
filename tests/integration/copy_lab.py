# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of hyperv_copy_vmfile have in common: a lab, a way to run the module, and a look at the files."""

from __future__ import annotations

import hashlib
from typing import Any

from module_engine import ModuleEngine, Run

MODULE = "hyperv_copy_vmfile"
ACCOUNT = {"guest_username": "Administrator", "guest_password": "Guest-Only-1"}
PART = 4096

LAB = r"""
version: 1
defaults:
  vm:
    guest:
      os: windows
      users: [{name: Administrator, password: Guest-Only-1, administrator: true}]
hosts:
  - name: HV1
    language: de-DE
    files:
      'C:\Src\a.txt': hello
      'C:\Src\sub\ü [1].txt': Grüße
      'C:\Src\sub\empty': ''
      'C:\One.bin': {size: 41000}
    vms:
      - name: win01
        services: {guest_service_interface: true}
      - name: "db[1]"
      - name: db1
        guest:
          os: windows
          users: [{name: Administrator, password: Other-1, administrator: true}]
      - name: lin01
        guest: linux
        services: {guest_service_interface: true}
      - name: cold
        state: "off"
"""


def copy(engine: ModuleEngine, names: list[str], src: str = r"C:\Src", dest: str = r"C:\Dst", **options: Any) -> Run:
    """To guests from the host by PowerShell Direct, unless the options say otherwise."""
    account = {} if options.get("transport") == "copy_vmfile" else ACCOUNT
    arguments = {"vm_name": names, "src": src, "dest": dest, "remote_src": True, **account, **options}
    return engine.run(MODULE, **arguments)


def machine(engine: ModuleEngine, name: str) -> Any:
    (vm,) = [vm for vm in engine.host.virtual_machines() if vm.name == name]
    return vm.guest.machine


def tree(files: Any, path: str) -> dict[str, bytes | None]:
    """Everything below a directory by its path; None for directories."""
    found: dict[str, bytes | None] = {}
    for entry in files.list(path):
        if entry.is_directory:
            found[entry.path] = None
            found.update(tree(files, entry.path))
        else:
            content = files.content(entry.path)
            found[entry.path] = content.read(0, content.size)
    return found


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# Documents the options that plugins/module_utils/_VMSelection.psm1 understands.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  all:
    description:
      - Select all virtual machines of the host.
    type: bool
    default: false
  exclude:
    description:
      - Leave out the virtual machines whose name matches one of these wildcard patterns, however they were selected.
      - The patterns are those of O(name_pattern).
    type: list
    elements: str
  missing:
    description:
      - What to do when an entry of O(name) or O(vm_id) matches no virtual machine of the host.
      - With V(fail) the task fails before it changes anything.
      - With V(warn) the entry is reported in RV(unmatched) and in a warning, with V(ignore) only in RV(unmatched).
      - An entry that exists but is left out by O(exclude) or O(vm_state) is not missing.
    type: str
    choices: [fail, warn, ignore]
    default: fail
  name:
    description:
      - Select virtual machines by their exact name. Case is ignored.
      - A name is never a pattern. V(db[1]) and V(a*b) mean just these names.
      - Names need not be unique on a host. All virtual machines of that name are selected,
        and a warning gives their ids.
      - Give a YAML list. A plain string is split at commas.
    type: list
    elements: str
  name_pattern:
    description:
      - Select virtual machines whose whole name matches one of these wildcard patterns. Case is ignored.
      - V(*) stands for any text, V(?) for one character, V([a-c]) for one character of a set.
        A backtick in front of one of these characters takes away its meaning.
      - A pattern may match nothing.
    type: list
    elements: str
  vm_id:
    description:
      - Select virtual machines by their id (GUID), in any notation with or without braces and dashes.
      - The id stays the same when a virtual machine is renamed or moved to another host.
    type: list
    elements: str
  vm_state:
    description:
      - Restrict the selection to virtual machines that are in one of these states.
      - Quote V('off'). Without quotes, YAML reads it as the boolean V(false).
    type: list
    elements: str
    choices:
      - hibernated
      - 'off'
      - off_critical
      - paused
      - paused_critical
      - running
      - running_critical
      - saved
      - saved_critical
      - starting
      - stopping
notes:
  - O(name), O(name_pattern), O(vm_id) and O(all) add up. O(exclude) and O(vm_state) then take away.
  - In a failover cluster, a host knows only the virtual machines that it owns at the moment.
  - The connecting account must be a member of the local group Hyper-V Administrators or Administrators of the host.
requirements:
  - The Hyper-V module for PowerShell in version 2.0 on the host.
    It comes with Windows Server 2016, Windows 10 and later.
"""

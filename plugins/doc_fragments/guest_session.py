# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# Documents the options that plugins/module_utils/_GuestSession.psm1 understands.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  configuration_name:
    description:
      - The session configuration of the guest to connect to.
      - It must allow the full language of PowerShell (C(LanguageMode) C(FullLanguage)), as scripts run in the guest. Those of Just Enough
        Administration usually allow no language, and are refused before anything is done.
    type: str
  guest_password:
    description:
      - The password of O(guest_username). It may be empty.
      - It goes to the guest through the host and appears in no log, result, diff or command line.
    type: str
  guest_username:
    description:
      - An account inside the guests, such as V(Administrator), V(.\\deploy) or V(EXAMPLE\\deploy).
      - It has nothing to do with the account that connects to the host.
    type: str
  logon_retries:
    description:
      - How often to try again to open a session when the guest refuses the logon. For a while after they have booted, or became domain
        controllers, guests refuse right passwords, too.
      - Each try with a wrong password is a failed logon in the guest, and may lock the account.
    type: int
    default: 0
  retries:
    description:
      - How often to try again to open a session when the guest does not answer. A refused logon is another thing, see O(logon_retries).
      - What ran in a guest is never run twice.
    type: int
    default: 0
  retry_delay:
    description:
      - Seconds before the first retry of either kind. Each further one waits twice as long, up to a minute.
    type: int
    default: 5
  throttle:
    description:
      - In how many guests of one host to work at the same time.
    type: int
    default: 2
  timeout:
    description:
      - How many seconds to wait for each step in a guest. V(0) waits without end.
      - A guest that does not answer in time is that virtual machine's failure. What runs in it is left running.
    type: int
    default: 600
notes:
  - PowerShell Direct needs Windows 10, Windows Server 2016 or later on the host and in the guest, a running guest that has finished its boot,
    and the service C(vmicvmsession) in it. It needs no network.
"""

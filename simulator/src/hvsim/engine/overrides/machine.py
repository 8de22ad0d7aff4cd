# SPDX-License-Identifier: GPL-3.0-or-later
"""``win_hostname``, ``win_whoami`` and ``win_wait_for``."""

from __future__ import annotations

import re
from typing import Any

from hvsim.engine.overrides.bridge import Task, stand_in
from hvsim.hyperv.users import GROUP_SIDS
from hvsim.lang.errors import Unsupported

_WAIT_FOR = """@{
    options = @{
        connect_timeout = @{ type = 'int'; default = 5 }
        delay = @{ type = 'int' }
        exclude_hosts = @{ type = 'list'; elements = 'str' }
        host = @{ type = 'str'; default = '127.0.0.1' }
        path = @{ type = 'path' }
        port = @{ type = 'int' }
        regex = @{ type = 'str'; aliases = @('search_regex', 'regexp') }
        sleep = @{ type = 'int'; default = 1 }
        state = @{ type = 'str'; default = 'started'; choices = @('absent', 'drained', 'present', 'started', 'stopped') }
        timeout = @{ type = 'int'; default = 300 }
    }
    supports_check_mode = $true
}"""
_SYSTEM_SIDS = {"SYSTEM": "S-1-5-18", "LOCAL SERVICE": "S-1-5-19", "NETWORK SERVICE": "S-1-5-20"}


@stand_in("ansible.windows.win_hostname")
def win_hostname(task: Task) -> None:
    current, wanted = task.host.name, task.option("name")
    task.set(old_name=current, reboot_required=False)
    task.diff(current, wanted)
    if wanted.lower() == current.lower():
        return
    if not task.check_mode:
        raise Unsupported("Rename-Computer (the name of a simulated host is fixed)")
    task.set(changed=True, reboot_required=True)


@stand_in("ansible.windows.win_wait_for", spec=_WAIT_FOR)
def win_wait_for(task: Task) -> None:
    task.no_invocation()
    path, port, state = task.option("path"), task.option("port"), task.option("state")
    if path is not None and port is not None:
        task.fail("port and path parameter can not both be passed to win_wait_for")
    if path is None and port is not None:
        raise Unsupported("win_wait_for with port (a simulated host has no network)")
    if path is not None and state in ("stopped", "drained"):
        task.fail(f"state={state} should only be used for checking a port in the win_wait_for module")
    start = task.host.clock.now()
    task.machine.sleep(task.option("delay") or 0)
    while not _reached(task, path, state):
        waited = (task.host.clock.now() - start).total_seconds()
        if waited >= task.option("timeout"):
            task.set(elapsed=waited)
            return _timed_out(task, path, state)
        task.machine.sleep(max(task.option("sleep"), 1))
    task.set(changed=False, elapsed=(task.host.clock.now() - start).total_seconds(), wait_attempts=1)


def _reached(task: Task, path: str | None, state: str) -> bool:
    if path is None:
        task.machine.sleep(task.option("timeout"))
        return True
    found = task.host.files.exists(path)
    regex = task.option("regex")
    if found and regex is not None:
        text = task.host.files.read_bytes(path).decode("utf-8", "replace")
        found = re.search(regex, text, re.M) is not None
    return found is (state != "absent")


def _timed_out(task: Task, path: str | None, state: str) -> None:
    if state == "absent":
        task.fail(f"timeout while waiting for file {path} to be absent")
    if task.option("regex") is not None:
        task.fail(f'timeout while waiting for path {path} to contain regex "{task.option("regex")}"')
    task.fail(f"timeout while waiting for file {path} to be present")


@stand_in("ansible.windows.win_whoami")
def win_whoami(task: Task) -> None:
    host, name = task.host, task.machine.user
    user = host.find_user(name)
    domain = host.name.upper()[:15] if user else "NT AUTHORITY"
    account = {
        "account_name": user.name if user else name,
        "domain_name": domain,
        "sid": user.sid if user else _SYSTEM_SIDS.get(name, ""),
        "type": "User" if user else "WellKnownGroup",
    }
    administrator = user is None or user.is_administrator
    level = {
        "account_name": "High Mandatory Level",
        "domain_name": "Mandatory Label",
        "sid": "S-1-16-12288",
        "type": "Label",
    }
    if not administrator:
        level.update(account_name="Medium Mandatory Level", sid="S-1-16-8192")
    task.set(
        account=account,
        authentication_package="NTLM" if user else "Negotiate",
        dns_domain_name="",
        groups=_groups(user.groups if user else ("administrators",)),
        impersonation_level="SecurityAnonymous",
        label=level,
        login_domain=domain,
        login_time=host.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        logon_id=999 if user is None else 0x3E0000 + sum(map(ord, name)),
        logon_server=domain,
        logon_type="Network" if user else "Service",
        privileges={"SeChangeNotifyPrivilege": "enabled-by-default"},
        rights=[],
        token_type="TokenPrimary",
        upn="",
        user_flags=[],
    )


def _groups(names: Any) -> list[dict[str, Any]]:
    attributes = ["Mandatory", "Enabled by default", "Enabled"]
    groups = [
        {
            "account_name": "Everyone",
            "domain_name": "",
            "sid": "S-1-1-0",
            "type": "WellKnownGroup",
            "attributes": attributes,
        }
    ]
    for key in sorted(names):
        name = key.replace("_", " ").title().replace("Hyperv", "Hyper-V")
        groups.append(
            {
                "account_name": name,
                "domain_name": "BUILTIN",
                "sid": GROUP_SIDS[key],
                "type": "Alias",
                "attributes": attributes,
            }
        )
    return groups

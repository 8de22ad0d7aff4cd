# SPDX-License-Identifier: GPL-3.0-or-later
"""An Ansible inventory for running listeners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from hvsim.hyperv.host import Host

_HEADER = "# Written by hvsim serve. The passwords are those of the lab file.\n"


def inventory(endpoints: Sequence[tuple[Host, int]], *, address: str, tls: bool) -> str:
    """YAML inventory with every host in the group ``hyperv``.

    Args:
        endpoints: hosts with their ports.
        address: address of the listeners.
        tls: whether they speak HTTPS.
    """
    hosts: dict[str, dict[str, Any]] = {}
    for host, port in endpoints:
        variables: dict[str, Any] = {"ansible_port": port}
        users = sorted(host.users, key=lambda user: (not user.is_administrator, not user.enabled))
        if users:
            variables["ansible_user"] = _constant(users[0].name)
            variables["ansible_password"] = _constant(users[0].password)
        hosts[host.name] = variables
    common: dict[str, Any] = {
        "ansible_host": address,
        "ansible_connection": "winrm",
        "ansible_winrm_scheme": "https" if tls else "http",
        "ansible_winrm_transport": "basic" if tls else "ntlm",
    }
    if tls:
        common["ansible_winrm_server_cert_validation"] = "ignore"
    data = {"all": {"children": {"hyperv": {"hosts": hosts, "vars": common}}}}
    return _HEADER + yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


class _Unsafe(str):
    """A text that Ansible must not template."""


def _constant(text: str) -> str:
    """Variables are templates to Ansible; what looks like one is marked as a constant."""
    return _Unsafe(text) if "{" in text else text


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Unsafe, lambda dumper, value: dumper.represent_scalar("!unsafe", str(value), style='"'))

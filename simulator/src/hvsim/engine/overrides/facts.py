# SPDX-License-Identifier: GPL-3.0-or-later
"""``setup``: facts of the simulated host, by subset as the module groups them."""

from __future__ import annotations

import json
import ntpath
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hvsim.engine.overrides.bridge import Task, python, stand_in
from hvsim.hyperv.hardware import FREE_MEMORY_MB, MEMORY_MB, PROCESSORS, PRODUCT, UPTIME_SECONDS, VENDOR
from hvsim.hyperv.windows import release_of

ADDRESS, GATEWAY, MAC = "192.0.2.10", "192.0.2.1", "00:15:5D:00:02:0A"
LINK_LOCAL = "fe80::215:5dff:fe00:20a%5"
_SYSTEM_SIDS = {"SYSTEM": "S-1-5-18", "LOCAL SERVICE": "S-1-5-19", "NETWORK SERVICE": "S-1-5-20"}

Facts = dict[str, Any]
_SUBSETS: dict[str, Callable[[Task], Facts]] = {}
GROUPS = {
    "min": ("date_time", "distribution", "dns", "env", "local", "platform", "powershell_version", "user"),
    "network": ("all_ipv4_addresses", "all_ipv6_addresses", "interfaces", "windows_domain", "winrm"),
    "hardware": ("bios", "memory", "processor", "uptime", "virtual"),
    "external": ("facter",),
}
ALL = frozenset(subset for group in GROUPS.values() for subset in group)


def _subset(*names: str) -> Callable[[Callable[[Task], Facts]], Callable[[Task], Facts]]:
    def register(collect: Callable[[Task], Facts]) -> Callable[[Task], Facts]:
        for name in names:
            _SUBSETS[name] = collect
        return collect

    return register


@stand_in("ansible.windows.setup")
def setup(task: Task) -> None:
    wanted = task.option("gather_subset")
    facts: Facts = {"gather_subset": wanted, "module_setup": True}
    collectors = {_SUBSETS[name]: None for name in sorted(_chosen(task, wanted))}
    for collect in collectors:
        for name, value in collect(task).items():
            facts[name if name.startswith("facter_") else f"ansible_{name}"] = value
    task.set(ansible_facts=facts)


def _chosen(task: Task, wanted: list[str]) -> set[str]:
    groups = {**GROUPS, "all": tuple(ALL)}
    explicit: set[str] = set()
    excluded: set[str] = set()
    for item in wanted:
        if item == "!all":
            excluded |= ALL - set(GROUPS["min"])
        elif item.startswith("!"):
            excluded |= set(groups.get(item[1:], (item[1:],)))
        elif item in groups or item in ALL:
            explicit |= set(groups.get(item, (item,)))
        else:
            task.warn(f"invalid value {item} specified in gather_subset")
    return (set(ALL) - excluded) | explicit


@_subset("all_ipv4_addresses", "all_ipv6_addresses")
def _addresses(task: Task) -> Facts:
    return {"ip_addresses": [ADDRESS, LINK_LOCAL]}


@_subset("bios")
def _bios(task: Task) -> Facts:
    return {
        "bios_date": "11/01/2024",
        "bios_version": "2.21.2",
        "product_name": PRODUCT,
        "product_serial": f"HVSIM{task.host.derive_id('serial').hex[:6].upper()}",
        "product_uuid": str(task.host.derive_id("product")).upper(),
    }


@_subset("date_time")
def _date_time(task: Task) -> Facts:
    now = task.host.clock.now()

    def unix(spec: str) -> Any:
        return python(task.ctx.call("Get-Date", named={"UFormat": spec})[0])

    return {
        "date_time": {
            "date": f"{now:%Y-%m-%d}",
            "day": f"{now:%d}",
            "epoch_local": unix("+%s"),
            "epoch": unix("+%s"),
            "epoch_int": int(now.timestamp()),
            "hour": f"{now:%H}",
            "iso8601": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "iso8601_basic": f"{now:%Y%m%dT%H%M%S%f}",
            "iso8601_basic_short": f"{now:%Y%m%dT%H%M%S}",
            "iso8601_micro": f"{now:%Y-%m-%dT%H:%M:%S.%fZ}",
            "minute": f"{now:%M}",
            "month": f"{now:%m}",
            "second": f"{now:%S}",
            "time": f"{now:%H:%M:%S}",
            "tz": "UTC",
            "tz_offset": "+00:00",
            "weekday": f"{now:%A}",
            "weekday_number": unix("%w"),
            "weeknumber": unix("%W"),
            "year": f"{now:%Y}",
        }
    }


@_subset("distribution")
def _distribution(task: Task) -> Facts:
    host = task.host
    caption = f"Microsoft {release_of(host.build).product} {host.edition}"
    administrator = _is_administrator(task)
    return {
        "distribution": caption if administrator else None,
        "distribution_version": f"10.0.{host.build}.0",
        "distribution_major_version": "10",
        "os_family": "Windows",
        "os_name": caption if administrator else None,
        "os_product_type": "server",
        "os_installation_type": "Server",
        "os_install_date": None,
    }


def _is_administrator(task: Task) -> bool:
    user = task.host.find_user(task.machine.user)
    return user is None or user.is_administrator


@_subset("dns")
def _dns(task: Task) -> Facts:
    return {}


@_subset("env")
def _env(task: Task) -> Facts:
    return {"env": {name: value.rstrip("\\") for name, value in task.machine.environment.items()}}


@_subset("facter")
def _facter(task: Task) -> Facts:
    return {}


@_subset("interfaces")
def _interfaces(task: Task) -> Facts:
    interface = {
        "connection_name": "vEthernet (External)",
        "default_gateway": GATEWAY,
        "dns_domain": None,
        "interface_index": 5,
        "interface_name": "Hyper-V Virtual Ethernet Adapter",
        "ipv4": {"address": ADDRESS, "prefix": "24"},
        "ipv6": {"address": LINK_LOCAL, "prefix": "64"},
        "macaddress": MAC,
        "mtu": 1500,
        "speed": 10000,
    }
    return {"interfaces": [interface]}


@_subset("local")
def _local(task: Task) -> Facts:
    path = task.option("fact_path")
    if not path:
        return {}
    files = task.host.files
    if not files.exists(path):
        task.warn(f"Non existing path was set for local facts - {path}")
        return {}
    entries = files.list(path) if files.is_directory(path) else [files.stat(path)]
    facts: Facts = {}
    for entry in entries:
        name, extension = ntpath.splitext(entry.name)
        if entry.is_directory or extension not in (".ps1", ".json"):
            continue
        if extension == ".json":
            facts[name] = json.loads(files.read_bytes(entry.path).decode("utf-8-sig"))
        else:
            values = _run_file(task, entry.path)
            if values:
                facts[name] = values[0] if len(values) == 1 else values
    return facts


def _run_file(task: Task, path: str) -> list[Any]:
    from hvsim.engine.embedded import new_runspace

    quoted = path.replace("'", "''")
    return list(new_runspace(task.session()).run(f"& '{quoted}'").output)


@_subset("memory")
def _memory(task: Task) -> Facts:
    administrator = _is_administrator(task)
    return {
        "memtotal_mb": MEMORY_MB,
        "memfree_mb": FREE_MEMORY_MB,
        "swaptotal_mb": 0,
        "pagefiletotal_mb": 9728 if administrator else None,
        "pagefilefree_mb": 9728 if administrator else None,
    }


@_subset("platform")
def _platform(task: Task) -> Facts:
    host = task.host
    administrator = next((u for u in host.users if u.sid.endswith("-500")), None)
    sid = administrator.sid.rpartition("-")[0] if administrator else "S-1-5-21-1004336348-1177238915-682003330"
    return {
        "domain": "",
        "fqdn": host.name,
        "hostname": host.name,
        "netbios_name": host.name.upper()[:15],
        "kernel": f"10.0.{host.build}.0",
        "nodename": host.name,
        "machine_id": sid,
        "owner_name": "",
        "system": "Win32NT",
        "system_description": "",
        "system_vendor": VENDOR,
        "architecture": "64-bit" if _is_administrator(task) else None,
        "architecture2": "x86_64",
        "owner_contact": "",
        "reboot_pending": False,
    }


@_subset("powershell_version")
def _powershell_version(task: Task) -> Facts:
    return {"powershell_version": 5 if task.host.powershell == "5.1" else 7}


@_subset("processor")
def _processor(task: Task) -> Facts:
    model = "Intel(R) Xeon(R) Gold 6334 CPU @ 3.60GHz"
    listed = [text for number in range(PROCESSORS) for text in (str(number), "GenuineIntel", model)]
    return {
        "processor": listed,
        "processor_count": 1,
        "processor_vcpus": PROCESSORS,
        "processor_cores": PROCESSORS // 2,
        "processor_threads_per_core": 2,
    }


@_subset("uptime")
def _uptime(task: Task) -> Facts:
    boot = task.host.clock.now() - timedelta(seconds=UPTIME_SECONDS)
    return {"lastboot": f"{boot:%Y-%m-%d %H:%M:%SZ}", "uptime_seconds": UPTIME_SECONDS}


@_subset("user")
def _user(task: Task) -> Facts:
    user = task.host.find_user(task.machine.user)
    return {
        "user_dir": task.machine.environment.get("USERPROFILE"),
        "user_gecos": "",
        "user_id": task.machine.environment.get("USERNAME"),
        "user_sid": user.sid if user else _SYSTEM_SIDS.get(task.machine.user, ""),
    }


@_subset("windows_domain")
def _windows_domain(task: Task) -> Facts:
    return {"windows_domain": "WORKGROUP", "windows_domain_member": False, "windows_domain_role": "Stand-alone server"}


@_subset("winrm")
def _winrm(task: Task) -> Facts:
    return {}


@_subset("virtual")
def _virtual(task: Task) -> Facts:
    return {"virtualization_role": "NA", "virtualization_type": "NA"}

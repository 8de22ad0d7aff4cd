# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of the role guest_services for Linux guests, documented in the .yml files beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

#: The daemons by service key. Their units are looked for in the order of LISA, Microsoft's tests of Linux on Hyper-V;
#: the prefixed names are Debian's.
DAEMONS = {
    "guest_service_interface": "fcopy",
    "key_value_pair_exchange": "kvp",
    "vss": "vss",
}
#: What the kernel module hv_utils does by itself.
KERNEL = ("heartbeat", "shutdown", "time_synchronization")
#: Packages by os_family, where that is enough.
PACKAGES = {
    "Archlinux": ["hyperv"],
    "RedHat": ["hyperv-daemons"],
    "Suse": ["hyper-v"],
}
#: How a package manager tells which updates it would install, without installing them, and the codes it ends with.
_DNF: tuple[list[str], list[int]] = (["--quiet", "check-update"], [0, 100])
QUERIES: dict[str, tuple[list[str], list[int]]] = {
    "apt": (["apt-get", "--simulate", "--quiet", "--only-upgrade", "install"], [0]),
    "dnf": (["dnf", *_DNF[0]], _DNF[1]),
    "dnf5": (["dnf5", *_DNF[0]], _DNF[1]),
    "pacman": (["pacman", "--query", "--upgrades"], [0, 1]),
    "yum": (["yum", *_DNF[0]], _DNF[1]),
    "zypper": (["zypper", "--non-interactive", "--no-refresh", "list-updates"], [0]),
}
KEYS = sorted([*DAEMONS, *KERNEL, "powershell_direct"])
MODES = ("automatic", "disabled", "manual")
STATES = ("restarted", "started", "stopped")

Services = Mapping[str, Mapping[str, str] | None]


def guest_services_plan(
    services: Services,
    facts: Mapping[str, Any],
    packages: Iterable[str] = (),
    units: Mapping[str, str] | None = None,
    install: bool = True,
) -> dict[str, Any]:
    """What the guest needs for these services: packages, candidates for the units, and what is refused."""
    wanted = _wanted(services)
    refusals = [*_refused_services(wanted), *_refused_guest(facts)]
    needed = install and any(_runs(wish) for key, wish in wanted.items() if key in DAEMONS)
    chosen = list(packages) or _packages(facts)
    if needed and not chosen and not refusals:
        refusals.append(
            f"It is not known which packages of {facts.get('distribution')} hold the daemons. "
            "Name them in guest_services_packages."
        )
    return {
        "packages": chosen,
        "install": needed,
        "update_query": _query(facts),
        "candidates": {key: [units[key]] if units and key in units else _candidates(key) for key in DAEMONS},
        "refusals": refusals,
    }


def guest_services_state(shown: str, candidates: Mapping[str, Iterable[str]], kernel: bool) -> dict[str, Any]:
    """The seven services of a Linux guest, from what systemctl shows of all candidates, in their order."""
    known = {}
    for name, block in zip(
        (unit for units in candidates.values() for unit in units), shown.strip().split("\n\n"), strict=True
    ):
        known[name] = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
    state: dict[str, Any] = {}
    for key in KEYS:
        found = [known[name] for name in candidates.get(key, ()) if known[name].get("LoadState") != "not-found"]
        if found:
            state[key] = {
                "present": True,
                "start_mode": _start_mode(found[0].get("UnitFileState", "")),
                "running": found[0].get("ActiveState") in ("active", "activating", "reloading"),
                "unit": found[0]["Id"],
            }
        else:
            inside = kernel and key in KERNEL
            mode = "automatic" if inside else None
            state[key] = {"present": inside, "start_mode": mode, "running": inside, "unit": None}
    return state


def guest_services_steps(services: Services, state: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What to set in the units that are there, what they will be then, and which of the wanted services are missing."""
    steps, missing = [], []
    after = {key: dict(service) for key, service in state.items()}
    for key, wish in sorted(_wanted(services).items()):
        if not state[key]["present"]:
            # What is not there is stopped, and nobody starts it.
            if _runs(wish):
                missing.append(key)
        elif state[key]["unit"] is not None:
            step: dict[str, Any] = {"key": key, "unit": state[key]["unit"]}
            if "start_mode" in wish:
                step["masked"] = wish["start_mode"] == "disabled"
            if wish.get("start_mode") == "automatic":
                step["enabled"] = True
            if "state" in wish:
                step["state"] = wish["state"]
            steps.append(step)
            if wish.get("start_mode", "manual") != "manual" or state[key]["start_mode"] == "disabled":
                after[key]["start_mode"] = wish.get("start_mode", state[key]["start_mode"])
            if "state" in wish:
                after[key]["running"] = wish["state"] != "stopped"
    return {"units": steps, "missing": missing, "after": after}


def guest_services_updates(printed: str, packages: Iterable[str], manager: str) -> list[str]:
    """Those of the packages that the package manager names in its list of updates."""
    named = set()
    for line in printed.splitlines():
        words = line.split("|" if manager == "zypper" else None)
        if manager == "apt":
            # It tells a lot else, such as which packages are there already.
            named.update(words[1:2] if words[:1] == ["Inst"] else [])
        elif manager == "zypper":
            named.update(word.strip() for word in words[2:3])
        else:
            # dnf adds the architecture.
            named.update({word for first in words[:1] for word in (first, first.rpartition(".")[0])})
    return sorted(named.intersection(packages))


def _wanted(services: Services) -> dict[str, dict[str, str]]:
    wanted = {}
    for key, wish in services.items():
        given = {name: value for name, value in (wish or {}).items() if value is not None}
        if key not in KEYS:
            raise AnsibleFilterError(f"guest_services_services: unknown service {key}. Known: {', '.join(KEYS)}.")
        unknown = sorted(set(given) - {"start_mode", "state"})
        if unknown or not given:
            raise AnsibleFilterError(
                f"guest_services_services.{key} takes start_mode, state or both, not {', '.join(unknown) or 'nothing'}."
            )
        for name, choices in (("start_mode", MODES), ("state", STATES)):
            if given.get(name, choices[0]) not in choices:
                raise AnsibleFilterError(
                    f"guest_services_services.{key}.{name} must be one of {', '.join(choices)}, not {given[name]}."
                )
        wanted[key] = given
    if not wanted:
        raise AnsibleFilterError(f"guest_services_services names no service. Known: {', '.join(KEYS)}.")
    return wanted


def _runs(wish: Mapping[str, str]) -> bool:
    return wish.get("state") in ("restarted", "started") or wish.get("start_mode") in ("automatic", "manual")


def _refused_services(wanted: Mapping[str, Mapping[str, str]]) -> list[str]:
    refusals = []
    for key, wish in sorted(wanted.items()):
        if wish.get("start_mode") == "disabled" and wish.get("state") in ("restarted", "started"):
            refusals.append(f"{key}: a service with the start_mode disabled cannot be {wish['state']}.")
        elif key in KERNEL and (wish.get("state") in ("restarted", "stopped") or wish.get("start_mode") == "disabled"):
            refusals.append(
                f"{key}: in Linux the kernel module hv_utils does this, there is no daemon to stop or to restart. "
                "Disable it on the host, with hyperv.integration.hyperv_ics."
            )
        elif key == "powershell_direct" and _runs(wish):
            refusals.append("powershell_direct: Linux guests do not have it.")
    return refusals


def _refused_guest(facts: Mapping[str, Any]) -> list[str]:
    distribution = facts.get("distribution")
    if facts.get("system") != "Linux":
        return [f"{distribution} is not supported: this role knows Windows, and Linux with systemd."]
    if facts.get("service_mgr") != "systemd":
        return [f"{distribution} with {facts.get('service_mgr')} is not supported: Linux guests need systemd."]
    if facts.get("virtualization_type") != "VirtualPC":
        # The daemons wait for devices of Hyper-V, which delays every boot elsewhere.
        return [f"This machine is not a guest of Hyper-V: virtualization_type is {facts.get('virtualization_type')}."]
    return []


def _packages(facts: Mapping[str, Any]) -> list[str]:
    distribution = str(facts.get("distribution"))
    if distribution == "Ubuntu":
        # The units are in the first one, the binaries in that of the running kernel.
        return ["linux-cloud-tools-common", f"linux-cloud-tools-{facts.get('kernel')}"]
    if distribution == "Debian":
        return ["hyperv-daemons"]
    if "Azure Linux" in distribution or "Mariner" in distribution:
        return PACKAGES["RedHat"]
    return PACKAGES.get(str(facts.get("os_family")), [])


def _query(facts: Mapping[str, Any]) -> dict[str, Any]:
    argv, codes = QUERIES.get(str(facts.get("pkg_mgr")), ([], []))
    return {"argv": argv, "codes": codes, "takes_packages": facts.get("pkg_mgr") != "zypper"}


def _candidates(key: str) -> list[str]:
    name = DAEMONS[key]
    candidates = [f"hv-{name}-daemon", f"hv_{name}_daemon", f"hyperv{name}d", f"hyperv-daemons.hv-{name}-daemon"]
    if name == "fcopy":
        # From Linux 6.10 on the daemon has another name, and a distribution may give it to the unit.
        candidates += ["hv-fcopy-uio-daemon", "hv_fcopy_uio_daemon"]
    return [f"{candidate}.service" for candidate in candidates]


def _start_mode(unit_file_state: str) -> str:
    if unit_file_state.startswith("masked"):
        return "disabled"
    return "automatic" if unit_file_state in ("enabled", "enabled-runtime") else "manual"


class FilterModule:
    """Filters for the integration services of Linux guests."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "guest_services_plan": guest_services_plan,
            "guest_services_state": guest_services_state,
            "guest_services_steps": guest_services_steps,
            "guest_services_updates": guest_services_updates,
        }

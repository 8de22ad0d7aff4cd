# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for Linux guests, distribution by distribution, without a Linux guest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.hyperv.integration.plugins.filter.guest_services import (
    FilterModule,
    guest_services_plan,
    guest_services_state,
    guest_services_steps,
    guest_services_updates,
)

ROOT = Path(__file__).resolve().parents[4]
VSS = {"vss": {"start_mode": "manual", "state": "started"}}


def facts(distribution: str, family: str, **other: str) -> dict[str, str]:
    common = {
        "system": "Linux",
        "service_mgr": "systemd",
        "virtualization_type": "VirtualPC",
        "kernel": "6.8.0-45-azure",
    }
    return {**common, "distribution": distribution, "os_family": family, **other}


DEBIAN = facts("Debian", "Debian")


@pytest.mark.parametrize(
    ("distribution", "family", "packages"),
    [
        ("Ubuntu", "Debian", ["linux-cloud-tools-common", "linux-cloud-tools-6.8.0-45-azure"]),
        ("Debian", "Debian", ["hyperv-daemons"]),
        ("RedHat", "RedHat", ["hyperv-daemons"]),
        ("Fedora", "RedHat", ["hyperv-daemons"]),
        ("Microsoft Azure Linux", "Microsoft Azure Linux", ["hyperv-daemons"]),
        ("SLES", "Suse", ["hyper-v"]),
        ("Archlinux", "Archlinux", ["hyperv"]),
    ],
)
def test_packages_of_a_distribution(distribution: str, family: str, packages: list[str]) -> None:
    plan = guest_services_plan(VSS, facts(distribution, family))
    assert (plan["packages"], plan["refusals"]) == (packages, [])


@pytest.mark.parametrize(
    ("services", "install"),
    [
        ({"vss": {"state": "stopped"}, "heartbeat": {"state": "started"}}, False),
        ({"vss": {"start_mode": "disabled"}}, False),
        ({"vss": {"start_mode": "automatic"}}, True),
        ({"key_value_pair_exchange": {"state": "restarted"}}, True),
    ],
)
def test_packages_are_installed_only_for_what_is_to_run(services: dict[str, Any], install: bool) -> None:
    plan = guest_services_plan(services, DEBIAN)
    assert (plan["install"], plan["packages"]) == (install, ["hyperv-daemons"])
    assert guest_services_plan(services, DEBIAN, install=False)["install"] is False


def test_candidates_come_in_the_order_of_lisa() -> None:
    candidates = guest_services_plan(VSS, DEBIAN, units={"vss": "mine.service"})["candidates"]
    assert candidates["key_value_pair_exchange"] == [
        "hv-kvp-daemon.service", "hv_kvp_daemon.service", "hypervkvpd.service",
        "hyperv-daemons.hv-kvp-daemon.service",
    ]  # fmt: skip
    assert candidates["guest_service_interface"][2:] == [
        "hypervfcopyd.service", "hyperv-daemons.hv-fcopy-daemon.service", "hv-fcopy-uio-daemon.service",
        "hv_fcopy_uio_daemon.service",
    ]  # fmt: skip
    assert candidates["vss"] == ["mine.service"]


def test_packages_of_the_user_go_over_those_of_the_distribution() -> None:
    plan = guest_services_plan(VSS, facts("Gentoo", "Gentoo"), ["hv-tools"])
    assert (plan["packages"], plan["refusals"]) == (["hv-tools"], [])
    unmanaged = guest_services_plan(VSS, facts("Gentoo", "Gentoo"), install=False)
    assert (unmanaged["packages"], unmanaged["refusals"]) == ([], [])


@pytest.mark.parametrize(
    ("services", "guest", "text"),
    [
        (VSS, facts("Alpine", "Alpine", service_mgr="openrc"), "Alpine with openrc is not supported"),
        (VSS, facts("FreeBSD", "FreeBSD", system="FreeBSD"), "FreeBSD is not supported"),
        (VSS, facts("Debian", "Debian", virtualization_type="kvm"), "not a guest of Hyper-V: .* is kvm"),
        (VSS, facts("Gentoo", "Gentoo"), "which packages of Gentoo hold .* guest_services_packages"),
        ({"heartbeat": {"state": "stopped"}}, DEBIAN, "heartbeat: .* hv_utils .* hyperv.integration.hyperv_ics"),
        ({"shutdown": {"start_mode": "disabled"}}, DEBIAN, "shutdown: .* hyperv.integration.hyperv_ics"),
        ({"time_synchronization": {"state": "restarted"}}, DEBIAN, "time_synchronization: .* hv_utils"),
        ({"powershell_direct": {"state": "started"}}, DEBIAN, "powershell_direct: Linux guests do not have it"),
        ({"vss": {"start_mode": "disabled", "state": "started"}}, DEBIAN, "vss: .* disabled cannot be started"),
    ],
)
def test_what_is_refused(services: dict[str, Any], guest: dict[str, str], text: str) -> None:
    refusals = guest_services_plan(services, guest)["refusals"]
    assert len(refusals) == 1
    with pytest.raises(AssertionError, match=text):
        raise AssertionError(refusals[0])


def test_what_linux_has_anyhow_is_not_refused() -> None:
    services = {
        "heartbeat": {"state": "started", "start_mode": "automatic"},
        "shutdown": {"start_mode": "manual"},
        "powershell_direct": {"state": "stopped", "start_mode": "disabled"},
    }
    assert guest_services_plan(services, DEBIAN)["refusals"] == []


@pytest.mark.parametrize(
    ("services", "text"),
    [
        ({}, "names no service"),
        ({"kvp": {"state": "started"}}, "unknown service kvp. Known: guest_service_interface, heartbeat"),
        ({"vss": None}, "vss takes start_mode, state or both, not nothing"),
        ({"vss": {"mode": "manual"}}, "not mode"),
        ({"vss": {"state": "running"}}, "state must be one of restarted, started, stopped, not running"),
        ({"vss": {"start_mode": "auto"}}, "start_mode must be one of automatic, disabled, manual, not auto"),
    ],
)
def test_mistakes_are_named(services: dict[str, Any], text: str) -> None:
    with pytest.raises(AnsibleFilterError, match=text):
        guest_services_plan(services, DEBIAN)


def show(candidates: dict[str, list[str]], **units: str) -> str:
    """What systemctl prints: ``name="Active UnitFile"`` for the units there are."""
    blocks = []
    for name in (unit for names in candidates.values() for unit in names):
        given = units.get(name.removesuffix(".service").replace("-", "_").replace(".", "_"))
        active, unit_file = given.split() if given else ("inactive", "")
        load = "masked" if unit_file == "masked" else "loaded" if given else "not-found"
        blocks.append(f"Id={name}\nLoadState={load}\nActiveState={active}\nUnitFileState={unit_file}")
    return "\n\n".join(blocks) + "\n"


def test_state_of_the_seven_services() -> None:
    candidates = guest_services_plan(VSS, DEBIAN)["candidates"]
    shown = show(candidates, hypervkvpd="active enabled", hypervvssd="inactive masked", hypervfcopyd="failed static")
    state = guest_services_state(shown, candidates, True)
    kernel = {"present": True, "start_mode": "automatic", "running": True, "unit": None}
    assert state == {
        "guest_service_interface": {
            "present": True, "start_mode": "manual", "running": False, "unit": "hypervfcopyd.service",
        },
        "heartbeat": kernel,
        "key_value_pair_exchange": {
            "present": True, "start_mode": "automatic", "running": True, "unit": "hypervkvpd.service",
        },
        "powershell_direct": {"present": False, "start_mode": None, "running": False, "unit": None},
        "shutdown": kernel,
        "time_synchronization": kernel,
        "vss": {"present": True, "start_mode": "disabled", "running": False, "unit": "hypervvssd.service"},
    }  # fmt: skip
    nothing = guest_services_state(show(candidates), candidates, False)
    assert {key for key, service in nothing.items() if service["present"] or service["running"]} == set()


def test_steps() -> None:
    candidates = guest_services_plan(VSS, DEBIAN)["candidates"]
    state = guest_services_state(
        show(candidates, hv_kvp_daemon="active enabled", hv_vss_daemon="inactive masked"), candidates, True
    )
    services = {
        "guest_service_interface": {"start_mode": "disabled", "state": "stopped"},
        "heartbeat": {"state": "started"},
        "key_value_pair_exchange": {"start_mode": "disabled", "state": "stopped"},
        "powershell_direct": {"state": "stopped"},
        "vss": {"start_mode": "automatic", "state": "started"},
    }
    found = guest_services_steps(services, state)
    after = found.pop("after")
    assert {key: (service["start_mode"], service["running"]) for key, service in after.items() if service["unit"]} == {
        "key_value_pair_exchange": ("disabled", False),
        "vss": ("automatic", True),
    }
    assert found == {
        "units": [
            {"key": "key_value_pair_exchange", "unit": "hv-kvp-daemon.service", "masked": True, "state": "stopped"},
            {"key": "vss", "unit": "hv-vss-daemon.service", "masked": False, "enabled": True, "state": "started"},
        ],
        "missing": [],
    }
    found = guest_services_steps({key: {"start_mode": "manual"} for key in ("vss", "key_value_pair_exchange")}, state)
    assert found["units"][1] == {"key": "vss", "unit": "hv-vss-daemon.service", "masked": False}
    assert found["after"]["vss"]["start_mode"] == "manual"
    assert found["after"]["key_value_pair_exchange"]["start_mode"] == "automatic"
    absent = guest_services_state(show(candidates), candidates, False)
    wanted = {"guest_service_interface": {"start_mode": "manual"}, "shutdown": {"state": "started"}}
    found = guest_services_steps(wanted, absent)
    assert (found["units"], found["missing"]) == ([], ["guest_service_interface", "shutdown"])


@pytest.mark.parametrize(
    ("manager", "package", "printed"),
    [
        (
            "apt",
            "hyperv-daemons",
            "Inst hyperv-daemons [6.1.1-1] (6.1.9-1 Debian:12/stable [amd64])\nConf other",
        ),
        ("dnf", "hyperv-daemons", "\nhyperv-daemons.x86_64    0-0.42.el9    baseos\n"),
        (
            "zypper",
            "hyper-v",
            "S | Repository | Name    | Current\n--+---+---+---\nv | SLE Update | hyper-v | 8-1 | 9-1",
        ),
        ("pacman", "hyperv", "hyperv 6.8-1 -> 6.9-1\n"),
    ],
)
def test_updates_that_are_due(manager: str, package: str, printed: str) -> None:
    assert guest_services_updates(printed, [package, "other"], manager) == [package]
    assert guest_services_updates(printed, ["other", "baseos", "Debian"], manager) == []
    query = guest_services_plan(VSS, {**DEBIAN, "pkg_mgr": manager})["update_query"]
    assert query["argv"][0].startswith(manager)


def test_no_updates_are_due() -> None:
    printed = "Reading package lists...\nhyperv-daemons is already the newest version (6.1.1-1).\n0 upgraded"
    assert guest_services_updates(printed, ["hyperv-daemons"], "apt") == []
    assert guest_services_plan(VSS, {**DEBIAN, "pkg_mgr": "tdnf"})["update_query"]["argv"] == []


def test_the_keys_are_those_of_the_module() -> None:
    documentation = yaml.safe_load((ROOT / "plugins/modules/hyperv_guest_service.yml").read_text())["DOCUMENTATION"]
    services = documentation["options"]["services"]["suboptions"]
    candidates = guest_services_plan(VSS, DEBIAN)["candidates"]
    state = guest_services_state(show(candidates), candidates, False)
    assert list(state) == sorted(services)


@pytest.mark.parametrize("name", FilterModule().filters())
def test_the_filters_are_documented(name: str) -> None:
    documentation = yaml.safe_load((ROOT / f"plugins/filter/{name}.yml").read_text())["DOCUMENTATION"]
    assert documentation["name"] == name
    assert documentation["positional"] == ", ".join(key for key in documentation["options"] if key != "_input")

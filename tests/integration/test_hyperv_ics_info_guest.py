# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hyperv_ics_info learns inside the guests, on the engine."""

from __future__ import annotations

from typing import Any

import pytest
from module_engine import ModuleEngine, Run

LAB = """
version: 1
defaults:
  host:
    users: [{name: Administrator, password: Lab-Only-1, groups: [administrators]}]
hosts:
  - name: H
    language: de-DE
    vms:
      - name: ahead
        guest: {os: windows, clock_offset: 12.5}
        services:
          vss: {enabled: true, guest: disabled}
          guest_service_interface: {enabled: true, guest: absent}
      - name: behind
        guest: {os: windows, clock_offset: -90}
      - name: linux
        guest: linux
      - name: cold
        state: "off"
"""


@pytest.fixture
def engine() -> ModuleEngine:
    return ModuleEngine(LAB)


def info(engine: ModuleEngine, **options: Any) -> Run:
    account = {"guest_username": "Administrator", "guest_password": "Lab-Only-1"}
    return engine.run("hyperv_ics_info", **{**account, **options})


def test_enabled_on_the_host_and_disabled_in_the_guest(engine: ModuleEngine) -> None:
    run = info(engine, guest=True)
    assert not run.failed
    vm = run.vm("ahead")
    assert (vm["services"]["vss"]["enabled"], vm["guest"]["services"]["vss"]) == (
        True, {"present": True, "start_mode": "disabled", "running": False},
    )  # fmt: skip
    assert vm["guest"]["services"]["guest_service_interface"] == {
        "present": False,
        "start_mode": None,
        "running": False,
    }
    assert vm["guest"]["services"]["powershell_direct"]["running"] is True
    assert (vm["guest"]["read"], vm["guest"]["integration_services_version"]) == (True, "10.0.20348")
    assert vm["guest"]["clock_offset"] is None
    unread = {vm["name"]: vm["guest"]["reason"] for vm in run.result["vms"] if not vm["guest"]["read"]}
    assert unread == {"linux": "no_answer", "cold": "not_running"}
    assert all(not vm["failed"] for vm in run.result["vms"])


def test_the_clock_is_measured_within_the_round_trip(engine: ModuleEngine) -> None:
    run = info(engine, measure_clock=True)
    for name, offset in (("ahead", 12.5), ("behind", -90)):
        guest = run.vm(name)["guest"]
        assert guest["clock_offset"] == pytest.approx(offset, abs=guest["clock_round_trip"] / 2 + 0.002)
    assert run.vm("linux")["guest"]["clock_offset"] is None


def test_guests_are_left_alone_unless_asked_for(engine: ModuleEngine) -> None:
    run = info(engine)
    assert all("guest" not in vm for vm in run.result["vms"])
    assert "cmdlet:New-PSSession" not in run.counters
    refused = info(engine, guest=True, guest_username="", guest_password="")
    assert "need guest_username" in refused.msg

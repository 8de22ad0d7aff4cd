# SPDX-License-Identifier: GPL-3.0-or-later
"""Key-value pairs in lab files."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.admin.state import describe_vm
from hvsim.hyperv.kvp import known_pairs
from hvsim.hyperv.kvp_management import management_of
from hvsim.hyperv.lab import LabError, parse_lab

LAB = """
defaults:
  vm: {kvp: {host: {site: default}}}
hosts:
  - name: HV1
    behaviour: {kvp: {jobs: synchronous, keys: case_sensitive, job_seconds: 1.5}}
    vms:
      - name: web
        kvp:
          host: {a: "1", A: "2"}
          host_only: {owner: ops}
          disable_host_items: true
          checkpoints: {before: {a: "0"}}
      - name: lin
        guest: {os: linux, kvp: {role: db}}
        kvp: {pushed: [{name: role, value: web}, {name: empty}], intrinsic: {OSName: Other, OSVersion: null}}
      - name: fleet-{n}
        count: 3
        vary: [{every: 2, kvp: {host: {site: other}}}]
"""


def test_what_a_lab_gives_to_its_machines() -> None:
    (host,) = parse_lab(LAB).hosts()
    web, lin, *fleet = host.virtual_machines()
    assert known_pairs(web) == {"host": {"a": "1", "A": "2"}, "host_only": {"owner": "ops"}}
    assert describe_vm(web)["kvp"] == known_pairs(web)
    assert [known_pairs(vm)["host"]["site"] for vm in fleet] == ["other", "default", "other"]
    kvp = management_of(host).of(web)
    assert kvp.settings.disable_host_items
    assert {name: dict(s.host.items()) for name, s in kvp.checkpoints.items()} == {"before": {"a": "0"}}
    machine: Any = web.guest.machine
    assert machine.registry.values("HKLM\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest\\Parameters") == []
    linux = management_of(host).of(lin)
    expected = [("role", "db"), ("role", "web"), ("empty", "")]
    assert linux.guest_items() == expected
    _ = lin.guest.machine
    assert linux.guest_items() == expected
    assert linux.intrinsic_items()["OSName"] == "Other"
    assert "OSVersion" not in linux.intrinsic_items()
    assert (host.kvp_behaviour.jobs, host.kvp_behaviour.job_seconds) == ("synchronous", 1.5)


def test_reset_brings_back_the_pairs_of_the_lab() -> None:
    (host,) = parse_lab(LAB).hosts()
    kvp = management_of(host).of(host.virtual_machines()[0])
    kvp.settings.host.set("a", "changed")
    host.reset()
    assert known_pairs(host.virtual_machines()[0])["host"] == {"a": "1", "A": "2"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("kvp: {hosts: {}}", "unknown key; did you mean 'host'?"),
        ("kvp: {host: {a: 1}}", "1 found; write a text, in quotes if it looks like a number"),
        ("kvp: {pushed: [{value: x}]}", "is missing; add it"),
    ],
)
def test_mistakes(line: str, message: str) -> None:
    with pytest.raises(LabError) as caught:
        parse_lab(f"hosts: [{{name: HV1, vms: [{{name: a, {line}}}]}}]", "lab.yml")
    assert message in str(caught.value)


def test_a_switch_that_does_not_exist() -> None:
    with pytest.raises(LabError) as caught:
        parse_lab("hosts: [{name: HV1, behaviour: {kvp: {jobs: maybe}}}]", "lab.yml")
    assert "'maybe' is not possible; use 'asynchronous' or 'synchronous'" in str(caught.value)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Lab files: what they build, and what is said about mistakes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hvsim.hyperv.lab import LabError, load_lab, parse_lab, schema
from hvsim.hyperv.lab_yaml import read_yaml
from hvsim.hyperv.vm import VMState

EXAMPLE = Path(__file__).parents[3] / "examples" / "lab.yml"


def problems(text: str) -> list[str]:
    with pytest.raises(LabError) as caught:
        parse_lab(text, "lab.yml")
    return str(caught.value).splitlines()


def test_smallest_lab() -> None:
    (host,) = parse_lab("hosts: [{name: HV1}]").hosts()
    assert (host.name, host.language, host.powershell, host.build) == ("HV1", "en-US", "5.1", 20348)
    assert host.check_password("Administrator", "Lab-Only-1") is not None
    assert host.virtual_machines() == ()


def test_example_lab() -> None:
    english, german = load_lab(EXAMPLE).hosts()
    assert (english.language, german.language) == ("en-US", "de-DE")
    assert [vm.name for vm in english.virtual_machines()].count("app") == 2
    assert english.find_vms("db[1]")[0].integration_service("time_synchronization").enabled is False
    assert english.find_vms("legacy")[0].state is VMState.PAUSED
    assert english.find_vms("build-agent")[0].heartbeat is None
    names = [vm.name for vm in german.virtual_machines()]
    assert names[:3] == ["Überwachung", "rocket 🚀", "archiv"]
    assert names[5:8] == ["web-001", "web-002", "web-003"]
    drifted = [
        vm.name for vm in german.virtual_machines() if not vm.integration_service("time_synchronization").enabled
    ]
    assert drifted == ["Überwachung", "web-001", "web-003"]
    helpdesk = english.find_user("helpdesk")
    assert helpdesk is not None and helpdesk.may_log_on_remotely and not helpdesk.may_manage_hyperv


def test_ids_follow_from_host_and_name_and_stay() -> None:
    text = "hosts: [{name: HV1, vms: [{name: a}, {name: b}]}, {name: HV2, vms: [{name: a}]}]"
    first, second = ([[vm.id for vm in host.virtual_machines()] for host in parse_lab(text).hosts()] for _ in range(2))
    assert first == second
    assert len({*first[0], *first[1]}) == 3


def test_fleet_with_variations() -> None:
    text = """
hosts:
  - name: HV1
    vms:
      - name: web-{n:03d}
        count: 5
        start: 9
        services: {vss: false}
        vary:
          - {every: 2, services: {shutdown: false}, notes: even}
          - {every: 3, offset: 1, state: off, guest: linux, services: {vss: true}}
"""
    (host,) = parse_lab(text).hosts()
    vms = host.virtual_machines()
    assert [vm.name for vm in vms] == ["web-009", "web-010", "web-011", "web-012", "web-013"]
    assert [vm.integration_service("shutdown").enabled for vm in vms] == [False, True, False, True, False]
    assert [vm.notes for vm in vms] == ["even", "", "even", "", "even"]
    assert [vm.integration_service("vss").enabled for vm in vms] == [False, True, False, False, True]
    assert [vm.state for vm in vms] == [VMState.RUNNING, VMState.OFF, VMState.RUNNING, VMState.RUNNING, VMState.OFF]
    assert vms[1].guest.kind == "linux"


def test_defaults_give_way_to_what_is_said() -> None:
    text = """
defaults:
  host: {language: de-DE, latency_ms: 5}
  vm: {generation: 1, services: {vss: false, shutdown: false}}
hosts:
  - {name: HV1, vms: [{name: a}, {name: b, generation: 2, services: {vss: true}}]}
  - {name: HV2, language: fr-FR}
"""
    one, two = parse_lab(text).hosts()
    assert (one.language, two.language, two.latency_ms) == ("de-DE", "fr-FR", 5)
    a, b = one.virtual_machines()
    assert (a.generation, b.generation) == (1, 2)
    assert [s.key for s in b.integration_services if not s.enabled] == ["guest_service_interface", "shutdown"]


def test_host_details() -> None:
    text = """
hosts:
  - name: HV1
    powershell: 7
    clock: 2026-02-01T10:00:00+01:00
    hyperv: {vmms_running: false}
    behaviour: {toggle_saved: allow}
    faults: [{command: Get-VM, latency_ms: 10}]
    users: [{name: a, password: "1234", groups: [hyperv_administrators]}]
    vms:
      - name: a
        guest: {os: windows, booted: false, users: [{name: u, password: p}], files: {'C:\\x': hi}, kvp: {k: v}}
"""
    (host,) = parse_lab(text).hosts()
    assert host.powershell == "7"
    assert host.clock.now() == datetime(2026, 2, 1, 9, tzinfo=UTC)
    assert not host.vmms_running
    assert host.behaviour.toggle_saved == "allow"
    assert host.faults.as_list() == [{"command": "Get-VM", "latency_ms": 10.0, "left": None}]
    guest = host.virtual_machines()[0].guest
    assert not guest.has_machine
    machine = guest.machine
    assert machine.files.read_bytes("C:\\x") == b"hi"
    assert machine.registry.get_value("HKLM:\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest", "k").data == "v"
    assert [user.name for user in machine.users] == ["u"]


def test_surrogate_pairs_are_joined() -> None:
    (host,) = parse_lab('hosts: [{name: HV1, vms: [{name: "\\ud83d\\ude80"}]}]').hosts()
    assert host.virtual_machines()[0].name == "🚀"
    (problem,) = problems('hosts: [{name: HV1, vms: [{name: "\\ud83d"}]}]')
    assert problem.startswith("lab.yml:1: hosts[0].vms[0].name: holds half a surrogate pair")


def test_reset_restores_the_lab() -> None:
    (host,) = parse_lab("hosts: [{name: HV1, vms: [{name: a}]}]").hosts()
    vm = host.virtual_machines()[0]
    host.set_integration_service(vm.id, "vss", False, actor=None)
    host.rename_vm(vm.id, "b", actor=None)
    host.reset()
    again = host.get_vm(vm.id)
    assert again.name == "a" and again.integration_service("vss").enabled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "lab.yml:1: a lab is a mapping with the key 'hosts'; see 'hvsim schema'"),
        ("- a", "lab.yml:1: a lab is a mapping with the key 'hosts'; see 'hvsim schema'"),
        ("{}", "lab.yml:1: hosts: is missing; add it"),
        (
            "hosts:\n  - name: HV1\n    langauge: de-DE",
            "lab.yml:3: hosts[0].langauge: unknown key; did you mean 'language'? Known: ",
        ),
        (
            "hosts:\n  - name: HV1\n    vms:\n      - name: a\n        state: runing",
            "lab.yml:5: hosts[0].vms[0].state: 'runing' is not possible; use 'running', 'off', ",
        ),
        (
            "hosts:\n- name: HV1\n  vms:\n  - name: a\n    services:\n      shutdown: maybe",
            "lab.yml:6: hosts[0].vms[0].services.shutdown: must be true, false or a mapping",
        ),
        (
            "hosts:\n- name: HV1\n  vms:\n  - name: a\n    services:\n      powershell_direct: true",
            "lab.yml:6: hosts[0].vms[0].services.powershell_direct: has no component on the host; "
            "set it as guest.powershell_direct",
        ),
        (
            "hosts:\n- name: HV1\n  vms:\n  - name: 5",
            "lab.yml:4: hosts[0].vms[0].name: 5 found; write a text, in quotes if it looks like a number",
        ),
        (
            "hosts:\n- name: HV1\n  build: '20348'",
            "lab.yml:3: hosts[0].build: the text '20348' found; write a whole number",
        ),
        ("hosts:\n- name: HV1\n  vms: a", "lab.yml:3: hosts[0].vms: the text 'a' found; write a list, each item"),
        (
            "hosts:\n- name: hv_1",
            "lab.yml:2: hosts[0].name: 'hv_1' is not possible; write letters, digits and hyphens, as for any computer",
        ),
        ("hosts:\n- name: HV1\n  language: tl-TL", "lab.yml:3: hosts[0].language: no component names for 'tl-TL'; use"),
        (
            "hosts:\n- name: HV1\n  vms:\n  - {name: w, count: 2}",
            "lab.yml:4: hosts[0].vms[0]: a fleet's name needs its number; write {n} or {n:03d} into 'name'",
        ),
        (
            "hosts:\n- name: HV1\n  vms:\n  - name: a\n  - name: A",
            "lab.yml:5: hosts[0].vms[1].name: 'A' is the name of another VM of host 'HV1'; rename it, or give",
        ),
        (
            "hosts:\n- name: HV1\n  vms:\n  - name: a\n    id: x-y",
            "lab.yml:5: hosts[0].vms[0].id: is not a GUID; write it like",
        ),
        ("hosts:\n- name: HV1\n- name: hv1", "lab.yml:3: hosts[1].name: host 'hv1' exists; rename one of them"),
        ("hosts:\n- name: HV1\n  name: HV2", "lab.yml:3: hosts[0].name: given twice; keep one of them"),
        ("hosts:\n- name: HV1\n  faults:\n  - error: boom", "lab.yml:4: hosts[0].faults[0]: unknown error kind 'boom'"),
        ("hosts:\n- name: HV1\n  clock: soon", "lab.yml:3: hosts[0].clock: is not a date and time; write it like"),
        ("hosts: [", "lab.yml:1: not valid YAML: expected the node content"),
        (
            "a: !!python/object:os.system x",
            "lab.yml:1: a: tag 'tag:yaml.org,2002:python/object:os.system' is not known",
        ),
        ("a: &x [*x]", "lab.yml:1: "),
        ("hosts: []", "lab.yml:1: hosts: "),
    ],
)
def test_mistakes_name_file_line_and_key(text: str, expected: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(expected)


def test_all_mistakes_are_told_at_once() -> None:
    found = problems("hosts:\n- name: HV1\n  colour: red\n  build: x\n")
    assert [line.split(": ")[0] for line in found] == ["lab.yml:4", "lab.yml:3"]


def test_passwords_are_not_repeated() -> None:
    (problem,) = problems("hosts:\n- name: HV1\n  users: [{name: a, password: 123456}]")
    assert problem.startswith("lab.yml:3: hosts[0].users[0].password: ")
    assert "123456" not in problem


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"none\.yml:1: cannot read the lab file \(No such file or directory\)"):
        load_lab(tmp_path / "none.yml")
    (tmp_path / "latin.yml").write_bytes("hosts: [{name: ü}]".encode("latin-1"))
    with pytest.raises(LabError, match="not UTF-8"):
        load_lab(tmp_path / "latin.yml")


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (problem,) = problems("\n".join(lines))
    assert "repeated too often by aliases" in problem


def test_anchors_and_merge_keys_work() -> None:
    text = "hosts:\n- &h {name: HV1, language: de-DE, users: []}\n- <<: *h\n  name: HV2"
    one, two = parse_lab(text).hosts()
    assert (one.name, two.name, two.language) == ("HV1", "HV2", "de-DE")


def test_schema_covers_the_short_forms() -> None:
    described = schema()
    assert described["additionalProperties"] is False
    shutdown = described["$defs"]["ServicesSpec"]["properties"]["shutdown"]
    assert "boolean" in str(shutdown) and "ServiceSpec" in str(shutdown)
    assert described["properties"]["hosts"]["minItems"] == 1


def test_the_example_keeps_to_the_schema() -> None:
    described = schema()
    jsonschema.Draft202012Validator.check_schema(described)
    data = read_yaml(EXAMPLE.read_text("utf-8"), "lab.yml").data
    validator = jsonschema.Draft202012Validator(described)
    assert [error.message for error in validator.iter_errors(data)] == []
    data["hosts"][0]["vms"][0]["stat"] = "off"
    assert not validator.is_valid(data)


TEXTS = st.text(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>?'\"#%@, \n\t0159.~<", max_size=200)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.datetimes()
    | st.dates()
    | st.sampled_from(["running", "off", "web-{n}", "windows", "de-DE", "4f0ac1de-30a5-4c77-9d2b-7a1f5d8e0c11"])
)
KEYS = st.sampled_from(
    [
        "hosts",
        "vms",
        "name",
        "count",
        "vary",
        "every",
        "services",
        "shutdown",
        "vss",
        "state",
        "guest",
        "users",
        "password",
        "groups",
        "faults",
        "error",
        "vm",
        "id",
        "defaults",
        "host",
        "language",
        "build",
        "clock",
        "port",
        "version",
        "hyperv",
        "behaviour",
        "latency_ms",
        "os",
        "files",
        "kvp",
        "start",
        "offset",
        "enabled",
    ]
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


def loads_or_refuses(text: str) -> None:
    try:
        lab = parse_lab(text)
    except LabError as error:
        assert all(problem.line >= 1 and problem.text for problem in error.problems)
        return
    if sum(vm.count or 1 for host in lab.spec.hosts for vm in host.vms) < 100:
        lab.hosts()


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_loads_or_is_refused(text: str) -> None:
    loads_or_refuses(text)


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries({"hosts": st.lists(st.dictionaries(KEYS, TREES, max_size=5), max_size=2)}) | TREES)
def test_any_data_loads_or_is_refused(data: object) -> None:
    loads_or_refuses(yaml.safe_dump(data, allow_unicode=True))


def test_deep_nesting_is_refused() -> None:
    (problem,) = problems("[" * 5000)
    assert "nested too deeply" in problem or "not valid YAML" in problem
    (problem,) = problems("hosts: " + "[" * 100 + "]" * 100)
    assert "nested too deeply" in problem

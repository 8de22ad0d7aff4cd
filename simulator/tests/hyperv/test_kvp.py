# SPDX-License-Identifier: GPL-3.0-or-later
"""Key-value pairs on a host: methods by build, limits, jobs, faults, delivery to the guest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hvsim.hyperv.embedded import data_item, parse_instance
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.guest import Guest, GuestSeed
from hvsim.hyperv.host import Host
from hvsim.hyperv.jobs import JobState
from hvsim.hyperv.kvp import KvpBehaviour, Method, ReturnCode
from hvsim.hyperv.kvp_guest import decode_records
from hvsim.hyperv.kvp_management import MethodResult, management_of
from hvsim.hyperv.vm import VirtualMachine, VMState

EXTERNAL = "HKLM\\SOFTWARE\\Microsoft\\Virtual Machine\\External"
#: A busy machine is no reason to fail.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

XML_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.sampled_from("\t\r\n<&>\"'")
)


def make(build: int = 20348, *, linux: bool = False, state: VMState = VMState.RUNNING, **behaviour: Any) -> Host:
    host = Host("HV1", build=build, kvp_behaviour=KvpBehaviour(**behaviour))
    guest = Guest("linux" if linux else "windows", seed=GuestSeed(kvp={"role": "web"}))
    host.add_vm("vm", guest=guest, state=state)
    return host


def the_vm(host: Host) -> VirtualMachine:
    return host.virtual_machines()[0]


def call(host: Host, method: Method, *pairs: tuple[str, str], source: int = 0) -> MethodResult:
    texts = [data_item(name, value, source) for name, value in pairs]
    return management_of(host).change(method, the_vm(host).id, texts, actor="Administrator")


def outcome(host: Host, method: Method, *pairs: tuple[str, str], source: int = 0) -> int:
    """The return code, or the error code of the job when it has ended."""
    result = call(host, method, *pairs, source=source)
    if result.job is None:
        return int(result.code)
    host.clock.advance(seconds=1)
    assert result.job.is_finished(host.clock.now())
    return result.job.error_code


def kept(host: Host) -> dict[str, str]:
    return dict(management_of(host).of(the_vm(host)).settings.host.items())


# ---- methods by build (3.4) ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("build", "removing"), [(9600, 0), (14393, 0), (20348, 0)])
def test_the_table_of_methods(build: int, removing: int) -> None:
    host = make(build)
    assert outcome(host, "AddKvpItems", ("a", "1")) == 0
    assert outcome(host, "AddKvpItems", ("a", "2")) == 32773
    assert outcome(host, "ModifyKvpItems", ("a", "3")) == 0
    assert outcome(host, "ModifyKvpItems", ("b", "3")) == 32773
    assert kept(host) == {"a": "3"}
    assert outcome(host, "RemoveKvpItems", ("A", "whatever")) == 0
    assert outcome(host, "RemoveKvpItems", ("a", "")) == removing
    assert kept(host) == {}


def test_a_2012_host_misses_the_key_to_remove() -> None:
    host = make(9600)
    host.build = 9200
    assert outcome(host, "RemoveKvpItems", ("a", "")) == 32773


@pytest.mark.parametrize(
    ("switches", "method", "expected"),
    [
        ({"add_existing": 32768}, "AddKvpItems", 32768),
        ({"add_existing": 32779}, "AddKvpItems", 32779),
    ],
)
def test_adding_what_exists_fails_as_the_lab_says(switches: dict[str, Any], method: Method, expected: int) -> None:
    host = make(**switches)
    outcome(host, "AddKvpItems", ("a", "1"))
    assert outcome(host, method, ("a", "2")) == expected


def test_modifying_what_is_missing_can_have_the_newer_code_on_newer_hosts_only() -> None:
    assert outcome(make(modify_missing=32779), "ModifyKvpItems", ("a", "1")) == 32779
    assert outcome(make(9600, modify_missing=32779), "ModifyKvpItems", ("a", "1")) == 32773


@pytest.mark.parametrize(("partial", "left"), [("nothing", {}), ("until_error", {"a": "1"})])
def test_a_call_with_one_wrong_item(partial: str, left: dict[str, str]) -> None:
    host = make(partial=partial)
    assert outcome(host, "AddKvpItems", ("a", "1"), ("a", "2"), ("b", "3")) == 32773
    assert kept(host) == left


@pytest.mark.parametrize(("keys", "code", "left"), [("case_insensitive", 32773, 1), ("case_sensitive", 0, 2)])
def test_keys_that_differ_in_case(keys: str, code: int, left: int) -> None:
    host = make(keys=keys)
    outcome(host, "AddKvpItems", ("Key", "1"))
    assert outcome(host, "AddKvpItems", ("KEY", "2")) == code
    assert len(kept(host)) == left


# ---- limits (3.6) --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "source", "code"),
    [
        ("k" * 255, "v" * 1023, 0, 0),
        ("k" * 256, "", 0, 32773),
        ("", "v", 0, 32773),
        ("k", "v" * 1024, 0, 32773),
        ("\U0001f600" * 127, "", 0, 0),
        ("\U0001f600" * 128, "", 0, 32773),
        ("k", "v" * 8192, 4, 0),
        ("k", "v" * 8193, 4, 32773),
    ],
)
def test_sizes(name: str, value: str, source: int, code: int) -> None:
    assert outcome(make(), "AddKvpItems", (name, value), source=source) == code


@pytest.mark.parametrize(("count", "code"), [(128, 0), (129, 32773), (0, 32773)])
def test_items_of_a_call(count: int, code: int) -> None:
    host = make()
    assert outcome(host, "AddKvpItems", *[(f"k{n}", "v") for n in range(count)]) == code


def test_host_only_items_are_128_and_never_reach_the_guest() -> None:
    host = make()
    assert outcome(host, "AddKvpItems", *[(f"k{n}", "v") for n in range(128)], source=4) == 0
    assert outcome(host, "AddKvpItems", ("one more", "v"), source=4) == 32773
    assert kept(host) == {}
    assert the_vm(host).guest.machine.registry.values(EXTERNAL) == []  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no xml",
        "<INSTANCE/>",
        data_item("a", "b", 1),
        data_item("a", "b", 3),
        data_item("a", "b", 0).replace("Msvm_KvpExchangeDataItem", "Msvm_Other"),
        data_item("a\x01", "b", 0),
        '<!DOCTYPE x [<!ENTITY e "x">]>' + data_item("a", "b", 0),
        'instance of Msvm_KvpExchangeDataItem { Name = "a"; };',
    ],
)
def test_what_is_no_item_of_the_host_is_an_invalid_parameter(text: str) -> None:
    host = make()
    result = management_of(host).change("AddKvpItems", the_vm(host).id, [text], actor=None)
    assert (result.code, result.job) == (ReturnCode.INVALID_PARAMETER, None)


@PATIENT
@given(XML_TEXT, XML_TEXT)
def test_any_legal_text_survives_the_embedded_instance(name: str, value: str) -> None:
    class_name, properties = parse_instance(data_item(name, value, 2))
    assert class_name == "Msvm_KvpExchangeDataItem"
    assert (properties["Name"] or "", properties["Data"] or "", properties["Source"]) == (name, value, "2")
    assert properties["Caption"] is None


def test_an_empty_value_has_no_value_element_unless_the_lab_says_so() -> None:
    assert '<PROPERTY NAME="Data" TYPE="string"></PROPERTY>' in data_item("a", "", 0)
    assert '<PROPERTY NAME="Data" TYPE="string"><VALUE></VALUE></PROPERTY>' in data_item("a", "", 0, empty_value=True)


# ---- states, rights, faults ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "switches", "code"),
    [
        (VMState.OFF, {}, 0),
        (VMState.PAUSED, {}, 0),
        (VMState.SAVED, {}, 32775),
        (VMState.SAVED, {"saved": "allow"}, 0),
        (VMState.STARTING, {}, 32775),
    ],
)
def test_states(state: VMState, switches: dict[str, Any], code: int) -> None:
    assert outcome(make(state=state, **switches), "AddKvpItems", ("a", "1")) == code


def test_a_second_change_while_a_job_runs_is_in_use() -> None:
    host = make(job_seconds=5)
    assert call(host, "AddKvpItems", ("a", "1")).code == 4096
    assert call(host, "AddKvpItems", ("b", "1")) == MethodResult(ReturnCode.IN_USE)
    host.clock.advance(seconds=6)
    assert call(host, "AddKvpItems", ("b", "1")).code == 4096
    free = make(job_seconds=5, concurrent="allow")
    assert [call(free, "AddKvpItems", (key, "1")).code for key in "ab"] == [4096, 4096]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("busy", 32774),
        ("invalid_state", 32775),
        ("access_denied", 32769),
        ("timeout", 32772),
        ("out_of_memory", 32778),
        ("operation_failed", 32768),
        ("vanish", 32779),
    ],
)
def test_faults_are_return_codes(kind: str, code: int) -> None:
    host = make()
    host.faults.add(FaultRule("AddKvpItems", vm="vm", error=kind, times=1))
    assert call(host, "AddKvpItems", ("a", "1")) == MethodResult(ReturnCode(code))
    if kind != "vanish":
        assert kept(host) == {}
        assert outcome(host, "AddKvpItems", ("a", "1")) == 0


def test_a_deleted_vm_is_not_found() -> None:
    host = make()
    vm = the_vm(host)
    host.remove_vm(vm.id, actor=None)
    result = management_of(host).change("AddKvpItems", vm.id, [data_item("a", "1", 0)], actor=None)
    assert result == MethodResult(ReturnCode.OBJECT_NOT_FOUND)


# ---- jobs (3.3) ----------------------------------------------------------------------------------------------------------


def test_a_job_takes_its_time_and_is_forgotten_later() -> None:
    host = make(job_seconds=10, job_lifetime=60)
    job = call(host, "AddKvpItems", ("a", "1")).job
    assert job is not None
    jobs, now = management_of(host).jobs, host.clock.now
    assert (job.state(now()), job.percent(now())) == (JobState.STARTING, 0)
    assert kept(host) == {"a": "1"}
    host.clock.advance(seconds=5)
    assert (job.state(now()), job.percent(now())) == (JobState.RUNNING, 50)
    host.clock.advance(seconds=5)
    assert (job.state(now()), job.percent(now()), job.error_code) == (JobState.COMPLETED, 100, 0)
    host.clock.advance(seconds=60)
    assert jobs.find(job.id) is job
    host.clock.advance(seconds=1)
    assert jobs.find(job.id) is None
    assert jobs.find("no id") is None


@pytest.mark.parametrize(
    ("kind", "state", "known", "changed"),
    [
        ("job_failed", JobState.EXCEPTION, True, False),
        ("job_hangs", JobState.RUNNING, True, False),
        ("job_vanishes", None, False, True),
    ],
)
def test_jobs_go_wrong(kind: str, state: JobState | None, known: bool, changed: bool) -> None:
    host = make()
    host.faults.add(FaultRule("AddKvpItems", vm="*", error=kind))
    result = call(host, "AddKvpItems", ("a", "1"))
    assert result.code == 4096
    assert result.job is not None
    host.clock.advance(seconds=3600 if kind == "job_hangs" else 1)
    found = management_of(host).jobs.find(result.job.id)
    assert (found is not None) is known
    assert found is None or found.state(host.clock.now()) is state
    assert (kept(host) == {"a": "1"}) is changed


def test_without_jobs_the_code_says_it_all() -> None:
    host = make(jobs="synchronous")
    assert call(host, "AddKvpItems", ("a", "1")) == MethodResult(ReturnCode.COMPLETED)
    assert call(host, "AddKvpItems", ("a", "1")) == MethodResult(ReturnCode.INVALID_PARAMETER)


# ---- delivery ------------------------------------------------------------------------------------------------------------


def windows_external(host: Host) -> dict[str, Any]:
    registry = the_vm(host).guest.machine.registry  # type: ignore[union-attr]
    return {value.name: value.data for value in registry.values(EXTERNAL)}


def linux_external(host: Host) -> dict[str, Any]:
    return dict(decode_records(the_vm(host).guest.machine.files.read_bytes("/var/lib/hyperv/.kvp_pool_0")))


@pytest.mark.parametrize(("linux", "read"), [(False, windows_external), (True, linux_external)])
def test_the_guest_holds_what_the_host_has(linux: bool, read: Callable[[Host], dict[str, Any]]) -> None:
    host = make(linux=linux)
    outcome(host, "AddKvpItems", ("site", "Köln"), ("gone", "1"))
    assert not the_vm(host).guest.has_machine
    assert read(host) == {"site": "Köln", "gone": "1"}
    outcome(host, "ModifyKvpItems", ("site", "\U0001f600"))
    outcome(host, "RemoveKvpItems", ("gone", ""))
    assert read(host) == {"site": "\U0001f600"}


@pytest.mark.parametrize("obstacle", ["disabled", "daemon", "hung", "off"])
def test_nothing_is_delivered_without_contact_and_everything_afterwards(obstacle: str) -> None:
    host = make()
    vm = the_vm(host)
    key = "key_value_pair_exchange"
    service = vm.guest.service(key)
    if obstacle == "disabled":
        host.set_integration_service(vm.id, key, False, actor=None)
    elif obstacle == "daemon":
        service.state = "stopped"
    elif obstacle == "hung":
        vm.guest.responding = False
    else:
        host.set_vm_state(vm.id, VMState.OFF)
    outcome(host, "AddKvpItems", ("a", "1"))
    kvp = management_of(host).of(vm)
    assert windows_external(host) == {}
    assert (kvp.guest_items(), kvp.intrinsic_items()) == ([], {})
    if obstacle == "disabled":
        host.set_integration_service(vm.id, key, True, actor=None)
    elif obstacle == "daemon":
        service.state = "running"
    elif obstacle == "hung":
        vm.guest.responding = True
    else:
        host.set_vm_state(vm.id, VMState.RUNNING)
    assert windows_external(host) == {"a": "1"}
    assert kvp.guest_items() == [("role", "web")]


def test_a_booting_guest_gets_its_pairs_when_it_is_up() -> None:
    host = make(state=VMState.OFF)
    vm = the_vm(host)
    outcome(host, "AddKvpItems", ("a", "1"))
    host.change_vm_state(vm.id, "start", actor=None, command="Start-VM")
    assert management_of(host).of(vm).intrinsic_items() == {}
    assert windows_external(host) == {}
    host.clock.advance(seconds=600)
    assert windows_external(host) == {"a": "1"}


def test_what_a_linux_guest_cannot_hold_stays_on_the_host() -> None:
    host = make(linux=True)
    assert outcome(host, "AddKvpItems", ("big", "ü" * 1023), ("huge", "€" * 1000), ("small", "1")) == 0
    kvp = management_of(host).of(the_vm(host))
    assert linux_external(host) == {"big": "ü" * 1023, "small": "1"}
    assert kvp.refused == {"huge"}
    assert set(kept(host)) == {"big", "huge", "small"}


def test_the_guest_pushes_from_inside() -> None:
    host = make()
    kvp = management_of(host).of(the_vm(host))
    assert kvp.guest_items() == [("role", "web")]
    registry = the_vm(host).guest.machine.registry  # type: ignore[union-attr]
    registry.set_value("HKLM\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest", "ready", "yes")
    assert kvp.guest_items() == [("role", "web"), ("ready", "yes")]


def test_host_and_guest_describe_themselves() -> None:
    host = make()
    vm = the_vm(host)
    machine: Any = vm.guest.machine
    root = "HKLM\\SOFTWARE\\Microsoft\\Virtual Machine"
    told = {value.name: value.data for value in machine.registry.values(f"{root}\\Guest\\Parameters")}
    assert (told["PhysicalHostName"], told["VirtualMachineId"], told["VirtualMachineName"]) == (
        "HV1",
        str(vm.id).upper(),
        "vm",
    )
    host.rename_vm(vm.id, "renamed", actor=None)
    _ = vm.guest.machine
    assert machine.registry.get_value(f"{root}\\Guest\\Parameters", "VirtualMachineName").data == "renamed"
    items = management_of(host).of(vm).intrinsic_items()
    assert (items["OSName"], items["OSBuildNumber"], items["ProcessorArchitecture"]) == (
        "Windows Server 2022 Datacenter",
        "20348",
        "9",
    )
    assert machine.registry.get_value(f"{root}\\Auto", "OSBuildNumber").data == "20348"


def test_a_linux_guest_describes_itself_by_its_kernel() -> None:
    host = make(linux=True)
    vm = the_vm(host)
    items = management_of(host).of(vm).intrinsic_items()
    assert list(items)[:4] == [
        "FullyQualifiedDomainName",
        "IntegrationServicesVersion",
        "NetworkAddressIPv4",
        "NetworkAddressIPv6",
    ]
    assert (items["OSName"], items["OSMajorVersion"], items["ProcessorArchitecture"]) == ("Ubuntu", "24.04", "x86_64")
    pool_3 = decode_records(vm.guest.machine.files.read_bytes("/var/lib/hyperv/.kvp_pool_3"))
    assert len(pool_3) >= 11
    assert dict(pool_3)["PhysicalHostName"] == "HV1"


def test_reset_forgets_jobs_and_changes() -> None:
    host = make()
    job = call(host, "AddKvpItems", ("a", "1")).job
    assert job is not None
    host.reset()
    assert management_of(host).jobs.find(job.id) is None
    assert host.virtual_machines() == ()

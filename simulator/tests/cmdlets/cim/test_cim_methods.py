# SPDX-License-Identifier: GPL-3.0-or-later
"""New-CimInstance, CimSerializer, Invoke-CimMethod, sessions: how scripts write key-value pairs."""

from __future__ import annotations

from typing import Any

import pytest
from cim_shell import CimShell, make
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.kvp_guest import decode_records
from hvsim.hyperv.vm import VMState
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import to_utf16

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\r\n<&>\"']"),
    min_size=1,
    max_size=60,
)


def external(cim: CimShell, name: str) -> dict[str, Any]:
    """What the guest holds, read from its registry or its pool file."""
    (vm,) = cim.host.find_vms(name)
    machine: Any = vm.guest.machine
    if not machine.is_windows:
        return dict(decode_records(machine.files.read_bytes("/var/lib/hyperv/.kvp_pool_0")))
    return {v.name: v.data for v in machine.registry.values("HKLM\\SOFTWARE\\Microsoft\\Virtual Machine\\External")}


def test_an_item_as_the_serializer_writes_it(cim: CimShell) -> None:
    (text,) = cim.out("Item 'a<b' \"x`\"&'y\"")
    assert text == (
        '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="InstanceID" TYPE="string"></PROPERTY>'
        '<PROPERTY NAME="Caption" TYPE="string"></PROPERTY><PROPERTY NAME="Description" TYPE="string"></PROPERTY>'
        '<PROPERTY NAME="ElementName" TYPE="string"></PROPERTY>'
        '<PROPERTY NAME="Name" TYPE="string" MODIFIED="TRUE"><VALUE>a&lt;b</VALUE></PROPERTY>'
        '<PROPERTY NAME="Data" TYPE="string" MODIFIED="TRUE"><VALUE>x"&amp;\'y</VALUE></PROPERTY>'
        '<PROPERTY NAME="Source" TYPE="uint16" MODIFIED="TRUE"><VALUE>0</VALUE></PROPERTY></INSTANCE>'
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(TEXT, TEXT)
def test_any_text_reaches_the_guest(cim: CimShell, name: str, value: str) -> None:
    cim.runspace.ctx.set_variable("name", to_utf16(name))
    cim.runspace.ctx.set_variable("value", to_utf16(value))
    results = [
        int(r) for r in cim.out("$r = Change AddKvpItems lin (Item $name $value); $r.ReturnValue; Start-Sleep 1")
    ]
    assert results == [4096]
    assert external(cim, "lin") == {name: value}
    cim.out("$null = Change RemoveKvpItems lin (Item $name ''); Start-Sleep 1")
    assert external(cim, "lin") == {}


def test_a_job_is_a_reference_that_is_read_until_it_ends(cim: CimShell) -> None:
    script = (
        "$r = Change AddKvpItems win (Item a 1);"
        "$r.ReturnValue.GetType().FullName; $r.Job.CimClass.CimClassName; @($r.Job.CimInstanceProperties).Count;"
        "$j = Get-CimInstance -InputObject $r.Job; '{0}|{1}|{2}' -f $j.JobState, $j.ErrorCode, ($j.PercentComplete -lt 100);"
        "Start-Sleep -Milliseconds 300;"
        "$j = Get-CimInstance -InputObject $r.Job; '{0}|{1}|{2}|{3}' -f $j.JobState, $j.ErrorCode, $j.PercentComplete, $j.JobType"
    )
    assert cim.out(script) == ["System.UInt32", "Msvm_ConcreteJob", 1, "4|0|True", "7|0|100|31"]
    assert external(cim, "win") == {"site": "Köln", "a": "1"}


def test_polling_without_a_pause_ends_too(cim: CimShell) -> None:
    script = (
        "$r = Change AddKvpItems win (Item a 1); $n = 0;"
        "do { $j = Get-CimInstance -InputObject $r.Job; $n++ } while ($j.JobState -lt 7); $n"
    )
    assert cim.out(script) == [40]


def test_a_failed_job_says_why(cim: CimShell) -> None:
    script = (
        "$r = Change AddKvpItems win (Item SITE 1); Start-Sleep 1; $j = Get-CimInstance -InputObject $r.Job;"
        "'{0}|{1}|{2}' -f $j.JobState, $j.ErrorCode, $j.ErrorDescription;"
        "(Invoke-CimMethod -InputObject $j -MethodName GetErrorEx).Errors[0] -match 'the key exists'"
    )
    vm_id = "11111111-AAAA-4BBB-8CCC-000000000001"
    assert cim.out(script) == [
        f"10|32773|'win' failed to modify resources. (Virtual machine ID {vm_id}) (0x8005)",
        True,
    ]


def test_finished_jobs_are_forgotten(cim: CimShell) -> None:
    cim.run("$r = Change AddKvpItems win (Item a 1); Start-Sleep 302")
    assert cim.error("Get-CimInstance -InputObject $r.Job") == ("HRESULT 0x80041002", "ObjectNotFound", "Not found ")
    cim.host.faults.add(FaultRule("ModifyKvpItems", vm="win", error="job_vanishes"))
    cim.run("$r = Change ModifyKvpItems win (Item a 2)")
    assert cim.error("Get-CimInstance -InputObject $r.Job")[0] == "HRESULT 0x80041002"
    assert external(cim, "win")["a"] == "2"


@pytest.mark.parametrize(
    ("kind", "code"), [("busy", 32774), ("invalid_state", 32775), ("access_denied", 32769), ("operation_failed", 32768)]
)
def test_codes_instead_of_jobs(cim: CimShell, kind: str, code: int) -> None:
    cim.host.faults.add(FaultRule("AddKvpItems", vm="*", error=kind, times=1))
    assert cim.out("$r = Change AddKvpItems win (Item a 1); $r.ReturnValue; $null -eq $r.Job") == [code, True]
    assert cim.out("(Change AddKvpItems win (Item a 1)).ReturnValue") == [4096]


def test_off_vms_take_pairs_and_deliver_them_at_the_next_boot(cim: CimShell) -> None:
    assert cim.out('$r = Change AddKvpItems "o\'ff" (Item a 1); $r.ReturnValue') == [4096]
    (vm,) = cim.host.find_vms("o'ff")
    assert external(cim, "o'ff") == {}
    cim.host.set_vm_state(vm.id, VMState.RUNNING)
    assert external(cim, "o'ff") == {"a": "1"}


def test_the_host_is_no_target(cim: CimShell) -> None:
    assert cim.out("(Change AddKvpItems HV1 (Item a 1)).ReturnValue") == [32773]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "Invoke-CimMethod -InputObject $s -MethodName AddKvpItems -Arguments @{TargetSystem = $m; DataItems = @(Item a 1)}",
            ("System.InvalidCastException", "NotSpecified"),
        ),
        (
            "Invoke-CimMethod -InputObject $s -MethodName AddKvpItems -Arguments @{Target = $m}",
            ("System.ArgumentException", "NotSpecified"),
        ),
        ("Invoke-CimMethod -InputObject $s -MethodName Nope", ("HRESULT 0x8004102e", "MetadataError")),
        (
            "Invoke-CimMethod -Namespace $ns -ClassName Msvm_VirtualSystemManagementService -MethodName AddKvpItems",
            ("HRESULT 0x8004102f", "InvalidArgument"),
        ),
        (
            "New-CimInstance -ClientOnly -CimClass (Get-CimClass -Namespace $ns Msvm_KvpExchangeDataItem) -Property @{Nope = 1}",
            ("System.ArgumentException", "NotSpecified"),
        ),
    ],
)
def test_wrong_calls(cim: CimShell, script: str, expected: tuple[str, str]) -> None:
    cim.run("$s = Get-CimInstance -Namespace $ns Msvm_VirtualSystemManagementService; $m = Machine win")
    assert cim.error(script)[:2] == expected


def test_what_is_not_built_is_refused_by_name(cim: CimShell) -> None:
    with pytest.raises(Unsupported, match="RequestStateChange"):
        cim.run("Invoke-CimMethod -InputObject (Machine win) -MethodName RequestStateChange")
    with pytest.raises(Unsupported, match="without -ClientOnly"):
        cim.run("New-CimInstance -Namespace $ns -ClassName Msvm_KvpExchangeDataItem -Property @{Name = 'a'}")
    with pytest.raises(Unsupported, match="Set-CimInstance"):
        cim.run("Set-CimInstance -InputObject (Machine win)")


def test_whatif_calls_nothing(cim: CimShell) -> None:
    cim.run("$s = Get-CimInstance -Namespace $ns Msvm_VirtualSystemManagementService; $m = Machine win")
    arguments = "-Arguments @{TargetSystem = $m; DataItems = [string[]](Item a 1)}"
    assert cim.out(f"Invoke-CimMethod -InputObject $s -MethodName AddKvpItems {arguments} -WhatIf") == []
    assert cim.host.counters.total("cim:invoke:") == 0
    assert external(cim, "win") == {"site": "Köln"}


def test_methods_by_query(cim: CimShell) -> None:
    script = (
        "Invoke-CimMethod -Namespace $ns -Query 'select * from Msvm_VirtualSystemManagementService' -MethodName AddKvpItems"
        " -Arguments @{TargetSystem = (Machine win); DataItems = [string[]](Item a 1)} | ForEach-Object ReturnValue"
    )
    assert cim.out(script) == [4096]
    assert cim.host.counters.get("cim:invoke:AddKvpItems") == 1


def test_summary_information_of_all_machines_and_of_one(cim: CimShell) -> None:
    script = (
        "$s = Get-CimInstance -Namespace $ns Msvm_VirtualSystemManagementService;"
        "$of = Get-CimInstance -Namespace $ns Msvm_VirtualSystemSettingData -Filter \"ElementName = 'lin'\";"
        "foreach ($settings in $null, [CimInstance[]]@($of)) {"
        " $r = Invoke-CimMethod -InputObject $s -MethodName GetSummaryInformation"
        "  -Arguments @{ SettingData = $settings; RequestedInformation = [uint32[]](1, 100, 104, 106) };"
        " $r.SummaryInformation | ForEach-Object { '{0}|{1}|{2}|{3}' -f $_.ElementName, $_.EnabledState, $_.Heartbeat, $_.Name } }"
    )
    assert cim.out(script.replace("\n", " ")) == ["win|2|2|", "lin|2|2|", "o'ff|3||", "lin|2|2|"]


def test_shutdown_by_the_component() -> None:
    cim = make()
    script = (
        "$c = Machine win | Get-CimAssociatedInstance -ResultClassName Msvm_ShutdownComponent;"
        "(Invoke-CimMethod -InputObject $c -MethodName InitiateShutdown -Arguments @{Force = $true; Reason = 'test'}).ReturnValue"
    )
    assert cim.out(script) == [0]
    (vm,) = cim.host.find_vms("win")
    cim.host.clock.advance(seconds=600)
    assert vm.state is VMState.OFF


def test_a_dynamic_instance_has_the_types_of_its_values(cim: CimShell) -> None:
    script = (
        "$i = New-CimInstance -ClientOnly -Namespace $ns -ClassName Msvm_KvpExchangeDataItem -Key Name"
        " -Property @{ Name = 'a'; Source = [uint16]4 };"
        "$i.CimInstanceProperties['Source'].CimType.ToString(); $i.Name = 'b'; $i.ToString(); $null -eq $i.CimClass"
    )
    assert cim.out(script) == ["UInt16", 'Msvm_KvpExchangeDataItem (Name = "b")', True]
    assert (
        cim.error("$x = New-CimInstance -ClientOnly C -Property @{ Script = { 1 } }")[0] == "System.ArgumentException"
    )


def test_a_new_instance_of_a_class_takes_its_properties_by_the_collection_only(cim: CimShell) -> None:
    cim.run("$i = New-CimInstance -ClientOnly -CimClass (Get-CimClass -Namespace $ns Msvm_KvpExchangeDataItem)")
    assert cim.error("$i.Name = 'a'")[0] == "ReadOnlyCIMProperty"
    assert cim.out(
        "$i.CimInstanceProperties['Name'].Value = 'a'; $i.Name; $i.CimInstanceProperties['Name'].IsValueModified"
    ) == [
        "a",
        True,
    ]


def test_sessions_lead_to_the_host_itself(cim: CimShell) -> None:
    script = (
        "$s = New-CimSession -Name mine; $t = New-CimSession -ComputerName localhost; $s.Protocol; $t.Protocol;"
        "@(Get-CimSession).Count; (Get-CimSession -Name m*).Id; Remove-CimSession $t; @(Get-CimSession).Count;"
        "(Get-CimInstance -CimSession $s -Namespace $ns -ClassName Msvm_ComputerSystem -Filter \"ElementName='win'\").PSComputerName"
    )
    assert cim.out(script) == ["DCOM", "WSMAN", 2, 1, 1, "localhost"]
    assert cim.error("Get-CimSession -Name other")[1:] == (
        "ObjectNotFound",
        "Could not find CimSession with the given Name = other",
    )


def test_wmi_cmdlets_belong_to_windows_powershell() -> None:
    assert make().error("Get-WmiObject Win32_OperatingSystem")[0] == "CommandNotFoundException"
    with pytest.raises(Unsupported, match="Get-WmiObject"):
        make(edition="5.1").run("Get-WmiObject Win32_OperatingSystem")


@pytest.mark.parametrize("edition", ["5.1", "7"])
def test_both_editions_write_pairs(edition: str) -> None:
    cim = make(edition=edition)
    assert cim.out("(Change AddKvpItems win (Item a 'ü\u20ac')).ReturnValue") == [4096]
    assert external(cim, "win") == {"site": "Köln", "a": "ü\u20ac"}


def test_linux_like_machines_have_no_cim() -> None:
    from hvsim.engine.runspace import Runspace

    result = Runspace().run("try { Get-CimInstance X } catch { $_.FullyQualifiedErrorId }")
    assert result.output == ["CommandNotFoundException"]

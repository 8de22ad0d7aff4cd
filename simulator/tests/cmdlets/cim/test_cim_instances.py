# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-CimInstance, Get-CimAssociatedInstance, Get-CimClass and the objects that they write."""

from __future__ import annotations

from typing import Any

import pytest
from cim_shell import CimShell, make

from hvsim.lang.errors import Unsupported

WIN = "11111111-AAAA-4BBB-8CCC-000000000001"
LIN = "11111111-AAAA-4BBB-8CCC-000000000002"
OFF = "11111111-AAAA-4BBB-8CCC-000000000003"
KVP = "2A34B1C2-FD73-4043-8A5B-DD2159BC743F"


def test_the_host_itself_is_a_computer_system_too(cim: CimShell) -> None:
    rows = cim.out(
        "Get-CimInstance -Namespace $ns -ClassName Msvm_ComputerSystem |"
        " ForEach-Object { '{0}|{1}|{2}|{3}' -f $_.Name, $_.ElementName, $_.Caption, $_.EnabledState }"
    )
    assert rows == [
        "HV1|HV1|Hosting Computer System|2",
        f"{WIN}|win|Virtual Machine|2",
        f"{LIN}|lin|Virtual Machine|2",
        f"{OFF}|o'ff|Virtual Machine|3",
    ]


def test_captions_follow_the_language_of_the_host() -> None:
    german = make("language: de-DE")
    query = 'Get-CimInstance -Namespace $ns Msvm_ComputerSystem -Filter "{}" | ForEach-Object ElementName'
    assert german.out(query.format("Caption = 'Virtual Machine'")) == []
    assert german.out(query.format("Caption = 'Virtueller Computer'")) == ["win", "lin", "o'ff"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (f"Name = '{WIN}'", ["win"]),
        (f"name='{WIN.lower()}'", ["win"]),
        ("ElementName LIKE 'W%'", ["win"]),
        ("ElementName LIKE '_in'", ["win", "lin"]),
        ("ElementName LIKE '[l-w]in'", ["win", "lin"]),
        ("NOT ElementName LIKE '%in' AND Caption <> 'Hosting Computer System'", ["o'ff"]),
        ("EnabledState = 2", ["HV1", "win", "lin"]),
        ("EnabledState='3'", ["o'ff"]),
        ('EnabledState > 2 OR ElementName = "lin"', ["lin", "o'ff"]),
        ("2 < EnabledState", ["o'ff"]),
        ("InstallDate IS NULL", ["HV1"]),
        ("InstallDate IS NOT NULL AND (ElementName = 'win' OR ElementName = 'lin')", ["win", "lin"]),
        ("ElementName = 'o\\'ff'", ["o'ff"]),
        ("__CLASS = 'Msvm_ComputerSystem' AND ElementName='win'", ["win"]),
        ("ElementName >= 'o'", ["win", "o'ff"]),
    ],
)
def test_filters(cim: CimShell, condition: str, found: list[str]) -> None:
    text = condition.replace("'", "''")
    script = (
        f"Get-CimInstance -Namespace $ns -ClassName Msvm_ComputerSystem -Filter '{text}' | ForEach-Object ElementName"
    )
    assert cim.out(script) == found
    query = f"Get-CimInstance -Namespace $ns -Query 'SELECT * FROM Msvm_ComputerSystem WHERE {text}'"
    assert cim.out(f"({query}).ElementName") == found


@pytest.mark.parametrize(
    "condition",
    [
        "ElementName = 'o'ff'",
        "Nope = 1",
        "OperationalStatus = 2",
        "ElementName",
        "EnabledState = 'x'",
        "Name = '1' AND",
        "(",
    ],
)
def test_wrong_conditions_are_invalid_queries(cim: CimShell, condition: str) -> None:
    text = condition.replace("'", "''")
    script = f"Get-CimInstance -Namespace $ns -ClassName Msvm_ComputerSystem -Filter '{text}'"
    assert cim.error(script) == ("HRESULT 0x80041017", "InvalidArgument", "Invalid query ")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            r"Get-CimInstance -Namespace root\nope -ClassName X",
            ("HRESULT 0x8004100e", "MetadataError", "Invalid namespace "),
        ),
        ("Get-CimInstance -Namespace $ns -ClassName Bogus", ("HRESULT 0x80041010", "MetadataError", "Invalid class ")),
        (
            r"Get-CimClass -Namespace root\virtualization Bogus",
            ("HRESULT 0x80041010", "MetadataError", "Invalid class "),
        ),
    ],
)
def test_what_does_not_exist(cim: CimShell, script: str, expected: tuple[str, str, str]) -> None:
    assert cim.error(script) == expected
    assert cim.out(f"{script} -ErrorAction SilentlyContinue; $Error[0].Exception.GetType().FullName")[-1] == (
        "Microsoft.Management.Infrastructure.CimException"
    )


def test_the_exception_says_what_it_is(cim: CimShell) -> None:
    script = (
        "try { Get-CimInstance -Namespace $ns -ClassName Bogus -ErrorAction Stop } catch"
        " [Microsoft.Management.Infrastructure.CimException] { $e = $_.Exception;"
        " '{0}|{1}|{2:x}|{3}' -f $e.NativeErrorCode, $e.MessageId, $e.HResult, $_.TargetObject }"
    )
    assert cim.out(script) == ["InvalidClass|HRESULT 0x80041010|80041010|root\\virtualization\\v2:Bogus"]


def test_classes_that_windows_has_and_the_simulator_has_not_are_refused_by_name(cim: CimShell) -> None:
    with pytest.raises(Unsupported, match=r"Win32_DiskDrive"):
        cim.run("Get-CimInstance Win32_DiskDrive")
    with pytest.raises(Unsupported, match=r"Msvm_VirtualEthernetSwitch"):
        cim.run("Get-CimInstance -Namespace $ns Msvm_VirtualEthernetSwitch")
    with pytest.raises(Unsupported, match=r"-ComputerName other"):
        cim.run("Get-CimInstance Win32_OperatingSystem -ComputerName other")


@pytest.mark.parametrize("query", ["SELECT * FROM X GROUP WITHIN 2", "REFERENCES OF {X}", "select * from X within 3"])
def test_other_wql_is_refused_by_name(cim: CimShell, query: str) -> None:
    with pytest.raises(Unsupported, match=r"WQL (WITHIN|REFERENCES|GROUP)"):
        cim.run(f"Get-CimInstance -Namespace $ns -Query '{query}'")


def test_chosen_properties_leave_the_others_null(cim: CimShell) -> None:
    script = (
        "$a = Get-CimInstance -Namespace $ns Msvm_ComputerSystem -Property ElementName -Filter \"ElementName='win'\";"
        "$b = Get-CimInstance -Namespace $ns Msvm_ComputerSystem -KeyOnly | Select-Object -Last 1;"
        "$c = Get-CimInstance -Namespace $ns -Query 'select Name, EnabledState from Msvm_ComputerSystem' | Select-Object -Last 1;"
        "foreach ($i in $a, $b, $c) { '{0}|{1}|{2}|{3}' -f $i.Name, $i.ElementName, $i.EnabledState, $i.CreationClassName }"
    )
    assert cim.out(script) == ["|win||", f"{OFF}|||Msvm_ComputerSystem", f"{OFF}||3|"]


def test_a_base_class_has_the_instances_of_its_classes(cim: CimShell) -> None:
    assert len(cim.out("Get-CimInstance -Namespace $ns -ClassName CIM_ComputerSystem")) == 4
    assert cim.out("Get-CimInstance -Namespace $ns -ClassName CIM_ComputerSystem -Shallow") == []
    script = (
        "Get-CimInstance -Namespace $ns -Query \"select * from CIM_LogicalDevice where __THIS ISA 'Msvm_KvpExchangeComponent'\""
        " | ForEach-Object SystemName"
    )
    assert cim.out(script) == [WIN, LIN]


def test_types_of_properties(cim: CimShell) -> None:
    script = (
        "$i = Get-CimInstance -Namespace $ns Msvm_ComputerSystem -Filter \"ElementName='win'\";"
        "foreach ($n in 'EnabledState','OperationalStatus','StatusDescriptions','OnTimeInMilliseconds','InstallDate','Name')"
        " { $i.$n.GetType().FullName }; $i.CimInstanceProperties['OperationalStatus'].CimType.ToString();"
        "$i.CimInstanceProperties['Name'].Flags.ToString(); $i.CimClass.CimClassName; $i.CimSystemProperties.Namespace;"
        "$i.ToString(); $i.PSTypeNames[0]; $i -is [CimInstance]"
    )
    assert cim.out(script) == [
        "System.UInt16",
        "System.UInt16[]",
        "System.String[]",
        "System.UInt64",
        "System.DateTime",
        "System.String",
        "UInt16Array",
        "Property, Key, ReadOnly, NotModified",
        "Msvm_ComputerSystem",
        "root/virtualization/v2",
        f'Msvm_ComputerSystem: Virtual Machine (Name = "{WIN}", CreationClassName = "Msvm_ComputerSystem")',
        "Microsoft.Management.Infrastructure.CimInstance#root/virtualization/v2/Msvm_ComputerSystem",
        True,
    ]


def test_properties_of_a_repository_instance_are_read_only(cim: CimShell) -> None:
    script = "$i = Machine win; $i.ElementName = 'x'"
    assert cim.error(script)[0] == "ReadOnlyCIMProperty"
    assert cim.out("$i.CimInstanceProperties['ElementName'].Value = 'x'; $i.ElementName") == ["x"]


def test_a_single_instance_is_read_again_by_its_keys(cim: CimShell) -> None:
    cim.run("$i = Machine win")
    cim.host.rename_vm(WIN, "new name", actor=None)
    assert cim.out(
        "$i.ElementName; (Get-CimInstance -InputObject $i).ElementName; ($i | Get-CimInstance).ElementName"
    ) == [
        "win",
        "new name",
        "new name",
    ]
    cim.host.remove_vm(WIN, actor=None)
    assert cim.error("Get-CimInstance -InputObject $i") == ("HRESULT 0x80041002", "ObjectNotFound", "Not found ")


@pytest.mark.parametrize(
    ("source", "arguments", "found"),
    [
        ("Machine win", "-ResultClassName Msvm_KvpExchangeComponent", ["Msvm_KvpExchangeComponent"]),
        (
            "Machine win",
            "-Association Msvm_SystemDevice",
            [
                f"Msvm_{n}Component"
                for n in ("GuestServiceInterface", "Heartbeat", "KvpExchange", "Shutdown", "TimeSync", "Vss")
            ],
        ),
        ("Machine win", "-Association Msvm_SettingsDefineState", ["Msvm_VirtualSystemSettingData"]),
        ('Machine "o\'ff"', "-ResultClassName CIM_LogicalDevice", []),
        ("Machine HV1", "-ResultClassName CIM_LogicalDevice", []),
        (
            "Machine win | Get-CimAssociatedInstance -ResultClassName Msvm_KvpExchangeComponent",
            "-Association Msvm_ElementSettingData",
            ["Msvm_KvpExchangeComponentSettingData"],
        ),
        (
            "Machine win | Get-CimAssociatedInstance -Association Msvm_SettingsDefineState",
            "-ResultClassName Msvm_KvpExchangeComponentSettingData",
            ["Msvm_KvpExchangeComponentSettingData"],
        ),
    ],
)
def test_associators(cim: CimShell, source: str, arguments: str, found: list[str]) -> None:
    script = f"$i = {source}; Get-CimAssociatedInstance -InputObject $i {arguments} | ForEach-Object {{ $_.CimClass.CimClassName }}"
    assert cim.out(script) == found


def test_associators_of_a_path(cim: CimShell) -> None:
    script = (
        "$q = \"ASSOCIATORS OF {Msvm_ComputerSystem.CreationClassName='Msvm_ComputerSystem',Name='" + LIN + "'}"
        ' WHERE AssocClass=Msvm_SystemDevice ResultClass=Msvm_KvpExchangeComponent";'
        "Get-CimInstance -Namespace $ns -Query $q | ForEach-Object SystemName"
    )
    assert cim.out(script) == [LIN]


def test_settings_exist_for_checkpoints_and_templates_too(cim: CimShell) -> None:
    script = (
        "Get-CimInstance -Namespace $ns -ClassName Msvm_KvpExchangeComponentSettingData |"
        " ForEach-Object { '{0}|{1}' -f $_.InstanceID, $_.HostExchangeItems.Count }"
    )
    rows = cim.out(script)
    assert [row for row in rows if "Definition" in row] == [
        f"Microsoft:Definition\\{KVP}\\{kind}|0" for kind in ("Default", "Maximum", "Minimum", "Increment")
    ]
    machines = [row for row in rows if "Definition" not in row]
    assert len(machines) == 4
    assert machines[0] == f"Microsoft:{WIN}\\{KVP}|1"
    assert machines[1].endswith("|1")
    assert WIN not in machines[1]


def test_a_component_belongs_to_a_running_vm_and_is_joined_by_system_name(cim: CimShell) -> None:
    script = "Get-CimInstance -Namespace $ns Msvm_KvpExchangeComponent | ForEach-Object { '{0}|{1}' -f $_.SystemName, $_.DeviceID }"
    assert cim.out(script) == [f"{WIN}|Microsoft:{KVP}", f"{LIN}|Microsoft:{KVP}"]
    other = make("behaviour: {kvp: {device_id: vm, off_components: empty}}")
    assert other.out(script) == [f"{vm}|Microsoft:{vm}\\{KVP}" for vm in (WIN, LIN, OFF)]
    assert other.out(
        "(Get-CimInstance -Namespace $ns Msvm_KvpExchangeComponent)[2].GuestIntrinsicExchangeItems.Count"
    ) == [0]


def items(cim: CimShell, expression: str) -> list[tuple[str, str, str]]:
    script = (
        f"foreach ($text in {expression}) {{ $x = [xml]$text; foreach ($n in 'Name', 'Data', 'Source') {{"
        " $x.SelectSingleNode(\"/INSTANCE/PROPERTY[@NAME='$n']/VALUE\").InnerText } }"
    )
    flat = [v or "" for v in cim.out(script)]
    return [tuple(flat[at : at + 3]) for at in range(0, len(flat), 3)]  # type: ignore[misc]


def test_items_as_text(cim: CimShell) -> None:
    cim.run("$c = Get-CimInstance -Namespace $ns Msvm_KvpExchangeComponent")
    cim.run(
        f"$s = Get-CimInstance -Namespace $ns Msvm_KvpExchangeComponentSettingData -Filter \"InstanceID LIKE 'Microsoft:{WIN}%'\""
    )
    assert items(cim, "$c[0].GuestExchangeItems") == [("role", "<web & 'db'>", "1")]
    assert items(cim, "$c[1].GuestExchangeItems") == [("twice", "1", "1"), ("twice", "2", "1")]
    assert items(cim, "$s.HostExchangeItems") == [("site", "Köln", "0")]
    assert items(cim, "$s.HostOnlyItems") == [("owner", "ops", "4")]
    linux = {name: value for name, value, _ in items(cim, "$c[1].GuestIntrinsicExchangeItems")}
    assert (linux["ProcessorArchitecture"], linux["Extra"], "OSName" in linux) == ("x86_64", "x", False)
    (text,) = cim.out("$s.HostExchangeItems")
    assert text == (
        '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="InstanceID" PROPAGATED="true" TYPE="string"></PROPERTY>'
        '<PROPERTY NAME="Caption" PROPAGATED="true" TYPE="string"></PROPERTY>'
        '<PROPERTY NAME="Data" TYPE="string"><VALUE>Köln</VALUE></PROPERTY>'
        '<PROPERTY NAME="Description" PROPAGATED="true" TYPE="string"></PROPERTY>'
        '<PROPERTY NAME="ElementName" PROPAGATED="true" TYPE="string"></PROPERTY>'
        '<PROPERTY NAME="Name" TYPE="string"><VALUE>site</VALUE></PROPERTY>'
        '<PROPERTY NAME="Source" TYPE="uint16"><VALUE>0</VALUE></PROPERTY></INSTANCE>'
    )


@pytest.mark.parametrize(
    ("lab", "user", "expected"),
    [
        ("hyperv: {role_installed: false}", "Administrator", "HRESULT 0x8004100e"),
        ("hyperv: {vmms_running: false}", "Administrator", "HRESULT 0x80041013"),
        ("behaviour: {kvp: {not_permitted: access_denied}}", "plain", "HRESULT 0x80041003"),
    ],
)
def test_hosts_that_do_not_answer(lab: str, user: str, expected: str) -> None:
    shell = make(lab, user=user)
    assert shell.error("Get-CimInstance -Namespace $ns Msvm_ComputerSystem")[0] == expected


def test_without_rights_the_namespace_looks_empty() -> None:
    shell = make(user="plain")
    for name in ("Msvm_VirtualSystemManagementService", "Msvm_KvpExchangeComponent"):
        assert shell.out(f"Get-CimInstance -Namespace $ns {name}") == []
    assert shell.out("@(Get-CimInstance Win32_OperatingSystem).Count") == [1]


def test_the_host_in_cimv2(cim: CimShell) -> None:
    script = (
        "$o = Get-CimInstance -ClassName Win32_OperatingSystem; $o.Caption; $o.BuildNumber; $o.Version; $o.ProductType"
    )
    assert cim.out(script)[:3] == ["Microsoft Windows Server 2022 Datacenter", "20348", "10.0.20348"]
    computer = "$c = Get-CimInstance CIM_ComputerSystem; $c.Name; $c.Model; $c.TotalPhysicalMemory -eq 64GB"
    assert cim.out(computer) == ["HV1", "PowerEdge R650", True]
    assert cim.out("($o.LocalDateTime - $o.LastBootUpTime).TotalHours; $o.TotalVisibleMemorySize * 1KB -eq 64GB") == [
        24,
        True,
    ]


def test_operations_are_counted_and_take_time(cim: CimShell) -> None:
    before: Any = cim.host.clock.now()
    cim.host.counters.reset()
    cim.run(
        "$i = Machine win; $null = Get-CimInstance -InputObject $i; $null = Get-CimAssociatedInstance -InputObject $i"
    )
    cim.run("$null = Get-CimClass -Namespace $ns Msvm_ComputerSystem")
    assert {n: v for n, v in cim.host.counters.snapshot().items() if n.startswith("cim:")} == {
        "cim:associators": 1,
        "cim:class": 1,
        "cim:get": 1,
        "cim:query": 1,
    }
    assert cim.host.clock.now() > before


def test_a_vm_that_vanishes_is_left_out(cim: CimShell) -> None:
    from hvsim.hyperv.faults import FaultRule

    cim.host.faults.add(FaultRule("Get-CimInstance", vm="lin", error="vanish"))
    assert cim.out("Get-CimInstance -Namespace $ns Msvm_KvpExchangeComponent | ForEach-Object SystemName") == [WIN]
    cim.host.faults.add(FaultRule("Get-CimInstance", error="access_denied", times=1))
    assert cim.error("Get-CimInstance -Namespace $ns Msvm_ComputerSystem")[0] == "HRESULT 0x80041003"


def test_a_query_for_1000_vms_makes_no_guest() -> None:
    from hvsim.hyperv.host import Host

    host = Host("HV1")
    for number in range(1000):
        host.add_vm(f"vm{number}")
    shell = CimShell(host)
    script = "$c = Get-CimInstance -Namespace $ns Msvm_KvpExchangeComponent; $c.Count; $c[999].GuestIntrinsicExchangeItems.Count"
    assert shell.out(script) == [1000, 19]
    assert host.counters.get("cim:query") == 1
    assert not any(vm.guest.has_machine for vm in host.virtual_machines())


def test_what_a_console_shows(cim: CimShell) -> None:
    (text,) = cim.out("Get-CimInstance -Namespace $ns Msvm_KvpExchangeDataItem; Machine win | Out-String")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert {"ElementName : win", "EnabledState : 2"} <= set(lines)
    assert not any(line.startswith(("CimClass", "CimInstanceProperties")) for line in lines)
    (text,) = cim.out("Get-CimClass -Namespace $ns Msvm_VirtualSystemManagementService | Out-String")
    assert "NameSpace: ROOT/virtualization/v2" in text
    assert "Msvm_VirtualSystemManagementService {RequestStateChange" in text
    (text,) = cim.out("Get-CimInstance Win32_OperatingSystem | Out-String")
    assert text.split()[:6] == [
        "SystemDirectory",
        "Organization",
        "BuildNumber",
        "RegisteredUser",
        "SerialNumber",
        "Version",
    ]


def test_services_of_the_host(cim: CimShell) -> None:
    script = """
    $s = Get-CimInstance Win32_Service -Filter "Name='VMMS'"
    "$($s.Name) $($s.State) $($s.StartMode) $($s.Started) $($s.ServiceType) $($s.StartName) $($s.ExitCode) $($s.SystemName)"; $s.PathName
    (Get-CimInstance -Query "SELECT Name FROM Win32_Service WHERE Name LIKE 'vmic%' AND State <> 'Running'").Name -join ' '
    @(Get-CimInstance CIM_Service).Count -eq @(Get-Service).Count
    """
    assert cim.out(script) == [
        "vmms Running Auto True Own Process LocalSystem 0 HV1",
        r"C:\Windows\system32\vmms.exe",
        "vmicguestinterface vmicheartbeat vmickvpexchange vmicrdv vmicshutdown vmictimesync vmicvmsession vmicvss",
        True,
    ]
    assert cim.error("Get-CimInstance Win32_Service -Filter \"Nme='x'\"")[0] == "HRESULT 0x80041017"


def test_services_are_changed_through_cim(cim: CimShell) -> None:
    script = """
    function Call([string] $method, $with = @{}) {
        (Get-CimInstance Win32_Service -Filter "Name='Spooler'" | Invoke-CimMethod -MethodName $method -Arguments $with).ReturnValue
    }
    Call StartService; Call StopService; Call StopService; Call ChangeStartMode @{ StartMode = 'Disabled' }; Call StartService
    Call ChangeStartMode @{ StartMode = 'Sometimes' }; "$((Get-Service Spooler).StartType)"
    (Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Spooler).Start
    """
    assert [str(v) if isinstance(v, str) else int(v) for v in cim.out(script)] == [10, 0, 5, 0, 14, 21, "Disabled", 4]
    with pytest.raises(Unsupported, match=r"Win32_Service\.PauseService"):
        cim.run("Get-CimInstance Win32_Service -Filter \"Name='vmms'\" | Invoke-CimMethod -MethodName PauseService")

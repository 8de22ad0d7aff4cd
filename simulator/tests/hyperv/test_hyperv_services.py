# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, identity and status of integration components."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hvsim.hyperv import texts
from hvsim.hyperv.guest import Guest, GuestService
from hvsim.hyperv.host import Behaviour, Host
from hvsim.hyperv.services import BY_KEY, COMPONENTS, OperationalStatus, find_component
from hvsim.hyperv.vm import LAZY_PROPERTIES, VirtualMachine, VMHeartbeatStatus, VMState


def vm_on(host: Host | None = None, **attributes: object) -> VirtualMachine:
    return (host or Host("HV1")).add_vm("web01", **attributes)


def test_components_keep_the_order_of_the_cmdlet_in_every_language() -> None:
    order = [
        "guest_service_interface",
        "heartbeat",
        "key_value_pair_exchange",
        "shutdown",
        "time_synchronization",
        "vss",
    ]
    for language in ("en-US", "de-DE", "ja-JP"):
        vm = vm_on(Host("HV1", language=language))
        assert [service.key for service in vm.integration_services] == order


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "en-US",
            [
                "Guest Service Interface",
                "Heartbeat",
                "Key-Value Pair Exchange",
                "Shutdown",
                "Time Synchronization",
                "VSS",
            ],
        ),
        (
            "de-DE",
            [
                "Gastdienstschnittstelle",
                "Takt",
                "Austausch von Schlüsselwertepaaren",
                "Herunterfahren",
                "Zeitsynchronisierung",
                "VSS",
            ],
        ),
        (
            "fr-FR",
            [
                "Interface de services d'invité",
                "Pulsation",
                "Échange de paires clé-valeur",
                "Arrêt",
                "Synchronisation date/heure",
                "VSS",
            ],
        ),
    ],
)
def test_names_follow_the_language_of_the_host(language: str, names: list[str]) -> None:
    assert [service.name for service in vm_on(Host("HV1", language=language)).integration_services] == names


def test_japanese_names_that_sources_confirm() -> None:
    vm = vm_on(Host("HV1", language="ja-JP"))
    assert vm.integration_service("guest_service_interface").name == "ゲスト サービス インターフェイス"
    assert vm.integration_service("heartbeat").name == "ハートビート"


def test_every_language_names_every_component() -> None:
    for language in texts.LANGUAGES:
        assert set(texts.COMPONENT_NAMES[language]) == set(BY_KEY)
        assert all(texts.COMPONENT_NAMES[language].values())


def test_id_is_upper_case_and_finds_its_component() -> None:
    service = vm_on().integration_service("shutdown")
    vm_guid, component_guid = service.id.removeprefix("Microsoft:").split("\\")
    assert component_guid == "9F8233AC-BE49-4C79-8EE3-E7E1985B2077"
    assert vm_guid == str(service.vm_id).upper()
    assert find_component(service.id) is find_component("SHUTDOWN") is find_component(component_guid.lower())


def test_unknown_component() -> None:
    with pytest.raises(KeyError, match="powershell_direct"):
        find_component("powershell_direct")


def test_only_the_guest_service_interface_is_off_by_default() -> None:
    assert [c.key for c in COMPONENTS if not c.enabled_by_default] == ["guest_service_interface"]
    assert [s.key for s in vm_on().integration_services if not s.enabled] == ["guest_service_interface"]


def test_running_windows_guest_is_ok_and_healthy() -> None:
    vm = vm_on()
    assert {s.primary_status for s in vm.integration_services} == {OperationalStatus.OK}
    assert vm.integration_service("heartbeat").operational_status == (OperationalStatus.OK, OperationalStatus.OK)
    assert vm.heartbeat is VMHeartbeatStatus.OK_APPLICATIONS_HEALTHY


@pytest.mark.parametrize("state", [VMState.OFF, VMState.SAVED, VMState.STARTING, VMState.FAST_SAVED])
def test_without_worker_process_there_is_no_status(state: VMState) -> None:
    vm = vm_on(state=state)
    for service in vm.integration_services:
        assert service.operational_status == ()
        assert service.primary_status is None
        assert service.status_descriptions == ()
    assert vm.heartbeat is None
    assert vm.uptime == timedelta()
    assert vm.memory_assigned == 0


def test_paused_vm_reports_a_dormant_heartbeat() -> None:
    vm = vm_on(state=VMState.PAUSED)
    assert vm.integration_service("heartbeat").primary_status == 15
    assert OperationalStatus(15).powershell_name is None
    assert vm.heartbeat is VMHeartbeatStatus.PAUSED
    assert vm.integration_service("shutdown").primary_status is OperationalStatus.OK
    assert not vm.integration_service("shutdown").guest_service_running


def test_disabled_component_keeps_ok_but_a_disabled_heartbeat_says_so() -> None:
    vm = vm_on(services={"shutdown": False, "heartbeat": False})
    assert vm.integration_service("shutdown").primary_status is OperationalStatus.OK
    assert not vm.integration_service("shutdown").is_working
    assert vm.heartbeat is VMHeartbeatStatus.DISABLED


def test_disabled_status_can_be_switched() -> None:
    vm = vm_on(Host("HV1", behaviour=Behaviour(disabled_status="disabled")), services={"shutdown": False})
    assert vm.integration_service("shutdown").primary_status is OperationalStatus.DISABLED


@pytest.mark.parametrize(
    ("guest", "status"),
    [
        (GuestService("absent"), (12,)),
        (GuestService("disabled"), (12,)),
        (GuestService("stopped"), (13,)),
        (GuestService("hung"), (13,)),
        (GuestService("running", "older"), (3, 32775)),
        (GuestService("running", "different"), (2, 32775)),
        (GuestService("running", "incompatible"), (7, 32775)),
    ],
)
def test_status_follows_from_the_guest(guest: GuestService, status: tuple[int, ...]) -> None:
    vm = vm_on(guest=Guest(services={"vss": guest}))
    assert vm.integration_service("vss").operational_status == status


def test_no_operating_system_means_no_contact() -> None:
    vm = vm_on(guest=Guest(kind="none"))
    assert {s.primary_status for s in vm.integration_services} == {OperationalStatus.NO_CONTACT}
    assert vm.heartbeat is VMHeartbeatStatus.NO_CONTACT


def test_booting_and_hanging_guests() -> None:
    vm = vm_on(guest=Guest(booted=False))
    assert vm.heartbeat is VMHeartbeatStatus.NO_CONTACT
    vm.guest.booted = True
    vm.guest.responding = False
    assert vm.heartbeat is VMHeartbeatStatus.LOST_COMMUNICATION


def test_linux_guest() -> None:
    vm = vm_on(guest=Guest(kind="linux"))
    assert vm.heartbeat is VMHeartbeatStatus.OK_APPLICATIONS_UNKNOWN
    vss = vm.integration_service("vss")
    assert vss.operational_status == (OperationalStatus.OK, OperationalStatus.PROTOCOL_MISMATCH)
    assert vss.is_working
    assert vss.status_descriptions[1].startswith("The protocol version of the component installed in")


def test_critical_application_health() -> None:
    vm = vm_on(guest=Guest(application_health="critical"))
    assert vm.heartbeat is VMHeartbeatStatus.OK_APPLICATIONS_CRITICAL


def test_old_guests_lack_the_guest_service_interface() -> None:
    for name, state in (
        ("Windows Server 2008 R2 Standard", "absent"),
        ("Windows Server 2012 Standard", "absent"),
        ("Windows Server 2012 R2 Standard", "running"),
    ):
        assert Guest(os_name=name).service("guest_service_interface").state == state


def test_status_texts_are_localized() -> None:
    vm = vm_on(Host("HV1", language="de-DE"), guest=Guest(kind="none"))
    assert vm.integration_service("shutdown").status_descriptions == ("Kein Kontakt",)
    assert vm.status == "Normaler Betrieb"
    assert vm_on().status == "Operating normally"


def test_uptime_stands_while_paused_and_restarts_after_a_power_cycle() -> None:
    host = Host("HV1")
    vm = vm_on(host, uptime=timedelta(hours=1))
    host.clock.advance(seconds=60)
    assert vm.uptime == timedelta(hours=1, minutes=1)
    host.set_vm_state(vm.id, VMState.PAUSED)
    host.clock.advance(seconds=60)
    assert vm.uptime == timedelta(hours=1, minutes=1)
    host.set_vm_state(vm.id, VMState.RUNNING)
    host.clock.advance(seconds=60)
    assert vm.uptime == timedelta(hours=1, minutes=2)
    host.set_vm_state(vm.id, VMState.OFF)
    host.set_vm_state(vm.id, VMState.RUNNING)
    assert vm.uptime == timedelta()


def test_state_names() -> None:
    assert VMState.parse("fastSaved") is VMState.parse("fast_saved") is VMState.FAST_SAVED
    assert VMState.FAST_SAVED.powershell_name == "FastSaved"
    assert VMState.parse(9) is VMState.PAUSED
    with pytest.raises(ValueError, match="'runing' is not a VM state"):
        VMState.parse("runing")


def test_lazy_reads_are_counted() -> None:
    host = Host("HV1")
    vm = vm_on(host)
    assert vm.read_lazy("HardDrives") == ()
    assert vm.read_lazy("VMIntegrationService") == vm.integration_services
    vm.read_lazy("HardDrives")
    assert host.counters.snapshot() == {"lazy:HardDrives": 2, "lazy:VMIntegrationService": 1}
    assert "State" not in LAZY_PROPERTIES
    with pytest.raises(KeyError):
        vm.read_lazy("State")

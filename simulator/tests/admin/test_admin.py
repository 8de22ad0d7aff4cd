# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin endpoint, through its own client over a real socket."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from hvsim.admin import server
from hvsim.admin.client import AdminClient, AdminError
from hvsim.hyperv.errors import AccessDenied
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import parse_lab

LAB = """
hosts:
  - name: HV1
    vms: [{name: web01}, {name: "db[1]"}, {name: app}, {name: app, id: 4f0ac1de-30a5-4c77-9d2b-7a1f5d8e0c11}]
  - {name: HV2, language: de-DE}
"""


class Running:
    """An endpoint in a thread of its own."""

    def __init__(self, hosts: list[Host]) -> None:
        self.hosts = hosts
        self.shut_down = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        start = server.start(hosts, on_shutdown=self.shut_down.set)
        self.server = asyncio.run_coroutine_threadsafe(start, self._loop).result(10)
        self.client = AdminClient(self.server.url, self.server.token)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.server.close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def running() -> Iterator[Running]:
    endpoint = Running(parse_lab(LAB).hosts())
    yield endpoint
    endpoint.close()


@pytest.fixture
def client(running: Running) -> AdminClient:
    return running.client


def test_hosts_and_state(client: AdminClient) -> None:
    assert [(host["name"], host["language"]) for host in client.hosts()] == [("HV1", "en-US"), ("HV2", "de-DE")]
    state = client.state("hv1")
    assert state["schema"] == 1
    vm = state["vms"][1]
    assert (vm["name"], vm["state"], vm["state_number"], vm["heartbeat"]) == ("db[1]", "running", 2, 6)
    shutdown = vm["services"]["shutdown"]
    assert shutdown["component_id"] == "9F8233AC-BE49-4C79-8EE3-E7E1985B2077"
    assert (shutdown["enabled"], shutdown["primary_status"], shutdown["working"]) == (True, 2, True)
    assert vm["services"]["guest_service_interface"]["enabled"] is False


def test_passwords_are_not_in_the_state(running: Running) -> None:
    assert "Lab-Only" not in json.dumps([running.client.state("HV1"), running.client.hosts()])


def test_changing_a_vm(client: AdminClient) -> None:
    changed = client.change_vm(
        "HV1",
        "db[1]",
        name="db[2]",
        state="off",
        notes="n",
        services={"vss": False, "shutdown": {"guest": "stopped", "protocol": "older"}},
    )
    assert (changed["name"], changed["state"], changed["notes"]) == ("db[2]", "off", "n")
    assert changed["services"]["vss"]["enabled"] is False
    assert changed["services"]["shutdown"]["guest_state"] == "stopped"
    assert client.vm("HV1", "DB[2]") == changed


def test_creating_and_deleting(client: AdminClient) -> None:
    made = client.create_vm("HV2", "neu 🚀", guest="linux", services={"vss": False})
    assert made["services"]["heartbeat"]["name"] == "Takt"
    assert client.vm("HV2", made["id"])["guest"]["os"] == "linux"
    client.delete_vm("HV2", "neu 🚀")
    assert client.state("HV2")["vms"] == []
    gone = client.change_vm("HV1", "web01", delete=True)
    assert gone["name"] == "web01"
    with pytest.raises(AdminError) as caught:
        client.vm("HV1", gone["id"])
    assert caught.value.status == 404
    assert "unable to find a virtual machine with id" in str(caught.value)


def test_creating_and_deleting_several_is_all_or_nothing(client: AdminClient) -> None:
    twins = [{"name": "twin", "id": f"4F0AC1DE-30A5-4C77-9D2B-7A1F5D8E0D0{n}", "state": "off"} for n in (1, 2)]
    made = client.create_vms("HV2", twins)
    assert [(vm["name"], vm["id"], vm["state"]) for vm in made] == [("twin", vm["id"].lower(), "off") for vm in twins]
    with pytest.raises(AdminError, match=r"services\.bad: unknown key") as unknown:
        client.create_vms("HV2", [{"name": "new"}, {"name": "other", "services": {"bad": True}}])
    assert unknown.value.status == 400
    with pytest.raises(AdminError, match="has a virtual machine with id") as taken:
        client.create_vms("HV2", [{"name": "new"}, twins[0]])
    assert taken.value.status == 409
    assert [vm["id"] for vm in client.state("HV2")["vms"]] == [vm["id"].lower() for vm in twins]
    with pytest.raises(AdminError, match="missing"):
        client.delete_vms("HV2", [made[0]["id"], "missing"])
    assert len(client.state("HV2")["vms"]) == 2
    client.delete_vms("HV2", [made[0]["id"], made[1]["id"], made[0]["id"].upper()])
    assert client.state("HV2")["vms"] == []


def test_duplicate_names_need_an_id(client: AdminClient) -> None:
    with pytest.raises(AdminError, match="2 VMs of host 'HV1' are named 'app'; use an id"):
        client.vm("HV1", "app")
    assert client.vm("HV1", "4F0AC1DE-30A5-4C77-9D2B-7A1F5D8E0C11")["name"] == "app"


def test_counters(running: Running) -> None:
    running.hosts[0].begin("Get-VM", actor="Administrator")
    assert running.client.counters("HV1") == {"cmdlet:Get-VM": 1}
    assert running.client.reset_counters("HV1") == {"cmdlet:Get-VM": 1}
    assert running.client.counters("HV1") == {}


def test_faults(running: Running) -> None:
    running.client.add_fault("HV1", command="Enable-VMIntegrationService", vm="web01", error="access_denied", times=1)
    host = running.hosts[0]
    vm = host.find_vms("web01")[0]
    with pytest.raises(AccessDenied):
        host.set_integration_service(vm, "vss", True, actor="Administrator")
    assert running.client.state("HV1")["faults"][0]["left"] == 0
    running.client.clear_faults("HV1")
    assert running.client.state("HV1")["faults"] == []


def test_changing_the_host(client: AdminClient) -> None:
    before = client.hosts()[0]
    after = client.change_host("HV1", vmms_running=False, advance_seconds=3600, latency_ms=5)
    assert (before["clock"], after["clock"]) == ("2026-01-15T08:00:00+00:00", "2026-01-15T09:00:00+00:00")
    assert after["vmms_running"] is False
    assert client.change_host("HV1", clock="2027-01-01T00:00:00Z")["clock"] == "2027-01-01T00:00:00+00:00"


def test_reset(client: AdminClient) -> None:
    client.change_vm("HV1", "web01", delete=True)
    client.change_host("HV1", vmms_running=False)
    client.add_fault("HV1", error="busy")
    client.reset()
    state = client.state("HV1")
    assert [vm["name"] for vm in state["vms"]] == ["web01", "db[1]", "app", "app"]
    assert state["faults"] == [] and state["host"]["vmms_running"]


def test_shutdown(running: Running) -> None:
    running.client.shutdown()
    assert running.shut_down.wait(10)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", "/hosts/none/state", None, 404, "no host 'none'; hosts: HV1, HV2"),
        ("GET", "/nothing", None, 404, "GET /nothing: Not Found"),
        ("PUT", "/hosts", None, 405, "PUT /hosts: Method Not Allowed"),
        ("POST", "/hosts/HV1/faults", {"faults": [{"error": "boom"}]}, 400, "unknown error kind 'boom'"),
        ("POST", "/hosts/HV1/faults", {}, 400, "faults: Field required"),
        ("POST", "/hosts/HV1", {"colour": 1}, 400, "colour: unknown key"),
        ("POST", "/hosts/HV1/vms", {"name": "x", "services": {"rdv": True}}, 400, "services.rdv: unknown key; known: "),
        ("POST", "/hosts/HV1/vms", {"name": "x", "id": "1"}, 400, "id: '1' is not a GUID"),
        ("GET", "/hosts/HV1/vms/x", None, 404, 'unable to find a virtual machine with id "x"'),
        (
            "POST",
            "/hosts/HV1/vms",
            {"name": "x", "id": "4f0ac1de-30a5-4c77-9d2b-7a1f5d8e0c11"},
            409,
            "has a virtual machine with id",
        ),
    ],
)
def test_mistakes(client: AdminClient, method: str, path: str, body: object, status: int, message: str) -> None:
    with pytest.raises(AdminError) as caught:
        client.request(method, path, body)
    assert caught.value.status == status
    assert message in str(caught.value)


@pytest.mark.parametrize("body", [b"{", b"[" * 50_000, b'{"a":' * 300 + b"1" + b"}" * 300, b"\xff"])
def test_a_body_that_is_not_json(running: Running, body: bytes) -> None:
    request = urllib.request.Request(
        f"{running.server.url}/hosts/HV1/faults",
        data=body,
        headers={"Authorization": f"Bearer {running.server.token}"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    with caught.value as answer:
        assert json.load(answer) == {"schema": 1, "error": {"message": "the body is not JSON"}}


@pytest.mark.parametrize("token", ["", "wrong", "é"])
def test_the_token_is_needed(running: Running, token: str) -> None:
    with pytest.raises(AdminError, match="send the admin token of the ready line") as caught:
        AdminClient(running.server.url, token).hosts()
    assert caught.value.status == 401
    assert running.server.token not in str(caught.value)


def test_loopback_only() -> None:
    with pytest.raises(ValueError, match=r"loopback only, not on 0\.0\.0\.0"):
        asyncio.run(server.start([], address="0.0.0.0"))


def test_no_server(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps({"admin": {"url": "http://127.0.0.1:1", "token": "x"}}))
    with pytest.raises(AdminError, match="no answer from") as caught:
        AdminClient.from_ready(ready).hosts()
    assert caught.value.status == 0

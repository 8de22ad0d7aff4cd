# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts and guests read back as machines through the admin endpoint."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

import pytest
from test_admin import Running

from hvsim.admin.client import AdminClient, AdminError
from hvsim.hyperv.lab import parse_lab

LAB = r"""
hosts:
  - name: HV1
    files: {'C:\stage\a.txt': on the host}
    vms:
      - name: win
        guest:
          computer_name: web01
          files:
            'C:\app\täst [1].bin': {base64: AP8=, read_only: true, written: 2025-01-02T03:04:05Z}
            'C:\big.iso': {size: 6000000}
            'C:\busy.log': {text: x, locked: true}
          registry: {'HKLM\SOFTWARE\Demo': {Name: value, Number: 7, Many: [a, b]}}
      - {name: lin, guest: linux}
      - {name: empty, guest: none}
"""


@pytest.fixture
def running() -> Iterator[Running]:
    endpoint = Running(parse_lab(LAB).hosts())
    yield endpoint
    endpoint.close()


@pytest.fixture
def client(running: Running) -> AdminClient:
    return running.client


def test_the_state_makes_no_machines(client: AdminClient) -> None:
    guests = {vm["name"]: vm["guest"] for vm in client.state("HV1")["vms"]}
    assert [guest["in_use"] for guest in guests.values()] == [False] * 3
    assert (guests["win"]["logon_possible"], guests["lin"]["powershell_direct"]) == (True, "absent")
    client.guest("HV1", "win")
    assert client.vm("HV1", "win")["guest"]["in_use"] is True


def test_a_guest(client: AdminClient) -> None:
    guest = client.guest("HV1", "win")
    assert (guest["computer_name"], guest["booted"], guest["sessions"]) == ("WEB01", True, 0)
    assert guest["services"]["vmicheartbeat"] == {"status": "Running", "start_type": "Manual"}
    assert guest["users"] == [{"name": "Administrator", "groups": ["administrators"], "enabled": True}]
    assert guest["clock"].startswith("2026-01-15T08:00:00")
    assert client.guest("HV1", "lin")["services"]["hv-kvp-daemon"]["status"] == "Running"
    with pytest.raises(AdminError, match="no operating system"):
        client.guest("HV1", "empty")


def test_files(client: AdminClient) -> None:
    path = "C:\\app\\täst [1].bin"
    assert client.read_file("HV1", path, vm="win") == b"\0\xff"
    found = client.file("HV1", path.upper(), vm="win")
    assert (found["path"], found["size"], found["read_only"], found["written"][:10]) == (path, 2, True, "2025-01-02")
    assert found["sha256"] == hashlib.sha256(b"\0\xff").hexdigest()
    assert client.read_file("HV1", "C:\\stage\\a.txt") == b"on the host"
    assert client.file("HV1", "C:\\stage\\a.txt", vm="win") == {"path": "C:\\stage\\a.txt", "exists": False}
    assert [one["path"] for one in client.file("HV1", "C:\\app", vm="win")["entries"]] == [path]
    assert client.read_file("HV1", "/etc/hostname", vm="lin") == b"lin\n"
    for bad in ("relative", "\\\\server\\share"):
        with pytest.raises(AdminError) as caught:
            client.file("HV1", bad, vm="win")
        assert caught.value.status == 400
    with pytest.raises(AdminError, match="path: is missing"):
        client.request("GET", "/hosts/HV1/files")


def test_large_files_come_in_parts(client: AdminClient) -> None:
    found = client.file("HV1", "C:\\big.iso", vm="win")
    assert (found["size"], "content_base64" in found) == (6_000_000, False)
    parts = [client.file("HV1", "C:\\big.iso", vm="win", offset=at, length=3_000_000) for at in (0, 3_000_000)]
    data = b"".join(base64.b64decode(part["content_base64"]) for part in parts)
    assert hashlib.sha256(data).hexdigest() == found["sha256"]
    with pytest.raises(AdminError, match="in parts"):
        client.file("HV1", "C:\\big.iso", vm="win", offset=0, length=5_000_000)
    with pytest.raises(AdminError, match="up to 4 MiB"):
        client.read_file("HV1", "C:\\big.iso", vm="win")


def test_writing_files(running: Running, client: AdminClient) -> None:
    client.write_files("HV1", {"C:\\new\\x": "text", "C:\\busy.log": {"size": 3}}, vm="win")
    assert client.read_file("HV1", "C:\\new\\x", vm="win") == b"text"
    files = running.hosts[0].find_vms("win")[0].guest.machine.files
    assert files.stat("C:\\busy.log").size == 3
    client.request("POST", "/hosts/HV1/files", {"files": {}, "remove": ["C:\\stage"]})
    assert not running.hosts[0].files.exists("C:\\stage")
    with pytest.raises(AdminError):
        client.write_files("HV1", {"no path": "x"})


def test_registry(client: AdminClient) -> None:
    assert client.registry("HV1", r"HKLM:\SOFTWARE\Demo", vm="win") == {
        "Name": "value",
        "Number": 7,
        "Many": ["a", "b"],
    }
    assert client.registry("HV1", r"HKLM\SOFTWARE\Demo") is None
    with pytest.raises(AdminError, match="no registry"):
        client.registry("HV1", "HKLM", vm="lin")


def test_search_finds_texts_wherever_they_are(running: Running, client: AdminClient) -> None:
    machine = running.hosts[0].find_vms("win")[0].guest.machine
    machine.files.write_bytes("C:\\a", b"." * 262_140 + "canäry".encode())
    machine.files.write_bytes("C:\\b", b"." * 3_000_001 + "canäry".encode("utf-16-le"))
    machine.files.write_bytes("C:\\canäry.txt", b"")
    machine.files.write_bytes("C:\\other", b"canary")
    assert machine.registry is not None
    machine.registry.set_value(r"HKLM\SOFTWARE\Demo", "Secret", "my canäry")
    assert client.search("HV1", "canäry", vm="win") == [
        "C:\\a", "C:\\b", "C:\\canäry.txt", r"HKEY_LOCAL_MACHINE\SOFTWARE\Demo\Secret",
    ]  # fmt: skip
    assert client.search("HV1", "canäry") == []
    assert client.search("HV1", "Ubuntu", vm="lin") == ["/etc/os-release"]
    with pytest.raises(AdminError, match="give the text"):
        client.search("HV1", "")

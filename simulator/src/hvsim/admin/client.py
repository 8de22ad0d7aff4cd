# SPDX-License-Identifier: GPL-3.0-or-later
"""A small synchronous client of the admin endpoint, on the standard library alone."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode


class AdminError(Exception):
    """The endpoint refused or cannot be reached. ``status`` is the HTTP status, 0 without an answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class AdminClient:
    """Talks to one simulator.

    Args:
        url: ``admin.url`` of the ready line.
        token: ``admin.token`` of the ready line.
        timeout: seconds that one request may take.
    """

    def __init__(self, url: str, token: str, *, timeout: float = 30.0) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        # A proxy of the environment must not get in between.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    @classmethod
    def from_ready(cls, ready: Mapping[str, Any] | str | Path) -> AdminClient:
        """From the ready line as data, or from the path of a ready file.

        Raises:
            OSError, ValueError, KeyError: the file cannot be read or is no ready line.
        """
        data = json.loads(Path(ready).read_text("utf-8")) if isinstance(ready, str | Path) else ready
        return cls(data["admin"]["url"], data["admin"]["token"])

    def request(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One request; the answer as data.

        Raises:
            AdminError: refused, or no connection.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", data=data, headers=headers, method=method)
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            with error:
                raise AdminError(error.code, _message(error.read(), str(error.reason))) from None
        except OSError as error:
            raise AdminError(0, f"no answer from {self.url}: {getattr(error, 'reason', error)}") from None

    def hosts(self) -> list[dict[str, Any]]:
        """All hosts, without their VMs."""
        return list(self.request("GET", "/hosts")["hosts"])

    def state(self, host: str) -> dict[str, Any]:
        """Full state of a host."""
        return self.request("GET", f"/hosts/{quote(host, safe='')}/state")

    def vm(self, host: str, vm: str) -> dict[str, Any]:
        """One VM by id, or by a name that belongs to a single VM.

        Raises:
            AdminError: no VM, or several, of that name.
        """
        return dict(self.request("GET", self._vm_path(host, vm))["vm"])

    def change_vm(self, host: str, vm: str, **changes: Any) -> dict[str, Any]:
        """Change a VM by id or unique name: ``name``, ``state``, ``notes``, ``services``, ``booted``, ``delete`` ..."""
        return dict(self.request("POST", self._vm_path(host, vm), changes)["vm"])

    def create_vm(self, host: str, name: str, **attributes: Any) -> dict[str, Any]:
        """Create a VM."""
        path = f"/hosts/{quote(host, safe='')}/vms"
        return dict(self.request("POST", path, {"name": name, **attributes})["vm"])

    def delete_vm(self, host: str, vm: str) -> None:
        """Delete a VM by id or unique name."""
        self.request("DELETE", self._vm_path(host, vm))

    def create_vms(self, host: str, vms: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Create several VMs with one request: all, or if one of them cannot be created none."""
        path = f"/hosts/{quote(host, safe='')}/vms"
        return list(self.request("POST", path, {"vms": [dict(vm) for vm in vms]})["vms"])

    def delete_vms(self, host: str, vms: Sequence[str]) -> None:
        """Delete several VMs by id or unique name: all, or if one of them is not there none."""
        self.request("DELETE", f"/hosts/{quote(host, safe='')}/vms", {"vms": list(vms)})

    def guest(self, host: str, vm: str) -> dict[str, Any]:
        """A guest as a machine: services, accounts, clock, boot phase."""
        return dict(self.request("GET", f"{self._vm_path(host, vm)}/guest")["guest"])

    def file(self, host: str, path: str, *, vm: str | None = None, **part: int) -> dict[str, Any]:
        """A file or directory of a host, or with *vm* of its guest; ``exists`` tells whether it is there.

        Args:
            part: ``offset`` and ``length`` for a part of a large file.
        """
        query = urlencode({"path": path, **part})
        return dict(self.request("GET", f"{self._machine_path(host, vm)}/files?{query}")["file"])

    def read_file(self, host: str, path: str, *, vm: str | None = None) -> bytes:
        """The bytes of a file of a host, or with *vm* of its guest.

        Raises:
            AdminError: it is not there, a directory, or too large for one answer (see ``file``).
        """
        found = self.file(host, path, vm=vm)
        if "content_base64" not in found:
            raise AdminError(404, f"no file of up to 4 MiB: {path}")
        return b64decode(found["content_base64"])

    def write_files(self, host: str, files: Mapping[str, Any], *, vm: str | None = None) -> None:
        """Write files (values as in a lab file) on a host, or with *vm* in its guest."""
        self.request("POST", f"{self._machine_path(host, vm)}/files", {"files": dict(files)})

    def registry(self, host: str, key: str, *, vm: str | None = None) -> dict[str, Any] | None:
        """Values of a registry key by name; None if there is no such key."""
        answer = self.request("GET", f"{self._machine_path(host, vm)}/registry?{urlencode({'key': key})}")["registry"]
        return {name: value["data"] for name, value in answer["values"].items()} if answer["exists"] else None

    def search(self, host: str, text: str, *, vm: str | None = None) -> list[str]:
        """Files and registry values of a host, or with *vm* of its guest, that hold a text."""
        return list(self.request("GET", f"{self._machine_path(host, vm)}/search?{urlencode({'text': text})}")["found"])

    def change_host(self, host: str, **changes: Any) -> dict[str, Any]:
        """Change the host: ``vmms_running``, ``role_installed``, ``clock``, ``advance_seconds``, ``latency_ms``."""
        return dict(self.request("POST", f"/hosts/{quote(host, safe='')}", changes)["host"])

    def counters(self, host: str) -> dict[str, int]:
        """Counters of a host by name."""
        return dict(self.request("GET", f"/hosts/{quote(host, safe='')}/counters")["counters"])

    def reset_counters(self, host: str) -> dict[str, int]:
        """Set counters to zero; answers what they held."""
        return dict(self.request("DELETE", f"/hosts/{quote(host, safe='')}/counters")["counters"])

    def add_fault(self, host: str, **rule: Any) -> None:
        """Append one fault rule (keys as in the lab file)."""
        self.request("POST", f"/hosts/{quote(host, safe='')}/faults", {"faults": [rule]})

    def clear_faults(self, host: str) -> None:
        """Forget all fault rules."""
        self.request("DELETE", f"/hosts/{quote(host, safe='')}/faults")

    def reset(self) -> None:
        """Back to the lab file, all hosts; counters at zero."""
        self.request("POST", "/reset")

    def shutdown(self) -> None:
        """Stop the simulator."""
        self.request("POST", "/shutdown")

    def _machine_path(self, host: str, vm: str | None) -> str:
        return f"/hosts/{quote(host, safe='')}" if vm is None else f"{self._vm_path(host, vm)}/guest"

    def _vm_path(self, host: str, vm: str) -> str:
        path = f"/hosts/{quote(host, safe='')}/vms/"
        if _looks_like_id(vm):
            return path + vm
        found = [each["id"] for each in self.state(host)["vms"] if each["name"].lower() == vm.lower()]
        if len(found) != 1:
            raise AdminError(404, f"{len(found)} VMs of host {host!r} are named {vm!r}; use an id")
        return path + str(found[0])


def _looks_like_id(text: str) -> bool:
    parts = text.split("-")
    hexadecimal = all(char in "0123456789abcdefABCDEF-" for char in text)
    return hexadecimal and [len(part) for part in parts] == [8, 4, 4, 4, 12]


def _message(body: bytes, reason: str) -> str:
    try:
        return str(json.loads(body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return reason

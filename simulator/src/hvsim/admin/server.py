# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin endpoint: HTTP on loopback, JSON, a bearer token.

Every answer is an object with ``schema``; an error is ``{"schema": 1, "error": {"message": ...}}`` with a fitting
status.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import secrets
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiohttp import web

from hvsim.admin.machines import FilesChange, describe_file, describe_guest, describe_key, machine_of, search
from hvsim.admin.requests import FaultList, HostChange, Model, NewVm, NewVms, OldVms, RequestError, VmChange, parse
from hvsim.admin.state import SCHEMA, describe_host, describe_state, describe_vm
from hvsim.hyperv.errors import ModelError, VirtualMachineNotFound
from hvsim.hyperv.host import Host
from hvsim.winrm import bounded_json

_MAX_BODY = 4 * 1024 * 1024


class AdminServer:
    """A running admin endpoint. ``url`` and ``token`` are what a client needs; ``close`` ends it."""

    def __init__(self, runner: web.AppRunner, address: str, port: int, token: str) -> None:
        self._runner = runner
        self.port = port
        self.token = token
        self.url = f"http://{f'[{address}]' if ':' in address else address}:{port}"

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()


async def start(
    hosts: Iterable[Host],
    *,
    address: str = "127.0.0.1",
    port: int = 0,
    token: str | None = None,
    on_shutdown: Callable[[], None] | None = None,
) -> AdminServer:
    """Serve the admin endpoint for some hosts.

    Args:
        token: the secret that clients send; a random one by default.
        on_shutdown: called by ``POST /shutdown`` after it was answered.

    Raises:
        OSError: the port is taken.
        ValueError: the address is not a loopback address.
    """
    if address != "localhost" and not ipaddress.ip_address(address).is_loopback:
        raise ValueError(f"the admin endpoint listens on loopback only, not on {address}")
    secret = token or secrets.token_urlsafe(24)
    app = web.Application(middlewares=[_guard(secret)], client_max_size=_MAX_BODY)
    _Endpoint({host.name.lower(): host for host in hosts}, on_shutdown).register(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, address, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return AdminServer(runner, address, runner.addresses[0][1], secret)


_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _error(status: int, message: str, **more: Any) -> web.Response:
    return web.json_response({"schema": SCHEMA, "error": {"message": message, **more}}, status=status)


def _guard(secret: str) -> Any:
    """Checks the token first and turns every failure into JSON."""

    @web.middleware
    async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(
            given.strip().encode("utf-8", "replace"), secret.encode()
        ):
            return _error(401, "send the admin token of the ready line: Authorization: Bearer <token>")
        try:
            return await handler(request)
        except RequestError as error:
            return _error(400, str(error))
        except VirtualMachineNotFound as error:
            return _error(404, error.message, id=error.error_id)
        except ModelError as error:
            return _error(409, error.message, id=error.error_id)
        except web.HTTPRequestEntityTooLarge:
            return _error(413, f"the body is larger than {_MAX_BODY} bytes")
        except web.HTTPException as error:
            return _error(error.status, f"{request.method} {request.path}: {error.reason}")

    return guard


class _Endpoint:
    def __init__(self, hosts: dict[str, Host], on_shutdown: Callable[[], None] | None) -> None:
        self._hosts = hosts
        self._on_shutdown = on_shutdown

    def register(self, app: web.Application) -> None:
        for machine in ("/hosts/{name}", "/hosts/{name}/vms/{id}/guest"):
            app.add_routes(
                [
                    web.get(f"{machine}/files", self.file),
                    web.post(f"{machine}/files", self.change_files),
                    web.get(f"{machine}/registry", self.key),
                    web.get(f"{machine}/search", self.search),
                ]
            )
        app.add_routes(
            [
                web.get("/hosts", self.list_hosts),
                web.get("/hosts/{name}/vms/{id}/guest", self.guest),
                web.post("/hosts/{name}", self.change_host),
                web.get("/hosts/{name}/state", self.state),
                web.get("/hosts/{name}/counters", self.counters),
                web.delete("/hosts/{name}/counters", self.reset_counters),
                web.get("/hosts/{name}/faults", self.faults),
                web.post("/hosts/{name}/faults", self.add_faults),
                web.delete("/hosts/{name}/faults", self.clear_faults),
                web.post("/hosts/{name}/vms", self.create_vms),
                web.delete("/hosts/{name}/vms", self.delete_vms),
                web.get("/hosts/{name}/vms/{id}", self.vm),
                web.post("/hosts/{name}/vms/{id}", self.change_vm),
                web.delete("/hosts/{name}/vms/{id}", self.delete_vm),
                web.post("/reset", self.reset),
                web.post("/shutdown", self.shutdown),
            ]
        )

    def _host(self, request: web.Request) -> Host:
        name = request.match_info["name"]
        host = self._hosts.get(name.lower())
        if host is None:
            known = ", ".join(each.name for each in self._hosts.values())
            raise web.HTTPNotFound(reason=f"no host {name!r}; hosts: {known}".replace("\n", " ").replace("\r", " "))
        return host

    @staticmethod
    async def _json(request: web.Request) -> Any:
        try:
            return bounded_json.loads(await request.read() or b"{}")
        except ValueError:
            raise RequestError("the body is not JSON") from None

    async def _body(self, request: web.Request, model: type[Model]) -> Model:
        return parse(model, await self._json(request))

    async def list_hosts(self, _request: web.Request) -> web.Response:
        return _answer(hosts=[describe_host(host) for host in self._hosts.values()])

    async def change_host(self, request: web.Request) -> web.Response:
        host = self._host(request)
        (await self._body(request, HostChange)).apply(host)
        return _answer(host=describe_host(host))

    async def state(self, request: web.Request) -> web.Response:
        return web.json_response(await asyncio.to_thread(describe_state, self._host(request)))

    async def counters(self, request: web.Request) -> web.Response:
        return _answer(counters=self._host(request).counters.snapshot())

    async def reset_counters(self, request: web.Request) -> web.Response:
        """Answers what the counters held."""
        host = self._host(request)
        before = host.counters.snapshot()
        host.counters.reset()
        return _answer(counters=before)

    async def faults(self, request: web.Request) -> web.Response:
        return _answer(faults=self._host(request).faults.as_list())

    async def add_faults(self, request: web.Request) -> web.Response:
        host = self._host(request)
        for spec in (await self._body(request, FaultList)).faults:
            host.faults.add(spec.rule())
        return _answer(faults=host.faults.as_list())

    async def clear_faults(self, request: web.Request) -> web.Response:
        host = self._host(request)
        host.faults.clear()
        return _answer(faults=[])

    async def create_vms(self, request: web.Request) -> web.Response:
        """A body with ``vms`` creates several, all or none."""
        host = self._host(request)
        data = await self._json(request)
        if isinstance(data, dict) and "vms" in data:
            return _answer(vms=[describe_vm(vm) for vm in parse(NewVms, data).create(host)])
        return _answer(vm=describe_vm(parse(NewVm, data).create(host)))

    async def delete_vms(self, request: web.Request) -> web.Response:
        """All of ``vms`` in the body, or, if one of them is not there, none."""
        host = self._host(request)
        vms = [host.get_vm(each) for each in (await self._body(request, OldVms)).vms]
        for vm in {vm.id: vm for vm in vms}.values():
            host.remove_vm(vm.id, actor=None)
        return _answer(vms=[describe_vm(vm) for vm in vms])

    async def vm(self, request: web.Request) -> web.Response:
        return _answer(vm=describe_vm(self._host(request).get_vm(request.match_info["id"])))

    async def change_vm(self, request: web.Request) -> web.Response:
        """Answers the VM after the change; a deleted one as it was last."""
        host = self._host(request)
        vm = host.get_vm(request.match_info["id"])
        (await self._body(request, VmChange)).apply(host, vm)
        return _answer(vm=describe_vm(vm))

    async def guest(self, request: web.Request) -> web.Response:
        return _answer(guest=describe_guest(self._host(request).get_vm(request.match_info["id"])))

    def _machine(self, request: web.Request) -> Any:
        """The host, or with a VM in the path that VM's guest."""
        host = self._host(request)
        return machine_of(host.get_vm(request.match_info["id"])) if "id" in request.match_info else host

    async def file(self, request: web.Request) -> web.Response:
        """``?path=``, and for a part of a large file ``&offset=&length=``."""
        query = request.query
        try:
            offset = int(query.get("offset", "0"))
            length = int(query["length"]) if "length" in query else None
        except ValueError:
            raise RequestError("offset, length: whole numbers") from None
        described = await asyncio.to_thread(
            describe_file, self._machine(request), _required(request, "path"), offset, length
        )
        return _answer(file=described)

    async def change_files(self, request: web.Request) -> web.Response:
        """Answers the files as they are now, without content."""
        machine = self._machine(request)
        change = await self._body(request, FilesChange)
        change.apply(machine)
        paths = [*change.files, *change.remove]
        return _answer(files=[describe_file(machine, path, length=0) for path in paths])

    async def key(self, request: web.Request) -> web.Response:
        """``?key=``: a registry key with its values."""
        return _answer(registry=describe_key(self._machine(request), _required(request, "key")))

    async def search(self, request: web.Request) -> web.Response:
        """``?text=``: paths of files and registry values that hold the text."""
        return _answer(found=await asyncio.to_thread(search, self._machine(request), _required(request, "text")))

    async def delete_vm(self, request: web.Request) -> web.Response:
        host = self._host(request)
        vm = host.get_vm(request.match_info["id"])
        host.remove_vm(vm.id, actor=None)
        return _answer(vm=describe_vm(vm))

    async def reset(self, _request: web.Request) -> web.Response:
        for host in self._hosts.values():
            await asyncio.to_thread(host.reset)
        return _answer(hosts=[describe_host(host) for host in self._hosts.values()])

    async def shutdown(self, _request: web.Request) -> web.Response:
        if self._on_shutdown is None:
            raise RequestError("this simulator cannot be shut down from here; stop its process")
        # The answer leaves first; the listener drains open requests when it closes.
        asyncio.get_running_loop().call_soon(self._on_shutdown)
        return _answer(shutdown=True)


def _required(request: web.Request, name: str) -> str:
    """A query parameter.

    Raises:
        RequestError: missing.
    """
    if name not in request.query:
        raise RequestError(f"{name}: is missing in the query")
    return str(request.query[name])


def _answer(**content: Any) -> web.Response:
    return web.json_response({"schema": SCHEMA, **content})

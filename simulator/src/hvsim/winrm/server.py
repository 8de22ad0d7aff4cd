# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP(S) listeners: one per simulated host and port, any number in one event loop."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from aiohttp import web

from hvsim.engine.api import Engine
from hvsim.winrm import certificate, encryption
from hvsim.winrm.auth import SCHEMES, Authenticator, Outcome
from hvsim.winrm.ports import Host
from hvsim.winrm.service import Quotas, Reply, Service

log = logging.getLogger(__name__)

SOAP_TYPE = "application/soap+xml;charset=UTF-8"
# pywinrm sends up to 450 KB whatever the service's limit is; Windows takes that in practice.
MAX_REQUEST = 2 * 1024 * 1024
KEEP_ALIVE = 300.0


class Listener:
    """A running listener. ``port`` and ``url`` are what it got; ``close`` ends it and the shells in it."""

    def __init__(self, runner: web.AppRunner, service: Service, address: str, port: int, tls: bool) -> None:
        self._runner = runner
        self._service = service
        self.address = address
        self.port = port
        self.tls = tls

    @property
    def url(self) -> str:
        """The endpoint, for clients."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/wsman"

    async def close(self) -> None:
        """Stop listening and drop what still runs."""
        self._service.close()
        await self._runner.cleanup()


async def start(
    host: Host,
    engine: Engine,
    *,
    address: str = "127.0.0.1",
    port: int = 0,
    tls: bool = False,
    authentication: Collection[str] = SCHEMES,
    allow_unencrypted: bool = True,
    quotas: Quotas | None = None,
) -> Listener:
    """Serve *host* on *address*:*port* (0: a free one).

    Args:
        authentication: of ``basic``, ``ntlm``, ``negotiate``; the last two are offered as ``Negotiate``.
        allow_unencrypted: as the setting of the WinRM service: Basic and unencrypted messages over plain HTTP.

    Raises:
        OSError: the port is taken.
        ValueError: unknown authentication.
    """
    service = Service(host, engine, quotas)
    endpoint = Endpoint(host, service, Authenticator(host, tuple(authentication), tls, allow_unencrypted))
    app = web.Application(client_max_size=MAX_REQUEST)
    app.router.add_route("*", "/{path:.*}", endpoint.handle)
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=KEEP_ALIVE, shutdown_timeout=1.0)
    await runner.setup()
    context = certificate.server_context(host.name, address) if tls else None
    try:
        site = web.TCPSite(runner, address, port, ssl_context=context)
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return Listener(runner, service, address, runner.addresses[0][1], tls)


class Endpoint:
    """HTTP side of one listener."""

    def __init__(self, host: Host, service: Service, authenticator: Authenticator) -> None:
        self._host = host
        self._service = service
        self._authenticator = authenticator

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request and count it."""
        if self._host.cuts_connection():
            if request.transport is not None:
                request.transport.abort()
            # Nobody gets it: the connection is gone.
            return web.Response(status=500)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            body = b""
            response = web.Response(status=413)
        else:
            response = await self._answer(request, body)
        response.headers["Server"] = "Microsoft-HTTPAPI/2.0"
        counters = self._host.counters
        counters.add("winrm:requests", 1)
        counters.add("winrm:bytes_in", len(body))
        counters.add("winrm:bytes_out", _length(response))
        return response

    async def _answer(self, request: web.Request, body: bytes) -> web.Response:
        path = request.path.rstrip("/").lower()
        if path not in ("/wsman", "/wsman-anon/identify"):
            return web.Response(status=404)
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        if path != "/wsman" or request.headers.get("WSMANIDENTIFY", "").lower() == "unauthenticated":
            return _soap(await self._service.handle(body, None), ())
        transport: Any = request.transport
        outcome = self._authenticator.authenticate(transport, request.headers.get("Authorization", ""))
        if outcome.user is None:
            return self._unauthorized(outcome)
        if not body:
            return _with_challenges(web.Response(status=200), outcome.challenges)
        return await self._serve(request, outcome, outcome.user, body)

    def _unauthorized(self, outcome: Outcome) -> web.Response:
        self._host.counters.add("winrm:unauthorized", 1)
        if outcome.explanation:
            log.info("%s: 401: %s", self._host.name, outcome.explanation)
        return _with_challenges(web.Response(status=401, text=outcome.explanation), outcome.challenges)

    async def _serve(self, request: web.Request, outcome: Outcome, user: str, body: bytes) -> web.Response:
        context = outcome.connection.context
        if encryption.is_encrypted(request.headers.get("Content-Type", "")):
            if context is None or not context.complete:
                return self._unauthorized(Outcome(outcome.connection, challenges=self._authenticator.challenges()))
            try:
                body = encryption.unwrap(context, body)
            except encryption.EncryptionError as error:
                log.info("%s: 400: %s", self._host.name, error)
                return web.Response(status=400)
            reply = await self._service.handle(body, user)
            headers = {"Content-Type": encryption.CONTENT_TYPE}
            sealed = web.Response(status=reply.status, body=encryption.wrap(context, reply.envelope), headers=headers)
            return _with_challenges(sealed, outcome.challenges)
        if not (self._authenticator.secure or self._authenticator.allow_unencrypted):
            explanation = "hvsim: unencrypted messages are not allowed by this listener."
            return self._unauthorized(Outcome(outcome.connection, None, self._authenticator.challenges(), explanation))
        if not request.content_type.endswith(("/soap+xml", "/xml")):
            return web.Response(status=415)
        return _soap(await self._service.handle(body, user), outcome.challenges)


def _soap(reply: Reply, challenges: tuple[str, ...]) -> web.Response:
    response = web.Response(status=reply.status, body=reply.envelope, headers={"Content-Type": SOAP_TYPE})
    return _with_challenges(response, challenges)


def _with_challenges(response: web.Response, challenges: tuple[str, ...]) -> web.Response:
    for challenge in challenges:
        response.headers.add("WWW-Authenticate", challenge)
    return response


def _length(response: web.Response) -> int:
    body = response.body
    return len(body) if isinstance(body, (bytes, bytearray)) else 0

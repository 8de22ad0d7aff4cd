# SPDX-License-Identifier: GPL-3.0-or-later
"""``hvsim serve``: the hosts of a lab behind WinRM listeners, until a signal or ``POST /shutdown``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import ipaddress
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from hvsim.admin import server as admin
from hvsim.cli.common import OK, UserError, engine_module, write_private
from hvsim.cli.inventory import inventory
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import load_lab

HELP = "serve the hosts of a lab over WinRM, one port each"

#: Version of the ready line.
READY_SCHEMA = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("lab", metavar="LAB.yml", help="lab file, see 'hvsim schema'")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address (default: 127.0.0.1)")
    parser.add_argument(
        "--port",
        type=_port,
        default=0,
        metavar="N",
        help="port of the first host, the others follow (default: the lab's ports, else free ones)",
    )
    parser.add_argument("--tls", action="store_true", help="HTTPS with a self-signed certificate")
    parser.add_argument("--admin-port", type=_port, default=0, metavar="N", help="port of the admin endpoint")
    parser.add_argument("--ready-file", metavar="FILE", help="write the ready line there too (mode 0600)")
    parser.add_argument("--pid-file", metavar="FILE", help="write the process id there; removed at the end")
    parser.add_argument("--inventory", metavar="FILE", help="write an Ansible inventory there (mode 0600)")


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; use 0 to 65535")
    return port


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop.

    Raises:
        UserError: address, port or a file to write cannot be used.
        LabError: the lab is not valid.
    """
    _check_address(args.host)
    hosts = load_lab(args.lab).hosts()
    if args.port and args.port + len(hosts) - 1 > 65535:
        raise UserError(f"--port {args.port} leaves no room for {len(hosts)} hosts; choose a lower port")
    engine = engine_module("hvsim.engine.embedded").EmbeddedEngine()
    return asyncio.run(_serve(hosts, engine, args))


def _check_address(address: str) -> None:
    if address == "localhost":
        return
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise UserError(f"--host {address}: not an IP address; use 127.0.0.1 or ::1") from None


async def _serve(hosts: Sequence[Host], engine: Any, args: argparse.Namespace) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        listeners = [
            await stack.enter_async_context(_listening(host, engine, args, _wanted_port(args.port, number, host)))
            for number, host in enumerate(hosts)
        ]
        endpoint = await stack.enter_async_context(_admin(hosts, args, stopping))
        ready = ready_line(hosts, listeners, endpoint)
        _write_files(stack, hosts, listeners, ready, args)
        print(json.dumps(ready), flush=True)
        if sys.stderr.isatty():
            _show(ready)
        await stopping.wait()
    return OK


def _wanted_port(first: int, number: int, host: Host) -> int:
    return first + number if first else host.port or 0


@contextlib.asynccontextmanager
async def _listening(host: Host, engine: Any, args: argparse.Namespace, port: int) -> AsyncIterator[Any]:
    start = engine_module("hvsim.winrm.server").start
    try:
        listener = await start(host, engine, address=args.host, port=port, tls=args.tls)
    except OSError as error:
        raise UserError(_cannot_listen(f"host {host.name}", args.host, port, error)) from None
    try:
        yield listener
    finally:
        await listener.close()


@contextlib.asynccontextmanager
async def _admin(
    hosts: Sequence[Host], args: argparse.Namespace, stopping: asyncio.Event
) -> AsyncIterator[admin.AdminServer]:
    try:
        endpoint = await admin.start(hosts, port=args.admin_port, on_shutdown=stopping.set)
    except OSError as error:
        raise UserError(_cannot_listen("the admin endpoint", "127.0.0.1", args.admin_port, error)) from None
    try:
        yield endpoint
    finally:
        await endpoint.close()


def _cannot_listen(who: str, address: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{who}: port {port} on {address} is in use; choose another port, or 0 for a free one"
    if error.errno == errno.EACCES:
        return f"{who}: no permission for port {port}; choose one above 1023"
    return f"{who}: cannot listen on {address} port {port} ({error.strerror or error}); choose another address"


def ready_line(hosts: Sequence[Host], listeners: Sequence[Any], endpoint: admin.AdminServer) -> dict[str, Any]:
    """What ``serve`` prints once everything listens."""
    return {
        "schema": READY_SCHEMA,
        "pid": os.getpid(),
        "hosts": [
            {"name": host.name, "url": listener.url, "port": listener.port, "language": host.language}
            for host, listener in zip(hosts, listeners, strict=True)
        ],
        "admin": {"url": endpoint.url, "token": endpoint.token},
    }


def _write_files(
    stack: contextlib.AsyncExitStack,
    hosts: Sequence[Host],
    listeners: Sequence[Any],
    ready: dict[str, Any],
    args: argparse.Namespace,
) -> None:
    """The ready file comes last: who waits for it finds the others there."""
    if args.pid_file:
        write_private(args.pid_file, f"{os.getpid()}\n")
        stack.callback(_remove, args.pid_file)
    if args.inventory:
        endpoints = [(host, listener.port) for host, listener in zip(hosts, listeners, strict=True)]
        write_private(args.inventory, inventory(endpoints, address=_reachable(args.host), tls=args.tls))
    if args.ready_file:
        write_private(args.ready_file, json.dumps(ready) + "\n")
        stack.callback(_remove, args.ready_file)


def _reachable(address: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()


def _show(ready: dict[str, Any]) -> None:
    table = Table("host", "language", "WinRM", title="hvsim is ready; Ctrl-C stops it", title_justify="left")
    for host in ready["hosts"]:
        table.add_row(host["name"], host["language"], host["url"])
    Console(stderr=True).print(table)

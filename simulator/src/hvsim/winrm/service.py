# SPDX-License-Identifier: GPL-3.0-or-later
"""The WS-Management service of one host: actions, shells, quotas. Envelope in, envelope out."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from lxml import etree

from hvsim.engine.api import Engine
from hvsim.winrm import faults, soap, winrs
from hvsim.winrm.faults import WSManFault
from hvsim.winrm.ports import Host
from hvsim.winrm.process import Login, ProcessRunner, os_version
from hvsim.winrm.shells import Shell, ShellContext
from hvsim.winrm.soap import ADDRESSING, CONFIG, IDENTITY, SHELL, TRANSFER, WSMAN, Request, child, element
from hvsim.winrm.workers import Workers

log = logging.getLogger(__name__)

# Action of the answer and what stands in its body.
Answer = tuple[str, tuple[etree._Element, ...]]

PROTOCOL = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"

# Actions of Windows' service that hvsim knows and does not serve.
NOT_SERVED = {
    f"{soap.ENUMERATION}/Enumerate": "Enumerate is not served.",
    f"{soap.ENUMERATION}/Pull": "Pull is not served.",
    f"{soap.ENUMERATION}/Release": "Release is not served.",
    f"{soap.EVENTING}/Subscribe": "event subscriptions are not served.",
    f"{soap.EVENTING}/Unsubscribe": "event subscriptions are not served.",
    f"{TRANSFER}/Put": "Put is not served.",
    f"{SHELL}/Connect": "disconnected sessions are not served (Connect).",
    f"{SHELL}/Disconnect": "disconnected sessions are not served (Disconnect).",
    f"{SHELL}/Reconnect": "disconnected sessions are not served (Reconnect).",
}


@dataclass(frozen=True)
class Quotas:
    """Limits of a Windows Server 2016–2025 as installed (``winrm get winrm/config``)."""

    max_shells_per_user: int = 30
    max_processes_per_shell: int = 25
    max_concurrent_operations_per_user: int = 1500
    idle_timeout: float = 7200.0
    max_envelope_size_kb: int = 500


@dataclass(frozen=True)
class Reply:
    """HTTP status and SOAP envelope of an answer."""

    status: int
    envelope: bytes


class Service:
    """WS-Management for one host. Lives in one event loop; engine work runs in threads of its own."""

    def __init__(self, host: Host, engine: Engine, quotas: Quotas | None = None) -> None:
        self.host = host
        self.quotas = quotas or Quotas()
        self._context = ShellContext(ProcessRunner(host, engine), Workers())
        self._shells: dict[str, Shell] = {}
        self._actions: dict[str, Callable[[Request, str], Awaitable[Answer]]] = {
            f"{TRANSFER}/Create": self._create,
            f"{TRANSFER}/Delete": self._delete,
            f"{TRANSFER}/Get": self._get,
            f"{SHELL}/Command": self._command,
            f"{SHELL}/Send": self._send,
            f"{SHELL}/Receive": self._receive,
            f"{SHELL}/Signal": self._signal,
        }

    async def handle(self, data: bytes, user: str | None) -> Reply:
        """Answer the envelope *data* of *user*; None means an unauthenticated client, who may only identify."""
        relates_to = ""
        try:
            root = soap.parse_xml(data)
            relates_to = soap.message_id(root)
            _, body = soap.envelope_parts(root)
            if body.find(soap.name(IDENTITY, "Identify")) is not None:
                return Reply(200, self._identify(authenticated=user is not None))
            if user is None or not self._may_log_on(user):
                raise faults.access_denied()
            request = soap.read_request(root)
            log.debug("%s: %s, %d bytes", self.host.name, request.action.rpartition("/")[2][:40], len(data))
            action, content = await self._dispatch(request, user)
            return Reply(200, soap.answer(action, relates_to, *content))
        except WSManFault as fault:
            self.host.counters.add("winrm:faults", 1)
            return Reply(500, soap.fault_answer(fault, relates_to, self.host.name))
        except Exception:
            log.exception("%s: a request failed", self.host.name)
            internal = WSManFault(1359, "An internal error occurred. hvsim: see its log. ")
            return Reply(500, soap.fault_answer(internal, relates_to, self.host.name))

    def close(self) -> None:
        """End all shells."""
        for shell in self._shells.values():
            shell.close()
        self._shells.clear()

    async def _dispatch(self, request: Request, user: str) -> Answer:
        if request.action in NOT_SERVED:
            raise faults.not_served(NOT_SERVED[request.action])
        handler = self._actions.get(request.action)
        if handler is None:
            raise faults.action_not_supported(request.action[:200])
        return await handler(request, user)

    # --- actions ----------------------------------------------------------------------------------------------------

    def _identify(self, authenticated: bool) -> bytes:
        version = os_version(self.host) if authenticated else "0.0.0"
        root = etree.Element(
            soap.name(soap.SOAP, "Envelope"), {soap.name(soap.XML, "lang"): "en-US"}, nsmap={"s": soap.SOAP}
        )
        child(root, soap.SOAP, "Header")
        answer = etree.SubElement(
            child(root, soap.SOAP, "Body"), soap.name(IDENTITY, "IdentifyResponse"), nsmap={"wsmid": IDENTITY}
        )
        child(answer, IDENTITY, "ProtocolVersion", PROTOCOL)
        child(answer, IDENTITY, "ProductVendor", "Microsoft Corporation")
        child(answer, IDENTITY, "ProductVersion", f"OS: {'.'.join(version.split('.')[:3])} SP: 0.0 Stack: 3.0")
        return etree.tostring(root)

    async def _create(self, request: Request, user: str) -> Answer:
        self._purge()
        node = request.find("rsp:Shell")
        held = sum(1 for shell in self._shells.values() if shell.login.user == user)
        if held >= self.quotas.max_shells_per_user:
            raise faults.quota_shells(self.quotas.max_shells_per_user)
        shell_id = (node.get("ShellId") or str(uuid.uuid4())).upper()
        if shell_id in self._shells:
            raise faults.invalid_parameter(f"hvsim: ShellId {shell_id[:60]} is in use.")
        idle = node.findtext(soap.name(SHELL, "IdleTimeOut"))
        idle_timeout = min(soap.duration(idle) if idle else self.quotas.idle_timeout, self.quotas.idle_timeout)
        login = Login(user, _variables(node), node.findtext(soap.name(SHELL, "WorkingDirectory")) or None)
        shell = self._new_shell(request, node, shell_id, login, idle_timeout)
        shell.last_used = asyncio.get_running_loop().time()
        self._shells[shell_id] = shell
        self.host.counters.add("winrm:shells", 1)
        return f"{TRANSFER}/CreateResponse", (_created(shell), shell.description())

    def _new_shell(
        self, request: Request, node: etree._Element, shell_id: str, login: Login, idle_timeout: float
    ) -> Shell:
        uri = request.resource_uri
        if uri == winrs.RESOURCE_URI:
            # Without the option Windows takes the OEM code page of its language, 437 for English.
            encoding = winrs.console_encoding(request.options.get("WINRS_CODEPAGE", "437"))
            return winrs.WinRsShell(self._context, shell_id, replace(login, encoding=encoding), idle_timeout)
        if uri in self._configurations():
            # psrpcore takes long to import, and most listeners never need it.
            from hvsim.winrm import psrp

            return psrp.PsrpShell(self._context, shell_id, uri, login, idle_timeout, psrp.creation_data(node))
        raise faults.invalid_resource_uri(uri[:200])

    def _configurations(self) -> tuple[str, ...]:
        """Resource URIs of the session configurations (``Get-PSSessionConfiguration``) of the host."""
        names = ["Microsoft.PowerShell"]
        if self.host.powershell.startswith("7"):
            names.append("PowerShell.7")
        return tuple(f"{soap.POWERSHELL}/{configuration}" for configuration in names)

    async def _delete(self, request: Request, user: str) -> Answer:
        shell = self._shell(request, user)
        del self._shells[shell.shell_id]
        shell.close()
        return f"{TRANSFER}/DeleteResponse", ()

    async def _get(self, request: Request, user: str) -> Answer:
        if request.resource_uri == CONFIG:
            root = etree.Element(soap.name(CONFIG, "Config"), nsmap={"cfg": CONFIG})
            child(root, CONFIG, "MaxEnvelopeSizekb", str(self.quotas.max_envelope_size_kb))
            child(root, CONFIG, "MaxTimeoutms", "60000")
            child(root, CONFIG, "MaxBatchItems", "32000")
            return f"{TRANSFER}/GetResponse", (root,)
        if request.resource_uri in (winrs.RESOURCE_URI, f"{SHELL}") or request.resource_uri.startswith(soap.POWERSHELL):
            return f"{TRANSFER}/GetResponse", (self._shell(request, user).description(),)
        raise faults.invalid_resource_uri(request.resource_uri[:200])

    async def _command(self, request: Request, user: str) -> Answer:
        shell = self._shell(request, user)
        limit = self.quotas.max_processes_per_shell
        total = self.quotas.max_concurrent_operations_per_user
        # Windows never takes a WinRS command off the count of operations while its shell lives.
        operations = sum(other.operations for other in self._shells.values() if other.login.user == user)
        if shell.running() >= limit or operations >= total:
            raise faults.quota_operations(limit if shell.running() >= limit else total)
        self.host.counters.add("winrm:commands", 1)
        return f"{SHELL}/CommandResponse", (await shell.command(request),)

    async def _send(self, request: Request, user: str) -> Answer:
        return f"{SHELL}/SendResponse", (await self._shell(request, user).send(request),)

    async def _receive(self, request: Request, user: str) -> Answer:
        return f"{SHELL}/ReceiveResponse", (await self._shell(request, user).receive(request),)

    async def _signal(self, request: Request, user: str) -> Answer:
        return f"{SHELL}/SignalResponse", (await self._shell(request, user).signal(request),)

    # --- shells -----------------------------------------------------------------------------------------------------

    def _shell(self, request: Request, user: str) -> Shell:
        self._purge()
        if "ShellId" not in request.selectors:
            raise faults.missing_selector()
        shell_id = request.selectors["ShellId"].strip()
        shell = self._shells.get(shell_id.upper())
        if shell is None or shell.resource_uri != request.resource_uri:
            raise faults.shell_not_found(shell_id[:60])
        if shell.login.user != user:
            raise faults.access_denied()
        shell.last_used = asyncio.get_running_loop().time()
        return shell

    def _may_log_on(self, name: str) -> bool:
        return any(user.may_log_on_remotely for user in self.host.users if user.name == name)

    def _purge(self) -> None:
        now = asyncio.get_running_loop().time()
        for shell in [shell for shell in self._shells.values() if now - shell.last_used > shell.idle_timeout]:
            del self._shells[shell.shell_id]
            shell.close()


def _variables(node: etree._Element) -> dict[str, str]:
    path = f"{soap.name(SHELL, 'Environment')}/{soap.name(SHELL, 'Variable')}"
    return {variable.get("Name") or "": variable.text or "" for variable in node.iterfind(path) if variable.get("Name")}


def _created(shell: Shell) -> etree._Element:
    """The reference to a new shell."""
    root = element(TRANSFER, "ResourceCreated")
    child(root, ADDRESSING, "Address", soap.ANONYMOUS)
    parameters = child(root, ADDRESSING, "ReferenceParameters")
    child(parameters, WSMAN, "ResourceURI", shell.resource_uri)
    child(child(parameters, WSMAN, "SelectorSet"), WSMAN, "Selector", shell.shell_id, Name="ShellId")
    return root

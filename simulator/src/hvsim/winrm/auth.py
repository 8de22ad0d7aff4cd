# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP authentication of WinRM: Basic per request, Negotiate/NTLM per TCP connection.

NTLM is pyspnego's acceptor. It takes credentials only from the file that the environment variable ``NTLM_USER_FILE``
names, so for the moment of each step such a file exists, holding the one account that the client claims to be.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import struct
import tempfile
import threading
import weakref
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import spnego
from spnego._ntlm_raw.crypto import ntowfv1
from spnego.exceptions import SpnegoError

from hvsim.winrm.ports import Host, User

SCHEMES = ("basic", "ntlm", "negotiate")
CREDENTIAL_FILE = "NTLM_USER_FILE"

_AUTHENTICATE = b"NTLMSSP\0\x03\0\0\0"
_UNICODE = 0x1
# The acceptor reads a process-wide environment variable.
_credential_lock = threading.Lock()


@dataclass
class Connection:
    """Authentication of one TCP connection."""

    context: spnego.ContextProxy | None = None
    user: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a request's credentials.

    Attributes:
        user: name of the account, or None: answer 401 with *challenges*.
        challenges: values of ``WWW-Authenticate``.
        explanation: why hvsim cannot serve the scheme, for the body of the 401.
        connection: state whose context encrypts messages.
    """

    connection: Connection
    user: str | None = None
    challenges: tuple[str, ...] = ()
    explanation: str = ""


@dataclass
class Authenticator:
    """Authenticates the requests of one listener against one host's accounts.

    Attributes:
        schemes: of ``SCHEMES``.
        secure: the listener speaks TLS.
        allow_unencrypted: ``AllowUnencrypted`` of the WinRM service; without it Basic is offered over TLS only.
    """

    host: Host
    schemes: Collection[str] = SCHEMES
    secure: bool = False
    allow_unencrypted: bool = True
    _connections: weakref.WeakKeyDictionary[Any, Connection] = field(default_factory=weakref.WeakKeyDictionary)

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.schemes) - set(SCHEMES)):
            raise ValueError(f"unknown authentication: {', '.join(unknown)} (known: {', '.join(SCHEMES)})")

    def authenticate(self, transport: Any, authorization: str) -> Outcome:
        """Authenticate a request on *transport* with the header *authorization* (may be empty)."""
        connection = self._connections.setdefault(transport, Connection())
        scheme, _, value = authorization.strip().partition(" ")
        scheme = scheme.lower()
        if not scheme:
            if connection.user is None:
                return self._refuse(connection)
            return Outcome(connection, connection.user)
        if scheme == "basic" and self._offers_basic():
            return self._basic(connection, value)
        if scheme in ("negotiate", "ntlm") and self._offers_negotiate():
            return self._negotiate(connection, scheme, value)
        return self._refuse(connection, f"hvsim: authentication scheme {scheme[:40]!r} is not served by this listener.")

    def challenges(self) -> tuple[str, ...]:
        """What the listener offers, in Windows' order."""
        offered = ["Negotiate"] if self._offers_negotiate() else []
        return (*offered, 'Basic realm="WSMAN"') if self._offers_basic() else tuple(offered)

    def _offers_basic(self) -> bool:
        return "basic" in self.schemes and (self.secure or self.allow_unencrypted)

    def _offers_negotiate(self) -> bool:
        return "negotiate" in self.schemes or "ntlm" in self.schemes

    def _refuse(self, connection: Connection, explanation: str = "") -> Outcome:
        return Outcome(connection, challenges=self.challenges(), explanation=explanation)

    def _basic(self, connection: Connection, value: str) -> Outcome:
        try:
            credentials = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return self._refuse(connection)
        # RFC 7617 leaves the encoding to both sides: pypsrp sends UTF-8, pywinrm (requests) Latin-1.
        for encoding in ("utf-8", "latin-1"):
            with contextlib.suppress(UnicodeDecodeError):
                name, colon, password = credentials.decode(encoding).partition(":")
                user = self.host.check_password(name, password) if colon else None
                if user is not None:
                    return Outcome(connection, user.name)
        return self._refuse(connection)

    def _negotiate(self, connection: Connection, scheme: str, value: str) -> Outcome:
        try:
            token = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return self._refuse(connection)
        claimed = claimed_account(token)
        try:
            with _credentials(self.host, claimed):
                if connection.context is None or connection.context.complete:
                    connection.context, connection.user = _acceptor(scheme), None
                answer = connection.context.step(token)
        except Exception as error:
            # The acceptor's parsers raise all kinds of errors on hostile tokens.
            connection.context = connection.user = None
            return self._refuse(connection, _explain(error, token))
        challenge = (
            f"{scheme.capitalize() if scheme == 'negotiate' else 'NTLM'} {base64.b64encode(answer or b'').decode()}"
        )
        if not connection.context.complete:
            return Outcome(connection, challenges=(challenge,))
        account = _find_user(self.host, claimed[1]) if claimed else None
        if account is None:
            return self._refuse(connection)
        connection.user = account.name
        return Outcome(connection, connection.user, (challenge,) if answer else ())


def _acceptor(scheme: str) -> spnego.ContextProxy:
    options = spnego.NegotiateOptions.use_ntlm
    if scheme == "negotiate":
        options |= spnego.NegotiateOptions.use_negotiate
    return spnego.server(protocol=scheme, options=options)


def _explain(error: Exception, token: bytes) -> str:
    kerberos = b"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" in token or b"\x2a\x86\x48\x82\xf7\x12\x01\x02\x02" in token
    if kerberos and b"NTLMSSP\0" not in token:
        return "hvsim: Kerberos is not served; use NTLM or Basic."
    return "" if isinstance(error, SpnegoError) else "hvsim: the authentication token is malformed."


def claimed_account(token: bytes) -> tuple[str, str] | None:
    """Domain and user in the NTLM AUTHENTICATE message in *token* ([MS-NLMP] 2.2.1.3), also inside SPNEGO."""
    start = token.find(_AUTHENTICATE)
    message = token[start:]
    if start < 0 or len(message) < 64:
        return None
    (flags,) = struct.unpack_from("<I", message, 60)
    encoding = "utf-16-le" if flags & _UNICODE else "cp437"

    def text(position: int) -> str:
        length, _, offset = struct.unpack_from("<HHI", message, position)
        return message[offset : offset + length].decode(encoding, "replace")

    return text(28), text(36)


def _find_user(host: Host, name: str) -> User | None:
    """The account that may log on under *name*; ``user@host`` is ``user``, as everywhere on a host outside a domain."""
    local = name.partition("@")[0].casefold()
    return next((user for user in host.users if user.enabled and user.name.casefold() == local), None)


@contextlib.contextmanager
def _credentials(host: Host, claimed: tuple[str, str] | None) -> Iterator[None]:
    """Let the acceptor know the claimed account, as an NT hash in ``smbpasswd`` form, for the time of the block."""
    line = ""
    if claimed is not None:
        domain, name = claimed
        user = _find_user(host, name)
        if user is not None and not set(domain + name) & set(":\r\n"):
            account = f"{domain}\\{name}" if domain else name
            line = f"{account}:0:{'0' * 32}:{ntowfv1(user.password).hex().upper()}:[U]:LCT-0\n"
    with _credential_lock, tempfile.NamedTemporaryFile("w", prefix="hvsim-", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        before = os.environ.get(CREDENTIAL_FILE)
        os.environ[CREDENTIAL_FILE] = file.name
        try:
            yield
        finally:
            if before is None:
                del os.environ[CREDENTIAL_FILE]
            else:
                os.environ[CREDENTIAL_FILE] = before

# SPDX-License-Identifier: GPL-3.0-or-later
"""Message encryption of WinRM over HTTP ([MS-WSMV] 2.2.9.1): ``multipart/encrypted`` around SPNEGO-sealed SOAP."""

from __future__ import annotations

import re
import struct

import spnego
from spnego.exceptions import SpnegoError

PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
CONTENT_TYPE = f'multipart/encrypted;protocol="{PROTOCOL}";boundary="Encrypted Boundary"'

_BOUNDARY = b"--Encrypted Boundary"
_SEPARATOR = re.compile(rb"--[ \t]*Encrypted Boundary\r\n")
_END = re.compile(rb"--[ \t]*Encrypted Boundary--\r\n\Z")
_DATA_HEADER = re.compile(rb"\s*Content-Type:\s*application/octet-stream\r\n", re.IGNORECASE)
_LENGTH = re.compile(rb"Length=(\d{1,9})\s*\Z")


class EncryptionError(Exception):
    """The message is not what this connection's context can decrypt."""


def is_encrypted(content_type: str) -> bool:
    return content_type.lower().lstrip().startswith(("multipart/encrypted", "multipart/x-multi-encrypted"))


def unwrap(context: spnego.ContextProxy, body: bytes) -> bytes:
    """The SOAP text in *body*.

    Raises:
        EncryptionError: malformed, another protocol (CredSSP), or sealed for another connection.
    """
    if _END.search(body) is None:
        raise EncryptionError("the last boundary is missing")
    parts = [part for part in _SEPARATOR.split(_END.sub(b"", body)) if part]
    if not parts or len(parts) % 2:
        raise EncryptionError("parts are missing")
    message = bytearray()
    for described, data in zip(parts[::2], parts[1::2], strict=True):
        if PROTOCOL.encode().lower() not in described.lower():
            raise EncryptionError("only SPNEGO encryption is served")
        length = _LENGTH.search(described)
        start = _DATA_HEADER.match(data)
        if length is None or start is None:
            raise EncryptionError("a part has no header")
        message += _open(context, data[start.end() :], int(length[1]))
    return bytes(message)


def _open(context: spnego.ContextProxy, sealed: bytes, length: int) -> bytes:
    if len(sealed) < 4:
        raise EncryptionError("a part is too short")
    (signature,) = struct.unpack("<i", sealed[:4])
    if not 0 < signature <= len(sealed) - 4:
        raise EncryptionError("the length of a signature is wrong")
    try:
        plain = context.unwrap_winrm(sealed[4 : 4 + signature], sealed[4 + signature :])
    except (SpnegoError, ValueError):
        raise EncryptionError("the message was not sealed for this connection") from None
    if len(plain) != length:
        raise EncryptionError("the length of a message is wrong")
    return plain


def wrap(context: spnego.ContextProxy, message: bytes) -> bytes:
    """*message* sealed, as the body of an answer."""
    sealed = context.wrap_winrm(message)
    length = len(message) + sealed.padding_length
    return b"".join(
        (
            _BOUNDARY,
            b"\r\n\tContent-Type: ",
            PROTOCOL.encode(),
            b"\r\n",
            b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=",
            str(length).encode(),
            b"\r\n",
            _BOUNDARY,
            b"\r\n\tContent-Type: application/octet-stream\r\n",
            struct.pack("<i", len(sealed.header)),
            sealed.header,
            sealed.data,
            _BOUNDARY,
            b"--\r\n",
        )
    )

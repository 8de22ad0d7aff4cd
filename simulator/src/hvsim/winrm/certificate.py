# SPDX-License-Identifier: GPL-3.0-or-later
"""A self-signed certificate for the HTTPS listener, made when it starts."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def server_context(host_name: str, address: str) -> ssl.SSLContext:
    """A TLS context with a fresh certificate for *host_name*, ``localhost`` and *address*."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # OpenSSL reads key and certificate from files only.
    with tempfile.NamedTemporaryFile(prefix="hvsim-", suffix=".pem") as file:
        file.write(self_signed(host_name, address))
        file.flush()
        context.load_cert_chain(file.name)
    return context


def self_signed(host_name: str, address: str) -> bytes:
    """Key and certificate in PEM, valid from yesterday for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host_name[:64])])
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    if host_name.isascii():
        names.append(x509.DNSName(host_name))
    try:
        names.append(x509.IPAddress(ipaddress.ip_address(address)))
    except ValueError:
        names.append(x509.DNSName(address))
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)

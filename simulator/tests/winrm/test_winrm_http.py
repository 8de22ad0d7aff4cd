# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP, authentication and encryption, with pywinrm, pypsrp and bare requests as clients."""

from __future__ import annotations

import base64
import socket
import ssl
from typing import Any

import pypsrp.client
import pypsrp.exceptions
import pypsrp.powershell
import pypsrp.wsman
import pytest
import requests
import requests_ntlm
import spnego
from hypothesis import given
from hypothesis import strategies as st
from winrm.exceptions import InvalidCredentialsError, WSManFaultError
from winrm_fakes import FakeEngine, FakeHost, FakeUser

import winrm
from hvsim.engine.api import ProcessResult
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.host import Host
from hvsim.hyperv.users import ADMINISTRATORS, User
from hvsim.winrm import auth, encryption, server
from hvsim.winrm.server import Listener

PASSWORD = "P@ss:wörd"


def session(
    listener: Listener, transport: str, user: str = "lab", password: str = PASSWORD, **options: Any
) -> winrm.Session:
    return winrm.Session(
        listener.url, auth=(user, password), transport=transport, server_cert_validation="ignore", **options
    )


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("transport", ["basic", "ntlm"])
def test_pywinrm(lab: Any, host: FakeHost, engine: FakeEngine, transport: str, tls: bool) -> None:
    listener = lab.listen(host, engine, tls=tls)
    result = session(listener, transport).run_ps("Get-Thing 'ü'")
    assert (result.status_code, result.std_out.decode("cp437")) == (0, "script: Get-Thing 'ü'\r\n")
    assert host.counters.values["winrm:requests"] >= 5
    assert host.counters.values["winrm:bytes_in"] > 2000
    assert host.counters.values["winrm:bytes_out"] > 2000


@pytest.mark.parametrize("passing", range(3))
def test_a_cut_connection_gives_no_answer_and_the_request_is_not_carried_out(
    lab: Any, host: FakeHost, engine: FakeEngine, passing: int
) -> None:
    """The shell is opened, the command started, and its output asked for."""
    listener = lab.listen(host, engine)
    host.cuts = [False] * passing + [True]
    with pytest.raises(requests.exceptions.ConnectionError):
        session(listener, "basic").run_ps("1")
    assert host.counters.values.get("winrm:requests", 0) == passing
    assert len(engine.scripts) == (1 if passing == 2 else 0)
    assert session(listener, "basic").run_ps("1").status_code == 0


def test_the_model_cuts_connections_as_its_faults_say(lab: Any, engine: FakeEngine) -> None:
    host = Host("HV09", users=[User("Administrator", PASSWORD, frozenset({ADMINISTRATORS}))])
    host.faults.add(FaultRule(command="WinRM", error="cut_connection", skip=1, times=1))
    host.faults.add(FaultRule(command="*", error="busy"))
    listener = lab.listen(host, engine)
    with pytest.raises(requests.exceptions.ConnectionError):
        session(listener, "basic", "administrator").run_ps("1")
    assert host.counters.get("fault:cut_connection") == 1
    assert session(listener, "basic", "administrator").run_ps("1").status_code == 0


def test_the_model_fits(lab: Any, engine: FakeEngine) -> None:
    host = Host("HV09", users=[User("Administrator", PASSWORD, frozenset({ADMINISTRATORS})), User("guest", "x")])
    listener = lab.listen(host, engine)
    assert session(listener, "ntlm", "administrator").run_ps("1").status_code == 0
    used = engine.scripts[0][0]
    assert (used.user, used.working_directory) == ("Administrator", "C:\\Users\\Administrator")
    assert host.counters.get("winrm:commands") == 1
    with pytest.raises(WSManFaultError, match="Access is denied"):
        session(listener, "basic", "guest", "x").run_ps("1")


def test_ntlm_over_http_is_encrypted(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    listener = lab.listen(host, engine, allow_unencrypted=False)
    assert session(listener, "ntlm").run_ps("1").status_code == 0
    with pytest.raises(InvalidCredentialsError, match="the specified credentials were rejected"):
        session(listener, "ntlm", message_encryption="never").run_ps("1")
    response = requests.post(listener.url, timeout=10)
    assert response.headers["WWW-Authenticate"] == "Negotiate"


@pytest.mark.parametrize("transport", ["basic", "ntlm"])
@pytest.mark.parametrize(("user", "password"), [("lab", "wrong"), ("nobody", PASSWORD), ("lab", ""), ("off", "x")])
def test_wrong_credentials(
    lab: Any, host: FakeHost, engine: FakeEngine, transport: str, user: str, password: str
) -> None:
    host.users.append(FakeUser("off", "x", enabled=False))
    listener = lab.listen(host, engine)
    with pytest.raises(InvalidCredentialsError, match="the specified credentials were rejected by the server"):
        session(listener, transport, user, password).run_ps("1")
    assert host.counters.values["winrm:unauthorized"] >= 1
    assert not engine.scripts


@pytest.mark.parametrize("user", ["LAB", "HV01\\lab", ".\\lab"])
@pytest.mark.parametrize("transport", ["basic", "ntlm"])
def test_forms_of_the_name(lab: Any, engine: FakeEngine, host: FakeHost, transport: str, user: str) -> None:
    listener = lab.listen(host, engine)
    assert session(listener, transport, user).run_ps("1").status_code == 0
    assert engine.scripts[0][0].user == "lab"


def test_one_process_serves_hosts_with_different_passwords(lab: Any, engine: FakeEngine) -> None:
    first = lab.listen(FakeHost("A", FakeUser("lab", "one")), engine)
    second = lab.listen(FakeHost("B", FakeUser("lab", "two")), engine)
    assert session(first, "ntlm", password="one").run_ps("1").status_code == 0
    assert session(second, "ntlm", password="two").run_ps("1").status_code == 0
    with pytest.raises(InvalidCredentialsError):
        session(second, "ntlm", password="one").run_ps("1")
    assert [used.host.name for used, _ in engine.scripts] == ["A", "B"]


def test_an_account_without_the_right_is_refused_after_authentication(
    lab: Any, host: FakeHost, engine: FakeEngine
) -> None:
    listener = lab.listen(host, engine)
    with pytest.raises(WSManFaultError) as caught:
        session(listener, "basic", "reader", "reads").run_ps("1")
    assert (caught.value.wsman_fault_code, caught.value.fault_subcode) == (5, "w:AccessDenied")


def spnego_with(mechanism: bytes) -> str:
    """A NegTokenInit that offers one mechanism."""
    mechanisms = b"\x30" + bytes([len(mechanism)]) + mechanism
    sequence = b"\xa0" + bytes([len(mechanisms)]) + mechanisms
    token = b"\x30" + bytes([len(sequence)]) + sequence
    body = bytes.fromhex("06062b0601050502") + b"\xa0" + bytes([len(token)]) + token
    return base64.b64encode(b"\x60" + bytes([len(body)]) + body).decode()


@pytest.mark.parametrize(
    ("authorization", "explanation"),
    [
        ("Kerberos AAAA", "hvsim: authentication scheme 'kerberos' is not served by this listener."),
        ("CredSSP AAAA", "hvsim: authentication scheme 'credssp' is not served by this listener."),
        (
            "Negotiate " + spnego_with(bytes.fromhex("06092a864886f712010202")),
            "hvsim: Kerberos is not served; use NTLM or Basic.",
        ),
        ("Negotiate AAAA", ""),
        ("Negotiate !", ""),
        ("NTLM " + base64.b64encode(b"NTLMSSP\0\x03\0\0\0" + b"\xff" * 80).decode(), ""),
        ("Basic !", ""),
        ("Basic " + base64.b64encode(b"no colon").decode(), ""),
        ("", ""),
    ],
)
def test_refused_authentication(
    lab: Any, host: FakeHost, engine: FakeEngine, authorization: str, explanation: str
) -> None:
    listener = lab.listen(host, engine)
    headers = {"Authorization": authorization} if authorization else {}
    response = requests.post(listener.url, headers=headers, timeout=10)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Negotiate, Basic realm="WSMAN"'
    assert response.headers["Server"] == "Microsoft-HTTPAPI/2.0"
    if explanation:
        assert response.text == explanation


def test_schemes_can_be_restricted(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    only_basic = lab.listen(host, engine, authentication=["basic"])
    assert requests.post(only_basic.url, timeout=10).headers["WWW-Authenticate"] == 'Basic realm="WSMAN"'
    only_ntlm = lab.listen(host, engine, authentication=["ntlm"])
    with pytest.raises(InvalidCredentialsError):
        session(only_ntlm, "basic").run_ps("1")
    with pytest.raises(ValueError, match="unknown authentication: kerberos"):
        auth.Authenticator(host, ("basic", "kerberos"))


def test_http_errors(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    listener = lab.listen(host, engine)
    credentials = ("lab", PASSWORD.encode())
    base = listener.url.removesuffix("/wsman")
    assert requests.post(f"{base}/other", timeout=10).status_code == 404
    assert requests.get(listener.url, timeout=10).status_code == 405
    assert requests.post(listener.url, data=b"x", auth=credentials, timeout=10).status_code == 415
    assert requests.post(listener.url, auth=credentials, timeout=10).status_code == 200
    big = requests.post(listener.url, data=b"x" * (server.MAX_REQUEST + 1), auth=credentials, timeout=10)
    assert big.status_code == 413
    headers = {"Content-Type": encryption.CONTENT_TYPE}
    assert requests.post(listener.url, data=b"x", headers=headers, auth=credentials, timeout=10).status_code == 401


def test_identify_needs_no_account(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    listener = lab.listen(host, engine)
    body = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><i:Identify '
        'xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>'
    )
    headers = {"WSMANIDENTIFY": "unauthenticated", "Content-Type": "application/soap+xml"}
    response = requests.post(listener.url, data=body, headers=headers, timeout=10)
    assert (response.status_code, "OS: 0.0.0" in response.text) == (200, True)
    anonymous = listener.url.replace("/wsman", "/wsman-anon/identify")
    assert requests.post(anonymous, data=body, timeout=10).status_code == 200


def test_encrypted_for_another_connection(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    listener = lab.listen(host, engine)
    with requests.Session() as client:
        assert (
            client.post(listener.url, auth=requests_ntlm.HttpNtlmAuth("lab", PASSWORD), timeout=10).status_code == 200
        )
        # The connection is authenticated now, without a header.
        headers = {"Content-Type": encryption.CONTENT_TYPE}
        assert client.post(listener.url, data=b"garbage", headers=headers, timeout=10).status_code == 400


def test_port_taken(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    listener = lab.listen(host, engine)
    with pytest.raises(OSError, match="address already in use"):
        lab.listen(host, engine, port=listener.port)


def test_certificate_names_the_host(lab: Any, engine: FakeEngine) -> None:
    listener = lab.listen(FakeHost("HV-Ü", FakeUser("lab", "x")), engine, tls=True)
    pem = ssl.get_server_certificate((listener.address, listener.port))
    context = ssl.create_default_context(cadata=pem)
    with (
        socket.create_connection((listener.address, listener.port), 10) as raw,
        context.wrap_socket(raw, server_hostname="127.0.0.1") as secured,
    ):
        assert secured.version() in ("TLSv1.2", "TLSv1.3")


def contexts() -> tuple[spnego.ContextProxy, spnego.ContextProxy]:
    """A client's and a server's NTLM context that trust each other."""
    host = FakeHost("X", FakeUser("u", "p"))
    client = spnego.client("u", "p", protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
    authenticator = auth.Authenticator(host)

    class Transport:
        pass

    transport = Transport()
    token = client.step()
    outcome = authenticator.authenticate(transport, "NTLM " + base64.b64encode(token or b"").decode())
    token = client.step(base64.b64decode(outcome.challenges[0].split()[1]))
    outcome = authenticator.authenticate(transport, "NTLM " + base64.b64encode(token or b"").decode())
    assert outcome.user == "u"
    assert outcome.connection.context is not None
    return client, outcome.connection.context


def test_sealed_messages_round_trip() -> None:
    client, acceptor = contexts()
    for message in (b"<a/>", b"x" * 300_000, "ü".encode()):
        assert encryption.unwrap(acceptor, encryption.wrap(client, message)) == message


@given(
    st.binary()
    | st.binary().map(
        lambda data: (
            b"--Encrypted Boundary\r\n\tContent-Type: "
            + encryption.PROTOCOL.encode()
            + b"\r\n\tOriginalContent: type=x;Length=3\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
            + data
            + b"--Encrypted Boundary--\r\n"
        )
    )
)
def test_any_bytes_unseal_or_are_refused(data: bytes) -> None:
    with pytest.raises(encryption.EncryptionError):
        encryption.unwrap(SEALED[1], data)


SEALED = contexts()


@given(st.binary() | st.binary().map(lambda data: b"NTLMSSP\0\x03\0\0\0" + data))
def test_any_token_is_read_or_ignored(data: bytes) -> None:
    claimed = auth.claimed_account(data)
    assert claimed is None or len(claimed) == 2


# --- PowerShell remoting ----------------------------------------------------------------------------------------------


def psrp(listener: Listener, method: str = "negotiate", **options: Any) -> pypsrp.client.Client:
    return pypsrp.client.Client(
        listener.address,
        port=listener.port,
        ssl=listener.tls,
        username="lab",
        password=PASSWORD,
        auth=method,
        cert_validation=False,
        no_proxy=True,
        **options,
    )


@pytest.mark.parametrize(
    ("method", "tls", "options"),
    [
        ("basic", False, {"encryption": "never"}),
        ("basic", True, {}),
        ("ntlm", False, {}),
        ("negotiate", False, {}),
        ("ntlm", True, {}),
    ],
)
def test_psrp(lab: Any, host: FakeHost, engine: FakeEngine, method: str, tls: bool, options: dict[str, Any]) -> None:
    listener = lab.listen(host, engine, tls=tls)
    with psrp(listener, method, **options) as client:
        output, _, failed = client.execute_ps("Get-Thing 'ü😀'")
    # pypsrp's client sends a pipeline of commands.
    assert (output, failed) == ("script: Invoke-Expression -Command:'Get-Thing ''ü😀''' | Out-String -Stream", False)


def test_psrp_streams_and_input(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    engine.on_script = lambda session, request: ProcessResult(
        "".join(f"{line}\r\n" for line in request.input_lines), "oops\r\n" if "err" in request.script else ""
    )
    listener = lab.listen(host, engine)
    wsman = pypsrp.wsman.WSMan(
        listener.address, port=listener.port, ssl=False, username="lab", password=PASSWORD, no_proxy=True
    )
    with wsman, pypsrp.powershell.RunspacePool(wsman) as pool:
        shell = pypsrp.powershell.PowerShell(pool)
        shell.add_script("$input").add_argument("a").add_argument(5).add_argument(True)
        lines = [f"{number} " + "x" * 2000 for number in range(300)]
        assert shell.invoke(lines) == lines
        assert list(engine.scripts[-1][1].arguments) == ["a", 5, True]
        shell = pypsrp.powershell.PowerShell(pool)
        shell.add_script("err")
        assert shell.invoke() == []
        assert [str(error) for error in shell.streams.error] == ["oops"]
        shell = pypsrp.powershell.PowerShell(pool)
        shell.add_cmdlet("Get-VM").add_parameter("Id", 1.5)
        shell.invoke()
        assert [str(error) for error in shell.streams.error] == [
            "hvsim: unsupported: PSSingle as argument of a remote script"
        ]


def test_psrp_input_that_is_no_text(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    listener = lab.listen(host, engine)
    wsman = pypsrp.wsman.WSMan(
        listener.address, port=listener.port, ssl=False, username="lab", password=PASSWORD, no_proxy=True
    )
    with wsman, pypsrp.powershell.RunspacePool(wsman) as pool:
        shell = pypsrp.powershell.PowerShell(pool)
        shell.add_script("$input")
        shell.invoke([b"x"])
        expected = "hvsim: unsupported: PSByteArray as input of a remote pipeline"
        assert [str(error) for error in shell.streams.error] == [expected]
    assert not engine.scripts


def test_psrp_wrong_password(lab: Any, host: FakeHost, engine: FakeEngine) -> None:
    listener = lab.listen(host, engine)
    client = pypsrp.client.Client(
        listener.address, port=listener.port, ssl=False, username="lab", password="wrong", auth="ntlm", no_proxy=True
    )
    with pytest.raises(pypsrp.exceptions.AuthenticationError, match="Failed to authenticate the user lab with ntlm"):
        client.execute_ps("1")

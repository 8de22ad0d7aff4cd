# SPDX-License-Identifier: GPL-3.0-or-later
"""The WS-Man service, envelope in, envelope out, without HTTP."""

from __future__ import annotations

import asyncio
import base64
import threading
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from winrm_fakes import FakeEngine, FakeHost

from hvsim.engine.api import ProcessResult
from hvsim.winrm import soap
from hvsim.winrm.service import Quotas, Reply, Service

TRANSFER, SHELL = soap.TRANSFER, soap.SHELL
CMD = f"{SHELL}/cmd"


def encoded(script: str) -> str:
    return "powershell -EncodedCommand " + base64.b64encode(script.encode("utf-16-le")).decode()


def envelope(
    action: str,
    body: str = "",
    *,
    shell: str | None = None,
    uri: str = CMD,
    timeout: str = "PT20S",
    size: int = 153600,
    options: dict[str, str] | None = None,
    message: str = "uuid:11111111-2222-3333-4444-555555555555",
) -> bytes:
    selector = (
        "" if shell is None else f'<w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet>'
    )
    option = "".join(f'<w:Option Name="{name}">{value}</w:Option>' for name, value in (options or {}).items())
    return (
        f'<env:Envelope xmlns:env="{soap.SOAP}" xmlns:a="{soap.ADDRESSING}" xmlns:w="{soap.WSMAN}" xmlns:rsp="{SHELL}" '
        f'xmlns:wsmid="{soap.IDENTITY}" xmlns:ps="{soap.POWERSHELL}"><env:Header><a:MessageID>{message}</a:MessageID>'
        f"<w:OperationTimeout>{timeout}</w:OperationTimeout><w:ResourceURI>{uri}</w:ResourceURI><a:Action>{action}</a:Action>"
        f"<w:MaxEnvelopeSize>{size}</w:MaxEnvelopeSize>{selector}<w:OptionSet>{option}</w:OptionSet></env:Header>"
        f"<env:Body>{body}</env:Body></env:Envelope>"
    ).encode()


class Answer:
    def __init__(self, reply: Reply) -> None:
        self.status = reply.status
        self.root = etree.fromstring(reply.envelope)

    def text(self, path: str) -> str:
        return self.root.findtext(f".//{path}", "", {**soap.READ_PREFIXES, "f": soap.FAULT, "e": soap.WMI_ERROR}) or ""

    def one(self, path: str) -> etree._Element:
        found = self.root.find(f".//{path}", {**soap.READ_PREFIXES, "f": soap.FAULT})
        assert found is not None, path
        return found

    @property
    def code(self) -> int:
        return int(self.one("f:WSManFault").get("Code", "0"))

    @property
    def subcode(self) -> str:
        return self.text("s:Subcode/s:Value")

    def streams(self, name: str) -> bytes:
        nodes = self.root.iterfind(f".//{{{SHELL}}}Stream")
        return b"".join(base64.b64decode(node.text or "") for node in nodes if node.get("Name") == name)

    @property
    def done(self) -> bool:
        return (self.one("rsp:CommandState").get("State") or "").endswith("/Done")


class Client:
    """Speaks to a service as pywinrm does."""

    def __init__(self, service: Service, user: str = "lab") -> None:
        self.service = service
        self.user = user
        self.shell = ""

    async def send(self, data: bytes) -> Answer:
        return Answer(await self.service.handle(data, self.user))

    async def create(self, body: str = "", **options: Any) -> Answer:
        answer = await self.send(envelope(f"{TRANSFER}/Create", f"<rsp:Shell>{body}</rsp:Shell>", **options))
        if answer.status == 200:
            self.shell = answer.text("rsp:Shell/rsp:ShellId")
        return answer

    async def ask(self, operation: str, body: str, **options: Any) -> Answer:
        return await self.send(envelope(f"{SHELL}/{operation}", body, **{"shell": self.shell, **options}))

    async def command(self, line: str, stdin: bool = False) -> str:
        body = f"<rsp:CommandLine><rsp:Command>{line}</rsp:Command></rsp:CommandLine>"
        options = {"WINRS_CONSOLEMODE_STDIN": "FALSE" if stdin else "TRUE"}
        answer = await self.ask("Command", body, options=options)
        assert answer.status == 200, answer.text("f:Message")
        return answer.text("rsp:CommandId")

    async def feed(self, command: str, data: bytes, end: bool = True) -> Answer:
        stream = f'<rsp:Stream Name="stdin" CommandId="{command}" End="{str(end).lower()}">'
        return await self.ask("Send", f"<rsp:Send>{stream}{base64.b64encode(data).decode()}</rsp:Stream></rsp:Send>")

    async def receive(self, command: str, **options: Any) -> Answer:
        body = f'<rsp:Receive><rsp:DesiredStream CommandId="{command}">stdout stderr</rsp:DesiredStream></rsp:Receive>'
        return await self.ask("Receive", body, **options)

    async def signal(self, command: str, name: str = f"{SHELL}/signal/terminate") -> Answer:
        return await self.ask("Signal", f'<rsp:Signal CommandId="{command}"><rsp:Code>{name}</rsp:Code></rsp:Signal>')


Scenario = Callable[[Client], Coroutine[Any, Any, None]]


@pytest.fixture
def play(host: FakeHost, engine: FakeEngine) -> Callable[..., None]:
    def run(scenario: Scenario, quotas: Quotas | None = None, user: str = "lab") -> None:
        async def main() -> None:
            service = Service(host, engine, quotas)
            try:
                await scenario(Client(service, user))
            finally:
                service.close()

        asyncio.run(asyncio.wait_for(main(), 20))

    return run


def test_identify(play: Callable[..., None]) -> None:
    async def scenario(client: Client) -> None:
        answer = await client.send(envelope("", "<wsmid:Identify/>"))
        assert answer.text("wsmid:ProductVersion") == "OS: 10.0.20348 SP: 0.0 Stack: 3.0"
        anonymous = Answer(await client.service.handle(envelope("", "<wsmid:Identify/>"), None))
        assert anonymous.text("wsmid:ProductVersion") == "OS: 0.0.0 SP: 0.0 Stack: 3.0"
        refused = Answer(await client.service.handle(envelope(f"{TRANSFER}/Create"), None))
        assert (refused.status, refused.code) == (500, 5)

    play(scenario)


def test_a_command_with_input(play: Callable[..., None], engine: FakeEngine, host: FakeHost) -> None:
    async def scenario(client: Client) -> None:
        created = await client.create(
            options={"WINRS_CODEPAGE": "65001"},
            body=(
                "<rsp:WorkingDirectory>C:\\w</rsp:WorkingDirectory>"
                '<rsp:Environment><rsp:Variable Name="temp">T</rsp:Variable></rsp:Environment>'
            ),
        )
        assert created.text("a:RelatesTo") == "uuid:11111111-2222-3333-4444-555555555555"
        assert created.one("w:Selector").text == client.shell
        command = await client.command(encoded("$input"), stdin=True)
        assert (await client.feed(command, "ä\r\n".encode(), end=False)).status == 200
        assert not engine.scripts
        await client.feed(command, b"b")
        answer = await client.receive(command)
        assert answer.done
        assert answer.streams("stdout") == b"script: $input\r\n"
        assert answer.text("rsp:ExitCode") == "0"
        assert (await client.signal(command)).status == 200
        deleted = await client.send(envelope(f"{TRANSFER}/Delete", shell=client.shell))
        assert deleted.status == 200
        assert (await client.receive(command)).code == 2150858843

    play(scenario)
    session, request = engine.scripts[0]
    assert list(request.input_lines) == ["ä", "b"]
    assert session.environment["TEMP"] == "T"
    assert session.working_directory == "C:\\w"
    assert (host.counters.values["winrm:shells"], host.counters.values["winrm:commands"]) == (1, 1)
    assert (host.counters.values["winrm:processes"], host.counters.values["winrm:processes_ended"]) == (1, 1)


def test_code_page_of_the_console(play: Callable[..., None], engine: FakeEngine) -> None:
    async def scenario(client: Client) -> None:
        await client.create(options={"WINRS_CODEPAGE": "850"})
        command = await client.command(encoded("ü€"), stdin=True)
        await client.feed(command, b"\x81")
        assert (await client.receive(command)).streams("stdout") == b"script: \x81?\r\n"
        assert list(engine.scripts[0][1].input_lines) == ["ü"]
        refused = await client.create(options={"WINRS_CODEPAGE": "9"})
        assert "unknown WINRS_CODEPAGE '9'" in refused.text("f:Message")

    play(scenario)


def test_long_output_comes_in_parts_that_fit(play: Callable[..., None], engine: FakeEngine) -> None:
    text = "x" * 400_000 + "ü\r\n"
    engine.on_script = lambda session, request: ProcessResult(text, "err\r\n", 0xFFFFFFFF)

    async def scenario(client: Client) -> None:
        await client.create(options={"WINRS_CODEPAGE": "65001"})
        command = await client.command(encoded("x"))
        out, err, parts = b"", b"", 0
        while True:
            reply = await client.service.handle(
                envelope(
                    f"{SHELL}/Receive",
                    f'<rsp:Receive><rsp:DesiredStream CommandId="{command}"/></rsp:Receive>',
                    shell=client.shell,
                ),
                "lab",
            )
            assert len(reply.envelope) <= 153600
            answer, parts = Answer(reply), parts + 1
            out, err = out + answer.streams("stdout"), err + answer.streams("stderr")
            if answer.done:
                break
        assert (out.decode(), err, parts) == (text, b"err\r\n", 4)
        assert answer.text("rsp:ExitCode") == "4294967295"

    play(scenario)


def test_receive_times_out_and_goes_on(play: Callable[..., None], engine: FakeEngine) -> None:
    release = threading.Event()

    def slow(session: Any, request: Any) -> ProcessResult:
        release.wait(10)
        return ProcessResult("late\r\n")

    engine.on_script = slow

    async def scenario(client: Client) -> None:
        await client.create()
        command = await client.command(encoded("x"))
        answer = await client.receive(command, timeout="PT0.01S")
        assert (answer.status, answer.code, answer.subcode) == (500, 2150858793, "w:TimedOut")
        assert answer.text("f:Message").startswith(
            "The WS-Management service cannot complete the operation within the time"
        )
        release.set()
        assert (await client.receive(command)).streams("stdout") == b"late\r\n"

    play(scenario)


def test_signals_end_a_command(play: Callable[..., None], engine: FakeEngine) -> None:
    release = threading.Event()
    engine.on_script = lambda session, request: ProcessResult(str(release.wait(10)))

    async def scenario(client: Client) -> None:
        await client.create()
        command = await client.command(encoded("x"))
        waiting = asyncio.create_task(client.receive(command))
        await asyncio.sleep(0)
        assert (await client.signal(command)).status == 200
        assert (await waiting).code == 995
        assert (await client.receive(command)).code == 87
        interrupted = await client.command(encoded("x"))
        await client.signal(interrupted, f"{SHELL}/signal/ctrl_c")
        assert (await client.receive(interrupted)).text("rsp:ExitCode") == str(0xC000013A)
        assert "unknown signal 'x'" in (await client.signal(interrupted, "x")).text("f:Message")
        release.set()

    play(scenario)


@pytest.mark.parametrize(
    ("data", "code", "subcode", "message"),
    [
        (envelope("urn:x"), 2150858771, "a:ActionNotSupported", "unknown action 'urn:x'"),
        (
            envelope(f"{soap.ENUMERATION}/Enumerate"),
            2150858818,
            "w:UnsupportedFeature",
            "hvsim: Enumerate is not served.",
        ),
        (envelope(f"{SHELL}/Disconnect"), 2150858818, "w:UnsupportedFeature", "disconnected sessions are not served"),
        (
            envelope(f"{TRANSFER}/Create", "<rsp:Shell/>", uri="urn:wmi"),
            2150858811,
            "w:InvalidResourceURI",
            "'urn:wmi'",
        ),
        (
            envelope(f"{TRANSFER}/Create", "<rsp:Shell/>", uri=f"{soap.POWERSHELL}/JEA"),
            2150858811,
            "w:InvalidResourceURI",
            "JEA",
        ),
        (envelope(f"{TRANSFER}/Create"), 2150858817, "w:SchemaValidationError", "rsp:Shell is missing"),
        (envelope(f"{TRANSFER}/Delete"), 2150858842, "w:InvalidSelectors", "did not contain all required selectors"),
        (
            envelope(f"{TRANSFER}/Delete", shell="NO"),
            2150858843,
            "w:InvalidSelectors",
            "with ShellId NO failed because the shell",
        ),
        (
            envelope(f"{TRANSFER}/Create", "<rsp:Shell/>", timeout="soon"),
            2150858817,
            "w:SchemaValidationError",
            "'soon' is not a dur",
        ),
        (envelope("", message=""), 2150858769, "a:MessageInformationHeaderRequired", "a:Action is missing"),
        (b"<x", 2150858819, "w:SchemaValidationError", "the XML is invalid"),
        (b"<x/>", 2150858817, "w:SchemaValidationError", "not a SOAP 1.2 envelope"),
        (
            b'<!DOCTYPE x [<!ENTITY e "e">]>' + envelope("urn:&e;"),
            2150858819,
            "w:SchemaValidationError",
            "document type",
        ),
        (
            b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + envelope("x"),
            2150858819,
            "w:SchemaValidationError",
            "document type",
        ),
    ],
)
def test_faults(play: Callable[..., None], data: bytes, code: int, subcode: str, message: str) -> None:
    async def scenario(client: Client) -> None:
        answer = await client.send(data)
        assert (answer.status, answer.code, answer.subcode) == (500, code, subcode)
        assert message in answer.text("f:Message")
        assert answer.one("f:WSManFault").get("Machine") == "HV01"

    play(scenario)


def test_headers_that_must_be_understood(play: Callable[..., None]) -> None:
    async def scenario(client: Client) -> None:
        header = b'<rsp:CompressionType env:mustUnderstand="true">xpress</rsp:CompressionType><a:Action>'
        data = envelope(f"{TRANSFER}/Create", "<rsp:Shell/>").replace(b"<a:Action>", header)
        answer = await client.send(data)
        assert (answer.code, answer.text("s:Code/s:Value")) == (2150858768, "s:MustUnderstand")
        assert "header 'CompressionType'" in answer.text("f:Message")
        assert (await client.send(data.replace(b'"true"', b'"false"'))).status == 200

    play(scenario)


def test_quotas(play: Callable[..., None], engine: FakeEngine) -> None:
    async def scenario(client: Client) -> None:
        await client.create()
        await client.create()
        refused = await client.create()
        assert (refused.code, refused.text("e:error_Code")) == (2150859173, "2150859173")
        assert "maximum number of 2 concurrent shells" in refused.text("f:Message")
        for _ in range(2):
            await client.signal(await client.command(encoded("x")))
        body = "<rsp:CommandLine><rsp:Command>x</rsp:Command></rsp:CommandLine>"
        refused = await client.ask("Command", body)
        assert (refused.code, refused.text("e:error_Code")) == (2150859174, "2150859174")
        await client.send(envelope(f"{TRANSFER}/Delete", shell=client.shell))
        await client.create()
        await client.command(encoded("x"))

    play(scenario, Quotas(max_shells_per_user=2, max_concurrent_operations_per_user=2))


def test_shells_belong_to_their_user_and_expire(play: Callable[..., None], host: FakeHost) -> None:
    host.users[1].is_administrator = True

    async def scenario(client: Client) -> None:
        await client.create("<rsp:IdleTimeOut>PT0S</rsp:IdleTimeOut>")
        await asyncio.sleep(0.001)
        assert (await client.receive("X")).code == 2150858843
        await client.create()
        other = Client(client.service, "reader")
        other.shell = client.shell
        assert (await other.receive("X")).subcode == "w:AccessDenied"

    play(scenario)


def test_only_some_accounts_may_log_on(play: Callable[..., None]) -> None:
    async def scenario(client: Client) -> None:
        answer = await client.create()
        assert (answer.code, answer.text("f:Message")) == (5, "Access is denied. ")

    play(scenario, user="reader")


def test_other_programs_are_refused_by_name(play: Callable[..., None]) -> None:
    async def scenario(client: Client) -> None:
        await client.create()
        answer = await client.receive(await client.command("ipconfig"))
        assert answer.text("rsp:ExitCode") == "1"
        assert answer.streams("stderr") == b"hvsim: unsupported: program 'ipconfig'; only PowerShell can be started\r\n"
        answer = await client.receive(await client.command("pwsh -c 1"))
        assert answer.streams("stderr").startswith(b"'pwsh' is not recognized as an internal or external command,")

    play(scenario)


def test_an_engine_that_raises_shows_no_traceback(play: Callable[..., None], engine: FakeEngine) -> None:
    def broken(session: Any, request: Any) -> ProcessResult:
        raise ZeroDivisionError("secret")

    engine.on_script = broken

    async def scenario(client: Client) -> None:
        await client.create()
        answer = await client.receive(await client.command(encoded("x")))
        assert answer.streams("stderr") == b"hvsim: internal error: ZeroDivisionError in the engine\r\n"
        assert answer.text("rsp:ExitCode") == "1"

    play(scenario)


def test_lone_surrogates_leave_as_dotnet_writes_them(play: Callable[..., None], engine: FakeEngine) -> None:
    engine.on_script = lambda session, request: ProcessResult("a\ud800b")

    async def scenario(client: Client) -> None:
        await client.create(options={"WINRS_CODEPAGE": "65001"})
        assert (await client.receive(await client.command(encoded("x")))).streams("stdout").decode() == "a\ufffdb"

    play(scenario)


def test_config_and_shell_can_be_read(play: Callable[..., None]) -> None:
    async def scenario(client: Client) -> None:
        answer = await client.send(envelope(f"{TRANSFER}/Get", uri=soap.CONFIG))
        assert answer.text("cfg:MaxEnvelopeSizekb") == "500"
        await client.create()
        answer = await client.send(envelope(f"{TRANSFER}/Get", shell=client.shell))
        assert answer.text("rsp:Shell/rsp:Owner") == "lab"

    play(scenario)


@pytest.fixture(scope="module")
def anything() -> Callable[[bytes], Reply]:
    def handle(data: bytes) -> Reply:
        async def main() -> Reply:
            return await asyncio.wait_for(Service(FakeHost(), FakeEngine()).handle(data, "lab"), 10)

        return asyncio.run(main())

    return handle


TAGS = st.sampled_from(
    ["rsp:Shell", "rsp:CommandLine", "rsp:Send", "rsp:Stream", "rsp:Receive", "rsp:Signal", "x", "ps:creationXml"]
)
BODIES = st.recursive(
    st.text("AQ= &<>é\0", max_size=8).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.builds(lambda tag, content: f"<{tag}>{content}</{tag}>", TAGS, inner),
    max_leaves=3,
)
ACTIONS = st.sampled_from(
    [f"{TRANSFER}/{a}" for a in ("Create", "Get", "Delete")]
    + [f"{SHELL}/{a}" for a in ("Command", "Send", "Receive", "Signal")]
)
URIS = st.sampled_from([CMD, f"{soap.POWERSHELL}/Microsoft.PowerShell", soap.CONFIG, ""])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    data=st.binary()
    | st.builds(
        lambda action, body, uri, shell: envelope(action, body, uri=uri, shell=shell),
        ACTIONS,
        BODIES,
        URIS,
        st.none() | st.just(str(uuid.UUID(int=1))),
    )
)
def test_any_bytes_get_an_answer(anything: Callable[[bytes], Reply], data: bytes) -> None:
    reply = anything(data)
    assert reply.status in (200, 500)
    answer = Answer(reply)
    if reply.status == 500:
        assert answer.code != 1359, answer.text("f:Message")

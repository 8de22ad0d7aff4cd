# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard input that is larger than memory: in pieces from the client to the disk of the host and back."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pypsrp.powershell
import pypsrp.wsman
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_winrm_service import Client, encoded
from winrm_fakes import FakeEngine

from hvsim.engine.api import ScriptRequest
from hvsim.hyperv.content import Content
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import parse_lab
from hvsim.winrm import adhoc, helpers, standard_input
from hvsim.winrm.payload import HelperRequest
from hvsim.winrm.server import Listener
from hvsim.winrm.service import Service
from hvsim.winrm.standard_input import SEPARATOR, StandardInput

MIB = 2**20
SIZE = 48 * MIB
#: What an upload may take: parts of it on their way through several layers, and never its whole size.
BUDGET = 12 * MIB
UPLOADED = Content.generated(SIZE, "uploaded")
#: For PSRP, with a client that takes its time.
LESS = Content.generated(SIZE // 2, "uploaded")
PATH = "C:\\Windows\\Temp\\big.bin"


@pytest.fixture
def machine() -> Host:
    """A host with the file system of the simulator, which the fakes of the other tests have not."""
    lab = parse_lab("version: 1\nhosts: [{name: HV, users: [{name: lab, password: p, groups: [administrators]}]}]")
    return lab.hosts()[0]


def manifest(name: str, **parameters: Any) -> str:
    """The payload of a helper of ansible-core 2.19 and later, up to its input."""
    body = {"scripts": {}, "actions": [{"name": name, "params": parameters}]}
    return f"{json.dumps({'params': {}})}\n{SEPARATOR}\n{json.dumps(body)}\n{SEPARATOR}\n"


def lines(content: Content, size: int = 250_000) -> Iterator[str]:
    """An upload as Ansible sends it."""
    for piece in content.chunks(size):
        yield base64.b64encode(piece).decode()


def peak(work: Callable[[], object]) -> int:
    """Bytes of Python's memory that *work* needed at the same time."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def assert_arrived(machine: Host, content: Content) -> None:
    assert machine.files.stat(PATH).size == content.size
    assert machine.files.digest(PATH) == content.digest("sha256")


@pytest.mark.parametrize("old", [False, True], ids=["2.19 and later", "before 2.19"])
def test_an_upload_over_winrs_is_never_in_memory_as_a_whole(machine: Host, old: bool) -> None:
    """Before 2.19 a script without a payload decodes what it is piped."""
    script = "bootstrap"
    if old:
        script = (
            f"begin {{ $path = '{PATH}' $DebugPreference = \"Continue\" x }} process {{ "
            "$bytes = [System.Convert]::FromBase64String($input) x Write-Output x }"
        )
    answers = []

    async def main() -> None:
        service = Service(machine, FakeEngine())  # type: ignore[arg-type]
        client = Client(service)
        await client.create(options={"WINRS_CODEPAGE": "65001"})
        command = await client.command(encoded(script), stdin=True)
        if not old:
            await client.feed(command, manifest("winrm_put_file.ps1", Path=PATH).encode(), end=False)
        for line in lines(UPLOADED):
            await client.feed(command, f"{line}\r\n".encode(), end=False)
        await client.feed(command, b"")
        answers.append((await client.receive(command)).streams("stdout"))
        service.close()

    assert peak(lambda: asyncio.run(main())) < BUDGET
    assert json.loads(answers[0]) == {"sha1": UPLOADED.digest("sha1")}
    assert_arrived(machine, UPLOADED)


def connection(listener: Listener) -> pypsrp.wsman.WSMan:
    return pypsrp.wsman.WSMan(
        "127.0.0.1", port=listener.port, ssl=False, auth="basic", encryption="never", username="lab", password="p"
    )


def test_an_upload_over_psrp_is_never_in_memory_as_a_whole(lab: Any, machine: Host) -> None:
    """The client's memory counts too, so its input is a generator."""
    listener = lab.listen(machine, FakeEngine())

    def upload() -> None:
        with connection(listener) as wsman, pypsrp.powershell.RunspacePool(wsman) as pool:
            shell = pypsrp.powershell.PowerShell(pool)
            shell.add_script("bootstrap")
            head = manifest("psrp_put_file.ps1", Path=PATH).splitlines()
            (answer,) = shell.invoke(line for part in (head, lines(LESS, 100_000)) for line in part)
            assert json.loads(answer) == {"sha1": LESS.digest("sha1")}

    assert peak(upload) < BUDGET
    assert_arrived(machine, LESS)


def test_a_download_over_psrp_is_never_in_memory_as_a_whole(lab: Any, machine: Host) -> None:
    """It is sent as fast as the client fetches it."""
    machine.files.write_content(PATH, LESS)
    listener = lab.listen(machine, FakeEngine())
    digest = hashlib.sha256()
    heads = []

    def download() -> None:
        with connection(listener) as wsman, pypsrp.powershell.RunspacePool(wsman) as pool:
            shell = pypsrp.powershell.PowerShell(pool)
            shell.add_script("bootstrap")
            size = 100_000
            shell.begin_invoke(manifest("psrp_fetch_file.ps1", Path=PATH, BufferSize=size).splitlines())
            while shell.state == pypsrp.powershell.PSInvocationState.RUNNING:
                shell.poll_invoke()
                for line in shell.output:
                    if line.startswith("["):
                        heads.append(line)
                    else:
                        digest.update(base64.b64decode(line))
                shell.output.clear()

    assert peak(download) < BUDGET
    assert heads == ["[FILE]"]
    assert digest.hexdigest() == LESS.digest("sha256")


def test_parts_of_a_file_and_its_hash_take_the_memory_of_a_part(machine: Host) -> None:
    machine.files.write_content(PATH, UPLOADED)
    digest = f"If (Test-Path -PathType Leaf '{PATH}') {{ $sp = new-object -TypeName "
    digest += "System.Security.Cryptography.SHA1CryptoServiceProvider; $fp = x } "
    digest += 'ElseIf (Test-Path -PathType Container x) { Write-Output "3"; } Else { Write-Output "1"; }'
    opening = 'param([string]$Path) $ErrorActionPreference = "Stop" if (Test-Path -LiteralPath $path -PathType Leaf) '
    opening += "{ $fs = New-Object -TypeName System.IO.FileStream x"
    reading = 'param([int64]$Offset, [int]$BufferSize) $ErrorActionPreference = "Stop" '
    reading += "$fs.Seek($Offset, [System.IO.SeekOrigin]::Begin) > $null x"
    context = adhoc.Context(machine.files, {}, {})

    def adhoc_output(script: str, *arguments: Any) -> str:
        result = adhoc.run(ScriptRequest(script, arguments), context)
        assert result is not None and result.rc == 0, result
        return result.stdout.strip()

    def work() -> None:
        assert adhoc_output(digest) == UPLOADED.digest("sha1")
        assert adhoc_output(opening, PATH) == ""
        # What was opened stays what it was.
        machine.files.write_bytes(PATH, b"other")
        assert base64.b64decode(adhoc_output(reading, SIZE - 5, 512 * 1024)) == UPLOADED.read(SIZE - 5, 5)
        assert base64.b64decode(adhoc_output(reading, 7, 512 * 1024)) == UPLOADED.read(7, 512 * 1024)
        assert adhoc_output(reading, SIZE, 512 * 1024) == ""
        machine.files.write_content(PATH, UPLOADED)
        parameters = {"Path": PATH, "Offset": 40 * MIB, "BufferSize": 512 * 1024}
        part = helpers.run(HelperRequest("winrm_fetch_file.ps1", parameters), machine.files, {})
        assert base64.b64decode(part.stdout) == UPLOADED.read(40 * MIB, 512 * 1024)

    assert peak(work) < BUDGET


def test_an_upload_that_is_no_base64_leaves_what_was_there(machine: Host) -> None:
    machine.files.write_bytes(PATH, b"before")
    request = HelperRequest("winrm_put_file.ps1", {"Path": PATH}, ["QUFB", "no base64!"])
    result = helpers.run(request, machine.files, {})
    assert (result.rc, result.stderr) == (1, "The input is not a valid Base-64 string.\r\n")
    assert machine.files.read_bytes(PATH) == b"before"


@given(st.text(alphabet="ab\r\n\x0cü🚀\ufeff", max_size=60), st.integers(1, 9))
def test_lines_are_the_same_however_they_are_cut(text: str, block: int) -> None:
    expected = re.split("\r\n|\n|\r", text)
    if expected[-1] == "":
        expected.pop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standard_input, "_BLOCK", block)
        head, found = StandardInput(text.encode()).split("utf-8")
        assert (head, list(found)) == ("", expected)
        assert list(found) == expected, "they can be read again"


@given(st.integers(0, 40), st.integers(1, 9))
def test_the_second_separator_is_found_wherever_it_lies(length: int, block: int) -> None:
    between = "x" * length
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standard_input, "_BLOCK", block)
        head, found = StandardInput(f"\ufeffa{SEPARATOR}{between}{SEPARATOR}\nü\r\nb".encode()).split("utf-8-sig")
        assert (head, list(found)) == (f"a{SEPARATOR}{between}", ["", "ü", "b"])
        head, found = StandardInput(f"a{SEPARATOR}{between}\n".encode()).split("utf-8")
        assert (head, list(found)) == (f"a{SEPARATOR}{between}\n", [])


def test_bytes_that_are_no_text(machine: Host) -> None:
    assert list(StandardInput(b"a\xff\n").split("utf-8")[1]) == ["a\ufffd"]
    lone = StandardInput("\ud800\n".encode("utf-8", "surrogatepass"), errors="surrogatepass")
    assert list(lone.split("utf-8")[1]) == ["\ud800"]
    assert lone.text("utf-8") == "\ud800\n"

# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs behind a command line: helpers, ad-hoc scripts of Ansible, become, async, requirements."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import threading
from typing import Any

import pytest
from winrm_fakes import FakeEngine, FakeHost

from hvsim.engine.api import ProcessResult
from hvsim.winrm.helpers import StreamedResult
from hvsim.winrm.process import Login, ProcessRunner
from hvsim.winrm.standard_input import StandardInput

LOGIN = Login("lab")
READER = Login("reader")
HOME = "C:\\Users\\lab"


@pytest.fixture
def runner(host: FakeHost, engine: FakeEngine) -> ProcessRunner:
    return ProcessRunner(host, engine)


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def module(*before: dict[str, Any], bootstrap: dict[str, Any] | None = None, **arguments: Any) -> str:
    values = {"_ansible_version": "2.21.5", "_ansible_check_mode": False, **arguments}
    params = {"Script": "m.ps1", "ForModule": True, "Variables": [{"Name": "complex_args", "Value": values}]}
    body = {
        "scripts": {"m.ps1": {"script": b64("x")}},
        "actions": [*before, {"name": "module_wrapper.ps1", "params": params}],
    }
    return json.dumps({"params": bootstrap or {}}) + "\n\0\0\0\0\n" + json.dumps(body)


def helper(name: str, lines: str = "", **params: Any) -> str:
    body = {"scripts": {}, "actions": [{"name": name, "params": params}]}
    return json.dumps({"params": {}}) + "\n\0\0\0\0\n" + json.dumps(body) + (f"\n\0\0\0\0\n{lines}" if lines else "")


def run(runner: ProcessRunner, stdin: str, login: Login = LOGIN) -> ProcessResult:
    return runner.run_pipeline(login, "bootstrap", (), StandardInput(stdin.encode()), {})


def result_of(process: ProcessResult) -> dict[str, Any]:
    parsed = json.loads(process.stdout)
    assert isinstance(parsed, dict)
    return parsed


# --- helpers ----------------------------------------------------------------------------------------------------------


def test_mkdtemp_expand_user_and_transfer(runner: ProcessRunner, host: FakeHost) -> None:
    made = run(runner, helper("powershell_mkdtemp.ps1", Directory="%temp%", Name="ansible-tmp-1"))
    directory = f"{HOME}\\AppData\\Local\\Temp\\ansible-tmp-1"
    assert made == ProcessResult(directory + "\r\n")
    assert host.files.is_directory(directory)
    again = run(runner, helper("powershell_mkdtemp.ps1", Directory="%TEMP%", Name="ansible-tmp-1"))
    assert again == ProcessResult("", f"An item with the specified name {directory} already exists.\r\n", 1)
    assert run(runner, helper("powershell_expand_user.ps1", Path="~\\x")).stdout == f"{HOME}\\x\r\n"
    assert run(runner, helper("powershell_expand_user.ps1", Path="~")).stdout == f"{HOME}\r\n"
    assert run(runner, helper("powershell_expand_user.ps1", Path="D:\\x")).stdout == "D:\\x\r\n"

    path = f"{directory}\\f"
    put = run(runner, helper("winrm_put_file.ps1", f"{b64('ab')}\r\n{b64('c')}\r\n", Path=path))
    assert put.stdout == f'{{"sha1":"{hashlib.sha1(b"abc").hexdigest()}"}}\r\n'
    fetch = helper("winrm_fetch_file.ps1", Path=path, BufferSize=2, Offset=2)
    assert run(runner, fetch).stdout == f"{b64('c')}\r\n"
    assert run(runner, helper("winrm_fetch_file.ps1", Path=path, BufferSize=2, Offset=3)).stdout == ""
    fetch = helper("psrp_fetch_file.ps1", Path=path, BufferSize=2)
    whole = run(runner, fetch)
    assert isinstance(whole, StreamedResult)
    assert (whole.stdout, list(whole.lines)) == ("[FILE]\r\n", [b64("ab"), b64("c")])
    command = f"powershell -EncodedCommand {base64.b64encode('bootstrap'.encode('utf-16-le')).decode()}"
    at_once = runner.run_command_line(LOGIN, command, StandardInput(fetch.encode()))
    assert at_once == ProcessResult(f"[FILE]\r\n{b64('ab')}\r\n{b64('c')}\r\n")


def test_helpers_that_fail(runner: ProcessRunner) -> None:
    missing = run(runner, helper("winrm_fetch_file.ps1", Path="C:\\no", BufferSize=2, Offset=0))
    assert missing == ProcessResult("", "C:\\no does not exist\r\n", 1)
    assert run(runner, helper("winrm_fetch_file.ps1", Path=HOME, BufferSize=2, Offset=0)).stdout == "[DIR]\r\n"
    refused = run(runner, helper("winrm_put_file.ps1", "QQ==\n", Path="C:\\no\\such"))
    assert refused == ProcessResult("", "Could not find a part of the path 'C:\\no\\such'.\r\n", 1)
    bad = run(runner, helper("winrm_put_file.ps1", "!\n", Path=f"{HOME}\\x"))
    assert (bad.rc, bad.stderr) == (1, "The input is not a valid Base-64 string.\r\n")
    incomplete = run(runner, helper("winrm_put_file.ps1"))
    assert "parameter Path of winrm_put_file.ps1 is missing" in incomplete.stderr


# --- ad-hoc scripts ---------------------------------------------------------------------------------------------------

STRICT = "Set-StrictMode -Version Latest\n"
PRESERVE = "\nIf (-not $?) { If (Get-Variable LASTEXITCODE -ErrorAction SilentlyContinue) { exit $LASTEXITCODE } Else { exit 1 } }"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("exit -not (Test-Path -LiteralPath C:\\Users)", ProcessResult("", "", 0)),
        ("exit -not (Test-Path -LiteralPath 'C:\\it''s')", ProcessResult("", "", 1)),
        (
            f"{STRICT}If (Test-Path 'C:\\Users')\n{{\n$res = 0;\n}}\nElse\n{{\n$res = 1;\n}}\nWrite-Output '$res';\nExit $res;{PRESERVE}",
            ProcessResult("$res\r\n", "", 0),
        ),
        (
            "try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding } catch {}; (Get-Location).Path",
            ProcessResult(f"{HOME}\r\n"),
        ),
        (
            "try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding } catch {}; Write-Output ((Get-Location).Path + '\\a''b')",
            ProcessResult(f"{HOME}\\a'b\r\n"),
        ),
    ],
)
def test_adhoc_scripts(runner: ProcessRunner, engine: FakeEngine, script: str, expected: ProcessResult) -> None:
    assert runner.run_pipeline(LOGIN, script, (), StandardInput(), {}) == expected
    assert not engine.scripts


def test_remove(runner: ProcessRunner, host: FakeHost, engine: FakeEngine) -> None:
    host.files.make_directory("C:\\it's\\a")
    script = f"{STRICT}Remove-Item 'C:\\it''s\\.' -Force -Recurse;{PRESERVE}"
    assert runner.run_pipeline(LOGIN, script, (), StandardInput(), {}) == ProcessResult("")
    assert not host.files.exists("C:\\it's")
    again = runner.run_pipeline(LOGIN, "Remove-Item C:\\x -Force", (), StandardInput(), {})
    assert again == ProcessResult("", "Cannot find path 'C:\\x' because it does not exist.\r\n", 1)
    assert not engine.scripts


@pytest.mark.parametrize(
    "script", ["Remove-Item C:\\* -Force", "Remove-Item C:\\x -Force -Recurse; Get-VM", "Remove-Item $x -Force"]
)
def test_what_only_looks_like_it_goes_to_the_engine(runner: ProcessRunner, engine: FakeEngine, script: str) -> None:
    runner.run_pipeline(LOGIN, script, (), StandardInput(), {})
    assert engine.scripts[0][1].script == script


# --- become -----------------------------------------------------------------------------------------------------------


def become(user: str, password: str | None = None, **params: Any) -> dict[str, Any]:
    secure = {} if password is None else {"BecomePassword": password}
    return {"name": "become_wrapper.ps1", "params": {"BecomeUser": user, **params}, "secure_params": secure}


@pytest.mark.parametrize(
    ("action", "user"),
    [
        (become("reader", "reads"), "reader"),
        (become(".\\READER", "reads"), "reader"),
        (become("hv01\\reader", "reads"), "reader"),
        (become("reader"), "reader"),
        (become("SYSTEM"), "SYSTEM"),
        (become("NT AUTHORITY\\NetworkService"), "NETWORK SERVICE"),
        (become("anyone", "x", LogonType="NewCredentials"), "lab"),
    ],
)
def test_become(runner: ProcessRunner, action: dict[str, Any], user: str) -> None:
    assert result_of(run(runner, module(action)))["user"] == user


@pytest.mark.parametrize(
    ("login", "action", "text"),
    [
        (
            LOGIN,
            become("reader", "wrong"),
            "Failed to logon .\\reader (The user name or password is incorrect, Win32ErrorCode 1326 - 0x0000052E)",
        ),
        (LOGIN, become("reader", ""), "Failed to logon .\\reader (The user name"),
        (LOGIN, become("nobody", "x"), "Some or all identity references could not be translated."),
        (LOGIN, become("OTHER\\reader", "reads"), "Some or all identity references could not be translated."),
        (
            READER,
            become("SYSTEM"),
            "Failed to get token for NT AUTHORITY\\SYSTEM required for become as a service account",
        ),
        (READER, become("lab"), "Failed to get token for NT AUTHORITY\\SYSTEM"),
    ],
)
def test_become_refused(
    runner: ProcessRunner, engine: FakeEngine, login: Login, action: dict[str, Any], text: str
) -> None:
    process = run(runner, module(action), login)
    result = result_of(process)
    assert (process.rc, result["failed"]) == (1, True)
    assert result["msg"].startswith(
        'failure during exec_wrapper: Exception calling "CreateProcessAsUser" with "9" argument(s): "'
    )
    assert text in result["msg"]
    assert not engine.modules


# --- requirements -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bootstrap", "message"),
    [
        (
            {"MinOSVersion": "10.0.26100"},
            "This module cannot run on this OS as it requires a minimum version of 10.0.26100, actual was 10.0.20348",
        ),
        (
            {"MinPSVersion": "7.2"},
            'This module cannot run as it requires a minimum PowerShell version of 7.2, actual was "5.1.20348.1"',
        ),
        ({"PwshPath": "pwsh"}, "Could not find the specified PowerShell interpreter 'pwsh'."),
        (
            {"PwshPath": "C:\\x\\powershell.exe"},
            "Could not find the specified PowerShell interpreter 'C:\\x\\powershell.exe'.",
        ),
    ],
)
def test_unmet_requirements(runner: ProcessRunner, bootstrap: dict[str, Any], message: str) -> None:
    process = run(runner, module(bootstrap=bootstrap))
    assert (process.rc, result_of(process)) == (1, {"failed": True, "msg": message})


@pytest.mark.parametrize(
    "bootstrap",
    [
        {"MinOSVersion": "6.2", "MinPSVersion": "5.1", "PwshPath": "powershell"},
        {"PwshPath": "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"},
    ],
)
def test_met_requirements(runner: ProcessRunner, bootstrap: dict[str, Any]) -> None:
    assert result_of(run(runner, module(bootstrap=bootstrap)))["ping"] == "pong"


def test_a_host_with_powershell_7(runner: ProcessRunner, host: FakeHost) -> None:
    host.powershell = "7"
    assert result_of(run(runner, module(bootstrap={"PwshPath": "pwsh", "MinPSVersion": "7"})))["ping"] == "pong"


# --- async ------------------------------------------------------------------------------------------------------------


def asynchronous(timeout: int) -> list[dict[str, Any]]:
    job = {"AsyncDir": "%USERPROFILE%\\.ansible_async", "AsyncJid": "j7", "StartupTimeout": 5}
    return [
        {"name": "async_wrapper.ps1", "params": job},
        {"name": "async_watchdog.ps1", "params": {"Timeout": timeout}},
    ]


def finished(host: FakeHost, path: str) -> dict[str, Any]:
    for thread in threading.enumerate():
        if thread.name.startswith("job-"):
            thread.join(10)
    content = json.loads(host.files.read_bytes(path))
    assert isinstance(content, dict)
    return content


def test_async(runner: ProcessRunner, host: FakeHost, engine: FakeEngine) -> None:
    release = threading.Event()

    def work(session: Any, request: Any) -> ProcessResult:
        release.wait(10)
        return ProcessResult('junk {"changed": true} tail\r\n')

    engine.on_module = work
    started = result_of(run(runner, module(*asynchronous(20))))
    path = started["results_file"]
    assert path == f"{HOME}\\.ansible_async\\{started['ansible_job_id']}"
    assert started["ansible_job_id"].startswith("j7.")
    assert (started["started"], started["finished"], started["_ansible_suppress_tmpdir_delete"]) == (True, False, True)
    assert json.loads(host.files.read_bytes(path)) == started
    release.set()
    assert finished(host, path) == {
        **started,
        "finished": True,
        "changed": True,
        "warnings": ["Module invocation had junk after the JSON data: tail"],
    }


@pytest.mark.parametrize(
    ("timeout", "output", "message"),
    [
        (0, None, "failure during async watchdog: timed out waiting for module completion"),
        (10, "no json", "failure during async watchdog: No start of json char found in module result"),
        (10, "} {", "failure during async watchdog: No end of json char found in module result"),
    ],
)
def test_async_that_fails(
    runner: ProcessRunner, host: FakeHost, engine: FakeEngine, timeout: int, output: str | None, message: str
) -> None:
    release = threading.Event()

    def work(session: Any, request: Any) -> ProcessResult:
        if output is None:
            release.wait(10)
        return ProcessResult(output or "{}", "err")

    engine.on_module = work
    started = result_of(run(runner, module(*asynchronous(timeout))))
    content = finished(host, started["results_file"])
    release.set()
    assert (content["failed"], content["msg"], content["finished"]) == (True, message, True)


def test_async_before_2_19_counts_in_numbers(runner: ProcessRunner, host: FakeHost) -> None:
    body = {
        "module_entry": b64("x"),
        "module_args": {"_ansible_version": "2.18.1", "_ansible_check_mode": False},
        "actions": ["async_wrapper", "async_watchdog", "module_powershell_wrapper"],
        "async_jid": "j1",
        "async_timeout_sec": 10,
        "environment": {"ANSIBLE_ASYNC_DIR": "%TEMP%\\a"},
    }
    started = result_of(run(runner, "x\0\0\0\0" + json.dumps(body)))
    assert (started["started"], started["finished"]) == (1, 0)
    assert started["started"] is not True
    assert finished(host, started["results_file"])["finished"] == 1


# --- logs -------------------------------------------------------------------------------------------------------------


def test_nothing_secret_is_logged(runner: ProcessRunner, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run(runner, module(become("reader", "reads"), token="topsecret"))
    assert "m.ps1" in caplog.text
    assert not any(secret in caplog.text for secret in ("topsecret", "reads"))

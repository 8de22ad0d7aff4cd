# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.engine.api import ModuleRequest, ScriptRequest
from hvsim.winrm import payload
from hvsim.winrm.payload import Async, Become, HelperRequest, Payload, PayloadError
from hvsim.winrm.standard_input import StandardInput


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def manifest(
    *actions: dict[str, Any], scripts: dict[str, str] | None = None, bootstrap: dict[str, Any] | None = None
) -> str:
    head = {"name": "exec_wrapper", "script": "never run", "params": bootstrap or {}}
    body = {
        "scripts": {name: {"path": name, "script": b64(text)} for name, text in (scripts or {}).items()},
        "actions": [{"params": {}, "secure_params": {}, **action} for action in actions],
        "signed_hashlist": [],
    }
    return f"{json.dumps(head)}\n\0\0\0\0\n{json.dumps(body)}"


def decode(script: str, arguments: tuple[Any, ...], text: str) -> Payload:
    """As the shells do it."""
    return payload.decode(script, arguments, *StandardInput(text.encode()).split("utf-8"))


def module(**params: Any) -> dict[str, Any]:
    variables = [{"Name": "complex_args", "Value": {"a": "ü", "_ansible_version": "2.21.5"}, "Scope": "Global"}]
    return {
        "name": "module_wrapper.ps1",
        "params": {"Script": "m.ps1", "ForModule": True, "Variables": variables, **params},
    }


SCRIPTS = {"m.ps1": "\ufeff'source'", "u.psm1": "util"}


def test_module_of_2_19_and_later() -> None:
    action = module(Environment={"A": "1", "B": True}, PowerShellModules=["u.psm1"], CSharpModules=["Ansible.Basic.cs"])
    decoded = decode("bootstrap", (), manifest(action, scripts=SCRIPTS, bootstrap={"PwshPath": "powershell"}))
    assert decoded.work == ModuleRequest(
        "m.ps1", "'source'", {"a": "ü", "_ansible_version": "2.21.5"}, "2.21", {"u.psm1": "util"}, ("Ansible.Basic.cs",)
    )
    assert decoded.environment == {"A": "1", "B": "True"}
    assert (decoded.interpreter, decoded.become, decoded.asynchronous) == ("powershell", None, None)
    assert decoded.label == "m.ps1"


def test_wrappers_of_2_19_and_later() -> None:
    text = manifest(
        {
            "name": "become_wrapper.ps1",
            "params": {"BecomeUser": "bob", "LogonType": "Batch"},
            "secure_params": {"BecomePassword": "hush"},
        },
        {
            "name": "async_wrapper.ps1",
            "params": {"AsyncDir": "%USERPROFILE%\\.a", "AsyncJid": "j1", "StartupTimeout": 5},
        },
        {"name": "async_watchdog.ps1", "params": {"Timeout": 45}},
        module(),
        scripts=SCRIPTS,
        bootstrap={"MinOSVersion": "10.0", "MinPSVersion": "5.1"},
    )
    decoded = decode("bootstrap", (), text)
    assert decoded.become == Become("bob", "hush", "Batch")
    assert decoded.asynchronous == Async("%USERPROFILE%\\.a", "j1", 45)
    assert (decoded.min_os_version, decoded.min_ps_version) == ("10.0", "5.1")
    assert "hush" not in repr(decoded)


def test_script_action_and_helper() -> None:
    action = {"name": "module_wrapper.ps1", "params": {"Script": "s.ps1", "Environment": {}}}
    decoded = decode("bootstrap", (), manifest(action, scripts={"s.ps1": "& C:\\s.ps1; exit $LASTEXITCODE"}))
    assert decoded.work == ScriptRequest("& C:\\s.ps1; exit $LASTEXITCODE")
    text = manifest({"name": "winrm_put_file.ps1", "params": {"Path": "C:\\x"}}) + "\n\0\0\0\0\nQQ==\r\nQg==\r\n"
    work = decode("b", (), text).work
    assert isinstance(work, HelperRequest)
    assert (work.name, work.parameters, list(work.input_lines)) == (
        "winrm_put_file.ps1",
        {"Path": "C:\\x"},
        ["", "QQ==", "Qg=="],
    )


def old(**changes: Any) -> str:
    body = {
        "module_entry": b64("'source'"),
        "actions": ["module_powershell_wrapper"],
        "environment": {},
        "module_args": {"_ansible_module_name": "ns.col.thing", "_ansible_version": "2.18.19"},
        "powershell_modules": {"Ansible.ModuleUtils.Legacy": b64("util")},
        "csharp_utils": {},
        "csharp_utils_module": ["Ansible.Basic"],
        "min_ps_version": None,
        "min_os_version": None,
        **changes,
    }
    return "exec wrapper source\n\n\0\0\0\0" + json.dumps(body)


def test_module_before_2_19() -> None:
    decoded = decode("bootstrap", (), old())
    work = decoded.work
    assert isinstance(work, ModuleRequest)
    assert (work.name, work.version) == ("ansible_collections.ns.col.plugins.modules.thing.ps1", "2.18")
    assert work.powershell_utils == {"Ansible.ModuleUtils.Legacy.psm1": "util"}
    assert work.csharp_utils == ("Ansible.Basic.cs",)
    assert decoded.before_2_19


def test_wrappers_before_2_19() -> None:
    decoded = decode(
        "bootstrap",
        (),
        old(
            actions=["become_wrapper", "async_wrapper", "async_watchdog", "module_script_wrapper"],
            environment={"ANSIBLE_ASYNC_DIR": "%TEMP%"},
            async_jid="j2",
            async_timeout_sec=7,
            become_user="bob",
            become_password=None,
            become_flags="logon_type=new_credentials logon_flags=",
        ),
    )
    assert decoded.work == ScriptRequest("'source'")
    assert decoded.become == Become("bob", None, "NewCredentials")
    assert decoded.asynchronous == Async("%TEMP%", "j2", 7)


def test_anything_else_is_a_script() -> None:
    work = decode("$input", ("x",), "a\r\nb\x0cc\n").work
    assert isinstance(work, ScriptRequest)
    assert (work.script, work.arguments, list(work.input_lines)) == ("$input", ("x",), ["a", "b\x0cc"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (manifest(), "no action"),
        (
            manifest({"name": "coverage_wrapper.ps1"}, module(), scripts=SCRIPTS),
            "unsupported: exec wrapper action 'coverage_",
        ),
        (manifest({"name": "future.ps1"}), "unsupported: exec wrapper action 'future.ps1'"),
        (manifest(module()), "Could not find the script 'm.ps1'."),
        (manifest(module(Variables=[{"Name": "x", "Value": 1}]), scripts=SCRIPTS), "unsupported: variable 'x'"),
        (manifest(module(), scripts=SCRIPTS)[:-20], "not JSON"),
        ("{]\0\0\0\0{}", "not JSON"),
        ("x\0\0\0\0[]", "the payload is not an object"),
        (
            old(actions=["coverage_wrapper", "module_powershell_wrapper"]),
            "unsupported: exec wrapper action 'coverage_wrapper'",
        ),
        (old(module_entry="%%"), "module_entry is not Base64"),
        ("x\0\0\0\0" + "[" * 100_000, "not JSON of at most 200 levels"),
    ],
)
def test_malformed(text: str, message: str) -> None:
    with pytest.raises(PayloadError, match=message):
        decode("bootstrap", (), text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["become_wrapper.ps1", "async_wrapper.ps1", "async_watchdog.ps1", "module_wrapper.ps1", *payload.HELPERS]
)
KEYS = st.sampled_from(
    [
        "Script",
        "ForModule",
        "Variables",
        "Environment",
        "CSharpModules",
        "PowerShellModules",
        "BecomeUser",
        "BecomePassword",
        "LogonType",
        "AsyncDir",
        "AsyncJid",
        "Timeout",
        "Path",
        "Name",
        "Value",
    ]
)
ACTIONS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES | JSON},
        optional={
            "params": st.dictionaries(KEYS, JSON, max_size=5) | JSON,
            "secure_params": st.dictionaries(KEYS, JSON, max_size=2) | JSON,
        },
    )
)
TEXTS = (
    st.text()
    | st.text().map(lambda text: text + "\0\0\0\0" + text)
    | st.binary().map(lambda data: data.decode("utf-8", "replace") + "\0\0\0\0")
    | st.builds(
        lambda head, actions, scripts: (
            f"{json.dumps({'params': head})}\n\0\0\0\0\n" + json.dumps({"actions": actions, "scripts": scripts})
        ),
        JSON,
        ACTIONS,
        JSON,
    )
    | st.dictionaries(st.sampled_from(list(json.loads(old().partition("\0\0\0\0")[2]))), JSON).map(
        lambda changes: old(**changes)
    )
)


@given(TEXTS)
def test_any_input_decodes_or_is_refused(text: str) -> None:
    try:
        decode("bootstrap", (), text)
    except PayloadError as error:
        assert str(error)


def test_brackets_in_strings_do_not_nest() -> None:
    value = "[{" * 5000 + '"\\"'
    action = module(
        Variables=[{"Name": "complex_args", "Value": {"a": value, "_ansible_version": "2.21.5"}, "Scope": "Global"}]
    )
    decoded = decode("bootstrap", (), manifest(action, scripts=SCRIPTS))
    assert isinstance(decoded.work, ModuleRequest)
    assert decoded.work.arguments["a"] == value

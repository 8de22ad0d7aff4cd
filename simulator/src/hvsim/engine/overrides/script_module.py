# SPDX-License-Identifier: GPL-3.0-or-later
"""``win_powershell``: the module's own text shapes options, output and errors; only the runspace with its C# host is Python."""

from __future__ import annotations

import re
from typing import Any

from hvsim.engine.api import ModuleRequest, ProcessResult, Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.overrides import override
from hvsim.engine.overrides.bridge import Task, body_of, head_of, run_source
from hvsim.engine.runspace import HostText, Result, Runspace
from hvsim.hyperv.file_errors import FileSystemError
from hvsim.lang.errors import ParseError, Unsupported
from hvsim.lang.text import to_utf16
from hvsim.runtime import interpreter, objects, types
from hvsim.runtime.collections import Hashtable
from hvsim.runtime.scriptblock import parse_exception
from hvsim.runtime.values import Array, Char

NAME = "ansible.windows.win_powershell"
_FUNCTIONS = re.compile(r"^Function Convert-OutputObject \{.*?(?=^\$creates = )", re.M | re.S)
_TAIL = re.compile(r"^\$module\.Result\.host_out = \$.*$", re.M)
_HOST_TEXT = re.compile(r"^\$module\.Result\.host_(?:out|err) = \$.*$", re.M)
_FRAME = """
$hvsimRun = [Hvsim.StandIn]::Run('ansible.windows.win_powershell', $module)
$result = $hvsimRun.Ansible
$psOutput = $hvsimRun.Output
$ps = $hvsimRun
$module.Result.host_out = $hvsimRun.HostOut
$module.Result.host_err = ''
"""
_PREFERENCE = "System.Management.Automation.ActionPreference"
_ACTIONS = {"stop": "Stop", "continue": "Continue", "silently_continue": "SilentlyContinue"}
_SUPPORTS = re.compile(
    r"\[CmdletBinding\((?:[^)]*,\s*)?SupportsShouldProcess(?:\s*=\s*\$true)?(?:\s*,[^)]*)?\)\]", re.I
)


@override(NAME)
def win_powershell(session: Session, request: ModuleRequest) -> ProcessResult:
    functions = _FUNCTIONS.search(request.source)
    end = _TAIL.search(request.source)
    if functions is None or end is None:
        raise Unsupported(f"this version of {NAME}")
    tail = _HOST_TEXT.sub("", request.source[end.start() :])
    return run_source(session, request, head_of(request.source) + functions[0] + _FRAME + tail)


def _run(task: Task) -> Any:
    _refuse_options(task)
    _skip_if_done(task)
    text, file = _script(task)
    supports = _SUPPORTS.search(text) is not None
    if task.check_mode and not supports:
        task.set(changed=True, msg="skipped, running in check mode")
        task.exit()
    runspace = new_runspace(task.session())
    ctx = runspace.ctx
    ansible = _ansible_variable(task)
    ctx.set_variable("global:Ansible", ansible)
    action = _ACTIONS[task.option("error_action")]
    ctx.set_variable("global:ErrorActionPreference", types.enum(_PREFERENCE, action))
    directory = task.option("chdir")
    if directory:
        runspace.run("Set-Location -LiteralPath '" + directory.replace("'", "''") + "'")
    host: list[HostText] = []
    outcome = _invoke(task, runspace, text, file, _parameters(task, supports), host)
    shown = ctx.get_variable("global:Ansible")
    return _answer(shown, outcome, host)


body_of(NAME, _run)


def _refuse_options(task: Task) -> None:
    for option in ("executable", "arguments"):
        if task.option(option):
            raise Unsupported(f"option {option} of win_powershell (no second PowerShell to start)")


def _skip_if_done(task: Task) -> None:
    creates, removes = task.option("creates"), task.option("removes")
    if creates and task.host.files.exists(creates):
        task.set(msg=f"skipped, since {creates} exists")
        task.exit()
    if removes and not task.host.files.exists(removes):
        task.set(msg=f"skipped, since {removes} does not exist")
        task.exit()


def _script(task: Task) -> tuple[str, str | None]:
    if task.option("script") is not None:
        return task.option("script"), None
    path = str(task.option("path"))
    try:
        return task.host.files.read_bytes(path).decode("utf-8-sig", "replace"), path
    except FileSystemError:
        task.fail(f"Could not find or access '{path}' on Windows host")
        raise


def _ansible_variable(task: Task) -> Any:
    pairs = [
        ("CheckMode", task.check_mode),
        ("Verbosity", task.module.verbosity),
        ("Result", Hashtable()),
        ("Diff", Hashtable()),
        ("Changed", True),
        ("Failed", False),
        ("Tmpdir", task.module.tmpdir),
    ]
    return objects.custom_object(pairs)


def _parameters(task: Task, supports_should_process: bool) -> dict[str, Any]:
    given = task.raw_option("parameters")
    named: dict[str, Any] = dict(given.items()) if given is not None else {}
    for secret in task.option("sensitive_parameters") or []:
        named[secret["name"]] = _secret(task, secret)
    if supports_should_process:
        named = {name: value for name, value in named.items() if name.lower() not in ("confirm", "whatif")}
        named.update(Confirm=False, WhatIf=task.check_mode)
    return named


def _secret(task: Task, secret: dict[str, Any]) -> Any:
    def secure(text: str | None) -> Any:
        value = objects.construct(task.ctx, types.get("System.Security.SecureString"), [])
        for char in to_utf16(text or ""):
            objects.invoke_member(task.ctx, value, "AppendChar", [Char(char)])
        return value

    if secret.get("username"):
        credential = types.get("System.Management.Automation.PSCredential")
        return objects.construct(task.ctx, credential, [to_utf16(secret["username"]), secure(secret.get("password"))])
    return secure(secret.get("value"))


def _invoke(task: Task, runspace: Runspace, text: str, file: str | None, named: dict[str, Any], host: list[HostText]) -> Result:
    try:
        outcome = runspace.run(text, file=file, named={to_utf16(name): value for name, value in named.items()}, host=host)
    except ParseError as error:
        task.set(failed=True)
        return Result(errors=[interpreter.record_of(runspace.ctx, parse_exception(error, to_utf16(text)))])
    if outcome.terminating is not None:
        task.set(failed=True)
        outcome.errors.append(outcome.terminating)
    return outcome


def _answer(ansible: Any, outcome: Result, host: list[HostText]) -> Any:
    printed = "".join(item.text + ("\r\n" if item.new_line else "") for item in host)
    streams = objects.custom_object(
        [
            ("Error", Array(outcome.errors)),
            ("Warning", Array(outcome.warning)),
            ("Verbose", Array(outcome.verbose)),
            ("Debug", Array(outcome.debug)),
            ("Information", Array(outcome.information)),
        ]
    )
    return objects.custom_object(
        [
            ("Ansible", ansible),
            ("Output", Array(outcome.output)),
            ("Streams", streams),
            ("HostOut", printed),
        ]
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-core 2.16–2.21 sends to a Windows target, decoded (ansible-exec.md 2.3).

The wrapper scripts in the payload are never run: the shape of standard input says which kind of request it is, and the
names of the actions in it say what to do.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hvsim.engine.api import ModuleRequest, ScriptRequest
from hvsim.winrm import bounded_json
from hvsim.winrm.standard_input import SEPARATOR

HELPERS = frozenset(
    {
        "powershell_mkdtemp.ps1",
        "powershell_expand_user.ps1",
        "winrm_put_file.ps1",
        "winrm_fetch_file.ps1",
        "psrp_put_file.ps1",
        "psrp_fetch_file.ps1",
    }
)


class PayloadError(Exception):
    """A payload that is malformed or asks for something hvsim does not serve; the text names it, never its values."""


@dataclass(frozen=True)
class Become:
    """``become_method: runas``. *password* is None when the task has none."""

    user: str
    password: str | None = field(default=None, repr=False)
    logon_type: str = "Interactive"


@dataclass(frozen=True)
class Async:
    """A task with ``async``: directory of the result file (unexpanded), job id, seconds the job may run."""

    directory: str
    job_id: str
    timeout: int


@dataclass(frozen=True)
class HelperRequest:
    """One of the connection plugins' own scripts (``HELPERS``), served natively. Its lines may be more than fit into memory."""

    name: str
    parameters: Mapping[str, Any]
    input_lines: Iterable[str] = ()


@dataclass(frozen=True)
class Payload:
    """A decoded request with everything that ansible's wrappers would have arranged around it.

    Attributes:
        before_2_19: sent by an ansible-core whose wrappers report some things differently.
    """

    work: ModuleRequest | ScriptRequest | HelperRequest
    environment: Mapping[str, str] = field(default_factory=dict)
    become: Become | None = None
    asynchronous: Async | None = None
    interpreter: str | None = None
    min_os_version: str | None = None
    min_ps_version: str | None = None
    before_2_19: bool = False

    @property
    def label(self) -> str:
        """Name for debug logs."""
        return getattr(self.work, "name", "script")


def decode(script: str, arguments: Sequence[Any], stdin: str, lines: Iterable[str] = ()) -> Payload:
    """Decode one PowerShell process: its script, the script's arguments and standard input.

    Args:
        stdin, lines: standard input as ``StandardInput.split`` gives it.

    Raises:
        PayloadError: malformed, or of a shape that no supported ansible-core sends.
    """
    if SEPARATOR not in stdin:
        return Payload(ScriptRequest(script, tuple(arguments), lines))
    text = stdin.lstrip("\ufeff")
    head, _, rest = text.partition(SEPARATOR)
    if head.lstrip().startswith("{"):
        return _decode_manifest(head, rest, lines)
    return _decode_exec_wrapper(rest)


# --- ansible-core 2.19 and later -------------------------------------------------------------------------------------


def _decode_manifest(head: str, manifest_text: str, lines: Iterable[str]) -> Payload:
    bootstrap = _mapping(_json(head), "the bootstrap manifest")
    wrapper = _mapping(bootstrap.get("params") or {}, "params of the bootstrap manifest")
    manifest = _mapping(_json(manifest_text), "the exec manifest")
    actions = [_mapping(action, "an action") for action in _list(manifest.get("actions"), "actions")]
    if not actions:
        raise PayloadError("hvsim: the exec manifest has no action")
    environment: dict[str, str] = {}
    become: Become | None = None
    job: dict[str, Any] = {}
    for action in actions[:-1]:
        name, params = _text(action.get("name"), "name of an action"), _mapping(action.get("params") or {}, "params")
        if name == "become_wrapper.ps1":
            become = _become(params, _mapping(action.get("secure_params") or {}, "secure_params"))
        elif name in ("async_wrapper.ps1", "async_watchdog.ps1"):
            job.update(params)
        else:
            raise PayloadError(f"hvsim: unsupported: exec wrapper action {name!r}")
    name = _text(actions[-1].get("name"), "name of an action")
    params = _mapping(actions[-1].get("params") or {}, "params")
    work: ModuleRequest | ScriptRequest | HelperRequest
    if name == "module_wrapper.ps1":
        work = _wrapped(params, _mapping(manifest.get("scripts"), "scripts"))
        environment = _environment(params.get("Environment"))
    elif name in HELPERS:
        work = HelperRequest(name, params, lines)
    else:
        raise PayloadError(f"hvsim: unsupported: exec wrapper action {name!r}")
    return Payload(
        work,
        environment,
        become,
        _job(job) if job else None,
        _optional(wrapper.get("PwshPath"), "PwshPath"),
        _optional(wrapper.get("MinOSVersion"), "MinOSVersion"),
        _optional(wrapper.get("MinPSVersion"), "MinPSVersion"),
    )


def _wrapped(params: Mapping[str, Any], scripts: Mapping[str, Any]) -> ModuleRequest | ScriptRequest:
    name = _text(params.get("Script"), "Script")
    source = _script(scripts, name)
    if not params.get("ForModule"):
        return ScriptRequest(source)
    arguments: Mapping[str, Any] = {}
    for variable in _list(params.get("Variables") or [], "Variables"):
        if _mapping(variable, "a variable").get("Name") != "complex_args":
            raise PayloadError(f"hvsim: unsupported: variable {variable.get('Name')!r} for the module")
        arguments = _mapping(variable.get("Value"), "complex_args")
    utils = [_text(util, "a module util") for util in _list(params.get("PowerShellModules") or [], "PowerShellModules")]
    csharp = [_text(util, "a C# util") for util in _list(params.get("CSharpModules") or [], "CSharpModules")]
    return ModuleRequest(
        name, source, arguments, _version(arguments), {util: _script(scripts, util) for util in utils}, tuple(csharp)
    )


def _script(scripts: Mapping[str, Any], name: str) -> str:
    if name not in scripts:
        raise PayloadError(f"Could not find the script '{name}'.")
    return _base64(_mapping(scripts[name], "a script").get("script"), name)


def _become(params: Mapping[str, Any], secure: Mapping[str, Any]) -> Become:
    password = secure.get("BecomePassword")
    if password is not None and not isinstance(password, str):
        raise PayloadError("hvsim: BecomePassword is not a text")
    return Become(
        _text(params.get("BecomeUser"), "BecomeUser"),
        password,
        _text(params.get("LogonType", "Interactive"), "LogonType"),
    )


def _job(params: Mapping[str, Any]) -> Async:
    return Async(
        _text(params.get("AsyncDir"), "AsyncDir"),
        _text(params.get("AsyncJid"), "AsyncJid"),
        _number(params.get("Timeout"), "Timeout"),
    )


# --- ansible-core before 2.19 ----------------------------------------------------------------------------------------


def _decode_exec_wrapper(text: str) -> Payload:
    manifest = _mapping(_json(text), "the payload")
    actions = [_text(action, "an action") for action in _list(manifest.get("actions"), "actions")]
    known = {"become_wrapper", "async_wrapper", "async_watchdog", "module_powershell_wrapper", "module_script_wrapper"}
    for action in actions:
        if action not in known:
            raise PayloadError(f"hvsim: unsupported: exec wrapper action {action!r}")
    environment = _environment(manifest.get("environment"))
    source = _base64(manifest.get("module_entry"), "module_entry")
    arguments = _mapping(manifest.get("module_args"), "module_args")
    if not actions:
        raise PayloadError("hvsim: the payload has no action")
    work: ModuleRequest | ScriptRequest
    if actions[-1] == "module_script_wrapper":
        work = ScriptRequest(source)
    else:
        utils = _mapping(manifest.get("powershell_modules") or {}, "powershell_modules")
        csharp = [
            _text(util, "a C# util") for util in _list(manifest.get("csharp_utils_module") or [], "csharp_utils_module")
        ]
        work = ModuleRequest(
            _file_name(_text(arguments.get("_ansible_module_name", ""), "_ansible_module_name")),
            source,
            arguments,
            _version(arguments),
            {f"{util}.psm1": _base64(code, util) for util, code in utils.items()},
            tuple(f"{util}.cs" for util in csharp),
        )
    become = None
    if "become_wrapper" in actions:
        become = _become_before_2_19(manifest)
    job = None
    if "async_wrapper" in actions:
        job = Async(
            _text(environment.get("ANSIBLE_ASYNC_DIR"), "ANSIBLE_ASYNC_DIR"),
            _text(manifest.get("async_jid"), "async_jid"),
            _number(manifest.get("async_timeout_sec"), "async_timeout_sec"),
        )
    return Payload(
        work,
        environment,
        become,
        job,
        None,
        _optional(manifest.get("min_os_version"), "min_os_version"),
        _optional(manifest.get("min_ps_version"), "min_ps_version"),
        before_2_19=True,
    )


def _become_before_2_19(manifest: Mapping[str, Any]) -> Become:
    password = manifest.get("become_password")
    if password is not None and not isinstance(password, str):
        raise PayloadError("hvsim: become_password is not a text")
    logon_type = "Interactive"
    for flag in (manifest.get("become_flags") or "").split():
        key, _, value = str(flag).partition("=")
        if key.lower() == "logon_type":
            logon_type = "".join(part.capitalize() for part in value.split("_"))
    return Become(_text(manifest.get("become_user"), "become_user"), password, logon_type)


def _file_name(module: str) -> str:
    """The name that 2.19 and later would have sent: modules are known by it everywhere else."""
    parts = module.split(".")
    if len(parts) == 3 and parts[:2] not in (["ansible", "legacy"], ["ansible", "builtin"]):
        return f"ansible_collections.{parts[0]}.{parts[1]}.plugins.modules.{parts[2]}.ps1"
    return f"{module}.ps1"


# --- typed access ----------------------------------------------------------------------------------------------------



def _json(text: str) -> Any:
    try:
        return bounded_json.loads(text)
    except bounded_json.TooDeep as error:
        raise PayloadError(f"hvsim: the payload is not {error}") from None
    except ValueError as error:
        detail = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise PayloadError(f"hvsim: the payload is not JSON: {detail}") from None


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PayloadError(f"hvsim: {what} is not an object")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise PayloadError(f"hvsim: {what} is not a list")
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise PayloadError(f"hvsim: {what} is not a text")
    return value


def _optional(value: Any, what: str) -> str | None:
    return None if value is None else _text(value, what)


def _number(value: Any, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise PayloadError(f"hvsim: {what} is not a number")
    return value


def _base64(value: Any, what: str) -> str:
    try:
        return base64.b64decode(_text(value, what), validate=True).decode("utf-8-sig")
    except (binascii.Error, ValueError):
        raise PayloadError(f"hvsim: {what} is not Base64 of UTF-8") from None


def _environment(value: Any) -> dict[str, str]:
    variables = _mapping({} if value is None else value, "environment")
    return {name: "" if content is None else str(content) for name, content in variables.items()}


def _version(arguments: Mapping[str, Any]) -> str:
    version = _text(arguments.get("_ansible_version", ""), "_ansible_version")
    return ".".join(version.split(".")[:2])

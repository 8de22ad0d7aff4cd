# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of ``Ansible.Basic.AnsibleModule`` that scripts see."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.ansible.basic import MODULE, AnsibleModule
from hvsim.library.ansible.converters import (
    CONVERTERS,
    from_json,
    to_json,
)
from hvsim.library.ansible.masking import mask
from hvsim.library.ansible.state import state_of
from hvsim.runtime import convert
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord, NetException
from hvsim.runtime.members import constructor, getter, method, setter, static_getter, static_method, static_setter
from hvsim.runtime.values import AUTOMATION_NULL

# ---- members -------------------------------------------------------------------------------------------------------------

_PROPERTIES = {
    "AnsibleVersion": ("ansible_version", "System.String"),
    "CheckMode": ("check_mode", "System.Boolean"),
    "DebugMode": ("debug_mode", "System.Boolean"),
    "DiffMode": ("diff_mode", "System.Boolean"),
    "KeepRemoteFiles": ("keep_remote_files", "System.Boolean"),
    "ModuleName": ("module_name", "System.String"),
    "NoLog": ("no_log", "System.Boolean"),
    "TargetLogInfo": ("target_log_info", "System.String"),
    "TracebacksFor": ("tracebacks_for", "System.String[]"),
    "Verbosity": ("verbosity", "System.Int32"),
}


def _register_properties() -> None:
    for name, (slot, kind) in _PROPERTIES.items():

        def read(self: AnsibleModule, slot: str = slot) -> Any:
            return getattr(self, slot)

        getter(MODULE, name, type=kind)(read)


_register_properties()
_STRING_MAP = "System.Collections.Generic.Dictionary[string,System.Object]"


@getter(MODULE, "Params", type="System.Collections.IDictionary")
def _params(self: AnsibleModule) -> Any:
    return self.params


@getter(MODULE, "Result", type=_STRING_MAP)
def _result(self: AnsibleModule) -> Any:
    return self.result


@setter(MODULE, "Result")
def _set_result(self: AnsibleModule, value: Any) -> None:
    self.result = value


@getter(MODULE, "Diff", type=_STRING_MAP)
def _diff(self: AnsibleModule) -> Any:
    return self.diff


@setter(MODULE, "Diff")
def _set_diff(self: AnsibleModule, value: Any) -> None:
    self.diff = value


@getter(MODULE, "Tmpdir", type="System.String")
def _tmpdir(self: AnsibleModule) -> Any:
    if self.tmpdir is None:
        self.tmpdir = _make_tmpdir(self)
    return self.tmpdir


def _make_tmpdir(module: AnsibleModule) -> str:
    """A directory of its own under the remote temporary path, as the C# code makes on first use."""
    ctx = module.ctx
    if ctx.machine.files is None or not ctx.machine.is_windows:
        raise Unsupported("Ansible.Basic Tmpdir on a machine without files, or without Windows' access control")
    template = convert.to_string(ctx, module.remote_tmp) if module.remote_tmp is not None else "%TEMP%"
    parent = CONVERTERS["path"](ctx, template)
    path = f"{parent}\\ansible-moduletmp-{ctx.machine.process_id}-{len(module.state.console)}"
    ctx.machine.files.make_directory(path, True)
    return str(path)


@static_method(
    MODULE,
    "Create",
    overloads=[
        "(string[], System.Collections.IDictionary) -> Ansible.Basic.AnsibleModule",
        "(string[], System.Collections.IDictionary, System.Collections.IDictionary[]) -> Ansible.Basic.AnsibleModule",
    ],
    context=True,
)
def _create(ctx: ExecutionContext, _args: Any, spec: Any, fragments: Any = None) -> AnsibleModule:
    return AnsibleModule(ctx, spec, list(fragments or ()))


@constructor(
    MODULE,
    overloads=[
        "(string[], System.Collections.IDictionary)",
        "(string[], System.Collections.IDictionary, System.Collections.IDictionary[])",
    ],
    context=True,
)
def _construct(ctx: ExecutionContext, _type: Any, _args: Any, spec: Any, fragments: Any = None) -> AnsibleModule:
    return AnsibleModule(ctx, spec, list(fragments or ()))


@method(MODULE, "ExitJson", overloads=["() -> void"])
def _exit_json(self: AnsibleModule) -> Any:
    self.exit_json()


@method(
    MODULE,
    "FailJson",
    overloads=[
        "(string) -> void",
        "(string, System.Management.Automation.ErrorRecord) -> void",
        "(string, System.Exception) -> void",
    ],
)
def _fail_json(self: AnsibleModule, message: Any, cause: ErrorRecord | NetException | None = None) -> Any:
    self.fail_json("" if message is None else message, cause)


@method(MODULE, "Warn", overloads=["(string) -> void"])
def _warn(self: AnsibleModule, message: Any) -> Any:
    self.warn("" if message is None else message)
    return AUTOMATION_NULL


@method(
    MODULE,
    "Deprecate",
    overloads=[
        "(string, string) -> void",
        "(string, string, string) -> void",
        "(string, datetime) -> void",
        "(string, datetime, string) -> void",
    ],
)
def _deprecate(self: AnsibleModule, message: Any, when: Any, collection: Any = None) -> Any:
    self._deprecate(message, when, collection)
    return AUTOMATION_NULL


@method(MODULE, "Debug", overloads=["(string) -> void"])
def _debug(self: AnsibleModule, _message: Any) -> Any:
    return AUTOMATION_NULL


@method(
    MODULE,
    "LogEvent",
    overloads=["(string) -> void", "(string, System.Object) -> void", "(string, System.Object, bool) -> void"],
)
def _log_event(self: AnsibleModule, _message: Any, *details: Any) -> Any:
    if details:
        raise Unsupported("LogEvent of Ansible.Basic with a kind of entry")
    return AUTOMATION_NULL


@static_method(MODULE, "GetParams", overloads=["(string[]) -> System.Collections.IDictionary"], context=True)
def _get_params(ctx: ExecutionContext, args: Any) -> Any:
    if args:
        raise Unsupported("Ansible.Basic GetParams of a file")
    return ctx.get_variable("complex_args")


@static_method(MODULE, "ParseSid", overloads=["(System.Object) -> System.Object"])
def _parse_sid(_value: Any) -> Any:
    raise Unsupported("Ansible.Basic option type sid")


def _register_delegates() -> None:
    """The fields that Ansible's own unit tests replace: modules that do are refused."""
    for name in ("Exit", "WriteLine", "_DebugArgSpec", "_WrapperWarnings"):

        def refuse(*_args: Any, name: str = name) -> Any:
            raise Unsupported(f"[Ansible.Basic.AnsibleModule]::{name}")

        static_getter(MODULE, name)(refuse)
        static_setter(MODULE, name)(refuse)


_register_delegates()


def _register_statics() -> None:
    for name, kind in (("Bool", "bool"), ("Float", "float"), ("Int", "int"), ("Str", "string")):
        static_method(MODULE, f"Parse{name}", overloads=[f"(System.Object) -> {kind}"], context=True)(
            CONVERTERS[{"Bool": "bool", "Float": "float", "Int": "int", "Str": "str"}[name]]
        )
    for name in ("Dict", "Json", "List", "Path", "Raw"):
        static_method(MODULE, f"Parse{name}", overloads=["(System.Object) -> System.Object"], context=True)(
            CONVERTERS[name.lower()]
        )
    static_method(MODULE, "ToJson", overloads=["(System.Object) -> string"], context=True)(to_json)


_register_statics()


@static_method(MODULE, "FromJson", overloads=["(string) -> System.Object"], context=True)
def _from_json(ctx: ExecutionContext, text: str) -> Any:
    if not state_of(ctx).at_least(2, 20):
        raise Unsupported("Ansible.Basic FromJson of ansible-core before 2.20 (it makes Newtonsoft.Json's objects)")
    return from_json(ctx, text)


@static_method(
    MODULE, "RemoveNoLogValues", overloads=["(System.Object, System.Collections.Generic.HashSet[string]) -> System.Object"], context=True
)
def _remove_no_log_values(ctx: ExecutionContext, value: Any, secrets: Any) -> Any:
    return mask(ctx, value, dict.fromkeys(secrets))


# SPDX-License-Identifier: GPL-3.0-or-later
"""``win_reg_stat`` and ``win_environment``: both go past the registry provider, to ``Microsoft.Win32`` and C#."""

from __future__ import annotations

import re
from typing import Any

from hvsim.engine.overrides.bridge import Task, stand_in
from hvsim.hyperv.registry import RegistryValue
from hvsim.lang.errors import Unsupported

_KINDS = {
    "Binary": "REG_BINARY",
    "String": "REG_SZ",
    "DWord": "REG_DWORD",
    "QWord": "REG_QWORD",
    "MultiString": "REG_MULTI_SZ",
    "ExpandString": "REG_EXPAND_SZ",
}
_REG_STAT = """@{
    options = @{
        path = @{ type = 'str'; required = $true; aliases = @('key') }
        name = @{ type = 'str'; aliases = @('entry', 'value', 'property') }
    }
    supports_check_mode = $true
}"""
_MACHINE = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_USER = r"HKCU\Environment"


@stand_in("ansible.windows.win_reg_stat", spec=_REG_STAT)
def win_reg_stat(task: Task) -> None:
    task.no_invocation()
    path, name = task.option("path"), task.option("name")
    if not re.match(r"^HK(CC|CR|CU|LM|U):\\", path, re.I):
        task.fail(f"path: {path} is not a valid registry path, see module documentation for examples.")
    hive = path.partition(":")[0].upper()
    if hive not in ("HKLM", "HKCU"):
        raise Unsupported(f"registry hive {hive}")
    registry = task.host.registry
    if not registry.exists(path):
        task.set(exists=False)
        return
    values = {value.name.lower(): value for value in registry.values(path)}
    if name is None:
        properties = {value.name: _described(task, value) for value in values.values()}
        task.set(exists=True, properties=properties, sub_keys=registry.subkeys(path))
    elif name.lower() in values:
        task.set(exists=True, **_described(task, values[name.lower()]))
    else:
        task.set(exists=False)


def _described(task: Task, value: RegistryValue) -> dict[str, Any]:
    data: Any = value.data
    raw = data
    if value.kind == "Binary":
        data = list(data)
        raw = [f"0x{byte:02x}" for byte in data]
    elif value.kind == "ExpandString":
        known = {name.lower(): text for name, text in task.machine.environment.items()}
        data = re.sub("%([^%]+)%", lambda match: known.get(match[1].lower(), match[0]), data)
    return {"type": _KINDS[value.kind], "value": data, "raw_value": raw}


@stand_in("ansible.windows.win_environment")
def win_environment(task: Task) -> None:
    level, state = task.option("level"), task.option("state")
    before_all: dict[str, Any] = {}
    after_all: dict[str, Any] = {}
    values: dict[str, Any] = {}
    changed = False
    for name, value in (task.option("variables") or {task.option("name"): task.option("value")}).items():
        if state == "absent" and value:
            task.warn(f"When removing environment variable '{name}' it should not have a value '{value}' set")
            value = None
        elif state == "present" and not value:
            task.fail(
                "When state=present, value must be defined and not an empty string, "
                "if you wish to remove the envvar, set state=absent"
            )
        status = _set_variable(task, level, name, value, state)
        if status["before"]:
            before_all[name] = status["before"]
        if status["after"]:
            after_all[name] = status["after"]
        values[name] = status
        changed = changed or status["changed"]
        task.set(before_value=status["before"], value=status["after"])
    task.diff({level: before_all}, {level: after_all})
    task.set(values=values, env_values=values, changed=changed)


def _set_variable(task: Task, level: str, name: str, value: Any, state: str | None) -> dict[str, Any]:
    before = _current(task, level, name)
    # A [string] parameter turns $null into an empty text.
    wanted = "" if value is None else str(value)
    state = state or ("present" if wanted else "absent")
    changed = before != wanted if state == "present" else before is not None
    if changed and not task.check_mode:
        _store(task, level, name, wanted if state == "present" else None)
    return {"changed": changed, "before": before, "after": wanted}


def _key(level: str) -> str:
    return _USER if level == "user" else _MACHINE


def _current(task: Task, level: str, name: str) -> str | None:
    if level == "process":
        value: str | None = task.machine.environment.get(name)
        return value
    registry = task.host.registry
    if not registry.exists(_key(level)):
        return None
    return next((str(v.data) for v in registry.values(_key(level)) if v.name.lower() == name.lower()), None)


def _store(task: Task, level: str, name: str, value: str | None) -> None:
    if level == "process":
        if value is None:
            task.machine.environment.pop(name, None)
        else:
            task.machine.environment[name] = value
    elif value is None:
        task.host.registry.delete_value(_key(level), name)
    else:
        task.host.registry.set_value(_key(level), name, value, "ExpandString" if "%" in value else "String")

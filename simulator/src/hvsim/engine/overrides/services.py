# SPDX-License-Identifier: GPL-3.0-or-later
"""``win_service`` and ``win_service_info``: they work through the C# class ``SCManager``.

What the model of a service lacks (description, account, dependencies, delayed start) is kept where Windows keeps it, in the
service's registry key.
"""

from __future__ import annotations

from typing import Any

from hvsim.engine.overrides.bridge import Task, stand_in
from hvsim.hyperv.windows import WindowsService
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.runtime import wildcard
from hvsim.runtime.streams import Collector

_SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
_MODES = {"Automatic": "auto", "Manual": "manual", "Disabled": "disabled"}
_TYPES = {"auto": "Automatic", "delayed": "Automatic", "manual": "Manual", "disabled": "Disabled"}
_STARTS = {"Automatic": 2, "Manual": 3, "Disabled": 4}
_ERROR_CONTROLS = ("ignore", "normal", "severe", "critical")
_SYSTEM = r"NT AUTHORITY\SYSTEM"
_REFUSED = (
    "failure_actions", "failure_actions_on_non_crash_failure", "failure_command", "failure_reboot_msg",
    "failure_reset_period_sec", "load_order_group", "pre_shutdown_timeout_ms", "required_privileges", "service_type",
    "sid_info",
)  # fmt: skip
_DETECTED = (
    "description", "display_name", "dependencies", "error_control", "path", "start_mode", "state", "username", "password",
)  # fmt: skip


class Service:
    """One service with what its registry key says."""

    def __init__(self, task: Task, model: WindowsService) -> None:
        self.task = task
        self.model = model
        self.key = f"{_SERVICES}\\{model.name}"

    def read(self, name: str, default: Any = None) -> Any:
        registry = self.task.host.registry
        if not registry.exists(self.key):
            return default
        return next((v.data for v in registry.values(self.key) if v.name.lower() == name.lower()), default)

    def write(self, name: str, value: Any) -> None:
        self.task.host.registry.set_value(self.key, name, value)

    @property
    def start_mode(self) -> str:
        mode = _MODES[self.model.start_type]
        return "delayed" if mode == "auto" and self.read("DelayedAutostart", 0) == 1 else mode

    @start_mode.setter
    def start_mode(self, mode: str) -> None:
        self.model.start_type = _TYPES[mode]
        self.write("Start", _STARTS[_TYPES[mode]])
        self.write("DelayedAutostart", 1 if mode == "delayed" else 0)

    @property
    def account(self) -> str:
        """The account as ``NTAccount`` names it."""
        return normal_account(self.task, str(self.read("ObjectName", "LocalSystem")))

    @property
    def state(self) -> str:
        return {"Running": "started", "Stopped": "stopped", "Paused": "paused"}[self.model.status]

    @property
    def kind(self) -> str:
        return "win32_share_process" if self.read("Type", 16) == 32 else "win32_own_process"

    def described(self) -> dict[str, Any]:
        """What both modules say of a service, and the diff of ``win_service`` too."""
        return {
            "dependencies": list(self.read("DependOnService", []) or []),
            "description": self.read("Description"),
            "desktop_interact": False,
            "display_name": self.model.display_name,
            "error_control": _ERROR_CONTROLS[int(self.read("ErrorControl", 1))],
            "failure_actions": [],
            "failure_actions_on_non_crash_failure": False,
            "failure_command": None,
            "failure_reboot_msg": None,
            "failure_reset_period_sec": 0,
            "load_order_group": "",
            "name": self.model.name,
            "path": self.model.image_path,
            "pre_shutdown_timeout_ms": 180000,
            "required_privileges": [],
            "service_type": self.kind,
            "sid_info": "none",
            "start_mode": self.start_mode,
            "state": self.state,
            "username": self.account,
        }


def normal_account(task: Task, name: str) -> str:
    """An account's name with its domain, as Windows translates a SID back.

    Raises:
        Unsupported: an account that is none of the host's.
    """
    bare = name.rsplit("\\", 1)[-1].lower()
    known = {"localsystem": "SYSTEM", "system": "SYSTEM", "localservice": "LOCAL SERVICE", "local service": "LOCAL SERVICE",
             "networkservice": "NETWORK SERVICE", "network service": "NETWORK SERVICE"}  # fmt: skip
    if bare in known:
        return f"NT AUTHORITY\\{known[bare]}"
    user = task.host.find_user(name)
    if user is None:
        raise Unsupported(f"account {name} (no account of the simulated host)")
    return f"{task.host.name.upper()[:15]}\\{user.name}"


def _find(task: Task, name: str) -> Service | None:
    for model in task.host.services.values():
        if name.lower() in (model.name.lower(), model.display_name.lower()):
            return Service(task, model)
    return None


@stand_in("ansible.windows.win_service_info")
def win_service_info(task: Task) -> None:
    name = task.option("name")
    models = sorted(task.host.services.values(), key=lambda model: model.name.lower())
    found = [model for model in models if not name or model.name.lower() == name.lower()]
    if not found and name:
        matches = wildcard.compile(to_utf16(name))
        found = [m for m in models if matches(to_utf16(m.name)) or m.display_name.lower() == name.lower()]
    task.set(exists=bool(found), services=[_info(Service(task, model)) for model in found])


def _info(service: Service) -> dict[str, Any]:
    running = service.model.status == "Running"
    number = 1000 + 4 * sum(map(ord, service.model.name)) if running else 0
    return {
        **service.described(),
        "checkpoint": 0,
        "controls_accepted": ["stop", "shutdown"] if running else [],
        "dependency_of": [],
        "launch_protection": "none",
        "preferred_node": None,
        "process_id": number,
        "service_exit_code": 0,
        "service_flags": [],
        "triggers": [],
        "wait_hint_ms": 0,
        "win32_exit_code": 0 if running else 1077,
    }


@stand_in("ansible.windows.win_service")
def win_service(task: Task) -> None:
    task.set(exists=False)
    _refuse_options(task)
    name = task.option("name")
    service = _find(task, name)
    before: Any = _diff_of(service) if service else ""
    if task.option("state") == "absent":
        if service:
            _remove(task, service)
        task.diff(before, "")
        return
    after: Any = before
    if service is not None or any(task.option(option) is not None for option in _DETECTED):
        service = service or _create(task, name)
        after = _change(task, service, name)
    task.diff(before, after)
    if after:
        _report(task, service, after)


def _refuse_options(task: Task) -> None:
    for option in _REFUSED:
        if task.option(option) is not None:
            raise Unsupported(f"option {option} of win_service")
    if task.option("desktop_interact"):
        raise Unsupported("option desktop_interact of win_service")


def _diff_of(service: Service) -> dict[str, Any]:
    return {**service.described(), "password": "REDACTED"}


def _remove(task: Task, service: Service) -> None:
    if not task.check_mode:
        if service.model.status != "Stopped":
            _call(task, "Stop-Service", service)
        del task.host.services[service.model.name.lower()]
        if task.host.registry.exists(service.key):
            task.host.registry.delete_key(service.key)
    task.set(changed=True)


def _create(task: Task, name: str) -> Service | None:
    path = task.option("path")
    if path is None:
        task.fail(f"Service '{name}' is not installed, need to set 'path' to create a new service")
    task.set(changed=True)
    if task.check_mode:
        return None
    model = WindowsService(name, name, "Stopped", "Automatic", _expanded(task, path))
    task.host.services[name.lower()] = model
    service = Service(task, model)
    for key, value in (
        ("DisplayName", name),
        ("ObjectName", "LocalSystem"),
        ("Start", 2),
        ("Type", 16),
        ("ErrorControl", 1),
    ):
        service.write(key, value)
    task.host.registry.set_value(service.key, "ImagePath", model.image_path, "ExpandString")
    return service


def _expanded(task: Task, path: str) -> str:
    from hvsim.library.ansible.converters import parse_path

    return parse_path(task.ctx, path)


def _change(task: Task, service: Service | None, name: str) -> dict[str, Any]:
    wanted = {option: task.option(option) for option in _DETECTED if option != "password"}
    if wanted["path"] is not None:
        wanted["path"] = _expanded(task, wanted["path"])
    if wanted["username"] is not None:
        wanted["username"] = normal_account(task, wanted["username"])
    now = service.described() if service else {}
    if wanted["dependencies"] is not None or task.option("dependency_action") != "set":
        wanted["dependencies"] = _dependencies(task, now.get("dependencies", []))
    after = {"desktop_interact": False, "name": service.model.name if service else name, **now}
    after["password"] = "REDACTED"
    for option, value in wanted.items():
        if service is None:
            after[option] = value
        elif value is not None and option != "state":
            after[option] = value
            if now[option] != value:
                task.set(changed=True)
                if not task.check_mode:
                    _apply(task, service, option, value)
    if service is not None and wanted["state"] is not None:
        after["state"] = wanted["state"]
        _apply_state(task, service, wanted["state"])
    elif service is None and after.get("state") is None:
        after["state"] = ""
    return after


def _dependencies(task: Task, current: list[str]) -> list[str]:
    given, action = list(task.option("dependencies") or []), task.option("dependency_action")
    if action == "add":
        return current + [d for d in given if d not in current]
    if action == "remove":
        return [d for d in current if d not in given]
    return given if sorted(given) != sorted(current) else current


def _apply(task: Task, service: Service, option: str, value: Any) -> None:
    if option == "start_mode":
        service.start_mode = value
    elif option == "path":
        service.model.image_path = value
        task.host.registry.set_value(service.key, "ImagePath", value, "ExpandString")
    elif option == "display_name":
        service.model.display_name = value
        service.write("DisplayName", value)
    elif option == "error_control":
        service.write("ErrorControl", _ERROR_CONTROLS.index(value))
    else:
        keys = {"description": "Description", "username": "ObjectName", "dependencies": "DependOnService"}
        service.write(keys[option], "LocalSystem" if value == _SYSTEM else value)


def _apply_state(task: Task, service: Service, state: str) -> None:
    status = service.model.status
    if state == "paused":
        task.fail(f"failed to pause service {service.model.name}: The service does not support pausing")
    commands = {"started": "Start-Service", "stopped": "Stop-Service", "restarted": "Restart-Service"}
    if (state, status) in (("started", "Running"), ("stopped", "Stopped")):
        return
    if not task.check_mode:
        _call(task, commands[state], service)
    task.set(changed=True)


def _call(task: Task, command: str, service: Service) -> None:
    """The cmdlet that the module calls: an error of it that nobody catches ends the module."""
    ctx = task.ctx
    streams = ctx.streams
    ctx.streams = streams.copy()
    ctx.streams.error = errors = Collector()
    try:
        ctx.call(command, named={"Name": to_utf16(service.model.name), "ErrorAction": "Continue"})
    finally:
        ctx.streams = streams
    if errors.items:
        task.unhandled(from_utf16(errors.items[0].message))


def _report(task: Task, service: Service | None, after: dict[str, Any]) -> None:
    state = (service.state if service and after["state"] not in ("restarted", "started") else after["state"]) or ""
    if service is not None and task.check_mode:
        state = after["state"]
    state = state.replace("_", "")
    username = after.get("username")
    task.set(
        exists=True,
        dependencies=after.get("dependencies"),
        description=after.get("description"),
        desktop_interact=after["desktop_interact"],
        display_name=after.get("display_name"),
        name=after["name"],
        path=after.get("path"),
        start_mode=after.get("start_mode"),
        username="LocalSystem" if username == _SYSTEM else username,
        state="running" if state in ("restarted", "started") else state,
        can_pause_and_continue=None if service is None else False,
        depended_by=[],
    )

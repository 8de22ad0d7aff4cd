# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab file: YAML in, hosts out, and for every mistake a line that says where and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path as FilePath
from typing import Any, Final, get_args
from uuid import UUID

from pydantic import BaseModel, ValidationError

from hvsim.hyperv.clock import DEFAULT_START
from hvsim.hyperv.guest import POWERSHELL_DIRECT, Guest, GuestService
from hvsim.hyperv.guest_content import write_files, write_registry
from hvsim.hyperv.guest_power import GuestTimes
from hvsim.hyperv.host import DEFAULT_USERS, Behaviour, Host
from hvsim.hyperv.lab_models import (
    NUMBER_PATTERN,
    GuestSpec,
    HostDefaults,
    HostSpec,
    LabSpec,
    ServiceSpec,
    ServicesSpec,
    VmDefaults,
    VmSpec,
)
from hvsim.hyperv.lab_yaml import LabError, MarkedData, Path, Problem, read_yaml
from hvsim.hyperv.services import BY_KEY
from hvsim.hyperv.users import User
from hvsim.hyperv.vm import ReplicationMode, VMState

__all__ = ["Lab", "LabError", "load_lab", "parse_lab", "schema"]

_MAX_VMS: Final = 200_000
_MAX_PROBLEMS: Final = 20
_SID_BASE: Final = "S-1-5-21-1004336348-1177238915-682003330"


@dataclass(frozen=True)
class _PlannedVm:
    name: str
    id: UUID | None
    index: int
    spec: VmSpec


class Lab:
    """A validated lab. ``hosts()`` builds fresh hosts; each can ``reset()`` itself to this state."""

    def __init__(self, spec: LabSpec, plans: list[list[_PlannedVm]], file: str) -> None:
        self.spec = spec
        self.file = file
        self._plans = plans

    def hosts(self) -> list[Host]:
        """New hosts in the order of the file."""
        return [self._build(spec, plan) for spec, plan in zip(self.spec.hosts, self._plans, strict=True)]

    def _build(self, own: HostSpec, plan: list[_PlannedVm]) -> Host:
        spec = _with_defaults(own, self.spec.defaults.host)
        clock = DEFAULT_START if spec.clock is None else spec.clock

        def populate(host: Host) -> None:
            write_files(host.files, {path: one.seed() for path, one in spec.files.items()})
            write_registry(host.registry, spec.registry)
            for planned in plan:
                _add_vm(host, planned, self.spec.defaults.vm)

        return Host(
            spec.name,
            language=spec.language,
            build=spec.build,
            edition=spec.edition,
            powershell=spec.powershell,
            users=_users(spec),
            clock=None if clock == "system" else clock,
            latency_ms=spec.latency_ms,
            role_installed=spec.hyperv.role_installed,
            module_installed=spec.hyperv.module_installed,
            vmms_running=spec.hyperv.vmms_running,
            behaviour=Behaviour(**spec.behaviour.model_dump(exclude={"kvp"})),
            kvp_behaviour=spec.behaviour.kvp.behaviour(),
            faults=[fault.rule() for fault in spec.faults],
            port=spec.port,
            executables=[one.row() for one in spec.executables],
            populate=populate,
        )


def load_lab(path: str | FilePath) -> Lab:
    """Read a lab file.

    Raises:
        LabError: the file cannot be read or is not a valid lab.
    """
    name = str(path)
    try:
        text = FilePath(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise LabError([Problem(name, 1, "", f"cannot read the lab file ({error.strerror}); check the path")]) from None
    except UnicodeDecodeError as error:
        raise LabError([Problem(name, 1, "", f"not UTF-8 (byte {error.start}); save the file as UTF-8")]) from None
    return parse_lab(text, name)


def parse_lab(text: str, file: str = "<lab>") -> Lab:
    """A lab from its text.

    Raises:
        LabError: the text is not a valid lab.
    """
    marked = read_yaml(text, file)
    if not isinstance(marked.data, dict):
        raise LabError([marked.problem((), "a lab is a mapping with the key 'hosts'; see 'hvsim schema'")])
    try:
        spec = LabSpec.model_validate(marked.data)
    except ValidationError as error:
        problems = [_problem(marked, details) for details in error.errors(include_url=False)]
        raise LabError(problems[:_MAX_PROBLEMS]) from None
    return Lab(spec, _plan(spec, marked), file)


def schema() -> dict[str, Any]:
    """JSON Schema of the lab file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **LabSpec.model_json_schema()}


# -- problems in words


def _problem(marked: MarkedData, details: Any) -> Problem:
    path: Path = tuple(details["loc"])
    kind, context = details["type"], details.get("ctx", {})
    secret = "password" in path
    if kind == "extra_forbidden":
        return marked.problem(path, _unknown_key(path))
    if kind == "missing":
        return marked.problem(path, "is missing; add it")
    if kind == "literal_error":
        given = details["input"] if isinstance(details["input"], str | int | float) else type(details["input"]).__name__
        return marked.problem(path, f"{given!r} is not possible; use {context['expected']}")
    if kind == "value_error":
        return marked.problem(path, str(context["error"]))
    if kind == "string_pattern_mismatch":
        form = _FORMS.get(path[-1], f"a text that matches {context['pattern']}")
        return marked.problem(path, f"{details['input']!r} is not possible; write {form}")
    if kind in _EXPECTED:
        return marked.problem(path, f"{_found(details['input'], secret)} found; {_EXPECTED[kind]}")
    return marked.problem(path, f"{details['msg'][:1].lower()}{details['msg'][1:]}; change the value")


_FORMS: Final[dict[str | int, str]] = {
    "name": "letters, digits and hyphens, as for any computer name",
    "language": "a language with a region, like en-US",
    "version": "a configuration version, like 10.0",
}

_EXPECTED: Final = {
    "bool_type": "write true or false",
    "int_type": "write a whole number",
    "float_type": "write a number",
    "string_type": "write a text, in quotes if it looks like a number",
    "list_type": "write a list, each item on a line with '- '",
    "dict_type": "write a mapping (key: value)",
    "model_type": "write a mapping (key: value)",
    "model_attributes_type": "write a mapping (key: value)",
}


def _found(value: Any, secret: bool) -> str:
    if secret:
        return "another type"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, bool):
        return str(value).lower()
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else str(value)[:40]


def _unknown_key(path: Path) -> str:
    model = _model_at(path[:-1])
    if model is None:
        return "is not known here; remove it"
    known = sorted(model.model_fields)
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    if close:
        return f"unknown key; did you mean '{close[0]}'? Known: {', '.join(known)}"
    if path[-1] == "powershell_direct" and model is ServicesSpec:
        return "has no component on the host; set it as guest.powershell_direct"
    return f"unknown key; known: {', '.join(known)}"


def _model_at(path: Path) -> type[BaseModel] | None:
    model: type[BaseModel] | None = LabSpec
    for part in path:
        if model is None or isinstance(part, int):
            continue
        info = model.model_fields.get(part)
        model = None if info is None else _model_in(info.annotation)
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)


# -- expansion


def _plan(spec: LabSpec, marked: MarkedData) -> list[list[_PlannedVm]]:
    problems: list[Problem] = []
    total = sum(vm.count or 1 for host in spec.hosts for vm in host.vms)
    if total > _MAX_VMS:
        raise LabError([marked.problem(("hosts",), f"{total} VMs are too many; the limit is {_MAX_VMS}")])
    seen_hosts: set[str] = set()
    seen_ports: set[int] = set()
    plans = []
    for number, host in enumerate(spec.hosts):
        if host.name.lower() in seen_hosts:
            problems.append(marked.problem(("hosts", number, "name"), f"host {host.name!r} exists; rename one of them"))
        if host.port is not None and host.port in seen_ports:
            problems.append(marked.problem(("hosts", number, "port"), f"port {host.port} is taken; choose another"))
        seen_hosts.add(host.name.lower())
        seen_ports.update({host.port} if host.port else ())
        plans.append(_plan_host(host, ("hosts", number), marked, problems))
    if problems:
        raise LabError(problems[:_MAX_PROBLEMS])
    return plans


def _plan_host(host: HostSpec, path: Path, marked: MarkedData, problems: list[Problem]) -> list[_PlannedVm]:
    names: set[str] = set()
    ids: set[UUID] = set()
    plan = []
    for number, spec in enumerate(host.vms):
        for planned in _expand(spec):
            if planned.name.lower() in names and planned.id is None:
                problems.append(
                    marked.problem(
                        (*path, "vms", number, "name"),
                        f"{planned.name!r} is the name of another VM of host {host.name!r}; "
                        "rename it, or give this one an 'id' if two VMs shall share the name",
                    )
                )
                break
            if planned.id is not None and planned.id in ids:
                problems.append(marked.problem((*path, "vms", number, "id"), "another VM has this id; choose another"))
                break
            names.add(planned.name.lower())
            ids.update({planned.id} if planned.id else ())
            plan.append(planned)
    return plan


def _expand(spec: VmSpec) -> Iterator[_PlannedVm]:
    if spec.count is None:
        yield _PlannedVm(spec.name, UUID(spec.id) if spec.id else None, 0, spec)
        return
    for index in range(spec.count):
        yield _PlannedVm(_numbered(spec.name, spec.start + index), None, index, spec)


def _numbered(pattern: str, number: int) -> str:
    def digits(match: Any) -> str:
        zero, width = match.group(1), match.group(2)
        if width is None:
            return str(number)
        return str(number).rjust(int(width), "0" if zero else " ")

    return NUMBER_PATTERN.sub(digits, pattern)


# -- building


def _with_defaults(own: Any, defaults: BaseModel) -> Any:
    """A copy of ``own`` in which fields that the file leaves out have the lab's default."""
    update = {
        name: getattr(defaults, name)
        for name in type(defaults).model_fields
        if name in defaults.model_fields_set and name not in own.model_fields_set
    }
    return own.model_copy(update=update)


def _users(spec: HostDefaults) -> tuple[User, ...]:
    if spec.users is None:
        return DEFAULT_USERS
    users = []
    for number, user in enumerate(spec.users):
        rid = 500 if user.name.lower() == "administrator" else 1001 + number
        users.append(User(user.name, user.password, frozenset(user.groups), user.enabled, f"{_SID_BASE}-{rid}"))
    return tuple(users)


def _add_vm(host: Host, planned: _PlannedVm, defaults: VmDefaults) -> None:
    spec: VmSpec = _with_defaults(planned.spec, defaults)
    layers = [defaults.services, planned.spec.services]
    for variation in planned.spec.vary:
        if planned.index >= variation.offset and (planned.index - variation.offset) % variation.every == 0:
            changed = {
                name: getattr(variation, name)
                for name in ("state", "notes", "guest", "kvp")
                if getattr(variation, name) is not None
            }
            spec = spec.model_copy(update=changed)
            layers += [variation.services] if variation.services is not None else []
    services = _merged_services(layers)
    switches = {key: service.enabled for key, service in services.items() if service.enabled is not None}
    vm = host.add_vm(
        planned.name,
        planned.id,
        state=VMState.parse(spec.state),
        generation=spec.generation,
        notes=spec.notes,
        replication_mode=ReplicationMode[spec.replication.upper()],
        guest=_build_guest(spec.guest, services, planned.name),
        created=spec.created,
        uptime=timedelta(hours=spec.uptime_hours) if spec.state in ("running", "paused") else None,
        processor_count=spec.processors,
        memory_startup=spec.memory_mb * 1024 * 1024,
        is_clustered=spec.clustered,
        services=switches,
        **({} if spec.version is None else {"version": spec.version}),
    )
    if spec.kvp is not None:
        spec.kvp.apply(host, vm)


def _merged_services(layers: list[ServicesSpec]) -> dict[str, ServiceSpec]:
    merged: dict[str, ServiceSpec] = {}
    for layer in layers:
        for key in BY_KEY:
            service: ServiceSpec | None = getattr(layer, key)
            if service is not None:
                below = merged.get(key, ServiceSpec())
                merged[key] = below.model_copy(update=service.model_dump(exclude_none=True))
    return merged


def _build_guest(spec: GuestSpec, services: dict[str, ServiceSpec], name: str) -> Guest:
    guest = Guest(
        kind=spec.os,
        os_name=spec.name or "",
        computer_name=spec.computer_name or (name if spec.os != "none" else ""),
        booted=spec.booted,
        responding=spec.responding,
        application_health=spec.health,
        seed=spec.seed,
        times=GuestTimes(spec.boot_seconds, spec.logon_seconds, spec.shutdown_seconds),
        on_shutdown=spec.on_shutdown,
    )
    if spec.direct_protocol != "current":
        guest.service(POWERSHELL_DIRECT).protocol = spec.direct_protocol
    if spec.powershell_direct is not None:
        guest.service(POWERSHELL_DIRECT).state = spec.powershell_direct
    for key, service in services.items():
        inside: GuestService = guest.service(key)
        inside.state = service.guest or inside.state
        inside.protocol = service.protocol or inside.protocol
    return guest

# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab file's format as strict models: every key that a lab may hold, its type and its default."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

from hvsim.hyperv.executables import Executable
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.files import Hold, VirtualFileSystem
from hvsim.hyperv.guest import ApplicationHealth, GuestKind, GuestSeed, Protocol, ServiceState
from hvsim.hyperv.guest_content import FileSeed, check_keys, check_paths
from hvsim.hyperv.guest_power import ShutdownBehaviour
from hvsim.hyperv.lab_kvp import KvpBehaviourSpec, KvpSpec
from hvsim.hyperv.posix_files import PosixFileSystem
from hvsim.hyperv.services import BY_KEY
from hvsim.hyperv.texts import LANGUAGES, primary_language
from hvsim.hyperv.users import ADMINISTRATORS, GUEST_SID_BASE, USERS, User

#: ``{n}`` or ``{n:03d}`` in the name of a fleet.
NUMBER_PATTERN = re.compile(r"\{n(?::(0?)(\d{1,2})d)?\}")

StateName = Literal[
    "running", "off", "saved", "paused", "starting", "stopping", "saving", "pausing", "resuming", "fast_saved",
    "hibernated", "running_critical", "off_critical", "paused_critical", "saved_critical",
]  # fmt: skip
ReplicationName = Literal["none", "primary", "replica", "test_replica", "extended_replica"]
GroupName = Literal["administrators", "hyperv_administrators", "remote_management_users", "users"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _moment(value: Any) -> Any:
    """YAML timestamps, dates and ISO texts; without a time zone they are UTC."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("is not a date and time; write it like 2026-01-15T08:00:00Z") from None
    else:
        raise ValueError("is not a date and time; write it like 2026-01-15T08:00:00Z")
    if not 1980 <= moment.year <= 2200:
        raise ValueError("is outside the years 1980 to 2200; choose a plausible date")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _clock(value: Any) -> Any:
    return value if value == "system" else _moment(value)


_DATE_SCHEMA = {"type": "string", "format": "date-time"}
Moment = Annotated[Any, BeforeValidator(_moment), WithJsonSchema(_DATE_SCHEMA)]
ClockStart = Annotated[Any, BeforeValidator(_clock), WithJsonSchema({"anyOf": [_DATE_SCHEMA, {"const": "system"}]})]


def _edition(value: Any) -> Any:
    return {5.1: "5.1", 7: "7"}.get(value, value) if isinstance(value, int | float) else value


def _guid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise ValueError("is not a GUID; write it like 4f0ac1de-30a5-4c77-9d2b-7a1f5d8e0c11") from None


class ServiceSpec(_Model):
    """One integration service of a VM."""

    enabled: bool | None = Field(
        default=None, description="Switch on the host; default: all but guest_service_interface."
    )
    guest: ServiceState | None = Field(default=None, description="State of the guest's half.")
    protocol: Protocol | None = Field(
        default=None, description="How the guest's protocol version compares with the host's."
    )


def _service(value: Any) -> Any:
    if not isinstance(value, bool | dict):
        raise ValueError("must be true, false or a mapping with enabled, guest, protocol; write one of them")
    return {"enabled": value} if isinstance(value, bool) else value


Service = Annotated[
    ServiceSpec,
    BeforeValidator(_service, json_schema_input_type=bool | ServiceSpec),
    Field(description="true or false, or details."),
]


class ServicesSpec(_Model):
    """Integration services by key; those not named keep Windows' default."""

    guest_service_interface: Service | None = None
    heartbeat: Service | None = None
    key_value_pair_exchange: Service | None = None
    shutdown: Service | None = None
    time_synchronization: Service | None = None
    vss: Service | None = None


class GuestUserSpec(_Model):
    """An account inside the guest."""

    name: str = Field(min_length=1)
    password: str = Field(description="May be empty.")
    administrator: bool = False
    enabled: bool = True
    expired: bool = Field(default=False, description="The password must be changed before the account can log on.")

    def account(self, rid: int) -> User:
        """The account for the model; *rid* ends its SID unless it is the built-in administrator."""
        group = ADMINISTRATORS if self.administrator else USERS
        sid = f"{GUEST_SID_BASE}-{500 if self.name.lower() == 'administrator' else rid}"
        return User(self.name, self.password, frozenset({group}), self.enabled, sid, self.expired)


class FileSpec(_Model):
    """A file; a plain text is one with that ``text``."""

    text: str = Field(default="", description="Content, stored as UTF-8.")
    base64: str | None = Field(default=None, description="Content as Base64 instead.")
    size: int | None = Field(default=None, ge=0, le=2**40, description="A generated content of so many bytes instead.")
    read_only: bool = False
    hidden: bool = False
    locked: bool = Field(default=False, description="Another process has it open: it can be read only.")
    held: Literal["writing", "exclusive"] | None = Field(
        default=None,
        description="Another process writes to it: it can be read by those who share writing; or lets nobody read it.",
    )
    written: Moment | None = Field(default=None, description="Time of the last write.")

    @model_validator(mode="after")
    def _one_content(self) -> FileSpec:
        if sum((bool(self.text), self.base64 is not None, self.size is not None)) > 1:
            raise ValueError("has more than one of 'text', 'base64', 'size'; keep one")
        if self.base64 is not None:
            try:
                b64decode(self.base64, validate=True)
            except ValueError:
                raise ValueError("'base64' is not Base64; encode the bytes again") from None
        return self

    def seed(self) -> FileSeed:
        """The file for the model."""
        content = self.text if self.base64 is None else b64decode(self.base64)
        hold: Hold | None = self.held or ("locked" if self.locked else None)
        return FileSeed(content, self.size, self.read_only, self.hidden, hold, self.written)


def _file(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise ValueError("must be a text or a mapping with text, base64, size, ...; write one of them")
    return {"text": value} if isinstance(value, str) else value


Files = dict[str, Annotated[FileSpec, BeforeValidator(_file, json_schema_input_type=str | FileSpec)]]


class ExecutableSpec(_Model):
    """A program, or one way to call it: the first row of a program whose ``arguments`` fit is taken."""

    path: str = Field(min_length=1, description="Full path, or a bare name that is found anywhere.")
    arguments: str | list[str] = Field(
        default="*", description="Wildcard over the arguments, joined by blanks; or exactly these, as the program sees them."
    )
    stdout: str = ""
    stderr: str = ""
    rc: int = Field(default=0, ge=-(2**31), le=2**32 - 1, description="Exit code.")
    duration: float = Field(default=0, ge=0, le=86_400 * 7, allow_inf_nan=False, description="Simulated seconds.")
    files: dict[str, str | None] = Field(
        default_factory=dict, description="Files that it writes, path to text; null removes one."
    )
    reboots: bool = Field(default=False, description="The guest restarts when it ends.")
    hangs: bool = Field(default=False, description="It never ends.")
    installed: bool = Field(default=True, description="false: a full path is no file before somebody puts it there.")

    def row(self) -> Executable:
        """The program for the model."""
        return Executable(**self.model_dump())


def paths_of(executables: list[ExecutableSpec]) -> list[str]:
    """Files that programs are or write."""
    own = [one.path for one in executables if "\\" in one.path or "/" in one.path]
    return own + [path for one in executables for path, text in one.files.items() if text is not None]


class ConfigurationSpec(_Model):
    """A session configuration of a guest."""

    name: str = Field(min_length=1, max_length=256)
    language_mode: Literal["FullLanguage", "NoLanguage"] = Field(
        default="FullLanguage", description="NoLanguage: scripts are refused, as by endpoints of Just Enough Administration."
    )


def _configuration(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Configuration = Annotated[ConfigurationSpec, BeforeValidator(_configuration, json_schema_input_type=str | ConfigurationSpec)]


class GuestSpec(_Model):
    """What runs inside a VM."""

    os: GuestKind = Field(default="windows", description="windows, linux or none (nothing installed).")
    name: str | None = Field(default=None, description="Product name, e.g. Windows Server 2019 Standard.")
    computer_name: str | None = None
    booted: bool = Field(default=True, description="The operating system has finished booting.")
    responding: bool = Field(default=True, description="false: the guest hangs, all services lose communication.")
    health: ApplicationHealth | None = Field(default=None, description="Application health in the heartbeat.")
    powershell_direct: ServiceState | None = Field(
        default=None, description="State of vmicvmsession; default: running where the system has it."
    )
    language: str = Field(
        default="en-US", pattern=r"^[A-Za-z]{2}(-[A-Za-z]{2,4})?$", description="System language, e.g. de-DE."
    )
    clock_offset: float = Field(default=0, allow_inf_nan=False, description="Seconds ahead of the host's clock.")
    clock_drift: float = Field(
        default=0, allow_inf_nan=False, description="Seconds gained per day without time synchronization."
    )
    users: list[GuestUserSpec] | None = Field(
        default=None, description="Default: Administrator (Linux: root) with the password Lab-Only-1."
    )
    configurations: list[Configuration] = Field(
        default_factory=list,
        description="Session configurations besides Windows PowerShell's own: names, or mappings with language_mode.",
    )
    direct_protocol: Protocol = Field(
        default="current",
        description="older: the guest lacks the updates for the secure handshake of PowerShell Direct.",
    )
    fcopy_uio: bool = Field(default=False, description="Linux: the daemon of kernel tools 6.10 and newer copies files.")
    boot_seconds: float = Field(
        default=20, ge=0, le=86_400, allow_inf_nan=False, description="Power on to services up."
    )
    logon_seconds: float = Field(
        default=10, ge=0, le=86_400, allow_inf_nan=False, description="From then to first logon."
    )
    shutdown_seconds: float = Field(default=8, ge=0, le=86_400, allow_inf_nan=False)
    on_shutdown: ShutdownBehaviour = Field(default="graceful", description="What it does when asked to shut down.")
    files: Files = Field(default_factory=dict, description="Path to text content, or details.")
    disk_free: int | None = Field(default=None, ge=0, description="Bytes left on its disk; default: no limit.")
    registry: dict[str, dict[str, str | int | list[str]]] = Field(
        default_factory=dict, description="Windows: key to values by name."
    )
    executables: list[ExecutableSpec] = Field(default_factory=list, description="Programs besides hvsim's own few.")
    kvp: dict[str, str] = Field(default_factory=dict, description="Key-value pairs that the guest has pushed.")

    @model_validator(mode="after")
    def _possible(self) -> GuestSpec:
        if self.os == "none":
            if self.files or self.registry or self.executables:
                raise ValueError("nothing is installed, so it has no files, registry or executables; drop them")
            return self
        if self.os == "linux" and self.registry:
            raise ValueError("a Linux guest has no registry; drop 'registry'")
        paths = [*self.files, *paths_of(self.executables)]
        check_paths(PosixFileSystem() if self.os == "linux" else VirtualFileSystem(), paths)
        check_keys(self.registry)
        return self

    @cached_property
    def seed(self) -> GuestSeed:
        """What the guest's machine is made with; one for all VMs of a fleet."""
        users = None if self.users is None else tuple(user.account(rid) for rid, user in enumerate(self.users, 1001))
        return GuestSeed(
            users=users,
            files={path: one.seed() for path, one in self.files.items()},
            kvp=self.kvp,
            language=self.language,
            clock_offset=self.clock_offset,
            clock_drift=self.clock_drift,
            configurations={one.name: one.language_mode for one in self.configurations},
            fcopy_uio=self.fcopy_uio,
            executables=tuple(one.row() for one in self.executables),
            registry=self.registry,
            disk_free=self.disk_free,
        )


def _guest(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise ValueError("must be windows, linux, none or a mapping with os, name, ...; write one of them")
    return {"os": value} if isinstance(value, str) else value


Guest = Annotated[GuestSpec, BeforeValidator(_guest, json_schema_input_type=GuestKind | GuestSpec)]


class VmDefaults(_Model):
    """What a VM may have, and what ``defaults.vm`` may set for all."""

    state: StateName = "running"
    generation: Literal[1, 2] = 2
    notes: str = ""
    version: str | None = Field(
        default=None, pattern=r"^\d{1,3}\.\d{1,3}$", description="Configuration version, e.g. 10.0."
    )
    replication: ReplicationName = "none"
    clustered: bool = False
    processors: int = Field(default=2, ge=1, le=2048)
    memory_mb: int = Field(default=2048, ge=32, le=240 * 1024 * 1024)
    created: Moment = Field(default=datetime(2025, 6, 2, 9, 30, tzinfo=UTC), description="Creation time.")
    uptime_hours: float = Field(default=72, ge=0, le=1_000_000, allow_inf_nan=False)
    guest: Guest = Field(default_factory=GuestSpec)
    services: ServicesSpec = Field(default_factory=ServicesSpec)
    kvp: KvpSpec | None = Field(default=None, description="Key-value pairs.")


class VariationSpec(_Model):
    """Differences of every n-th VM of a fleet."""

    every: int = Field(ge=1, le=1_000_000, description="Applies to VM number offset, offset+every, ... (from 0).")
    offset: int = Field(default=0, ge=0, le=1_000_000)
    state: StateName | None = None
    notes: str | None = None
    guest: Guest | None = None
    services: ServicesSpec | None = None
    kvp: KvpSpec | None = None


class VmSpec(VmDefaults):
    """A VM, or a fleet of ``count`` VMs."""

    name: str = Field(min_length=1, description="Any text; in a fleet it holds {n} or {n:03d}.")
    id: Annotated[str, BeforeValidator(lambda value: _guid(value) if isinstance(value, str) else value)] | None = Field(
        default=None, description="GUID; derived from host and name when missing."
    )
    count: int | None = Field(default=None, ge=1, le=100_000)
    start: int = Field(default=1, ge=0, le=1_000_000_000, description="First number of a fleet.")
    vary: list[VariationSpec] = Field(default_factory=list)

    @model_validator(mode="after")
    def _check_fleet(self) -> VmSpec:
        if self.count is None:
            if self.vary or "start" in self.model_fields_set:
                raise ValueError("'vary' and 'start' need 'count'; add it or drop them")
        elif NUMBER_PATTERN.search(self.name) is None:
            raise ValueError("a fleet's name needs its number; write {n} or {n:03d} into 'name'")
        elif self.id is not None:
            raise ValueError("a fleet cannot have one 'id'; drop it, ids follow from the names")
        return self


class UserSpec(_Model):
    """An account of the host. Passwords in a lab protect nothing: never use one that is used elsewhere."""

    name: str = Field(min_length=1)
    password: str
    groups: list[GroupName] = ["users"]
    enabled: bool = True

    @field_validator("name")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if "\\" in value or "@" in value:
            raise ValueError("must not contain '\\' or '@'; write the bare account name")
        return value


class FaultSpec(_Model):
    """Something that goes wrong; rules apply in order."""

    command: str = Field(default="*", min_length=1, description="Cmdlet or CIM method, or * for all.")
    vm: str | None = Field(default=None, description="Name or id, * for each VM; missing: the command as a whole.")
    component: str | None = Field(default=None, description="Service key.")
    error: str | None = Field(default=None, description="Error kind.")
    error_id: str | None = None
    category: str | None = None
    message: str | None = None
    latency_ms: float = Field(default=0, ge=0, le=86_400_000, allow_inf_nan=False)
    times: int | None = Field(default=None, ge=1)
    skip: int = Field(default=0, ge=0)

    @field_validator("component")
    @classmethod
    def _known_component(cls, value: str | None) -> str | None:
        if value is not None and value not in BY_KEY:
            raise ValueError(f"{value!r} is no service key; known: {', '.join(sorted(BY_KEY))}")
        return value

    @model_validator(mode="after")
    def _meaningful(self) -> FaultSpec:
        self.rule()
        return self

    def rule(self) -> FaultRule:
        """The rule that the model applies."""
        return FaultRule(**self.model_dump())


class BehaviourSpec(_Model):
    """Switches for what nobody could verify on a real host (see ASSUMPTIONS.md)."""

    toggle_saved: Literal["allow", "refuse"] = "refuse"
    toggle_paused: Literal["allow", "refuse"] = "allow"
    disabled_status: Literal["ok", "disabled"] = "ok"
    direct_from_powershell7: Literal["works", "needs_endpoint"] = "works"
    not_permitted: Literal["AccessDenied", "Unspecified", "empty"] = "AccessDenied"
    kvp: KvpBehaviourSpec = Field(default_factory=KvpBehaviourSpec)


class HypervSpec(_Model):
    """State of the Hyper-V role."""

    role_installed: bool = True
    module_installed: bool | None = Field(default=None, description="The PowerShell module; default: as the role.")
    vmms_running: bool = True


class HostDefaults(_Model):
    """What a host may have, and what ``defaults.host`` may set for all."""

    language: str = Field(
        default="en-US", pattern=r"^[A-Za-z]{2}(-[A-Za-z]{2,4})?$", description="System language, e.g. de-DE."
    )
    build: int = Field(default=20348, ge=9600, le=99_999, description="Windows build; 20348 is Windows Server 2022.")
    edition: Literal["Standard", "Datacenter"] = "Datacenter"
    powershell: Annotated[
        Literal["5.1", "7"], BeforeValidator(_edition), WithJsonSchema({"enum": ["5.1", "7", 5.1, 7]})
    ] = "5.1"
    users: list[UserSpec] | None = Field(
        default=None, description="Default: Administrator with the password Lab-Only-1."
    )
    clock: ClockStart = Field(
        default=None, description="Start of the host's clock, or system; default 2026-01-15T08:00:00Z."
    )
    latency_ms: float = Field(
        default=0, ge=0, le=86_400_000, allow_inf_nan=False, description="Simulated time per command."
    )
    hyperv: HypervSpec = Field(default_factory=HypervSpec)
    behaviour: BehaviourSpec = Field(default_factory=BehaviourSpec)
    files: Files = Field(default_factory=dict, description="Files of the host: path to text content, or details.")
    registry: dict[str, dict[str, str | int | list[str]]] = Field(
        default_factory=dict, description="Key to values by name."
    )
    executables: list[ExecutableSpec] = Field(default_factory=list, description="Programs of the host.")
    faults: list[FaultSpec] = Field(default_factory=list)

    @model_validator(mode="after")
    def _possible(self) -> HostDefaults:
        check_paths(VirtualFileSystem(), [*self.files, *paths_of(self.executables)])
        check_keys(self.registry)
        return self

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if primary_language(value) not in LANGUAGES:
            raise ValueError(f"no component names for {value!r}; use one of {', '.join(LANGUAGES)} with a region")
        return value

    @field_validator("users")
    @classmethod
    def _distinct_users(cls, value: list[UserSpec] | None) -> list[UserSpec] | None:
        seen: set[str] = set()
        for user in value or ():
            if user.name.lower() in seen:
                raise ValueError(f"user {user.name!r} is given twice; keep one of them")
            seen.add(user.name.lower())
        return value


class HostSpec(HostDefaults):
    """A simulated Hyper-V host."""

    name: str = Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", description="Computer name.")
    port: int | None = Field(default=None, ge=1, le=65535, description="Port that serve uses unless --port is given.")
    vms: list[VmSpec] = Field(default_factory=list)


class DefaultsSpec(_Model):
    """Values for all hosts and VMs that do not say otherwise."""

    host: HostDefaults = Field(default_factory=HostDefaults)
    vm: VmDefaults = Field(default_factory=VmDefaults)


class LabSpec(_Model):
    """A lab file."""

    version: Literal[1] = 1
    defaults: DefaultsSpec = Field(default_factory=DefaultsSpec)
    hosts: list[HostSpec] = Field(min_length=1)

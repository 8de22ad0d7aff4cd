# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands: their metadata, the base class of cmdlets and the registry of built-in ones.

Metadata of cmdlets is recorded data (``metadata/cmdlets.json``, ``cmdlets/metadata/*.json``); functions build the same
classes from their param blocks, so that one binder serves both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar, Final

from hvsim.lang.errors import Unsupported
from hvsim.runtime import edition51
from hvsim.runtime.errors import ErrorRecord, NetException, PSError, StopUpstream
from hvsim.runtime.values import Array, NetObject
from hvsim.runtime.wrappers import wrapped

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.pipeline import CommandRuntime
    from hvsim.runtime.types import NetType

ALL_SETS = "__AllParameterSets"


@dataclass(frozen=True)
class ParameterSetInfo:
    """How a parameter takes part in one parameter set."""

    mandatory: bool = False
    position: int | None = None
    pipeline: bool = False
    pipeline_by_name: bool = False
    remaining: bool = False
    help_message: str | None = None
    dont_show: bool = False


class Validator:
    """A validation attribute. ``validate`` raises ``ValidationFailure`` with the text that follows
    "Cannot validate argument on parameter 'X'. "."""

    name: ClassVar[str] = ""

    def validate(self, ctx: ExecutionContext, value: Any) -> None:
        raise NotImplementedError


class ValidationFailure(Exception):
    """A validator said no; the message is the validator's own, without the parameter's name."""


@dataclass
class ParameterMetadata:
    """One parameter of a cmdlet or an advanced function.

    ``type_name`` is the text of the metadata or, for functions, None together with ``net_type`` set. ``transformations``
    run before the conversion to the type. ``default`` is what an unbound parameter of a function evaluates to
    (the interpreter's business); ``type_is_attribute`` tells that the type is a conversion attribute, as it is in
    script functions (errors then read "Cannot process argument transformation on parameter").
    """

    name: str
    type_name: str | None = None
    aliases: tuple[str, ...] = ()
    sets: dict[str, ParameterSetInfo] = field(default_factory=lambda: {ALL_SETS: ParameterSetInfo()})
    validators: list[Validator] = field(default_factory=list)
    transformations: list[Callable[[ExecutionContext, Any], Any]] = field(default_factory=list)
    allow_null: bool = False
    allow_empty_string: bool = False
    allow_empty_collection: bool = False
    type_is_attribute: bool = False
    explicit_type: NetType | None = None
    default: Any = None
    common: bool = False
    dynamic: bool = False
    of_provider: bool = False
    """Whether the file system provider adds it: the recorded metadata has these among the cmdlet's own."""
    obsolete: str | None = None
    """The message of ``[Obsolete()]``."""
    ps_type_name: str | None = None
    """What ``[PSTypeName()]`` wants among the type names of the argument."""
    declared: list[Any] | None = None
    """The attributes of a function's parameter as they are written: validators, texts (names of parameter sets) for
    ``[Parameter()]``, and (name of the attribute's type, properties)."""

    @property
    def is_special(self) -> bool:
        """Whether binding does more than converting to the type."""
        return bool(self.validators or self.transformations or self.ps_type_name) or self.obsolete is not None

    @cached_property
    def net_type(self) -> NetType | None:
        """The parameter's type, None for one that takes anything."""
        if self.explicit_type is not None or self.type_name is None:
            return self.explicit_type
        from hvsim.runtime import types

        return types.find(self.type_name)

    @cached_property
    def is_switch(self) -> bool:
        if self.explicit_type is not None:
            return self.explicit_type.full_name == "System.Management.Automation.SwitchParameter"
        return self.type_name in ("switch", "System.Management.Automation.SwitchParameter")


@dataclass
class CommandMetadata:
    """What the binder needs to know of a command."""

    name: str
    parameters: dict[str, ParameterMetadata]
    class_name: str = ""
    module: str = ""
    default_set: str | None = None
    should_process: bool = False
    paging: bool = False
    confirm_impact: str = "Medium"
    common_parameters: bool = True
    output_types: tuple[str, ...] = ()

    @property
    def error_source(self) -> str:
        """Second part of the FullyQualifiedErrorId."""
        return self.class_name or self.name

    @cached_property
    def set_names(self) -> list[str]:
        """Names of the parameter sets in order of appearance, without the implicit one."""
        names: dict[str, None] = {}
        if self.default_set and self.default_set != ALL_SETS:
            names[self.default_set] = None
        for parameter in self.parameters.values():
            for name in parameter.sets:
                if name != ALL_SETS:
                    names[name] = None
        return list(names)

    @cached_property
    def common(self) -> tuple[ParameterMetadata, ...]:
        """The common parameters that the command has."""
        return common_parameters(self.should_process, self.paging) if self.common_parameters else ()

    @cached_property
    def all_parameters(self) -> dict[str, ParameterMetadata]:
        """Own and common parameters by name in lower case."""
        merged = {p.name.lower(): p for p in self.parameters.values()}
        for parameter in self.common:
            merged.setdefault(parameter.name.lower(), parameter)
        return merged


_COMMON = (
    ("Verbose", "switch", ("vb",)),
    ("Debug", "switch", ("db",)),
    ("ErrorAction", "System.Management.Automation.ActionPreference", ("ea",)),
    ("WarningAction", "System.Management.Automation.ActionPreference", ("wa",)),
    ("InformationAction", "System.Management.Automation.ActionPreference", ("infa",)),
    ("ProgressAction", "System.Management.Automation.ActionPreference", ("proga",)),
    ("ErrorVariable", "string", ("ev",)),
    ("WarningVariable", "string", ("wv",)),
    ("InformationVariable", "string", ("iv",)),
    ("OutVariable", "string", ("ov",)),
    ("OutBuffer", "int", ("ob",)),
    ("PipelineVariable", "string", ("pv",)),
)
_SHOULD_PROCESS = (("WhatIf", "switch", ("wi",)), ("Confirm", "switch", ("cf",)))
_PAGING = (("IncludeTotalCount", "switch", ()), ("Skip", "System.UInt64", ()), ("First", "System.UInt64", ()))


@cache
def common_parameters(should_process: bool, paging: bool = False) -> tuple[ParameterMetadata, ...]:
    """The common parameters, with WhatIf and Confirm, and those of paging, where a command supports them."""
    rows = _COMMON + (_SHOULD_PROCESS if should_process else ()) + (_PAGING if paging else ())
    return tuple(ParameterMetadata(name, type_name, aliases, common=True) for name, type_name, aliases in rows)


class CommandInfo(NetObject):
    """What ``Get-Command`` returns and ``&`` accepts. ``kind`` is the CommandType's name: Cmdlet, Function, Filter,
    Alias, ExternalScript, Application, Script."""

    __slots__ = ("definition", "kind", "module_name", "name")
    NET = "System.Management.Automation.CommandInfo"

    def __init__(self, name: str, kind: str, module_name: str = "") -> None:
        self.name = name
        self.kind = kind
        self.module_name = module_name
        self.definition = ""

    def metadata(self, ctx: ExecutionContext) -> CommandMetadata:
        """What the binder knows of the command.

        Raises:
            Unsupported: nothing is known; programs have no parameters.
        """
        raise Unsupported(f"the parameters of a command of type {self.kind}")


class CmdletInfo(CommandInfo):
    __slots__ = ("_metadata", "_metadata51", "implementation")
    NET = "System.Management.Automation.CmdletInfo"

    def __init__(self, metadata: CommandMetadata, implementation: type[Cmdlet] | None) -> None:
        super().__init__(metadata.name, "Cmdlet", metadata.module)
        self._metadata = metadata
        self._metadata51: CommandMetadata | None = None
        self.implementation = implementation

    def metadata(self, ctx: ExecutionContext) -> CommandMetadata:
        if ctx.edition != edition51.EDITION:
            return self._metadata
        if self._metadata51 is None:
            self._metadata51 = edition51.metadata(self._metadata)
        return self._metadata51


class AliasInfo(CommandInfo):
    __slots__ = ("description", "options", "target")
    NET = "System.Management.Automation.AliasInfo"

    def __init__(self, name: str, target: str, description: str = "", options: str = "None") -> None:
        super().__init__(name, "Alias")
        self.target = target
        self.definition = target
        self.description = description
        self.options = options

    def metadata(self, ctx: ExecutionContext) -> CommandMetadata:
        """That of the command it stands for."""
        from hvsim.runtime.interpreter import lookup

        return lookup.resolve(ctx, self.target).metadata(ctx)


@dataclass
class Argument:
    """One element of a command call, evaluated.

    ``name`` is the parameter's name as written (without dash) or None for a positional value; ``has_value`` is False
    for a bare ``-Name``. ``splatted`` marks arguments out of ``@x``. ``extent`` of the parameter or of the value.
    """

    name: str | None = None
    value: Any = None
    has_value: bool = True
    splatted: bool = False
    extent: Any = None
    dash_text: str | None = None
    """The token as written (``-Foo`` or ``-Foo:``), which simple functions put into ``$args``."""
    colon: bool = False
    """``-Name:value``: the value belongs to the name whatever the parameter's type."""
    text: str | None = None
    """A number as written, which a string parameter gets instead of the value."""
    value_extent: Any = None
    """Where the value of a named argument stands."""

    @property
    def error_extent(self) -> Any:
        """The place that errors about the value name (``CommandParameterInternal.ErrorExtent``)."""
        return self.extent if self.value_extent is None else self.value_extent


class Cmdlet:
    """Base class of built-in cmdlets. Subclasses override ``begin``, ``process``, ``end``; see ENGINE.md."""

    metadata: ClassVar[CommandMetadata]
    implemented: ClassVar[frozenset[str]]

    def __init__(self, ctx: ExecutionContext, runtime: CommandRuntime) -> None:
        self.ctx = ctx
        self.runtime = runtime
        self.args: dict[str, Any] = {}
        self.parameter_set = ALL_SETS

    # -- to override --------------------------------------------------------------------------------------------------

    @classmethod
    def is_installed(cls, ctx: ExecutionContext) -> bool:
        """Whether the machine has the module of this cmdlet."""
        return True

    def begin(self) -> None:
        """BeginProcessing."""

    def process(self) -> None:
        """ProcessRecord: once per pipeline object, once in all without pipeline input."""

    def end(self) -> None:
        """EndProcessing."""

    def dynamic_parameters(self) -> Mapping[str, ParameterMetadata]:
        """Dynamic parameters, by name; asked after the static ones are bound."""
        return {}

    # -- to use -------------------------------------------------------------------------------------------------------

    def arg(self, name: str, default: Any = None) -> Any:
        return self.args.get(name, default)

    def bound(self, name: str) -> bool:
        return name in self.args

    @property
    def expects_input(self) -> bool:
        """Whether a pipeline feeds this command."""
        return self.runtime.expects_input

    def write(self, value: Any) -> None:
        """One object to the output, as it is."""
        self.runtime.write(wrapped(value) if self.ctx.shows_wrappers else value)

    def write_all(self, value: Any) -> None:
        """The output, a collection's elements one by one."""
        if self.ctx.shows_wrappers:
            from hvsim.runtime import convert

            items = convert.enumerate(value)
            value = wrapped(value) if items is None else Array([wrapped(item) for item in items])
        self.runtime.write_all(value)

    def write_error(self, record: ErrorRecord) -> None:
        self.runtime.write_error(record)

    def error(
        self,
        message: str,
        error_id: str,
        category: str = "NotSpecified",
        target: Any = None,
        *,
        kind: str = "System.Management.Automation.RuntimeException",
        inner: NetException | None = None,
        fields: dict[str, Any] | None = None,
    ) -> None:
        """Builds a record and writes it: a non-terminating error."""
        self.write_error(self.record(message, error_id, category, target, kind=kind, inner=inner, fields=fields))

    def fail(
        self,
        message: str,
        error_id: str,
        category: str = "NotSpecified",
        target: Any = None,
        *,
        kind: str = "System.Management.Automation.RuntimeException",
        inner: NetException | None = None,
        fields: dict[str, Any] | None = None,
    ) -> PSError:
        """ThrowTerminatingError: use as ``raise self.fail(...)``."""
        record = self.record(message, error_id, category, target, kind=kind, inner=inner, fields=fields)
        return self.runtime.terminating(record)

    def record(
        self,
        message: str,
        error_id: str,
        category: str = "NotSpecified",
        target: Any = None,
        *,
        kind: str = "System.Management.Automation.RuntimeException",
        inner: NetException | None = None,
        fields: dict[str, Any] | None = None,
    ) -> ErrorRecord:
        exception = NetException(kind, message, inner, fields)
        if kind.startswith("System.Management.Automation."):
            # Such exceptions know their own record, without the command: `throw $_.Exception` shows it.
            exception.error_record = ErrorRecord(exception, error_id, category, target)
        return ErrorRecord(exception, error_id, category, target)

    def warn(self, text: str) -> None:
        self.runtime.write_warning(text)

    def verbose(self, text: str) -> None:
        self.runtime.write_verbose(text)

    def debug(self, text: str) -> None:
        self.runtime.write_debug(text)

    def should_process(self, target: str, action: str | None = None) -> bool:
        return self.runtime.should_process(target, action)

    def stop_upstream(self) -> None:
        """No more input is wanted (``Select-Object -First``)."""
        raise StopUpstream(self.runtime)


def cmdlet(
    name: str,
    *,
    parameters: Iterable[str] = (),
    metadata: Mapping[str, Any] | None = None,
) -> Callable[[type[Cmdlet]], type[Cmdlet]]:
    """Registers a cmdlet class. ``parameters`` are those it implements; the metadata comes from ``cmdlets.json``
    unless given (same shape as one entry there).

    Raises:
        KeyError: the metadata does not know the cmdlet or one of the parameters.
    """

    def register(implementation: type[Cmdlet]) -> type[Cmdlet]:
        known = _recorded().get(name.lower()) if metadata is None else metadata_from(metadata)
        if known is None:
            raise KeyError(f"no metadata for cmdlet {name}")
        unknown = [p for p in parameters if p not in known.parameters]
        if unknown:
            raise KeyError(f"{name} has no parameter {unknown}")
        implementation.metadata = known
        implementation.implemented = frozenset(parameters)
        _IMPLEMENTED[known.name.lower()] = CmdletInfo(known, implementation)
        return implementation

    return register


#: Dynamic parameters of the file system provider (Microsoft's about_FileSystem_Provider, "Dynamic parameters").
_OF_FILE_SYSTEM: Final = {
    "Add-Content": ("AsByteStream", "Encoding", "NoNewline", "Stream"),
    "Clear-Content": ("Stream",),
    "Copy-Item": ("FromSession", "ToSession"),
    "Get-ChildItem": ("Attributes", "Directory", "File", "FollowSymlink", "Hidden", "ReadOnly", "System"),
    "Get-Content": ("AsByteStream", "Delimiter", "Encoding", "Raw", "Stream", "Wait"),
    "Get-Item": ("Stream",),
    "Remove-Item": ("Stream",),
    "Set-Content": ("AsByteStream", "Encoding", "NoNewline", "Stream"),
    "Test-Path": ("NewerThan", "OlderThan"),
}
_IMPLEMENTED: dict[str, CmdletInfo] = {}
_REFUSED: dict[str, list[Refused]] = {}


def metadata_from(entry: Mapping[str, Any]) -> CommandMetadata:
    """An entry of ``cmdlets.json`` as metadata."""
    from hvsim.runtime import validation

    parameters = {row["name"]: _parameter_from(row, validation.from_metadata) for row in entry["parameters"]}
    for name in _OF_FILE_SYSTEM.get(entry["name"], ()):
        if name in parameters:
            parameters[name].of_provider = True
    return CommandMetadata(
        entry["name"],
        parameters,
        class_name=entry.get("class", ""),
        module=entry.get("module", ""),
        default_set=entry.get("default_set"),
        should_process=bool(entry.get("should_process")),
        confirm_impact=entry.get("confirm_impact", "Medium"),
    )


def _parameter_from(
    row: Mapping[str, Any], validator: Callable[[Mapping[str, Any], str], Validator | None]
) -> ParameterMetadata:
    rules: Sequence[Mapping[str, Any]] = row.get("validate", ())
    return ParameterMetadata(
        row["name"],
        row["type"],
        tuple(row.get("aliases", ())),
        {
            s["set"]: ParameterSetInfo(
                bool(s.get("mandatory")),
                s.get("position"),
                bool(s.get("pipeline")),
                bool(s.get("pipeline_by_name")),
                bool(s.get("remaining")),
            )
            for s in row["sets"]
        },
        [v for v in (validator(rule, row["name"]) for rule in rules) if v is not None],
        allow_null=any(r.get("allow_null") for r in rules),
        allow_empty_string=any(r.get("allow_empty_string") for r in rules),
        allow_empty_collection=any(r.get("allow_empty_collection") for r in rules),
    )


@cache
def _recorded() -> dict[str, CommandMetadata]:
    text = resources.files("hvsim.metadata").joinpath("cmdlets.json").read_text("utf-8")
    return {row["name"].lower(): metadata_from(row) for row in json.loads(text)}


def find_cmdlet(name: str, ctx: ExecutionContext | None = None) -> CmdletInfo | None:
    """The built-in cmdlet of that name (case-insensitive; ``Module\\Name`` allowed), None if PowerShell has none or the
    machine of *ctx* lacks its module.

    Raises:
        Unsupported: PowerShell has the cmdlet, this engine does not implement it.
    """
    module, _, key = name.lower().rpartition("\\")
    if ctx is not None:
        windows = ctx.edition == edition51.EDITION
        if edition51.lacks_cmdlet(key) if windows else edition51.only_cmdlet(key):
            return None
    found = _IMPLEMENTED.get(key)
    if found is not None:
        if module and module != found.module_name.lower():
            return None
        missing = ctx is not None and found.implementation is not None and not found.implementation.is_installed(ctx)
        return None if missing else found
    recorded = _recorded().get(key)
    if recorded is not None and (not module or module == recorded.module.lower()):
        raise Unsupported(f"cmdlet {recorded.name}")
    for refused in _REFUSED.get(key, ()) if ctx is not None else ():
        if refused.exists(ctx) and (not module or module == refused.module.lower()):
            raise Unsupported(f"{refused.kind} {refused.name}")
    return None


@dataclass(frozen=True)
class Refused:
    """A command that PowerShell has on some machines and this engine does not; *edition* None is both of them."""

    name: str
    module: str
    kind: str = "cmdlet"
    windows: bool = False
    edition: str | None = None

    def exists(self, ctx: ExecutionContext | None) -> bool:
        return ctx is not None and (ctx.machine.is_windows or not self.windows) and self.edition in (None, ctx.edition)


def refuse(commands: Iterable[Refused]) -> None:
    """Calling one of these where it exists is a refusal, not "not recognized"."""
    for refused in commands:
        _REFUSED.setdefault(refused.name.lower(), []).append(refused)


def refused_module(name: str, ctx: ExecutionContext) -> str | None:
    """The proper name of a module whose commands are refused on this machine, None for any other."""
    wanted = name.lower()
    rows = (row for rows in _REFUSED.values() for row in rows)
    return next((row.module for row in rows if row.module.lower() == wanted and row.exists(ctx)), None)


def has_module(name: str, ctx: ExecutionContext) -> bool:
    """Whether the machine has a module of that name: one of PowerShell's or Windows' own, or one that is loaded."""
    key = name.lower()
    if key in ctx.loaded_modules or any(m.module.lower() == key for m in _recorded().values()):
        return True
    return refused_module(name, ctx) is not None or any(
        i.module_name.lower() == key and i.implementation is not None and i.implementation.is_installed(ctx)
        for i in _IMPLEMENTED.values()
    )


def implemented_cmdlets() -> list[CmdletInfo]:
    """Every registered cmdlet, by name."""
    return sorted(_IMPLEMENTED.values(), key=lambda info: info.name.lower())


def recorded_cmdlets() -> list[CommandMetadata]:
    """Every cmdlet that the recorded metadata knows, by name."""
    return sorted(_recorded().values(), key=lambda m: m.name.lower())


@cache
def builtin_aliases() -> dict[str, AliasInfo]:
    """The aliases a new session has, by name in lower case."""
    text = resources.files("hvsim.metadata").joinpath("aliases.json").read_text("utf-8")
    return {row["name"].lower(): AliasInfo(row["name"], row["definition"]) for row in json.loads(text)}

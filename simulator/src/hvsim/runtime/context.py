# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one runspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hvsim.runtime import drives
from hvsim.runtime.errors import ErrorRecord, NetException, PSError, StopRun, runtime_error
from hvsim.runtime.machine import Machine, PlainMachine
from hvsim.runtime.scope import Scope, Variable
from hvsim.runtime.session import SessionState
from hvsim.runtime.streams import (
    Collector,
    DebugRecord,
    InformationRecord,
    Streams,
    VerboseRecord,
    WarningRecord,
    collapse,
)
from hvsim.runtime.values import AUTOMATION_NULL, EnumValue

if TYPE_CHECKING:
    from hvsim.runtime.scriptblock import ScriptBlock

MAX_ERRORS = 256
_LONG_TRACE = 200
_LONG_TRACES_KEPT = 100
DEFAULT_CALL_DEPTH = 5000
_UNSET: Any = object()

ACTION_PREFERENCES = ("SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend", "Break")
CONFIRM_IMPACTS = ("None", "Low", "Medium", "High")


class Questions:
    """Key of ``ctx.services``: a function that is told of each question to the person at the host. Nobody answers any."""


class ExecutionContext:
    """One runspace: its scopes, streams, preferences and error list. Not thread-safe: one thread at a time.

    Attributes:
        question: ``$?``.
        in_try: errors of statements go up to an enclosing ``try`` with catch clauses.
        frames: the running script blocks, outermost first, for stack traces.
        all_scope: variables that every scope shares, by name in lower case.
        instruction_limit: turns of loops and calls after which the run is refused; 0 = no limit.
    """

    def __init__(
        self,
        machine: Machine | None = None,
        *,
        edition: str = "7",
        culture: Any = None,
        ui_culture: Any = None,
        call_depth: int = DEFAULT_CALL_DEPTH,
    ) -> None:
        self.machine: Machine = machine if machine is not None else PlainMachine()
        self.edition = edition
        self.culture = culture if culture is not None else _default_culture()
        self.ui_culture = ui_culture if ui_culture is not None else self.culture
        self.global_session = SessionState()
        self.session = self.global_session
        self.scope: Scope = self.session.top
        self.streams = Streams.collecting()
        self.services: dict[type, Any] = {}
        self.all_scope: dict[str, Variable] = {}
        self.question = True
        self.shows_wrappers = False
        """A script asks ``-is [psobject]``: values that PowerShell wraps on their way through cmdlets get their wrapper
        (:func:`hvsim.runtime.wrappers.wrapped`); nothing else can tell, so other scripts are spared the cost."""
        self.in_try = False
        self.frames: list[Any] = []
        self.depth = 0
        self.long_traces = 0
        self.max_depth = call_depth
        self.ticks = 0
        self.script_command = ""
        self.instruction_limit = 0
        self.loaded_modules: dict[str, Any] = {}
        self.host_lines: list[str] = []
        self.host_sink: Callable[[str], None] | None = None
        self.errors = _array_list()
        from hvsim.runtime import automatic

        automatic.install(self)

    # -- scopes and variables -----------------------------------------------------------------------------------------

    @property
    def strict(self) -> int:
        """The strict mode version in force: 0, 1, 2 or 3 (Latest)."""
        return self.scope.strict

    @property
    def global_scope(self) -> Scope:
        return self.global_session.top

    def get_variable(self, name: str, default: Any = None) -> Any:
        """The value of ``$name``; understands ``global:``, ``env:`` and the like. *default* if there is none."""
        drive, rest = drives.split(name)
        if drive:
            scope = self.named_scope(drive)
            if scope is None:
                value = drives.read(self, drive, rest)
                return default if value is None else value
            variable = scope.own(rest.lower())
        else:
            variable = self.scope.find(rest.lower())
        return default if variable is None else variable.value

    def find_variable(self, name: str, scope: Scope | None = None) -> Variable | None:
        """The cell of a variable: in *scope* itself, or by lookup from the current one."""
        return scope.own(name.lower()) if scope is not None else self.scope.find(name.lower())

    def set_variable(self, name: str, value: Any, scope: Scope | None = None) -> None:
        """``$name = value``; without *scope* understands prefixes and drives."""
        if scope is None:
            drive, name = drives.split(name)
            if drive:
                scope = self.named_scope(drive)
                if scope is None:
                    drives.write(self, drive, name, value)
                    return
        (scope or self.scope).assign(self, name, value)

    def named_scope(self, prefix: str) -> Scope | None:
        """The scope that ``$prefix:`` means, None for a drive."""
        prefix = prefix.lower()
        if prefix == "global":
            return self.global_session.top
        if prefix == "script":
            return self.scope.script
        if prefix in ("local", "private"):
            return self.scope
        return None

    def preference(self, name: str) -> str:
        """A preference variable as the name of its enum value: ``Continue``, ``Stop``, ``High`` ..."""
        variable = self.scope.find(name.lower())
        return preference_name(variable.value if variable is not None else None, confirm=name == "ConfirmPreference")

    def preference_flag(self, name: str) -> bool:
        """A preference that is a truth value (``WhatIfPreference``)."""
        from hvsim.runtime import convert

        variable = self.scope.find(name.lower())
        return variable is not None and convert.to_bool(variable.value)

    def set_matches(self, table: Any) -> None:
        """Sets ``$Matches`` in the current scope."""
        self.scope.assign(self, "Matches", table)

    @contextmanager
    def entered(self, session: SessionState, scope: Scope) -> Iterator[None]:
        """Makes *scope* of *session* the current one for a while."""
        old_session, old_scope, old_current = self.session, self.scope, session.current
        self.session, self.scope, session.current = session, scope, scope
        try:
            yield
        finally:
            session.current = old_current
            self.session, self.scope = old_session, old_scope

    # -- running ------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Counts a turn of a loop or a call.

        Raises:
            StopRun: the budget of the run is used up.
        """
        self.ticks += 1
        if self.instruction_limit and self.ticks > self.instruction_limit:
            raise self.used_up()

    def used_up(self) -> StopRun:
        """What stops a run whose budget is used up."""
        text = "The script was stopped: it used up its instruction budget."
        return StopRun(runtime_error("InstructionLimit", text, category="LimitsExceeded"))

    def invoke(
        self,
        script_block: ScriptBlock,
        args: Sequence[Any] = (),
        *,
        input: Sequence[Any] = (),
        named: Mapping[str, Any] | None = None,
        dollar_underbar: Any = _UNSET,
        new_scope: bool = True,
    ) -> list[Any]:
        """Runs a script block; everything it wrote."""
        collector = Collector()
        script_block.run(
            self,
            collector,
            args,
            input=input,
            named=named,
            new_scope=new_scope,
            **({} if dollar_underbar is _UNSET else {"dollar_underbar": dollar_underbar}),
        )
        return collector.items

    def invoke_value(self, script_block: ScriptBlock, args: Sequence[Any] = (), **options: Any) -> Any:
        """As :meth:`invoke`, collapsed to one value."""
        return collapse(self.invoke(script_block, args, **options))

    def call(
        self,
        command: Any,
        args: Sequence[Any] = (),
        named: Mapping[str, Any] | None = None,
        input: Sequence[Any] | None = None,
    ) -> list[Any]:
        """Runs a command, by name or CommandInfo; everything it wrote."""
        from hvsim.runtime.interpreter import commands

        return commands.call(self, command, args, named or {}, input)

    # -- errors and streams -------------------------------------------------------------------------------------------

    def caller_invocation(self) -> Any:
        """``$MyInvocation`` as the calling script sees it: what Write-Error and the like report as their place."""
        return self.get_variable("MyInvocation")

    def calling_command_name(self) -> str:
        """The name of the function that the caller is; outside of functions ``script_command``, usually empty."""
        invocation = self.caller_invocation()
        command = None if invocation is None else invocation.command
        return self.script_command if command is None or not command.name else command.name

    def traced_frames(self) -> list[Any]:
        """The running frames, outermost first, that a new error's ScriptStackTrace names.

        A recursion that fails at every level would keep millions of frames: after some long traces only the innermost frames
        of further ones are kept.
        """
        frames = self.frames
        if len(frames) > _LONG_TRACE:
            self.long_traces += 1
            if self.long_traces > _LONG_TRACES_KEPT:
                return frames[-_LONG_TRACE:]
        return frames

    def append_error(self, item: Any) -> None:
        """Puts an error in front of ``$Error`` unless it is there already."""
        if self.is_last_error(item):
            return
        errors = self.errors
        errors.insert(0, item)
        if len(errors) > MAX_ERRORS:
            del errors[MAX_ERRORS:]

    def is_last_error(self, item: Any) -> bool:
        """Whether ``$Error[0]`` is this error, or another record of the same exception."""
        if not self.errors:
            return False
        last = self.errors[0]
        if last is item:
            return True
        both = isinstance(last, ErrorRecord) and isinstance(item, ErrorRecord)
        return both and last.exception is item.exception

    def write_error(self, record: ErrorRecord) -> None:
        """A non-terminating error under ``$ErrorActionPreference``.

        Raises:
            PSError: the preference is Stop.
        """
        from hvsim.runtime.pipeline import keep_suppressed

        preference = self.preference("ErrorActionPreference")
        if preference == "Stop":
            raise PSError(record.exception, record, from_throw=True)
        self.question = False
        if preference == "Ignore":
            return
        self.append_error(record)
        if preference == "SilentlyContinue":
            keep_suppressed(self.streams.error, record)
        else:
            self.streams.error.write(record)

    def host_line(self, text: str) -> None:
        """A line written to the host itself, past the streams: for ``host_sink``, else kept in ``host_lines``."""
        if self.host_sink is None:
            self.host_lines.append(text)
        else:
            self.host_sink(text + ("\r\n" if self.machine.is_windows else "\n"))

    def write_warning(self, text: str) -> None:
        self._write(text, "WarningPreference", WarningRecord, self.streams.warning)

    def write_verbose(self, text: str) -> None:
        self._write(text, "VerbosePreference", VerboseRecord, self.streams.verbose)

    def write_debug(self, text: str) -> None:
        self._write(text, "DebugPreference", DebugRecord, self.streams.debug)

    def write_information(self, record: InformationRecord) -> None:
        preference = self.preference("InformationPreference")
        if preference == "Stop":
            raise stopped_by_preference("InformationPreference", str(record.message_data))
        if preference != "Ignore":
            self.streams.information.write(record)

    def _write(self, text: str, preference_name_: str, record_type: Any, pipe: Any) -> None:
        preference = self.preference(preference_name_)
        if preference in ("SilentlyContinue", "Ignore"):
            return
        pipe.write(record_type(text))
        if preference == "Stop":
            raise stopped_by_preference(preference_name_, text)


def stopped_by_preference(name: str, text: str) -> PSError:
    """ActionPreferenceStopException of a stream whose preference is Stop."""
    exception = NetException(
        "System.Management.Automation.ActionPreferenceStopException",
        f'The running command stopped because the preference variable "{name}" or common parameter is set to Stop: {text}',
    )
    return PSError(exception, ErrorRecord(exception, "ActionPreferenceStop", "OperationStopped"), from_throw=True)


def preference_name(value: Any, *, confirm: bool = False) -> str:
    """A preference value (enum, text, number) as the name of the enum value."""
    names = CONFIRM_IMPACTS if confirm else ACTION_PREFERENCES
    if type(value) is EnumValue:
        value = value.value
    if isinstance(value, int) and 0 <= value < len(names):
        return names[value]
    if isinstance(value, str):
        for name in names:
            if name.lower() == value.lower():
                return name
    return "High" if confirm else "Continue"


def _default_culture() -> Any:
    from hvsim.runtime import culture

    return culture.get("en-US")


def _array_list() -> Any:
    from hvsim.runtime.collections import ArrayList

    return ArrayList()


__all__ = ["AUTOMATION_NULL", "ExecutionContext", "preference_name", "stopped_by_preference"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that a new runspace has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.scope import ALL_SCOPE, CONSTANT, READ_ONLY, ComputedVariable, Variable
from hvsim.runtime.values import Array, EnumValue, NetObject

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext

_AUTOMATION = "System.Management.Automation."


class Host(NetObject):
    """``$Host``: what there is of a host without a user in front of it."""

    __slots__ = ("ctx",)
    NET = "System.Management.Automation.Internal.Host.InternalHost"

    def __init__(self, ctx: ExecutionContext) -> None:
        self.ctx = ctx


class EngineIntrinsics(NetObject):
    """``$ExecutionContext``."""

    __slots__ = ("ctx",)
    NET = "System.Management.Automation.EngineIntrinsics"

    def __init__(self, ctx: ExecutionContext) -> None:
        self.ctx = ctx


def install(ctx: ExecutionContext) -> None:
    """Defines the automatic and preference variables and the aliases of a new runspace."""
    from hvsim.runtime.command import builtin_aliases

    scope = ctx.global_scope
    scope.aliases = dict(builtin_aliases())
    for name, value, options in _constants(ctx):
        _define(ctx, name, value, options)
    for name, value in _preferences(ctx):
        _define(ctx, name, value, 0)
        if type(value) is EnumValue:
            ctx.global_scope.vars[name.lower()].checks = [_conversion(value.net_type)]
    _define_computed(ctx)


def _conversion(net_type: Any) -> Any:
    from hvsim.runtime.interpreter.attributes import conversion_check

    return conversion_check(net_type)


def _default_values() -> Any:
    from hvsim.runtime.default_parameters import DefaultParameterDictionary

    return DefaultParameterDictionary()


def _define(ctx: ExecutionContext, name: str, value: Any, options: int) -> None:
    variable = Variable(name, value, options, [] if options & (CONSTANT | READ_ONLY) else None)
    _place(ctx, variable)


def _place(ctx: ExecutionContext, variable: Variable) -> None:
    key = variable.name.lower()
    ctx.global_scope.vars[key] = variable
    if variable.options & ALL_SCOPE:
        ctx.all_scope[key] = variable


def _constants(ctx: ExecutionContext) -> list[tuple[str, Any, int]]:
    machine = ctx.machine
    core = ctx.edition != "5.1"
    rows: list[tuple[str, Any, int]] = [
        ("true", True, CONSTANT | ALL_SCOPE),
        ("false", False, CONSTANT | ALL_SCOPE),
        ("null", None, ALL_SCOPE),
        ("Error", ctx.errors, CONSTANT),
        ("Host", Host(ctx), CONSTANT | ALL_SCOPE),
        ("ExecutionContext", EngineIntrinsics(ctx), CONSTANT | ALL_SCOPE),
        ("HOME", machine.home, READ_ONLY | ALL_SCOPE),
        ("PID", machine.process_id, CONSTANT | ALL_SCOPE),
        ("PSHOME", _ps_home(ctx), CONSTANT | ALL_SCOPE),
        ("ShellId", "Microsoft.PowerShell", CONSTANT | ALL_SCOPE),
        ("PSVersionTable", _version_table(ctx), CONSTANT | ALL_SCOPE),
        ("PSEdition", "Core" if core else "Desktop", CONSTANT | ALL_SCOPE),
    ]
    if core:
        rows += [
            ("IsWindows", machine.is_windows, CONSTANT | ALL_SCOPE),
            ("IsLinux", not machine.is_windows, CONSTANT | ALL_SCOPE),
            ("IsMacOS", False, CONSTANT | ALL_SCOPE),
            ("IsCoreCLR", True, CONSTANT | ALL_SCOPE),
            ("EnabledExperimentalFeatures", Array(), CONSTANT | ALL_SCOPE),
        ]
    return rows


def _preferences(ctx: ExecutionContext) -> list[tuple[str, Any]]:
    from hvsim.runtime import types

    def action(name: str) -> Any:
        return types.enum(_AUTOMATION + "ActionPreference", name)

    rows: list[tuple[str, Any]] = [
        ("ConfirmPreference", types.enum(_AUTOMATION + "ConfirmImpact", "High")),
        ("DebugPreference", action("SilentlyContinue")),
        ("ErrorActionPreference", action("Continue")),
        ("FormatEnumerationLimit", 4),
        ("InformationPreference", action("SilentlyContinue")),
        ("ProgressPreference", action("Continue")),
        ("VerbosePreference", action("SilentlyContinue")),
        ("WarningPreference", action("Continue")),
        ("WhatIfPreference", False),
        ("MaximumHistoryCount", 4096),
        ("NestedPromptLevel", 0),
        ("PSDefaultParameterValues", _default_values()),
        ("PSEmailServer", ""),
        ("PSSessionApplicationName", "wsman"),
        ("PSSessionConfigurationName", "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"),
        ("StackTrace", None),
        ("^", None),
        ("$", None),
        ("args", Array()),
        ("PSCommandPath", ""),
        ("PSScriptRoot", ""),
    ]
    if ctx.edition != "5.1":
        rows.append(("PSNativeCommandUseErrorActionPreference", False))
        style = _AUTOMATION + "NativeArgumentPassingStyle"
        if types.find(style) is None:
            types.register(types.NetType(style, "System.Enum", kind="e", enum_members={"Legacy": 0, "Standard": 1, "Windows": 2}))
        rows.append(("PSNativeCommandArgumentPassing", types.enum(style, "Windows" if ctx.machine.is_windows else "Standard")))
    if types.find(_AUTOMATION + "ErrorView") is not None:
        view = "NormalView" if ctx.edition == "5.1" else "ConciseView"
        rows.append(("ErrorView", types.enum(_AUTOMATION + "ErrorView", view)))
    return rows


def _define_computed(ctx: ExecutionContext) -> None:
    def question() -> bool:
        return ctx.question

    _place(ctx, ComputedVariable("?", question, READ_ONLY | ALL_SCOPE))
    _place(ctx, ComputedVariable("PSCulture", lambda: ctx.culture.name, READ_ONLY | ALL_SCOPE))
    _place(ctx, ComputedVariable("PSUICulture", lambda: ctx.ui_culture.name, READ_ONLY | ALL_SCOPE))
    _place(ctx, ComputedVariable("PWD", lambda: _working_directory(ctx), ALL_SCOPE))
    _place(ctx, _on_demand(ctx, "OutputEncoding", _output_encoding))
    _place(ctx, _on_demand(ctx, "PSSessionOption", _session_option))
    if ctx.edition != "5.1":
        _place(ctx, ComputedVariable("PSStyle", _refused_style, CONSTANT))


def _output_encoding(ctx: ExecutionContext) -> Any:
    from hvsim.runtime import objects, types

    return objects.get_static(ctx, types.get("System.Text.Encoding"), "ASCII" if ctx.edition == "5.1" else "UTF8")


def _session_option(ctx: ExecutionContext) -> Any:
    from hvsim.runtime import objects, types

    return objects.construct(ctx, types.get("System.Management.Automation.Remoting.PSSessionOption"), [])


def _on_demand(ctx: ExecutionContext, name: str, make: Callable[[ExecutionContext], Any]) -> ComputedVariable:
    """A variable whose value is made when somebody asks, for its class belongs to the library."""
    kept: list[Any] = []

    def read() -> Any:
        if not kept:
            kept.append(make(ctx))
        return kept[0]

    def write(value: Any) -> None:
        kept[:] = [value]

    variable = ComputedVariable(name, read, setter=write)
    kept.clear()
    return variable


def _refused_style() -> Any:
    raise Unsupported("$PSStyle")


def _working_directory(ctx: ExecutionContext) -> Any:
    location = ctx.services.get(WorkingDirectory)
    return location(ctx) if location is not None else ctx.machine.working_directory


class WorkingDirectory:
    """Key in ``ctx.services`` of the function that makes ``$PWD`` (a PathInfo) out of the context."""


def _ps_home(ctx: ExecutionContext) -> str:
    if ctx.edition == "5.1":
        return "C:\\Windows\\System32\\WindowsPowerShell\\v1.0"
    return "C:\\Program Files\\PowerShell\\7" if ctx.machine.is_windows else "/opt/microsoft/powershell/7"


def _version_table(ctx: ExecutionContext) -> Any:
    from hvsim.runtime import convert, types
    from hvsim.runtime.structs import Version

    desktop = ctx.edition == "5.1"
    table = _version_table_class(desktop)()
    versions = [Version(1, 0), Version(2, 0), Version(3, 0), Version(4, 0), Version(5, 0)]
    if desktop:
        newest = Version(5, 1, 20348, 2849)
        table.set("PSVersion", newest)
        table.set("PSEdition", "Desktop")
        table.set("CLRVersion", Version(4, 0, 30319, 42000))
        table.set("BuildVersion", Version(10, 0, 20348, 2849))
        versions.append(newest)
    else:
        table.set("PSVersion", convert.to(ctx, "7.6.5", types.get(_AUTOMATION + "SemanticVersion")))
        table.set("PSEdition", "Core")
        table.set("GitCommitId", "7.6.5")
        table.set("OS", "Microsoft Windows 10.0.20348" if ctx.machine.is_windows else "Debian GNU/Linux 12 (bookworm)")
        table.set("Platform", "Win32NT" if ctx.machine.is_windows else "Unix")
        versions += [Version(5, 1), Version(6, 0), Version(7, 0)]
    table.set("PSCompatibleVersions", Array(versions, types.get("System.Version")))
    table.set("PSRemotingProtocolVersion", Version(2, 3))
    table.set("SerializationVersion", Version(1, 1, 0, 1))
    table.set("WSManStackVersion", Version(3, 0))
    return table


@cache
def _version_table_class(desktop: bool) -> Any:
    """Windows PowerShell has a plain Hashtable, PowerShell 7 a class of its own."""
    from hvsim.runtime import types
    from hvsim.runtime.collections import Hashtable

    if desktop:
        return Hashtable

    @types.net_class(_AUTOMATION + "PSVersionHashTable", base="System.Collections.Hashtable")
    class PSVersionHashTable(Hashtable):
        __slots__ = ()

    return PSVersionHashTable

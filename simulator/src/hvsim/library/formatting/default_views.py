# SPDX-License-Identifier: GPL-3.0-or-later
"""The default views of the types that the engine's own cmdlets return, after PowerShell's format files."""

from __future__ import annotations

from typing import Any

from hvsim.library.formatting import cells, views
from hvsim.library.formatting.views import View, column
from hvsim.runtime import convert, format, objects
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.structs import DateTime

_AUTOMATION = "System.Management.Automation."
_COMMANDS = "Microsoft.PowerShell.Commands."


# ---- files -------------------------------------------------------------------------------------------------------------


def _folder(ctx: ExecutionContext, value: Any) -> str:
    path = objects.get_member(ctx, value, "PSParentPath")
    if path is None:
        base = objects.unwrap(value)
        path = objects.get_member(ctx, base, "DirectoryName") or base.full
    return f"    Directory: {str(path).rpartition('::')[2]}"


def _written(ctx: ExecutionContext, value: Any) -> str:
    """Date and time in short forms, the date ten wide."""
    moment = objects.get_member(ctx, value, "LastWriteTime")
    if not isinstance(moment, DateTime):
        return ""
    return f"{format.format_value(ctx, moment, 'd'):>10}  {format.format_value(ctx, moment, 't'):>8}"


def _unix_written(ctx: ExecutionContext, value: Any) -> str:
    moment = objects.get_member(ctx, value, "LastWriteTime")
    if not isinstance(moment, DateTime):
        return ""
    return f"{format.format_value(ctx, moment, 'd')} {format.format_value(ctx, moment, 'HH:mm')}"


def _length(ctx: ExecutionContext, value: Any) -> Any:
    return objects.get_member(ctx, value, "Length") if "FileInfo" in type(objects.unwrap(value)).__name__ else None


def _is_folder(value: Any) -> bool:
    return type(objects.unwrap(value)).__name__ == "DirectoryInfo"


def _unix_mode(ctx: ExecutionContext, value: Any) -> str:
    return "drwxr-xr-x" if _is_folder(value) else "-rw-r--r--"


def _owner(ctx: ExecutionContext, value: Any) -> str:
    return ctx.machine.user


def _unix_size(ctx: ExecutionContext, value: Any) -> Any:
    """Folders have the size of one block."""
    return 4096 if _is_folder(value) else _length(ctx, value)


_FILES = ("System.IO.DirectoryInfo", "System.IO.FileInfo")
_WINDOWS = View(
    "table",
    (
        column("Mode", 7),
        column("LastWriteTime", 26, "right", read=_written),
        column("Length", 14, "right", read=_length),
        column("Name"),
    ),
    _FILES,
    group=_folder,
)
_WINDOWS_51 = View(
    "table",
    (
        column("Mode", 10),
        column("LastWriteTime", 25, "right", read=_written),
        column("Length", 14, "right", read=_length),
        column("Name"),
    ),
    _FILES,
    group=_folder,
)
_UNIX = View(
    "table",
    (
        column("UnixMode", 10, read=_unix_mode),
        column("User", 10, "right", read=_owner),
        column("Group", 10, read=_owner),
        column("LastWriteTime", 16, "right", read=_unix_written),
        column("Size", 12, "right", read=_unix_size),
        column("Name"),
    ),
    _FILES,
    group=_folder,
)


def _files(ctx: ExecutionContext, value: Any) -> View:
    if not ctx.machine.is_windows:
        return _UNIX
    return _WINDOWS_51 if ctx.edition == "5.1" else _WINDOWS


views.choose(_FILES, _files)
_TIMES = ("CreationTime", "LastWriteTime", "LastAccessTime")
views.listed("System.IO.DirectoryInfo", "Name", *_TIMES, "Mode", "LinkType", "Target")
views.listed("System.IO.FileInfo", "Name", "Length", *_TIMES, "Mode", "LinkType", "Target", "VersionInfo")


# ---- dictionaries, variables, commands ---------------------------------------------------------------------------------

_NAME_VALUE = (column("Name", 30), column("Value"))
views.table(("System.Collections.DictionaryEntry",), *_NAME_VALUE)
views.listed("System.Collections.DictionaryEntry", "Name", "Value")
views.table((_AUTOMATION + "PSVariable",), *_NAME_VALUE)


def _display_name(ctx: ExecutionContext, value: Any) -> str:
    base = objects.unwrap(value)
    return f"{base.name} -> {base.target}" if base.kind == "Alias" else str(base.name)


def _source(ctx: ExecutionContext, value: Any) -> Any:
    return objects.unwrap(value).module_name


views.table(
    (
        _AUTOMATION + "CommandInfo",
        _AUTOMATION + "AliasInfo",
        _AUTOMATION + "ApplicationInfo",
        _AUTOMATION + "CmdletInfo",
        _AUTOMATION + "ExternalScriptInfo",
        _AUTOMATION + "FilterInfo",
        _AUTOMATION + "FunctionInfo",
        _AUTOMATION + "ScriptInfo",
    ),
    column("CommandType", 15),
    column("Name", 50, read=_display_name),
    column("Version", 10),
    column("Source", read=_source),
)
views.table(
    (_COMMANDS + "GroupInfo",),
    column("Count", 5, "right"),
    column("Name", 25),
    column("Group"),
)
views.table((_COMMANDS + "GroupInfoNoElement",), column("Count", 5, "right"), column("Name", 25))
views.listing(
    (_COMMANDS + "GenericMeasureInfo",), "Count", "Average", "Sum", "Maximum", "Minimum", "StandardDeviation", "Property"
)
views.listing((_COMMANDS + "GenericObjectMeasureInfo",), "Count", "Average", "Sum", "Maximum", "Minimum", "Property")
views.table(
    (_COMMANDS + "TextMeasureInfo",),
    column("Lines"),
    column("Words"),
    column("Characters"),
    column("Property"),
    autosize=True,
)


def _member_type(ctx: ExecutionContext, value: Any) -> str:
    return f"   TypeName: {objects.get_member(ctx, value, 'TypeName')}"


views.table(
    (_COMMANDS + "MemberDefinition",),
    column("Name"),
    column("MemberType"),
    column("Definition"),
    autosize=True,
    group=_member_type,
)


# ---- small .NET types --------------------------------------------------------------------------------------------------

views.table(("System.Guid",), column("Guid", read=lambda ctx, value: cells.scalar(ctx, value)), autosize=True)
views.table(
    ("System.Version",),
    *(column(name, width) for name, width in (("Major", 6), ("Minor", 6), ("Build", 6), ("Revision", 8))),
)
views.table(("System.Globalization.CultureInfo",), column("LCID", 16), column("Name", 16), column("DisplayName"))


def _base_type(ctx: ExecutionContext, value: Any) -> Any:
    base = objects.get_member(ctx, value, "BaseType")
    return None if base is None else convert.net_string(ctx, base)


views.table(
    ("System.RuntimeType", "System.Type"),
    column("IsPublic", 8),
    column("IsSerial", 8, read=lambda ctx, value: objects.get_member(ctx, value, "IsSerializable")),
    column("Name", 40),
    # By .NET's name, not by the accelerator that the type has as text.
    column("BaseType", read=_base_type),
)


def _date(ctx: ExecutionContext, value: Any) -> list[str]:
    """``DateTime`` of the type data: the long forms of the culture, in a paragraph of its own."""
    text = objects.get_member(ctx, value, "DateTime")
    shown = text if isinstance(text, str) else format.format_value(ctx, objects.unwrap(value), "F")
    return ["", shown, "", ""] if ctx.edition == "5.1" else ["", shown, ""]


views.plain(("System.DateTime",), _date)
views.plain((_AUTOMATION + "ScriptBlock",), lambda ctx, value: cells.lines(cells.scalar(ctx, value)), out_of_band=True)


def _match(ctx: ExecutionContext, value: Any) -> list[str]:
    """Files below the current folder by their path from there."""
    here = objects.get_member(ctx, ctx.get_variable("PWD"), "Path")
    return ["", objects.invoke_member(ctx, value, "ToString", [here]), ""]


views.plain((_COMMANDS + "MatchInfo",), _match)
views.table((_AUTOMATION + "PathInfo",), column("Path"))


# ---- drives, providers, registry ---------------------------------------------------------------------------------------


def _root(ctx: ExecutionContext, value: Any) -> str:
    drive = objects.unwrap(value)
    return str(drive.root)


views.table(
    (_AUTOMATION + "PSDriveInfo",),
    column("Name", 10),
    column("Used (GB)", 13, "right", read=lambda ctx, value: None),
    column("Free (GB)", 13, "right", read=lambda ctx, value: None),
    column("Provider", 13, read=lambda ctx, value: objects.unwrap(value).provider.name),
    column("Root", 35, read=_root),
    column("CurrentLocation", 0, "right"),
)


def _hive(ctx: ExecutionContext, value: Any) -> str:
    path = objects.get_member(ctx, value, "PSParentPath") or ""
    return f"    Hive: {str(path).rpartition('::')[2]}"


def _key_values(ctx: ExecutionContext, value: Any) -> str:
    names = objects.get_member(ctx, value, "Property") or ()
    base = objects.unwrap(value)
    width = max((len(n) for n in names), default=0)

    def content(name: str) -> str:
        return cells.text(ctx, objects.invoke_member(ctx, base, "GetValue", ["" if name == "(default)" else name]))

    return "\n".join(f"{name:<{width}} : {content(name)}" for name in names)


views.table(
    ("Microsoft.Win32.RegistryKey",),
    column("Name", 30, read=lambda ctx, value: str(objects.unwrap(value).path).rpartition("\\")[2]),
    column("Property", read=_key_values),
    group=_hive,
    wrap=True,
)
views.table(
    ("System.ServiceProcess.ServiceController",),
    column("Status", 8),
    column("Name", 18),
    column("DisplayName", 38),
)
views.listed(
    "System.ServiceProcess.ServiceController",
    "Name",
    "DisplayName",
    "Status",
    "DependentServices",
    "ServicesDependedOn",
    "CanPauseAndContinue",
    "CanShutdown",
    "CanStop",
    "ServiceType",
)
views.table(
    (_COMMANDS + "FileHashInfo", "Microsoft.Powershell.Utility.FileHash"),
    column("Algorithm", 15),
    column("Hash", 70),
    column("Path"),
)


# ---- Hyper-V (hyperv-facts.md 2.4) -------------------------------------------------------------------------------------

_HYPERV = "Microsoft.HyperV.PowerShell."


def _megabytes(ctx: ExecutionContext, value: Any) -> Any:
    assigned = objects.get_member(ctx, value, "MemoryAssigned")
    return None if assigned is None else int(assigned) // (1024 * 1024)


views.table(
    (_HYPERV + "VirtualMachine",),
    column("Name"),
    column("State"),
    column("CPUUsage(%)", read=views.prop("CPUUsage")),
    column("MemoryAssigned(M)", read=_megabytes),
    column("Uptime"),
    column("Status"),
    column("Version"),
    autosize=True,
)
views.listed(
    _HYPERV + "VirtualMachine",
    "Name",
    "State",
    "CpuUsage",
    "MemoryAssigned",
    "MemoryDemand",
    "MemoryStatus",
    "Uptime",
    "Status",
    "ReplicationState",
    "Generation",
)
views.table(
    (_HYPERV + "VMIntegrationComponent",),
    column("VMName"),
    column("Name"),
    column("Enabled"),
    column("PrimaryStatusDescription"),
    column("SecondaryStatusDescription"),
    autosize=True,
)

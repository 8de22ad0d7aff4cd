# SPDX-License-Identifier: GPL-3.0-or-later
"""Order of declaration of the properties of .NET types, and members of PowerShell's types.ps1xml.

The recorded metadata lists members by name; what ``Select-Object *``, ``ConvertTo-Json`` and ``Format-List`` show follows
the order in the class library, which is stated here.
"""

from __future__ import annotations

from typing import Any

from hvsim.runtime import format
from hvsim.runtime.member_info import CodeProperty
from hvsim.runtime.objects import property_order, type_member

property_order(
    "System.DateTime", "Date", "Day", "DayOfWeek", "DayOfYear", "Hour", "Kind", "Millisecond", "Microsecond", "Nanosecond",
    "Minute", "Month", "Second", "Ticks", "TimeOfDay", "Year",
)  # fmt: skip
property_order(
    "System.Management.Automation.PSVariable",
    "Name", "Description", "Value", "Visibility", "Module", "ModuleName", "Options", "Attributes",
)  # fmt: skip
property_order(
    "System.DateTimeOffset", "DateTime", "UtcDateTime", "LocalDateTime", "Date", "Day", "DayOfWeek", "DayOfYear", "Hour",
    "Millisecond", "Microsecond", "Nanosecond", "Minute", "Month", "Offset", "TotalOffsetMinutes", "Second", "Ticks",
    "UtcTicks", "TimeOfDay", "Year",
)  # fmt: skip
property_order(
    "System.TimeSpan", "Ticks", "Days", "Hours", "Milliseconds", "Microseconds", "Nanoseconds", "Minutes", "Seconds",
    "TotalDays", "TotalHours", "TotalMilliseconds", "TotalMicroseconds", "TotalNanoseconds", "TotalMinutes", "TotalSeconds",
)  # fmt: skip
property_order("System.Version", "Major", "Minor", "Build", "Revision", "MajorRevision", "MinorRevision")
property_order(
    "System.Uri", "AbsolutePath", "AbsoluteUri", "LocalPath", "Authority", "HostNameType", "IsDefaultPort", "IsFile",
    "IsLoopback", "PathAndQuery", "Segments", "IsUnc", "Host", "Port", "Query", "Fragment", "Scheme", "OriginalString",
    "DnsSafeHost", "IdnHost", "IsAbsoluteUri", "UserEscaped", "UserInfo",
)  # fmt: skip
property_order("System.IO.FileInfo", "Length", "DirectoryName", "Directory", "IsReadOnly")
property_order("System.IO.DirectoryInfo", "Parent", "Root")
property_order(
    "System.IO.FileSystemInfo", "FullName", "Extension", "Name", "Exists", "CreationTime", "CreationTimeUtc",
    "LastAccessTime", "LastAccessTimeUtc", "LastWriteTime", "LastWriteTimeUtc", "LinkTarget", "UnixFileMode", "Attributes",
)  # fmt: skip
property_order(
    "System.Management.Automation.ErrorRecord", "Exception", "TargetObject", "CategoryInfo", "FullyQualifiedErrorId",
    "ErrorDetails", "InvocationInfo", "ScriptStackTrace", "PipelineIterationInfo",
)  # fmt: skip
property_order(
    "System.Management.Automation.ErrorCategoryInfo", "Category", "Activity", "Reason", "TargetName", "TargetType"
)
property_order(
    "System.Management.Automation.InvocationInfo", "MyCommand", "BoundParameters", "UnboundArguments", "ScriptLineNumber",
    "OffsetInLine", "HistoryId", "ScriptName", "Line", "Statement", "PositionMessage", "PSScriptRoot", "PSCommandPath",
    "InvocationName", "PipelineLength", "PipelinePosition", "ExpectingInput", "CommandOrigin", "DisplayScriptPosition",
)  # fmt: skip
property_order("System.Management.Automation.RuntimeException", "ErrorRecord", "WasThrownFromThrowStatement")
property_order("System.ArgumentException", "Message", "ParamName")
property_order("System.Management.Automation.PSCredential", "UserName", "Password")
property_order("System.Net.NetworkCredential", "UserName", "Password", "SecurePassword", "Domain")
property_order("System.Diagnostics.Stopwatch", "IsRunning", "Elapsed", "ElapsedMilliseconds", "ElapsedTicks")
property_order("System.Collections.Generic.HashSet`1", "Count", "Capacity", "Comparer")


def _long_form(ctx: Any, owner: Any) -> str:
    """``DateTime``: long date and long time, short where the object's DisplayHint says so."""
    from hvsim.runtime.objects import get_member, unwrap

    hint = get_member(ctx, owner, "DisplayHint") if getattr(owner, "extended", None) else None
    number = getattr(hint, "value", 2)
    value = unwrap(owner)
    date = format.format_value(ctx, value, "D")
    time = format.format_value(ctx, value, "T")
    return (date, time, f"{date} {time}")[number if number in (0, 1) else 2]


type_member("System.DateTime", CodeProperty("DateTime", _long_form, shown="ScriptProperty"))


def _details(ctx: Any, owner: Any) -> None:
    """``PSMessageDetails``: only exceptions of SOAP have them."""


type_member(
    "System.Management.Automation.ErrorRecord",
    CodeProperty("PSMessageDetails", _details, shown="ScriptProperty", value_type="System.Object"),
)

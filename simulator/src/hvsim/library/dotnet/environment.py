# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Environment``, the process around a runspace, and clocks: ``Stopwatch``, ``GC``, ``RuntimeInformation``."""

from __future__ import annotations

import re
from typing import Any

from hvsim.library.dotnet.support import null_argument
from hvsim.runtime import types
from hvsim.runtime.collections import Hashtable
from hvsim.runtime.errors import ExitProcess, net_error
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method, static_setter
from hvsim.runtime.structs import TimeSpan, Version
from hvsim.runtime.values import Array, EnumValue, Int64, NetObject

_ENVIRONMENT = "System.Environment"
_VARIABLE = re.compile(r"%([^%]*)%")


@static_method(
    _ENVIRONMENT,
    "GetEnvironmentVariable",
    overloads=["(string) -> string", "(string, System.EnvironmentVariableTarget) -> string"],
    context=True,
)
def _get_variable(ctx: Any, name: str, _target: EnumValue | None = None) -> str | None:
    if name is None:
        raise null_argument("variable")
    found: str | None = ctx.machine.environment.get(name)
    return found


@static_method(
    _ENVIRONMENT,
    "SetEnvironmentVariable",
    overloads=["(string, string) -> void", "(string, string, System.EnvironmentVariableTarget) -> void"],
    context=True,
)
def _set_variable(ctx: Any, name: str, value: str | None, _target: EnumValue | None = None) -> None:
    if name is None:
        raise null_argument("variable")
    if not name or "=" in name or "\0" in name:
        raise net_error(
            "System.ArgumentException",
            "The value cannot be an empty string. (Parameter 'variable')"
            if not name
            else "Environment variable name cannot contain equal character. (Parameter 'variable')",
        )
    if value is None or (value == "" and ctx.machine.is_windows):
        ctx.machine.environment.pop(name, None)
    else:
        ctx.machine.environment[name] = value


@static_method(
    _ENVIRONMENT,
    "GetEnvironmentVariables",
    overloads=[
        "() -> System.Collections.IDictionary",
        "(System.EnvironmentVariableTarget) -> System.Collections.IDictionary",
    ],
    context=True,
)
def _get_variables(ctx: Any, _target: EnumValue | None = None) -> Hashtable:
    return Hashtable(ctx.machine.environment.items(), ignore_case=False)


@static_method(_ENVIRONMENT, "ExpandEnvironmentVariables", context=True)
def expand_variables(ctx: Any, text: str) -> str:
    """A text with the values of variables of the environment in place of ``%NAME%``."""
    if text is None:
        raise null_argument("name")
    environment = ctx.machine.environment
    out: list[str] = []
    position = 0
    while True:
        found = _VARIABLE.search(text, position)
        if found is None:
            out.append(text[position:])
            return "".join(out)
        value = environment.get(found[1]) if found[1] else None
        if value is None:
            # The closing sign may open the next name.
            out.append(text[position : found.end() - 1])
            position = found.end() - 1
        else:
            out.append(text[position : found.start()] + value)
            position = found.end()


@static_method(_ENVIRONMENT, "GetCommandLineArgs", context=True)
def _arguments(ctx: Any) -> Array:
    return Array(["pwsh"], types.STRING)


@static_method(_ENVIRONMENT, "GetLogicalDrives", context=True)
def _drives(ctx: Any) -> Array:
    if not ctx.machine.is_windows:
        return Array(["/"], types.STRING)
    return Array([f"{d}:\\" for d in ctx.machine.files.drives()], types.STRING)


@static_method(_ENVIRONMENT, "Exit")
def _exit(code: int) -> None:
    raise ExitProcess(code)


_WINDOWS_FOLDERS = {
    "Windows": "C:\\Windows",
    "System": "C:\\Windows\\system32",
    "SystemX86": "C:\\Windows\\SysWOW64",
    "ProgramFiles": "C:\\Program Files",
    "ProgramFilesX86": "C:\\Program Files (x86)",
    "CommonProgramFiles": "C:\\Program Files\\Common Files",
    "CommonApplicationData": "C:\\ProgramData",
    "CommonDocuments": "C:\\Users\\Public\\Documents",
    "CommonDesktopDirectory": "C:\\Users\\Public\\Desktop",
    "Fonts": "C:\\Windows\\Fonts",
}
_PROFILE_FOLDERS = {
    "UserProfile": "",
    "ApplicationData": "\\AppData\\Roaming",
    "LocalApplicationData": "\\AppData\\Local",
    "Desktop": "\\Desktop",
    "DesktopDirectory": "\\Desktop",
    "MyDocuments": "\\Documents",
    "MyPictures": "\\Pictures",
    "MyMusic": "\\Music",
    "MyVideos": "\\Videos",
}
_POSIX_FOLDERS = {
    "UserProfile": "",
    "ApplicationData": "/.config",
    "LocalApplicationData": "/.local/share",
    "MyDocuments": "/Documents",
}


@static_method(
    _ENVIRONMENT,
    "GetFolderPath",
    overloads=["(System.Environment+SpecialFolder) -> string"],
    context=True,
)
def _folder(ctx: Any, folder: EnumValue) -> str:
    name = types.enum_text(folder)
    home = ctx.machine.home
    if ctx.machine.is_windows:
        if name in _PROFILE_FOLDERS:
            return str(home) + _PROFILE_FOLDERS[name]
        return _WINDOWS_FOLDERS.get(name, "")
    return str(home) + _POSIX_FOLDERS[name] if name in _POSIX_FOLDERS else ""


class OperatingSystem(NetObject):
    """``System.OperatingSystem``."""

    __slots__ = ("platform", "version")
    NET = "System.OperatingSystem"

    def __init__(self, platform: str, version: Version) -> None:
        self.platform = platform
        self.version = version

    def net_text(self, _ctx: Any) -> str:
        name = "Microsoft Windows NT" if self.platform == "Win32NT" else "Unix"
        return f"{name} {self.version}"


def _os_version(ctx: Any) -> OperatingSystem:
    if not ctx.machine.is_windows:
        return OperatingSystem("Unix", Version(6, 1, 0, 0))
    build = str(getattr(ctx.machine, "os_version", "") or "10.0.20348.0")
    parts = [int(p) for p in build.split(".")]
    return OperatingSystem("Win32NT", Version(*[*parts, 0, 0, 0, 0][:4]))


getter("System.OperatingSystem", "Version", type="version")(lambda self: self.version)
getter("System.OperatingSystem", "Platform", type="System.PlatformID")(
    lambda self: types.enum("System.PlatformID", self.platform)
)
getter("System.OperatingSystem", "VersionString", type="string")(lambda self: self.net_text(None))
getter("System.OperatingSystem", "ServicePack", type="string")(lambda self: "")


def _ticks(ctx: Any) -> int:
    moment = ctx.machine.clock()
    return int(moment.timestamp() * 1000)


def _user_domain(ctx: Any) -> str:
    return str(ctx.machine.environment.get("USERDOMAIN") or ctx.machine.computer_name)


for _name, _read in {
    "NewLine": lambda ctx: "\r\n" if ctx.machine.is_windows else "\n",
    "MachineName": lambda ctx: ctx.machine.computer_name,
    "UserName": lambda ctx: ctx.machine.user.rpartition("\\")[2],
    "UserDomainName": _user_domain,
    "CurrentDirectory": lambda ctx: ctx.machine.working_directory,
    "ProcessId": lambda ctx: ctx.machine.process_id,
    "OSVersion": _os_version,
    "Version": lambda ctx: Version(4, 0, 30319, 42000) if ctx.edition == "5.1" else Version(10, 0, 5),
    "Is64BitOperatingSystem": lambda ctx: True,
    "Is64BitProcess": lambda ctx: True,
    "IsPrivilegedProcess": lambda ctx: True,
    "UserInteractive": lambda ctx: False,
    "HasShutdownStarted": lambda ctx: False,
    "ProcessorCount": lambda ctx: 2,
    "SystemDirectory": lambda ctx: "C:\\Windows\\system32" if ctx.machine.is_windows else "",
    "SystemPageSize": lambda ctx: 4096,
    "CurrentManagedThreadId": lambda ctx: 1,
    "ExitCode": lambda ctx: 0,
    "TickCount": lambda ctx: _ticks(ctx) & 0x7FFFFFFF,
    "TickCount64": lambda ctx: Int64(_ticks(ctx)),
}.items():
    static_getter(_ENVIRONMENT, _name, context=True)(_read)


@static_setter(_ENVIRONMENT, "CurrentDirectory", context=True)
def _set_directory(ctx: Any, value: str) -> None:
    ctx.machine.working_directory = value


# --- Stopwatch ----------------------------------------------------------------------------------------------------

_WATCH = "System.Diagnostics.Stopwatch"


class Stopwatch(NetObject):
    """Measures by the machine's clock."""

    __slots__ = ("elapsed", "started")
    NET = _WATCH

    def __init__(self) -> None:
        self.elapsed = 0
        self.started: int | None = None


def _now(ctx: Any) -> int:
    """The machine's time in ticks."""
    moment = ctx.machine.clock()
    return int(int(moment.timestamp()) * 1_000_000 + moment.microsecond) * 10


def _elapsed(ctx: Any, self: Stopwatch) -> int:
    return self.elapsed + (_now(ctx) - self.started if self.started is not None else 0)


constructor(_WATCH)(lambda net_type: Stopwatch())


@static_method(_WATCH, "StartNew", context=True)
def _start_new(ctx: Any) -> Stopwatch:
    made = Stopwatch()
    made.started = _now(ctx)
    return made


@method(_WATCH, "Start", context=True)
def _start(ctx: Any, self: Stopwatch) -> None:
    if self.started is None:
        self.started = _now(ctx)


@method(_WATCH, "Stop", context=True)
def _stop(ctx: Any, self: Stopwatch) -> None:
    self.elapsed = _elapsed(ctx, self)
    self.started = None


@method(_WATCH, "Reset")
def _reset(self: Stopwatch) -> None:
    self.elapsed = 0
    self.started = None


@method(_WATCH, "Restart", context=True)
def _restart(ctx: Any, self: Stopwatch) -> None:
    self.elapsed = 0
    self.started = _now(ctx)


getter(_WATCH, "IsRunning")(lambda self: self.started is not None)
getter(_WATCH, "Elapsed", context=True)(lambda ctx, self: TimeSpan(_elapsed(ctx, self)))
getter(_WATCH, "ElapsedMilliseconds", context=True)(lambda ctx, self: Int64(_elapsed(ctx, self) // 10_000))
getter(_WATCH, "ElapsedTicks", context=True)(lambda ctx, self: Int64(_elapsed(ctx, self) * 100))
static_getter(_WATCH, "Frequency")(lambda: Int64(1_000_000_000))
static_getter(_WATCH, "IsHighResolution")(lambda: True)
static_method(_WATCH, "GetTimestamp", context=True)(lambda ctx: Int64(_now(ctx) * 100))


# --- garbage collector, runtime -------------------------------------------------------------------------------------

_GC = "System.GC"
static_method(_GC, "Collect")(lambda *_: None)
static_method(_GC, "WaitForPendingFinalizers")(lambda: None)
static_method(_GC, "KeepAlive")(lambda value: None)
static_method(_GC, "SuppressFinalize")(lambda value: None)
static_method(_GC, "GetTotalMemory")(lambda force: Int64(50_000_000))
static_method(_GC, "CollectionCount")(lambda generation: 0)
static_getter(_GC, "MaxGeneration")(lambda: 2)

_RUNTIME = "System.Runtime.InteropServices.RuntimeInformation"
static_getter(_RUNTIME, "FrameworkDescription", type="string", context=True)(
    lambda ctx: ".NET Framework 4.8.4645.0" if ctx.edition == "5.1" else ".NET 10.0.5"
)
static_getter(_RUNTIME, "OSDescription", type="string", context=True)(
    lambda ctx: "Microsoft Windows 10.0.20348" if ctx.machine.is_windows else "Debian GNU/Linux 12 (bookworm)"
)



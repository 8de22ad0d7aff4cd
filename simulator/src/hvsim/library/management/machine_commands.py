# SPDX-License-Identifier: GPL-3.0-or-later
"""Cmdlets about the machine as a whole, and the two programs that are trivially right: hostname and whoami."""

from __future__ import annotations

import re
from functools import cache

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.globalization import UTC_ZONE
from hvsim.library.management import native
from hvsim.library.management.provider import PathInfo, locations, shown
from hvsim.library.management.windows_only import WindowsCmdlet, metadata, parameter
from hvsim.runtime import objects, scriptblock, types, wildcard
from hvsim.runtime.automatic import WorkingDirectory
from hvsim.runtime.command import AliasInfo, Cmdlet, CommandInfo, CommandMetadata, cmdlet, metadata_from
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.interpreter.lookup import ExternalCommands
from hvsim.runtime.members import getter, method
from hvsim.runtime.scriptblock import Code, ScriptBlock
from hvsim.runtime.values import NetObject

_PROCESS = "System.Diagnostics.Process"


# ---- time zone ---------------------------------------------------------------------------------------------------------


@cmdlet("Get-TimeZone", parameters=("Id", "Name"))
class GetTimeZone(Cmdlet):
    def process(self) -> None:
        if not self.bound("Id") and not self.bound("Name"):
            self.write(UTC_ZONE)
            return
        for wanted in self.arg("Id") or self.arg("Name") or []:
            if (self.bound("Id") and wanted.lower() == "utc") or (self.bound("Name") and wildcard.compile(wanted)(UTC_ZONE.standard)):
                self.write(UTC_ZONE)
            else:
                raise Unsupported(f"time zone {wanted} (simulated machines know UTC alone)")


# ---- refused by name ---------------------------------------------------------------------------------------------------


class Refused(Cmdlet):
    """Exists, and does nothing but say that it is not simulated."""

    why = ""

    def begin(self) -> None:
        raise Unsupported(f"{self.metadata.name} ({self.why})")


def _refuse(name: str, why: str) -> None:
    made = type(name.replace("-", ""), (Refused,), {"why": why, "__doc__": "Refused."})
    cmdlet(name)(made)


for _name, _why in (
    ("Start-Process", "no programs run on a simulated machine"),
    ("Stop-Process", "no programs run on a simulated machine"),
    ("Wait-Process", "no programs run on a simulated machine"),
    ("Debug-Process", "no programs run on a simulated machine"),
    ("Test-Connection", "a simulated host has no network"),
    ("Get-Clipboard", "no desktop"),
    ("Set-Clipboard", "no desktop"),
):
    _refuse(_name, _why)


# ---- restart and shutdown ------------------------------------------------------------------------------------------------


class PowerCommand(Cmdlet):
    """Works where the machine can go down: in a guest. The cmdlet returns at once, and the machine takes all sessions with it."""

    restart = False

    def process(self) -> None:
        go_down = getattr(self.ctx.machine, "go_down", None)
        if self.arg("ComputerName"):
            raise Unsupported(f"{self.metadata.name} -ComputerName")
        if go_down is None:
            raise Unsupported(f"{self.metadata.name} (this machine does not go down)")
        if self.should_process(f"localhost ({self.ctx.machine.computer_name})", _DOWN[self.restart]):
            go_down(restart=self.restart)


_DOWN = {True: "Restart-Computer", False: "Stop-Computer"}
for _restart, _name in _DOWN.items():
    cmdlet(
        _name,
        parameters=("Force", "ComputerName"),
        metadata=metadata(
            _name,
            f"{_name.replace('-', '')}Command",
            parameter("ComputerName", "string[]", position=0, by_name=True),
            parameter("Force", "switch"),
            should_process=True,
        ),
    )(type(_name.replace("-", ""), (PowerCommand,), {"restart": _restart}))


# ---- the own process ---------------------------------------------------------------------------------------------------


@types.net_class(_PROCESS, base="System.ComponentModel.Component")
class Process(NetObject):
    """The process that runs the script, the only one there is."""

    __slots__ = ("number", "program")
    NET = _PROCESS

    def __init__(self, number: int, program: str) -> None:
        self.number = number
        self.program = program


@getter(_PROCESS, "Id", type="int")
def _process_id(self: Process) -> int:
    return self.number


@getter(_PROCESS, "ProcessName", type="string")
def _process_name(self: Process) -> str:
    return self.program


@getter(_PROCESS, "MachineName", type="string")
def _process_machine(self: Process) -> str:
    return "."


@getter(_PROCESS, "HasExited", type="bool")
def _process_has_exited(self: Process) -> bool:
    return False


@method(_PROCESS, "ToString", overloads=["() -> string"])
def _process_text(self: Process) -> str:
    return f"{_PROCESS} ({self.program})"


def own_process(ctx: ExecutionContext) -> Process:
    """The process of the running script."""
    program = "pwsh" if ctx.edition != "5.1" else "powershell"
    return Process(ctx.machine.process_id, program)


@cmdlet("Get-Process", parameters=("Id", "Name"))
class GetProcess(Cmdlet):
    """Finds the own process; that others are missing is refused, not reported."""

    def process(self) -> None:
        mine = own_process(self.ctx)
        for number in self.arg("Id") or []:
            if int(number) != mine.number:
                raise Unsupported(f"Get-Process -Id {int(number)} (the own process is the only one)")
            self.write(mine)
        for pattern in self.arg("Name") or []:
            if not wildcard.compile(pattern)(mine.program):
                raise Unsupported(f"Get-Process {pattern} (the own process is the only one)")
            self.write(mine)
        if not self.bound("Id") and not self.bound("Name"):
            raise Unsupported("Get-Process without a process (the own one is the only one)")


objects.type_member(_PROCESS, objects.AliasProperty("Name", "ProcessName"))


# ---- Windows only ------------------------------------------------------------------------------------------------------


class RefusedOnWindows(WindowsCmdlet):
    """As :class:`Refused`."""

    def begin(self) -> None:
        raise Unsupported(f"{self.metadata.name} (the simulated disk has no access lists)")


for _name in ("Get-Acl", "Set-Acl"):
    cmdlet(
        _name,
        parameters=("Path", "LiteralPath", "AclObject"),
        metadata=metadata(
            _name,
            f"{_name.replace('-', '')}Command",
            parameter("Path", "string[]", position=0, pipeline=True, by_name=True),
            parameter("LiteralPath", "string[]", aliases=("PSPath",), by_name=True),
            parameter("AclObject", "System.Object", position=1),
        ),
    )(type(_name.replace("-", ""), (RefusedOnWindows,), {}))


# ---- programs ----------------------------------------------------------------------------------------------------------


class ProgramCmdlet(Cmdlet):
    """A program that is computed here: writes lines, leaves 0 in ``$LASTEXITCODE``."""

    def lines(self) -> list[str]:
        raise NotImplementedError

    def end(self) -> None:
        if self.arg("ArgumentList"):
            raise Unsupported(f"{self.metadata.name} with arguments")
        for line in self.lines():
            self.write(line)
        self.ctx.global_scope.define("LASTEXITCODE", 0)


class HostName(ProgramCmdlet):
    def lines(self) -> list[str]:
        return [self.ctx.machine.computer_name]


class WhoAmI(ProgramCmdlet):
    def lines(self) -> list[str]:
        machine = self.ctx.machine
        if not machine.is_windows:
            return [machine.user]
        if machine.user.upper() in ("SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE"):
            return [f"nt authority\\{machine.user}".lower()]
        return [f"{machine.computer_name}\\{machine.user}".lower()]


def _program_metadata(name: str) -> CommandMetadata:
    found = metadata_from(
        {
            "name": name,
            "parameters": [
                {"name": "ArgumentList", "type": "System.Object[]", "sets": [{"set": "__AllParameterSets", "position": 0, "remaining": True}]}
            ],
        }
    )
    found.common_parameters = False
    return found


_PROGRAMS: dict[str, type[ProgramCmdlet]] = {"hostname": HostName, "whoami": WhoAmI}
_WINDOWS_PROGRAMS = frozenset(
    ["bcdedit", "certutil", "chkdsk", "cmd", "cscript", "dism", "diskpart", "fsutil", "gpupdate", "icacls", "ipconfig", "msiexec", "net", "net1", "netsh", "netstat", "nltest", "nslookup", "ping", "powershell", "pwsh", "reg", "regedit", "robocopy", "route", "sc", "schtasks", "setx", "sfc", "shutdown", "systeminfo", "takeown", "taskkill", "tasklist", "tzutil", "vssadmin", "w32tm", "wevtutil", "winrm", "winrs", "wmic", "wscript", "wusa", "xcopy"]
)
_UNIX_PROGRAMS = frozenset(["bash", "cat", "cp", "dpkg", "id", "ls", "mount", "mv", "ps", "pwsh", "rm", "sh", "sleep", "systemctl", "uname"])
_EXTENSION = re.compile(r"\.(exe|com|cmd|bat)$", re.IGNORECASE)


def find_program(ctx: ExecutionContext, name: str) -> CommandInfo | None:
    """A program or script file by name; None if the machine has none.

    Raises:
        Unsupported: the machine would have it, and it cannot be simulated.
    """
    from hvsim.runtime.command import CmdletInfo

    script = _script_file(ctx, name)
    if script is not None:
        return script
    program = native.find(ctx, name)
    if program is not None:
        return program
    bare = _EXTENSION.sub("", re.split(r"[\\/]", name)[-1] if ctx.machine.is_windows else name).lower()
    found = _PROGRAMS.get(bare)
    if found is not None:
        found.metadata = _program_metadata(f"{bare}.exe" if ctx.machine.is_windows else bare)
        found.implemented = frozenset(("ArgumentList",))
        return CmdletInfo(found.metadata, found)
    known = _WINDOWS_PROGRAMS if ctx.machine.is_windows else _UNIX_PROGRAMS
    if bare in known:
        raise Unsupported(f"program {name} (no programs run on a simulated machine)")
    if _is_program_file(ctx, name):
        raise Unsupported(f"program {name} (no programs run on a simulated machine)")
    return None


def _is_program_file(ctx: ExecutionContext, name: str) -> bool:
    if not re.search(r"[\\/]", name) or ctx.machine.files is None:
        return False
    from hvsim.library.management import paths
    from hvsim.runtime.errors import PSError

    try:
        place = paths.parse(ctx, name)
    except PSError:
        return False
    return place.provider.name == "FileSystem" and place.provider.exists(ctx, place.path) and not place.provider.is_container(ctx, place.path)


def _script_file(ctx: ExecutionContext, name: str) -> CommandInfo | None:
    """A ``.ps1`` on the disk: by path, with or without extension."""
    if ctx.machine.files is None or not re.search(r"[\\/]", name):
        return None
    from hvsim.library.dotnet import file_info as fi
    from hvsim.library.management import encodings, paths
    from hvsim.runtime.errors import PSError
    from hvsim.runtime.functions import ScriptInfo

    for candidate in (name, f"{name}.ps1"):
        if not candidate.lower().endswith(".ps1"):
            continue
        try:
            place = paths.parse(ctx, candidate)
        except PSError:
            return None
        if place.provider.name == "FileSystem" and fi.disk(ctx).is_file(fi.disk_path(place.path)):
            text = encodings.decoded(fi.disk(ctx).read_bytes(fi.disk_path(place.path)), encodings.default_reading(ctx))
            block = scriptblock.create(ctx, text, file=place.path)
            leaf = place.provider.leaf(ctx, place.path)
            return ScriptInfo(block, leaf, "ExternalScript", place.path)
    return None


#: Names that on Linux are programs, and those of cmdlets that Linux lacks.
_WINDOWS_ALIASES = """
ac=Add-Content cat=Get-Content clear=Clear-Host compare=Compare-Object cp=Copy-Item cpp=Copy-ItemProperty diff=Compare-Object
gin=Get-ComputerInfo gsv=Get-Service kill=Stop-Process ls=Get-ChildItem man=help mount=New-PSDrive mv=Move-Item ps=Get-Process
rm=Remove-Item rmdir=Remove-Item sasv=Start-Service sleep=Start-Sleep sort=Sort-Object spsv=Stop-Service start=Start-Process
stz=Set-TimeZone tee=Tee-Object write=Write-Output
"""
_ALIASES_51 = """
asnp=Add-PSSnapin curl=Invoke-WebRequest gsnp=Get-PSSnapin gwmi=Get-WmiObject iwmi=Invoke-WmiMethod rsnp=Remove-PSSnapin
rwmi=Remove-WmiObject sc=Set-Content swmi=Set-WmiInstance wget=Invoke-WebRequest
"""
_MKDIR = """
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Position = 0, ValueFromPipelineByPropertyName)] [string[]] $Path,
    [Parameter(ValueFromPipelineByPropertyName)] [string] $Name,
    [Parameter(ValueFromPipeline, ValueFromPipelineByPropertyName)] [object] $Value,
    [switch] $Force
)
process { New-Item -ItemType Directory @PSBoundParameters }
"""
#: Functions of every session (InitialSessionState.BuiltInFunctions).
_CHANGES_OF_LOCATION = {"cd..": "Set-Location ..", "cd\\": "Set-Location \\", "cd~": "Set-Location ~"}


def _install_windows_names(ctx: ExecutionContext) -> None:
    from hvsim.runtime import functions

    top = ctx.global_session.top
    if top.aliases is None:
        top.aliases = {}
    for pair in (_WINDOWS_ALIASES + (_ALIASES_51 if ctx.edition == "5.1" else "")).split():
        name, _, target = pair.partition("=")
        top.aliases.setdefault(name, AliasInfo(name, target, options="AllScope"))
    functions.set_function(ctx, "mkdir", ScriptBlock(_code(_MKDIR, ctx.edition), ctx.session), scope=top)
    for name, body in _CHANGES_OF_LOCATION.items():
        if ctx.edition == "7" or name != "cd~":
            functions.set_function(ctx, name, ScriptBlock(_code(body, ctx.edition), ctx.session), scope=top)


@cache
def _code(text: str, edition: str) -> Code:
    node = scriptblock.parse(text, edition)
    return Code(node, node.source)


def _working_directory(ctx: ExecutionContext) -> PathInfo:
    """``$PWD``."""
    here = locations(ctx).here()
    return PathInfo(here, shown(ctx, here))


def install(ctx: ExecutionContext) -> None:
    """Lets a runspace find programs and script files, and gives it the names that only Windows has."""
    ctx.services[ExternalCommands] = find_program
    ctx.services[WorkingDirectory] = _working_directory
    if ctx.machine.is_windows:
        _install_windows_names(ctx)

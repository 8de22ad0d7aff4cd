# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Culture, Get-UICulture, Get-Host, Get-PSCallStack and Get-Error."""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import culture, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.members import getter, method
from hvsim.runtime.structs import Version
from hvsim.runtime.values import NetObject

_FRAME = "System.Management.Automation.CallStackFrame"


@cmdlet("Get-Culture", parameters=("Name",))
class GetCulture(Cmdlet):
    """The culture of the thread, or cultures by name."""

    def process(self) -> None:
        if not self.bound("Name"):
            self.write(self.ctx.culture)
            return
        for name in self.args["Name"]:
            self.write(culture.get(name, self.ctx.edition))


@cmdlet("Get-UICulture")
class GetUICulture(Cmdlet):
    def process(self) -> None:
        self.write(self.ctx.ui_culture)


@cmdlet("Get-Host")
class GetHost(Cmdlet):
    def process(self) -> None:
        self.write(self.ctx.get_variable("Host"))


_HOST = "System.Management.Automation.Internal.Host.InternalHost"
if types.find(_HOST) is None:
    types.register(types.NetType("System.Management.Automation.Host.PSHost", "System.Object"))
    types.register(types.NetType(_HOST, "System.Management.Automation.Host.PSHost"))


@getter(_HOST, "Name", type="string")
def _host_name(self: Any) -> str:
    from hvsim.library.remoting.far_runspace import HOST_NAME, RemoteHost

    return HOST_NAME if RemoteHost in self.ctx.services else "ConsoleHost"


@getter(_HOST, "Version", type="version")
def _host_version(self: Any) -> Version:
    return Version(5, 1, 20348, 2849) if self.ctx.edition == "5.1" else Version(7, 6, 5)


@getter(_HOST, "CurrentCulture", type="cultureinfo")
def _host_culture(self: Any) -> Any:
    return self.ctx.culture


@getter(_HOST, "CurrentUICulture", type="cultureinfo")
def _host_ui_culture(self: Any) -> Any:
    return self.ctx.ui_culture


@getter(_HOST, "UI", type="System.Object")
def _host_ui(self: Any) -> Any:
    raise Unsupported("property UI of $Host (nobody sits at this console)")


@types.net_class(_FRAME)
class CallStackFrame(NetObject):
    """One running script block."""

    __slots__ = ("file", "function", "invocation", "line")
    NET: ClassVar[str] = _FRAME

    def __init__(self, function: str, file: str | None, line: int, invocation: InvocationInfo | None) -> None:
        self.function = function
        self.file = file
        self.line = line
        self.invocation = invocation


def _location(frame: CallStackFrame) -> str:
    name = frame.file.replace("\\", "/").rpartition("/")[2] if frame.file else "<No file>"
    return f"{name}: line {frame.line}" if frame.line else name


getter(_FRAME, "Command", type="string")(
    lambda self: self.function if self.function != "<ScriptBlock>" else _location(self).partition(":")[0].replace("<No file>", "<ScriptBlock>")
)
getter(_FRAME, "FunctionName", type="string")(lambda self: self.function)
getter(_FRAME, "Location", type="string")(_location)
getter(_FRAME, "ScriptName", type="string")(lambda self: self.file)
getter(_FRAME, "ScriptLineNumber", type="int")(lambda self: self.line)
getter(_FRAME, "InvocationInfo", type="System.Management.Automation.InvocationInfo")(lambda self: self.invocation)
method(_FRAME, "GetScriptLocation", overloads=["() -> string"])(_location)


@method(_FRAME, "ToString", overloads=["() -> string"])
def _frame_text(self: CallStackFrame) -> str:
    return f"at {self.function}, {self.file or '<No file>'}: line {self.line}"


@cmdlet("Get-History", parameters=("Count",))
class GetHistory(Cmdlet):
    """Commands that were typed: none, for a command enters the history when it has ended, and scripts never do."""


@cmdlet("Get-PSCallStack")
class GetPSCallStack(Cmdlet):
    """The running script blocks, innermost first."""

    def process(self) -> None:
        for frame in reversed(self.ctx.frames):
            line = frame.source.line(frame.position.start) if frame.position is not None else 1
            invocation: Any = None if frame.invocation is None else frame.invocation.info
            self.write(CallStackFrame(frame.name or "<ScriptBlock>", frame.source.file, line, invocation))


@cmdlet("Get-Error", parameters=("InputObject", "Newest"))
class GetError(Cmdlet):
    """The last errors; only their values, since their detailed view is text for people."""

    def process(self) -> None:
        if self.bound("InputObject"):
            raise Unsupported("Get-Error with an object")
        for record in list(self.ctx.errors)[: self.arg("Newest", 1)]:
            self.write(record)

# SPDX-License-Identifier: GPL-3.0-or-later
"""``[powershell]::Create('CurrentRunspace')``: a script as a nested pipeline of the running one.

Only that is there: one script, its arguments, ``Invoke()`` and the error stream. Source of what ``exit``, ``break`` and errors
do in it: ``LocalPipeline.InvokeHelper`` of PowerShell.
"""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime import interpreter, types
from hvsim.runtime.collections import Collection
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ExitProcess, ExitScript, net_error
from hvsim.runtime.members import getter, method, static_method
from hvsim.runtime.scope import Scope
from hvsim.runtime.streams import Collector
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, EnumValue, NetObject

_POWERSHELL = "System.Management.Automation.PowerShell"
_STREAMS = "System.Management.Automation.PSDataStreams"
_RECORD = "System.Management.Automation.ErrorRecord"
_RECORDS = "System.Management.Automation.PSDataCollection`1"
_MODE = "System.Management.Automation.RunspaceMode"
_CURRENT = 0
_PSOBJECTS = "System.Collections.ObjectModel.Collection[psobject]"


@types.net_class(_RECORDS)
class Records(NetObject):
    """The errors that a nested pipeline has written."""

    __slots__ = ("items",)

    def __init__(self) -> None:
        self.items = Collector()

    @property
    def net_type(self) -> NetType:
        """``PSDataCollection[ErrorRecord]``."""
        return types.generic(types.get(_RECORDS), types.get(_RECORD))


@types.net_class(_STREAMS)
class DataStreams(NetObject):
    """``$powershell.Streams``."""

    __slots__ = ("error",)
    NET: ClassVar[str] = _STREAMS

    def __init__(self) -> None:
        self.error = Records()


@types.net_class(_POWERSHELL)
class NestedPowerShell(NetObject):
    """A ``PowerShell`` of the current runspace."""

    __slots__ = ("arguments", "disposed", "local", "named", "script", "streams")
    NET: ClassVar[str] = _POWERSHELL

    def __init__(self) -> None:
        self.script: str | None = None
        self.local = False
        self.arguments: list[Any] = []
        self.named: dict[str, Any] = {}
        self.streams = DataStreams()
        self.disposed = False

    def use(self) -> None:
        """Raises:
        PSError: ObjectDisposedException.
        """
        if self.disposed:
            raise net_error("System.ObjectDisposedException", "Cannot access a disposed object.\nObject name: 'PowerShell'.")


@static_method(_POWERSHELL, "Create", overloads=[f"() -> {_POWERSHELL}", f"({_MODE}) -> {_POWERSHELL}"])
def _create(mode: EnumValue | None = None) -> NestedPowerShell:
    if mode is None or mode.value != _CURRENT:
        raise Unsupported("[powershell]::Create in a runspace of its own (only RunspaceMode CurrentRunspace)")
    return NestedPowerShell()


@method(_POWERSHELL, "AddScript", overloads=[f"(string) -> {_POWERSHELL}", f"(string, bool) -> {_POWERSHELL}"])
def _add_script(self: NestedPowerShell, script: str, local: bool = False) -> NestedPowerShell:
    self.use()
    if self.script is not None:
        raise Unsupported("a second script in the pipeline of a [powershell]")
    self.script, self.local = script, local
    return self


@method(_POWERSHELL, "AddArgument", overloads=[f"(System.Object) -> {_POWERSHELL}"])
def _add_argument(self: NestedPowerShell, value: Any) -> NestedPowerShell:
    self.use()
    if self.script is None:
        raise net_error(
            "System.Management.Automation.PSInvalidOperationException",
            "A command is required to add a parameter. A command must be added to the PowerShell instance before adding a parameter.",
        )
    self.arguments.append(value)
    return self


@method(_POWERSHELL, "Invoke", overloads=[f"() -> {_PSOBJECTS}"], context=True)
def _invoke(ctx: ExecutionContext, self: NestedPowerShell) -> Collection:
    self.use()
    if self.script is None:
        raise net_error("System.InvalidOperationException", "No commands are specified.")
    out = Collector()
    outer, in_try, question = ctx.streams, ctx.in_try, ctx.question
    ctx.streams = outer.copy()
    ctx.streams.error = self.streams.error.items
    # A try around the call is none for the statements of the script.
    ctx.in_try = False
    scope = Scope(ctx.scope) if self.local else ctx.scope
    try:
        with ctx.entered(ctx.session, scope):
            interpreter.run_script(ctx, self.script, args=self.arguments, out=out)
    except ExitProcess:
        raise
    except ExitScript as stop:
        ctx.set_variable("LASTEXITCODE", stop.code, ctx.global_scope)
    finally:
        ctx.streams, ctx.in_try, ctx.question = outer, in_try, question
    return Collection(out.items)


@getter(_POWERSHELL, "Streams", type=_STREAMS)
def _streams(self: NestedPowerShell) -> DataStreams:
    return self.streams


@getter(_STREAMS, "Error", type=f"System.Management.Automation.PSDataCollection[{_RECORD}]")
def _error(self: DataStreams) -> Records:
    return self.error


@getter(_RECORDS, "Count", type="int")
def _count(self: Records) -> int:
    return len(self.items)


@method(_RECORDS, "ReadAll", overloads=[f"() -> System.Collections.ObjectModel.Collection[{_RECORD}]"])
def _read_all(self: Records) -> Collection:
    read = Collection(self.items, types.get(_RECORD))
    self.items.clear()
    return read


@method(_POWERSHELL, "Dispose", overloads=["() -> void"])
def _dispose(self: NestedPowerShell) -> Any:
    self.disposed = True
    return AUTOMATION_NULL


def _refuse(type_name: str, properties: str, methods: str = "") -> None:
    """Makes the members that are not there a refusal: without, reading them would give null."""
    short = type_name.rpartition(".")[2].partition("`")[0]

    def refuse_property(name: str) -> None:
        @getter(type_name, name, type="System.Object")
        def read(_self: Any) -> Any:
            raise Unsupported(f"property {name} of {short}")

    def refuse_method(name: str) -> None:
        @method(type_name, name, overloads=["(params System.Object[]) -> System.Object"])
        def call(_self: Any, *_args: Any) -> Any:
            raise Unsupported(f"method {name} of {short}")

    for name in properties.split():
        refuse_property(name)
    for name in methods.split():
        refuse_method(name)


_refuse(
    _POWERSHELL,
    "Commands HadErrors HistoryString InstanceId InvocationStateInfo IsNested IsRunspaceOwner Runspace RunspacePool",
    "AddCommand AddParameter AddParameters AddStatement BeginInvoke BeginStop Connect ConnectAsync CreateNestedPowerShell "
    "EndInvoke EndStop InvokeAsync Stop StopAsync",
)
_refuse(_STREAMS, "Debug Information Progress Verbose Warning", "ClearStreams")
_refuse(
    _RECORDS,
    "BlockingEnumerator DataAddedCount EnumeratorNeverBlocks IsAutoGenerated IsOpen SerializeInput",
    "Add Clear Complete CopyTo Insert Remove RemoveAt",
)

# SPDX-License-Identifier: GPL-3.0-or-later
"""``$PSCmdlet`` of advanced functions, and dynamic parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.command import ALL_SETS
from hvsim.runtime.errors import ErrorRecord, FunctionStopped, PSError
from hvsim.runtime.members import getter, method
from hvsim.runtime.values import AUTOMATION_NULL, NetObject

if TYPE_CHECKING:
    from hvsim.runtime.functions import FunctionProcessor

TYPE = "System.Management.Automation.PSScriptCmdlet"
_RECORD = "System.Management.Automation.ErrorRecord"


@types.net_class("System.Management.Automation.Internal.InternalCommand")
class _InternalCommand:
    pass


@types.net_class("System.Management.Automation.Cmdlet", base="System.Management.Automation.Internal.InternalCommand")
class _CmdletBase:
    pass


@types.net_class("System.Management.Automation.PSCmdlet", base="System.Management.Automation.Cmdlet")
class _PSCmdletBase:
    pass


@types.net_class(TYPE, base="System.Management.Automation.PSCmdlet")
class ScriptCmdlet(NetObject):
    """The object behind ``$PSCmdlet``."""

    __slots__ = ("processor",)

    def __init__(self, processor: FunctionProcessor) -> None:
        self.processor = processor


@getter(TYPE, "ParameterSetName", type="string")
def _parameter_set(self: ScriptCmdlet) -> str:
    binding = self.processor.binding
    return ALL_SETS if binding is None else binding.parameter_set


@getter(TYPE, "MyInvocation", type="System.Management.Automation.InvocationInfo")
def _my_invocation(self: ScriptCmdlet) -> Any:
    processor = self.processor
    return processor.frame.invocation.variable("myinvocation").value


@getter(TYPE, "SessionState", type="System.Management.Automation.SessionState")
def _session_state(self: ScriptCmdlet) -> Any:
    return self.processor.session


@getter(TYPE, "Host", type="System.Object", context=True)
def _host(ctx: Any, self: ScriptCmdlet) -> Any:
    return ctx.get_variable("Host")


@getter(TYPE, "Stopping", type="bool")
def _stopping(self: ScriptCmdlet) -> bool:
    return False


@getter(TYPE, "CommandRuntime", type="System.Object")
def _command_runtime(self: ScriptCmdlet) -> Any:
    return self


@method(TYPE, "WriteObject", overloads=["(System.Object) -> void", "(System.Object, bool) -> void"])
def _write_object(self: ScriptCmdlet, value: Any, enumerate_: bool = False) -> Any:
    runtime = self.processor.runtime
    if enumerate_:
        runtime.write_all(value)
    else:
        self.processor.frame.out.write(value)
    return AUTOMATION_NULL


def _stopping_function(self: ScriptCmdlet, write: Callable[[], None]) -> None:
    """Writes to a stream; an action Stop ends the whole function.

    Raises:
        FunctionStopped: the action is Stop.
    """
    try:
        write()
    except PSError as error:
        raise FunctionStopped(self.processor, error) from error


@method(TYPE, "WriteError", overloads=[f"({_RECORD}) -> void"])
def _write_error(self: ScriptCmdlet, record: ErrorRecord) -> Any:
    runtime = self.processor.runtime
    record.invocation = None
    _stopping_function(self, lambda: runtime.write_error(record))
    return AUTOMATION_NULL


@method(TYPE, "ThrowTerminatingError", overloads=[f"({_RECORD}) -> void"])
def _throw_terminating_error(self: ScriptCmdlet, record: ErrorRecord) -> Any:
    record.invocation = None
    raise FunctionStopped(self.processor, self.processor.runtime.terminating(record))


@method(TYPE, "WriteWarning", overloads=["(string) -> void"])
def _write_warning(self: ScriptCmdlet, text: str) -> Any:
    _stopping_function(self, lambda: self.processor.runtime.write_warning(text))
    return AUTOMATION_NULL


@method(TYPE, "WriteVerbose", overloads=["(string) -> void"])
def _write_verbose(self: ScriptCmdlet, text: str) -> Any:
    _stopping_function(self, lambda: self.processor.runtime.write_verbose(text))
    return AUTOMATION_NULL


@method(TYPE, "WriteDebug", overloads=["(string) -> void"])
def _write_debug(self: ScriptCmdlet, text: str) -> Any:
    _stopping_function(self, lambda: self.processor.runtime.write_debug(text))
    return AUTOMATION_NULL


@method(
    TYPE,
    "WriteInformation",
    overloads=[
        "(System.Management.Automation.InformationRecord) -> void",
        "(System.Object, string[]) -> void",
    ],
)
def _write_information(self: ScriptCmdlet, data: Any, tags: Any = None) -> Any:
    from hvsim.runtime.streams import InformationRecord

    record = data if isinstance(data, InformationRecord) else InformationRecord(data, "", list(tags or []))
    _stopping_function(self, lambda: self.processor.runtime.write_information(record))
    return AUTOMATION_NULL


@method(TYPE, "WriteProgress", overloads=["(System.Management.Automation.ProgressRecord) -> void"])
def _write_progress(self: ScriptCmdlet, record: Any) -> Any:
    return AUTOMATION_NULL


@method(
    TYPE,
    "ShouldProcess",
    overloads=[
        "(string) -> bool",
        "(string, string) -> bool",
        "(string, string, string) -> bool",
        "(string, string, string, ref System.Management.Automation.ShouldProcessReason) -> bool",
    ],
    context=True,
)
def _should_process(ctx: Any, self: ScriptCmdlet, *texts: Any) -> bool:
    runtime = self.processor.runtime
    if len(texts) <= 2:
        return runtime.should_process(texts[0], texts[1] if len(texts) == 2 else None)
    what_if = runtime.common.get("WhatIf")
    if what_if is None:
        what_if = ctx.preference_flag("WhatIfPreference")
    if what_if:
        ctx.host_line(f"What if: {texts[0]}")
        return False
    if runtime.common.get("Verbose") is True:
        runtime.write_verbose(texts[0])
    return True


@method(
    TYPE,
    "ShouldContinue",
    overloads=["(string, string) -> bool", "(string, string, ref bool, ref bool) -> bool"],
)
def _should_continue(self: ScriptCmdlet, *texts: Any) -> bool:
    raise Unsupported("ShouldContinue (nobody can answer)")


@method(
    TYPE,
    "GetVariableValue",
    overloads=["(string) -> System.Object", "(string, System.Object) -> System.Object"],
    context=True,
)
def _get_variable_value(ctx: Any, self: ScriptCmdlet, name: str, default: Any = None) -> Any:
    return ctx.get_variable(name, default)


__all__ = ["ScriptCmdlet"]

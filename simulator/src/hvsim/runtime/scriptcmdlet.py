# SPDX-License-Identifier: GPL-3.0-or-later
"""``$PSCmdlet`` of advanced functions, and dynamic parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.command import ALL_SETS
from hvsim.runtime.errors import ErrorRecord, FunctionStopped, PSError
from hvsim.runtime.members import getter, method
from hvsim.runtime.structs import SwitchParameter
from hvsim.runtime.values import AUTOMATION_NULL, NetObject, UInt64

if TYPE_CHECKING:
    from hvsim.runtime.functions import FunctionProcessor

TYPE = "System.Management.Automation.PSScriptCmdlet"
_RECORD = "System.Management.Automation.ErrorRecord"
_REASON = "System.Management.Automation.ShouldProcessReason"
_PAGING = "System.Management.Automation.PagingParameters"
types.register(types.NetType(_REASON, "System.Enum", kind="e", enum_members={"None": 0, "WhatIf": 1}, is_flags=True))


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


@getter(TYPE, "CommandOrigin", type="System.Management.Automation.CommandOrigin")
def _command_origin(self: ScriptCmdlet) -> Any:
    return types.enum("System.Management.Automation.CommandOrigin", "Internal")


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
    # To the output of the function, also from within an assignment in it: only what statements write is captured there.
    runtime = self.processor.runtime
    (runtime.write_all if enumerate_ else runtime.write)(value)
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
    if len(texts) == 4:
        texts[3].value = types.enum(_REASON, "WhatIf" if runtime.what_if else "None")
    return runtime.confirmed(texts[0], texts[1] or "")


@method(
    TYPE,
    "ShouldContinue",
    overloads=["(string, string) -> bool", "(string, string, ref bool, ref bool) -> bool"],
)
def _should_continue(self: ScriptCmdlet, query: str, caption: str, *to_all: Any) -> bool:
    if to_all:
        raise Unsupported("ShouldContinue with answers for all")
    self.processor.runtime.ask(query)
    return True


@types.net_class(_PAGING)
class PagingParameters(NetObject):
    """``$PSCmdlet.PagingParameters`` of a function that supports paging."""

    __slots__ = ("common",)
    NET = _PAGING

    def __init__(self, common: Mapping[str, Any]) -> None:
        self.common = common


@getter(TYPE, "PagingParameters", type=_PAGING, context=True)
def _paging_parameters(ctx: Any, self: ScriptCmdlet) -> Any:
    processor = self.processor
    if processor.binding is None or not processor.info.metadata(ctx).paging:
        return None
    return PagingParameters(processor.binding.common)


@getter(_PAGING, "IncludeTotalCount", type="switch")
def _include_total_count(self: PagingParameters) -> Any:
    return SwitchParameter(bool(self.common.get("IncludeTotalCount", False)))


@getter(_PAGING, "Skip", type="System.UInt64")
def _skip(self: PagingParameters) -> Any:
    return self.common.get("Skip", UInt64(0))


@getter(_PAGING, "First", type="System.UInt64")
def _first(self: PagingParameters) -> Any:
    return self.common.get("First", UInt64(2**64 - 1))


@method(
    TYPE,
    "GetVariableValue",
    overloads=["(string) -> System.Object", "(string, System.Object) -> System.Object"],
    context=True,
)
def _get_variable_value(ctx: Any, self: ScriptCmdlet, name: str, default: Any = None) -> Any:
    return ctx.get_variable(name, default)


__all__ = ["ScriptCmdlet"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of the engine's own types: error records, invocations, records of the other streams."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, types
from hvsim.runtime.errors import ErrorRecord, NetException, net_error
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.members import constructor, getter, method, setter
from hvsim.runtime.streams import InformationalRecord, InformationRecord
from hvsim.runtime.values import Array, NetObject

_AUTOMATION = "System.Management.Automation."
_RECORD = _AUTOMATION + "ErrorRecord"
_CATEGORY = _AUTOMATION + "ErrorCategoryInfo"
_DETAILS = _AUTOMATION + "ErrorDetails"
_INVOCATION = _AUTOMATION + "InvocationInfo"


# ---- error records -----------------------------------------------------------------------------------------------------


class CategoryInfo(NetObject):
    """``ErrorRecord.CategoryInfo``: a view of the record."""

    __slots__ = ("record",)
    NET = _CATEGORY

    def __init__(self, record: ErrorRecord) -> None:
        self.record = record


class ErrorDetails(NetObject):
    """``ErrorRecord.ErrorDetails``."""

    __slots__ = ("message", "recommended_action")
    NET = _DETAILS

    def __init__(self, message: str, recommended_action: str = "") -> None:
        self.message = message
        self.recommended_action = recommended_action


@constructor(_RECORD)
def _new_record(net_type: Any, *args: Any) -> ErrorRecord:
    if len(args) == 2:
        old, exception = args
        record = ErrorRecord(exception or old.exception, old.error_id, old.category, old.target, source=old.source)
        record.details = old.details
        record.recommended_action = old.recommended_action
        record.invocation = old.invocation
        return record
    exception, error_id, category, target = args
    if exception is None:
        raise net_error(
            "System.ArgumentNullException", "Value cannot be null. (Parameter 'exception')", ParamName="exception"
        )
    return ErrorRecord(exception, error_id or "", types.enum_text(category), target)


@getter(_RECORD, "CategoryInfo")
def _category_info(self: ErrorRecord) -> CategoryInfo:
    return CategoryInfo(self)


@getter(_RECORD, "ErrorDetails")
def _error_details(self: ErrorRecord) -> ErrorDetails | None:
    if self.details is None and self.recommended_action is None:
        return None
    return _DetailsView(self)


class _DetailsView(ErrorDetails):
    __slots__ = ("record",)

    def __init__(self, record: ErrorRecord) -> None:
        self.record = record
        super().__init__(record.message, record.recommended_action or "")


@setter(_RECORD, "ErrorDetails")
def _set_error_details(self: ErrorRecord, value: Any) -> None:
    self.details = None if value is None else value.message
    self.recommended_action = None if value is None else value.recommended_action


@getter(_RECORD, "Exception")
def _exception(self: ErrorRecord) -> NetException:
    return self.exception


@getter(_RECORD, "FullyQualifiedErrorId")
def _error_id(self: ErrorRecord) -> str:
    return self.fully_qualified_error_id


@getter(_RECORD, "InvocationInfo")
def _record_invocation(self: ErrorRecord) -> Any:
    """A copy of the call's, without what it says of arguments and pipeline (``ErrorRecord.SetInvocationInfo``)."""
    called = self.invocation
    if type(called) is InvocationInfo and called.pipeline_length:
        self.invocation = called = InvocationInfo(called.command, called.extent, called.source, called.invocation_name)
        called.pipeline_length = called.pipeline_position = 0
    return called


@getter(_RECORD, "PipelineIterationInfo")
def _iteration_info(self: ErrorRecord) -> Any:
    return Array()


@getter(_RECORD, "ScriptStackTrace")
def _stack_trace(self: ErrorRecord) -> str | None:
    return self.stack_trace


@getter(_RECORD, "TargetObject")
def _target_object(self: ErrorRecord) -> Any:
    return self.target


@method(_RECORD, "ToString")
def _record_text(self: ErrorRecord) -> str:
    return self.message


@constructor(_DETAILS)
def _new_details(net_type: Any, *args: Any) -> ErrorDetails:
    if len(args) != 1:
        raise Unsupported("constructor of ErrorDetails with resources")
    return ErrorDetails(args[0] or "")


@getter(_DETAILS, "Message")
def _details_message(self: ErrorDetails) -> str:
    return self.message


@getter(_DETAILS, "RecommendedAction")
def _details_action(self: ErrorDetails) -> str:
    return self.recommended_action


@setter(_DETAILS, "RecommendedAction")
def _set_details_action(self: ErrorDetails, value: str) -> None:
    self.recommended_action = value
    if isinstance(self, _DetailsView):
        self.record.recommended_action = value
    if isinstance(self, _DetailsView):
        self.record.recommended_action = value


@method(_DETAILS, "ToString")
def _details_text(self: ErrorDetails) -> str:
    return self.message


# ---- category ----------------------------------------------------------------------------------------------------------


def reason_of(record: ErrorRecord) -> str:
    """Reason: the exception's short type name unless one was set."""
    return record.reason if record.reason is not None else types.of(record.exception).name


def target_name_of(ctx: Any, record: ErrorRecord) -> str:
    """TargetName: the target as text unless one was set."""
    if record.target_name is not None:
        return record.target_name
    if record.target is None:
        return ""
    from hvsim.runtime import objects

    base = objects.unwrap(record.target)
    if isinstance(base, str):
        return base
    if isinstance(base, (list, Array)):
        return types.of(base).full_name
    return convert.to_string(ctx, record.target)


def target_type_of(record: ErrorRecord) -> str:
    """TargetType: the short type name of the target unless one was set."""
    if record.target_type is not None:
        return record.target_type
    return "" if record.target is None else types.of(record.target).name


@getter(_CATEGORY, "Category")
def _category(self: CategoryInfo) -> Any:
    return types.enum(_AUTOMATION + "ErrorCategory", self.record.category)


@getter(_CATEGORY, "Activity")
def _activity(self: CategoryInfo) -> str:
    return self.record.activity


@setter(_CATEGORY, "Activity")
def _set_activity(self: CategoryInfo, value: str) -> None:
    self.record.activity = value


@getter(_CATEGORY, "Reason")
def _reason(self: CategoryInfo) -> str:
    return reason_of(self.record)


@setter(_CATEGORY, "Reason")
def _set_reason(self: CategoryInfo, value: str) -> None:
    self.record.reason = value


@getter(_CATEGORY, "TargetName", context=True)
def _target_name(ctx: Any, self: CategoryInfo) -> str:
    return target_name_of(ctx, self.record)


@setter(_CATEGORY, "TargetName")
def _set_target_name(self: CategoryInfo, value: str) -> None:
    self.record.target_name = value


@getter(_CATEGORY, "TargetType")
def _target_type(self: CategoryInfo) -> str:
    return target_type_of(self.record)


@setter(_CATEGORY, "TargetType")
def _set_target_type(self: CategoryInfo, value: str) -> None:
    self.record.target_type = value


@method(_CATEGORY, "ToString", context=True)
@method(_CATEGORY, "GetMessage", context=True)
def _category_text(ctx: Any, self: CategoryInfo, *_culture: Any) -> str:
    record = self.record
    name, kind = target_name_of(ctx, record), target_type_of(record)
    return (
        f"{record.category}: ({_short(name)}:{_short(kind)}) [{_short(record.activity)}], {_short(reason_of(record))}"
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:18]}...{text[-19:]}"


# ---- invocations -------------------------------------------------------------------------------------------------------


@getter(_INVOCATION, "MyCommand")
def _my_command(self: InvocationInfo) -> Any:
    return self.command


@getter(_INVOCATION, "InvocationName")
def _invocation_name(self: InvocationInfo) -> str:
    return self.invocation_name


@getter(_INVOCATION, "BoundParameters")
def _bound_parameters(self: InvocationInfo) -> Any:
    from hvsim.runtime.invocation import bound_dictionary

    if self.bound_parameters is None:
        self.bound_parameters = bound_dictionary({})
    return self.bound_parameters


@getter(_INVOCATION, "UnboundArguments")
def _unbound_arguments(self: InvocationInfo) -> Any:
    from hvsim.runtime.collections import GenericList

    return GenericList(self.unbound_arguments, types.OBJECT)


@getter(_INVOCATION, "ExpectingInput")
def _expecting_input(self: InvocationInfo) -> bool:
    return self.expecting_input


@getter(_INVOCATION, "HistoryId")
def _history_id(self: InvocationInfo) -> Any:
    from hvsim.runtime.values import Int64

    return Int64(1)


@getter(_INVOCATION, "PipelineLength")
def _pipeline_length(self: InvocationInfo) -> int:
    return self.pipeline_length


@getter(_INVOCATION, "PipelinePosition")
def _pipeline_position(self: InvocationInfo) -> int:
    return self.pipeline_position


@getter(_INVOCATION, "ScriptLineNumber")
def _script_line(self: InvocationInfo) -> int:
    return self.line_number


@getter(_INVOCATION, "OffsetInLine")
def _offset_in_line(self: InvocationInfo) -> int:
    if self.extent is None or self.source is None:
        return 0
    return self.source.position(self.extent.start)[1]


@getter(_INVOCATION, "ScriptName")
def _script_name(self: InvocationInfo) -> str:
    return "" if self.source is None else self.source.file or ""


@getter(_INVOCATION, "PSCommandPath")
def _command_path(self: InvocationInfo) -> str:
    return "" if self.source is None else self.source.file or ""


@getter(_INVOCATION, "PSScriptRoot")
def _command_root(self: InvocationInfo) -> str:
    from hvsim.runtime.invocation import script_root

    return script_root(None if self.source is None else self.source.file)


@getter(_INVOCATION, "Line")
def _line(self: InvocationInfo) -> str:
    """The source lines that the command spans, with their line ends."""
    if self.extent is None or self.source is None:
        return ""
    first, last = self.source.line(self.extent.start), self.source.line(max(self.extent.end - 1, self.extent.start))
    starts = self.source.line_starts
    end = starts[last] if last < len(starts) else len(self.source.text)
    return self.source.text[starts[first - 1] : end]


@getter(_INVOCATION, "CommandOrigin")
def _command_origin(self: InvocationInfo) -> Any:
    """Scripts that a host runs are of the runspace, functions and scripts that these call internal (``ExecutionContext.CreateCommand``)."""
    if self.command is None or self.command.kind not in ("Function", "Filter", "Script", "ExternalScript"):
        raise Unsupported("property System.Management.Automation.InvocationInfo.CommandOrigin of a cmdlet")
    return types.enum(_AUTOMATION + "CommandOrigin", "Internal" if self.extent is not None else "Runspace")


@getter(_INVOCATION, "DisplayScriptPosition")
def _display_position(self: InvocationInfo) -> None:
    """Only debuggers and workflows set one."""
    return None


@getter(_INVOCATION, "Statement")
def _statement(self: InvocationInfo) -> str:
    return "" if self.extent is None or self.source is None else self.source.text_of(self.extent)


@getter(_INVOCATION, "PositionMessage")
def _position_message(self: InvocationInfo) -> str:
    return position_message(self)


MAX_POSITION_WIDTH = 69


def position_message(info: InvocationInfo) -> str:
    """``At line:1 char:1`` with the line and the marked part of it (``PositionUtilities.VerboseMessage``)."""
    if info.extent is None or info.source is None:
        return ""
    source, extent = info.source, info.extent
    number, column = source.position(extent.start)
    place = f"At {source.file}:{number} char:{column}" if source.file else f"At line:{number} char:{column}"
    line = source.line_text(number).rstrip()
    if not line:
        return place
    end_line, end_column = source.position(extent.end)
    fits = end_line == number and end_column <= len(line) + 1
    length = end_column - column if fits else len(line) - column + 1
    before, marked, after = line[: column - 1], line[column - 1 : column - 1 + length], line[column - 1 + length :]
    before, marked, after = (part.replace("\t", "    ") for part in (before, marked, after))
    dots = "..." if source.edition == "5.1" else "\u2026"
    before, marked, after = _cut(before, marked, after, dots)
    return f"{place}\n+ {before}{marked}{after}\n+ {' ' * len(before)}{'~' * len(marked)}"


def _cut(before: str, marked: str, after: str, dots: str) -> tuple[str, str, str]:
    """The three parts of a line, cut to the width: up to 12 characters before the mark count most, then the mark."""
    if len(before) + len(marked) + len(after) <= MAX_POSITION_WIDTH:
        return before, marked, after
    left, right = min(len(before), 12), min(len(after), 8)
    if left + len(marked) + right >= MAX_POSITION_WIDTH:
        marked = marked[: MAX_POSITION_WIDTH - left]
        right = min(right, MAX_POSITION_WIDTH - left - len(marked))
    else:
        left = min(len(before), MAX_POSITION_WIDTH - len(marked) - right)
        right = min(len(after), MAX_POSITION_WIDTH - len(marked) - left)
    prefix = f"{dots} " if left < len(before) else ""
    suffix = f" {dots}" if right < len(after) else ""
    return prefix + before[len(before) - left :], marked, after[:right] + suffix


# ---- records of the other streams --------------------------------------------------------------------------------------

_INFORMATIONAL = _AUTOMATION + "InformationalRecord"
_INFORMATION = _AUTOMATION + "InformationRecord"


@getter(_INFORMATIONAL, "Message", type="string")
def _record_message(self: InformationalRecord) -> str:
    return self.message


@getter(_INFORMATIONAL, "InvocationInfo", type=_INVOCATION)
def _informational_invocation(self: InformationalRecord) -> Any:
    return self.invocation


@method(_INFORMATIONAL, "ToString", overloads=["() -> string"])
def _informational_text(self: InformationalRecord) -> str:
    return self.message


@getter(_INFORMATION, "MessageData", type="System.Object")
def _message_data(self: InformationRecord) -> Any:
    return self.message_data


@getter(_INFORMATION, "Source", type="string")
def _information_source(self: InformationRecord) -> str:
    return self.source


@getter(_INFORMATION, "TimeGenerated", type="datetime", context=True)
def _information_time(ctx: Any, self: InformationRecord) -> Any:
    if self.time_generated is None:
        self.time_generated = ctx.call("Get-Date")[0]
    return self.time_generated


@getter(_INFORMATION, "Tags", type="System.Collections.Generic.List[string]")
def _information_tags(self: InformationRecord) -> Any:
    from hvsim.runtime.collections import GenericList

    return GenericList(self.tags, types.get("System.String"))


@method(_INFORMATION, "ToString", overloads=["() -> string"], context=True)
def _information_text(ctx: Any, self: InformationRecord) -> str:
    return convert.to_string(ctx, self.message_data)


__all__ = ["CategoryInfo", "ErrorDetails", "position_message"]

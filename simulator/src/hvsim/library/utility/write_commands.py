# SPDX-License-Identifier: GPL-3.0-or-later
"""The Write cmdlets, Out-Default and Out-Host."""

from __future__ import annotations

from typing import Any

from hvsim.runtime import convert, types
from hvsim.runtime.collections import Dictionary, DictionaryEntry
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import ErrorRecord, NetException
from hvsim.runtime.streams import InformationRecord
from hvsim.runtime.values import NetObject, PSCustomObject, PSObject

_WRITE_ERROR = "Microsoft.PowerShell.Commands.WriteErrorException"


@cmdlet("Write-Output", parameters=("InputObject", "NoEnumerate"))
class WriteOutput(Cmdlet):
    """Hands its input on, a collection element by element."""

    def process(self) -> None:
        if not self.bound("InputObject"):
            return
        value = self.args["InputObject"]
        if self.arg("NoEnumerate") is True:
            self.write(value)
        else:
            self.write_all(value)


@cmdlet(
    "Write-Error",
    parameters=(
        "Category", "CategoryActivity", "CategoryReason", "CategoryTargetName", "CategoryTargetType", "ErrorId", "ErrorRecord",
        "Exception", "Message", "RecommendedAction", "TargetObject",
    ),
)  # fmt: skip
class WriteError(Cmdlet):
    """A non-terminating error in the name of the caller."""

    def process(self) -> None:
        record = self._record()
        for name, field in (
            ("CategoryActivity", "activity"),
            ("CategoryReason", "reason"),
            ("CategoryTargetName", "target_name"),
            ("CategoryTargetType", "target_type"),
            ("RecommendedAction", "recommended_action"),
        ):
            if self.bound(name):
                setattr(record, field, self.args[name])
        caller = self.ctx.caller_invocation()
        if caller is not None:
            record.invocation = caller
            if caller.command is not None and not record.activity:
                record.activity = "Write-Error"
        self.write_error(record)

    def write_error(self, record: ErrorRecord) -> None:
        """The error belongs to the calling advanced function: its id ends with that function's name."""
        self.runtime.error_source = self.ctx.calling_command_name()
        super().write_error(record)

    def _record(self) -> ErrorRecord:
        given: ErrorRecord | None = self.arg("ErrorRecord")
        if given is not None:
            copy = ErrorRecord(given.exception, given.error_id, given.category, given.target, source=given.source)
            copy.details, copy.recommended_action = given.details, given.recommended_action
            return copy
        exception = self.arg("Exception")
        message = self.arg("Message")
        if exception is None:
            exception = NetException(_WRITE_ERROR, f"Exception of type '{_WRITE_ERROR}' was thrown." if message is None else message)
        error_id = self.arg("ErrorId") or exception.kind
        category = types.enum_text(self.args["Category"]) if self.bound("Category") else "NotSpecified"
        record = ErrorRecord(exception, error_id, category, self.arg("TargetObject"))
        if message and self.bound("Exception"):
            record.details = message
        return record


@cmdlet("Write-Warning", parameters=("Message",))
class WriteWarning(Cmdlet):
    def process(self) -> None:
        self.warn(self.args["Message"])


@cmdlet("Write-Verbose", parameters=("Message",))
class WriteVerbose(Cmdlet):
    def process(self) -> None:
        self.verbose(self.args["Message"])


@cmdlet("Write-Debug", parameters=("Message",))
class WriteDebug(Cmdlet):
    def process(self) -> None:
        self.debug(self.args["Message"])


@cmdlet("Write-Information", parameters=("MessageData", "Tags"))
class WriteInformation(Cmdlet):
    def begin(self) -> None:
        for tag in self.arg("Tags") or ():
            if tag.lower().startswith("ps"):
                raise self.fail(
                    f"Cannot use tag '{tag}'. The 'PS' prefix is reserved.",
                    "PSPrefixReservedInInformationTag",
                    "InvalidArgument",
                    tag,
                    kind="System.InvalidOperationException",
                )

    def process(self) -> None:
        self.runtime.write_information(InformationRecord(self.arg("MessageData"), "", list(self.arg("Tags", []))))


@cmdlet("Write-Host", parameters=("Object", "NoNewline", "Separator", "ForegroundColor", "BackgroundColor"))
class WriteHost(Cmdlet):
    """Text for the host: an information record tagged PSHOST, and a line of the host."""

    def process(self) -> None:
        text = self._text(self.arg("Object"))
        record = InformationRecord(HostMessage(text, self.arg("NoNewline") is True), "Write-Host", ["PSHOST"])
        self.ctx.streams.information.write(record)

    def _text(self, value: Any) -> str:
        """``ToString()``; collections, dictionaries among them, element by element (``ProcessObject``)."""
        if value is None:
            return ""
        items = [DictionaryEntry(*pair) for pair in value.items()] if isinstance(value, Dictionary) else convert.enumerate(value)
        if items is None:
            wrapped = isinstance(value, (PSObject, PSCustomObject))
            return convert.culture_string(self.ctx, value) if wrapped else convert.net_string(self.ctx, value)
        separator = convert.net_string(self.ctx, self.args["Separator"]) if self.bound("Separator") else " "
        return separator.join(self._text(item) for item in items)


_HOST_MESSAGE = "System.Management.Automation.HostInformationMessage"


@types.net_class(_HOST_MESSAGE)
class HostMessage(NetObject):
    """``HostInformationMessage``: what Write-Host puts into the information stream."""

    __slots__ = ("message", "no_newline")
    NET = _HOST_MESSAGE

    def __init__(self, message: str, no_newline: bool = False) -> None:
        self.message = message
        self.no_newline = no_newline

    def __str__(self) -> str:
        return self.message


def _register_host_message() -> None:
    from hvsim.runtime.members import getter, method

    getter(_HOST_MESSAGE, "Message")(lambda m: m.message)
    getter(_HOST_MESSAGE, "NoNewLine")(lambda m: m.no_newline)
    method(_HOST_MESSAGE, "ToString", overloads=["() -> string"])(lambda m: m.message)


_register_host_message()


@cmdlet(
    "Write-Progress",
    parameters=(
        "Activity", "Status", "Id", "PercentComplete", "SecondsRemaining", "CurrentOperation", "ParentId", "Completed", "SourceId",
    ),
)  # fmt: skip
class WriteProgress(Cmdlet):
    """Progress is for people at a console; nobody sits at this one, so the record is dropped as a host without UI does."""

    def process(self) -> None:
        if self.bound("ParentId") and self.args["ParentId"] == self.arg("Id", 0):
            text, kind = "ParentActivityId cannot be the same as the ActivityId.", "System.Management.Automation.PSArgumentException"
            raise self.fail(text, "Argument", "InvalidArgument", kind=kind)


@cmdlet("Out-Default", parameters=("InputObject", "Transcript"))
class OutDefault(Cmdlet):
    """Hands its input on: what is at the end of a pipeline is formatted by whoever runs the script."""

    def process(self) -> None:
        if self.bound("InputObject"):
            self.write(self.args["InputObject"])

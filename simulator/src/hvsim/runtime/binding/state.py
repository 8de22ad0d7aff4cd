# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of binding one call, shared by all steps, and the errors that they raise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.binding.plan import EVERY, Slot, plan_of
from hvsim.runtime.command import ALL_SETS, Argument, CommandMetadata, ParameterMetadata
from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.values import AUTOMATION_NULL, Int64, PSCustomObject, PSObject

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.types import NetType

KINDS = "System.Management.Automation.ParameterBinding"


class BindingState:
    """What is known so far of one call of a command.

    Attributes:
        values: bound parameters by canonical name, without the common ones.
        common: bound common parameters.
        parameter_set: name of the chosen set.
        collectors: (stream, list) of ``-ErrorVariable`` and its kin.
        current: the parameter sets that are still possible.
    """

    def __init__(
        self,
        ctx: ExecutionContext,
        metadata: CommandMetadata,
        invocation: InvocationInfo,
        *,
        implemented: frozenset[str] | None = None,
    ) -> None:
        self.ctx = ctx
        self.metadata = metadata
        self.invocation = invocation
        self.implemented = implemented
        self.refused: str | None = None
        self.plain: str | None = None
        """The parameter that any object but null of the pipeline goes to as it is, once that is known."""
        self.plan = plan_of(metadata)
        self.current = EVERY
        self.before_pipeline = EVERY
        self.values: dict[str, Any] = {}
        self.common: dict[str, Any] = {}
        self.parameter_set = ALL_SETS
        self.collectors: list[tuple[str, list[Any]]] = []
        self.bound: dict[Slot, Argument | None] = {}
        self.from_pipeline: dict[Slot, Any] = {}
        self.delayed: list[tuple[Slot, Any]] = []
        self.expects_input = False

    def match(self, name: str, argument: Argument) -> Slot | None:
        """The parameter that *name* means: exact name or alias, else a prefix that fits only one. PowerShell knows those that a
        provider adds only after it has bound the cmdlet's own, so they make no prefix of an own one ambiguous.

        Raises:
            PSError: AmbiguousParameter.
        """
        key = name.lower()
        exact = self.plan.by_name.get(key)
        if exact is not None:
            return exact
        found: dict[Slot, None] = {}
        for candidate, slot in self.plan.by_name.items():
            if candidate.startswith(key):
                found[slot] = None
        matches = [slot for slot in found if not slot.parameter.of_provider] or list(found)
        if len(matches) > 1:
            own = [slot for slot in matches if not slot.parameter.common]
            if len(own) == 1:
                return own[0]
            names = "".join(f" -{slot.name}" for slot in matches)
            raise self._error(
                "AmbiguousParameter",
                f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. "
                f"Possible matches include:{names}.",
                parameter=name,
            )
        return matches[0] if matches else None

    def _restrict(self, slot: Slot) -> None:
        if not slot.in_all and slot.flags:
            self.current = slot.flags if self.current == EVERY else self.current & slot.flags

    def _note_unimplemented(self, parameter: ParameterMetadata) -> None:
        if self.implemented is not None and parameter.name not in self.implemented and not parameter.common and not parameter.dynamic:
            self.refused = self.refused or parameter.name

    def _refuse_unimplemented(self) -> None:
        """Errors of the call itself come first: PowerShell would not have run the command either."""
        if self.refused is not None:
            raise Unsupported(f"parameter -{self.refused} of {self.metadata.name}")

    def _error(
        self,
        error_id: str,
        message: str,
        *,
        kind: str = "Exception",
        category: str = "InvalidArgument",
        parameter: str | None,
        expected: NetType | None = None,
        specified: Any = None,
        extent: Any = None,
        inner: NetException | None = None,
    ) -> PSError:
        """The error about *parameter* of type *expected* that was given *specified* at *extent*.

        The record's place is the argument's or the parameter's, and the call's only where no argument is to blame; it says
        nothing of the call but the command (``RuntimeException(ErrorCategory, InvocationInfo, IScriptExtent, ...)``).
        """
        called = self.invocation
        place = InvocationInfo(called.command, called.extent if extent is None else extent, called.source)
        line, column = place.start
        exception = NetException(
            KINDS + kind,
            message,
            inner,
            {
                "ErrorId": error_id,
                "ParameterName": parameter,
                "ParameterType": expected,
                "TypeSpecified": _type_given(specified),
                "CommandInvocation": called,
                "Line": Int64(line),
                "Offset": Int64(column),
            },
        )
        record = ErrorRecord(exception, error_id, category, source=self.metadata.error_source)
        record.invocation = place
        record.activity = self.metadata.name
        exception.error_record = record
        return PSError(exception, record)


def _type_given(value: Any) -> Any:
    """``GetType()`` of an argument; null for null."""
    if value is None or value is AUTOMATION_NULL:
        return None
    return types.get("System.Management.Automation.PSObject") if isinstance(value, (PSObject, PSCustomObject)) else types.of(value)

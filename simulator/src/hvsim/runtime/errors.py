# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell's errors and control flow as Python exceptions.

Three families that must not be mixed up:

* :class:`PSError`: a .NET exception on its way through Python frames; scripts catch it.
* control flow (:class:`ControlFlow`): ``break``, ``continue``, ``exit``, a stopped pipeline; scripts do not catch it.
* ``hvsim.lang.errors.Unsupported``: a refusal. No script catches it, it ends the run and names what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.values import NetObject

if TYPE_CHECKING:
    from hvsim.runtime.types import NetType

__all__ = ["ControlFlow", "ErrorRecord", "NetException", "PSError", "Unsupported", "runtime_error"]


class NetException(NetObject):
    """A .NET exception object. ``kind`` is the full type name; ``fields`` holds the properties that the type adds
    to ``System.Exception`` (``ParamName``, ``ErrorId``, ``CommandName`` ...), by name."""

    __slots__ = ("data", "error_record", "fields", "inner", "kind", "message")

    def __init__(
        self,
        kind: str,
        message: str,
        inner: NetException | None = None,
        fields: dict[str, Any] | None = None,
    ) -> None:
        self.kind = kind
        self.message = message
        self.inner = inner
        self.fields = fields or {}
        self.data: Any = None
        self.error_record: ErrorRecord | None = None

    @property
    def net_type(self) -> NetType:
        from hvsim.runtime.types import exception_type

        return exception_type(self.kind)


class ErrorRecord(NetObject):
    """``System.Management.Automation.ErrorRecord``.

    ``error_id`` is the first part of the FullyQualifiedErrorId; ``source`` (the command's class or name, appended
    after a comma) may be empty. ``category`` is the name of an ErrorCategory. ``invocation``, ``position`` and
    ``stack`` are filled by the interpreter when the error passes the statement that caused it.
    """

    __slots__ = (
        "activity",
        "category",
        "details",
        "error_id",
        "exception",
        "invocation",
        "position",
        "reason",
        "recommended_action",
        "source",
        "stack",
        "target",
        "target_name",
        "target_type",
    )
    NET = "System.Management.Automation.ErrorRecord"

    def __init__(
        self,
        exception: NetException,
        error_id: str,
        category: str = "NotSpecified",
        target: Any = None,
        *,
        source: str = "",
    ) -> None:
        self.exception = exception
        self.error_id = error_id
        self.category = category
        self.target = target
        self.source = source
        self.details: str | None = None
        self.recommended_action: str | None = None
        self.activity = ""
        self.reason: str | None = None
        self.target_name: str | None = None
        self.target_type: str | None = None
        self.invocation: Any = None
        self.position: Any = None
        self.stack: str | tuple[Any, ...] | None = None

    @property
    def fully_qualified_error_id(self) -> str:
        return f"{self.error_id},{self.source}" if self.source else self.error_id

    @property
    def stack_trace(self) -> str | None:
        """ScriptStackTrace. Kept as the frames' (name, source, position) until somebody asks: a deep recursion may make
        thousands of errors whose traces nobody reads."""
        if isinstance(self.stack, tuple):
            self.stack = "\n".join(
                f"at {name or '<ScriptBlock>'}, {source.file or '<No file>'}: "
                f"line {source.line(position.start) if position is not None else 1}"
                for name, source, position in self.stack
            )
        return self.stack

    @property
    def message(self) -> str:
        return self.details if self.details is not None else self.exception.message


class PSError(Exception):
    """A .NET exception in flight.

    Attributes:
        exception: the exception object that ``catch`` sees as ``$_.Exception``.
        record: the error record if one exists already; the interpreter makes one otherwise.
        from_throw: raised by a ``throw`` statement or by ``-ErrorAction Stop``: ends the script, not the statement.
        claimed: a command has put its name and place on the record (or, ``throw``, none may): outer ones leave it alone.
        thrown: raised by a ``throw`` statement.
    """

    claimed: bool = False
    thrown: bool = False

    def __init__(self, exception: NetException, record: ErrorRecord | None = None, *, from_throw: bool = False) -> None:
        super().__init__(exception.message)
        self.exception = exception
        self.record = record
        self.from_throw = from_throw


def runtime_error(
    error_id: str,
    message: str,
    *,
    kind: str = "System.Management.Automation.RuntimeException",
    category: str = "InvalidOperation",
    target: Any = None,
    inner: NetException | None = None,
    fields: dict[str, Any] | None = None,
) -> PSError:
    """A statement-terminating error of the engine itself, ready to raise."""
    exception = NetException(kind, message, inner, fields)
    return PSError(exception, ErrorRecord(exception, error_id, category, target))


def net_error(kind: str, message: str, *, inner: NetException | None = None, **fields: Any) -> PSError:
    """A plain .NET exception, as a method of the class library throws it (no error record yet)."""
    return PSError(NetException(kind, message, inner, fields))


class ControlFlow(Exception):
    """Base of what unwinds frames without being an error."""


class BreakLoop(ControlFlow):
    def __init__(self, label: str = "") -> None:
        super().__init__(label)
        self.label = label


class ContinueLoop(ControlFlow):
    def __init__(self, label: str = "") -> None:
        super().__init__(label)
        self.label = label


class ReturnFromScope(ControlFlow):
    """``return``: the value has been written to the output already."""


class ExitScript(ControlFlow):
    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code


class ExitProcess(ExitScript):
    """``[Environment]::Exit``: not the script but its process ends."""


class FunctionStopped(ControlFlow):
    """``$PSCmdlet.ThrowTerminatingError``: leaves the function of ``processor``, out of which ``error`` then comes."""

    def __init__(self, processor: Any, error: PSError) -> None:
        super().__init__()
        self.processor = processor
        self.error = error


class StopRun(ControlFlow):
    """The run is over, whatever the script would catch; ``error`` is what it ends with (``run_script`` raises it)."""

    def __init__(self, error: PSError) -> None:
        super().__init__()
        self.error = error


class StopUpstream(ControlFlow):
    """A command (``Select-Object -First``) wants no more input: unwinds to the pipeline that
    has ``requester``, the CommandRuntime of that command."""

    def __init__(self, requester: Any) -> None:
        super().__init__()
        self.requester = requester

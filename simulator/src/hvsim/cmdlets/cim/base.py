# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cmdlets of CimCmdlets share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

from hvsim.cmdlets.cim.broker import Broker
from hvsim.cmdlets.cim.failures import CimFailure
from hvsim.cmdlets.cim.instance import CimInstance, CimSession
from hvsim.cmdlets.cim.schema import CIMV2, normal_namespace
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord, PSError

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_LOCAL: Final = frozenset({".", "localhost", "127.0.0.1", "::1"})


@cache
def _metadata() -> dict[str, Any]:
    text = resources.files("hvsim.cmdlets.metadata").joinpath("cim.json").read_text("utf-8")
    return {row["name"]: row for row in json.loads(text)["cmdlets"]}


def cim_cmdlet(name: str, *parameters: str) -> Callable[[type[Cmdlet]], type[Cmdlet]]:
    """As ``cmdlet``, with the metadata of CimCmdlets."""
    return cmdlet(name, parameters=parameters, metadata=_metadata()[name])


class CimCommand(Cmdlet):
    """The broker, the computers and sessions that a command names, and its errors."""

    @classmethod
    def is_installed(cls, ctx: ExecutionContext) -> bool:
        """CimCmdlets exist on Windows only."""
        return bool(ctx.machine.is_windows)

    @property
    def broker(self) -> Broker:
        return Broker(self.ctx, self.metadata.name)

    @property
    def namespace(self) -> str:
        """-Namespace in normal form; ``root/cimv2`` without it."""
        return normal_namespace(from_utf16(self.arg("Namespace") or CIMV2))

    def require_local(self) -> None:
        """Refuses computers other than the host itself: a simulated host has no network.

        Raises:
            Unsupported: another computer is named.
        """
        here = self.ctx.machine.computer_name.lower()
        for name in self.arg("ComputerName") or ():
            if name.lower() not in _LOCAL and name.lower() != here:
                other = f"{self.metadata.name} -ComputerName {from_utf16(name)}"
                raise Unsupported(f"{other} (a simulated host has no network)")
        for name in ("ResourceUri", "QueryDialect"):
            if self.bound(name) and not (name == "QueryDialect" and self.args[name].upper() == "WQL"):
                raise Unsupported(f"parameter -{name} of {self.metadata.name}")

    def sessions(self) -> list[CimSession | None]:
        """One operation for each session of -CimSession, one without a session otherwise."""
        return list(self.args["CimSession"]) if self.bound("CimSession") else [None]

    def run(self, operation: Callable[[Broker], Iterable[CimInstance]], target: Any = None) -> None:
        """Writes what an operation finds, for each session; its failure is a non-terminating error."""
        self.require_local()
        for session in self.sessions():
            try:
                for instance in operation(self.broker):
                    if session is not None:
                        instance.server = session.computer_name
                    self.write(instance)
            except CimFailure as failure:
                self.report(failure, target)

    def report(self, failure: CimFailure, target: Any = None) -> None:
        """Writes a failure as CimCmdlets' error record; its target is *target* or the text that names the source."""
        exception = failure.exception(self.ctx.ui_culture.name)
        exception.message = to_utf16(exception.message)
        shown = target if target is not None else to_utf16(failure.source) or None
        self.write_error(ErrorRecord(exception, failure.error_id, failure.kind.category, shown))

    def thrown(self, kind: str, message: str) -> PSError:
        """A .NET exception that leaves the cmdlet: its type is the error id."""
        return self.fail(message, kind, "NotSpecified", kind=kind)

    def valid_name(self, parameter: str) -> str:
        """The name that a parameter holds.

        Raises:
            PSError: it is no name of a class or property (``ValidationHelper`` of CimCmdlets).
        """
        value = from_utf16(self.args[parameter])
        if _NAME.fullmatch(value.strip()) is None:
            raise self.thrown(
                "System.ArgumentException",
                f"Argument '{self.args[parameter]}' contains characters that are not allowed in parameter "
                f"'{parameter}'. Supply an argument that is valid and then try the command again.",
            )
        return value.strip()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Which command was called where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hvsim.runtime.values import NetObject

if TYPE_CHECKING:
    from hvsim.lang.ast import Extent, Source
    from hvsim.runtime.command import CommandInfo


class InvocationInfo(NetObject):
    """``$MyInvocation`` and the position part of error records: which command was called where."""

    __slots__ = (
        "bound_parameters",
        "command",
        "expecting_input",
        "extent",
        "invocation_name",
        "pipeline_length",
        "pipeline_position",
        "source",
        "unbound_arguments",
    )
    NET = "System.Management.Automation.InvocationInfo"

    def __init__(
        self,
        command: CommandInfo | None,
        extent: Extent | None = None,
        source: Source | None = None,
        invocation_name: str = "",
    ) -> None:
        self.command = command
        self.extent = extent
        self.source = source
        self.invocation_name = invocation_name
        self.bound_parameters: Any = None
        self.unbound_arguments: list[Any] = []
        self.expecting_input = False
        self.pipeline_length = 1
        self.pipeline_position = 1

    @property
    def start(self) -> tuple[int, int]:
        """Line and column of the call, counted from 1."""
        if self.extent is None or self.source is None:
            return 0, 0
        return self.source.position(self.extent.start)

    @property
    def line_number(self) -> int:
        return self.start[0]

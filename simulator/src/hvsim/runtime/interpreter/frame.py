# SPDX-License-Identifier: GPL-3.0-or-later
"""The activation record of a running script block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hvsim.lang.ast import Extent, Source
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.errors import PSError
    from hvsim.runtime.scope import Scope
    from hvsim.runtime.scriptblock import Code


class Frame:
    """What compiled code gets: context, scope, output pipe, and where it is: the ``code`` that runs.

    ``position`` is the extent of the last command or call that was entered, for stack traces; ``caught`` the error that
    the innermost running catch block handles; ``name`` what a stack trace calls the block; ``has_locals`` tells that the
    block runs in a scope of its own, with local variables as ``interpreter.locals`` finds them.
    """

    __slots__ = ("caught", "code", "ctx", "has_locals", "invocation", "name", "out", "position", "scope", "using")

    def __init__(self, ctx: ExecutionContext, scope: Scope, out: Any, code: Code, name: str = "") -> None:
        self.ctx = ctx
        self.scope = scope
        self.out = out
        self.code = code
        self.name = name
        self.position: Extent | None = None
        self.caught: PSError | None = None
        self.has_locals = False
        self.invocation: Any = None
        self.using: dict[str, Any] | None = None

    @property
    def source(self) -> Source:
        """Where the code is written."""
        return self.code.source

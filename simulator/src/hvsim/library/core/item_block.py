# SPDX-License-Identifier: GPL-3.0-or-later
"""A script block that runs once per pipeline object in the caller's scope, with little work per object."""

from __future__ import annotations

from typing import Any

from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.invocation import Invocation, input_enumerator, run_closure
from hvsim.runtime.pipeline import ProcessorPipe
from hvsim.runtime.scope import Scope, Variable
from hvsim.runtime.scriptblock import ScriptBlock

_OWN = ("args", "input", "this")


class _Automatic:
    """The block's own ``$args``, ``$input`` and ``$this``; everything else is the caller's."""

    __slots__ = ("block", "caller", "item", "source")

    def __init__(self, source: Any) -> None:
        self.source = source
        self.item: Any = None
        self.caller: Any = None
        self.block: Invocation | None = None

    def variable(self, key: str) -> Variable | None:
        if key in _OWN or self.caller is None:
            if self.block is None:
                self.block = Invocation(None, self.source)
                # ForEach-Object and Where-Object hand the object over as the block's input as well.
                self.block.input = input_enumerator([self.item])
            return self.block.variable(key)
        found: Variable | None = self.caller.variable(key)
        return found


class ItemBlock:
    """What ForEach-Object and Where-Object do with a block: ``$_`` is the object, the scope is the caller's.

    Blocks with parameters or a begin block go the long way.
    """

    def __init__(self, ctx: ExecutionContext, block: ScriptBlock, out: Any) -> None:
        self.ctx = ctx
        self.block = block
        self.out = out
        code = block.code
        code.compile()
        self.body = code.process if code.end is None else code.end
        one_block = code.begin is None and code.clean is None and (code.process is None or code.end is None)
        self.plain = code.simple_keys == [] and one_block and code.dynamic is None
        self.session = block.session or ctx.session
        self.automatic = _Automatic(code.source)
        self.frame: Frame | None = None

    def run(self, value: Any) -> None:
        """Runs the block for one object.

        Raises:
            PSError, ControlFlow: what leaves the block.
        """
        session = self.session
        scope: Scope = session.current
        if not self.plain or (type(self.out) is ProcessorPipe and scope is not self.ctx.scope):
            given = [value] if self.plain and self.block.code.process is None else ()
            self.block.run(self.ctx, self.out, (), new_scope=False, dollar_underbar=value, input=given)
            return
        if self.body is None:
            return
        frame = self.frame
        if frame is None or frame.scope is not scope:
            frame = self.frame = Frame(self.ctx, scope, self.out, self.block.code)
            frame.using = self.block.using
        variables = scope.vars
        saved = [(key, variables.pop(key)) for key in _OWN if key in variables]
        old_item = variables.get("_")
        automatic = self.automatic
        automatic.caller = old_automatic = scope.automatic
        automatic.block = None
        automatic.item = value
        scope.automatic = automatic
        variables["_"] = Variable("_", value)
        try:
            run_closure(frame, self.body, session)
        finally:
            scope.automatic = old_automatic
            for key in _OWN:
                if key in variables:
                    del variables[key]
            for key, variable in saved:
                variables[key] = variable
            if old_item is None:
                variables.pop("_", None)
            else:
                variables["_"] = old_item

# SPDX-License-Identifier: GPL-3.0-or-later
"""Invoke-Expression."""

from __future__ import annotations

from hvsim.runtime import scriptblock
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError


@cmdlet("Invoke-Expression", parameters=("Command",))
class InvokeExpression(Cmdlet):
    """Runs text as a script in the caller's scope."""

    def process(self) -> None:
        try:
            block = scriptblock.create(self.ctx, self.args["Command"])
        except PSError as error:
            assert error.record is not None
            raise self.runtime.terminating(error.record) from None
        block.run(self.ctx, self.runtime.out, (), new_scope=False)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Session states: the global one and one per module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hvsim.runtime.scope import Scope
from hvsim.runtime.values import NetObject

if TYPE_CHECKING:
    from hvsim.runtime.modules import ModuleInfo


class SessionState(NetObject):
    """``System.Management.Automation.SessionState``: a top scope (global or module) and the scope that is current in it.

    ``modules`` are the modules imported here, by name in lower case.
    """

    __slots__ = ("current", "module", "modules", "top")
    NET = "System.Management.Automation.SessionState"

    def __init__(self, parent: Scope | None = None, module: ModuleInfo | None = None) -> None:
        self.top = Scope(parent, is_script=True)
        self.top.functions = {}
        self.top.aliases = {}
        if parent is not None:
            self.top.strict = 0
        self.current = self.top
        self.module = module
        self.modules: dict[str, Any] = {}

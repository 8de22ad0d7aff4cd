# SPDX-License-Identifier: GPL-3.0-or-later
"""Script modules: session states of their own, exports, closures."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hvsim.runtime.command import Argument
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.scope import Variable
from hvsim.runtime.session import SessionState
from hvsim.runtime.streams import Collector
from hvsim.runtime.values import NetObject

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.scriptblock import ScriptBlock

_numbers = itertools.count(1)


class ModuleInfo(NetObject):
    """``PSModuleInfo`` of a script module. Exports are None until Export-ModuleMember says something: then all functions
    are exported and nothing else."""

    __slots__ = (
        "description",
        "exported_aliases",
        "exported_functions",
        "exported_variables",
        "exports_given",
        "name",
        "on_remove",
        "path",
        "session",
        "version",
    )
    NET = "System.Management.Automation.PSModuleInfo"

    def __init__(self, name: str, parent: Any, path: str = "") -> None:
        self.name = name
        self.path = path
        self.session = SessionState(parent, self)
        self.exports_given = False
        self.exported_functions: dict[str, Any] = {}
        self.exported_variables: dict[str, Variable] = {}
        self.exported_aliases: dict[str, Any] = {}
        self.description = ""
        self.version: Any = None
        self.on_remove: Any = None


def new_module(
    ctx: ExecutionContext,
    block: ScriptBlock,
    name: str | None = None,
    args: Sequence[Any] = (),
    *,
    path: str = "",
) -> tuple[ModuleInfo, list[Any]]:
    """Runs a script block as the body of a new module; the module and what the body wrote.

    Raises:
        PSError: out of the body.
    """
    from hvsim.runtime.functions import FunctionProcessor, ScriptInfo
    from hvsim.runtime.pipeline import PipelineProcessor

    module = ModuleInfo(name or f"__DynamicModule_{next(_numbers):08x}", ctx.global_session.top, path)
    session = module.session
    body = type(block)(block.code, session)
    collector = Collector()
    info = ScriptInfo(body)
    arguments = [Argument(None, value) for value in args]
    with ctx.entered(session, session.top):
        processor = FunctionProcessor(ctx, info, InvocationInfo(info), arguments, dotted=True, session=session)
        PipelineProcessor(ctx, [processor], collector).run()
    if not module.exports_given:
        module.exported_functions = dict(session.top.functions or {})
    return module, collector.items


def export_members(
    ctx: ExecutionContext,
    module: ModuleInfo,
    *,
    functions: Sequence[str] = (),
    variables: Sequence[str] = (),
    aliases: Sequence[str] = (),
) -> None:
    """Export-ModuleMember: adds what matches the patterns to the exports."""
    from hvsim.runtime import wildcard

    module.exports_given = True
    top = module.session.top
    for pattern in functions:
        matches = wildcard.compile(pattern)
        for key, info in (top.functions or {}).items():
            if matches(info.name):
                module.exported_functions[key] = info
    for pattern in variables:
        matches = wildcard.compile(pattern)
        for key, variable in top.vars.items():
            if matches(variable.name):
                module.exported_variables[key] = variable
    for pattern in aliases:
        matches = wildcard.compile(pattern)
        for key, alias in (top.aliases or {}).items():
            if matches(alias.name):
                module.exported_aliases[key] = alias


def import_module(
    ctx: ExecutionContext,
    module: ModuleInfo,
    *,
    into: SessionState | None = None,
    global_scope: bool = False,
    prefix: str = "",
) -> None:
    """Makes a module's exports visible in a session state."""
    session = ctx.global_session if global_scope else into or ctx.session
    top = session.top
    session.modules[module.name.lower()] = module
    ctx.loaded_modules[module.name.lower()] = module
    functions = top.functions if top.functions is not None else {}
    top.functions = functions
    for info in module.exported_functions.values():
        name = _prefixed(info.name, prefix)
        functions[name.lower()] = info
    for key, variable in module.exported_variables.items():
        top.vars[key] = variable
    aliases = top.aliases if top.aliases is not None else {}
    top.aliases = aliases
    for key, alias in module.exported_aliases.items():
        aliases[key] = alias


def _prefixed(name: str, prefix: str) -> str:
    verb, dash, noun = name.partition("-")
    return f"{verb}-{prefix}{noun}" if prefix and dash else prefix + name


def remove_module(ctx: ExecutionContext, module: ModuleInfo) -> None:
    """Takes a module's exports out of the session again."""
    ctx.loaded_modules.pop(module.name.lower(), None)
    for session in (ctx.session, ctx.global_session):
        session.modules.pop(module.name.lower(), None)
        top = session.top
        for table, exports in (
            (top.functions or {}, module.exported_functions),
            (top.vars, module.exported_variables),
            (top.aliases or {}, module.exported_aliases),
        ):
            for key, item in list(table.items()):
                if any(item is exported for exported in exports.values()):
                    del table[key]


def new_closure(ctx: ExecutionContext, block: ScriptBlock) -> ScriptBlock:
    """The block in a new module that holds copies of the variables of the current scope (``GetNewClosure``)."""
    module = ModuleInfo(f"__DynamicModule_{next(_numbers):08x}", ctx.global_session.top)
    source = ctx.scope
    target = module.session.top
    for key, variable in source.vars.items():
        if key in ctx.all_scope or variable.is_locked or key in ("_", "args", "input", "myinvocation"):
            continue
        target.vars[key] = Variable(variable.name, variable.value)
    return type(block)(block.code, module.session)

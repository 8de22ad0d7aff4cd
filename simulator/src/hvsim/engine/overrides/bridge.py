# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in's frame: the module's own argument specification is interpreted, the work after it is Python.

So every version of a collection checks its options with its own texts, and results are printed by ``Ansible.Basic``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from hvsim.engine import wrapper
from hvsim.engine.api import ModuleRequest, ProcessResult, Session
from hvsim.engine.host_machine import HostMachine
from hvsim.engine.overrides import override
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.ansible.basic import AnsibleModule
from hvsim.library.ansible.converters import to_json
from hvsim.runtime.collections import Dictionary, Hashtable
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ExitScript
from hvsim.runtime.members import static_method
from hvsim.runtime.objects import unwrap
from hvsim.runtime.types import net_class
from hvsim.runtime.values import AUTOMATION_NULL, Array, Int64, NetObject

Body = Callable[["Task"], Any]

_CREATE = "[Ansible.Basic.AnsibleModule]::Create($args, $spec)"
_STAND_IN = "Hvsim.StandIn"
_bodies: dict[str, Body] = {}


class Task:
    """One run of a module: its options, its result and the host it works on."""

    def __init__(self, ctx: ExecutionContext, module: AnsibleModule) -> None:
        self.ctx = ctx
        self.module = module
        self.machine: HostMachine = ctx.machine  # type: ignore[assignment]
        self.host: Host = ctx.services[Host]

    @property
    def check_mode(self) -> bool:
        return self.module.check_mode

    def option(self, name: str) -> Any:
        """An option as Python data; None when it is not set."""
        return python(self.module.params.get(name))

    def raw_option(self, name: str) -> Any:
        """An option as the engine's value."""
        return self.module.params.get(name)

    def set(self, **results: Any) -> None:
        """Keys of the module's result, from Python data."""
        for name, value in results.items():
            self.module.result.set(name, net(value))

    def get(self, name: str) -> Any:
        return python(self.module.result.get(name))

    def diff(self, before: Any, after: Any) -> None:
        self.module.diff.set("before", net(before))
        self.module.diff.set("after", net(after))

    def warn(self, message: str) -> None:
        self.module.warn(to_utf16(message))

    def fail(self, message: str) -> Any:
        """Ends the module as ``FailJson`` does."""
        self.module.fail_json(to_utf16(message))

    def unhandled(self, message: str) -> Any:
        """Ends the module as an error does that it does not catch."""
        text = {"failed": True, "msg": f"Unhandled exception while executing module: {message}", "exception": message}
        self.module.state.console.append(to_json(self.ctx, net(text)) + "\n")
        raise ExitScript(1)

    def exit(self) -> Any:
        """Ends the module as ``ExitJson`` does."""
        self.module.exit_json()

    def no_invocation(self) -> None:
        """Modules on Legacy.psm1 do not report their arguments."""
        if self.module.result.contains("invocation"):
            self.module.result.remove("invocation")

    def session(self, directory: str | None = None) -> Session:
        """The session of a process that the module starts."""
        machine = self.machine
        return Session(self.host, machine.user, dict(machine.environment), directory or machine.working_directory)


@net_class(_STAND_IN)
class StandIn(NetObject):
    """What the frame of a stand-in calls."""

    __slots__ = ()
    NET: ClassVar[str] = _STAND_IN


@static_method(_STAND_IN, "Run", overloads=["(string, System.Object) -> System.Object"], context=True)
def _run(ctx: ExecutionContext, name: str, module: Any) -> Any:
    answer = _bodies[name](Task(ctx, unwrap(module)))
    return AUTOMATION_NULL if answer is None else answer


def stand_in(name: str, *, spec: str | None = None) -> Callable[[Body], Body]:
    """Registers a Python function that does the work of a module.

    Args:
        name: fully qualified name of the module.
        spec: PowerShell of ``$spec``, for modules without one of their own: those on Legacy.psm1.
    """

    def register(body: Body) -> Body:
        _bodies[name] = body

        def run(session: Session, request: ModuleRequest) -> ProcessResult:
            own = _CREATE in request.source or spec is None
            head = head_of(request.source) if own else f"$spec = {spec}\n$module = {_CREATE}\n"
            return run_source(session, request, f"{head}[{_STAND_IN}]::Run('{name}', $module)\n$module.ExitJson()\n")

        override(name)(run)
        return body

    return register


def head_of(source: str) -> str:
    """A module's source up to the creation of its ``$module``.

    Raises:
        Unsupported: it creates none.
    """
    if _CREATE not in source:
        raise Unsupported("this version of the module (it is older than Ansible.Basic)")
    end = source.index(_CREATE) + len(_CREATE)
    return source[:end] + "\n"


def run_source(session: Session, request: ModuleRequest, source: str) -> ProcessResult:
    """Runs the frame in place of the module, without the module's utilities."""
    return wrapper.run_module(
        session, replace(request, source=source, powershell_utils={}, csharp_utils=("Ansible.Basic.cs",))
    )


def body_of(name: str, body: Body) -> None:
    """Names a Python function for frames that are written by hand."""
    _bodies[name] = body


def net(value: Any) -> Any:
    """Python data as the engine's values."""
    if isinstance(value, Mapping):
        table = Hashtable()
        for key, item in value.items():
            table.set(to_utf16(key), net(item))
        return table
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return Array([net(item) for item in value])
    if type(value) is int and not -(2**31) <= value < 2**31:
        return Int64(value)
    return to_utf16(value) if type(value) is str else value


def python(value: Any) -> Any:
    """The engine's values as Python data; what has no counterpart stays as it is."""
    value = unwrap(value)
    if isinstance(value, Dictionary):
        return {python(key): python(item) for key, item in value.items()}
    if isinstance(value, list):
        return [python(item) for item in value]
    return from_utf16(value) if isinstance(value, str) else value

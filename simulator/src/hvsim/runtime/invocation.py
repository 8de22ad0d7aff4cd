# SPDX-License-Identifier: GPL-3.0-or-later
"""A running script block: its automatic variables, its arguments, and how its code is entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from hvsim.runtime.command import Argument
from hvsim.runtime.errors import ReturnFromScope
from hvsim.runtime.interpreter import errors
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.scope import Scope, Variable
from hvsim.runtime.scriptblock import UNSET
from hvsim.runtime.session import SessionState
from hvsim.runtime.values import AUTOMATION_NULL, Array

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext


def rest_arguments(rest: Sequence[Argument]) -> Array:
    """``$args`` out of the arguments that no parameter took."""
    values = Array()
    for argument in rest:
        if argument.name is not None:
            values.append(argument.dash_text or f"-{argument.name}")
        if argument.has_value:
            values.append(None if argument.value is AUTOMATION_NULL else argument.value)
    return values


# ---- the automatic variables of a running block ------------------------------------------------------------------------


class Invocation:
    """Answers ``$args``, ``$MyInvocation`` and the like for one running script block, when they are asked for.

    One is made for every call, so that what is rarely set is an attribute of the class until then.
    """

    args: Array | None = None
    rest: Sequence[Argument] = ()
    call: Any = None
    """(command, extent, source, name) of a call whose InvocationInfo nobody has asked for yet."""
    plain: tuple[Sequence[tuple[str, str]], Sequence[Any]] | None = None
    """(keys, values) of plain parameters: what is bound, when somebody asks."""
    input: Any = None
    cmdlet: Any = None
    this: Any = UNSET
    _bound: dict[str, Any] | None = None

    def __init__(self, info: InvocationInfo | None, source: Any) -> None:
        self.info = info
        self.source = source

    @property
    def bound(self) -> dict[str, Any]:
        """The arguments by the names of their parameters."""
        if self._bound is None:
            keys, values = self.plain or ((), ())
            bound = zip(keys, values, strict=False)
            self._bound = {name: None if value is AUTOMATION_NULL else value for (name, _), value in bound}
        return self._bound

    @bound.setter
    def bound(self, new: dict[str, Any]) -> None:
        self._bound = new

    def variable(self, key: str) -> Variable | None:
        """The variable of that name (lower case), None if the block does not have it."""
        make = getattr(self, f"_{key}", None)
        return None if make is None else make()

    def _args(self) -> Variable | None:
        if self.cmdlet is not None:
            return None
        if self.args is None:
            self.args = rest_arguments(self.rest)
        return Variable("args", self.args)

    def _input(self) -> Variable:
        if self.input is None:
            self.input = input_enumerator([])
        return Variable("input", self.input)

    def _myinvocation(self) -> Variable | None:
        if self.info is None and self.call is not None:
            self.info = InvocationInfo(*self.call)
        if self.info is None:
            return None
        if self.info.bound_parameters is None:
            self.info.bound_parameters = bound_dictionary(self.bound)
            rest = self._args()
            if rest is not None:
                # The list is $args itself (ScriptParameterBinderController.DollarArgs).
                self.info.unbound_arguments = list(rest.value)
        return Variable("MyInvocation", self.info)

    def _psboundparameters(self) -> Variable:
        return Variable("PSBoundParameters", bound_dictionary(self.bound))

    def _pscmdlet(self) -> Variable | None:
        return None if self.cmdlet is None else Variable("PSCmdlet", self.cmdlet)

    def _this(self) -> Variable | None:
        return None if self.this is UNSET else Variable("this", self.this)

    def _psscriptroot(self) -> Variable:
        return Variable("PSScriptRoot", script_root(self.source.file))

    def _pscommandpath(self) -> Variable:
        return Variable("PSCommandPath", self.source.file or "")


def script_root(file: str | None) -> str:
    """The folder of a script file, empty without file."""
    if not file:
        return ""
    at = max(file.rfind("/"), file.rfind("\\"))
    is_root = at <= 0 or file[1:at] == ":"
    return file[: at + 1] if is_root else file[:at]


@cache
def _bound_class() -> Any:
    from hvsim.runtime import collections, types

    class PSBoundParametersDictionary(collections.GenericDictionary):
        __slots__ = ()

        def __init__(self) -> None:
            super().__init__(types.get("System.String"), types.OBJECT, ignore_case=True)

        @property
        def net_type(self) -> Any:
            return types.get("System.Management.Automation.PSBoundParametersDictionary")

    base = "System.Collections.Generic.Dictionary[string,object]"
    if types.find("System.Management.Automation.PSBoundParametersDictionary") is None:
        types.register(types.NetType("System.Management.Automation.PSBoundParametersDictionary", base=types.get(base)))
    return PSBoundParametersDictionary


def bound_dictionary(bound: Mapping[str, Any]) -> Any:
    """``$PSBoundParameters``."""
    table: Any = _bound_class()()
    for name, value in bound.items():
        table.set(name, value)
    return table


INPUT_TYPE = "System.Collections.ArrayList+ArrayListEnumeratorSimple"


def input_enumerator(items: list[Any]) -> Any:
    """``$input``: an enumerator over what came down the pipeline."""
    from hvsim.runtime import types
    from hvsim.runtime.collections import Enumerator

    if types.find(INPUT_TYPE) is None:
        types.register(
            types.NetType(INPUT_TYPE, "System.Object", ("System.Collections.IEnumerator", "System.ICloneable"))
        )
    return Enumerator(lambda: items, types.get(INPUT_TYPE))


class ScopePipe:
    """Carries objects out of a function's scope into the next command of the pipeline, which runs in the caller's."""

    __slots__ = ("ctx", "scope", "session", "target")

    def __init__(self, ctx: ExecutionContext, session: SessionState, scope: Scope, target: Any) -> None:
        self.ctx = ctx
        self.session = session
        self.scope = scope
        self.target = target

    def write(self, value: Any, /) -> None:
        ctx = self.ctx
        session, scope = ctx.session, ctx.scope
        current = self.session.current
        ctx.session, ctx.scope, self.session.current = self.session, self.scope, self.scope
        try:
            self.target.write(value)
        finally:
            self.session.current = current
            ctx.session, ctx.scope = session, scope


def run_closure(frame: Frame, run: Any, session: SessionState) -> None:
    """Runs compiled code in its frame: scope, stack and depth are set for that time; ``return`` ends here.

    Raises:
        PSError: what leaves the block; CallDepthOverflow.
    """
    ctx = frame.ctx
    ctx.ticks += 1
    if ctx.instruction_limit and ctx.ticks > ctx.instruction_limit:
        raise ctx.used_up()
    if ctx.depth >= ctx.max_depth:
        raise errors.call_depth_overflow()
    old_session, old_scope, old_current = ctx.session, ctx.scope, session.current
    ctx.session = session
    ctx.scope = session.current = frame.scope
    ctx.depth += 1
    ctx.frames.append(frame)
    try:
        run(frame)
    except ReturnFromScope:
        pass
    except RecursionError:
        raise errors.call_depth_overflow() from None
    finally:
        ctx.frames.pop()
        ctx.depth -= 1
        session.current = old_current
        ctx.session = old_session
        ctx.scope = old_scope


def bind_arguments(
    keys: Sequence[tuple[str, str]], arguments: Sequence[Argument], invocation: Invocation, variables: dict[str, Variable]
) -> None:
    """Positional arguments to untyped parameters; the rest is for ``$args``."""
    bind_plain(keys, [argument.value for argument in arguments], invocation, variables)
    invocation.rest = arguments[len(keys) :]


def bind_plain(
    keys: Sequence[tuple[str, str]],
    values: list[Any],
    invocation: Invocation,
    variables: dict[str, Variable],
) -> None:
    """The values of positional arguments to untyped parameters; what is left of them is not looked at."""
    invocation.plain = (keys, values)
    given = iter(values)
    for name, key in keys:
        value = next(given, None)
        variables[key] = Variable(name, None if value is AUTOMATION_NULL else value)

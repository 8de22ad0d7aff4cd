# SPDX-License-Identifier: GPL-3.0-or-later
"""Delegates: script blocks that .NET calls (``[Func[int, int]] { ... }``, ``$list.Find({ ... })``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import edition51, format, members, types
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, NetObject

# What Invoke of the delegates without a type argument for it returns.
_RETURNS = {
    "System.Predicate`1": "System.Boolean",
    "System.Comparison`1": "System.Int32",
    "System.Text.RegularExpressions.MatchEvaluator": "System.String",
}


class Delegate(NetObject):
    """A delegate around a script block, bound to the context that made it."""

    __slots__ = ("ctx", "net_type", "script")

    def __init__(self, ctx: Any, script: Any, net_type: NetType) -> None:
        self.ctx = ctx
        self.script = script
        self.net_type = net_type

    def __call__(self, *args: Any) -> Any:
        return self.invoke(args)

    def invoke(self, args: Sequence[Any]) -> Any:
        """Runs the script block; its output is converted to the delegate's return type."""
        from hvsim.runtime import convert

        result = self.ctx.invoke_value(self.script, list(args))
        wanted = return_type(self.net_type)
        if wanted is None:
            return AUTOMATION_NULL
        return convert.to(self.ctx, None if result is AUTOMATION_NULL else result, wanted)


def return_type(net_type: NetType) -> NetType | None:
    """The type that ``Invoke`` returns, None for void."""
    name = (net_type.definition or net_type).full_name
    if name in _RETURNS:
        return types.get(_RETURNS[name])
    if name.startswith("System.Func`") or name == "System.Converter`2":
        return net_type.arguments[-1]
    return None


def parameter_types(net_type: NetType) -> tuple[NetType, ...]:
    """The types of the parameters of ``Invoke``."""
    name = (net_type.definition or net_type).full_name
    if name.startswith("System.Func`") or name == "System.Converter`2":
        return net_type.arguments[:-1]
    if name == "System.Comparison`1":
        return net_type.arguments * 2
    if name == "System.Text.RegularExpressions.MatchEvaluator":
        return (types.get("System.Text.RegularExpressions.Match"),)
    return net_type.arguments


def convert_script(ctx: Any, value: Any, target: NetType) -> Any:
    """A script block as a delegate.

    Raises:
        PSError: *value* is no script block.
        Unsupported: it is a method, which PowerShell 7 converts too.
    """
    from hvsim.runtime import convert

    if types.of(value).full_name == "System.Management.Automation.PSMethod" and format.edition_of(ctx) != edition51.EDITION:
        raise Unsupported(f"a method as [{types.display(target)}]")
    if types.of(value).full_name != "System.Management.Automation.ScriptBlock":
        raise convert.no_conversion(ctx, value, target)
    return Delegate(ctx, value, target)


@members.method("System.Delegate", "Invoke", overloads=[], context=True)
def _invoke(ctx: Any, delegate: Delegate, *args: Any) -> Any:
    from hvsim.runtime import convert

    wanted = parameter_types(delegate.net_type)
    return delegate.invoke([convert.to(ctx, a, t) for a, t in zip(args, wanted, strict=False)])


@members.method("System.Delegate", "DynamicInvoke", overloads=["(params System.Object[]) -> System.Object"], context=True)
def _dynamic_invoke(ctx: Any, delegate: Delegate, args: Any) -> Any:
    return _invoke(ctx, delegate, *args)

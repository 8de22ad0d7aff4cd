# SPDX-License-Identifier: GPL-3.0-or-later
"""Calling methods: arguments converted for the overload that PowerShell picks, exceptions wrapped as it wraps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.members.lookup import MethodGroup
from hvsim.runtime.overloads import Choice, choose, method_error
from hvsim.runtime.parameter_names import parameter_name
from hvsim.runtime.signatures import Overload
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Array, PSObject

# Of values in types.by_class the Python class alone decides the .NET type: the choice of an overload is remembered.
_NONE = type(None)


def invoke(
    ctx: Any,
    group: MethodGroup,
    target: tuple[Any, ...],
    arguments: Sequence[Any],
    *,
    generic: Sequence[NetType] = (),
    shown: str | None = None,
) -> Any:
    """Calls a method: *target* is ``(self,)``, ``()`` for a static one, ``(net_type,)`` for a constructor.

    A method without result gives AUTOMATION_NULL.

    Raises:
        PSError: no overload, an argument that does not convert, or ``MethodInvocationException`` around what it threw.
    """
    entry = None if generic else group.cache.get(tuple(map(type, arguments)))
    if entry is not None:
        choice, as_they_are = entry
        overload = choice.overload
        prepared = arguments if as_they_are else _convert_arguments(ctx, group, choice, arguments, shown)
    else:
        prepared, overload = prepare(ctx, group, arguments, generic, shown)
    try:
        result = group.function(ctx, *target, *prepared) if group.context else group.function(*target, *prepared)
        return AUTOMATION_NULL if result is None and overload is not None and overload.returns == "void" else result
    except PSError as error:
        raise wrap_invocation(error, shown_name(group, shown), len(arguments), group.owner) from None
    except (TypeError, AttributeError, ValueError, OverflowError):
        if overload is not None and not any(value is None for value in prepared):
            raise
        raise _unfit(group, arguments) from None


def _unfit(group: MethodGroup, arguments: Sequence[Any]) -> Unsupported:
    """Arguments that a method was not written for: of types that no known overload vouches for, or null."""
    name = "new" if group.name == ".ctor" else group.name
    given = ", ".join("null" if a is None else types.display(types.of(a)) for a in arguments)
    return Unsupported(f"method {types.display(group.owner)}{'::' if group.static else '.'}{name} with ({given})")


def shown_name(group: MethodGroup, shown: str | None) -> str:
    return group.name if group.name == ".ctor" else (shown or group.name)


def prepare(
    ctx: Any, group: MethodGroup, arguments: Sequence[Any], generic: Sequence[NetType] = (), shown: str | None = None
) -> tuple[list[Any], Overload | None]:
    """The arguments as the chosen overload takes them, and that overload."""
    if not group.overloads:
        return [a.base if type(a) is PSObject else a for a in arguments], None
    choice = choose(group, arguments, generic, shown)
    if not generic:
        key = tuple(map(type, arguments))
        if all(k is _NONE or k in types.by_class for k in key):
            group.cache[key] = (choice, _fits_as_is(choice, arguments))
    return _convert_arguments(ctx, group, choice, arguments, shown), choice.overload


def _fits_as_is(choice: Choice, arguments: Sequence[Any]) -> bool:
    """Whether arguments of these Python classes never need a conversion."""
    if choice.expanded or choice.type_arguments or any(choice.modes):
        return False
    return all(
        target is types.OBJECT or (a is not None and target.is_assignable_from(types.of(a)))
        for target, a in zip(choice.types, arguments, strict=False)
    )


def _convert_arguments(
    ctx: Any, group: MethodGroup, choice: Choice, arguments: Sequence[Any], shown: str | None
) -> list[Any]:
    from hvsim.runtime.structs import Reference

    converted: list[Any] = list(choice.type_arguments) if group.type_arguments else []
    fixed = len(choice.types) - 1 if choice.expanded else len(choice.types)
    for i, (net_type, argument) in enumerate(zip(choice.types[:fixed], arguments, strict=False)):
        if choice.modes[i] in ("ref", "out") and isinstance(argument, Reference):
            converted.append(argument)
        elif choice.modes[i] in ("ref", "out"):
            raise _reference_needed(group, choice, i)
        else:
            converted.append(_convert_argument(ctx, group, argument, net_type, i, len(choice.types), shown))
    if choice.expanded:
        element = choice.types[-1].element_type
        assert element is not None
        items = [
            _convert_argument(ctx, group, a, element, i, len(choice.types), shown)
            for i, a in enumerate(arguments[fixed:], start=fixed)
        ]
        converted.append(Array(items, element if element is not types.OBJECT else None))
    return converted


def _reference_needed(group: MethodGroup, choice: Choice, index: int) -> PSError:
    return method_error(
        "NonRefArgumentToRefParameterMsg",
        f"Argument: '{index + 1}' should be a System.Management.Automation.PSReference. Use [ref].",
    )


def _convert_argument(
    ctx: Any, group: MethodGroup, argument: Any, target: NetType, index: int, count: int, shown: str | None
) -> Any:
    if type(argument) is PSObject and target is not types.OBJECT and target is not types.PSOBJECT:
        argument = argument.base
    if argument is AUTOMATION_NULL:
        argument = None
    if target is types.OBJECT or target is types.PSOBJECT:
        return argument
    if argument is not None and (types.of(argument) is target or target.is_assignable_from(types.of(argument))):
        return argument
    from hvsim.runtime import convert

    if (
        target is types.STRING
        and getattr(type(argument), "NET", "") == "System.Management.Automation.Language.NullString"
    ):
        return None
    try:
        return convert.to(ctx, argument, target)
    except PSError as error:
        # The binder of the language knows the parameter; New-Object calls the reflection adapter, which names its position.
        by_adapter = group.name == ".ctor" and shown not in (None, "new")
        name = str(index) if by_adapter else parameter_name(group.owner, group.name, count, index)
        method = shown if by_adapter else shown_name(group, shown)
        text = convert.net_string(ctx, argument)
        raise method_error(
            "MethodArgumentConversionInvalidCastArgument",
            f'Cannot convert argument "{name}", with value: "{text}", for "{method}" to type '
            f'"{types.type_to_string(target)}": "{error.exception.message}"',
            error.exception,
        ) from None


_STEPPABLE = "System.Management.Automation.SteppablePipeline"
"""Errors of the commands that its methods run stay those commands' own (``PSInvokeMemberBinder.InvokeDotNetMethod``)."""
PASSED_ON = frozenset(
    {
        "System.Management.Automation.MethodException",
        "System.Management.Automation.ParameterBindingException",
        "System.Management.Automation.PipelineStoppedException",
        "System.Management.Automation.ScriptCallDepthException",
    }
)


def wrap_invocation(error: PSError, name: str, count: int, owner: NetType | None = None) -> PSError:
    """``MethodInvocationException`` around what a method threw, its error id being the name of that exception's type."""
    inner = error.exception
    if inner.kind in PASSED_ON or (owner is not None and owner.full_name == _STEPPABLE):
        return error
    kind = "System.Management.Automation.MethodInvocationException"
    message = f'Exception calling "{name}" with "{count}" argument(s): "{inner.message}"'
    exception = NetException(kind, message, inner)
    return PSError(exception, ErrorRecord(exception, inner.kind.rpartition(".")[2].rpartition("+")[2], "NotSpecified"))

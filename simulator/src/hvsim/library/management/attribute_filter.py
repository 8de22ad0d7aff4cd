# SPDX-License-Identifier: GPL-3.0-or-later
"""``FlagsExpression[FileAttributes]``, the language of Get-ChildItem's -Attributes.

``+`` joins attributes that must all be there, ``,`` alternatives, ``!`` asks for the lack of one (``FlagsExpression.cs``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final

from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, objects, types
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, method
from hvsim.runtime.types import NetType, net_class
from hvsim.runtime.values import EnumValue, NetObject

_DEFINITION: Final = "System.Management.Automation.FlagsExpression`1"
_JOINTS: Final = (",", "+")
_OPERATORS: Final = (*_JOINTS, "!")
_TOKEN: Final = re.compile(r"\s*([,+!]|[^,+!\s]+)")

#: One alternative: the bits that must be set and those that must not.
Alternative = tuple[list[int], list[int]]


@net_class(_DEFINITION)
class FlagsExpression(NetObject):
    """What one text or list of texts says."""

    __slots__ = ("alternatives", "net_type")
    NET: ClassVar[str] = _DEFINITION

    def __init__(self, net_type: NetType, alternatives: list[Alternative]) -> None:
        self.net_type = net_type
        self.alternatives = alternatives

    def evaluate(self, bits: int) -> bool:
        """Whether a file with the attributes *bits* is meant."""
        return any(
            all(bits & flag == flag for flag in present) and not any(bits & flag == flag for flag in absent)
            for present, absent in self.alternatives
        )

    def mentions(self, flag: int) -> bool:
        """Whether *flag* stands anywhere in the expression, also after ``!``."""
        return any(flag in present or flag in absent for present, absent in self.alternatives)


def _parse(text: str, number: Callable[[str], int]) -> list[Alternative]:
    """The alternatives of one text.

    Raises:
        PSError: a name that is no attribute.
        Unsupported: operators without names between them (the wording of those errors is not recorded).
    """
    result: list[Alternative] = [([], [])]
    negated, expecting = False, True
    for token in _TOKEN.findall(text):
        if token == "!" and expecting and not negated:
            negated = True
        elif token in _JOINTS and not expecting:
            expecting = True
            if token == ",":
                result.append(([], []))
        elif token not in _OPERATORS and expecting:
            result[-1][negated].append(number(token))
            negated, expecting = False, False
        else:
            raise Unsupported(f"the malformed attribute expression '{text}'")
    if expecting:
        raise Unsupported(f"the malformed attribute expression '{text}'")
    return result


def _convert(ctx: Any, value: Any, net_type: NetType) -> FlagsExpression:
    element = net_type.arguments[0]

    def number(name: str) -> int:
        try:
            return convert.to(ctx, name, element).value  # type: ignore[no-any-return]
        except PSError as error:
            raise PSError(error.exception.inner or error.exception) from None

    items = convert.enumerate(value)
    made: list[Alternative] = []
    for item in [value] if items is None else items:
        base = objects.unwrap(item)
        if isinstance(base, EnumValue):
            made.append(([base.value], []))
        else:
            made += _parse(convert.to_string(ctx, base), number)
    return FlagsExpression(net_type, made)


def _to_expression(ctx: Any, value: Any, net_type: NetType) -> FlagsExpression:
    """The conversion of arguments: PowerShell finds the constructor with one parameter."""
    try:
        return _convert(ctx, value, net_type)
    except PSError as error:
        text = convert.to_string(ctx, value)
        inner = error.exception
        raise net_error(
            "System.Management.Automation.PSInvalidCastException",
            f'Cannot convert value "{text}" to type "{types.type_to_string(net_type)}". Error: "{inner.message}"',
            inner=inner,
        ) from None


convert.register(types.generic(types.get(_DEFINITION), types.get("System.IO.FileAttributes")).full_name, _to_expression)


@constructor(_DEFINITION, overloads=["(string)", "(System.Object[])"], context=True)
def _new(ctx: Any, net_type: NetType, value: Any) -> FlagsExpression:
    return _convert(ctx, value, net_type)


@method(_DEFINITION, "Evaluate", overloads=["(T) -> bool"])
def _evaluate(self: FlagsExpression, value: EnumValue) -> bool:
    return self.evaluate(value.value)

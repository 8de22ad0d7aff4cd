# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of functions whose arguments fit as they are: exact names, values of the declared types, nothing to validate.

Most calls in scripts are of this kind. What is not as plain (prefixes, aliases, splatting, conversions, validators, parameter
sets, pipeline input) is for :mod:`hvsim.runtime.binding`, which also words the errors: here a doubt is just "no".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hvsim.runtime.structs import SwitchParameter
from hvsim.runtime.values import AUTOMATION_NULL

if TYPE_CHECKING:
    from hvsim.runtime.binding.plan import Plan
    from hvsim.runtime.command import Argument
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.interpreter.attributes import ParameterPlan


class Fitting(NamedTuple):
    """What fits: parameters with their values in the order of binding (named first), and the positional rest."""

    taken: list[tuple[ParameterPlan, Any]]
    rest: Sequence[Argument]


def fit(plans: Sequence[ParameterPlan], arguments: Sequence[Argument]) -> Fitting | None:
    """The arguments of a function whose parameters have positions in the order of declaration; None: ask the binder."""
    taken: list[tuple[ParameterPlan, Any]] = []
    positional: Sequence[Argument] = arguments
    for argument in arguments:
        if argument.name is not None:
            named = _named(plans, arguments, taken)
            if named is None:
                return None
            positional = named
            break
    bound = {plan.key for plan, _ in taken}
    index, count = 0, len(positional)
    for plan in plans:
        if index == count:
            break
        if plan.metadata.is_switch or plan.key in bound:
            continue
        argument = positional[index]
        if not plan.takes_as_is(argument):
            return None
        taken.append((plan, argument.value))
        index += 1
    return Fitting(taken, positional[index:])


def _named(
    plans: Sequence[ParameterPlan], arguments: Sequence[Argument], taken: list[tuple[ParameterPlan, Any]]
) -> list[Argument] | None:
    """Adds the named arguments to *taken* and answers the others; None if one of them does not fit."""
    keyed = {plan.key: plan for plan in plans}
    others: list[Argument] = []
    seen: set[str] = set()
    queue = iter(arguments)
    for argument in queue:
        if argument.splatted:
            return None
        if argument.name is None:
            others.append(argument)
            continue
        key = argument.name.lower()
        plan = keyed.get(key)
        if plan is None or key in seen:
            return None
        seen.add(key)
        metadata = plan.metadata
        if metadata.is_switch:
            if argument.has_value or metadata.is_special:
                return None
            taken.append((plan, SwitchParameter(True)))
            continue
        given: Argument | None = argument if argument.has_value else next(queue, None)
        if given is None or given.splatted or (given is not argument and given.name is not None):
            return None
        if not plan.takes_as_is(given):
            return None
        taken.append((plan, given.value))
    return others


class Layout(NamedTuple):
    """Where the parameters of a function find their values among the arguments of one place that calls it."""

    taken: list[tuple[ParameterPlan, int, type]]
    """Parameter, number of its argument (``ON`` of a switch), class that the value must have; in the order of binding."""
    missing: list[ParameterPlan]
    """Those without argument, which have no default either."""


ON: Final = -1
_ON_VALUE = SwitchParameter(True)


def layout_of(plans: Sequence[ParameterPlan], shape: Sequence[Argument]) -> Layout | None:
    """How arguments of a known shape lie for a function; None: :func:`fit`, or the binder, has to look at each call."""
    keyed = {plan.key: plan for plan in plans}
    places: list[tuple[ParameterPlan, int]] = []
    positional: list[int] = []
    numbers = iter(range(len(shape)))
    for number in numbers:
        argument = shape[number]
        if argument.name is None:
            positional.append(number)
            continue
        plan = keyed.pop(argument.name.lower(), None)
        place = None if plan is None else _place(plan, number, shape, numbers)
        if plan is None or place is None:
            return None
        places.append((plan, place))
    for plan in plans:
        if positional and plan.key in keyed and not plan.metadata.is_switch:
            places.append((keyed.pop(plan.key), positional.pop(0)))
    if positional or any(plan.default is not None for plan in keyed.values()):
        return None
    taken = [(plan, place, _class_there(plan, place, shape)) for plan, place in places]
    if any(wanted is None for _, _, wanted in taken):
        return None
    return Layout(taken, list(keyed.values()))  # type: ignore[arg-type]


def _place(plan: ParameterPlan, number: int, shape: Sequence[Argument], numbers: Iterator[int]) -> int | None:
    """Where the value of a named parameter is: with its name or in the next argument, which is used up."""
    metadata = plan.metadata
    if metadata.is_switch:
        plain = not metadata.is_special
        return ON if plain and not shape[number].has_value else None
    if shape[number].has_value:
        return number
    place = next(numbers, None)
    return None if place is None or shape[place].name is not None else place


def _class_there(plan: ParameterPlan, place: int, shape: Sequence[Argument]) -> type | None:
    """The class that a value must have at that place; None if the parameter never takes as it is what is written there."""
    if place == ON:
        return object
    wanted = plan.taken_class
    return None if shape[place].text is not None and wanted not in (object, int) else wanted


def values_in(layout: Layout, arguments: Sequence[Argument]) -> list[Any] | None:
    """The values of the parameters that take some; None if one of them does not fit."""
    values = []
    for _, place, wanted in layout.taken:
        value = _ON_VALUE if place == ON else arguments[place].value
        if (type(value) is not wanted and wanted is not object) or value is AUTOMATION_NULL:
            return None
        values.append(value)
    return values


def fit_advanced(
    ctx: ExecutionContext, plan: Plan, plans: Sequence[ParameterPlan], arguments: Sequence[Argument]
) -> list[tuple[ParameterPlan, Any]] | None:
    """The arguments of an advanced function with one parameter set, all of them named; None: ask the binder."""
    if plan.set_names or plan.pipeline_slots:
        return None
    defaults = ctx.get_variable("PSDefaultParameterValues")
    if defaults is not None and (not hasattr(defaults, "__len__") or len(defaults)):
        return None
    taken: list[tuple[ParameterPlan, Any]] = []
    if _named(plans, arguments, taken) != []:
        return None
    values = {item.key: value for item, value in taken}
    for slot in plan.mandatory_slots:
        # Null and the empty string are errors for a mandatory parameter.
        value = values.get(slot.name.lower())
        if value is None or value == "" or isinstance(value, list):
            return None
    return taken

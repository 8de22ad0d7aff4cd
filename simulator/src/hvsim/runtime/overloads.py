# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell's choice between the overloads of a method: ``Adapter.FindBestMethod`` and ``CompareOverloadCandidates``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hvsim.runtime import conversion_ranks as ranks
from hvsim.runtime import types
from hvsim.runtime.errors import NetException, PSError, runtime_error
from hvsim.runtime.signatures import Overload, resolve_type, split_parameters, type_parameters
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Array, PSObject

if TYPE_CHECKING:
    from hvsim.runtime.members import MethodGroup

__all__ = ["Choice", "choose", "method_error"]


class Choice:
    """A chosen overload: the type of each parameter, and which arguments are collected into its params array."""

    __slots__ = ("expanded", "modes", "overload", "type_arguments", "types")

    def __init__(
        self,
        overload: Overload,
        parameter_types: list[NetType],
        expanded: bool,
        type_arguments: Sequence[NetType] = (),
    ) -> None:
        self.overload = overload
        self.type_arguments = type_arguments
        self.types = parameter_types
        self.expanded = expanded
        self.modes = [p.mode for p in overload.parameters]


class _Candidate:
    __slots__ = ("choice", "expanded_types", "ranks")

    def __init__(self, choice: Choice, expanded_types: list[NetType], rank_list: list[int]) -> None:
        self.choice = choice
        self.expanded_types = expanded_types
        self.ranks = rank_list


def _argument_type(argument: Any) -> NetType | None:
    if type(argument) is PSObject:
        argument = argument.base
    if argument is None or argument is AUTOMATION_NULL:
        return None
    return types.of(argument)


def _effective_type(argument: Any) -> NetType | None:
    """The type by which unrelated arrays are compared: an ``object[]`` of like elements counts as their array."""
    if type(argument) is Array and argument.element_type is None and argument:
        first = _argument_type(argument[0])
        if first is not None and all(_argument_type(a) is first for a in argument):
            return types.array_of(first)
    return _argument_type(argument)


def _rank(argument: Any, target: NetType, by_ref: bool) -> int:
    from hvsim.runtime.structs import Reference

    if by_ref and isinstance(argument, Reference):
        return ranks.conversion_rank(_argument_type(argument.value), target)
    return ranks.conversion_rank(_argument_type(argument), target)


def _infer(overload: Overload, arguments: Sequence[Any], owner: NetType, given: Sequence[NetType]) -> dict[str, NetType] | None:
    """Type arguments of a generic method, from explicit ones or the types of the arguments."""
    names = _open_names(overload, owner)
    if not names:
        return {}
    if given:
        bindings = dict(zip(names, given, strict=True)) if len(names) == len(given) else None
        return bindings if bindings is not None and _constraints_hold(bindings) else None
    from hvsim.runtime.structs import Reference

    bound: dict[str, list[NetType]] = {}
    for parameter, argument in zip(overload.parameters, arguments, strict=False):
        actual = _argument_type(argument.value if isinstance(argument, Reference) else argument)
        if actual is not None:
            _unify(parameter.type_text, actual, names, bound)
    chosen = {name: _common(found) for name, found in bound.items()}
    found = {name: net_type for name, net_type in chosen.items() if net_type is not None}
    return found if len(found) == len(names) and _constraints_hold(found) else None


def _constraints_hold(bindings: dict[str, NetType]) -> bool:
    """The one constraint that matters: what the class library calls ``TEnum`` is an enum."""
    enum = bindings.get("TEnum")
    return enum is None or enum.is_enum


def _common(candidates: list[NetType]) -> NetType | None:
    """Of several types inferred for one type parameter the one that takes all the others."""
    return next((c for c in candidates if all(c.is_assignable_from(o) for o in candidates)), None)


def _open_names(overload: Overload, owner: NetType) -> list[str]:
    known = type_parameters(owner)
    names = list(overload.generics)
    for text in (*(p.type_text for p in overload.parameters), overload.returns):
        for word in text.replace("[", ",").replace("]", ",").split(","):
            looks = word == "T" or (word[:1] == "T" and (word[1].isupper() or word[1:].isdigit()))
            if looks and word not in known and word not in names and types.find(word) is None:
                names.append(word)
    return names


def _unify(pattern: str, actual: NetType, names: list[str], bound: dict[str, list[NetType]]) -> None:
    if pattern in names:
        bound.setdefault(pattern, []).append(actual)
    elif pattern.endswith("[]"):
        if actual.element_type is not None:
            _unify(pattern[:-2], actual.element_type, names, bound)
    elif "[" in pattern:
        head, _, rest = pattern.partition("[")
        parts = split_parameters(rest[:-1])
        definition = types.find(f"{head}`{len(parts)}")
        if definition is None:
            return
        if actual.element_type is not None and definition.kind == "i" and len(parts) == 1:
            _unify(parts[0], actual.element_type, names, bound)
            return
        for candidate in (actual, *actual.ancestors()):
            if candidate.definition is definition:
                for part, argument in zip(parts, candidate.arguments, strict=False):
                    _unify(part, argument, names, bound)
                return


def choose(group: MethodGroup, arguments: Sequence[Any], generic: Sequence[NetType] = (), shown: str | None = None) -> Choice:
    """The overload that PowerShell's binder takes.

    Raises:
        PSError: ``MethodCountCouldNotFindBest``: none fits, or several fit equally well.
    """
    overloads = group.overloads
    only = overloads[0] if len(overloads) == 1 and not overloads[0].has_params and not _listed_twice(group) else None
    if only is not None and len(only.parameters) == len(arguments) and not _open_names(only, group.owner):
        choice = _direct(group, only)
        if choice is not None:
            return choice
    candidates: list[_Candidate] = []
    for overload in overloads:
        candidate = _candidate(group, overload, arguments, generic)
        if candidate is not None:
            candidates.append(candidate)
    if not candidates and generic:
        raise method_error(
            "MethodCountCouldNotFindBestGeneric",
            f'Could not find a suitable generic method overload for "{group.name}" with "{len(generic)}" type parameters, '
            f'and the argument count: "{len(arguments)}".',
        )
    if not candidates:
        raise method_error(
            "MethodCountCouldNotFindBest",
            f'Cannot find an overload for "{shown or group.name}" and the argument count: "{len(arguments)}".',
        )
    best = candidates[0] if len(candidates) == 1 else _best(candidates, arguments)
    if best is None:
        raise method_error(
            "MethodCountCouldNotFindBest",
            f'Multiple ambiguous overloads found for "{shown or group.name}" and the argument count: "{len(arguments)}".',
        )
    return best.choice


def _listed_twice(group: MethodGroup) -> bool:
    """Whether an interface of the type declares the method as well.

    PowerShell lists it then once for the class and once for the interface, never picks the latter without a cast, but
    has two to choose from: an argument without conversion leaves it with none, where a lone method takes it and fails.
    """
    return not group.static and group.name.lower() in types.interface_methods(group.owner)


def method_error(error_id: str, message: str, inner: NetException | None = None) -> PSError:
    return runtime_error(
        error_id, message, kind="System.Management.Automation.MethodException", category="NotSpecified", inner=inner
    )


def _direct(group: MethodGroup, overload: Overload) -> Choice | None:
    resolved = [resolve_type(p.type_text, group.owner) for p in overload.parameters]
    if any(t is None for t in resolved):
        return None
    return Choice(overload, resolved, False)  # type: ignore[arg-type]


def _candidate(
    group: MethodGroup, overload: Overload, arguments: Sequence[Any], generic: Sequence[NetType]
) -> _Candidate | None:
    count, parameters = len(arguments), overload.parameters
    if count > len(parameters) and not overload.has_params:
        return None
    if count < len(parameters) and overload.required > count and not (overload.has_params and count + 1 == len(parameters)):
        return None
    bindings = _infer(overload, arguments, group.owner, generic)
    if bindings is None or (generic and not bindings):
        return None
    resolved: list[NetType] = []
    for parameter in parameters:
        net_type = resolve_type(parameter.type_text, group.owner, bindings)
        if net_type is None:
            return None
        resolved.append(net_type)
    return _rank_candidate(overload, resolved, arguments, tuple(bindings.values()))


def _rank_candidate(
    overload: Overload, resolved: list[NetType], arguments: Sequence[Any], type_arguments: Sequence[NetType]
) -> _Candidate | None:
    rank_list: list[int] = []
    expanded = False
    last = len(resolved) - 1
    for j, (parameter, net_type) in enumerate(zip(overload.parameters, resolved, strict=True)):
        if parameter.mode == "params":
            element = net_type.element_type
            assert element is not None
            if len(arguments) == len(resolved):
                whole, single = _rank(arguments[j], net_type, False), _rank(arguments[j], element, False)
                expanded = single > whole
                rank_list.append(max(whole, single))
            else:
                expanded = True
                rank_list.extend(_rank(a, element, False) for a in arguments[j:])
            break
        if j >= len(arguments):
            break
        rank_list.append(_rank(arguments[j], net_type, parameter.mode in ("ref", "out")))
    if any(r == ranks.NONE for r in rank_list):
        return None
    expanded_types = list(resolved)
    if expanded:
        element = resolved[last].element_type
        assert element is not None
        expanded_types[last:] = [element] * max(len(arguments) - last, 1)
    return _Candidate(Choice(overload, resolved, expanded, type_arguments), expanded_types, rank_list)


def _best(candidates: list[_Candidate], arguments: Sequence[Any]) -> _Candidate | None:
    best = candidates[0]
    ambiguous = False
    for other in candidates[1:]:
        order = _compare(best, other, arguments)
        if order == 0:
            ambiguous = True
        elif order < 0:
            best = other
            ambiguous = False
    if not ambiguous:
        return best
    # PowerShell scans pairwise as well; an equal pair that a third candidate beats is no ambiguity.
    rivals = [c for c in candidates if c is not best and _compare(best, c, arguments) == 0]
    return None if rivals else best


def _compare(first: _Candidate, second: _Candidate, arguments: Sequence[Any]) -> int:
    """Positive: *first* is better (``CompareOverloadCandidates``)."""
    a, b = first.ranks, second.ranks
    better = 0
    multiplier = len(a)
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x == y == ranks.UNRELATED_ARRAYS:
            x, y = (_element_rank(arguments[i], c.expanded_types[i]) for c in (first, second))
        better += multiplier if x > y else -multiplier if x < y else 0
        multiplier -= 1
    if better == 0:
        better = _prefer_by_type(first, second)
    if better == 0:
        if first.choice.expanded and second.choice.expanded:
            return 1 if len(first.choice.types) > len(second.choice.types) else -1
        if first.choice.expanded != second.choice.expanded:
            return -1 if first.choice.expanded else 1
        better = _specificity(first, second)
    if better == 0:
        better = len(second.choice.types) - len(first.choice.types)
    return better


def _element_rank(argument: Any, target: NetType) -> int:
    effective = _effective_type(argument)
    if effective is None or effective.element_type is None or target.element_type is None:
        return ranks.NONE
    return ranks.conversion_rank(effective.element_type, target.element_type)


def _prefer_by_type(first: _Candidate, second: _Candidate) -> int:
    """Among equal ranks: the most specific type where the argument widens, the most general one where it narrows."""
    better = 0
    multiplier = len(first.ranks)
    for i, (x, y) in enumerate(zip(first.ranks, second.ranks, strict=False)):
        if x < ranks.NULL_TO_VALUE or y < ranks.NULL_TO_VALUE:
            multiplier = abs(multiplier) - 1
            continue
        if (x >= ranks.NUMERIC_IMPLICIT) != (y >= ranks.NUMERIC_IMPLICIT):
            multiplier = abs(multiplier) - 1
            continue
        sign = -1 if x >= ranks.NUMERIC_IMPLICIT else 1
        t1, t2 = first.expanded_types[i], second.expanded_types[i]
        forth, back = ranks.conversion_rank(t1, t2), ranks.conversion_rank(t2, t1)
        if forth < back:
            better += sign * multiplier
        elif forth > back:
            better -= sign * multiplier
        multiplier = abs(multiplier) - 1
    return better


def _specificity(first: _Candidate, second: _Candidate) -> int:
    """A method whose declared parameters are no type parameters is more specific than a generic one."""

    def generic(candidate: _Candidate) -> int:
        return sum(
            1
            for p, t in zip(candidate.choice.overload.parameters, candidate.choice.types, strict=False)
            if types.find(p.type_text) is None and t is not None
        )

    return generic(second) - generic(first)

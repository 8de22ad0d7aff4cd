# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter binding for cmdlets and advanced functions.

Follows PowerShell's ``CmdletParameterBinderController``: pair names with values, bind named, then positional, then dynamic
and remaining arguments, choose the parameter set, check mandatory parameters; per pipeline object bind by value and by
property name, first without, then with conversion. Parameter sets are bits of an int; :data:`EVERY` means any set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.command import (
    ALL_SETS,
    Argument,
    CommandMetadata,
    InvocationInfo,
    ParameterMetadata,
    ParameterSetInfo,
    ValidationFailure,
)
from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.values import AUTOMATION_NULL, Array, PSObject

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.pipeline import CommandRuntime

EVERY = -1
_KINDS = "System.Management.Automation.ParameterBinding"
_COLLECTING = (
    ("ErrorVariable", "error"),
    ("WarningVariable", "warning"),
    ("InformationVariable", "information"),
)


@dataclass(eq=False)
class Slot:
    """A parameter as the binder sees it: its sets as bits."""

    parameter: ParameterMetadata
    flags: int
    in_all: bool
    infos: list[tuple[int, ParameterSetInfo]]

    @property
    def name(self) -> str:
        return self.parameter.name

    def __post_init__(self) -> None:
        self.mandatory = any(info.mandatory for _, info in self.infos)
        self.takes_pipeline = any(info.pipeline or info.pipeline_by_name for _, info in self.infos)

    def valid_in(self, sets: int) -> bool:
        return self.in_all or bool(self.flags & sets)

    def at(self, position: int, sets: int) -> bool:
        """Whether the parameter has that position in one of the sets."""
        return any(info.position == position for info in self.matching(sets))

    def matching(self, sets: int) -> list[ParameterSetInfo]:
        return [info for flag, info in self.infos if flag & sets]


class Plan:
    """The slots of a command, computed once per metadata."""

    def __init__(self, metadata: CommandMetadata, extra: Mapping[str, ParameterMetadata] | None = None) -> None:
        self.metadata = metadata
        self.set_names = list(metadata.set_names)
        parameters = dict(metadata.all_parameters)
        for parameter in (extra or {}).values():
            parameters[parameter.name.lower()] = parameter
            self.set_names += [n for n in parameter.sets if n != ALL_SETS and n not in self.set_names]
        self.bits = {name.lower(): 1 << i for i, name in enumerate(self.set_names)}
        self.default = self.bits.get((metadata.default_set or "").lower(), 0)
        self.slots = {key: self._slot(parameter) for key, parameter in parameters.items()}
        # Last one first: the order in which pipeline input is offered to them.
        self.pipeline_slots = [slot for slot in reversed(list(self.slots.values())) if slot.takes_pipeline]
        self.mandatory_slots = [slot for slot in self.slots.values() if slot.mandatory]
        self.by_name = dict(self.slots)
        for slot in self.slots.values():
            for alias in slot.parameter.aliases:
                self.by_name.setdefault(alias.lower(), slot)

    def _slot(self, parameter: ParameterMetadata) -> Slot:
        infos = [(EVERY if n == ALL_SETS else self.bits[n.lower()], info) for n, info in parameter.sets.items()]
        in_all = any(flag == EVERY for flag, _ in infos)
        flags = 0
        for flag, _ in infos:
            if flag != EVERY:
                flags |= flag
        return Slot(parameter, EVERY if in_all and not flags else flags, in_all, infos)

    def count(self, sets: int) -> int:
        return 1 if sets == EVERY else sets.bit_count()

    def name_of(self, sets: int) -> str:
        if sets == EVERY:
            return ALL_SETS
        for name in self.set_names:
            if self.bits[name.lower()] & sets:
                return name
        return ALL_SETS


class Binding:
    """The state of binding one call of a command.

    Attributes:
        values: bound parameters by canonical name, without the common ones.
        common: bound common parameters.
        parameter_set: name of the chosen set.
        collectors: (stream, list) of ``-ErrorVariable`` and its kin.
    """

    def __init__(
        self,
        ctx: ExecutionContext,
        metadata: CommandMetadata,
        invocation: InvocationInfo,
        *,
        implemented: frozenset[str] | None = None,
    ) -> None:
        self.ctx = ctx
        self.metadata = metadata
        self.invocation = invocation
        self.implemented = implemented
        self.refused: str | None = None
        self.plain: str | None = None
        """The parameter that any object but null of the pipeline goes to as it is, once that is known."""
        self.plan = plan_of(metadata)
        self.current = EVERY
        self.before_pipeline = EVERY
        self.values: dict[str, Any] = {}
        self.common: dict[str, Any] = {}
        self.parameter_set = ALL_SETS
        self.collectors: list[tuple[str, list[Any]]] = []
        self.bound: dict[Slot, Argument | None] = {}
        self.from_pipeline: dict[Slot, Any] = {}
        self.delayed: list[tuple[Slot, Any]] = []
        self.expects_input = False

    # ---- the command line -------------------------------------------------------------------------------------------

    def bind_command_line(
        self,
        arguments: Sequence[Argument],
        expects_input: bool,
        dynamic: Callable[[dict[str, Any]], Mapping[str, ParameterMetadata]] | None = None,
    ) -> None:
        """Binds everything but pipeline input.

        Raises:
            PSError: a ParameterBindingException of PowerShell's.
            Unsupported: a parameter that the command has but this engine does not implement.
        """
        self.expects_input = expects_input
        rest, positional_error = self._bind_static(list(arguments))
        self._apply_defaults()
        if dynamic is not None:
            extra = dynamic(self.values)
            if extra:
                self.plan = Plan(self.metadata, extra)
                self._rebase()
                rest, positional_error = self._bind_static(rest)
        rest = self._bind_remaining(rest)
        self._verify_processed(rest, positional_error)
        self._choose_set(expects_input)
        self._check_mandatory(expects_input)
        self._refuse_unimplemented()
        if not expects_input:
            self._refuse_delayed()
            self._set_chosen()
        self.before_pipeline = self.current

    def _bind_static(self, arguments: list[Argument]) -> tuple[list[Argument], PSError | None]:
        rest = self._bind_named(self._pair(arguments))
        return self._bind_positional(rest)

    def _rebase(self) -> None:
        """After the plan has grown: the slots of what is bound already, in the new plan."""
        self.bound = {self.plan.slots[s.name.lower()]: a for s, a in self.bound.items()}

    # -- names --

    def match(self, name: str, argument: Argument) -> Slot | None:
        """The parameter that *name* means: exact name or alias, else a prefix that fits only one.

        Raises:
            PSError: AmbiguousParameter.
        """
        key = name.lower()
        exact = self.plan.by_name.get(key)
        if exact is not None:
            return exact
        found: dict[Slot, None] = {}
        for candidate, slot in self.plan.by_name.items():
            if candidate.startswith(key):
                found[slot] = None
        matches = list(found)
        if len(matches) > 1:
            own = [slot for slot in matches if not slot.parameter.common]
            if len(own) == 1:
                return own[0]
            names = "".join(f" -{slot.name}" for slot in matches)
            raise self._error(
                "AmbiguousParameter",
                f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. "
                f"Possible matches include:{names}.",
                parameter=name,
            )
        return matches[0] if matches else None

    def _pair(self, arguments: list[Argument]) -> list[Argument]:
        """Gives every ``-Name`` without a value its value: true for a switch, else the next argument."""
        result: list[Argument] = []
        index = 0
        while index < len(arguments):
            argument = arguments[index]
            index += 1
            if argument.name is None or argument.has_value:
                result.append(argument)
                continue
            slot = self.match(argument.name, argument)
            if slot is None:
                result.append(argument)
                continue
            if slot.parameter.is_switch:
                result.append(_valued(argument, True))
                continue
            if index >= len(arguments):
                raise self._missing_argument(slot)
            following = arguments[index]
            if following.name is not None:
                if following.has_value or self.match(following.name, following) is not None:
                    raise self._missing_argument(slot)
                result.append(_valued(argument, following.dash_text or f"-{following.name}"))
            else:
                result.append(_valued(argument, following.value, following.text))
            index += 1
        return result

    def _missing_argument(self, slot: Slot) -> PSError:
        return self._error(
            "MissingArgument",
            f"Missing an argument for parameter '{slot.name}'. Specify a parameter of type "
            f"'{_type_text(slot.parameter)}' and try again.",
            parameter=slot.name,
        )

    def _bind_named(self, arguments: list[Argument]) -> list[Argument]:
        rest: list[Argument] = []
        explicit: set[Slot] = set()
        if any(a.splatted for a in arguments):
            explicit = {
                slot
                for a in arguments
                if a.name is not None and not a.splatted and (slot := self.match(a.name, a)) is not None
            }
        for argument in arguments:
            slot = None if argument.name is None else self.match(argument.name, argument)
            if slot is None or not argument.has_value:
                rest.append(argument)
                continue
            if argument.splatted and slot in explicit:
                continue
            if slot in self.bound:
                raise self._error(
                    "ParameterAlreadyBound",
                    f"Cannot bind parameter because parameter '{slot.name}' is specified more than once. To provide multiple "
                    "values to parameters that can accept multiple values, use the array syntax. For example, \"-parameter "
                    'value1,value2,value3".',
                    parameter=slot.name,
                )
            self._bind(slot, argument.value, coerce=True, argument=argument, delay=True)
        return rest

    # -- positions --

    def _bind_positional(self, arguments: list[Argument]) -> tuple[list[Argument], PSError | None]:
        values = _positional(arguments)
        if not values:
            return arguments, None
        rest: list[Argument] = []
        error: PSError | None = None
        bound: set[int] = set()
        positions = self._positions()
        queue = iter(values)
        while positions:
            position = min(positions)
            slots = positions.pop(position)
            slots = [s for s in slots if s not in self.bound and s.at(position, self.current)]
            if not slots:
                continue
            argument = next(queue, None)
            if argument is None:
                break
            failure = self._try_position(slots, argument, position)
            if failure is None:
                bound.add(id(argument))
                positions = {p: s for p, s in self._positions().items() if p > position}
            elif failure is not _NOT_BOUND:
                if failure.exception.kind.endswith("ValidationException"):
                    raise failure
                error = error or failure
        rest = [a for a in arguments if id(a) not in bound]
        return rest, error

    def _positions(self) -> dict[int, list[Slot]]:
        table: dict[int, list[Slot]] = {}
        for slot in self.plan.slots.values():
            if slot in self.bound:
                continue
            for info in slot.matching(self.current):
                if info.position is not None and not info.remaining:
                    table.setdefault(info.position, []).append(slot)
        return table

    def _try_position(self, slots: list[Slot], argument: Argument, position: int) -> PSError | None:
        """Tries the default set, then all sets, each without and then with conversion. None: bound."""
        default = self.plan.default if self.current & self.plan.default else 0
        failure: PSError | None = None
        for coerce in (False, True):
            for sets in (default, self.current):
                if not sets:
                    continue
                outcome = self._try_slots(slots, argument, position, sets, coerce)
                if outcome is None:
                    return None
                if outcome is not _NOT_BOUND:
                    failure = outcome
        return failure if failure is not None else _NOT_BOUND

    def _try_slots(self, slots: list[Slot], argument: Argument, position: int, sets: int, coerce: bool) -> PSError | None:
        failure: PSError = _NOT_BOUND
        for slot in slots:
            if not slot.valid_in(sets) or not slot.at(position, sets):
                continue
            try:
                if self._bind(slot, argument.value, coerce=coerce, argument=argument, delay=True):
                    return None
            except PSError as error:
                if error.record is None or not error.exception.kind.startswith(_KINDS):
                    raise
                failure = error
        return failure

    def _bind_remaining(self, rest: list[Argument]) -> list[Argument]:
        """Gives what is left to the parameter with ValueFromRemainingArguments, if the set has one."""
        if not rest:
            return rest
        for slot in self.plan.slots.values():
            if slot in self.bound or not any(info.remaining for info in slot.matching(self.current)):
                continue
            values: list[Any] = []
            for argument in rest:
                if argument.name is not None:
                    values.append(argument.dash_text or f"-{argument.name}")
                if argument.has_value and (argument.name is None or argument.value is not AUTOMATION_NULL):
                    values.append(argument.value)
            value: Any = _as_list(values)
            if len(values) == 1 and isinstance(values[0], list):
                value = values[0]
            self._bind(slot, value, coerce=True, argument=rest[0], delay=False)
            return []
        return rest

    def _verify_processed(self, rest: list[Argument], positional_error: PSError | None) -> None:
        if not rest:
            return
        first = rest[0]
        if first.name is not None:
            raise self._error(
                "NamedParameterNotFound",
                f"A parameter cannot be found that matches parameter name '{first.name}'.",
                parameter=first.name,
            )
        if positional_error is not None:
            raise positional_error
        from hvsim.runtime import convert

        text = "$null" if first.value is None else convert.to_string(self.ctx, first.value)
        raise self._error(
            "PositionalParameterNotFound",
            f"A positional parameter cannot be found that accepts argument '{text}'.",
            parameter="",
        )

    # -- $PSDefaultParameterValues --

    def _apply_defaults(self) -> None:
        table = self.ctx.get_variable("PSDefaultParameterValues")
        if table is None or not hasattr(table, "items") or not len(table):
            return
        from hvsim.runtime import convert, wildcard

        rows = [(convert.to_string(self.ctx, key), value) for key, value in table.items()]
        if any(text.lower() == "disabled" and convert.to_bool(value) for text, value in rows):
            return
        for text, value in rows:
            command, colon, name = text.partition(":")
            if not colon or not wildcard.compile(command.strip())(self.metadata.name):
                continue
            slot = self.plan.by_name.get(name.strip().lower())
            if slot is None or slot in self.bound or not slot.valid_in(self.current):
                continue
            if _is_script_block(value):
                value = self.ctx.invoke_value(value)
            self._bind(slot, value, coerce=True, argument=None, delay=False)

    # ---- parameter sets ---------------------------------------------------------------------------------------------

    def _choose_set(self, expects_input: bool) -> None:
        self._validate_sets(before_pipeline=expects_input, set_default=not expects_input)
        if expects_input and self.plan.count(self.current) > 1:
            taking = self._sets_taking_pipeline()
            if taking and taking != self.current:
                self.current &= taking
                self._validate_sets(before_pipeline=True, set_default=False)

    def _sets_taking_pipeline(self) -> int:
        """Sets in which some unbound parameter takes pipeline input or a delayed script block waits for it."""
        sets = 0
        for slot in self.plan.slots.values():
            waiting = any(slot is s for s, _ in self.delayed)
            if slot in self.bound and not waiting:
                continue
            for flag, info in slot.infos:
                if info.pipeline or info.pipeline_by_name:
                    sets |= self.current if flag == EVERY else flag & self.current
        return sets

    def _validate_sets(self, *, before_pipeline: bool, set_default: bool) -> None:
        plan = self.plan
        if self.current == 0:
            raise self._ambiguous_set()
        waits = before_pipeline and bool(self._sets_taking_pipeline())
        if self.current == EVERY:
            if not plan.set_names:
                return
            if waits:
                return
            if plan.default:
                if set_default:
                    self.current = plan.default
                return
            if len(plan.set_names) == 1 and plan.bits:
                self.current = plan.bits[plan.set_names[0].lower()]
                return
            self._resolve_by_mandatory()
            return
        if plan.count(self.current) <= 1:
            return
        if not before_pipeline and plan.default & self.current:
            if set_default:
                self.current = plan.default
            return
        if waits:
            return
        self._resolve_by_mandatory()

    def _resolve_by_mandatory(self) -> None:
        """Of several possible sets, the only one whose mandatory parameters are all bound."""
        everything = 0
        for bit in self.plan.bits.values():
            everything |= bit
        remaining = everything if self.current == EVERY else self.current
        for slot in self.plan.slots.values():
            if slot in self.bound:
                continue
            for flag, info in slot.infos:
                if info.mandatory:
                    remaining &= 0 if flag == EVERY else ~flag
        if remaining.bit_count() != 1:
            raise self._ambiguous_set()
        self.current = remaining

    def _ambiguous_set(self) -> PSError:
        return self._error(
            "AmbiguousParameterSet",
            "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be "
            "used together or an insufficient number of parameters were provided.",
            parameter="",
        )

    def _set_chosen(self) -> None:
        """Fixes the name of the parameter set."""
        if self.plan.count(self.current) > 1 or self.current == EVERY:
            if self.plan.default and self.current & self.plan.default:
                self.parameter_set = self.plan.name_of(self.plan.default)
            else:
                self.parameter_set = self.plan.name_of(self.current)
        else:
            self.parameter_set = self.plan.name_of(self.current)

    # ---- mandatory parameters ---------------------------------------------------------------------------------------

    def _missing(self, sets: int, *, include_pipeline: bool) -> list[Slot]:
        missing = []
        for slot in self.plan.mandatory_slots:
            if slot in self.bound:
                continue
            for info in slot.matching(sets):
                if info.mandatory and (include_pipeline or not (info.pipeline or info.pipeline_by_name)):
                    missing.append(slot)
                    break
        return missing

    def _check_mandatory(self, expects_input: bool) -> None:
        sets = self.current
        if not expects_input:
            missing = self._missing(sets, include_pipeline=True)
        elif self.plan.count(sets) > 1 or sets == EVERY:
            missing = self._missing_before_pipeline(sets)
        else:
            missing = self._missing(sets, include_pipeline=False)
        if missing:
            raise self._missing_mandatory(missing)

    def _missing_before_pipeline(self, sets: int) -> list[Slot]:
        """With several sets open: drop those that lack a mandatory value the pipeline cannot bring."""
        candidates = [b for b in self.plan.bits.values() if b & sets] or [EVERY]
        lacking = {bit: self._missing(bit, include_pipeline=False) for bit in candidates}
        possible = [bit for bit in candidates if not lacking[bit]]
        if not possible:
            return lacking[self.plan.default if self.plan.default in lacking else candidates[0]]
        default = self.plan.default
        others = [bit for bit in candidates if bit != default]
        if default in possible and any(
            self._awaits(default, by) and not any(self._awaits(bit, by) for bit in others)
            for by in ("pipeline_by_name", "pipeline")
        ):
            # The default set alone waits for values (or properties) of the pipeline: PowerShell latches on to it.
            self.current = default
            return []
        if len(possible) < len(candidates):
            self.current = 0
            for bit in possible:
                self.current |= bit
        return []

    def _awaits(self, bit: int, by: str) -> bool:
        """Whether a mandatory parameter of the set is still to come from the pipeline, by value or by property name."""
        return any(
            info.mandatory and getattr(info, by)
            for slot in self._missing(bit, include_pipeline=True)
            for info in slot.matching(bit)
        )

    def _first_position(self, slot: Slot) -> int:
        positions = [info.position for info in slot.matching(self.current) if info.position is not None]
        return min(positions, default=1_000)

    def _missing_mandatory(self, missing: list[Slot]) -> PSError:
        if self.implemented is not None:
            # The recorded metadata of cmdlets is in alphabetical order; PowerShell names them as declared.
            missing = sorted(missing, key=self._first_position)
        names = "".join(f" {slot.name}" for slot in missing)
        return self._error(
            "MissingMandatoryParameter",
            f"Cannot process command because of one or more missing mandatory parameters:{names}.",
            parameter=missing[0].name,
        )

    # ---- binding one value ------------------------------------------------------------------------------------------

    def _bind(
        self,
        slot: Slot,
        value: Any,
        *,
        coerce: bool,
        argument: Argument | None,
        delay: bool,
        pipeline: bool = False,
    ) -> bool:
        """Binds one value to one parameter; False if it does not fit without conversion."""
        parameter = slot.parameter
        if delay and slot.takes_pipeline and _is_script_block(value) and not _takes_script_block(parameter):
            self.delayed.append((slot, value))
            self.bound[slot] = argument
            self._restrict(slot)
            self._note_unimplemented(parameter)
            return True
        if not coerce and not self._fits(parameter, value):
            return False
        if argument is not None and argument.text is not None and value is argument.value and _is_text(parameter):
            value = argument.text
        try:
            converted = self._convert(slot, value)
            named = argument is not None and argument.name is not None
            # Named arguments of functions are transformed before anybody looks for nulls among the elements.
            self._validate(slot, converted, converted if named and parameter.type_is_attribute else value)
        except PSError:
            if argument is not None and argument.name is not None:
                self._note_unimplemented(parameter)
                self._refuse_unimplemented()
            raise
        self.bound[slot] = argument
        (self.common if parameter.common else self.values)[parameter.name] = converted
        self._restrict(slot)
        self._note_unimplemented(parameter)
        return True

    def _note_unimplemented(self, parameter: ParameterMetadata) -> None:
        if self.implemented is not None and parameter.name not in self.implemented and not parameter.common and not parameter.dynamic:
            self.refused = self.refused or parameter.name

    def _refuse_unimplemented(self) -> None:
        """Errors of the call itself come first: PowerShell would not have run the command either."""
        if self.refused is not None:
            raise Unsupported(f"parameter -{self.refused} of {self.metadata.name}")

    def _restrict(self, slot: Slot) -> None:
        if not slot.in_all and slot.flags:
            self.current = slot.flags if self.current == EVERY else self.current & slot.flags

    def _fits(self, parameter: ParameterMetadata, value: Any) -> bool:
        """Whether a value needs no conversion (``ShouldContinueUncoercedBind``)."""
        from hvsim.runtime import types

        wanted = parameter.net_type
        if wanted is None:
            # A type that is not known here takes nothing without conversion; with conversion it is refused.
            return parameter.type_name is None
        if wanted.full_name in _ANYTHING:
            return True
        value = value.base if type(value) is PSObject else value
        if value is None or value is AUTOMATION_NULL:
            return not wanted.is_value_type
        actual = types.of(value)
        if actual is wanted or wanted.is_assignable_from(actual):
            return True
        if wanted.element_type is None:
            return False
        element = wanted.element_type
        if element.full_name in _ANYTHING:
            return True
        if isinstance(value, list):
            return all(item is not None and element.is_assignable_from(types.of(item)) for item in value)
        return element.is_assignable_from(actual)

    def _convert(self, slot: Slot, value: Any) -> Any:
        parameter = slot.parameter
        for transform in parameter.transformations:
            try:
                value = transform(self.ctx, value)
            except PSError as error:
                raise self._transformation_error(slot, error) from error
        wanted = parameter.net_type
        if wanted is None:
            if parameter.type_name is not None and parameter.explicit_type is None:
                raise Unsupported(f"type {parameter.type_name} of parameter -{parameter.name} of {self.metadata.name}")
            return None if value is AUTOMATION_NULL else value
        if wanted.full_name in _ANYTHING:
            return None if value is AUTOMATION_NULL else value
        try:
            return self._coerce(value, wanted, parameter)
        except PSError as error:
            if parameter.type_is_attribute:
                raise self._transformation_error(slot, error) from error
            raise self._conversion_error(slot, value, error) from error

    def _coerce(self, value: Any, wanted: Any, parameter: ParameterMetadata) -> Any:
        from hvsim.runtime import convert, types

        base = value.base if type(value) is PSObject else value
        if base is AUTOMATION_NULL:
            base = value = None
        if wanted.full_name in _BOOLEANS:
            return self._to_flag(base, wanted, parameter)
        if base is None and not parameter.type_is_attribute and (wanted.full_name == "System.String" or parameter.validators):
            # A cmdlet's parameter stays null; what checks it says so.
            return None
        if wanted.full_name == "System.String" and isinstance(base, list):
            raise _scalar_wanted(types.display(types.of(base)), "System.String")
        try:
            return convert.to(self.ctx, value, wanted)
        except PSError:
            if wanted.element_type is not None and not parameter.type_is_attribute and convert.enumerate(base) is None:
                # A cmdlet's list takes a single value as its element: the error is about that.
                convert.to(self.ctx, value, wanted.element_type)
            raise

    def _to_flag(self, value: Any, wanted: Any, parameter: ParameterMetadata) -> Any:
        """Boolean parameters take booleans, numbers and switches only (``CoerceTypeAsNeeded``)."""
        from hvsim.runtime import convert, types

        if isinstance(value, bool):
            return value
        if wanted.full_name == "System.Management.Automation.SwitchParameter":
            if types.of(value).full_name == "System.Management.Automation.SwitchParameter" if value is not None else False:
                return convert.to_bool(value)
            if not parameter.type_is_attribute and (value is None or isinstance(value, (int, float))):
                # Switches of cmdlets: a null leaves them on, numbers are taken.
                return value is None or bool(value)
            if value is None:
                return False
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                raise _invalid_cast(
                    f'Cannot convert the "{convert.to_string(self.ctx, value)}" value of type "{types.of(value).full_name}" to type '
                    f'"{wanted.full_name}".'
                )
        elif value is None:
            raise _invalid_cast(f'Cannot convert value "" to type "{wanted.full_name}". {self._flag_hint()}', flag=True)
        elif isinstance(value, (int, float)) or types.of(value).full_name in _TRUTH_LIKE:
            return convert.to_bool(value)
        raise _invalid_cast(
            f'Cannot convert value "{types.of(value).full_name}" to type "{wanted.full_name}". {self._flag_hint()}', flag=True
        )

    def _flag_hint(self) -> str:
        tail = "1 or 0 instead." if self.ctx.edition == "5.1" else "1 or 0."
        return f"Boolean parameters accept only Boolean values and numbers, such as $True, $False, {tail}"

    def _transformation_error(self, slot: Slot, cause: PSError) -> PSError:
        return self._error(
            "ParameterArgumentTransformationError",
            f"Cannot process argument transformation on parameter '{slot.name}'. {cause.exception.message}",
            kind="ArgumentTransformationException",
            category="InvalidData",
            parameter=slot.name,
            inner=cause.exception,
        )

    def _conversion_error(self, slot: Slot, value: Any, cause: PSError) -> PSError:
        from hvsim.runtime import types

        base = value.base if type(value) is PSObject else value
        wanted = slot.parameter.net_type
        scalar = isinstance(base, list) and wanted is not None and not _is_collection(slot.parameter)
        if scalar or cause.exception.fields.get("flag_wanted"):
            detail = "Specified method is not supported." if scalar else ""
            return self._error(
                "CannotConvertArgument",
                f"Cannot convert '{types.of(base).full_name}' to the type '{_type_full(slot.parameter)}' required by parameter "
                f"'{slot.name}'. {detail}",
                parameter=slot.name,
                inner=cause.exception,
            )
        return self._error(
            "CannotConvertArgumentNoMessage",
            f"Cannot bind parameter '{slot.name}'. {cause.exception.message}",
            parameter=slot.name,
            inner=cause.exception,
        )

    # ---- validation -------------------------------------------------------------------------------------------------

    def _validate(self, slot: Slot, value: Any, given: Any) -> None:
        for validator in reversed(slot.parameter.validators):
            try:
                validator.validate(self.ctx, value)
            except ValidationFailure as failure:
                raise self._error(
                    "ParameterArgumentValidationError",
                    f"Cannot validate argument on parameter '{slot.name}'. {failure}",
                    kind="ValidationException",
                    category="InvalidData",
                    parameter=slot.name,
                    inner=NetException("System.Management.Automation.ValidationMetadataException", str(failure)),
                ) from failure
        if slot.mandatory:
            if _is_text(slot.parameter) and isinstance(given, list) and any(item is None for item in given):
                # The conversion to string[] would have made it an empty string.
                self._validate_mandatory(slot, given, recurse=True)
            self._validate_mandatory(slot, value, recurse=True)

    def _validate_mandatory(self, slot: Slot, value: Any, *, recurse: bool) -> None:
        parameter = slot.parameter
        value = value.base if type(value) is PSObject else value
        if value is None or value is AUTOMATION_NULL:
            wanted = parameter.net_type
            if not parameter.allow_null and not (wanted is not None and wanted.full_name in _BOOLEANS):
                raise self._not_allowed(slot, "Null", "it is null")
            return
        if isinstance(value, str):
            if not value and not parameter.allow_empty_string and _is_text(parameter):
                raise self._not_allowed(slot, "EmptyString", "it is an empty string")
            return
        if not recurse or not _is_collection(parameter):
            return
        if not isinstance(value, list) and not hasattr(value, "__len__"):
            return
        if not len(value) and not parameter.allow_empty_collection:
            if isinstance(value, Array):
                raise self._not_allowed(slot, "EmptyArray", "it is an empty array")
            raise self._not_allowed(slot, "EmptyCollection", "it is an empty collection")
        if isinstance(value, list):
            for item in value:
                self._validate_mandatory(slot, item, recurse=False)

    def _not_allowed(self, slot: Slot, what: str, reason: str) -> PSError:
        return self._error(
            f"ParameterArgumentValidationError{what}NotAllowed",
            f"Cannot bind argument to parameter '{slot.name}' because {reason}.",
            kind="ValidationException",
            category="InvalidData",
            parameter=slot.name,
        )

    # ---- pipeline input ---------------------------------------------------------------------------------------------

    def bind_pipeline(self, value: Any, runtime: CommandRuntime) -> bool:
        """Binds one pipeline object; writes the error and answers False if the object cannot be bound.

        Raises:
            PSError: only if the error action is Stop.
        """
        if self.plain is not None:
            self.values.pop(self.plain, None)
            self.plain = None
        self._restore()
        try:
            done = self._bind_delayed(value)
            if done is not False:
                bound = self._bind_pipeline_value(value)
                if not bound and done is None:
                    raise self._input_not_bound()
                self._finish_sets()
                missing = self._missing(self.current, include_pipeline=True)
                if missing:
                    raise self._input_incomplete(missing)
        except PSError as error:
            if error.record is None or not error.exception.kind.startswith(_KINDS):
                raise
            record = error.record
            record.target = value
            runtime.write_error(record)
            return False
        self._refuse_unimplemented()
        self._set_chosen()
        self._find_plain()
        return True

    def _find_plain(self) -> None:
        """Most cmdlets have one parameter for pipeline objects that takes anything: the next objects need no binding."""
        if self.delayed or len(self.from_pipeline) != 1:
            return
        (slot, previous), = self.from_pipeline.items()
        parameter = slot.parameter
        wanted = parameter.net_type
        if previous is not _ABSENT or wanted is None or wanted.full_name not in _ANYTHING:
            return
        if parameter.validators or parameter.transformations or any(info.pipeline_by_name for _, info in slot.infos):
            return
        others = (s for s in self.plan.pipeline_slots if s is not slot and s not in self.bound)
        if not any(s.valid_in(self.before_pipeline) for s in others):
            self.plain = slot.name

    def _restore(self) -> None:
        for slot, previous in self.from_pipeline.items():
            self.bound.pop(slot, None)
            if previous is _ABSENT:
                self.values.pop(slot.name, None)
            else:
                self.values[slot.name] = previous
        self.from_pipeline.clear()
        self.current = self.before_pipeline

    def _finish_sets(self) -> None:
        self._validate_sets(before_pipeline=False, set_default=True)

    def _bind_delayed(self, value: Any) -> bool | None:
        """Runs the script blocks given for pipeline parameters, with ``$_`` as the object. None: there are none."""
        if not self.delayed:
            return None
        for slot, block in self.delayed:
            items = self.ctx.invoke(block, dollar_underbar=value)
            if not items:
                raise self._error(
                    "ScriptBlockArgumentNoOutput",
                    f"Cannot evaluate parameter '{slot.name}' because its argument input did not produce any output.",
                    kind="Exception",
                    category="InvalidArgument",
                    parameter=slot.name,
                )
            result = items[0] if len(items) == 1 else Array(items)
            converted = self._convert(slot, result)
            self._validate(slot, converted, result)
            self.values[slot.name] = converted
        return True

    def _bind_pipeline_value(self, value: Any) -> bool:
        bound_any = False
        for by_name, coerce in ((False, False), (True, False), (False, True), (True, True)):
            if self._bind_state(value, by_name, coerce):
                bound_any = True
        return bound_any

    def _bind_state(self, value: Any, by_name: bool, coerce: bool) -> bool:
        default = self.plan.default
        sets = self.current
        if default and sets & default:
            if self._bind_state_in(value, by_name, coerce, default):
                return True
            sets = sets & ~default
        return self._bind_state_in(value, by_name, coerce, sets)

    def _bind_state_in(self, value: Any, by_name: bool, coerce: bool, sets: int) -> bool:
        bound = False
        for slot in self.plan.pipeline_slots:
            if slot in self.bound or not slot.valid_in(sets):
                continue
            for info in slot.matching(sets):
                if by_name and info.pipeline_by_name and value is not None:
                    done = self._bind_property(slot, value, coerce)
                elif not by_name and info.pipeline:
                    done = self._bind_object(slot, value, coerce)
                else:
                    continue
                if done:
                    bound = True
                    break
        return bound

    def _bind_object(self, slot: Slot, value: Any, coerce: bool) -> bool:
        previous = self.values.get(slot.name, _ABSENT)
        try:
            if not self._bind(slot, value, coerce=coerce, argument=None, delay=False, pipeline=True):
                return False
        except PSError as error:
            if error.record is not None and error.record.error_id in _CONVERSION_IDS:
                return False
            raise
        self.from_pipeline[slot] = previous
        return True

    def _bind_property(self, slot: Slot, value: Any, coerce: bool) -> bool:
        from hvsim.runtime import objects

        for name in (slot.name, *slot.parameter.aliases):
            found = objects.find_property(self.ctx, value, name)
            if found is None:
                continue
            previous = self.values.get(slot.name, _ABSENT)
            member = found.get(self.ctx, value)
            if not self._bind(slot, member, coerce=coerce, argument=None, delay=False, pipeline=True):
                return False
            self.from_pipeline[slot] = previous
            return True
        return False

    def _input_not_bound(self) -> PSError:
        return self._error(
            "InputObjectNotBound",
            "The input object cannot be bound to any parameters for the command either because the command does not take "
            "pipeline input or the input and its properties do not match any of the parameters that take pipeline input.",
            parameter="",
        )

    def _input_incomplete(self, missing: list[Slot]) -> PSError:
        names = "".join(f" {slot.name}" for slot in missing)
        return self._error(
            "InputObjectMissingMandatory",
            "The input object cannot be bound because it did not contain the information required to bind all mandatory "
            f"parameters: {names}",
            parameter="",
        )

    def _refuse_delayed(self) -> None:
        for slot, _ in self.delayed:
            raise self._error(
                "ScriptBlockArgumentNoInput",
                f"Cannot evaluate parameter '{slot.name}' because its argument is specified as a script block and there is no "
                "input. A script block cannot be evaluated without input.",
                category="MetadataError",
                parameter=slot.name,
            )

    # ---- common parameters ------------------------------------------------------------------------------------------

    def attach(self, runtime: CommandRuntime) -> None:
        """Sets up ``-OutVariable``, ``-ErrorVariable`` and their kin after the command line is bound."""
        runtime.common = self.common
        for name, stream in _COLLECTING:
            if name in self.common:
                self.collectors.append((stream, self._variable_list(self.common[name])))
        if "OutVariable" in self.common:
            from hvsim.runtime.pipeline import VariablePipe

            runtime.out = VariablePipe(runtime.out, self._variable_list(self.common["OutVariable"]))
        if "PipelineVariable" in self.common:
            from hvsim.runtime.pipeline import PipelineVariablePipe

            runtime.out = PipelineVariablePipe(self.ctx, runtime.out, self.common["PipelineVariable"])

    def _variable_list(self, name: str | None) -> list[Any]:
        from hvsim.runtime.collections import ArrayList

        if not name:
            return ArrayList()
        if name.startswith("+"):
            existing = self.ctx.get_variable(name[1:])
            items: list[Any] = existing if isinstance(existing, ArrayList) else ArrayList()
            if existing is not None and items is not existing:
                items.append(existing)
            name = name[1:]
        else:
            items = ArrayList()
        self.ctx.set_variable(name, items)
        return items

    # ---- errors -----------------------------------------------------------------------------------------------------

    def _error(
        self,
        error_id: str,
        message: str,
        *,
        kind: str = "Exception",
        category: str = "InvalidArgument",
        parameter: str,
        inner: NetException | None = None,
    ) -> PSError:
        exception = NetException(
            _KINDS + kind,
            message,
            inner,
            {
                "ErrorId": error_id,
                "ParameterName": parameter,
                "CommandInvocation": self.invocation,
                "Line": self.invocation.line_number,
            },
        )
        record = ErrorRecord(exception, error_id, category, source=self.metadata.error_source)
        record.invocation = self.invocation
        record.activity = self.metadata.name
        exception.error_record = record
        return PSError(exception, record)


_NOT_BOUND = PSError(NetException("", "not bound"))
_ABSENT = object()
_ANYTHING = frozenset(("System.Object", "System.Management.Automation.PSObject"))
_BOOLEANS = frozenset(("System.Boolean", "System.Management.Automation.SwitchParameter"))
_TRUTH_LIKE = frozenset(("System.Decimal", "System.Management.Automation.SwitchParameter"))
_CONVERSION_IDS = frozenset(
    ("ParameterArgumentTransformationError", "CannotConvertArgumentNoMessage", "CannotConvertArgument")
)


def plan_of(metadata: CommandMetadata) -> Plan:
    """The (cached) plan of a command's metadata."""
    plan = getattr(metadata, "_plan", None)
    if plan is None:
        plan = Plan(metadata)
        object.__setattr__(metadata, "_plan", plan)
    return plan


def _invalid_cast(message: str, *, flag: bool = False) -> PSError:
    fields = {"flag_wanted": True} if flag else None
    return PSError(NetException("System.Management.Automation.PSInvalidCastException", message, fields=fields))


def _scalar_wanted(_actual: str, wanted: str) -> PSError:
    return PSError(
        NetException(
            "System.Management.Automation.PSInvalidCastException",
            f"Cannot convert value to type {wanted}.",
            fields={"scalar_wanted": True},
        )
    )


def _valued(argument: Argument, value: Any, text: str | None = None) -> Argument:
    return Argument(argument.name, value, True, argument.splatted, argument.extent, argument.dash_text, argument.colon, text)


def _positional(arguments: list[Argument]) -> list[Argument]:
    """The values that positions may take: one that follows an unknown name without value stays with that name."""
    values: list[Argument] = []
    taken = False
    for argument in arguments:
        if argument.name is not None:
            taken = not argument.has_value
        elif taken:
            taken = False
        else:
            values.append(argument)
    return values


def _is_script_block(value: Any) -> bool:
    value = value.base if type(value) is PSObject else value
    return getattr(type(value), "NET", "") == "System.Management.Automation.ScriptBlock"


def _takes_script_block(parameter: ParameterMetadata) -> bool:
    wanted = parameter.net_type
    if wanted is None:
        return True
    element = wanted.element_type or wanted
    return element.full_name in _ANYTHING or element.full_name == "System.Management.Automation.ScriptBlock"


def _is_text(parameter: ParameterMetadata) -> bool:
    wanted = parameter.net_type
    return wanted is not None and (wanted.element_type or wanted).full_name == "System.String"


def _is_collection(parameter: ParameterMetadata) -> bool:
    wanted = parameter.net_type
    if wanted is None:
        return False
    return wanted.element_type is not None or wanted.implements("System.Collections.IList")


def _type_text(parameter: ParameterMetadata) -> str:
    return _type_full(parameter)


def _type_full(parameter: ParameterMetadata) -> str:
    wanted = parameter.net_type
    return "System.Object" if wanted is None else wanted.full_name


def _as_list(values: Iterable[Any]) -> Any:
    """``List[object]``, which is what an untyped remaining-arguments parameter gets."""
    from hvsim.runtime import types
    from hvsim.runtime.collections import GenericList

    return GenericList(values, types.get("System.Object"))

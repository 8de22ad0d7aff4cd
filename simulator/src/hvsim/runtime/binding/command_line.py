# SPDX-License-Identifier: GPL-3.0-or-later
"""Binding of the command line: names, ``$PSDefaultParameterValues``, and the order of all steps before pipeline input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hvsim.runtime import convert
from hvsim.runtime.binding.plan import Plan, Slot, declared_type, type_text
from hvsim.runtime.binding.positional import PositionalBinding
from hvsim.runtime.binding.preset import Presets, argument_of
from hvsim.runtime.binding.state import KINDS
from hvsim.runtime.command import Argument, ParameterMetadata
from hvsim.runtime.errors import PSError

#: ParameterBindingException and what derives from it.
_BINDING_ERRORS = frozenset(
    KINDS + kind for kind in ("Exception", "ValidationException", "ArgumentTransformationException", "ParameterDefaultValueException")
)


class CommandLineBinding(PositionalBinding):
    """Everything that is bound once per call."""

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
        if self.current == 0:
            # PowerShell validates the sets before it looks at what is left of the command line.
            raise self._ambiguous_set()
        rest = self._bind_remaining(rest)
        self._verify_processed(rest, positional_error)
        self._choose_set(expects_input)
        self._check_mandatory(expects_input)
        self._refuse_unimplemented()
        if not expects_input:
            self._set_chosen()
        self.before_pipeline = self.current

    def _bind_static(self, arguments: list[Argument]) -> tuple[list[Argument], PSError | None]:
        rest = self._bind_named(self._pair(arguments))
        return self._bind_positional(rest)

    def _rebase(self) -> None:
        """After the plan has grown: the slots of what is bound already, in the new plan."""
        self.bound = {self.plan.slots[s.name.lower()]: a for s, a in self.bound.items()}

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
                raise self._missing_argument(slot, argument)
            following = arguments[index]
            if following.name is not None:
                if following.has_value or self.match(following.name, following) is not None:
                    raise self._missing_argument(slot, argument)
                result.append(_valued(argument, following.dash_text or f"-{following.name}", place=following.extent))
            else:
                result.append(_valued(argument, following.value, following.text, following.extent))
            index += 1
        return result

    def dynamic_failure(self, error: PSError) -> PSError:
        """The error of a command whose dynamic parameters cannot be had."""
        return self._error(
            "GetDynamicParametersException",
            f"Cannot retrieve the dynamic parameters for the cmdlet. {error.exception.message}",
            parameter=None,
            inner=error.exception,
        )

    def _missing_argument(self, slot: Slot, argument: Argument) -> PSError:
        return self._error(
            "MissingArgument",
            f"Missing an argument for parameter '{slot.name}'. Specify a parameter of type "
            f"'{type_text(slot.parameter)}' and try again.",
            parameter=slot.name,
            expected=declared_type(slot),
            extent=argument.extent,
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
                    extent=argument.extent,
                )
            self._bind(slot, argument.value, coerce=True, argument=argument, delay=True)
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
                extent=first.extent,
                specified=first.value if first.has_value else None,
            )
        if positional_error is not None:
            raise positional_error
        text = "$null" if first.value is None else convert.to_string(self.ctx, first.value)
        raise self._error(
            "PositionalParameterNotFound",
            f"A positional parameter cannot be found that accepts argument '{text}'.",
            parameter=text,
            specified=first.value,
        )

    def _apply_defaults(self) -> None:
        table = self.ctx.get_variable("PSDefaultParameterValues")
        if table is None or not hasattr(table, "items") or not len(table):
            return
        presets = Presets(self, table)
        for text in presets.warnings:
            self.ctx.write_warning(text)
        for slot, preset in presets.values.items():
            if slot in self.bound or not slot.valid_in(self.current):
                continue
            exists, value = argument_of(self, preset)
            if not exists:
                continue
            try:
                self._bind(slot, value, coerce=True, argument=None, delay=False)
            except PSError as error:
                if error.exception.kind not in _BINDING_ERRORS:
                    raise
                text = "null" if value is None else convert.to_string(self.ctx, value)
                self.ctx.write_warning(
                    f"The binding of default value '{text}' to parameter '{slot.name}' failed: {error.exception.message}"
                )

    def _place_of(self, slot: Slot) -> Any:
        argument = self.bound[slot]
        return None if argument is None else argument.error_extent


def _valued(argument: Argument, value: Any, text: str | None = None, place: Any = None) -> Argument:
    return Argument(
        argument.name, value, True, argument.splatted, argument.extent, argument.dash_text, argument.colon, text, place
    )

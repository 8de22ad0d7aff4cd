# SPDX-License-Identifier: GPL-3.0-or-later
"""Binding one value to one parameter: does it fit, conversion to the type of the parameter, the errors of both."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.binding.plan import (
    ANYTHING,
    BOOLEANS,
    Slot,
    declared_type,
    is_collection,
    is_flag_collection,
    is_script_block,
    is_text,
    takes_script_block,
    type_text,
)
from hvsim.runtime.binding.validation import Validation
from hvsim.runtime.command import Argument, ParameterMetadata
from hvsim.runtime.errors import NetException, PSError
from hvsim.runtime.structs import DateTime, DateTimeOffset
from hvsim.runtime.values import AUTOMATION_NULL, Array, PSObject
from hvsim.runtime.wrappers import wrapped

_TRUTH_LIKE = frozenset(("System.Decimal", "System.Management.Automation.SwitchParameter"))

_PARSED = frozenset(("System.DateTime", "System.DateTimeOffset"))
_BY_CULTURE = _PARSED | {"System.String"}


class ValueBinding(Validation):
    """The step that all others use: one value, one parameter."""

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
        if delay and slot.takes_pipeline and is_script_block(value) and not takes_script_block(parameter):
            if not self.expects_input:
                # At once, before unbound mandatory parameters are looked for: it tells more than they would.
                raise self._no_input_for(slot, argument)
            self.delayed.append((slot, value))
            self.bound[slot] = argument
            self._restrict(slot)
            self._note_unimplemented(parameter)
            return True
        if not coerce and not self._fits(parameter, value):
            return False
        if argument is not None and argument.text is not None and value is argument.value and is_text(parameter):
            value = argument.text
        try:
            place = None if argument is None else argument.error_extent
            converted = self._convert(slot, value, place)
            if parameter.ps_type_name and not self._check_type_name(slot, converted, place, refuse=coerce):
                return False
            named = argument is not None and argument.name is not None
            # Named arguments of functions are transformed before anybody looks for nulls among the elements.
            self._validate(slot, converted, converted if named and parameter.type_is_attribute else value, place)
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

    def _no_input_for(self, slot: Slot, argument: Argument | None) -> PSError:
        return self._error(
            "ScriptBlockArgumentNoInput",
            f"Cannot evaluate parameter '{slot.name}' because its argument is specified as a script block and there is no "
            "input. A script block cannot be evaluated without input.",
            category="MetadataError",
            parameter=slot.name,
            expected=declared_type(slot),
            extent=None if argument is None else argument.error_extent,
        )

    def _fits(self, parameter: ParameterMetadata, value: Any) -> bool:
        """Whether a value needs no conversion (``ShouldContinueUncoercedBind``)."""
        from hvsim.runtime import types

        wanted = parameter.net_type
        if wanted is None:
            # A type that is not known here takes nothing without conversion; with conversion it is refused.
            return parameter.type_name is None
        if wanted.full_name in ANYTHING:
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
        if element.full_name in ANYTHING:
            return True
        if isinstance(value, list):
            return all(item is not None and element.is_assignable_from(types.of(item)) for item in value)
        return element.is_assignable_from(actual)

    def _convert(self, slot: Slot, value: Any, place: Any = None) -> Any:
        parameter = slot.parameter
        for transform in parameter.transformations:
            try:
                value = transform(self.ctx, value)
            except PSError as error:
                raise self._transformation_error(slot, value, place, error) from error
        wanted = parameter.net_type
        if wanted is None:
            if parameter.type_name is not None and parameter.explicit_type is None:
                raise Unsupported(f"type {parameter.type_name} of parameter -{parameter.name} of {self.metadata.name}")
            return None if value is AUTOMATION_NULL else value
        if wanted.full_name in ANYTHING:
            if value is AUTOMATION_NULL:
                return None
            return wrapped(value) if self.ctx.shows_wrappers and wanted.full_name != "System.Object" else value
        try:
            return self._coerce(value, wanted, parameter)
        except PSError as error:
            if parameter.type_is_attribute:
                raise self._transformation_error(slot, value, place, error) from error
            raise self._conversion_error(slot, value, place, error) from error

    def _coerce(self, value: Any, wanted: Any, parameter: ParameterMetadata) -> Any:
        from hvsim.runtime import convert, types

        base = value.base if type(value) is PSObject else value
        if base is AUTOMATION_NULL:
            base = value = None
        if wanted.full_name in BOOLEANS:
            return self._to_flag(base, wanted, parameter)
        if base is None and not parameter.type_is_attribute and (wanted.full_name == "System.String" or parameter.validators):
            # A cmdlet's parameter stays null; what checks it says so.
            return None
        if parameter.type_is_attribute and self.metadata.common_parameters and is_flag_collection(wanted):
            items = convert.enumerate(base)
            for item in items if items is not None else [base]:
                self._to_flag(item.base if type(item) is PSObject else item, wanted.element_type, parameter)
        if wanted.full_name == "System.String" and isinstance(base, list):
            raise _scalar_wanted(types.display(types.of(base)), "System.String")
        if not parameter.type_is_attribute:
            value = _in_culture(self.ctx, value, wanted)
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

    def _transformation_error(self, slot: Slot, value: Any, place: Any, cause: PSError) -> PSError:
        return self._error(
            "ParameterArgumentTransformationError",
            f"Cannot process argument transformation on parameter '{slot.name}'. {cause.exception.message}",
            kind="ArgumentTransformationException",
            category="InvalidData",
            parameter=slot.name,
            expected=declared_type(slot),
            specified=value,
            extent=place,
            inner=cause.exception,
        )

    def _conversion_error(self, slot: Slot, value: Any, place: Any, cause: PSError) -> PSError:
        from hvsim.runtime import types

        base = value.base if type(value) is PSObject else value
        wanted = slot.parameter.net_type
        scalar = isinstance(base, list) and wanted is not None and not is_collection(slot.parameter)
        if scalar or cause.exception.fields.get("flag_wanted"):
            detail = "Specified method is not supported." if scalar else ""
            return self._error(
                "CannotConvertArgument",
                f"Cannot convert '{types.of(base).full_name}' to the type '{type_text(slot.parameter)}' required by parameter "
                f"'{slot.name}'. {detail}",
                parameter=slot.name,
                expected=declared_type(slot),
                specified=value,
                extent=place,
                inner=cause.exception,
            )
        return self._error(
            "CannotConvertArgumentNoMessage",
            f"Cannot bind parameter '{slot.name}'. {cause.exception.message}",
            parameter=slot.name,
            expected=declared_type(slot),
            specified=value,
            extent=place,
            inner=cause.exception,
        )


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


def _in_culture(ctx: Any, value: Any, wanted: Any) -> Any:
    """What a cmdlet's parameter makes of dates for texts, and of texts for dates: they follow the thread's culture
    (``CoerceTypeAsNeeded`` converts by ``CultureInfo.CurrentCulture``, casts and functions by the invariant one). Numbers never
    do (``ConvertNumericToString``)."""
    from hvsim.runtime import convert

    base = value.base if type(value) is PSObject else value
    target = (wanted.element_type or wanted).full_name
    if isinstance(base, list) and wanted.element_type is not None:
        if target not in _BY_CULTURE:
            return value
        items = [_in_culture(ctx, item, wanted.element_type) for item in base]
        return Array(items) if any(a is not b for a, b in zip(items, base, strict=True)) else value
    if target == "System.String" and isinstance(base, (DateTime, DateTimeOffset)):
        return convert.culture_string(ctx, value)
    if type(base) is str and target in _PARSED:
        return convert.parse_date(ctx, base, wanted.element_type or wanted)
    return value

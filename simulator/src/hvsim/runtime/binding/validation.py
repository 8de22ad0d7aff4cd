# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation of a converted value: the validators of the parameter, nulls and empty values for mandatory ones."""

from __future__ import annotations

from typing import Any

from hvsim.runtime import convert, objects
from hvsim.runtime.binding.plan import BOOLEANS, Slot, declared_type, element_type, is_collection, is_text
from hvsim.runtime.binding.state import BindingState
from hvsim.runtime.command import ValidationFailure
from hvsim.runtime.errors import NetException, PSError
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Array, PSObject


class Validation(BindingState):
    """The step that accepts or refuses a value."""

    def _validate(self, slot: Slot, value: Any, given: Any, place: Any = None) -> None:
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
                    expected=declared_type(slot),
                    specified=value,
                    extent=place,
                    inner=NetException("System.Management.Automation.ValidationMetadataException", str(failure)),
                ) from failure
        if slot.mandatory:
            wanted = slot.parameter.net_type
            if is_text(slot.parameter) and isinstance(given, list) and any(item is None for item in given):
                # The conversion to string[] would have made it an empty string.
                self._validate_mandatory(slot, given, wanted, place, recurse=True)
            self._validate_mandatory(slot, value, wanted, place, recurse=True)

    def _check_type_name(self, slot: Slot, value: Any, place: Any, *, refuse: bool) -> bool:
        """Whether a value, or each element of a collection, has the name of ``[PSTypeName()]`` (``ValidatePSTypeName``)."""
        wanted = slot.parameter.ps_type_name or ""
        items = convert.enumerate(value)
        for item in (value,) if items is None else items:
            if item is None or any(name.lower() == wanted.lower() for name in objects.type_names(item)):
                continue
            if not refuse:
                return False
            message = (
                f"Cannot bind argument to parameter '{slot.name}', because PSTypeNames of the argument do not match the PSTypeName "
                f"required by the parameter: {wanted}."
            )
            raise self._error(
                "MismatchedPSTypeName",
                message,
                kind="ArgumentTransformationException",
                parameter=slot.name,
                expected=declared_type(slot),
                specified=item,
                extent=place,
                inner=NetException("System.Management.Automation.PSInvalidCastException", message),
            )
        return True

    def _validate_mandatory(self, slot: Slot, value: Any, wanted: NetType | None, place: Any, *, recurse: bool) -> None:
        """Refuses null and what is empty (``ValidateNullOrEmptyArgument``); *wanted* is the type of the value."""
        parameter = slot.parameter
        value = value.base if type(value) is PSObject else value
        if value is None or value is AUTOMATION_NULL:
            if not parameter.allow_null and not (wanted is not None and wanted.full_name in BOOLEANS):
                raise self._not_allowed(slot, "Null", "it is null", None, place, wanted)
            return
        if isinstance(value, str):
            if not value and not parameter.allow_empty_string and wanted is not None and wanted.full_name == "System.String":
                raise self._not_allowed(slot, "EmptyString", "it is an empty string", value, place)
            return
        if not recurse or not is_collection(parameter):
            return
        if not isinstance(value, list) and not hasattr(value, "__len__"):
            return
        if not len(value) and not parameter.allow_empty_collection:
            if isinstance(value, Array):
                raise self._not_allowed(slot, "EmptyArray", "it is an empty array", value, place)
            raise self._not_allowed(slot, "EmptyCollection", "it is an empty collection", value, place)
        of = element_type(parameter)
        if of is None or not of.is_value_type:
            for item in value:
                self._validate_mandatory(slot, item, of, place, recurse=False)

    def _not_allowed(self, slot: Slot, what: str, reason: str, value: Any, place: Any, wanted: NetType | None = None) -> PSError:
        return self._error(
            f"ParameterArgumentValidationError{what}NotAllowed",
            f"Cannot bind argument to parameter '{slot.name}' because {reason}.",
            kind="ValidationException",
            category="InvalidData",
            parameter=slot.name,
            expected=declared_type(slot) if value is not None else wanted,
            specified=value,
            extent=place,
        )

# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation attributes of parameters and variables (``System.Management.Automation.Validate*Attribute``).

Texts are those of PowerShell's ``Metadata`` resources as the recorded cases show them. Enumerated arguments are checked
element by element (``ValidateEnumeratedArgumentsAttribute``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from hvsim.runtime.command import ValidationFailure, Validator
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.values import AUTOMATION_NULL, PSObject

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.types import NetType


def _base(value: Any) -> Any:
    return value.base if type(value) is PSObject else value


def _elements(value: Any) -> Iterator[Any] | None:
    from hvsim.runtime import convert

    return convert.enumerate(value)


_NULL = "The argument is null. Provide a valid value for the argument, and then try running the command again."

_NULL_OR_EMPTY = "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again."
_ELEMENT_NULL = (
    "The argument is null, empty, or an element of the argument collection contains a null value. "
    "Supply a collection that does not contain any null values and then try the command again."
)


class EnumeratedValidator(Validator):
    """Checks a scalar, or each element of a collection."""

    def validate(self, ctx: ExecutionContext, value: Any) -> None:
        value = _base(value)
        if value is None or value is AUTOMATION_NULL:
            raise ValidationFailure(_ELEMENT_NULL)
        items = _elements(value)
        if items is None:
            self.validate_element(ctx, value)
            return
        for item in items:
            self.validate_element(ctx, item)

    def validate_element(self, ctx: ExecutionContext, value: Any) -> None:
        raise NotImplementedError


class ValidateSet(EnumeratedValidator):
    name: ClassVar[str] = "ValidateSet"

    def __init__(self, values: Sequence[str], *, ignore_case: bool = True, error_message: str | None = None) -> None:
        self.values = list(values)
        self.ignore_case = ignore_case
        self.error_message = error_message

    def validate_element(self, ctx: ExecutionContext, value: Any) -> None:
        from hvsim.runtime import convert

        if value is None:
            raise ValidationFailure(_NULL)
        text = convert.to_string(ctx, value)
        wanted = text.lower() if self.ignore_case else text
        for candidate in self.values:
            if (candidate.lower() if self.ignore_case else candidate) == wanted:
                return
        members = ",".join(self.values)
        if self.error_message:
            raise ValidationFailure(_composed(ctx, self.error_message, text, members))
        raise ValidationFailure(
            f'The argument "{text}" does not belong to the set "{members}" specified by the ValidateSet attribute. '
            "Supply an argument that is in the set and then try the command again."
        )


_TYPE_CODES = (
    *("Empty", "Object", "DBNull", "Boolean", "Char", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"),
    *("Single", "Double", "Decimal", "DateTime", "", "String"),
)
_SIGNED = ("SByte", "Int16", "Int32", "Int64")


def common_type(a: NetType, b: NetType) -> NetType | None:
    """The number type that the limits of a range, or a limit and an argument, are compared as
    (``ValidateRangeAttribute.GetCommonType``); None if there is none."""
    from hvsim.runtime import types

    names = [_type_code(a), _type_code(b)]
    code = _TYPE_CODES[max(_TYPE_CODES.index(name) for name in names)]
    if _TYPE_CODES.index(code) <= _TYPE_CODES.index("Int32"):
        code = "Int32"
    elif code in ("UInt32", "UInt64"):
        code = "Double" if any(name in _SIGNED for name in names) else code
    elif code in ("Single", "Double"):
        code = "Double"
    elif code not in ("Int64", "Decimal"):
        return None
    return types.get(f"System.{code}")


def _type_code(net_type: NetType) -> str:
    """``Type.GetTypeCode``."""
    if net_type.is_enum:
        return "Int32"
    namespace, _, name = net_type.full_name.rpartition(".")
    return name if namespace == "System" and name in _TYPE_CODES else "Object"


def _other_type(value: Any, wanted: NetType) -> ValidationFailure:
    from hvsim.runtime import types

    return ValidationFailure(
        f'The argument cannot be validated because its type "{types.of(value).name}" is not the same type ({wanted.name}) as the '
        f"maximum and minimum limits of the parameter. Make sure the argument is of type {wanted.name} and then try the command again."
    )


def metadata_error(error_id: str, message: str) -> PSError:
    """The error of an attribute whose limits contradict each other."""
    return runtime_error(error_id, message, kind="System.Management.Automation.ValidationMetadataException", category="MetadataError")


def argument_error(what: str, name: str, actual: str = "") -> PSError:
    """PowerShell's own argument exceptions (``PSTraceSource``): *what* is ``null`` or, with the value, ``out of range``."""
    if what == "null":
        kind, error_id, advice = "PSArgumentNullException", "ArgumentNull", "the value of argument \"{0}\" to a non-null value"
    else:
        kind, error_id, advice = "PSArgumentOutOfRangeException", "ArgumentOutOfRange", "argument \"{0}\" to a value that is within range"
    text = f"Cannot process argument because the value of argument \"{name}\" is {what}. Change {advice.format(name)}."
    text += f" (Parameter '{name}')" + (f"\nActual value was {actual}." if actual else "")
    return runtime_error(error_id, text, kind=f"System.Management.Automation.{kind}", category="InvalidArgument")


def verify_lengths(minimum: int, maximum: int, error_id: str, message: str) -> None:
    """Verifies two limits as the constructors of ValidateLength and ValidateCount do.

    Raises:
        PSError: a limit is out of range; the smaller one is the greater.
    """
    if minimum < 0:
        raise argument_error("out of range", "minLength", str(minimum))
    if maximum <= 0:
        raise argument_error("out of range", "maxLength", str(maximum))
    if maximum < minimum:
        raise metadata_error(error_id, message)


class ValidateRange(EnumeratedValidator):
    name: ClassVar[str] = "ValidateRange"

    def __init__(self, minimum: Any, maximum: Any) -> None:
        self.minimum = minimum
        self.maximum = maximum

    @classmethod
    def promoted(cls, ctx: ExecutionContext, minimum: Any, maximum: Any) -> ValidateRange:
        """The validator of two limits that may differ in type (the attribute's constructor).

        Raises:
            PSError: ArgumentNull, MinRangeNotTheSameTypeOfMaxRange, MinRangeNotIComparable, MaxRangeSmallerThanMinRange.
        """
        from hvsim.runtime import compare, convert, types

        minimum, maximum = _base(minimum), _base(maximum)
        for name, limit in (("minRange", minimum), ("maxRange", maximum)):
            if limit is None:
                raise argument_error("null", name)
        if types.of(minimum) is not types.of(maximum):
            promoted = common_type(types.of(minimum), types.of(maximum))
            if promoted is None:
                raise metadata_error(
                    "MinRangeNotTheSameTypeOfMaxRange",
                    f"The specified minimum range ({types.of(minimum).name}) cannot be accepted because it is not the same type as the "
                    f"specified maximum range ({types.of(maximum).name}). Update the ValidateRange attribute for the parameter.",
                )
            minimum, maximum = convert.to(ctx, minimum, promoted), convert.to(ctx, maximum, promoted)
        if not types.of(minimum).implements("System.IComparable"):
            raise metadata_error(
                "MinRangeNotIComparable",
                "Cannot accept the MaxRange and MinRange parameter types. Both parameters must be objects that implement an IComparable "
                "interface.",
            )
        if compare.order(ctx, minimum, maximum, ignore_case=False) > 0:
            raise metadata_error(
                "MaxRangeSmallerThanMinRange",
                "The specified maximum range cannot be accepted because it is less than the specified minimum range. Update the "
                "ValidateRange attribute for the parameter.",
            )
        return cls(minimum, maximum)

    def validate_element(self, ctx: ExecutionContext, value: Any) -> None:
        from hvsim.runtime import compare, convert, types

        value = _base(value)
        if value is None:
            raise ValidationFailure(_NULL)
        bound_type = types.of(self.minimum)
        if types.of(value) is not bound_type:
            ok, converted = convert.try_to(ctx, value, bound_type)
            if not ok:
                raise _other_type(value, bound_type)
            value = converted
        text = convert.to_string(ctx, value)
        # IComparable.CompareTo: texts compare with regard to case.
        if compare.order(ctx, value, self.minimum, ignore_case=False) < 0:
            low = convert.to_string(ctx, self.minimum)
            raise ValidationFailure(
                f"The {text} argument is less than the minimum allowed range of {low}. "
                f"Supply an argument that is greater than or equal to {low} and then try the command again."
            )
        if compare.order(ctx, value, self.maximum, ignore_case=False) > 0:
            high = convert.to_string(ctx, self.maximum)
            raise ValidationFailure(
                f"The {text} argument is greater than the maximum allowed range of {high}. "
                f"Supply an argument that is less than or equal to {high} and then try the command again."
            )


class ValidateRangeKind(EnumeratedValidator):
    """``[ValidateRange('Positive')]`` and its kin."""

    name: ClassVar[str] = "ValidateRange"
    TEXTS: ClassVar[dict[str, str]] = {
        "Positive": "greater than zero",
        "NonNegative": "greater than or equal to zero",
        "Negative": "less than zero",
        "NonPositive": "less than or equal to zero",
    }

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def validate_element(self, ctx: ExecutionContext, value: Any) -> None:
        from hvsim.runtime import compare, convert, structs, types

        value = _base(value)
        if value is None:
            raise ValidationFailure(_NULL)
        if isinstance(value, structs.TimeSpan):
            order = (value.ticks > 0) - (value.ticks < 0)
        else:
            promoted = common_type(types.get("System.Int32"), types.of(value))
            ok, converted = (False, None) if promoted is None else convert.try_to(ctx, value, promoted)
            if not ok:
                raise _other_type(value, promoted or types.get("System.Int32"))
            value = converted
            order = compare.order(ctx, value, 0)
        allowed = {"Positive": order > 0, "NonNegative": order >= 0, "Negative": order < 0, "NonPositive": order <= 0}
        if not allowed[self.kind]:
            text = convert.to_string(ctx, value)
            raise ValidationFailure(
                f'The argument "{text}" cannot be validated because its value is not {self.TEXTS[self.kind]}.'
            )


class ValidateLength(EnumeratedValidator):
    name: ClassVar[str] = "ValidateLength"

    def __init__(self, minimum: int, maximum: int) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def validate_element(self, ctx: ExecutionContext, value: Any) -> None:
        value = _base(value)
        if not isinstance(value, str):
            raise ValidationFailure(
                "The ValidateLength attribute cannot be applied to a parameter that is not a string or string[] parameter. Make the "
                "parameter a string or string[] parameter."
            )
        if len(value) < self.minimum:
            raise ValidationFailure(
                f"The character length ({len(value)}) of the argument is too short. Specify an argument with a length that is "
                f'greater than or equal to "{self.minimum}", and then try the command again.'
            )
        if len(value) > self.maximum:
            raise ValidationFailure(
                f"The character length of the {len(value)} argument is too long. Shorten the character length of the argument so it "
                f'is fewer than or equal to "{self.maximum}" characters, and then try the command again.'
            )


class ValidatePattern(EnumeratedValidator):
    name: ClassVar[str] = "ValidatePattern"

    def __init__(self, pattern: str, *, ignore_case: bool = True, error_message: str | None = None) -> None:
        self.pattern = pattern
        self.ignore_case = ignore_case
        self.error_message = error_message

    def validate_element(self, ctx: ExecutionContext, value: Any) -> None:
        from hvsim.runtime import convert, regex

        if value is None:
            raise ValidationFailure(_NULL)
        text = convert.to_string(ctx, value)
        if regex.compile(self.pattern, 1 if self.ignore_case else 0).search(text):
            return
        if self.error_message:
            raise ValidationFailure(_composed(ctx, self.error_message, text, self.pattern))
        raise ValidationFailure(
            f'The argument "{text}" does not match the "{self.pattern}" pattern. '
            f'Supply an argument that matches "{self.pattern}" and try the command again.'
        )


class ValidateScript(EnumeratedValidator):
    name: ClassVar[str] = "ValidateScript"

    def __init__(self, script_block: Any, error_message: str | None = None) -> None:
        self.script_block = script_block
        self.error_message = error_message

    def validate_element(self, ctx: ExecutionContext, value: Any) -> None:
        from hvsim.runtime import convert

        if value is None:
            raise ValidationFailure(_NULL)
        try:
            result = ctx.invoke_value(self.script_block, dollar_underbar=value, new_scope=True)
        except PSError as error:
            raise ValidationFailure(error.record.message if error.record else error.exception.message) from error
        if convert.to_bool(result):
            return
        text = convert.to_string(ctx, value)
        script = convert.to_string(ctx, self.script_block)
        if self.error_message:
            raise ValidationFailure(_composed(ctx, self.error_message, text, script))
        raise ValidationFailure(
            f'The "{script}" validation script for the argument with value "{text}" did not return a result of True. '
            "Determine why the validation script failed, and then try the command again."
        )


class ValidateCount(Validator):
    name: ClassVar[str] = "ValidateCount"

    def __init__(self, minimum: int, maximum: int) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def validate(self, ctx: ExecutionContext, value: Any) -> None:
        value = _base(value)
        if value is None:
            count = 0
        else:
            items = _elements(value)
            if items is None:
                if isinstance(value, str) or not hasattr(value, "__len__"):
                    raise ValidationFailure(
                        "The ValidateCount attribute cannot be applied to a non-array parameter. Either remove the attribute from the "
                        "parameter or make the parameter an array parameter."
                    )
                count = len(value)
            else:
                count = sum(1 for _ in items)
        if not self.minimum <= count <= self.maximum:
            if self.minimum == self.maximum:
                text = f"The parameter requires exactly {self.maximum} value(s) - {count} value(s) were provided."
            else:
                text = (
                    f"The parameter requires at least {self.minimum} value(s) and no more than {self.maximum} value(s) - "
                    f"{count} value(s) were provided."
                )
            raise ValidationFailure(text)


class ValidateNotNull(Validator):
    name: ClassVar[str] = "ValidateNotNull"

    def validate(self, ctx: ExecutionContext, value: Any) -> None:
        value = _base(value)
        if value is None or value is AUTOMATION_NULL:
            raise ValidationFailure(_NULL)
        items = _elements(value)
        if items is not None and any(item is None for item in items):
            raise ValidationFailure(
                "The argument has a null value, or an element of the argument collection contains a null value. Provide a collection "
                "that does not contain any null values, and then try the command again."
            )


class ValidateNotNullOrEmpty(Validator):
    name: ClassVar[str] = "ValidateNotNullOrEmpty"
    WHITE_SPACE: ClassVar[bool] = False
    TEXT: ClassVar[str] = _NULL_OR_EMPTY
    ELEMENT_TEXT: ClassVar[str] = _ELEMENT_NULL

    def validate(self, ctx: ExecutionContext, value: Any) -> None:
        value = _base(value)
        if value is None or value is AUTOMATION_NULL:
            raise ValidationFailure(_NULL_OR_EMPTY)
        if self._empty(value):
            raise ValidationFailure(self.TEXT)
        items = _elements(value)
        if items is None:
            if not isinstance(value, str) and hasattr(value, "__len__") and len(value) == 0:
                raise ValidationFailure(_ELEMENT_NULL)
            return
        seen = False
        for item in items:
            seen = True
            if item is None:
                raise ValidationFailure(_ELEMENT_NULL)
            if self._empty(_base(item)):
                raise ValidationFailure(self.ELEMENT_TEXT)
        if not seen:
            raise ValidationFailure(_ELEMENT_NULL)

    def _empty(self, value: Any) -> bool:
        return isinstance(value, str) and (not value.strip() if self.WHITE_SPACE else not value)


class ValidateNotNullOrWhiteSpace(ValidateNotNullOrEmpty):
    name: ClassVar[str] = "ValidateNotNullOrWhiteSpace"
    WHITE_SPACE: ClassVar[bool] = True
    TEXT: ClassVar[str] = (
        "The argument is null, empty, or consists of only white-space characters. Provide an argument that contains non "
        "white-space characters, and then try the command again."
    )
    ELEMENT_TEXT: ClassVar[str] = (
        "An element of the argument collection is null, empty, or consists of only white-space characters. Supply a collection that "
        "does not contain any those values and then try the command again."
    )


def _composed(ctx: ExecutionContext, template: str, *args: str) -> str:
    from hvsim.runtime import format as formatting

    return formatting.composite(ctx, template, list(args))


#: Kinds of ranges that the recorded metadata leaves empty, from the cmdlets' documentation; all others are ``Positive``.
_KINDS = {"Offset": "NonNegative", "Duration": "NonNegative"}


def from_metadata(rule: Mapping[str, Any], parameter: str = "") -> Validator | None:
    """The validator of one ``validate`` entry of the metadata; None for those that only allow something."""
    if "kind" in rule:
        return ValidateRangeKind(rule["kind"] or _KINDS.get(parameter, "Positive"))
    if rule.get("not_null_or_empty"):
        return ValidateNotNullOrEmpty()
    if rule.get("not_null"):
        return ValidateNotNull()
    if "set" in rule:
        return ValidateSet(rule["set"])
    if "min" in rule:
        return ValidateRange(_number(rule["min"]), _number(rule["max"]))
    if "min_count" in rule:
        return ValidateCount(rule["min_count"], rule["max_count"])
    return None


def _number(text: str) -> Any:
    from hvsim.runtime.values import Int64

    if "." in text or "E" in text:
        return float(text)
    number = int(text)
    return number if -(2**31) <= number < 2**31 else Int64(number)

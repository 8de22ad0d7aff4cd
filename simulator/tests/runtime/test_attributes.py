# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that do not exist, take no such arguments or contradict themselves, and parameters that share a name.

Texts and error ids are those of PowerShell's resources; the rules are named in the code.
"""

from __future__ import annotations

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported


def error_of(script: str, edition: str = "7") -> tuple[str, str, str]:
    """Id, type and message of the error that ends a script."""
    (record,) = Runspace(edition=edition).run(script).errors
    return record.fully_qualified_error_id, record.exception.kind.rpartition(".")[2], record.message


def parameter(attribute: str, edition: str = "7") -> tuple[str, str, str]:
    return error_of(f"function F {{ param([{attribute}] $A) $A }}; F 1", edition)


_NO_PROPERTY = "Property '{}' cannot be found for type 'System.Management.Automation.{}'."
_WRAPPED = 'The following exception occurred while constructing the attribute "{}": "{}"'
_OUT_OF_RANGE = (
    'Cannot process argument because the value of argument "{0}" is out of range. Change argument "{0}" to a value that is within '
    "range. (Parameter '{0}')\nActual value was {1}."
)


@pytest.mark.parametrize("script", ["function F { param([NoSuch()] $A) }; F", "function F { [NoSuch()] param() }; F", "[NoSuch()] $x = 1"])
def test_an_attribute_that_does_not_exist(script: str) -> None:
    text = "Cannot find the type for custom attribute 'NoSuch'. Make sure that the assembly that contains this type is loaded."
    assert error_of(script) == ("CustomAttributeTypeNotFound", "RuntimeException", text)


def test_an_attribute_error_shows_the_attribute() -> None:
    (record,) = Runspace().run("function F { param([Parameter(Foo = 1)] $A) }\nF").errors
    assert record.invocation is not None
    assert record.invocation.source.text_of(record.invocation.extent) == "Foo = 1"


def test_attributes_that_exist_are_refused_by_name() -> None:
    with pytest.raises(Unsupported, match="ValidateDrive"):
        Runspace().run("function F { param([ValidateDrive('x')] $A) }; F 1")


@pytest.mark.parametrize(
    ("attribute", "error_id", "kind", "message"),
    [
        ("Parameter(Foo = 1)", "PropertyNotFoundForType", "RuntimeException", _NO_PROPERTY.format("Foo", "CmdletBindingAttribute")),
        ("Alias(Foo = 1)", "PropertyNotFoundForType", "RuntimeException", _NO_PROPERTY.format("Foo", "CmdletBindingAttribute")),
        (
            "ValidateRange(1, 2, Foo = 1)",
            "PropertyNotFoundForType",
            "RuntimeException",
            _NO_PROPERTY.format("Foo", "ValidateRangeAttribute"),
        ),
        ("ValidatePattern('a', RegexPattern = 'b')", "PropertyIsReadOnly", "RuntimeException", "'RegexPattern' is a ReadOnly property."),
        (
            "Parameter('x')",
            "MethodCountCouldNotFindBest",
            "RuntimeException",
            'Cannot find an overload for ".ctor" and the argument count: "1".',
        ),
        (
            "ValidateCount(1)",
            "MethodCountCouldNotFindBest",
            "MethodException",
            'Cannot find an overload for ".ctor" and the argument count: "1".',
        ),
        ("ValidateSet()", "ArgumentOutOfRange", "PSArgumentOutOfRangeException", _OUT_OF_RANGE.format("validValues", "System.String[]")),
        (
            "ValidateLength(-1, 2)",
            "ExceptionConstructingAttribute",
            "RuntimeException",
            _WRAPPED.format("ValidateLength", _OUT_OF_RANGE.format("minLength", -1)),
        ),
        (
            "ValidateCount(0, 0)",
            "ExceptionConstructingAttribute",
            "RuntimeException",
            _WRAPPED.format("ValidateCount", _OUT_OF_RANGE.format("maxLength", 0)),
        ),
        (
            "ValidateRange(5, 1)",
            "MaxRangeSmallerThanMinRange",
            "ValidationMetadataException",
            "The specified maximum range cannot be accepted because it is less than the specified minimum range. Update the ValidateRange "
            "attribute for the parameter.",
        ),
        (
            "ValidateRange(1, 'x')",
            "MinRangeNotTheSameTypeOfMaxRange",
            "ValidationMetadataException",
            "The specified minimum range (Int32) cannot be accepted because it is not the same type as the specified maximum range "
            "(String). Update the ValidateRange attribute for the parameter.",
        ),
        (
            "ValidateLength(3, 2)",
            "ValidateLengthMaxLengthSmallerThanMinLength",
            "ValidationMetadataException",
            "The specified maximum character length of the argument is shorter than the specified minimum argument character length. "
            "Update the ValidateLength attribute for the parameter.",
        ),
        (
            "ValidateCount(3, 2)",
            "ValidateRangeMaxLengthSmallerThanMinLength",
            "ValidationMetadataException",
            "The specified maximum number of arguments for a parameter is fewer than the specified minimum number of arguments. Update "
            "the ValidateCount attribute for the parameter.",
        ),
    ],
)
def test_arguments_of_attributes(attribute: str, error_id: str, kind: str, message: str) -> None:
    assert parameter(attribute) == (error_id, kind, message)


def test_a_range_kind_by_number() -> None:
    assert Runspace().run("function F { param([ValidateRange(1)] $A) $A }; F 0").output == [0]


@pytest.mark.parametrize(
    ("attribute", "error_id"),
    [
        ("ValidateRange('Positive')", "MethodCountCouldNotFindBest"),
        ("ValidateSet('a', ErrorMessage = 'm')", "PropertyNotFoundForType"),
        ("ValidateNotNullOrWhiteSpace()", "CustomAttributeTypeNotFound"),
    ],
)
def test_windows_powershell_has_less(attribute: str, error_id: str) -> None:
    assert parameter(attribute, "5.1")[0] == error_id


@pytest.mark.parametrize(
    ("function", "error_id", "message"),
    [
        (
            "[CmdletBinding()] param($Verbose)",
            "ParameterNameAlreadyExistsForCommand",
            "A parameter with the name 'Verbose' was defined multiple times for the command.",
        ),
        (
            "[CmdletBinding()] param([Alias('vb')] $A)",
            "AliasParameterNameAlreadyExistsForCommand",
            "The parameter alias cannot be specified because an alias with the name 'vb' was already defined multiple times for the "
            "command.",
        ),
        (
            "param([Alias('Other')] $A, $Other)",
            "ParameterNameConflictsWithAlias",
            "The parameter 'Other' cannot be specified because it conflicts with the parameter alias of the same name for parameter 'A'.",
        ),
        (
            "param($Other, [Alias('other')] $A)",
            "ParameterNameConflictsWithAlias",
            "The parameter 'Other' cannot be specified because it conflicts with the parameter alias of the same name for parameter 'A'.",
        ),
    ],
)
def test_parameters_that_share_a_name(function: str, error_id: str, message: str) -> None:
    assert error_of(f"function F {{ {function} 1 }}; F") == (error_id, "MetadataException", message)


def test_common_names_are_free_in_plain_functions_and_in_older_editions() -> None:
    assert Runspace().run("function F { param($Verbose) $Verbose }; F 1").output == [1]
    assert Runspace(edition="5.1").run("function F { [CmdletBinding()] param($ProgressAction) $ProgressAction }; F 1").output == [1]


_SETS = (
    "function F { param([Parameter(ParameterSetName = 'x', Position = 1)] $A, [Parameter(ParameterSetName = 'y', Position = 1)] $B, "
    "[Parameter(ValueFromRemainingArguments)] $C) $C }; "
)


def test_contradicting_sets_come_before_arguments_left_over() -> None:
    assert error_of(_SETS + "F -A a -B b c d")[0] == "AmbiguousParameterSet,F"
    assert Runspace().run(_SETS + "F -A a b c").output == ["b", "c"]


def test_lists_of_booleans_take_no_texts_in_advanced_functions() -> None:
    error_id, _, message = error_of("function F { [CmdletBinding()] param([bool[]] $A) $A }; F 'a', 'b'")
    assert error_id == "ParameterArgumentTransformationError,F"
    assert 'Cannot convert value "System.String" to type "System.Boolean".' in message
    assert Runspace().run("function F { param([bool[]] $A) $A }; F 'a', ''").output == [True, False]

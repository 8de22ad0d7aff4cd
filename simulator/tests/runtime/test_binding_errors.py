# SPDX-License-Identifier: GPL-3.0-or-later
"""What a ParameterBindingException and its record say of the call: PowerShell's ParameterBinderBase.cs and ParameterBindingException.cs."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported
from hvsim.runtime import types

FUNCTION = "function F { [CmdletBinding()] param([int] $N, [ValidateSet('a')] $V) 'ran' }\n"
DETAILS = "catch { $e = $_.Exception; $e.ParameterName; $e.ParameterType; $e.TypeSpecified; $e.Line; $e.Offset }"


def outputs(script: str) -> list[Any]:
    result = Runspace().run(script)
    assert (result.errors, result.terminating) == ([], None)
    return [value.full_name if isinstance(value, types.NetType) else value for value in result.output]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("F -N abc", ["N", "System.Int32", "System.String", 2, 12]),
        ("F -N:abc", ["N", "System.Int32", "System.String", 2, 12]),
        ("F abc", ["N", "System.Int32", "System.String", 2, 9]),
        ("F -V q", ["V", "System.Object", "System.String", 2, 12]),
        ("F -Q 1", ["Q", None, None, 2, 9]),
        ("F -Q:1", ["Q", None, "System.Int32", 2, 9]),
        ("F 1 -N", ["N", "System.Int32", None, 2, 11]),
        ("F -N 1 -N 2", ["N", None, None, 2, 14]),
        # The argument that no position takes stands for the parameter; the place is the call's.
        ("F 1 a 4.5", ["4.5", None, "System.Double", 2, 7]),
        # An ambiguous name has no place of its own either.
        ("F -W 1", ["W", None, None, 2, 7]),
        ("$p = @{ N = 'x' }; F @p", ["N", "System.Int32", "System.String", 2, 28]),
        ("Get-Item -Path x `\n -Path", ["Path", "System.String[]", None, 3, 2]),
        # All missing ones, with the blanks of the message.
        ("Get-Item", [" Path", None, None, 2, 7]),
    ],
)
def test_exception_says_which_parameter_and_where(call: str, expected: list[Any]) -> None:
    assert outputs(f"{FUNCTION}try {{ {call} }} {DETAILS}") == expected


def test_record_points_at_the_argument_and_knows_only_the_command() -> None:
    script = FUNCTION + (
        "try { F -N 1 `\n  -Q } catch { $i = $_.InvocationInfo; $i.MyCommand.Name; $i.ScriptLineNumber; $i.OffsetInLine; "
        "$i.PositionMessage.Split(\"`n\")[-1]; $i.InvocationName; $i.PipelineLength; $i.BoundParameters.Count }"
    )
    assert outputs(script) == ["F", 3, 3, "+   ~~", "", 0, 0]


def test_object_of_the_pipeline_that_does_not_bind_has_the_place_of_the_call() -> None:
    script = "function F { param([Parameter(ValueFromPipeline)][ValidateSet(1)] $N) process { } }\n5 | F 2>$null\n"
    assert outputs(script + "$i = $Error[0].InvocationInfo; $i.OffsetInLine; $i.InvocationName; $i.ExpectingInput") == [5, "F", False]


@pytest.mark.parametrize(
    ("declared", "argument", "message"),
    [
        ("[System.Collections.Generic.List[string]]", "@('a', '')", "it is an empty string."),
        ("[System.Collections.ObjectModel.Collection[string]]", "@('a', '')", "it is an empty string."),
        ("[System.Collections.Generic.HashSet[int]]", "([System.Collections.Generic.HashSet[int]]::new())", "it is an empty collection."),
    ],
)
def test_mandatory_parameter_looks_into_generic_collections(declared: str, argument: str, message: str) -> None:
    result = Runspace().run(f"function F {{ param([Parameter(Mandatory)] {declared} $L) $L.Count }}; F {argument}")
    assert [record.message for record in result.errors] == [f"Cannot bind argument to parameter 'L' because {message}"]


def test_mandatory_untyped_list_takes_empty_strings() -> None:
    script = "function F { param([Parameter(Mandatory)] [System.Collections.ArrayList] $L) $L.Count }; F @(1, '')"
    assert outputs(script) == [2]


TYPED = (
    "function F { [CmdletBinding()] param([Parameter(ValueFromPipeline)] [PSTypeName('My.T')] $X) process { \"got $($X.a)\" } }\n"
    "$o = [pscustomobject]@{ PSTypeName = 'My.T'; a = 1 }\n"
)


def test_ps_type_name_asks_for_a_type_name() -> None:
    assert outputs(TYPED + "F $o; F -X $o; $o | F; F $null") == ["got 1", "got 1", "got 1", "got "]
    assert outputs("function G { param([PSTypeName('system.int32')] $N) $N }; G 5; (G 1, 2).Count") == [5, 2]


def test_ps_type_name_refuses_others() -> None:
    script = TYPED + "try { F 5 } catch { $_.FullyQualifiedErrorId; $_.Exception.GetType().Name; $_.CategoryInfo.Category.ToString(); \"$_\" }"
    message = "Cannot bind argument to parameter 'X', because PSTypeNames of the argument do not match the PSTypeName required by the parameter: My.T."
    assert outputs(script) == ["MismatchedPSTypeName,F", "ParameterBindingArgumentTransformationException", "InvalidArgument", message]
    assert [record.message for record in Runspace().run(TYPED + "F -X $o, 5").errors] == [message]


def test_ps_type_name_of_an_object_of_the_pipeline() -> None:
    result = Runspace().run(TYPED + "$o, 5, $o | F")
    assert list(result.output) == ["got 1", "got 1"]
    assert [record.error_id for record in result.errors] == ["InputObjectNotBound"]


def test_ps_type_names_tell_parameter_sets_apart() -> None:
    script = (
        "function F { [CmdletBinding()] param([Parameter(ParameterSetName='a', Position=0)] [PSTypeName('A')] $A, "
        "[Parameter(ParameterSetName='b', Position=0)] [PSTypeName('B')] $B) $PSCmdlet.ParameterSetName }\n"
        "F ([pscustomobject]@{ PSTypeName = 'A' }); F ([pscustomobject]@{ PSTypeName = 'B' })"
    )
    assert outputs(script) == ["a", "b"]


SAME = "function F { param([Parameter(Position=0)] $A, [Parameter(Position=0)] $B) \"$A|$B\" }\n"


def test_two_parameters_of_a_set_at_one_position_take_no_positional_arguments() -> None:
    result = Runspace().run(SAME + "F 1; F -Nope; F -A 1 2; F")
    assert list(result.output) == ["1|2", "|"]
    assert [(record.error_id, record.message) for record in result.errors] == 2 * [
        ("AmbiguousPositionalParameterNoName", "Cannot bind positional parameters because no names were given.")
    ]


def test_positions_of_different_sets_do_not_collide() -> None:
    script = "function F { param([Parameter(Position=0, ParameterSetName='x')] $A, [Parameter(Position=0, ParameterSetName='y')] $B) $PSCmdlet.ParameterSetName }; F -B 1"
    assert outputs(script) == ["y"]


def test_two_parameters_that_take_remaining_arguments() -> None:
    script = (
        "function F { param([Parameter(ValueFromRemainingArguments)] $A, [Parameter(ValueFromRemainingArguments)] $B) 'ran' }; F; "
        "try { F 1 } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category.ToString(); $_.Exception.ParameterName }"
    )
    assert outputs(script) == ["ran", "AmbiguousParameterSet,F", "MetadataError", "B"]


def test_error_in_a_dynamicparam_block() -> None:
    script = "function F { [CmdletBinding()] param() dynamicparam { throw 'dp' } end { 'ran' } }; F; 'on'"
    result = Runspace().run(script)
    assert (list(result.output), result.terminating) == (["on"], None)
    assert [(record.fully_qualified_error_id, record.message) for record in result.errors] == [
        ("GetDynamicParametersException,F", "Cannot retrieve the dynamic parameters for the cmdlet. dp")
    ]


def test_dynamicparam_block_with_more_than_the_dictionary() -> None:
    block = "5; [System.Management.Automation.RuntimeDefinedParameterDictionary]::new()"
    (record,) = Runspace().run(f"function F {{ [CmdletBinding()] param() dynamicparam {{ {block} }} end {{ }} }}; F").errors
    assert record.message.startswith('Cannot retrieve the dynamic parameters for the cmdlet. Object "5 ')
    with pytest.raises(Unsupported, match="dynamicparam"):
        Runspace().run("function F { [CmdletBinding()] param() dynamicparam { 5 } end { } }; F")


@pytest.mark.parametrize(
    ("scope", "error_id", "message"),
    [
        ("9", "ArgumentOutOfRange", "The scope number '9' exceeds the number of active scopes. (Parameter 'scopeID')\nActual value was 9."),
        ("-1", "ArgumentOutOfRange", 'value of argument "scopeID" is out of range.'),
        ("x", "Argument", 'Valid values are "Global", "Local", or "Script", or a number relative to the current scope (0 through'),
    ],
)
def test_scopes_that_are_none(scope: str, error_id: str, message: str) -> None:
    (record,) = Runspace().run(f"Get-Variable HOME -Scope {scope}").errors
    assert (record.error_id, record.target) == (error_id, None)
    assert message in record.message


@pytest.mark.parametrize("script", ["Write-Error x -ErrorAction Inquire", "$ErrorActionPreference = 'Inquire'; 1 / 0"])
def test_error_action_that_asks_is_refused(script: str) -> None:
    with pytest.raises(Unsupported, match="Inquire"):
        Runspace().run(script)


def test_item_not_found_knows_its_category() -> None:
    script = "try { Get-Variable no_such -ErrorAction Stop } catch { $_.Exception.SessionStateCategory.ToString(); $_.Exception.ItemName }"
    assert outputs(script) == ["Drive", "no_such"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""``.Where()`` and ``.ForEach()`` beyond the recorded cases; rules and texts of PowerShell's ``EnumerableOps``."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported


def out(script: str, edition: str = "7") -> list[Any]:
    result = Runspace(edition=edition).run(script)
    assert result.terminating is None, result.terminating
    assert [record.message for record in result.errors] == []
    return result.output


def error_of(script: str) -> tuple[str, str]:
    (record,) = Runspace().run(script).errors
    return record.fully_qualified_error_id, record.message


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ("$x = 0; $null = (1..3).ForEach({ $x += $_ }); $x", [6]),
        ("$x = 0; $null = (1..3).Where({ $x += $_; $true }); $x", [6]),
        ("function F($A) { $n = 0; $null = $A.ForEach({ $n += $_ }); $n }; F (1, 2)", [3]),
        ("$x = 0; $null = 'aab' -replace 'a', { $x++; 'q' }; $x", [2]),
    ],
)
def test_blocks_run_in_the_caller_s_scope(script: str, values: list[Any]) -> None:
    assert out(script) == values


def test_begin_and_end_blocks_run_once() -> None:
    assert out("(1, 2).ForEach{ begin { 'b' } process { $_ * 2 } end { 'e' } }") == ["b", 2, 4, "e"]
    assert out("@().ForEach{ process { 'never' } }") == []


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("(1, 2).ForEach([string[]]).GetType().Name", "String[]"),
        ("(1, 2).ForEach([string]).GetType().Name", "Collection`1"),
        ("$l = (1, 2).ForEach([Collections.Generic.List[string]]); $l.GetType().Name + $l[1].GetType().Name", "List`1String"),
        ("(@{ a = 1 }, @{ a = 2 }).ForEach('a') -join ','", "1,2"),
        ("$h = @{ a = 1 }; $null = @($h, @{}).ForEach('a', 5, 6); $h.a -join ','", "5,6"),
        ("@((1, $null).ForEach('ToString')).Count", 2),
        ("(1, 2, 3).Where($null, 'Last', 2) -join ','", "2,3"),
        ("(1, 2, 3).Where($null, 'SkipUntil', 1) -join ','", "2,3"),
        ("(1, 2, 3).Where($null, 'First') -join ','", "1"),
        ("(1, 2, 3).Where($null, 'Split', 1)[1] -join ','", "2,3"),
    ],
)
def test_results(script: str, value: Any) -> None:
    assert out(script) == [value]


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "(1, 2).ForEach([hashtable])",
            "ForEachTypeConversionFailed",
            "Unable to convert input to the target type [hashtable] passed to the ForEach() operator. Please check the specified type and "
            "try running your script again.",
        ),
        (
            "(1, 2).ForEach([Collections.Generic.Dictionary[string, int]])",
            "ForEachBadGenericConversionTypeSpecified",
            "The generic collection type [System.Collections.Generic.Dictionary[string,int]] passed to ForEach() has too many type "
            "arguments. Please change the specified type to be a generic collection with only one type argument then try running your "
            "script again.",
        ),
        (
            "(1, 2).ForEach('nosuch', 5)",
            "ForEachNonexistentMemberReference",
            "The ForEach() operator could not find a member 'nosuch' on the target object. Please verify that the named member exists and "
            "then try running your script again.",
        ),
        (
            "(1, $null).ForEach('ToString', 'x')",
            "NullReferenceException",
            'Exception calling "ToString" with "1" argument(s): "Object reference not set to an instance of an object."',
        ),
        ("(1, 2).ForEach($null)", "System.ArgumentNullException", "Value cannot be null. (Parameter 'expression')"),
        (
            "(1, 2).Where($null)",
            "System.InvalidOperationException",
            "If the expression passed to the Where() operator is null then you must specify a non-Default value for the selection mode "
            "argument. Please change the value of the mode argument to a value other than Default and try running your script again.",
        ),
        (
            "(1, 2).Where({ $_ }, 'First', -1)",
            "System.ArgumentOutOfRangeException",
            "The 'numberToReturn' value provided to the third argument of the Where() operator must be greater than zero. Please correct "
            "the argument's value and try running your script again. (Parameter 'numberToReturn')\nActual value was -1.",
        ),
        (
            "(1, 2).Where('x')",
            "ConvertToFinalInvalidCastException",
            'Cannot convert the "x" value of type "System.String" to type "System.Management.Automation.ScriptBlock".',
        ),
    ],
)
def test_errors(script: str, error_id: str, message: str) -> None:
    assert error_of(script) == (error_id, message)


def test_more_elements_than_there_are_is_refused() -> None:
    with pytest.raises(Unsupported, match="'First', 5"):
        Runspace().run("(1, 2).Where($null, 'First', 5)")


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "'a' -split ',', 0, 'SimpleMatch, Multiline'",
            "InvalidSplitOptionCombination",
            "The combination of options with the -split operator is not valid.",
        ),
        (
            "'a' -split { $true }, 0, 'IgnoreCase'",
            "InvalidSplitOptionWithPredicate",
            "Options are not allowed on the -split operator with a predicate.",
        ),
        ("'a' -split @()", "BadOperatorArgument", "The argument to operator '-split' is not valid: System.Object[]."),
        ("[int[,]]::new(2, 2)[0]", "NeedMultidimensionalIndex", "You cannot index into a 2 dimensional array with index [0]."),
        (
            "[int[,]]::new(2, 2)[1000000, 2000000, 3000000]",
            "NeedMultidimensionalIndex",
            "You cannot index into a 2 dimensional array with index [1000000,2000000,3000 ...].",
        ),
    ],
)
def test_texts_of_operators(script: str, error_id: str, message: str) -> None:
    assert error_of(script) == (error_id, message)


def test_windows_powershell_replaces_with_the_text_of_a_block() -> None:
    assert out("'abc' -replace 'b', { 1 }", "5.1") == ["a 1 c"]
